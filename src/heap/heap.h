/* heap.h - object memory: allocation, roots, handles, collection.
 *
 * One heap in a process: a reserved range that holds the objects of a mapped
 * image (which never move), old space (sliding mark-compact), large and pinned
 * objects (which do not move) and a copying nursery. Objects move: a function
 * may collect unless its name ends in _nogc or it says so; across such a call
 * only roots, handles and object fields stay valid.
 *
 * Other threads are stopped, and the roots they hold are visited, through the
 * hooks that the layer above registers. */
#ifndef HEAP_HEAP_H
#define HEAP_HEAP_H

#include <stddef.h>
#include <stdio.h>

#include "base/result.h"
#include "heap/arena.h"
#include "heap/class.h"
#include "heap/value.h"

/* What stands before a line of the log, in this order. */
enum HeapLogDecoration {
    HEAP_LOG_TIME = 1, HEAP_LOG_UTC_TIME = 2, HEAP_LOG_UPTIME = 4, HEAP_LOG_TIME_MS = 8, HEAP_LOG_UPTIME_MS = 16,
    HEAP_LOG_TIME_NS = 32, HEAP_LOG_UPTIME_NS = 64, HEAP_LOG_HOST = 128, HEAP_LOG_PROCESS = 256, HEAP_LOG_THREAD = 512,
    HEAP_LOG_LEVEL = 1024, HEAP_LOG_TAGS = 2048, HEAP_LOG_NOTHING = 4096
};

typedef struct HeapOptions {
    size_t limit_bytes;    /* -Xmx; 0: heap_usual_limit_bytes of the host's memory */
    size_t eden_bytes;     /* 0: 4 MB */
    size_t list_bytes;     /* of each list of what a collection may clear or kill: references of a kind, weak objects,
                              ephemerons. What finds no room is strong this time. In MB; 0: room for all that there can be */
    bool log;              /* a line for each collection, as -Xlog:gc asks, */
    const char *log_path;  /*   in this file; NULL: standard output */
    uint32_t log_decorations; /* enum HeapLogDecoration; 0: uptime, level, tags */
    bool stress;           /* debug: collect at every allocation */
    bool verify;           /* debug: verify the heap after each collection */
    bool move;             /* debug: move heap and arena at random safepoints */
    uint64_t seed;         /* for the random choices of debug modes */
    uint32_t stress_interval; /* with stress: collect at every n-th allocation only; 0: at each */
    uint32_t first_class;  /* class indexes below it are not used: CLASS_INDEX_JAVA where none of Spur's are */
    bool for_image;        /* what a fresh heap holds is left out: an image is loaded next, or heap_fill called */
} HeapOptions;

/* Whether each collection has its line on standard output; the guest may change its mind. */
bool heap_is_verbose(void);
void heap_set_verbose(bool on);

/* Of a host with so much memory, as HotSpot chooses it: a quarter; of a small one (less than 252 MB) a half. The parts can be
 * given in percent; negative: those. Less where the address space is limited. */
uint64_t heap_usual_limit_bytes(uint64_t memory_bytes, double percent, double percent_of_small);

/* A thread's own part of eden, and its handles. First member of the thread's record. */
typedef struct Allocator {
    uint64_t top;        /* next free byte, kept 8-byte aligned */
    uint64_t end;        /* allocation is a bump while top + size <= end; 0 in stress mode */
    uint64_t limit;      /* of its part of eden; the same as end but in stress mode */
    Value *handles;      /* reserved range, so handle slots do not move */
    bool owns_handles;
    size_t handle_count;
    uint64_t allocated_bytes; /* what lies between top and limit counts as allocated */
    struct Allocator *next; /* all allocators, heap's own list */
} Allocator;

typedef void HeapVisit(void *context, Value *slot);

