/* jar.c - the central directory of a zip archive, and its entries, stored or deflated. */
#include <string.h>

#include "base/memory.h"
#include "jar/inflate.h"
#include "jar/jar.h"
#include "os/os.h"

#define END_SIGNATURE 0x06054b50u /* end of central directory */
#define END_BYTES 22
#define COMMENT_LIMIT 65535
#define END64_SIGNATURE 0x06064b50u
#define END64_BYTES 56
#define LOCATOR64_SIGNATURE 0x07064b50u
#define LOCATOR64_BYTES 20
#define ENTRY_SIGNATURE 0x02014b50u /* in the central directory */
#define ENTRY_BYTES 46
#define LOCAL_SIGNATURE 0x04034b50u /* before the bytes of an entry */
#define LOCAL_BYTES 30
#define EXTRA_ZIP64 0x0001u
#define EXTRA_TIMES 0x5455u
#define UNKNOWN32 0xffffffffu
#define UNKNOWN16 0xffffu

/* What the end record says, or the zip64 record that a locator before it leads to. */
static bool read_end(Jar *jar, size_t at)
{
    const uint8_t *end = jar->bytes + at;
    uint64_t size = read_le32(end + 12), offset = read_le32(end + 16);
    size_t directory_end = at;
    bool is_zip64 = read_le16(end + 10) == UNKNOWN16 || size == UNKNOWN32 || offset == UNKNOWN32;

    if (is_zip64 && at >= LOCATOR64_BYTES && read_le32(end - LOCATOR64_BYTES) == LOCATOR64_SIGNATURE) {
        uint64_t place = read_le64(end - LOCATOR64_BYTES + 8);
        if (place > at - LOCATOR64_BYTES || at - LOCATOR64_BYTES - place < END64_BYTES ||
            read_le32(jar->bytes + place) != END64_SIGNATURE)
            return false;
        size = read_le64(jar->bytes + place + 40);
        offset = read_le64(jar->bytes + place + 48);
        directory_end = (size_t)place;
    }
    if (size > directory_end || offset > directory_end - size) return false;
    jar->directory = directory_end - (size_t)size;
    jar->directory_size = (size_t)size;
    jar->start = jar->directory - (size_t)offset;
    return true;
}

static bool find_end(Jar *jar)
{
    size_t lowest = jar->size > END_BYTES + COMMENT_LIMIT ? jar->size - END_BYTES - COMMENT_LIMIT : 0;

    if (jar->size < END_BYTES) return false;
    for (size_t at = jar->size - END_BYTES + 1; at-- > lowest;)
        if (read_le32(jar->bytes + at) == END_SIGNATURE &&
            at + END_BYTES + read_le16(jar->bytes + at + 20) == jar->size)
            return read_end(jar, at);
    return false;
}

Result jar_open(Jar *jar, const char *path)
{
    Result result;
    OsFile file = OS_FILE_NONE;
    uint64_t size;
    void *memory = NULL;

    memset(jar, 0, sizeof *jar);
    TRY(os_file_open(&file, path, OS_OPEN_READ));
    TRY(os_file_size(file, &size));
    if (size < END_BYTES) TRY(error_set(ERROR_FORMAT, "%s: no zip archive", path));
    TRY(os_memory_map_file_readonly(&memory, file, 0, (size_t)size));
    jar->bytes = memory;
    jar->size = (size_t)size;
    if (!find_end(jar)) result = error_set(ERROR_FORMAT, "%s: no zip archive", path);
done:
    os_file_close(file);
    if (result != OK) jar_close(jar);
    return result;
}

void jar_close(Jar *jar)
{
    if (jar->bytes != NULL) os_memory_release((void *)(uintptr_t)jar->bytes, jar->size);
    string_table_free(&jar->entries);
    memset(jar, 0, sizeof *jar);
}

/* ---- entries ---- */

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    int y = year - (month <= 2), era = y / 400, year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int64_t dos_time_ms(unsigned time, unsigned date)
{
    int64_t days = days_of((int)(date >> 9) + 1980, (int)(date >> 5 & 15), (int)(date & 31));
    return ((days * 24 + (time >> 11)) * 3600 + (time >> 5 & 63) * 60 + (time & 31) * 2) * 1000;
}

