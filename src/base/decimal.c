/* decimal.c - decimal digits of binary floating-point numbers, by generating digits until they identify the number
 * (Steele and White; Gay), with the shortcuts and the inexact ends that Java 17's class library has.
 *
 * The number is b / s * 10^exponent; m / s is half the distance to its neighbours. Each step takes a digit q = b / s; it
 * is the last one when what remains is smaller than m (low), or as near to the next digit (high). */
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/decimal.h"

#define FRACTION_BITS 52
#define WORDS 40       /* of a large number: 1280 bits; the largest needed has about 1150 */
#define POWERS_OF_5 27 /* 5^26 is the last below 2^62 */
#define DIGIT_LIMIT 24

typedef struct Digits {
    char digit[DIGIT_LIMIT];
    int count;
    int exponent; /* the value is 0.DIGITS * 10^exponent */
} Digits;

/* Powers of two and five that b, s and m have as factors. */
typedef struct Scale {
    int b2, b5, s2, s5, m2, m5;
} Scale;

static uint64_t power_of_5(int n)
{
    uint64_t power = 1;
    while (n-- > 0) power *= 5;
    return power;
}

static int bits_of_power_of_5(int n) { return n < POWERS_OF_5 ? 64 - __builtin_clzll(power_of_5(n)) : 3 * n; }

/* ---- numbers that fit in a long ---- */

static void drop_digits(uint64_t *value, int count, Digits *digits)
{
    uint64_t power = 1, rest;

    for (int i = 0; i < count; i++) power *= 10;
    rest = *value % power;
    *value = *value / power + (count > 0 && rest >= power / 2);
    digits->exponent += count;
}

/* `dropped` digits at the end say nothing. */
static void digits_of_integer(uint64_t value, int dropped, Digits *digits)
{
    char reversed[DIGIT_LIMIT];

    digits->exponent = 0;
    drop_digits(&value, dropped, digits);
    for (; value % 10 == 0; value /= 10) digits->exponent++;
    for (; value != 0; value /= 10) reversed[digits->count++] = (char)('0' + value % 10);
    for (int i = 0; i < digits->count; i++) digits->digit[i] = reversed[digits->count - 1 - i];
    digits->exponent += digits->count;
}

/* ---- the end of the digits ---- */

static void round_up(Digits *digits)
{
    int last = digits->count - 1;

    while (last > 0 && digits->digit[last] == '9') digits->digit[last--] = '0';
    if (digits->digit[last] == '9') {
        digits->digit[last] = '1';
        digits->exponent++;
    } else {
        digits->digit[last]++;
    }
}

/* `difference` compares what remains with half a unit of the last digit. */
static void finish(Digits *digits, bool low, bool high, int64_t difference)
{
    bool is_odd = digits->digit[digits->count - 1] & 1;

    if (high && (!low || difference > 0 || (difference == 0 && is_odd))) round_up(digits);
}

/* Does the first digit q end everything? Numbers in scientific notation get a second one. */
static void take_first(Digits *digits, int *exponent, int q, bool *low, bool *high)
{
    if (q == 0 && !*high)
        --*exponent;
    else
        digits->digit[digits->count++] = (char)('0' + q);
    if (*exponent < -3 || *exponent >= 8) *low = *high = false;
}

/* ---- in machine words of 32 or 64 bits, with their overflow ---- */

static int64_t wrap(int64_t value, bool is_narrow) { return is_narrow ? (int32_t)value : value; }

static void digits_in_words(uint64_t fraction, const Scale *scale, int exponent, bool is_narrow, Digits *digits)
{
    int64_t b = (int64_t)(fraction * power_of_5(scale->b5)) << scale->b2;
    int64_t s = (int64_t)power_of_5(scale->s5) << scale->s2;
    int64_t m = (int64_t)power_of_5(scale->m5) << scale->m2;
    int64_t tens = 10 * s;
    int q = (int)(b / s);
    bool low, high;

    b = 10 * (b % s);
    m = wrap(10 * m, is_narrow);
    low = b < m;
    high = wrap(b + m, is_narrow) > tens;
    take_first(digits, &exponent, q, &low, &high);
    while (!low && !high) {
        q = (int)(b / s);
        b = 10 * (b % s);
        m = wrap(10 * m, is_narrow);
        low = m <= 0 || b < m; /* m is too large for a word: larger than b */
        high = m <= 0 || wrap(b + m, is_narrow) > tens;
        digits->digit[digits->count++] = (char)('0' + q);
    }
    digits->exponent = exponent + 1;
    finish(digits, low, high, wrap(2 * b - tens, is_narrow));
}

