/* unsafe.c - jdk.internal.misc.Unsafe: raw access to fields, elements and native memory.
 *
 * An address is an object and a byte offset from it, or null and an absolute address; the sum is right for both. */
#include "ffi/native_memory.h"
#include "java/java_thread.h"
#include "java/primitive_internal.h"

#define ADDRESS_OF(Type) ((Type *)(uintptr_t)(arguments[1] + arguments[2]))
#define EXTEND_boolean(x) ((Value)((x) != 0))
#define EXTEND_byte(x) ((Value)(int64_t)(int8_t)(x))
#define EXTEND_short(x) ((Value)(int64_t)(int16_t)(x))
#define EXTEND_char(x) ((Value)(uint16_t)(x))
#define EXTEND_int(x) ((Value)(int64_t)(int32_t)(x))
#define EXTEND_long(x) ((Value)(x))
#define EXTEND_float(x) ((Value)(uint32_t)(x))
#define NARROW_boolean(x) ((uint8_t)((x) & 1))
#define NARROW_byte(x) ((uint8_t)(x))
#define NARROW_short(x) ((uint16_t)(x))
#define NARROW_char(x) ((uint16_t)(x))
#define NARROW_int(x) ((uint32_t)(x))
#define NARROW_long(x) (x)
#define NARROW_float(x) ((uint32_t)(x))

