/* classfile_member.c - fields and methods of a class file, with their attributes (JVMS 4.5 - 4.7). */
#include <string.h>

#include "java/classfile.h"

/* ---- annotations ---- */

#define NESTING 32

/* Passes an element_value; false: too deep, or cut off. Containers that are open stand on a stack of counts, those of
 * annotations (whose elements have names) marked. */
static bool skip_element_value(Reader *reader)
{
    struct {
        uint32_t left;
        bool named;
    } open[NESTING];
    int depth = 0;

    open[0].left = 1;
    open[0].named = false;
    while (depth >= 0) {
        if (reader->failed)
            return false;
        if (open[depth].left == 0) {
            depth--;
            continue;
        }
        open[depth].left--;
        if (open[depth].named)
            reader_skip(reader, 2);
        uint8_t tag = reader_u8(reader);
        if (tag == 'e') {
            reader_skip(reader, 4);
        } else if (tag == '[' || tag == '@') {
            if (tag == '@')
                reader_skip(reader, 2);
            if (++depth == NESTING)
                return false;
            open[depth].left = reader_be16(reader);
            open[depth].named = tag == '@';
        } else {
            reader_skip(reader, 2);
        }
    }
    return !reader->failed;
}

static uint32_t annotation_bit(SymbolRef type)
{
    if (type == SYM(ANNOTATION_HIDDEN) || type == SYM(ANNOTATION_JDK_HIDDEN))
        return ANNOTATES_HIDDEN;
    if (type == SYM(ANNOTATION_FORCE_INLINE))
        return ANNOTATES_FORCE_INLINE;
    if (type == SYM(ANNOTATION_DONT_INLINE))
        return ANNOTATES_DONT_INLINE;
    if (type == SYM(ANNOTATION_INTRINSIC))
        return ANNOTATES_INTRINSIC;
    if (type == SYM(ANNOTATION_RESERVED_STACK))
        return ANNOTATES_RESERVED_STACK;
    if (type == SYM(ANNOTATION_SCOPED))
        return ANNOTATES_SCOPED;
    if (type == SYM(ANNOTATION_CALLER_SENSITIVE))
        return ANNOTATES_CALLER_SENSITIVE;
    if (type == SYM(ANNOTATION_LAMBDA_COMPILED))
        return ANNOTATES_COMPILED;
    return 0;
}

uint32_t class_file_annotations(const ClassFile *file, Reader contents, uint32_t offset, uint32_t *ffi)
{
    unsigned count = reader_be16(&contents);
    uint32_t bits = 0;

    for (unsigned i = 0; i < count && !contents.failed; i++) {
        uint32_t start = offset + (uint32_t)contents.position;
        unsigned type = reader_be16(&contents), pairs = reader_be16(&contents);
        if (contents.failed || !pool_is(file, type, CONSTANT_UTF8))
            break;
        bits |= annotation_bit(pool_utf8(file, type));
        if (pool_utf8(file, type) == SYM(ANNOTATION_FFI))
            *ffi = start;
        for (unsigned j = 0; j < pairs; j++) {
            reader_skip(&contents, 2);
            if (!skip_element_value(&contents))
                return bits;
        }
    }
    return bits;
}

/* ---- what fields and methods share ---- */

/* Finds two members of one name and descriptor: an open hash of indexes. */
static bool find_duplicate(const uint64_t *keys, uint32_t count, uint32_t *which, bool *memory)
{
    Table seen = {0};
    bool found = false;

    *memory = true;
    for (uint32_t i = 0; i < count && !found; i++) {
        if (table_get(&seen, keys[i], NULL)) {
            *which = i;
            found = true;
        } else if (table_set(&seen, keys[i], i) != OK) {
            *memory = false;
            break;
        }
    }
    table_free(&seen);
    return found;
}

static bool one_of(unsigned flags, unsigned a, unsigned b, unsigned c) /* at most one */
{
    return ((flags & a) != 0) + ((flags & b) != 0) + ((flags & c) != 0) <= 1;
}

/* ---- fields ---- */

