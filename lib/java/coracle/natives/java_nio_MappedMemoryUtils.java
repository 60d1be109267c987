package coracle.natives;

import coracle.ffi.Memory;
import coracle.ffi.Platform;
import java.io.FileDescriptor;
import java.io.IOException;

final class java_nio_MappedMemoryUtils {
    static boolean isLoaded0(long address, long length, long pages) throws IOException {
        long bytes = Memory.allocate(pages);
        try {
            if (Libc.mincore(address, length, bytes) == -1) throw Io.error("mincore failed");
            for (long i = 0; i < pages; i++)
                if ((Memory.getByte(bytes + i) & 1) == 0) return false;
            return true;
        } finally {
            Memory.free(bytes);
        }
    }

    static void load0(long address, long length) throws IOException {
        if (Libc.madvise(address, length, (int) Platform.fact("MADV_WILLNEED")) == -1) throw Io.error("madvise failed");
    }

    static void unload0(long address, long length) throws IOException {
        if (Libc.madvise(address, length, (int) Platform.fact("MADV_DONTNEED")) == -1) throw Io.error("madvise failed");
    }

    static void force0(FileDescriptor fd, long address, long length) throws IOException {
        if (Libc.msync(address, length, (int) Platform.fact("MS_SYNC")) == -1) throw Io.error("msync with parameter MS_SYNC failed");
    }
}
