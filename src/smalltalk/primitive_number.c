/* primitive_number.c - primitives of SmallIntegers and floats. Whatever needs LargeIntegers fails: the image has the
 * code for them. */
#include <math.h>

#include "os/os.h"
#include "smalltalk/smalltalk_internal.h"

static bool both_integers(const Value *arguments, unsigned count, int64_t *x, int64_t *y)
{
    if (count != 1 || !(arguments[0] & arguments[1] & 1))
        return false;
    *x = value_integer(arguments[0]);
    *y = value_integer(arguments[1]);
    return true;
}

static int integer_result(int64_t integer, Value *result)
{
    if (!value_integer_fits(integer))
        return primitive_fail(WHY_UNKNOWN);
    *result = value_from_integer(integer);
    return TAGGED_DONE;
}

static int64_t floor_quotient(int64_t x, int64_t y)
{
    return x / y - ((x % y != 0) & ((x ^ y) < 0));
}

#define INTEGER_PRIMITIVE(NAME, CONDITION, RESULT)                                                      \
    static int integer_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)          \
    {                                                                                                   \
        int64_t x, y;                                                                                   \
        if (!both_integers(arguments, count, &x, &y))                                                   \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        if (!(CONDITION))                                                                               \
            return primitive_fail(WHY_UNKNOWN);                                                         \
        return integer_result((RESULT), result);                                                        \
    }
#define INTEGER_COMPARISON(NAME, OPERATOR)                                                              \
    static int integer_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)          \
    {                                                                                                   \
        int64_t x, y;                                                                                   \
        if (!both_integers(arguments, count, &x, &y))                                                   \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        *result = value_from_boolean(x OPERATOR y);                                                     \
        return TAGGED_DONE;                                                                             \
    }
INTEGER_PRIMITIVE(add, true, x + y)
INTEGER_PRIMITIVE(subtract, true, x - y)
INTEGER_COMPARISON(less, <)
INTEGER_COMPARISON(greater, >)
INTEGER_COMPARISON(less_equal, <=)
INTEGER_COMPARISON(greater_equal, >=)
INTEGER_COMPARISON(equal, ==)
INTEGER_COMPARISON(not_equal, !=)
INTEGER_PRIMITIVE(divide, y != 0 && x % y == 0, x / y)
INTEGER_PRIMITIVE(modulo, y != 0, x - floor_quotient(x, y) * y)
INTEGER_PRIMITIVE(floor_divide, y != 0, floor_quotient(x, y))
INTEGER_PRIMITIVE(quotient, y != 0, x / y)
INTEGER_PRIMITIVE(and, true, x & y)
INTEGER_PRIMITIVE(or, true, x | y)
INTEGER_PRIMITIVE(xor, true, x ^ y)

static int integer_multiply(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    int64_t x, y, product;
    if (!both_integers(arguments, count, &x, &y) || __builtin_mul_overflow(x, y, &product))
        return primitive_fail(WHY_ARGUMENT);
    return integer_result(product, result);
}

static int integer_shift(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    int64_t x, y;
    if (!both_integers(arguments, count, &x, &y))
        return primitive_fail(WHY_ARGUMENT);
    if (y <= 0)
        return integer_result(y < -63 ? x >> 63 : x >> -y, result);
    if (y >= 61 || (x << y) >> y != x)
        return primitive_fail(WHY_UNKNOWN);
    return integer_result(x << y, result);
}

static int make_point(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value point;
    if (count != 1)
        return primitive_fail(WHY_COUNT);
    point = point_new(thread);
    if (point == 0)
        return primitive_fail(WHY_MEMORY);
    slot_set(point, 0, arguments[0]);
    slot_set(point, 1, arguments[1]);
    *result = point;
    return TAGGED_DONE;
}

/* ---- floats ---- */

static int float_result(Thread *thread, double number, Value *result)
{
    *result = float_new(thread, number);
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

static int integer_as_float(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    int64_t integer;
    if (!integer_value(arguments[0], &integer))
        return primitive_fail(WHY_RECEIVER);
    return float_result(thread, (double)integer, result);
}

#define FLOAT_OPERATION(NAME, CONDITION, RESULT)                                                        \
    static int float_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)            \
    {                                                                                                   \
        double x, y;                                                                                    \
        if (count != 1 || !tagged_float_value(arguments[0], &x) || !tagged_float_value(arguments[1], &y)) \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        if (!(CONDITION))                                                                               \
            return primitive_fail(WHY_UNKNOWN);                                                         \
        return float_result(thread, (RESULT), result);                                                  \
    }
/* A float and a SmallInteger that may be none: the float nearest to it decides, then what that leaves over. */
static void compare_exactly(double *x, double *y, Value integer)
{
    if (!(integer & 1) || *x != *y)
        return;
    *x = 0;
    *y = (double)(value_integer(integer) - (int64_t)*y);
}

#define FLOAT_COMPARISON(NAME, OPERATOR)                                                                \
    static int float_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)            \
    {                                                                                                   \
        double x, y;                                                                                    \
        if (count != 1 || !tagged_float_value(arguments[0], &x) || !tagged_float_value(arguments[1], &y)) \
            return primitive_fail(WHY_ARGUMENT);                                                        \
        compare_exactly(&x, &y, arguments[1]);                                                          \
        *result = value_from_boolean(x OPERATOR y);                                                     \
        return TAGGED_DONE;                                                                             \
    }
#define FLOAT_FUNCTION(NAME, CONDITION, RESULT)                                                         \
    static int float_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)            \
    {                                                                                                   \
        double x;                                                                                       \
        if (!tagged_float_value(arguments[0], &x) || !(CONDITION))                                      \
            return primitive_fail(WHY_RECEIVER);                                                        \
        return float_result(thread, (RESULT), result);                                                  \
    }
