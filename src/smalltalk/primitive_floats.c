/* primitive_floats.c - the named primitives of arrays of 32-bit floats. */
#include "smalltalk/smalltalk_internal.h"

static bool floats_of(Value value, float **floats, uint64_t *count)
{
    uint32_t format;
    if (!value_is_object(value))
        return false;
    format = header_format(object_header(value));
    if (format != FORMAT_INDEXED_32 && format != FORMAT_INDEXED_32 + 1)
        return false;
    *floats = (float *)object_slots(value);
    *count = object_slot_count(value) * 2 - (format & 1);
    return true;
}

static float *element(Value array, Value index)
{
    float *floats;
    uint64_t count;
    if (!floats_of(array, &floats, &count) || !value_is_integer(index) || (uint64_t)value_integer(index) - 1 >= count)
        return NULL;
    return floats + value_integer(index) - 1;
}

static int floats_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    float *place = count == 1 ? element(arguments[0], arguments[1]) : NULL;
    if (place == NULL)
        return primitive_fail(WHY_INDEX);
    *result = float_new(thread, (double)*place);
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

static int floats_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    float *place = count == 2 ? element(arguments[0], arguments[1]) : NULL;
    double number;
    if (place == NULL || !tagged_float_value(arguments[2], &number))
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    *place = (float)number;
    *result = arguments[2];
    return TAGGED_DONE;
}

bool floats_are_accessed(TaggedPrimitive *primitive)
{
    return primitive == floats_at || primitive == floats_at_put;
}

static int floats_equal(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    float *left, *right;
    uint64_t left_count, right_count, i = 0;
    if (count != 1 || !floats_of(arguments[0], &left, &left_count) || !floats_of(arguments[1], &right, &right_count))
        return primitive_fail(WHY_ARGUMENT);
    while (left_count == right_count && i < left_count && left[i] == right[i])
        i++;
    *result = value_from_boolean(left_count == right_count && i == left_count);
    return TAGGED_DONE;
}

#define FLOATS_SCALAR(NAME, OPERATOR, CONDITION)                                                        \
    static int floats_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)           \
    {                                                                                                   \
        float *floats;                                                                                  \
        uint64_t size;                                                                                  \
        double number;                                                                                  \
        if (count != 1 || !floats_of(arguments[0], &floats, &size) ||                                   \
            !tagged_float_value(arguments[1], &number) || !(CONDITION))                                 \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        if (is_read_only(arguments[0]))                                                                 \
            return primitive_fail(WHY_NO_MODIFICATION);                                                 \
        for (uint64_t i = 0; i < size; i++)                                                             \
            floats[i] = (float)(floats[i] OPERATOR number);                                             \
        *result = arguments[0];                                                                         \
        return TAGGED_DONE;                                                                             \
    }
FLOATS_SCALAR(add_number, +, true)
FLOATS_SCALAR(subtract_number, -, true)
FLOATS_SCALAR(multiply_number, *, true)
FLOATS_SCALAR(divide_number, /, number != 0)

#define FLOATS_BOTH(NAME, OPERATOR)                                                                     \
    static int floats_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)           \
    {                                                                                                   \
        float *left, *right;                                                                            \
        uint64_t left_count, right_count;                                                               \
        if (count != 1 || !floats_of(arguments[0], &left, &left_count) ||                               \
            !floats_of(arguments[1], &right, &right_count) || left_count != right_count)                \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        if (is_read_only(arguments[0]))                                                                 \
            return primitive_fail(WHY_NO_MODIFICATION);                                                 \
        for (uint64_t i = 0; i < left_count; i++)                                                       \
            left[i] = left[i] OPERATOR right[i];                                                        \
        *result = arguments[0];                                                                         \
        return TAGGED_DONE;                                                                             \
    }
FLOATS_BOTH(add_array, +)
FLOATS_BOTH(subtract_array, -)
FLOATS_BOTH(multiply_array, *)

TaggedPrimitive *floats_primitive(const char *name)
{
    static const NamedPrimitive all[] = {
        {"primitiveAt", floats_at}, {"primitiveAtPut", floats_at_put}, {"primitiveEqual", floats_equal},
        {"primitiveAddScalar", floats_add_number}, {"primitiveSubScalar", floats_subtract_number},
        {"primitiveMulScalar", floats_multiply_number}, {"primitiveDivScalar", floats_divide_number},
        {"primitiveAddFloatArray", floats_add_array}, {"primitiveSubFloatArray", floats_subtract_array},
        {"primitiveMulFloatArray", floats_multiply_array},
    };
    return named_primitive(all, sizeof all / sizeof all[0], name);
}
