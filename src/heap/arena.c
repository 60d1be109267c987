/* arena.c - the metadata arena and its tables: reserved ranges, committed as they fill.
 *
 * Blocks come from a bump pointer, or from free lists: one for each small size, one for all larger ones. The heads of
 * the lists are of this process only; what lay free when an image was saved stays unused. */
#include "heap/arena.h"

#include <assert.h>
#include <string.h>

#include "heap/heap_internal.h"
#include "os/os.h"

#define ARENA_BYTES (1ull << 32) /* at most: ArenaRef */
#define ADDRESS_PART 16           /* of the address space, where it is limited */
#define COMMIT_STEP (1ull << 16)
#define ARENA_COMMIT_STEP (1ull << 20)
#define FIRST_BLOCK 64u
#define STATE_BYTES (512u << 10) /* at the beginning, for ARENA_STATE and what a start makes: all that one page table covers */
#define START_BYTES (1u << 20) /* behind them, for ARENA_START */
#define SMALL_LIMIT 1024u
#define SMALL_CHUNK 8192u /* of a table */
#define STATE_CHUNK 1024u
#define TABLES_LIMIT 64
#define GROUP_STRETCH_FIRST 1024u /* what a short program adds lies close together; */
#define GROUP_STRETCH 65536u      /* each stretch is four times as large as the one before, up to this */
#define GROUP_BLOCK_LIMIT 8192u   /* of blocks; ARENA_STATE and ARENA_START take all that fit in a stretch */

/* At the arena's beginning: what an image tells a thaw. */
typedef struct ArenaHeader {
    uint64_t gap, gap_end;
} ArenaHeader;
_Static_assert(sizeof(ArenaHeader) <= FIRST_BLOCK, "it lies before the first block");

uint8_t *arena_base;
uint64_t arena_image_bytes, arena_gap, arena_gap_end;

typedef struct FreeBlock {
    ArenaRef next;
    uint32_t words; /* of a large block: its size in 8-byte words */
} FreeBlock;

static struct {
    OsMutex lock;
    uint64_t top, committed, reserved;
    bool has_start; /* opened for ARENA_STATE and ARENA_START */
    uint64_t gap, gap_end; /* a part of an image's range that it does not use: it is used up first */
    ArenaRef small[SMALL_LIMIT / 8 + 1];
    ArenaRef large;
    struct {
        uint64_t top, end; /* what is left of the group's last stretch */
        uint32_t stretch;  /* the size of the last one; 0: none yet */
        bool was_used;     /* it is not zero for sure */
    } groups[ARENA_GROUP_COUNT];
    ArenaTable *tables[TABLES_LIMIT];
    size_t table_count;
} arena;

Result reserve_near(void **memory, uintptr_t preferred, uint64_t size_bytes)
{
    if (os_memory_reserve(memory, (void *)preferred, size_bytes, OS_IF_FREE) == OK)
        return OK;
    return os_memory_reserve(memory, NULL, size_bytes, OS_ANYWHERE);
}

uint64_t arena_room_bytes(void)
{
    return os_address_part(ARENA_BYTES, ADDRESS_PART) - COMMIT_STEP;
}

/* The first room_bytes are for groups of their own. */
static Result open_arena(uintptr_t preferred, uint64_t room_bytes)
{
    Result result;
    void *memory = NULL;

    assert(arena_base == NULL);
    arena.reserved = arena_room_bytes() + COMMIT_STEP;
    TRY(reserve_near(&memory, preferred, arena.reserved));
    arena_base = memory;
    arena.has_start = room_bytes != FIRST_BLOCK;
    if (arena.has_start) {
        arena.groups[ARENA_STATE].top = FIRST_BLOCK;
        arena.groups[ARENA_STATE].end = arena.groups[ARENA_START].top = STATE_BYTES;
        arena.groups[ARENA_START].end = room_bytes;
    }
    arena.top = room_bytes;
    arena.committed = arena.has_start ? round_up(room_bytes, COMMIT_STEP) : 0;
    arena_image_bytes = arena_gap = arena_gap_end = 0;
    if (arena.has_start && (result = os_memory_commit(arena_base, arena.committed)) != OK)
        arena_close();

done:
    return result;
}

Result arena_open(void)
{
    return open_arena(ARENA_PREFERRED_BASE, FIRST_BLOCK);
}

Result arena_open_for_start(void)
{
    return open_arena(ARENA_PREFERRED_BASE, STATE_BYTES + START_BYTES);
}

