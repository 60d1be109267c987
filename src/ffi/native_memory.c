/* native_memory.c - the region's allocator: two-level segregated fit over blocks with boundary sizes. */
#include "ffi/native_memory.h"

#include <assert.h>
#include <string.h>

#include "base/base.h"
#include "ffi/native_memory_internal.h"
#include "os/os.h"

#define MAGIC UINT64_C(0x31656c636172654e)
#define IS_USED UINT64_C(1)
#define GRANULE 16u
#define OVERHEAD 16u
#define LEAST_BLOCK 32u
#define COMMIT_STEP (UINT64_C(1) << 20)
#define GIVE_BACK (UINT64_C(256) << 10)   /* free blocks from this size return their pages */
#define IMAGE_STEP (UINT64_C(64) << 10)
#define ADDRESS_PART 16 /* of the address space, where it is limited */

typedef struct Block {
    uint64_t size_and_use;
    uint64_t before; /* size of the block before; 0 for the first */
    uint64_t next;   /* of the same list, as offsets; only while free */
    uint64_t previous;
} Block;
_Static_assert(sizeof(Block) == LEAST_BLOCK, "a free block holds its links");
_Static_assert(sizeof(NativeHeader) <= 8192, "the header fits before the first block");
#define FIRST_BLOCK UINT64_C(8192)

static OsMutex lock;
static NativeHeader *header; /* NULL: closed */
static uint64_t committed;   /* bytes from the base that may be touched */
static NativeHeader *prepared;

#define BASE ((char *)OS_FIXED_ADDRESS(NATIVE_MEMORY_BASE))

static Block *block_at(uint64_t offset) { return (Block *)(BASE + offset); }
static uint64_t offset_of(const Block *block) { return (uint64_t)((const char *)block - BASE); }
static uint64_t size_of(const Block *block) { return block->size_and_use & ~IS_USED; }
static bool is_used(const Block *block) { return block->size_and_use & IS_USED; }
static Block *block_of(const void *memory) { return (Block *)((uintptr_t)memory - OVERHEAD); }
static void *memory_of(Block *block) { return (char *)block + OVERHEAD; }

void native_memory_lock(void) { os_mutex_lock(&lock); }
void native_memory_unlock(void) { os_mutex_unlock(&lock); }
NativeHeader *native_memory_header(void) { return header; }

uint64_t native_memory_limit(void)
{
    return os_address_part(NATIVE_MEMORY_LIMIT, ADDRESS_PART);
}

/* ---- lists of free blocks ---- */

typedef struct Class {
    unsigned first, second;
} Class;

/* The list that blocks of this size are in. */
static Class class_of(uint64_t size)
{
    unsigned log;

    if (size < 512) return (Class){0, (unsigned)(size / GRANULE)};
    log = 63 - (unsigned)__builtin_clzll(size);
    return (Class){log - 8, (unsigned)(size >> (log - 5)) - 32};
}

/* The least size whose class holds no smaller blocks than `size`. */
static uint64_t round_to_class(uint64_t size)
{
    if (size < 512) return size;
    unsigned log = 63 - (unsigned)__builtin_clzll(size);
    uint64_t step = UINT64_C(1) << (log - 5);
    return (size + step - 1) & ~(step - 1);
}

static void list_add(Block *block)
{
    Class c = class_of(size_of(block));
    uint64_t *head = &header->heads[c.first][c.second];

    block->next = *head;
    block->previous = 0;
    if (*head != 0) block_at(*head)->previous = offset_of(block);
    *head = offset_of(block);
    header->second_map[c.first] |= 1u << c.second;
    header->first_map |= 1u << c.first;
}

static void list_remove(Block *block)
{
    Class c = class_of(size_of(block));

    if (block->next != 0) block_at(block->next)->previous = block->previous;
    if (block->previous != 0) {
        block_at(block->previous)->next = block->next;
        return;
    }
    header->heads[c.first][c.second] = block->next;
    if (block->next == 0) {
        header->second_map[c.first] &= ~(1u << c.second);
        if (header->second_map[c.first] == 0) header->first_map &= ~(1u << c.first);
    }
}

