/* attributes.c - every attribute that has no file of its own (JVMS 4.7), chosen by name. */
#include "javap/javap_internal.h"

/* Prints the contents that the reader stands before. */
typedef void AttributePrinter(Printer *printer, Reader *reader);

static void print_index(Output *out, unsigned index)
{
    output_char(out, '#');
    output_number(out, index);
}

/* "name: #5      // text" */
static void print_indexed_line(Printer *printer, const char *name, unsigned index)
{
    begin_line(printer, name);
    print_index(printer->out, index);
    begin_comment(printer);
    print_utf8(printer, index);
    output_end_line(printer->out);
}

static void print_constant_value(Printer *printer, Reader *reader)
{
    begin_line(printer, "ConstantValue: ");
    print_constant_kind(printer, reader_be16(reader));
    output_end_line(printer->out);
}

static void print_deprecated(Printer *printer, Reader *reader) { output_line(printer->out, "Deprecated: true"); }
static void print_synthetic(Printer *printer, Reader *reader) { output_line(printer->out, "Synthetic: true"); }

static void print_signature(Printer *printer, Reader *reader)
{
    print_indexed_line(printer, "Signature: ", reader_be16(reader));
}

static void print_source_file(Printer *printer, Reader *reader)
{
    begin_line(printer, "SourceFile: \"");
    print_utf8(printer, reader_be16(reader));
    output_char(printer->out, '"');
    output_end_line(printer->out);
}

/* SourceID and CompilationID of javac -Xjcov: JDK 17 does not end their line, and what follows goes on in it. */
static void print_jcov_text(Printer *printer, Reader *reader)
{
    if (printer->out->at == printer->out->line) output_indent(printer->out);
    print_constant_kind(printer, reader_be16(reader));
}

/* Lines that are empty are left out. */
static void print_source_debug_extension(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    bool in_line = false;

    output_line(out, "SourceDebugExtension:");
    output_deeper(out);
    while (reader_left(reader) > 0 && !printer_is_stopped(printer)) {
        int byte = reader_u8(reader);
        bool ends_line = byte == '\n' || byte == '\r';
        if (!ends_line) {
            if (!in_line) output_indent(out);
            output_char(out, (char)byte);
        }
        if (in_line && ends_line) output_end_line(out);
        in_line = !ends_line;
    }
    if (in_line) output_end_line(out);
    output_back(out);
}

static void print_enclosing_method(Printer *printer, Reader *reader)
{
    unsigned class_index = reader_be16(reader), method_index = reader_be16(reader);

    begin_line(printer, "EnclosingMethod: #");
    output_number(printer->out, class_index);
    output_bytes(printer->out, ".#", 2);
    output_number(printer->out, method_index);
    begin_comment(printer);
    print_class_dotted(printer, class_index);
    if (method_index != 0) {
        output_char(printer->out, '.');
        print_utf8(printer,
                   constant_first(printer->class, printer_constant(printer, method_index, CONSTANT_NAME_AND_TYPE)));
    }
    output_end_line(printer->out);
}

static void print_exceptions(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_line(printer->out, "Exceptions:");
    output_deeper(printer->out);
    begin_line(printer, "throws ");
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        if (i > 0) output_bytes(printer->out, ", ", 2);
        print_class_dotted(printer, reader_be16(reader));
    }
    output_end_line(printer->out);
    output_back(printer->out);
}

static void print_inner_class(Printer *printer, const uint8_t *entry)
{
    Output *out = printer->out;
    unsigned inner = read_be16(entry), outer = read_be16(entry + 2), name = read_be16(entry + 4);

    output_indent(out);
    print_modifiers(printer, read_be16(entry + 6), FLAGS_INNER_CLASS);
    if (name != 0) {
        print_index(out, name);
        output_bytes(out, "= ", 2);
    }
    print_index(out, inner);
    if (outer != 0) {
        output_bytes(out, " of ", 4);
        print_index(out, outer);
    }
    output_char(out, ';');
    begin_comment(printer);
    if (name != 0) {
        print_utf8(printer, name);
        output_char(out, '=');
    }
    print_constant_kind(printer, inner);
    if (outer != 0) {
        output_bytes(out, " of ", 4);
        print_constant_kind(printer, outer);
    }
    output_end_line(out);
}

