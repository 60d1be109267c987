/* smalltalk.c - the Smalltalk guest as a language of the engine, and the running of an image. */
#include "smalltalk/smalltalk_internal.h"

#include <stdio.h>

#include "base/memory.h"

#define METADATA_BYTES (2u << 20) /* holds the methods that a whole system runs when it starts */

Smalltalk smalltalk;
SmalltalkOptions smalltalk_options;

uint32_t smalltalk_boot_method;

/* ---- the engine's table ---- */

/* The thread's first call: what is to run is the image's active process. */
static int boot(Thread *thread)
{
    if (context_open(thread) != OK)
        return run_throw(thread, NIL);
    process_begin(thread, image_thawed_primitive ? &TRUE_OBJECT : NULL);
    return OUTCOME_PUSHED;
}

int language_translate(Thread *thread, uint32_t number)
{
    if (number == smalltalk_boot_method)
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

static bool is_freeze_point(Thread *thread)
{
    return !frame_in_primitive(thread);
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
    .is_freeze_point = is_freeze_point,
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
    smalltalk_boot_method = method->number;
    return OK;
}

Result smalltalk_open(void)
{
    Result result;

    run_register_language(LANGUAGE_SMALLTALK, &language);
    context_register();
    primitives_open();
    TRY(lookup_open());
    TRY(image_part_register());
done:
    return result;
}

Result smalltalk_expect(const char *path)
{
    return spur_is_large(path) ? arena_open_for_allocation(METADATA_BYTES) : arena_open();
}

Result smalltalk_load(const char *path, int argument_count, char **arguments, Thread **thread)
{
    Result result;

    smalltalk.argument_count = argument_count;
    smalltalk.arguments = arguments;
    if (os_path_kind(path) == OS_KIND_NONE)
        return error_set(ERROR_NOT_FOUND, "%s: there is no such file", path);
    TRY(os_path_real(path, &smalltalk.image_path));
    if (spur_is_large(path))
        heap_expect_allocation();
    TRY(spur_load(path));
    TRY(boot_method_new());
    TRY(run_thread_new(thread, 0));
    (*thread)->language = LANGUAGE_SMALLTALK;
done:
    return result;
}

Result smalltalk_run(Thread *thread, int *status)
{
    const Value none = 0;
    Result result;

    run_enter(thread);
    process_open(thread);
    TRY(run_thread_prepare(thread, smalltalk_boot_method, &none, 0));
    run_thread(thread);
    *status = smalltalk.status;
done:
    process_close();
    fflush(stdout);
    return result;
}
