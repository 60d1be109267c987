/* check.c - checks the objects of an image before they come near the heap: each object ends where the next begins, has
 * a class that fits it, and each reference in objects and roots is the address of an object.
 *
 * It reads the file's sections where they are viewed, so it knows addresses of the saved heap only: an object's
 * position is its distance from objects_start. */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "image/image_internal.h"

#define METHOD_LITERALS_MASK 0x7fffu

typedef struct Checker {
    const ImageContents *contents;
    ImageView objects, arena, crossings;
    Bytes classes, roots;
    uint64_t start, size; /* of the objects */
    uint64_t *starts;     /* a bit for each 8 bytes: an object's header is here */
    uint32_t class_count;
} Checker;

typedef struct Object {
    uint64_t at; /* position of its header */
    uint64_t header, slots;
} Object;

static Result bad_object(const Checker *checker, const Object *object, const char *what)
{
    return error_set(ERROR_FORMAT, "%s: damaged: the object at 0x%" PRIx64 " (byte %" PRIu64 " of section objects): %s",
                     image_reader_path(checker->contents->reader), checker->start + object->at, object->at, what);
}

static uint64_t word_at(const Checker *checker, uint64_t position)
{
    return ((const uint64_t *)(const void *)checker->objects.data)[position / 8];
}

/* The next object from *cursor on; false at the end, or at what is no object (*result). */
static bool next_object(const Checker *checker, uint64_t *cursor, Object *object, Result *result)
{
    while (*cursor < checker->size && word_at(checker, *cursor) == 0) *cursor += 8; /* unused words */
    if (*cursor >= checker->size)
        return false;
    object->at = *cursor;
    object->header = word_at(checker, *cursor);
    object->slots = object->header >> HEADER_SLOTS_SHIFT;
    if (object->slots == HEADER_SLOTS_MANY) {
        object->slots = object->header & HEADER_SLOTS_MAX;
        object->at += 8;
        object->header = object->at < checker->size ? word_at(checker, object->at) : 0;
        if (object->header >> HEADER_SLOTS_SHIFT != HEADER_SLOTS_MANY) {
            *result = bad_object(checker, object, "its header is missing");
            return false;
        }
    }
    uint64_t body = object->slots + (object->slots == 0);
    if (body > (checker->size - object->at - OBJECT_BODY) / 8) {
        *result = bad_object(checker, object, "it reaches beyond the end");
        return false;
    }
    *cursor = object->at + OBJECT_BODY + 8 * body;
    return true;
}

/* ---- classes ---- */

/* 0: there is none. */
static ArenaRef class_block(const Checker *checker, uint32_t class_index)
{
    uint8_t *end = checker->classes.data + checker->classes.size;
    bool is_in = class_index >= class_table.first && class_index < checker->class_count;
    return is_in ? *ARENA_ELEMENT_DOWN(ArenaRef, end, class_index - class_table.first) : 0;
}

/* NULL: there is none. */
static const Class *class_for(const Checker *checker, uint32_t class_index)
{
    ArenaRef block = class_block(checker, class_index);
    return block == 0 ? NULL : (const Class *)(const void *)(checker->arena.data + block);
}

static bool arena_has(const Checker *checker, ArenaRef block, uint64_t size)
{
    uint64_t bytes = checker->contents->machine.arena_bytes;
    return block % 8 == 0 && block <= bytes && size <= bytes - block;
}

static bool map_fits(uint64_t map, uint64_t first, uint64_t slots)
{
    return map == 0 || first + 63 - (unsigned)__builtin_clzll(map) < slots;
}

static bool class_is_good(const Checker *checker, uint32_t index, ArenaRef block)
{
    if (!arena_has(checker, block, sizeof(Class)))
        return false;
    const Class *class = (const Class *)(const void *)(checker->arena.data + block);
    if (class->index != index || class->element_shift > 3 || class->format > 31 ||
        !arena_has(checker, block, sizeof(Class) + 4ull * class->vtable_length) ||
        !arena_has(checker, class->reference_map_more, 8ull * class->reference_map_words))
        return false;
    const uint64_t *more = (const uint64_t *)(const void *)(checker->arena.data + class->reference_map_more);
    bool good = class->format != FORMAT_JAVA_INSTANCE || map_fits(class->reference_map, 0, class->slots);
    for (uint32_t i = 0; i < class->reference_map_words; i++) good = good && map_fits(more[i], 64 * (i + 1ull), class->slots);
    return good;
}