/* Flags that contradict each other count as the least visible of them. */
bool printer_shows(const Printer *printer, unsigned flags)
{
    bool is_public = flags & 1, is_private = flags & 2, is_protected = flags & 4;

    switch (printer->options->access) {
    case JAVAP_PUBLIC: return is_public && !is_private && !is_protected;
    case JAVAP_PROTECTED: return (is_public || is_protected) && !is_private;
    case JAVAP_PACKAGE: return !is_private;
    default: return true;
    }
}

static void print_inner_classes(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);
    bool first = true;

    output_deeper(printer->out);
    for (unsigned i = 0; i < count && !printer_is_stopped(printer); i++) {
        const uint8_t *entry = reader_take(reader, 8);
        if (!printer_check(printer, reader)) break;
        if (!printer_shows(printer, read_be16(entry + 6))) continue;
        if (first) {
            output_back(printer->out);
            output_line(printer->out, "InnerClasses:");
            output_deeper(printer->out);
            first = false;
        }
        print_inner_class(printer, entry);
    }
    output_back(printer->out);
}

static void print_line_number_table(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    unsigned count = reader_be16(reader);

    output_line(out, "LineNumberTable:");
    output_deeper(out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        const uint8_t *entry = reader_take(reader, 4);
        if (entry == NULL) break;
        begin_line(printer, "line ");
        output_number(out, read_be16(entry + 2));
        output_bytes(out, ": ", 2);
        output_number(out, read_be16(entry));
        output_end_line(out);
    }
    output_back(out);
}

/* Where in the source the code is from, as javac -Xjcov writes it: line and column in one number. */
static void print_character_range(Printer *printer, const uint8_t *entry)
{
    static const char *const kinds[] = {
        "statement", "block",  "assignment",  "flow-controller", "flow-target",
        "invoke",    "create", "branch-true", "branch-false",
    };
    Output *out = printer->out;
    unsigned from = read_be16(entry), to = read_be16(entry + 2), flags = read_be16(entry + 12);
    int32_t start = (int32_t)read_be32(entry + 4), end = (int32_t)read_be32(entry + 8);

    output_indent(out);
    output_format(out, "    %2u, %2u, %6x, %6x, %4x", from, to, (unsigned)start, (unsigned)end, flags);
    begin_comment(printer);
    output_format(out, "%2u, %2u, %4d:%02d, %4d:%02d", from, to, start >> 10, start & 0x3ff, end >> 10, end & 0x3ff);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (flags >> i & 1) output_format(out, ", %s", kinds[i]);
    output_end_line(out);
}

static void print_character_ranges(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_line(printer->out, "CharacterRangeTable:");
    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        const uint8_t *entry = reader_take(reader, 14);
        if (entry != NULL) print_character_range(printer, entry);
    }
    output_back(printer->out);
}

/* Names of few characters stand to the right of their column. */
static void print_variable_name(Printer *printer, unsigned index)
{
    const Constant *utf8 = printer_utf8(printer, index);
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    size_t units = 0;

    while (units < 5 && utf8_next_unit(&at, end) >= 0) units++;
    output_spaces(printer->out, 5 - units);
    print_utf8_text(printer, utf8);
}

static void print_variables(Printer *printer, Reader *reader, const char *name)
{
    Output *out = printer->out;
    unsigned count = reader_be16(reader);

    output_line(out, name);
    output_deeper(out);
    output_line(out, "Start  Length  Slot  Name   Signature");
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        const uint8_t *entry = reader_take(reader, 10);
        if (entry == NULL) break;
        output_indent(out);
        output_number_right(out, read_be16(entry), 5);
        output_number_right(out, read_be16(entry + 2), 8);
        output_number_right(out, read_be16(entry + 8), 6);
        output_char(out, ' ');
        print_variable_name(printer, read_be16(entry + 4));
        output_bytes(out, "   ", 3);
        print_utf8(printer, read_be16(entry + 6));
        output_end_line(out);
    }
    output_back(out);
}

static void print_local_variable_table(Printer *printer, Reader *reader)
{
    print_variables(printer, reader, "LocalVariableTable:");
}
static void print_local_variable_type_table(Printer *printer, Reader *reader)
{
    print_variables(printer, reader, "LocalVariableTypeTable:");
}

