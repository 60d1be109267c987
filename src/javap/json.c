/* json.c - a class file as JSON, for other tools: everything that is in it, with constants resolved.
 *
 * Attributes are described by texts: fields in their order in the file, parted by blanks, each a name and a type:
 *
 *     a:1 a:2 a:4     a number of so many bytes
 *     a:u             a Utf8 by its index (0: null)
 *     a:k             any constant by its index (0: null), as an object
 *     a:C a:I a:F a:M access flags of a class, an inner class, a field, a method
 *     a:xN            N is 1 or 2: a count of so many bytes, and so many bytes in hexadecimal
 *     a:[N ... ]      N is 1 or 2: a count of so many bytes, and so many objects of the fields up to the bracket
 *     a:(N T)         the same, of single values of type T
 *     a:@ a:= a:T a:S a:A   an annotation, an element's value, an annotation of a type, a stack map frame, attributes
 *     a:*             the rest as text */
#include <math.h>

#include "base/decimal.h"
#include "javap/bytecode.h"
#include "javap/javap_internal.h"

static const struct {
    const char *name, *fields;
} schemas[] = {
    {"ConstantValue", "value:k"},
    {"SourceFile", "file:u"},
    {"Signature", "signature:u"},
    {"Deprecated", ""},
    {"Synthetic", ""},
    {"Exceptions", "exceptions:(2 k)"},
    {"LineNumberTable", "lines:[2 startPc:2 line:2 ]"},
    {"LocalVariableTable", "variables:[2 startPc:2 length:2 name:u descriptor:u index:2 ]"},
    {"LocalVariableTypeTable", "variables:[2 startPc:2 length:2 name:u signature:u index:2 ]"},
    {"InnerClasses", "classes:[2 inner:k outer:k name:u flags:I ]"},
    {"EnclosingMethod", "class:k method:k"},
    {"SourceDebugExtension", "text:*"},
    {"BootstrapMethods", "methods:[2 method:k arguments:(2 k) ]"},
    {"MethodParameters", "parameters:[1 name:u flags:2 ]"},
    {"NestHost", "host:k"},
    {"NestMembers", "members:(2 k)"},
    {"PermittedSubclasses", "classes:(2 k)"},
    {"Record", "components:[2 name:u descriptor:u attributes:A ]"},
    {"StackMapTable", "frames:(2 S)"},
    {"RuntimeVisibleAnnotations", "annotations:(2 @)"},
    {"RuntimeInvisibleAnnotations", "annotations:(2 @)"},
    {"RuntimeVisibleTypeAnnotations", "annotations:(2 T)"},
    {"RuntimeInvisibleTypeAnnotations", "annotations:(2 T)"},
    {"RuntimeVisibleParameterAnnotations", "parameters:[1 annotations:(2 @) ]"},
    {"RuntimeInvisibleParameterAnnotations", "parameters:[1 annotations:(2 @) ]"},
    {"AnnotationDefault", "default:="},
    {"Module",
     "module:k flags:2 version:u requires:[2 module:k flags:2 version:u ] exports:[2 package:k flags:2 to:(2 k) ] "
     "opens:[2 package:k flags:2 to:(2 k) ] uses:(2 k) provides:[2 service:k with:(2 k) ]"},
    {"ModulePackages", "packages:(2 k)"},
    {"ModuleMainClass", "class:k"},
    {"ModuleTarget", "platform:u"},
    {"ModuleResolution", "flags:2"},
    {"ModuleHashes", "algorithm:u hashes:[2 module:k hash:x2 ]"},
};

static void write_attributes(Printer *printer, AttributeList list);
static void write_value(Printer *printer, Reader *reader, const char **schema);

/* ---- pieces ---- */

static void open_bracket(Printer *printer, char c) { output_char(printer->out, c); }

/* A comma, unless something has just been opened. */
static void part(Printer *printer)
{
    Output *out = printer->out;
    if (out->at > out->start && strchr("{[:", out->at[-1]) == NULL) output_char(out, ',');
}

static void write_name(Printer *printer, const char *name, size_t size)
{
    part(printer);
    output_char(printer->out, '"');
    output_bytes(printer->out, name, size);
    output_bytes(printer->out, "\":", 2);
}

static void key(Printer *printer, const char *name) { write_name(printer, name, strlen(name)); }

