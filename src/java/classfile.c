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

bool class_file_attribute(ClassFile *file, Reader *reader, const char *bad_index, SymbolRef *name, uint32_t *offset)
{
    unsigned index = reader_be16(reader);

    file->attribute_length = reader_be32(reader);
    CHECK_READ(reader);
    if (!pool_is(file, index, CONSTANT_UTF8)) {
        char message[512];
        snprintf(message, sizeof message, bad_index, index, FILE_NAME(file));
        return class_file_fail(file, CLASS_FORMAT_ERROR, "%s", message);
    }
    *name = pool_utf8(file, index);
    *offset = (uint32_t)reader->position;
    return true;
}

bool class_file_skip_attribute(ClassFile *file, Reader *reader)
{
    CHECK_LEFT(reader, file->attribute_length);
    reader_skip(reader, file->attribute_length);
    return true;
}

bool class_file_once(ClassFile *file, uint32_t *seen, SymbolRef name, const char *where)
{
    static const enum JavaSymbol names[] = {
        SYMBOL_VISIBLE_ANNOTATIONS, SYMBOL_INVISIBLE_ANNOTATIONS, SYMBOL_VISIBLE_TYPE_ANNOTATIONS, SYMBOL_INVISIBLE_TYPE_ANNOTATIONS,
        SYMBOL_VISIBLE_PARAMETER_ANNOTATIONS, SYMBOL_INVISIBLE_PARAMETER_ANNOTATIONS, SYMBOL_ANNOTATION_DEFAULT, SYMBOL_SIGNATURE,
        SYMBOL_SOURCE_FILE, SYMBOL_SOURCE_DEBUG, SYMBOL_INNER_CLASSES, SYMBOL_ENCLOSING_METHOD, SYMBOL_BOOTSTRAP_METHODS, SYMBOL_NEST_HOST,
        SYMBOL_NEST_MEMBERS, SYMBOL_RECORD, SYMBOL_PERMITTED_SUBCLASSES, SYMBOL_CODE, SYMBOL_EXCEPTIONS, SYMBOL_METHOD_PARAMETERS, SYMBOL_STACK_MAP,
    };

    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (java_world()->symbols[names[i]] != name)
            continue;
        CHECK_FORMAT(!(*seen >> i & 1), "Multiple %s attributes%s in class file %s", symbol_text(name), where, FILE_NAME(file));
        *seen |= 1u << i;
    }
    return true;
}

/* Synthetic and Deprecated hold nothing. */
bool class_file_empty_attribute(ClassFile *file, SymbolRef name, const char *what)
{
    CHECK_FORMAT(file->attribute_length == 0, "Invalid %s %s attribute length %u in class file %s", symbol_text(name), what,
                 file->attribute_length, FILE_NAME(file));
    return true;
}

bool class_file_signature(ClassFile *file, Reader *reader, uint16_t *signature)
{
    *signature = reader_be16(reader);
    CHECK_READ(reader);
    CHECK_FORMAT(pool_is(file, *signature, CONSTANT_UTF8), "Invalid Signature attribute at constant pool index %u in class file %s", *signature,
                 FILE_NAME(file));
    return true;
}

static bool check_class_flags(ClassFile *file, unsigned flags);
#define INNER_CLASS_FLAGS (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_SUPER | ACCESS_INTERFACE | \
                           ACCESS_ABSTRACT | ACCESS_SYNTHETIC | ACCESS_ANNOTATION | ACCESS_ENUM)

/* ---- what is read when all attributes are known: where each begins, and the length that it says it has ---- */

static Reader late_reader(const ClassFile *file, uint32_t offset)
{
    Reader reader = reader_over(file->bytes, file->size);
    reader_seek(&reader, offset);
    return reader;
}

static uint32_t late_length(const ClassFile *file, uint32_t offset)
{
    return read_be32(file->bytes + offset - 4);
}

