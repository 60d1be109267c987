/* define.c - makes a class of a class file: checks of its super types, methods, vtable, layout, and its arena structs. */
#include "java/define.h"
#include "java/dump.h"
#include "java/raise.h"

#include <string.h>

ArenaRef arena_copy(const void *bytes, size_t size)
{
    ArenaRef block = arena_allocate(size == 0 ? 1 : size);
    if (block != 0 && size != 0)
        memcpy(arena_at(block), bytes, size);
    return block;
}

/* ---- super types ---- */

static Outcome incompatible(Definition *definition, const char *format, uint32_t other)
{
    char message[1024];

    snprintf(message, sizeof message, format, java_external_name(definition->file->class.name), java_class_external_name(other));
    return java_throw(definition->thread, "java/lang/IncompatibleClassChangeError", "%s", message);
}

static bool permits(const Definition *definition, uint32_t parent)
{
    const JavaClass *class = java_class_at(parent);
    const uint8_t *list;
    uint32_t size;

    if (class->permitted_subclasses == 0)
        return true;
    if (class->module != definition->module)
        return false;
    list = java_attribute(class, class->permitted_subclasses, &size);
    for (unsigned i = 0; i < read_be16(list); i++)
        if (java_pool_class_name(class, read_be16(list + 2 + 2 * i)) == definition->file->class.name)
            return true;
    return false;
}

static bool may_access(const Definition *definition, uint32_t parent)
{
    return access_from_package(definition->define->loader, definition->package, definition->module, parent);
}

static Outcome throw_super_access(Definition *definition, bool is_class, uint32_t parent)
{
    const char *what = is_class ? "superclass" : "superinterface";
    const char *name = java_external_name(definition->file->class.name), *other = java_class_external_name(parent);
    const JavaClass *class = java_class_at(parent);
    const char *place = access_class_place(parent), *where = strstr(place, " is in ");
    bool joint = class->module == definition->module && where != NULL;
    bool abstract = is_class && (class->access_flags & ACCESS_ABSTRACT);
    Bytes text = {0};
    Outcome outcome;

    access_append_module_reason(&text, name, definition->module, parent);
    if (text.size != 0)
        outcome = java_throw(definition->thread, "java/lang/IllegalAccessError", "%s check failed: %s",
                             is_class ? "superclass access" : what, bytes_as_text(&text));
    else if (joint)
        outcome = java_throw(definition->thread, "java/lang/IllegalAccessError", "class %s cannot access its %s%s %s (%s and %s are in %s)",
                             name, abstract ? "abstract " : "", what, other, name, other, where + strlen(" is in "));
    else
        outcome = java_throw(definition->thread, "java/lang/IllegalAccessError", "class %s cannot access its %s%s %s (%s is in %s of loader %s; %s)",
                             name, abstract ? "abstract " : "", what, other, name, access_module_name(definition->module),
                             access_loader_name(definition->define->loader), place);
    bytes_free(&text);
    return outcome;
}

static Outcome check_super(Definition *definition)
{
    uint32_t super = definition->super;
    const JavaClass *class = java_class_at(super);

    if (java_class_is_interface(super))
        return incompatible(definition, "class %s has interface %s as super class", super);
    if (class->access_flags & ACCESS_FINAL)
        return incompatible(definition, "class %s cannot inherit from final class %s", super);
    if (!permits(definition, super))
        return incompatible(definition, "class %s cannot inherit from sealed class %s", super);
    if (definition->file->strict && !may_access(definition, super)) {
        bool magic = java_class(MAGIC_ACCESSOR) != 0 && java_is_subclass(super, java_class(MAGIC_ACCESSOR));
        if (!magic)
            return throw_super_access(definition, true, super);
    }
    return OUTCOME_DONE;
}

static Outcome check_interface(Definition *definition, uint32_t interface)
{
    if (!java_class_is_interface(interface)) {
        char place[512];
        snprintf(place, sizeof place, "%s", access_class_place(interface));
        return java_throw(definition->thread, "java/lang/IncompatibleClassChangeError",
                          "class %s can not implement %s, because it is not an interface (%s)",
                          java_external_name(definition->file->class.name), java_class_external_name(interface), place);
    }
    if (!permits(definition, interface))
        return incompatible(definition,
                            definition->file->class.access_flags & ACCESS_INTERFACE
                                ? "class %s cannot extend sealed interface %s" : "class %s cannot implement sealed interface %s",
                            interface);
    if (definition->file->strict && !may_access(definition, interface))
        return throw_super_access(definition, false, interface);
    return OUTCOME_DONE;
}

