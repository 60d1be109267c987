/* strict_math.c - elementary functions after the published algorithms of fdlibm, as java.lang.StrictMath prescribes.
 *
 * The text is our own; methods and coefficients are those of fdlibm 5.3 (https://www.netlib.org/fdlibm), which says: Copyright (C)
 * 1993 (e_pow.c: 2004) by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 *
 * Results depend on the order of every operation and on each coefficient, so polynomials are written out in that order.
 * The intervals at which the algorithms change their way are given by the upper 32 bits of the argument: the sign is
 * taken away, and the pattern compared as an integer. */
#include "base/strict_math.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/float_bits.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off") /* a fused multiply-add would round once where twice is right */
#endif

static int32_t high(double x) { return (int32_t)(bits_of_f64(x) >> 32); }
static int32_t magnitude(double x) { return high(x) & 0x7fffffff; }
static double without_low(double x) { return f64_of(bits_of_f64(x) & 0xffffffff00000000u); }
static double with_high(double x, int32_t word) { return f64_of((uint64_t)(uint32_t)word << 32 | (uint32_t)bits_of_f64(x)); }
static double scaled(double x, int k) { return with_high(x, (int32_t)((uint32_t)high(x) + ((uint32_t)k << 20))); }
static double not_a_number(double x) { return (x - x) / (x - x); }

static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
static const double inverse_ln2 = 1.44269504088896338700e+00;

/* ---- argument reduction: x = n * pi/2 + y[0] + y[1], |y[0]| <= pi/4; the result is n, modulo 4 at least ---- */

/* The bits of 2/pi behind the point. */
static const uint64_t two_over_pi[20] = {
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
    0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
};

/* 24 bits of 2/pi, the index-th such group behind the point. */
static int group_at(int index)
{
    int at = index * 24, word = at / 64, shift = at % 64;
    uint64_t bits = two_over_pi[word] << shift;

    if (shift > 40) bits |= two_over_pi[word + 1] >> (64 - shift);
    return (int)(bits >> 40);
}

#define GROUP 16777216.0 /* 2^24 */
#define GROUPS 20

/* x * 2/pi, modulo 8, in groups of 24 bits, as fdlibm's reduction has it: what it sums in which order decides the last
 * bit of the result. */
typedef struct Product {
    double x[3];            /* |x| in groups, the first one the most significant */
    double table[GROUPS];   /* 2/pi in groups, from the first one that matters on, `last_x` of them before */
    double sum[GROUPS];     /* column sums of the product */
    int32_t group[GROUPS];  /* the fraction's groups, the last one the most significant */
    int last_x, first, last, scale;
    double top;             /* the fraction above the groups */
} Product;

static double column(const Product *p, int i)
{
    double sum = 0;
    for (int k = 0; k <= p->last_x; k++) sum += p->x[k] * p->table[p->last_x + i - k];
    return sum;
}

/* Carries from column to column; what is left above, modulo 8, is the quadrant and `top`. */
static int carry_columns(Product *p)
{
    double z = p->sum[p->last];
    int quadrant;

    for (int i = 0, k = p->last; k > 0; i++, k--) {
        double up = (double)(int32_t)(z / GROUP);
        p->group[i] = (int32_t)(z - GROUP * up);
        z = p->sum[k - 1] + up;
    }
    z = ldexp(z, p->scale);
    z -= 8.0 * floor(z * 0.125);
    quadrant = (int)z;
    p->top = z - quadrant;
    return quadrant;
}

/* Takes the fraction's complement to 1 when it is beyond the middle: 1 or 2 then, else 0. */
static int fold(Product *p, int *quadrant)
{
    int beyond = 0, carry = 0, last = p->last - 1;

    if (p->scale > 0) { /* the quadrant's lowest bits are still in the highest group */
        int above = p->group[last] >> (24 - p->scale);
        *quadrant += above;
        p->group[last] -= above << (24 - p->scale);
        beyond = p->group[last] >> (23 - p->scale);
    } else if (p->scale == 0) {
        beyond = p->group[last] >> 23;
    } else if (p->top >= 0.5) {
        beyond = 2;
    }
    if (beyond <= 0) return 0;
    ++*quadrant;
    for (int i = 0; i < p->last; i++) {
        int group = p->group[i];
        if (carry != 0) {
            p->group[i] = 0xffffff - group;
        } else if (group != 0) {
            carry = 1;
            p->group[i] = 0x1000000 - group;
        }
    }
    if (p->scale > 0) p->group[last] &= 0xffffff >> p->scale;
    if (beyond == 2) {
        p->top = 1 - p->top;
        if (carry != 0) p->top -= ldexp(1, p->scale);
    }
    return beyond;
}

