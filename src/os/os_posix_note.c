/* os_posix_note.c - os.h on Linux: which memory is touched, found by taking away the access to it. */
#define _GNU_SOURCE
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/memory.h"

#if defined(__x86_64__)
#define CAN_STEP 1
#define TRAP_FLAG 0x100 /* of EFLAGS: the processor traps after one instruction */
#define FAULT_WRITE 2   /* of a page fault's error code */
#else
#define CAN_STEP 0
#endif

typedef struct Noted {
    uintptr_t start;
    size_t size;
    uint8_t *marks;
    bool words; /* of each word, else of each page */
} Noted;

static Noted noted[OS_NOTED_RANGES] LARGE_STATIC;
static size_t noted_count;

static void protect(uintptr_t page, int protection)
{
    mprotect((void *)page, os_page_size(), protection);
}

static uintptr_t page_of(uintptr_t address)
{
    return address & ~(uintptr_t)(os_page_size() - 1);
}

/* ---- pages ---- */

/* A page has no access until it is touched, and only reading until it is touched again. */
static void page_touched(const Noted *range, uintptr_t touched)
{
    uint8_t *mark = &range->marks[(touched - range->start) / os_page_size()];

    *mark = *mark == 0 ? OS_READ_ONLY : OS_WRITTEN;
    protect(page_of(touched), *mark == OS_WRITTEN ? PROT_READ | PROT_WRITE : PROT_READ);
}

/* ---- words: a page is open for one instruction ---- */

#if CAN_STEP
#define OPEN_LIMIT 8 /* pages that one instruction touches */
static _Thread_local uintptr_t opened[OPEN_LIMIT];
static _Thread_local size_t opened_count;

static void word_touched(const Noted *range, uintptr_t touched, ucontext_t *context)
{
    uint8_t *mark = &range->marks[(touched - range->start) / OS_NOTED_WORD_BYTES];

    if (*mark != OS_WRITTEN) *mark = context->uc_mcontext.gregs[REG_ERR] & FAULT_WRITE ? OS_WRITTEN : OS_READ_ONLY;
    protect(page_of(touched), PROT_READ | PROT_WRITE);
    if (opened_count < OPEN_LIMIT) opened[opened_count++] = page_of(touched);
    context->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void on_step(int number, siginfo_t *info, void *context)
{
    while (opened_count > 0) protect(opened[--opened_count], PROT_NONE);
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
}
#else
static void word_touched(const Noted *range, uintptr_t touched, ucontext_t *context)
{
}
static void on_step(int number, siginfo_t *info, void *context)
{
}
#endif

/* ---- both ---- */

static void on_touch(int number, siginfo_t *info, void *context)
{
    uintptr_t touched = (uintptr_t)info->si_addr;

    for (size_t i = 0; i < noted_count; i++) {
        if (touched - noted[i].start >= noted[i].size) continue;
        if (noted[i].words)
            word_touched(&noted[i], touched, context);
        else
            page_touched(&noted[i], touched);
        return;
    }
    signal(number, SIG_DFL); /* no page of ours: it happens again, and ends the process */
}

static Result handle(int number, void (*handler)(int number, siginfo_t *info, void *context))
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

    sigfillset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? OK : error_set(ERROR_STATE, "noting touches: %s", os_error_text(errno));
}

static Result note(void *address, size_t size, uint8_t *marks, bool words)
{
    Result result;

    if (noted_count == OS_NOTED_RANGES) return error_set(ERROR_LIMIT, "more than %d ranges to note", OS_NOTED_RANGES);
    TRY(handle(SIGSEGV, on_touch));
    if (words) TRY(handle(SIGTRAP, on_step));
    noted[noted_count++] = (Noted){(uintptr_t)address, size, marks, words};
    if (mprotect(address, size, PROT_NONE) != 0) {
        noted_count--;
        return error_set(ERROR_MEMORY, "noting touches: %s", os_error_text(errno));
    }
done:
    return result;
}

Result os_memory_note_touches(void *address, size_t size, uint8_t *marks)
{
    return note(address, size, marks, false);
}

Result os_memory_note_words(void *address, size_t size, uint8_t *marks)
{
    if (!CAN_STEP) return error_set(ERROR_UNSUPPORTED, "this processor's single words cannot be noted");
    return note(address, size, marks, true);
}

void os_memory_note_end(void)
{
    for (; noted_count > 0; noted_count--)
        mprotect((void *)noted[noted_count - 1].start, noted[noted_count - 1].size, PROT_READ | PROT_WRITE);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGTRAP, SIG_DFL);
}

/* Linux: a word for each page tells whether there is one (bit 63), and whether it is the file's (bit 61) or the process's own. */
Result os_memory_written_pages(const void *address, size_t size, uint8_t *marks)
{
    size_t count = size / os_page_size();
    uint64_t word;
    int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

    if (map < 0) return error_set(ERROR_IO, "/proc/self/pagemap: %s", os_error_text(errno));
    for (size_t i = 0; i < count; i++) {
        off_t at = (off_t)(((uintptr_t)address / os_page_size() + i) * sizeof word);
        if (pread(map, &word, sizeof word, at) == (ssize_t)sizeof word && (word >> 61 & 5) == 4) marks[i] = OS_WRITTEN;
    }
    close(map);
    return OK;
}
