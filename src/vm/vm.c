/* vm.c - wires the folders together: opens a machine, runs a program in it. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "coracle.h"
#include "ffi/native_memory.h"
#include "heap/heap.h"
#include "image/image.h"
#include "java/java.h"
#include "os/os.h"
#include "run/freeze.h"
#include "run/run.h"
#include "run/watch.h"
#include "smalltalk/smalltalk.h"
#include "vm/explain.h"
#include "vm/vm.h"
#include "vm/vm_image.h"

#define VERSION "0.1"

const char *coracle_version(void)
{
    return "coracle " VERSION;
}

/* ---- places ---- */

/* The folder of the program itself, without the closing slash. NULL: not known. */
static const char *program_folder(void)
{
    static char *folder;
    char *slash;

    if (folder != NULL || os_executable_path(&folder) != OK)
        return folder;
    slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = 0;
    return folder;
}

/* The first of the places, from the program's folder, where such a thing is, kept as long as the process lives; NULL: none. */
static const char *find_beside_program(const char *const *places, size_t count, OsFileKind kind)
{
    char found[4096];

    for (size_t i = 0; program_folder() != NULL && i < count; i++) {
        text_join(found, sizeof found, program_folder(), "/", places[i], NULL);
        if (os_path_kind(found) == kind)
            return memory_copy_string(found);
    }
    return NULL;
}

/* lib/java beside the program (a build folder), or ../lib/coracle/java (installed). */
static const char *find_library(const CoracleOptions *options)
{
    static const char *const places[] = {"lib/java", "../lib/coracle/java", "../lib/java"};

    if (options->library != NULL)
        return options->library;
    return find_beside_program(places, COUNT_OF(places), OS_KIND_FOLDER);
}

/* ---- the machine ---- */

/* java.image beside the program, or ../lib/coracle/java.image. */
static const char *find_image(const CoracleOptions *options)
{
    static const char *const places[] = {"java.image", "../lib/coracle/java.image"};

    if (options->image != NULL)
        return options->image;
    return find_beside_program(places, COUNT_OF(places), OS_KIND_FILE);
}

/* Everything but the language. for_image: what an image brings is left out. */
static Result open_machine(const CoracleOptions *options, uint32_t first_class, bool for_image)
{
    const HeapOptions heap = {
        .limit_bytes = options->heap_limit_bytes,
        .eden_bytes = options->eden_bytes,
        .log = options->log_collections || options->trace_collections,
        .log_path = options->log_path,
        .log_decorations = options->log_decorations,
        .stress = options->gc_stress,
        .stress_interval = options->gc_stress_interval,
        .verify = options->verify_heap,
        .move = options->move_heap,
        .seed = options->seed,
        .first_class = first_class,
        .for_image = for_image,
    };
    const RunOptions run = {
        .stack_bytes = options->stack_bytes,
        .c_stack_bytes = options->c_stack_bytes,
        .stress_moves = options->move_heap,
    };
    Result result = OK;

    vm_note_options(options);
    os_processor_count_set(options->processors);
    os_signal_leave_ends(options->reduce_signals);
    if (!options->keep_file_limit)
        os_open_files_allow_most();
    TRY(heap_open(&heap));
    TRY(run_open(&run));
    if (!for_image)
        TRY(native_memory_open());
done:
    return result;
}

/* The image that open_machine left room for does not fit. */
static Result fill_machine(void)
{
    Result result;

    TRY(heap_fill());
    TRY(native_memory_open());
    TRY(java_fill());
done:
    return result;
}

Result vm_open(const CoracleOptions *options, bool for_image)
{
    const char *library = find_library(options);
    Result result = OK;

    if (library == NULL)
        return error_set(ERROR_NOT_FOUND, "the machine's own library (lib/java) is not where the program is");
    java_set_library_path(library);
    java_set_trace_ffi(options->trace_ffi);
    java_set_dump(options->dump_code, options->dump_final, options->dump_classes, options->dump_heap);
    if (options->save_image != NULL) {
        java_expect_start(options->save_image);
        TRY(arena_open_for_start());
    }
    TRY(open_machine(options, CLASS_INDEX_JAVA, for_image));
    TRY(java_open(for_image));
    TRY(vm_image_open());
done:
    return result;
}

