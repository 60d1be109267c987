/* resolve.c - symbolic references of constant pools become classes, fields and methods (JVMS 5.4.3), with access
 * checks, kept errors and HotSpot's messages. */
#include <string.h>

#include "java/define.h"
#include "java/resolve.h"

static OsMutex error_lock;

/* ---- errors that are kept ---- */

static const JavaCachedError *find_error(const JavaClass *class, unsigned cp_index)
{
    for (ArenaRef at = __atomic_load_n(&class->cached_errors, __ATOMIC_ACQUIRE); at != 0; at = ARENA(JavaCachedError, at)->next)
        if (ARENA(JavaCachedError, at)->cp_index == cp_index)
            return ARENA(JavaCachedError, at);
    return NULL;
}

static SymbolRef message_of(Value exception)
{
    Value message = heap_load(exception, java_offset(THROWABLE_MESSAGE));
    return message != 0 ? java_symbol_from_string(message, false) : 0;
}

bool java_is_linkage_error(Value exception)
{
    return exception != 0 && java_class(LINKAGE_ERROR) != 0 && java_is_instance(exception, java_class(LINKAGE_ERROR));
}

/* Only linkage errors are the result of resolution for ever; others (out of memory) may go away. */
bool java_error_is_kept(Value exception)
{
    return java_is_linkage_error(exception) && java_class_at(object_class_index(exception))->loader == 0;
}

/* Another thread has resolved it. */
static bool is_there(const JavaClass *class, unsigned cp_index)
{
    return java_pool_resolved(class, cp_index) != 0 || java_constant(class->index, java_pool_slot(class, cp_index)) != 0;
}

void java_record_error(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    Value exception = thread->exception, cause;
    JavaClass *class = java_class_at(class_index);
    ArenaRef block;

    if (!java_error_is_kept(exception))
        return;
    block = arena_allocate(sizeof(JavaCachedError));
    if (block == 0)
        return;
    cause = heap_load(exception, java_offset(THROWABLE_CAUSE));
    if (java_pool_tag(class, cp_index) == CONSTANT_INVOKE_DYNAMIC) /* as HotSpot: the cause shows once */
        cause = 0;
    os_mutex_lock(&error_lock);
    if (find_error(class, cp_index) == NULL && !is_there(class, cp_index)) {
        *ARENA(JavaCachedError, block) =
            (JavaCachedError){.next = class->cached_errors, .cp_index = (uint16_t)cp_index,
                              .class_name = java_class_at(object_class_index(exception))->name, .message = message_of(exception),
                              .cause_root = cause != 0 && cause != exception ? heap_root_add(cause, class->loader) : 0};
        __atomic_store_n(&class->cached_errors, block, __ATOMIC_RELEASE);
        block = 0;
    }
    os_mutex_unlock(&error_lock);
    arena_free(block, sizeof(JavaCachedError));
}

Outcome java_raise_recorded(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    const JavaCachedError *error = find_error(java_class_at(class_index), cp_index);

    if (error == NULL)
        return OUTCOME_DONE;
    if (error->cause_root != 0) {
        thread->exception = heap_root(error->cause_root);
        return java_throw_caused(thread, symbol_text(error->class_name), error->message != 0 ? symbol_text(error->message) : NULL);
    }
    thread->exception = 0;
    if (error->message == 0)
        return java_throw_caused(thread, symbol_text(error->class_name), NULL);
    return java_throw(thread, symbol_text(error->class_name), "%s", symbol_text(error->message));
}

static Outcome fail(Thread *thread, uint32_t class_index, unsigned cp_index, Outcome outcome)
{
    if (outcome == OUTCOME_THROW)
        java_record_error(thread, class_index, cp_index);
    return outcome;
}

/* The first result counts: that of another thread may be an error. */
static Outcome record_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t resolved)
{
    JavaClass *class = java_class_at(class_index);

    os_mutex_lock(&error_lock);
    if (find_error(class, cp_index) == NULL)
        java_pool_set_resolved(class, cp_index, resolved);
    os_mutex_unlock(&error_lock);
    return java_pool_resolved(class, cp_index) != 0 ? OUTCOME_DONE : java_raise_recorded(thread, class_index, cp_index);
}

