/* os_posix.c - os.h on Linux: memory, files, time, libraries, process. Threads and waiting: os_posix_thread.c. */
#define _GNU_SOURCE
#include "os/os.h"

#include <assert.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

#define NS_PER_SECOND 1000000000

static _Thread_local int last_error;

int os_last_error(void)
{
    return last_error;
}

const char *os_error_text(int number)
{
    static _Thread_local char text[128];
    return strerror_r(number, text, sizeof text);
}

/* Keeps errno and makes a message "what: words". */
static Result fail(Result kind, const char *what)
{
    last_error = errno;
    return error_set(kind, "%s: %s", what, os_error_text(last_error));
}

/* ---- virtual memory ---- */

size_t os_page_size(void)
{
    static size_t size;
    if (size == 0) size = (size_t)getauxval(AT_PAGESZ);
    return size;
}

static Result map(void **memory, void *address, size_t size, int protection, int flags, int file, uint64_t offset,
                  OsPlace place)
{
    void *got;

    assert(offset <= INT64_MAX);
    if (place == OS_IF_FREE) flags |= MAP_FIXED_NOREPLACE;
    if (place == OS_REPLACE) flags |= MAP_FIXED;
    got = mmap(address, size, protection, flags, file, (off_t)offset);
    if (got == MAP_FAILED) {
        last_error = errno;
        return error_set(errno == EEXIST ? ERROR_STATE : ERROR_MEMORY, "mapping %zu bytes at %p: %s", size, address,
                         os_error_text(last_error));
    }
    if (place == OS_IF_FREE && got != address) { /* kernels before 4.17 take it for a hint */
        munmap(got, size);
        last_error = EEXIST;
        return error_set(ERROR_STATE, "mapping %zu bytes at %p: that place is taken", size, address);
    }
    *memory = got;
    return OK;
}

Result os_memory_reserve(void **memory, void *address, size_t size, OsPlace place)
{
    return map(memory, address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, place);
}

Result os_memory_commit(void *address, size_t size)
{
    if (mprotect(address, size, PROT_READ | PROT_WRITE) != 0) return fail(ERROR_MEMORY, "committing memory");
    return OK;
}

Result os_memory_allocate(void **memory, void *address, size_t size, OsPlace place)
{
    return map(memory, address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, place);
}

#if !defined(MADV_POPULATE_READ)
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif


