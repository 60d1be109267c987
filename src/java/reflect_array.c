/* reflect_array.c - java.lang.reflect.Array. */
#include "java/primitive_internal.h"
#include "java/reflect.h"

#define ILLEGAL_ARGUMENT "java/lang/IllegalArgumentException"

static Outcome mismatch(Thread *thread)
{
    return java_throw(thread, ILLEGAL_ARGUMENT, "argument type mismatch");
}

/* The first letter of the element's type; 0: thrown. */
static char element_type(Thread *thread, Value array, bool primitive_only)
{
    const Class *class;
    char type;

    if (array == 0) {
        (void)run_raise(thread, RAISE_NULL, 0, 0);
        return 0;
    }
    class = class_of(array);
    if (!(class->flags & CLASS_ARRAY)) {
        (void)java_throw(thread, ILLEGAL_ARGUMENT, "Argument is not an array");
        return 0;
    }
    type = symbol_text(java_class_at(class->index)->name)[1];
    if (primitive_only && java_type_is_reference(type)) {
        (void)java_throw(thread, ILLEGAL_ARGUMENT, "Argument is not an array of primitive type");
        return 0;
    }
    return type;
}

static bool in_bounds(Thread *thread, Value array, int32_t index)
{
    if (index >= 0 && index < array_length(array))
        return true;
    (void)java_throw_plain(thread, "java/lang/ArrayIndexOutOfBoundsException");
    return false;
}

static Value read_element(Value array, char type, int32_t index)
{
    const void *elements = object_at(array, ARRAY_BASE_OFFSET);

    switch (type) {
    case 'Z': return ((const uint8_t *)elements)[index] & 1;
    case 'B': return (Value)(int64_t)((const int8_t *)elements)[index];
    case 'S': return (Value)(int64_t)((const int16_t *)elements)[index];
    case 'C': return ((const uint16_t *)elements)[index];
    case 'I': return (Value)(int64_t)((const int32_t *)elements)[index];
    case 'F': return ((const uint32_t *)elements)[index];
    default: return ((const uint64_t *)elements)[index];
    }
}

static void write_element(Value array, char type, int32_t index, Value value)
{
    void *elements = object_at(array, ARRAY_BASE_OFFSET);

    switch (java_type_size(type)) {
    case 1: ((uint8_t *)elements)[index] = (uint8_t)(type == 'Z' ? value & 1 : value); break;
    case 2: ((uint16_t *)elements)[index] = (uint16_t)value; break;
    case 4: ((uint32_t *)elements)[index] = (uint32_t)value; break;
    default: ((uint64_t *)elements)[index] = value; break;
    }
}

/* ---- elements ---- */

