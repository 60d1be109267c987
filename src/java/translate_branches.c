/* translate_branches.c - comparisons, jumps, switches, subroutines and returns. */
#include <string.h>

#include "base/memory.h"
#include "java/translate_internal.h"

/* The order is that of the bytecodes ifeq .. ifle. */
enum Condition { IS_EQ, IS_NE, IS_LT, IS_GE, IS_GT, IS_LE };

/* With the operands exchanged. */
static const uint8_t swapped_conditions[] = {IS_EQ, IS_NE, IS_GT, IS_LE, IS_LT, IS_GE};

/* ---- where control goes ---- */

static Block *block_at(Emitter *emitter, uint32_t context, uint32_t pc)
{
    return analysis_block(&emitter->analysis, context, pc);
}

static Result no_block(uint32_t pc)
{
    return error_set(ERROR_FORMAT, "bytecode at %u: control goes where it cannot", pc);
}

Result emit_jump(Emitter *emitter, uint32_t context, uint32_t pc)
{
    Block *target = block_at(emitter, context, pc);
    const Analysis *analysis = &emitter->analysis;

    if (target == NULL || target->entry.depth != emitter->depth)
        return no_block(emitter->now.pc);
    target->is_referenced = true;
    if (emitter->order + 1 < analysis->blocks.count && target == &analysis->blocks.items[analysis->order[emitter->order + 1]])
        return OK;
    code_emit_branch(emitter->builder, OP_GOTO, 0, 0, target->label);
    return OK;
}

/* The operation that jumps when this one does not. All come in pairs: the opposite is two rows further, or before. */
static uint32_t inverted(uint32_t operation)
{
    static const uint16_t pairs[][2] = {
        {OP_IF_EQ, OP_IF_NE}, {OP_IF_LT, OP_IF_GE}, {OP_IF_EQ_IMM, OP_IF_NE_IMM}, {OP_IF_LT_IMM, OP_IF_GE_IMM},
        {OP_IF_GT_IMM, OP_IF_LE_IMM}, {OP_IF_EQ_F32, OP_IF_NE_F32}, {OP_IF_LT_F32, OP_IF_NLT_F32},
        {OP_IF_LE_F32, OP_IF_NLE_F32}, {OP_IF_EQ_F64, OP_IF_NE_F64}, {OP_IF_LT_F64, OP_IF_NLT_F64},
        {OP_IF_LE_F64, OP_IF_NLE_F64}, {OP_IF_LT_LENGTH, OP_IF_GE_LENGTH}};

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i][0] == operation || pairs[i][1] == operation)
            return pairs[i][0] == operation ? pairs[i][1] : pairs[i][0];
    return operation;
}

/* A conditional jump of registers (or a register and an immediate) to the block at pc. */
static Result emit_conditional(Emitter *emitter, uint32_t operation, int a, int b, uint32_t pc)
{
    uint32_t next = emitter->next_pc;

    if (emitter->is_rotated) {
        operation = inverted(operation);
        next = pc;
        pc = emitter->next_pc;
    }
    Block *target = block_at(emitter, emitter->block->context, pc);
    if (target == NULL)
        return no_block(emitter->now.pc);
    target->is_referenced = true;
    emitter->has_jumped = true;
    code_emit_branch(emitter->builder, operation, a, b, target->label);
    return emit_jump(emitter, emitter->block->context, next);
}

/* ---- loops ---- */

#define ROTATION_LIMIT 24 /* bytes of bytecode that are repeated */

/* Is the block's last instruction a conditional jump to behind `exit`, and is the rest plain? */
static bool decides(const Emitter *emitter, const Block *block, uint32_t exit)
{
    const TranslateInput *input = emitter->input;
    Instruction now = {0};

    if (block->end - block->pc > ROTATION_LIMIT || block->entry.depth != 0)
        return false;
    for (uint32_t pc = block->pc; pc < block->end; pc = now.next)
        if (translate_decode(input->code, input->code_length, pc, &now) != OK || now.operation == BC_JSR)
            return false;
    return now.target > exit &&
           ((now.operation >= BC_IFEQ && now.operation <= BC_IF_ACMPNE) || now.operation == BC_IFNULL || now.operation == BC_IFNONNULL);
}

