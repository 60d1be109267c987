/* translate_stack.c - one bytecode after the other to register code, following the guest's stack.
 *
 * What a push would copy is remembered (a variable, a constant) and goes to its home register only when something needs
 * it there. So `a < b ifTrue:` is one instruction. */
#include "smalltalk/translate_internal.h"

#define FUSE_LIMIT_BYTES 3000 /* beyond, a branch with a data word might not reach */

/* ---- maps ---- */

/* What is not at home on the stack. */
static unsigned map_exceptions(Translator *t, unsigned depth, uint8_t *bits, CodeMapException *exceptions)
{
    unsigned count = 0;
    for (unsigned i = 0; i < depth; i++) {
        const Entry *entry = &t->stack[i];
        CodeMapException exception = {.slot = (uint16_t)(0x8000 | i)};
        switch (entry->kind) {
        case ENTRY_HOME: continue;
        case ENTRY_REGISTER: exception.kind = MAP_REGISTER; exception.value = (int16_t)entry->number; break;
        case ENTRY_SPECIAL: exception.kind = MAP_CONSTANT; exception.value = (int16_t)entry->number; break;
        case ENTRY_LITERAL: exception.kind = MAP_OBJECT; exception.value = (int16_t)entry->number; break;
        default:
            exception.kind = MAP_LITERAL;
            exception.value = (int16_t)code_literal(t->builder, entry->value);
        }
        no_value(t, bits, home(t, i));
        exceptions[count++] = exception;
    }
    return count;
}

static void map(Translator *t, bool before, size_t pc, unsigned depth)
{
    uint8_t bits[MAP_BYTES];
    CodeMapException exceptions[STACK_LIMIT_ENTRIES];
    size_t size;
    unsigned count;

    if (before && t->has_map && t->mapped_word == code_word_count(t->builder))
        return; /* the earlier state of the same word does as well: what lies between only pushes */
    size = map_values(t, bits, home(t, depth));
    count = map_exceptions(t, depth, bits, exceptions);
    code_map(t->builder, before, guest_pc(pc), depth, bits, size, exceptions, count);
    if (before) {
        t->has_map = true;
        t->mapped_word = code_word_count(t->builder);
    }
}

void translate_map_before(Translator *t)
{
    map(t, true, t->pc, t->depth);
}

/* ---- the followed stack ---- */

static void push_entry(Translator *t, Entry entry)
{
    if (t->depth + 4 >= STACK_LIMIT_ENTRIES) {
        t->failed = true;
        return;
    }
    t->stack[t->depth++] = entry;
    if (t->depth > t->depth_most)
        t->depth_most = t->depth;
}

static void push_home(Translator *t)
{
    push_entry(t, (Entry){.kind = ENTRY_HOME});
}

static bool pop_entries(Translator *t, unsigned count)
{
    if (count > t->depth) {
        t->failed = true;
        t->depth = 0;
        return false;
    }
    t->depth -= count;
    return true;
}

static void load_entry(Translator *t, const Entry *entry, unsigned slot, int target)
{
    int64_t bits = (int64_t)entry->value;
    switch (entry->kind) {
    case ENTRY_HOME:
        if (home(t, slot) != target)
            code_emit(t->builder, OP_MOVE, target, home(t, slot), 0);
        break;
    case ENTRY_REGISTER:
        if (entry->number != target)
            code_emit(t->builder, OP_MOVE, target, entry->number, 0);
        break;
    case ENTRY_SPECIAL: code_emit(t->builder, OP_LOAD_SPECIAL, target, entry->number, 0); break;
    case ENTRY_LITERAL: code_emit(t->builder, OP_LOAD_METHOD_LITERAL, target, 0, entry->number); break;
    default:
        if (bits == (int32_t)bits)
            code_emit_imm32(t->builder, OP_LOAD_I32, target, (int32_t)bits);
        else
            code_emit(t->builder, OP_LOAD_LITERAL, target, code_literal(t->builder, entry->value), 0);
    }
}

static void bring_home(Translator *t, unsigned slot)
{
    Entry *entry = &t->stack[slot];
    if (entry->kind == ENTRY_HOME)
        return;
    load_entry(t, entry, slot, home(t, slot));
    entry->kind = ENTRY_HOME;
}