Result arena_open_for_allocation(uint64_t size_bytes)
{
    uint64_t end = round_up(size_bytes, COMMIT_STEP);
    Result result;

    TRY(open_arena(round_up(ARENA_PREFERRED_BASE, OS_LARGE_PAGE_BYTES), FIRST_BLOCK));
    if (os_memory_commit(arena_base, end) == OK) {
        arena.committed = end;
        os_memory_populate(arena_base, end, true);
    }
done:
    return result;
}

uint64_t arena_table_bytes(const ArenaTable *table, uint32_t count)
{
    return count <= table->first ? 0 : round_up((uint64_t)table->element_bytes * (count - table->first), COMMIT_STEP);
}

static uint64_t table_reserved_bytes(const ArenaTable *table)
{
    return arena_table_bytes(table, table->limit);
}

uint8_t *arena_table_memory(const ArenaTable *table, uint64_t bytes)
{
    return table->is_down ? table->base - (uint64_t)table->first * table->element_bytes - bytes : table->base;
}

/* The memory that a table has behind its first `start` bytes, up to `end`. */
static uint8_t *table_part(const ArenaTable *table, uint64_t start, uint64_t end)
{
    return table->is_down ? arena_table_memory(table, end) : table->base + start;
}

static void table_release(const ArenaTable *table)
{
    uint64_t bytes = table_reserved_bytes(table);
    os_memory_release(arena_table_memory(table, bytes), bytes);
}

void arena_close(void)
{
    for (size_t i = 0; i < arena.table_count; i++) {
        ArenaTable *table = arena.tables[i];
        if (!table->is_chunked)
            table_release(table);
        memset(table, 0, sizeof *table);
    }
    if (arena_base != NULL)
        os_memory_release(arena_base, arena.reserved);
    arena_base = NULL;
    arena_image_bytes = 0;
    memset(&arena, 0, sizeof arena);
}

/* ---- blocks ---- */

static FreeBlock *free_block(ArenaRef block)
{
    return ARENA(FreeBlock, block);
}

static ArenaRef take_small(uint32_t size)
{
    ArenaRef block = arena.small[size / 8];
    if (block != 0)
        arena.small[size / 8] = free_block(block)->next;
    return block;
}

static void put_free(ArenaRef block, uint32_t size)
{
    ArenaRef *head = size <= SMALL_LIMIT ? &arena.small[size / 8] : &arena.large;
    free_block(block)->next = *head;
    free_block(block)->words = size / 8;
    *head = block;
}

/* First fit; the rest of a larger block goes back to the lists. */
static ArenaRef take_large(uint32_t size)
{
    for (ArenaRef *link = &arena.large; *link != 0; link = &free_block(*link)->next) {
        ArenaRef block = *link;
        uint32_t found = free_block(block)->words * 8;
        if (found < size)
            continue;
        *link = free_block(block)->next;
        if (found > size)
            put_free(block + size, found - size);
        return block;
    }
    return 0;
}

static ArenaRef take_fresh(uint64_t size)
{
    uint64_t end = arena.top + size;
    if (size <= arena.gap_end - arena.gap) {
        arena.gap += size;
        return (ArenaRef)(arena.gap - size);
    }
    if (end > arena.reserved - COMMIT_STEP)
        return 0;
    if (end > arena.committed) {
        uint64_t committed = round_up(end, ARENA_COMMIT_STEP);
        if (os_memory_commit(arena_base + arena.committed, committed - arena.committed) != OK)
            return 0;
        arena.committed = committed;
    }
    ArenaRef block = (ArenaRef)arena.top;
    arena.top = end;
    return block;
}

static ArenaRef allocate(size_t size_bytes)
{
    uint64_t size = size_bytes == 0 ? 8 : round_up(size_bytes, 8);
    ArenaRef block = size <= SMALL_LIMIT ? take_small((uint32_t)size) : 0;
    if (block == 0)
        block = take_large((uint32_t)size);
    if (block != 0)
        memset(arena_at(block), 0, size);
    else
        block = take_fresh(size);
    return block;
}

ArenaRef arena_allocate(size_t size_bytes)
{
    ArenaRef block;

    if (size_bytes >= ARENA_BYTES)
        return 0;
    os_mutex_lock(&arena.lock);
    block = allocate(size_bytes);
    os_mutex_unlock(&arena.lock);
    return block;
}

/* Where a system maps the neighbours of a touched page too, it does so in such stretches. */
static ArenaRef take_fresh_aligned(uint32_t size)
{
    uint64_t next = arena.gap != arena.gap_end ? arena.gap : arena.top;
    uint32_t gap = (uint32_t)(-next % size);
    ArenaRef before = gap != 0 ? take_fresh(gap) : 0;

    if (before != 0)
        put_free(before, gap);
    return take_fresh(size);
}

