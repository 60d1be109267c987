package coracle.natives;

import coracle.ffi.Function;

final class java_lang_Double {
    @Function(value = "double_bits", library = "coracle")
    static native long doubleToRawLongBits(double value);

    @Function(value = "double_of_bits", library = "coracle")
    static native double longBitsToDouble(long bits);
}
