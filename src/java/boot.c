/* boot.c - opens the language; boots the class library; runs the launcher's steps.
 *
 * Each step of the boot is a call of its own from the main thread's base frame, in the order in which the library wants
 * its classes to come to life. */
#include <stdio.h>

#include "java/image_part.h"
#include "java/dump.h"
#include "java/invoke.h"
#include "java/java_thread.h"
#include "run/freeze.h"
#include "java/primitive_internal.h"
#include "java/properties.h"
#include "java/stacktrace.h"
#include "java/strings.h"
#include "java/translate.h"

#define MAIN_GROUP boot[2]
#define MAIN_ARGUMENTS boot[4]

/* ---- opening ---- */

static void register_primitives(void)
{
    primitive_register_lang();
    primitive_register_math();
    primitive_register_text();
    primitive_register_class();
    primitive_register_loader();
    primitive_register_unsafe();
    primitive_register_stack();
    primitive_register_thread();
    primitive_register_reference();
    primitive_register_module();
    primitive_register_misc();
    primitive_register_ffi();
    primitive_register_properties();
    primitive_register_boot();
    primitive_register_management();
    primitive_register_reflect();
    primitive_register_accessors();
    primitive_register_array();
    primitive_register_pool();
    primitive_register_nesting();
    primitive_register_stackwalk();
    primitive_register_invoke();
}

static void argument_references(uint32_t method, uint8_t *bits)
{
    java_method_argument_references(java_method_at(method), bits);
}

static void update_weak(Value (*forward)(void *context, Value object), void *context)
{
    java_strings_update_weak(forward, context);
}

static void contended(Thread *thread, bool waits)
{
    java_thread_set_status(thread, waits ? JAVA_THREAD_BLOCKED : JAVA_THREAD_RUNNABLE);
}

static void register_language(void)
{
    static const Language java = {
        .name = "java",
        .translate = java_translate,
        .resolve = java_resolve,
        .find_interface_method = java_find_interface_implementation,
        .find_polymorphic = java_find_polymorphic,
        .is_subclass = java_is_subclass,
        .raise = java_raise,
        .catches = java_catches,
        .thread_over = java_thread_over,
        .argument_references = argument_references,
        .owner_died = java_owner_died,
        .contended = contended,
        .update_weak = update_weak,
        .guest_work = java_guest_work,
        .method_name = java_method_name,
    };
    run_register_language(LANGUAGE_JAVA, &java);
}

Result java_fill(void)
{
    return java_classes_fill();
}

static void java_resume_open(void);

Result java_open(bool empty)
{
    Result result = OK;

    register_language();
    register_primitives();
    TRY(empty ? java_classes_open_empty() : java_classes_open());
    TRY(java_strings_open());
    TRY(java_register_image_part());
    java_resume_open();
done:
    return result;
}

/* ---- steps: calls from the base frame ---- */

/* false: thread->exception. */
static bool call(Thread *thread, uint32_t method, const Value *arguments)
{
    thread->exception = 0;
    if (method == 0)
        return java_throw(thread, "java/lang/InternalError", "a method that the boot calls is missing") == OUTCOME_DONE;
    if (run_thread_prepare(thread, method, arguments, method_at(method)->argument_slots) != OK)
        return java_throw_memory(thread) == OUTCOME_DONE;
    return run_thread(thread);
}

static uint32_t load(Thread *thread, const char *name)
{
    uint32_t class_index = 0;

    if (java_load_boot_class(thread, java_symbol_text(name), &class_index) != OUTCOME_DONE)
        return 0;
    if (class_index == 0)
        java_throw(thread, "java/lang/NoClassDefFoundError", "%s", name);
    return class_index;
}

static bool initialize(Thread *thread, uint32_t class_index)
{
    uint32_t launcher;
    Value mirror;

    if (class_index == 0 || (launcher = load(thread, "coracle/Launcher")) == 0)
        return false;
    mirror = java_mirror(class_index);
    return call(thread, java_method_text(launcher, "initialize", "(Ljava/lang/Class;)V"), &mirror);
}

static bool initialize_named(Thread *thread, const char *name)
{
    return initialize(thread, load(thread, name));
}

