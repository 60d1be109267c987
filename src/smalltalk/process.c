/* process.c - green threads: processes, semaphores, the timer, and when the running one is interrupted.
 *
 * All processes run in one engine thread. A second system thread, the ticker, asks that thread to look (poll) when the
 * timer is due or a collection may have left something to be told to the image. */
#include "smalltalk/smalltalk_internal.h"

#define MICROSECONDS_1901_TO_1970 2177452800000000ull
#define TICK_NS 1000000
#define PRIORITIES_LIMIT 1000
#define LINKS_LIMIT (1u << 24) /* processes of one list: more go in a circle */

static Thread *engine_thread;
static _Atomic uint64_t timer_deadline; /* 0: none */
static uint64_t end_of_time;            /* the same clock, when the image has a time limit; else 0 */
static _Atomic uint32_t ticker_word;    /* changes when the ticker shall look again */
static _Atomic bool looking, collected, ticker_running;
static bool finalization_due;           /* since a collection before a freeze */
static uint64_t low_space_bytes;        /* 0: nobody wants to be told when memory runs out */

/* ---- lists ---- */

static bool is_list(Value value)
{
    return has_slots(value, LIST_LAST + 1) && !is_context(value);
}

static bool is_process(Value value)
{
    return has_slots(value, PROCESS_LIST + 1) && !is_context(value);
}

static Value scheduler(void)
{
    Value found = slot_or_nil(special_object(SPECIAL_SCHEDULER), 1);
    if (!has_slots(found, SCHEDULER_ACTIVE + 1) || is_context(found) || !is_process(slot_get(found, SCHEDULER_ACTIVE)))
        image_unsound("the image's scheduler of processes is damaged");
    return found;
}

Value active_process(void)
{
    return slot_get(scheduler(), SCHEDULER_ACTIVE);
}

static void check_process(Value process)
{
    char text[256];
    if (is_process(process))
        return;
    describe(process, text, sizeof text);
    image_unsound("a list of processes holds something else: %s", text);
}

static void list_add_last(Value list, Value process)
{
    Value last = slot_get(list, LIST_LAST);
    if (slot_get(list, LIST_FIRST) == NIL) {
        slot_set(list, LIST_FIRST, process);
    } else {
        check_process(last);
        slot_set(last, PROCESS_NEXT, process);
    }
    slot_set(list, LIST_LAST, process);
    slot_set(process, PROCESS_NEXT, NIL);
    slot_set(process, PROCESS_LIST, list);
}

static Value list_remove_first(Value list)
{
    Value first = slot_get(list, LIST_FIRST);
    check_process(first);
    if (first == slot_get(list, LIST_LAST)) {
        slot_set(list, LIST_FIRST, NIL);
        slot_set(list, LIST_LAST, NIL);
    } else {
        slot_set(list, LIST_FIRST, slot_get(first, PROCESS_NEXT));
    }
    slot_set(first, PROCESS_NEXT, NIL);
    slot_set(first, PROCESS_LIST, NIL);
    return first;
}

/* false: it is not on the list. */
static bool list_remove(Value list, Value process)
{
    Value previous = NIL, link = slot_get(list, LIST_FIRST);
    for (unsigned links = 0; link != process; links++) {
        if (link == NIL || links == LINKS_LIMIT)
            return false;
        check_process(link);
        previous = link;
        link = slot_get(link, PROCESS_NEXT);
    }
    if (previous == NIL)
        slot_set(list, LIST_FIRST, slot_get(process, PROCESS_NEXT));
    else
        slot_set(previous, PROCESS_NEXT, slot_get(process, PROCESS_NEXT));
    if (slot_get(list, LIST_LAST) == process)
        slot_set(list, LIST_LAST, previous);
    slot_set(process, PROCESS_NEXT, NIL);
    slot_set(process, PROCESS_LIST, NIL);
    return true;
}

/* 0: it has none. */
static int64_t priority_of(Value process)
{
    Value priority = slot_get(process, PROCESS_PRIORITY);
    return value_is_integer(priority) ? value_integer(priority) : 0;
}

static Value list_of_priority(int64_t priority)
{
    Value list = slot_or_nil(slot_get(scheduler(), SCHEDULER_LISTS), (uint64_t)priority - 1);
    if (!is_list(list))
        image_unsound("the image has no list of processes of priority %lld", (long long)priority);
    return list;
}

void make_ready(Value process)
{
    list_add_last(list_of_priority(priority_of(process)), process);
}

