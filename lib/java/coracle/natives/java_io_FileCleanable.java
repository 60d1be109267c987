package coracle.natives;

import coracle.ffi.Errno;
import java.io.IOException;

/** Streams that were forgotten, not closed. */
final class java_io_FileCleanable {
    static void cleanupClose0(int fd, long handle) throws IOException {
        if (fd < 0) return;
        OpenFiles.closed(fd);
        if (Libc.close(fd) == -1 && Errno.get() != Errno.EINTR()) throw Io.error("close failed");
    }
}
