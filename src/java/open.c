/* open.c - start-up of the class model, and where the class library is found. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "java/define.h"
#include "java/initialize.h"
#include "java/resolve.h"
#include "java/verify.h"

#define RELEASE_LIMIT 65536
#define ADVICE "install one (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME to where it is"

static char home[1024], library[1024];
static bool has_problem;
static char problem[1400] LARGE_STATIC; /* if it has one */

static bool has_modules(const char *folder)
{
    char path[1100];

    text_join(path, sizeof path, folder, "/lib/modules", NULL);
    return os_path_kind(path) == OS_KIND_FILE;
}

/* What Debian calls this processor, at the end of a folder's name. */
#if defined(__x86_64__)
#define PROCESSOR "-amd64"
#elif defined(__aarch64__)
#define PROCESSOR "-arm64"
#else
#define PROCESSOR "-"
#endif

static bool is_for_this_processor(const char *path)
{
    size_t length = strlen(path), end = sizeof PROCESSOR - 1;
    return length > end && strcmp(path + length - end, PROCESSOR) == 0;
}

/* Those for this processor first, then by name. */
static bool goes_before(const char *path, const char *other)
{
    bool own = is_for_this_processor(path);
    return own != is_for_this_processor(other) ? own : strcmp(path, other) < 0;
}

static bool try_jvm_entry(void *context, const char *name)
{
    char *best = context, path[1024];

    if (strncmp(name, "java-17-openjdk", 15) != 0)
        return true;
    text_join(path, sizeof path, "/usr/lib/jvm/", name, NULL);
    if (has_modules(path) && (*best == 0 || goes_before(path, best)))
        strcpy(best, path);
    return true;
}

/* The value of NAME="value" in the `release` file of a JDK; false: none. */
static bool read_release(const char *folder, const char *name, char *value, size_t size)
{
    char path[1100];
    Bytes bytes = {0};
    const char *text = NULL, *start;
    size_t length;

    text_join(path, sizeof path, folder, "/release", NULL);
    value[0] = 0;
    if (os_file_load(path, RELEASE_LIMIT, &bytes) == OK)
        text = bytes_as_text(&bytes);
    start = text != NULL ? strstr(text, name) : NULL;
    if (start != NULL && (start == text || start[-1] == '\n')) {
        start += strlen(name);
        length = strcspn(start, "\"\n");
        snprintf(value, size, "%.*s", (int)length, start);
    }
    bytes_free(&bytes);
    return value[0] != 0;
}

bool java_runtime_version(char *version, size_t size)
{
    return java_home() != NULL && read_release(java_home(), "JAVA_RUNTIME_VERSION=\"", version, size);
}

static bool refuse(const char *told_by, const char *folder, const char *what, const char *more)
{
    has_problem = true;
    snprintf(problem, sizeof problem, "%s: %.1000s %s%s; a JDK 17 is needed: " ADVICE, told_by, folder, what, more);
    return false;
}

/* Is it a JDK 17, or a part of one that has the class library? Else `problem` says what it is. */
static bool is_jdk_17(const char *folder, const char *told_by)
{
    char version[64];

    if (os_path_kind(folder) != OS_KIND_FOLDER)
        return refuse(told_by, folder, "is no folder", "");
    if (!has_modules(folder))
        return refuse(told_by, folder, "has no lib/modules", "");
    if (!read_release(folder, "JAVA_VERSION=\"", version, sizeof version))
        return refuse(told_by, folder, "does not tell its version in a file `release`", "");
    if (strncmp(version, "17", 2) != 0 || (version[2] != 0 && version[2] != '.'))
        return refuse(told_by, folder, "is version ", version);
    return true;
}

static bool choose(const char *folder, const char *told_by)
{
    bool good = is_jdk_17(folder, told_by);

    if (good)
        snprintf(home, sizeof home, "%s", folder);
    return good;
}

void java_set_home(const char *jdk)
{
    home[0] = 0;
    has_problem = false;
    if (jdk != NULL)
        (void)choose(jdk, "--java-home");
}

const char *java_home(void)
{
    const char *set = os_environment_get("JAVA_HOME");

    if (home[0] != 0 || has_problem)
        return home[0] != 0 ? home : NULL;
    if (set != NULL && set[0] != 0)
        return choose(set, "JAVA_HOME") ? home : NULL;
    (void)try_jvm_entry(home, "java-17-openjdk" PROCESSOR);
    if (home[0] == 0)
        (void)os_folder_list("/usr/lib/jvm", try_jvm_entry, home);
    has_problem = home[0] == 0;
    if (has_problem)
        snprintf(problem, sizeof problem, "no JDK 17 found: " ADVICE);
    return home[0] != 0 ? home : NULL;
}

const char *java_home_problem(void)
{
    return problem;
}

void java_set_library_path(const char *folder)
{
    text_join(library, sizeof library, folder != NULL ? folder : "", NULL);
}

const char *java_library_path(void)
{
    return library[0] != 0 ? library : NULL;
}

static Result open_jimage(bool later)
{
    char path[1100];

    if (java_home() == NULL)
        return error_set(ERROR_NOT_FOUND, "%s", problem);
    text_join(path, sizeof path, java_home(), "/lib/modules", NULL);
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
