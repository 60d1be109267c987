/* javap_test.c - numbers as text, SHA-256, class files and their instructions as data, lines of output. */
#include <string.h>

#include "base/base.h"
#include "base/decimal.h"
#include "base/sha256.h"
#include "javap/bytecode.h"
#include "javap/javap.h"
#include "test.h"

static const char *of_double(double value)
{
    static char text[DECIMAL_ROOM + 1];
    text[decimal_from_double(value, text)] = 0;
    return text;
}

static const char *of_float(float value)
{
    static char text[DECIMAL_ROOM + 1];
    text[decimal_from_float(value, text)] = 0;
    return text;
}

/* As System.out.println of Java 17 writes them. */
static void test_decimal(void)
{
    CHECK_TEXT(of_double(0.0), "0.0");
    CHECK_TEXT(of_double(-0.0), "-0.0");
    CHECK_TEXT(of_double(1.0), "1.0");
    CHECK_TEXT(of_double(100.5), "100.5");
    CHECK_TEXT(of_double(1e7), "1.0E7");
    CHECK_TEXT(of_double(9999999.0), "9999999.0");
    CHECK_TEXT(of_double(1e-3), "0.001");
    CHECK_TEXT(of_double(1e-4), "1.0E-4");
    CHECK_TEXT(of_double(1e23), "9.999999999999999E22");
    CHECK_TEXT(of_double(2e-3), "0.002");
    CHECK_TEXT(of_double(4.9e-324), "4.9E-324");
    CHECK_TEXT(of_double(1.7976931348623157e308), "1.7976931348623157E308");
    CHECK_TEXT(of_double(2.2250738585072014e-308), "2.2250738585072014E-308");
    CHECK_TEXT(of_double(-1.0 / 0.0), "-Infinity");
    CHECK_TEXT(of_double(0.0 / 0.0), "NaN");
    CHECK_TEXT(of_float(3.4028235e38f), "3.4028235E38");
    CHECK_TEXT(of_float(1.4e-45f), "1.4E-45");
    CHECK_TEXT(of_float(1e10f), "1.0E10");
    CHECK_TEXT(of_float(0.1f), "0.1");
}

