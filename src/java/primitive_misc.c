/* primitive_misc.c - callers, access control, and natives of the library's internals that have little to do here. */
#include "ffi/native_memory.h"
#include "java/primitive_internal.h"
#include "java/stacktrace.h"
#include "java/strings.h"

/* ---- callers ---- */

static bool is_named(const JavaMethod *method, const char *class_name, SymbolRef name)
{
    return method->name == name && strcmp(symbol_text(java_method_holder(method)->name), class_name) == 0;
}

/* Frames that stand for a call by reflection or method handle, not for a caller. */
static bool is_reflective(const JavaMethod *method)
{
    uint32_t accessor;

    if (is_named(method, "java/lang/reflect/Method", SYM(INVOKE)))
        return true;
    if (java_method_flags(method) & JAVA_METHOD_LAMBDA_COMPILED || method->polymorphic != POLYMORPHIC_NONE)
        return true;
    accessor = java_find_loaded_nogc(0, java_symbol_text("jdk/internal/reflect/MethodAccessorImpl"));
    return accessor != 0 && java_is_subclass(method->method.holder, accessor);
}

/* Goes on to a frame of a method that runs; false: no more. */
static bool next_counting(Frame *frame, bool more)
{
    for (; more; more = run_frame_next(frame)) {
        bool hidden = false;
        if (java_frame_counts(frame, &hidden) && !(class_at(run_frame_method(frame)->holder)->flags & CLASS_HIDDEN_FRAMES))
            return true;
    }
    return false;
}

static const JavaMethod *frame_method(const Frame *frame)
{
    return (const JavaMethod *)(const void *)run_frame_method(frame);
}

/* Reflection.getCallerClass: the frames are it, the caller-sensitive method, then the caller. */
PRIMITIVE(get_caller_class)
{
    Frame frame;
    bool more = next_counting(&frame, run_frame_first(thread, &frame));

    for (unsigned depth = 0; more; more = next_counting(&frame, run_frame_next(&frame))) {
        const JavaMethod *method = frame_method(&frame);
        if (depth >= 2) {
            if (is_reflective(method))
                continue;
            *result = java_mirror(method->method.holder);
            return OUTCOME_DONE;
        }
        depth++;
    }
    return OUTCOME_DONE;
}

/* SecurityManager.getClassContext */
PRIMITIVE(get_class_context)
{
    uint32_t count = 0;
    Frame frame;

    for (bool more = next_counting(&frame, run_frame_first(thread, &frame)); more;
         more = next_counting(&frame, run_frame_next(&frame)))
        count += !is_reflective(frame_method(&frame));
    count = count > 0 ? count - 1 : 0; /* without the native itself */
    *result = java_class_array(thread, count);
    if (*result == 0)
        return OUTCOME_THROW;
    bool more = next_counting(&frame, run_frame_first(thread, &frame));
    for (uint32_t i = 0; more && i <= count; more = next_counting(&frame, run_frame_next(&frame))) {
        if (is_reflective(frame_method(&frame)))
            continue;
        if (i > 0)
            array_store(*result, i - 1, java_mirror(frame_method(&frame)->method.holder));
        i++;
    }
    return OUTCOME_DONE;
}

static bool is_user_loader(Value loader)
{
    uint32_t class_index = object_class_index(loader);
    return class_index != java_class(PLATFORM_LOADER) &&
           !(java_world()->wellknown[JAVA_CLASS_DELEGATING_CLASS_LOADER] != 0 &&
             class_index == java_class(DELEGATING_CLASS_LOADER));
}

/* VM.latestUserDefinedLoader0: null: none but boot and platform loaders. */
PRIMITIVE(latest_user_defined_loader)
{
    Frame frame;

    for (bool more = next_counting(&frame, run_frame_first(thread, &frame)); more;
         more = next_counting(&frame, run_frame_next(&frame))) {
        Value loader = java_loader_object(java_method_holder(frame_method(&frame))->loader);
        if (loader != 0 && is_user_loader(loader)) {
            *result = loader;
            return OUTCOME_DONE;
        }
    }
    return OUTCOME_DONE;
}

PRIMITIVE(are_nest_mates)
{
    uint32_t a = java_mirror_class(arguments[0]), b = java_mirror_class(arguments[1]), host_a = a, host_b = b;
    Outcome outcome = java_nest_host(thread, a, &host_a);

    if (outcome == OUTCOME_DONE)
        outcome = java_nest_host(thread, b, &host_b);
    *result = host_a == host_b;
    return outcome;
}

/* ---- access control ---- */

typedef struct Domains {
    uint32_t count;
    bool privileged; /* they end with a privileged call */
    Value context;   /* that it was given; 0 */
} Domains;

/* AccessController.executePrivileged(action, context, caller): its caller's domain is the last one that counts. */
static bool is_privileged(const Frame *frame, SymbolRef name)
{
    const JavaMethod *method = frame_method(frame);
    return method->method.holder == java_class(ACCESS_CONTROLLER) && method->name == name && frame->code->argument_slots == 3;
}

