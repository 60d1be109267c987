/* verify_code.c - the rule of each instruction (JVMS 4.10.1.9), in one pass over the code of a method. */
#include <string.h>

#include "java/verify.h"

enum Bytecode {
#define BYTECODE(name, effect) BYTE_##name,
#include "java/bytecodes.def"
#undef BYTECODE
    BYTECODE_COUNT
};
static const struct {
    const char *name, *effect;
} bytecodes[] = {
#define BYTECODE(name, effect) {#name, effect},
#include "java/bytecodes.def"
#undef BYTECODE
};
_Static_assert(BYTECODE_COUNT == 202, "an instruction is missing");

const char *verify_operation_name(uint8_t operation)
{
    return operation < BYTECODE_COUNT ? bytecodes[operation].name : "<illegal>";
}

#define INT TYPE(VERIFY_INT)
#define FLOAT TYPE(VERIFY_FLOAT)
#define LONG TYPE(VERIFY_LONG)
#define DOUBLE TYPE(VERIFY_DOUBLE)
#define ANY_REFERENCE TYPE(VERIFY_ANY_REFERENCE)

static VerifyType wellknown(enum JavaWellknown which)
{
    return type_object(java_world()->wellknown_names[which]);
}
#define OBJECT_TYPE wellknown(JAVA_CLASS_OBJECT)

static const JavaClass *this_class(const Verifier *v)
{
    return java_class_at(v->class_index);
}
static VerifyType this_type(const Verifier *v)
{
    return type_object(this_class(v)->name);
}
static unsigned operand_u1(const Verifier *v)
{
    return v->code[v->pc + 1];
}
static unsigned operand_u2(const Verifier *v)
{
    return read_be16(v->code + v->pc + 1);
}

/* ================================================================ control flow */

bool verify_jump(Verifier *v, int32_t offset)
{
    int64_t target = (int64_t)v->pc + offset;
    char headline[96];

    if (offset < -UINT16_MAX || offset > UINT16_MAX)
        return verify_fail(v, FAULT_BYTECODE, "Illegal target of jump or branch (bci %u + offset %d)", v->pc, offset);
    VerifyFrame *frame = target >= 0 && target < v->length ? verify_find_frame(v, (uint32_t)target) : NULL;

    if (frame == NULL)
        return verify_fail(v, FAULT_NO_MAP, v->infer ? "Illegal target of jump or branch" : "Expecting a stackmap frame at branch target %d",
                           (int)target);
    if (v->infer)
        return verify_merge(v, &v->current, frame);
    snprintf(headline, sizeof headline, "Inconsistent stackmap frames at branch target %d", (int)target);
    return verify_frame_fits(v, &v->current, frame, headline);
}

static bool check_branch(Verifier *v, bool wide)
{
    int32_t distance = wide ? (int32_t)read_be32(v->code + v->pc + 1) : (int16_t)operand_u2(v);
    return verify_jump(v, distance);
}

static bool check_switch(Verifier *v, uint8_t operation)
{
    uint32_t at = (v->pc & ~3u) + 4;
    int32_t first = (int32_t)read_be32(v->code + at + 4);
    bool table = operation == BYTE_tableswitch;
    int64_t count = table ? (int64_t)(int32_t)read_be32(v->code + at + 8) - first + 1 : first, before = INT64_MIN;

    for (uint32_t pad = v->pc + 1; pad < at; pad++)
        if (v->code[pad] != 0 && this_class(v)->major < 51)
            return verify_fail(v, FAULT_BYTECODE, "Nonzero padding byte in lookupswitch or tableswitch");
    (void)verify_pop(v, INT);
    if (!VERIFY_GOES_ON(v) || !verify_jump(v, (int32_t)read_be32(v->code + at)))
        return false;
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *entry = table ? v->code + at + 12 + 4 * i : v->code + at + 8 + 8 * i;
        if (!table) {
            int32_t key = (int32_t)read_be32(entry);
            if (key <= before)
                return verify_fail(v, FAULT_BYTECODE, "Bad lookupswitch instruction");
            before = key;
            entry += 4;
        }
        if (!verify_jump(v, (int32_t)read_be32(entry)))
            return false;
    }
    v->falls_through = false;
    return true;
}

