/* jimage.c - reads the JDK's lib/modules: a perfect-hash table of resources, mapped as a file.
 *
 *   header    magic CAFEDADA, version, flags, entries, table length, bytes of locations, bytes of strings (u32 each)
 *   redirect  i32 per table entry: > 0 a seed to hash again with; < 0 the place is -1 - it; 0 no such entry
 *   offsets   u32 per table entry: where its location starts
 *   locations bytes: kind << 3 | length - 1, then the value, big-endian; kind 0 ends it
 *   strings   modified UTF-8, ended by 0
 *   contents */
#include <stdlib.h>
#include <string.h>

#include "java/java_internal.h"
#include "os/os.h"

#define JIMAGE_MAGIC 0xcafedadau
#define HASH_MULTIPLIER 0x01000193u
#define HEADER_BYTES 28

enum Attribute { LOCATION_END, MODULE, PARENT, BASE, EXTENSION, OFFSET, COMPRESSED, UNCOMPRESSED, ATTRIBUTE_COUNT };

/* Where the file is mapped: the guest's own reader keeps addresses in it, also in images. */
#define JIMAGE_PREFERRED_BASE OS_FIXED_ADDRESS(0x1400000000)

const uint8_t *java_jimage;

static struct {
    const uint8_t *start;
    size_t size;
    int64_t modified_ms;
    bool is_read; /* the header */
    uint32_t table_length, locations_size, strings_size;
    const uint8_t *redirect, *offsets, *locations, *strings, *contents;
} jimage;

bool jimage_is_open(void)
{
    return jimage.start != NULL;
}

void jimage_close(void)
{
    if (jimage.start != NULL)
        os_memory_release((void *)(uintptr_t)jimage.start, jimage.size);
    memset(&jimage, 0, sizeof jimage);
    java_jimage = NULL;
}

static Result read_header(const char *path)
{
    const uint8_t *at = jimage.start;
    uint64_t end;

    if (jimage.size < HEADER_BYTES || read_le32(at) != JIMAGE_MAGIC)
        return error_set(ERROR_FORMAT, "%s: no jimage file", path);
    if (read_le32(at + 4) >> 16 != 1)
        return error_set(ERROR_UNSUPPORTED, "%s: jimage version %u", path, read_le32(at + 4) >> 16);
    jimage.table_length = read_le32(at + 16);
    jimage.locations_size = read_le32(at + 20);
    jimage.strings_size = read_le32(at + 24);
    end = HEADER_BYTES + 8 * (uint64_t)jimage.table_length + jimage.locations_size + jimage.strings_size;
    if (end > jimage.size || jimage.table_length == 0 || jimage.strings_size == 0)
        return error_set(ERROR_FORMAT, "%s: damaged jimage file", path);
    jimage.redirect = at + HEADER_BYTES;
    jimage.offsets = jimage.redirect + 4 * (size_t)jimage.table_length;
    jimage.locations = jimage.offsets + 4 * (size_t)jimage.table_length;
    jimage.strings = jimage.locations + jimage.locations_size;
    jimage.contents = jimage.strings + jimage.strings_size;
    if (jimage.strings[jimage.strings_size - 1] != 0)
        return error_set(ERROR_FORMAT, "%s: damaged jimage file", path);
    jimage.is_read = true;
    return OK;
}

/* Read-only by custom: a write would stay in this process. */
static Result map_file(void **memory, OsFile file, size_t size)
{
    if (os_memory_map_file(memory, file, 0, size, (void *)JIMAGE_PREFERRED_BASE, OS_IF_FREE) == OK)
        return OK;
    return os_memory_map_file_readonly(memory, file, 0, size);
}

Result jimage_open_later(const char *path)
{
    Result result;
    OsFile file = OS_FILE_NONE;
    uint64_t size;
    int64_t modified_ms;
    void *memory;

    jimage_close();
    TRY(os_file_open(&file, path, OS_OPEN_READ));
    TRY(os_file_size_and_time(file, &size, &modified_ms));
    result = map_file(&memory, file, (size_t)size);
    if (result != OK)
        TRY(error_prefix(result, "%s", path));
    jimage.start = java_jimage = memory;
    jimage.size = (size_t)size;
    jimage.modified_ms = modified_ms;
done:
    os_file_close(file);
    return result;
}

Result jimage_open(const char *path)
{
    Result result;

    TRY(jimage_open_later(path));
    result = read_header(path);
    if (result != OK)
        jimage_close();
done:
    return result;
}

/* Reads the header if nobody has. */
static bool is_ready(void)
{
    return jimage.is_read || (jimage.start != NULL && read_header("lib/modules") == OK);
}

