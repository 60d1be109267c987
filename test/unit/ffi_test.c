/* ffi_test.c - signatures, calls of every shape, callbacks, errno, facts, native memory and handles. */
#include "ffi/ffi.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "ffi/native_files.h"
#include "ffi/native_memory.h"
#include "ffi/platform_facts.h"
#include "os/os.h"
#include "test.h"

static uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}

static uint64_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

static float float_of(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, 4);
    return value;
}

static FfiFunction *declare(const char *library, const char *symbol, const char *text)
{
    FfiSignature signature;
    FfiFunction *function = NULL;
    CHECK_OK(ffi_signature_parse(&signature, text));
    CHECK_OK(ffi_function_open(&function, library, symbol, &signature, FFI_LEAF));
    CHECK_OK(ffi_function_bind(function));
    return function;
}

#define CALL(library, symbol, text, ...)                                      \
    __extension__({                                                           \
        FfiFunction *function_ = declare(library, symbol, text);              \
        uint64_t arguments_[] = {__VA_ARGS__}, result_ = 0;                   \
        ffi_invoke(function_, arguments_, &result_);                          \
        ffi_function_close(function_);                                        \
        result_;                                                              \
    })

static void test_signatures(void)
{
    const uint8_t all[] = {FFI_T_I32, FFI_T_POINTER, FFI_T_I64, FFI_T_BOOL, FFI_T_F32, FFI_T_F64, FFI_T_U16, FFI_T_I16};
    FfiSignature s;
    FfiMode mode;
    const char *bad[] = {"", "i32", "i32->", "->i33", "i32 i32->void", "i32,->void", "{i32->void", "void,i32->void",
                         "i32,...,...->i32", "->i32x", "i32->i32,"};

    CHECK_OK(ffi_signature_parse(&s, " i32, ptr ,f64-> u8 "));
    CHECK_EQUAL(s.types.count, 3);
    CHECK_EQUAL(s.types.arguments[2], FFI_T_F64);
    CHECK_EQUAL(s.types.result, FFI_T_U8);
    CHECK_TEXT(s.text, "i32,ptr,f64->u8");
    CHECK_OK(ffi_signature_parse(&s, "void->void"));
    CHECK_EQUAL(s.types.count, 0);
    CHECK_OK(ffi_signature_parse(&s, "ptr,...,i32->i32"));
    CHECK(s.types.is_variadic && s.types.fixed_count == 1 && s.types.count == 2);
    CHECK_OK(ffi_signature_parse(&s, "i32,{i32,{f32,f32}},i8->{f64}"));
    CHECK_EQUAL(s.types.count, 3);
    CHECK_EQUAL(s.types.arguments[1], FFI_T_STRUCT);
    CHECK_EQUAL(s.text[s.struct_at[1]], '{');
    CHECK_TEXT(s.text + s.struct_at[FFI_ARGUMENT_LIMIT], "{f64}");
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK_FAILS(ffi_signature_parse(&s, bad[i]), ERROR_FORMAT);
    CHECK_OK(ffi_signature_parse_descriptor(&s, "(I[BJZFDCS)V"));
    CHECK_EQUAL(s.types.count, COUNT_OF(all));
    CHECK(memcmp(s.types.arguments, all, sizeof all) == 0 && s.types.result == FFI_T_VOID && s.types.fixed_count == COUNT_OF(all));
    CHECK_OK(ffi_signature_parse_descriptor(&s, "()J"));
    CHECK(s.types.count == 0 && s.types.result == FFI_T_I64);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "(Ljava/lang/String;)V"), ERROR_UNSUPPORTED);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "([[I)V"), ERROR_UNSUPPORTED);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "(I"), ERROR_UNSUPPORTED);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "(V)I"), ERROR_UNSUPPORTED);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "(I)"), ERROR_UNSUPPORTED);
    CHECK_FAILS(ffi_signature_parse_descriptor(&s, "(I)II"), ERROR_UNSUPPORTED);
    CHECK_OK(ffi_mode_parse(&mode, "MUST_FINISH"));
    CHECK_EQUAL(mode, FFI_MUST_FINISH);
    CHECK_OK(ffi_mode_parse(&mode, "leaf"));
    CHECK_FAILS(ffi_mode_parse(&mode, "lea"), ERROR_ARGUMENT);
}

