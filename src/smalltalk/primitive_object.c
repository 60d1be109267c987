/* primitive_object.c - primitives of objects: elements, instances, identity, enumeration, become:. */
#include "base/array.h"
#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

/* ---- elements ---- */

/* The shape of an object's indexed part. */
typedef struct Indexed {
    uint64_t fixed, count; /* slots before, elements */
    unsigned bytes;        /* of an element; 0: pointers */
} Indexed;

static bool indexed_part(Value object, Indexed *part)
{
    uint64_t header, slots;
    unsigned format;

    if (!value_is_object(object))
        return false;
    header = object_header(object);
    format = header_format(header);
    slots = object_slot_count(object);
    *part = (Indexed){0, slots, 0};
    if (format <= FORMAT_FIXED || format == FORMAT_EPHEMERON || (format > FORMAT_EPHEMERON && format < FORMAT_INDEXED_64))
        return false;
    if (format <= FORMAT_WEAK) {
        Value class = smalltalk_class_of_nogc(object);
        if (is_context(object))
            part->fixed = CONTEXT_FIRST;
        else if (format != FORMAT_VARIABLE)
            part->fixed = is_class(class) ? class_fixed_slots(class) : 0;
        if (part->fixed > slots || (is_context(object) && !context_is_sound(object)))
            return false;
        part->count = is_context(object) ? (uint64_t)value_integer(slot_get(object, CONTEXT_STACKP)) : slots - part->fixed;
        return true;
    }
    part->bytes = format >= FORMAT_INDEXED_8 ? 1 : format >= FORMAT_INDEXED_16 ? 2 : format >= FORMAT_INDEXED_32 ? 4 : 8;
    part->count = (slots * 8 - (format >= FORMAT_INDEXED_8 ? format & 7 : format >= FORMAT_INDEXED_16 ? 2 * (format & 3)
                                : format >= FORMAT_INDEXED_32 ? 4 * (format & 1) : 0)) / part->bytes;
    return true;
}

static uint64_t raw_element(Value object, unsigned bytes, uint64_t index)
{
    const void *slots = object_slots(object);
    switch (bytes) {
    case 1: return ((const uint8_t *)slots)[index];
    case 2: return ((const uint16_t *)slots)[index];
    case 4: return ((const uint32_t *)slots)[index];
    default: return ((const uint64_t *)slots)[index];
    }
}

static bool raw_store(Value object, unsigned bytes, uint64_t index, uint64_t value)
{
    void *slots = object_slots(object);
    if (bytes < 8 && value >> 8 * bytes != 0)
        return false;
    switch (bytes) {
    case 1: ((uint8_t *)slots)[index] = (uint8_t)value; break;
    case 2: ((uint16_t *)slots)[index] = (uint16_t)value; break;
    case 4: ((uint32_t *)slots)[index] = (uint32_t)value; break;
    default: ((uint64_t *)slots)[index] = value;
    }
    return true;
}

/* Elements that are no references, and that may be written. */
static bool raw_part(Value object, Indexed *part)
{
    return !is_method(object) && indexed_part(object, part) && part->bytes != 0;
}

static bool index_ok(Value index, const Indexed *part, uint64_t *at)
{
    if (!value_is_integer(index))
        return false;
    *at = (uint64_t)value_integer(index) - 1;
    return *at < part->count;
}

/* Bytes of a method begin behind its literals. */
static bool is_method_literal(Value object, uint64_t at)
{
    return is_method(object) && at < method_start(object);
}

static void freshen(Thread *thread, Value object)
{
    if (is_context(object) && context_is_married(object))
        context_synchronize(thread, object);
}

/* at:, at:put: and size; with one more argument the object is the first (the receiver is a mirror). */
static int primitive_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    uint64_t at;
    if (count != 1 && count != 2)
        return primitive_fail(WHY_COUNT);
    Value object = arguments[count - 1], index = arguments[count];
    freshen(thread, object);
    if (!indexed_part(object, &part))
        return primitive_fail(WHY_RECEIVER);
    if (!index_ok(index, &part, &at) || is_method_literal(object, at))
        return primitive_fail(WHY_INDEX);
    *result = part.bytes == 0 ? slot_get(object, part.fixed + at)
                              : integer_new_unsigned(thread, raw_element(object, part.bytes, at));
    return TAGGED_DONE;
}

