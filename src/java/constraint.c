/* constraint.c - loading constraints (JVMS 5.3.4): two loaders must mean the same classes by the names in a descriptor.
 *
 * They are imposed when a member is resolved, and when a class that overrides or implements methods of other loaders'
 * classes is linked. What both loaders have loaded is compared at once. Where one has not, both belong to a group of
 * loaders that must mean the same class by that name: that is looked at when one of them loads it. */
#include <string.h>

#include "java/define.h"
#include "java/resolve.h"

#define TEXT_SIZE 1024

/* ---- loaders that must agree; with the dictionary locked ---- */

#define GROUP_BUCKETS 256u

typedef struct LoaderGroup {
    ArenaRef next;
    SymbolRef name;
    uint32_t count;
    uint32_t loaders[];
} LoaderGroup;
_Static_assert(sizeof(LoaderGroup) == 12, "LoaderGroup is an image format");

static size_t group_bytes(uint32_t count)
{
    return sizeof(LoaderGroup) + count * sizeof(uint32_t);
}

/* Made for the first group; NULL: no memory. */
static ArenaRef *group_bucket(SymbolRef name)
{
    JavaWorld *world = java_world();

    if (world->constraint_list == 0)
        world->constraint_list = arena_allocate(GROUP_BUCKETS * sizeof(ArenaRef));
    return world->constraint_list == 0 ? NULL : ARENA(ArenaRef, world->constraint_list) + symbol_at(name)->hash % GROUP_BUCKETS;
}

static bool group_has(const LoaderGroup *group, uint32_t loader)
{
    for (uint32_t i = 0; i < group->count; i++)
        if (group->loaders[i] == loader)
            return true;
    return false;
}

/* Where the group of a loader hangs; *link 0: it has none. NULL: nobody has. */
static ArenaRef *find_group(uint32_t loader, SymbolRef name)
{
    ArenaRef *link = java_world()->constraint_list == 0 ? NULL : group_bucket(name);

    for (; link != NULL && *link != 0; link = &ARENA(LoaderGroup, *link)->next)
        if (ARENA(LoaderGroup, *link)->name == name && group_has(ARENA(LoaderGroup, *link), loader))
            break;
    return link;
}

static void drop_group(ArenaRef *link)
{
    ArenaRef gone = *link;

    *link = ARENA(LoaderGroup, gone)->next;
    arena_free(gone, group_bytes(ARENA(LoaderGroup, gone)->count));
}

/* What a loader that has not loaded the name must mean by it, because one that it must agree with has; 0: nothing yet. */
static uint32_t agreed(uint32_t loader, SymbolRef name)
{
    const ArenaRef *link = find_group(loader, name);
    const LoaderGroup *group = link != NULL && *link != 0 ? ARENA(LoaderGroup, *link) : NULL;
    uint32_t found = 0;

    for (uint32_t i = 0; group != NULL && found == 0 && i < group->count; i++)
        found = loader_find_locked(group->loaders[i], name);
    return found;
}

/* A group of both, and of all that they had to agree with before. Without memory for it the constraint is lost. */
static void join(uint32_t one, uint32_t other, SymbolRef name)
{
    ArenaRef *link = find_group(one, name);
    uint32_t mine = link != NULL && *link != 0 ? ARENA(LoaderGroup, *link)->count : 0, theirs = 0;

    if (mine != 0 && group_has(ARENA(LoaderGroup, *link), other))
        return;
    link = find_group(other, name);
    theirs = link != NULL && *link != 0 ? ARENA(LoaderGroup, *link)->count : 0;
    uint32_t count = (mine != 0 ? mine : 1) + (theirs != 0 ? theirs : 1);
    ArenaRef block = arena_allocate(group_bytes(count)), *bucket = group_bucket(name);
    if (block == 0 || bucket == NULL)
        return;
    LoaderGroup *group = ARENA(LoaderGroup, block);
    group->name = name;
    for (int side = 0; side < 2; side++) {
        uint32_t loader = side == 0 ? one : other;
        link = find_group(loader, name);
        if (link == NULL || *link == 0) {
            group->loaders[group->count++] = loader;
            continue;
        }
        const LoaderGroup *old = ARENA(LoaderGroup, *link);
        memcpy(group->loaders + group->count, old->loaders, old->count * sizeof old->loaders[0]);
        group->count += old->count;
        drop_group(link);
    }
    group->next = *bucket;
    *bucket = block;
}

