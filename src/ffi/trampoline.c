/* trampoline.c - calls through a C function type that fills every argument register.
 *
 * A C convention ignores registers that a function does not use. So one function type, "all integer registers, all
 * floating registers, then stack words", calls every function whose arguments are integers, pointers, floats and doubles:
 * each argument is put in the word for its register, or, when those are used up, in the next stack word. */
#include <errno.h>
#include <string.h>

#include "base/float_bits.h"
#include "ffi/ffi_internal.h"

#if defined(__clang__)
#define ANY_FUNCTION_TYPE __attribute__((no_sanitize("undefined")))
#else
#define ANY_FUNCTION_TYPE __attribute__((no_sanitize_undefined))
#endif

#define I uint64_t
#define D double
#if ABI_INTEGER_REGISTERS == 6
#define INTEGER_TYPES I, I, I, I, I, I
#define INTEGERS(w) w[0], w[1], w[2], w[3], w[4], w[5]
#else
#define INTEGER_TYPES I, I, I, I, I, I, I, I
#define INTEGERS(w) w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
#endif
#define FLOAT_TYPES D, D, D, D, D, D, D, D
#define FLOATS(d) d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]
#define EIGHT_TYPES I, I, I, I, I, I, I, I
#define EIGHT(s) (s)[0], (s)[1], (s)[2], (s)[3], (s)[4], (s)[5], (s)[6], (s)[7]

typedef union Words {
    uint64_t words[STACK_AT + STACK_MANY];
    struct {
        uint64_t integers[ABI_INTEGER_REGISTERS];
        double floats[ABI_FLOAT_REGISTERS];
        uint64_t stack[STACK_MANY];
    };
} Words;

static void *address_of(const FfiFunction *function)
{
    return atomic_load_explicit(&((FfiFunction *)function)->address, memory_order_relaxed);
}

/* ---- integers and pointers in registers only: nothing to sort ---- */

ANY_FUNCTION_TYPE static void invoke_integers(const FfiFunction *function, const uint64_t *a, uint64_t *result)
{
    void *f = address_of(function);
    int *error = &errno;
    uint64_t word;

    *error = 0; /* some functions say only by it that they failed */
    switch (function->types.count) {
    case 0: word = ((I(*)(void))f)(); break;
    case 1: word = ((I(*)(I))f)(a[0]); break;
    case 2: word = ((I(*)(I, I))f)(a[0], a[1]); break;
    case 3: word = ((I(*)(I, I, I))f)(a[0], a[1], a[2]); break;
    case 4: word = ((I(*)(I, I, I, I))f)(a[0], a[1], a[2], a[3]); break;
    case 5: word = ((I(*)(I, I, I, I, I))f)(a[0], a[1], a[2], a[3], a[4]); break;
    default: word = ((I(*)(I, I, I, I, I, I))f)(a[0], a[1], a[2], a[3], a[4], a[5]); break;
    }
    if (!function->leaves_errno) ffi_record()->error = *error;
    *result = ffi_extend((FfiType)function->types.result, word);
}

/* ---- one or two doubles, and a double as result: what mathematics is made of ---- */

ANY_FUNCTION_TYPE static void invoke_doubles(const FfiFunction *function, const uint64_t *a, uint64_t *result)
{
    void *f = address_of(function);
    int *error = &errno;
    double x[2] = {0, 0}, value;

    memcpy(x, a, function->types.count * sizeof(double));
    *error = 0;
    value = function->types.count == 1 ? ((D(*)(D))f)(x[0]) : ((D(*)(D, D))f)(x[0], x[1]);
    if (!function->leaves_errno) ffi_record()->error = *error;
    memcpy(result, &value, sizeof value);
}

/* ---- anything in registers and on the stack ---- */

static void sort_arguments(const Function *function, const uint64_t *arguments, Words *words)
{
    const FfiTypes *types = &function->base.types;

    if (function->is_plain) {
        for (unsigned i = function->calls_address; i < types->count; i++) words->words[function->place[i]] = arguments[i];
        return;
    }
    for (unsigned i = function->calls_address; i < types->count; i++) {
        FfiType type = (FfiType)types->arguments[i];
        uint64_t word = ffi_extend(type, arguments[i]);
        if (type == FFI_T_F32) word |= ABI_FLOAT_BOX;
        words->words[function->place[i]] = word;
    }
}

