/* verify_types.c - verification types, assignability, the current frame, and the account of an error. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "java/verify.h"

/* ================================================================ types */

VerifyType verify_type_of(const char *descriptor, unsigned length)
{
    switch (*descriptor) {
    case 'Z': case 'B': case 'C': case 'S': case 'I': return TYPE(VERIFY_INT);
    case 'F': return TYPE(VERIFY_FLOAT);
    case 'J': return TYPE(VERIFY_LONG);
    case 'D': return TYPE(VERIFY_DOUBLE);
    case 'L': return type_object(java_symbol(descriptor + 1, length - 2));
    case '[': return type_object(java_symbol(descriptor, length));
    default: return TYPE(VERIFY_TOP);
    }
}

VerifyType verify_element_type(VerifyType array)
{
    const char *text = symbol_text((SymbolRef)array) + 1;
    unsigned length = symbol_length((SymbolRef)array) - 1;

    switch (*text) {
    case 'Z': return TYPE(VERIFY_BOOLEAN);
    case 'B': return TYPE(VERIFY_BYTE);
    case 'C': return TYPE(VERIFY_CHAR);
    case 'S': return TYPE(VERIFY_SHORT);
    default: return verify_type_of(text, length);
    }
}

uint32_t verify_load(Verifier *v, SymbolRef name)
{
    const JavaClass *class = java_class_at(v->class_index);
    uint32_t class_index = 0;

    if (class->name == name)
        return v->class_index;
    v->outcome = java_load_class(v->thread, class->loader, name, true, &class_index);
    return v->outcome == OUTCOME_DONE ? class_index : 0;
}

/* A class of this name takes it? Interfaces take every object, as Object does. */
static bool named_takes(Verifier *v, SymbolRef name, VerifyType from, bool protected_access)
{
    SymbolRef from_name = (SymbolRef)from;
    uint32_t to_class = verify_load(v, name), from_class;

    if (to_class == 0)
        return false;
    if (java_class_is_interface(to_class) &&
        (!protected_access || from_name != java_world()->wellknown_names[JAVA_CLASS_OBJECT]))
        return !type_is_array(from) || name == SYM(CLONEABLE_NAME) || name == SYM(SERIALIZABLE_NAME);
    if (type_is_array(from))
        return false;
    from_class = verify_load(v, from_name);
    return from_class != 0 && java_is_subclass(from_class, to_class);
}

/* Loops over array dimensions; what is left at the bottom decides. */
static bool reference_fits(Verifier *v, VerifyType from, VerifyType to, bool protected_access)
{
    for (;;) {
        if (from == to || type_kind(from) == VERIFY_NULL)
            return true;
        if (type_kind(to) == VERIFY_NULL || type_kind(from) != VERIFY_OBJECT || type_kind(to) != VERIFY_OBJECT)
            return false;
        if ((SymbolRef)to == java_world()->wellknown_names[JAVA_CLASS_OBJECT])
            return true;
        if (!type_is_array(to))
            return named_takes(v, (SymbolRef)to, from, protected_access);
        if (!type_is_array(from))
            return false;
        from = verify_element_type(from);
        to = verify_element_type(to);
    }
}

bool verify_is_assignable(Verifier *v, VerifyType from, VerifyType to, bool protected_access)
{
    enum VerifyKind kind = type_kind(from);

    if (from == to)
        return true;
    switch (type_kind(to)) {
    case VERIFY_TOP:
        return true;
    case VERIFY_ANY_REFERENCE:
        return type_is_reference(from) || kind == VERIFY_UNINIT || kind == VERIFY_UNINIT_THIS;
    case VERIFY_STORABLE:
        return kind == VERIFY_RETURN || verify_is_assignable(v, from, TYPE(VERIFY_ANY_REFERENCE), false);
    case VERIFY_CATEGORY_1:
        return kind == VERIFY_RETURN || kind == VERIFY_INT || kind == VERIFY_FLOAT || type_is_reference(from) || kind == VERIFY_UNINIT || kind == VERIFY_UNINIT_THIS;
    case VERIFY_CATEGORY_2:
        return kind == VERIFY_LONG || kind == VERIFY_DOUBLE;
    case VERIFY_CATEGORY_2_2:
        return kind == VERIFY_LONG_2 || kind == VERIFY_DOUBLE_2;
    case VERIFY_NULL: case VERIFY_OBJECT:
        return type_is_reference(from) && reference_fits(v, from, to, protected_access);
    default:
        return false;
    }
}

