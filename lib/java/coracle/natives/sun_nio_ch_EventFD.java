package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Memory;
import java.io.IOException;

final class sun_nio_ch_EventFD {
    @Function("eventfd") private static native int eventfd(int value, int flags);

    static int eventfd0() throws IOException {
        int fd = eventfd(0, Sockets.fact("EFD_CLOEXEC"));
        if (fd < 0) throw Io.error("eventfd failed");
        OpenFiles.openedOther(fd, "selector");
        return fd;
    }

    static int set0(int fd) throws IOException {
        long one = Memory.stage(8);
        Memory.putLong(one, 1);
        return (int) Channels.moved(Libc.write(fd, one, 8), false);
    }
}
