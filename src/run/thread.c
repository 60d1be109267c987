/* thread.c - threads, and the stopping of them.
 *
 * A thread is RUNNING (it may touch guest memory) or OUTSIDE (it waits, or is in a foreign call). To stop the world,
 * `stopping` is set, every thread is made to look (poll, stack_limit), and the stopper waits until none is RUNNING.
 * A thread that wants to become RUNNING meanwhile waits until the world goes on. All of it stands under world_lock. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "run/run_internal.h"

#define STACK_BYTES_DEFAULT (8u << 20)
#define STACK_RESERVES_BYTES (2 * STACK_RESERVE_WORDS * sizeof(Value))
#define C_STACK_BYTES_DEFAULT (256u << 10)

static OsMutex world_lock;
static OsCondition world_changed;
static _Atomic bool stopping;
static const Thread *stopper;    /* while stopping: who stopped it, and how often (a freeze collects) */
static unsigned stop_depth;
static Thread *threads;
static uint32_t next_number = 1;
static size_t stack_bytes, c_stack_bytes;
static __thread Thread *current;

static _Atomic bool always_poll;

static Result start(Thread *thread);

static const Language *languages[LANGUAGE_LIMIT];

void run_register_language(uint8_t number, const Language *language)
{
    assert(number < LANGUAGE_LIMIT);
    languages[number] = language;
}

const Language *run_language(uint8_t number)
{
    return languages[number];
}

Thread *run_current(void)
{
    return current;
}

void run_threads_lock(void)
{
    os_mutex_lock(&world_lock);
}

void run_threads_unlock(void)
{
    os_mutex_unlock(&world_lock);
}

Thread *run_threads_nogc(void)
{
    return threads;
}

Thread *run_thread_numbered_nogc(uint32_t number)
{
    Thread *thread = threads;

    while (thread != NULL && thread->number != number)
        thread = thread->next;
    return thread;
}

/* ---- stopping the world ---- */

Value *run_real_stack_limit(const Thread *thread)
{
    return thread->stack_end - STACK_RESERVE_WORDS;
}

static void make_look(Thread *thread)
{
    __atomic_store_n(&thread->poll, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&thread->stack_limit, thread->stack_base, __ATOMIC_RELAXED);
}

/* While a freeze gathers the others: each stays at the first freeze point that it comes to. So one that goes from one
 * blocking call straight into the next is caught between them. */
static Thread *_Atomic gatherer;

static void let_go(Thread *thread)
{
    if (thread->stack_base == NULL) /* unloaded: it is told when it gets its stack */
        return;
    if ((gatherer != NULL && gatherer != thread) || run_is_posted(thread) || (thread->suspended & THREAD_SUSPENDED)) {
        make_look(thread);
        return;
    }
    __atomic_store_n(&thread->poll, always_poll, __ATOMIC_RELAXED);
    __atomic_store_n(&thread->stack_limit, run_real_stack_limit(thread), __ATOMIC_RELAXED);
}

/* With world_lock held, in the OUTSIDE state: until the world goes on. */
static void wait_until_going(void)
{
    os_condition_broadcast(&world_changed);
    while (stopping)
        os_condition_wait(&world_changed, &world_lock, OS_FOREVER);
}

static bool any_other_running(const Thread *requester)
{
    for (const Thread *thread = threads; thread != NULL; thread = thread->next)
        if (thread != requester && atomic_load(&thread->state) == THREAD_RUNNING)
            return true;
    return false;
}

/* Who runs guest code, or stops the world, sees threads with frames only: a collection changes what they refer to. */
static void thread_load(Thread *thread)
{
    if (thread->unloaded == NULL || freeze_load_frames(thread) == OK)
        return;
    fprintf(stderr, "coracle: thread %u of the image: %s\n", thread->number, error_message());
    os_exit_now(1);
}

