/* primitive_system.c - primitives of the machine itself: caches, collection, snapshot, attributes, events. */
#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

static int done(Value value, Value *result)
{
    *result = value;
    return TAGGED_DONE;
}

static int primitive_flush_cache(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    lookup_flush();
    return done(arguments[0], result);
}

static int primitive_flush_method(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (is_method(arguments[0]))
        lookup_flush_method(arguments[0]);
    return done(arguments[0], result);
}

static int primitive_receiver(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return done(arguments[0], result);
}

/* Every depth and mode of a display that is not there is fine. */
static int primitive_true(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return done(TRUE_OBJECT, result);
}

static int primitive_quit(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    smalltalk.status = count >= 1 && value_is_integer(arguments[1]) ? (int)value_integer(arguments[1]) : 0;
    leave_machine(thread);
    return TAGGED_SWITCHED;
}

static int primitive_full_collection(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    HeapStats stats;
    heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
    stats = heap_stats();
    return done(value_from_integer((int64_t)(stats.limit_bytes - stats.used_bytes)), result);
}

static int primitive_young_collection(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    HeapStats stats;
    heap_collect(&thread->allocator, false, HEAP_CAUSE_REQUEST);
    stats = heap_stats();
    return done(value_from_integer((int64_t)(stats.limit_bytes - stats.used_bytes)), result);
}

static int primitive_bytes_left(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    HeapStats stats = heap_stats();
    return done(value_from_integer((int64_t)(stats.limit_bytes - stats.used_bytes)), result);
}

/* The saved image goes on with true, this one with false. */
static int primitive_snapshot(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value answer = TRUE_OBJECT, context;
    Result saved;

    context = flush_frames(thread, true, &answer);
    slot_set(active_process(), PROCESS_CONTEXT, context);
    saved = spur_save(thread, smalltalk.image_path);
    if (saved != OK)
        fprintf(stderr, "coracle: %s\n", error_message());
    context = slot_get(active_process(), PROCESS_CONTEXT);
    slot_set(active_process(), PROCESS_CONTEXT, NIL);
    if (!is_context(context) || !context_is_sound(context) || slot_get(context, CONTEXT_STACKP) == value_from_integer(0))
        image_unsound("nothing to go on with after the snapshot");
    slot_set(context, CONTEXT_FIRST + (uint64_t)value_integer(slot_get(context, CONTEXT_STACKP)) - 1,
             saved == OK ? FALSE_OBJECT : NIL);
    resume_context(thread, context, NULL);
    return TAGGED_SWITCHED;
}

/* ---- names ---- */

static int text_result(Thread *thread, const char *text, Value *result)
{
    *result = string_new(thread, text, strlen(text));
    return *result != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

static int primitive_image_name(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count == 0)
        return text_result(thread, smalltalk.image_path, result);
    char *name = string_copy(arguments[1]);
    if (name == NULL)
        return primitive_fail(WHY_ARGUMENT);
    memory_free(smalltalk.image_path);
    smalltalk.image_path = name;
    return done(arguments[0], result);
}

static int primitive_vm_path(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *path = NULL, *slash;
    int outcome;
    if (os_executable_path(&path) != OK)
        return text_result(thread, "", result);
    slash = strrchr(path, '/');
    if (slash != NULL)
        slash[1] = 0;
    outcome = text_result(thread, path, result);
    memory_free(path);
    return outcome;
}

static const char *attribute_text(int64_t number)
{
    switch (number) {
    case 0: return "coracle";
    case 1: return smalltalk.image_path;
    case 1001: return "unix";
    case 1002: return "linux-gnu";
    case 1003: return "x86_64";
    case 1004: return "Coracle";
    case 1005: return "none";
    case 1009: return "Coracle";
    default:
        return number >= 2 && number - 2 < smalltalk.argument_count ? smalltalk.arguments[number - 2] : NULL;
    }
}

static int primitive_attribute(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    const char *text;
    if (count != 1 || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    text = attribute_text(value_integer(arguments[1]));
    if (text == NULL)
        return done(NIL, result);
    return text_result(thread, text, result);
}

static Value parameter_value(Thread *thread, unsigned number)
{
    HeapStats stats = heap_stats();
    switch (number) {
    case 1: case 3: return integer_new(thread, (int64_t)stats.used_bytes);
    case 2: return integer_new(thread, 0);
    case 7: return value_from_integer((int64_t)stats.full_collections);
    case 8: return value_from_integer((int64_t)(stats.pause_total_ns / 1000000));
    case 9: return value_from_integer((int64_t)stats.young_collections);
    case 10: return value_from_integer((int64_t)(stats.pause_total_ns / 1000000));
    case 40: return value_from_integer(8);
    case 41: return value_from_integer(68021);
    case 44: return integer_new(thread, (int64_t)stats.eden_bytes);
    default: return value_from_integer(0);
    }
}

static int primitive_parameter(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count == 0) {
        Value array = array_new(thread, 71);
        if (array == 0)
            return primitive_fail(WHY_MEMORY);
        for (unsigned i = 1; i <= 71; i++)
            slot_set(array, i - 1, parameter_value(thread, i)); /* numbers here are small: nothing collects */
        return done(array, result);
    }
    if (!value_is_integer(arguments[1]) || value_integer(arguments[1]) < 1 || value_integer(arguments[1]) > 71)
        return primitive_fail(WHY_ARGUMENT);
    return done(parameter_value(thread, (unsigned)value_integer(arguments[1])), result);
}

