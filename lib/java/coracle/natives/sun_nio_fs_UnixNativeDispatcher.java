package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

/**
 * The file system calls of java.nio.file. Flags and error numbers are the class library's own: those of the system that
 * its class files were compiled on. Linux has the same ones everywhere, but for two flags of open.
 */
final class sun_nio_fs_UnixNativeDispatcher {
    /* UnixNativeDispatcher's capability bits */
    private static final int OPENAT = 1 << 1, FUTIMES = 1 << 2, FUTIMENS = 1 << 3, LUTIMES = 1 << 4, XATTR = 1 << 5, BIRTH_TIME = 1 << 16;

    static int init() {
        return OPENAT | FUTIMES | FUTIMENS | LUTIMES | XATTR | BIRTH_TIME;
    }

    private static boolean isInterrupted() {
        return Errno.get() == Errno.EINTR();
    }

    static byte[] getcwd() {
        int size = Libc.PATH_MAX();
        long buffer = Memory.stage(size);
        if (Libc.getcwd(buffer, size) == 0) UnixErrors.raise();
        return Memory.bytesAt(buffer);
    }

    static byte[] strerror(int error) {
        return Text.encode(Errno.text(error));
    }

    /* ---- descriptors ---- */

    static int dup(int fd) {
        int copy = Libc.dup(fd);
        UnixErrors.check(copy);
        OpenFiles.opened(copy, Text.encode("a folder"));
        return copy;
    }

    /* UnixConstants of a JDK for x86-64 and of one for aarch64. */
    private static final int NOFOLLOW = 0x20000 | 0x8000, DIRECT = 0x4000 | 0x10000;

    /** The flags as this processor has them: the class library may be another's, and a program thawed on another. */
    private static int hostFlags(int flags) {
        int host = flags & ~(NOFOLLOW | DIRECT);
        if ((flags & NOFOLLOW) != 0) host |= Libc.O_NOFOLLOW();
        if ((flags & DIRECT) != 0) host |= Libc.O_DIRECT();
        return host | Libc.O_CLOEXEC();
    }

    static int open0(long path, int flags, int mode) {
        int fd, hostFlags = hostFlags(flags);
        do fd = Libc.open(path, hostFlags, mode);
        while (fd == -1 && isInterrupted());
        UnixErrors.check(fd);
        OpenFiles.opened(fd, Memory.bytesAt(path));
        return fd;
    }

    static int openat0(int folder, long path, int flags, int mode) {
        int fd, hostFlags = hostFlags(flags);
        do fd = Libc.openat(folder, path, hostFlags, mode);
        while (fd == -1 && isInterrupted());
        UnixErrors.check(fd);
        OpenFiles.opened(fd, Memory.bytesAt(path));
        return fd;
    }

    static void close0(int fd) {
        OpenFiles.closed(fd);
        if (Libc.close(fd) == -1 && !isInterrupted()) UnixErrors.raise();
    }

    static int read(int fd, long buffer, int size) {
        int got = Io.read(fd, buffer, size);
        UnixErrors.check(got);
        return got;
    }

    static int write(int fd, long buffer, int size) {
        int put = Io.write(fd, buffer, size);
        UnixErrors.check(put);
        return put;
    }

    /* ---- names ---- */

    static void link0(long existing, long path) { UnixErrors.check(Libc.link(existing, path)); }
    static void unlink0(long path) { UnixErrors.check(Libc.unlink(path)); }
    static void unlinkat0(int folder, long path, int flag) { UnixErrors.check(Libc.unlinkat(folder, path, flag)); }
    static void mknod0(long path, int mode, long device) { UnixErrors.check(Libc.mknod(path, mode, device)); }
    static void rename0(long from, long to) { UnixErrors.check(Libc.rename(from, to)); }
    static void renameat0(int fromFolder, long from, int toFolder, long to) {
        UnixErrors.check(Libc.renameat(fromFolder, from, toFolder, to));
    }
    static void mkdir0(long path, int mode) { UnixErrors.check(Libc.mkdir(path, mode)); }
    static void rmdir0(long path) { UnixErrors.check(Libc.rmdir(path)); }
    static void symlink0(long target, long path) { UnixErrors.check(Libc.symlink(target, path)); }

