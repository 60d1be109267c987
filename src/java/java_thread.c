/* java_thread.c - threads as java.lang.Thread sees them: their beginning, their end, waiting, natives. */
#include "java/java_thread.h"

#include <limits.h>
#include <stdio.h>

#include "java/primitive_internal.h"
#include "java/properties.h"
#include "java/stacktrace.h"
#include "java/strings.h"
#include "run/watch.h"

#define MAIN_GROUP boot[2] /* root of the ThreadGroup "main" */

static _Atomic uint32_t ended_word; /* bumped when a thread that kept the machine going has ended */

/* ---- records ---- */

bool java_thread_attach(Thread *thread)
{
    thread->data = arena_allocate(sizeof(JavaThread));
    thread->language = LANGUAGE_JAVA;
    return thread->data != 0;
}

/* Its record is given back. */
static void detach(Thread *thread)
{
    arena_free(thread->data, sizeof(JavaThread));
    thread->data = 0;
}

void java_thread_set_status(Thread *thread, enum JavaThreadStatus status)
{
    if (thread->guest_thread != 0)
        __atomic_store_n((int32_t *)object_at(thread->guest_thread, java_offset(THREAD_STATUS)), (int32_t)status, __ATOMIC_RELEASE);
}

/* The number of its Thread, while it has one. Who sees that it has none any more sees what it has done. */
static int64_t number_of(Value guest_thread)
{
    return __atomic_load_n((const int64_t *)object_at(guest_thread, java_offset(THREAD_EETOP)), __ATOMIC_ACQUIRE);
}

static void set_number(Value guest_thread, int64_t number)
{
    __atomic_store_n((int64_t *)object_at(guest_thread, java_offset(THREAD_EETOP)), number, __ATOMIC_RELEASE);
}

Thread *java_thread_of_nogc(Value guest_thread)
{
    int64_t number = number_of(guest_thread);
    return number != 0 ? run_thread_numbered_nogc((uint32_t)number) : NULL;
}

bool java_thread_is_library_nogc(const Thread *thread)
{
    Value main_group = heap_root(java_world()->MAIN_GROUP);
    Value group = thread->guest_thread != 0 ? heap_load(thread->guest_thread, java_offset(THREAD_GROUP)) : 0;

    while (group != 0 && group != main_group)
        group = heap_load(group, java_offset(THREAD_GROUP_PARENT));
    return group == 0;
}

/* Whether it is interrupted, its Thread tells; the record follows. Who has changed the one has the other follow, so that of
 * several the last one leaves both the same. Hold run_threads_lock. */
static void follow_interrupted(Thread *target, Value guest_thread)
{
    if (__atomic_load_n((const uint8_t *)object_at(guest_thread, java_offset(THREAD_INTERRUPTED)), __ATOMIC_SEQ_CST))
        run_interrupt(target);
    else
        target->interrupted = 0;
}

/* Takes back an interrupt that has become an exception. */
static void clear_interrupted(Thread *thread)
{
    run_threads_lock();
    __atomic_store_n((uint8_t *)object_at(thread->guest_thread, java_offset(THREAD_INTERRUPTED)), 0, __ATOMIC_SEQ_CST);
    thread->interrupted = 0;
    run_threads_unlock();
}

/* ---- the end of threads ---- */

static int prepare(Thread *thread, enum JavaThreadPhase phase, uint32_t method, const Value *arguments, unsigned count)
{
    java_thread_record(thread)->phase = phase;
    thread->exception = 0;
    if (method == 0 || run_thread_prepare(thread, method, arguments, count) != OK)
        return OUTCOME_DONE;
    return OUTCOME_PUSHED;
}

static int call_own(Thread *thread, enum JavaThreadPhase phase, uint32_t method, Value argument)
{
    Value arguments[2] = {thread->guest_thread, argument};
    return prepare(thread, phase, method, arguments, java_method_at(method)->method.argument_slots);
}

