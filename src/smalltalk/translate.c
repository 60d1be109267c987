/* translate.c - from a method's bytecodes to register code: finds its end and its jumps' targets, enters, finishes.
 *
 * At a jump's target everything on the guest's stack is in its home register. `Unfused` code keeps everything at home and
 * has a map before each bytecode: any context can go on in it. */

#include "base/array.h"
#include "smalltalk/translate_internal.h"

/* At a place where jumps arrive all is at home. */
static void arrive(Translator *t)
{
    size_t index = t->pc - t->start;
    if (t->reachable)
        translate_bring_home(t, t->depth);
    else
        t->depth = t->places[index].depth >= 0 ? (unsigned)t->places[index].depth : 0;
    if (t->places[index].depth >= 0 && t->places[index].depth != (int32_t)t->depth)
        t->failed = true; /* the ways here disagree about the stack */
    t->places[index].depth = (int32_t)t->depth;
    for (unsigned i = 0; i < t->depth; i++)
        t->stack[i].kind = ENTRY_HOME;
    if (t->depth > t->depth_most)
        t->depth_most = t->depth;
    t->reachable = true;
    if (t->has_map && t->mapped_word == code_word_count(t->builder))
        code_emit(t->builder, OP_NOP, 0, 0, 0); /* the map of the word belongs to another state */
    code_label_here(t->builder, t->places[index].label);
    translate_map_before(t);
}

static void translate_body(Translator *t)
{
    while (t->pc < t->end && !t->failed) {
        if (t->places[t->pc - t->start].target != 0)
            arrive(t);
        const Bytecode *code = bytecode_at(t, t->pc);
        t->next = t->pc + code->length;
        if (!t->reachable) {
            if (code->kind == BYTE_CLOSURE)
                t->next += (size_t)code->c;
            t->pc = t->next;
            continue;
        }
        if (t->unfused && t->places[t->pc - t->start].target == 0) {
            if (t->has_map && t->mapped_word == code_word_count(t->builder))
                code_emit(t->builder, OP_NOP, 0, 0, 0);
            translate_map_before(t);
        }
        translate_bytecode(t, code);
        if (t->unfused && t->reachable)
            translate_bring_home(t, t->depth);
        t->pc = t->next;
    }
    if (t->reachable && !t->failed) { /* bytecodes that run off the end */
        t->pc = t->end;
        code_emit(t->builder, OP_NOP, 0, 0, 0);
        translate_map_before(t);
        code_emit(t->builder, OP_BAD_BYTECODE, -1, 0, 0);
    }
}

static void mark_target(Translator *t, const Bytecode *jump, size_t behind, size_t *furthest)
{
    size_t target = jump_target(t, jump, behind);
    if (target < t->start || target >= t->end) {
        t->failed = true;
        return;
    }
    Place *place = &t->places[target - t->start];
    if (place->target == 0)
        place->label = code_label_new(t->builder);
    place->target |= jump->a < 0 ? 3 : 1;
    if (target > *furthest)
        *furthest = target;
}

/* What kinds of bytecodes have in common. */
enum {
    LEAF = 1, END = 2 /* nothing behind it follows */, JUMP = 4, VARIABLE = 8 /* a */, VECTOR = 16 /* b: a variable */,
    RECEIVER = 32 /* a: its slot */, LITERAL = 64 /* a */
};
static const uint8_t traits[BYTE_BAD + 1] = {
    [BYTE_PUSH_RECEIVER_VARIABLE] = LEAF | RECEIVER, [BYTE_STORE_RECEIVER_VARIABLE] = LEAF | RECEIVER,
    [BYTE_POP_RECEIVER_VARIABLE] = LEAF | RECEIVER,
    [BYTE_PUSH_TEMP] = LEAF | VARIABLE, [BYTE_STORE_TEMP] = LEAF | VARIABLE, [BYTE_POP_TEMP] = LEAF | VARIABLE,
    [BYTE_PUSH_REMOTE] = LEAF | VECTOR, [BYTE_STORE_REMOTE] = LEAF | VECTOR, [BYTE_POP_REMOTE] = LEAF | VECTOR,
    [BYTE_PUSH_VARIABLE] = LEAF | LITERAL, [BYTE_STORE_VARIABLE] = LEAF | LITERAL, [BYTE_POP_VARIABLE] = LEAF | LITERAL,
    [BYTE_PUSH_LITERAL] = LEAF, [BYTE_PUSH_RECEIVER] = LEAF, [BYTE_PUSH_SPECIAL] = LEAF, [BYTE_PUSH_IMMEDIATE] = LEAF,
    [BYTE_POP] = LEAF, [BYTE_DUP] = LEAF, [BYTE_IDENTICAL] = LEAF, [BYTE_CLASS] = LEAF, [BYTE_PRIMITIVE] = LEAF,
    [BYTE_NOTHING] = LEAF,
    [BYTE_RETURN_RECEIVER] = LEAF | END, [BYTE_RETURN_SPECIAL] = LEAF | END, [BYTE_RETURN_TOP] = LEAF | END,
    [BYTE_RETURN_BLOCK] = END, [BYTE_RETURN_BLOCK_NIL] = END, [BYTE_BAD] = END,
    [BYTE_JUMP] = LEAF | END | JUMP, [BYTE_JUMP_TRUE] = JUMP, [BYTE_JUMP_FALSE] = JUMP,
    [BYTE_SEND] = LITERAL, [BYTE_SEND_SUPER] = LITERAL, [BYTE_SEND_DIRECTED] = LITERAL, [BYTE_FULL_CLOSURE] = LITERAL,
};

