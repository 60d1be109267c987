/* verify_old.c - class files without StackMapTable: the frames at targets of jumps are inferred (JVMS 4.10.2).
 *
 * The code is passed over again and again with the same rules as by map. Each way to a target is merged into its frame: what
 * differs becomes unusable, or the common superclass. It ends when nothing changes, since types only grow.
 *
 * A subroutine (jsr, ret) is entered with its return address on the stack. When it returns, what it stores into comes from
 * it, other locals from each of its callers. */
#include <string.h>

#include "java/verify.h"

#define OP_TABLESWITCH 0xaa
#define OP_LOOKUPSWITCH 0xab
#define OP_JSR 0xa8
#define OP_RET 0xa9
#define OP_JSR_W 0xc9
#define OP_GOTO_W 0xc8
#define OP_WIDE 0xc4

/* ---- merging ---- */

static VerifyType merge_classes(Verifier *v, VerifyType a, VerifyType b)
{
    VerifyType object = type_object(java_world()->wellknown_names[JAVA_CLASS_OBJECT]);
    uint32_t one, other;

    if (a == object || b == object || type_is_array(a) || type_is_array(b))
        return object;
    one = verify_load(v, (SymbolRef)a);
    other = one != 0 ? verify_load(v, (SymbolRef)b) : 0;
    if (other == 0 || java_class_is_interface(one) || java_class_is_interface(other))
        return object;
    while (!java_is_subclass(other, one))
        one = class_at(one)->super;
    return type_object(java_class_at(one)->name);
}

/* Arrays of references merge element by element; the brackets that both have are put back around what is below. */
static VerifyType merge_references(Verifier *v, VerifyType a, VerifyType b)
{
    unsigned dimensions = 0;

    while (type_is_array(a) && type_is_array(b)) {
        VerifyType x = verify_element_type(a), y = verify_element_type(b);
        if (type_kind(x) != VERIFY_OBJECT || type_kind(y) != VERIFY_OBJECT) {
            a = b = type_object(java_world()->wellknown_names[JAVA_CLASS_OBJECT]);
            break;
        }
        a = x;
        b = y;
        dimensions++;
    }
    a = a == b ? a : merge_classes(v, a, b);
    for (; dimensions > 0; dimensions--) {
        const char *text = symbol_text((SymbolRef)a);
        a = type_object(*text == '[' ? java_symbol_format("[%s", text) : java_symbol_format("[L%s;", text));
    }
    return a;
}

static VerifyType merge_types(Verifier *v, VerifyType a, VerifyType b)
{
    if (a == b)
        return a;
    if (!type_is_reference(a) || !type_is_reference(b))
        return TYPE(VERIFY_TOP);
    if (type_kind(a) == VERIFY_NULL)
        return b;
    return type_kind(b) == VERIFY_NULL ? a : merge_references(v, a, b);
}

static void merge_slots(Verifier *v, const VerifyType *from, VerifyType *to, unsigned count)
{
    for (unsigned i = 0; i < count && VERIFY_GOES_ON(v); i++) {
        VerifyType merged = merge_types(v, to[i], from[i]);
        if (merged != to[i] && VERIFY_GOES_ON(v)) {
            to[i] = merged;
            v->changed = true;
        }
    }
}

bool verify_merge(Verifier *v, const VerifyFrame *from, VerifyFrame *to)
{
    if (!to->reached) {
        memcpy(to->locals, from->locals, v->max_locals * sizeof(VerifyType));
        memcpy(to->stack, from->stack, from->stack_count * sizeof(VerifyType));
        to->stack_count = from->stack_count;
        to->local_count = v->max_locals;
        to->this_uninit = from->this_uninit;
        to->reached = v->changed = true;
        return true;
    }
    if (to->stack_count != from->stack_count)
        return verify_fail(v, FAULT_STACK_SIZE, "Inconsistent stack height %u != %u", from->stack_count, to->stack_count);
    merge_slots(v, from->locals, to->locals, v->max_locals);
    merge_slots(v, from->stack, to->stack, to->stack_count);
    if (from->this_uninit && !to->this_uninit)
        to->this_uninit = v->changed = true;
    return VERIFY_GOES_ON(v);
}

/* ---- targets ---- */

static bool mark_target(Verifier *v, uint8_t *targets, int64_t target)
{
    uint8_t operation = v->code[v->pc];

    if (target < 0 || target >= v->length || !v->starts[target])
        return verify_fail(v, FAULT_BYTECODE, operation == OP_TABLESWITCH || operation == OP_LOOKUPSWITCH ? "Illegal branch in tableswitch"
                                                                                                           : "Illegal target of jump or branch");
    targets[target] = 1;
    return true;
}

