/* slow.c - preloaded in front of the C library: functions that take a while, and notice when a freeze disturbs them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static int sleep_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    return nanosleep(&time, NULL);
}

/* A name server that is slow to answer, and does not care for signals. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (name == NULL || strcmp(name, "slow.test") != 0) return real(name, service, hints, list);
    for (int i = 0; i < 150; i++) sleep_ms(10);
    return real("127.0.0.1", service, hints, list);
}

/* Fails when it is interrupted, and when it is called for the same folder again. */
int mkdir(const char *path, mode_t mode)
{
    static char before[4096];
    int (*real)(const char *, mode_t);

    *(void **)&real = dlsym(RTLD_NEXT, "mkdir");
    if (strcmp(path, before) == 0) return errno = EALREADY, -1;
    strncpy(before, path, sizeof before - 1);
    if (sleep_ms(300) != 0) return errno = EINTR, -1;
    return real(path, mode);
}