/* Brings `top` into the groups, or drops leading groups that are zero. */
static void settle(Product *p)
{
    if (p->top == 0) {
        do {
            p->last--;
            p->scale -= 24;
        } while (p->group[p->last] == 0);
        return;
    }
    p->top = ldexp(p->top, -p->scale);
    if (p->top >= GROUP) {
        double up = (double)(int32_t)(p->top / GROUP);
        p->group[p->last] = (int32_t)(p->top - GROUP * up);
        p->last++;
        p->scale += 24;
        p->group[p->last] = (int32_t)up;
    } else {
        p->group[p->last] = (int32_t)p->top;
    }
}

/* The fraction times pi/2, as two doubles. */
static void times_half_pi(Product *p, double sign, double y[2])
{
    static const double half_pi_parts[] = {1.57079625129699707031e+00, 7.54978941586159635335e-08, 5.39030252995776476554e-15,
                                           3.28200341580791294123e-22, 1.27065575308067607349e-29};
    double weight = ldexp(1, p->scale), part[GROUPS] = {0}, sum = 0;

    for (int i = p->last; i >= 0; i--) {
        p->sum[i] = weight * p->group[i];
        weight /= GROUP;
    }
    for (int i = p->last; i >= 0; i--) {
        double s = 0;
        for (int k = 0; k <= 4 && k <= p->last - i; k++) s += half_pi_parts[k] * p->sum[i + k];
        part[p->last - i] = s;
    }
    for (int i = p->last; i >= 0; i--) sum += part[i];
    y[0] = sign * sum;
    sum = part[0] - sum;
    for (int i = 1; i <= p->last; i++) sum += part[i];
    y[1] = sign * sum;
}

static int reduce_large(double x, double y[2])
{
    int32_t size = magnitude(x);
    int exponent = (size >> 20) - 1046, quadrant, beyond;
    double z = with_high(fabs(x), size - exponent * 0x100000); /* so that it has 24 bits before the point */
    Product p = {0};

    for (int i = 0; i < 3; i++) {
        p.x[i] = i < 2 ? (double)(int32_t)z : z;
        z = (z - p.x[i]) * GROUP;
    }
    p.last_x = p.x[2] != 0 ? 2 : p.x[1] != 0 ? 1 : 0;
    p.first = exponent < 3 ? 0 : (exponent - 3) / 24;
    p.scale = exponent - 24 * (p.first + 1);
    p.last = 4;
    for (int i = 0; i <= p.last_x + 4; i++) p.table[i] = p.first - p.last_x + i < 0 ? 0 : group_at(p.first - p.last_x + i);
    for (int i = 0; i <= 4; i++) p.sum[i] = column(&p, i);
    for (;;) {
        int more = 1, rest = 0;
        quadrant = carry_columns(&p);
        beyond = fold(&p, &quadrant);
        if (p.top != 0) break;
        for (int i = p.last - 1; i >= 4; i--) rest |= p.group[i];
        if (rest != 0) break;
        while (p.group[4 - more] == 0) more++; /* too much was cancelled: so many columns more */
        for (int i = p.last + 1; i <= p.last + more; i++) {
            p.table[p.last_x + i] = group_at(p.first + i);
            p.sum[i] = column(&p, i);
        }
        p.last += more;
    }
    settle(&p);
    times_half_pi(&p, (beyond != 0) != (x < 0) ? -1 : 1, y);
    return x < 0 ? -quadrant : quadrant;
}

/* pi/2 in parts of 33 bits, each with what is left after it */
static const double part1 = 1.57079632673412561417e+00, rest1 = 6.07710050650619224932e-11;
static const double part2 = 6.07710050630396597660e-11, rest2 = 2.02226624879595063154e-21;
static const double part3 = 2.02226624871116645580e-21, rest3 = 8.47842766036889956997e-32;

