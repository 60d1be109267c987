/* bytecode.c - instructions as data. */
#include "base/array.h"
#include "javap/bytecode.h"

static const char *const names[] = {
#define BYTECODE(name, effect) #name,
#include "java/bytecodes.def"
#undef BYTECODE
};

/* The forms of operands in the file. */
enum Form {
    NONE,
    BYTE,
    SHORT,
    ARRAY_TYPE,
    LOCAL,
    INCREMENT,
    CONSTANT_BYTE,
    CONSTANT_SHORT,
    CONSTANT_AND_BYTE,
    CONSTANT_AND_COUNT,
    BRANCH_SHORT,
    BRANCH_INT,
    TABLE,
    LOOKUP,
    WIDE
};

static const struct {
    uint8_t size, operands;
} forms[] = {
    [NONE] = {0, OPERANDS_NONE},
    [BYTE] = {1, OPERANDS_VALUE},
    [SHORT] = {2, OPERANDS_VALUE},
    [ARRAY_TYPE] = {1, OPERANDS_ARRAY_TYPE},
    [LOCAL] = {1, OPERANDS_LOCAL},
    [INCREMENT] = {2, OPERANDS_LOCAL_AND_VALUE},
    [CONSTANT_BYTE] = {1, OPERANDS_CONSTANT},
    [CONSTANT_SHORT] = {2, OPERANDS_CONSTANT},
    [CONSTANT_AND_BYTE] = {3, OPERANDS_CONSTANT_AND_VALUE},
    [CONSTANT_AND_COUNT] = {4, OPERANDS_CONSTANT_AND_VALUE},
    [BRANCH_SHORT] = {2, OPERANDS_BRANCH},
    [BRANCH_INT] = {4, OPERANDS_BRANCH},
    [TABLE] = {0, OPERANDS_TABLE},
    [LOOKUP] = {0, OPERANDS_LOOKUP},
};

/* By opcode; what is not listed has none. */
static const uint8_t form_of[256] = {
    [16] = BYTE,
    [17] = SHORT,
    [18] = CONSTANT_BYTE,
    [19 ... 20] = CONSTANT_SHORT,
    [21 ... 25] = LOCAL,
    [54 ... 58] = LOCAL,
    [132] = INCREMENT,
    [153 ... 168] = BRANCH_SHORT,
    [169] = LOCAL,
    [170] = TABLE,
    [171] = LOOKUP,
    [178 ... 184] = CONSTANT_SHORT,
    [185 ... 186] = CONSTANT_AND_COUNT,
    [187] = CONSTANT_SHORT,
    [188] = ARRAY_TYPE,
    [189] = CONSTANT_SHORT,
    [192 ... 193] = CONSTANT_SHORT,
    [196] = WIDE,
    [197] = CONSTANT_AND_BYTE,
    [198 ... 199] = BRANCH_SHORT,
    [200 ... 201] = BRANCH_INT,
};

const char *bytecode_array_type(int32_t type)
{
    static const char *const types[] = {"boolean", "char", "float", "double", "byte", "short", "int", "long"};
    return type >= 4 && type < 4 + (int32_t)COUNT_OF(types) ? types[type - 4] : NULL;
}

static Result read_wide(Reader *reader, Instruction *instruction)
{
    unsigned opcode = reader_u8(reader), form = form_of[opcode];

    if (form != LOCAL && form != INCREMENT)
        return error_set(ERROR_FORMAT, "wide does not go with opcode %u at offset %zu", opcode, reader->position - 1);
    instruction->is_wide = true;
    instruction->opcode = (uint8_t)opcode;
    instruction->operands = forms[form].operands;
    instruction->name = names[opcode];
    instruction->index = reader_be16(reader);
    if (form == INCREMENT) instruction->value = (int16_t)reader_be16(reader);
    return OK;
}

static Result read_switch(Reader *reader, size_t start, Instruction *instruction)
{
    bool is_table = instruction->operands == OPERANDS_TABLE;
    size_t case_bytes = is_table ? 4 : 8;
    int64_t count;

    reader_skip(reader, (4 - (reader->position - start) % 4) % 4);
    instruction->target = (int64_t)instruction->pc + (int32_t)reader_be32(reader);
    instruction->low = (int32_t)reader_be32(reader);
    instruction->high = is_table ? (int32_t)reader_be32(reader) : 0;
    count = is_table ? (int64_t)instruction->high - instruction->low + 1 : instruction->low;
    if (count < 0 || (uint64_t)count > reader_left(reader) / case_bytes)
        return error_set(ERROR_FORMAT, "a switch of %lld cases leaves its code at offset %zu", (long long)count,
                         start + instruction->pc);
    instruction->case_count = (uint32_t)count;
    instruction->cases = reader_take(reader, (size_t)count * case_bytes);
    return OK;
}

