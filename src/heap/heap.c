/* heap.c - opens and closes the heap; allocators, handles, identity hashes, statistics. */
#include "heap/heap_internal.h"

#include "base/memory.h"

#define EDEN_BYTES (4 * MB)
#define EDEN_LEAST_BYTES (128 * KB)
#define LIMIT_LEAST_BYTES (2 * MB)
#define LIMIT_USUAL_BYTES (126 * MB)
#define IMAGE_RESERVED_BYTES (4 * GB)
#define IMAGE_RESERVED_LEAST_BYTES (32 * MB)
#define LARGE_RESERVED_BYTES (64 * MB)
#define ROOTS_LIMIT (1u << 25)
#define ROOTS_ADDRESS_PART 64 /* of the address space, where it is limited */
#define OWNERS_LIMIT (1u << 22)

HeapState heap_state;
uint8_t *heap_cards;
ArenaTable heap_kept_table;

uint64_t heap_random(void)
{
    uint64_t x = heap_state.random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    heap_state.random = x;
    return x * 0x2545f4914f6cdd1dull;
}

/* ---- reserved memory ---- */

bool space_commit(Space *space, uint64_t up_to)
{
    if (up_to <= space->committed)
        return true;
    if (up_to > space->end)
        return false;
    uint64_t committed = round_up(up_to, COMMIT_BYTES);
    if (committed > space->end)
        committed = space->end;
    if (os_memory_commit((void *)(uintptr_t)space->committed, committed - space->committed) != OK)
        return false;
    space->committed = committed;
    return true;
}

/* Address space is reserved when something is pushed for the first time. */
bool stack_grow(WordStack *stack)
{
    uint64_t step = COMMIT_BYTES / 8;
    void *memory = NULL;

    if (stack->committed + step > stack->limit)
        return false;
    if (stack->words == NULL) {
        if (os_memory_reserve(&memory, NULL, stack->limit * 8, OS_ANYWHERE) != OK)
            return false;
        stack->words = memory;
    }
    if (os_memory_commit(stack->words + stack->committed, COMMIT_BYTES) != OK)
        return false;
    stack->committed += step;
    return true;
}

static void stack_close(WordStack *stack)
{
    if (stack->words != NULL)
        os_memory_release(stack->words, stack->limit * 8);
}

static WordStack *const stacks[] = {&heap_state.soft,      &heap_state.weak,       &heap_state.final,
                                    &heap_state.phantom,   &heap_state.weaklings,  &heap_state.ephemerons,
                                    &heap_state.work,      &heap_state.mourners,   &heap_state.pinned};
#define STACK_COUNT (sizeof stacks / sizeof stacks[0])
#define LIST_COUNT 6 /* the first ones: HeapOptions.list_bytes */

static Result allocate_near(void *pointer, uintptr_t preferred, uint64_t bytes)
{
    Result result;
    void *memory = NULL;

    result = os_memory_allocate(&memory, (void *)preferred, bytes, OS_IF_FREE);
    if (result != OK)
        TRY(os_memory_allocate(&memory, NULL, bytes, OS_ANYWHERE));
    *(void **)pointer = memory;
done:
    return result;
}

static uint64_t card_bytes(void)
{
    return round_up(heap_state.reserved_bytes >> HEAP_CARD_SHIFT, os_page_size());
}

/* Crossings, and what full collections need: a bit for each word, a word for each card. */
static uint64_t side_bytes(void)
{
    return 17 * round_up(card_bytes(), COMMIT_BYTES);
}

/* ---- layout ---- */

/* Where the address space is limited, half of it is for objects and what collections need (UINT64_MAX: it is not). */
static uint64_t address_space(void)
{
    return os_address_part(UINT64_MAX, 2);
}

/* The old space has the limit and, if the space is limited, as much for an image's objects; large objects have twice the limit;
 * a collection's stack has half of the old space, its lists and side tables less than the limit together. */
static uint64_t limit_in(uint64_t space)
{
    uint64_t fixed = LARGE_RESERVED_BYTES + IMAGE_RESERVED_LEAST_BYTES;
    return space > fixed ? (space - fixed) / 6 : 0;
}

uint64_t heap_usual_limit_bytes(uint64_t memory_bytes, double percent, double percent_of_small)
{
    uint64_t most = limit_in(address_space());
    uint64_t part = (uint64_t)((double)memory_bytes * (percent >= 0 ? percent : 25) / 100);
    uint64_t part_of_small = (uint64_t)((double)memory_bytes * (percent_of_small >= 0 ? percent_of_small : 50) / 100);

    uint64_t usual = part_of_small < LIMIT_USUAL_BYTES ? part_of_small : part > LIMIT_USUAL_BYTES ? part : LIMIT_USUAL_BYTES;
    return usual < most ? usual : most;
}

