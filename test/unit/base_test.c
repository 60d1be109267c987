/* base_test.c - base: results, buffers, readers, arrays, tables, CRC-32, text encodings. */
#include "base/base.h"
#include "base/strict_math.h"
#include "base/text.h"
#include "os/os.h"
#include "test.h"

static Result fail_with(Result kind)
{
    return kind == OK ? OK : error_set(kind, "thing %d", 7);
}

static Result try_two(Result first, Result second, int *reached)
{
    Result result;
    TRY(fail_with(first));
    *reached = 1;
    TRY(fail_with(second));
    *reached = 2;
done:
    return result;
}

static void test_result(void)
{
    int reached = 0;
    CHECK_OK(try_two(OK, OK, &reached));
    CHECK_EQUAL(reached, 2);
    reached = 0;
    CHECK_FAILS(try_two(OK, ERROR_FORMAT, &reached), ERROR_FORMAT);
    CHECK_EQUAL(reached, 1);
    CHECK_TEXT(error_message(), "thing 7");
    error_prefix(ERROR_FORMAT, "file %s", "x");
    CHECK_TEXT(error_message(), "file x: thing 7");
    error_set(ERROR_IO, "[%s]", error_message());
    CHECK_TEXT(error_message(), "[file x: thing 7]");
    for (int i = 0; i < 300; i++) error_prefix(ERROR_IO, "%d", i);
    CHECK(strlen(error_message()) < 1024);
    error_clear();
    CHECK_TEXT(error_message(), "");
    CHECK_TEXT(result_name(ERROR_NOT_FOUND), "NOT_FOUND");
    CHECK_TEXT(result_name(ERROR_TIMEOUT), "TIMEOUT");
}

static void test_bytes(void)
{
    Bytes bytes = {0};
    CHECK_OK(bytes_append_be32(&bytes, 0xcafebabe));
    CHECK_OK(bytes_append_be16(&bytes, 61));
    CHECK_OK(bytes_append_le16(&bytes, 0x1234));
    CHECK_OK(bytes_append_le64(&bytes, 0x0102030405060708));
    CHECK_OK(bytes_append_be64(&bytes, 0x0102030405060708));
    CHECK_OK(bytes_append_u8(&bytes, 255));
    CHECK_EQUAL(bytes.size, 25);
    CHECK_BYTES(bytes.data, "\xca\xfe\xba\xbe\0\x3d\x34\x12\x8\x7\x6\x5\x4\x3\x2\x1\x1\x2\x3\x4\x5\x6\x7\x8\xff", 25);

    Reader reader = reader_over(bytes.data, bytes.size);
    CHECK_EQUAL(reader_be32(&reader), 0xcafebabe);
    CHECK_EQUAL(reader_be16(&reader), 61);
    CHECK_EQUAL(reader_le16(&reader), 0x1234);
    CHECK_EQUAL(reader_le64(&reader), 0x0102030405060708);
    Reader part = reader_part(&reader, 8);
    CHECK_EQUAL(reader_be64(&part), 0x0102030405060708);
    CHECK_EQUAL(reader_u8(&part), 0);
    CHECK(part.failed);
    CHECK_EQUAL(reader_u8(&reader), 255);
    CHECK(!reader.failed);
    CHECK_EQUAL(reader_be16(&reader), 0);
    CHECK(reader.failed);
    reader = reader_over(bytes.data, 3);
    CHECK_EQUAL(reader_le32(&reader), 0);
    CHECK(reader.failed && reader_left(&reader) == 0);
    reader = reader_over(bytes.data, 3);
    CHECK(reader_take(&reader, SIZE_MAX) == NULL);
    part = reader_part(&reader, 1);
    CHECK(part.failed);
    reader = reader_over(bytes.data, 25);
    reader_seek(&reader, 25);
    CHECK(!reader.failed);
    reader_seek(&reader, 26);
    CHECK(reader.failed);

    CHECK_OK(bytes_align(&bytes, 16));
    CHECK_EQUAL(bytes.size, 32);
    CHECK_OK(bytes_resize(&bytes, 0));
    for (int i = 0; i < 1000; i++) CHECK_OK(bytes_append_format(&bytes, "%04d", i));
    CHECK_EQUAL(bytes.size, 4000);
    CHECK(strncmp(bytes_as_text(&bytes) + 3996, "0999", 5) == 0);
    memory_fail_at(1);
    CHECK_FAILS(bytes_reserve(&bytes, 100000), ERROR_MEMORY);
    CHECK_EQUAL(bytes.size, 4000);
    CHECK_FAILS(bytes_reserve(&bytes, SIZE_MAX - 5), ERROR_MEMORY);
    bytes_free(&bytes);
    CHECK(bytes.data == NULL && bytes.size == 0);
}