static bool digest_is(const char *text, size_t size, const char *expected)
{
    uint8_t digest[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];

    sha256(text, size, digest);
    for (int i = 0; i < SHA256_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return strcmp(hex, expected) == 0;
}

/* FIPS 180-4's examples, and lengths around a block's end. */
static void test_sha256(void)
{
    static char million[1000000];

    memset(million, 'a', sizeof million);
    CHECK(digest_is("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    CHECK(digest_is("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK(digest_is("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    CHECK(digest_is(million, sizeof million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

/* class A { void m() { } } with a tableswitch, a wide iinc and a return as code; the pool: 1 "A", 2 Class, 3 "m", 4 "()V", 5 "Code". */
static const uint8_t small_class[] = {
    0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 6,
    1, 0, 1, 'A', 7, 0, 1, 1, 0, 1, 'm', 1, 0, 3, '(', ')', 'V', 1, 0, 4, 'C', 'o', 'd', 'e',
    0, 0x21, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1,
    0, 1, 0, 3, 0, 4, 0, 1, 0, 5, 0, 0, 0, 43,
    0, 1, 0, 1, 0, 0, 0, 31,
    26, 170, 0, 0, 0, 0, 0, 29, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 23, 0xff, 0xff, 0xff, 0xff, /* cases 5 and 6 */
    196, 132, 1, 0, 0xff, 0xfe, 177,
    0, 0, 0, 0,
    0, 0,
};

static void test_class_file(void)
{
    ClassFile class = {0};
    Attribute code;

    CHECK_OK(classfile_open(&class, small_class, sizeof small_class));
    CHECK_EQUAL(class.major, 61);
    CHECK_EQUAL(class.constant_count, 6);
    CHECK_EQUAL(class.method_count, 1);
    CHECK(classfile_utf8_is(&class, class.methods[0].name, "m"));
    CHECK(classfile_constant(&class, 2, CONSTANT_CLASS) != NULL);
    CHECK(classfile_constant(&class, 2, CONSTANT_UTF8) == NULL);
    CHECK(classfile_constant(&class, 6, CONSTANT_UTF8) == NULL);
    CHECK(classfile_attribute_find(&class, class.methods[0].attributes, "Code", &code));
    CHECK(!classfile_attribute_find(&class, class.attributes, "Code", &code));
    classfile_close(&class);
}

/* Each prefix of a class file is refused, and so is each with a byte behind it. */
static void test_cut_class_file(void)
{
    ClassFile class = {0};
    uint8_t longer[sizeof small_class + 1] = {0};

    for (size_t size = 0; size < sizeof small_class; size++) {
        uint8_t *copy = memory_copy(small_class, size > 0 ? size : 1);
        CHECK(classfile_open(&class, copy, size) != OK);
        CHECK(strstr(error_message(), "offset") != NULL);
        memory_free(copy);
    }
    memcpy(longer, small_class, sizeof small_class);
    CHECK_EQUAL(classfile_open(&class, longer, sizeof longer), ERROR_FORMAT);
    longer[7] = 66;
    CHECK_EQUAL(classfile_open(&class, longer, sizeof small_class), ERROR_UNSUPPORTED);
    classfile_close(&class);
}

static void test_instructions(void)
{
    ClassFile class = {0};
    Attribute attribute;
    CodeParts code;
    Instruction instruction;
    int64_t match, target;

    CHECK_OK(classfile_open(&class, small_class, sizeof small_class));
    CHECK(classfile_attribute_find(&class, class.methods[0].attributes, "Code", &attribute));
    CHECK_OK(code_parts_read(&class, &attribute, &code));
    Reader reader = code.instructions;
    size_t start = reader.position;
    CHECK_OK(instruction_read(&reader, start, &instruction));
    CHECK_TEXT(instruction.name, "iload_0");
    CHECK_OK(instruction_read(&reader, start, &instruction));
    CHECK_TEXT(instruction.name, "tableswitch");
    CHECK_EQUAL(instruction.pc, 1);
    CHECK_EQUAL(instruction.target, 30);
    CHECK_EQUAL(instruction.case_count, 2);
    instruction_case(&instruction, 1, &match, &target);
    CHECK_EQUAL(match, 6);
    CHECK_EQUAL(target, 0);
    CHECK_OK(instruction_read(&reader, start, &instruction));
    CHECK_TEXT(instruction.name, "iinc");
    CHECK(instruction.is_wide);
    CHECK_EQUAL(instruction.index, 256);
    CHECK_EQUAL(instruction.value, -2);
    CHECK_OK(instruction_read(&reader, start, &instruction));
    CHECK_TEXT(instruction.name, "return");
    CHECK_EQUAL(reader_left(&reader), 0);
    classfile_close(&class);
}

/* What the output wrote to a temporary file. */
static const char *written(Output *out, const char *path, Bytes *bytes)
{
    output_close(out);
    os_file_close(out->file);
    bytes_free(bytes);
    return os_file_load(path, 1 << 26, bytes) == OK ? bytes_as_text(bytes) : NULL;
}

static void test_output(void)
{
    Output out;
    OsFile file;
    char *path;
    Bytes bytes = {0};

    CHECK_OK(os_file_open_temporary(&file, "build/javap-test", &path));
    CHECK_OK(output_open(&out, file));
    output_line(&out, "ends in blanks   ");
    output_deeper(&out);
    output_indent(&out);
    output_number_right(&out, INT64_MIN, 22);
    output_tab(&out);
    output_hex(&out, 0xabc, 4);
    output_end_line(&out);
    output_text(&out, "0123456789012345678901234567890123456789012345");
    output_tab(&out);
    output_char(&out, '|');
    output_end_line(&out);
    CHECK_TEXT(written(&out, path, &bytes), "ends in blanks\n    -9223372036854775808                  0abc\n"
                                            "0123456789012345678901234567890123456789012345 |\n");
    CHECK_OK(os_file_remove(path));
    bytes_free(&bytes);
    memory_free(path);
}

/* A line longer than the buffer keeps its columns and its blanks. */
static void test_long_line(void)
{
    Output out;
    OsFile file;
    char *path;
    Bytes bytes = {0};
    const char *text;

    CHECK_OK(os_file_open_temporary(&file, "build/javap-test", &path));
    CHECK_OK(output_open(&out, file));
    for (int i = 0; i < 3000; i++) {
        output_text(&out, "x");
        output_spaces(&out, 999);
    }
    output_tab(&out);
    output_text(&out, "y ");
    output_end_line(&out);
    text = written(&out, path, &bytes);
    CHECK_EQUAL(bytes.size, 3000000 + 3);
    CHECK(text[0] == 'x' && text[1000] == 'x' && text[2999000] == 'x' && text[2999999] == ' ' && text[3000001] == 'y' && text[3000002] == '\n');
    CHECK_OK(os_file_remove(path));
    bytes_free(&bytes);
    memory_free(path);
}

static unsigned hook_calls;

static void count_bytecode(void *context, Output *out, const ClassFile *class, const Member *method, const Attribute *code, unsigned pc)
{
    hook_calls++;
    CHECK(context == &hook_calls && code != NULL && pc < 31 && classfile_utf8_is(class, method->name, "m"));
    output_line(out, "  below");
}

static void test_hook(void)
{
    ClassFile class = {0};
    const JavapOptions options = {.access = JAVAP_PRIVATE, .code = true, .after_bytecode = {count_bytecode, &hook_calls}};
    const JavapSource source = {.uri = "A.class", .modified_ms = -1};
    Output out;
    OsFile file;
    char *path;
    Bytes bytes = {0};

    CHECK_OK(os_file_open_temporary(&file, "build/javap-test", &path));
    CHECK_OK(output_open(&out, file));
    CHECK_OK(classfile_open(&class, small_class, sizeof small_class));
    CHECK_OK(javap_print(&out, &options, &class, &source));
    CHECK_TEXT(written(&out, path, &bytes), "public class A {\n  public void m();\n    Code:\n       0: iload_0\n      below\n"
                                            "       1: tableswitch   { // 5 to 6\n                     5: 24\n"
                                            "                     6: 0\n               default: 30\n          }\n      below\n"
                                            "      24: iinc_w        256, -2\n      below\n      30: return\n      below\n}\n");
    CHECK_EQUAL(hook_calls, 4);
    classfile_close(&class);
    CHECK_OK(os_file_remove(path));
    bytes_free(&bytes);
    memory_free(path);
}

/* Each allocation in turn fails: an error, and nothing is lost. */
static void test_no_memory(void)
{
    for (unsigned long n = 1; n <= 2; n++) {
        ClassFile class = {0};
        memory_fail_at(n);
        CHECK_EQUAL(classfile_open(&class, small_class, sizeof small_class), ERROR_MEMORY);
        memory_fail_at(0);
        classfile_close(&class);
    }
}

TEST_MAIN("javap", test_decimal, test_sha256, test_class_file, test_cut_class_file, test_instructions, test_output, test_long_line,
          test_hook, test_no_memory)
