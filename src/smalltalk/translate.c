/* translate.c - from a method's bytecodes to register code.
 *
 * The guest's stack is followed while translating: what a push would copy is remembered (a variable, a constant) and
 * goes to its home register only when something needs it there. So `a < b ifTrue:` is one instruction. At a jump's
 * target everything is at home. `Unfused` code keeps everything at home and has a map before each bytecode: any
 * context can go on in it. */
#include <stdlib.h>

#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

#define STACK_LIMIT_ENTRIES 250
#define FUSE_LIMIT_BYTES 3000 /* beyond, a branch with a data word might not reach */

enum EntryKind { ENTRY_HOME, ENTRY_REGISTER, ENTRY_SPECIAL, ENTRY_IMMEDIATE, ENTRY_LITERAL };
typedef struct Entry {
    uint8_t kind;
    int32_t number; /* register, special value, slot of the method */
    Value value;    /* immediate */
} Entry;

typedef struct Translator {
    CodeBuilder *builder;
    Value object;
    const uint8_t *bytes;
    size_t start, end;
    const SmalltalkMethod *method;
    bool sista, unfused, checked, leaf, failed;
    unsigned argument_slots, variables, locals; /* variables: copied ones too */
    int self, first_variable;
    Entry stack[STACK_LIMIT_ENTRIES];
    unsigned depth, depth_most;
    int32_t *depths;   /* by bytecode offset from start: -1 unknown, else at this target */
    uint8_t *targets;  /* 1: some jump leads here, 2: a backward one */
    CodeLabel *labels;
    uint32_t mapped_word;
    bool has_map, reachable;
    size_t pc, next; /* of the bytecode being translated, and behind it */
    unsigned temporaries_pushed; /* V3 blocks: leading pushes of nil that make the temporaries */
} Translator;

/* ---- registers ---- */

static int home(const Translator *t, unsigned slot)
{
    return FRAME_HEADER + (int)t->locals - (int)t->argument_slots + (int)slot;
}

static int variable_register(const Translator *t, unsigned index)
{
    unsigned arguments = t->argument_slots - 1;
    if (index < arguments)
        return (int)index - (int)arguments;
    return t->first_variable + (int)(index - arguments);
}

static uint32_t guest_pc(size_t offset)
{
    return (uint32_t)offset + 1;
}

/* ---- maps ---- */

static void set_bit(const Translator *t, uint8_t *bits, int reg)
{
    unsigned bit = (unsigned)(reg + (int)t->argument_slots);
    bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static unsigned make_map(Translator *t, unsigned depth, uint8_t *bits, CodeMapException *exceptions)
{
    unsigned count = 0;
    for (int r = -(int)t->argument_slots; r < 0; r++)
        set_bit(t, bits, r);
    for (int r = FRAME_HEADER; r < home(t, 0); r++)
        set_bit(t, bits, r);
    for (unsigned i = 0; i < depth; i++) {
        const Entry *entry = &t->stack[i];
        CodeMapException exception = {.slot = (uint16_t)(0x8000 | i)};
        switch (entry->kind) {
        case ENTRY_HOME: set_bit(t, bits, home(t, i)); continue;
        case ENTRY_REGISTER: exception.kind = MAP_REGISTER; exception.value = (int16_t)entry->number; break;
        case ENTRY_SPECIAL: exception.kind = MAP_CONSTANT; exception.value = (int16_t)entry->number; break;
        case ENTRY_LITERAL: exception.kind = MAP_OBJECT; exception.value = (int16_t)entry->number; break;
        default:
            exception.kind = MAP_LITERAL;
            exception.value = (int16_t)code_literal(t->builder, entry->value);
        }
        exceptions[count++] = exception;
    }
    return count;
}

static void map(Translator *t, bool before, size_t pc, unsigned depth)
{
    uint8_t bits[64] = {0};
    CodeMapException exceptions[STACK_LIMIT_ENTRIES];
    unsigned count;

    if (before && t->has_map && t->mapped_word == code_word_count(t->builder))
        return; /* the earlier state of the same word does as well: what lies between only pushes */
    count = make_map(t, depth, bits, exceptions);
    code_map(t->builder, before, guest_pc(pc), depth, bits, (size_t)(home(t, depth) + (int)t->argument_slots + 7) / 8, exceptions,
             count);
    if (before) {
        t->has_map = true;
        t->mapped_word = code_word_count(t->builder);
    }
}

static void map_before(Translator *t)
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

static void bring_home_below(Translator *t, unsigned depth)
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
    return offset >= t->end || t->targets[offset - t->start] != 0;
}

