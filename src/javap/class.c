/* class.c - a class as javap shows it: header, constant pool, members. */
#include <stdio.h>
#include <time.h>

#include "base/sha256.h"
#include "javap/javap_internal.h"

static bool find_index(const Printer *printer, AttributeList list, const char *name, unsigned *index)
{
    Attribute attribute;

    if (!classfile_attribute_find(printer->class, list, name, &attribute) || attribute.size != 2) return false;
    *index = read_be16(printer->class->bytes + attribute.at);
    return true;
}

/* ---- where it is from ---- */

/* "Nov 5, 2026" */
static void print_day(Output *out, const JavapSource *source)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(source->modified_ms / 1000 - (source->modified_ms % 1000 < 0));
    struct tm *day = source->is_local_day ? gmtime(&seconds) : localtime(&seconds);

    if (day != NULL) output_format(out, "%.3s %d, %d", months + 3 * day->tm_mon, day->tm_mday, day->tm_year + 1900);
}

static void print_source(Printer *printer, const JavapSource *source)
{
    Output *out = printer->out;
    uint8_t digest[SHA256_BYTES];

    output_text(out, "Classfile ");
    output_text(out, source->uri);
    output_end_line(out);
    output_deeper(out);
    output_indent(out);
    if (source->modified_ms != -1) {
        output_text(out, "Last modified ");
        print_day(out, source);
        output_text(out, "; ");
    }
    output_format(out, "%s %zu bytes", source->modified_ms != -1 ? "size" : "Size", printer->class->size);
    output_end_line(out);
    sha256(printer->class->bytes, printer->class->size, digest);
    begin_line(printer, "SHA-256 checksum ");
    for (int i = 0; i < SHA256_BYTES; i++) output_hex(out, digest[i], 2);
    output_end_line(out);
}

/* ---- header ---- */

static bool is_interface(const ClassFile *class) { return class->access & 0x0200; }

static void print_module_name(Printer *printer)
{
    Attribute attribute;
    Reader reader;
    unsigned name, flags, version;

    if (!classfile_attribute_find(printer->class, printer->class->attributes, "Module", &attribute)) {
        print_class_dotted(printer, printer->class->this_class);
        return;
    }
    reader = attribute_reader(printer, &attribute);
    name = reader_be16(&reader);
    flags = reader_be16(&reader);
    version = reader_be16(&reader);
    if (!printer_check(printer, &reader)) return;
    if (flags & 0x0020) output_text(printer->out, "open ");
    output_text(printer->out, "module ");
    print_utf8_dotted(printer, constant_first(printer->class, printer_constant(printer, name, CONSTANT_MODULE)));
    if (version != 0) {
        output_char(printer->out, '@');
        print_utf8(printer, version);
    }
}

/* Superclass and interfaces by the class file's own header. */
static void print_plain_heritage(Printer *printer)
{
    const ClassFile *class = printer->class;
    const Constant *name;

    if (!is_interface(class) && class->super_class != 0) {
        name = printer_class_name(printer, class->super_class);
        if (name->size != 16 || memcmp(class->bytes + name->at, "java/lang/Object", 16) != 0) {
            output_text(printer->out, " extends ");
            print_class_dotted(printer, class->super_class);
        }
    }
    for (unsigned i = 0; i < class->interface_count && !printer_is_stopped(printer); i++) {
        output_text(printer->out, i > 0 ? "," : is_interface(class) ? " extends " : " implements ");
        print_class_dotted(printer, read_be16(class->bytes + class->interfaces_at + 2 * (size_t)i));
    }
}

static void print_declaration(Printer *printer)
{
    const ClassFile *class = printer->class;
    unsigned signature;

    print_modifiers(printer, class->access, FLAGS_CLASS);
    if (class->access & 0x8000) {
        print_module_name(printer);
    } else {
        output_text(printer->out, is_interface(class) ? "interface " : "class ");
        print_class_dotted(printer, class->this_class);
    }
    if (find_index(printer, class->attributes, "Signature", &signature))
        print_class_signature(printer, signature, is_interface(class));
    else
        print_plain_heritage(printer);
}

