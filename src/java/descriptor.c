/* descriptor.c - field and method descriptors, and names as messages show them. */
#include <string.h>

#include "java/java_internal.h"
#include "os/os.h"

#define NAME_BUFFERS 16

/* The end of the type at text, NULL if it is malformed; no further than limit. */
static const char *type_end(const char *text, const char *limit)
{
    unsigned dimensions = 0;

    while (text < limit && *text == '[') {
        text++;
        if (++dimensions > 255)
            return NULL;
    }
    if (text >= limit)
        return NULL;
    if (strchr("BCDFIJSZ", *text) != NULL && *text != 0)
        return text + 1;
    if (*text != 'L')
        return NULL;
    const char *start = ++text;
    while (text < limit && *text != ';') {
        if (*text == '.' || *text == '[' || (*text == '/' && (text == start || text[-1] == '/')))
            return NULL;
        text++;
    }
    if (text >= limit || text == start || text[-1] == '/')
        return NULL;
    return text + 1;
}

bool java_descriptor_is_field(const char *text, size_t length)
{
    return type_end(text, text + length) == text + length && length != 0;
}

enum JavaDescriptorFault java_descriptor_fault(const char *text, size_t length)
{
    const char *limit = text + length, *at = text, *start;

    while (at < limit) {
        const char *end = type_end(at, limit);
        if (end == NULL && (*at == '(' || *at == ')'))
            end = at + 1;
        if (end == NULL)
            break;
        at = end;
    }
    for (start = at; at < limit && *at == '[';) at++;
    if (at - start > 255)
        return DESCRIPTOR_FAULT_DIMENSIONS;
    return at < limit && *at == 'L' && memchr(at, ';', (size_t)(limit - at)) != NULL ? DESCRIPTOR_FAULT_CLASS : DESCRIPTOR_FAULT_OTHER;
}

bool java_descriptor_is_method(const char *text, size_t length)
{
    const char *limit = text + length, *at = text + 1;

    if (length < 3 || *text != '(')
        return false;
    while (at < limit && *at != ')') {
        at = type_end(at, limit);
        if (at == NULL)
            return false;
    }
    if (at >= limit)
        return false;
    at++;
    if (at + 1 == limit && *at == 'V')
        return true;
    return type_end(at, limit) == limit;
}

JavaParameters java_parameters(const char *method_descriptor)
{
    return (JavaParameters){.at = method_descriptor + (*method_descriptor == '('), .at_return = false};
}

char java_parameters_next(JavaParameters *parameters, const char **start, unsigned *length)
{
    const char *at = parameters->at, *begin;

    if (parameters->at_return || *at == 0)
        return 0;
    if (*at == ')') {
        parameters->at_return = true;
        at++;
    }
    begin = at;
    while (*at == '[')
        at++;
    if (*at == 'L') {
        const char *end = strchr(at, ';');
        at = end != NULL ? end + 1 : at + strlen(at);
    } else if (*at != 0) {
        at++;
    }
    parameters->at = at;
    if (start != NULL)
        *start = begin;
    if (length != NULL)
        *length = (unsigned)(at - begin);
    return *begin;
}

static unsigned type_slots(char type)
{
    return type == 'J' || type == 'D' ? 2 : 1;
}

unsigned java_descriptor_argument_slots(const char *method_descriptor)
{
    JavaParameters parameters = java_parameters(method_descriptor);
    unsigned slots = 0;
    char type;

    while ((type = java_parameters_next(&parameters, NULL, NULL)) != 0 && !parameters.at_return)
        slots += type_slots(type);
    return slots;
}

unsigned java_descriptor_parameter_count(const char *method_descriptor)
{
    JavaParameters parameters = java_parameters(method_descriptor);
    unsigned count = 0;

    while (java_parameters_next(&parameters, NULL, NULL) != 0 && !parameters.at_return)
        count++;
    return count;
}

const char *java_descriptor_return_text(const char *method_descriptor)
{
    const char *close = strchr(method_descriptor, ')');
    return close != NULL ? close + 1 : "V";
}

char java_descriptor_return(const char *method_descriptor)
{
    return *java_descriptor_return_text(method_descriptor);
}

bool java_type_is_reference(char type)
{
    return type == 'L' || type == '[';
}

unsigned java_type_size(char type)
{
    switch (type) {
    case 'Z': case 'B': return 1;
    case 'C': case 'S': return 2;
    case 'I': case 'F': return 4;
    default: return 8;
    }
}

