package coracle.natives;

import coracle.ffi.Function;

final class java_lang_StrictMath {
    @Function(value = "strict_sin", library = "coracle") static native double sin(double x);
    @Function(value = "strict_cos", library = "coracle") static native double cos(double x);
    @Function(value = "strict_tan", library = "coracle") static native double tan(double x);
    @Function(value = "strict_asin", library = "coracle") static native double asin(double x);
    @Function(value = "strict_acos", library = "coracle") static native double acos(double x);
    @Function(value = "strict_atan", library = "coracle") static native double atan(double x);
    @Function(value = "strict_log", library = "coracle") static native double log(double x);
    @Function(value = "strict_log10", library = "coracle") static native double log10(double x);
    @Function(value = "strict_sqrt", library = "coracle") static native double sqrt(double x);
    @Function(value = "strict_sinh", library = "coracle") static native double sinh(double x);
    @Function(value = "strict_cosh", library = "coracle") static native double cosh(double x);
    @Function(value = "strict_tanh", library = "coracle") static native double tanh(double x);
    @Function(value = "strict_expm1", library = "coracle") static native double expm1(double x);
    @Function(value = "strict_log1p", library = "coracle") static native double log1p(double x);
    @Function(value = "strict_atan2", library = "coracle") static native double atan2(double y, double x);
    @Function(value = "strict_remainder", library = "coracle") static native double IEEEremainder(double x, double y);
}
