/* java.h - the Java language: outward header for vm/ and main/. */
#ifndef JAVA_JAVA_H
#define JAVA_JAVA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"
#include "run/language.h"

/* Where the class library is. Call before java_open. jdk NULL: JAVA_HOME, else the usual places. */
void java_set_home(const char *jdk);
const char *java_home(void);         /* the folder found; NULL: none, and */
const char *java_home_problem(void); /*   why, and what to do */
bool java_runtime_version(char *version, size_t size); /* as the JDK's `release` file has it; false: it has none */
/* The folder of the machine's own class files (coracle.*). */
void java_set_library_path(const char *folder);
const char *java_library_path(void);

/* -ea, -da, -esa, -dsa, in their order. */
typedef struct JavaAssertion {
    const char *name; /* class; package followed by "..."; NULL: all but (system: all) system classes */
    bool enable, system;
} JavaAssertion;

/* What the command line of `java` says; texts in UTF-8, kept by the caller. */
typedef struct JavaOptions {
    const char *class_path;          /* NULL: none was given */
    const char *const *properties;   /* "name=value" or "name" */
    size_t property_count;
    const char *const *vm_arguments;
    size_t vm_argument_count;
    const JavaAssertion *assertions;
    size_t assertion_count;
    int launch;                      /* LauncherHelper's mode: 1 class, 2 jar, 3 module, 4 source; 0: no main class */
    const char *main;
    const char *const *arguments;
    size_t argument_count;
    int version, help;               /* as in coracle.h */
    const char *show_settings, *describe_module;
    const char *memory_command;      /* when memory is exhausted: commands for a shell, between semicolons; NULL: none; */
    bool memory_aborts, memory_exits; /*   and how the process then ends, if it does */
    bool list_modules, validate_modules, dry_run;
} JavaOptions;
void java_set_options(const JavaOptions *options);
/* To standard error: code and classes as they are made; final (the code of the program's methods as it is then, quickened)
 * and heap at the end. */
void java_set_dump(bool code, bool final, bool classes, bool heap);
void java_set_trace_ffi(bool on); /* a line on standard error for each call of a C function */

struct Thread;
void java_set_at_end(void (*hook)(struct Thread *thread)); /* is called when the program has ended, before the process does */
/* Registers language, primitives, continuations and the part of images; opens the tables that images keep. After
 * run_open. empty: the tables stay empty, for an image that is loaded next, or java_fill if there is none. */
Result java_open(bool empty);
/* Before that, when java.image is to be written to `path`: the one that lies there tells what a start accesses, and is not
 * needed. */
void java_expect_start(const char *path);
Result java_fill(void);
/* Boots the class library on a new main thread; false: a message was written to standard error. */
bool java_boot(struct Thread **main_thread);
/* Makes the booted class library ready to be written to an image. false: a message was written. */
bool java_prepare_image(struct Thread *main_thread);
/* After the thaw of such an image: the class library learns of the new process. false: a message was written. */
bool java_start(struct Thread *main_thread);
/* After a thaw: false, if the image holds nothing but the booted class library. */
bool java_has_program(struct Thread *main_thread);
/* After the thaw of a frozen program: goes on with it, all threads; gives its exit status. */
int java_resume(struct Thread *main_thread);
/* Is this the method "pkg.Class.name" (any of that name), "pkg.Class.name(I)" or "pkg.Class.name(I)V"? */
bool java_method_is_named(uint32_t method, const char *text);
/* Runs what the options ask for on the booted main thread, to the end of the program; gives its exit status. */
int java_launch(struct Thread *main_thread, void (*begin)(void)); /* begin: called when the main class is about to be loaded */
/* Is it one of the class library's own threads (not below the group "main")? */
bool java_thread_is_library_nogc(const struct Thread *thread);
/* Goes on with a thread that has a call prepared or thawed, through all that follows it. The main thread's exit status. */
int java_run_to_end(struct Thread *main_thread);

#endif