/* ---- classes ---- */

/* "(A and B are in ...)", or each for itself when their modules differ. */
static Outcome throw_class_access(Thread *thread, uint32_t from, uint32_t to)
{
    Bytes text = {0};
    uint32_t bottom = java_class_at(to)->dimensions != 0 ? java_class_at(to)->bottom_class : to;
    Outcome outcome;

    access_append_module_reason(&text, java_class_external_name(from), java_class_at(from)->module, bottom);
    if (text.size == 0)
        (void)bytes_append_format(&text, "failed to access class %s from class %s (%s)", java_class_external_name(bottom),
                                  java_class_external_name(from), access_joint_place(bottom, from));
    outcome = java_throw(thread, "java/lang/IllegalAccessError", "%s", bytes_as_text(&text) != NULL ? (const char *)text.data : "");
    bytes_free(&text);
    return outcome;
}

static Outcome resolve_class(Thread *thread, uint32_t class_index, unsigned cp_index, unsigned as_error, uint32_t *resolved)
{
    const JavaClass *class = java_class_at(class_index);
    Outcome outcome;

    if (cp_index == 0 || cp_index >= class->cp_count || java_pool_tag(class, cp_index) != CONSTANT_CLASS)
        return java_throw(thread, "java/lang/ClassFormatError", "no class at constant pool index %u in class file %s", cp_index,
                          symbol_text(class->name));
    *resolved = java_pool_resolved(class, cp_index);
    if (*resolved != 0)
        return OUTCOME_DONE;
    if (find_error(class, cp_index) != NULL)
        return java_raise_recorded(thread, class_index, cp_index);
    outcome = loader_load_for(thread, class->loader, java_pool_class_name(class, cp_index), as_error, class_index, cp_index, 0, resolved);
    if (outcome == OUTCOME_DONE && !java_can_access_class(class_index, *resolved))
        outcome = throw_class_access(thread, class_index, *resolved);
    if (outcome != OUTCOME_DONE)
        return fail(thread, class_index, cp_index, outcome);
    return record_class(thread, class_index, cp_index, *resolved);
}

Outcome java_resolve_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *resolved)
{
    return resolve_class(thread, class_index, cp_index, true, resolved);
}

Outcome java_try_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *resolved)
{
    Outcome outcome = resolve_class(thread, class_index, cp_index, LOAD_QUIETLY, resolved);

    if (outcome != OUTCOME_THROW || !java_error_is_kept(thread->exception))
        return outcome;
    thread->exception = 0;
    *resolved = 0;
    return OUTCOME_DONE;
}

/* ---- fields ---- */

static Outcome throw_field_access(Thread *thread, uint32_t from, const JavaField *field)
{
    const char *kind = field->access_flags & ACCESS_PROTECTED ? "protected " : field->access_flags & ACCESS_PRIVATE ? "private " : "";
    uint32_t holder = field->holder;

    return java_throw(thread, "java/lang/IllegalAccessError", "class %s tried to access %sfield %s.%s (%s)", java_class_external_name(from),
                      kind, java_class_external_name(holder), symbol_text(field->name), access_joint_place(from, holder));
}

