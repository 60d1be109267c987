/* text.c - text put together and read without the C library's formats. */
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

#define DIGITS_MOST 18

size_t text_join(char *buffer, size_t size, ...)
{
    size_t length = 0;
    va_list texts;

    va_start(texts, size);
    for (const char *text; (text = va_arg(texts, const char *)) != NULL;) {
        size_t added = strlen(text), room = length < size ? size - length - 1 : 0;
        if (size != 0 && length < size)
            memcpy(buffer + length, text, added < room ? added : room);
        length += added;
    }
    va_end(texts);
    if (size != 0)
        buffer[length < size ? length : size - 1] = 0;
    return length;
}

const char *text_number(const char *text, int64_t *value)
{
    const char *first = text + (*text == '-'), *at = first;
    int64_t number = 0;

    for (; *at >= '0' && *at <= '9' && at - first < DIGITS_MOST; at++) number = number * 10 + (*at - '0');
    *value = *text == '-' ? -number : number;
    return at == first ? text : at;
}
