/* os.h - the contract with the operating system: everything the machine's own C needs of it.
 *
 * One file for each system implements it (os_posix.c). Guest code reaches the system over the FFI, not through here.
 * Failures set the error message with the system's words; os_last_error() gives its number.
 * Paths are the system's bytes (UTF-8 where it has characters), ended by 0. */
#ifndef OS_OS_H
#define OS_OS_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/result.h"

/* ---- errors ---- */

int os_last_error(void);                          /* the number behind this thread's last failure here */
const char *os_error_text(int number);            /* the system's words; valid until the thread's next call */

/* ---- virtual memory; addresses and sizes are multiples of the page size ---- */

typedef enum OsAccess { OS_NO_ACCESS, OS_READ, OS_READ_WRITE, OS_READ_EXECUTE } OsAccess;

typedef enum OsPlace {
    OS_ANYWHERE, /* `address` is a hint or NULL */
    OS_IF_FREE,  /* exactly there, ERROR_STATE if anything is mapped there */
    OS_REPLACE,  /* exactly there, over what the caller has reserved */
} OsPlace;

/* Where a region of the machine prefers to lie. AddressSanitizer keeps the addresses below 2^44 for itself, so its
 * builds shift them: images of such a build are relocated by the others and the other way round. */
#if defined(__SANITIZE_ADDRESS__)
#define OS_FIXED_ADDRESS(address) ((uintptr_t)(address) + ((uintptr_t)1 << 45))
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OS_FIXED_ADDRESS(address) ((uintptr_t)(address) + ((uintptr_t)1 << 45))
#endif
#endif
#ifndef OS_FIXED_ADDRESS
#define OS_FIXED_ADDRESS(address) ((uintptr_t)(address))
#endif

size_t os_page_size(void);
#if defined(__x86_64__)
#define OS_PAGE_MOST 4096 /* no page is larger: for statics that have pages of their own */
#else
#define OS_PAGE_MOST 65536
#endif
/* Address space without memory behind it: no access until committed. */
Result os_memory_reserve(void **memory, void *address, size_t size, OsPlace place);
Result os_memory_commit(void *address, size_t size);   /* readable, writable; zero where new */
Result os_memory_allocate(void **memory, void *address, size_t size, OsPlace place); /* reserved and committed */
#define OS_LARGE_PAGE_BYTES (2u << 20)
/* Makes the pages ready at once, which costs less than when each is first touched; memory that will be written in large
 * pages where the system has them, each multiple of their size that is whole in it. Does nothing where that is not possible. */
void os_memory_populate(void *address, size_t size, bool for_writing);
typedef struct OsStretch {
    void *address;
    size_t size;
} OsStretch;
void os_memory_populate_each(const OsStretch *stretches, size_t count, bool for_writing); /* of pages */
/* Before anything in it is touched: what is touched there later gets memory in large pages where it can, or is read from its file
 * in such pieces. A hint. */
void os_memory_expect_all(void *address, size_t size);
/* Notes from now on which pages of a committed range are touched: marks has a byte for each page, 0, and must stay. Each
 * page's first touches cost a signal; the system itself fails to touch it (EFAULT). */
#define OS_NOTED_RANGES 64
enum { OS_READ_ONLY = 1, OS_WRITTEN = 2 };
Result os_memory_note_touches(void *address, size_t size, uint8_t *marks);
/* The same of each word, at each touch, until os_memory_note_end: the page is open for one instruction at a time.
 * ERROR_UNSUPPORTED where a processor cannot be stopped after one. */
#define OS_NOTED_WORD_BYTES 8
Result os_memory_note_words(void *address, size_t size, uint8_t *marks);
void os_memory_note_end(void); /* all ranges are readable and writable again; the other threads stand still */
/* Marks with OS_WRITTEN, of a private mapping of a file, the pages that have been written since, by whomever. */
Result os_memory_written_pages(const void *address, size_t size, uint8_t *marks);
Result os_memory_decommit(void *address, size_t size); /* memory given back, no access */
Result os_memory_clear(void *address, size_t size);    /* memory given back, reads as zero (anonymous memory only) */
Result os_memory_protect(void *address, size_t size, OsAccess access);
void os_memory_release(void *address, size_t size);
/* Maps a part of a file copy-on-write: readable and writable, writes stay private. offset: multiple of the page size. */
Result os_memory_map_file(void **memory, intptr_t file, uint64_t offset, size_t size, void *address, OsPlace place);
Result os_memory_map_file_readonly(void **memory, intptr_t file, uint64_t offset, size_t size);
uint64_t os_memory_physical(void); /* bytes of the host (or of its container) */
uint64_t os_memory_resident(void); /* bytes of this process; 0 if not known */
/* How many bytes of address space to reserve: `wanted`; where the process may have only so much (`ulimit -v`), an nth of that
 * at most, in whole 2 MB (one at least). */
