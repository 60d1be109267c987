/* lay_out.c - before java.image is written: the classes and methods that a start touches are laid side by side. */
#include "base/memory.h"
#include "image/image.h"
#include "java/define.h"
#include "java/java_internal.h"
#include "java/java_thread.h"

typedef struct Laying {
    bool *classes; /* laid already, by class index */
    bool *files;   /* their class files, by class index */
    bool *methods; /* by method number */
} Laying;

static void lay_method(Laying *laying, uint32_t number)
{
    ArenaRef *place = method_place(number);

    if (laying->methods[number])
        return;
    laying->methods[number] = true;
    *place = arena_lay(ARENA_START, *place, sizeof(JavaMethod));
}

static void lay_class(Laying *laying, uint32_t class_index)
{
    Class *class = class_at(class_index);

    if (laying->classes[class_index] || class->language != LANGUAGE_JAVA)
        return;
    laying->classes[class_index] = true;
    class->data = arena_lay(ARENA_START, class->data, sizeof(JavaClass));
    class_lay_for_start(class_index);
}

/* A call through an interface looks the method up by its own method, in each process anew. */
static void lay_interface(Laying *laying, uint32_t interface, const JavaMethod *called)
{
    const uint32_t *methods = ARENA(const uint32_t, java_class_at(interface)->itable_methods);

    lay_class(laying, interface);
    for (uint32_t i = 1; i <= methods[0]; i++) {
        const JavaMethod *method = java_method_at(methods[i]);
        if (method->name == called->name && method->descriptor == called->descriptor)
            lay_method(laying, methods[i]);
    }
}

/* Foreign functions are bound in each process anew, by what the class file says. */
static void lay_class_file(Laying *laying, uint32_t class_index)
{
    JavaClass *class = java_class_at(class_index);

    if (laying->files[class_index])
        return;
    laying->files[class_index] = true;
    if (!(java_class_flags(class) & JAVA_CLASS_IN_JIMAGE))
        class->bytes = arena_lay(ARENA_START, class->bytes, class->bytes_size);
    class->cp_tags = arena_lay(ARENA_START, class->cp_tags, class->cp_count);
    class->cp_cells = arena_lay(ARENA_START, class->cp_cells, class->cp_count * sizeof(uint64_t));
}

/* With the classes above its own, which casts and look-ups read. */
static void lay_called(Laying *laying, uint32_t number)
{
    uint32_t holder = method_at(number)->holder;
    const uint32_t *interfaces = ARENA(const uint32_t, class_at(holder)->interfaces);

    if (java_method_at(number)->ffi_annotation != 0)
        lay_class_file(laying, holder);
    lay_method(laying, number);
    for (uint32_t i = 1; class_at(holder)->interfaces != 0 && i <= interfaces[0]; i++)
        lay_interface(laying, interfaces[i], java_method_at(number));
    for (; holder != 0; holder = class_at(holder)->super) lay_class(laying, holder);
}

static ArenaRef lay_list(ArenaRef list)
{
    return list != 0 ? arena_copy_if_accessed(list, (1 + (size_t)*ARENA(const uint32_t, list)) * sizeof(uint32_t)) : 0;
}

static ArenaRef lay_itable(ArenaRef itable)
{
    const uint32_t *table = ARENA(const uint32_t, itable);
    size_t words = 1;

    if (itable == 0)
        return 0;
    for (uint32_t i = 0; i < table[0]; i++) { /* the methods of an interface lie where its entry says */
        const uint32_t *methods = ARENA(const uint32_t, java_class_at(table[1 + 2 * i])->itable_methods);
        if (table[2 + 2 * i] + methods[0] > words)
            words = table[2 + 2 * i] + methods[0];
    }
    return arena_copy_if_accessed(itable, words * sizeof(uint32_t));
}