void translate_bring_home(Translator *t, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        bring_home(t, i);
}

static void bring_home_from(Translator *t, unsigned slot)
{
    for (; slot < t->depth; slot++)
        bring_home(t, slot);
}

/* Before a variable changes: entries that stand for it take its old value home. */
static void save_copies(Translator *t, int reg, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        if (t->stack[i].kind == ENTRY_REGISTER && t->stack[i].number == reg)
            bring_home(t, i);
}

static int register_of(Translator *t, unsigned slot)
{
    if (t->stack[slot].kind == ENTRY_REGISTER)
        return t->stack[slot].number;
    bring_home(t, slot);
    return home(t, slot);
}

/* ---- looking ahead ---- */

static bool is_target(const Translator *t, size_t offset)
{
    return offset >= t->end || t->places[offset - t->start].target != 0;
}

static Bytecode peek(const Translator *t)
{
    if (t->unfused || is_target(t, t->next))
        return (Bytecode){.kind = BYTE_NOTHING};
    return *bytecode_at(t, t->next);
}

/* Where the result for stack slot `slot` goes: to a variable if the next bytecode stores it there, which then is done. */
static int result_register(Translator *t, unsigned slot, bool *stored)
{
    Bytecode following = peek(t);
    *stored = following.kind == BYTE_POP_TEMP;
    if (!*stored)
        return home(t, slot);
    t->next += following.length;
    save_copies(t, variable_register(t, (unsigned)following.a), slot);
    return variable_register(t, (unsigned)following.a);
}

static void push_result(Translator *t, bool stored)
{
    if (!stored)
        push_home(t);
}

/* ---- pushes and stores ---- */

static void emit_slot_load(Translator *t, uint32_t operation, int b, int c)
{
    bool stored;
    int target = result_register(t, t->depth, &stored);
    code_emit(t->builder, operation, target, b, c);
    push_result(t, stored);
    if (stored && t->depth_most < t->depth + 1)
        t->depth_most = t->depth + 1;
}

static void push_receiver_variable(Translator *t, int index)
{
    if (t->checked) {
        translate_map_before(t);
        code_emit(t->builder, OP_LOAD_SLOT_CHECKED, home(t, t->depth), t->self, index);
        push_home(t);
    } else {
        emit_slot_load(t, OP_LOAD_SLOT, t->self, OBJECT_BODY + 8 * index);
    }
}

/* In front of an instruction that the guest may be told of: it needs the state before just this bytecode. */
static void own_map_before(Translator *t)
{
    if (t->has_map && t->mapped_word == code_word_count(t->builder))
        code_emit(t->builder, OP_NOP, 0, 0, 0);
    translate_map_before(t);
}

static void store_receiver_variable(Translator *t, int index, bool pop)
{
    int value;
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    value = register_of(t, t->depth - 1);
    if (t->checked) {
        bring_home(t, t->depth - 1);
        translate_map_before(t);
        code_emit(t->builder, OP_STORE_SLOT_CHECKED, home(t, t->depth - 1), t->self, index | (pop ? 0x8000 : 0));
    } else if (smalltalk.stores_guarded) {
        own_map_before(t);
        code_emit(t->builder, OP_STORE_SLOT_GUARDED, value, t->self, index | (pop ? 0x8000 : 0));
    } else {
        code_emit(t->builder, OP_STORE_SLOT, value, t->self, OBJECT_BODY + 8 * index);
    }
    if (pop)
        t->depth--;
}

static void store_temp(Translator *t, int index, bool pop)
{
    int target = variable_register(t, (unsigned)index);
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    save_copies(t, target, t->depth - 1);
    load_entry(t, &t->stack[t->depth - 1], t->depth - 1, target);
    if (pop)
        t->depth--;
}

static void store_variable(Translator *t, int index, bool pop)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    int value = register_of(t, t->depth - 1);
    if (smalltalk.stores_guarded) {
        own_map_before(t);
        code_emit(t->builder, OP_STORE_VARIABLE_GUARDED, value, pop, index + 1);
    } else {
        code_emit(t->builder, OP_STORE_VARIABLE, value, 0, index + 1);
    }
    if (pop)
        t->depth--;
}

