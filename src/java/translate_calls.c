/* translate_calls.c - calls, fields and loaded constants: instructions that name the constant pool. */
#include "java/translate_internal.h"

static enum Range range_of_type(char letter)
{
    switch (letter) {
    case 'Z': return RANGE_BOOLEAN;
    case 'B': return RANGE_I8;
    case 'S': return RANGE_I16;
    case 'C': return RANGE_U16;
    default: return RANGE_ANY;
    }
}

/* ---- calls ---- */

static int pool_slot(const Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    return (int)pool->slot(pool->context, emitter->now.index, emitter->now.pc);
}

/* The instruction itself; the arguments are in the outgoing registers from window on. */
static void emit_call(Emitter *emitter, int window, unsigned slots, unsigned base)
{
    const TranslatePool *pool = &emitter->input->pool;
    unsigned index = emitter->now.index;
    enum JavaPolymorphic polymorphic = POLYMORPHIC_NONE;
    uint8_t operation = emitter->now.operation;

    if (operation == BC_INVOKEVIRTUAL || operation == BC_INVOKESTATIC)
        polymorphic = pool->polymorphic(pool->context, index);
    if (operation == BC_INVOKEDYNAMIC)
        emit_operation(emitter, OP_RESOLVE_DYNAMIC, window, code_literal_reserve(emitter->builder, index), pool_slot(emitter), base);
    else if (java_polymorphic_trusts(polymorphic))
        emit_operation(emitter, OP_CALL_POLYMORPHIC, window,
                       code_literal(emitter->builder, (uint64_t)polymorphic | (uint64_t)slots << 32), 0, base);
    else if (operation == BC_INVOKEVIRTUAL && polymorphic != POLYMORPHIC_NONE)
        emit_operation(emitter, OP_RESOLVE_HANDLE, window, code_literal_reserve(emitter->builder, index), pool_slot(emitter), base);
    else if (operation == BC_INVOKEVIRTUAL)
        emit_operation(emitter, OP_RESOLVE_VIRTUAL, window, code_literal_reserve(emitter->builder, index), (int)slots, base);
    else if (operation == BC_INVOKEINTERFACE)
        emit_operation(emitter, OP_RESOLVE_INTERFACE, window, code_literal_reserve(emitter->builder, index),
                       code_site(emitter->builder), base);
    else
        emit_operation(emitter, operation == BC_INVOKESTATIC ? OP_RESOLVE_STATIC : OP_RESOLVE_SPECIAL, window,
                       code_literal_reserve(emitter->builder, index), 0, base);
}

/* ---- methods that are instructions ---- */

static const struct {
    const char *class_name, *name, *descriptor;
    uint16_t operation; /* OP_NOP: the operand itself is the result */
    uint8_t slots, kind;
} intrinsics[] = {
    {"java/lang/Math", "sqrt", "(D)D", OP_SQRT_F64, 2, KIND_WIDE},
    {"java/lang/StrictMath", "sqrt", "(D)D", OP_SQRT_F64, 2, KIND_WIDE},
    {"java/lang/Double", "doubleToRawLongBits", "(D)J", OP_NOP, 2, KIND_WIDE},
    {"java/lang/Double", "longBitsToDouble", "(J)D", OP_NOP, 2, KIND_WIDE},
    {"java/lang/Float", "floatToRawIntBits", "(F)I", OP_TO_I32, 1, KIND_RAW},
    {"java/lang/Float", "intBitsToFloat", "(I)F", OP_NOP, 1, KIND_RAW},
};

bool emit_intrinsic(Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    TranslateText class_name = pool->class_name(pool->context, emitter->now.index);
    TranslateText name = pool->name(pool->context, emitter->now.index), type = pool->descriptor(pool->context, emitter->now.index);

    for (unsigned i = 0; i < COUNT_OF(intrinsics); i++) {
        if (!translate_text_is(class_name, intrinsics[i].class_name) || !translate_text_is(name, intrinsics[i].name) ||
            !translate_text_is(type, intrinsics[i].descriptor))
            continue;
        unsigned base = emitter->depth - intrinsics[i].slots;
        if (intrinsics[i].operation == OP_NOP)
            return true;
        int operand = stack_operand(emitter, base);
        Destination destination = result_begin(emitter, base, intrinsics[i].kind);
        emit_operation(emitter, intrinsics[i].operation, destination.reg, operand, 0, base);
        result_end(emitter, destination, RANGE_ANY);
        return true;
    }
    return false;
}

