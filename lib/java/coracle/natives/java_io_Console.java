package coracle.natives;

import coracle.ffi.Memory;
import coracle.ffi.Platform;
import java.io.IOException;

final class java_io_Console {
    static String encoding() {
        return null; /* the class library then takes the default */
    }

    static boolean istty() {
        return Libc.isatty(0) == 1 && Libc.isatty(1) == 1;
    }

    /** A bit for each standard stream that is a terminal. */
    static int ttyStatus() {
        return (Libc.isatty(0) == 1 ? 1 : 0) | (Libc.isatty(1) == 1 ? 2 : 0) | (Libc.isatty(2) == 1 ? 4 : 0);
    }

    /** Whether typed characters were shown before. */
    static boolean echo(boolean on) throws IOException {
        long termios = Memory.stage((int) Platform.fact("struct termios"));
        if (Libc.tcgetattr(0, termios) != 0) throw Io.error("tcgetattr failed");
        long at = termios + Platform.fact("termios.c_lflag");
        int flags = Memory.getInt(at), bit = (int) Platform.fact("ECHO");
        Memory.putInt(at, on ? flags | bit : flags & ~bit);
        if (Libc.tcsetattr(0, (int) Platform.fact("TCSANOW"), termios) != 0) throw Io.error("tcsetattr failed");
        return (flags & bit) != 0;
    }
}