static void write_number_field(Printer *printer, const char *name, int64_t value)
{
    key(printer, name);
    output_number(printer->out, value);
}

static void write_unit(Output *out, int unit)
{
    if (unit == '"' || unit == '\\') {
        output_char(out, '\\');
        output_char(out, (char)unit);
    } else if (unit < 0x20 || unit == 0x7f || (unit >= 0xd800 && unit < 0xe000)) {
        output_text(out, "\\u");
        output_hex(out, (uint64_t)unit, 4);
    } else {
        output_character(out, (uint32_t)unit);
    }
}

/* Text of the command line or a constant name: no Utf8 of a class file. */
static void write_text(Printer *printer, const char *text)
{
    output_char(printer->out, '"');
    for (; *text != 0; text++)
        if ((unsigned char)*text >= 0x80)
            output_char(printer->out, *text);
        else
            write_unit(printer->out, *text);
    output_char(printer->out, '"');
}

static void write_text_field(Printer *printer, const char *name, const char *text)
{
    key(printer, name);
    write_text(printer, text);
}

/* Half pairs stay what they are, as escapes. */
static void write_utf8(Printer *printer, unsigned index)
{
    const Constant *utf8;
    const uint8_t *at, *end;
    int unit;

    if (index == 0) {
        output_text(printer->out, "null");
        return;
    }
    utf8 = printer_utf8(printer, index);
    at = printer->class->bytes + utf8->at;
    end = at + utf8->size;
    output_char(printer->out, '"');
    if (utf8->flags & UTF8_PLAIN)
        output_bytes(printer->out, at, utf8->size);
    else
        while ((unit = utf8_next_unit(&at, end)) >= 0) write_unit(printer->out, unit);
    output_char(printer->out, '"');
}

static void write_utf8_field(Printer *printer, const char *name, unsigned index)
{
    key(printer, name);
    write_utf8(printer, index);
}

static void write_flags(Printer *printer, unsigned flags, enum FlagOwner owner)
{
    open_bracket(printer, '[');
    for (unsigned bit = 1; bit <= 0x8000; bit <<= 1) {
        char number[8] = "0x";
        const char *name = flag_name(bit, owner);
        if (!(flags & bit)) continue;
        part(printer);
        for (int i = 0; i < 4; i++) number[2 + i] = "0123456789abcdef"[bit >> (12 - 4 * i) & 15];
        write_text(printer, name != NULL ? name : number);
    }
    output_char(printer->out, ']');
}

static void write_hex(Printer *printer, const uint8_t *bytes, size_t size)
{
    output_char(printer->out, '"');
    for (size_t i = 0; i < size && !printer_is_stopped(printer); i++) output_hex(printer->out, bytes[i], 2);
    output_char(printer->out, '"');
}

/* ---- constants ---- */

static void write_name_and_type(Printer *printer, unsigned index)
{
    const Constant *pair = printer_constant(printer, index, CONSTANT_NAME_AND_TYPE);
    write_utf8_field(printer, "name", constant_first(printer->class, pair));
    write_utf8_field(printer, "descriptor", constant_second(printer->class, pair));
}

static void write_reference(Printer *printer, const Constant *reference)
{
    const Constant *class = printer_constant(printer, constant_first(printer->class, reference), CONSTANT_CLASS);
    write_utf8_field(printer, "class", constant_first(printer->class, class));
    write_name_and_type(printer, constant_second(printer->class, reference));
}

static void write_method_handle(Printer *printer, const Constant *handle)
{
    const ClassFile *class = printer->class;
    const char *kind = reference_kind_name(class->bytes[handle->at]);
    unsigned index = read_be16(class->bytes + handle->at + 1);
    unsigned tag = index < class->constant_count ? class->constants[index].tag : CONSTANT_NONE;

    if (kind == NULL || tag < CONSTANT_FIELD || tag > CONSTANT_INTERFACE_METHOD) {
        printer_fail(printer, handle->at, "a method handle refers to nothing of its kind");
        return;
    }
    write_text_field(printer, "kind", kind);
    write_reference(printer, &class->constants[index]);
}

