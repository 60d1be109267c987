/* classfile_pool.c - the constant pool of a class file: read, checked, and turned into cells (JVMS 4.4). */
#include <string.h>

#include "java/classfile.h"

/* First pass: tags and raw operands; the cell of a Utf8 is its symbol. */
static bool read_utf8(ClassFile *file, Reader *reader, unsigned i)
{
    size_t length = reader_be16(reader);
    const uint8_t *bytes = reader_take(reader, length);

    CHECK_READ(reader);
    CHECK_LEFT(reader, 1); /* something comes next */
    CHECK_FORMAT(!file->strict || mutf8_utf16_length(bytes, length, NULL) != MUTF8_MALFORMED,
                 "Illegal UTF8 string in constant pool in class file %s", FILE_NAME(file));
    SymbolRef symbol = java_symbol(bytes, length);
    if (symbol == 0)
        return class_file_fail(file, "java/lang/OutOfMemoryError", "symbols");
    file->cells[i] = symbol;
    return true;
}

static unsigned least_version(uint8_t tag)
{
    switch (tag) {
    case CONSTANT_METHOD_HANDLE: case CONSTANT_METHOD_TYPE: case CONSTANT_INVOKE_DYNAMIC: return 51;
    case CONSTANT_DYNAMIC: return 55;
    default: return 0;
    }
}

static bool read_entry(ClassFile *file, Reader *reader, unsigned *index)
{
    unsigned i = *index;
    uint8_t tag = reader_u8(reader);

    CHECK_READ(reader);
    CHECK_FORMAT(file->class.major >= least_version(tag), "Class file version does not support constant tag %u in class file %s",
                 tag, FILE_NAME(file));
    file->tags[i] = tag;
    switch (tag) {
    case CONSTANT_UTF8:
        return read_utf8(file, reader, i);
    case CONSTANT_INTEGER: case CONSTANT_FLOAT:
        file->cells[i] = reader_be32(reader);
        break;
    case CONSTANT_LONG: case CONSTANT_DOUBLE:
        file->cells[i] = reader_be64(reader);
        CHECK_FORMAT(i + 1 < file->class.cp_count, "Invalid constant pool entry %u in class file %s", i, FILE_NAME(file));
        ++*index;
        break;
    case CONSTANT_CLASS: case CONSTANT_STRING: case CONSTANT_METHOD_TYPE:
        file->cells[i] = reader_be16(reader);
        break;
    case CONSTANT_FIELD: case CONSTANT_METHOD: case CONSTANT_INTERFACE_METHOD: case CONSTANT_NAME_AND_TYPE:
    case CONSTANT_DYNAMIC: case CONSTANT_INVOKE_DYNAMIC:
        file->cells[i] = reader_be16(reader);
        file->cells[i] |= (uint64_t)reader_be16(reader) << 16;
        break;
    case CONSTANT_METHOD_HANDLE:
        file->cells[i] = reader_u8(reader);
        file->cells[i] |= (uint64_t)reader_be16(reader) << 16;
        break;
    case CONSTANT_MODULE: case CONSTANT_PACKAGE: /* only in module-info, which is no class */
        CHECK_FORMAT(file->class.major >= 53, "Unknown constant tag %u in class file %s", tag, FILE_NAME(file));
        file->cells[i] = reader_be16(reader);
        file->bad_tag = file->bad_tag == 0 ? tag : file->bad_tag;
        break;
    default:
        return class_file_fail(file, CLASS_FORMAT_ERROR, "Unknown constant tag %u in class file %s", tag, FILE_NAME(file));
    }
    CHECK_READ(reader);
    return true;
}

#define CHECK_INDEX(index, tag) \
    CHECK_FORMAT(pool_is(file, index, tag), "Invalid constant pool index %u in class file %s", (unsigned)(index), FILE_NAME(file))

