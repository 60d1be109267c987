/* monitor.c - Java monitors, and the ways a thread waits.
 *
 * An object that one thread holds without dispute has the lock bits LOCKED and stands on that thread's lock stack
 * (once for each time it was entered). Dispute, wait, or disorder inflates: the bits become INFLATED and a Monitor is
 * made in a table, found by the object's identity hash (element 0 has the buckets and the list of free monitors, so
 * that a thaw takes them as they are). Whoever inflates the lock of another thread leaves the owner
 * open (OWNER_ANONYMOUS); the owner finds itself on its lock stack when it next looks. A monitor that nobody holds or
 * waits for is deflated at once. Everything about inflated monitors happens under monitor_lock. */
#include <limits.h>

#include "base/memory.h"
#include "run/awaited.h"
#include "run/run_internal.h"

#define OWNER_ANONYMOUS 0xffffffffu
#define MONITOR_LIMIT (1u << 22)
#define MONITOR_BITS 4
#define BUCKETS_FIRST 64u

typedef struct Monitor {
    Value object;           /* weak; 0: free */
    uint32_t owner;         /* thread number; 0: none */
    uint32_t recursion;     /* times entered beyond the first */
    uint32_t contenders;    /* threads that wait to enter */
    uint32_t wait_first;    /* threads in wait, oldest first; 0: none */
    uint32_t next;          /* in its bucket, or in the free list */
    uint32_t reserved;
} Monitor;
_Static_assert(sizeof(Monitor) == 32, "Monitor is an image format");

typedef struct MonitorIndex { /* element 0 of the table */
    ArenaRef buckets;
    uint32_t bucket_count; /* a power of two; 0: nothing was ever inflated */
    uint32_t free;
    uint32_t reserved[5];
} MonitorIndex;
_Static_assert(sizeof(MonitorIndex) == sizeof(Monitor), "it lies in the same table");

/* Who waits to enter sleeps on one of these words (monitors themselves may be moved), bumped when a monitor becomes
 * free. Monitors whose waiters share a word wake them all. */
#define ENTER_WORDS 1024
static struct EnterWord {
    _Atomic uint32_t word;
    uint32_t sleepers, monitor;
    bool shared;
} enter_words[ENTER_WORDS] LARGE_STATIC;

static ArenaTable monitor_table;
static OsMutex monitor_lock;

static _Atomic uint32_t reference_word; /* bumped when references become pending */

static Monitor *monitor_at(uint32_t number)
{
    return (Monitor *)arena_table_at(&monitor_table, number, sizeof(Monitor), MONITOR_BITS);
}

Result monitor_open(void)
{
    return arena_table_open_chunked(&monitor_table, "monitors", sizeof(Monitor), MONITOR_LIMIT, MONITOR_BITS);
}

/* ---- the table (monitor_lock held) ---- */

static MonitorIndex *monitor_index(void)
{
    return (MonitorIndex *)(void *)monitor_at(0);
}

static uint32_t *bucket_of(Value object)
{
    const MonitorIndex *index = monitor_index();
    return &ARENA(uint32_t, index->buckets)[heap_identity_hash(object) & (index->bucket_count - 1)];
}

static void put_in_list(uint32_t number, uint32_t *list)
{
    monitor_at(number)->next = *list;
    *list = number;
}

/* Puts every monitor into its bucket, all of which are empty, or among the free ones. */
static void fill_buckets(void)
{
    monitor_index()->free = 0;
    for (uint32_t i = 1; i < monitor_table.count; i++) {
        const Monitor *monitor = monitor_at(i);
        put_in_list(i, monitor->object != 0 ? bucket_of(monitor->object) : &monitor_index()->free);
    }
}

/* As many buckets as there are monitors, about: *grown, if there are more than before. False: there are none yet, and no
 * memory for them. */
