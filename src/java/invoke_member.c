/* invoke_member.c - MemberNames: making, resolving and expanding them (MethodHandleNatives). */
#include <string.h>

#include "java/invoke.h"
#include "java/primitive_internal.h"
#include "java/strings.h"

#define METHOD_MODIFIERS                                                                                                \
    (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_SYNCHRONIZED | ACCESS_BRIDGE | \
     ACCESS_VARARGS | ACCESS_NATIVE | ACCESS_ABSTRACT | ACCESS_STRICT | ACCESS_SYNTHETIC)
#define FIELD_MODIFIERS                                                                                               \
    (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED | ACCESS_STATIC | ACCESS_FINAL | ACCESS_VOLATILE | ACCESS_TRANSIENT | \
     ACCESS_ENUM | ACCESS_SYNTHETIC)
#define VMINDEX_NONVIRTUAL (-2)

/* ---- parts of a MemberName ---- */

static uint32_t member_flags(Value member)
{
    return (uint32_t)invoke_int(member, java_offset(MEMBER_NAME_FLAGS));
}

static unsigned member_reference_kind(Value member)
{
    return member_flags(member) >> MN_REFERENCE_SHIFT & 15;
}

static int64_t member_index(Value member)
{
    return *(const int64_t *)object_at(member, java_offset(MEMBER_NAME_VMINDEX));
}

static void set_member_index(Value member, int64_t index)
{
    *(int64_t *)object_at(member, java_offset(MEMBER_NAME_VMINDEX)) = index;
}

static Value member_part(Value member, uint64_t offset)
{
    return heap_load(member, offset);
}

/* ---- methods ---- */

static bool is_interface(uint32_t class_index)
{
    return java_class_is_interface(class_index);
}

/* Never overridden: private, static, final, a constructor, or in a final class. */
static bool is_statically_bound(const JavaMethod *method)
{
    const Class *holder = class_at(method->method.holder);

    if (method->access_flags & (ACCESS_PRIVATE | ACCESS_STATIC) || method->method.flags & METHOD_CONSTRUCTOR)
        return true;
    if (holder->flags & CLASS_INTERFACE)
        return false;
    return method->access_flags & ACCESS_FINAL || java_class_at(holder->index)->access_flags & ACCESS_FINAL ||
           method->vtable_index < 0;
}

/* Where an interface's method stands in the vtable of a class. */
static int64_t index_in_vtable(uint32_t class_index, const JavaMethod *method)
{
    const Class *class = class_at(class_index);

    for (uint32_t i = class->vtable_length; i-- > 0;) {
        const JavaMethod *other = java_method_at(class->vtable[i]);
        if (other->name == method->name && other->descriptor == method->descriptor && !(other->access_flags & ACCESS_PRIVATE))
            return i;
    }
    return 0;
}

/* How a resolved method is called. */
typedef struct CallShape {
    uint32_t method, class_index;
    uint32_t flags;
    int64_t index;
} CallShape;

static void shape_as_direct(CallShape *shape, const JavaMethod *method)
{
    unsigned kind = method->access_flags & ACCESS_STATIC ? REF_INVOKE_STATIC : REF_INVOKE_SPECIAL;

    shape->index = VMINDEX_NONVIRTUAL;
    shape->flags |= method->method.flags & METHOD_CONSTRUCTOR ? MN_IS_CONSTRUCTOR : MN_IS_METHOD;
    shape->flags |= kind << MN_REFERENCE_SHIFT;
}

static void shape_as_interface(CallShape *shape, const JavaMethod *method)
{
    uint32_t of_object = java_find_declared_method(java_class(OBJECT), method->name, method->descriptor);

    if (of_object != 0 && java_method_at(of_object)->access_flags & ACCESS_PUBLIC) { /* every class has it in its vtable */
        shape->method = of_object;
        shape->class_index = java_class(OBJECT);
        shape->index = java_method_at(of_object)->vtable_index;
        shape->flags |= MN_IS_METHOD | REF_INVOKE_VIRTUAL << MN_REFERENCE_SHIFT;
        return;
    }
    shape->index = method->itable_index;
    shape->flags |= MN_IS_METHOD | (uint32_t)REF_INVOKE_INTERFACE << MN_REFERENCE_SHIFT;
}