typedef struct HeapHooks {
    /* Stops all other threads at collection safepoints; false: another thread collected meanwhile, try again. */
    bool (*stop_world)(Allocator *requester);
    void (*resume_world)(Allocator *requester);
    /* Visits every reference that frames, thread records and side tables hold. The visitor may change the slot. */
    void (*visit_roots)(HeapVisit *visit, void *context);
    /* After marking / copying, before anything is freed: drop or update entries of weak side tables (monitors,
     * interned strings, method numbers of methods): forward(context, v) is v's new address, or 0 if v is dead. */
    void (*update_weak)(Value (*forward)(void *context, Value object), void *context);
    /* References were put on the pending list. */
    void (*references_pending)(void);
    /* The loader with this owner number is dead: its classes and roots are freed when this returns. */
    void (*owner_died)(uint32_t owner);
    /* Debug: the heap and the arena with its tables have been moved (heap_move_everything), by that many bytes each;
     * references have been updated through visit_roots and update_weak, addresses of other things have not. */
    void (*moved)(int64_t heap_distance, int64_t arena_distance);
} HeapHooks;

Result heap_open(const HeapOptions *options);
Result heap_fill(void); /* after heap_open for_image: no image came */
void heap_close(void);
void heap_set_hooks(const HeapHooks *hooks);
void heap_set_stress(bool stress); /* debug: HeapOptions.stress from now on */

/* Zeroed by the caller. handles: HEAP_HANDLES_BYTES of the caller's memory, zero; NULL: the heap's own. */
void heap_attach(Allocator *allocator, Value *handles);
#define HEAP_HANDLES_BYTES ((size_t)(1 << 20) - 65536)
void heap_detach(Allocator *allocator);

/* Allocation. Bodies are zeroed. slots: body in 8-byte slots. Return 0 when memory is exhausted even after a full
 * collection; the caller raises. All may collect. */
Value heap_allocate(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots);
Value heap_allocate_instance(Allocator *allocator, const Class *class); /* Java; class is not used after a collection */
Value heap_allocate_array(Allocator *allocator, const Class *array_class, uint32_t length);
/* For what lives long (metadata-like objects: mirrors, statics, interned strings): in old space, once a program has any. */
Value heap_allocate_old(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots);
/* Already pinned (see heap_pin). */
Value heap_allocate_pinned(Allocator *allocator, uint32_t class_index, enum ObjectFormat format, uint64_t slots);

/* The bump, for the interpreter: 0 when there is no room (then call the slow one). slots below 255; an object without
 * slots takes one word of body all the same. */
static inline Value heap_bump_filled_nogc(Allocator *allocator, uint64_t header, uint64_t slots, Value fill)
{
    uint64_t object = allocator->top;
    uint64_t body = slots + (slots == 0);
    uint64_t end = object + OBJECT_BODY + 8 * body;
    if (__builtin_expect(end > allocator->end, 0))
        return 0;
    allocator->top = end;
    uint64_t *word = (uint64_t *)(uintptr_t)object;
    word[0] = header;
    word[1] = 0;
    for (uint64_t i = 1; i <= slots; i++)
        word[i] = fill;
    return object;
}
static inline Value heap_bump_nogc(Allocator *allocator, uint64_t header, uint64_t slots)
{
    return heap_bump_filled_nogc(allocator, header, slots, 0);
}
static inline uint64_t header_make(uint32_t class_index, enum ObjectFormat format, uint64_t slots)
{
    return ((slots < HEADER_SLOTS_MANY ? slots : HEADER_SLOTS_MANY) << HEADER_SLOTS_SHIFT) |
           ((uint64_t)format << HEADER_FORMAT_SHIFT) | class_index;
}

/* Stores. Every store of a reference into an object goes through one of these (or sets the card itself, and releases).
 * A store may publish an object: what its thread has written into it comes before (header, zeroes, final fields), and who
 * loads the reference finds that through the address. */
extern uint8_t *heap_cards; /* biased; changes when the heap is moved */
#define HEAP_CARD_SHIFT 9
/* The cards lie in descending order, so that those of the heap's beginning, which every start touches, end where native memory
 * begins (with os/os.h). Number of a card: an address >> HEAP_CARD_SHIFT. */
