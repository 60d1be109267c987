/* collect.c - when and which collection: stops the world, chooses, keeps the books, writes the log. */
#include <stdlib.h>

#include "heap/heap_internal.h"

#define NS_PER_MS 1e6

enum Kind { KIND_YOUNG, KIND_FULL, KIND_FULL_CLEARING };

bool collection_begin(Allocator *allocator)
{
    if (heap_state.hooks.stop_world != NULL && !heap_state.hooks.stop_world(allocator))
        return false;
    assert(!heap_state.collecting);
    heap_state.collecting = true;
    allocators_retire();
    return true;
}

void collection_end(Allocator *allocator)
{
    heap_state.collecting = false;
    if (heap_state.references_found) {
        heap_state.references_found = false;
        if (heap_state.hooks.references_pending != NULL)
            heap_state.hooks.references_pending();
    }
    if (heap_state.hooks.resume_world != NULL)
        heap_state.hooks.resume_world(allocator);
}

static uint64_t young_used_bytes(void)
{
    const Space *survivor = &heap_state.survivors[heap_state.from];
    return heap_state.eden.top - heap_state.eden.start + survivor->top - survivor->start;
}

/* A young collection needs room in old space for all that might be promoted. */
static bool must_be_full(void)
{
    uint64_t most = tenured_used_bytes() + young_used_bytes();
    return most > tenured_budget_bytes() || most > heap_state.full_threshold_bytes ||
           !space_commit(&heap_state.old, heap_state.old.top + young_used_bytes());
}

/* Old space may grow to twice what lives, and by some edens at least. */
static void choose_threshold(uint64_t wanted_bytes)
{
    uint64_t used = tenured_used_bytes() + wanted_bytes;
    uint64_t threshold = 2 * used;
    uint64_t least = used + 4 * heap_state.options.eden_bytes;
    if (threshold < least)
        threshold = least;
    if (threshold < THRESHOLD_FIRST_BYTES)
        threshold = THRESHOLD_FIRST_BYTES;
    heap_state.full_threshold_bytes = threshold;
}

static void verify(void)
{
    if (heap_verify() == OK)
        return;
    fprintf(stderr, "coracle: after a collection: %s\n", error_message());
    abort();
}

static const char *cause_text(enum HeapCause cause)
{
    switch (cause) {
    case HEAP_CAUSE_REQUEST: return "System.gc()";
    case HEAP_CAUSE_FREEZE: return "Freeze";
    case HEAP_CAUSE_STRESS: return "Stress";
    default: return "Allocation Failure";
    }
}

static void log_collection(const char *what, enum HeapCause cause, uint64_t before, int64_t start_ns, int64_t end_ns)
{
    HeapStats stats = heap_stats();
    char line[160];

    snprintf(line, sizeof line, "GC(%llu) Pause %s (%s) %lluM->%lluM(%lluM) %.3fms",
             (unsigned long long)(heap_state.young_collections + heap_state.full_collections - 1), what,
             cause_text(cause), (unsigned long long)(before >> 20), (unsigned long long)(stats.used_bytes >> 20),
             (unsigned long long)(stats.committed_bytes >> 20), (double)(end_ns - start_ns) / NS_PER_MS);
    heap_log(line);
}

static void collect(enum Kind kind, enum HeapCause cause, uint64_t wanted_bytes)
{
    int64_t start_ns = os_clock_monotonic_ns();
    uint64_t before = heap_stats().used_bytes;

    if (kind == KIND_YOUNG && must_be_full())
        kind = KIND_FULL;
    if (kind == KIND_YOUNG) {
        scavenge();
        heap_state.young_collections++;
    } else {
        collect_fully(kind == KIND_FULL);
        choose_threshold(wanted_bytes);
        heap_state.full_collections++;
    }
    heap_state.collections++;
    int64_t end_ns = os_clock_monotonic_ns();
    if (kind != KIND_YOUNG)
        heap_state.full_ns = end_ns;
    heap_state.last = (HeapCollection){.number = heap_state.young_collections + heap_state.full_collections, .start_ns = start_ns,
                                       .end_ns = end_ns, .before_bytes = before, .after_bytes = heap_stats().used_bytes,
                                       .cause = cause, .is_full = kind != KIND_YOUNG};
    if (cause == HEAP_CAUSE_REQUEST)
        heap_state.last_requested = heap_state.last;
    uint64_t pause_ns = (uint64_t)(end_ns - start_ns);
    heap_state.pause_total_ns += pause_ns;
    if (pause_ns > heap_state.pause_longest_ns)
        heap_state.pause_longest_ns = pause_ns;
    if (heap_is_logging())
        log_collection(kind == KIND_YOUNG ? "Young" : "Full", cause, before, start_ns, end_ns);
    if (heap_state.options.verify)
        verify();
    if (heap_state.options.move && heap_random() >> 62 == 0)
        (void)move_heap(); /* without memory for it, it stays */
}

void heap_collect(Allocator *allocator, bool full, enum HeapCause cause)
{
    while (!collection_begin(allocator))
        if (!full)
            return;
    collect(full ? KIND_FULL : KIND_YOUNG, cause, 0);
    collection_end(allocator);
}

/* A program that fills the heap to the brim would collect for ever to gain a few objects each time: after so many full
 * collections in a row, with less than a part of the limit allocated between them, memory counts as exhausted. */
#define FUTILE_MOST 8
#define FUTILE_PART 32

bool memory_counts_as_exhausted(void)
{
    return heap_state.futile_collections >= FUTILE_MOST;
}

static void note_futility(uint64_t used_before)
{
    uint64_t allocated = used_before - heap_state.used_after_full; /* wraps to much when memory was freed meanwhile */
    HeapStats stats = heap_stats();
    bool futile = allocated < stats.limit_bytes / FUTILE_PART && stats.used_bytes > stats.limit_bytes / 2;

    heap_state.futile_collections = futile ? heap_state.futile_collections + 1 : 0;
    heap_state.used_after_full = stats.used_bytes;
}

void collect_for_allocation(unsigned tried, uint64_t tenured_bytes)
{
    static const enum Kind young_steps[] = {KIND_YOUNG, KIND_FULL, KIND_FULL_CLEARING};
    static const enum Kind tenured_steps[] = {KIND_FULL, KIND_FULL_CLEARING, KIND_FULL_CLEARING};
    uint64_t full_before = heap_state.full_collections, used_before = heap_stats().used_bytes;

    collect(tenured_bytes == 0 ? young_steps[tried] : tenured_steps[tried], HEAP_CAUSE_ALLOCATION, tenured_bytes);
    if (heap_state.full_collections != full_before)
        note_futility(used_before);
}

Result heap_compact_for_image(Allocator *allocator, uint64_t *start, uint64_t *end)
{
    Result result;
    int64_t start_ns = os_clock_monotonic_ns();
    uint64_t before = heap_stats().used_bytes;

    while (!collection_begin(allocator)) {
    }
    TRY(collect_for_image());
    heap_state.full_collections++;
    choose_threshold(0);
    if (heap_is_logging())
        log_collection("Full", HEAP_CAUSE_FREEZE, before, start_ns, os_clock_monotonic_ns());
    if (heap_state.options.verify)
        verify();
    *start = heap_state.image_start;
    *end = heap_state.image_end;

done:
    collection_end(allocator);
    return result;
}
