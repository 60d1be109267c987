/* watch.h - counting and tracing what is executed.
 *
 * Each word of watched code is a WATCHED instruction with a number, which leads to the word that it stands for and to its
 * count; run_patch replaces that one. So a method's code is what it always is, only seen; and a machine that watches
 * nothing has no instruction more to execute. The language's translator puts MARKs into code that is watched: they tell
 * where the guest's own instructions are executed. */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include <stdbool.h>

#include "base/result.h"
#include "run/language.h"

enum Watch {
    WATCH_COUNT = 1,       /* all words, with marks for the guest's instructions */
    WATCH_FIRST_CALLS = 2, /* a line on standard error for each method that is called for the first time */
    WATCH_CALLS = 4,       /* a line for each call */
};
extern uint32_t run_watching; /* enum Watch; 0: nothing */

/* Before any guest code runs, but after the thaw of an image: methods that have code already get it anew. */
void run_watch(uint32_t what);
/* The program begins: counts begin anew, and from now on calls are traced. */
void run_watch_begin(void);

/* What a method did. */
typedef struct WatchedMethod {
    const char *name;
    uint64_t calls;                 /* of it */
    uint64_t guest[WORK_KINDS];     /* the guest's instructions, as an interpreter of them would have executed them */
    uint64_t machine[WORK_KINDS];   /* the register code's, as they were executed */
    uint32_t guest_bytes, machine_bytes; /* of the code itself; guest_bytes 0: a native method */
} WatchedMethod;
/* All methods that were called, in no order; the caller frees *methods (memory_free), names stay the machine's. The other
 * threads should stand still. */
Result run_watch_methods(WatchedMethod **methods, size_t *count);

#endif