uint64_t os_address_part(uint64_t wanted, unsigned nth);

/* ---- files ---- */

typedef intptr_t OsFile;
#define OS_FILE_NONE ((OsFile)-1)
#define OS_STDIN ((OsFile)0)
#define OS_STDOUT ((OsFile)1)
#define OS_STDERR ((OsFile)2)

typedef enum OsOpen { OS_OPEN_READ, OS_OPEN_READ_WRITE, OS_OPEN_CREATE /* truncates */ } OsOpen;
typedef enum OsFileKind { OS_KIND_NONE, OS_KIND_FILE, OS_KIND_FOLDER, OS_KIND_OTHER } OsFileKind;

Result os_file_open(OsFile *file, const char *path, OsOpen mode); /* ERROR_NOT_FOUND or ERROR_IO */
void os_file_close(OsFile file); /* OS_FILE_NONE is fine */
/* From now on one descriptor is kept for os_file_open and os_library_open, for when the guest has used up all others. */
void os_file_reserve(void);
/* Reads until `size` bytes, end of file (*got < size) or an error. */
Result os_file_read(OsFile file, void *bytes, size_t size, size_t *got);
Result os_file_read_at(OsFile file, void *bytes, size_t size, uint64_t offset, size_t *got);
Result os_file_write(OsFile file, const void *bytes, size_t size); /* all of them */
Result os_file_write_at(OsFile file, const void *bytes, size_t size, uint64_t offset);
Result os_file_size(OsFile file, uint64_t *size);
Result os_file_size_and_time(OsFile file, uint64_t *size, int64_t *modified_ms); /* since 1970 */
Result os_file_sync(OsFile file); /* on the disk when it returns */
bool os_file_is_terminal(OsFile file);
/* The whole file into an empty buffer; `limit` bytes at most (ERROR_LIMIT). */
Result os_file_load(const char *path, size_t limit, Bytes *bytes);
/* A new empty file in the folder of `path`; *temporary_path is to be freed with memory_free. From then on a write beyond
 * `ulimit -f` is an error. */
Result os_file_open_temporary(OsFile *file, const char *path, char **temporary_path);
Result os_file_rename(const char *from, const char *to); /* atomic, replaces */
Result os_file_remove(const char *path);
Result os_folder_sync(const char *path_inside); /* makes a rename in the folder of this path durable */
OsFileKind os_path_kind(const char *path);
int64_t os_path_modified_ms(const char *path);       /* since 1970; -1: no such file */
Result os_path_real(const char *path, char **real);  /* absolute, no links; free with memory_free */
/* The path that a symbolic link leads to, there or not, or the path itself; free with memory_free. NULL after an error. */
Result os_path_target(const char *path, char **target);
/* Entries without "." and ".."; false from `visit` ends early. The order is the system's. */
Result os_folder_list(const char *path, bool (*visit)(void *context, const char *name), void *context);
Result os_executable_path(char **path); /* of the running program; free with memory_free */

/* ---- time ---- */

int64_t os_clock_monotonic_ns(void); /* since some moment; goes on while nothing runs */
int64_t os_clock_wall_ns(void);      /* since 1970-01-01 UTC */
int64_t os_clock_cpu_ns(void);       /* processor time of this process */
void os_sleep_ns(int64_t ns);        /* the whole time, whatever signals come */

/* ---- threads ---- */

typedef uintptr_t OsThread;

/* stack_bytes 0: the system's default. */
Result os_thread_create(OsThread *thread, size_t stack_bytes, void (*entry)(void *argument), void *argument);
/* From now on each thread made by os_thread_create calls this before it ends. At most 8 functions; the same one counts once. */
void os_thread_at_end(void (*function)(void));
void os_thread_join(OsThread thread);
void os_thread_detach(OsThread thread);
OsThread os_thread_self(void);
uint64_t os_thread_number(void);            /* the system's number for the calling thread */
void os_thread_set_name(const char *name);  /* of the calling thread, for debuggers; cut to 15 bytes */
void os_thread_yield(void);
/* The calling thread's C stack. */
void os_thread_stack(void **low, size_t *size);
/* What the calling thread has written comes, for every other thread of the process, before what it writes from now on,
 * even where those threads read without fences. */
void os_order_everywhere(void);
/* Makes a waiting system call of that thread return (EINTR / OS_WAIT_INTERRUPTED). A thread just about to enter the
 * call is missed: the interrupter repeats it until it sees that the thread is out. */
void os_thread_interrupt(OsThread thread);

/* ---- waiting on a word of memory ---- */

typedef enum OsWait { OS_WAIT_WOKEN, OS_WAIT_CHANGED, OS_WAIT_TIMEOUT, OS_WAIT_INTERRUPTED } OsWait;
#define OS_FOREVER ((int64_t)-1)

