/* primitive_lang.c - java.lang: Object, String, System, Runtime, Shutdown, and the bits of floating point numbers. */
#include <stdio.h>

#include "java/dump.h"
#include "java/primitive_internal.h"
#include "java/strings.h"

/* ---- Object ---- */

PRIMITIVE(object_get_class)
{
    *result = java_mirror(object_class_index(arguments[0]));
    return OUTCOME_DONE;
}

PRIMITIVE(object_hash_code)
{
    *result = heap_identity_hash(arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(object_notify)
{
    return run_monitor_notify(thread, arguments[0], false);
}

PRIMITIVE(object_notify_all)
{
    return run_monitor_notify(thread, arguments[0], true);
}

static void mark_cards(Value object, uint64_t from, uint64_t to)
{
    for (uint64_t at = (object + from) >> HEAP_CARD_SHIFT; at <= (object + to - 1) >> HEAP_CARD_SHIFT; at++)
        __atomic_store_n(heap_card(at), 1, __ATOMIC_RELAXED);
}

static Value clone_array(Thread *thread, const Value *array)
{
    const Class *class = class_of(*array);
    Value copy = heap_allocate_array(&thread->allocator, class, (uint32_t)array_length(*array));
    uint64_t bytes;

    if (copy == 0)
        return 0;
    class = class_of(copy);
    bytes = (uint64_t)array_length(copy) << class->element_shift;
    memcpy(object_at(copy, ARRAY_BASE_OFFSET), object_at(*array, ARRAY_BASE_OFFSET), bytes);
    if (class->elements_are_references && bytes != 0)
        mark_cards(copy, ARRAY_BASE_OFFSET, ARRAY_BASE_OFFSET + bytes);
    return copy;
}

static Value clone_instance(Thread *thread, const Value *object)
{
    Value copy = heap_allocate_instance(&thread->allocator, class_of(*object));
    uint64_t slots;

    if (copy == 0)
        return 0;
    slots = class_of(copy)->slots;
    memcpy(object_slots(copy), object_slots(*object), slots * sizeof(Value));
    if (slots != 0)
        mark_cards(copy, OBJECT_BODY, OBJECT_BODY + slots * sizeof(Value));
    return copy;
}

PRIMITIVE(object_clone)
{
    uint32_t class_index = object_class_index(arguments[0]);

    if (java_class_is_array(class_index))
        *result = clone_array(thread, &arguments[0]);
    else if (!java_is_subclass(class_index, java_class(CLONEABLE)))
        return java_throw(thread, "java/lang/CloneNotSupportedException", "%s", java_class_guest_name(class_index));
    else
        *result = clone_instance(thread, &arguments[0]);
    return *result != 0 ? OUTCOME_DONE : java_throw_memory(thread);
}

/* ---- String, System ---- */

PRIMITIVE(string_intern)
{
    *result = java_string_intern(thread, arguments[0]);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(identity_hash_code)
{
    *result = arguments[0] == 0 ? 0 : heap_identity_hash(arguments[0]);
    return OUTCOME_DONE;
}

static void set_stream(const char *name, const char *descriptor, Value stream)
{
    java_static_set(java_field_text(java_class(SYSTEM), name, descriptor), stream);
}

PRIMITIVE(set_in)
{
    set_stream("in", "Ljava/io/InputStream;", arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(set_out)
{
    set_stream("out", "Ljava/io/PrintStream;", arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(set_err)
{
    set_stream("err", "Ljava/io/PrintStream;", arguments[0]);
    return OUTCOME_DONE;
}

/* What messages of arraycopy call an array: "int[" or "object array[". */
static const char *array_kind(uint32_t class_index)
{
    static const char *const names[] = {"byte", "char", "double", "float", "int", "long", "short", "boolean"};
    char type = symbol_text(java_class_at(class_index)->name)[1];
    const char *place = strchr("BCDFIJSZ", type);
    return place != NULL ? names[place - "BCDFIJSZ"] : "object array";
}

static Outcome array_store_error(Thread *thread, uint32_t from, uint32_t to)
{
    const Class *source = class_at(from), *target = class_at(to);

    if (!(source->flags & CLASS_ARRAY))
        return java_throw(thread, "java/lang/ArrayStoreException", "arraycopy: source type %s is not an array",
                          java_class_guest_name(from));
    if (!(target->flags & CLASS_ARRAY))
        return java_throw(thread, "java/lang/ArrayStoreException", "arraycopy: destination type %s is not an array",
                          java_class_guest_name(to));
    return java_throw(thread, "java/lang/ArrayStoreException", "arraycopy: type mismatch: can not copy %s[] into %s[]",
                      array_kind(from), array_kind(to));
}

static Outcome copy_bounds_error(Thread *thread, Value from, int32_t from_at, Value to, int32_t to_at, int32_t count)
{
    const char *kind = array_kind(object_class_index(from)), *class = "java/lang/ArrayIndexOutOfBoundsException";

    if (from_at < 0)
        return java_throw(thread, class, "arraycopy: source index %d out of bounds for %s[%d]", from_at, kind,
                          array_length(from));
    if (to_at < 0)
        return java_throw(thread, class, "arraycopy: destination index %d out of bounds for %s[%d]", to_at, kind,
                          array_length(to));
    if (count < 0)
        return java_throw(thread, class, "arraycopy: length %d is negative", count);
    if ((uint32_t)from_at + (uint32_t)count > (uint32_t)array_length(from))
        return java_throw(thread, class, "arraycopy: last source index %u out of bounds for %s[%d]",
                          (uint32_t)from_at + (uint32_t)count, kind, array_length(from));
    return java_throw(thread, class, "arraycopy: last destination index %u out of bounds for %s[%d]",
                      (uint32_t)to_at + (uint32_t)count, kind, array_length(to));
}

static Outcome element_error(Thread *thread, uint32_t source, uint32_t target)
{
    uint32_t from = class_at(source)->element_class, to = class_at(target)->element_class;

    if (!java_is_subclass(to, from))
        return java_throw(thread, "java/lang/ArrayStoreException", "arraycopy: type mismatch: can not copy %s[] into %s[]",
                          java_class_guest_name(from), java_class_guest_name(to));
    return java_throw(thread, "java/lang/ArrayStoreException",
                      "arraycopy: element type mismatch: can not cast one of the elements of %s[] to the type of the "
                      "destination array, %s", java_class_guest_name(from), java_class_guest_name(to));
}

/* Elements of another static type: each is checked. */
static Outcome copy_checked(Thread *thread, const Value *arguments, int32_t count)
{
    uint32_t source = object_class_index(arguments[0]), target = object_class_index(arguments[2]);
    uint32_t wanted = class_at(target)->element_class;

    for (int32_t i = 0; i < count; i++) {
        Value element = array_element(arguments[0], (uint64_t)(as_int(arguments[1]) + i));
        if (element != 0 && !java_is_instance(element, wanted))
            return element_error(thread, source, target);
        array_store(arguments[2], (uint64_t)(as_int(arguments[3]) + i), element);
    }
    return OUTCOME_DONE;
}

/* arraycopy(Object from, int from_at, Object to, int to_at, int count) */
PRIMITIVE(array_copy)
{
    Value from = arguments[0], to = arguments[2];
    int32_t from_at = as_int(arguments[1]), to_at = as_int(arguments[3]), count = as_int(arguments[4]);
    const Class *source, *target;
    uint8_t *start;
    uint64_t bytes;

    if (from == 0 || to == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    source = class_of(from);
    target = class_of(to);
    if (source->format != FORMAT_JAVA_ARRAY || target->format != FORMAT_JAVA_ARRAY ||
        source->elements_are_references != target->elements_are_references ||
        (!source->elements_are_references && source != target))
        return array_store_error(thread, source->index, target->index);
    if ((from_at | to_at | count) < 0 || (uint32_t)from_at + (uint32_t)count > (uint32_t)array_length(from) ||
        (uint32_t)to_at + (uint32_t)count > (uint32_t)array_length(to))
        return copy_bounds_error(thread, from, from_at, to, to_at, count);
    if (count == 0)
        return OUTCOME_DONE;
    if (source != target && !java_is_subclass(source->element_class, target->element_class))
        return copy_checked(thread, arguments, count);
    start = object_at(to, ARRAY_BASE_OFFSET + ((uint64_t)to_at << target->element_shift));
    bytes = (uint64_t)count << target->element_shift;
    __atomic_thread_fence(__ATOMIC_RELEASE); /* copies publish, as stores of references do */
    memmove(start, object_at(from, ARRAY_BASE_OFFSET + ((uint64_t)from_at << source->element_shift)), bytes);
    if (target->elements_are_references)
        mark_cards((Value)(uintptr_t)start, 0, bytes);
    return OUTCOME_DONE;
}

PRIMITIVE(current_time_millis)
{
    *result = (Value)(os_clock_wall_ns() / 1000000);
    return OUTCOME_DONE;
}

PRIMITIVE(nano_time)
{
    *result = (Value)os_clock_monotonic_ns();
    return OUTCOME_DONE;
}

/* ---- Runtime, Shutdown ---- */

PRIMITIVE(available_processors)
{
    *result = (Value)os_processor_count();
    return OUTCOME_DONE;
}

PRIMITIVE(max_memory)
{
    *result = heap_stats().limit_bytes;
    return OUTCOME_DONE;
}

PRIMITIVE(total_memory)
{
    *result = heap_stats().committed_bytes;
    return OUTCOME_DONE;
}

PRIMITIVE(free_memory)
{
    HeapStats stats = heap_stats();
    *result = stats.committed_bytes > stats.used_bytes ? stats.committed_bytes - stats.used_bytes : 0;
    return OUTCOME_DONE;
}

PRIMITIVE(physical_memory)
{
    *result = os_memory_physical();
    return OUTCOME_DONE;
}

PRIMITIVE(collect_garbage)
{
    heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
    return OUTCOME_DONE;
}

PRIMITIVE(halt)
{
    java_dump_end(thread);
    fflush(stdout);
    fflush(stderr);
    os_exit_now(as_int(arguments[0]));
}

/* ---- floating point ---- */

PRIMITIVE(raw_int_bits)
{
    *result = from_int((int32_t)(uint32_t)arguments[0]);
    return OUTCOME_DONE;
}

PRIMITIVE(float_of_bits)
{
    *result = (uint32_t)arguments[0];
    return OUTCOME_DONE;
}

PRIMITIVE(same_bits)
{
    *result = arguments[0];
    return OUTCOME_DONE;
}

/* ---- what needs nothing done ---- */

PRIMITIVE(nothing)
{
    return OUTCOME_DONE;
}

void primitive_register_lang(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Object.getClass()Ljava/lang/Class;", object_get_class},
        {"java/lang/Object.hashCode()I", object_hash_code},
        {"java/lang/Object.clone()Ljava/lang/Object;", object_clone},
        {"java/lang/Object.notify()V", object_notify},
        {"java/lang/Object.notifyAll()V", object_notify_all},
        {"java/lang/String.intern()Ljava/lang/String;", string_intern},
        {"java/lang/System.identityHashCode(Ljava/lang/Object;)I", identity_hash_code},
        {"java/lang/System.setIn0(Ljava/io/InputStream;)V", set_in},
        {"java/lang/System.setOut0(Ljava/io/PrintStream;)V", set_out},
        {"java/lang/System.setErr0(Ljava/io/PrintStream;)V", set_err},
        {"java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V", array_copy},
        {"java/lang/System.currentTimeMillis()J", current_time_millis},
        {"java/lang/System.nanoTime()J", nano_time},
        {"java/lang/Runtime.availableProcessors()I", available_processors},
        {"java/lang/Runtime.maxMemory()J", max_memory},
        {"java/lang/Runtime.totalMemory()J", total_memory},
        {"java/lang/Runtime.freeMemory()J", free_memory},
        {"java/lang/Runtime.gc()V", collect_garbage},
        {"jdk/internal/platform/CgroupMetrics.getTotalMemorySize0()J", physical_memory},
        {"jdk/internal/platform/CgroupMetrics.getTotalSwapSize0()J", nothing},
        {"java/lang/Shutdown.beforeHalt()V", nothing},
        {"java/lang/Shutdown.halt0(I)V", halt},
        {"java/lang/Float.floatToRawIntBits(F)I", raw_int_bits},
        {"java/lang/Float.intBitsToFloat(I)F", float_of_bits},
        {"java/lang/Double.doubleToRawLongBits(D)J", same_bits},
        {"java/lang/Double.longBitsToDouble(J)D", same_bits},
        {"java/lang/Object.registerNatives()V", nothing},
        {"java/lang/Class.registerNatives()V", nothing},
        {"java/lang/ClassLoader.registerNatives()V", nothing},
        {"java/lang/System.registerNatives()V", nothing},
        {"java/lang/Thread.registerNatives()V", nothing},
        {"java/lang/invoke/MethodHandleNatives.registerNatives()V", nothing},
        {"jdk/internal/invoke/NativeEntryPoint.registerNatives()V", nothing},
        {"jdk/internal/misc/ScopedMemoryAccess.registerNatives()V", nothing},
        {"jdk/internal/misc/Unsafe.registerNatives()V", nothing},
        {"jdk/internal/perf/Perf.registerNatives()V", nothing},
        {"jdk/internal/vm/vector/VectorSupport.registerNatives()I", nothing},
        {"java/io/ObjectStreamClass.initNative()V", nothing},
        {"java/lang/ProcessHandleImpl.initNative()V", nothing},
        {"java/lang/ProcessImpl.init()V", nothing},
        {"java/net/DatagramPacket.init()V", nothing},
        {"java/net/Inet4Address.init()V", nothing},
        {"java/net/Inet6Address.init()V", nothing},
        {"java/net/InetAddress.init()V", nothing},
        {"java/net/NetworkInterface.init()V", nothing},
        {"java/net/PlainDatagramSocketImpl.init()V", nothing},
        {"java/net/SocketInputStream.init()V", nothing},
        {"java/net/SocketOutputStream.init()V", nothing},
        {"sun/nio/ch/FileDispatcherImpl.init()V", nothing},
        {"sun/nio/fs/LinuxNativeDispatcher.init()V", nothing},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