/* A heap larger than usual is at the expense of an image's objects. */
static uint64_t image_reserved_bytes(void)
{
    uint64_t space = address_space(), limit = heap_state.options.limit_bytes;
    if (space == UINT64_MAX)
        return IMAGE_RESERVED_BYTES;
    if (limit < IMAGE_RESERVED_LEAST_BYTES || limit > limit_in(space))
        return IMAGE_RESERVED_LEAST_BYTES;
    return limit < IMAGE_RESERVED_BYTES ? round_up(limit, IMAGE_ALIGNMENT) : IMAGE_RESERVED_BYTES;
}

static void choose_sizes(const HeapOptions *options)
{
    HeapOptions *chosen = &heap_state.options;
    *chosen = *options;
    if (chosen->limit_bytes == 0)
        chosen->limit_bytes = heap_usual_limit_bytes(os_memory_physical(), -1, -1);
    if (chosen->limit_bytes < LIMIT_LEAST_BYTES)
        chosen->limit_bytes = LIMIT_LEAST_BYTES;
    chosen->limit_bytes = round_up(chosen->limit_bytes, 64 * KB);
    if (chosen->eden_bytes == 0)
        chosen->eden_bytes = EDEN_BYTES;
    if (chosen->eden_bytes > chosen->limit_bytes / 6)
        chosen->eden_bytes = chosen->limit_bytes / 6;
    if (chosen->eden_bytes < EDEN_LEAST_BYTES)
        chosen->eden_bytes = EDEN_LEAST_BYTES;
    chosen->eden_bytes = round_up(chosen->eden_bytes, 64 * KB);
    if (chosen->list_bytes == 0 && address_space() != UINT64_MAX)
        chosen->list_bytes = round_up(chosen->limit_bytes / 8, COMMIT_BYTES);
    heap_state.random = chosen->seed != 0 ? chosen->seed : 0x9e3779b97f4a7c15ull;
}

static uint64_t survivor_bytes(void)
{
    return round_up(heap_state.options.eden_bytes / 4, 64 * KB);
}

static uint64_t tenured_reserved_bytes(void)
{
    return round_up(heap_state.options.limit_bytes, IMAGE_ALIGNMENT) + image_reserved_bytes();
}

static uint64_t large_reserved_bytes(void)
{
    return round_up(2 * heap_state.options.limit_bytes, IMAGE_ALIGNMENT) + LARGE_RESERVED_BYTES;
}

static Space space_at(uint64_t *cursor, uint64_t bytes)
{
    uint64_t start = *cursor;
    *cursor += bytes;
    return (Space){start, start, start, start + bytes};
}

static Space committed_space_at(uint64_t *cursor, uint64_t bytes)
{
    Space space = space_at(cursor, bytes);
    space.committed = space.end;
    return space;
}

uint64_t young_usual_start(void)
{
    return round_up(heap_state.large_end, YOUNG_ALIGNMENT);
}

void young_lay(uint64_t start)
{
    uint64_t cursor = start;

    heap_state.young_start = start;
    heap_state.eden = committed_space_at(&cursor, heap_state.options.eden_bytes);
    heap_state.survivors[0] = committed_space_at(&cursor, survivor_bytes());
    heap_state.survivors[1] = committed_space_at(&cursor, survivor_bytes());
    heap_state.young_bytes = cursor - start;
}

static void lay_out(uint64_t base)
{
    uint64_t cursor = base;
    heap_state.base = base;
    heap_state.image_start = heap_state.image_end = base;
    heap_state.old = space_at(&cursor, tenured_reserved_bytes());
    heap_state.large_start = heap_state.large_top = heap_state.large_committed = cursor;
    cursor += large_reserved_bytes();
    heap_state.large_end = cursor;
    young_lay(young_usual_start());
}

static Result reserve_heap(void)
{
    void *memory = NULL;
    uint64_t bytes = tenured_reserved_bytes() + large_reserved_bytes() + YOUNG_ALIGNMENT +
                     round_up(heap_state.options.eden_bytes + 2 * survivor_bytes(), YOUNG_ALIGNMENT);

    heap_state.reserved_bytes = round_up(bytes, COMMIT_BYTES);
    Result result = reserve_near(&memory, HEAP_PREFERRED_BASE, heap_state.reserved_bytes);
    if (result != OK)
        return error_prefix(result, "a heap of %llu MB", (unsigned long long)(heap_state.options.limit_bytes / MB));
    lay_out((uint64_t)(uintptr_t)memory);
    return OK;
}

