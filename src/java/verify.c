/* verify.c - verification of a class when it is linked: each method with code, by its StackMapTable (JVMS 4.10).
 *
 * Classes of the jimage and of the machine's own library are trusted. Class files before version 50 have no
 * StackMapTable: their frames are inferred (verify_old.c). */
#include <string.h>

#include "java/verify.h"

bool verify_force_inference;

static bool copy_code(Verifier *v)
{
    const JavaMethod *method = java_method_at(v->method);
    const JavaClass *class = java_class_at(v->class_index);
    JavaCode code = java_method_code(method);
    uint32_t size = method->stack_map != 0 ? read_be32(java_class_bytes(class) + method->stack_map - 4) : 0;

    v->max_stack = code.max_stack;
    v->max_locals = code.max_locals;
    v->length = code.length;
    v->exception_count = code.exception_count;
    v->map_size = size;
    v->code = memory_allocate(code.length + 8 * (size_t)code.exception_count + size + 1);
    v->starts = memory_allocate(code.length + 1);
    v->current.locals = memory_allocate_array((size_t)code.max_locals + code.max_stack + 1, sizeof(VerifyType));
    if (v->code == NULL || v->starts == NULL || v->current.locals == NULL) {
        v->outcome = java_throw_memory(v->thread);
        return false;
    }
    v->current.stack = v->current.locals + code.max_locals;
    memcpy(v->code, code.bytes, code.length);
    memcpy(v->code + code.length, code.exceptions, 8 * (size_t)code.exception_count);
    v->exceptions = v->code + code.length;
    if (method->stack_map != 0) {
        v->map = v->code + code.length + 8 * (size_t)code.exception_count;
        memcpy(v->map, java_class_bytes(class) + method->stack_map, size);
    }
    return true;
}

/* Where instructions start; all of them must lie within the code. */
static bool find_starts(Verifier *v)
{
    for (v->pc = 0; v->pc < v->length;) {
        uint32_t step = class_file_instruction_length(v->code, v->length, v->pc);
        if (step == 0)
            return verify_fail(v, FAULT_BYTECODE, "Bad instruction");
        v->starts[v->pc] = 1;
        v->pc += step;
    }
    v->pc = 0;
    return true;
}

static bool check_exception_table(Verifier *v)
{
    for (uint32_t i = 0; i < v->exception_count; i++) {
        const uint8_t *entry = v->exceptions + 8 * i;
        unsigned start = read_be16(entry), end = read_be16(entry + 2), handler = read_be16(entry + 4), type = read_be16(entry + 6);
        if (!v->starts[start])
            return verify_format_error(v, "Illegal exception table start_pc %u", start);
        if (end != v->length && !v->starts[end])
            return verify_format_error(v, "Illegal exception table end_pc %u", end);
        if (!v->starts[handler])
            return verify_format_error(v, "Illegal exception table handler_pc %u", handler);
        if (type != 0) {
            VerifyType caught = type_object(java_pool_class_name(java_class_at(v->class_index), type));
            VerifyType throwable = type_object(java_world()->wellknown_names[JAVA_CLASS_THROWABLE]);
            bool fits = verify_is_assignable(v, caught, throwable, false);
            if (!VERIFY_GOES_ON(v))
                return false;
            v->pc = handler;
            if (!fits)
                return verify_fail_type(v, (VerifyPlace){ORIGIN_POOL, (int)type, caught}, (VerifyPlace){ORIGIN_IMPLICIT, 0, throwable}, NULL,
                                        "Catch type is not a subclass of Throwable in exception handler %u", handler);
            v->pc = 0;
        }
    }
    return true;
}

/* Entries of LocalVariableTable must name instructions. */
static bool check_local_variables(Verifier *v)
{
    uint32_t offset = java_method_at(v->method)->local_variables;
    const uint8_t *table = java_class_bytes(java_class_at(v->class_index)) + offset;

    for (unsigned i = 0; offset != 0 && i < read_be16(table); i++) {
        unsigned start = read_be16(table + 2 + 10 * i), length = read_be16(table + 4 + 10 * i), end = start + length;
        if (start >= v->length || !v->starts[start])
            return verify_format_error(v, "Illegal local variable table start_pc %u", start);
        if (end != v->length && (end > v->length || !v->starts[end]))
            return verify_format_error(v, "Illegal local variable table length %u", length);
    }
    return true;
}

