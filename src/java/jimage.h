/* jimage.h - the JDK's lib/modules, in which the class library is: a file of resources, mapped. */
#ifndef JAVA_JIMAGE_H
#define JAVA_JIMAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

typedef struct JimageEntry {
    const uint8_t *bytes;
    uint64_t size;
} JimageEntry;
Result jimage_open(const char *path);
Result jimage_open_later(const char *path); /* its header is read when it is first needed */
const void *jimage_place(size_t *size);     /* where it is mapped */
int64_t jimage_modified_ms(void);           /* when the file was last changed, since 1970 */
void jimage_close(void);
bool jimage_is_open(void);
/* "/java.base/java/lang/String.class"; false: no such entry. Compressed entries: false. */
bool jimage_find(const char *path, JimageEntry *entry);
/* The module of a package ("java/lang" -> "java.base") into buffer. */
bool jimage_package_module(const char *package, char *buffer, size_t size);
/* Visits all entries: module, parent folder (without slashes at the ends), base, extension. */
void jimage_each(void (*visit)(void *context, const char *module, const char *parent, const char *base,
                               const char *extension),
                 void *context);

#endif