static bool field_flags_are_legal(const ClassFile *file, unsigned flags)
{
    bool interface = (file->class.access_flags & ACCESS_INTERFACE) != 0;
    unsigned constant = ACCESS_PUBLIC | ACCESS_STATIC | ACCESS_FINAL;

    if (interface)
        return (flags & constant) == constant &&
               (flags & (ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_VOLATILE | ACCESS_TRANSIENT)) == 0 &&
               !(file->class.major >= 49 && (flags & ACCESS_ENUM));
    return one_of(flags, ACCESS_PUBLIC, ACCESS_PRIVATE, ACCESS_PROTECTED) &&
           !((flags & ACCESS_FINAL) && (flags & ACCESS_VOLATILE));
}

static bool read_constant_value(ClassFile *file, Reader *reader, JavaField *field)
{
    CHECK_FORMAT(field->constant_value == 0, "Duplicate ConstantValue attribute in class file %s", FILE_NAME(file));
    CHECK_FORMAT(file->attribute_length == 2, "Invalid ConstantValue field attribute length %u in class file %s", file->attribute_length,
                 FILE_NAME(file));
    unsigned index = reader_be16(reader);
    CHECK_READ(reader);
    CHECK_FORMAT(index != 0 && index < file->class.cp_count, "Bad initial value index %u in ConstantValue attribute in class file %s",
                 index, FILE_NAME(file));
    uint8_t tag = file->tags[index], wanted;
    switch (field->type) {
    case 'J': wanted = CONSTANT_LONG; break;
    case 'F': wanted = CONSTANT_FLOAT; break;
    case 'D': wanted = CONSTANT_DOUBLE; break;
    case 'I': case 'S': case 'C': case 'B': case 'Z': wanted = CONSTANT_INTEGER; break;
    default:
        wanted = CONSTANT_STRING;
        CHECK_FORMAT(field->descriptor == SYM(STRING_DESCRIPTOR) && tag == CONSTANT_STRING, "Bad string initial value in class file %s",
                     FILE_NAME(file));
    }
    CHECK_FORMAT(tag == wanted, "Inconsistent constant value type in class file %s", FILE_NAME(file));
    field->constant_value = (uint16_t)index;
    return true;
}

static bool read_field_attribute(ClassFile *file, Reader *reader, JavaField *field, uint32_t *seen)
{
    SymbolRef name;
    uint32_t offset;

    if (!class_file_attribute(file, reader, "Invalid field attribute index %u in class file %s", &name, &offset))
        return false;
    if (name == SYM(CONSTANT_VALUE) && (field->access_flags & ACCESS_STATIC))
        return read_constant_value(file, reader, field);
    if (name == SYM(SYNTHETIC))
        field->access_flags |= ACCESS_SYNTHETIC;
    if (name == SYM(SYNTHETIC) || name == SYM(DEPRECATED))
        return class_file_empty_attribute(file, name, "field");
    if (file->class.major < 49)
        return class_file_skip_attribute(file, reader);
    if (!class_file_once(file, seen, name, " for field"))
        return false;
    if (name == SYM(SIGNATURE)) {
        CHECK_FORMAT(file->attribute_length == 2, "Wrong size %u for field's Signature attribute in class file %s", file->attribute_length,
                     FILE_NAME(file));
        return class_file_signature(file, reader, &field->signature);
    }
    if (name == SYM(VISIBLE_ANNOTATIONS))
        field->annotations = offset;
    else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS))
        field->type_annotations = offset;
    return class_file_skip_attribute(file, reader);
}

#define FIELD_FLAGS (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_VOLATILE | \
                     ACCESS_TRANSIENT | ACCESS_ENUM | ACCESS_SYNTHETIC)

