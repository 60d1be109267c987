package coracle.natives;

import java.io.FileOutputStream;
import java.io.IOException;

final class java_io_FileOutputStream {
    static void open0(FileOutputStream self, String path, boolean append) throws IOException {
        Io.openStream(self.getFD(), path, Libc.O_WRONLY() | Libc.O_CREAT() | (append ? Libc.O_APPEND() : Libc.O_TRUNC()));
    }

    static void write(FileOutputStream self, int value, boolean append) throws IOException {
        Io.writeByte(self.getFD(), value);
    }

    static void writeBytes(FileOutputStream self, byte[] bytes, int offset, int length, boolean append) throws IOException {
        Io.writeBytes(self.getFD(), bytes, offset, length);
    }
}