/* The extra fields that matter: sizes of 64 bits, in the order of those that are missing, and the time in UTC. */
static void read_extra(JarEntry *entry, Reader extra)
{
    while (reader_left(&extra) >= 4) {
        unsigned kind = reader_le16(&extra);
        Reader field = reader_part(&extra, reader_le16(&extra));
        if (kind == EXTRA_ZIP64) {
            if (entry->size == UNKNOWN32) entry->size = reader_le64(&field);
            if (entry->packed_size == UNKNOWN32) entry->packed_size = reader_le64(&field);
            if (entry->offset == UNKNOWN32) entry->offset = reader_le64(&field);
        } else if (kind == EXTRA_TIMES && reader_u8(&field) & 1 && reader_left(&field) >= 4) {
            entry->modified_ms = (int64_t)(int32_t)reader_le32(&field) * 1000;
            entry->is_local_time = false;
        }
    }
}

bool jar_next(const Jar *jar, size_t *position, JarEntry *entry)
{
    Reader reader = reader_over(jar->bytes + jar->directory, jar->directory_size);
    const uint8_t *at, *name;
    size_t extra_size;

    reader_seek(&reader, *position);
    at = reader_take(&reader, ENTRY_BYTES);
    if (at == NULL || read_le32(at) != ENTRY_SIGNATURE) return false;
    entry->name_size = read_le16(at + 28);
    extra_size = read_le16(at + 30);
    name = reader_take(&reader, entry->name_size);
    if (name == NULL) return false;
    entry->name = (const char *)name;
    entry->method = read_le16(at + 10);
    entry->packed_size = read_le32(at + 20);
    entry->size = read_le32(at + 24);
    entry->offset = read_le32(at + 42);
    entry->modified_ms = dos_time_ms(read_le16(at + 12), read_le16(at + 14));
    entry->is_local_time = true;
    read_extra(entry, reader_part(&reader, extra_size));
    reader_skip(&reader, read_le16(at + 32));
    *position = reader.position;
    return !reader.failed;
}

static Result index_entries(Jar *jar)
{
    JarEntry entry;
    size_t position = 0, start = 0;
    Result result = OK;

    for (; result == OK && jar_next(jar, &position, &entry); start = position)
        result = string_table_set(&jar->entries, entry.name, entry.name_size, start);
    return result;
}

Result jar_find(Jar *jar, const char *name, size_t name_size, JarEntry *entry)
{
    uint64_t start;
    size_t position;

    if (string_table_count(&jar->entries) == 0) {
        Result result = index_entries(jar);
        if (result != OK) return result;
    }
    if (!string_table_get(&jar->entries, name, name_size, &start))
        return error_set(ERROR_NOT_FOUND, "no entry %.*s", (int)name_size, name);
    position = (size_t)start;
    return jar_next(jar, &position, entry) ? OK : error_set(ERROR_FORMAT, "the directory of the archive is damaged");
}

Result jar_read(const Jar *jar, const JarEntry *entry, size_t limit, Bytes *bytes)
{
    uint64_t at = jar->start + entry->offset, data;
    Result result;

    if (entry->size > limit) return error_set(ERROR_LIMIT, "an entry of %llu bytes", (unsigned long long)entry->size);
    if (at > jar->size || jar->size - at < LOCAL_BYTES || read_le32(jar->bytes + at) != LOCAL_SIGNATURE)
        return error_set(ERROR_FORMAT, "the archive has no entry at offset %llu", (unsigned long long)at);
    data = at + LOCAL_BYTES + read_le16(jar->bytes + at + 26) + read_le16(jar->bytes + at + 28);
    if (data > jar->size || entry->packed_size > jar->size - data)
        return error_set(ERROR_FORMAT, "the entry at offset %llu leaves the archive", (unsigned long long)at);
    TRY(bytes_resize(bytes, (size_t)entry->size));
    if (entry->method == 8)
        return inflate_bytes(jar->bytes + data, (size_t)entry->packed_size, bytes->data, bytes->size);
    if (entry->method != 0 || entry->packed_size != entry->size)
        return error_set(ERROR_UNSUPPORTED, "the entry at offset %llu is packed by method %u", (unsigned long long)at,
                         entry->method);
    if (entry->size > 0) memcpy(bytes->data, jar->bytes + data, (size_t)entry->size);
done:
    return result;
}
