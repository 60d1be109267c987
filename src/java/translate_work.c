/* translate_work.c - what executing bytecode instructions amounts to for an interpreter of them: operands are values, so
 * a long on the stack is one. */
#include "base/memory.h"
#include "java/translate.h"
#include "java/translate_internal.h"

static void add_stack(RunWork *work, unsigned pops, unsigned pushes)
{
    work->of[WORK_POPS] += pops;
    work->of[WORK_PUSHES] += pushes;
}

static void add_local(RunWork *work, unsigned reads, unsigned writes)
{
    work->of[WORK_READS] += reads;
    work->of[WORK_WRITES] += writes;
}

static void add_effect(RunWork *work, const char *effect)
{
    bool pushes = false;

    for (; *effect != 0; effect++) {
        if (*effect == '>')
            pushes = true;
        else
            add_stack(work, !pushes, pushes);
    }
}

/* dup and its kin take and leave slots; how many values that are, the kinds of the slots tell. */
static void add_rearrangement(const TranslateInput *input, const Instruction *now, RunWork *work)
{
    const Rearrangement *row = &translate_rearrangements[now->operation - BC_POP];
    JavaGuestState state;
    unsigned pops = row->taken, pushes = row->count;

    if (translate_guest_state(input, now->pc, &state) == OK && state.stack_count >= row->taken) {
        const uint8_t *kinds = state.kinds + state.local_count + state.stack_count - row->taken;
        for (unsigned i = 0; i < row->taken; i++) pops -= kinds[i] == JAVA_SLOT_SECOND;
        for (unsigned i = 0; i < row->count; i++) pushes -= kinds[row->order[i]] == JAVA_SLOT_SECOND;
    }
    memory_free(state.kinds);
    add_stack(work, pops, pushes);
}

static void add_invoke(const TranslateInput *input, const Instruction *now, RunWork *work)
{
    TranslateText descriptor = input->pool.descriptor(input->pool.context, now->index);
    unsigned arguments = now->operation != BC_INVOKESTATIC && now->operation != BC_INVOKEDYNAMIC;

    for (size_t at = 0; translate_next_parameter(descriptor, &at) != 0;) arguments++;
    add_stack(work, arguments, translate_return_type(descriptor) != 'V');
    work->of[WORK_CALLS]++;
}

static void add_special(const TranslateInput *input, const Instruction *now, RunWork *work)
{
    switch (now->operation) {
    case BC_LDC: case BC_GETSTATIC: case BC_JSR: add_stack(work, 0, 1); break;
    case BC_ILOAD ... BC_ALOAD: add_local(work, 1, 0); add_stack(work, 0, 1); break;
    case BC_ISTORE ... BC_ASTORE: add_local(work, 0, 1); add_stack(work, 1, 0); break;
    case BC_POP ... BC_SWAP: add_rearrangement(input, now, work); break;
    case BC_IINC: add_local(work, 1, 1); break;
    case BC_RET: add_local(work, 1, 0); break;
    case BC_PUTSTATIC: add_stack(work, 1, 0); break;
    case BC_GETFIELD: add_stack(work, 1, 1); break;
    case BC_PUTFIELD: add_stack(work, 2, 0); break;
    case BC_INVOKEVIRTUAL ... BC_INVOKEDYNAMIC: add_invoke(input, now, work); break;
    case BC_MULTIANEWARRAY: add_stack(work, now->number, 1); break;
    default: break;
    }
}

void translate_work(const TranslateInput *input, uint32_t first, uint32_t end, RunWork *work)
{
    Instruction now;

    for (uint32_t pc = first; pc < end && pc < input->code_length; pc = now.next) {
        if (translate_decode(input->code, input->code_length, pc, &now) != OK)
            return;
        const char *effect = bytecode_infos[now.operation].effect;
        work->of[WORK_INSTRUCTIONS]++;
        work->of[WORK_DISPATCHES] += input->code[pc] == BC_WIDE ? 2 : 1;
        work->of[WORK_BYTES] += now.next - pc;
        work->of[WORK_ALLOCATIONS] += (now.operation >= BC_NEW && now.operation <= BC_ANEWARRAY) || now.operation == BC_MULTIANEWARRAY;
        if (effect != NULL)
            add_effect(work, effect);
        else
            add_special(input, &now, work);
    }
}