static int reduce_once(double x, double y[2])
{
    bool is_close = magnitude(x) == 0x3ff921fb; /* to pi/2: one part more */
    double sign = x < 0 ? -1 : 1, z = x - sign * part1, low = sign * rest1;

    if (is_close) {
        z -= sign * part2;
        low = sign * rest2;
    }
    y[0] = z - low;
    y[1] = (z - y[0]) - low;
    return (int)sign;
}

static int reduce_medium(double x, double y[2])
{
    double t = fabs(x), fn, r, w;
    int n = (int)(t * 6.36619772367581382433e-01 + 0.5), exponent = magnitude(x) >> 20;

    fn = n;
    r = t - fn * part1;
    w = fn * rest1;
    y[0] = r - w;
    if (n >= 32 || magnitude(x) == high(fn * 1.57079632679489661923)) {
        if (exponent - (magnitude(y[0]) >> 20) > 16) { /* much was cancelled */
            t = r;
            w = fn * part2;
            r = t - w;
            w = fn * rest2 - ((t - r) - w);
            y[0] = r - w;
            if (exponent - (magnitude(y[0]) >> 20) > 49) {
                t = r;
                w = fn * part3;
                r = t - w;
                w = fn * rest3 - ((t - r) - w);
                y[0] = r - w;
            }
        }
    }
    y[1] = (r - y[0]) - w;
    if (x < 0) {
        y[0] = -y[0];
        y[1] = -y[1];
        return -n;
    }
    return n;
}

static int reduce(double x, double y[2])
{
    int32_t size = magnitude(x);

    if (size < 0x4002d97c) return reduce_once(x, y);
    if (size <= 0x413921fb) return reduce_medium(x, y);
    return reduce_large(x, y);
}

/* ---- sine, cosine, tangent ---- */