static bool call_static(Thread *thread, const char *class_name, const char *name, const char *descriptor,
                        const Value *arguments)
{
    uint32_t class_index = load(thread, class_name);

    return class_index != 0 && initialize(thread, class_index) &&
           call(thread, java_method_text(class_index, name, descriptor), arguments);
}

/* A call with one String after `count` ints; text NULL: null. */
static bool call_text(Thread *thread, const char *class_name, const char *name, const char *descriptor, int first,
                      const char *text)
{
    bool has_first = descriptor[1] == 'Z';
    Value arguments[2] = {0, 0}, string = text != NULL ? java_string_from_utf8(thread, text) : 0;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, string);
    uint32_t class_index = load(thread, class_name);
    bool done = class_index != 0 && initialize(thread, class_index);

    arguments[0] = has_first ? from_int(first) : *held;
    arguments[1] = *held;
    done = done && call(thread, java_method_text(class_index, name, descriptor), arguments);
    heap_leave_nogc(&thread->allocator, mark);
    return done;
}

/* coracle.Launcher.initialize(Class) */
PRIMITIVE(initialize_class)
{
    return java_initialize_class(thread, java_mirror_class(arguments[0]));
}

void primitive_register_boot(void)
{
    static const PrimitiveRow rows[] = {{"coracle/Launcher.initialize(Ljava/lang/Class;)V", initialize_class}};
    run_register_primitives(rows, COUNT_OF(rows));
}

/* ---- what cannot be told by the library yet ---- */

/* An exception is told as HotSpot tells it. */
static bool fail(Thread *thread, const char *where)
{
    if (thread != NULL && thread->exception != 0 && java_class(THROWABLE) != 0) {
        printf("Error occurred during initialization of VM\n");
        java_exception_print(thread->exception);
        putchar('\n');
    } else {
        fprintf(stderr, "Error occurred during initialization of VM\n%s\n", where);
    }
    return false;
}

/* ---- the boot ---- */

static bool load_wellknown(Thread *thread)
{
    for (int i = 0; i < JAVA_WELLKNOWN_COUNT; i++)
        if (java_wellknown_class(thread, (enum JavaWellknown)i) == 0)
            return false;
    return true;
}

/* Statics objects reach the guest as Unsafe.staticFieldBase: there they pass for plain Objects. */
static void show_hidden_class(uint32_t class_index)
{
    Class *class = class_at(class_index);

    class->language = LANGUAGE_JAVA;
    class->super = class->display[0] = java_class(OBJECT);
    class->depth = 1;
    class->display[1] = class_index;
    class->mirror_root = class_at(java_class(OBJECT))->mirror_root;
}

static void tell_heap(void)
{
    HeapReferenceLayout layout = {
        .referent = (uint32_t)java_offset(REFERENCE_REFERENT),
        .queue = (uint32_t)java_offset(REFERENCE_QUEUE),
        .next = (uint32_t)java_offset(REFERENCE_NEXT),
        .discovered = (uint32_t)java_offset(REFERENCE_DISCOVERED),
    };
    heap_set_reference_layout(layout);
}

static bool make_thread_group(Thread *thread)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *group = heap_hold_nogc(&thread->allocator, 0), *parent = heap_hold_nogc(&thread->allocator, 0), arguments[3];
    uint32_t class_index = java_class(THREAD_GROUP);
    bool done;

    *parent = heap_allocate_instance(&thread->allocator, class_at(class_index));
    done = *parent != 0 && call(thread, java_method_text(class_index, "<init>", "()V"), parent);
    if (done) {
        *group = heap_allocate_instance(&thread->allocator, class_at(class_index));
        arguments[2] = java_string_from_text(thread, "main");
        arguments[1] = *parent;
        arguments[0] = *group;
        java_world()->MAIN_GROUP = heap_root_add(*group, 0);
        done = call(thread, java_method_text(class_index, "<init>", "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"), arguments);
    }
    heap_leave_nogc(&thread->allocator, mark);
    return done;
}