static bool grow_buckets(bool *grown)
{
    MonitorIndex old = *monitor_index();
    uint32_t count = old.bucket_count == 0 ? BUCKETS_FIRST : old.bucket_count;

    *grown = false;
    while (count < monitor_table.count)
        count *= 2;
    if (count == old.bucket_count)
        return true;
    ArenaRef buckets = arena_allocate_near(ARENA_START, count * sizeof(uint32_t));
    if (buckets == 0)
        return old.bucket_count != 0;
    *grown = true;
    *monitor_index() = (MonitorIndex){.buckets = buckets, .bucket_count = count};
    fill_buckets();
    if (old.bucket_count != 0)
        arena_free(old.buckets, old.bucket_count * sizeof(uint32_t));
    return true;
}

static uint32_t find_monitor(Value object)
{
    uint32_t number = *bucket_of(object);

    while (number != 0 && monitor_at(number)->object != object)
        number = monitor_at(number)->next;
    assert(number != 0);
    return number;
}

static uint32_t take_free_monitor(void)
{
    uint32_t number = monitor_table.count == 1 ? 0 : monitor_index()->free;

    if (number == 0)
        return arena_table_add(&monitor_table, 1);
    monitor_index()->free = monitor_at(number)->next;
    return number;
}

static bool header_swap(Value object, uint64_t *expected, uint64_t lock_bits)
{
    return __atomic_compare_exchange_n(object_header_slot(object), expected, (*expected & ~HEADER_LOCK_MASK) | lock_bits,
                                       false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/* The object's monitor, made if it had none; what it held as a light lock becomes the monitor's. 0: table full. */
static uint32_t inflate(Value object)
{
    uint64_t header = object_header(object);
    uint32_t number;
    Monitor *monitor;
    bool grown;

    if ((header & HEADER_LOCK_MASK) == HEADER_INFLATED)
        return find_monitor(object);
    number = take_free_monitor();
    if (number == 0)
        return 0;
    monitor = monitor_at(number);
    *monitor = (Monitor){.object = object};
    if (!grow_buckets(&grown)) {
        monitor->object = 0;
        put_in_list(number, &monitor_index()->free);
        return 0;
    }
    if (!grown)
        put_in_list(number, bucket_of(object));
    header = object_header(object); /* now that it has its hash */
    do {
        monitor->owner = (header & HEADER_LOCK_MASK) == HEADER_LOCKED ? OWNER_ANONYMOUS : 0;
    } while (!header_swap(object, &header, HEADER_INFLATED));
    return number;
}

static void unlink_monitor(uint32_t *bucket, uint32_t number)
{
    while (*bucket != number)
        bucket = &monitor_at(*bucket)->next;
    *bucket = monitor_at(number)->next;
}

static void deflate_if_idle(uint32_t number)
{
    Monitor *monitor = monitor_at(number);
    uint64_t header;

    if (monitor->owner != 0 || monitor->contenders != 0 || monitor->wait_first != 0)
        return;
    unlink_monitor(bucket_of(monitor->object), number);
    header = object_header(monitor->object);
    while (!header_swap(monitor->object, &header, HEADER_UNLOCKED)) {
    }
    monitor->object = 0;
    put_in_list(number, &monitor_index()->free);
}

/* ---- the lock stack ---- */

static bool on_lock_stack(const Thread *thread, Value object)
{
    for (uint32_t i = thread->lock_count; i-- > 0;)
        if (thread->locks[i] == object)
            return true;
    return false;
}

/* Takes the object off; returns how often it was on. */
static uint32_t leave_lock_stack(Thread *thread, Value object)
{
    uint32_t kept = 0, count = thread->lock_count;

    for (uint32_t i = 0; i < count; i++)
        if (thread->locks[i] != object)
            thread->locks[kept++] = thread->locks[i];
    thread->lock_count = kept;
    return count - kept;
}

/* Inflated (or inflates now); if this thread is the open owner, says so in the monitor. monitor_lock held. */
static uint32_t inflate_for(Thread *thread, Value object)
{
    uint32_t number = inflate(object);

    if (number != 0 && monitor_at(number)->owner == OWNER_ANONYMOUS && on_lock_stack(thread, object)) {
        monitor_at(number)->owner = thread->number;
        monitor_at(number)->recursion = leave_lock_stack(thread, object) - 1;
    }
    return number;
}

/* ---- enter and exit ---- */

void run_contention_over(Thread *thread)
{
    const Language *language = run_language(thread->language);

    if (thread->wait_kind != WAIT_MONITOR)
        return;
    thread->wait_kind = WAIT_NONE;
    thread->wait_monitor = 0;
    if (language->contended != NULL)
        language->contended(thread, false);
}

/* Waits, outside, until the monitor's word changes. The thread counts among its contenders. monitor_lock held, at the end too. */
static void contend(Thread *thread, uint32_t number, enum WaitKind kind)
{
    const Language *language = run_language(thread->language);
    struct EnterWord *place = &enter_words[number % ENTER_WORDS];
    uint32_t seen = atomic_load(&place->word);

    place->shared = place->sleepers != 0 && (place->shared || place->monitor != number);
    place->monitor = number;
    place->sleepers++;
    if (kind == WAIT_MONITOR) {
        thread->wait_kind = WAIT_MONITOR;
        thread->wait_monitor = number;
    }
    os_mutex_unlock(&monitor_lock);
    if (language->contended != NULL)
        language->contended(thread, true); /* at the end of a wait its primitive says when that is over */
    run_leave(thread);
    os_futex_wait(&place->word, seen, OS_FOREVER);
    run_enter(thread);
    os_mutex_lock(&monitor_lock);
    run_contention_over(thread);
    place->sleepers--;
}

/* A monitor that is free is for one of those who wait to enter. monitor_lock held. */
static void wake_contender(uint32_t number)
{
    struct EnterWord *place = &enter_words[number % ENTER_WORDS];

    if (monitor_at(number)->contenders == 0)
        return;
    atomic_fetch_add(&place->word, 1);
    os_futex_wake(&place->word, place->shared ? INT_MAX : 1);
}

/* Waits until the monitor, which another thread holds, is free, and takes it. False: the thread is suspended by now, and the
 * next one is woken in its place. monitor_lock held, at the end too. */
static bool take_when_free(Thread *thread, uint32_t number, enum WaitKind kind)
{
    bool stands;

    monitor_at(number)->contenders++; /* so that it is not deflated while the lock is given up */
    do {
        contend(thread, number, kind);
        stands = run_is_to_stand(thread);
    } while (monitor_at(number)->owner != 0 && !stands);
    monitor_at(number)->contenders--;
    if (!stands)
        monitor_at(number)->owner = thread->number;
    else if (monitor_at(number)->owner == 0)
        wake_contender(number);
    return !stands;
}

static Outcome enter_inflated(Thread *thread, Value object)
{
    uint32_t number;
    Monitor *monitor;
    Outcome outcome = OUTCOME_DONE;

    os_mutex_lock(&monitor_lock);
    number = inflate_for(thread, object);
    if (number == 0) {
        os_mutex_unlock(&monitor_lock);
        return run_raise(thread, RAISE_MEMORY, 0, 0);
    }
    monitor = monitor_at(number);
    if (monitor->owner == thread->number) {
        monitor->recursion++;
    } else if (monitor->owner == 0) {
        monitor->owner = thread->number;
    } else if (!take_when_free(thread, number, WAIT_MONITOR)) {
        deflate_if_idle(number);
        outcome = OUTCOME_RETRY;
    }
    os_mutex_unlock(&monitor_lock);
    return outcome;
}

Outcome run_monitor_enter(Thread *thread, Value object)
{
    uint64_t header = object_header(object);

    if (thread->lock_count < THREAD_LOCKS) {
        if ((header & HEADER_LOCK_MASK) == HEADER_UNLOCKED && header_swap(object, &header, HEADER_LOCKED)) {
            thread->locks[thread->lock_count++] = object;
            return OUTCOME_DONE;
        }
        if ((header & HEADER_LOCK_MASK) == HEADER_LOCKED && thread->lock_count != 0 &&
            thread->locks[thread->lock_count - 1] == object) {
            thread->locks[thread->lock_count++] = object;
            return OUTCOME_DONE;
        }
    }
    return enter_inflated(thread, object);
}

/* Gives the monitor up wholly. monitor_lock held. */
static void release(uint32_t number)
{
    Monitor *monitor = monitor_at(number);

    monitor->owner = 0;
    monitor->recursion = 0;
    wake_contender(number);
    deflate_if_idle(number);
}

static Outcome exit_inflated(Thread *thread, Value object)
{
    uint32_t number;
    Outcome outcome = OUTCOME_DONE;

    os_mutex_lock(&monitor_lock);
    number = inflate_for(thread, object);
    if (number == 0 || monitor_at(number)->owner != thread->number) {
        if (number != 0)
            deflate_if_idle(number);
        outcome = OUTCOME_THROW;
    } else if (monitor_at(number)->recursion != 0) {
        monitor_at(number)->recursion--;
    } else {
        release(number);
    }
    os_mutex_unlock(&monitor_lock);
    return outcome == OUTCOME_DONE ? outcome : run_raise(thread, RAISE_MONITOR_STATE, 1, 0);
}

Outcome run_monitor_exit(Thread *thread, Value object)
{
    uint64_t header = object_header(object);
    uint32_t top = thread->lock_count;

    while ((header & HEADER_LOCK_MASK) == HEADER_LOCKED && top != 0 && thread->locks[top - 1] == object) {
        if (top > 1 && thread->locks[top - 2] == object) {
            thread->lock_count = top - 1;
            return OUTCOME_DONE;
        }
        if (header_swap(object, &header, HEADER_UNLOCKED)) {
            thread->lock_count = top - 1;
            return OUTCOME_DONE;
        }
    }
    return exit_inflated(thread, object);
}

bool run_monitor_held(Thread *thread, Value object)
{
    bool held = false;

    if (on_lock_stack(thread, object))
        return true;
    os_mutex_lock(&monitor_lock);
    if ((object_header(object) & HEADER_LOCK_MASK) == HEADER_INFLATED)
        held = monitor_at(find_monitor(object))->owner == thread->number;
    os_mutex_unlock(&monitor_lock);
    return held;
}

/* ---- wait and notify ---- */

static void wait_list_append(Monitor *monitor, Thread *thread)
{
    uint32_t *link = &monitor->wait_first;

    run_threads_lock();
    while (*link != 0)
        link = &run_thread_numbered_nogc(*link)->wait_next;
    *link = thread->number;
    thread->wait_next = 0;
    run_threads_unlock();
}

static void wait_list_remove(Monitor *monitor, Thread *thread)
{
    uint32_t *link = &monitor->wait_first;

    run_threads_lock();
    while (*link != 0 && *link != thread->number)
        link = &run_thread_numbered_nogc(*link)->wait_next;
    if (*link != 0)
        *link = thread->wait_next;
    run_threads_unlock();
}

void run_wake(Thread *thread)
{
    atomic_fetch_add(&thread->wake, 1);
    os_futex_wake(&thread->wake, INT_MAX);
}

/* First step of wait: on the list, monitor released, what it waits for in the record. */
static bool wait_begin(Thread *thread, Value object, int64_t timeout_ns)
{
    uint32_t number;
    Monitor *monitor;

    os_mutex_lock(&monitor_lock);
    number = inflate_for(thread, object);
    if (number == 0 || monitor_at(number)->owner != thread->number) {
        if (number != 0)
            deflate_if_idle(number);
        os_mutex_unlock(&monitor_lock);
        return false;
    }
    monitor = monitor_at(number);
    thread->wait_recursion = monitor->recursion;
    thread->wait_monitor = number;
    thread->wait_deadline_ns = timeout_ns < 0 ? OS_FOREVER : os_clock_monotonic_ns() + timeout_ns;
    thread->notified = PLACE_IN_LIST;
    thread->wait_kind = WAIT_OBJECT;
    wait_list_append(monitor, thread);
    release(number);
    os_mutex_unlock(&monitor_lock);
    return true;
}

/* Last step: the monitor is taken back; the list is left if no notify did that. */
static void wait_end(Thread *thread)
{
    uint32_t number = thread->wait_monitor;
    Monitor *monitor;

    os_mutex_lock(&monitor_lock);
    monitor = monitor_at(number);
    if (thread->notified == PLACE_IN_LIST) {
        wait_list_remove(monitor, thread);
        thread->notified = PLACE_LEFT;
        monitor->contenders++; /* so that it is not deflated under us; a notify has done the same */
    }
    while (monitor_at(number)->owner != 0 && !take_when_free(thread, number, WAIT_OBJECT)) {
        os_mutex_unlock(&monitor_lock);
        run_stand(thread);
        os_mutex_lock(&monitor_lock);
    }
    monitor = monitor_at(number);
    monitor->contenders--;
    monitor->owner = thread->number;
    monitor->recursion = thread->wait_recursion;
    thread->wait_kind = WAIT_NONE;
    thread->wait_monitor = 0;
    os_mutex_unlock(&monitor_lock);
}

/* What it waits for, another thread has ended. */
static bool is_called(const Thread *thread)
{
    return thread->interrupted || run_is_posted(thread);
}

static bool time_is_over(const Thread *thread)
{
    return thread->wait_deadline_ns >= 0 && os_clock_monotonic_ns() >= thread->wait_deadline_ns;
}

static void wait_outside(Thread *thread, _Atomic uint32_t *word, uint32_t seen)
{
    run_start_deferred();
    run_leave(thread);
    os_futex_wait_until(word, seen, thread->wait_deadline_ns);
    run_enter(thread);
    run_stand(thread);
}

Outcome run_monitor_wait(Thread *thread, Value *object, int64_t timeout_ns, enum WaitResult *waited)
{
    if (thread->wait_kind != WAIT_OBJECT) {
        if (!run_monitor_held(thread, *object))
            return run_raise(thread, RAISE_MONITOR_STATE, 0, 0);
        if (thread->interrupted) {
            thread->interrupted = 0;
            *waited = WAIT_INTERRUPTED;
            return OUTCOME_DONE;
        }
        if (run_is_posted(thread))
            return OUTCOME_DONE;
        if (!wait_begin(thread, *object, timeout_ns))
            return run_raise(thread, RAISE_MONITOR_STATE, 0, 0);
    }
    for (;;) {
        uint32_t seen = atomic_load(&thread->wake);
        if (thread->notified != PLACE_IN_LIST || is_called(thread) || time_is_over(thread))
            break;
        wait_outside(thread, &thread->wake, seen);
    }
    wait_end(thread);
    *waited = thread->notified == PLACE_NOTIFIED ? WAIT_NOTIFIED : thread->interrupted ? WAIT_INTERRUPTED : WAIT_TIMED_OUT;
    if (*waited == WAIT_INTERRUPTED)
        thread->interrupted = 0;
    return OUTCOME_DONE;
}

Outcome run_monitor_notify(Thread *thread, Value object, bool all)
{
    Monitor *monitor;

    if (on_lock_stack(thread, object) && (object_header(object) & HEADER_LOCK_MASK) == HEADER_LOCKED)
        return OUTCOME_DONE; /* held lightly: nobody waits */
    if (!run_monitor_held(thread, object))
        return run_raise(thread, RAISE_MONITOR_STATE, 0, 0);
    os_mutex_lock(&monitor_lock);
    monitor = monitor_at(inflate_for(thread, object));
    run_threads_lock();
    for (uint32_t *link = &monitor->wait_first; *link != 0;) {
        Thread *waiter = run_thread_numbered_nogc(*link);
        if (is_called(waiter)) { /* its wait is over already; the notification is for another */
            link = &waiter->wait_next;
            continue;
        }
        *link = waiter->wait_next;
        waiter->notified = PLACE_NOTIFIED;
        if (run_language(waiter->language)->contended != NULL)
            run_language(waiter->language)->contended(waiter, true);
        monitor->contenders++;
        run_wake(waiter);
        if (!all)
            break;
    }
    run_threads_unlock();
    os_mutex_unlock(&monitor_lock);
    return OUTCOME_DONE;
}

/* ---- sleep, park, interrupt ---- */

enum WaitResult run_sleep(Thread *thread, int64_t timeout_ns)
{
    enum WaitResult waited = WAIT_TIMED_OUT;

    if (thread->wait_kind != WAIT_SLEEP) {
        thread->wait_deadline_ns = os_clock_monotonic_ns() + timeout_ns;
        thread->wait_kind = WAIT_SLEEP;
    }
    for (;;) {
        uint32_t seen = atomic_load(&thread->wake);
        if (is_called(thread) || time_is_over(thread))
            break;
        wait_outside(thread, &thread->wake, seen);
    }
    thread->wait_kind = WAIT_NONE;
    if (thread->interrupted) {
        thread->interrupted = 0;
        waited = WAIT_INTERRUPTED;
    }
    return waited;
}

void run_park(Thread *thread, int64_t deadline_ns)
{
    uint32_t seen = atomic_load(&thread->wake);

    if (atomic_exchange(&thread->park_permit, 0) != 0 || is_called(thread)) {
        thread->wait_kind = WAIT_NONE; /* of a thawed one it was WAIT_PARK */
        return;
    }
    thread->wait_deadline_ns = deadline_ns;
    thread->wait_kind = WAIT_PARK;
    if (!time_is_over(thread))
        wait_outside(thread, &thread->wake, seen);
    thread->wait_kind = WAIT_NONE;
    (void)atomic_exchange(&thread->park_permit, 0); /* who gave it is seen to have done what it did before */
}

void run_unpark(Thread *thread)
{
    atomic_store(&thread->park_permit, 1);
    run_wake(thread);
}

void run_interrupt(Thread *thread)
{
    thread->interrupted = 1;
    run_wake(thread);
}

/* ---- for tools ---- */

Value run_awaited_monitor_nogc(const Thread *thread, Thread **holder)
{
    const Monitor *monitor = monitor_at(thread->wait_monitor);

    *holder = NULL;
    if (thread->wait_monitor == 0)
        return 0;
    for (Thread *each = run_threads_nogc(); each != NULL; each = each->next)
        if (monitor->owner == OWNER_ANONYMOUS ? on_lock_stack(each, monitor->object) : each->number == monitor->owner)
            *holder = each;
    return monitor->object;
}

/* ---- pending references ---- */

void monitor_references_pending(void)
{
    atomic_fetch_add(&reference_word, 1);
    os_futex_wake(&reference_word, INT_MAX);
}

void run_wait_for_references(Thread *thread)
{
    thread->wait_kind = WAIT_REFERENCES;
    thread->wait_deadline_ns = OS_FOREVER;
    for (;;) {
        uint32_t seen = atomic_load(&reference_word);
        if (heap_has_pending_nogc())
            break;
        wait_outside(thread, &reference_word, seen);
    }
    thread->wait_kind = WAIT_NONE;
}

/* ---- the collector ---- */

void monitor_update_weak(Value (*forward)(void *context, Value object), void *context)
{
    for (uint32_t i = 1; i < monitor_table.count; i++) {
        Monitor *monitor = monitor_at(i);
        if (monitor->object != 0) {
            Value moved = forward(context, monitor->object);
            assert(moved != 0 || monitor->owner == 0);
            monitor->object = moved;
        }
    }
}

void run_monitors_lay_for_start(void)
{
    MonitorIndex *index = monitor_table.count > 1 ? monitor_index() : NULL;

    if (index != NULL)
        index->buckets = arena_lay(ARENA_STATE, index->buckets, index->bucket_count * sizeof(uint32_t));
}

/* ---- thaw ---- */

/* Objects follow the heap, which leaves them in their buckets, and who contends counts itself again: threads whose wait is
 * over, but that are still to take the monitor back, count from the start. */
void monitor_reload(int64_t heap_distance)
{
    for (uint32_t i = 1; i < monitor_table.count; i++) {
        Monitor *monitor = monitor_at(i);
        if (monitor->object != 0 && heap_distance != 0)
            monitor->object += (uint64_t)heap_distance;
        if (monitor->contenders != 0)
            monitor->contenders = 0;
    }
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        if (thread->wait_kind == WAIT_OBJECT && thread->notified != PLACE_IN_LIST && thread->wait_monitor < monitor_table.count)
            monitor_at(thread->wait_monitor)->contenders++;
}
