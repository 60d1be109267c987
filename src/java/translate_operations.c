/* translate_operations.c - bytecode instructions to register instructions: constants, locals, arithmetic, conversions,
 * arrays, objects. Calls and fields are in translate_calls.c, jumps in translate_branches.c. */
#include "java/translate_internal.h"

/* ---- where results go ---- */

/* The local that the next instruction stores to, if it is a store of that kind and no jump leads there. */
static int next_store(Emitter *emitter, uint16_t kind)
{
    const TranslateInput *input = emitter->input;
    Instruction next;

    if (emitter->next_pc >= emitter->block->end)
        return -1;
    uint8_t operation = input->code[emitter->next_pc];
    if (!(operation >= BC_ISTORE && operation <= BC_ASTORE_3) && operation != BC_WIDE)
        return -1;
    if (translate_decode(input->code, input->code_length, emitter->next_pc, &next) != OK)
        return -1;
    if (next.operation < BC_ISTORE || next.operation > BC_ASTORE)
        return -1;
    emitter->next_pc = next.next;
    return next.index;
}

Destination result_begin(Emitter *emitter, unsigned base, uint16_t kind)
{
    Destination destination = {.base = base, .kind = kind, .reg = stack_register(emitter, base)};

    destination.local = next_store(emitter, kind);
    if (destination.local >= 0) {
        destination.reg = local_register(emitter, (unsigned)destination.local);
        stack_release_local(emitter, (unsigned)destination.local, base);
    }
    return destination;
}

void result_end(Emitter *emitter, Destination destination, enum Range range)
{
    emitter->depth = destination.base;
    if (destination.local >= 0)
        kinds_set_local(emitter->locals, emitter->max_locals, (unsigned)destination.local, destination.kind);
    else
        stack_push_home(emitter, destination.kind, range);
}

/* ---- operands ---- */

static bool small_constant(const Emitter *emitter, unsigned slot, int64_t *value)
{
    return stack_is_constant(emitter, slot, value) && *value == (int16_t)*value;
}

/* One operation with its registers; slots from base on are its operands. */
static void emit_result(Emitter *emitter, uint32_t operation, unsigned base, int b, int c, uint16_t kind, enum Range range)
{
    Destination destination = result_begin(emitter, base, kind);
    emit_operation(emitter, operation, destination.reg, b, c, base);
    result_end(emitter, destination, range);
}

static void emit_unary(Emitter *emitter, uint32_t operation, unsigned slots, uint16_t kind, enum Range range)
{
    unsigned base = emitter->depth - slots;
    emit_result(emitter, operation, base, stack_operand(emitter, base), 0, kind, range);
}

/* ---- arithmetic ---- */

typedef struct Arithmetic {
    uint16_t registers, immediate; /* immediate 0: there is none */
    bool commutes;
} Arithmetic;

static const Arithmetic arithmetic[] = {
    [BC_IADD - BC_IADD] = {OP_ADD_I32, OP_ADD_I32_IMM, true}, {OP_ADD_I64, OP_ADD_I64_IMM, true}, {OP_ADD_F32, 0, 0},
    {OP_ADD_F64, 0, 0},
    {OP_SUB_I32, 0, 0}, {OP_SUB_I64, 0, 0}, {OP_SUB_F32, 0, 0}, {OP_SUB_F64, 0, 0},
    {OP_MUL_I32, OP_MUL_I32_IMM, true}, {OP_MUL_I64, OP_MUL_I64_IMM, true}, {OP_MUL_F32, 0, 0}, {OP_MUL_F64, 0, 0},
    {OP_DIV_I32, OP_DIV_I32_IMM, 0}, {OP_DIV_I64, 0, 0}, {OP_DIV_F32, 0, 0}, {OP_DIV_F64, 0, 0},
    {OP_REM_I32, OP_REM_I32_IMM, 0}, {OP_REM_I64, 0, 0}, {OP_REM_F32, 0, 0}, {OP_REM_F64, 0, 0},
    {OP_NEG_I32, 0, 0}, {OP_NEG_I64, 0, 0}, {OP_NEG_F32, 0, 0}, {OP_NEG_F64, 0, 0},
    {OP_SHL_I32, OP_SHL_I32_IMM, 0}, {OP_SHL_I64, OP_SHL_I64_IMM, 0}, {OP_SHR_I32, OP_SHR_I32_IMM, 0},
    {OP_SHR_I64, OP_SHR_I64_IMM, 0}, {OP_USHR_I32, OP_USHR_I32_IMM, 0}, {OP_USHR_I64, OP_USHR_I64_IMM, 0},
    {OP_AND, OP_AND_IMM, true}, {OP_AND, OP_AND_IMM, true}, {OP_OR, OP_OR_IMM, true}, {OP_OR, OP_OR_IMM, true},
    {OP_XOR, OP_XOR_IMM, true}, {OP_XOR, OP_XOR_IMM, true},
};
_Static_assert(sizeof arithmetic / sizeof *arithmetic == BC_LXOR - BC_IADD + 1, "a row for each");

