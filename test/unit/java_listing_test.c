/* java_listing_test.c - register code of methods in class files: a class by hand, all of java.util when there is a class
 * library, damaged files. Expected lines were derived by hand from doc/translation.md. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "class_library.h"
#include "java/code_listing.h"
#include "java/java_internal.h"
#include "java/translate_internal.h"

/* class T { abstract void a(); static int f(int n, int[] i); static synchronized void g(); }, version 50.
 * f: iload_0 aload_1 iconst_0 iaload iadd ireturn; g: iconst_2 newarray short pop return. */
#define UTF8(size, ...) 1, 0, size, __VA_ARGS__
static const uint8_t class_t[] = {
    0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 50, 0, 12,
    UTF8(1, 'T'), 7, 0, 1, UTF8(1, 'O'), 7, 0, 3, UTF8(1, 'a'), UTF8(3, '(', ')', 'V'), UTF8(1, 'f'), UTF8(6, '(', 'I', '[', 'I', ')', 'I'),
    UTF8(1, 'g'), UTF8(4, 'C', 'o', 'd', 'e'), UTF8(1, 'x'), 0, 0x20, 0, 2, 0, 4, 0, 0, 0, 0, 0, 3,
    4, 0, 0, 5, 0, 6, 0, 0,
    0, ACCESS_STATIC, 0, 7, 0, 8, 0, 1, 0, 10, 0, 0, 0, 18, 0, 3, 0, 2, 0, 0, 0, 6, 0x1a, 0x2b, 0x03, 0x2e, 0x60, 0xac, 0, 0, 0, 0,
    0, ACCESS_STATIC | ACCESS_SYNCHRONIZED, 0, 9, 0, 6, 0, 1, 0, 10, 0, 0, 0, 17, 0, 1, 0, 0, 0, 0, 0, 5, 0x05, 0xbc, 9, 0x57, 0xb1,
    0, 0, 0, 0,
    0, 0};

static void check_lines(unsigned method, const CodeListingLine *expected, size_t count)
{
    CodeListing listing;

    CHECK_OK(java_list_code(class_t, sizeof class_t, method, &listing));
    CHECK_EQUAL(listing.count, count);
    for (size_t i = 0; i < count && i < listing.count; i++) {
        CHECK_TEXT(listing.lines[i].text, expected[i].text);
        CHECK_EQUAL(listing.lines[i].bytecode_index, expected[i].bytecode_index);
    }
    java_close_listing(&listing);
}

static void test_lines(void)
{
    CodeListing listing;
    static const CodeListingLine f[] = {
        {3, 0, "     map before 0 pc 0 depth 0 refs r-1"},
        {3, 0, "   0 LOAD_I32 r5 #0"},
        {3, 0, "     map before 1 pc 3 depth 3 refs r-1 except s0=r-2 s1=r-1"},
        {3, 0, "   1 LOAD_ELEMENT_I32 r4 r-1 r5"},
        {4, 0, "   2 ADD_I32 r3 r-2 r4"},
        {5, 0, "   3 RETURN r3 #2"},
        {5, 0, "arguments r-2 to r-1, stack r3 to r5, 4 words, 0 literals, 2 maps, 0 handlers"},
    };
    /* The lock is local 0, register 3; the monitor is left in a handler. 5 is behind the code. */
    static const CodeListingLine g[] = {
        {0, 0, "     map before 0 pc 0 depth 0 refs except l0=dead"},
        {0, 0, "   0 RESOLVE_CONSTANT r3 l0 o2 ; 0x2"},
        {0, 0, "     map after 1 pc 0 depth 0 refs except l0=dead"},
        {0, 0, "     map before 1 pc 0 depth 1 refs r3 except s0=r3 l0=dead"},
        {0, 0, "   1 MONITOR_ENTER r3"},
        {1, 0, "   2 LOAD_I32 r4 #2"},
        {1, 0, "     map before 3 pc 1 depth 1 refs r3"},
        {1, 0, "   3 NEW_ARRAY r4 r4 l1 ; 0x100000009"},
        {4, 0, "     map before 4 pc 4 depth 0 refs r3"},
        {4, 0, "   4 MONITOR_EXIT r3"},
        {4, 0, "   5 RETURN_VOID #0"},
        {4, 0, "     map before 6 pc 5 depth 1 refs r3 r4"},
        {4, 0, "   6 MONITOR_EXIT r3"},
        {4, 0, "     map before 7 pc 5 depth 1 refs r4 except l0=dead"},
        {4, 0, "   7 THROW r4"},
        {4, 0, "handler 2 4 to 6 r4 type 0"},
        {4, 0, "literal 0 0x2"},
        {4, 0, "literal 1 0x100000009"},
        {4, 0, "locals r3, stack r4, 8 words, 2 literals, 7 maps, 1 handlers"},
    };

    check_lines(1, f, COUNT_OF(f));
    check_lines(2, g, COUNT_OF(g));
    check_lines(0, NULL, 0); /* abstract */
    CHECK_EQUAL(java_list_code(class_t, sizeof class_t, 3, &listing), ERROR_NOT_FOUND);
}

