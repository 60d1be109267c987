/* lookup.c - finds fields and methods by name (JVMS 5.4.3.2 - 5.4.3.4), selects implementations (5.4.6), and tells
 * subtypes. Nothing here loads classes, raises or collects, but for the hook at the end. */
#include <string.h>

#include "java/define.h"
#include "java/resolve.h"

/* ---- subtypes ---- */

static bool implements(const Class *class, uint32_t target)
{
    const uint32_t *list = ARENA(const uint32_t, class->interfaces);
    uint32_t low = 1, high;

    if (class->interfaces == 0)
        return false;
    high = list[0] + 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (list[middle] == target)
            return true;
        if (list[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool java_is_subclass(uint32_t class_index, uint32_t target)
{
    for (;;) {
        const Class *class = class_at(class_index), *wanted = class_at(target);
        if (class_index == target)
            return true;
        if (!(wanted->flags & CLASS_ARRAY)) {
            if (wanted->flags & CLASS_INTERFACE)
                return implements(class, target);
            if (wanted->depth < CLASS_DISPLAY)
                return class->display[wanted->depth] == target && !(wanted->flags & CLASS_PRIMITIVE);
            for (uint32_t at = class->super; at != 0; at = class_at(at)->super)
                if (at == target)
                    return true;
            return false;
        }
        if (!(class->flags & CLASS_ARRAY))
            return false;
        class_index = class->element_class; /* arrays of subtypes */
        target = wanted->element_class;
        if ((class_at(class_index)->flags | class_at(target)->flags) & CLASS_PRIMITIVE)
            return class_index == target;
    }
}

bool java_is_instance(Value object, uint32_t target)
{
    return java_is_subclass(object_class_index(object), target);
}

/* ---- fields ---- */

const JavaField *java_find_declared_field(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    const JavaClass *class = java_class_at(class_index);

    for (uint32_t i = 0; i < class->field_count; i++) {
        const JavaField *field = java_field_at(class, i);
        if (field->name == name && field->descriptor == descriptor)
            return field;
    }
    return NULL;
}

/* Of an interface and those above it: it has them all in one list, and fields there are static and few. */
static const JavaField *find_in_interfaces(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    const JavaClass *class = java_class_at(class_index);
    const uint32_t *direct = ARENA(const uint32_t, class->interfaces);
    const JavaField *field;

    for (uint32_t i = 0; i < class->interface_count; i++) {
        field = java_find_declared_field(direct[i], name, descriptor);
        if (field != NULL)
            return field;
    }
    const uint32_t *all = ARENA(const uint32_t, class_at(class_index)->interfaces);
    for (uint32_t i = 1; class_at(class_index)->interfaces != 0 && i <= all[0]; i++) {
        field = java_find_declared_field(all[i], name, descriptor);
        if (field != NULL)
            return field;
    }
    return NULL;
}

const JavaField *java_find_field(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    for (uint32_t at = class_index; at != 0; at = class_at(at)->super) {
        const JavaField *field = java_find_declared_field(at, name, descriptor);
        if (field == NULL && java_class_at(at)->interface_count != 0)
            field = find_in_interfaces(at, name, descriptor);
        if (field != NULL)
            return field;
    }
    return NULL;
}

const JavaField *java_field_text(uint32_t class_index, const char *name, const char *descriptor)
{
    SymbolRef name_symbol = java_symbol_find(name, strlen(name)), type = java_symbol_find(descriptor, strlen(descriptor));
    return name_symbol == 0 || type == 0 ? NULL : java_find_field(class_index, name_symbol, type);
}

/* ---- methods ---- */

uint32_t java_find_declared_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    const JavaClass *class = java_class_at(class_index);
    uint32_t found = 0;

    if (java_front_find(class_index, name, descriptor, &found))
        return found;
    for (uint32_t i = 0; i < class->method_count && found == 0; i++) {
        const JavaMethod *method = java_method_at(class->first_method + i);
        if (method->name == name && method->descriptor == descriptor)
            found = method->method.number;
    }
    if (class->loader == 0 && !(java_class_flags(class) & JAVA_CLASS_HIDDEN))
        java_front_note(class_index, name, descriptor, found);
    return found;
}

static const JavaMethod *declared_instance(uint32_t interface, SymbolRef name, SymbolRef descriptor)
{
    uint32_t number = java_find_declared_method(interface, name, descriptor);
    const JavaMethod *method = number != 0 ? java_method_at(number) : NULL;

    return method != NULL && !(method->access_flags & (ACCESS_STATIC | ACCESS_PRIVATE)) ? method : NULL;
}

/* Of all superinterfaces' methods of that name: the only default among the maximally-specific, else any. */
static uint32_t find_in_superinterfaces(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    const uint32_t *all = ARENA(const uint32_t, class_at(class_index)->interfaces);
    uint32_t any = 0, chosen = 0, count = class_at(class_index)->interfaces != 0 ? all[0] : 0;
    bool several = false;

    for (uint32_t i = 1; i <= count; i++) {
        const JavaMethod *method = declared_instance(all[i], name, descriptor);
        bool below = false;
        if (method == NULL)
            continue;
        for (uint32_t j = 1; j <= count && !below; j++)
            below = j != i && java_is_subclass(all[j], all[i]) && declared_instance(all[j], name, descriptor) != NULL;
        if (below)
            continue;
        if (any == 0)
            any = method->method.number;
        if (method->access_flags & ACCESS_ABSTRACT)
            continue;
        several = several || chosen != 0;
        chosen = method->method.number;
    }
    return chosen != 0 && !several ? chosen : any;
}

uint32_t java_find_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    for (uint32_t at = class_index; at != 0; at = class_at(at)->super) {
        uint32_t number = java_find_declared_method(at, name, descriptor);
        if (number != 0)
            return number;
    }
    return find_in_superinterfaces(class_index, name, descriptor);
}

uint32_t java_find_interface_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor)
{
    uint32_t number = java_find_declared_method(class_index, name, descriptor);

    if (number != 0)
        return number;
    number = java_find_declared_method(java_class(OBJECT), name, descriptor);
    if (number != 0 && (java_method_at(number)->access_flags & (ACCESS_PUBLIC | ACCESS_STATIC)) == ACCESS_PUBLIC)
        return number;
    return find_in_superinterfaces(class_index, name, descriptor);
}

