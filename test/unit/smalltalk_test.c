/* smalltalk_test.c - bytecodes of both sets, immediate floats, headers of methods, damaged images. Programs are tested by
 * test/smalltalk. */
#include "smalltalk/smalltalk_internal.h"

#include <math.h>

#include "test.h"

/* ---- immediate floats: 64-bit Spur's, whose exponents are those of single precision ---- */

static void check_float(double number, bool is_immediate)
{
    double back = 0;
    Value value = tagged_float_immediate(number);
    CHECK_EQUAL(value != 0, is_immediate);
    if (value == 0)
        return;
    CHECK_EQUAL(value & VALUE_TAG_MASK, VALUE_TAG_FLOAT);
    CHECK(tagged_float_value(value, &back));
    CHECK_DOUBLE(back, number);
}

static void test_floats(void)
{
    check_float(0.0, true);
    check_float(-0.0, true);
    check_float(1.0, true);
    check_float(-1.5, true);
    check_float(3.4028234663852886e38, true); /* the largest single */
    check_float(6.8056469327705772e38, true);
    check_float(0x1p129, false);
    check_float(1e-38, true);
    check_float(0x1p-127, false); /* exponent 896 with no mantissa is kept for zero */
    check_float(0x1.8p-127, true);
    check_float(0x1p-128, false);
    check_float(INFINITY, false);
    check_float(NAN, false);
    for (int i = 1; i < 1000; i++)
        check_float(i * 0.37, true);
    /* the encoding: the sign goes to the lowest bit, 896 is taken off the exponent */
    CHECK_EQUAL(tagged_float_immediate(1.0), ((1023ull - 896) << 53) << 3 | 4);
    CHECK_EQUAL(tagged_float_immediate(-1.0), ((((1023ull - 896) << 53) | 1) << 3) | 4);
}

/* ---- bytecodes ---- */

static Bytecode decode(bool sista, const uint8_t *bytes, size_t size)
{
    return bytecode_decode(bytes, size, 0, sista);
}
#define DECODE(sista, ...) decode(sista, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define CHECK_CODE(code_, kind_, a_, b_, length_)  \
    do {                                           \
        Bytecode checked_ = (code_);               \
        CHECK_EQUAL(checked_.kind, (kind_));       \
        CHECK_EQUAL(checked_.a, (a_));             \
        CHECK_EQUAL(checked_.b, (b_));             \
        CHECK_EQUAL(checked_.length, (length_));   \
    } while (0)

static void test_v3(void)
{
    CHECK_CODE(DECODE(false, 15), BYTE_PUSH_RECEIVER_VARIABLE, 15, 0, 1);
    CHECK_CODE(DECODE(false, 31), BYTE_PUSH_TEMP, 15, 0, 1);
    CHECK_CODE(DECODE(false, 63), BYTE_PUSH_LITERAL, 31, 0, 1);
    CHECK_CODE(DECODE(false, 95), BYTE_PUSH_VARIABLE, 31, 0, 1);
    CHECK_CODE(DECODE(false, 103), BYTE_POP_RECEIVER_VARIABLE, 7, 0, 1);
    CHECK_CODE(DECODE(false, 111), BYTE_POP_TEMP, 7, 0, 1);
    CHECK_EQUAL(DECODE(false, 116).value, value_from_integer(-1));
    CHECK_EQUAL(DECODE(false, 119).value, value_from_integer(2));
    CHECK_CODE(DECODE(false, 125), BYTE_RETURN_BLOCK, 0, 0, 1);
    CHECK_CODE(DECODE(false, 126), BYTE_BAD, 126, 0, 1);
    CHECK_CODE(DECODE(false, 128, 0xc5), BYTE_PUSH_VARIABLE, 5, 0, 2);
    CHECK_CODE(DECODE(false, 130, 0x45), BYTE_POP_TEMP, 5, 0, 2);
    CHECK_CODE(DECODE(false, 131, 0x43), BYTE_SEND, 3, 2, 2);
    CHECK_CODE(DECODE(false, 132, 0x25, 200), BYTE_SEND_SUPER, 200, 5, 3);
    CHECK_CODE(DECODE(false, 134, 0xc3), BYTE_SEND, 3, 3, 2);
    CHECK_CODE(DECODE(false, 138, 0x83), BYTE_NEW_ARRAY_FILLED, 3, 0, 2);
    CHECK_CODE(DECODE(false, 139, 0x10, 0x02), BYTE_PRIMITIVE, 0x210, 0, 3);
    CHECK_CODE(DECODE(false, 140, 2, 7), BYTE_PUSH_REMOTE, 2, 7, 3);
    CHECK_CODE(DECODE(false, 143, 0x21, 1, 4), BYTE_CLOSURE, 2, 1, 4);
    CHECK_EQUAL(DECODE(false, 143, 0x21, 1, 4).c, 260);
    CHECK_CODE(DECODE(false, 151), BYTE_JUMP, 8, 0, 1);
    CHECK_CODE(DECODE(false, 159), BYTE_JUMP_FALSE, 8, 0, 1);
    CHECK_CODE(DECODE(false, 163, 250), BYTE_JUMP, -6, 0, 2);
    CHECK_CODE(DECODE(false, 167, 1), BYTE_JUMP, 769, 0, 2);
    CHECK_CODE(DECODE(false, 171, 1), BYTE_JUMP_TRUE, 769, 0, 2);
    CHECK_CODE(DECODE(false, 198), BYTE_IDENTICAL, 0, 0, 1);
    CHECK_CODE(DECODE(false, 200), BYTE_SEND_SPECIAL, 24, 0, 1);
    CHECK_CODE(DECODE(false, 255), BYTE_SEND, 15, 2, 1);
}