static double kernel_sin(double x, double y, bool has_tail)
{
    double z, v, r;

    if (magnitude(x) < 0x3e400000) return x;
    z = x * x;
    v = z * x;
    r = 8.33333333332248946124e-03 +
        z * (-1.98412698298579493134e-04 +
             z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    if (!has_tail) return x + v * (-1.66666666666666324348e-01 + z * r);
    return x - ((z * (0.5 * y - v * r) - y) - v * -1.66666666666666324348e-01);
}

static double kernel_cos(double x, double y)
{
    int32_t size = magnitude(x);
    double z, r, part, half;

    if (size < 0x3e400000) return 1;
    z = x * x;
    r = z * (4.16666666666666019037e-02 +
             z * (-1.38888888888741095749e-03 +
                  z * (2.48015872894767294178e-05 +
                       z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
    part = size > 0x3fe90000 ? 0.28125 : with_high(0, size - 0x00200000);
    half = 0.5 * z - part;
    return (1 - part) - (half - (z * r - x * y));
}

/* -1 / (x + y) for w = x + y, where r is y as computed, better than a division alone */
static double negative_inverse(double w, double x, double r)
{
    double z = without_low(w), v = r - (z - x), a = -1.0 / w, t = without_low(a), s = 1.0 + t * z;
    return t + a * (s + t * v);
}

/* tan for which = 1, -1/tan for which = -1 */
static double kernel_tan(double x, double y, int which)
{
    int32_t size = magnitude(x);
    bool is_large = size >= 0x3fe59428;
    double sign = high(x) < 0 ? -1 : 1, z, w, r, v, s;

    if (size < 0x3e300000) {
        if (x == 0 && which == -1) return 1 / fabs(x);
        return which == 1 ? x : negative_inverse(x + y, x, y);
    }
    if (is_large) {
        if (sign < 0) {
            x = -x;
            y = -y;
        }
        z = 7.85398163397448278999e-01 - x;
        w = 3.06161699786838301793e-17 - y;
        x = z + w;
        y = 0;
    }
    z = x * x;
    w = z * z;
    r = 1.33333333333201242699e-01 +
        w * (2.18694882948595424599e-02 +
             w * (3.59207910759131235356e-03 +
                  w * (5.88041240820264096874e-04 + w * (7.81794442939557092300e-05 + w * -1.85586374855275456654e-05))));
    v = z * (5.39682539762260521377e-02 +
             w * (8.86323982359930005737e-03 +
                  w * (1.45620945432529025516e-03 +
                       w * (2.46463134818469906812e-04 + w * (7.14072491382608190305e-05 + w * 2.59073051863633712884e-05)))));
    s = z * x;
    r = y + z * (s * (r + v) + y);
    r += 3.33333333333334091986e-01 * s;
    w = x + r;
    if (is_large) {
        v = which;
        return sign * (v - 2.0 * (x - (w * w / (w + v) - r)));
    }
    return which == 1 ? w : negative_inverse(w, x, r);
}

double strict_sin(double x)
{
    double y[2];

    if (magnitude(x) <= 0x3fe921fb) return kernel_sin(x, 0, false);
    if (magnitude(x) >= 0x7ff00000) return x - x;
    switch (reduce(x, y) & 3) {
    case 0: return kernel_sin(y[0], y[1], true);
    case 1: return kernel_cos(y[0], y[1]);
    case 2: return -kernel_sin(y[0], y[1], true);
    default: return -kernel_cos(y[0], y[1]);
    }
}

double strict_cos(double x)
{
    double y[2];

    if (magnitude(x) <= 0x3fe921fb) return kernel_cos(x, 0);
    if (magnitude(x) >= 0x7ff00000) return x - x;
    switch (reduce(x, y) & 3) {
    case 0: return kernel_cos(y[0], y[1]);
    case 1: return -kernel_sin(y[0], y[1], true);
    case 2: return -kernel_cos(y[0], y[1]);
    default: return kernel_sin(y[0], y[1], true);
    }
}

double strict_tan(double x)
{
    double y[2];
    int n;

    if (magnitude(x) <= 0x3fe921fb) return kernel_tan(x, 0, 1);
    if (magnitude(x) >= 0x7ff00000) return x - x;
    n = reduce(x, y);
    return kernel_tan(y[0], y[1], n & 1 ? -1 : 1);
}

/* ---- their inverses ---- */

static const double half_pi = 1.57079632679489655800e+00, half_pi_rest = 6.12323399573676603587e-17;

/* (asin(x) - x) / x of x * x = t */
static double arc_ratio(double t)
{
    double p = t * (1.66666666666666657415e-01 +
                    t * (-3.25565818622400915405e-01 +
                         t * (2.01212532134862925881e-01 +
                              t * (-4.00555345006794114027e-02 + t * (7.91534994289814532176e-04 + t * 3.47933107596021167570e-05)))));
    double q = 1 + t * (-2.40339491173441421878e+00 +
                        t * (2.02094576023350569471e+00 + t * (-6.88283971605453293030e-01 + t * 7.70381505559019352791e-02)));
    return p / q;
}

double strict_asin(double x)
{
    int32_t size = magnitude(x);
    double t, s, ratio, w, c;

    if (size >= 0x3ff00000) return fabs(x) == 1 ? x * half_pi + x * half_pi_rest : not_a_number(x);
    if (size < 0x3e400000) return x;
    if (size < 0x3fe00000) return x + x * arc_ratio(x * x);
    t = (1 - fabs(x)) * 0.5;
    ratio = arc_ratio(t);
    s = sqrt(t);
    if (size >= 0x3fef3333) {
        t = half_pi - (2.0 * (s + s * ratio) - half_pi_rest);
    } else {
        w = without_low(s);
        c = (t - w * w) / (s + w);
        t = 7.85398163397448278999e-01 - ((2.0 * s * ratio - (half_pi_rest - 2.0 * c)) - (7.85398163397448278999e-01 - 2.0 * w));
    }
    return x > 0 ? t : -t;
}

double strict_acos(double x)
{
    int32_t size = magnitude(x);
    double z, s, w;

    if (size >= 0x3ff00000) return x == 1 ? 0 : x == -1 ? 3.14159265358979311600e+00 + 2.0 * half_pi_rest : not_a_number(x);
    if (size < 0x3fe00000) {
        if (size <= 0x3c600000) return half_pi + half_pi_rest;
        return half_pi - (x - (half_pi_rest - x * arc_ratio(x * x)));
    }
    if (x < 0) {
        z = (1 + x) * 0.5;
        s = sqrt(z);
        w = arc_ratio(z) * s - half_pi_rest;
        return 3.14159265358979311600e+00 - 2.0 * (s + w);
    }
    z = (1 - x) * 0.5;
    s = sqrt(z);
    w = without_low(s);
    return 2.0 * (w + (arc_ratio(z) * s + (z - w * w) / (s + w)));
}

double strict_atan(double x)
{
    static const double angle[] = {4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01,
                                   1.57079632679489655800e+00};
    static const double angle_rest[] = {2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17,
                                        6.12323399573676603587e-17};
    int32_t size = magnitude(x);
    double sign = high(x) < 0 ? -1 : 1, z, w, s1, s2;
    int about = -1; /* the angle that the argument is moved by */

    if (size >= 0x44100000) return x != x ? x + x : sign * (angle[3] + angle_rest[3]);
    if (size < 0x3e200000) return x;
    if (size >= 0x3fdc0000) {
        x = fabs(x);
        if (size < 0x3fe60000) {
            about = 0;
            x = (2.0 * x - 1) / (2.0 + x);
        } else if (size < 0x3ff30000) {
            about = 1;
            x = (x - 1) / (x + 1);
        } else if (size < 0x40038000) {
            about = 2;
            x = (x - 1.5) / (1 + 1.5 * x);
        } else {
            about = 3;
            x = -1.0 / x;
        }
    }
    z = x * x;
    w = z * z;
    s1 = z * (3.33333333333329318027e-01 +
              w * (1.42857142725034663711e-01 +
                   w * (9.09088713343650656196e-02 +
                        w * (6.66107313738753120669e-02 + w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
    s2 = w * (-1.99999999998764832476e-01 +
              w * (-1.11111104054623557880e-01 +
                   w * (-7.69187620504482999495e-02 + w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))));
    if (about < 0) return x - x * (s1 + s2);
    return sign * (angle[about] - ((x * (s1 + s2) - angle_rest[about]) - x));
}

double strict_atan2(double y, double x)
{
    static const double pi = 3.1415926535897931160E+00, pi_rest = 1.2246467991473531772E-16;
    double sign = high(y) < 0 ? -1 : 1, z;
    bool is_left = high(x) < 0;
    int distance;

    if (x != x || y != y) return x + y;
    if (x == 1) return strict_atan(y);
    if (y == 0) return is_left ? sign * pi : y;
    if (x == 0) return sign * half_pi;
    if (isinf(x)) {
        if (isinf(y)) return sign * (is_left ? 3.0 * 7.8539816339744827900E-01 : 7.8539816339744827900E-01);
        return sign * (is_left ? pi : 0.0);
    }
    if (isinf(y)) return sign * half_pi;
    distance = (magnitude(y) - magnitude(x)) >> 20;
    if (distance > 60)
        z = half_pi + 0.5 * pi_rest;
    else if (is_left && distance < -60)
        z = 0;
    else
        z = strict_atan(fabs(y / x));
    if (!is_left) return sign * z;
    return sign > 0 ? pi - (z - pi_rest) : (z - pi_rest) - pi;
}

/* ---- exponentials ---- */

double strict_exp(double x)
{
    int32_t size = magnitude(x);
    double hi = 0, lo = 0, t, c, y, sign = high(x) < 0 ? -1 : 1;
    int k = 0;

    if (size >= 0x7ff00000) return x != x ? x + x : sign > 0 ? x : 0;
    if (x > 7.09782712893383973096e+02) return INFINITY;
    if (x < -7.45133219101941108420e+02) return 0;
    if (size > 0x3fd62e42) {
        if (size < 0x3ff0a2b2) {
            k = (int)sign;
            hi = x - sign * ln2_high;
            lo = sign * ln2_low;
        } else {
            k = (int)(inverse_ln2 * x + sign * 0.5);
            hi = x - k * ln2_high;
            lo = k * ln2_low;
        }
        x = hi - lo;
    } else if (size < 0x3e300000) {
        return 1 + x;
    }
    t = x * x;
    c = x - t * (1.66666666666666019037e-01 +
                 t * (-2.77777777770155933842e-03 +
                      t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    if (k == 0) return 1 - ((x * c) / (c - 2.0) - x);
    y = 1 - ((lo - (x * c) / (2.0 - c)) - hi);
    if (k >= -1021) return scaled(y, k);
    return scaled(y, k + 1000) * 9.33263618503218878990e-302;
}

double strict_expm1(double x)
{
    int32_t size = magnitude(x);
    double sign = high(x) < 0 ? -1 : 1, hi, lo, c = 0, t, half, square, r, e, y;
    int k = 0;

    if (size >= 0x7ff00000) return x != x ? x + x : sign > 0 ? x : -1;
    if (size >= 0x4043687a) {
        if (x > 7.09782712893383973096e+02) return INFINITY;
        if (sign < 0) return -1;
    }
    if (size > 0x3fd62e42) {
        if (size < 0x3ff0a2b2) {
            k = (int)sign;
            hi = x - sign * ln2_high;
            lo = sign * ln2_low;
        } else {
            k = (int)(inverse_ln2 * x + sign * 0.5);
            hi = x - k * ln2_high;
            lo = k * ln2_low;
        }
        x = hi - lo;
        c = (hi - x) - lo;
    } else if (size < 0x3c900000) {
        return x;
    }
    half = 0.5 * x;
    square = x * half;
    r = 1 + square * (-3.33333333333331316428e-02 +
                      square * (1.58730158725481460165e-03 +
                                square * (-7.93650757867487942473e-05 +
                                          square * (4.00821782732936239552e-06 + square * -2.01099218183624371326e-07))));
    t = 3.0 - r * half;
    e = square * ((r - t) / (6.0 - x * t));
    if (k == 0) return x - (x * e - square);
    e = x * (e - c) - c;
    e -= square;
    if (k == -1) return 0.5 * (x - e) - 0.5;
    if (k == 1) return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1 + 2.0 * (x - e);
    if (k <= -2 || k > 56) {
        y = 1 - (e - x);
        return scaled(y, k) - 1;
    }
    if (k < 20) {
        t = with_high(1, 0x3ff00000 - (0x200000 >> k));
        y = t - (e - x);
    } else {
        t = with_high(1, (0x3ff - k) << 20);
        y = x - (e + t);
        y += 1;
    }
    return scaled(y, k);
}

static double huge_exp(double size_of_x, double factor)
{
    double w = strict_exp(0.5 * size_of_x), t = factor * w; /* in two steps: exp itself would overflow */
    return t * w;
}

static const double greatest = 7.10475860073943863426e+02; /* of which sinh and cosh are finite */

double strict_sinh(double x)
{
    int32_t size = magnitude(x);
    double half = high(x) < 0 ? -0.5 : 0.5, t;

    if (size >= 0x7ff00000) return x + x;
    if (size < 0x40360000) {
        if (size < 0x3e300000) return x;
        t = strict_expm1(fabs(x));
        return size < 0x3ff00000 ? half * (2.0 * t - t * t / (t + 1)) : half * (t + t / (t + 1));
    }
    if (size < 0x40862e42) return half * strict_exp(fabs(x));
    return fabs(x) <= greatest ? huge_exp(fabs(x), half) : x * 1.0e307;
}

double strict_cosh(double x)
{
    int32_t size = magnitude(x);
    double t, w;

    if (size >= 0x7ff00000) return x * x;
    if (size < 0x3fd62e43) {
        t = strict_expm1(fabs(x));
        w = 1 + t;
        return size < 0x3c800000 ? w : 1 + (t * t) / (w + w);
    }
    if (size < 0x40360000) {
        t = strict_exp(fabs(x));
        return 0.5 * t + 0.5 / t;
    }
    if (size < 0x40862e42) return 0.5 * strict_exp(fabs(x));
    return fabs(x) <= greatest ? huge_exp(fabs(x), 0.5) : INFINITY;
}

double strict_tanh(double x)
{
    int32_t size = magnitude(x);
    double t, z;

    if (size >= 0x7ff00000) return high(x) >= 0 ? 1 / x + 1 : 1 / x - 1;
    if (size < 0x3c800000) return x * (1 + x);
    if (size >= 0x40360000) {
        z = 1;
    } else if (size >= 0x3ff00000) {
        t = strict_expm1(2.0 * fabs(x));
        z = 1 - 2.0 / (t + 2.0);
    } else {
        t = strict_expm1(-2.0 * fabs(x));
        z = -t / (t + 2.0);
    }
    return high(x) >= 0 ? z : -z;
}

/* ---- logarithms ---- */

static const double log1 = 6.666666666666735130e-01, log2_ = 3.999999999940941908e-01, log3 = 2.857142874366239149e-01,
                    log4 = 2.222219843214978396e-01, log5 = 1.818357216161805012e-01, log6 = 1.531383769920937332e-01,
                    log7 = 1.479819860511658591e-01;

double strict_log(double x)
{
    int32_t word = high(x), i, j;
    double f, s, z, w, r, dk, square;
    int k = 0;

    if (x == 0) return -INFINITY;
    if (word < 0) return not_a_number(x);
    if (word >= 0x7ff00000) return x + x;
    if (word < 0x00100000) { /* subnormal */
        k = -54;
        x *= 1.80143985094819840000e+16;
        word = high(x);
    }
    k += (word >> 20) - 1023;
    word &= 0xfffff;
    i = (word + 0x95f64) & 0x100000;
    x = with_high(x, word | (i ^ 0x3ff00000));
    k += i >> 20;
    f = x - 1;
    dk = k;
    if ((0xfffff & (2 + word)) < 3) {
        if (f == 0) return k == 0 ? 0 : dk * ln2_high + dk * ln2_low;
        r = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - r : dk * ln2_high - ((r - dk * ln2_low) - f);
    }
    s = f / (2.0 + f);
    z = s * s;
    i = word - 0x6147a;
    w = z * z;
    j = 0x6b851 - word;
    r = z * (log1 + w * (log3 + w * (log5 + w * log7))) + w * (log2_ + w * (log4 + w * log6));
    if ((i | j) > 0) {
        square = 0.5 * f * f;
        if (k == 0) return f - (square - s * (square + r));
        return dk * ln2_high - ((square - (s * (square + r) + dk * ln2_low)) - f);
    }
    if (k == 0) return f - s * (f - r);
    return dk * ln2_high - ((s * (f - r) - dk * ln2_low) - f);
}

double strict_log10(double x)
{
    int32_t word = high(x), i;
    double y, z;
    int k = 0;

    if (x == 0) return -INFINITY;
    if (word < 0) return not_a_number(x);
    if (word >= 0x7ff00000) return x + x;
    if (word < 0x00100000) {
        k = -54;
        x *= 1.80143985094819840000e+16;
        word = high(x);
    }
    k += (word >> 20) - 1023;
    i = k < 0;
    y = k + i;
    x = with_high(x, (word & 0xfffff) | ((0x3ff - i) << 20));
    z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * strict_log(x);
    return z + y * 3.01029995663611771306e-01;
}

double strict_log1p(double x)
{
    int32_t word = high(x), size = word & 0x7fffffff, part = 1;
    double f = 0, c = 0, u, square, s, z, r;
    int k = 1;

    if (word < 0x3fda827a) {
        if (size >= 0x3ff00000) return x == -1 ? -INFINITY : not_a_number(x);
        if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
        if (word > 0 || word <= (int32_t)0xbfd2bec3) {
            k = 0;
            f = x;
        }
    }
    if (word >= 0x7ff00000) return x + x;
    if (k != 0) {
        if (word < 0x43400000) {
            u = 1 + x;
            part = high(u);
            k = (part >> 20) - 1023;
            c = k > 0 ? 1 - (u - x) : x - (u - 1);
            c /= u;
        } else {
            u = x;
            part = high(u);
            k = (part >> 20) - 1023;
        }
        part &= 0xfffff;
        if (part < 0x6a09e) {
            u = with_high(u, part | 0x3ff00000);
        } else {
            k++;
            u = with_high(u, part | 0x3fe00000);
            part = (0x00100000 - part) >> 2;
        }
        f = u - 1;
    }
    square = 0.5 * f * f;
    if (part == 0) {
        if (f == 0) return k == 0 ? 0 : k * ln2_high + (c + k * ln2_low);
        r = square * (1 - 0.66666666666666666 * f);
        return k == 0 ? f - r : k * ln2_high - ((r - (k * ln2_low + c)) - f);
    }
    s = f / (2.0 + f);
    z = s * s;
    r = z * (log1 + z * (log2_ + z * (log3 + z * (log4 + z * (log5 + z * (log6 + z * log7))))));
    if (k == 0) return f - (square - s * (square + r));
    return k * ln2_high - ((square - (s * (square + r) + (k * ln2_low + c))) - f);
}

/* ---- exact by definition ---- */

double strict_sqrt(double x) { return sqrt(x); }
