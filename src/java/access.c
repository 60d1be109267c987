/* access.c - may this class refer to that class, field or method? (JVMS 5.4.4; modules; nest mates) */
#include <string.h>

#include "java/define.h"
#include "java/raise.h"

bool java_same_package(uint32_t a, uint32_t b)
{
    const JavaClass *x = java_class_at(a), *y = java_class_at(b);

    if (x->dimensions != 0)
        x = java_class_at(x->bottom_class);
    if (y->dimensions != 0)
        y = java_class_at(y->bottom_class);
    return x->loader == y->loader && x->package == y->package;
}

bool access_from_package(uint32_t loader, ArenaRef package, ArenaRef module, uint32_t to)
{
    const JavaClass *target = java_class_at(to);

    if (target->dimensions != 0)
        target = java_class_at(target->bottom_class);
    if (target->primitive_type != 0 || (target->loader == loader && target->package == package))
        return true;
    if (!(target->access_flags & ACCESS_PUBLIC))
        return false;
    return module == target->module || (java_module_reads(module, target->module) && java_package_is_exported(target->package, module));
}

bool java_can_access_class(uint32_t from, uint32_t to)
{
    const JavaClass *class = java_class_at(from);

    if (from == to || access_from_package(class->loader, class->package, class->module, to))
        return true;
    return java_class(MAGIC_ACCESSOR) != 0 && java_is_subclass(from, java_class(MAGIC_ACCESSOR));
}

/* ---- nests ---- */

static bool lists_member(const JavaClass *host, SymbolRef member)
{
    uint32_t size;

    if (host->nest_members == 0)
        return false;
    const uint8_t *list = java_attribute(host, host->nest_members, &size);
    for (unsigned i = 0; i < read_be16(list); i++)
        if (java_pool_class_name(host, read_be16(list + 2 + 2 * i)) == member)
            return true;
    return false;
}

/* Several threads may find it at once: the same. */
static void keep_nest_host(uint32_t class_index, uint32_t host)
{
    __atomic_store_n(&java_class_at(class_index)->nest_host_class, host, __ATOMIC_RELEASE);
}

/* The host that its NestHost attribute names, if that agrees; else itself. Errors of loading it are dropped. */
Outcome java_nest_host(Thread *thread, uint32_t class_index, uint32_t *host)
{
    JavaClass *class = java_class_at(class_index);
    uint32_t found = 0;

    *host = __atomic_load_n(&class->nest_host_class, __ATOMIC_ACQUIRE);
    if (*host != 0)
        return OUTCOME_DONE;
    if (class->nest_host == 0 && (java_class_flags(class) & JAVA_CLASS_HIDDEN) && class->host_class != 0) { /* its lookup class's mate */
        Outcome outcome = java_nest_host(thread, class->host_class, &found);
        if (outcome == OUTCOME_DONE)
            keep_nest_host(class_index, *host = found);
        return outcome;
    }
    if (class->nest_host != 0) {
        Outcome outcome = java_try_class(thread, class_index, class->nest_host, &found);
        if (outcome == OUTCOME_PUSHED || outcome == OUTCOME_RETRY)
            return outcome;
        if (outcome == OUTCOME_THROW)
            thread->exception = found = 0;
    }
    class = java_class_at(class_index);
    if (found == 0 || !java_same_package(found, class_index) || !lists_member(java_class_at(found), class->name))
        found = class_index;
    keep_nest_host(class_index, *host = found);
    return OUTCOME_DONE;
}

static Outcome are_nest_mates(Thread *thread, uint32_t a, uint32_t b, bool *mates)
{
    uint32_t x, y;
    Outcome outcome = java_nest_host(thread, a, &x);

    if (outcome == OUTCOME_DONE)
        outcome = java_nest_host(thread, b, &y);
    if (outcome == OUTCOME_DONE)
        *mates = x == y;
    return outcome;
}

