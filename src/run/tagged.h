/* tagged.h - what the engine's tagged instructions and the language behind them agree on.
 *
 * A frame of tagged code (CODE_TAGGED) has the receiver and the arguments as its argument slots and keeps in its first
 * registers after the header
 *
 *   TAGGED_CONTEXT  the object that stands for this frame, 0 while there is none
 *   TAGGED_METHOD   the method object, whose slots are the literals
 *
 * A DATA word behind an instruction with a fast path describes the send that takes its place otherwise:
 *
 *   0-15 window | 16-31 literal (what to send) | 32-47 site | 48-55 enum TaggedKind | 56 immediate operand |
 *   57 it is a branch | 58 the branch is taken if the comparison is false
 *
 * It is followed by one more word, which the fast path skips: it brings the send's result (in the window's first
 * register) to where the instruction would have put it. */
#ifndef RUN_TAGGED_H
#define RUN_TAGGED_H

#include "base/float_bits.h"
#include "code/code.h"
#include "heap/heap.h"

struct Thread;

#define TAGGED_CONTEXT FRAME_HEADER
#define TAGGED_METHOD (FRAME_HEADER + 1)
#define TAGGED_FIRST (FRAME_HEADER + 2)

enum TaggedSpecial { TAGGED_NIL, TAGGED_FALSE, TAGGED_TRUE, TAGGED_SPECIALS };

enum TaggedKind {
    KIND_SEND, /* no arithmetic on floats */
    KIND_ADD, KIND_SUB, KIND_MUL, KIND_DIVIDE,
    KIND_LT, KIND_GT, KIND_LE, KIND_GE, KIND_EQ, KIND_NE
};
#define TAGGED_DATA_IMMEDIATE (1ull << 56)
#define TAGGED_DATA_BRANCH (1ull << 57)
#define TAGGED_DATA_NEGATED (1ull << 58)
static inline uint64_t tagged_data(int window, int literal, int site, enum TaggedKind kind, uint64_t flags)
{
    return (uint64_t)(uint16_t)window | (uint64_t)(uint16_t)literal << 16 | (uint64_t)(uint16_t)site << 32 |
           (uint64_t)kind << 48 | flags;
}

/* An inline cache: class index | method number << 22 | what can be done without a frame << 56: for at: and at:put:, an
 * indexed access (words and floats have 32 bits); for other sends, the receiver itself, a special value, a slot of the
 * receiver, or a primitive (by its place in run_tagged.leaves) that neither walks nor changes frames. */
enum TaggedAccess {
    ACCESS_SEND, ACCESS_POINTERS, ACCESS_BYTES, ACCESS_CHARACTERS, ACCESS_WORDS, ACCESS_FLOATS,
    ACCESS_SELF, ACCESS_SPECIAL, ACCESS_SLOT = ACCESS_SPECIAL + TAGGED_SPECIALS, ACCESS_LEAF = ACCESS_SLOT + 128
};
#define TAGGED_ACCESS_SHIFT 56
#define TAGGED_LEAVES (256 - ACCESS_LEAF)

/* What the inline caches of sends that see several classes have forgotten: key is the site's place | class index. */
#define TAGGED_SITES 1024
typedef struct TaggedSite {
    uint64_t key, cell; /* key 0: free */
} TaggedSite;
static inline uint64_t tagged_site_key(uint64_t site, uint32_t class_index)
{
    return site << 22 | class_index;
}

enum TaggedOutcome {
    TAGGED_DONE,     /* *result is what the method returns */
    TAGGED_FAILED,   /* the method's own code runs */
    TAGGED_SWITCHED, /* thread->fp and thread->pc say what runs now */
};
typedef int TaggedPrimitive(struct Thread *thread, Value *arguments, unsigned argument_count, Value *result);

/* Block closures find their method number by (method object, start), cached here. */
#define TAGGED_BLOCK_CACHE 256
typedef struct TaggedBlock {
    Value method, start;
    uint32_t number;
} TaggedBlock;
static inline uint32_t tagged_block_hash(Value method, Value start)
{
    return (uint32_t)((method >> 4) ^ (start >> 3)) % TAGGED_BLOCK_CACHE;
}

typedef struct TaggedLeaf {
    TaggedPrimitive *primitive;
    unsigned arguments;
} TaggedLeaf;

#define TAGGED_PRIMITIVES 1024
typedef struct RunTagged {
    Value special[TAGGED_SPECIALS]; /* traced by the language */
    Value *method_objects;          /* by method number; the language keeps them up to date */
    Value *classes;                 /* class objects by class index; traced by the language */
    Value failure;                  /* why the last primitive failed; traced by the language */
    uint32_t block_class, full_block_class; /* class indexes of closures; 0: they are not what they should be */
    uint32_t array_class;           /* class index of the arrays that hold variables of blocks; 0 as before */
    uint8_t access;                 /* enum TaggedAccess of the method that the last lookup found */
    TaggedBlock blocks[TAGGED_BLOCK_CACHE];
    TaggedLeaf leaves[TAGGED_LEAVES];
    TaggedSite sites[TAGGED_SITES]; /* cleared with the inline caches */
    TaggedPrimitive *primitives[TAGGED_PRIMITIVES];
    uint32_t (*block_method)(Value closure); /* method number; 0: that is no proper closure */
} RunTagged;
extern RunTagged run_tagged;
static inline TaggedSite *tagged_site(uint64_t key)
{
    return &run_tagged.sites[(key >> 22 ^ key * 7) % TAGGED_SITES];
}

