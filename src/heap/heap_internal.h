/* heap_internal.h - the heap's state, shared by the files of this folder.
 *
 * One reserved range, in this order of addresses:
 *
 *   tenured:  image objects [image_start, image_end), then old space [old.start, old.top)
 *   large:    large and pinned objects, each from a card boundary on
 *   young:    eden, two survivor spaces
 *
 * After a thaw, young space lies between image objects and old space, until the next freeze: a start touches the image's
 * last objects and eden's first bytes, which then share a page table and their cards a page.
 *
 * Side tables cover the whole range: a card for each 512 bytes (a byte; heap_card), for each card the way back to the
 * object that covers its first byte (heap_crossings), and, for full collections, a bitmap with a bit for each 8 bytes
 * and a new address for each card.
 *
 * An object's extent is what it takes in memory: [overflow word] header body. */
#ifndef HEAP_HEAP_INTERNAL_H
#define HEAP_HEAP_INTERNAL_H

#include <assert.h>
#include <string.h>

#include "heap/heap.h"
#include "os/os.h"

#define KB (1ull << 10)
#define MB (1ull << 20)
#define GB (1ull << 30)
#define HEAP_PREFERRED_BASE OS_FIXED_ADDRESS(0x2000000000)
#define SIDE_PREFERRED_BASE OS_FIXED_ADDRESS(0x1500000000)
#define CARD_BYTES (1ull << HEAP_CARD_SHIFT)
#define COMMIT_BYTES (1 * MB)
#define THRESHOLD_FIRST_BYTES (48 * MB) /* of old and large objects before the first full collection */
#define TENURE_AGE_FIRST 3
#define IMAGE_ALIGNMENT (64 * KB)
#define YOUNG_ALIGNMENT (2 * MB) /* so that eden may lie in large pages */
#define LARGE_ALIGNMENT (2 * MB) /* of objects that are as large as such a page */
#define HANDLES_LIMIT (HEAP_HANDLES_BYTES / sizeof(Value))
#define HEADER_AGE_MASK (HEADER_AGE_LOW | HEADER_AGE_HIGH)
#define CLASS_INDEX_FILLER (CLASS_INDEX_JAVA + 3) /* unused memory between objects */

/* Card values. CARD_OUTSIDE: in an image page, references to old or large objects but to no young ones. */
enum { CARD_CLEAN = 0, CARD_DIRTY = 1, CARD_OUTSIDE = 2 };

static inline uint64_t round_up(uint64_t bytes, uint64_t multiple)
{
    return (bytes + multiple - 1) / multiple * multiple;
}

typedef struct Space {
    uint64_t start, top, committed, end;
} Space;

/* A stack of words in its own reserved range, so that it grows without moving. */
typedef struct WordStack {
    uint64_t *words;
    uint64_t count, committed, limit;
} WordStack;

typedef struct LargeObject {
    uint64_t start; /* of its extent: a card boundary */
    uint64_t bytes; /* a multiple of the card size */
} LargeObject;

/* What the heap keeps in images besides objects and roots: element 1 of heap_kept_table. */
typedef struct HeapKept {
    HeapReferenceLayout layout;
    uint32_t has_layout;
    uint32_t root_free; /* heads of the free lists of heap_root_links and heap_owner_table; 0: none */
    uint32_t owner_free;
    uint32_t reserved;
    uint64_t hash_seed;
} HeapKept;
_Static_assert(sizeof(HeapKept) == 40, "HeapKept is an image format");

/* Roots that the heap itself keeps. */
enum { ROOT_PENDING = 1, ROOT_NIL = 2, ROOT_FIRST = 16 };

typedef struct RootLink {
    uint32_t owner; /* ROOT_IS_FREE: on the free list */
    uint32_t next, previous; /* among the roots of its owner (owner 0: not linked) */
} RootLink;
#define ROOT_IS_FREE UINT32_MAX
_Static_assert(sizeof(RootLink) == 12, "RootLink is an image format");

typedef struct Owner {
    Value loader;
    uint32_t first_root;
    uint8_t used, live, reserved[2]; /* live: during a full collection */
    uint32_t next_free, pad;
} Owner;
_Static_assert(sizeof(Owner) == 24, "Owner is an image format");

