package coracle.natives;

import coracle.ffi.Function;

final class java_lang_Float {
    @Function(value = "float_bits", library = "coracle")
    static native int floatToRawIntBits(float value);

    @Function(value = "float_of_bits", library = "coracle")
    static native float intBitsToFloat(int bits);
}
