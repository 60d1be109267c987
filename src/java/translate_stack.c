/* translate_stack.c - the virtual operand stack, registers and maps.
 *
 * A slot of the guest's stack is at home, or a constant, or a copy of a register: that of a local, or the home of a
 * lower slot which is at home itself. So homes are free to be written from the lowest slot that is popped upward. */
#include <string.h>

#include "base/memory.h"
#include "java/translate_internal.h"

#define MAP_EXCEPTIONS 250

/* ---- entries ---- */

static void push_entry(Emitter *emitter, Entry entry)
{
    emitter->stack[emitter->depth++] = entry;
    if (entry.kind == KIND_WIDE)
        emitter->stack[emitter->depth++] = (Entry){.place = PLACE_HOME, .kind = KIND_SECOND};
}

void stack_push_home(Emitter *emitter, uint16_t kind, enum Range range)
{
    push_entry(emitter, (Entry){.place = PLACE_HOME, .kind = kind, .range = (uint8_t)range});
}

void stack_push_register(Emitter *emitter, uint16_t kind, int reg)
{
    push_entry(emitter, (Entry){.place = PLACE_REGISTER, .kind = kind, .reg = (int16_t)reg});
}

void stack_push_constant(Emitter *emitter, uint16_t kind, int64_t value)
{
    push_entry(emitter, (Entry){.place = PLACE_CONSTANT, .kind = kind, .value = value});
}

void stack_pop(Emitter *emitter, unsigned slots)
{
    emitter->depth -= slots;
}

bool stack_is_constant(const Emitter *emitter, unsigned slot, int64_t *value)
{
    *value = emitter->stack[slot].value;
    return emitter->stack[slot].place == PLACE_CONSTANT;
}

static bool range_holds(enum Range range, int64_t value)
{
    switch (range) {
    case RANGE_BOOLEAN: return value == 0 || value == 1;
    case RANGE_I8: return value == (int8_t)value;
    case RANGE_I16: return value == (int16_t)value;
    case RANGE_U16: return value == (uint16_t)value;
    default: return true;
    }
}

bool stack_in_range(const Emitter *emitter, unsigned slot, enum Range range)
{
    const Entry *entry = &emitter->stack[slot];

    if (entry->place == PLACE_CONSTANT)
        return range_holds(range, entry->value);
    if (entry->range == RANGE_BOOLEAN || entry->range == range)
        return entry->range != RANGE_ANY;
    return entry->range == RANGE_I8 && range == RANGE_I16;
}

void emit_constant(Emitter *emitter, int reg, int64_t value)
{
    if (value == (int32_t)value)
        code_emit_imm32(emitter->builder, OP_LOAD_I32, reg, (int32_t)value);
    else
        code_emit(emitter->builder, OP_LOAD_LITERAL, reg, code_literal(emitter->builder, (uint64_t)value), 0);
}

void emit_move(Emitter *emitter, int to, int from)
{
    if (to != from)
        code_emit(emitter->builder, OP_MOVE, to, from, 0);
}

static void bring_home(Emitter *emitter, unsigned slot)
{
    Entry *entry = &emitter->stack[slot];
    int home = stack_register(emitter, slot);

    if (entry->place == PLACE_CONSTANT)
        emit_constant(emitter, home, entry->value);
    else if (entry->place == PLACE_REGISTER)
        emit_move(emitter, home, entry->reg);
    if (entry->place == PLACE_CONSTANT)
        entry->range = RANGE_ANY;
    entry->place = PLACE_HOME;
}

int stack_operand(Emitter *emitter, unsigned slot)
{
    Entry *entry = &emitter->stack[slot];

    if (entry->place == PLACE_REGISTER)
        return entry->reg;
    bring_home(emitter, slot);
    return stack_register(emitter, slot);
}

void stack_flush(Emitter *emitter, unsigned from, unsigned to)
{
    for (unsigned slot = from; slot < to; slot++) bring_home(emitter, slot);
}

/* The lowest of several copies goes home, the others become copies of it. */
void stack_release_local(Emitter *emitter, unsigned local, unsigned below)
{
    int reg = local_register(emitter, local), home = 0;

    for (unsigned slot = 0; slot < below; slot++) {
        Entry *entry = &emitter->stack[slot];
        if (entry->place != PLACE_REGISTER || entry->reg != reg)
            continue;
        if (home == 0) {
            bring_home(emitter, slot);
            home = stack_register(emitter, slot);
        }
        else {
            entry->reg = (int16_t)home;
        }
    }
}

/* ---- rearrangement ---- */

typedef struct Move {
    int to, from;
} Move;

/* Moves all at once: one whose target no other still reads goes first; a ring is opened through the scratch register. */
static void emit_moves(Emitter *emitter, Move *moves, unsigned count)
{
    while (count > 0) {
        unsigned chosen = count;
        for (unsigned i = 0; i < count && chosen == count; i++) {
            bool is_read = false;
            for (unsigned j = 0; j < count; j++) is_read |= j != i && moves[j].from == moves[i].to;
            if (!is_read)
                chosen = i;
        }
        if (chosen == count) {
            emit_move(emitter, emitter->scratch, moves[0].from);
            moves[0].from = emitter->scratch;
            continue;
        }
        emit_move(emitter, moves[chosen].to, moves[chosen].from);
        moves[chosen] = moves[--count];
    }
}