static int primitive_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    uint64_t at, raw;
    if (count != 2 && count != 3)
        return primitive_fail(WHY_COUNT);
    Value object = arguments[count - 2], index = arguments[count - 1], value = arguments[count];
    freshen(thread, object);
    if (!indexed_part(object, &part))
        return primitive_fail(WHY_RECEIVER);
    if (is_read_only(object))
        return primitive_fail(WHY_NO_MODIFICATION);
    if (!index_ok(index, &part, &at) || is_method_literal(object, at))
        return primitive_fail(WHY_INDEX);
    if (part.bytes == 0 && is_context(object) && context_is_married(object))
        return context_write(thread, object, part.fixed + at, value, value);
    if (part.bytes == 0)
        slot_set(object, part.fixed + at, value);
    else if (!unsigned_value(value, &raw) || !raw_store(object, part.bytes, at, raw))
        return primitive_fail(WHY_ARGUMENT);
    *result = value;
    return TAGGED_DONE;
}

static int primitive_size(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    if (count > 1)
        return primitive_fail(WHY_COUNT);
    freshen(thread, arguments[count]);
    if (!indexed_part(arguments[count], &part))
        return primitive_fail(WHY_RECEIVER);
    *result = value_from_integer((int64_t)part.count);
    return TAGGED_DONE;
}

static int primitive_string_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    uint64_t at;
    if (count != 1 || !indexed_part(arguments[0], &part) || part.bytes == 0)
        return primitive_fail(WHY_RECEIVER);
    if (!index_ok(arguments[1], &part, &at))
        return primitive_fail(WHY_INDEX);
    *result = value_from_character((uint32_t)raw_element(arguments[0], part.bytes, at));
    return TAGGED_DONE;
}

static int primitive_string_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    uint64_t at;
    if (count != 2 || !raw_part(arguments[0], &part))
        return primitive_fail(WHY_RECEIVER);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    if (!index_ok(arguments[1], &part, &at))
        return primitive_fail(WHY_INDEX);
    if ((arguments[2] & VALUE_TAG_MASK) != VALUE_TAG_CHARACTER || !raw_store(arguments[0], part.bytes, at, arguments[2] >> 3))
        return primitive_fail(WHY_ARGUMENT);
    *result = arguments[2];
    return TAGGED_DONE;
}

/* integerAt: and shortAt:, signed elements of words and bytes. */
static int primitive_signed_at(Value *arguments, unsigned count, unsigned bytes, Value *result)
{
    Indexed part;
    uint64_t at, all;
    if (count != 1 || !indexed_part(arguments[0], &part) || part.bytes == 0)
        return primitive_fail(WHY_RECEIVER);
    all = part.count * part.bytes / bytes;
    part.count = all;
    if (!index_ok(arguments[1], &part, &at))
        return primitive_fail(WHY_INDEX);
    uint64_t raw = raw_element(arguments[0], bytes, at);
    *result = value_from_integer(bytes == 2 ? (int16_t)raw : (int32_t)raw);
    return TAGGED_DONE;
}

static int primitive_signed_at_put(Value *arguments, unsigned count, unsigned bytes, Value *result)
{
    Indexed part;
    uint64_t at;
    if (count != 2 || !raw_part(arguments[0], &part))
        return primitive_fail(WHY_RECEIVER);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    part.count = part.count * part.bytes / bytes;
    if (!index_ok(arguments[1], &part, &at))
        return primitive_fail(WHY_INDEX);
    if (!value_is_integer(arguments[2]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t value = value_integer(arguments[2]);
    if (value < -(1ll << (8 * bytes - 1)) || value >= 1ll << (8 * bytes - 1))
        return primitive_fail(WHY_ARGUMENT);
    raw_store(arguments[0], bytes, at, (uint64_t)value & ((1ull << 8 * bytes) - 1));
    *result = arguments[2];
    return TAGGED_DONE;
}

static int primitive_short_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_signed_at(arguments, count, 2, result);
}
static int primitive_short_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_signed_at_put(arguments, count, 2, result);
}
static int primitive_integer_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_signed_at(arguments, count, 4, result);
}
static int primitive_integer_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_signed_at_put(arguments, count, 4, result);
}