/* The list of the highest priority that has somebody ready; NIL. */
static Value highest_list(int64_t *priority)
{
    Value lists = slot_get(scheduler(), SCHEDULER_LISTS), list;
    int64_t count = is_pointers(lists) ? (int64_t)object_slot_count(lists) : 0;
    for (int64_t i = (count > PRIORITIES_LIMIT ? PRIORITIES_LIMIT : count) - 1; i >= 0; i--) {
        list = slot_get(lists, (uint64_t)i);
        if (is_list(list) && slot_get(list, LIST_FIRST) != NIL) {
            *priority = i + 1;
            return list;
        }
    }
    return NIL;
}

Value highest_ready(void)
{
    int64_t priority;
    Value list = highest_list(&priority);
    return list == NIL ? NIL : list_remove_first(list);
}

static bool is_semaphore(Value value)
{
    return is_list(value) && has_slots(value, SEMAPHORE_EXCESS + 1);
}

static int64_t excess_of(Value semaphore)
{
    Value excess = slot_get(semaphore, SEMAPHORE_EXCESS);
    return value_is_integer(excess) ? value_integer(excess) : 0;
}

void semaphore_signal(Value semaphore)
{
    if (!is_semaphore(semaphore))
        return;
    if (slot_get(semaphore, LIST_FIRST) != NIL)
        make_ready(list_remove_first(semaphore));
    else
        slot_set(semaphore, SEMAPHORE_EXCESS, value_from_integer(excess_of(semaphore) + 1));
}

bool is_of_processes(Value object)
{
    Value class = smalltalk_class_of_nogc(object), lists = slot_get(scheduler(), SCHEDULER_LISTS);
    return object == scheduler() || object == lists || class == special_object(SPECIAL_CLASS_SEMAPHORE) ||
           class == special_object(SPECIAL_CLASS_PROCESS) || class == smalltalk_class_of_nogc(slot_or_nil(lists, 0));
}

/* ---- switching ---- */

void go_on_with(Thread *thread, Value process)
{
    Value context;
    check_process(process);
    context = slot_get(process, PROCESS_CONTEXT);
    slot_set(scheduler(), SCHEDULER_ACTIVE, process);
    slot_set(process, PROCESS_CONTEXT, NIL);
    resume_context(thread, context, NULL);
}

/* Until it is looked at again, eden may fill with what stays; then all frames become contexts, of several times their size. */
static bool is_space_low(void)
{
    if (low_space_bytes == 0)
        return false;
    HeapStats stats = heap_stats();
    uint64_t frames = (uint64_t)((uint8_t *)engine_thread->stack_end - (uint8_t *)engine_thread->stack_base);
    uint64_t reserve = 3 * stats.eden_bytes + 4 * frames;
    if (reserve > stats.limit_bytes / 2)
        reserve = stats.limit_bytes / 2;
    return stats.used_bytes >= stats.limit_bytes || stats.limit_bytes - stats.used_bytes < low_space_bytes + reserve;
}

static void signal_low_space(void)
{
    if (!is_space_low())
        return;
    heap_collect(&engine_thread->allocator, true, HEAP_CAUSE_REQUEST);
    if (!is_space_low())
        return;
    low_space_bytes = 0;
    special_set(SPECIAL_LOW_SPACE_PROCESS, active_process());
    semaphore_signal(special_object(SPECIAL_LOW_SPACE_SEMAPHORE));
}

/* Signals what is due: the timer's semaphore, that of low space, and that of finalization after a collection that concerns it. */
static void signal_due(void)
{
    uint64_t deadline = timer_deadline;

    if (end_of_time != 0 && clock_microseconds() >= end_of_time) {
        print_stack(engine_thread);
        image_unsound("stopped after %u seconds", smalltalk_options.time_limit_seconds);
    }
    if (deadline != 0 && clock_microseconds() >= deadline) {
        timer_deadline = 0;
        semaphore_signal(special_object(SPECIAL_TIMER_SEMAPHORE));
    }
    signal_low_space();
    if (collected) {
        collected = false;
        if (heap_take_weak_cleared_nogc() || heap_has_mourners_nogc() || finalization_due)
            semaphore_signal(special_object(SPECIAL_FINALIZATION_SEMAPHORE));
        finalization_due = false;
    }
}