static Outcome check_field_use(Thread *thread, uint32_t caller, const JavaField *field, enum JavaFieldUse use, uint32_t in_method)
{
    bool wants_static = use == FIELD_GET_STATIC || use == FIELD_PUT_STATIC;
    bool is_static = (field->access_flags & ACCESS_STATIC) != 0;
    const char *name = symbol_text(field->name);

    if (use == FIELD_OF_HANDLE)
        return OUTCOME_DONE;
    if (wants_static != is_static)
        return java_throw(thread, "java/lang/IncompatibleClassChangeError", "Expected %s field %s.%s", wants_static ? "static" : "non-static",
                          java_class_external_name(field->holder), name);
    if ((use != FIELD_PUT && use != FIELD_PUT_STATIC) || !(field->access_flags & ACCESS_FINAL) || caller == 0)
        return OUTCOME_DONE;
    const char *what = is_static ? "static" : "non-static", *holder = java_class_external_name(field->holder);
    if (caller != field->holder)
        return java_throw(thread, "java/lang/IllegalAccessError",
                          "Update to %s final field %s.%s attempted from a different class (%s) than the field's declaring class", what,
                          holder, name, java_class_external_name(caller));
    if (in_method != 0 && java_class_at(caller)->major >= 53 && !(java_class_flags(java_class_at(caller)) & JAVA_CLASS_TRUSTED)) {
        const JavaMethod *method = java_method_at(in_method);
        SymbolRef wanted = is_static ? SYM(CLINIT) : SYM(INIT);
        if (method->name != wanted)
            return java_throw(thread, "java/lang/IllegalAccessError",
                              "Update to %s final field %s.%s attempted from a different method (%s) than the initializer method %s ", what,
                              holder, name, symbol_text(method->name), symbol_text(wanted));
    }
    return OUTCOME_DONE;
}

Outcome java_link_field(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef name, SymbolRef descriptor, enum JavaFieldUse use,
                        const JavaField **field)
{
    bool allowed = true;
    Outcome outcome = OUTCOME_DONE;

    *field = java_find_field(holder, name, descriptor);
    if (*field == NULL)
        return java_throw(thread, "java/lang/NoSuchFieldError", "%s", symbol_text(name));
    ArenaRef at = arena_ref(*field);
    if (caller != 0 && use != FIELD_OF_HANDLE)
        outcome = java_can_access_member(thread, caller, holder, (*field)->holder, (*field)->access_flags, &allowed);
    *field = ARENA(const JavaField, at);
    if (outcome == OUTCOME_DONE && !allowed)
        outcome = throw_field_access(thread, caller, *field);
    if (outcome == OUTCOME_DONE)
        outcome = check_field_use(thread, caller, *field, use, 0);
    if (outcome == OUTCOME_DONE && caller != 0)
        outcome = constraint_check(thread, caller, (*field)->holder, 0, name, descriptor);
    *field = ARENA(const JavaField, at);
    return outcome;
}

static bool pool_entry_is(const JavaClass *class, unsigned i, uint8_t a, uint8_t b)
{
    uint8_t tag = i != 0 && i < class->cp_count ? java_pool_tag(class, i) : 0;
    return tag != 0 && (tag == a || tag == b);
}

Outcome java_resolve_field(Thread *thread, uint32_t class_index, unsigned cp_index, enum JavaFieldUse use, uint32_t in_method,
                           const JavaField **field)
{
    const JavaClass *class = java_class_at(class_index);
    uint32_t holder;
    Outcome outcome;

    if (!pool_entry_is(class, cp_index, CONSTANT_FIELD, CONSTANT_FIELD))
        return java_throw(thread, "java/lang/ClassFormatError", "no field at constant pool index %u in class file %s", cp_index,
                          symbol_text(class->name));
    if (java_pool_resolved(class, cp_index) != 0) {
        *field = ARENA(const JavaField, java_pool_resolved(class, cp_index));
        return check_field_use(thread, class_index, *field, use, in_method);
    }
    if (find_error(class, cp_index) != NULL)
        return java_raise_recorded(thread, class_index, cp_index);
    JavaReference reference = java_pool_reference(class, cp_index);
    outcome = java_resolve_class(thread, class_index, reference.class_cp, &holder);
    if (outcome == OUTCOME_DONE)
        outcome = java_link_field(thread, class_index, holder, reference.name, reference.descriptor, use, field);
    if (outcome != OUTCOME_DONE)
        return fail(thread, class_index, cp_index, outcome);
    outcome = check_field_use(thread, class_index, *field, use, in_method);
    if (outcome == OUTCOME_DONE)
        java_pool_set_resolved(java_class_at(class_index), cp_index, arena_ref(*field));
    return outcome;
}

/* ---- methods ---- */

static const char *external(uint32_t holder, SymbolRef name, SymbolRef descriptor)
{
    return symbol_text(java_method_external_name(java_class_at(holder)->name, name, descriptor));
}

