/* loader.c - the class dictionary, the boot loader, and loading through loaders written in Java.
 *
 * The dictionary maps (loader, name) to a class, for defining and for initiating loaders. A user's loader is asked by
 * pushing a call of its loadClass; a continuation below it records what it answers, and the instruction or primitive
 * that needed the class is executed again and finds it. */
#include <stdlib.h>
#include <string.h>

#include "java/define.h"
#include "os/os.h"

typedef struct DictionaryEntry {
    ArenaRef next;
    SymbolRef name;
    uint32_t loader, class_index;
} DictionaryEntry;

/* A class of a user's loader that waits for a super type: seen again by the same thread, it is circular. */
typedef struct Placeholder {
    ArenaRef next;
    uint32_t loader;
    SymbolRef name;
    uint32_t thread;
} Placeholder;

typedef struct JavaLoader { /* by owner number */
    uint32_t first_class;
    ArenaRef unnamed_module;
} JavaLoader;

#define LOADER_BITS 3
static ArenaTable loader_table; /* kept */
static OsMutex dictionary_lock;
static uint32_t load_continuation;

/* ---- the dictionary ---- */

static uint32_t *class_bucket(uint32_t loader, SymbolRef name)
{
    JavaWorld *world = java_world();
    uint32_t hash = symbol_at(name)->hash + loader * 0x9e3779b1u;

    return ARENA(uint32_t, world->class_buckets) + (hash & (world->class_bucket_count - 1));
}

static uint32_t find_entry(uint32_t loader, SymbolRef name)
{
    uint32_t front;

    if (loader == 0 && java_front_find(name, 0, FRONT_CLASS, &front))
        return front;
    for (ArenaRef at = *class_bucket(loader, name); at != 0; at = ARENA(DictionaryEntry, at)->next) {
        const DictionaryEntry *entry = ARENA(DictionaryEntry, at);
        if (entry->name != name || entry->loader != loader)
            continue;
        if (loader == 0)
            java_front_note(name, 0, FRONT_CLASS, entry->class_index);
        return entry->class_index;
    }
    return 0;
}

void loader_lock_dictionary(void)
{
    os_mutex_lock(&dictionary_lock);
}

void loader_unlock_dictionary(void)
{
    os_mutex_unlock(&dictionary_lock);
}

uint32_t loader_find_locked(uint32_t loader, SymbolRef name)
{
    return find_entry(loader, name);
}

static void grow_dictionary(void)
{
    JavaWorld *world = java_world();
    uint32_t old_count = world->class_bucket_count;
    ArenaRef old = world->class_buckets, buckets = arena_allocate(2 * old_count * sizeof(uint32_t));

    if (buckets == 0)
        return;
    world->class_buckets = buckets;
    world->class_bucket_count = 2 * old_count;
    for (uint32_t i = 0; i < old_count; i++)
        for (ArenaRef at = ARENA(uint32_t, old)[i], next; at != 0; at = next) {
            DictionaryEntry *entry = ARENA(DictionaryEntry, at);
            uint32_t *bucket = class_bucket(entry->loader, entry->name);
            next = entry->next;
            entry->next = *bucket;
            *bucket = at;
        }
    arena_free(old, old_count * sizeof(uint32_t));
}

static bool add_entry(uint32_t loader, SymbolRef name, uint32_t class_index)
{
    ArenaRef block = arena_allocate_near(ARENA_NAMES, sizeof(DictionaryEntry));
    DictionaryEntry *entry = ARENA(DictionaryEntry, block);

    if (block == 0)
        return false;
    if (java_world()->class_count++ > 2 * java_world()->class_bucket_count)
        grow_dictionary();
    uint32_t *bucket = class_bucket(loader, name);
    *entry = (DictionaryEntry){.next = *bucket, .name = name, .loader = loader, .class_index = class_index};
    *bucket = block;
    return true;
}

