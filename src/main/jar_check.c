/* jar_check.c - is a file a jar with a manifest? Asked before anything starts, as the launcher of a JDK does. */
#include "jar/jar.h"
#include "main/main_internal.h"
#include "os/os.h"

static const char manifest_name[] = "META-INF/MANIFEST.MF";

static bool is_manifest(const JarEntry *entry)
{
    if (entry->name_size != sizeof manifest_name - 1)
        return false;
    for (size_t i = 0; i < entry->name_size; i++) {
        int c = entry->name[i] >= 'a' && entry->name[i] <= 'z' ? entry->name[i] - 32 : entry->name[i];
        if (c != manifest_name[i])
            return false;
    }
    return true;
}

enum JarState jar_check(const char *path)
{
    OsFile file;
    Jar jar;
    JarEntry entry;
    size_t position = 0;
    bool found = false;

    if (os_file_open(&file, path, OS_OPEN_READ) != OK)
        return JAR_MISSING;
    os_file_close(file);
    if (jar_open(&jar, path) != OK)
        return JAR_BROKEN;
    while (!found && jar_next(&jar, &position, &entry)) found = is_manifest(&entry);
    jar_close(&jar);
    return found ? JAR_GOOD : JAR_BROKEN;
}