typedef struct HeapState {
    HeapOptions options;
    OsFile log; /* OS_STDOUT: no file; then lines are written only while it is verbose */
    bool is_verbose;
    HeapHooks hooks;
    bool open;

    uint64_t base, reserved_bytes;
    uint64_t image_start, image_end; /* equal: no image */
    uint64_t large_start, large_end; /* reserved for large objects */
    uint64_t young_start, young_bytes;
    Space old, eden, survivors[2];
    unsigned from; /* survivors[from] holds objects between collections */
    uint8_t *card_memory, *crossing_memory;
    uint64_t *bitmap;           /* word for the card at base first */
    uint64_t *card_destination; /* likewise */

    LargeObject *large;  /* live ones, by address after a full collection, newer ones behind */
    size_t large_count, large_capacity;
    LargeObject *gaps;   /* free extents below large_top, by address */
    size_t gap_count, gap_capacity;
    uint64_t large_top, large_committed, large_used;

    Allocator *allocators;
    OsMutex lock;        /* guards all of the above while mutators run */

    uint64_t full_threshold_bytes; /* of old and large: a full collection comes before more */
    unsigned tenure_age;
    uint64_t random;
    uint32_t stressed; /* allocations in stress mode */
    uint64_t thread_roots; /* that the last young collection found through visit_roots */
    uint64_t young_collections, full_collections, collections;
    unsigned futile_collections; /* full ones in a row, for allocations, with hardly anything allocated between them */
    uint64_t used_after_full;
    uint64_t pause_total_ns, pause_longest_ns;
    int64_t opened_ns, full_ns; /* when the heap was opened; when a full collection last ended, or then */
    HeapCollection last, last_requested;
    bool collecting;
    bool weak_cleared;
    bool references_found;
    bool discovering; /* References, and ephemerons, are not traced through yet */
    bool keep_soft;

    /* During a collection. */
    WordStack work;
    WordStack soft, weak, final, phantom; /* discovered References */
    WordStack weaklings, ephemerons;
    WordStack mourners;                   /* fired ephemerons, until they are taken */
    WordStack pinned;                     /* young objects moved to large space by a scavenge, to be scanned */
} HeapState;

extern HeapState heap_state;
extern uint8_t *heap_crossings;
#define HEAP_KEPT_BITS 0
#define ROOT_LINK_BITS 8
#define OWNER_BITS 3
extern ArenaTable heap_kept_table, heap_root_links, heap_owner_table;

static inline HeapKept *heap_kept(void)
{
    return (HeapKept *)arena_table_at(&heap_kept_table, 1, sizeof(HeapKept), HEAP_KEPT_BITS);
}
static inline Value *root_slot(uint32_t root)
{
    return ARENA_TABLE_DOWN(Value, heap_root_table, root);
}
static inline RootLink *root_link(uint32_t root)
{
    return (RootLink *)arena_table_at(&heap_root_links, root, sizeof(RootLink), ROOT_LINK_BITS);
}
static inline Owner *owner_at(uint32_t owner)
{
    return (Owner *)arena_table_at(&heap_owner_table, owner, sizeof(Owner), OWNER_BITS);
}

/* ---- where an address lies ---- */

static inline bool is_young(Value value)
{
    return value - heap_state.young_start < heap_state.young_bytes;
}
static inline bool is_image(Value value)
{
    return value - heap_state.image_start < heap_state.image_end - heap_state.image_start;
}
static inline bool is_large(Value value)
{
    return value - heap_state.large_start < heap_state.large_end - heap_state.large_start;
}
static inline bool in_space(const Space *space, uint64_t address)
{
    return address - space->start < space->end - space->start;
}

_Static_assert(CARD_BYTES == 64 * 8, "one bitmap word for each card");
_Static_assert(IMAGE_ALIGNMENT % CARD_BYTES == 0 && COMMIT_BYTES % IMAGE_ALIGNMENT == 0, "spaces begin at cards");

/* ---- extents ---- */

static inline uint64_t body_slots(uint64_t slots)
{
    return slots + (slots == 0);
}
static inline uint64_t extent_bytes_for(uint64_t slots)
{
    return OBJECT_BODY + 8 * body_slots(slots) + (slots >= HEADER_SLOTS_MANY ? 8 : 0);
}
/* The object of the extent that starts here: behind the overflow word, if there is one. */
static inline Value extent_object(uint64_t start)
{
    return start + (*(const uint64_t *)(uintptr_t)start >> HEADER_SLOTS_SHIFT == HEADER_SLOTS_MANY ? 8 : 0);
}
static inline uint64_t extent_start(Value object)
{
    return object - (object_header(object) >> HEADER_SLOTS_SHIFT == HEADER_SLOTS_MANY ? 8 : 0);
}
static inline uint64_t object_end(Value object)
{
    return object + OBJECT_BODY + 8 * body_slots(header_slots(object, object_header(object)));
}
/* The next object in [*cursor, end), which is walked from *cursor 's start on; 0: no more. Skips fillers. */
static inline Value extent_next(uint64_t *cursor, uint64_t end)
{
    for (uint64_t start = *cursor; start < end; start = *cursor) {
        uint64_t header = object_header(start), slots = header >> HEADER_SLOTS_SHIFT;
        if (header == 0) { /* one unused word */
            *cursor = start + 8;
            continue;
        }
        if (__builtin_expect(slots == HEADER_SLOTS_MANY, 0)) {
            slots = header & HEADER_SLOTS_MAX;
            start += 8;
            header = object_header(start);
        }
        *cursor = start + OBJECT_BODY + 8 * body_slots(slots);
        if ((header & HEADER_CLASS_MASK) != CLASS_INDEX_FILLER)
            return start;
    }
    return 0;
}
/* Writes header and overflow word; the body is the caller's. Returns the object. */
Value extent_make(uint64_t start, uint32_t class_index, enum ObjectFormat format, uint64_t slots);
void extent_fill(uint64_t start, uint64_t end); /* makes unused memory walkable */

