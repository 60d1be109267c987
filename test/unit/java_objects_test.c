/* java_objects_test.c - strings and their interning, boxes, exceptions made by the machine, assertions. */
#include "java/java.h"
#include "java/properties.h"
#include "java/raise.h"
#include "java/reflect.h"
#include "java/strings.h"
#include "test.h"

static Thread *thread;

static uint32_t wellknown(enum JavaWellknown which)
{
    uint32_t class_index = java_wellknown_class(thread, which);
    CHECK(class_index != 0);
    return class_index;
}

static void open_all(void)
{
    HeapOptions heap = {.limit_bytes = 64u << 20};
    RunOptions run = {0};

    CHECK_OK(heap_open(&heap));
    CHECK_OK(run_open(&run));
    CHECK_OK(java_open(false));
    CHECK_OK(run_thread_new(&thread, 0));
    atomic_store(&thread->state, THREAD_RUNNING);
    for (int i = 0; i < JAVA_WELLKNOWN_COUNT; i++)
        (void)wellknown((enum JavaWellknown)i);
}

/* ---- strings ---- */

static void check_text(Value string, const char *expected)
{
    char *text = java_string_text(string);
    CHECK_TEXT(text, expected);
    memory_free(text);
}

static int coder(Value string)
{
    return *(const int8_t *)object_at(string, java_offset(STRING_CODER));
}

static void test_forms(void)
{
    Value string = java_string_from_text(thread, "h\xc3\xa9llo");
    CHECK_EQUAL(coder(string), 0);
    CHECK_EQUAL(java_string_length(string), 5);
    CHECK_EQUAL(java_string_unit(string, 1), 0xe9);
    check_text(string, "h\xc3\xa9llo");

    string = java_string_from_text(thread, "\xe2\x82\xac");
    CHECK_EQUAL(coder(string), 1);
    CHECK_EQUAL(java_string_length(string), 1);
    CHECK_EQUAL(java_string_unit(string, 0), 0x20ac);

    string = java_string_from_text(thread, "");
    CHECK_EQUAL(java_string_length(string), 0);
    check_text(string, "");
}

static void test_supplementary(void)
{
    /* U+1F6A3 is four bytes in UTF-8, two surrogates of three bytes each in class files. */
    Value string = java_string_from_utf8(thread, "\xf0\x9f\x9a\xa3");
    char *text;

    CHECK_EQUAL(java_string_length(string), 2);
    CHECK_EQUAL(java_string_unit(string, 0), 0xd83d);
    CHECK_EQUAL(java_string_unit(string, 1), 0xdea3);
    check_text(string, "\xed\xa0\xbd\xed\xba\xa3");
    text = java_string_utf8(string);
    CHECK_TEXT(text, "\xf0\x9f\x9a\xa3");
    memory_free(text);
    string = java_string_from_bytes(thread, "a\xc0\x80", 3); /* U+0000 */
    CHECK_EQUAL(java_string_length(string), 2);
    CHECK_EQUAL(java_string_unit(string, 1), 0);
}

static void test_symbols(void)
{
    Value string = java_string_from_symbol(thread, java_symbol_text("java/lang/String"), true);
    check_text(string, "java.lang.String");
    CHECK_EQUAL(java_symbol_from_string(string, true), java_symbol_text("java/lang/String"));
    CHECK_EQUAL(java_symbol_from_string(string, false), java_symbol_text("java.lang.String"));
    CHECK(java_string_equals_text(string, "java.lang.String"));
    CHECK(!java_string_equals_text(string, "java.lang.Strin"));
}

static void test_interning(void)
{
    Value first = java_string_intern(thread, java_string_from_text(thread, "interned"));
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, first);

    CHECK_EQUAL(java_string_intern(thread, java_string_from_text(thread, "interned")), *held);
    CHECK_EQUAL(java_string_intern_symbol(thread, java_symbol_text("interned")), *held);
    heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
    CHECK_EQUAL(java_string_intern_symbol(thread, java_symbol_text("interned")), *held);
    heap_leave_nogc(&thread->allocator, mark);
}

