/* float_bits.h - the bits of floating-point numbers, and numbers of bits (IEEE 754; a NaN keeps its payload). */
#ifndef BASE_FLOAT_BITS_H
#define BASE_FLOAT_BITS_H
#include <stdint.h>
#include <string.h>

static inline double f64_of(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline uint64_t bits_of_f64(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static inline float f32_of(uint32_t bits)
{
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline uint32_t bits_of_f32(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

#endif