/* ---- cards ---- */

/* Of what lies in [start, end), which begins a card. */
static inline void cards_clean(uint64_t start, uint64_t end)
{
    if (end > start)
        memset(heap_card((end - 1) >> HEAP_CARD_SHIFT), CARD_CLEAN, (end - start + CARD_BYTES - 1) >> HEAP_CARD_SHIFT);
}

/* ---- crossings: heap_crossings[card] leads to the object that covers the card's first byte.
 * below 64: it starts that many words before the card; 64 + k: look 2^k cards further back. ---- */

void crossings_set(uint64_t start, uint64_t end);
static inline void crossings_add(uint64_t start, uint64_t end)
{
    if ((start + CARD_BYTES - 1) >> HEAP_CARD_SHIFT <= (end - 1) >> HEAP_CARD_SHIFT)
        crossings_set(start, end);
}
uint64_t crossings_find(uint64_t card_address); /* start of the extent that covers it */

/* Reserves a range, at the preferred address if that is free (arena.c). */
Result reserve_near(void **memory, uintptr_t preferred, uint64_t size_bytes);

/* ---- accesses (accesses.c): which words of a range are read or written ---- */

typedef struct Accesses {
    uint8_t *marks; /* OS_READ_ONLY, OS_WRITTEN or 0, of each word; NULL: nothing is noted */
    uint64_t start, end;
} Accesses;
/* From now on, until os_memory_note_end. Whole pages. ERROR_UNSUPPORTED: not on this processor. */
Result accesses_note(Accesses *accesses, uint64_t start, uint64_t bytes);
/* The greatest mark in [from, to); 0 where that does not lie in the range. */
uint8_t accesses_most(const Accesses *accesses, uint64_t from, uint64_t to);
void accesses_forget(Accesses *accesses);

/* ---- memory (memory of spaces is committed before it is used) ---- */

bool space_commit(Space *space, uint64_t up_to);
bool stack_grow(WordStack *stack);
static inline bool stack_push(WordStack *stack, uint64_t word)
{
    if (__builtin_expect(stack->count == stack->committed, 0) && !stack_grow(stack))
        return false;
    stack->words[stack->count++] = word;
    return true;
}
static inline uint64_t stack_pop(WordStack *stack)
{
    return stack->words[--stack->count];
}

uint64_t young_usual_start(void);
void young_lay(uint64_t start); /* empty, in memory that the caller has committed */

void side_tables_bias(void);
uint64_t heap_random(void);
uint64_t tenured_budget_bytes(void); /* what old and large together may take */
uint64_t tenured_used_bytes(void);

/* ---- large space (heap locked or world stopped) ---- */

uint64_t large_allocate(uint64_t extent_bytes); /* start of a zeroed extent; 0: none */
void large_sweep(bool (*is_live)(Value object), bool keep_memory); /* of what becomes free, as much as the next objects take */
void large_close(void);

/* ---- collection ---- */

void allocator_retire(Allocator *allocator);
void allocators_retire(void); /* gives back the thread-local parts of eden and makes eden walkable */
void visit_handles(HeapVisit *visit, void *context);
void scavenge(void);
void collect_fully(bool keep_soft); /* false: soft references are cleared */
Result collect_for_image(void);     /* then all lives in image space */
/* World stopped. tenured_bytes: of a large or old object that found no room; 0: a young one. */
void collect_for_allocation(unsigned tried, uint64_t tenured_bytes);
bool memory_counts_as_exhausted(void);
/* Stops the world and makes eden walkable; false: another thread collected meanwhile. */
bool collection_begin(Allocator *allocator);
void collection_end(Allocator *allocator);
Result heap_open_log(void); /* for lines about collections, if they are asked for */
void heap_log(const char *text);
bool heap_is_logging(void);
Result move_heap(void);
void owners_release_dead(void);
void class_release(uint32_t class_index);
Result class_tables_open(uint32_t first_class);
Result class_tables_fill(void);

/* ---- References: how a collection asks and keeps (reference.c) ---- */

typedef struct Tracer {
    bool (*is_live)(Value object); /* reached, or not of the spaces being collected */
    void (*keep)(Value *slot);     /* of an object: reaches what it refers to, updates it, minds its card */
    void (*drain)(void);           /* traces all that keep has reached */
} Tracer;
void references_reset(void);
bool reference_discover(Value reference, unsigned kind); /* true: its referent is not to be traced now */
void references_process(const Tracer *tracer);

#endif