static void store_remote(Translator *t, const Bytecode *code, bool pop)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    code_emit(t->builder, OP_STORE_REMOTE, register_of(t, t->depth - 1), variable_register(t, (unsigned)code->b), code->a);
    if (pop)
        t->depth--;
}

static void push_duplicate(Translator *t)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    Entry top = t->stack[t->depth - 1];
    if (top.kind == ENTRY_HOME) {
        code_emit(t->builder, OP_MOVE, home(t, t->depth), home(t, t->depth - 1), 0);
        push_home(t);
    } else {
        push_entry(t, top);
    }
}

static void push_literal(Translator *t, int index)
{
    Value value = index < (int)header_literals(method_header(t->object)) ? slot_get(t->object, (uint64_t)index + 1) : 0;
    if (value == 0)
        t->failed = true;
    else if (value == NIL || value == TRUE_OBJECT || value == FALSE_OBJECT)
        push_entry(t, (Entry){.kind = ENTRY_SPECIAL,
                              .number = value == NIL ? TAGGED_NIL : value == TRUE_OBJECT ? TAGGED_TRUE : TAGGED_FALSE});
    else if (!value_is_object(value))
        push_entry(t, (Entry){.kind = ENTRY_IMMEDIATE, .value = value});
    else
        push_entry(t, (Entry){.kind = ENTRY_LITERAL, .number = index + 1});
}

/* ---- sends ---- */

static void emit_send(Translator *t, uint64_t literal, unsigned arguments, unsigned extra)
{
    unsigned used = arguments + 1 + extra;
    if (used > t->depth) {
        t->failed = true;
        return;
    }
    unsigned window = t->depth - used;
    const Entry *last = &t->stack[t->depth - 1];
    for (unsigned slot = window; slot < t->depth - 1; slot++)
        bring_home(t, slot);
    if (last->kind == ENTRY_REGISTER && last->number != home(t, t->depth - 1)) {
        code_emit(t->builder, OP_MOVE_SEND, home(t, t->depth - 1), last->number, 0);
        t->stack[t->depth - 1].kind = ENTRY_HOME;
    }
    bring_home(t, t->depth - 1);
    translate_map_before(t);
    code_emit(t->builder, OP_SEND, home(t, window), code_literal(t->builder, literal), code_site(t->builder));
    t->depth = window;
    map(t, false, t->pc, t->depth);
    push_home(t);
}

typedef struct Binary {
    uint16_t operation, immediate, branch;
    uint8_t kind;
} Binary;
static const Binary binaries[17] = {
    {OP_ADD_TAGGED, OP_ADD_TAGGED_IMM, 0, KIND_ADD},
    {OP_SUB_TAGGED, OP_SUB_TAGGED_IMM, 0, KIND_SUB},
    {OP_LT_TAGGED, 0, OP_IF_LT_TAGGED, KIND_LT},
    {OP_GT_TAGGED, 0, OP_IF_GT_TAGGED, KIND_GT},
    {OP_LE_TAGGED, 0, OP_IF_LE_TAGGED, KIND_LE},
    {OP_GE_TAGGED, 0, OP_IF_GE_TAGGED, KIND_GE},
    {OP_EQ_TAGGED, 0, OP_IF_EQ_TAGGED, KIND_EQ},
    {OP_NE_TAGGED, 0, OP_IF_NE_TAGGED, KIND_NE},
    {OP_MUL_TAGGED, 0, 0, KIND_MUL},
    {OP_DIVIDE_TAGGED, 0, 0, KIND_DIVIDE},
    {OP_FLOOR_MOD_TAGGED, 0, 0, KIND_SEND},
    {0, 0, 0, KIND_SEND},
    {OP_SHIFT_TAGGED, OP_SHIFT_TAGGED_IMM, 0, KIND_SEND},
    {OP_FLOOR_DIV_TAGGED, 0, 0, KIND_SEND},
    {OP_AND_TAGGED, 0, 0, KIND_SEND},
    {OP_OR_TAGGED, 0, 0, KIND_SEND},
    {OP_AT_TAGGED, OP_AT_TAGGED_IMM, 0, KIND_SEND},
};
/* An IF_x_TAGGED row is followed by those for not, with a number, not with a number. */
#define BRANCH_NOT 1u
#define BRANCH_IMMEDIATE 2u
_Static_assert(OP_IF_NOT_LT_TAGGED == OP_IF_LT_TAGGED + BRANCH_NOT && OP_IF_LT_TAGGED_IMM == OP_IF_LT_TAGGED + BRANCH_IMMEDIATE,
               "the rows of a comparison's branches stand in this order");