/* resolved_class: the class that the reference names. */
static CallShape shape_of(uint32_t number, uint32_t resolved_class, bool direct)
{
    const JavaMethod *method = java_method_at(number);
    uint32_t holder = method->method.holder;
    CallShape shape = {.method = number, .class_index = holder, .flags = method->access_flags & METHOD_MODIFIERS};

    if (method->method.flags & METHOD_CALLER_SENSITIVE)
        shape.flags |= MN_CALLER_SENSITIVE;
    if (direct || is_statically_bound(method)) {
        shape_as_direct(&shape, method);
    } else if (!is_interface(holder) || !is_interface(resolved_class)) {
        shape.index = is_interface(holder) ? index_in_vtable(resolved_class, method) : method->vtable_index;
        shape.class_index = is_interface(holder) ? resolved_class : holder;
        shape.flags |= MN_IS_METHOD | REF_INVOKE_VIRTUAL << MN_REFERENCE_SHIFT;
    } else {
        shape_as_interface(&shape, method);
    }
    return shape;
}

/* Writes what was resolved into the MemberName. May collect; member is traced. */
static Outcome set_method(Thread *thread, Value *member, CallShape shape)
{
    uint32_t resolved_class = java_wellknown_class(thread, JAVA_CLASS_RESOLVED_METHOD_NAME);

    if (resolved_class == 0)
        return OUTCOME_THROW;
    Value resolved = heap_allocate_instance(&thread->allocator, class_at(resolved_class));
    if (resolved == 0)
        return java_throw_memory(thread);
    heap_store(resolved, java_offset(RESOLVED_METHOD_NAME_HOLDER), java_mirror(java_method_at(shape.method)->method.holder));
    *(uint64_t *)object_at(resolved, java_offset(RESOLVED_METHOD_NAME_TARGET)) = invoke_target_word(shape.method);
    invoke_set_int(*member, java_offset(MEMBER_NAME_FLAGS), (int32_t)shape.flags);
    heap_store(*member, java_offset(MEMBER_NAME_METHOD), resolved);
    set_member_index(*member, shape.index);
    heap_store(*member, java_offset(MEMBER_NAME_CLASS), java_mirror(shape.class_index));
    return OUTCOME_DONE;
}

/* ---- fields ---- */

static void set_field(Value member, const JavaField *field, bool is_setter)
{
    bool is_static = (field->access_flags & ACCESS_STATIC) != 0;
    uint32_t kind = (is_static ? REF_GET_STATIC : REF_GET_FIELD) + (is_setter ? REF_PUT_FIELD - REF_GET_FIELD : 0);
    uint32_t flags = (field->access_flags & FIELD_MODIFIERS) | MN_IS_FIELD | kind << MN_REFERENCE_SHIFT;
    const JavaClass *holder = java_class_at(field->holder);

    if (field->access_flags & ACCESS_FINAL && (is_static || java_class_flags(holder) & (JAVA_CLASS_HIDDEN | JAVA_CLASS_IS_RECORD)))
        flags |= MN_TRUSTED_FINAL;
    invoke_set_int(member, java_offset(MEMBER_NAME_FLAGS), (int32_t)flags);
    heap_store(member, java_offset(MEMBER_NAME_METHOD), 0);
    set_member_index(member, field->offset);
    heap_store(member, java_offset(MEMBER_NAME_CLASS), java_mirror(field->holder));
}

/* The field of a resolved MemberName; NULL: it is none. Offsets of reference and other statics overlap, so the name
 * counts too. */
static const JavaField *member_field(Value member)
{
    Value mirror = member_part(member, java_offset(MEMBER_NAME_CLASS));
    Value name = member_part(member, java_offset(MEMBER_NAME_NAME));
    SymbolRef symbol = name == 0 ? 0 : java_symbol_from_string(name, false);

    if (mirror == 0 || !(member_flags(member) & MN_IS_FIELD))
        return NULL;
    const JavaClass *class = java_class_at(java_mirror_class(mirror));
    bool is_static = (member_flags(member) & ACCESS_STATIC) != 0;
    for (uint32_t i = 0; i < class->field_count; i++) {
        const JavaField *field = java_field_at(class, i);
        if (field->offset == member_index(member) && (symbol == 0 || field->name == symbol) &&
            ((field->access_flags & ACCESS_STATIC) != 0) == is_static)
            return field;
    }
    return NULL;
}

/* ---- init ---- */

