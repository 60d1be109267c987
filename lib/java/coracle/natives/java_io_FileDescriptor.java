package coracle.natives;

import coracle.ffi.Errno;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.SyncFailedException;

final class java_io_FileDescriptor {
    static long getHandle(int fd) {
        return -1;
    }

    static boolean getAppend(int fd) {
        int flags = Libc.fcntl(fd, Libc.F_GETFL(), 0);
        return flags != -1 && (flags & Libc.O_APPEND()) != 0;
    }

    static void sync(FileDescriptor self) throws SyncFailedException {
        int result;
        do result = Libc.fsync(Io.fd(self));
        while (result == -1 && Errno.get() == Errno.EINTR());
        if (result == -1) throw new SyncFailedException("sync failed");
    }

    static void close0(FileDescriptor self) throws IOException {
        Io.close(self);
    }
}