static unsigned low16(uint64_t cell)
{
    return (unsigned)(cell & 0xffff);
}
static unsigned high16(uint64_t cell)
{
    return (unsigned)(cell >> 16 & 0xffff);
}

/* Second pass: indexes are checked; Class, String, MethodType and NameAndType get symbols for indexes. */
static bool link_entry(ClassFile *file, unsigned i)
{
    uint64_t cell = file->cells[i];

    switch (file->tags[i]) {
    case CONSTANT_CLASS: case CONSTANT_STRING: case CONSTANT_METHOD_TYPE: case CONSTANT_MODULE: case CONSTANT_PACKAGE:
        CHECK_INDEX(low16(cell), CONSTANT_UTF8);
        break;
    case CONSTANT_FIELD: case CONSTANT_METHOD: case CONSTANT_INTERFACE_METHOD:
        CHECK_INDEX(low16(cell), CONSTANT_CLASS);
        CHECK_INDEX(high16(cell), CONSTANT_NAME_AND_TYPE);
        break;
    case CONSTANT_NAME_AND_TYPE:
        CHECK_INDEX(low16(cell), CONSTANT_UTF8);
        CHECK_INDEX(high16(cell), CONSTANT_UTF8);
        break;
    case CONSTANT_DYNAMIC: case CONSTANT_INVOKE_DYNAMIC:
        CHECK_INDEX(high16(cell), CONSTANT_NAME_AND_TYPE);
        file->has_dynamic = true;
        if (low16(cell) >= file->bootstrap_most)
            file->bootstrap_most = (uint16_t)(low16(cell) + 1);
        break;
    case CONSTANT_METHOD_HANDLE: {
        unsigned kind = low16(cell), member = high16(cell);
        CHECK_FORMAT(kind >= 1 && kind <= 9, "Bad method handle kind at constant pool index %u in class file %s", i, FILE_NAME(file));
        CHECK_FORMAT(member != 0 && member < file->class.cp_count, "Invalid constant pool index %u in class file %s", member,
                     FILE_NAME(file));
        uint8_t tag = file->tags[member];
        bool right = kind <= 4 ? tag == CONSTANT_FIELD
                     : kind == 9 ? tag == CONSTANT_INTERFACE_METHOD
                     : kind == 5 || kind == 8 ? tag == CONSTANT_METHOD
                     : tag == CONSTANT_METHOD || (tag == CONSTANT_INTERFACE_METHOD && file->class.major >= 52);
        CHECK_FORMAT(right, "Invalid constant pool index %u in class file %s (not %s)", member, FILE_NAME(file),
                     kind <= 4 ? "a field" : kind == 9 ? "an interface method" : "a method");
        break;
    }
    default:
        break;
    }
    return true;
}

static void finish_cells(ClassFile *file)
{
    for (unsigned i = 1; i < file->class.cp_count; i++) {
        uint64_t cell = file->cells[i];
        switch (file->tags[i]) {
        case CONSTANT_CLASS: case CONSTANT_STRING: case CONSTANT_METHOD_TYPE: case CONSTANT_MODULE: case CONSTANT_PACKAGE:
            file->cells[i] = pool_utf8(file, low16(cell));
            break;
        case CONSTANT_NAME_AND_TYPE:
            file->cells[i] = pool_utf8(file, low16(cell)) | (uint64_t)pool_utf8(file, high16(cell)) << 32;
            break;
        default:
            break;
        }
    }
}

/* ---- names (JVMS 4.2) ---- */

