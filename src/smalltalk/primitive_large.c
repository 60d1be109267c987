/* primitive_large.c - the named primitives of large integers: sign and magnitude, little-endian bytes in the image,
 * digits of 32 bits here. */
#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

#define DIGITS_LIMIT (1u << 22)

typedef struct Large {
    uint32_t *digits;
    size_t count; /* without leading zeros */
    bool negative;
} Large;

static void large_free(Large *large)
{
    memory_free(large->digits);
    *large = (Large){0};
}

static bool large_make(Large *large, size_t count, bool negative)
{
    *large = (Large){.digits = memory_allocate_array(count + 1, sizeof(uint32_t)), .count = count, .negative = negative};
    return large->digits != NULL;
}

static void trim(Large *large)
{
    while (large->count > 0 && large->digits[large->count - 1] == 0)
        large->count--;
}

static bool large_get(Value value, Large *large)
{
    if (value_is_integer(value)) {
        int64_t integer = value_integer(value);
        uint64_t magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
        if (!large_make(large, 2, integer < 0))
            return false;
        memcpy(large->digits, &magnitude, sizeof magnitude);
    } else {
        uint32_t index = is_bytes(value) ? object_class_index(value) : 0;
        if ((index != INDEX_LARGE_POSITIVE && index != INDEX_LARGE_NEGATIVE) || object_byte_size(value) > 4 * DIGITS_LIMIT)
            return false;
        if (!large_make(large, (object_byte_size(value) + 3) / 4, index == INDEX_LARGE_NEGATIVE))
            return false;
        memcpy(large->digits, object_slots(value), object_byte_size(value));
    }
    trim(large);
    return true;
}

/* The guest's number, as small as it goes. 0: no memory. */
static Value large_value(Thread *thread, Large *large)
{
    uint64_t low = 0;
    trim(large);
    if (large->count <= 2) {
        memcpy(&low, large->digits, large->count * 4);
        if (low < 1ull << 60 || (low == 1ull << 60 && large->negative))
            return value_from_integer(large->negative ? -(int64_t)low : (int64_t)low);
    }
    size_t bytes = large->count * 4;
    while (((const uint8_t *)large->digits)[bytes - 1] == 0)
        bytes--;
    Value value = instance_new(thread, special_object(large->negative ? SPECIAL_CLASS_LARGE_NEGATIVE : SPECIAL_CLASS_LARGE_POSITIVE), bytes);
    if (value != 0 && (!is_bytes(value) || object_byte_size(value) != bytes))
        image_unsound("the image's classes of large integers have instances of another kind");
    if (value != 0)
        memcpy(object_slots(value), large->digits, bytes);
    return value;
}