static Bytecode peek(const Translator *t)
{
    if (t->unfused || is_target(t, t->next))
        return (Bytecode){.kind = BYTE_NOTHING};
    return bytecode_decode(t->bytes, t->end, t->next, t->sista);
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
        map_before(t);
        code_emit(t->builder, OP_LOAD_SLOT_CHECKED, home(t, t->depth), t->self, index);
        push_home(t);
    } else {
        emit_slot_load(t, OP_LOAD_SLOT, t->self, OBJECT_BODY + 8 * index);
    }
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
        map_before(t);
        code_emit(t->builder, OP_STORE_SLOT_CHECKED, home(t, t->depth - 1), t->self, index | (pop ? 0x8000 : 0));
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
    code_emit(t->builder, OP_STORE_VARIABLE, register_of(t, t->depth - 1), 0, index + 1);
    if (pop)
        t->depth--;
}

static void store_remote(Translator *t, const Bytecode *code, bool pop)
{
    if (t->depth == 0) {
        t->failed = true;
        return;
    }
    code_emit(t->builder, OP_STORE_SLOT, register_of(t, t->depth - 1), variable_register(t, (unsigned)code->b),
              OBJECT_BODY + 8 * code->a);
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
    bring_home_from(t, window);
    map_before(t);
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
    {OP_SHIFT_TAGGED, 0, 0, KIND_SEND},
    {OP_FLOOR_DIV_TAGGED, 0, 0, KIND_SEND},
    {OP_AND_TAGGED, 0, 0, KIND_SEND},
    {OP_OR_TAGGED, 0, 0, KIND_SEND},
    {OP_AT_TAGGED, 0, 0, KIND_SEND},
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

static size_t jump_target(const Translator *t, const Bytecode *jump, size_t behind)
{
    return behind + (size_t)(int64_t)jump->a;
}

/* Notes the stack's depth at a jump's target. */
static CodeLabel target_label(Translator *t, size_t target, unsigned depth)
{
    if (target < t->start || target >= t->end) {
        t->failed = true;
        return t->labels[0];
    }
    t->depths[target - t->start] = (int32_t)depth;
    return t->labels[target - t->start];
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
    map_before(t);
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
    map_before(t);
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
        bring_home_below(t, t->depth - 2);
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
    y = register_of(t, window + 1);
    value = register_of(t, window + 2);
    map_before(t);
    code_emit(t->builder, OP_AT_PUT_TAGGED, value, x, y);
    code_emit_data(t->builder, tagged_data(home(t, window), code_literal(t->builder, special_literal(17, 2)),
                                           code_site(t->builder), KIND_SEND, 0));
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
    bring_home_below(t, window);
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
    bring_home_below(t, t->depth - 1);
    int condition = register_of(t, t->depth - 1);
    if (t->has_map && t->mapped_word == code_word_count(t->builder))
        code_emit(t->builder, OP_NOP, 0, 0, 0); /* mustBeBoolean needs the state before just this bytecode */
    map_before(t);
    CodeLabel label = target_label(t, jump_target(t, jump, t->next), t->depth - 1);
    code_emit_branch(t->builder, jump->kind == BYTE_JUMP_FALSE ? OP_IF_FALSE_TAGGED : OP_IF_TRUE_TAGGED, condition, 0, label);
    t->depth--;
}

static void emit_jump(Translator *t, const Bytecode *jump)
{
    bring_home_below(t, t->depth);
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
    map_before(t);
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
    map_before(t);
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
    map_before(t);
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
        map_before(t);
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
        emit_slot_load(t, OP_LOAD_SLOT, variable_register(t, (unsigned)code->b), OBJECT_BODY + 8 * code->a);
        break;
    case BYTE_PUSH_CONTEXT:
        map_before(t);
        code_emit(t->builder, OP_THIS_CONTEXT, home(t, t->depth), 0, 0);
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

static void translate_one(Translator *t, const Bytecode *code)
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
    case BYTE_PUSH_PROCESS:
        map_before(t);
        code_emit(t->builder, OP_BAD_BYTECODE, code->a, 0, 0);
        t->reachable = false;
        break;
    default: translate_simple(t, code);
    }
}

