/* translate.c - the language's translate hook: bytecode, native and abstract methods to installed code. */
#include <string.h>

#include "base/memory.h"
#include "java/dump.h"
#include "java/raise.h"
#include "java/translate.h"
#include "java/translate_internal.h"
#include "java/translate_native.h"
#include "run/watch.h"

/* ---- the constant pool of a loaded class ---- */

typedef struct PoolContext {
    const JavaClass *class;
    uint32_t method;
} PoolContext;

static const JavaClass *pool_class(const void *context)
{
    return ((const PoolContext *)context)->class;
}

static TranslateText text_of(SymbolRef symbol)
{
    if (symbol == 0)
        return (TranslateText){"", 0};
    return (TranslateText){symbol_text(symbol), symbol_length(symbol)};
}

static bool is_reference_tag(unsigned tag)
{
    return (tag >= CONSTANT_FIELD && tag <= CONSTANT_INTERFACE_METHOD) || tag == CONSTANT_DYNAMIC || tag == CONSTANT_INVOKE_DYNAMIC;
}

static unsigned pool_tag(const void *context, unsigned index)
{
    const JavaClass *class = pool_class(context);
    return index < class->cp_count ? java_pool_tag(class, index) : 0;
}

static TranslateText pool_name(const void *context, unsigned index)
{
    return text_of(is_reference_tag(pool_tag(context, index)) ? java_pool_reference(pool_class(context), index).name : 0);
}

static TranslateText pool_descriptor(const void *context, unsigned index)
{
    return text_of(is_reference_tag(pool_tag(context, index)) ? java_pool_reference(pool_class(context), index).descriptor : 0);
}

static TranslateText pool_class_name(const void *context, unsigned index)
{
    return text_of(java_pool_reference(pool_class(context), index).class_name);
}

/* invokeBasic and linkToX trust their arguments: only the package that they belong to may call them, and for other classes
 * they are methods like any other, which resolution refuses. */
static enum JavaPolymorphic pool_polymorphic(const void *context, unsigned index)
{
    const JavaClass *class = pool_class(context);
    JavaReference reference = java_pool_reference(class, index);
    enum JavaPolymorphic kind = java_polymorphic_kind(reference.class_name, reference.name);

    return !java_polymorphic_trusts(kind) || java_same_package(class->index, java_class(METHOD_HANDLE)) ? kind : POLYMORPHIC_NONE;
}

static uint64_t pool_number(const void *context, unsigned index)
{
    const JavaClass *class = pool_class(context);

    switch (java_pool_tag(class, index)) {
    case CONSTANT_INTEGER: return (uint64_t)(int64_t)java_pool_int(class, index);
    case CONSTANT_FLOAT: return java_pool_float_bits(class, index);
    default: return java_pool_long(class, index);
    }
}

static unsigned pool_slot(const void *context, unsigned index, uint32_t bytecode_index)
{
    const PoolContext *pool = context;

    if (java_pool_tag(pool->class, index) != CONSTANT_INVOKE_DYNAMIC)
        return (unsigned)java_pool_slot(pool->class, index);
    const JavaCallSite *site = java_call_site(pool->method, bytecode_index);
    return site == NULL ? UINT32_MAX : site->slot;
}

static const char array_types[] = "ZCFDBSIJ"; /* of newarray's codes 4 .. 11 */

static uint64_t pool_primitive_array(const void *context, unsigned code)
{
    uint32_t element = code >= 4 && code <= 11 ? java_primitive_class(array_types[code - 4]) : 0;
    uint32_t array = element == 0 ? 0 : class_at(element)->array_class;
    return array == 0 ? 0 : array | (uint64_t)class_at(array)->element_shift << 32;
}

/* The field is looked up among the classes that are loaded already. */
static bool pool_static_may_be_volatile(const void *context, unsigned index)
{
    const JavaClass *class = pool_class(context);
    JavaReference reference = java_pool_reference(class, index);
    uint32_t holder = reference.class_name == class->name ? class->index : java_find_loaded_nogc(class->loader, reference.class_name);
    const JavaField *field = holder == 0 ? NULL : java_find_field(holder, reference.name, reference.descriptor);
    return field == NULL || field->access_flags & ACCESS_VOLATILE;
}

static const TranslatePool loaded_pool = {
    .tag = pool_tag, .name = pool_name, .descriptor = pool_descriptor, .class_name = pool_class_name,
    .polymorphic = pool_polymorphic, .number = pool_number,
    .slot = pool_slot, .primitive_array = pool_primitive_array, .static_may_be_volatile = pool_static_may_be_volatile,
};

/* ---- a method with bytecode ---- */

/* The input of a loaded method; handlers is for the caller to free. */
static Result make_input(const JavaMethod *method, PoolContext *context, TranslateInput *input, TranslateHandler **handlers)
{
    const JavaClass *class = java_method_holder(method);
    JavaCode code = java_method_code(method);

    *context = (PoolContext){class, method->method.number};
    *handlers = memory_allocate_array(code.exception_count + 1u, sizeof **handlers);
    if (*handlers == NULL)
        return ERROR_MEMORY;
    for (uint32_t i = 0; i < code.exception_count; i++) {
        const uint8_t *row = code.exceptions + 8 * i;
        (*handlers)[i] = (TranslateHandler){read_be16(row), read_be16(row + 2), read_be16(row + 4), read_be16(row + 6)};
    }
    *input = (TranslateInput){
        .method = method->method.number,
        .flags = method->access_flags,
        .max_locals = code.max_locals,
        .max_stack = code.max_stack,
        .hidden = method->method.flags & METHOD_HIDDEN || class_at(class->index)->flags & CLASS_HIDDEN_FRAMES,
        .descriptor = text_of(method->descriptor),
        .code = code.bytes,
        .code_length = code.length,
        .handlers = *handlers,
        .handler_count = code.exception_count,
        .constants_root = class_at(class->index)->constants_root,
        .this_index = class->this_index,
        .pool = loaded_pool,
        .marks = run_watching & WATCH_COUNT ? MARKS_ALL : run_watching != 0 ? MARKS_ENTRY : MARKS_NONE,
    };
    input->pool.context = context;
    return OK;
}

