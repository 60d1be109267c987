/* javap_code.c - `coracle javap --code`: as with -c, and below each bytecode instruction the register code that it becomes. */
#include <stdio.h>
#include <string.h>

#include "java/code_listing.h"
#include "javap/javap.h"
#include "main/main_internal.h"

#define MARGIN 8 /* columns before a line */

/* The listing of the method that is being printed. */
typedef struct Printed {
    CodeListing listing;
    const Member *method;
    const uint8_t *bytes;
    size_t next; /* line */
} Printed;

static void print_own_line(Output *out, const char *text)
{
    output_indent(out);
    output_spaces(out, MARGIN);
    output_text(out, "| ");
    output_text(out, text);
    output_end_line(out);
}

static void begin_method(Printed *printed, Output *out, const ClassFile *class, const Member *method)
{
    java_close_listing(&printed->listing);
    printed->method = method;
    printed->bytes = class->bytes;
    printed->next = 0;
    if (java_list_code(class->bytes, class->size, (unsigned)(method - class->methods), &printed->listing) != OK)
        print_own_line(out, error_message());
}

static void print_register_code(void *context, Output *out, const ClassFile *class, const Member *method, const Attribute *code,
                                unsigned pc)
{
    Printed *printed = context;

    if (pc == 0 || method != printed->method || class->bytes != printed->bytes)
        begin_method(printed, out, class, method);
    for (; printed->next < printed->listing.count && printed->listing.lines[printed->next].bytecode_index <= pc; printed->next++)
        print_own_line(out, printed->listing.lines[printed->next].text);
}

int run_javap_command(int count, char **words)
{
    static char plain_code[] = "-c";
    Printed printed = {0};
    JavapBytecodeHook hook = {print_register_code, &printed};
    bool is_wanted = false;
    int status;

    for (int i = 0; i < count; i++)
        if (strcmp(words[i], "--code") == 0) {
            words[i] = plain_code;
            is_wanted = true;
        }
    status = javap_command(count, words, is_wanted ? &hook : NULL);
    java_close_listing(&printed.listing);
    return status;
}