/* ---- the whole ---- */

/* At a place where jumps arrive all is at home. */
static void arrive(Translator *t)
{
    size_t index = t->pc - t->start;
    if (t->reachable)
        bring_home_below(t, t->depth);
    else
        t->depth = t->depths[index] >= 0 ? (unsigned)t->depths[index] : 0;
    t->depths[index] = (int32_t)t->depth;
    for (unsigned i = 0; i < t->depth; i++)
        t->stack[i].kind = ENTRY_HOME;
    if (t->depth > t->depth_most)
        t->depth_most = t->depth;
    t->reachable = true;
    if (t->has_map && t->mapped_word == code_word_count(t->builder))
        code_emit(t->builder, OP_NOP, 0, 0, 0); /* the map of the word belongs to another state */
    code_label_here(t->builder, t->labels[index]);
    map_before(t);
}

static void translate_body(Translator *t)
{
    while (t->pc < t->end && !t->failed) {
        if (t->targets[t->pc - t->start] != 0)
            arrive(t);
        Bytecode code = bytecode_decode(t->bytes, t->end, t->pc, t->sista);
        t->next = t->pc + code.length;
        if (!t->reachable) {
            if (code.kind == BYTE_CLOSURE)
                t->next += (size_t)code.c;
            t->pc = t->next;
            continue;
        }
        if (t->unfused && t->targets[t->pc - t->start] == 0) {
            if (t->has_map && t->mapped_word == code_word_count(t->builder))
                code_emit(t->builder, OP_NOP, 0, 0, 0);
            map_before(t);
        }
        translate_one(t, &code);
        if (t->unfused && t->reachable)
            bring_home_below(t, t->depth);
        t->pc = t->next;
    }
    if (t->reachable && !t->failed) { /* bytecodes that run off the end */
        t->pc = t->end;
        code_emit(t->builder, OP_NOP, 0, 0, 0);
        map_before(t);
        code_emit(t->builder, OP_BAD_BYTECODE, -1, 0, 0);
    }
}

static void mark_target(Translator *t, const Bytecode *jump, size_t behind, size_t *furthest)
{
    size_t target = jump_target(t, jump, behind);
    if (target < t->start || target >= t->end) {
        t->failed = true;
        return;
    }
    t->targets[target - t->start] |= jump->a < 0 ? 3 : 1;
    if (target > *furthest)
        *furthest = target;
}

static bool is_leaf_code(unsigned kind)
{
    return kind == BYTE_JUMP || kind == BYTE_NOTHING || kind == BYTE_PRIMITIVE || kind == BYTE_IDENTICAL ||
           kind == BYTE_CLASS || kind == BYTE_RETURN_RECEIVER || kind == BYTE_RETURN_SPECIAL || kind == BYTE_RETURN_TOP ||
           (kind <= BYTE_DUP && kind != BYTE_PUSH_CONTEXT && kind != BYTE_PUSH_PROCESS);
}

