/* constants.c - the constant pool, as a table and wherever an index is explained (JVMS 4.4). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "javap/javap_internal.h"

void printer_fail(Printer *printer, size_t at, const char *format, ...)
{
    char text[200];
    va_list arguments;

    if (printer->result != OK) return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printer->result = error_set(ERROR_FORMAT, "%s at offset %zu", text, at);
}

bool printer_enter(Printer *printer, size_t at)
{
    if (printer->depth >= PRINTER_DEPTH_LIMIT) {
        printer_fail(printer, at, "nested more than %d deep", PRINTER_DEPTH_LIMIT);
        return false;
    }
    printer->depth++;
    return true;
}

bool printer_check(Printer *printer, const Reader *reader)
{
    if (reader->failed) printer_fail(printer, reader->size, "an attribute ends too early");
    return !printer_is_stopped(printer);
}

/* ---- constants by index ---- */

static const char *const pool_names[] = {
    [CONSTANT_UTF8] = "Utf8",
    [CONSTANT_INTEGER] = "Integer",
    [CONSTANT_FLOAT] = "Float",
    [CONSTANT_LONG] = "Long",
    [CONSTANT_DOUBLE] = "Double",
    [CONSTANT_CLASS] = "Class",
    [CONSTANT_STRING] = "String",
    [CONSTANT_FIELD] = "Fieldref",
    [CONSTANT_METHOD] = "Methodref",
    [CONSTANT_INTERFACE_METHOD] = "InterfaceMethodref",
    [CONSTANT_NAME_AND_TYPE] = "NameAndType",
    [CONSTANT_METHOD_HANDLE] = "MethodHandle",
    [CONSTANT_METHOD_TYPE] = "MethodType",
    [CONSTANT_DYNAMIC] = "Dynamic",
    [CONSTANT_INVOKE_DYNAMIC] = "InvokeDynamic",
    [CONSTANT_MODULE] = "Module",
    [CONSTANT_PACKAGE] = "Package",
};

const Constant *printer_constant(Printer *printer, unsigned index, enum ConstantTag tag)
{
    static const Constant nothing;
    const Constant *constant = classfile_constant(printer->class, index, tag);

    if (__builtin_expect(constant != NULL, 1)) return constant;
    if (index > 0 && index < printer->class->constant_count)
        printer_fail(printer, printer->class->constants[index].at, "constant #%u should be a %s, but is not one,",
                     index, pool_names[tag]);
    else
        printer_fail(printer, 8, "there is no constant #%u: the pool's size is %u,", index,
                     printer->class->constant_count);
    return &nothing;
}

const Constant *printer_utf8(Printer *printer, unsigned index)
{
    return printer_constant(printer, index, CONSTANT_UTF8);
}

const Constant *printer_class_name(Printer *printer, unsigned index)
{
    const Constant *constant = printer_constant(printer, index, CONSTANT_CLASS);
    return printer_utf8(printer, constant_first(printer->class, constant));
}

/* ---- text ---- */