/* ================================================================ the current frame */

bool verify_push(Verifier *v, VerifyType type)
{
    if (v->current.stack_count >= v->max_stack)
        return verify_fail(v, FAULT_OVERFLOW, "Operand stack overflow");
    v->current.stack[v->current.stack_count++] = type;
    return true;
}

static VerifyType second_half(VerifyType type)
{
    return type_kind(type) == VERIFY_LONG ? TYPE(VERIFY_LONG_2) : TYPE(VERIFY_DOUBLE_2);
}

static bool is_wide(VerifyType type)
{
    return type_kind(type) == VERIFY_LONG || type_kind(type) == VERIFY_DOUBLE;
}

bool verify_push_value(Verifier *v, VerifyType type)
{
    return verify_push(v, type) && (!is_wide(type) || verify_push(v, second_half(type)));
}

VerifyType verify_pop(Verifier *v, VerifyType wanted)
{
    VerifyFrame *frame = &v->current;

    if (!VERIFY_GOES_ON(v))
        return TYPE(VERIFY_TOP);
    if (frame->stack_count == 0) {
        verify_fail(v, FAULT_UNDERFLOW, "Operand stack underflow");
        return TYPE(VERIFY_TOP);
    }
    VerifyPlace place = verify_stack_top(v);
    bool fits = verify_is_assignable(v, place.type, wanted, false);
    frame->stack_count--;
    if (!fits && VERIFY_GOES_ON(v))
        verify_fail_type(v, place, (VerifyPlace){ORIGIN_IMPLICIT, 0, wanted}, NULL, "Bad type on operand stack");
    return fits ? place.type : TYPE(VERIFY_TOP);
}

/* Of a long or double both halves are looked at; if both are wrong, the error is that of the lower one. */
void verify_pop_value(Verifier *v, VerifyType wanted)
{
    Bytes upper = {0};

    if (is_wide(wanted) && VERIFY_GOES_ON(v)) {
        (void)verify_pop(v, second_half(wanted));
        if (v->failed) {
            upper = v->message;
            v->message = (Bytes){0};
            v->failed = false;
        }
    }
    (void)verify_pop(v, wanted);
    if (upper.data != NULL && !v->failed) {
        v->failed = true;
        v->message = upper;
    } else {
        bytes_free(&upper);
    }
}

bool verify_set_local(Verifier *v, unsigned index, VerifyType type)
{
    VerifyFrame *frame = &v->current;

    if (!VERIFY_GOES_ON(v))
        return false;
    if (index >= v->max_locals)
        return verify_fail_frames(v, FAULT_LOCAL, (int)index, NULL, NULL, "Local variable table overflow");
    enum VerifyKind old = type_kind(frame->locals[index]);
    if ((old == VERIFY_LONG || old == VERIFY_DOUBLE) && index + 1 < v->max_locals)
        frame->locals[index + 1] = TYPE(VERIFY_TOP);
    if ((old == VERIFY_LONG_2 || old == VERIFY_DOUBLE_2) && index > 0)
        frame->locals[index - 1] = TYPE(VERIFY_TOP);
    frame->locals[index] = type;
    if (index >= frame->local_count)
        frame->local_count = (uint16_t)(index + 1);
    return true;
}

bool verify_set_local_value(Verifier *v, unsigned index, VerifyType type)
{
    if (!is_wide(type))
        return verify_set_local(v, index, type);
    if (index + 1 >= v->max_locals)
        return verify_fail_frames(v, FAULT_LOCAL, (int)index, NULL, NULL, "Local variable table overflow");
    return verify_set_local(v, index + 1, TYPE(VERIFY_TOP)) && verify_set_local(v, index, type) &&
           (v->current.locals[index + 1] = second_half(type), v->current.local_count = v->current.local_count > index + 2
                                                                                           ? v->current.local_count
                                                                                           : (uint16_t)(index + 2),
            true);
}