PRIMITIVE(get_length)
{
    if (element_type(thread, arguments[0], false) == 0)
        return OUTCOME_THROW;
    *result = (Value)array_length(arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(get)
{
    char type = element_type(thread, arguments[0], false);
    int32_t index = as_int(arguments[1]);

    if (type == 0 || !in_bounds(thread, arguments[0], index))
        return OUTCOME_THROW;
    if (java_type_is_reference(type)) {
        *result = array_element(arguments[0], (uint64_t)index);
        return OUTCOME_DONE;
    }
    *result = java_box(thread, type, read_element(arguments[0], type, index));
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

static Outcome get_as(Thread *thread, const Value *arguments, char wanted, Value *result)
{
    char type = element_type(thread, arguments[0], true);

    if (type == 0 || !in_bounds(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    *result = read_element(arguments[0], type, as_int(arguments[1]));
    return java_widen(type, wanted, result) ? OUTCOME_DONE : mismatch(thread);
}

static Outcome set_from(Thread *thread, const Value *arguments, char given, Value value)
{
    char type = element_type(thread, arguments[0], true);

    if (type == 0 || !in_bounds(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    if (!java_widen(given, type, &value))
        return mismatch(thread);
    write_element(arguments[0], type, as_int(arguments[1]), value);
    return OUTCOME_DONE;
}

static Outcome set_reference(Thread *thread, Value array, int32_t index, Value element)
{
    if (!in_bounds(thread, array, index))
        return OUTCOME_THROW;
    if (element != 0 && !java_is_instance(element, class_of(array)->element_class))
        return java_throw(thread, ILLEGAL_ARGUMENT, "array element type mismatch");
    array_store(array, (uint64_t)index, element);
    return OUTCOME_DONE;
}

/* set(Object array, int index, Object value) */
PRIMITIVE(set)
{
    char type = element_type(thread, arguments[0], false), given;
    Value value = 0;

    if (type == 0)
        return OUTCOME_THROW;
    if (java_type_is_reference(type))
        return set_reference(thread, arguments[0], as_int(arguments[1]), arguments[2]);
    if (arguments[2] == 0)
        return java_throw_plain(thread, ILLEGAL_ARGUMENT);
    given = java_unbox_nogc(arguments[2], &value);
    return set_from(thread, arguments, given, value);
}

#define ELEMENT_PRIMITIVES(type, name)                                  \
    PRIMITIVE(get_##name)                                               \
    {                                                                   \
        return get_as(thread, arguments, type, result);                 \
    }                                                                   \
    PRIMITIVE(set_##name)                                               \
    {                                                                   \
        return set_from(thread, arguments, type, arguments[2]);         \
    }
ELEMENT_PRIMITIVES('Z', boolean)
ELEMENT_PRIMITIVES('B', byte)
ELEMENT_PRIMITIVES('C', char)
ELEMENT_PRIMITIVES('S', short)
ELEMENT_PRIMITIVES('I', int)
ELEMENT_PRIMITIVES('J', long)
ELEMENT_PRIMITIVES('F', float)
ELEMENT_PRIMITIVES('D', double)

/* ---- new arrays ---- */

#define DIMENSIONS_MOST 255

static Outcome negative(Thread *thread, int32_t length)
{
    return java_throw(thread, "java/lang/NegativeArraySizeException", "%d", length);
}

/* newArray(Class component, int length) */
PRIMITIVE(new_array)
{
    uint32_t component, array_class;

    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (as_int(arguments[1]) < 0)
        return negative(thread, as_int(arguments[1]));
    component = java_mirror_class(arguments[0]);
    if (component == java_primitive_class('V') || java_class_at(component)->dimensions == DIMENSIONS_MOST)
        return java_throw_plain(thread, ILLEGAL_ARGUMENT);
    array_class = java_array_class(thread, component);
    if (array_class == 0)
        return OUTCOME_THROW;
    *result = heap_allocate_array(&thread->allocator, class_at(array_class), (uint32_t)as_int(arguments[1]));
    return *result != 0 ? OUTCOME_DONE : run_raise(thread, RAISE_MEMORY, (uint64_t)as_int(arguments[1]), 0);
}

static Outcome make_dimensions(Thread *thread, uint32_t class_index, const int32_t *lengths, unsigned count, Value *result)
{
    int32_t refused = 0;

    for (unsigned i = 0; i < count; i++) {
        class_index = java_array_class(thread, class_index);
        if (class_index == 0)
            return OUTCOME_THROW;
    }
    *result = java_new_multi_array(thread, class_index, lengths, count, &refused);
    return *result != 0 ? OUTCOME_DONE : run_raise(thread, RAISE_MEMORY, (uint64_t)refused, 0);
}

/* multiNewArray(Class component, int[] lengths) */
PRIMITIVE(multi_new_array)
{
    int32_t lengths[DIMENSIONS_MOST];
    uint32_t component;
    unsigned count;

    if (arguments[0] == 0 || arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    component = java_mirror_class(arguments[0]);
    count = (unsigned)array_length(arguments[1]);
    if (count == 0 || count > DIMENSIONS_MOST)
        return java_throw_plain(thread, ILLEGAL_ARGUMENT);
    memcpy(lengths, object_at(arguments[1], ARRAY_BASE_OFFSET), count * sizeof lengths[0]);
    for (unsigned i = 0; i < count; i++)
        if (lengths[i] < 0)
            return negative(thread, lengths[i]);
    if (component == java_primitive_class('V') || count + java_class_at(component)->dimensions > DIMENSIONS_MOST)
        return java_throw_plain(thread, ILLEGAL_ARGUMENT);
    return make_dimensions(thread, component, lengths, count, result);
}

#define ELEMENT_ROWS(letter, title, name)                                              \
    {"java/lang/reflect/Array.get" title "(Ljava/lang/Object;I)" letter, get_##name},  \
    {"java/lang/reflect/Array.set" title "(Ljava/lang/Object;I" letter ")V", set_##name}

void primitive_register_array(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/reflect/Array.getLength(Ljava/lang/Object;)I", get_length},
        {"java/lang/reflect/Array.get(Ljava/lang/Object;I)Ljava/lang/Object;", get},
        {"java/lang/reflect/Array.set(Ljava/lang/Object;ILjava/lang/Object;)V", set},
        ELEMENT_ROWS("Z", "Boolean", boolean),
        ELEMENT_ROWS("B", "Byte", byte),
        ELEMENT_ROWS("C", "Char", char),
        ELEMENT_ROWS("S", "Short", short),
        ELEMENT_ROWS("I", "Int", int),
        ELEMENT_ROWS("J", "Long", long),
        ELEMENT_ROWS("F", "Float", float),
        ELEMENT_ROWS("D", "Double", double),
        {"java/lang/reflect/Array.newArray(Ljava/lang/Class;I)Ljava/lang/Object;", new_array},
        {"java/lang/reflect/Array.multiNewArray(Ljava/lang/Class;[I)Ljava/lang/Object;", multi_new_array},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