static bool read_class_list(ClassFile *file, uint32_t offset, const char *what, const char *attribute)
{
    Reader reader = late_reader(file, offset);
    unsigned count = reader_be16(&reader);

    CHECK_READ(&reader);
    CHECK_LEFT(&reader, 2 * (size_t)count);
    for (unsigned i = 0; i < count; i++) {
        unsigned index = reader_be16(&reader);
        CHECK_FORMAT(pool_is(file, index, CONSTANT_CLASS), "%s class_info_index %u has bad constant type in class file %s", what, index,
                     FILE_NAME(file));
    }
    CHECK_FORMAT(late_length(file, offset) == 2 + 2 * (size_t)count, "Wrong %s attribute length in class file %s", attribute, FILE_NAME(file));
    return true;
}

static bool read_inner_class(ClassFile *file, Reader *reader)
{
    unsigned inner = reader_be16(reader), outer = reader_be16(reader), name = reader_be16(reader), flags = reader_be16(reader);

    CHECK_FORMAT(pool_is(file, inner, CONSTANT_CLASS), "inner_class_info_index %u has bad constant type in class file %s", inner,
                 FILE_NAME(file));
    CHECK_FORMAT(outer == 0 || pool_is(file, outer, CONSTANT_CLASS), "outer_class_info_index %u has bad constant type in class file %s",
                 outer, FILE_NAME(file));
    CHECK_FORMAT(outer == 0 || symbol_text((SymbolRef)file->cells[outer])[0] != '[', "Outer class is an array class in class file %s",
                 FILE_NAME(file));
    CHECK_FORMAT(name == 0 || pool_is(file, name, CONSTANT_UTF8), "inner_name_index %u has bad constant type in class file %s", name,
                 FILE_NAME(file));
    CHECK_FORMAT(!file->strict || inner != outer, "Class is both outer and inner class in class file %s", FILE_NAME(file));
    flags &= INNER_CLASS_FLAGS | (file->class.major >= 53 ? ACCESS_MODULE : 0);
    if (file->class.major < 50 && (flags & ACCESS_INTERFACE))
        flags |= ACCESS_ABSTRACT;
    if (!check_class_flags(file, flags))
        return false;
    if (pool_utf8(file, inner) == file->class.name)
        file->class.inner_flags = (uint16_t)(flags & ~(unsigned)ACCESS_SUPER);
    return true;
}

/* Entries of InnerClasses, each by its number + 1; 0: none. */
typedef struct InnerEntries {
    const uint8_t *entries;
    uint32_t *first; /* with this inner_class_info_index */
    uint32_t *next;  /* by entry: the next one for the same class */
    bool *ends;      /* by entry: its outer classes are known to end */
} InnerEntries;

static void index_inner_entries(InnerEntries *all, unsigned count)
{
    for (unsigned i = count; i-- > 0;) {
        uint32_t *first = &all->first[read_be16(all->entries + 8 * i)];
        all->next[i] = *first;
        *first = i + 1;
    }
}

static uint32_t outer_entry(const InnerEntries *all, uint32_t entry)
{
    unsigned outer = read_be16(all->entries + 8 * (entry - 1) + 2);
    return outer != 0 ? all->first[outer] : 0;
}

/* The entry's outer classes, as far as they have entries, lead round in a circle. */
static bool is_circular(const InnerEntries *all, unsigned count, unsigned entry)
{
    uint32_t at = entry + 1;

    for (unsigned steps = 0; at != 0 && !all->ends[at - 1]; steps++, at = outer_entry(all, at))
        if (steps > count)
            return true;
    for (at = entry + 1; at != 0 && !all->ends[at - 1]; at = outer_entry(all, at)) all->ends[at - 1] = true;
    return false;
}

/* An entry twice is an error. Two for one class, or a circle, make the whole attribute as if it were not there. */
static bool check_inner_entries(ClassFile *file, const InnerEntries *all, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t same = all->next[i];
        bool is_bad = is_circular(all, count, i);
        CHECK_FORMAT(is_bad || same == 0 || memcmp(all->entries + 8 * i, all->entries + 8 * (same - 1), 8) != 0,
                     "Duplicate entry in InnerClasses attribute in class file %s", FILE_NAME(file));
        if (is_bad || same != 0) {
            file->class.inner_classes = 0;
            return true;
        }
    }
    return true;
}