VerifyType verify_get_local(Verifier *v, unsigned index, VerifyType wanted)
{
    const VerifyFrame *frame = &v->current;

    if (!VERIFY_GOES_ON(v))
        return TYPE(VERIFY_TOP);
    if (is_wide(wanted) ? index + 1 >= frame->local_count : index >= v->max_locals) {
        verify_fail_frames(v, FAULT_LOCAL, (int)index, NULL, NULL,
                           is_wide(wanted) ? "get long/double overflows locals" : "Local variable table overflow");
        return TYPE(VERIFY_TOP);
    }
    VerifyType type = frame->locals[index];
    bool fits = verify_is_assignable(v, type, wanted, false);
    if (fits && is_wide(wanted))
        fits = frame->locals[index + 1] == second_half(wanted);
    if (!fits && VERIFY_GOES_ON(v))
        verify_fail_type(v, (VerifyPlace){ORIGIN_LOCALS, (int)index, type}, (VerifyPlace){ORIGIN_IMPLICIT, 0, wanted}, NULL,
                         "Bad local variable type");
    return type;
}

/* ---- frames against frames ---- */

static bool fail(Verifier *v, enum VerifyFault fault, int index, const VerifyPlace *type, const VerifyPlace *wanted, const VerifyFrame *frame,
                 const VerifyFrame *map, const char *format, va_list arguments);

/* The place of such an error is the map's frame. */
static bool fail_slots(Verifier *v, VerifyPlace type, VerifyPlace wanted, const VerifyFrame *frame, const VerifyFrame *target, const char *format, ...)
{
    uint32_t pc = v->pc;
    va_list arguments;

    va_start(arguments, format);
    v->pc = target->pc;
    fail(v, type.origin == ORIGIN_NONE ? FAULT_FLAGS : FAULT_TYPE, 0, &type, &wanted, frame, target, format, arguments);
    v->pc = pc;
    va_end(arguments);
    return false;
}

static bool slots_fit(Verifier *v, const VerifyType *from, const VerifyType *to, unsigned count, int *mismatch)
{
    for (unsigned i = 0; i < count; i++)
        if (!verify_is_assignable(v, from[i], to[i], false)) {
            *mismatch = (int)i;
            return false;
        }
    return true;
}

bool verify_frame_fits(Verifier *v, const VerifyFrame *frame, const VerifyFrame *target, const char *headline)
{
    int at = 0;

    if (frame->stack_count != target->stack_count)
        return verify_fail_frames(v, FAULT_STACK_SIZE, 0, frame, target, "%s", headline);
    bool fits = slots_fit(v, frame->locals, target->locals, target->local_count, &at);
    if (!VERIFY_GOES_ON(v))
        return false;
    if (!fits)
        return fail_slots(v, (VerifyPlace){ORIGIN_LOCALS, at, frame->locals[at]}, (VerifyPlace){ORIGIN_MAP_LOCALS, at, target->locals[at]}, frame,
                          target, "%s", headline);
    fits = slots_fit(v, frame->stack, target->stack, target->stack_count, &at);
    if (!VERIFY_GOES_ON(v))
        return false;
    if (!fits)
        return fail_slots(v, (VerifyPlace){ORIGIN_STACK, at, frame->stack[at]}, (VerifyPlace){ORIGIN_MAP_STACK, at, target->stack[at]}, frame,
                          target, "%s", headline);
    if (frame->this_uninit && !target->this_uninit)
        return fail_slots(v, (VerifyPlace){ORIGIN_NONE, 0, 0}, (VerifyPlace){ORIGIN_NONE, 0, 0}, frame, target, "%s", headline);
    return true;
}

/* ================================================================ the account of an error */