/* A free block of at least `size` bytes, or NULL. */
static Block *list_find(uint64_t size)
{
    Class c = class_of(round_to_class(size));
    uint32_t map;

    if (c.first >= NATIVE_FIRST_LISTS) return NULL;
    map = header->second_map[c.first] & (~0u << c.second);
    if (map == 0) {
        uint32_t first = c.first + 1 < 32 ? header->first_map & (~0u << (c.first + 1)) : 0;
        if (first == 0) return NULL;
        c.first = (unsigned)__builtin_ctz(first);
        map = header->second_map[c.first];
    }
    return block_at(header->heads[c.first][__builtin_ctz(map)]);
}

/* ---- blocks ---- */

/* The size of the block changed: the one after it (or the header, for the last) must know. */
static void tell_next(Block *block)
{
    uint64_t end = offset_of(block) + size_of(block);

    if (end == header->top)
        header->last_size = size_of(block);
    else
        block_at(end)->before = size_of(block);
}

static Result commit_up_to(uint64_t top)
{
    uint64_t wanted = (top + COMMIT_STEP - 1) & ~(COMMIT_STEP - 1), limit = native_memory_limit();
    Result result;

    if (wanted <= committed) return OK;
    if (top > limit) return error_set(ERROR_MEMORY, "native memory is full (%llu MiB)", (unsigned long long)(limit >> 20));
    if (wanted < committed + committed / 4) wanted = (committed + committed / 4 + COMMIT_STEP - 1) & ~(COMMIT_STEP - 1);
    if (wanted > limit) wanted = limit;
    result = os_memory_commit(BASE + committed, wanted - committed);
    if (result == OK) committed = wanted;
    return result;
}

/* A free block at the end, of at least `size` bytes, in no list. */
static Block *extend(uint64_t size)
{
    Block *last = header->top > FIRST_BLOCK ? block_at(header->top - header->last_size) : NULL;
    uint64_t start = header->top;
    Block *block;

    if (last != NULL && !is_used(last)) start -= header->last_size;
    if (commit_up_to(start + size) != OK) return NULL;
    block = block_at(start);
    if (start == header->top)
        block->before = header->last_size;
    else
        list_remove(block);
    block->size_and_use = size;
    __atomic_store_n(&header->top, start + size, __ATOMIC_RELAXED); /* asked for without the lock, too */
    header->last_size = size;
    return block;
}

/* Cuts off what is beyond `size`, as a free block, if that is worth a block. Joins it with a free one behind. */
static void split(Block *block, uint64_t size)
{
    uint64_t rest = size_of(block) - size, use = block->size_and_use & IS_USED;
    Block *part, *behind;

    if (rest < LEAST_BLOCK) return;
    part = block_at(offset_of(block) + size);
    block->size_and_use = size | use;
    part->size_and_use = rest;
    part->before = size;
    if (offset_of(part) + rest != header->top) {
        behind = block_at(offset_of(part) + rest);
        if (!is_used(behind)) {
            list_remove(behind);
            part->size_and_use += size_of(behind);
        }
    }
    tell_next(part);
    list_add(part);
}

static uint64_t block_size_for(size_t size)
{
    uint64_t total = ((uint64_t)size + OVERHEAD + GRANULE - 1) & ~(uint64_t)(GRANULE - 1);
    return total < LEAST_BLOCK ? LEAST_BLOCK : total;
}

static void *allocate(size_t size)
{
    uint64_t wanted;
    Block *block;

    if (header == NULL) {
        error_set(ERROR_STATE, "native memory is not open");
        return NULL;
    }
    if (size > NATIVE_MEMORY_LIMIT) {
        error_set(ERROR_MEMORY, "%zu bytes of native memory", size);
        return NULL;
    }
    wanted = block_size_for(size);
    block = list_find(wanted);
    if (block != NULL)
        list_remove(block);
    else
        block = extend(wanted);
    if (block == NULL) return NULL;
    block->size_and_use |= IS_USED;
    split(block, wanted);
    header->blocks++;
    header->bytes += size_of(block);
    return memory_of(block);
}

