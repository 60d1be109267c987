/* language.h - what the engine asks of a language. The engine knows languages by this table only. */
#ifndef RUN_LANGUAGE_H
#define RUN_LANGUAGE_H

#include "heap/heap.h"
#include "run/method.h"

struct Thread;
enum RaiseKind;

/* What executing instructions once amounts to. Operands are values: a long is one, whatever room it takes. */
enum RunWorkKind {
    WORK_INSTRUCTIONS,
    WORK_DISPATCHES,
    WORK_POPS, WORK_PUSHES,   /* of an operand stack */
    WORK_READS, WORK_WRITES,  /* of locals, or of registers */
    WORK_CALLS, WORK_ALLOCATIONS, /* instructions that make them */
    WORK_BYTES,               /* of the instructions themselves */
    WORK_KINDS
};
typedef struct RunWork {
    uint32_t of[WORK_KINDS];
} RunWork;

typedef struct Language {
    const char *name;

    /* Makes and installs the Code of a method that has none (method_install), native ones included.
     * DONE, or THROW (linkage errors), or PUSHED with RUN_THEN_AGAIN (classes must be loaded first). May collect. */
    int (*translate)(struct Thread *thread, uint32_t method); /* Outcome */

    /* A RESOLVE_x instruction (operation) at thread->pc in frame thread->fp, its operands in word. DONE: *word is the
     * instruction (a final one) to execute now at the same pc; the hook has called run_patch if it may stay. A word of
     * OP_NOP: the hook has done the instruction's work itself, results stored. THROW, or PUSHED with RUN_THEN_AGAIN. */
    int (*resolve)(struct Thread *thread, uint32_t operation, uint64_t *word);

    /* The method number that a call of interface method `method` means for class index `class_index`; 0: sets
     * *outcome to the THROW. Pure look-up otherwise. */
    uint32_t (*find_interface_method)(struct Thread *thread, uint32_t class_index, uint32_t method, int *outcome);

    /* CALL_POLYMORPHIC of `kind`: the method to call; may drop trailing arguments. 0: *outcome says what happened. */
    uint32_t (*find_polymorphic)(struct Thread *thread, uint32_t kind, Value *arguments, uint32_t argument_slots, int *outcome);

    /* Is class `class_index` a subclass (subtype) of `target`? Asked when the display cannot tell. Never collects. */
    bool (*is_subclass)(uint32_t class_index, uint32_t target);

    /* Makes the exception for a machine error; Outcome THROW (thread->exception set) or PUSHED (RUN_THEN_AGAIN). */
    int (*raise)(struct Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b);

    /* Does a handler with this catch_type of `code` take thread->exception? 1 yes, 0 no; -1: it pushed frames (to load
     * the type's class); unwinding goes on again from the same frame when they are done; -2: thread->exception was
     * replaced by another. */
    int (*catches)(struct Thread *thread, const Code *code, uint32_t catch_type);

    /* The frame at thread->fp is left by an exception (no handler in it). For release of what only the language knows. */
    void (*frame_unwound)(struct Thread *thread, Value *fp, const Code *code);

    /* The thread's first call is over (exception in thread->exception or 0): what remains to be done in guest code is
     * pushed (PUSHED), else DONE: the thread ends. */
    int (*thread_over)(struct Thread *thread);

    /* Tagged operations' slow ways (Smalltalk). receiver and arguments are in outgoing registers from `window`;
     * selector_literal as the instruction has it. Finds the method number for the receiver's class. *outcome RETRY: another
     * send took its place, whose arguments are in the window now (doesNotUnderstand:). 0: *outcome says what happened. */
    uint32_t (*lookup)(struct Thread *thread, uint32_t class_index, const Code *code, uint64_t selector, Value *window, int *outcome);

    /* Sets bit i of bits (32 bytes, zeroed) when argument slot i of the method is a reference. Never collects. */
    void (*argument_references)(uint32_t method, uint8_t *bits);

    /* The loader with this owner number is dead: its classes, methods and roots go when this returns. May be NULL. */
    void (*owner_died)(uint32_t owner);

    /* Visits references in the language's own side tables and thread records (roots), and updates weak ones. */
    void (*visit_roots)(HeapVisit *visit, void *context);
    void (*update_weak)(Value (*forward)(void *context, Value object), void *context);

    /* The slow way of a tagged instruction (run/tagged.h) at thread->pc. DONE: thread->pc and thread->fp say where to go
     * on; or THROW, PUSHED, RETRY. */
    int (*tagged)(struct Thread *thread, uint32_t operation, uint64_t word);

    /* The thread begins (or has ended) to wait for a monitor that another holds. May be NULL. */
    void (*contended)(struct Thread *thread, bool waits);

    /* A thread of this language has passed the safepoint that its poll flag asked for; NULL: nothing more to do.
     * DONE: thread->pc and thread->fp say where to go on. THROW. */
    int (*polled)(struct Thread *thread);
    /* May the program be frozen where this thread of it stands, at a safepoint? NULL: always. Never collects. */
    bool (*is_freeze_point)(struct Thread *thread);

    /* For run/watch.h. What the guest's own instructions from index first up to end (or the method's end) amount to; zero
     * if the method has none. Never collects. */
    void (*guest_work)(uint32_t method, uint32_t first, uint32_t end, RunWork *work);
    /* Writes what a reader knows the method by, as much as fits, closed by a 0. Never collects. */
    void (*method_name)(uint32_t method, char *text, size_t size);
} Language;

#define LANGUAGE_LIMIT 8
/* Registers a language at start-up; its number is what Class.language and Method.language hold. */
void run_register_language(uint8_t number, const Language *language);
const Language *run_language(uint8_t number);

#define LANGUAGE_MACHINE 0

#endif
