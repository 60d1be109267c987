/* classfile.h - a class file as read: what the loader makes a class of. In ordinary memory, but for its symbols. */
#ifndef JAVA_CLASSFILE_H
#define JAVA_CLASSFILE_H

#include "java/java_internal.h"

#define CLASS_FILE_MAJOR_MOST 61

typedef struct ClassFile {
    const uint8_t *bytes; /* borrowed */
    size_t size;
    bool privileged;      /* annotations of the machine count */
    bool strict;          /* not trusted: names, flags and shapes are checked as for any user's class */
    JavaClass class;      /* a template: counts, offsets, flags, names */
    uint8_t *tags;        /* the constant pool as JavaClass has it */
    uint64_t *cells;
    uint16_t *slots;
    JavaField *fields;    /* room for injected ones behind */
    JavaMethod *methods;
    JavaBootstrap *bootstraps;
    JavaCallSite *call_sites;  /* `method` is the index in the class */
    SymbolRef *interfaces;
    uint16_t *interface_cps;
    SymbolRef super_name; /* 0: none (Object) */
    bool has_dynamic;
    uint8_t bad_tag;         /* the first constant that only modules have; 0 */
    uint16_t bootstrap_most; /* 1 + the greatest bootstrap index used */
    uint32_t attribute_length;    /* of the attribute whose head was just read, as it says: the file may end before */
    uint32_t attribute_bootstrap; /* offset of BootstrapMethods' contents; 0 */
    uint32_t class_start; /* offset of access_flags */
    const char *error_class; /* NULL: well-formed */
    char error[2048];
} ClassFile;

/* False: error_class and error tell why. name: what messages call it before it is known; 0. Close in any case. */
bool class_file_read(ClassFile *file, const uint8_t *bytes, size_t size, SymbolRef name, bool strict, bool privileged);
void class_file_close(ClassFile *file);

/* classfile_pool.c */
bool class_file_read_pool(ClassFile *file, Reader *reader);
bool class_file_read_bootstraps(ClassFile *file, Reader *reader, uint32_t offset);
/* classfile_member.c */
bool class_file_read_fields(ClassFile *file, Reader *reader);
bool class_file_read_methods(ClassFile *file, Reader *reader);

/* Sets the error; returns false. */
bool class_file_fail(ClassFile *file, const char *error_class, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define CLASS_FORMAT_ERROR "java/lang/ClassFormatError"
#define FILE_NAME(file) ((file)->class.name != 0 ? symbol_text((file)->class.name) : "<Unknown>")
#define CHECK_FORMAT(condition, ...)                                              \
    do {                                                                          \
        if (!(condition))                                                         \
            return class_file_fail(file, CLASS_FORMAT_ERROR, __VA_ARGS__);        \
    } while (0)
#define CHECK_READ(reader) CHECK_FORMAT(!(reader)->failed, "Truncated class file")
#define CHECK_LEFT(reader, size) CHECK_FORMAT((size) <= reader_left(reader), "Truncated class file")
#define CHECK_MEMORY(pointer)                                                     \
    do {                                                                          \
        if ((pointer) == NULL)                                                    \
            return class_file_fail(file, "java/lang/OutOfMemoryError", "class file"); \
    } while (0)

static inline bool pool_is(const ClassFile *file, unsigned index, uint8_t tag)
{
    return index != 0 && index < file->class.cp_count && file->tags[index] == tag;
}
static inline SymbolRef pool_utf8(const ClassFile *file, unsigned index)
{
    return (SymbolRef)file->cells[index];
}
/* An attribute's head: sets file->attribute_length; *offset of the contents, which come next. bad_index: message for its
 * name. Which check is made first, and what is said of attributes that end before or behind where they should, is as in
 * HotSpot: lengths are compared where it does, and contents read on past them where it does. */
bool class_file_attribute(ClassFile *file, Reader *reader, const char *bad_index, SymbolRef *name, uint32_t *offset);
bool class_file_skip_attribute(ClassFile *file, Reader *reader);
/* Refuses the second attribute of a name among those that may be there once; seen: bits of those that were. */
bool class_file_once(ClassFile *file, uint32_t *seen, SymbolRef name, const char *where);
bool class_file_empty_attribute(ClassFile *file, SymbolRef name, const char *what);
bool class_file_signature(ClassFile *file, Reader *reader, uint16_t *signature);
/* classfile_pool.c */
bool class_file_name_is_legal(ClassFile *file, SymbolRef name, enum JavaConstantTag kind); /* CLASS, FIELD, METHOD */
bool class_file_check_field(ClassFile *file, const char *what, SymbolRef name, SymbolRef descriptor);
bool class_file_check_method(ClassFile *file, SymbolRef name, SymbolRef descriptor);
/* Flags of the annotations that the machine knows, as bits of AnnotationBits. */
enum AnnotationBits {
    ANNOTATES_HIDDEN = 1, ANNOTATES_FORCE_INLINE = 2, ANNOTATES_DONT_INLINE = 4, ANNOTATES_INTRINSIC = 8,
    ANNOTATES_RESERVED_STACK = 16, ANNOTATES_SCOPED = 32, ANNOTATES_CALLER_SENSITIVE = 64, ANNOTATES_COMPILED = 128
};
uint32_t class_file_annotations(const ClassFile *file, Reader contents, uint32_t offset, uint32_t *ffi);
/* Bytes of the bytecode instruction at pc; 0: none, or it leaves the code. */
uint32_t class_file_instruction_length(const uint8_t *code, uint32_t length, uint32_t pc);

#endif