/* Subtraction of a constant is addition, a product with a power of 2 a shift; shift counts are masked. False: the
 * constant on the right cannot be an immediate. */
static bool choose_immediate(uint8_t operation, uint32_t *chosen, int64_t *value)
{
    bool is_long = (operation - BC_IADD) % 2 == 1; /* in groups of four and of two alike */

    *chosen = arithmetic[operation - BC_IADD].immediate;
    if (operation == BC_IADD + 4 || operation == BC_IADD + 5) { /* isub, lsub */
        *chosen = operation == BC_IADD + 4 ? OP_ADD_I32_IMM : OP_ADD_I64_IMM;
        *value = -*value;
    } else if (operation >= BC_ISHL && operation <= BC_LUSHR) {
        *value &= is_long ? 63 : 31;
    } else if (operation == BC_IADD + 12 || operation == BC_IADD + 16) { /* idiv, irem */
        if (*value == 0 || *value == -1)
            return false;
    } else if ((operation == BC_IADD + 8 || operation == BC_IADD + 9) && *value > 1 && (*value & (*value - 1)) == 0) {
        *chosen = is_long ? OP_SHL_I64_IMM : OP_SHL_I32_IMM;
        *value = __builtin_ctzll((uint64_t)*value);
    }
    return *chosen != 0 && *value == (int16_t)*value;
}

static enum Range range_of_mask(int64_t value)
{
    return value == 1 ? RANGE_BOOLEAN : value >= 0 && value <= INT8_MAX ? RANGE_I8 : value >= 0 && value <= UINT16_MAX ? RANGE_U16
                                                                                                                   : RANGE_ANY;
}

static void emit_binary(Emitter *emitter)
{
    uint8_t operation = emitter->now.operation;
    const Arithmetic *row = &arithmetic[operation - BC_IADD];
    const char *effect = bytecode_infos[operation].effect;
    unsigned left_slots = effect[0] == 'J' ? 2 : 1, right_slots = effect[1] == 'J' ? 2 : 1;
    unsigned base = emitter->depth - left_slots - right_slots, right = base + left_slots;
    uint16_t kind = left_slots == 2 ? KIND_WIDE : KIND_RAW;
    uint32_t chosen = 0;
    int64_t value = 0;

    if (stack_is_constant(emitter, right, &value) && choose_immediate(operation, &chosen, &value)) {
        enum Range range = chosen == OP_AND_IMM && kind == KIND_RAW ? range_of_mask(value) : RANGE_ANY;
        emit_result(emitter, chosen, base, stack_operand(emitter, base), (int)value, kind, range);
    } else if (row->commutes && small_constant(emitter, base, &value)) {
        enum Range range = row->immediate == OP_AND_IMM && kind == KIND_RAW ? range_of_mask(value) : RANGE_ANY;
        emit_result(emitter, row->immediate, base, stack_operand(emitter, right), (int)value, kind, range);
    } else {
        int b = stack_operand(emitter, base), c = stack_operand(emitter, right);
        emit_result(emitter, row->registers, base, b, c, kind, RANGE_ANY);
    }
}

static void emit_negate(Emitter *emitter)
{
    bool is_wide = bytecode_infos[emitter->now.operation].effect[0] == 'J';
    emit_unary(emitter, arithmetic[emitter->now.operation - BC_IADD].registers, is_wide ? 2 : 1, is_wide ? KIND_WIDE : KIND_RAW,
               RANGE_ANY);
}

/* ---- conversions ---- */