static bool is_for_start(enum ArenaGroup group)
{
    return group == ARENA_STATE || group == ARENA_START;
}

/* What is left of the group's stretch serves others. */
static void give_rest(enum ArenaGroup group)
{
    uint64_t left = arena.groups[group].end - arena.groups[group].top;

    if (left != 0)
        put_free((ArenaRef)arena.groups[group].top, (uint32_t)left);
    arena.groups[group].top = arena.groups[group].end;
}

/* A new stretch for a group, of at least so many bytes. */
static bool take_stretch(enum ArenaGroup group, uint32_t least)
{
    uint32_t size = arena.groups[group].stretch * 4;

    if (size == 0)
        size = is_for_start(group) ? GROUP_STRETCH : GROUP_STRETCH_FIRST;
    while (size < least)
        size *= 2;
    if (size > GROUP_STRETCH)
        size = GROUP_STRETCH;
    arena.groups[group].stretch = size;
    ArenaRef stretch = !is_for_start(group) && size == GROUP_STRETCH ? take_large(GROUP_STRETCH / 2) : 0;
    bool was_used = stretch != 0;

    if (was_used)
        size = GROUP_STRETCH / 2;
    else
        stretch = take_fresh_aligned(size);
    if (stretch == 0)
        return false;
    give_rest(group);
    arena.groups[group].top = stretch;
    arena.groups[group].end = stretch + size;
    arena.groups[group].was_used = was_used;
    return true;
}

static uint32_t block_limit(enum ArenaGroup group)
{
    return is_for_start(group) ? GROUP_STRETCH : GROUP_BLOCK_LIMIT;
}

ArenaRef arena_allocate_near(enum ArenaGroup group, size_t size_bytes)
{
    uint64_t size = size_bytes == 0 ? 8 : round_up(size_bytes, 8);
    ArenaRef block = 0;

    if (is_for_start(group) && !arena.has_start)
        group = ARENA_NAMES;
    if (size > block_limit(group))
        return arena_allocate(size_bytes);
    os_mutex_lock(&arena.lock);
    if (size <= arena.groups[group].end - arena.groups[group].top || take_stretch(group, (uint32_t)size)) {
        block = (ArenaRef)arena.groups[group].top;
        if (arena.groups[group].was_used)
            memset(arena_at(block), 0, size);
        arena.groups[group].top += size;
    }
    os_mutex_unlock(&arena.lock);
    return block;
}

void arena_free(ArenaRef block, size_t size_bytes)
{
    if (block == 0)
        return;
    uint64_t size = size_bytes == 0 ? 8 : round_up(size_bytes, 8);
    os_mutex_lock(&arena.lock);
    assert(block % 8 == 0 && block + size <= arena.top);
    put_free(block, (uint32_t)size);
    os_mutex_unlock(&arena.lock);
}

/* 0: too large, or no memory. */
static ArenaRef copy_near(enum ArenaGroup group, ArenaRef block, size_t size_bytes)
{
    ArenaRef made = size_bytes <= block_limit(group) ? arena_allocate_near(group, size_bytes) : 0;

    if (made != 0)
        memcpy(arena_at(made), arena_at(block), size_bytes);
    return made;
}

ArenaRef arena_lay(enum ArenaGroup group, ArenaRef block, size_t size_bytes)
{
    ArenaRef made = copy_near(group, block, size_bytes);

    if (made == 0)
        return block;
    arena_free(block, size_bytes);
    return made;
}

/* ---- what is accessed ---- */

static Accesses accesses; /* behind the room of ARENA_START */

Result arena_note_accesses(void)
{
    uint64_t room = STATE_BYTES + START_BYTES;
    return accesses_note(&accesses, (uint64_t)(uintptr_t)arena_base + room, round_up(arena.top, COMMIT_STEP) - room);
}

bool arena_was_accessed(ArenaRef block, size_t size_bytes)
{
    uint64_t start = (uint64_t)(uintptr_t)arena_at(block);
    return accesses_most(&accesses, start, start + size_bytes) != 0;
}

bool arena_has_noted_accesses(void)
{
    return accesses.marks != NULL;
}

void arena_forget_accesses(void)
{
    accesses_forget(&accesses);
}

ArenaRef arena_copy_if_accessed(ArenaRef block, size_t size_bytes)
{
    ArenaRef made = arena_was_accessed(block, size_bytes) ? copy_near(ARENA_START, block, size_bytes) : 0;
    return made != 0 ? made : block;
}