static bool mark_switch(Verifier *v, uint8_t *targets, uint32_t pc)
{
    uint32_t at = (pc & ~3u) + 4;
    bool table = v->code[pc] == OP_TABLESWITCH;
    int32_t first = (int32_t)read_be32(v->code + at + 4);
    int64_t count = table ? (int64_t)(int32_t)read_be32(v->code + at + 8) - first + 1 : first;

    if (!mark_target(v, targets, (int64_t)pc + (int32_t)read_be32(v->code + at)))
        return false;
    for (int64_t i = 0; i < count; i++)
        if (!mark_target(v, targets, (int64_t)pc + (int32_t)read_be32(v->code + at + (table ? 12 + 4 * i : 12 + 8 * i))))
            return false;
    return true;
}

static bool is_short_branch(uint8_t operation)
{
    return (operation >= 0x99 && operation <= OP_JSR) || operation == 0xc6 || operation == 0xc7;
}

/* Targets of jumps; each jsr, and what follows it; handlers. */
static bool mark_targets(Verifier *v, uint8_t *targets)
{
    uint32_t step;

    for (v->pc = 0; v->pc < v->length; v->pc += step) {
        uint8_t operation = v->code[v->pc];
        bool good = true;
        step = class_file_instruction_length(v->code, v->length, v->pc);
        if (is_short_branch(operation))
            good = mark_target(v, targets, (int64_t)v->pc + (int16_t)read_be16(v->code + v->pc + 1));
        else if (operation == OP_GOTO_W || operation == OP_JSR_W)
            good = mark_target(v, targets, (int64_t)v->pc + (int32_t)read_be32(v->code + v->pc + 1));
        else if (operation == OP_TABLESWITCH || operation == OP_LOOKUPSWITCH)
            good = mark_switch(v, targets, v->pc);
        if (!good)
            return false;
        if (operation == OP_JSR || operation == OP_JSR_W) {
            targets[v->pc] = 1;
            if (v->pc + step < v->length)
                targets[v->pc + step] = 1;
        }
    }
    for (uint32_t i = 0; i < v->exception_count; i++)
        targets[read_be16(v->exceptions + 8 * i + 4)] = 1;
    v->pc = 0;
    return true;
}

static bool make_frames(Verifier *v, const uint8_t *targets)
{
    size_t width = (size_t)v->max_locals + v->max_stack + 1;
    uint32_t count = 0;

    for (uint32_t pc = 0; pc < v->length; pc++)
        count += targets[pc];
    v->frames = memory_allocate_array(count + 1, sizeof(VerifyFrame));
    v->types = memory_allocate_array(width * count + 1, sizeof(VerifyType));
    if (v->frames == NULL || v->types == NULL) {
        v->outcome = java_throw_memory(v->thread);
        return false;
    }
    for (uint32_t pc = 0; pc < v->length; pc++) {
        if (!targets[pc])
            continue;
        VerifyFrame *frame = &v->frames[v->frame_count];
        frame->pc = pc;
        frame->locals = v->types + width * v->frame_count++;
        frame->stack = frame->locals + v->max_locals;
    }
    return true;
}

/* ---- the passes ---- */

static bool pass_until_settled(Verifier *v)
{
    size_t slots = (size_t)v->max_locals + v->max_stack + 1;
    VerifyType *first = memory_copy(v->current.locals, slots * sizeof(VerifyType));
    bool uninit = v->current.this_uninit, good = first != NULL;

    if (first == NULL)
        v->outcome = java_throw_memory(v->thread);
    do {
        v->changed = false;
        if (good) {
            memcpy(v->current.locals, first, slots * sizeof(VerifyType));
            v->current.stack_count = 0;
            v->current.local_count = v->max_locals;
            v->current.this_uninit = uninit;
            good = verify_instructions(v);
        }
    } while (good && v->changed);
    memory_free(first);
    return good;
}

bool verify_by_inference(Verifier *v)
{
    uint8_t *targets = memory_allocate(v->length + 1);
    bool good;

    if (targets == NULL) {
        v->outcome = java_throw_memory(v->thread);
        return false;
    }
    good = mark_targets(v, targets) && make_frames(v, targets);
    memory_free(targets);
    return good && pass_until_settled(v);
}

/* ---- subroutines ---- */

bool verify_enter_subroutine(Verifier *v, int32_t offset)
{
    v->falls_through = false;
    return verify_push(v, TYPE(VERIFY_RETURN) | (uint32_t)((int64_t)v->pc + offset)) && verify_jump(v, offset);
}

static bool is_jsr(const Verifier *v, uint32_t pc, uint32_t *target)
{
    if (!v->starts[pc] || (v->code[pc] != OP_JSR && v->code[pc] != OP_JSR_W))
        return false;
    *target = pc + (uint32_t)(v->code[pc] == OP_JSR ? (int16_t)read_be16(v->code + pc + 1) : (int32_t)read_be32(v->code + pc + 1));
    return true;
}