#define HEAP_CARDS_END OS_FIXED_ADDRESS(0x0c00100000)
static inline uint8_t *heap_card(uint64_t number)
{
    return &heap_cards[-(int64_t)number];
}
static inline void heap_mark_card(const void *slot)
{
    __atomic_store_n(heap_card((uintptr_t)slot >> HEAP_CARD_SHIFT), 1, __ATOMIC_RELAXED);
}
static inline void heap_store(Value object, uint64_t offset_bytes, Value value)
{
    Value *slot = (Value *)object_at(object, offset_bytes);
    __atomic_store_n(slot, value, __ATOMIC_RELEASE);
    heap_mark_card(slot);
}
static inline Value heap_load(Value object, uint64_t offset_bytes)
{
    return __atomic_load_n((const Value *)object_at(object, offset_bytes), ORDER_DEPENDENT);
}
static inline Value heap_slot(Value object, uint64_t index)
{
    return heap_load(object, OBJECT_BODY + 8 * index);
}
static inline Value array_element(Value array, uint64_t index) /* of a Java array of references */
{
    return heap_load(array, ARRAY_BASE_OFFSET + 8 * index);
}
static inline void array_store(Value array, uint64_t index, Value value)
{
    heap_store(array, ARRAY_BASE_OFFSET + 8 * index, value);
}

/* Handles: slots that the collector updates; those that are held one after another lie in a row. Leave restores the count
 * that enter gave. */
static inline size_t heap_enter_nogc(Allocator *allocator)
{
    return allocator->handle_count;
}
static inline void heap_leave_nogc(Allocator *allocator, size_t mark)
{
    allocator->handle_count = mark;
}
Value *heap_hold_nogc(Allocator *allocator, Value value);

/* Roots: numbered references, for the arena to refer to guest objects. owner: a loader's number, whose roots live as
 * long as it does; 0: for ever. Number 0 is never given. */
extern ArenaTable heap_root_table; /* element: Value */
static inline Value heap_root(uint32_t root)
{
    return LOAD_DEPENDENT(ARENA_TABLE_DOWN(const Value, heap_root_table, root));
}
uint32_t heap_root_add(Value value, uint32_t owner);
void heap_root_set(uint32_t root, Value value);
void heap_root_remove(uint32_t root);

/* Owners: a loader object (held weakly; its classes and roots live while it, an instance of its classes, or one of their
 * class objects does). Not 0; a class that may die before its loader has an owner of its own, its class object. */
uint32_t heap_owner_add(Value loader);
Value heap_owner_loader_nogc(uint32_t owner);

/* Identity hash, 1 .. 2^22-1, made at first use and kept in the header. */
uint32_t heap_identity_hash(Value object);
/* Pinned objects do not move (but for a freeze); returns the (new) place, 0 without memory. May collect. */
Value heap_pin(Allocator *allocator, Value object);
void heap_unpin_nogc(Value object); /* it may be moved by the next freeze; until then it stays all the same */

/* Collection. */
enum HeapCause { HEAP_CAUSE_ALLOCATION, HEAP_CAUSE_REQUEST, HEAP_CAUSE_FREEZE, HEAP_CAUSE_STRESS };
void heap_collect(Allocator *allocator, bool full, enum HeapCause cause);
/* become: and other eager exchanges: replaces each reference to from[i] by to[i] (both ways if two_way), heap and
 * roots, with the world stopped; as if one pair were exchanged after the other. Identity hashes stay with the objects, or with the
 * references. ERROR_UNSUPPORTED: not Smalltalk objects. ERROR_STATE: another thread collected meanwhile; fetch from and to anew and
 * try again. */
Result heap_become(Allocator *allocator, const Value *from, const Value *to, size_t count, bool two_way, bool keep_hashes);

/* java.lang.ref: byte offsets of the fields of Reference; set once, kept in images. */
typedef struct HeapReferenceLayout {
    uint32_t referent, queue, next, discovered;
} HeapReferenceLayout;
void heap_set_reference_layout(HeapReferenceLayout layout);
Value heap_take_pending_nogc(void); /* head of the list linked by `discovered`; empties it */
bool heap_has_pending_nogc(void);

/* Spur's weak objects (format 4: the fixed slots of the class are strong) and ephemerons (format 5). */
void heap_set_nil(Value nil);            /* takes the place of dead elements of weak objects; 0 until set */
bool heap_take_weak_cleared_nogc(void);  /* whether an element has died since the last question */
Value heap_take_mourner_nogc(void);      /* an ephemeron whose key was found dead otherwise (it is kept); 0: none */
bool heap_has_mourners_nogc(void);
bool heap_add_mourner_nogc(Value ephemeron); /* one that has been taken, or was in an image; false: no memory */

