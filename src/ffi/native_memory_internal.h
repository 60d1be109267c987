/* native_memory_internal.h - the header of the region, shared by the allocator and the handles. */
#ifndef FFI_NATIVE_MEMORY_INTERNAL_H
#define FFI_NATIVE_MEMORY_INTERNAL_H
#include <stdint.h>

#define NATIVE_FIRST_LISTS 28
#define NATIVE_SECOND_LISTS 32

typedef struct NativeHeader {
    uint64_t magic;
    uint64_t top;       /* end of the last block */
    uint64_t last_size; /* of the last block */
    uint64_t blocks, bytes;
    uint64_t epoch;     /* goes up with each thaw */
    uint64_t handles;   /* address of the table, 0 none */
    uint32_t handle_capacity, handle_free; /* index + 1 of the first free record */
    uint32_t first_map;
    uint32_t second_map[NATIVE_FIRST_LISTS];
    uint64_t heads[NATIVE_FIRST_LISTS][NATIVE_SECOND_LISTS]; /* offsets, 0 none */
} NativeHeader;

NativeHeader *native_memory_header(void);
/* One lock for blocks and handles; not held while calling outward functions. */
void native_memory_lock(void);
void native_memory_unlock(void);

#endif
