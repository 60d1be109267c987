/* load.c - brings an image back: first everything is looked at, then the sections take their places.
 *
 * Sections are mapped copy-on-write over what opening the heap has reserved, so a page of the file is read when it is
 * touched. Objects go to the heap's base; when that is another address than at the save, each reference is slid. The
 * arena holds no addresses and may lie anywhere. */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "image/image_internal.h"

typedef struct LoadedPart {
    const uint8_t *data;
    size_t size;
    Bytes room;
} LoadedPart;

typedef struct Loading {
    ImageContents contents;
    ImageLoad load;
    const ImagePart *const *parts;
    size_t part_count;
    LoadedPart *loaded;
} Loading;

static Result mismatch(const Loading *loading, const char *what)
{
    return error_set(ERROR_FORMAT, "%s: %s", image_reader_path(loading->contents.reader), what);
}

/* ---- looking ---- */

static Result check_identity(Loading *loading, const ImageIdentity *identity, const ImageLoadOptions *options)
{
    const ImageIdentity *saved = image_identity(loading->contents.reader);

    loading->load.trusted = options->trust == IMAGE_TRUSTED;
    loading->load.same_build = strncmp(saved->build, identity->build, sizeof saved->build) == 0;
    loading->load.same_code_version = loading->load.same_build ||
        saved->code_version == (options->code_version != NULL ? options->code_version() : identity->code_version);
    bool fits = options->same_build ? loading->load.same_build : loading->load.same_code_version || options->other_code_version;
    if (!fits)
        return error_set(ERROR_FORMAT, "%s: made by another version of Coracle (%s)",
                         image_reader_path(loading->contents.reader), saved->build);
    return OK;
}

static Result read_machine(Loading *loading)
{
    Result result = OK;
    const ImageReader *reader = loading->contents.reader;
    ImageMachine *machine = &loading->contents.machine;
    const ImageSection *section = NULL;

    TRY(image_need_section(reader, "machine", &section));
    if (section->size != sizeof *machine)
        return mismatch(loading, "section machine has another size");
    TRY(image_copy_section(reader, section, machine));
    if (machine->size_bytes != sizeof *machine || machine->class_bytes != sizeof(Class) ||
        machine->class_index_java != CLASS_INDEX_JAVA || machine->reserved != 0)
        return mismatch(loading, "its machine is laid out in another way");
    if (machine->part_count != loading->part_count)
        return mismatch(loading, "it does not consist of this machine's parts");
done:
    return result;
}

static Result check_objects_section(Loading *loading)
{
    Result result = OK;
    ImageContents *contents = &loading->contents;
    const ImageMachine *machine = &contents->machine;
    const ImageSection *crossings = NULL;

    TRY(image_need_section(contents->reader, "objects", &contents->objects));
    TRY(image_need_section(contents->reader, "crossings", &crossings));
    if (!(contents->objects->flags & IMAGE_MAPPED) || machine->objects_start % 8 != 0 || machine->objects_end % 8 != 0 ||
        machine->objects_end < machine->objects_start || machine->objects_start != contents->objects->address ||
        contents->objects->size != machine->objects_end - machine->objects_start)
        return mismatch(loading, "section objects is not where it should be");
    if (contents->objects->size > heap_image_room_bytes())
        return error_set(ERROR_LIMIT, "%s: %" PRIu64 " MB of objects do not fit in the heap",
                         image_reader_path(contents->reader), contents->objects->size >> 20);
    if (!(crossings->flags & IMAGE_MAPPED) || crossings->size != heap_crossing_bytes(contents->objects->size))
        return mismatch(loading, "section crossings does not fit the objects");
    contents->crossings = crossings;
    contents->distance = (int64_t)(heap_preferred_base() - machine->objects_start);
    loading->load.heap_distance = contents->distance;
done:
    return result;
}

static Result check_arena_section(Loading *loading)
{
    Result result = OK;
    ImageContents *contents = &loading->contents;

    TRY(image_need_section(contents->reader, "arena", &contents->arena));
    if (!(contents->arena->flags & IMAGE_MAPPED) || contents->arena->size != contents->machine.arena_bytes ||
        contents->arena->size > UINT32_MAX - IMAGE_ALIGNMENT_BYTES)
        return mismatch(loading, "section arena has another size");
    if (contents->arena->size > arena_room_bytes())
        return error_set(ERROR_LIMIT, "%s: %" PRIu64 " MB of metadata do not fit in the address space",
                         image_reader_path(contents->reader), contents->arena->size >> 20);
done:
    return result;
}

static Result find_table(const Loading *loading, const ArenaTable *table, const ImageSection **section)
{
    char name[IMAGE_NAME_BYTES];
    image_part_section_name(name, "table", table->name);
    return image_need_section(loading->contents.reader, name, section);
}

