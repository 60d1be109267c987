package coracle.natives;

import coracle.ffi.Function;

final class java_util_zip_CRC32 {
    @Function(value = "crc32_bytes", library = "coracle")
    private static native int ofArray(int crc, byte[] bytes, long offset, long size);
    @Function(value = "crc32_bytes", library = "coracle")
    private static native int ofMemory(int crc, long address, long offset, long size);

    static int update(int crc, int value) {
        byte[] one = {(byte) value};
        return ofArray(crc, one, 0, 1);
    }

    static int updateBytes0(int crc, byte[] bytes, int offset, int size) {
        return ofArray(crc, bytes, offset, size);
    }

    static int updateByteBuffer0(int crc, long address, int offset, int size) {
        return ofMemory(crc, address, offset, size);
    }
}
