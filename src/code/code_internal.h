/* code_internal.h - what the parts of code share. */
#ifndef CODE_CODE_INTERNAL_H
#define CODE_CODE_INTERNAL_H

#include "code/code.h"

static inline uint32_t word_operation(uint64_t word)
{
    return (uint32_t)(word & 0xffff);
}
/* Has it a target, and is that in 16 or in 32 bits? */
static inline bool operation_is_wide_branch(uint32_t operation)
{
    return operation_infos[operation].operands[1] == OPERAND_OFF32;
}
static inline bool operation_is_near_branch(uint32_t operation)
{
    return operation_infos[operation].operands[2] == OPERAND_OFF;
}
static inline bool operation_is_switch(uint32_t operation)
{
    return operation == OP_TABLE_SWITCH || operation == OP_LOOKUP_SWITCH;
}
static inline uint32_t operation_length(uint32_t operation)
{
    return operation_infos[operation].effects & EFFECT_DATA ? 2 : 1;
}
static inline bool operand_is_register(uint8_t kind)
{
    return kind == OPERAND_OUT || kind == OPERAND_IN || kind == OPERAND_INOUT || kind == OPERAND_WINDOW;
}
static inline bool operand_is_unsigned(uint8_t kind)
{
    return kind == OPERAND_COUNT_ || kind == OPERAND_LIT || kind == OPERAND_OBJ || kind == OPERAND_SITE;
}
static inline int operand_value(uint64_t word, int which)
{
    return (int16_t)(word >> (16 * (which + 1)));
}
static inline uint32_t operand_unsigned(uint64_t word, int which)
{
    return (uint16_t)(word >> (16 * (which + 1)));
}
/* Bytes of reference bits in each map of a code of this shape. */
static inline uint32_t map_bits_bytes(const Code *code)
{
    return ((uint32_t)code->argument_slots + code->register_count + 7) / 8;
}
static inline uint32_t map_exceptions_offset(const Code *code)
{
    return (map_bits_bytes(code) + 1) & ~1u;
}
/* A switch is literals: head, default offset, then offsets, or pairs of key and offset. */
static inline uint32_t switch_count(uint32_t operation, const uint64_t *literal)
{
    return operation == OP_TABLE_SWITCH ? (uint32_t)(literal[0] >> 32) : (uint32_t)literal[0];
}
static inline uint64_t switch_literals(uint32_t operation, uint64_t count)
{
    return 2 + (operation == OP_TABLE_SWITCH ? count : 2 * count);
}
static inline int64_t switch_offset(uint32_t operation, const uint64_t *literal, uint32_t entry)
{
    return (int64_t)literal[operation == OP_TABLE_SWITCH ? 2 + entry : 3 + 2 * entry];
}
/* For the parser, which meets places by number: a label at any word, a map for any word (as emitted). */
CodeLabel code_label_at(CodeBuilder *builder, uint32_t word);
void code_map_at(CodeBuilder *builder, uint32_t word, bool before, uint32_t guest_pc, unsigned stack_depth,
                 const uint8_t *reference_bits, size_t reference_bytes, const CodeMapException *exceptions,
                 unsigned exception_count);
/* OPERATION_COUNT if there is none of that name. */
uint32_t operation_by_name(const char *name, size_t length);

#endif