/* replaceFrom:to:with:startingAt: */
static int primitive_replace(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed to, from;
    if (count != 4 || !indexed_part(arguments[0], &to) || !indexed_part(arguments[3], &from) || to.bytes != from.bytes ||
        is_context(arguments[0]) || is_context(arguments[3]) || is_method(arguments[0]) || is_method(arguments[3]))
        return primitive_fail(WHY_RECEIVER);
    if (!(arguments[1] & arguments[2] & arguments[4] & 1))
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    int64_t start = value_integer(arguments[1]), stop = value_integer(arguments[2]), source = value_integer(arguments[4]);
    if (start < 1 || start - 1 > stop || (uint64_t)stop > to.count || source < 1 || (uint64_t)(source + stop - start) > from.count)
        return primitive_fail(WHY_INDEX);
    uint64_t elements = (uint64_t)(stop - start + 1);
    *result = arguments[0];
    if (to.bytes != 0) {
        memmove((uint8_t *)object_slots(arguments[0]) + (uint64_t)(start - 1) * to.bytes,
                (const uint8_t *)object_slots(arguments[3]) + (uint64_t)(source - 1) * to.bytes, elements * to.bytes);
        return TAGGED_DONE;
    }
    uint64_t target = to.fixed + (uint64_t)start - 1, origin = from.fixed + (uint64_t)source - 1;
    if (arguments[0] == arguments[3] && origin < target)
        for (uint64_t i = elements; i-- > 0;)
            slot_set(arguments[0], target + i, slot_get(arguments[3], origin + i));
    else
        for (uint64_t i = 0; i < elements; i++)
            slot_set(arguments[0], target + i, slot_get(arguments[3], origin + i));
    return TAGGED_DONE;
}

/* Fills words or bytes with a value. */
static int primitive_fill(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Indexed part;
    uint64_t raw;
    if (count != 1 || !raw_part(arguments[0], &part) || !unsigned_value(arguments[1], &raw))
        return primitive_fail(WHY_ARGUMENT);
    if (part.bytes < 8 && raw >> 8 * part.bytes != 0)
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    for (uint64_t i = 0; i < part.count; i++)
        raw_store(arguments[0], part.bytes, i, raw);
    *result = arguments[0];
    return TAGGED_DONE;
}

/* ---- slots and literals by number ---- */

/* May code have relied on something of the one object that the other does not have? */
static bool is_weaker(Value before, Value now)
{
    return is_method(before) || is_method(now) ||
           (is_pointers(before) && (!has_slots(now, object_slot_count(before)) || is_context(now)));
}

/* objectAt: on methods: 1 is the header. */
static int primitive_object_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !is_method(arguments[0]) || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    uint64_t at = (uint64_t)value_integer(arguments[1]) - 1;
    if (at > header_literals(method_header(arguments[0])))
        return primitive_fail(WHY_INDEX);
    *result = slot_get(arguments[0], at);
    return TAGGED_DONE;
}

static int primitive_object_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 2 || !is_method(arguments[0]) || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    uint64_t at = (uint64_t)value_integer(arguments[1]) - 1;
    if (at > header_literals(method_header(arguments[0])))
        return primitive_fail(WHY_INDEX);
    if (at == 0 && (!value_is_integer(arguments[2]) ||
                    header_literals(arguments[2]) != header_literals(method_header(arguments[0])) ||
                    header_arguments(arguments[2]) != header_arguments(method_header(arguments[0]))))
        return primitive_fail(WHY_ARGUMENT);
    Value before = slot_get(arguments[0], at);
    slot_set(arguments[0], at, arguments[2]);
    *result = arguments[2];
    if (at != 0 && !is_weaker(before, arguments[2]))
        return TAGGED_DONE;
    return lookup_flush_method(arguments[0]) ? restart_frames(thread, arguments[2]) : TAGGED_DONE;
}