static void release(Block *block)
{
    uint64_t size = size_of(block);

    assert(is_used(block));
    header->blocks--;
    header->bytes -= size;
    if (size >= GIVE_BACK) {
        uintptr_t page = os_page_size();
        uintptr_t from = ((uintptr_t)block + sizeof(Block) + page - 1) & ~(page - 1);
        uintptr_t to = ((uintptr_t)block + size) & ~(page - 1);
        os_memory_clear((void *)from, to - from);
    }
    block->size_and_use = size;
    if (offset_of(block) + size != header->top) {
        Block *behind = block_at(offset_of(block) + size);
        if (!is_used(behind)) {
            list_remove(behind);
            block->size_and_use += size_of(behind);
        }
    }
    if (block->before != 0) {
        Block *front = block_at(offset_of(block) - block->before);
        if (!is_used(front)) {
            list_remove(front);
            front->size_and_use += block->size_and_use;
            block = front;
        }
    }
    tell_next(block);
    list_add(block);
}

/* Grows or shrinks in place; false: it has to move. */
static bool resize_in_place(Block *block, uint64_t wanted)
{
    uint64_t size = size_of(block), end = offset_of(block) + size;

    if (size < wanted && end != header->top) {
        Block *behind = block_at(end);
        if (is_used(behind) || size + size_of(behind) < wanted) return false;
        list_remove(behind);
        block->size_and_use += size_of(behind);
        tell_next(block);
    } else if (size < wanted) {
        if (commit_up_to(end + wanted - size) != OK) return false;
        header->top += wanted - size;
        block->size_and_use = wanted | IS_USED;
        tell_next(block);
    }
    split(block, wanted);
    header->bytes += size_of(block) - size;
    return true;
}

void *native_memory_allocate(size_t size)
{
    void *memory;
    os_mutex_lock(&lock);
    memory = allocate(size);
    os_mutex_unlock(&lock);
    return memory;
}

void *native_memory_reallocate(void *memory, size_t size)
{
    Block *block = block_of(memory);
    void *moved;

    if (memory == NULL) return native_memory_allocate(size);
    if (!native_memory_contains(memory) || size > NATIVE_MEMORY_LIMIT) {
        error_set(ERROR_MEMORY, "native memory at %p cannot become %zu bytes", memory, size);
        return NULL;
    }
    os_mutex_lock(&lock);
    assert(is_used(block));
    if (resize_in_place(block, block_size_for(size))) {
        os_mutex_unlock(&lock);
        return memory;
    }
    moved = allocate(size);
    if (moved != NULL) {
        size_t old = size_of(block) - OVERHEAD;
        memcpy(moved, memory, old < size ? old : size);
        release(block);
    }
    os_mutex_unlock(&lock);
    return moved;
}

void native_memory_free(void *memory)
{
    if (!native_memory_contains(memory)) return;
    os_mutex_lock(&lock);
    release(block_of(memory));
    os_mutex_unlock(&lock);
}

size_t native_memory_size(const void *memory)
{
    return size_of(block_of(memory)) - OVERHEAD;
}

bool native_memory_contains(const void *address)
{
    return header != NULL && (const char *)address >= BASE + FIRST_BLOCK && (const char *)address < BASE + __atomic_load_n(&header->top, __ATOMIC_RELAXED);
}

/* ---- opening, thawing ---- */

Result native_memory_reserve(void)
{
    void *memory;
    if (prepared != NULL) return OK;
    Result result = os_memory_reserve(&memory, BASE, native_memory_limit(), OS_IF_FREE);
    if (result != OK) return error_prefix(result, "native memory");
    committed = 0;
    prepared = (NativeHeader *)BASE;
    return OK;
}

Result native_memory_open(void)
{
    Result result;

    if (header != NULL) return error_set(ERROR_STATE, "native memory is open already");
    TRY(native_memory_reserve());
    TRY(commit_up_to(FIRST_BLOCK));
    header = prepared;
    header->magic = MAGIC;
    header->top = FIRST_BLOCK;
    header->epoch = 1;
done:
    return result;
}

void native_memory_close(void)
{
    if (prepared != NULL) os_memory_release(BASE, native_memory_limit());
    prepared = header = NULL;
    committed = 0;
}

bool native_memory_is_open(void) { return header != NULL; }

Result native_memory_prepare(uint64_t used)
{
    Result result;

    if (header != NULL) return error_set(ERROR_STATE, "native memory is open already");
    if (used < FIRST_BLOCK || used > NATIVE_MEMORY_LIMIT)
        return error_set(ERROR_FORMAT, "native memory of %llu bytes", (unsigned long long)used);
    TRY(native_memory_reserve());
    TRY(commit_up_to(used));
done:
    return result;
}

