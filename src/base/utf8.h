/* utf8.h - UTF-8, and the modified UTF-8 of class files, to and from UTF-16 and Latin-1.
 *
 * Modified UTF-8 (JVMS 4.4.7): U+0000 is C0 80, a supplementary character is its two surrogates of three bytes each. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUTF8_MALFORMED SIZE_MAX

/* How many UTF-16 units the bytes stand for, or MUTF8_MALFORMED. *is_latin1 (may be NULL): all are below 256. */
size_t mutf8_utf16_length(const uint8_t *bytes, size_t size, bool *is_latin1);
/* The bytes are well-formed; `units` has room for what mutf8_utf16_length says. */
void mutf8_to_utf16(const uint8_t *bytes, size_t size, uint16_t *units);
void mutf8_to_latin1(const uint8_t *bytes, size_t size, uint8_t *units);

/* Bytes needed, and the conversion; no closing 0. */
size_t utf16_mutf8_size(const uint16_t *units, size_t count);
void utf16_to_mutf8(const uint16_t *units, size_t count, uint8_t *bytes);
size_t latin1_mutf8_size(const uint8_t *units, size_t count);
void latin1_to_mutf8(const uint8_t *units, size_t count, uint8_t *bytes);

/* Standard UTF-8. Each malformed byte reads as U+FFFD; a lone surrogate is written as '?'. */
uint32_t utf8_next(const uint8_t *bytes, size_t size, size_t *position);
int utf8_put(uint32_t code_point, uint8_t bytes[4]); /* returns 1 to 4 */
size_t utf8_utf16_length(const uint8_t *bytes, size_t size);
void utf8_to_utf16(const uint8_t *bytes, size_t size, uint16_t *units);
size_t utf16_utf8_size(const uint16_t *units, size_t count);
void utf16_to_utf8(const uint16_t *units, size_t count, uint8_t *bytes);

#endif
