/* run.h - threads, frames, calls, exceptions: the engine's outward header.
 *
 * Guest code runs in run_thread, one C call for a thread's whole life. Nothing here calls guest code: what needs it
 * pushes a frame and returns to the interpreter with OUTCOME_PUSHED. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdatomic.h>

#include "code/code.h"
#include "ffi/ffi.h"
#include "heap/heap.h"
#include "os/os.h"
#include "run/language.h"
#include "run/method.h"

/* What a primitive, a hook or a continuation did. */
typedef enum Outcome {
    OUTCOME_DONE,   /* finished; its result, if it has one, is where its kind puts it */
    OUTCOME_THROW,  /* thread->exception is raised */
    OUTCOME_PUSHED, /* it pushed frames (run_push_...); go on with the innermost */
    OUTCOME_RETRY,  /* execute the instruction once more, at once (after passing a safepoint) */
    OUTCOME_DECLINED, /* of ATTEMPT's primitives: it has done nothing, and the code goes on */
} Outcome;

/* Threads that wait do so as data: what they wait for stands here, and is done again after a thaw. */
enum WaitKind { WAIT_NONE, WAIT_MONITOR, WAIT_OBJECT, WAIT_SLEEP, WAIT_PARK, WAIT_JOIN, WAIT_CALL, WAIT_REFERENCES };

/* Of WAIT_OBJECT: in the monitor's list; out of it because a notify chose it, or by itself. */
enum WaitPlace { PLACE_IN_LIST, PLACE_NOTIFIED, PLACE_LEFT };

enum ThreadState {
    THREAD_NEW,
    THREAD_RUNNING, /* runs guest code or primitives: takes part in safepoints by polling */
    THREAD_OUTSIDE, /* in a blocking call, or waiting: touches no guest memory; may be collected under */
};

#define THREAD_SUSPENDED 1
#define THREAD_SUSPENDS_ITSELF 2

#define THREAD_LOCKS 8 /* fast locks held at once; more inflate */

typedef struct Thread {
    Allocator allocator;    /* first */
    /* Saved whenever the interpreter is left for something that may collect, push, raise or walk: */
    uint64_t *pc;           /* the instruction being executed (in the innermost frame) */
    Value *fp;
    Value *stack_limit;     /* a call whose frame would reach beyond goes the slow way; set low to make all do */
    uint32_t poll;          /* not 0: loops and calls go to a safepoint */
    uint32_t number;        /* 1 .. */
    Value exception;        /* being raised; 0: none */
    Value posted;           /* traced: to be raised by it at its next poll, out of any wait; 0: none */
    Value *stack_base, *stack_end; /* NULL: unloaded */
    uint8_t *unloaded;      /* its frames as the image has them, until it is started or the world stopped */
    uint32_t unloaded_size;
    _Atomic uint32_t state; /* enum ThreadState */
    uint8_t language;
    uint8_t daemon;
    uint8_t wait_kind;      /* enum WaitKind */
    _Atomic uint8_t interrupted;
    Value guest_thread;     /* java.lang.Thread; traced */
    Value carrier[2];       /* traced; the language's own use */
    uint32_t lock_count;
    Value locks[THREAD_LOCKS]; /* traced: objects whose fast lock it holds, innermost last */
    int64_t wait_deadline_ns;
    Value wait_object;      /* traced */
    _Atomic uint32_t wake;  /* futex word: park, wait, sleep, interrupt bump it */
    _Atomic uint32_t park_permit;
    uint32_t wait_monitor;  /* number of the monitor it waits at; 0: none */
    uint32_t wait_recursion;
    uint32_t wait_next;     /* number of the next thread that waits at the same monitor */
    _Atomic uint8_t notified; /* enum WaitPlace */
    uint8_t result_is_reference;
    uint8_t at_freeze_point;
    uint8_t out_of_call;    /* a freeze took it out of a blocking call */
    uint8_t call_mode;      /* FfiMode of the call that it is in (WAIT_CALL) */
    uint8_t call_again;     /* it was interrupted before it had done anything: a freeze point wherever that is */
    uint8_t call_abandoned; /* thawed in the middle of an abandonable call: that has failed */
    _Atomic uint8_t suspended; /* THREAD_SUSPENDED, THREAD_SUSPENDS_ITSELF */
    uint8_t freezing;       /* it asks for a freeze: the primitive that does is executed again after the thaw */
    Value result;           /* of the base frame, when the thread's first call returns */
    FfiThread ffi;          /* errno and the staging buffer, in native memory */
    OsThread os;
    struct Thread *next;
    uint32_t data;          /* arena block of the language's own thread record; 0: none */
} Thread;

/* ---- The machine ---- */
typedef struct RunOptions {
    size_t stack_bytes;   /* -Xss: each thread's VM stack (reserved, not touched); 0: 8 MB of registers */
    size_t c_stack_bytes; /* each thread's C stack; 0: 256 KB */
    bool stress_moves;
} RunOptions;
Result run_open(const RunOptions *options);
void run_close(void);

