/* translate_internal.h - what the parts of the translator share (doc/translation.md tells how it works).
 *
 *   decode      one bytecode instruction at an index
 *   analysis    blocks, and the kind of each local and stack slot at the start of each
 *   stack       the virtual operand stack, registers and maps
 *   operations  bytecode instructions to register instructions
 *   body        a whole method: prologue, blocks, handlers
 *
 * None of it knows loaded classes: a TranslateInput tells all about the method. */
#ifndef JAVA_TRANSLATE_INTERNAL_H
#define JAVA_TRANSLATE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/result.h"
#include "base/table.h"
#include "code/code.h"
#include "java/java_internal.h"

/* ---- input ---- */

typedef struct TranslateText {
    const char *text; /* modified UTF-8, not closed by a 0 */
    size_t length;
} TranslateText;

typedef struct TranslateHandler {
    uint16_t start, end, handler, catch_type;
} TranslateHandler;

struct TranslateInput;

/* Questions about the constant pool of the method's class; context is the asker's own. */
typedef struct TranslatePool {
    const void *context;
    unsigned (*tag)(const void *context, unsigned index); /* enum JavaConstantTag; 0: no such entry */
    /* Of a field, method, interface method, dynamic or invokedynamic entry. */
    TranslateText (*name)(const void *context, unsigned index);
    TranslateText (*descriptor)(const void *context, unsigned index);
    TranslateText (*class_name)(const void *context, unsigned index); /* holder of a field or method */
    enum JavaPolymorphic (*polymorphic)(const void *context, unsigned index); /* of a method: is it signature-polymorphic? */
    uint64_t (*number)(const void *context, unsigned index);          /* bits of an int (sign-extended), float, long, double */
    /* The element of the constants object for a reference constant, or for the appendix of a call site at a bytecode
     * index (invokedynamic, or a call of a signature-polymorphic method). */
    unsigned (*slot)(const void *context, unsigned index, uint32_t bytecode_index);
    /* NEW_ARRAY's literal for newarray's code (4 boolean .. 11 long). */
    uint64_t (*primitive_array)(const void *context, unsigned code);
    /* False only if the static field is known not to be volatile. */
    bool (*static_may_be_volatile)(const void *context, unsigned index);
} TranslatePool;

/* MARKs (code.h) for code that is watched. */
enum TranslateMarks { MARKS_NONE, MARKS_ENTRY, MARKS_ALL };

typedef struct TranslateInput {
    uint32_t method; /* its number */
    uint16_t flags;  /* access flags of the class file */
    uint16_t max_locals, max_stack;
    bool hidden;     /* its frames do not show */
    uint32_t attempt; /* a primitive that is tried first; 0: none */
    TranslateText descriptor;
    const uint8_t *code;
    uint32_t code_length;
    const TranslateHandler *handlers;
    unsigned handler_count;
    uint32_t constants_root;
    unsigned this_index; /* the method's own class in the pool: the lock of static synchronized methods */
    TranslatePool pool;
    enum TranslateMarks marks;
} TranslateInput;

/* The literals of RESOLVE_x hold the index of the constant pool's entry, that of CALL_POLYMORPHIC
 * enum JavaPolymorphic | argument slots << 32. */

/* Makes the code of a method that has bytecode; *code is malloc'ed. ERROR_FORMAT: the bytecode makes no sense (it was
 * not verified); ERROR_LIMIT: the method is too large for register code. */
Result translate_body(const TranslateInput *input, Code **code);
/* Also tells the bytecode index that each word belongs to; the caller frees *indexes (memory_free). That of what leaves
 * a synchronized method by an exception is just behind the code. */
Result translate_body_indexed(const TranslateInput *input, Code **code, uint32_t **indexes);

struct JavaGuestState;
Result translate_guest_state(const TranslateInput *input, uint32_t bytecode_index, struct JavaGuestState *state);
Result translate_native_state(TranslateText descriptor, bool has_receiver, struct JavaGuestState *state);

/* Adds what the instructions from index first up to end amount to (Language.guest_work). */
void translate_work(const TranslateInput *input, uint32_t first, uint32_t end, RunWork *work);

/* ---- descriptors ---- */

/* Walks the parameters: *at starts at 0; gives the first letter of each ('[' for arrays), 0 at the end (then *at is
 * the index of the return type). */
char translate_next_parameter(TranslateText descriptor, size_t *at);
char translate_return_type(TranslateText descriptor);
unsigned translate_parameter_slots(TranslateText descriptor);
bool translate_text_is(TranslateText text, const char *other);

/* ---- kinds ---- */

/* What a local or stack slot holds. A long or double is WIDE in its first slot, SECOND in the next one. From
 * KIND_RETURN on: a return address of that call of a subroutine. */
enum Kind { KIND_DEAD, KIND_RAW, KIND_REF, KIND_WIDE, KIND_SECOND, KIND_RETURN = 16 };