/* Nobody is ready: waits until the timer makes somebody so. The program may be frozen meanwhile. */
static Value wait_for_ready(Thread *thread)
{
    Value next;
    signal_due();
    while ((next = highest_ready()) == NIL) {
        uint64_t deadline = timer_deadline, now = clock_microseconds();
        if (deadline == 0) {
            fflush(stdout);
            fprintf(stderr, "coracle: all processes wait, and nothing will wake one\n");
            os_exit(1);
        }
        thread->wait_kind = WAIT_SLEEP;
        run_safepoint(thread);
        if (deadline > now)
            idle(thread, deadline - now);
        thread->wait_kind = WAIT_NONE;
        signal_due();
    }
    return next;
}

static void suspend_active(Thread *thread, bool in_primitive, const Value *result)
{
    Value context = flush_frames(thread, in_primitive, result);
    slot_set(active_process(), PROCESS_CONTEXT, context);
}

int switch_away(Thread *thread, Value result)
{
    suspend_active(thread, true, &result);
    go_on_with(thread, wait_for_ready(thread));
    return TAGGED_SWITCHED;
}

void process_suspend(Thread *thread)
{
    suspend_active(thread, false, NULL);
}

void process_resume(Thread *thread)
{
    go_on_with(thread, active_process());
}

void process_begin(Thread *thread, const Value *push)
{
    Value context;

    if (thread->wait_kind == WAIT_SLEEP) { /* thawed */
        thread->wait_kind = WAIT_NONE;
        go_on_with(thread, wait_for_ready(thread));
        return;
    }
    context = slot_get(active_process(), PROCESS_CONTEXT);
    slot_set(active_process(), PROCESS_CONTEXT, NIL);
    resume_context(thread, context, push);
}

static bool should_yield(void)
{
    int64_t priority = 0;
    return highest_list(&priority) != NIL && priority > priority_of(active_process());
}

int reschedule(Thread *thread, Value value, Value *result)
{
    if (!should_yield()) {
        *result = value;
        return TAGGED_DONE;
    }
    suspend_active(thread, true, &value);
    make_ready(active_process());
    go_on_with(thread, highest_ready());
    return TAGGED_SWITCHED;
}

int language_polled(Thread *thread)
{
    run_poll_done(thread);
    looking = false;
    signal_due();
    if (should_yield()) {
        suspend_active(thread, false, NULL);
        make_ready(active_process());
        go_on_with(thread, highest_ready());
    }
    return OUTCOME_DONE;
}

/* ---- time ---- */

uint64_t clock_microseconds(void)
{
    return (uint64_t)os_clock_wall_ns() / 1000 + MICROSECONDS_1901_TO_1970;
}

int64_t clock_offset_microseconds(void)
{
    return 0;
}

static void ask_to_look(void)
{
    looking = true;
    __atomic_store_n(&engine_thread->poll, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&engine_thread->stack_limit, engine_thread->stack_base, __ATOMIC_RELAXED);
}

static void ticker_main(void *argument)
{
    while (ticker_running) {
        uint32_t word = ticker_word;
        uint64_t deadline = timer_deadline, now = clock_microseconds();
        int64_t timeout = OS_FOREVER;
        if (end_of_time != 0 && (deadline == 0 || end_of_time < deadline))
            deadline = end_of_time;
        if (looking || collected || (deadline != 0 && now >= deadline)) {
            ask_to_look(); /* again and again: a collection may have taken the request back */
            timeout = TICK_NS;
        } else if (deadline != 0) {
            timeout = (int64_t)(deadline - now) * 1000;
        }
        os_futex_wait(&ticker_word, word, timeout);
    }
}

static void wake_ticker(void)
{
    OsThread ticker;
    if (!ticker_running) {
        ticker_running = true;
        if (os_thread_create(&ticker, 0, ticker_main, NULL) == OK)
            os_thread_detach(ticker);
    }
    ticker_word++;
    os_futex_wake(&ticker_word, 1);
}

void timer_set(uint64_t microseconds)
{
    timer_deadline = microseconds;
    if (microseconds != 0)
        wake_ticker();
}

void low_space_watch(uint64_t bytes)
{
    low_space_bytes = bytes < 1ull << 60 ? bytes : 1ull << 60;
}

void low_space_look(void)
{
    if (is_space_low())
        ask_to_look();
}

void process_note_collection(void)
{
    collected = true;
    wake_ticker();
}

void idle(Thread *thread, uint64_t microseconds)
{
    uint64_t deadline = timer_deadline, now = clock_microseconds();
    if (deadline != 0 && deadline < now + microseconds)
        microseconds = deadline > now ? deadline - now : 0;
    if (microseconds > 1000000)
        microseconds = 1000000;
    fflush(stdout);
    run_leave(thread);
    os_sleep_ns((int64_t)microseconds * 1000);
    run_enter(thread);
    if (deadline != 0 && clock_microseconds() >= deadline)
        ask_to_look();
}