static Result check_classes(const Checker *checker)
{
    for (uint32_t i = class_table.first; i < checker->class_count; i++) {
        ArenaRef block = class_block(checker, i);
        if (block != 0 && !class_is_good(checker, i, block))
            return error_set(ERROR_FORMAT, "%s: damaged: the descriptor of class %u",
                             image_reader_path(checker->contents->reader), i);
    }
    return OK;
}

/* ---- objects ---- */

static Result check_array(const Checker *checker, const Object *object, const Class *class)
{
    uint64_t length = object->slots == 0 ? 0 : word_at(checker, object->at + ARRAY_LENGTH_OFFSET);
    unsigned shift = class->elements_are_references ? 3 : class->element_shift;

    if (object->slots == 0 || length > INT32_MAX || length << shift > 8 * (object->slots - 1))
        return bad_object(checker, object, "its length does not fit");
    return OK;
}

static Result check_object(const Checker *checker, const Object *object)
{
    uint32_t format = header_format(object->header);
    const Class *class = class_for(checker, (uint32_t)(object->header & HEADER_CLASS_MASK));
    bool by_class = format == FORMAT_JAVA_INSTANCE || format == FORMAT_JAVA_ARRAY || format == FORMAT_WEAK;

    if (object->header & HEADER_FORWARDED || format == FORMAT_FORWARDER)
        return bad_object(checker, object, "it is forwarded");
    if (!by_class)
        return OK;
    if (class == NULL || (class->format != format && format != FORMAT_WEAK))
        return bad_object(checker, object, "its class does not fit");
    if (format == FORMAT_WEAK) /* a Smalltalk class may say something else by now */
        return OK;
    if (format == FORMAT_JAVA_ARRAY)
        return check_array(checker, object, class);
    return object->slots >= class->slots ? OK : bad_object(checker, object, "it is too small for its class");
}

/* All objects have good extents and classes; notes where each starts. */
static Result check_extents(Checker *checker)
{
    Result result = OK;
    Object object;

    for (uint64_t cursor = 0; next_object(checker, &cursor, &object, &result);) {
        checker->starts[object.at / 512] |= 1ull << object.at / 8 % 64;
        TRY(check_object(checker, &object));
    }
done:
    return result;
}

/* ---- crossings: for each card, the way back to the object that covers it (heap_internal.h of heap draws it) ---- */

static bool is_start(const Checker *checker, uint64_t position)
{
    return position < checker->size && checker->starts[position / 512] >> position / 8 % 64 & 1;
}

/* An object, its overflow word, or an unused word. */
static bool is_extent(const Checker *checker, uint64_t position)
{
    uint64_t word = word_at(checker, position);
    return word == 0 || is_start(checker, position + (word >> HEADER_SLOTS_SHIFT == HEADER_SLOTS_MANY ? 8 : 0));
}

static Result check_crossings(const Checker *checker)
{
    const uint64_t card_bytes = 1ull << HEAP_CARD_SHIFT;
    bool good = true;

    for (uint64_t card = 0; good && card < heap_crossing_bytes(checker->size); card++) {
        uint64_t back = checker->crossings.data[card];
        if (back < 64)
            good = 8 * back <= card * card_bytes && is_extent(checker, card * card_bytes - 8 * back);
        else
            good = back < 64 + 48 && 1ull << (back - 64) <= card;
    }
    if (!good)
        return error_set(ERROR_FORMAT, "%s: damaged: section crossings does not fit the objects",
                         image_reader_path(checker->contents->reader));
    return OK;
}

/* ---- references ---- */

static bool leads_to_object(const Checker *checker, Value value)
{
    return !value_is_object(value) || is_start(checker, value - checker->start);
}

static bool slots_are_good(const Checker *checker, const Object *object, uint64_t first, uint64_t limit)
{
    const Value *slots = (const Value *)(const void *)(checker->objects.data + object->at + OBJECT_BODY);
    for (uint64_t i = first; i < limit; i++)
        if (!leads_to_object(checker, slots[i]))
            return false;
    return true;
}

