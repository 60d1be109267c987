/* libffi.c - what the trampoline cannot do: structs by value, variadic functions, callbacks. */
#include <assert.h>
#include <errno.h>
#include <ffi.h>
#include <string.h>

#include "base/base.h"
#include "ffi/ffi_internal.h"

typedef struct Slow {
    ffi_cif cif;
    ffi_type *arguments[FFI_ARGUMENT_LIMIT];
    ffi_type *result;
} Slow;

static ffi_type *const plain_types[] = {
    &ffi_type_void,   &ffi_type_uint8,  &ffi_type_sint8,  &ffi_type_uint8,  &ffi_type_sint16, &ffi_type_uint16,  &ffi_type_sint32,
    &ffi_type_uint32, &ffi_type_sint64, &ffi_type_uint64, &ffi_type_float,  &ffi_type_double, &ffi_type_pointer,
};

/* ---- types ---- */

static void free_type(ffi_type *type)
{
    if (type == NULL || type->type != FFI_TYPE_STRUCT) return;
    for (size_t i = 0; type->elements[i] != NULL; i++) free_type(type->elements[i]);
    memory_free(type->elements);
    memory_free(type);
}

static Result make_type(ffi_type **type, const char **text);

/* "{i32,{f32,f32}}": libffi wants the members in an array that ends with NULL. */
static Result make_struct(ffi_type **type, const char **text)
{
    ARRAY_OF(ffi_type *) members = {0};
    ffi_type *made = NULL, *member = NULL;
    Result result;

    do {
        ++*text; /* '{' or ',' */
        TRY(make_type(&member, text));
        TRY(array_push(&members, member));
        member = NULL;
    } while (**text == ',');
    if (*(*text)++ != '}') TRY(error_set(ERROR_FORMAT, "a C struct lacks its '}'"));
    TRY(array_push(&members, (ffi_type *)NULL));
    made = memory_allocate(sizeof *made);
    if (made == NULL) TRY(ERROR_MEMORY);
    made->type = FFI_TYPE_STRUCT;
    made->elements = members.items;
    *type = made;
    return OK;

done:
    free_type(member);
    for (size_t i = 0; i < members.count; i++) free_type(members.items[i]);
    array_free(&members);
    return result;
}

static Result make_type(ffi_type **type, const char **text)
{
    static const struct {
        const char *name;
        FfiType type;
    } names[] = {{"bool", FFI_T_BOOL}, {"i8", FFI_T_I8},   {"u8", FFI_T_U8},   {"i16", FFI_T_I16},
                 {"u16", FFI_T_U16},   {"i32", FFI_T_I32}, {"u32", FFI_T_U32}, {"i64", FFI_T_I64},
                 {"u64", FFI_T_U64},   {"f32", FFI_T_F32}, {"f64", FFI_T_F64}, {"ptr", FFI_T_POINTER}};

    if (**text == '{') return make_struct(type, text);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = strlen(names[i].name);
        if (strncmp(*text, names[i].name, length) != 0) continue;
        *text += length;
        *type = plain_types[names[i].type];
        return OK;
    }
    return error_set(ERROR_FORMAT, "not a C type: \"%s\"", *text);
}

static Result type_of(ffi_type **type, const FfiSignature *signature, FfiType kind, size_t index)
{
    const char *text = signature->text + signature->struct_at[index];

    if (kind == FFI_T_STRUCT) return make_type(type, &text);
    *type = plain_types[kind];
    return OK;
}

/* C's default promotions for the variable part. */
static FfiType promoted(FfiType type)
{
    if (type == FFI_T_F32) return FFI_T_F64;
    return type >= FFI_T_BOOL && type <= FFI_T_U16 ? FFI_T_I32 : type;
}

static void close_slow(Slow *slow)
{
    if (slow == NULL) return;
    for (size_t i = 0; i < FFI_ARGUMENT_LIMIT; i++) free_type(slow->arguments[i]);
    free_type(slow->result);
    memory_free(slow);
}

static Result prepare(Slow **opened, const FfiSignature *signature, unsigned first)
{
    const FfiTypes *types = &signature->types;
    Slow *slow = memory_allocate(sizeof *slow);
    unsigned count = types->count - first;
    ffi_status status;
    Result result;

    if (slow == NULL) return ERROR_MEMORY;
    for (unsigned i = first; i < types->count; i++) {
        FfiType type = (FfiType)types->arguments[i];
        if (types->is_variadic && i >= types->fixed_count) type = promoted(type);
        TRY(type_of(&slow->arguments[i - first], signature, type, i));
    }
    TRY(type_of(&slow->result, signature, (FfiType)types->result, FFI_ARGUMENT_LIMIT));
    status = types->is_variadic
                 ? ffi_prep_cif_var(&slow->cif, FFI_DEFAULT_ABI, types->fixed_count - first, count, slow->result, slow->arguments)
                 : ffi_prep_cif(&slow->cif, FFI_DEFAULT_ABI, count, slow->result, slow->arguments);
    if (status != FFI_OK) TRY(error_set(ERROR_UNSUPPORTED, "C signature \"%s\"", signature->text));
    *opened = slow;
    return OK;

done:
    close_slow(slow);
    return result;
}

