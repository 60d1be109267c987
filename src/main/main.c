/* main.c - the command line: chooses the command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"
#include "smalltalk/smalltalk.h"

static void print_usage(FILE *file)
{
    fputs("Usage:\n"
          "  coracle java [options] MAIN-CLASS [arguments]   run a Java class\n"
          "  coracle java [options] -jar FILE [arguments]    run a jar file\n"
          "  coracle freeze -o IMAGE --at CLASS.METHOD -- [java options] MAIN-CLASS [arguments]\n"
          "                                                  run it until the method is first called, and freeze it\n"
          "  coracle freeze -o IMAGE --at CLASS>>SELECTOR -- IMAGE [options] [arguments]\n"
          "                                                  the same for a Spur image; --at SELECTOR: of any class\n"
          "  coracle explain [--trace] [--svg FILE] [java options] MAIN-CLASS [arguments]\n"
          "                                                  run it, and tell what bytecode and register code were executed\n"
          "  coracle IMAGE [--trust-image]                   go on with a frozen program; the whole file is checked first,\n"
          "                                                  unless it is trusted\n"
          "  coracle IMAGE [options] [arguments]             run a 64-bit Spur image (Squeak, Cuis, Pharo's kin)\n"
          "    --trace=primitives      name each primitive that the image asks for and that is missing\n"
          "    --heap-limit=MEGABYTES  --time-limit=SECONDS    end it with status 1 when it goes beyond\n"
          "  coracle javap [options] CLASS ...               show what is in class files\n"
          "    --code                  with the register code below each bytecode instruction\n"
          "  coracle version                                 say what this is\n", file);
}

static int run_java(int count, char **words)
{
    JavaCommand command;
    int status;

    memset(&command, 0, sizeof command);
    status = java_command_read(&command, count, words);
    if (status < 0)
        status = coracle_run_java(&command.options, &command.java);
    java_command_close(&command);
    return status;
}

static bool read_number(const char *word, const char *option, unsigned long *number)
{
    char *end;
    size_t length = strlen(option);
    if (strncmp(word, option, length) != 0)
        return false;
    *number = strtoul(word + length, &end, 10);
    return *number != 0 && *number < 1ul << 20 && *end == 0;
}

/* Debug switches may stand between the image and its own arguments: none begins like an option of Spur images. */
static bool read_debug_switch(const char *word, CoracleOptions *options)
{
    unsigned long number;
    if (strcmp(word, "--debug=stress") == 0) {
        options->gc_stress = true;
    } else if (strcmp(word, "--debug=verify") == 0) {
        options->verify_heap = true;
    } else if (strcmp(word, "--debug=move") == 0) {
        options->move_heap = true;
    } else if (strcmp(word, "--trust-image") == 0) {
        options->trust_image = true;
    } else if (read_number(word, "--heap-limit=", &number)) {
        options->heap_limit_bytes = number << 20;
    } else if (read_number(word, "--time-limit=", &number)) {
        smalltalk_options.time_limit_seconds = (unsigned)number;
    } else if (strcmp(word, "--dump=code") == 0) {
        smalltalk_options.dump_code = 1;
    } else if (strcmp(word, "--trace=primitives") == 0) {
        smalltalk_options.trace_primitives = 1;
    } else if (strcmp(word, "--trace=sends") == 0) {
        smalltalk_options.trace_sends = 1;
    } else {
        return false;
    }
    return true;
}

int image_switches_read(int count, char **words, CoracleOptions *options)
{
    int at = 0;

    while (at < count && read_debug_switch(words[at], options))
        at++;
    return at;
}

static int run_image(int count, char **words)
{
    CoracleOptions options = {0};
    const char *path = words[0];
    int at = 1 + image_switches_read(count - 1, words + 1, &options);

    switch (file_kind(path)) {
    case FILE_CORACLE:
        if (at < count) {
            fprintf(stderr, "coracle: %s: a frozen program takes no arguments, and there is no option %s\n", path, words[at]);
            return 2;
        }
        return coracle_thaw(&options, path);
    case FILE_SPUR: return coracle_run_smalltalk(&options, path, count - at, words + at);
    case FILE_NONE: fprintf(stderr, "coracle: %s: there is no such file, or it cannot be read\n", path); return 1;
    default: fprintf(stderr, "coracle: %s: neither an image of coracle nor a 64-bit Spur image\n", path); return 1;
    }
}

/* What looks like an image's name, even if there is no such file. */
static bool names_image(const char *word)
{
    return strchr(word, '/') != NULL || strstr(word, ".image") != NULL;
}

/* Under the name `java` (a folder laid out as a JAVA_HOME) all words are java's. */
static bool is_named_java(const char *program)
{
    const char *slash = strrchr(program, '/');
    return strcmp(slash != NULL ? slash + 1 : program, "java") == 0;
}

int main(int count, char **words)
{
    os_program_populate();
    os_standard_streams_occupy();
    if (count >= 1 && is_named_java(words[0]))
        return run_java(count - 1, words + 1);
    if (count >= 2 && strcmp(words[1], "java") == 0)
        return run_java(count - 2, words + 2);
    if (count >= 2 && strcmp(words[1], "javap") == 0)
        return run_javap_command(count - 2, words + 2);
    if (count >= 2 && (strcmp(words[1], "version") == 0 || strcmp(words[1], "--version") == 0)) {
        printf("%s\n", coracle_version());
        return 0;
    }
    if (count >= 2 && (strcmp(words[1], "help") == 0 || strcmp(words[1], "--help") == 0)) {
        print_usage(stdout);
        return 0;
    }
    if (count >= 2 && strcmp(words[1], "freeze") == 0)
        return run_freeze_command(count - 2, words + 2);
    if (count >= 2 && strcmp(words[1], "explain") == 0)
        return run_explain_command(count - 2, words + 2);
    if (count >= 2 && (names_image(words[1]) || file_kind(words[1]) != FILE_NONE))
        return run_image(count - 1, words + 1);
    if (count >= 2) {
        fprintf(stderr, "coracle: %s: %s; `coracle help` lists the commands\n", words[1],
                os_path_kind(words[1]) == OS_KIND_NONE ? "no such command or file" : "this is no file");
        return 2;
    }
    print_usage(stderr);
    return 2;
}
