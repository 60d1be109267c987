/* code.h - register code: the block that holds a method's code, and the tools to make, check and print it.
 *
 * A Code is one relocatable block: this header, then words, literals, maps, handlers and map data, at the byte
 * offsets that the header tells; maps and what follows may lie in a second block behind it. Nothing in it is an
 * address. It is built by a CodeBuilder in ordinary memory and copied to where it shall live by the layer above. */
#ifndef CODE_CODE_H
#define CODE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/result.h"

#define INSTRUCTION(name, a, b, c, effects, text) OP_##name,
enum Operation {
#include "code/instructions.def"
    OPERATION_COUNT
};
#undef INSTRUCTION

enum OperandKind {
    OPERAND_NONE, OPERAND_OUT, OPERAND_IN, OPERAND_INOUT, OPERAND_WINDOW, OPERAND_IMM, OPERAND_COUNT_, OPERAND_IMM32,
    OPERAND_HIGH, OPERAND_LIT, OPERAND_OBJ, OPERAND_SITE, OPERAND_OFF, OPERAND_OFF32
};

enum OperationEffect {
    EFFECT_PURE = 0, EFFECT_THROWS = 1, EFFECT_COLLECTS = 2, EFFECT_CALLS = 4, EFFECT_BRANCH = 8, EFFECT_END = 16,
    EFFECT_DATA = 32
};

typedef struct OperationInfo {
    const char *name;
    uint8_t operands[3]; /* enum OperandKind */
    uint8_t effects;
    const char *text;
} OperationInfo;
extern const OperationInfo operation_infos[OPERATION_COUNT];

/* Instruction words. */
#define WORD_A(word) ((int16_t)((word) >> 16))
#define WORD_B(word) ((int16_t)((word) >> 32))
#define WORD_C(word) ((int16_t)((word) >> 48))
#define WORD_UA(word) ((uint16_t)((word) >> 16))
#define WORD_UB(word) ((uint16_t)((word) >> 32))
#define WORD_UC(word) ((uint16_t)((word) >> 48))
#define WORD_IMM32(word) ((int32_t)((word) >> 32))
static inline uint64_t word_make(uint32_t operation, int a, int b, int c)
{
    return (uint64_t)(uint16_t)operation | (uint64_t)(uint16_t)a << 16 | (uint64_t)(uint16_t)b << 32 |
           (uint64_t)(uint16_t)c << 48;
}

/* Registers 0..2 of a frame are its header; locals and stack start at FRAME_HEADER. */
#define FRAME_RETURN 0  /* address of the caller's word to go on with */
#define FRAME_CALLER 1  /* the caller's fp */
#define FRAME_CODE 2    /* address of this frame's Code */
#define FRAME_HEADER 3

/* In the literal of CALL_APPENDIX: its first argument is a receiver, which must not be null. */
#define CALL_APPENDIX_NONNULL (1ull << 40)

/* A safepoint map. `before`: the state before the instruction at `word` (it may be executed again from there);
 * else: the state while the call that the instruction before `word` made is under way: `word` is the return address,
 * the arguments are gone from the guest's stack and the result is not there yet.
 *
 * It tells which registers hold references (bit i of the reference bits: register i - argument_slots), and where
 * the canonical frame's locals and stack slots are. Local i and stack slot s are at home (the registers that
 * local_home and stack_home tell) unless an exception says otherwise. */
typedef struct CodeMap {
    uint32_t word;
    uint32_t guest_pc;       /* bytecode index of the guest instruction */
    uint8_t before;
    uint8_t exception_count;
    uint16_t stack_depth;    /* guest stack slots */
    uint32_t data;           /* byte offset in the map data: reference bits, then exceptions (CodeMapException, 2-aligned) */
} CodeMap;

typedef struct CodeMapException {
    uint16_t slot;           /* local i: i; stack slot s: 0x8000 | s */
    uint8_t kind;            /* enum MapKind */
    uint8_t reserved;
    int16_t value;           /* register, or index of a literal, or a small constant */
} CodeMapException;