/* false: another thread stopped the world first; it goes on by now. */
static bool stop_world(Thread *requester)
{
    os_mutex_lock(&world_lock);
    if (stopping && stopper == requester) {
        stop_depth++;
        os_mutex_unlock(&world_lock);
        return true;
    }
    if (stopping) {
        atomic_store(&requester->state, THREAD_OUTSIDE);
        wait_until_going();
        atomic_store(&requester->state, THREAD_RUNNING);
        os_mutex_unlock(&world_lock);
        return false;
    }
    atomic_store(&stopping, true);
    stopper = requester;
    stop_depth = 1;
    for (Thread *thread = threads; thread != NULL; thread = thread->next)
        if (thread != requester)
            make_look(thread);
    while (any_other_running(requester))
        os_condition_wait(&world_changed, &world_lock, OS_FOREVER);
    os_mutex_unlock(&world_lock);
    for (Thread *thread = threads; thread != NULL; thread = thread->next)
        thread_load(thread);
    return true;
}

void run_stop_world(Thread *requester)
{
    while (!stop_world(requester)) {
    }
}

/* ---- system threads that nobody needs before the first collection, a signal, or another thread ---- */

static Thread *deferred[8];
static _Atomic uint32_t deferred_count;
static Thread *_Atomic lone; /* the thread that runs while they do not */
static _Atomic bool signal_came;

/* In a signal's handler. */
static void note_signal(void)
{
    Thread *thread = lone;

    atomic_store(&signal_came, true);
    if (thread != NULL)
        make_look(thread);
}

void run_defer_until_signal(Thread *thread)
{
    lone = thread;
    os_signal_notice(note_signal);
}

bool run_thread_defer(Thread *thread)
{
    uint32_t count = atomic_load(&deferred_count);

    if (count == sizeof deferred / sizeof *deferred)
        return false;
    deferred[count] = thread;
    atomic_store(&deferred_count, count + 1);
    return true;
}

void run_start_deferred(void)
{
    uint32_t count = atomic_load(&deferred_count) != 0 ? atomic_exchange(&deferred_count, 0) : 0;

    if (count == 0)
        return;
    os_signal_notice(NULL);
    lone = NULL;
    for (uint32_t i = 0; i < count; i++)
        if (start(deferred[i]) != OK)
            fprintf(stderr, "coracle: a system thread cannot be started: %s\n", error_message());
}

void run_resume_world(Thread *requester)
{
    bool goes_on = false;

    os_mutex_lock(&world_lock);
    assert(stopping && stopper == requester);
    if (--stop_depth == 0) {
        goes_on = true;
        for (Thread *thread = threads; thread != NULL; thread = thread->next)
            let_go(thread);
        atomic_store(&stopping, false);
        os_condition_broadcast(&world_changed);
    }
    os_mutex_unlock(&world_lock);
    if (goes_on)
        run_start_deferred();
}

void run_leave(Thread *thread)
{
    atomic_store(&thread->state, THREAD_OUTSIDE);
    if (stopping) {
        os_mutex_lock(&world_lock);
        os_condition_broadcast(&world_changed);
        os_mutex_unlock(&world_lock);
    }
}

void run_enter(Thread *thread)
{
    atomic_store(&thread->state, THREAD_RUNNING);
    if (!stopping)
        return;
    os_mutex_lock(&world_lock);
    if (stopping) {
        atomic_store(&thread->state, THREAD_OUTSIDE);
        wait_until_going();
        atomic_store(&thread->state, THREAD_RUNNING);
    }
    os_mutex_unlock(&world_lock);
}

static void stay_while_gathering(const Thread *thread)
{
    os_mutex_lock(&world_lock);
    while (gatherer != NULL && gatherer != thread)
        os_condition_wait(&world_changed, &world_lock, OS_FOREVER);
    os_mutex_unlock(&world_lock);
}

void run_gather_begin(Thread *requester)
{
    Thread *none = NULL;

    while (!atomic_compare_exchange_strong(&gatherer, &none, requester)) {
        run_safepoint(requester); /* another freeze goes first, and this thread is part of it */
        none = NULL;
    }
}

void run_gather_end(void)
{
    assert(stopping);
    atomic_store(&gatherer, NULL);
}

bool run_is_to_stand(Thread *thread)
{
    return (thread->suspended & THREAD_SUSPENDED) && !run_is_in_native(thread);
}