/* Waits while *word is `expected`, at most timeout_ns. May return WOKEN without reason: look at the word again. */
OsWait os_futex_wait(_Atomic uint32_t *word, uint32_t expected, int64_t timeout_ns);
/* The same up to a moment of the monotonic clock (OS_FOREVER: none). */
OsWait os_futex_wait_until(_Atomic uint32_t *word, uint32_t expected, int64_t deadline_ns);
void os_futex_wake(_Atomic uint32_t *word, int count); /* INT_MAX: all */

/* Locks and conditions are plain words ({0} at first, nothing to close), built on the futex (os_lock.c). */
typedef struct OsMutex {
    _Atomic uint32_t state; /* 0 free, 1 held, 2 held and somebody waits */
} OsMutex;

typedef struct OsCondition {
    _Atomic uint32_t sequence, waiters;
} OsCondition;

void os_mutex_lock(OsMutex *mutex);
bool os_mutex_try_lock(OsMutex *mutex);
void os_mutex_unlock(OsMutex *mutex);
/* Releases the mutex while waiting. May return WOKEN without reason. */
OsWait os_condition_wait(OsCondition *condition, OsMutex *mutex, int64_t timeout_ns);
void os_condition_signal(OsCondition *condition);
void os_condition_broadcast(OsCondition *condition);

/* ---- signals of the outside: handed to a thread of the machine that asks for them ---- */

Result os_signal_watch(int number);   /* from now on os_signal_next gives it */
Result os_signal_default(int number); /* what the system does by itself */
Result os_signal_ignore(int number);
void os_signal_leave_ends(bool leave); /* SIGHUP, SIGINT, SIGTERM, SIGQUIT: none of these three does anything then,
                                            and os_signal_next tells of no signal */
bool os_signal_is_ignored(int number); /* as a process may find it that was started so (nohup) */
/* While no thread waits for signals yet: called by the handler when a watched one comes, in whatever thread that is. From then
 * on blocking calls of the process are interrupted every millisecond, until NULL is told. */
void os_signal_notice(void (*notice)(void));
/* Waits for a watched signal. 0: interrupted or time over. Only one thread may wait. */
int os_signal_next(int64_t timeout_ns);
int os_signal_number(const char *name); /* "INT" -> SIGINT; -1 if there is none */

/* ---- libraries ---- */

typedef void *OsLibrary;

Result os_library_open(OsLibrary *library, const char *name); /* NULL: the program and what it is linked with */
void *os_library_symbol(OsLibrary library, const char *symbol); /* NULL: none */
void os_library_close(OsLibrary library);

/* ---- mathematics: os_sin and so on are C's functions of that name, which need not be linked with (os_math.c) ---- */

/* FUNCTION(result, name, parameters, arguments) */
#define OS_MATH_FUNCTIONS(FUNCTION)                          \
    FUNCTION(double, sin, (double x), x)                     \
    FUNCTION(double, cos, (double x), x)                     \
    FUNCTION(double, tan, (double x), x)                     \
    FUNCTION(double, atan, (double x), x)                    \
    FUNCTION(double, exp, (double x), x)                     \
    FUNCTION(double, log, (double x), x)                     \
    FUNCTION(long double, log10l, (long double x), x)        \
    FUNCTION(double, pow, (double x, double y), x, y)        \
    FUNCTION(double, fmod, (double x, double y), x, y)       \
    FUNCTION(float, fmodf, (float x, float y), x, y)         \
    FUNCTION(double, remainder, (double x, double y), x, y)  \
    FUNCTION(double, fma, (double x, double y, double z), x, y, z) \
    FUNCTION(float, fmaf, (float x, float y, float z), x, y, z)

#define OS_DECLARE_FUNCTION(result, name, parameters, ...) result os_##name parameters;
OS_MATH_FUNCTIONS(OS_DECLARE_FUNCTION)
#undef OS_DECLARE_FUNCTION

/* ---- process ---- */

const char *os_environment_get(const char *name); /* NULL: not set */
bool os_environment_has(const char *beginning);   /* some variable's name begins like that */
int os_processor_count(void);                     /* that this process may use, */
void os_processor_count_set(unsigned count);      /*   or as many as this says; 0: those that are there */
int64_t os_process_id(void);
/* What every start touches of the program itself is made ready at once: the constants and the code that src/start.ld sets in front,
 * and the statics that src/place.ld sets together. */
void os_program_populate(void);
/* Closed standard streams are opened, so that no other file gets their numbers; they give errors as closed ones do. */
void os_standard_streams_occupy(void);
/* As many files may be open as the system lets this process have. */
void os_open_files_allow_most(void);
Result os_command_run(const char *command); /* by the system's shell; waits for its end */
void os_host_name(char *name, size_t size);
Result os_random_bytes(void *bytes, size_t size);
__attribute__((noreturn)) void os_exit(int status);
/* Ends at once: no clean-up, no buffers flushed. */
__attribute__((noreturn)) void os_exit_now(int status);

#endif