static void lay_accessed(Laying *laying, uint32_t class_index)
{
    Class *class = class_at(class_index);
    JavaClass *data;

    if (class->language != LANGUAGE_JAVA || class->data == 0)
        return;
    data = java_class_at(class_index);
    if (arena_was_accessed(class->data, sizeof *data) || class_was_accessed(class_index)) {
        lay_class(laying, class_index);
        class = class_at(class_index);
        data = java_class_at(class_index);
    }
    if (!(java_class_flags(data) & JAVA_CLASS_IN_JIMAGE) && arena_was_accessed(data->bytes, data->bytes_size))
        lay_class_file(laying, class_index);
    class->interfaces = lay_list(class->interfaces);
    class->itable = lay_itable(class->itable);
    data->itable_methods = lay_list(data->itable_methods);
    data->cp_tags = arena_copy_if_accessed(data->cp_tags, data->cp_count);
    data->cp_cells = arena_copy_if_accessed(data->cp_cells, data->cp_count * sizeof(uint64_t));
    data->fields = arena_copy_if_accessed(data->fields, (data->field_count + data->injected_count) * sizeof(JavaField));
    for (uint32_t i = 0; i < data->method_count; i++)
        if (arena_was_accessed(*method_place(data->first_method + i), sizeof(JavaMethod)))
            lay_method(laying, data->first_method + i);
}

void java_lay_written(void)
{
    JavaWorld *world = java_world();

    java_lay_dictionary();
    world->class_buckets = arena_lay(ARENA_STATE, world->class_buckets, world->class_bucket_count * sizeof(uint32_t));
    world->package_buckets = arena_lay(ARENA_STATE, world->package_buckets, world->package_bucket_count * sizeof(uint32_t));
    constraint_lay_for_start();
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        if (thread->language == LANGUAGE_JAVA && thread->data != 0)
            thread->data = arena_lay(ARENA_STATE, thread->data, sizeof(JavaThread));
    run_monitors_lay_for_start();
    arena_lay_chunks_for_start();
    (void)run_sites_lay_for_start(); /* else they come where there is room */
}

#define START_SYMBOLS "java.start"

static Bytes expected_symbols, accessed_symbols;

void java_expect_start(const char *path)
{
    ImageReader *reader = NULL;
    ImageHead head;
    const ImageSection *section = NULL;

    if (image_reader_open(&reader, path, IMAGE_VERIFIED, &head) == OK && (section = image_section(reader, START_SYMBOLS)) != NULL &&
        image_read_section(reader, section, &expected_symbols) != OK)
        bytes_free(&expected_symbols);
    image_reader_close(reader);
}

Reader java_expected_symbols(void)
{
    return reader_over(expected_symbols.data, expected_symbols.size);
}

Result java_save_start_symbols(ImageWriter *writer)
{
    return accessed_symbols.size == 0 ? OK : image_add_section(writer, START_SYMBOLS, accessed_symbols.data, accessed_symbols.size, 0, 0, 0);
}

/* Those of before are still accessed; where they lie this is not noted. Those of the first call come first, some twice. */
static void keep_symbols(void)
{
    if ((accessed_symbols.size == 0 && bytes_append(&accessed_symbols, expected_symbols.data, expected_symbols.size) != OK) ||
        java_symbols_append_accessed(&accessed_symbols) != OK)
        bytes_free(&accessed_symbols);
}

void java_lay_for_start(Thread *thread)
{
    Laying laying;

    run_stop_world(thread); /* before it asks how many there are, and while no other is in the midst of a noted instruction */
    os_memory_note_end();
    laying = (Laying){memory_allocate_array(class_table.count, sizeof *laying.classes),
                      memory_allocate_array(class_table.count, sizeof *laying.files),
                      memory_allocate_array(method_table.count, sizeof *laying.methods)};
    if (laying.classes != NULL && laying.files != NULL && laying.methods != NULL) { /* else it does without */
        /* Where accesses cannot be noted, what has code will be accessed. */
        for (uint32_t i = 1; !arena_has_noted_accesses() && i < method_table.count; i++)
            if (*method_place(i) != 0 && method_at(i)->code != 0)
                lay_called(&laying, i);
        for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++)
            if (*class_place(i) != 0)
                lay_accessed(&laying, i);
    }
    java_lay_interned();
    keep_symbols();
    arena_forget_accesses();
    run_resume_world(thread);
    memory_free(laying.classes);
    memory_free(laying.files);
    memory_free(laying.methods);
}
