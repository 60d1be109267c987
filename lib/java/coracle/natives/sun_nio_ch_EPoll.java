package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import java.io.IOException;

final class sun_nio_ch_EPoll {
    @Function("epoll_create1") private static native int epoll_create1(int flags);
    @Function("epoll_ctl") private static native int epoll_ctl(int epoll, int operation, int fd, long event);
    @Function(value = "epoll_wait", mode = Mode.BLOCKING) private static native int epoll_wait(int epoll, long events, int count, int timeout);
    @Function(value = "struct epoll_event", library = "fact") static native int eventSize();
    @Function(value = "epoll_event.events", library = "fact") static native int eventsOffset();
    @Function(value = "epoll_event.data", library = "fact") static native int dataOffset();

    static int create() throws IOException {
        int fd = epoll_create1(Sockets.fact("EPOLL_CLOEXEC"));
        if (fd < 0) throw Io.error("epoll_create1 failed");
        OpenFiles.openedOther(fd, "selector");
        return fd;
    }

    /** 0 or the error's number. */
    static int ctl(int epoll, int operation, int fd, int events) {
        long at = Memory.stage(eventSize());
        Memory.clear(at, eventSize());
        Memory.putInt(at + eventsOffset(), events);
        Memory.putInt(at + dataOffset(), fd);
        return epoll_ctl(epoll, operation, fd, at) == 0 ? 0 : Errno.get();
    }

    static int wait(int epoll, long address, int count, int timeout) throws IOException {
        int ready = epoll_wait(epoll, address, count, timeout);
        if (ready >= 0) return ready;
        if (Errno.get() == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Io.error("epoll_wait failed");
    }
}
