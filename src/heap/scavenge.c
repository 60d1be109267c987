/* scavenge.c - young collections: copies what lives in eden and the used survivor space.
 *
 * An object goes to the other survivor space, until it is old enough or there is no room: then to old space, for which
 * the caller has made sure of room. Copies are scanned in the order of their addresses, in both places. Old objects are
 * found through the cards; a card stays dirty while it holds a reference to a young object. */
#include "heap/slots.h"

#define AGE_MOST 3u

static struct {
    uint64_t young_start, young_bytes;
    uint64_t to_start, to_top, to_end, to_bytes;
    uint64_t old_top;
    unsigned tenure_age;
} now; /* of the running scavenge */

static inline bool is_from(Value value) /* in a space that is being left */
{
    return value - now.young_start < now.young_bytes && value - now.to_start >= now.to_bytes &&
           (value & VALUE_TAG_MASK) == 0;
}

static unsigned header_age(uint64_t header)
{
    return (header & HEADER_AGE_LOW ? 1u : 0) | (header & HEADER_AGE_HIGH ? 2u : 0);
}

static uint64_t header_with_age(uint64_t header, unsigned age)
{
    return (header & ~HEADER_AGE_MASK) | (age & 1 ? HEADER_AGE_LOW : 0) | (age & 2 ? HEADER_AGE_HIGH : 0);
}

static inline void copy_words(uint64_t to, uint64_t from, uint64_t bytes)
{
    uint64_t *target = (uint64_t *)(uintptr_t)to;
    const uint64_t *source = (const uint64_t *)(uintptr_t)from;
    if (bytes > 128)
        memcpy(target, source, bytes);
    else
        for (uint64_t i = 0; i < bytes / 8; i++)
            target[i] = source[i];
}

/* Copies an object of a space that is being left, once; returns where it is. */
static inline Value evacuate(Value object)
{
    uint64_t header = *object_header_slot(object);
    if (header & HEADER_FORWARDED)
        return header & ~HEADER_FORWARDED;
    uint64_t slots = header_slots(object, header);
    uint64_t before = slots >= HEADER_SLOTS_MANY ? 8 : 0;
    uint64_t bytes = before + OBJECT_BODY + 8 * body_slots(slots);
    unsigned age = header_age(header);
    uint64_t target;

    if (age < now.tenure_age && bytes <= now.to_end - now.to_top) {
        target = now.to_top;
        now.to_top += bytes;
        header = header_with_age(header, age < AGE_MOST ? age + 1 : AGE_MOST);
    } else {
        target = now.old_top;
        now.old_top += bytes;
        crossings_add(target, target + bytes);
        header = header_with_age(header, 0);
    }
    copy_words(target, object - before, bytes);
    target += before;
    *object_header_slot(target) = header;
    *object_header_slot(object) = target | HEADER_FORWARDED;
    return target;
}

static void visit_root(void *context, Value *slot)
{
    if (is_from(*slot))
        *slot = evacuate(*slot);
}

static void visit_root_of_thread(void *context, Value *slot)
{
    heap_state.thread_roots++;
    visit_root(context, slot);
}

ALWAYS_INLINE void visit_young_slot(void *context, Value *slot)
{
    if (is_from(*slot))
        *slot = evacuate(*slot);
}

ALWAYS_INLINE void visit_old_slot(void *context, Value *slot)
{
    Value value = *slot;
    if (is_from(value))
        *slot = value = evacuate(value);
    if (value - now.young_start < now.young_bytes)
        heap_mark_card(slot);
}

/* In image pages, which full collections scan by their cards, a card also stays marked for references outside. */
static void visit_image_slot(void *context, Value *slot)
{
    visit_old_slot(NULL, slot);
    uint8_t *card = heap_card((uintptr_t)slot >> HEAP_CARD_SHIFT);
    if (*card == CARD_CLEAN && value_is_object(*slot) && !is_image(*slot))
        *card = CARD_OUTSIDE;
}

/* A slot of any object of the heap, wherever it lies. */
static void visit_heap_slot(void *context, Value *slot)
{
    uint64_t address = (uint64_t)(uintptr_t)slot;
    if (is_image(address))
        visit_image_slot(NULL, slot);
    else if (is_young(address))
        visit_young_slot(NULL, slot);
    else
        visit_old_slot(NULL, slot);
}

