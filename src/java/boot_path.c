/* boot_path.c - folders and jars beside the jimage from which the boot loader takes classes: those of --patch-module come before
 * their module, those of -Xbootclasspath/a after all modules. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "jar/jar.h"
#include "java/java_internal.h"
#include "java/properties.h"
#include "os/os.h"

/* ---- jars: opened when first asked, open to the end ---- */

#define JARS_LIMIT 64

static struct {
    char *path;
    Jar jar;
} jars[JARS_LIMIT] LARGE_STATIC;
static size_t jar_count;
static OsMutex jars_lock;

/* NULL: it is none. The lock is held. */
static Jar *find_jar(const char *path)
{
    for (size_t i = 0; i < jar_count; i++)
        if (strcmp(jars[i].path, path) == 0)
            return &jars[i].jar;
    if (jar_count == JARS_LIMIT || jar_open(&jars[jar_count].jar, path) != OK)
        return NULL;
    jars[jar_count].path = memory_copy_string(path);
    if (jars[jar_count].path == NULL) {
        jar_close(&jars[jar_count].jar);
        return NULL;
    }
    return &jars[jar_count++].jar;
}

static bool load_from_jar(const char *path, const char *file, Bytes *bytes)
{
    JarEntry entry;
    bool loaded = false;

    os_mutex_lock(&jars_lock);
    Jar *jar = find_jar(path);
    if (jar != NULL && jar_find(jar, file, strlen(file), &entry) == OK)
        loaded = jar_read(jar, &entry, INT32_MAX, bytes) == OK;
    os_mutex_unlock(&jars_lock);
    if (!loaded)
        bytes_free(bytes);
    return loaded;
}

static bool jar_has_package(const char *path, const char *package)
{
    JarEntry entry;
    size_t position = 0, size = strlen(package);
    bool found = false;

    os_mutex_lock(&jars_lock);
    const Jar *jar = find_jar(path);
    while (jar != NULL && !found && jar_next(jar, &position, &entry))
        found = entry.name_size > size && memcmp(entry.name, package, size) == 0 && entry.name[size] == '/';
    os_mutex_unlock(&jars_lock);
    return found;
}

/* ---- one element of a path ---- */

static bool load_from_element(const char *element, const char *class_name, Bytes *bytes)
{
    char file[BOOT_PATH_BYTES], path[2 * BOOT_PATH_BYTES];

    text_join(file, sizeof file, class_name, ".class", NULL);
    if (os_path_kind(element) == OS_KIND_FILE)
        return load_from_jar(element, file, bytes);
    text_join(path, sizeof path, element, "/", file, NULL);
    return os_path_kind(path) == OS_KIND_FILE && os_file_load(path, INT32_MAX, bytes) == OK;
}

static bool element_has_package(const char *element, const char *package)
{
    char path[2 * BOOT_PATH_BYTES];

    if (os_path_kind(element) == OS_KIND_FILE)
        return jar_has_package(element, package);
    text_join(path, sizeof path, element, "/", package, NULL);
    return os_path_kind(path) == OS_KIND_FOLDER;
}

/* The next element of a path, whose elements stand between colons. False: there is none. */
static bool next_element(const char **path, char element[BOOT_PATH_BYTES])
{
    while (*path != NULL) {
        size_t size = strcspn(*path, ":");
        bool fits = size != 0 && size < BOOT_PATH_BYTES;
        if (fits)
            snprintf(element, BOOT_PATH_BYTES, "%.*s", (int)size, *path);
        *path = (*path)[size] != 0 ? *path + size + 1 : NULL;
        if (fits)
            return true;
    }
    return false;
}

/* The class from the first element of a path that has it. */
static bool load_from(const char *path, const char *class_name, Bytes *bytes)
{
    char element[BOOT_PATH_BYTES];

    while (next_element(&path, element))
        if (load_from_element(element, class_name, bytes))
            return true;
    return false;
}

static const char *after(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

/* jdk.module.patch.N=MODULE=PATH */
bool boot_path_patch(const char *module, const char *class_name, Bytes *bytes)
{
    const JavaOptions *options = java_options();

    for (size_t i = 0; i < options->property_count; i++) {
        const char *patch = after(options->properties[i], "jdk.module.patch."), *path;
        if (patch == NULL || (patch = strchr(patch, '=')) == NULL)
            continue;
        path = after(patch + 1, module);
        if (path != NULL && *path == '=' && load_from(path + 1, class_name, bytes))
            return true;
    }
    return false;
}

bool boot_path_of_package(const char *package, char element[BOOT_PATH_BYTES])
{
    const JavaOptions *options = java_options();

    for (size_t i = 0; i < options->property_count; i++) {
        const char *path = after(options->properties[i], "jdk.boot.class.path.append=");
        while (path != NULL && next_element(&path, element))
            if (element_has_package(element, package))
                return true;
    }
    return false;
}

bool boot_path_append(const char *class_name, Bytes *bytes)
{
    const JavaOptions *options = java_options();

    for (size_t i = 0; i < options->property_count; i++) {
        const char *path = after(options->properties[i], "jdk.boot.class.path.append=");
        if (path != NULL && load_from(path, class_name, bytes))
            return true;
    }
    return false;
}
