/* relocate.c - exchanging references everywhere: become, pinning, laying side by side; and moving the whole heap. */
#include "base/memory.h"
#include "heap/slots.h"

/* Calls visit for each reference of the heap: of objects, roots, handles, threads. World stopped. */
static HeapVisit *visit_now;

static void visit_object(void *context, Value object)
{
    heap_each_slot(object, visit_now, context);
}

static void visit_everything(HeapVisit *visit, void *context)
{
    visit_now = visit;
    heap_each_object(visit_object, context);
    for (uint32_t i = 1; i < heap_root_table.count; i++)
        visit(context, root_slot(i));
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        visit(context, &owner_at(i)->loader);
    for (uint64_t i = 0; i < heap_state.mourners.count; i++)
        visit(context, &heap_state.mourners.words[i]);
    visit_handles(visit, context);
    if (heap_state.hooks.visit_roots != NULL)
        heap_state.hooks.visit_roots(visit, context);
}

/* ---- exchanges: a hash table from old to new references ---- */

typedef struct Exchange {
    Value *from, *to;
    uint64_t mask;
} Exchange;

static Result exchange_open(Exchange *exchange, size_t count)
{
    uint64_t size = 8;
    while (size < 4 * count)
        size *= 2;
    exchange->from = memory_allocate_array(2 * size, sizeof(Value));
    if (exchange->from == NULL)
        return ERROR_MEMORY;
    exchange->to = exchange->from + size;
    exchange->mask = size - 1;
    return OK;
}

static uint64_t exchange_place(const Exchange *exchange, Value from)
{
    uint64_t place = (from >> 3) * 0x9e3779b97f4a7c15ull >> 32;
    while (exchange->from[place & exchange->mask] != 0 && exchange->from[place & exchange->mask] != from)
        place++;
    return place & exchange->mask;
}

static void exchange_add(Exchange *exchange, Value from, Value to)
{
    uint64_t place = exchange_place(exchange, from);
    exchange->from[place] = from;
    exchange->to[place] = to;
}

static Value exchange_forward(void *context, Value value)
{
    const Exchange *exchange = context;
    if (!value_is_object(value))
        return value;
    uint64_t place = exchange_place(exchange, value);
    return exchange->from[place] != 0 ? exchange->to[place] : value;
}

static void exchange_slot(void *context, Value *slot)
{
    Value value = *slot, changed = exchange_forward(context, value);
    if (value == changed)
        return;
    *slot = changed;
    if ((uint64_t)(uintptr_t)slot - heap_state.base < heap_state.reserved_bytes)
        heap_mark_card(slot);
}

static void exchange_everything(Exchange *exchange)
{
    visit_everything(exchange_slot, exchange);
    if (heap_state.hooks.update_weak != NULL)
        heap_state.hooks.update_weak(exchange_forward, exchange);
}

static bool may_become(Value value)
{
    return value_is_object(value) && object_class_index(value) < CLASS_INDEX_JAVA;
}

static uint64_t hash_bits(Value object)
{
    return object_header(object) & HEADER_HASH_MASK;
}

static void set_hash_bits(Value object, uint64_t bits)
{
    *object_header_slot(object) = (object_header(object) & ~HEADER_HASH_MASK) | bits;
}

/* Both mean what they lead to by the pairs before: the references to them change places. */
static void become_each_other(Exchange *exchange, Value from, Value to, bool keep_hashes)
{
    Value x = exchange_forward(exchange, from), y = exchange_forward(exchange, to);
    uint64_t bits = hash_bits(x);
    exchange_add(exchange, from, y);
    exchange_add(exchange, to, x);
    if (keep_hashes) {
        set_hash_bits(x, hash_bits(y));
        set_hash_bits(y, bits);
    }
}

static Value exchange_end(Exchange *exchange, Value value)
{
    for (Value next; value_is_object(value) && (next = exchange_forward(exchange, value)) != value;)
        value = next;
    return value;
}

static void become_the_other(Exchange *exchange, Value from, Value to, bool keep_hashes)
{
    Value x = exchange_end(exchange, from), y = exchange_end(exchange, to);
    if (x == y || !value_is_object(x))
        return;
    exchange_add(exchange, x, y);
    if (keep_hashes && value_is_object(y))
        set_hash_bits(y, hash_bits(x));
}

