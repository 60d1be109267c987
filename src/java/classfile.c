/* classfile.c - reads a class file (versions 45 to 61) with all checks of its format (JVMS 4.1 - 4.8). */
#include "java/classfile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool class_file_fail(ClassFile *file, const char *error_class, const char *format, ...)
{
    va_list arguments;

    if (file->error_class != NULL)
        return false;
    va_start(arguments, format);
    vsnprintf(file->error, sizeof file->error, format, arguments);
    va_end(arguments);
    file->error_class = error_class;
    return false;
}

/* ---- version ---- */

#define UNSUPPORTED "java/lang/UnsupportedClassVersionError"

static bool check_version(ClassFile *file)
{
    unsigned major = file->class.major, minor = file->class.minor;

    if (major < 45)
        return class_file_fail(file, UNSUPPORTED, "%s (class file version %u.%u) was compiled with an invalid major version",
                               FILE_NAME(file), major, minor);
    if (major > CLASS_FILE_MAJOR_MOST)
        return class_file_fail(file, UNSUPPORTED,
                               "%s has been compiled by a more recent version of the Java Runtime (class file version %u.%u), this "
                               "version of the Java Runtime only recognizes class file versions up to %u.0",
                               FILE_NAME(file), major, minor, CLASS_FILE_MAJOR_MOST);
    if (major < 56 || minor == 0)
        return true;
    if (minor != 65535)
        return class_file_fail(file, UNSUPPORTED, "%s (class file version %u.%u) was compiled with an invalid non-zero minor version",
                               FILE_NAME(file), major, minor);
    if (major != CLASS_FILE_MAJOR_MOST)
        return class_file_fail(file, UNSUPPORTED,
                               "%s (class file version %u.%u) was compiled with preview features that are unsupported. This version of the "
                               "Java Runtime only recognizes preview features for class file version %u.65535",
                               FILE_NAME(file), major, minor, CLASS_FILE_MAJOR_MOST);
    return class_file_fail(file, UNSUPPORTED,
                           "Preview features are not enabled for %s (class file version %u.%u). Try running with '--enable-preview'",
                           FILE_NAME(file), major, minor);
}

/* ---- attributes ---- */

bool class_file_attribute(ClassFile *file, Reader *reader, const char *bad_index, SymbolRef *name, Reader *contents, uint32_t *offset)
{
    unsigned index = reader_be16(reader);
    uint32_t length = reader_be32(reader);

    CHECK_READ(reader);
    if (!pool_is(file, index, CONSTANT_UTF8)) {
        char message[512];
        snprintf(message, sizeof message, bad_index, index, FILE_NAME(file));
        return class_file_fail(file, CLASS_FORMAT_ERROR, "%s", message);
    }
    file->attribute_length = length;
    *offset = (uint32_t)(reader->data + reader->position - file->bytes);
    if (length > reader_left(reader)) { /* what it is may say more about it than that it is cut off; `failed` stays */
        *contents = reader_over(reader->data + reader->position, reader_left(reader));
        reader->failed = true;
    } else {
        *contents = reader_part(reader, length);
    }
    *name = pool_utf8(file, index);
    return true;
}

static bool read_class_list(ClassFile *file, Reader *contents, const char *what)
{
    unsigned count = reader_be16(contents);

    CHECK_FORMAT(contents->size == 2 + 2 * (size_t)count, "Wrong %s attribute length in class file %s", what, FILE_NAME(file));
    for (unsigned i = 0; i < count; i++) {
        unsigned index = reader_be16(contents);
        CHECK_FORMAT(pool_is(file, index, CONSTANT_CLASS), "%s class_info_index %u has bad constant type in class file %s", what, index,
                     FILE_NAME(file));
    }
    return true;
}

static bool check_class_flags(ClassFile *file, unsigned flags);
#define INNER_CLASS_FLAGS (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_INTERFACE | \
                           ACCESS_ABSTRACT | ACCESS_SYNTHETIC | ACCESS_ANNOTATION | ACCESS_ENUM)