static int primitive_special_objects(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return done(smalltalk.special_objects, result);
}

/* ---- semaphores that the machine signals ---- */

static int register_semaphore(Value *arguments, unsigned count, enum SpecialObject place, Value *result)
{
    if (count != 1)
        return primitive_fail(WHY_COUNT);
    special_set(place, arguments[1]);
    return done(arguments[0], result);
}

static int primitive_low_space(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return register_semaphore(arguments, count, SPECIAL_LOW_SPACE_SEMAPHORE, result);
}

/* signal the low space semaphore when so many bytes are left; 0: never */
static int primitive_signal_at_bytes_left(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t bytes;
    if (count != 1 || !unsigned_value(arguments[1], &bytes))
        return primitive_fail(WHY_ARGUMENT);
    low_space_watch(bytes);
    return done(arguments[0], result);
}

static int primitive_interrupt_semaphore(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return register_semaphore(arguments, count, SPECIAL_INTERRUPT_SEMAPHORE, result);
}

static int primitive_fetch_mourner(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value mourner = heap_take_mourner_nogc();
    return mourner != 0 ? done(mourner, result) : primitive_fail(WHY_UNKNOWN);
}

/* ---- a display that is not there ---- */

static int primitive_screen_size(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value point = point_new(thread);
    if (point == 0)
        return primitive_fail(WHY_MEMORY);
    int64_t width = (int64_t)(smalltalk.screen_size >> 16 & 0xffff), height = (int64_t)(smalltalk.screen_size & 0xffff);
    slot_set(point, 0, value_from_integer(width != 0 ? width : 640));
    slot_set(point, 1, value_from_integer(height != 0 ? height : 480));
    return done(point, result);
}

static int primitive_mouse_point(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value point = point_new(thread);
    if (point == 0)
        return primitive_fail(WHY_MEMORY);
    slot_set(point, 0, value_from_integer(0));
    slot_set(point, 1, value_from_integer(0));
    return done(point, result);
}

static int primitive_no_event(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !is_pointers(arguments[1]) || is_context(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[1]))
        return primitive_fail(WHY_NO_MODIFICATION);
    for (uint64_t i = 0; i < object_slot_count(arguments[1]); i++)
        slot_set(arguments[1], i, value_from_integer(0));
    return done(arguments[0], result);
}

/* All of it is about to be drawn, piece by piece: it gets its memory at once. */
static int primitive_be_display(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value bits = is_pointers(arguments[0]) && object_slot_count(arguments[0]) != 0 ? slot_get(arguments[0], 0) : 0;

    if (value_is_object(bits))
        os_memory_populate(object_slots(bits), object_slot_count(bits) * sizeof(Value), true);
    special_set(SPECIAL_DISPLAY, arguments[0]);
    return done(arguments[0], result);
}

static int primitive_nothing_pressed(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return done(value_from_integer(0), result);
}

/* The bytes that an instance of a class takes. */
static int primitive_instance_size(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint64_t size = 0, slots;
    if (count > 1)
        return primitive_fail(WHY_COUNT);
    if (count == 1 && (!unsigned_value(arguments[1], &size) || size > INSTANCE_SIZE_LIMIT))
        return primitive_fail(WHY_ARGUMENT);
    if (class_index_of(arguments[0]) == 0 || !instance_slots(arguments[0], size, &slots))
        return primitive_fail(WHY_RECEIVER);
    return done(value_from_integer((int64_t)(8 + 8 * (slots == 0 ? 1 : slots) + (slots >= 255 ? 8 : 0))), result);
}

void system_primitives(void)
{
    static const struct {
        uint16_t number;
        TaggedPrimitive *primitive;
    } all[] = {
        {89, primitive_flush_cache}, {90, primitive_mouse_point}, {91, primitive_true}, {92, primitive_true},
        {93, primitive_receiver}, {94, primitive_no_event}, {97, primitive_snapshot}, {101, primitive_receiver},
        {102, primitive_be_display}, {106, primitive_screen_size}, {107, primitive_nothing_pressed},
        {112, primitive_bytes_left}, {113, primitive_quit}, {114, primitive_quit}, {116, primitive_flush_method},
        {119, primitive_flush_cache}, {121, primitive_image_name}, {124, primitive_low_space}, {125, primitive_signal_at_bytes_left},
        {126, primitive_receiver}, {127, primitive_receiver}, {129, primitive_special_objects},
        {130, primitive_full_collection}, {131, primitive_young_collection}, {133, primitive_receiver},
        {134, primitive_interrupt_semaphore}, {140, primitive_receiver}, {142, primitive_vm_path},
        {149, primitive_attribute}, {172, primitive_fetch_mourner}, {181, primitive_instance_size},
        {231, primitive_receiver}, {233, primitive_receiver}, {254, primitive_parameter},
    };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        primitive_set(all[i].number, all[i].primitive);
}
