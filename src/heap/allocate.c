/* allocate.c - allocation beyond the bump: thread-local parts of eden, old and large objects, and when to collect.
 *
 * A request that finds no room has the heap collected, in steps: a young collection (which turns into a full one where
 * the heap's sizes ask for it), a full one, a full one that clears soft references; then it fails with 0. */
#include "heap/heap_internal.h"

#define LOCAL_BYTES (64 * KB)
#define LOCAL_LEAST_BYTES (2 * KB)
#define ATTEMPTS 3
#define STRESS_ROOTS 512

typedef struct Request {
    uint32_t class_index;
    enum ObjectFormat format;
    uint64_t slots, extent_bytes;
    enum { PLACE_YOUNG, PLACE_OLD, PLACE_LARGE } place;
} Request;

/* ---- thread-local parts of eden (heap locked or world stopped) ---- */

void allocator_retire(Allocator *allocator)
{
    uint64_t end = allocator->limit;
    assert(allocator->top <= end && end <= heap_state.eden.end);
    if (allocator->top < end) {
        allocator->allocated_bytes -= end - allocator->top;
        if (heap_state.eden.top == end)
            heap_state.eden.top = allocator->top;
        else
            extent_fill(allocator->top, end);
    }
    allocator->top = allocator->end = allocator->limit = 0;
}

void allocators_retire(void)
{
    for (Allocator *allocator = heap_state.allocators; allocator != NULL; allocator = allocator->next)
        allocator_retire(allocator);
}

static uint64_t local_bytes(void)
{
    uint64_t threads = 1;
    for (const Allocator *allocator = heap_state.allocators; allocator != NULL; allocator = allocator->next)
        threads++;
    uint64_t fair = heap_state.options.eden_bytes / (4 * threads);
    if (fair > LOCAL_BYTES)
        fair = LOCAL_BYTES;
    return round_up(fair < LOCAL_LEAST_BYTES ? LOCAL_LEAST_BYTES : fair, 8);
}

static uint64_t take_eden(uint64_t bytes)
{
    uint64_t start = heap_state.eden.top;
    if (bytes > heap_state.eden.end - start)
        return 0;
    heap_state.eden.top = start + bytes;
    return start;
}

static bool refill(Allocator *allocator, uint64_t least_bytes)
{
    allocator_retire(allocator);
    uint64_t bytes = local_bytes();
    uint64_t room = heap_state.eden.end - heap_state.eden.top;
    if (bytes > room)
        bytes = room;
    if (bytes < least_bytes)
        return false;
    allocator->top = take_eden(bytes);
    allocator->limit = allocator->top + bytes;
    allocator->end = heap_state.options.stress ? 0 : allocator->limit;
    allocator->allocated_bytes += bytes;
    return true;
}

/* ---- one attempt (heap locked); the start of an extent with a zeroed body, or 0 ---- */

static uint64_t attempt_young(Allocator *allocator, uint64_t bytes)
{
    uint64_t start;
    if (bytes > local_bytes() / 8) {
        start = take_eden(bytes);
        if (start != 0)
            allocator->allocated_bytes += bytes;
    } else {
        if (bytes > allocator->limit - allocator->top && !refill(allocator, bytes))
            return 0;
        start = allocator->top;
        allocator->top += bytes;
    }
    if (start != 0)
        memset((void *)(uintptr_t)start, 0, bytes);
    return start;
}

static bool tenured_has_room(uint64_t bytes)
{
    uint64_t used = tenured_used_bytes() + bytes;
    return used <= tenured_budget_bytes() && used <= heap_state.full_threshold_bytes;
}

static uint64_t attempt_old(uint64_t bytes)
{
    uint64_t start = heap_state.old.top;
    if (!tenured_has_room(bytes) || !space_commit(&heap_state.old, start + bytes))
        return 0;
    heap_state.old.top = start + bytes;
    memset((void *)(uintptr_t)start, 0, bytes);
    crossings_add(start, start + bytes);
    return start;
}

/* A short program from an image has no old space of its own, and needs no page for it. */
static bool old_space_is_used(void)
{
    return heap_state.image_start == heap_state.image_end || heap_state.old.top != heap_state.old.start;
}

static uint64_t attempt_large(Allocator *allocator, uint64_t bytes)
{
    if (!tenured_has_room(bytes))
        return 0;
    uint64_t start = large_allocate(bytes);
    if (start != 0)
        allocator->allocated_bytes += bytes;
    return start;
}

