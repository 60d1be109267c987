/* reflect_array.c - java.lang.reflect.Array: elements by number, arrays by class. */
#include "java/primitive_internal.h"
#include "java/reflect.h"

/* ---- access to an element ---- */

/* The type of the array's elements ('L' for references); 0: thread->exception. */
static char element_type(Thread *thread, Value array)
{
    char type;

    if (array == 0) {
        run_raise(thread, RAISE_NULL, 0, 0);
        return 0;
    }
    if (class_of(array)->format != FORMAT_JAVA_ARRAY) {
        java_throw(thread, "java/lang/IllegalArgumentException", "Argument is not an array");
        return 0;
    }
    type = symbol_text(java_class_at(object_class_index(array))->name)[1];
    return type == '[' ? 'L' : type;
}

static bool check_index(Thread *thread, Value array, int32_t index)
{
    if (index >= 0 && index < array_length(array))
        return true;
    run_raise(thread, RAISE_BOUNDS, (uint64_t)(int64_t)index, (uint64_t)array_length(array));
    return false;
}

static void *element_at(Value array, int32_t index)
{
    return (uint8_t *)object_at(array, ARRAY_BASE_OFFSET) + ((uint64_t)index << class_of(array)->element_shift);
}

static Value get_element(const void *place, char type)
{
    switch (type) {
    case 'Z': return *(const uint8_t *)place;
    case 'B': return (Value)(int64_t) * (const int8_t *)place;
    case 'C': return *(const uint16_t *)place;
    case 'S': return (Value)(int64_t) * (const int16_t *)place;
    case 'I': return (Value)(int64_t) * (const int32_t *)place;
    case 'F': return *(const uint32_t *)place;
    default: return *(const uint64_t *)place;
    }
}

static void put_element(void *place, char type, Value value)
{
    switch (type) {
    case 'Z': *(uint8_t *)place = (uint8_t)(value & 1); break;
    case 'B': *(uint8_t *)place = (uint8_t)value; break;
    case 'C':
    case 'S': *(uint16_t *)place = (uint16_t)value; break;
    case 'I':
    case 'F': *(uint32_t *)place = (uint32_t)value; break;
    default: *(uint64_t *)place = value; break;
    }
}

static Outcome throw_mismatch(Thread *thread)
{
    return java_throw(thread, "java/lang/IllegalArgumentException", "argument type mismatch");
}

