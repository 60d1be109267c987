/* memory.c - the C heap, with injected failures. */
#include "base/memory.h"

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

void *memory_allocate(size_t size)
{
    return checked(should_fail() ? NULL : calloc(1, size ? size : 1), size);
}

void *memory_allocate_array(size_t count, size_t item_size)
{
    if (item_size != 0 && count > SIZE_MAX / item_size) return checked(NULL, SIZE_MAX);
    return memory_allocate(count * item_size);
}

void *memory_resize(void *block, size_t size)
{
    return checked(should_fail() ? NULL : realloc(block, size ? size : 1), size);
}

void memory_free(void *block)
{
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
