package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_FileDispatcherImpl {
    /* sun.nio.ch.FileDispatcher's own numbers */
    private static final int NO_LOCK = -1, LOCKED = 0, INTERRUPTED = 2;

    @Function(value = "dup3", mode = Mode.MUST_FINISH)
    private static native int dup3(int fd, int to, int flags);

    @Function("fstatvfs")
    private static native int fstatvfs(int fd, long buffer);

    static void init() {}

    static int read0(FileDescriptor fd, long address, int size) throws IOException {
        return (int) Channels.moved(Libc.read(Channels.fd(fd), address, size), true);
    }

    static int pread0(FileDescriptor fd, long address, int size, long position) throws IOException {
        return (int) Channels.moved(Libc.pread(Channels.fd(fd), address, size, position), true);
    }

    static long readv0(FileDescriptor fd, long vector, int count) throws IOException {
        return Channels.moved(Libc.readv(Channels.fd(fd), vector, count), true);
    }

    static int write0(FileDescriptor fd, long address, int size) throws IOException {
        return (int) Channels.moved(Libc.write(Channels.fd(fd), address, size), false);
    }

    static int pwrite0(FileDescriptor fd, long address, int size, long position) throws IOException {
        return (int) Channels.moved(Libc.pwrite(Channels.fd(fd), address, size, position), false);
    }

    static long writev0(FileDescriptor fd, long vector, int count) throws IOException {
        return Channels.moved(Libc.writev(Channels.fd(fd), vector, count), false);
    }

    static int force0(FileDescriptor fd, boolean metaData) throws IOException {
        int result = metaData ? Libc.fsync(Channels.fd(fd)) : Libc.fdatasync(Channels.fd(fd));
        return (int) Channels.done(result, "Force failed");
    }

    static long seek0(FileDescriptor fd, long offset) throws IOException {
        long result = offset < 0 ? Libc.lseek(Channels.fd(fd), 0, Libc.SEEK_CUR())
                                 : Libc.lseek(Channels.fd(fd), offset, Libc.SEEK_SET());
        return Channels.done(result, "lseek64 failed");
    }

    static int truncate0(FileDescriptor fd, long size) throws IOException {
        return (int) Channels.done(Libc.ftruncate(Channels.fd(fd), size), "Truncation failed");
    }

    /** Gives the block size that transfers must keep to. */
    static int setDirect0(FileDescriptor fd) throws IOException {
        String failed = "DirectIO setup failed";
        int flags = (int) Channels.done(Libc.fcntl(Channels.fd(fd), Libc.F_GETFL(), 0), failed);
        Channels.done(Libc.fcntl(Channels.fd(fd), Libc.F_SETFL(), flags | Platform.fact("O_DIRECT")), failed);
        long buffer = Memory.stage((int) Platform.fact("struct statvfs"));
        Channels.done(fstatvfs(Channels.fd(fd), buffer), failed);
        return (int) Memory.getLong(buffer + Platform.fact("statvfs.f_frsize"));
    }

    static long size0(FileDescriptor fd) throws IOException {
        long stat = Memory.stage(Libc.sizeofStat());
        if (Libc.fstat(Channels.fd(fd), stat) < 0) return Channels.done(-1, "Size failed");
        return Memory.getLong(stat + Libc.statSize());
    }

    static int lock0(FileDescriptor fd, boolean waits, long position, long size, boolean isShared) throws IOException {
        long lock = Libc.flock(isShared ? Libc.F_RDLCK() : Libc.F_WRLCK(), position, size);
        int result = waits ? Libc.fcntlWaiting(Channels.fd(fd), Libc.F_SETLKW(), lock)
                           : Libc.fcntl(Channels.fd(fd), Libc.F_SETLK(), lock);
        if (result >= 0) return LOCKED;
        int error = Errno.get();
        if (!waits && (error == Errno.EAGAIN() || error == Errno.EACCES())) return NO_LOCK;
        if (error == Errno.EINTR()) return INTERRUPTED;
        throw Io.error("Lock failed");
    }

    static void release0(FileDescriptor fd, long position, long size) throws IOException {
        if (Libc.fcntl(Channels.fd(fd), Libc.F_SETLK(), Libc.flock(Libc.F_UNLCK(), position, size)) < 0) throw Io.error("Release failed");
    }

    static void close0(FileDescriptor fd) throws IOException {
        closeIntFD(Channels.fd(fd));
    }

    static void closeIntFD(int fd) throws IOException {
        OpenFiles.closed(fd);
        if (fd != -1 && Libc.close(fd) < 0) throw Io.error("Close failed");
    }

    /** Puts one end of a closed pair in the descriptor's place: whoever waits there wakes, and its number stays taken. */
    static void preClose0(FileDescriptor fd) throws IOException {
        if (dup3(Sockets.closedEnd(), Channels.fd(fd), Libc.O_CLOEXEC()) < 0) throw Io.error("dup2 failed");
    }

    static void dup0(FileDescriptor from, FileDescriptor to) throws IOException {
        if (dup3(Channels.fd(from), Channels.fd(to), Libc.O_CLOEXEC()) < 0) throw Io.error("dup2 failed");
    }

    static boolean canTransferToFromOverlappedMap0() {
        return true;
    }
}
