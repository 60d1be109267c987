/* output.c - the buffer that javap's text goes through. */
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "javap/output.h"

#define BUFFER_BYTES (1u << 20)
#define FLUSH_AT (BUFFER_BYTES / 2)
#define PIECE_BYTES 4096 /* longer text goes in parts */

static const uint8_t blanks[] = "                                                                                ";

Result output_open(Output *out, OsFile file)
{
    memset(out, 0, sizeof *out);
    out->start = memory_allocate(BUFFER_BYTES);
    if (out->start == NULL) return ERROR_MEMORY;
    out->at = out->line = out->start;
    out->end = out->start + BUFFER_BYTES;
    out->file = file;
    return OK;
}

static void write_up_to(Output *out, uint8_t *end)
{
    size_t size = (size_t)(end - out->start), rest = (size_t)(out->at - end);

    out->total += size;
    if (out->limit != 0 && out->total > out->limit && !out->failed) {
        out->failed = true;
        (void)error_set(ERROR_LIMIT, "more than %llu bytes of text", (unsigned long long)out->limit);
    }
    if (!out->failed && !out->discards && size > 0 && os_file_write(out->file, out->start, size) != OK)
        out->failed = true;
    memmove(out->start, end, rest);
    out->at = out->start + rest;
}

/* The text that the line ends with, without blanks. */
static uint8_t *last_mark(Output *out)
{
    uint8_t *at = out->at;
    while (at > out->line && at[-1] == ' ') at--;
    return at;
}

void output_make_room(Output *out, size_t size)
{
    uint8_t *end = last_mark(out);

    if (end > out->line) end--;                                       /* the last character stays to be seen */
    if ((size_t)(out->at - end) + size > BUFFER_BYTES) end = out->at; /* a line of a million blanks: they are kept */
    out->line_written += (size_t)(end - out->line);
    write_up_to(out, end);
    out->line = out->start;
}

void output_flush(Output *out)
{
    write_up_to(out, out->at);
    out->line = out->start;
}

void output_discard(Output *out, bool discards)
{
    output_flush(out);
    out->discards = discards;
    out->failed = out->failed && discards;
}

void output_close(Output *out)
{
    if (out->start != NULL) output_flush(out);
    memory_free(out->start);
    out->start = NULL;
}

void output_bytes(Output *out, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;

    for (; size > PIECE_BYTES; from += PIECE_BYTES, size -= PIECE_BYTES) {
        memcpy(output_room(out, PIECE_BYTES), from, PIECE_BYTES);
        out->at += PIECE_BYTES;
    }
    memcpy(output_room(out, size), from, size);
    out->at += size;
}

void output_end_line(Output *out)
{
    out->at = last_mark(out);
    output_char(out, '\n');
    out->line = out->at;
    out->line_written = 0;
    out->wide = false;
    if ((size_t)(out->at - out->start) >= FLUSH_AT) output_flush(out);
}

/* As UTF-16 units: a character of four bytes counts twice. */
static size_t count_columns(const uint8_t *at, const uint8_t *end)
{
    size_t columns = 0;
    for (; at < end; at++) columns += (*at & 0xc0) != 0x80 ? 1 + (*at >= 0xf0) : 0;
    return columns;
}

/* Blanks that wait at the end of the line do not count as its length, and are kept. */
void output_tab(Output *out)
{
    uint8_t *end = last_mark(out);
    size_t column = out->line_written + (out->wide ? count_columns(out->line, end) : (size_t)(end - out->line));
    size_t wanted = out->indent + OUTPUT_TAB_COLUMN;

    output_spaces(out, wanted <= column ? 1 : wanted - column);
}

void output_spaces(Output *out, size_t count)
{
    for (; count > sizeof blanks - 1; count -= sizeof blanks - 1) output_bytes(out, blanks, sizeof blanks - 1);
    output_bytes(out, blanks, count);
}

/* The digits, ending at `end`. */
static char *format_number(char *end, int64_t value)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do *--end = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0) *--end = '-';
    return end;
}

void output_number_right(Output *out, int64_t value, unsigned width)
{
    char digits[24], *end = digits + sizeof digits, *at = format_number(end, value);
    size_t size = (size_t)(end - at);

    if (size < width) output_spaces(out, width - size);
    output_bytes(out, at, size);
}

void output_number(Output *out, int64_t value) { output_number_right(out, value, 0); }

void output_hex(Output *out, uint64_t value, unsigned digits)
{
    char text[16], *end = text + sizeof text, *at = end;

    do *--at = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0 || (unsigned)(end - at) < digits);
    output_bytes(out, at, (size_t)(end - at));
}

void output_format(Output *out, const char *format, ...)
{
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    output_text(out, text);
}