static void print_class_index(Printer *printer, const char *name, unsigned index)
{
    begin_line(printer, name);
    output_number(printer->out, index);
    if (index != 0) {
        begin_comment(printer);
        print_constant(printer, index);
    }
    output_end_line(printer->out);
}

static void print_numbers(Printer *printer)
{
    Output *out = printer->out;
    const ClassFile *class = printer->class;

    output_end_line(out);
    output_deeper(out);
    output_indent(out);
    output_format(out, "minor version: %u", class->minor);
    output_end_line(out);
    output_indent(out);
    output_format(out, "major version: %u", class->major);
    output_end_line(out);
    print_flags_line(printer, class->access, FLAGS_CLASS);
    print_class_index(printer, "this_class: #", class->this_class);
    print_class_index(printer, "super_class: #", class->super_class);
    output_indent(out);
    output_format(out, "interfaces: %u, fields: %u, methods: %u, attributes: %u", class->interface_count,
                  class->field_count, class->method_count, class->attributes.count);
    output_end_line(out);
    output_back(out);
    print_constant_pool(printer);
}

/* ---- members ---- */

static void print_descriptor_line(Printer *printer, unsigned descriptor)
{
    begin_line(printer, "descriptor: ");
    print_utf8(printer, descriptor);
    output_end_line(printer->out);
}

static void print_field_value(Printer *printer, const Member *field)
{
    unsigned index;
    const Constant *descriptor = printer_utf8(printer, field->descriptor);

    if (!find_index(printer, field->attributes, "ConstantValue", &index)) return;
    output_text(printer->out, " = ");
    print_field_constant(printer, descriptor->size == 1 ? (char)printer->class->bytes[descriptor->at] : 0, index);
}

static void print_field(Printer *printer, const Member *field)
{
    const JavapOptions *options = printer->options;
    unsigned signature;

    output_indent(printer->out);
    print_modifiers(printer, field->access, FLAGS_FIELD);
    if (find_index(printer, field->attributes, "Signature", &signature))
        print_field_signature(printer, signature);
    else
        print_field_type(printer, field->descriptor);
    output_char(printer->out, ' ');
    print_utf8(printer, field->name);
    if (options->constants) print_field_value(printer, field);
    output_char(printer->out, ';');
    output_end_line(printer->out);
    output_deeper(printer->out);
    if (options->descriptors) print_descriptor_line(printer, field->descriptor);
    if (options->verbose) {
        print_flags_line(printer, field->access, FLAGS_FIELD);
        print_attributes(printer, field->attributes, field);
    }
    output_back(printer->out);
    if (options->verbose || options->code || options->lines) output_end_line(printer->out);
}

/* What a method declares to throw, by its signature or else by its attribute. */
static void print_throws(Printer *printer, const Member *method, const MethodSignature *signature)
{
    Attribute attribute;
    Reader reader;
    unsigned count;

    if (!classfile_attribute_find(printer->class, method->attributes, "Exceptions", &attribute)) return;
    output_text(printer->out, " throws ");
    if (signature != NULL && print_method_exceptions(printer, signature)) return;
    reader = attribute_reader(printer, &attribute);
    count = reader_be16(&reader);
    for (unsigned i = 0; i < count && printer_check(printer, &reader); i++) {
        if (i > 0) output_bytes(printer->out, ", ", 2);
        print_class_dotted(printer, reader_be16(&reader));
    }
}

