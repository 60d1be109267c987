/* annotations.c - annotations, their values, and where annotations of types belong (JVMS 4.7.16 to 4.7.22).
 *
 * An annotation is shown twice: by constant numbers on one line, then as in source. Each way walks the bytes anew. */
#include "javap/javap_internal.h"

static void value_numbers(Printer *printer, Reader *reader);
static void value_source(Printer *printer, Reader *reader);

static void print_index(Output *out, unsigned index)
{
    output_char(out, '#');
    output_number(out, index);
}

/* ---- by constant numbers: #4(#5=s#6) ---- */

static void annotation_numbers(Printer *printer, Reader *reader)
{
    unsigned count;

    print_index(printer->out, reader_be16(reader));
    output_char(printer->out, '(');
    count = reader_be16(reader);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i > 0) output_char(printer->out, ',');
        print_index(printer->out, reader_be16(reader));
        output_char(printer->out, '=');
        value_numbers(printer, reader);
    }
    output_char(printer->out, ')');
}

static void array_numbers(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_char(printer->out, '[');
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i > 0) output_char(printer->out, ',');
        value_numbers(printer, reader);
    }
    output_char(printer->out, ']');
}

static void value_numbers(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    size_t at = reader->position;
    unsigned tag = reader_u8(reader);

    if (!printer_enter(printer, at)) return;
    switch (tag) {
    case 'B':
    case 'C':
    case 'D':
    case 'F':
    case 'I':
    case 'J':
    case 'S':
    case 'Z':
    case 's':
    case 'c':
        output_char(out, (char)tag);
        print_index(out, reader_be16(reader));
        break;
    case 'e':
        output_char(out, 'e');
        print_index(out, reader_be16(reader));
        output_char(out, '.');
        print_index(out, reader_be16(reader));
        break;
    case '@':
        output_char(out, '@');
        annotation_numbers(printer, reader);
        break;
    case '[': array_numbers(printer, reader); break;
    default: printer_fail(printer, at, "an annotation's value has the unknown tag %u", tag); break;
    }
    printer_leave(printer);
}

/* ---- as in source ---- */

static void annotation_source(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    unsigned count;

    print_field_type(printer, reader_be16(reader));
    count = reader_be16(reader);
    if (count == 0) return;
    output_char(out, '(');
    output_end_line(out);
    output_deeper(out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        output_indent(out);
        print_utf8(printer, reader_be16(reader));
        output_char(out, '=');
        value_source(printer, reader);
        output_end_line(out);
    }
    output_back(out);
    begin_line(printer, ")");
}

static void array_source(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_char(printer->out, '[');
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i > 0) output_char(printer->out, ',');
        value_source(printer, reader);
    }
    output_char(printer->out, ']');
}

static int32_t integer_constant(Printer *printer, unsigned index)
{
    const Constant *constant = printer_constant(printer, index, CONSTANT_INTEGER);
    return (int32_t)read_be32(printer->class->bytes + constant->at);
}

static void simple_source(Printer *printer, unsigned tag, unsigned index)
{
    Output *out = printer->out;

    switch (tag) {
    case 'B':
        output_text(out, "(byte) ");
        print_constant(printer, index);
        break;
    case 'S':
        output_text(out, "(short) ");
        print_constant(printer, index);
        break;
    case 'C':
        output_char(out, '\'');
        output_raw_character(out, (uint16_t)integer_constant(printer, index));
        output_char(out, '\'');
        break;
    case 'Z': output_text(out, integer_constant(printer, index) != 0 ? "true" : "false"); break;
    case 's':
        output_char(out, '"');
        print_constant(printer, index);
        output_char(out, '"');
        break;
    case 'c':
        output_text(out, "class ");
        print_constant(printer, index);
        break;
    default: print_constant(printer, index); break;
    }
}

/* The tags have been checked by value_numbers, and the depth as well. */
static void value_source(Printer *printer, Reader *reader)
{
    unsigned tag = reader_u8(reader);

    if (tag == 'e') {
        print_constant(printer, reader_be16(reader));
        output_char(printer->out, '.');
        print_constant(printer, reader_be16(reader));
    } else if (tag == '@') {
        output_char(printer->out, '@');
        annotation_source(printer, reader);
    } else if (tag == '[') {
        array_source(printer, reader);
    } else {
        simple_source(printer, tag, reader_be16(reader));
    }
}

/* ---- where a type's annotation belongs ---- */

static void print_u1_field(Printer *printer, Reader *reader, const char *name)
{
    output_text(printer->out, name);
    output_number(printer->out, reader_u8(reader));
}

static void print_u2_field(Printer *printer, Reader *reader, const char *name)
{
    output_text(printer->out, name);
    output_number(printer->out, reader_be16(reader));
}

static void print_variable_ranges(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_bytes(printer->out, ", {", 3);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i > 0) output_bytes(printer->out, "; ", 2);
        print_u2_field(printer, reader, "start_pc=");
        print_u2_field(printer, reader, ", length=");
        print_u2_field(printer, reader, ", index=");
    }
    output_char(printer->out, '}');
}

