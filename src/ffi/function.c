/* function.c - declared functions: finding their symbols; what belongs to a calling thread. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ffi/ffi_internal.h"
#include "ffi/native_memory.h"
#include "ffi/platform_facts.h"
#include "os/os.h"

/* ---- threads ---- */

_Thread_local FfiThread ffi_own_record;
_Thread_local FfiThread *ffi_attached_record;

void ffi_thread_attach(FfiThread *record)
{
    ffi_attached_record = record;
}

FfiThread *ffi_thread_current(void)
{
    return ffi_record();
}

bool ffi_call_was_interrupted(uint64_t result)
{
    return (int32_t)result == -1 && ffi_thread_current()->error == EINTR;
}

void ffi_thread_finish(FfiThread *record)
{
    native_memory_free((void *)(uintptr_t)record->staging);
    *record = (FfiThread){0};
}

static void finish_own_record(void)
{
    if (ffi_own_record.staging != 0) ffi_thread_finish(&ffi_own_record);
}

void *ffi_stage(size_t size)
{
    FfiThread *thread = ffi_thread_current();

    if (size > UINT32_MAX / 2) {
        error_set(ERROR_LIMIT, "a staging buffer of %zu bytes", size);
        return NULL;
    }
    if (thread->staging_size < size || thread->staging == 0) {
        size_t wanted = size < 8192 ? 8192 : (size + 4095) & ~(size_t)4095;
        void *block = native_memory_allocate(wanted);
        if (block == NULL) return NULL;
        native_memory_free((void *)(uintptr_t)thread->staging);
        if (thread == &ffi_own_record) os_thread_at_end(finish_own_record);
        thread->staging = (uintptr_t)block;
        thread->staging_size = (uint32_t)wanted;
    }
    return (void *)(uintptr_t)thread->staging;
}

/* ---- functions of the machine ---- */

static OsMutex lock;
static StringTable builtins;
static StringTable libraries; /* name -> OsLibrary, open until the process ends */

Result ffi_builtin_add(const char *name, void (*function)(void))
{
    Result result;
    os_mutex_lock(&lock);
    result = string_table_set_text(&builtins, name, (uint64_t)(uintptr_t)function);
    os_mutex_unlock(&lock);
    return result;
}

void *ffi_builtin_find(const char *name)
{
    uint64_t address = 0;
    os_mutex_lock(&lock);
    string_table_get_text(&builtins, name, &address);
    os_mutex_unlock(&lock);
    return address != 0 ? (void *)(uintptr_t)address : ffi_builtin_own(name);
}

/* ---- libraries ---- */

/* File names to try for a short library name, best first. */
static Result open_by_short_name(OsLibrary *library, const char *name)
{
    static const char *const patterns[] = {"lib%s.so.1", "lib%s.so.6", "lib%s.so.2", "lib%s.so.3", "lib%s.so"};
    char file[300];

    if (strchr(name, '/') != NULL || strstr(name, ".so") != NULL) return os_library_open(library, name);
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(file, sizeof file, patterns[i], name);
#pragma GCC diagnostic pop
        if (os_library_open(library, file) == OK) return OK;
    }
    return error_prefix(ERROR_NOT_FOUND, "library \"%s\"", name);
}

static Result library_by_name(OsLibrary *library, const char *name)
{
    Result result = OK;
    uint64_t known;

    if (strcmp(name, "c") == 0) name = "";
    os_mutex_lock(&lock);
    if (string_table_get_text(&libraries, name, &known)) {
        *library = (OsLibrary)(uintptr_t)known;
    } else {
        result = *name == 0 ? os_library_open(library, NULL) : open_by_short_name(library, name);
        if (result == OK) result = string_table_set_text(&libraries, name, (uint64_t)(uintptr_t)*library);
    }
    os_mutex_unlock(&lock);
    return result;
}

/* ---- functions ---- */

static void invoke_constant(const FfiFunction *function, const uint64_t *arguments, uint64_t *result)
{
    *result = ffi_extend((FfiType)function->types.result, ((const Function *)function)->constant);
}

Result ffi_function_open(FfiFunction **function, const char *library, const char *symbol,
                         const FfiSignature *signature, FfiMode mode)
{
    Result result = ERROR_MEMORY;
    size_t library_size = strlen(library) + 1, symbol_size = strlen(symbol) + 1;
    Function *made = memory_allocate(sizeof *made + library_size + symbol_size);

    if (made == NULL) return ERROR_MEMORY;
    made->base.mode = mode;
    made->base.types = signature->types;
    memcpy(made->library, library, library_size);
    made->symbol = memcpy(made->library + library_size, symbol, symbol_size);
    made->base.leaves_errno = strcmp(library, "coracle") == 0;
    made->calls_address = strcmp(symbol, "*") == 0;
    if (made->calls_address && (signature->types.count == 0 || signature->types.arguments[0] != FFI_T_POINTER))
        TRY(error_set(ERROR_ARGUMENT, "symbol \"*\" wants the function's address as first argument"));
    made->base.invoke = ffi_choose_trampoline(made);
    if (made->base.invoke == NULL) {
        TRY(ffi_slow_open(made, signature));
        made->base.invoke = ffi_invoke_slow;
    }
    *function = &made->base;
    made = NULL;
    result = OK;

done:
    if (made != NULL) ffi_function_close(&made->base);
    return result;
}

void ffi_function_close(FfiFunction *function)
{
    Function *f = (Function *)function;
    if (f == NULL) return;
    ffi_slow_close(f);
    memory_free(f);
}

static Result bind_fact(Function *f)
{
    int64_t value;

    if (f->base.types.count != 0) return error_set(ERROR_ARGUMENT, "the fact %s takes no arguments", f->symbol);
    if (!platform_fact_find(f->symbol, &value))
        return error_set(ERROR_NOT_FOUND, "no platform fact named %s", f->symbol);
    f->constant = (uint64_t)value;
    f->base.invoke = invoke_constant;
    atomic_store_explicit(&f->base.address, f, memory_order_release); /* any address: it is bound */
    return OK;
}

Result ffi_function_bind(FfiFunction *function)
{
    Function *f = (Function *)function;
    OsLibrary library = NULL;
    void *address = NULL;

    if (ffi_function_is_bound(function)) return OK;
    if (strcmp(f->library, "fact") == 0) return bind_fact(f);
    if (f->calls_address) {
        address = f; /* any: each call brings its own */
    } else if (strcmp(f->library, "coracle") == 0) {
        address = ffi_builtin_find(f->symbol);
    } else {
        Result result = library_by_name(&library, f->library);
        if (result != OK) return result;
        address = os_library_symbol(library, f->symbol);
    }
    if (address == NULL)
        return error_set(ERROR_NOT_FOUND, "no C function %s in library \"%s\"", f->symbol, f->library);
    atomic_store_explicit(&f->base.address, address, memory_order_release);
    return OK;
}