static void test_binding(void)
{
    FfiSignature s;
    FfiFunction *f = NULL;

    CHECK_OK(ffi_signature_parse(&s, "ptr->i64"));
    CHECK_OK(ffi_function_open(&f, "c", "no_such_symbol_x", &s, FFI_LEAF));
    CHECK(!ffi_function_is_bound(f));
    CHECK_FAILS(ffi_function_bind(f), ERROR_NOT_FOUND);
    CHECK_TEXT(error_message(), "no C function no_such_symbol_x in library \"c\"");
    ffi_function_close(f);
    CHECK_OK(ffi_function_open(&f, "no_such_library", "x", &s, FFI_LEAF));
    CHECK_FAILS(ffi_function_bind(f), ERROR_NOT_FOUND);
    CHECK(strstr(error_message(), "no_such_library") != NULL);
    ffi_function_close(f);
    CHECK_EQUAL(CALL("c", "strlen", "ptr->i64", (uintptr_t)"hello"), 5);
    CHECK_EQUAL(CALL("", "abs", "i32->i32", (uint64_t)-5), 5);
    CHECK_DOUBLE(double_of(CALL("m", "sqrt", "f64->f64", bits_of_double(2))), 1.4142135623730951);
    CHECK_DOUBLE(double_of(CALL("m", "pow", "f64,f64->f64", bits_of_double(3), bits_of_double(4))), 81);
    CHECK_EQUAL(CALL("z", "crc32", "u64,ptr,u32->u64", 0, (uintptr_t)"123456789", 9), 0xcbf43926);
}

/* ---- functions of the test itself ---- */

static uint64_t narrow(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, bool g)
{
    return (uint64_t)(a == -1 && b == 255 && c == -2 && d == 65534 && e == -3 && f == 0xfffffffd && g);
}
static int8_t give_i8(void) { return -7; }
static uint8_t give_u8(void) { return 249; }
static int16_t give_i16(void) { return -7; }
static uint16_t give_u16(void) { return 65529; }
static int32_t give_i32(void) { return -7; }
static uint32_t give_u32(void) { return 0xfffffff9; }
static bool give_bool(void) { return true; }
static float give_f32(void) { return 1.5f; }
static void give_nothing(void) { errno = 77; }

static int64_t fourteen_integers(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h,
                                 int64_t i, int64_t j, int64_t k, int64_t l, int64_t m, int64_t n)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m + 14 * n;
}

static double mixed(int a, double b, float c, int64_t d, double e, float f, double g, int h, double i, float j, double k,
                    int64_t l, double m, float n, double o, int p, int64_t q, int r)
{
    return a + 2 * b + 3 * c + 4.0 * (double)d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12.0 * (double)l + 13 * m +
           14 * n + 15 * o + 16 * p + 17.0 * (double)q + 18 * r;
}

static double ten_doubles(double a, double b, double c, double d, double e, double f, double g, double h, double i, double j)
{
    return a - 2 * b + 3 * c - 4 * d + 5 * e - 6 * f + 7 * g - 8 * h + 9 * i - 10 * j;
}

static float fourteen_floats(float a, float b, float c, float d, float e, float f, float g, float h, float i, float j,
                             float k, float l, float m, float n)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m + 14 * n;
}

typedef struct Pair {
    int32_t number;
    double value;
} Pair;

typedef struct Big {
    int64_t a, b, c;
    Pair pair;
} Big;

static Pair swap_pair(Pair pair, int add) { return (Pair){(int32_t)pair.value + add, pair.number}; }
static Big make_big(Pair pair) { return (Big){1, 2, 3, pair}; }

#define AT(f) (uint64_t)(uintptr_t)(f)

static void test_results(void)
{
    CHECK_EQUAL(CALL("", "*", "ptr->i8", AT(give_i8)), (uint64_t)-7);
    CHECK_EQUAL(CALL("", "*", "ptr->u8", AT(give_u8)), 249);
    CHECK_EQUAL(CALL("", "*", "ptr->i16", AT(give_i16)), (uint64_t)-7);
    CHECK_EQUAL(CALL("", "*", "ptr->u16", AT(give_u16)), 65529);
    CHECK_EQUAL(CALL("", "*", "ptr->i32", AT(give_i32)), (uint64_t)-7);
    CHECK_EQUAL(CALL("", "*", "ptr->u32", AT(give_u32)), 0xfffffff9);
    CHECK_EQUAL(CALL("", "*", "ptr->bool", AT(give_bool)), 1);
    CHECK_EQUAL(CALL("", "*", "ptr->f32", AT(give_f32)), bits_of_float(1.5f));
    CHECK_EQUAL(CALL("", "*", "ptr->void", AT(give_nothing)), 0);
    CHECK_EQUAL(ffi_thread_current()->error, 77);
    uint64_t dirty = 0xdeadbeef00000000;
    CHECK_EQUAL(CALL("", "*", "ptr,i8,u8,i16,u16,i32,u32,bool->u64", AT(narrow), dirty | 255, dirty | 255, dirty | 65534,
                     dirty | 65534, dirty | 0xfffffffd, dirty | 0xfffffffd, dirty | 1), 1);
}

