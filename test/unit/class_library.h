/* class_library.h - the JDK's class library, for tests that read classes from it. */
#ifndef TEST_UNIT_CLASS_LIBRARY_H
#define TEST_UNIT_CLASS_LIBRARY_H
#include "java/jimage.h"
#include "test.h"

/* False, which is said: there is none. */
static bool open_class_library(void)
{
    const char *homes[] = {getenv("JAVA_HOME"), "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"};
    char path[1024];

    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        snprintf(path, sizeof path, "%s/lib/modules", homes[i] != NULL ? homes[i] : "");
        if (homes[i] != NULL && jimage_open(path) == OK)
            return true;
    }
    printf("skipped: what needs a class library (set JAVA_HOME)\n");
    return false;
}

#endif
