/* utf8.c - conversions between UTF-8, modified UTF-8, UTF-16 and Latin-1. */
#include "base/utf8.h"

#include <assert.h>

static bool is_trailing(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t mutf8_utf16_length(const uint8_t *bytes, size_t size, bool *is_latin1)
{
    size_t length = 0;
    unsigned all = 0;

    for (size_t i = 0; i < size; length++) {
        uint8_t first = bytes[i];
        if (first < 0x80) {
            if (first == 0) return MUTF8_MALFORMED;
            i += 1;
        } else if ((first & 0xe0) == 0xc0) {
            if (size - i < 2 || !is_trailing(bytes[i + 1])) return MUTF8_MALFORMED;
            all |= (first & 0x1fu) << 6;
            i += 2;
        } else if ((first & 0xf0) == 0xe0) {
            if (size - i < 3 || !is_trailing(bytes[i + 1]) || !is_trailing(bytes[i + 2])) return MUTF8_MALFORMED;
            all |= (first & 0xfu) << 12 | (bytes[i + 1] & 0x3fu) << 6;
            i += 3;
        } else {
            return MUTF8_MALFORMED;
        }
    }
    if (is_latin1 != NULL) *is_latin1 = all < 0x100;
    return length;
}

/* One unit of well-formed modified UTF-8. */
static unsigned next_unit(const uint8_t *bytes, size_t *position)
{
    const uint8_t *p = bytes + *position;

    if (p[0] < 0x80) {
        *position += 1;
        return p[0];
    }
    if ((p[0] & 0xe0) == 0xc0) {
        *position += 2;
        return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
    }
    *position += 3;
    return (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
}

void mutf8_to_utf16(const uint8_t *bytes, size_t size, uint16_t *units)
{
    for (size_t i = 0; i < size;) *units++ = (uint16_t)next_unit(bytes, &i);
}

void mutf8_to_latin1(const uint8_t *bytes, size_t size, uint8_t *units)
{
    for (size_t i = 0; i < size;) *units++ = (uint8_t)next_unit(bytes, &i);
}

static size_t unit_size(unsigned unit)
{
    if (unit != 0 && unit < 0x80) return 1;
    return unit < 0x800 ? 2 : 3;
}

static uint8_t *put_unit(unsigned unit, uint8_t *p)
{
    switch (unit_size(unit)) {
    case 1:
        *p++ = (uint8_t)unit;
        break;
    case 2:
        *p++ = (uint8_t)(0xc0 | unit >> 6);
        *p++ = (uint8_t)(0x80 | (unit & 0x3f));
        break;
    default:
        *p++ = (uint8_t)(0xe0 | unit >> 12);
        *p++ = (uint8_t)(0x80 | (unit >> 6 & 0x3f));
        *p++ = (uint8_t)(0x80 | (unit & 0x3f));
    }
    return p;
}

size_t utf16_mutf8_size(const uint16_t *units, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) size += unit_size(units[i]);
    return size;
}

void utf16_to_mutf8(const uint16_t *units, size_t count, uint8_t *bytes)
{
    for (size_t i = 0; i < count; i++) bytes = put_unit(units[i], bytes);
}

size_t latin1_mutf8_size(const uint8_t *units, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) size += unit_size(units[i]);
    return size;
}

void latin1_to_mutf8(const uint8_t *units, size_t count, uint8_t *bytes)
{
    for (size_t i = 0; i < count; i++) bytes = put_unit(units[i], bytes);
}

uint32_t utf8_next(const uint8_t *bytes, size_t size, size_t *position)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *p = bytes + *position;
    size_t left = size - *position;
    unsigned length = p[0] < 0x80 ? 1 : (p[0] & 0xe0) == 0xc0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
    uint32_t code;

    assert(left != 0);
    *position += 1;
    if (length == 1) return p[0];
    if (length == 0 || length > left) return 0xfffd;
    code = p[0] & (0xffu >> (length + 1));
    for (unsigned i = 1; i < length; i++) {
        if (!is_trailing(p[i])) return 0xfffd;
        code = code << 6 | (p[i] & 0x3fu);
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0xfffd;
    *position += length - 1;
    return code;
}

int utf8_put(uint32_t code, uint8_t bytes[4])
{
    if (code < 0x80) {
        bytes[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (uint8_t)(0xc0 | code >> 6);
        bytes[1] = (uint8_t)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (uint8_t)(0xe0 | code >> 12);
        bytes[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        bytes[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    bytes[0] = (uint8_t)(0xf0 | code >> 18);
    bytes[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    bytes[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    bytes[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

size_t utf8_utf16_length(const uint8_t *bytes, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size;) length += utf8_next(bytes, size, &i) >= 0x10000 ? 2 : 1;
    return length;
}

void utf8_to_utf16(const uint8_t *bytes, size_t size, uint16_t *units)
{
    for (size_t i = 0; i < size;) {
        uint32_t code = utf8_next(bytes, size, &i);
        if (code >= 0x10000) {
            *units++ = (uint16_t)(0xd7c0 + (code >> 10));
            *units++ = (uint16_t)(0xdc00 | (code & 0x3ff));
        } else {
            *units++ = (uint16_t)code;
        }
    }
}

/* The code point at *i, which moves past it; a lone surrogate is '?'. */
static uint32_t utf16_next(const uint16_t *units, size_t count, size_t *i)
{
    uint32_t unit = units[(*i)++];

    if (unit < 0xd800 || unit >= 0xe000) return unit;
    if (unit < 0xdc00 && *i < count && (units[*i] & 0xfc00) == 0xdc00)
        return 0x10000 + ((unit & 0x3ff) << 10) + (units[(*i)++] & 0x3ffu);
    return '?';
}

size_t utf16_utf8_size(const uint16_t *units, size_t count)
{
    uint8_t scratch[4];
    size_t size = 0;
    for (size_t i = 0; i < count;) size += (size_t)utf8_put(utf16_next(units, count, &i), scratch);
    return size;
}

void utf16_to_utf8(const uint16_t *units, size_t count, uint8_t *bytes)
{
    for (size_t i = 0; i < count;) {
        uint8_t scratch[4];
        int size = utf8_put(utf16_next(units, count, &i), scratch);
        for (int k = 0; k < size; k++) *bytes++ = scratch[k];
    }
}
