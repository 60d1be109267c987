/* os_posix_thread.c - os.h on Linux: threads, waiting on words, signals. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "os/os.h"

#define NS_PER_SECOND 1000000000
#define INTERRUPT_SIGNAL (SIGRTMIN + 3)

_Static_assert(sizeof(pthread_t) <= sizeof(OsThread), "a thread fits its handle");

/* ---- threads ---- */

typedef struct ThreadStart {
    void (*entry)(void *argument);
    void *argument;
} ThreadStart;

static void (*_Atomic end_functions[8])(void);

void os_thread_at_end(void (*function)(void))
{
    for (size_t i = 0; i < COUNT_OF(end_functions); i++) {
        void (*none)(void) = NULL;
        if (atomic_compare_exchange_strong(&end_functions[i], &none, function) || none == function) return;
    }
    assert(!"too many functions for the end of threads");
}

static void *run_thread(void *pointer)
{
    ThreadStart start = *(ThreadStart *)pointer;
    memory_free(pointer);
    start.entry(start.argument);
    for (size_t i = 0; i < COUNT_OF(end_functions); i++) {
        void (*function)(void) = atomic_load(&end_functions[i]);
        if (function == NULL) break;
        function();
    }
    return NULL;
}

void os_order_everywhere(void)
{
#if !defined(__x86_64__) /* which keeps stores, and loads, in order by itself */
    static _Atomic bool is_registered;

    if (!is_registered) {
        (void)syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
        is_registered = true;
    }
    (void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
#endif
    atomic_thread_fence(memory_order_seq_cst);
}

static void on_interrupt(int number)
{
    (void)number; /* its only effect is that a system call returns EINTR */
}

static void install_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_interrupt}; /* no SA_RESTART: that is the point */
    sigemptyset(&action.sa_mask);
    sigaction(INTERRUPT_SIGNAL, &action, NULL);
}

/* One C heap for all threads: what the machine takes from it is little, and a part of its own for each thread costs address
 * space and pages. */
static void keep_one_c_heap(void)
{
#if defined(M_ARENA_MAX)
    mallopt(M_ARENA_MAX, 1);
#endif
}

static pthread_once_t interrupt_once = PTHREAD_ONCE_INIT, c_heap_once = PTHREAD_ONCE_INIT;

Result os_thread_create(OsThread *thread, size_t stack_bytes, void (*entry)(void *argument), void *argument)
{
    ThreadStart *start = memory_allocate(sizeof *start);
    pthread_attr_t attributes;
    pthread_t created;
    int error;

    if (start == NULL) return ERROR_MEMORY;
    pthread_once(&interrupt_once, install_interrupt);
    pthread_once(&c_heap_once, keep_one_c_heap);
    *start = (ThreadStart){entry, argument};
    pthread_attr_init(&attributes);
    if (stack_bytes != 0) {
        size_t page = os_page_size();
        if (stack_bytes < 64 * 1024) stack_bytes = 64 * 1024;
        pthread_attr_setstacksize(&attributes, (stack_bytes + page - 1) & ~(page - 1));
    }
    error = pthread_create(&created, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        memory_free(start);
        return error_set(ERROR_MEMORY, "creating a thread: %s", os_error_text(error));
    }
    *thread = (OsThread)created;
    return OK;
}

void os_thread_join(OsThread thread)
{
    pthread_join((pthread_t)thread, NULL);
}

void os_thread_detach(OsThread thread)
{
    pthread_detach((pthread_t)thread);
}

OsThread os_thread_self(void)
{
    return (OsThread)pthread_self();
}

uint64_t os_thread_number(void)
{
    static _Thread_local uint64_t number;
    if (number == 0) number = (uint64_t)syscall(SYS_gettid);
    return number;
}

void os_thread_set_name(const char *name)
{
    char cut[16];
    snprintf(cut, sizeof cut, "%s", name);
    pthread_setname_np(pthread_self(), cut);
}

void os_thread_yield(void)
{
    sched_yield();
}

void os_thread_stack(void **low, size_t *size)
{
    pthread_attr_t attributes;

    *low = NULL;
    *size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    pthread_attr_getstack(&attributes, low, size);
    pthread_attr_destroy(&attributes);
}

void os_thread_interrupt(OsThread thread)
{
    pthread_once(&interrupt_once, install_interrupt);
    pthread_kill((pthread_t)thread, INTERRUPT_SIGNAL);
}

/* ---- waiting on a word ---- */

OsWait os_futex_wait_until(_Atomic uint32_t *word, uint32_t expected, int64_t deadline_ns)
{
    struct timespec deadline = {.tv_sec = deadline_ns / NS_PER_SECOND, .tv_nsec = deadline_ns % NS_PER_SECOND};

    if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline_ns < 0 ? NULL : &deadline, NULL,
                FUTEX_BITSET_MATCH_ANY) == 0)
        return OS_WAIT_WOKEN;
    switch (errno) {
    case EAGAIN:
        return OS_WAIT_CHANGED;
    case ETIMEDOUT:
        return OS_WAIT_TIMEOUT;
    default:
        assert(errno == EINTR);
        return OS_WAIT_INTERRUPTED;
    }
}