static bool small_number(const Entry *entry, int *number)
{
    if (entry->kind != ENTRY_IMMEDIATE || !value_is_integer(entry->value))
        return false;
    *number = (int)value_integer(entry->value);
    return value_integer(entry->value) >= INT16_MIN && value_integer(entry->value) <= INT16_MAX;
}

/* Notes the stack's depth at a jump's target. */
static CodeLabel target_label(Translator *t, size_t target, unsigned depth)
{
    if (target < t->start || target >= t->end) {
        t->failed = true;
        return t->places[0].label;
    }
    if (t->places[target - t->start].depth >= 0 && t->places[target - t->start].depth != (int32_t)depth)
        t->failed = true;
    t->places[target - t->start].depth = (int32_t)depth;
    return t->places[target - t->start].label;
}

static uint64_t special_literal(unsigned number, unsigned arguments)
{
    return send_literal(SEND_SPECIAL | number, arguments, 0);
}

/* A comparison whose result only a branch wants. */
static void binary_branch(Translator *t, const Binary *binary, unsigned number, const Bytecode *jump, int x, int y, bool immediate)
{
    unsigned window = t->depth - 2;
    size_t jump_pc = t->next;
    bool negated = jump->kind == BYTE_JUMP_FALSE;
    uint32_t operation = binary->branch + (negated ? BRANCH_NOT : 0) + (immediate ? BRANCH_IMMEDIATE : 0);
    int literal = code_literal(t->builder, special_literal(number, 1));
    CodeLabel label;

    t->next += jump->length;
    label = target_label(t, jump_target(t, jump, t->next), window);
    translate_map_before(t);
    code_emit_branch(t->builder, operation, x, y, label);
    code_emit_data(t->builder, tagged_data(home(t, window), literal, code_site(t->builder), (enum TaggedKind)binary->kind,
                                           TAGGED_DATA_BRANCH | (immediate ? TAGGED_DATA_IMMEDIATE : 0) |
                                               (negated ? TAGGED_DATA_NEGATED : 0)));
    t->depth = window;
    map(t, false, t->pc, window);
    push_home(t);
    map(t, true, jump_pc, t->depth);
    code_emit_branch(t->builder, negated ? OP_IF_FALSE_TAGGED : OP_IF_TRUE_TAGGED, home(t, window), 0, label);
    t->depth = window;
}

static void binary_value(Translator *t, const Binary *binary, unsigned number, int x, int y, bool immediate)
{
    unsigned window = t->depth - 2;
    size_t pc = t->pc;
    int literal = code_literal(t->builder, special_literal(number, 1));
    Bytecode following = peek(t);
    bool stored = following.kind == BYTE_POP_TEMP;
    int target = home(t, window);

    if (stored) {
        target = variable_register(t, (unsigned)following.a);
        save_copies(t, target, window);
    }
    translate_map_before(t);
    code_emit(t->builder, immediate ? binary->immediate : binary->operation, target, x, y);
    code_emit_data(t->builder, tagged_data(home(t, window), literal, code_site(t->builder), (enum TaggedKind)binary->kind,
                                           immediate ? TAGGED_DATA_IMMEDIATE : 0));
    t->depth = window;
    map(t, false, pc, window);
    if (target == home(t, window))
        code_emit(t->builder, OP_NOP, 0, 0, 0);
    else
        code_emit(t->builder, OP_MOVE, target, home(t, window), 0);
    if (stored)
        t->next += following.length;
    push_result(t, stored);
}