/* Points the side tables, which begin (cards: end) with the heap's first byte, so that addresses index them. */
void side_tables_bias(void)
{
    heap_cards = heap_state.card_memory + card_bytes() - 1 + (heap_state.base >> HEAP_CARD_SHIFT);
    heap_crossings = heap_state.crossing_memory - (heap_state.base >> HEAP_CARD_SHIFT);
}

/* An object has two words at least. */
static uint64_t stack_bytes(size_t index)
{
    uint64_t list = heap_state.options.list_bytes, most = round_up(tenured_reserved_bytes() / 2, COMMIT_BYTES);
    return index < LIST_COUNT && list != 0 && list < most ? list : most;
}

static Result open_side_tables(void)
{
    Result result;
    uint64_t cards = round_up(card_bytes(), COMMIT_BYTES);

    TRY(allocate_near(&heap_state.card_memory, HEAP_CARDS_END - card_bytes(), card_bytes()));
    TRY(allocate_near(&heap_state.crossing_memory, SIDE_PREFERRED_BASE, side_bytes()));
    heap_state.bitmap = (uint64_t *)(void *)(heap_state.crossing_memory + cards);
    heap_state.card_destination = (uint64_t *)(void *)(heap_state.crossing_memory + 9 * cards);
    for (size_t i = 0; i < STACK_COUNT; i++)
        *stacks[i] = (WordStack){.limit = stack_bytes(i) / 8};
    side_tables_bias();
    if (address_space() != UINT64_MAX && !stack_grow(&heap_state.work)) /* later it may be taken */
        TRY(ERROR_MEMORY);

done:
    return result;
}

static Result open_tables(void)
{
    Result result;
    uint32_t roots = (uint32_t)(os_address_part(ROOTS_LIMIT * sizeof(Value), ROOTS_ADDRESS_PART) / sizeof(Value));

    TRY(arena_table_open_chunked(&heap_kept_table, "heap", sizeof(HeapKept), 2, HEAP_KEPT_BITS));
    TRY(arena_table_open_down(&heap_root_table, "roots", sizeof(Value), 0, roots, ENTRIES_PREFERRED_BASE));
    TRY(arena_table_open_chunked(&heap_root_links, "root links", sizeof(RootLink), roots, ROOT_LINK_BITS));
    TRY(arena_table_open_chunked(&heap_owner_table, "owners", sizeof(Owner), OWNERS_LIMIT, OWNER_BITS));
    TRY(class_tables_open(heap_state.options.first_class));
done:
    return result;
}

Result heap_fill(void)
{
    Result result;

    TRY(os_memory_commit((void *)(uintptr_t)heap_state.young_start, round_up(heap_state.young_bytes, YOUNG_ALIGNMENT)));
    TRY(arena_table_reach(&heap_kept_table, 2));
    TRY(arena_table_reach(&heap_root_table, ROOT_FIRST));
    TRY(arena_table_reach(&heap_root_links, ROOT_FIRST));
    heap_kept()->hash_seed = heap_random();
    TRY(class_tables_fill());
done:
    return result;
}

Result heap_open(const HeapOptions *options)
{
    Result result;
    static const HeapOptions defaults;

    assert(!heap_state.open);
    memset(&heap_state, 0, sizeof heap_state);
    heap_state.open = true;
    heap_state.opened_ns = heap_state.full_ns = os_clock_monotonic_ns();
    choose_sizes(options != NULL ? options : &defaults);
    if (arena_base == NULL)
        TRY(arena_open());
    TRY(reserve_heap());
    TRY(open_side_tables());
    TRY(open_tables());
    if (!heap_state.options.for_image)
        TRY(heap_fill());
    heap_state.keep_soft = true;
    heap_state.tenure_age = TENURE_AGE_FIRST;
    heap_state.full_threshold_bytes = THRESHOLD_FIRST_BYTES;
    TRY(heap_open_log());
done:
    if (result != OK)
        heap_close();
    return result;
}

static void release_handles(Allocator *allocator)
{
    if (allocator->owns_handles)
        os_memory_release(allocator->handles, HEAP_HANDLES_BYTES);
    allocator->handles = NULL;
}

void heap_close(void)
{
    if (!heap_state.open)
        return;
    for (Allocator *allocator = heap_state.allocators; allocator != NULL; allocator = allocator->next)
        release_handles(allocator);
    os_memory_release((void *)(uintptr_t)heap_state.base, heap_state.reserved_bytes);
    os_memory_release(heap_state.card_memory, card_bytes());
    os_memory_release(heap_state.crossing_memory, side_bytes());
    for (size_t i = 0; i < STACK_COUNT; i++)
        stack_close(stacks[i]);
    large_close();
    arena_close();
    memset(&heap_state, 0, sizeof heap_state);
}

