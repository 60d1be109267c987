package coracle.natives;

import coracle.ffi.Memory;
import coracle.ffi.Platform;

final class sun_nio_fs_UnixCopyFile {
    private static final int SIZE = 65536;

    /** Copies all; another thread may put something but 0 at `cancel` to end it. */
    static void transfer(int to, int from, long cancel) {
        long buffer = Memory.allocate(SIZE);
        try {
            for (;;) {
                int got = Io.read(from, buffer, SIZE);
                UnixErrors.check(got);
                if (got == 0) return;
                if (cancel != 0 && Memory.getInt(cancel) != 0) UnixErrors.raise((int) Platform.fact("ECANCELED"));
                for (int done = 0; done < got;) {
                    int put = Io.write(to, buffer + done, got - done);
                    UnixErrors.check(put);
                    done += put;
                }
            }
        } finally {
            Memory.free(buffer);
        }
    }
}
