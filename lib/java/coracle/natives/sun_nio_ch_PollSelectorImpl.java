package coracle.natives;

import coracle.ffi.Errno;
import java.io.IOException;

final class sun_nio_ch_PollSelectorImpl {
    static int poll(long descriptors, int count, int timeout) throws IOException {
        int ready = Libc.poll(descriptors, count, timeout);
        if (ready >= 0) return ready;
        if (Errno.get() == Errno.EINTR()) return Channels.INTERRUPTED;
        throw Io.error("poll failed");
    }
}
