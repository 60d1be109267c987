/* jar_test.c - zip archives written here by the rules of APPNOTE: entries stored and deflated, times, what may stand before and
 * behind an archive, sizes of 64 bits, and damaged ones. */
#define _GNU_SOURCE
#include <unistd.h>

#include "jar/jar.h"
#include "test.h"

static char path[] = "/tmp/jar_test.XXXXXX";

static const char stored[] = "what is stored lies there as it is";
static const char unpacked[] = "row row row your boat, row row row your boat";
static const uint8_t packed[] = { /* by zlib, level 9 */
    0x2b, 0xca, 0x2f, 0x57, 0x28, 0x82, 0xe2, 0xca, 0xfc, 0xd2, 0x22, 0x85, 0xa4, 0xfc, 0xc4, 0x12, 0x1d, 0xb8,
    0x10, 0x8a, 0x30, 0x00
};

typedef struct Part {
    const char *name;
    unsigned method;
    const void *bytes;
    uint32_t packed_size, size;
    uint32_t seconds; /* since 1970, in an extra field; 0: none */
    uint32_t offset;
} Part;

static void le16(Bytes *bytes, unsigned value)
{
    CHECK_OK(bytes_append_u8(bytes, (uint8_t)value));
    CHECK_OK(bytes_append_u8(bytes, (uint8_t)(value >> 8)));
}

static void le32(Bytes *bytes, uint32_t value)
{
    CHECK_OK(bytes_append_le32(bytes, value));
}

static void append(Bytes *bytes, const void *data, size_t size)
{
    CHECK_OK(bytes_append(bytes, data, size));
}

/* What local and central header have in common: version needed, flags, method, time and date, checksum, sizes, the name's length. */
static void append_common(Bytes *bytes, const Part *part)
{
    le16(bytes, 20);
    le16(bytes, 0);
    le16(bytes, part->method);
    le16(bytes, 10 << 11 | 20 << 5 | 30 / 2);            /* 10:20:30 */
    le16(bytes, (2021 - 1980) << 9 | 9 << 5 | 14);       /* 14 September 2021 */
    le32(bytes, 0);
    le32(bytes, part->packed_size);
    le32(bytes, part->size);
    le16(bytes, (unsigned)strlen(part->name));
}

static void append_local(Bytes *bytes, Part *part, size_t start)
{
    part->offset = (uint32_t)(bytes->size - start);
    append(bytes, "PK\3\4", 4);
    append_common(bytes, part);
    le16(bytes, 0);
    append(bytes, part->name, strlen(part->name));
    append(bytes, part->bytes, part->packed_size);
}

static void append_central(Bytes *bytes, const Part *part)
{
    append(bytes, "PK\1\2", 4);
    le16(bytes, 20);
    append_common(bytes, part);
    le16(bytes, part->seconds != 0 ? 9 : 0);
    le16(bytes, 3); /* of the comment */
    le16(bytes, 0);
    le16(bytes, 0);
    le32(bytes, 0);
    le32(bytes, part->offset);
    append(bytes, part->name, strlen(part->name));
    if (part->seconds != 0) {
        le16(bytes, 0x5455);
        le16(bytes, 5);
        CHECK_OK(bytes_append_u8(bytes, 1));
        le32(bytes, part->seconds);
    }
    append(bytes, "any", 3);
}

/* wide: the end record leaves size and place of the directory to one of 64 bits. */
static void append_end(Bytes *bytes, size_t start, size_t directory, unsigned count, bool wide, const char *comment)
{
    size_t size = bytes->size - directory, record = bytes->size;
    if (wide) {
        append(bytes, "PK\6\6", 4);
        CHECK_OK(bytes_append_le64(bytes, 44));
        le16(bytes, 45);
        le16(bytes, 45);
        le32(bytes, 0);
        le32(bytes, 0);
        CHECK_OK(bytes_append_le64(bytes, count));
        CHECK_OK(bytes_append_le64(bytes, count));
        CHECK_OK(bytes_append_le64(bytes, size));
        CHECK_OK(bytes_append_le64(bytes, directory - start));
        append(bytes, "PK\6\7", 4);
        le32(bytes, 0);
        CHECK_OK(bytes_append_le64(bytes, record));
        le32(bytes, 1);
    }
    append(bytes, "PK\5\6", 4);
    le32(bytes, 0);
    le16(bytes, wide ? 0xffff : count);
    le16(bytes, wide ? 0xffff : count);
    le32(bytes, wide ? UINT32_MAX : (uint32_t)size);
    le32(bytes, wide ? UINT32_MAX : (uint32_t)(directory - start));
    le16(bytes, (unsigned)strlen(comment));
    append(bytes, comment, strlen(comment));
}

static void make(Bytes *bytes, const char *before, bool wide, const char *comment)
{
    Part parts[] = {{"a/stored.txt", 0, stored, sizeof stored - 1, sizeof stored - 1, 0, 0},
                    {"packed", 8, packed, sizeof packed, sizeof unpacked - 1, 1631614830, 0},
                    {"empty/", 0, "", 0, 0, 0, 0},
                    {"strange", 12, "??", 2, 2, 0, 0}};
    size_t start = strlen(before), directory;
    append(bytes, before, start);
    for (unsigned i = 0; i < 4; i++)
        append_local(bytes, &parts[i], start);
    directory = bytes->size;
    for (unsigned i = 0; i < 4; i++)
        append_central(bytes, &parts[i]);
    append_end(bytes, start, directory, 4, wide, comment);
}

