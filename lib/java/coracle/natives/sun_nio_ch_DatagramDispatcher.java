package coracle.natives;

import coracle.ffi.Errno;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_DatagramDispatcher {
    private static long outcome(long result, boolean isRead) throws IOException {
        if (result == -1 && Errno.get() == Sockets.fact("ECONNREFUSED")) throw new java.net.PortUnreachableException();
        if (result == 0) return 0; /* an empty datagram */
        return Channels.moved(result, isRead);
    }

    static int read0(FileDescriptor fd, long address, int size) throws IOException {
        return (int) outcome(Sockets.recv(Io.fd(fd), address, size, 0), true);
    }

    static long readv0(FileDescriptor fd, long vector, int count) throws IOException {
        return outcome(Libc.readv(Io.fd(fd), vector, count), true);
    }

    static int write0(FileDescriptor fd, long address, int size) throws IOException {
        return (int) outcome(Sockets.send(Io.fd(fd), address, size, 0), false);
    }

    static long writev0(FileDescriptor fd, long vector, int count) throws IOException {
        return outcome(Libc.writev(Io.fd(fd), vector, count), false);
    }
}