static bool make_main_thread(Thread *thread)
{
    Value arguments[3];

    if (java_thread_object(thread) == 0)
        return false;
    arguments[2] = java_string_from_text(thread, "main");
    arguments[1] = heap_root(java_world()->MAIN_GROUP);
    arguments[0] = thread->guest_thread;
    return call(thread, java_method_text(java_class(THREAD), "<init>", "(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"),
                arguments);
}

static void set_constant(const char *name, const char *descriptor, int32_t value)
{
    java_static_set(java_field_text(java_class(UNSAFE_CONSTANTS), name, descriptor), from_int(value));
}

static bool fill_unsafe_constants(Thread *thread)
{
    if (!initialize(thread, java_class(UNSAFE_CONSTANTS)))
        return false;
    set_constant("ADDRESS_SIZE0", "I", 8);
    set_constant("PAGE_SIZE", "I", (int32_t)os_page_size());
    set_constant("BIG_ENDIAN", "Z", 0);
    set_constant("UNALIGNED_ACCESS", "Z", 1);
    set_constant("DATA_CACHE_LINE_FLUSH_SIZE", "I", 0);
    return true;
}

static bool boot_first(Thread *thread)
{
    if (!load_wellknown(thread))
        return fail(thread, "the first classes cannot be loaded");
    tell_heap();
    show_hidden_class(CLASS_INDEX_HIDDEN_REFERENCES);
    show_hidden_class(CLASS_INDEX_HIDDEN_RAW);
    if (!initialize(thread, java_class(STRING)) || !initialize(thread, java_class(SYSTEM)) ||
        !initialize(thread, java_class(CLASS)) || !initialize(thread, java_class(THREAD_GROUP)) ||
        !initialize(thread, java_class(THREAD)) || !make_thread_group(thread) || !make_main_thread(thread))
        return fail(thread, "the main thread cannot be made");
    if (!initialize(thread, java_class(MODULE)) || !fill_unsafe_constants(thread) ||
        !initialize(thread, java_class(REFLECT_METHOD)) || !initialize(thread, java_class(FINALIZER)))
        return fail(thread, "the first classes cannot be initialized");
    return true;
}

static bool boot_phases(Thread *thread)
{
    static const char *const invoke[] = {"java/lang/invoke/MethodHandle", "java/lang/invoke/ResolvedMethodName",
                                         "java/lang/invoke/MemberName", "java/lang/invoke/MethodHandleNatives"};
    const Value quiet[2] = {0, 0};

    if (!call_static(thread, "java/lang/System", "initPhase1", "()V", NULL))
        return fail(thread, "phase 1");
    if (!initialize(thread, java_class(THROWABLE)) || !java_raise_prepare(thread))
        return fail(thread, "no memory for errors");
    for (unsigned i = 0; i < COUNT_OF(invoke); i++)
        if (!initialize_named(thread, invoke[i]))
            return fail(thread, invoke[i]);
    if (!call_static(thread, "java/lang/System", "initPhase2", "(ZZ)I", quiet))
        return fail(thread, "phase 2 (modules)");
    if (as_int(thread->result) != 0) /* it has said why */
        return false;
    if (!call_static(thread, "java/lang/System", "initPhase3", "()V", NULL))
        return fail(thread, "phase 3");
    /* Programs may use coracle.Image; the module's descriptor does not know of it. */
    java_package_add_export(java_package(0, java_symbol_text("coracle"), true), 0);
    if (!call_static(thread, "coracle/natives/Exports", "begin", "()V", NULL))
        return fail(thread, "package coracle");
    if (!call_static(thread, "coracle/natives/SignalDispatcher", "begin", "()V", NULL))
        return fail(thread, "signals");
    return initialize_named(thread, "java/lang/Shutdown") || fail(thread, "java.lang.Shutdown"); /* called at the end */
}