Result emit_invoke(Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    TranslateText descriptor = pool->descriptor(pool->context, emitter->now.index);
    bool has_receiver = emitter->now.operation != BC_INVOKESTATIC && emitter->now.operation != BC_INVOKEDYNAMIC;

    if (emitter->now.operation == BC_INVOKESTATIC && emit_intrinsic(emitter))
        return OK;
    unsigned slots = translate_parameter_slots(descriptor) + has_receiver, base = emitter->depth - slots;
    char type = translate_return_type(descriptor);

    stack_flush(emitter, base, emitter->depth);
    emit_call(emitter, stack_register(emitter, base), slots, base);
    emitter->depth = base;
    if (type != 'V')
        stack_push_home(emitter, kind_of_type(type), range_of_type(type));
    return OK;
}

/* ---- fields ---- */

/* A boolean's slot: the lowest bit of what is stored counts. */
static int mask_boolean(Emitter *emitter, unsigned slot)
{
    int value = stack_operand(emitter, slot), home = stack_register(emitter, slot);

    if (stack_in_range(emitter, slot, RANGE_BOOLEAN))
        return value;
    code_emit(emitter->builder, OP_AND_IMM, home, value, 1);
    emitter->stack[slot].place = PLACE_HOME;
    emitter->stack[slot].range = RANGE_BOOLEAN;
    return home;
}

static void emit_put(Emitter *emitter, char type)
{
    const TranslatePool *pool = &emitter->input->pool;
    bool is_static = emitter->now.operation == BC_PUTSTATIC;
    unsigned slot = emitter->depth - (kind_of_type(type) == KIND_WIDE ? 2 : 1), base = is_static ? slot : slot - 1;
    int literal = code_literal_reserve(emitter->builder, emitter->now.index);
    int64_t constant;
    bool is_masked = type == 'Z' && !(stack_is_constant(emitter, slot, &constant) && stack_in_range(emitter, slot, RANGE_BOOLEAN));
    int value = is_masked ? mask_boolean(emitter, slot) : stack_operand(emitter, slot);

    if (is_static) {
        emit_operation(emitter, OP_RESOLVE_PUTSTATIC, value, literal, 0, base);
        if (pool->static_may_be_volatile(pool->context, emitter->now.index))
            code_emit(emitter->builder, OP_FENCE, 0, 0, 0);
    } else {
        emit_operation(emitter, OP_RESOLVE_PUT, value, stack_operand(emitter, base), literal, base);
    }
    emitter->depth = base;
}

Result emit_field(Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    TranslateText descriptor = pool->descriptor(pool->context, emitter->now.index);
    char type = descriptor.text[0];

    if (emitter->now.operation == BC_PUTFIELD || emitter->now.operation == BC_PUTSTATIC) {
        emit_put(emitter, type);
        return OK;
    }
    bool is_static = emitter->now.operation == BC_GETSTATIC;
    unsigned base = is_static ? emitter->depth : emitter->depth - 1;
    int object = is_static ? 0 : stack_operand(emitter, base), literal = code_literal_reserve(emitter->builder, emitter->now.index);
    Destination destination = result_begin(emitter, base, kind_of_type(type));
    if (is_static)
        emit_operation(emitter, OP_RESOLVE_GETSTATIC, destination.reg, literal, 0, base);
    else
        emit_operation(emitter, OP_RESOLVE_GET, destination.reg, object, literal, base);
    result_end(emitter, destination, range_of_type(type));
    return OK;
}

/* ---- ldc ---- */

Result emit_load_constant(Emitter *emitter)
{
    const TranslatePool *pool = &emitter->input->pool;
    unsigned index = emitter->now.index, tag = pool->tag(pool->context, index);
    uint16_t kind = KIND_REF;

    switch (tag) {
    case CONSTANT_INTEGER: case CONSTANT_FLOAT:
        stack_push_constant(emitter, KIND_RAW, (int64_t)pool->number(pool->context, index));
        return OK;
    case CONSTANT_LONG: case CONSTANT_DOUBLE:
        stack_push_constant(emitter, KIND_WIDE, (int64_t)pool->number(pool->context, index));
        return OK;
    case CONSTANT_DYNAMIC:
        kind = kind_of_type(pool->descriptor(pool->context, index).text[0]);
        break;
    default:
        break;
    }
    Destination destination = result_begin(emitter, emitter->depth, kind);
    emit_operation(emitter, OP_RESOLVE_CONSTANT, destination.reg, code_literal_reserve(emitter->builder, index),
                   pool_slot(emitter), destination.base);
    result_end(emitter, destination, RANGE_ANY);
    return OK;
}
