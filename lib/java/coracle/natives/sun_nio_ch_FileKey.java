package coracle.natives;

import coracle.ffi.Memory;
import java.io.FileDescriptor;
import java.io.IOException;

final class sun_nio_ch_FileKey {
    static void init(Object self, FileDescriptor fd) throws IOException {
        long stat = Memory.stage(Libc.sizeofStat());
        if (Libc.fstat(Channels.fd(fd), stat) < 0) throw Io.error(null);
        Class<?> type = Fields.type("sun.nio.ch.FileKey");
        Fields.U.putLong(self, Fields.offset(type, "st_dev"), Memory.getLong(stat + Libc.statDevice()));
        Fields.U.putLong(self, Fields.offset(type, "st_ino"), Memory.getLong(stat + Libc.statInode()));
    }
}
