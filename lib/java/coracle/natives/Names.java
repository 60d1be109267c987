package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import sun.security.action.GetPropertyAction;

/** Names of hosts. */
final class Names {
    private Names() {}

    @Function(value = "getaddrinfo", mode = Mode.ABANDONABLE, failure = "EAI_AGAIN")
    private static native int getaddrinfo(long name, long service, long hints, long result);
    @Function("freeaddrinfo") private static native void freeaddrinfo(long list);
    @Function(value = "getnameinfo", mode = Mode.ABANDONABLE, failure = "EAI_AGAIN")
    private static native int getnameinfo(long address, int size, long host, int hostSize, long service, int serviceSize, int flags);
    @Function("gai_strerror") private static native long gai_strerror(int error);
    @Function("gethostname") private static native int gethostname(long name, long size);

    static String local() {
        long at = Memory.stage(1025);
        Memory.putByte(at + 1024, (byte) 0);
        return gethostname(at, 1024) != 0 ? "localhost" : Text.at(at);
    }

    /** Without repetitions; IPv4's first, last, or in the system's order, as preferred. */
    static InetAddress[] lookup(String host, boolean v4Only) throws UnknownHostException {
        if (host == null) throw new NullPointerException("host is null");
        byte[] name = Text.encode(host);
        int hintsSize = Sockets.fact("struct addrinfo"), offset = (name.length + 8) & ~7;
        long at = Text.stage(name, hintsSize + 32), hints = at + offset, cell = hints + ((hintsSize + 7) & ~7);
        Memory.clear(hints, hintsSize);
        Memory.putInt(hints + Sockets.fact("addrinfo.ai_flags"), Sockets.fact("AI_CANONNAME"));
        Memory.putInt(hints + Sockets.fact("addrinfo.ai_family"), v4Only ? Sockets.AF_INET() : Sockets.fact("AF_UNSPEC"));
        Memory.putInt(hints + Sockets.fact("addrinfo.ai_socktype"), Sockets.fact("SOCK_STREAM"));
        int error = getaddrinfo(at, 0, hints, cell);
        if (error != 0) {
            boolean isSystem = error == Sockets.fact("EAI_SYSTEM");
            throw new UnknownHostException(host + ": " + (isSystem ? Errno.text(Errno.get()) : Text.at(gai_strerror(error))));
        }
        long list = Memory.getLong(cell);
        try {
            return ordered(host, list);
        } finally {
            freeaddrinfo(list);
        }
    }

    private static InetAddress[] ordered(String host, long list) {
        int next = Sockets.fact("addrinfo.ai_next"), addressAt = Sockets.fact("addrinfo.ai_addr"), family = Sockets.fact("addrinfo.ai_family"), count = 0;
        InetAddress[] found = new InetAddress[16];
        for (long each = list; each != 0; each = Memory.getLong(each + next)) {
            int kind = Memory.getInt(each + family);
            if (kind != Sockets.AF_INET() && kind != Sockets.AF_INET6()) continue;
            InetAddress address = Sockets.address(host, Memory.getLong(each + addressAt));
            boolean isNew = true;
            for (int i = 0; i < count; i++) if (found[i].equals(address)) isNew = false;
            if (!isNew) continue;
            if (count == found.length) found = java.util.Arrays.copyOf(found, count * 2);
            found[count++] = address;
        }
        /* java.net.InetAddress.preferIPv6Address: 0 IPv4 first, 1 IPv6 first, 2 as they come */
        String preference = GetPropertyAction.privilegedGetProperty("java.net.preferIPv6Addresses");
        if (preference != null && preference.equalsIgnoreCase("system")) return java.util.Arrays.copyOf(found, count);
        int firstSize = preference != null && preference.equalsIgnoreCase("true") ? 16 : 4, at = 0;
        InetAddress[] result = new InetAddress[count];
        for (int i = 0; i < count; i++) if (found[i].getAddress().length == firstSize) result[at++] = found[i];
        for (int i = 0; i < count; i++) if (found[i].getAddress().length != firstSize) result[at++] = found[i];
        return result;
    }

    /** Whether a host answers at all, by connecting to its port of echo: one that refuses is there. ttl 0: the usual one. */
    static boolean reach(InetAddress to, int timeout, InetAddress from, int ttl) throws java.io.IOException {
        boolean v6 = to.getAddress().length == 16;
        int fd = Sockets.socket(v6 ? Sockets.AF_INET6() : Sockets.AF_INET(),
                                Sockets.fact("SOCK_STREAM") | Sockets.fact("SOCK_NONBLOCK") | Sockets.fact("SOCK_CLOEXEC"), 0);
        Sockets.check(fd);
        OpenFiles.openedSocket(fd);
        try {
            if (ttl > 0)
                Sockets.setOption(fd, Sockets.fact(v6 ? "IPPROTO_IPV6" : "IPPROTO_IP"), Sockets.fact(v6 ? "IPV6_UNICAST_HOPS" : "IP_TTL"), ttl);
            if (from != null) {
                long at = Memory.stage(Sockets.sizeofAny());
                Sockets.check(Sockets.bind(fd, at, Sockets.put(at, from, 0, v6)));
            }
            return connects(fd, to, v6, timeout);
        } finally {
            OpenFiles.closed(fd);
            Libc.close(fd);
        }
    }

    private static boolean connects(int fd, InetAddress to, boolean v6, int timeout) throws java.io.IOException {
        long at = Memory.stage(Sockets.sizeofAny()), deadline = System.nanoTime() + timeout * 1000000L, left = timeout;
        int error = Sockets.connect(fd, at, Sockets.put(at, to, 7, v6)) == 0 ? 0 : Errno.get(), ready = 0;
        if (error == Errno.EINPROGRESS()) {
            while (ready == 0 && left >= 0) {
                ready = Sockets.await(fd, sun_nio_ch_Net.polloutValue(), left);
                left = (deadline - System.nanoTime()) / 1000000 - (ready == 0 ? 1 : 0);
            }
            if (ready == 0) return false;
            error = Sockets.option(fd, Sockets.SOL_SOCKET(), Sockets.fact("SO_ERROR"));
        }
        if (error == 0 || error == Sockets.fact("ECONNREFUSED")) return true;
        for (String none : new String[] {"ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "ETIMEDOUT", "EINVAL"})
            if (error == Sockets.fact(none)) return false;
        throw new java.net.ConnectException("connect failed: " + Errno.text(error));
    }

    static String ofAddress(byte[] bytes) throws UnknownHostException {
        int room = Sockets.sizeofAny();
        long at = Memory.stage(room + 1032), host = at + room;
        int size;
        try {
            size = Sockets.put(at, InetAddress.getByAddress(bytes), 0, bytes.length == 16);
        } catch (java.io.IOException e) {
            throw new UnknownHostException(null);
        }
        if (getnameinfo(at, size, host, 1025, 0, 0, Sockets.fact("NI_NAMEREQD")) != 0) throw new UnknownHostException(null);
        return Text.at(host);
    }
}