static void append_type(Bytes *text, VerifyType type)
{
    static const char *const names[] = {"top", "integer", "float", "long", "long_2nd", "double", "double_2nd", "null", "uninitializedThis",
                                        "uninitialized", "", "boolean", "byte", "char", "short", "return address", "reference type", "category1 type",
                                        "category2 type", "category2 second type", "reference type"};
    if (type_kind(type) == VERIFY_OBJECT)
        (void)bytes_append_format(text, "'%s'", symbol_text((SymbolRef)type));
    else if (type_kind(type) == VERIFY_UNINIT)
        (void)bytes_append_format(text, "uninitialized %u", (unsigned)(uint32_t)type);
    else
        (void)bytes_append_text(text, names[type_kind(type)]);
}

static void append_place(Bytes *text, const VerifyPlace *place)
{
    append_type(text, place->type);
    switch (place->origin) {
    case ORIGIN_LOCALS: (void)bytes_append_format(text, " (current frame, locals[%d])", place->index); break;
    case ORIGIN_STACK: (void)bytes_append_format(text, " (current frame, stack[%d])", place->index); break;
    case ORIGIN_MAP_LOCALS: (void)bytes_append_format(text, " (stack map, locals[%d])", place->index); break;
    case ORIGIN_MAP_STACK: (void)bytes_append_format(text, " (stack map, stack[%d])", place->index); break;
    case ORIGIN_POOL: (void)bytes_append_format(text, " (constant pool %d)", place->index); break;
    case ORIGIN_SIGNATURE: (void)bytes_append_text(text, " (from method signature)"); break;
    default: break;
    }
}

static void append_slots(Bytes *text, const char *name, const VerifyType *slots, unsigned count)
{
    (void)bytes_append_format(text, "    %s: {", name);
    for (unsigned i = 0; i < count; i++) {
        (void)bytes_append_text(text, i == 0 ? " " : ", ");
        append_type(text, slots[i]);
    }
    (void)bytes_append_text(text, " }\n");
}

static void append_frame(Bytes *text, const char *title, const VerifyFrame *frame, unsigned stack_count)
{
    (void)bytes_append_format(text, "  %s:\n    bci: @%u\n    flags: {%s }\n", title, frame->pc, frame->this_uninit ? " flagThisUninit" : "");
    append_slots(text, "locals", frame->locals, frame->local_count);
    append_slots(text, "stack", frame->stack, stack_count);
}

static void append_code(const Verifier *v, Bytes *text)
{
    (void)bytes_append_text(text, "  Bytecode:\n");
    for (uint32_t i = 0; i < (v->length + 16) / 16 * 16; i++) {
        if (i % 16 == 0)
            (void)bytes_append_format(text, "    %07x:", i);
        if (i % 2 == 0)
            (void)bytes_append_text(text, " ");
        if (i < v->length)
            (void)bytes_append_format(text, "%02x", v->code[i]);
        else
            (void)bytes_append_text(text, "  ");
        if (i % 16 == 15)
            (void)bytes_append_text(text, "\n");
    }
    if (v->exception_count != 0)
        (void)bytes_append_text(text, "  Exception Handler Table:\n");
    for (uint32_t i = 0; i < v->exception_count; i++)
        (void)bytes_append_format(text, "    bci [%u, %u] => handler: %u\n", read_be16(v->exceptions + 8 * i), read_be16(v->exceptions + 8 * i + 2),
                                  read_be16(v->exceptions + 8 * i + 4));
}

