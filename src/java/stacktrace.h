/* stacktrace.h - backtraces: what Throwable.backtrace holds, and what is made of it. */
#ifndef JAVA_STACKTRACE_H
#define JAVA_STACKTRACE_H

#include "java/java_internal.h"

/* A backtrace is a hidden array of references: element 0 is a hidden raw array of words, BACKTRACE_WORD for each
 * frame, the others are the class objects of the frames' methods (which keep the methods from being unloaded). */
#define BACKTRACE_DEPTH_LIMIT 1024
#define BACKTRACE_WORD(method, pc) ((uint64_t)(method) << 32 | (uint32_t)(pc))

/* Captures the calling thread's stack into *throwable (a handle), whose frames of fillInStackTrace and of its own
 * constructors are left out when skip_own is set. Without memory the backtrace stays null. May collect. */
void java_backtrace_fill(Thread *thread, const Value *throwable, bool skip_own);
/* The innermost frame of a throwable's backtrace. false: none, or it was hidden. */
bool java_backtrace_top(Value throwable, uint32_t *method, uint32_t *pc);
/* Fills a StackTraceElement (handle). THROW: no memory. */
Outcome java_stack_element_fill(Thread *thread, const Value *element, uint32_t method, uint32_t pc);
/* Whether a frame counts in traces: of a guest method that is running (not a stub, not abstract). */
bool java_frame_counts(const Frame *frame, bool *hidden);
/* On standard output, with its causes, before the class library can tell it. */
void java_exception_print(Value exception);
/* For debuggers: all frames of a stopped thread, the machine's own too, on standard error. */
void java_stack_print(Thread *thread);

#endif
