package coracle.ffi;

/**
 * Things that belong to a C library (a z_stream, a DIR) and so cannot be in an image: guests keep the number of a
 * handle. After a thaw the handle is stale until what it stands for is made anew.
 */
public final class Handle {
    private Handle() {}

    @Function(value = "handle_open", library = "coracle")
    private static native long open0(byte[] kind, long address, byte[] description, long size);

    /** The address; 0 when the handle is closed or stale. */
    @Function(value = "handle_get", library = "coracle")
    public static native long get(long handle);

    @Function(value = "handle_is_stale", library = "coracle")
    public static native boolean isStale(long handle);

    @Function(value = "handle_rebuild", library = "coracle")
    public static native boolean rebuild(long handle, long address);

    /** Forgets the handle; does not close the thing. */
    @Function(value = "handle_close", library = "coracle")
    public static native void close(long handle);

    @Function(value = "handle_forget", library = "coracle")
    private static native void forget0(byte[] kind, long address);

    /** Closes the handle of a kind that has this address, if there is one. */
    public static void forget(String kind, long address) {
        forget0(name(kind), address);
    }

    private static byte[] name(String kind) {
        byte[] bytes = new byte[kind.length() + 1];
        for (int i = 0; i < kind.length(); i++) bytes[i] = (byte) kind.charAt(i);
        return bytes;
    }

    /** A handle of a kind ("file", "socket", "inflater") for an address or number; the description says what it is. */
    public static long open(String kind, long address, byte[] description) {
        long handle = open0(name(kind), address, description, description.length);
        if (handle == 0) throw new OutOfMemoryError("native memory");
        return handle;
    }
}