static void print_parameter_flags(Output *out, unsigned flags)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } names[] = {{0x0010, "final"}, {0x8000, "mandated"}, {0x1000, "synthetic"}};
    const char *separator = "";

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (flags & names[i].bit) {
            output_text(out, separator);
            output_text(out, names[i].name);
            separator = " ";
        }
}

static void print_method_parameter_table(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    unsigned count = reader_u8(reader);

    output_line(out, "MethodParameters:");
    output_deeper(out);
    output_line(out, "Name                           Flags");
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        unsigned name = reader_be16(reader), flags = reader_be16(reader);
        const Constant *utf8 = name != 0 ? printer_utf8(printer, name) : NULL;
        output_indent(out);
        if (utf8 != NULL) {
            const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
            size_t units = 0;
            while (units < 31 && utf8_next_unit(&at, end) >= 0) units++;
            print_utf8_text(printer, utf8);
            output_spaces(out, 31 - units);
        } else {
            output_text(out, "<no name>                      ");
        }
        print_parameter_flags(out, flags);
        output_end_line(out);
    }
    output_back(out);
}

static void print_bootstrap_methods(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    unsigned count = reader_be16(reader);

    output_line(out, "BootstrapMethods:");
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        unsigned method = reader_be16(reader), arguments = reader_be16(reader);
        output_deeper(out);
        output_indent(out);
        output_format(out, "%u: #%u ", i, method);
        print_constant(printer, method);
        output_end_line(out);
        output_deeper(out);
        output_line(out, "Method arguments:");
        output_deeper(out);
        for (unsigned k = 0; k < arguments && printer_check(printer, reader); k++) {
            unsigned argument = reader_be16(reader);
            output_indent(out);
            print_index(out, argument);
            output_char(out, ' ');
            print_constant(printer, argument);
            output_end_line(out);
        }
        output_back(out);
        output_back(out);
        output_back(out);
    }
}

static void print_nest_host(Printer *printer, Reader *reader)
{
    begin_line(printer, "NestHost: ");
    print_constant_kind(printer, reader_be16(reader));
    output_end_line(printer->out);
}

static void print_class_list(Printer *printer, Reader *reader, const char *name)
{
    unsigned count = reader_be16(reader);

    output_line(printer->out, name);
    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        output_indent(printer->out);
        print_constant(printer, reader_be16(reader));
        output_end_line(printer->out);
    }
    output_back(printer->out);
}

static void print_nest_members(Printer *printer, Reader *reader) { print_class_list(printer, reader, "NestMembers:"); }
static void print_permitted_subclasses(Printer *printer, Reader *reader)
{
    print_class_list(printer, reader, "PermittedSubclasses:");
}

static void print_component(Printer *printer, Reader *reader)
{
    Output *out = printer->out;
    unsigned name = reader_be16(reader), descriptor = reader_be16(reader);
    AttributeList attributes = {0};
    Attribute signature;

    if (classfile_attributes_skip(printer->class, reader, &attributes) != OK && printer->result == OK)
        printer->result = ERROR_FORMAT;
    if (printer_is_stopped(printer)) return;
    output_indent(out);
    if (classfile_attribute_find(printer->class, attributes, "Signature", &signature) && signature.size >= 2)
        print_field_signature(printer, read_be16(printer->class->bytes + signature.at));
    else
        print_field_type(printer, descriptor);
    output_char(out, ' ');
    print_utf8(printer, name);
    output_char(out, ';');
    output_end_line(out);
    output_deeper(out);
    begin_line(printer, "descriptor: ");
    print_utf8(printer, descriptor);
    output_end_line(out);
    print_attributes(printer, attributes, NULL);
    output_back(out);
    output_end_line(out);
}

static void print_record(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_line(printer->out, "Record:");
    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) print_component(printer, reader);
    output_back(printer->out);
}

/* ---- modules ---- */

static void print_module_packages(Printer *printer, Reader *reader)
{
    unsigned count = reader_be16(reader);

    output_line(printer->out, "ModulePackages:");
    output_deeper(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        unsigned index = reader_be16(reader);
        begin_line(printer, "#");
        output_number(printer->out, index);
        begin_comment(printer);
        print_utf8_dotted(printer, constant_first(printer->class, printer_constant(printer, index, CONSTANT_PACKAGE)));
        output_end_line(printer->out);
    }
    output_back(printer->out);
}

