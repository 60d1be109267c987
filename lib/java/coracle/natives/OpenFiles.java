package coracle.natives;

import coracle.ffi.Handle;

/** Which files guests have open: one native handle of kind "file" for each descriptor, described by its path. */
final class OpenFiles {
    private static long[] handles;

    private OpenFiles() {}

    static synchronized void opened(int fd, byte[] path) {
        if (handles == null) handles = new long[32];
        if (fd >= handles.length) {
            long[] more = new long[fd + 32];
            System.arraycopy(handles, 0, more, 0, handles.length);
            handles = more;
        }
        if (handles[fd] != 0) Handle.close(handles[fd]);
        handles[fd] = Handle.open("file", fd, path);
    }

    static synchronized void closed(int fd) {
        if (handles == null || fd < 0 || fd >= handles.length || handles[fd] == 0) return;
        Handle.close(handles[fd]);
        handles[fd] = 0;
    }
}
