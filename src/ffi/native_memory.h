/* native_memory.h - the memory that guests give to C functions: one region at a fixed address, saved in images.
 *
 *     base -> | Header | block | block | ... | last block | (reserved, untouched) | <- base + native_memory_limit()
 *                                                         ^ header.top
 *     block   = { size | IS_USED, size of the block before } 16 bytes, then the caller's bytes; sizes are multiples of 16
 *
 * All bookkeeping lies inside, as offsets from the base, so the used part can be written to a file and mapped again at the
 * same address. It never moves: guests and C keep addresses into it. All functions may be called by any thread. */
#ifndef FFI_NATIVE_MEMORY_H
#define FFI_NATIVE_MEMORY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

/* Below 2^38: the least user space of the processors meant; clear of valgrind; and where the heap's cards end, amid what one page
 * table covers. */
#define NATIVE_MEMORY_BASE UINT64_C(0x0c00100000)
#define NATIVE_MEMORY_LIMIT (UINT64_C(16) << 30)

uint64_t native_memory_limit(void); /* that, or less where the address space is limited */
/* A fresh, empty region. ERROR_STATE when its place is taken. */
Result native_memory_open(void);
void native_memory_close(void);
bool native_memory_is_open(void);

/* Takes the region's addresses, if that has not been done: opening and preparing then find them free. */
Result native_memory_reserve(void);
/* For a thaw: reserves the region and makes its first `used` bytes writable, for the loader to fill or to map over;
 * then adopt checks the header, and all blocks if they are not trusted, and begins to serve. Native handles of before
 * are stale from then on. */
Result native_memory_prepare(uint64_t used);
Result native_memory_adopt(uint64_t used, bool trusted);

/* Aligned to 16, not cleared; NULL: none (error set). Size 0 gives a unique address. */
void *native_memory_allocate(size_t size);
void *native_memory_reallocate(void *block, size_t size); /* as realloc */
void native_memory_free(void *block);                     /* NULL is fine; a foreign address is ignored */
size_t native_memory_size(const void *block);             /* what the block has room for */
bool native_memory_contains(const void *address);

/* What an image has to hold: the first `used` bytes, of which parts that are free may be left out. Nothing allocates
 * meanwhile. Ranges ascend, begin and end at multiples of 64 KiB (the last ends at `used`). *cursor starts as 0. */
void *native_memory_base(void);
uint64_t native_memory_used(void);
bool native_memory_next_range(uint64_t *cursor, void **address, uint64_t *size);

typedef struct NativeMemoryStats {
    uint64_t blocks, bytes; /* in use */
    uint64_t top;           /* extent of the region so far */
} NativeMemoryStats;
NativeMemoryStats native_memory_stats(void);
Result native_memory_check(void); /* walks all: ERROR_FORMAT says what is broken */

/* ---- native handles: things of C libraries, which no image can hold ----
 *
 * A z_stream or DIR belongs to its library. Guests hold the number of a handle; its record (kind, address, description
 * of how to make it anew) lies in native memory. After a thaw the address is gone: the guest rebuilds, or raises. */

typedef int64_t NativeHandle; /* generation << 32 | index + 1; 0 = none */

NativeHandle native_handle_open(const char *kind, uint64_t address, const void *description, size_t size); /* 0: no memory */
/* false: stale (thawed since), closed or never opened. */
bool native_handle_get(NativeHandle handle, uint64_t *address);
bool native_handle_is_stale(NativeHandle handle);
bool native_handle_rebuild(NativeHandle handle, uint64_t address); /* valid again in this process */
void native_handle_close(NativeHandle handle);                     /* forgets it; does not close the thing */

/* The one of this kind with this address, if there is one (stale ones count too); 0: none. */
NativeHandle native_handle_find(const char *kind, uint64_t address);
/* Puts another description in the place of the one it has. false: no memory, or no such handle. */
bool native_handle_describe(NativeHandle handle, const void *description, size_t size);

typedef struct NativeHandleView {
    NativeHandle handle;
    const char *kind;
    uint64_t address; /* 0 when stale */
    const void *description;
    size_t description_size;
} NativeHandleView;
/* All open ones; *cursor starts as 0. */
bool native_handle_next(uint32_t *cursor, NativeHandleView *view);

#endif
