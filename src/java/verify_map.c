/* verify_map.c - reads a StackMapTable (JVMS 4.7.4) into frames. */
#include <string.h>

#include "java/verify.h"

static bool pool_is_class(const Verifier *v, unsigned index)
{
    const JavaClass *class = java_class_at(v->class_index);
    return index != 0 && index < class->cp_count && java_pool_tag(class, index) == CONSTANT_CLASS;
}

static bool map_error(Verifier *v, const char *what)
{
    if (VERIFY_GOES_ON(v)) {
        v->failed = true;
        v->error_class = CLASS_FORMAT_ERROR;
        (void)bytes_append_format(&v->message, "StackMapTable format error: %s", what);
    }
    return false;
}

static bool read_type(Verifier *v, Reader *reader, VerifyFrame *frame, VerifyType *type)
{
    uint8_t tag = reader_u8(reader);

    if (reader->failed)
        return map_error(v, "access beyond the end of attribute");
    switch (tag) {
    case 0: *type = TYPE(VERIFY_TOP); return true;
    case 1: *type = TYPE(VERIFY_INT); return true;
    case 2: *type = TYPE(VERIFY_FLOAT); return true;
    case 3: *type = TYPE(VERIFY_DOUBLE); return true;
    case 4: *type = TYPE(VERIFY_LONG); return true;
    case 5: *type = TYPE(VERIFY_NULL); return true;
    case 6:
        *type = TYPE(VERIFY_UNINIT_THIS);
        frame->this_uninit = true;
        return true;
    case 7: {
        unsigned index = reader_be16(reader);
        if (reader->failed)
            return map_error(v, "access beyond the end of attribute");
        if (!pool_is_class(v, index))
            return map_error(v, "bad class index");
        *type = type_object(java_pool_class_name(java_class_at(v->class_index), index));
        return true;
    }
    case 8: {
        unsigned at = reader_be16(reader);
        if (reader->failed)
            return map_error(v, "access beyond the end of attribute");
        if (at >= v->length || !v->starts[at] || v->code[at] != 0xbb)
            return verify_format_error(v, "StackMapTable format error: bad offset for Uninitialized");
        *type = TYPE(VERIFY_UNINIT) | at;
        return true;
    }
    default:
        return map_error(v, "bad verification type");
    }
}

/* Reads `count` types behind slots[at], wide ones taking two. That they fit is told when all have been read. */
static bool read_types(Verifier *v, Reader *reader, VerifyFrame *frame, VerifyType *slots, unsigned most, unsigned count, unsigned *at)
{
    for (unsigned i = 0; i < count; i++) {
        VerifyType type = TYPE(VERIFY_TOP);
        if (!read_type(v, reader, frame, &type))
            return false;
        bool wide = type_kind(type) == VERIFY_LONG || type_kind(type) == VERIFY_DOUBLE;
        if (*at < most)
            slots[*at] = type;
        if (wide && *at + 1 < most)
            slots[*at + 1] = type_kind(type) == VERIFY_LONG ? TYPE(VERIFY_LONG_2) : TYPE(VERIFY_DOUBLE_2);
        *at += 1 + wide;
    }
    return *at <= most || verify_format_error(v, "StackMapTable format error: bad type array size");
}

static bool chop(Verifier *v, VerifyFrame *frame, unsigned count)
{
    unsigned at = frame->local_count;

    while (count-- > 0) {
        if (at == 0)
            return map_error(v, "bad offset");
        at--;
        enum VerifyKind kind = type_kind(frame->locals[at]);
        if ((kind == VERIFY_LONG_2 || kind == VERIFY_DOUBLE_2) && at > 0)
            at--;
    }
    for (unsigned i = at; i < frame->local_count; i++)
        frame->locals[i] = TYPE(VERIFY_TOP);
    frame->local_count = (uint16_t)at;
    return true;
}

static void settle_uninit_flag(VerifyFrame *frame)
{
    frame->this_uninit = false;
    for (unsigned i = 0; i < frame->local_count; i++)
        frame->this_uninit = frame->this_uninit || type_kind(frame->locals[i]) == VERIFY_UNINIT_THIS;
}

/* One entry; frame holds the previous one's locals. */
static bool read_entry(Verifier *v, Reader *reader, VerifyFrame *frame, uint32_t *delta)
{
    uint8_t kind = reader_u8(reader);
    unsigned locals = frame->local_count, stack = 0;

    frame->stack_count = 0;
    if (reader->failed)
        return map_error(v, "access beyond the end of attribute");
    if (kind < 64) {
        *delta = kind;
    } else if (kind < 128 || kind == 247) {
        *delta = kind == 247 ? reader_be16(reader) : kind - 64u;
        if (!read_types(v, reader, frame, frame->stack, v->max_stack, 1, &stack))
            return false;
    } else if (kind < 247) {
        return map_error(v, "reserved frame type");
    } else if (kind <= 251) {
        *delta = reader_be16(reader);
        if (!chop(v, frame, 251u - kind))
            return false;
        settle_uninit_flag(frame);
        return true;
    } else if (kind < 255) {
        *delta = reader_be16(reader);
        if (!read_types(v, reader, frame, frame->locals, v->max_locals, kind - 251u, &locals))
            return false;
    } else {
        *delta = reader_be16(reader);
        frame->this_uninit = false;
        memset(frame->locals, 0, v->max_locals * sizeof(VerifyType));
        locals = 0;
        if (!read_types(v, reader, frame, frame->locals, v->max_locals, reader_be16(reader), &locals) ||
            !read_types(v, reader, frame, frame->stack, v->max_stack, reader_be16(reader), &stack))
            return false;
    }
    frame->local_count = (uint16_t)locals;
    frame->stack_count = (uint16_t)stack;
    return true;
}

