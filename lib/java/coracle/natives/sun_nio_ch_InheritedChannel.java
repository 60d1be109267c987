package coracle.natives;

import coracle.ffi.Memory;
import java.io.IOException;
import java.net.InetAddress;

/** The socket that a process may find as its standard input (inetd). */
final class sun_nio_ch_InheritedChannel {
    /* sun.nio.ch.InheritedChannel's own numbers */
    private static final int UNKNOWN = -1, STREAM = 1, DATAGRAM = 2, INET = 1, INET6 = 2, UNIX = 3;

    static void initIDs() {}

    static int dup(int fd) throws IOException {
        int made = Libc.dup(fd);
        if (made < 0) throw Io.error("dup failed");
        OpenFiles.openedSocket(made);
        return made;
    }

    static void dup2(int fd, int to) throws IOException {
        if (Libc.dup2(fd, to) < 0) throw Io.error("dup2 failed");
    }

    static int open0(String path, int access) throws IOException {
        int flags = access == 0 ? Libc.O_RDONLY() : access == 1 ? Libc.O_WRONLY() : Libc.O_RDWR();
        int fd = Libc.open(Text.stage(path), flags, 0);
        if (fd < 0) throw Io.error("Open failed");
        return fd;
    }

    static void close0(int fd) throws IOException {
        OpenFiles.closed(fd);
        if (Libc.close(fd) < 0) throw Io.error("close failed");
    }

    static int soType0(int fd) {
        try {
            int type = Sockets.option(fd, Sockets.SOL_SOCKET(), Sockets.fact("SO_TYPE"));
            return type == Sockets.fact("SOCK_STREAM") ? STREAM : type == Sockets.fact("SOCK_DGRAM") ? DATAGRAM : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** 0 where there is none. */
    private static long name(int fd, boolean ofPeer) {
        try {
            return Sockets.name(fd, ofPeer);
        } catch (IOException e) {
            return 0;
        }
    }

    private static int family(long at) {
        return Memory.getShort(at + Sockets.family());
    }

    private static boolean isInternet(long at) {
        return at != 0 && (family(at) == Sockets.AF_INET() || family(at) == Sockets.AF_INET6());
    }

    static int addressFamily(int fd) {
        long at = name(fd, false);
        if (at == 0) return UNKNOWN;
        int family = family(at);
        return family == Sockets.AF_INET() ? INET : family == Sockets.AF_INET6() ? INET6 : family == Sockets.AF_UNIX() ? UNIX : UNKNOWN;
    }

    static boolean isConnected(int fd) {
        return name(fd, true) != 0;
    }

    static InetAddress inetPeerAddress0(int fd) {
        long at = name(fd, true);
        return isInternet(at) ? Sockets.address(null, at) : null;
    }

    static int peerPort0(int fd) {
        long at = name(fd, true);
        return isInternet(at) ? Sockets.port(at) : -1;
    }

    /** What is not bound has an empty path. */
    static byte[] unixPeerAddress0(int fd) {
        long at = name(fd, true);
        if (at == 0) return null;
        int path = Sockets.fact("sockaddr_un.sun_path"), size = Memory.getInt(at + Sockets.sizeofAny()), end = path;
        while (end < size && Memory.getByte(at + end) != 0) end++;
        return Memory.bytesAt(at + path, Math.max(end - path, 0));
    }
}