static bool first_frame(Verifier *v)
{
    const JavaMethod *method = java_method_at(v->method);
    JavaParameters parameters = java_parameters(symbol_text(method->descriptor));
    const char *start, *returned = java_descriptor_return_text(symbol_text(method->descriptor));
    unsigned length, at = 0;

    v->return_type = *returned == 'V' ? TYPE(VERIFY_TOP) : verify_type_of(returned, (unsigned)strlen(returned));
    if (!(method->access_flags & ACCESS_STATIC)) {
        bool uninit = method->name == SYM(INIT) && java_class_at(v->class_index)->name != java_world()->wellknown_names[JAVA_CLASS_OBJECT];
        v->current.this_uninit = uninit;
        (void)verify_set_local(v, at++, uninit ? TYPE(VERIFY_UNINIT_THIS) : type_object(java_class_at(v->class_index)->name));
    }
    while (VERIFY_GOES_ON(v) && java_parameters_next(&parameters, &start, &length) != 0 && !parameters.at_return) {
        VerifyType type = verify_type_of(start, length);
        (void)verify_set_local_value(v, at, type);
        at += type_kind(type) == VERIFY_LONG || type_kind(type) == VERIFY_DOUBLE ? 2 : 1;
    }
    return VERIFY_GOES_ON(v);
}

static void close_verifier(Verifier *v)
{
    memory_free(v->code);
    memory_free(v->starts);
    memory_free(v->current.locals);
    memory_free(v->frames);
    memory_free(v->types);
    bytes_free(&v->message);
}

static bool verify_by_map(Verifier *v)
{
    return find_starts(v) && first_frame(v) && check_exception_table(v) && check_local_variables(v) && verify_read_map(v) &&
           verify_instructions(v);
}

/* Class files before version 50 have no map; one of version 50 that fails counts as absent. */
static bool verify_either_way(Verifier *v)
{
    unsigned major = verify_force_inference ? 45 : java_class_at(v->class_index)->major;

    if (major >= 50 && (verify_by_map(v) || major > 50 || v->outcome != OUTCOME_DONE))
        return VERIFY_GOES_ON(v);
    if (major == 50) {
        uint32_t method = v->method;
        Verifier again = {.thread = v->thread, .class_index = v->class_index, .method = method, .outcome = OUTCOME_DONE, .super_name = v->super_name};
        close_verifier(v);
        *v = again;
        if (!copy_code(v))
            return false;
    }
    v->infer = true;
    return find_starts(v) && first_frame(v) && check_exception_table(v) && verify_by_inference(v);
}

static Outcome verify_method(Thread *thread, uint32_t class_index, uint32_t method)
{
    uint32_t super = class_at(class_index)->super;
    Verifier v = {.thread = thread, .class_index = class_index, .method = method, .outcome = OUTCOME_DONE,
                  .super_name = super != 0 ? java_class_at(super)->name : 0};
    Outcome outcome;
    bool good;

    good = copy_code(&v) && verify_either_way(&v);
    outcome = v.outcome;
    if (!good && outcome == OUTCOME_DONE)
        outcome = java_throw(thread, v.error_class, "%s", bytes_as_text(&v.message) != NULL ? (const char *)v.message.data : "");
    close_verifier(&v);
    if (outcome == OUTCOME_DONE)
        __atomic_or_fetch(&java_method_at(method)->java_flags, JAVA_METHOD_VERIFIED, __ATOMIC_RELAXED);
    return outcome;
}

/* Classes of the JDK's own modules, whichever loader defined them. */
static bool is_of_jdk(uint32_t class_index)
{
    ArenaRef module = java_class_at(class_index)->module;
    SymbolRef location = module != 0 ? ARENA(JavaModule, module)->location : 0;

    return location != 0 && strncmp(symbol_text(location), "jrt:/", 5) == 0;
}

Outcome verify_class(Thread *thread, uint32_t class_index)
{
    uint32_t first = java_class_at(class_index)->first_method, count = java_class_at(class_index)->method_count;
    uint32_t magic = java_class(MAGIC_ACCESSOR);

    if (is_of_jdk(class_index) || (magic != 0 && java_is_subclass(class_index, magic))) /* reflection's generated accessors break rules by design */
        return OUTCOME_DONE;
    for (uint32_t i = 0; i < count; i++) {
        const JavaMethod *method = java_method_at(first + i);
        if (method->code_offset == 0 || (java_method_flags(method) & JAVA_METHOD_VERIFIED))
            continue;
        Outcome outcome = verify_method(thread, class_index, first + i);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}
