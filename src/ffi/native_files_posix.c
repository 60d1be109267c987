/* native_files_posix.c - native_files.h on Linux. */
#define _GNU_SOURCE
#include "ffi/native_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base.h"
#include "ffi/native_memory.h"
#include "os/os.h"

#define FROZEN_MARK 0x64656e657a6f7246u

/* The description of a file's handle in an image. */
typedef struct FrozenFile {
    uint64_t mark;
    int64_t offset; /* -1: it has none */
    int32_t fd;
    int32_t flags;
    char path[PATH_MAX];
} FrozenFile;

static bool is_kind(const NativeHandleView *view, const char *kind)
{
    return strcmp(view->kind, kind) == 0;
}

/* The description as text for people. */
static const char *described(const NativeHandleView *view, char text[256])
{
    const FrozenFile *frozen = view->description;

    if (view->description_size > sizeof frozen->mark && frozen->mark == FROZEN_MARK)
        snprintf(text, 256, "%.255s", frozen->path);
    else
        snprintf(text, 256, "%.*s", (int)(view->description_size < 255 ? view->description_size : 255), (const char *)view->description);
    return text;
}

/* Regular files and folders that are only read; devices that are the same to everybody (random numbers, null, a
 * terminal): nothing of what was written to them can be lost. */
static bool can_be_opened_again(const struct stat *status, int flags)
{
    return S_ISCHR(status->st_mode) || ((S_ISREG(status->st_mode) || S_ISDIR(status->st_mode)) && (flags & O_ACCMODE) == O_RDONLY);
}

static Result note_file(const NativeHandleView *view)
{
    FrozenFile frozen = {.mark = FROZEN_MARK, .fd = (int32_t)view->address};
    struct stat status;
    char link[64], text[256];
    ssize_t length;

    if (fstat(frozen.fd, &status) != 0) { /* closed behind the guest library's back */
        native_handle_close(view->handle);
        return OK;
    }
    frozen.flags = fcntl(frozen.fd, F_GETFL);
    if (!can_be_opened_again(&status, frozen.flags))
        return error_set(ERROR_STATE, "the file %s is open", described(view, text));
    snprintf(link, sizeof link, "/proc/self/fd/%d", frozen.fd);
    length = readlink(link, frozen.path, sizeof frozen.path - 1);
    if (length <= 0 || frozen.path[0] != '/' || access(frozen.path, R_OK) != 0)
        return error_set(ERROR_STATE, "the file %s is open and has no path any more", described(view, text));
    frozen.offset = S_ISDIR(status.st_mode) ? 0 : lseek(frozen.fd, 0, SEEK_CUR);
    if (!native_handle_describe(view->handle, &frozen, offsetof(FrozenFile, path) + (size_t)length + 1)) return ERROR_MEMORY;
    return OK;
}

#define SOCKET_NAME_BYTES 128

typedef int (*AskSocket)(int fd, struct sockaddr *address, socklen_t *size);

/* `before` and the address, of this end (getsockname) or the other (getpeername); nothing where there is none. */
static void name_socket_end(int fd, AskSocket ask, const char *before, char text[SOCKET_NAME_BYTES])
{
    union { struct sockaddr any; struct sockaddr_un un; struct sockaddr_storage storage; } address = {0};
    socklen_t size = sizeof address;
    char host[64], port[8];

    text[0] = 0;
    if (ask(fd, &address.any, &size) != 0)
        return;
    if (address.any.sa_family == AF_UNIX && size > offsetof(struct sockaddr_un, sun_path) && address.un.sun_path[0] != 0)
        snprintf(text, SOCKET_NAME_BYTES, "%s%.*s", before, (int)sizeof address.un.sun_path, address.un.sun_path);
    else if (getnameinfo(&address.any, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0 &&
             strcmp(port, "0") != 0 && address.any.sa_family != AF_UNIX)
        snprintf(text, SOCKET_NAME_BYTES, strchr(host, ':') != NULL ? "%s[%s]:%s" : "%s%s:%s", before, host, port);
}

static Result refuse_socket(int fd)
{
    char here[SOCKET_NAME_BYTES], there[SOCKET_NAME_BYTES];

    name_socket_end(fd, getsockname, ", ", here);
    name_socket_end(fd, getpeername, " to ", there);
    return error_set(ERROR_STATE, "a socket is open (descriptor %d%s%s)", fd, here, there);
}

/* The system knows what is mapped where: lines of "start-end rights offset device inode path". */
static Result refuse_mapping(uint64_t address)
{
    char line[PATH_MAX + 128];
    FILE *maps = fopen("/proc/self/maps", "r");

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        uint64_t start, end;
        char *path = strchr(line, '/');
        if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) == 2 && address >= start && address < end && path != NULL) {
            fclose(maps);
            return error_set(ERROR_STATE, "the file %.*s is mapped into memory", (int)strcspn(path, "\n"), path);
        }
    }
    if (maps != NULL)
        fclose(maps);
    return error_set(ERROR_STATE, "a file is mapped into memory");
}

Result native_files_freeze(void)
{
    NativeHandleView view;
    char text[256];
    Result result = OK;

    for (uint32_t cursor = 0; native_handle_next(&cursor, &view);) /* says more than that a pipe to it is open */
        if (is_kind(&view, "process")) TRY(error_set(ERROR_STATE, "the process %s (%d) has not been waited for", described(&view, text), (int)view.address));
    for (uint32_t cursor = 0; native_handle_next(&cursor, &view);) {
        if (is_kind(&view, "socket")) TRY(refuse_socket((int)view.address));
        if (is_kind(&view, "descriptor")) TRY(error_set(ERROR_STATE, "a %s is open (descriptor %d)", described(&view, text), (int)view.address));
        if (is_kind(&view, "mapping")) TRY(refuse_mapping(view.address));
        if (is_kind(&view, "unsaved")) TRY(error_set(ERROR_STATE, "%s", described(&view, text)));
        if (is_kind(&view, "file")) TRY(note_file(&view));
    }
done:
    return result;
}

static Result open_again(const NativeHandleView *view)
{
    const FrozenFile *frozen = view->description;
    int fd;

    if (view->description_size <= offsetof(FrozenFile, path) || frozen->mark != FROZEN_MARK || frozen->fd < 0 ||
        ((const char *)view->description)[view->description_size - 1] != 0)
        return error_set(ERROR_FORMAT, "the record of an open file is damaged");
    fd = open(frozen->path, (frozen->flags & ~(O_CREAT | O_TRUNC | O_EXCL)) | O_CLOEXEC);
    if (fd < 0 || (fd != frozen->fd && dup3(fd, frozen->fd, O_CLOEXEC) < 0) ||
        (frozen->offset > 0 && lseek(frozen->fd, frozen->offset, SEEK_SET) < 0)) {
        int error = errno;
        if (fd >= 0) close(fd);
        return error_set(error == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, "%s, which the program has open: %s", frozen->path, os_error_text(error));
    }
    if (fd != frozen->fd) close(fd);
    native_handle_rebuild(view->handle, (uint64_t)frozen->fd);
    return OK;
}

Result native_files_thaw(void)
{
    NativeHandleView view;
    Result result = OK;

    for (uint32_t cursor = 0; native_handle_next(&cursor, &view);)
        if (is_kind(&view, "file") && native_handle_is_stale(view.handle)) TRY(open_again(&view));
done:
    return result;
}
