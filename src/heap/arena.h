/* arena.h - the metadata arena: everything that survives and is no guest object.
 *
 * The arena is one reserved range of addresses, handed out in 8-byte aligned
 * blocks. A block is named by its offset from the arena's base (ArenaRef), never
 * by its address: the range may lie elsewhere after a thaw, and debug builds
 * move it at safepoints. So a pointer into it is good only until the next
 * safepoint, and no arena struct holds one. There is one arena in a process.
 *
 * Tables are indexed by number and grow at the end. A flat one is a reserved
 * range of its own, for what is looked up all the time. Some grow downwards, from
 * the beginning of a range that grows upwards, so that one page table covers what
 * a start touches of both. A chunked one lies in the arena, in chunks that double. */
#ifndef HEAP_ARENA_H
#define HEAP_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

typedef uint32_t ArenaRef; /* byte offset from arena_base; 0 is none */

extern uint8_t *arena_base;        /* set by arena_open, a thaw, and a debug move */
extern uint64_t arena_image_bytes, arena_gap, arena_gap_end;
/* Blocks that came from an image: they are not written without need. */
static inline bool arena_is_image(uint64_t offset)
{
    return offset < arena_image_bytes && (offset < arena_gap || offset >= arena_gap_end);
}

Result arena_open(void);
Result arena_open_for_start(void); /* with room at its beginning for ARENA_STATE and ARENA_START */
Result arena_open_for_allocation(uint64_t size_bytes); /* it will soon hold so much: that is made ready at once */
void arena_close(void);

/* A zeroed block of size_bytes; 0 when the arena (4 GB) is full. Thread-safe, never collects. */
ArenaRef arena_allocate(size_t size_bytes);
/* The same, beside others of its kind: what a start touches of them lies in few pages. Freed like any block.
 * Of any kind, ARENA_NAMES in an arena without them: ARENA_STATE for what a start writes, ARENA_START for what it only reads,
 * so that a system may map the latter as one large page of the file. */
enum ArenaGroup {
    ARENA_CLASSES,
    ARENA_LISTS,
    ARENA_SYMBOLS,
    ARENA_NAMES,
    ARENA_METHODS,
    ARENA_CODE,
    ARENA_STATE,
    ARENA_START,
    ARENA_GROUP_COUNT
};
ArenaRef arena_allocate_near(enum ArenaGroup group, size_t size_bytes);
/* Which words behind ARENA_START's room are accessed from now on is noted, slowly, until arena_forget_accesses.
 * ERROR_UNSUPPORTED: not on this processor. */
Result arena_note_accesses(void);
bool arena_was_accessed(ArenaRef block, size_t size_bytes); /* false too if nothing has been noted */
bool arena_has_noted_accesses(void);
void arena_forget_accesses(void); /* after os_memory_note_end */
/* A copy of the block in ARENA_START, if it was accessed; else, or if it is large, the block itself. */
ArenaRef arena_copy_if_accessed(ArenaRef block, size_t size_bytes);
/* Moves a block to the group; its place from then on (the old one if it is large). The caller tells who refers to it. */
ArenaRef arena_lay(enum ArenaGroup group, ArenaRef block, size_t size_bytes);
void arena_start_is_laid(void); /* what is left of ARENA_START's room serves others from now on */
/* Gives a block back; size_bytes as allocated. */
void arena_free(ArenaRef block, size_t size_bytes);
uint64_t arena_room_bytes(void); /* for blocks, used or not */
uint64_t arena_used_bytes(void); /* the end of the used range, from arena_base */
/* The chunks of tables, but for large ones, are moved to ARENA_STATE. World stopped. */
void arena_lay_chunks_for_start(void);
/* Before the range is saved. */
void arena_prepare_save(void);
/* A thaw has put an image's blocks at [arena_base, + used_bytes), and nothing made before counts any more. */
Result arena_adopt(uint64_t used_bytes);
/* Debug: gives the arena and each table another address. World stopped; called by heap_move_everything. */
Result arena_move_everything(void);
/* With os/os.h. Right before the arena lies the table of classes, before the table of entries that of roots. */
#define ARENA_PREFERRED_BASE OS_FIXED_ADDRESS(0x1830180000)
#define ENTRIES_PREFERRED_BASE OS_FIXED_ADDRESS(0x1810100000)

