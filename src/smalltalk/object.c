/* object.c - objects and classes as Smalltalk sees them: instances, numbers, the class table. */
#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

#define CLASS_TABLE_LIMIT (1u << 16) /* classes of one image */

Value smalltalk_class_of_nogc(Value value)
{
    return run_tagged.classes[value_class_index(value)];
}

/* ---- the class table ---- */

void class_refresh(Value class)
{
    uint32_t index = (uint32_t)((object_header(class) & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
    if (index == 0 || index >= CLASS_TABLE_LIMIT || run_tagged.classes[index] != class)
        return;
    Class *descriptor = class_at(index);
    descriptor->format = (uint8_t)class_instance_format(class);
    descriptor->slots = class_fixed_slots(class);
}

bool class_enter(Value class, uint32_t index)
{
    Class *descriptor;

    if (run_tagged.classes == NULL) {
        run_tagged.classes = memory_allocate_array(CLASS_TABLE_LIMIT, sizeof(Value));
        if (run_tagged.classes == NULL)
            return false;
        for (uint32_t i = 0; i < CLASS_TABLE_LIMIT; i++)
            run_tagged.classes[i] = NIL;
        smalltalk.class_limit = 1;
    }
    if (index >= CLASS_TABLE_LIMIT)
        return false;
    if (((const uint32_t *)(void *)class_table.base)[index] != 0)
        descriptor = class_at(index);
    else if (class_new_at(&descriptor, index, 0) != OK)
        return false;
    if (index >= smalltalk.class_limit)
        smalltalk.class_limit = index + 1;
    run_tagged.classes[index] = class;
    descriptor->language = LANGUAGE_SMALLTALK;
    descriptor->initialized = 1;
    if (is_pointers(class) && object_slot_count(class) > BEHAVIOR_FORMAT &&
        value_is_integer(object_slots(class)[BEHAVIOR_FORMAT])) {
        descriptor->format = (uint8_t)class_instance_format(class);
        descriptor->slots = class_fixed_slots(class);
    }
    return true;
}

uint32_t class_index_of(Value class)
{
    uint32_t index;
    uint64_t header;

    if (!is_pointers(class) || object_slot_count(class) <= BEHAVIOR_FORMAT)
        return 0;
    header = object_header(class);
    index = (uint32_t)((header & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
    if (index != 0 && index < smalltalk.class_limit && run_tagged.classes[index] == class)
        return index;
    for (index = 64; index < smalltalk.class_limit; index++)
        if (run_tagged.classes[index] == NIL)
            break;
    if (!class_enter(class, index))
        return 0;
    *object_header_slot(class) = (object_header(class) & ~HEADER_HASH_MASK) | (uint64_t)index << HEADER_HASH_SHIFT;
    return index;
}

/* ---- instances ---- */

static void fill_nil(Value object, uint64_t slots)
{
    Value *slot = object_slots(object);
    Value nil = NIL;
    for (uint64_t i = 0; i < slots; i++)
        slot[i] = nil;
}

static bool sizes_of(unsigned format, uint64_t fixed, uint64_t size, uint64_t *slots, unsigned *object_format)
{
    uint64_t unit;
    if (format <= FORMAT_FIXED || format == FORMAT_EPHEMERON) {
        *slots = fixed;
        *object_format = format;
        return size == 0;
    }
    if (format <= FORMAT_WEAK) {
        *slots = fixed + size;
        *object_format = format;
        return true;
    }
    if (format < FORMAT_INDEXED_64 || format >= FORMAT_METHOD)
        return false;
    unit = format >= FORMAT_INDEXED_8 ? 8 : format >= FORMAT_INDEXED_16 ? 4 : format >= FORMAT_INDEXED_32 ? 2 : 1;
    *slots = (size + unit - 1) / unit;
    *object_format = (unit == 8 ? FORMAT_INDEXED_8 : unit == 4 ? FORMAT_INDEXED_16 : unit == 2 ? FORMAT_INDEXED_32
                                                                                              : FORMAT_INDEXED_64) +
                     (unsigned)(*slots * unit - size);
    return true;
}

Value instance_new(Thread *thread, Value class, uint64_t size)
{
    uint32_t index = class_index_of(class);
    uint64_t slots;
    unsigned format;
    Value object;

    if (index == 0 || size > (1ull << 40) ||
        !sizes_of(class_instance_format(class), class_fixed_slots(class), size, &slots, &format))
        return 0;
    object = heap_allocate(&thread->allocator, index, (enum ObjectFormat)format, slots);
    if (object != 0 && format <= FORMAT_EPHEMERON)
        fill_nil(object, slots);
    return object;
}

Value array_new(Thread *thread, uint64_t size)
{
    return instance_new(thread, special_object(SPECIAL_CLASS_ARRAY), size);
}

static Value bytes_of_class(Thread *thread, enum SpecialObject class, const void *bytes, size_t size)
{
    Value object = instance_new(thread, special_object(class), size);
    if (object != 0)
        memcpy(object_slots(object), bytes, size);
    return object;
}

Value string_new(Thread *thread, const void *bytes, size_t size)
{
    return bytes_of_class(thread, SPECIAL_CLASS_STRING, bytes, size);
}

Value bytes_new(Thread *thread, const void *bytes, size_t size)
{
    return bytes_of_class(thread, SPECIAL_CLASS_BYTE_ARRAY, bytes, size);
}

char *string_copy(Value string)
{
    char *text;
    if (!is_bytes(string))
        return NULL;
    text = memory_allocate(object_byte_size(string) + 1);
    if (text != NULL)
        memcpy(text, object_slots(string), object_byte_size(string));
    return text;
}

/* ---- numbers ---- */

Value float_new(Thread *thread, double number)
{
    Value value = tagged_float_immediate(number);
    if (value != 0)
        return value;
    value = heap_allocate(&thread->allocator, TAGGED_FLOAT_INDEX, FORMAT_INDEXED_64, 1);
    if (value != 0) {
        *object_header_slot(value) = (object_header(value) & ~HEADER_FORMAT_MASK) |
                                     (uint64_t)class_at(TAGGED_FLOAT_INDEX)->format << HEADER_FORMAT_SHIFT;
        memcpy(object_slots(value), &number, sizeof number);
    }
    return value;
}

static Value large_new(Thread *thread, uint64_t magnitude, bool negative)
{
    size_t size = 8 - (size_t)__builtin_clzll(magnitude) / 8;
    return bytes_of_class(thread, negative ? SPECIAL_CLASS_LARGE_NEGATIVE : SPECIAL_CLASS_LARGE_POSITIVE, &magnitude, size);
}

Value integer_new(Thread *thread, int64_t integer)
{
    if (value_integer_fits(integer))
        return value_from_integer(integer);
    return large_new(thread, integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer, integer < 0);
}

Value integer_new_unsigned(Thread *thread, uint64_t integer)
{
    return integer < 1ull << 60 ? value_from_integer((int64_t)integer) : large_new(thread, integer, false);
}

static bool magnitude_value(Value value, uint64_t *magnitude)
{
    uint64_t size = object_byte_size(value), sum = 0;
    const uint8_t *bytes = (const uint8_t *)object_slots(value);
    for (uint64_t i = 0; i < size; i++) {
        if (i >= 8 && bytes[i] != 0)
            return false;
        if (i < 8)
            sum |= (uint64_t)bytes[i] << 8 * i;
    }
    *magnitude = sum;
    return true;
}

bool unsigned_value(Value value, uint64_t *integer)
{
    if (value_is_integer(value)) {
        *integer = (uint64_t)value_integer(value);
        return value_integer(value) >= 0;
    }
    return value_is_object(value) && object_class_index(value) == INDEX_LARGE_POSITIVE && magnitude_value(value, integer);
}

bool integer_value(Value value, int64_t *integer)
{
    uint64_t magnitude;
    uint32_t index;
    if (value_is_integer(value)) {
        *integer = value_integer(value);
        return true;
    }
    if (!value_is_object(value))
        return false;
    index = object_class_index(value);
    if ((index != INDEX_LARGE_POSITIVE && index != INDEX_LARGE_NEGATIVE) || !magnitude_value(value, &magnitude))
        return false;
    if (index == INDEX_LARGE_POSITIVE ? magnitude > INT64_MAX : magnitude > 1ull << 63)
        return false;
    *integer = index == INDEX_LARGE_POSITIVE ? (int64_t)magnitude : (int64_t)(0 - magnitude);
    return true;
}

/* ---- for people ---- */

static void class_name(Value class, char *text, size_t size)
{
    const char *suffix = "";
    Value name;
    if (is_pointers(class) && object_slot_count(class) == 6 && is_pointers(object_slots(class)[5])) {
        class = object_slots(class)[5]; /* a metaclass: its only instance */
        suffix = " class";
    }
    name = is_pointers(class) && object_slot_count(class) > 6 ? object_slots(class)[6] : 0;
    if (is_bytes(name))
        snprintf(text, size, "%.*s%s", (int)object_byte_size(name), (const char *)object_slots(name), suffix);
    else
        snprintf(text, size, "an unnamed class%s", suffix);
}

void describe(Value value, char *text, size_t size)
{
    char name[128];
    if (value_is_integer(value)) {
        snprintf(text, size, "%lld", (long long)value_integer(value));
    } else if (is_bytes(value)) {
        snprintf(text, size, "'%.*s'", (int)(object_byte_size(value) < 200 ? object_byte_size(value) : 200),
                 (const char *)object_slots(value));
    } else if (value == 0) {
        snprintf(text, size, "0");
    } else if (is_pointers(value) && object_slot_count(value) > 6 && is_bytes(object_slots(value)[6])) {
        class_name(value, text, size);
    } else {
        class_name(smalltalk_class_of_nogc(value), name, sizeof name);
        snprintf(text, size, "a %s", name);
    }
}
