/* reader.c - opens an image file, checks that it is what it says, and hands out its sections. */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "image/image_internal.h"

#define PLACES_MOST 16

struct ImageReader {
    OsFile file;
    char *path;
    const uint8_t *head; /* the file's first head_bytes */
    size_t head_bytes;
    ImageHeader header;
    const ImageSection *sections;
    ImageSection *table; /* they lie here if the head ends before them; else NULL */
    ImageTouched touched; /* what a start touches, as the image says */
    ImagePlace places[PLACES_MOST]; /* mapped, and not made ready yet */
    size_t place_count;
    bool note_touches;
};

/* ---- header ---- */

static const uint8_t *in_head(const ImageReader *reader, size_t size, uint64_t offset)
{
    return offset <= reader->head_bytes && size <= reader->head_bytes - offset ? reader->head + offset : NULL;
}

static Result read_exactly(const ImageReader *reader, void *bytes, size_t size, uint64_t offset)
{
    size_t got = 0;
    const uint8_t *head = in_head(reader, size, offset);
    Result result = OK;

    if (head != NULL) {
        memcpy(bytes, head, size);
        return OK;
    }
    result = os_file_read_at(reader->file, bytes, size, offset, &got);
    if (result != OK)
        return error_prefix(result, "%s", reader->path);
    if (got != size)
        return error_set(ERROR_FORMAT, "%s: the file ends at byte %" PRIu64 ", in the middle of the image", reader->path,
                         offset + got);
    return OK;
}

static Result check_kind(const ImageReader *reader)
{
    const ImageHeader *header = &reader->header;

    if (memcmp(header->magic, image_magic, sizeof image_magic) != 0)
        return error_set(ERROR_FORMAT, "%s: not a Coracle image", reader->path);
    if (memcmp(header->line_ends, image_line_ends, sizeof image_line_ends) != 0)
        return error_set(ERROR_FORMAT, "%s: damaged: line ends were changed, as by a transfer of text", reader->path);
    if (header->format_version > IMAGE_FORMAT_VERSION)
        return error_set(ERROR_FORMAT, "%s: made by a newer Coracle (format %u; this one reads format %u)", reader->path,
                         header->format_version, IMAGE_FORMAT_VERSION);
    if (header->format_version != IMAGE_FORMAT_VERSION)
        return error_set(ERROR_FORMAT, "%s: made by an older Coracle (format %u; this one reads format %u)", reader->path,
                         header->format_version, IMAGE_FORMAT_VERSION);
    if (header->checksum != image_checksum(header, offsetof(ImageHeader, checksum)))
        return error_set(ERROR_FORMAT, "%s: damaged: the checksum of the header is wrong", reader->path);
    return OK;
}

static Result read_header(ImageReader *reader, ImageHead *head)
{
    ImageHeader *header = &reader->header;
    uint64_t size = 0;
    Result result = OK;

    TRY(os_file_size(reader->file, &size));
    result = os_file_read_at(reader->file, head->bytes, sizeof head->bytes, 0, &reader->head_bytes);
    if (result != OK)
        return error_prefix(result, "%s", reader->path);
    if (reader->head_bytes < sizeof header->magic || memcmp(reader->head, image_magic, sizeof image_magic) != 0)
        return error_set(ERROR_FORMAT, "%s: not a Coracle image", reader->path);
    if (reader->head_bytes < sizeof *header)
        return error_set(ERROR_FORMAT, "%s: the file ends at byte %zu, in the middle of the header", reader->path,
                         reader->head_bytes);
    memcpy(header, reader->head, sizeof *header);
    TRY(check_kind(reader));
    if (header->header_bytes != sizeof *header || header->section_count > IMAGE_SECTION_LIMIT ||
        memchr(header->identity.build, 0, sizeof header->identity.build) == NULL)
        return error_set(ERROR_FORMAT, "%s: the header makes no sense", reader->path);
    if (header->file_bytes != size)
        return error_set(ERROR_FORMAT, "%s: the file has %" PRIu64 " bytes where the header says %" PRIu64, reader->path, size,
                         header->file_bytes);
done:
    return result;
}

/* ---- section table ---- */

static Result bad_section(const ImageReader *reader, uint32_t index, const char *what)
{
    return error_set(ERROR_FORMAT, "%s: section %u of the table: %s", reader->path, index, what);
}

static bool name_is_good(const char *name)
{
    size_t length = strnlen(name, IMAGE_NAME_BYTES);

    if (length == 0 || length == IMAGE_NAME_BYTES)
        return false;
    for (size_t i = 0; i < IMAGE_NAME_BYTES; i++)
        if (i < length ? name[i] < 32 || name[i] > 126 : name[i] != 0)
            return false;
    return true;
}