static void stay_while_suspended(const Thread *thread)
{
    os_mutex_lock(&world_lock);
    while (thread->suspended & THREAD_SUSPENDED)
        os_condition_wait(&world_changed, &world_lock, OS_FOREVER);
    os_mutex_unlock(&world_lock);
}

void run_stand(Thread *thread)
{
    while (run_is_to_stand(thread)) {
        run_leave(thread);
        stay_while_suspended(thread);
        run_enter(thread);
    }
}

void run_safepoint(Thread *thread)
{
    if (signal_came)
        run_start_deferred();
    thread->at_freeze_point = 1;
    do {
        run_leave(thread);
        if (gatherer != NULL && freeze_is_point(thread))
            stay_while_gathering(thread);
        if (run_is_to_stand(thread))
            stay_while_suspended(thread);
        run_enter(thread);
    } while (run_is_to_stand(thread));
    thread->at_freeze_point = 0;
    if (always_poll)
        freeze_count_safepoint(thread);
}

/* ---- what another thread has it do ---- */

void run_post_exception(Thread *target, Value exception)
{
    __atomic_store_n(&target->posted, exception, __ATOMIC_RELAXED);
    make_look(target);
    run_wake(target);
}

Outcome run_raise_posted(Thread *thread)
{
    Value exception;

    if (!run_is_posted(thread) || run_is_in_native(thread))
        return OUTCOME_DONE;
    os_mutex_lock(&world_lock);
    exception = thread->posted;
    __atomic_store_n(&thread->posted, 0, __ATOMIC_RELAXED);
    if (!stopping)
        let_go(thread);
    os_mutex_unlock(&world_lock);
    return run_throw(thread, exception);
}

void run_suspend(Thread *target)
{
    target->suspended |= THREAD_SUSPENDED;
    make_look(target);
}

void run_unsuspend(Thread *target)
{
    target->suspended &= (uint8_t)~THREAD_SUSPENDED;
    if (!stopping)
        let_go(target);
    os_condition_broadcast(&world_changed);
}

void run_poll_done(Thread *thread)
{
    __atomic_store_n(&thread->poll, always_poll, __ATOMIC_RELAXED);
}

void run_look_again(Thread *thread)
{
    let_go(thread);
}

/* While on, every poll leads to run_safepoint, and the calls after one do. */
void run_always_poll(bool on)
{
    os_mutex_lock(&world_lock);
    always_poll = on;
    for (Thread *thread = threads; thread != NULL && !stopping; thread = thread->next) /* else when the world goes on */
        let_go(thread);
    os_mutex_unlock(&world_lock);
}

void run_stack_limit_reset(Thread *thread)
{
    os_mutex_lock(&world_lock); /* or a stop that begins just now would be forgotten by all calls */
    if (!stopping)
        __atomic_store_n(&thread->stack_limit, run_real_stack_limit(thread), __ATOMIC_RELAXED);
    os_mutex_unlock(&world_lock);
}

/* ---- the heap's hooks ---- */

static bool hook_stop_world(Allocator *requester)
{
    return stop_world((Thread *)requester);
}

static void hook_resume_world(Allocator *requester)
{
    run_resume_world((Thread *)requester);
}

static void visit_thread(Thread *thread, HeapVisit *visit, void *context)
{
    visit(context, &thread->guest_thread);
    visit(context, &thread->exception);
    visit(context, &thread->posted);
    visit(context, &thread->carrier[0]);
    visit(context, &thread->carrier[1]);
    visit(context, &thread->wait_object);
    if (thread->result_is_reference)
        visit(context, &thread->result);
    for (uint32_t i = 0; i < thread->lock_count; i++)
        visit(context, &thread->locks[i]);
    run_visit_frames(thread, visit, context);
}

static void hook_visit_roots(HeapVisit *visit, void *context)
{
    for (Thread *thread = threads; thread != NULL; thread = thread->next)
        visit_thread(thread, visit, context);
    for (int i = 0; i < LANGUAGE_LIMIT; i++)
        if (languages[i] != NULL && languages[i]->visit_roots != NULL)
            languages[i]->visit_roots(visit, context);
}

