/* primitive_ffi.c - calls of C functions: native methods with @coracle.ffi.Function, in the machine's own library.
 *
 * A method's declaration is read from its annotation at its first call and kept in a table of this process. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ffi/ffi.h"
#include "ffi/platform_facts.h"
#include "java/primitive_internal.h"

/* A declared function, and where its arguments lie among the argument slots. */
typedef struct Declaration {
    FfiFunction *function;
    uint32_t method;
    uint32_t count;
    uint32_t arrays; /* bit i: argument i is one */
    int64_t failure; /* of an abandonable one: its result after a thaw */
    uint8_t slots[FFI_ARGUMENT_LIMIT];
} Declaration;
_Static_assert(FFI_ARGUMENT_LIMIT <= 32, "a bit for each");

/* The declarations of this process: a hash table by method number, open addressing, read without the lock. One that has
 * become too small stays for those who read it; all of them are smaller than the last. */
typedef struct Declarations {
    uint32_t mask, used;
    Declaration *_Atomic slots[];
} Declarations;

static Declarations *_Atomic declarations;
static OsMutex declaration_lock;
static bool trace;

void java_set_trace_ffi(bool on)
{
    trace = on;
}

/* ---- the annotation ---- */

typedef struct Annotation {
    char symbol[128], library[256], mode[32], signature[FFI_TEXT_LIMIT];
    char failure[64];
} Annotation;

static void copy_utf8(const JavaClass *class, unsigned cp_index, char *buffer, size_t size)
{
    const char *text = symbol_text(java_pool_utf8(class, cp_index));
    size_t length = strlen(text) < size ? strlen(text) : size - 1;

    memcpy(buffer, text, length);
    buffer[length] = 0;
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
        declaration->arrays |= (uint32_t)(type == '[') << declaration->count;
        declaration->slots[declaration->count++] = (uint8_t)slot;
        slot += type == 'J' || type == 'D' ? 2 : 1;
    }
    return true;
}

static Result read_failure(const char *text, int64_t *value)
{
    if (*text_number(text, value) == 0 || platform_fact_find(text, value))
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
    if (!place_arguments(method, declaration) || declaration->count != signature.types.count)
        return error_set(ERROR_FORMAT, "%s: the signature does not fit the method's descriptor", annotation.symbol);
    if (declaration->arrays != 0 && mode != FFI_LEAF)
        return error_set(ERROR_FORMAT, "%s: a function that may wait takes no arrays", annotation.symbol);
    TRY(ffi_function_open(&declaration->function, annotation.library, annotation.symbol, &signature, mode));
    TRY(ffi_function_bind(declaration->function));
done:
    return result;
}

/* Where the method's declaration is, or would be. */
static Declaration *_Atomic *declaration_slot(Declarations *all, uint32_t method)
{
    for (uint32_t at = method;; at++) {
        Declaration *_Atomic *slot = &all->slots[at & all->mask];
        const Declaration *there = atomic_load_explicit(slot, memory_order_acquire);
        if (there == NULL || there->method == method)
            return slot;
    }
}

static Declaration *known_declaration(uint32_t method)
{
    Declarations *all = atomic_load_explicit(&declarations, memory_order_acquire);
    return all != NULL ? atomic_load_explicit(declaration_slot(all, method), memory_order_acquire) : NULL;
}

static Result grow_declarations(void)
{
    Declarations *old = declarations;
    uint32_t count = old == NULL ? 128 : (old->mask + 1) * 2;
    Declarations *made = memory_allocate(sizeof *made + count * sizeof made->slots[0]);

    if (made == NULL)
        return ERROR_MEMORY;
    made->mask = count - 1;
    for (uint32_t i = 0; old != NULL && i <= old->mask; i++)
        if (old->slots[i] != NULL) {
            *declaration_slot(made, old->slots[i]->method) = old->slots[i];
            made->used++;
        }
    atomic_store_explicit(&declarations, made, memory_order_release);
    return OK;
}

static Result add_declaration(Declaration *declaration)
{
    Result result = OK;

    if (declarations == NULL || declarations->used > declarations->mask / 2)
        TRY(grow_declarations());
    atomic_store_explicit(declaration_slot(declarations, declaration->method), declaration, memory_order_release);
    declarations->used++;
done:
    return result;
}

static Result find_declaration(uint32_t number, Declaration **found)
{
    Declaration *made = NULL;
    Result result = OK;

    os_mutex_lock(&declaration_lock);
    *found = known_declaration(number);
    if (*found != NULL)
        goto done;
    made = memory_allocate(sizeof *made);
    if (made == NULL)
        result = ERROR_MEMORY;
    else if (!(java_class_flags(java_method_holder(java_method_at(number))) & JAVA_CLASS_TRUSTED))
        result = error_set(ERROR_STATE, "only the machine's own library may call C functions");
    else
        result = declare(java_method_at(number), made);
    if (result == OK) {
        made->method = number;
        result = add_declaration(made);
    }
    if (result != OK) {
        memory_free(made);
        made = NULL;
    }
    *found = made;
done:
    os_mutex_unlock(&declaration_lock);
    return result;
}

/* The ones of before stay, for those who are using them. */
void java_ffi_declare_anew(void)
{
    os_mutex_lock(&declaration_lock);
    atomic_store_explicit(&declarations, NULL, memory_order_release);
    os_mutex_unlock(&declaration_lock);
}

/* ---- the call ---- */

static void collect_arguments(const Declaration *declaration, const Value *arguments, uint64_t *words)
{
    for (unsigned i = 0; i < declaration->count; i++) {
        Value value = arguments[declaration->slots[i]];
        words[i] = (declaration->arrays >> i & 1) && value != 0 ? value + ARRAY_BASE_OFFSET : value;
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
    Declaration *declaration = known_declaration(method);
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
    run_register_primitives(rows, COUNT_OF(rows));
}
