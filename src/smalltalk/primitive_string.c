/* primitive_string.c - the named primitives of strings: hash, search, comparison, translation by a table. */
#include "smalltalk/smalltalk_internal.h"

#define HASH_MASK 0xfffffffu
#define HASH_FACTOR 1664525u
#define TABLE_SIZE 256

static const uint8_t *bytes_of(Value value)
{
    return (const uint8_t *)object_slots(value);
}

static bool is_table(Value value)
{
    return is_bytes(value) && object_byte_size(value) >= TABLE_SIZE;
}

static int integer_done(int64_t integer, Value *result)
{
    *result = value_from_integer(integer);
    return TAGGED_DONE;
}

/* hash: bytes initialHash: number */
static int string_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint32_t hash;
    if (count != 2 || !is_bytes(arguments[1]) || !value_is_integer(arguments[2]))
        return primitive_fail(WHY_ARGUMENT);
    hash = (uint32_t)value_integer(arguments[2]) & HASH_MASK;
    for (uint64_t i = 0; i < object_byte_size(arguments[1]); i++)
        hash = (hash + bytes_of(arguments[1])[i]) * HASH_FACTOR & HASH_MASK;
    return integer_done(hash, result);
}

/* compare: string with: string collated: table -> 1, 2, 3 */
static int string_compare(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 3 || !is_bytes(arguments[1]) || !is_bytes(arguments[2]) || !is_table(arguments[3]))
        return primitive_fail(WHY_ARGUMENT);
    uint64_t left = object_byte_size(arguments[1]), right = object_byte_size(arguments[2]);
    const uint8_t *order = bytes_of(arguments[3]);
    for (uint64_t i = 0; i < left && i < right; i++) {
        uint8_t x = order[bytes_of(arguments[1])[i]], y = order[bytes_of(arguments[2])[i]];
        if (x != y)
            return integer_done(x < y ? 1 : 3, result);
    }
    return integer_done(left == right ? 2 : left < right ? 1 : 3, result);
}

static bool matches(const uint8_t *table, const uint8_t *body, const uint8_t *key, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        if (table[body[i]] != table[key[i]])
            return false;
    return true;
}

/* findSubstring: key in: body startingAt: start matchTable: table */
static int string_find(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 4 || !is_bytes(arguments[1]) || !is_bytes(arguments[2]) || !value_is_integer(arguments[3]) ||
        value_integer(arguments[3]) < 1 || !is_table(arguments[4]))
        return primitive_fail(WHY_ARGUMENT);
    uint64_t key = object_byte_size(arguments[1]), body = object_byte_size(arguments[2]);
    for (uint64_t at = (uint64_t)value_integer(arguments[3]) - 1; key != 0 && at + key <= body; at++)
        if (matches(bytes_of(arguments[4]), bytes_of(arguments[2]) + at, bytes_of(arguments[1]), key))
            return integer_done((int64_t)at + 1, result);
    return integer_done(0, result);
}

/* findFirstInString: string inSet: map startingAt: start */
static int string_find_first(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 3 || !is_bytes(arguments[1]) || !is_bytes(arguments[2]) || !value_is_integer(arguments[3]) ||
        value_integer(arguments[3]) < 1)
        return primitive_fail(WHY_ARGUMENT);
    if (object_byte_size(arguments[2]) != TABLE_SIZE)
        return integer_done(0, result);
    for (uint64_t at = (uint64_t)value_integer(arguments[3]) - 1; at < object_byte_size(arguments[1]); at++)
        if (bytes_of(arguments[2])[bytes_of(arguments[1])[at]] != 0)
            return integer_done((int64_t)at + 1, result);
    return integer_done(0, result);
}

/* indexOfAscii: number inString: string startingAt: start */
static int string_index_of(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 3 || !(arguments[1] & arguments[3] & 1) || !is_bytes(arguments[2]) || value_integer(arguments[3]) < 1)
        return primitive_fail(WHY_ARGUMENT);
    for (uint64_t at = (uint64_t)value_integer(arguments[3]) - 1; at < object_byte_size(arguments[2]); at++)
        if (bytes_of(arguments[2])[at] == value_integer(arguments[1]))
            return integer_done((int64_t)at + 1, result);
    return integer_done(0, result);
}

/* translate: string from: start to: stop table: table */
static int string_translate(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 4 || !is_bytes(arguments[1]) || !(arguments[2] & arguments[3] & 1) || !is_table(arguments[4]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t start = value_integer(arguments[2]), stop = value_integer(arguments[3]);
    if (start < 1 || stop > (int64_t)object_byte_size(arguments[1]))
        return primitive_fail(WHY_INDEX);
    if (is_read_only(arguments[1]))
        return primitive_fail(WHY_NO_MODIFICATION);
    uint8_t *bytes = (uint8_t *)object_slots(arguments[1]);
    for (int64_t i = start - 1; i < stop; i++)
        bytes[i] = bytes_of(arguments[4])[bytes[i]];
    *result = arguments[0];
    return TAGGED_DONE;
}

TaggedPrimitive *string_primitive(const char *name)
{
    static const NamedPrimitive all[] = {
        {"primitiveStringHash", string_hash}, {"primitiveCompareString", string_compare},
        {"primitiveFindSubstring", string_find}, {"primitiveFindFirstInString", string_find_first},
        {"primitiveIndexOfAsciiInString", string_index_of}, {"primitiveTranslateStringWithTable", string_translate},
    };
    return named_primitive(all, sizeof all / sizeof all[0], name);
}
