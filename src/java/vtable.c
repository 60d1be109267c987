/* vtable.c - which method a virtual call means: overriding (JVMS 5.4.5), default methods, conflicts (5.4.6). */
#include <stdlib.h>
#include <string.h>

#include "java/define.h"

static int compare_indexes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t method_key(const JavaMethod *method)
{
    return method->name | (uint64_t)method->descriptor << 32;
}

/* ---- the closure of superinterfaces ---- */

typedef ARRAY_OF(uint32_t) IndexList;

static Result add_class(IndexList *list, uint32_t class_index, bool itself)
{
    const Class *class = class_at(class_index);
    const uint32_t *interfaces = ARENA(const uint32_t, class->interfaces);
    Result result = OK;

    if (itself)
        TRY(array_push(list, class_index));
    for (uint32_t i = 1; class->interfaces != 0 && i <= interfaces[0]; i++)
        TRY(array_push(list, interfaces[i]));
done:
    return result;
}

static void sort_unique(IndexList *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof(uint32_t), compare_indexes);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->items[i] != list->items[i - 1])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

bool closure_plan(Definition *definition)
{
    IndexList direct = {0}, all = {0};
    Result result = OK;

    for (uint32_t i = 0; i < definition->file->class.interface_count; i++)
        TRY(add_class(&direct, definition->interfaces[i], true));
    sort_unique(&direct);
    for (size_t i = 0; i < direct.count; i++)
        TRY(array_push(&all, direct.items[i]));
    if (definition->super != 0)
        TRY(add_class(&all, definition->super, false));
    sort_unique(&all);
done:
    memcpy(&definition->direct_closure, &direct, sizeof direct);
    memcpy(&definition->closure, &all, sizeof all);
    if (result != OK)
        (void)java_throw_memory(definition->thread);
    return result == OK;
}

/* ---- overriding ---- */

static bool is_virtual(const JavaMethod *method)
{
    return !(method->access_flags & (ACCESS_STATIC | ACCESS_PRIVATE)) && method->name != SYM(INIT) && method->name != SYM(CLINIT);
}

/* May a method of the class being defined override this inherited one? Names are equal. */
static bool may_override(const Definition *definition, const JavaMethod *inherited)
{
    const JavaClass *holder = java_method_holder(inherited);

    if (inherited->access_flags & (ACCESS_PUBLIC | ACCESS_PROTECTED))
        return true;
    if (inherited->access_flags & ACCESS_PRIVATE)
        return false;
    return holder->loader == definition->define->loader && holder->package == definition->package;
}

static bool refuse_final(Definition *definition, const JavaMethod *method, const JavaMethod *inherited)
{
    const char *name = java_external_name(definition->file->class.name);
    const char *holder = java_external_name(java_method_holder(inherited)->name);

    (void)java_throw(definition->thread, "java/lang/IncompatibleClassChangeError", "class %s overrides final method %s.%s%s", name,
                     holder, symbol_text(method->name), symbol_text(method->descriptor));
    return false;
}

static Result push_entry(Definition *definition, uint32_t method, uint64_t key)
{
    Result result;

    TRY(array_push(&definition->vtable, method));
    TRY(array_push(&definition->keys, key));
done:
    return result;
}

static bool add_method(Definition *definition, JavaMethod *method)
{
    uint64_t key = method_key(method);
    size_t count = definition->keys.count;
    bool overrides = false;

    for (size_t i = 0; i < count; i++) {
        if (definition->keys.items[i] != key)
            continue;
        const JavaMethod *inherited = java_method_at(definition->vtable.items[i]);
        if (!may_override(definition, inherited))
            continue;
        if ((inherited->access_flags & ACCESS_FINAL) && definition->file->strict)
            return refuse_final(definition, method, inherited);
        definition->vtable.items[i] = method->method.number;
        if (!overrides)
            method->vtable_index = (int32_t)i;
        overrides = true;
    }
    if (overrides)
        return true;
    method->vtable_index = (int32_t)count;
    if (push_entry(definition, method->method.number, key) == OK)
        return true;
    (void)java_throw_memory(definition->thread);
    return false;
}

/* ---- default methods ---- */

static const JavaMethod *declared_in(uint32_t interface, SymbolRef name, SymbolRef descriptor)
{
    uint32_t number = java_find_declared_method(interface, name, descriptor);
    const JavaMethod *method = number != 0 ? java_method_at(number) : NULL;

    return method != NULL && is_virtual(method) ? method : NULL;
}

static bool is_below_another(const uint32_t *candidates, size_t count, uint32_t holder)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t other = java_method_at(candidates[i])->method.holder;
        if (other != holder && java_is_subclass(other, holder))
            return true;
    }
    return false;
}

