/* launch.c - runs one command, once or several times in a row, and writes what it cost into a file.
 *
 *     launch REPORT OUTPUT TIMES COMMAND ARGUMENTS...
 *     launch -f REPORT OUTPUT TIMES COMMAND ARGUMENTS...
 *
 * The command's standard output and error go to the file OUTPUT, which keeps the last time's; the file REPORT gets, in a
 * line for each time: status, nanoseconds from before the process was made until it had ended, nanoseconds until its
 * first byte of output (-1: none, or not measured), microseconds of processor time, peak of resident memory in KB.
 * Output is kept in memory meanwhile. -f: the first byte is measured; output then comes through a pipe, which wakes this
 * process in between.
 *
 * Why not from Python itself: Linux counts the memory of the process that calls exec as the new program's peak, and a
 * child of Python begins with Python's. This program is smaller than anything that it measures. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void fail(const char *what)
{
    perror(what);
    exit(126);
}

static void prepare(posix_spawn_file_actions_t *actions, int output)
{
    posix_spawn_file_actions_init(actions);
    posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions, output, 1);
    posix_spawn_file_actions_adddup2(actions, output, 2);
}

/* Copies what comes until the end; when the first byte came. */
static int64_t copy(int from, int to)
{
    static char bytes[65536];
    int64_t first = -1;
    ssize_t count;

    while ((count = read(from, bytes, sizeof bytes)) > 0 || (count < 0 && errno == EINTR)) {
        if (count > 0 && first < 0)
            first = now();
        if (count > 0 && write(to, bytes, (size_t)count) != count)
            fail("write");
    }
    return first;
}

static void run_once(char **command, int file, bool measures_first, FILE *report)
{
    int output[2] = {-1, file}, status;
    int64_t first = -1;
    struct rusage usage;
    posix_spawn_file_actions_t actions;
    pid_t child;

    if (measures_first && pipe2(output, O_CLOEXEC) != 0)
        fail("pipe");
    prepare(&actions, output[1]);
    /* posix_spawn does not copy this process first: a fork costs as much as a third of a short program. The first call, of
     * a program that is not there, takes upon it what this process does for the first time. */
    (void)posix_spawn(&child, "/nothing", &actions, NULL, command, environ);
    int64_t begin = now();
    errno = posix_spawnp(&child, command[0], &actions, NULL, command, environ);
    if (errno != 0)
        fail(command[0]);
    if (measures_first) {
        close(output[1]);
        first = copy(output[0], file);
        close(output[0]);
    }
    if (wait4(child, &status, 0, &usage) != child)
        fail("wait");
    int64_t end = now();
    int64_t processor = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    posix_spawn_file_actions_destroy(&actions);
    fprintf(report, "%d %lld %lld %lld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), (long long)(end - begin),
            (long long)(first < 0 ? -1 : first - begin), (long long)processor, usage.ru_maxrss);
}

int main(int count, char **words)
{
    bool measures_first = count > 1 && strcmp(words[1], "-f") == 0;

    words += measures_first;
    if (count - measures_first < 5)
        return 125;
    int memory = memfd_create("output", MFD_CLOEXEC), file = open(words[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    FILE *report = fopen(words[1], "we");
    if (memory < 0 || file < 0 || report == NULL)
        fail(words[2]);
    for (int times = atoi(words[3]); times > 0; times--) {
        if (ftruncate(memory, 0) != 0 || lseek(memory, 0, SEEK_SET) != 0)
            fail("memory");
        run_once(words + 4, memory, measures_first, report);
    }
    if (lseek(memory, 0, SEEK_SET) != 0)
        fail("memory");
    (void)copy(memory, file);
    return fclose(report) == 0 ? 0 : 126;
}