static Value attempt(Allocator *allocator, const Request *request)
{
    uint64_t start = 0;
    os_mutex_lock(&heap_state.lock);
    switch (request->place) {
    case PLACE_YOUNG: start = attempt_young(allocator, request->extent_bytes); break;
    case PLACE_OLD:
        start = old_space_is_used() ? attempt_old(request->extent_bytes) : attempt_young(allocator, request->extent_bytes);
        break;
    case PLACE_LARGE: start = attempt_large(allocator, request->extent_bytes); break;
    }
    Value object = start == 0 ? 0 : extent_make(start, request->class_index, request->format, request->slots);
    os_mutex_unlock(&heap_state.lock);
    return object;
}

/* What costs much is rare, so that whole programs can be run so: full collections of larger heaps, and all collections
 * while stacks are deep. */
static void stress(Allocator *allocator)
{
    uint32_t interval = heap_state.options.stress_interval + (uint32_t)(heap_state.thread_roots / STRESS_ROOTS);
    if (interval > 1 && __atomic_add_fetch(&heap_state.stressed, 1, __ATOMIC_RELAXED) % interval != 0)
        return;
    unsigned choice = (unsigned)(heap_random() >> 32);
    heap_collect(allocator, choice % (16 + tenured_used_bytes() / (4 * KB)) == 0, HEAP_CAUSE_STRESS);
}

/* A request that the heap could never hold fails without a collection. */
static bool is_possible(const Request *request)
{
    return request->slots < HEADER_SLOTS_MAX / 16 && request->extent_bytes <= tenured_budget_bytes();
}

/* One step: collects as hard as `tried` says and tries again before other threads can. Unless they have made room. */
static Value collect_and_attempt(Allocator *allocator, const Request *request, unsigned *tried)
{
    uint64_t seen = heap_state.collections;
    if (!collection_begin(allocator))
        return attempt(allocator, request);
    Value object = heap_state.collections == seen ? 0 : attempt(allocator, request);
    if (object == 0) {
        collect_for_allocation(*tried, request->place == PLACE_YOUNG ? 0 : request->extent_bytes);
        (*tried)++;
        object = memory_counts_as_exhausted() ? 0 : attempt(allocator, request);
    }
    collection_end(allocator);
    return object;
}

static Value allocate(Allocator *allocator, Request *request)
{
    if (!is_possible(request))
        return 0;
    if (heap_state.options.stress)
        stress(allocator);
    Value object = attempt(allocator, request);
    for (unsigned tried = 0; object == 0 && tried < ATTEMPTS;)
        object = collect_and_attempt(allocator, request, &tried);
    return object;
}

static Request request_for(uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    uint64_t bytes = slots < HEADER_SLOTS_MAX / 16 ? extent_bytes_for(slots) : UINT64_MAX;
    Request request = {.class_index = class_index, .format = format, .slots = slots, .extent_bytes = bytes};
    request.place = bytes > heap_state.options.eden_bytes / 8 ? PLACE_LARGE : PLACE_YOUNG;
    return request;
}

/* ---- outward ---- */

Value heap_allocate(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    if (slots < HEADER_SLOTS_MANY) {
        Value object = heap_bump_nogc(allocator, header_make(class_index, format, slots), slots);
        if (object != 0)
            return object;
    }
    Request request = request_for(class_index, format, slots);
    return allocate(allocator, &request);
}

Value heap_allocate_instance(Allocator *allocator, const Class *class)
{
    return heap_allocate(allocator, class->index, FORMAT_JAVA_INSTANCE, class->slots);
}

Value heap_allocate_array(Allocator *allocator, const Class *array_class, uint32_t length)
{
    uint64_t slots = 1 + ((((uint64_t)length << array_class->element_shift) + 7) >> 3);
    Value array = heap_allocate(allocator, array_class->index, FORMAT_JAVA_ARRAY, slots);
    if (array != 0)
        *(int64_t *)object_at(array, ARRAY_LENGTH_OFFSET) = length;
    return array;
}

Value heap_allocate_old(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    Request request = request_for(class_index, format, slots);
    if (request.place == PLACE_YOUNG)
        request.place = PLACE_OLD;
    return allocate(allocator, &request);
}

Value heap_allocate_pinned(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    Request request = request_for(class_index, format, slots);
    request.place = PLACE_LARGE;
    Value object = allocate(allocator, &request);
    if (object != 0)
        *object_header_slot(object) |= HEADER_PINNED;
    return object;
}
