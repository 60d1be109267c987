package coracle.natives;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;

final class java_io_FileInputStream {
    static void open0(FileInputStream self, String path) throws IOException {
        Io.openStream(self.getFD(), path, Libc.O_RDONLY());
    }

    static int read0(FileInputStream self) throws IOException {
        return Io.readByte(self.getFD());
    }

    static int readBytes(FileInputStream self, byte[] bytes, int offset, int length) throws IOException {
        return Io.readBytes(self.getFD(), bytes, offset, length);
    }

    static long length0(FileInputStream self) throws IOException {
        return Io.length(self.getFD());
    }

    static long position0(FileInputStream self) throws IOException {
        return Io.position(self.getFD());
    }

    static long skip0(FileInputStream self, long count) throws IOException {
        long from = Io.position(self.getFD());
        long to = Libc.lseek(Io.open(self.getFD()), count, Libc.SEEK_CUR());
        if (to == -1) throw Io.error("Seek error");
        return to - from;
    }

    static int available0(FileInputStream self) throws IOException {
        return Io.available(self.getFD());
    }
}
