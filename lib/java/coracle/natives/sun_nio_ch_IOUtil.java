package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_IOUtil {
    @Function("getrlimit")
    private static native int getrlimit(int resource, long limits);
    @Function(value = "getrandom", mode = Mode.BLOCKING)
    private static native long getrandom(long bytes, long size, int flags);

    static int fdVal(FileDescriptor fd) {
        return Io.fd(fd);
    }

    static void setfdVal(FileDescriptor fd, int value) {
        Io.access().set(fd, value);
    }

    static int iovMax() {
        return (int) Platform.fact("IOV_MAX");
    }

    static int fdLimit() throws IOException {
        long limits = Memory.stage((int) Platform.fact("struct rlimit"));
        if (getrlimit((int) Platform.fact("RLIMIT_NOFILE"), limits) < 0) throw Io.error("getrlimit failed");
        long most = Memory.getLong(limits + Platform.fact("rlimit.rlim_max"));
        return most < 0 || most > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) most;
    }

    static boolean randomBytes(byte[] bytes) {
        long buffer = Memory.stage(bytes.length);
        if (getrandom(buffer, bytes.length, 0) != bytes.length) return false;
        Memory.copyOut(buffer, bytes, 0, bytes.length);
        return true;
    }

    static void configureBlocking(FileDescriptor fd, boolean waits) throws IOException {
        configure(Io.fd(fd), waits);
    }

    static void configure(int fd, boolean waits) throws IOException {
        int flags = Libc.fcntl(fd, Libc.F_GETFL(), 0);
        int wanted = waits ? flags & ~Libc.O_NONBLOCK() : flags | Libc.O_NONBLOCK();
        if (flags < 0 || (flags != wanted && Libc.fcntl(fd, Libc.F_SETFL(), wanted) < 0)) throw Io.error("Configure blocking failed");
    }

    static long makePipe(boolean waits) throws IOException {
        long pair = Memory.stage(8);
        if (Libc.pipe2(pair, Libc.O_CLOEXEC() | (waits ? 0 : Libc.O_NONBLOCK())) < 0) throw Io.error("Pipe failed");
        int from = Memory.getInt(pair), to = Memory.getInt(pair + 4);
        Sockets.prepareClose();
        OpenFiles.openedOther(from, "pipe");
        OpenFiles.openedOther(to, "pipe");
        return (long) from << 32 | to;
    }

    static int write1(int fd, byte value) throws IOException {
        long buffer = Memory.stage(1);
        Memory.putByte(buffer, value);
        return (int) Channels.moved(Libc.write(fd, buffer, 1), false);
    }

    /** Takes everything that is there; whether there was anything. */
    static boolean drain(int fd) throws IOException {
        long buffer = Memory.stage(128), got;
        boolean any = false;
        for (;;) {
            got = Libc.read(fd, buffer, 128);
            if (got > 0) any = true;
            if (got < 0 && Errno.get() == Errno.EINTR()) continue;
            if (got < 0 && Errno.get() != Errno.EAGAIN()) throw Io.error("Drain");
            if (got < 128) return any;
        }
    }

    static int drain1(int fd) throws IOException {
        long got = Libc.read(fd, Memory.stage(1), 1);
        if (got >= 0) return (int) got;
        if (Errno.get() == Errno.EAGAIN()) return 0;
        if (Errno.get() == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Io.error("read");
    }
}
