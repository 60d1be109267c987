package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

final class sun_nio_fs_LinuxNativeDispatcher {
    @Function(value = "setmntent", mode = Mode.BLOCKING)
    private static native long setmntent(long path, long type);
    @Function(value = "getmntent_r", mode = Mode.BLOCKING)
    private static native long getmntent_r(long stream, long entry, long buffer, int size);
    @Function(value = "endmntent", mode = Mode.MUST_FINISH)
    private static native int endmntent0(long stream);

    static void init() {}

    static long setmntent0(long path, long type) {
        long stream;
        do stream = setmntent(path, type);
        while (stream == 0 && Errno.get() == Errno.EINTR());
        if (stream == 0) UnixErrors.raise();
        return Handle.open("mounts", stream, Memory.bytesAt(path));
    }

    static int getmntent0(long handle, Object entry, long buffer, int size) {
        long stream = Handle.get(handle), raw = Memory.stage((int) Platform.fact("struct mntent"));
        if (stream == 0) UnixErrors.raise((int) Platform.fact("EBADF"));
        long found = getmntent_r(stream, raw, buffer, size);
        if (found == 0) return -1;
        Class<?> type = entry.getClass();
        put(entry, type, "name", found + Platform.fact("mntent.mnt_fsname"));
        put(entry, type, "dir", found + Platform.fact("mntent.mnt_dir"));
        put(entry, type, "fstype", found + Platform.fact("mntent.mnt_type"));
        put(entry, type, "opts", found + Platform.fact("mntent.mnt_opts"));
        return 0;
    }

    private static void put(Object entry, Class<?> type, String field, long pointer) {
        Fields.U.putReference(entry, Fields.offset(type, field), Memory.bytesAt(Memory.getLong(pointer)));
    }

    static void endmntent(long handle) {
        long stream = Handle.get(handle);
        Handle.close(handle);
        if (stream != 0) endmntent0(stream);
    }
}
