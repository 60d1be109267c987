package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

final class sun_nio_ch_Net {
    @Function(value = "POLLIN", library = "fact") static native short pollinValue();
    @Function(value = "POLLOUT", library = "fact") static native short polloutValue();
    @Function(value = "POLLERR", library = "fact") static native short pollerrValue();
    @Function(value = "POLLHUP", library = "fact") static native short pollhupValue();
    @Function(value = "POLLNVAL", library = "fact") static native short pollnvalValue();
    @Function(value = "POLLOUT", library = "fact") static native short pollconnValue();

    static boolean isIPv6Available0() { return Sockets.showsIPv6(); }
    static boolean isReusePortAvailable0() { return true; }
    static int isExclusiveBindAvailable() { return -1; }
    static boolean shouldShutdownWriteBeforeClose0() { return false; }
    static boolean shouldSetBothIPv4AndIPv6Options0() { return true; }
    static boolean canIPv6SocketJoinIPv4Group0() { return true; }
    static boolean canJoin6WithIPv4Group0() { return false; }
    static boolean canUseIPv6OptionsWithIPv4LocalAddress0() { return true; }

    static int socket0(boolean preferIPv6, boolean stream, boolean reuse, boolean fastLoopback) throws IOException {
        boolean v6 = preferIPv6 && Sockets.hasIPv6();
        int kind = Sockets.fact(stream ? "SOCK_STREAM" : "SOCK_DGRAM") | Sockets.fact("SOCK_CLOEXEC");
        int fd = Sockets.socket(v6 ? Sockets.AF_INET6() : Sockets.AF_INET(), kind, 0);
        Sockets.check(fd);
        try {
            if (v6) Sockets.setOption(fd, Sockets.fact("IPPROTO_IPV6"), Sockets.fact("IPV6_V6ONLY"), 0);
            if (reuse) Sockets.setOption(fd, Sockets.SOL_SOCKET(), Sockets.fact("SO_REUSEADDR"), 1);
            if (!stream && v6) Sockets.setOption(fd, Sockets.fact("IPPROTO_IPV6"), Sockets.fact("IPV6_MULTICAST_HOPS"), 1);
        } catch (IOException e) {
            Libc.close(fd);
            throw e;
        }
        if (!stream) {
            long off = Memory.stage(8);
            Memory.putInt(off, 0);
            Sockets.setsockopt(fd, Sockets.fact("IPPROTO_IP"), Sockets.fact("IP_MULTICAST_ALL"), off, 4);
        }
        OpenFiles.openedSocket(fd);
        return fd;
    }

    static void bind0(FileDescriptor fd, boolean preferIPv6, boolean exclusive, InetAddress address, int port) throws IOException {
        long at = Memory.stage(Sockets.sizeofAny());
        int size = Sockets.put(at, address, port, preferIPv6);
        Sockets.check(Sockets.bind(Io.fd(fd), at, size));
    }

    static void listen(FileDescriptor fd, int backlog) throws IOException {
        Sockets.check(Sockets.listen(Io.fd(fd), backlog));
    }