static const char *external_method(const JavaMethod *method)
{
    return external(method->method.holder, method->name, method->descriptor);
}

static Outcome throw_method_access(Thread *thread, uint32_t from, const JavaMethod *method, SymbolRef descriptor)
{
    unsigned flags = method->access_flags;
    uint32_t holder = method->method.holder;

    return java_throw(thread, "java/lang/IllegalAccessError", "class %s tried to access %s%s%smethod '%s' (%s)", java_class_external_name(from),
                      flags & ACCESS_ABSTRACT ? "abstract " : "", flags & ACCESS_PROTECTED ? "protected " : "",
                      flags & ACCESS_PRIVATE ? "private " : "", external(holder, method->name, descriptor), access_joint_place(from, holder));
}

static Outcome incompatible(Thread *thread, const char *format, const char *what)
{
    char message[1200];

    snprintf(message, sizeof message, format, what);
    return java_throw(thread, "java/lang/IncompatibleClassChangeError", "%s", message);
}

/* Is it the right kind of class, and the right kind of reference, for this call? */
static Outcome check_holder(Thread *thread, uint32_t holder, SymbolRef name, SymbolRef descriptor, enum JavaCallKind kind, int interface_ref)
{
    bool interface = java_class_is_interface(holder);

    if (kind == CALL_VIRTUAL_ && interface)
        return incompatible(thread, "Found interface %s, but class was expected", java_class_external_name(holder));
    if (kind == CALL_INTERFACE_ && !interface)
        return incompatible(thread, "Found class %s, but interface was expected", java_class_external_name(holder));
    if (interface_ref >= 0 && interface != (interface_ref != 0))
        return incompatible(thread, interface ? "Method '%s' must be InterfaceMethodref constant" : "Method '%s' must be Methodref constant",
                            external(holder, name, descriptor));
    return OUTCOME_DONE;
}

static Outcome check_method_kind(Thread *thread, const JavaMethod *method, enum JavaCallKind kind)
{
    bool is_static = (method->access_flags & ACCESS_STATIC) != 0;

    if (kind == CALL_STATIC_ && !is_static)
        return incompatible(thread, "Expected static method '%s'", external_method(method));
    if (kind != CALL_STATIC_ && is_static)
        return incompatible(thread,
                            kind == CALL_SPECIAL_ ? "Expected instance not static method '%s'"
                            : kind == CALL_INTERFACE_ ? "Expected instance not static method '%s'" : "Expecting non-static method '%s'",
                            external_method(method));
    return OUTCOME_DONE;
}

static Outcome link_method(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef name, SymbolRef descriptor, enum JavaCallKind kind,
                           int interface_ref, uint32_t *number)
{
    Outcome outcome = check_holder(thread, holder, name, descriptor, kind, interface_ref);
    bool allowed = true;

    if (outcome != OUTCOME_DONE)
        return outcome;
    *number = java_class_is_interface(holder) ? java_find_interface_method(holder, name, descriptor) : java_find_method(holder, name, descriptor);
    if (java_polymorphic_trusts(java_polymorphic_kind(java_class_at(holder)->name, name))) /* one method for all types, which its callers do not look up */
        *number = java_find_declared_method(holder, name, SYM(POLYMORPHIC_DESCRIPTOR));
    if (*number == 0)
        return java_throw(thread, "java/lang/NoSuchMethodError", "'%s'", external(holder, name, descriptor));
    const JavaMethod *method = java_method_at(*number);
    bool array_clone = java_class_is_array(holder) && name == SYM(CLONE);
    if (caller != 0 && !array_clone)
        outcome = java_can_access_member(thread, caller, holder, method->method.holder, method->access_flags, &allowed);
    if (outcome == OUTCOME_DONE && !allowed)
        outcome = throw_method_access(thread, caller, java_method_at(*number), descriptor);
    if (outcome == OUTCOME_DONE && name == SYM(INIT) && java_method_at(*number)->method.holder != holder) /* constructors are not inherited */
        outcome = java_throw(thread, "java/lang/NoSuchMethodError", "%s: method '%s' not found", java_class_external_name(holder),
                             symbol_text(java_method_external_name(0, name, descriptor)));
    if (outcome == OUTCOME_DONE)
        outcome = check_method_kind(thread, java_method_at(*number), kind);
    if (outcome == OUTCOME_DONE && caller != 0)
        outcome = constraint_check(thread, caller, java_method_at(*number)->method.holder, java_class_at(holder)->name, name, descriptor);
    return outcome;
}