bool verify_read_map(Verifier *v)
{
    Reader reader = reader_over(v->map, v->map_size);
    unsigned count = v->map != NULL ? reader_be16(&reader) : 0;
    size_t width = (size_t)v->max_locals + v->max_stack;
    const VerifyFrame *before = &v->current;
    uint32_t pc = UINT32_MAX;

    if (reader.failed)
        return map_error(v, "access beyond the end of attribute");
    v->frames = memory_allocate_array(count + 1, sizeof(VerifyFrame));
    v->types = memory_allocate_array(width * count + 1, sizeof(VerifyType));
    if (v->frames == NULL || v->types == NULL) {
        v->outcome = java_throw_memory(v->thread);
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        VerifyFrame *frame = &v->frames[i];
        uint32_t delta = 0;
        *frame = *before;
        frame->locals = v->types + width * i;
        frame->stack = frame->locals + v->max_locals;
        memcpy(frame->locals, before->locals, v->max_locals * sizeof(VerifyType));
        if (!read_entry(v, &reader, frame, &delta))
            return false;
        if (reader.failed)
            return map_error(v, "access beyond the end of attribute");
        pc = pc == UINT32_MAX ? delta : pc + delta + 1;
        frame->pc = pc;
        if (pc >= v->length || !v->starts[pc])
            return verify_fail_frames(v, FAULT_BAD_MAP, 0, frame, NULL, "StackMapTable error: bad offset");
        before = frame;
        v->frame_count++;
    }
    return reader_left(&reader) == 0 || map_error(v, "wrong attribute size");
}

VerifyFrame *verify_find_frame(Verifier *v, uint32_t pc)
{
    uint32_t low = 0, high = v->frame_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (v->frames[middle].pc == pc)
            return &v->frames[middle];
        if (v->frames[middle].pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- for messages ---- */

static void append_raw_types(Reader *reader, Bytes *text, unsigned count, bool leading_comma)
{
    static const char *const names[] = {"Top", "Integer", "Float", "Double", "Long", "Null", "UninitializedThis"};

    for (unsigned i = 0; i < count && !reader->failed; i++) {
        uint8_t tag = reader_u8(reader);
        if (i != 0 || leading_comma)
            (void)bytes_append_text(text, ",");
        if (tag < 7)
            (void)bytes_append_text(text, names[tag]);
        else
            (void)bytes_append_format(text, tag == 7 ? "Object[#%u]" : "Uninitialized[#%u]", reader_be16(reader));
    }
}

void verify_append_map(Verifier *v, Bytes *text)
{
    Reader reader = reader_over(v->map, v->map_size);
    unsigned count = v->map != NULL ? reader_be16(&reader) : 0;
    int64_t pc = -1;

    if (v->map == NULL)
        return;
    (void)bytes_append_text(text, "  Stackmap Table:\n");
    for (unsigned i = 0; i < count && !reader.failed; i++) {
        uint8_t kind = reader_u8(&reader);
        (void)bytes_append_text(text, "    ");
        int64_t delta = kind < 64 ? kind : kind < 128 ? kind - 64 : reader_be16(&reader);
        pc += delta + 1;
        if (kind < 64)
            (void)bytes_append_format(text, "same_frame(@%d", (int)pc);
        else if (kind < 128 || kind == 247) {
            (void)bytes_append_format(text, kind == 247 ? "same_locals_1_stack_item_frame_extended(@%d" : "same_locals_1_stack_item_frame(@%d", (int)pc);
            append_raw_types(&reader, text, 1, true);
        } else if (kind == 251)
            (void)bytes_append_format(text, "same_frame_extended(@%d", (int)pc);
        else if (kind < 251)
            (void)bytes_append_format(text, "chop_frame(@%d,%d", (int)pc, 251 - kind);
        else if (kind < 255) {
            (void)bytes_append_format(text, "append_frame(@%d", (int)pc);
            append_raw_types(&reader, text, kind - 251u, true);
        } else {
            (void)bytes_append_format(text, "full_frame(@%d,{", (int)pc);
            append_raw_types(&reader, text, reader_be16(&reader), false);
            (void)bytes_append_text(text, "},{");
            append_raw_types(&reader, text, reader_be16(&reader), false);
            (void)bytes_append_text(text, "}");
        }
        (void)bytes_append_text(text, ")\n");
    }
}
