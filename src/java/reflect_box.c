/* reflect_box.c - boxes of primitive values: java.lang.Integer and its kin made, opened, and widened (JLS 5.1.2). */
#include "java/reflect.h"

#include "java/primitive_internal.h"

static const struct {
    char type;
    enum JavaWellknown class;
    enum JavaOffset offset;
} boxes[] = {
    {'Z', JAVA_CLASS_BOOLEAN, JAVA_FIELD_BOOLEAN_VALUE}, {'B', JAVA_CLASS_BYTE, JAVA_FIELD_BYTE_VALUE},
    {'C', JAVA_CLASS_CHARACTER, JAVA_FIELD_CHARACTER_VALUE}, {'S', JAVA_CLASS_SHORT, JAVA_FIELD_SHORT_VALUE},
    {'I', JAVA_CLASS_INTEGER, JAVA_FIELD_INTEGER_VALUE}, {'J', JAVA_CLASS_LONG, JAVA_FIELD_LONG_VALUE},
    {'F', JAVA_CLASS_FLOAT, JAVA_FIELD_FLOAT_VALUE}, {'D', JAVA_CLASS_DOUBLE, JAVA_FIELD_DOUBLE_VALUE},
};

static void put_raw(void *place, char type, Value value)
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

static Value get_raw(const void *place, char type)
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

Value java_box(Thread *thread, char type, Value value)
{
    for (unsigned i = 0; i < COUNT_OF(boxes); i++)
        if (boxes[i].type == type) {
            uint32_t class_index = java_wellknown_class(thread, boxes[i].class);
            Value box = class_index != 0 ? heap_allocate_instance(&thread->allocator, class_at(class_index)) : 0;
            if (box == 0) {
                java_throw_memory(thread);
                return 0;
            }
            put_raw(object_at(box, java_world()->offsets[boxes[i].offset]), type, value);
            return box;
        }
    return value; /* a reference */
}

char java_unbox_nogc(Value box, Value *value)
{
    if (box == 0)
        return 0;
    for (unsigned i = 0; i < COUNT_OF(boxes); i++)
        if (java_world()->wellknown[boxes[i].class] == object_class_index(box)) {
            *value = get_raw(object_at(box, java_world()->offsets[boxes[i].offset]), boxes[i].type);
            return boxes[i].type;
        }
    return 0;
}

bool java_widen(char from, char to, Value *value)
{
    static const char order[] = "BSIJFD"; /* char joins at int */
    const char *from_place = strchr(order, from == 'C' ? 'I' : from), *to_place = strchr(order, to);
    int64_t integer = (int64_t)*value;

    if (from == to)
        return true;
    if (from == 'Z' || to == 'Z' || to == 'C' || from_place == NULL || to_place == NULL || from_place > to_place ||
        (from == 'C' && to_place < strchr(order, 'I')))
        return false;
    if (from == 'F') /* to double */
        *value = from_double((double)as_float(*value));
    else if (to == 'F')
        *value = from_float((float)integer);
    else if (to == 'D')
        *value = from_double((double)integer);
    return true;
}