Outcome java_link_method(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef name, SymbolRef descriptor, enum JavaCallKind kind,
                         bool holder_is_interface_ref, uint32_t *method)
{
    return link_method(thread, caller, holder, name, descriptor, kind, holder_is_interface_ref ? 1 : -1, method);
}

Outcome java_resolve_method(Thread *thread, uint32_t class_index, unsigned cp_index, enum JavaCallKind kind, uint32_t *method)
{
    const JavaClass *class = java_class_at(class_index);
    uint32_t holder;
    Outcome outcome;

    if (!pool_entry_is(class, cp_index, CONSTANT_METHOD, CONSTANT_INTERFACE_METHOD))
        return java_throw(thread, "java/lang/ClassFormatError", "no method at constant pool index %u in class file %s", cp_index,
                          symbol_text(class->name));
    JavaReference reference = java_pool_reference(class, cp_index);
    bool interface_ref = java_pool_tag(class, cp_index) == CONSTANT_INTERFACE_METHOD;
    *method = java_pool_resolved(class, cp_index);
    if (*method != 0) {
        holder = java_pool_resolved(class, reference.class_cp);
        if (holder != 0) {
            outcome = check_holder(thread, holder, reference.name, reference.descriptor, kind, interface_ref);
            return outcome == OUTCOME_DONE ? check_method_kind(thread, java_method_at(*method), kind) : outcome;
        }
    }
    if (find_error(class, cp_index) != NULL)
        return java_raise_recorded(thread, class_index, cp_index);
    outcome = java_resolve_class(thread, class_index, reference.class_cp, &holder);
    if (outcome == OUTCOME_DONE)
        outcome = link_method(thread, class_index, holder, reference.name, reference.descriptor, kind, interface_ref, method);
    if (outcome != OUTCOME_DONE)
        return fail(thread, class_index, cp_index, outcome);
    java_pool_set_resolved(java_class_at(class_index), cp_index, *method);
    return OUTCOME_DONE;
}

/* The method that invokespecial calls: from the direct superclass on, when an inherited one is meant (JVMS 6.5). */
Outcome resolve_special(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *method)
{
    Outcome outcome = java_resolve_method(thread, class_index, cp_index, CALL_SPECIAL_, method);

    if (outcome != OUTCOME_DONE)
        return outcome;
    const JavaClass *class = java_class_at(class_index);
    const JavaMethod *resolved = java_method_at(*method);
    uint32_t through = java_pool_resolved(class, java_pool_reference(class, cp_index).class_cp), super = class_at(class_index)->super;
    if (resolved->name == SYM(INIT) || through == class_index || java_class_is_interface(through) || !java_is_subclass(class_index, through) ||
        (resolved->access_flags & ACCESS_PRIVATE))
        return OUTCOME_DONE;
    uint32_t selected = java_find_method(super, resolved->name, resolved->descriptor);
    if (selected == 0 || (java_method_at(selected)->access_flags & ACCESS_ABSTRACT))
        return java_throw(thread, "java/lang/AbstractMethodError", "'%s'", external(through, resolved->name, resolved->descriptor));
    *method = selected;
    return OUTCOME_DONE;
}

/* ---- strings ---- */

Outcome java_resolve_string(Thread *thread, uint32_t class_index, unsigned cp_index, Value *string)
{
    int slot = java_pool_slot(java_class_at(class_index), cp_index);
    Value there = java_constant(class_index, slot);

    if (there == 0) {
        there = java_string_intern_symbol(thread, java_pool_string(java_class_at(class_index), cp_index));
        if (there == 0)
            return OUTCOME_THROW;
        there = java_constant_set(class_index, slot, there);
    }
    *string = there;
    return OUTCOME_DONE;
}