/* The protection domains of the frames, one for a row of the same; into an array, if it is not 0. */
static Domains find_domains(Thread *thread, Value array)
{
    Domains domains = {0};
    SymbolRef privileged = java_symbol_text("executePrivileged");
    Value last = 0;
    Frame frame;

    for (bool more = next_counting(&frame, run_frame_first(thread, &frame)); more && !domains.privileged;
         more = next_counting(&frame, run_frame_next(&frame))) {
        Value class_object = java_mirror(frame_method(&frame)->method.holder), domain;
        domains.privileged = is_privileged(&frame, privileged);
        if (domains.privileged) {
            domains.context = frame.fp[-2];
            class_object = frame.fp[-1];
        }
        domain = class_object != 0 ? heap_load(class_object, java_offset(CLASS_PROTECTION_DOMAIN)) : 0;
        if (domain == 0 || domain == last)
            continue;
        last = domain;
        if (array != 0)
            array_store(array, domains.count, domain);
        domains.count++;
    }
    return domains;
}

static Value domain_array(Thread *thread, uint32_t count)
{
    uint32_t class_index = java_array_class(thread, java_class(PROTECTION_DOMAIN));
    Value array = class_index != 0 ? heap_allocate_array(&thread->allocator, class_at(class_index), count) : 0;

    if (array == 0 && thread->exception == 0)
        (void)java_throw_memory(thread);
    return array;
}

/* null: all that is on the stack is the class library's, and no context was given. */
PRIMITIVE(get_stack_access_control)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Domains domains = find_domains(thread, 0);
    Value *array = heap_hold_nogc(&thread->allocator, 0), made;

    if (domains.count == 0 && (!domains.privileged || domains.context == 0)) {
        heap_leave_nogc(&thread->allocator, mark);
        return OUTCOME_DONE;
    }
    *array = domains.count != 0 ? domain_array(thread, domains.count) : 0;
    made = thread->exception == 0 ? heap_allocate_instance(&thread->allocator, class_at(java_class(ACCESS_CONTROL_CONTEXT))) : 0;
    if (made != 0) {
        domains = find_domains(thread, *array); /* again: objects have moved */
        heap_store(made, java_offset(ACCESS_CONTROL_CONTEXT_CONTEXT), *array);
        heap_store(made, java_offset(ACCESS_CONTROL_CONTEXT_PRIVILEGED_CONTEXT), domains.context);
        *(uint8_t *)object_at(made, java_offset(ACCESS_CONTROL_CONTEXT_PRIVILEGED)) = domains.privileged;
        *(uint8_t *)object_at(made, java_offset(ACCESS_CONTROL_CONTEXT_AUTHORIZED)) = true;
    } else if (thread->exception == 0) {
        (void)java_throw_memory(thread);
    }
    heap_leave_nogc(&thread->allocator, mark);
    *result = made;
    return made != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(get_inherited_access_control)
{
    *result = heap_load(thread->guest_thread, java_offset(THREAD_INHERITED_ACCESS_CONTROL));
    return OUTCOME_DONE;
}

/* ---- neutral answers ---- */

PRIMITIVE(nothing) /* null, false or 0 where there is a result */
{
    *result = 0;
    return OUTCOME_DONE;
}

PRIMITIVE(yes)
{
    *result = 1;
    return OUTCOME_DONE;
}