static int large_result(Thread *thread, Large *large, Value *result)
{
    *result = large_value(thread, large);
    large_free(large);
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

/* ---- magnitudes ---- */

static int compare(const Large *x, const Large *y)
{
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    for (size_t i = x->count; i-- > 0;)
        if (x->digits[i] != y->digits[i])
            return x->digits[i] < y->digits[i] ? -1 : 1;
    return 0;
}

static uint32_t digit(const Large *x, size_t i)
{
    return i < x->count ? x->digits[i] : 0;
}

static bool add(const Large *x, const Large *y, Large *sum)
{
    size_t count = (x->count > y->count ? x->count : y->count) + 1;
    uint64_t carry = 0;
    if (!large_make(sum, count, x->negative))
        return false;
    for (size_t i = 0; i < count; i++) {
        carry += (uint64_t)digit(x, i) + digit(y, i);
        sum->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return true;
}

/* |x| >= |y| */
static bool subtract(const Large *x, const Large *y, bool negative, Large *difference)
{
    int64_t borrow = 0;
    if (!large_make(difference, x->count, negative))
        return false;
    for (size_t i = 0; i < x->count; i++) {
        borrow += (int64_t)x->digits[i] - digit(y, i);
        difference->digits[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    return true;
}

static bool multiply(const Large *x, const Large *y, bool negative, Large *product)
{
    if (!large_make(product, x->count + y->count, negative))
        return false;
    for (size_t i = 0; i < x->count; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < y->count; j++) {
            carry += (uint64_t)x->digits[i] * y->digits[j] + product->digits[i + j];
            product->digits[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        product->digits[i + y->count] = (uint32_t)carry;
    }
    return true;
}

/* Left by `distance` bits (right if negative), dropping what falls out. */
static bool shift(const Large *x, int64_t distance, bool negative, Large *shifted)
{
    size_t words = (size_t)(distance < 0 ? -distance : distance) / 32, bits = (size_t)(distance < 0 ? -distance : distance) % 32;
    if (words > DIGITS_LIMIT)
        words = DIGITS_LIMIT;
    if (distance >= 0) {
        if (!large_make(shifted, x->count + words + 1, negative))
            return false;
        for (size_t i = 0; i < x->count; i++) {
            uint64_t wide = (uint64_t)x->digits[i] << bits;
            shifted->digits[i + words] |= (uint32_t)wide;
            shifted->digits[i + words + 1] |= (uint32_t)(wide >> 32);
        }
        return true;
    }
    if (!large_make(shifted, x->count > words ? x->count - words : 0, negative))
        return false;
    for (size_t i = 0; i < shifted->count; i++) {
        uint64_t wide = (uint64_t)digit(x, i + words + 1) << 32 | x->digits[i + words];
        shifted->digits[i] = (uint32_t)(wide >> bits);
    }
    return true;
}

/* Long division with a divisor of one digit, and Knuth's algorithm D for others. u (the dividend shifted, one digit
 * more) becomes the rest. */
static void divide_digits(uint32_t *u, size_t m, const uint32_t *v, size_t n, uint32_t *q)
{
    if (n == 1) {
        uint64_t rest = 0;
        for (size_t i = m + n; i-- > 0;) {
            rest = rest << 32 | u[i];
            if (i <= m)
                q[i] = (uint32_t)(rest / v[0]);
            rest %= v[0];
            u[i] = 0;
        }
        u[0] = (uint32_t)rest;
        return;
    }
    for (size_t j = m + 1; j-- > 0;) {
        uint64_t top = (uint64_t)u[j + n] << 32 | u[j + n - 1], guess = top / v[n - 1], rest = top % v[n - 1];
        while (guess >> 32 != 0 || guess * v[n - 2] > (rest << 32 | u[j + n - 2])) {
            guess--;
            rest += v[n - 1];
            if (rest >> 32 != 0)
                break;
        }
        int64_t borrow = 0;
        uint64_t carry = 0;
        for (size_t i = 0; i < n; i++) {
            carry += guess * v[i];
            borrow += (int64_t)u[i + j] - (uint32_t)carry;
            u[i + j] = (uint32_t)borrow;
            borrow >>= 32;
            carry >>= 32;
        }
        borrow += (int64_t)u[j + n] - (int64_t)carry;
        u[j + n] = (uint32_t)borrow;
        if (borrow < 0) { /* the guess was one too large */
            guess--;
            carry = 0;
            for (size_t i = 0; i < n; i++) {
                carry += (uint64_t)u[i + j] + v[i];
                u[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            u[j + n] += (uint32_t)carry;
        }
        q[j] = (uint32_t)guess;
    }
}

static bool divide(const Large *x, const Large *y, bool negative, Large *quotient, Large *rest)
{
    Large u = {0}, v = {0};
    int64_t bits = __builtin_clz(y->digits[y->count - 1]);
    bool made = false;

    if (compare(x, y) < 0)
        return large_make(quotient, 0, false) && shift(x, 0, x->negative, rest);
    if (y->count == 1)
        bits = 0;
    if (shift(x, bits, x->negative, &u) && shift(y, bits, false, &v) && large_make(quotient, x->count - y->count + 1, negative)) {
        trim(&v);
        divide_digits(u.digits, x->count - y->count, v.digits, v.count, quotient->digits);
        made = shift(&u, -bits, x->negative, rest);
    }
    large_free(&u);
    large_free(&v);
    return made;
}

/* ---- bits, as if in endless two's complement ---- */

static bool bitwise(const Large *x, const Large *y, char operation, Large *answer)
{
    size_t count = (x->count > y->count ? x->count : y->count) + 1;
    uint64_t carry_x = 1, carry_y = 1, carry = 1;

    if (!large_make(answer, count, false))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t p = digit(x, i), q = digit(y, i), r;
        if (x->negative) {
            carry_x += (uint32_t)~p;
            p = (uint32_t)carry_x;
            carry_x >>= 32;
        }
        if (y->negative) {
            carry_y += (uint32_t)~q;
            q = (uint32_t)carry_y;
            carry_y >>= 32;
        }
        r = operation == '&' ? p & q : operation == '|' ? p | q : p ^ q;
        answer->digits[i] = r;
    }
    answer->negative = answer->digits[count - 1] >> 31 != 0;
    for (size_t i = 0; answer->negative && i < count; i++) {
        carry += (uint32_t)~answer->digits[i];
        answer->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return true;
}

/* ---- primitives ---- */

static bool two_numbers(const Value *arguments, unsigned count, unsigned wanted, Large *x, Large *y)
{
    *x = *y = (Large){0};
    return count == wanted && large_get(arguments[0], x) && large_get(arguments[1], y);
}

static int finish(Thread *thread, Large *x, Large *y, bool made, Large *answer, Value *result)
{
    large_free(x);
    large_free(y);
    if (made)
        return large_result(thread, answer, result);
    large_free(answer);
    return primitive_fail(WHY_ARGUMENT);
}

static int large_add(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x, y, answer = {0};
    bool made = two_numbers(arguments, count, 1, &x, &y) && add(&x, &y, &answer);
    return finish(thread, &x, &y, made, &answer, result);
}

static int large_subtract(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x, y, answer = {0};
    bool made = two_numbers(arguments, count, 1, &x, &y);
    if (made)
        made = compare(&x, &y) >= 0 ? subtract(&x, &y, x.negative, &answer) : subtract(&y, &x, !x.negative, &answer);
    return finish(thread, &x, &y, made, &answer, result);
}

static int large_multiply(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x, y, answer = {0};
    bool made = two_numbers(arguments, count, 2, &x, &y) && multiply(&x, &y, arguments[2] == TRUE_OBJECT, &answer);
    return finish(thread, &x, &y, made, &answer, result);
}

static int large_divide(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x, y, quotient = {0}, rest = {0};
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, 0), *other = heap_hold_nogc(&thread->allocator, 0), array = 0;

    if (two_numbers(arguments, count, 2, &x, &y) && y.count != 0 &&
        divide(&x, &y, arguments[2] == TRUE_OBJECT, &quotient, &rest)) {
        *held = large_value(thread, &quotient);
        *other = *held != 0 ? large_value(thread, &rest) : 0;
        array = *other != 0 ? array_new(thread, 2) : 0;
        if (array != 0) {
            slot_set(array, 0, *held);
            slot_set(array, 1, *other);
        }
    }
    heap_leave_nogc(&thread->allocator, mark);
    large_free(&x);
    large_free(&y);
    large_free(&quotient);
    large_free(&rest);
    *result = array;
    return array != 0 ? TAGGED_DONE : primitive_fail(WHY_ARGUMENT);
}

static int large_compare(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x, y;
    bool made = two_numbers(arguments, count, 1, &x, &y);
    if (made)
        *result = value_from_integer(compare(&x, &y));
    large_free(&x);
    large_free(&y);
    return made ? TAGGED_DONE : primitive_fail(WHY_ARGUMENT);
}

#define LARGE_BITWISE(NAME, OPERATION)                                                                       \
    static int large_##NAME(Thread *thread, Value *arguments, unsigned count, Value *result)                 \
    {                                                                                                        \
        Large x, y, answer = {0};                                                                            \
        bool made = two_numbers(arguments, count, 1, &x, &y) && bitwise(&x, &y, OPERATION, &answer);         \
        return finish(thread, &x, &y, made, &answer, result);                                                \
    }
LARGE_BITWISE(and, '&')
LARGE_BITWISE(or, '|')
LARGE_BITWISE(xor, '^')

static int large_shift(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x = {0}, none = {0}, answer = {0};
    bool made = count == 1 && value_is_integer(arguments[1]) && value_integer(arguments[1]) < 32ll * DIGITS_LIMIT &&
                large_get(arguments[0], &x) && shift(&x, value_integer(arguments[1]), x.negative, &answer);
    return finish(thread, &x, &none, made, &answer, result);
}

static int large_normalize(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Large x = {0};
    if (!large_get(arguments[0], &x)) {
        large_free(&x);
        return primitive_fail(WHY_RECEIVER);
    }
    return large_result(thread, &x, result);
}

TaggedPrimitive *large_primitive(const char *name)
{
    static const NamedPrimitive all[] = {
        {"primDigitAdd", large_add}, {"primDigitSubtract", large_subtract}, {"primDigitMultiplyNegative", large_multiply},
        {"primDigitDivNegative", large_divide}, {"primDigitCompare", large_compare}, {"primDigitBitAnd", large_and},
        {"primDigitBitOr", large_or}, {"primDigitBitXor", large_xor}, {"primDigitBitShiftMagnitude", large_shift},
        {"primNormalizePositive", large_normalize}, {"primNormalizeNegative", large_normalize},
    };
    return named_primitive(all, sizeof all / sizeof all[0], name);
}