static void print_module_main_class(Printer *printer, Reader *reader)
{
    unsigned index = reader_be16(reader);

    begin_line(printer, "ModuleMainClass: #");
    output_number(printer->out, index);
    begin_comment(printer);
    print_class_dotted(printer, index);
    output_end_line(printer->out);
}

static void print_module_target(Printer *printer, Reader *reader)
{
    unsigned index = reader_be16(reader);

    output_line(printer->out, "ModuleTarget:");
    output_deeper(printer->out);
    begin_line(printer, "target_platform: #");
    output_number(printer->out, index);
    if (index != 0) {
        begin_comment(printer);
        print_utf8(printer, index);
    }
    output_end_line(printer->out);
    output_back(printer->out);
}

static void print_module_resolution(Printer *printer, Reader *reader)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } names[] = {{1, "DO_NOT_RESOLVE_BY_DEFAULT"},
                 {2, "WARN_DEPRECATED"},
                 {4, "WARN_DEPRECATED_FOR_REMOVAL"},
                 {8, "WARN_INCUBATING"}};
    unsigned flags = reader_be16(reader);

    output_line(printer->out, "ModuleResolution:");
    output_deeper(printer->out);
    output_indent(printer->out);
    output_hex(printer->out, flags, 1);
    begin_comment(printer);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (flags & names[i].bit) {
            output_char(printer->out, ' ');
            output_text(printer->out, names[i].name);
        }
    output_end_line(printer->out);
    output_back(printer->out);
}

static void print_hash(Printer *printer, Reader *reader)
{
    unsigned module = reader_be16(reader), size = reader_be16(reader);
    const uint8_t *hash = reader_take(reader, size);

    begin_line(printer, "#");
    output_number(printer->out, module);
    begin_comment(printer);
    print_utf8_dotted(printer, constant_first(printer->class, printer_constant(printer, module, CONSTANT_MODULE)));
    output_end_line(printer->out);
    begin_line(printer, "hash_length: ");
    output_number(printer->out, size);
    output_end_line(printer->out);
    begin_line(printer, "hash: [");
    for (unsigned i = 0; i < size && hash != NULL; i++) output_hex(printer->out, hash[i], 2);
    output_char(printer->out, ']');
    output_end_line(printer->out);
}

static void print_module_hashes(Printer *printer, Reader *reader)
{
    unsigned count;

    output_line(printer->out, "ModuleHashes:");
    output_deeper(printer->out);
    print_indexed_line(printer, "algorithm: ", reader_be16(reader));
    count = reader_be16(reader);
    output_indent(printer->out);
    output_number(printer->out, count);
    begin_comment(printer);
    output_text(printer->out, "hashes");
    output_end_line(printer->out);
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) print_hash(printer, reader);
    output_back(printer->out);
}

/* ---- annotations: the name, then what annotations.c prints ---- */

#define ANNOTATION_PRINTER(function, name, contents)       \
    static void function(Printer *printer, Reader *reader) \
    {                                                      \
        output_line(printer->out, name ":");               \
        contents(printer, reader);                         \
    }
ANNOTATION_PRINTER(print_visible, "RuntimeVisibleAnnotations", print_annotations)
ANNOTATION_PRINTER(print_invisible, "RuntimeInvisibleAnnotations", print_annotations)
ANNOTATION_PRINTER(print_visible_types, "RuntimeVisibleTypeAnnotations", print_type_annotations)
ANNOTATION_PRINTER(print_invisible_types, "RuntimeInvisibleTypeAnnotations", print_type_annotations)
ANNOTATION_PRINTER(print_visible_parameters, "RuntimeVisibleParameterAnnotations", print_parameter_annotations)
ANNOTATION_PRINTER(print_invisible_parameters, "RuntimeInvisibleParameterAnnotations", print_parameter_annotations)
ANNOTATION_PRINTER(print_default, "AnnotationDefault", print_annotation_default)

/* ---- the table ---- */

static void print_unknown(Printer *printer, const Attribute *attribute)
{
    Output *out = printer->out;
    const uint8_t *bytes = printer->class->bytes + attribute->at;

    begin_line(printer, "  ");
    print_utf8(printer, attribute->name);
    output_text(out, ": length = 0x");
    for (unsigned shift = 32; shift > 0; shift -= 4)
        if (attribute->size >> (shift - 4) != 0 || shift == 4)
            output_char(out, "0123456789ABCDEF"[attribute->size >> (shift - 4) & 15]);
    output_text(out, " (unknown attribute)");
    output_end_line(out);
    begin_line(printer, "   ");
    for (uint32_t i = 0; i < attribute->size && !printer_is_stopped(printer); i++) {
        output_char(out, "0123456789ABCDEF"[bytes[i] >> 4]);
        output_char(out, "0123456789ABCDEF"[bytes[i] & 15]);
        if (i % 16 == 15) {
            output_end_line(out);
            begin_line(printer, "   ");
        } else {
            output_char(out, ' ');
        }
    }
    output_end_line(out);
}