/* A method that raises IncompatibleClassChangeError: two unrelated defaults. */
static uint32_t make_conflict(Definition *definition, const JavaMethod *one)
{
    uint32_t number = method_new_block(1, sizeof(JavaMethod));
    JavaMethod *method;

    if (number == 0 || array_push(&definition->mirandas, number) != OK)
        return 0;
    method = java_method_at(number);
    method->name = one->name;
    method->descriptor = one->descriptor;
    method->access_flags = ACCESS_PUBLIC | ACCESS_ABSTRACT | ACCESS_SYNTHETIC;
    method->index = UINT16_MAX;
    method->return_type = one->return_type;
    method->parameter_count = one->parameter_count;
    method->java_flags = JAVA_METHOD_MIRANDA | JAVA_METHOD_OVERPASS_ERROR;
    method->itable_index = -1;
    method->method.argument_slots = one->method.argument_slots;
    method->method.language = LANGUAGE_JAVA;
    method->method.flags = METHOD_ABSTRACT | (one->method.flags & (METHOD_RETURNS_REFERENCE | METHOD_RETURNS_VOID));
    method_discard_code(&method->method);
    return number;
}

/* The maximally-specific method among the superinterfaces; an abstract one, or a conflict, if there is no default. */
static uint32_t select_default(Definition *definition, SymbolRef name, SymbolRef descriptor)
{
    IndexList candidates = {0};
    uint32_t chosen = 0, first = 0;
    bool conflict = false;

    for (size_t i = 0; i < definition->closure.count; i++) {
        const JavaMethod *method = declared_in(definition->closure.items[i], name, descriptor);
        if (method != NULL && array_push(&candidates, method->method.number) != OK)
            break;
    }
    for (size_t i = 0; i < candidates.count; i++) {
        const JavaMethod *method = java_method_at(candidates.items[i]);
        if (is_below_another(candidates.items, candidates.count, method->method.holder))
            continue;
        if (first == 0)
            first = candidates.items[i];
        if (method->access_flags & ACCESS_ABSTRACT)
            continue;
        conflict = conflict || chosen != 0;
        chosen = candidates.items[i];
    }
    array_free(&candidates);
    if (conflict)
        return make_conflict(definition, java_method_at(chosen));
    return chosen != 0 ? chosen : first;
}

/* The entry for a method that interfaces declare: what a class declares wins; else the most specific default. */
static bool add_interface_method(Definition *definition, const JavaMethod *method)
{
    uint64_t key = method_key(method);
    size_t place = SIZE_MAX;
    uint32_t selected;

    for (size_t i = 0; i < definition->keys.count; i++) {
        if (definition->keys.items[i] != key)
            continue;
        uint32_t number = definition->vtable.items[i];
        const JavaMethod *entry = java_method_at(number);
        bool own = number >= definition->first_method && number - definition->first_method < definition->file->class.method_count;
        if (own || (!(entry->java_flags & JAVA_METHOD_MIRANDA) && !java_class_is_interface(entry->method.holder)))
            return true;
        place = i;
    }
    selected = select_default(definition, method->name, method->descriptor);
    if (selected != 0) {
        if (place != SIZE_MAX) {
            definition->vtable.items[place] = selected;
            return true;
        }
        if (push_entry(definition, selected, key) == OK)
            return true;
    }
    (void)java_throw_memory(definition->thread);
    return false;
}

static bool add_interface(Definition *definition, uint32_t interface)
{
    const JavaClass *class = java_class_at(interface);

    for (uint32_t i = 0; i < class->method_count; i++) {
        const JavaMethod *method = java_method_at(class->first_method + i);
        if (is_virtual(method) && !add_interface_method(definition, method))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static bool plan_interface(Definition *definition)
{
    for (uint32_t i = 0; i < definition->file->class.method_count; i++) {
        JavaMethod *method = java_method_at(definition->first_method + i);
        if (!is_virtual(method))
            continue;
        method->itable_index = (int32_t)definition->itable.count;
        if (array_push(&definition->itable, method->method.number) != OK) {
            (void)java_throw_memory(definition->thread);
            return false;
        }
    }
    return true;
}

bool vtable_plan(Definition *definition)
{
    if (definition->file->class.access_flags & ACCESS_INTERFACE)
        return plan_interface(definition);
    if (definition->super != 0) {
        const Class *super = class_at(definition->super);
        for (uint32_t i = 0; i < super->vtable_length; i++)
            if (push_entry(definition, super->vtable[i], method_key(java_method_at(super->vtable[i]))) != OK) {
                (void)java_throw_memory(definition->thread);
                return false;
            }
    }
    for (uint32_t i = 0; i < definition->file->class.method_count; i++) {
        JavaMethod *method = java_method_at(definition->first_method + i);
        if (is_virtual(method) && !add_method(definition, method))
            return false;
    }
    for (size_t i = 0; i < definition->direct_closure.count; i++)
        if (!add_interface(definition, definition->direct_closure.items[i]))
            return false;
    return true;
}
