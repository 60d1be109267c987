/* types.c - descriptors and signatures as types of the Java language (JVMS 4.3, 4.7.9.1). */
#include "javap/javap_internal.h"

/* Reads a text of types; what it passes while `is_silent` is not printed. */
typedef struct TypeReader {
    Printer *printer;
    const uint8_t *start, *at, *end;
    bool is_silent;
    bool keeps_slashes;                     /* in names of classes */
    unsigned dimensions, varargs_dimension; /* of arrays, passed so far; the one that is shown as "..." (0: none) */
    bool hide_object_bounds;
} TypeReader;

static TypeReader type_reader(Printer *printer, unsigned index)
{
    const Constant *utf8 = printer_utf8(printer, index);
    const uint8_t *start = printer->class->bytes + utf8->at;
    return (TypeReader){printer, start, start, start + utf8->size, false, false, 0, 0, false};
}

static void fail(TypeReader *reader)
{
    printer_fail(reader->printer, (size_t)(reader->at - reader->printer->class->bytes),
                 "a descriptor or signature is malformed");
    reader->at = reader->end;
}

static int peek(const TypeReader *reader) { return reader->at < reader->end ? *reader->at : 0; }

static bool accept(TypeReader *reader, char c)
{
    if (peek(reader) != c) return false;
    reader->at++;
    return true;
}

static void expect(TypeReader *reader, char c)
{
    if (!accept(reader, c)) fail(reader);
}

static void put(TypeReader *reader, const char *text)
{
    if (!reader->is_silent) output_text(reader->printer->out, text);
}

