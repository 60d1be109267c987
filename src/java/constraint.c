/* constraint.c - loading constraints (JVMS 5.3.4): two loaders must mean the same classes by the names in a descriptor.
 *
 * It is looked at when a member is resolved, and when a class that overrides or implements methods of other loaders'
 * classes is linked, as far as both loaders have loaded the classes by then. */
#include <string.h>

#include "java/define.h"
#include "java/resolve.h"

#define TEXT_SIZE 1024

/* The first type in a descriptor by which two loaders mean different classes: its symbol, as a constant pool would have
 * it. 0: none. */
static SymbolRef find_disagreement(uint32_t one, uint32_t other, SymbolRef descriptor)
{
    const char *at = symbol_text(descriptor);

    while ((at = strpbrk(at, "[L")) != NULL) {
        const char *start = at;
        at += strspn(at, "[");
        if (*at != 'L')
            continue;
        const char *end = strchr(at, ';');
        SymbolRef name = java_symbol_find(at + 1, (size_t)(end - at - 1));
        uint32_t a = name != 0 ? java_find_loaded_nogc(one, name) : 0, b = a != 0 ? java_find_loaded_nogc(other, name) : 0;
        if (a != 0 && b != 0 && a != b)
            return start == at ? name : java_symbol(start, (size_t)(end + 1 - start));
        at = end;
    }
    return 0;
}

/* "(A is in ...; B is in ...)" */
static const char *append_places(char *text, uint32_t one, uint32_t other)
{
    snprintf(text, TEXT_SIZE, "(%s%s; %s%s)", access_class_place(one), access_parent_loader(java_class_at(one)->loader),
             access_class_place(other), access_parent_loader(java_class_at(other)->loader));
    return text;
}

Outcome constraint_check(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef through, SymbolRef name, SymbolRef descriptor)
{
    uint32_t mine = java_class_at(caller)->loader, theirs = java_class_at(holder)->loader;
    bool is_method = symbol_text(descriptor)[0] == '(';
    char member[2 * TEXT_SIZE], type[TEXT_SIZE], places[TEXT_SIZE];

    SymbolRef found = mine != theirs ? find_disagreement(mine, theirs, descriptor) : 0;
    if (found == 0)
        return OUTCOME_DONE;
    if (is_method) {
        snprintf(member, sizeof member, "method '%s'", symbol_text(java_method_external_name(through, name, descriptor)));
        snprintf(type, sizeof type, "the type %s used in the signature", symbol_text(found));
    } else {
        snprintf(type, sizeof type, "type %s", java_external_name(found));
        snprintf(member, sizeof member, "field \"%s\" of %s,", symbol_text(name), type);
    }
    return java_throw(thread, "java/lang/LinkageError",
                      "loader constraint violation: when resolving %s the class loader %s of the current class, %s, and the class loader %s for "
                      "the %s's defining class, %s, have different Class objects for %s %s",
                      member, access_loader_name(mine), java_class_external_name(caller), access_loader_name(theirs),
                      is_method ? "method" : "field", java_class_external_name(holder), type, append_places(places, caller, holder));
}

/* ---- at linking ---- */

static const char *method_text(const JavaMethod *method)
{
    return symbol_text(java_method_external_name(java_method_holder(method)->name, method->name, method->descriptor));
}

static Outcome throw_overriding(Thread *thread, uint32_t class_index, const JavaMethod *method, uint32_t super, SymbolRef type)
{
    uint32_t holder = method->method.holder;
    char places[TEXT_SIZE];

    return java_throw(thread, "java/lang/LinkageError",
                      "loader constraint violation for class %s: when selecting overriding method '%s' the class loader %s of the selected "
                      "method's type %s, and the class loader %s for its super type %s have different Class objects for the type %s used in "
                      "the signature %s",
                      java_class_external_name(class_index), method_text(method), access_loader_name(java_class_at(holder)->loader),
                      java_class_external_name(holder), access_loader_name(java_class_at(super)->loader), java_class_external_name(super),
                      java_external_name(type), append_places(places, holder, super));
}