/* Is its literal there, and what the bytecode takes it for? */
static bool literal_fits(const Translator *t, const Bytecode *code)
{
    if (code->a < 0 || (unsigned)code->a >= header_literals(method_header(t->object)))
        return false;
    Value literal = slot_get(t->object, (uint64_t)code->a + 1);
    if (code->kind == BYTE_FULL_CLOSURE)
        return is_method(literal);
    if (code->kind == BYTE_SEND || code->kind == BYTE_SEND_SUPER || code->kind == BYTE_SEND_DIRECTED)
        return code->b >= 0 && code->b <= ARGUMENTS_LIMIT;
    return has_slots(literal, 2) && !is_context(literal);
}

/* Decodes all bytecodes; finds the end, the jumps' targets, whether it is a leaf, the highest variable, and the slots that the
 * receiver needs; checks operands. */
static int scan(Translator *t, bool find_end)
{
    size_t furthest = t->start, pc = t->start;
    int highest = -1;
    bool ended = false, leaf = t->method->kind == KIND_METHOD && !t->unfused;

    while (pc < t->end && !t->failed) {
        if (find_end && ended && pc > furthest) {
            t->end = pc;
            break;
        }
        Bytecode *code = &t->places[pc - t->start].code;
        *code = bytecode_decode(t->bytes, t->end, pc, t->sista);
        unsigned trait = traits[code->kind];
        pc += code->length;
        ended = trait & END;
        if (!(trait & LEAF) || (smalltalk.stores_guarded && bytecode_is_store(code->kind)))
            leaf = false;
        if (trait & JUMP)
            mark_target(t, code, pc, &furthest);
        if (code->kind == BYTE_JUMP && code->a < 0)
            leaf = false;
        if (code->kind == BYTE_CLOSURE)
            pc += (size_t)code->c;
        if (trait & VARIABLE && code->a > highest)
            highest = code->a;
        if (trait & VECTOR && code->b > highest)
            highest = code->b;
        if (trait & RECEIVER && code->a >= (int)t->needed_slots)
            t->needed_slots = (unsigned)code->a + 1;
        if (trait & LITERAL && !literal_fits(t, code))
            t->failed = true;
    }
    if (t->needed_slots > RECEIVER_SLOTS_LIMIT)
        t->failed = true;
    t->leaf = leaf;
    return highest;
}

/* Methods that only return a constant, or a variable of the receiver, have no bytecodes but the one that says so. */
static bool is_quick(const Translator *t)
{
    return t->method->kind == KIND_METHOD && !t->unfused && t->method->primitive >= 256 && t->method->primitive <= 519;
}

static void emit_enter_method(Translator *t, unsigned variables)
{
    code_emit_imm32(t->builder, OP_ENTER_METHOD, (int)variables, (int32_t)t->method->method.number);
}

