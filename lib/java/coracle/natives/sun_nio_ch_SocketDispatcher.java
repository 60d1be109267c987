package coracle.natives;

import coracle.ffi.Errno;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_SocketDispatcher {
    private static long outcome(long result) throws IOException {
        if (result == -1 && (Errno.get() == Sockets.fact("ECONNRESET") || Errno.get() == Sockets.fact("EPIPE")))
            throw new sun.net.ConnectionResetException("Connection reset");
        return Channels.moved(result, true);
    }

    static int read0(FileDescriptor fd, long address, int size) throws IOException {
        return (int) outcome(Libc.read(Io.fd(fd), address, size));
    }

    static long readv0(FileDescriptor fd, long vector, int count) throws IOException {
        return outcome(Libc.readv(Io.fd(fd), vector, count));
    }
}
