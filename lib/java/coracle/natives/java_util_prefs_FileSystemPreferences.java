package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Mode;

final class java_util_prefs_FileSystemPreferences {
    @Function("umask")
    private static native int umask(int mask);

    /** The descriptor (0: not to be had) and the error number. */
    static int[] lockFile0(String path, int mode, boolean isShared) {
        byte[] bytes = Text.encode(path);
        int[] result = new int[2];
        int mask = isShared ? 0 : umask(0);
        int fd = Io.openFile(bytes, isShared ? Libc.O_RDONLY() : Libc.O_WRONLY() | Libc.O_CREAT(), mode), error = Errno.get();
        if (!isShared) umask(mask);
        result[1] = error;
        if (fd < 0) return result;
        if (Libc.fcntl(fd, Libc.F_SETLK(), Libc.flock(isShared ? Libc.F_RDLCK() : Libc.F_WRLCK(), 0, 0)) < 0) {
            result[1] = Errno.get();
            Libc.close(fd);
            return result;
        }
        OpenFiles.opened(fd, bytes);
        result[0] = fd;
        return result;
    }

    /** 0 or the error number. */
    static int unlockFile0(int fd) {
        OpenFiles.closed(fd);
        int error = Libc.fcntl(fd, Libc.F_SETLK(), Libc.flock(Libc.F_UNLCK(), 0, 0)) < 0 ? Errno.get() : 0;
        if (Libc.close(fd) < 0 && error == 0) error = Errno.get();
        return error;
    }

    static int chmod(String path, int mode) {
        return Libc.chmod(Text.stage(path), mode) < 0 ? Errno.get() : 0;
    }
}