static Result open_smalltalk(const CoracleOptions *options)
{
    CoracleOptions all = *options;
    Result result;

    if (all.eden_bytes == 0)
        all.eden_bytes = SMALLTALK_EDEN_BYTES;
    TRY(open_machine(&all, 0, false));
    TRY(smalltalk_open());
    TRY(vm_image_open());
    smalltalk_set_freeze(vm_freeze);
done:
    return result;
}

/* ---- a program ---- */

static void copy_assertions(const CoracleJava *java, JavaOptions *options)
{
    static JavaAssertion assertions[256] LARGE_STATIC;
    size_t count = java->assertion_count < 256 ? java->assertion_count : 256;

    for (size_t i = 0; i < count; i++)
        assertions[i] = (JavaAssertion){java->assertions[i].name, java->assertions[i].enable, java->assertions[i].system};
    options->assertions = assertions;
    options->assertion_count = count;
}

static void copy_options(const CoracleJava *java, JavaOptions *options)
{
    *options = (JavaOptions){
        .class_path = java->class_path,
        .properties = java->properties,
        .property_count = java->property_count,
        .vm_arguments = java->vm_arguments,
        .vm_argument_count = java->vm_argument_count,
        .launch = java->launch,
        .main = java->main,
        .arguments = java->arguments,
        .argument_count = java->argument_count,
        .version = java->version,
        .help = java->help,
        .show_settings = java->show_settings,
        .describe_module = java->describe_module,
        .memory_command = java->memory_command,
        .memory_aborts = java->memory_aborts,
        .memory_exits = java->memory_exits,
        .list_modules = java->list_modules,
        .validate_modules = java->validate_modules,
        .dry_run = java->dry_run,
    };
    copy_assertions(java, options);
}

/* Properties that the class library reads while it boots, or has read in the training for java.image: with them it boots from
 * the classes. */
