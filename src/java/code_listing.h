/* code_listing.h - the register code that a method of a class file becomes, as lines of text: for tools.
 *
 * It needs no machine, no class library and no other class: so what the translator would ask them is taken as not known. A
 * store to a static field of another class is followed by a FENCE (it may be volatile), the elements of the constants object
 * (o0, o1 ...) have the numbers of the constant pool's entries, and a new array of a primitive type names that type as
 * newarray does (JVMS 6.5), for want of the class's number. All else is what the first call of the method makes. */
#ifndef JAVA_CODE_LISTING_H
#define JAVA_CODE_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

typedef struct CodeListingLine {
    uint32_t bytecode_index; /* of the instruction that it belongs to */
    uint32_t number;         /* in the order of the register code */
    char *text;              /* without the end of the line */
} CodeListingLine;

/* The lines are in the order of the instructions that they belong to, and those of one in the order of the register code,
 * which has parts of the bytecode several times. What belongs to none (an exception leaving a synchronized method, handlers,
 * literals) is with the last instruction. */
typedef struct CodeListing {
    CodeListingLine *lines;
    size_t count;
} CodeListing;

/* For the method of that position in the class file. No lines: it has no bytecode. ERROR_FORMAT: the file is damaged, or the
 * bytecode makes no sense; the message tells. Close it in any case. */
Result java_list_code(const uint8_t *class_file, size_t size, unsigned method, CodeListing *listing);
void java_close_listing(CodeListing *listing);

#endif