void java_descriptor_references(const char *method_descriptor, bool has_receiver, uint8_t *bits)
{
    JavaParameters parameters = java_parameters(method_descriptor);
    unsigned slot = has_receiver;
    char type;

    if (has_receiver)
        bits[0] |= 1;
    while ((type = java_parameters_next(&parameters, NULL, NULL)) != 0 && !parameters.at_return && slot < 256) {
        if (java_type_is_reference(type))
            bits[slot / 8] |= (uint8_t)(1 << slot % 8);
        slot += type_slots(type);
    }
}

/* ---- names for people ---- */

static const char *primitive_name(char type)
{
    switch (type) {
    case 'Z': return "boolean";
    case 'B': return "byte";
    case 'C': return "char";
    case 'S': return "short";
    case 'I': return "int";
    case 'J': return "long";
    case 'F': return "float";
    case 'D': return "double";
    default: return "void";
    }
}

/* Appends a type of a descriptor as Java writes it. */
static void append_type(Bytes *out, const char *start, unsigned length)
{
    unsigned dimensions = 0;

    while (dimensions < length && start[dimensions] == '[')
        dimensions++;
    if (dimensions < length && start[dimensions] == 'L') {
        for (unsigned i = dimensions + 1; i + 1 < length; i++)
            (void)bytes_append_u8(out, start[i] == '/' ? '.' : (uint8_t)start[i]);
    } else {
        (void)bytes_append_text(out, primitive_name(start[dimensions]));
    }
    while (dimensions-- > 0)
        (void)bytes_append_text(out, "[]");
}

static void append_dotted(Bytes *out, SymbolRef name)
{
    for (unsigned i = 0; i < symbol_length(name); i++) {
        uint8_t byte = symbol_at(name)->bytes[i];
        (void)bytes_append_u8(out, byte == '/' ? '.' : byte);
    }
}

SymbolRef java_method_external_name(SymbolRef holder, SymbolRef name, SymbolRef descriptor)
{
    Bytes out = {0};
    const char *text = symbol_text(descriptor), *start;
    unsigned length;
    JavaParameters parameters = java_parameters(text);
    SymbolRef symbol;

    start = java_descriptor_return_text(text);
    append_type(&out, start, (unsigned)strlen(start));
    (void)bytes_append_u8(&out, ' ');
    if (holder != 0) {
        if (symbol_text(holder)[0] == '[')
            append_type(&out, symbol_text(holder), symbol_length(holder));
        else
            append_dotted(&out, holder);
        (void)bytes_append_u8(&out, '.');
    }
    (void)bytes_append(&out, symbol_text(name), symbol_length(name));
    (void)bytes_append_u8(&out, '(');
    for (bool first = true; java_parameters_next(&parameters, &start, &length) != 0 && !parameters.at_return; first = false) {
        if (!first)
            (void)bytes_append_text(&out, ", ");
        append_type(&out, start, length);
    }
    (void)bytes_append_u8(&out, ')');
    symbol = out.data != NULL ? java_symbol(out.data, out.size) : 0;
    bytes_free(&out);
    return symbol != 0 ? symbol : name;
}

static _Thread_local struct {
    char *text[NAME_BUFFERS];
    unsigned next;
} names;

static void forget_names(void)
{
    for (unsigned i = 0; i < NAME_BUFFERS; i++) {
        memory_free(names.text[i]);
        names.text[i] = NULL;
    }
}

const char *java_keep_text(Bytes *out)
{
    unsigned at = names.next++ % NAME_BUFFERS;

    if (at == 0)
        os_thread_at_end(forget_names);
    memory_free(names.text[at]);
    if (bytes_as_text(out) == NULL)
        bytes_free(out);
    names.text[at] = (char *)out->data;
    *out = (Bytes){0};
    return names.text[at] != NULL ? names.text[at] : "?";
}

const char *java_external_name(SymbolRef class_name)
{
    Bytes out = {0};

    if (class_name == 0)
        return "?";
    append_dotted(&out, class_name);
    return java_keep_text(&out);
}

const char *java_class_external_name(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    Bytes out = {0};

    if (java_class_is_array(class_index)) {
        append_type(&out, symbol_text(class->name), symbol_length(class->name));
        return java_keep_text(&out);
    }
    append_dotted(&out, class->name);
    if (java_class_flags(class) & JAVA_CLASS_HIDDEN) { /* the last separator of a hidden class's name is a slash: p.A/0x1 */
        for (size_t i = out.size; i-- > 0;) {
            if (out.data[i] == '+') {
                out.data[i] = '/';
                break;
            }
        }
    }
    return java_keep_text(&out);
}