/* What is no number in JSON is text. */
static void write_floating(Printer *printer, double value, bool is_single)
{
    if (isnan(value) || isinf(value)) {
        write_text(printer, isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
    } else if (is_single) {
        print_float(printer->out, (float)value);
    } else {
        print_double(printer->out, value);
    }
}

static void write_numeric(Printer *printer, const Constant *constant)
{
    const uint8_t *at = printer->class->bytes + constant->at;
    uint32_t word = read_be32(at);
    float single;
    double number;

    key(printer, "value");
    if (constant->tag == CONSTANT_INTEGER) {
        output_number(printer->out, (int32_t)word);
    } else if (constant->tag == CONSTANT_LONG) {
        output_number(printer->out, (int64_t)read_be64(at));
    } else if (constant->tag == CONSTANT_FLOAT) {
        memcpy(&single, &word, sizeof single);
        write_floating(printer, (double)single, true);
    } else {
        uint64_t bits = read_be64(at);
        memcpy(&number, &bits, sizeof number);
        write_floating(printer, number, false);
    }
}

static void write_constant_fields(Printer *printer, const Constant *constant, unsigned index)
{
    unsigned first = constant_first(printer->class, constant);

    switch (constant->tag) {
    case CONSTANT_UTF8: write_utf8_field(printer, "value", index); break;
    case CONSTANT_STRING: write_utf8_field(printer, "value", first); break;
    case CONSTANT_CLASS:
    case CONSTANT_MODULE:
    case CONSTANT_PACKAGE: write_utf8_field(printer, "name", first); break;
    case CONSTANT_FIELD:
    case CONSTANT_METHOD:
    case CONSTANT_INTERFACE_METHOD: write_reference(printer, constant); break;
    case CONSTANT_NAME_AND_TYPE: write_name_and_type(printer, index); break;
    case CONSTANT_METHOD_HANDLE: write_method_handle(printer, constant); break;
    case CONSTANT_METHOD_TYPE: write_utf8_field(printer, "descriptor", first); break;
    case CONSTANT_DYNAMIC:
    case CONSTANT_INVOKE_DYNAMIC:
        write_number_field(printer, "bootstrapMethod", first);
        write_name_and_type(printer, constant_second(printer->class, constant));
        break;
    default: write_numeric(printer, constant); break;
    }
}

static void write_constant(Printer *printer, unsigned index)
{
    const ClassFile *class = printer->class;

    if (index == 0) {
        output_text(printer->out, "null");
        return;
    }
    if (index >= class->constant_count || class->constants[index].tag == CONSTANT_NONE) {
        printer_fail(printer, 8, "there is no constant #%u: the pool's size is %u,", index, class->constant_count);
        return;
    }
    open_bracket(printer, '{');
    write_number_field(printer, "index", index);
    write_text_field(printer, "tag", constant_tag_name(class->constants[index].tag));
    write_constant_fields(printer, &class->constants[index], index);
    output_char(printer->out, '}');
}

/* ---- annotations and frames ---- */

static void write_schema(Printer *printer, Reader *reader, const char *fields)
{
    while (*fields != 0 && *fields != ']' && printer_check(printer, reader)) {
        size_t size = strcspn(fields, ":");
        write_name(printer, fields, size);
        fields += size + 1;
        write_value(printer, reader, &fields);
        fields += *fields == ' ';
    }
}

static void write_object(Printer *printer, Reader *reader, const char *fields)
{
    open_bracket(printer, '{');
    write_schema(printer, reader, fields);
    output_char(printer->out, '}');
}

static void write_element_value(Printer *printer, Reader *reader)
{
    size_t at = reader->position;
    char tag[2] = {(char)reader_u8(reader), 0};

    if (!printer_enter(printer, at)) return;
    open_bracket(printer, '{');
    write_text_field(printer, "tag", tag);
    switch (*tag) {
    case 'e': write_schema(printer, reader, "type:u constant:u"); break;
    case 'c': write_schema(printer, reader, "class:u"); break;
    case '@': write_schema(printer, reader, "annotation:@"); break;
    case '[': write_schema(printer, reader, "values:(2 =)"); break;
    case 'B':
    case 'C':
    case 'D':
    case 'F':
    case 'I':
    case 'J':
    case 'S':
    case 'Z':
    case 's': write_schema(printer, reader, "value:k"); break;
    default: printer_fail(printer, at, "an annotation's value has the unknown tag %u", (unsigned char)*tag); break;
    }
    output_char(printer->out, '}');
    printer_leave(printer);
}

static void write_type_annotation(Printer *printer, Reader *reader)
{
    unsigned target = reader_u8(reader);

    open_bracket(printer, '{');
    write_number_field(printer, "target", target);
    if (target <= 0x01 || target == 0x16)
        write_schema(printer, reader, "parameter:1");
    else if (target == 0x10 || target == 0x17)
        write_schema(printer, reader, "type:2");
    else if (target == 0x11 || target == 0x12)
        write_schema(printer, reader, "parameter:1 bound:1");
    else if (target == 0x40 || target == 0x41)
        write_schema(printer, reader, "ranges:[2 startPc:2 length:2 index:2 ]");
    else if (target == 0x42)
        write_schema(printer, reader, "exception:2");
    else if (target >= 0x43 && target <= 0x46)
        write_schema(printer, reader, "pc:2");
    else if (target >= 0x47 && target <= 0x4b)
        write_schema(printer, reader, "pc:2 argument:1");
    else if (target < 0x13 || target > 0x15)
        printer_fail(printer, reader->position - 1, "an annotation of a type has the unknown target %u", target);
    write_schema(printer, reader, "path:[1 kind:1 argument:1 ] annotation:@");
    output_char(printer->out, '}');
}

static void write_verification_types(Printer *printer, Reader *reader, const char *name, unsigned count)
{
    static const char *const names[] = {"top",   "int",          "float", "double", "long", "null", "uninitializedThis",
                                        "class", "uninitialized"};

    key(printer, name);
    open_bracket(printer, '[');
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        unsigned tag = reader_u8(reader);
        if (tag >= COUNT_OF(names)) {
            printer_fail(printer, reader->position - 1, "a verification type has the unknown tag %u", tag);
            return;
        }
        part(printer);
        open_bracket(printer, '{');
        write_text_field(printer, "type", names[tag]);
        write_schema(printer, reader, tag == 7 ? "class:k" : tag == 8 ? "pc:2" : "");
        output_char(printer->out, '}');
    }
    output_char(printer->out, ']');
}