/* ends: of the small sections behind the table and of the others, so far. */
static Result check_section(const ImageReader *reader, uint32_t index, uint64_t ends[2])
{
    const ImageSection *section = &reader->sections[index];
    bool is_behind_table = section->offset < IMAGE_FIRST_OFFSET;
    uint64_t *end = &ends[is_behind_table ? 0 : 1];
    uint64_t limit = is_behind_table ? IMAGE_FIRST_OFFSET : reader->header.file_bytes;
    uint64_t alignment = section->flags & IMAGE_MAPPED ? IMAGE_ALIGNMENT_BYTES : 16;

    if (!name_is_good(section->name))
        return bad_section(reader, index, "its name makes no sense");
    for (uint32_t i = 0; i < index; i++)
        if (strcmp(reader->sections[i].name, section->name) == 0)
            return bad_section(reader, index, "its name stands twice");
    if ((section->flags & ~(uint32_t)IMAGE_MAPPED) != 0 || section->reserved != 0)
        return bad_section(reader, index, "its flags are not known");
    if (section->offset % alignment != 0 || section->offset < *end)
        return bad_section(reader, index, "its place makes no sense");
    if (section->offset > limit || section->size > limit - section->offset ||
        section_extent(section) > limit - section->offset)
        return bad_section(reader, index, "it does not lie within the file");
    *end = section->offset + section_extent(section);
    return OK;
}

static Result read_table(ImageReader *reader)
{
    size_t bytes = reader->header.section_count * sizeof(ImageSection);
    uint64_t ends[2] = {IMAGE_TABLE_OFFSET + bytes, IMAGE_FIRST_OFFSET};
    Result result = OK;

    reader->sections = (const ImageSection *)(const void *)in_head(reader, bytes, IMAGE_TABLE_OFFSET);
    if (reader->sections == NULL) {
        reader->sections = reader->table = memory_allocate(bytes);
        if (reader->table == NULL)
            return ERROR_MEMORY;
        TRY(read_exactly(reader, reader->table, bytes, IMAGE_TABLE_OFFSET));
    }
    if (image_checksum(reader->sections, bytes) != reader->header.table_checksum)
        return error_set(ERROR_FORMAT, "%s: damaged: the checksum of the section table is wrong", reader->path);
    for (uint32_t i = 0; i < reader->header.section_count; i++) TRY(check_section(reader, i, ends));
done:
    return result;
}

/* ---- sections ---- */

static Result check_sum(const ImageReader *reader, const ImageSection *section, uint64_t sum)
{
    if (sum != section->checksum)
        return error_set(ERROR_FORMAT, "%s: damaged: the checksum of section %s is wrong", reader->path, section->name);
    return OK;
}

Result image_view_section(const ImageReader *reader, const ImageSection *section, ImageView *view)
{
    uint64_t start = section->offset & ~(uint64_t)(IMAGE_ALIGNMENT_BYTES - 1);
    uint64_t size = section->offset + section_extent(section) - start;
    Result result = OK;

    *view = (ImageView){0};
    if (size == 0) {
        view->data = (const uint8_t *)"";
        return OK;
    }
    TRY(os_memory_map_file_readonly(&view->mapping, reader->file, start, size));
    view->mapping_size = size;
    view->data = (const uint8_t *)view->mapping + (section->offset - start);
done:
    return result == OK ? OK : error_prefix(result, "%s: section %s", reader->path, section->name);
}

void image_view_close(ImageView *view)
{
    os_memory_release(view->mapping, view->mapping_size);
    *view = (ImageView){0};
}

static Result verify_section(const ImageReader *reader, const ImageSection *section)
{
    ImageView view;
    Result result = OK;

    TRY(image_view_section(reader, section, &view));
    result = check_sum(reader, section, image_checksum(view.data, section_extent(section)));
    image_view_close(&view);
done:
    return result;
}

Result image_reader_open(ImageReader **made, const char *path, enum ImageTrust trust, ImageHead *head)
{
    Result result = ERROR_MEMORY;
    ImageReader *reader = memory_allocate(sizeof *reader);

    *made = NULL;
    if (reader == NULL)
        return ERROR_MEMORY;
    reader->file = OS_FILE_NONE;
    reader->path = memory_copy_string(path);
    reader->head = head->bytes;
    if (reader->path == NULL)
        goto done;
    TRY(os_file_open(&reader->file, path, OS_OPEN_READ));
    TRY(read_header(reader, head));
    TRY(read_table(reader));
    if (trust == IMAGE_VERIFIED)
        for (uint32_t i = 0; i < reader->header.section_count; i++) TRY(verify_section(reader, &reader->sections[i]));
    *made = reader;
done:
    if (result != OK)
        image_reader_close(reader);
    return result;
}

