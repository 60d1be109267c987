/* code.c - the Code attribute: instructions, one a line, and the exception table (JVMS 4.7.3, 6.5). */
#include "javap/javap_internal.h"

#define NAME_COLUMNS 14 /* of an instruction, with the blank behind it */

static const char *const names[] = {
#define BYTECODE(name, effect) #name,
#include "java/bytecodes.def"
#undef BYTECODE
};

enum Opcode { OP_NEWARRAY = 188, OP_TABLESWITCH = 170, OP_LOOKUPSWITCH = 171, OP_WIDE = 196, OP_IINC = 132 };

/* What follows an opcode. */
enum Operands {
    NO_OPERANDS,
    BYTE_VALUE,
    SHORT_VALUE,
    ARRAY_TYPE,
    LOCAL,
    LOCAL_AND_VALUE,
    CONSTANT_BYTE,
    CONSTANT_SHORT,
    CONSTANT_AND_BYTE,  /* multianewarray */
    CONSTANT_AND_COUNT, /* invokeinterface, invokedynamic: a count and a zero */
    BRANCH_SHORT,
    BRANCH_INT,
    TABLE,
    LOOKUP,
    WIDE
};
static const uint8_t operand_bytes[] = {0, 1, 2, 1, 1, 2, 1, 2, 3, 4, 2, 4, 0, 0, 0};

static const struct {
    uint8_t first, last, operands;
} operand_ranges[] = {
    {16, 16, BYTE_VALUE},
    {17, 17, SHORT_VALUE},
    {18, 18, CONSTANT_BYTE},
    {19, 20, CONSTANT_SHORT},
    {21, 25, LOCAL},
    {54, 58, LOCAL},
    {132, 132, LOCAL_AND_VALUE},
    {153, 168, BRANCH_SHORT},
    {169, 169, LOCAL},
    {170, 170, TABLE},
    {171, 171, LOOKUP},
    {178, 184, CONSTANT_SHORT},
    {185, 186, CONSTANT_AND_COUNT},
    {187, 187, CONSTANT_SHORT},
    {188, 188, ARRAY_TYPE},
    {189, 189, CONSTANT_SHORT},
    {192, 193, CONSTANT_SHORT},
    {196, 196, WIDE},
    {197, 197, CONSTANT_AND_BYTE},
    {198, 199, BRANCH_SHORT},
    {200, 201, BRANCH_INT},
};

static uint8_t operands_of[256];

static void prepare_operands(void)
{
    for (size_t i = 0; operands_of[16] == 0 || i < COUNT_OF(operand_ranges); i++)
        for (unsigned op = operand_ranges[i].first; op <= operand_ranges[i].last; op++)
            operands_of[op] = operand_ranges[i].operands;
}

/* "   12: aload_0": the last characters of a line without operands. */
static void print_head(Output *out, unsigned pc, const char *name, const char *suffix)
{
    size_t size = strlen(name) + strlen(suffix);

    output_indent(out);
    output_number_right(out, pc, 4);
    output_bytes(out, ": ", 2);
    output_text(out, name);
    output_text(out, suffix);
    output_spaces(out, size < NAME_COLUMNS ? NAME_COLUMNS - size : 1);
}

static void print_constant_operand(Printer *printer, unsigned index)
{
    begin_comment(printer);
    print_constant_kind(printer, index);
}

static void print_index(Output *out, unsigned index)
{
    output_char(out, '#');
    output_number(out, index);
}

static const char *array_type_name(unsigned type)
{
    static const char *const types[] = {"boolean", "char", "float", "double", "byte", "short", "int", "long"};
    return type >= 4 && type < 4 + COUNT_OF(types) ? types[type - 4] : NULL;
}

/* ---- switches ---- */

static void print_case(Output *out, int64_t match, int64_t target)
{
    output_indent(out);
    output_number_right(out, match, 12);
    output_bytes(out, ": ", 2);
    output_number(out, target);
    output_end_line(out);
}