static Result bad_table(const Loading *loading, const ArenaTable *table)
{
    return error_set(ERROR_FORMAT, "%s: table %s is laid out in another way", image_reader_path(loading->contents.reader),
                     table->name);
}

static Result check_chunks(const Loading *loading, const ArenaTable *table, const ImageSection *section)
{
    Result result = OK;
    ArenaRef chunks[ARENA_TABLE_CHUNKS];
    uint32_t used = arena_table_chunks(table, (uint32_t)section->info);
    uint64_t arena_bytes = loading->contents.arena->size;

    if (section->size != sizeof chunks || section->flags != 0)
        return bad_table(loading, table);
    TRY(image_copy_section(loading->contents.reader, section, chunks));
    for (uint32_t i = table->first_bits == 0; i < used && (uint32_t)section->info > 1; i++)
        if (chunks[i] == 0 || chunks[i] % 8 != 0 || chunks[i] > arena_bytes ||
            arena_table_chunk_bytes(table, i) > arena_bytes - chunks[i])
            return bad_table(loading, table);
done:
    return result;
}

static Result check_table(const Loading *loading, const ArenaTable *table)
{
    Result result = OK;
    const ImageSection *section = NULL;

    TRY(find_table(loading, table, &section));
    uint32_t count = (uint32_t)section->info;
    uint64_t size = arena_table_bytes(table, count);
    TableHole hole = table_hole(section);
    bool good = section->info >> 32 == table->element_bytes && count != 0 && count <= table->limit;
    if (good && table->is_chunked)
        return check_chunks(loading, table, section);
    if (!good || hole.size > size || hole.start > size - hole.size || section->size != size - hole.size ||
        !(section->flags & IMAGE_MAPPED))
        return bad_table(loading, table);
done:
    return result;
}

static Result check_tables(const Loading *loading)
{
    Result result = OK;
    ArenaTable *const *tables = NULL;
    size_t count = arena_tables(&tables);

    for (size_t i = 0; i < count; i++) TRY(check_table(loading, tables[i]));
    if (count != loading->contents.machine.table_count)
        return mismatch(loading, "it has tables that this machine does not have");
done:
    return result;
}

static Result check_part(Loading *loading, size_t index)
{
    Result result = OK;
    const ImagePart *part = loading->parts[index];
    LoadedPart *loaded = &loading->loaded[index];
    const ImageSection *section = NULL;
    char name[IMAGE_NAME_BYTES];

    image_part_section_name(name, "part", part->name);
    TRY(image_need_section(loading->contents.reader, name, &section));
    TRY(image_borrow_section(loading->contents.reader, section, &loaded->room, &loaded->data));
    loaded->size = section->size;
    if (part->check != NULL) {
        Reader bytes = reader_over(loaded->data, loaded->size);
        result = part->check(&loading->load, &bytes);
        if (result != OK)
            error_prefix(result, "%s: %s", image_reader_path(loading->contents.reader), part->name);
    }
done:
    return result;
}

static Result check_heap_is_fresh(const Loading *loading)
{
    if (heap_stats().used_bytes != 0 || heap_is_image_nogc(heap_preferred_base()))
        return error_set(ERROR_STATE, "%s: the heap has objects already", image_reader_path(loading->contents.reader));
    return OK;
}

/* Nothing has changed when this returns. */
static Result look(Loading *loading, ImageReader *reader, const ImageIdentity *identity, const ImageLoadOptions *options)
{
    Result result = OK;

    TRY(check_heap_is_fresh(loading));
    TRY(check_identity(loading, identity, options));
    TRY(read_machine(loading));
    TRY(check_objects_section(loading));
    TRY(check_arena_section(loading));
    TRY(check_tables(loading));
    if (options->trust == IMAGE_VERIFIED)
        TRY(image_check_objects(&loading->contents));
    for (size_t i = 0; i < loading->part_count; i++) TRY(check_part(loading, i));
    TRY(image_reader_expect_touches(reader, options->note_touches));
done:
    return result;
}

/* ---- taking place ---- */

static Result place_arena(const Loading *loading)
{
    Result result = OK;
    const ImageSection *arena = loading->contents.arena;
    uint64_t start = image_round_up(arena->size), end = image_round_up(arena_used_bytes());

    if (end > start) /* memory of before, behind what is mapped over it, reads as zero again */
        TRY(os_memory_clear(arena_base + start, end - start));
    TRY(image_map_section(loading->contents.reader, arena, arena_base));
done:
    return result;
}

static Result place_flat_table(const Loading *loading, const ImageSection *section, ArenaTable *table)
{
    Result result = OK;
    ImageReader *reader = loading->contents.reader;
    TableHole hole = table_hole(section);
    uint64_t size = section->size + hole.size;
    uint8_t *start = arena_table_memory(table, size);
    if (hole.size != 0) {
        TRY(arena_table_clear(table, 0));
        TRY(os_memory_commit(start + hole.start, hole.size));
        if (hole.start != 0)
            TRY(image_map_section_part(reader, section, 0, hole.start, start));
        if (section->size != hole.start)
            TRY(image_map_section_part(reader, section, hole.start, section->size - hole.start, start + hole.start + hole.size));
    } else {
        TRY(arena_table_clear(table, size));
        TRY(image_map_section(reader, section, start));
    }
done:
    return result;
}