bool java_boot(Thread **main_thread)
{
    Thread *thread = NULL;
    char modules[4096];

    if (java_home() == NULL) {
        fprintf(stderr, "Error: %s\n", java_home_problem());
        return false;
    }
    snprintf(modules, sizeof modules, "%s/lib/modules", java_home());
    if (jimage_open(modules) != OK) {
        fprintf(stderr, "Error: %s\n", error_message());
        return false;
    }
    if (run_thread_new(&thread, 0) != OK || !java_thread_attach(thread)) {
        fprintf(stderr, "Error: %s\n", error_message());
        return false;
    }
    java_thread_record(thread)->is_main = 1;
    run_enter(thread);
    *main_thread = thread;
    return boot_first(thread) && boot_phases(thread);
}

#define HELPER "sun/launcher/LauncherHelper"

static uint32_t check_and_load_main(uint32_t helper)
{
    return java_method_text(helper, "checkAndLoadMain", "(ZILjava/lang/String;)Ljava/lang/Class;");
}

/* ---- java.image ---- */

#define THAW "coracle/natives/Thaw"
#define TRAIN "coracle/natives/Train"

/* EVERY: what every start does. OTHER: that, and then what starts in other locales or from a jar do as well. */
enum Starts { STARTS_EVERY, STARTS_OTHER };

static bool rehearse(Thread *thread, enum Starts starts, const char *folder)
{
    if (!call_static(thread, THAW, "rehearse", "()V", NULL) || !call_text(thread, TRAIN, "rehearse", "(Ljava/lang/String;)V", 0, folder))
        return false;
    return starts == STARTS_EVERY || (call_static(thread, THAW, "rehearseOthers", "()V", NULL) &&
                                      call_text(thread, TRAIN, "rehearseOthers", "(Ljava/lang/String;)V", 0, folder));
}

/* In a start the launcher does it. */
static void look_up_launch(Thread *thread)
{
    (void)check_and_load_main(load(thread, HELPER));
    (void)java_method_text(load(thread, THAW), "start", "()V");
    java_thread_look_up(thread);
}

/* What starts access is laid side by side, where it can be found out what that is. */
static bool rehearse_noted(Thread *thread, enum Starts starts, const char *folder)
{
    java_ffi_declare_anew();
    look_up_launch(thread);
    return rehearse(thread, starts, folder);
}

/* What is laid already stays where it is. */
static bool lay_metadata(Thread *thread, enum Starts starts, const char *folder)
{
    Result noted = arena_note_accesses();
    bool good;

    if (noted != OK && starts != STARTS_EVERY)
        return noted == ERROR_UNSUPPORTED; /* without notes it is all laid at once */
    run_stop_world(thread);
    run_empty_sites(NULL, 0); /* some will hold another class in a program */
    run_resume_world(thread);
    good = noted == OK ? rehearse_noted(thread, starts, folder) : noted == ERROR_UNSUPPORTED;
    if (good)
        java_lay_for_start(thread);
    return good;
}

static bool lay_objects(Thread *thread, enum Starts starts, const char *folder)
{
    Result noted = heap_note_accesses(&thread->allocator);

    if (noted != OK)
        return noted == ERROR_UNSUPPORTED;
    return rehearse_noted(thread, starts, folder) && heap_lay_accessed(&thread->allocator) == OK;
}

static bool rehearse_lookups(Thread *thread, const char *folder)
{
    bool good = java_front_begin() && rehearse(thread, STARTS_OTHER, folder);
    look_up_launch(thread);
    java_front_end();
    return good;
}

/* A small staging buffer, beside what else a start writes of native memory. */
static void renew_staging(Thread *thread)
{
    ffi_thread_finish(&thread->ffi);
    ffi_thread_attach(&thread->ffi);
    (void)ffi_stage(1);
    ffi_thread_attach(NULL);
}

/* First the start, whose code and classes are laid side by side, those of every start before those of some; then the training;
 * the objects at last, as they have come to lie by then, those of every start behind the others. What only booting needed is
 * given up. */