#define CALL(Type, types, arguments) ((Type(*)(INTEGER_TYPES, FLOAT_TYPES types))f)(INTEGERS(w.integers), FLOATS(w.floats) arguments)
#define COMMA ,
#define NO_STACK_TYPES
#define NO_STACK
#define SOME_TYPES COMMA EIGHT_TYPES
#define SOME COMMA EIGHT(w.stack)
#define MANY_TYPES COMMA EIGHT_TYPES, EIGHT_TYPES, EIGHT_TYPES
#define MANY COMMA EIGHT(w.stack), EIGHT(w.stack + 8), EIGHT(w.stack + 16)

ANY_FUNCTION_TYPE static void invoke_any(const FfiFunction *base, const uint64_t *arguments, uint64_t *result)
{
    const Function *function = (const Function *)base;
    bool returns_float = base->types.result == FFI_T_F32 || base->types.result == FFI_T_F64;
    void *f = function->calls_address ? (void *)(uintptr_t)arguments[0] : address_of(base);
    int *error = &errno;
    uint64_t word;
    Words w;

    memset(&w, 0, offsetof(Words, stack) + function->stack_words * sizeof(uint64_t));
    sort_arguments(function, arguments, &w);
    *error = 0;
    if (function->stack_words == 0)
        word = returns_float ? bits_of_f64(CALL(D, NO_STACK_TYPES, NO_STACK)) : CALL(I, NO_STACK_TYPES, NO_STACK);
    else if (function->stack_words == STACK_SOME)
        word = returns_float ? bits_of_f64(CALL(D, SOME_TYPES, SOME)) : CALL(I, SOME_TYPES, SOME);
    else
        word = returns_float ? bits_of_f64(CALL(D, MANY_TYPES, MANY)) : CALL(I, MANY_TYPES, MANY);
    if (!base->leaves_errno) ffi_record()->error = *error;
    *result = ffi_extend((FfiType)base->types.result, word);
}

/* ---- choice ---- */

static bool is_float(FfiType type)
{
    return type == FFI_T_F32 || type == FFI_T_F64;
}

/* At least 32 bits wide: what guests hand over is extended already. */
static bool is_wide_integer(FfiType type)
{
    return type == FFI_T_I32 || type == FFI_T_I64 || type == FFI_T_U64 || type == FFI_T_POINTER;
}

static bool needs_no_extension(const FfiTypes *types)
{
    for (unsigned i = 0; i < types->count; i++)
        if (!is_wide_integer((FfiType)types->arguments[i]) && types->arguments[i] != FFI_T_F64) return false;
    return true;
}

static bool has_integers_only(const FfiTypes *types)
{
    if (types->count > 6 || is_float((FfiType)types->result)) return false;
    for (unsigned i = 0; i < types->count; i++)
        if (!is_wide_integer((FfiType)types->arguments[i])) return false;
    return true;
}

static bool has_doubles_only(const FfiTypes *types)
{
    unsigned count = types->count;

    return types->result == FFI_T_F64 && (count == 1 || count == 2) && types->arguments[0] == FFI_T_F64 &&
           (count == 1 || types->arguments[1] == FFI_T_F64);
}

Invoke ffi_choose_trampoline(Function *function)
{
    const FfiTypes *types = &function->base.types;
    unsigned integers = 0, floats = 0, stack = 0;

    if (types->is_variadic || types->result == FFI_T_STRUCT) return NULL;
    for (unsigned i = function->calls_address; i < types->count; i++) {
        FfiType type = (FfiType)types->arguments[i];
        if (type == FFI_T_STRUCT) return NULL;
        if (is_float(type) && floats < ABI_FLOAT_REGISTERS)
            function->place[i] = (uint8_t)(ABI_INTEGER_REGISTERS + floats++);
        else if ((!is_float(type) || ABI_FLOATS_SPILL_TO_INTEGERS) && integers < ABI_INTEGER_REGISTERS)
            function->place[i] = (uint8_t)integers++;
        else if (stack < STACK_MANY)
            function->place[i] = (uint8_t)(STACK_AT + stack++);
        else
            return NULL;
    }
    function->stack_words = stack == 0 ? 0 : stack <= STACK_SOME ? STACK_SOME : STACK_MANY;
    if (!function->calls_address && has_doubles_only(types)) return invoke_doubles;
    function->is_plain = needs_no_extension(types);
    if (!function->calls_address && has_integers_only(types)) return invoke_integers;
    return invoke_any;
}
