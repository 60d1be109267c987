/* verify.h - what the files of the verifier share (JVMS 4.10.1: checking by StackMapTable).
 *
 *   verify_types   types, assignability, frames, the account of what is wrong
 *   verify_map     StackMapTable to frames
 *   verify_code    instructions
 *   verify_old     the frames of class files that have no map, by inference
 *   verify         a class: which methods, what an error becomes
 *
 * Verification loads classes when it must know whether one is below another. Through a user's loader that pushes: then
 * everything stops (outcome), and the method is verified again from its beginning. */
#ifndef JAVA_VERIFY_H
#define JAVA_VERIFY_H

#include "java/classfile.h"

/* A type: kind in the high half; a symbol, or the pc of a `new` or a subroutine, in the low half. */
typedef uint64_t VerifyType;
enum VerifyKind {
    VERIFY_TOP, VERIFY_INT, VERIFY_FLOAT, VERIFY_LONG, VERIFY_LONG_2, VERIFY_DOUBLE, VERIFY_DOUBLE_2, VERIFY_NULL, VERIFY_UNINIT_THIS,
    VERIFY_UNINIT, VERIFY_OBJECT, VERIFY_BOOLEAN, VERIFY_BYTE, VERIFY_CHAR, VERIFY_SHORT, /* the last four: only of elements */
    VERIFY_RETURN, /* inference: the return address of the subroutine at a pc */
    VERIFY_ANY_REFERENCE, VERIFY_CATEGORY_1, VERIFY_CATEGORY_2, VERIFY_CATEGORY_2_2, VERIFY_STORABLE /* questions only */
};
#define TYPE(kind) ((VerifyType)(kind) << 32)
static inline enum VerifyKind type_kind(VerifyType type)
{
    return (enum VerifyKind)(type >> 32);
}
static inline VerifyType type_object(SymbolRef name)
{
    return TYPE(VERIFY_OBJECT) | name;
}
static inline bool type_is_reference(VerifyType type) /* object, array or null */
{
    return type_kind(type) == VERIFY_OBJECT || type_kind(type) == VERIFY_NULL;
}
static inline bool type_is_array(VerifyType type)
{
    return type_kind(type) == VERIFY_OBJECT && symbol_text((SymbolRef)type)[0] == '[';
}

typedef struct VerifyFrame {
    uint32_t pc;
    bool this_uninit;
    bool reached;                      /* inference: something leads here */
    uint16_t local_count, stack_count; /* local_count: up to the last one that is not top */
    VerifyType *locals, *stack;        /* max_locals and max_stack of them */
} VerifyFrame;

enum VerifyFault {
    FAULT_NONE, FAULT_BYTECODE, FAULT_TYPE, FAULT_FLAGS, FAULT_POOL, FAULT_LOCAL, FAULT_LOCALS_SIZE, FAULT_STACK_SIZE, FAULT_OVERFLOW,
    FAULT_UNDERFLOW, FAULT_NO_MAP, FAULT_BAD_MAP
};
enum VerifyOrigin { ORIGIN_NONE, ORIGIN_LOCALS, ORIGIN_STACK, ORIGIN_MAP_LOCALS, ORIGIN_MAP_STACK, ORIGIN_POOL, ORIGIN_SIGNATURE, ORIGIN_IMPLICIT };
typedef struct VerifyPlace {
    enum VerifyOrigin origin;
    int index;
    VerifyType type;
} VerifyPlace;