static void emit_quick_primitive(Translator *t, unsigned primitive)
{
    int reg = home(t, 0);
    t->depth_most = 1;
    t->needed_slots = primitive >= 264 ? primitive - 263 : 0;
    t->checked = t->needed_slots > t->method->least_slots;
    if (t->checked)
        emit_enter_method(t, 0);
    t->pc = t->start;
    if (primitive == 256) {
        reg = t->self;
    } else if (t->checked) {
        translate_map_before(t);
        code_emit(t->builder, OP_LOAD_SLOT_CHECKED, reg, t->self, (int)primitive - 264);
    } else if (primitive >= 264) {
        code_emit(t->builder, OP_LOAD_SLOT, reg, t->self, OBJECT_BODY + 8 * ((int)primitive - 264));
    } else if (primitive <= 259) {
        code_emit(t->builder, OP_LOAD_SPECIAL, reg, primitive == 257 ? TAGGED_TRUE : primitive == 258 ? TAGGED_FALSE : TAGGED_NIL, 0);
    } else {
        code_emit_imm32(t->builder, OP_LOAD_I32, reg, (int32_t)value_from_integer((int)primitive - 261));
    }
    code_emit(t->builder, t->checked ? OP_RETURN_TAGGED : OP_RETURN, reg, 0, (int)t->argument_slots);
}

static bool is_value_primitive(unsigned primitive)
{
    return (primitive >= 201 && primitive <= 205) || primitive == 207 || primitive == 221 || primitive == 222;
}

/* The method's primitive, which runs before the frame is set up: only its arguments are values yet. */
static void emit_primitive(Translator *t, unsigned primitive)
{
    uint8_t bits[MAP_BYTES];
    bool value = is_value_primitive(primitive);
    if (!value)
        primitive = primitive_number(t->object, primitive);
    if (primitive == 0)
        return;
    code_map(t->builder, true, guest_pc(t->start), 0, bits, map_values(t, bits, 0), NULL, 0);
    t->has_map = true;
    t->mapped_word = 0;
    code_emit(t->builder, value ? OP_PRIMITIVE_VALUE : OP_PRIMITIVE, 0, (int)primitive, (int)t->argument_slots);
}

static void skip_error_store(Translator *t)
{
    const Bytecode *code = bytecode_at(t, t->pc);
    if (t->pc >= t->end || code->kind != BYTE_STORE_TEMP)
        return;
    if (!t->unfused)
        code_emit(t->builder, OP_PRIMITIVE_ERROR, variable_register(t, (unsigned)code->a), 0, 0);
    t->pc += code->length;
}

static void set_arguments(Translator *t, unsigned slots)
{
    t->argument_slots = slots;
    memset(t->values, 0xff, MAP_BYTES);
    for (int r = 0; r < FRAME_HEADER; r++)
        no_value(t, t->values, r);
}

static void enter_method(Translator *t)
{
    unsigned primitive = t->method->primitive;
    t->pc = t->start;
    if (primitive != 0) {
        if (!t->unfused)
            emit_primitive(t, primitive);
        t->pc += bytecode_at(t, t->pc)->length;
    }
    emit_enter_method(t, t->variables);
    if (primitive != 0)
        skip_error_store(t);
}

static void enter_block(Translator *t)
{
    unsigned copied = t->method->copied;
    code_emit(t->builder, t->method->kind == KIND_BLOCK ? OP_ENTER_BLOCK : OP_ENTER_FULL_BLOCK,
              t->checked ? 0 : (int)t->needed_slots, (int)copied, (int)(t->variables - copied));
    t->pc = t->start;
    for (unsigned i = 0; i < t->temporaries_pushed; i++)
        t->pc += bytecode_at(t, t->pc)->length;
}

/* V3 blocks make their temporaries by pushing nils first: as many as are used as variables. */
static unsigned pushed_temporaries(const Translator *t, int highest)
{
    unsigned known = t->argument_slots - 1 + t->method->copied, count = 0;
    size_t pc = t->start;
    while (pc < t->end && known + count < (unsigned)(highest + 1)) {
        const Bytecode *code = bytecode_at(t, pc);
        if (code->kind != BYTE_PUSH_SPECIAL || code->a != TAGGED_NIL)
            break;
        pc += code->length;
        count++;
    }
    return count;
}

static void set_variables(Translator *t, SmalltalkMethod *method, int highest)
{
    unsigned arguments = t->argument_slots - 1;
    Value header = method_header(t->object);

    if (method->kind == KIND_BLOCK) {
        t->temporaries_pushed = pushed_temporaries(t, highest);
        method->temporaries = (uint8_t)t->temporaries_pushed;
    } else {
        unsigned all = header_temporaries(header), known = arguments + method->copied;
        method->temporaries = (uint8_t)(all > known ? all - known : 0);
    }
    t->variables = method->copied + method->temporaries;
    if (highest >= (int)(arguments + t->variables) || t->variables > VARIABLES_LIMIT)
        t->failed = true;
    t->first_variable = TAGGED_FIRST + (method->kind != KIND_METHOD);
    t->self = method->kind == KIND_METHOD ? -(int)t->argument_slots : TAGGED_FIRST;
    t->locals = t->argument_slots + 2 + (method->kind != KIND_METHOD) + t->variables;
}