static void write_frame(Printer *printer, Reader *reader)
{
    unsigned type = reader_u8(reader);

    open_bracket(printer, '{');
    write_number_field(printer, "frameType", type);
    if (type >= 128 && type < 247)
        printer_fail(printer, reader->position - 1, "a stack map frame has the unknown type %u", type);
    write_number_field(printer, "offsetDelta", type < 128 ? type & 63 : reader_be16(reader));
    if (type > 251) write_verification_types(printer, reader, "locals", type == 255 ? reader_be16(reader) : type - 251);
    if (type == 255 || (type >= 64 && type <= 247))
        write_verification_types(printer, reader, "stack", type == 255 ? reader_be16(reader) : 1);
    output_char(printer->out, '}');
}

/* ---- values of a schema ---- */

static unsigned read_count(Reader *reader, char size) { return size == '1' ? reader_u8(reader) : reader_be16(reader); }

/* Behind the bracket that closes what was opened before `schema`. */
static const char *skip_brackets(const char *schema)
{
    for (int depth = 1; depth > 0; schema++)
        depth += (*schema == '[' || *schema == '(') - (*schema == ']' || *schema == ')');
    return schema;
}

static void write_list(Printer *printer, Reader *reader, const char *schema, bool are_objects)
{
    unsigned count = read_count(reader, *schema);

    open_bracket(printer, '[');
    for (unsigned i = 0; i < count && printer_check(printer, reader); i++) {
        const char *item = schema + 2;
        part(printer);
        if (are_objects)
            write_object(printer, reader, item);
        else
            write_value(printer, reader, &item);
    }
    output_char(printer->out, ']');
}

static void write_bytes(Printer *printer, Reader *reader, size_t size)
{
    const uint8_t *bytes = reader_take(reader, size);
    if (bytes != NULL) write_hex(printer, bytes, size);
}

/* The text of a SourceDebugExtension, whose bytes need not be UTF-8: those beyond ASCII are taken as Latin-1. */
static void write_rest(Printer *printer, Reader *reader)
{
    output_char(printer->out, '"');
    while (reader_left(reader) > 0 && !printer_is_stopped(printer)) write_unit(printer->out, reader_u8(reader));
    output_char(printer->out, '"');
}

static void write_nested_attributes(Printer *printer, Reader *reader)
{
    AttributeList list = {0};

    if (classfile_attributes_skip(printer->class, reader, &list) != OK && printer->result == OK)
        printer->result = ERROR_FORMAT;
    write_attributes(printer, list);
}

