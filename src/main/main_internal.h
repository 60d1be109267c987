/* main_internal.h - what the files of the command line share. */
#ifndef MAIN_MAIN_INTERNAL_H
#define MAIN_MAIN_INTERNAL_H

#include <stdbool.h>

#include "base/base.h"
#include "coracle.h"

typedef ARRAY_OF(const char *) TextList;

/* What a command line of `java` says, while it is read. */
typedef struct JavaCommand {
    CoracleOptions options;
    CoracleJava java;
    TextList properties, vm_arguments, words; /* words: the command line after expansion of @files */
    ARRAY_OF(CoracleAssertion) assertions;
    int added[6]; /* --add-modules, -reads, -exports, -opens, --patch-module, --enable-native-access: how many yet */
} JavaCommand;

/* Reads `java`'s arguments (without the program's name). Returns -1: go on and run it; else the exit status: a
 * message was written. The command is to be closed in any case. */
int java_command_read(JavaCommand *command, int count, char **words);
void java_command_close(JavaCommand *command);

/* Expands @file arguments and JDK_JAVA_OPTIONS, as the launcher of a JDK does. -1, or the exit status. */
int java_command_expand(JavaCommand *command, int count, char **words);
/* "dir/ *" elements of a class path become the jars in dir. To be freed with memory_free; NULL: no memory. */
char *class_path_expand(const char *class_path);

/* `coracle freeze`'s words after it. */
int run_freeze_command(int count, char **words);
/* `coracle explain`'s. */
int run_explain_command(int count, char **words);
/* `coracle javap`'s; --code is known here alone. */
int run_javap_command(int count, char **words);

/* What begins like what; FILE_NONE: no such file. */
enum FileKind { FILE_NONE, FILE_CORACLE, FILE_SPUR, FILE_OTHER };
enum FileKind file_kind(const char *path);

/* Is it a jar with a manifest? false: a message was written. */
bool jar_check(const char *path);

/* "512m" -> bytes. */
bool parse_size(const char *text, size_t *bytes);

#endif