OsWait os_futex_wait(_Atomic uint32_t *word, uint32_t expected, int64_t timeout_ns)
{
    int64_t deadline = OS_FOREVER;

    if (timeout_ns >= 0 && __builtin_add_overflow(os_clock_monotonic_ns(), timeout_ns, &deadline))
        deadline = OS_FOREVER;
    return os_futex_wait_until(word, expected, deadline);
}

void os_futex_wake(_Atomic uint32_t *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/* ---- signals ---- */

#define SIGNAL_LIMIT 65

static atomic_uint pending[SIGNAL_LIMIT];
static _Atomic uint32_t pending_changes; /* a futex word: goes up with each signal */

static void (*_Atomic notice_function)(void);
static _Atomic int interrupting_timer = -1;

/* A signal that comes just before a call begins to block does not end it: so it is interrupted again and again. The system's
 * own calls are used, since C's may not be in a handler. */
static void keep_interrupting(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = INTERRUPT_SIGNAL};
    struct itimerspec each_ms = {{0, 1000000}, {0, 1000000}};
    int timer, none = -1;

    if (interrupting_timer != -1 || syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) != 0) return;
    if (atomic_compare_exchange_strong(&interrupting_timer, &none, timer))
        syscall(SYS_timer_settime, timer, 0, &each_ms, NULL);
    else
        syscall(SYS_timer_delete, timer);
}

void os_signal_notice(void (*notice)(void))
{
    int timer;

    pthread_once(&interrupt_once, install_interrupt);
    atomic_store(&notice_function, notice);
    if (notice != NULL) return;
    timer = atomic_exchange(&interrupting_timer, -1);
    if (timer != -1) syscall(SYS_timer_delete, timer);
}

static void on_signal(int number)
{
    int saved = errno;
    void (*notice)(void) = atomic_load(&notice_function);

    atomic_fetch_add(&pending[number], 1);
    atomic_fetch_add(&pending_changes, 1);
    os_futex_wake(&pending_changes, 1);
    if (notice != NULL) {
        notice();
        keep_interrupting();
    }
    errno = saved;
}

static bool ends_are_left;

static bool is_left(int number)
{
    return ends_are_left && (number == SIGHUP || number == SIGINT || number == SIGTERM || number == SIGQUIT);
}

static Result set_handler(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

    sigfillset(&action.sa_mask);
    if (number <= 0 || number >= SIGNAL_LIMIT || is_left(number) || sigaction(number, &action, NULL) != 0)
        return error_set(ERROR_ARGUMENT, "signal %d cannot be handled", number);
    return OK;
}

/* Whoever handles signals wants an error from a write that nobody reads, or that makes a file longer than `ulimit -f`, not
 * the process's end. The handler does nothing, rather than SIG_IGN, which programs started by this one would inherit. Once:
 * the program may want it otherwise later. */
static void keep_writes_harmless(void)
{
    static atomic_flag is_done = ATOMIC_FLAG_INIT;
    static const int signals[] = {SIGPIPE, SIGXFSZ};
    struct sigaction now;

    if (atomic_flag_test_and_set(&is_done)) return;
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) set_handler(signals[i], on_interrupt);
}

Result os_signal_watch(int number)
{
    keep_writes_harmless();
    return set_handler(number, on_signal);
}

Result os_signal_default(int number) { return set_handler(number, SIG_DFL); }
Result os_signal_ignore(int number) { return set_handler(number, SIG_IGN); }

void os_signal_leave_ends(bool leave) { ends_are_left = leave; }

bool os_signal_is_ignored(int number)
{
    struct sigaction now;
    return !is_left(number) && sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

int os_signal_next(int64_t timeout_ns)
{
    for (;;) {
        uint32_t changes = atomic_load(&pending_changes);
        OsWait outcome;

        for (int number = 1; number < SIGNAL_LIMIT && !ends_are_left; number++) {
            unsigned count = atomic_load(&pending[number]);
            while (count != 0)
                if (atomic_compare_exchange_weak(&pending[number], &count, count - 1)) return number;
        }
        outcome = os_futex_wait(&pending_changes, changes, timeout_ns);
        if (outcome == OS_WAIT_TIMEOUT || outcome == OS_WAIT_INTERRUPTED) return 0;
    }
}

int os_signal_number(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {
        {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ILL", SIGILL},     {"TRAP", SIGTRAP},
        {"ABRT", SIGABRT}, {"IOT", SIGIOT},   {"BUS", SIGBUS},   {"FPE", SIGFPE},     {"KILL", SIGKILL},
        {"USR1", SIGUSR1}, {"SEGV", SIGSEGV}, {"USR2", SIGUSR2}, {"PIPE", SIGPIPE},   {"ALRM", SIGALRM},
        {"TERM", SIGTERM}, {"CHLD", SIGCHLD}, {"CONT", SIGCONT}, {"STOP", SIGSTOP},   {"TSTP", SIGTSTP},
        {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU}, {"URG", SIGURG},   {"XCPU", SIGXCPU},   {"XFSZ", SIGXFSZ},
        {"PROF", SIGPROF}, {"IO", SIGIO},     {"POLL", SIGPOLL}, {"VTALRM", SIGVTALRM}, {"WINCH", SIGWINCH},
        {"PWR", SIGPWR},   {"SYS", SIGSYS},   {"STKFLT", SIGSTKFLT},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(name, names[i].name) == 0) return names[i].number;
    return -1;
}