/* The locals as they are now must fit each handler that covers the instruction. */
static bool check_handlers(Verifier *v)
{
    VerifyFrame frame = v->current;
    VerifyType thrown;

    frame.stack = &thrown;
    frame.stack_count = 1;
    frame.this_uninit = frame.this_uninit || v->initialized_this;
    for (uint32_t i = 0; i < v->exception_count; i++) {
        const uint8_t *entry = v->exceptions + 8 * i;
        unsigned handler = read_be16(entry + 4), type = read_be16(entry + 6);
        char headline[96];
        if (v->pc < read_be16(entry) || v->pc >= read_be16(entry + 2))
            continue;
        thrown = type != 0 ? type_object(java_pool_class_name(this_class(v), type)) : wellknown(JAVA_CLASS_THROWABLE);
        VerifyFrame *target = verify_find_frame(v, handler);
        if (target != NULL && v->infer) {
            if (!verify_merge(v, &frame, target))
                return false;
            continue;
        }
        if (target == NULL)
            return verify_fail(v, FAULT_NO_MAP, "Expecting a stackmap frame at branch target %u", handler);
        snprintf(headline, sizeof headline, "Stack map does not match the one at exception handler %u", handler);
        if (!verify_frame_fits(v, &frame, target, headline))
            return false;
    }
    return true;
}

/* Is the frame that the map has here what comes from before? Then it is the current one. */
static bool enter_map_frame(Verifier *v)
{
    VerifyFrame *frame = v->frame_next < v->frame_count ? &v->frames[v->frame_next] : NULL;

    if (frame == NULL || frame->pc != v->pc) {
        if (!v->falls_through && !v->infer)
            return verify_fail(v, FAULT_NO_MAP, "Expecting a stack map frame");
        return true;
    }
    if (v->infer) {
        if (v->falls_through && !verify_merge(v, &v->current, frame))
            return false;
        v->falls_through = frame->reached;
    } else if (v->falls_through && !verify_frame_fits(v, &v->current, frame, "Instruction type does not match stack map"))
        return false;
    memcpy(v->current.locals, frame->locals, v->max_locals * sizeof(VerifyType));
    memcpy(v->current.stack, frame->stack, v->max_stack * sizeof(VerifyType));
    v->current.local_count = frame->local_count;
    v->current.stack_count = frame->stack_count;
    v->current.this_uninit = frame->this_uninit;
    v->frame_next++;
    return true;
}

/* ================================================================ simple ones, loads and stores */

static VerifyType effect_type(char letter)
{
    switch (letter) {
    case 'I': return INT;
    case 'F': return FLOAT;
    case 'J': return LONG;
    case 'D': return DOUBLE;
    case 'N': return TYPE(VERIFY_NULL);
    default: return ANY_REFERENCE;
    }
}

static void apply_effect(Verifier *v, const char *effect)
{
    const char *arrow = strchr(effect, '>');

    for (const char *at = arrow; at-- > effect && VERIFY_GOES_ON(v);)
        verify_pop_value(v, effect_type(*at));
    for (const char *at = arrow + 1; *at != 0 && VERIFY_GOES_ON(v); at++)
        (void)verify_push_value(v, effect_type(*at));
}

static const VerifyType variable_types[] = {INT, LONG, FLOAT, DOUBLE, ANY_REFERENCE};

static void load(Verifier *v, unsigned which, unsigned index)
{
    VerifyType wanted = variable_types[which], type = verify_get_local(v, index, wanted);

    if (VERIFY_GOES_ON(v))
        (void)verify_push_value(v, which == 4 ? type : wanted);
}

static void store(Verifier *v, unsigned which, unsigned index)
{
    VerifyType wanted = variable_types[which];

    if (which == 4)
        wanted = verify_pop(v, v->infer ? TYPE(VERIFY_STORABLE) : wanted);
    else
        verify_pop_value(v, wanted);
    if (VERIFY_GOES_ON(v))
        (void)verify_set_local_value(v, index, wanted);
}

static void increment(Verifier *v, unsigned index)
{
    (void)verify_get_local(v, index, INT);
    if (VERIFY_GOES_ON(v))
        (void)verify_set_local(v, index, INT);
}

/* ---- array elements ---- */

static const char *const element_arrays[] = {"[I", "[J", "[F", "[D", NULL, "[B", "[C", "[S"};

static bool is_array_for(VerifyType array, unsigned which)
{
    const char *text;

    if (type_kind(array) == VERIFY_NULL)
        return true;
    if (!type_is_array(array))
        return false;
    text = symbol_text((SymbolRef)array);
    if (which == 4)
        return text[1] == 'L' || text[1] == '[';
    return strcmp(text, element_arrays[which]) == 0 || (which == 5 && strcmp(text, "[Z") == 0);
}

static VerifyType pop_array(Verifier *v, unsigned which)
{
    VerifyType array = verify_pop(v, ANY_REFERENCE);

    if (VERIFY_GOES_ON(v) && !is_array_for(array, which)) {
        VerifyPlace place = {ORIGIN_STACK, v->current.stack_count, array}, wanted = {ORIGIN_IMPLICIT, 0, ANY_REFERENCE};
        if (which == 5)
            wanted.origin = ORIGIN_NONE;
        else if (which != 4)
            wanted.type = type_object(java_symbol_text(element_arrays[which]));
        verify_fail_type(v, place, wanted, NULL, "Bad type on operand stack in %s", bytecodes[v->code[v->pc]].name);
    }
    return array;
}

