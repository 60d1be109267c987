/* reflect.c - java.lang.reflect's Field, Method and Constructor objects, and the lists of a class's members. */
#include "java/reflect.h"

#include "java/primitive_internal.h"
#include "java/strings.h"

#define FIELD_MODIFIERS 0x50df  /* PUBLIC .. FINAL VOLATILE TRANSIENT SYNTHETIC ENUM */
#define METHOD_MODIFIERS 0x1dff /* PUBLIC .. SYNCHRONIZED BRIDGE VARARGS NATIVE ABSTRACT STRICT SYNTHETIC */

static void set_int(Value object, uint64_t offset, int32_t value)
{
    *(int32_t *)object_at(object, offset) = value;
}

static Value instance_of(Thread *thread, enum JavaWellknown which)
{
    uint32_t class_index = java_wellknown_class(thread, which);
    Value object = class_index != 0 ? heap_allocate_instance(&thread->allocator, class_at(class_index)) : 0;

    if (object == 0 && thread->exception == 0)
        java_throw_memory(thread);
    return object;
}

/* Stores what a maker that may collect gave; false: it failed. */
static bool store(Thread *thread, const Value *object, uint64_t offset, Value value)
{
    if (thread->exception != 0)
        return false;
    heap_store(*object, offset, value);
    return true;
}

static Value signature_string(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    if (cp_index == 0)
        return 0;
    return java_string_intern_symbol(thread, java_pool_utf8(java_class_at(class_index), cp_index));
}

/* ---- types ---- */

/* Texts of the arena are copied before anything that may collect. */
static char *copy_text(Thread *thread, const char *text)
{
    char *copy = memory_copy_string(text);
    if (copy == NULL)
        java_throw_memory(thread);
    return copy;
}

static Outcome types_of(Thread *thread, uint32_t loader, const char *descriptor, Value *parameters, Value *return_type)
{
    JavaParameters walk = java_parameters(descriptor);
    const char *start;
    unsigned length, i = 0;

    *parameters = java_class_array(thread, java_descriptor_parameter_count(descriptor));
    if (*parameters == 0)
        return OUTCOME_THROW;
    while (java_parameters_next(&walk, &start, &length) != 0) {
        uint32_t class_index = 0;
        Outcome outcome;
        if (walk.at_return && return_type == NULL)
            break;
        outcome = java_load_descriptor(thread, loader, start, length, true, &class_index);
        if (outcome != OUTCOME_DONE)
            return outcome;
        if (walk.at_return)
            *return_type = java_mirror(class_index);
        else
            array_store(*parameters, i++, java_mirror(class_index));
        if (walk.at_return)
            break;
    }
    return OUTCOME_DONE;
}

Outcome java_reflect_types(Thread *thread, uint32_t loader, const char *descriptor, Value *parameters, Value *return_type)
{
    char *copy = copy_text(thread, descriptor);
    Outcome outcome = copy != NULL ? types_of(thread, loader, copy, parameters, return_type) : OUTCOME_THROW;
    memory_free(copy);
    return outcome;
}

static Outcome exception_types(Thread *thread, uint32_t method, Value *types)
{
    const JavaMethod *info = java_method_at(method);
    uint32_t class_index = info->method.holder, offset = info->exceptions, size, count;

    count = offset != 0 ? read_be16(java_attribute(java_class_at(class_index), offset, &size)) : 0;
    *types = java_class_array(thread, count);
    if (*types == 0)
        return OUTCOME_THROW;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *contents = java_attribute(java_class_at(class_index), offset, &size);
        uint32_t resolved = 0;
        Outcome outcome = java_resolve_class(thread, class_index, read_be16(contents + 2 + 2 * i), &resolved);
        if (outcome != OUTCOME_DONE)
            return outcome;
        array_store(*types, i, java_mirror(resolved));
    }
    return OUTCOME_DONE;
}

/* ---- Field ---- */