static bool read_field(ClassFile *file, Reader *reader, JavaField *field)
{
    unsigned flags = reader_be16(reader) & FIELD_FLAGS;
    unsigned name = reader_be16(reader), descriptor = reader_be16(reader), attributes = reader_be16(reader);
    uint32_t seen = 0;

    CHECK_READ(reader);
    CHECK_FORMAT(field_flags_are_legal(file, flags), "Illegal field modifiers in class %s: 0x%X", FILE_NAME(file), flags);
    CHECK_FORMAT(pool_is(file, name, CONSTANT_UTF8), "Invalid constant pool index %u for field name in class file %s", name,
                 FILE_NAME(file));
    field->name = pool_utf8(file, name);
    field->access_flags = (uint16_t)flags;
    if (file->strict && !class_file_name_is_legal(file, field->name, CONSTANT_FIELD))
        return false;
    CHECK_FORMAT(pool_is(file, descriptor, CONSTANT_UTF8), "Invalid constant pool index %u for field signature in class file %s",
                 descriptor, FILE_NAME(file));
    field->descriptor = pool_utf8(file, descriptor);
    if (!class_file_check_field(file, "Field", field->name, field->descriptor))
        return false;
    field->type = (uint8_t)symbol_text(field->descriptor)[0];
    for (unsigned i = 0; i < attributes; i++)
        if (!read_field_attribute(file, reader, field, &seen))
            return false;
    return true;
}

#define INJECTED_MOST 8

bool class_file_read_fields(ClassFile *file, Reader *reader)
{
    unsigned count = reader_be16(reader);
    uint64_t *keys;
    uint32_t which = 0;
    bool memory, duplicate;

    CHECK_READ(reader);
    file->fields = memory_allocate_array(count + INJECTED_MOST, sizeof(JavaField));
    CHECK_MEMORY(file->fields);
    file->class.field_count = count;
    for (unsigned i = 0; i < count; i++) {
        file->fields[i].index = (uint16_t)i;
        if (!read_field(file, reader, &file->fields[i]))
            return false;
    }
    if (count < 2 || !file->strict)
        return true;
    keys = memory_allocate_array(count, sizeof(uint64_t));
    CHECK_MEMORY(keys);
    for (unsigned i = 0; i < count; i++)
        keys[i] = file->fields[i].name | (uint64_t)file->fields[i].descriptor << 32;
    duplicate = find_duplicate(keys, count, &which, &memory);
    memory_free(keys);
    CHECK_FORMAT(!duplicate, "Duplicate field name \"%s\" with signature \"%s\" in class file %s",
                 symbol_text(file->fields[which].name), symbol_text(file->fields[which].descriptor), FILE_NAME(file));
    return true;
}

/* ---- Code ---- */

/* LocalVariableTable and LocalVariableTypeTable: entries of start_pc, length, name, descriptor or signature, index. */
#define VARIABLE_BYTES 10

static bool check_variable(ClassFile *file, const JavaMethod *method, const uint8_t *entry, const char *table, bool has_descriptor)
{
    unsigned start = read_be16(entry), length = read_be16(entry + 2), name = read_be16(entry + 4), descriptor = read_be16(entry + 6);
    unsigned index = read_be16(entry + 8);

    CHECK_FORMAT(start < method->code_length, "Invalid start_pc %u in %s in class file %s", start, table, FILE_NAME(file));
    CHECK_FORMAT(start + length <= method->code_length, "Invalid length %u in %s in class file %s", length, table, FILE_NAME(file));
    CHECK_FORMAT(pool_is(file, name, CONSTANT_UTF8), "Name index %u in %s has bad constant type in class file %s", name, table,
                 FILE_NAME(file));
    CHECK_FORMAT(pool_is(file, descriptor, CONSTANT_UTF8), "Signature index %u in %s has bad constant type in class file %s", descriptor, table,
                 FILE_NAME(file));
    const char *text = symbol_text(pool_utf8(file, descriptor));
    if (!class_file_name_is_legal(file, pool_utf8(file, name), CONSTANT_FIELD))
        return false;
    if (has_descriptor && !class_file_check_field(file, "Field", pool_utf8(file, name), pool_utf8(file, descriptor)))
        return false;
    bool wide = has_descriptor && (*text == 'J' || *text == 'D');
    CHECK_FORMAT(index + wide < method->max_locals, "Invalid index %u in %s in class file %s", index, table, FILE_NAME(file));
    return true;
}

static bool read_variables(ClassFile *file, Reader *reader, const JavaMethod *method, const char *table, bool has_descriptor)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    CHECK_FORMAT(file->attribute_length == 2 + VARIABLE_BYTES * (size_t)count, "%s has wrong length in class file %s", table, FILE_NAME(file));
    CHECK_LEFT(reader, VARIABLE_BYTES * (size_t)count);
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *entry = reader_take(reader, VARIABLE_BYTES);
        if (file->strict && !check_variable(file, method, entry, table, has_descriptor))
            return false;
    }
    return true;
}