/* ---- calls ---- */

Result ffi_slow_open(Function *function, const FfiSignature *signature)
{
    const FfiTypes *types = &signature->types;
    Slow *slow = NULL;
    Result result;

    if (types->is_variadic && types->fixed_count < 1 + function->calls_address)
        return error_set(ERROR_FORMAT, "a variadic C function has a fixed argument: \"%s\"", signature->text);
    result = prepare(&slow, signature, function->calls_address);
    function->slow = slow;
    return result;
}

void ffi_slow_close(Function *function)
{
    close_slow(function->slow);
    function->slow = NULL;
}

static uint64_t promoted_word(const FfiTypes *types, unsigned i, uint64_t word)
{
    FfiType type = (FfiType)types->arguments[i];

    if (types->is_variadic && i >= types->fixed_count && type == FFI_T_F32)
        return bits_of_f64((double)f32_of((uint32_t)word));
    return ffi_extend(type, word);
}

void ffi_invoke_slow(const FfiFunction *base, const uint64_t *arguments, uint64_t *result)
{
    const Function *function = (const Function *)base;
    const FfiTypes *types = &base->types;
    unsigned first = function->calls_address;
    void *address = first ? (void *)(uintptr_t)arguments[0] : atomic_load(&((FfiFunction *)base)->address);
    Slow *slow = function->slow;
    uint64_t words[FFI_ARGUMENT_LIMIT], word = 0;
    void *values[FFI_ARGUMENT_LIMIT];
    bool returns_struct = types->result == FFI_T_STRUCT;
    void (*call)(void);

    for (unsigned i = first; i < types->count; i++) {
        words[i] = promoted_word(types, i, arguments[i]);
        values[i - first] = types->arguments[i] == FFI_T_STRUCT ? (void *)(uintptr_t)arguments[i] : &words[i];
    }
    memcpy(&call, &address, sizeof call);
    errno = 0;
    ffi_call(&slow->cif, call, returns_struct ? (void *)(uintptr_t)*result : &word, values);
    if (!base->leaves_errno) ffi_thread_current()->error = errno;
    if (!returns_struct) *result = ffi_extend((FfiType)types->result, word);
}

/* ---- callbacks ---- */

struct FfiCallback {
    ffi_closure *closure;
    void *address;
    Slow *slow;
    FfiTypes types;
    FfiHandler handler;
    void *context;
};

static uint64_t read_word(FfiType type, const void *at)
{
    uint64_t word = 0;
    static const uint8_t sizes[] = {0, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 8};

    if (type == FFI_T_STRUCT) return (uint64_t)(uintptr_t)at;
    memcpy(&word, at, sizes[type]);
    return ffi_extend(type, word);
}

static void on_callback(ffi_cif *cif, void *result, void **values, void *pointer)
{
    FfiCallback *callback = pointer;
    const FfiTypes *types = &callback->types;
    uint64_t arguments[FFI_ARGUMENT_LIMIT], word = 0;
    bool returns_struct = types->result == FFI_T_STRUCT;

    for (unsigned i = 0; i < types->count; i++)
        arguments[i] = read_word((FfiType)types->arguments[i], values[i]);
    if (returns_struct) word = (uint64_t)(uintptr_t)result;
    callback->handler(callback->context, arguments, &word);
    if (returns_struct || types->result == FFI_T_VOID) return;
    word = ffi_extend((FfiType)types->result, word);
    memcpy(result, &word, types->result == FFI_T_F32 ? 4 : 8); /* libffi widens small integers to a word */
}

Result ffi_callback_open(FfiCallback **callback, const FfiSignature *signature, FfiHandler handler, void *context)
{
    FfiCallback *made = memory_allocate(sizeof *made);
    Result result;

    if (made == NULL) return ERROR_MEMORY;
    made->types = signature->types;
    made->handler = handler;
    made->context = context;
    TRY(prepare(&made->slow, signature, 0));
    made->closure = ffi_closure_alloc(sizeof(ffi_closure), &made->address);
    if (made->closure == NULL) TRY(error_set(ERROR_MEMORY, "no memory for a callback"));
    if (ffi_prep_closure_loc(made->closure, &made->slow->cif, on_callback, made, made->address) != FFI_OK)
        TRY(error_set(ERROR_UNSUPPORTED, "a callback \"%s\"", signature->text));
    *callback = made;
    return OK;

done:
    ffi_callback_close(made);
    return result;
}

void *ffi_callback_address(const FfiCallback *callback)
{
    return callback->address;
}

void ffi_callback_close(FfiCallback *callback)
{
    if (callback == NULL) return;
    if (callback->closure != NULL) ffi_closure_free(callback->closure);
    close_slow(callback->slow);
    memory_free(callback);
}