uint32_t java_method_text(uint32_t class_index, const char *name, const char *descriptor)
{
    SymbolRef name_symbol = java_symbol_find(name, strlen(name)), type = java_symbol_find(descriptor, strlen(descriptor));

    if (name_symbol == 0 || type == 0)
        return 0;
    return java_class_is_interface(class_index) ? java_find_interface_method(class_index, name_symbol, type)
                                                : java_find_method(class_index, name_symbol, type);
}

/* ---- interface tables ----
 *
 * Class.itable, made at the first interface call on a class: u32 count, then for each superinterface that has methods
 * its class index and where its methods begin (in words of the table), ascending; then method numbers. */

uint32_t lookup_in_vtable(const Class *class, SymbolRef name, SymbolRef descriptor)
{
    uint32_t found = 0, depth = 0;

    for (uint32_t i = 0; i < class->vtable_length; i++) {
        const JavaMethod *method = java_method_at(class->vtable[i]);
        if (method->name != name || method->descriptor != descriptor)
            continue;
        bool of_interface = java_class_is_interface(method->method.holder);
        uint32_t at = of_interface ? 0 : class_at(method->method.holder)->depth + 1;
        if (found == 0 || at > depth) {
            found = class->vtable[i];
            depth = at;
        }
    }
    return found;
}

static uint32_t interface_method_count(uint32_t interface)
{
    return *ARENA(const uint32_t, java_class_at(interface)->itable_methods);
}

static void fill_itable(const Class *class, uint32_t *table)
{
    const uint32_t *all = ARENA(const uint32_t, class->interfaces);
    uint32_t entry = 1, next;

    next = 1 + 2 * table[0];
    for (uint32_t i = 1; i <= all[0]; i++) {
        const uint32_t *methods = ARENA(const uint32_t, java_class_at(all[i])->itable_methods);
        if (methods[0] == 0)
            continue;
        table[entry++] = all[i];
        table[entry++] = next;
        for (uint32_t m = 1; m <= methods[0]; m++) {
            const JavaMethod *method = java_method_at(methods[m]);
            table[next++] = lookup_in_vtable(class, method->name, method->descriptor);
        }
    }
}

