/* reflect_class.c - java.lang.Class: nesting, nest mates, records, sealed classes. */
#include "java/primitive_internal.h"
#include "java/reflect.h"

static bool is_plain(uint32_t class_index)
{
    return !(class_at(class_index)->flags & (CLASS_ARRAY | CLASS_PRIMITIVE));
}

/* ---- InnerClasses ---- */

typedef struct InnerEntry {
    unsigned inner, outer, name; /* cp indexes; 0: none */
} InnerEntry;

static unsigned inner_count(const JavaClass *class)
{
    return class->inner_classes != 0 ? read_be16(java_class_bytes(class) + class->inner_classes) : 0;
}

static InnerEntry inner_entry(const JavaClass *class, unsigned i)
{
    const uint8_t *at = java_class_bytes(class) + class->inner_classes + 2 + 8 * i;
    return (InnerEntry){read_be16(at), read_be16(at + 2), read_be16(at + 4)};
}

/* Does a cp entry of `class` name `other`, as far as can be told without loading? */
static bool names_class(const JavaClass *class, unsigned cp_index, uint32_t other)
{
    if (cp_index == class->this_index && class->index == other)
        return true;
    return java_pool_class_name(class, cp_index) == java_class_at(other)->name;
}

/* Whether the cp entry of class_index stands for `other`: by name, then by loading. */
static Outcome is_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t other, bool *same)
{
    uint32_t resolved = 0;
    Outcome outcome;

    *same = false;
    if (!names_class(java_class_at(class_index), cp_index, other))
        return OUTCOME_DONE;
    if (cp_index == java_class_at(class_index)->this_index) {
        *same = class_index == other;
        return OUTCOME_DONE;
    }
    outcome = java_resolve_class(thread, class_index, cp_index, &resolved);
    *same = outcome == OUTCOME_DONE && resolved == other;
    return outcome;
}

/* The class's entry about itself; false: none. */
static bool own_entry(uint32_t class_index, InnerEntry *entry)
{
    const JavaClass *class = java_class_at(class_index);

    for (unsigned i = 0; i < inner_count(class); i++) {
        *entry = inner_entry(class, i);
        if (entry->inner != 0 && names_class(class, entry->inner, class_index))
            return true;
    }
    return false;
}

/* Raises unless `outer` too says that `inner` is a class of its own. */
static Outcome check_agreement(Thread *thread, uint32_t outer, uint32_t inner, bool is_member)
{
    for (unsigned i = 0; i < inner_count(java_class_at(outer)); i++) {
        InnerEntry entry = inner_entry(java_class_at(outer), i);
        bool same = true;
        Outcome outcome = OUTCOME_DONE;
        if (entry.inner == 0 || (entry.outer != 0) != is_member)
            continue;
        if (is_member)
            outcome = is_class(thread, outer, entry.outer, outer, &same);
        if (outcome == OUTCOME_DONE && same)
            outcome = is_class(thread, outer, entry.inner, inner, &same);
        if (outcome != OUTCOME_DONE || same)
            return outcome;
    }
    return java_throw(thread, "java/lang/IncompatibleClassChangeError", "%s and %s disagree on InnerClasses attribute",
                      java_class_guest_name(outer), java_class_guest_name(inner));
}

/* The class that it is declared in, or (of local and anonymous ones) stands in; 0: none. */
static Outcome enclosing_class(Thread *thread, uint32_t class_index, uint32_t *outer, bool *is_member)
{
    InnerEntry entry;
    Outcome outcome;
    unsigned cp_index;

    *outer = 0;
    *is_member = false;
    if (!is_plain(class_index) || !own_entry(class_index, &entry))
        return OUTCOME_DONE;
    *is_member = entry.outer != 0;
    cp_index = *is_member ? entry.outer : java_class_at(class_index)->enclosing_class;
    if (cp_index == 0)
        return OUTCOME_DONE;
    outcome = java_resolve_class(thread, class_index, cp_index, outer);
    return outcome == OUTCOME_DONE ? check_agreement(thread, *outer, class_index, *is_member) : outcome;
}

PRIMITIVE(get_declaring_class)
{
    uint32_t outer;
    bool is_member;
    Outcome outcome = enclosing_class(thread, java_mirror_class(arguments[0]), &outer, &is_member);

    if (outcome == OUTCOME_DONE && is_member && outer != 0)
        *result = java_mirror(outer);
    return outcome;
}