/* An int is a long already: only the slots change. */
static void widen_int(Emitter *emitter)
{
    Entry *entry = &emitter->stack[emitter->depth - 1];
    entry->kind = KIND_WIDE;
    entry->range = RANGE_ANY;
    emitter->stack[emitter->depth++] = (Entry){.place = PLACE_HOME, .kind = KIND_SECOND};
}

static void narrow_long(Emitter *emitter)
{
    int64_t value;

    if (!stack_is_constant(emitter, emitter->depth - 2, &value)) {
        emit_unary(emitter, OP_TO_I32, 2, KIND_RAW, RANGE_ANY);
        return;
    }
    stack_pop(emitter, 2);
    stack_push_constant(emitter, KIND_RAW, (int32_t)value);
}

/* i2b, i2c, i2s: nothing where the value is in range, or is stored right away to where it loses its upper bits. */
static void narrow_int(Emitter *emitter)
{
    static const struct {
        uint16_t operation;
        uint8_t range;
    } rows[] = {{OP_TO_I8, RANGE_I8}, {OP_TO_U16, RANGE_U16}, {OP_TO_I16, RANGE_I16}};
    unsigned which = emitter->now.operation - BC_I2B;
    uint8_t next = emitter->next_pc < emitter->block->end ? emitter->input->code[emitter->next_pc] : BC_NOP;

    if (stack_in_range(emitter, emitter->depth - 1, rows[which].range) || next == BC_BASTORE + which)
        return;
    emit_unary(emitter, rows[which].operation, 1, KIND_RAW, rows[which].range);
}

static void emit_conversion(Emitter *emitter)
{
    static const struct {
        uint16_t operation;
        uint8_t slots;
        uint8_t kind;
    } rows[] = {
        {0, 1, 0}, {OP_I64_TO_F32, 1, KIND_RAW}, {OP_I64_TO_F64, 1, KIND_WIDE},
        {0, 2, 0}, {OP_I64_TO_F32, 2, KIND_RAW}, {OP_I64_TO_F64, 2, KIND_WIDE},
        {OP_F32_TO_I32, 1, KIND_RAW}, {OP_F32_TO_I64, 1, KIND_WIDE}, {OP_F32_TO_F64, 1, KIND_WIDE},
        {OP_F64_TO_I32, 2, KIND_RAW}, {OP_F64_TO_I64, 2, KIND_WIDE}, {OP_F64_TO_F32, 2, KIND_RAW},
    };
    unsigned which = emitter->now.operation - BC_I2L;

    if (emitter->now.operation == BC_I2L)
        widen_int(emitter);
    else if (emitter->now.operation == BC_L2I)
        narrow_long(emitter);
    else
        emit_unary(emitter, rows[which].operation, rows[which].slots, rows[which].kind, RANGE_ANY);
}

/* ---- constants and locals ---- */

static void push_constant(Emitter *emitter)
{
    static const uint32_t floats[] = {0, 0x3f800000, 0x40000000};
    const Instruction *now = &emitter->now;

    switch (now->operation) {
    case BC_ACONST_NULL:
        stack_push_constant(emitter, KIND_REF, 0);
        break;
    case BC_ICONST_M1 ... BC_ICONST_5:
        stack_push_constant(emitter, KIND_RAW, now->operation - BC_ICONST_0);
        break;
    case BC_LCONST_0 ... BC_LCONST_1:
        stack_push_constant(emitter, KIND_WIDE, now->operation - BC_LCONST_0);
        break;
    case BC_FCONST_0 ... BC_FCONST_2:
        stack_push_constant(emitter, KIND_RAW, floats[now->operation - BC_FCONST_0]);
        break;
    case BC_DCONST_0 ... BC_DCONST_1:
        stack_push_constant(emitter, KIND_WIDE, now->operation == BC_DCONST_0 ? 0 : 0x3ff0000000000000);
        break;
    default:
        stack_push_constant(emitter, KIND_RAW, now->value);
    }
}

static void emit_load(Emitter *emitter)
{
    stack_push_register(emitter, emitter->locals[emitter->now.index], local_register(emitter, emitter->now.index));
}

