/* coracle.h - embedding Coracle: open a machine, run a program in it.
 *
 * There is one machine in a process. All strings are in UTF-8 and stay the caller's; they must live until the call
 * returns. Functions that return int return the exit status that a process should end with. */
#ifndef CORACLE_H
#define CORACLE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the machine itself can be told. Zeroed: the defaults. */
typedef struct CoracleOptions {
    size_t heap_limit_bytes;  /* 0: a quarter of the host's memory, half of a small one */
    size_t eden_bytes;        /* 0: 4 MB */
    size_t stack_bytes;       /* of each guest thread; 0: 8 MB */
    size_t c_stack_bytes;     /* of each thread's C stack; 0: 256 KB */
    const char *library;      /* folder of the guest library (lib); NULL: found beside the program */
    const char *image;        /* image to start from; NULL: the booted class library found beside the program */
    bool note_touches;        /* when the program ends, the image is written again, with what it touched of it: that is ready at once later */
    bool no_image;            /* boot from the classes */
    const char *save_image;   /* boot from the classes, write the booted class library to this file, and end */
    bool trust_image;         /* a frozen program's image is used without reading all of it first; the booted class library's always is */
    bool log_collections;     /* a line for each collection */
    const char *log_path;     /* the file for such lines; NULL: standard output */
    unsigned log_decorations; /* what stands before each: bits, in this order: time, utctime, uptime, timemillis, uptimemillis,
                                 timenanos, uptimenanos, hostname, pid, tid, level, tags, nothing; 0: uptime, level, tags */
    bool keep_file_limit;     /* no more files may be open than at the start, even where the system would let more be */
    bool reduce_signals;      /* signals that end the process, or ask for a thread dump, are left to the system */
    unsigned processors;      /* as many as a program is told that there are; 0: the host's */
    bool gc_stress;           /* debug: collect at every allocation */
    unsigned gc_stress_interval; /* ... at every n-th only; 0: at each */
    bool verify_heap;         /* debug: verify the heap after each collection */
    bool move_heap;           /* debug: move heap and arena at random safepoints */
    bool trace_calls, trace_collections, trace_ffi;
    bool dump_code, dump_final, dump_heap, dump_classes;
    unsigned long seed;       /* for the random choices of debug modes */
} CoracleOptions;

/* How the main class is named: the numbers of sun.launcher.LauncherHelper. */
enum CoracleLaunch {
    CORACLE_LAUNCH_NONE = 0,
    CORACLE_LAUNCH_CLASS = 1,
    CORACLE_LAUNCH_JAR = 2,
    CORACLE_LAUNCH_MODULE = 3,
    CORACLE_LAUNCH_SOURCE = 4
};

/* -ea, -da, -esa, -dsa, in their order. */
typedef struct CoracleAssertion {
    const char *name; /* class; package followed by "..."; NULL: all but system classes */
    bool enable;
    bool system;      /* -esa, -dsa: all system classes */
} CoracleAssertion;

/* What `java` is told. */
typedef struct CoracleJava {
    const char *home;               /* the JDK; NULL: JAVA_HOME, else where Debian puts it */
    const char *class_path;         /* NULL: none was given */
    const char *const *properties;  /* "name=value" or "name" */
    size_t property_count;
    const char *const *vm_arguments; /* the options as given, for the management interface */
    size_t vm_argument_count;
    const CoracleAssertion *assertions;
    size_t assertion_count;
    enum CoracleLaunch launch;
    const char *main;               /* class, jar or module */
    const char *const *arguments;
    size_t argument_count;
    int version;                    /* 1: print the version to standard error, 2: to standard output; + 2: and go on;
                                     * + 4: the JDK's full version alone */
    int help;                       /* 1: print help to standard error, 2: standard output; 3, 4: about -X options;
                                     * 5: as 1, since no main class was given (exit status 1) */
    const char *show_settings;      /* -XshowSettings[:what]; NULL: no */
    const char *describe_module;
    const char *memory_command;     /* -XX:OnOutOfMemoryError: commands for a shell, between semicolons; NULL: none */
    bool memory_aborts, memory_exits; /* -XX:+CrashOnOutOfMemoryError, -XX:+ExitOnOutOfMemoryError */
    bool list_modules, validate_modules, dry_run;
} CoracleJava;

/* When and where a program is to be frozen. */
typedef struct CoracleFreeze {
    const char *path;      /* the image to write */
    const char *method;    /* when this method (pkg.Class.name, of any or of one descriptor; Class>>selector, selector) is first
                            *   called, in Smalltalk where it first makes a call or goes round a loop; or NULL and */
    unsigned long seed;    /*   at a freeze point chosen by this number */
    const char *report;    /* a file for what each thread was doing, a line each; NULL: none */
} CoracleFreeze;

/* As coracle_run_java, until the freeze; then the process ends with 0. If the program ends before, nothing is written; with
 * a method given that is said, and the status is 1. */
int coracle_freeze_java(const CoracleOptions *options, const CoracleJava *java, const CoracleFreeze *freeze);

/* Runs a 64-bit Spur image until it quits; the image sees the arguments, which must live as long as the process. Its exit
 * status. The second: until the freeze. */
int coracle_run_smalltalk(const CoracleOptions *options, const char *image, int argument_count, char **arguments);
int coracle_freeze_smalltalk(const CoracleOptions *options, const char *image, int argument_count, char **arguments,
                             const CoracleFreeze *freeze);

/* What is counted while a program runs, and where it is told when the program ends. */
typedef struct CoracleExplain {
    const char *table;    /* a file for the table; NULL: standard error */
    const char *chart;    /* a file for the same as an SVG with bars; NULL: none */
    const char *values;   /* a file for all counts of all methods, separated by tabs; NULL: none */
    size_t rows;          /* methods in the table at most; 0: all */
    bool trace;           /* a line on standard error for each method's first call */
} CoracleExplain;

/* As coracle_run_java; counts the bytecodes that an interpreter of them would have executed from the main class's
 * initialization on, and the register code's instructions that were. */
int coracle_explain_java(const CoracleOptions *options, const CoracleJava *java, const CoracleExplain *explain);

/* Goes on with a frozen program; its exit status. options: the heap's and debug ones count. */
int coracle_thaw(const CoracleOptions *options, const char *path);

/* Boots the class library, runs the program to its end, and ends the machine. */
int coracle_run_java(const CoracleOptions *options, const CoracleJava *java);

/* The text of the machine's version. */
const char *coracle_version(void);

#ifdef __cplusplus
}
#endif

#endif
