/* bytecode.h - reads the instructions of a Code attribute, one after the other (JVMS 4.7.3, 6.5). */
#ifndef JAVAP_BYTECODE_H
#define JAVAP_BYTECODE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/bytes.h"
#include "javap/classfile.h"

/* What follows an opcode, and which fields of an Instruction hold it. */
enum BytecodeOperands {
    OPERANDS_NONE,
    OPERANDS_VALUE,              /* value */
    OPERANDS_ARRAY_TYPE,         /* value: newarray's type code */
    OPERANDS_LOCAL,              /* index */
    OPERANDS_LOCAL_AND_VALUE,    /* iinc: index, value */
    OPERANDS_CONSTANT,           /* index */
    OPERANDS_CONSTANT_AND_VALUE, /* index; value: dimensions, or invokeinterface's count of arguments */
    OPERANDS_BRANCH,             /* target */
    OPERANDS_TABLE,              /* tableswitch: target is the default, the cases are low, low + 1 ... */
    OPERANDS_LOOKUP,             /* lookupswitch: target is the default */
};

typedef struct Instruction {
    uint32_t pc;
    uint8_t opcode; /* behind wide: what it widens */
    bool is_wide;
    uint8_t operands; /* BytecodeOperands */
    const char *name; /* NULL: an opcode that is not one */
    uint32_t index;
    int32_t value;
    int64_t target;    /* a pc, which may lie outside */
    int32_t low, high; /* OPERANDS_TABLE */
    uint32_t case_count;
    const uint8_t *cases; /* in the class file */
} Instruction;

/* The attribute's parts; the readers' positions are offsets in the file. */
typedef struct CodeParts {
    unsigned stack, locals, exception_count;
    Reader instructions, exceptions;
    AttributeList attributes;
} CodeParts;

Result code_parts_read(const ClassFile *class, const Attribute *attribute, CodeParts *parts);

/* Reads the next instruction; `start` is the position of the first. ERROR_FORMAT names the offset. */
Result instruction_read(Reader *reader, size_t start, Instruction *instruction);
/* Of a switch: which value goes where. */
void instruction_case(const Instruction *instruction, uint32_t number, int64_t *match, int64_t *target);
const char *bytecode_array_type(int32_t type); /* newarray's; NULL: none */

#endif
