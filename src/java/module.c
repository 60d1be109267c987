/* module.c - modules and packages as the machine keeps them: who reads whom, what is exported to whom. The library's
 * Module class tells through its natives (java_module_new, java_module_add_reads, ...). */
#include <string.h>

#include "java/define.h"

static OsMutex module_lock;

/* ---- packages ---- */

SymbolRef java_package_name(SymbolRef class_name)
{
    const char *text = symbol_text(class_name), *last = strrchr(text, '/');

    if (*text == '[')
        return SYM(EMPTY);
    return last != NULL ? java_symbol(text, (size_t)(last - text)) : SYM(EMPTY);
}

static uint32_t *package_bucket(uint32_t loader, SymbolRef name)
{
    JavaWorld *world = java_world();
    uint32_t hash = symbol_at(name)->hash + loader * 0x9e3779b1u;

    return ARENA(uint32_t, world->package_buckets) + (hash & (world->package_bucket_count - 1));
}

ArenaRef java_package(uint32_t loader, SymbolRef name, bool make)
{
    ArenaRef at, made;

    if (name == 0)
        return 0;
    os_mutex_lock(&module_lock);
    for (at = *package_bucket(loader, name); at != 0; at = ARENA(JavaPackage, at)->next)
        if (ARENA(JavaPackage, at)->name == name && ARENA(JavaPackage, at)->loader == loader)
            break;
    if (at == 0 && make && (made = arena_allocate_near(ARENA_START, sizeof(JavaPackage))) != 0) {
        uint32_t *bucket = package_bucket(loader, name);
        *ARENA(JavaPackage, made) = (JavaPackage){.next = *bucket, .name = name, .loader = loader};
        at = made;
        __atomic_store_n(bucket, made, __ATOMIC_RELEASE); /* some read the lists without the lock */
        java_world()->package_count++;
    }
    os_mutex_unlock(&module_lock);
    return at;
}

void java_package_set_module(ArenaRef package, ArenaRef module)
{
    __atomic_store_n(&ARENA(JavaPackage, package)->module, module, __ATOMIC_RELEASE);
}

/* ---- modules ---- */

static ArenaRef *entry_of(Value module_object)
{
    return (ArenaRef *)object_at(module_object, java_offset(MODULE_ENTRY));
}

ArenaRef java_module_of(Value module_object)
{
    return module_object == 0 ? 0 : __atomic_load_n(entry_of(module_object), __ATOMIC_ACQUIRE);
}

ArenaRef java_module_new(Thread *thread, uint32_t loader, SymbolRef name, SymbolRef version, SymbolRef location, Value mirror, bool open)
{
    ArenaRef block = arena_allocate_near(ARENA_START, sizeof(JavaModule));
    uint32_t root = heap_root_add(mirror, loader);

    if (block == 0 || root == 0) {
        (void)java_throw_memory(thread);
        return 0;
    }
    os_mutex_lock(&module_lock);
    ArenaRef there = *entry_of(heap_root(root));
    if (there != 0) { /* another thread was faster */
        os_mutex_unlock(&module_lock);
        heap_root_remove(root);
        arena_free(block, sizeof(JavaModule));
        return there;
    }
    *ARENA(JavaModule, block) = (JavaModule){.next = java_world()->module_list, .name = name, .version = version, .location = location,
                                             .loader = loader, .mirror_root = root, .flags = open ? MODULE_OPEN : 0};
    java_world()->module_list = block;
    __atomic_store_n(entry_of(heap_root(root)), block, __ATOMIC_RELEASE);
    os_mutex_unlock(&module_lock);
    return block;
}

/* Several threads may set flags of the same one. */
static void set_flags(uint32_t *flags, uint32_t bits)
{
    __atomic_or_fetch(flags, bits, __ATOMIC_RELEASE);
}

static bool has_flag(const uint32_t *flags, uint32_t bit)
{
    return (__atomic_load_n(flags, __ATOMIC_ACQUIRE) & bit) != 0;
}

