/* classfile.h - a class file as it lies in memory: where its parts are, for printing (JVMS 4).
 *
 * Nothing is copied: the model refers to the bytes by offset. Opening checks the frame: constant pool, members, and that
 * every attribute lies inside what holds it. What an index refers to is checked where it is used. */
#ifndef JAVAP_CLASSFILE_H
#define JAVAP_CLASSFILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"

#define CLASSFILE_LEAST_VERSION 45
#define CLASSFILE_LAST_VERSION 65

enum ConstantTag {
    CONSTANT_NONE = 0, /* number 0, and what follows a long or double */
    CONSTANT_UTF8 = 1,
    CONSTANT_INTEGER = 3,
    CONSTANT_FLOAT = 4,
    CONSTANT_LONG = 5,
    CONSTANT_DOUBLE = 6,
    CONSTANT_CLASS = 7,
    CONSTANT_STRING = 8,
    CONSTANT_FIELD = 9,
    CONSTANT_METHOD = 10,
    CONSTANT_INTERFACE_METHOD = 11,
    CONSTANT_NAME_AND_TYPE = 12,
    CONSTANT_METHOD_HANDLE = 15,
    CONSTANT_METHOD_TYPE = 16,
    CONSTANT_DYNAMIC = 17,
    CONSTANT_INVOKE_DYNAMIC = 18,
    CONSTANT_MODULE = 19,
    CONSTANT_PACKAGE = 20
};

enum ConstantFlag {
    UTF8_PLAIN = 1,        /* only printable ASCII without quotes and backslashes: its bytes are its text */
    UTF8_NAME_CHECKED = 2, /* UTF8_NAME_QUOTED is known */
    UTF8_NAME_QUOTED = 4,  /* as a name it is shown in quotes */
};

typedef struct Constant {
    uint32_t at;       /* where its contents begin in the file (of a Utf8: the first character) */
    uint16_t size;     /* Utf8: bytes */
    uint8_t tag;       /* ConstantTag */
    uint8_t flags;     /* ConstantFlag */
    uint8_t attribute; /* Utf8: the attribute of this name, when it was looked up; else 0 */
} Constant;

typedef struct AttributeList {
    uint32_t at; /* of the first attribute */
    uint16_t count;
} AttributeList;

typedef struct Member {
    uint16_t access, name, descriptor;
    AttributeList attributes;
} Member;

typedef struct ClassFile {
    const uint8_t *bytes;
    size_t size;
    uint16_t minor, major, access, this_class, super_class, interface_count, field_count, method_count;
    uint32_t constant_count; /* with number 0 */
    uint32_t interfaces_at;
    Constant *constants;
    Member *fields, *methods;
    AttributeList attributes;
    size_t constant_room, member_room; /* kept from one class to the next */
} ClassFile;

/* Reads the frame of a class file; the bytes stay the caller's and must outlive its use. A ClassFile{0}, or one that was
 * opened before, whose memory is used again. ERROR_FORMAT names the offset. */
Result classfile_open(ClassFile *class, const uint8_t *bytes, size_t size);
void classfile_close(ClassFile *class);

/* The constant if it has this tag, else NULL. */
static inline Constant *classfile_constant(const ClassFile *class, unsigned index, enum ConstantTag tag)
{
    return index < class->constant_count && class->constants[index].tag == tag ? &class->constants[index] : NULL;
}

static inline unsigned constant_first(const ClassFile *class, const Constant *constant)
{
    return read_be16(class->bytes + constant->at);
}
static inline unsigned constant_second(const ClassFile *class, const Constant *constant)
{
    return read_be16(class->bytes + constant->at + 2);
}

/* Is it this Utf8? */
bool classfile_utf8_is(const ClassFile *class, unsigned index, const char *text);

/* One attribute; contents_at and size say where its contents are. */
typedef struct Attribute {
    uint16_t name; /* a Utf8 of the constant pool */
    uint32_t at, size;
} Attribute;

/* Gives the attribute at *position and moves there to the next. */
static inline Attribute classfile_attribute_next(const ClassFile *class, uint32_t *position)
{
    const uint8_t *start = class->bytes + *position;
    Attribute attribute = {read_be16(start), *position + 6, read_be32(start + 2)};
    *position = attribute.at + attribute.size;
    return attribute;
}

/* The last one of this name, as the JDK's tools take it; false: none. */
bool classfile_attribute_find(const ClassFile *class, AttributeList list, const char *name, Attribute *attribute);
/* Passes `count` attributes, which must lie before the reader's end and carry names. */
Result classfile_attributes_skip(const ClassFile *class, Reader *reader, AttributeList *list);

#endif