/* Each entry of the type table says more about one of the other. */
static bool check_variable_types(ClassFile *file, const JavaMethod *method)
{
    const uint8_t *types = file->bytes + method->local_types, *variables = file->bytes + method->local_variables;
    unsigned type_count = method->local_types != 0 ? read_be16(types) : 0;
    unsigned count = method->local_variables != 0 ? read_be16(variables) : 0;

    for (unsigned i = 0; i < type_count && count != 0 && file->strict; i++) {
        const uint8_t *type = types + 2 + VARIABLE_BYTES * i;
        bool found = false;
        for (unsigned j = 0; j < count && !found; j++) {
            const uint8_t *variable = variables + 2 + VARIABLE_BYTES * j;
            found = memcmp(type, variable, 6) == 0 && memcmp(type + 8, variable + 8, 2) == 0;
        }
        CHECK_FORMAT(found, "LVTT entry for '%s' in class file %s does not match any LVT entry",
                     symbol_text(pool_utf8(file, read_be16(type + 4))), FILE_NAME(file));
    }
    return true;
}

static bool read_line_numbers(ClassFile *file, Reader *reader, uint32_t offset, JavaMethod *method)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    CHECK_FORMAT(file->attribute_length == 2 + 4 * (size_t)count, "LineNumberTable attribute has wrong length in class file %s", FILE_NAME(file));
    CHECK_LEFT(reader, 4 * (size_t)count);
    for (unsigned i = 0; i < count; i++) {
        unsigned pc = reader_be16(reader);
        reader_skip(reader, 2);
        CHECK_FORMAT(pc < method->code_length, "Invalid pc in LineNumberTable in class file %s", FILE_NAME(file));
    }
    if (method->line_numbers == 0)
        method->line_numbers = offset;
    return true;
}

static bool read_code_attribute(ClassFile *file, Reader *reader, JavaMethod *method, uint64_t *size)
{
    SymbolRef name;
    uint32_t offset;

    if (!class_file_attribute(file, reader, "Invalid code attribute name index %u in class file %s", &name, &offset))
        return false;
    *size += 6 + (uint64_t)file->attribute_length;
    if (name == SYM(LINE_NUMBERS))
        return read_line_numbers(file, reader, offset, method);
    if (name == SYM(LOCAL_VARIABLES)) {
        method->local_variables = offset;
        return read_variables(file, reader, method, "LocalVariableTable", true);
    }
    if (name == SYM(LOCAL_VARIABLE_TYPES) && file->class.major >= 49) {
        method->local_types = offset;
        return read_variables(file, reader, method, "LocalVariableTypeTable", false);
    }
    if (name == SYM(STACK_MAP) && file->class.major >= 50) {
        CHECK_FORMAT(method->stack_map == 0, "Multiple StackMapTable attributes in class file %s", FILE_NAME(file));
        method->stack_map = offset;
    } else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS)) {
        method->code_type_annotations = offset;
    }
    return class_file_skip_attribute(file, reader);
}

static bool read_exception_table(ClassFile *file, Reader *reader, const JavaMethod *method, uint64_t *size)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    CHECK_LEFT(reader, 8 * (size_t)count);
    *size += 2 + 8 * (uint64_t)count;
    for (unsigned i = 0; i < count; i++) {
        unsigned start = reader_be16(reader), end = reader_be16(reader), handler = reader_be16(reader);
        unsigned type = reader_be16(reader);
        CHECK_FORMAT(start < end && end <= method->code_length, "Illegal exception table range in class file %s", FILE_NAME(file));
        CHECK_FORMAT(handler < method->code_length, "Illegal exception table handler in class file %s", FILE_NAME(file));
        CHECK_FORMAT(type == 0 || pool_is(file, type, CONSTANT_CLASS),
                     "Catch type in exception table has bad constant type in class file %s", FILE_NAME(file));
    }
    return true;
}