static Outcome get_as(Thread *thread, const Value *arguments, char wanted, Value *result)
{
    char type = element_type(thread, arguments[0]);

    if (type == 0)
        return OUTCOME_THROW;
    if (type == 'L')
        return java_throw(thread, "java/lang/IllegalArgumentException", "Argument is not an array of primitive type");
    if (!check_index(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    *result = get_element(element_at(arguments[0], as_int(arguments[1])), type);
    return java_widen(type, wanted, result) ? OUTCOME_DONE : throw_mismatch(thread);
}

static Outcome set_as(Thread *thread, const Value *arguments, char given, Value value)
{
    char type = element_type(thread, arguments[0]);

    if (type == 0)
        return OUTCOME_THROW;
    if (type == 'L')
        return java_throw(thread, "java/lang/IllegalArgumentException", "Argument is not an array of primitive type");
    if (!check_index(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    if (!java_widen(given, type, &value))
        return throw_mismatch(thread);
    put_element(element_at(arguments[0], as_int(arguments[1])), type, value);
    return OUTCOME_DONE;
}

#define ACCESSORS(name, type)                                    \
    PRIMITIVE(get_##name)                                        \
    {                                                            \
        return get_as(thread, arguments, type, result);          \
    }                                                            \
    PRIMITIVE(set_##name)                                        \
    {                                                            \
        return set_as(thread, arguments, type, arguments[2]);    \
    }
ACCESSORS(boolean, 'Z')
ACCESSORS(byte, 'B')
ACCESSORS(char, 'C')
ACCESSORS(short, 'S')
ACCESSORS(int, 'I')
ACCESSORS(long, 'J')
ACCESSORS(float, 'F')
ACCESSORS(double, 'D')

PRIMITIVE(get_length)
{
    if (element_type(thread, arguments[0]) == 0)
        return OUTCOME_THROW;
    *result = from_int(array_length(arguments[0]));
    return OUTCOME_DONE;
}

PRIMITIVE(get)
{
    char type = element_type(thread, arguments[0]);

    if (type == 0 || !check_index(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    *result = java_box(thread, type, get_element(element_at(arguments[0], as_int(arguments[1])), type));
    return thread->exception == 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(set)
{
    char type = element_type(thread, arguments[0]), given;
    Value value = 0;

    if (type == 0)
        return OUTCOME_THROW;
    if (type != 'L') {
        given = java_unbox_nogc(arguments[2], &value);
        if (given == 0)
            return throw_mismatch(thread);
        return set_as(thread, arguments, given, value);
    }
    if (!check_index(thread, arguments[0], as_int(arguments[1])))
        return OUTCOME_THROW;
    if (arguments[2] != 0 && !java_is_instance(arguments[2], class_of(arguments[0])->element_class))
        return java_throw(thread, "java/lang/IllegalArgumentException", "array element type mismatch");
    array_store(arguments[0], (uint64_t)as_int(arguments[1]), arguments[2]);
    return OUTCOME_DONE;
}

/* ---- making ---- */

static Outcome check_component(Thread *thread, Value mirror)
{
    if (mirror == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (java_class_at(java_mirror_class(mirror))->primitive_type == 'V' ||
        java_class_at(java_mirror_class(mirror))->dimensions == 255)
        return java_throw_plain(thread, "java/lang/IllegalArgumentException");
    return OUTCOME_DONE;
}

/* newArray(Class component, int length) */
PRIMITIVE(new_array)
{
    Outcome outcome = check_component(thread, arguments[0]);
    uint32_t array_class;

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (as_int(arguments[1]) < 0)
        return run_raise(thread, RAISE_NEGATIVE_SIZE, arguments[1], 0);
    array_class = java_array_class(thread, java_mirror_class(arguments[0]));
    if (array_class == 0)
        return OUTCOME_THROW;
    *result = heap_allocate_array(&thread->allocator, class_at(array_class), (uint32_t)as_int(arguments[1]));
    return *result != 0 ? OUTCOME_DONE : run_raise(thread, RAISE_MEMORY, (uint64_t)as_int(arguments[1]), 0);
}

/* An array of array_class with all its parts, depth by depth. Recursion is bounded by the 255 dimensions. */
static Value make_parts(Thread *thread, uint32_t array_class, const int32_t *lengths, unsigned count)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array = heap_hold_nogc(&thread->allocator, 0), made;

    *array = heap_allocate_array(&thread->allocator, class_at(array_class), (uint32_t)lengths[0]);
    for (int32_t i = 0; *array != 0 && count > 1 && i < lengths[0]; i++) {
        Value part = make_parts(thread, class_at(array_class)->element_class, lengths + 1, count - 1);
        if (part == 0)
            *array = 0;
        else
            array_store(*array, (uint64_t)i, part);
    }
    made = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return made;
}

/* multiNewArray(Class component, int[] lengths) */
PRIMITIVE(multi_new_array)
{
    Outcome outcome = check_component(thread, arguments[0]);
    int32_t lengths[255], count;
    uint32_t array_class;

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    count = array_length(arguments[1]);
    array_class = java_mirror_class(arguments[0]);
    if (count == 0 || count + java_class_at(array_class)->dimensions > 255)
        return java_throw_plain(thread, "java/lang/IllegalArgumentException");
    memcpy(lengths, object_at(arguments[1], ARRAY_BASE_OFFSET), (size_t)count * sizeof *lengths);
    for (int32_t i = 0; i < count; i++) {
        if (lengths[i] < 0)
            return run_raise(thread, RAISE_NEGATIVE_SIZE, (uint64_t)(int64_t)lengths[i], 0);
        array_class = java_array_class(thread, array_class);
        if (array_class == 0)
            return OUTCOME_THROW;
    }
    *result = make_parts(thread, array_class, lengths, (unsigned)count);
    return *result != 0 ? OUTCOME_DONE : java_throw_memory(thread);
}

#define ARRAY(signature) "java/lang/reflect/Array." signature
#define ROWS_OF(name, Name, type)                                \
    {ARRAY("get" Name "(Ljava/lang/Object;I)" type), get_##name}, \
    {ARRAY("set" Name "(Ljava/lang/Object;I" type ")V"), set_##name}

void primitive_register_array(void)
{
    static const PrimitiveRow rows[] = {
        ROWS_OF(boolean, "Boolean", "Z"), ROWS_OF(byte, "Byte", "B"), ROWS_OF(char, "Char", "C"),
        ROWS_OF(short, "Short", "S"), ROWS_OF(int, "Int", "I"), ROWS_OF(long, "Long", "J"),
        ROWS_OF(float, "Float", "F"), ROWS_OF(double, "Double", "D"),
        {ARRAY("getLength(Ljava/lang/Object;)I"), get_length},
        {ARRAY("get(Ljava/lang/Object;I)Ljava/lang/Object;"), get},
        {ARRAY("set(Ljava/lang/Object;ILjava/lang/Object;)V"), set},
        {ARRAY("newArray(Ljava/lang/Class;I)Ljava/lang/Object;"), new_array},
        {ARRAY("multiNewArray(Ljava/lang/Class;[I)Ljava/lang/Object;"), multi_new_array},
    };
    primitive_register_rows(rows, COUNT_OF(rows));
}
