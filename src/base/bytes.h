/* bytes.h - a growable byte buffer, and a reader that never leaves its bytes.
 *
 * Little-endian hosts only, so a host integer's bytes are its little-endian form. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

/* Owns `data`. Bytes{0} is an empty buffer; bytes_free makes it one again. */
typedef struct Bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
} Bytes;

void bytes_free(Bytes *bytes);
Result bytes_allocate(Bytes *bytes, size_t size);         /* an empty buffer becomes `size` zero bytes */
Result bytes_reserve(Bytes *bytes, size_t additional);    /* room for so many more */
Result bytes_resize(Bytes *bytes, size_t size);           /* new bytes are zero */
Result bytes_append(Bytes *bytes, const void *data, size_t size);
Result bytes_append_text(Bytes *bytes, const char *text); /* without the closing 0 */
Result bytes_append_string(Bytes *bytes, const char *text); /* its length (le32), then the text; reader_string reads it */
__attribute__((format(printf, 2, 3))) Result bytes_append_format(Bytes *bytes, const char *format, ...);
Result bytes_append_u8(Bytes *bytes, uint8_t value);
Result bytes_append_le16(Bytes *bytes, uint16_t value);
Result bytes_append_le32(Bytes *bytes, uint32_t value);
Result bytes_append_le64(Bytes *bytes, uint64_t value);
Result bytes_append_be16(Bytes *bytes, uint16_t value);
Result bytes_append_be32(Bytes *bytes, uint32_t value);
Result bytes_append_be64(Bytes *bytes, uint64_t value);
Result bytes_align(Bytes *bytes, size_t alignment);       /* zeros up to a multiple (a power of 2) */
/* The bytes with a 0 after them (not counted in size); NULL if there is no memory. */
const char *bytes_as_text(Bytes *bytes);

/* Unaligned reads at an address. */
static inline uint16_t read_be16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static inline uint32_t read_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint64_t read_be64(const uint8_t *p) { return (uint64_t)read_be32(p) << 32 | read_be32(p + 4); }
static inline uint16_t read_le16(const uint8_t *p) { return (uint16_t)(p[1] << 8 | p[0]); }
static inline uint32_t read_le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}
static inline uint64_t read_le64(const uint8_t *p) { return (uint64_t)read_le32(p + 4) << 32 | read_le32(p); }

/* Reads forward over borrowed bytes. A read past the end gives 0, moves to the end and sets
 * `failed`, which stays: so a parser may read a whole record and check once. */
typedef struct Reader {
    const uint8_t *data;
    size_t size;
    size_t position;
    bool failed;
} Reader;

static inline Reader reader_over(const void *data, size_t size)
{
    return (Reader){.data = data, .size = size, .position = 0, .failed = false};
}

static inline size_t reader_left(const Reader *reader) { return reader->size - reader->position; }

/* The next `size` bytes, or NULL. */
static inline const uint8_t *reader_take(Reader *reader, size_t size)
{
    const uint8_t *start = reader->data + reader->position;
    if (size > reader_left(reader)) {
        reader->failed = true;
        reader->position = reader->size;
        return NULL;
    }
    reader->position += size;
    return start;
}

#define READER_READ_(name, type, size)                               \
    static inline type reader_##name(Reader *reader)                 \
    {                                                                \
        const uint8_t *bytes = reader_take(reader, size);            \
        return bytes == NULL ? (type)0 : (type)read_##name(bytes);   \
    }
static inline uint8_t read_u8(const uint8_t *p) { return *p; }
READER_READ_(u8, uint8_t, 1)
READER_READ_(be16, uint16_t, 2)
READER_READ_(be32, uint32_t, 4)
READER_READ_(be64, uint64_t, 8)
READER_READ_(le16, uint16_t, 2)
READER_READ_(le32, uint32_t, 4)
READER_READ_(le64, uint64_t, 8)
#undef READER_READ_

static inline void reader_skip(Reader *reader, size_t size) { (void)reader_take(reader, size); }

/* Goes to an absolute position; past the end fails. */
static inline void reader_seek(Reader *reader, size_t position)
{
    if (position > reader->size) {
        reader->failed = true;
        position = reader->size;
    }
    reader->position = position;
}

/* A reader over the next `size` bytes, which this one then has behind it. */
static inline Reader reader_part(Reader *reader, size_t size)
{
    const uint8_t *bytes = reader_take(reader, size);
    Reader part = reader_over(bytes, bytes == NULL ? 0 : size);
    part.failed = bytes == NULL;
    return part;
}

/* What bytes_append_string has written, to be freed with memory_free. NULL: it ends early (`failed`), or no memory. */
char *reader_string(Reader *reader);

#endif
