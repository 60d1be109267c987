/* text.h - text put together without printf, which makes a start touch much of the C library. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stddef.h>
#include <stdint.h>

/* Writes the texts up to a NULL one after another, and a closing 0; what does not fit in size bytes is cut off.
 * Returns the length of the whole. */
__attribute__((sentinel)) size_t text_join(char *buffer, size_t size, ...);

/* A decimal number, with or without a - before it, of at most 18 digits. Returns where it ends; text: there is none. */
const char *text_number(const char *text, int64_t *value);

#endif
