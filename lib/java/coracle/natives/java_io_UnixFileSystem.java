package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Memory;
import coracle.ffi.Platform;
import java.io.File;
import java.io.IOException;

final class java_io_UnixFileSystem {
    /* java.io.FileSystem's own numbers */
    private static final int EXISTS = 1, REGULAR = 2, DIRECTORY = 4;
    private static final int TOTAL = 0, FREE = 1;

    /* ---- canonical paths ---- */

    private static byte[] realpath(byte[] path, int length) {
        byte[] part = new byte[length];
        System.arraycopy(path, 0, part, 0, length);
        int limit = Libc.PATH_MAX();
        long at = Text.stage(part, limit + 1);
        long out = at + length + 1;
        return Libc.realpath(at, out) == 0 ? null : Memory.bytesAt(out);
    }

    static String canonicalize0(Object self, String path) throws IOException {
        byte[] bytes = Text.encode(path);
        byte[] real = realpath(bytes, bytes.length);
        if (real != null) return Text.decode(real);

        /* Something of it does not exist: the longest part that does is resolved, the rest is taken as it stands. */
        int end = bytes.length;
        for (;;) {
            do end--;
            while (end > 0 && bytes[end] != '/');
            if (end <= 0) return Text.decode(withoutDots(bytes));
            real = realpath(bytes, end);
            if (real != null) break;
            int error = Errno.get();
            if (error != Errno.ENOENT() && error != Errno.ENOTDIR() && error != Errno.EACCES())
                throw new IOException(Errno.text(error));
        }
        int from = end, joined = real.length;
        if (real[real.length - 1] == '/') from++;
        byte[] whole = new byte[joined + bytes.length - from];
        System.arraycopy(real, 0, whole, 0, joined);
        System.arraycopy(bytes, from, whole, joined, bytes.length - from);
        return Text.decode(withoutDots(whole));
    }

    /** Drops "." names, and ".." names with the name before; leaves a path without such as it is. */
    private static byte[] withoutDots(byte[] path) {
        byte[] out = new byte[path.length + 1];
        int size = 0;
        boolean has = false;
        for (int i = 0; i < path.length;) {
            int start = i;
            while (i < path.length && path[i] != '/') i++;
            int length = i - start;
            i++;
            if (length == 0) continue;
            if (length == 1 && path[start] == '.') {
                has = true;
                continue;
            }
            if (length == 2 && path[start] == '.' && path[start + 1] == '.') {
                has = true;
                while (size > 0 && out[--size] != '/') { }
                continue;
            }
            out[size++] = '/';
            System.arraycopy(path, start, out, size, length);
            size += length;
        }
        if (!has) return path;
        if (size == 0) out[size++] = '/';
        byte[] result = new byte[size];
        System.arraycopy(out, 0, result, 0, size);
        return result;
    }

    /* ---- attributes ---- */

    /** The address of the file's struct stat; 0: it cannot be had. */
    private static long stat(File file) {
        byte[] path = Text.encode(file.getPath());
        int offset = (path.length + 8) & ~7;
        long at = Text.stage(path, Libc.sizeofStat() + 8);
        return Libc.stat(at, at + offset) == 0 ? at + offset : 0;
    }

    static int getBooleanAttributes0(Object self, File file) {
        long stat = stat(file);
        if (stat == 0) return 0;
        int kind = Memory.getInt(stat + Libc.statMode()) & Libc.S_IFMT();
        return EXISTS | (kind == Libc.S_IFREG() ? REGULAR : 0) | (kind == Libc.S_IFDIR() ? DIRECTORY : 0);
    }

    static boolean checkAccess(Object self, File file, int access) {
        int mode = access == 4 || access == 2 || access == 1 ? access : 0; /* one bit, as access(2) has it */
        return Libc.access(Text.stage(file.getPath()), mode) == 0;
    }

    static long getLastModifiedTime(Object self, File file) {
        long stat = stat(file);
        if (stat == 0) return 0;
        long time = stat + Libc.statModified();
        return Memory.getLong(time) * 1000 + Memory.getLong(time + 8) / 1000000;
    }

    static long getLength(Object self, File file) {
        long stat = stat(file);
        return stat == 0 ? 0 : Memory.getLong(stat + Libc.statSize());
    }