void stack_rearrange(Emitter *emitter, unsigned taken, const uint8_t *order, unsigned count)
{
    unsigned base = emitter->depth - taken, move_count = 0;
    Entry old[4];
    Move moves[6];
    int sources[6];

    memcpy(old, emitter->stack + base, taken * sizeof *old);
    for (unsigned i = 0; i < count; i++) {
        Entry entry = old[order[i]];
        int from = entry.place == PLACE_REGISTER ? entry.reg : stack_register(emitter, base + order[i]);
        bool is_above = entry.place != PLACE_CONSTANT && entry.kind != KIND_SECOND && from >= stack_register(emitter, base);
        unsigned first = i;
        sources[i] = is_above ? from : 0;
        if (is_above) {
            for (unsigned j = 0; j < i && first == i; j++)
                if (sources[j] == from)
                    first = j;
            int home = stack_register(emitter, base + first);
            entry.place = first == i ? PLACE_HOME : PLACE_REGISTER;
            entry.reg = (int16_t)home;
            if (first == i && home != from)
                moves[move_count++] = (Move){home, from};
        }
        emitter->stack[base + i] = entry;
    }
    /* A slot that stays where it is may be the target of no move, but the source of one: it is read there still. */
    emit_moves(emitter, moves, move_count);
    emitter->depth = base + count;
}

/* ---- maps ---- */

static void set_bit(Emitter *emitter, int reg)
{
    unsigned bit = (unsigned)(reg + (int)emitter->argument_slots);
    emitter->bits[bit / 8] |= (uint8_t)(1u << (bit % 8));
}

static CodeMapException exception_of(Emitter *emitter, unsigned slot)
{
    const Entry *entry = &emitter->stack[slot];
    CodeMapException exception = {.slot = (uint16_t)(0x8000 | slot)};

    if (entry->place == PLACE_REGISTER) {
        exception.kind = MAP_REGISTER;
        exception.value = entry->reg;
    } else if (entry->value == (int16_t)entry->value) {
        exception.kind = MAP_CONSTANT;
        exception.value = (int16_t)entry->value;
    } else {
        exception.kind = MAP_LITERAL;
        exception.value = (int16_t)code_literal(emitter->builder, (uint64_t)entry->value);
    }
    return exception;
}

static void mark_references(Emitter *emitter, unsigned depth)
{
    memset(emitter->bits, 0, emitter->bit_bytes);
    for (unsigned i = 0; i < emitter->max_locals; i++)
        if (emitter->locals[i] == KIND_REF)
            set_bit(emitter, local_register(emitter, i));
    for (unsigned i = 0; i < depth; i++) {
        const Entry *entry = &emitter->stack[i];
        if (entry->kind == KIND_REF && entry->place != PLACE_CONSTANT)
            set_bit(emitter, entry->place == PLACE_HOME ? stack_register(emitter, i) : entry->reg);
    }
    if (emitter->lock_state == LOCK_HELD)
        set_bit(emitter, emitter->lock);
}

void emit_map(Emitter *emitter, bool before, uint32_t guest_pc, unsigned depth)
{
    CodeMapException exceptions[MAP_EXCEPTIONS + 1];
    unsigned count = 0;

    mark_references(emitter, depth);
    for (unsigned i = 0; i < depth; i++)
        if (emitter->stack[i].place != PLACE_HOME && count < MAP_EXCEPTIONS)
            exceptions[count++] = exception_of(emitter, i);
    if (emitter->lock_state == LOCK_ABSENT) /* the frame holds no monitor */
        exceptions[count++] = (CodeMapException){.slot = (uint16_t)emitter->max_locals, .kind = MAP_DEAD};
    code_map(emitter->builder, before, guest_pc, depth, emitter->bits, emitter->bit_bytes, exceptions, count);
}

/* A map has room for so many exceptions only; deeper stacks go home as far as needed. */
static void limit_exceptions(Emitter *emitter)
{
    unsigned count = 0;
    for (unsigned i = emitter->depth; i-- > 0;)
        if (emitter->stack[i].place != PLACE_HOME && ++count > MAP_EXCEPTIONS)
            bring_home(emitter, i);
}

void emit_map_before(Emitter *emitter)
{
    if (emitter->depth > MAP_EXCEPTIONS)
        limit_exceptions(emitter);
    emit_map(emitter, true, emitter->now.pc, emitter->depth);
}

void emit_operation(Emitter *emitter, uint32_t operation, int a, int b, int c, unsigned after_depth)
{
    uint8_t effects = operation_infos[operation].effects;

    if (effects & EFFECT_COLLECTS)
        emit_map_before(emitter);
    code_emit(emitter->builder, operation, a, b, c);
    if (effects & EFFECT_CALLS)
        emit_map(emitter, false, emitter->now.pc, after_depth);
}