/* Blocks of all sizes, resized and given back in any order, beside what they must hold. */
static void test_memory(void)
{
    enum { BLOCKS = 64 };
    static struct { unsigned char *bytes; size_t size; unsigned char value; } blocks[BLOCKS];
    uint64_t seed = 7;
    size_t wrong = 0;

    for (int round = 0; round < 20000; round++) {
        size_t at = test_random(&seed) % BLOCKS, size = test_random(&seed) % (round % 100 == 0 ? 20000 : 300), kept = 0;
        for (size_t i = 0; i < blocks[at].size; i++) wrong += blocks[at].bytes[i] != blocks[at].value;
        if (test_random(&seed) % 3 == 0) {
            memory_free(blocks[at].bytes);
            blocks[at].bytes = memory_allocate(size);
            for (size_t i = 0; i < size; i++) wrong += blocks[at].bytes[i] != 0;
        } else {
            kept = size < blocks[at].size ? size : blocks[at].size;
            blocks[at].bytes = memory_resize(blocks[at].bytes, size);
            for (size_t i = 0; i < kept; i++) wrong += blocks[at].bytes[i] != blocks[at].value;
        }
        CHECK(blocks[at].bytes != NULL && (uintptr_t)blocks[at].bytes % 16 == 0);
        blocks[at].size = size;
        blocks[at].value = (unsigned char)round;
        memset(blocks[at].bytes, blocks[at].value, size);
        if (test_random(&seed) % 200 == 0)
            for (size_t i = BLOCKS; i-- > 0; blocks[i].bytes = NULL, blocks[i].size = 0) memory_free(blocks[i].bytes);
    }
    for (int i = 0; i < BLOCKS; i++) memory_free(blocks[i].bytes);
    CHECK_EQUAL(wrong, 0);
#if !defined(__SANITIZE_ADDRESS__) /* it ends a process that asks for so much */
    CHECK(memory_allocate(SIZE_MAX) == NULL && memory_allocate(SIZE_MAX - 100) == NULL);
    CHECK(memory_resize(NULL, SIZE_MAX / 2) == NULL);
#endif
}

static void test_text(void)
{
    char text[8];
    int64_t value;

    CHECK_EQUAL(text_join(text, sizeof text, "ab", "", "cd", NULL), 4);
    CHECK_TEXT(text, "abcd");
    CHECK_EQUAL(text_join(text, sizeof text, "abcd", "efg", NULL), 7);
    CHECK_TEXT(text, "abcdefg");
    CHECK_EQUAL(text_join(text, sizeof text, "abcd", "efgh", "ijk", NULL), 11);
    CHECK_TEXT(text, "abcdefg");
    CHECK_EQUAL(text_join(text, sizeof text, NULL), 0);
    CHECK_TEXT(text, "");
    CHECK_EQUAL(text_join(text, 0, "ab", NULL), 2);
    CHECK(*text_number("-17", &value) == 0 && value == -17);
    CHECK(*text_number("999999999999999999", &value) == 0 && value == 999999999999999999);
    CHECK(*text_number("9999999999999999999", &value) == '9');
    CHECK_TEXT(text_number("12x", &value), "x");
    CHECK_EQUAL(value, 12);
    CHECK_TEXT(text_number("-", &value), "-");
}

static void test_array(void)
{
    ARRAY_OF(int) numbers = {0};
    for (int i = 0; i < 1000; i++) CHECK_OK(array_push(&numbers, i * 3));
    CHECK_EQUAL(numbers.count, 1000);
    for (int i = 0; i < 1000; i++) CHECK_EQUAL(numbers.items[i], i * 3);
    CHECK_EQUAL(array_pop(&numbers), 2997);
    memory_fail_at(1);
    CHECK_FAILS(array_reserve(&numbers, 10000), ERROR_MEMORY);
    CHECK_EQUAL(numbers.items[998], 2994);
    array_free(&numbers);
    CHECK_EQUAL(COUNT_OF(((int[7]){0})), 7);
}