enum MapKind { MAP_DEAD, MAP_REGISTER, MAP_LITERAL, MAP_CONSTANT, MAP_OBJECT };

/* An exception handler: words [start, end) of instructions that raise go to `handler` with the exception in register
 * `target`, if the language says that `catch_type` matches (0: always). In the order of the search. */
typedef struct CodeHandler {
    uint32_t start, end, handler;
    int16_t target;
    uint16_t catch_type;
} CodeHandler;

typedef struct Code {
    uint32_t method;           /* method number; 0: a code of the machine's own */
    uint32_t size_bytes;       /* of this block: of all parts, or of those that lie before the maps */
    uint16_t argument_slots;
    uint16_t register_count;   /* registers from 0 up, header included: outgoing windows may begin anywhere below */
    uint16_t local_count;      /* guest locals, arguments included */
    uint16_t stack_count;      /* guest stack slots at most */
    uint32_t constants_root;   /* root number of the object that LOAD_OBJECT reads */
    uint32_t site_base;        /* its first inline cache: cells behind arena_base; given when the code is installed */
    uint16_t site_count;
    uint16_t flags;            /* enum CodeFlag */
    uint32_t word_count, literal_count, map_count, handler_count;
    uint32_t literals, maps, handlers, map_data; /* byte offsets from the start of the block */
    uint32_t apart_bytes;      /* of the block behind this one, somewhere, that has the maps and what comes after; 0: there is none */
    uint32_t reserved;
    uint64_t words[];
} Code;
_Static_assert(sizeof(Code) == 72, "Code is an image format");

enum CodeFlag {
    CODE_HIDDEN = 1,     /* its frames do not show */
    CODE_NATIVE = 2,     /* a native method's frame */
    CODE_CONTINUATION = 4,
    CODE_LINKED = 8,     /* operations are handler offsets, not numbers */
    CODE_TAGGED = 16,    /* every register is a tagged value (Smalltalk) */
    CODE_INDIVISIBLE = 32, /* no freeze point while it calls: host state and guest state must change together */
};

static inline uint64_t *code_literals(const Code *code)
{
    return (uint64_t *)((uintptr_t)code + code->literals);
}
static inline const CodeMap *code_maps(const Code *code)
{
    return (const CodeMap *)((uintptr_t)code + code->maps);
}
static inline const CodeHandler *code_handlers(const Code *code)
{
    return (const CodeHandler *)((uintptr_t)code + code->handlers);
}
/* Of all parts. */
static inline uint32_t code_all_bytes(const Code *code)
{
    return code->size_bytes + code->apart_bytes;
}
/* A copy in one block of code_all_bytes(from). */
void code_copy(Code *to, const Code *from);
/* A copy in two of one that lies in one block, and has them: the maps and what comes after, which only collections, exceptions
 * and freezes read, at `apart` behind it. */
#define CODE_APART_BYTES(code) ((code)->size_bytes - (code)->maps)
void code_copy_apart(Code *to, void *apart, const Code *from);
/* Register of guest local i / stack slot s when at home. */
static inline int code_local_home(const Code *code, unsigned local)
{
    return local < code->argument_slots ? (int)local - code->argument_slots : FRAME_HEADER + (int)local - code->argument_slots;
}
static inline int code_stack_home(const Code *code, unsigned slot)
{
    return FRAME_HEADER + code->local_count - code->argument_slots + (int)slot;
}
/* The map for a word; NULL if there is none. */
const CodeMap *code_find_map(const Code *code, uint32_t word, bool before);
/* Is register r (from -argument_slots to register_count-1) a reference in this map? */
bool code_map_is_reference(const Code *code, const CodeMap *map, int r);
const CodeMapException *code_map_exceptions(const Code *code, const CodeMap *map);
/* The guest's bytecode index for a word that has a map before (each one that may raise does), else 0. */
uint32_t code_guest_pc(const Code *code, uint32_t word);