static bool read_code(ClassFile *file, Reader *reader, uint32_t offset, JavaMethod *method)
{
    bool old = file->class.major == 45 && file->class.minor <= 2;
    uint32_t length = file->attribute_length;
    unsigned attributes;
    uint64_t size = 2; /* what the parts amount to */

    CHECK_FORMAT((method->access_flags & (ACCESS_NATIVE | ACCESS_ABSTRACT)) == 0,
                 "Code attribute in native or abstract methods in class file %s", FILE_NAME(file));
    CHECK_FORMAT(method->code_offset == 0, "Multiple Code attributes in class file %s", FILE_NAME(file));
    CHECK_LEFT(reader, old ? 4 : 8);
    method->max_stack = old ? reader_u8(reader) : reader_be16(reader);
    method->max_locals = old ? reader_u8(reader) : reader_be16(reader);
    method->code_length = old ? reader_be16(reader) : reader_be32(reader);
    CHECK_FORMAT(method->method.argument_slots <= method->max_locals, "Arguments can't fit into locals in class file %s",
                 FILE_NAME(file));
    CHECK_FORMAT(method->code_length != 0 && method->code_length <= UINT16_MAX, "Invalid method Code length %u in class file %s",
                 method->code_length, FILE_NAME(file));
    method->code_offset = (uint32_t)reader->position;
    size += method->code_offset - offset + method->code_length;
    reader_skip(reader, method->code_length);
    CHECK_READ(reader);
    if (!read_exception_table(file, reader, method, &size))
        return false;
    attributes = reader_be16(reader);
    CHECK_READ(reader);
    for (unsigned i = 0; i < attributes; i++)
        if (!read_code_attribute(file, reader, method, &size))
            return false;
    CHECK_FORMAT(size == length, "Code segment has wrong length in class file %s", FILE_NAME(file));
    return check_variable_types(file, method);
}

/* ---- methods ---- */

static bool method_flags_are_legal(const ClassFile *file, unsigned flags, SymbolRef name)
{
    bool interface = (file->class.access_flags & ACCESS_INTERFACE) != 0;
    unsigned major = file->class.major;

    if (name == SYM(CLINIT))
        return true;
    if (interface && major < 52)
        return (flags & ACCESS_PUBLIC) && (flags & ACCESS_ABSTRACT) &&
               !(flags & (ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_NATIVE)) &&
               !(major >= 49 && (flags & (ACCESS_SYNCHRONIZED | ACCESS_STRICT)));
    if (interface)
        return ((flags & ACCESS_PUBLIC) != 0) != ((flags & ACCESS_PRIVATE) != 0) &&
               !(flags & (ACCESS_PROTECTED | ACCESS_FINAL | ACCESS_SYNCHRONIZED | ACCESS_NATIVE)) &&
               !((flags & ACCESS_ABSTRACT) && (flags & (ACCESS_PRIVATE | ACCESS_STATIC | ACCESS_STRICT)));
    if (!one_of(flags, ACCESS_PUBLIC, ACCESS_PRIVATE, ACCESS_PROTECTED))
        return false;
    if (name == SYM(INIT))
        return !(flags & (ACCESS_STATIC | ACCESS_FINAL | ACCESS_SYNCHRONIZED | ACCESS_NATIVE | ACCESS_ABSTRACT)) &&
               !(major >= 49 && (flags & ACCESS_BRIDGE));
    if (flags & ACCESS_ABSTRACT)
        return !(flags & (ACCESS_FINAL | ACCESS_NATIVE | ACCESS_PRIVATE | ACCESS_STATIC)) &&
               !(major >= 49 && (flags & (ACCESS_SYNCHRONIZED | (major < 61 ? ACCESS_STRICT : 0))));
    return true;
}

static bool read_exceptions(ClassFile *file, Reader *reader)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    CHECK_LEFT(reader, 2 * (size_t)count);
    for (unsigned i = 0; i < count; i++) {
        unsigned index = reader_be16(reader);
        CHECK_FORMAT(pool_is(file, index, CONSTANT_CLASS), "Exception name has bad type at constant pool %u in class file %s",
                     index, FILE_NAME(file));
    }
    CHECK_FORMAT(file->attribute_length == 2 + 2 * (size_t)count, "Exceptions attribute has wrong length in class file %s", FILE_NAME(file));
    return true;
}

