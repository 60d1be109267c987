/* continuation.c - continuations and primitives by number, and the pushing of frames from C. */
#include <string.h>

#include "base/memory.h"
#include "run/run_internal.h"

#define CONTINUATION_LIMIT 24 /* few, so that they share pages that every start writes */
#define GROUP_LIMIT 64
#define ROW_BITS 10 /* of a primitive's number: its row; above: its group */

static struct {
    const Continuation *continuation;
    struct {
        Code code;
        uint64_t word;
    } stub;
} continuations[CONTINUATION_LIMIT];
static uint32_t continuation_count = 1;

static struct {
    const PrimitiveRow *rows;
    size_t count;
} groups[GROUP_LIMIT]; /* from 1 */
static uint32_t group_count = 1;

uint32_t run_continuation_again, run_continuation_rethrow;

static Outcome again_normal(Thread *thread, Value *state, Value *result)
{
    return OUTCOME_DONE;
}

/* The type of a handler has been loaded: the search for a handler begins anew, where it began before. */
static Outcome rethrow_normal(Thread *thread, Value *state, Value *result)
{
    state[RETHROW_AT] = state[RETHROW_BEGAN_AT];
    return run_throw(thread, state[RETHROW_EXCEPTION]);
}

uint32_t run_register_continuation(const Continuation *continuation)
{
    uint32_t number = continuation_count;
    Code *code = &continuations[number].stub.code;

    assert(number < CONTINUATION_LIMIT);
    assert(run_find_continuation(continuation->name) == 0);
    continuation_count++;
    continuations[number].continuation = continuation;
    memset(code, 0, sizeof *code);
    code->register_count = (uint16_t)(CONTINUATION_STATE + continuation->state_count);
    code->word_count = 1;
    code->size_bytes = sizeof continuations[number].stub;
    code->flags = CODE_CONTINUATION | CODE_HIDDEN | CODE_LINKED;
    continuations[number].stub.word = run_link_word(word_make(OP_CONTINUE, 0, 0, 0));
    return number;
}

Result continuation_open(void)
{
    static const Continuation again = {"again", 0, 0, again_normal, NULL};
    static const Continuation rethrow = {"rethrow", RETHROW_STATES, 1, rethrow_normal, NULL};

    if (run_continuation_again == 0) {
        run_continuation_again = run_register_continuation(&again);
        run_continuation_rethrow = run_register_continuation(&rethrow);
    }
    return OK;
}

const Continuation *run_continuation(uint32_t number)
{
    return continuations[number].continuation;
}

Code *run_continuation_code(uint32_t number)
{
    return &continuations[number].stub.code;
}

bool run_continuation_is_code(const Code *code)
{
    return (const void *)code >= (const void *)continuations &&
           (const void *)code < (const void *)(continuations + CONTINUATION_LIMIT);
}

uint32_t run_find_continuation(const char *name)
{
    for (uint32_t i = 1; i < continuation_count; i++)
        if (strcmp(continuations[i].continuation->name, name) == 0)
            return i;
    return 0;
}

void run_register_primitives(const PrimitiveRow *rows, size_t count)
{
    assert(group_count < GROUP_LIMIT && count <= 1u << ROW_BITS);
    groups[group_count].rows = rows;
    groups[group_count++].count = count;
}

uint32_t run_find_primitive(const char *name)
{
    for (uint32_t group = 1; group < group_count; group++)
        for (uint32_t row = 0; row < groups[group].count; row++)
            if (strcmp(groups[group].rows[row].name, name) == 0)
                return group << ROW_BITS | row;
    return 0;
}

Primitive *run_primitive(uint32_t number)
{
    assert(number >> ROW_BITS != 0 && number >> ROW_BITS < group_count);
    return groups[number >> ROW_BITS].rows[number & ((1u << ROW_BITS) - 1)].primitive;
}

/* ---- pushing ---- */

/* Writes a frame's header above the innermost frame and makes it the innermost. */
static Value *push_frame(Thread *thread, unsigned argument_slots, Code *code, const uint64_t *return_pc)
{
    Value *top = thread->fp + frame_code(thread->fp)->register_count;
    Value *frame = top + argument_slots;

    if (frame + code->register_count > thread->stack_end)
        return NULL;
    frame[FRAME_RETURN] = (Value)(uintptr_t)return_pc;
    frame[FRAME_CALLER] = (Value)(uintptr_t)thread->fp;
    frame[FRAME_CODE] = (Value)(uintptr_t)code;
    thread->fp = frame;
    thread->pc = code->words;
    return frame;
}

/* Where the innermost frame goes on when what is pushed above it returns. */
static const uint64_t *return_address(const Thread *thread, enum RunThen then)
{
    const Code *code = frame_code(thread->fp);

    if (code->flags & CODE_CONTINUATION)
        return code->words;
    if (code == run_exit_code || then == RUN_THEN_AGAIN)
        return thread->pc;
    return thread->pc + 1;
}

Value *run_push_continuation(Thread *thread, uint32_t continuation, enum RunThen then)
{
    Value *frame = push_frame(thread, 0, run_continuation_code(continuation), return_address(thread, then));

    if (frame == NULL)
        return NULL;
    frame[CONTINUATION_NUMBER] = continuation | (then == RUN_THEN_AGAIN ? CONTINUATION_AGAIN : 0);
    memset(frame + CONTINUATION_STATE, 0, sizeof(Value) * run_continuation(continuation)->state_count);
    return frame + CONTINUATION_STATE;
}

Value *run_push_call(Thread *thread, uint32_t method, enum RunThen then)
{
    Code *code = method_entry(method);
    Value *frame;

    if (then == RUN_THEN_AGAIN && !(frame_code(thread->fp)->flags & CODE_CONTINUATION)) {
        if (run_push_continuation(thread, run_continuation_again, then) == NULL)
            return NULL;
    }
    frame = push_frame(thread, code->argument_slots, code, return_address(thread, then));
    if (frame == NULL)
        return NULL;
    if (code == method_stub(code->argument_slots)) {
        frame[STUB_METHOD] = method;
        thread->pc = code->words + 1;
    }
    return frame - code->argument_slots;
}