static void write_value(Printer *printer, Reader *reader, const char **schema)
{
    char type = *(*schema)++;

    switch (type) {
    case '1': output_number(printer->out, reader_u8(reader)); break;
    case '2': output_number(printer->out, reader_be16(reader)); break;
    case 'u': write_utf8(printer, reader_be16(reader)); break;
    case 'k': write_constant(printer, reader_be16(reader)); break;
    case 'I': write_flags(printer, reader_be16(reader), FLAGS_INNER_CLASS); break;
    case 'x': write_bytes(printer, reader, read_count(reader, *(*schema)++)); break;
    case '@': write_object(printer, reader, "type:u elements:[2 name:u value:= ]"); break;
    case '=': write_element_value(printer, reader); break;
    case 'T': write_type_annotation(printer, reader); break;
    case 'S': write_frame(printer, reader); break;
    case 'A': write_nested_attributes(printer, reader); break;
    case '*': write_rest(printer, reader); break;
    default: /* '[' or '(' */
        write_list(printer, reader, *schema, type == '[');
        *schema = skip_brackets(*schema);
        break;
    }
}

/* ---- code ---- */

static void write_cases(Printer *printer, const Instruction *instruction)
{
    int64_t match, target;

    write_number_field(printer, "default", instruction->target);
    key(printer, "cases");
    open_bracket(printer, '[');
    for (uint32_t i = 0; i < instruction->case_count && !printer_is_stopped(printer); i++) {
        instruction_case(instruction, i, &match, &target);
        part(printer);
        output_format(printer->out, "[%lld,%lld]", (long long)match, (long long)target);
    }
    output_char(printer->out, ']');
}

static void write_operands(Printer *printer, const Instruction *instruction)
{
    switch (instruction->operands) {
    case OPERANDS_VALUE: write_number_field(printer, "value", instruction->value); break;
    case OPERANDS_ARRAY_TYPE: write_text_field(printer, "type", bytecode_array_type(instruction->value)); break;
    case OPERANDS_LOCAL: write_number_field(printer, "local", instruction->index); break;
    case OPERANDS_LOCAL_AND_VALUE:
        write_number_field(printer, "local", instruction->index);
        write_number_field(printer, "value", instruction->value);
        break;
    case OPERANDS_CONSTANT:
    case OPERANDS_CONSTANT_AND_VALUE:
        key(printer, "constant");
        write_constant(printer, instruction->index);
        if (instruction->operands == OPERANDS_CONSTANT_AND_VALUE)
            write_number_field(printer, "value", instruction->value);
        break;
    case OPERANDS_BRANCH: write_number_field(printer, "target", instruction->target); break;
    case OPERANDS_TABLE:
    case OPERANDS_LOOKUP: write_cases(printer, instruction); break;
    default: break;
    }
}

static void write_instructions(Printer *printer, const CodeParts *code)
{
    Reader reader = code->instructions;
    size_t start = reader.position;
    Instruction instruction;

    key(printer, "instructions");
    open_bracket(printer, '[');
    while (reader_left(&reader) > 0 && !printer_is_stopped(printer)) {
        printer->result = instruction_read(&reader, start, &instruction);
        if (printer->result != OK) break;
        part(printer);
        open_bracket(printer, '{');
        write_number_field(printer, "pc", instruction.pc);
        write_number_field(printer, "opcode", instruction.opcode);
        if (instruction.name != NULL) write_text_field(printer, "name", instruction.name);
        if (instruction.is_wide) write_number_field(printer, "wide", 1);
        write_operands(printer, &instruction);
        output_char(printer->out, '}');
    }
    output_char(printer->out, ']');
}

static void write_code(Printer *printer, const Attribute *attribute)
{
    CodeParts code;
    Reader exceptions;

    if (printer->result == OK) printer->result = code_parts_read(printer->class, attribute, &code);
    if (printer_is_stopped(printer)) return;
    write_number_field(printer, "maxStack", code.stack);
    write_number_field(printer, "maxLocals", code.locals);
    write_instructions(printer, &code);
    exceptions = code.exceptions;
    exceptions.position -= 2; /* with its count */
    write_schema(printer, &exceptions, "exceptionTable:[2 startPc:2 endPc:2 handlerPc:2 type:k ]");
    key(printer, "attributes");
    write_attributes(printer, code.attributes);
}