static bool mapped_slots_are_good(const Checker *checker, const Object *object, const Class *class)
{
    const uint64_t *more = (const uint64_t *)(const void *)(checker->arena.data + class->reference_map_more);

    for (uint32_t word = 0; word <= class->reference_map_words; word++)
        for (uint64_t map = word == 0 ? class->reference_map : more[word - 1]; map != 0; map &= map - 1) {
            uint64_t slot = 64ull * word + (unsigned)__builtin_ctzll(map);
            if (!slots_are_good(checker, object, slot, slot + 1))
                return false;
        }
    return true;
}

static bool references_are_good(const Checker *checker, const Object *object)
{
    uint32_t format = header_format(object->header);
    const Class *class = class_for(checker, (uint32_t)(object->header & HEADER_CLASS_MASK));

    if (format == FORMAT_JAVA_INSTANCE)
        return mapped_slots_are_good(checker, object, class);
    if (format == FORMAT_JAVA_ARRAY)
        return !class->elements_are_references || slots_are_good(checker, object, 1, object->slots);
    if (format >= FORMAT_FIXED && format <= FORMAT_EPHEMERON)
        return slots_are_good(checker, object, 0, object->slots);
    if (format < FORMAT_METHOD)
        return true;
    Value header = word_at(checker, object->at + OBJECT_BODY);
    uint64_t literals = value_is_integer(header) ? (uint64_t)value_integer(header) & METHOD_LITERALS_MASK : 0;
    return slots_are_good(checker, object, 1, literals < object->slots ? literals + 1 : object->slots);
}

static Result check_references(Checker *checker)
{
    Result result = OK;
    Object object;

    for (uint64_t cursor = 0; next_object(checker, &cursor, &object, &result);)
        if (!references_are_good(checker, &object))
            return bad_object(checker, &object, "a reference in it leads to no object");
    return result;
}

static Result check_roots(Checker *checker, uint64_t count)
{
    uint8_t *end = checker->roots.data + checker->roots.size;

    for (uint64_t i = 1; i < count; i++)
        if (!leads_to_object(checker, *ARENA_ELEMENT_DOWN(Value, end, i)))
            return error_set(ERROR_FORMAT, "%s: damaged: root %" PRIu64 " leads to no object",
                             image_reader_path(checker->contents->reader), i);
    return OK;
}

/* ---- all of it ---- */

/* The whole table, with its hole. */
static Result read_table(const Checker *checker, const char *name, const ImageSection **section, Bytes *table)
{
    Result result = OK;
    ImageView view = {0};

    TRY(image_need_section(checker->contents->reader, name, section));
    TRY(image_view_section(checker->contents->reader, *section, &view));
    TableHole hole = table_hole(*section); /* has been checked */
    TRY(bytes_allocate(table, (*section)->size + hole.size));
    memcpy(table->data, view.data, hole.start);
    memcpy(table->data + hole.start + hole.size, view.data + hole.start, (*section)->size - hole.start);
done:
    image_view_close(&view);
    return result;
}

Result image_check_objects(const ImageContents *contents)
{
    Result result = OK;
    Checker checker = {.contents = contents, .start = contents->machine.objects_start, .size = contents->objects->size};
    const ImageSection *classes = NULL, *roots = NULL;

    checker.starts = memory_allocate(checker.size / 64 + 8);
    if (checker.starts == NULL)
        return ERROR_MEMORY;
    TRY(image_view_section(contents->reader, contents->objects, &checker.objects));
    TRY(image_view_section(contents->reader, contents->arena, &checker.arena));
    TRY(image_view_section(contents->reader, contents->crossings, &checker.crossings));
    TRY(read_table(&checker, "table.classes", &classes, &checker.classes));
    TRY(read_table(&checker, "table.roots", &roots, &checker.roots));
    checker.class_count = (uint32_t)classes->info;
    TRY(check_classes(&checker));
    TRY(check_extents(&checker));
    TRY(check_crossings(&checker));
    TRY(check_references(&checker));
    TRY(check_roots(&checker, (uint32_t)roots->info));
done:
    image_view_close(&checker.objects);
    image_view_close(&checker.arena);
    image_view_close(&checker.crossings);
    bytes_free(&checker.classes);
    bytes_free(&checker.roots);
    memory_free(checker.starts);
    return result;
}