    static int connect0(boolean preferIPv6, FileDescriptor fd, InetAddress address, int port) throws IOException {
        long at = Memory.stage(Sockets.sizeofAny());
        int size = Sockets.put(at, address, port, preferIPv6);
        if (Sockets.connect(Io.fd(fd), at, size) == 0) return 1;
        int error = Errno.get();
        if (error == Errno.EINPROGRESS()) return Channels.UNAVAILABLE;
        if (error == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Sockets.error(error);
    }

    static int accept(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] from) throws IOException {
        int size = Sockets.sizeofAny(), made;
        long at;
        for (;;) {
            at = Memory.stage(size + 8);
            Memory.putInt(at + size, size);
            made = Sockets.accept4(Io.fd(fd), at, at + size, Sockets.fact("SOCK_CLOEXEC"));
            if (made >= 0) break;
            int error = Errno.get();
            if (error == Sockets.fact("ECONNABORTED")) continue;
            if (error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
            if (error == Errno.EINTR()) return Channels.INTERRUPTED;
            throw Io.error("Accept failed");
        }
        InetAddress address = Sockets.address(null, at);
        int port = Sockets.port(at);
        OpenFiles.openedSocket(made);
        Io.access().set(accepted, made);
        from[0] = new InetSocketAddress(address, port);
        return 1;
    }

    static void shutdown(FileDescriptor fd, int how) throws IOException {
        if (Sockets.shutdown(Io.fd(fd), how) < 0 && Errno.get() != Sockets.fact("ENOTCONN")) throw Sockets.error(Errno.get());
    }

    static int localPort(FileDescriptor fd) throws IOException { return Sockets.port(Sockets.name(Io.fd(fd), false)); }
    static InetAddress localInetAddress(FileDescriptor fd) throws IOException { return Sockets.address(null, Sockets.name(Io.fd(fd), false)); }
    static int remotePort(FileDescriptor fd) throws IOException { return Sockets.port(Sockets.name(Io.fd(fd), true)); }
    static InetAddress remoteInetAddress(FileDescriptor fd) throws IOException { return Sockets.address(null, Sockets.name(Io.fd(fd), true)); }

    /** Multicast's time to live and loop are single bytes. */
    private static boolean isByte(int level, int option) {
        return level == Sockets.fact("IPPROTO_IP")
            && (option == Sockets.fact("IP_MULTICAST_TTL") || option == Sockets.fact("IP_MULTICAST_LOOP"));
    }

    private static boolean isLinger(int level, int option) {
        return level == Sockets.SOL_SOCKET() && option == Sockets.fact("SO_LINGER");
    }

    private static boolean isBufferSize(int level, int option) {
        return level == Sockets.SOL_SOCKET() && (option == Sockets.fact("SO_SNDBUF") || option == Sockets.fact("SO_RCVBUF"));
    }

    static int getIntOption0(FileDescriptor fd, boolean converts, int level, int option) throws IOException {
        long at = Memory.stage(24);
        Memory.putLong(at, 0);
        Memory.putInt(at + 16, isByte(level, option) ? 1 : isLinger(level, option) ? 8 : 4);
        Sockets.check(Sockets.getsockopt(Io.fd(fd), level, option, at, at + 16));
        int value = Memory.getInt(at);
        if (isLinger(level, option)) return value != 0 ? Memory.getInt(at + 4) : -1;
        if (converts && isBufferSize(level, option)) return value / 2; /* the system counts its own overhead twice */
        return value;
    }

    static void setIntOption0(FileDescriptor fd, boolean converts, int level, int option, int value, boolean v6) throws IOException {
        long at = Memory.stage(8);
        Memory.putInt(at, value);
        int size = 4;
        if (isByte(level, option)) {
            Memory.putByte(at, (byte) value);
            size = 1;
        } else if (isLinger(level, option)) {
            Memory.putInt(at, value >= 0 ? 1 : 0);
            Memory.putInt(at + 4, value >= 0 ? value : 0);
            size = 8;
        } else if (converts && option == Sockets.fact("SO_RCVBUF") && level == Sockets.SOL_SOCKET() && value < 1024) {
            Memory.putInt(at, 1024);
        }
        Sockets.check(Sockets.setsockopt(Io.fd(fd), level, option, at, size));
        if (v6 && level == Sockets.fact("IPPROTO_IPV6") && option == Sockets.fact("IPV6_TCLASS"))
            Sockets.setsockopt(Io.fd(fd), Sockets.fact("IPPROTO_IP"), Sockets.fact("IP_TOS"), at, 4);
    }

    static int poll(FileDescriptor fd, int events, long timeout) throws IOException {
        int ready = Sockets.await(Io.fd(fd), events, timeout);
        if (ready < 0) throw Sockets.error(Errno.get());
        return ready;
    }

    static boolean pollConnect(FileDescriptor fd, long timeout) throws IOException {
        int ready = Sockets.await(Io.fd(fd), polloutValue(), timeout);
        if (ready < 0) throw Io.error("poll failed");
        if (ready == 0) return false;
        int error = Sockets.option(Io.fd(fd), Sockets.SOL_SOCKET(), Sockets.fact("SO_ERROR"));
        if (error != 0) throw Sockets.error(error);
        if ((ready & pollhupValue()) != 0) throw Sockets.error(Sockets.fact("ENOTCONN"));
        return true;
    }

    static int available(FileDescriptor fd) throws IOException {
        long at = Memory.stage(8);
        Sockets.check(Libc.ioctl(Io.fd(fd), Libc.FIONREAD(), at));
        return Memory.getInt(at);
    }

    static int sendOOB(FileDescriptor fd, byte value) throws IOException {
        long at = Memory.stage(1);
        Memory.putByte(at, value);
        return (int) Channels.moved(Sockets.send(Io.fd(fd), at, 1, Sockets.fact("MSG_OOB")), false);
    }

    /* ---- multicast; IPv4 addresses come as ints, the first byte highest ---- */

    private static void putAddress(long at, int address) {
        Memory.putInt(at, Integer.reverseBytes(address));
    }

    /** 0, or UNAVAILABLE where the system does not know the option. Joining and leaving say what failed. */
    private static int change(FileDescriptor fd, String level, String option, long at, int size) throws IOException {
        if (Sockets.setsockopt(Io.fd(fd), Sockets.fact(level), Sockets.fact(option), at, size) == 0) return 0;
        int error = Errno.get();
        if (error == Errno.ENOPROTOOPT() || error == Errno.ENOTSUP()) return Channels.UNAVAILABLE;
        throw Sockets.error(error, option.contains("BLOCK") ? Errno.text(error) : Errno.text(error) + " (setsockopt failed)");
    }

    static int joinOrDrop4(boolean join, FileDescriptor fd, int group, int own, int source) throws IOException {
        long at = Memory.stage(16);
        Memory.putInt(at + 8, 0);
        putAddress(at + Sockets.fact("ip_mreq.imr_multiaddr"), group);
        putAddress(at + Sockets.fact("ip_mreq.imr_interface"), own);
        if (source == 0) return change(fd, "IPPROTO_IP", join ? "IP_ADD_MEMBERSHIP" : "IP_DROP_MEMBERSHIP", at, Sockets.fact("struct ip_mreq"));
        return withSource(fd, group, own, source, join ? "IP_ADD_SOURCE_MEMBERSHIP" : "IP_DROP_SOURCE_MEMBERSHIP");
    }

    static int blockOrUnblock4(boolean block, FileDescriptor fd, int group, int own, int source) throws IOException {
        return withSource(fd, group, own, source, block ? "IP_BLOCK_SOURCE" : "IP_UNBLOCK_SOURCE");
    }

    private static int withSource(FileDescriptor fd, int group, int own, int source, String option) throws IOException {
        long at = Memory.stage(16);
        putAddress(at + Sockets.fact("ip_mreq_source.imr_multiaddr"), group);
        putAddress(at + Sockets.fact("ip_mreq_source.imr_interface"), own);
        putAddress(at + Sockets.fact("ip_mreq_source.imr_sourceaddr"), source);
        return change(fd, "IPPROTO_IP", option, at, Sockets.fact("struct ip_mreq_source"));
    }

    static int joinOrDrop6(boolean join, FileDescriptor fd, byte[] group, int index, byte[] source) throws IOException {
        if (source != null) return withSource6(fd, group, index, source, join ? "MCAST_JOIN_SOURCE_GROUP" : "MCAST_LEAVE_SOURCE_GROUP");
        long at = Memory.stage(32);
        Memory.copyIn(group, 0, 16, at + Sockets.fact("ipv6_mreq.ipv6mr_multiaddr"));
        Memory.putInt(at + Sockets.fact("ipv6_mreq.ipv6mr_interface"), index);
        return change(fd, "IPPROTO_IPV6", join ? "IPV6_ADD_MEMBERSHIP" : "IPV6_DROP_MEMBERSHIP", at, Sockets.fact("struct ipv6_mreq"));
    }

    static int blockOrUnblock6(boolean block, FileDescriptor fd, byte[] group, int index, byte[] source) throws IOException {
        return withSource6(fd, group, index, source, block ? "MCAST_BLOCK_SOURCE" : "MCAST_UNBLOCK_SOURCE");
    }

    private static int withSource6(FileDescriptor fd, byte[] group, int index, byte[] source, String option) throws IOException {
        int size = Sockets.fact("struct group_source_req");
        long at = Memory.stage(size);
        Memory.clear(at, size);
        Memory.putInt(at + Sockets.fact("group_source_req.gsr_interface"), index);
        putAddress6(at + Sockets.fact("group_source_req.gsr_group"), group);
        putAddress6(at + Sockets.fact("group_source_req.gsr_source"), source);
        return change(fd, "IPPROTO_IPV6", option, at, size);
    }

    private static void putAddress6(long at, byte[] bytes) {
        Memory.putShort(at + Sockets.family(), (short) Sockets.AF_INET6());
        Memory.copyIn(bytes, 0, 16, at + Sockets.address6());
    }

    static void setInterface4(FileDescriptor fd, int address) throws IOException {
        Sockets.setOption(Io.fd(fd), Sockets.fact("IPPROTO_IP"), Sockets.fact("IP_MULTICAST_IF"), Integer.reverseBytes(address));
    }

    static int getInterface4(FileDescriptor fd) throws IOException {
        return Integer.reverseBytes(Sockets.option(Io.fd(fd), Sockets.fact("IPPROTO_IP"), Sockets.fact("IP_MULTICAST_IF")));
    }

    static void setInterface6(FileDescriptor fd, int index) throws IOException {
        Sockets.setOption(Io.fd(fd), Sockets.fact("IPPROTO_IPV6"), Sockets.fact("IPV6_MULTICAST_IF"), index);
    }

    static int getInterface6(FileDescriptor fd) throws IOException {
        return Sockets.option(Io.fd(fd), Sockets.fact("IPPROTO_IPV6"), Sockets.fact("IPV6_MULTICAST_IF"));
    }

    static boolean discardOOB(FileDescriptor fd) {
        return false;
    }
}
