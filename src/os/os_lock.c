/* os_lock.c - mutexes and conditions out of a futex word: the same on every system. */
#include <limits.h>

#include "os/os.h"

#define SPINS 40

static void pause_processor(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

bool os_mutex_try_lock(OsMutex *mutex)
{
    uint32_t free_state = 0;
    return atomic_compare_exchange_strong_explicit(&mutex->state, &free_state, 1, memory_order_acquire,
                                                   memory_order_relaxed);
}

void os_mutex_lock(OsMutex *mutex)
{
    for (int i = 0; i < SPINS; i++) {
        if (os_mutex_try_lock(mutex)) return;
        pause_processor();
    }
    while (atomic_exchange_explicit(&mutex->state, 2, memory_order_acquire) != 0)
        os_futex_wait(&mutex->state, 2, OS_FOREVER);
}

void os_mutex_unlock(OsMutex *mutex)
{
    if (atomic_exchange_explicit(&mutex->state, 0, memory_order_release) == 2) os_futex_wake(&mutex->state, 1);
}

OsWait os_condition_wait(OsCondition *condition, OsMutex *mutex, int64_t timeout_ns)
{
    uint32_t sequence = atomic_load_explicit(&condition->sequence, memory_order_relaxed);
    OsWait outcome;

    atomic_fetch_add(&condition->waiters, 1);
    os_mutex_unlock(mutex);
    outcome = os_futex_wait(&condition->sequence, sequence, timeout_ns);
    atomic_fetch_sub(&condition->waiters, 1);
    os_mutex_lock(mutex);
    return outcome == OS_WAIT_CHANGED ? OS_WAIT_WOKEN : outcome;
}

/* Who is not among the waiters yet sees the new sequence: each changes one of the two words before it reads the other. */
static void wake(OsCondition *condition, int count)
{
    atomic_fetch_add(&condition->sequence, 1);
    if (atomic_load(&condition->waiters) != 0) os_futex_wake(&condition->sequence, count);
}

void os_condition_signal(OsCondition *condition)
{
    wake(condition, 1);
}

void os_condition_broadcast(OsCondition *condition)
{
    wake(condition, INT_MAX);
}
