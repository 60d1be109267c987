/* verify.c - checks every object, reference, card, root and handle. For debug builds and tests. */
#include "heap/mark.h"
#include "heap/slots.h"

static bool wrong;
static Value current; /* object being checked; 0: a root */

static void report(const char *what, uint64_t a, uint64_t b)
{
    if (wrong)
        return;
    wrong = true;
    error_set(ERROR_STATE, "heap: %s: object %#llx (header %#llx), %#llx, %#llx", what, (unsigned long long)current,
              (unsigned long long)(current != 0 ? object_header(current) : 0), (unsigned long long)a,
              (unsigned long long)b);
}

/* The bitmap, which only full collections use otherwise, marks where objects start. */
static void mark_start(void *context, Value object)
{
    uint64_t header = object_header(object);
    current = object;
    *bitmap_word(object) |= bitmap_bit(object);
    if (!class_exists(header & HEADER_CLASS_MASK))
        report("unknown class index", header & HEADER_CLASS_MASK, 0);
    if (header & HEADER_FORWARDED)
        report("forwarded", header, 0);
    if (!is_young(object) && (header & HEADER_AGE_MASK))
        report("old object with an age", header, 0);
}

static void check_space(const char *name, uint64_t start, uint64_t top)
{
    uint64_t cursor = start;
    while (cursor < top && !wrong) {
        uint64_t before = cursor;
        Value object = extent_next(&cursor, top);
        if (object != 0)
            mark_start(NULL, object);
        if (cursor <= before || cursor > top)
            report(name, before, cursor);
    }
}

static bool is_start(Value value)
{
    return value - heap_state.base < heap_state.reserved_bytes && is_marked(value);
}

static void check_root(void *context, Value *slot)
{
    if (value_is_object(*slot) && !is_start(*slot))
        report(context, (uint64_t)(uintptr_t)slot, *slot);
}

static void check_slot(void *context, Value *slot)
{
    Value value = *slot;
    if (!value_is_object(value))
        return;
    if (!is_start(value)) {
        report("reference to no object", (uint64_t)(uintptr_t)slot - current, value);
        return;
    }
    uint8_t card = *heap_card((uintptr_t)slot >> HEAP_CARD_SHIFT);
    if (!is_young(current) && is_young(value) && card != CARD_DIRTY)
        report("clean card of a reference to a young object", (uint64_t)(uintptr_t)slot - current, value);
    if (is_image(current) && !is_image(value) && card == CARD_CLEAN)
        report("clean card of a reference out of the image", (uint64_t)(uintptr_t)slot - current, value);
}

static void check_crossings(Value object)
{
    uint64_t start = extent_start(object), end = object_end(object);
    for (uint64_t card = round_up(start, CARD_BYTES); card < end; card += CARD_BYTES)
        if (crossings_find(card) != start)
            report("wrong crossing", card, crossings_find(card));
}

static void check_object(void *context, Value object)
{
    if (wrong)
        return;
    current = object;
    each_slot(object, object_header(object), check_slot, NULL);
    if (!is_young(object))
        check_crossings(object);
}

static void check_roots(void)
{
    current = 0;
    for (uint32_t i = 1; i < heap_root_table.count; i++)
        check_root("root", root_slot(i));
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        check_root("owner's loader", &owner_at(i)->loader);
    for (uint64_t i = 0; i < heap_state.mourners.count; i++)
        check_root("mourner", &heap_state.mourners.words[i]);
    visit_handles(check_root, (void *)(uintptr_t) "handle");
    if (heap_state.hooks.visit_roots != NULL)
        heap_state.hooks.visit_roots(check_root, (void *)(uintptr_t) "root of a thread or table");
}

Result heap_verify(void)
{
    wrong = false;
    current = 0;
    allocators_retire();
    bitmap_clear(heap_state.base, heap_state.old.top);
    bitmap_clear(heap_state.large_start, heap_state.large_top);
    bitmap_clear(heap_state.young_start, heap_state.young_start + heap_state.young_bytes);
    check_space("image space", heap_state.image_start, heap_state.image_end);
    check_space("old space", heap_state.old.start, heap_state.old.top);
    check_space("eden", heap_state.eden.start, heap_state.eden.top);
    check_space("survivors", heap_state.survivors[heap_state.from].start, heap_state.survivors[heap_state.from].top);
    for (size_t i = 0; i < heap_state.large_count && !wrong; i++)
        mark_start(NULL, extent_object(heap_state.large[i].start));
    if (!wrong)
        heap_each_object(check_object, NULL);
    if (!wrong)
        check_roots();
    return wrong ? ERROR_STATE : OK;
}
