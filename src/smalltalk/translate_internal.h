/* translate_internal.h - what the two parts of the translator share: translate_stack.c translates one bytecode after the
 * other, translate.c sees to the whole method. */
#ifndef SMALLTALK_TRANSLATE_INTERNAL_H
#define SMALLTALK_TRANSLATE_INTERNAL_H

#include "smalltalk/smalltalk_internal.h"

#define STACK_LIMIT_ENTRIES 250
#define VARIABLES_LIMIT 127       /* beside the arguments */
#define RECEIVER_SLOTS_LIMIT 4000 /* that bytecodes may name */

#define MAP_BYTES 64              /* of reference bits */

enum EntryKind { ENTRY_HOME, ENTRY_REGISTER, ENTRY_SPECIAL, ENTRY_IMMEDIATE, ENTRY_LITERAL };
typedef struct Entry {
    uint8_t kind;
    int32_t number; /* register, special value, slot of the method */
    Value value;    /* immediate */
} Entry;

/* A bytecode, and what jumps make of it. */
typedef struct Place {
    Bytecode code; /* as scanned; undefined inside of bytecodes and behind the end */
    int32_t depth; /* of the stack at this target; -1: unknown */
    CodeLabel label;
    uint8_t target; /* 1: some jump leads here, 2: a backward one */
} Place;

typedef struct Translator {
    CodeBuilder *builder;
    Value object;
    const uint8_t *bytes;
    size_t start, end;
    const SmalltalkMethod *method;
    bool sista, unfused, checked, leaf, failed;
    uint8_t values[MAP_BYTES]; /* of a map: all registers but for the frame's header */
    unsigned argument_slots, variables, locals; /* variables: copied ones too */
    int self, first_variable;
    Entry *stack; /* of STACK_LIMIT_ENTRIES */
    unsigned depth, depth_most;
    Place *places; /* by bytecode offset from start */
    uint32_t mapped_word;
    bool has_map, reachable;
    size_t pc, next; /* of the bytecode being translated, and behind it */
    unsigned needed_slots; /* of the receiver */
    unsigned temporaries_pushed; /* V3 blocks: leading pushes of nil that make the temporaries */
} Translator;

/* ---- registers ---- */

static inline int home(const Translator *t, unsigned slot)
{
    return FRAME_HEADER + (int)t->locals - (int)t->argument_slots + (int)slot;
}

static inline int variable_register(const Translator *t, unsigned index)
{
    unsigned arguments = t->argument_slots - 1;
    if (index < arguments)
        return (int)index - (int)arguments;
    return t->first_variable + (int)(index - arguments);
}

static inline uint32_t guest_pc(size_t offset)
{
    return (uint32_t)offset + 1;
}

static inline const Bytecode *bytecode_at(const Translator *t, size_t offset)
{
    return &t->places[offset - t->start].code;
}

static inline void no_value(const Translator *t, uint8_t *bits, int reg)
{
    unsigned bit = (unsigned)(reg + (int)t->argument_slots);
    bits[bit / 8] &= (uint8_t)~(1u << bit % 8);
}

/* In a map of registers below `end` all are values, but for the frame's header. How many bytes it takes. */
static inline size_t map_values(const Translator *t, uint8_t bits[MAP_BYTES], int end)
{
    unsigned count = (unsigned)(end + (int)t->argument_slots);
    memcpy(bits, t->values, MAP_BYTES);
    bits[count / 8] &= (uint8_t)((1u << count % 8) - 1);
    return (count + 7) / 8;
}

static inline size_t jump_target(const Translator *t, const Bytecode *jump, size_t behind)
{
    return behind + (size_t)(int64_t)jump->a;
}

/* translate_stack.c */
void translate_bytecode(Translator *t, const Bytecode *code);
void translate_map_before(Translator *t);                      /* of the next word, at the bytecode t->pc */
void translate_bring_home(Translator *t, unsigned depth);      /* the stack's first `depth` entries */

#endif
