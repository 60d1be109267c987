package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import sun.security.action.GetPropertyAction;

/** The C library's sockets, their addresses and errors. */
final class Sockets {
    private Sockets() {}

    @Function("socket") static native int socket(int domain, int type, int protocol);
    @Function(value = "bind", mode = Mode.MUST_FINISH) static native int bind(int fd, long address, int size);
    @Function("socketpair") private static native int socketpair(int domain, int type, int protocol, int[] pair);
    @Function("listen") static native int listen(int fd, int backlog);
    @Function(value = "connect", mode = Mode.BLOCKING) static native int connect(int fd, long address, int size);
    @Function(value = "accept4", mode = Mode.BLOCKING) static native int accept4(int fd, long address, long size, int flags);
    @Function("shutdown") static native int shutdown(int fd, int how);
    @Function("getsockname") static native int getsockname(int fd, long address, long size);
    @Function("getpeername") static native int getpeername(int fd, long address, long size);
    @Function("getsockopt") static native int getsockopt(int fd, int level, int option, long value, long size);
    @Function("setsockopt") static native int setsockopt(int fd, int level, int option, long value, int size);
    @Function(value = "recv", mode = Mode.BLOCKING) static native long recv(int fd, long bytes, long size, int flags);
    @Function(value = "send", mode = Mode.BLOCKING) static native long send(int fd, long bytes, long size, int flags);
    @Function(value = "recvfrom", mode = Mode.BLOCKING)
    static native long recvfrom(int fd, long bytes, long size, int flags, long address, long addressSize);
    @Function(value = "sendto", mode = Mode.BLOCKING)
    static native long sendto(int fd, long bytes, long size, int flags, long address, int addressSize);

    @Function(value = "AF_INET", library = "fact") static native int AF_INET();
    @Function(value = "AF_INET6", library = "fact") static native int AF_INET6();
    @Function(value = "AF_UNIX", library = "fact") static native int AF_UNIX();
    @Function(value = "SOL_SOCKET", library = "fact") static native int SOL_SOCKET();
    @Function(value = "struct sockaddr_storage", library = "fact") static native int sizeofAny();
    @Function(value = "struct sockaddr_in", library = "fact") static native int sizeof4();
    @Function(value = "struct sockaddr_in6", library = "fact") static native int sizeof6();
    @Function(value = "sockaddr.sa_family", library = "fact") static native int family();
    @Function(value = "sockaddr_in.sin_port", library = "fact") static native int port4();
    @Function(value = "sockaddr_in.sin_addr", library = "fact") static native int address4();
    @Function(value = "sockaddr_in6.sin6_port", library = "fact") static native int port6();
    @Function(value = "sockaddr_in6.sin6_addr", library = "fact") static native int address6();
    @Function(value = "sockaddr_in6.sin6_flowinfo", library = "fact") static native int flow6();
    @Function(value = "sockaddr_in6.sin6_scope_id", library = "fact") static native int scope6();

    static int fact(String name) {
        return (int) Platform.fact(name);
    }

    /* ---- errors ---- */

    /** What the class library throws for an error number. */
    static IOException error(int error) {
        return error(error, Errno.text(error));
    }

    static IOException error(int error, String words) {
        if (error == fact("EPROTO")) return new java.net.ProtocolException(words);
        if (error == fact("ECONNREFUSED") || error == fact("ETIMEDOUT") || error == fact("ENOTCONN")) return new java.net.ConnectException(words);
        if (error == fact("EHOSTUNREACH")) return new java.net.NoRouteToHostException(words);
        if (error == fact("EADDRINUSE") || error == fact("EADDRNOTAVAIL") || error == Errno.EACCES()) return new java.net.BindException(words);
        return new java.net.SocketException(words);
    }

    static void check(int result) throws IOException {
        if (result < 0) throw error(Errno.get());
    }

    /* ---- addresses ---- */

    private static void putPort(long at, int port) {
        Memory.putByte(at, (byte) (port >> 8));
        Memory.putByte(at + 1, (byte) port);
    }

    private static int getPort(long at) {
        return (Memory.getByte(at) & 0xff) << 8 | Memory.getByte(at + 1) & 0xff;
    }