static void print_method_head(Printer *printer, const Member *method)
{
    const ClassFile *class = printer->class;
    bool is_constructor = classfile_utf8_is(class, method->name, "<init>");
    bool is_initializer = classfile_utf8_is(class, method->name, "<clinit>"), is_varargs = method->access & 0x0080;
    MethodSignature generic, *signature = NULL;
    unsigned index;

    if (find_index(printer, method->attributes, "Signature", &index) && method_signature_read(printer, index, &generic))
        signature = &generic;
    output_indent(printer->out);
    print_modifiers(printer, method->access, FLAGS_METHOD);
    if (is_interface(class) && !(method->access & 0x040a) && !is_initializer) output_text(printer->out, "default ");
    if (signature != NULL) print_method_type_parameters(printer, signature);
    if (is_initializer) {
        output_text(printer->out, "{}");
    } else {
        if (is_constructor) {
            print_class_dotted(printer, class->this_class);
        } else {
            if (signature != NULL)
                print_method_result(printer, signature);
            else
                print_return_type(printer, method->descriptor);
            output_char(printer->out, ' ');
            print_utf8(printer, method->name);
        }
        if (signature != NULL)
            print_method_parameters(printer, signature, is_varargs);
        else
            print_parameter_types(printer, method->descriptor, is_varargs);
    }
    print_throws(printer, method, signature);
    output_char(printer->out, ';');
    output_end_line(printer->out);
}

static void print_method(Printer *printer, const Member *method)
{
    const JavapOptions *options = printer->options;
    Attribute code;

    print_method_head(printer, method);
    output_deeper(printer->out);
    if (options->descriptors) print_descriptor_line(printer, method->descriptor);
    if (options->verbose) {
        print_flags_line(printer, method->access, FLAGS_METHOD);
        print_attributes(printer, method->attributes, method);
    } else if ((options->code || options->lines) &&
               classfile_attribute_find(printer->class, method->attributes, "Code", &code)) {
        print_code_parts(printer, &code, method);
    }
    output_back(printer->out);
}

static void print_members(Printer *printer)
{
    const ClassFile *class = printer->class;
    const JavapOptions *options = printer->options;
    bool has_gaps = options->verbose || options->code || options->lines || options->descriptors, first = true;

    for (unsigned i = 0; i < class->field_count && !printer_is_stopped(printer); i++)
        if (printer_shows(printer, class->fields[i].access)) print_field(printer, &class->fields[i]);
    for (unsigned i = 0; i < class->method_count && !printer_is_stopped(printer); i++) {
        if (!printer_shows(printer, class->methods[i].access)) continue;
        if (has_gaps && !first) output_end_line(printer->out);
        print_method(printer, &class->methods[i]);
        first = false;
    }
}

static void print_class(Printer *printer, const JavapSource *source)
{
    const JavapOptions *options = printer->options;
    Output *out = printer->out;
    unsigned source_file;

    if (options->verbose || options->system_info) print_source(printer, source);
    if (find_index(printer, printer->class->attributes, "SourceFile", &source_file)) {
        begin_line(printer, "Compiled from \"");
        print_utf8(printer, source_file);
        output_char(out, '"');
        output_end_line(out);
    }
    out->indent = 0;
    print_declaration(printer);
    if (options->verbose)
        print_numbers(printer);
    else
        output_char(out, ' ');
    output_char(out, '{');
    output_end_line(out);
    output_deeper(out);
    if (printer->class->access & 0x8000 && !options->verbose) print_module_directives(printer);
    print_members(printer);
    output_back(out);
    output_line(out, "}");
    if (options->verbose) print_attributes(printer, printer->class->attributes, NULL);
}

Result javap_print(Output *out, const JavapOptions *options, const ClassFile *class, const JavapSource *source)
{
    Printer printer = {.out = out, .options = options, .class = class};

    out->indent = 0;
    out->limit = out->total + PRINTER_TEXT_LIMIT(class->size);
    print_class(&printer, source);
    if (printer.result != OK && out->at > out->line) output_end_line(out); /* a defect ends the text in mid-line */
    return out->failed && printer.result == OK ? ERROR_IO : printer.result;
}
