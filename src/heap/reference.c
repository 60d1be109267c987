/* reference.c - references that are not strong, for both kinds of collection.
 *
 * While tracing, a collection hands in each Reference whose referent it has not reached (reference_discover), each weak
 * object with such an element, each ephemeron with such a key. When all that is strongly reachable has been traced:
 *
 *   ephemerons whose key has been reached meanwhile are strong (again and again, until there is none)
 *   soft references (where they are to be cleared) and weak ones lose dead referents
 *   remaining ephemerons fire: they are kept, with their key, and queued for the guest
 *   referents of FinalReferences are kept, with all that they reach, and the FinalReferences are queued
 *   weak objects get nil for dead elements
 *   phantom references lose dead referents
 *
 * As in the JDK, what becomes reachable only by finalization counts as strong from then on: discovery is off. */
#include "heap/slots.h"

static WordStack *list_of(unsigned kind)
{
    switch (kind) {
    case REFERENCE_SOFT: return &heap_state.soft;
    case REFERENCE_WEAK: return &heap_state.weak;
    case REFERENCE_FINAL: return &heap_state.final;
    default: return &heap_state.phantom;
    }
}

void references_reset(void)
{
    heap_state.soft.count = heap_state.weak.count = heap_state.final.count = heap_state.phantom.count = 0;
    heap_state.weaklings.count = heap_state.ephemerons.count = 0;
    heap_state.discovering = true;
}

bool reference_discover(Value reference, unsigned kind)
{
    if (!heap_state.discovering || !heap_kept()->has_layout || (kind == REFERENCE_SOFT && heap_state.keep_soft))
        return false;
    if (*reference_slot(reference, heap_kept()->layout.next) != 0) /* not active any more */
        return false;
    return stack_push(list_of(kind), reference); /* a full list makes them strong, this time */
}

static void enqueue(Value reference)
{
    heap_store(reference, heap_kept()->layout.discovered, *root_slot(ROOT_PENDING));
    *root_slot(ROOT_PENDING) = reference;
    heap_state.references_found = true;
}

static void clear_dead(const Tracer *tracer, WordStack *list)
{
    while (list->count > 0) {
        Value reference = stack_pop(list);
        Value *referent = reference_slot(reference, heap_kept()->layout.referent);
        if (*referent == 0)
            continue;
        if (tracer->is_live(*referent)) {
            tracer->keep(referent);
        } else {
            *referent = 0;
            enqueue(reference);
        }
    }
}

static void keep_finalizable(const Tracer *tracer)
{
    WordStack *list = &heap_state.final;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < list->count; i++) { /* which are dead is decided before any is kept */
        Value *referent = reference_slot(list->words[i], heap_kept()->layout.referent);
        if (tracer->is_live(*referent))
            tracer->keep(referent);
        else
            list->words[kept++] = list->words[i];
    }
    list->count = kept;
    heap_state.discovering = false;
    while (list->count > 0) {
        Value reference = stack_pop(list);
        tracer->keep(reference_slot(reference, heap_kept()->layout.referent));
        heap_store(reference, heap_kept()->layout.next, reference); /* not active any more */
        enqueue(reference);
    }
    tracer->drain();
}

static void keep_slot(void *context, Value *slot)
{
    ((const Tracer *)context)->keep(slot);
}

static void keep_all_slots(const Tracer *tracer, Value object)
{
    heap_each_slot(object, keep_slot, (void *)(uintptr_t)tracer);
}

/* Traces ephemerons with a live key, until there is none. */
static void trace_live_ephemerons(const Tracer *tracer)
{
    WordStack *list = &heap_state.ephemerons;
    for (bool again = true; again;) {
        again = false;
        uint64_t count = list->count, kept = 0;
        for (uint64_t i = 0; i < count; i++) {
            Value ephemeron = list->words[i];
            if (tracer->is_live(object_slots(ephemeron)[0])) {
                keep_all_slots(tracer, ephemeron);
                again = true;
            } else {
                list->words[kept++] = ephemeron;
            }
        }
        list->count = kept;
        tracer->drain(); /* may find more */
    }
}

/* Each fires once: it is an object like others from then on. */
static void fire_ephemerons(const Tracer *tracer)
{
    while (heap_state.ephemerons.count > 0) {
        Value ephemeron = stack_pop(&heap_state.ephemerons);
        uint64_t *header = object_header_slot(ephemeron);
        if (header_format(*header) != FORMAT_EPHEMERON) /* noted twice: an object of an image in two written cards */
            continue;
        *header = (*header & ~HEADER_FORMAT_MASK) | (uint64_t)FORMAT_FIXED << HEADER_FORMAT_SHIFT;
        keep_all_slots(tracer, ephemeron);
        if (stack_push(&heap_state.mourners, ephemeron))
            heap_state.references_found = true;
    }
    tracer->drain();
    trace_live_ephemerons(tracer);
}

static void clear_weakling(const Tracer *tracer, Value weakling)
{
    uint64_t header = *object_header_slot(weakling);
    uint64_t count = header_slots(weakling, header);
    Value *slots = object_slots(weakling);
    for (uint64_t i = weak_fixed_slots(weakling, header); i < count; i++) {
        if (!value_is_object(slots[i]) || tracer->is_live(slots[i])) {
            tracer->keep(slots + i);
        } else {
            slots[i] = *root_slot(ROOT_NIL);
            tracer->keep(slots + i); /* nil is live; this minds its card */
            heap_state.weak_cleared = heap_state.references_found = true;
        }
    }
}

void references_process(const Tracer *tracer)
{
    trace_live_ephemerons(tracer);
    clear_dead(tracer, &heap_state.soft);
    clear_dead(tracer, &heap_state.weak);
    while (heap_state.ephemerons.count > 0)
        fire_ephemerons(tracer);
    keep_finalizable(tracer);
    while (heap_state.weaklings.count > 0)
        clear_weakling(tracer, stack_pop(&heap_state.weaklings));
    clear_dead(tracer, &heap_state.phantom);
}

/* ---- outward ---- */

void heap_set_reference_layout(HeapReferenceLayout layout)
{
    heap_kept()->layout = layout;
    heap_kept()->has_layout = 1;
}

Value heap_take_pending_nogc(void)
{
    return __atomic_exchange_n(root_slot(ROOT_PENDING), 0, __ATOMIC_ACQ_REL);
}

bool heap_has_pending_nogc(void)
{
    return __atomic_load_n(root_slot(ROOT_PENDING), __ATOMIC_ACQUIRE) != 0;
}

void heap_set_nil(Value nil)
{
    *root_slot(ROOT_NIL) = nil;
}

bool heap_take_weak_cleared_nogc(void)
{
    return __atomic_exchange_n(&heap_state.weak_cleared, false, __ATOMIC_ACQ_REL);
}

Value heap_take_mourner_nogc(void)
{
    return heap_state.mourners.count == 0 ? 0 : stack_pop(&heap_state.mourners);
}

bool heap_add_mourner_nogc(Value ephemeron)
{
    return stack_push(&heap_state.mourners, ephemeron);
}

bool heap_has_mourners_nogc(void)
{
    return heap_state.mourners.count != 0;
}