static inline uint16_t kind_of_type(char letter)
{
    return letter == 'J' || letter == 'D' ? KIND_WIDE : letter == 'L' || letter == '[' || letter == 'A' ? KIND_REF : KIND_RAW;
}

/* ---- decode ---- */

enum Bytecode {
    BC_NOP = 0, BC_ACONST_NULL = 1, BC_ICONST_M1 = 2, BC_ICONST_0 = 3, BC_ICONST_5 = 8, BC_LCONST_0 = 9, BC_LCONST_1 = 10,
    BC_FCONST_0 = 11, BC_FCONST_2 = 13, BC_DCONST_0 = 14, BC_DCONST_1 = 15, BC_BIPUSH = 16, BC_SIPUSH = 17, BC_LDC = 18,
    BC_LDC_W = 19, BC_LDC2_W = 20, BC_ILOAD = 21, BC_ALOAD = 25, BC_ILOAD_0 = 26, BC_ALOAD_3 = 45, BC_IALOAD = 46,
    BC_SALOAD = 53, BC_ISTORE = 54, BC_ASTORE = 58, BC_ISTORE_0 = 59, BC_ASTORE_3 = 78, BC_IASTORE = 79, BC_AASTORE = 83,
    BC_BASTORE = 84, BC_CASTORE = 85, BC_SASTORE = 86, BC_POP = 87, BC_POP2 = 88, BC_DUP = 89, BC_DUP_X1 = 90,
    BC_DUP_X2 = 91, BC_DUP2 = 92, BC_DUP2_X1 = 93, BC_DUP2_X2 = 94, BC_SWAP = 95, BC_IADD = 96, BC_DREM = 115,
    BC_INEG = 116, BC_DNEG = 119, BC_ISHL = 120, BC_LUSHR = 125, BC_IAND = 126, BC_LXOR = 131, BC_IINC = 132, BC_I2L = 133,
    BC_I2F, BC_I2D, BC_L2I, BC_L2F, BC_L2D, BC_F2I, BC_F2L, BC_F2D, BC_D2I, BC_D2L, BC_D2F, BC_I2B = 145, BC_I2C = 146,
    BC_I2S = 147, BC_LCMP = 148, BC_FCMPL = 149, BC_FCMPG = 150, BC_DCMPL = 151, BC_DCMPG = 152, BC_IFEQ = 153,
    BC_IFLE = 158, BC_IF_ICMPEQ = 159, BC_IF_ICMPLT = 161, BC_IF_ICMPGE = 162, BC_IF_ICMPLE = 164,
    BC_IF_ACMPEQ = 165, BC_IF_ACMPNE = 166, BC_GOTO = 167,
    BC_JSR = 168, BC_RET = 169, BC_TABLESWITCH = 170, BC_LOOKUPSWITCH = 171, BC_IRETURN = 172, BC_LRETURN = 173,
    BC_ARETURN = 176, BC_RETURN = 177, BC_GETSTATIC = 178, BC_PUTSTATIC = 179, BC_GETFIELD = 180, BC_PUTFIELD = 181,
    BC_INVOKEVIRTUAL = 182, BC_INVOKESPECIAL = 183, BC_INVOKESTATIC = 184, BC_INVOKEINTERFACE = 185, BC_INVOKEDYNAMIC = 186,
    BC_NEW = 187, BC_NEWARRAY = 188, BC_ANEWARRAY = 189, BC_ARRAYLENGTH = 190, BC_ATHROW = 191, BC_CHECKCAST = 192,
    BC_INSTANCEOF = 193, BC_MONITORENTER = 194, BC_MONITOREXIT = 195, BC_WIDE = 196, BC_MULTIANEWARRAY = 197,
    BC_IFNULL = 198, BC_IFNONNULL = 199, BC_GOTO_W = 200, BC_JSR_W = 201, BC_COUNT = 202
};

enum BytecodeFlag {
    BYTECODE_THROWS = 1,  /* or polls: a handler may be entered from it */
    BYTECODE_BRANCH = 2,  /* has a target (or, a switch, targets) */
    BYTECODE_END = 4,     /* does not fall through */
};

typedef struct BytecodeInfo {
    uint8_t length;     /* 0: varies */
    uint8_t flags;
    const char *effect; /* pops > pushes by I (raw), J (two slots), A (reference); NULL: special */
} BytecodeInfo;
extern const BytecodeInfo bytecode_infos[BC_COUNT];

/* For pop .. swap: how many slots it takes, and which of them (0 the deepest) it leaves in what order. */
typedef struct Rearrangement {
    uint8_t taken, count, order[6];
} Rearrangement;
extern const Rearrangement translate_rearrangements[BC_SWAP - BC_POP + 1];