static bool have_same_handlers(const Emitter *emitter, uint32_t a, uint32_t b)
{
    const TranslateInput *input = emitter->input;

    for (unsigned i = 0; i < input->handler_count; i++) {
        const TranslateHandler *handler = &input->handlers[i];
        if ((a >= handler->start && a < handler->end) != (b >= handler->start && b < handler->end))
            return false;
    }
    return true;
}

/* `while` loops end with a jump back to the condition at their head. Repeating the condition there saves that jump. The
 * head, when the jump at `pc` in the context is such a one; else NULL. */
static Block *rotated_head(Emitter *emitter, uint32_t context, uint32_t pc, uint32_t target)
{
    Block *head = target < pc ? block_at(emitter, context, target) : NULL;

    if (head == NULL || !decides(emitter, head, pc) || !have_same_handlers(emitter, pc, target))
        return NULL;
    return block_at(emitter, context, head->end) == NULL ? NULL : head;
}

void rotate_loops(Emitter *emitter)
{
    Analysis *analysis = &emitter->analysis;
    const TranslateInput *input = emitter->input;
    Instruction last;

    for (size_t i = 0; i < analysis->blocks.count; i++) {
        const Block *block = &analysis->blocks.items[i];
        if (translate_decode(input->code, input->code_length, block->last, &last) != OK)
            return;
        Block *head = last.operation == BC_GOTO ? rotated_head(emitter, block->context, last.pc, last.target) : NULL;
        if (head != NULL)
            block_at(emitter, block->context, head->end)->is_loop_head = true;
    }
}

/* Emits another block's instructions here. */
static Result emit_copy(Emitter *emitter, Block *other)
{
    Block *block = emitter->block;
    Result result;

    memcpy(emitter->locals, other->entry.kinds, emitter->max_locals * sizeof *emitter->locals);
    emitter->block = other;
    result = emit_instructions(emitter, other);
    emitter->block = block;
    emitter->next_pc = emitter->marked_pc = block->end;
    return result;
}

/* Does the block just return what is on the stack, in a local, or a constant? */
static bool returns_at_once(const Emitter *emitter, const Block *block)
{
    const TranslateInput *input = emitter->input;
    Instruction now;

    if (emitter->lock_state != LOCK_NONE || block->entry.depth != emitter->depth)
        return false;
    for (uint32_t pc = block->pc; pc < block->end; pc = now.next) {
        if (translate_decode(input->code, input->code_length, pc, &now) != OK)
            return false;
        if (now.operation >= BC_IRETURN && now.operation <= BC_RETURN)
            return true;
        if (!(now.operation <= BC_SIPUSH || (now.operation >= BC_ILOAD && now.operation <= BC_ALOAD)))
            return false;
    }
    return false;
}

/* A mere return is repeated where that saves bringing its value home. */
Result emit_fall_through(Emitter *emitter)
{
    Block *next = block_at(emitter, emitter->block->context, emitter->next_pc);

    if (emitter->depth > 0 && emitter->stack[0].place != PLACE_HOME && next != NULL && returns_at_once(emitter, next))
        return emit_copy(emitter, next);
    stack_flush(emitter, 0, emitter->depth);
    return emit_jump(emitter, emitter->block->context, emitter->next_pc);
}

static Result emit_goto(Emitter *emitter)
{
    Block *target = block_at(emitter, emitter->block->context, emitter->now.target);
    Block *head = rotated_head(emitter, emitter->block->context, emitter->now.pc, emitter->now.target);

    if (target != NULL && returns_at_once(emitter, target))
        return emit_copy(emitter, target);
    stack_flush(emitter, 0, emitter->depth);
    if (head == NULL || emitter->depth != 0)
        return emit_jump(emitter, emitter->block->context, emitter->now.target);
    emitter->is_rotated = true;
    Result result = emit_copy(emitter, head);
    emitter->is_rotated = false;
    return result;
}