/* The element's descriptor of an array name, without its brackets. */
static uint32_t find_array(uint32_t loader, SymbolRef name)
{
    const char *text = symbol_text(name);
    unsigned length = symbol_length(name), dimensions = 0;
    uint32_t element = 0;

    while (dimensions < length && text[dimensions] == '[')
        dimensions++;
    if (text[dimensions] == 'L' && length > dimensions + 2 && text[length - 1] == ';') {
        SymbolRef of = java_symbol_find(text + dimensions + 1, length - dimensions - 2);
        element = of != 0 ? java_find_loaded_nogc(loader, of) : 0;
    } else if (length == dimensions + 1) {
        element = java_primitive_class(text[dimensions]);
    }
    while (element != 0 && dimensions-- > 0)
        element = class_at(element)->array_class;
    return element;
}

uint32_t java_find_loaded_nogc(uint32_t loader, SymbolRef name)
{
    uint32_t found;

    if (symbol_text(name)[0] == '[')
        return find_array(loader, name);
    os_mutex_lock(&dictionary_lock);
    found = find_entry(loader, name);
    os_mutex_unlock(&dictionary_lock);
    return found;
}

void java_lay_dictionary(void)
{
    JavaWorld *world = java_world();

    for (uint32_t i = 0; i < world->class_bucket_count; i++)
        for (ArenaRef *at = ARENA(uint32_t, world->class_buckets) + i; *at != 0; at = &ARENA(DictionaryEntry, *at)->next)
            *at = arena_lay(ARENA_STATE, *at, sizeof(DictionaryEntry));
}

bool java_loader_is_platform(uint32_t loader)
{
    uint32_t platform = java_class(PLATFORM_LOADER); /* 0 until it is loaded */
    return loader != 0 && platform != 0 && object_class_index(java_loader_object(loader)) == platform;
}

/* The loaders of the library itself stay as long as the machine runs. */
static bool is_lasting(uint32_t loader)
{
    uint32_t of = object_class_index(java_loader_object(loader));
    return of == java_class(PLATFORM_LOADER) || of == java_class(APPLICATION_LOADER);
}

Outcome java_record_initiating(Thread *thread, uint32_t loader, uint32_t class_index)
{
    SymbolRef name = java_class_at(class_index)->name;
    uint32_t other = 0;

    if (java_class_is_array(class_index) || java_class_at(class_index)->primitive_type != 0)
        return OUTCOME_DONE;
    uint32_t owner = class_at(class_index)->owner;
    if (owner != 0 && owner != loader && loader != 0 && !is_lasting(owner))
        (void)heap_root_add(java_mirror(class_index), loader); /* what it has resolved must not be unloaded before it */
    os_mutex_lock(&dictionary_lock);
    if (find_entry(loader, name) == 0) {
        other = constraint_other_locked(loader, name, class_index);
        if (other == 0)
            (void)add_entry(loader, name, class_index);
    }
    os_mutex_unlock(&dictionary_lock);
    return other == 0 ? OUTCOME_DONE : constraint_throw_loading(thread, loader, class_index, other);
}

static JavaLoader *loader_at(uint32_t loader)
{
    if (arena_table_reach(&loader_table, loader + 2) != OK)
        return NULL;
    return (JavaLoader *)arena_table_at(&loader_table, loader + 1, sizeof(JavaLoader), LOADER_BITS);
}

uint32_t java_loader_first_class(uint32_t loader)
{
    const JavaLoader *at = loader_at(loader);
    return at != NULL ? at->first_class : 0;
}

ArenaRef *loader_unnamed_module(uint32_t loader)
{
    JavaLoader *at = loader_at(loader);
    return at != NULL ? &at->unnamed_module : NULL;
}

/* ---- well-known classes ---- */

static const struct {
    int class;
    const char *name, *descriptor;
    enum JavaOffset offset;
} wellknown_fields[] = {
#define FIELD(class, name, text, descriptor) {JAVA_CLASS_##class, text, descriptor, JAVA_FIELD_##class##_##name},
#define INJECTED(class, name, type) {JAVA_CLASS_##class, "(machine) " #name, NULL, JAVA_FIELD_##class##_##name},
#include "java/wellknown.def"
};

int wellknown_index(SymbolRef name)
{
    const JavaWorld *world = java_world();

    for (int i = 0; i < JAVA_WELLKNOWN_COUNT; i++)
        if (world->wellknown_names[i] == name)
            return i;
    return -1;
}

