/* log.c - lines about collections, decorated as -Xlog has it. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "heap/heap_internal.h"

#define NS_PER_MS 1000000
#define NS_PER_SECOND 1000000000

typedef struct Line {
    char text[512];
    size_t size;
} Line;

__attribute__((format(printf, 2, 3))) static void append(Line *line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(line->text + line->size, sizeof line->text - line->size, format, arguments);
    va_end(arguments);
    if (size > 0)
        line->size += (size_t)size < sizeof line->text - line->size ? (size_t)size : sizeof line->text - line->size - 1;
}

/* ISO 8601 with milliseconds. */
static void append_time(Line *line, int64_t wall_ns, bool universal)
{
    time_t seconds = (time_t)(wall_ns / NS_PER_SECOND);
    const struct tm *parts = universal ? gmtime(&seconds) : localtime(&seconds);
    char date[32] = "", zone[8] = "+0000";

    if (parts != NULL) {
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", parts);
        if (!universal)
            strftime(zone, sizeof zone, "%z", parts);
    }
    append(line, "[%s.%03d%s]", date, (int)(wall_ns / NS_PER_MS % 1000), zone);
}

static void append_host(Line *line)
{
    char name[256];

    os_host_name(name, sizeof name);
    append(line, "[%s]", name);
}

static void decorate(Line *line)
{
    uint32_t wanted = heap_state.options.log_decorations;
    int64_t wall_ns = os_clock_wall_ns(), now_ns = os_clock_monotonic_ns(), up_ns = now_ns - heap_state.opened_ns;

    if (wanted == 0)
        wanted = HEAP_LOG_UPTIME | HEAP_LOG_LEVEL | HEAP_LOG_TAGS;
    if (wanted & HEAP_LOG_TIME)
        append_time(line, wall_ns, false);
    if (wanted & HEAP_LOG_UTC_TIME)
        append_time(line, wall_ns, true);
    if (wanted & HEAP_LOG_UPTIME)
        append(line, "[%.3fs]", (double)up_ns / NS_PER_SECOND);
    if (wanted & HEAP_LOG_TIME_MS)
        append(line, "[%lldms]", (long long)(wall_ns / NS_PER_MS));
    if (wanted & HEAP_LOG_UPTIME_MS)
        append(line, "[%lldms]", (long long)(up_ns / NS_PER_MS));
    if (wanted & HEAP_LOG_TIME_NS)
        append(line, "[%lldns]", (long long)now_ns);
    if (wanted & HEAP_LOG_UPTIME_NS)
        append(line, "[%lldns]", (long long)up_ns);
    if (wanted & HEAP_LOG_HOST)
        append_host(line);
    if (wanted & HEAP_LOG_PROCESS)
        append(line, "[%lld]", (long long)os_process_id());
    if (wanted & HEAP_LOG_THREAD)
        append(line, "[%llu]", (unsigned long long)os_thread_number());
    if (wanted & HEAP_LOG_LEVEL)
        append(line, "[info]");
    if (wanted & HEAP_LOG_TAGS)
        append(line, "[gc]");
    if (line->size != 0)
        append(line, " ");
}

void heap_log(const char *text)
{
    Line line = {.size = 0};

    decorate(&line);
    append(&line, "%s\n", text);
    if (heap_state.log != OS_STDOUT)
        (void)os_file_write(heap_state.log, line.text, line.size);
    if (heap_is_verbose())
        (void)os_file_write(OS_STDOUT, line.text, line.size);
}

bool heap_is_verbose(void)
{
    return __atomic_load_n(&heap_state.is_verbose, __ATOMIC_RELAXED);
}

void heap_set_verbose(bool on)
{
    __atomic_store_n(&heap_state.is_verbose, on, __ATOMIC_RELAXED);
}

bool heap_is_logging(void)
{
    return heap_state.log != OS_STDOUT || heap_is_verbose();
}

Result heap_open_log(void)
{
    const char *path = heap_state.options.log_path;
    Result result = OK;

    heap_state.log = OS_STDOUT;
    if (!heap_state.options.log)
        return OK;
    if (path != NULL)
        TRY(os_file_open(&heap_state.log, path, OS_OPEN_CREATE));
    heap_state.is_verbose = path == NULL;
    heap_log("Using Coracle");
done:
    return result;
}