void arena_start_is_laid(void)
{
    os_mutex_lock(&arena.lock);
    give_rest(ARENA_START);
    os_mutex_unlock(&arena.lock);
}

uint64_t arena_used_bytes(void)
{
    return arena.top;
}

void arena_prepare_save(void)
{
    ArenaHeader *header = ARENA(ArenaHeader, 0);

    if (arena.gap == arena.gap_end && arena.groups[ARENA_STATE].end == STATE_BYTES) {
        arena.gap = arena.groups[ARENA_STATE].top;
        arena.gap_end = arena.groups[ARENA_STATE].end;
        arena.groups[ARENA_STATE].top = arena.groups[ARENA_STATE].end;
    }
    header->gap = arena.gap;
    header->gap_end = arena.gap_end;
}

Result arena_adopt(uint64_t used_bytes)
{
    const ArenaHeader *header = ARENA(ArenaHeader, 0);

    if (used_bytes < FIRST_BLOCK || used_bytes > arena.reserved - COMMIT_STEP)
        return error_set(ERROR_FORMAT, "image: arena of %llu bytes", (unsigned long long)used_bytes);
    if (header->gap % 8 != 0 || header->gap > header->gap_end || header->gap_end > used_bytes)
        return error_set(ERROR_FORMAT, "image: the arena's header makes no sense");
    uint64_t mapped = round_up(used_bytes, COMMIT_STEP);
    if (arena.committed < mapped)
        arena.committed = mapped;
    arena.top = mapped; /* the tail of the last page is not zero for sure */
    arena_image_bytes = used_bytes;
    arena.large = 0;
    memset(arena.small, 0, sizeof arena.small);
    memset(arena.groups, 0, sizeof arena.groups);
    arena.has_start = false;
    arena.gap = arena_gap = header->gap;
    arena.gap_end = arena_gap_end = header->gap_end;
    return OK;
}

/* ---- tables ---- */

static bool add_chunks(ArenaTable *table, uint32_t count)
{
    uint32_t needed = arena_table_chunks(table, count);
    for (uint32_t i = table->first_bits == 0; i < needed; i++) /* element 0 alone needs no memory */
        if (table->chunks[i] == 0 && (table->chunks[i] = allocate(arena_table_chunk_bytes(table, i))) == 0)
            return false;
    return true;
}

static Result table_reach(ArenaTable *table, uint32_t count)
{
    uint64_t wanted = arena_table_bytes(table, count);
    if (count > table->limit)
        return error_set(ERROR_LIMIT, "table %s: more than %u elements", table->name, table->limit);
    if (table->is_chunked && count > table->count && !add_chunks(table, count))
        return error_set(ERROR_MEMORY, "table %s: the arena is full", table->name);
    if (!table->is_chunked && wanted > table->committed) {
        if (os_memory_commit(table_part(table, table->committed, wanted), wanted - table->committed) != OK)
            return error_prefix(ERROR_MEMORY, "table %s", table->name);
        table->committed = wanted;
    }
    if (count > table->count)
        __atomic_store_n(&table->count, count, __ATOMIC_RELEASE);
    return OK;
}

/* With the lock held. */
static Result add_table(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t limit)
{
    memset(table, 0, sizeof *table);
    if (arena.table_count == TABLES_LIMIT)
        return error_set(ERROR_LIMIT, "table %s: too many tables", name);
    table->name = name;
    table->element_bytes = element_bytes;
    table->limit = limit;
    return OK;
}

Result arena_table_open_chunked(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t limit, unsigned first_bits)
{
    Result result;

    os_mutex_lock(&arena.lock);
    TRY(add_table(table, name, element_bytes, limit));
    assert(limit <= ((1ull << ARENA_TABLE_CHUNKS) - 1) << first_bits);
    table->is_chunked = true;
    table->first_bits = (uint8_t)first_bits;
    table->count = 1;
    arena.tables[arena.table_count++] = table;
done:
    os_mutex_unlock(&arena.lock);
    return result;
}

static void table_place(ArenaTable *table, uint8_t *memory)
{
    table->base = table->is_down ? memory + table_reserved_bytes(table) + (uint64_t)table->first * table->element_bytes : memory;
}

/* origin: where the table's first element is to begin or, downwards, to end. */
static Result open_flat(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t first, uint32_t limit, uintptr_t origin, bool is_down)
{
    Result result;
    void *memory = NULL;

    os_mutex_lock(&arena.lock);
    TRY(add_table(table, name, element_bytes, limit));
    table->is_down = is_down;
    table->first = first;
    uint64_t bytes = table_reserved_bytes(table);
    TRY(reserve_near(&memory, is_down ? origin - bytes : origin, bytes));
    table_place(table, memory);
    table->count = 1;
    arena.tables[arena.table_count++] = table;

done:
    os_mutex_unlock(&arena.lock);
    return result;
}