/* ---- conditional jumps ---- */

static const uint16_t integer_immediates[] = {OP_IF_EQ_IMM, OP_IF_NE_IMM, OP_IF_LT_IMM, OP_IF_GE_IMM, OP_IF_GT_IMM, OP_IF_LE_IMM};

/* The operands at slots left and right leave the stack; the rest goes home. Operands in homes lie above what the rest
 * is moved to, and locals are not written, so the registers found first stay good. */
static Result branch_registers(Emitter *emitter, enum Condition condition, unsigned left, unsigned right, uint32_t pc)
{
    static const struct {
        uint16_t operation;
        bool swaps;
    } rows[] = {{OP_IF_EQ, 0}, {OP_IF_NE, 0}, {OP_IF_LT, 0}, {OP_IF_GE, 0}, {OP_IF_LT, 1}, {OP_IF_GE, 1}};
    int a = stack_operand(emitter, left), b = stack_operand(emitter, right);

    emitter->depth = left;
    stack_flush(emitter, 0, left);
    return emit_conditional(emitter, rows[condition].operation, rows[condition].swaps ? b : a, rows[condition].swaps ? a : b, pc);
}

static Result branch_immediate(Emitter *emitter, enum Condition condition, unsigned base, unsigned slot, int immediate, uint32_t pc)
{
    int a = stack_operand(emitter, slot);

    emitter->depth = base;
    stack_flush(emitter, 0, base);
    return emit_conditional(emitter, integer_immediates[condition], a, immediate, pc);
}

/* Two integers or references at slots left < right. */
static Result branch_integers(Emitter *emitter, enum Condition condition, unsigned left, unsigned right, uint32_t pc)
{
    int64_t value;

    if (stack_is_constant(emitter, right, &value) && value == (int16_t)value)
        return branch_immediate(emitter, condition, left, left, (int)value, pc);
    if (stack_is_constant(emitter, left, &value) && value == (int16_t)value)
        return branch_immediate(emitter, swapped_conditions[condition], left, right, (int)value, pc);
    return branch_registers(emitter, condition, left, right, pc);
}

Result emit_branch(Emitter *emitter)
{
    const Instruction *now = &emitter->now;
    unsigned depth = emitter->depth;

    switch (now->operation) {
    case BC_GOTO:
        return emit_goto(emitter);
    case BC_IF_ICMPEQ ... BC_IF_ACMPNE:
        return branch_integers(emitter, (enum Condition)((now->operation - BC_IF_ICMPEQ) % 6), depth - 2, depth - 1, now->target);
    case BC_IFNULL: case BC_IFNONNULL:
        return branch_immediate(emitter, now->operation == BC_IFNULL ? IS_EQ : IS_NE, depth - 1, depth - 1, 0, now->target);
    default:
        return branch_immediate(emitter, (enum Condition)(now->operation - BC_IFEQ), depth - 1, depth - 1, 0, now->target);
    }
}

/* ---- comparisons ---- */

typedef struct FloatBranch {
    uint16_t operation; /* of floats; doubles: float_to_double */
    bool swaps;
} FloatBranch;

/* By condition: what is true of "-1, 0 or 1, and -1 if unordered" (l), or 1 if unordered (g). */
static const FloatBranch float_branches_l[] = {
    {OP_IF_EQ_F32, 0}, {OP_IF_NE_F32, 0}, {OP_IF_NLE_F32, 1}, {OP_IF_LE_F32, 1}, {OP_IF_LT_F32, 1}, {OP_IF_NLT_F32, 1},
};
static const FloatBranch float_branches_g[] = {
    {OP_IF_EQ_F32, 0}, {OP_IF_NE_F32, 0}, {OP_IF_LT_F32, 0}, {OP_IF_NLT_F32, 0}, {OP_IF_NLE_F32, 0}, {OP_IF_LE_F32, 0},
};

static uint32_t of_doubles(uint32_t operation)
{
    return operation - OP_IF_EQ_F32 + OP_IF_EQ_F64;
}