static void test_many_arguments(void)
{
    uint64_t integers[15] = {AT(fourteen_integers)}, expected = 0;
    uint64_t floats[15] = {AT(fourteen_floats)}, doubles[11] = {AT(ten_doubles)}, result = 0;
    double doubles_expected = 0;
    float floats_expected = 0;
    FfiFunction *f;

    for (int i = 1; i <= 14; i++) {
        integers[i] = (uint64_t)(i * 1000 - 5000);
        expected += (uint64_t)i * integers[i];
        floats[i] = bits_of_float((float)i / 4);
        floats_expected += (float)i * (float)i / 4;
    }
    for (int i = 1; i <= 10; i++) {
        doubles[i] = bits_of_double(i * 0.5);
        doubles_expected += (i % 2 ? 1 : -1) * i * (i * 0.5);
    }
    f = declare("", "*", "ptr,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64->i64");
    ffi_invoke(f, integers, &result);
    CHECK_EQUAL(result, expected);
    ffi_function_close(f);
    f = declare("", "*", "ptr,f32,f32,f32,f32,f32,f32,f32,f32,f32,f32,f32,f32,f32,f32->f32");
    ffi_invoke(f, floats, &result);
    CHECK(float_of(result) == floats_expected);
    ffi_function_close(f);
    f = declare("", "*", "ptr,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64->f64");
    ffi_invoke(f, doubles, &result);
    CHECK_DOUBLE(double_of(result), doubles_expected);
    ffi_function_close(f);
}

/* Eighteen of all kinds: registers of both sorts run out, the stack takes the rest in order. */
static void test_mixed_arguments(void)
{
    const char *text = "ptr,i32,f64,f32,i64,f64,f32,f64,i32,f64,f32,f64,i64,f64,f32,f64,i32,i64,i32->f64";
    const char kinds[] = "idfldfdidfdldfdili";
    uint64_t arguments[19] = {AT(mixed)}, result = 0;
    double expected = 0;

    for (int i = 0; i < 18; i++) {
        double value = (i - 7) * 3;
        char kind = kinds[i];
        expected += (i + 1) * value;
        arguments[i + 1] = kind == 'd'   ? bits_of_double(value)
                           : kind == 'f' ? bits_of_float((float)value)
                                         : (uint64_t)(int64_t)value;
    }
    FfiFunction *f = declare("", "*", text);
    ffi_invoke(f, arguments, &result);
    CHECK_DOUBLE(double_of(result), expected);
    ffi_function_close(f);
}

static void test_variadic(void)
{
    char buffer[100];
    CALL("c", "snprintf", "ptr,u64,ptr,...,i32,f64,ptr,f32,i8->i32", AT(buffer), sizeof buffer, AT("%d %.2f %s %g %d"), 42,
         bits_of_double(2.5), AT("text"), bits_of_float(0.25f), (uint64_t)-3);
    CHECK_TEXT(buffer, "42 2.50 text 0.25 -3");
    uint64_t file = CALL("c", "open", "ptr,i32,...,i32->i32", AT("/dev/null"), O_RDWR, 0);
    CHECK((int)file >= 0);
    CHECK_EQUAL(CALL("c", "close", "i32->i32", file), 0);
}

