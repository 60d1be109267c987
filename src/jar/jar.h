/* jar.h - reads zip archives: what is in them, and the bytes of an entry (APPNOTE 6.3; zip64 as well).
 *
 * The file is mapped. Offsets and sizes in it are checked before they are used. */
#ifndef JAR_JAR_H
#define JAR_JAR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/table.h"

typedef struct Jar {
    const uint8_t *bytes;
    size_t size;
    size_t directory, directory_size; /* where the central directory lies */
    size_t start;                     /* of the archive in the file: something else may stand before it */
    StringTable entries;              /* name -> offset of its entry in the directory */
} Jar;

typedef struct JarEntry {
    const char *name; /* not ended by 0 */
    size_t name_size;
    unsigned method; /* 0 stored, 8 deflated */
    uint64_t size, packed_size, offset;
    int64_t modified_ms; /* since 1970 */
    bool is_local_time;  /* modified_ms counts in the local zone */
} JarEntry;

Result jar_open(Jar *jar, const char *path);
void jar_close(Jar *jar);
/* Visits the entries: start with *position = 0; false at the end, or where the directory is broken. */
bool jar_next(const Jar *jar, size_t *position, JarEntry *entry);
/* An index is made at the first call. ERROR_NOT_FOUND: no such entry. */
Result jar_find(Jar *jar, const char *name, size_t name_size, JarEntry *entry);
/* The bytes of an entry; at most `limit`. `bytes` is used again if it has room. */
Result jar_read(const Jar *jar, const JarEntry *entry, size_t limit, Bytes *bytes);

#endif
