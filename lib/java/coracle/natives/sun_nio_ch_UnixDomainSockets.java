package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Memory;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_UnixDomainSockets {
    static boolean init() {
        return true;
    }

    static int socket0() throws IOException {
        int fd = Sockets.socket(Sockets.AF_UNIX(), Sockets.fact("SOCK_STREAM") | Sockets.fact("SOCK_CLOEXEC"), 0);
        Sockets.check(fd);
        OpenFiles.openedSocket(fd);
        return fd;
    }

    private static int pathAt() {
        return Sockets.fact("sockaddr_un.sun_path");
    }

    private static int put(long at, byte[] path) throws IOException {
        int room = Sockets.fact("struct sockaddr_un") - pathAt();
        Memory.clear(at, Sockets.sizeofAny());
        Memory.putShort(at + Sockets.family(), (short) Sockets.AF_UNIX());
        if (path == null) return pathAt();
        if (path.length > room) throw new java.net.SocketException("Unix domain path too long");
        Memory.copyIn(path, 0, path.length, at + pathAt());
        return pathAt() + path.length + (path.length < room ? 1 : 0);
    }

    private static byte[] get(long at, int size) {
        if (size <= pathAt()) return new byte[0];
        byte[] bytes = Memory.bytesAt(at + pathAt(), size - pathAt());
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) length++;
        return java.util.Arrays.copyOf(bytes, length);
    }

    static void bind0(FileDescriptor fd, byte[] path) throws IOException {
        long at = Memory.stage(Sockets.sizeofAny());
        int size = put(at, path);
        Sockets.check(Sockets.bind(Io.fd(fd), at, size));
    }

    static int connect0(FileDescriptor fd, byte[] path) throws IOException {
        long at = Memory.stage(Sockets.sizeofAny());
        int size = put(at, path);
        if (Sockets.connect(Io.fd(fd), at, size) == 0) return 1;
        int error = Errno.get();
        if (error == Errno.EINPROGRESS() || error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
        if (error == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Sockets.error(error);
    }

    static int accept0(FileDescriptor fd, FileDescriptor accepted, Object[] from) throws IOException {
        int room = Sockets.sizeofAny();
        for (;;) {
            long at = Memory.stage(room + 8);
            Memory.putInt(at + room, room);
            int made = Sockets.accept4(Io.fd(fd), at, at + room, Sockets.fact("SOCK_CLOEXEC"));
            if (made >= 0) {
                byte[] path = get(at, Memory.getInt(at + room));
                OpenFiles.openedSocket(made);
                Io.access().set(accepted, made);
                from[0] = path;
                return 1;
            }
            int error = Errno.get();
            if (error == Sockets.fact("ECONNABORTED")) continue;
            if (error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
            if (error == Errno.EINTR()) return Channels.INTERRUPTED;
            throw Io.error("Accept failed");
        }
    }

    static byte[] localAddress0(FileDescriptor fd) throws IOException {
        int room = Sockets.sizeofAny();
        long at = Memory.stage(room + 8);
        Memory.putInt(at + room, room);
        Sockets.check(Sockets.getsockname(Io.fd(fd), at, at + room));
        return get(at, Memory.getInt(at + room));
    }
}