static void hook_update_weak(Value (*forward)(void *context, Value object), void *context)
{
    monitor_update_weak(forward, context);
    for (int i = 0; i < LANGUAGE_LIMIT; i++)
        if (languages[i] != NULL && languages[i]->update_weak != NULL)
            languages[i]->update_weak(forward, context);
}

static void hook_owner_died(uint32_t owner)
{
    run_forget_cached_calls(owner);
    for (int i = 0; i < LANGUAGE_LIMIT; i++)
        if (languages[i] != NULL && languages[i]->owner_died != NULL)
            languages[i]->owner_died(owner);
}

/* Code in the arena has moved; what the machine itself has has not. */
static void move_thread(Thread *thread, int64_t distance)
{
    Value *fp = thread->fp;
    uint64_t **pc = &thread->pc;

    while (fp != NULL) {
        Code *code = frame_code(fp);
        if (code != run_exit_code && !run_continuation_is_code(code)) {
            fp[FRAME_CODE] += (Value)distance;
            *pc = (uint64_t *)((uint8_t *)*pc + distance);
        }
        pc = (uint64_t **)(void *)&fp[FRAME_RETURN];
        fp = (Value *)(uintptr_t)fp[FRAME_CALLER];
    }
}

static void hook_moved(int64_t heap_distance, int64_t arena_distance)
{
    method_moved(arena_distance);
    for (Thread *thread = threads; thread != NULL; thread = thread->next)
        move_thread(thread, arena_distance);
}

/* ---- the memory of threads: one range, for handles and behind them the stack ---- */

/* The first thread has the program's own: another range costs each start a mapping, page tables and faults. */
static INNER_STATIC _Alignas(OS_PAGE_MOST) uint8_t first_memory[HEAP_HANDLES_BYTES + STACK_BYTES_DEFAULT + STACK_RESERVES_BYTES];
static bool first_is_taken;

static Result take_memory(uint8_t **memory)
{
    void *made = NULL;

    if (stack_bytes <= sizeof first_memory - HEAP_HANDLES_BYTES && !__atomic_exchange_n(&first_is_taken, true, __ATOMIC_ACQUIRE)) {
        *memory = first_memory;
        os_memory_populate(first_memory + HEAP_HANDLES_BYTES, os_page_size(), true);
        return OK;
    }
    Result result = os_memory_allocate(&made, NULL, HEAP_HANDLES_BYTES + stack_bytes, OS_ANYWHERE);
    *memory = made;
    return result;
}

static void release_memory(uint8_t *memory)
{
    if (memory != first_memory)
        os_memory_release(memory, HEAP_HANDLES_BYTES + stack_bytes);
    else if (os_memory_clear(first_memory, sizeof first_memory) == OK)
        __atomic_store_n(&first_is_taken, false, __ATOMIC_RELEASE);
}

/* ---- threads ---- */

/* The caller is RUNNING, if only until its own record is out of the list: so the world is not stopped meanwhile. Who has
 * stopped it goes through that list without the lock. */
static void thread_free(Thread *thread)
{
    Thread **link;

    ffi_thread_finish(&thread->ffi);
    os_mutex_lock(&world_lock);
    for (link = &threads; *link != thread; link = &(*link)->next) {
    }
    *link = thread->next;
    os_condition_broadcast(&world_changed);
    os_mutex_unlock(&world_lock);
    if (thread->stack_base != NULL)
        release_memory((uint8_t *)thread->stack_base - HEAP_HANDLES_BYTES);
    memory_free(thread->unloaded);
    memory_free(thread);
}

Result run_thread_new(Thread **made, Value guest_thread)
{
    Result result;

    TRY(run_thread_new_numbered(made, 0));
    result = run_thread_give_stack(*made);
    if (result == OK)
        (*made)->guest_thread = guest_thread;
    else
        thread_free(*made);
done:
    return result;
}

Result run_thread_give_stack(Thread *thread)
{
    Result result;
    uint8_t *memory = NULL;

    TRY(take_memory(&memory));
    thread->stack_base = (Value *)(void *)(memory + HEAP_HANDLES_BYTES);
    thread->stack_end = thread->stack_base + stack_bytes / sizeof(Value);
    let_go(thread);
    heap_attach(&thread->allocator, (Value *)(void *)memory);
    os_mutex_lock(&world_lock);
    if (stopping)
        make_look(thread);
    os_mutex_unlock(&world_lock);
done:
    return result;
}