/* Array classes are objects too: those that the code names are made before it is looked at closely. */
static Outcome make_array_classes(Thread *thread, uint32_t method)
{
    bool wanted[12] = {false};
    JavaCode code = java_method_code(java_method_at(method));
    Instruction now;

    if (code.length == 0 || memchr(code.bytes, BC_NEWARRAY, code.length) == NULL)
        return OUTCOME_DONE;
    for (uint32_t pc = 0; pc < code.length; pc = now.next) {
        if (translate_decode(code.bytes, code.length, pc, &now) != OK)
            break;
        if (now.operation == BC_NEWARRAY && now.number >= 4 && now.number <= 11)
            wanted[now.number] = true;
    }
    for (unsigned i = 4; i <= 11; i++)
        if (wanted[i] && java_array_class(thread, java_primitive_class(array_types[i - 4])) == 0)
            return OUTCOME_THROW;
    return OUTCOME_DONE;
}

static Outcome raise_failure(Thread *thread, uint32_t number, Result result)
{
    const JavaMethod *method = java_method_at(number);
    const char *class_name = java_class_external_name(method->method.holder);

    if (result == ERROR_MEMORY)
        return java_throw_memory(thread);
    return java_throw(thread, result == ERROR_FORMAT ? "java/lang/VerifyError" : "java/lang/InternalError",
                      "(class: %s, method: %s signature: %s) %s", class_name, symbol_text(method->name),
                      symbol_text(method->descriptor), error_message());
}

static Outcome translate_bytecode(Thread *thread, uint32_t number)
{
    PoolContext context;
    TranslateInput input;
    TranslateHandler *handlers = NULL;
    Code *code = NULL;
    Outcome outcome = make_array_classes(thread, number);

    if (outcome != OUTCOME_DONE)
        return outcome;
    Result result = make_input(java_method_at(number), &context, &input, &handlers);
    if (result == OK) {
        if (java_class_flags(java_method_holder(java_method_at(number))) & JAVA_CLASS_TRUSTED)
            input.attempt = java_find_attempt(java_method_at(number));
        result = translate_body(&input, &code);
    }
    if (result == OK)
        result = translate_install(number, code);
    memory_free(handlers);
    memory_free(code);
    return result == OK ? OUTCOME_DONE : raise_failure(thread, number, result);
}

/* The code is checked in debug and sanitizer builds; in others the unit test's word counts. */
Result translate_install(uint32_t number, const Code *code)
{
#if defined(RUN_DISPATCH_INDEX) || !defined(__OPTIMIZE__)
    Result checked = code_verify(code);
    if (checked != OK)
        return checked;
#endif
    java_dump_code(number, code);
    return method_install(method_at(number), code);
}

int java_translate(Thread *thread, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);

    if (!method_is_stub(method_entry(number)))
        return OUTCOME_DONE; /* another thread was faster */
    if (java_method_flags(method) & JAVA_METHOD_OVERPASS_ERROR)
        return translate_raise(thread, number, RAISE_INCOMPATIBLE);
    if (method->access_flags & ACCESS_NATIVE)
        return translate_native(thread, number);
    if (method->access_flags & ACCESS_ABSTRACT || method->code_offset == 0)
        return translate_raise(thread, number, RAISE_ABSTRACT);
    if (java_method_flags(method) & JAVA_METHOD_INTRINSIC) {
        bool found;
        Outcome outcome = translate_intrinsic(thread, number, &found);
        if (found)
            return outcome;
    }
    return translate_bytecode(thread, number);
}

/* ---- the guest's state ---- */

Result java_guest_state(uint32_t method, uint32_t bytecode_index, JavaGuestState *state)
{
    PoolContext context;
    TranslateInput input;
    TranslateHandler *handlers = NULL;
    Result result = OK;

    *state = (JavaGuestState){0};
    if (java_method_at(method)->access_flags & ACCESS_NATIVE)
        return translate_native_state(text_of(java_method_at(method)->descriptor),
                                      !(java_method_at(method)->access_flags & ACCESS_STATIC), state);
    TRY(make_input(java_method_at(method), &context, &input, &handlers));
    if (bytecode_index > input.code_length || input.code_length == 0)
        return error_set(ERROR_NOT_FOUND, "no bytecode at %u", bytecode_index);
    TRY(translate_guest_state(&input, bytecode_index, state));
done:
    memory_free(handlers);
    return result;
}

/* ---- for run/watch.h ---- */

void java_guest_work(uint32_t method, uint32_t first, uint32_t end, RunWork *work)
{
    PoolContext context;
    TranslateInput input;
    TranslateHandler *handlers = NULL;

    if (java_method_at(method)->code_offset != 0 && make_input(java_method_at(method), &context, &input, &handlers) == OK)
        translate_work(&input, first, end, work);
    memory_free(handlers);
}

void java_method_name(uint32_t method, char *text, size_t size)
{
    const JavaMethod *info = java_method_at(method);
    snprintf(text, size, "%s.%s%s", java_class_guest_name(info->method.holder), symbol_text(info->name), symbol_text(info->descriptor));
}
