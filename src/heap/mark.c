/* mark.c - finds what is live, for full collections. Objects are not written: marks are bits in the bitmap.
 *
 * Reached objects wait on an explicit stack (each at most once, so its reserved range is always enough), and pass a
 * short queue on the way from it, in which their headers are fetched. */
#include "heap/mark.h"
#include "heap/slots.h"

#define QUEUE_LENGTH 16u

static bool freezing_now;
static bool every_reference_is_strong;
static uint64_t owners_image_end; /* owners whose loaders lie in the image up to here live */
static uint32_t owners_live, owners_used;

void bitmap_clear(uint64_t start, uint64_t end)
{
    if (end > start)
        memset(bitmap_word(start), 0, 8 * ((end - start + CARD_BYTES - 1) >> HEAP_CARD_SHIFT));
}

void bitmap_set_range(uint64_t start, uint64_t end)
{
    uint64_t *first = bitmap_word(start), *last = bitmap_word(end - 8);
    uint64_t head = ~(bitmap_bit(start) - 1), tail = (bitmap_bit(end - 8) << 1) - 1;
    if (first == last) {
        *first |= head & tail;
        return;
    }
    *first |= head;
    for (uint64_t *word = first + 1; word < last; word++)
        *word = ~0ull;
    *last |= tail;
}

static inline void reach(Value value)
{
    if (!value_is_object(value) || is_image(value))
        return;
    uint64_t *word = bitmap_word(value), bit = bitmap_bit(value);
    if (*word & bit)
        return;
    *word |= bit;
    if (__builtin_expect(!stack_push(&heap_state.work, value), 0)) {
        fprintf(stderr, "coracle: no memory for the collector's stack\n");
        os_exit_now(1);
    }
}

static void reach_slot(void *context, Value *slot)
{
    reach(*slot);
}

ALWAYS_INLINE void reach_slot_inline(void *context, Value *slot)
{
    reach(*slot);
}

/* ---- owners ---- */

static void reach_owner(uint32_t number)
{
    Owner *owner = owner_at(number);
    if (owner->live)
        return;
    owner->live = 1;
    owners_live++;
    reach(owner->loader);
    for (uint32_t root = owner->first_root; root != 0; root = root_link(root)->next)
        reach(*root_slot(root));
}

/* Owners in an image live: its objects may be instances of their classes. */
static void begin_owners(void)
{
    owners_live = owners_used = 0;
    for (uint32_t i = 1; i < heap_owner_table.count; i++) {
        owner_at(i)->live = 0;
        if (!owner_at(i)->used)
            continue;
        owners_used++;
        if (owner_at(i)->loader - heap_state.image_start < owners_image_end - heap_state.image_start)
            reach_owner(i);
    }
}

/* Instances reach their owners at once; loaders and class objects are looked at here. True: reached another one. */
static bool reach_owners_of_loaders(void)
{
    uint32_t before = owners_live;
    if (owners_live == owners_used)
        return false;
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        if (owner_at(i)->used && !owner_at(i)->live && owner_at(i)->loader != 0 && is_reached(owner_at(i)->loader))
            reach_owner(i);
    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++) {
        if (*class_place(i) == 0)
            continue;
        const Class *class = class_at(i);
        if (class->owner == 0 || owner_at(class->owner)->live || class->mirror_root == 0)
            continue;
        Value mirror = heap_root(class->mirror_root);
        if (value_is_object(mirror) && is_reached(mirror))
            reach_owner(class->owner);
    }
    return owners_live != before;
}

/* ---- objects ---- */

static void reach_but_referent(void *context, Value *slot)
{
    if (slot != (Value *)context)
        reach(*slot);
}

static bool is_dying(Value value)
{
    return value_is_object(value) && !is_reached(value);
}

static void scan_reference(Value object, const Class *class)
{
    Value *referent = reference_slot(object, heap_kept()->layout.referent);
    Value *skipped = NULL;
    if (is_dying(*referent) && reference_discover(object, class->reference_kind))
        skipped = referent;
    each_mapped_slot(object_slots(object), class, reach_but_referent, skipped);
}

static void scan_weakling(Value object, uint64_t header)
{
    uint64_t strong = stack_push(&heap_state.weaklings, object) ? weak_fixed_slots(object, header) : header_slots(object, header);
    for (uint64_t i = 0; i < strong; i++)
        reach(object_slots(object)[i]);
}

static void scan_instance(Value object, uint64_t header)
{
    const Class *class = class_at((uint32_t)(header & HEADER_CLASS_MASK));
    if (class->owner != 0)
        reach_owner(class->owner);
    if (__builtin_expect(class->reference_kind != REFERENCE_NONE, 0) && heap_state.discovering)
        scan_reference(object, class);
    else
        each_mapped_slot(object_slots(object), class, reach_slot_inline, NULL);
}