Result run_thread_new_numbered(Thread **made, uint32_t number)
{
    Thread *thread = memory_allocate(sizeof *thread);

    if (thread == NULL)
        return error_set(ERROR_MEMORY, "no memory for a thread");
    thread->state = THREAD_OUTSIDE;
    os_mutex_lock(&world_lock);
    thread->number = number != 0 ? number : next_number;
    if (thread->number >= next_number)
        next_number = thread->number + 1;
    thread->next = threads;
    threads = thread;
    os_mutex_unlock(&world_lock);
    *made = thread;
    return OK;
}

Result run_thread_prepare(Thread *thread, uint32_t method, const Value *arguments, unsigned argument_slots)
{
    Value *place;

    thread->fp = thread->stack_base;
    thread->fp[FRAME_RETURN] = 0;
    thread->fp[FRAME_CALLER] = 0;
    thread->fp[FRAME_CODE] = (Value)(uintptr_t)run_exit_code;
    thread->pc = run_exit_code->words;
    thread->result_is_reference = 0;
    thread->language = method_at(method)->language;
    place = run_push_call(thread, method, RUN_THEN_RETURN);
    if (place == NULL)
        return error_set(ERROR_LIMIT, "the stack is too small for a first call");
    assert(argument_slots == method_at(method)->argument_slots);
    for (unsigned i = 0; i < argument_slots; i++)
        place[i] = arguments[i];
    return OK;
}

bool run_thread(Thread *thread)
{
    Thread *previous = current;

    current = thread;
    thread->os = os_thread_self();
    ffi_thread_attach(&thread->ffi);
    interpret(thread);
    current = previous;
    ffi_thread_attach(previous != NULL ? &previous->ffi : NULL);
    return thread->exception == 0;
}

/* The life of a thread on its own system thread. */
static void thread_main(void *argument)
{
    Thread *thread = argument;

    current = thread;
    thread->os = os_thread_self();
    ffi_thread_attach(&thread->ffi);
    run_enter(thread);
    run_contention_over(thread); /* this and the next: thawed */
    if (run_is_to_stand(thread))
        run_safepoint(thread);
    if (thread->fp != NULL) /* else thawed when its call was over */
        interpret(thread);
    while (languages[thread->language]->thread_over(thread) == OUTCOME_PUSHED)
        interpret(thread);
    ffi_thread_attach(NULL);
    heap_detach(&thread->allocator);
    thread_free(thread);
}

static Result start(Thread *thread)
{
    OsThread os;
    Result result;

    thread_load(thread);
    result = os_thread_create(&os, c_stack_bytes, thread_main, thread);
    if (result == OK)
        os_thread_detach(os);
    return result;
}

Result run_thread_start(Thread *thread)
{
    run_start_deferred();
    return start(thread);
}

void run_thread_abandon(Thread *thread)
{
    heap_detach(&thread->allocator);
    thread_free(thread);
}

Result thread_open(const RunOptions *options)
{
    static const HeapHooks hooks = {
        .stop_world = hook_stop_world,
        .resume_world = hook_resume_world,
        .visit_roots = hook_visit_roots,
        .update_weak = hook_update_weak,
        .references_pending = monitor_references_pending,
        .owner_died = hook_owner_died,
        .moved = hook_moved,
    };
    size_t page = os_page_size();
    size_t wanted = options->stack_bytes != 0 ? options->stack_bytes : STACK_BYTES_DEFAULT;

    stack_bytes = (wanted + STACK_RESERVES_BYTES + page - 1) / page * page;
    c_stack_bytes = options->c_stack_bytes != 0 ? options->c_stack_bytes : C_STACK_BYTES_DEFAULT;
    heap_set_hooks(&hooks);
    return OK;
}

Result run_open(const RunOptions *options)
{
    Result result = OK;

    interpret_open();
    TRY(method_open());
    TRY(continuation_open());
    TRY(monitor_open());
    TRY(thread_open(options));
done:
    return result;
}

void run_close(void)
{
    method_close();
}