static void test_structs(void)
{
    Pair pair = {7, 35}, result = {0, 0};
    Big big = {0};
    FfiFunction *f = declare("", "*", "ptr,{i32,f64},i32->{i32,f64}");
    uint64_t arguments[] = {AT(swap_pair), AT(&pair), 100}, at = AT(&result);

    ffi_invoke(f, arguments, &at);
    CHECK_EQUAL(result.number, 135);
    CHECK_DOUBLE(result.value, 7);
    ffi_function_close(f);
    f = declare("", "*", "ptr,{i32,f64}->{i64,i64,i64,{i32,f64}}");
    arguments[0] = AT(make_big);
    at = AT(&big);
    ffi_invoke(f, arguments, &at);
    CHECK_EQUAL(big.c, 3);
    CHECK_DOUBLE(big.pair.value, 35);
    ffi_function_close(f);
}

static void test_errno(void)
{
    FfiThread record = {0};
    CHECK_EQUAL(CALL("c", "open", "ptr,i32->i32", AT("/no/such/file"), O_RDONLY), (uint64_t)-1);
    errno = 0; /* what the machine does meanwhile does not matter */
    CHECK_EQUAL(ffi_thread_current()->error, ENOENT);
    ffi_thread_attach(&record);
    CHECK_EQUAL(CALL("c", "close", "i32->i32", (uint64_t)-1), (uint64_t)-1);
    CHECK_EQUAL(record.error, EBADF);
    ffi_thread_attach(NULL);
    CHECK_EQUAL(ffi_thread_current()->error, ENOENT);
}

static void on_compare(void *context, const uint64_t *arguments, uint64_t *result)
{
    int a = *(int *)(uintptr_t)arguments[0], b = *(int *)(uintptr_t)arguments[1];
    ++*(int *)context;
    *result = (uint64_t)(int64_t)(a < b ? -1 : a > b);
}

static void on_mixed(void *context, const uint64_t *a, uint64_t *result)
{
    *result = bits_of_float(float_of(a[0]) + (float)double_of(a[1]) + (float)(int8_t)a[2] + (float)a[3]);
}

static void on_struct(void *context, const uint64_t *a, uint64_t *result)
{
    const Pair *pair = (const Pair *)(uintptr_t)a[0];
    *(Pair *)(uintptr_t)*result = (Pair){pair->number * 2, pair->value * 2};
}

static void test_callbacks(void)
{
    int numbers[200], calls = 0;
    uint64_t seed = 3;
    FfiCallback *callback = NULL;
    FfiSignature s;

    for (int i = 0; i < 200; i++) numbers[i] = (int)(test_random(&seed) % 1000);
    CHECK_OK(ffi_signature_parse(&s, "ptr,ptr->i32"));
    CHECK_OK(ffi_callback_open(&callback, &s, on_compare, &calls));
    CALL("c", "qsort", "ptr,u64,u64,ptr->void", AT(numbers), 200, sizeof(int), AT(ffi_callback_address(callback)));
    for (int i = 1; i < 200; i++) CHECK(numbers[i - 1] <= numbers[i]);
    CHECK(calls > 199);
    ffi_callback_close(callback);

    CHECK_OK(ffi_signature_parse(&s, "f32,f64,i8,u16->f32"));
    CHECK_OK(ffi_callback_open(&callback, &s, on_mixed, NULL));
    float (*function)(float, double, int8_t, uint16_t);
    *(void **)&function = ffi_callback_address(callback);
    CHECK(function(1.5f, 2.25, -4, 60000) == 59999.75f);
    ffi_callback_close(callback);

    CHECK_OK(ffi_signature_parse(&s, "{i32,f64}->{i32,f64}"));
    CHECK_OK(ffi_callback_open(&callback, &s, on_struct, NULL));
    Pair (*twice)(Pair);
    *(void **)&twice = ffi_callback_address(callback);
    CHECK_EQUAL(twice((Pair){4, 5}).number, 8);
    CHECK_DOUBLE(twice((Pair){4, 5}).value, 10);
    ffi_callback_close(callback);
}

static int64_t builtin_sum(int64_t a, int64_t b) { return a + b; }