static VerifyType element_value_type(unsigned which)
{
    return which == 1 ? LONG : which == 2 ? FLOAT : which == 3 ? DOUBLE : INT;
}

static void load_element(Verifier *v, unsigned which)
{
    (void)verify_pop(v, INT);
    VerifyType array = pop_array(v, which);
    if (!VERIFY_GOES_ON(v))
        return;
    if (which != 4)
        (void)verify_push_value(v, element_value_type(which));
    else
        (void)verify_push(v, type_kind(array) == VERIFY_NULL ? array : verify_element_type(array));
}

static void store_element(Verifier *v, unsigned which)
{
    verify_pop_value(v, which == 4 ? OBJECT_TYPE : element_value_type(which));
    (void)verify_pop(v, INT);
    (void)pop_array(v, which);
}

/* ================================================================ the stack itself */

static bool is_category_1(VerifyType type)
{
    enum VerifyKind kind = type_kind(type);
    return kind == VERIFY_RETURN || kind == VERIFY_INT || kind == VERIFY_FLOAT || type_is_reference(type) || kind == VERIFY_UNINIT || kind == VERIFY_UNINIT_THIS;
}
static bool is_second_half(VerifyType type)
{
    return type_kind(type) == VERIFY_LONG_2 || type_kind(type) == VERIFY_DOUBLE_2;
}

/* Pops one or two slots that are whole values into slots (lowest first). */
static bool pop_slots(Verifier *v, unsigned count, VerifyType *slots)
{
    VerifyType top = verify_pop(v, count == 1 ? TYPE(VERIFY_CATEGORY_1) : TYPE(VERIFY_TOP));

    slots[count - 1] = top;
    if (count == 1 || !VERIFY_GOES_ON(v))
        return VERIFY_GOES_ON(v);
    if (is_category_1(top) || is_second_half(top))
        slots[0] = verify_pop(v, is_category_1(top) ? TYPE(VERIFY_CATEGORY_1) : TYPE(VERIFY_CATEGORY_2));
    else
        verify_fail_type(v, (VerifyPlace){ORIGIN_STACK, v->current.stack_count, top}, (VerifyPlace){ORIGIN_NONE, 0, 0}, NULL,
                         "Bad type on operand stack in %s", bytecodes[v->code[v->pc]].name);
    return VERIFY_GOES_ON(v);
}

static void push_slots(Verifier *v, const VerifyType *slots, unsigned count)
{
    for (unsigned i = 0; i < count && VERIFY_GOES_ON(v); i++)
        (void)verify_push(v, slots[i]);
}

/* dup and its kin: `count` slots are copied below `below` others. */
static void duplicate(Verifier *v, unsigned count, unsigned below)
{
    VerifyType top[2], under[2];

    if (!pop_slots(v, count, top) || (below != 0 && !pop_slots(v, below, under)))
        return;
    push_slots(v, top, count);
    push_slots(v, under, below);
    push_slots(v, top, count);
}

static void swap(Verifier *v)
{
    VerifyType a = verify_pop(v, TYPE(VERIFY_CATEGORY_1)), b = verify_pop(v, TYPE(VERIFY_CATEGORY_1));

    push_slots(v, &a, 1);
    push_slots(v, &b, 1);
}

/* ================================================================ constants, classes */

static bool check_pool(Verifier *v, unsigned index, uint32_t allowed_tags)
{
    const JavaClass *class = this_class(v);
    uint8_t tag = index != 0 && index < class->cp_count ? java_pool_tag(class, index) : 0;

    if (tag != 0 && (allowed_tags >> tag & 1))
        return true;
    if (index == 0 || index >= class->cp_count)
        return verify_fail_frames(v, FAULT_POOL, (int)index, NULL, NULL, "Illegal constant pool index %u in class %s", index,
                                  symbol_text(class->name));
    return verify_fail_frames(v, FAULT_POOL, (int)index, NULL, NULL, "Illegal type at constant pool entry %u in class %s", index,
                              symbol_text(class->name));
}
#define TAG(name) (1u << CONSTANT_##name)

