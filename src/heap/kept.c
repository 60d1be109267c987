/* kept.c - what a loader of images must know of the heap's own state. */
#include "heap/heap_internal.h"

uint64_t heap_image_room_bytes(void)
{
    return heap_state.old.end - heap_state.base - IMAGE_ALIGNMENT - heap_state.young_bytes;
}

void heap_each_kept_reference(HeapVisit *visit, void *context)
{
    for (uint32_t i = 1; i < heap_root_table.count; i++)
        visit(context, root_slot(i));
    for (uint32_t i = 1; i < heap_owner_table.count; i++)
        if (owner_at(i)->used)
            visit(context, &owner_at(i)->loader);
}
