/* decimal.h - floating-point numbers as decimal text, digit for digit as the class library of Java 17 writes them.
 *
 * Those digits identify the number, but are not always the shortest that do: 1.0E23 is 9.999999999999999E22. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H
#include <stddef.h>

#define DECIMAL_ROOM 32

/* Both give the length of the text, which has no closing 0. */
size_t decimal_from_double(double value, char text[DECIMAL_ROOM]);
size_t decimal_from_float(float value, char text[DECIMAL_ROOM]);

#endif