PRIMITIVE(get_simple_binary_name)
{
    uint32_t class_index = java_mirror_class(arguments[0]);
    InnerEntry entry;

    if (!is_plain(class_index) || !own_entry(class_index, &entry) || entry.name == 0)
        return OUTCOME_DONE;
    *result = java_string_intern_symbol(thread, java_pool_utf8(java_class_at(class_index), entry.name));
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* Object[3]: class; name and descriptor of the method, or null. */
PRIMITIVE(get_enclosing_method)
{
    uint32_t class_index = java_mirror_class(arguments[0]), outer = 0, array_class;
    size_t mark = heap_enter_nogc(&thread->allocator);
    uint64_t pair = 0;
    Outcome outcome;
    Value *array;

    if (!is_plain(class_index) || java_class_at(class_index)->enclosing_class == 0)
        return OUTCOME_DONE;
    outcome = java_resolve_class(thread, class_index, java_class_at(class_index)->enclosing_class, &outer);
    if (outcome != OUTCOME_DONE)
        return outcome;
    array_class = java_array_class(thread, java_class(OBJECT));
    if (array_class == 0)
        return OUTCOME_THROW;
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), 3));
    if (*array == 0) {
        (void)java_throw_memory(thread);
    } else {
        array_store(*array, 0, java_mirror(outer));
        if (java_class_at(class_index)->enclosing_method != 0)
            pair = *java_pool_cell(java_class_at(class_index), java_class_at(class_index)->enclosing_method);
        for (unsigned i = 0; pair != 0 && i < 2 && thread->exception == 0; i++) {
            Value text = java_string_from_symbol(thread, (SymbolRef)(pair >> 32 * i), false);
            array_store(*array, 1 + i, text);
        }
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return thread->exception == 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* ---- lists of classes ---- */

/* Of a class's InnerClasses entry i: the class, if it is declared in class_index; else 0. */
static Outcome declared_class(Thread *thread, uint32_t class_index, unsigned i, uint32_t *declared)
{
    InnerEntry entry = inner_entry(java_class_at(class_index), i);
    bool same;
    Outcome outcome;

    *declared = 0;
    if (entry.inner == 0 || entry.outer == 0)
        return OUTCOME_DONE;
    outcome = is_class(thread, class_index, entry.outer, class_index, &same);
    if (outcome != OUTCOME_DONE || !same)
        return outcome;
    outcome = java_resolve_class(thread, class_index, entry.inner, declared);
    return outcome == OUTCOME_DONE ? check_agreement(thread, class_index, *declared, true) : outcome;
}

static Outcome count_declared(Thread *thread, uint32_t class_index, uint32_t *count)
{
    *count = 0;
    for (unsigned i = 0; i < inner_count(java_class_at(class_index)); i++) {
        uint32_t declared;
        Outcome outcome = declared_class(thread, class_index, i, &declared);
        if (outcome != OUTCOME_DONE)
            return outcome;
        *count += declared != 0;
    }
    return OUTCOME_DONE;
}

PRIMITIVE(get_declared_classes)
{
    uint32_t class_index = java_mirror_class(arguments[0]), count = 0, at = 0;
    Outcome outcome = is_plain(class_index) ? count_declared(thread, class_index, &count) : OUTCOME_DONE;

    if (outcome != OUTCOME_DONE)
        return outcome;
    *result = java_class_array(thread, count);
    if (*result == 0)
        return OUTCOME_THROW;
    for (unsigned i = 0; at < count; i++) { /* all are loaded now */
        uint32_t declared = 0;
        (void)declared_class(thread, class_index, i, &declared);
        if (declared != 0)
            array_store(*result, at++, java_mirror(declared));
    }
    return OUTCOME_DONE;
}

/* The cp indexes of an attribute that is a list of classes. */
static unsigned list_count(const JavaClass *class, uint32_t offset)
{
    return offset != 0 ? read_be16(java_class_bytes(class) + offset) : 0;
}

static unsigned list_index(const JavaClass *class, uint32_t offset, unsigned i)
{
    return read_be16(java_class_bytes(class) + offset + 2 + 2 * i);
}

PRIMITIVE(get_nest_host)
{
    uint32_t class_index = java_mirror_class(arguments[0]), host = class_index;
    Outcome outcome = is_plain(class_index) ? java_nest_host(thread, class_index, &host) : OUTCOME_DONE;

    if (outcome == OUTCOME_DONE)
        *result = java_mirror(host);
    return outcome;
}

/* A member of the host's list, and whether it agrees; one that cannot be loaded is left out. */
static Outcome nest_member(Thread *thread, uint32_t host, unsigned i, uint32_t *member)
{
    const JavaClass *class = java_class_at(host);
    uint32_t members_host = 0;
    Outcome outcome = java_resolve_class(thread, host, list_index(class, class->nest_members, i), member);

    if (outcome == OUTCOME_DONE)
        outcome = java_nest_host(thread, *member, &members_host);
    if (outcome == OUTCOME_THROW && java_is_instance(thread->exception, java_class(LINKAGE_ERROR))) {
        thread->exception = 0;
        outcome = OUTCOME_DONE;
        members_host = 0;
    }
    if (members_host != host)
        *member = 0;
    return outcome;
}

/* First the host, then the members that agree. */
PRIMITIVE(get_nest_members)
{
    uint32_t class_index = java_mirror_class(arguments[0]), host = class_index, count = 1, at = 1, member, limit;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;
    Outcome outcome = is_plain(class_index) ? java_nest_host(thread, class_index, &host) : OUTCOME_DONE;

    if (outcome != OUTCOME_DONE)
        return outcome;
    limit = is_plain(host) ? list_count(java_class_at(host), java_class_at(host)->nest_members) : 0;
    for (unsigned i = 0; i < limit; i++) {
        outcome = nest_member(thread, host, i, &member);
        if (outcome != OUTCOME_DONE)
            return outcome;
        count += member != 0;
    }
    array = heap_hold_nogc(&thread->allocator, java_class_array(thread, count));
    if (*array != 0)
        array_store(*array, 0, java_mirror(host));
    for (unsigned i = 0; *array != 0 && i < limit && at < count; i++) {
        (void)nest_member(thread, host, i, &member);
        if (member != 0)
            array_store(*array, at++, java_mirror(member));
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* A permitted subclass, 0 if it cannot be loaded. */
static Outcome permitted_subclass(Thread *thread, uint32_t class_index, unsigned i, uint32_t *subclass)
{
    const JavaClass *class = java_class_at(class_index);
    return java_try_class(thread, class_index, list_index(class, class->permitted_subclasses, i), subclass);
}

/* null: not sealed. */
PRIMITIVE(get_permitted_subclasses)
{
    uint32_t class_index = java_mirror_class(arguments[0]), limit, count = 0, at = 0, subclass;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array;

    if (!is_plain(class_index) || java_class_at(class_index)->permitted_subclasses == 0)
        return OUTCOME_DONE;
    limit = list_count(java_class_at(class_index), java_class_at(class_index)->permitted_subclasses);
    for (unsigned i = 0; i < limit; i++) {
        Outcome outcome = permitted_subclass(thread, class_index, i, &subclass);
        if (outcome != OUTCOME_DONE)
            return outcome;
        count += subclass != 0;
    }
    array = heap_hold_nogc(&thread->allocator, java_class_array(thread, count));
    for (unsigned i = 0; *array != 0 && at < count && i < limit; i++) {
        (void)permitted_subclass(thread, class_index, i, &subclass);
        if (subclass != 0)
            array_store(*array, at++, java_mirror(subclass));
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

/* ---- records ---- */

typedef struct Component {
    SymbolRef name, descriptor;
    unsigned signature;                     /* cp index; 0: none */
    uint32_t annotations, type_annotations; /* offsets; 0: none */
    uint32_t end;                           /* offset behind it */
} Component;

/* Reads the component at an offset; the class file was checked when it was read. */
static Component read_component(const JavaClass *class, uint32_t offset)
{
    const uint8_t *bytes = java_class_bytes(class);
    Component component = {java_pool_utf8(class, read_be16(bytes + offset)), java_pool_utf8(class, read_be16(bytes + offset + 2))};
    unsigned count = read_be16(bytes + offset + 4);

    offset += 6;
    for (unsigned i = 0; i < count; i++) {
        SymbolRef name = java_pool_utf8(class, read_be16(bytes + offset));
        uint32_t size = read_be32(bytes + offset + 2);
        offset += 6;
        if (name == SYM(SIGNATURE))
            component.signature = read_be16(bytes + offset);
        else if (name == SYM(VISIBLE_ANNOTATIONS))
            component.annotations = offset;
        else if (name == SYM(VISIBLE_TYPE_ANNOTATIONS))
            component.type_annotations = offset;
        offset += size;
    }
    component.end = offset;
    return component;
}

static bool store(Thread *thread, const Value *object, uint64_t offset, Value value)
{
    if (thread->exception == 0)
        heap_store(*object, offset, value);
    return thread->exception == 0;
}

static Outcome fill_accessor(Thread *thread, uint32_t class_index, const Component *component, const Value *object)
{
    SymbolRef descriptor = java_symbol_format("()%s", symbol_text(component->descriptor));
    uint32_t method = descriptor != 0 ? java_find_declared_method(class_index, component->name, descriptor) : 0;
    Value accessor = 0;
    Outcome outcome;

    if (method == 0 || java_method_at(method)->access_flags & ACCESS_STATIC)
        return OUTCOME_DONE;
    outcome = java_reflect_method(thread, method, &accessor);
    if (outcome == OUTCOME_DONE)
        heap_store(*object, java_offset(RECORD_COMPONENT_ACCESSOR), accessor);
    return outcome;
}

static Outcome fill_component(Thread *thread, uint32_t class_index, const Component *component, const Value *object)
{
    char *descriptor = memory_copy_string(symbol_text(component->descriptor));
    uint32_t type = 0;
    Outcome outcome = descriptor == NULL ? java_throw_memory(thread)
        : java_load_descriptor(thread, java_class_at(class_index)->loader, descriptor, strlen(descriptor), true, &type);

    memory_free(descriptor);
    if (outcome != OUTCOME_DONE)
        return outcome;
    heap_store(*object, java_offset(RECORD_COMPONENT_CLASS), java_mirror(class_index));
    heap_store(*object, java_offset(RECORD_COMPONENT_TYPE), java_mirror(type));
    if (!store(thread, object, java_offset(RECORD_COMPONENT_NAME), java_string_intern_symbol(thread, component->name)))
        return OUTCOME_THROW;
    if (component->signature != 0 &&
        !store(thread, object, java_offset(RECORD_COMPONENT_SIGNATURE),
               java_string_from_symbol(thread, java_pool_utf8(java_class_at(class_index), component->signature), false)))
        return OUTCOME_THROW;
    if (!store(thread, object, java_offset(RECORD_COMPONENT_ANNOTATIONS),
               java_attribute_array(thread, class_index, component->annotations)) ||
        !store(thread, object, java_offset(RECORD_COMPONENT_TYPE_ANNOTATIONS),
               java_attribute_array(thread, class_index, component->type_annotations)))
        return OUTCOME_THROW;
    return fill_accessor(thread, class_index, component, object);
}

static Outcome fill_components(Thread *thread, uint32_t class_index, const Value *array)
{
    uint32_t offset = java_class_at(class_index)->record + 2, element = class_of(*array)->element_class;
    Outcome outcome = OUTCOME_DONE;

    for (int32_t i = 0; outcome == OUTCOME_DONE && i < array_length(*array); i++) {
        Component component = read_component(java_class_at(class_index), offset);
        size_t mark = heap_enter_nogc(&thread->allocator);
        Value *object = heap_hold_nogc(&thread->allocator, heap_allocate_instance(&thread->allocator, class_at(element)));
        outcome = *object != 0 ? fill_component(thread, class_index, &component, object) : java_throw_memory(thread);
        array_store(*array, (uint64_t)i, *object);
        heap_leave_nogc(&thread->allocator, mark);
        offset = component.end;
    }
    return outcome;
}

PRIMITIVE(get_record_components)
{
    uint32_t class_index = java_mirror_class(arguments[0]), count = 0, array_class;
    size_t mark = heap_enter_nogc(&thread->allocator);
    Outcome outcome;
    Value *array;

    if (is_plain(class_index) && java_class_at(class_index)->record != 0)
        count = read_be16(java_class_bytes(java_class_at(class_index)) + java_class_at(class_index)->record);
    array_class = java_wellknown_class(thread, JAVA_CLASS_RECORD_COMPONENT);
    if (array_class == 0 || (array_class = java_array_class(thread, array_class)) == 0)
        return OUTCOME_THROW;
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), count));
    outcome = *array != 0 ? fill_components(thread, class_index, array) : java_throw_memory(thread);
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

void primitive_register_nesting(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Class.getDeclaringClass0()Ljava/lang/Class;", get_declaring_class},
        {"java/lang/Class.getSimpleBinaryName0()Ljava/lang/String;", get_simple_binary_name},
        {"java/lang/Class.getEnclosingMethod0()[Ljava/lang/Object;", get_enclosing_method},
        {"java/lang/Class.getDeclaredClasses0()[Ljava/lang/Class;", get_declared_classes},
        {"java/lang/Class.getNestHost0()Ljava/lang/Class;", get_nest_host},
        {"java/lang/Class.getNestMembers0()[Ljava/lang/Class;", get_nest_members},
        {"java/lang/Class.getPermittedSubclasses0()[Ljava/lang/Class;", get_permitted_subclasses},
        {"java/lang/Class.getRecordComponents0()[Ljava/lang/reflect/RecordComponent;", get_record_components},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
