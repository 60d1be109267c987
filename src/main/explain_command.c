/* explain_command.c - `coracle explain`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_internal.h"

#define ROWS 30

static const char usage_text[] =
    "Usage: coracle explain [--trace] [--rows N] [-o FILE] [--svg FILE] [java options] MAIN-CLASS [arguments]\n"
    "\n"
    "Runs a Java program and tells, when it has ended, what it cost: for each method and in total the stack\n"
    "bytecodes that an interpreter of them would have executed and the register instructions that were executed\n"
    "instead, the operands that both read and write (a long or double is one operand), calls and allocations.\n"
    "It counts from the initialization of the main class on, in all threads, the class library's methods too.\n"
    "\n"
    "  --trace      also a line on standard error for each method when it is first called: the thread's number, then the\n"
    "               method, indented by how deep the call is (for every call: the java option --trace=call)\n"
    "  --rows N     so many methods in the table and the chart, those with the most bytecodes; 0: all (30)\n"
    "  -o FILE      the table goes there, not to standard error\n"
    "  --svg FILE   a chart with bars\n"
    "  --tsv FILE   all counts of all methods, separated by tabs\n"
    "\n"
    "An instruction that waits for a class to be loaded or initialized and then begins again counts once, and as two\n"
    "dispatches; one that raises an exception counts with all its operands. Bytes are those of the instructions alone,\n"
    "without constants and tables.\n";

static int fail(const char *problem)
{
    fprintf(stderr, "coracle: explain: %s\n%s", problem, usage_text);
    return 2;
}

/* The words that are explain's own, up to the first that is not. -1, or the exit status. */
static int read_explain(CoracleExplain *explain, int *at, int count, char **words)
{
    for (; *at < count; ++*at) {
        const char *word = words[*at];
        bool takes_value = strcmp(word, "--rows") == 0 || strcmp(word, "-o") == 0 || strcmp(word, "--svg") == 0 ||
                           strcmp(word, "--tsv") == 0;
        if (strcmp(word, "--help") == 0) {
            fputs(usage_text, stdout);
            return 0;
        }
        if (takes_value && *at + 1 == count)
            return fail("an option lacks its value");
        if (strcmp(word, "--trace") == 0)
            explain->trace = true;
        else if (strcmp(word, "--rows") == 0)
            explain->rows = strtoul(words[++*at], NULL, 10);
        else if (strcmp(word, "-o") == 0)
            explain->table = words[++*at];
        else if (strcmp(word, "--svg") == 0)
            explain->chart = words[++*at];
        else if (strcmp(word, "--tsv") == 0)
            explain->values = words[++*at];
        else
            break;
    }
    return *at == count ? fail("the program is missing") : -1;
}

int run_explain_command(int count, char **words)
{
    CoracleExplain explain = {.rows = ROWS};
    JavaCommand command;
    int at = 0, status = read_explain(&explain, &at, count, words);

    if (status >= 0)
        return status;
    memset(&command, 0, sizeof command);
    status = java_command_read(&command, count - at, words + at);
    if (status < 0)
        status = coracle_explain_java(&command.options, &command.java, &explain);
    java_command_close(&command);
    return status;
}