FLOAT_OPERATION(add, true, x + y)
FLOAT_OPERATION(subtract, true, x - y)
FLOAT_OPERATION(multiply, true, x * y)
FLOAT_OPERATION(divide, y != 0, x / y)
FLOAT_COMPARISON(less, <)
FLOAT_COMPARISON(greater, >)
FLOAT_COMPARISON(less_equal, <=)
FLOAT_COMPARISON(greater_equal, >=)
FLOAT_COMPARISON(equal, ==)
FLOAT_COMPARISON(not_equal, !=)
FLOAT_FUNCTION(fraction, true, modf(x, &(double){0}))
FLOAT_FUNCTION(sqrt, x >= 0, sqrt(x))
FLOAT_FUNCTION(sin, true, os_sin(x))
FLOAT_FUNCTION(arctan, true, os_atan(x))
FLOAT_FUNCTION(ln, true, os_log(x))
FLOAT_FUNCTION(exp, true, os_exp(x))

static int float_truncated(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    double x;
    if (!tagged_float_value(arguments[0], &x) || !(x > -1152921504606846976.0 && x < 1152921504606846976.0))
        return primitive_fail(WHY_RECEIVER);
    return integer_result((int64_t)x, result);
}

static int float_exponent(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    double x;
    int exponent = 0;
    if (!tagged_float_value(arguments[0], &x))
        return primitive_fail(WHY_RECEIVER);
    if (isfinite(x)) /* infinities and NaN have what 0 has: the code that images have instead would not end */
        frexp(x, &exponent);
    return integer_result(exponent - 1, result);
}

static int float_scale(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    double x;
    if (count != 1 || !tagged_float_value(arguments[0], &x) || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t power = value_integer(arguments[1]);
    return float_result(thread, ldexp(x, power > 5000 ? 5000 : power < -5000 ? -5000 : (int)power), result);
}

/* The halves of a boxed float. */
static int float_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    union { double number; uint32_t halves[2]; } cast;
    if (count != 1 || !value_is_integer(arguments[1]) || value_is_integer(arguments[0]) ||
        !tagged_float_value(arguments[0], &cast.number))
        return primitive_fail(WHY_ARGUMENT);
    int64_t index = value_integer(arguments[1]);
    if (index != 1 && index != 2)
        return primitive_fail(WHY_INDEX);
    *result = value_from_integer(cast.halves[index == 1]); /* the high half first */
    return TAGGED_DONE;
}

static int float_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t half;
    if (count != 2 || !value_is_object(arguments[0]) || object_class_index(arguments[0]) != TAGGED_FLOAT_INDEX ||
        header_format(object_header(arguments[0])) < FORMAT_INDEXED_64 || is_method(arguments[0]) ||
        !value_is_integer(arguments[1]) || !unsigned_value(arguments[2], &half) || half > UINT32_MAX)
        return primitive_fail(WHY_ARGUMENT);
    int64_t index = value_integer(arguments[1]);
    if (index != 1 && index != 2)
        return primitive_fail(WHY_INDEX);
    ((uint32_t *)object_slots(arguments[0]))[index == 1] = (uint32_t)half;
    *result = arguments[2];
    return TAGGED_DONE;
}

static int as_character(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value code = arguments[count];
    if (count > 1 || !value_is_integer(code) || value_integer(code) < 0 || value_integer(code) > 0x3fffffff)
        return primitive_fail(WHY_ARGUMENT);
    *result = value_from_character((uint32_t)value_integer(code));
    return TAGGED_DONE;
}

static int immediate_as_integer(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value value = arguments[0];
    if (value_is_object(value))
        return primitive_fail(WHY_RECEIVER);
    *result = (value & VALUE_TAG_MASK) == VALUE_TAG_CHARACTER ? value_from_integer((int64_t)(value >> 3))
                                                              : value_from_integer((int64_t)value >> 3);
    return TAGGED_DONE;
}

static int hash_multiply(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t number;
    if (!unsigned_value(arguments[0], &number) && !value_is_integer(arguments[0]))
        return primitive_fail(WHY_RECEIVER);
    if (value_is_integer(arguments[0]))
        number = (uint64_t)value_integer(arguments[0]);
    *result = value_from_integer((int64_t)((number & 0xfffffff) * 1664525 & 0xfffffff));
    return TAGGED_DONE;
}

void arithmetic_primitives(void)
{
    static TaggedPrimitive *const integers[] = {
        integer_add, integer_subtract, integer_less, integer_greater, integer_less_equal, integer_greater_equal,
        integer_equal, integer_not_equal, integer_multiply, integer_divide, integer_modulo, integer_floor_divide,
        integer_quotient, integer_and, integer_or, integer_xor, integer_shift, make_point,
    };
    static TaggedPrimitive *const floats[] = {
        float_add, float_subtract, float_less, float_greater, float_less_equal, float_greater_equal, float_equal,
        float_not_equal, float_multiply, float_divide, float_truncated, float_fraction, float_exponent, float_scale,
        float_sqrt, float_sin, float_arctan, float_ln, float_exp,
    };
    for (unsigned i = 0; i < sizeof integers / sizeof integers[0]; i++)
        primitive_set_leaf(1 + i, integers[i]);
    primitive_set_leaf(40, integer_as_float);
    for (unsigned i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        primitive_set_leaf(41 + i, floats[i]);
        primitive_set_leaf(541 + i, floats[i]); /* SmallFloat64's */
    }
    primitive_set_leaf(38, float_at);
    primitive_set_leaf(39, float_at_put);
    primitive_set_leaf(159, hash_multiply);
    primitive_set_leaf(170, as_character);
    primitive_set_leaf(171, immediate_as_integer);
}
