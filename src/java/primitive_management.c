/* primitive_management.c - java.lang.management: counts of threads, classes and memory. What the machine does not measure
 * (contention, compilation) is said to be unsupported, or empty. */
#include "java/java_thread.h"
#include "java/primitive_internal.h"
#include "java/properties.h"
#include "java/strings.h"
#include "os/os.h"
#include "run/awaited.h"

static int64_t start_ns; /* wall clock, of this process */

PRIMITIVE(nothing) /* false, 0, null */
{
    return OUTCOME_DONE;
}

PRIMITIVE(get_version)
{
    *result = java_string_from_text(thread, "3.0");
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(process_id)
{
    *result = (Value)os_process_id();
    return OUTCOME_DONE;
}

PRIMITIVE(startup_time)
{
    *result = (Value)(start_ns / 1000000);
    return OUTCOME_DONE;
}

PRIMITIVE(uptime)
{
    *result = (Value)((os_clock_wall_ns() - start_ns) / 1000000);
    return OUTCOME_DONE;
}

PRIMITIVE(processors)
{
    *result = (Value)os_processor_count();
    return OUTCOME_DONE;
}

PRIMITIVE(class_count)
{
    *result = java_world()->class_count;
    return OUTCOME_DONE;
}

/* ---- threads ---- */

static uint32_t peak_threads;

static uint32_t count_threads(bool daemons_only)
{
    uint32_t count = 0;

    run_threads_lock();
    for (const Thread *each = run_threads_nogc(); each != NULL; each = each->next)
        count += each->guest_thread != 0 && (!daemons_only || each->daemon);
    run_threads_unlock();
    return count;
}

PRIMITIVE(live_threads)
{
    uint32_t count = count_threads(false);

    if (count > peak_threads)
        peak_threads = count;
    *result = count;
    return OUTCOME_DONE;
}

PRIMITIVE(peak_thread_count)
{
    Outcome outcome = live_threads(thread, arguments, result);
    *result = peak_threads;
    return outcome;
}

PRIMITIVE(reset_peak)
{
    peak_threads = count_threads(false);
    return OUTCOME_DONE;
}

PRIMITIVE(daemon_threads)
{
    *result = count_threads(true);
    return OUTCOME_DONE;
}

PRIMITIVE(all_started_threads)
{
    uint32_t most = 0;

    run_threads_lock();
    for (const Thread *each = run_threads_nogc(); each != NULL; each = each->next)
        most = each->number > most ? each->number : most;
    run_threads_unlock();
    *result = most;
    return OUTCOME_DONE;
}

/* The object whose monitor a java.lang.Thread (a slot that is updated) waits for, or the thread that holds that. */
static Value awaited_by(Thread *thread, const Value *guest_thread, bool wants_holder)
{
    Thread *target, *holder = NULL;
    Value found = 0;

    run_stop_world(thread);
    target = java_thread_of_nogc(*guest_thread);
    if (target != NULL)
        found = run_awaited_monitor_nogc(target, &holder);
    if (wants_holder)
        found = holder != NULL ? holder->guest_thread : 0;
    run_resume_world(thread);
    return found;
}

PRIMITIVE(awaited_monitor)
{
    *result = awaited_by(thread, &arguments[0], false);
    return OUTCOME_DONE;
}

PRIMITIVE(holder_of_awaited)
{
    *result = awaited_by(thread, &arguments[0], true);
    return OUTCOME_DONE;
}

/* ---- memory ---- */

static void set_long(Value object, const char *name, int64_t value)
{
    const JavaField *field = java_field_text(object_class_index(object), name, "J");
    *(int64_t *)object_at(object, field->offset) = value;
}

static Outcome usage(Thread *thread, bool heap, Value *result)
{
    HeapStats stats = heap_stats();
    uint32_t class_index = 0;
    Outcome outcome = java_load_boot_class(thread, java_symbol_text("java/lang/management/MemoryUsage"), &class_index);

    if (outcome != OUTCOME_DONE || class_index == 0)
        return outcome == OUTCOME_DONE ? java_throw_plain(thread, "java/lang/InternalError") : outcome;
    outcome = java_initialize_class(thread, class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    *result = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (*result == 0)
        return java_throw_memory(thread);
    set_long(*result, "init", 0);
    set_long(*result, "used", heap ? (int64_t)stats.used_bytes : (int64_t)arena_used_bytes());
    set_long(*result, "committed", heap ? (int64_t)stats.committed_bytes : (int64_t)arena_used_bytes());
    set_long(*result, "max", heap ? (int64_t)stats.limit_bytes : -1);
    return OUTCOME_DONE;
}

/* getMemoryUsage0(boolean heap) */
PRIMITIVE(memory_usage)
{
    return usage(thread, as_int(arguments[1]) != 0, result);
}

/* Of a MemoryPoolImpl. Peaks are not measured: that is what is used now. */
PRIMITIVE(pool_usage)
{
    const JavaField *field = java_field_text(object_class_index(arguments[0]), "isHeap", "Z");
    return usage(thread, *(const uint8_t *)object_at(arguments[0], field->offset) != 0, result);
}

PRIMITIVE(collection_count)
{
    HeapStats stats = heap_stats();
    *result = stats.young_collections + stats.full_collections;
    return OUTCOME_DONE;
}

PRIMITIVE(collection_time)
{
    *result = heap_stats().pause_total_ns / 1000000;
    return OUTCOME_DONE;
}

/* The last collection, or the last that was asked for, into an array of longs: number, start and end in milliseconds since
 * the machine's start, bytes used before and after, is it a full one, was it asked for. The number is 0 if there was none. */
PRIMITIVE(last_collection)
{
    HeapStats stats = heap_stats();
    HeapCollection last = arguments[1] != 0 ? stats.last_requested : stats.last;
    int64_t *told = (int64_t *)object_at(arguments[0], ARRAY_BASE_OFFSET);
    int64_t now_ns = os_clock_monotonic_ns(), uptime_ns = os_clock_wall_ns() - start_ns;

    told[0] = (int64_t)last.number;
    told[1] = (uptime_ns - (now_ns - last.start_ns)) / 1000000;
    told[2] = (uptime_ns - (now_ns - last.end_ns)) / 1000000;
    told[3] = (int64_t)last.before_bytes;
    told[4] = (int64_t)last.after_bytes;
    told[5] = last.is_full;
    told[6] = last.cause == HEAP_CAUSE_REQUEST;
    return OUTCOME_DONE;
}

PRIMITIVE(is_verbose)
{
    *result = heap_is_verbose();
    return OUTCOME_DONE;
}

PRIMITIVE(make_verbose)
{
    heap_set_verbose((arguments[0] & 1) != 0);
    return OUTCOME_DONE;
}

/* In milliseconds. */
PRIMITIVE(inspection_age)
{
    *result = (Value)((os_clock_monotonic_ns() - heap_stats().full_ns) / 1000000);
    return OUTCOME_DONE;
}

static Outcome empty_array(Thread *thread, const char *element, Value *result)
{
    uint32_t class_index = 0, array_class;
    Outcome outcome = java_load_boot_class(thread, java_symbol_text(element), &class_index);

    if (outcome != OUTCOME_DONE)
        return outcome;
    array_class = class_index != 0 ? java_array_class(thread, class_index) : 0;
    *result = array_class != 0 ? heap_allocate_array(&thread->allocator, class_at(array_class), 0) : 0;
    return *result != 0 ? OUTCOME_DONE : java_throw_memory(thread);
}

PRIMITIVE(no_strings)
{
    return empty_array(thread, "java/lang/String", result);
}

PRIMITIVE(no_commands)
{
    return empty_array(thread, "com/sun/management/internal/DiagnosticCommandInfo", result);
}

/* ---- the host ---- */

PRIMITIVE(physical_memory)
{
    *result = os_memory_physical();
    return OUTCOME_DONE;
}

PRIMITIVE(process_cpu_time)
{
    *result = (Value)os_clock_cpu_ns();
    return OUTCOME_DONE;
}

#define VM(signature) "sun/management/VMManagementImpl." signature
#define HOST(signature) "com/sun/management/internal/OperatingSystemImpl." signature

void primitive_register_management(void)
{
    static const PrimitiveRow rows[] = {
        {VM("getVersion0()Ljava/lang/String;"), get_version},
        {VM("initOptionalSupportFields()V"), nothing},
        {VM("isThreadContentionMonitoringEnabled()Z"), nothing},
        {VM("isThreadCpuTimeEnabled()Z"), nothing},
        {VM("isThreadAllocatedMemoryEnabled()Z"), nothing},
        {VM("getTotalClassCount()J"), class_count},
        {VM("getUnloadedClassCount()J"), nothing},
        {VM("getProcessId()I"), process_id},
        {VM("getStartupTime()J"), startup_time},
        {VM("getUptime0()J"), uptime},
        {VM("getAvailableProcessors()I"), processors},
        {VM("getTotalCompileTime()J"), nothing},
        {VM("getTotalThreadCount()J"), all_started_threads},
        {VM("getLiveThreadCount()I"), live_threads},
        {VM("getPeakThreadCount()I"), peak_thread_count},
        {VM("getDaemonThreadCount()I"), daemon_threads},
        {VM("getSafepointCount()J"), nothing},
        {VM("getTotalSafepointTime()J"), nothing},
        {VM("getSafepointSyncTime()J"), nothing},
        {VM("getTotalApplicationNonStoppedTime()J"), nothing},
        {VM("getLoadedClassSize()J"), nothing},
        {VM("getUnloadedClassSize()J"), nothing},
        {VM("getClassLoadingTime()J"), nothing},
        {VM("getMethodDataSize()J"), nothing},
        {VM("getInitializedClassCount()J"), class_count},
        {VM("getClassInitializationTime()J"), nothing},
        {VM("getClassVerificationTime()J"), nothing},
        {"sun/management/MemoryImpl.getMemoryUsage0(Z)Ljava/lang/management/MemoryUsage;", memory_usage},
        {"sun/management/MemoryPoolImpl.getUsage0()Ljava/lang/management/MemoryUsage;", pool_usage},
        {"sun/management/MemoryPoolImpl.getPeakUsage0()Ljava/lang/management/MemoryUsage;", pool_usage},
        {"sun/management/MemoryPoolImpl.getCollectionUsage0()Ljava/lang/management/MemoryUsage;", nothing},
        {"sun/management/GarbageCollectorImpl.getCollectionCount()J", collection_count},
        {"sun/management/GarbageCollectorImpl.getCollectionTime()J", collection_time},
        {"sun/rmi/transport/GC.maxObjectInspectionAge()J", inspection_age},
        {"coracle/natives/Memories.lastCollection([JZ)V", last_collection},
        {"coracle/natives/Command.isVerbose()Z", is_verbose},
        {"coracle/natives/Command.makeVerbose(Z)V", make_verbose},
        {"coracle/natives/Threads.monitorAwaited(Ljava/lang/Thread;)Ljava/lang/Object;", awaited_monitor},
        {"coracle/natives/Threads.holderOfAwaited(Ljava/lang/Thread;)Ljava/lang/Thread;", holder_of_awaited},
        {"sun/management/ThreadImpl.resetPeakThreadCount0()V", reset_peak},
        {"com/sun/management/internal/DiagnosticCommandImpl.getDiagnosticCommands()[Ljava/lang/String;", no_strings},
        {"com/sun/management/internal/DiagnosticCommandImpl.getDiagnosticCommandInfo([Ljava/lang/String;)"
         "[Lcom/sun/management/internal/DiagnosticCommandInfo;", no_commands},
        {"com/sun/management/internal/DiagnosticCommandImpl.setNotificationEnabled(Z)V", nothing},
        {"com/sun/management/internal/Flag.getAllFlagNames()[Ljava/lang/String;", no_strings},
        {"com/sun/management/internal/Flag.getInternalFlagCount()I", nothing},
        {"com/sun/management/internal/Flag.initialize()V", nothing},
        {"com/sun/management/internal/Flag.getFlags([Ljava/lang/String;[Lcom/sun/management/internal/Flag;I)I", nothing},
        {HOST("getTotalMemorySize0()J"), physical_memory},
        {HOST("getProcessCpuTime0()J"), process_cpu_time},
    };
    start_ns = os_clock_wall_ns();
    run_register_primitives(rows, COUNT_OF(rows));
}