static Outcome init_from_field(Thread *thread, Value *arguments)
{
    uint32_t class_index = java_mirror_class(member_part(arguments[1], java_offset(REFLECT_FIELD_CLASS)));
    int32_t slot = invoke_int(arguments[1], java_offset(REFLECT_FIELD_SLOT));
    const JavaClass *class = java_class_at(class_index);

    if (slot < 0 || (uint32_t)slot >= class->field_count)
        return OUTCOME_DONE;
    set_field(arguments[0], java_field_at(class, (uint32_t)slot), false);
    heap_store(arguments[0], java_offset(MEMBER_NAME_NAME), member_part(arguments[1], java_offset(REFLECT_FIELD_NAME)));
    heap_store(arguments[0], java_offset(MEMBER_NAME_TYPE), member_part(arguments[1], java_offset(REFLECT_FIELD_TYPE)));
    return OUTCOME_DONE;
}

static Outcome init_from_method(Thread *thread, Value *arguments, uint64_t class_offset, uint64_t slot_offset)
{
    uint32_t class_index = java_mirror_class(member_part(arguments[1], class_offset));
    int32_t slot = invoke_int(arguments[1], slot_offset);
    const JavaClass *class = java_class_at(class_index);

    if (slot < 0 || (uint32_t)slot >= class->method_count)
        return OUTCOME_DONE;
    uint32_t method = class->first_method + (uint32_t)slot;
    if (java_method_at(method)->polymorphic != POLYMORPHIC_NONE)
        return OUTCOME_DONE; /* left as it is: the library knows */
    return set_method(thread, &arguments[0], shape_of(method, class_index, false));
}

PRIMITIVE(natives_init)
{
    if (arguments[0] == 0 || arguments[1] == 0)
        return java_throw(thread, "java/lang/InternalError", arguments[0] == 0 ? "mname is null" : "target is null");
    uint32_t target = object_class_index(arguments[1]);
    if (target == java_class(REFLECT_FIELD))
        return init_from_field(thread, arguments);
    if (target == java_class(REFLECT_METHOD))
        return init_from_method(thread, arguments, java_offset(REFLECT_METHOD_CLASS), java_offset(REFLECT_METHOD_SLOT));
    if (target == java_class(REFLECT_CONSTRUCTOR))
        return init_from_method(thread, arguments, java_offset(REFLECT_CONSTRUCTOR_CLASS), java_offset(REFLECT_CONSTRUCTOR_SLOT));
    return java_throw(thread, "java/lang/InternalError", "unrecognized type %s", java_class_external_name(target));
}

/* ---- resolve ---- */

static bool append_mirror(Bytes *text, Value mirror)
{
    uint32_t class_index = mirror == 0 ? 0 : java_mirror_class(mirror);
    if (class_index == 0)
        return false;
    const JavaClass *class = java_class_at(class_index);
    if (class->primitive_type != 0)
        return bytes_append_u8(text, (uint8_t)class->primitive_type) == OK;
    return bytes_append_format(text, java_class_is_array(class_index) ? "%s" : "L%s;", symbol_text(class->name)) == OK;
}

static bool append_method_type(Bytes *text, Value type)
{
    Value parameters = heap_load(type, java_offset(METHOD_TYPE_PTYPES));
    bool fine = bytes_append_text(text, "(") == OK;

    for (int32_t i = 0; fine && parameters != 0 && i < array_length(parameters); i++)
        fine = append_mirror(text, array_element(parameters, (uint64_t)i));
    return fine && bytes_append_text(text, ")") == OK && append_mirror(text, heap_load(type, java_offset(METHOD_TYPE_RTYPE)));
}

/* The descriptor that MemberName.type stands for: of a MethodType, a Class or a String. 0: none, or no such symbol
 * (then no class has such a member). Never collects. */
static SymbolRef descriptor_of(Value type, bool *is_known)
{
    uint32_t class_index = object_class_index(type);
    Bytes text = {0};
    SymbolRef symbol = 0;
    bool fine = false;

    *is_known = true;
    if (class_index == java_class(STRING))
        return java_symbol_from_string(type, false);
    if (class_index == java_class(METHOD_TYPE))
        fine = append_method_type(&text, type);
    else if (class_index == java_class(CLASS))
        fine = append_mirror(&text, type);
    else
        *is_known = false;
    if (fine)
        symbol = java_symbol(text.data, text.size);
    bytes_free(&text);
    return symbol;
}