static inline void *arena_at(ArenaRef block)
{
    return arena_base + block;
}
#define ARENA(type, block) ((type *)arena_at(block))
static inline ArenaRef arena_ref(const void *address)
{
    return (ArenaRef)((const uint8_t *)address - arena_base);
}

#define ARENA_TABLE_CHUNKS 24

/* A growing table of fixed-width elements; they never move within a process (but for a debug move). Element 0 is never
 * handed out. */
typedef struct ArenaTable {
    const char *name;
    uint8_t *base;       /* flat: element 0 begins here; downwards: it ends here (ARENA_TABLE_DOWN) */
    uint32_t element_bytes;
    uint32_t count;      /* elements in use, with element 0 */
    uint32_t limit;
    uint32_t first;      /* flat: elements below it have no memory */
    uint64_t committed;  /* flat: bytes */
    bool is_chunked, is_down;
    uint8_t first_bits;  /* chunked: chunk c has 1 << (first_bits + c) elements */
    ArenaRef chunks[ARENA_TABLE_CHUNKS];
} ArenaTable;

/* No memory is taken before the first element is. start, end: where a flat table is to begin or to end, if the addresses are
 * free. Downwards, it has elements first <= number < limit. */
Result arena_table_open(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t limit, uintptr_t start);
Result arena_table_open_down(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t first, uint32_t limit, uintptr_t end);
/* Where a flat table that grows downwards has element `number`, which is not below its first; type: the element's. */
#define ARENA_TABLE_DOWN(type, table, number) ARENA_ELEMENT_DOWN(type, (table).base, number)
#define ARENA_ELEMENT_DOWN(type, end, number) (&((type *)(void *)(end))[~(int64_t)(uint32_t)(number)]) /* end: of element 0 */
/* Of a flat table: how many bytes hold the elements below count (whole 64 KB), and the lowest address of its first so many. */
uint64_t arena_table_bytes(const ArenaTable *table, uint32_t count);
uint8_t *arena_table_memory(const ArenaTable *table, uint64_t bytes);
Result arena_table_open_chunked(ArenaTable *table, const char *name, uint32_t element_bytes, uint32_t limit, unsigned first_bits);
/* Element `number`, below count, of a chunked table; element_bytes and first_bits as at its opening. */
static inline void *arena_table_at(const ArenaTable *table, uint32_t number, size_t element_bytes, unsigned first_bits)
{
    uint32_t at = number + (1u << first_bits);
    unsigned bits = 31u - (unsigned)__builtin_clz(at);
    return (uint8_t *)arena_at(table->chunks[bits - first_bits]) + (at - (1u << bits)) * element_bytes;
}
/* Chunks that hold count elements. */
static inline uint32_t arena_table_chunks(const ArenaTable *table, uint32_t count)
{
    return 32u - (unsigned)__builtin_clz(count - 1 + (1u << table->first_bits)) - table->first_bits;
}
static inline size_t arena_table_chunk_bytes(const ArenaTable *table, uint32_t chunk)
{
    return (size_t)table->element_bytes << (table->first_bits + chunk);
}
static inline uint32_t arena_table_count(const ArenaTable *table) /* while others add */
{
    return __atomic_load_n(&table->count, __ATOMIC_ACQUIRE);
}
/* Hands out count zeroed elements with numbers in a row; returns the first, 0 when full. Thread-safe. */
uint32_t arena_table_add(ArenaTable *table, uint32_t count);
/* Makes elements below count usable (zeroed). */
Result arena_table_reach(ArenaTable *table, uint32_t count);
/* What a flat table has behind its first `bytes` reads as zero again: the memory of before, under an image's table. */
Result arena_table_clear(ArenaTable *table, uint64_t bytes);
/* A thaw has put an image's elements into the table; over the first `committed` bytes of a flat one it has mapped them. */
void arena_table_adopt(ArenaTable *table, uint32_t count, uint64_t committed);
/* All open tables, for images and debug moves. */
size_t arena_tables(ArenaTable *const **tables);

#endif
