/* run_internal.h - what the files of run/ share. */
#ifndef RUN_RUN_INTERNAL_H
#define RUN_RUN_INTERNAL_H

#include <assert.h>

#include "run/run.h"

/* The stub of methods without code keeps the method's number in the first register after the header. A continuation's
 * frame keeps its number and what comes then there, and its state behind. */
#define STUB_METHOD FRAME_HEADER
#define CONTINUATION_NUMBER FRAME_HEADER
#define CONTINUATION_STATE (FRAME_HEADER + 1)
#define CONTINUATION_AGAIN ((Value)1 << 32)

#define STACK_RESERVE_WORDS 8192 /* beyond stack_limit, for what raising and unwinding push */

static inline Code *frame_code(const Value *fp)
{
    return (Code *)(uintptr_t)fp[FRAME_CODE];
}

/* interpret.c */
extern uint16_t run_handler_offsets[OPERATION_COUNT]; /* what a linked word holds instead of the operation */
void interpret(Thread *thread);                       /* until the base frame's EXIT, or an uncaught exception */
void interpret_open(void);
uint64_t run_link_word(uint64_t word);
/* Starts it when the world has been stopped for the first time, or when another thread waits (for what it does,
 * perhaps). false: no. */
bool run_thread_defer(Thread *thread);
void run_defer_until_signal(Thread *lone);
void run_start_deferred(void);
void run_forget_cached_calls(uint32_t owner); /* which is dead, but its classes are still there. World stopped */
uint32_t run_word_operation(const Code *code, uint64_t word);

/* method.c */
Result method_open(void);
void method_close(void);
/* After a thaw: entries for all methods; their code is kept if it can be used as it is. */
Result method_save(Bytes *bytes);
Result method_load(bool same_code, Reader *bytes);
Code *method_stub(unsigned argument_slots);
extern Code *run_exit_code;
void method_moved(int64_t distance); /* the arena has been moved */
void method_discard_all(void);       /* all that have code are translated again when they are next called */

/* continuation.c */
const Continuation *run_continuation(uint32_t number);
Code *run_continuation_code(uint32_t number);
bool run_continuation_is_code(const Code *code);
Result continuation_open(void);
Primitive *run_primitive(uint32_t number);
extern uint32_t run_continuation_again;   /* drops the result and executes the instruction below again */
extern uint32_t run_continuation_rethrow; /* the exception is raised anew when a look-up is done */
enum RethrowState {
    RETHROW_EXCEPTION, RETHROW_AT, RETHROW_BEGAN_AT, /* the latter two: 1 + a word of the code below; 0: where it stands */
    RETHROW_STATES
};

/* unwind.c: from thread->exception, thread->pc and thread->fp to the handler's frame and word.
 * DONE: there is one; PUSHED; THROW: none down to the base frame. */
Outcome run_unwind(Thread *thread);

/* Another thread has it raise an exception: set and taken under run_threads_lock, asked for without. */
static inline bool run_is_posted(const Thread *thread)
{
    return __atomic_load_n(&thread->posted, __ATOMIC_RELAXED) != 0;
}

/* thread.c */
Result thread_open(const RunOptions *options);
void thread_close(void);
void run_visit_threads(HeapVisit *visit, void *context);

Result run_thread_new_numbered(Thread **made, uint32_t number); /* 0: the next free one; without a stack */
Result run_thread_give_stack(Thread *thread);
void run_always_poll(bool on);
void run_look_again(Thread *thread); /* a thawed one: at what stands in its record */
void run_wake(Thread *thread);        /* out of wait, sleep, park: it looks at its record */
bool run_is_in_native(Thread *thread); /* one that is indivisible */
bool run_is_to_stand(Thread *thread);  /* it is suspended, and in no native */
void run_stand(Thread *thread);        /* while it is to; for one that has waited: what it waits for stands in its record */
Value *run_real_stack_limit(const Thread *thread); /* thread->stack_limit, when nobody asks for a look */
void run_stack_limit_reset(Thread *thread);

/* watch.c */
uint64_t watch_count(Thread *thread, uint64_t word); /* a WATCHED instruction is executed: the word it stands for */
void watch_again(const uint64_t *pc);                /* the instruction there is not done, and begins once more */
void watch_raised(const uint64_t *pc);               /* the instruction there met a null */
uint64_t watch_word(uint64_t word);                  /* what a linked word stands for: itself if it is not watched */
bool watch_patch(const uint64_t *pc, uint64_t word); /* false: it is not watched */
Result watch_code(const Method *method, Code *code); /* just linked: its words become watched ones */

/* freeze.c */
Result freeze_load_frames(Thread *thread); /* from thread->unloaded */
bool freeze_is_point(Thread *thread); /* of one that is at a safepoint */
void freeze_count_safepoint(Thread *thread);
void freeze_note_method(Thread *thread, uint32_t method);

/* frame.c */
void run_visit_frames(Thread *thread, HeapVisit *visit, void *context);

/* monitor.c */
Result monitor_open(void);
void monitor_reload(int64_t heap_distance); /* after a thaw, when the threads are there */
void monitor_references_pending(void);
void monitor_update_weak(Value (*forward)(void *context, Value object), void *context);

/* Is class index `class_index` a subtype of `target`? */
bool run_is_subclass(uint32_t class_index, uint32_t target);

/* thread.c: from begin to end (with the world stopped) the other threads stay at the first freeze point they come to. */
void run_gather_begin(Thread *requester);
void run_gather_end(void);

#endif
