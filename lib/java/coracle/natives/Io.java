package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Memory;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;

/** What the natives of streams, channels and file systems share: descriptors, staged transfers, errors. */
final class Io {
    /* Longer transfers get a block of native memory of their own for the time of the call. */
    private static final int STAGED = 65536;

    private Io() {}

    static JavaIOFileDescriptorAccess access() {
        return SharedSecrets.getJavaIOFileDescriptorAccess();
    }

    static int fd(FileDescriptor descriptor) {
        return access().get(descriptor);
    }

    /** -1 when the stream has no descriptor (any more). */
    static int fdOrNone(FileDescriptor descriptor) {
        return descriptor == null ? -1 : access().get(descriptor);
    }

    static int open(FileDescriptor descriptor) throws IOException {
        int fd = fdOrNone(descriptor);
        if (fd == -1) throw new IOException("Stream Closed");
        return fd;
    }

    /** With the system's words for the last error, or the given ones when there was none. */
    static IOException error(String otherwise) {
        int error = Errno.get();
        return new IOException(error == 0 ? otherwise : Errno.text(error));
    }

    static int read(int fd, long address, int size) {
        long got;
        do got = Libc.read(fd, address, size);
        while (got == -1 && Errno.get() == Errno.EINTR());
        return (int) got;
    }

    static int write(int fd, long address, int size) {
        long put;
        do put = Libc.write(fd, address, size);
        while (put == -1 && Errno.get() == Errno.EINTR());
        return (int) put;
    }

    private static void checkBounds(byte[] bytes, int offset, int length) {
        if (bytes == null) throw new NullPointerException();
        if (offset < 0 || length < 0 || bytes.length - offset < length) throw new IndexOutOfBoundsException();
    }

    /** One read into an array; -1 at the end. */
    static int readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException {
        checkBounds(bytes, offset, length);
        if (length == 0) return 0;
        boolean isLong = length > STAGED;
        long buffer = isLong ? Memory.allocate(length) : Memory.stage(length);
        try {
            int got = read(open(descriptor), buffer, length);
            if (got == -1) throw error("Read error");
            if (got == 0) return -1;
            Memory.copyOut(buffer, bytes, offset, got);
            return got;
        } finally {
            if (isLong) Memory.free(buffer);
        }
    }

    static int readByte(FileDescriptor descriptor) throws IOException {
        int fd = open(descriptor);
        long buffer = Memory.stage(1);
        int got = read(fd, buffer, 1);
        if (got == -1) throw error("Read error");
        return got == 0 ? -1 : Memory.getByte(buffer) & 0xff;
    }

    /** All of them. The descriptor is looked at before each write: another thread may close it. */
    static void writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException {
        checkBounds(bytes, offset, length);
        if (length == 0) return;
        boolean isLong = length > STAGED;
        long buffer = isLong ? Memory.allocate(length) : Memory.stage(length);
        try {
            Memory.copyIn(bytes, offset, length, buffer);
            for (int done = 0; done < length;) {
                int put = write(open(descriptor), buffer + done, length - done);
                if (put == -1) throw error("Write error");
                done += put;
            }
        } finally {
            if (isLong) Memory.free(buffer);
        }
    }

    static void writeByte(FileDescriptor descriptor, int value) throws IOException {
        int fd = open(descriptor);
        long buffer = Memory.stage(1);
        Memory.putByte(buffer, (byte) value);
        if (write(fd, buffer, 1) == -1) throw error("Write error");
    }

    /** A descriptor, or -1 and errno; a folder is refused (EISDIR). */
    static int openFile(byte[] path, int flags, int mode) {
        long at = Text.stage(path, 0);
        int fd;
        do fd = Libc.open(at, flags | Libc.O_CLOEXEC(), mode);
        while (fd == -1 && Errno.get() == Errno.EINTR());
        if (fd == -1) return -1;
        long stat = Memory.stage(Libc.sizeofStat());
        if (Libc.fstat(fd, stat) == 0 && (Memory.getInt(stat + Libc.statMode()) & Libc.S_IFMT()) == Libc.S_IFDIR()) {
            Libc.close(fd);
            Errno.set(Errno.EISDIR());
            return -1;
        }
        return fd;
    }

    /** Opens the file of a stream and puts the descriptor in it. */
    static void openStream(FileDescriptor descriptor, String path, int flags) throws FileNotFoundException {
        if (path == null) throw new NullPointerException();
        byte[] bytes = Text.encode(path);
        int length = bytes.length;
        while (length > 1 && bytes[length - 1] == '/') length--;
        if (length < bytes.length) {
            byte[] cut = new byte[length];
            System.arraycopy(bytes, 0, cut, 0, length);
            bytes = cut;
        }
        int fd = openFile(bytes, flags, 0666);
        if (fd != -1) OpenFiles.opened(fd, bytes);
        if (fd == -1) throw new FileNotFoundException(path + " (" + Errno.text(Errno.get()) + ")");
        access().set(descriptor, fd);
        access().setAppend(descriptor, (flags & Libc.O_APPEND()) != 0);
    }

    static long length(FileDescriptor descriptor) throws IOException {
        int fd = open(descriptor);
        long stat = Memory.stage(Libc.sizeofStat());
        if (Libc.fstat(fd, stat) == -1) throw error("GetLength failed");
        return Memory.getLong(stat + Libc.statSize());
    }

    static long position(FileDescriptor descriptor) throws IOException {
        long at = Libc.lseek(open(descriptor), 0, Libc.SEEK_CUR());
        if (at == -1) throw error("Seek error");
        return at;
    }

    static int available(FileDescriptor descriptor) throws IOException {
        int fd = open(descriptor);
        long stat = Memory.stage(Libc.sizeofStat());
        if (Libc.fstat(fd, stat) == 0) {
            int kind = Memory.getInt(stat + Libc.statMode()) & Libc.S_IFMT();
            if (kind == Libc.S_IFCHR() || kind == Libc.S_IFIFO() || kind == Libc.S_IFSOCK()) {
                if (Libc.ioctl(fd, Libc.FIONREAD(), stat) >= 0) return Memory.getInt(stat);
            } else if (kind == Libc.S_IFREG()) {
                long size = Memory.getLong(stat + Libc.statSize());
                long at = Libc.lseek(fd, 0, Libc.SEEK_CUR());
                if (at == -1) throw error(null);
                return clip(size - at);
            }
        }
        long at = Libc.lseek(fd, 0, Libc.SEEK_CUR());
        if (at == -1) throw error(null);
        long end = Libc.lseek(fd, 0, Libc.SEEK_END());
        if (end == -1 || Libc.lseek(fd, at, Libc.SEEK_SET()) == -1) throw error(null);
        return clip(end - at);
    }

    private static int clip(long size) {
        return size > Integer.MAX_VALUE ? Integer.MAX_VALUE : size < 0 ? 0 : (int) size;
    }

    /** Closes a descriptor that is open; standard streams become /dev/null instead, so that their numbers stay taken. */
    static void close(FileDescriptor descriptor) throws IOException {
        int fd = fd(descriptor);
        if (fd < 0) return;
        access().set(descriptor, -1);
        OpenFiles.closed(fd);
        if (fd <= 2) {
            int nothing = openFile(Text.encode("/dev/null"), Libc.O_WRONLY(), 0);
            if (nothing < 0) {
                access().set(descriptor, fd);
                throw error("open /dev/null failed");
            }
            Libc.dup2(nothing, fd);
            Libc.close(nothing);
        } else if (Libc.close(fd) == -1 && Errno.get() != Errno.EINTR()) {
            throw error("close failed");
        }
    }
}
