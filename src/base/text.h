/* text.h - text put together without printf, which makes a start touch much of the C library. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the texts up to a NULL one after another, and a closing 0; what does not fit in size bytes is cut off.
 * Returns the length of the whole. */
__attribute__((sentinel)) size_t text_join(char *buffer, size_t size, ...);

/* Of ASCII, without the C library's tables. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool ascii_is_letter_or_digit(char c)
{
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* A decimal number, with or without a - before it, of at most 18 digits. Returns where it ends; text: there is none. */
const char *text_number(const char *text, int64_t *value);

#endif
