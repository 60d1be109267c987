/* unload.c - what classes of a dead loader have in the arena is given back. The world is stopped. */
#include <string.h>

#include "java/define.h"

static void free_block(ArenaRef block, size_t size)
{
    if (block != 0)
        arena_free(block, size == 0 ? 1 : size);
}

static void free_counted(ArenaRef block)
{
    if (block != 0)
        arena_free(block, (*ARENA(uint32_t, block) + 1) * sizeof(uint32_t));
}

static void free_errors(ArenaRef list)
{
    for (ArenaRef next; list != 0; list = next) {
        next = ARENA(JavaCachedError, list)->next;
        arena_free(list, sizeof(JavaCachedError));
    }
}

/* Their numbers are not given out again; the stub that their entries get does not look at them. One by one: some may
 * have been laid elsewhere since they were made. */
static void free_methods(uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        Method *method = method_at(i);
        ArenaRef code = method->code;
        method_discard_code(method);
        if (code != 0)
            method_free_code(code);
        arena_free(*method_place(i), sizeof(JavaMethod));
        *method_place(i) = 0;
    }
}

static void free_members(const JavaClass *data)
{
    const uint32_t *mirandas = ARENA(const uint32_t, data->mirandas);

    free_methods(data->first_method, data->method_count);
    for (uint32_t i = 1; data->mirandas != 0 && i <= mirandas[0]; i++)
        free_methods(mirandas[i], 1);
    free_block(data->fields, (data->field_count + data->injected_count) * sizeof(JavaField));
    free_counted(data->mirandas);
    free_counted(data->itable_methods);
}

static void free_class_file(const JavaClass *data)
{
    if (!(java_class_flags(data) & JAVA_CLASS_IN_JIMAGE))
        free_block(data->bytes, data->bytes_size);
    free_block(data->cp_tags, data->cp_count);
    free_block(data->cp_cells, data->cp_count * sizeof(uint64_t));
    free_block(data->cp_slots, data->cp_count * sizeof(uint16_t));
    free_block(data->bootstraps, data->bootstrap_count * sizeof(JavaBootstrap));
    free_block(data->call_sites, data->call_site_count * sizeof(JavaCallSite));
    free_block(data->interfaces, data->interface_count * sizeof(uint32_t));
    free_errors(data->cached_errors);
}

static void release(uint32_t class_index)
{
    Class *class = class_at(class_index);
    ArenaRef data = class->data;

    free_counted(class->interfaces);
    class->interfaces = 0;
    class->data = 0;
    if (!(class->flags & CLASS_ARRAY)) {
        free_class_file(ARENA(JavaClass, data));
        free_members(ARENA(JavaClass, data));
    }
    arena_free(data, sizeof(JavaClass));
}

void java_owner_died(uint32_t owner)
{
    loader_forget(owner);
    constraint_forget(owner);
    module_forget(owner);
    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++)
        if (*class_place(i) != 0 && class_at(i)->owner == owner && class_at(i)->data != 0 &&
            class_at(i)->language == LANGUAGE_JAVA)
            release(i);
}
