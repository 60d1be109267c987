/* jar_check.c - is a file a jar with a manifest? Asked before anything starts, as the launcher of a JDK does. */
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"

#define END_BYTES 22          /* end of central directory: PK 5 6 ... */
#define COMMENT_LIMIT 65535
#define ENTRY_BYTES 46        /* a central directory entry: PK 1 2 ... */
#define DIRECTORY_LIMIT (256u << 20)

static const char manifest_name[] = "META-INF/MANIFEST.MF";

static bool load_part(OsFile file, uint64_t offset, size_t size, Bytes *bytes)
{
    size_t got = 0;
    return bytes_allocate(bytes, size) == OK && os_file_read_at(file, bytes->data, size, offset, &got) == OK && got == size;
}

/* Where the central directory lies. */
static bool find_directory(OsFile file, uint64_t *offset, uint64_t *size)
{
    uint64_t length = 0;
    Bytes tail = {0};
    size_t tail_bytes;
    bool found = false;

    if (os_file_size(file, &length) != OK || length < END_BYTES)
        return false;
    tail_bytes = length < END_BYTES + COMMENT_LIMIT ? (size_t)length : END_BYTES + COMMENT_LIMIT;
    if (load_part(file, length - tail_bytes, tail_bytes, &tail))
        for (size_t at = tail_bytes - END_BYTES + 1; at-- > 0 && !found;) {
            const uint8_t *end = tail.data + at;
            if (read_le32(end) != 0x06054b50 || at + END_BYTES + read_le16(end + 20) != tail_bytes)
                continue;
            *size = read_le32(end + 12);
            *offset = length - tail_bytes + at - *size; /* what stands before the archive does not count */
            found = *size <= length - tail_bytes + at;
        }
    bytes_free(&tail);
    return found;
}

static bool names_manifest(const uint8_t *name, size_t size)
{
    if (size != sizeof manifest_name - 1)
        return false;
    for (size_t i = 0; i < size; i++) {
        int c = name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i];
        if (c != manifest_name[i])
            return false;
    }
    return true;
}

static bool has_manifest(OsFile file)
{
    uint64_t offset = 0, size = 0;
    Bytes directory = {0};
    bool found = false;

    if (!find_directory(file, &offset, &size) || size > DIRECTORY_LIMIT)
        return false;
    if (load_part(file, offset, (size_t)size, &directory)) {
        Reader reader = reader_over(directory.data, directory.size);
        while (!found && reader_left(&reader) >= ENTRY_BYTES) {
            const uint8_t *entry = reader_take(&reader, ENTRY_BYTES), *name;
            if (read_le32(entry) != 0x02014b50)
                break;
            name = reader_take(&reader, read_le16(entry + 28));
            found = name != NULL && names_manifest(name, read_le16(entry + 28));
            reader_skip(&reader, (size_t)read_le16(entry + 30) + read_le16(entry + 32));
        }
    }
    bytes_free(&directory);
    return found;
}

enum JarState jar_check(const char *path)
{
    OsFile file;
    bool good;

    if (os_file_open(&file, path, OS_OPEN_READ) != OK)
        return JAR_MISSING;
    good = has_manifest(file);
    os_file_close(file);
    return good ? JAR_GOOD : JAR_BROKEN;
}