static enum JavaCallKind call_kind(unsigned kind)
{
    switch (kind) {
    case REF_INVOKE_STATIC: return CALL_STATIC_;
    case REF_INVOKE_SPECIAL: case REF_NEW_INVOKE_SPECIAL: return CALL_SPECIAL_;
    case REF_INVOKE_INTERFACE: return CALL_INTERFACE_;
    default: return CALL_VIRTUAL_;
    }
}

Outcome invoke_resolve(Thread *thread, uint32_t caller, unsigned kind, uint32_t holder, SymbolRef name, SymbolRef descriptor,
                       uint32_t *method, const JavaField **field)
{
    enum JavaPolymorphic polymorphic = java_polymorphic_kind(java_class_at(holder)->name, name);
    bool is_interface_reference = kind == REF_INVOKE_INTERFACE || (kind != REF_INVOKE_VIRTUAL && is_interface(holder));

    *method = 0;
    *field = NULL;
    if (kind <= REF_PUT_STATIC)
        return java_link_field(thread, caller, holder, name, descriptor, FIELD_OF_HANDLE, field);
    if (kind == REF_INVOKE_VIRTUAL && polymorphic != POLYMORPHIC_NONE && polymorphic != POLYMORPHIC_INVOKE_BASIC)
        return OUTCOME_DONE; /* the library makes an invoker */
    if (polymorphic != POLYMORPHIC_NONE) { /* invokeBasic, linkToX: one method for all types */
        *method = java_find_declared_method(holder, name, SYM(POLYMORPHIC_DESCRIPTOR));
        return OUTCOME_DONE;
    }
    return java_link_method(thread, caller, holder, name, descriptor, call_kind(kind), is_interface_reference, method);
}

/* What to look in: arrays have Object's methods. 0: a primitive type. */
static uint32_t holder_of(Value mirror)
{
    uint32_t class_index = java_mirror_class(mirror);

    if (class_index == 0 || java_class_at(class_index)->primitive_type != 0)
        return 0;
    return java_class_is_array(class_index) ? java_class(OBJECT) : class_index;
}

static Outcome resolution_failed(Thread *thread, uint32_t flags)
{
    if (flags & MN_IS_FIELD)
        return java_throw(thread, "java/lang/NoSuchFieldError", "field resolution failed");
    if (flags & (MN_IS_METHOD | MN_IS_CONSTRUCTOR))
        return java_throw(thread, "java/lang/NoSuchMethodError", "method resolution failed");
    return java_throw(thread, "java/lang/LinkageError", "resolution failed");
}

/* Looks the member up and writes it. DONE with *found false: there is none, no exception. */
static Outcome resolve_member(Thread *thread, Value *arguments, uint32_t holder, SymbolRef name, SymbolRef descriptor, bool *found)
{
    uint32_t flags = member_flags(arguments[0]), caller = arguments[1] == 0 ? 0 : java_mirror_class(arguments[1]), method = 0;
    unsigned kind = member_reference_kind(arguments[0]);
    const JavaField *field = NULL;

    if ((flags & MN_IS_CONSTRUCTOR && name != SYM(INIT)) || (flags & MN_IS_METHOD && kind <= REF_PUT_STATIC))
        return java_throw(thread, "java/lang/InternalError", "unrecognized MemberName format");
    if (flags & MN_IS_CONSTRUCTOR)
        kind = REF_NEW_INVOKE_SPECIAL;
    bool is_field = flags & MN_IS_FIELD;
    Outcome outcome = invoke_resolve(thread, caller, is_field ? REF_GET_FIELD : kind, holder, name, descriptor, &method, &field);
    if (outcome != OUTCOME_DONE)
        return outcome;
    *found = method != 0 || field != NULL;
    if (field != NULL)
        set_field(arguments[0], field, kind >= REF_PUT_FIELD);
    if (method == 0)
        return OUTCOME_DONE;
    bool direct = kind == REF_INVOKE_STATIC || kind == REF_INVOKE_SPECIAL || kind == REF_NEW_INVOKE_SPECIAL;
    return set_method(thread, &arguments[0], shape_of(method, holder, direct));
}