static void test_sista(void)
{
    CHECK_CODE(DECODE(true, 31), BYTE_PUSH_VARIABLE, 15, 0, 1);
    CHECK_CODE(DECODE(true, 75), BYTE_PUSH_TEMP, 11, 0, 1);
    CHECK_CODE(DECODE(true, 82), BYTE_PUSH_CONTEXT, 82, 0, 1);
    CHECK_CODE(DECODE(true, 92), BYTE_RETURN_TOP, 0, 0, 1);
    CHECK_CODE(DECODE(true, 94), BYTE_RETURN_BLOCK, 0, 0, 1);
    CHECK_CODE(DECODE(true, 120), BYTE_NOT_IDENTICAL, 0, 0, 1);
    CHECK_CODE(DECODE(true, 175), BYTE_SEND, 15, 2, 1);
    CHECK_CODE(DECODE(true, 191), BYTE_JUMP_TRUE, 8, 0, 1);
    CHECK_CODE(DECODE(true, 224, 1, 226, 4), BYTE_PUSH_RECEIVER_VARIABLE, 260, 0, 4);
    CHECK_EQUAL(DECODE(true, 225, 255, 232, 254).value, value_from_integer(-2));
    CHECK_EQUAL(DECODE(true, 225, 1, 225, 2, 233, 3).value, value_from_character(0x10203));
    CHECK_CODE(DECODE(true, 224, 1, 225, 1, 234, 0x2a), BYTE_SEND, 37, 10, 6);
    CHECK_CODE(DECODE(true, 225, 64, 235, 9), BYTE_SEND_DIRECTED, 1, 1, 4);
    CHECK_CODE(DECODE(true, 225, 255, 237, 251), BYTE_JUMP, -5, 0, 4);
    CHECK_CODE(DECODE(true, 248, 0x10, 0x02), BYTE_PRIMITIVE, 0x210, 0, 3);
    CHECK_CODE(DECODE(true, 249, 3, 0x42), BYTE_FULL_CLOSURE, 3, 2, 3);
    CHECK_EQUAL(DECODE(true, 249, 3, 0xc2).c, 3);
    CHECK_CODE(DECODE(true, 225, 1, 250, 0x11, 4), BYTE_CLOSURE, 2, 1, 5);
    CHECK_EQUAL(DECODE(true, 225, 1, 250, 0x11, 4).c, 260);
    CHECK_CODE(DECODE(true, 223), BYTE_BAD, 223, 0, 1);
}

/* A bytecode that the method's end cuts off decodes within it. */
static void test_cut_off(void)
{
    for (unsigned byte = 0; byte < 256; byte++)
        for (int sista = 0; sista < 2; sista++) {
            uint8_t one = (uint8_t)byte;
            CHECK_EQUAL(decode(sista != 0, &one, 1).length, 1);
        }
}

static void test_header(void)
{
    Value v3 = value_from_integer(5 | 1 << 16 | 1 << 17 | 9 << 18 | 3 << 24), sista = v3 | 1ull << 63;
    CHECK_EQUAL(header_literals(v3), 5);
    CHECK(header_has_primitive(v3) && header_is_large(v3) && !header_is_sista(v3));
    CHECK_EQUAL(header_temporaries(v3), 9);
    CHECK_EQUAL(header_arguments(v3), 3);
    CHECK(header_is_sista(sista));
    CHECK_EQUAL(header_literals(sista), 5);
    CHECK_EQUAL(header_arguments(sista), 3);
}

int main(void)
{
    test_floats();
    test_v3();
    test_sista();
    test_cut_off();
    test_header();
    printf("smalltalk: %lu checks passed\n", test_checks_passed);
    return 0;
}