typedef struct Instruction {
    uint32_t pc, next;
    uint8_t operation; /* ILOAD_2 and the like are given as ILOAD with their index, GOTO_W as GOTO, LDC_W as LDC ... */
    uint8_t number;    /* dimensions, or kind of array */
    uint16_t index;    /* of a local or in the pool */
    int32_t value;     /* constant or increment */
    uint32_t target;   /* of a branch; default of a switch */
    uint32_t operands; /* switch: where its table begins */
    int32_t low;       /* tableswitch */
    uint32_t count;    /* switch: cases */
} Instruction;

/* ERROR_FORMAT if there is no whole instruction at pc. */
Result translate_decode(const uint8_t *code, uint32_t length, uint32_t pc, Instruction *instruction);
int32_t translate_switch_key(const uint8_t *code, const Instruction *instruction, uint32_t which);
uint32_t translate_switch_target(const uint8_t *code, const Instruction *instruction, uint32_t which);

/* ---- analysis ---- */

/* The frame at one bytecode index: kinds of locals, then of stack slots. */
typedef struct State {
    uint16_t depth;
    uint16_t *kinds; /* max_locals + max_stack */
} State;

/* A basic block in a context: 0, or one call of a subroutine (whose blocks exist once for each call). */
typedef struct Block {
    uint32_t pc, end;
    uint32_t last;           /* index of its last instruction */
    uint32_t context;
    State entry;
    bool queued;
    bool is_loop_head;  /* some jump to it is backward in the code's order */
    bool is_handler;
    bool is_referenced;      /* some code emitted so far leads there */
    CodeLabel label;
    uint32_t word, end_word; /* once emitted */
} Block;

typedef struct Context {
    uint32_t parent;
    uint32_t entry;     /* of the subroutine */
    uint32_t return_pc;
} Context;

struct StateChunk;

typedef struct Analysis {
    const TranslateInput *input;
    uint8_t *marks;     /* for each byte: enum AnalysisMark */
    ARRAY_OF(Block) blocks;
    ARRAY_OF(Context) contexts;
    ARRAY_OF(uint32_t) work;
    uint32_t *order;    /* block numbers by context and pc; made by analysis_run */
    Table numbers;      /* context << 32 | pc -> block number + 1 */
    State state;        /* the one that is being stepped */
    struct StateChunk *chunks; /* hold the blocks' states */
} Analysis;

enum AnalysisMark { MARK_START = 1, MARK_LEADER = 2, MARK_REACHED = 4 };

Result analysis_run(Analysis *analysis, const TranslateInput *input);
void analysis_free(Analysis *analysis);
/* The block at pc in a context, or NULL. */
Block *analysis_block(Analysis *analysis, uint32_t context, uint32_t pc);
/* The context of the subroutine's call that returns to return_pc; 0: none. */
uint32_t analysis_find_context(const Analysis *analysis, uint32_t parent, uint32_t entry, uint32_t return_pc);
/* Steps a state over an instruction (its effect on kinds, not its jumps). */
Result analysis_step(Analysis *analysis, State *state, const Instruction *instruction, uint32_t context);
void kinds_set_local(uint16_t *kinds, unsigned max_locals, unsigned local, uint16_t kind);
/* Fills state->locks for the bytecode at pc, which lies in the block. Overwrites analysis->state. */
Result translate_find_locks(Analysis *analysis, const Block *block, uint32_t pc, struct JavaGuestState *state);
/* Argument slots, receiver included. */
unsigned translate_argument_slots(const TranslateInput *input);

/* ---- emission ---- */

enum Place { PLACE_HOME, PLACE_REGISTER, PLACE_CONSTANT };

/* Ranges that an int is known to be in. */
enum Range { RANGE_ANY, RANGE_BOOLEAN, RANGE_I8, RANGE_I16, RANGE_U16 };

typedef struct Entry {
    uint8_t place;  /* enum Place */
    uint8_t range;  /* enum Range */
    uint16_t kind;  /* enum Kind */
    int16_t reg;    /* PLACE_REGISTER: a local's register, or the home of a lower slot that is at home */
    int64_t value;  /* PLACE_CONSTANT */
} Entry;

/* Of a synchronized method's lock: not synchronized; its monitor is not entered; it is. */
enum LockState { LOCK_NONE, LOCK_ABSENT, LOCK_HELD };

typedef struct Guard {
    CodeLabel start, end;
    uint32_t word;
} Guard;

