package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Handle;

/**
 * Which descriptors guests have open: one native handle for each, of kind "file" (described by its path), "socket" or
 * "descriptor" (described by what it is). A freeze looks through them: it keeps what can be opened again, and refuses for the
 * rest.
 */
final class OpenFiles {
    private static final byte[] NOTHING = new byte[0];

    /** With so many open the machine keeps one for itself: classes of these natives, and libraries, are loaded when first used. */
    private static final int MANY = 32;
    @Function(value = "file_reserve", library = "coracle") private static native void reserve();

    private OpenFiles() {}

    static void opened(int fd, byte[] path) {
        begin(fd);
        Handle.open("file", fd, path);
    }

    static void openedSocket(int fd) {
        Sockets.prepareClose();
        begin(fd);
        Handle.open("socket", fd, NOTHING);
    }

    static void openedOther(int fd, String what) {
        begin(fd);
        Handle.open("descriptor", fd, Text.encode(what));
    }

    private static void begin(int fd) {
        if (fd >= MANY) reserve();
        closed(fd);
    }

    static void closed(int fd) {
        Handle.forget("file", fd);
        Handle.forget("socket", fd);
        Handle.forget("descriptor", fd);
    }
}