static bool check_inner_circles(ClassFile *file, const uint8_t *entries, unsigned count)
{
    InnerEntries all = {
        .entries = entries,
        .first = memory_allocate_array(file->class.cp_count, sizeof *all.first),
        .next = memory_allocate_array(count, sizeof *all.next),
        .ends = memory_allocate_array(count, sizeof *all.ends),
    };
    bool good = all.first != NULL && all.next != NULL && all.ends != NULL;

    if (good) {
        index_inner_entries(&all, count);
        good = check_inner_entries(file, &all, count);
    } else {
        good = class_file_fail(file, "java/lang/OutOfMemoryError", "class file");
    }
    memory_free(all.first);
    memory_free(all.next);
    memory_free(all.ends);
    return good;
}

static bool read_inner_classes(ClassFile *file, uint32_t offset)
{
    Reader reader = late_reader(file, offset);
    unsigned count = reader_be16(&reader);

    CHECK_READ(&reader);
    CHECK_LEFT(&reader, 8 * (size_t)count);
    for (unsigned i = 0; i < count; i++)
        if (!read_inner_class(file, &reader))
            return false;
    if (file->strict && count != 0 && !check_inner_circles(file, file->bytes + offset + 2, count))
        return false;
    CHECK_FORMAT(!file->strict || file->class.major < 49 || late_length(file, offset) == 2 + 8 * (size_t)count,
                 "Wrong InnerClasses attribute length in class file %s", FILE_NAME(file));
    return true;
}

static bool read_component_attribute(ClassFile *file, Reader *reader, uint32_t *seen, uint64_t *size)
{
    SymbolRef name;
    uint32_t offset;
    uint16_t signature;

    if (!class_file_attribute(file, reader, "Invalid Record attribute name index %u in class file %s", &name, &offset))
        return false;
    *size += 6 + (uint64_t)file->attribute_length;
    if (!class_file_once(file, seen, name, " for Record component"))
        return false;
    if (name != SYM(SIGNATURE))
        return class_file_skip_attribute(file, reader);
    CHECK_FORMAT(file->attribute_length == 2, "Invalid Signature attribute length %u in Record component in class file %s", file->attribute_length,
                 FILE_NAME(file));
    return class_file_signature(file, reader, &signature);
}

static bool read_component(ClassFile *file, Reader *reader, uint64_t *size)
{
    uint32_t seen = 0;

    CHECK_LEFT(reader, 6);
    unsigned name = reader_be16(reader), descriptor = reader_be16(reader), attributes = reader_be16(reader);
    CHECK_FORMAT(pool_is(file, name, CONSTANT_UTF8), "Invalid constant pool index %u for name in Record attribute in class file %s", name,
                 FILE_NAME(file));
    if (file->strict && !class_file_name_is_legal(file, pool_utf8(file, name), CONSTANT_FIELD))
        return false;
    CHECK_FORMAT(pool_is(file, descriptor, CONSTANT_UTF8), "Invalid constant pool index %u for descriptor in Record attribute in class file %s",
                 descriptor, FILE_NAME(file));
    if (!class_file_check_field(file, "Field", pool_utf8(file, name), pool_utf8(file, descriptor)))
        return false;
    *size += 6;
    for (unsigned i = 0; i < attributes; i++)
        if (!read_component_attribute(file, reader, &seen, size))
            return false;
    return true;
}

static bool read_record(ClassFile *file, uint32_t offset)
{
    Reader reader = late_reader(file, offset);
    unsigned count = reader_be16(&reader);
    uint64_t size = 2;

    CHECK_READ(&reader);
    for (unsigned i = 0; i < count; i++)
        if (!read_component(file, &reader, &size))
            return false;
    CHECK_FORMAT(late_length(file, offset) == size, "Record attribute has wrong length in class file %s", FILE_NAME(file));
    if (file->class.access_flags & ACCESS_FINAL)
        file->class.flags |= JAVA_CLASS_IS_RECORD;
    return true;
}