static void note_offsets(const JavaClass *class, int which)
{
    for (size_t i = 0; i < COUNT_OF(wellknown_fields); i++) {
        if (wellknown_fields[i].class != which)
            continue;
        for (uint32_t f = 0; f < class->field_count + class->injected_count; f++) {
            const JavaField *field = java_field_at(class, f);
            if (strcmp(symbol_text(field->name), wellknown_fields[i].name) == 0 &&
                (wellknown_fields[i].descriptor == NULL || strcmp(symbol_text(field->descriptor), wellknown_fields[i].descriptor) == 0))
                java_world()->offsets[wellknown_fields[i].offset] = field->offset;
        }
    }
}

/* The boot loader is about to have a class: if the machine knows it, its fields' offsets are noted, before any thread finds it. */
static void note_wellknown(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    int which = wellknown_index(class->name);

    if (which < 0)
        return;
    note_offsets(class, which);
    if (which == JAVA_CLASS_REFERENCE)
        heap_set_reference_layout((HeapReferenceLayout){
            .referent = (uint32_t)java_offset(REFERENCE_REFERENT), .queue = (uint32_t)java_offset(REFERENCE_QUEUE),
            .next = (uint32_t)java_offset(REFERENCE_NEXT), .discovered = (uint32_t)java_offset(REFERENCE_DISCOVERED)});
    os_order_everywhere(); /* the number is read without a fence */
    __atomic_store_n(&java_world()->wellknown[which], class_index, __ATOMIC_RELEASE);
}

uint32_t java_wellknown_class(Thread *thread, enum JavaWellknown which)
{
    uint32_t class_index = java_world()->wellknown[which];

    if (class_index == 0) {
        if (java_load_boot_class(thread, java_world()->wellknown_names[which], &class_index) != OUTCOME_DONE)
            return 0;
        if (class_index == 0) {
            (void)java_throw(thread, "java/lang/NoClassDefFoundError", "%s", symbol_text(java_world()->wellknown_names[which]));
            return 0;
        }
    }
    return java_link_class(thread, class_index) == OUTCOME_DONE ? class_index : 0;
}

enum EnterResult loader_enter_class(uint32_t class_index, uint32_t *other)
{
    JavaClass *class = java_class_at(class_index);
    JavaLoader *loader = loader_at(class->loader);
    enum EnterResult result = ENTER_THERE;

    os_mutex_lock(&dictionary_lock);
    *other = find_entry(class->loader, class->name);
    if (*other == 0 && (*other = constraint_other_locked(class->loader, class->name, class_index)) != 0) {
        result = ENTER_CONSTRAINED;
    } else if (*other == 0 && loader != NULL) {
        if (class->loader == 0)
            note_wellknown(class_index);
        if (add_entry(class->loader, class->name, class_index)) {
            class->next_of_loader = loader->first_class;
            loader->first_class = class_index;
            result = ENTER_DONE;
        }
    }
    os_mutex_unlock(&dictionary_lock);
    return result;
}

/* ---- placeholders ---- */

static void placeholder_add(uint32_t loader, SymbolRef name, uint32_t thread)
{
    ArenaRef block = arena_allocate(sizeof(Placeholder));

    if (block == 0)
        return;
    os_mutex_lock(&dictionary_lock);
    *ARENA(Placeholder, block) = (Placeholder){java_world()->placeholders, loader, name, thread};
    java_world()->placeholders = block;
    os_mutex_unlock(&dictionary_lock);
}

static void placeholder_remove(uint32_t loader, SymbolRef name, uint32_t thread)
{
    os_mutex_lock(&dictionary_lock);
    for (ArenaRef *link = &java_world()->placeholders; *link != 0; link = &ARENA(Placeholder, *link)->next) {
        Placeholder *at = ARENA(Placeholder, *link);
        if (at->loader == loader && at->name == name && at->thread == thread) {
            ArenaRef gone = *link;
            *link = at->next;
            arena_free(gone, sizeof(Placeholder));
            break;
        }
    }
    os_mutex_unlock(&dictionary_lock);
}