void heap_set_hooks(const HeapHooks *hooks)
{
    heap_state.hooks = *hooks;
}

void heap_set_stress(bool stress)
{
    heap_state.options.stress = stress;
    for (Allocator *allocator = heap_state.allocators; allocator != NULL; allocator = allocator->next)
        allocator->end = stress ? 0 : allocator->limit;
}

uint64_t heap_preferred_base(void)
{
    return heap_state.base;
}

/* ---- allocators and handles ---- */

void heap_attach(Allocator *allocator, Value *handles)
{
    void *memory = NULL;

    memset(allocator, 0, sizeof *allocator);
    allocator->owns_handles = handles == NULL;
    if (handles == NULL) {
        if (os_memory_allocate(&memory, NULL, HEAP_HANDLES_BYTES, OS_ANYWHERE) != OK) {
            fprintf(stderr, "coracle: no memory for a thread's handles: %s\n", error_message());
            os_exit_now(1);
        }
        handles = memory;
    }
    allocator->handles = handles;
    os_mutex_lock(&heap_state.lock);
    allocator->next = heap_state.allocators;
    heap_state.allocators = allocator;
    os_mutex_unlock(&heap_state.lock);
}

void heap_detach(Allocator *allocator)
{
    os_mutex_lock(&heap_state.lock);
    allocator_retire(allocator);
    Allocator **link = &heap_state.allocators;
    while (*link != NULL && *link != allocator)
        link = &(*link)->next;
    if (*link != NULL)
        *link = allocator->next;
    os_mutex_unlock(&heap_state.lock);
    release_handles(allocator);
}

Value *heap_hold_nogc(Allocator *allocator, Value value)
{
    if (allocator->handle_count == HANDLES_LIMIT) {
        fprintf(stderr, "coracle: more than %zu handles held\n", HANDLES_LIMIT);
        os_exit_now(1);
    }
    Value *slot = &allocator->handles[allocator->handle_count++];
    *slot = value;
    return slot;
}

void visit_handles(HeapVisit *visit, void *context)
{
    for (Allocator *allocator = heap_state.allocators; allocator != NULL; allocator = allocator->next)
        for (size_t i = 0; i < allocator->handle_count; i++)
            visit(context, &allocator->handles[i]);
}

/* ---- identity hashes ---- */

static uint64_t next_hash(void)
{
    uint64_t x = __atomic_add_fetch(&heap_kept()->hash_seed, 0x9e3779b97f4a7c15ull, __ATOMIC_RELAXED);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return (x ^ (x >> 31)) & (HEADER_HASH_MASK >> HEADER_HASH_SHIFT);
}

uint32_t heap_identity_hash(Value object)
{
    uint64_t header = object_header(object);
    while ((header & HEADER_HASH_MASK) == 0) {
        uint64_t hashed = header | next_hash() << HEADER_HASH_SHIFT;
        if (__atomic_compare_exchange_n(object_header_slot(object), &header, hashed, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            header = hashed; /* by chance still 0: then once more */
    }
    return (uint32_t)((header & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
}

bool heap_is_image_nogc(Value object)
{
    return is_image(object);
}

bool heap_is_young_nogc(Value object)
{
    return is_young(object);
}

/* ---- sizes ---- */

uint64_t tenured_used_bytes(void)
{
    return heap_state.old.top - heap_state.old.start + heap_state.large_used;
}

uint64_t tenured_budget_bytes(void)
{
    return heap_state.options.limit_bytes - heap_state.options.eden_bytes - survivor_bytes();
}

HeapStats heap_stats(void)
{
    const Space *survivor = &heap_state.survivors[heap_state.from];
    HeapStats stats = {
        .limit_bytes = heap_state.options.limit_bytes,
        .eden_bytes = heap_state.options.eden_bytes,
        .committed_bytes = heap_state.options.eden_bytes + survivor_bytes() + heap_state.old.committed -
                           heap_state.old.start + heap_state.large_used,
        .used_bytes = heap_state.eden.top - heap_state.eden.start + survivor->top - survivor->start +
                      tenured_used_bytes(),
        .young_collections = heap_state.young_collections,
        .full_collections = heap_state.full_collections,
        .pause_total_ns = heap_state.pause_total_ns,
        .pause_longest_ns = heap_state.pause_longest_ns,
        .full_ns = heap_state.full_ns,
        .last = heap_state.last,
        .last_requested = heap_state.last_requested,
    };
    return stats;
}