static bool read_inner_classes(ClassFile *file, Reader *contents)
{
    unsigned count = reader_be16(contents);
    bool is_cut = contents->size < file->attribute_length; /* then that is what is said first */

    CHECK_FORMAT(is_cut || contents->size == 2 + 8 * (size_t)count, "Wrong size of InnerClasses attribute in class file %s", FILE_NAME(file));
    for (unsigned i = 0; i < count; i++) {
        unsigned inner = reader_be16(contents), outer = reader_be16(contents), name = reader_be16(contents), flags = reader_be16(contents);
        CHECK_READ(contents);
        CHECK_FORMAT(pool_is(file, inner, CONSTANT_CLASS), "inner_class_info_index %u has bad constant type in class file %s", inner,
                     FILE_NAME(file));
        CHECK_FORMAT(outer == 0 || pool_is(file, outer, CONSTANT_CLASS), "outer_class_info_index %u has bad constant type in class file %s",
                     outer, FILE_NAME(file));
        CHECK_FORMAT(name == 0 || pool_is(file, name, CONSTANT_UTF8), "inner_name_index %u has bad constant type in class file %s", name,
                     FILE_NAME(file));
        CHECK_FORMAT(!file->strict || inner != outer, "Class is both outer and inner class in class file %s", FILE_NAME(file));
        if (file->class.major < 50 && (flags & ACCESS_INTERFACE))
            flags |= ACCESS_ABSTRACT;
        if (!check_class_flags(file, flags & INNER_CLASS_FLAGS))
            return false;
        if (pool_utf8(file, inner) == file->class.name) {
            file->class.inner_flags = (uint16_t)(flags & ~(unsigned)ACCESS_SUPER);
        }
    }
    return true;
}

static bool read_record(ClassFile *file, Reader *contents, uint32_t offset)
{
    unsigned count = reader_be16(contents);

    for (unsigned i = 0; i < count; i++) {
        unsigned name = reader_be16(contents), descriptor = reader_be16(contents), attributes = reader_be16(contents);
        CHECK_READ(contents);
        CHECK_FORMAT(pool_is(file, name, CONSTANT_UTF8) && pool_is(file, descriptor, CONSTANT_UTF8),
                     "Invalid constant pool index %u for %s in Record attribute in class file %s",
                     pool_is(file, name, CONSTANT_UTF8) ? descriptor : name, pool_is(file, name, CONSTANT_UTF8) ? "descriptor" : "name",
                     FILE_NAME(file));
        SymbolRef text = pool_utf8(file, descriptor);
        CHECK_FORMAT(java_descriptor_is_field(symbol_text(text), symbol_length(text)),
                     "Field \"%s\" in class %s has illegal signature \"%s\"", symbol_text(pool_utf8(file, name)), FILE_NAME(file),
                     symbol_text(text));
        for (unsigned j = 0; j < attributes; j++) {
            SymbolRef attribute;
            Reader inner;
            uint32_t at;
            if (!class_file_attribute(file, contents, "Invalid attribute name index %u in class file %s", &attribute, &inner, &at))
                return false;
            CHECK_FORMAT(attribute != SYM(SIGNATURE) || inner.size == 2, "Invalid Signature attribute length %u in record component in class file %s",
                         (unsigned)inner.size, FILE_NAME(file));
        }
    }
    CHECK_FORMAT(!contents->failed && reader_left(contents) == 0, "Record attribute has wrong length in class file %s", FILE_NAME(file));
    file->class.record = offset;
    file->class.flags |= JAVA_CLASS_IS_RECORD;
    return true;
}

static bool read_index(ClassFile *file, Reader *contents, const char *what, uint8_t tag, uint16_t *index)
{
    CHECK_FORMAT(contents->size == 2, "Wrong size %u for %s attribute in class file %s", (unsigned)contents->size, what, FILE_NAME(file));
    *index = reader_be16(contents);
    CHECK_FORMAT(pool_is(file, *index, tag), "Invalid constant pool index %u in %s attribute in class file %s", *index, what, FILE_NAME(file));
    return true;
}

