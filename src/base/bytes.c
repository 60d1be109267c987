/* bytes.c - the growable byte buffer. */
#include "base/bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian hosts only");

void bytes_free(Bytes *bytes)
{
    memory_free(bytes->data);
    *bytes = (Bytes){0};
}

Result bytes_allocate(Bytes *bytes, size_t size)
{
    assert(bytes->data == NULL);
    bytes->data = memory_allocate(size);
    if (bytes->data == NULL) return ERROR_MEMORY;
    bytes->size = size;
    bytes->capacity = size;
    return OK;
}

Result bytes_reserve(Bytes *bytes, size_t additional)
{
    size_t needed, capacity;
    uint8_t *data;

    if (additional <= bytes->capacity - bytes->size) return OK;
    if (additional > SIZE_MAX / 2 - bytes->size) return error_set(ERROR_MEMORY, "a buffer of %zu bytes more", additional);
    needed = bytes->size + additional;
    capacity = bytes->capacity + bytes->capacity / 2;
    if (capacity < needed) capacity = needed;
    if (capacity < 64) capacity = 64;
    data = memory_resize(bytes->data, capacity);
    if (data == NULL) return ERROR_MEMORY;
    bytes->data = data;
    bytes->capacity = capacity;
    return OK;
}

Result bytes_resize(Bytes *bytes, size_t size)
{
    if (size > bytes->size) {
        Result result = bytes_reserve(bytes, size - bytes->size);
        if (result != OK) return result;
        memset(bytes->data + bytes->size, 0, size - bytes->size);
    }
    bytes->size = size;
    return OK;
}

Result bytes_append(Bytes *bytes, const void *data, size_t size)
{
    if (size > bytes->capacity - bytes->size) {
        Result result = bytes_reserve(bytes, size);
        if (result != OK) return result;
    }
    if (size != 0) memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return OK;
}

Result bytes_append_text(Bytes *bytes, const char *text)
{
    return bytes_append(bytes, text, strlen(text));
}

Result bytes_append_string(Bytes *bytes, const char *text)
{
    Result result;

    TRY(bytes_append_le32(bytes, (uint32_t)strlen(text)));
    TRY(bytes_append_text(bytes, text));
done:
    return result;
}

char *reader_string(Reader *reader)
{
    uint32_t length = reader_le32(reader);
    const uint8_t *saved = reader_take(reader, length);
    char *text = saved != NULL ? memory_allocate((size_t)length + 1) : NULL;

    if (text != NULL) memcpy(text, saved, length);
    return text;
}

Result bytes_append_format(Bytes *bytes, const char *format, ...)
{
    va_list arguments, again;
    Result result;
    int length;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    result = bytes_reserve(bytes, (size_t)length + 1);
    if (result == OK) {
        vsnprintf((char *)bytes->data + bytes->size, (size_t)length + 1, format, again);
        bytes->size += (size_t)length;
    }
    va_end(again);
    return result;
}

Result bytes_append_u8(Bytes *bytes, uint8_t value) { return bytes_append(bytes, &value, 1); }
Result bytes_append_le16(Bytes *bytes, uint16_t value) { return bytes_append(bytes, &value, 2); }
Result bytes_append_le32(Bytes *bytes, uint32_t value) { return bytes_append(bytes, &value, 4); }
Result bytes_append_le64(Bytes *bytes, uint64_t value) { return bytes_append(bytes, &value, 8); }
Result bytes_append_be16(Bytes *bytes, uint16_t value) { return bytes_append_le16(bytes, __builtin_bswap16(value)); }
Result bytes_append_be32(Bytes *bytes, uint32_t value) { return bytes_append_le32(bytes, __builtin_bswap32(value)); }
Result bytes_append_be64(Bytes *bytes, uint64_t value) { return bytes_append_le64(bytes, __builtin_bswap64(value)); }

Result bytes_align(Bytes *bytes, size_t alignment)
{
    assert(alignment != 0 && (alignment & (alignment - 1)) == 0);
    return bytes_resize(bytes, (bytes->size + alignment - 1) & ~(alignment - 1));
}

const char *bytes_as_text(Bytes *bytes)
{
    if (bytes_reserve(bytes, 1) != OK) return NULL;
    bytes->data[bytes->size] = 0;
    return (const char *)bytes->data;
}