static bool has_slot(Value object, Value index)
{
    if (!value_is_integer(index))
        return false;
    return is_pointers(object) && (uint64_t)value_integer(index) - 1 < object_slot_count(object);
}

/* instVarAt: and slotAt:; with two arguments the object is the first (the receiver is a mirror). */
static int primitive_slot_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value object = count == 2 ? arguments[1] : arguments[0], index = arguments[count];
    Indexed part;
    uint64_t at;
    if (count == 0 || count > 2)
        return primitive_fail(WHY_COUNT);
    if (has_slot(object, index)) {
        at = (uint64_t)value_integer(index) - 1;
        *result = is_context(object) ? context_at(thread, object, at) : slot_get(object, at);
        return TAGGED_DONE;
    }
    if (!indexed_part(object, &part) || part.bytes == 0 || !index_ok(index, &part, &at))
        return primitive_fail(WHY_INDEX);
    *result = integer_new_unsigned(thread, raw_element(object, part.bytes, at));
    return TAGGED_DONE;
}

static int primitive_slot_at_put(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value object = count == 3 ? arguments[1] : arguments[0], index, value = arguments[count];
    Indexed part;
    uint64_t at, raw;
    if (count < 2 || count > 3)
        return primitive_fail(WHY_COUNT);
    index = arguments[count - 1];
    if (value_is_object(object) && is_read_only(object))
        return primitive_fail(WHY_NO_MODIFICATION);
    if (has_slot(object, index)) {
        at = (uint64_t)value_integer(index) - 1;
        if (!context_accepts(object, at, value))
            return primitive_fail(WHY_ARGUMENT);
        if (is_context(object) && context_is_married(object))
            return context_write(thread, object, at, value, value);
        slot_set(object, at, value);
    } else if (!raw_part(object, &part) || !index_ok(index, &part, &at) ||
               !unsigned_value(value, &raw) || !raw_store(object, part.bytes, at, raw)) {
        return primitive_fail(WHY_INDEX);
    }
    *result = value;
    return TAGGED_DONE;
}