static bool ends_way(uint8_t operation)
{
    return operation == 0xa7 || operation == OP_GOTO_W || operation == OP_RET || operation == OP_TABLESWITCH || operation == OP_LOOKUPSWITCH ||
           (operation >= 0xac && operation <= 0xb1) || operation == 0xbf;
}

static void note_store(const Verifier *v, uint32_t pc, uint8_t *stored)
{
    bool wide = v->code[pc] == OP_WIDE;
    uint8_t operation = v->code[pc + wide];
    unsigned local, kind;

    if (operation >= 0x36 && operation <= 0x3a) {
        local = wide ? read_be16(v->code + pc + 2) : v->code[pc + 1];
        kind = operation - 0x36u;
    } else if (operation >= 0x3b && operation <= 0x4e) {
        local = (operation - 0x3bu) % 4;
        kind = (operation - 0x3bu) / 4;
    } else {
        return;
    }
    if (local < v->max_locals)
        stored[local] = 1;
    if ((kind == 1 || kind == 3) && local + 1 < v->max_locals)
        stored[local + 1] = 1;
}

/* Goes on from one instruction of a subroutine; seen: 1 to be looked at, 2 done. Returns whether anything is new. */
static bool follow(const Verifier *v, uint32_t pc, uint8_t *seen)
{
    uint8_t operation = v->code[pc];
    uint32_t next = pc + class_file_instruction_length(v->code, v->length, pc), at = (pc & ~3u) + 4;
    bool table = operation == OP_TABLESWITCH, found = false;

#define FOLLOW(target)                                       \
    do {                                                     \
        uint32_t to_ = (uint32_t)(target);                   \
        if (to_ < v->length && seen[to_] == 0)               \
            seen[to_] = 1, found = true;                     \
    } while (0)
    if (!ends_way(operation))
        FOLLOW(next);
    if (is_short_branch(operation))
        FOLLOW(pc + (uint32_t)(int16_t)read_be16(v->code + pc + 1));
    else if (operation == OP_GOTO_W || operation == OP_JSR_W)
        FOLLOW(pc + read_be32(v->code + pc + 1));
    else if (table || operation == OP_LOOKUPSWITCH) {
        int32_t first = (int32_t)read_be32(v->code + at + 4);
        int64_t count = table ? (int64_t)(int32_t)read_be32(v->code + at + 8) - first + 1 : first;
        FOLLOW(pc + read_be32(v->code + at));
        for (int64_t i = 0; i < count; i++)
            FOLLOW(pc + read_be32(v->code + at + (table ? 12 + 4 * i : 12 + 8 * i)));
    }
    for (uint32_t i = 0; i < v->exception_count; i++)
        if (pc >= read_be16(v->exceptions + 8 * i) && pc < read_be16(v->exceptions + 8 * i + 2))
            FOLLOW(read_be16(v->exceptions + 8 * i + 4));
#undef FOLLOW
    return found;
}

/* Which locals the subroutine, and those that it calls, store into. */
static void find_stores(const Verifier *v, uint32_t subroutine, uint8_t *seen, uint8_t *stored)
{
    seen[subroutine] = 1;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t pc = 0; pc < v->length; pc++) {
            if (seen[pc] != 1)
                continue;
            seen[pc] = 2;
            note_store(v, pc, stored);
            more = follow(v, pc, seen) || more;
        }
    }
}

static bool return_to(Verifier *v, uint32_t jsr, const uint8_t *stored, VerifyType *locals)
{
    uint32_t next = jsr + class_file_instruction_length(v->code, v->length, jsr);
    const VerifyFrame *caller = verify_find_frame(v, jsr);
    VerifyFrame *target = verify_find_frame(v, next), frame = v->current;

    if (caller == NULL || !caller->reached)
        return true;
    if (target == NULL)
        return verify_fail(v, FAULT_BYTECODE, "Control flow falls through code end");
    for (unsigned i = 0; i < v->max_locals; i++)
        locals[i] = stored[i] ? v->current.locals[i] : caller->locals[i];
    frame.locals = locals;
    return verify_merge(v, &frame, target);
}

