/* java_translate_classes.h - for tests of the translator: reads a class file and gives each method as a TranslateInput,
 * without loading anything. */
#ifndef TEST_UNIT_JAVA_TRANSLATE_CLASSES_H
#define TEST_UNIT_JAVA_TRANSLATE_CLASSES_H

#include "base/base.h"
#include "java/translate_internal.h"

typedef struct ClassFile {
    const uint8_t *bytes;
    size_t size;
    unsigned count;
    uint32_t entries[65536]; /* offset of each tag byte */
    unsigned this_index;
} ClassFile;

static TranslateText class_text(const ClassFile *file, unsigned i)
{
    const uint8_t *entry = file->bytes + file->entries[i];
    return (TranslateText){(const char *)entry + 3, read_be16(entry + 1)};
}
static unsigned class_tag(const void *context, unsigned i)
{
    const ClassFile *file = context;
    return i < file->count && file->entries[i] != 0 ? file->bytes[file->entries[i]] : 0;
}
static unsigned class_u2(const ClassFile *file, unsigned i, unsigned offset)
{
    return read_be16(file->bytes + file->entries[i] + offset);
}
static bool class_is_member(const void *context, unsigned i)
{
    unsigned tag = class_tag(context, i);
    return (tag >= CONSTANT_FIELD && tag <= CONSTANT_INTERFACE_METHOD) || tag == CONSTANT_DYNAMIC || tag == CONSTANT_INVOKE_DYNAMIC;
}
static TranslateText class_name(const void *context, unsigned i)
{
    const ClassFile *file = context;
    if (!class_is_member(context, i))
        return (TranslateText){"", 0};
    return class_text(file, class_u2(file, class_u2(file, i, 3), 1));
}
static TranslateText class_descriptor(const void *context, unsigned i)
{
    const ClassFile *file = context;
    if (!class_is_member(context, i))
        return (TranslateText){"", 0};
    return class_text(file, class_u2(file, class_u2(file, i, 3), 3));
}
static TranslateText class_holder(const void *context, unsigned i)
{
    const ClassFile *file = context;
    return class_text(file, class_u2(file, class_u2(file, i, 1), 1));
}
static enum JavaPolymorphic class_polymorphic(const void *context, unsigned i)
{
    const ClassFile *file = context;
    TranslateText holder = class_text(file, class_u2(file, class_u2(file, i, 1), 1)), name = class_name(context, i);
    if (translate_text_is(holder, "java/lang/invoke/VarHandle"))
        return POLYMORPHIC_VAR_HANDLE;
    if (!translate_text_is(holder, "java/lang/invoke/MethodHandle"))
        return POLYMORPHIC_NONE;
    return translate_text_is(name, "invokeExact")    ? POLYMORPHIC_INVOKE_EXACT
           : translate_text_is(name, "invokeBasic")  ? POLYMORPHIC_INVOKE_BASIC
           : translate_text_is(name, "linkToStatic") ? POLYMORPHIC_LINK_TO_STATIC
                                                     : POLYMORPHIC_NONE;
}
static uint64_t class_number(const void *context, unsigned i)
{
    const ClassFile *file = context;
    const uint8_t *entry = file->bytes + file->entries[i];
    return entry[0] == CONSTANT_INTEGER || entry[0] == CONSTANT_FLOAT ? (uint64_t)(int64_t)(int32_t)read_be32(entry + 1)
                                                                      : read_be64(entry + 1);
}
static unsigned class_slot(const void *context, unsigned i, uint32_t pc)
{
    return i;
}
static uint64_t class_primitive_array(const void *context, unsigned code)
{
    return 2000 + code;
}
static bool class_static_volatile(const void *context, unsigned i)
{
    return false;
}

static bool class_skip_attributes(Reader *reader)
{
    for (unsigned n = reader_be16(reader); n > 0; n--) {
        reader_be16(reader);
        reader_skip(reader, reader_be32(reader));
    }
    return !reader->failed;
}

static bool class_open(ClassFile *file, Reader *reader)
{
    reader_skip(reader, 8);
    file->count = reader_be16(reader);
    for (unsigned i = 1; i < file->count; i++) {
        static const uint8_t sizes[] = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};
        file->entries[i] = (uint32_t)reader->position;
        uint8_t tag = reader_u8(reader);
        if (tag > 20)
            return false;
        reader_skip(reader, tag == CONSTANT_UTF8 ? reader_be16(reader) : sizes[tag]);
        if (tag == CONSTANT_LONG || tag == CONSTANT_DOUBLE)
            file->entries[++i] = 0;
    }
    reader_be16(reader);
    file->this_index = reader_be16(reader);
    reader_be16(reader);
    reader_skip(reader, 2 * reader_be16(reader));
    return !reader->failed;
}

static void class_code(ClassFile *file, Reader code, TranslateInput *input, TranslateHandler *handlers)
{
    input->max_stack = reader_be16(&code);
    input->max_locals = reader_be16(&code);
    input->code_length = reader_be32(&code);
    input->code = reader_take(&code, input->code_length);
    input->handler_count = reader_be16(&code);
    input->handlers = handlers;
    for (unsigned i = 0; i < input->handler_count; i++) {
        handlers[i].start = reader_be16(&code);
        handlers[i].end = reader_be16(&code);
        handlers[i].handler = reader_be16(&code);
        handlers[i].catch_type = reader_be16(&code);
    }
    input->this_index = file->this_index;
    input->method = 1;
    input->pool = (TranslatePool){file, class_tag, class_name, class_descriptor, class_holder, class_polymorphic, class_number, class_slot,
                                  class_primitive_array, class_static_volatile};
}

/* Calls visit for each method that has code. */
static bool class_each_method(const void *bytes, size_t size,
                              void (*visit)(void *context, const TranslateInput *input, TranslateText name), void *context)
{
    static ClassFile file;
    static TranslateHandler handlers[65536];
    Reader reader = reader_over(bytes, size);

    file.bytes = bytes;
    file.size = size;
    if (!class_open(&file, &reader))
        return false;
    for (unsigned fields = reader_be16(&reader); fields > 0; fields--) {
        reader_skip(&reader, 6);
        class_skip_attributes(&reader);
    }
    for (unsigned methods = reader_be16(&reader); methods > 0 && !reader.failed; methods--) {
        TranslateInput input = {.flags = reader_be16(&reader)};
        TranslateText name = class_text(&file, reader_be16(&reader));
        input.descriptor = class_text(&file, reader_be16(&reader));
        for (unsigned n = reader_be16(&reader); n > 0; n--) {
            TranslateText attribute = class_text(&file, reader_be16(&reader));
            uint32_t length = reader_be32(&reader);
            Reader part = reader_part(&reader, length);
            if (!translate_text_is(attribute, "Code"))
                continue;
            class_code(&file, part, &input, handlers);
            visit(context, &input, name);
        }
    }
    return !reader.failed;
}

#endif