static void emit_store(Emitter *emitter)
{
    unsigned wide = emitter->now.operation == BC_ISTORE + 1 || emitter->now.operation == BC_ISTORE + 3;
    unsigned slot = emitter->depth - 1 - wide, local = emitter->now.index;
    int reg = local_register(emitter, local);
    Entry entry = emitter->stack[slot];
    uint16_t kind = entry.kind;

    emitter->depth = slot;
    stack_release_local(emitter, local, slot);
    if (entry.place == PLACE_CONSTANT)
        emit_constant(emitter, reg, entry.value);
    else
        emit_move(emitter, reg, entry.place == PLACE_REGISTER ? entry.reg : stack_register(emitter, slot));
    kinds_set_local(emitter->locals, emitter->max_locals, local, kind);
}

static void emit_increment(Emitter *emitter)
{
    int reg = local_register(emitter, emitter->now.index);

    stack_release_local(emitter, emitter->now.index, emitter->depth);
    code_emit(emitter->builder, OP_ADD_I32_IMM, reg, reg, emitter->now.value);
}

/* ---- the stack's own instructions ---- */

static void emit_rearrange(Emitter *emitter)
{
    const Rearrangement *row = &translate_rearrangements[emitter->now.operation - BC_POP];
    stack_rearrange(emitter, row->taken, row->order, row->count);
}

/* ---- arrays ---- */

static void emit_array_load(Emitter *emitter)
{
    static const struct {
        uint16_t operation;
        uint8_t kind, range;
    } rows[] = {
        {OP_LOAD_ELEMENT_I32, KIND_RAW, RANGE_ANY}, {OP_LOAD_ELEMENT_I64, KIND_WIDE, RANGE_ANY},
        {OP_LOAD_ELEMENT_I32, KIND_RAW, RANGE_ANY}, {OP_LOAD_ELEMENT_I64, KIND_WIDE, RANGE_ANY},
        {OP_LOAD_ELEMENT_I64, KIND_REF, RANGE_ANY}, {OP_LOAD_ELEMENT_I8, KIND_RAW, RANGE_I8},
        {OP_LOAD_ELEMENT_U16, KIND_RAW, RANGE_U16}, {OP_LOAD_ELEMENT_I16, KIND_RAW, RANGE_I16},
    };
    unsigned which = emitter->now.operation - BC_IALOAD, base = emitter->depth - 2;
    int array = stack_operand(emitter, base), index = stack_operand(emitter, base + 1);

    emit_result(emitter, rows[which].operation, base, array, index, rows[which].kind, rows[which].range);
}

static void emit_array_store(Emitter *emitter)
{
    static const uint16_t operations[] = {
        OP_STORE_ELEMENT_I32, OP_STORE_ELEMENT_I64, OP_STORE_ELEMENT_I32, OP_STORE_ELEMENT_I64,
        OP_STORE_ELEMENT_REF, OP_STORE_ELEMENT_I8,  OP_STORE_ELEMENT_I16, OP_STORE_ELEMENT_I16,
    };
    unsigned which = emitter->now.operation - BC_IASTORE;
    unsigned base = emitter->depth - (which == 1 || which == 3 ? 4 : 3);
    int array = stack_operand(emitter, base), index = stack_operand(emitter, base + 1), value = stack_operand(emitter, base + 2);

    emit_operation(emitter, operations[which], value, array, index, base);
    emitter->depth = base;
}

static void emit_multi_array(Emitter *emitter)
{
    unsigned base = emitter->depth - emitter->now.number;

    stack_flush(emitter, base, emitter->depth);
    emit_operation(emitter, OP_RESOLVE_MULTI_ARRAY, stack_register(emitter, base),
                   code_literal_reserve(emitter->builder, emitter->now.index), emitter->now.number, base);
    emitter->depth = base;
    stack_push_home(emitter, KIND_REF, RANGE_ANY);
}

/* ---- objects ---- */

static void emit_new_array(Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    unsigned base = emitter->depth - 1;
    int length = stack_operand(emitter, base);
    bool is_primitive = emitter->now.operation == BC_NEWARRAY;
    int literal = is_primitive ? code_literal(emitter->builder, pool->primitive_array(pool->context, emitter->now.number))
                               : code_literal_reserve(emitter->builder, emitter->now.index);

    emit_result(emitter, is_primitive ? OP_NEW_ARRAY : OP_RESOLVE_NEW_ARRAY, base, length, literal, KIND_REF, RANGE_ANY);
}

