package coracle.ffi;

/** The errno of this thread's last C call. */
public final class Errno {
    private Errno() {}

    @Function(value = "errno", library = "coracle")
    public static native int get();

    @Function(value = "set_errno", library = "coracle")
    public static native void set(int error);

    @Function(value = "EINTR", library = "fact") public static native int EINTR();
    @Function(value = "EAGAIN", library = "fact") public static native int EAGAIN();
    @Function(value = "ENOENT", library = "fact") public static native int ENOENT();
    @Function(value = "EINVAL", library = "fact") public static native int EINVAL();
    @Function(value = "EEXIST", library = "fact") public static native int EEXIST();
    @Function(value = "EISDIR", library = "fact") public static native int EISDIR();
    @Function(value = "ENOTDIR", library = "fact") public static native int ENOTDIR();
    @Function(value = "EACCES", library = "fact") public static native int EACCES();
    @Function(value = "ENOSYS", library = "fact") public static native int ENOSYS();
    @Function(value = "ERANGE", library = "fact") public static native int ERANGE();
    @Function(value = "ENOMEM", library = "fact") public static native int ENOMEM();
    @Function(value = "ESRCH", library = "fact") public static native int ESRCH();
    @Function(value = "ECHILD", library = "fact") public static native int ECHILD();
    @Function(value = "ENOTSUP", library = "fact") public static native int ENOTSUP();
    @Function(value = "EINPROGRESS", library = "fact") public static native int EINPROGRESS();
    @Function(value = "ENOPROTOOPT", library = "fact") public static native int ENOPROTOOPT();
    @Function(value = "ENOTSOCK", library = "fact") public static native int ENOTSOCK();

    @Function("strerror_r")
    private static native long strerror_r(int error, byte[] buffer, long size);

    /** The C library's words for an error number. */
    public static String text(int error) {
        byte[] buffer = new byte[128];
        long at = strerror_r(error, buffer, buffer.length); /* glibc's gives the address of the words, there or elsewhere */
        byte[] words = Memory.bytesAt(at);
        if (words.length == 0) {
            int length = 0;
            while (length < buffer.length && buffer[length] != 0) length++;
            words = java.util.Arrays.copyOf(buffer, length);
        }
        return new String(words, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
