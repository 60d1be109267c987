/* raise.c - makes the exceptions that the machine itself throws, without running guest code. */
#include <stdarg.h>
#include <stdio.h>

#include "java/primitive_internal.h"
#include "java/raise.h"
#include "java/stacktrace.h"
#include "java/strings.h"

/* Roots of errors made before they are needed. */
#define SPARE_MEMORY_ERROR boot[0]
#define SPARE_STACK_ERROR boot[1]

/* ---- the object ---- */

static void set_static_reference(Value object, uint64_t offset, const char *name, const char *descriptor)
{
    uint32_t class_index = java_class(THROWABLE);

    if (java_class_state(java_class_at(class_index)) >= JAVA_LINKED)
        heap_store(object, offset, java_static_get(java_field_text(class_index, name, descriptor)));
}

/* What else the constructor of some exceptions does. */
static void set_particular(Value object, uint32_t class_index)
{
    if (class_index == java_class(NULL_POINTER)) {
        const JavaField *state = java_field_text(class_index, "extendedMessageState", "I");
        if (state != NULL)
            *(int32_t *)object_at(object, state->offset) = 1; /* its fillInStackTrace counts itself */
    }
}

/* Classes whose constructors leave no cause to be set later. */
static bool has_final_cause(uint32_t class_index)
{
    return java_is_subclass(class_index, java_class(CLASS_NOT_FOUND)) || class_index == java_class(EXCEPTION_IN_INITIALIZER);
}

/* Fills the fields of a new throwable (a handle) as Throwable's constructors do. message, cause: handles. */
static void throwable_construct(Thread *thread, const Value *object, const Value *message, const Value *cause)
{
    uint32_t class_index = object_class_index(*object);

    heap_store(*object, java_offset(THROWABLE_MESSAGE), *message);
    if (*cause != 0 || has_final_cause(class_index))
        heap_store(*object, java_offset(THROWABLE_CAUSE), *cause);
    else
        heap_store(*object, java_offset(THROWABLE_CAUSE), *object); /* itself: not set yet */
    set_static_reference(*object, java_offset(THROWABLE_SUPPRESSED), "SUPPRESSED_SENTINEL", "Ljava/util/List;");
    set_particular(*object, class_index);
    java_backtrace_fill(thread, object, false);
}

/* The class of that name; 0: thread->exception is set, or (still booting) nothing can be thrown. */
static uint32_t find_class(Thread *thread, const char *name)
{
    SymbolRef symbol = java_symbol_text(name);
    uint32_t class_index = symbol != 0 ? java_find_loaded_nogc(0, symbol) : 0;

    if (class_index == 0 && symbol != 0 && java_load_boot_class(thread, symbol, &class_index) != OUTCOME_DONE)
        return 0;
    return class_index;
}

static Outcome throw_spare(Thread *thread)
{
    uint32_t root = java_world()->SPARE_MEMORY_ERROR;

    if (root == 0) {
        fputs("coracle: out of memory before the class library was ready\n", stderr);
        os_exit_now(1);
    }
    return run_throw(thread, heap_root(root));
}

/* message: modified UTF-8 or NULL; cause: handle of it, or of 0. */
static Outcome throw_new(Thread *thread, uint32_t class_index, const char *message, const Value *cause)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *text = heap_hold_nogc(&thread->allocator, 0), *object = heap_hold_nogc(&thread->allocator, 0);
    Outcome outcome = OUTCOME_THROW;

    if (java_class_state(java_class_at(class_index)) == JAVA_LOADED)
        outcome = java_link_class(thread, class_index); /* of the boot loader: pushes nothing */
    thread->exception = 0;
    if (message != NULL)
        *text = java_string_from_text(thread, message);
    if (message == NULL || *text != 0)
        *object = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (*object == 0) {
        outcome = throw_spare(thread);
    } else {
        throwable_construct(thread, object, text, cause);
        outcome = run_throw(thread, *object);
    }
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

static Outcome throw_named(Thread *thread, const char *class_name, const char *message, Value cause)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, cause);
    uint32_t class_index;
    Outcome outcome = OUTCOME_THROW;

    thread->exception = 0;
    class_index = find_class(thread, class_name);
    if (class_index != 0)
        outcome = throw_new(thread, class_index, message, held);
    else if (thread->exception == 0)
        outcome = throw_spare(thread);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

Outcome java_throw(Thread *thread, const char *class_name, const char *format, ...)
{
    char small[512], *text = small;
    va_list arguments;
    int length;
    Outcome outcome;

    va_start(arguments, format);
    length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof small) {
        text = memory_allocate((size_t)length + 1);
        if (text == NULL)
            return java_throw_memory(thread);
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    outcome = throw_named(thread, class_name, text, 0);
    if (text != small)
        memory_free(text);
    return outcome;
}