static void test_builtins_and_facts(void)
{
    int64_t value = 0;
    const char *name;
    FfiSignature s;
    FfiFunction *f = NULL;
    size_t count = 0;

    CHECK_OK(ffi_builtin_add("test_sum", (void (*)(void))builtin_sum));
    CHECK_EQUAL(CALL("coracle", "test_sum", "i64,i64->i64", 40, 2), 42);
    CHECK(platform_fact_find("O_CREAT", &value));
    CHECK_EQUAL(value, O_CREAT);
    CHECK(platform_fact_find("stat.st_size", &value));
    CHECK_EQUAL(value, offsetof(struct stat, st_size));
    CHECK(platform_fact_find("stat.st_size:size", &value) && value == 8);
    CHECK(platform_fact_find("struct stat", &value) && value == sizeof(struct stat));
    CHECK(!platform_fact_find("O_NO_SUCH", &value));
    while ((name = platform_fact_at(count, &value)) != NULL) {
        int64_t found;
        CHECK(platform_fact_find(name, &found) && found == value);
        count++;
    }
    CHECK(count > 300);
    ffi_thread_current()->error = 5;
    CHECK_EQUAL(CALL("coracle", "fact", "ptr->i64", AT("O_APPEND")), O_APPEND);
    CHECK_EQUAL(CALL("coracle", "fact", "ptr->i64", AT("O_NO_SUCH")), INT64_MIN);
    CHECK_EQUAL(CALL("coracle", "errno", "->i32", 0), 5);
    CHECK_EQUAL(CALL("fact", "AT_FDCWD", "->i32", 0), (uint64_t)(int64_t)AT_FDCWD);
    CHECK_OK(ffi_signature_parse(&s, "->i32"));
    CHECK_OK(ffi_function_open(&f, "fact", "O_NO_SUCH", &s, FFI_LEAF));
    CHECK_FAILS(ffi_function_bind(f), ERROR_NOT_FOUND);
    ffi_function_close(f);
}

/* ---- native memory ---- */

enum { SLOTS = 400 };
typedef struct Slot {
    uint8_t *memory;
    size_t size;
    uint8_t fill;
} Slot;

static size_t random_size(uint64_t *seed)
{
    uint64_t r = test_random(seed);
    return r % 100 < 80 ? (r >> 20) % 600 : r % 100 < 98 ? (r >> 20) % 20000 : (r >> 20) % 2000000;
}

static void check_slot(const Slot *slot)
{
    for (size_t i = 0; i < slot->size; i += slot->size < 64 ? 1 : slot->size / 37 + 1)
        if (slot->memory[i] != slot->fill) CHECK_EQUAL(slot->memory[i], slot->fill);
    if (slot->size != 0) CHECK_EQUAL(slot->memory[slot->size - 1], slot->fill);
}

static void test_native_memory(void)
{
    static Slot slots[SLOTS];
    uint64_t seed = 99;

    CHECK(native_memory_allocate(10) == NULL);
    CHECK_OK(native_memory_open());
    CHECK_FAILS(native_memory_open(), ERROR_STATE);
    for (int step = 0; step < 20000; step++) {
        Slot *slot = &slots[test_random(&seed) % SLOTS];
        uint64_t action = test_random(&seed) % 3;
        if (slot->memory != NULL) check_slot(slot);
        if (slot->memory == NULL || action == 0) {
            size_t size = random_size(&seed);
            uint8_t *memory = native_memory_reallocate(slot->memory, size);
            CHECK(memory != NULL && (uintptr_t)memory % 16 == 0 && native_memory_size(memory) >= size);
            if (slot->memory != NULL)
                for (size_t i = 0; i < size && i < slot->size; i += 97) CHECK_EQUAL(memory[i], slot->fill);
            *slot = (Slot){memory, size, (uint8_t)test_random(&seed)};
            memset(memory, slot->fill, size);
        } else {
            native_memory_free(slot->memory);
            slot->memory = NULL;
        }
        if (step % 500 == 0) CHECK_OK(native_memory_check());
    }
    for (int i = 0; i < SLOTS; i++) native_memory_free(slots[i].memory);
    CHECK_OK(native_memory_check());
    CHECK_EQUAL(native_memory_stats().blocks, 0);
    CHECK(native_memory_allocate((size_t)20 << 30) == NULL);
    void *large = native_memory_allocate((size_t)3 << 30); /* address space only until touched */
    CHECK(large != NULL);
    native_memory_free(large);
    native_memory_free(&seed); /* foreign: ignored */
    CHECK_OK(native_memory_check());
    native_memory_close();
}

