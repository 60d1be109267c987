package coracle.natives;

import coracle.ffi.Handle;

/**
 * Which descriptors guests have open: one native handle for each, of kind "file" (described by its path), "socket" or
 * "descriptor" (described by what it is). A freeze looks through them: it keeps what can be opened again, and refuses for the
 * rest.
 */
final class OpenFiles {
    private static final byte[] NOTHING = new byte[0];

    private OpenFiles() {}

    static void opened(int fd, byte[] path) {
        closed(fd);
        Handle.open("file", fd, path);
    }

    static void openedSocket(int fd) {
        Sockets.prepareClose();
        closed(fd);
        Handle.open("socket", fd, NOTHING);
    }

    static void openedOther(int fd, String what) {
        closed(fd);
        Handle.open("descriptor", fd, Text.encode(what));
    }

    static void closed(int fd) {
        Handle.forget("file", fd);
        Handle.forget("socket", fd);
        Handle.forget("descriptor", fd);
    }
}