    static byte[] readlink0(long path) {
        int size = Libc.PATH_MAX() + 1;
        long buffer = Memory.stage(size), length = Libc.readlink(path, buffer, size);
        UnixErrors.check(length);
        return Memory.bytesAt(buffer, (int) (length == size ? length - 1 : length));
    }

    static byte[] realpath0(long path) {
        long buffer = Memory.stage(Libc.PATH_MAX() + 1);
        if (Libc.realpath(path, buffer) == 0) UnixErrors.raise();
        return Memory.bytesAt(buffer);
    }

    /* ---- attributes ---- */

    private static final class Attributes {
        static final Class<?> TYPE = Fields.type("sun.nio.fs.UnixFileAttributes");
        static final long MODE = Fields.offset(TYPE, "st_mode"), INODE = Fields.offset(TYPE, "st_ino"),
            DEVICE = Fields.offset(TYPE, "st_dev"), OWN_DEVICE = Fields.offset(TYPE, "st_rdev"),
            LINKS = Fields.offset(TYPE, "st_nlink"), USER = Fields.offset(TYPE, "st_uid"),
            GROUP = Fields.offset(TYPE, "st_gid"), SIZE = Fields.offset(TYPE, "st_size"),
            ACCESSED = Fields.offset(TYPE, "st_atime_sec"), ACCESSED_NS = Fields.offset(TYPE, "st_atime_nsec"),
            MODIFIED = Fields.offset(TYPE, "st_mtime_sec"), MODIFIED_NS = Fields.offset(TYPE, "st_mtime_nsec"),
            CHANGED = Fields.offset(TYPE, "st_ctime_sec"), CHANGED_NS = Fields.offset(TYPE, "st_ctime_nsec"),
            BORN = Fields.offset(TYPE, "st_birthtime_sec"), BORN_NS = Fields.offset(TYPE, "st_birthtime_nsec");
    }

    private static long statBuffer() {
        return Memory.stage(Libc.sizeofStat());
    }

    @Function(value = "statx", mode = Mode.BLOCKING)
    private static native int statx(int folder, long path, int flags, int mask, long buffer);
    @Function(value = "struct statx", library = "fact") private static native int size();
    @Function(value = "statx.stx_mask", library = "fact") private static native int maskAt();
    @Function(value = "statx.stx_mode", library = "fact") private static native int modeAt();
    @Function(value = "statx.stx_ino", library = "fact") private static native int inodeAt();
    @Function(value = "statx.stx_nlink", library = "fact") private static native int linksAt();
    @Function(value = "statx.stx_uid", library = "fact") private static native int userAt();
    @Function(value = "statx.stx_gid", library = "fact") private static native int groupAt();
    @Function(value = "statx.stx_size", library = "fact") private static native int sizeAt();
    @Function(value = "statx.stx_atime", library = "fact") private static native int accessedAt();
    @Function(value = "statx.stx_mtime", library = "fact") private static native int modifiedAt();
    @Function(value = "statx.stx_ctime", library = "fact") private static native int changedAt();
    @Function(value = "statx.stx_btime", library = "fact") private static native int bornAt();
    @Function(value = "statx.stx_dev_major", library = "fact") private static native int deviceAt();
    @Function(value = "statx.stx_rdev_major", library = "fact") private static native int ownDeviceAt();
    @Function(value = "STATX_BASIC_STATS", library = "fact") private static native int BASIC_STATS();
    @Function(value = "STATX_BTIME", library = "fact") private static native int BTIME();
    @Function(value = "AT_FDCWD", library = "fact") private static native int AT_FDCWD();
    @Function(value = "AT_SYMLINK_NOFOLLOW", library = "fact") private static native int AT_SYMLINK_NOFOLLOW();
    @Function(value = "AT_EMPTY_PATH", library = "fact") private static native int AT_EMPTY_PATH();