static bool read_late_attributes(ClassFile *file)
{
    JavaClass *class = &file->class;

    if (class->inner_classes == 0) /* HotSpot keeps the one with the other */
        class->enclosing_class = class->enclosing_method = 0;
    if (class->inner_classes != 0 && !read_inner_classes(file, class->inner_classes))
        return false;
    if (class->nest_members != 0 && !read_class_list(file, class->nest_members, "Nest member", "NestMembers"))
        return false;
    if (class->record != 0 && !read_record(file, class->record))
        return false;
    if (class->permitted_subclasses != 0) {
        if (!read_class_list(file, class->permitted_subclasses, "Permitted subclass", "PermittedSubclasses"))
            return false;
        CHECK_FORMAT(late_length(file, class->permitted_subclasses) > 2, "PermittedSubclasses attribute is empty in class file %s", FILE_NAME(file));
    }
    CHECK_FORMAT(!file->has_dynamic || file->attribute_bootstrap != 0, "Missing BootstrapMethods attribute in class file %s", FILE_NAME(file));
    return true;
}

/* ---- what is read as it comes ---- */

static bool read_source_file(ClassFile *file, Reader *reader, uint32_t *seen)
{
    CHECK_FORMAT(file->attribute_length == 2, "Wrong SourceFile attribute length in class file %s", FILE_NAME(file));
    if (!class_file_once(file, seen, SYM(SOURCE_FILE), ""))
        return false;
    file->class.source_file = reader_be16(reader);
    CHECK_READ(reader);
    CHECK_FORMAT(pool_is(file, file->class.source_file, CONSTANT_UTF8), "Invalid SourceFile attribute at constant pool index %u in class file %s",
                 file->class.source_file, FILE_NAME(file));
    return true;
}

static bool read_class_signature(ClassFile *file, Reader *reader)
{
    JavaClass *class = &file->class;

    CHECK_FORMAT(file->attribute_length == 2, "Wrong Signature attribute length %u in class file %s", file->attribute_length, FILE_NAME(file));
    class->signature = reader_be16(reader);
    CHECK_READ(reader);
    CHECK_FORMAT(pool_is(file, class->signature, CONSTANT_UTF8), "Invalid constant pool index %u in Signature attribute in class file %s",
                 class->signature, FILE_NAME(file));
    return true;
}

static bool read_enclosing_method(ClassFile *file, Reader *reader)
{
    JavaClass *class = &file->class;

    CHECK_FORMAT(file->attribute_length == 4, "Wrong EnclosingMethod attribute length %u in class file %s", file->attribute_length, FILE_NAME(file));
    CHECK_LEFT(reader, 4);
    class->enclosing_class = reader_be16(reader);
    class->enclosing_method = reader_be16(reader);
    CHECK_FORMAT(class->enclosing_class != 0, "Invalid class index in EnclosingMethod attribute in class file %s", FILE_NAME(file));
    CHECK_FORMAT(pool_is(file, class->enclosing_class, CONSTANT_CLASS),
                 "Invalid or out-of-bounds class index in EnclosingMethod attribute in class file %s", FILE_NAME(file));
    CHECK_FORMAT(class->enclosing_method == 0 || pool_is(file, class->enclosing_method, CONSTANT_NAME_AND_TYPE),
                 "Invalid or out-of-bounds method index in EnclosingMethod attribute in class file %s", FILE_NAME(file));
    return true;
}

static bool read_nest_host(ClassFile *file, Reader *reader)
{
    JavaClass *class = &file->class;

    CHECK_FORMAT(class->nest_members == 0, "Conflicting NestMembers and NestHost attributes in class file %s", FILE_NAME(file));
    CHECK_FORMAT(file->attribute_length == 2, "Wrong NestHost attribute length in class file %s", FILE_NAME(file));
    CHECK_LEFT(reader, 2);
    class->nest_host = reader_be16(reader);
    CHECK_FORMAT(pool_is(file, class->nest_host, CONSTANT_CLASS), "Nest-host class_info_index %u has bad constant type in class file %s",
                 class->nest_host, FILE_NAME(file));
    return true;
}

static bool is_record(const ClassFile *file)
{
    return file->class.major >= 60 && file->super_name == java_world()->wellknown_names[JAVA_CLASS_RECORD];
}