/* ---- Threads ---- */
Result run_thread_new(Thread **thread, Value guest_thread);
/* The thread's first call: method with its arguments; then start it on its own system thread, or run it on this. */
Result run_thread_prepare(Thread *thread, uint32_t method, const Value *arguments, unsigned argument_slots);
Result run_thread_start(Thread *thread);
void run_thread_abandon(Thread *thread); /* one that was never started, or has run out on the caller's system thread */
/* Runs a prepared thread on the calling system thread until its first call returns; false: it ended by an exception,
 * which is in thread->exception. */
bool run_thread(Thread *thread);
Thread *run_threads_nogc(void); /* head of the list; hold run_threads_lock */
void run_threads_lock(void);
void run_threads_unlock(void);
Thread *run_current(void);
Thread *run_thread_numbered_nogc(uint32_t number); /* NULL: none (any more); hold run_threads_lock */

/* Leaving and entering the running state around anything that may block. After enter, objects may have moved. */
void run_leave(Thread *thread);
void run_enter(Thread *thread);
/* A foreign call that may wait (any mode but leaf), outside the running state. What a freeze does to it follows from its
 * mode (doc/ffi.md). RETRY: the freeze took it out before it had done anything, and it is to be made again. failure: the
 * result of an abandonable one after a thaw. */
Outcome run_foreign_call(Thread *thread, const FfiFunction *function, const uint64_t *words, uint64_t failure, uint64_t *result);
/* Passes a safepoint if one is asked for (poll is set). May collect. */
void run_safepoint(Thread *thread);
/* What poll was set for by the thread's language has been seen to. */
void run_poll_done(Thread *thread);
/* Has another thread raise an exception where it next polls, though not in a native: what it waits for (but a monitor)
 * is over. Hold run_threads_lock. */
void run_post_exception(Thread *target, Value exception);
/* The calling thread raises what was posted to it, if anything was: THROW, else DONE. */
Outcome run_raise_posted(Thread *thread);
/* A suspended thread stops where it next polls, though not in a native. Hold run_threads_lock. A primitive that suspends
 * its own thread returns RETRY. */
void run_suspend(Thread *target);
void run_unsuspend(Thread *target);
/* Stops all other threads (they reach a safepoint or are outside). */
void run_stop_world(Thread *requester);
void run_resume_world(Thread *requester);

/* ---- Raising ---- */
enum RaiseKind {
    RAISE_NULL,          /* a null was dereferenced */
    RAISE_BOUNDS,        /* a: index, b: length */
    RAISE_ARITHMETIC,    /* division by zero */
    RAISE_STORE,         /* a: value, b: array */
    RAISE_CAST,          /* a: object, b: class index */
    RAISE_NEGATIVE_SIZE, /* a: the size */
    RAISE_MONITOR_STATE, /* a: 1 if a monitor was to be left, 0 for the operations that need it held */
    RAISE_MEMORY,        /* a: the length of the array that was asked for, or 0 */
    RAISE_STACK,
    RAISE_ABSTRACT,      /* a: method number, b: class index of the receiver or 0 */
    RAISE_INCOMPATIBLE,  /* a: method number */
    RAISE_UNLINKED,      /* a: method number of a native method without an implementation */
};
/* Has the thread's language make the exception; sets thread->exception; returns OUTCOME_THROW (or OUTCOME_PUSHED). */
Outcome run_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b);
static inline Outcome run_throw(Thread *thread, Value exception)
{
    thread->exception = exception;
    return OUTCOME_THROW;
}

/* ---- Pushing frames from C (primitives, hooks, continuations) ----
 *
 * A pushed call runs when the C function returns OUTCOME_PUSHED. Several may be pushed: the last pushed runs first.
 *
 *   RUN_THEN_RETURN  its result becomes the result of the primitive that pushed it (the native method returns it)
 *   RUN_THEN_AGAIN   its result is dropped, and the interrupted instruction is executed again
 *
 * With a continuation below it, its result goes there instead. */
enum RunThen { RUN_THEN_RETURN, RUN_THEN_AGAIN };

/* A continuation: named C code that goes on when the call above it is over. Its state (values, traced by
 * reference_mask) lies in its frame. normal gets the callee's result; its own outcome DONE means: this frame is done
 * (RUN_THEN_RETURN: *result is the result; RUN_THEN_AGAIN: ignored). exceptional runs when the callee raised
 * (thread->exception); NULL: the exception goes on to the frame below. An exceptional entry may clear
 * thread->exception and return DONE. */
