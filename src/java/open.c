/* open.c - start-up of the class model, and where the class library is found. */
#include <stdio.h>
#include <string.h>

#include "java/define.h"
#include "java/initialize.h"
#include "java/resolve.h"
#include "java/verify.h"

static char home[1024], library[1024];

static bool has_modules(const char *folder)
{
    char path[1100];

    snprintf(path, sizeof path, "%s/lib/modules", folder);
    return os_path_kind(path) == OS_KIND_FILE;
}

static bool try_jvm_entry(void *context, const char *name)
{
    char *best = context, path[1024];

    if (strncmp(name, "java-17-openjdk", 15) != 0)
        return true;
    snprintf(path, sizeof path, "/usr/lib/jvm/%s", name);
    if (has_modules(path) && (*best == 0 || strcmp(path, best) < 0))
        strcpy(best, path);
    return true;
}

void java_set_home(const char *jdk)
{
    snprintf(home, sizeof home, "%s", jdk != NULL ? jdk : "");
}

const char *java_home(void)
{
    const char *set;

    if (home[0] != 0)
        return home;
    set = os_environment_get("JAVA_HOME");
    if (set != NULL && strlen(set) < sizeof home && has_modules(set))
        strcpy(home, set);
    if (home[0] == 0)
        (void)os_folder_list("/usr/lib/jvm", try_jvm_entry, home);
    return home[0] != 0 ? home : NULL;
}

void java_set_library_path(const char *folder)
{
    snprintf(library, sizeof library, "%s", folder != NULL ? folder : "");
}

const char *java_library_path(void)
{
    return library[0] != 0 ? library : NULL;
}

static Result open_jimage(bool later)
{
    char path[1100];

    if (java_home() == NULL)
        return error_set(ERROR_NOT_FOUND, "no JDK 17 found: set JAVA_HOME");
    snprintf(path, sizeof path, "%s/lib/modules", java_home());
    return later ? jimage_open_later(path) : jimage_open(path);
}

static Result open_common(bool thawed)
{
    Result result;

    TRY(java_world_open(thawed));
    TRY(loader_open(thawed));
    initialize_open();
    quicken_open();
    java_verify_hook = verify_class;
done:
    return result;
}

Result java_classes_open(void)
{
    Result result;

    TRY(open_jimage(false));
    TRY(open_common(false));
    TRY(primitive_classes_make());
done:
    return result;
}

/* Classes come from an image that is loaded next; the jimage serves those that are loaded later. */
Result java_classes_open_empty(void)
{
    Result result;

    TRY(open_jimage(true));
    TRY(open_common(true));
done:
    return result;
}

/* No image came after all. */
Result java_classes_fill(void)
{
    Result result;

    TRY(java_world_fill());
    TRY(primitive_classes_make());
done:
    return result;
}

void java_classes_close(void)
{
    jimage_close();
}