/* Saves the used ranges, closes, brings them back: addresses and contents are the same, handles stale. */
static void test_native_memory_image(void)
{
    uint64_t cursor = 0, size, used, address = 0, left_out;
    uint32_t handle_cursor = 0;
    NativeHandleView view;
    Bytes saved = {0};
    void *range;
    char *kept[50], *big;
    NativeHandle open_handle, closed_handle;

    CHECK_OK(native_memory_open());
    for (int i = 0; i < 50; i++) {
        kept[i] = native_memory_allocate(100 + (size_t)i * 50);
        snprintf(kept[i], 100, "block %d", i);
    }
    big = native_memory_allocate(10 << 20);
    memset(big, 1, 10 << 20);
    char *last = native_memory_allocate(10);
    strcpy(last, "last");
    native_memory_free(big);
    open_handle = native_handle_open("inflater", 0x1234, "window 15", 10);
    closed_handle = native_handle_open("folder", 0x5678, NULL, 0);
    CHECK(open_handle != 0 && closed_handle != 0 && open_handle != closed_handle);
    CHECK(native_handle_get(closed_handle, &address) && address == 0x5678);
    native_handle_close(closed_handle);
    CHECK(!native_handle_get(closed_handle, &address) && !native_handle_is_stale(closed_handle));
    NativeHandle again = native_handle_open("folder", 0x9999, NULL, 0);
    CHECK(again != closed_handle); /* same record, next generation */
    CHECK(!native_handle_get(closed_handle, &address));
    native_handle_close(again);

    used = native_memory_used();
    left_out = used;
    while (native_memory_next_range(&cursor, &range, &size)) {
        CHECK_OK(bytes_append_le64(&saved, (uintptr_t)range));
        CHECK_OK(bytes_append_le64(&saved, size));
        CHECK_OK(bytes_append(&saved, range, size));
        left_out -= size;
    }
    CHECK(left_out > 9 << 20);
    native_memory_close();
    CHECK(!native_memory_is_open());

    CHECK_OK(native_memory_prepare(used));
    Reader reader = reader_over(saved.data, saved.size);
    while (reader_left(&reader) != 0) {
        void *to = (void *)(uintptr_t)reader_le64(&reader);
        size = reader_le64(&reader);
        memcpy(to, reader_take(&reader, size), size);
    }
    CHECK_OK(native_memory_adopt(used, false));
    for (int i = 0; i < 50; i++) {
        char expected[20];
        snprintf(expected, sizeof expected, "block %d", i);
        CHECK_TEXT(kept[i], expected);
    }
    CHECK_TEXT(last, "last");
    CHECK(!native_handle_get(open_handle, &address));
    CHECK(native_handle_is_stale(open_handle));
    CHECK(native_handle_next(&handle_cursor, &view));
    CHECK_TEXT(view.kind, "inflater");
    CHECK_TEXT((const char *)view.description, "window 15");
    CHECK_EQUAL(view.address, 0);
    CHECK(!native_handle_next(&handle_cursor, &view));
    CHECK(native_handle_rebuild(open_handle, 0x4321));
    CHECK(native_handle_get(open_handle, &address) && address == 0x4321);
    CHECK(native_memory_allocate(20 << 20) != NULL);
    CHECK_OK(native_memory_check());
    bytes_free(&saved);
    native_memory_close();

    CHECK_OK(os_memory_reserve(&range, (void *)OS_FIXED_ADDRESS(NATIVE_MEMORY_BASE + 65536), 65536, OS_IF_FREE));
    CHECK_FAILS(native_memory_open(), ERROR_STATE);
    os_memory_release(range, 65536);
}

/* A file that is read is there again, under its number and where it was; one that is written keeps from freezing. */
static void test_native_files(void)
{
    char path[64], bytes[8] = {0};
    uint64_t used, address;
    Bytes saved = {0};
    NativeHandle handle, other;
    int fd;

    snprintf(path, sizeof path, "/tmp/ffi_test_%d", (int)os_process_id());
    fd = open(path, O_CREAT | O_RDWR, 0600);
    CHECK(write(fd, "0123456789", 10) == 10);
    CHECK_OK(native_memory_open());
    handle = native_handle_open("file", (uint64_t)fd, path, strlen(path));
    CHECK_EQUAL(native_handle_find("file", (uint64_t)fd), handle);
    CHECK_EQUAL(native_handle_find("socket", (uint64_t)fd), 0);
    CHECK_FAILS(native_files_freeze(), ERROR_STATE);
    CHECK(strstr(error_message(), path) != NULL);
    native_handle_close(handle);
    close(fd);
    fd = open(path, O_RDONLY);
    handle = native_handle_open("file", (uint64_t)fd, path, strlen(path));
    other = native_handle_open("socket", 77, NULL, 0);
    CHECK_FAILS(native_files_freeze(), ERROR_STATE);
    native_handle_close(other);
    CHECK(read(fd, bytes, 4) == 4);
    CHECK_OK(native_files_freeze());

    used = native_memory_used();
    CHECK_OK(bytes_append(&saved, native_memory_base(), used));
    for (int round = 0; round < 2; round++) {
        native_memory_close();
        close(fd);
        CHECK_OK(native_memory_prepare(used));
        memcpy(native_memory_base(), saved.data, used);
        CHECK_OK(native_memory_adopt(used, false));
        if (round == 1) unlink(path);
        CHECK_EQUAL(native_files_thaw(), round == 0 ? OK : ERROR_NOT_FOUND);
        if (round == 1) break;
        CHECK(native_handle_get(handle, &address) && address == (uint64_t)fd);
        CHECK(read(fd, bytes, 4) == 4);
        CHECK_BYTES(bytes, "4567", 4);
    }
    bytes_free(&saved);
    native_memory_close();
}