void image_reader_close(ImageReader *reader)
{
    if (reader == NULL)
        return;
    os_file_close(reader->file);
    bytes_free(&reader->touched.room);
    memory_free(reader->table);
    memory_free(reader->path);
    memory_free(reader);
}

const char *image_reader_path(const ImageReader *reader)
{
    return reader->path;
}

const ImageIdentity *image_identity(const ImageReader *reader)
{
    return &reader->header.identity;
}

size_t image_sections(const ImageReader *reader, const ImageSection **sections)
{
    *sections = reader->sections;
    return reader->header.section_count;
}

const ImageSection *image_section(const ImageReader *reader, const char *name)
{
    for (uint32_t i = 0; i < reader->header.section_count; i++)
        if (strcmp(reader->sections[i].name, name) == 0)
            return &reader->sections[i];
    return NULL;
}

Result image_need_section(const ImageReader *reader, const char *name, const ImageSection **section)
{
    *section = image_section(reader, name);
    if (*section == NULL)
        return error_set(ERROR_FORMAT, "%s: there is no section %s", reader->path, name);
    return OK;
}

static Result check_bytes(const ImageReader *reader, const ImageSection *section, const uint8_t *data)
{
    ImageHash hash;

    image_hash_start(&hash);
    image_hash_add(&hash, data, section->size);
    image_hash_add_zeros(&hash, section_extent(section) - section->size);
    return check_sum(reader, section, image_hash_end(&hash));
}

Result image_copy_section(const ImageReader *reader, const ImageSection *section, void *address)
{
    Result result = OK;

    TRY(read_exactly(reader, address, section->size, section->offset));
    TRY(check_bytes(reader, section, address));
done:
    return result;
}

Result image_read_section(const ImageReader *reader, const ImageSection *section, Bytes *bytes)
{
    Result result = OK;

    TRY(bytes_allocate(bytes, section->size));
    TRY(image_copy_section(reader, section, bytes->data));
done:
    if (result != OK)
        bytes_free(bytes);
    return result;
}

Result image_borrow_section(const ImageReader *reader, const ImageSection *section, Bytes *room, const uint8_t **data)
{
    Result result = OK;

    *data = in_head(reader, section->size, section->offset);
    if (*data != NULL)
        return check_bytes(reader, section, *data);
    TRY(image_read_section(reader, section, room));
    *data = room->data;
done:
    return result;
}

Result image_reader_expect_touches(ImageReader *reader, bool note)
{
    reader->note_touches = note;
    return note ? OK : image_read_touched(reader, &reader->touched);
}

void image_ready(ImageReader *reader, const OsStretch *also)
{
    image_ready_touched(&reader->touched, reader->places, reader->place_count, also);
    reader->place_count = 0;
}

static Result map(ImageReader *reader, const ImageSection *section, uint64_t start, uint64_t size, void *address, bool is_native)
{
    void *mapped = NULL;
    Result result = OK;

    if (!(section->flags & IMAGE_MAPPED) || start % IMAGE_ALIGNMENT_BYTES != 0)
        return error_set(ERROR_FORMAT, "%s: section %s cannot be mapped", reader->path, section->name);
    if (size != 0)
        TRY(os_memory_map_file(&mapped, reader->file, section->offset + start, image_round_up(size), address, OS_REPLACE));
    if (size >= OS_LARGE_PAGE_BYTES)
        os_memory_expect_all(mapped, size);
    ImagePlace place = {(uint32_t)(section - reader->sections), start, image_round_up(size), address, is_native};
    if (reader->note_touches)
        TRY(image_note_touches(&place));
    if (reader->place_count == PLACES_MOST)
        image_ready(reader, NULL);
    reader->places[reader->place_count++] = place;
done:
    return result == OK ? OK : error_prefix(result, "%s: section %s", reader->path, section->name);
}

Result image_map_section(ImageReader *reader, const ImageSection *section, void *address)
{
    return map(reader, section, 0, section->size, address, false);
}

Result image_map_section_part(ImageReader *reader, const ImageSection *section, uint64_t start, uint64_t size, void *address)
{
    return map(reader, section, start, size, address, false);
}

Result image_map_native_section(ImageReader *reader, const ImageSection *section, void *address)
{
    Result result = map(reader, section, 0, section->size, address, true);

    image_ready(reader, NULL);
    return result;
}