static void write_file(const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

static void check_entries(Jar *jar)
{
    JarEntry entry;
    Bytes bytes = {0};

    CHECK_OK(jar_find(jar, "a/stored.txt", 12, &entry));
    CHECK_OK(jar_read(jar, &entry, 1000, &bytes));
    CHECK_EQUAL(bytes.size, sizeof stored - 1);
    CHECK_BYTES(bytes.data, stored, sizeof stored - 1);
    CHECK(entry.is_local_time);
    CHECK_EQUAL(entry.modified_ms, 1631614830000); /* 2021-09-14 10:20:30, as if in UTC */
    CHECK_OK(jar_find(jar, "packed", 6, &entry));
    CHECK_OK(jar_read(jar, &entry, 1000, &bytes));
    CHECK_EQUAL(bytes.size, sizeof unpacked - 1);
    CHECK_BYTES(bytes.data, unpacked, sizeof unpacked - 1);
    CHECK(!entry.is_local_time);
    CHECK_EQUAL(entry.modified_ms, 1631614830000);
    CHECK_FAILS(jar_read(jar, &entry, 43, &bytes), ERROR_LIMIT);
    CHECK_OK(jar_find(jar, "empty/", 6, &entry));
    CHECK_OK(jar_read(jar, &entry, 1000, &bytes));
    CHECK_EQUAL(bytes.size, 0);
    CHECK_OK(jar_find(jar, "strange", 7, &entry));
    CHECK_FAILS(jar_read(jar, &entry, 1000, &bytes), ERROR_UNSUPPORTED);
    CHECK_FAILS(jar_find(jar, "stored.txt", 10, &entry), ERROR_NOT_FOUND);
    bytes_free(&bytes);
}

static void check_archive(const char *before, bool wide, const char *comment)
{
    static const char *const names[] = {"a/stored.txt", "packed", "empty/", "strange"};
    Bytes bytes = {0};
    Jar jar;
    JarEntry entry;
    size_t position = 0;

    make(&bytes, before, wide, comment);
    write_file(bytes.data, bytes.size);
    CHECK_OK(jar_open(&jar, path));
    for (unsigned i = 0; i < 4; i++) {
        CHECK(jar_next(&jar, &position, &entry));
        CHECK_EQUAL(entry.name_size, strlen(names[i]));
        CHECK_BYTES(entry.name, names[i], entry.name_size);
    }
    CHECK(!jar_next(&jar, &position, &entry));
    check_entries(&jar);
    jar_close(&jar);
    bytes_free(&bytes);
}

static void test_archives(void)
{
    check_archive("", false, "");
    check_archive("#!/bin/sh\nexec java -jar $0\n", false, "");
    check_archive("", false, "a comment that holds PK\5\6, too");
    check_archive("", true, "");
}

static void test_none(void)
{
    Jar jar;
    write_file("PK", 2);
    CHECK_FAILS(jar_open(&jar, path), ERROR_FORMAT);
    char zeros[100] = {0};
    write_file(zeros, sizeof zeros);
    CHECK_FAILS(jar_open(&jar, path), ERROR_FORMAT);
    CHECK_FAILS(jar_open(&jar, "/there/is/no/such.jar"), ERROR_NOT_FOUND);
}

/* All that there is to read, whatever comes of it. Does it have the four entries, as they are? */
static bool read_all(void)
{
    Jar jar;
    JarEntry entry;
    Bytes bytes = {0};
    size_t position = 0;
    unsigned well = 0;

    if (jar_open(&jar, path) != OK)
        return false;
    while (jar_next(&jar, &position, &entry))
        well += jar_read(&jar, &entry, 1 << 20, &bytes) == OK;
    (void)jar_find(&jar, "packed", 6, &entry);
    jar_close(&jar);
    bytes_free(&bytes);
    return well == 3;
}

static void test_damaged(void)
{
    Bytes bytes = {0};
    unsigned well = 0, all = 0;
    for (unsigned wide = 0; wide < 2; wide++) {
        bytes.size = 0;
        make(&bytes, "", wide, "");
        for (size_t size = 0; size < bytes.size; size++) {
            write_file(bytes.data, size);
            CHECK(!read_all());
        }
        for (size_t at = 0; at < bytes.size; at++)
            for (unsigned bit = 0; bit < 8; bit += 7) {
                bytes.data[at] ^= (uint8_t)(1u << bit);
                write_file(bytes.data, bytes.size);
                well += read_all();
                all++;
                bytes.data[at] ^= (uint8_t)(1u << bit);
            }
    }
    CHECK(well < all && well > 0);
    bytes_free(&bytes);
}

static void test_file(void)
{
    int file = mkstemp(path);
    CHECK(file >= 0);
    close(file);
}

static void test_end(void)
{
    CHECK(unlink(path) == 0);
}

TEST_MAIN("jar", test_file, test_archives, test_none, test_damaged, test_end)