Outcome java_throw_plain(Thread *thread, const char *class_name)
{
    return throw_named(thread, class_name, NULL, 0);
}

Outcome java_throw_caused(Thread *thread, const char *class_name, const char *message)
{
    char *copy = message != NULL ? memory_copy_string(message) : NULL; /* it may lie in the arena, which may move */
    Outcome outcome = throw_named(thread, class_name, copy, thread->exception);

    memory_free(copy);
    return outcome;
}

/* There may be no memory for the new error either: what making it raises is then the one made beforehand. */
Outcome java_throw_memory(Thread *thread)
{
    static _Thread_local bool is_making;
    Outcome outcome;

    if (is_making || java_world()->SPARE_MEMORY_ERROR == 0)
        return throw_spare(thread);
    is_making = true;
    java_report_memory(thread, "Java heap space");
    outcome = throw_new(thread, java_class(OUT_OF_MEMORY), "Java heap space", &(Value){0});
    is_making = false;
    return outcome;
}

/* ---- errors made beforehand ---- */

static uint32_t spare_error(Thread *thread, uint32_t class_index, const char *message)
{
    uint32_t root = 0;

    if (throw_new(thread, class_index, message, &(Value){0}) == OUTCOME_THROW && thread->exception != 0) {
        Value error = thread->exception;
        heap_store(error, java_offset(THROWABLE_BACKTRACE), 0);
        *(int32_t *)object_at(error, java_offset(THROWABLE_DEPTH)) = 0;
        root = heap_root_add(error, 0);
    }
    thread->exception = 0;
    return root;
}

bool java_raise_prepare(Thread *thread)
{
    uint32_t memory = java_wellknown_class(thread, JAVA_CLASS_OUT_OF_MEMORY);
    uint32_t stack = java_wellknown_class(thread, JAVA_CLASS_STACK_OVERFLOW);

    if (memory == 0 || stack == 0)
        return false;
    memory = spare_error(thread, memory, "Java heap space"); /* the world may move meanwhile */
    stack = spare_error(thread, stack, NULL);
    java_world()->SPARE_MEMORY_ERROR = memory;
    java_world()->SPARE_STACK_ERROR = stack;
    return memory != 0 && stack != 0;
}

/* ---- texts of messages ---- */

static void append_symbol_dotted(Bytes *text, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i++)
        (void)bytes_append_u8(text, (uint8_t)(from[i] == '/' ? '.' : from[i]));
}

const char *java_class_guest_name(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    const JavaClass *bottom = class->dimensions != 0 ? java_class_at(class->bottom_class) : class;
    const char *name = symbol_text(class->name), *plus = java_class_flags(bottom) & JAVA_CLASS_HIDDEN ? strrchr(name, '+') : NULL;
    Bytes text = {0};

    for (const char *at = name; *at != 0; at++)
        (void)bytes_append_u8(&text, (uint8_t)(at == plus ? '/' : *at == '/' ? '.' : *at));
    return java_keep_text(&text);
}

void java_append_type(Bytes *text, const char *descriptor, size_t length)
{
    static const struct { char type; const char *name; } names[] = {
        {'B', "byte"}, {'C', "char"}, {'D', "double"}, {'F', "float"}, {'I', "int"}, {'J', "long"}, {'S', "short"},
        {'Z', "boolean"}, {'V', "void"},
    };
    unsigned dimensions = 0;

    while (length > 0 && *descriptor == '[') {
        descriptor++;
        length--;
        dimensions++;
    }
    if (length > 2 && *descriptor == 'L') {
        append_symbol_dotted(text, descriptor + 1, length - 2);
    } else {
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (*descriptor == names[i].type)
                (void)bytes_append_text(text, names[i].name);
    }
    while (dimensions-- > 0)
        (void)bytes_append_text(text, "[]");
}

void java_append_parameters(Bytes *text, const char *descriptor)
{
    JavaParameters parameters = java_parameters(descriptor);
    const char *start;
    unsigned length;
    bool first = true;

    while (java_parameters_next(&parameters, &start, &length) != 0 && !parameters.at_return) {
        if (!first)
            (void)bytes_append_text(text, ", ");
        first = false;
        java_append_type(text, start, length);
    }
}