/* ---- the class library ---- */

/* In the order of the code words are numbered from 0, and each map stands at its word; lines are in the order of
 * instructions. */
static void check_listing(const CodeListing *listing)
{
    const CodeListingLine **lines = memory_allocate_array(listing->count, sizeof *lines);
    unsigned word = 0, number;

    for (size_t i = 0; i < listing->count; i++) {
        CHECK(i == 0 || listing->lines[i].bytecode_index >= listing->lines[i - 1].bytecode_index);
        CHECK(listing->lines[i].number < listing->count);
        lines[listing->lines[i].number] = &listing->lines[i];
    }
    for (size_t i = 0; i < listing->count; i++) {
        const CodeListingLine *line = lines[i];
        if (sscanf(line->text, " map before %u", &number) == 1 || sscanf(line->text, " map after %u", &number) == 1)
            CHECK_EQUAL(number, word);
        else if (sscanf(line->text, "%u", &number) == 1)
            CHECK_EQUAL(number, word++);
    }
    CHECK(word > 0);
    memory_free(lines);
}

static unsigned long listed;

static void list_class(void *context, const char *module, const char *parent, const char *base, const char *extension)
{
    char path[1024];
    JimageEntry entry;
    CodeListing listing;
    Result result = OK;

    snprintf(path, sizeof path, "/%s/%s/%s.%s", module, parent, base, extension);
    if (strcmp(module, "java.base") != 0 || strcmp(parent, "java/util") != 0 || strcmp(extension, "class") != 0 || !jimage_find(path, &entry))
        return;
    for (unsigned method = 0; result == OK; method++) {
        result = java_list_code(entry.bytes, entry.size, method, &listing);
        CHECK(result == OK || result == ERROR_NOT_FOUND);
        if (listing.count != 0) {
            check_listing(&listing);
            listed++;
        }
        java_close_listing(&listing);
    }
}

static void test_library(void)
{
    if (!open_class_library())
        return;
    jimage_each(list_class, NULL);
    jimage_close();
    CHECK(listed > 1000);
}

/* ---- damage ---- */

static void test_damaged(void)
{
    uint8_t bytes[sizeof class_t];
    unsigned seed = 7;
    CodeListing listing;

    for (size_t size = 0; size < sizeof class_t - 2; size++) {
        uint8_t *copy = memory_copy(class_t, size + 1); /* of its exact size, so that a sanitizer sees what is read behind it */
        CHECK(java_list_code(copy, size, 2, &listing) != OK || size > sizeof class_t - 6);
        java_close_listing(&listing);
        memory_free(copy);
    }
    for (int i = 0; i < 100000; i++) {
        memcpy(bytes, class_t, sizeof bytes);
        for (int k = rand_r(&seed) % 4; k >= 0; k--) bytes[(unsigned)rand_r(&seed) % sizeof bytes] = (uint8_t)rand_r(&seed);
        for (unsigned method = 0; method < 3; method++) {
            (void)java_list_code(bytes, sizeof bytes, method, &listing);
            java_close_listing(&listing);
        }
    }
}

TEST_MAIN("java listing", test_lines, test_library, test_damaged)
