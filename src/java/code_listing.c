/* code_listing.c - the register code of a method that is in a class file only: reads as much of the file as the translator
 * asks for. Nothing in the file is trusted. */
#include "java/code_listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "java/translate_internal.h"

/* ---- the constant pool ---- */

typedef struct File {
    const uint8_t *bytes;
    size_t size;
    unsigned entry_count;
    uint32_t *entries;       /* where the tag of each is; 0: there is none */
    unsigned this_index;
    size_t fields;           /* where they are counted */
    unsigned max_stack, max_locals;
} File;

static unsigned file_tag(const void *context, unsigned i)
{
    const File *file = context;
    return i < file->entry_count && file->entries[i] != 0 ? file->bytes[file->entries[i]] : 0;
}

static TranslateText file_text(const File *file, unsigned i)
{
    if (file_tag(file, i) != CONSTANT_UTF8)
        return (TranslateText){"", 0};
    const uint8_t *entry = file->bytes + file->entries[i];
    return (TranslateText){(const char *)entry + 3, read_be16(entry + 1)};
}

/* The first or second index in an entry; 0 (which is never one) if it is not of this kind. */
static unsigned file_index(const File *file, unsigned i, bool is_right, unsigned which)
{
    return is_right ? read_be16(file->bytes + file->entries[i] + 1 + 2 * which) : 0;
}

static bool is_member(unsigned tag)
{
    return (tag >= CONSTANT_FIELD && tag <= CONSTANT_INTERFACE_METHOD) || tag == CONSTANT_DYNAMIC || tag == CONSTANT_INVOKE_DYNAMIC;
}

static TranslateText file_name_or_type(const File *file, unsigned i, unsigned which)
{
    unsigned both = file_index(file, i, is_member(file_tag(file, i)), 1);
    return file_text(file, file_index(file, both, file_tag(file, both) == CONSTANT_NAME_AND_TYPE, which));
}

static TranslateText file_name(const void *context, unsigned i)
{
    return file_name_or_type(context, i, 0);
}

/* Of a member with another kind of descriptor: none. */
static TranslateText file_descriptor(const void *context, unsigned i)
{
    TranslateText text = file_name_or_type(context, i, 1);
    unsigned tag = file_tag(context, i);
    bool is_method = tag != CONSTANT_FIELD && tag != CONSTANT_DYNAMIC;
    bool is_good = is_method ? text.length > 2 && text.text[0] == '(' && memchr(text.text, ')', text.length) != NULL
                             : text.length > 0 && strchr("BCDFIJSZL[", text.text[0]) != NULL;
    return is_good ? text : (TranslateText){"", 0};
}

static TranslateText file_class_name(const void *context, unsigned i)
{
    unsigned tag = file_tag(context, i), holder = file_index(context, i, tag >= CONSTANT_FIELD && tag <= CONSTANT_INTERFACE_METHOD, 0);
    return file_text(context, file_index(context, holder, file_tag(context, holder) == CONSTANT_CLASS, 0));
}

static enum JavaPolymorphic file_polymorphic(const void *context, unsigned i)
{
    static const struct {
        const char *name;
        enum JavaPolymorphic kind;
    } kinds[] = {
        {"invoke", POLYMORPHIC_INVOKE}, {"invokeExact", POLYMORPHIC_INVOKE_EXACT}, {"invokeBasic", POLYMORPHIC_INVOKE_BASIC},
        {"linkToVirtual", POLYMORPHIC_LINK_TO_VIRTUAL}, {"linkToStatic", POLYMORPHIC_LINK_TO_STATIC},
        {"linkToSpecial", POLYMORPHIC_LINK_TO_SPECIAL}, {"linkToInterface", POLYMORPHIC_LINK_TO_INTERFACE},
        {"linkToNative", POLYMORPHIC_LINK_TO_NATIVE}};
    static const char package[] = "java/lang/invoke/";
    const File *file = context;
    TranslateText holder = file_class_name(context, i), name = file_name(context, i);
    TranslateText self = file_text(file, file_index(file, file->this_index, file_tag(file, file->this_index) == CONSTANT_CLASS, 0));
    bool inside = self.length >= sizeof package && memcmp(self.text, package, sizeof package - 1) == 0;

