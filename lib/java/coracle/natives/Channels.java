package coracle.natives;

import coracle.ffi.Errno;
import java.io.FileDescriptor;
import java.io.IOException;

/** How channels read the outcome of a system call: sun.nio.ch.IOStatus. */
final class Channels {
    static final int EOF = -1, UNAVAILABLE = -2, INTERRUPTED = -3, UNSUPPORTED = -4, UNSUPPORTED_CASE = -6;

    private Channels() {}

    /** Of a transfer. */
    static long moved(long result, boolean isRead) throws IOException {
        if (result > 0) return result;
        if (result == 0) return isRead ? EOF : 0;
        int error = Errno.get();
        if (error == Errno.EAGAIN()) return UNAVAILABLE;
        if (error == Errno.EINTR()) return INTERRUPTED;
        throw Io.error(isRead ? "Read failed" : "Write failed");
    }

    /** Of another call. */
    static long done(long result, String words) throws IOException {
        if (result >= 0) return result;
        if (Errno.get() == Errno.EINTR()) return INTERRUPTED;
        throw Io.error(words);
    }

    static int fd(FileDescriptor descriptor) {
        return Io.fd(descriptor);
    }
}