const void *jimage_place(size_t *size)
{
    *size = jimage.size;
    return jimage.start;
}

int64_t jimage_modified_ms(void)
{
    return jimage.modified_ms;
}

static uint32_t hash_text(const char *text, uint32_t seed)
{
    for (; *text != 0; text++)
        seed = (seed * HASH_MULTIPLIER) ^ (uint8_t)*text;
    return seed & 0x7fffffff;
}

static bool read_location(uint32_t index, uint64_t attributes[ATTRIBUTE_COUNT])
{
    uint32_t at = read_le32(jimage.offsets + 4 * (size_t)index);

    memset(attributes, 0, ATTRIBUTE_COUNT * sizeof *attributes);
    while (at < jimage.locations_size && jimage.locations[at] >> 3 != LOCATION_END) {
        unsigned kind = jimage.locations[at] >> 3, length = (jimage.locations[at] & 7u) + 1;
        uint64_t value = 0;
        if (kind >= ATTRIBUTE_COUNT || at + 1 + length > jimage.locations_size)
            return false;
        for (unsigned i = 0; i < length; i++)
            value = value << 8 | jimage.locations[at + 1 + i];
        attributes[kind] = value;
        at += 1 + length;
    }
    return true;
}

static const char *string_at(uint64_t offset)
{
    return (const char *)jimage.strings + (offset < jimage.strings_size ? offset : 0);
}

/* Passes `part` in *text; false: something else stands there. */
static bool match(const char **text, const char *part)
{
    size_t length = strlen(part);
    if (strncmp(*text, part, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool location_is(const uint64_t attributes[ATTRIBUTE_COUNT], const char *path)
{
    const char *module = string_at(attributes[MODULE]), *parent = string_at(attributes[PARENT]);
    const char *extension = string_at(attributes[EXTENSION]);

    if (*module != 0 && !(match(&path, "/") && match(&path, module) && match(&path, "/")))
        return false;
    if (*parent != 0 && !(match(&path, parent) && match(&path, "/")))
        return false;
    if (!match(&path, string_at(attributes[BASE])))
        return false;
    if (*extension != 0 && !(match(&path, ".") && match(&path, extension)))
        return false;
    return *path == 0;
}

bool jimage_find(const char *path, JimageEntry *entry)
{
    uint64_t attributes[ATTRIBUTE_COUNT];
    uint32_t index;

    if (!is_ready())
        return false;
    index = hash_text(path, HASH_MULTIPLIER) % jimage.table_length;
    int32_t value = (int32_t)read_le32(jimage.redirect + 4 * (size_t)index);
    if (value == 0)
        return false;
    index = value > 0 ? hash_text(path, (uint32_t)value) % jimage.table_length : (uint32_t)(-1 - value);
    if (index >= jimage.table_length || !read_location(index, attributes) || !location_is(attributes, path))
        return false;
    uint64_t room = jimage.size - (uint64_t)(jimage.contents - jimage.start);
    if (attributes[COMPRESSED] != 0 || attributes[OFFSET] > room || attributes[UNCOMPRESSED] > room - attributes[OFFSET])
        return false;
    entry->bytes = jimage.contents + attributes[OFFSET];
    entry->size = attributes[UNCOMPRESSED];
    return true;
}

bool jimage_package_module(const char *package, char *buffer, size_t size)
{
    char path[512] = "/packages/";
    size_t at = strlen(path);
    JimageEntry entry;

    for (; *package != 0 && at + 1 < sizeof path; package++)
        path[at++] = *package == '/' ? '.' : *package;
    path[at] = 0;
    if (*package != 0 || !jimage_find(path, &entry))
        return false;
    for (uint64_t i = 0; i + 8 <= entry.size; i += 8) { /* pairs: is it empty there, name of the module */
        if (read_le32(entry.bytes + i) != 0)
            continue;
        const char *module = string_at(read_le32(entry.bytes + i + 4));
        if (strlen(module) >= size)
            return false;
        strcpy(buffer, module);
        return true;
    }
    return false;
}

void jimage_each(void (*visit)(void *context, const char *module, const char *parent, const char *base, const char *extension),
                 void *context)
{
    uint64_t attributes[ATTRIBUTE_COUNT];

    for (uint32_t i = 0; is_ready() && i < jimage.table_length; i++)
        if (read_location(i, attributes))
            visit(context, string_at(attributes[MODULE]), string_at(attributes[PARENT]), string_at(attributes[BASE]),
                  string_at(attributes[EXTENSION]));
}
