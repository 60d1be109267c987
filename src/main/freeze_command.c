/* freeze_command.c - `coracle freeze` and the thawing of an image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_internal.h"
#include "smalltalk/smalltalk.h"
#include "os/os.h"

static int usage(const char *problem)
{
    fprintf(stderr, "coracle: freeze: %s\n"
                    "Usage: coracle freeze -o IMAGE --at CLASS.METHOD [--report FILE] -- [java options] MAIN-CLASS [arguments]\n"
                    "         METHOD: name, <init>, <clinit>; one of several of a name by its descriptor: 'name(I)'\n"
                    "       coracle freeze -o IMAGE --at CLASS>>SELECTOR [--report FILE] -- SPUR-IMAGE [options] [arguments]\n"
                    "       coracle freeze -o IMAGE --at SELECTOR [--report FILE] -- SPUR-IMAGE [options] [arguments]\n"
                    "       --at-random SEED in place of --at: at a place that the number chooses\n",
            problem);
    return 2;
}

/* The words before `--`. -1, or the exit status. */
static int read_freeze(CoracleFreeze *freeze, int *at, int count, char **words)
{
    bool random = false;

    for (; *at < count && strcmp(words[*at], "--") != 0; *at += 2) {
        const char *option = words[*at], *value = *at + 1 < count ? words[*at + 1] : NULL;
        if (value == NULL || strcmp(value, "--") == 0)
            return usage("an option lacks its value");
        if (strcmp(option, "-o") == 0) {
            freeze->path = value;
        } else if (strcmp(option, "--at") == 0) {
            freeze->method = value;
        } else if (strcmp(option, "--at-random") == 0) {
            freeze->seed = strtoul(value, NULL, 10);
            random = true;
        } else if (strcmp(option, "--report") == 0) {
            freeze->report = value;
        } else {
            return usage(option);
        }
    }
    if (freeze->path == NULL || freeze->path[0] == 0)
        return usage("-o IMAGE is missing");
    if ((freeze->method != NULL) == random)
        return usage("one of --at and --at-random is needed");
    if (*at == count)
        return usage("-- and the program are missing");
    ++*at;
    return -1;
}

static int freeze_spur_image(const CoracleFreeze *freeze, int count, char **words)
{
    CoracleOptions options = {0};
    int at = 1 + image_switches_read(count - 1, words + 1, &options);

    return coracle_freeze_smalltalk(&options, words[0], count - at, words + at, freeze);
}

/* "CLASS.METHOD", "CLASS.METHOD(DESCRIPTOR" */
static bool names_java_method(const char *text)
{
    size_t length = strcspn(text, "("), dot = length;

    while (dot > 0 && text[dot] != '.')
        dot--;
    return dot > 0 && dot + 1 < length;
}

int run_freeze_command(int count, char **words)
{
    CoracleFreeze freeze = {0};
    JavaCommand command;
    int at = 0, status = read_freeze(&freeze, &at, count, words);

    if (status >= 0)
        return status;
    if (at < count && file_kind(words[at]) == FILE_SPUR)
        return freeze_spur_image(&freeze, count - at, words + at);
    if (at < count && file_kind(words[at]) == FILE_CORACLE) {
        fprintf(stderr, "coracle: freeze: %s is a frozen program, which can only freeze itself again\n", words[at]);
        return 2;
    }
    if (freeze.method != NULL && !names_java_method(freeze.method))
        return usage("--at: the method of a Java program is CLASS.METHOD");
    memset(&command, 0, sizeof command);
    status = java_command_read(&command, count - at, words + at);
    if (status < 0)
        status = coracle_freeze_java(&command.options, &command.java, &freeze);
    java_command_close(&command);
    return status;
}

enum FileKind file_kind(const char *path)
{
    static const uint8_t magic[8] = {0x89, 'C', 'O', 'R', 'A', 'C', 'L', 'E'};
    uint8_t start[8] = {0};
    size_t got = 0;
    OsFile file;

    if (os_path_kind(path) != OS_KIND_FILE || os_file_open(&file, path, OS_OPEN_READ) != OK)
        return FILE_NONE;
    (void)os_file_read(file, start, sizeof start, &got);
    os_file_close(file);
    if (got == sizeof start && memcmp(start, magic, sizeof magic) == 0)
        return FILE_CORACLE;
    return smalltalk_is_image(path) ? FILE_SPUR : FILE_OTHER;
}
