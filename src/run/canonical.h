/* canonical.h - guest-level frames, apart from registers and words: what images, contexts and debuggers work with.
 *
 * A canonical frame is (method, guest pc, before or after, locals, stack). A frame of the interpreter becomes one through
 * the safepoint map of the place where it stands, and can be built again from one in any process that has a translation
 * of the method with a map for that place. Continuations and methods without code have forms of their own. */
#ifndef RUN_CANONICAL_H
#define RUN_CANONICAL_H

#include "base/bytes.h"
#include "run/run.h"

enum CanonicalKind { CANONICAL_GUEST, CANONICAL_STUB, CANONICAL_CONTINUATION };
enum CanonicalSlot { SLOT_DEAD, SLOT_RAW, SLOT_REFERENCE };

typedef struct CanonicalFrame {
    uint8_t kind;         /* enum CanonicalKind */
    uint8_t before;       /* guest frames: the state before the instruction; continuations: RUN_THEN_AGAIN */
    uint16_t local_count; /* arguments included; a continuation's state, a stub's arguments */
    uint16_t stack_count;
    uint16_t reserved;
    uint32_t method;      /* or the number of the continuation, in this process */
    uint32_t guest_pc;
    uint32_t word;        /* where it stood: tells maps of the same guest pc apart in the same code */
    const Value *slots;   /* locals, then stack */
    const uint8_t *kinds; /* enum CanonicalSlot of each */
} CanonicalFrame;

/* Reads the frame; slots and kinds go to the given arrays (at least run_canonical_slots() of its code). false: no map. */
bool run_canonical_read(const Frame *frame, CanonicalFrame *canonical, Value *slots, uint8_t *kinds);
unsigned run_canonical_slots(const Frame *frame);

/* Builds the frame above the innermost one of the thread and makes it the innermost; thread->pc is where it stands.
 * ERROR_LIMIT: no room on the stack; ERROR_FORMAT: the method's code has no such place. May collect (translation). */
Result run_canonical_build(Thread *thread, const CanonicalFrame *canonical);

/* All frames of a thread, outermost first, as bytes, and back onto an empty stack. forward gives the new address of a
 * saved reference. */
Result run_canonical_save(Thread *thread, Bytes *bytes);
Result run_canonical_load(Thread *thread, Reader *reader, Value (*forward)(void *context, Value saved), void *context);

#endif