static bool read_enclosing_method(ClassFile *file, Reader *contents)
{
    JavaClass *class = &file->class;

    CHECK_FORMAT(contents->size == 4, "Wrong size %u for EnclosingMethod attribute in class file %s", (unsigned)contents->size, FILE_NAME(file));
    CHECK_FORMAT(class->enclosing_class == 0, "Multiple EnclosingMethod attributes in class file %s", FILE_NAME(file));
    class->enclosing_class = reader_be16(contents);
    class->enclosing_method = reader_be16(contents);
    CHECK_FORMAT(pool_is(file, class->enclosing_class, CONSTANT_CLASS),
                 "Invalid or out-of-bounds class index in EnclosingMethod attribute in class file %s", FILE_NAME(file));
    CHECK_FORMAT(class->enclosing_method == 0 || pool_is(file, class->enclosing_method, CONSTANT_NAME_AND_TYPE),
                 "Invalid or out-of-bounds method index in EnclosingMethod attribute in class file %s", FILE_NAME(file));
    return true;
}

static bool read_class_attribute(ClassFile *file, Reader *reader)
{
    JavaClass *class = &file->class;
    SymbolRef name;
    Reader contents;
    uint32_t offset;

    if (!class_file_attribute(file, reader, "Attribute name has bad constant pool index %u in class file %s", &name, &contents, &offset))
        return false;
    if (name == SYM(SOURCE_FILE))
        return read_index(file, &contents, "SourceFile", CONSTANT_UTF8, &class->source_file);
    if (name == SYM(INNER_CLASSES)) {
        CHECK_FORMAT(class->inner_classes == 0, "Multiple InnerClasses attributes in class file %s", FILE_NAME(file));
        class->inner_classes = offset;
        return read_inner_classes(file, &contents);
    }
    if (name == SYM(SYNTHETIC))
        class->access_flags |= ACCESS_SYNTHETIC;
    else if (name == SYM(SOURCE_DEBUG))
        class->source_debug = offset;
    if (class->major < 49)
        return true;
    if (name == SYM(SIGNATURE))
        return read_index(file, &contents, "Signature", CONSTANT_UTF8, &class->signature);
    if (name == SYM(ENCLOSING_METHOD))
        return read_enclosing_method(file, &contents);
    if (name == SYM(VISIBLE_ANNOTATIONS))
        class->annotations = offset;
    else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS))
        class->type_annotations = offset;
    if (name == SYM(BOOTSTRAP_METHODS) && class->major >= 51) {
        CHECK_FORMAT(file->attribute_bootstrap == 0, "Multiple BootstrapMethods attributes in class file %s", FILE_NAME(file));
        file->attribute_bootstrap = offset;
    }
    if (name == SYM(NEST_HOST) && class->major >= 55) {
        CHECK_FORMAT(class->nest_host == 0, "Multiple NestHost attributes in class file %s", FILE_NAME(file));
        CHECK_FORMAT(class->nest_members == 0, "Conflicting NestHost and NestMembers attributes in class file %s", FILE_NAME(file));
        return read_index(file, &contents, "NestHost", CONSTANT_CLASS, &class->nest_host);
    }
    if (name == SYM(NEST_MEMBERS) && class->major >= 55) {
        CHECK_FORMAT(class->nest_members == 0, "Multiple NestMembers attributes in class file %s", FILE_NAME(file));
        CHECK_FORMAT(class->nest_host == 0, "Conflicting NestHost and NestMembers attributes in class file %s", FILE_NAME(file));
        class->nest_members = offset;
        return read_class_list(file, &contents, "NestMembers");
    }
    if (name == SYM(RECORD) && class->major >= 60 && file->super_name == java_world()->wellknown_names[JAVA_CLASS_RECORD] &&
        (class->access_flags & ACCESS_FINAL)) {
        CHECK_FORMAT(class->record == 0, "Multiple Record attributes in class file %s", FILE_NAME(file));
        return read_record(file, &contents, offset);
    }
    if (name == SYM(PERMITTED_SUBCLASSES) && class->major >= 61) {
        CHECK_FORMAT(!(class->access_flags & ACCESS_FINAL), "PermittedSubclasses attribute in final class file %s", FILE_NAME(file));
        CHECK_FORMAT(class->permitted_subclasses == 0, "Multiple PermittedSubclasses attributes in class file %s", FILE_NAME(file));
        class->permitted_subclasses = offset;
        if (!read_class_list(file, &contents, "PermittedSubclasses"))
            return false;
        CHECK_FORMAT(contents.size > 2, "PermittedSubclasses attribute is empty in class file %s", FILE_NAME(file));
    }
    return true;
}

/* ---- head ---- */