Result arena_table_open(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t limit, uintptr_t start)
{
    return open_flat(table, name, element_bytes, 0, limit, start, false);
}

Result arena_table_open_down(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t first, uint32_t limit, uintptr_t end)
{
    return open_flat(table, name, element_bytes, first, limit, end, true);
}

Result arena_table_clear(ArenaTable *table, uint64_t bytes)
{
    return table->committed > bytes ? os_memory_clear(table_part(table, bytes, table->committed), table->committed - bytes) : OK;
}

uint32_t arena_table_add(ArenaTable *table, uint32_t count)
{
    os_mutex_lock(&arena.lock);
    uint32_t number = table->count;
    if (count > table->limit - number || table_reach(table, number + count) != OK)
        number = 0;
    os_mutex_unlock(&arena.lock);
    return number;
}

Result arena_table_reach(ArenaTable *table, uint32_t count)
{
    os_mutex_lock(&arena.lock);
    Result result = table_reach(table, count);
    os_mutex_unlock(&arena.lock);
    return result;
}

void arena_table_adopt(ArenaTable *table, uint32_t count, uint64_t committed)
{
    table->count = count;
    if (table->committed < committed)
        table->committed = committed;
}

size_t arena_tables(ArenaTable *const **tables)
{
    *tables = arena.tables;
    return arena.table_count;
}

/* Of a table's chunks: the large ones, those of which a start writes little, and those of which it writes much, which come
 * last: behind them comes what it makes itself. */
enum ChunkKind { CHUNK_LARGE, CHUNK_SMALL, CHUNK_STATE, CHUNK_KIND_COUNT };

static enum ChunkKind chunk_kind(const ArenaTable *table, size_t size_bytes)
{
    if (size_bytes <= STATE_CHUNK || table->limit == 2) /* a single element */
        return CHUNK_STATE;
    return size_bytes > SMALL_CHUNK ? CHUNK_LARGE : CHUNK_SMALL;
}

static void lay_chunks(ArenaTable *table, enum ChunkKind kind)
{
    uint32_t used = table->is_chunked ? arena_table_chunks(table, table->count) : 0;
    for (uint32_t i = 0; i < used; i++) {
        size_t size = arena_table_chunk_bytes(table, i);
        if (table->chunks[i] != 0 && chunk_kind(table, size) == kind)
            table->chunks[i] = arena_lay(ARENA_STATE, table->chunks[i], size);
    }
}

void arena_lay_chunks_for_start(void)
{
    for (enum ChunkKind kind = 0; kind < CHUNK_KIND_COUNT; kind++)
        for (size_t i = 0; i < arena.table_count; i++) lay_chunks(arena.tables[i], kind);
}

/* ---- moving, for debug builds ---- */

/* Copies a reserved range, of which [committed, + committed_bytes) may be touched. */
static Result copy_range(uint8_t **made, const uint8_t *range, uint64_t reserved_bytes, const uint8_t *committed, uint64_t committed_bytes)
{
    Result result;
    void *memory = NULL;

    TRY(os_memory_reserve(&memory, NULL, reserved_bytes, OS_ANYWHERE));
    *made = memory;
    result = os_memory_commit(*made + (committed - range), committed_bytes);
    if (result == OK)
        memcpy(*made + (committed - range), committed, committed_bytes);
    else
        os_memory_release(memory, reserved_bytes);

done:
    return result;
}

static Result move_arena(void)
{
    Result result;
    uint8_t *made = NULL;

    TRY(copy_range(&made, arena_base, arena.reserved, arena_base, arena.committed));
    os_memory_release(arena_base, arena.reserved);
    arena_base = made;

done:
    return result;
}

static Result move_table(ArenaTable *table)
{
    Result result;
    uint64_t reserved = table_reserved_bytes(table);
    uint8_t *made = NULL;

    TRY(copy_range(&made, arena_table_memory(table, reserved), reserved, arena_table_memory(table, table->committed), table->committed));
    table_release(table);
    table_place(table, made);

done:
    return result;
}

Result arena_move_everything(void)
{
    Result result;

    TRY(move_arena());
    for (size_t i = 0; i < arena.table_count; i++)
        if (!arena.tables[i]->is_chunked)
            TRY(move_table(arena.tables[i]));

done:
    return result;
}
