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

    /* RFC 792 and 4443 */
    private static final int ICMP = 1, ICMP6 = 58, ECHO = 8, ECHO6 = 128, REPLY = 0, REPLY6 = 129, ECHO_SIZE = 16;

    /** Whether a host answers at all: by asking it for an echo, which only root may do, or else by connecting to its port of
        echo: one that refuses is there. ttl 0: the usual one. */
    static boolean reach(InetAddress to, int timeout, InetAddress from, int ttl) throws java.io.IOException {
        boolean v6 = to.getAddress().length == 16;
        int family = v6 ? Sockets.AF_INET6() : Sockets.AF_INET(), flags = Sockets.fact("SOCK_NONBLOCK") | Sockets.fact("SOCK_CLOEXEC");
        int fd = Sockets.socket(family, Sockets.fact("SOCK_RAW") | flags, v6 ? ICMP6 : ICMP);
        boolean isRaw = fd >= 0;
        if (!isRaw) fd = Sockets.socket(family, Sockets.fact("SOCK_STREAM") | flags, 0);
        Sockets.check(fd);
        OpenFiles.openedSocket(fd);
        try {
            if (ttl > 0)
                Sockets.setOption(fd, Sockets.fact(v6 ? "IPPROTO_IPV6" : "IPPROTO_IP"), Sockets.fact(v6 ? "IPV6_UNICAST_HOPS" : "IP_TTL"), ttl);
            if (from != null) {
                long at = Memory.stage(Sockets.sizeofAny());
                Sockets.check(Sockets.bind(fd, at, Sockets.put(at, from, 0, v6)));
            }
            return isRaw ? echoes(fd, to, v6, timeout) : connects(fd, to, v6, timeout);
        } finally {
            OpenFiles.closed(fd);
            Libc.close(fd);
        }
    }

    /** Asks every second. */
    private static boolean echoes(int fd, InetAddress to, boolean v6, int timeout) throws java.io.IOException {
        int room = 1500, size = Sockets.sizeofAny(), id = Libc.getpid() & 0xffff;
        long target = Memory.allocate(2 * size + 8 + room), source = target + size, sourceSize = source + size, packet = sourceSize + 8;
        try {
            int targetSize = Sockets.put(target, to, 0, v6);
            for (int turn = 1;; turn++, timeout -= 1000) {
                putEcho(packet, v6, id, turn);
                if (Sockets.sendto(fd, packet, ECHO_SIZE, 0, target, targetSize) < 0) {
                    int error = Errno.get();
                    if (error == Sockets.fact("EINVAL") || error == Sockets.fact("EHOSTUNREACH")) return false;
                    if (error != Errno.EINPROGRESS()) throw new java.net.SocketException(Errno.text(error));
                }
                long left = Math.min(timeout, 1000), deadline = System.nanoTime() + left * 1000000;
                while (left >= 0 && Sockets.await(fd, sun_nio_ch_Net.pollinValue(), left) > 0) {
                    Memory.putInt(sourceSize, size);
                    long got = Sockets.recvfrom(fd, packet, room, 0, source, sourceSize);
                    if (isReply(packet, got, v6, id) && (to.isAnyLocalAddress() || Sockets.address(null, source).equals(to))) return true;
                    left = (deadline - System.nanoTime()) / 1000000;
                }
                if (timeout <= 1000) return false;
            }
        } finally {
            Memory.free(target);
        }
    }

    private static void putEcho(long packet, boolean v6, int id, int turn) {
        int type = v6 ? ECHO6 : ECHO, sum = (type << 8) + id + (turn & 0xffff);
        Memory.clear(packet, ECHO_SIZE);
        Memory.putByte(packet, (byte) type);
        putPair(packet + 4, id);
        putPair(packet + 6, turn);
        while (sum >> 16 != 0) sum = (sum >> 16) + (sum & 0xffff);
        if (!v6) putPair(packet + 2, ~sum); /* the system puts that of IPv6 */
    }

    private static void putPair(long at, int value) {
        Memory.putByte(at, (byte) (value >> 8));
        Memory.putByte(at + 1, (byte) value);
    }

    private static boolean isReply(long packet, long size, boolean v6, int id) {
        int header = v6 || size < 1 ? 0 : (Memory.getByte(packet) & 15) * 4; /* that of IPv4 comes before */
        return size >= header + 8 && (Memory.getByte(packet + header) & 0xff) == (v6 ? REPLY6 : REPLY)
            && Memory.getByte(packet + header + 4) == (byte) (id >> 8) && Memory.getByte(packet + header + 5) == (byte) id;
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