static int call_uncaught(Thread *thread)
{
    java_thread_record(thread)->status = 1;
    return call_own(thread, PHASE_UNCAUGHT, java_method_text(java_class(THREAD), "dispatchUncaughtException", "(Ljava/lang/Throwable;)V"),
                    thread->exception);
}

/* The handler itself has thrown. */
static void report_handler(Thread *thread)
{
    Value name = heap_load(thread->guest_thread, java_offset(THREAD_NAME));
    char *text = name != 0 ? java_string_utf8(name) : NULL;

    fprintf(stderr, "\nException: %s thrown from the UncaughtExceptionHandler in thread \"%s\"\n",
            java_class_guest_name(object_class_index(thread->exception)), text != NULL ? text : "");
    memory_free(text);
}

/* The Thread object is terminated, who waits in join is told. */
static void end_guest_thread(Thread *thread)
{
    while (run_monitor_enter(thread, thread->guest_thread) == OUTCOME_RETRY) {
    }
    thread->exception = 0;
    java_thread_set_status(thread, JAVA_THREAD_TERMINATED);
    set_number(thread->guest_thread, 0);
    run_monitor_notify(thread, thread->guest_thread, true);
    run_monitor_exit(thread, thread->guest_thread);
    thread->exception = 0;
}

static bool others_keep_going(const Thread *self)
{
    bool found = false;

    run_threads_lock();
    for (const Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        found |= thread != self && !thread->daemon && thread->guest_thread != 0;
    run_threads_unlock();
    return found;
}

static void wait_for_others(Thread *thread)
{
    for (;;) {
        uint32_t seen = atomic_load(&ended_word);
        if (!others_keep_going(thread))
            return;
        run_leave(thread);
        os_futex_wait(&ended_word, seen, OS_FOREVER);
        run_enter(thread);
    }
}

Value java_thread_object(Thread *thread)
{
    Value object = heap_allocate_instance(&thread->allocator, class_at(java_class(THREAD)));

    if (object == 0)
        return 0;
    thread->guest_thread = object;
    *(int32_t *)object_at(object, java_offset(THREAD_PRIORITY)) = 5;
    set_number(object, thread->number);
    java_thread_set_status(thread, JAVA_THREAD_RUNNABLE);
    return object;
}

/* ---- methods that the steps of a main thread call ---- */

static uint32_t boot_method(Thread *thread, const char *class_name, const char *name, const char *descriptor)
{
    uint32_t class_index = 0;

    if (java_load_boot_class(thread, java_symbol_text(class_name), &class_index) != OUTCOME_DONE || class_index == 0)
        return 0;
    return java_method_text(class_index, name, descriptor);
}

static uint32_t launcher_method(Thread *thread)
{
    return boot_method(thread, "coracle/Launcher", "initialize", "(Ljava/lang/Class;)V");
}

static uint32_t shutdown_method(Thread *thread)
{
    return boot_method(thread, "java/lang/Shutdown", "shutdown", "()V");
}

static uint32_t exit_method(void)
{
    return java_method_text(java_class(THREAD), "exit", "()V");
}

static uint32_t named_constructor(void)
{
    return java_method_text(java_class(THREAD), "<init>", "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V");
}

static uint32_t main_method(uint32_t class_index)
{
    return java_method_text(class_index, "main", "([Ljava/lang/String;)V");
}

void java_thread_look_up(Thread *thread)
{
    (void)launcher_method(thread);
    (void)shutdown_method(thread);
    (void)exit_method();
    (void)named_constructor();
    (void)main_method(java_class(OBJECT));
}

/* The main thread gets a new Thread object for the shutdown hooks, since its own has ended. */
static int call_destroy_constructor(Thread *thread)
{
    Value arguments[3];

    if (java_world()->MAIN_GROUP == 0 || java_thread_object(thread) == 0)
        return OUTCOME_DONE;
    arguments[2] = java_string_from_text(thread, "DestroyJavaVM");
    arguments[1] = heap_root(java_world()->MAIN_GROUP);
    arguments[0] = thread->guest_thread;
    return prepare(thread, PHASE_DESTROY, named_constructor(), arguments, 3);
}

static int call_shutdown(Thread *thread)
{
    uint32_t method;

    thread->exception = 0;
    method = shutdown_method(thread);
    return method != 0 ? prepare(thread, PHASE_SHUTDOWN, method, NULL, 0) : OUTCOME_DONE;
}

static int thread_ended(Thread *thread)
{
    java_thread_record(thread)->phase = PHASE_OVER;
    run_threads_lock();
    thread->daemon = 1; /* keeps nothing going any more */
    thread->guest_thread = 0;
    run_threads_unlock();
    thread->exception = 0;
    if (!java_thread_record(thread)->is_main) /* its status is the process's */
        detach(thread);
    atomic_fetch_add(&ended_word, 1);
    os_futex_wake(&ended_word, INT_MAX);
    return OUTCOME_DONE;
}

#define MAIN_ARGUMENTS boot[4] /* root of the String[] for main */
#define MAIN_CLASS boot[3] /* root of the main class's class object */

/* The main class is found: it is initialized by a call of its own. */
static int call_initialize(Thread *thread)
{
    Value mirror = thread->result;
    uint32_t method;

    java_world()->MAIN_CLASS = heap_root_add(mirror, 0);
    method = launcher_method(thread);
    if (method == 0)
        return OUTCOME_DONE;
    mirror = heap_root(java_world()->MAIN_CLASS);
    run_watch_begin();
    return prepare(thread, PHASE_INIT_MAIN, method, &mirror, 1);
}

static int call_main(Thread *thread)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *class = heap_hold_nogc(&thread->allocator, heap_root(java_world()->MAIN_CLASS)), array;
    int outcome;

    array = heap_root(java_world()->MAIN_ARGUMENTS);
    if (array == 0) {
        outcome = call_uncaught(thread);
    } else {
        uint32_t method = main_method(java_mirror_class(*class));
        outcome = prepare(thread, PHASE_MAIN, method, &array, 1);
    }
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

int java_thread_over(Thread *thread)
{
    switch ((enum JavaThreadPhase)java_thread_record(thread)->phase) {
    case PHASE_BOOT: return OUTCOME_DONE;
    case PHASE_LOAD_MAIN:
        if (thread->exception != 0) {
            /* the words of JDK's launcher */
            fputs("Error: A JNI error has occurred, please check your installation and try again\n", stderr);
            return call_uncaught(thread);
        }
        if (thread->result != 0 && !java_options()->dry_run)
            return call_initialize(thread);
        return call_own(thread, PHASE_EXIT, exit_method(), 0);
    case PHASE_INIT_MAIN:
        if (thread->exception != 0)
            return call_uncaught(thread);
        return call_main(thread);
    case PHASE_MAIN:
    case PHASE_RUN:
        if (thread->exception != 0)
            return call_uncaught(thread);
        return call_own(thread, PHASE_EXIT, exit_method(), 0);
    case PHASE_UNCAUGHT:
        if (thread->exception != 0)
            report_handler(thread);
        return call_own(thread, PHASE_EXIT, exit_method(), 0);
    case PHASE_EXIT:
        end_guest_thread(thread);
        if (!java_thread_record(thread)->is_main)
            return thread_ended(thread);
        java_thread_record(thread)->phase = PHASE_WAIT;
        /* fall through */
    case PHASE_WAIT:
        wait_for_others(thread);
        return call_destroy_constructor(thread);
    case PHASE_DESTROY: return call_shutdown(thread);
    case PHASE_SHUTDOWN:
    case PHASE_OVER: break;
    }
    return thread_ended(thread);
}

/* ---- natives of Thread ---- */

PRIMITIVE(current_thread)
{
    *result = thread->guest_thread;
    return OUTCOME_DONE;
}

static Outcome throw_no_thread(Thread *thread)
{
    return java_throw(thread, "java/lang/OutOfMemoryError",
                      "unable to create native thread: possibly out of memory or process/resource limits reached");
}

/* At once, for who looks at the list of threads: whether it keeps the program going, whether it was interrupted already. */
static void copy_to_record(Thread *made, Value guest_thread)
{
    run_threads_lock();
    made->daemon = *(const uint8_t *)object_at(guest_thread, java_offset(THREAD_DAEMON));
    made->interrupted = *(const uint8_t *)object_at(guest_thread, java_offset(THREAD_INTERRUPTED));
    made->guest_thread = guest_thread;
    set_number(guest_thread, made->number);
    run_threads_unlock();
    java_thread_set_status(made, JAVA_THREAD_RUNNABLE);
}

PRIMITIVE(start)
{
    Value guest_thread = arguments[0];
    bool stillborn = *(const uint8_t *)object_at(guest_thread, java_offset(THREAD_STILLBORN)) != 0;
    uint32_t run = stillborn ? exit_method()
                             : java_select_method(object_class_index(guest_thread), java_method_text(java_class(THREAD), "run", "()V"));
    Thread *made = NULL;

    if (number_of(guest_thread) != 0)
        return java_throw_plain(thread, "java/lang/IllegalThreadStateException");
    if (run_thread_new(&made, 0) != OK)
        return throw_no_thread(thread);
    if (!java_thread_attach(made) || run_thread_prepare(made, run, &guest_thread, 1) != OK) {
        detach(made);
        run_thread_abandon(made);
        return throw_no_thread(thread);
    }
    java_thread_record(made)->phase = stillborn ? PHASE_EXIT : PHASE_RUN;
    copy_to_record(made, guest_thread);
    if (run_thread_start(made) == OK)
        return OUTCOME_DONE;
    set_number(guest_thread, 0);
    java_thread_set_status(made, JAVA_THREAD_NEW);
    detach(made);
    run_thread_abandon(made);
    return throw_no_thread(thread);
}

PRIMITIVE(yield)
{
    os_thread_yield();
    run_safepoint(thread);
    return OUTCOME_DONE;
}

PRIMITIVE(sleep)
{
    int64_t milliseconds = (int64_t)arguments[0];
    enum WaitResult waited;

    if (milliseconds < 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "timeout value is negative");
    java_thread_set_status(thread, JAVA_THREAD_SLEEPING);
    waited = run_sleep(thread, milliseconds > INT64_MAX / 2000000 ? INT64_MAX / 2 : milliseconds * 1000000);
    java_thread_set_status(thread, JAVA_THREAD_RUNNABLE);
    if (waited != WAIT_INTERRUPTED)
        return run_raise_posted(thread);
    clear_interrupted(thread);
    return java_throw(thread, "java/lang/InterruptedException", "sleep interrupted");
}

/* Object.wait(long milliseconds) */
PRIMITIVE(object_wait)
{
    int64_t milliseconds = (int64_t)arguments[1], timeout;
    enum WaitResult waited = WAIT_NOTIFIED;
    Outcome outcome;

    if (milliseconds < 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "timeout value is negative");
    timeout = milliseconds == 0 || milliseconds > INT64_MAX / 2000000 ? -1 : milliseconds * 1000000;
    java_thread_set_status(thread, timeout < 0 ? JAVA_THREAD_WAITING : JAVA_THREAD_WAITING_TIMED);
    outcome = run_monitor_wait(thread, &arguments[0], timeout, &waited);
    java_thread_set_status(thread, JAVA_THREAD_RUNNABLE);
    if (outcome != OUTCOME_DONE || waited != WAIT_INTERRUPTED)
        return outcome != OUTCOME_DONE ? outcome : run_raise_posted(thread);
    clear_interrupted(thread);
    return java_throw_plain(thread, "java/lang/InterruptedException");
}

PRIMITIVE(interrupt)
{
    Thread *target;

    run_threads_lock();
    target = java_thread_of_nogc(arguments[0]);
    if (target != NULL)
        follow_interrupted(target, arguments[0]);
    run_threads_unlock();
    return OUTCOME_DONE;
}

PRIMITIVE(clear_interrupt_event)
{
    run_threads_lock();
    follow_interrupted(thread, thread->guest_thread);
    run_threads_unlock();
    return OUTCOME_DONE;
}

PRIMITIVE(holds_lock)
{
    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    *result = run_monitor_held(thread, arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(nothing)
{
    return OUTCOME_DONE;
}

/* stop0(Object): one that has not begun will end at once. */
PRIMITIVE(stop)
{
    Thread *target;

    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (arguments[0] == thread->guest_thread)
        return run_throw(thread, arguments[1]);
    run_threads_lock();
    target = java_thread_of_nogc(arguments[0]);
    if (target != NULL)
        run_post_exception(target, arguments[1]);
    else
        *(uint8_t *)object_at(arguments[0], java_offset(THREAD_STILLBORN)) = 1;
    run_threads_unlock();
    return OUTCOME_DONE;
}

PRIMITIVE(suspend)
{
    Thread *target;

    if (thread->suspended & THREAD_SUSPENDS_ITSELF) { /* again, after a thaw or because it has been resumed */
        if (thread->suspended & THREAD_SUSPENDED)
            return OUTCOME_RETRY;
        thread->suspended &= (uint8_t)~THREAD_SUSPENDS_ITSELF; /* another may suspend it just now */
        return OUTCOME_DONE;
    }
    run_threads_lock();
    target = java_thread_of_nogc(arguments[0]);
    if (target != NULL)
        run_suspend(target);
    if (target == thread)
        thread->suspended |= THREAD_SUSPENDS_ITSELF;
    run_threads_unlock();
    if (target == thread)
        return OUTCOME_RETRY;
    if (target != NULL) { /* it stands, or waits, when this is over */
        run_stop_world(thread);
        run_resume_world(thread);
    }
    return OUTCOME_DONE;
}

PRIMITIVE(resume)
{
    Thread *target;

    run_threads_lock();
    target = java_thread_of_nogc(arguments[0]);
    if (target != NULL)
        run_unsuspend(target);
    run_threads_unlock();
    return OUTCOME_DONE;
}

/* ---- all threads ---- */

static uint32_t count_guest_threads(void)
{
    uint32_t count = 0;

    run_threads_lock();
    for (const Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        count += thread->guest_thread != 0;
    run_threads_unlock();
    return count;
}

static Value guest_thread_array(Thread *thread, uint32_t count)
{
    uint32_t array_class = java_array_class(thread, java_class(THREAD));
    Value array = array_class != 0 ? heap_allocate_array(&thread->allocator, class_at(array_class), count) : 0;

    if (array == 0)
        java_throw_memory(thread);
    return array;
}

PRIMITIVE(get_threads)
{
    for (;;) {
        uint32_t count = count_guest_threads(), i = 0;
        Value array = guest_thread_array(thread, count);
        bool fits = true;
        if (array == 0)
            return OUTCOME_THROW;
        run_threads_lock();
        for (const Thread *each = run_threads_nogc(); each != NULL; each = each->next) {
            if (each->guest_thread == 0)
                continue;
            if (i < count)
                array_store(array, i, each->guest_thread);
            i++;
        }
        fits = i == count;
        run_threads_unlock();
        if (fits) {
            *result = array;
            return OUTCOME_DONE;
        }
    }
}

typedef struct Snapshot {
    uint32_t count;
    struct {
        uint32_t method, pc;
    } frames[BACKTRACE_DEPTH_LIMIT];
} Snapshot;

static void take_snapshot(Thread *thread, Snapshot *snapshot)
{
    Frame frame;

    snapshot->count = 0;
    for (bool more = run_frame_first(thread, &frame); more && snapshot->count < BACKTRACE_DEPTH_LIMIT;
         more = run_frame_next(&frame)) {
        bool hidden = false;
        if (!java_frame_counts(&frame, &hidden) || (class_at(run_frame_method(&frame)->holder)->flags & CLASS_HIDDEN_FRAMES))
            continue; /* hidden classes do show here */
        snapshot->frames[snapshot->count].method = run_frame_method(&frame)->number;
        snapshot->frames[snapshot->count++].pc = run_frame_guest_pc(&frame);
    }
}

/* Of the java.lang.Thread in element i of an array (a slot that is updated); false: it does not run. */
static bool snapshot_of(Thread *thread, const Value *threads, uint64_t i, Snapshot *snapshot)
{
    Thread *target;

    run_stop_world(thread);
    run_threads_lock();
    target = java_thread_of_nogc(array_element(*threads, i));
    if (target != NULL)
        take_snapshot(target, snapshot);
    run_threads_unlock();
    run_resume_world(thread);
    return target != NULL;
}

static Value elements_of(Thread *thread, const Snapshot *snapshot)
{
    uint32_t element_class = java_wellknown_class(thread, JAVA_CLASS_STACK_TRACE_ELEMENT);
    uint32_t array_class = element_class != 0 ? java_array_class(thread, element_class) : 0;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array = heap_hold_nogc(&thread->allocator, 0), *element = heap_hold_nogc(&thread->allocator, 0), made;

    if (array_class == 0)
        return 0;
    *array = heap_allocate_array(&thread->allocator, class_at(array_class), snapshot->count);
    for (uint32_t i = 0; *array != 0 && i < snapshot->count; i++) {
        *element = heap_allocate_instance(&thread->allocator, class_at(element_class));
        if (*element == 0 || java_stack_element_fill(thread, element, snapshot->frames[i].method,
                                                     snapshot->frames[i].pc) != OUTCOME_DONE) {
            *array = 0;
            break;
        }
        array_store(*array, i, *element);
    }
    made = *array;
    heap_leave_nogc(&thread->allocator, mark);
    if (made == 0 && thread->exception == 0)
        java_throw_memory(thread);
    return made;
}

/* StackTraceElement[][] dumpThreads(Thread[]) */
PRIMITIVE(dump_threads)
{
    uint32_t element_class = java_wellknown_class(thread, JAVA_CLASS_STACK_TRACE_ELEMENT);
    uint32_t row_class = element_class != 0 ? java_array_class(thread, element_class) : 0;
    uint32_t array_class = row_class != 0 ? java_array_class(thread, row_class) : 0;
    Snapshot *snapshot = memory_allocate(sizeof *snapshot);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;

    if (array_class == 0 || snapshot == NULL)
        return thread->exception != 0 ? OUTCOME_THROW : java_throw_memory(thread);
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class),
                                                                   (uint32_t)array_length(arguments[0])));
    for (int32_t i = 0; *array != 0 && i < array_length(arguments[0]); i++) {
        Value row;
        if (array_element(arguments[0], (uint64_t)i) == 0 || !snapshot_of(thread, &arguments[0], (uint64_t)i, snapshot))
            continue;
        row = elements_of(thread, snapshot);
        if (row == 0)
            break;
        array_store(*array, (uint64_t)i, row);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    memory_free(snapshot);
    if (*result == 0 && thread->exception == 0)
        java_throw_memory(thread);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

void primitive_register_thread(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Thread.currentThread()Ljava/lang/Thread;", current_thread},
        {"java/lang/Thread.start0()V", start},
        {"java/lang/Thread.yield()V", yield},
        {"java/lang/Thread.sleep(J)V", sleep},
        {"java/lang/Object.wait(J)V", object_wait},
        {"java/lang/Thread.interrupt0()V", interrupt},
        {"java/lang/Thread.clearInterruptEvent()V", clear_interrupt_event},
        {"java/lang/Thread.holdsLock(Ljava/lang/Object;)Z", holds_lock},
        {"java/lang/Thread.getThreads()[Ljava/lang/Thread;", get_threads},
        {"java/lang/Thread.dumpThreads([Ljava/lang/Thread;)[[Ljava/lang/StackTraceElement;", dump_threads},
        {"java/lang/Thread.setPriority0(I)V", nothing},
        {"java/lang/Thread.setNativeName(Ljava/lang/String;)V", nothing},
        {"java/lang/Thread.suspend0()V", suspend},
        {"java/lang/Thread.resume0()V", resume},
        {"java/lang/Thread.stop0(Ljava/lang/Object;)V", stop},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