static bool can_branch(const Translator *t, const Binary *binary, const Bytecode *following)
{
    return binary->branch != 0 && (following->kind == BYTE_JUMP_FALSE || following->kind == BYTE_JUMP_TRUE) &&
           following->a > 0 && t->end - t->start < FUSE_LIMIT_BYTES;
}

static void emit_binary(Translator *t, unsigned number)
{
    const Binary *binary = &binaries[number];
    Bytecode following = peek(t);
    bool branches = can_branch(t, binary, &following), immediate;
    int x, y = 0;

    if (t->depth < 2) {
        t->failed = true;
        return;
    }
    immediate = (branches || binary->immediate != 0) && small_number(&t->stack[t->depth - 1], &y);
    if (branches)
        translate_bring_home(t, t->depth - 2);
    x = register_of(t, t->depth - 2);
    if (!immediate)
        y = register_of(t, t->depth - 1);
    if (branches)
        binary_branch(t, binary, number, &following, x, y, immediate);
    else
        binary_value(t, binary, number, x, y, immediate);
}

static void emit_at_put(Translator *t)
{
    int x, y, value;
    if (t->depth < 3) {
        t->failed = true;
        return;
    }
    unsigned window = t->depth - 3;
    x = register_of(t, window);
    bool immediate = small_number(&t->stack[window + 1], &y);
    if (!immediate)
        y = register_of(t, window + 1);
    value = register_of(t, window + 2);
    translate_map_before(t);
    code_emit(t->builder, immediate ? OP_AT_PUT_TAGGED_IMM : OP_AT_PUT_TAGGED, value, x, y);
    code_emit_data(t->builder, tagged_data(home(t, window), code_literal(t->builder, special_literal(17, 2)),
                                           code_site(t->builder), KIND_SEND, immediate ? TAGGED_DATA_IMMEDIATE : 0));
    t->depth = window;
    map(t, false, t->pc, window);
    push_home(t);
    if (code_word_count(t->builder) == 0)
        t->failed = true;
}

static void emit_special_send(Translator *t, unsigned number)
{
    static const uint8_t arguments[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                          1, 2, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0};
    if (number < 17 && binaries[number].operation != 0)
        emit_binary(t, number);
    else if (number == 17)
        emit_at_put(t);
    else
        emit_send(t, special_literal(number, arguments[number]), arguments[number], 0);
}

/* ---- jumps ---- */

static void emit_identical(Translator *t, bool same)
{
    Bytecode following = peek(t);
    bool branches = following.kind == BYTE_JUMP_FALSE || following.kind == BYTE_JUMP_TRUE, stored;
    if (t->depth < 2) {
        t->failed = true;
        return;
    }
    unsigned window = t->depth - 2;
    const Entry *last = &t->stack[window + 1];
    bool special = last->kind == ENTRY_SPECIAL;
    int x, y = special ? last->number : 0;

    if (!branches) {
        x = register_of(t, window);
        y = register_of(t, window + 1);
        t->depth = window;
        int target = result_register(t, window, &stored);
        code_emit(t->builder, same ? OP_IDENTICAL : OP_NOT_IDENTICAL, target, x, y);
        push_result(t, stored);
        return;
    }
    translate_bring_home(t, window);
    x = register_of(t, window);
    if (!special)
        y = register_of(t, window + 1);
    t->depth = window;
    t->next += following.length;
    CodeLabel label = target_label(t, jump_target(t, &following, t->next), window);
    bool when_same = same == (following.kind == BYTE_JUMP_TRUE);
    code_emit_branch(t->builder, special ? (when_same ? OP_IF_IS_SPECIAL : OP_IF_NOT_SPECIAL) : when_same ? OP_IF_EQ : OP_IF_NE,
                     x, y, label);
}

static void emit_conditional(Translator *t, const Bytecode *jump)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    translate_bring_home(t, t->depth - 1);
    int condition = register_of(t, t->depth - 1);
    own_map_before(t);
    CodeLabel label = target_label(t, jump_target(t, jump, t->next), t->depth - 1);
    code_emit_branch(t->builder, jump->kind == BYTE_JUMP_FALSE ? OP_IF_FALSE_TAGGED : OP_IF_TRUE_TAGGED, condition, 0, label);
    t->depth--;
}