/* Arguments: MemberName, caller, lookup mode, speculative. */
static Outcome resolve_parts(Thread *thread, Value *arguments, bool *found)
{
    Value member = arguments[0], mirror = member_part(member, java_offset(MEMBER_NAME_CLASS));
    Value name_string = member_part(member, java_offset(MEMBER_NAME_NAME)), type = member_part(member, java_offset(MEMBER_NAME_TYPE));
    uint32_t flags = member_flags(member);
    unsigned kind = member_reference_kind(member);
    bool is_known;

    if (kind == REF_NONE || kind >= REF_LIMIT)
        return java_throw(thread, "java/lang/InternalError", "obsolete MemberName format");
    if (mirror == 0 || name_string == 0 || type == 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "nothing to resolve");
    uint32_t holder = holder_of(mirror);
    if (holder == 0)
        return OUTCOME_DONE;
    Outcome outcome = java_link_class(thread, holder);
    if (outcome != OUTCOME_DONE)
        return outcome;
    member = arguments[0];
    SymbolRef name = java_symbol_from_string(member_part(member, java_offset(MEMBER_NAME_NAME)), false);
    SymbolRef descriptor = descriptor_of(member_part(member, java_offset(MEMBER_NAME_TYPE)), &is_known);
    if (!is_known)
        return java_throw(thread, "java/lang/InternalError", "unrecognized type");
    if (name == 0 || descriptor == 0 || name == SYM(CLINIT))
        return OUTCOME_DONE;
    if ((flags & (MN_IS_METHOD | MN_IS_CONSTRUCTOR | MN_IS_FIELD)) == 0)
        return java_throw(thread, "java/lang/InternalError", "unrecognized MemberName format");
    return resolve_member(thread, arguments, holder, name, descriptor, found);
}

PRIMITIVE(natives_resolve)
{
    bool found = false, is_speculative = as_int(arguments[3]) != 0;

    if (arguments[0] == 0)
        return java_throw(thread, "java/lang/InternalError", "mname not resolved");
    if (invoke_member_target(arguments[0]) != 0) {
        *result = arguments[0];
        return OUTCOME_DONE;
    }
    Outcome outcome = resolve_parts(thread, arguments, &found);
    if (outcome == OUTCOME_THROW && is_speculative) {
        thread->exception = 0;
        outcome = OUTCOME_DONE;
        found = false;
    }
    if (outcome != OUTCOME_DONE)
        return outcome;
    *result = found ? arguments[0] : 0;
    if (!found && !is_speculative)
        return resolution_failed(thread, member_flags(arguments[0]));
    return OUTCOME_DONE;
}

/* ---- expand ---- */

static Outcome expand_string(Thread *thread, Value *member, uint64_t offset, SymbolRef symbol, bool intern)
{
    if (member_part(*member, offset) != 0)
        return OUTCOME_DONE;
    Value string = intern ? java_string_intern_symbol(thread, symbol) : java_string_from_symbol(thread, symbol, false);
    if (string == 0)
        return OUTCOME_THROW;
    heap_store(*member, offset, string);
    return OUTCOME_DONE;
}

PRIMITIVE(natives_expand)
{
    SymbolRef name = 0, descriptor = 0;
    uint32_t holder = 0;

    if (arguments[0] == 0)
        return java_throw(thread, "java/lang/InternalError", "mname not resolved");
    uint32_t flags = member_flags(arguments[0]), target = invoke_member_target(arguments[0]);
    if (flags & (MN_IS_METHOD | MN_IS_CONSTRUCTOR) && target != 0) {
        const JavaMethod *method = java_method_at(target);
        name = method->name;
        descriptor = method->descriptor;
        holder = method->method.holder;
    } else if (flags & MN_IS_FIELD) {
        const JavaField *field = member_field(arguments[0]);
        name = field == NULL ? 0 : field->name;
        descriptor = field == NULL ? 0 : field->descriptor;
        holder = field == NULL ? 0 : field->holder;
    }
    if (holder == 0)
        return java_throw(thread, "java/lang/IllegalArgumentException", "nothing to expand");
    if (member_part(arguments[0], java_offset(MEMBER_NAME_CLASS)) == 0)
        heap_store(arguments[0], java_offset(MEMBER_NAME_CLASS), java_mirror(holder));
    Outcome outcome = expand_string(thread, &arguments[0], java_offset(MEMBER_NAME_NAME), name, true);
    return outcome != OUTCOME_DONE ? outcome
                                   : expand_string(thread, &arguments[0], java_offset(MEMBER_NAME_TYPE), descriptor, false);
}

/* ---- fields' places ---- */

