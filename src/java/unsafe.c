/* unsafe.c - jdk.internal.misc.Unsafe: raw access to fields, elements and native memory.
 *
 * An address is an object and a byte offset from it, or null and an absolute address; the sum is right for both. */
#include "java/primitive_internal.h"

#define ADDRESS_OF(Type) ((Type *)(uintptr_t)(arguments[1] + arguments[2]))
#define EXTEND_boolean(x) ((Value)((x) != 0))
#define EXTEND_byte(x) ((Value)(int64_t)(int8_t)(x))
#define EXTEND_short(x) ((Value)(int64_t)(int16_t)(x))
#define EXTEND_char(x) ((Value)(uint16_t)(x))
#define EXTEND_int(x) ((Value)(int64_t)(int32_t)(x))
#define EXTEND_long(x) ((Value)(x))
#define EXTEND_float(x) ((Value)(uint32_t)(x))
#define NARROW_boolean(x) ((uint8_t)((x) & 1))
#define NARROW_byte(x) ((uint8_t)(x))
#define NARROW_short(x) ((uint16_t)(x))
#define NARROW_char(x) ((uint16_t)(x))
#define NARROW_int(x) ((uint32_t)(x))
#define NARROW_long(x) (x)
#define NARROW_float(x) ((uint32_t)(x))

/* Plain accesses of elements that may be unaligned (native memory) are copies; aligned ones compile to one move. */
#define ACCESSORS(name, Type)                                                       \
    PRIMITIVE(get_##name)                                                           \
    {                                                                               \
        Type x;                                                                     \
        memcpy(&x, ADDRESS_OF(Type), sizeof x);                                     \
        *result = EXTEND_##name(x);                                                 \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(put_##name)                                                           \
    {                                                                               \
        Type x = NARROW_##name(arguments[4]);                                       \
        memcpy(ADDRESS_OF(Type), &x, sizeof x);                                     \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(get_##name##_volatile)                                                \
    {                                                                               \
        Type x = __atomic_load_n(ADDRESS_OF(Type), __ATOMIC_SEQ_CST);               \
        *result = EXTEND_##name(x);                                                 \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(put_##name##_volatile)                                                \
    {                                                                               \
        __atomic_store_n(ADDRESS_OF(Type), NARROW_##name(arguments[4]), __ATOMIC_SEQ_CST); \
        return OUTCOME_DONE;                                                        \
    }

ACCESSORS(boolean, uint8_t)
ACCESSORS(byte, uint8_t)
ACCESSORS(short, uint16_t)
ACCESSORS(char, uint16_t)
ACCESSORS(int, uint32_t)
ACCESSORS(long, uint64_t)
ACCESSORS(float, uint32_t)

static void mark_card_of_argument(const Value *arguments)
{
    if (arguments[1] != 0)
        heap_mark_card(ADDRESS_OF(Value));
}

PRIMITIVE(put_reference)
{
    __atomic_store_n(ADDRESS_OF(Value), arguments[4], __ATOMIC_RELEASE);
    mark_card_of_argument(arguments);
    return OUTCOME_DONE;
}

PRIMITIVE(put_reference_volatile)
{
    __atomic_store_n(ADDRESS_OF(Value), arguments[4], __ATOMIC_SEQ_CST);
    mark_card_of_argument(arguments);
    return OUTCOME_DONE;
}

PRIMITIVE(get_uncompressed_object)
{
    *result = *(const Value *)(uintptr_t)arguments[1];
    return OUTCOME_DONE;
}

/* ---- compare and set: (object, offset, expected, new) ---- */

PRIMITIVE(compare_and_set_int)
{
    uint32_t expected = (uint32_t)arguments[4];
    *result = __atomic_compare_exchange_n(ADDRESS_OF(uint32_t), &expected, (uint32_t)arguments[5], false,
                                          __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_int)
{
    uint32_t expected = (uint32_t)arguments[4];
    __atomic_compare_exchange_n(ADDRESS_OF(uint32_t), &expected, (uint32_t)arguments[5], false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    *result = EXTEND_int(expected);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_set_long)
{
    uint64_t expected = arguments[4];
    *result = __atomic_compare_exchange_n(ADDRESS_OF(uint64_t), &expected, arguments[6], false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_long)
{
    uint64_t expected = arguments[4];
    __atomic_compare_exchange_n(ADDRESS_OF(uint64_t), &expected, arguments[6], false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    *result = expected;
    return OUTCOME_DONE;
}

static Value exchange_reference(Value *arguments, bool *done)
{
    Value expected = arguments[4];
    *done = __atomic_compare_exchange_n(ADDRESS_OF(Value), &expected, arguments[5], false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST);
    if (*done)
        mark_card_of_argument(arguments);
    return expected;
}

PRIMITIVE(compare_and_set_reference)
{
    bool done;
    exchange_reference(arguments, &done);
    *result = done;
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_reference)
{
    bool done;
    *result = exchange_reference(arguments, &done);
    return OUTCOME_DONE;
}

/* ---- blocks of memory ---- */

PRIMITIVE(set_memory)
{
    memset(ADDRESS_OF(void), (int)(uint8_t)arguments[6], arguments[4]);
    return OUTCOME_DONE;
}

PRIMITIVE(copy_memory)
{
    const void *from = ADDRESS_OF(void);
    memmove((void *)(uintptr_t)(arguments[4] + arguments[5]), from, arguments[7]);
    return OUTCOME_DONE;
}

static void reverse_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
    uint8_t element[8];
    memcpy(element, from, size);
    for (size_t i = 0; i < size; i++)
        to[i] = element[size - 1 - i];
}

PRIMITIVE(copy_swap_memory)
{
    const uint8_t *from = ADDRESS_OF(uint8_t);
    uint8_t *to = (uint8_t *)(uintptr_t)(arguments[4] + arguments[5]);
    size_t bytes = arguments[7], size = arguments[9];
    bool backward = from < to && to < from + bytes;

    if (size != 2 && size != 4 && size != 8)
        return java_throw_plain(thread, "java/lang/IllegalArgumentException");
    for (size_t done = 0; done + size <= bytes; done += size) {
        size_t at = backward ? bytes - size - done : done;
        reverse_bytes(to + at, from + at, size);
    }
    return OUTCOME_DONE;
}

/* ---- fences ---- */

PRIMITIVE(load_fence)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return OUTCOME_DONE;
}

PRIMITIVE(store_fence)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return OUTCOME_DONE;
}

PRIMITIVE(full_fence)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(nothing)
{
    return OUTCOME_DONE;
}

PRIMITIVE(throw_exception)
{
    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    return run_throw(thread, arguments[1]);
}