void instruction_case(const Instruction *instruction, uint32_t number, int64_t *match, int64_t *target)
{
    bool is_table = instruction->operands == OPERANDS_TABLE;
    const uint8_t *at = instruction->cases + (size_t)number * (is_table ? 4 : 8);

    *match = is_table ? (int64_t)instruction->low + number : (int32_t)read_be32(at);
    *target = (int64_t)instruction->pc + (int32_t)read_be32(is_table ? at : at + 4);
}

static void set_operands(Instruction *instruction, enum Form form, const uint8_t *at)
{
    switch (form) {
    case BYTE: instruction->value = (int8_t)at[0]; break;
    case SHORT: instruction->value = (int16_t)read_be16(at); break;
    case ARRAY_TYPE: instruction->value = at[0]; break;
    case LOCAL:
    case CONSTANT_BYTE: instruction->index = at[0]; break;
    case INCREMENT:
        instruction->index = at[0];
        instruction->value = (int8_t)at[1];
        break;
    case CONSTANT_SHORT: instruction->index = read_be16(at); break;
    case CONSTANT_AND_BYTE:
    case CONSTANT_AND_COUNT:
        instruction->index = read_be16(at);
        instruction->value = at[2];
        break;
    case BRANCH_SHORT: instruction->target = (int64_t)instruction->pc + (int16_t)read_be16(at); break;
    case BRANCH_INT: instruction->target = (int64_t)instruction->pc + (int32_t)read_be32(at); break;
    default: break;
    }
}

Result instruction_read(Reader *reader, size_t start, Instruction *instruction)
{
    unsigned opcode, form;
    const uint8_t *at;
    Result result = OK;

    instruction->pc = (uint32_t)(reader->position - start);
    opcode = reader_u8(reader);
    form = form_of[opcode];
    instruction->opcode = (uint8_t)opcode;
    instruction->is_wide = false;
    instruction->operands = form == WIDE ? OPERANDS_NONE : forms[form].operands;
    instruction->name = opcode < COUNT_OF(names) ? names[opcode] : NULL;
    if (form == WIDE)
        result = read_wide(reader, instruction);
    else if (form == TABLE || form == LOOKUP)
        result = read_switch(reader, start, instruction);
    else if ((at = reader_take(reader, forms[form].size)) != NULL)
        set_operands(instruction, form, at);
    if (result == OK && reader->failed)
        result = error_set(ERROR_FORMAT, "an instruction leaves its code at offset %zu", start + instruction->pc);
    if (result == OK && form == ARRAY_TYPE && bytecode_array_type(instruction->value) == NULL)
        result = error_set(ERROR_FORMAT, "newarray of the unknown type %d at offset %zu", instruction->value,
                           start + instruction->pc);
    return result;
}

/* ---- the attribute ---- */

static Reader part_of(const Reader *reader, size_t size)
{
    Reader part = *reader;
    part.size = reader->position + (size > reader_left(reader) ? reader_left(reader) : size);
    return part;
}

Result code_parts_read(const ClassFile *class, const Attribute *attribute, CodeParts *parts)
{
    Reader reader = {class->bytes, attribute->at + (size_t)attribute->size, attribute->at, false};
    uint32_t size;

    parts->stack = reader_be16(&reader);
    parts->locals = reader_be16(&reader);
    size = reader_be32(&reader);
    parts->instructions = part_of(&reader, size);
    reader_skip(&reader, size);
    parts->exception_count = reader_be16(&reader);
    parts->exceptions = part_of(&reader, 8 * (size_t)parts->exception_count);
    reader_skip(&reader, 8 * (size_t)parts->exception_count);
    if (reader.failed) return error_set(ERROR_FORMAT, "a Code attribute ends too early at offset %zu", reader.size);
    return classfile_attributes_skip(class, &reader, &parts->attributes);
}