static Outcome throw_implementing(Thread *thread, uint32_t class_index, const JavaMethod *declared, uint32_t holder, SymbolRef type)
{
    uint32_t interface = declared->method.holder, flags = java_class_at(holder)->access_flags;
    const char *kind = flags & ACCESS_INTERFACE ? "interface" : flags & ACCESS_ABSTRACT ? "abstract class" : "class";
    char places[TEXT_SIZE];

    return java_throw(thread, "java/lang/LinkageError",
                      "loader constraint violation in interface itable initialization for class %s: when selecting method '%s' the class "
                      "loader %s for super interface %s, and the class loader %s of the selected method's %s, %s have different Class objects "
                      "for the type %s used in the signature %s",
                      java_class_external_name(class_index), method_text(declared), access_loader_name(java_class_at(interface)->loader),
                      java_class_external_name(interface), access_loader_name(java_class_at(holder)->loader), kind,
                      java_class_external_name(holder), java_external_name(type), append_places(places, interface, holder));
}

/* What takes the place of a method in the superclass's table agrees with it. */
static Outcome check_overriding(Thread *thread, uint32_t class_index)
{
    const Class *class = class_at(class_index), *super = class_at(class->super);

    for (uint32_t i = 0; i < super->vtable_length; i++) {
        if (class->vtable[i] == super->vtable[i])
            continue;
        const JavaMethod *method = java_method_at(class->vtable[i]), *overridden = java_method_at(super->vtable[i]);
        uint32_t mine = java_method_holder(method)->loader, theirs = java_method_holder(overridden)->loader;
        if (mine == theirs || java_method_flags(method) & JAVA_METHOD_OVERPASS_ERROR)
            continue;
        SymbolRef type = find_disagreement(mine, theirs, method->descriptor);
        if (type != 0)
            return throw_overriding(thread, class_index, method, overridden->method.holder, type);
    }
    return OUTCOME_DONE;
}

/* What implements a method of the interface agrees with it. */
static Outcome check_implementing(Thread *thread, uint32_t class_index, uint32_t interface)
{
    uint32_t theirs = java_class_at(interface)->loader;

    for (uint32_t i = 0; i < java_class_at(interface)->method_count; i++) {
        const JavaMethod *declared = java_method_at(java_class_at(interface)->first_method + i);
        if (declared->access_flags & (ACCESS_STATIC | ACCESS_PRIVATE))
            continue;
        uint32_t number = lookup_in_vtable(class_at(class_index), declared->name, declared->descriptor);
        const JavaMethod *method = number != 0 ? java_method_at(number) : NULL;
        if (method == NULL || (method->access_flags & (ACCESS_PUBLIC | ACCESS_ABSTRACT)) != ACCESS_PUBLIC)
            continue;
        uint32_t mine = java_method_holder(method)->loader;
        SymbolRef type = mine != theirs ? find_disagreement(theirs, mine, declared->descriptor) : 0;
        if (type != 0)
            return throw_implementing(thread, class_index, declared, method->method.holder, type);
    }
    return OUTCOME_DONE;
}

Outcome constraint_check_class(Thread *thread, uint32_t class_index)
{
    uint32_t super = class_at(class_index)->super;
    const uint32_t *interfaces = ARENA(const uint32_t, class_at(class_index)->interfaces);
    Outcome outcome = OUTCOME_DONE;

    if (super == 0 || java_class_at(class_index)->access_flags & ACCESS_INTERFACE)
        return OUTCOME_DONE;
    outcome = check_overriding(thread, class_index);
    for (uint32_t i = 1; outcome == OUTCOME_DONE && class_at(class_index)->interfaces != 0 && i <= interfaces[0]; i++)
        outcome = check_implementing(thread, class_index, interfaces[i]);
    return outcome;
}
