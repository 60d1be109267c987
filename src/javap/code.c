/* code.c - the Code attribute: instructions, one a line, and the exception table. */
#include "javap/bytecode.h"
#include "javap/javap_internal.h"

#define NAME_COLUMNS 14 /* of an instruction, with the blank behind it */

/* "  12: aload_0       " */
static void print_head(Output *out, const Instruction *instruction)
{
    output_indent(out);
    output_number_right(out, instruction->pc, 4);
    output_bytes(out, ": ", 2);
    if (instruction->name == NULL) {
        output_text(out, "bytecode ");
        output_number(out, instruction->opcode);
        return;
    }
    size_t size = strlen(instruction->name);
    output_bytes(out, instruction->name, size);
    if (instruction->is_wide) {
        output_bytes(out, "_w", 2);
        size += 2;
    }
    if (instruction->operands != OPERANDS_NONE) output_spaces(out, size < NAME_COLUMNS ? NAME_COLUMNS - size : 1);
}

static void print_cases(Output *out, const Instruction *instruction)
{
    int64_t match, target;

    output_end_line(out);
    out->indent += 3 * OUTPUT_INDENT;
    for (uint32_t i = 0; i < instruction->case_count && !out->failed; i++) {
        instruction_case(instruction, i, &match, &target);
        output_indent(out);
        output_number_right(out, match, 12);
        output_bytes(out, ": ", 2);
        output_number(out, target);
        output_end_line(out);
    }
    output_indent(out);
    output_text(out, "     default: ");
    output_number(out, instruction->target);
    output_end_line(out);
    output_indent(out);
    output_char(out, '}');
    out->indent -= 3 * OUTPUT_INDENT;
}

static void print_constant_operand(Printer *printer, const Instruction *instruction)
{
    Output *out = printer->out;

    output_char(out, '#');
    output_number(out, instruction->index);
    if (instruction->operands == OPERANDS_CONSTANT_AND_VALUE) {
        output_bytes(out, ",  ", 3);
        output_number(out, instruction->value);
    }
    begin_comment(printer);
    print_constant_kind(printer, instruction->index);
}

static void print_operands(Printer *printer, const Instruction *instruction)
{
    Output *out = printer->out;

    switch (instruction->operands) {
    case OPERANDS_VALUE: output_number(out, instruction->value); break;
    case OPERANDS_ARRAY_TYPE: output_format(out, " %s", bytecode_array_type(instruction->value)); break;
    case OPERANDS_LOCAL: output_number(out, instruction->index); break;
    case OPERANDS_LOCAL_AND_VALUE:
        output_number(out, instruction->index);
        output_bytes(out, ", ", 2);
        output_number(out, instruction->value);
        break;
    case OPERANDS_CONSTANT:
    case OPERANDS_CONSTANT_AND_VALUE: print_constant_operand(printer, instruction); break;
    case OPERANDS_BRANCH: output_number(out, instruction->target); break;
    case OPERANDS_TABLE: output_format(out, "{ // %d to %d", instruction->low, instruction->high); break;
    case OPERANDS_LOOKUP: output_format(out, "{ // %u", instruction->case_count); break;
    default: break;
    }
    if (instruction->operands == OPERANDS_TABLE || instruction->operands == OPERANDS_LOOKUP)
        print_cases(out, instruction);
}

static void print_instructions(Printer *printer, const CodeParts *code, const Attribute *attribute,
                               const Member *method)
{
    const JavapBytecodeHook *hook = &printer->options->after_bytecode;
    Reader reader = code->instructions;
    size_t start = reader.position;
    Instruction instruction;

    while (reader_left(&reader) > 0 && !printer_is_stopped(printer)) {
        printer->result = instruction_read(&reader, start, &instruction);
        if (printer->result != OK) break;
        print_head(printer->out, &instruction);
        print_operands(printer, &instruction);
        output_end_line(printer->out);
        if (hook->print != NULL)
            hook->print(hook->context, printer->out, printer->class, method, attribute, instruction.pc);
    }
}

static void print_exception_table(Printer *printer, const CodeParts *code)
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

static bool read_code(Printer *printer, const Attribute *attribute, CodeParts *code)
{
    if (printer->result == OK) printer->result = code_parts_read(printer->class, attribute, code);
    return !printer_is_stopped(printer);
}

void print_code_parts(Printer *printer, const Attribute *attribute, const Member *method)
{
    CodeParts code;

    if (!read_code(printer, attribute, &code)) return;
    if (printer->options->code) {
        output_line(printer->out, "Code:");
        print_instructions(printer, &code, attribute, method);
        print_exception_table(printer, &code);
    }
    if (printer->options->lines) print_line_tables(printer, code.attributes);
}

void print_code(Printer *printer, const Attribute *attribute, const Member *method)
{
    Output *out = printer->out;
    CodeParts code;

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
    print_instructions(printer, &code, attribute, method);
    print_exception_table(printer, &code);
    print_attributes(printer, code.attributes, method);
    output_back(out);
}