/* Against a plain array over a small key space, so that deletion meets wrapped clusters. */
static void test_table(void)
{
    enum { KEYS = 200 };
    Table table = {0};
    uint64_t model[KEYS];
    uint8_t present[KEYS] = {0};
    uint64_t seed = 42, value, key;
    size_t count = 0;

    CHECK(!table_get(&table, 5, NULL));
    CHECK(!table_remove(&table, 5));
    for (int step = 0; step < 20000; step++) {
        uint64_t i = test_random(&seed) % KEYS;
        key = i < 100 ? i : i << 40;
        if (test_random(&seed) % 3 != 0) {
            model[i] = test_random(&seed);
            count += !present[i];
            present[i] = 1;
            CHECK_OK(table_set(&table, key, model[i]));
        } else {
            CHECK_EQUAL(table_remove(&table, key), present[i]);
            count -= present[i];
            present[i] = 0;
        }
        i = test_random(&seed) % KEYS;
        key = i < 100 ? i : i << 40;
        CHECK_EQUAL(table_get(&table, key, &value), present[i]);
        if (present[i]) CHECK_EQUAL(value, model[i]);
        CHECK_EQUAL(table_count(&table), count);
    }
    size_t cursor = 0, seen = 0;
    while (table_next(&table, &cursor, &key, &value)) {
        uint64_t i = key < 100 ? key : key >> 40;
        CHECK(present[i]);
        CHECK_EQUAL(value, model[i]);
        seen++;
    }
    CHECK_EQUAL(seen, count);
    CHECK_EQUAL(table_find(&table, 123456789, 77), 77);
    table_clear(&table);
    for (uint64_t keys = 1; keys < 100; keys *= 3) { /* cleared with its room, and without */
        for (key = 0; key < keys; key++) CHECK_OK(table_set(&table, key, key));
        CHECK_EQUAL(table_count(&table), keys);
        table_clear(&table);
        CHECK_EQUAL(table_count(&table), 0);
        for (key = 0; key < keys; key++) CHECK(!table_get(&table, key, NULL));
    }
    table_free(&table);
}

static void test_string_table(void)
{
    enum { KEYS = 300 };
    StringTable table = {0};
    uint64_t model[KEYS], seed = 7, value;
    uint8_t present[KEYS] = {0};
    size_t count = 0, cursor = 0, seen = 0;
    char key[32];

    for (int step = 0; step < 20000; step++) {
        unsigned i = (unsigned)(test_random(&seed) % KEYS);
        int size = i == 0 ? 0 : snprintf(key, sizeof key, "java/lang/Class%u", i);
        if (test_random(&seed) % 3 != 0) {
            model[i] = test_random(&seed);
            count += !present[i];
            present[i] = 1;
            CHECK_OK(string_table_set(&table, key, (size_t)size, model[i]));
        } else {
            CHECK_EQUAL(string_table_remove(&table, key, (size_t)size), present[i]);
            count -= present[i];
            present[i] = 0;
        }
        CHECK_EQUAL(string_table_get(&table, key, (size_t)size, &value), present[i]);
        if (present[i]) CHECK_EQUAL(value, model[i]);
        CHECK_EQUAL(string_table_count(&table), count);
    }
    while (string_table_next(&table, &cursor) != NULL) seen++;
    CHECK_EQUAL(seen, count);
    CHECK_OK(string_table_set_text(&table, "with\tthis", 1));
    CHECK(string_table_get_text(&table, "with\tthis", &value) && value == 1);
    for (unsigned long n = 1; n < 4; n++) {
        StringTable small = {0};
        memory_fail_at(n);
        Result result = string_table_set_text(&small, "abc", 1);
        memory_fail_at(0);
        CHECK(result == (n < 3 ? ERROR_MEMORY : OK));
        CHECK(string_table_get_text(&small, "abc", NULL) == (result == OK));
        string_table_free(&small);
    }
    string_table_free(&table);
}

/* The check value of the CRC catalogue, and independence of how the input is cut. */
static void test_crc32(void)
{
    uint8_t data[300];
    uint32_t whole;
    CHECK_EQUAL(crc32_update(0, "123456789", 9), 0xcbf43926);
    CHECK_EQUAL(crc32_update(0, "", 0), 0);
    CHECK_EQUAL(crc32c_update(0, "123456789", 9), 0xe3069283); /* RFC 3720 */
    for (int i = 0; i < 300; i++) data[i] = (uint8_t)(i * 7 + i / 3);
    whole = crc32_update(0, data, 300);
    for (size_t cut = 0; cut <= 300; cut++)
        CHECK_EQUAL(crc32_update(crc32_update(0, data, cut), data + cut, 300 - cut), whole);
}

