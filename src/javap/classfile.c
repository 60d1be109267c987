/* classfile.c - finds the parts of a class file, trusting nothing. */
#include <string.h>

#include "base/memory.h"
#include "javap/classfile.h"

#define MAGIC 0xcafebabeu

/* What a byte of a Utf8 is to UTF8_PLAIN. */
static bool is_plain(const uint8_t *at, size_t size)
{
    unsigned odd = 0;
    for (size_t i = 0; i < size; i++)
        odd |= (unsigned)(at[i] < 0x20) | (unsigned)(at[i] >= 0x7f) | (unsigned)(at[i] == '"') |
               (unsigned)(at[i] == '\'') | (unsigned)(at[i] == '\\');
    return odd == 0;
}

/* As java.io.DataInput reads it: 1, 2 or 3 bytes a character, nothing else. */
static bool is_well_formed(const uint8_t *at, size_t size)
{
    const uint8_t *end = at + size;

    while (at < end) {
        unsigned more = *at < 0x80 ? 0 : *at >> 5 == 6 ? 1 : *at >> 4 == 14 ? 2 : 3;
        if (more == 3 || (size_t)(end - at) <= more) return false;
        for (at++; more > 0; more--, at++)
            if (*at >> 6 != 2) return false;
    }
    return true;
}

static Result read_utf8(Constant *constant, Reader *reader)
{
    constant->size = reader_be16(reader);
    constant->at = (uint32_t)reader->position;
    const uint8_t *start = reader_take(reader, constant->size);
    if (start == NULL) return OK;
    if (is_plain(start, constant->size))
        constant->flags = UTF8_PLAIN;
    else if (!is_well_formed(start, constant->size))
        return error_set(ERROR_FORMAT, "bad modified UTF-8 at offset %u", constant->at);
    return OK;
}

/* Bytes of the contents of each tag; 0: no such tag. */
static const uint8_t constant_sizes[] = {
    [CONSTANT_INTEGER] = 4,       [CONSTANT_FLOAT] = 4,          [CONSTANT_LONG] = 8,
    [CONSTANT_DOUBLE] = 8,        [CONSTANT_CLASS] = 2,          [CONSTANT_STRING] = 2,
    [CONSTANT_FIELD] = 4,         [CONSTANT_METHOD] = 4,         [CONSTANT_INTERFACE_METHOD] = 4,
    [CONSTANT_NAME_AND_TYPE] = 4, [CONSTANT_METHOD_HANDLE] = 3,  [CONSTANT_METHOD_TYPE] = 2,
    [CONSTANT_DYNAMIC] = 4,       [CONSTANT_INVOKE_DYNAMIC] = 4, [CONSTANT_MODULE] = 2,
    [CONSTANT_PACKAGE] = 2,
};

static Result read_constants(ClassFile *class, Reader *reader)
{
    Result result = OK;

    for (unsigned i = 1; i < class->constant_count && !reader->failed; i++) {
        Constant *constant = &class->constants[i];
        size_t start = reader->position;
        constant->tag = reader_u8(reader);
        constant->at = (uint32_t)reader->position;
        if (constant->tag == CONSTANT_UTF8) {
            TRY(read_utf8(constant, reader));
            continue;
        }
        if (reader->failed) break;
        if (constant->tag > CONSTANT_PACKAGE || constant_sizes[constant->tag] == 0)
            return error_set(ERROR_FORMAT, "constant #%u has the unknown tag %u at offset %zu", i, constant->tag,
                             start);
        reader_skip(reader, constant_sizes[constant->tag]);
        if (constant->tag != CONSTANT_LONG && constant->tag != CONSTANT_DOUBLE) continue;
        if (++i >= class->constant_count)
            return error_set(ERROR_FORMAT, "constant #%u at offset %zu needs two numbers, and the pool ends", i - 1,
                             start);
    }
done:
    return result;
}

Result classfile_attributes_skip(const ClassFile *class, Reader *reader, AttributeList *list)
{
    list->count = reader_be16(reader);
    list->at = (uint32_t)reader->position;
    for (unsigned i = 0; i < list->count; i++) {
        size_t start = reader->position;
        unsigned name = reader_be16(reader);
        uint32_t size = reader_be32(reader);
        if (reader->failed) break;
        if (size > reader_left(reader))
            return error_set(ERROR_FORMAT, "the attribute at offset %zu has %u bytes, but %zu are left", start, size,
                             reader_left(reader));
        if (classfile_constant(class, name, CONSTANT_UTF8) == NULL)
            return error_set(ERROR_FORMAT, "the attribute at offset %zu has #%u as name, which is no Utf8", start,
                             name);
        reader_skip(reader, size);
    }
    return reader->failed ? error_set(ERROR_FORMAT, "it ends too early, at offset %zu", reader->size) : OK;
}