static Result branch_floats(Emitter *emitter, enum Condition condition, unsigned left, unsigned right, uint32_t pc)
{
    uint8_t operation = emitter->now.operation;
    bool is_g = operation == BC_FCMPG || operation == BC_DCMPG, is_double = operation >= BC_DCMPL;
    FloatBranch row = (is_g ? float_branches_g : float_branches_l)[condition];
    int a = stack_operand(emitter, left), b = stack_operand(emitter, right);

    emitter->depth = left;
    stack_flush(emitter, 0, left);
    return emit_conditional(emitter, is_double ? of_doubles(row.operation) : row.operation, row.swaps ? b : a, row.swaps ? a : b, pc);
}

/* lcmp and the like, together with the if that follows. */
Result emit_compare(Emitter *emitter)
{
    static const uint16_t operations[] = {OP_CMP_I64, OP_CMPL_F32, OP_CMPG_F32, OP_CMPL_F64, OP_CMPG_F64};
    uint8_t operation = emitter->now.operation;
    unsigned slots = operation == BC_FCMPL || operation == BC_FCMPG ? 1 : 2;
    unsigned left = emitter->depth - 2 * slots, right = emitter->depth - slots;
    const TranslateInput *input = emitter->input;
    Instruction next;

    if (emitter->next_pc < emitter->block->end && input->code[emitter->next_pc] >= BC_IFEQ &&
        input->code[emitter->next_pc] <= BC_IFLE &&
        translate_decode(input->code, input->code_length, emitter->next_pc, &next) == OK) {
        enum Condition condition = (enum Condition)(next.operation - BC_IFEQ);
        emitter->next_pc = next.next;
        emit_mark_until(emitter, emitter->next_pc);
        return operation == BC_LCMP ? branch_integers(emitter, condition, left, right, next.target)
                                    : branch_floats(emitter, condition, left, right, next.target);
    }
    int a = stack_operand(emitter, left), b = stack_operand(emitter, right);
    Destination destination = result_begin(emitter, left, KIND_RAW);
    emit_operation(emitter, operations[operation - BC_LCMP], destination.reg, a, b, left);
    result_end(emitter, destination, RANGE_I8);
    return OK;
}

/* arraylength, together with the if that follows, as loops over arrays have it. */
Result emit_array_length(Emitter *emitter)
{
    const TranslateInput *input = emitter->input;
    unsigned left = emitter->depth - 2, array = emitter->depth - 1;
    int b = stack_operand(emitter, array);
    Instruction next;

    if (emitter->next_pc < emitter->block->end &&
        translate_decode(input->code, input->code_length, emitter->next_pc, &next) == OK &&
        (next.operation == BC_IF_ICMPLT || next.operation == BC_IF_ICMPGE)) {
        int a = stack_operand(emitter, left);
        stack_flush(emitter, 0, left);
        emitter->next_pc = next.next;
        emit_mark_until(emitter, emitter->next_pc);
        emit_map_before(emitter);
        emitter->depth = left;
        return emit_conditional(emitter, next.operation == BC_IF_ICMPLT ? OP_IF_LT_LENGTH : OP_IF_GE_LENGTH, a, b, next.target);
    }
    Destination destination = result_begin(emitter, array, KIND_RAW);
    emit_operation(emitter, OP_ARRAY_LENGTH, destination.reg, b, 0, array);
    result_end(emitter, destination, RANGE_ANY);
    return OK;
}

/* ---- switches ---- */

static Result switch_labels(Emitter *emitter, CodeLabel *labels, int32_t *keys)
{
    const Instruction *now = &emitter->now;
    const uint8_t *code = emitter->input->code;

    for (uint32_t i = 0; i <= now->count; i++) {
        Block *target = block_at(emitter, emitter->block->context, i == 0 ? now->target : translate_switch_target(code, now, i - 1));
        if (target == NULL)
            return no_block(now->pc);
        target->is_referenced = true;
        labels[i] = target->label;
        if (i > 0)
            keys[i - 1] = translate_switch_key(code, now, i - 1);
    }
    return OK;
}

