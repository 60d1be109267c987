package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

/** The C library's functions that the natives of the class library stand on. Addresses and file descriptors only. */
final class Libc {
    private Libc() {}

    /* ---- files ---- */
    @Function(value = "open", mode = Mode.BLOCKING, signature = "ptr,i32,...,i32->i32")
    static native int open(long path, int flags, int mode);
    @Function(value = "openat", mode = Mode.BLOCKING, signature = "i32,ptr,i32,...,i32->i32")
    static native int openat(int folder, long path, int flags, int mode);
    @Function(value = "close", mode = Mode.MUST_FINISH)
    static native int close(int fd);
    @Function(value = "read", mode = Mode.BLOCKING)
    static native long read(int fd, long bytes, long size);
    @Function(value = "write", mode = Mode.BLOCKING)
    static native long write(int fd, long bytes, long size);
    @Function(value = "pread", mode = Mode.BLOCKING)
    static native long pread(int fd, long bytes, long size, long offset);
    @Function(value = "pwrite", mode = Mode.BLOCKING)
    static native long pwrite(int fd, long bytes, long size, long offset);
    @Function(value = "readv", mode = Mode.BLOCKING)
    static native long readv(int fd, long vector, int count);
    @Function(value = "writev", mode = Mode.BLOCKING)
    static native long writev(int fd, long vector, int count);
    @Function(value = "fsync", mode = Mode.MUST_FINISH)
    static native int fsync(int fd);
    @Function(value = "fdatasync", mode = Mode.MUST_FINISH)
    static native int fdatasync(int fd);
    @Function(value = "ftruncate", mode = Mode.MUST_FINISH)
    static native int ftruncate(int fd, long size);
    @Function(value = "posix_fallocate", mode = Mode.BLOCKING)
    static native int posix_fallocate(int fd, long offset, long size);
    @Function("lseek")
    static native long lseek(int fd, long offset, int whence);
    @Function("fstat")
    static native int fstat(int fd, long stat);
    @Function(value = "stat", mode = Mode.BLOCKING)
    static native int stat(long path, long stat);
    @Function(value = "lstat", mode = Mode.BLOCKING)
    static native int lstat(long path, long stat);
    @Function(value = "fstatat", mode = Mode.BLOCKING)
    static native int fstatat(int folder, long path, long stat, int flags);
    @Function(value = "access", mode = Mode.BLOCKING)
    static native int access(long path, int mode);
    @Function(value = "mkdir", mode = Mode.MUST_FINISH)
    static native int mkdir(long path, int mode);
    @Function(value = "rmdir", mode = Mode.MUST_FINISH)
    static native int rmdir(long path);
    @Function(value = "unlink", mode = Mode.MUST_FINISH)
    static native int unlink(long path);
    @Function(value = "unlinkat", mode = Mode.MUST_FINISH)
    static native int unlinkat(int folder, long path, int flags);
    @Function(value = "remove", mode = Mode.MUST_FINISH)
    static native int remove(long path);
    @Function(value = "rename", mode = Mode.MUST_FINISH)
    static native int rename(long from, long to);
    @Function(value = "renameat", mode = Mode.MUST_FINISH)
    static native int renameat(int fromFolder, long from, int toFolder, long to);
    @Function(value = "link", mode = Mode.MUST_FINISH)
    static native int link(long existing, long path);
    @Function(value = "symlink", mode = Mode.MUST_FINISH)
    static native int symlink(long target, long path);
    @Function(value = "readlink", mode = Mode.BLOCKING)
    static native long readlink(long path, long bytes, long size);
    @Function(value = "mknod", mode = Mode.MUST_FINISH)
    static native int mknod(long path, int mode, long device);
    @Function(value = "realpath", mode = Mode.BLOCKING)
    static native long realpath(long path, long resolved);
    @Function(value = "chmod", mode = Mode.MUST_FINISH)
    static native int chmod(long path, int mode);
    @Function(value = "fchmod", mode = Mode.MUST_FINISH)
    static native int fchmod(int fd, int mode);
    @Function(value = "chown", mode = Mode.MUST_FINISH)
    static native int chown(long path, int user, int group);
    @Function(value = "lchown", mode = Mode.MUST_FINISH)
    static native int lchown(long path, int user, int group);
    @Function(value = "fchown", mode = Mode.MUST_FINISH)
    static native int fchown(int fd, int user, int group);
    @Function(value = "utimes", mode = Mode.MUST_FINISH)
    static native int utimes(long path, long times);
    @Function(value = "lutimes", mode = Mode.MUST_FINISH)
    static native int lutimes(long path, long times);
    @Function(value = "futimes", mode = Mode.MUST_FINISH)
    static native int futimes(int fd, long times);
    @Function(value = "futimens", mode = Mode.MUST_FINISH)
    static native int futimens(int fd, long times);
    @Function(value = "utimensat", mode = Mode.MUST_FINISH)
    static native int utimensat(int folder, long path, long times, int flags);
    @Function(value = "statvfs", mode = Mode.BLOCKING)
    static native int statvfs(long path, long buffer);
    @Function(value = "pathconf", mode = Mode.BLOCKING)
    static native long pathconf(long path, int name);
    @Function(value = "getcwd", mode = Mode.BLOCKING)
    static native long getcwd(long bytes, long size);
    @Function(value = "dup2", mode = Mode.MUST_FINISH)
    static native int dup2(int fd, int to);
    @Function(value = "fcntl", signature = "i32,i32,...,i64->i32")
    static native int fcntl(int fd, int command, long argument);
    @Function(value = "fcntl", signature = "i32,i32,...,i64->i32", mode = Mode.BLOCKING)
    static native int fcntlWaiting(int fd, int command, long argument);
    @Function(value = "ioctl", signature = "i32,u64,...,ptr->i32")
    static native int ioctl(int fd, long request, long argument);
    @Function("isatty")
    static native int isatty(int fd);
    @Function(value = "pipe2")
    static native int pipe2(long descriptors, int flags);

