/* method.h - methods as the engine sees them, and the tables indexed by method number. */
#ifndef RUN_METHOD_H
#define RUN_METHOD_H

#include "base/order.h"
#include "code/code.h"
#include "heap/arena.h"
#include "heap/class.h"

enum MethodFlag {
    METHOD_STATIC = 1 << 0,
    METHOD_NATIVE = 1 << 1,
    METHOD_ABSTRACT = 1 << 2,
    METHOD_SYNCHRONIZED = 1 << 3,
    METHOD_HIDDEN = 1 << 4,           /* its frames do not show in stack traces */
    METHOD_CALLER_SENSITIVE = 1 << 5,
    METHOD_INITIALIZER = 1 << 6,      /* <clinit> */
    METHOD_CONSTRUCTOR = 1 << 7,
    METHOD_RETURNS_REFERENCE = 1 << 8,
    METHOD_RETURNS_VOID = 1 << 9,
    METHOD_POLYMORPHIC = 1 << 10,     /* CALL_POLYMORPHIC stands for a call of it */
    METHOD_NO_CODE = 1 << 11,         /* translation failed for good: calls raise */
};

/* A language's own struct begins with this one. Lies in the arena. */
typedef struct Method {
    uint32_t number;
    uint32_t holder;         /* class index */
    uint16_t argument_slots; /* receiver included */
    uint8_t language;
    uint8_t reserved;
    uint32_t flags;          /* enum MethodFlag */
    ArenaRef code;           /* its Code; 0: none yet */
    uint32_t object_root;    /* root number of the guest's method object (Smalltalk); 0: none */
} Method;
_Static_assert(sizeof(Method) == 24, "Method is an image format");

extern ArenaTable method_table; /* u32 ArenaRef of the Method, by method number */
extern ArenaTable entry_table;  /* Code *, by method number; never NULL below count; in an image: for its arena's place and its build */

/* Inline caches: cells of 8 bytes in the arena, in stretches. A Code's begin site_base cells behind arena_base. They are kept:
 * what a cell says (a class index, the number of the method it means) an image keeps too. */
typedef struct SiteStretch {
    ArenaRef cells;
    uint32_t used, limit;
    uint32_t reserved;
} SiteStretch;
_Static_assert(sizeof(SiteStretch) == 16, "SiteStretch is an image format");
/* Empties those that `names` says name `what`; NULL: all. Other threads may fill them meanwhile. */
void run_empty_sites(bool (*names)(uint64_t cell, uint32_t what), uint32_t what);

#define METHOD_BITS 10
/* Where the method's ArenaRef stands; that is 0 if its class has been unloaded. */
static inline ArenaRef *method_place(uint32_t number)
{
    return (ArenaRef *)arena_table_at(&method_table, number, sizeof(ArenaRef), METHOD_BITS);
}
static inline Method *method_at(uint32_t number)
{
    return ARENA(Method, *method_place(number));
}
static inline Code *method_entry(uint32_t number)
{
    return __atomic_load_n(&((Code **)(void *)entry_table.base)[number], ORDER_DEPENDENT);
}

/* An entry that translates the method when it is called. */
bool method_is_stub(const Code *code);

/* A new Method of size_bytes (at least sizeof(Method)), zeroed but for its number; its entry is the TRANSLATE stub
 * (or NATIVE is made when it is translated). NULL when the arena is full. */
Method *method_new(size_t size_bytes);
/* Gives methods count consecutive numbers, each of size_bytes, in one arena block; returns the first number. */
uint32_t method_new_block(uint32_t count, size_t size_bytes);

/* Puts a finished Code in the arena and makes it the method's entry. Links operations, gives it its site cells. */
Result method_install(Method *method, const Code *code);
/* Makes the next call of it translate (again). To be called once when argument_slots of a new method has been set. */
void method_discard_code(Method *method);
void method_free_code(ArenaRef code); /* its memory; nothing is in it any more */
void method_discard_codes(bool (*is_it)(uint32_t method)); /* of all of which that holds; frames stay in what they are in */
/* Prints a code as it is by now: linked, quickened. */
void run_print_code(FILE *file, const Code *code);
/* For images. From the beginning on, each method that is called is translated anew, so that the code of all that are
 * called lies side by side; the end gives the code of before back to the arena, but for what frames are in. */
struct Thread;
Result run_rehearsal_begin(void);
void run_rehearsal_end(struct Thread *thread);
Result run_sites_lay_for_start(void); /* the code installed next gets its cells in ARENA_STATE */

#endif