Result emit_switch(Emitter *emitter)
{
    const Instruction *now = &emitter->now;
    CodeLabel *labels = memory_allocate_array((size_t)now->count + 1, sizeof *labels);
    int32_t *keys = memory_allocate_array((size_t)now->count + 1, sizeof *keys);
    int value = stack_operand(emitter, emitter->depth - 1);
    Result result = labels == NULL || keys == NULL ? ERROR_MEMORY : OK;

    TRY(result);
    emitter->depth--;
    stack_flush(emitter, 0, emitter->depth);
    TRY(switch_labels(emitter, labels, keys));
    if (now->operation == BC_TABLESWITCH)
        code_emit_table_switch(emitter->builder, value, now->low, now->count, labels);
    else
        code_emit_lookup_switch(emitter->builder, value, now->count, keys, labels);
done:
    memory_free(labels);
    memory_free(keys);
    return result;
}

/* ---- subroutines ---- */

/* The subroutine's blocks exist once for each call, so its calls and returns are plain jumps. The return address is
 * kept as the guest has it, for the canonical frame. */
static Result emit_subroutine_call(Emitter *emitter)
{
    const Analysis *analysis = &emitter->analysis;
    uint32_t parent = emitter->block->context;

    stack_push_constant(emitter, KIND_RAW, emitter->now.next);
    stack_flush(emitter, 0, emitter->depth);
    uint32_t context = analysis_find_context(analysis, parent, emitter->now.target, emitter->now.next);
    return context == 0 ? no_block(emitter->now.pc) : emit_jump(emitter, context, emitter->now.target);
}

Result emit_subroutine(Emitter *emitter)
{
    const Analysis *analysis = &emitter->analysis;

    if (emitter->now.operation == BC_JSR)
        return emit_subroutine_call(emitter);
    uint16_t kind = emitter->locals[emitter->now.index];
    stack_flush(emitter, 0, emitter->depth);
    if (kind < KIND_RETURN || kind - KIND_RETURN >= (int)analysis->contexts.count)
        return no_block(emitter->now.pc);
    const Context *context = &analysis->contexts.items[kind - KIND_RETURN];
    return emit_jump(emitter, context->parent, context->return_pc);
}

/* ---- returns ---- */

/* The value as the return type has it: the lowest bit of a boolean, and so on. */
static int narrowed(Emitter *emitter, unsigned slot)
{
    static const struct {
        char type;
        uint8_t range;
        uint16_t operation;
    } rows[] = {{'Z', RANGE_BOOLEAN, OP_AND_IMM}, {'B', RANGE_I8, OP_TO_I8}, {'S', RANGE_I16, OP_TO_I16}, {'C', RANGE_U16, OP_TO_U16}};
    char type = translate_return_type(emitter->input->descriptor);
    int home = stack_register(emitter, slot);

    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].type != type)
            continue;
        if (stack_in_range(emitter, slot, (enum Range)rows[i].range))
            break;
        int value = stack_operand(emitter, slot);
        code_emit(emitter->builder, rows[i].operation, home, value, type == 'Z');
        emitter->stack[slot].place = PLACE_HOME;
        return home;
    }
    return stack_operand(emitter, slot);
}

Result emit_return(Emitter *emitter)
{
    uint8_t operation = emitter->now.operation;
    int value = 0;

    if (operation != BC_RETURN)
        value = narrowed(emitter, emitter->depth - (operation == BC_IRETURN + 1 || operation == BC_IRETURN + 3 ? 2 : 1));
    if (emitter->lock_state == LOCK_HELD) {
        guard_end(emitter);
        emit_operation(emitter, OP_MONITOR_EXIT, emitter->lock, 0, 0, emitter->depth);
    }
    if (operation == BC_RETURN)
        code_emit(emitter->builder, OP_RETURN_VOID, 0, 0, (int)emitter->argument_slots);
    else
        code_emit(emitter->builder, OP_RETURN, value, 0, (int)emitter->argument_slots);
    if (emitter->lock_state == LOCK_HELD)
        guard_start(emitter);
    return OK;
}