    if (translate_text_is(holder, "java/lang/invoke/VarHandle"))
        return java_is_var_handle_access(name.text, name.length) ? POLYMORPHIC_VAR_HANDLE : POLYMORPHIC_NONE;
    for (size_t k = 0; k < COUNT_OF(kinds) && translate_text_is(holder, "java/lang/invoke/MethodHandle"); k++)
        if (translate_text_is(name, kinds[k].name))
            return inside || !java_polymorphic_trusts(kinds[k].kind) ? kinds[k].kind : POLYMORPHIC_NONE;
    return POLYMORPHIC_NONE;
}

static uint64_t file_number(const void *context, unsigned i)
{
    const File *file = context;

    switch (file_tag(file, i)) {
    case CONSTANT_INTEGER: return (uint64_t)(int64_t)(int32_t)read_be32(file->bytes + file->entries[i] + 1);
    case CONSTANT_FLOAT: return read_be32(file->bytes + file->entries[i] + 1);
    case CONSTANT_LONG: case CONSTANT_DOUBLE: return read_be64(file->bytes + file->entries[i] + 1);
    default: return 0;
    }
}

static unsigned file_slot(const void *context, unsigned i, uint32_t bytecode_index)
{
    return i;
}

static uint64_t file_primitive_array(const void *context, unsigned code)
{
    static const uint8_t shifts[] = {0, 1, 2, 3, 0, 1, 2, 3}; /* boolean, char, float, double, byte, short, int, long */
    return code >= 4 && code <= 11 ? code | (uint64_t)shifts[code - 4] << 32 : 0;
}

