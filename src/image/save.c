/* save.c - writes the machine: objects, parts, tables, arena.
 *
 * The arena comes last, since parts may still put something in it while they save. */
#include <string.h>

#include "base/memory.h"
#include "image/image_internal.h"

static Result save_machine(ImageWriter *writer, uint64_t start, uint64_t end, uint32_t table_count, size_t part_count)
{
    ImageMachine machine = {
        .size_bytes = sizeof machine,
        .class_bytes = sizeof(Class),
        .objects_start = start,
        .objects_end = end,
        .arena_bytes = arena_used_bytes(),
        .table_count = table_count,
        .part_count = (uint32_t)part_count,
        .class_index_java = CLASS_INDEX_JAVA,
    };
    return image_add_section(writer, "machine", &machine, sizeof machine, 0, 0, 0);
}

static Result save_objects(ImageWriter *writer, uint64_t start, uint64_t end)
{
    Result result = OK;
    void *crossings = NULL;
    size_t crossing_bytes = 0;

    TRY(image_add_section(writer, "objects", (const void *)(uintptr_t)start, end - start, IMAGE_MAPPED, start, 0));
    TRY(heap_image_crossings(start, end, &crossings, &crossing_bytes));
    TRY(image_add_section(writer, "crossings", crossings, crossing_bytes, IMAGE_MAPPED, 0, 0));
done:
    memory_free(crossings);
    return result;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 8)
        if (*(const uint64_t *)(const void *)(bytes + i) != 0)
            return false;
    return true;
}

static TableHole find_hole(const uint8_t *table, size_t size)
{
    TableHole best = {0, 0}, now = {0, 0};

    for (size_t at = 0; at + IMAGE_ALIGNMENT_BYTES <= size; at += IMAGE_ALIGNMENT_BYTES) {
        if (!is_zero(table + at, IMAGE_ALIGNMENT_BYTES)) {
            now = (TableHole){at + IMAGE_ALIGNMENT_BYTES, 0};
            continue;
        }
        now.size += IMAGE_ALIGNMENT_BYTES;
        if (now.size > best.size)
            best = now;
    }
    return best;
}

static Result save_flat(ImageWriter *writer, const ArenaTable *table, const char *name, uint64_t info)
{
    Result result = OK;
    size_t size = arena_table_bytes(table, table->count);
    const uint8_t *start = arena_table_memory(table, size);
    TableHole hole = find_hole(start, size);
    uint64_t place = hole.start / IMAGE_ALIGNMENT_BYTES | hole.size / IMAGE_ALIGNMENT_BYTES << 32;

    TRY(image_begin_section(writer, name, IMAGE_MAPPED, place, info));
    TRY(image_write(writer, start, hole.start));
    TRY(image_write(writer, start + hole.start + hole.size, size - hole.start - hole.size));
    TRY(image_end_section(writer));
done:
    return result;
}

/* Of a chunked table, which lies in the arena: where its chunks are. */
static Result save_table(ImageWriter *writer, const ArenaTable *table)
{
    char name[IMAGE_NAME_BYTES];
    uint64_t info = (uint64_t)table->element_bytes << 32 | table->count;

    image_part_section_name(name, "table", table->name);
    return table->is_chunked ? image_add_section(writer, name, table->chunks, sizeof table->chunks, 0, 0, info)
                             : save_flat(writer, table, name, info);
}

static Result save_tables(ImageWriter *writer, uint32_t *table_count)
{
    Result result = OK;
    ArenaTable *const *tables = NULL;
    size_t count = arena_tables(&tables);

    *table_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) TRY(save_table(writer, tables[i]));
done:
    return result;
}

static Result save_part(ImageWriter *writer, const ImagePart *part)
{
    Result result = OK;
    Bytes bytes = {0};
    char name[IMAGE_NAME_BYTES];

    if (part->save != NULL)
        TRY(part->save(&bytes, writer));
    image_part_section_name(name, "part", part->name);
    TRY(image_add_section(writer, name, bytes.data, bytes.size, 0, 0, 0));
done:
    bytes_free(&bytes);
    return result == OK ? OK : error_prefix(result, "saving %s", part->name);
}

static Result save_sections(const char *path, const ImageIdentity *identity, uint64_t start, uint64_t end)
{
    Result result = OK;
    ImageWriter *writer = NULL;
    const ImagePart *const *parts = NULL;
    size_t part_count = image_parts(&parts);
    uint32_t table_count = 0;

    TRY(image_writer_open(&writer, path, identity));
    TRY(save_objects(writer, start, end));
    for (size_t i = 0; i < part_count; i++) TRY(save_part(writer, parts[i]));
    TRY(save_tables(writer, &table_count));
    arena_prepare_save();
    image_writer_align(writer, (uint64_t)(uintptr_t)arena_base); /* so that a system can map large pages of the file */
    TRY(image_add_section(writer, "arena", arena_base, arena_used_bytes(), IMAGE_MAPPED, 0, 0));
    TRY(save_machine(writer, start, end, table_count, part_count));
    TRY(image_writer_finish(writer));
done:
    image_writer_close(writer);
    return result;
}

static Result freeze_parts(const ImagePart *const *parts, size_t count, Allocator *allocator, size_t *frozen)
{
    Result result = OK;

    for (*frozen = 0; *frozen < count;) {
        const ImagePart *part = parts[(*frozen)++];
        if (part->freeze != NULL)
            TRY(part->freeze(allocator));
    }
done:
    return result;
}

Result image_save_heap(const char *path, Allocator *allocator, const ImageIdentity *identity)
{
    Result result = OK;
    const ImagePart *const *parts = NULL;
    size_t part_count = image_parts(&parts), frozen = 0;
    uint64_t start = 0, end = 0;

    TRY(freeze_parts(parts, part_count, allocator, &frozen));
    TRY(heap_compact_for_image(allocator, &start, &end));
    TRY(save_sections(path, identity, start, end));
done:
    while (frozen > 0) {
        const ImagePart *part = parts[--frozen];
        if (part->frozen != NULL)
            part->frozen(result == OK);
    }
    return result;
}
