/* writer.c - writes an image file: sections one after the other, then header and table, then its name. */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "image/image_internal.h"

const uint8_t image_magic[8] = {0x89, 'C', 'O', 'R', 'A', 'C', 'L', 'E'};
const uint8_t image_line_ends[4] = {'\r', '\n', 0x1a, '\n'};

#define SMALL_BYTES 4096u /* of a section, at most */
#define SMALL_ROOM (IMAGE_FIRST_OFFSET - IMAGE_TABLE_OFFSET - IMAGE_SECTION_LIMIT * sizeof(ImageSection))

struct ImageWriter {
    OsFile file;
    char *path, *temporary;
    ImageHeader header;
    ImageSection sections[IMAGE_SECTION_LIMIT];
    Bytes small;      /* sections that come behind the table: their offsets count from there until it is complete */
    uint64_t end;     /* of what is written */
    bool in_section;
    ImageHash hash;   /* of the section being written */
    bool finished;
};

Result image_writer_open(ImageWriter **made, const char *path, const ImageIdentity *identity)
{
    Result result = ERROR_MEMORY;
    ImageWriter *writer = memory_allocate(sizeof *writer);

    *made = NULL;
    if (writer == NULL)
        return ERROR_MEMORY;
    writer->file = OS_FILE_NONE;
    writer->end = IMAGE_FIRST_OFFSET;
    writer->header.identity = *identity;
    TRY(os_path_target(path, &writer->path)); /* a link stays */
    if (os_path_kind(path) == OS_KIND_FOLDER || os_path_kind(path) == OS_KIND_OTHER) /* a device would be replaced by the file */
        TRY(error_set(ERROR_ARGUMENT, "%s: is there already and is no file", path));
    TRY(os_file_open_temporary(&writer->file, writer->path, &writer->temporary));
    *made = writer;
done:
    if (result != OK)
        image_writer_close(writer);
    return result;
}

void image_writer_close(ImageWriter *writer)
{
    if (writer == NULL)
        return;
    os_file_close(writer->file);
    if (writer->temporary != NULL && !writer->finished)
        (void)os_file_remove(writer->temporary);
    bytes_free(&writer->small);
    memory_free(writer->temporary);
    memory_free(writer->path);
    memory_free(writer);
}

/* ---- sections ---- */

static ImageSection *current_section(ImageWriter *writer)
{
    assert(writer->in_section);
    return &writer->sections[writer->header.section_count - 1];
}

static bool has_section(const ImageWriter *writer, const char *name)
{
    for (uint32_t i = 0; i < writer->header.section_count; i++)
        if (strcmp(writer->sections[i].name, name) == 0)
            return true;
    return false;
}

static Result enter_section(ImageWriter *writer, const char *name, const ImageSection *section)
{
    assert(!writer->in_section && !writer->finished);
    if (writer->header.section_count == IMAGE_SECTION_LIMIT)
        return error_set(ERROR_LIMIT, "%s: more than %u sections", writer->path, IMAGE_SECTION_LIMIT);
    if (name[0] == 0 || strlen(name) >= IMAGE_NAME_BYTES || has_section(writer, name))
        return error_set(ERROR_ARGUMENT, "%s: no name for another section: %s", writer->path, name);
    ImageSection *entry = &writer->sections[writer->header.section_count++];
    *entry = *section;
    memcpy(entry->name, name, strlen(name));
    return OK;
}

static uint64_t align(uint64_t offset, uint32_t flags)
{
    uint64_t alignment = flags & IMAGE_MAPPED ? IMAGE_ALIGNMENT_BYTES : 16;
    return (offset + alignment - 1) & ~(alignment - 1);
}

void image_writer_align(ImageWriter *writer, uint64_t place)
{
    assert(!writer->in_section);
    writer->end = align(writer->end, IMAGE_MAPPED);
    writer->end += (place - writer->end) % OS_LARGE_PAGE_BYTES / IMAGE_ALIGNMENT_BYTES * IMAGE_ALIGNMENT_BYTES;
}

Result image_begin_section(ImageWriter *writer, const char *name, uint32_t flags, uint64_t address, uint64_t info)
{
    Result result = OK;
    ImageSection section = {.flags = flags, .offset = align(writer->end, flags), .address = address, .info = info};

    TRY(enter_section(writer, name, &section));
    writer->end = section.offset;
    writer->in_section = true;
    image_hash_start(&writer->hash);
done:
    return result;
}

