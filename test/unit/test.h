/* test.h - checks for unit tests: a failing one prints where and what, and ends the program with 1.
 *
 *     static void test_sum(void) { CHECK_EQUAL(sum(1, 2), 3); }
 *     TEST_MAIN("sum", test_sum, test_more) */
#ifndef TEST_UNIT_TEST_H
#define TEST_UNIT_TEST_H
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/result.h"

static unsigned long test_checks_passed;

__attribute__((unused, noreturn)) static void test_fail(const char *file, int line)
{
    fprintf(stderr, "%s:%d: failed (last error: %s)\n", file, line, error_message());
    exit(1);
}

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            test_fail(__FILE__, __LINE__);                                      \
        }                                                                       \
        test_checks_passed++;                                                   \
    } while (0)

/* Integers and pointers, compared as 64 bits. */
#define CHECK_EQUAL(actual, expected)                                                                      \
    do {                                                                                                   \
        uint64_t test_actual_ = (uint64_t)(actual), test_expected_ = (uint64_t)(expected);                 \
        if (test_actual_ != test_expected_) {                                                              \
            fprintf(stderr, "%s:%d: %s is %" PRId64 " (0x%" PRIx64 "), expected %" PRId64 " (0x%" PRIx64 ")\n", \
                    __FILE__, __LINE__, #actual, (int64_t)test_actual_, test_actual_,                      \
                    (int64_t)test_expected_, test_expected_);                                              \
            test_fail(__FILE__, __LINE__);                                                                 \
        }                                                                                                  \
        test_checks_passed++;                                                                              \
    } while (0)

/* Doubles: the same value bit for bit. */
#define CHECK_DOUBLE(actual, expected)                                                                \
    do {                                                                                              \
        double test_actual_ = (actual), test_expected_ = (expected);                                  \
        if (memcmp(&test_actual_, &test_expected_, sizeof(double)) != 0) {                            \
            fprintf(stderr, "%s:%d: %s is %.17g, expected %.17g\n", __FILE__, __LINE__, #actual,      \
                    test_actual_, test_expected_);                                                    \
            test_fail(__FILE__, __LINE__);                                                            \
        }                                                                                             \
        test_checks_passed++;                                                                         \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                \
    do {                                                                                            \
        const char *test_actual_ = (actual), *test_expected_ = (expected);                          \
        if (test_actual_ == NULL || strcmp(test_actual_, test_expected_) != 0) {                    \
            fprintf(stderr, "%s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #actual,  \
                    test_actual_ == NULL ? "(NULL)" : test_actual_, test_expected_);                \
            test_fail(__FILE__, __LINE__);                                                          \
        }                                                                                           \
        test_checks_passed++;                                                                       \
    } while (0)

#define CHECK_BYTES(actual, expected, size)                                                  \
    do {                                                                                     \
        if (memcmp((actual), (expected), (size)) != 0) {                                     \
            fprintf(stderr, "%s:%d: the bytes of %s differ from %s\n", __FILE__, __LINE__,   \
                    #actual, #expected);                                                     \
            test_fail(__FILE__, __LINE__);                                                   \
        }                                                                                    \
        test_checks_passed++;                                                                \
    } while (0)

#define CHECK_OK(expression)                                                                            \
    do {                                                                                                \
        Result test_result_ = (expression);                                                             \
        if (test_result_ != OK) {                                                                       \
            fprintf(stderr, "%s:%d: %s gives %s\n", __FILE__, __LINE__, #expression, result_name(test_result_)); \
            test_fail(__FILE__, __LINE__);                                                              \
        }                                                                                               \
        test_checks_passed++;                                                                           \
    } while (0)

#define CHECK_FAILS(expression, kind)                                                                \
    do {                                                                                             \
        Result test_result_ = (expression);                                                          \
        if (test_result_ != (kind)) {                                                                \
            fprintf(stderr, "%s:%d: %s gives %s, expected %s\n", __FILE__, __LINE__, #expression,    \
                    result_name(test_result_), result_name(kind));                                   \
            test_fail(__FILE__, __LINE__);                                                           \
        }                                                                                            \
        test_checks_passed++;                                                                        \
    } while (0)

/* A small random generator (xorshift64*): tests print or fix their seed. */
__attribute__((unused)) static uint64_t test_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

/* Runs the given void(void) functions in order. */
#define TEST_MAIN(name, ...)                                                     \
    int main(void)                                                               \
    {                                                                            \
        void (*const tests[])(void) = {__VA_ARGS__};                             \
        for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) tests[i]();  \
        printf("%s: %lu checks passed\n", name, test_checks_passed);             \
        return 0;                                                                \
    }

#endif