static Result finish(Translator *t, uint32_t number)
{
    Result result;
    Code *code = NULL;
    Code shape = {
        .method = number,
        .argument_slots = (uint16_t)t->argument_slots,
        .register_count = (uint16_t)(home(t, t->depth_most) + 1),
        .local_count = (uint16_t)t->locals,
        .stack_count = (uint16_t)t->depth_most,
        .flags = CODE_TAGGED,
    };
    TRY(code_builder_finish(t->builder, &shape, &code));
#if defined(RUN_DISPATCH_INDEX) /* debug and sanitizer builds */
    TRY(code_verify(code));
#endif
    if (smalltalk_options.dump_code)
        code_print(stderr, code);
    TRY(method_install(method_at(number), code));
done:
    memory_free(code);
    return result;
}

static void note_needs(Translator *t, SmalltalkMethod *method)
{
    method->needed_slots = t->checked ? 0 : (uint16_t)t->needed_slots;
}

static Result translate_quick(Translator *t, SmalltalkMethod *method)
{
    set_variables(t, method, -1);
    emit_quick_primitive(t, method->primitive);
    note_needs(t, method);
    return finish(t, method->method.number);
}

static Result translate_into(Translator *t, SmalltalkMethod *method)
{
    Result result;

    for (Place *place = t->places, *end = place + (t->end - t->start); place < end; place++) {
        place->depth = -1;
        place->target = 0;
    }
    set_variables(t, method, scan(t, method->kind != KIND_BLOCK));
    if (t->failed)
        return error_set(ERROR_FORMAT, "operands that are not there");
    t->reachable = true;
    t->checked = t->needed_slots > method->least_slots;
    t->leaf &= !t->checked;
    note_needs(t, method);
    if (method->kind == KIND_METHOD)
        enter_method(t);
    else
        enter_block(t);
    if (!t->leaf) /* a leaf is never left but by its return, so never entered again */
        translate_map_before(t);
    translate_body(t);
    if (t->failed)
        return error_set(ERROR_FORMAT, "bytecodes that do not fit together");
    TRY(finish(t, method->method.number));
done:
    return result;
}

/* Code for what cannot be translated: it says so when it runs. */
static Result translate_bad(uint32_t number)
{
    SmalltalkMethod *method = smalltalk_method(number);
    Entry stack[1];
    Translator t = {.method = method, .object = run_tagged.method_objects[number], .stack = stack};
    Result result;

    TRY(code_builder_open(&t.builder));
    set_arguments(&t, method->method.argument_slots);
    t.locals = t.argument_slots + 3;
    if (method->kind == KIND_METHOD)
        emit_enter_method(&t, 1);
    else
        code_emit(t.builder, method->kind == KIND_BLOCK ? OP_ENTER_BLOCK : OP_ENTER_FULL_BLOCK, 0, 0, 0);
    t.pc = method->start;
    translate_map_before(&t);
    code_emit(t.builder, OP_BAD_BYTECODE, -1, 0, 0);
    TRY(finish(&t, number));
done:
    code_builder_close(t.builder);
    return result;
}

#define PLACES_KEPT 4096 /* room for more is given back */

Result translate_method(uint32_t number)
{
    static ARRAY_OF(Place) places; /* their room is kept for the next method */
    SmalltalkMethod *method = smalltalk_method(number);
    Entry stack[STACK_LIMIT_ENTRIES];
    Translator t = {.object = run_tagged.method_objects[number], .method = method, .unfused = method->is_unfused, .stack = stack};
    Result result;

    t.bytes = method_bytes(t.object);
    t.start = method->start;
    t.end = method->end;
    t.sista = header_is_sista(method_header(t.object));
    set_arguments(&t, method->method.argument_slots);
    TRY(code_builder_open(&t.builder));
    TRY(array_reserve(&places, t.end - t.start + 1));
    t.places = places.items;
    if (is_quick(&t))
        TRY(translate_quick(&t, method));
    else
        TRY(translate_into(&t, method));
done:
    if (places.capacity > PLACES_KEPT)
        array_free(&places);
    code_builder_close(t.builder);
    if (result == ERROR_FORMAT || result == ERROR_LIMIT) {
        if (smalltalk_options.trace_primitives)
            fprintf(stderr, "coracle: a method cannot be translated: %s\n", error_message());
        result = translate_bad(number);
    }
    return result;
}
