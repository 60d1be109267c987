/* find.c - looks for class files in the JDK's lib/modules, in folders and jars, and behind URLs. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "java/java.h"
#include "java/jimage.h"
#include "javap/find.h"
#include "os/os.h"

#define CLASS_BYTES_LIMIT ((size_t)256 << 20)
#define NAME_ROOM 1024 /* of a path in lib/modules */

bool has_suffix(const char *text, const char *suffix)
{
    size_t size = strlen(text), suffix_size = strlen(suffix);
    return size >= suffix_size && strcmp(text + size - suffix_size, suffix) == 0;
}

/* ---- paths ---- */

static Result add_element(ClassPath *path, const char *text, size_t size)
{
    PathElement element = {.path = memory_allocate(size + 2)};
    Result result;

    if (element.path == NULL) return ERROR_MEMORY;
    memcpy(element.path, size > 0 ? text : ".", size > 0 ? size : 1);
    element.is_jar = os_path_kind(element.path) == OS_KIND_FILE;
    result = array_push(path, element);
    if (result != OK) memory_free(element.path);
    return result;
}

typedef struct Wildcard {
    ClassPath *path;
    const char *folder;
    size_t folder_size;
} Wildcard;

static bool add_jar(void *context, const char *name)
{
    Wildcard *wildcard = context;
    char text[4096];
    int size = snprintf(text, sizeof text, "%.*s%s", (int)wildcard->folder_size, wildcard->folder, name);

    if ((has_suffix(name, ".jar") || has_suffix(name, ".JAR")) && size > 0 && size < (int)sizeof text)
        (void)add_element(wildcard->path, text, (size_t)size);
    return true;
}

/* Elements are parted by ':'; one that ends in a star stands for the jars of its folder. */
static Result add_path(ClassPath *path, const char *text)
{
    Result result = OK;

    for (const char *end; result == OK; text = end + 1) {
        size_t size = strcspn(text, ":");
        end = text + size;
        if (size > 0 && end[-1] == '*' && (size == 1 || end[-2] == '/')) {
            char folder[4096];
            Wildcard wildcard = {path, text, size - 1};
            snprintf(folder, sizeof folder, "%.*s", (int)(size - 1), size > 1 ? text : ".");
            (void)os_folder_list(size > 1 ? folder : ".", add_jar, &wildcard);
        } else {
            result = add_element(path, text, size);
        }
        if (*end == 0) break;
    }
    return result;
}

static void close_path(ClassPath *path)
{
    for (size_t i = 0; i < path->count; i++) {
        memory_free(path->items[i].path);
        jar_close(&path->items[i].jar);
    }
    array_free(path);
}

static void open_home(Finder *finder, const char *home)
{
    char path[NAME_ROOM + 16];

    java_set_home(home);
    home = java_home();
    if (home == NULL || strlen(home) > NAME_ROOM) {
        snprintf(finder->problem, sizeof finder->problem, "%s", home == NULL ? java_home_problem() : "the JDK's path is too long");
        return;
    }
    snprintf(path, sizeof path, "%s/lib/modules", home);
    if (jimage_open(path) != OK) {
        snprintf(finder->problem, sizeof finder->problem, "%s", error_message());
        return;
    }
    finder->home = home;
    finder->home_modified_ms = os_path_modified_ms(path);
}

Result finder_open(Finder *finder, const char *class_path, const char *boot_path, const char *home)
{
    Result result = OK;

    memset(finder, 0, sizeof *finder);
    if (class_path == NULL) class_path = os_environment_get("CLASSPATH");
    TRY(add_path(&finder->class_path, class_path != NULL && *class_path != 0 ? class_path : "."));
    if (boot_path != NULL) TRY(add_path(&finder->boot_path, boot_path));
    open_home(finder, home);
    error_clear();
done:
    return result;
}

