/* compact.c - full collections: marks, then slides what lives together, in the order of addresses.
 *
 * Where an object goes follows from the bitmap: the new address of its card's first live word, and the count of bits
 * below its own. So new addresses are known before anything moves, and each object is moved and has its references
 * updated in one step, to lower addresses, over what has been moved already:
 *
 *     old  |AA..BBB...CC|   eden |..D.EE..|        ->   old  |AABBBCCDEE|   eden |........|
 *
 * Young objects go to old space too, unless it lacks the room: then each young space is compacted for itself. */
#include "heap/mark.h"
#include "heap/slots.h"

static bool evacuating; /* young objects go to old space */

static inline uint64_t *card_destination(uint64_t address)
{
    return &heap_state.card_destination[(address - heap_state.base) >> HEAP_CARD_SHIFT];
}

static inline bool moves(Value value) /* lies in a space that is compacted */
{
    return value_is_object(value) &&
           (value - heap_state.old.start < heap_state.old.top - heap_state.old.start || is_young(value));
}

static inline uint64_t destination(uint64_t address)
{
    return *card_destination(address) +
           8 * count_bits(*bitmap_word(address) & (bitmap_bit(address) - 1));
}

static bool freezing_now;

static inline Value forward_live(Value value)
{
    return moves(value) || (freezing_now && is_large(value) && value_is_object(value)) ? destination(value) : value;
}

static Value forward(void *context, Value value)
{
    if (!value_is_object(value))
        return value;
    return is_reached(value) ? forward_live(value) : 0;
}

/* ---- where everything goes ---- */

static uint64_t assign_destinations(uint64_t start, uint64_t end, uint64_t target)
{
    for (uint64_t card = start; card < end; card += CARD_BYTES) {
        *card_destination(card) = target;
        target += 8 * count_bits(*bitmap_word(card));
    }
    return target;
}

static Space *used_survivor(void)
{
    return &heap_state.survivors[heap_state.from];
}

static uint64_t live_bytes(const Space *space)
{
    return 8 * bitmap_count(space->start, space->top);
}

typedef struct Plan {
    uint64_t old_end, large_end, eden_end, survivor_end; /* where the moved parts of each space end */
} Plan;

static Plan plan_moves(void)
{
    Plan plan;
    Space *eden = &heap_state.eden, *survivor = used_survivor();
    uint64_t young = live_bytes(eden) + live_bytes(survivor);

    plan.old_end = assign_destinations(heap_state.old.start, heap_state.old.top, heap_state.old.start);
    if (freezing_now)
        plan.old_end = assign_destinations(heap_state.large_start, heap_state.large_top, plan.old_end);
    uint64_t used = plan.old_end - heap_state.old.start + heap_state.large_used;
    evacuating = (freezing_now || used + young <= tenured_budget_bytes()) &&
                 space_commit(&heap_state.old, plan.old_end + young);
    plan.eden_end = assign_destinations(eden->start, eden->top, evacuating ? plan.old_end : eden->start);
    plan.survivor_end = assign_destinations(survivor->start, survivor->top,
                                            evacuating ? plan.eden_end : survivor->start);
    return plan;
}

/* ---- updating references ---- */

static void update_root(void *context, Value *slot)
{
    Value value = *slot;
    if (moves(value) || freezing_now)
        *slot = forward_live(value);
}

ALWAYS_INLINE void update_slot(void *context, Value *slot)
{
    Value value = *slot;
    if (moves(value))
        *slot = destination(value);
}

/* Of a tenured object, while young ones stay young. */
static void update_slot_with_card(void *context, Value *slot)
{
    update_slot(NULL, slot);
    if (is_young(*slot) && value_is_object(*slot))
        heap_mark_card(slot);
}

static void update_slot_freezing(void *context, Value *slot)
{
    Value moved = forward_live(*slot);
    if (moved != *slot) /* else a page of an image stays clean */
        *slot = moved;
}

static void update_slots(Value object)
{
    uint64_t header = *object_header_slot(object);
    if (freezing_now)
        each_slot(object, header, update_slot_freezing, NULL);
    else if (evacuating)
        each_slot(object, header, update_slot, NULL);
    else if (is_young(object))
        each_slot(object, header, update_slot, NULL);
    else
        each_slot(object, header, update_slot_with_card, NULL);
}

static void update_roots(void)
{
    for (uint32_t i = 1; i < heap_root_table.count; i++) {
        uint32_t owner = root_link(i)->owner;
        if (owner == 0 || (owner != ROOT_IS_FREE && owner_at(owner)->live))
            update_root(NULL, root_slot(i));
        else if (owner != ROOT_IS_FREE)
            *root_slot(i) = 0; /* of a dead owner */
    }
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        if (owner_at(i)->used)
            owner_at(i)->loader = owner_at(i)->live ? forward_live(owner_at(i)->loader) : 0;
    for (uint64_t i = 0; i < heap_state.mourners.count; i++)
        update_root(NULL, &heap_state.mourners.words[i]);
    visit_handles(update_root, NULL);
    if (heap_state.hooks.visit_roots != NULL)
        heap_state.hooks.visit_roots(update_root, NULL);
    if (heap_state.hooks.update_weak != NULL)
        heap_state.hooks.update_weak(forward, NULL);
}

/* An image card's slots; says what the card has to be marked as. */
static void update_image_slot(void *context, Value *slot)
{
    uint8_t *card = context;
    Value value = *slot;
    if (moves(value))
        *slot = value = destination(value);
    if (!value_is_object(value) || is_image(value))
        return;
    if (is_young(value))
        *card = CARD_DIRTY;
    else if (*card == CARD_CLEAN)
        *card = CARD_OUTSIDE;
}