/* The table does not keep strings: many die, and their places are used again. */
static void test_interned_die(void)
{
    char text[32];
    uint32_t before;

    heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
    before = java_world()->interned_strings[3];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20000; i++) {
            snprintf(text, sizeof text, "number %d", i);
            CHECK(java_string_intern(thread, java_string_from_text(thread, text)) != 0);
        }
        CHECK(java_world()->interned_strings[3] >= before);
        heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
        CHECK_EQUAL(java_world()->interned_strings[3], before);
    }
}

/* ---- boxes ---- */

static void check_box(char type, Value value)
{
    Value box = java_box(thread, type, value), opened = 0;
    CHECK(box != 0);
    CHECK_EQUAL(java_unbox_nogc(box, &opened), type);
    CHECK_EQUAL(opened, value);
}

static void test_boxes(void)
{
    Value value;

    check_box('Z', 1);
    check_box('B', (Value)(int64_t)-128);
    check_box('C', 0xffff);
    check_box('S', (Value)(int64_t)-32768);
    check_box('I', (Value)(int64_t)INT32_MIN);
    check_box('J', 0x8000000000000000u);
    check_box('F', 0x7fc00001);
    check_box('D', 0x3ff0000000000000u);
    CHECK_EQUAL(java_unbox_nogc(java_string_from_text(thread, "x"), &value), 0);
    CHECK_EQUAL(java_unbox_nogc(0, &value), 0);
}

static bool widens(char from, char to)
{
    Value value = 0;
    return java_widen(from, to, &value);
}

static void test_widening(void)
{
    static const char order[] = "BSIJFD";
    Value value = (Value)(int64_t)-3;

    for (unsigned i = 0; i < 6; i++) /* JLS 5.1.2 */
        for (unsigned j = 0; j < 6; j++)
            CHECK_EQUAL(widens(order[i], order[j]), i <= j);
    CHECK(widens('C', 'I') && widens('C', 'J') && widens('C', 'F') && widens('C', 'D') && widens('C', 'C'));
    CHECK(!widens('C', 'S') && !widens('C', 'B') && !widens('S', 'C') && !widens('B', 'C') && !widens('I', 'C'));
    CHECK(widens('Z', 'Z') && !widens('Z', 'I') && !widens('I', 'Z'));
    CHECK(java_widen('I', 'D', &value));
    CHECK_EQUAL(value, 0xc008000000000000u);
    CHECK(java_widen('D', 'D', &value));
}

/* ---- exceptions ---- */

static void check_thrown(Outcome outcome, const char *class_name, const char *message)
{
    Value exception = thread->exception;

    CHECK_EQUAL(outcome, OUTCOME_THROW);
    CHECK(exception != 0);
    CHECK_TEXT(java_class_guest_name(object_class_index(exception)), class_name);
    if (message == NULL)
        CHECK_EQUAL(heap_load(exception, java_offset(THROWABLE_MESSAGE)), 0);
    else
        check_text(heap_load(exception, java_offset(THROWABLE_MESSAGE)), message);
    thread->exception = 0;
}

static void test_throw(void)
{
    char longer[2000];
    Value first;

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    check_thrown(java_throw(thread, "java/lang/IllegalStateException", "%d of %s", 7, "many"), "java.lang.IllegalStateException",
                 "7 of many");
    check_thrown(java_throw(thread, "java/lang/Error", "%s", longer), "java.lang.Error", longer);
    check_thrown(java_throw_plain(thread, "java/lang/InterruptedException"), "java.lang.InterruptedException", NULL);
    java_throw_plain(thread, "java/lang/Exception");
    first = thread->exception;
    CHECK_EQUAL(heap_load(first, java_offset(THROWABLE_CAUSE)), first); /* not set yet: itself */
    java_throw_caused(thread, "java/lang/BootstrapMethodError", "why");
    CHECK_TEXT(java_class_guest_name(object_class_index(heap_load(thread->exception, java_offset(THROWABLE_CAUSE)))),
               "java.lang.Exception");
    check_thrown(OUTCOME_THROW, "java.lang.BootstrapMethodError", "why");
}