    /** statx gives all that is asked for, the time of birth included. path 0: the descriptor itself. */
    private static void fill(Object attributes, int folder, long path, int flags) {
        long buffer = Memory.stage(size() + 8);
        if (path == 0) {
            path = buffer + size();
            Memory.putByte(path, (byte) 0);
        }
        UnixErrors.check(statx(folder, path, flags, BASIC_STATS() | BTIME(), buffer));
        Fields.U.putInt(attributes, Attributes.MODE, Memory.getShort(buffer + modeAt()) & 0xffff);
        Fields.U.putLong(attributes, Attributes.INODE, Memory.getLong(buffer + inodeAt()));
        Fields.U.putLong(attributes, Attributes.DEVICE, device(buffer + deviceAt()));
        Fields.U.putLong(attributes, Attributes.OWN_DEVICE, device(buffer + ownDeviceAt()));
        Fields.U.putInt(attributes, Attributes.LINKS, Memory.getInt(buffer + linksAt()));
        Fields.U.putInt(attributes, Attributes.USER, Memory.getInt(buffer + userAt()));
        Fields.U.putInt(attributes, Attributes.GROUP, Memory.getInt(buffer + groupAt()));
        Fields.U.putLong(attributes, Attributes.SIZE, Memory.getLong(buffer + sizeAt()));
        putTime(attributes, Attributes.ACCESSED, Attributes.ACCESSED_NS, buffer + accessedAt());
        putTime(attributes, Attributes.MODIFIED, Attributes.MODIFIED_NS, buffer + modifiedAt());
        putTime(attributes, Attributes.CHANGED, Attributes.CHANGED_NS, buffer + changedAt());
        boolean hasBirth = (Memory.getInt(buffer + maskAt()) & BTIME()) != 0;
        putTime(attributes, Attributes.BORN, Attributes.BORN_NS, buffer + (hasBirth ? bornAt() : modifiedAt()));
    }

    /** A device number of a major and a minor number that lie side by side: the C library's makedev. */
    private static long device(long at) {
        long major = Memory.getInt(at) & 0xffffffffL, minor = Memory.getInt(at + 4) & 0xffffffffL;
        return (major & 0xfffff000L) << 32 | (major & 0xfff) << 8 | (minor & 0xffffff00L) << 12 | minor & 0xff;
    }

    private static void putTime(Object attributes, long seconds, long nanoseconds, long timespec) {
        Fields.U.putLong(attributes, seconds, Memory.getLong(timespec));
        Fields.U.putLong(attributes, nanoseconds, Memory.getInt(timespec + 8));
    }

    static void stat0(long path, Object attributes) {
        fill(attributes, AT_FDCWD(), path, 0);
    }

    /** The mode; 0: it cannot be had. */
    static int stat1(long path) {
        long stat = statBuffer();
        return Libc.stat(path, stat) == -1 ? 0 : Memory.getInt(stat + Libc.statMode());
    }

    static void lstat0(long path, Object attributes) {
        fill(attributes, AT_FDCWD(), path, AT_SYMLINK_NOFOLLOW());
    }

    static void fstat(int fd, Object attributes) {
        fill(attributes, fd, 0, AT_EMPTY_PATH());
    }

    static void fstatat0(int folder, long path, int flag, Object attributes) {
        fill(attributes, folder, path, flag);
    }

    static void chown0(long path, int user, int group) { UnixErrors.check(Libc.chown(path, user, group)); }
    static void lchown0(long path, int user, int group) { UnixErrors.check(Libc.lchown(path, user, group)); }
    static void fchown(int fd, int user, int group) { UnixErrors.check(Libc.fchown(fd, user, group)); }
    static void chmod0(long path, int mode) { UnixErrors.check(Libc.chmod(path, mode)); }
    static void fchmod(int fd, int mode) { UnixErrors.check(Libc.fchmod(fd, mode)); }

    /** Two struct timeval from microseconds. */
    private static long timevals(long accessed, long modified) {
        long times = Memory.stage(32);
        Memory.putLong(times, accessed / 1000000);
        Memory.putLong(times + 8, accessed % 1000000);
        Memory.putLong(times + 16, modified / 1000000);
        Memory.putLong(times + 24, modified % 1000000);
        return times;
    }

    static void utimes0(long path, long accessed, long modified) {
        UnixErrors.check(Libc.utimes(path, timevals(accessed, modified)));
    }

    static void lutimes0(long path, long accessed, long modified) {
        UnixErrors.check(Libc.lutimes(path, timevals(accessed, modified)));
    }

    static void futimes(int fd, long accessed, long modified) {
        UnixErrors.check(Libc.futimes(fd, timevals(accessed, modified)));
    }

    static void futimens(int fd, long accessed, long modified) {
        long times = Memory.stage(32);
        Memory.putLong(times, accessed / 1000000000);
        Memory.putLong(times + 8, accessed % 1000000000);
        Memory.putLong(times + 16, modified / 1000000000);
        Memory.putLong(times + 24, modified % 1000000000);
        UnixErrors.check(Libc.futimens(fd, times));
    }