/* Which attributes count depends on the version; others are passed by. */
static bool is_known(const ClassFile *file, SymbolRef name)
{
    static const struct {
        enum JavaSymbol name;
        uint16_t major;
    } rows[] = {{SYMBOL_SOURCE_FILE, 0}, {SYMBOL_SOURCE_DEBUG, 0}, {SYMBOL_INNER_CLASSES, 0}, {SYMBOL_SYNTHETIC, 0}, {SYMBOL_DEPRECATED, 0},
                {SYMBOL_SIGNATURE, 49}, {SYMBOL_VISIBLE_ANNOTATIONS, 49}, {SYMBOL_INVISIBLE_ANNOTATIONS, 49}, {SYMBOL_ENCLOSING_METHOD, 49},
                {SYMBOL_VISIBLE_TYPE_ANNOTATIONS, 49}, {SYMBOL_INVISIBLE_TYPE_ANNOTATIONS, 49}, {SYMBOL_BOOTSTRAP_METHODS, 51},
                {SYMBOL_NEST_HOST, 55}, {SYMBOL_NEST_MEMBERS, 55}, {SYMBOL_PERMITTED_SUBCLASSES, 61}};

    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (java_world()->symbols[rows[i].name] == name)
            return file->class.major >= rows[i].major;
    return name == SYM(RECORD) && is_record(file);
}

static bool read_class_attribute(ClassFile *file, Reader *reader, uint32_t *seen)
{
    JavaClass *class = &file->class;
    SymbolRef name;
    uint32_t offset;

    if (!class_file_attribute(file, reader, "Attribute name has bad constant pool index %u in class file %s", &name, &offset))
        return false;
    if (!is_known(file, name))
        return class_file_skip_attribute(file, reader);
    if (name == SYM(SOURCE_FILE))
        return read_source_file(file, reader, seen);
    if (!class_file_once(file, seen, name, ""))
        return false;
    if (name == SYM(SYNTHETIC))
        class->access_flags |= ACCESS_SYNTHETIC;
    if (name == SYM(SYNTHETIC) || name == SYM(DEPRECATED))
        return class_file_empty_attribute(file, name, "classfile");
    if (name == SYM(SIGNATURE))
        return read_class_signature(file, reader);
    if (name == SYM(ENCLOSING_METHOD))
        return read_enclosing_method(file, reader);
    if (name == SYM(BOOTSTRAP_METHODS))
        return class_file_read_bootstraps(file, reader, offset);
    if (name == SYM(NEST_HOST))
        return read_nest_host(file, reader);
    if (name == SYM(NEST_MEMBERS)) {
        CHECK_FORMAT(class->nest_host == 0, "Conflicting NestHost and NestMembers attributes in class file %s", FILE_NAME(file));
        class->nest_members = offset;
    } else if (name == SYM(RECORD)) {
        class->record = offset;
    } else if (name == SYM(PERMITTED_SUBCLASSES)) {
        CHECK_FORMAT(!(class->access_flags & ACCESS_FINAL), "PermittedSubclasses attribute in final class file %s", FILE_NAME(file));
        class->permitted_subclasses = offset;
    } else if (name == SYM(INNER_CLASSES)) {
        class->inner_classes = offset;
    } else if (name == SYM(SOURCE_DEBUG)) {
        class->source_debug = offset;
    } else if (name == SYM(VISIBLE_ANNOTATIONS)) {
        class->annotations = offset;
    } else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS)) {
        class->type_annotations = offset;
    }
    return class_file_skip_attribute(file, reader);
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
    if (!check_class_flags(file, flags))
        return false;
    CHECK_FORMAT(file->bad_tag == 0, "Unknown constant tag %u in class file %s", file->bad_tag, FILE_NAME(file));
    CHECK_FORMAT(pool_is(file, this_index, CONSTANT_CLASS), "Invalid this class index %u in constant pool in class file %s", this_index,
                 FILE_NAME(file));
    SymbolRef name = (SymbolRef)file->cells[this_index];
    CHECK_FORMAT(symbol_text(name)[0] != '[', "Bad class name in class file %s", FILE_NAME(file));
    class->name = name;
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
    uint32_t seen = 0;
    CHECK_READ(reader);
    for (unsigned i = 0; i < attributes; i++)
        if (!read_class_attribute(file, reader, &seen))
            return false;
    if (!read_late_attributes(file))
        return false;
    CHECK_FORMAT(reader_left(reader) == 0, "Extra bytes at the end of class file %s", FILE_NAME(file));
    return true;
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