static void test_modified_utf8(void)
{
    const uint16_t units[] = {'a', 0, 0xe9, 0x7ff, 0x800, 0xd83d, 0xde00, 0xffff};
    const uint8_t expected[] = "a\xc0\x80\xc3\xa9\xdf\xbf\xe0\xa0\x80\xed\xa0\xbd\xed\xb8\x80\xef\xbf\xbf";
    uint8_t bytes[64];
    uint16_t back[16];
    bool is_latin1;
    size_t size = utf16_mutf8_size(units, 8);

    CHECK_EQUAL(size, sizeof expected - 1);
    utf16_to_mutf8(units, 8, bytes);
    CHECK_BYTES(bytes, expected, size);
    CHECK_EQUAL(mutf8_utf16_length(bytes, size, &is_latin1), 8);
    CHECK(!is_latin1);
    mutf8_to_utf16(bytes, size, back);
    CHECK_BYTES(back, units, sizeof units);

    CHECK_EQUAL(mutf8_utf16_length((const uint8_t *)"\xc3\xbf\xc0\x80z", 5, &is_latin1), 3);
    CHECK(is_latin1);
    mutf8_to_latin1((const uint8_t *)"\xc3\xbf\xc0\x80z", 5, bytes);
    CHECK_BYTES(bytes, "\xff\0z", 3);
    CHECK_EQUAL(latin1_mutf8_size((const uint8_t *)"\xff\0z", 3), 5);
    latin1_to_mutf8((const uint8_t *)"\xff\0z", 3, bytes);
    CHECK_BYTES(bytes, "\xc3\xbf\xc0\x80z", 5);

    const char *malformed[] = {"\x80", "\xc3", "\xe0\xa0", "\xf0\x9f\x98\x80", "\xc3q", "\xe0\xa0q", "\xff"};
    for (size_t i = 0; i < COUNT_OF(malformed); i++)
        CHECK_EQUAL(mutf8_utf16_length((const uint8_t *)malformed[i], strlen(malformed[i]), NULL), MUTF8_MALFORMED);
    CHECK_EQUAL(mutf8_utf16_length((const uint8_t *)"a\0b", 3, NULL), MUTF8_MALFORMED);
}

static void test_utf8(void)
{
    const uint8_t text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
    const uint16_t expected[] = {'a', 0xe9, 0x20ac, 0xd83d, 0xde00};
    uint16_t units[16];
    uint8_t bytes[64];

    CHECK_EQUAL(utf8_utf16_length(text, 10), 5);
    utf8_to_utf16(text, 10, units);
    CHECK_BYTES(units, expected, sizeof expected);
    CHECK_EQUAL(utf16_utf8_size(units, 5), 10);
    utf16_to_utf8(units, 5, bytes);
    CHECK_BYTES(bytes, text, 10);
    /* overlong, surrogate, too high, cut short */
    const char *bad[] = {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        size_t position = 0;
        CHECK_EQUAL(utf8_next((const uint8_t *)bad[i], strlen(bad[i]), &position), 0xfffd);
        CHECK_EQUAL(position, 1);
    }
    units[0] = 0xdc00;
    CHECK_EQUAL(utf16_utf8_size(units, 1), 1);
    utf16_to_utf8(units, 1, bytes);
    CHECK_EQUAL(bytes[0], '?');
}

/* CRC-32 of the results of OpenJDK 17's StrictMath for the same 3,000 arguments, NaNs in canonical form. */
static void test_strict_math(void)
{
    static const struct {
        const char *name;
        double (*function)(double);
        uint32_t crc;
    } rows[] = {
        {"sin", strict_sin, 0xbcfdc265},
        {"cos", strict_cos, 0x4245ed2a},
        {"tan", strict_tan, 0x9b336dbb},
        {"asin", strict_asin, 0x10db81dc},
        {"acos", strict_acos, 0x30976394},
        {"atan", strict_atan, 0x9247f9e7},
        {"log", strict_log, 0x2b16b351},
        {"log10", strict_log10, 0xea7cd772},
        {"log1p", strict_log1p, 0xd85a6d30},
        {"expm1", strict_expm1, 0xb02ef81d},
        {"sinh", strict_sinh, 0xa9839412},
        {"cosh", strict_cosh, 0x1c0d874b},
        {"tanh", strict_tanh, 0x3a9e64ba},
        {"exp", strict_exp, 0xf0c3ebe0},
        {"atan2", NULL, 0x4cfde539},
        {"remainder", NULL, 0x52fb6d94},
    };
    for (size_t k = 0; k < COUNT_OF(rows); k++) {
        uint64_t seed = 1, bits;
        double before = 1, x, value;
        uint32_t crc = 0;
        for (int i = 0; i < 3000; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            x = (double)(seed >> 11) * 0x1p-53 - 0.5;
            x *= i % 4 == 0 ? 3 : i % 4 == 1 ? 1500 : 1e7;
            if (i % 4 == 3) memcpy(&x, &seed, 8);
            value = rows[k].function != NULL                ? rows[k].function(x)
                    : strcmp(rows[k].name, "atan2") == 0 ? strict_atan2(x, before)
                                                         : os_remainder(x, before);
            before = x;
            memcpy(&bits, &value, 8);
            if (value != value) bits = 0x7ff8000000000000;
            crc = crc32_update(crc, &bits, 8);
        }
        CHECK_EQUAL(crc, rows[k].crc);
    }
    CHECK_DOUBLE(strict_sqrt(2), 1.4142135623730951);
}

TEST_MAIN("base", test_result, test_bytes, test_memory, test_text, test_array, test_table, test_string_table,
          test_crc32, test_modified_utf8, test_utf8, test_strict_math)