/* A collection, times by the monotonic clock. number: counted from 1; 0: there was none. */
typedef struct HeapCollection {
    uint64_t number;
    int64_t start_ns, end_ns;
    uint64_t before_bytes, after_bytes; /* used */
    enum HeapCause cause;
    bool is_full;
} HeapCollection;

typedef struct HeapStats {
    uint64_t limit_bytes, committed_bytes, used_bytes, eden_bytes;
    uint64_t young_collections, full_collections;
    uint64_t pause_total_ns, pause_longest_ns;
    int64_t full_ns; /* by the monotonic clock: since then all objects have not been looked at */
    HeapCollection last, last_requested;
} HeapStats;
HeapStats heap_stats(void);

/* Walks all objects of old, large and image space and eden (world stopped). */
void heap_each_object(void (*visit)(void *context, Value object), void *context);
/* Those of one class, without a call for each of the others. */
void heap_each_instance(uint32_t class_index, void (*visit)(void *context, Value object), void *context);
/* The object behind another in that order, 0: the first; 0 behind the last. Until the next collection. */
Value heap_next_object_nogc(Value previous);
/* Calls visit for each reference slot of one object, by its class's descriptor. */
void heap_each_slot(Value object, HeapVisit *visit, void *context);
Result heap_verify(void); /* world stopped; the message says what is wrong where */
/* Debug: moves all objects, the arena and its tables to other addresses. May be called where heap_collect may. */
Result heap_move_everything(Allocator *allocator);

/* Which objects are accessed from now on is noted, object by object, and slowly; the heap is collected first (may collect).
 * ERROR_UNSUPPORTED: not on this processor. */
Result heap_note_accesses(Allocator *allocator);
/* Ends that, and lays the small ones of those objects side by side, behind all others: first those that were written.
 * Addresses change. */
Result heap_lay_accessed(Allocator *allocator);

/* Images: after heap_compact_for_image the live objects lie in [*start, *end), no young ones are left. */
Result heap_compact_for_image(Allocator *allocator, uint64_t *start, uint64_t *end);
/* The card-crossing table of the range, at a save; heap_crossing_bytes of its size. */
Result heap_image_crossings(uint64_t start, uint64_t end, void **crossings, size_t *crossing_bytes);
size_t heap_crossing_bytes(uint64_t size_bytes);
/* Where it is to be, page-aligned, before heap_adopt_image. */
void *heap_image_crossings_place(void);
/* Adopts a mapped range of objects as image space (already relocated to where it lies). */
Result heap_adopt_image(uint64_t start, uint64_t end);
/* What the shortest program takes of eden after that, and a little more. */
void *heap_young_soon(size_t *size_bytes);
uint64_t heap_preferred_base(void);
uint64_t heap_image_room_bytes(void); /* from the base on, for objects of an image */
/* Visits the references in the heap's kept tables: roots and loaders. */
void heap_each_kept_reference(HeapVisit *visit, void *context);
/* An object may not be written without need when it is part of the image: marks no difference but speed. */
bool heap_is_image_nogc(Value object);
bool heap_is_young_nogc(Value object);

/* Foreign images: room for size_bytes of objects in old space, at *start. The caller writes objects there, names in order
 * the extent of each (with the word before its header, if there is one) and what is unused between them, which its call
 * makes so, and ends with the end of the last. Nothing may allocate between the two. */
Result heap_begin_load(uint64_t size_bytes, uint64_t *start);
void heap_load_crossing(uint64_t start, uint64_t end);
static inline void heap_load_extent(uint64_t start, uint64_t end)
{
    if (((start - 1) ^ (end - 1)) >> HEAP_CARD_SHIFT != 0)
        heap_load_crossing(start, end);
}
void heap_load_unused(uint64_t start, uint64_t end);
void heap_end_load(uint64_t end);
/* A program that will fill eden more than once does so from now on: its memory is made ready at once. */
void heap_expect_allocation(void);

#endif