static Result place_table(const Loading *loading, ArenaTable *table)
{
    Result result = OK;
    const ImageSection *section = NULL;

    TRY(find_table(loading, table, &section));
    if (table->is_chunked)
        TRY(image_copy_section(loading->contents.reader, section, table->chunks));
    else
        TRY(place_flat_table(loading, section, table));
    arena_table_adopt(table, (uint32_t)section->info, table->is_chunked ? 0 : section->size + table_hole(section).size);
done:
    return result;
}

static Result place_tables(const Loading *loading)
{
    Result result = OK;
    ArenaTable *const *tables = NULL;
    size_t count = arena_tables(&tables);

    for (size_t i = 0; i < count; i++) TRY(place_table(loading, tables[i]));
done:
    return result;
}

static void slide_reference(void *context, Value *slot)
{
    const Loading *loading = context;
    if (value_is_object(*slot))
        *slot += (uint64_t)loading->contents.distance;
}

/* The heap does not know these objects yet, so they are walked here. */
static void slide_references(Loading *loading)
{
    uint64_t at = heap_preferred_base(), end = at + loading->contents.objects->size;

    while (at < end) {
        uint64_t word = *(const uint64_t *)(uintptr_t)at;
        if (word == 0) {
            at += 8;
            continue;
        }
        Value object = at + (word >> HEADER_SLOTS_SHIFT == HEADER_SLOTS_MANY ? 8 : 0);
        heap_each_slot(object, slide_reference, loading);
        at = object + object_size_bytes(object);
    }
    heap_each_kept_reference(slide_reference, loading);
}

static Result take_places(Loading *loading)
{
    Result result = OK;
    const ImageContents *contents = &loading->contents;
    uint64_t start = heap_preferred_base();
    OsStretch young;

    TRY(image_map_section(contents->reader, contents->objects, (void *)(uintptr_t)start));
    TRY(place_arena(loading));
    TRY(place_tables(loading));
    TRY(image_map_section(contents->reader, contents->crossings, heap_image_crossings_place()));
    if (contents->distance != 0)
        slide_references(loading);
    TRY(heap_adopt_image(start, start + contents->objects->size));
    young.address = heap_young_soon(&young.size);
    image_ready(contents->reader, &young);
    TRY(arena_adopt(contents->arena->size));
done:
    return result;
}

static Result load_parts(Loading *loading)
{
    Result result = OK;

    for (size_t i = 0; i < loading->part_count; i++) {
        const ImagePart *part = loading->parts[i];
        Reader bytes = reader_over(loading->loaded[i].data, loading->loaded[i].size);
        if (part->load != NULL)
            result = part->load(&loading->load, &bytes);
        if (result != OK)
            return error_prefix(result, "%s: %s", image_reader_path(loading->contents.reader), part->name);
        if (bytes.failed)
            return error_set(ERROR_FORMAT, "%s: part %s is cut off", image_reader_path(loading->contents.reader), part->name);
    }
    for (size_t i = 0; i < loading->part_count; i++)
        if (loading->parts[i]->thaw != NULL)
            TRY(loading->parts[i]->thaw(&loading->load));
done:
    return result;
}

/* ---- all of it ---- */

static Result open_loading(Loading *loading, ImageReader *reader)
{
    loading->contents.reader = loading->load.reader = reader;
    loading->part_count = image_parts(&loading->parts);
    loading->loaded = memory_allocate_array(loading->part_count, sizeof *loading->loaded);
    return loading->loaded == NULL ? ERROR_MEMORY : OK;
}

static void close_loading(Loading *loading)
{
    for (size_t i = 0; loading->loaded != NULL && i < loading->part_count; i++) bytes_free(&loading->loaded[i].room);
    memory_free(loading->loaded);
}

Result image_load_heap(const char *path, const ImageIdentity *identity, const ImageLoadOptions *options, bool *committed)
{
    static const ImageLoadOptions defaults = {.trust = IMAGE_TRUSTED};
    Result result = OK;
    ImageReader *reader = NULL;
    ImageHead head;
    Loading loading = {0};
    bool placed = false;

    if (options == NULL)
        options = &defaults;
    TRY(image_reader_open(&reader, path, options->trust, &head));
    TRY(open_loading(&loading, reader));
    TRY(look(&loading, reader, identity, options));
    placed = true;
    TRY(take_places(&loading));
    TRY(load_parts(&loading));
done:
    if (committed != NULL)
        *committed = placed;
    close_loading(&loading);
    image_reader_close(reader);
    return result;
}