bool verify_leave_subroutine(Verifier *v, unsigned local)
{
    uint8_t *seen = memory_allocate((size_t)v->length + v->max_locals + 1); /* then: stored into */
    VerifyType *locals = memory_allocate_array((size_t)v->max_locals + 1, sizeof(VerifyType));
    uint32_t target;
    bool good = seen != NULL && locals != NULL;

    v->falls_through = false;
    if (!good)
        v->outcome = java_throw_memory(v->thread);
    else if (local >= v->max_locals)
        good = verify_fail(v, FAULT_LOCAL, "Illegal local variable number");
    else if (type_kind(v->current.locals[local]) != VERIFY_RETURN)
        good = verify_fail(v, FAULT_BYTECODE, type_kind(v->current.locals[local]) == VERIFY_TOP ? "Accessing value from uninitialized register %u"
                                                                                                 : "Register %u contains wrong type", local);
    if (good) {
        uint32_t subroutine = (uint32_t)v->current.locals[local];
        uint8_t *stored = seen + v->length;
        find_stores(v, subroutine, seen, stored);
        for (uint32_t pc = 0; pc < v->length && good; pc++)
            if (is_jsr(v, pc, &target) && target == subroutine)
                good = return_to(v, pc, stored, locals);
    }
    memory_free(seen);
    memory_free(locals);
    return good;
}

/* ---- words ---- */

static const char *kind_words(VerifyType wanted)
{
    switch (type_kind(wanted)) {
    case VERIFY_INT: return "integer";
    case VERIFY_FLOAT: return "float";
    case VERIFY_LONG: case VERIFY_LONG_2: return "long";
    case VERIFY_DOUBLE: case VERIFY_DOUBLE_2: return "double";
    default: return "object/array";
    }
}

static void append_type_words(const Verifier *v, Bytes *text, const VerifyPlace *type, const VerifyPlace *wanted)
{
    uint8_t operation = v->pc < v->length ? v->code[v->pc] : 0;
    bool reference = type_is_reference(type->type) && type_kind(wanted->type) == VERIFY_OBJECT;

    bool pair = type_kind(wanted->type) == VERIFY_LONG || type_kind(wanted->type) == VERIFY_DOUBLE, unset = type_kind(type->type) == VERIFY_TOP;

    if (type->origin == ORIGIN_LOCALS) {
        (void)bytes_append_text(text, unset ? "Accessing value from uninitialized register " : "Register ");
        if (pair)
            (void)bytes_append_format(text, "pair %d/%d", type->index, type->index + 1);
        else
            (void)bytes_append_format(text, "%d", type->index);
        (void)bytes_append_text(text, unset ? "" : " contains wrong type");
    } else if (wanted->origin == ORIGIN_SIGNATURE)
        (void)bytes_append_text(text, "Wrong return type in function");
    else if (!reference)
        (void)bytes_append_format(text, "Expecting to find %s on stack", kind_words(wanted->type));
    else if (operation >= 0xb6 && operation <= 0xba)
        (void)bytes_append_text(text, "Incompatible argument to function");
    else if (operation >= 0xb2 && operation <= 0xb5)
        (void)bytes_append_text(text, "Incompatible type for getting or setting field");
    else
        (void)bytes_append_text(text, operation == 0xbf ? "Can only throw Throwable objects" : "Expecting to find object/array on stack");
}

void verify_append_old_message(const Verifier *v, Bytes *text, enum VerifyFault fault, int index, const VerifyPlace *type,
                               const VerifyPlace *wanted, const char *headline)
{
    const JavaMethod *method = java_method_at(v->method);

    (void)bytes_append_format(text, "(class: %s, method: %s signature: %s) ", symbol_text(java_class_at(v->class_index)->name),
                              symbol_text(method->name), symbol_text(method->descriptor));
    if (fault == FAULT_TYPE)
        append_type_words(v, text, type, wanted);
    else if (fault == FAULT_UNDERFLOW)
        (void)bytes_append_text(text, "Unable to pop operand off an empty stack");
    else if (fault == FAULT_OVERFLOW)
        (void)bytes_append_text(text, "Stack size too large");
    else if (fault == FAULT_LOCAL)
        (void)bytes_append_text(text, "Illegal local variable number");
    else if (strcmp(headline, "Control flow falls through code end") == 0)
        (void)bytes_append_text(text, "Falling off the end of the code");
    else if (fault == FAULT_POOL)
        (void)bytes_append_text(text, strncmp(headline, "Illegal type", 12) == 0 ? "Illegal type in constant pool" : "Illegal constant pool index");
    else if (strcmp(headline, "Bad instruction") == 0)
        (void)bytes_append_format(text, v->code[v->pc] > OP_JSR_W ? "Illegal instruction found at offset %u"
                                                                  : "Code stops in the middle of instruction  starting at offset %u", v->pc);
    else if (strcmp(headline, "Bad lookupswitch instruction") == 0)
        (void)bytes_append_text(text, "Unsorted lookup switch");
    else if (strncmp(headline, "Bad invokespecial", 17) == 0)
        (void)bytes_append_text(text, "Illegal use of nonvirtual function call");
    else
        (void)bytes_append_text(text, headline);
}
