/* large.c - objects that do not move: large ones, and pinned ones of any size.
 *
 * Each lies in an extent of its own that begins at a card boundary. Extents come from gaps (first fit), else from the
 * fresh end. A sweep, after marking, drops the dead and finds the gaps anew. It leaves the first of them their memory, as much as
 * may be asked for until the next one: to get a page of the system again costs many times what clearing it does. */
#include <stdlib.h>

#include "base/memory.h"
#include "heap/heap_internal.h"

#define GIVE_BACK_BYTES (1 * MB)

static bool grow(LargeObject **items, size_t count, size_t *capacity)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity == 0 ? 64 : 2 * *capacity;
    LargeObject *grown = memory_resize(*items, wanted * sizeof **items);
    if (grown == NULL)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

static uint64_t take_gap(uint64_t bytes)
{
    for (size_t i = 0; i < heap_state.gap_count; i++) {
        LargeObject *gap = &heap_state.gaps[i];
        if (gap->bytes < bytes)
            continue;
        uint64_t start = gap->start;
        gap->start += bytes;
        gap->bytes -= bytes;
        memset((void *)(uintptr_t)start, 0, bytes);
        return start;
    }
    return 0;
}

/* What fills a large page begins a card before one, where there is room: the header is written at once, but the large page is
 * taken when the body is. What that leaves out is a gap for others. */
static uint64_t fresh_start(uint64_t bytes)
{
    uint64_t top = heap_state.large_top, start = round_up(top + CARD_BYTES, LARGE_ALIGNMENT) - CARD_BYTES;
    if (bytes < LARGE_ALIGNMENT + CARD_BYTES || start == top || start > heap_state.large_end || bytes > heap_state.large_end - start ||
        !grow(&heap_state.gaps, heap_state.gap_count, &heap_state.gap_capacity))
        return top;
    return start;
}

static uint64_t take_fresh(uint64_t bytes)
{
    uint64_t start = fresh_start(bytes);
    if (bytes > heap_state.large_end - start)
        return 0;
    if (start + bytes > heap_state.large_committed) {
        uint64_t committed = round_up(start + bytes, COMMIT_BYTES);
        if (committed > heap_state.large_end)
            committed = heap_state.large_end;
        if (os_memory_commit((void *)(uintptr_t)heap_state.large_committed,
                             committed - heap_state.large_committed) != OK)
            return 0;
        heap_state.large_committed = committed;
    }
    if (start != heap_state.large_top)
        heap_state.gaps[heap_state.gap_count++] = (LargeObject){heap_state.large_top, start - heap_state.large_top};
    heap_state.large_top = start + bytes;
    uint64_t page = start + CARD_BYTES;
    if (page % LARGE_ALIGNMENT == 0 && bytes - CARD_BYTES >= LARGE_ALIGNMENT)
        os_memory_expect_all((void *)(uintptr_t)page, (bytes - CARD_BYTES) / LARGE_ALIGNMENT * LARGE_ALIGNMENT);
    return start;
}

uint64_t large_allocate(uint64_t extent_bytes)
{
    uint64_t bytes = round_up(extent_bytes, CARD_BYTES);
    if (!grow(&heap_state.large, heap_state.large_count, &heap_state.large_capacity))
        return 0;
    uint64_t start = take_gap(bytes);
    if (start == 0)
        start = take_fresh(bytes);
    if (start == 0)
        return 0;
    cards_clean(start, start + bytes);
    crossings_set(start, start + bytes);
    heap_state.large[heap_state.large_count++] = (LargeObject){start, bytes};
    heap_state.large_used += bytes;
    return start;
}

static int compare_starts(const void *a, const void *b)
{
    uint64_t left = ((const LargeObject *)a)->start, right = ((const LargeObject *)b)->start;
    return left < right ? -1 : left > right;
}

/* What of a gap is beyond *keep, the bytes of gaps that may still keep their memory, is given back. */
static void add_gap(uint64_t start, uint64_t end, uint64_t *keep)
{
    if (start == end || !grow(&heap_state.gaps, heap_state.gap_count, &heap_state.gap_capacity))
        return; /* without memory for it, the gap is lost until the next sweep */
    heap_state.gaps[heap_state.gap_count++] = (LargeObject){start, end - start};
    uint64_t kept = end - start < *keep ? end - start : *keep;
    *keep -= kept;
    uint64_t page = os_page_size();
    uint64_t first = round_up(start + kept, page), last = end / page * page;
    if (last > first && last - first >= GIVE_BACK_BYTES)
        (void)os_memory_clear((void *)(uintptr_t)first, last - first);
}

static bool starts_in_order(void)
{
    for (size_t i = 1; i < heap_state.large_count; i++)
        if (heap_state.large[i - 1].start > heap_state.large[i].start)
            return false;
    return true;
}

static void drop_dead(bool (*is_live)(Value object))
{
    size_t kept = 0;

    heap_state.large_used = 0;
    for (size_t i = 0; i < heap_state.large_count; i++) {
        LargeObject extent = heap_state.large[i];
        if (!is_live(extent_object(extent.start)))
            continue;
        heap_state.large_used += extent.bytes;
        heap_state.large[kept++] = extent;
    }
    heap_state.large_count = kept;
}

void large_sweep(bool (*is_live)(Value object), bool keep_memory)
{
    uint64_t end = heap_state.large_start, keep = 0;

    if (!starts_in_order())
        qsort(heap_state.large, heap_state.large_count, sizeof *heap_state.large, compare_starts);
    drop_dead(is_live);
    if (keep_memory)
        keep = heap_state.large_used > THRESHOLD_FIRST_BYTES ? heap_state.large_used : THRESHOLD_FIRST_BYTES;
    heap_state.gap_count = 0;
    for (size_t i = 0; i < heap_state.large_count; i++) {
        add_gap(end, heap_state.large[i].start, &keep);
        end = heap_state.large[i].start + heap_state.large[i].bytes;
    }
    add_gap(end, heap_state.large_top, &keep);
}

void large_close(void)
{
    memory_free(heap_state.large);
    memory_free(heap_state.gaps);
}