static Outcome field_offset(Thread *thread, Value member, bool is_static, Value *result)
{
    uint32_t flags = member == 0 ? 0 : member_flags(member);

    if (member == 0 || member_part(member, java_offset(MEMBER_NAME_CLASS)) == 0)
        return java_throw(thread, "java/lang/InternalError", "mname not resolved");
    if (!(flags & MN_IS_FIELD) || ((flags & ACCESS_STATIC) != 0) != is_static)
        return java_throw(thread, "java/lang/InternalError", is_static ? "static field required" : "non-static field required");
    *result = (Value)member_index(member);
    return OUTCOME_DONE;
}

PRIMITIVE(natives_object_field_offset)
{
    return field_offset(thread, arguments[0], false, result);
}

PRIMITIVE(natives_static_field_offset)
{
    return field_offset(thread, arguments[0], true, result);
}

PRIMITIVE(natives_static_field_base)
{
    Outcome outcome = field_offset(thread, arguments[0], true, result);
    const JavaField *field = outcome == OUTCOME_DONE ? member_field(arguments[0]) : NULL;

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (field == NULL)
        return java_throw(thread, "java/lang/InternalError", "static field required");
    *result = java_statics(field);
    return OUTCOME_DONE;
}

/* {vmindex as a Long, a field's class or the MemberName itself} */
PRIMITIVE(natives_member_info)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    uint32_t long_class = java_wellknown_class(thread, JAVA_CLASS_LONG), array_class;

    if (arguments[0] == 0)
        return java_throw(thread, "java/lang/InternalError", "mname not resolved");
    array_class = long_class == 0 ? 0 : java_array_class(thread, java_class(OBJECT));
    if (array_class == 0)
        return OUTCOME_THROW;
    Value *array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), 2));
    Value index = *array == 0 ? 0 : heap_allocate_instance(&thread->allocator, class_at(long_class));
    if (index != 0) {
        *(int64_t *)object_at(index, java_offset(LONG_VALUE)) = member_index(arguments[0]);
        array_store(*array, 0, index);
        array_store(*array, 1, member_flags(arguments[0]) & MN_IS_FIELD ? member_part(arguments[0], java_offset(MEMBER_NAME_CLASS))
                                                                        : arguments[0]);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return index == 0 ? java_throw_memory(thread) : OUTCOME_DONE;
}

/* ---- getMembers ---- */

typedef struct MemberSearch {
    SymbolRef name, descriptor; /* 0: any */
    uint32_t flags;
    int32_t skip, found, room;
    Thread *thread;
    Value *arguments; /* class, name, signature, flags, caller, skip, results */
} MemberSearch;

static Outcome give_method(MemberSearch *search, uint32_t method)
{
    const JavaMethod *java = java_method_at(method);
    bool is_constructor = java->name == SYM(INIT);

    if (java->name == SYM(CLINIT) || !(search->flags & (is_constructor ? MN_IS_CONSTRUCTOR : MN_IS_METHOD)) ||
        (search->name != 0 && java->name != search->name) || (search->descriptor != 0 && java->descriptor != search->descriptor))
        return OUTCOME_DONE;
    int32_t place = search->found++ - search->skip;
    if (place < 0 || place >= search->room)
        return OUTCOME_DONE;
    size_t mark = heap_enter_nogc(&search->thread->allocator);
    Value *member = heap_hold_nogc(&search->thread->allocator, array_element(search->arguments[6], (uint64_t)place));
    Outcome outcome = *member == 0 ? OUTCOME_DONE
                                   : set_method(search->thread, member, shape_of(method, java->method.holder, false));
    heap_leave_nogc(&search->thread->allocator, mark);
    return outcome;
}

static void give_field(MemberSearch *search, const JavaField *field)
{
    if (!(search->flags & MN_IS_FIELD) || (search->name != 0 && field->name != search->name) ||
        (search->descriptor != 0 && field->descriptor != search->descriptor))
        return;
    int32_t place = search->found++ - search->skip;
    Value member = place >= 0 && place < search->room ? array_element(search->arguments[6], (uint64_t)place) : 0;
    if (member != 0)
        set_field(member, field, false);
}