static bool is_trusted_final(const JavaClass *class, const JavaField *field)
{
    return (field->access_flags & ACCESS_FINAL) &&
           ((field->access_flags & ACCESS_STATIC) || java_class_flags(class) & (JAVA_CLASS_HIDDEN | JAVA_CLASS_IS_RECORD));
}

static Outcome fill_field(Thread *thread, uint32_t class_index, uint32_t slot, const Value *object)
{
    const JavaField *field = java_field_at(java_class_at(class_index), slot);
    char *descriptor = copy_text(thread, symbol_text(field->descriptor));
    uint32_t type = 0;
    Outcome outcome = descriptor == NULL ? OUTCOME_THROW
        : java_load_descriptor(thread, java_class_at(class_index)->loader, descriptor, strlen(descriptor), true, &type);

    memory_free(descriptor);
    if (outcome != OUTCOME_DONE)
        return outcome;
    field = java_field_at(java_class_at(class_index), slot);
    heap_store(*object, java_offset(REFLECT_FIELD_CLASS), java_mirror(class_index));
    heap_store(*object, java_offset(REFLECT_FIELD_TYPE), java_mirror(type));
    set_int(*object, java_offset(REFLECT_FIELD_SLOT), (int32_t)slot);
    set_int(*object, java_offset(REFLECT_FIELD_MODIFIERS), field->access_flags & FIELD_MODIFIERS);
    *(uint8_t *)object_at(*object, java_offset(REFLECT_FIELD_TRUSTED_FINAL)) =
        is_trusted_final(java_class_at(class_index), field);
    if (!store(thread, object, java_offset(REFLECT_FIELD_NAME), java_string_intern_symbol(thread, field->name)))
        return OUTCOME_THROW;
    field = java_field_at(java_class_at(class_index), slot);
    if (!store(thread, object, java_offset(REFLECT_FIELD_SIGNATURE), signature_string(thread, class_index, field->signature)))
        return OUTCOME_THROW;
    field = java_field_at(java_class_at(class_index), slot);
    return store(thread, object, java_offset(REFLECT_FIELD_ANNOTATIONS),
                 java_attribute_array(thread, class_index, field->annotations)) ? OUTCOME_DONE : OUTCOME_THROW;
}

Outcome java_reflect_field(Thread *thread, uint32_t class_index, uint32_t slot, Value *made)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *object = heap_hold_nogc(&thread->allocator, instance_of(thread, JAVA_CLASS_REFLECT_FIELD));
    Outcome outcome = *object != 0 ? fill_field(thread, class_index, slot, object) : OUTCOME_THROW;

    *made = *object;
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

/* ---- Method and Constructor: the same fields at places of their own ---- */

typedef struct ExecutableOffsets {
    uint64_t class, slot, parameter_types, exception_types, modifiers, signature, annotations, parameter_annotations;
} ExecutableOffsets;

static ExecutableOffsets method_offsets(void)
{
    return (ExecutableOffsets){
        java_offset(REFLECT_METHOD_CLASS), java_offset(REFLECT_METHOD_SLOT), java_offset(REFLECT_METHOD_PARAMETER_TYPES),
        java_offset(REFLECT_METHOD_EXCEPTION_TYPES), java_offset(REFLECT_METHOD_MODIFIERS),
        java_offset(REFLECT_METHOD_SIGNATURE), java_offset(REFLECT_METHOD_ANNOTATIONS),
        java_offset(REFLECT_METHOD_PARAMETER_ANNOTATIONS)};
}

static ExecutableOffsets constructor_offsets(void)
{
    return (ExecutableOffsets){
        java_offset(REFLECT_CONSTRUCTOR_CLASS), java_offset(REFLECT_CONSTRUCTOR_SLOT),
        java_offset(REFLECT_CONSTRUCTOR_PARAMETER_TYPES), java_offset(REFLECT_CONSTRUCTOR_EXCEPTION_TYPES),
        java_offset(REFLECT_CONSTRUCTOR_MODIFIERS), java_offset(REFLECT_CONSTRUCTOR_SIGNATURE),
        java_offset(REFLECT_CONSTRUCTOR_ANNOTATIONS), java_offset(REFLECT_CONSTRUCTOR_PARAMETER_ANNOTATIONS)};
}