static void append_reason(Bytes *text, enum VerifyFault fault, int index, const VerifyPlace *type, const VerifyPlace *wanted, bool has_map)
{
    switch (fault) {
    case FAULT_TYPE:
        if (wanted->origin != ORIGIN_NONE) {
            (void)bytes_append_text(text, "Type ");
            append_place(text, type);
            (void)bytes_append_text(text, " is not assignable to ");
            append_place(text, wanted);
        } else {
            (void)bytes_append_text(text, "Invalid type: ");
            append_place(text, type);
        }
        break;
    case FAULT_FLAGS:
        (void)bytes_append_text(text, has_map ? "Current frame's flags are not assignable to stack map frame's."
                                              : "Current frame's flags are invalid in this context.");
        break;
    case FAULT_POOL: (void)bytes_append_format(text, "Constant pool index %d is invalid", index); break;
    case FAULT_LOCAL: (void)bytes_append_format(text, "Local index %d is invalid", index); break;
    case FAULT_LOCALS_SIZE: (void)bytes_append_text(text, "Current frame's local size doesn't match stackmap."); break;
    case FAULT_STACK_SIZE: (void)bytes_append_text(text, "Current frame's stack size doesn't match stackmap."); break;
    case FAULT_OVERFLOW: (void)bytes_append_text(text, "Exceeded max stack size."); break;
    case FAULT_UNDERFLOW: (void)bytes_append_text(text, "Attempt to pop empty stack."); break;
    case FAULT_NO_MAP: (void)bytes_append_text(text, "Expected stackmap frame at this location."); break;
    case FAULT_BAD_MAP: (void)bytes_append_text(text, "Invalid stackmap specification."); break;
    case FAULT_BYTECODE: (void)bytes_append_text(text, "Error exists in the bytecode"); break;
    default: (void)bytes_append_text(text, "Unknown"); break;
    }
    (void)bytes_append_text(text, "\n");
}

static bool fail(Verifier *v, enum VerifyFault fault, int index, const VerifyPlace *type, const VerifyPlace *wanted, const VerifyFrame *frame,
                 const VerifyFrame *map, const char *format, va_list arguments)
{
    const JavaMethod *method = java_method_at(v->method);
    Bytes *text = &v->message;
    char headline[512];

    if (!VERIFY_GOES_ON(v))
        return false;
    v->failed = true;
    v->error_class = "java/lang/VerifyError";
    vsnprintf(headline, sizeof headline, format, arguments);
    if (v->infer) {
        verify_append_old_message(v, text, fault, index, type, wanted, headline);
        return false;
    }
    (void)bytes_append_format(text, "%s\nException Details:\n  Location:\n    %s.%s%s @%u: %s\n  Reason:\n    ", headline,
                              symbol_text(java_class_at(v->class_index)->name), symbol_text(method->name), symbol_text(method->descriptor), v->pc,
                              v->pc < v->length ? verify_operation_name(v->code[v->pc]) : "<illegal>");
    append_reason(text, fault, index, type, wanted, map != NULL);
    if (frame != NULL)
        append_frame(text, "Current Frame", frame, frame->stack == v->current.stack ? v->mark : frame->stack_count);
    if (map != NULL)
        append_frame(text, "Stackmap Frame", map, map->stack_count);
    append_code(v, text);
    verify_append_map(v, text);
    return false;
}

bool verify_fail(Verifier *v, enum VerifyFault fault, const char *format, ...)
{
    static const VerifyPlace none;
    va_list arguments;

    va_start(arguments, format);
    fail(v, fault, 0, &none, &none, fault == FAULT_OVERFLOW || fault == FAULT_UNDERFLOW ? &v->current : NULL, NULL, format, arguments);
    va_end(arguments);
    return false;
}

bool verify_fail_type(Verifier *v, VerifyPlace type, VerifyPlace wanted, const VerifyFrame *map, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fail(v, FAULT_TYPE, 0, &type, &wanted, type.origin == ORIGIN_LOCALS || type.origin == ORIGIN_STACK || map != NULL ? &v->current : NULL, map,
         format, arguments);
    va_end(arguments);
    return false;
}

bool verify_fail_frames(Verifier *v, enum VerifyFault fault, int index, const VerifyFrame *frame, const VerifyFrame *map, const char *format, ...)
{
    static const VerifyPlace none;
    va_list arguments;

    va_start(arguments, format);
    fail(v, fault, index, &none, &none, frame, map, format, arguments);
    va_end(arguments);
    return false;
}

bool verify_format_error(Verifier *v, const char *format, ...)
{
    va_list arguments;
    char text[512];

    if (!VERIFY_GOES_ON(v))
        return false;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    v->failed = true;
    v->error_class = CLASS_FORMAT_ERROR;
    (void)bytes_append_format(&v->message, "%s in method '%s'", text,
                              symbol_text(java_method_external_name(java_class_at(v->class_index)->name, java_method_at(v->method)->name,
                                                                    java_method_at(v->method)->descriptor)));
    return false;
}
