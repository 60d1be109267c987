/* memory.c - the C heap, with injected failures.
 *
 * The first small blocks of a process come from statics, so that a short program never makes the C library's heap, which
 * costs it system calls, a page table and a dozen pages. They are a stack: a block is taken at its top, and one that lies
 * there is given back and resized in place; another's memory is lost until the process ends. */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"

static _Thread_local unsigned long fail_countdown;

void memory_fail_at(unsigned long n)
{
    fail_countdown = n;
}

static bool should_fail(void)
{
    return fail_countdown != 0 && --fail_countdown == 0;
}

static void *checked(void *block, size_t size)
{
    if (block == NULL) error_set(ERROR_MEMORY, "no memory for %zu bytes", size);
    return block;
}

/* ---- the first blocks: each has its size before it ---- */

#define FIRST_BYTES (32u << 10) /* Hello, world takes 28 KB */
#define FIRST_ALIGNMENT 16u
#if defined(__SANITIZE_ADDRESS__)
#define FIRST_ROOM 0u /* each block is watched */
#else
#define FIRST_ROOM FIRST_BYTES
#endif

static BEGUN_STATIC _Alignas(FIRST_ALIGNMENT) unsigned char first_blocks[FIRST_BYTES];
static atomic_size_t first_top = FIRST_ALIGNMENT;

static bool is_first(const void *block)
{
    return (uintptr_t)block - (uintptr_t)first_blocks < FIRST_BYTES;
}

static size_t first_start(const void *block)
{
    return (size_t)((const unsigned char *)block - first_blocks);
}

static size_t *first_size(void *block)
{
    return (size_t *)block - 1;
}

/* Where the next block would lie, behind its size; beyond FIRST_ROOM: there is no room for this one. */
static size_t first_end(size_t start, size_t size)
{
    size_t taken = size < FIRST_BYTES ? size + sizeof(size_t) : FIRST_BYTES;
    return start + (taken + FIRST_ALIGNMENT - 1) / FIRST_ALIGNMENT * FIRST_ALIGNMENT;
}

static void *take_first(size_t size)
{
    size_t top = atomic_load_explicit(&first_top, memory_order_relaxed);
    do {
        if (first_end(top, size) > FIRST_ROOM)
            return NULL;
    } while (!atomic_compare_exchange_weak(&first_top, &top, first_end(top, size)));
    *first_size(first_blocks + top) = size;
    return first_blocks + top;
}

/* False: other blocks lie behind this one. */
static bool move_top(void *block, size_t top)
{
    size_t end = first_end(first_start(block), *first_size(block));
    return atomic_compare_exchange_strong(&first_top, &end, top);
}

static void *resize_first(void *block, size_t size)
{
    size_t end = first_end(first_start(block), size);
    if (size <= *first_size(block))
        return block;
    if (end <= FIRST_ROOM && move_top(block, end)) {
        *first_size(block) = size;
        return block;
    }
    void *moved = take_first(size);
    if (moved == NULL)
        moved = malloc(size);
    if (moved != NULL)
        memcpy(moved, block, *first_size(block));
    return moved;
}

/* ---- all blocks ---- */

void *memory_allocate(size_t size)
{
    if (should_fail())
        return checked(NULL, size);
    void *block = take_first(size);
    return block != NULL ? memset(block, 0, size) : checked(calloc(1, size ? size : 1), size);
}

void *memory_allocate_array(size_t count, size_t item_size)
{
    if (item_size != 0 && count > SIZE_MAX / item_size) return checked(NULL, SIZE_MAX);
    return memory_allocate(count * item_size);
}

void *memory_resize(void *block, size_t size)
{
    if (should_fail())
        return checked(NULL, size);
    if (block != NULL && is_first(block))
        return checked(resize_first(block, size), size);
    void *first = block == NULL ? take_first(size) : NULL;
    return first != NULL ? first : checked(realloc(block, size ? size : 1), size);
}

void memory_free(void *block)
{
    if (block != NULL && is_first(block))
        (void)move_top(block, first_start(block));
    else
        free(block);
}

void *memory_copy(const void *bytes, size_t size)
{
    void *copy = memory_allocate(size);
    if (copy != NULL && size != 0) memcpy(copy, bytes, size);
    return copy;
}

char *memory_copy_string(const char *text)
{
    return memory_copy(text, strlen(text) + 1);
}
