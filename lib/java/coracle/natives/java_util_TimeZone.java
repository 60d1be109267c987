package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Platform;

final class java_util_TimeZone {
    private static final String FOLDER = "/usr/share/zoneinfo/";

    @Function("localtime_r")
    private static native long localtime_r(long time, long parts);
    @Function("time")
    private static native long time(long cell);
    @Function("tzset")
    private static native void tzset();

    /** The zone's name by TZ, else by the system's setting; null: unknown. */
    static String getSystemTimeZoneID(String javaHome) {
        String zone = Locales.environment("TZ");
        if (zone == null || zone.isEmpty()) zone = ofSystem();
        if (zone == null) return null;
        if (zone.startsWith(":")) zone = zone.substring(1);
        if (zone.startsWith("posix/")) zone = zone.substring(6);
        if (zone.startsWith("/")) { /* a path: the part below the folder of zones */
            if (zone.equals("/etc/localtime")) return ofSystem();
            int at = zone.indexOf("/zoneinfo/");
            return at < 0 ? null : zone.substring(at + 10);
        }
        return zone;
    }

    private static String ofSystem() {
        int size = Libc.PATH_MAX() + 1;
        byte[] path = Text.encode("/etc/localtime");
        long at = Text.stage(path, Libc.sizeofStat() + size + 16), stat = at + 16;
        if (Libc.lstat(at, stat) == -1) return null;
        boolean isLink = (Memory.getInt(stat + Libc.statMode()) & Libc.S_IFMT()) == (int) Platform.fact("S_IFLNK");
        if (isLink) {
            at = Text.stage(path, size + 16);
            long length = Libc.readlink(at, at + 16, size - 1);
            if (length > 0) {
                String target = Text.decode(Memory.bytesAt(at + 16, (int) length));
                int zone = target.indexOf("zoneinfo/");
                if (zone >= 0) return target.substring(zone + 9);
            }
        }
        byte[] rules = load("/etc/localtime");
        return rules == null ? null : search(FOLDER, rules);
    }

    private static byte[] load(String path) {
        int fd = Io.openFile(Text.encode(path), Libc.O_RDONLY(), 0);
        if (fd == -1) return null;
        byte[] bytes = new byte[65536];
        int size = 0;
        for (;;) {
            long buffer = Memory.stage(8192);
            int got = Io.read(fd, buffer, 8192);
            if (got <= 0 || size + got > bytes.length) break;
            Memory.copyOut(buffer, bytes, size, got);
            size += got;
        }
        Libc.close(fd);
        return java.util.Arrays.copyOf(bytes, size);
    }

    /** A zone with the same rules, below a folder; names that only repeat or mislead are passed over. */
    private static String search(String folder, byte[] rules) {
        String[] names = java_io_UnixFileSystem.list(null, new java.io.File(folder));
        for (int i = 0; names != null && i < names.length; i++) {
            String name = names[i];
            if (name.startsWith(".") || name.equals("ROC") || name.equals("posixrules") || name.equals("localtime")
                || name.equals("right") || name.equals("posix")) continue;
            String path = folder + name;
            byte[] bytes = load(path);
            if (bytes == null) {
                if (Errno.get() != Errno.EISDIR()) continue;
                String found = search(path + "/", rules);
                if (found != null) return found;
            } else if (java.util.Arrays.equals(bytes, rules)) {
                return path.substring(FOLDER.length());
            }
        }
        return null;
    }

    /** "GMT+02:00" by what the C library says of now. */
    static String getSystemGMTOffsetID() {
        long cell = Memory.stage(16 + (int) Platform.fact("struct tm"));
        tzset();
        Memory.putLong(cell, time(0));
        localtime_r(cell, cell + 16);
        int minutes = (int) (Memory.getLong(cell + 16 + Platform.fact("tm.tm_gmtoff")) / 60);
        if (minutes == 0) return "GMT";
        int size = minutes < 0 ? -minutes : minutes, hour = size / 60, minute = size % 60;
        return "GMT" + (minutes < 0 ? "-" : "+") + (hour < 10 ? "0" : "") + hour + ":" + (minute < 10 ? "0" : "") + minute;
    }
}
