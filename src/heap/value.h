/* value.h - the 64-bit value, the object header, and the fields of both.
 *
 * A value is a 64-bit word. Its low three bits say what it is:
 *
 *   000 address of an object (0 itself: Java's null)   001 SmallInteger, 61 bits
 *   010 Character                                      100 SmallFloat64
 *
 * (64-bit Spur's tags.) Objects are 8-byte aligned and at least 16 bytes; the
 * address of an object is the address of its header, which is Spur's:
 *
 *   63      56  55  54  53        32  31  30  29  28   24  23  22  21          0
 *   slot count  m   l1  identity hash g   pin r   format  imm  l0  class index
 *
 * Marks, greys and remembered bits are kept in side tables; so bits 22 and 54
 * (unused in Spur) are Java's lock state, and 29, 31 and 55 the age of a young
 * object and the mark of a forwarded one, while the machine runs.
 * A slot count of 255 says that the word before the header holds the count in
 * its low 56 bits (and 255 in its high 8). */
#ifndef HEAP_VALUE_H
#define HEAP_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef uint64_t Value;

#define VALUE_TAG_MASK 7u
#define VALUE_TAG_INTEGER 1u
#define VALUE_TAG_CHARACTER 2u
#define VALUE_TAG_FLOAT 4u

#define HEADER_CLASS_MASK 0x3fffffull
#define HEADER_LOCK_LOW (1ull << 22)
#define HEADER_IMMUTABLE (1ull << 23)
#define HEADER_FORMAT_SHIFT 24
#define HEADER_FORMAT_MASK (31ull << HEADER_FORMAT_SHIFT)
#define HEADER_AGE_LOW (1ull << 29)
#define HEADER_PINNED (1ull << 30)
#define HEADER_AGE_HIGH (1ull << 31)
#define HEADER_HASH_SHIFT 32
#define HEADER_HASH_MASK (0x3fffffull << HEADER_HASH_SHIFT)
#define HEADER_LOCK_HIGH (1ull << 54)
#define HEADER_FORWARDED (1ull << 55)
#define HEADER_SLOTS_SHIFT 56
#define HEADER_SLOTS_MANY 255u
#define HEADER_SLOTS_MAX ((1ull << 56) - 1)

/* Lock state of a Java object: the two lock bits. */
#define HEADER_LOCK_MASK (HEADER_LOCK_LOW | HEADER_LOCK_HIGH)
#define HEADER_UNLOCKED 0ull
#define HEADER_LOCKED HEADER_LOCK_LOW    /* held; on the lock stack of its thread */
#define HEADER_INFLATED HEADER_LOCK_HIGH /* its monitor is in the side table */

enum ObjectFormat {
    FORMAT_EMPTY = 0,
    FORMAT_FIXED = 1,
    FORMAT_VARIABLE = 2,
    FORMAT_FIXED_VARIABLE = 3,
    FORMAT_WEAK = 4,
    FORMAT_EPHEMERON = 5,
    FORMAT_JAVA_INSTANCE = 6,
    FORMAT_FORWARDER = 7,
    FORMAT_JAVA_ARRAY = 8,
    FORMAT_INDEXED_64 = 9,
    FORMAT_INDEXED_32 = 10, /* 10-11: low bits count unused 32-bit halves */
    FORMAT_INDEXED_16 = 12, /* 12-15 */
    FORMAT_INDEXED_8 = 16,  /* 16-23 */
    FORMAT_METHOD = 24,     /* 24-31 */
};

/* Spur's class indexes of immediates; a Java class's index is at least CLASS_INDEX_JAVA. */
#define CLASS_INDEX_SMALL_INTEGER 1u
#define CLASS_INDEX_CHARACTER 2u
#define CLASS_INDEX_SMALL_FLOAT 4u
#define CLASS_INDEX_JAVA (1u << 21)
#define CLASS_INDEX_LIMIT (1u << 22)

#define OBJECT_BODY 8          /* bytes from an object's address to its first slot */
#define ARRAY_LENGTH_OFFSET 8  /* Java arrays: a 64-bit word that holds the length */
#define ARRAY_BASE_OFFSET 16   /* Java arrays: the first element */

static inline bool value_is_object(Value value)
{
    return (value & VALUE_TAG_MASK) == 0 && value != 0;
}
static inline bool value_is_integer(Value value)
{
    return (value & VALUE_TAG_MASK) == VALUE_TAG_INTEGER;
}
static inline int64_t value_integer(Value value)
{
    return (int64_t)value >> 3;
}
static inline Value value_from_integer(int64_t integer)
{
    return ((Value)integer << 3) | VALUE_TAG_INTEGER;
}
static inline bool value_integer_fits(int64_t integer)
{
    return integer >= -(1ll << 60) && integer < (1ll << 60);
}
static inline Value value_from_character(uint32_t code_point)
{
    return ((Value)code_point << 3) | VALUE_TAG_CHARACTER;
}

static inline uint64_t *object_header_slot(Value object)
{
    return (uint64_t *)(uintptr_t)object;
}
static inline uint64_t object_header(Value object)
{
    return __atomic_load_n((const uint64_t *)(uintptr_t)object, __ATOMIC_RELAXED);
}
static inline uint32_t object_class_index(Value object)
{
    return (uint32_t)(object_header(object) & HEADER_CLASS_MASK);
}
/* Class index of any value but null: an immediate's is its tag. */
static inline uint32_t value_class_index(Value value)
{
    uint32_t tag = (uint32_t)(value & VALUE_TAG_MASK);
    return tag != 0 ? tag : object_class_index(value);
}
static inline uint32_t header_format(uint64_t header)
{
    return (uint32_t)((header >> HEADER_FORMAT_SHIFT) & 31u);
}
/* Of an object whose header was read. */
static inline uint64_t header_slots(Value object, uint64_t header)
{
    uint64_t count = header >> HEADER_SLOTS_SHIFT;
    if (__builtin_expect(count == HEADER_SLOTS_MANY, 0))
        count = *(const uint64_t *)(uintptr_t)(object - 8) & HEADER_SLOTS_MAX;
    return count;
}
static inline uint64_t object_slot_count(Value object)
{
    return header_slots(object, object_header(object));
}
static inline Value *object_slots(Value object)
{
    return (Value *)(uintptr_t)(object + OBJECT_BODY);
}
/* Bytes from the object's address to its end (without an overflow word before it). */
static inline uint64_t object_size_bytes(Value object)
{
    uint64_t count = object_slot_count(object);
    return OBJECT_BODY + 8 * (count == 0 ? 1 : count);
}
static inline void *object_at(Value object, uint64_t offset_bytes)
{
    return (void *)(uintptr_t)(object + offset_bytes);
}
static inline int32_t array_length(Value array)
{
    return (int32_t) * (const int64_t *)object_at(array, ARRAY_LENGTH_OFFSET);
}

#endif
