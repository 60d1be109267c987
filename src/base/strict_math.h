/* strict_math.h - elementary functions with the results of "fdlibm", bit for bit, on every processor.
 *
 * java.lang.StrictMath is defined by them. The host's libm is more exact or less so; never the same. */
#ifndef BASE_STRICT_MATH_H
#define BASE_STRICT_MATH_H

double strict_sin(double x);
double strict_cos(double x);
double strict_tan(double x);
double strict_asin(double x);
double strict_acos(double x);
double strict_atan(double x);
double strict_atan2(double y, double x);
double strict_exp(double x);
double strict_expm1(double x);
double strict_log(double x);
double strict_log10(double x);
double strict_log1p(double x);
double strict_sinh(double x);
double strict_cosh(double x);
double strict_tanh(double x);
double strict_sqrt(double x);

#endif