bool loader_placeholder_exists(uint32_t loader, SymbolRef name, uint32_t thread)
{
    bool found = false;

    os_mutex_lock(&dictionary_lock);
    for (ArenaRef at = java_world()->placeholders; at != 0 && !found; at = ARENA(Placeholder, at)->next) {
        const Placeholder *entry = ARENA(Placeholder, at);
        found = entry->loader == loader && entry->name == name && entry->thread == thread;
    }
    os_mutex_unlock(&dictionary_lock);
    return found;
}

/* ---- the boot loader ---- */

/* A class that is being made, and how many of its super types have been seen to. */
typedef struct BootLoad {
    SymbolRef name;
    ClassFile file;
    Bytes loaded;   /* of a file beside the jimage */
    bool is_foreign; /* it belongs to no module: checked like any user's class */
    uint32_t next;
} BootLoad;

static bool find_in_module(SymbolRef name, const char *module, JimageEntry *entry)
{
    char path[1024];
    int length = snprintf(path, sizeof path, "/%s/%s.class", module, symbol_text(name));

    return length > 0 && (size_t)length < sizeof path && jimage_find(path, entry);
}

/* The module that the boot loader takes a class from; NULL: none. */
static const char *boot_module(SymbolRef class_name)
{
    ArenaRef package;
    SymbolRef name;

    if (java_world()->java_base == 0)
        return "java.base";
    package = java_package(0, java_package_name(class_name), false);
    if (package == 0 || ARENA(JavaPackage, package)->module == 0)
        return NULL;
    name = ARENA(JavaModule, ARENA(JavaPackage, package)->module)->name;
    return name != 0 ? symbol_text(name) : NULL;
}

/* From a file: the machine's own library, a patch of the module, what is appended to the boot class path. */
static bool load_boot_file(BootLoad *load, const char *module)
{
    const char *name = symbol_text(load->name);
    char path[1024];

    if (java_library_path() != NULL && strncmp(name, "coracle/", 8) == 0) {
        snprintf(path, sizeof path, "%s/%s.class", java_library_path(), name);
        if (os_path_kind(path) == OS_KIND_FILE && os_file_load(path, INT32_MAX, &load->loaded) == OK)
            return true;
    }
    if (module != NULL)
        return boot_path_patch(module, name, &load->loaded);
    load->is_foreign = boot_path_append(name, &load->loaded);
    return load->is_foreign;
}

/* Where the boot loader may take a class from: java.base, the modules defined to it, and such files. */
static bool find_boot_bytes(BootLoad *load, const uint8_t **bytes, size_t *size)
{
    JimageEntry entry;
    const char *module = boot_module(load->name);

    if (load_boot_file(load, module)) {
        *bytes = load->loaded.data;
        *size = load->loaded.size;
        return true;
    }
    if (module == NULL || !find_in_module(load->name, module, &entry))
        return false;
    *bytes = entry.bytes;
    *size = entry.size;
    return true;
}

typedef ARRAY_OF(BootLoad *) BootStack;

static void pop_load(BootStack *stack)
{
    BootLoad *load = array_pop(stack);

    class_file_close(&load->file);
    bytes_free(&load->loaded);
    memory_free(load);
}

/* Reads the class file and puts it on the stack. *found false: there is none. */
static Outcome push_load(Thread *thread, BootStack *stack, SymbolRef name, bool *found)
{
    BootLoad *load = memory_allocate(sizeof *load);
    const uint8_t *bytes;
    size_t size;

    *found = true;
    if (load == NULL || array_push(stack, load) != OK)
        return java_throw_memory(thread);
    load->name = name;
    if (!find_boot_bytes(load, &bytes, &size)) {
        pop_load(stack);
        *found = false;
        return OUTCOME_DONE;
    }
    if (class_file_read(&load->file, bytes, size, name, load->is_foreign, true))
        return OUTCOME_DONE;
    return java_throw(thread, load->file.error_class, "%s", load->file.error);
}

