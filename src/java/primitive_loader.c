/* primitive_loader.c - ClassLoader, BootLoader, NativeLibraries: defining and finding classes. */
#include <stdio.h>
#include <string.h>

#include "java/primitive_internal.h"
#include "java/strings.h"

/* ---- defining ---- */

static Outcome continue_initialize(Thread *thread, Value *state, Value *result);
static uint32_t initialize_continuation;

/* Initializes the class of state[0], then gives it as the result. */
static Outcome continue_initialize(Thread *thread, Value *state, Value *result)
{
    Outcome outcome = java_initialize_class(thread, java_mirror_class(state[0]));

    if (outcome == OUTCOME_DONE)
        *result = state[0];
    return outcome;
}

Outcome java_initialize_then_return(Thread *thread, uint32_t class_index)
{
    Value *state = run_push_continuation(thread, initialize_continuation, RUN_THEN_RETURN);

    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[0] = java_mirror(class_index);
    return OUTCOME_PUSHED;
}

static void define_flags(JavaDefine *define, int32_t flags)
{
    if (flags & 1)
        define->flags |= DEFINE_NEST_MATE;
    if (flags & 2)
        define->flags |= DEFINE_HIDDEN;
    if (flags & 4)
        define->flags |= DEFINE_STRONG;
    if (flags & 8)
        define->flags |= DEFINE_ACCESS_VM_ANNOTATIONS;
}

/* Where define's bytes come from: copied out of the heap, or given away by the caller. */
static Outcome define_copied(Thread *thread, JavaDefine *define, const uint8_t *bytes, int32_t length, Value loader,
                             Value name, uint32_t *class_index)
{
    uint8_t *copy = memory_copy(bytes, length == 0 ? 1 : (size_t)length);
    Outcome outcome;

    if (copy == NULL)
        return java_throw_memory(thread);
    define->bytes = copy;
    define->size = (size_t)length;
    define->name = name != 0 ? java_symbol_from_string(name, true) : 0;
    define->loader = loader != 0 ? java_loader_number(thread, loader) : 0;
    outcome = thread->exception != 0 ? OUTCOME_THROW : java_define_class(thread, define, class_index);
    memory_free(copy);
    return outcome;
}

