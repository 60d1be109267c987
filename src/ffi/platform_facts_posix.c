/* platform_facts_posix.c - the table of facts, filled in by the compiler from the target's own headers. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <mntent.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "ffi/platform_facts.h"
#include "os/os.h"

/* zlib's stream as its manual has it: fixed for good by its ABI, and the header is seldom installed. */
typedef struct z_stream {
    const uint8_t *next_in;
    unsigned avail_in;
    unsigned long total_in;
    uint8_t *next_out;
    unsigned avail_out;
    unsigned long total_out;
    const char *msg;
    void *state;
    void *zalloc, *zfree, *opaque;
    int data_type;
    unsigned long adler, reserved;
} z_stream;

typedef struct Fact {
    const char *name;
    uint32_t length; /* of the name */
    int64_t value;
} Fact;

#define NAMED(name, value) {name, sizeof(name) - 1, (int64_t)(value)}
#define C(name) NAMED(#name, name),
#define S(tag) NAMED("struct " #tag, sizeof(struct tag)),
#define F(tag, field)                                        \
    NAMED(#tag "." #field, offsetof(struct tag, field)),     \
    NAMED(#tag "." #field ":size", sizeof(((struct tag *)0)->field)),
/* Of a type with a typedef only. */
#define TS(type) NAMED(#type, sizeof(type)),
#define TF(type, field)                                 \
    NAMED(#type "." #field, offsetof(type, field)),     \
    NAMED(#type "." #field ":size", sizeof(((type *)0)->field)),

static const Fact facts[] = {
    /* what a start of Java asks for */
    C(F_GETFL) C(O_APPEND) C(O_RDONLY) C(O_CLOEXEC) C(PATH_MAX) C(S_IFMT) C(S_IFREG) C(S_IFDIR)
    S(stat) F(stat, st_mode) F(stat, st_size)
    S(utsname) F(utsname, sysname) F(utsname, release) F(utsname, machine)
    /* widths */
    TS(int) TS(long) TS(size_t) TS(off_t) TS(mode_t) TS(uid_t) TS(gid_t) TS(pid_t) TS(time_t) TS(wchar_t) TS(socklen_t)
    /* opening and files */
    C(O_WRONLY) C(O_RDWR) C(O_CREAT) C(O_EXCL) C(O_TRUNC) C(O_NONBLOCK) C(O_SYNC) C(O_DSYNC)
    C(O_DIRECTORY) C(O_NOFOLLOW) C(O_NOCTTY) C(O_DIRECT) C(O_PATH) C(O_TMPFILE) C(O_ACCMODE)
    C(AT_FDCWD) C(AT_SYMLINK_NOFOLLOW) C(AT_REMOVEDIR) C(AT_SYMLINK_FOLLOW) C(AT_EMPTY_PATH)
    C(SEEK_SET) C(SEEK_CUR) C(SEEK_END) C(R_OK) C(W_OK) C(X_OK) C(F_OK)
    C(F_DUPFD) C(F_DUPFD_CLOEXEC) C(F_GETFD) C(F_SETFD) C(F_SETFL) C(F_SETLK) C(F_SETLKW) C(F_GETLK) C(FD_CLOEXEC)
    C(F_RDLCK) C(F_WRLCK) C(F_UNLCK) S(flock) F(flock, l_type) F(flock, l_whence) F(flock, l_start) F(flock, l_len) F(flock, l_pid)
    C(S_IFLNK) C(S_IFCHR) C(S_IFBLK) C(S_IFIFO) C(S_IFSOCK)
    C(S_IRUSR) C(S_IWUSR) C(S_IXUSR) C(S_IRGRP) C(S_IWGRP) C(S_IXGRP) C(S_IROTH) C(S_IWOTH) C(S_IXOTH) C(S_ISUID) C(S_ISGID) C(S_ISVTX)
    F(stat, st_dev) F(stat, st_ino) F(stat, st_nlink) F(stat, st_uid) F(stat, st_gid) F(stat, st_rdev)
    F(stat, st_blksize) F(stat, st_blocks) F(stat, st_atim) F(stat, st_mtim) F(stat, st_ctim)
    S(statx) F(statx, stx_mask) F(statx, stx_btime) C(STATX_BTIME) C(STATX_BASIC_STATS) F(statx, stx_mode) F(statx, stx_ino) F(statx, stx_nlink) F(statx, stx_uid)
    F(statx, stx_gid) F(statx, stx_size) F(statx, stx_atime) F(statx, stx_mtime) F(statx, stx_ctime) F(statx, stx_dev_major)
    F(statx, stx_dev_minor) F(statx, stx_rdev_major) F(statx, stx_rdev_minor)
    S(statvfs) F(statvfs, f_bsize) F(statvfs, f_frsize) F(statvfs, f_blocks) F(statvfs, f_bfree) F(statvfs, f_bavail) F(statvfs, f_namemax)
    S(dirent) F(dirent, d_ino) F(dirent, d_type) F(dirent, d_name)
    C(DT_UNKNOWN) C(DT_DIR) C(DT_REG) C(DT_LNK)
    S(mntent) F(mntent, mnt_fsname) F(mntent, mnt_dir) F(mntent, mnt_type) F(mntent, mnt_opts)
    C(NAME_MAX) C(IOV_MAX) S(iovec) F(iovec, iov_base) F(iovec, iov_len)
    C(PROT_NONE) C(PROT_READ) C(PROT_WRITE) C(PROT_EXEC) C(MAP_SHARED) C(MAP_PRIVATE) C(MAP_FIXED) C(MAP_ANONYMOUS) C(MAP_NORESERVE)
    C(MS_SYNC) C(MS_ASYNC) C(MADV_DONTNEED) C(MADV_WILLNEED) C(POSIX_FADV_SEQUENTIAL) C(LOCK_EX)
    C(FIONREAD) C(FIONBIO) C(TIOCGWINSZ) S(winsize) F(winsize, ws_row) F(winsize, ws_col)
    C(TCSANOW) C(TCSADRAIN) C(TCSAFLUSH) C(ECHO) C(ICANON) C(ISIG) C(IXON) C(VMIN) C(VTIME)
    S(termios) F(termios, c_iflag) F(termios, c_oflag) F(termios, c_cflag) F(termios, c_lflag) F(termios, c_cc)
    /* errors */
    C(EPERM) C(ENOENT) C(ESRCH) C(EINTR) C(EIO) C(ENXIO) C(E2BIG) C(ENOEXEC) C(EBADF) C(ECHILD) C(EAGAIN) C(EWOULDBLOCK) C(ENOMEM)
    C(EACCES) C(EFAULT) C(EBUSY) C(EEXIST) C(EXDEV) C(ENODEV) C(ENOTDIR) C(EISDIR) C(EINVAL) C(ENFILE) C(EMFILE) C(ENOTTY)
    C(EFBIG) C(ENOSPC) C(ESPIPE) C(EROFS) C(EMLINK) C(EPIPE) C(EDOM) C(ERANGE) C(EDEADLK) C(ENAMETOOLONG) C(ENOLCK) C(ENOSYS)
    C(ENOTEMPTY) C(ELOOP) C(ENODATA) C(EOVERFLOW) C(EILSEQ) C(ENOTSOCK) C(EDESTADDRREQ) C(EMSGSIZE) C(EPROTOTYPE) C(ENOPROTOOPT)
    C(EPROTO) C(EPROTONOSUPPORT) C(EOPNOTSUPP) C(ENOTSUP) C(EAFNOSUPPORT) C(EADDRINUSE) C(EADDRNOTAVAIL) C(ENETDOWN) C(ENETUNREACH)
    C(ECONNABORTED) C(ECONNRESET) C(ENOBUFS) C(EISCONN) C(ENOTCONN) C(ETIMEDOUT) C(ECONNREFUSED) C(EHOSTUNREACH) C(EALREADY)
    C(EINPROGRESS) C(ESTALE) C(EDQUOT) C(ECANCELED)
    /* time, process, users */
    S(timespec) F(timespec, tv_sec) F(timespec, tv_nsec) S(timeval) F(timeval, tv_sec) F(timeval, tv_usec)
    C(CLOCK_REALTIME) C(CLOCK_MONOTONIC) C(CLOCK_PROCESS_CPUTIME_ID) C(CLOCK_THREAD_CPUTIME_ID) C(UTIME_NOW) C(UTIME_OMIT)
    S(tm) F(tm, tm_sec) F(tm, tm_min) F(tm, tm_hour) F(tm, tm_mday) F(tm, tm_mon) F(tm, tm_year) F(tm, tm_wday) F(tm, tm_yday) F(tm, tm_isdst)
    F(tm, tm_gmtoff)
    S(passwd) F(passwd, pw_name) F(passwd, pw_uid) F(passwd, pw_gid) F(passwd, pw_dir) F(passwd, pw_shell)
    F(utsname, nodename) F(utsname, version)
    C(_SC_PAGESIZE) C(_SC_NPROCESSORS_ONLN) C(_SC_NPROCESSORS_CONF) C(_SC_OPEN_MAX) C(_SC_CLK_TCK) C(_SC_PHYS_PAGES) C(_SC_AVPHYS_PAGES)
    C(_SC_GETPW_R_SIZE_MAX) C(_SC_GETGR_R_SIZE_MAX) C(_PC_NAME_MAX) C(_PC_PATH_MAX)
    C(LC_ALL) C(LC_CTYPE) C(LC_MESSAGES) C(LC_ALL_MASK) C(LC_CTYPE_MASK) C(CODESET)
    C(WNOHANG) C(WUNTRACED) C(P_PID) C(WEXITED) C(WNOWAIT) S(tms) S(rlimit) F(rlimit, rlim_cur) F(rlimit, rlim_max) C(RLIMIT_NOFILE)
    TS(posix_spawn_file_actions_t)
    TS(siginfo_t) TF(siginfo_t, si_code) TF(siginfo_t, si_status) C(CLD_EXITED) C(CLD_KILLED) C(CLD_DUMPED)
    C(SIGHUP) C(SIGINT) C(SIGQUIT) C(SIGABRT) C(SIGKILL) C(SIGTERM) C(SIGPIPE) C(SIGCHLD) C(SIGUSR1) C(SIGUSR2)
    /* sockets and waiting for them */
    C(AF_UNSPEC) C(AF_UNIX) C(AF_INET) C(AF_INET6) C(SOCK_STREAM) C(SOCK_DGRAM) C(SOCK_RAW) C(SOCK_CLOEXEC) C(SOCK_NONBLOCK) C(SOL_SOCKET)
    C(SO_REUSEADDR) C(SO_REUSEPORT) C(SO_KEEPALIVE) C(SO_LINGER) C(SO_SNDBUF) C(SO_RCVBUF) C(SO_BROADCAST) C(SO_OOBINLINE) C(SO_ERROR)
    C(SO_TYPE) C(SO_RCVTIMEO) C(SO_SNDTIMEO) C(IPPROTO_TCP) C(IPPROTO_UDP) C(IPPROTO_IP) C(IPPROTO_IPV6) C(TCP_NODELAY)
    C(TCP_KEEPIDLE) C(TCP_KEEPINTVL) C(TCP_KEEPCNT) C(TCP_QUICKACK) C(SO_INCOMING_NAPI_ID)
    C(SO_PEERCRED) S(ucred) F(ucred, uid) F(ucred, gid) C(IP_TOS) C(IP_TTL) C(IP_MULTICAST_ALL) C(IP_MULTICAST_IF) C(IP_MULTICAST_LOOP) C(IP_MULTICAST_TTL)
    C(IPV6_UNICAST_HOPS) C(IPV6_V6ONLY) C(IPV6_TCLASS) C(IPV6_MULTICAST_IF) C(IPV6_MULTICAST_LOOP) C(IPV6_MULTICAST_HOPS) C(MSG_PEEK) C(MSG_OOB)
    C(MSG_DONTWAIT) C(MSG_NOSIGNAL) C(SHUT_RD) C(SHUT_WR) C(SHUT_RDWR) C(SOMAXCONN) C(INADDR_ANY) C(INADDR_LOOPBACK)
    S(sockaddr) F(sockaddr, sa_family) S(sockaddr_in) F(sockaddr_in, sin_family) F(sockaddr_in, sin_port) F(sockaddr_in, sin_addr)
    S(sockaddr_in6) F(sockaddr_in6, sin6_family) F(sockaddr_in6, sin6_port) F(sockaddr_in6, sin6_flowinfo) F(sockaddr_in6, sin6_addr)
    F(sockaddr_in6, sin6_scope_id) S(sockaddr_un) F(sockaddr_un, sun_family) F(sockaddr_un, sun_path) S(sockaddr_storage) S(linger)
    F(linger, l_onoff) F(linger, l_linger)
    S(addrinfo) F(addrinfo, ai_flags) F(addrinfo, ai_family) F(addrinfo, ai_socktype) F(addrinfo, ai_protocol) F(addrinfo, ai_addrlen)
    F(addrinfo, ai_addr) F(addrinfo, ai_canonname) F(addrinfo, ai_next) C(AI_CANONNAME) C(AI_NUMERICHOST) C(AI_PASSIVE) C(EAI_SYSTEM) C(EAI_NONAME)
    C(EAI_AGAIN) C(NI_NAMEREQD) C(NI_MAXHOST)
    S(ifaddrs) F(ifaddrs, ifa_next) F(ifaddrs, ifa_name) F(ifaddrs, ifa_flags) F(ifaddrs, ifa_addr) F(ifaddrs, ifa_netmask) F(ifaddrs, ifa_ifu)
    C(IFF_UP) C(IFF_RUNNING) C(IFF_LOOPBACK) C(IFF_MULTICAST) C(IFF_POINTOPOINT) C(IFF_BROADCAST)
    S(inotify_event) F(inotify_event, wd) F(inotify_event, mask) F(inotify_event, cookie) F(inotify_event, len)
    NAMED("inotify_event.name", offsetof(struct inotify_event, name)),
    S(ip_mreq) F(ip_mreq, imr_multiaddr) F(ip_mreq, imr_interface) S(ip_mreq_source) F(ip_mreq_source, imr_multiaddr)
    F(ip_mreq_source, imr_interface) F(ip_mreq_source, imr_sourceaddr) S(ipv6_mreq) F(ipv6_mreq, ipv6mr_multiaddr)
    F(ipv6_mreq, ipv6mr_interface) S(group_source_req) F(group_source_req, gsr_interface) F(group_source_req, gsr_group)
    F(group_source_req, gsr_source) C(IP_ADD_MEMBERSHIP) C(IP_DROP_MEMBERSHIP) C(IP_ADD_SOURCE_MEMBERSHIP)
    C(IP_DROP_SOURCE_MEMBERSHIP) C(IP_BLOCK_SOURCE) C(IP_UNBLOCK_SOURCE) C(IPV6_ADD_MEMBERSHIP) C(IPV6_DROP_MEMBERSHIP)
    C(MCAST_JOIN_SOURCE_GROUP) C(MCAST_LEAVE_SOURCE_GROUP) C(MCAST_BLOCK_SOURCE) C(MCAST_UNBLOCK_SOURCE)
    S(pollfd) F(pollfd, fd) F(pollfd, events) F(pollfd, revents) C(POLLIN) C(POLLOUT) C(POLLERR) C(POLLHUP) C(POLLNVAL) C(POLLPRI)
    S(epoll_event) F(epoll_event, events) F(epoll_event, data) C(EPOLL_CTL_ADD) C(EPOLL_CTL_DEL) C(EPOLL_CTL_MOD) C(EPOLLIN) C(EPOLLOUT)
    C(EPOLLONESHOT) C(EPOLL_CLOEXEC) C(EFD_CLOEXEC) C(EFD_NONBLOCK)
    /* zlib */
    TS(z_stream) TF(z_stream, next_in) TF(z_stream, avail_in) TF(z_stream, total_in) TF(z_stream, next_out) TF(z_stream, avail_out)
    TF(z_stream, total_out) TF(z_stream, msg) TF(z_stream, state) TF(z_stream, zalloc) TF(z_stream, zfree) TF(z_stream, opaque)
    TF(z_stream, data_type) TF(z_stream, adler)
    NAMED("Z_OK", 0), NAMED("Z_STREAM_END", 1), NAMED("Z_NEED_DICT", 2), NAMED("Z_STREAM_ERROR", -2), NAMED("Z_DATA_ERROR", -3), NAMED("Z_MEM_ERROR", -4),
    NAMED("Z_BUF_ERROR", -5), NAMED("Z_SYNC_FLUSH", 2), NAMED("Z_FINISH", 4), NAMED("Z_BLOCK", 5), NAMED("Z_DEFLATED", 8), NAMED("MAX_WBITS", 15),
};

/* A hash table of places in facts, plus 1; 0: free. It is filled when many facts have been asked for: a start wants few. */
#define SLOT_COUNT 1024u
#define FILL_AT 64
_Static_assert(COUNT_OF(facts) < SLOT_COUNT * 3 / 4, "the table has room");
static uint16_t slots[SLOT_COUNT] LARGE_STATIC;
static unsigned asked;
static OsMutex lock;

static bool is_named(const Fact *fact, const char *name, size_t length)
{
    return fact->length == length && memcmp(fact->name, name, length) == 0;
}

static uint16_t *slot_of(const char *name, size_t length)
{
    uint32_t at = 0;

    for (size_t i = 0; i < length; i++) at = at * 31 + (uint8_t)name[i];
    for (at ^= at >> 10; slots[at % SLOT_COUNT] != 0; at++)
        if (is_named(&facts[slots[at % SLOT_COUNT] - 1], name, length)) break;
    return &slots[at % SLOT_COUNT];
}

static const Fact *find(const char *name, size_t length)
{
    uint16_t slot;

    if (++asked < FILL_AT) {
        for (size_t i = 0; i < COUNT_OF(facts); i++)
            if (is_named(&facts[i], name, length)) return &facts[i];
        return NULL;
    }
    for (size_t i = 0; asked == FILL_AT && i < COUNT_OF(facts); i++)
        *slot_of(facts[i].name, facts[i].length) = (uint16_t)(i + 1);
    slot = *slot_of(name, length);
    return slot != 0 ? &facts[slot - 1] : NULL;
}

bool platform_fact_find(const char *name, int64_t *value)
{
    const Fact *fact;

    os_mutex_lock(&lock);
    fact = find(name, strlen(name));
    if (asked > FILL_AT) asked = FILL_AT + 1;
    os_mutex_unlock(&lock);
    if (fact != NULL) *value = fact->value;
    return fact != NULL;
}

const char *platform_fact_at(size_t index, int64_t *value)
{
    if (index >= COUNT_OF(facts)) return NULL;
    *value = facts[index].value;
    return facts[index].name;
}
