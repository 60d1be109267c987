/* translate_native.c - code of methods without bytecode: primitives, companions in the guest library, C functions, and
 * raises.
 *
 * The companion of native method m of class java/io/F is the static method m of class coracle/natives/java_io_F, whose
 * first parameter is the receiver if m is not static. */
#include <stdio.h>
#include <string.h>

#include "java/translate_internal.h"
#include "java/translate_native.h"
#include "run/watch.h"

typedef struct Stub {
    CodeBuilder *builder;
    uint32_t method;
    unsigned slots;
    unsigned locals;   /* arguments, and the lock of a synchronized method */
    unsigned outgoing; /* registers for arguments of a call */
    unsigned depth;    /* of them, those that have been filled: the guest's stack, to who looks at the frame */
    uint8_t bits[80]; /* twice 255 arguments and what a frame has besides */
} Stub;

static void set_reference(Stub *stub, int reg)
{
    unsigned bit = (unsigned)(reg + (int)stub->slots);
    stub->bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static void stub_map(Stub *stub, bool before)
{
    code_map(stub->builder, before, 0, stub->depth, stub->bits, sizeof stub->bits, NULL, 0);
}

static Result stub_open(Stub *stub, uint32_t method)
{
    *stub = (Stub){.method = method, .slots = java_method_at(method)->method.argument_slots};
    stub->locals = stub->slots;
    java_method_argument_references(java_method_at(method), stub->bits);
    Result result = code_builder_open(&stub->builder);
    if (result == OK && run_watching != 0) {
        stub_map(stub, true);
        code_mark(stub->builder, 0, 0);
    }
    return result;
}

/* With maps before and after as the operation asks. */
static void stub_emit(Stub *stub, uint32_t operation, int a, int b, int c)
{
    if (operation_infos[operation].effects & EFFECT_COLLECTS)
        stub_map(stub, true);
    code_emit(stub->builder, operation, a, b, c);
    if (operation_infos[operation].effects & EFFECT_CALLS)
        stub_map(stub, false);
}

static Result stub_install(Stub *stub, unsigned flags)
{
    const JavaMethod *method = java_method_at(stub->method);
    const Class *holder = class_at(method->method.holder);
    Code *code = NULL;
    Code shape = {
        .method = stub->method,
        .argument_slots = (uint16_t)stub->slots,
        .local_count = (uint16_t)stub->locals,
        .register_count = (uint16_t)(FRAME_HEADER + stub->locals - stub->slots + stub->outgoing + 2),
        .constants_root = holder->constants_root,
        .flags = (uint16_t)flags,
    };
    Result result = OK;

    shape.stack_count = (uint16_t)(stub->outgoing + 1);
    if (method->method.flags & METHOD_HIDDEN || holder->flags & CLASS_HIDDEN_FRAMES)
        shape.flags |= CODE_HIDDEN;
    TRY(code_builder_finish(stub->builder, &shape, &code));
    TRY(translate_install(stub->method, code));
done:
    memory_free(code);
    return result;
}

static Outcome stub_done(Thread *thread, Stub *stub, Result result)
{
    code_builder_close(stub->builder);
    if (result == OK)
        return OUTCOME_DONE;
    return result == ERROR_MEMORY ? java_throw_memory(thread) : java_throw(thread, "java/lang/InternalError", "%s", error_message());
}

/* ---- raises ---- */

Outcome translate_raise(Thread *thread, uint32_t method, enum RaiseKind kind)
{
    Stub stub;
    Result result = OK;

    TRY(stub_open(&stub, method));
    stub_emit(&stub, OP_RAISE, (int)kind, 0, 0);
    TRY(stub_install(&stub, kind == RAISE_UNLINKED ? CODE_NATIVE : 0));
done:
    return stub_done(thread, &stub, result);
}

/* ---- primitives ---- */

/* What a primitive pushes returns to the word behind it. */
static Outcome make_primitive(Thread *thread, uint32_t method, uint32_t primitive)
{
    Stub stub;
    Result result = OK;

    __atomic_store_n(&java_method_at(method)->primitive, primitive, __ATOMIC_RELAXED); /* two threads may be here */
    TRY(stub_open(&stub, method));
    stub_emit(&stub, OP_NATIVE, 0, code_literal_reserve(stub.builder, primitive), (int)stub.slots);
    stub_emit(&stub, OP_NATIVE_RETURN, 0, 0, (int)stub.slots);
    TRY(stub_install(&stub, CODE_NATIVE));
done:
    return stub_done(thread, &stub, result);
}

static Outcome make_nothing(Thread *thread, uint32_t method)
{
    Stub stub;
    Result result = OK;

    TRY(stub_open(&stub, method));
    stub_map(&stub, true);
    stub_emit(&stub, OP_RETURN_VOID, 0, 0, (int)stub.slots);
    TRY(stub_install(&stub, CODE_NATIVE));
done:
    return stub_done(thread, &stub, result);
}

static uint32_t find_primitive(const JavaMethod *method)
{
    char name[1024];
    int length = snprintf(name, sizeof name, "%s.%s%s", symbol_text(java_method_holder(method)->name), symbol_text(method->name),
                          symbol_text(method->descriptor));
    return length < (int)sizeof name ? run_find_primitive(name) : 0;
}

/* ---- companions ---- */

static SymbolRef companion_name(const JavaMethod *method)
{
    char name[1024];
    SymbolRef holder = java_method_holder(method)->name;
    int length = snprintf(name, sizeof name, "coracle/natives/%s", symbol_text(holder));

    if (length >= (int)sizeof name)
        return 0;
    for (char *at = name + strlen("coracle/natives/"); *at != 0; at++)
        if (*at == '/')
            *at = '_';
    return java_symbol(name, (size_t)length);
}

/* The receiver becomes the first parameter. */
static SymbolRef companion_descriptor(const JavaMethod *method)
{
    if (method->access_flags & ACCESS_STATIC)
        return method->descriptor;
    return java_symbol_format("(L%s;%s", symbol_text(java_method_holder(method)->name), symbol_text(method->descriptor) + 1);
}

/* Types of the class library that the companion's package cannot name stand as Object in it; then the name and the
 * number of argument slots decide. */
static uint32_t find_by_shape(uint32_t class_index, SymbolRef name, unsigned slots)
{
    const JavaClass *class = java_class_at(class_index);

    for (uint32_t i = 0; i < class->method_count; i++) {
        const JavaMethod *method = java_method_at(class->first_method + i);
        if (method->name == name && method->method.argument_slots == slots)
            return class->first_method + i;
    }
    return 0;
}

/* A class of the JDK: of the boot loader, or, as those of jdk.security.auth are, of the platform loader. */
static bool is_of_library(const JavaClass *class)
{
    return (java_class_flags(class) & JAVA_CLASS_TRUSTED) || java_loader_is_platform(class->loader);
}

/* The number of the companion, its class initialized; 0 if there is none. */
static Outcome find_companion(Thread *thread, uint32_t number, uint32_t *companion)
{
    const JavaMethod *method = java_method_at(number);
    SymbolRef name = method->method.holder != 0 ? companion_name(method) : 0;
    uint32_t class_index = 0;

    *companion = 0;
    if (name == 0 || !is_of_library(java_method_holder(method)))
        return OUTCOME_DONE;
    Outcome outcome = java_load_boot_class(thread, name, &class_index);
    if (outcome != OUTCOME_DONE || class_index == 0)
        return outcome;
    outcome = java_initialize_class(thread, class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    method = java_method_at(number);
    *companion = java_find_declared_method(class_index, method->name, companion_descriptor(method));
    if (*companion == 0)
        *companion = find_by_shape(class_index, method->name, method->method.argument_slots);
    if (*companion != 0 && !(java_method_at(*companion)->access_flags & ACCESS_STATIC))
        *companion = 0;
    return OUTCOME_DONE;
}

/* The lock goes to a register of its own; an exception leaves it in a handler. */
static void enter_lock(Stub *stub, int lock)
{
    const JavaMethod *method = java_method_at(stub->method);
    const JavaClass *holder = java_method_holder(method);

    if (method->access_flags & ACCESS_STATIC)
        stub_emit(stub, OP_RESOLVE_CONSTANT, lock, code_literal_reserve(stub->builder, holder->this_index),
                  java_pool_slot(holder, holder->this_index));
    else
        stub_emit(stub, OP_MOVE, lock, -(int)stub->slots, 0);
    set_reference(stub, lock);
    stub_emit(stub, OP_MONITOR_ENTER, lock, 0, 0);
}

/* Before the call the arguments stand in the window too; during it they are the callee's. */
static void emit_call(Stub *stub, int window, uint32_t companion)
{
    Stub filled = *stub;

    for (int i = 0; i < (int)stub->slots; i++) {
        code_emit(stub->builder, OP_MOVE, window + i, i - (int)stub->slots, 0);
        if (stub->bits[i / 8] >> i % 8 & 1)
            set_reference(&filled, window + i);
    }
    filled.depth = stub->slots;
    stub_map(&filled, true);
    code_emit(stub->builder, OP_CALL, window, code_literal_reserve(stub->builder, companion), 0);
    stub_map(stub, false);
}

static void emit_companion_call(Stub *stub, uint32_t companion, int lock)
{
    char type = (char)java_method_at(stub->method)->return_type;
    int window = FRAME_HEADER + (lock != 0);
    CodeLabel start = code_label_new(stub->builder), end = code_label_new(stub->builder), handler = code_label_new(stub->builder);

    code_label_here(stub->builder, start);
    emit_call(stub, window, companion);
    code_label_here(stub->builder, end);
    if (lock != 0 && java_type_is_reference(type))
        set_reference(stub, window);
    if (lock != 0)
        stub_emit(stub, OP_MONITOR_EXIT, lock, 0, 0);
    code_emit(stub->builder, type == 'V' ? OP_RETURN_VOID : OP_RETURN, type == 'V' ? 0 : window, 0, (int)stub->slots);
    code_label_here(stub->builder, handler);
    if (lock == 0)
        return;
    set_reference(stub, window);
    stub_emit(stub, OP_MONITOR_EXIT, lock, 0, 0);
    stub_emit(stub, OP_THROW, window, 0, 0);
    code_handler(stub->builder, start, end, handler, window, 0);
}

/* flags: CODE_INDIVISIBLE for one that reaches the host. */
static Outcome make_companion_call(Thread *thread, uint32_t method, uint32_t companion, unsigned flags)
{
    bool is_synchronized = (java_method_at(method)->access_flags & ACCESS_SYNCHRONIZED) != 0;
    Stub stub;
    Result result = OK;

    __atomic_store_n(&java_method_at(method)->bridge, companion, __ATOMIC_RELAXED);
    TRY(stub_open(&stub, method));
    stub.outgoing = stub.slots;
    stub.locals += is_synchronized;
    stub_map(&stub, true);
    if (is_synchronized)
        enter_lock(&stub, FRAME_HEADER);
    emit_companion_call(&stub, companion, is_synchronized ? FRAME_HEADER : 0);
    TRY(stub_install(&stub, CODE_NATIVE | flags));
done:
    return stub_done(thread, &stub, result);
}

/* A synchronized one enters its monitor around the call of another method, not seen in stack traces, which is all the
 * same but not synchronized. */
static Outcome make_synchronized_primitive(Thread *thread, uint32_t method, uint32_t primitive)
{
    Method *made = method_new(sizeof(JavaMethod));

    if (made == NULL)
        return java_throw_memory(thread);
    JavaMethod *inner = (JavaMethod *)(void *)made;
    uint32_t number = made->number;
    *inner = *java_method_at(method);
    inner->method.number = number;
    inner->method.code = 0;
    inner->method.flags = (inner->method.flags | METHOD_HIDDEN) & ~(uint32_t)METHOD_SYNCHRONIZED;
    inner->access_flags &= (uint16_t)~ACCESS_SYNCHRONIZED;
    Outcome outcome = make_primitive(thread, number, primitive);
    return outcome != OUTCOME_DONE ? outcome : make_companion_call(thread, method, number, 0);
}

/* ---- all ---- */

/* The class library's hooks for setting up native code, of which there is none here. */
static bool does_nothing(const JavaMethod *method)
{
    static const char *const names[] = {"registerNatives", "initIDs", "initNative", "init"};

    if (!is_of_library(java_method_holder(method)) || !(method->access_flags & ACCESS_STATIC))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(symbol_text(method->name), names[i]) == 0)
            return strcmp(symbol_text(method->descriptor), "()V") == 0;
    return false;
}

Outcome translate_intrinsic(Thread *thread, uint32_t method, bool *found)
{
    uint32_t primitive = find_primitive(java_method_at(method));

    *found = primitive != 0;
    return *found ? make_primitive(thread, method, primitive) : OUTCOME_DONE;
}

Outcome translate_native(Thread *thread, uint32_t method)
{
    uint32_t primitive = find_primitive(java_method_at(method)), companion = 0;

    if (primitive == 0 && java_method_at(method)->ffi_annotation != 0)
        primitive = run_find_primitive("coracle.ffi.call");
    if (primitive != 0 && java_method_at(method)->access_flags & ACCESS_SYNCHRONIZED)
        return make_synchronized_primitive(thread, method, primitive);
    if (primitive != 0)
        return make_primitive(thread, method, primitive);
    if (does_nothing(java_method_at(method)))
        return make_nothing(thread, method);
    Outcome outcome = find_companion(thread, method, &companion);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (companion != 0)
        return make_companion_call(thread, method, companion, CODE_INDIVISIBLE);
    return translate_raise(thread, method, RAISE_UNLINKED);
}