bool java_prepare_image(Thread *thread)
{
    char folder[4096];

    snprintf(folder, sizeof folder, "%s/train", java_library_path());
    if (!call_static(thread, THAW, "prepare", "()V", NULL) || !call_static(thread, "coracle/natives/Users", "keep", "()V", NULL) ||
        !rehearse(thread, STARTS_OTHER, folder))
        return fail(thread, "preparing the image");
    if (run_rehearsal_begin() != OK || !rehearse(thread, STARTS_OTHER, folder))
        return fail(thread, "rehearsing for the image");
    run_rehearsal_end(thread);
    if (!lay_metadata(thread, STARTS_EVERY, folder) || !lay_metadata(thread, STARTS_OTHER, folder))
        return fail(thread, "noting for the image what a start accesses");
    if (!rehearse_lookups(thread, folder))
        return fail(thread, "rehearsing for the image what is looked up");
    arena_start_is_laid();
    if (!call_text(thread, TRAIN, "run", "(Ljava/lang/String;)V", 0, folder))
        return fail(thread, "training for the image");
    if (!lay_objects(thread, STARTS_OTHER, folder) || !lay_objects(thread, STARTS_EVERY, folder))
        return fail(thread, "noting for the image which objects a start accesses");
    run_stop_world(thread);
    java_lay_written(); /* now that the tables have grown */
    run_resume_world(thread);
    renew_staging(thread);
    return true;
}

/* ---- a thawed program ---- */

enum { RESUME_WAIT_KIND, RESUME_MONITOR, RESUME_DEADLINE, RESUME_STATES };
static uint32_t resume_continuation;

/* The class library knows of the new process: the other threads go on too, and this one with what it waited for. */
static Outcome resume_normal(Thread *thread, Value *state, Value *result)
{
    Thread *first;

    thread->wait_kind = (uint8_t)state[RESUME_WAIT_KIND];
    thread->wait_monitor = (uint32_t)state[RESUME_MONITOR];
    thread->wait_deadline_ns = (int64_t)state[RESUME_DEADLINE];
    if (run_start_thawed(&first) != OK)
        return java_throw(thread, "java/lang/InternalError", "%s", error_message());
    return OUTCOME_DONE;
}

static void java_resume_open(void)
{
    static const Continuation resume = {"java.resume", RESUME_STATES, 0, resume_normal, NULL};
    resume_continuation = run_register_continuation(&resume);
}

/* Thaw.resume as a call above the frames that the thread has. */
static bool push_resume(Thread *thread)
{
    uint32_t class_index = load(thread, THAW);
    Value *state = run_push_continuation(thread, resume_continuation, RUN_THEN_AGAIN);

    if (class_index == 0 || state == NULL)
        return false;
    state[RESUME_WAIT_KIND] = thread->wait_kind;
    state[RESUME_MONITOR] = thread->wait_monitor;
    state[RESUME_DEADLINE] = (Value)thread->wait_deadline_ns;
    thread->wait_kind = WAIT_NONE;
    return run_push_call(thread, java_method_text(class_index, "resume", "()V"), RUN_THEN_AGAIN) != NULL;
}

bool java_has_program(Thread *thread)
{
    return thread->fp != NULL || java_thread_record(thread)->phase != PHASE_BOOT;
}

int java_resume(Thread *thread)
{
    Thread *first;

    run_contention_over(thread);
    if (thread->fp != NULL) {
        if (!push_resume(thread))
            return 1;
        return java_run_to_end(thread);
    }
    /* Its own call was over: it waited for the other threads, or for its own monitor. */
    thread->wait_kind = WAIT_NONE;
    if (!call_static(thread, THAW, "resume", "()V", NULL) || run_start_thawed(&first) != OK)
        return 1;
    if (java_thread_over(thread) == OUTCOME_PUSHED)
        return java_run_to_end(thread);
    return java_thread_record(thread)->status;
}

bool java_start(Thread *thread)
{
    if (!call_static(thread, THAW, "start", "()V", NULL))
        return fail(thread, "starting from the image");
    return true;
}

/* ---- the launcher ---- */

static bool call_flag(Thread *thread, const char *class_name, const char *name, bool flag)
{
    Value argument = flag;
    return call_static(thread, class_name, name, "(Z)V", &argument);
}

static bool print_help(Thread *thread, int help)
{
    if (help == 3 || help == 4)
        return call_flag(thread, HELPER, "printXUsageMessage", help == 3);
    return call_text(thread, HELPER, "initHelpMessage", "(Ljava/lang/String;)V", 0, "java") &&
           call_flag(thread, HELPER, "printHelpMessage", help != 2);
}

