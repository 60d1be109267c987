/* native_memory_part.c - native memory in images: its used ranges, mapped back at the same address.
 *
 * Guests and C keep addresses into it, so it cannot lie elsewhere: if the place is taken, or another build's region lies
 * elsewhere, the image is refused. Stretches that are free are zeros in the section, that is, holes in the file. */
#include "vm/native_memory_part.h"

#include "base/memory.h"
#include "ffi/native_memory.h"
#include "heap/heap.h"
#include "image/image.h"
#include "os/os.h"

#define SECTION "native.memory"

_Static_assert(OS_FIXED_ADDRESS(NATIVE_MEMORY_BASE) == HEAP_CARDS_END, "a start touches the beginning of the one and the end of the other");

static Result write_zeros(ImageWriter *writer, uint64_t size)
{
    static uint8_t zeros[65536] LARGE_STATIC; /* never written; not const, which would put them into the program */
    Result result = OK;

    for (; size != 0; size -= size < sizeof zeros ? size : sizeof zeros)
        TRY(image_write(writer, zeros, size < sizeof zeros ? size : sizeof zeros));
done:
    return result;
}

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    Result result = OK;
    uint64_t cursor = 0, size = 0, written = 0;
    void *address = NULL;

    TRY(bytes_append_le64(bytes, native_memory_used()));
    TRY(image_begin_section(writer, SECTION, IMAGE_MAPPED, (uint64_t)(uintptr_t)native_memory_base(), 0));
    while (native_memory_next_range(&cursor, &address, &size)) {
        uint64_t start = (uint64_t)((const uint8_t *)address - (const uint8_t *)native_memory_base());
        TRY(write_zeros(writer, start - written));
        TRY(image_write(writer, address, size));
        written = start + size;
    }
    TRY(write_zeros(writer, native_memory_used() - written));
    TRY(image_end_section(writer));
done:
    return result;
}

static Result part_check(const ImageLoad *load, Reader *bytes)
{
    Result result = OK;
    uint64_t used = reader_le64(bytes);
    const ImageSection *section = NULL;

    TRY(image_need_section(load->reader, SECTION, &section));
    if (bytes->failed || section->size != used || used > NATIVE_MEMORY_LIMIT || !(section->flags & IMAGE_MAPPED))
        return error_set(ERROR_FORMAT, "%llu bytes of native memory", (unsigned long long)used);
    if (used > native_memory_limit())
        return error_set(ERROR_LIMIT, "%llu MB of native memory do not fit in the address space", (unsigned long long)used >> 20);
    if (section->address != (uint64_t)(uintptr_t)native_memory_base())
        return error_set(ERROR_UNSUPPORTED, "native memory of a build that keeps it elsewhere");
    if (native_memory_is_open() ? native_memory_stats().blocks != 0 : native_memory_reserve() != OK)
        return error_set(ERROR_STATE, "the place of native memory is taken");
done:
    return result;
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    Result result = OK;
    uint64_t used = reader_le64(bytes);

    if (used == 0)
        return native_memory_is_open() ? OK : native_memory_open();
    if (native_memory_is_open())
        native_memory_close();
    TRY(native_memory_prepare(used));
    TRY(image_map_native_section(load->reader, image_section(load->reader, SECTION), native_memory_base()));
    TRY(native_memory_adopt(used, load->trusted));
done:
    return result;
}

Result vm_register_native_memory_part(void)
{
    static const ImagePart part = {.name = "native memory", .save = part_save, .check = part_check, .load = part_load};
    return image_register(&part);
}