static Result read_members(ClassFile *class, Reader *reader, Member *members, unsigned count)
{
    Result result = OK;

    for (unsigned i = 0; i < count && result == OK; i++) {
        members[i].access = reader_be16(reader);
        members[i].name = reader_be16(reader);
        members[i].descriptor = reader_be16(reader);
        result = classfile_attributes_skip(class, reader, &members[i].attributes);
    }
    return result;
}

/* How many members stand there: the reader goes back. */
static unsigned peek_count(const Reader *reader)
{
    Reader ahead = *reader;
    return reader_be16(&ahead);
}

static Result reserve_constants(ClassFile *class, size_t count)
{
    if (count > class->constant_room) {
        memory_free(class->constants);
        class->constant_room = 0;
        class->constants = memory_allocate_array(count, sizeof *class->constants);
        if (class->constants == NULL) return ERROR_MEMORY;
        class->constant_room = count;
    }
    memset(class->constants, 0, count * sizeof *class->constants);
    return OK;
}

/* Room for methods behind the fields that are there. */
static Result reserve_members(ClassFile *class, size_t count)
{
    if (count > class->member_room) {
        Member *grown = memory_resize(class->fields, count * sizeof *grown);
        if (grown == NULL) return ERROR_MEMORY;
        class->fields = grown;
        class->member_room = count;
    }
    return OK;
}

static Result read_header(ClassFile *class, Reader *reader)
{
    uint32_t magic = reader_be32(reader);

    if (!reader->failed && magic != MAGIC)
        return error_set(ERROR_FORMAT, "no class file: it begins with 0x%08x at offset 0", magic);
    class->minor = reader_be16(reader);
    class->major = reader_be16(reader);
    if (!reader->failed && (class->major < CLASSFILE_LEAST_VERSION || class->major > CLASSFILE_LAST_VERSION))
        return error_set(ERROR_UNSUPPORTED, "version %u.%u at offset 4 is not one of %u to %u", class->major,
                         class->minor, CLASSFILE_LEAST_VERSION, CLASSFILE_LAST_VERSION);
    class->constant_count = reader_be16(reader);
    return OK;
}

static Result read_body(ClassFile *class, Reader *reader)
{
    Result result;

    class->access = reader_be16(reader);
    class->this_class = reader_be16(reader);
    class->super_class = reader_be16(reader);
    class->interface_count = reader_be16(reader);
    class->interfaces_at = (uint32_t)reader->position;
    reader_skip(reader, 2 * (size_t) class->interface_count);
    class->field_count = (uint16_t)peek_count(reader);
    TRY(reserve_members(class, class->field_count));
    reader_skip(reader, 2);
    TRY(read_members(class, reader, class->fields, class->field_count));
    class->method_count = (uint16_t)peek_count(reader);
    TRY(reserve_members(class, (size_t) class->field_count + class->method_count));
    reader_skip(reader, 2);
    class->methods = class->fields + class->field_count;
    TRY(read_members(class, reader, class->methods, class->method_count));
    TRY(classfile_attributes_skip(class, reader, &class->attributes));
done:
    return result;
}

Result classfile_open(ClassFile *class, const uint8_t *bytes, size_t size)
{
    Result result;
    Reader reader = reader_over(bytes, size);

    class->bytes = bytes;
    class->size = size;
    if (size > INT32_MAX) return error_set(ERROR_LIMIT, "%zu bytes are too many for a class file", size);
    TRY(read_header(class, &reader));
    TRY(reserve_constants(class, class->constant_count > 0 ? class->constant_count : 1));
    TRY(read_constants(class, &reader));
    TRY(read_body(class, &reader));
    if (reader_left(&reader) > 0)
        result =
            error_set(ERROR_FORMAT, "%zu bytes are left over at offset %zu", reader_left(&reader), reader.position);
done:
    if (result == OK && reader.failed) result = error_set(ERROR_FORMAT, "it ends too early, at offset %zu", size);
    return result;
}

void classfile_close(ClassFile *class)
{
    memory_free(class->constants);
    memory_free(class->fields);
    memset(class, 0, sizeof *class);
}

bool classfile_utf8_is(const ClassFile *class, unsigned index, const char *text)
{
    const Constant *constant = classfile_constant(class, index, CONSTANT_UTF8);
    size_t size = strlen(text);
    return constant != NULL && constant->size == size && memcmp(class->bytes + constant->at, text, size) == 0;
}

bool classfile_attribute_find(const ClassFile *class, AttributeList list, const char *name, Attribute *attribute)
{
    uint32_t position = list.at;
    bool found = false;

    for (unsigned i = 0; i < list.count; i++) {
        Attribute one = classfile_attribute_next(class, &position);
        if (classfile_utf8_is(class, one.name, name)) {
            *attribute = one;
            found = true;
        }
    }
    return found;
}