/* ---- primitives of processes ---- */

static int primitive_signal(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (!is_semaphore(arguments[0]))
        return primitive_fail(WHY_RECEIVER);
    semaphore_signal(arguments[0]);
    return reschedule(thread, arguments[0], result);
}

static int primitive_wait(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value semaphore = arguments[0];
    if (!is_semaphore(semaphore))
        return primitive_fail(WHY_RECEIVER);
    if (excess_of(semaphore) > 0) {
        slot_set(semaphore, SEMAPHORE_EXCESS, value_from_integer(excess_of(semaphore) - 1));
        *result = semaphore;
        return TAGGED_DONE;
    }
    list_add_last(semaphore, active_process());
    return switch_away(thread, semaphore);
}

static int primitive_resume(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value process = arguments[0];
    if (!is_process(process) || !is_context(slot_get(process, PROCESS_CONTEXT)) || process == active_process())
        return primitive_fail(WHY_RECEIVER);
    make_ready(process);
    return reschedule(thread, process, result);
}

static int primitive_suspend(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value process = arguments[0], list;
    if (process == active_process())
        return switch_away(thread, NIL);
    if (!is_process(process))
        return primitive_fail(WHY_RECEIVER);
    list = slot_get(process, PROCESS_LIST);
    if (!is_list(list) || !list_remove(list, process))
        return primitive_fail(WHY_RECEIVER);
    *result = list;
    return TAGGED_DONE;
}

static int primitive_yield(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value receiver = arguments[0], list = list_of_priority(priority_of(active_process()));
    if (slot_get(list, LIST_FIRST) == NIL) {
        *result = receiver;
        return TAGGED_DONE;
    }
    suspend_active(thread, true, &receiver);
    make_ready(active_process());
    go_on_with(thread, highest_ready());
    return TAGGED_SWITCHED;
}

/* Critical sections: list, owner in the third slot. */
enum { MUTEX_OWNER = 2 };

static bool is_mutex(Value value)
{
    return is_list(value) && has_slots(value, MUTEX_OWNER + 1);
}

static int primitive_exit_critical(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value mutex = arguments[0];
    if (!is_mutex(mutex))
        return primitive_fail(WHY_RECEIVER);
    if (slot_get(mutex, LIST_FIRST) == NIL) {
        slot_set(mutex, MUTEX_OWNER, NIL);
        *result = mutex;
        return TAGGED_DONE;
    }
    Value next = list_remove_first(mutex);
    slot_set(mutex, MUTEX_OWNER, next);
    make_ready(next);
    return reschedule(thread, mutex, result);
}

static int primitive_enter_critical(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value mutex = arguments[0], active = count == 0 ? active_process() : arguments[1];
    if (!is_mutex(mutex))
        return primitive_fail(WHY_RECEIVER);
    Value owner = slot_get(mutex, MUTEX_OWNER);
    if (owner == NIL || owner == active) {
        *result = value_from_boolean(owner == active);
        slot_set(mutex, MUTEX_OWNER, active);
        return TAGGED_DONE;
    }
    if (!is_process(active))
        return primitive_fail(WHY_ARGUMENT);
    list_add_last(mutex, active);
    return switch_away(thread, FALSE_OBJECT);
}

static int primitive_test_critical(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value mutex = arguments[0], active = active_process();
    if (!is_mutex(mutex))
        return primitive_fail(WHY_RECEIVER);
    Value owner = slot_get(mutex, MUTEX_OWNER);
    *result = owner == NIL ? FALSE_OBJECT : owner == active ? TRUE_OBJECT : NIL;
    if (owner == NIL)
        slot_set(mutex, MUTEX_OWNER, active);
    return TAGGED_DONE;
}

static int primitive_relinquish(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !value_is_integer(arguments[1]) || value_integer(arguments[1]) < 0)
        return primitive_fail(WHY_ARGUMENT);
    idle(thread, (uint64_t)value_integer(arguments[1]));
    *result = arguments[0];
    return TAGGED_DONE;
}

static int set_timer(Value semaphore, uint64_t when)
{
    special_set(SPECIAL_TIMER_SEMAPHORE, semaphore);
    timer_set(semaphore == NIL ? 0 : when);
    return TAGGED_DONE;
}

#define MILLISECOND_MASK 0x1fffffffull