/* stackp: of a context; slots that come into use are nil. */
static int primitive_stackp(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value context = arguments[0];
    if (count != 1 || !is_context(context) || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t stackp = value_integer(arguments[1]);
    if (stackp < 0 || (uint64_t)stackp + CONTEXT_FIRST > object_slot_count(context))
        return primitive_fail(WHY_INDEX);
    if (context_is_married(context))
        return context_write(thread, context, CONTEXT_STACKP, arguments[1], context);
    for (int64_t i = value_integer(slot_get(context, CONTEXT_STACKP)); i < stackp; i++)
        slot_set(context, CONTEXT_FIRST + (uint64_t)i, NIL);
    slot_set(context, CONTEXT_STACKP, arguments[1]);
    *result = context;
    return TAGGED_DONE;
}

/* ---- instances ---- */

static int new_result(Value object, Value *result)
{
    *result = object;
    return object != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

static int new_instance(Thread *thread, Value class, uint64_t size, Value *result)
{
    uint64_t slots;
    *result = instance_new(thread, class, size);
    if (*result != 0)
        return TAGGED_DONE;
    return primitive_fail(instance_slots(class, size, &slots) ? WHY_MEMORY : WHY_RECEIVER);
}

static APART int new_slowly(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return count > 1 ? primitive_fail(WHY_RECEIVER) : new_instance(thread, arguments[count], 0, result);
}

static APART int new_size_slowly(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t size;
    if (count < 1 || count > 2 || !unsigned_value(arguments[count], &size))
        return primitive_fail(WHY_ARGUMENT);
    return new_instance(thread, arguments[count - 1], size, result);
}

static int primitive_new(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = count <= 1 ? instance_bump_nogc(thread, arguments[count], 0) : 0;
    return *result != 0 ? TAGGED_DONE : new_slowly(thread, arguments, count, result);
}

static int primitive_new_size(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    bool usual = (count == 1 || count == 2) && value_is_integer(arguments[count]) && value_integer(arguments[count]) >= 0;
    *result = usual ? instance_bump_nogc(thread, arguments[count - 1], (uint64_t)value_integer(arguments[count])) : 0;
    return *result != 0 ? TAGGED_DONE : new_size_slowly(thread, arguments, count, result);
}

static int primitive_clone(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value original = arguments[count], copy;
    if (count > 1)
        return primitive_fail(WHY_COUNT);
    if (!value_is_object(original)) {
        *result = original;
        return TAGGED_DONE;
    }
    freshen(thread, original);
    uint64_t header = object_header(original), slots = object_slot_count(original);
    copy = heap_allocate(&thread->allocator, (uint32_t)(header & HEADER_CLASS_MASK), (enum ObjectFormat)header_format(header), slots);
    if (copy == 0)
        return primitive_fail(WHY_MEMORY);
    original = arguments[count];
    for (uint64_t i = 0; i < slots; i++)
        slot_set(copy, i, slot_get(original, i));
    if (is_context(copy) && context_is_married(original))
        slot_set(copy, CONTEXT_SENDER, context_sender(thread, original));
    *result = copy;
    return TAGGED_DONE;
}

/* newMethod: bytes header: */
static int primitive_new_method(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 2 || !(arguments[1] & arguments[2] & 1))
        return primitive_fail(WHY_ARGUMENT);
    uint64_t bytes = (uint64_t)value_integer(arguments[1]), literals = header_literals(arguments[2]);
    uint32_t index = class_index_of(arguments[0]);
    uint64_t slots = 1 + literals + (bytes + 7) / 8;
    if (index == 0 || index == INDEX_CONTEXT || bytes > 1 << 24)
        return primitive_fail(WHY_RECEIVER);
    Value method = heap_allocate(&thread->allocator, index, (enum ObjectFormat)(FORMAT_METHOD + (8 - bytes % 8) % 8), slots);
    if (method == 0)
        return primitive_fail(WHY_MEMORY);
    slot_set(method, 0, arguments[2]);
    for (uint64_t i = 1; i <= literals; i++)
        slot_set(method, i, NIL);
    class_note_instance(method);
    *result = method;
    return TAGGED_DONE;
}

/* copyFrom: another object of the same shape. */
static int primitive_copy_object(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !is_pointers(arguments[0]) || !is_pointers(arguments[1]) ||
        object_class_index(arguments[0]) != object_class_index(arguments[1]) ||
        object_slot_count(arguments[0]) != object_slot_count(arguments[1]) || is_context(arguments[0]))
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[0]))
        return primitive_fail(WHY_NO_MODIFICATION);
    for (uint64_t i = 0; i < object_slot_count(arguments[0]); i++)
        slot_set(arguments[0], i, slot_get(arguments[1], i));
    *result = arguments[0];
    return TAGGED_DONE;
}

/* adoptInstance: and changeClassTo: give an object another class of the same shape. */
static int change_class(Value object, Value class, Value answer, Value *result)
{
    uint32_t index = class_index_of(class);
    uint64_t header;
    if (index == 0 || !value_is_object(object) || is_context(object) || index == INDEX_CONTEXT)
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(object))
        return primitive_fail(WHY_NO_MODIFICATION);
    header = object_header(object);
    unsigned format = header_format(header), wanted = class_instance_format(class);
    bool same_kind = (format <= FORMAT_EPHEMERON) == (wanted <= FORMAT_EPHEMERON) && (format >= FORMAT_METHOD) == (wanted >= FORMAT_METHOD);
    if (!same_kind || (wanted <= FORMAT_EPHEMERON && object_slot_count(object) < class_fixed_slots(class)))
        return primitive_fail(WHY_ARGUMENT);
    if (wanted == FORMAT_EMPTY && object_slot_count(object) != 0)
        wanted = FORMAT_FIXED;
    if (wanted == FORMAT_EPHEMERON && object_slot_count(object) == 0)
        return primitive_fail(WHY_ARGUMENT);
    if (wanted <= FORMAT_EPHEMERON)
        header = (header & ~HEADER_FORMAT_MASK) | (uint64_t)wanted << HEADER_FORMAT_SHIFT;
    *object_header_slot(object) = (header & ~HEADER_CLASS_MASK) | index;
    class_note_instance(object);
    *result = answer;
    return TAGGED_DONE;
}

