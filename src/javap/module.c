/* module.c - the Module attribute (JVMS 4.7.25): as a table, and as the directives of module-info.java. */
#include "javap/javap_internal.h"

/* The four lists that a requires, exports, opens or provides is made of. */
enum Directive { REQUIRES, EXPORTS, OPENS, USES, PROVIDES, DIRECTIVE_COUNT };
static const char *const directive_names[] = {"requires", "exports", "opens", "uses", "provides"};

static void print_number_line(Printer *printer, unsigned value, const char *comment)
{
    output_indent(printer->out);
    output_number(printer->out, value);
    begin_comment(printer);
    output_text(printer->out, comment);
    output_end_line(printer->out);
}

static const struct {
    uint16_t bit;
    const char *name;
} module_flags[] = {{0x0020, "ACC_OPEN"}, {0x8000, "ACC_MANDATED"}, {0x1000, "ACC_SYNTHETIC"}},
  requires_flags[] = {
      {0x0020, "ACC_TRANSITIVE"}, {0x0040, "ACC_STATIC_PHASE"}, {0x1000, "ACC_SYNTHETIC"}, {0x8000, "ACC_MANDATED"}};

#define PRINT_FLAGS(printer, table, flags)               \
    for (size_t i_ = 0; i_ < COUNT_OF(table); i_++)      \
        if ((flags)&table[i_].bit) {                     \
            output_char((printer)->out, ' ');            \
            output_text((printer)->out, table[i_].name); \
        }

/* "#12,8000": a name and its flags, which are given back. */
static unsigned print_name_and_flags(Printer *printer, Reader *reader)
{
    unsigned index = reader_be16(reader), flags = reader_be16(reader);

    begin_line(printer, "#");
    output_number(printer->out, index);
    output_char(printer->out, ',');
    output_hex(printer->out, flags, 1);
    begin_comment(printer);
    print_constant(printer, index);
    return flags;
}

/* A version, which may be missing. */
static void print_version(Printer *printer, unsigned index)
{
    begin_line(printer, "#");
    output_number(printer->out, index);
    if (index != 0) {
        begin_comment(printer);
        print_utf8(printer, index);
    }
    output_end_line(printer->out);
}

static void print_index_line(Printer *printer, unsigned index, const char *before)
{
    begin_line(printer, "#");
    output_number(printer->out, index);
    begin_comment(printer);
    output_text(printer->out, before);
    print_constant(printer, index);
    output_end_line(printer->out);
}

/* Those that the entry above goes to, or is provided with. */
static void print_targets(Printer *printer, Reader *reader, const char *before, const char *each, bool always)
{
    unsigned count = reader_be16(reader);

    if (count > 0 || always) {
        output_text(printer->out, before);
        output_number(printer->out, count);
    }
    output_end_line(printer->out);
    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++)
        print_index_line(printer, reader_be16(reader), each);
    output_back(printer->out);
}

static void print_table_entry(Printer *printer, Reader *reader, enum Directive directive)
{
    unsigned flags, index;

    switch (directive) {
    case REQUIRES:
        flags = print_name_and_flags(printer, reader);
        PRINT_FLAGS(printer, requires_flags, flags);
        output_end_line(printer->out);
        print_version(printer, reader_be16(reader));
        break;
    case EXPORTS:
    case OPENS:
        flags = print_name_and_flags(printer, reader);
        PRINT_FLAGS(printer, module_flags, flags & ~0x20u);
        print_targets(printer, reader, " to ... ", "... to ", false);
        break;
    case USES: print_index_line(printer, reader_be16(reader), ""); break;
    default:
        index = reader_be16(reader);
        begin_line(printer, "#");
        output_number(printer->out, index);
        begin_comment(printer);
        print_constant(printer, index);
        print_targets(printer, reader, " with ... ", "... with ", true);
        break;
    }
}

void print_module(Printer *printer, Reader *reader)
{
    unsigned flags;

    output_line(printer->out, "Module:");
    output_deeper(printer->out);
    flags = print_name_and_flags(printer, reader);
    PRINT_FLAGS(printer, module_flags, flags);
    output_end_line(printer->out);
    print_version(printer, reader_be16(reader));
    for (int directive = REQUIRES; directive < DIRECTIVE_COUNT && printer_check(printer, reader); directive++) {
        unsigned count = reader_be16(reader);
        print_number_line(printer, count, directive_names[directive]);
        output_deeper(printer->out);
        for (unsigned i = 0; i < count && printer_check(printer, reader); i++)
            print_table_entry(printer, reader, directive);
        output_back(printer->out);
    }
    output_back(printer->out);
}

/* ---- as in source ---- */

static void print_named_dotted(Printer *printer, unsigned index)
{
    const ClassFile *class = printer->class;
    unsigned tag = index < class->constant_count ? class->constants[index].tag : CONSTANT_NONE;
    const Constant *constant =
        printer_constant(printer, index, tag == CONSTANT_MODULE || tag == CONSTANT_PACKAGE ? tag : CONSTANT_CLASS);
    print_utf8_dotted(printer, constant_first(class, constant));
}

static void print_source_targets(Printer *printer, Reader *reader, const char *word)
{
    unsigned count = reader_be16(reader);

    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i == 0)
            output_text(printer->out, word);
        else
            output_char(printer->out, ',');
        output_end_line(printer->out);
        output_deeper(printer->out);
        output_indent(printer->out);
        print_named_dotted(printer, reader_be16(reader));
        output_back(printer->out);
    }
}

static void print_source_entry(Printer *printer, Reader *reader, enum Directive directive)
{
    unsigned index = reader_be16(reader), flags;

    begin_line(printer, directive_names[directive]);
    output_char(printer->out, ' ');
    if (directive == PROVIDES) output_char(printer->out, ' ');
    if (directive == REQUIRES || directive == EXPORTS || directive == OPENS) {
        flags = reader_be16(reader);
        if (directive == REQUIRES && flags & 0x0040) output_text(printer->out, "static ");
        if (directive == REQUIRES && flags & 0x0020) output_text(printer->out, "transitive ");
    }
    print_named_dotted(printer, index);
    if (directive == REQUIRES)
        reader_skip(reader, 2);
    else if (directive != USES)
        print_source_targets(printer, reader, directive == PROVIDES ? " with" : " to");
    output_char(printer->out, ';');
    output_end_line(printer->out);
}

void print_module_directives(Printer *printer)
{
    Attribute attribute;
    Reader reader;

    if (!classfile_attribute_find(printer->class, printer->class->attributes, "Module", &attribute)) return;
    reader = attribute_reader(printer, &attribute);
    reader_skip(&reader, 6);
    for (int directive = REQUIRES; directive < DIRECTIVE_COUNT; directive++) {
        unsigned count = reader_be16(&reader);
        for (unsigned i = 0; i < count && printer_check(printer, &reader); i++)
            print_source_entry(printer, &reader, directive);
    }
}