/* Building (assemble.c). All in ordinary memory; errors (too many words, literals, registers) stick and are
 * reported by code_builder_finish. */
typedef struct CodeBuilder CodeBuilder;
typedef uint32_t CodeLabel;

Result code_builder_open(CodeBuilder **builder);
void code_builder_close(CodeBuilder *builder); /* its room may be kept for the next one; NULL is fine */
CodeLabel code_label_new(CodeBuilder *builder);
void code_label_here(CodeBuilder *builder, CodeLabel label);
uint32_t code_word_count(const CodeBuilder *builder); /* index of the next word */
uint32_t code_emit(CodeBuilder *builder, uint32_t operation, int a, int b, int c);
uint32_t code_emit_imm32(CodeBuilder *builder, uint32_t operation, int a, int32_t immediate);
/* A conditional branch or GOTO (a, b as the instruction has them). Always give the IF_ / GOTO form: finish chooses the
 * LOOP_ form when the label lies backward, and expands a distance that does not fit. */
uint32_t code_emit_branch(CodeBuilder *builder, uint32_t operation, int a, int b, CodeLabel label);
uint32_t code_emit_data(CodeBuilder *builder, uint64_t data);
/* Switches: labels[0] is the default. */
uint32_t code_emit_table_switch(CodeBuilder *builder, int a, int32_t low, uint32_t count, const CodeLabel *labels);
uint32_t code_emit_lookup_switch(CodeBuilder *builder, int a, uint32_t count, const int32_t *keys, const CodeLabel *labels);
/* A MARK for the guest's instructions from index first up to end (both equal: an entry, never extended). The mark before
 * is extended where nothing in between can leave or enter the code. */
void code_mark(CodeBuilder *builder, uint32_t first, uint32_t end);
/* The words emitted from now on are those of the guest's instruction at this index. */
void code_guest_here(CodeBuilder *builder, uint32_t guest_pc);
/* After finish: the guest's index for each word of the code as finished; the caller frees it (memory_free). */
Result code_builder_guest_indexes(const CodeBuilder *builder, uint32_t **indexes);
int code_literal(CodeBuilder *builder, uint64_t value);        /* shared when equal */
int code_literal_reserve(CodeBuilder *builder, uint64_t value); /* one of its own, may be rewritten later */
int code_site(CodeBuilder *builder);                           /* a new inline cache cell */
/* A map for the next word (before) or the one just emitted (after: call right after emitting the call).
 * reference_bits: bit i of byte i/8: register i - argument_slots holds a reference (all registers of the shape given to
 * finish, or as many bytes as reference_bytes). Copied. */
void code_map(CodeBuilder *builder, bool before, uint32_t guest_pc, unsigned stack_depth, const uint8_t *reference_bits,
              size_t reference_bytes, const CodeMapException *exceptions, unsigned exception_count);
void code_handler(CodeBuilder *builder, CodeLabel start, CodeLabel end, CodeLabel handler, int target, unsigned catch_type);
/* shape gives method, counts, constants_root and flags; the rest is filled in. *code is malloc'ed, the caller frees. */
Result code_builder_finish(CodeBuilder *builder, const Code *shape, Code **code);

/* Checks every operand, branch target, map and handler; the message says what and where. */
Result code_verify(const Code *code);
/* Prints it as text that code_parse reads back. */
void code_print(FILE *file, const Code *code);
/* One line of it. */
void code_format_word(Bytes *text, const Code *code, uint32_t word);
void code_format_map(Bytes *text, const Code *code, const CodeMap *map);
void code_format_handler(Bytes *text, const CodeHandler *handler);
Result code_parse(const char *text, Code **code);
/* A number for this instruction set: changes when instructions.def does. */
uint32_t code_version(void);

#endif