static inline bool is_dying(Value value) /* not reached so far */
{
    return is_from(value) && !(*object_header_slot(value) & HEADER_FORWARDED);
}

/* ---- objects whose slots are not all strong ---- */

typedef struct Window { /* the part of an object to be scanned */
    Value *low, *high;
} Window;

static void visit_but_referent(void *context, Value *slot)
{
    if (slot != (Value *)context)
        visit_heap_slot(NULL, slot);
}

static void scan_reference(Value object, uint64_t header, const Class *class, Window window)
{
    Value *referent = reference_slot(object, heap_kept()->layout.referent);
    Value *strong = NULL;
    if (referent >= window.low && referent < window.high && is_dying(*referent) &&
        reference_discover(object, class->reference_kind))
        strong = referent;
    each_slot_between(object, header, window.low, window.high, visit_but_referent, strong);
}

static void scan_weakling(Value object, uint64_t header, Window window)
{
    Value *first_weak = object_slots(object) + weak_fixed_slots(object, header);
    Value *end = object_slots(object) + header_slots(object, header);
    for (Value *slot = object_slots(object); slot < end; slot++) {
        if (slot < window.low || slot >= window.high)
            continue;
        if (slot >= first_weak && is_dying(*slot) && stack_push(&heap_state.weaklings, object)) {
            /* once: all its elements are looked at again then */
            for (slot++; slot < end; slot++)
                if (slot < window.high && !is_dying(*slot))
                    visit_heap_slot(NULL, slot);
            return;
        }
        visit_heap_slot(NULL, slot);
    }
}

static void scan_ephemeron(Value object, uint64_t header, Window window)
{
    if (header_slots(object, header) == 0 || !is_dying(object_slots(object)[0]) || !stack_push(&heap_state.ephemerons, object))
        each_slot_between(object, header, window.low, window.high, visit_heap_slot, NULL);
}

/* Scans by the special rules, if the object has them. */
ALWAYS_INLINE bool scan_special(Value object, uint64_t header, Window window)
{
    uint32_t format = header_format(header);
    if (format == FORMAT_JAVA_INSTANCE) {
        const Class *class = class_at((uint32_t)(header & HEADER_CLASS_MASK));
        if (__builtin_expect(class->reference_kind == REFERENCE_NONE, 1) || !heap_state.discovering)
            return false;
        scan_reference(object, header, class, window);
        return true;
    }
    if (format == FORMAT_WEAK) {
        scan_weakling(object, header, window);
        return true;
    }
    if (format == FORMAT_EPHEMERON && heap_state.discovering) {
        scan_ephemeron(object, header, window);
        return true;
    }
    return false;
}

static const Window whole = {(Value *)0, (Value *)UINTPTR_MAX};

/* ---- scanning what has been copied ---- */

static uint64_t scan_copies(uint64_t start)
{
    while (start < now.to_top) {
        Value object = extent_object(start);
        uint64_t header = *object_header_slot(object);
        if (!scan_special(object, header, whole))
            each_slot(object, header, visit_young_slot, NULL);
        start = object_end(object);
    }
    return start;
}

static uint64_t scan_promoted(uint64_t start)
{
    while (start < now.old_top) {
        Value object = extent_object(start);
        uint64_t header = *object_header_slot(object);
        if (!scan_special(object, header, whole))
            each_slot(object, header, visit_old_slot, NULL);
        start = object_end(object);
    }
    return start;
}

static struct {
    uint64_t copies, promoted;
} scanned;

static void drain(void)
{
    while (scanned.copies < now.to_top || scanned.promoted < now.old_top) {
        scanned.copies = scan_copies(scanned.copies);
        scanned.promoted = scan_promoted(scanned.promoted);
    }
}

/* ---- old objects, by their cards ---- */

/* Scans the objects of [start, end), all cards of which were dirty and have been cleaned. */
static void scan_cards(uint64_t start, uint64_t end, uint64_t space_end, HeapVisit *visit)
{
    uint64_t cursor = crossings_find(start);
    Window window = {(Value *)(uintptr_t)start, (Value *)(uintptr_t)(end < space_end ? end : space_end)};
    for (Value object; cursor < (uint64_t)(uintptr_t)window.high &&
                       (object = extent_next(&cursor, space_end)) != 0;) {
        uint64_t header = *object_header_slot(object);
        if ((uint64_t)(uintptr_t)window.high <= object)
            break;
        if (!scan_special(object, header, window))
            each_slot_between(object, header, window.low, window.high, visit, NULL);
    }
}