static bool is_zero(const uint8_t *data, size_t size)
{
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

/* How many of the bytes come up to the next block that is all zero, or is not. */
static size_t alike(uint64_t offset, const uint8_t *data, size_t size, bool zero)
{
    size_t end = 0;

    while (end < size) {
        size_t block = IMAGE_ALIGNMENT_BYTES - (offset + end) % IMAGE_ALIGNMENT_BYTES;
        block = size - end < block ? size - end : block;
        if (is_zero(data + end, block) != zero)
            break;
        end += block;
    }
    return end;
}

/* Blocks of zeros are left out: the file is new, so they are read back all the same. */
static Result write_piece(ImageWriter *writer, uint64_t offset, const uint8_t *data, size_t size)
{
    Result result = OK;

    for (size_t start = 0, count; start < size; start += count) {
        start += alike(offset + start, data + start, size - start, true);
        count = alike(offset + start, data + start, size - start, false);
        if (count != 0)
            TRY(os_file_write_at(writer->file, data + start, count, offset + start));
    }
done:
    return result;
}

Result image_write(ImageWriter *writer, const void *data, size_t size)
{
    Result result = OK;

    assert(writer->in_section);
    for (size_t done = 0; done < size;) { /* a system keeps in one large page of its cache what is written at once */
        size_t piece = OS_LARGE_PAGE_BYTES - writer->end % OS_LARGE_PAGE_BYTES;
        piece = size - done < piece ? size - done : piece;
        TRY(write_piece(writer, writer->end, (const uint8_t *)data + done, piece));
        image_hash_add(&writer->hash, (const uint8_t *)data + done, piece);
        writer->end += piece;
        done += piece;
    }
done:
    return result == OK ? OK : error_prefix(result, "%s", writer->path);
}

Result image_end_section(ImageWriter *writer)
{
    ImageSection *section = current_section(writer);

    section->size = writer->end - section->offset;
    writer->end = section->offset + section_extent(section);
    image_hash_add_zeros(&writer->hash, section_extent(section) - section->size);
    section->checksum = image_hash_end(&writer->hash);
    writer->in_section = false;
    return OK;
}

static Result add_small(ImageWriter *writer, const char *name, const void *data, size_t size, uint64_t address, uint64_t info)
{
    Result result = OK;
    ImageSection section = {.offset = align(writer->small.size, 0), .size = size, .address = address, .info = info,
                            .checksum = image_checksum(data, size)};
    static const uint8_t zeros[16];

    TRY(enter_section(writer, name, &section));
    TRY(bytes_append(&writer->small, zeros, section.offset - writer->small.size));
    TRY(bytes_append(&writer->small, data, size));
done:
    return result;
}

Result image_add_section(ImageWriter *writer, const char *name, const void *data, size_t size, uint32_t flags, uint64_t address,
                         uint64_t info)
{
    Result result = OK;

    if (flags == 0 && size <= SMALL_BYTES && align(writer->small.size, 0) + size <= SMALL_ROOM)
        return add_small(writer, name, data, size, address, info);
    TRY(image_begin_section(writer, name, flags, address, info));
    TRY(image_write(writer, data, size));
    TRY(image_end_section(writer));
done:
    return result;
}

/* ---- the end ---- */

static Result write_small(ImageWriter *writer)
{
    uint64_t start = IMAGE_TABLE_OFFSET + writer->header.section_count * sizeof(ImageSection);

    for (uint32_t i = 0; i < writer->header.section_count; i++)
        if (writer->sections[i].offset < IMAGE_FIRST_OFFSET)
            writer->sections[i].offset += start;
    return write_piece(writer, start, writer->small.data, writer->small.size);
}

/* The zeros that fill up sections were left out, so the file may be too short yet. */
static Result write_length(ImageWriter *writer)
{
    static const uint8_t zero;
    uint64_t size = 0;
    Result result = OK;

    TRY(os_file_size(writer->file, &size));
    if (size < writer->end)
        TRY(os_file_write_at(writer->file, &zero, 1, writer->end - 1));
done:
    return result;
}

static Result write_header(ImageWriter *writer)
{
    ImageHeader *header = &writer->header;
    size_t table_bytes = header->section_count * sizeof(ImageSection);
    Result result = OK;

    memcpy(header->magic, image_magic, sizeof header->magic);
    memcpy(header->line_ends, image_line_ends, sizeof header->line_ends);
    header->format_version = IMAGE_FORMAT_VERSION;
    header->header_bytes = sizeof *header;
    header->file_bytes = writer->end;
    header->table_checksum = image_checksum(writer->sections, table_bytes);
    header->checksum = image_checksum(header, offsetof(ImageHeader, checksum));
    TRY(os_file_write_at(writer->file, writer->sections, table_bytes, IMAGE_TABLE_OFFSET));
    TRY(os_file_write_at(writer->file, header, sizeof *header, 0));
done:
    return result;
}

Result image_writer_finish(ImageWriter *writer)
{
    Result result = OK;

    assert(!writer->in_section && !writer->finished);
    TRY(write_small(writer));
    TRY(write_length(writer));
    TRY(write_header(writer));
    TRY(os_file_sync(writer->file));
    os_file_close(writer->file);
    writer->file = OS_FILE_NONE;
    TRY(os_file_rename(writer->temporary, writer->path));
    writer->finished = true;
    TRY(os_folder_sync(writer->path));
done:
    return result == OK ? OK : error_prefix(result, "%s", writer->path);
}
