/* reflect_accessors.c - Method.invoke and Constructor.newInstance: NativeMethodAccessorImpl.invoke0 and
 * NativeConstructorAccessorImpl.newInstance0. The call is pushed; a continuation below it boxes the result, or wraps what
 * was thrown in an InvocationTargetException. */
#include "java/primitive_internal.h"
#include "java/reflect.h"
#include "java/stacktrace.h"

/* ---- arguments ---- */

static Outcome throw_mismatch(Thread *thread)
{
    return java_throw(thread, "java/lang/IllegalArgumentException", "argument type mismatch");
}

/* Checks the arguments against the method's parameters; the values of primitive ones are found again by place_arguments. */
static Outcome check_arguments(Thread *thread, Value parameter_types, Value arguments)
{
    int32_t count = array_length(parameter_types);

    if ((arguments == 0 ? 0 : array_length(arguments)) != count)
        return java_throw(thread, "java/lang/IllegalArgumentException", "wrong number of arguments");
    for (int32_t i = 0; i < count; i++) {
        uint32_t type = java_mirror_class(array_element(parameter_types, (uint64_t)i));
        Value argument = array_element(arguments, (uint64_t)i), raw = 0;
        char wanted = java_class_at(type)->primitive_type, given;
        if (wanted == 0) {
            if (argument != 0 && !java_is_instance(argument, type))
                return throw_mismatch(thread);
            continue;
        }
        if (argument == 0)
            return java_throw_plain(thread, "java/lang/IllegalArgumentException");
        given = java_unbox_nogc(argument, &raw);
        if (argument == 0)
            return java_throw_plain(thread, "java/lang/IllegalArgumentException");
        if (given == 0 || !java_widen(given, wanted, &raw))
            return throw_mismatch(thread);
    }
    return OUTCOME_DONE;
}

/* Never collects. */
static void place_arguments(Value parameter_types, Value arguments, Value *place)
{
    int32_t count = array_length(parameter_types);

    for (int32_t i = 0; i < count; i++) {
        char wanted = java_class_at(java_mirror_class(array_element(parameter_types, (uint64_t)i)))->primitive_type;
        Value value = array_element(arguments, (uint64_t)i), raw = 0;
        if (wanted != 0) {
            (void)java_widen(java_unbox_nogc(value, &raw), wanted, &raw);
            value = raw;
        }
        *place++ = value;
        if (wanted == 'J' || wanted == 'D')
            *place++ = 0;
    }
}

/* ---- continuations ---- */

static uint32_t invoke_continuation, instance_continuation;