/* From this one on. */
ALWAYS_INLINE uint64_t eight_cards(uint64_t card)
{
    uint64_t eight;
    memcpy(&eight, heap_card(card + 7), 8);
    return eight;
}

/* Finds runs of dirty cards in [start, end). */
static void scan_space(uint64_t start, uint64_t end, HeapVisit *visit)
{
    uint64_t card = start >> HEAP_CARD_SHIFT, last = (end + CARD_BYTES - 1) >> HEAP_CARD_SHIFT;
    while (card < last) {
        if (card + 8 <= last && eight_cards(card) == 0) {
            card += 8;
            continue;
        }
        if (*heap_card(card) != CARD_DIRTY) {
            card++;
            continue;
        }
        uint64_t first = card;
        while (card < last && *heap_card(card) == CARD_DIRTY)
            *heap_card(card++) = CARD_CLEAN;
        scan_cards(first << HEAP_CARD_SHIFT, card << HEAP_CARD_SHIFT, end, visit);
    }
}

static void scan_large(uint64_t start, uint64_t bytes)
{
    scan_space(start, start + bytes, visit_old_slot);
}

static void scan_old_spaces(void)
{
    scan_space(heap_state.image_start, heap_state.image_end, visit_image_slot);
    scan_space(heap_state.old.start, heap_state.old.top, visit_old_slot);
    for (size_t i = 0; i < heap_state.large_count; i++)
        scan_large(heap_state.large[i].start, heap_state.large[i].bytes);
}

static void scan_roots(void)
{
    for (uint32_t i = 1; i < heap_root_table.count; i++)
        visit_root(NULL, root_slot(i));
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        visit_root(NULL, &owner_at(i)->loader);
    for (uint64_t i = 0; i < heap_state.mourners.count; i++)
        visit_root(NULL, &heap_state.mourners.words[i]);
    visit_handles(visit_root, NULL);
    heap_state.thread_roots = 0;
    if (heap_state.hooks.visit_roots != NULL)
        heap_state.hooks.visit_roots(visit_root_of_thread, NULL);
}

/* ---- weak things ---- */

static bool is_live(Value object)
{
    return !is_dying(object);
}

static void keep(Value *slot)
{
    visit_heap_slot(NULL, slot);
}

static const Tracer tracer = {is_live, keep, drain};

static Value forward(void *context, Value value)
{
    if (!is_from(value))
        return value;
    uint64_t header = *object_header_slot(value);
    return header & HEADER_FORWARDED ? header & ~HEADER_FORWARDED : 0;
}

/* ---- the whole ---- */

static void begin(void)
{
    Space *to = &heap_state.survivors[1 - heap_state.from];
    now.young_start = heap_state.young_start;
    now.young_bytes = heap_state.young_bytes;
    now.to_start = now.to_top = to->start;
    now.to_end = to->end;
    now.to_bytes = to->end - to->start;
    now.old_top = heap_state.old.top;
    now.tenure_age = heap_state.tenure_age;
    scanned.copies = now.to_top;
    scanned.promoted = now.old_top;
}

/* Old enough is younger when the survivor space fills. */
static void choose_tenure_age(void)
{
    uint64_t used = now.to_top - now.to_start;
    if (used > now.to_bytes / 2 && heap_state.tenure_age > 1)
        heap_state.tenure_age--;
    else if (used < now.to_bytes / 4 && heap_state.tenure_age < AGE_MOST)
        heap_state.tenure_age++;
}

static void finish(void)
{
    assert(now.to_top <= now.to_end && now.old_top <= heap_state.old.committed);
    Space *from = &heap_state.survivors[heap_state.from], *to = &heap_state.survivors[1 - heap_state.from];
    from->top = from->start;
    to->top = now.to_top;
    heap_state.from = 1 - heap_state.from;
    heap_state.eden.top = heap_state.eden.start;
    heap_state.old.top = now.old_top;
    choose_tenure_age();
}

void scavenge(void)
{
    begin();
    references_reset();
    scan_roots();
    scan_old_spaces();
    drain();
    references_process(&tracer);
    if (heap_state.hooks.update_weak != NULL)
        heap_state.hooks.update_weak(forward, NULL);
    finish();
}