/* "void p.A.m(int, java.lang.String)" */
static void append_method(Bytes *text, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);
    const char *descriptor = symbol_text(method->descriptor), *type = java_descriptor_return_text(descriptor);

    java_append_type(text, type, strlen(type));
    (void)bytes_append_format(text, " %s.%s(", java_class_guest_name(method->method.holder), symbol_text(method->name));
    java_append_parameters(text, descriptor);
    (void)bytes_append_text(text, ")");
}

static const char *class_kind(uint32_t class_index)
{
    if (java_class_is_interface(class_index))
        return "interface";
    return java_class_at(class_index)->access_flags & ACCESS_ABSTRACT ? "abstract class" : "class";
}

/* ---- where classes come from: "module java.base of loader 'bootstrap'" ---- */

static uint32_t bottom_of(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    return class->dimensions != 0 ? class->bottom_class : class_index;
}

static void append_loader_object(Bytes *text, Value object)
{
    Value name;
    char *utf8;

    name = heap_load(object, java_offset(CLASS_LOADER_NAME_AND_ID));
    if (name == 0) {
        (void)bytes_append_text(text, java_class_guest_name(object_class_index(object)));
        return;
    }
    utf8 = java_string_text(name);
    if (utf8 != NULL)
        (void)bytes_append_text(text, utf8);
    memory_free(utf8);
}

static void append_loader(Bytes *text, uint32_t loader)
{
    Value object = java_loader_object(loader);

    if (object == 0)
        (void)bytes_append_text(text, loader == 0 ? "'bootstrap'" : "<unloaded>");
    else
        append_loader_object(text, object);
}

void java_append_parent_loader(Bytes *text, uint32_t loader)
{
    Value object = java_loader_object(loader), parent;
    uint32_t class_index = object != 0 ? object_class_index(object) : 0;

    if (class_index == 0 || class_index == java_class(PLATFORM_LOADER) || class_index == java_class(APPLICATION_LOADER))
        return;
    parent = heap_load(object, java_offset(CLASS_LOADER_PARENT));
    (void)bytes_append_text(text, ", parent loader ");
    if (parent == 0)
        (void)bytes_append_text(text, "'bootstrap'");
    else
        append_loader_object(text, parent);
}

/* HotSpot leaves the version out for the library's own modules. */
static bool shows_version(const JavaModule *module)
{
    return module->version != 0 && module->loader != 0 &&
           !(module->location != 0 && strncmp(symbol_text(module->location), "jrt:/java.", 10) == 0);
}

static void append_module(Bytes *text, uint32_t class_index)
{
    const JavaClass *class = java_class_at(bottom_of(class_index));
    ArenaRef ref = class->module != 0 ? class->module : class->loader == 0 ? java_world()->java_base : 0;
    const JavaModule *module = ref != 0 ? ARENA(JavaModule, ref) : NULL;

    if (module != NULL && module->name != 0) {
        (void)bytes_append_format(text, "module %s", symbol_text(module->name));
        if (shows_version(module))
            (void)bytes_append_format(text, "@%s", symbol_text(module->version));
    } else if (class->loader == 0 && ref == 0) {
        (void)bytes_append_text(text, "module java.base");
    } else {
        (void)bytes_append_text(text, "unnamed module");
    }
    (void)bytes_append_text(text, " of loader ");
    append_loader(text, class->loader);
}

void java_append_class_in_module(Bytes *text, uint32_t class_index, bool use_are)
{
    (void)bytes_append_format(text, "%s %s in ", java_class_guest_name(class_index), use_are ? "are" : "is");
    append_module(text, class_index);
}

void java_append_classes_in_modules(Bytes *text, uint32_t a, uint32_t b)
{
    const JavaClass *first = java_class_at(bottom_of(a)), *second = java_class_at(bottom_of(b));

    if (first->module == second->module && first->loader == second->loader) {
        (void)bytes_append_format(text, "%s and ", java_class_guest_name(a));
        java_append_class_in_module(text, b, true);
    } else {
        java_append_class_in_module(text, a, false);
        (void)bytes_append_text(text, "; ");
        java_append_class_in_module(text, b, false);
    }
}

/* ---- the hook ---- */

static Outcome throw_text(Thread *thread, const char *class_name, Bytes *text)
{
    const char *message = bytes_as_text(text);
    Outcome outcome = message != NULL ? throw_named(thread, class_name, message, 0) : java_throw_memory(thread);
    bytes_free(text);
    return outcome;
}

Outcome java_throw_cast(Thread *thread, uint32_t class_index, uint32_t target)
{
    Bytes text = {0};

    (void)bytes_append_format(&text, "class %s cannot be cast to class %s (", java_class_guest_name(class_index),
                              java_class_guest_name(target));
    java_append_classes_in_modules(&text, class_index, target);
    (void)bytes_append_text(&text, ")");
    return throw_text(thread, "java/lang/ClassCastException", &text);
}