/* A loader's unnamed module: the object that its field unnamedModule holds, once that is set. */
ArenaRef java_unnamed_module(Thread *thread, uint32_t loader)
{
    ArenaRef *place = loader_unnamed_module(loader), module, there;

    if (place == NULL)
        return 0;
    there = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (there != 0 || loader == 0) /* the boot loader's is given by java_module_set_boot_unnamed */
        return there;
    Value object = heap_load(java_loader_object(loader), java_offset(CLASS_LOADER_UNNAMED_MODULE));
    module = java_module_of(object);
    if (module == 0) {
        module = object != 0 ? java_module_new(thread, loader, 0, 0, 0, object, true) : arena_allocate_near(ARENA_START, sizeof(JavaModule));
        if (module == 0)
            return 0;
        if (object == 0)
            ARENA(JavaModule, module)->loader = loader;
    }
    set_flags(&ARENA(JavaModule, module)->flags, MODULE_READS_ALL | MODULE_OPEN);
    if (!__atomic_compare_exchange_n(place, &there, module, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        return there; /* another thread was faster */
    return module;
}

/* BootLoader.setBootLoaderUnnamedModule0. */
ArenaRef java_module_set_boot_unnamed(Thread *thread, Value object)
{
    ArenaRef *place = loader_unnamed_module(0), module;

    if (place == NULL)
        return 0;
    module = java_module_new(thread, 0, 0, 0, 0, object, true);
    if (module != 0) {
        set_flags(&ARENA(JavaModule, module)->flags, MODULE_READS_ALL | MODULE_OPEN);
        __atomic_store_n(place, module, __ATOMIC_RELEASE);
    }
    return module;
}

/* Others may add to the list meanwhile, at its front. */
static bool is_linked(const ArenaRef *list, ArenaRef to)
{
    for (ArenaRef at = __atomic_load_n(list, __ATOMIC_ACQUIRE); at != 0; at = ARENA(JavaLink, at)->next)
        if (ARENA(JavaLink, at)->to == to)
            return true;
    return false;
}

static void add_link(ArenaRef *list, ArenaRef to)
{
    os_mutex_lock(&module_lock);
    if (!is_linked(list, to)) {
        ArenaRef made = arena_allocate_near(ARENA_START, sizeof(JavaLink));
        if (made != 0) {
            *ARENA(JavaLink, made) = (JavaLink){.next = *list, .to = to};
            __atomic_store_n(list, made, __ATOMIC_RELEASE);
        }
    }
    os_mutex_unlock(&module_lock);
}

void java_module_add_reads(ArenaRef module, ArenaRef to)
{
    if (to == 0)
        set_flags(&ARENA(JavaModule, module)->flags, MODULE_READS_ALL_UNNAMED);
    else
        add_link(&ARENA(JavaModule, module)->reads, to);
}

void java_package_add_export(ArenaRef package, ArenaRef to)
{
    if (to == 0)
        set_flags(&ARENA(JavaPackage, package)->flags, PACKAGE_EXPORTED);
    else
        add_link(&ARENA(JavaPackage, package)->exports, to);
}

void java_package_add_export_unnamed(ArenaRef package)
{
    set_flags(&ARENA(JavaPackage, package)->flags, PACKAGE_EXPORTED_UNNAMED);
}

static bool is_unnamed(ArenaRef module)
{
    return module == 0 || ARENA(JavaModule, module)->name == 0;
}

bool java_module_reads(ArenaRef from, ArenaRef to)
{
    if (from == to || is_unnamed(from) || (to != 0 && to == java_world()->java_base))
        return true;
    if (is_unnamed(to) && has_flag(&ARENA(JavaModule, from)->flags, MODULE_READS_ALL_UNNAMED))
        return true;
    return to != 0 && is_linked(&ARENA(JavaModule, from)->reads, to);
}

bool java_package_is_exported(ArenaRef package, ArenaRef to)
{
    const JavaPackage *at = ARENA(JavaPackage, package);

    if (package == 0 || at->module == to || is_unnamed(at->module) || has_flag(&ARENA(JavaModule, at->module)->flags, MODULE_OPEN))
        return true;
    if (has_flag(&at->flags, PACKAGE_EXPORTED) || (has_flag(&at->flags, PACKAGE_EXPORTED_UNNAMED) && is_unnamed(to)))
        return true;
    return to != 0 && is_linked(&at->exports, to);
}

/* ---- class objects' modules ---- */

Value java_class_module_object(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    ArenaRef module = class->module;

    if (class->primitive_type != 0)
        module = java_world()->java_base;
    else if (class->dimensions != 0)
        return java_class_module_object(class->bottom_class);
    return module == 0 || ARENA(JavaModule, module)->mirror_root == 0 ? 0 : heap_root(ARENA(JavaModule, module)->mirror_root);
}

Outcome java_modules_fix_base(Thread *thread, Value module_object)
{
    ArenaRef module = java_module_of(module_object);

    if (module == 0)
        return java_throw(thread, "java/lang/InternalError", "java.base is not defined");
    java_world()->java_base = module;
    uint32_t root = ARENA(JavaModule, module)->mirror_root;
    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < arena_table_count(&class_table); i++) {
        if (*class_place(i) == 0)
            continue;
        const Class *class = class_at(i);
        if (class->language != LANGUAGE_JAVA || class->data == 0)
            continue;
        JavaClass *data = java_class_at(i);
        if (data->module != 0 || data->loader != 0)
            continue;
        data->module = module;
        if (data->package != 0)
            ARENA(JavaPackage, data->package)->module = module;
        if (class->mirror_root != 0)
            heap_store(heap_root(class->mirror_root), java_offset(CLASS_MODULE), heap_root(root));
    }
    return OUTCOME_DONE;
}

/* ---- unloading (the world is stopped) ---- */

static bool is_of(ArenaRef module, uint32_t owner)
{
    return module != 0 && ARENA(JavaModule, module)->loader == owner;
}

static void forget_links(ArenaRef *link, uint32_t owner, bool all)
{
    while (*link != 0) {
        JavaLink *at = ARENA(JavaLink, *link);
        ArenaRef block = *link;
        if (!all && !is_of(at->to, owner)) {
            link = &at->next;
            continue;
        }
        *link = at->next;
        arena_free(block, sizeof *at);
    }
}

void module_forget(uint32_t owner)
{
    JavaWorld *world = java_world();

    for (uint32_t i = 0; i < world->package_bucket_count; i++) {
        ArenaRef *link = &ARENA(uint32_t, world->package_buckets)[i];
        while (*link != 0) {
            JavaPackage *at = ARENA(JavaPackage, *link);
            ArenaRef block = *link;
            forget_links(&at->exports, owner, at->loader == owner);
            if (at->loader != owner) {
                link = &at->next;
                continue;
            }
            *link = at->next;
            arena_free(block, sizeof *at);
            world->package_count--;
        }
    }
    for (ArenaRef at = world->module_list; at != 0; at = ARENA(JavaModule, at)->next)
        forget_links(&ARENA(JavaModule, at)->reads, owner, is_of(at, owner));
    for (ArenaRef *link = &world->module_list; *link != 0;) {
        JavaModule *at = ARENA(JavaModule, *link);
        ArenaRef block = *link;
        if (at->loader != owner) {
            link = &at->next;
            continue;
        }
        *link = at->next;
        arena_free(block, sizeof *at);
    }
}
