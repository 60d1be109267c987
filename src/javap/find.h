/* find.h - where a class file is, by what the command line calls it: a name, a file, a URL. */
#ifndef JAVAP_FIND_H
#define JAVAP_FIND_H
#include "base/base.h"
#include "jar/jar.h"
#include "javap/javap.h"

/* One element of a path: a folder, or a jar, which is opened when it is first needed. */
typedef struct PathElement {
    char *path;
    bool is_jar;
    Jar jar;
} PathElement;

typedef ARRAY_OF(PathElement) ClassPath;

typedef struct Finder {
    ClassPath boot_path, class_path;
    const char *home;   /* of a JDK; NULL: none, and why */
    char problem[500];
    const char *module; /* classes are looked for in this one only; NULL: everywhere */
    int64_t home_modified_ms;
    Bytes contents, name, uri, shown; /* of the class found last */
} Finder;

typedef struct FoundClass {
    const uint8_t *bytes; /* good until the next search */
    size_t size;
    JavapSource source;
    const char *shown; /* the file, as the user would call it */
} FoundClass;

/* class_path NULL: CLASSPATH, or else the current folder. boot_path NULL: none. home NULL: the JDK of JAVA_HOME, or else an
 * installed one; it is not needed. */
Result finder_open(Finder *finder, const char *class_path, const char *boot_path, const char *home);
void finder_close(Finder *finder);
bool finder_has_module(const Finder *finder, const char *module);
/* ERROR_NOT_FOUND without a message (""): no such class; with one: a URL leads nowhere. Others: it cannot be read. */
Result finder_find(Finder *finder, const char *what, FoundClass *found);
bool has_suffix(const char *text, const char *suffix);

#endif