typedef struct Verifier {
    Thread *thread;
    uint32_t class_index, method;
    uint32_t super_name; /* symbol of the superclass; 0 */
    uint16_t max_stack, max_locals;
    uint32_t length;
    uint8_t *code;         /* a copy, with the exception table behind it: the arena may move when classes are loaded */
    uint32_t exception_count;
    const uint8_t *exceptions;
    uint8_t *map;          /* contents of StackMapTable, or NULL */
    uint32_t map_size;
    VerifyFrame current;
    VerifyFrame *frames;   /* of the map, ascending */
    uint32_t frame_count, frame_next;
    VerifyType *types;     /* memory of all frames */
    uint8_t *starts;       /* 1: an instruction starts there */
    uint32_t pc, next;     /* of the instruction, and of the one after it */
    uint16_t mark;         /* the stack's height before the instruction: what messages show of it */
    bool falls_through;
    bool initialized_this; /* this instruction called super() or this() */
    VerifyType return_type; /* TOP: void */
    Outcome outcome;       /* not DONE: stop; PUSHED or THROW came from a load */
    bool infer;            /* frames are merged, not compared */
    bool changed;
    bool failed;
    const char *error_class;
    Bytes message;
} Verifier;

#define VERIFY_GOES_ON(v) (!(v)->failed && (v)->outcome == OUTCOME_DONE)

/* verify_types.c */
bool verify_is_assignable(Verifier *v, VerifyType from, VerifyType to, bool protected_access);
/* frame -> target, with the account of a mismatch in the fault arguments. */
bool verify_frame_fits(Verifier *v, const VerifyFrame *frame, const VerifyFrame *target, const char *headline);
VerifyType verify_type_of(const char *descriptor, unsigned length); /* B C S Z are int; V is TOP */
VerifyType verify_element_type(VerifyType array);                    /* BOOLEAN ... kept apart */
bool verify_push(Verifier *v, VerifyType type);
bool verify_push_value(Verifier *v, VerifyType type); /* with its second half */
VerifyType verify_pop(Verifier *v, VerifyType wanted);
void verify_pop_value(Verifier *v, VerifyType wanted);
bool verify_set_local(Verifier *v, unsigned index, VerifyType type);
bool verify_set_local_value(Verifier *v, unsigned index, VerifyType type);
VerifyType verify_get_local(Verifier *v, unsigned index, VerifyType wanted);
/* The error: headline; then what HotSpot tells of place, reason, frames and code. Returns false. */
bool verify_fail(Verifier *v, enum VerifyFault fault, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool verify_fail_type(Verifier *v, VerifyPlace type, VerifyPlace wanted, const VerifyFrame *map, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool verify_fail_frames(Verifier *v, enum VerifyFault fault, int index, const VerifyFrame *frame, const VerifyFrame *map,
                        const char *format, ...) __attribute__((format(printf, 6, 7)));
bool verify_format_error(Verifier *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline VerifyPlace verify_stack_top(const Verifier *v)
{
    int top = v->current.stack_count - 1;
    return (VerifyPlace){ORIGIN_STACK, top, top >= 0 ? v->current.stack[top] : TYPE(VERIFY_TOP)};
}
void verify_append_map(Verifier *v, Bytes *text); /* verify_map.c: the raw frames, for messages */
const char *verify_operation_name(uint8_t operation);

/* verify_map.c */
bool verify_read_map(Verifier *v);
VerifyFrame *verify_find_frame(Verifier *v, uint32_t pc);

/* verify_old.c */
/* Merges a frame into that of a jump's target; false: error. */
bool verify_merge(Verifier *v, const VerifyFrame *from, VerifyFrame *to);
bool verify_by_inference(Verifier *v);
bool verify_enter_subroutine(Verifier *v, int32_t offset); /* jsr */
bool verify_leave_subroutine(Verifier *v, unsigned local);  /* ret */
bool verify_is_branch(uint8_t operation);                  /* verify_code.c: to a 16-bit offset, or goto_w */
bool verify_jump(Verifier *v, int32_t offset);
/* HotSpot's words of the old verifier for an error. */
void verify_append_old_message(const Verifier *v, Bytes *text, enum VerifyFault fault, int index, const VerifyPlace *type,
                               const VerifyPlace *wanted, const char *headline);
uint32_t verify_load(Verifier *v, SymbolRef name); /* verify_types.c; 0: outcome */

/* verify_code.c */
bool verify_instructions(Verifier *v);

/* verify.c */
extern bool verify_force_inference; /* for tests: as if no class file had a map */
Outcome verify_class(Thread *thread, uint32_t class_index);

#endif