static void emit_new(Emitter *emitter)
{
    emit_result(emitter, OP_RESOLVE_NEW, emitter->depth, code_literal_reserve(emitter->builder, emitter->now.index), 0, KIND_REF,
                RANGE_ANY);
}

static void emit_instanceof(Emitter *emitter)
{
    unsigned base = emitter->depth - 1;
    int object = stack_operand(emitter, base);
    emit_result(emitter, OP_RESOLVE_INSTANCEOF, base, object, code_literal_reserve(emitter->builder, emitter->now.index), KIND_RAW,
                RANGE_BOOLEAN);
}

/* A cast leaves its operand where it is; null needs none. */
static void emit_checkcast(Emitter *emitter)
{
    int64_t value;

    if (stack_is_constant(emitter, emitter->depth - 1, &value))
        return;
    emit_operation(emitter, OP_RESOLVE_CHECKCAST, stack_operand(emitter, emitter->depth - 1), 0,
                   code_literal_reserve(emitter->builder, emitter->now.index), emitter->depth - 1);
}

/* monitorenter, monitorexit, athrow: one reference is taken. */
static void emit_on_reference(Emitter *emitter, uint32_t operation)
{
    emit_operation(emitter, operation, stack_operand(emitter, emitter->depth - 1), 0, 0, emitter->depth - 1);
    stack_pop(emitter, 1);
}

/* ---- all ---- */

static Result emit_object(Emitter *emitter)
{
    switch (emitter->now.operation) {
    case BC_NEW: emit_new(emitter); break;
    case BC_NEWARRAY: case BC_ANEWARRAY: emit_new_array(emitter); break;
    case BC_MULTIANEWARRAY: emit_multi_array(emitter); break;
    case BC_ARRAYLENGTH: return emit_array_length(emitter);
    case BC_CHECKCAST: emit_checkcast(emitter); break;
    case BC_INSTANCEOF: emit_instanceof(emitter); break;
    case BC_MONITORENTER: emit_on_reference(emitter, OP_MONITOR_ENTER); break;
    case BC_MONITOREXIT: emit_on_reference(emitter, OP_MONITOR_EXIT); break;
    case BC_ATHROW: emit_on_reference(emitter, OP_THROW); break;
    default: return error_set(ERROR_FORMAT, "bytecode at %u: no such instruction", emitter->now.pc);
    }
    return OK;
}

Result emit_instruction(Emitter *emitter)
{
    switch (emitter->now.operation) {
    case BC_NOP: break;
    case BC_ACONST_NULL ... BC_SIPUSH: push_constant(emitter); break;
    case BC_LDC: case BC_LDC2_W: return emit_load_constant(emitter);
    case BC_ILOAD ... BC_ALOAD: emit_load(emitter); break;
    case BC_IALOAD ... BC_SALOAD: emit_array_load(emitter); break;
    case BC_ISTORE ... BC_ASTORE: emit_store(emitter); break;
    case BC_IASTORE ... BC_SASTORE: emit_array_store(emitter); break;
    case BC_POP ... BC_SWAP: emit_rearrange(emitter); break;
    case BC_IADD ... BC_DREM: case BC_ISHL ... BC_LXOR: emit_binary(emitter); break;
    case BC_INEG ... BC_DNEG: emit_negate(emitter); break;
    case BC_IINC: emit_increment(emitter); break;
    case BC_I2L ... BC_D2F: emit_conversion(emitter); break;
    case BC_I2B ... BC_I2S: narrow_int(emitter); break;
    case BC_LCMP ... BC_DCMPG: return emit_compare(emitter);
    case BC_IFEQ ... BC_GOTO: case BC_IFNULL: case BC_IFNONNULL: return emit_branch(emitter);
    case BC_JSR: case BC_RET: return emit_subroutine(emitter);
    case BC_TABLESWITCH: case BC_LOOKUPSWITCH: return emit_switch(emitter);
    case BC_IRETURN ... BC_RETURN: return emit_return(emitter);
    case BC_GETSTATIC ... BC_PUTFIELD: return emit_field(emitter);
    case BC_INVOKEVIRTUAL ... BC_INVOKEDYNAMIC: return emit_invoke(emitter);
    default: return emit_object(emitter);
    }
    return OK;
}
