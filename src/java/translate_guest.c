/* translate_guest.c - what each local and stack slot of the guest holds at a bytecode index. */
#include <string.h>

#include "base/memory.h"
#include "java/translate.h"
#include "java/translate_internal.h"

static uint8_t slot_kind(uint16_t kind)
{
    switch (kind) {
    case KIND_DEAD: return JAVA_SLOT_DEAD;
    case KIND_REF: return JAVA_SLOT_REFERENCE;
    case KIND_WIDE: return JAVA_SLOT_WIDE;
    case KIND_SECOND: return JAVA_SLOT_SECOND;
    default: return JAVA_SLOT_RAW;
    }
}

/* The block that holds a bytecode index: in the first context that has it. */
static const Block *block_around(const Analysis *analysis, uint32_t pc)
{
    for (size_t i = 0; i < analysis->blocks.count; i++) {
        const Block *block = &analysis->blocks.items[analysis->order[i]];
        if (block->pc <= pc && pc < block->end)
            return block;
    }
    return NULL;
}

static Result step_to(Analysis *analysis, const Block *block, uint32_t pc)
{
    State *state = &analysis->state;
    const TranslateInput *input = analysis->input;
    Instruction now;
    Result result = OK;

    state->depth = block->entry.depth;
    memcpy(state->kinds, block->entry.kinds, ((size_t)input->max_locals + state->depth) * sizeof *state->kinds);
    for (uint32_t at = block->pc; at < pc; at = now.next) {
        TRY(translate_decode(input->code, input->code_length, at, &now));
        TRY(analysis_step(analysis, state, &now, block->context));
    }
done:
    return result;
}

static Result copy_kinds(const Analysis *analysis, JavaGuestState *state)
{
    unsigned count = analysis->input->max_locals + analysis->state.depth;

    state->local_count = analysis->input->max_locals;
    state->stack_count = analysis->state.depth;
    state->kinds = memory_allocate(count);
    if (state->kinds == NULL)
        return ERROR_MEMORY;
    for (unsigned i = 0; i < count; i++) state->kinds[i] = slot_kind(analysis->state.kinds[i]);
    return OK;
}

/* Where an exception leaves a synchronized method. */
static void leave_state(Analysis *analysis)
{
    memset(analysis->state.kinds, 0, analysis->input->max_locals * sizeof *analysis->state.kinds);
    analysis->state.kinds[analysis->input->max_locals] = KIND_REF;
    analysis->state.depth = 1;
}

static void add_kind(JavaGuestState *state, uint16_t kind)
{
    state->kinds[state->local_count++] = slot_kind(kind);
    if (kind == KIND_WIDE)
        state->kinds[state->local_count++] = JAVA_SLOT_SECOND;
}

Result translate_native_state(TranslateText descriptor, bool has_receiver, JavaGuestState *state)
{
    size_t at = 0;
    char letter;

    *state = (JavaGuestState){.kinds = memory_allocate(translate_parameter_slots(descriptor) + 1u)};
    if (state->kinds == NULL)
        return ERROR_MEMORY;
    if (has_receiver)
        add_kind(state, KIND_REF);
    while ((letter = translate_next_parameter(descriptor, &at)) != 0) add_kind(state, kind_of_type(letter));
    return OK;
}

void java_guest_state_close(JavaGuestState *state)
{
    memory_free(state->kinds);
    memory_free(state->locks);
    *state = (JavaGuestState){0};
}

Result translate_guest_state(const TranslateInput *input, uint32_t pc, JavaGuestState *state)
{
    Analysis analysis = {0};
    Result result = OK;

    *state = (JavaGuestState){0};
    TRY(analysis_run(&analysis, input));
    if (pc == input->code_length) {
        leave_state(&analysis);
    } else {
        const Block *block = block_around(&analysis, pc);
        if (block == NULL || !(analysis.marks[pc] & MARK_START))
            TRY(error_set(ERROR_NOT_FOUND, "no path leads to the bytecode at %u", pc));
        TRY(translate_find_locks(&analysis, block, pc, state));
        TRY(step_to(&analysis, block, pc));
    }
    TRY(copy_kinds(&analysis, state));
done:
    analysis_free(&analysis);
    return result;
}
