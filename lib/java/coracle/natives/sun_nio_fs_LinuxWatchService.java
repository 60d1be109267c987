package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import java.io.IOException;

final class sun_nio_fs_LinuxWatchService {
    @Function("inotify_init1") private static native int inotify_init1(int flags);
    @Function(value = "inotify_add_watch", mode = Mode.BLOCKING) private static native int inotify_add_watch(int fd, long path, int mask);
    @Function("inotify_rm_watch") private static native int inotify_rm_watch(int fd, int watch);
    @Function("socketpair") private static native int socketpair(int domain, int type, int protocol, int[] pair);
    @Function(value = "struct inotify_event", library = "fact") static native int eventSize();

    static int[] eventOffsets() {
        int[] offsets = {Sockets.fact("inotify_event.wd"), Sockets.fact("inotify_event.mask"), Sockets.fact("inotify_event.cookie"),
            Sockets.fact("inotify_event.len"), Sockets.fact("inotify_event.name")};
        return offsets;
    }

    static int inotifyInit() {
        int fd = inotify_init1(Libc.O_CLOEXEC());
        UnixErrors.check(fd);
        OpenFiles.openedOther(fd, "watch service");
        return fd;
    }

    static int inotifyAddWatch(int fd, long path, int mask) {
        int watch = inotify_add_watch(fd, path, mask);
        UnixErrors.check(watch);
        return watch;
    }

    static void inotifyRmWatch(int fd, int watch) {
        UnixErrors.check(inotify_rm_watch(fd, watch));
    }

    static void configureBlocking(int fd, boolean waits) throws IOException {
        sun_nio_ch_IOUtil.configure(fd, waits);
    }

    static void socketpair(int[] pair) {
        UnixErrors.check(socketpair(Sockets.AF_UNIX(), Sockets.fact("SOCK_STREAM") | Sockets.fact("SOCK_CLOEXEC"), 0, pair));
    }

    static int poll(int first, int second) {
        long at = Memory.stage(16);
        int in = sun_nio_ch_Net.pollinValue();
        Memory.putInt(at, first);
        Memory.putInt(at + 4, in);
        Memory.putInt(at + 8, second);
        Memory.putInt(at + 12, in);
        int ready = Libc.poll(at, 2, -1);
        if (ready >= 0) return ready;
        if (Errno.get() == Errno.EINTR()) return 0;
        throw UnixErrors.raise();
    }
}