#define TAGGED_CONTEXT_INDEX 36u
#define TAGGED_FLOAT_INDEX 34u /* class index of boxed floats */
#define TAGGED_FLOAT_BIAS (896ull << 53)

/* Is it an object with so many slots of references, other than a context (whose slots may lie in a frame)? */
static inline bool tagged_has_slots(Value value, uint32_t count)
{
    uint64_t header;
    if ((value & VALUE_TAG_MASK) != 0)
        return false;
    header = object_header(value);
    return header_format(header) <= FORMAT_EPHEMERON && (header & HEADER_CLASS_MASK) != TAGGED_CONTEXT_INDEX &&
           (header >> HEADER_SLOTS_SHIFT >= count || object_slot_count(value) >= count);
}

static inline double tagged_immediate_double(Value value)
{
    union { uint64_t bits; double number; } cast;
    uint64_t bits = value >> 3;
    if (bits > 1)
        bits += TAGGED_FLOAT_BIAS;
    cast.bits = bits >> 1 | bits << 63;
    return cast.number;
}
/* Immediate floats and SmallIntegers. */
static inline bool tagged_immediate_value(Value value, double *number)
{
    if ((value & VALUE_TAG_MASK) == VALUE_TAG_FLOAT)
        *number = tagged_immediate_double(value);
    else if (value & VALUE_TAG_INTEGER)
        *number = (double)value_integer(value);
    else
        return false;
    return true;
}
static inline bool tagged_float_value(Value value, double *number)
{
    union { uint64_t bits; double number; } cast;
    if (tagged_immediate_value(value, number))
        return true;
    if ((value & VALUE_TAG_MASK) != 0 || value == 0 || object_class_index(value) != TAGGED_FLOAT_INDEX)
        return false;
    cast.bits = *(const uint64_t *)object_at(value, OBJECT_BODY);
    *number = cast.number;
    return true;
}
/* Is the SmallInteger the same as a float? */
static inline bool tagged_float_is_exact(Value integer)
{
    return (uint64_t)value_integer(integer) + (1ull << 53) <= 2ull << 53;
}
/* 0: it has no immediate form. */
static inline Value tagged_float_immediate(double number)
{
    union { double number; uint64_t bits; } cast = {number};
    uint64_t bits = cast.bits << 1 | cast.bits >> 63;
    uint64_t biased = bits - TAGGED_FLOAT_BIAS;
    if (biased - 2 < (256ull << 53) - 2) /* exponents of 8 bits, and not what stands for zeros */
        return biased << 3 | VALUE_TAG_FLOAT;
    return bits <= 1 ? bits << 3 | VALUE_TAG_FLOAT : 0;
}

/* An element (index from 0) of an object with this header; 0: there is none, or it has another form. */
static inline Value tagged_element(Value object, uint64_t header, uint64_t access, uint64_t index)
{
    uint64_t slots = header_slots(object, header);

    if (access == ACCESS_POINTERS)
        return index < slots ? object_slots(object)[index] : 0;
    if (access >= ACCESS_WORDS) {
        if (index >= slots * 2 - (header_format(header) & 1))
            return 0;
        uint32_t bits = ((const uint32_t *)object_slots(object))[index];
        return access == ACCESS_WORDS ? value_from_integer(bits) : tagged_float_immediate((double)f32_of(bits));
    }
    if (access == ACCESS_SEND || index >= slots * 8 - (header_format(header) & 7))
        return 0;
    uint8_t byte = ((const uint8_t *)object_slots(object))[index];
    return access == ACCESS_BYTES ? value_from_integer(byte) : value_from_character(byte);
}

/* Stores an element; false: there is none, it cannot be that value, or the object is read-only. */
ALWAYS_INLINE bool tagged_put_element(Value object, uint64_t header, uint64_t access, uint64_t index, Value value)
{
    uint64_t slots = header_slots(object, header);
    double number;

    if (access == ACCESS_SEND || (header & HEADER_IMMUTABLE) != 0)
        return false;
    if (access == ACCESS_POINTERS) {
        if (index >= slots)
            return false;
        heap_store(object, OBJECT_BODY + 8 * index, value);
        return true;
    }
    if (access >= ACCESS_WORDS) {
        uint32_t *place = (uint32_t *)object_slots(object) + index;
        if (index >= slots * 2 - (header_format(header) & 1) ||
            (access == ACCESS_WORDS ? (value & VALUE_TAG_INTEGER) == 0 || value >> 35 != 0 : !tagged_float_value(value, &number)))
            return false;
        *place = access == ACCESS_WORDS ? (uint32_t)(value >> 3) : bits_of_f32((float)number);
        return true;
    }
    if (index >= slots * 8 - (header_format(header) & 7) || value >> 3 > 255 ||
        (value & VALUE_TAG_MASK) != (access == ACCESS_BYTES ? VALUE_TAG_INTEGER : VALUE_TAG_CHARACTER))
        return false;
    ((uint8_t *)object_slots(object))[index] = (uint8_t)(value >> 3);
    return true;
}

#endif