/* ---- attributes, members, classes ---- */

static const char *find_schema(const Printer *printer, unsigned name)
{
    for (size_t i = 0; i < COUNT_OF(schemas); i++)
        if (classfile_utf8_is(printer->class, name, schemas[i].name)) return schemas[i].fields;
    return NULL;
}

static void write_attribute(Printer *printer, const Attribute *attribute)
{
    const char *schema = find_schema(printer, attribute->name);
    Reader reader = attribute_reader(printer, attribute);

    part(printer);
    open_bracket(printer, '{');
    write_utf8_field(printer, "name", attribute->name);
    if (schema != NULL) {
        write_schema(printer, &reader, schema);
        (void)printer_check(printer, &reader);
    } else if (classfile_utf8_is(printer->class, attribute->name, "Code")) {
        write_code(printer, attribute);
    } else {
        key(printer, "bytes");
        write_hex(printer, printer->class->bytes + attribute->at, attribute->size);
    }
    output_char(printer->out, '}');
}

static void write_attributes(Printer *printer, AttributeList list)
{
    uint32_t position = list.at;

    open_bracket(printer, '[');
    if (printer_enter(printer, position)) {
        for (unsigned i = 0; i < list.count && !printer_is_stopped(printer); i++) {
            Attribute attribute = classfile_attribute_next(printer->class, &position);
            write_attribute(printer, &attribute);
        }
        printer_leave(printer);
    }
    output_char(printer->out, ']');
}

static void write_members(Printer *printer, const char *name, const Member *members, unsigned count,
                          enum FlagOwner owner)
{
    key(printer, name);
    open_bracket(printer, '[');
    for (unsigned i = 0; i < count && !printer_is_stopped(printer); i++) {
        part(printer);
        open_bracket(printer, '{');
        key(printer, "flags");
        write_flags(printer, members[i].access, owner);
        write_utf8_field(printer, "name", members[i].name);
        write_utf8_field(printer, "descriptor", members[i].descriptor);
        key(printer, "attributes");
        write_attributes(printer, members[i].attributes);
        output_char(printer->out, '}');
    }
    output_char(printer->out, ']');
}

static void write_pool(Printer *printer)
{
    key(printer, "constantPool");
    open_bracket(printer, '[');
    for (unsigned i = 1; i < printer->class->constant_count && !printer_is_stopped(printer); i++)
        if (printer->class->constants[i].tag != CONSTANT_NONE) {
            part(printer);
            write_constant(printer, i);
        }
    output_char(printer->out, ']');
}

static void write_class(Printer *printer, const JavapSource *source)
{
    const ClassFile *class = printer->class;
    Reader interfaces = {class->bytes, class->size, class->interfaces_at - 2, false}; /* with their count */

    open_bracket(printer, '{');
    write_text_field(printer, "source", source->uri);
    write_number_field(printer, "size", (int64_t) class->size);
    write_number_field(printer, "minorVersion", class->minor);
    write_number_field(printer, "majorVersion", class->major);
    write_pool(printer);
    key(printer, "flags");
    write_flags(printer, class->access, FLAGS_CLASS);
    key(printer, "thisClass");
    write_constant(printer, class->this_class);
    key(printer, "superClass");
    write_constant(printer, class->super_class);
    write_schema(printer, &interfaces, "interfaces:(2 k)");
    write_members(printer, "fields", class->fields, class->field_count, FLAGS_FIELD);
    write_members(printer, "methods", class->methods, class->method_count, FLAGS_METHOD);
    key(printer, "attributes");
    write_attributes(printer, class->attributes);
    output_char(printer->out, '}');
}

static Result write_once(Output *out, const ClassFile *class, const JavapSource *source)
{
    Printer printer = {.out = out, .class = class};

    out->limit = out->total + PRINTER_TEXT_LIMIT(class->size);
    write_class(&printer, source);
    return out->failed && printer.result == OK ? ERROR_IO : printer.result;
}

/* First for nothing: a defect must not leave half an object in the text. */
Result javap_print_json(Output *out, const ClassFile *class, const JavapSource *source)
{
    Result result;

    output_discard(out, true);
    result = write_once(out, class, source);
    output_discard(out, false);
    return result == OK ? write_once(out, class, source) : result;
}
