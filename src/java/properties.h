/* properties.h - what the command line told: system properties, assertions, where the class path lies. */
#ifndef JAVA_PROPERTIES_H
#define JAVA_PROPERTIES_H

#include "java/java_internal.h"

/* Whether `assert` is on in a class, by -ea and its kin. */
bool java_assertions_wanted(uint32_t class_index);

#endif