static bool uses_variable(unsigned kind)
{
    return kind == BYTE_PUSH_TEMP || kind == BYTE_STORE_TEMP || kind == BYTE_POP_TEMP;
}
static bool uses_vector(unsigned kind)
{
    return kind == BYTE_PUSH_REMOTE || kind == BYTE_STORE_REMOTE || kind == BYTE_POP_REMOTE;
}

/* Finds the end, the jumps' targets, whether it is a leaf, and the highest variable. */
static int scan(Translator *t, bool find_end)
{
    size_t furthest = t->start, pc = t->start;
    int highest = -1;
    bool ended = false;

    t->leaf = t->method->kind == KIND_METHOD && !t->checked && !t->unfused;
    while (pc < t->end && !t->failed) {
        Bytecode code = bytecode_decode(t->bytes, t->end, pc, t->sista);
        if (find_end && ended && pc > furthest) {
            t->end = pc;
            break;
        }
        pc += code.length;
        ended = code.kind == BYTE_JUMP || (code.kind >= BYTE_RETURN_RECEIVER && code.kind <= BYTE_RETURN_BLOCK_NIL) ||
                code.kind == BYTE_BAD;
        if (code.kind == BYTE_JUMP || code.kind == BYTE_JUMP_TRUE || code.kind == BYTE_JUMP_FALSE)
            mark_target(t, &code, pc, &furthest);
        if (code.kind == BYTE_JUMP && code.a < 0)
            t->leaf = false;
        if (code.kind == BYTE_CLOSURE)
            pc += (size_t)code.c;
        if (!is_leaf_code(code.kind))
            t->leaf = false;
        if (uses_variable(code.kind) && code.a > highest)
            highest = code.a;
        if (uses_vector(code.kind) && code.b > highest)
            highest = code.b;
    }
    return highest;
}

/* Does the receiver's class, or one above or below, describe contexts? Then its instances' slots may be in a frame. */
static bool is_context_class(Value class)
{
    Value context = special_object(SPECIAL_CLASS_CONTEXT);
    for (Value c = class; is_pointers(c) && c != NIL; c = slot_get(c, BEHAVIOR_SUPER))
        if (c == context)
            return true;
    for (Value c = context; is_pointers(c) && c != NIL; c = slot_get(c, BEHAVIOR_SUPER))
        if (c == class)
            return true;
    return false;
}

static Value method_class(Value method)
{
    for (unsigned steps = 0; steps < 64 && is_method(method); steps++) {
        unsigned literals = header_literals(method_header(method));
        Value last = literals != 0 ? slot_get(method, literals) : NIL;
        if (is_method(last)) {
            method = last; /* a block's method ends with the one around it */
            continue;
        }
        return is_pointers(last) && object_slot_count(last) >= 2 ? slot_get(last, 1) : NIL;
    }
    return NIL;
}

static bool emit_quick_primitive(Translator *t, unsigned primitive)
{
    int reg = home(t, 0);
    if (primitive < 256 || primitive > 519 || (t->checked && primitive >= 264))
        return false;
    t->depth_most = 1;
    if (primitive == 256)
        reg = t->self;
    else if (primitive >= 264)
        code_emit(t->builder, OP_LOAD_SLOT, reg, t->self, OBJECT_BODY + 8 * ((int)primitive - 264));
    else if (primitive <= 259)
        code_emit(t->builder, OP_LOAD_SPECIAL, reg, primitive == 257 ? TAGGED_TRUE : primitive == 258 ? TAGGED_FALSE : TAGGED_NIL, 0);
    else
        code_emit_imm32(t->builder, OP_LOAD_I32, reg, (int32_t)value_from_integer((int)primitive - 261));
    code_emit(t->builder, OP_RETURN, reg, 0, (int)t->argument_slots);
    return true;
}

static bool is_value_primitive(unsigned primitive)
{
    return (primitive >= 201 && primitive <= 205) || primitive == 207 || primitive == 221 || primitive == 222;
}

