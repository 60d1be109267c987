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

    static long initIDs() {
        return Platform.pageSize();
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
        Handle.open("mapping", address, new byte[0]); /* no image can hold it */
        return address;
    }

    static int unmap0(long address, long length) throws IOException {
        Handle.forget("mapping", address);
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
