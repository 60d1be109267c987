/* translate.h - register code for Java methods: the language's translate hook, and what debuggers ask. */
#ifndef JAVA_TRANSLATE_H
#define JAVA_TRANSLATE_H

#include "java/java_internal.h"

/* Language.translate. */
int java_translate(Thread *thread, uint32_t method);

/* Language.guest_work and method_name. */
void java_guest_work(uint32_t method, uint32_t first, uint32_t end, RunWork *work);
void java_method_name(uint32_t method, char *text, size_t size);

enum JavaSlotKind { JAVA_SLOT_DEAD, JAVA_SLOT_RAW, JAVA_SLOT_REFERENCE, JAVA_SLOT_WIDE, JAVA_SLOT_SECOND };

/* What each local and stack slot holds before the instruction at a bytecode index: a long or double is WIDE in its first
 * slot and SECOND in the next one. The index behind the code's end is that of an exception leaving a synchronized method.
 * A native method's are its arguments. To be closed also when it failed. ERROR_NOT_FOUND: no path leads there. Never
 * collects. */
typedef struct JavaGuestState {
    unsigned local_count, stack_count, lock_count;
    uint8_t *kinds;  /* locals, then stack */
    uint16_t *locks; /* slots that hold the objects whose monitors have been entered, outermost first; not a synchronized
                        method's own, nor one that no slot holds any more */
} JavaGuestState;
void java_guest_state_close(JavaGuestState *state);
Result java_guest_state(uint32_t method, uint32_t bytecode_index, JavaGuestState *state);

#endif
