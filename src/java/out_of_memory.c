/* out_of_memory.c - what the command line asks for when a program runs out of memory, once: a command to be run, the end of the
 * process (-XX:OnOutOfMemoryError, CrashOnOutOfMemoryError, ExitOnOutOfMemoryError). The messages are HotSpot's. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "java/java_internal.h"
#include "java/properties.h"
#include "os/os.h"

#define EXIT_STATUS 3

/* The next of the commands, which stand between semicolons: %p in it is the process's number, %% a percent sign. */
static bool next_command(const char **commands, Bytes *text)
{
    const char *at = *commands + strspn(*commands, " ;");
    char number[24];

    snprintf(number, sizeof number, "%lld", (long long)os_process_id());
    for (; *at != 0 && *at != ';'; at++) {
        if (at[0] == '%' && at[1] == 'p')
            (void)bytes_append_text(text, number);
        else
            (void)bytes_append_u8(text, (uint8_t)*at);
        at += at[0] == '%' && (at[1] == 'p' || at[1] == '%');
    }
    *commands = at;
    return text->size != 0;
}

static void run_commands(Thread *thread, const char *commands, const char *message)
{
    printf("#\n# java.lang.OutOfMemoryError: %s\n# -XX:OnOutOfMemoryError=\"%s\"\n", message, commands);
    for (Bytes text = {0}; next_command(&commands, &text); bytes_free(&text)) {
        const char *command = bytes_as_text(&text);
        if (command == NULL)
            break;
        printf("#   Executing /bin/sh -c \"%s\"...\n", command);
        fflush(stdout);
        run_leave(thread);
        (void)os_command_run(command);
        run_enter(thread);
    }
}

void java_report_memory(Thread *thread, const char *message)
{
    static atomic_flag reported = ATOMIC_FLAG_INIT;
    const JavaOptions *options = java_options();

    if ((options->memory_command == NULL && !options->memory_aborts && !options->memory_exits) || atomic_flag_test_and_set(&reported))
        return;
    if (options->memory_command != NULL)
        run_commands(thread, options->memory_command, message);
    if (options->memory_aborts || options->memory_exits)
        printf("%s due to java.lang.OutOfMemoryError: %s\n", options->memory_aborts ? "Aborting" : "Terminating", message);
    fflush(stdout);
    if (options->memory_aborts)
        abort();
    if (options->memory_exits)
        os_exit_now(EXIT_STATUS);
}
