/* output.h - text on its way to standard output: one large buffer, lines with an indentation and a comment column.
 *
 * Spaces at the end of a line are not written. A failure to write stays in `failed`, and later text is dropped. */
#ifndef JAVAP_OUTPUT_H
#define JAVAP_OUTPUT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "base/result.h"
#include "os/os.h"

#define OUTPUT_INDENT 2      /* columns of one level */
#define OUTPUT_TAB_COLUMN 40 /* where comments begin, right of the indentation */

typedef struct Output {
    uint8_t *start, *at, *end; /* at[-1] is the last character, but after a flush */
    uint8_t *line;             /* where the current line begins, in the buffer */
    size_t line_written;       /* columns of it that have left the buffer */
    unsigned indent;           /* columns */
    uint64_t total, limit;     /* bytes written; the most that are allowed (0: any number) */
    OsFile file;
    bool wide;     /* the current line holds characters of several bytes */
    bool discards; /* nothing is written to the file */
    bool failed;
} Output;

Result output_open(Output *out, OsFile file);
void output_flush(Output *out);
void output_close(Output *out);
/* From now on text goes nowhere; or is written again, after what was written before. */
void output_discard(Output *out, bool discards);
void output_make_room(Output *out, size_t size); /* called when `size` bytes do not fit */
void output_bytes(Output *out, const void *bytes, size_t size);
void output_end_line(Output *out);
void output_tab(Output *out); /* to the comment column; at least one space */
void output_spaces(Output *out, size_t count);
void output_number(Output *out, int64_t value);
void output_number_right(Output *out, int64_t value, unsigned width);
void output_hex(Output *out, uint64_t value, unsigned digits); /* lower case, at least so many digits */
__attribute__((format(printf, 2, 3))) void output_format(Output *out, const char *format, ...); /* up to 400 bytes */

/* Where `size` bytes fit, which are at most some thousands. */
static inline uint8_t *output_room(Output *out, size_t size)
{
    if (__builtin_expect(size > (size_t)(out->end - out->at), 0)) output_make_room(out, size);
    return out->at;
}

static inline void output_char(Output *out, char c)
{
    *output_room(out, 1) = (uint8_t)c;
    out->at++;
}

static inline void output_text(Output *out, const char *text) { output_bytes(out, text, strlen(text)); }
static inline void output_indent(Output *out) { output_spaces(out, out->indent); }
static inline void output_deeper(Output *out) { out->indent += OUTPUT_INDENT; }
static inline void output_back(Output *out) { out->indent -= OUTPUT_INDENT; }

/* A whole line. */
static inline void output_line(Output *out, const char *text)
{
    output_indent(out);
    output_text(out, text);
    output_end_line(out);
}

#endif
