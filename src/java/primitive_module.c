/* primitive_module.c - java.lang.Module: what the library tells of modules, kept where access checks look. */
#include "java/primitive_internal.h"
#include "java/strings.h"

/* The JavaModule of a Module object that is not null; 0: thread->exception. */
static ArenaRef module_of(Thread *thread, Value object, const char *what)
{
    ArenaRef module = java_module_of(object);

    if (module == 0) {
        Value loader = heap_load(object, java_offset(MODULE_LOADER));
        if (heap_load(object, java_offset(MODULE_NAME)) == 0) { /* the unnamed module of its loader, at first sight */
            module = java_unnamed_module(thread, loader != 0 ? java_loader_number(thread, loader) : 0);
            if (module != 0)
                return module;
        }
        if (thread->exception == 0)
            java_throw(thread, "java/lang/IllegalArgumentException", "%s is not a valid module", what);
    }
    return module;
}

static Outcome throw_null_module(Thread *thread, const char *what)
{
    return java_throw(thread, "java/lang/NullPointerException", "%s is null", what);
}

static SymbolRef symbol_or_none(Value string, bool slashes)
{
    return string != 0 ? java_symbol_from_string(string, slashes) : 0;
}

static Outcome define_packages(Thread *thread, ArenaRef module, uint32_t loader, Value packages)
{
    for (int32_t i = 0; packages != 0 && i < array_length(packages); i++) {
        Value name = array_element(packages, (uint64_t)i);
        ArenaRef package;
        if (name == 0)
            return java_throw(thread, "java/lang/IllegalArgumentException", "Bad package name");
        package = java_package(loader, java_symbol_from_string(name, true), true);
        if (package == 0)
            return java_throw_memory(thread);
        if (ARENA(JavaPackage, package)->module != 0 && ARENA(JavaPackage, package)->module != module &&
            ARENA(JavaModule, ARENA(JavaPackage, package)->module)->name != 0) {
            const JavaModule *other = ARENA(JavaModule, ARENA(JavaPackage, package)->module);
            return java_throw(thread, "java/lang/IllegalStateException",
                              "Package %s for module %s is already in another module, %s, defined to the class loader",
                              symbol_text(ARENA(JavaPackage, package)->name), symbol_text(ARENA(JavaModule, module)->name),
                              symbol_text(other->name));
        }
        java_package_set_module(package, module);
    }
    return OUTCOME_DONE;
}

/* defineModule0(Module, boolean isOpen, String version, String location, Object[] packages) */
PRIMITIVE(define_module)
{
    Value module_object = arguments[0], loader_object;
    uint32_t loader;
    SymbolRef name;
    ArenaRef module;
    Outcome outcome;

    if (module_object == 0)
        return java_throw(thread, "java/lang/NullPointerException", "Null module object");
    if (heap_load(module_object, java_offset(MODULE_NAME)) == 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "Module name cannot be null");
    loader_object = heap_load(module_object, java_offset(MODULE_LOADER));
    loader = loader_object != 0 ? java_loader_number(thread, loader_object) : 0;
    if (thread->exception != 0)
        return OUTCOME_THROW;
    name = java_symbol_from_string(heap_load(arguments[0], java_offset(MODULE_NAME)), false);
    module = java_module_new(thread, loader, name, symbol_or_none(arguments[2], false), symbol_or_none(arguments[3], false),
                             arguments[0], as_int(arguments[1]) != 0);
    if (module == 0)
        return thread->exception != 0 ? OUTCOME_THROW : java_throw_memory(thread);
    outcome = define_packages(thread, module, loader, arguments[4]);
    if (outcome == OUTCOME_DONE && name == SYM(JAVA_BASE))
        outcome = java_modules_fix_base(thread, arguments[0]);
    return outcome;
}

/* addReads0(Module from, Module to): to null: all unnamed modules. */
PRIMITIVE(add_reads)
{
    ArenaRef from, to = 0;

    if (arguments[0] == 0)
        return throw_null_module(thread, "from_module");
    from = module_of(thread, arguments[0], "from_module");
    if (from == 0)
        return OUTCOME_THROW;
    if (arguments[1] != 0 && (to = module_of(thread, arguments[1], "to_module")) == 0)
        return OUTCOME_THROW;
    if (from != to)
        java_module_add_reads(from, to);
    return OUTCOME_DONE;
}

/* The package of a module; 0: thread->exception. */
static ArenaRef package_of(Thread *thread, Value module_object, Value name)
{
    ArenaRef module, package;

    if (module_object == 0) {
        throw_null_module(thread, "from_module");
        return 0;
    }
    if (name == 0) {
        java_throw(thread, "java/lang/NullPointerException", "package is null");
        return 0;
    }
    module = module_of(thread, module_object, "from_module");
    if (module == 0)
        return 0;
    package = java_package(ARENA(JavaModule, module)->loader, java_symbol_from_string(name, true), true);
    if (package == 0)
        java_throw_memory(thread);
    return package;
}

/* addExports0(Module from, String package, Module to) */
PRIMITIVE(add_exports)
{
    ArenaRef package = package_of(thread, arguments[0], arguments[1]), to;

    if (package == 0)
        return OUTCOME_THROW;
    if (arguments[2] == 0)
        return throw_null_module(thread, "to_module");
    to = module_of(thread, arguments[2], "to_module");
    if (to == 0)
        return OUTCOME_THROW;
    java_package_add_export(package, to);
    return OUTCOME_DONE;
}

PRIMITIVE(add_exports_to_all)
{
    ArenaRef package = package_of(thread, arguments[0], arguments[1]);

    if (package == 0)
        return OUTCOME_THROW;
    java_package_add_export(package, 0);
    return OUTCOME_DONE;
}

PRIMITIVE(add_exports_to_all_unnamed)
{
    ArenaRef package = package_of(thread, arguments[0], arguments[1]);

    if (package == 0)
        return OUTCOME_THROW;
    java_package_add_export_unnamed(package);
    return OUTCOME_DONE;
}

/* The boot loader's unnamed module gets its object. */
PRIMITIVE(set_boot_unnamed_module)
{
    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    if (java_module_set_boot_unnamed(thread, arguments[0]) == 0)
        return thread->exception != 0 ? OUTCOME_THROW : java_throw_memory(thread);
    return OUTCOME_DONE;
}

void primitive_register_module(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Module.defineModule0(Ljava/lang/Module;ZLjava/lang/String;Ljava/lang/String;[Ljava/lang/Object;)V",
         define_module},
        {"java/lang/Module.addReads0(Ljava/lang/Module;Ljava/lang/Module;)V", add_reads},
        {"java/lang/Module.addExports0(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V", add_exports},
        {"java/lang/Module.addExportsToAll0(Ljava/lang/Module;Ljava/lang/String;)V", add_exports_to_all},
        {"java/lang/Module.addExportsToAllUnnamed0(Ljava/lang/Module;Ljava/lang/String;)V", add_exports_to_all_unnamed},
        {"jdk/internal/loader/BootLoader.setBootLoaderUnnamedModule0(Ljava/lang/Module;)V", set_boot_unnamed_module},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
