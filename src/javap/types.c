/* types.c - descriptors and signatures as types of the Java language (JVMS 4.3, 4.7.9.1). */
#include "javap/javap_internal.h"

/* Reads a text of types; what it passes while `is_silent` is not printed. */
typedef struct TypeReader {
    Printer *printer;
    const uint8_t *start, *at, *end;
    bool is_silent;
    bool keeps_slashes;         /* in names of classes */
    bool last_array_is_varargs; /* the next array loses one dimension to "..." */
    bool hide_object_bounds;
} TypeReader;

static TypeReader type_reader(Printer *printer, unsigned index)
{
    const Constant *utf8 = printer_utf8(printer, index);
    const uint8_t *start = printer->class->bytes + utf8->at;
    return (TypeReader){printer, start, start, start + utf8->size, false, false, false, false};
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

/* Up to one of the characters of `ends`, '/' as '.'; runs of plain characters go out at once. */
static void put_name(TypeReader *reader, const char *ends)
{
    while (reader->at < reader->end && strchr(ends, *reader->at) == NULL) put_name_character(reader);
    if (reader->at >= reader->end && *ends != 0) fail(reader);
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

static void put_dimensions(TypeReader *reader, unsigned count, bool is_varargs)
{
    for (; count > 0 && !printer_is_stopped(reader->printer); count--)
        put(reader, count == 1 && is_varargs ? "..." : "[]");
}

static unsigned count_dimensions(TypeReader *reader)
{
    unsigned count = 0;
    while (accept(reader, '[')) count++;
    return count;
}

/* ---- descriptors ---- */

static void descriptor_type(TypeReader *reader, bool is_varargs)
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
    put_dimensions(reader, dimensions, is_varargs);
}

void print_field_type(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    descriptor_type(&reader, false);
}

/* Passes "(...)" without printing. Gives the number of parameters, and of the last one that is an array. */
static unsigned scan_parameters(TypeReader *reader, unsigned *last_array)
{
    unsigned count = 0;
    bool was_silent = reader->is_silent;

    reader->is_silent = true;
    *last_array = 0;
    expect(reader, '(');
    while (!accept(reader, ')') && !printer_is_stopped(reader->printer)) {
        count++;
        if (peek(reader) == '[') *last_array = count;
        descriptor_type(reader, false);
    }
    reader->is_silent = was_silent;
    return count;
}

void print_return_type(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    unsigned last_array;

    (void)scan_parameters(&reader, &last_array);
    descriptor_type(&reader, false);
}

unsigned count_parameters(Printer *printer, unsigned descriptor)
{
    TypeReader reader = type_reader(printer, descriptor);
    unsigned last_array;
    return scan_parameters(&reader, &last_array);
}

void print_parameter_types(Printer *printer, unsigned descriptor, bool is_varargs)
{
    TypeReader reader = type_reader(printer, descriptor);
    unsigned last_array, count = scan_parameters(&reader, &last_array);

    reader.at = reader.start;
    expect(&reader, '(');
    output_char(printer->out, '(');
    for (unsigned i = 1; i <= count && !printer_is_stopped(printer); i++) {
        if (i > 1) put(&reader, ", ");
        descriptor_type(&reader, is_varargs && i == last_array);
    }
    output_char(printer->out, ')');
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
    bool is_varargs = reader->last_array_is_varargs && peek(reader) == '[';
    unsigned dimensions = count_dimensions(reader);
    const char *primitive = primitive_name(peek(reader));

    reader->last_array_is_varargs = false;
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
    put_dimensions(reader, dimensions, is_varargs);
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

/* Is the type that begins here the last parameter? */
static bool is_last_parameter(const TypeReader *reader)
{
    TypeReader ahead = *reader;
    ahead.is_silent = true;
    ahead.last_array_is_varargs = false;
    signature_type(&ahead);
    return peek(&ahead) == ')';
}

void print_method_parameters(Printer *printer, const MethodSignature *signature, bool is_varargs)
{
    TypeReader reader = type_reader(printer, signature->index);
    const char *separator = "(";

    reader.at += signature->parameters;
    expect(&reader, '(');
    while (peek(&reader) != ')' && !printer_is_stopped(printer)) {
        put(&reader, separator);
        reader.last_array_is_varargs = is_varargs && peek(&reader) == '[' && is_last_parameter(&reader);
        signature_type(&reader);
        separator = ", ";
    }
    put(&reader, *separator == '(' ? "()" : ")");
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
