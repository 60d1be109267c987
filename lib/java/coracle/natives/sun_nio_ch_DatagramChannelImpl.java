package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Memory;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_DatagramChannelImpl {
    /** The sender's address is put where the class library wants it. */
    static int receive0(FileDescriptor fd, long address, int size, long sender, boolean isConnected) throws IOException {
        for (;;) {
            long cell = Memory.stage(8);
            Memory.putInt(cell, Sockets.sizeof6());
            long got = Sockets.recvfrom(Io.fd(fd), address, Math.min(size, 65536), 0, sender, cell);
            if (got >= 0) return (int) got;
            int error = Errno.get();
            if (error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
            if (error == Errno.EINTR()) return Channels.INTERRUPTED;
            if (error != Sockets.fact("ECONNREFUSED")) throw Sockets.error(error);
            if (isConnected) throw new java.net.PortUnreachableException();
        }
    }

    static int send0(FileDescriptor fd, long address, int size, long target, int targetSize) throws IOException {
        long put = Sockets.sendto(Io.fd(fd), address, Math.min(size, 65536), 0, target, targetSize);
        if (put >= 0) return (int) put;
        int error = Errno.get();
        if (error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
        if (error == Errno.EINTR()) return Channels.INTERRUPTED;
        if (error == Sockets.fact("ECONNREFUSED")) throw new java.net.PortUnreachableException();
        throw Sockets.error(error);
    }

    static void disconnect0(FileDescriptor fd, boolean v6) throws IOException {
        int size = v6 ? Sockets.sizeof6() : Sockets.sizeof4();
        long at = Memory.stage(size);
        Memory.clear(at, size); /* the family is AF_UNSPEC */
        if (Sockets.connect(Io.fd(fd), at, size) < 0 && Errno.get() != Sockets.fact("EAFNOSUPPORT")) throw Sockets.error(Errno.get());
    }
}
