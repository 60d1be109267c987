package coracle.natives;

import coracle.ffi.Memory;
import coracle.ffi.Platform;

/** What /proc says of processes. */
final class Processes {
    /** Of one process: parent's number, start in milliseconds since 1970, processor time in nanoseconds. */
    long parent, start, total;

    private Processes() {}

    /** The content of a file whose size is not known before; null: it cannot be read. */
    static byte[] load(String path, int limit) {
        int fd = Io.openFile(Text.encode(path), Libc.O_RDONLY(), 0);
        if (fd == -1) return null;
        byte[] bytes = new byte[4096];
        int size = 0;
        for (;;) {
            long buffer = Memory.stage(4096);
            int got = Io.read(fd, buffer, 4096);
            if (got <= 0) break;
            if (size + got > bytes.length) bytes = java.util.Arrays.copyOf(bytes, bytes.length * 2);
            Memory.copyOut(buffer, bytes, size, got);
            size += got;
            if (size >= limit) break;
        }
        Libc.close(fd);
        return java.util.Arrays.copyOf(bytes, size);
    }

    /** The n-th number (0 the first) in text from a place on; names and other words between are passed over. */
    private static long number(byte[] text, int from, int n) {
        int i = from;
        for (; n > 0; n--) {
            while (i < text.length && text[i] != ' ') i++;
            while (i < text.length && text[i] == ' ') i++;
        }
        long value = 0;
        boolean negative = i < text.length && text[i] == '-';
        if (negative) i++;
        for (; i < text.length && text[i] >= '0' && text[i] <= '9'; i++) value = value * 10 + text[i] - '0';
        return negative ? -value : value;
    }

    /** When the system started, in milliseconds. */
    private static long boot() {
        byte[] stat = load("/proc/stat", 1 << 20);
        if (stat == null) return 0;
        String text = Text.latin1(stat);
        int at = text.indexOf("\nbtime ");
        return at < 0 ? 0 : number(stat, at + 7, 0) * 1000;
    }

    static Processes of(long pid) {
        byte[] stat = load("/proc/" + pid + "/stat", 1 << 16);
        if (stat == null) return null;
        int end = stat.length - 1; /* the name in parentheses may hold anything: the last one closes it */
        while (end > 0 && stat[end] != ')') end--;
        if (end == 0) return null;
        Processes p = new Processes();
        int from = end + 2; /* field 3, the state */
        long ticks = Libc.sysconf((int) Platform.fact("_SC_CLK_TCK"));
        p.parent = number(stat, from, 1);
        p.total = (number(stat, from, 11) + number(stat, from, 12)) * (1000000000L / ticks);
        p.start = boot() + number(stat, from, 19) * 1000 / ticks;
        return p;
    }
}