static int primitive_adopt(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count < 1)
        return primitive_fail(WHY_COUNT);
    return change_class(arguments[count], arguments[count - 1], arguments[0], result);
}

static int primitive_change_class(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1)
        return primitive_fail(WHY_COUNT);
    return change_class(arguments[0], smalltalk_class_of_nogc(arguments[1]), arguments[0], result);
}

/* ---- read-only objects ---- */

static int primitive_is_read_only(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_boolean(!value_is_object(arguments[count]) || is_read_only(arguments[count]));
    return TAGGED_DONE;
}

/* Not what the machine itself changes: contexts, processes and their lists, what the collector clears. */
static bool may_be_read_only(Value object)
{
    uint32_t format = header_format(object_header(object));
    return !is_context(object) && format != FORMAT_WEAK && format != FORMAT_EPHEMERON && !is_of_processes(object);
}

/* Answers what it was. Code does not look at what it stores into before there is a read-only object with variables. */
static int primitive_set_read_only(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value object = arguments[count - 1], wanted = arguments[count];
    if (count < 1 || count > 2)
        return primitive_fail(WHY_COUNT);
    if (!value_is_object(object))
        return primitive_fail(WHY_RECEIVER);
    if (wanted != TRUE_OBJECT && wanted != FALSE_OBJECT)
        return primitive_fail(WHY_ARGUMENT);
    if (wanted == TRUE_OBJECT && !may_be_read_only(object))
        return primitive_fail(WHY_OPERATION);
    *result = value_from_boolean(is_read_only(object));
    if (wanted == *result)
        return TAGGED_DONE;
    *object_header_slot(object) ^= HEADER_IMMUTABLE;
    if (smalltalk.stores_guarded || wanted == FALSE_OBJECT || !is_pointers(object))
        return TAGGED_DONE;
    smalltalk.stores_guarded = true;
    lookup_discard_all();
    return restart_frames(thread, *result);
}

/* ---- identity ---- */

static int primitive_identical(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_boolean(arguments[count - 1] == arguments[count]);
    return count >= 1 ? TAGGED_DONE : primitive_fail(WHY_COUNT);
}

static int primitive_not_identical(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_boolean(arguments[count - 1] != arguments[count]);
    return count >= 1 ? TAGGED_DONE : primitive_fail(WHY_COUNT);
}

static int primitive_class(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = smalltalk_class_of_nogc(arguments[count]);
    return TAGGED_DONE;
}

static int primitive_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (!value_is_object(arguments[count]))
        return primitive_fail(WHY_RECEIVER);
    *result = value_from_integer(heap_identity_hash(arguments[count]));
    return TAGGED_DONE;
}

static int primitive_behavior_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint32_t index = class_index_of(arguments[0]);
    if (index == 0)
        return primitive_fail(WHY_RECEIVER);
    *result = value_from_integer(index);
    return TAGGED_DONE;
}

static int primitive_most_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = value_from_integer((1 << 22) - 1);
    return TAGGED_DONE;
}

typedef struct PointsTo {
    Value sought;
    bool found;
} PointsTo;

static void look_at_slot(void *context, Value *slot)
{
    PointsTo *search = context;
    search->found |= *slot == search->sought;
}

static int primitive_points_to(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    PointsTo search = {arguments[1], false};
    if (count != 1)
        return primitive_fail(WHY_COUNT);
    if (value_is_object(arguments[0]))
        heap_each_slot(arguments[0], look_at_slot, &search);
    *result = value_from_boolean(search.found);
    return TAGGED_DONE;
}

/* ---- enumeration ---- */

typedef struct Enumeration {
    ARRAY_OF(Value) found;
    bool failed;
} Enumeration;

/* A class index that the guest's objects have. */
static bool is_of_guest(uint32_t index)
{
    return index < CLASS_INDEX_JAVA && index >= 32;
}

static void enumerate(void *context, Value object)
{
    Enumeration *all = context;
    all->failed |= array_push(&all->found, object) != OK;
}

static void enumerate_of_guest(void *context, Value object)
{
    if (is_of_guest(object_class_index(object)))
        enumerate(context, object);
}