void finder_close(Finder *finder)
{
    close_path(&finder->class_path);
    close_path(&finder->boot_path);
    bytes_free(&finder->contents);
    bytes_free(&finder->name);
    bytes_free(&finder->uri);
    bytes_free(&finder->shown);
    jimage_close();
}

/* ---- URIs ---- */

static bool is_path_character(uint8_t c) { return isalnum(c) || (c != 0 && strchr("/-_.!~*'():@&=+$,;", c) != NULL); }

/* The absolute form of a path, without "." and ".."; true: it had some. */
static bool append_absolute(Bytes *bytes, const char *path)
{
    size_t root = bytes->size;
    char *here = NULL;
    bool changed = false;

    if (*path != '/' && os_path_real(".", &here) == OK && strcmp(here, "/") != 0) (void)bytes_append_text(bytes, here);
    memory_free(here);
    while (*path != 0) {
        size_t size = strcspn(path, "/");
        bool is_up = size == 2 && path[0] == '.' && path[1] == '.', is_here = size == 1 && path[0] == '.';
        changed = changed || is_up || is_here;
        if (size > 0 && !is_up && !is_here) {
            (void)bytes_append_u8(bytes, '/');
            (void)bytes_append(bytes, path, size);
        }
        while (is_up && bytes->size > root && bytes->data[--bytes->size] != '/')
            ;
        path += size;
        path += *path == '/';
    }
    return changed;
}

/* "jar:file:///folder/x.jar!/"; with one slash where the path was not in its simplest form, as java.net.URI has it. */
static void append_jar_uri(Bytes *uri, const char *path)
{
    Bytes absolute = {0};
    bool changed = append_absolute(&absolute, path);

    (void)bytes_append_text(uri, changed ? "jar:file:" : "jar:file://");
    for (size_t i = 0; i < absolute.size; i++)
        (void)(is_path_character(absolute.data[i]) ? bytes_append_u8(uri, absolute.data[i])
                                                   : bytes_append_format(uri, "%%%02X", absolute.data[i]));
    (void)bytes_append_text(uri, "!/");
    bytes_free(&absolute);
}

/* ---- what was found ---- */

static Result found(Finder *finder, FoundClass *class, const uint8_t *bytes, size_t size, int64_t modified_ms)
{
    class->bytes = bytes;
    class->size = size;
    class->source.uri = bytes_as_text(&finder->uri);
    class->source.modified_ms = modified_ms;
    class->source.is_local_day = false;
    class->shown = bytes_as_text(&finder->shown);
    return class->source.uri != NULL && class->shown != NULL ? OK : ERROR_MEMORY;
}

/* A file, which may be missing. */
static Result find_file(Finder *finder, const char *path, FoundClass *class)
{
    Result result;

    if (os_path_kind(path) == OS_KIND_NONE || os_path_kind(path) == OS_KIND_FOLDER) return ERROR_NOT_FOUND;
    finder->contents.size = 0;
    TRY(os_file_load(path, CLASS_BYTES_LIMIT, &finder->contents));
    (void)append_absolute(&finder->uri, path);
    (void)bytes_append_text(&finder->shown, path);
    result = found(finder, class, finder->contents.data, finder->contents.size, os_path_modified_ms(path));
done:
    return result;
}

static Result read_entry(Finder *finder, Jar *jar, const char *name, JarEntry *entry)
{
    Result result = jar_find(jar, name, strlen(name), entry);
    return result != OK ? result : jar_read(jar, entry, CLASS_BYTES_LIMIT, &finder->contents);
}

/* ---- by name ---- */

static bool find_in_module(Finder *finder, const char *module, const char *name, FoundClass *class)
{
    char path[NAME_ROOM];
    JimageEntry entry;
    int size = snprintf(path, sizeof path, "/%s/%s.class", module, name);

    if (finder->home == NULL || size <= 0 || size >= (int)sizeof path || !jimage_find(path, &entry)) return false;
    (void)bytes_append_text(&finder->uri, "jrt:");
    (void)bytes_append_text(&finder->uri, path);
    (void)bytes_append_text(&finder->shown, path);
    return found(finder, class, entry.bytes, (size_t)entry.size, finder->home_modified_ms) == OK;
}