static bool check_class_flags(ClassFile *file, unsigned flags)
{
    bool interface = (flags & ACCESS_INTERFACE) != 0, abstract = (flags & ACCESS_ABSTRACT) != 0;
    bool new = file->class.major >= 49;

    if (flags & ACCESS_MODULE)
        return class_file_fail(file, "java/lang/NoClassDefFoundError", "%s is not a class because access_flag ACC_MODULE is set",
                               FILE_NAME(file));
    bool illegal = (abstract && (flags & ACCESS_FINAL)) || (interface && !abstract) ||
                   (interface && new && (flags & (ACCESS_SUPER | ACCESS_ENUM))) || (!interface && new && (flags & ACCESS_ANNOTATION));
    CHECK_FORMAT(!illegal || !file->strict, "Illegal class modifiers in class %s: 0x%X", FILE_NAME(file), flags);
    return true;
}

#define CLASS_FLAGS (ACCESS_PUBLIC | ACCESS_FINAL | ACCESS_SUPER | ACCESS_INTERFACE | ACCESS_ABSTRACT | ACCESS_ANNOTATION | \
                     ACCESS_ENUM | ACCESS_SYNTHETIC)

static bool read_names(ClassFile *file, Reader *reader)
{
    JavaClass *class = &file->class;
    unsigned flags = reader_be16(reader), this_index = reader_be16(reader), super_index = reader_be16(reader);
    SymbolRef object = java_world()->wellknown_names[JAVA_CLASS_OBJECT];

    CHECK_READ(reader);
    flags &= CLASS_FLAGS | (class->major >= 53 ? ACCESS_MODULE : 0);
    if ((flags & ACCESS_INTERFACE) && class->major < 50)
        flags |= ACCESS_ABSTRACT;
    CHECK_FORMAT(pool_is(file, this_index, CONSTANT_CLASS), "Invalid this class index %u in constant pool in class file %s", this_index,
                 FILE_NAME(file));
    SymbolRef name = (SymbolRef)file->cells[this_index];
    CHECK_FORMAT(symbol_text(name)[0] != '[', "Bad class name in class file %s", FILE_NAME(file));
    class->name = name;
    if (!check_class_flags(file, flags))
        return false;
    class->this_index = (uint16_t)this_index;
    class->access_flags = (uint16_t)flags;
    class->inner_flags = (uint16_t)(flags & ~(unsigned)ACCESS_SUPER);
    class->super_cp = (uint16_t)super_index;
    if (super_index == 0) {
        CHECK_FORMAT(name == object, "Invalid superclass index 0 in class file %s", FILE_NAME(file));
        return true;
    }
    CHECK_FORMAT(name != object, "Invalid superclass index %u in class file %s", super_index, FILE_NAME(file));
    CHECK_FORMAT(pool_is(file, super_index, CONSTANT_CLASS), "Invalid superclass index %u in class file %s", super_index, FILE_NAME(file));
    file->super_name = (SymbolRef)file->cells[super_index];
    CHECK_FORMAT(symbol_text(file->super_name)[0] != '[', "Bad superclass name in class file %s", FILE_NAME(file));
    CHECK_FORMAT(!(flags & ACCESS_INTERFACE) || file->super_name == object, "Interfaces must have java.lang.Object as superclass in class file %s",
                 FILE_NAME(file));
    return true;
}

static bool read_interfaces(ClassFile *file, Reader *reader)
{
    unsigned count = reader_be16(reader);

    CHECK_READ(reader);
    file->interfaces = memory_allocate_array(count + 1, sizeof(SymbolRef));
    file->interface_cps = memory_allocate_array(count + 1, sizeof(uint16_t));
    CHECK_MEMORY(file->interfaces);
    CHECK_MEMORY(file->interface_cps);
    for (unsigned i = 0; i < count; i++) {
        unsigned index = reader_be16(reader);
        CHECK_READ(reader);
        CHECK_FORMAT(pool_is(file, index, CONSTANT_CLASS), "Interface name has bad constant pool index %u in class file %s", index,
                     FILE_NAME(file));
        file->interfaces[i] = (SymbolRef)file->cells[index];
        file->interface_cps[i] = (uint16_t)index;
        CHECK_FORMAT(symbol_text(file->interfaces[i])[0] != '[', "Bad interface name in class file %s", FILE_NAME(file));
        for (unsigned j = 0; j < i && file->strict; j++)
            CHECK_FORMAT(file->interfaces[j] != file->interfaces[i], "Duplicate interface name \"%s\" in class file %s",
                         symbol_text(file->interfaces[i]), FILE_NAME(file));
    }
    file->class.interface_count = count;
    return true;
}

