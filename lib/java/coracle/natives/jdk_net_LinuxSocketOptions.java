package coracle.natives;

import coracle.ffi.Memory;
import java.net.SocketException;

final class jdk_net_LinuxSocketOptions {
    static boolean keepAliveOptionsSupported0() { return true; }
    static boolean quickAckSupported0() { return true; }
    static boolean incomingNapiIdSupported0() { return true; }

    private static int get(int fd, String level, String option) throws SocketException {
        try {
            return Sockets.option(fd, Sockets.fact(level), Sockets.fact(option));
        } catch (java.io.IOException e) {
            throw new SocketException(e.getMessage());
        }
    }

    private static void set(int fd, String option, int value) throws SocketException {
        try {
            Sockets.setOption(fd, Sockets.fact("IPPROTO_TCP"), Sockets.fact(option), value);
        } catch (java.io.IOException e) {
            throw new SocketException(e.getMessage());
        }
    }

    static void setTcpKeepAliveProbes0(int fd, int value) throws SocketException { set(fd, "TCP_KEEPCNT", value); }
    static void setTcpKeepAliveTime0(int fd, int value) throws SocketException { set(fd, "TCP_KEEPIDLE", value); }
    static void setTcpKeepAliveIntvl0(int fd, int value) throws SocketException { set(fd, "TCP_KEEPINTVL", value); }
    static int getTcpKeepAliveProbes0(int fd) throws SocketException { return get(fd, "IPPROTO_TCP", "TCP_KEEPCNT"); }
    static int getTcpKeepAliveTime0(int fd) throws SocketException { return get(fd, "IPPROTO_TCP", "TCP_KEEPIDLE"); }
    static int getTcpKeepAliveIntvl0(int fd) throws SocketException { return get(fd, "IPPROTO_TCP", "TCP_KEEPINTVL"); }
    static void setQuickAck0(int fd, boolean on) throws SocketException { set(fd, "TCP_QUICKACK", on ? 1 : 0); }
    static boolean getQuickAck0(int fd) throws SocketException { return get(fd, "IPPROTO_TCP", "TCP_QUICKACK") != 0; }
    static int getIncomingNapiId0(int fd) throws SocketException { return get(fd, "SOL_SOCKET", "SO_INCOMING_NAPI_ID"); }

    /** User (upper half) and group of the other end of a socket of this host. */
    static long getSoPeerCred0(int fd) throws SocketException {
        int size = Sockets.fact("struct ucred");
        long at = Memory.stage(size + 16), sizeAt = at + size + 7 & ~7L;
        Memory.putInt(sizeAt, size);
        try {
            Sockets.check(Sockets.getsockopt(fd, Sockets.SOL_SOCKET(), Sockets.fact("SO_PEERCRED"), at, sizeAt));
        } catch (java.io.IOException e) {
            throw new SocketException(e.getMessage());
        }
        int user = Memory.getInt(at + Sockets.fact("ucred.uid"));
        if (user == -1) throw new SocketException("get SO_PEERCRED failed"); /* there is no other end */
        return (long) user << 32 | Memory.getInt(at + Sockets.fact("ucred.gid")) & 0xffffffffL;
    }
}