/* Number 0 is for names that have not been looked up, the last one for names that are not here. */
static const struct {
    const char *name;
    AttributePrinter *print;
} attribute_printers[] = {
    {"", NULL},
    {"Code", NULL},
    {"LineNumberTable", print_line_number_table},
    {"LocalVariableTable", print_local_variable_table},
    {"StackMapTable", print_stack_map_table},
    {"LocalVariableTypeTable", print_local_variable_type_table},
    {"Signature", print_signature},
    {"Exceptions", print_exceptions},
    {"ConstantValue", print_constant_value},
    {"SourceFile", print_source_file},
    {"InnerClasses", print_inner_classes},
    {"NestHost", print_nest_host},
    {"NestMembers", print_nest_members},
    {"EnclosingMethod", print_enclosing_method},
    {"BootstrapMethods", print_bootstrap_methods},
    {"Deprecated", print_deprecated},
    {"Synthetic", print_synthetic},
    {"MethodParameters", print_method_parameter_table},
    {"RuntimeVisibleAnnotations", print_visible},
    {"RuntimeInvisibleAnnotations", print_invisible},
    {"RuntimeVisibleTypeAnnotations", print_visible_types},
    {"RuntimeInvisibleTypeAnnotations", print_invisible_types},
    {"RuntimeVisibleParameterAnnotations", print_visible_parameters},
    {"RuntimeInvisibleParameterAnnotations", print_invisible_parameters},
    {"AnnotationDefault", print_default},
    {"Record", print_record},
    {"PermittedSubclasses", print_permitted_subclasses},
    {"Module", print_module},
    {"ModulePackages", print_module_packages},
    {"ModuleMainClass", print_module_main_class},
    {"ModuleTarget", print_module_target},
    {"ModuleHashes", print_module_hashes},
    {"ModuleResolution", print_module_resolution},
    {"SourceDebugExtension", print_source_debug_extension},
    {"StackMap", print_stack_map},
    {"SourceID", print_jcov_text},
    {"CompilationID", print_jcov_text},
    {"CharacterRangeTable", print_character_ranges},
};

static unsigned attribute_number(const Printer *printer, unsigned name)
{
    Constant *utf8 = &printer->class->constants[name];
    unsigned number = 1;

    if (utf8->attribute == 0) {
        while (number < COUNT_OF(attribute_printers) &&
               !classfile_utf8_is(printer->class, name, attribute_printers[number].name))
            number++;
        utf8->attribute = (uint8_t)number;
    }
    return utf8->attribute;
}

static void print_attribute(Printer *printer, const Attribute *attribute, const Member *member)
{
    unsigned number = attribute_number(printer, attribute->name);
    Reader reader = attribute_reader(printer, attribute);

    if (number >= COUNT_OF(attribute_printers)) {
        print_unknown(printer, attribute);
    } else if (attribute_printers[number].print == NULL) {
        print_code(printer, attribute, member);
    } else {
        attribute_printers[number].print(printer, &reader);
        (void)printer_check(printer, &reader);
    }
}

void print_attributes(Printer *printer, AttributeList list, const Member *member)
{
    uint32_t position = list.at;

    if (!printer_enter(printer, position)) return;
    for (unsigned i = 0; i < list.count && !printer_is_stopped(printer); i++) {
        Attribute attribute = classfile_attribute_next(printer->class, &position);
        print_attribute(printer, &attribute, member);
    }
    printer_leave(printer);
}

void print_line_tables(Printer *printer, AttributeList list)
{
    Attribute attribute;

    if (classfile_attribute_find(printer->class, list, "LineNumberTable", &attribute))
        print_attribute(printer, &attribute, NULL);
    if (classfile_attribute_find(printer->class, list, "LocalVariableTable", &attribute))
        print_attribute(printer, &attribute, NULL);
}