    /* ---- folders ---- */
    @Function(value = "opendir", mode = Mode.BLOCKING)
    static native long opendir(long path);
    @Function("fdopendir")
    static native long fdopendir(int fd);

    /* ---- memory ---- */
    @Function(value = "mmap", mode = Mode.MUST_FINISH)
    static native long mmap(long address, long size, int protection, int flags, int fd, long offset);
    @Function(value = "munmap", mode = Mode.MUST_FINISH)
    static native int munmap(long address, long size);
    @Function(value = "msync", mode = Mode.MUST_FINISH)
    static native int msync(long address, long size, int flags);
    @Function(value = "madvise", mode = Mode.MUST_FINISH)
    static native int madvise(long address, long size, int advice);
    @Function("mincore")
    static native int mincore(long address, long size, long bytes);

    /* ---- process ---- */
    @Function("getpid")
    static native int getpid();
    @Function("getppid")
    static native int getppid();
    @Function("getuid")
    static native int getuid();
    @Function("geteuid")
    static native int geteuid();
    @Function("getgid")
    static native int getgid();
    @Function("getegid")
    static native int getegid();
    @Function("kill")
    static native int kill(int pid, int signal);
    @Function("getenv")
    static native long getenv(byte[] name);
    @Function("sysconf")
    static native long sysconf(int name);
    @Function("uname")
    static native int uname(long buffer);
    @Function(value = "getpwuid_r", mode = Mode.BLOCKING)
    static native int getpwuid_r(int user, long entry, long buffer, long size, long result);
    @Function(value = "getgrgid_r", mode = Mode.BLOCKING)
    static native int getgrgid_r(int group, long entry, long buffer, long size, long result);
    @Function(value = "getpwnam_r", mode = Mode.BLOCKING)
    static native int getpwnam_r(long name, long entry, long buffer, long size, long result);
    @Function(value = "getgrnam_r", mode = Mode.BLOCKING)
    static native int getgrnam_r(long name, long entry, long buffer, long size, long result);
    @Function("newlocale")
    static native long newlocale(int mask, byte[] name, long base);
    @Function("freelocale")
    static native void freelocale(long locale);
    @Function("nl_langinfo_l")
    static native long nl_langinfo_l(int item, long locale);
    @Function(value = "symbol_address", library = "coracle")
    static native long symbolAddress(byte[] name);
    @Function("tcgetattr")
    static native int tcgetattr(int fd, long termios);
    @Function(value = "tcsetattr", mode = Mode.MUST_FINISH)
    static native int tcsetattr(int fd, int actions, long termios);
    @Function(value = "poll", mode = Mode.BLOCKING)
    static native int poll(long descriptors, long count, int timeout);

