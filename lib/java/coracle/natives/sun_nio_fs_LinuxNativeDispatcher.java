package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Mode;

final class sun_nio_fs_LinuxNativeDispatcher {
    private static final String[] FIELDS = {"name", "dir", "fstype", "opts"};

    @Function(value = "setmntent", mode = Mode.BLOCKING)
    private static native long setmntent(long path, long type);

    static void init() {}

    static long setmntent0(long path, long type) {
        long stream;
        do stream = setmntent(path, type);
        while (stream == 0 && Errno.get() == Errno.EINTR());
        if (stream == 0) UnixErrors.raise();
        return Listing.ofLines(stream);
    }

    /** The next entry of a table as fstab(5) has it: words between blanks, with \\ and three digits for a blank in them. */
    static int getmntent0(long listing, Object entry, long buffer, int size) {
        byte[] line;
        int at;
        do {
            line = Listing.next(listing);
            if (line == null) return -1;
            at = skip(line, 0, true);
        } while (at == line.length || line[at] == '#');
        for (String field : FIELDS) {
            int end = skip(line, at, false);
            Fields.U.putReference(entry, Fields.offset(entry.getClass(), field), decoded(line, at, end));
            at = skip(line, end, true);
        }
        return 0;
    }

    private static int skip(byte[] line, int at, boolean blanks) {
        while (at < line.length && (line[at] == ' ' || line[at] == '\t' || line[at] == '\n') == blanks) at++;
        return at;
    }

    private static byte[] decoded(byte[] line, int from, int to) {
        byte[] word = new byte[to - from];
        int size = 0;
        for (int i = from; i < to; i++) {
            int code = line[i] == '\\' && i + 3 < to ? (line[i + 1] - '0') << 6 | (line[i + 2] - '0') << 3 | line[i + 3] - '0' : 0;
            boolean isCode = code == ' ' || code == '\t' || code == '\n' || code == '\\';
            word[size++] = isCode ? (byte) code : line[i];
            if (isCode) i += 3;
            else if (line[i] == '\\' && i + 1 < to && line[i + 1] == '\\') i++;
        }
        return java.util.Arrays.copyOf(word, size);
    }

    static void endmntent(long listing) {
        Listing.close(listing);
    }
}