static ArenaRef make_itable(uint32_t class_index)
{
    Class *class = class_at(class_index);
    const uint32_t *all = ARENA(const uint32_t, class->interfaces);
    uint32_t interfaces = 0, methods = 0;
    ArenaRef made, none = 0;

    for (uint32_t i = 1; i <= all[0]; i++) {
        uint32_t count = interface_method_count(all[i]);
        interfaces += count != 0;
        methods += count;
    }
    made = arena_allocate_near(ARENA_LISTS, (1 + 2 * interfaces + methods) * sizeof(uint32_t));
    if (made == 0)
        return 0;
    ARENA(uint32_t, made)[0] = interfaces;
    fill_itable(class, ARENA(uint32_t, made));
    if (__atomic_compare_exchange_n(&class->itable, &none, made, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        return made;
    arena_free(made, (1 + 2 * interfaces + methods) * sizeof(uint32_t));
    return none;
}

/* The implementation of an interface method; 0: none. */
static uint32_t find_implementation(uint32_t class_index, const JavaMethod *method)
{
    ArenaRef itable = __atomic_load_n(&class_at(class_index)->itable, __ATOMIC_ACQUIRE);
    uint32_t low = 0, high;

    if (itable == 0)
        itable = make_itable(class_index);
    if (itable == 0 || method->itable_index < 0)
        return lookup_in_vtable(class_at(class_index), method->name, method->descriptor);
    const uint32_t *table = ARENA(const uint32_t, itable);
    high = table[0];
    while (low < high) {
        uint32_t middle = (low + high) / 2, at = table[1 + 2 * middle];
        if (at == method->method.holder)
            return table[table[2 + 2 * middle] + (uint32_t)method->itable_index];
        if (at < method->method.holder)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

uint32_t java_select_method(uint32_t class_index, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);
    const Class *class = class_at(class_index);

    if (method->access_flags & (ACCESS_STATIC | ACCESS_PRIVATE) || method->method.flags & METHOD_CONSTRUCTOR)
        return number;
    if (java_class_is_interface(method->method.holder))
        return class->flags & CLASS_INTERFACE ? number : find_implementation(class_index, method);
    if (method->vtable_index < 0 || (uint32_t)method->vtable_index >= class->vtable_length)
        return number;
    return class->vtable[method->vtable_index];
}

void java_append_conflict(Bytes *text, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);
    const uint32_t *all = ARENA(const uint32_t, class_at(method->method.holder)->interfaces);

    for (uint32_t i = 1; i <= all[0]; i++) {
        const JavaMethod *one = declared_instance(all[i], method->name, method->descriptor);
        bool below = false;
        if (one == NULL || (one->access_flags & ACCESS_ABSTRACT))
            continue;
        for (uint32_t j = 1; j <= all[0] && !below; j++)
            below = j != i && java_is_subclass(all[j], all[i]) && declared_instance(all[j], method->name, method->descriptor) != NULL;
        if (!below)
            (void)bytes_append_format(text, " %s.%s", symbol_text(java_class_at(all[i])->name), symbol_text(method->name));
    }
}

/* The vtable index that stands for a method in a class (for interface methods called through a class); -1: none. */
int lookup_vtable_index(uint32_t class_index, const JavaMethod *method)
{
    const Class *class = class_at(class_index);

    if (!java_class_is_interface(method->method.holder))
        return method->vtable_index;
    for (uint32_t i = 0; i < class->vtable_length; i++) {
        const JavaMethod *entry = java_method_at(class->vtable[i]);
        if (entry->name == method->name && entry->descriptor == method->descriptor)
            return (int)i;
    }
    return -1;
}

int lookup_refuse_receiver(Thread *thread, uint32_t class_index, uint32_t interface)
{
    return java_throw(thread, "java/lang/IncompatibleClassChangeError", "Class %s does not implement the requested interface %s",
                      java_class_external_name(class_index), java_class_external_name(interface));
}

uint32_t java_find_interface_implementation(Thread *thread, uint32_t class_index, uint32_t number, int *outcome)
{
    const JavaMethod *method = java_method_at(number);
    uint32_t interface = method->method.holder, found;

    if (!implements(class_at(class_index), interface)) {
        *outcome = lookup_refuse_receiver(thread, class_index, interface);
        return 0;
    }
    if (method->access_flags & ACCESS_PRIVATE)
        return number;
    found = find_implementation(class_index, method);
    if (found == 0 || (java_method_at(found)->access_flags & ACCESS_ABSTRACT)) {
        *outcome = run_raise(thread, RAISE_ABSTRACT, number, class_index);
        return 0;
    }
    if (!(java_method_at(found)->access_flags & ACCESS_PUBLIC)) {
        const JavaMethod *selected = java_method_at(found);
        SymbolRef name = java_method_external_name(java_method_holder(selected)->name, selected->name, selected->descriptor);
        *outcome = java_throw(thread, "java/lang/IllegalAccessError", "class %s tried to access method '%s'",
                              java_class_external_name(interface), symbol_text(name));
        return 0;
    }
    return found;
}
