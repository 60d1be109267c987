/* live_frame.c - what a frame holds, for java.lang.LiveStackFrame.
 *
 * As the JDK's interpreter has it: one element for each slot; a reference is itself, all else a PrimitiveSlot64 with the
 * word of the slot. A long or double is in its second slot. What is not known to hold anything is 0. */
#include "java/live_frame.h"

#include "base/memory.h"
#include "java/invoke.h"
#include "java/primitive_internal.h"
#include "java/translate.h"
#include "run/canonical.h"

#define MODE_INTERPRETED 1

typedef struct LiveFrame {
    const Value *fp;
    CanonicalFrame canonical;
    JavaGuestState state;
    Value *slots;   /* of the canonical frame: those that are raw stay valid when objects move */
    uint8_t *kinds;
    bool has_own_lock;
} LiveFrame;

static Outcome fail(Thread *thread, Result result)
{
    return result == ERROR_MEMORY ? java_throw_memory(thread) : java_throw(thread, "java/lang/InternalError", "%s", error_message());
}

/* The frame's words lie still, but its code may have moved with the arena. */
static bool read_frame(Thread *thread, LiveFrame *live)
{
    Frame frame;
    bool more = run_frame_first(thread, &frame);

    while (more && frame.fp != live->fp)
        more = run_frame_next(&frame);
    if (!more)
        return false;
    if (live->slots == NULL) {
        live->slots = memory_allocate_array(run_canonical_slots(&frame) + 1u, sizeof *live->slots);
        live->kinds = memory_allocate(run_canonical_slots(&frame) + 1u);
    }
    return live->slots != NULL && live->kinds != NULL && run_canonical_read(&frame, &live->canonical, live->slots, live->kinds);
}

/* Locals and stack slots of the guest's own. While a call is under way, its arguments are no longer among them. */
static Result open_frame(Thread *thread, LiveFrame *live)
{
    const JavaMethod *method;
    Result result = OK;

    if (!read_frame(thread, live))
        return live->slots == NULL || live->kinds == NULL ? ERROR_MEMORY : error_set(ERROR_STATE, "a frame cannot be read");
    TRY(java_guest_state(live->canonical.method, live->canonical.guest_pc, &live->state));
    method = java_method_at(live->canonical.method);
    if (method->access_flags & ACCESS_NATIVE)
        return OK;
    if (live->state.stack_count > live->canonical.stack_count)
        live->state.stack_count = live->canonical.stack_count;
    live->has_own_lock = live->canonical.local_count > live->state.local_count &&
                         live->kinds[live->state.local_count] == SLOT_REFERENCE;
done:
    return result;
}

static void close_frame(LiveFrame *live)
{
    java_guest_state_close(&live->state);
    memory_free(live->slots);
    memory_free(live->kinds);
}

/* Where the canonical frame has a slot of the guest's. */
static unsigned canonical_slot(const LiveFrame *live, unsigned slot)
{
    return slot < live->state.local_count ? slot : slot - live->state.local_count + live->canonical.local_count;
}

static Value reference_of(const LiveFrame *live, unsigned slot)
{
    unsigned at = canonical_slot(live, slot);
    return live->state.kinds[slot] == JAVA_SLOT_REFERENCE && live->kinds[at] == SLOT_REFERENCE ? live->slots[at] : 0;
}

static uint64_t word_of(const LiveFrame *live, unsigned slot)
{
    switch (live->state.kinds[slot]) {
    case JAVA_SLOT_RAW: return (uint32_t)live->slots[canonical_slot(live, slot)];
    case JAVA_SLOT_SECOND: return live->slots[canonical_slot(live, slot - 1)];
    default: return 0;
    }
}

/* New arrays in place of the class's empty one, where there is something to hold. */
static Outcome make_arrays(Thread *thread, const Value *information, const uint32_t *counts, const Value **arrays)
{
    const uint64_t fields[] = {java_offset(LIVE_STACK_FRAME_INFO_LOCALS), java_offset(LIVE_STACK_FRAME_INFO_OPERANDS),
                               java_offset(LIVE_STACK_FRAME_INFO_MONITORS)};
    uint32_t array_class = java_array_class(thread, java_class(OBJECT));

    if (array_class == 0)
        return OUTCOME_THROW;
    for (unsigned i = 0; i < COUNT_OF(fields); i++) {
        if (counts[i] == 0)
            continue;
        Value array = heap_allocate_array(&thread->allocator, class_at(array_class), counts[i]);
        if (array == 0)
            return java_throw_memory(thread);
        heap_store(*information, fields[i], array);
        arrays[i] = heap_hold_nogc(&thread->allocator, array);
    }
    return OUTCOME_DONE;
}

static void store_references(const LiveFrame *live, const Value **arrays)
{
    const JavaGuestState *state = &live->state;
    unsigned monitors = 0;

    for (unsigned i = 0; i < state->local_count; i++) array_store(*arrays[0], i, reference_of(live, i));
    for (unsigned i = 0; i < state->stack_count; i++) array_store(*arrays[1], i, reference_of(live, state->local_count + i));
    if (live->has_own_lock)
        array_store(*arrays[2], monitors++, live->slots[state->local_count]);
    for (unsigned i = 0; i < state->lock_count; i++) array_store(*arrays[2], monitors++, reference_of(live, state->locks[i]));
}

static Outcome store_words(Thread *thread, const LiveFrame *live, unsigned first, unsigned count, const Value *array)
{
    uint32_t class_index = java_wellknown_class(thread, JAVA_CLASS_PRIMITIVE_SLOT_64);

    if (class_index == 0)
        return OUTCOME_THROW;
    for (unsigned i = 0; i < count; i++) {
        if (live->state.kinds[first + i] == JAVA_SLOT_REFERENCE)
            continue;
        Value slot = heap_allocate_instance(&thread->allocator, class_at(class_index));
        if (slot == 0)
            return java_throw_memory(thread);
        *(uint64_t *)object_at(slot, java_offset(PRIMITIVE_SLOT_64_VALUE)) = word_of(live, first + i);
        array_store(*array, i, slot);
    }
    return OUTCOME_DONE;
}

static Outcome fill(Thread *thread, const Value *information, LiveFrame *live)
{
    static const Value none = 0;
    const Value *arrays[] = {&none, &none, &none};
    const JavaGuestState *state = &live->state;
    const uint32_t counts[] = {state->local_count, state->stack_count, state->lock_count + live->has_own_lock};
    Outcome outcome = make_arrays(thread, information, counts, arrays);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!read_frame(thread, live)) /* again: objects have moved */
        return java_throw(thread, "java/lang/InternalError", "a frame cannot be read");
    store_references(live, arrays);
    invoke_set_int(*information, java_offset(LIVE_STACK_FRAME_INFO_MODE), MODE_INTERPRETED);
    outcome = store_words(thread, live, 0, state->local_count, arrays[0]);
    return outcome != OUTCOME_DONE ? outcome : store_words(thread, live, state->local_count, state->stack_count, arrays[1]);
}

Outcome live_frame_fill(Thread *thread, const Value *information, const Value *fp)
{
    LiveFrame live = {.fp = fp};
    size_t mark = heap_enter_nogc(&thread->allocator);
    Result result = open_frame(thread, &live);
    Outcome outcome = result == OK ? fill(thread, information, &live) : fail(thread, result);

    close_frame(&live);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}