static bool is_read_at_boot(const char *property)
{
    static const char *const prefixes[] = {
        "jdk.", "sun.", "file.encoding", "user.language", "user.region", "user.country", "user.variant", "user.script",
        "user.extensions", "java.security.", "java.system.class.loader", "java.lang.", "java.home", "java.locale.", "java.protocol.",
        "native.", "line.separator", "file.separator", "path.separator", "java.version", "java.vendor", "java.runtime.",
        "java.specification.", "java.class.version", "java.util.Arrays.", "java.nio.file.", "resource.bundle.debug",
        "locale.resources.debug",
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(property, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static bool may_use_image(const CoracleOptions *options, const CoracleJava *java)
{
    if (options->no_image || options->save_image != NULL || java->launch == CORACLE_LAUNCH_MODULE)
        return false;
    for (size_t i = 0; i < java->property_count; i++)
        if (is_read_at_boot(java->properties[i]))
            return false;
    return true;
}

static int fail(void)
{
    fprintf(stderr, "Error: Could not create the Java Virtual Machine.\nError: %s\n", error_message());
    return 1;
}

/* From the image, if there is one that fits. *main_thread stays NULL if not. */
static Result start_from_image(const char *path, bool note_touches, Thread **main_thread)
{
    Result result;
    bool committed = false;

    run_expect_system_threads();
    result = vm_thaw(path, VM_SAME_BUILD | (note_touches ? VM_NOTE_TOUCHES : 0), &committed);
    if (result != OK)
        return committed ? result : fill_machine();
    TRY(run_start_thawed_system(main_thread));
    run_enter(*main_thread);
done:
    return result;
}

static int save_java_image(const char *path, Thread *main_thread)
{
    if (!java_prepare_image(main_thread))
        return 1;
    if (vm_freeze(main_thread, path) != OK) {
        fprintf(stderr, "Error: %s\n", error_message());
        return 1;
    }
    return 0;
}

int coracle_freeze_java(const CoracleOptions *options, const CoracleJava *java, const CoracleFreeze *freeze)
{
    vm_request_freeze(freeze);
    return coracle_run_java(options, java);
}

int coracle_explain_java(const CoracleOptions *options, const CoracleJava *java, const CoracleExplain *explain)
{
    vm_request_explain(explain);
    return coracle_run_java(options, java);
}

static int say_error(void)
{
    fprintf(stderr, "coracle: %s\n", error_message());
    return 1;
}

static int run_smalltalk(Thread *thread)
{
    int status = 1;
    return smalltalk_run(thread, &status) == OK ? status : say_error();
}

int coracle_thaw(const CoracleOptions *options, const char *path)
{
    Thread *main_thread = NULL;
    bool committed, is_smalltalk = false;
    CoracleOptions all = *options;
    Result result;

    TRY(vm_read_options(path, &all, &is_smalltalk));
    TRY(is_smalltalk ? open_smalltalk(&all) : vm_open(&all, true));
    TRY(vm_thaw(path, options->trust_image ? 0 : VM_VERIFIED, &committed));
    main_thread = run_first_thread();
    if (main_thread == NULL)
        TRY(error_set(ERROR_FORMAT, "%s: holds no thread", path));
    if (!is_smalltalk && !java_has_program(main_thread))
        TRY(error_set(ERROR_STATE, "%s: this is the booted class library, and no program; `coracle java` starts from it", path));
done:
    if (result != OK)
        return say_error();
    if (is_smalltalk)
        return run_smalltalk(main_thread);
    run_enter(main_thread);
    return java_resume(main_thread);
}

int coracle_run_smalltalk(const CoracleOptions *options, const char *image, int argument_count, char **arguments)
{
    Thread *thread = NULL;

    if (smalltalk_expect(image) != OK || open_smalltalk(options) != OK ||
        smalltalk_load(image, argument_count, arguments, &thread) != OK)
        return say_error();
    vm_arm_freeze();
    return vm_end_freeze(run_smalltalk(thread));
}

int coracle_freeze_smalltalk(const CoracleOptions *options, const char *image, int argument_count, char **arguments,
                             const CoracleFreeze *freeze)
{
    vm_request_freeze(freeze);
    return coracle_run_smalltalk(options, image, argument_count, arguments);
}

static int print_full_version(bool to_error)
{
    char version[128];

    if (!java_runtime_version(version, sizeof version))
        return 1;
    if (to_error)
        fprintf(stderr, "openjdk full version \"%s\"\n", version);
    else
        printf("openjdk %s\n", version);
    return 0;
}

int coracle_run_java(const CoracleOptions *options, const CoracleJava *java)
{
    static JavaOptions told;
    Thread *main_thread = NULL;
    const char *image;
    int status;

    copy_options(java, &told);
    java_set_options(&told);
    java_set_home(java->home);
    if (java_home() == NULL) {
        fprintf(stderr, "Error: %s\n", java_home_problem());
        return 1;
    }
    if (java->version > 4)
        return print_full_version((java->version & 1) != 0);
    image = may_use_image(options, java) ? find_image(options) : NULL;
    if (vm_open(options, image != NULL) != OK)
        return fail();
    if (image != NULL && start_from_image(image, options->note_touches, &main_thread) != OK)
        return fail();
    run_watch((options->trace_calls ? WATCH_CALLS : 0) | vm_arm_explain());
    if (main_thread != NULL ? !java_start(main_thread) : !java_boot(&main_thread))
        return 1;
    if (options->save_image != NULL)
        return save_java_image(options->save_image, main_thread);
    status = java_launch(main_thread, vm_arm_freeze);
    if (image != NULL && options->note_touches && image_save_touches(image) != OK)
        return fail();
    return status;
}