static void load_constant(Verifier *v, unsigned index, bool two_slots)
{
    if (!check_pool(v, index, two_slots ? TAG(LONG) | TAG(DOUBLE) | TAG(DYNAMIC)
                                        : TAG(INTEGER) | TAG(FLOAT) | TAG(STRING) | TAG(CLASS) | TAG(METHOD_HANDLE) | TAG(METHOD_TYPE) | TAG(DYNAMIC)))
        return;
    VerifyType type;
    switch (java_pool_tag(this_class(v), index)) {
    case CONSTANT_INTEGER: type = INT; break;
    case CONSTANT_FLOAT: type = FLOAT; break;
    case CONSTANT_LONG: type = LONG; break;
    case CONSTANT_DOUBLE: type = DOUBLE; break;
    case CONSTANT_STRING: type = wellknown(JAVA_CLASS_STRING); break;
    case CONSTANT_CLASS: type = wellknown(JAVA_CLASS_CLASS); break;
    case CONSTANT_METHOD_HANDLE: type = wellknown(JAVA_CLASS_METHOD_HANDLE); break;
    case CONSTANT_METHOD_TYPE: type = wellknown(JAVA_CLASS_METHOD_TYPE); break;
    default: {
        SymbolRef descriptor = java_pool_reference(this_class(v), index).descriptor;
        type = verify_type_of(symbol_text(descriptor), symbol_length(descriptor));
        if ((type_kind(type) == VERIFY_LONG || type_kind(type) == VERIFY_DOUBLE) != two_slots) {
            verify_fail_frames(v, FAULT_POOL, (int)index, NULL, NULL, "Illegal type at constant pool entry %u in class %s", index,
                               symbol_text(this_class(v)->name));
            return;
        }
    }
    }
    (void)verify_push_value(v, type);
}

static VerifyType pool_type(const Verifier *v, unsigned index)
{
    return type_object(java_pool_class_name(this_class(v), index));
}

static void new_object(Verifier *v)
{
    VerifyType type = TYPE(VERIFY_UNINIT) | v->pc;
    unsigned index = operand_u2(v);

    if (!check_pool(v, index, TAG(CLASS)))
        return;
    if (type_is_array(pool_type(v, index))) {
        verify_fail_type(v, (VerifyPlace){ORIGIN_POOL, (int)index, pool_type(v, index)}, (VerifyPlace){ORIGIN_NONE, 0, 0}, NULL,
                         "Illegal new instruction");
        return;
    }
    for (unsigned i = 0; i < v->current.stack_count; i++)
        if (v->current.stack[i] == type) {
            verify_fail(v, FAULT_BYTECODE, "Uninitialized object exists on backward branch %u", v->pc);
            return;
        }
    for (unsigned i = 0; i < v->current.local_count; i++)
        if (v->current.locals[i] == type)
            v->current.locals[i] = TYPE(VERIFY_TOP);
    (void)verify_push(v, type);
}

static void new_array(Verifier *v)
{
    static const char *const names[] = {"[Z", "[C", "[F", "[D", "[B", "[S", "[I", "[J"};
    unsigned code = operand_u1(v);

    if (code < 4 || code > 11) {
        verify_fail(v, FAULT_BYTECODE, "Illegal newarray instruction");
        return;
    }
    (void)verify_pop(v, INT);
    if (VERIFY_GOES_ON(v))
        (void)verify_push(v, type_object(java_symbol_text(names[code - 4])));
}

static VerifyType array_of(VerifyType element)
{
    const char *text = symbol_text((SymbolRef)element);
    return type_object(*text == '[' ? java_symbol_format("[%s", text) : java_symbol_format("[L%s;", text));
}

static unsigned dimensions(VerifyType type)
{
    const char *text = symbol_text((SymbolRef)type);
    unsigned count = 0;

    while (text[count] == '[')
        count++;
    return count;
}

static void new_reference_array(Verifier *v)
{
    unsigned index = operand_u2(v);

    if (!check_pool(v, index, TAG(CLASS)))
        return;
    if (dimensions(pool_type(v, index)) >= 255) {
        verify_fail(v, FAULT_BYTECODE, "Illegal anewarray instruction, array has more than 255 dimensions");
        return;
    }
    (void)verify_pop(v, INT);
    if (VERIFY_GOES_ON(v))
        (void)verify_push(v, array_of(pool_type(v, index)));
}

static void new_multi_array(Verifier *v)
{
    unsigned index = operand_u2(v), count = v->code[v->pc + 3];

    if (!check_pool(v, index, TAG(CLASS)))
        return;
    if (dimensions(pool_type(v, index)) < count || count == 0) {
        verify_fail(v, FAULT_BYTECODE, "Illegal dimension in multianewarray: %u", count);
        return;
    }
    for (unsigned i = 0; i < count; i++)
        (void)verify_pop(v, INT);
    if (VERIFY_GOES_ON(v))
        (void)verify_push(v, pool_type(v, index));
}

static void cast(Verifier *v, bool instance_of)
{
    unsigned index = operand_u2(v);

    if (!check_pool(v, index, TAG(CLASS)))
        return;
    (void)verify_pop(v, OBJECT_TYPE);
    if (VERIFY_GOES_ON(v))
        (void)verify_push(v, instance_of ? INT : pool_type(v, index));
}

