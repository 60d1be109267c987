package coracle.natives;

import coracle.ffi.Errno;
import java.io.IOException;
import java.io.RandomAccessFile;

final class java_io_RandomAccessFile {
    /* RandomAccessFile's own numbers */
    private static final int RDWR = 2, SYNC = 4, DSYNC = 8;

    static void open0(RandomAccessFile self, String path, int mode) throws IOException {
        int flags = Libc.O_RDONLY();
        if ((mode & RDWR) != 0) {
            flags = Libc.O_RDWR() | Libc.O_CREAT();
            if ((mode & SYNC) != 0) flags |= Libc.O_SYNC();
            else if ((mode & DSYNC) != 0) flags |= Libc.O_DSYNC();
        }
        Io.openStream(self.getFD(), path, flags);
    }

    static int read0(RandomAccessFile self) throws IOException {
        return Io.readByte(self.getFD());
    }

    static int readBytes(RandomAccessFile self, byte[] bytes, int offset, int length) throws IOException {
        return Io.readBytes(self.getFD(), bytes, offset, length);
    }

    static void write0(RandomAccessFile self, int value) throws IOException {
        Io.writeByte(self.getFD(), value);
    }

    static void writeBytes(RandomAccessFile self, byte[] bytes, int offset, int length) throws IOException {
        Io.writeBytes(self.getFD(), bytes, offset, length);
    }

    static long getFilePointer(RandomAccessFile self) throws IOException {
        return Io.position(self.getFD());
    }

    static void seek0(RandomAccessFile self, long position) throws IOException {
        int fd = Io.open(self.getFD());
        if (position < 0) throw new IOException("Negative seek offset");
        if (Libc.lseek(fd, position, Libc.SEEK_SET()) == -1) throw Io.error("Seek failed");
    }

    static long length(RandomAccessFile self) throws IOException {
        return Io.length(self.getFD());
    }

    static void setLength(RandomAccessFile self, long length) throws IOException {
        int fd = Io.open(self.getFD());
        long at = Libc.lseek(fd, 0, Libc.SEEK_CUR());
        int result;
        do result = at == -1 ? -1 : Libc.ftruncate(fd, length);
        while (result == -1 && at != -1 && Errno.get() == Errno.EINTR());
        if (result == -1) throw Io.error("setLength failed");
        long back = at > length ? Libc.lseek(fd, 0, Libc.SEEK_END()) : Libc.lseek(fd, at, Libc.SEEK_SET());
        if (back == -1) throw Io.error("setLength failed");
    }
}