PRIMITIVE(temporary_directory)
{
    *result = java_string_from_text(thread, "/tmp");
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(same_properties)
{
    *result = arguments[0];
    return OUTCOME_DONE;
}

PRIMITIVE(counter)
{
    *result = (Value)os_clock_monotonic_ns();
    return OUTCOME_DONE;
}

PRIMITIVE(frequency)
{
    *result = 1000000000;
    return OUTCOME_DONE;
}

PRIMITIVE(no_lanes)
{
    *result = from_int(-1);
    return OUTCOME_DONE;
}

/* ---- Perf: a counter is a direct buffer of native memory, which is never given back ---- */

static Outcome make_buffer(Thread *thread, uint64_t capacity, int64_t first)
{
    uint32_t class_index = 0, method;
    int64_t *memory;
    Value *arguments, object;
    Outcome outcome = java_load_boot_class(thread, java_symbol_text("java/nio/DirectByteBuffer"), &class_index);

    if (outcome == OUTCOME_DONE)
        outcome = java_initialize_class(thread, class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    memory = native_memory_allocate(capacity); /* last: what is done before may be done again */
    if (memory == NULL || (object = heap_allocate_instance(&thread->allocator, class_at(class_index))) == 0)
        return java_throw_memory(thread);
    if (capacity >= sizeof *memory)
        *memory = first;
    method = java_method_text(class_index, "<init>", "(JI)V");
    Value *state = run_push_continuation(thread, run_find_continuation("java.object"), RUN_THEN_RETURN);
    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[0] = object;
    arguments = run_push_call(thread, method, RUN_THEN_RETURN);
    if (arguments == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    arguments[0] = object;
    arguments[1] = (Value)(uintptr_t)memory;
    arguments[2] = 0;
    arguments[3] = capacity;
    return OUTCOME_PUSHED;
}

/* After a constructor: the object is the result. */
static Outcome continue_object(Thread *thread, Value *state, Value *result)
{
    *result = state[0];
    return OUTCOME_DONE;
}

/* createLong(String name, int variability, int units, long value) */
PRIMITIVE(perf_create_long)
{
    return make_buffer(thread, 8, (int64_t)arguments[4]);
}

/* createByteArray(String name, int variability, int units, byte[] value, int maxLength) */
PRIMITIVE(perf_create_bytes)
{
    return make_buffer(thread, as_int(arguments[5]) > 0 ? (uint64_t)as_int(arguments[5]) : 1, 0);
}

PRIMITIVE(jimage_address)
{
    size_t size;
    *result = (Value)(uintptr_t)jimage_place(&size);
    return OUTCOME_DONE;
}

PRIMITIVE(jimage_size)
{
    size_t size = 0;
    (void)jimage_place(&size);
    *result = size;
    return OUTCOME_DONE;
}

void primitive_register_misc(void)
{
    static const Continuation object = {"java.object", 1, 1, continue_object, NULL};
    static const PrimitiveRow rows[] = {
        {"jdk/internal/reflect/Reflection.getCallerClass()Ljava/lang/Class;", get_caller_class},
        {"jdk/internal/reflect/Reflection.areNestMates(Ljava/lang/Class;Ljava/lang/Class;)Z", are_nest_mates},
        {"java/lang/SecurityManager.getClassContext()[Ljava/lang/Class;", get_class_context},
        {"jdk/internal/misc/VM.latestUserDefinedLoader0()Ljava/lang/ClassLoader;", latest_user_defined_loader},
        {"jdk/internal/misc/VM.initialize()V", nothing},
        {"java/security/AccessController.getStackAccessControlContext()Ljava/security/AccessControlContext;", get_stack_access_control},
        {"java/security/AccessController.getInheritedAccessControlContext()Ljava/security/AccessControlContext;",
         get_inherited_access_control},
        {"java/security/AccessController.ensureMaterializedForStackWalk(Ljava/lang/Object;)V", nothing},
        {"java/util/concurrent/atomic/AtomicLong.VMSupportsCS8()Z", yes},
        {"coracle/natives/jdk_internal_jimage_NativeImageBuffer.address()J", jimage_address},
        {"coracle/natives/jdk_internal_jimage_NativeImageBuffer.size()J", jimage_size},
        {"jdk/internal/misc/CDS.defineArchivedModules(Ljava/lang/ClassLoader;Ljava/lang/ClassLoader;)V", nothing},
        {"jdk/internal/misc/CDS.dumpClassList(Ljava/lang/String;)V", nothing},
        {"jdk/internal/misc/CDS.dumpDynamicArchive(Ljava/lang/String;)V", nothing},
        {"jdk/internal/misc/CDS.getRandomSeedForDumping()J", nothing},
        {"jdk/internal/misc/CDS.initializeFromArchive(Ljava/lang/Class;)V", nothing},
        {"jdk/internal/misc/CDS.isDumpingArchive0()Z", nothing},
        {"jdk/internal/misc/CDS.isDumpingClassList0()Z", nothing},
        {"jdk/internal/misc/CDS.isSharingEnabled0()Z", nothing},
        {"jdk/internal/misc/CDS.logLambdaFormInvoker(Ljava/lang/String;)V", nothing},
        {"jdk/internal/platform/CgroupMetrics.isUseContainerSupport()Z", yes},
        {"jdk/internal/vm/VMSupport.getVMTemporaryDirectory()Ljava/lang/String;", temporary_directory},
        {"jdk/internal/vm/VMSupport.initAgentProperties(Ljava/util/Properties;)Ljava/util/Properties;", same_properties},
        {"jdk/internal/vm/vector/VectorSupport.getMaxLaneCount(Ljava/lang/Class;)I", no_lanes},
        {"jdk/internal/perf/Perf.highResCounter()J", counter},
        {"jdk/internal/perf/Perf.highResFrequency()J", frequency},
        {"jdk/internal/perf/Perf.createLong(Ljava/lang/String;IIJ)Ljava/nio/ByteBuffer;", perf_create_long},
        {"jdk/internal/perf/Perf.createByteArray(Ljava/lang/String;II[BI)Ljava/nio/ByteBuffer;", perf_create_bytes},
        {"jdk/internal/perf/Perf.detach(Ljava/nio/ByteBuffer;)V", nothing},
        {"jdk/internal/misc/ScopedMemoryAccess.closeScope0(Ljdk/internal/misc/ScopedMemoryAccess$Scope;"
         "Ljdk/internal/misc/ScopedMemoryAccess$Scope$ScopedAccessError;)Z", yes},
    };
    run_register_continuation(&object);
    run_register_primitives(rows, COUNT_OF(rows));
}
