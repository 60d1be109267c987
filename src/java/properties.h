/* properties.h - what the command line told: system properties, assertions. */
#ifndef JAVA_PROPERTIES_H
#define JAVA_PROPERTIES_H

#include "java/java_internal.h"

/* What java_set_options was given; all zero before. */
const JavaOptions *java_options(void);
bool java_options_are_set(void);
/* Whether `assert` is on in a class, by -ea and its kin. */
bool java_assertions_wanted(uint32_t class_index);
/* String[] of the host's texts as Text.decodeEach takes them: each byte a character. 0: exception. May collect. */
Value java_undecoded_strings(Thread *thread, const char *const *texts, size_t count);
bool java_texts_are_ascii(const char *const *texts, size_t count); /* some may be NULL */

#endif