/* HotSpot reads on behind the file's end here. */
static bool read_method_parameters(ClassFile *file, Reader *reader)
{
    unsigned count = reader_u8(reader);

    CHECK_READ(reader);
    CHECK_FORMAT(file->attribute_length == 1 + 4 * (size_t)count, "Invalid MethodParameters method attribute length %u in class file",
                 file->attribute_length);
    CHECK_LEFT(reader, 4 * (size_t)count);
    reader_skip(reader, 4 * (size_t)count);
    return true;
}

static bool read_method_attribute(ClassFile *file, Reader *reader, JavaMethod *method, uint32_t *seen)
{
    SymbolRef name;
    uint32_t offset;

    if (!class_file_attribute(file, reader, "Invalid method attribute name index %u in class file %s", &name, &offset))
        return false;
    if (name == SYM(CODE))
        return read_code(file, reader, offset, method);
    if (name == SYM(SYNTHETIC))
        method->access_flags |= ACCESS_SYNTHETIC;
    if (name == SYM(SYNTHETIC) || name == SYM(DEPRECATED))
        return class_file_empty_attribute(file, name, "method");
    if (file->class.major < 49 && name != SYM(EXCEPTIONS) && name != SYM(METHOD_PARAMETERS))
        return class_file_skip_attribute(file, reader);
    if (!class_file_once(file, seen, name, name == SYM(EXCEPTIONS) || name == SYM(METHOD_PARAMETERS) ? "" : " for method"))
        return false;
    if (name == SYM(EXCEPTIONS)) {
        method->exceptions = offset;
        return read_exceptions(file, reader);
    }
    if (name == SYM(METHOD_PARAMETERS)) {
        method->method_parameters = offset;
        return read_method_parameters(file, reader);
    }
    if (name == SYM(SIGNATURE)) {
        CHECK_FORMAT(file->attribute_length == 2, "Invalid Signature attribute length %u in class file %s", file->attribute_length, FILE_NAME(file));
        return class_file_signature(file, reader, &method->signature);
    }
    if (name == SYM(VISIBLE_ANNOTATIONS))
        method->annotations = offset;
    else if (name == SYM(VISIBLE_PARAMETER_ANNOTATIONS))
        method->parameter_annotations = offset;
    else if (name == SYM(ANNOTATION_DEFAULT))
        method->annotation_default = offset;
    else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS))
        method->type_annotations = offset;
    return class_file_skip_attribute(file, reader);
}

/* The flags that the engine looks at. */
static void set_engine_flags(const ClassFile *file, JavaMethod *method)
{
    unsigned access = method->access_flags;
    uint32_t flags = 0;

    flags |= access & ACCESS_STATIC ? METHOD_STATIC : 0;
    flags |= access & ACCESS_NATIVE ? METHOD_NATIVE : 0;
    flags |= access & ACCESS_ABSTRACT ? METHOD_ABSTRACT : 0;
    flags |= access & ACCESS_SYNCHRONIZED ? METHOD_SYNCHRONIZED : 0;
    flags |= method->name == SYM(INIT) ? METHOD_CONSTRUCTOR : 0;
    flags |= method->name == SYM(CLINIT) && (access & ACCESS_STATIC) && method->descriptor == SYM(VOID_VOID) ? METHOD_INITIALIZER : 0;
    flags |= java_type_is_reference((char)method->return_type) ? METHOD_RETURNS_REFERENCE : 0;
    flags |= method->return_type == 'V' ? METHOD_RETURNS_VOID : 0;
    method->method.flags = flags;
    method->method.language = LANGUAGE_JAVA;
    if ((file->class.access_flags & ACCESS_INTERFACE) && !(access & (ACCESS_STATIC | ACCESS_PRIVATE | ACCESS_ABSTRACT)))
        method->java_flags |= JAVA_METHOD_DEFAULT;
}

