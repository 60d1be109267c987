/* primitive_math.c - java.lang.Math and StrictMath.
 *
 * StrictMath's functions are those of base/strict_math. Math's may differ from them by a unit in the last place, and as
 * with other machines are the faster and more exact ones of the C library; their Java bodies are not used. */
#include <math.h>

#include "base/strict_math.h"
#include "java/primitive_internal.h"
#include "os/os.h"

#define OF_ONE(name, function)                                   \
    PRIMITIVE(name)                                              \
    {                                                            \
        *result = from_double(function(as_double(arguments[0]))); \
        return OUTCOME_DONE;                                     \
    }

OF_ONE(strict_sin_, strict_sin)
OF_ONE(strict_cos_, strict_cos)
OF_ONE(strict_tan_, strict_tan)
OF_ONE(strict_asin_, strict_asin)
OF_ONE(strict_acos_, strict_acos)
OF_ONE(strict_atan_, strict_atan)
OF_ONE(strict_expm1_, strict_expm1)
OF_ONE(strict_log_, strict_log)
OF_ONE(strict_log10_, strict_log10)
OF_ONE(strict_log1p_, strict_log1p)
OF_ONE(strict_sinh_, strict_sinh)
OF_ONE(strict_cosh_, strict_cosh)
OF_ONE(strict_tanh_, strict_tanh)
OF_ONE(square_root, sqrt)
OF_ONE(math_sin, os_sin)
OF_ONE(math_cos, os_cos)
OF_ONE(math_tan, os_tan)
OF_ONE(math_exp, os_exp)
OF_ONE(math_log, os_log)
OF_ONE(math_floor, floor)
OF_ONE(math_ceil, ceil)
OF_ONE(math_rint, rint)
OF_ONE(math_abs, fabs)

/* A double takes two argument slots. */
PRIMITIVE(strict_atan2_)
{
    *result = from_double(strict_atan2(as_double(arguments[0]), as_double(arguments[2])));
    return OUTCOME_DONE;
}

PRIMITIVE(strict_remainder_)
{
    *result = from_double(os_remainder(as_double(arguments[0]), as_double(arguments[2])));
    return OUTCOME_DONE;
}

PRIMITIVE(math_log10)
{
    *result = from_double((double)os_log10l(as_double(arguments[0])));
    return OUTCOME_DONE;
}

/* C says 1 where Java says NaN: 1 to a NaN, and 1 or -1 to an infinity. */
PRIMITIVE(math_pow)
{
    double x = as_double(arguments[0]), y = as_double(arguments[2]);
    bool is_undefined = isnan(y) || (isinf(y) && fabs(x) == 1);

    *result = from_double(is_undefined ? (double)NAN : os_pow(x, y));
    return OUTCOME_DONE;
}

PRIMITIVE(math_fma)
{
    *result = from_double(os_fma(as_double(arguments[0]), as_double(arguments[2]), as_double(arguments[4])));
    return OUTCOME_DONE;
}

PRIMITIVE(math_fma_float)
{
    *result = from_float(os_fmaf(as_float(arguments[0]), as_float(arguments[1]), as_float(arguments[2])));
    return OUTCOME_DONE;
}

PRIMITIVE(math_multiply_high)
{
    *result = (Value)(uint64_t)(((__int128)(int64_t)arguments[0] * (int64_t)arguments[2]) >> 64);
    return OUTCOME_DONE;
}

void primitive_register_math(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/StrictMath.sin(D)D", strict_sin_},
        {"java/lang/StrictMath.cos(D)D", strict_cos_},
        {"java/lang/StrictMath.tan(D)D", strict_tan_},
        {"java/lang/StrictMath.asin(D)D", strict_asin_},
        {"java/lang/StrictMath.acos(D)D", strict_acos_},
        {"java/lang/StrictMath.atan(D)D", strict_atan_},
        {"java/lang/StrictMath.atan2(DD)D", strict_atan2_},
        {"java/lang/StrictMath.expm1(D)D", strict_expm1_},
        {"java/lang/StrictMath.log(D)D", strict_log_},
        {"java/lang/StrictMath.log10(D)D", strict_log10_},
        {"java/lang/StrictMath.log1p(D)D", strict_log1p_},
        {"java/lang/StrictMath.sinh(D)D", strict_sinh_},
        {"java/lang/StrictMath.cosh(D)D", strict_cosh_},
        {"java/lang/StrictMath.tanh(D)D", strict_tanh_},
        {"java/lang/StrictMath.sqrt(D)D", square_root},
        {"java/lang/StrictMath.IEEEremainder(DD)D", strict_remainder_},
        {"java/lang/Math.sin(D)D", math_sin},
        {"java/lang/Math.cos(D)D", math_cos},
        {"java/lang/Math.tan(D)D", math_tan},
        {"java/lang/Math.exp(D)D", math_exp},
        {"java/lang/Math.log(D)D", math_log},
        {"java/lang/Math.log10(D)D", math_log10},
        {"java/lang/Math.pow(DD)D", math_pow},
        {"java/lang/Math.sqrt(D)D", square_root},
        {"java/lang/Math.floor(D)D", math_floor},
        {"java/lang/Math.ceil(D)D", math_ceil},
        {"java/lang/Math.rint(D)D", math_rint},
        {"java/lang/Math.abs(D)D", math_abs},
        {"java/lang/Math.fma(DDD)D", math_fma},
        {"java/lang/Math.fma(FFF)F", math_fma_float},
        {"java/lang/Math.multiplyHigh(JJ)J", math_multiply_high},
    };
    run_register_primitives(rows, sizeof rows / sizeof rows[0]);
}
