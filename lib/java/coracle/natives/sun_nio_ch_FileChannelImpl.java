package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_FileChannelImpl {
    /* FileChannelImpl's own numbers */
    private static final int READ_ONLY = 0, READ_WRITE = 1, PRIVATE = 2;

    @Function(value = "sendfile", mode = Mode.BLOCKING)
    private static native long sendfile(int to, int from, long offset, long count);

    private static final class Channel {
        static final long FD = Fields.offset(Fields.type("sun.nio.ch.FileChannelImpl"), "fd");
    }

    /* Mapped files cannot be in an image, so each is known by a native handle: pairs of address and handle. */
    private static long[] mappings;

    static long initIDs() {
        return Platform.pageSize();
    }

    private static synchronized void remember(long address, byte[] words) {
        long handle = Handle.open("mapping", address, words);
        int free = 0;
        if (mappings == null) mappings = new long[16];
        while (free < mappings.length && mappings[free] != 0) free += 2;
        if (free == mappings.length) {
            long[] more = new long[free * 2];
            System.arraycopy(mappings, 0, more, 0, free);
            mappings = more;
        }
        mappings[free] = address;
        mappings[free + 1] = handle;
    }

    private static synchronized void forget(long address) {
        for (int i = 0; mappings != null && i < mappings.length; i += 2) {
            if (mappings[i] != address) continue;
            Handle.close(mappings[i + 1]);
            mappings[i] = 0;
            return;
        }
    }

    static long map0(Object self, int protection, long position, long length, boolean isSync) throws IOException {
        int access = (int) Platform.fact("PROT_READ"), flags = (int) Platform.fact("MAP_SHARED");
        if (protection != READ_ONLY) access |= (int) Platform.fact("PROT_WRITE");
        if (protection == PRIVATE) flags = (int) Platform.fact("MAP_PRIVATE");
        if (isSync) throw new UnsupportedOperationException("map with mode MAP_SYNC unsupported");
        int fd = Channels.fd((FileDescriptor) Fields.U.getReference(self, Channel.FD));
        long address = Libc.mmap(0, length, access, flags, fd, position);
        if (address == -1) {
            if (Errno.get() == Errno.ENOMEM()) throw new OutOfMemoryError("Map failed");
            return Channels.done(-1, "Map failed");
        }
        remember(address, new byte[0]);
        return address;
    }

    static int unmap0(long address, long length) throws IOException {
        forget(address);
        return (int) Channels.done(Libc.munmap(address, length), "Unmap failed");
    }

    static long transferTo0(Object self, FileDescriptor from, long position, long count, FileDescriptor to) throws IOException {
        long cell = coracle.ffi.Memory.stage(8);
        coracle.ffi.Memory.putLong(cell, position);
        long moved = sendfile(Channels.fd(to), Channels.fd(from), cell, count);
        if (moved >= 0) return moved;
        int error = Errno.get();
        if (error == Errno.EAGAIN()) return Channels.UNAVAILABLE;
        if (error == Errno.EINVAL() && count >= 0) return Channels.UNSUPPORTED_CASE;
        if (error == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Io.error("Transfer failed");
    }

    static int maxDirectTransferSize0() {
        return 0x7ffff000; /* the most that sendfile moves at once */
    }
}