/* Annotations count only in classes of the library: a user's own do not make a frame hidden. */
static void set_annotation_flags(const ClassFile *file, JavaMethod *method)
{
    if (method->annotations == 0 || !file->privileged)
        return;
    Reader contents = reader_over(file->bytes + method->annotations, read_be32(file->bytes + method->annotations - 4));
    uint32_t bits = class_file_annotations(file, contents, method->annotations, &method->ffi_annotation);

    method->method.flags |= bits & ANNOTATES_HIDDEN ? METHOD_HIDDEN : 0;
    method->method.flags |= bits & ANNOTATES_CALLER_SENSITIVE ? METHOD_CALLER_SENSITIVE : 0;
    method->java_flags |= bits & ANNOTATES_FORCE_INLINE ? JAVA_METHOD_FORCE_INLINE : 0;
    method->java_flags |= bits & ANNOTATES_DONT_INLINE ? JAVA_METHOD_DONT_INLINE : 0;
    method->java_flags |= bits & ANNOTATES_INTRINSIC ? JAVA_METHOD_INTRINSIC : 0;
    method->java_flags |= bits & ANNOTATES_RESERVED_STACK ? JAVA_METHOD_RESERVED_STACK : 0;
    method->java_flags |= bits & ANNOTATES_SCOPED ? JAVA_METHOD_SCOPED : 0;
    method->java_flags |= bits & ANNOTATES_COMPILED ? JAVA_METHOD_LAMBDA_COMPILED : 0;
}

#define METHOD_FLAGS (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_SYNCHRONIZED | \
                      ACCESS_BRIDGE | ACCESS_VARARGS | ACCESS_NATIVE | ACCESS_ABSTRACT | ACCESS_STRICT | ACCESS_SYNTHETIC)

static bool check_method_flags(ClassFile *file, SymbolRef name, unsigned *flags)
{
    if (name != SYM(CLINIT)) {
        CHECK_FORMAT(method_flags_are_legal(file, *flags, name), "Method %s in class %s has illegal modifiers: 0x%X",
                     symbol_text(name), FILE_NAME(file), *flags);
        *flags &= METHOD_FLAGS;
    } else if (file->class.major < 51) {
        *flags = ACCESS_STATIC;
    } else {
        CHECK_FORMAT(*flags & ACCESS_STATIC, "Method <clinit> is not static in class file %s", FILE_NAME(file));
        *flags &= ACCESS_STATIC | ACCESS_STRICT;
    }
    CHECK_FORMAT(!((file->class.access_flags & ACCESS_INTERFACE) && name == SYM(INIT)),
                 "Interface cannot have a method named <init>, class file %s", FILE_NAME(file));
    return true;
}

static bool read_method_head(ClassFile *file, Reader *reader, JavaMethod *method, unsigned *attributes)
{
    unsigned flags = reader_be16(reader), name = reader_be16(reader), descriptor = reader_be16(reader);

    *attributes = reader_be16(reader);
    CHECK_READ(reader);
    CHECK_FORMAT(pool_is(file, name, CONSTANT_UTF8), "Illegal constant pool index %u for method name in class file %s", name,
                 FILE_NAME(file));
    method->name = pool_utf8(file, name);
    if (file->strict && !class_file_name_is_legal(file, method->name, CONSTANT_METHOD))
        return false;
    CHECK_FORMAT(pool_is(file, descriptor, CONSTANT_UTF8), "Illegal constant pool index %u for method signature in class file %s",
                 descriptor, FILE_NAME(file));
    method->descriptor = pool_utf8(file, descriptor);
    const char *text = symbol_text(method->descriptor);
    if (!check_method_flags(file, method->name, &flags) || !class_file_check_method(file, method->name, method->descriptor))
        return false;
    CHECK_FORMAT(method->name != SYM(INIT) || java_descriptor_return(text) == 'V', "Method \"%s\" in class %s has illegal signature \"%s\"",
                 symbol_text(method->name), FILE_NAME(file), text);
    method->access_flags = (uint16_t)flags;
    unsigned slots = java_descriptor_argument_slots(text) + !(flags & ACCESS_STATIC);
    CHECK_FORMAT(slots <= 255, "Too many arguments in method signature in class file %s", FILE_NAME(file));
    method->method.argument_slots = (uint16_t)slots;
    method->parameter_count = (uint16_t)java_descriptor_parameter_count(text);
    method->return_type = (uint8_t)java_descriptor_return(text);
    return true;
}