static void array_length_of(Verifier *v)
{
    VerifyType array = verify_pop(v, ANY_REFERENCE);

    if (VERIFY_GOES_ON(v) && !type_is_array(array) && type_kind(array) != VERIFY_NULL) {
        VerifyPlace place = {ORIGIN_STACK, v->current.stack_count, array};
        verify_fail_type(v, place, (VerifyPlace){ORIGIN_NONE, 0, 0}, NULL, "Bad type on operand stack in arraylength");
    }
    if (VERIFY_GOES_ON(v))
        (void)verify_push(v, INT);
}

/* ================================================================ fields */

static bool is_super_name(const Verifier *v, SymbolRef name)
{
    for (uint32_t at = class_at(v->class_index)->super; at != 0; at = class_at(at)->super)
        if (java_class_at(at)->name == name)
            return true;
    return false;
}

static uint32_t super_named(const Verifier *v, SymbolRef name)
{
    for (uint32_t at = class_at(v->class_index)->super; at != 0; at = class_at(at)->super)
        if (java_class_at(at)->name == name)
            return at;
    return 0;
}

/* Does the reference mean a protected member of a superclass in another package? Then the object must be one of this
 * class (JVMS 4.10.1.8). */
static bool is_protected_access(const Verifier *v, const JavaReference *reference, bool method)
{
    uint32_t through = is_super_name(v, reference->class_name) ? super_named(v, reference->class_name) : 0, holder;
    unsigned flags;

    if (through == 0)
        return false;
    if (method) {
        uint32_t number = java_find_method(through, reference->name, reference->descriptor);
        if (number == 0)
            return false;
        holder = java_method_at(number)->method.holder;
        flags = java_method_at(number)->access_flags;
    } else {
        const JavaField *field = java_find_field(through, reference->name, reference->descriptor);
        if (field == NULL)
            return false;
        holder = field->holder;
        flags = field->access_flags;
    }
    return (flags & ACCESS_PROTECTED) && !java_same_package(holder, v->class_index);
}

/* Where a type was that has just been popped. */
static VerifyPlace popped(const Verifier *v, VerifyType type)
{
    return (VerifyPlace){ORIGIN_STACK, v->current.stack_count, type};
}

static void check_protected(Verifier *v, const JavaReference *reference, bool method, VerifyPlace object, const char *headline)
{
    if (!VERIFY_GOES_ON(v) || type_kind(object.type) == VERIFY_NULL || !is_protected_access(v, reference, method))
        return;
    if (method && type_is_array(object.type) && reference->name == SYM(CLONE))
        return;
    bool fits = verify_is_assignable(v, object.type, this_type(v), true);
    if (!fits && VERIFY_GOES_ON(v))
        verify_fail_type(v, object, (VerifyPlace){ORIGIN_IMPLICIT, 0, this_type(v)}, NULL, "%s", headline);
}

/* A field of this class may be set before super() is called. */
static bool is_early_field(const Verifier *v, const JavaReference *reference)
{
    return reference->class_name == this_class(v)->name &&
           java_find_declared_field(v->class_index, reference->name, reference->descriptor) != NULL &&
           java_method_at(v->method)->name == SYM(INIT);
}

static void access_field(Verifier *v, uint8_t operation)
{
    unsigned index = operand_u2(v);
    VerifyType type, object;

    if (!check_pool(v, index, TAG(FIELD)))
        return;
    JavaReference reference = java_pool_reference(this_class(v), index);
    type = verify_type_of(symbol_text(reference.descriptor), symbol_length(reference.descriptor));
    if (operation == BYTE_putfield || operation == BYTE_putstatic)
        verify_pop_value(v, type);
    if (operation == BYTE_getfield) {
        object = verify_pop(v, type_object(reference.class_name));
        check_protected(v, &reference, false, popped(v, object), "Bad access to protected data in getfield");
    } else if (operation == BYTE_putfield) {
        object = verify_pop(v, TYPE(VERIFY_TOP));
        if (VERIFY_GOES_ON(v) && type_kind(object) == VERIFY_UNINIT_THIS && is_early_field(v, &reference))
            return;
        bool fits = VERIFY_GOES_ON(v) && verify_is_assignable(v, object, type_object(reference.class_name), false);
        if (!fits && VERIFY_GOES_ON(v))
            verify_fail_type(v, popped(v, object), (VerifyPlace){ORIGIN_POOL, (int)index, type_object(reference.class_name)}, NULL,
                             "Bad type on operand stack in putfield");
        check_protected(v, &reference, false, popped(v, object), "Bad access to protected data in putfield");
    }
    if (VERIFY_GOES_ON(v) && (operation == BYTE_getfield || operation == BYTE_getstatic))
        (void)verify_push_value(v, type);
}

/* ================================================================ calls */