static bool same_text(TranslateText a, TranslateText b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool skip_attributes(Reader *reader)
{
    for (unsigned left = reader_be16(reader); left > 0 && !reader->failed; left--) {
        reader_be16(reader);
        reader_skip(reader, reader_be32(reader));
    }
    return !reader->failed;
}

/* Only of the class's own fields it is known. */
static bool file_static_may_be_volatile(const void *context, unsigned i)
{
    const File *file = context;
    TranslateText own = file_text(file, file_index(file, file->this_index, file_tag(file, file->this_index) == CONSTANT_CLASS, 0));
    TranslateText name = file_name(file, i), type = file_descriptor(file, i);
    Reader reader = reader_over(file->bytes, file->size);

    if (!same_text(own, file_class_name(file, i)))
        return true;
    reader_seek(&reader, file->fields);
    for (unsigned left = reader_be16(&reader); left > 0; left--) {
        unsigned flags = reader_be16(&reader), name_index = reader_be16(&reader), type_index = reader_be16(&reader);
        if (same_text(file_text(file, name_index), name) && same_text(file_text(file, type_index), type))
            return (flags & ACCESS_VOLATILE) != 0;
        if (!skip_attributes(&reader))
            break;
    }
    return true;
}

static const TranslatePool file_pool = {
    .tag = file_tag, .name = file_name, .descriptor = file_descriptor, .class_name = file_class_name,
    .polymorphic = file_polymorphic, .number = file_number, .slot = file_slot, .primitive_array = file_primitive_array,
    .static_may_be_volatile = file_static_may_be_volatile,
};

/* ---- the file ---- */

static Result damaged(const Reader *reader, const char *what)
{
    return error_set(ERROR_FORMAT, "class file: %s at offset %zu", what, reader->position);
}

static Result read_pool(File *file, Reader *reader)
{
    static const uint8_t sizes[] = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    reader_skip(reader, 8);
    file->entry_count = reader_be16(reader);
    file->entries = memory_allocate_array(file->entry_count + 2u, sizeof *file->entries);
    if (file->entries == NULL)
        return ERROR_MEMORY;
    for (unsigned i = 1; i < file->entry_count; i++) {
        size_t at = reader->position;
        uint8_t tag = reader_u8(reader);
        if (reader->failed || tag >= sizeof sizes || (sizes[tag] == 0 && tag != CONSTANT_UTF8))
            return damaged(reader, "no constant");
        reader_skip(reader, tag == CONSTANT_UTF8 ? reader_be16(reader) : sizes[tag]);
        file->entries[i] = (uint32_t)at;
        if (tag == CONSTANT_LONG || tag == CONSTANT_DOUBLE)
            i++;
    }
    reader_be16(reader);
    file->this_index = reader_be16(reader);
    reader_be16(reader);
    reader_skip(reader, 2u * reader_be16(reader));
    file->fields = reader->position;
    return reader->failed ? damaged(reader, "it ends early") : OK;
}

/* Goes to the method of that position, behind its access flags, name and descriptor. */
static Result find_method(const File *file, Reader *reader, unsigned method, TranslateInput *input)
{
    unsigned count;

    for (unsigned left = reader_be16(reader); left > 0 && !reader->failed; left--) {
        reader_skip(reader, 6);
        (void)skip_attributes(reader);
    }
    count = reader_be16(reader);
    for (unsigned i = 0; i < count && !reader->failed; i++) {
        input->flags = reader_be16(reader);
        reader_be16(reader);
        input->descriptor = file_text(file, reader_be16(reader));
        if (i == method)
            return reader->failed ? damaged(reader, "it ends early") : OK;
        (void)skip_attributes(reader);
    }
    return reader->failed ? damaged(reader, "it ends early") : error_set(ERROR_NOT_FOUND, "class file: no method %u", method);
}

/* The contents of Code; *handlers is for the caller to free. */
static Result read_code(Reader *code, TranslateInput *input, TranslateHandler **handlers)
{
    input->max_stack = reader_be16(code);
    input->max_locals = reader_be16(code);
    input->code_length = reader_be32(code);
    input->code = reader_take(code, input->code_length);
    input->handler_count = reader_be16(code);
    *handlers = memory_allocate_array(input->handler_count + 1u, sizeof **handlers);
    if (*handlers == NULL)
        return ERROR_MEMORY;
    input->handlers = *handlers;
    for (unsigned i = 0; i < input->handler_count; i++) {
        uint16_t start = reader_be16(code), end = reader_be16(code), handler = reader_be16(code), type = reader_be16(code);
        (*handlers)[i] = (TranslateHandler){start, end, handler, type};
    }
    return code->failed ? damaged(code, "the code ends early (counted from its attribute)") : OK;
}

static Result find_code(const File *file, Reader *reader, TranslateInput *input, TranslateHandler **handlers)
{
    for (unsigned left = reader_be16(reader); left > 0 && !reader->failed; left--) {
        TranslateText name = file_text(file, reader_be16(reader));
        Reader contents = reader_part(reader, reader_be32(reader));
        if (translate_text_is(name, "Code"))
            return read_code(&contents, input, handlers);
    }
    return reader->failed ? damaged(reader, "it ends early") : OK;
}

/* ---- lines ---- */

typedef ARRAY_OF(CodeListingLine) Lines;

/* The text up to here becomes a line. */
static Result end_line(Lines *lines, uint32_t index, Bytes *text)
{
    CodeListingLine line = {index, (uint32_t)lines->count, NULL};

    while (text->size > 0 && text->data[text->size - 1] == '\n') text->size--;
    const char *closed = bytes_as_text(text);
    line.text = closed == NULL ? NULL : memory_copy_string(closed);
    text->size = 0;
    return line.text == NULL ? ERROR_MEMORY : array_push(lines, line);
}

/* The maps of a place, which are in the order of words. */
static Result list_maps(const Code *code, uint32_t word, bool before, uint32_t index, Lines *lines, Bytes *text)
{
    const CodeMap *map = code_find_map(code, word, before);
    Result result = OK;

    if (map == NULL)
        return OK;
    TRY(bytes_append_text(text, "     "));
    code_format_map(text, code, map);
    TRY(end_line(lines, index, text));
done:
    return result;
}

static Result list_words(const Code *code, const uint32_t *indexes, uint32_t last, Lines *lines, Bytes *text)
{
    Result result = OK;

    for (uint32_t word = 0; word < code->word_count; word++) {
        uint32_t index = indexes[word] < last ? indexes[word] : last;
        TRY(list_maps(code, word, true, index, lines, text));
        code_format_word(text, code, word);
        TRY(end_line(lines, index, text));
        TRY(list_maps(code, word + 1, false, index, lines, text));
    }
done:
    return result;
}

/* from, and to before `end`. */
static Result list_registers(Bytes *text, const char *what, int from, int end)
{
    if (from == end)
        return OK;
    return from + 1 == end ? bytes_append_format(text, "%s r%d, ", what, from)
                           : bytes_append_format(text, "%s r%d to r%d, ", what, from, end - 1);
}

/* What belongs to the whole. */
static Result list_tables(const Code *code, uint32_t last, Lines *lines, Bytes *text)
{
    Result result = OK;

    for (uint32_t i = 0; i < code->handler_count; i++) {
        code_format_handler(text, &code_handlers(code)[i]);
        TRY(end_line(lines, last, text));
    }
    for (uint32_t i = 0; i < code->literal_count; i++) {
        TRY(bytes_append_format(text, "literal %u 0x%llx", i, (unsigned long long)code_literals(code)[i]));
        TRY(end_line(lines, last, text));
    }
    TRY(list_registers(text, "arguments", -(int)code->argument_slots, 0));
    TRY(list_registers(text, "locals", FRAME_HEADER, code_stack_home(code, 0)));
    TRY(list_registers(text, "stack", code_stack_home(code, 0), code_stack_home(code, code->stack_count)));
    TRY(bytes_append_format(text, "%u words, %u literals, %u maps, %u handlers", code->word_count, code->literal_count,
                            code->map_count, code->handler_count));
    TRY(end_line(lines, last, text));
done:
    return result;
}

static uint32_t last_instruction(const TranslateInput *input)
{
    uint32_t last = 0;
    Instruction now;

    for (uint32_t pc = 0; pc < input->code_length && translate_decode(input->code, input->code_length, pc, &now) == OK; pc = now.next)
        last = pc;
    return last;
}

static Result list_method(const TranslateInput *input, Lines *lines)
{
    Code *code = NULL;
    uint32_t *indexes = NULL, last = last_instruction(input);
    Bytes text = {0};
    Result result;

    TRY(translate_body_indexed(input, &code, &indexes));
    TRY(list_words(code, indexes, last, lines, &text));
    TRY(list_tables(code, last, lines, &text));
done:
    bytes_free(&text);
    memory_free(indexes);
    memory_free(code);
    return result;
}

static int by_instruction(const void *a, const void *b)
{
    const CodeListingLine *x = a, *y = b;

    if (x->bytecode_index != y->bytecode_index)
        return x->bytecode_index < y->bytecode_index ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

Result java_list_code(const uint8_t *class_file, size_t size, unsigned method, CodeListing *listing)
{
    File file = {.bytes = class_file, .size = size};
    Reader reader = reader_over(class_file, size);
    TranslateInput input = {.method = 1, .pool = file_pool};
    TranslateHandler *handlers = NULL;
    Lines lines = {0};
    Result result;

    *listing = (CodeListing){0};
    TRY(read_pool(&file, &reader));
    TRY(find_method(&file, &reader, method, &input));
    TRY(find_code(&file, &reader, &input, &handlers));
    input.this_index = file.this_index;
    input.pool.context = &file;
    if (input.code != NULL)
        TRY(list_method(&input, &lines));
done:
    if (lines.count != 0)
        qsort(lines.items, lines.count, sizeof *lines.items, by_instruction);
    listing->lines = lines.items;
    listing->count = lines.count;
    memory_free(handlers);
    memory_free(file.entries);
    return result;
}

void java_close_listing(CodeListing *listing)
{
    for (size_t i = 0; i < listing->count; i++) memory_free(listing->lines[i].text);
    memory_free(listing->lines);
    *listing = (CodeListing){0};
}