typedef struct Continuation {
    const char *name;
    uint8_t state_count;
    uint32_t reference_mask; /* bit i: state[i] is a reference */
    Outcome (*normal)(Thread *thread, Value *state, Value *result);
    Outcome (*exceptional)(Thread *thread, Value *state, Value *result);
} Continuation;
uint32_t run_register_continuation(const Continuation *continuation); /* static storage; at start-up only */

/* Pushes a continuation frame; returns its state (zeroed), which stays in place while the frame lives; NULL: the stack
 * overflows (then return run_raise(thread, RAISE_STACK, 0, 0)). */
Value *run_push_continuation(Thread *thread, uint32_t continuation, enum RunThen then);
/* Pushes a call of a method above the innermost frame (a continuation just pushed, or the instruction's own frame);
 * then applies when no continuation is just below. Returns where its arguments go (argument_slots words; fill them at
 * once, before anything collects); NULL: overflow. */
Value *run_push_call(Thread *thread, uint32_t method, enum RunThen then);

/* ---- Primitives ----
 * Bound to native methods by name. arguments: the frame's argument slots (references among them are updated by the
 * collector). DONE: the result was stored in *result. It may be executed again from its beginning only if it returned
 * RETRY or pushed with RUN_THEN_AGAIN. */
typedef Outcome Primitive(Thread *thread, Value *arguments, Value *result);
/* Numbers follow the order of registration at start-up, which is the same in every process of one build. 0: unknown. */
typedef struct PrimitiveRow {
    const char *name; /* "java/lang/Object.hashCode()I" */
    Primitive *primitive;
} PrimitiveRow;
void run_register_primitives(const PrimitiveRow *rows, size_t count); /* static storage */
uint32_t run_find_primitive(const char *name);
uint32_t run_find_continuation(const char *name);

/* ---- Frames ---- */
typedef struct Frame {
    Value *fp;
    Code *code;
    uint64_t *pc;      /* the instruction that runs (innermost, or re-executed) or the return address */
    bool before;       /* pc's state is the one before its instruction */
    Thread *thread;
} Frame;
/* From the innermost to the outermost; false at the end. Valid while the thread is stopped or is the current one. */
bool run_frame_first(Thread *thread, Frame *frame);
bool run_frame_next(Frame *frame);
Method *run_frame_method(const Frame *frame);      /* NULL: a frame of the machine's own (continuation, base) */
uint32_t run_frame_guest_pc(const Frame *frame);
/* Like it, but skips the machine's own and hidden frames. */
bool run_frame_first_visible(Thread *thread, Frame *frame);
bool run_frame_next_visible(Frame *frame);

/* ---- Monitors and waiting (Java's; monitor.c) ----
 *
 * A primitive that waits does so inside these functions, outside the running state; what it waits for stands in the
 * thread's record, so that the primitive can be executed again from its beginning after a thaw and goes on waiting. */
Outcome run_monitor_enter(Thread *thread, Value object); /* DONE; RETRY: it waited, execute the instruction again */
Outcome run_monitor_exit(Thread *thread, Value object);  /* THROW: not the owner */
bool run_monitor_held(Thread *thread, Value object);
void run_contention_over(Thread *thread); /* of one that waited to enter, if it did: it asks anew */
enum WaitResult { WAIT_NOTIFIED, WAIT_TIMED_OUT, WAIT_INTERRUPTED };
/* Object.wait. *object: a slot that the collector updates (an argument). timeout_ns < 0: for ever. DONE: *waited tells
 * why, and the monitor is held again; an interrupt has been cleared. THROW: not the owner. */
Outcome run_monitor_wait(Thread *thread, Value *object, int64_t timeout_ns, enum WaitResult *waited);
Outcome run_monitor_notify(Thread *thread, Value object, bool all); /* THROW: not the owner */
void run_monitors_lay_for_start(void); /* where monitors are looked up, into ARENA_STATE. World stopped */
/* Thread.sleep: TIMED_OUT or INTERRUPTED (cleared). */
enum WaitResult run_sleep(Thread *thread, int64_t timeout_ns);
/* LockSupport.park: returns when a permit is there (and takes it), the deadline (monotonic ns; < 0: none) is over, the
 * thread is interrupted (not cleared), or without reason. */
void run_park(Thread *thread, int64_t deadline_ns);
void run_unpark(Thread *thread);
void run_interrupt(Thread *thread); /* sets the flag and wakes it out of wait, sleep, park */
/* Waits until heap_has_pending_nogc() (woken by the collector's hook). */
void run_wait_for_references(Thread *thread);

/* ---- Quickening ----
 * Replaces the instruction at pc (in code) by word for good. In code that lies in an image page a private copy of the
 * Code is made first. literal < 0: none, else that literal gets the value before. Every thread that replaces this
 * instruction must come to the same word and value: one that has read the old word may find the new literal, and does
 * it again. False: nothing was changed (no memory for the copy). */
bool run_patch(Thread *thread, uint64_t word, int literal, uint64_t literal_value);

#endif
