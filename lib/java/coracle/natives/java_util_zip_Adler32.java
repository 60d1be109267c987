package coracle.natives;

import coracle.ffi.Function;

final class java_util_zip_Adler32 {
    @Function(value = "adler32_bytes", library = "coracle")
    private static native int ofArray(int adler, byte[] bytes, long offset, long size);
    @Function(value = "adler32_bytes", library = "coracle")
    private static native int ofMemory(int adler, long address, long offset, long size);

    static int update(int adler, int value) {
        byte[] one = {(byte) value};
        return ofArray(adler, one, 0, 1);
    }

    static int updateBytes(int adler, byte[] bytes, int offset, int size) {
        return ofArray(adler, bytes, offset, size);
    }

    static int updateByteBuffer(int adler, long address, int offset, int size) {
        return ofMemory(adler, address, offset, size);
    }
}
