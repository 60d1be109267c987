/* array.c - growth of arrays. */
#include "base/array.h"

#include <stdint.h>

void *array_grow(void *items, size_t item_size, size_t count, size_t additional, size_t *capacity)
{
    size_t wanted;
    void *grown;

    if (additional > SIZE_MAX / 2 / item_size - count) {
        error_set(ERROR_MEMORY, "an array of %zu items more", additional);
        return NULL;
    }
    wanted = *capacity + *capacity / 2;
    if (wanted < count + additional) wanted = count + additional;
    if (wanted < 8) wanted = 8;
    grown = memory_resize(items, wanted * item_size);
    if (grown != NULL) *capacity = wanted;
    return grown;
}