    static boolean setPermission(Object self, File file, int access, boolean enable, boolean ownerOnly) {
        long stat = stat(file);
        if (stat == 0) return false;
        int mode = Memory.getInt(stat + Libc.statMode()) & 07777;
        int bits = ownerOnly ? access << 6 : access << 6 | access << 3 | access;
        mode = enable ? mode | bits : mode & ~bits;
        return Libc.chmod(Text.stage(file.getPath()), mode) == 0;
    }

    static boolean setReadOnly(Object self, File file) {
        long stat = stat(file);
        if (stat == 0) return false;
        int mode = Memory.getInt(stat + Libc.statMode()) & 07777;
        return Libc.chmod(Text.stage(file.getPath()), mode & ~0222) == 0;
    }

    static boolean setLastModifiedTime(Object self, File file, long time) {
        long stat = stat(file);
        if (stat == 0) return false;
        long accessed = stat + Libc.statAccessed();
        long seconds = Memory.getLong(accessed), micros = Memory.getLong(accessed + 8) / 1000;
        byte[] path = Text.encode(file.getPath());
        int offset = (path.length + 8) & ~7;
        long at = Text.stage(path, 48), times = at + offset;
        Memory.putLong(times, seconds);
        Memory.putLong(times + 8, micros);
        Memory.putLong(times + 16, time / 1000);
        Memory.putLong(times + 24, time % 1000 * 1000);
        return Libc.utimes(at, times) == 0;
    }

    /* ---- operations ---- */

    static boolean createFileExclusively(Object self, String path) throws IOException {
        if (path.equals("/")) return false;
        int fd = Io.openFile(Text.encode(path), Libc.O_RDWR() | Libc.O_CREAT() | Libc.O_EXCL(), 0666);
        if (fd == -1) {
            if (Errno.get() == Errno.EEXIST()) return false;
            throw Io.error("Could not open file");
        }
        if (Libc.close(fd) == -1) throw Io.error("Could not close file");
        return true;
    }

    static boolean delete0(Object self, File file) {
        return Libc.remove(Text.stage(file.getPath())) == 0;
    }

    static boolean rename0(Object self, File from, File to) {
        byte[] first = Text.encode(from.getPath()), second = Text.encode(to.getPath());
        long at = Text.stage(first, second.length + 1), other = at + first.length + 1;
        Memory.copyIn(second, 0, second.length, other);
        Memory.putByte(other + second.length, (byte) 0);
        return Libc.rename(at, other) == 0;
    }

    static boolean createDirectory(Object self, File file) {
        return Libc.mkdir(Text.stage(file.getPath()), 0777) == 0;
    }

    static String[] list(Object self, File file) {
        long folder = Libc.opendir(Text.stage(file.getPath()));
        if (folder == 0) return null;
        String[] names = new String[16];
        int count = 0;
        long listing = Listing.ofFolder(folder);
        for (byte[] bytes; (bytes = Listing.next(listing)) != null;) {
            String name = Text.decode(bytes);
            if (name.equals(".") || name.equals("..")) continue;
            if (count == names.length) names = java.util.Arrays.copyOf(names, count * 2);
            names[count++] = name;
        }
        Listing.close(listing);
        return java.util.Arrays.copyOf(names, count);
    }

    static long getSpace(Object self, File file, int kind) {
        byte[] path = Text.encode(file.getPath());
        int offset = (path.length + 8) & ~7;
        long at = Text.stage(path, (int) Platform.fact("struct statvfs") + 8), buffer = at + offset;
        if (Libc.statvfs(at, buffer) != 0) return 0;
        long unit = Memory.getLong(buffer + Platform.fact("statvfs.f_frsize"));
        String field = kind == TOTAL ? "statvfs.f_blocks" : kind == FREE ? "statvfs.f_bfree" : "statvfs.f_bavail";
        return unit * Memory.getLong(buffer + Platform.fact(field));
    }

    static long getNameMax0(Object self, String path) {
        long length = Libc.pathconf(Text.stage(path), (int) Platform.fact("_PC_NAME_MAX"));
        return length == -1 ? Platform.fact("NAME_MAX") : length;
    }
}