static bool read_method(ClassFile *file, Reader *reader, JavaMethod *method)
{
    unsigned attributes;
    uint32_t seen = 0;

    method->vtable_index = method->itable_index = -1;
    if (!read_method_head(file, reader, method, &attributes))
        return false;
    for (unsigned i = 0; i < attributes; i++)
        if (!read_method_attribute(file, reader, method, &seen))
            return false;
    CHECK_FORMAT(method->code_offset != 0 || (method->access_flags & (ACCESS_NATIVE | ACCESS_ABSTRACT)),
                 "Absent Code attribute in method that is not native or abstract in class file %s", FILE_NAME(file));
    set_engine_flags(file, method);
    set_annotation_flags(file, method);
    enum JavaPolymorphic kind = java_polymorphic_kind(file->class.name, method->name);
    if (kind != POLYMORPHIC_NONE && (method->access_flags & (ACCESS_NATIVE | ACCESS_VARARGS)) == (ACCESS_NATIVE | ACCESS_VARARGS)) {
        method->polymorphic = (uint8_t)kind;
        method->method.flags |= METHOD_POLYMORPHIC;
    }
    if (method->java_flags & JAVA_METHOD_DEFAULT)
        file->class.flags |= JAVA_CLASS_DECLARES_DEFAULTS | JAVA_CLASS_HAS_DEFAULTS;
    if (method->method.flags & METHOD_INITIALIZER)
        file->class.flags |= JAVA_CLASS_HAS_CLINIT;
    if (method->name == SYM(FINALIZE) && method->descriptor == SYM(VOID_VOID) && !(method->access_flags & ACCESS_STATIC) &&
        method->code_length > 1)
        file->class.flags |= JAVA_CLASS_HAS_FINALIZER;
    return true;
}

/* The elements of the constants object for invokedynamic instructions. Strange code ends the scan: the translator or
 * the verifier will refuse it. */
static bool find_call_sites(ClassFile *file)
{
    ARRAY_OF(JavaCallSite) sites = {0};

    for (uint32_t m = 0; m < file->class.method_count; m++) {
        const JavaMethod *method = &file->methods[m];
        const uint8_t *code = file->bytes + method->code_offset;
        uint32_t step;
        for (uint32_t pc = 0; pc < method->code_length; pc += step) {
            step = class_file_instruction_length(code, method->code_length, pc);
            if (step == 0)
                break;
            if (code[pc] != 0xba)
                continue;
            unsigned index = read_be16(code + pc + 1);
            if (!pool_is(file, index, CONSTANT_INVOKE_DYNAMIC))
                break;
            JavaCallSite site = {.method = m, .pc = pc, .cp_index = (uint16_t)index,
                                 .slot = (uint16_t)file->class.constant_slot_count};
            if (file->class.constant_slot_count >= 0xfffe || array_push(&sites, site) != OK) {
                array_free(&sites);
                return class_file_fail(file, CLASS_FORMAT_ERROR, "Too many call sites in class file %s", FILE_NAME(file));
            }
            file->class.constant_slot_count++;
        }
    }
    file->call_sites = sites.items;
    file->class.call_site_count = (uint32_t)sites.count;
    return true;
}

static bool check_method_duplicates(ClassFile *file)
{
    uint32_t count = file->class.method_count, which = 0;
    uint64_t *keys = memory_allocate_array(count + 1, sizeof(uint64_t));
    bool memory, duplicate;

    CHECK_MEMORY(keys);
    for (uint32_t i = 0; i < count; i++)
        keys[i] = file->methods[i].name | (uint64_t)file->methods[i].descriptor << 32;
    duplicate = find_duplicate(keys, count, &which, &memory);
    memory_free(keys);
    CHECK_FORMAT(!duplicate, "Duplicate method name \"%s\" with signature \"%s\" in class file %s",
                 symbol_text(file->methods[which].name), symbol_text(file->methods[which].descriptor), FILE_NAME(file));
    return true;
}

bool class_file_read_methods(ClassFile *file, Reader *reader)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    file->methods = memory_allocate_array(count + 1, sizeof(JavaMethod));
    CHECK_MEMORY(file->methods);
    file->class.method_count = count;
    for (unsigned i = 0; i < count; i++) {
        file->methods[i].index = (uint16_t)i;
        if (!read_method(file, reader, &file->methods[i]))
            return false;
    }
    if (file->strict && count > 1 && !check_method_duplicates(file))
        return false;
    return !file->has_dynamic || find_call_sites(file);
}