/* The method's primitive, which runs before the frame is set up: only its arguments are values yet. */
static void emit_primitive(Translator *t, unsigned primitive)
{
    uint8_t bits[8] = {0};
    bool value = is_value_primitive(primitive);
    if (!value && (primitive >= TAGGED_PRIMITIVES || run_tagged.primitives[primitive] == NULL)) {
        primitive_note_missing(primitive);
        return;
    }
    for (int r = -(int)t->argument_slots; r < 0; r++)
        set_bit(t, bits, r);
    code_map(t->builder, true, guest_pc(t->start), 0, bits, (t->argument_slots + 7) / 8, NULL, 0);
    t->has_map = true;
    t->mapped_word = 0;
    code_emit(t->builder, value ? OP_PRIMITIVE_VALUE : OP_PRIMITIVE, 0, (int)primitive, (int)t->argument_slots);
}

static void skip_error_store(Translator *t)
{
    Bytecode code = bytecode_decode(t->bytes, t->end, t->pc, t->sista);
    if (code.kind != BYTE_STORE_TEMP)
        return;
    if (!t->unfused)
        code_emit(t->builder, OP_PRIMITIVE_ERROR, variable_register(t, (unsigned)code.a), 0, 0);
    t->pc += code.length;
}

static void enter_method(Translator *t)
{
    unsigned primitive = t->method->primitive;
    t->pc = t->start;
    if (primitive != 0) {
        if (!t->unfused)
            emit_primitive(t, primitive);
        t->pc += bytecode_decode(t->bytes, t->end, t->pc, t->sista).length;
    }
    code_emit(t->builder, OP_ENTER_METHOD, 0, (int)t->variables, 0);
    if (primitive != 0)
        skip_error_store(t);
}

static void enter_block(Translator *t)
{
    unsigned copied = t->method->copied;
    code_emit(t->builder, t->method->kind == KIND_BLOCK ? OP_ENTER_BLOCK : OP_ENTER_FULL_BLOCK, 0, (int)copied,
              (int)(t->variables - copied));
    t->pc = t->start;
    for (unsigned i = 0; i < t->temporaries_pushed; i++)
        t->pc += bytecode_decode(t->bytes, t->end, t->pc, t->sista).length;
}

/* V3 blocks make their temporaries by pushing nils first: as many as are used as variables. */
static unsigned pushed_temporaries(const Translator *t, int highest)
{
    unsigned known = t->argument_slots - 1 + t->method->copied, count = 0;
    size_t pc = t->start;
    while (pc < t->end && known + count < (unsigned)(highest + 1)) {
        Bytecode code = bytecode_decode(t->bytes, t->end, pc, t->sista);
        if (code.kind != BYTE_PUSH_SPECIAL || code.a != TAGGED_NIL)
            break;
        pc += code.length;
        count++;
    }
    return count;
}

static void set_variables(Translator *t, SmalltalkMethod *method, int highest)
{
    unsigned arguments = t->argument_slots - 1;
    Value header = method_header(t->object);

    if (method->kind == KIND_BLOCK) {
        t->temporaries_pushed = pushed_temporaries(t, highest);
        method->temporaries = (uint8_t)t->temporaries_pushed;
    } else {
        unsigned all = header_temporaries(header), known = arguments + method->copied;
        method->temporaries = (uint8_t)(all > known ? all - known : 0);
    }
    t->variables = method->copied + method->temporaries;
    if (highest >= (int)(arguments + t->variables))
        t->failed = true;
    t->first_variable = TAGGED_FIRST + (method->kind != KIND_METHOD);
    t->self = method->kind == KIND_METHOD ? -(int)t->argument_slots : TAGGED_FIRST;
    t->locals = t->argument_slots + 2 + (method->kind != KIND_METHOD) + t->variables;
}

