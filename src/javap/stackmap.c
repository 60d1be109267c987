/* stackmap.c - frames of verification types: StackMapTable (JVMS 4.7.4), and the StackMap of CLDC. */
#include "javap/javap_internal.h"

static void print_verification_type(Printer *printer, Reader *reader)
{
    static const char *const names[] = {"top", "int", "float", "double", "long", "null", "this"};
    size_t at = reader->position;
    unsigned tag = reader_u8(reader);

    if (tag < COUNT_OF(names)) {
        output_text(printer->out, names[tag]);
    } else if (tag == 7) {
        output_text(printer->out, "class ");
        print_constant(printer, reader_be16(reader));
    } else if (tag == 8) {
        output_text(printer->out, "uninitialized ");
        output_number(printer->out, reader_be16(reader));
    } else {
        printer_fail(printer, at, "a verification type has the unknown tag %u", tag);
    }
}

static void print_types(Printer *printer, Reader *reader, const char *name, unsigned count)
{
    begin_line(printer, name);
    output_text(printer->out, " = [");
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        output_text(printer->out, i == 0 ? " " : ", ");
        print_verification_type(printer, reader);
    }
    output_text(printer->out, count == 0 ? "]" : " ]");
    output_end_line(printer->out);
}

static void print_header(Printer *printer, unsigned type, const char *name)
{
    begin_line(printer, "frame_type = ");
    output_number(printer->out, type);
    output_text(printer->out, " /* ");
    output_text(printer->out, name);
    output_text(printer->out, " */");
    output_end_line(printer->out);
}

static void print_offset(Printer *printer, Reader *reader)
{
    begin_line(printer, "offset_delta = ");
    output_number(printer->out, reader_be16(reader));
    output_end_line(printer->out);
}

static const char *frame_name(unsigned type)
{
    if (type < 64) return "same";
    if (type < 128) return "same_locals_1_stack_item";
    switch (type) {
    case 247: return "same_locals_1_stack_item_frame_extended";
    case 248:
    case 249:
    case 250: return "chop";
    case 251: return "same_frame_extended";
    case 252:
    case 253:
    case 254: return "append";
    case 255: return "full_frame";
    default: return NULL;
    }
}

static void print_frame(Printer *printer, Reader *reader)
{
    size_t at = reader->position;
    unsigned type = reader_u8(reader);
    const char *name = frame_name(type);

    if (name == NULL) {
        printer_fail(printer, at, "a stack map frame has the unknown type %u", type);
        return;
    }
    print_header(printer, type, name);
    output_deeper(printer->out);
    if (type >= 247) print_offset(printer, reader);
    if (type > 251 && type < 255) print_types(printer, reader, "locals", type - 251);
    if (type == 255) print_types(printer, reader, "locals", reader_be16(reader));
    if (type == 255 || (type >= 64 && type <= 247))
        print_types(printer, reader, "stack", type == 255 ? reader_be16(reader) : 1);
    output_back(printer->out);
}

static unsigned print_count(Printer *printer, Reader *reader, const char *name)
{
    unsigned count = reader_be16(reader);

    begin_line(printer, name);
    output_text(printer->out, ": number_of_entries = ");
    output_number(printer->out, count);
    output_end_line(printer->out);
    return count;
}

void print_stack_map_table(Printer *printer, Reader *reader)
{
    unsigned count = print_count(printer, reader, "StackMapTable");

    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) print_frame(printer, reader);
    output_back(printer->out);
}

void print_stack_map(Printer *printer, Reader *reader)
{
    unsigned count = print_count(printer, reader, "StackMap");

    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        begin_line(printer, "frame_type = 255 offset = ");
        output_number(printer->out, reader_be16(reader));
        output_end_line(printer->out);
        output_deeper(printer->out);
        print_types(printer, reader, "locals", reader_be16(reader));
        print_types(printer, reader, "stack", reader_be16(reader));
        output_back(printer->out);
    }
    output_back(printer->out);
}
