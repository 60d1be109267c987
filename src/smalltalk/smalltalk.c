/* smalltalk.c - the Smalltalk guest as a language of the engine, and the running of an image. */
#include "smalltalk/smalltalk_internal.h"

#include <stdio.h>

#include "base/memory.h"

#define METADATA_BYTES (2u << 20) /* holds the methods that a whole system runs when it starts */
#define EDEN_BYTES (2u << 20) /* a whole system starts within it: what lies there stays in the processor's cache */

Smalltalk smalltalk;
SmalltalkOptions smalltalk_options;

static uint32_t boot_method;

/* ---- the engine's table ---- */

/* The thread's first call: what is to run is the image's active process. */
static int boot(Thread *thread)
{
    Value context;

    if (context_open(thread) != OK)
        return run_throw(thread, NIL);
    context = slot_get(active_process(), PROCESS_CONTEXT);
    slot_set(active_process(), PROCESS_CONTEXT, NIL);
    resume_context(thread, context, NULL);
    return OUTCOME_PUSHED;
}

int language_translate(Thread *thread, uint32_t number)
{
    if (number == boot_method)
        return boot(thread);
    if (smalltalk_options.trace_sends) {
        char text[256];
        describe(smalltalk_class_of_nogc(thread->fp[-(int)method_at(number)->argument_slots]), text, sizeof text);
        fprintf(stderr, "translate %u for %s\n", number, text);
    }
    if (smalltalk_method(number)->kind != KIND_METHOD)
        block_fit_receiver(number, thread->fp[-(int)method_at(number)->argument_slots]);
    if (translate_method(number) != OK) {
        fprintf(stderr, "coracle: %s\n", error_message());
        os_exit(1);
    }
    return OUTCOME_DONE;
}

static void argument_references(uint32_t method, uint8_t *bits)
{
    for (unsigned i = 0; i < method_at(method)->argument_slots; i++)
        bits[i / 8] |= (uint8_t)(1u << i % 8);
}

static void visit_roots(HeapVisit *visit, void *context)
{
    if (smalltalk.special_objects == 0)
        return;
    visit(context, &smalltalk.special_objects);
    for (unsigned i = 0; i < TAGGED_SPECIALS; i++)
        visit(context, &run_tagged.special[i]);
    visit(context, &run_tagged.failure);
    for (uint32_t i = 1; i < smalltalk.class_limit; i++)
        visit(context, &run_tagged.classes[i]);
    lookup_visit_roots(visit, context);
}

static void update_weak(Value (*forward)(void *context, Value object), void *context)
{
    if (smalltalk.special_objects == 0)
        return;
    lookup_update_weak(forward, context);
    process_note_collection();
}

static int catches(Thread *thread, const Code *code, uint32_t catch_type)
{
    return 0;
}

static int thread_over(Thread *thread)
{
    return OUTCOME_DONE;
}

static const Language language = {
    .name = "smalltalk",
    .translate = language_translate,
    .raise = language_raise,
    .catches = catches,
    .thread_over = thread_over,
    .lookup = language_lookup,
    .argument_references = argument_references,
    .visit_roots = visit_roots,
    .update_weak = update_weak,
    .tagged = language_tagged,
    .polled = language_polled,
};

/* ---- running ---- */

int smalltalk_is_image(const char *path)
{
    OsFile file;
    uint32_t magic = 0;
    size_t got = 0;

    if (os_file_open(&file, path, OS_OPEN_READ) != OK)
        return 0;
    if (os_file_read(file, &magic, sizeof magic, &got) != OK || got != sizeof magic)
        magic = 0;
    os_file_close(file);
    return magic == 68021 || magic == 6521 || magic == 6505 || magic == 6504 || magic == 6502 || magic == 68003 || magic == 68002;
}

static Result boot_method_new(void)
{
    Method *method = method_new(sizeof(SmalltalkMethod));
    if (method == NULL)
        return error_set(ERROR_MEMORY, "no room for a method");
    method->language = LANGUAGE_SMALLTALK;
    method_discard_code(method);
    boot_method = method->number;
    return OK;
}

static Result run_loaded(Thread *thread)
{
    const Value none = 0;
    Result result;
    TRY(boot_method_new());
    TRY(run_thread_prepare(thread, boot_method, &none, 0));
    run_thread(thread);
done:
    return result;
}

Result smalltalk_run_image(const char *path, int argument_count, char **arguments, int *status)
{
    HeapOptions heap = {.verify = smalltalk_options.heap_verify != 0, .move = smalltalk_options.heap_move != 0, .seed = 1,
                        .limit_bytes = smalltalk_options.limit_bytes, .eden_bytes = EDEN_BYTES};
    RunOptions run = {0};
    Thread *thread = NULL;
    bool large;
    Result result;

    smalltalk.argument_count = argument_count;
    smalltalk.arguments = arguments;
    if (os_path_kind(path) == OS_KIND_NONE)
        return error_set(ERROR_NOT_FOUND, "%s: there is no such file", path);
    TRY(os_path_real(path, &smalltalk.image_path));
    large = spur_is_large(path);
    TRY(arena_open());
    if (large)
        arena_expect_allocation(METADATA_BYTES);
    TRY(heap_open(&heap));
    if (large)
        heap_expect_allocation();
    TRY(run_open(&run));
    run_register_language(LANGUAGE_SMALLTALK, &language);
    context_register();
    TRY(run_thread_new(&thread, 0));
    run_enter(thread);
    TRY(lookup_open());
    process_open(thread);
    primitives_open();
    TRY(spur_load(path));
    if (smalltalk_options.heap_stress)
        heap_set_stress(true);
    TRY(run_loaded(thread));
    *status = smalltalk.status;
done:
    process_close();
    fflush(stdout);
    return result;
}