/* Plain accesses of elements that may be unaligned (native memory) are copies; aligned ones compile to one move. */
#define ACCESSORS(name, Type)                                                       \
    PRIMITIVE(get_##name)                                                           \
    {                                                                               \
        Type x;                                                                     \
        memcpy(&x, ADDRESS_OF(Type), sizeof x);                                     \
        *result = EXTEND_##name(x);                                                 \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(put_##name)                                                           \
    {                                                                               \
        Type x = NARROW_##name(arguments[4]);                                       \
        memcpy(ADDRESS_OF(Type), &x, sizeof x);                                     \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(get_##name##_volatile)                                                \
    {                                                                               \
        Type x = __atomic_load_n(ADDRESS_OF(Type), __ATOMIC_SEQ_CST);               \
        *result = EXTEND_##name(x);                                                 \
        return OUTCOME_DONE;                                                        \
    }                                                                               \
    PRIMITIVE(put_##name##_volatile)                                                \
    {                                                                               \
        __atomic_store_n(ADDRESS_OF(Type), NARROW_##name(arguments[4]), __ATOMIC_SEQ_CST); \
        return OUTCOME_DONE;                                                        \
    }

ACCESSORS(boolean, uint8_t)
ACCESSORS(byte, uint8_t)
ACCESSORS(short, uint16_t)
ACCESSORS(char, uint16_t)
ACCESSORS(int, uint32_t)
ACCESSORS(long, uint64_t)
ACCESSORS(float, uint32_t)

static void mark_card_of_argument(const Value *arguments)
{
    if (arguments[1] != 0)
        heap_mark_card(ADDRESS_OF(Value));
}

PRIMITIVE(put_reference)
{
    __atomic_store_n(ADDRESS_OF(Value), arguments[4], __ATOMIC_RELEASE);
    mark_card_of_argument(arguments);
    return OUTCOME_DONE;
}

PRIMITIVE(put_reference_volatile)
{
    __atomic_store_n(ADDRESS_OF(Value), arguments[4], __ATOMIC_SEQ_CST);
    mark_card_of_argument(arguments);
    return OUTCOME_DONE;
}

PRIMITIVE(get_uncompressed_object)
{
    *result = *(const Value *)(uintptr_t)arguments[1];
    return OUTCOME_DONE;
}

/* ---- compare and set: (object, offset, expected, new) ---- */

PRIMITIVE(compare_and_set_int)
{
    uint32_t expected = (uint32_t)arguments[4];
    *result = __atomic_compare_exchange_n(ADDRESS_OF(uint32_t), &expected, (uint32_t)arguments[5], false,
                                          __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_int)
{
    uint32_t expected = (uint32_t)arguments[4];
    __atomic_compare_exchange_n(ADDRESS_OF(uint32_t), &expected, (uint32_t)arguments[5], false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    *result = EXTEND_int(expected);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_set_long)
{
    uint64_t expected = arguments[4];
    *result = __atomic_compare_exchange_n(ADDRESS_OF(uint64_t), &expected, arguments[6], false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_long)
{
    uint64_t expected = arguments[4];
    __atomic_compare_exchange_n(ADDRESS_OF(uint64_t), &expected, arguments[6], false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    *result = expected;
    return OUTCOME_DONE;
}

static Value exchange_reference(Value *arguments, bool *done)
{
    Value expected = arguments[4];
    *done = __atomic_compare_exchange_n(ADDRESS_OF(Value), &expected, arguments[5], false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST);
    if (*done)
        mark_card_of_argument(arguments);
    return expected;
}

PRIMITIVE(compare_and_set_reference)
{
    bool done;
    exchange_reference(arguments, &done);
    *result = done;
    return OUTCOME_DONE;
}

PRIMITIVE(compare_and_exchange_reference)
{
    bool done;
    *result = exchange_reference(arguments, &done);
    return OUTCOME_DONE;
}

/* ---- blocks of memory ---- */

PRIMITIVE(set_memory)
{
    memset(ADDRESS_OF(void), (int)(uint8_t)arguments[6], arguments[4]);
    return OUTCOME_DONE;
}

PRIMITIVE(copy_memory)
{
    const void *from = ADDRESS_OF(void);
    memmove((void *)(uintptr_t)(arguments[4] + arguments[5]), from, arguments[7]);
    return OUTCOME_DONE;
}

static void reverse_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
    uint8_t element[8];
    memcpy(element, from, size);
    for (size_t i = 0; i < size; i++)
        to[i] = element[size - 1 - i];
}

PRIMITIVE(copy_swap_memory)
{
    const uint8_t *from = ADDRESS_OF(uint8_t);
    uint8_t *to = (uint8_t *)(uintptr_t)(arguments[4] + arguments[5]);
    size_t bytes = arguments[7], size = arguments[9];
    bool backward = from < to && to < from + bytes;

    if (size != 2 && size != 4 && size != 8)
        return java_throw_plain(thread, "java/lang/IllegalArgumentException");
    for (size_t done = 0; done + size <= bytes; done += size) {
        size_t at = backward ? bytes - size - done : done;
        reverse_bytes(to + at, from + at, size);
    }
    return OUTCOME_DONE;
}

PRIMITIVE(allocate_memory)
{
    *result = (Value)(uintptr_t)native_memory_allocate(arguments[1]);
    return OUTCOME_DONE;
}

PRIMITIVE(reallocate_memory)
{
    *result = (Value)(uintptr_t)native_memory_reallocate((void *)(uintptr_t)arguments[1], arguments[3]);
    return OUTCOME_DONE;
}

PRIMITIVE(free_memory)
{
    native_memory_free((void *)(uintptr_t)arguments[1]);
    return OUTCOME_DONE;
}

/* ---- fences ---- */

PRIMITIVE(load_fence)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return OUTCOME_DONE;
}

PRIMITIVE(store_fence)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return OUTCOME_DONE;
}

PRIMITIVE(full_fence)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

PRIMITIVE(nothing)
{
    return OUTCOME_DONE;
}

PRIMITIVE(throw_exception)
{
    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    return run_throw(thread, arguments[1]);
}

/* ---- classes and fields ---- */

static const JavaField *field_of_reflected(Value reflected)
{
    uint32_t class_index = java_mirror_class(heap_load(reflected, java_offset(REFLECT_FIELD_CLASS)));
    uint32_t slot = *(const uint32_t *)object_at(reflected, java_offset(REFLECT_FIELD_SLOT));
    return java_field_at(java_class_at(class_index), slot);
}

PRIMITIVE(object_field_offset_0)
{
    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    *result = field_of_reflected(arguments[1])->offset;
    return OUTCOME_DONE;
}

PRIMITIVE(object_field_offset_1)
{
    const JavaClass *class;
    SymbolRef name;

    if (arguments[1] == 0 || arguments[2] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    class = java_class_at(java_mirror_class(arguments[1]));
    name = java_symbol_from_string(arguments[2], false);
    for (uint32_t i = 0; i < class->field_count; i++)
        if (java_field_at(class, i)->name == name) {
            *result = java_field_at(class, i)->offset;
            return OUTCOME_DONE;
        }
    return java_throw(thread, "java/lang/InternalError", "%s", name != 0 ? symbol_text(name) : "");
}

PRIMITIVE(static_field_base)
{
    const JavaField *field;
    Outcome outcome;

    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    outcome = java_link_class(thread, field_of_reflected(arguments[1])->holder);
    if (outcome != OUTCOME_DONE)
        return outcome;
    field = field_of_reflected(arguments[1]);
    if (!(field->access_flags & ACCESS_STATIC))
        return java_throw_plain(thread, "java/lang/IllegalArgumentException");
    *result = java_statics(field);
    return OUTCOME_DONE;
}

PRIMITIVE(array_base_offset)
{
    if (arguments[1] == 0 || !java_class_is_array(java_mirror_class(arguments[1])))
        return java_throw_plain(thread, "java/lang/InvalidClassException");
    *result = ARRAY_BASE_OFFSET;
    return OUTCOME_DONE;
}

PRIMITIVE(array_index_scale)
{
    if (arguments[1] == 0 || !java_class_is_array(java_mirror_class(arguments[1])))
        return java_throw_plain(thread, "java/lang/InvalidClassException");
    *result = 1u << class_at(java_mirror_class(arguments[1]))->element_shift;
    return OUTCOME_DONE;
}

PRIMITIVE(should_be_initialized)
{
    const Class *class = class_at(java_mirror_class(arguments[1]));
    *result = !class->initialized && !(class->flags & (CLASS_ARRAY | CLASS_PRIMITIVE)) &&
              java_class_state(java_class_at(class->index)) != JAVA_INITIALIZED;
    return OUTCOME_DONE;
}

PRIMITIVE(ensure_class_initialized)
{
    uint32_t class_index;

    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    class_index = java_mirror_class(arguments[1]);
    if (class_at(class_index)->flags & (CLASS_ARRAY | CLASS_PRIMITIVE))
        return OUTCOME_DONE;
    return java_initialize_class(thread, class_index);
}

PRIMITIVE(allocate_instance)
{
    uint32_t class_index;
    const Class *class;
    Outcome outcome;

    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    class_index = java_mirror_class(arguments[1]);
    class = class_at(class_index);
    if (class->flags & (CLASS_ARRAY | CLASS_PRIMITIVE | CLASS_INTERFACE | CLASS_ABSTRACT) || class_index == java_class(CLASS))
        return java_throw(thread, "java/lang/InstantiationException", "%s", java_class_guest_name(class_index));
    outcome = java_initialize_class(thread, class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    *result = heap_allocate_instance(&thread->allocator, class_at(class_index));
    return *result != 0 ? OUTCOME_DONE : java_throw_memory(thread);
}

/* ---- parking ---- */

/* park(boolean isAbsolute, long time): milliseconds of the epoch, or nanoseconds from now (0: for ever). */
PRIMITIVE(park)
{
    bool absolute = as_int(arguments[1]) != 0;
    int64_t time = (int64_t)arguments[2], now = os_clock_monotonic_ns(), deadline = OS_FOREVER;

    if (thread->wait_kind == WAIT_PARK) { /* again, after a thaw */
        deadline = thread->wait_deadline_ns;
    } else if (time < 0 || (absolute && time == 0)) {
        return OUTCOME_DONE;
    } else if (absolute) {
        int64_t away = time - os_clock_wall_ns() / 1000000;
        deadline = away <= 0 ? now : away > INT64_MAX / 2000000 ? OS_FOREVER : now + away * 1000000;
    } else if (time != 0) {
        deadline = time > INT64_MAX - now ? OS_FOREVER : now + time;
    }
    java_thread_set_status(thread, deadline == OS_FOREVER ? JAVA_THREAD_PARKED : JAVA_THREAD_PARKED_TIMED);
    run_park(thread, deadline);
    java_thread_set_status(thread, JAVA_THREAD_RUNNABLE);
    return run_raise_posted(thread);
}

PRIMITIVE(unpark)
{
    Thread *target;

    if (arguments[1] == 0)
        return OUTCOME_DONE;
    run_threads_lock();
    target = java_thread_of_nogc(arguments[1]);
    if (target != NULL)
        run_unpark(target);
    run_threads_unlock();
    return OUTCOME_DONE;
}

/* ---- the table ---- */

#define UNSAFE(signature) "jdk/internal/misc/Unsafe." signature
#define ROWS_OF(name, Name, type)                                                      \
    {UNSAFE("get" Name "(Ljava/lang/Object;J)" type), get_##name},                      \
    {UNSAFE("put" Name "(Ljava/lang/Object;J" type ")V"), put_##name},                  \
    {UNSAFE("get" Name "Volatile(Ljava/lang/Object;J)" type), get_##name##_volatile},   \
    {UNSAFE("put" Name "Volatile(Ljava/lang/Object;J" type ")V"), put_##name##_volatile}
#define OBJECT "Ljava/lang/Object;"

void primitive_register_unsafe(void)
{
    static const PrimitiveRow rows[] = {
        ROWS_OF(boolean, "Boolean", "Z"),
        ROWS_OF(byte, "Byte", "B"),
        ROWS_OF(short, "Short", "S"),
        ROWS_OF(char, "Char", "C"),
        ROWS_OF(int, "Int", "I"),
        ROWS_OF(long, "Long", "J"),
        ROWS_OF(float, "Float", "F"),
        ROWS_OF(long, "Double", "D"),
        {UNSAFE("getReference(Ljava/lang/Object;J)Ljava/lang/Object;"), get_long},
        {UNSAFE("getReferenceVolatile(Ljava/lang/Object;J)Ljava/lang/Object;"), get_long_volatile},
        {UNSAFE("putReference(Ljava/lang/Object;JLjava/lang/Object;)V"), put_reference},
        {UNSAFE("putReferenceVolatile(Ljava/lang/Object;JLjava/lang/Object;)V"), put_reference_volatile},
        {UNSAFE("getUncompressedObject(J)Ljava/lang/Object;"), get_uncompressed_object},
        {UNSAFE("compareAndSetInt(Ljava/lang/Object;JII)Z"), compare_and_set_int},
        {UNSAFE("compareAndExchangeInt(Ljava/lang/Object;JII)I"), compare_and_exchange_int},
        {UNSAFE("compareAndSetLong(Ljava/lang/Object;JJJ)Z"), compare_and_set_long},
        {UNSAFE("compareAndExchangeLong(Ljava/lang/Object;JJJ)J"), compare_and_exchange_long},
        {UNSAFE("compareAndSetReference(" OBJECT "J" OBJECT OBJECT ")Z"), compare_and_set_reference},
        {UNSAFE("compareAndExchangeReference(" OBJECT "J" OBJECT OBJECT ")" OBJECT), compare_and_exchange_reference},
        {UNSAFE("setMemory0(Ljava/lang/Object;JJB)V"), set_memory},
        {UNSAFE("copyMemory0(Ljava/lang/Object;JLjava/lang/Object;JJ)V"), copy_memory},
        {UNSAFE("copySwapMemory0(Ljava/lang/Object;JLjava/lang/Object;JJJ)V"), copy_swap_memory},
        {UNSAFE("allocateMemory0(J)J"), allocate_memory},
        {UNSAFE("reallocateMemory0(JJ)J"), reallocate_memory},
        {UNSAFE("freeMemory0(J)V"), free_memory},
        {UNSAFE("loadFence()V"), load_fence},
        {UNSAFE("storeFence()V"), store_fence},
        {UNSAFE("fullFence()V"), full_fence},
        {UNSAFE("writeback0(J)V"), nothing},
        {UNSAFE("writebackPreSync0()V"), nothing},
        {UNSAFE("writebackPostSync0()V"), nothing},
        {UNSAFE("throwException(Ljava/lang/Throwable;)V"), throw_exception},
        {UNSAFE("objectFieldOffset0(Ljava/lang/reflect/Field;)J"), object_field_offset_0},
        {UNSAFE("objectFieldOffset1(Ljava/lang/Class;Ljava/lang/String;)J"), object_field_offset_1},
        {UNSAFE("staticFieldOffset0(Ljava/lang/reflect/Field;)J"), object_field_offset_0},
        {UNSAFE("staticFieldBase0(Ljava/lang/reflect/Field;)Ljava/lang/Object;"), static_field_base},
        {UNSAFE("arrayBaseOffset0(Ljava/lang/Class;)I"), array_base_offset},
        {UNSAFE("arrayIndexScale0(Ljava/lang/Class;)I"), array_index_scale},
        {UNSAFE("shouldBeInitialized0(Ljava/lang/Class;)Z"), should_be_initialized},
        {UNSAFE("ensureClassInitialized0(Ljava/lang/Class;)V"), ensure_class_initialized},
        {UNSAFE("allocateInstance(Ljava/lang/Class;)Ljava/lang/Object;"), allocate_instance},
        {UNSAFE("park(ZJ)V"), park},
        {UNSAFE("unpark(Ljava/lang/Object;)V"), unpark},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