static void note_last_module(void *context, const char *module, const char *parent, const char *base,
                             const char *extension)
{
    const char **last = context;
    if (strcmp(base, "module-info") == 0 && strcmp(extension, "class") == 0 &&
        (*last == NULL || strcmp(module, *last) > 0))
        *last = module;
}

/* Of the classes without a package, which every module has, the last module's is found. */
static bool find_in_jdk(Finder *finder, const char *name, FoundClass *class)
{
    char package[NAME_ROOM], module[NAME_ROOM];
    const char *slash = strrchr(name, '/'), *last = NULL;

    if (finder->home == NULL) return false;
    if (slash == NULL) {
        if (strcmp(name, "module-info") == 0) jimage_each(note_last_module, &last);
        return last != NULL && find_in_module(finder, last, name, class);
    }
    if (slash == name || (size_t)(slash - name) >= sizeof package) return false;
    snprintf(package, sizeof package, "%.*s", (int)(slash - name), name);
    return jimage_package_module(package, module, sizeof module) && find_in_module(finder, module, name, class);
}

static Result find_in_jar(Finder *finder, PathElement *element, const char *file, FoundClass *class)
{
    JarEntry entry;
    Result result;

    if (element->jar.bytes == NULL) {
        result = jar_open(&element->jar, element->path);
        if (result != OK) /* what is not meant to be a jar holds nothing */
            return has_suffix(element->path, ".jar") ? result : ERROR_NOT_FOUND;
    }
    TRY(read_entry(finder, &element->jar, file, &entry));
    append_jar_uri(&finder->uri, element->path);
    (void)bytes_append_text(&finder->uri, file);
    (void)bytes_append_format(&finder->shown, "%s(/%s)", element->path, file);
    result = found(finder, class, finder->contents.data, finder->contents.size, entry.modified_ms);
    class->source.is_local_day = entry.is_local_time;
done:
    return result;
}

static Result find_on_path(Finder *finder, ClassPath *path, const char *name, FoundClass *class)
{
    Result result = ERROR_NOT_FOUND;

    for (size_t i = 0; i < path->count && result == ERROR_NOT_FOUND; i++) {
        char file[4096];
        if (path->items[i].is_jar) {
            snprintf(file, sizeof file, "%s.class", name);
            result = find_in_jar(finder, &path->items[i], file, class);
        } else if (snprintf(file, sizeof file, "%s/%s.class", path->items[i].path, name) < (int)sizeof file) {
            result = find_file(finder, file, class);
        }
    }
    return result;
}

static Result find_class(Finder *finder, const char *name, FoundClass *class)
{
    Result result;

    if (finder->module != NULL) return find_in_module(finder, finder->module, name, class) ? OK : ERROR_NOT_FOUND;
    result = find_on_path(finder, &finder->boot_path, name, class);
    if (result == ERROR_NOT_FOUND && find_in_jdk(finder, name, class)) return OK;
    return result == ERROR_NOT_FOUND ? find_on_path(finder, &finder->class_path, name, class) : result;
}

/* The name may part packages by '.' or '/', and classes from the classes that hold them by '.' or '$'. */
static Result find_name(Finder *finder, const char *what, FoundClass *class)
{
    char name[NAME_ROOM];
    size_t size = strlen(what), dot = size;
    Result result;

    if (size == 0 || size >= sizeof name || *what == '/') return ERROR_NOT_FOUND;
    for (size_t i = 0; i <= size; i++) name[i] = what[i] == '.' ? '/' : what[i];
    while ((result = find_class(finder, name, class)) == ERROR_NOT_FOUND) {
        while (dot > 0 && what[dot - 1] != '.') dot--;
        if (dot == 0) break;
        name[--dot] = '$';
    }
    return result;
}