    static void access0(long path, int mode) {
        int result;
        do result = Libc.access(path, mode);
        while (result == -1 && isInterrupted());
        UnixErrors.check(result);
    }

    static boolean exists0(long path) {
        int result;
        do result = Libc.access(path, 0);
        while (result == -1 && isInterrupted());
        return result == 0;
    }

    static void statvfs0(long path, Object attributes) {
        Class<?> type = attributes.getClass();
        long buffer = Memory.stage((int) Platform.fact("struct statvfs"));
        UnixErrors.check(Libc.statvfs(path, buffer));
        String[] names = {"f_frsize", "f_blocks", "f_bfree", "f_bavail"};
        for (int i = 0; i < names.length; i++)
            Fields.U.putLong(attributes, Fields.offset(type, names[i]), Memory.getLong(buffer + Platform.fact("statvfs." + names[i])));
    }

    /* ---- folders ---- */

    static long opendir0(long path) {
        long folder = Libc.opendir(path);
        if (folder == 0) UnixErrors.raise();
        return Listing.ofFolder(folder);
    }

    static long fdopendir(int fd) {
        long folder = Libc.fdopendir(fd);
        if (folder == 0) UnixErrors.raise();
        OpenFiles.closed(fd); /* belonged to the folder, and is closed with it */
        return Listing.ofFolder(folder);
    }

    static void closedir(long listing) {
        Listing.close(listing);
    }

    static byte[] readdir(long listing) {
        byte[] name = Listing.next(listing);
        if (name == null && Errno.get() != 0) UnixErrors.raise();
        return name;
    }

    /* ---- users and groups ---- */

    private static byte[] nameOf(long entry) {
        byte[] name = entry == 0 ? new byte[0] : Memory.bytesAt(Memory.getLong(entry)); /* the first field of both structs */
        if (name.length == 0) UnixErrors.raise(Errno.get() == 0 ? Errno.ENOENT() : Errno.get());
        return name;
    }

    static byte[] getpwuid(int user) { return nameOf(Accounts.user(user)); }
    static byte[] getgrgid(int group) { return nameOf(Accounts.group(group)); }

    /** The number behind the two leading pointers of passwd and group; -1: nobody of that name. */
    private static int numberOf(long entry) {
        if (entry != 0) return Memory.getInt(entry + 16);
        int error = Errno.get();
        if (error != 0 && error != Errno.ENOENT() && error != Errno.ESRCH() && error != (int) Platform.fact("EBADF")
            && error != (int) Platform.fact("EPERM")) UnixErrors.raise(error);
        return -1;
    }

    static int getpwnam0(long name) { return numberOf(Accounts.user(Memory.bytesAt(name))); }
    static int getgrnam0(long name) { return numberOf(Accounts.group(Memory.bytesAt(name))); }

    /* ---- lines of a stream that LinuxNativeDispatcher opened ---- */

    static void rewind(long listing) {
        Listing.rewind(listing);
    }

    static int getlinelen(long listing) {
        byte[] line = Listing.next(listing);
        if (line == null && Errno.get() != 0) UnixErrors.raise();
        return line == null ? -1 : line.length;
    }

    /* ---- extended attributes ---- */

    @Function(value = "fgetxattr", mode = Mode.BLOCKING)
    private static native long fgetxattr(int fd, long name, long value, long size);
    @Function(value = "fsetxattr", mode = Mode.MUST_FINISH)
    private static native int fsetxattr(int fd, long name, long value, long size, int flags);
    @Function(value = "fremovexattr", mode = Mode.MUST_FINISH)
    private static native int fremovexattr(int fd, long name);
    @Function(value = "flistxattr", mode = Mode.BLOCKING)
    private static native long flistxattr0(int fd, long list, long size);

    static int fgetxattr0(int fd, long name, long value, int size) {
        long result = fgetxattr(fd, name, value, size);
        UnixErrors.check(result);
        return (int) result;
    }

    static void fsetxattr0(int fd, long name, long value, int size) {
        UnixErrors.check(fsetxattr(fd, name, value, size, 0));
    }

    static void fremovexattr0(int fd, long name) {
        UnixErrors.check(fremovexattr(fd, name));
    }

    static int flistxattr(int fd, long list, int size) {
        long result = flistxattr0(fd, list, size);
        UnixErrors.check(result);
        return (int) result;
    }
}
