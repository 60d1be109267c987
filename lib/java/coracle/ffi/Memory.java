package coracle.ffi;

import jdk.internal.misc.Unsafe;

/** Native memory: addresses that C functions can take. */
public final class Memory {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

    private Memory() {}

    @Function(value = "stage", library = "coracle")
    private static native long stage0(long size);

    @Function(value = "memory_allocate", library = "coracle")
    private static native long allocate0(long size);

    @Function(value = "memory_free", library = "coracle")
    private static native void free0(long address);

    @Function("strlen")
    private static native long strlen(long address);

    /** This thread's staging buffer, of at least {@code size} bytes: its content lasts until the thread's next call of this. */
    public static long stage(int size) {
        long address = stage0(size);
        if (address == 0) throw new OutOfMemoryError("native memory");
        return address;
    }

    public static long allocate(long size) {
        long address = allocate0(size);
        if (address == 0) throw new OutOfMemoryError("native memory");
        return address;
    }

    public static void free(long address) {
        if (address != 0) free0(address);
    }

    public static byte getByte(long address) { return U.getByte(address); }
    public static short getShort(long address) { return U.getShort(address); }
    public static int getInt(long address) { return U.getInt(address); }
    public static long getLong(long address) { return U.getLong(address); }
    public static void putByte(long address, byte value) { U.putByte(address, value); }
    public static void putShort(long address, short value) { U.putShort(address, value); }
    public static void putInt(long address, int value) { U.putInt(address, value); }
    public static void putLong(long address, long value) { U.putLong(address, value); }
    public static void clear(long address, long size) { U.setMemory(address, size, (byte) 0); }

    /** An unsigned integer of 1, 2, 4 or 8 bytes: for struct fields whose width is a platform fact. */
    public static long getSized(long address, int size) {
        switch (size) {
        case 1: return U.getByte(address) & 0xffL;
        case 2: return U.getShort(address) & 0xffffL;
        case 4: return U.getInt(address) & 0xffffffffL;
        default: return U.getLong(address);
        }
    }

    public static void copy(long from, long to, long length) {
        if (length != 0) U.copyMemory(from, to, length);
    }

    public static void copyIn(byte[] from, int offset, int length, long to) {
        U.copyMemory(from, BYTES + offset, null, to, length);
    }

    public static void copyOut(long from, byte[] to, int offset, int length) {
        U.copyMemory(null, from, to, BYTES + offset, length);
    }

    /** The bytes of a C string, without its 0; none for a null pointer. */
    public static byte[] bytesAt(long address) {
        if (address == 0) return new byte[0];
        return bytesAt(address, (int) strlen(address));
    }

    public static byte[] bytesAt(long address, int length) {
        byte[] bytes = new byte[length];
        copyOut(address, bytes, 0, length);
        return bytes;
    }
}