void os_memory_populate(void *address, size_t size, bool for_writing)
{
    uintptr_t start = (uintptr_t)address & ~(uintptr_t)(os_page_size() - 1);
    if (for_writing && size >= OS_LARGE_PAGE_BYTES)
        (void)madvise((void *)start, (uintptr_t)address + size - start, MADV_HUGEPAGE);
    (void)madvise((void *)start, (uintptr_t)address + size - start, for_writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

#if !defined(PIDFD_SELF)
#define PIDFD_SELF -10000
#endif

/* In one call where the system has it for the calling process (Linux 6.14). */
void os_memory_populate_each(const OsStretch *stretches, size_t count, bool for_writing)
{
    _Static_assert(sizeof(OsStretch) == sizeof(struct iovec) && offsetof(OsStretch, size) == offsetof(struct iovec, iov_len),
                   "stretches are what the system takes");
#if defined(SYS_process_madvise)
    if (count > 1 && syscall(SYS_process_madvise, PIDFD_SELF, (const struct iovec *)(const void *)stretches, count,
                             for_writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ, 0) >= 0)
        return;
#endif
    for (size_t i = 0; i < count; i++) os_memory_populate(stretches[i].address, stretches[i].size, for_writing);
}

void os_memory_expect_all(void *address, size_t size)
{
    (void)madvise(address, size, MADV_HUGEPAGE);
}

Result os_memory_decommit(void *address, size_t size)
{
    void *same;
    return map(&same, address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, OS_REPLACE);
}

Result os_memory_clear(void *address, size_t size)
{
    if (madvise(address, size, MADV_DONTNEED) != 0) return fail(ERROR_MEMORY, "giving back memory");
    return OK;
}

Result os_memory_protect(void *address, size_t size, OsAccess access)
{
    static const int protections[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC};
    if (mprotect(address, size, protections[access]) != 0) return fail(ERROR_MEMORY, "protecting memory");
    return OK;
}

void os_memory_release(void *address, size_t size)
{
    if (address != NULL) munmap(address, size);
}

Result os_memory_map_file(void **memory, intptr_t file, uint64_t offset, size_t size, void *address, OsPlace place)
{
    return map(memory, address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, (int)file, offset, place);
}

Result os_memory_map_file_readonly(void **memory, intptr_t file, uint64_t offset, size_t size)
{
    return map(memory, NULL, size, PROT_READ, MAP_PRIVATE, (int)file, offset, OS_ANYWHERE);
}

static uint64_t read_number_file(const char *path)
{
    char text[64];
    size_t got = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n > 0) got = (size_t)n;
    text[got] = 0;
    return strtoull(text, NULL, 10);
}

uint64_t os_memory_physical(void)
{
    struct sysinfo info = {.totalram = 0};
    uint64_t bytes = sysinfo(&info) == 0 ? (uint64_t)info.totalram * info.mem_unit : 0;
    uint64_t group = read_number_file("/sys/fs/cgroup/memory.max");
    return group != 0 && group < bytes ? group : bytes;
}

uint64_t os_address_part(uint64_t wanted, unsigned nth)
{
    enum { STEP = 2 << 20 };
    static _Atomic uint64_t known; /* 0: not yet */
    uint64_t limit = atomic_load_explicit(&known, memory_order_relaxed);
    struct rlimit space;

    if (limit == 0) {
        limit = getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY ? (uint64_t)space.rlim_cur : UINT64_MAX;
        atomic_store_explicit(&known, limit, memory_order_relaxed);
    }
    if (limit != UINT64_MAX)
        limit = limit / nth < STEP ? STEP : limit / nth / STEP * STEP;
    return wanted < limit ? wanted : limit;
}

uint64_t os_memory_resident(void)
{
    char text[128];
    unsigned long long total = 0, resident = 0;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0) return 0;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    if (sscanf(text, "%llu %llu", &total, &resident) != 2) return 0;
    return resident * os_page_size();
}

/* ---- files ---- */

static int reserve = -1; /* a descriptor that stands for one to come; -1: none */
static bool has_reserve; /* or had, and will have one again */

void os_file_reserve(void)
{
    int none = -1, fd;

    __atomic_store_n(&has_reserve, true, __ATOMIC_RELAXED);
    if (__atomic_load_n(&reserve, __ATOMIC_RELAXED) >= 0) return;
    fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && !__atomic_compare_exchange_n(&reserve, &none, fd, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) close(fd);
}

/* false: there is none, and the error stays what it is. */
static bool use_reserve(void)
{
    int error = errno, fd = __atomic_exchange_n(&reserve, -1, __ATOMIC_ACQ_REL);

    if (fd >= 0) close(fd);
    errno = error;
    return fd >= 0;
}

static void restore_reserve(void)
{
    if (__atomic_load_n(&has_reserve, __ATOMIC_RELAXED)) os_file_reserve();
}

Result os_file_open(OsFile *file, const char *path, OsOpen mode)
{
    static const int flags[] = {O_RDONLY, O_RDWR, O_RDWR | O_CREAT | O_TRUNC};
    int fd;

    do fd = open(path, flags[mode] | O_CLOEXEC, 0666);
    while (fd < 0 && (errno == EINTR || (errno == EMFILE && use_reserve())));
    if (fd < 0) return fail(errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_IO, path);
    *file = fd;
    return OK;
}

void os_file_close(OsFile file)
{
    if (file == OS_FILE_NONE) return;
    close((int)file);
    restore_reserve();
}

Result os_file_read(OsFile file, void *bytes, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = read((int)file, (char *)bytes + *got, size - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(ERROR_IO, "read");
        if (n == 0) break;
        *got += (size_t)n;
    }
    return OK;
}