Outcome java_can_access_member(Thread *thread, uint32_t from, uint32_t through, uint32_t holder, unsigned access_flags, bool *allowed)
{
    *allowed = true;
    if (from == holder || (access_flags & ACCESS_PUBLIC))
        return OUTCOME_DONE;
    if (!(access_flags & ACCESS_PRIVATE) && java_same_package(from, holder))
        return OUTCOME_DONE;
    if (access_flags & ACCESS_PROTECTED) {
        if (java_is_subclass(from, holder) &&
            ((access_flags & ACCESS_STATIC) || from == through || java_is_subclass(through, from) || java_is_subclass(from, through)))
            return OUTCOME_DONE;
    } else if (access_flags & ACCESS_PRIVATE) {
        Outcome outcome = are_nest_mates(thread, from, holder, allowed);
        if (outcome != OUTCOME_DONE || *allowed)
            return outcome;
    }
    *allowed = java_class(MAGIC_ACCESSOR) != 0 && java_is_subclass(from, java_class(MAGIC_ACCESSOR));
    return OUTCOME_DONE;
}

/* ---- words for messages ---- */

static SymbolRef module_name(ArenaRef module)
{
    return module != 0 ? ARENA(JavaModule, module)->name : 0;
}

static void append_module(Bytes *text, ArenaRef module)
{
    SymbolRef name = module_name(module);
    uint32_t root = module != 0 ? ARENA(JavaModule, module)->mirror_root : 0;

    if (name != 0)
        (void)bytes_append_format(text, "module %s", symbol_text(name));
    else
        (void)bytes_append_format(text, "unnamed module @0x%x", root != 0 ? heap_identity_hash(heap_root(root)) : 0);
}

const char *access_module_name(ArenaRef module)
{
    SymbolRef name = module_name(module), all = name != 0 ? java_symbol_format("module %s", symbol_text(name)) : 0;
    return all != 0 ? symbol_text(all) : "unnamed module";
}

void access_append_module_reason(Bytes *text, const char *from_name, ArenaRef from, uint32_t to_index)
{
    const JavaClass *to = java_class_at(to_index);

    if (from == to->module || !(to->access_flags & ACCESS_PUBLIC))
        return;
    bool unread = !java_module_reads(from, to->module);
    (void)bytes_append_format(text, "class %s (in ", from_name);
    append_module(text, from);
    (void)bytes_append_format(text, ") cannot access class %s (in ", java_class_external_name(to_index));
    append_module(text, to->module);
    (void)bytes_append_text(text, ") because ");
    append_module(text, unread ? from : to->module);
    if (unread) {
        (void)bytes_append_text(text, " does not read ");
        append_module(text, to->module);
    } else {
        SymbolRef package = to->package != 0 ? ARENA(JavaPackage, to->package)->name : SYM(EMPTY);
        (void)bytes_append_format(text, " does not export %s to ", java_external_name(package));
        append_module(text, from);
    }
}

const char *access_class_place(uint32_t class_index)
{
    Bytes text = {0};
    java_append_class_in_module(&text, class_index, false);
    return java_keep_text(&text);
}

const char *access_joint_place(uint32_t a, uint32_t b)
{
    Bytes text = {0};
    java_append_classes_in_modules(&text, a, b);
    return java_keep_text(&text);
}

/* The parent of a user's loader, as messages name it; "" for the three of the library. */
const char *access_parent_loader(uint32_t loader)
{
    Value object = java_loader_object(loader), parent, name;
    uint32_t of = object != 0 ? object_class_index(object) : 0;

    if (object == 0 || of == java_class(PLATFORM_LOADER) || of == java_class(APPLICATION_LOADER))
        return "";
    parent = heap_load(object, java_offset(CLASS_LOADER_PARENT));
    if (parent == 0)
        return ", parent loader 'bootstrap'";
    name = heap_load(parent, java_offset(CLASS_LOADER_NAME_AND_ID));
    SymbolRef text = name != 0 ? java_symbol_from_string(name, false) : 0;
    SymbolRef all = text != 0 ? java_symbol_format(", parent loader %s", symbol_text(text)) : 0;
    return all != 0 ? symbol_text(all) : "";
}

/* 'app', 'bootstrap', 'name' @1b2c, p.Loader @1b2c. */
const char *access_loader_name(uint32_t loader)
{
    Value object = java_loader_object(loader);
    Value name = object != 0 ? heap_load(object, java_offset(CLASS_LOADER_NAME_AND_ID)) : 0;
    SymbolRef text = name != 0 ? java_symbol_from_string(name, false) : 0;

    return object == 0 ? "'bootstrap'" : text != 0 ? symbol_text(text) : java_class_external_name(object_class_index(object));
}
