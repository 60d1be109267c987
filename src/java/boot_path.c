/* boot_path.c - folders beside the jimage from which the boot loader takes classes: those of --patch-module come before
 * their module, those of -Xbootclasspath/a after all modules. */
#include <stdio.h>
#include <string.h>

#include "java/java_internal.h"
#include "java/properties.h"
#include "os/os.h"

/* The file of the class in the first folder of a path (folders between colons) that has one. */
static bool load_from(const char *path, const char *class_name, Bytes *bytes)
{
    char file[4096];

    for (;;) {
        size_t size = strcspn(path, ":");
        int length = snprintf(file, sizeof file, "%.*s/%s.class", (int)size, path, class_name);
        if (size != 0 && length > 0 && (size_t)length < sizeof file && os_path_kind(file) == OS_KIND_FILE &&
            os_file_load(file, INT32_MAX, bytes) == OK)
            return true;
        if (path[size] == 0)
            return false;
        path += size + 1;
    }
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

/* The first folder of a path in which the package's own folder lies. */
static bool find_package_folder(const char *path, const char *package, char *folder, size_t room)
{
    char inside[4096];

    for (;;) {
        size_t size = strcspn(path, ":");
        int length = snprintf(inside, sizeof inside, "%.*s/%s", (int)size, path, package);
        if (size != 0 && size < room && length > 0 && (size_t)length < sizeof inside && os_path_kind(inside) == OS_KIND_FOLDER) {
            snprintf(folder, room, "%.*s", (int)size, path);
            return true;
        }
        if (path[size] == 0)
            return false;
        path += size + 1;
    }
}

bool boot_path_package_folder(const char *package, char *folder, size_t room)
{
    const JavaOptions *options = java_options();

    for (size_t i = 0; i < options->property_count; i++) {
        const char *path = after(options->properties[i], "jdk.boot.class.path.append=");
        if (path != NULL && find_package_folder(path, package, folder, room))
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