Result os_file_read_at(OsFile file, void *bytes, size_t size, uint64_t offset, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = pread((int)file, (char *)bytes + *got, size - *got, (off_t)(offset + *got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(ERROR_IO, "read");
        if (n == 0) break;
        *got += (size_t)n;
    }
    return OK;
}

Result os_file_write(OsFile file, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write((int)file, (const char *)bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(ERROR_IO, "write");
        done += (size_t)n;
    }
    return OK;
}

Result os_file_write_at(OsFile file, const void *bytes, size_t size, uint64_t offset)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pwrite((int)file, (const char *)bytes + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(ERROR_IO, "write");
        done += (size_t)n;
    }
    return OK;
}

static int64_t modified_ms(const struct stat *status)
{
    return (int64_t)status->st_mtim.tv_sec * 1000 + status->st_mtim.tv_nsec / 1000000;
}

Result os_file_size_and_time(OsFile file, uint64_t *size, int64_t *modified)
{
    struct stat status;
    if (fstat((int)file, &status) != 0) return fail(ERROR_IO, "stat");
    *size = (uint64_t)status.st_size;
    *modified = modified_ms(&status);
    return OK;
}

Result os_file_size(OsFile file, uint64_t *size)
{
    int64_t modified;
    return os_file_size_and_time(file, size, &modified);
}

Result os_file_sync(OsFile file)
{
    return fsync((int)file) == 0 ? OK : fail(ERROR_IO, "fsync");
}

bool os_file_is_terminal(OsFile file)
{
    return isatty((int)file) == 1;
}

/* A file may grow, or be a pipe without a size, so it is read to its end whatever its size says. */
Result os_file_load(const char *path, size_t limit, Bytes *bytes)
{
    Result result;
    OsFile file = OS_FILE_NONE;
    uint64_t size = 0;
    size_t room = 0, got = 0;

    TRY(os_file_open(&file, path, OS_OPEN_READ));
    if (os_path_kind(path) == OS_KIND_FOLDER) {
        errno = EISDIR;
        TRY(fail(ERROR_IO, path));
    }
    TRY(os_file_size(file, &size));
    for (;;) {
        if (size > limit || bytes->size > limit) TRY(error_set(ERROR_LIMIT, "%s: longer than %zu bytes", path, limit));
        room = size > bytes->size ? (size_t)size - bytes->size + 1 : 65536;
        TRY(bytes_reserve(bytes, room));
        TRY(os_file_read(file, bytes->data + bytes->size, room, &got));
        bytes->size += got;
        if (got < room) break;
    }
    if (bytes->size > limit) TRY(error_set(ERROR_LIMIT, "%s: longer than %zu bytes", path, limit));

done:
    if (result == ERROR_IO && file != OS_FILE_NONE && strncmp(error_message(), path, strlen(path)) != 0)
        error_prefix(result, "%s", path);
    if (result != OK) bytes_free(bytes);
    os_file_close(file);
    return result;
}

static void on_long_file(int number)
{
    (void)number;
}

/* By default a write beyond `ulimit -f` ends the process, and would leave the temporary file there. */
static void make_long_files_errors(void)
{
    struct sigaction action;

    if (sigaction(SIGXFSZ, NULL, &action) != 0 || action.sa_handler != SIG_DFL) return;
    action.sa_handler = on_long_file;
    (void)sigaction(SIGXFSZ, &action, NULL);
}

Result os_file_open_temporary(OsFile *file, const char *path, char **temporary_path)
{
    static const char suffix[] = ".XXXXXX";
    size_t length = strlen(path);
    char *name = memory_allocate(length + sizeof suffix);
    mode_t mask;
    int fd;

    if (name == NULL) return ERROR_MEMORY;
    make_long_files_errors();
    memcpy(name, path, length);
    memcpy(name + length, suffix, sizeof suffix);
    fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0) {
        Result result = fail(errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_IO, path);
        memory_free(name);
        return result;
    }
    mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    *file = fd;
    *temporary_path = name;
    return OK;
}