typedef struct Emitter {
    const TranslateInput *input;
    Analysis analysis;
    CodeBuilder *builder;
    Block *block;
    uint32_t order;         /* the block's place in analysis.order */
    Instruction now;        /* being emitted */
    uint32_t next_pc;       /* what follows it; later when more was consumed */
    uint16_t *locals;       /* kinds */
    Entry *stack;
    unsigned depth;
    unsigned argument_slots, max_locals, max_stack, local_count;
    int scratch;            /* a register behind the stack */
    int register_count;
    uint32_t marked_pc;     /* instructions of this run below it have their mark */
    bool notes_indexes;     /* words' bytecode indexes are wanted */
    bool has_jumped;        /* the block's last instruction took care of what comes next */
    bool is_rotated;        /* a loop's condition is being repeated at the loop's end: conditional jumps are inverted */
    enum LockState lock_state;
    int lock;               /* register of the lock of a synchronized method: local max_locals */
    ARRAY_OF(Guard) guards; /* words from which an exception leaves the lock */
    bool is_guarded;
    Result failure;
    uint8_t *bits;          /* for maps */
    size_t bit_bytes;
} Emitter;

static inline int local_register(const Emitter *emitter, unsigned local)
{
    return local < emitter->argument_slots ? (int)local - (int)emitter->argument_slots
                                           : FRAME_HEADER + (int)(local - emitter->argument_slots);
}
static inline int stack_register(const Emitter *emitter, unsigned slot)
{
    return FRAME_HEADER + (int)(emitter->local_count - emitter->argument_slots + slot);
}

/* translate_stack.c */
void stack_push_home(Emitter *emitter, uint16_t kind, enum Range range); /* WIDE takes two slots */
void stack_push_register(Emitter *emitter, uint16_t kind, int reg);
void stack_push_constant(Emitter *emitter, uint16_t kind, int64_t value);
void stack_pop(Emitter *emitter, unsigned slots);
/* The register that holds a slot's value; a constant is loaded to its home first. */
int stack_operand(Emitter *emitter, unsigned slot);
bool stack_is_constant(const Emitter *emitter, unsigned slot, int64_t *value);
bool stack_in_range(const Emitter *emitter, unsigned slot, enum Range range);
/* Brings slots [from, to) to their homes. */
void stack_flush(Emitter *emitter, unsigned from, unsigned to);
/* Copies of a local's register in slots below `below` go to their homes: the local is about to be written. */
void stack_release_local(Emitter *emitter, unsigned local, unsigned below);
/* Replaces the top `taken` slots by copies: order[i] says which of the taken ones (0 the deepest) slot i becomes. */
void stack_rearrange(Emitter *emitter, unsigned taken, const uint8_t *order, unsigned count);
void emit_constant(Emitter *emitter, int reg, int64_t value);
void emit_move(Emitter *emitter, int to, int from);
void emit_map(Emitter *emitter, bool before, uint32_t guest_pc, unsigned depth);
/* The map before an instruction of the current bytecode. */
void emit_map_before(Emitter *emitter);
/* An instruction of the current bytecode; maps before and after as its effects ask. after_depth: the guest's stack
 * while a call is under way. */
void emit_operation(Emitter *emitter, uint32_t operation, int a, int b, int c, unsigned after_depth);

/* translate_body.c */
void guard_start(Emitter *emitter);
void guard_end(Emitter *emitter);

/* translate_operations.c: emits one instruction (or more: emitter->next_pc moves). */
Result emit_instruction(Emitter *emitter);
/* What lies between here and `pc` is executed from here on, if it is not marked yet. */
void emit_mark_until(Emitter *emitter, uint32_t pc);
/* Emits a block's instructions up to its end. */
Result emit_instructions(Emitter *emitter, const Block *block);
/* Where the result of the current instruction goes, whose operands lie from slot base on: a local's register if the
 * next instruction stores it, else the home of slot base. Then emit, and finish with result_end. */
typedef struct Destination {
    int reg;
    int local; /* -1: the stack */
    unsigned base;
    uint16_t kind;
} Destination;
Destination result_begin(Emitter *emitter, unsigned base, uint16_t kind);
void result_end(Emitter *emitter, Destination destination, enum Range range);

/* translate_calls.c */
Result emit_invoke(Emitter *emitter);
/* Methods of the class library that are one instruction, or none. */
bool emit_intrinsic(Emitter *emitter);
Result emit_field(Emitter *emitter);
Result emit_load_constant(Emitter *emitter);
/* translate_branches.c */
Result emit_branch(Emitter *emitter);
Result emit_compare(Emitter *emitter);
Result emit_array_length(Emitter *emitter);
Result emit_switch(Emitter *emitter);
Result emit_return(Emitter *emitter);
Result emit_subroutine(Emitter *emitter);
/* Control goes on at pc in a context: a jump unless that block is next. */
Result emit_jump(Emitter *emitter, uint32_t context, uint32_t pc);
/* A jump back to a block that does little but decide whether the loop goes on: does the jump repeat the decision? Says so
 * before anything is emitted, by marking the loop's body as a loop head. */
void rotate_loops(Emitter *emitter);
/* The block's stack goes home and control falls through to next_pc. */
Result emit_fall_through(Emitter *emitter);

#endif