static SymbolRef next_super(BootLoad *load)
{
    uint32_t i = load->next++;

    if (i == 0)
        return load->file.super_name;
    return i <= load->file.class.interface_count ? load->file.interfaces[i - 1] : 0;
}

static bool is_on_stack(const BootStack *stack, SymbolRef name)
{
    for (size_t i = 0; i < stack->count; i++)
        if (stack->items[i]->name == name)
            return true;
    return false;
}

/* One step: a super type of the innermost is put on the stack, or the innermost is defined. */
static Outcome step_load(Thread *thread, BootStack *stack, uint32_t *class_index)
{
    BootLoad *load = stack->items[stack->count - 1];
    Outcome outcome;
    bool found;

    while (load->next <= load->file.class.interface_count) {
        SymbolRef name = next_super(load);
        if (name == 0 || java_find_loaded_nogc(0, name) != 0)
            continue;
        if (is_on_stack(stack, name))
            return java_throw(thread, "java/lang/ClassCircularityError", "%s", symbol_text(name));
        outcome = push_load(thread, stack, name, &found);
        if (outcome == OUTCOME_DONE && !found)
            return java_throw(thread, "java/lang/NoClassDefFoundError", "%s", symbol_text(name));
        return outcome;
    }
    JavaDefine define = {.loader = 0, .name = load->name, .bytes = load->file.bytes, .size = load->file.size,
                         .flags = load->is_foreign ? 0 : DEFINE_TRUSTED};
    outcome = java_find_loaded_nogc(0, load->name) != 0 ? OUTCOME_DONE : define_class_file(thread, &define, &load->file, class_index);
    if (outcome == OUTCOME_DONE) {
        *class_index = java_find_loaded_nogc(0, load->name);
        pop_load(stack);
    }
    return outcome;
}

Outcome java_load_boot_class(Thread *thread, SymbolRef name, uint32_t *class_index)
{
    BootStack stack = {0};
    Outcome outcome;
    bool found;

    *class_index = java_find_loaded_nogc(0, name);
    if (*class_index != 0)
        return OUTCOME_DONE;
    outcome = push_load(thread, &stack, name, &found);
    while (outcome == OUTCOME_DONE && stack.count != 0)
        outcome = step_load(thread, &stack, class_index);
    while (stack.count != 0)
        pop_load(&stack);
    array_free(&stack);
    return outcome;
}

/* ---- through a loader ---- */

/* What is asked for: an array's elements are loaded in its name. */
typedef struct LoadRequest {
    uint32_t loader, requester; /* requester: the class whose pool entry cp_index it is; 0: none */
    SymbolRef name, told;       /* told: as errors name it */
    SymbolRef placeholder;
    unsigned as_error, cp_index;
} LoadRequest;

enum LoadState { LOAD_LOADER, LOAD_NAME, LOAD_TOLD, LOAD_AS_ERROR, LOAD_REQUESTER, LOAD_CP, LOAD_PLACEHOLDER, LOAD_STATE_COUNT };

static void leave_placeholder(Thread *thread, const Value *state)
{
    if (state[LOAD_PLACEHOLDER] != 0)
        placeholder_remove((uint32_t)state[LOAD_LOADER], (SymbolRef)state[LOAD_PLACEHOLDER], thread->number);
}

/* Another thread was told otherwise before: that counts. */
static bool is_resolved_by_now(const Value *state)
{
    return java_pool_resolved(java_class_at((uint32_t)state[LOAD_REQUESTER]), (unsigned)state[LOAD_CP]) != 0;
}

static Outcome load_failed(Thread *thread, Value *state)
{
    Outcome outcome = OUTCOME_THROW;
    uint32_t not_found = java_class(CLASS_NOT_FOUND);

    if (state[LOAD_AS_ERROR] && not_found != 0 && java_is_instance(thread->exception, not_found))
        outcome = java_throw_caused(thread, "java/lang/NoClassDefFoundError", symbol_text((SymbolRef)state[LOAD_TOLD]));
    if (state[LOAD_REQUESTER] != 0)
        java_record_error(thread, (uint32_t)state[LOAD_REQUESTER], (unsigned)state[LOAD_CP]);
    if ((state[LOAD_AS_ERROR] == LOAD_QUIETLY && java_error_is_kept(thread->exception)) ||
        (state[LOAD_REQUESTER] != 0 && is_resolved_by_now(state))) {
        thread->exception = 0;
        outcome = OUTCOME_DONE; /* who asks again finds the error, or the class */
    }
    return outcome;
}