static uint64_t collections(void)
{
    HeapStats stats = heap_stats();
    return stats.young_collections + stats.full_collections;
}

static void fill(Value array, const Enumeration *all)
{
    uint64_t at = 0;
    for (size_t i = 0; i < all->found.count && at < object_slot_count(array); i++)
        if (all->found.items[i] != array)
            slot_set(array, at++, all->found.items[i]);
}

/* Of a class, or of all (class index 0). The array's allocation may collect and so move what was found: then the heap is
 * looked at once more, and the array does if there are still as many. What is dead but not yet collected counts. */
static Value enumeration_array(Thread *thread, uint32_t class_index)
{
    Value array = 0;
    for (uint64_t size = 0;;) {
        Enumeration all = {0};
        if (class_index != 0)
            heap_each_instance(class_index, enumerate, &all);
        else
            heap_each_object(enumerate_of_guest, &all);
        uint64_t count = all.found.count, before = collections();
        for (size_t i = 0; array != 0 && i < all.found.count; i++)
            count -= all.found.items[i] == array;
        bool ready = !all.failed && array != 0 && count == size;
        if (!ready) {
            size = count;
            array = all.failed ? 0 : array_new(thread, size);
            ready = array == 0 || collections() == before;
        }
        if (ready && array != 0)
            fill(array, &all);
        array_free(&all.found);
        if (ready)
            return array;
    }
}

static int primitive_all_instances(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint32_t index = class_index_of(arguments[count]);
    if (index == 0)
        return primitive_fail(WHY_RECEIVER);
    return new_result(enumeration_array(thread, index), result);
}

static int primitive_all_objects(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return new_result(enumeration_array(thread, 0), result);
}

/* The next of a class behind an object (0: of all), in the order of memory; class index 0: of any class that the guest has. */
static Value next_of_class(Value object, uint32_t class_index)
{
    while ((object = heap_next_object_nogc(object)) != 0) {
        uint32_t index = object_class_index(object);
        if (class_index != 0 ? index == class_index : is_of_guest(index))
            break;
    }
    return object;
}

static int primitive_some_instance(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint32_t index = class_index_of(arguments[count]);
    *result = index != 0 ? next_of_class(0, index) : 0;
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_RECEIVER);
}

static int primitive_next_instance(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value object = arguments[count];
    *result = value_is_object(object) ? next_of_class(object, object_class_index(object)) : 0;
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_RECEIVER);
}

static int primitive_some_object(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    *result = next_of_class(0, 0);
    return TAGGED_DONE;
}

/* 0 behind the last. */
static int primitive_next_object(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (!value_is_object(arguments[count]))
        return primitive_fail(WHY_RECEIVER);
    *result = next_of_class(arguments[count], 0);
    if (*result == 0)
        *result = value_from_integer(0);
    return TAGGED_DONE;
}

/* ---- become: ---- */

/* An identity hash that shall stay with the references goes over to what they lead to, so that must have a place for one. */
static bool may_become(Value from, Value to, uint64_t count, bool both)
{
    for (uint64_t i = 0; i < count; i++)
        if (!value_is_object(slot_get(from, i)) || (both && !value_is_object(slot_get(to, i))))
            return false;
    return true;
}

static bool has_married(Value array, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (is_context(slot_get(array, i)) && context_is_married(slot_get(array, i)))
            return true;
    return false;
}

static bool has_read_only(Value array, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (value_is_object(slot_get(array, i)) && is_read_only(slot_get(array, i)))
            return true;
    return false;
}

/* What references will lead to something else that code relies on: classes; methods, and objects that may be global
 * variables in literals; receivers with fewer slots. */
struct Change {
    bool classes, code, receivers;
};

static void add_change(struct Change *change, Value before, Value now)
{
    change->classes |= class_is_entered(before);
    change->receivers |= is_weaker(before, now);
    change->code |= is_method(before) || is_method(now) || (has_slots(before, 2) && (!has_slots(now, 2) || is_context(now)));
}

static struct Change change_of(Value from, Value to, uint64_t count, bool two_way)
{
    struct Change change = {0};
    for (uint64_t i = 0; i < count; i++) {
        add_change(&change, slot_get(from, i), slot_get(to, i));
        if (two_way)
            add_change(&change, slot_get(to, i), slot_get(from, i));
    }
    return change;
}