/* object, types, returned: handles. */
static Outcome fill_executable(Thread *thread, uint32_t method, const Value *object, const ExecutableOffsets *at, Value *types,
                               Value *returned)
{
    uint32_t class_index = method_at(method)->holder;
    Outcome outcome = java_reflect_types(thread, java_class_at(class_index)->loader,
                                         symbol_text(java_method_at(method)->descriptor), types, returned);

    if (outcome != OUTCOME_DONE)
        return outcome;
    heap_store(*object, at->parameter_types, *types);
    outcome = exception_types(thread, method, types);
    if (outcome != OUTCOME_DONE)
        return outcome;
    heap_store(*object, at->exception_types, *types);
    heap_store(*object, at->class, java_mirror(class_index));
    set_int(*object, at->slot, java_method_at(method)->index);
    set_int(*object, at->modifiers, java_method_at(method)->access_flags & METHOD_MODIFIERS);
    if (!store(thread, object, at->signature, signature_string(thread, class_index, java_method_at(method)->signature)) ||
        !store(thread, object, at->annotations, java_attribute_array(thread, class_index, java_method_at(method)->annotations)) ||
        !store(thread, object, at->parameter_annotations,
               java_attribute_array(thread, class_index, java_method_at(method)->parameter_annotations)))
        return OUTCOME_THROW;
    return OUTCOME_DONE;
}

static bool fill_method(Thread *thread, uint32_t method, const Value *object, Value returned)
{
    uint32_t class_index = method_at(method)->holder;

    heap_store(*object, java_offset(REFLECT_METHOD_RETURN_TYPE), returned);
    return store(thread, object, java_offset(REFLECT_METHOD_NAME),
                 java_string_intern_symbol(thread, java_method_at(method)->name)) &&
           store(thread, object, java_offset(REFLECT_METHOD_ANNOTATION_DEFAULT),
                 java_attribute_array(thread, class_index, java_method_at(method)->annotation_default));
}