static Outcome give_members(MemberSearch *search, uint32_t class_index)
{
    for (uint32_t i = 0; i < java_class_at(class_index)->field_count; i++)
        give_field(search, java_field_at(java_class_at(class_index), i));
    for (uint32_t i = 0; i < java_class_at(class_index)->method_count; i++) {
        Outcome outcome = give_method(search, java_class_at(class_index)->first_method + i);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}

PRIMITIVE(natives_get_members)
{
    MemberSearch search = {.flags = (uint32_t)as_int(arguments[3]), .skip = as_int(arguments[5]), .thread = thread, .arguments = arguments};
    uint32_t holder = arguments[0] == 0 || arguments[6] == 0 ? 0 : holder_of(arguments[0]);

    *result = (Value)(int64_t)-1;
    if (holder == 0)
        return OUTCOME_DONE;
    *result = 0;
    search.room = array_length(arguments[6]);
    if (arguments[1] != 0 && (search.name = java_symbol_from_string(arguments[1], false)) == 0)
        return OUTCOME_DONE;
    if (arguments[2] != 0 && (search.descriptor = java_symbol_from_string(arguments[2], false)) == 0)
        return OUTCOME_DONE;
    for (uint32_t class_index = holder; class_index != 0;) {
        Outcome outcome = give_members(&search, class_index);
        if (outcome != OUTCOME_DONE)
            return outcome;
        class_index = search.flags & MN_SEARCH_SUPERCLASSES ? class_at(class_index)->super : 0;
    }
    *result = from_int(search.found);
    return OUTCOME_DONE;
}

/* ---- call sites, and what is not there ---- */

PRIMITIVE(natives_set_target)
{
    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    heap_store(arguments[0], java_offset(CALL_SITE_TARGET), arguments[1]);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return OUTCOME_DONE;
}

/* No code depends on a call site's target. */
PRIMITIVE(natives_clear_context)
{
    return OUTCOME_DONE;
}

PRIMITIVE(natives_named_constant)
{
    return OUTCOME_DONE; /* 0, and the name stays null: the list is empty */
}

/* Bootstrap arguments are always given at once, so nobody has a list to copy from. */
PRIMITIVE(natives_copy_bootstrap_arguments)
{
    return java_throw(thread, "java/lang/InternalError", "bootstrap arguments are passed directly");
}

PRIMITIVE(archive_find)
{
    return OUTCOME_DONE; /* null: not archived */
}

void invoke_register_members(void)
{
#define NATIVES "java/lang/invoke/MethodHandleNatives."
#define MEMBER "Ljava/lang/invoke/MemberName;"
#define MH "Ljava/lang/invoke/MethodHandle;"
    static const PrimitiveRow rows[] = {
        {NATIVES "init(" MEMBER "Ljava/lang/Object;)V", natives_init},
        {NATIVES "expand(" MEMBER ")V", natives_expand},
        {NATIVES "resolve(" MEMBER "Ljava/lang/Class;IZ)" MEMBER, natives_resolve},
        {NATIVES "getMembers(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/String;ILjava/lang/Class;I[" MEMBER ")I", natives_get_members},
        {NATIVES "objectFieldOffset(" MEMBER ")J", natives_object_field_offset},
        {NATIVES "staticFieldOffset(" MEMBER ")J", natives_static_field_offset},
        {NATIVES "staticFieldBase(" MEMBER ")Ljava/lang/Object;", natives_static_field_base},
        {NATIVES "getMemberVMInfo(" MEMBER ")Ljava/lang/Object;", natives_member_info},
        {NATIVES "setCallSiteTargetNormal(Ljava/lang/invoke/CallSite;" MH ")V", natives_set_target},
        {NATIVES "setCallSiteTargetVolatile(Ljava/lang/invoke/CallSite;" MH ")V", natives_set_target},
        {NATIVES "clearCallSiteContext(Ljava/lang/invoke/MethodHandleNatives$CallSiteContext;)V", natives_clear_context},
        {NATIVES "getNamedCon(I[Ljava/lang/Object;)I", natives_named_constant},
        {NATIVES "copyOutBootstrapArguments(Ljava/lang/Class;[III[Ljava/lang/Object;IZLjava/lang/Object;)V",
         natives_copy_bootstrap_arguments},
        {"java/lang/invoke/LambdaProxyClassArchive.addToArchive(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
         "Ljava/lang/invoke/MethodType;" MEMBER "Ljava/lang/invoke/MethodType;Ljava/lang/Class;)V", natives_clear_context},
        {"java/lang/invoke/LambdaProxyClassArchive.findFromArchive(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
         "Ljava/lang/invoke/MethodType;" MEMBER "Ljava/lang/invoke/MethodType;)Ljava/lang/Class;", archive_find},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
