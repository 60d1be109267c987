/* class.h - class descriptors: what the machine knows of the class of an object.
 *
 * A class index (22 bits in each header) leads through the class table to a
 * Class in the arena. The first part serves the collector, the second calls and
 * casts, the third the class's language, whose own data hang at `data`. */
#ifndef HEAP_CLASS_H
#define HEAP_CLASS_H

#include "base/order.h"
#include "heap/arena.h"
#include "heap/value.h"

enum ReferenceKind { REFERENCE_NONE, REFERENCE_SOFT, REFERENCE_WEAK, REFERENCE_FINAL, REFERENCE_PHANTOM };

enum ClassFlag {
    CLASS_INTERFACE = 1 << 0,
    CLASS_ABSTRACT = 1 << 1,
    CLASS_ARRAY = 1 << 2,
    CLASS_PRIMITIVE = 1 << 3,      /* Java's int.class and its kin: no instances */
    CLASS_FINALIZABLE = 1 << 4,    /* NEW of it takes the slow path (Finalizer.register) */
    CLASS_HIDDEN_FRAMES = 1 << 5,  /* its methods do not show in stack traces: the machine's own guest library */
    CLASS_LOADER = 1 << 6,         /* its instances are class loaders */
    CLASS_MIRROR = 1 << 7,         /* its instances are class objects */
    CLASS_BOOLEAN_ELEMENTS = 1 << 8, /* arrays of booleans: a store keeps the low bit */
};

#define CLASS_DISPLAY 8

typedef struct Class {
    /* For the collector. */
    uint32_t index;
    uint8_t format;               /* enum ObjectFormat of its instances */
    uint8_t element_shift;        /* Java arrays: log2 of the bytes of an element */
    uint8_t elements_are_references;
    uint8_t reference_kind;       /* enum ReferenceKind */
    uint32_t slots;               /* body of an instance in 8-byte slots (fixed part) */
    uint32_t flags;               /* enum ClassFlag */
    uint64_t reference_map;       /* Java instances: bit i: body slot i holds a reference (i < 64) */
    ArenaRef reference_map_more;  /* u64 words for slots 64.., or 0 */
    uint32_t reference_map_words; /* how many */
    uint32_t owner;               /* number of the loader that defined it; 0: never unloaded */

    /* For calls and casts. */
    uint32_t super;                  /* class index; 0: none */
    uint32_t depth;                  /* number of superclasses */
    uint32_t display[CLASS_DISPLAY]; /* display[d]: the superclass (or itself) at depth d */
    ArenaRef interfaces;             /* u32 count, then the class indexes of all its interfaces, ascending */
    ArenaRef itable;                 /* language's own layout */
    uint32_t element_class;          /* arrays: class index of the elements */
    uint32_t array_class;            /* class index of arrays of it; 0: not made yet */
    uint32_t mirror_root;            /* root number: the guest's class object */
    uint32_t statics_root;           /* root number: reference statics (Java) or method dictionary's owner */
    uint32_t raw_statics_root;       /* root number: the other statics */
    uint32_t constants_root;         /* root number: array of resolved references of its constant pool */

    /* For its language. */
    uint8_t language;             /* number of the language (run/language.h) */
    uint8_t initialized;          /* 1: no barrier needed any more (class_is_initialized) */
    uint16_t modifiers;
    ArenaRef data;                /* the language's struct */
    uint32_t vtable_length;
    uint32_t reserved[2];
    uint32_t vtable[];            /* method numbers */
} Class;

_Static_assert(sizeof(Class) == 128, "Class is an image format");

extern ArenaTable class_table; /* ArenaRef of the Class, by class index */

/* Where the table has the class; 0 is there, if it has none of this index, which is not below the table's first, and below its
 * count. */
static inline ArenaRef *class_place(uint32_t class_index)
{
    return ARENA_TABLE_DOWN(ArenaRef, class_table, class_index);
}
static inline Class *class_at(uint32_t class_index)
{
    return ARENA(Class, LOAD_DEPENDENT(class_place(class_index)));
}
static inline bool class_exists(uint32_t class_index)
{
    return class_index >= class_table.first && class_index < class_table.count && *class_place(class_index) != 0;
}
/* Who sees it sees what the initialization has written. */
static inline bool class_is_initialized(uint32_t class_index)
{
    return __atomic_load_n(&class_at(class_index)->initialized, __ATOMIC_ACQUIRE) != 0;
}
static inline Class *class_of(Value object)
{
    return class_at(object_class_index(object));
}

/* Makes a Class with room for vtable_length methods and gives it a class index of a Java class. */
Result class_new(Class **made, uint32_t vtable_length);
/* Puts a Class at a given index (Spur's classes). */
Result class_new_at(Class **made, uint32_t class_index, uint32_t vtable_length);

/* Gives a class another place, beside others that a start touches. World stopped. */
bool class_was_accessed(uint32_t class_index); /* arena_was_accessed */
void class_lay_for_start(uint32_t class_index);

/* Machine-made classes: hidden arrays that no guest sees. */
#define CLASS_INDEX_HIDDEN_REFERENCES (CLASS_INDEX_JAVA + 1) /* Java array of references */
#define CLASS_INDEX_HIDDEN_RAW (CLASS_INDEX_JAVA + 2)        /* Java array of 8-byte words */
#define CLASS_INDEX_JAVA_FIRST (CLASS_INDEX_JAVA + 16)

#endif