static void print_target(Printer *printer, Reader *reader, size_t at)
{
    static const char *const low_names[] = {"CLASS_TYPE_PARAMETER", "METHOD_TYPE_PARAMETER"};
    static const char *const declaration_names[] = {
        "CLASS_EXTENDS",
        "CLASS_TYPE_PARAMETER_BOUND",
        "METHOD_TYPE_PARAMETER_BOUND",
        "FIELD",
        "METHOD_RETURN",
        "METHOD_RECEIVER",
        "METHOD_FORMAL_PARAMETER",
        "THROWS",
    };
    static const char *const code_names[] = {
        "LOCAL_VARIABLE",
        "RESOURCE_VARIABLE",
        "EXCEPTION_PARAMETER",
        "INSTANCEOF",
        "NEW",
        "CONSTRUCTOR_REFERENCE",
        "METHOD_REFERENCE",
        "CAST",
        "CONSTRUCTOR_INVOCATION_TYPE_ARGUMENT",
        "METHOD_INVOCATION_TYPE_ARGUMENT",
        "CONSTRUCTOR_REFERENCE_TYPE_ARGUMENT",
        "METHOD_REFERENCE_TYPE_ARGUMENT",
    };
    unsigned target = reader_u8(reader);
    const char *name = target < 2 ? low_names[target]
                       : target >= 0x10 && target < 0x10 + COUNT_OF(declaration_names)
                           ? declaration_names[target - 0x10]
                       : target >= 0x40 && target < 0x40 + COUNT_OF(code_names) ? code_names[target - 0x40]
                                                                                : NULL;

    if (name == NULL) {
        printer_fail(printer, at, "an annotation of a type has the unknown target 0x%02x", target);
        return;
    }
    output_text(printer->out, name);
    switch (target) {
    case 0x00:
    case 0x01: print_u1_field(printer, reader, ", param_index="); break;
    case 0x11:
    case 0x12:
        print_u1_field(printer, reader, ", param_index=");
        print_u1_field(printer, reader, ", bound_index=");
        break;
    case 0x16: print_u1_field(printer, reader, ", param_index="); break;
    case 0x10:
    case 0x17: print_u2_field(printer, reader, ", type_index="); break;
    case 0x40:
    case 0x41: print_variable_ranges(printer, reader); break;
    case 0x42: print_u2_field(printer, reader, ", exception_index="); break;
    case 0x43:
    case 0x44:
    case 0x45:
    case 0x46: print_u2_field(printer, reader, ", offset="); break;
    case 0x47:
    case 0x48:
    case 0x49:
    case 0x4a:
    case 0x4b:
        print_u2_field(printer, reader, ", offset=");
        print_u1_field(printer, reader, ", type_index=");
        break;
    default: break;
    }
}

static void print_type_path(Printer *printer, Reader *reader)
{
    static const char *const kinds[] = {"ARRAY", "INNER_TYPE", "WILDCARD", "TYPE_ARGUMENT"};
    unsigned count = reader_u8(reader);

    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        unsigned kind = reader_u8(reader), argument = reader_u8(reader);
        if (kind >= COUNT_OF(kinds)) {
            printer_fail(printer, reader->position - 2, "a type path has the unknown kind %u", kind);
            return;
        }
        output_text(printer->out, i == 0 ? ", location=[" : ", ");
        output_text(printer->out, kinds[kind]);
        if (kind == 3) output_format(printer->out, "(%u)", argument);
    }
    if (count > 0) output_char(printer->out, ']');
}

/* ---- attributes ---- */

/* Passes target and path, which are shown behind the annotation that follows them. */
static void skip_type_place(Reader *reader)
{
    unsigned target = reader_u8(reader);

    if (target <= 0x01 || target == 0x16)
        reader_skip(reader, 1);
    else if (target == 0x40 || target == 0x41)
        reader_skip(reader, 6 * (size_t)reader_be16(reader));
    else if (target >= 0x47)
        reader_skip(reader, 3);
    else if (target <= 0x12 || target == 0x17 || target >= 0x42)
        reader_skip(reader, 2);
    reader_skip(reader, 2 * (size_t)reader_u8(reader));
}

static void print_one(Printer *printer, Reader *reader, unsigned number, bool is_of_type)
{
    Output *out = printer->out;
    Reader place = *reader, annotation;

    output_indent(out);
    output_number(out, number);
    output_bytes(out, ": ", 2);
    if (is_of_type) skip_type_place(reader);
    annotation = *reader;
    annotation_numbers(printer, reader);
    if (is_of_type && printer_check(printer, reader)) {
        output_bytes(out, ": ", 2);
        print_target(printer, &place, place.position);
        print_type_path(printer, &place);
    }
    output_end_line(out);
    if (!printer_check(printer, reader)) return;
    output_deeper(out);
    output_indent(out);
    annotation_source(printer, &annotation);
    output_end_line(out);
    output_back(out);
}

static void print_list(Printer *printer, Reader *reader, bool are_of_types)
{
    unsigned count = reader_be16(reader);

    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) print_one(printer, reader, i, are_of_types);
    output_back(printer->out);
}

void print_annotations(Printer *printer, Reader *reader) { print_list(printer, reader, false); }
void print_type_annotations(Printer *printer, Reader *reader) { print_list(printer, reader, true); }

void print_parameter_annotations(Printer *printer, Reader *reader)
{
    unsigned count = reader_u8(reader);

    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        output_indent(printer->out);
        output_format(printer->out, "parameter %u:", i);
        output_end_line(printer->out);
        print_list(printer, reader, false);
    }
    output_back(printer->out);
}

void print_annotation_default(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    Reader again = *reader;

    output_deeper(out);
    begin_line(printer, "default_value: ");
    value_numbers(printer, reader);
    output_end_line(out);
    if (printer_check(printer, reader)) {
        output_deeper(out);
        output_indent(out);
        value_source(printer, &again);
        output_end_line(out);
        output_back(out);
    }
    output_back(out);
}