/* Looks the super types up by the defining loader; what a user's loader has not loaded yet is loaded by pushing. */
static Outcome find_supers(Definition *definition)
{
    ClassFile *file = definition->file;
    const JavaDefine *define = definition->define;
    SymbolRef name = file->class.name;
    Outcome outcome;

    if (file->super_name != 0) {
        if (file->super_name == name || loader_placeholder_exists(define->loader, name, definition->thread->number))
            return java_throw(definition->thread, "java/lang/ClassCircularityError", "%s", symbol_text(name));
        outcome = loader_load_for(definition->thread, define->loader, file->super_name, true, 0, 0, name, &definition->super);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    definition->interfaces = memory_allocate_array(file->class.interface_count + 1, sizeof(uint32_t));
    if (definition->interfaces == NULL)
        return java_throw_memory(definition->thread);
    for (uint32_t i = 0; i < file->class.interface_count; i++) {
        if (file->interfaces[i] == name)
            return java_throw(definition->thread, "java/lang/ClassCircularityError", "%s", symbol_text(name));
        outcome = loader_load_for(definition->thread, define->loader, file->interfaces[i], true, 0, 0, name, &definition->interfaces[i]);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}

static Outcome check_supers(Definition *definition)
{
    Outcome outcome = definition->super != 0 ? check_super(definition) : OUTCOME_DONE;

    for (uint32_t i = 0; outcome == OUTCOME_DONE && i < definition->file->class.interface_count; i++)
        outcome = check_interface(definition, definition->interfaces[i]);
    return outcome;
}

/* ---- methods ---- */

static bool make_methods(Definition *definition)
{
    ClassFile *file = definition->file;
    uint32_t count = file->class.method_count;

    if (count == 0)
        return true;
    definition->first_method = method_new_block(count, sizeof(JavaMethod));
    if (definition->first_method == 0) {
        (void)java_throw_memory(definition->thread);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        JavaMethod *method = java_method_at(definition->first_method + i);
        uint32_t number = method->method.number;
        *method = file->methods[i];
        method->method.number = number;
        method_discard_code(&method->method); /* the stub of its number of arguments */
    }
    return true;
}

/* ---- the arena structs ---- */

static ArenaRef copy_indexes(const uint32_t *indexes, size_t count) /* with the count before them */
{
    ArenaRef block = arena_allocate_near(ARENA_LISTS, (count + 1) * sizeof(uint32_t));
    if (block != 0) {
        uint32_t *to = ARENA(uint32_t, block);
        to[0] = (uint32_t)count;
        if (count != 0)
            memcpy(to + 1, indexes, count * sizeof(uint32_t));
    }
    return block;
}

static bool has_defaults(const Definition *definition)
{
    if (definition->super != 0 && (java_class_flags(java_class_at(definition->super)) & JAVA_CLASS_HAS_DEFAULTS))
        return true;
    for (size_t i = 0; i < definition->direct_closure.count; i++)
        if (java_class_flags(java_class_at(definition->direct_closure.items[i])) & JAVA_CLASS_HAS_DEFAULTS)
            return true;
    return false;
}

/* What lies in lib/modules is read there: images and memory need not hold it again. */
static void keep_bytes(JavaClass *class, const ClassFile *file)
{
    size_t size;
    uintptr_t offset = (uintptr_t)file->bytes - (uintptr_t)jimage_place(&size);

    if (java_jimage != NULL && offset < size && file->size <= size - offset && offset + file->size <= UINT32_MAX) {
        class->flags |= JAVA_CLASS_IN_JIMAGE;
        class->bytes = (uint32_t)offset;
    } else {
        class->bytes = arena_copy(file->bytes, file->size);
    }
}

static bool copy_struct(Definition *definition, ArenaRef *made)
{
    ClassFile *file = definition->file;
    JavaClass *class = &file->class;
    size_t fields = class->field_count + class->injected_count;

    class->loader = definition->define->loader;
    class->package = definition->package;
    class->module = definition->module;
    class->first_method = definition->first_method;
    class->host_class = definition->define->lookup_class;
    class->instance_bytes = definition->instance_bytes;
    keep_bytes(class, file);
    class->cp_tags = arena_copy(file->tags, class->cp_count);
    class->cp_cells = arena_copy(file->cells, class->cp_count * sizeof(uint64_t));
    class->cp_slots = arena_copy(file->slots, class->cp_count * sizeof(uint16_t));
    class->fields = arena_copy(file->fields, fields * sizeof(JavaField));
    class->bootstraps = arena_copy(file->bootstraps, class->bootstrap_count * sizeof(JavaBootstrap));
    class->call_sites = arena_copy(file->call_sites, class->call_site_count * sizeof(JavaCallSite));
    class->interfaces = arena_copy(definition->interfaces, class->interface_count * sizeof(uint32_t));
    class->mirandas = copy_indexes(definition->mirandas.items, definition->mirandas.count);
    class->itable_methods = copy_indexes(definition->itable.items, definition->itable.count);
    if (has_defaults(definition))
        class->flags |= JAVA_CLASS_HAS_DEFAULTS;
    class->flags |= file->strict ? 0 : JAVA_CLASS_TRUSTED;
    if (class->nest_host == 0 && !(definition->define->flags & DEFINE_NEST_MATE))
        class->nest_host_class = definition->class_index;
    *made = arena_allocate_near(ARENA_CLASSES, sizeof *class);
    if (*made != 0)
        *ARENA(JavaClass, *made) = *class;
    return *made != 0 && class->bytes != 0 && class->cp_tags != 0 && class->cp_cells != 0 && class->cp_slots != 0 &&
           class->fields != 0 && class->bootstraps != 0 && class->call_sites != 0 && class->interfaces != 0 &&
           class->mirandas != 0 && class->itable_methods != 0;
}

static uint8_t reference_kind(const Definition *definition)
{
    switch (definition->wellknown) {
    case JAVA_CLASS_SOFT_REFERENCE: return REFERENCE_SOFT;
    case JAVA_CLASS_WEAK_REFERENCE: return REFERENCE_WEAK;
    case JAVA_CLASS_FINAL_REFERENCE: return REFERENCE_FINAL;
    case JAVA_CLASS_PHANTOM_REFERENCE: return REFERENCE_PHANTOM;
    default: return definition->super != 0 ? class_at(definition->super)->reference_kind : REFERENCE_NONE;
    }
}

#define INHERITED_CLASS_FLAGS (CLASS_LOADER | CLASS_FINALIZABLE)

static uint32_t class_flags(const Definition *definition)
{
    const JavaClass *class = &definition->file->class;
    uint32_t flags = definition->super != 0 ? class_at(definition->super)->flags & INHERITED_CLASS_FLAGS : 0;

    flags |= class->access_flags & ACCESS_INTERFACE ? CLASS_INTERFACE : 0;
    flags |= class->access_flags & ACCESS_ABSTRACT ? CLASS_ABSTRACT : 0;
    flags |= (class->flags & JAVA_CLASS_HAS_FINALIZER) && definition->super != 0 ? CLASS_FINALIZABLE : 0;
    flags |= definition->wellknown == JAVA_CLASS_CLASS_LOADER ? CLASS_LOADER : 0;
    flags |= definition->wellknown == JAVA_CLASS_CLASS ? CLASS_MIRROR : 0;
    if (definition->define->loader == 0 && strncmp(symbol_text(class->name), "coracle/", 8) == 0)
        flags |= CLASS_HIDDEN_FRAMES;
    return flags;
}

static void fill_super(Class *class, uint32_t super_index)
{
    if (super_index != 0) {
        const Class *super = class_at(super_index);
        class->super = super_index;
        class->depth = super->depth + 1;
        memcpy(class->display, super->display, sizeof class->display);
    }
    if (class->depth < CLASS_DISPLAY)
        class->display[class->depth] = class->index;
}

static bool fill_class(Definition *definition, Class *class)
{
    class->format = FORMAT_JAVA_INSTANCE;
    class->reference_kind = reference_kind(definition);
    class->slots = (definition->instance_bytes - OBJECT_BODY + 7) / 8;
    class->flags = class_flags(definition);
    class->reference_map = definition->reference_map[0];
    class->owner = definition->define->loader;
    if (definition->reference_map_words > 1) {
        class->reference_map_more = arena_copy(definition->reference_map + 1, 8 * (definition->reference_map_words - 1));
        class->reference_map_words = class->reference_map_more != 0 ? definition->reference_map_words - 1 : 0;
        if (class->reference_map_more == 0)
            return false;
    }
    fill_super(class, definition->super);
    class->interfaces = copy_indexes(definition->closure.items, definition->closure.count);
    class->language = LANGUAGE_JAVA;
    class->modifiers = definition->file->class.access_flags;
    if (definition->vtable.count != 0)
        memcpy(class->vtable, definition->vtable.items, definition->vtable.count * sizeof(uint32_t));
    return class->interfaces != 0;
}

static void own_members(const Definition *definition)
{
    JavaClass *class = java_class_at(definition->class_index);
    JavaCallSite *sites = ARENA(JavaCallSite, class->call_sites);

    class->index = definition->class_index;
    for (uint32_t i = 0; i < class->field_count + class->injected_count; i++)
        java_field_at(class, i)->holder = class->index;
    for (uint32_t i = 0; i < class->method_count; i++)
        java_method_at(class->first_method + i)->method.holder = class->index;
    for (size_t i = 0; i < definition->mirandas.count; i++)
        java_method_at(definition->mirandas.items[i])->method.holder = class->index;
    for (uint32_t i = 0; i < class->call_site_count; i++)
        sites[i].method += class->first_method;
    java_pool_set_resolved(class, class->this_index, class->index);
}

static bool cell_names(uint64_t cell, uint32_t class_index)
{
    return (cell & HEADER_CLASS_MASK) == class_index;
}

/* From here on nothing fails but for want of memory. */
static bool build(Definition *definition)
{
    Class *class;
    ArenaRef data = 0;

    if (layout_fields(definition) != OK || class_new(&class, (uint32_t)definition->vtable.count) != OK)
        return false;
    definition->class_index = class->index;
    if (class->index + 1 != arena_table_count(&class_table))
        run_empty_sites(cell_names, class->index); /* it was that of a class that is gone; there are no objects of this one yet */
    if (!fill_class(definition, class) || !copy_struct(definition, &data))
        return false;
    class->data = data;
    own_members(definition);
    return true;
}

/* ---- names ---- */

/* p/A becomes p/A+0x0000000800000001: unlike any name that a class file can have. */
static Outcome name_hidden(Definition *definition)
{
    ClassFile *file = definition->file;
    uint32_t number = __atomic_add_fetch(&java_world()->hidden_count, 1, __ATOMIC_RELAXED);
    SymbolRef name = java_symbol_format("%s+0x%016llx", symbol_text(file->class.name), 0x800000000ull + 0x400ull * number);

    if (name == 0)
        return java_throw_memory(definition->thread);
    file->class.name = name;
    file->cells[file->class.this_index] = name;
    file->class.flags |= JAVA_CLASS_HIDDEN | (definition->define->flags & DEFINE_STRONG ? JAVA_CLASS_STRONG : 0) |
                         JAVA_CLASS_TRUST_FINAL_FIELDS;
    return OUTCOME_DONE;
}

static Outcome throw_duplicate(Definition *definition, uint32_t there)
{
    uint32_t loader = definition->define->loader;
    const char *place = access_class_place(there), *name = strstr(place, "loader ");

    return java_throw(definition->thread, "java/lang/LinkageError", "loader %s attempted duplicate %s definition for %s. (%s%s)",
                      name != NULL ? name + strlen("loader ") : "?", java_class_is_interface(there) ? "interface" : "class",
                      java_class_external_name(there), place, access_parent_loader(loader));
}

static Outcome check_name(Definition *definition)
{
    const JavaDefine *define = definition->define;
    SymbolRef name = definition->file->class.name;

    if (define->name != 0 && (define->flags & DEFINE_HIDDEN)) /* a hidden class may be made from a template */
        definition->file->class.name = name = define->name;
    if (define->name != 0 && define->name != name)
        return java_throw(definition->thread, "java/lang/NoClassDefFoundError", "%s (wrong name: %s)", symbol_text(define->name),
                          symbol_text(name));
    if (define->loader != 0 && strncmp(symbol_text(name), "java/", 5) == 0 && !java_loader_is_platform(define->loader))
        return java_throw(definition->thread, "java/lang/SecurityException", "Class loader (instance of): %s tried to load prohibited package name: %s",
                          access_loader_name(define->loader), java_external_name(java_package_name(name)));
    if (define->flags & DEFINE_HIDDEN)
        return OUTCOME_DONE;
    uint32_t there = java_find_loaded_nogc(define->loader, name);
    if (there != 0 && define->loader != 0)
        return throw_duplicate(definition, there);
    return OUTCOME_DONE;
}

static Outcome find_package(Definition *definition)
{
    uint32_t loader = definition->define->loader;
    uint32_t host = definition->define->lookup_class;

    if (host != 0) {
        definition->package = java_class_at(host)->package;
        definition->module = java_class_at(host)->module;
        return OUTCOME_DONE;
    }
    definition->package = java_package(loader, java_package_name(definition->file->class.name), true);
    if (definition->package == 0)
        return java_throw_memory(definition->thread);
    JavaPackage *package = ARENA(JavaPackage, definition->package);
    __atomic_or_fetch(&package->flags, PACKAGE_USED, __ATOMIC_RELAXED);
    definition->module = package->module;
    if (definition->module != 0)
        return OUTCOME_DONE;
    bool base = loader == 0 && (java_world()->java_base == 0 || !definition->file->strict);
    definition->module = base ? java_world()->java_base : java_unnamed_module(definition->thread, loader);
    if (definition->module == 0 && loader != 0)
        return java_throw_memory(definition->thread);
    return OUTCOME_DONE;
}

/* ---- the steps ---- */

static Outcome make_class(Definition *definition)
{
    Outcome outcome = check_name(definition);

    if (outcome == OUTCOME_DONE)
        outcome = find_supers(definition);
    if (outcome == OUTCOME_DONE)
        outcome = find_package(definition);
    if (outcome == OUTCOME_DONE)
        outcome = check_supers(definition);
    if (outcome == OUTCOME_DONE && (definition->define->flags & DEFINE_HIDDEN))
        outcome = name_hidden(definition);
    if (outcome != OUTCOME_DONE)
        return outcome;
    definition->wellknown = definition->define->loader == 0 ? wellknown_index(definition->file->class.name) : -1;
    if (!make_methods(definition) || !closure_plan(definition) || !vtable_plan(definition))
        return OUTCOME_THROW;
    return build(definition) ? OUTCOME_DONE : java_throw_memory(definition->thread);
}

static void close_definition(Definition *definition)
{
    memory_free(definition->interfaces);
    memory_free(definition->reference_map);
    array_free(&definition->closure);
    array_free(&definition->direct_closure);
    array_free(&definition->vtable);
    array_free(&definition->keys);
    array_free(&definition->mirandas);
    array_free(&definition->itable);
}

static void set_nest_mate(const Definition *definition)
{
    JavaClass *class = java_class_at(definition->class_index);

    if (!(definition->define->flags & DEFINE_NEST_MATE) || definition->define->lookup_class == 0)
        return;
    /* 0: not known yet; java_nest_host will ask the lookup class. */
    class->nest_host_class = __atomic_load_n(&java_class_at(definition->define->lookup_class)->nest_host_class, __ATOMIC_ACQUIRE);
}

/* The methods of a hidden class do not show in stack traces. */
static void hide_methods(const Definition *definition)
{
    const JavaClass *class = java_class_at(definition->class_index);

    if (definition->define->flags & DEFINE_HIDDEN)
        for (uint32_t i = 0; i < class->method_count; i++)
            method_at(class->first_method + i)->flags |= METHOD_HIDDEN;
}

Outcome define_class_file(Thread *thread, const JavaDefine *define, ClassFile *file, uint32_t *class_index)
{
    Definition definition = {.thread = thread, .define = define, .file = file};
    Outcome outcome = make_class(&definition);
    uint32_t other = 0;
    enum EnterResult entered = ENTER_DONE;

    close_definition(&definition);
    if (outcome != OUTCOME_DONE)
        return outcome;
    set_nest_mate(&definition);
    hide_methods(&definition);
    if (!mirror_make(thread, definition.class_index, define->protection_domain, define->class_data))
        return OUTCOME_THROW;
    if (!(define->flags & DEFINE_HIDDEN))
        entered = loader_enter_class(definition.class_index, &other);
    if (entered == ENTER_CONSTRAINED)
        return constraint_throw_loading(thread, define->loader, definition.class_index, other);
    if (entered == ENTER_THERE) {
        if (other == 0)
            return java_throw_memory(thread);
        if (define->loader != 0)
            return throw_duplicate(&definition, other);
        definition.class_index = other; /* another thread of the boot loader was faster */
    }
    if (java_class_at(definition.class_index)->index == java_class(CLASS) && !mirror_make_all(thread))
        return OUTCOME_THROW;
    java_dump_class(definition.class_index);
    *class_index = definition.class_index;
    return OUTCOME_DONE;
}