static void update_image_cards(void)
{
    uint64_t end = heap_state.image_end;
    for (uint64_t start = heap_state.image_start; start < end; start += CARD_BYTES) {
        uint8_t *card = heap_card(start >> HEAP_CARD_SHIFT);
        if (*card == CARD_CLEAN)
            continue;
        *card = CARD_CLEAN;
        uint64_t cursor = crossings_find(start);
        uint64_t high = start + CARD_BYTES < end ? start + CARD_BYTES : end;
        for (Value object; cursor < high && (object = extent_next(&cursor, end)) != 0 && object < high;)
            each_slot_between(object, *object_header_slot(object), (Value *)(uintptr_t)start,
                              (Value *)(uintptr_t)high, update_image_slot, card);
    }
}

/* ---- moving ---- */

static inline void move_words(uint64_t target, uint64_t source, uint64_t bytes)
{
    uint64_t *to = (uint64_t *)(uintptr_t)target;
    const uint64_t *from = (const uint64_t *)(uintptr_t)source;
    if (bytes > 128)
        memmove(to, from, bytes);
    else
        for (uint64_t i = 0; i < bytes / 8; i++)
            to[i] = from[i]; /* never to a higher address */
}

/* Moves the live objects of [start, end) and updates their references. tenure: they become old. */
static void move_space(uint64_t start, uint64_t end, bool tenure)
{
    for (uint64_t at = bitmap_next(start, end); at < end; at = bitmap_next(at, end)) {
        Value object = extent_object(at);
        uint64_t bytes = object_end(object) - at;
        uint64_t target = destination(at);
        uint64_t before = object - at;
        assert(target <= at || tenure);
        at += bytes;
        if (target != object - before)
            move_words(target, object - before, bytes);
        if (!is_young(target))
            crossings_add(target, target + bytes);
        object = target + before;
        if (tenure)
            *object_header_slot(object) &= ~HEADER_AGE_MASK;
        update_slots(object);
    }
}

static void update_large_objects(void)
{
    for (size_t i = 0; i < heap_state.large_count; i++) {
        LargeObject extent = heap_state.large[i];
        cards_clean(extent.start, extent.start + extent.bytes);
        update_slots(extent_object(extent.start));
    }
}

static void move_everything(const Plan *plan)
{
    Space *eden = &heap_state.eden, *survivor = used_survivor();
    uint64_t old_end = evacuating ? plan->survivor_end : plan->old_end;

    cards_clean(heap_state.old.start, old_end > heap_state.old.top ? old_end : heap_state.old.top);
    move_space(heap_state.old.start, heap_state.old.top, false);
    if (freezing_now)
        move_space(heap_state.large_start, heap_state.large_top, true);
    else
        update_large_objects();
    move_space(eden->start, eden->top, evacuating);
    move_space(survivor->start, survivor->top, evacuating);
    heap_state.old.top = old_end;
    eden->top = evacuating ? eden->start : plan->eden_end;
    survivor->top = evacuating ? survivor->start : plan->survivor_end;
}

/* Memory above old space is given back when there is much of it. */
static void give_back(void)
{
    uint64_t keep = round_up(heap_state.old.top + 16 * MB, COMMIT_BYTES);
    if (heap_state.old.committed <= keep + 16 * MB)
        return;
    if (os_memory_decommit((void *)(uintptr_t)keep, heap_state.old.committed - keep) == OK)
        heap_state.old.committed = keep;
}

void collect_fully(bool keep_soft)
{
    heap_state.keep_soft = keep_soft;
    freezing_now = false;
    if (!keep_soft && heap_state.image_end != heap_state.image_start)
        mark_image_to_let_go();
    mark_everything(false);
    heap_state.keep_soft = true;
    large_sweep(is_marked, true);
    Plan plan = plan_moves();
    update_roots();
    update_image_cards();
    move_everything(&plan);
    owners_release_dead();
    give_back();
}

/* ---- for images ---- */

static void forget_large(void)
{
    heap_state.large_count = 0;
    large_sweep(is_marked, false); /* all of it is one gap */
}

/* Where young space lies among the tenured objects, it goes back to its usual place, and its objects become old ones. */
static Result clear_young_from_tenured(void)
{
    Result result = OK;
    uint64_t usual = young_usual_start();

    if (heap_state.young_start == usual)
        return OK;
    TRY(os_memory_commit((void *)(uintptr_t)usual, heap_state.young_bytes));
    heap_state.tenure_age = 0;
    scavenge();
    heap_state.tenure_age = TENURE_AGE_FIRST;
    young_lay(usual);
done:
    return result;
}

/* Image objects are collected like old ones; all that lives becomes the new image. */
Result collect_for_image(void)
{
    uint64_t most = heap_state.old.top + heap_state.large_used + heap_state.young_bytes;
    if (!space_commit(&heap_state.old, most))
        return error_set(ERROR_MEMORY, "no memory for bringing %llu MB of objects together",
                         (unsigned long long)(most - heap_state.image_start) >> 20);
    if (clear_young_from_tenured() != OK)
        return ERROR_MEMORY;
    heap_state.image_end = heap_state.image_start;
    heap_state.old.start = heap_state.image_start;
    heap_state.keep_soft = true;
    freezing_now = true;
    mark_everything(true);
    large_sweep(is_marked, true); /* all that lives there moves; then its memory goes */
    Plan plan = plan_moves();
    assert(evacuating);
    update_roots();
    move_everything(&plan);
    forget_large();
    owners_release_dead();
    freezing_now = false;
    heap_state.image_end = heap_state.old.top;
    heap_state.old.start = heap_state.old.top = round_up(heap_state.image_end, IMAGE_ALIGNMENT);
    assert(heap_state.old.start <= heap_state.old.committed);
    give_back();
    return OK;
}