/* One character of a name, which may be of several bytes. */
static void put_name_character(TypeReader *reader)
{
    Output *out = reader->printer->out;
    uint8_t byte = *reader->at;

    if (byte < 0x80) {
        reader->at++;
        if (!reader->is_silent) output_raw_character(out, byte == '/' && !reader->keeps_slashes ? '.' : byte);
        return;
    }
    int unit = utf8_next_unit(&reader->at, reader->end);
    uint32_t c = (uint32_t)unit;
    if (unit >= 0xd800 && unit < 0xdc00 && reader->at < reader->end) {
        const uint8_t *after = reader->at;
        int low = utf8_next_unit(&after, reader->end);
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + (uint32_t)((unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
            reader->at = after;
        }
    }
    if (!reader->is_silent) output_character(out, c);
}

/* Up to one of the characters of `ends`, '/' as '.'. A 0 is a character like others. */
static void put_name(TypeReader *reader, const char *ends)
{
    while (reader->at < reader->end && (*reader->at == 0 || strchr(ends, *reader->at) == NULL))
        put_name_character(reader);
    if (reader->at >= reader->end) fail(reader);
}

static const char *primitive_name(int c)
{
    switch (c) {
    case 'B': return "byte";
    case 'C': return "char";
    case 'D': return "double";
    case 'F': return "float";
    case 'I': return "int";
    case 'J': return "long";
    case 'S': return "short";
    case 'Z': return "boolean";
    case 'V': return "void";
    default: return NULL;
    }
}

static void put_dimensions(TypeReader *reader, unsigned count)
{
    for (; count > 0 && !printer_is_stopped(reader->printer); count--)
        put(reader, ++reader->dimensions == reader->varargs_dimension ? "..." : "[]");
}

static unsigned count_dimensions(TypeReader *reader)
{
    unsigned count = 0;
    while (accept(reader, '[')) count++;
    return count;
}

/* ---- descriptors ---- */

static void descriptor_type(TypeReader *reader)
{
    unsigned dimensions = count_dimensions(reader);
    const char *primitive = primitive_name(peek(reader));

    if (primitive != NULL) {
        reader->at++;
        put(reader, primitive);
    } else if (accept(reader, 'L')) {
        put_name(reader, ";");
        expect(reader, ';');
    } else {
        fail(reader);
    }
    put_dimensions(reader, dimensions);
}

void print_field_type(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    descriptor_type(&reader);
}

/* Passes "(...)" without printing. Gives the number of parameters. */
static unsigned scan_parameters(TypeReader *reader)
{
    unsigned count = 0;

    reader->is_silent = true;
    expect(reader, '(');
    for (; !accept(reader, ')') && !printer_is_stopped(reader->printer); count++) descriptor_type(reader);
    reader->is_silent = false;
    return count;
}

void print_return_type(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    (void)scan_parameters(&reader);
    descriptor_type(&reader);
}

unsigned count_parameters(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    return scan_parameters(&reader);
}

/* The reader stands before "(...)". */
static void print_parameters(TypeReader *reader, void (*type)(TypeReader *reader))
{
    const char *separator = "(";

    expect(reader, '(');
    while (peek(reader) != ')' && !printer_is_stopped(reader->printer)) {
        put(reader, separator);
        type(reader);
        separator = ", ";
    }
    put(reader, *separator == '(' ? "()" : ")");
}

void print_parameter_types(Printer *printer, unsigned descriptor, bool is_varargs)
{
    TypeReader reader = type_reader(printer, descriptor), ahead = reader;

    (void)scan_parameters(&ahead);
    reader.varargs_dimension = is_varargs ? ahead.dimensions : 0;
    print_parameters(&reader, descriptor_type);
}

/* ---- signatures ---- */

static void signature_type(TypeReader *reader);

static void type_argument(TypeReader *reader)
{
    if (accept(reader, '*')) {
        put(reader, "?");
        return;
    }
    if (accept(reader, '+'))
        put(reader, "? extends ");
    else if (accept(reader, '-'))
        put(reader, "? super ");
    signature_type(reader);
}

static void type_arguments(TypeReader *reader)
{
    const char *separator = "<";

    expect(reader, '<');
    do {
        put(reader, separator);
        type_argument(reader);
        separator = ", ";
    } while (peek(reader) != '>' && !printer_is_stopped(reader->printer));
    expect(reader, '>');
    put(reader, ">");
}

static void class_type(TypeReader *reader)
{
    while (!printer_is_stopped(reader->printer)) {
        put_name(reader, ";<.");
        if (peek(reader) == '<') type_arguments(reader);
        if (!accept(reader, '.')) break;
        put(reader, ".");
    }
    expect(reader, ';');
}

static void signature_type(TypeReader *reader)
{
    unsigned dimensions = count_dimensions(reader);
    const char *primitive = primitive_name(peek(reader));

    if (!printer_enter(reader->printer, (size_t)(reader->at - reader->printer->class->bytes))) return;
    if (primitive != NULL) {
        reader->at++;
        put(reader, primitive);
    } else if (accept(reader, 'L')) {
        class_type(reader);
    } else if (accept(reader, 'T')) {
        put_name(reader, ";");
        expect(reader, ';');
    } else {
        fail(reader);
    }
    printer_leave(reader->printer);
    put_dimensions(reader, dimensions);
}

static bool is_object(const TypeReader *reader)
{
    static const char object[] = "Ljava/lang/Object;";
    size_t size = sizeof object - 1;
    return (size_t)(reader->end - reader->at) >= size && memcmp(reader->at, object, size) == 0;
}

/* "T extends Bound & Bound" */
static void type_parameter(TypeReader *reader)
{
    const char *separator = " extends ";

    put_name(reader, ":");
    while (accept(reader, ':') && !printer_is_stopped(reader->printer)) {
        bool was_silent = reader->is_silent, is_class_bound = *separator == ' ' && separator[1] == 'e';
        if (peek(reader) == ':') continue; /* no class bound */
        if (is_class_bound && reader->hide_object_bounds && is_object(reader)) reader->is_silent = true;
        put(reader, separator);
        signature_type(reader);
        if (reader->is_silent == was_silent) separator = " & ";
        reader->is_silent = was_silent;
    }
}

static void type_parameters(TypeReader *reader)
{
    const char *separator = "<";

    if (!accept(reader, '<')) return;
    do {
        put(reader, separator);
        type_parameter(reader);
        separator = ", ";
    } while (peek(reader) != '>' && !printer_is_stopped(reader->printer));
    expect(reader, '>');
    put(reader, ">");
}

void print_field_signature(Printer *printer, unsigned signature)
{
    TypeReader reader = type_reader(printer, signature);
    signature_type(&reader);
}

static void interface_types(TypeReader *reader, const char *separator)
{
    while (reader->at < reader->end && !printer_is_stopped(reader->printer)) {
        put(reader, separator);
        signature_type(reader);
        separator = ", ";
    }
}

void print_class_signature(Printer *printer, unsigned signature, bool is_interface)
{
    TypeReader reader = type_reader(printer, signature);
    bool is_verbose = printer->options->verbose;

    reader.hide_object_bounds = !is_verbose;
    type_parameters(&reader);
    /* A signature of nothing but a superclass is not told from a field's: Object is shown the same for interfaces. */
    TypeReader ahead = reader;
    ahead.is_silent = true;
    signature_type(&ahead);
    bool is_type_only = reader.at == reader.start && ahead.at == ahead.end;
    reader.is_silent = (is_interface && !is_type_only) || (!is_verbose && is_object(&reader));
    put(&reader, " extends ");
    signature_type(&reader);
    reader.is_silent = false;
    interface_types(&reader, is_interface ? " extends " : " implements ");
}

bool method_signature_read(Printer *printer, unsigned index, MethodSignature *signature)
{
    TypeReader reader = type_reader(printer, index);

    signature->index = index;
    reader.is_silent = true;
    type_parameters(&reader);
    signature->parameters = (size_t)(reader.at - reader.start);
    expect(&reader, '(');
    while (!accept(&reader, ')') && !printer_is_stopped(printer)) signature_type(&reader);
    signature->result = (size_t)(reader.at - reader.start);
    signature_type(&reader);
    signature->exceptions = (size_t)(reader.at - reader.start);
    return !printer_is_stopped(printer);
}

void print_method_type_parameters(Printer *printer, const MethodSignature *signature)
{
    TypeReader reader = type_reader(printer, signature->index);

    reader.hide_object_bounds = !printer->options->verbose;
    type_parameters(&reader);
    if (reader.at > reader.start) put(&reader, " ");
}

void print_method_result(Printer *printer, const MethodSignature *signature)
{
    TypeReader reader = type_reader(printer, signature->index);
    reader.at += signature->result;
    signature_type(&reader);
}

/* Of variable arity is what looks like the last array, wherever it stands. */
void print_method_parameters(Printer *printer, const MethodSignature *signature, bool is_varargs)
{
    TypeReader reader = type_reader(printer, signature->index), ahead;

    reader.at += signature->parameters;
    ahead = reader;
    ahead.is_silent = true;
    if (is_varargs) print_parameters(&ahead, signature_type);
    reader.varargs_dimension = ahead.dimensions;
    print_parameters(&reader, signature_type);
}

bool print_method_exceptions(Printer *printer, const MethodSignature *signature)
{
    TypeReader reader = type_reader(printer, signature->index);
    const char *separator = "";

    reader.at += signature->exceptions;
    reader.keeps_slashes = true;
    if (reader.at == reader.end) return false;
    while (accept(&reader, '^') && !printer_is_stopped(printer)) {
        put(&reader, separator);
        signature_type(&reader);
        separator = ", ";
    }
    if (reader.at != reader.end) fail(&reader);
    return true;
}