bool class_file_name_is_legal(ClassFile *file, SymbolRef name, enum JavaConstantTag kind)
{
    const char *text = symbol_text(name);
    size_t length = symbol_length(name);
    const char *what = kind == CONSTANT_CLASS ? "class" : kind == CONSTANT_FIELD ? "field" : "method";
    bool legal = length != 0;

    if (kind == CONSTANT_METHOD && length != 0 && text[0] == '<')
        legal = name == SYM(INIT) || name == SYM(CLINIT);
    else if (kind == CONSTANT_CLASS && length != 0 && text[0] == '[')
        legal = java_descriptor_is_field(text, length);
    else
        for (size_t i = 0; i < length && legal; i++) {
            if (text[i] == '.' || text[i] == ';' || text[i] == '[')
                legal = false;
            else if (text[i] == '/')
                legal = kind == CONSTANT_CLASS && i != 0 && i + 1 != length && text[i - 1] != '/';
            else if (kind == CONSTANT_METHOD && (text[i] == '<' || text[i] == '>'))
                legal = false;
        }
    if (legal)
        return true;
    return class_file_fail(file, CLASS_FORMAT_ERROR, "Illegal %s name \"%s\" in class%s %s", what, text, kind == CONSTANT_CLASS ? " file" : "",
                           FILE_NAME(file));
}

static bool illegal_signature(ClassFile *file, const char *what, SymbolRef name, SymbolRef signature)
{
    return class_file_fail(file, CLASS_FORMAT_ERROR, "%s \"%s\" in class %s has illegal signature \"%s\"", what,
                           symbol_text(name), FILE_NAME(file), symbol_text(signature));
}

/* Some faults have words of their own. */
static bool bad_descriptor(ClassFile *file, const char *what, SymbolRef name, SymbolRef descriptor)
{
    enum JavaDescriptorFault fault = java_descriptor_fault(symbol_text(descriptor), symbol_length(descriptor));

    CHECK_FORMAT(fault != DESCRIPTOR_FAULT_CLASS || file->class.major < 49,
                 "Class name is empty or contains illegal character in descriptor in class file %s", FILE_NAME(file));
    CHECK_FORMAT(fault != DESCRIPTOR_FAULT_DIMENSIONS, "Array type descriptor has more than 255 dimensions in class file %s", FILE_NAME(file));
    return illegal_signature(file, what, name, descriptor);
}

bool class_file_check_field(ClassFile *file, const char *what, SymbolRef name, SymbolRef descriptor)
{
    return java_descriptor_is_field(symbol_text(descriptor), symbol_length(descriptor)) || bad_descriptor(file, what, name, descriptor);
}

bool class_file_check_method(ClassFile *file, SymbolRef name, SymbolRef descriptor)
{
    if (name == SYM(CLINIT) && descriptor != SYM(VOID_VOID) && file->class.major >= 51 && file->strict)
        return illegal_signature(file, "Method", name, descriptor);
    return java_descriptor_is_method(symbol_text(descriptor), symbol_length(descriptor)) || bad_descriptor(file, "Method", name, descriptor);
}

/* Third pass, for classes that are not trusted: names and descriptors. Cells still hold indexes. */
static bool check_name_and_type(ClassFile *file, unsigned i)
{
    unsigned name_index = low16(file->cells[i]), descriptor_index = high16(file->cells[i]);
    SymbolRef name = pool_utf8(file, name_index), descriptor = pool_utf8(file, descriptor_index);

    CHECK_FORMAT(symbol_length(descriptor) != 0, "Illegal zero length constant pool entry at %u in class %s", descriptor_index, FILE_NAME(file));
    CHECK_FORMAT(symbol_length(name) != 0, "Illegal zero length constant pool entry at %u in class %s", name_index, FILE_NAME(file));
    if (symbol_text(descriptor)[0] == '(')
        return class_file_name_is_legal(file, name, CONSTANT_METHOD) && class_file_check_method(file, name, descriptor);
    return class_file_name_is_legal(file, name, CONSTANT_FIELD) && class_file_check_field(file, "Field", name, descriptor);
}

