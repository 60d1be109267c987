/* walk.c - from one object to the next, and from a card to the object that covers it. */
#include "heap/slots.h"

uint8_t *heap_crossings;

Value extent_make(uint64_t start, uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    uint64_t *word = (uint64_t *)(uintptr_t)start;
    if (slots >= HEADER_SLOTS_MANY)
        *word++ = ((uint64_t)HEADER_SLOTS_MANY << HEADER_SLOTS_SHIFT) | slots;
    *word = header_make(class_index, format, slots);
    return (Value)(uintptr_t)word;
}

void extent_fill(uint64_t start, uint64_t end)
{
    assert(end >= start && (end - start) % 8 == 0);
    uint64_t words = (end - start) / 8;
    if (words == 1)
        *(uint64_t *)(uintptr_t)start = 0;
    else if (words > 1 && words - 1 < HEADER_SLOTS_MANY)
        extent_make(start, CLASS_INDEX_FILLER, FORMAT_INDEXED_64, words - 1);
    else if (words > 1)
        extent_make(start, CLASS_INDEX_FILLER, FORMAT_INDEXED_64, words - 2);
}

void crossings_set(uint64_t start, uint64_t end)
{
    uint64_t first = (start + CARD_BYTES - 1) >> HEAP_CARD_SHIFT, last = (end - 1) >> HEAP_CARD_SHIFT;
    heap_crossings[first] = (uint8_t)(((first << HEAP_CARD_SHIFT) - start) / 8);
    for (uint64_t distance = 1; distance <= last - first; distance++)
        heap_crossings[first + distance] = (uint8_t)(64 + (63 - __builtin_clzll(distance)));
}

uint64_t crossings_find(uint64_t card_address)
{
    uint64_t card = card_address >> HEAP_CARD_SHIFT;
    while (heap_crossings[card] >= 64)
        card -= 1ull << (heap_crossings[card] - 64);
    return (card << HEAP_CARD_SHIFT) - 8 * heap_crossings[card];
}

typedef struct Range {
    uint64_t start, end;
} Range;

/* Ranges of objects by number, in the order in which they are walked; false: there are no more. */
static bool range_at(size_t number, Range *range)
{
    size_t large = heap_state.large_count;
    if (number == 0) {
        *range = (Range){heap_state.image_start, heap_state.image_end};
    } else if (number == 1) {
        *range = (Range){heap_state.old.start, heap_state.old.top};
    } else if (number < 2 + large) {
        uint64_t start = heap_state.large[number - 2].start;
        *range = (Range){start, object_end(extent_object(start))};
    } else if (number == 2 + large) {
        allocators_retire();
        *range = (Range){heap_state.eden.start, heap_state.eden.top};
    } else {
        const Space *survivors = &heap_state.survivors[heap_state.from];
        *range = (Range){survivors->start, survivors->top};
    }
    return number <= 3 + large;
}

void heap_each_object(void (*visit)(void *context, Value object), void *context)
{
    Range range;
    for (size_t i = 0; range_at(i, &range); i++) {
        uint64_t cursor = range.start, end = range.end;
        for (Value object; (object = extent_next(&cursor, end)) != 0;)
            visit(context, object);
    }
}

void heap_each_instance(uint32_t class_index, void (*visit)(void *context, Value object), void *context)
{
    Range range;
    for (size_t i = 0; range_at(i, &range); i++) {
        uint64_t cursor = range.start, end = range.end;
        for (Value object; (object = extent_next(&cursor, end)) != 0;)
            if (object_class_index(object) == class_index)
                visit(context, object);
    }
}

Value heap_next_object_nogc(Value previous)
{
    Range range;
    Value next = 0;
    bool found = previous == 0;
    for (size_t i = 0; next == 0 && range_at(i, &range); i++) {
        bool here = !found && previous >= range.start && previous < range.end;
        found |= here;
        if (here)
            range.start = object_end(previous);
        if (found)
            next = extent_next(&range.start, range.end);
    }
    return next;
}

void heap_each_slot(Value object, HeapVisit *visit, void *context)
{
    each_slot(object, object_header(object), visit, context);
}