/* `pairs` of match and offset, or offsets alone of matches from `low` on. */
static void print_cases(Printer *printer, const uint8_t *at, uint32_t count, unsigned pc, bool has_matches, int64_t low,
                        int32_t otherwise)
{
    Output *out = printer->out;

    output_end_line(out);
    out->indent += 3 * OUTPUT_INDENT;
    for (uint32_t i = 0; i < count && !printer_is_stopped(printer); i++) {
        int64_t match = has_matches ? (int32_t)read_be32(at + 8 * (size_t)i) : low + i;
        int32_t offset = (int32_t)read_be32(has_matches ? at + 8 * (size_t)i + 4 : at + 4 * (size_t)i);
        print_case(out, match, (int64_t)pc + offset);
    }
    begin_line(printer, "     default: ");
    output_number(out, (int64_t)pc + otherwise);
    output_end_line(out);
    begin_line(printer, "}");
    out->indent -= 3 * OUTPUT_INDENT;
}

static void print_switch(Printer *printer, Reader *reader, unsigned pc, bool is_table)
{
    Output *out = printer->out;
    size_t start = reader->position - 1 - pc, at = reader->position;
    int32_t otherwise, low = 0, high = 0;
    int64_t count;
    const uint8_t *cases;

    reader_skip(reader, (4 - (at - start) % 4) % 4);
    otherwise = (int32_t)reader_be32(reader);
    low = (int32_t)reader_be32(reader);
    if (is_table) high = (int32_t)reader_be32(reader);
    count = is_table ? (int64_t)high - low + 1 : low;
    if (count < 0 || (uint64_t)count > reader_left(reader) / (is_table ? 4 : 8)) {
        printer_fail(printer, at, "a switch of %lld cases leaves its code", (long long)count);
        return;
    }
    cases = reader_take(reader, (size_t)count * (is_table ? 4 : 8));
    output_bytes(out, "{ // ", 5);
    output_number(out, low);
    if (is_table) {
        output_bytes(out, " to ", 4);
        output_number(out, high);
    }
    print_cases(printer, cases, (uint32_t)count, pc, !is_table, low, otherwise);
}

/* ---- one instruction ---- */

static void print_wide(Printer *printer, Reader *reader, unsigned pc)
{
    unsigned opcode = reader_u8(reader), operands = operands_of[opcode];
    unsigned local = reader_be16(reader);

    if (operands != LOCAL && operands != LOCAL_AND_VALUE) {
        printer_fail(printer, reader->position - 3, "wide does not go with opcode %u", opcode);
        return;
    }
    print_head(printer->out, pc, names[opcode], "_w");
    output_number(printer->out, local);
    if (operands == LOCAL_AND_VALUE) {
        output_bytes(printer->out, ", ", 2);
        output_number(printer->out, (int16_t)reader_be16(reader));
    }
}

static void print_array_type(Printer *printer, unsigned type, size_t at)
{
    const char *name = array_type_name(type);
    if (name == NULL)
        printer_fail(printer, at, "newarray of the unknown type %u", type);
    else
        output_format(printer->out, " %s", name);
}

/* The bytes lie inside the code. */
static void print_operands(Printer *printer, unsigned operands, const uint8_t *at, unsigned pc)
{
    Output *out = printer->out;

    switch (operands) {
    case BYTE_VALUE: output_number(out, (int8_t)at[0]); break;
    case SHORT_VALUE: output_number(out, (int16_t)read_be16(at)); break;
    case ARRAY_TYPE: print_array_type(printer, at[0], (size_t)(at - printer->class->bytes)); break;
    case LOCAL: output_number(out, at[0]); break;
    case LOCAL_AND_VALUE:
        output_number(out, at[0]);
        output_bytes(out, ", ", 2);
        output_number(out, (int8_t)at[1]);
        break;
    case CONSTANT_BYTE:
        print_index(out, at[0]);
        print_constant_operand(printer, at[0]);
        break;
    case CONSTANT_SHORT:
        print_index(out, read_be16(at));
        print_constant_operand(printer, read_be16(at));
        break;
    case CONSTANT_AND_BYTE:
    case CONSTANT_AND_COUNT:
        print_index(out, read_be16(at));
        output_bytes(out, ",  ", 3);
        output_number(out, at[2]);
        print_constant_operand(printer, read_be16(at));
        break;
    case BRANCH_SHORT: output_number(out, (int64_t)pc + (int16_t)read_be16(at)); break;
    case BRANCH_INT: output_number(out, (int64_t)pc + (int32_t)read_be32(at)); break;
    default: break;
    }
}

static void print_unknown(Output *out, unsigned pc, unsigned opcode)
{
    output_indent(out);
    output_number_right(out, pc, 4);
    output_text(out, ": bytecode ");
    output_number(out, opcode);
}