/* Whether its NameAndType is of the right sort; that itself is checked apart. */
static bool check_member(ClassFile *file, unsigned i)
{
    uint64_t pair = file->cells[high16(file->cells[i])];
    SymbolRef name = pool_utf8(file, low16(pair)), descriptor = pool_utf8(file, high16(pair));
    const char *text = symbol_text(descriptor);
    uint8_t tag = file->tags[i];

    if (tag == CONSTANT_FIELD || tag == CONSTANT_DYNAMIC)
        return *text != '(' || illegal_signature(file, tag == CONSTANT_FIELD ? "Field" : "CONSTANT_Dynamic", name, descriptor);
    if (*text != '(')
        return illegal_signature(file, "Method", name, descriptor);
    if (tag != CONSTANT_METHOD || symbol_text(name)[0] != '<')
        return true;
    CHECK_FORMAT(name == SYM(INIT), "Bad method name at constant pool index %u in class file %s", low16(pair), FILE_NAME(file));
    return text[symbol_length(descriptor) - 1] == 'V' || illegal_signature(file, "Method", name, descriptor);
}

static bool check_handle(ClassFile *file, unsigned i)
{
    unsigned kind = low16(file->cells[i]), member = high16(file->cells[i]), name_index;

    if (kind < 5 || kind == 9)
        return true;
    name_index = low16(file->cells[high16(file->cells[member])]);
    CHECK_FORMAT((kind == 8) == (pool_utf8(file, name_index) == SYM(INIT)), "Bad method name at constant pool index %u in class file %s",
                 name_index, FILE_NAME(file));
    return true;
}

static bool check_entry(ClassFile *file, unsigned i)
{
    switch (file->tags[i]) {
    case CONSTANT_CLASS:
        return class_file_name_is_legal(file, pool_utf8(file, low16(file->cells[i])), CONSTANT_CLASS);
    case CONSTANT_NAME_AND_TYPE:
        return check_name_and_type(file, i);
    case CONSTANT_FIELD: case CONSTANT_METHOD: case CONSTANT_INTERFACE_METHOD: case CONSTANT_DYNAMIC: case CONSTANT_INVOKE_DYNAMIC:
        return check_member(file, i);
    case CONSTANT_METHOD_TYPE:
        return class_file_check_method(file, SYM(TYPE), pool_utf8(file, low16(file->cells[i])));
    case CONSTANT_METHOD_HANDLE:
        return check_handle(file, i);
    default:
        return true;
    }
}

/* What a trusted class still must have, for the sake of the walkers of descriptors. */
static bool check_trusted_entry(ClassFile *file, unsigned i)
{
    uint8_t tag = file->tags[i];

    if (tag != CONSTANT_METHOD && tag != CONSTANT_INTERFACE_METHOD && tag != CONSTANT_INVOKE_DYNAMIC)
        return true;
    SymbolRef descriptor = pool_utf8(file, high16(file->cells[high16(file->cells[i])]));
    CHECK_FORMAT(symbol_text(descriptor)[0] == '(', "Invalid constant pool index %u in class file %s", i, FILE_NAME(file));
    return true;
}

/* Elements of the constants object (java_pool_slot). */
static void give_slots(ClassFile *file)
{
    uint32_t count = 0;

    for (unsigned i = 1; i < file->class.cp_count; i++) {
        bool wanted = false;
        switch (file->tags[i]) {
        case CONSTANT_CLASS: case CONSTANT_STRING: case CONSTANT_METHOD_HANDLE: case CONSTANT_METHOD_TYPE: case CONSTANT_DYNAMIC:
            wanted = true;
            break;
        case CONSTANT_METHOD: {
            SymbolRef class_name = (SymbolRef)file->cells[low16(file->cells[i])];
            SymbolRef name = (SymbolRef)file->cells[high16(file->cells[i])];
            wanted = java_polymorphic_kind(class_name, name) != POLYMORPHIC_NONE;
            break;
        }
        default:
            break;
        }
        file->slots[i] = wanted && count < 0xffff ? (uint16_t)count++ : 0xffff;
    }
    file->class.constant_slot_count = count;
}

