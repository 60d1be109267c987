/* primitive_ffi.c - calls of C functions: native methods with @coracle.ffi.Function, in the machine's own library.
 *
 * A method's declaration is read from its annotation at its first call and kept in a table of this process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ffi/ffi.h"
#include "ffi/platform_facts.h"
#include "java/primitive_internal.h"

#define METHOD_LIMIT (1u << 24)

/* A declared function, and where its arguments lie among the argument slots. */
typedef struct Declaration {
    FfiFunction *function;
    unsigned count;
    bool has_arrays;
    int64_t failure; /* of an abandonable one: its result after a thaw */
    uint8_t slots[FFI_ARGUMENT_LIMIT];
    bool is_array[FFI_ARGUMENT_LIMIT];
} Declaration;

static ArenaTable declaration_table; /* Declaration *, by method number; anonymous */
static OsMutex declaration_lock;
static bool trace;

void java_set_trace_ffi(bool on)
{
    trace = on;
}

Result java_ffi_open(void)
{
    return arena_table_open(&declaration_table, "foreign functions", sizeof(Declaration *), METHOD_LIMIT, false);
}

/* ---- the annotation ---- */

typedef struct Annotation {
    char symbol[128], library[256], mode[32], signature[FFI_TEXT_LIMIT];
    char failure[64];
} Annotation;

static void copy_utf8(const JavaClass *class, unsigned cp_index, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", symbol_text(java_pool_utf8(class, cp_index)));
}

/* One element-value pair; those that do not matter here are numbers. */
static void read_pair(const JavaClass *class, Reader *reader, Annotation *annotation)
{
    const char *name = symbol_text(java_pool_utf8(class, reader_be16(reader)));
    char tag = (char)reader_u8(reader);
    unsigned value = reader_be16(reader);

    if (tag == 'e') {
        copy_utf8(class, reader_be16(reader), annotation->mode, sizeof annotation->mode);
    } else if (tag == 's') {
        if (strcmp(name, "value") == 0)
            copy_utf8(class, value, annotation->symbol, sizeof annotation->symbol);
        else if (strcmp(name, "library") == 0)
            copy_utf8(class, value, annotation->library, sizeof annotation->library);
        else if (strcmp(name, "signature") == 0)
            copy_utf8(class, value, annotation->signature, sizeof annotation->signature);
        else if (strcmp(name, "failure") == 0)
            copy_utf8(class, value, annotation->failure, sizeof annotation->failure);
    }
}

static void read_annotation(const JavaMethod *method, Annotation *annotation)
{
    const JavaClass *class = java_method_holder(method);
    Reader reader = reader_over(java_class_bytes(class) + method->ffi_annotation, class->bytes_size - method->ffi_annotation);
    unsigned pairs;

    *annotation = (Annotation){.library = "c", .mode = "leaf", .failure = "-1"};
    reader_skip(&reader, 2);
    pairs = reader_be16(&reader);
    for (unsigned i = 0; i < pairs && !reader.failed; i++)
        read_pair(class, &reader, annotation);
}

static bool place_arguments(const JavaMethod *method, Declaration *declaration)
{
    JavaParameters parameters = java_parameters(symbol_text(method->descriptor));
    const char *start;
    unsigned length, slot = 0;
    char type;

    while ((type = java_parameters_next(&parameters, &start, &length)) != 0 && !parameters.at_return) {
        if (declaration->count == FFI_ARGUMENT_LIMIT)
            return false;
        declaration->is_array[declaration->count] = type == '[';
        declaration->has_arrays |= type == '[';
        declaration->slots[declaration->count++] = (uint8_t)slot;
        slot += type == 'J' || type == 'D' ? 2 : 1;
    }
    return true;
}

static Result read_failure(const char *text, int64_t *value)
{
    char *end;

    *value = strtoll(text, &end, 10);
    if (*end == 0 || platform_fact_find(text, value))
        return OK;
    return error_set(ERROR_FORMAT, "%s is neither a number nor a platform fact", text);
}