int utf8_next_unit(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *p = *at;

    if (p >= end) return -1;
    if (*p < 0x80) {
        *at = p + 1;
        return *p;
    }
    if (*p >> 5 == 6) {
        *at = p + 2;
        return (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    }
    *at = p + 3;
    return (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
}

/* A pair of surrogates is one character. */
static int64_t next_character(const uint8_t **at, const uint8_t *end)
{
    int unit = utf8_next_unit(at, end);
    if (unit >= 0xd800 && unit < 0xdc00) {
        const uint8_t *after = *at;
        int low = utf8_next_unit(&after, end);
        if (low >= 0xdc00 && low < 0xe000) {
            *at = after;
            return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return unit;
}

/* Half a pair cannot be encoded: '?', as Java's encoder has it. */
void output_character(Output *out, uint32_t c)
{
    uint8_t *at;

    if (c < 0x80 || (c >= 0xd800 && c < 0xe000)) {
        output_char(out, c < 0x80 ? (char)c : '?');
        return;
    }
    out->wide = true;
    at = output_room(out, 4);
    if (c < 0x800) {
        *at++ = (uint8_t)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *at++ = (uint8_t)(0xe0 | c >> 12);
        } else {
            *at++ = (uint8_t)(0xf0 | c >> 18);
            *at++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        }
        *at++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    }
    *at++ = (uint8_t)(0x80 | (c & 0x3f));
    out->at = at;
}

void output_raw_character(Output *out, uint32_t c)
{
    if (c == '\n') {
        output_end_line(out);
        output_indent(out);
    } else {
        output_character(out, c);
    }
}

void print_utf8_text(Printer *printer, const Constant *utf8)
{
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    int64_t c;

    if (__builtin_expect(utf8->flags & UTF8_PLAIN, 1)) {
        output_bytes(printer->out, at, utf8->size);
        return;
    }
    while ((c = next_character(&at, end)) >= 0) output_raw_character(printer->out, (uint32_t)c);
}

void print_utf8(Printer *printer, unsigned index) { print_utf8_text(printer, printer_utf8(printer, index)); }

/* `escapes` pairs characters with the letters that stand for them after a backslash. */
static bool output_escape(Output *out, int64_t c, const char *escapes)
{
    for (; *escapes != 0; escapes += 2)
        if (c == *escapes) {
            output_char(out, '\\');
            output_char(out, escapes[1]);
            return true;
        }
    return false;
}

static bool is_control(int64_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

static void output_unicode_escape(Output *out, int64_t c)
{
    output_text(out, "\\u");
    output_hex(out, (uint64_t)c, 4);
}

void print_utf8_escaped(Printer *printer, unsigned index)
{
    const Constant *utf8 = printer_utf8(printer, index);
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    int64_t c;

    if (utf8->flags & UTF8_PLAIN) {
        output_bytes(printer->out, at, utf8->size);
        return;
    }
    while ((c = next_character(&at, end)) >= 0) {
        if (output_escape(printer->out, c, "\tt\nn\rr\bb\ff\"\"''\\\\")) continue;
        if (is_control(c))
            output_unicode_escape(printer->out, c);
        else
            output_character(printer->out, (uint32_t)c);
    }
}

/* A path of identifiers with '/' between, as far as each character shows it. */
static bool is_plain_name(const uint8_t *at, const uint8_t *end)
{
    int64_t previous = '/', c;

    if (at == end) return false;
    for (; (c = next_character(&at, end)) >= 0; previous = c) {
        if (previous == '/' && !is_identifier_start((uint32_t)c)) return false;
        if (c != '/' && !is_identifier_part((uint32_t)c)) return false;
    }
    return true;
}

static void print_quoted(Printer *printer, const Constant *utf8)
{
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    int64_t c;

    output_char(printer->out, '"');
    while ((c = next_character(&at, end)) >= 0)
        if (!output_escape(printer->out, c, "\\\\\"\"\nn\tt")) output_character(printer->out, (uint32_t)c);
    output_char(printer->out, '"');
}

void print_utf8_name(Printer *printer, unsigned index)
{
    Constant *utf8 = (Constant *)(uintptr_t)printer_utf8(printer, index);

    if (printer->result != OK) return;
    if (!(utf8->flags & UTF8_NAME_CHECKED)) {
        const uint8_t *at = printer->class->bytes + utf8->at;
        utf8->flags |= UTF8_NAME_CHECKED | (is_plain_name(at, at + utf8->size) ? 0 : UTF8_NAME_QUOTED);
    }
    if (utf8->flags & UTF8_NAME_QUOTED)
        print_quoted(printer, utf8);
    else
        print_utf8_text(printer, utf8);
}

void print_utf8_dotted(Printer *printer, unsigned index)
{
    const Constant *utf8 = printer_utf8(printer, index);
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    int64_t c;

    while ((c = next_character(&at, end)) >= 0) output_raw_character(printer->out, c == '/' ? '.' : (uint32_t)c);
}

void print_class_dotted(Printer *printer, unsigned index)
{
    const Constant *constant = printer_constant(printer, index, CONSTANT_CLASS);
    print_utf8_dotted(printer, constant_first(printer->class, constant));
}

/* ---- values ---- */

void print_double(Output *out, double value)
{
    char text[DECIMAL_ROOM];
    output_bytes(out, text, decimal_from_double(value, text));
}

void print_float(Output *out, float value)
{
    char text[DECIMAL_ROOM];
    output_bytes(out, text, decimal_from_float(value, text));
}

static void print_number(Printer *printer, const Constant *constant)
{
    const uint8_t *at = printer->class->bytes + constant->at;
    uint32_t word = read_be32(at);
    uint64_t two_words;
    float single;
    double number;

    switch (constant->tag) {
    case CONSTANT_INTEGER: output_number(printer->out, (int32_t)word); break;
    case CONSTANT_FLOAT:
        memcpy(&single, &word, sizeof single);
        print_float(printer->out, single);
        output_char(printer->out, 'f');
        break;
    case CONSTANT_LONG:
        output_number(printer->out, (int64_t)read_be64(at));
        output_char(printer->out, 'l');
        break;
    default:
        two_words = read_be64(at);
        memcpy(&number, &two_words, sizeof number);
        print_double(printer->out, number);
        output_char(printer->out, 'd');
        break;
    }
}

const char *constant_tag_name(unsigned tag) { return pool_names[tag]; }

const char *reference_kind_name(unsigned kind)
{
    static const char *const names[] = {
        NULL,
        "REF_getField",
        "REF_getStatic",
        "REF_putField",
        "REF_putStatic",
        "REF_invokeVirtual",
        "REF_invokeStatic",
        "REF_invokeSpecial",
        "REF_newInvokeSpecial",
        "REF_invokeInterface",
    };
    return kind < COUNT_OF(names) ? names[kind] : NULL;
}

static void print_name_and_type(Printer *printer, unsigned index)
{
    const Constant *pair = printer_constant(printer, index, CONSTANT_NAME_AND_TYPE);
    print_utf8_name(printer, constant_first(printer->class, pair));
    output_char(printer->out, ':');
    print_utf8(printer, constant_second(printer->class, pair));
}

static void print_class_name(Printer *printer, unsigned index)
{
    const Constant *constant = printer_constant(printer, index, CONSTANT_CLASS);
    print_utf8_name(printer, constant_first(printer->class, constant));
}

static bool is_member_reference(unsigned tag)
{
    return tag == CONSTANT_FIELD || tag == CONSTANT_METHOD || tag == CONSTANT_INTERFACE_METHOD;
}

static void print_reference(Printer *printer, const Constant *reference)
{
    print_class_name(printer, constant_first(printer->class, reference));
    output_char(printer->out, '.');
    print_name_and_type(printer, constant_second(printer->class, reference));
}

static void print_method_handle(Printer *printer, const Constant *handle)
{
    const uint8_t *at = printer->class->bytes + handle->at;
    const char *kind = reference_kind_name(at[0]);
    unsigned index = read_be16(at + 1);

    if (kind == NULL)
        printer_fail(printer, handle->at, "a method handle is of the unknown kind %u", at[0]);
    else if (index >= printer->class->constant_count || !is_member_reference(printer->class->constants[index].tag))
        printer_fail(printer, handle->at, "a method handle refers to #%u, which is no member", index);
    else {
        output_text(printer->out, kind);
        output_char(printer->out, ' ');
        print_reference(printer, &printer->class->constants[index]);
    }
}

void print_constant(Printer *printer, unsigned index)
{
    const ClassFile *class = printer->class;
    const Constant *constant = index < class->constant_count ? &class->constants[index] : class->constants;
    unsigned first = constant_first(class, constant);

    switch (constant->tag) {
    case CONSTANT_NONE:
        printer_fail(printer, 8, "there is no constant #%u: the pool's size is %u,", index, class->constant_count);
        break;
    case CONSTANT_UTF8: print_utf8_escaped(printer, index); break;
    case CONSTANT_STRING: print_utf8_escaped(printer, first); break;
    case CONSTANT_CLASS:
    case CONSTANT_MODULE:
    case CONSTANT_PACKAGE: print_utf8_name(printer, first); break;
    case CONSTANT_FIELD:
    case CONSTANT_METHOD:
    case CONSTANT_INTERFACE_METHOD: print_reference(printer, constant); break;
    case CONSTANT_NAME_AND_TYPE: print_name_and_type(printer, index); break;
    case CONSTANT_METHOD_HANDLE: print_method_handle(printer, constant); break;
    case CONSTANT_METHOD_TYPE: print_utf8(printer, first); break;
    case CONSTANT_DYNAMIC:
    case CONSTANT_INVOKE_DYNAMIC:
        output_char(printer->out, '#');
        output_number(printer->out, first);
        output_char(printer->out, ':');
        print_name_and_type(printer, constant_second(class, constant));
        break;
    default: print_number(printer, constant); break;
    }
}

void print_constant_kind(Printer *printer, unsigned index)
{
    static const char *const kinds[] = {
        [CONSTANT_UTF8] = "Utf8 ",
        [CONSTANT_INTEGER] = "int ",
        [CONSTANT_FLOAT] = "float ",
        [CONSTANT_LONG] = "long ",
        [CONSTANT_DOUBLE] = "double ",
        [CONSTANT_CLASS] = "class ",
        [CONSTANT_STRING] = "String ",
        [CONSTANT_FIELD] = "Field ",
        [CONSTANT_METHOD] = "Method ",
        [CONSTANT_INTERFACE_METHOD] = "InterfaceMethod ",
        [CONSTANT_NAME_AND_TYPE] = "NameAndType ",
        [CONSTANT_METHOD_HANDLE] = "MethodHandle ",
        [CONSTANT_METHOD_TYPE] = "MethodType ",
        [CONSTANT_DYNAMIC] = "Dynamic ",
        [CONSTANT_INVOKE_DYNAMIC] = "InvokeDynamic ",
        [CONSTANT_MODULE] = "Module ",
        [CONSTANT_PACKAGE] = "Package ",
    };
    const ClassFile *class = printer->class;
    const Constant *constant = index < class->constant_count ? &class->constants[index] : class->constants;

    if (constant->tag != CONSTANT_NONE) output_text(printer->out, kinds[constant->tag]);
    if (is_member_reference(constant->tag) && constant_first(class, constant) == class->this_class)
        print_name_and_type(printer, constant_second(class, constant));
    else
        print_constant(printer, index);
}

/* ---- the pool as a table ---- */

static void print_index(Output *out, char before, unsigned index)
{
    output_char(out, before);
    output_number(out, index);
}

/* What a constant refers to, by number; false: it has a value instead. */
static bool print_operands(Printer *printer, const Constant *constant)
{
    Output *out = printer->out;
    const uint8_t *at = printer->class->bytes + constant->at;
    unsigned first = read_be16(at);

    switch (constant->tag) {
    case CONSTANT_CLASS:
    case CONSTANT_STRING:
    case CONSTANT_METHOD_TYPE:
    case CONSTANT_MODULE:
    case CONSTANT_PACKAGE: print_index(out, '#', first); return true;
    case CONSTANT_METHOD_HANDLE:
        output_number(out, at[0]);
        output_bytes(out, ":#", 2);
        output_number(out, read_be16(at + 1));
        return true;
    case CONSTANT_FIELD:
    case CONSTANT_METHOD:
    case CONSTANT_INTERFACE_METHOD:
    case CONSTANT_NAME_AND_TYPE:
    case CONSTANT_DYNAMIC:
    case CONSTANT_INVOKE_DYNAMIC:
        print_index(out, '#', first);
        output_char(out, constant->tag <= CONSTANT_INTERFACE_METHOD ? '.' : ':');
        print_index(out, '#', read_be16(at + 2));
        return true;
    default: return false;
    }
}

static void print_table_row(Printer *printer, unsigned index, unsigned width)
{
    Output *out = printer->out;
    const Constant *constant = &printer->class->constants[index];
    const char *name = pool_names[constant->tag];
    unsigned digits = 1;

    for (unsigned rest = index; rest >= 10; rest /= 10) digits++;
    output_spaces(out, out->indent + width - 1 - digits);
    print_index(out, '#', index);
    output_bytes(out, " = ", 3);
    output_text(out, name);
    output_spaces(out, 19 - strlen(name));
    if (print_operands(printer, constant)) {
        begin_comment(printer);
        if (constant->tag == CONSTANT_METHOD_TYPE) output_char(out, ' ');
    }
    print_constant(printer, index);
    output_end_line(out);
}

void print_constant_pool(Printer *printer)
{
    Output *out = printer->out;
    unsigned width = 2;

    for (unsigned rest = printer->class->constant_count; rest >= 10; rest /= 10) width++;
    output_line(out, "Constant pool:");
    output_deeper(out);
    for (unsigned i = 1; i < printer->class->constant_count && !printer_is_stopped(printer); i++)
        if (printer->class->constants[i].tag != CONSTANT_NONE) print_table_row(printer, i, width);
    output_back(out);
}

/* ---- constants as Java source ---- */

static void output_literal(Output *out, int unit, char quote)
{
    char quote_escape[3] = {quote, quote, 0};

    if (output_escape(out, unit, "\tt\nn\rr\bb\ff\\\\") || output_escape(out, unit, quote_escape)) return;
    if (unit >= 0x20 && unit < 0x7f)
        output_char(out, (char)unit);
    else
        output_unicode_escape(out, unit);
}

static void print_string_literal(Printer *printer, const Constant *string)
{
    const Constant *utf8 = printer_utf8(printer, constant_first(printer->class, string));
    const uint8_t *at = printer->class->bytes + utf8->at, *end = at + utf8->size;
    int unit;

    output_char(printer->out, '"');
    while ((unit = utf8_next_unit(&at, end)) >= 0) output_literal(printer->out, unit, '"');
    output_char(printer->out, '"');
}

void print_field_constant(Printer *printer, char type, unsigned index)
{
    const Constant *constant;
    int32_t value;

    if ((constant = classfile_constant(printer->class, index, CONSTANT_STRING)) != NULL) {
        print_string_literal(printer, constant);
        return;
    }
    constant = classfile_constant(printer->class, index, CONSTANT_INTEGER);
    value = constant != NULL ? (int32_t)read_be32(printer->class->bytes + constant->at) : 0;
    if (constant != NULL && type == 'Z') {
        output_text(printer->out, value == 1 ? "true" : "false");
    } else if (constant != NULL && type == 'C') {
        output_char(printer->out, '\'');
        output_literal(printer->out, (uint16_t)value, '\'');
        output_char(printer->out, '\'');
    } else {
        print_constant(printer, index);
    }
}