Result heap_become(Allocator *allocator, const Value *from, const Value *to, size_t count, bool two_way, bool keep_hashes)
{
    Result result;
    Exchange exchange = {0};

    if (!collection_begin(allocator))
        return error_set(ERROR_STATE, "become: the heap was collected meanwhile");
    TRY(exchange_open(&exchange, two_way ? 2 * count : count));
    for (size_t i = 0; i < count; i++)
        if (!may_become(from[i]) || (two_way ? !may_become(to[i]) : value_is_object(to[i]) && !may_become(to[i]))) {
            result = error_set(ERROR_UNSUPPORTED, "become: element %zu is no Smalltalk object", i);
            goto done;
        }
    for (size_t i = 0; i < count; i++)
        (two_way ? become_each_other : become_the_other)(&exchange, from[i], to[i], keep_hashes);
    for (size_t i = 0; i < count; i++)
        if (!two_way && exchange_end(&exchange, from[i]) != from[i])
            exchange_add(&exchange, from[i], exchange_end(&exchange, from[i]));
    exchange_everything(&exchange);

done:
    memory_free(exchange.from);
    collection_end(allocator);
    return result;
}

/* ---- pinning ---- */

static void dirty_cards(Value object)
{
    for (uint64_t at = object; at < object_end(object); at += CARD_BYTES)
        heap_mark_card((const void *)(uintptr_t)at);
    heap_mark_card((const void *)(uintptr_t)(object_end(object) - 8));
}

/* Puts the object's contents and identity into the copy, which is as long, and leaves unused memory behind. */
static void replace_by(Value object, Value copy, Exchange *exchange)
{
    uint64_t end = object_end(object), start = extent_start(object);
    memcpy(object_at(copy, 0), object_at(object, 0), end - object);
    *object_header_slot(copy) = (*object_header_slot(copy) & ~HEADER_AGE_MASK) | HEADER_PINNED;
    dirty_cards(copy);
    extent_fill(start, end);
    exchange_add(exchange, object, copy);
    exchange_everything(exchange);
}