Outcome java_reflect_method(Thread *thread, uint32_t method, Value *made)
{
    const ExecutableOffsets at = method_offsets();
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *object = heap_hold_nogc(&thread->allocator, instance_of(thread, JAVA_CLASS_REFLECT_METHOD));
    Value *types = heap_hold_nogc(&thread->allocator, 0), *returned = heap_hold_nogc(&thread->allocator, 0);
    Outcome outcome = *object != 0 ? fill_executable(thread, method, object, &at, types, returned) : OUTCOME_THROW;

    if (outcome == OUTCOME_DONE && !fill_method(thread, method, object, *returned))
        outcome = OUTCOME_THROW;
    *made = *object;
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

Outcome java_reflect_constructor(Thread *thread, uint32_t method, Value *made)
{
    const ExecutableOffsets at = constructor_offsets();
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *object = heap_hold_nogc(&thread->allocator, instance_of(thread, JAVA_CLASS_REFLECT_CONSTRUCTOR));
    Value *types = heap_hold_nogc(&thread->allocator, 0);
    Outcome outcome = *object != 0 ? fill_executable(thread, method, object, &at, types, NULL) : OUTCOME_THROW;

    *made = *object;
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

uint32_t java_reflected_method(Value executable)
{
    bool constructor = object_class_index(executable) == java_class(REFLECT_CONSTRUCTOR);
    ExecutableOffsets at = constructor ? constructor_offsets() : method_offsets();
    const JavaClass *class = java_class_at(java_mirror_class(heap_load(executable, at.class)));
    return class->first_method + *(const uint32_t *)object_at(executable, at.slot);
}

/* ---- the lists of a class's members ---- */

enum MemberKind { MEMBER_FIELD, MEMBER_METHOD, MEMBER_CONSTRUCTOR };

static bool is_listed(const JavaClass *class, enum MemberKind kind, uint32_t i, bool public_only)
{
    unsigned flags;

    if (kind == MEMBER_FIELD) {
        flags = java_field_at(class, i)->access_flags;
        if (java_field_at(class, i)->flags & JAVA_FIELD_INJECTED)
            return false;
    } else {
        const JavaMethod *method = java_method_at(class->first_method + i);
        flags = method->access_flags;
        if ((method->name == SYM(INIT)) != (kind == MEMBER_CONSTRUCTOR) || method->name == SYM(CLINIT) ||
            java_method_flags(method) & (JAVA_METHOD_MIRANDA | JAVA_METHOD_OVERPASS_ERROR))
            return false;
    }
    return !public_only || (flags & ACCESS_PUBLIC);
}

static Outcome make_member(Thread *thread, uint32_t class_index, enum MemberKind kind, uint32_t i, Value *made)
{
    switch (kind) {
    case MEMBER_FIELD: return java_reflect_field(thread, class_index, i, made);
    case MEMBER_METHOD: return java_reflect_method(thread, java_class_at(class_index)->first_method + i, made);
    default: return java_reflect_constructor(thread, java_class_at(class_index)->first_method + i, made);
    }
}

static Outcome list_members(Thread *thread, Value mirror, enum MemberKind kind, enum JavaWellknown element, bool public_only,
                            Value *result)
{
    uint32_t class_index = java_mirror_class(mirror), array_class, count = 0, at = 0, limit;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;
    Outcome outcome = OUTCOME_DONE;
    bool plain = !(class_at(class_index)->flags & (CLASS_ARRAY | CLASS_PRIMITIVE));

    if (plain && (outcome = java_link_class(thread, class_index)) != OUTCOME_DONE)
        return outcome;
    array_class = java_wellknown_class(thread, element);
    if (array_class == 0 || (array_class = java_array_class(thread, array_class)) == 0)
        return OUTCOME_THROW;
    limit = !plain ? 0 : kind == MEMBER_FIELD ? java_class_at(class_index)->field_count : java_class_at(class_index)->method_count;
    for (uint32_t i = 0; i < limit; i++)
        count += is_listed(java_class_at(class_index), kind, i, public_only);
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), count));
    if (*array == 0)
        outcome = java_throw_memory(thread);
    for (uint32_t i = 0; outcome == OUTCOME_DONE && i < limit; i++) {
        Value made = 0;
        if (!is_listed(java_class_at(class_index), kind, i, public_only))
            continue;
        outcome = make_member(thread, class_index, kind, i, &made);
        if (outcome == OUTCOME_DONE)
            array_store(*array, at++, made);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

PRIMITIVE(get_declared_fields)
{
    return list_members(thread, arguments[0], MEMBER_FIELD, JAVA_CLASS_REFLECT_FIELD, as_int(arguments[1]) != 0, result);
}

PRIMITIVE(get_declared_methods)
{
    return list_members(thread, arguments[0], MEMBER_METHOD, JAVA_CLASS_REFLECT_METHOD, as_int(arguments[1]) != 0, result);
}

PRIMITIVE(get_declared_constructors)
{
    return list_members(thread, arguments[0], MEMBER_CONSTRUCTOR, JAVA_CLASS_REFLECT_CONSTRUCTOR, as_int(arguments[1]) != 0,
                        result);
}

/* ---- parameters and type annotations ---- */

static Value new_parameter(Thread *thread, const Value *executable, uint32_t class_index, uint32_t offset, uint32_t i)
{
    uint32_t size;
    const uint8_t *entry = java_attribute(java_class_at(class_index), offset, &size) + 1 + 4 * i;
    unsigned name_index = read_be16(entry), flags = read_be16(entry + 2);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *object = heap_hold_nogc(&thread->allocator, instance_of(thread, JAVA_CLASS_REFLECT_PARAMETER)), made;

    if (*object != 0) {
        set_int(*object, java_offset(REFLECT_PARAMETER_MODIFIERS), (int32_t)flags);
        set_int(*object, java_offset(REFLECT_PARAMETER_INDEX), (int32_t)i);
        heap_store(*object, java_offset(REFLECT_PARAMETER_EXECUTABLE), *executable);
        if (name_index != 0)
            (void)store(thread, object, java_offset(REFLECT_PARAMETER_NAME),
                        java_string_intern_symbol(thread, java_pool_utf8(java_class_at(class_index), name_index)));
    }
    made = thread->exception == 0 ? *object : 0;
    heap_leave_nogc(&thread->allocator, mark);
    return made;
}

/* Names are looked at first here. */
static bool parameter_names_are_right(const JavaClass *class, uint32_t offset)
{
    uint32_t size;
    const uint8_t *contents = java_attribute(class, offset, &size);

    for (uint32_t i = 0; i < contents[0]; i++) {
        unsigned index = read_be16(contents + 1 + 4 * i);
        if (index >= class->cp_count || (index != 0 && java_pool_tag(class, index) != CONSTANT_UTF8))
            return false;
    }
    return true;
}

/* Executable.getParameters0: null without a MethodParameters attribute. */
PRIMITIVE(get_parameters)
{
    uint32_t method = java_reflected_method(arguments[0]), class_index = method_at(method)->holder, size;
    uint32_t offset = java_method_at(method)->method_parameters, count, array_class;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;

    if (offset == 0)
        return OUTCOME_DONE;
    if (!parameter_names_are_right(java_class_at(class_index), offset))
        return java_throw(thread, "java/lang/IllegalArgumentException", "Wrong type at constant pool index");
    count = *java_attribute(java_class_at(class_index), offset, &size);
    array_class = java_wellknown_class(thread, JAVA_CLASS_REFLECT_PARAMETER);
    if (array_class == 0 || (array_class = java_array_class(thread, array_class)) == 0)
        return OUTCOME_THROW;
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), count));
    for (uint32_t i = 0; *array != 0 && i < count; i++) {
        Value parameter = new_parameter(thread, &arguments[0], class_index, offset, i);
        if (parameter == 0)
            break;
        array_store(*array, i, parameter);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    if (*result == 0 && thread->exception == 0)
        java_throw_memory(thread);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

PRIMITIVE(executable_type_annotations)
{
    uint32_t method = java_reflected_method(arguments[0]);

    *result = java_attribute_array(thread, method_at(method)->holder, java_method_at(method)->type_annotations);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

PRIMITIVE(field_type_annotations)
{
    uint32_t class_index = java_mirror_class(heap_load(arguments[0], java_offset(REFLECT_FIELD_CLASS)));
    uint32_t slot = *(const uint32_t *)object_at(arguments[0], java_offset(REFLECT_FIELD_SLOT));

    *result = java_attribute_array(thread, class_index, java_field_at(java_class_at(class_index), slot)->type_annotations);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

void primitive_register_reflect(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Class.getDeclaredFields0(Z)[Ljava/lang/reflect/Field;", get_declared_fields},
        {"java/lang/Class.getDeclaredMethods0(Z)[Ljava/lang/reflect/Method;", get_declared_methods},
        {"java/lang/Class.getDeclaredConstructors0(Z)[Ljava/lang/reflect/Constructor;", get_declared_constructors},
        {"java/lang/reflect/Executable.getParameters0()[Ljava/lang/reflect/Parameter;", get_parameters},
        {"java/lang/reflect/Executable.getTypeAnnotationBytes0()[B", executable_type_annotations},
        {"java/lang/reflect/Field.getTypeAnnotationBytes0()[B", field_type_annotations},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