/* Imposes that both loaders mean the same by a name. False: they do not. Names that only the boot and platform loaders may
 * define mean the same to all. */
static bool agree(uint32_t one, uint32_t other, SymbolRef name)
{
    if (strncmp(symbol_text(name), "java/", 5) == 0)
        return true;
    loader_lock_dictionary();
    uint32_t a = loader_find_locked(one, name), b = loader_find_locked(other, name);
    bool both_loaded = a != 0 && b != 0;
    if (a == 0)
        a = agreed(one, name);
    if (b == 0)
        b = agreed(other, name);
    bool same = a == 0 || b == 0 || a == b;
    if (same && !both_loaded)
        join(one, other, name);
    loader_unlock_dictionary();
    return same;
}

uint32_t constraint_other_locked(uint32_t loader, SymbolRef name, uint32_t class_index)
{
    uint32_t found = agreed(loader, name);
    return found != class_index ? found : 0;
}

void constraint_lay_for_start(void)
{
    JavaWorld *world = java_world();

    if (world->constraint_list != 0)
        world->constraint_list = arena_lay(ARENA_STATE, world->constraint_list, GROUP_BUCKETS * sizeof(ArenaRef));
}

void constraint_forget(uint32_t owner)
{
    for (uint32_t i = 0; java_world()->constraint_list != 0 && i < GROUP_BUCKETS; i++) {
        ArenaRef *link = ARENA(ArenaRef, java_world()->constraint_list) + i;
        while (*link != 0) {
            LoaderGroup *group = ARENA(LoaderGroup, *link);
            uint32_t kept = 0, count = group->count;
            for (uint32_t k = 0; k < count; k++)
                if (group->loaders[k] != owner)
                    group->loaders[kept++] = group->loaders[k];
            if (kept == count) {
                link = &group->next;
            } else if (kept < 2) {
                drop_group(link);
            } else { /* the places that are free now say the same again: so its size stays what it was */
                for (uint32_t k = kept; k < count; k++)
                    group->loaders[k] = group->loaders[0];
                link = &group->next;
            }
        }
    }
}

static const char *class_kind(uint32_t class_index)
{
    uint32_t flags = java_class_at(class_index)->access_flags;
    return flags & ACCESS_INTERFACE ? "interface" : flags & ACCESS_ABSTRACT ? "abstract class" : "class";
}

Outcome constraint_throw_loading(Thread *thread, uint32_t loader, uint32_t class_index, uint32_t other)
{
    const char *kind = class_kind(class_index);
    uint32_t definer = java_class_at(other)->loader;
    char before[TEXT_SIZE] = "";

    if (definer != loader)
        snprintf(before, sizeof before, " A different %s with the same name was previously loaded by %s. (%s%s)", class_kind(other),
                 access_loader_name(definer), access_class_place(other), access_parent_loader(definer));
    return java_throw(thread, "java/lang/LinkageError", "loader constraint violation: loader %s wants to load %s %s.%s",
                      access_loader_name(loader), kind, java_class_external_name(class_index), before);
}

/* ---- when they are imposed ---- */

/* The first type in a descriptor by which two loaders mean different classes: its symbol, as a constant pool would have
 * it. 0: none, and that stays so. */
static SymbolRef find_disagreement(uint32_t one, uint32_t other, SymbolRef descriptor)
{
    JavaParameters types = java_parameters(symbol_text(descriptor)); /* a field's has one */
    const char *start;
    unsigned length;

    while (java_parameters_next(&types, &start, &length) != 0) {
        const char *element = start;
        while (*element == '[') element++;
        if (*element != 'L')
            continue;
        SymbolRef name = java_symbol(element + 1, (size_t)(start + length - element) - 2);
        if (name != 0 && !agree(one, other, name))
            return start == element ? name : java_symbol(start, length);
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
    uint32_t interface = declared->method.holder;
    char places[TEXT_SIZE];

    return java_throw(thread, "java/lang/LinkageError",
                      "loader constraint violation in interface itable initialization for class %s: when selecting method '%s' the class "
                      "loader %s for super interface %s, and the class loader %s of the selected method's %s, %s have different Class objects "
                      "for the type %s used in the signature %s",
                      java_class_external_name(class_index), method_text(declared), access_loader_name(java_class_at(interface)->loader),
                      java_class_external_name(interface), access_loader_name(java_class_at(holder)->loader), class_kind(holder),
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