static void test_messages(void)
{
    uint32_t string = wellknown(JAVA_CLASS_STRING), integer = wellknown(JAVA_CLASS_INTEGER);
    uint32_t ints = java_array_class(thread, java_primitive_class('I')), strings = java_array_class(thread, string);
    Bytes text = {0};

    check_thrown(java_throw_cast(thread, integer, string), "java.lang.ClassCastException",
                 "class java.lang.Integer cannot be cast to class java.lang.String (java.lang.Integer and java.lang.String are in "
                 "module java.base of loader 'bootstrap')");
    check_thrown(java_throw_cast(thread, ints, strings), "java.lang.ClassCastException",
                 "class [I cannot be cast to class [Ljava.lang.String; ([I and [Ljava.lang.String; are in module java.base of "
                 "loader 'bootstrap')");
    check_thrown((Outcome)java_raise(thread, RAISE_BOUNDS, (uint64_t)-1, 3), "java.lang.ArrayIndexOutOfBoundsException",
                 "Index -1 out of bounds for length 3");
    check_thrown((Outcome)java_raise(thread, RAISE_NEGATIVE_SIZE, (uint64_t)-5, 0), "java.lang.NegativeArraySizeException", "-5");
    check_thrown((Outcome)java_raise(thread, RAISE_ARITHMETIC, 0, 0), "java.lang.ArithmeticException", "/ by zero");
    check_thrown((Outcome)java_raise(thread, RAISE_NULL, 0, 0), "java.lang.NullPointerException", NULL);
    check_thrown((Outcome)java_raise(thread, RAISE_MEMORY, 0x7fffffff, 0), "java.lang.OutOfMemoryError",
                 "Requested array size exceeds VM limit");
    java_append_parameters(&text, "(I[[Ljava/lang/String;JZ)V");
    CHECK_TEXT(bytes_as_text(&text), "int, java.lang.String[][], long, boolean");
    bytes_free(&text);
}

/* ---- assertions ---- */

static bool wanted(const JavaAssertion *assertions, size_t count, const char *name)
{
    JavaOptions options = {.assertions = assertions, .assertion_count = count};
    uint32_t class_index = 0;
    bool answer;

    CHECK_EQUAL(java_load_boot_class(thread, java_symbol_text(name), &class_index), OUTCOME_DONE);
    java_set_options(&options);
    answer = java_assertions_wanted(class_index);
    java_set_options(NULL);
    return answer;
}

static void test_assertions(void)
{
    const JavaAssertion user = {NULL, true, false}, system = {NULL, true, true};
    const JavaAssertion package[] = {{"java.util...", true, false}, {"java.util.zip...", false, false}};
    const JavaAssertion class[] = {{"java.util...", true, false}, {"java.util.ArrayList", false, false}};

    CHECK(!wanted(NULL, 0, "java/lang/String"));
    CHECK(!wanted(&user, 1, "java/lang/String")); /* -ea is not for the library's own */
    CHECK(wanted(&system, 1, "java/lang/String"));
    CHECK(wanted(package, 2, "java/util/ArrayList"));
    CHECK(!wanted(package, 2, "java/util/zip/CRC32"));
    CHECK(!wanted(package, 2, "java/lang/String"));
    CHECK(!wanted(class, 2, "java/util/ArrayList"));
    CHECK(wanted(class, 2, "java/util/HashMap"));
}

TEST_MAIN("java_objects", open_all, test_forms, test_supplementary, test_symbols, test_interning, test_interned_die, test_boxes,
          test_widening, test_throw, test_messages, test_assertions)