Outcome java_throw_abstract(Thread *thread, uint32_t method, uint32_t receiver_class)
{
    const JavaMethod *resolved = java_method_at(method);
    const char *descriptor = symbol_text(resolved->descriptor), *type = java_descriptor_return_text(descriptor);
    Bytes text = {0};

    if (receiver_class != 0)
        (void)bytes_append_format(&text, "Receiver class %s does not define or inherit an implementation of the",
                                  java_class_guest_name(receiver_class));
    else
        (void)bytes_append_text(&text, "Missing implementation of");
    (void)bytes_append_format(&text, " resolved method '%s%s", resolved->access_flags & ACCESS_ABSTRACT ? "abstract " : "",
                              resolved->access_flags & ACCESS_PRIVATE ? "private " : "");
    java_append_type(&text, type, strlen(type));
    (void)bytes_append_format(&text, " %s(", symbol_text(resolved->name));
    java_append_parameters(&text, descriptor);
    (void)bytes_append_format(&text, ")' of %s %s.", class_kind(resolved->method.holder),
                              java_class_guest_name(resolved->method.holder));
    return throw_text(thread, "java/lang/AbstractMethodError", &text);
}

static Outcome throw_unlinked(Thread *thread, uint32_t method)
{
    Bytes text = {0};

    (void)bytes_append_text(&text, "'");
    append_method(&text, method);
    (void)bytes_append_text(&text, "'");
    return throw_text(thread, "java/lang/UnsatisfiedLinkError", &text);
}

static Outcome throw_incompatible(Thread *thread, uint32_t method)
{
    Bytes text = {0};

    if (java_method_flags(java_method_at(method)) & JAVA_METHOD_OVERPASS_ERROR) {
        (void)bytes_append_text(&text, "Conflicting default methods:");
        java_append_conflict(&text, method);
    } else {
        append_method(&text, method);
    }
    return throw_text(thread, "java/lang/IncompatibleClassChangeError", &text);
}

/* The receiver of a call that is about to enter an abstract method: its argument 0. */
static uint32_t receiver_of_innermost(Thread *thread, uint32_t method)
{
    const Method *callee = method_at(method);
    const Code *code = (const Code *)(uintptr_t)thread->fp[FRAME_CODE];

    if (callee->flags & METHOD_STATIC || code->method != method)
        return 0;
    Value receiver = thread->fp[-(int)callee->argument_slots];
    return value_is_object(receiver) ? object_class_index(receiver) : 0;
}

int java_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
    switch (kind) {
    case RAISE_NULL: return throw_named(thread, "java/lang/NullPointerException", NULL, 0);
    case RAISE_BOUNDS:
        return java_throw(thread, "java/lang/ArrayIndexOutOfBoundsException", "Index %d out of bounds for length %d",
                          (int32_t)a, (int32_t)b);
    case RAISE_ARITHMETIC: return java_throw(thread, "java/lang/ArithmeticException", "/ by zero");
    case RAISE_STORE:
        return java_throw(thread, "java/lang/ArrayStoreException", "%s", java_class_guest_name(object_class_index(a)));
    case RAISE_CAST: return java_throw_cast(thread, object_class_index(a), (uint32_t)b);
    case RAISE_NEGATIVE_SIZE:
        return java_throw(thread, "java/lang/NegativeArraySizeException", "%d", (int32_t)a);
    case RAISE_MONITOR_STATE:
        if (a != 0)
            return java_throw_plain(thread, "java/lang/IllegalMonitorStateException");
        return java_throw(thread, "java/lang/IllegalMonitorStateException", "current thread is not owner");
    case RAISE_MEMORY:
        if (a < 0x7ffffffeu)
            return java_throw_memory(thread);
        java_report_memory(thread, "Requested array size exceeds VM limit");
        return java_throw(thread, "java/lang/OutOfMemoryError", "Requested array size exceeds VM limit");
    case RAISE_STACK: return throw_named(thread, "java/lang/StackOverflowError", NULL, 0);
    case RAISE_ABSTRACT:
        return java_throw_abstract(thread, (uint32_t)a, b != 0 ? (uint32_t)b : receiver_of_innermost(thread, (uint32_t)a));
    case RAISE_INCOMPATIBLE: return throw_incompatible(thread, (uint32_t)a);
    case RAISE_UNLINKED: return throw_unlinked(thread, (uint32_t)a);
    }
    return java_throw(thread, "java/lang/InternalError", "unknown error %d", (int)kind);
}