bool class_file_read_pool(ClassFile *file, Reader *reader)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    CHECK_FORMAT(count >= 1, "Illegal constant pool size %u in class file %s", count, FILE_NAME(file));
    file->class.cp_count = (uint16_t)count;
    file->tags = memory_allocate(count);
    file->cells = memory_allocate_array(count, sizeof(uint64_t));
    file->slots = memory_allocate_array(count, sizeof(uint16_t));
    CHECK_MEMORY(file->tags);
    CHECK_MEMORY(file->cells);
    CHECK_MEMORY(file->slots);
    for (unsigned i = 1; i < count; i++)
        if (!read_entry(file, reader, &i))
            return false;
    for (unsigned i = 1; i < count; i++)
        if (!link_entry(file, i))
            return false;
    for (unsigned i = 1; i < count; i++)
        if (!(file->strict ? check_entry(file, i) : check_trusted_entry(file, i)))
            return false;
    finish_cells(file);
    give_slots(file);
    return true;
}

/* ---- BootstrapMethods ---- */

static bool is_loadable(const ClassFile *file, unsigned index)
{
    if (index == 0 || index >= file->class.cp_count)
        return false;
    switch (file->tags[index]) {
    case CONSTANT_INTEGER: case CONSTANT_FLOAT: case CONSTANT_LONG: case CONSTANT_DOUBLE: case CONSTANT_CLASS: case CONSTANT_STRING:
    case CONSTANT_METHOD_HANDLE: case CONSTANT_METHOD_TYPE: case CONSTANT_DYNAMIC:
        return true;
    default:
        return false;
    }
}

static bool read_bootstrap(ClassFile *file, Reader *reader, JavaBootstrap *bootstrap, size_t *room)
{
    CHECK_LEFT(reader, 4);
    bootstrap->method_handle = reader_be16(reader);
    bootstrap->argument_count = reader_be16(reader);
    bootstrap->arguments = (uint32_t)reader->position;
    CHECK_FORMAT(pool_is(file, bootstrap->method_handle, CONSTANT_METHOD_HANDLE),
                 "bootstrap_method_index %u has bad constant type in class file %s", bootstrap->method_handle, FILE_NAME(file));
    CHECK_FORMAT(*room >= 2u + bootstrap->argument_count,
                 "Invalid BootstrapMethods num_bootstrap_methods or num_bootstrap_arguments value in class file %s", FILE_NAME(file));
    *room -= 2u + bootstrap->argument_count;
    CHECK_LEFT(reader, 2u * (size_t)bootstrap->argument_count);
    for (unsigned i = 0; i < bootstrap->argument_count; i++) {
        unsigned argument = reader_be16(reader);
        CHECK_FORMAT(is_loadable(file, argument), "argument_index %u has bad constant type in class file %s", argument, FILE_NAME(file));
    }
    return true;
}

bool class_file_read_bootstraps(ClassFile *file, Reader *reader, uint32_t offset)
{
    uint32_t length = file->attribute_length;
    size_t room = (length - 2) / 2; /* numbers that the attribute has space for */

    CHECK_FORMAT(length >= 2, "Invalid BootstrapMethods attribute length %u in class file %s", length, FILE_NAME(file));
    CHECK_LEFT(reader, length);
    unsigned count = reader_be16(reader);
    CHECK_FORMAT(file->bootstrap_most <= count, "Short length on BootstrapMethods in class file %s", FILE_NAME(file));
    file->bootstraps = memory_allocate_array(count + 1, sizeof(JavaBootstrap));
    CHECK_MEMORY(file->bootstraps);
    for (unsigned i = 0; i < count; i++)
        if (!read_bootstrap(file, reader, &file->bootstraps[i], &room))
            return false;
    CHECK_FORMAT(reader->position == offset + (size_t)length, "Bad length on BootstrapMethods in class file %s", FILE_NAME(file));
    file->attribute_bootstrap = offset;
    file->class.bootstrap_count = count;
    return true;
}
