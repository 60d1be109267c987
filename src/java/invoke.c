/* invoke.c - calls through MemberNames: invokeBasic and linkToX find their method here; and what may not be called. */
#include "java/invoke.h"
#include "java/primitive_internal.h"

/* ---- dispatch ---- */

/* ResolvedMethodName's target: the method's number, and above it, when that method is invokeBasic or linkToX itself, its
 * enum JavaPolymorphic. */
static inline uint64_t target_of(Value member_name)
{
    Value resolved = member_name == 0 ? 0 : heap_load(member_name, java_offset(MEMBER_NAME_METHOD));
    return resolved == 0 ? 0 : heap_load(resolved, java_offset(RESOLVED_METHOD_NAME_TARGET));
}

uint32_t invoke_member_target(Value member_name)
{
    return (uint32_t)target_of(member_name);
}

uint64_t invoke_target_word(uint32_t method)
{
    uint64_t kind = java_method_at(method)->polymorphic;
    return method | (java_polymorphic_trusts((enum JavaPolymorphic)kind) ? kind << 32 : 0);
}

/* MethodHandle.form.vmentry */
static inline uint64_t basic_target(Value handle)
{
    Value form = handle == 0 ? 0 : heap_load(handle, java_offset(METHOD_HANDLE_FORM));
    return form == 0 ? 0 : target_of(heap_load(form, java_offset(LAMBDA_FORM_VMENTRY)));
}

/* The method that `target` means for the receiver. */
static uint32_t dispatch(Thread *thread, Value receiver, uint32_t target, int *outcome)
{
    const JavaMethod *method = java_method_at(target);
    const Class *class = class_of(receiver);

    if (method->vtable_index >= 0 && !(class_at(method->method.holder)->flags & CLASS_INTERFACE) &&
        (uint32_t)method->vtable_index < class->vtable_length)
        return class->vtable[method->vtable_index];
    if (!(class_at(method->method.holder)->flags & CLASS_INTERFACE) || method->access_flags & (ACCESS_PRIVATE | ACCESS_STATIC))
        return target;
    return java_find_interface_implementation(thread, class->index, target, outcome);
}

/* A MemberName may itself stand for invokeBasic or linkToX: then that is called with the arguments that are left. */
uint32_t java_find_polymorphic(Thread *thread, uint32_t kind, Value *arguments, uint32_t argument_slots, int *outcome)
{
    uint64_t target = (uint64_t)kind << 32;

    while (target >> 32 != 0) {
        kind = (uint32_t)(target >> 32);
        if (kind == POLYMORPHIC_LINK_TO_NATIVE) {
            *outcome = java_throw(thread, "java/lang/UnsupportedOperationException", "linkToNative");
            return 0;
        }
        bool has_receiver = kind != POLYMORPHIC_LINK_TO_STATIC;
        target = kind == POLYMORPHIC_INVOKE_BASIC ? basic_target(arguments[0]) : target_of(arguments[--argument_slots]);
        if (target == 0 || (has_receiver && (argument_slots == 0 || arguments[0] == 0))) {
            *outcome = run_raise(thread, RAISE_NULL, 0, 0);
            return 0;
        }
        if ((kind == POLYMORPHIC_LINK_TO_VIRTUAL || kind == POLYMORPHIC_LINK_TO_INTERFACE) && target >> 32 == 0)
            return dispatch(thread, arguments[0], (uint32_t)target, outcome);
    }
    return (uint32_t)target;
}

/* ---- what may not be called by reflection ---- */

PRIMITIVE(handle_invoke)
{
    return java_throw(thread, "java/lang/UnsupportedOperationException", "MethodHandle.invoke cannot be invoked reflectively");
}

PRIMITIVE(handle_invoke_exact)
{
    return java_throw(thread, "java/lang/UnsupportedOperationException", "MethodHandle.invokeExact cannot be invoked reflectively");
}

PRIMITIVE(var_handle_access)
{
    return java_throw(thread, "java/lang/UnsupportedOperationException",
                      "VarHandle access mode methods cannot be invoked reflectively");
}

/* ---- registration ---- */

#define OBJECTS "([Ljava/lang/Object;)"
#define ACCESS(name, result) {"java/lang/invoke/VarHandle." name OBJECTS result, var_handle_access}
#define ACCESS_OBJECT(name) ACCESS(name, "Ljava/lang/Object;")

void primitive_register_invoke(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/invoke/MethodHandle.invoke" OBJECTS "Ljava/lang/Object;", handle_invoke},
        {"java/lang/invoke/MethodHandle.invokeExact" OBJECTS "Ljava/lang/Object;", handle_invoke_exact},
        ACCESS_OBJECT("get"), ACCESS("set", "V"), ACCESS_OBJECT("getVolatile"), ACCESS("setVolatile", "V"),
        ACCESS_OBJECT("getOpaque"), ACCESS("setOpaque", "V"), ACCESS_OBJECT("getAcquire"), ACCESS("setRelease", "V"),
        ACCESS("compareAndSet", "Z"), ACCESS_OBJECT("compareAndExchange"), ACCESS_OBJECT("compareAndExchangeAcquire"),
        ACCESS_OBJECT("compareAndExchangeRelease"), ACCESS("weakCompareAndSetPlain", "Z"), ACCESS("weakCompareAndSet", "Z"),
        ACCESS("weakCompareAndSetAcquire", "Z"), ACCESS("weakCompareAndSetRelease", "Z"), ACCESS_OBJECT("getAndSet"),
        ACCESS_OBJECT("getAndSetAcquire"), ACCESS_OBJECT("getAndSetRelease"), ACCESS_OBJECT("getAndAdd"),
        ACCESS_OBJECT("getAndAddAcquire"), ACCESS_OBJECT("getAndAddRelease"), ACCESS_OBJECT("getAndBitwiseOr"),
        ACCESS_OBJECT("getAndBitwiseOrAcquire"), ACCESS_OBJECT("getAndBitwiseOrRelease"), ACCESS_OBJECT("getAndBitwiseAnd"),
        ACCESS_OBJECT("getAndBitwiseAndAcquire"), ACCESS_OBJECT("getAndBitwiseAndRelease"), ACCESS_OBJECT("getAndBitwiseXor"),
        ACCESS_OBJECT("getAndBitwiseXorAcquire"), ACCESS_OBJECT("getAndBitwiseXorRelease"),
    };

    run_register_primitives(rows, COUNT_OF(rows));
    invoke_register_members();
    invoke_register_links();
}