static bool print_version(Thread *thread, int version)
{
    bool to_error = (version & 1) != 0;
    Value argument = to_error;
    return call_static(thread, "java/lang/VersionProps", to_error ? "print" : "println", "(Z)V", &argument) ||
           call_flag(thread, "java/lang/VersionProps", "print", to_error);
}

static bool show_settings(Thread *thread, const char *what)
{
    Value arguments[8] = {1, java_string_from_utf8(thread, what), 0, 0, 0, 0, 0, 0};

    return call_static(thread, HELPER, "showSettings", "(ZLjava/lang/String;JJJ)V", arguments);
}

/* What the launcher prints before, or in place of, running a program. false: thread->exception. */
static bool launch_extras(Thread *thread)
{
    const JavaOptions *options = java_options();

    if (options->show_settings != NULL && !show_settings(thread, options->show_settings))
        return false;
    if (options->version != 0 && !print_version(thread, options->version))
        return false;
    if (options->list_modules)
        return call_static(thread, HELPER, "listModules", "()V", NULL);
    if (options->describe_module != NULL)
        return call_text(thread, HELPER, "describeModule", "(Ljava/lang/String;)V", 0, options->describe_module);
    return options->help == 0 || print_help(thread, options->help);
}

static bool runs_program(const JavaOptions *options)
{
    return options->main != NULL && options->help == 0 && !options->list_modules && !options->validate_modules &&
           options->describe_module == NULL && (options->version == 0 || options->version > 2);
}

/* A String[]; 0: thread->exception. */
static Value decoded_texts(Thread *thread, const char *const *texts, size_t count)
{
    Value array = java_undecoded_strings(thread, texts, count);

    if (array != 0 && !java_texts_are_ascii(texts, count)) {
        size_t mark = heap_enter_nogc(&thread->allocator);
        Value *held = heap_hold_nogc(&thread->allocator, array);
        bool good = call_static(thread, "coracle/natives/Text", "decodeEach", "([Ljava/lang/String;)V", held);
        array = good ? *held : 0;
        heap_leave_nogc(&thread->allocator, mark);
    }
    return array;
}

/* LauncherHelper.checkAndLoadMain(boolean printToStderr, int mode, String what) as the thread's call. */
static bool prepare_main(Thread *thread)
{
    const JavaOptions *options = java_options();
    uint32_t class_index = load(thread, HELPER);
    Value arguments[3] = {1, from_int(options->launch), 0}, array;

    if (class_index == 0 || !initialize(thread, class_index))
        return false;
    array = decoded_texts(thread, options->arguments, options->argument_count);
    if (array == 0)
        return false;
    java_world()->MAIN_ARGUMENTS = heap_root_add(array, 0);
    array = decoded_texts(thread, &options->main, 1);
    if (array == 0)
        return false;
    arguments[2] = array_element(array, 0);
    java_thread_record(thread)->phase = PHASE_LOAD_MAIN;
    return run_thread_prepare(thread, check_and_load_main(class_index), arguments, 3) == OK;
}

int java_run_to_end(Thread *thread)
{
    do {
        (void)run_thread(thread);
    } while (java_thread_over(thread) == OUTCOME_PUSHED);
    java_dump_end(thread);
    return java_thread_record(thread)->status;
}

/* The launcher's own failure: told like an uncaught exception. */
static int end_with_exception(Thread *thread)
{
    java_thread_record(thread)->phase = PHASE_MAIN;
    while (java_thread_over(thread) == OUTCOME_PUSHED)
        (void)run_thread(thread);
    return java_thread_record(thread)->status;
}

int java_launch(Thread *thread, void (*begin)(void))
{
    const JavaOptions *options = java_options();

    if (!launch_extras(thread))
        return end_with_exception(thread);
    if (runs_program(options)) {
        if (!prepare_main(thread))
            return end_with_exception(thread);
        begin();
        return java_run_to_end(thread);
    }
    java_thread_record(thread)->phase = PHASE_RUN; /* ends as a program does that has nothing to do */
    end_with_exception(thread);
    return options->help == 5;
}