static void emit_jump(Translator *t, const Bytecode *jump)
{
    translate_bring_home(t, t->depth);
    CodeLabel label = target_label(t, jump_target(t, jump, t->next), t->depth);
    code_emit_branch(t->builder, OP_GOTO, 0, 0, label);
    t->reachable = false;
}

/* ---- blocks and arrays ---- */

static void emit_array(Translator *t, int size, bool filled)
{
    unsigned used = filled ? (unsigned)size : 0;
    if (used > t->depth) {
        t->failed = true;
        return;
    }
    bring_home_from(t, t->depth - used);
    translate_map_before(t);
    code_emit(t->builder, OP_MAKE_ARRAY, home(t, t->depth - used), size, filled);
    t->depth -= used;
    push_home(t);
}

static void emit_closure(Translator *t, const Bytecode *code)
{
    unsigned copied = (unsigned)code->a;
    if (copied > t->depth) {
        t->failed = true;
        return;
    }
    bring_home_from(t, t->depth - copied);
    translate_map_before(t);
    code_emit(t->builder, OP_MAKE_BLOCK, home(t, t->depth - copied),
              code_literal(t->builder, (uint64_t)guest_pc(t->next) | (uint64_t)code->b << 32 | (uint64_t)copied << 40), 0);
    t->depth -= copied;
    push_home(t);
    t->next += (size_t)code->c;
}

static void emit_full_closure(Translator *t, const Bytecode *code)
{
    unsigned used = (unsigned)code->b + (code->c >> 1 & 1);
    if (used > t->depth) {
        t->failed = true;
        return;
    }
    bring_home_from(t, t->depth - used);
    translate_map_before(t);
    code_emit(t->builder, OP_MAKE_FULL_BLOCK, home(t, t->depth - used),
              code_literal(t->builder, (uint64_t)(code->a + 1) | (uint64_t)code->b << 40 | (uint64_t)(code->c >> 1 & 1) << 48 |
                                           (uint64_t)(code->c & 1) << 49), 0);
    t->depth -= used;
    push_home(t);
}

/* ---- returns ---- */

static void emit_return(Translator *t, int reg, bool outer)
{
    if (outer) {
        translate_map_before(t);
        code_emit(t->builder, OP_RETURN_OUTER, reg, 0, 0);
    } else {
        code_emit(t->builder, t->leaf ? OP_RETURN : OP_RETURN_TAGGED, reg, 0, (int)t->argument_slots);
    }
    t->reachable = false;
}

static void emit_return_top(Translator *t, bool outer)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    emit_return(t, outer ? (bring_home(t, t->depth - 1), home(t, t->depth - 1)) : register_of(t, t->depth - 1), outer);
}

static void emit_return_special(Translator *t, int special, bool outer)
{
    push_entry(t, (Entry){.kind = ENTRY_SPECIAL, .number = special});
    emit_return_top(t, outer);
}

static void emit_return_receiver(Translator *t, bool outer)
{
    push_entry(t, (Entry){.kind = ENTRY_REGISTER, .number = t->self});
    emit_return_top(t, outer);
}

/* ---- one bytecode ---- */

static bool is_block(const Translator *t)
{
    return t->method->kind != KIND_METHOD;
}