static bool read_all(ClassFile *file, Reader *reader)
{
    uint32_t magic;

    CHECK_FORMAT(reader_left(reader) >= 8, "Truncated class file");
    magic = reader_be32(reader);
    CHECK_FORMAT(magic == 0xcafebabe, "Incompatible magic value %u in class file %s", magic, FILE_NAME(file));
    file->class.minor = reader_be16(reader);
    file->class.major = reader_be16(reader);
    CHECK_READ(reader);
    if (!check_version(file) || !class_file_read_pool(file, reader))
        return false;
    file->class_start = (uint32_t)reader->position;
    if (!read_names(file, reader) || !read_interfaces(file, reader) || !class_file_read_fields(file, reader) ||
        !class_file_read_methods(file, reader))
        return false;
    unsigned attributes = reader_be16(reader);
    CHECK_READ(reader);
    for (unsigned i = 0; i < attributes; i++)
        if (!read_class_attribute(file, reader))
            return false;
    CHECK_READ(reader);
    CHECK_FORMAT(reader_left(reader) == 0, "Extra bytes at the end of class file %s", FILE_NAME(file));
    return class_file_check_bootstraps(file);
}

bool class_file_read(ClassFile *file, const uint8_t *bytes, size_t size, SymbolRef name, bool strict, bool privileged)
{
    memset(file, 0, sizeof *file);
    file->bytes = bytes;
    file->size = size;
    file->strict = strict;
    file->privileged = privileged;
    file->class.name = name;
    if (size > INT32_MAX)
        return class_file_fail(file, CLASS_FORMAT_ERROR, "Truncated class file");
    Reader reader = reader_over(bytes, size);
    if (!read_all(file, &reader))
        return false;
    file->class.bytes_size = (uint32_t)size;
    return true;
}

void class_file_close(ClassFile *file)
{
    memory_free(file->tags);
    memory_free(file->cells);
    memory_free(file->slots);
    memory_free(file->fields);
    memory_free(file->methods);
    memory_free(file->bootstraps);
    memory_free(file->call_sites);
    memory_free(file->interfaces);
    memory_free(file->interface_cps);
    memset(file, 0, sizeof *file);
}

/* ---- lengths of instructions ---- */

/* By opcode 0..201; 0: switches, wide, and what is no opcode. */
static const uint8_t instruction_lengths[202] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 2, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 0, 0, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 5, 5, 3, 2, 3, 1, 1, 3, 3, 1, 1, 0, 4, 3, 3,
    5, 5};

uint32_t class_file_instruction_length(const uint8_t *code, uint32_t length, uint32_t pc)
{
    uint8_t operation = code[pc];
    uint64_t size = operation < sizeof instruction_lengths ? instruction_lengths[operation] : 0;

    if (operation == 0xc4) { /* wide */
        if (pc + 1 >= length)
            return 0;
        uint8_t widened = code[pc + 1]; /* loads, stores, ret; iinc */
        bool variable = (widened >= 0x15 && widened <= 0x19) || (widened >= 0x36 && widened <= 0x3a) || widened == 0xa9;
        size = widened == 0x84 ? 6 : variable ? 4 : 0;
    } else if (operation == 0xaa || operation == 0xab) {
        uint64_t at = (pc & ~3u) + 4;
        if (at + (operation == 0xaa ? 12 : 8) > length)
            return 0;
        int32_t first = (int32_t)read_be32(code + at + 4);
        if (operation == 0xaa) { /* tableswitch: low, high */
            int32_t second = (int32_t)read_be32(code + at + 8);
            if (second < first)
                return 0;
            size = at - pc + 12 + 4 * ((uint64_t)((int64_t)second - first) + 1);
        } else { /* lookupswitch: a count */
            if (first < 0)
                return 0;
            size = at - pc + 8 + 8 * (uint64_t)first;
        }
    }
    return size == 0 || size > length - pc ? 0 : (uint32_t)size;
}
