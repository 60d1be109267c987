/* javap.h - prints what is in class files, as the JDK's javap does, or as JSON.
 *
 * Reads class files, jars over zlib, and the JDK's lib/modules; needs no running machine. */
#ifndef JAVAP_JAVAP_H
#define JAVAP_JAVAP_H
#include <stdbool.h>
#include <stddef.h>
#include "javap/classfile.h"
#include "javap/output.h"

enum JavapAccess { JAVAP_PUBLIC, JAVAP_PROTECTED, JAVAP_PACKAGE, JAVAP_PRIVATE };

/* Prints lines of its own below an instruction, with output_line and its kin: for tools that show more than bytecode. */
typedef struct JavapBytecodeHook {
    void (*print)(void *context, Output *out, const ClassFile *class, const Member *method, const Attribute *code,
                  unsigned pc);
    void *context;
} JavapBytecodeHook;

typedef struct JavapOptions {
    enum JavapAccess access; /* the least visible members that are shown */
    bool verbose, code, lines, descriptors, constants, system_info, json;
    JavapBytecodeHook after_bytecode; /* print NULL: none */
} JavapOptions;

/* What is known of a class file beside its bytes. */
typedef struct JavapSource {
    const char *uri;     /* what -v names it by */
    int64_t modified_ms; /* since 1970; -1: not known */
    bool is_local_day;   /* modified_ms counts in the local zone already, as the entries of jars do */
} JavapSource;

/* Prints a class file that classfile_open accepts. What stands before a defect is printed. ERROR_FORMAT names the offset. */
Result javap_print(Output *out, const JavapOptions *options, const ClassFile *class, const JavapSource *source);
Result javap_print_json(Output *out, const ClassFile *class, const JavapSource *source);

/* The command line's words after "javap". Gives the exit status. The hook may be NULL. */
int javap_command(int count, char **words, const JavapBytecodeHook *after_bytecode);

#endif