static void translate_simple(Translator *t, const Bytecode *code)
{
    switch (code->kind) {
    case BYTE_PUSH_RECEIVER_VARIABLE: push_receiver_variable(t, code->a); break;
    case BYTE_PUSH_TEMP:
        push_entry(t, (Entry){.kind = ENTRY_REGISTER, .number = variable_register(t, (unsigned)code->a)});
        break;
    case BYTE_PUSH_LITERAL: push_literal(t, code->a); break;
    case BYTE_PUSH_VARIABLE: emit_slot_load(t, OP_LOAD_VARIABLE, 0, code->a + 1); break;
    case BYTE_PUSH_RECEIVER: push_entry(t, (Entry){.kind = ENTRY_REGISTER, .number = t->self}); break;
    case BYTE_PUSH_SPECIAL: push_entry(t, (Entry){.kind = ENTRY_SPECIAL, .number = code->a}); break;
    case BYTE_PUSH_IMMEDIATE: push_entry(t, (Entry){.kind = ENTRY_IMMEDIATE, .value = code->value}); break;
    case BYTE_PUSH_REMOTE:
        emit_slot_load(t, OP_LOAD_REMOTE, variable_register(t, (unsigned)code->b), code->a);
        break;
    case BYTE_PUSH_CONTEXT:
        translate_map_before(t);
        code_emit(t->builder, OP_THIS_CONTEXT, home(t, t->depth), 0, 0);
        push_home(t);
        break;
    case BYTE_PUSH_PROCESS:
        code_emit(t->builder, OP_THIS_PROCESS, home(t, t->depth), 0, 0);
        push_home(t);
        break;
    case BYTE_STORE_REMOTE: store_remote(t, code, false); break;
    case BYTE_POP_REMOTE: store_remote(t, code, true); break;
    case BYTE_STORE_RECEIVER_VARIABLE: store_receiver_variable(t, code->a, false); break;
    case BYTE_POP_RECEIVER_VARIABLE: store_receiver_variable(t, code->a, true); break;
    case BYTE_STORE_TEMP: store_temp(t, code->a, false); break;
    case BYTE_POP_TEMP: store_temp(t, code->a, true); break;
    case BYTE_STORE_VARIABLE: store_variable(t, code->a, false); break;
    case BYTE_POP_VARIABLE: store_variable(t, code->a, true); break;
    case BYTE_POP: pop_entries(t, 1); break;
    case BYTE_DUP: push_duplicate(t); break;
    default: break;
    }
}

void translate_bytecode(Translator *t, const Bytecode *code)
{
    switch (code->kind) {
    case BYTE_RETURN_RECEIVER: emit_return_receiver(t, is_block(t)); break;
    case BYTE_RETURN_SPECIAL: emit_return_special(t, code->a, is_block(t)); break;
    case BYTE_RETURN_TOP: emit_return_top(t, is_block(t)); break;
    case BYTE_RETURN_BLOCK: emit_return_top(t, false); break;
    case BYTE_RETURN_BLOCK_NIL: emit_return_special(t, TAGGED_NIL, false); break;
    case BYTE_JUMP: emit_jump(t, code); break;
    case BYTE_JUMP_TRUE:
    case BYTE_JUMP_FALSE: emit_conditional(t, code); break;
    case BYTE_SEND: emit_send(t, send_literal((unsigned)code->a + 1, (unsigned)code->b, 0), (unsigned)code->b, 0); break;
    case BYTE_SEND_SUPER:
        emit_send(t, send_literal((unsigned)code->a + 1, (unsigned)code->b, SEND_SUPER), (unsigned)code->b, 0);
        break;
    case BYTE_SEND_DIRECTED:
        emit_send(t, send_literal((unsigned)code->a + 1, (unsigned)code->b, SEND_DIRECTED), (unsigned)code->b, 1);
        break;
    case BYTE_SEND_SPECIAL: emit_special_send(t, (unsigned)code->a); break;
    case BYTE_IDENTICAL: emit_identical(t, true); break;
    case BYTE_NOT_IDENTICAL: emit_identical(t, false); break;
    case BYTE_CLASS:
        if (t->depth == 0) {
            t->failed = true;
            break;
        }
        code_emit(t->builder, OP_CLASS_TAGGED, home(t, t->depth - 1), register_of(t, t->depth - 1), 0);
        t->stack[t->depth - 1].kind = ENTRY_HOME;
        break;
    case BYTE_NEW_ARRAY: emit_array(t, code->a, false); break;
    case BYTE_NEW_ARRAY_FILLED: emit_array(t, code->a, true); break;
    case BYTE_CLOSURE: emit_closure(t, code); break;
    case BYTE_FULL_CLOSURE: emit_full_closure(t, code); break;
    case BYTE_PRIMITIVE:
    case BYTE_NOTHING: break;
    case BYTE_BAD:
        translate_map_before(t);
        code_emit(t->builder, OP_BAD_BYTECODE, code->a, 0, 0);
        t->reachable = false;
        break;
    default: translate_simple(t, code);
    }
}