static int become(Thread *thread, Value *arguments, unsigned count, bool two_way, bool copy_hash, Value *result)
{
    Value from = arguments[0], to = arguments[1];
    Result done;
    uint64_t slots;

    if (count < 1 || !is_pointers(from) || !is_pointers(to) || object_slot_count(from) != object_slot_count(to))
        return primitive_fail(WHY_ARGUMENT);
    slots = object_slot_count(from);
    if (!may_become(from, to, slots, two_way || copy_hash))
        return primitive_fail(WHY_ARGUMENT);
    if (has_read_only(from, slots) || has_read_only(to, slots))
        return primitive_fail(WHY_NO_MODIFICATION);
    if (has_married(from, slots) || has_married(to, slots))
        return call_without_frames(thread);
    struct Change change = change_of(from, to, slots, two_way);
    Value *pairs = memory_allocate_array(2 * slots + 1, sizeof(Value));
    if (pairs == NULL)
        return primitive_fail(WHY_NO_C_MEMORY);
    memcpy(pairs, object_slots(from), slots * sizeof(Value));
    memcpy(pairs + slots, object_slots(to), slots * sizeof(Value));
    done = heap_become(&thread->allocator, pairs, pairs + slots, slots, two_way, copy_hash);
    memory_free(pairs);
    if (done != OK)
        return primitive_fail(WHY_ARGUMENT);
    if (change.classes)
        class_enter_all();
    lookup_flush();
    memset(run_tagged.blocks, 0, sizeof run_tagged.blocks);
    *result = arguments[0];
    if (change.code)
        lookup_discard_all();
    return change.code || change.receivers ? restart_frames(thread, arguments[0]) : TAGGED_DONE;
}

static int primitive_become(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return become(thread, arguments, count, true, true, result);
}
static int primitive_become_one_way(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return become(thread, arguments, count, false, true, result);
}
static int primitive_become_keeping_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return become(thread, arguments, count, false, false, result);
}
static int primitive_become_copy_hash(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 2)
        return primitive_fail(WHY_COUNT);
    return become(thread, arguments, count, false, arguments[2] == TRUE_OBJECT, result);
}

void object_primitives(void)
{
    static const struct {
        uint16_t number;
        TaggedPrimitive *primitive;
    } all[] = {
        {60, primitive_at}, {61, primitive_at_put}, {62, primitive_size}, {63, primitive_string_at},
        {64, primitive_string_at_put}, {68, primitive_object_at}, {69, primitive_object_at_put},
        {72, primitive_become_one_way}, {73, primitive_slot_at}, {74, primitive_slot_at_put},
        {76, primitive_stackp}, {77, primitive_some_instance}, {78, primitive_next_instance}, {79, primitive_new_method}, {105, primitive_replace},
        {115, primitive_change_class}, {128, primitive_become},
        {132, primitive_points_to}, {138, primitive_some_object}, {139, primitive_next_object}, {143, primitive_short_at}, {144, primitive_short_at_put}, {145, primitive_fill},
        {148, primitive_clone}, {160, primitive_adopt}, {163, primitive_is_read_only}, {164, primitive_set_read_only},
        {165, primitive_integer_at}, {166, primitive_integer_at_put},
        {168, primitive_copy_object}, {173, primitive_slot_at},
        {174, primitive_slot_at_put}, {175, primitive_behavior_hash}, {176, primitive_most_hash},
        {177, primitive_all_instances}, {178, primitive_all_objects}, {210, primitive_at}, {211, primitive_at_put},
        {212, primitive_size}, {248, primitive_become_keeping_hash}, {249, primitive_become_copy_hash},
    };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        primitive_set(all[i].number, all[i].primitive);
    primitive_set_leaf(70, primitive_new);
    primitive_set_leaf(71, primitive_new_size);
    primitive_set_leaf(75, primitive_hash);
    primitive_set_leaf(110, primitive_identical);
    primitive_set_leaf(111, primitive_class);
    primitive_set_leaf(169, primitive_not_identical);
}