static void test_damaged_native_memory(void)
{
    uint64_t *words;
    uint64_t used, seed = 5;
    Bytes saved = {0};

    CHECK_OK(native_memory_open());
    for (int i = 0; i < 20; i++) {
        void *a = native_memory_allocate(40), *b = native_memory_allocate(4000);
        CHECK(a != NULL && b != NULL);
        if (i % 3 == 0) native_memory_free(a);
    }
    used = native_memory_used();
    CHECK_OK(bytes_append(&saved, native_memory_base(), used));
    native_memory_close();
    for (int round = 0; round < 300; round++) { /* a message or the right thing, never a crash */
        CHECK_OK(native_memory_prepare(used));
        memcpy(native_memory_base(), saved.data, used);
        words = native_memory_base();
        words[test_random(&seed) % (used / 8)] ^= UINT64_C(1) << test_random(&seed) % 64;
        if (native_memory_adopt(used, false) == OK) CHECK_OK(native_memory_check());
        native_memory_close();
    }
    CHECK_FAILS(native_memory_prepare(NATIVE_MEMORY_LIMIT + 1), ERROR_FORMAT);
    bytes_free(&saved);
}

static void stage_once(void *argument)
{
    CHECK(ffi_stage(100) != NULL);
    *(uint64_t *)argument = native_memory_stats().blocks;
}

static void test_staging(void)
{
    FfiThread record = {0};
    CHECK_OK(native_memory_open());
    ffi_thread_attach(&record);
    void *small = ffi_stage(100), *same = ffi_stage(8000);
    CHECK(small != NULL && small == same);
    CHECK(ffi_stage(100000) != NULL);
    CHECK(record.staging_size >= 100000);
    CHECK(ffi_stage((size_t)1 << 40) == NULL);
    ffi_thread_finish(&record);
    ffi_thread_attach(NULL);
    CHECK_EQUAL(native_memory_stats().blocks, 0);
    OsThread thread;
    uint64_t blocks = 0;
    CHECK_OK(os_thread_create(&thread, 0, stage_once, &blocks));
    os_thread_join(thread);
    CHECK_EQUAL(blocks, 1);
    CHECK_EQUAL(native_memory_stats().blocks, 0); /* freed at the thread's end */
    native_memory_close();
}

static void report_speed(void)
{
    enum { CALLS = 2000000 };
    const char *texts[] = {"i32->i32", "f64->f64"};
    const char *symbols[] = {"abs", "fabs"};
    for (int k = 0; k < 2; k++) {
        FfiFunction *f = declare(k == 0 ? "c" : "m", symbols[k], texts[k]);
        uint64_t argument = bits_of_double(1), result = 0;
        int64_t start = os_clock_cpu_ns();
        for (int i = 0; i < CALLS; i++) ffi_invoke(f, &argument, &result);
        printf("ffi: %s \"%s\": %.1f ns a call\n", symbols[k], texts[k], (double)(os_clock_cpu_ns() - start) / CALLS);
        ffi_function_close(f);
    }
}

TEST_MAIN("ffi", test_signatures, test_binding, test_results, test_many_arguments, test_mixed_arguments, test_variadic,
          test_structs, test_errno, test_callbacks, test_builtins_and_facts, test_native_memory, test_native_memory_image,
          test_native_files, test_damaged_native_memory, test_staging, report_speed)
