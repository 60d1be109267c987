/* slots.h - which words of an object are references: the one place that knows, inlined into each walker.
 *
 *   Java instance (6)      by the class's reference_map
 *   Java array (8)         the elements, if elements_are_references
 *   1 - 5                  all slots
 *   compiled method (24-)  literals: as many as the header in slot 0 says
 *   others                 none
 *
 * A slot may hold an immediate or 0. */
#ifndef HEAP_SLOTS_H
#define HEAP_SLOTS_H

#include "heap/heap_internal.h"

#define METHOD_LITERALS_MASK 0x7fffu

/* A run of slots [first, limit) that all are references. */
typedef struct SlotRun {
    uint64_t first, limit;
} SlotRun;

ALWAYS_INLINE SlotRun slot_run(Value object, uint64_t header)
{
    SlotRun none = {0, 0};
    uint32_t format = header_format(header);
    uint64_t count = header_slots(object, header);
    if (format == FORMAT_JAVA_ARRAY)
        return class_at((uint32_t)(header & HEADER_CLASS_MASK))->elements_are_references ? (SlotRun){1, count} : none;
    if (format >= FORMAT_FIXED && format <= FORMAT_EPHEMERON)
        return (SlotRun){0, count};
    if (format >= FORMAT_METHOD) {
        Value method_header = object_slots(object)[0];
        if (!value_is_integer(method_header))
            return none;
        uint64_t literals = (uint64_t)value_integer(method_header) & METHOD_LITERALS_MASK;
        return (SlotRun){1, literals < count ? literals + 1 : count};
    }
    return none;
}

ALWAYS_INLINE void each_mapped_slot(Value *slots, const Class *class, HeapVisit *visit, void *context)
{
    for (uint64_t map = class->reference_map; map != 0; map &= map - 1)
        visit(context, slots + __builtin_ctzll(map));
    if (__builtin_expect(class->reference_map_words != 0, 0)) {
        const uint64_t *more = ARENA(const uint64_t, class->reference_map_more);
        for (uint32_t word = 0; word < class->reference_map_words; word++)
            for (uint64_t map = more[word]; map != 0; map &= map - 1)
                visit(context, slots + 64 * (word + 1) + (unsigned)__builtin_ctzll(map));
    }
}

/* All reference slots of an object, weak ones too. */
ALWAYS_INLINE void each_slot(Value object, uint64_t header, HeapVisit *visit, void *context)
{
    Value *slots = object_slots(object);
    if (header_format(header) == FORMAT_JAVA_INSTANCE) {
        each_mapped_slot(slots, class_at((uint32_t)(header & HEADER_CLASS_MASK)), visit, context);
        return;
    }
    SlotRun run = slot_run(object, header);
    for (uint64_t i = run.first; i < run.limit; i++)
        visit(context, slots + i);
}

/* Those in [low, high) only. */
ALWAYS_INLINE void each_slot_between(Value object, uint64_t header, Value *low, Value *high, HeapVisit *visit,
                                     void *context)
{
    Value *slots = object_slots(object);
    if (header_format(header) == FORMAT_JAVA_INSTANCE) {
        const Class *class = class_at((uint32_t)(header & HEADER_CLASS_MASK));
        for (uint32_t word = 0; word <= class->reference_map_words; word++) {
            uint64_t map = word == 0 ? class->reference_map : ARENA(const uint64_t, class->reference_map_more)[word - 1];
            for (; map != 0; map &= map - 1) {
                Value *slot = slots + 64 * word + (unsigned)__builtin_ctzll(map);
                if (slot >= low && slot < high)
                    visit(context, slot);
            }
        }
        return;
    }
    SlotRun run = slot_run(object, header);
    Value *first = slots + run.first, *limit = slots + run.limit;
    if (first < low)
        first = low;
    if (limit > high)
        limit = high;
    for (Value *slot = first; slot < limit; slot++)
        visit(context, slot);
}

/* Slots before the weak ones of a weak object: its class's fixed ones. */
static inline uint64_t weak_fixed_slots(Value object, uint64_t header)
{
    uint64_t count = header_slots(object, header);
    uint32_t fixed = class_at((uint32_t)(header & HEADER_CLASS_MASK))->slots;
    return fixed < count ? fixed : count;
}

/* Whether an object's slots need more than visiting each: Reference with an active referent, weak, ephemeron. */
static inline Value *reference_slot(Value reference, uint32_t offset)
{
    return (Value *)object_at(reference, offset);
}

#endif