static void replace_everywhere(Verifier *v, VerifyType old, VerifyType now)
{
    for (unsigned i = 0; i < v->current.local_count; i++)
        if (v->current.locals[i] == old)
            v->current.locals[i] = now;
    for (unsigned i = 0; i < v->current.stack_count; i++)
        if (v->current.stack[i] == old)
            v->current.stack[i] = now;
}

static bool covered_by_handler(const Verifier *v)
{
    for (uint32_t i = 0; i < v->exception_count; i++)
        if (v->pc >= read_be16(v->exceptions + 8 * i) && v->pc < read_be16(v->exceptions + 8 * i + 2))
            return true;
    return false;
}

static void call_constructor(Verifier *v, const JavaReference *reference, unsigned index)
{
    VerifyType object = verify_pop(v, ANY_REFERENCE);
    VerifyPlace place = {ORIGIN_STACK, v->current.stack_count, object};

    if (!VERIFY_GOES_ON(v))
        return;
    if (type_kind(object) == VERIFY_UNINIT_THIS) {
        if (reference->class_name != this_class(v)->name && reference->class_name != v->super_name) {
            verify_fail_type(v, (VerifyPlace){ORIGIN_IMPLICIT, 0, this_type(v)}, (VerifyPlace){ORIGIN_POOL, (int)index, type_object(reference->class_name)},
                             NULL, "Bad <init> method call");
            return;
        }
        if (this_class(v)->major >= 51 && covered_by_handler(v)) { /* an exception out of it must not be caught and passed over */
            if (!check_handlers(v))
                return;
        }
        replace_everywhere(v, object, this_type(v));
        v->current.this_uninit = false;
        v->initialized_this = true;
    } else if (type_kind(object) == VERIFY_UNINIT) {
        unsigned at = (uint32_t)object;
        VerifyType made = pool_type(v, read_be16(v->code + at + 1));
        if ((SymbolRef)made != reference->class_name) {
            verify_fail_type(v, (VerifyPlace){ORIGIN_POOL, read_be16(v->code + at + 1), made},
                             (VerifyPlace){ORIGIN_POOL, (int)index, type_object(reference->class_name)}, NULL, "Call to wrong <init> method");
            return;
        }
        VerifyPlace named = {ORIGIN_POOL, read_be16(v->code + at + 1), made};
        check_protected(v, reference, true, named, "Bad access to protected <init> method");
        if (!VERIFY_GOES_ON(v))
            return;
        replace_everywhere(v, object, made);
    } else {
        verify_fail_type(v, place, (VerifyPlace){ORIGIN_NONE, 0, 0}, NULL, "Bad operand type when invoking <init>");
    }
}

static void pop_arguments(Verifier *v, SymbolRef descriptor)
{
    const char *starts[256];
    unsigned lengths[256], count = 0, length;
    const char *start;
    JavaParameters parameters = java_parameters(symbol_text(descriptor));

    while (count < 256 && java_parameters_next(&parameters, &start, &length) != 0 && !parameters.at_return) {
        starts[count] = start;
        lengths[count++] = length;
    }
    for (unsigned i = count; i-- > 0 && VERIFY_GOES_ON(v);) {
        VerifyType wanted = verify_type_of(starts[i], lengths[i]);
        verify_pop_value(v, wanted);
    }
}

static void push_result(Verifier *v, SymbolRef descriptor)
{
    const char *type = java_descriptor_return_text(symbol_text(descriptor));

    if (VERIFY_GOES_ON(v) && *type != 'V')
        (void)verify_push_value(v, verify_type_of(type, (unsigned)strlen(type)));
}

/* invokespecial's class must be this one, a superclass, or a direct superinterface. */
static bool check_special(Verifier *v, const JavaReference *reference, unsigned index)
{
    const JavaClass *class = this_class(v);
    const uint32_t *interfaces = ARENA(const uint32_t, class->interfaces);

    if (reference->class_name == class->name || is_super_name(v, reference->class_name))
        return true;
    for (uint32_t i = 0; i < class->interface_count; i++)
        if (java_class_at(interfaces[i])->name == reference->class_name)
            return true;
    return verify_fail(v, FAULT_BYTECODE, java_pool_tag(class, index) == CONSTANT_INTERFACE_METHOD
                                              ? "Bad invokespecial instruction: interface method reference is in an indirect superinterface."
                                              : "Bad invokespecial instruction: current class isn't assignable to reference class.");
}

static bool check_invoke_operands(Verifier *v, uint8_t operation, const JavaReference *reference)
{
    const uint8_t *at = v->code + v->pc;

    if (operation == BYTE_invokeinterface) {
        if (at[4] != 0)
            return verify_fail(v, FAULT_BYTECODE, "Fourth operand byte of invokeinterface must be zero");
        if (at[3] != java_descriptor_argument_slots(symbol_text(reference->descriptor)) + 1)
            return verify_fail(v, FAULT_BYTECODE, "Inconsistent args count operand in invokeinterface");
    }
    if (operation == BYTE_invokedynamic && (at[3] != 0 || at[4] != 0))
        return verify_fail(v, FAULT_BYTECODE, "Third and fourth operand bytes of invokedynamic must be zero");
    if (symbol_text(reference->name)[0] == '<' && (operation != BYTE_invokespecial || reference->name != SYM(INIT)))
        return verify_fail(v, FAULT_BYTECODE, "Illegal call to internal method");
    return true;
}

