/* java.h - the Java language: outward header for vm/ and main/. */
#ifndef JAVA_JAVA_H
#define JAVA_JAVA_H

#include "base/result.h"
#include "run/language.h"

/* Where the class library is. Call before java_open. jdk NULL: JAVA_HOME, else the usual places. */
void java_set_home(const char *jdk);
const char *java_home(void); /* the folder found; NULL: none */
/* The folder of the machine's own class files (coracle.*). */
void java_set_library_path(const char *folder);
const char *java_library_path(void);

#endif