Result native_memory_adopt(uint64_t used, bool trusted)
{
    Result result;

    assert(prepared != NULL && header == NULL);
    if (prepared->magic != MAGIC || prepared->top != used) return error_set(ERROR_FORMAT, "native memory: damaged header");
    header = prepared;
    result = trusted ? OK : native_memory_check();
    if (result != OK) {
        header = NULL;
        return result;
    }
    header->epoch++;
    return OK;
}

/* ---- looking at it ---- */

void *native_memory_base(void) { return BASE; }
uint64_t native_memory_used(void) { return header == NULL ? 0 : header->top; }

NativeMemoryStats native_memory_stats(void)
{
    if (header == NULL) return (NativeMemoryStats){0};
    return (NativeMemoryStats){.blocks = header->blocks, .bytes = header->bytes, .top = header->top};
}

/* Where the walk goes on: the start of the next free stretch that is worth leaving out, and its end. */
static bool next_gap(uint64_t from, uint64_t *gap, uint64_t *end)
{
    for (uint64_t at = FIRST_BLOCK; at < header->top; at += size_of(block_at(at))) {
        uint64_t start, stop;
        if (is_used(block_at(at))) continue;
        start = (at + sizeof(Block) + IMAGE_STEP - 1) & ~(IMAGE_STEP - 1);
        stop = (at + size_of(block_at(at))) & ~(IMAGE_STEP - 1);
        if (start >= stop || start < from) continue;
        *gap = start;
        *end = stop;
        return true;
    }
    return false;
}

bool native_memory_next_range(uint64_t *cursor, void **address, uint64_t *size)
{
    uint64_t gap = 0, end = 0;

    if (header == NULL || *cursor >= header->top) return false;
    if (!next_gap(*cursor, &gap, &end)) gap = end = header->top;
    *address = BASE + *cursor;
    *size = gap - *cursor;
    *cursor = end;
    return *size != 0 || native_memory_next_range(cursor, address, size);
}

Result native_memory_check(void)
{
    uint64_t before = 0, blocks = 0, bytes = 0, free_blocks = 0, listed = 0, at;
    bool was_free = false;

    for (at = FIRST_BLOCK; at < header->top;) {
        Block *block = block_at(at);
        uint64_t size = size_of(block);
        if (size < LEAST_BLOCK || size % GRANULE != 0 || size > header->top - at)
            return error_set(ERROR_FORMAT, "native memory: block at +%llx has size %llu", (unsigned long long)at, (unsigned long long)size);
        if (block->before != before) return error_set(ERROR_FORMAT, "native memory: block at +%llx misjudges the one before", (unsigned long long)at);
        if (!is_used(block) && was_free) return error_set(ERROR_FORMAT, "native memory: free neighbours at +%llx", (unsigned long long)at);
        was_free = !is_used(block);
        blocks += is_used(block);
        bytes += is_used(block) ? size : 0;
        free_blocks += was_free;
        before = size;
        at += size;
    }
    if (at != header->top || before != header->last_size || blocks != header->blocks || bytes != header->bytes)
        return error_set(ERROR_FORMAT, "native memory: the header's counts are wrong");
    for (unsigned i = 0; i < NATIVE_FIRST_LISTS; i++) {
        if ((header->first_map >> i & 1) != (header->second_map[i] != 0)) return error_set(ERROR_FORMAT, "native memory: list maps");
        for (unsigned k = 0; k < NATIVE_SECOND_LISTS; k++) {
            uint64_t previous = 0;
            if ((header->second_map[i] >> k & 1) != (header->heads[i][k] != 0)) return error_set(ERROR_FORMAT, "native memory: list maps");
            for (uint64_t o = header->heads[i][k]; o != 0; o = block_at(o)->next) {
                if (o < FIRST_BLOCK || o >= header->top || o % GRANULE != 0 || is_used(block_at(o)) ||
                    block_at(o)->previous != previous || class_of(size_of(block_at(o))).first != i ||
                    class_of(size_of(block_at(o))).second != k || ++listed > free_blocks)
                    return error_set(ERROR_FORMAT, "native memory: free list %u/%u", i, k);
                previous = o;
            }
        }
    }
    if (listed != free_blocks) return error_set(ERROR_FORMAT, "native memory: free blocks that are in no list");
    return OK;
}
