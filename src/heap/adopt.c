/* adopt.c - image space: objects that a mapped file brought. */
#include "base/memory.h"
#include "heap/heap_internal.h"

static bool is_empty(void)
{
    return heap_state.image_end == heap_state.image_start && tenured_used_bytes() == 0 &&
           heap_state.eden.top == heap_state.eden.start;
}

size_t heap_crossing_bytes(uint64_t size_bytes)
{
    return (size_bytes + CARD_BYTES - 1) >> HEAP_CARD_SHIFT;
}

void *heap_image_crossings_place(void)
{
    return heap_state.crossing_memory;
}

Result heap_adopt_image(uint64_t start, uint64_t end)
{
    if (start != heap_state.base || end < start || end - start > heap_image_room_bytes() || (end - start) % 8 != 0)
        return error_set(ERROR_FORMAT, "image: objects at %#llx to %#llx, where the heap does not take them",
                         (unsigned long long)start, (unsigned long long)end);
    if (!is_empty())
        return error_set(ERROR_STATE, "image: the heap has objects already");
    uint64_t mapped_end = round_up(end, os_page_size());
    uint64_t young_start = round_up(end, IMAGE_ALIGNMENT), old_start = young_start + heap_state.young_bytes;
    if (os_memory_commit((void *)(uintptr_t)mapped_end, old_start - mapped_end) != OK)
        return ERROR_MEMORY;
    young_lay(young_start);
    heap_state.image_end = end;
    heap_state.old.start = heap_state.old.top = old_start;
    if (heap_state.old.committed < old_start)
        heap_state.old.committed = old_start;
    return OK;
}

#define YOUNG_SOON_BYTES 16384

void *heap_young_soon(size_t *size_bytes)
{
    *size_bytes = YOUNG_SOON_BYTES;
    return (void *)(uintptr_t)heap_state.young_start;
}

Result heap_image_crossings(uint64_t start, uint64_t end, void **crossings, size_t *crossing_bytes)
{
    *crossing_bytes = heap_crossing_bytes(end - start);
    *crossings = memory_copy(heap_crossings + (start >> HEAP_CARD_SHIFT), *crossing_bytes);
    return *crossings != NULL ? OK : ERROR_MEMORY;
}

/* ---- objects of foreign images ---- */

Result heap_begin_load(uint64_t size_bytes, uint64_t *start)
{
    if (tenured_used_bytes() + size_bytes > tenured_budget_bytes())
        return error_set(ERROR_LIMIT, "%llu MB of objects do not fit in a heap of %llu MB",
                         (unsigned long long)size_bytes >> 20,
                         (unsigned long long)heap_state.options.limit_bytes >> 20);
    *start = heap_state.old.top;
    if (!space_commit(&heap_state.old, heap_state.old.top + size_bytes))
        return error_set(ERROR_MEMORY, "no memory for %llu MB of objects", (unsigned long long)size_bytes >> 20);
    os_memory_populate((void *)(uintptr_t)*start, size_bytes, true);
    return OK;
}

void heap_expect_allocation(void)
{
    os_memory_populate((void *)(uintptr_t)heap_state.young_start, round_up(heap_state.young_bytes, YOUNG_ALIGNMENT), true);
}

void heap_load_crossing(uint64_t start, uint64_t end)
{
    assert(start >= heap_state.old.top && end <= heap_state.old.committed);
    crossings_add(start, end);
}

void heap_load_unused(uint64_t start, uint64_t end)
{
    extent_fill(start, end);
    if (start != end)
        heap_load_extent(start, end);
}

void heap_end_load(uint64_t end)
{
    assert(end >= heap_state.old.top && end <= heap_state.old.committed && end % 8 == 0);
    heap_state.old.top = end;
    if (heap_state.full_threshold_bytes < 2 * tenured_used_bytes())
        heap_state.full_threshold_bytes = 2 * tenured_used_bytes();
}
