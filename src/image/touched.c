/* touched.c - which pages of an image a start touches: noted once, made ready at once by the starts after it.
 *
 * Section "touched" is a list of stretches of pages. It is a hint: a stretch that lies nowhere is passed over, and an image
 * without the section loads as well. */
#include <string.h>

#include "base/base.h"
#include "base/memory.h"
#include "image/image_internal.h"

#define TOUCHED "touched"
#define TOUCH_PAGE 4096u
#define GAP_PAGES 16

typedef struct Touched {
    uint32_t section; /* number in the section table */
    uint32_t first, count; /* pages of 4096 bytes, from the section's start */
    uint32_t written;
} Touched;
_Static_assert(sizeof(Touched) == 16, "Touched is an image format");

/* ---- a load ---- */

Result image_read_touched(const ImageReader *reader, ImageTouched *touched)
{
    Result result = OK;
    const ImageSection *section = image_section(reader, TOUCHED);
    const uint8_t *data = NULL;

    if (section == NULL)
        return OK;
    TRY(image_borrow_section(reader, section, &touched->room, &data));
    touched->stretches = (const Touched *)(const void *)data;
    touched->count = section->size / sizeof(Touched);
done:
    return result;
}

/* False: the place does not hold it. */
static bool find_stretch(const Touched *touched, const ImagePlace *place, OsStretch *stretch)
{
    uint64_t start = (uint64_t)touched->first * TOUCH_PAGE, size = (uint64_t)touched->count * TOUCH_PAGE;

    if (touched->section != place->section || start < place->start || start - place->start >= place->size ||
        size > place->size - (start - place->start))
        return false;
    *stretch = (OsStretch){place->address + (start - place->start), size};
    return true;
}

static void ready(const ImageTouched *all, const ImagePlace *places, size_t place_count, const OsStretch *also, bool for_writing)
{
    OsStretch stretches[32];
    size_t count = 0;

    if (also != NULL)
        stretches[count++] = *also;
    for (size_t i = 0; i < all->count; i++) {
        if ((all->stretches[i].written != 0) != for_writing)
            continue;
        for (size_t k = 0; k < place_count; k++) {
            count += find_stretch(&all->stretches[i], &places[k], &stretches[count]);
            if (count == COUNT_OF(stretches)) {
                os_memory_populate_each(stretches, count, for_writing);
                count = 0;
            }
        }
    }
    os_memory_populate_each(stretches, count, for_writing);
}

void image_ready_touched(const ImageTouched *all, const ImagePlace *places, size_t count, const OsStretch *also)
{
    ready(all, places, count, NULL, false);
    ready(all, places, count, also, true);
}

/* ---- noting ---- */

static struct {
    ImagePlace place;
    uint8_t *marks; /* of each page */
} noted[OS_NOTED_RANGES] LARGE_STATIC;
static size_t noted_count;

Result image_note_touches(const ImagePlace *place)
{
    uint8_t *marks = memory_allocate_array(place->size / os_page_size() + 1, 1);

    if (marks == NULL)
        return ERROR_MEMORY;
    if (noted_count == OS_NOTED_RANGES)
        return error_set(ERROR_LIMIT, "more than %d ranges of an image are noted", OS_NOTED_RANGES);
    noted[noted_count].place = *place;
    noted[noted_count++].marks = marks;
    return place->is_native ? OK : os_memory_note_touches(place->address, place->size, marks);
}

static Result add_stretch(Bytes *bytes, const ImagePlace *place, uint64_t first, uint64_t count, uint8_t mark)
{
    uint64_t pages = os_page_size() / TOUCH_PAGE;
    Touched touched = {place->section, (uint32_t)(place->start / TOUCH_PAGE + first * pages), (uint32_t)(count * pages),
                       mark == OS_WRITTEN};
    return bytes_append(bytes, &touched, sizeof touched);
}

/* The stretches of pages with this mark. Pages that are only read may have untouched ones between them. */
static Result add_stretches(Bytes *bytes, size_t index, uint8_t mark)
{
    Result result = OK;
    const ImagePlace *place = &noted[index].place;
    const uint8_t *marks = noted[index].marks;
    uint64_t pages = place->size / os_page_size(), gap = mark == OS_WRITTEN ? 0 : GAP_PAGES;

    for (uint64_t first = 0; first < pages; first++) {
        uint64_t end = first, at = first;
        while (at < pages && (marks[at] == mark || (marks[at] == 0 && at - end < gap)))
            if (marks[at++] == mark)
                end = at;
        if (end == first || marks[first] != mark)
            continue;
        TRY(add_stretch(bytes, place, first, end - first, mark));
        first = end;
    }
done:
    return result;
}

static Result copy_section(ImageWriter *writer, const ImageReader *reader, const ImageSection *section)
{
    Result result = OK;
    ImageView view = {0};

    if (section->flags & IMAGE_MAPPED)
        image_writer_align(writer, section->offset);
    TRY(image_view_section(reader, section, &view));
    TRY(image_add_section(writer, section->name, view.data, section->size, section->flags, section->address, section->info));
done:
    image_view_close(&view);
    return result;
}

Result image_save_touches(const char *path)
{
    Result result = OK;
    ImageReader *reader = NULL;
    ImageHead head;
    ImageWriter *writer = NULL;
    const ImageSection *sections = NULL;
    Bytes bytes = {0};

    TRY(image_reader_open(&reader, path, IMAGE_TRUSTED, &head));
    TRY(image_writer_open(&writer, path, image_identity(reader)));
    size_t count = image_sections(reader, &sections);
    for (size_t i = 0; i < count; i++)
        if (strcmp(sections[i].name, TOUCHED) != 0)
            TRY(copy_section(writer, reader, &sections[i]));
    for (size_t i = 0; i < noted_count; i++) {
        if (noted[i].place.is_native)
            TRY(os_memory_written_pages(noted[i].place.address, noted[i].place.size, noted[i].marks));
        TRY(add_stretches(&bytes, i, OS_READ_ONLY));
        TRY(add_stretches(&bytes, i, OS_WRITTEN));
    }
    TRY(image_add_section(writer, TOUCHED, bytes.data, bytes.size, 0, 0, 0));
    TRY(image_writer_finish(writer));
done:
    bytes_free(&bytes);
    image_writer_close(writer);
    image_reader_close(reader);
    return result;
}