static void print_instruction(Printer *printer, Reader *reader, unsigned pc)
{
    unsigned opcode = reader_u8(reader), operands = operands_of[opcode];
    const uint8_t *at;

    if (operands == WIDE) {
        print_wide(printer, reader, pc);
        return;
    }
    if (opcode >= COUNT_OF(names)) {
        print_unknown(printer->out, pc, opcode);
        return;
    }
    print_head(printer->out, pc, names[opcode], "");
    if (operands == TABLE || operands == LOOKUP) {
        print_switch(printer, reader, pc, operands == TABLE);
    } else if ((at = reader_take(reader, operand_bytes[operands])) != NULL) {
        print_operands(printer, operands, at, pc);
    }
}

/* ---- the attribute ---- */

typedef struct Code {
    unsigned stack, locals;
    Reader instructions, exceptions; /* positions are offsets in the file */
    unsigned exception_count;
    AttributeList attributes;
} Code;

static Reader part_of(const Reader *reader, size_t size)
{
    Reader part = *reader;
    part.size = reader->position + (size > reader_left(reader) ? reader_left(reader) : size);
    return part;
}

static bool read_code(Printer *printer, const Attribute *attribute, Code *code)
{
    Reader reader = attribute_reader(printer, attribute);
    uint32_t size;

    code->stack = reader_be16(&reader);
    code->locals = reader_be16(&reader);
    size = reader_be32(&reader);
    code->instructions = part_of(&reader, size);
    reader_skip(&reader, size);
    code->exception_count = reader_be16(&reader);
    code->exceptions = part_of(&reader, 8 * (size_t)code->exception_count);
    reader_skip(&reader, 8 * (size_t)code->exception_count);
    if (!printer_check(printer, &reader)) return false;
    if (classfile_attributes_skip(printer->class, &reader, &code->attributes) != OK) printer->result = ERROR_FORMAT;
    return !printer_is_stopped(printer);
}

static void print_all_instructions(Printer *printer, const Code *code, const Attribute *attribute, const Member *method)
{
    const JavapBytecodeHook *hook = &printer->options->after_bytecode;
    Reader reader = code->instructions;
    size_t start = reader.position;

    prepare_operands();
    while (reader_left(&reader) > 0 && !printer_is_stopped(printer)) {
        unsigned pc = (unsigned)(reader.position - start);
        print_instruction(printer, &reader, pc);
        output_end_line(printer->out);
        if (reader.failed)
            printer_fail(printer, start + pc, "an instruction leaves its code");
        else if (hook->print != NULL)
            hook->print(hook->context, printer->out, printer->class, method, attribute, pc);
    }
}

static void print_exception_table(Printer *printer, const Code *code)
{
    Output *out = printer->out;
    Reader reader = code->exceptions;

    if (code->exception_count == 0) return;
    output_line(out, "Exception table:");
    output_deeper(out);
    output_line(out, " from    to  target type");
    for (unsigned i = 0; i < code->exception_count && !printer_is_stopped(printer); i++) {
        output_indent(out);
        for (int column = 0; column < 3; column++) output_number_right(out, reader_be16(&reader), 6);
        unsigned type = reader_be16(&reader);
        output_text(out, "   ");
        output_text(out, type == 0 ? "any" : "Class ");
        if (type != 0) print_constant(printer, type);
        output_end_line(out);
    }
    output_back(out);
}

void print_code_parts(Printer *printer, const Attribute *attribute, const Member *method)
{
    Code code;

    if (!read_code(printer, attribute, &code)) return;
    if (printer->options->code) {
        output_line(printer->out, "Code:");
        print_all_instructions(printer, &code, attribute, method);
        print_exception_table(printer, &code);
    }
    if (printer->options->lines) print_line_tables(printer, code.attributes);
}

void print_code(Printer *printer, const Attribute *attribute, const Member *method)
{
    Output *out = printer->out;
    Code code;

    if (method == NULL) {
        printer_fail(printer, attribute->at, "a Code attribute belongs to no method");
        return;
    }
    if (!read_code(printer, attribute, &code)) return;
    output_line(out, "Code:");
    output_deeper(out);
    output_indent(out);
    output_format(out, "stack=%u, locals=%u, args_size=%u", code.stack, code.locals,
                  count_parameters(printer, method->descriptor) + !(method->access & 0x0008));
    output_end_line(out);
    print_all_instructions(printer, &code, attribute, method);
    print_exception_table(printer, &code);
    print_attributes(printer, code.attributes, method);
    output_back(out);
}