static void invoke(Verifier *v, uint8_t operation)
{
    unsigned index = operand_u2(v);
    bool new = this_class(v)->major >= 52;
    uint32_t tags = operation == BYTE_invokeinterface ? TAG(INTERFACE_METHOD)
                    : operation == BYTE_invokedynamic ? TAG(INVOKE_DYNAMIC)
                    : operation == BYTE_invokevirtual ? TAG(METHOD) : TAG(METHOD) | (new ? TAG(INTERFACE_METHOD) : 0);

    if (!check_pool(v, index, tags))
        return;
    JavaReference reference = java_pool_reference(this_class(v), index);
    if (!check_invoke_operands(v, operation, &reference))
        return;
    if (operation == BYTE_invokespecial && reference.name != SYM(INIT) && !check_special(v, &reference, index))
        return;
    pop_arguments(v, reference.descriptor);
    if (!VERIFY_GOES_ON(v))
        return;
    if (reference.name == SYM(INIT)) {
        call_constructor(v, &reference, index);
    } else if (operation == BYTE_invokespecial) {
        bool hidden = (java_class_flags(this_class(v)) & JAVA_CLASS_HIDDEN) != 0;
        (void)verify_pop(v, hidden && this_class(v)->host_class != 0 ? TYPE(VERIFY_ANY_REFERENCE) : this_type(v));
    } else if (operation == BYTE_invokevirtual || operation == BYTE_invokeinterface) {
        VerifyType object = verify_pop(v, type_object(reference.class_name));
        if (operation == BYTE_invokevirtual)
            check_protected(v, &reference, true, popped(v, object), "Bad access to protected data in invokevirtual");
    }
    push_result(v, reference.descriptor);
}

/* ================================================================ returns */

static void check_return(Verifier *v, uint8_t operation)
{
    static const VerifyType kinds[] = {INT, LONG, FLOAT, DOUBLE, ANY_REFERENCE};

    v->falls_through = false;
    if (operation == BYTE_return) {
        if (type_kind(v->return_type) != VERIFY_TOP)
            verify_fail(v, FAULT_BYTECODE, "Method expects a return value");
        else if (v->current.this_uninit)
            verify_fail(v, FAULT_BYTECODE, "Constructor must call super() or this() before return");
        return;
    }
    VerifyType wanted = kinds[operation - BYTE_ireturn], found = wanted;
    if (operation == BYTE_areturn)
        found = verify_pop(v, ANY_REFERENCE);
    else
        verify_pop_value(v, wanted);
    if (!VERIFY_GOES_ON(v))
        return;
    if (type_kind(v->return_type) == VERIFY_TOP) {
        verify_fail(v, FAULT_BYTECODE, "Method does not expect a return value");
        return;
    }
    bool fits = verify_is_assignable(v, found, v->return_type, false);
    if (!fits && VERIFY_GOES_ON(v)) {
        verify_fail_type(v, (VerifyPlace){ORIGIN_STACK, v->current.stack_count, found}, (VerifyPlace){ORIGIN_SIGNATURE, 0, v->return_type}, NULL,
                         "Bad return type");
    }
}

/* ================================================================ one instruction */

static unsigned variable_of(const Verifier *v, bool wide)
{
    return wide ? read_be16(v->code + v->pc + 2) : operand_u1(v);
}

/* Only old class files have them. */
static void subroutine(Verifier *v, uint8_t operation, bool wide)
{
    if (!v->infer)
        verify_fail(v, FAULT_BYTECODE, "Bad instruction: %02x", operation);
    else if (operation == BYTE_ret)
        (void)verify_leave_subroutine(v, variable_of(v, wide));
    else
        (void)verify_enter_subroutine(v, operation == BYTE_jsr ? (int16_t)operand_u2(v) : (int32_t)read_be32(v->code + v->pc + 1));
}