    /* ---- facts ---- */
    @Function(value = "O_RDONLY", library = "fact") static native int O_RDONLY();
    @Function(value = "O_WRONLY", library = "fact") static native int O_WRONLY();
    @Function(value = "O_RDWR", library = "fact") static native int O_RDWR();
    @Function(value = "O_CREAT", library = "fact") static native int O_CREAT();
    @Function(value = "O_EXCL", library = "fact") static native int O_EXCL();
    @Function(value = "O_TRUNC", library = "fact") static native int O_TRUNC();
    @Function(value = "O_APPEND", library = "fact") static native int O_APPEND();
    @Function(value = "O_SYNC", library = "fact") static native int O_SYNC();
    @Function(value = "O_DSYNC", library = "fact") static native int O_DSYNC();
    @Function(value = "O_NONBLOCK", library = "fact") static native int O_NONBLOCK();
    @Function(value = "O_CLOEXEC", library = "fact") static native int O_CLOEXEC();
    @Function(value = "O_NOFOLLOW", library = "fact") static native int O_NOFOLLOW();
    @Function(value = "O_DIRECT", library = "fact") static native int O_DIRECT();
    @Function(value = "SEEK_SET", library = "fact") static native int SEEK_SET();
    @Function(value = "SEEK_CUR", library = "fact") static native int SEEK_CUR();
    @Function(value = "SEEK_END", library = "fact") static native int SEEK_END();
    @Function(value = "F_GETFL", library = "fact") static native int F_GETFL();
    @Function(value = "F_SETFL", library = "fact") static native int F_SETFL();
    @Function(value = "F_SETLK", library = "fact") static native int F_SETLK();
    @Function(value = "F_SETLKW", library = "fact") static native int F_SETLKW();
    @Function(value = "F_RDLCK", library = "fact") static native short F_RDLCK();
    @Function(value = "F_WRLCK", library = "fact") static native short F_WRLCK();
    @Function(value = "F_UNLCK", library = "fact") static native short F_UNLCK();
    @Function(value = "struct flock", library = "fact") static native int sizeofFlock();
    @Function(value = "flock.l_type", library = "fact") static native int flockType();
    @Function(value = "flock.l_whence", library = "fact") static native int flockWhence();
    @Function(value = "flock.l_start", library = "fact") static native int flockStart();
    @Function(value = "flock.l_len", library = "fact") static native int flockLength();
    @Function(value = "struct stat", library = "fact") static native int sizeofStat();
    @Function(value = "stat.st_mode", library = "fact") static native int statMode();
    @Function(value = "stat.st_size", library = "fact") static native int statSize();
    @Function(value = "stat.st_mtim", library = "fact") static native int statModified();
    @Function(value = "stat.st_atim", library = "fact") static native int statAccessed();
    @Function(value = "stat.st_ctim", library = "fact") static native int statChanged();
    @Function(value = "stat.st_ino", library = "fact") static native int statInode();
    @Function(value = "stat.st_dev", library = "fact") static native int statDevice();
    @Function(value = "stat.st_rdev", library = "fact") static native int statOwnDevice();
    @Function(value = "stat.st_nlink", library = "fact") static native int statLinks();
    @Function(value = "stat.st_nlink:size", library = "fact") static native int statLinksSize();
    @Function(value = "stat.st_uid", library = "fact") static native int statUser();
    @Function(value = "stat.st_gid", library = "fact") static native int statGroup();
    @Function(value = "S_IFMT", library = "fact") static native int S_IFMT();
    @Function(value = "S_IFREG", library = "fact") static native int S_IFREG();
    @Function(value = "S_IFDIR", library = "fact") static native int S_IFDIR();
    @Function(value = "S_IFCHR", library = "fact") static native int S_IFCHR();
    @Function(value = "S_IFIFO", library = "fact") static native int S_IFIFO();
    @Function(value = "S_IFSOCK", library = "fact") static native int S_IFSOCK();
    @Function(value = "FIONREAD", library = "fact") static native long FIONREAD();
    @Function(value = "dirent.d_name", library = "fact") static native int direntName();
    @Function(value = "PATH_MAX", library = "fact") static native int PATH_MAX();
    @Function(value = "passwd.pw_name", library = "fact") static native int passwdName();
    @Function(value = "passwd.pw_uid", library = "fact") static native int passwdUser();
    @Function(value = "passwd.pw_gid", library = "fact") static native int passwdGroup();
    @Function(value = "passwd.pw_dir", library = "fact") static native int passwdFolder();
    @Function(value = "CODESET", library = "fact") static native int CODESET();

    /** A copy that no other program gets. */
    static int dup(int fd) {
        return fcntl(fd, (int) Platform.fact("F_DUPFD_CLOEXEC"), 0);
    }

    /** A struct flock in the staging buffer. */
    static long flock(short type, long position, long size) {
        long lock = Memory.stage(sizeofFlock());
        Memory.clear(lock, sizeofFlock());
        Memory.putShort(lock + flockType(), type);
        Memory.putShort(lock + flockWhence(), (short) SEEK_SET());
        Memory.putLong(lock + flockStart(), position);
        Memory.putLong(lock + flockLength(), size == Long.MAX_VALUE ? 0 : size);
        return lock;
    }
}
