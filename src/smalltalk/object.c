/* object.c - objects and classes as Smalltalk sees them: instances, numbers, the class table. */
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "os/os.h"
#include "smalltalk/smalltalk_internal.h"

Value smalltalk_class_of_nogc(Value value)
{
    return run_tagged.classes[value_class_index(value)];
}

void special_set(enum SpecialObject index, Value value)
{
    if ((uint64_t)index < object_slot_count(smalltalk.special_objects))
        slot_set(smalltalk.special_objects, index, value);
}

/* ---- the class table ---- */

/* What is known of all instances of a class. A byte of the image may be wrong, and a guest may change its classes: code
 * that accesses slots without a check relies on these, not on what the class says. */
typedef struct ClassShape {
    uint32_t least_slots;
    uint32_t mixed; /* 1: it is */
} ClassShape;
_Static_assert(sizeof(ClassShape) == 8, "ClassShape is an image format");
static ClassShape *shapes;

unsigned class_least_slots(uint32_t index)
{
    return index < smalltalk.class_limit ? shapes[index].least_slots : 0;
}

bool class_is_mixed(uint32_t index)
{
    return index >= smalltalk.class_limit || shapes[index].mixed;
}

/* Has it changed? */
static bool note_shape(uint32_t index, unsigned format, uint64_t slots)
{
    ClassShape *shape = &shapes[index], before = *shape;
    shape->mixed |= class_element_kind(format) != class_element_kind(class_at(index)->format);
    if (format > FORMAT_EPHEMERON)
        slots = 0;
    if (slots < shape->least_slots)
        shape->least_slots = (uint32_t)slots;
    return shape->mixed != before.mixed || shape->least_slots != before.least_slots;
}

static uint32_t closure_class(enum SpecialObject place, unsigned slots)
{
    uint32_t index = class_index_of(special_object(place));
    return index != 0 && class_least_slots(index) >= slots && !class_is_mixed(index) ? index : 0;
}

void classes_changed(void)
{
    run_tagged.block_class = closure_class(SPECIAL_CLASS_BLOCK, CLOSURE_FIRST);
    run_tagged.full_block_class = closure_class(SPECIAL_CLASS_FULL_BLOCK, FULL_CLOSURE_FIRST);
    run_tagged.array_class = closure_class(SPECIAL_CLASS_ARRAY, 0);
    lookup_flush();
}

void class_note_instance(Value object)
{
    uint32_t index = object_class_index(object);
    if (index < smalltalk.class_limit && note_shape(index, header_format(object_header(object)), object_slot_count(object)))
        classes_changed();
}

void class_note_loaded(uint32_t index, uint32_t formats, uint32_t least_slots)
{
    ClassShape *shape = &shapes[index];
    for (; formats != 0; formats &= formats - 1)
        shape->mixed |= class_element_kind((unsigned)__builtin_ctz(formats)) != class_element_kind(class_at(index)->format);
    if (least_slots < shape->least_slots)
        shape->least_slots = least_slots;
}

static void note_object(void *context, Value object)
{
    uint32_t index = object_class_index(object);
    if (index < smalltalk.class_limit)
        note_shape(index, header_format(object_header(object)), object_slot_count(object));
}

static void descriptor_set(Class *descriptor, Value class)
{
    descriptor->format = is_class(class) ? (uint8_t)class_instance_format(class) : FORMAT_EMPTY;
    descriptor->slots = is_class(class) ? class_fixed_slots(class) : 0;
}

static void shape_begin(uint32_t index)
{
    const Class *class = class_at(index);
    shapes[index] = (ClassShape){.least_slots = class->slots};
    note_shape(index, class->format, class->slots);
}

void class_note_all(void)
{
    for (uint32_t i = 1; i < smalltalk.class_limit; i++)
        if (run_tagged.classes[i] != NIL)
            shape_begin(i);
    heap_each_object(note_object, NULL);
    classes_changed();
}