    /** Fills a struct at an address; its size. With v6 an IPv4 address goes in mapped form. */
    static int put(long at, InetAddress address, int port, boolean v6) throws IOException {
        byte[] bytes = address.getAddress();
        Memory.clear(at, sizeofAny());
        if (!v6) {
            if (bytes.length != 4) throw new java.net.SocketException("Protocol family unavailable");
            Memory.putShort(at + family(), (short) AF_INET());
            putPort(at + port4(), port);
            Memory.copyIn(bytes, 0, 4, at + address4());
            return sizeof4();
        }
        Memory.putShort(at + family(), (short) AF_INET6());
        putPort(at + port6(), port);
        if (bytes.length == 16) {
            Memory.copyIn(bytes, 0, 16, at + address6());
            int scope = ((Inet6Address) address).getScopeId();
            if (scope > 0) Memory.putInt(at + scope6(), scope);
        } else if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0) {
            Memory.putShort(at + address6() + 10, (short) -1);
            Memory.copyIn(bytes, 0, 4, at + address6() + 12);
        }
        return sizeof6();
    }

    static InetAddress address(String host, long at) {
        try {
            if ((Memory.getShort(at + family()) & 0xffff) == AF_INET())
                return InetAddress.getByAddress(host, Memory.bytesAt(at + address4(), 4));
            int scope = Memory.getInt(at + scope6());
            byte[] bytes = Memory.bytesAt(at + address6(), 16);
            if (scope == 0) return InetAddress.getByAddress(host, bytes); /* one in mapped form is an Inet4Address */
            return Inet6Address.getByAddress(host, bytes, scope);
        } catch (UnknownHostException e) {
            throw new InternalError(e);
        }
    }

    static int port(long at) {
        boolean v4 = (Memory.getShort(at + family()) & 0xffff) == AF_INET();
        return getPort(at + (v4 ? port4() : port6()));
    }

    /** The address of this or of the other end, in the staging buffer. */
    static long name(int fd, boolean peer) throws IOException {
        int size = sizeofAny();
        long at = Memory.stage(size + 8);
        Memory.putInt(at + size, size);
        check(peer ? getpeername(fd, at, at + size) : getsockname(fd, at, at + size));
        return at;
    }

    /** The events that are there; 0: the time is over, or the call was interrupted. */
    static int await(int fd, int events, long timeout) {
        long at = Memory.stage(8);
        Memory.putInt(at, fd);
        Memory.putShort(at + 4, (short) events);
        Memory.putShort(at + 6, (short) 0);
        int time = timeout < -1 ? -1 : timeout > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) timeout;
        int count = Libc.poll(at, 1, time);
        if (count >= 0) return Memory.getShort(at + 6) & 0xffff;
        return Errno.get() == Errno.EINTR() ? 0 : -1;
    }

    /* ---- what takes the place of a socket or pipe that is closed while threads wait there ---- */

    /* Handle of one end of a closed pair of sockets, stale after a thaw. */
    private static long closedEnd;

    /**
     * Its descriptor. It is made with the first socket or pipe, since a descriptor must be closed even when the process can have
     * no more of them.
     */
    static synchronized int closedEnd() throws IOException {
        int end = (int) Handle.get(closedEnd) - 1;
        if (end >= 0) return end;
        int[] pair = new int[2];
        if (socketpair(AF_UNIX(), fact("SOCK_STREAM") | fact("SOCK_CLOEXEC"), 0, pair) < 0)
            throw Io.error("socketpair failed");
        Libc.close(pair[1]);
        Handle.close(closedEnd);
        closedEnd = Handle.open("closed end", pair[0] + 1, new byte[0]);
        return pair[0];
    }

    /** When a descriptor on which threads may wait is given out. */
    static void prepareClose() {
        try {
            closedEnd();
        } catch (IOException later) {
            /* preClose says it */
        }
    }

    /* ---- options ---- */

    static int option(int fd, int level, int option) throws IOException {
        long at = Memory.stage(16);
        Memory.putInt(at + 8, 4);
        Memory.putInt(at, 0);
        check(getsockopt(fd, level, option, at, at + 8));
        return Memory.getInt(at);
    }

    static void setOption(int fd, int level, int option, int value) throws IOException {
        long at = Memory.stage(8);
        Memory.putInt(at, value);
        check(setsockopt(fd, level, option, at, 4));
    }

    /** Whether the program is to see that there is IPv6. */
    static boolean showsIPv6() {
        return !Boolean.parseBoolean(GetPropertyAction.privilegedGetProperty("java.net.preferIPv4Stack")) && hasIPv6();
    }

    static boolean hasIPv6() {
        int fd = socket(AF_INET6(), fact("SOCK_STREAM"), 0);
        if (fd < 0) return false;
        Libc.close(fd);
        byte[] known = Processes.load("/proc/net/if_inet6", 64);
        return known != null && known.length > 0;
    }
}