static int primitive_signal_at_milliseconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t now = clock_microseconds(), milliseconds;
    if (count != 2 || !value_is_integer(arguments[2]))
        return primitive_fail(WHY_ARGUMENT);
    milliseconds = ((uint64_t)value_integer(arguments[2]) - now / 1000) & MILLISECOND_MASK;
    if (milliseconds > MILLISECOND_MASK / 2)
        milliseconds = 0; /* it is over */
    *result = arguments[0];
    return set_timer(arguments[1], now + milliseconds * 1000);
}

static int primitive_signal_at_microseconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t when;
    if (count != 2 || !unsigned_value(arguments[2], &when))
        return primitive_fail(WHY_ARGUMENT);
    *result = arguments[0];
    return set_timer(arguments[1], when != 0 ? when : 1);
}

static int primitive_milliseconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_integer((int64_t)((clock_microseconds() / 1000) & MILLISECOND_MASK));
    return TAGGED_DONE;
}

static int primitive_seconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_integer((int64_t)(clock_microseconds() / 1000000) + clock_offset_microseconds() / 1000000);
    return TAGGED_DONE;
}

static int primitive_microseconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_integer((int64_t)clock_microseconds());
    return TAGGED_DONE;
}

static int primitive_local_microseconds(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_integer((int64_t)clock_microseconds() + clock_offset_microseconds());
    return TAGGED_DONE;
}

/* ---- images ---- */

static Result mourners_save(Bytes *bytes)
{
    Result result = OK;
    size_t count = 0, first = bytes->size + 4;

    TRY(bytes_append_le32(bytes, 0));
    for (Value mourner; result == OK && (mourner = heap_take_mourner_nogc()) != 0; count++)
        result = bytes_append_le64(bytes, mourner);
    for (size_t i = count; i > 0 && first + 8 * i <= bytes->size; i--)
        heap_add_mourner_nogc(read_le64(bytes->data + first + 8 * (i - 1)));
    memcpy(bytes->data + first - 4, &(uint32_t){(uint32_t)count}, 4);
done:
    return result;
}

static void mourners_load(const ImageLoad *load, Reader *bytes)
{
    uint32_t count = reader_le32(bytes);
    const uint8_t *saved = reader_take(bytes, 8ull * count);
    for (uint32_t i = count; saved != NULL && i > 0; i--)
        heap_add_mourner_nogc(image_value(load, read_le64(saved + 8ull * (i - 1))));
}

/* Of the timer, what is left. */
Result process_save(Bytes *bytes)
{
    Result result;
    uint64_t deadline = timer_deadline, now = clock_microseconds();

    finalization_due |= heap_take_weak_cleared_nogc();
    TRY(bytes_append_u8(bytes, deadline != 0));
    TRY(bytes_append_le64(bytes, deadline > now ? deadline - now : 0));
    TRY(bytes_append_u8(bytes, finalization_due));
    TRY(bytes_append_le64(bytes, low_space_bytes));
    TRY(mourners_save(bytes));
done:
    return result;
}

void process_load(const ImageLoad *load, Reader *bytes)
{
    bool is_set = reader_u8(bytes) != 0;
    uint64_t left = reader_le64(bytes);

    timer_deadline = is_set ? clock_microseconds() + left : 0;
    finalization_due = reader_u8(bytes) != 0;
    low_space_bytes = reader_le64(bytes);
    mourners_load(load, bytes);
    collected = finalization_due || heap_has_mourners_nogc();
}

void process_open(Thread *thread)
{
    engine_thread = thread;
    if (smalltalk_options.time_limit_seconds != 0)
        end_of_time = clock_microseconds() + smalltalk_options.time_limit_seconds * 1000000ull;
    if (end_of_time != 0 || timer_deadline != 0 || collected)
        wake_ticker();
}

void process_primitives(void)
{
    primitive_set(85, primitive_signal);
    primitive_set(86, primitive_wait);
    primitive_set(87, primitive_resume);
    primitive_set(88, primitive_suspend);
    primitive_set(135, primitive_milliseconds);
    primitive_set(136, primitive_signal_at_milliseconds);
    primitive_set(137, primitive_seconds);
    primitive_set(167, primitive_yield);
    primitive_set(185, primitive_exit_critical);
    primitive_set(186, primitive_enter_critical);
    primitive_set(187, primitive_test_critical);
    primitive_set(230, primitive_relinquish);
    primitive_set(240, primitive_microseconds);
    primitive_set(241, primitive_local_microseconds);
    primitive_set(242, primitive_signal_at_microseconds);
}

void process_close(void)
{
    if (!ticker_running)
        return;
    ticker_running = false;
    ticker_word++;
    os_futex_wake(&ticker_word, 1);
}