static Result declare(const JavaMethod *method, Declaration *declaration)
{
    Annotation annotation;
    FfiSignature signature;
    FfiMode mode;
    Result result = OK;

    read_annotation(method, &annotation);
    TRY(ffi_mode_parse(&mode, annotation.mode));
    TRY(read_failure(annotation.failure, &declaration->failure));
    if (annotation.signature[0] != 0)
        TRY(ffi_signature_parse(&signature, annotation.signature));
    else
        TRY(ffi_signature_parse_descriptor(&signature, symbol_text(method->descriptor)));
    if (!place_arguments(method, declaration) || declaration->count != signature.count)
        return error_set(ERROR_FORMAT, "%s: the signature does not fit the method's descriptor", annotation.symbol);
    if (declaration->has_arrays && mode != FFI_LEAF)
        return error_set(ERROR_FORMAT, "%s: a function that may wait takes no arrays", annotation.symbol);
    TRY(ffi_function_open(&declaration->function, annotation.library, annotation.symbol, &signature, mode));
    TRY(ffi_function_bind(declaration->function));
done:
    return result;
}

static Declaration **declaration_slot(uint32_t method)
{
    return (Declaration **)(void *)declaration_table.base + method;
}

static Result find_declaration(uint32_t number, Declaration **found)
{
    Declaration *made = NULL;
    Result result = OK;

    os_mutex_lock(&declaration_lock);
    TRY(arena_table_reach(&declaration_table, number + 1));
    *found = *declaration_slot(number);
    if (*found != NULL)
        goto done;
    made = memory_allocate(sizeof *made);
    if (made == NULL)
        result = ERROR_MEMORY;
    else if (!(java_class_flags(java_method_holder(java_method_at(number))) & JAVA_CLASS_TRUSTED))
        result = error_set(ERROR_STATE, "only the machine's own library may call C functions");
    else
        result = declare(java_method_at(number), made);
    if (result == OK)
        __atomic_store_n(declaration_slot(number), made, __ATOMIC_RELEASE);
    else
        memory_free(made);
    *found = made;
done:
    os_mutex_unlock(&declaration_lock);
    return result;
}

/* ---- the call ---- */

static void collect_arguments(const Declaration *declaration, const Value *arguments, uint64_t *words)
{
    for (unsigned i = 0; i < declaration->count; i++) {
        Value value = arguments[declaration->slots[i]];
        words[i] = declaration->is_array[i] && value != 0 ? value + ARRAY_BASE_OFFSET : value;
    }
}

static void trace_call(uint32_t method, const uint64_t *words, unsigned count, uint64_t result)
{
    fprintf(stderr, "ffi %s(", symbol_text(java_method_at(method)->name));
    for (unsigned i = 0; i < count; i++)
        fprintf(stderr, "%s%#llx", i == 0 ? "" : ", ", (unsigned long long)words[i]);
    fprintf(stderr, ") = %#llx\n", (unsigned long long)result);
}

static Outcome call_foreign(Thread *thread, Value *arguments, Value *result)
{
    uint32_t method = ((const Code *)(uintptr_t)thread->fp[FRAME_CODE])->method;
    Declaration *declaration = method < arena_table_count(&declaration_table)
                                   ? __atomic_load_n(declaration_slot(method), __ATOMIC_ACQUIRE) : NULL;
    uint64_t words[FFI_ARGUMENT_LIMIT];

    if (declaration == NULL && find_declaration(method, &declaration) != OK)
        return java_throw(thread, "java/lang/UnsatisfiedLinkError", "%s", error_message());
    collect_arguments(declaration, arguments, words);
    if (declaration->function->mode == FFI_LEAF) {
        ffi_invoke(declaration->function, words, result);
    } else {
        Outcome outcome = run_foreign_call(thread, declaration->function, words, (uint64_t)declaration->failure, result);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    if (trace)
        trace_call(method, words, declaration->count, *result);
    return OUTCOME_DONE;
}

void primitive_register_ffi(void)
{
    static const PrimitiveRow rows[] = {{"coracle.ffi.call", call_foreign}};
    primitive_register_rows(rows, COUNT_OF(rows));
}