static void other_instruction(Verifier *v, uint8_t operation, bool wide)
{
    VerifyType slots[2];

    if (operation >= BYTE_iload && operation <= BYTE_aload)
        load(v, operation - BYTE_iload, variable_of(v, wide));
    else if (operation >= BYTE_iload_0 && operation <= BYTE_aload_3)
        load(v, (operation - BYTE_iload_0) / 4u, (operation - BYTE_iload_0) % 4u);
    else if (operation >= BYTE_istore && operation <= BYTE_astore)
        store(v, operation - BYTE_istore, variable_of(v, wide));
    else if (operation >= BYTE_istore_0 && operation <= BYTE_astore_3)
        store(v, (operation - BYTE_istore_0) / 4u, (operation - BYTE_istore_0) % 4u);
    else if (operation >= BYTE_iaload && operation <= BYTE_saload)
        load_element(v, operation - BYTE_iaload);
    else if (operation >= BYTE_iastore && operation <= BYTE_sastore)
        store_element(v, operation - BYTE_iastore);
    else if (operation >= BYTE_ireturn && operation <= BYTE_return)
        check_return(v, operation);
    else if (operation >= BYTE_getstatic && operation <= BYTE_putfield)
        access_field(v, operation);
    else if (operation >= BYTE_invokevirtual && operation <= BYTE_invokedynamic)
        invoke(v, operation);
    else switch (operation) {
        case BYTE_ldc: load_constant(v, operand_u1(v), false); break;
        case BYTE_ldc_w: load_constant(v, operand_u2(v), false); break;
        case BYTE_ldc2_w: load_constant(v, operand_u2(v), true); break;
        case BYTE_pop: (void)verify_pop(v, TYPE(VERIFY_CATEGORY_1)); break;
        case BYTE_pop2: (void)pop_slots(v, 2, slots); break;
        case BYTE_dup: duplicate(v, 1, 0); break;
        case BYTE_dup_x1: duplicate(v, 1, 1); break;
        case BYTE_dup_x2: duplicate(v, 1, 2); break;
        case BYTE_dup2: duplicate(v, 2, 0); break;
        case BYTE_dup2_x1: duplicate(v, 2, 1); break;
        case BYTE_dup2_x2: duplicate(v, 2, 2); break;
        case BYTE_swap: swap(v); break;
        case BYTE_iinc: increment(v, variable_of(v, wide)); break;
        case BYTE_tableswitch: case BYTE_lookupswitch: (void)check_switch(v, operation); break;
        case BYTE_new: new_object(v); break;
        case BYTE_newarray: new_array(v); break;
        case BYTE_anewarray: new_reference_array(v); break;
        case BYTE_multianewarray: new_multi_array(v); break;
        case BYTE_arraylength: array_length_of(v); break;
        case BYTE_athrow:
            (void)verify_pop(v, wellknown(JAVA_CLASS_THROWABLE));
            v->falls_through = false;
            break;
        case BYTE_jsr: case BYTE_jsr_w: case BYTE_ret: subroutine(v, operation, wide); break;
        case BYTE_checkcast: cast(v, false); break;
        case BYTE_instanceof: cast(v, true); break;
        default: verify_fail(v, FAULT_BYTECODE, "Bad instruction: %02x", operation); break;
    }
}

bool verify_is_branch(uint8_t operation)
{
    return (operation >= BYTE_ifeq && operation <= BYTE_goto) || operation == BYTE_ifnull || operation == BYTE_ifnonnull || operation == BYTE_goto_w;
}

static bool is_store(uint8_t operation)
{
    return operation >= BYTE_istore && operation <= BYTE_astore_3;
}

static bool verify_instruction(Verifier *v)
{
    uint8_t operation = v->code[v->pc];
    bool wide = operation == BYTE_wide, store_first;

    if (wide)
        operation = v->code[v->pc + 1];
    store_first = is_store(operation) && v->exception_count != 0; /* handlers see what was before it */
    if (store_first && !check_handlers(v))
        return false;
    if (bytecodes[operation].effect[0] != '*')
        apply_effect(v, bytecodes[operation].effect);
    else
        other_instruction(v, operation, wide);
    if (VERIFY_GOES_ON(v) && verify_is_branch(operation))
        (void)check_branch(v, operation == BYTE_goto_w);
    if (operation == BYTE_goto || operation == BYTE_goto_w)
        v->falls_through = false;
    if (VERIFY_GOES_ON(v) && !store_first && v->exception_count != 0)
        (void)check_handlers(v);
    return VERIFY_GOES_ON(v);
}

/* In inferred code, what nothing leads to (yet) is passed over. */
bool verify_instructions(Verifier *v)
{
    v->falls_through = true;
    v->frame_next = 0;
    for (v->pc = 0; v->pc < v->length; v->pc = v->next) {
        v->next = v->pc + class_file_instruction_length(v->code, v->length, v->pc);
        v->current.pc = v->pc;
        v->mark = v->current.stack_count;
        v->initialized_this = false;
        if (!enter_map_frame(v))
            return false;
        if (v->infer && !v->falls_through)
            continue;
        v->falls_through = true;
        if (!verify_instruction(v))
            return false;
    }
    v->pc = v->length;
    if (v->falls_through)
        return verify_fail(v, FAULT_BYTECODE, "Control flow falls through code end");
    return true;
}