/* state[0]: the type of the result. */
static Outcome invoke_normal(Thread *thread, Value *state, Value *result)
{
    char type = (char)state[0];

    if (type == 'V')
        *result = 0;
    else
        *result = java_box(thread, type, *result);
    return *result != 0 || thread->exception == 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* What the callee raised becomes the target of an InvocationTargetException. */
static Outcome invoke_exceptional(Thread *thread, Value *state, Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *target = heap_hold_nogc(&thread->allocator, thread->exception);
    const JavaField *field;

    thread->exception = 0;
    java_throw_plain(thread, "java/lang/reflect/InvocationTargetException");
    field = java_field_text(object_class_index(thread->exception), "target", "Ljava/lang/Throwable;");
    if (field != NULL) { /* else there was no memory for it */
        heap_store(thread->exception, field->offset, *target);
        heap_store(thread->exception, java_offset(THROWABLE_CAUSE), 0);
    }
    heap_leave_nogc(&thread->allocator, mark);
    return OUTCOME_THROW;
}

/* state[0]: the new object; state[1]: not yet registered with Finalizer. */
static Outcome instance_normal(Thread *thread, Value *state, Value *result)
{
    if (state[1] != 0) {
        uint32_t method = java_method_text(java_class(FINALIZER), "register", "(Ljava/lang/Object;)V");
        Value *arguments = run_push_call(thread, method, RUN_THEN_RETURN);
        if (arguments == NULL)
            return run_raise(thread, RAISE_STACK, 0, 0);
        arguments[0] = state[0];
        state[1] = 0;
        return OUTCOME_PUSHED;
    }
    *result = state[0];
    return OUTCOME_DONE;
}

/* ---- the natives ---- */

static Outcome check_receiver(Thread *thread, uint32_t method, Value receiver, uint32_t *selected)
{
    const JavaMethod *info = java_method_at(method);

    *selected = method;
    if (info->access_flags & ACCESS_STATIC)
        return java_initialize_class(thread, info->method.holder);
    if (receiver == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (!java_is_instance(receiver, info->method.holder))
        return java_throw(thread, "java/lang/IllegalArgumentException", "object is not an instance of declaring class");
    if (!(info->access_flags & ACCESS_PRIVATE))
        *selected = java_select_method(object_class_index(receiver), method);
    if (*selected != 0)
        return OUTCOME_DONE;
    (void)java_throw_abstract(thread, method, object_class_index(receiver));
    return invoke_exceptional(thread, NULL, NULL);
}

static Outcome push_invoke(Thread *thread, uint32_t method, Value parameter_types, Value receiver, Value given)
{
    bool is_static = (java_method_at(method)->access_flags & ACCESS_STATIC) != 0;
    Value *state = run_push_continuation(thread, invoke_continuation, RUN_THEN_RETURN), *place;

    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[0] = java_method_at(method)->return_type;
    place = run_push_call(thread, method, RUN_THEN_RETURN);
    if (place == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    if (!is_static)
        *place++ = receiver;
    place_arguments(parameter_types, given, place);
    return OUTCOME_PUSHED;
}

/* NativeMethodAccessorImpl.invoke0(Method, Object receiver, Object[] arguments) */
PRIMITIVE(invoke)
{
    uint32_t method = java_reflected_method(arguments[0]), selected;
    Outcome outcome = check_receiver(thread, method, arguments[1], &selected);

    if (outcome == OUTCOME_DONE)
        outcome = check_arguments(thread, heap_load(arguments[0], java_offset(REFLECT_METHOD_PARAMETER_TYPES)), arguments[2]);
    if (outcome != OUTCOME_DONE)
        return outcome;
    return push_invoke(thread, selected, heap_load(arguments[0], java_offset(REFLECT_METHOD_PARAMETER_TYPES)), arguments[1],
                       arguments[2]);
}

static Outcome push_constructor(Thread *thread, uint32_t method, Value *arguments)
{
    uint32_t class_index = method_at(method)->holder;
    Value object = heap_allocate_instance(&thread->allocator, class_at(class_index)), *state, *place;

    if (object == 0)
        return java_throw_memory(thread);
    state = run_push_continuation(thread, instance_continuation, RUN_THEN_RETURN);
    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[0] = object;
    state[1] = (class_at(class_index)->flags & CLASS_FINALIZABLE) != 0;
    place = run_push_call(thread, method, RUN_THEN_RETURN);
    if (place == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    place[0] = object;
    place_arguments(heap_load(arguments[0], java_offset(REFLECT_CONSTRUCTOR_PARAMETER_TYPES)), arguments[1], place + 1);
    return OUTCOME_PUSHED;
}

/* NativeConstructorAccessorImpl.newInstance0(Constructor, Object[] arguments) */
PRIMITIVE(new_instance)
{
    uint32_t method = java_reflected_method(arguments[0]), class_index = method_at(method)->holder;
    Outcome outcome;

    if (class_at(class_index)->flags & (CLASS_ABSTRACT | CLASS_INTERFACE))
        return java_throw(thread, "java/lang/InstantiationException", "%s", java_class_guest_name(class_index));
    outcome = java_initialize_class(thread, class_index);
    if (outcome == OUTCOME_DONE)
        outcome = check_arguments(thread, heap_load(arguments[0], java_offset(REFLECT_CONSTRUCTOR_PARAMETER_TYPES)),
                                  arguments[1]);
    return outcome == OUTCOME_DONE ? push_constructor(thread, method, arguments) : outcome;
}

void primitive_register_accessors(void)
{
    static const Continuation invoke_then = {"java.invoke", 1, 0, invoke_normal, invoke_exceptional};
    static const Continuation instance_then = {"java.instance", 2, 1, instance_normal, invoke_exceptional};
    static const PrimitiveRow rows[] = {
        {"jdk/internal/reflect/NativeMethodAccessorImpl.invoke0(Ljava/lang/reflect/Method;Ljava/lang/Object;"
         "[Ljava/lang/Object;)Ljava/lang/Object;", invoke},
        {"jdk/internal/reflect/NativeConstructorAccessorImpl.newInstance0(Ljava/lang/reflect/Constructor;"
         "[Ljava/lang/Object;)Ljava/lang/Object;", new_instance},
    };
    invoke_continuation = run_register_continuation(&invoke_then);
    instance_continuation = run_register_continuation(&instance_then);
    run_register_primitives(rows, COUNT_OF(rows));
}