Result os_file_rename(const char *from, const char *to)
{
    return rename(from, to) == 0 ? OK : fail(ERROR_IO, to);
}

Result os_file_remove(const char *path)
{
    return unlink(path) == 0 ? OK : fail(errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, path);
}

Result os_folder_sync(const char *path_inside)
{
    const char *slash = strrchr(path_inside, '/');
    char *folder = memory_copy_string(slash == NULL ? "." : slash == path_inside ? "/" : path_inside);
    Result result = OK;
    int fd;

    if (folder == NULL) return ERROR_MEMORY;
    if (slash != NULL && slash != path_inside) folder[slash - path_inside] = 0;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 ? errno != EACCES : fsync(fd) != 0 && errno != EINVAL) result = fail(ERROR_IO, folder); /* it may be only writable */
    if (fd >= 0) close(fd);
    memory_free(folder);
    return result;
}

OsFileKind os_path_kind(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) return OS_KIND_NONE;
    return S_ISREG(status.st_mode) ? OS_KIND_FILE : S_ISDIR(status.st_mode) ? OS_KIND_FOLDER : OS_KIND_OTHER;
}

int64_t os_path_modified_ms(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    return modified_ms(&status);
}

Result os_path_real(const char *path, char **real)
{
    char buffer[PATH_MAX];
    if (realpath(path, buffer) == NULL)
        return fail(errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_IO, path);
    *real = memory_copy_string(buffer);
    return *real == NULL ? ERROR_MEMORY : OK;
}

/* Takes `path`, a link's, and gives what the link says: a relative one counts from the link's folder. NULL: no memory. */
static char *path_behind(char *path, const char *said)
{
    const char *slash = strrchr(path, '/');
    size_t folder = *said == '/' || slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *behind = memory_allocate(folder + strlen(said) + 1);

    if (behind != NULL) {
        memcpy(behind, path, folder);
        strcpy(behind + folder, said);
    }
    memory_free(path);
    return behind;
}

#define LINKS_LIMIT 40 /* one after the other */

Result os_path_target(const char *path, char **target)
{
    char said[PATH_MAX];
    ssize_t length;

    *target = memory_copy_string(path);
    for (int links = 0; *target != NULL && (length = readlink(*target, said, sizeof said - 1)) >= 0; links++) {
        if (links == LINKS_LIMIT) {
            memory_free(*target);
            *target = NULL;
            errno = ELOOP;
            return fail(ERROR_IO, path);
        }
        said[length] = 0;
        *target = path_behind(*target, said);
    }
    return *target == NULL ? ERROR_MEMORY : OK;
}

Result os_folder_list(const char *path, bool (*visit)(void *context, const char *name), void *context)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    if (folder == NULL) return fail(errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, path);
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!visit(context, entry->d_name)) break;
    }
    closedir(folder);
    return OK;
}

/* Not a script that names the program in its first line, and no link. */
static bool is_executable_itself(const char *path)
{
    char start[4];
    int fd = path[0] == '/' ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    bool is = fd >= 0 && read(fd, start, sizeof start) == sizeof start && memcmp(start, "\177ELF", sizeof start) == 0;

    if (fd >= 0) close(fd);
    return is;
}

Result os_executable_path(char **path)
{
    const char *told = (const char *)(uintptr_t)getauxval(AT_EXECFN);
    char buffer[PATH_MAX];

    if (told != NULL && is_executable_itself(told)) { /* costs a fraction of what a process's first look into /proc does */
        *path = memory_copy_string(told);
        return *path == NULL ? ERROR_MEMORY : OK;
    }
    ssize_t size = readlink("/proc/self/exe", buffer, sizeof buffer - 1); /* absolute, and no link itself */

    if (size < 0) return fail(ERROR_IO, "/proc/self/exe");
    buffer[size] = 0;
    *path = memory_copy_string(buffer);
    return *path == NULL ? ERROR_MEMORY : OK;
}

