/* properties.h - what the command line told: system properties, assertions. */
#ifndef JAVA_PROPERTIES_H
#define JAVA_PROPERTIES_H

#include "java/java_internal.h"

/* What java_set_options was given; all zero before. */
const JavaOptions *java_options(void);
bool java_options_are_set(void);
/* Whether `assert` is on in a class, by -ea and its kin. */
bool java_assertions_wanted(uint32_t class_index);
/* String[] of UTF-8 texts, some NULL; 0: exception. kept: NULL, or where the collector finds a String[] (or 0): of what is
 * equal at the same place there, that String is taken. */
Value java_string_array(Thread *thread, const char *const *texts, size_t count, const Value *kept);

#endif