static void set_pinned(Value object, bool pinned)
{
    if (pinned)
        __atomic_fetch_or(object_header_slot(object), HEADER_PINNED, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(object_header_slot(object), ~HEADER_PINNED, __ATOMIC_RELAXED);
}

Value heap_pin(Allocator *allocator, Value object)
{
    if (is_image(object) || is_large(object)) {
        set_pinned(object, true);
        return object;
    }
    size_t mark = heap_enter_nogc(allocator);
    Value *held = heap_hold_nogc(allocator, object);
    Exchange exchange = {0};
    Value *copy = heap_hold_nogc(allocator, 0);
    uint64_t header = object_header(object);
    if (exchange_open(&exchange, 1) == OK)
        *copy = heap_allocate_pinned(allocator, (uint32_t)(header & HEADER_CLASS_MASK),
                                     (enum ObjectFormat)header_format(header), object_slot_count(object));
    if (*copy != 0) {
        while (!collection_begin(allocator)) {
        }
        if (!is_large(*held)) /* else another thread has just pinned it */
            replace_by(*held, *copy, &exchange);
        object = *held;
        collection_end(allocator);
    }
    memory_free(exchange.from);
    object = *copy != 0 ? object : 0;
    heap_leave_nogc(allocator, mark);
    return object;
}

void heap_unpin_nogc(Value object)
{
    set_pinned(object, false);
}

/* ---- laying side by side ---- */

#define LAID_SMALL_BYTES 2048 /* larger ones come behind those, */
#define LAID_BYTES (64 * KB)  /* up to this */

static Accesses accesses; /* to old space */

Result heap_note_accesses(Allocator *allocator)
{
    heap_collect(allocator, true, HEAP_CAUSE_FREEZE);
    return accesses_note(&accesses, heap_state.old.start, round_up(heap_state.old.top - heap_state.old.start, os_page_size()));
}

/* Of the objects in [accesses.start, end): those of a size in [least, most). */
static size_t lay_accessed(uint8_t access, uint64_t least, uint64_t most, uint64_t end, Exchange *exchange)
{
    size_t count = 0;

    for (uint64_t at = accesses.start; at < end;) {
        Value object = extent_next(&at, end);
        if (object == 0 || accesses_most(&accesses, extent_start(object), at) != access || object_header(object) & HEADER_PINNED)
            continue;
        uint64_t start = extent_start(object), bytes = at - start, target = heap_state.old.top;
        if (bytes < least || bytes >= most || !space_commit(&heap_state.old, target + bytes))
            continue;
        memcpy((void *)(uintptr_t)target, (const void *)(uintptr_t)start, bytes);
        heap_state.old.top += bytes;
        crossings_add(target, target + bytes);
        dirty_cards(target + (object - start));
        extent_fill(start, at);
        exchange_add(exchange, object, target + (object - start));
        count++;
    }
    return count;
}

Result heap_lay_accessed(Allocator *allocator)
{
    Result result;
    Exchange exchange = {0};

    while (!collection_begin(allocator)) {
    }
    os_memory_note_end();
    uint64_t top = heap_state.old.top, page = round_up(top, os_page_size());
    if (space_commit(&heap_state.old, page) && page != top) {
        extent_fill(top, page);
        crossings_add(top, page);
        heap_state.old.top = page;
    }
    TRY(exchange_open(&exchange, (top - accesses.start) / 64));
    if (lay_accessed(OS_WRITTEN, 0, LAID_SMALL_BYTES, top, &exchange) +
        lay_accessed(OS_WRITTEN, LAID_SMALL_BYTES, LAID_BYTES, top, &exchange) +
        lay_accessed(OS_READ_ONLY, 0, LAID_SMALL_BYTES, top, &exchange) +
        lay_accessed(OS_READ_ONLY, LAID_SMALL_BYTES, LAID_BYTES, top, &exchange) != 0)
        exchange_everything(&exchange);
done:
    memory_free(exchange.from);
    accesses_forget(&accesses);
    collection_end(allocator);
    return result;
}

/* ---- moving everything ---- */

static struct {
    uint64_t start, bytes;
    int64_t distance;
} move; /* references into [start, + bytes) grow by distance */

static Value moved(void *context, Value value)
{
    if (value_is_object(value) && value - move.start < move.bytes)
        return value + (uint64_t)move.distance;
    return value;
}

static void move_slot(void *context, Value *slot)
{
    *slot = moved(context, *slot);
}

static Result copy_range(uint64_t start, uint64_t end)
{
    void *target = (void *)(uintptr_t)(start + (uint64_t)move.distance);
    Result result = start == end ? OK : os_memory_commit(target, end - start);
    if (result == OK && start != end)
        memcpy(target, (const void *)(uintptr_t)start, end - start);
    return result;
}

static Result copy_heap(void)
{
    Result result;

    TRY(copy_range(heap_state.image_start, heap_state.old.committed));
    TRY(copy_range(heap_state.large_start, heap_state.large_committed));
    TRY(copy_range(heap_state.young_start, heap_state.young_start + heap_state.young_bytes));

done:
    return result;
}

static void move_space_by(Space *space, uint64_t distance)
{
    space->start += distance;
    space->top += distance;
    space->committed += distance;
    space->end += distance;
}

static void move_extents(LargeObject *extents, size_t count, uint64_t distance)
{
    for (size_t i = 0; i < count; i++)
        extents[i].start += distance;
}

static void move_state(uint64_t distance)
{
    heap_state.base += distance;
    heap_state.image_start += distance;
    heap_state.image_end += distance;
    heap_state.large_start += distance;
    heap_state.large_end += distance;
    heap_state.large_top += distance;
    heap_state.large_committed += distance;
    heap_state.young_start += distance;
    move_space_by(&heap_state.old, distance);
    move_space_by(&heap_state.eden, distance);
    move_space_by(&heap_state.survivors[0], distance);
    move_space_by(&heap_state.survivors[1], distance);
    move_extents(heap_state.large, heap_state.large_count, distance);
    move_extents(heap_state.gaps, heap_state.gap_count, distance);
    side_tables_bias();
}

Result move_heap(void)
{
    Result result;
    void *memory = NULL;

    TRY(os_memory_reserve(&memory, NULL, heap_state.reserved_bytes, OS_ANYWHERE));
    move.start = heap_state.base;
    move.bytes = heap_state.reserved_bytes;
    move.distance = (int64_t)((uint64_t)(uintptr_t)memory - heap_state.base);
    result = copy_heap();
    if (result != OK) {
        os_memory_release(memory, heap_state.reserved_bytes);
        goto done;
    }
    os_memory_release((void *)(uintptr_t)move.start, move.bytes);
    move_state((uint64_t)move.distance);
    visit_everything(move_slot, NULL);
    if (heap_state.hooks.update_weak != NULL)
        heap_state.hooks.update_weak(moved, NULL);
    uint8_t *arena_before = arena_base;
    TRY(arena_move_everything());
    if (heap_state.hooks.moved != NULL)
        heap_state.hooks.moved(move.distance, (int64_t)((intptr_t)arena_base - (intptr_t)arena_before));

done:
    return result;
}

Result heap_move_everything(Allocator *allocator)
{
    while (!collection_begin(allocator)) {
    }
    Result result = move_heap();
    collection_end(allocator);
    return result;
}
