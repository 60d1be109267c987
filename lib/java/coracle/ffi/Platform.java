package coracle.ffi;

/** Numbers of the system's C headers, looked up by name in the running process: never to be kept in a static. */
public final class Platform {
    private Platform() {}

    @Function(value = "fact", library = "coracle")
    private static native long fact0(byte[] name);

    /** "O_RDONLY", "struct stat" (size), "stat.st_mode" (offset), "stat.st_mode:size". */
    @SuppressWarnings("deprecation")
    public static long fact(String name) {
        byte[] bytes = new byte[name.length() + 1];
        name.getBytes(0, name.length(), bytes, 0); /* ASCII */
        long value = fact0(bytes);
        if (value == Long.MIN_VALUE) throw new IllegalArgumentException("no platform fact named " + name);
        return value;
    }

    @Function(value = "page_size", library = "coracle")
    public static native int pageSize();

    @Function(value = "processors", library = "coracle")
    public static native int processors();
}