static Outcome check_range(Thread *thread, Value array, int32_t offset, int32_t length)
{
    if (array == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (offset < 0 || length < 0 || (int64_t)offset + length > array_length(array))
        return java_throw_plain(thread, "java/lang/ArrayIndexOutOfBoundsException");
    return OUTCOME_DONE;
}

static const uint8_t *array_bytes(Value array, int32_t offset)
{
    return (const uint8_t *)object_at(array, ARRAY_BASE_OFFSET) + offset;
}

/* defineClass1(ClassLoader, String name, byte[], int offset, int length, ProtectionDomain, String source) */
PRIMITIVE(define_class_1)
{
    JavaDefine define = {.protection_domain = &arguments[5]};
    uint32_t class_index = 0;
    Outcome outcome = check_range(thread, arguments[2], as_int(arguments[3]), as_int(arguments[4]));

    if (outcome == OUTCOME_DONE)
        outcome = define_copied(thread, &define, array_bytes(arguments[2], as_int(arguments[3])), as_int(arguments[4]),
                                arguments[0], arguments[1], &class_index);
    if (outcome == OUTCOME_DONE)
        *result = java_mirror(class_index);
    return outcome;
}

/* defineClass2(ClassLoader, String name, ByteBuffer, int offset, int length, ProtectionDomain, String source) */
PRIMITIVE(define_class_2)
{
    JavaDefine define = {.protection_domain = &arguments[5]};
    uint32_t class_index = 0;
    uint64_t address;
    Outcome outcome;

    if (arguments[2] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    address = *(const uint64_t *)object_at(arguments[2], java_offset(NIO_BUFFER_ADDRESS));
    outcome = define_copied(thread, &define, (const uint8_t *)(uintptr_t)address + as_int(arguments[3]),
                            as_int(arguments[4]), arguments[0], arguments[1], &class_index);
    if (outcome == OUTCOME_DONE)
        *result = java_mirror(class_index);
    return outcome;
}

/* defineClass0(ClassLoader, Class lookup, String name, byte[], int offset, int length, ProtectionDomain, boolean initialize,
 * int flags, Object classData) */
PRIMITIVE(define_class_0)
{
    JavaDefine define = {.protection_domain = &arguments[6], .class_data = &arguments[9]};
    uint32_t class_index = 0;
    Outcome outcome = check_range(thread, arguments[3], as_int(arguments[4]), as_int(arguments[5]));

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (arguments[1] == 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "Lookup class is null");
    define.lookup_class = java_mirror_class(arguments[1]);
    define_flags(&define, as_int(arguments[8]));
    outcome = define_copied(thread, &define, array_bytes(arguments[3], as_int(arguments[4])), as_int(arguments[5]),
                            arguments[0], arguments[2], &class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    *result = java_mirror(class_index);
    return as_int(arguments[7]) != 0 ? java_initialize_then_return(thread, class_index) : OUTCOME_DONE;
}

/* Unsafe.defineClass0(String name, byte[], int offset, int length, ClassLoader, ProtectionDomain) */
PRIMITIVE(unsafe_define_class)
{
    JavaDefine define = {.protection_domain = &arguments[6]};
    uint32_t class_index = 0;
    Outcome outcome = check_range(thread, arguments[2], as_int(arguments[3]), as_int(arguments[4]));

    if (outcome == OUTCOME_DONE)
        outcome = define_copied(thread, &define, array_bytes(arguments[2], as_int(arguments[3])), as_int(arguments[4]),
                                arguments[5], arguments[1], &class_index);
    if (outcome == OUTCOME_DONE)
        *result = java_mirror(class_index);
    return outcome;
}

/* ---- finding ---- */

PRIMITIVE(find_bootstrap_class)
{
    SymbolRef name;
    uint32_t class_index = 0;
    Outcome outcome;

    if (arguments[0] == 0 || (name = java_symbol_from_string(arguments[0], true)) == 0)
        return OUTCOME_DONE;
    outcome = java_load_boot_class(thread, name, &class_index);
    if (outcome == OUTCOME_DONE && class_index != 0)
        *result = java_mirror(class_index);
    return outcome;
}

PRIMITIVE(find_loaded_class)
{
    uint32_t loader = java_loader_number(thread, arguments[0]), class_index;
    SymbolRef name;

    if (thread->exception != 0)
        return OUTCOME_THROW;
    if (arguments[1] == 0 || (name = java_symbol_from_string(arguments[1], true)) == 0)
        return OUTCOME_DONE;
    class_index = java_find_loaded_nogc(loader, name);
    *result = class_index != 0 ? java_mirror(class_index) : 0;
    return OUTCOME_DONE;
}

/* ---- the boot loader's packages ---- */

/* Where its classes come from: a module's location, or an element of the boot class path. False: they were
 * made while the program runs, or are the machine's own. */
static bool package_location(const JavaPackage *package, char location[BOOT_PATH_BYTES])
{
    const char *name = symbol_text(package->name);
    ArenaRef module = package->module;

    if (!(package->flags & PACKAGE_USED) || *name == 0 || strcmp(name, "coracle") == 0 || strncmp(name, "coracle/", 8) == 0)
        return false;
    if (module == 0 || ARENA(JavaModule, module)->name == 0)
        return boot_path_of_package(name, location);
    if (ARENA(JavaModule, module)->location == 0)
        return false;
    snprintf(location, BOOT_PATH_BYTES, "%s", symbol_text(ARENA(JavaModule, module)->location));
    return true;
}

static bool is_boot_package(const JavaPackage *package)
{
    char location[BOOT_PATH_BYTES];
    return package->loader == 0 && package_location(package, location);
}

static uint32_t each_boot_package(SymbolRef *names, uint32_t limit)
{
    const JavaWorld *world = java_world();
    uint32_t count = 0;

    for (uint32_t i = 0; i < world->package_bucket_count; i++)
        for (ArenaRef at = ARENA(ArenaRef, world->package_buckets)[i]; at != 0; at = ARENA(JavaPackage, at)->next)
            if (is_boot_package(ARENA(JavaPackage, at))) {
                if (count < limit)
                    names[count] = ARENA(JavaPackage, at)->name;
                count++;
            }
    return count;
}

PRIMITIVE(get_system_package_names)
{
    uint32_t limit = java_world()->package_count, count, array_class = java_array_class(thread, java_class(STRING));
    SymbolRef *names = memory_allocate_array(limit + 1, sizeof *names);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;

    if (names == NULL || array_class == 0)
        return java_throw_memory(thread);
    count = each_boot_package(names, limit);
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), count));
    for (uint32_t i = 0; *array != 0 && i < count; i++) {
        Value name = java_string_from_symbol(thread, names[i], false);
        if (name == 0)
            break;
        array_store(*array, i, name);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    memory_free(names);
    if (*result == 0)
        return java_throw_memory(thread);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

PRIMITIVE(get_system_package_location)
{
    SymbolRef name = java_symbol_from_string(arguments[0], true);
    ArenaRef package = name != 0 ? java_package(0, name, false) : 0;
    char location[BOOT_PATH_BYTES];

    if (package == 0 || !package_location(ARENA(JavaPackage, package), location))
        return OUTCOME_DONE;
    *result = java_string_from_text(thread, location);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* ---- native libraries: those of java.base count as built in, since their natives are ours; no other can be loaded ---- */

PRIMITIVE(find_builtin_library)
{
    static const char *const names[] = {"libjava.so", "libnet.so", "libnio.so", "libzip.so", "libjimage.so", "libjli.so",
                                        "libprefs.so", "libextnet.so", "libmanagement.so", "libmanagement_ext.so",
                                        "libinstrument.so", "libverify.so", "librmi.so", "libjaas.so"};

    for (unsigned i = 0; arguments[0] != 0 && i < COUNT_OF(names); i++)
        if (java_string_equals_text(arguments[0], names[i]))
            *result = arguments[0];
    return OUTCOME_DONE;
}

/* load(NativeLibraryImpl, String name, boolean isBuiltin, boolean isJNI, boolean throwExceptionIfFail) */
PRIMITIVE(load_library)
{
    uint32_t class_index = object_class_index(arguments[0]);
    const JavaField *handle = java_field_text(class_index, "handle", "J");
    const JavaField *version = java_field_text(class_index, "jniVersion", "I");

    if (as_int(arguments[2]) == 0) {
        char *name = java_string_utf8(arguments[1]);
        Outcome outcome = as_int(arguments[4]) == 0 ? OUTCOME_DONE
            : java_throw(thread, "java/lang/UnsatisfiedLinkError", "%s: native libraries with JNI functions cannot be loaded",
                         name != NULL ? name : "");
        memory_free(name);
        return outcome;
    }
    *(int64_t *)object_at(arguments[0], handle->offset) = 1;
    *(int32_t *)object_at(arguments[0], version->offset) = 0x00010008;
    *result = 1;
    return OUTCOME_DONE;
}

PRIMITIVE(nothing)
{
    return OUTCOME_DONE;
}

void primitive_register_loader(void)
{
    static const Continuation initialize = {"java.for name", 1, 1, continue_initialize, NULL};
    static const PrimitiveRow rows[] = {
        {"java/lang/ClassLoader.defineClass0(Ljava/lang/ClassLoader;Ljava/lang/Class;Ljava/lang/String;[BII"
         "Ljava/security/ProtectionDomain;ZILjava/lang/Object;)Ljava/lang/Class;", define_class_0},
        {"java/lang/ClassLoader.defineClass1(Ljava/lang/ClassLoader;Ljava/lang/String;[BIILjava/security/ProtectionDomain;"
         "Ljava/lang/String;)Ljava/lang/Class;", define_class_1},
        {"java/lang/ClassLoader.defineClass2(Ljava/lang/ClassLoader;Ljava/lang/String;Ljava/nio/ByteBuffer;II"
         "Ljava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;", define_class_2},
        {"jdk/internal/misc/Unsafe.defineClass0(Ljava/lang/String;[BIILjava/lang/ClassLoader;"
         "Ljava/security/ProtectionDomain;)Ljava/lang/Class;", unsafe_define_class},
        {"java/lang/ClassLoader.findBootstrapClass(Ljava/lang/String;)Ljava/lang/Class;", find_bootstrap_class},
        {"java/lang/ClassLoader.findLoadedClass0(Ljava/lang/String;)Ljava/lang/Class;", find_loaded_class},
        {"jdk/internal/loader/BootLoader.getSystemPackageLocation(Ljava/lang/String;)Ljava/lang/String;",
         get_system_package_location},
        {"jdk/internal/loader/BootLoader.getSystemPackageNames()[Ljava/lang/String;", get_system_package_names},
        {"jdk/internal/loader/NativeLibraries.findBuiltinLib(Ljava/lang/String;)Ljava/lang/String;", find_builtin_library},
        {"jdk/internal/loader/NativeLibraries.load(Ljdk/internal/loader/NativeLibraries$NativeLibraryImpl;"
         "Ljava/lang/String;ZZZ)Z", load_library},
        {"jdk/internal/loader/NativeLibraries.unload(Ljava/lang/String;ZZJ)V", nothing},
        {"jdk/internal/loader/NativeLibraries.findEntry0(Ljdk/internal/loader/NativeLibraries$NativeLibraryImpl;"
         "Ljava/lang/String;)J", nothing},
    };
    initialize_continuation = run_register_continuation(&initialize);
    run_register_primitives(rows, COUNT_OF(rows));
}