/* ---- in large numbers ---- */

typedef struct Large {
    uint32_t word[WORDS]; /* the least first */
} Large;

static void large_multiply(Large *large, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)large->word[i] * factor;
        large->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    assert(carry == 0);
}

static void large_shift(Large *large, int bits)
{
    int words = bits / 32, rest = bits % 32;

    for (int i = WORDS; i-- > 0;) {
        uint64_t high = i >= words ? large->word[i - words] : 0, low = i > words ? large->word[i - words - 1] : 0;
        large->word[i] = (uint32_t)((high << 32 | low) << rest >> 32);
    }
}

/* value * 5^fives * 2^twos */
static Large large_make(uint64_t value, int fives, int twos)
{
    Large large = {{(uint32_t)value, (uint32_t)(value >> 32)}};

    for (; fives >= 13; fives -= 13) large_multiply(&large, 1220703125u);
    large_multiply(&large, (uint32_t)power_of_5(fives));
    large_shift(&large, twos);
    return large;
}

static int large_compare(const Large *a, const Large *b)
{
    for (int i = WORDS; i-- > 0;)
        if (a->word[i] != b->word[i]) return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

static void large_add(Large *a, const Large *b)
{
    uint64_t carry = 0;

    for (int i = 0; i < WORDS; i++, carry >>= 32) a->word[i] = (uint32_t)(carry += (uint64_t)a->word[i] + b->word[i]);
}

static void large_subtract(Large *a, const Large *b)
{
    int64_t carry = 0;

    for (int i = 0; i < WORDS; i++, carry >>= 32) a->word[i] = (uint32_t)(carry += (int64_t)a->word[i] - b->word[i]);
}

/* b / s; b becomes ten times the remainder. */
static int large_take_digit(Large *b, const Large *s)
{
    int q = 0;

    for (; large_compare(b, s) >= 0; q++) large_subtract(b, s);
    large_multiply(b, 10);
    return q;
}

/* Here the high end belongs to the next digit too. */
static bool large_is_high(Large b, const Large *m, const Large *tens)
{
    large_add(&b, m);
    return large_compare(tens, &b) <= 0;
}

static void digits_in_large(uint64_t fraction, const Scale *scale, int exponent, Digits *digits)
{
    Large b = large_make(fraction, scale->b5, scale->b2), s = large_make(1, scale->s5, scale->s2);
    Large m = large_make(1, scale->m5, scale->m2), tens = s;
    int q = large_take_digit(&b, &s);
    bool low, high;

    large_multiply(&tens, 10);
    large_multiply(&m, 10);
    low = large_compare(&b, &m) < 0;
    high = large_is_high(b, &m, &tens);
    take_first(digits, &exponent, q, &low, &high);
    while (!low && !high) {
        q = large_take_digit(&b, &s);
        large_multiply(&m, 10);
        low = large_compare(&b, &m) < 0;
        high = large_is_high(b, &m, &tens);
        digits->digit[digits->count++] = (char)('0' + q);
    }
    digits->exponent = exponent + 1;
    large_multiply(&b, 2);
    finish(digits, low, high, large_compare(&b, &tens));
}

/* ---- the choice among them ---- */

/* floor(log10) of fraction * 2^(exponent - 52), or one less, from the tangent at 1.5. */
static int estimate_exponent(uint64_t fraction, int exponent)
{
    double significand = ldexp((double)fraction, -FRACTION_BITS);
    return (int)floor((significand - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981);
}

static Scale choose_scale(int exponent, int decimal, int fraction_bits, int significant_bits, int tiny_bits)
{
    Scale scale = {.b5 = decimal < 0 ? -decimal : 0, .s5 = decimal > 0 ? decimal : 0};
    int common;

    scale.b2 = scale.b5 + tiny_bits + exponent;
    scale.s2 = scale.s5 + tiny_bits;
    scale.m5 = scale.b5;
    scale.m2 = scale.b2 - significant_bits;
    scale.b2 -= fraction_bits - 1;
    common = scale.b2 < scale.s2 ? scale.b2 : scale.s2;
    scale.b2 -= common;
    scale.s2 -= common;
    scale.m2 -= common;
    if (fraction_bits == 1) scale.m2--; /* a power of two: the neighbour below is half as far away */
    if (scale.m2 < 0) {
        scale.b2 -= scale.m2;
        scale.s2 -= scale.m2;
        scale.m2 = 0;
    }
    return scale;
}

/* fraction has its highest bit at 52; significant_bits of it were given. */
static void find_digits(uint64_t fraction, int exponent, int significant_bits, Digits *digits)
{
    int zeros = __builtin_ctzll(fraction), fraction_bits = FRACTION_BITS + 1 - zeros;
    int tiny_bits = fraction_bits - exponent - 1 > 0 ? fraction_bits - exponent - 1 : 0;

    if (exponent <= 62 && exponent >= -21 && tiny_bits == 0) {
        int beyond = exponent - significant_bits - 1; /* bits below those that count */
        int dropped = exponent > significant_bits && beyond > 1 ? (int)(beyond * 0.30103) : 0;
        digits_of_integer(exponent >= FRACTION_BITS ? fraction << (exponent - FRACTION_BITS)
                                                    : fraction >> (FRACTION_BITS - exponent),
                          dropped, digits);
        return;
    }
    int decimal = estimate_exponent(fraction, exponent);
    Scale scale = choose_scale(exponent, decimal, fraction_bits, significant_bits, tiny_bits);
    int b_bits = fraction_bits + scale.b2 + bits_of_power_of_5(scale.b5);
    int tens_bits = scale.s2 + 1 + bits_of_power_of_5(scale.s5 + 1);
    fraction >>= zeros;
    if (b_bits < 64 && tens_bits < 64)
        digits_in_words(fraction, &scale, decimal, b_bits < 32 && tens_bits < 32, digits);
    else
        digits_in_large(fraction, &scale, decimal, digits);
}

/* ---- text ---- */

static char *put_fraction(char *at, const char *digits, int count)
{
    *at++ = '.';
    if (count <= 0) {
        *at++ = '0';
        return at;
    }
    memcpy(at, digits, (size_t)count);
    return at + count;
}

static char *put_zeros(char *at, int count)
{
    memset(at, '0', (size_t)count);
    return at + count;
}

static char *put_exponent(char *at, int exponent)
{
    *at++ = 'E';
    if (exponent < 0) *at++ = '-';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100) *at++ = (char)('0' + exponent / 100);
    if (exponent >= 10) *at++ = (char)('0' + exponent / 10 % 10);
    *at++ = (char)('0' + exponent % 10);
    return at;
}

static char *put_digits(char *at, const Digits *digits)
{
    int whole = digits->exponent;

    if (whole > 0 && whole < 8) {
        int given = digits->count < whole ? digits->count : whole;
        memcpy(at, digits->digit, (size_t)given);
        at = put_zeros(at + given, whole - given);
        return put_fraction(at, digits->digit + given, digits->count - given);
    }
    if (whole <= 0 && whole > -3) {
        *at++ = '0';
        *at++ = '.';
        at = put_zeros(at, -whole);
        memcpy(at, digits->digit, (size_t)digits->count);
        return at + digits->count;
    }
    *at++ = digits->digit[0];
    return put_exponent(put_fraction(at, digits->digit + 1, digits->count - 1), whole - 1);
}

static size_t put_word(char *text, char *at, const char *word)
{
    size_t size = strlen(word);
    memcpy(at, word, size);
    return (size_t)(at - text) + size;
}

/* The parts of a number with `exponent_bits`, its fraction moved up to 52 bits. */
static size_t format(bool is_negative, int exponent, int exponent_limit, uint64_t fraction, int fraction_bits,
                     char *text)
{
    int bias = exponent_limit / 2, significant_bits = fraction_bits + 1;
    Digits digits = {.count = 0};
    char *at = text;

    if (exponent == exponent_limit && fraction != 0) return put_word(text, at, "NaN");
    if (is_negative) *at++ = '-';
    if (exponent == exponent_limit) return put_word(text, at, "Infinity");
    if (exponent == 0 && fraction == 0) return put_word(text, at, "0.0");
    if (exponent == 0) {
        int shift = __builtin_clzll(fraction) - (63 - FRACTION_BITS);
        fraction <<= shift;
        exponent = 1 - shift;
        significant_bits -= shift;
    } else {
        fraction |= (uint64_t)1 << FRACTION_BITS;
    }
    find_digits(fraction, exponent - bias, significant_bits, &digits);
    return (size_t)(put_digits(at, &digits) - text);
}

size_t decimal_from_double(double value, char text[DECIMAL_ROOM])
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return format(bits >> 63, (int)(bits >> 52 & 0x7ff), 0x7ff, bits & 0xfffffffffffff, 52, text);
}

size_t decimal_from_float(float value, char text[DECIMAL_ROOM])
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return format(bits >> 31, (int)(bits >> 23 & 0xff), 0xff, (uint64_t)(bits & 0x7fffff) << 29, 23, text);
}