static Outcome not_found(Thread *thread, SymbolRef name, bool as_error)
{
    return java_throw(thread, as_error ? "java/lang/NoClassDefFoundError" : "java/lang/ClassNotFoundException", "%s", symbol_text(name));
}

/* loadClass has answered. */
static Outcome load_normal(Thread *thread, Value *state, Value *result)
{
    uint32_t class_index = java_mirror_class(*result);
    SymbolRef name = (SymbolRef)state[LOAD_NAME];

    if (class_index == 0 || java_class_at(class_index)->name != name) {
        thread->exception = 0;
        (void)not_found(thread, (SymbolRef)state[LOAD_TOLD], state[LOAD_AS_ERROR] != 0);
        return OUTCOME_THROW; /* goes on in load_exceptional */
    }
    Outcome outcome = java_record_initiating(thread, (uint32_t)state[LOAD_LOADER], class_index);
    if (outcome == OUTCOME_DONE)
        leave_placeholder(thread, state);
    return outcome;
}

static Outcome load_exceptional(Thread *thread, Value *state, Value *result)
{
    leave_placeholder(thread, state);
    return load_failed(thread, state);
}

static const Continuation load_class = {"java.load", LOAD_STATE_COUNT, 0, load_normal, load_exceptional};

static Outcome call_loader(Thread *thread, const LoadRequest *load)
{
    uint32_t method = java_find_method(java_class(CLASS_LOADER), SYM(LOAD_CLASS), SYM(LOAD_CLASS_DESCRIPTOR));
    Value string = java_string_from_symbol(thread, load->name, true), *state, *arguments;

    if (string == 0)
        return OUTCOME_THROW;
    Value object = java_loader_object(load->loader);
    method = java_select_method(object_class_index(object), method);
    state = run_push_continuation(thread, load_continuation, RUN_THEN_AGAIN);
    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[LOAD_LOADER] = load->loader;
    state[LOAD_NAME] = load->name;
    state[LOAD_TOLD] = load->told;
    state[LOAD_AS_ERROR] = load->as_error;
    state[LOAD_REQUESTER] = load->requester;
    state[LOAD_CP] = load->cp_index;
    arguments = run_push_call(thread, method, RUN_THEN_AGAIN);
    if (arguments == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    arguments[0] = object;
    arguments[1] = string;
    if (load->placeholder != 0) {
        state[LOAD_PLACEHOLDER] = load->placeholder;
        placeholder_add(load->loader, load->placeholder, thread->number);
    }
    return OUTCOME_PUSHED;
}

static Outcome load_element(Thread *thread, const LoadRequest *load, uint32_t *class_index)
{
    Outcome outcome;

    *class_index = java_find_loaded_nogc(load->loader, load->name);
    if (*class_index != 0)
        return OUTCOME_DONE;
    if (load->loader != 0)
        return call_loader(thread, load);
    outcome = java_load_boot_class(thread, load->name, class_index);
    if (outcome == OUTCOME_DONE && *class_index == 0)
        return not_found(thread, load->told, load->as_error);
    return outcome;
}

static Outcome load_array(Thread *thread, const LoadRequest *load, uint32_t *class_index)
{
    const char *text = symbol_text(load->name);
    unsigned length = symbol_length(load->name), dimensions = 0;
    uint32_t element;
    Outcome outcome = OUTCOME_DONE;

    if (!java_descriptor_is_field(text, length))
        return not_found(thread, load->name, load->as_error);
    while (text[dimensions] == '[')
        dimensions++;
    if (text[dimensions] == 'L') {
        LoadRequest of = *load;
        of.name = java_symbol(text + dimensions + 1, length - dimensions - 2);
        if (of.name == 0)
            return java_throw_memory(thread);
        outcome = load_element(thread, &of, &element);
    } else {
        element = java_primitive_class(text[dimensions]);
    }
    while (outcome == OUTCOME_DONE && dimensions-- > 0) {
        element = java_array_class(thread, element);
        if (element == 0)
            return OUTCOME_THROW;
    }
    *class_index = element;
    return outcome;
}

Outcome loader_load_for(Thread *thread, uint32_t loader, SymbolRef name, unsigned as_error, uint32_t requester, unsigned cp_index,
                        SymbolRef placeholder, uint32_t *class_index)
{
    LoadRequest load = {loader, requester, name, name, placeholder, as_error, cp_index};

    *class_index = java_find_loaded_nogc(loader, name);
    if (*class_index != 0)
        return OUTCOME_DONE;
    if (symbol_length(name) == 0)
        return not_found(thread, name, as_error);
    return symbol_text(name)[0] == '[' ? load_array(thread, &load, class_index) : load_element(thread, &load, class_index);
}

Outcome java_load_class(Thread *thread, uint32_t loader, SymbolRef name, bool as_error, uint32_t *class_index)
{
    return loader_load_for(thread, loader, name, as_error, 0, 0, 0, class_index);
}

Outcome java_load_descriptor(Thread *thread, uint32_t loader, const char *descriptor, size_t length, bool as_error, uint32_t *class_index)
{
    SymbolRef name;

    if (length == 1) {
        *class_index = java_primitive_class(descriptor[0]);
        return OUTCOME_DONE;
    }
    name = descriptor[0] == 'L' ? java_symbol(descriptor + 1, length - 2) : java_symbol(descriptor, length);
    return name != 0 ? java_load_class(thread, loader, name, as_error, class_index) : java_throw_memory(thread);
}

/* ---- definition ---- */

Outcome java_define_class(Thread *thread, const JavaDefine *define, uint32_t *class_index)
{
    ClassFile file;
    Outcome outcome;
    bool trusted = define->loader == 0 || (define->flags & DEFINE_TRUSTED);
    bool privileged = trusted || (define->flags & DEFINE_ACCESS_VM_ANNOTATIONS) || java_loader_is_platform(define->loader);

    if (!class_file_read(&file, define->bytes, define->size, define->name, !trusted, privileged))
        outcome = java_throw(thread, file.error_class, "%s", file.error);
    else
        outcome = define_class_file(thread, define, &file, class_index);
    class_file_close(&file);
    return outcome;
}

uint32_t java_loader_number(Thread *thread, Value loader)
{
    uint32_t *place, there, number;

    if (loader == 0)
        return 0;
    place = object_at(loader, java_offset(CLASS_LOADER_NUMBER));
    there = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (there != 0)
        return there;
    number = heap_owner_add(loader);
    if (number == 0) {
        (void)java_throw_memory(thread);
        return 0;
    }
    if (!__atomic_compare_exchange_n(place, &there, number, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return there; /* another thread was faster */
    return number;
}

/* ---- unloading (the world is stopped) ---- */

void loader_forget(uint32_t owner)
{
    JavaWorld *world = java_world();
    JavaLoader *loader = loader_at(owner);

    for (uint32_t i = 0; i < world->class_bucket_count; i++) {
        ArenaRef *link = &ARENA(uint32_t, world->class_buckets)[i];
        while (*link != 0) {
            DictionaryEntry *entry = ARENA(DictionaryEntry, *link);
            ArenaRef block = *link;
            if (entry->loader != owner && class_at(entry->class_index)->owner != owner) {
                link = &entry->next;
                continue;
            }
            *link = entry->next;
            arena_free(block, sizeof *entry);
            world->class_count--;
        }
    }
    if (loader != NULL)
        *loader = (JavaLoader){0};
}

Result loader_open(bool thawed)
{
    static bool registered;

    if (!registered) { /* once: continuations are numbered in the order of registration */
        registered = true;
        load_continuation = run_register_continuation(&load_class);
    }
    (void)thawed;
    return arena_table_open_chunked(&loader_table, "java loaders", sizeof(JavaLoader), 1u << 20, LOADER_BITS);
}