/* ---- by URL ---- */

static int hex_digit(int c) { return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1; }

/* Into `text`, which has room for all of it. */
static void decode(const char *url, size_t size, char *text)
{
    for (size_t i = 0; i < size; i++) {
        if (url[i] == '%' && i + 2 < size && hex_digit(url[i + 1]) >= 0 && hex_digit(url[i + 2]) >= 0) {
            *text++ = (char)(hex_digit(url[i + 1]) * 16 + hex_digit(url[i + 2]));
            i += 2;
        } else {
            *text++ = url[i];
        }
    }
    *text = 0;
}

/* The path of "file:/x", "file:///x", "file://localhost/x"; NULL: not such a URL. */
static const char *file_url_path(const char *url)
{
    if (strncmp(url, "file:/", 6) != 0) return NULL;
    url += 5;
    if (strncmp(url, "//localhost/", 12) == 0) return url + 11;
    return url[1] == '/' ? url + 2 : url;
}

static Result find_jar_url(Finder *finder, const char *url, FoundClass *class)
{
    const char *path = file_url_path(url + 4), *end = path != NULL ? strstr(path, "!/") : NULL;
    char file[4096], entry_name[4096];
    JarEntry entry;
    Jar jar = {0};
    Result result;

    if (end == NULL || strlen(url) >= sizeof file) return ERROR_NOT_FOUND;
    decode(path, (size_t)(end - path), file);
    decode(end + 2, strlen(end + 2), entry_name);
    if (os_path_kind(file) == OS_KIND_NONE) return error_set(ERROR_NOT_FOUND, "%s", file);
    TRY(jar_open(&jar, file));
    result = read_entry(finder, &jar, entry_name, &entry);
    if (result == ERROR_NOT_FOUND) TRY(error_set(result, "JAR entry %s not found in %s", entry_name, file));
    TRY(result);
    (void)bytes_append_text(&finder->uri, url);
    (void)bytes_append_text(&finder->shown, url);
    result = found(finder, class, finder->contents.data, finder->contents.size, os_path_modified_ms(file));
done:
    jar_close(&jar);
    return result;
}

static Result find_url(Finder *finder, const char *url, FoundClass *class)
{
    const char *path = file_url_path(url);
    char file[4096];
    Result result;

    if (strncmp(url, "jar:", 4) == 0) return find_jar_url(finder, url, class);
    if (strncmp(url, "jrt:/", 5) == 0) {
        JimageEntry entry;
        if (finder->home == NULL || !jimage_find(url + 4, &entry)) return ERROR_NOT_FOUND;
        (void)bytes_append_text(&finder->uri, url);
        (void)bytes_append_text(&finder->shown, url);
        return found(finder, class, entry.bytes, (size_t)entry.size, 0);
    }
    if (path == NULL || strlen(path) >= sizeof file) return ERROR_NOT_FOUND;
    decode(path, strlen(path), file);
    result = find_file(finder, file, class);
    return result == ERROR_NOT_FOUND ? error_set(result, "%s (No such file or directory)", file) : result;
}

bool finder_has_module(const Finder *finder, const char *module)
{
    char path[NAME_ROOM];
    JimageEntry entry;
    int size = snprintf(path, sizeof path, "/%s/module-info.class", module);
    return finder->home != NULL && size < (int)sizeof path && jimage_find(path, &entry);
}

Result finder_find(Finder *finder, const char *what, FoundClass *class)
{
    Result result;

    finder->uri.size = finder->shown.size = 0;
    result = find_name(finder, what, class);
    if (result == ERROR_NOT_FOUND) error_clear();
    if (result == ERROR_NOT_FOUND && strchr(what, ':') != NULL) result = find_url(finder, what, class);
    if (result == ERROR_NOT_FOUND && *error_message() == 0 && has_suffix(what, ".class"))
        result = find_file(finder, what, class);
    return result;
}