static void scan_slots(Value object, uint64_t header)
{
    uint32_t format = header_format(header);
    if (format == FORMAT_JAVA_INSTANCE) {
        scan_instance(object, header);
        return;
    }
    if (format == FORMAT_WEAK && !every_reference_is_strong) {
        scan_weakling(object, header);
        return;
    }
    if (format == FORMAT_EPHEMERON && heap_state.discovering && header_slots(object, header) > 0 &&
        is_dying(object_slots(object)[0]) && stack_push(&heap_state.ephemerons, object))
        return;
    if (format == FORMAT_JAVA_ARRAY) {
        uint32_t owner = class_at((uint32_t)(header & HEADER_CLASS_MASK))->owner;
        if (owner != 0)
            reach_owner(owner);
    }
    SlotRun run = slot_run(object, header);
    for (uint64_t i = run.first; i < run.limit; i++)
        reach(object_slots(object)[i]);
}

static void scan(Value object)
{
    uint64_t header = *object_header_slot(object);
    uint64_t slots = header_slots(object, header);
    uint64_t before = slots >= HEADER_SLOTS_MANY ? 8 : 0;
    if (freezing_now || !is_large(object))
        bitmap_set_range(object - before, object + OBJECT_BODY + 8 * body_slots(slots));
    scan_slots(object, header);
}

static void drain_stack(void)
{
    WordStack *work = &heap_state.work;
    Value queue[QUEUE_LENGTH];
    unsigned head = 0, length = 0;

    while (work->count > 0 || length > 0) {
        while (work->count > 0 && length < QUEUE_LENGTH) {
            Value object = stack_pop(work);
            __builtin_prefetch((const void *)(uintptr_t)object);
            queue[(head + length++) % QUEUE_LENGTH] = object;
        }
        Value object = queue[head];
        head = (head + 1) % QUEUE_LENGTH;
        length--;
        scan(object);
    }
}

static void drain(void)
{
    do
        drain_stack();
    while (reach_owners_of_loaders());
}

/* ---- roots ---- */

/* Calls look for each object of the image that lies, at least in part, between two bounds within a card that was written. */
static void each_written_image_object(void (*look)(Value object, Value *low, Value *high))
{
    uint64_t end = heap_state.image_end;
    for (uint64_t card = heap_state.image_start; card < end; card += CARD_BYTES) {
        if (*heap_card(card >> HEAP_CARD_SHIFT) == CARD_CLEAN)
            continue;
        uint64_t cursor = crossings_find(card);
        uint64_t high = card + CARD_BYTES < end ? card + CARD_BYTES : end;
        for (Value object; cursor < high && (object = extent_next(&cursor, end)) != 0 && object < high;)
            look(object, (Value *)(uintptr_t)card, (Value *)(uintptr_t)high);
    }
}

static void scan_written(Value object, Value *low, Value *high)
{
    uint64_t header = *object_header_slot(object);
    uint32_t format = header_format(header);
    bool special = format == FORMAT_WEAK || format == FORMAT_EPHEMERON ||
                   (format == FORMAT_JAVA_INSTANCE &&
                    class_at((uint32_t)(header & HEADER_CLASS_MASK))->reference_kind != REFERENCE_NONE);
    if (special)
        scan_slots(object, header);
    else
        each_slot_between(object, header, low, high, reach_slot, NULL);
}

static void reach_roots(void)
{
    for (uint32_t i = 1; i < heap_root_table.count; i++)
        if (root_link(i)->owner == 0)
            reach(*root_slot(i));
    for (uint64_t i = 0; i < heap_state.mourners.count; i++)
        reach(heap_state.mourners.words[i]);
    visit_handles(reach_slot, NULL);
    if (heap_state.hooks.visit_roots != NULL)
        heap_state.hooks.visit_roots(reach_slot, NULL);
}

static void clear_marks(void)
{
    bitmap_clear(heap_state.image_start, heap_state.image_end);
    bitmap_clear(heap_state.old.start, heap_state.old.top);
    bitmap_clear(heap_state.large_start, heap_state.large_top);
    bitmap_clear(heap_state.young_start, heap_state.young_start + heap_state.young_bytes);
}

static bool is_live(Value object)
{
    return is_reached(object);
}

static void keep(Value *slot)
{
    reach(*slot);
}

void mark_everything(bool freezing)
{
    static const Tracer tracer = {is_live, keep, drain};
    freezing_now = freezing;
    owners_image_end = heap_state.image_end;
    clear_marks();
    references_reset();
    begin_owners();
    reach_roots();
    each_written_image_object(scan_written); /* image objects live; what was written in them leads out */
    drain();
    references_process(&tracer);
    drain();
}

/* ---- dead image objects ---- */

static void clear_outside(void *context, Value *slot)
{
    if (value_is_object(*slot) && !is_image(*slot))
        *slot = *root_slot(ROOT_NIL);
}

static void clear_if_dead(Value object, Value *low, Value *high)
{
    if (!is_marked(object))
        each_slot_between(object, *object_header_slot(object), low, high, clear_outside, NULL);
}

void mark_image_to_let_go(void)
{
    uint64_t image_end = heap_state.image_end;
    bool discovering = heap_state.discovering;

    heap_state.image_end = heap_state.image_start; /* image objects are reached like others */
    heap_state.discovering = freezing_now = false;
    every_reference_is_strong = true;
    owners_image_end = image_end;
    clear_marks();
    bitmap_clear(heap_state.image_start, image_end);
    begin_owners();
    reach_roots();
    drain();
    every_reference_is_strong = false;
    heap_state.discovering = discovering;
    heap_state.image_end = image_end;
    each_written_image_object(clear_if_dead);
}
