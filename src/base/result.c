/* result.c - the message of the last failure, per thread. */
#include "base/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SIZE 1024

static _Thread_local char message[MESSAGE_SIZE];

Result error_set(Result kind, const char *format, ...)
{
    char text[MESSAGE_SIZE]; /* the arguments may point into the present message */
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    memcpy(message, text, sizeof message);
    return kind;
}

Result error_prefix(Result kind, const char *format, ...)
{
    char prefix[MESSAGE_SIZE];
    size_t prefix_size, rest;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix - 2, format, arguments);
    va_end(arguments);
    prefix_size = strlen(prefix);
    memcpy(prefix + prefix_size, ": ", 3);
    prefix_size += 2;

    rest = strlen(message);
    if (rest > MESSAGE_SIZE - 1 - prefix_size) rest = MESSAGE_SIZE - 1 - prefix_size;
    memmove(message + prefix_size, message, rest);
    message[prefix_size + rest] = 0;
    memcpy(message, prefix, prefix_size);
    return kind;
}

const char *error_message(void)
{
    return message;
}

void error_clear(void)
{
    message[0] = 0;
}

const char *result_name(Result result)
{
    static const char *const names[RESULT_COUNT] = {
        "OK",    "MEMORY",      "IO",    "FORMAT",   "NOT_FOUND",
        "LIMIT", "UNSUPPORTED", "STATE", "ARGUMENT", "TIMEOUT",
    };
    return (unsigned)result < RESULT_COUNT ? names[result] : "?";
}