bool class_is_entered(Value value)
{
    uint32_t index;
    if (!value_is_object(value))
        return false;
    index = (uint32_t)((object_header(value) & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
    return index != 0 && index < smalltalk.class_limit && run_tagged.classes[index] == value;
}

void class_enter_all(void)
{
    for (uint32_t i = 1; i < smalltalk.class_limit; i++)
        if (run_tagged.classes[i] != NIL)
            descriptor_set(class_at(i), run_tagged.classes[i]);
    class_note_all();
}

void class_refresh(Value class)
{
    uint32_t index = (uint32_t)((object_header(class) & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
    Class *descriptor = class_at(index);
    unsigned format = descriptor->format;

    assert(class_is_entered(class));
    descriptor_set(descriptor, class);
    shapes[index].mixed |= class_element_kind(format) != class_element_kind(descriptor->format);
    note_shape(index, descriptor->format, descriptor->slots);
    classes_changed();
}

static bool open_tables(void)
{
    if (run_tagged.classes != NULL)
        return true;
    run_tagged.classes = memory_allocate_array(CLASS_TABLE_LIMIT, sizeof(Value));
    shapes = memory_allocate_array(CLASS_TABLE_LIMIT, sizeof *shapes);
    if (run_tagged.classes == NULL || shapes == NULL)
        return false;
    run_tagged.classes[0] = NIL;
    smalltalk.class_limit = 1;
    return true;
}

bool class_enter(Value class, uint32_t index)
{
    Class *descriptor;

    if (index >= CLASS_TABLE_LIMIT || !open_tables())
        return false;
    if (*class_place(index) != 0)
        descriptor = class_at(index);
    else if (class_new_at(&descriptor, index, 0) != OK)
        return false;
    while (smalltalk.class_limit <= index)
        run_tagged.classes[smalltalk.class_limit++] = NIL;
    run_tagged.classes[index] = class;
    descriptor->language = LANGUAGE_SMALLTALK;
    descriptor->initialized = 1;
    descriptor_set(descriptor, class);
    shape_begin(index);
    return true;
}

/* For images. Descriptors lie in the arena. */
Result classes_save(Bytes *bytes)
{
    Result result;

    TRY(bytes_append_le32(bytes, smalltalk.class_limit));
    TRY(bytes_append(bytes, run_tagged.classes, smalltalk.class_limit * sizeof *run_tagged.classes));
    TRY(bytes_append(bytes, shapes, smalltalk.class_limit * sizeof *shapes));
done:
    return result;
}

Result classes_load(const ImageLoad *load, Reader *bytes)
{
    uint32_t limit = reader_le32(bytes);
    const uint8_t *saved;

    if (!open_tables())
        return error_set(ERROR_MEMORY, "no memory for the classes");
    if (limit > CLASS_TABLE_LIMIT)
        return error_set(ERROR_FORMAT, "more classes than there can be");
    smalltalk.class_limit = limit;
    image_values(load, bytes, run_tagged.classes, limit);
    saved = reader_take(bytes, limit * sizeof *shapes);
    if (saved != NULL)
        memcpy(shapes, saved, limit * sizeof *shapes);
    return OK;
}

uint32_t class_index_of(Value class)
{
    uint32_t index;

    if (!is_class(class))
        return 0;
    index = class_entered_index(class, object_header(class));
    if (index != 0)
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

static inline void fill_nil(Value object, uint64_t slots)
{
    Value *slot = object_slots(object);
    Value nil = NIL;
    for (uint64_t i = 0; i < slots; i++)
        slot[i] = nil;
}

bool instance_slots(Value class, uint64_t size, uint64_t *slots)
{
    unsigned format;
    return is_class(class) && instance_shape(class_instance_format(class), class_fixed_slots(class), size, slots, &format);
}

static APART Value instance_new_slowly(Thread *thread, Value class, uint64_t size)
{
    uint32_t index = class_index_of(class);
    uint64_t slots;
    unsigned format;
    Value object;

    if (index == 0 || size > INSTANCE_SIZE_LIMIT ||
        !instance_shape(class_instance_format(class), class_fixed_slots(class), size, &slots, &format))
        return 0;
    if (!class_is_as(class_at(index), class))
        class_refresh(class);
    if (index == INDEX_CONTEXT && (format > FORMAT_EPHEMERON || slots < CONTEXT_FIRST))
        return 0;
    object = heap_allocate(&thread->allocator, index, (enum ObjectFormat)format, slots);
    low_space_look(); /* at the end of a collection, requests to look are taken back */
    if (object != 0 && format <= FORMAT_EPHEMERON)
        fill_nil(object, slots);
    return object;
}

Value instance_new(Thread *thread, Value class, uint64_t size)
{
    Value object = instance_bump_nogc(thread, class, size);
    return object != 0 ? object : instance_new_slowly(thread, class, size);
}

void image_unsound(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fprintf(stderr, "coracle: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    os_exit(1);
}

Value array_new(Thread *thread, uint64_t size)
{
    Value array = instance_new(thread, special_object(SPECIAL_CLASS_ARRAY), size);
    if (array != 0 && !has_slots(array, size))
        image_unsound("the image's class of arrays has instances of another kind");
    return array;
}

static Value bytes_of_class(Thread *thread, enum SpecialObject class, const void *bytes, size_t size)
{
    Value object = instance_new(thread, special_object(class), size);
    if (object == 0)
        return 0;
    if (!is_bytes(object) || object_byte_size(object) != size)
        image_unsound("the image's class %d of bytes has instances of another kind", (int)class);
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

Value point_new(Thread *thread)
{
    Value point = instance_new(thread, special_object(SPECIAL_CLASS_POINT), 0);
    return point != 0 && has_slots(point, 2) ? point : 0;
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
        if (class_at(TAGGED_FLOAT_INDEX)->format == FORMAT_INDEXED_32)
            *object_header_slot(value) = (object_header(value) & ~HEADER_FORMAT_MASK) |
                                         (uint64_t)FORMAT_INDEXED_32 << HEADER_FORMAT_SHIFT;
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

bool unsigned_value_of_large(Value value, uint64_t *integer)
{
    return is_bytes(value) && object_class_index(value) == INDEX_LARGE_POSITIVE && magnitude_value(value, integer);
}

bool integer_value_of_large(Value value, int64_t *integer)
{
    uint64_t magnitude;
    uint32_t index;
    if (!is_bytes(value))
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
    if (has_slots(class, 6) && object_slot_count(class) == 6 && is_pointers(object_slots(class)[5])) {
        class = object_slots(class)[5]; /* a metaclass: its only instance */
        suffix = " class";
    }
    name = is_pointers(class) && object_slot_count(class) > 6 ? object_slots(class)[6] : 0;
    if (is_bytes(name))
        snprintf(text, size, "%.*s%s", (int)(object_byte_size(name) < 100 ? object_byte_size(name) : 100),
                 (const char *)object_slots(name), suffix);
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