/* ---- time ---- */

#define CLOCK_CALLS 8 /* a start from an image asks four times */

/* The first times by a system call of its own: it costs more than the C library's way, but three page faults less. */
static int64_t clock_ns(clockid_t clock)
{
    static atomic_uint calls;
    struct timespec now;

#if defined(SYS_clock_gettime) && INTPTR_MAX == INT64_MAX /* else its timespec may be another */
    if (atomic_load_explicit(&calls, memory_order_relaxed) < CLOCK_CALLS && syscall(SYS_clock_gettime, clock, &now) == 0)
        atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    else
#endif
        clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

int64_t os_clock_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
int64_t os_clock_wall_ns(void) { return clock_ns(CLOCK_REALTIME); }
int64_t os_clock_cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

void os_sleep_ns(int64_t ns)
{
    struct timespec left = {.tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND};
    if (ns <= 0) return;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/* ---- libraries ---- */

static char program; /* RTLD_DEFAULT is NULL; and it costs a start less than a handle of dlopen's */

Result os_library_open(OsLibrary *library, const char *name)
{
    const char *words;

    if (name == NULL) {
        *library = &program;
        return OK;
    }
    *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (*library == NULL && use_reserve()) {
        *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
        restore_reserve();
    }
    if (*library != NULL) return OK;
    words = dlerror();
    return error_set(ERROR_NOT_FOUND, "%s", words != NULL ? words : name);
}

void *os_library_symbol(OsLibrary library, const char *symbol)
{
    return dlsym(library == &program ? RTLD_DEFAULT : library, symbol);
}

void os_library_close(OsLibrary library)
{
    if (library != NULL && library != &program) dlclose(library);
}

/* ---- process ---- */

const char *os_environment_get(const char *name)
{
    return getenv(name);
}

bool os_environment_has(const char *beginning)
{
    for (char **each = environ; each != NULL && *each != NULL; each++)
        if (strncmp(*each, beginning, strlen(beginning)) == 0) return true;
    return false;
}

static unsigned told_processors;

void os_processor_count_set(unsigned count)
{
    told_processors = count;
}

int os_processor_count(void)
{
    if (told_processors != 0) return (int)told_processors;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

/* Where the linker has been told nothing, there are none of these. */
extern char __executable_start[] __attribute__((weak)), start_text_end[] __attribute__((weak)); /* src/start.ld */
extern char written_statics[] __attribute__((weak)), written_statics_end[] __attribute__((weak)); /* src/place.ld */

void os_program_populate(void)
{
    if (__executable_start != NULL && start_text_end != NULL)
        os_memory_populate(__executable_start, (size_t)(start_text_end - __executable_start), false);
    if (written_statics != NULL && written_statics_end != NULL)
        os_memory_populate(written_statics, (size_t)(written_statics_end - written_statics), true);
}

void os_standard_streams_occupy(void)
{
    struct pollfd streams[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};

    if (poll(streams, 3, 0) <= 0) return;
    for (int fd = 0; fd < 3; fd++)
        if (streams[fd].revents & POLLNVAL) (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

void os_open_files_allow_most(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

Result os_command_run(const char *command)
{
    char *words[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)command, NULL};
    pid_t process;
    int error = posix_spawn(&process, "/bin/sh", NULL, NULL, words, environ);

    if (error != 0) return error_set(ERROR_IO, "/bin/sh: %s", os_error_text(error));
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
    return OK;
}

int64_t os_process_id(void)
{
    return getpid();
}

void os_host_name(char *name, size_t size)
{
    if (gethostname(name, size) != 0)
        snprintf(name, size, "localhost");
    name[size - 1] = 0;
}

Result os_random_bytes(void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom((char *)bytes + done, size - done, 0);
        if (n < 0 && errno != EINTR) return fail(ERROR_IO, "random bytes");
        if (n > 0) done += (size_t)n;
    }
    return OK;
}

void os_exit(int status)
{
    exit(status);
}

void os_exit_now(int status)
{
    _exit(status);
}