static Result finish(Translator *t, uint32_t number)
{
    Result result;
    Code *code = NULL;
    Code shape = {
        .method = number,
        .argument_slots = (uint16_t)t->argument_slots,
        .register_count = (uint16_t)(home(t, t->depth_most) + 1),
        .local_count = (uint16_t)t->locals,
        .stack_count = (uint16_t)t->depth_most,
        .flags = CODE_TAGGED,
    };
    TRY(code_builder_finish(t->builder, &shape, &code));
#if defined(RUN_DISPATCH_INDEX) /* debug and sanitizer builds */
    TRY(code_verify(code));
#endif
    if (smalltalk_options.dump_code)
        code_print(stderr, code);
    TRY(method_install(method_at(number), code));
done:
    free(code);
    return result;
}

static Result translate_into(Translator *t, uint32_t number)
{
    Result result;
    SmalltalkMethod *method = smalltalk_method(number);
    size_t size;

    for (size_t i = 0; i < t->end - t->start; i++)
        t->depths[i] = -1;
    int highest = scan(t, method->kind != KIND_BLOCK);
    set_variables(t, method, highest);
    size = t->end - t->start;
    for (size_t i = 0; i < size; i++)
        if (t->targets[i] != 0)
            t->labels[i] = code_label_new(t->builder);
    t->reachable = true;
    if (method->kind == KIND_METHOD && !t->unfused && emit_quick_primitive(t, method->primitive)) {
        return finish(t, number);
    }
    if (method->kind == KIND_METHOD)
        enter_method(t);
    else
        enter_block(t);
    if (!t->leaf) /* a leaf is never left but by its return, so never entered again */
        map_before(t);
    translate_body(t);
    if (t->failed)
        return error_set(ERROR_FORMAT, "bytecodes that do not fit together");
    TRY(finish(t, number));
done:
    return result;
}

/* Code for what cannot be translated: it says so when it runs. */
static Result translate_bad(uint32_t number)
{
    SmalltalkMethod *method = smalltalk_method(number);
    Translator t = {.method = method, .argument_slots = method->method.argument_slots, .object = run_tagged.method_objects[number]};
    Result result;

    TRY(code_builder_open(&t.builder));
    t.locals = t.argument_slots + 3;
    if (method->kind == KIND_METHOD)
        code_emit(t.builder, OP_ENTER_METHOD, 0, 1, 0);
    else
        code_emit(t.builder, method->kind == KIND_BLOCK ? OP_ENTER_BLOCK : OP_ENTER_FULL_BLOCK, 0, 0, 0);
    t.pc = method->start;
    map_before(&t);
    code_emit(t.builder, OP_BAD_BYTECODE, -1, 0, 0);
    TRY(finish(&t, number));
done:
    code_builder_close(t.builder);
    return result;
}

Result translate_method(uint32_t number)
{
    SmalltalkMethod *method = smalltalk_method(number);
    Translator t = {.object = run_tagged.method_objects[number], .method = method, .unfused = method->is_unfused};
    Result result;
    size_t size;

    t.bytes = method_bytes(t.object);
    t.start = method->start;
    t.end = method->end;
    t.sista = header_is_sista(method_header(t.object));
    t.argument_slots = method->method.argument_slots;
    t.checked = is_context_class(method_class(t.object));
    size = t.end - t.start + 1;
    TRY(code_builder_open(&t.builder));
    t.depths = memory_allocate_array(size, sizeof *t.depths);
    t.targets = memory_allocate_array(size, 1);
    t.labels = memory_allocate_array(size, sizeof *t.labels);
    if (t.depths == NULL || t.targets == NULL || t.labels == NULL)
        TRY(ERROR_MEMORY);
    TRY(translate_into(&t, number));
done:
    memory_free(t.depths);
    memory_free(t.targets);
    memory_free(t.labels);
    code_builder_close(t.builder);
    if (result == ERROR_FORMAT) {
        if (smalltalk_options.trace_primitives)
            fprintf(stderr, "coracle: a method cannot be translated: %s\n", error_message());
        result = translate_bad(number);
    }
    return result;
}
