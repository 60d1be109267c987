/* freeze_request.c - a freeze that the command line asks for. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "java/java.h"
#include "os/os.h"
#include "run/freeze.h"
#include "smalltalk/smalltalk.h"
#include "vm/vm_image.h"

#define LEAST_SAFEPOINTS_BITS 6
#define MOST_SAFEPOINTS_BITS 24

static const CoracleFreeze *request;

void vm_request_freeze(const CoracleFreeze *freeze)
{
    request = freeze;
}

/* What each thread of the program is doing, as the names of tests have it. */
static void write_report(const char *path)
{
    static const struct {
        const char *state, *name;
    } names[] = {{"java.initialize", "clinit"}, {"java.load", "loadclass"}, {"java link", "linking"},
                 {"java site", "linking"}, {"smalltalk.sender", "computing"}};
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return;
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next) {
        const char *state = run_freeze_state(thread);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(state, names[i].state) == 0)
                state = names[i].name;
        fprintf(file, "%s thread %u%s\n", state, thread->number,
                thread->language != LANGUAGE_SMALLTALK && java_thread_is_library_nogc(thread) ? " of the library" : "");
    }
    fclose(file);
}

/* Messages about the file itself begin with its name. */
static void tell_not_written(const char *why)
{
    size_t length = strlen(request->path);

    if (strncmp(why, request->path, length) == 0 && strncmp(why + length, ": ", 2) == 0)
        why += length + 2;
    fprintf(stderr, "coracle: %s is not written: %s\n", request->path, why);
}

/* At the freeze point: writes the image and ends the process. */
static void freeze_and_end(Thread *thread)
{
    Result result = run_stop_for_freeze(thread, VM_FREEZE_LIMIT_NS);

    if (result == OK) {
        if (request->report != NULL)
            write_report(request->report);
        result = vm_save_stopped(thread, request->path);
    }
    if (result != OK)
        tell_not_written(error_message());
    fflush(stdout);
    fflush(stderr);
    os_exit_now(result == OK ? 0 : 1);
}

static bool is_requested_method(uint32_t method)
{
    return java_method_is_named(method, request->method) || smalltalk_method_is_named(method, request->method);
}

/* From 1 to 2^24, each order of magnitude above 2^6 as likely as the others. */
static uint64_t safepoint_of_seed(uint64_t seed)
{
    uint64_t mixed = (seed + 1) * 0x9e3779b97f4a7c15u;

    mixed ^= mixed >> 32;
    mixed *= 0xd6e8feb86659fd93u;
    mixed ^= mixed >> 32;
    return 1 + (mixed >> 8) %
               ((uint64_t)1 << (LEAST_SAFEPOINTS_BITS + mixed % (MOST_SAFEPOINTS_BITS - LEAST_SAFEPOINTS_BITS + 1)));
}

int vm_end_freeze(int status)
{
    char why[512];

    if (request == NULL || request->method == NULL)
        return status;
    fflush(stdout);
    snprintf(why, sizeof why, "the program has ended and has not called %s", request->method);
    tell_not_written(why);
    return 1;
}

static void end_missed(Thread *thread)
{
    int status = vm_end_freeze(0);

    if (status != 0)
        os_exit_now(status);
}

void vm_arm_freeze(void)
{
    if (request == NULL)
        return;
    if (request->method == NULL) {
        run_freeze_at_safepoint(safepoint_of_seed(request->seed), freeze_and_end);
        return;
    }
    java_set_at_end(end_missed);
    run_freeze_at_method(is_requested_method, freeze_and_end);
}
