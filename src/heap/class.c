/* class.c - class descriptors: made in the arena, entered in the class table, given up when their loader is dead. */
#include "heap/class.h"

#include "base/array.h"
#include "heap/heap_internal.h"

ArenaTable class_table;

/* Indexes of dead classes, oldest first out: so that a stale cache entry has long been dropped when one is used again. */
static struct {
    ARRAY_OF(uint32_t) indexes;
    size_t next;
    OsMutex lock;
} free_indexes;
#define FREE_INDEXES_KEPT 1024

static Class *class_make(uint32_t class_index, uint32_t vtable_length)
{
    ArenaRef block = arena_allocate_near(ARENA_CLASSES, sizeof(Class) + (size_t)vtable_length * sizeof(uint32_t));
    if (block == 0)
        return NULL;
    Class *class = ARENA(Class, block);
    class->index = class_index;
    class->vtable_length = vtable_length;
    __atomic_store_n(class_place(class_index), block, __ATOMIC_RELEASE);
    return class;
}

static uint32_t take_index(void)
{
    uint32_t index = 0;
    os_mutex_lock(&free_indexes.lock);
    if (free_indexes.indexes.count - free_indexes.next > FREE_INDEXES_KEPT)
        index = free_indexes.indexes.items[free_indexes.next++];
    os_mutex_unlock(&free_indexes.lock);
    return index != 0 ? index : arena_table_add(&class_table, 1);
}

static void give_index(uint32_t index)
{
    os_mutex_lock(&free_indexes.lock);
    if (free_indexes.next > FREE_INDEXES_KEPT) {
        free_indexes.indexes.count -= free_indexes.next;
        memmove(free_indexes.indexes.items, free_indexes.indexes.items + free_indexes.next,
                free_indexes.indexes.count * sizeof(uint32_t));
        free_indexes.next = 0;
    }
    (void)array_push(&free_indexes.indexes, index); /* without memory for it, the index is lost: no harm */
    os_mutex_unlock(&free_indexes.lock);
}

Result class_new(Class **made, uint32_t vtable_length)
{
    uint32_t index = take_index();
    if (index == 0)
        return error_set(ERROR_LIMIT, "too many classes");
    *made = class_make(index, vtable_length);
    if (*made == NULL) {
        give_index(index);
        return error_set(ERROR_MEMORY, "no room for a class");
    }
    return OK;
}

Result class_new_at(Class **made, uint32_t class_index, uint32_t vtable_length)
{
    assert(class_index >= class_table.first && class_index < CLASS_INDEX_LIMIT);
    if (*class_place(class_index) != 0)
        return error_set(ERROR_STATE, "class index %u is taken", class_index);
    *made = class_make(class_index, vtable_length);
    return *made != NULL ? OK : error_set(ERROR_MEMORY, "no room for a class");
}

static size_t class_bytes(const Class *class)
{
    return sizeof(Class) + (size_t)class->vtable_length * sizeof(uint32_t);
}

bool class_was_accessed(uint32_t class_index)
{
    return arena_was_accessed(*class_place(class_index), class_bytes(class_at(class_index)));
}

void class_lay_for_start(uint32_t class_index)
{
    ArenaRef *entry = class_place(class_index);
    *entry = arena_lay(ARENA_START, *entry, class_bytes(class_at(class_index)));
}

void class_release(uint32_t class_index)
{
    ArenaRef block = *class_place(class_index);
    Class *class = ARENA(Class, block);
    size_t size = class_bytes(class);
    arena_free(class->reference_map_more, class->reference_map_words * sizeof(uint64_t));
    *class_place(class_index) = 0;
    arena_free(block, size);
    give_index(class_index);
}

static Result make_hidden_class(uint32_t class_index, enum ObjectFormat format, bool references)
{
    Class *class;
    Result result = class_new_at(&class, class_index, 0);
    if (result != OK)
        return result;
    class->format = (uint8_t)format;
    class->element_shift = 3;
    class->elements_are_references = references;
    class->flags = format == FORMAT_JAVA_ARRAY ? CLASS_ARRAY : 0;
    class->slots = format == FORMAT_JAVA_ARRAY;
    class->initialized = 1;
    return OK;
}

Result class_tables_open(uint32_t first_class)
{
    Result result;

    free_indexes.indexes.count = free_indexes.next = 0;
    TRY(arena_table_open_down(&class_table, "classes", sizeof(ArenaRef), first_class, CLASS_INDEX_LIMIT, ARENA_PREFERRED_BASE));
done:
    return result;
}

Result class_tables_fill(void)
{
    Result result;

    TRY(arena_table_reach(&class_table, CLASS_INDEX_JAVA_FIRST));
    TRY(make_hidden_class(CLASS_INDEX_HIDDEN_REFERENCES, FORMAT_JAVA_ARRAY, true));
    TRY(make_hidden_class(CLASS_INDEX_HIDDEN_RAW, FORMAT_JAVA_ARRAY, false));
    TRY(make_hidden_class(CLASS_INDEX_FILLER, FORMAT_INDEXED_64, false));

done:
    return result;
}
