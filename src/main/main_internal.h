/* main_internal.h - what the files of the command line share. */
#ifndef MAIN_MAIN_INTERNAL_H
#define MAIN_MAIN_INTERNAL_H

#include <stdbool.h>
#include <string.h>

#include "base/base.h"
#include "coracle.h"

/* What the readers of words return when there is no exit status yet. */
#define GO_ON (-1)

/* As the launcher tells the machine of a class path. */
#define CLASS_PATH_OPTION "-Djava.class.path="

typedef ARRAY_OF(const char *) TextList;

/* What a command line of `java` says, while it is read. All texts live until the process ends. */
typedef struct JavaCommand {
    CoracleOptions options;
    CoracleJava java;
    TextList words;   /* the command line after expansion of @files */
    TextList machine; /* what the launcher hands to the machine */
    TextList properties, vm_arguments;
    ARRAY_OF(CoracleAssertion) assertions;
    int base_patches; /* --patch-module=java.base=... */
    int added[6]; /* --add-modules, -reads, -exports, -opens, --patch-module, --enable-native-access: how many yet */
    unsigned collectors, collectors_off; /* bits of those chosen, and of those ruled out, in the order of machine_flags.c */
    const char *agent; /* the first option that asks for an agent */
    size_t initial_heap_bytes;
    struct {
        size_t bytes; /* 0: the host's memory */
        double percent, percent_of_small; /* that the heap may take; negative: not given */
    } ram;
    bool unlocked_diagnostic, unlocked_experimental, ignore_unknown;
} JavaCommand;

/* Reads `java`'s arguments (without the program's name). GO_ON: run it; else the exit status: a message was written.
 * The command is to be closed in any case. */
int java_command_read(JavaCommand *command, int count, char **words);
void java_command_close(JavaCommand *command);

/* "name=value" as a system property. */
void java_command_property(JavaCommand *command, const char *name, const char *value);

static inline bool starts_with(const char *word, const char *prefix)
{
    return strncmp(word, prefix, strlen(prefix)) == 0;
}

/* ---- java_files.c ---- */

/* Expands @file arguments and JDK_JAVA_OPTIONS, as the launcher of a JDK does. GO_ON, or the exit status. */
int java_command_expand(JavaCommand *command, int count, char **words);
/* The words of a variable, of a file of the machine's options (NULL: cannot be read). false: a quote is open. */
bool split_variable(const char *text, TextList *words);
bool split_option_file(const char *path, TextList *words, bool *opened);
/* "dir/ *" elements of a class path become the jars in dir. */
const char *class_path_expand(const char *class_path);

/* ---- machine_options.c, machine_flags.c, machine_log.c: what the launcher hands on ---- */

/* command->machine, JAVA_TOOL_OPTIONS before it and _JAVA_OPTIONS after it. GO_ON, or the exit status. */
int machine_options_read(JavaCommand *command);
int machine_option(JavaCommand *command, const char *word);
/* What follows -XX: in a word; -Xlog and what follows it. */
int machine_flag(JavaCommand *command, const char *word);
int machine_log(JavaCommand *command, const char *word);
/* Of Name=number: whether HotSpot takes it. */
int machine_range(const char *word, size_t name_size);
/* At the end of the options: whether one collector was chosen, or none. */
int machine_check_collectors(const JavaCommand *command);
/* Writes that no machine can be created; with a text before it. 1. */
int machine_cannot_start(void);
int machine_refuse_start(const char *text); /* after the options were read */
int machine_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "512m" -> bytes. All of the text must be a number, decimal or 0x..., and one of k, m, g, t at most. */
bool parse_size(const char *text, size_t *bytes);
/* The sizes of heap and stack, with HotSpot's words where they are wrong. */
int machine_heap_size(JavaCommand *command, const char *word, const char *text);
int machine_stack_size(JavaCommand *command, const char *word, size_t bytes);

/* The switches that may stand between an image and its own arguments: how many words. */
int image_switches_read(int count, char **words, CoracleOptions *options);

/* `coracle freeze`'s words after it. */
int run_freeze_command(int count, char **words);
/* `coracle explain`'s. */
int run_explain_command(int count, char **words);
/* `coracle javap`'s; --code is known here alone. */
int run_javap_command(int count, char **words);

/* What begins like what; FILE_NONE: no such file. */
enum FileKind { FILE_NONE, FILE_CORACLE, FILE_SPUR, FILE_OTHER };
enum FileKind file_kind(const char *path);

/* Is it a jar with a manifest? */
enum JarState { JAR_GOOD, JAR_MISSING, JAR_BROKEN };
enum JarState jar_check(const char *path);

#endif
