/* context.c - frames and contexts.
 *
 * The frames of the active process lie above one continuation frame, the base, whose state is the context that the
 * outermost of them returns to. A frame gets a context when the guest asks for one: they are married, the context's
 * sender slot holding the frame's address as a SmallInteger, its other slots being brought up to date when read. To
 * write into one, to switch processes, or when the stack is full, all frames become contexts; a context that runs
 * again gets a frame, in code that has a map for its pc. */
#include <stdio.h>

#include "os/os.h"
#include "smalltalk/smalltalk_internal.h"

#define CONTEXTS_LIMIT (1u << 26) /* senders of one context, or blocks around a block: more go in a circle */

static Value *base_fp; /* the base's frame; its state is the sender of the outermost frame */
static uint32_t base_continuation;
static Value *base_state;

/* ---- walking ---- */

typedef struct Walk {
    Value *fp;
    const Code *code;
    const uint64_t *pc;
    bool before;
} Walk;

static const Code *frame_code_of(const Value *fp)
{
    return (const Code *)(uintptr_t)fp[FRAME_CODE];
}

static Value *frame_caller(const Value *fp)
{
    return (Value *)(uintptr_t)fp[FRAME_CALLER];
}

static Walk walk_first(const Thread *thread)
{
    return (Walk){thread->fp, frame_code_of(thread->fp), thread->pc, true};
}

static void walk_next(Walk *walk)
{
    walk->pc = (const uint64_t *)(uintptr_t)walk->fp[FRAME_RETURN];
    walk->fp = frame_caller(walk->fp);
    walk->code = frame_code_of(walk->fp);
    walk->before = false;
}

/* Such a frame has nothing but its arguments yet. */
bool frame_in_primitive(Thread *thread)
{
    const Code *code = frame_code_of(thread->fp);
    return thread->fp != base_fp && (code->method == 0 || thread->pc == code->words);
}

static uint32_t frame_method_number(const Value *fp)
{
    const Code *code = frame_code_of(fp);
    return code->method != 0 ? code->method : (uint32_t)fp[FRAME_HEADER];
}

/* ---- a frame's state as a context's ---- */

static int first_variable(const SmalltalkMethod *method)
{
    return TAGGED_FIRST + (method->kind != KIND_METHOD);
}

static unsigned variable_count(const SmalltalkMethod *method)
{
    return (unsigned)method->copied + method->temporaries;
}

static Value mapped_value(const Value *fp, const Code *code, const CodeMapException *exception)
{
    switch (exception->kind) {
    case MAP_REGISTER: return fp[exception->value];
    case MAP_LITERAL: return code_literals(code)[(uint16_t)exception->value];
    case MAP_CONSTANT: return run_tagged.special[exception->value];
    case MAP_OBJECT: return slot_get(fp[TAGGED_METHOD], (uint16_t)exception->value);
    default: return NIL;
    }
}

static uint32_t bytecode_length(Value method, uint32_t pc)
{
    return bytecode_decode(method_bytes(method), object_byte_size(method), pc - 1, header_is_sista(method_header(method))).length;
}

static void store_stack(Value context, unsigned first, const Walk *walk, const CodeMap *map)
{
    const CodeMapException *exceptions = code_map_exceptions(walk->code, map);
    for (unsigned i = 0; i < map->stack_depth; i++)
        slot_set(context, first + i, walk->fp[code_stack_home(walk->code, i)]);
    for (unsigned i = 0; i < map->exception_count; i++)
        if (exceptions[i].slot & 0x8000)
            slot_set(context, first + (exceptions[i].slot & 0x7fffu), mapped_value(walk->fp, walk->code, &exceptions[i]));
}

/* Everything but the sender. */
static void store_state(Value context, const Walk *walk)
{
    const SmalltalkMethod *method = smalltalk_method(walk->code->method);
    const CodeMap *map = code_find_map(walk->code, (uint32_t)(walk->pc - walk->code->words), walk->before);
    unsigned variables = variable_count(method), first = CONTEXT_FIRST;
    uint64_t slots = object_slot_count(context);
    uint32_t pc;

    assert(map != NULL);
    pc = map->guest_pc;
    if (!walk->before)
        pc += bytecode_length(walk->fp[TAGGED_METHOD], pc);
    if (first + method->arguments + variables + map->stack_depth > slots)
        image_unsound("a method's stack does not fit its context");
    for (unsigned i = 0; i < method->arguments; i++)
        slot_set(context, first++, walk->fp[(int)i - (int)method->arguments]);
    for (unsigned i = 0; i < variables; i++)
        slot_set(context, first++, walk->fp[first_variable(method) + (int)i]);
    store_stack(context, first, walk, map);
    first += map->stack_depth;
    slot_set(context, CONTEXT_STACKP, value_from_integer(first - CONTEXT_FIRST));
    slot_set(context, CONTEXT_PC, value_from_integer(pc));
}

__attribute__((noreturn)) static void no_memory(void)
{
    fflush(stdout);
    fprintf(stderr, "coracle: out of memory\n");
    os_exit(1);
}

/* By its method's header; more if that is wrong. */
static uint64_t context_size(const Code *code)
{
    const SmalltalkMethod *method = smalltalk_method(code->method);
    uint64_t needed = CONTEXT_FIRST + method->arguments + variable_count(method) + code->stack_count;
    uint64_t size = header_is_large(method_header(run_tagged.method_objects[code->method])) ? CONTEXT_LARGE : CONTEXT_SMALL;
    return needed > size ? needed : size;
}

Value frame_context(Thread *thread, Value *fp)
{
    const Code *code = frame_code_of(fp);
    const SmalltalkMethod *method;
    uint64_t size;
    Value context, nil;

    if (fp[TAGGED_CONTEXT] != 0)
        return fp[TAGGED_CONTEXT];
    size = context_size(code);
    context = heap_allocate(&thread->allocator, INDEX_CONTEXT, FORMAT_FIXED_VARIABLE, size);
    if (context == 0)
        no_memory();
    code = frame_code_of(fp); /* it may have moved */
    nil = NIL;
    for (uint64_t i = 0; i < size; i++)
        slot_set(context, i, nil);
    method = smalltalk_method(code->method);
    for (unsigned i = 0; i < method->arguments; i++) /* which stay when the frame is gone */
        slot_set(context, CONTEXT_FIRST + i, fp[(int)i - (int)method->arguments]);
    slot_set(context, CONTEXT_SENDER, (Value)(uintptr_t)fp | VALUE_TAG_INTEGER);
    slot_set(context, CONTEXT_PC, value_from_integer(method->start + 1));
    slot_set(context, CONTEXT_STACKP, value_from_integer(method->arguments + variable_count(method)));
    slot_set(context, CONTEXT_METHOD, fp[TAGGED_METHOD]);
    if (method->kind != KIND_METHOD)
        slot_set(context, CONTEXT_CLOSURE, fp[-(int)code->argument_slots]);
    slot_set(context, CONTEXT_RECEIVER, method->kind != KIND_METHOD ? fp[TAGGED_FIRST] : fp[-(int)code->argument_slots]);
    fp[TAGGED_CONTEXT] = context;
    return context;
}

void context_synchronize(Thread *thread, Value context)
{
    Value *fp = context_frame(context);
    for (Walk walk = walk_first(thread); walk.fp != base_fp; walk_next(&walk))
        if (walk.fp == fp) {
            store_state(context, &walk);
            return;
        }
    image_unsound("a context's frame is gone");
}

Value context_sender(Thread *thread, Value context)
{
    Value *caller;
    if (!context_is_married(context))
        return slot_get(context, CONTEXT_SENDER);
    caller = frame_caller(context_frame(context));
    return caller == base_fp ? base_state[0] : frame_context(thread, caller);
}

/* ---- all frames become contexts ---- */

/* Is what its slots say of its stack possible? */
bool context_is_sound(Value context)
{
    Value stackp = slot_get(context, CONTEXT_STACKP);
    return value_is_integer(stackp) && value_integer(stackp) >= 0 &&
           (uint64_t)value_integer(stackp) <= object_slot_count(context) - CONTEXT_FIRST;
}

/* Does it wait, at its pc, for a store that the object has been asked about? */
static bool follows_store(Value context)
{
    Value method = slot_get(context, CONTEXT_METHOD), pc = slot_get(context, CONTEXT_PC);
    Value start = slot_or_nil(slot_get(context, CONTEXT_CLOSURE), CLOSURE_START);
    Bytecode code = {.kind = BYTE_NOTHING};
    if (!is_method(method) || !value_is_integer(pc))
        return false;
    uint64_t at = value_is_integer(start) ? (uint64_t)value_integer(start) - 1 : method_start(method);
    uint64_t end = (uint64_t)value_integer(pc) - 1, size = object_byte_size(method);
    bool sista = header_is_sista(method_header(method));
    if (at < method_start(method) || end > size)
        return false;
    for (; at < end; at += code.length)
        code = bytecode_decode(method_bytes(method), size, at, sista);
    return at == end && bytecode_is_store(code.kind);
}

/* What attemptToAssign:withIndex: returns is nobody's: the bytecode is done. */
static void context_push(Value context, Value value)
{
    int64_t stackp = value_integer(slot_get(context, CONTEXT_STACKP)) + 1;
    if (smalltalk.stores_guarded && follows_store(context))
        return;
    if (!context_is_sound(context) || (uint64_t)stackp + CONTEXT_FIRST > object_slot_count(context))
        return;
    slot_set(context, CONTEXT_FIRST + (uint64_t)stackp - 1, value);
    slot_set(context, CONTEXT_STACKP, value_from_integer(stackp));
}

static void marry_all(Thread *thread, bool in_primitive)
{
    Value *fp = in_primitive ? frame_caller(thread->fp) : thread->fp;
    for (; fp != base_fp; fp = frame_caller(fp))
        frame_context(thread, fp);
}

static Value sender_of_frame(const Value *fp)
{
    const Value *caller = frame_caller(fp);
    return caller == base_fp ? base_state[0] : caller[TAGGED_CONTEXT];
}

static void empty_stack(Thread *thread)
{
    thread->fp = base_fp;
    thread->pc = (uint64_t *)frame_code_of(base_fp)->words;
}

Value flush_frames(Thread *thread, bool in_primitive, const Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = result != NULL ? heap_hold_nogc(&thread->allocator, *result) : NULL;
    Walk walk;
    Value top;

    marry_all(thread, in_primitive);
    walk = walk_first(thread);
    if (in_primitive)
        walk_next(&walk);
    top = walk.fp == base_fp ? base_state[0] : walk.fp[TAGGED_CONTEXT];
    for (; walk.fp != base_fp; walk_next(&walk)) {
        Value context = walk.fp[TAGGED_CONTEXT];
        store_state(context, &walk);
        slot_set(context, CONTEXT_SENDER, sender_of_frame(walk.fp));
    }
    if (held != NULL && is_context(top))
        context_push(top, *held);
    empty_stack(thread);
    base_state[0] = NIL;
    heap_leave_nogc(&thread->allocator, mark);
    return top;
}

/* ---- a context gets a frame ---- */

static Code *code_of_number(uint32_t number)
{
    Code *code = method_entry(number);
    if (code->method == 0) {
        if (translate_method(number) != OK)
            no_memory();
        code = method_entry(number);
    }
    return code;
}

static void fill_frame(Value *fp, const Code *code, Value context, unsigned depth)
{
    const SmalltalkMethod *method = smalltalk_method(code->method);
    unsigned variables = variable_count(method), slot = CONTEXT_FIRST;
    unsigned known = (unsigned)value_integer(slot_get(context, CONTEXT_STACKP)) + CONTEXT_FIRST;
    bool block = method->kind != KIND_METHOD;

    fp[-(int)code->argument_slots] = slot_get(context, block ? CONTEXT_CLOSURE : CONTEXT_RECEIVER);
    fp[TAGGED_CONTEXT] = context;
    fp[TAGGED_METHOD] = slot_get(context, CONTEXT_METHOD);
    if (block)
        fp[TAGGED_FIRST] = slot_get(context, CONTEXT_RECEIVER);
    for (unsigned i = 0; i < method->arguments; i++, slot++)
        fp[(int)i - (int)method->arguments] = slot < known ? slot_get(context, slot) : NIL;
    for (unsigned i = 0; i < variables; i++, slot++)
        fp[first_variable(method) + (int)i] = slot < known ? slot_get(context, slot) : NIL;
    for (unsigned i = 0; i < depth; i++)
        fp[code_stack_home(code, i)] = slot < known ? slot_get(context, slot++) : slot_get(context, known - 1);
}

/* Do the places that a map tells hold what the context's stack has? */
static bool map_agrees(const Value *fp, const Code *code, const CodeMap *map)
{
    const CodeMapException *exceptions = code_map_exceptions(code, map);
    for (unsigned i = 0; i < map->exception_count; i++) {
        unsigned slot = exceptions[i].slot & 0x7fffu;
        if (!(exceptions[i].slot & 0x8000) || mapped_value(fp, code, &exceptions[i]) != fp[code_stack_home(code, slot)])
            return false;
    }
    return true;
}

static bool map_is_entry(const Value *fp, const Code *code, const CodeMap *map, uint32_t pc, unsigned depth)
{
    if (map->before)
        return map->word != 0 && map->guest_pc == pc && map->stack_depth == depth && map->exception_count == 0;
    return map->stack_depth + 1u == depth && map->guest_pc < pc && pc - map->guest_pc <= 8 &&
           map->guest_pc + bytecode_length(fp[TAGGED_METHOD], map->guest_pc) == pc && map_agrees(fp, code, map);
}

static const CodeMap *find_entry(const Value *fp, const Code *code, uint32_t pc, unsigned depth)
{
    const CodeMap *maps = code_maps(code);
    for (uint32_t i = 0; i < code->map_count; i++)
        if (map_is_entry(fp, code, &maps[i], pc, depth))
            return &maps[i];
    return NULL;
}

/* Where a method's code begins that a context can be in: behind the call of a primitive, and the store of its error. */
static uint32_t first_pc(const SmalltalkMethod *method)
{
    Value object = run_tagged.method_objects[method->method.number];
    bool sista = header_is_sista(method_header(object));
    uint64_t size = object_byte_size(object), at = method->start;

    if (method->kind != KIND_METHOD || method->primitive == 0)
        return method->start + 1;
    at += bytecode_decode(method_bytes(object), size, at, sista).length;
    Bytecode code = bytecode_decode(method_bytes(object), size, at, sista);
    return (uint32_t)(at + (code.kind == BYTE_STORE_TEMP ? code.length : 0)) + 1;
}

/* Tries to make the frame in this code; false: the code has no place to enter for the context's pc.
 *
 * missing: images have code (ContextPart>>jump) that pops a value from a context that waits for a result, and returns
 * that value to it: where there was none on its stack, a variable has been popped, and serves as the result too. */
static bool make_frame(Thread *thread, Value context, Code *code, unsigned missing)
{
    const SmalltalkMethod *method = smalltalk_method(code->method);
    const Code *base_code = frame_code_of(base_fp);
    Value *fp = base_fp + base_code->register_count + code->argument_slots;
    int64_t pc = value_integer(slot_get(context, CONTEXT_PC));
    int64_t depth = value_integer(slot_get(context, CONTEXT_STACKP)) - method->arguments - (int)variable_count(method);
    const CodeMap *map;

    if (method->kind == KIND_BLOCK && pc >= method->start + 1 && pc < method->start + 1 + method->temporaries) {
        pc = method->start + 1 + method->temporaries; /* behind the pushes that make the temporaries */
        depth = 0;
    } else if (pc == method->start + 1) { /* started anew: the primitive is not called once more */
        pc = first_pc(method);
    }
    depth += missing;
    if (depth < missing || depth > code->stack_count || pc < 0)
        return false;
    fp[FRAME_CODE] = (Value)(uintptr_t)code;
    fill_frame(fp, code, context, (unsigned)depth);
    map = find_entry(fp, code, (uint32_t)pc, (unsigned)depth);
    if (map == NULL)
        return false;
    fp[FRAME_RETURN] = (Value)(uintptr_t)base_code->words;
    fp[FRAME_CALLER] = (Value)(uintptr_t)base_fp;
    base_state[0] = slot_get(context, CONTEXT_SENDER);
    slot_set(context, CONTEXT_SENDER, (Value)(uintptr_t)fp | VALUE_TAG_INTEGER);
    thread->fp = fp;
    thread->pc = code->words + map->word;
    return true;
}

__attribute__((noreturn)) static void cannot_resume(Value context)
{
    char text[256] = "something that is no context";
    print_stack(run_current());
    if (is_context(context))
        describe(slot_get(context, CONTEXT_RECEIVER), text, sizeof text);
    fflush(stdout);
    fprintf(stderr, "coracle: cannot go on in a context (receiver: %s)\n", text);
    os_exit(1);
}

/* 0: there is none that goes with what the context says. */
static uint32_t context_method_number(Value context)
{
    Value closure = slot_get(context, CONTEXT_CLOSURE), method = slot_get(context, CONTEXT_METHOD);
    uint32_t number = 0;
    if (closure != NIL)
        number = block_number_of(closure);
    else if (is_method(method))
        number = method_number_of(method);
    if (number == 0 || run_tagged.method_objects[number] != method)
        return 0;
    method_fit_receiver(number, slot_get(context, CONTEXT_RECEIVER));
    return number;
}

static bool make_some_frame(Thread *thread, Value context, uint32_t number, unsigned missing)
{
    if (make_frame(thread, context, code_of_number(number), missing))
        return true;
    number = method_number_unfused(number);
    return number != 0 && make_frame(thread, context, code_of_number(number), missing);
}

void resume_context(Thread *thread, Value context, const Value *push)
{
    uint32_t number;

    empty_stack(thread);
    if (!is_context(context) || context_is_married(context) || !context_is_sound(context))
        cannot_resume(context);
    if (!value_is_integer(slot_get(context, CONTEXT_PC))) {
        base_state[0] = NIL;
        send_from_context(thread, context, special_object(SPECIAL_CANNOT_RETURN), context, push != NULL ? push : &NIL, 1);
        return;
    }
    if (push != NULL)
        context_push(context, *push);
    number = context_method_number(context);
    if (number == 0)
        cannot_resume(context);
    if (!make_some_frame(thread, context, number, 0) && !make_some_frame(thread, context, number, 1))
        cannot_resume(context);
}

void send_from_context(Thread *thread, Value context, Value selector, Value receiver, const Value *arguments, unsigned count)
{
    Value *window = base_fp + frame_code_of(base_fp)->register_count;
    uint32_t number, class_index = value_class_index(receiver);

    empty_stack(thread);
    base_state[0] = context;
    window[0] = receiver;
    for (unsigned i = 0; i < count; i++)
        window[1 + i] = arguments[i];
    number = lookup_send(class_index, selector);
    if (number == 0 || smalltalk_method(number)->arguments != count)
        number = not_understood(thread, selector, run_tagged.classes[class_index], count, window);
    run_push_call(thread, number, RUN_THEN_RETURN);
}

/* The outermost frame has returned: its sender goes on. */
static Outcome base_normal(Thread *thread, Value *state, Value *result)
{
    if (smalltalk.quitting)
        return run_throw(thread, NIL);
    if (state[0] == NIL || !is_context(state[0])) {
        Value next = highest_ready();
        if (next == NIL) { /* the last process is over */
            smalltalk.quitting = true;
            return run_throw(thread, NIL);
        }
        go_on_with(thread, next);
        return OUTCOME_PUSHED;
    }
    resume_context(thread, state[0], result);
    return OUTCOME_PUSHED;
}

/* With no frame but the one that the thread began with. */
Result context_open(Thread *thread)
{
    base_state = run_push_continuation(thread, base_continuation, RUN_THEN_RETURN);
    if (base_state == NULL)
        return error_set(ERROR_LIMIT, "the stack is too small");
    base_state[0] = NIL;
    base_fp = thread->fp;
    return OK;
}

void context_register(void)
{
    static const Continuation base = {"smalltalk.sender", 1, 1, base_normal, NULL};
    if (base_continuation == 0)
        base_continuation = run_register_continuation(&base);
}

void leave_machine(Thread *thread)
{
    smalltalk.quitting = true;
    empty_stack(thread);
}

int primitive_call(Thread *thread, uint32_t number, const Value *arguments, unsigned slots)
{
    Value *fp = thread->fp, *window = fp - frame_code_of(fp)->argument_slots;
    Value caller = fp[FRAME_CALLER], return_pc = fp[FRAME_RETURN];
    Code *callee = method_entry(number);

    memmove(window, arguments, slots * sizeof *arguments);
    fp = window + callee->argument_slots;
    fp[FRAME_RETURN] = return_pc;
    fp[FRAME_CALLER] = caller;
    fp[FRAME_CODE] = (Value)(uintptr_t)callee;
    thread->fp = fp;
    thread->pc = callee->words;
    if (callee->method == 0) {
        fp[FRAME_HEADER] = number;
        thread->pc++;
    }
    return TAGGED_SWITCHED;
}

/* ---- non-local return ---- */

static bool is_unwind_method(uint32_t number)
{
    return number != 0 && smalltalk_method(number)->primitive == PRIMITIVE_UNWIND;
}

static bool is_marked_context(Value context, unsigned mark)
{
    Value method = slot_get(context, CONTEXT_METHOD);
    return slot_get(context, CONTEXT_CLOSURE) == NIL && is_method(method) && method_primitive(method) == mark;
}

static Value home_context(const Value *fp)
{
    Value context = slot_get(fp[-(int)frame_code_of(fp)->argument_slots], CLOSURE_OUTER);
    for (unsigned steps = 0; is_context(context) && slot_get(context, CONTEXT_CLOSURE) != NIL; steps++) {
        if (steps == CONTEXTS_LIMIT)
            return NIL;
        context = slot_or_nil(slot_get(context, CONTEXT_CLOSURE), CLOSURE_OUTER);
    }
    return context;
}

static void context_die(Value context)
{
    slot_set(context, CONTEXT_SENDER, NIL);
    slot_set(context, CONTEXT_PC, NIL);
}

/* From the frame's caller out to `until` (or the base): the first that wants to know; NULL. */
static Value *find_unwind_frame(const Value *fp, const Value *until)
{
    for (Value *frame = frame_caller(fp); frame != base_fp && frame != until; frame = frame_caller(frame))
        if (is_unwind_method(frame_code_of(frame)->method))
            return frame;
    return NULL;
}

static int send_from_frame(Thread *thread, enum SpecialObject selector, Value value, Value *unwind_frame, Value unwind)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, value);
    Value *through = heap_hold_nogc(&thread->allocator, unwind);
    Value top;

    if (unwind_frame != NULL)
        *through = frame_context(thread, unwind_frame);
    top = flush_frames(thread, false, NULL);
    Value arguments[2] = {*held, *through};
    heap_leave_nogc(&thread->allocator, mark);
    send_from_context(thread, top, special_object(selector), top, arguments, selector == SPECIAL_ABOUT_TO_RETURN ? 2 : 1);
    return OUTCOME_DONE;
}

static int return_to_frame(Thread *thread, Value *home, Value value)
{
    for (Value *frame = thread->fp;; frame = frame_caller(frame)) {
        if (frame[TAGGED_CONTEXT] != 0)
            context_die(frame[TAGGED_CONTEXT]);
        if (frame == home)
            break;
    }
    thread->pc = (uint64_t *)(uintptr_t)home[FRAME_RETURN];
    thread->fp = frame_caller(home);
    home[-(int)frame_code_of(home)->argument_slots] = value;
    return OUTCOME_DONE;
}

/* The home has no frame: it lies among the contexts beyond the base, or nowhere. */
static int return_to_context(Thread *thread, Value home, Value value)
{
    Value context = base_state[0], sender, *frame = find_unwind_frame(thread->fp, NULL);
    unsigned steps = 0;

    for (; is_context(context) && context != home && steps < CONTEXTS_LIMIT; steps++)
        context = slot_get(context, CONTEXT_SENDER);
    if (context != home)
        return send_from_frame(thread, SPECIAL_CANNOT_RETURN, value, NULL, NIL);
    if (frame != NULL)
        return send_from_frame(thread, SPECIAL_ABOUT_TO_RETURN, value, frame, NIL);
    for (context = base_state[0]; context != home; context = slot_get(context, CONTEXT_SENDER))
        if (is_marked_context(context, PRIMITIVE_UNWIND))
            return send_from_frame(thread, SPECIAL_ABOUT_TO_RETURN, value, NULL, context);
    for (frame = thread->fp; frame != base_fp; frame = frame_caller(frame))
        if (frame[TAGGED_CONTEXT] != 0)
            context_die(frame[TAGGED_CONTEXT]);
    for (context = base_state[0]; context != home; context = sender) {
        sender = slot_get(context, CONTEXT_SENDER);
        context_die(context);
    }
    sender = slot_get(home, CONTEXT_SENDER);
    context_die(home);
    /* as if a frame above the base returned the value */
    empty_stack(thread);
    base_state[0] = sender;
    base_fp[frame_code_of(base_fp)->register_count] = value;
    return OUTCOME_DONE;
}

static int return_outer(Thread *thread, Value value)
{
    Value home = home_context(thread->fp), *frame;

    if (!is_context(home) || slot_get(home, CONTEXT_PC) == NIL)
        return send_from_frame(thread, SPECIAL_CANNOT_RETURN, value, NULL, NIL);
    if (!context_is_married(home))
        return return_to_context(thread, home, value);
    frame = find_unwind_frame(thread->fp, context_frame(home));
    if (frame != NULL)
        return send_from_frame(thread, SPECIAL_ABOUT_TO_RETURN, value, frame, NIL);
    return return_to_frame(thread, context_frame(home), value);
}

/* ---- slow ways of instructions ---- */

static void make_array(Thread *thread, uint64_t word)
{
    Value *window = thread->fp + WORD_A(word), array = array_new(thread, WORD_UB(word));
    if (array == 0)
        no_memory();
    if (WORD_UC(word))
        for (unsigned i = 0; i < WORD_UB(word); i++)
            slot_set(array, i, window[i]);
    *window = array;
}

static Value closure_new(Thread *thread, enum SpecialObject class, unsigned first, const Value *copied, unsigned count)
{
    Value closure, of = special_object(class);
    if (!is_class(of) || class_fixed_slots(of) > first + count)
        image_unsound("the image's class of blocks is damaged");
    closure = instance_new(thread, of, first + count - class_fixed_slots(of));
    if (closure == 0)
        no_memory();
    if (!has_slots(closure, first + count))
        image_unsound("the image's class of blocks has instances of another kind");
    for (unsigned i = 0; i < count; i++)
        slot_set(closure, first + i, copied[i]);
    return closure;
}

static void make_block(Thread *thread, uint64_t word)
{
    uint64_t literal = code_literals(frame_code_of(thread->fp))[WORD_UB(word)];
    Value *window = thread->fp + WORD_A(word), closure;

    frame_context(thread, thread->fp);
    closure = closure_new(thread, SPECIAL_CLASS_BLOCK, CLOSURE_FIRST, window, (unsigned)(literal >> 40) & 255);
    slot_set(closure, CLOSURE_OUTER, thread->fp[TAGGED_CONTEXT]);
    slot_set(closure, CLOSURE_START, value_from_integer((int64_t)(uint32_t)literal));
    slot_set(closure, CLOSURE_ARGUMENTS, value_from_integer((int64_t)(literal >> 32 & 255)));
    *window = closure;
}

static void make_full_block(Thread *thread, uint64_t word)
{
    uint64_t literal = code_literals(frame_code_of(thread->fp))[WORD_UB(word)];
    Value *fp = thread->fp, *window = fp + WORD_A(word), closure, method;
    unsigned copied = (unsigned)(literal >> 40) & 255;
    bool receiver_pushed = (literal >> 48 & 1) != 0, no_outer = (literal >> 49 & 1) != 0;
    bool in_block = smalltalk_method(frame_code_of(fp)->method)->kind != KIND_METHOD;

    if (!no_outer)
        frame_context(thread, fp);
    closure = closure_new(thread, SPECIAL_CLASS_FULL_BLOCK, FULL_CLOSURE_FIRST, window, copied);
    method = slot_get(fp[TAGGED_METHOD], (uint32_t)literal);
    if (!is_method(method))
        image_unsound("a block's method is none");
    slot_set(closure, CLOSURE_OUTER, no_outer ? NIL : fp[TAGGED_CONTEXT]);
    slot_set(closure, CLOSURE_START, method);
    slot_set(closure, CLOSURE_ARGUMENTS, value_from_integer(header_arguments(method_header(method))));
    slot_set(closure, FULL_CLOSURE_RECEIVER, receiver_pushed ? window[copied]
             : in_block ? fp[TAGGED_FIRST] : fp[-(int)frame_code_of(fp)->argument_slots]);
    *window = closure;
}

__attribute__((noreturn)) static void no_such_slot(Value object, unsigned index)
{
    char text[256];
    describe(object, text, sizeof text);
    print_stack(run_current());
    image_unsound("code accesses variable %u of %s, which has none", index + 1, text);
}

static Value load_checked(Thread *thread, Value object, unsigned index)
{
    if (!has_slots(object, index + 1))
        no_such_slot(object, index);
    if (!is_context(object) || !context_is_married(object))
        return slot_get(object, index);
    if (index == CONTEXT_SENDER)
        return context_sender(thread, object);
    context_synchronize(thread, object);
    return slot_get(object, index);
}

/* The bytecode of the innermost context is done: it goes on at the next. */
static void finish_bytecode(Value context, unsigned popped)
{
    uint32_t pc = (uint32_t)value_integer(slot_get(context, CONTEXT_PC));
    pc += bytecode_length(slot_get(context, CONTEXT_METHOD), pc);
    slot_set(context, CONTEXT_PC, value_from_integer(pc));
    slot_set(context, CONTEXT_STACKP, value_from_integer(value_integer(slot_get(context, CONTEXT_STACKP)) - popped));
}

/* Variables of blocks: the fast way is in the interpreter. */
static void access_remote(Thread *thread, uint64_t word, bool store)
{
    Value vector = thread->fp[WORD_B(word)], *reg = thread->fp + WORD_A(word);
    if (!has_slots(vector, WORD_UC(word) + 1u) || is_context(vector))
        no_such_slot(vector, WORD_UC(word));
    if (store)
        slot_set(vector, WORD_UC(word), *reg);
    else
        *reg = slot_get(vector, WORD_UC(word));
}

/* The closure does not have what its block's code takes. If that is variables of the receiver, the code is made anew,
 * with checks; the frame, which has nothing but its arguments yet, enters it again. */
static int enter_again(Thread *thread, uint64_t word)
{
    Value *fp = thread->fp, closure;
    Code *code = (Code *)(uintptr_t)fp[FRAME_CODE];
    SmalltalkMethod *method = smalltalk_method(code->method);
    bool full = method->kind == KIND_FULL_BLOCK;

    closure = fp[-(int)code->argument_slots];
    if (object_slot_count(closure) < (full ? FULL_CLOSURE_FIRST : CLOSURE_FIRST) + (unsigned)WORD_UB(word))
        image_unsound("a block has %llu slots, too few for its code", (unsigned long long)object_slot_count(closure));
    block_fit_receiver(method->method.number, closure);
    code = method_entry(method->method.number);
    fp[FRAME_CODE] = (Value)(uintptr_t)code;
    fp[FRAME_HEADER] = method->method.number; /* where a stub finds it */
    thread->pc = code->words;
    return OUTCOME_DONE;
}

/* A store into a read-only object: it is asked instead, as if the bytecode were a send that leaves nothing behind. */
static int attempt_to_assign(Thread *thread, Value object, Value value, unsigned index, unsigned popped)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, object);
    heap_hold_nogc(&thread->allocator, value);
    Value top = flush_frames(thread, false, NULL);

    finish_bytecode(top, popped);
    Value receiver = held[0], arguments[2] = {held[1], value_from_integer(index + 1)};
    heap_leave_nogc(&thread->allocator, mark);
    send_from_context(thread, top, special_object(SPECIAL_ATTEMPT_TO_ASSIGN), receiver, arguments, 2);
    return OUTCOME_DONE;
}

static int store_checked(Thread *thread, uint64_t word)
{
    Value *fp = thread->fp, object = fp[WORD_B(word)], value = fp[WORD_A(word)], top;
    unsigned index = WORD_UC(word) & 0x7fff;
    size_t mark;

    if (!has_slots(object, index + 1) || !context_accepts(object, index, value))
        no_such_slot(object, index);
    if (is_read_only(object))
        return attempt_to_assign(thread, object, value, index, WORD_UC(word) >> 15);
    if (!is_context(object) || !context_is_married(object)) {
        slot_set(object, index, value);
        thread->pc++;
        return OUTCOME_DONE;
    }
    mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, object);
    heap_hold_nogc(&thread->allocator, value);
    top = flush_frames(thread, false, NULL);
    finish_bytecode(top, WORD_UC(word) >> 15);
    slot_set(held[0], index, held[1]);
    heap_leave_nogc(&thread->allocator, mark);
    resume_context(thread, top, NULL);
    return OUTCOME_DONE;
}

static int must_be_boolean(Thread *thread, uint64_t word)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, thread->fp[WORD_A(word)]);
    Value top = flush_frames(thread, false, NULL);

    finish_bytecode(top, 1);
    Value receiver = *held;
    heap_leave_nogc(&thread->allocator, mark);
    send_from_context(thread, top, special_object(SPECIAL_MUST_BE_BOOLEAN), receiver, NULL, 0);
    return OUTCOME_DONE;
}

__attribute__((noreturn)) static void bad_bytecode(Thread *thread, uint64_t word)
{
    char text[256];
    describe(smalltalk_class_of_nogc(thread->fp[-(int)frame_code_of(thread->fp)->argument_slots]), text, sizeof text);
    fflush(stdout);
    fprintf(stderr, "coracle: a method of %s has bytecodes that mean nothing (%d)\n", text, WORD_A(word));
    os_exit(1);
}

int language_tagged(Thread *thread, uint32_t operation, uint64_t word)
{
    switch (operation) {
    case OP_MAKE_ARRAY: make_array(thread, word); break;
    case OP_MAKE_BLOCK: make_block(thread, word); break;
    case OP_MAKE_FULL_BLOCK: make_full_block(thread, word); break;
    case OP_THIS_CONTEXT: {
        Value context = frame_context(thread, thread->fp);
        thread->fp[WORD_A(word)] = context;
        break;
    }
    case OP_THIS_PROCESS: thread->fp[WORD_A(word)] = active_process(); break;
    case OP_LOAD_SLOT_CHECKED: {
        Value value = load_checked(thread, thread->fp[WORD_B(word)], WORD_UC(word));
        thread->fp[WORD_A(word)] = value;
        break;
    }
    case OP_STORE_SLOT_CHECKED:
    case OP_STORE_SLOT_GUARDED: return store_checked(thread, word);
    case OP_STORE_VARIABLE_GUARDED:
        return attempt_to_assign(thread, slot_get(thread->fp[TAGGED_METHOD], WORD_UC(word)), thread->fp[WORD_A(word)], 1, WORD_UB(word));
    case OP_LOAD_REMOTE: access_remote(thread, word, false); break;
    case OP_STORE_REMOTE: access_remote(thread, word, true); break;
    case OP_ENTER_BLOCK:
    case OP_ENTER_FULL_BLOCK: return enter_again(thread, word);
    case OP_RETURN_OUTER: return return_outer(thread, thread->fp[WORD_A(word)]);
    case OP_IF_TRUE_TAGGED:
    case OP_IF_FALSE_TAGGED: return must_be_boolean(thread, word);
    default: bad_bytecode(thread, word);
    }
    thread->pc++;
    return OUTCOME_DONE;
}

/* ---- the stack is full ---- */

static Value *hold_arguments(Thread *thread)
{
    unsigned slots = frame_code_of(thread->fp)->argument_slots;
    Value *held = NULL;
    for (unsigned i = 0; i < slots; i++) {
        Value *slot = heap_hold_nogc(&thread->allocator, thread->fp[(int)i - (int)slots]);
        held = i == 0 ? slot : held;
    }
    return held;
}

/* A context without frame calls a method. */
static void call_from_context(Thread *thread, Value context, uint32_t number, const Value *arguments)
{
    Value *place;
    base_state[0] = context;
    place = run_push_call(thread, number, RUN_THEN_RETURN);
    memcpy(place, arguments, method_at(number)->argument_slots * sizeof *place);
}

/* A frame that has only its arguments is called once more when the others are contexts. */
static void call_again(Thread *thread)
{
    uint32_t number = frame_method_number(thread->fp);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = hold_arguments(thread), context = flush_frames(thread, true, NULL);

    call_from_context(thread, context, number, held);
    heap_leave_nogc(&thread->allocator, mark);
}

int language_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
    if (kind != RAISE_STACK) {
        fflush(stdout);
        fprintf(stderr, "coracle: %s\n", kind == RAISE_MEMORY ? "out of memory" : "the machine met an object that it cannot use");
        os_exit(1);
    }
    if (frame_in_primitive(thread))
        call_again(thread);
    else
        resume_context(thread, flush_frames(thread, false, NULL), NULL);
    low_space_look();
    return OUTCOME_RETRY;
}

/* ---- what primitives do with contexts ---- */

bool context_accepts(Value object, uint64_t index, Value value)
{
    return !is_context(object) || index != CONTEXT_SENDER || !value_is_integer(value);
}

int restart_frames(Thread *thread, Value result)
{
    resume_context(thread, flush_frames(thread, true, &result), NULL);
    return TAGGED_SWITCHED;
}

int call_without_frames(Thread *thread)
{
    call_again(thread);
    return TAGGED_SWITCHED;
}

int primitive_save(Thread *thread, Result (*save)(Thread *thread, const char *path), const char *path)
{
    uint32_t number = frame_method_number(thread->fp);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = hold_arguments(thread), context = flush_frames(thread, true, NULL), answer;
    Result saved;

    slot_set(active_process(), PROCESS_CONTEXT, context);
    saved = save(thread, path);
    answer = FALSE_OBJECT;
    context = slot_get(active_process(), PROCESS_CONTEXT);
    slot_set(active_process(), PROCESS_CONTEXT, NIL);
    if (saved == OK)
        resume_context(thread, context, &answer);
    else
        call_from_context(thread, context, number, held);
    heap_leave_nogc(&thread->allocator, mark);
    return TAGGED_SWITCHED;
}

bool frames_are_contexts(const Thread *thread)
{
    return thread->fp == base_fp;
}

Value context_at(Thread *thread, Value context, uint64_t index)
{
    return load_checked(thread, context, (unsigned)index);
}

int context_write(Thread *thread, Value context, uint64_t index, Value value, Value result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, context), top;

    heap_hold_nogc(&thread->allocator, value);
    heap_hold_nogc(&thread->allocator, result);
    top = flush_frames(thread, true, NULL);
    slot_set(held[0], index, held[1]);
    Value answer = held[2];
    heap_leave_nogc(&thread->allocator, mark);
    resume_context(thread, top, &answer);
    return TAGGED_SWITCHED;
}

/* ---- for people ---- */

static void print_activation(Value method, Value receiver, bool block, int64_t pc)
{
    char class[200], selector[200] = "?";
    Value name = is_method(method) ? method_selector(method) : NIL;

    if (is_bytes(name))
        describe(name, selector, sizeof selector);
    describe(smalltalk_class_of_nogc(receiver), class, sizeof class);
    fprintf(stderr, "  %s%s %s pc %lld\n", block ? "[] in " : "", class, selector, (long long)pc);
}

#define LINES_LIMIT 100

void print_stack(Thread *thread)
{
    Value context;
    unsigned lines = 0;
    for (Walk walk = walk_first(thread); walk.fp != base_fp && lines < LINES_LIMIT; walk_next(&walk), lines++) {
        uint32_t number = frame_method_number(walk.fp);
        const SmalltalkMethod *method = smalltalk_method(number);
        bool ready = walk.code->method != 0 && !(walk.before && walk.pc == walk.code->words);
        Value receiver = walk.fp[-(int)walk.code->argument_slots];
        if (ready && method->kind != KIND_METHOD)
            receiver = walk.fp[TAGGED_FIRST];
        const CodeMap *map = ready ? code_find_map(walk.code, (uint32_t)(walk.pc - walk.code->words), walk.before) : NULL;
        print_activation(run_tagged.method_objects[number], receiver, method->kind != KIND_METHOD, map != NULL ? map->guest_pc : 0);
    }
    for (context = base_state[0]; is_context(context) && lines < LINES_LIMIT; context = slot_get(context, CONTEXT_SENDER), lines++)
        print_activation(slot_get(context, CONTEXT_METHOD), slot_get(context, CONTEXT_RECEIVER),
                         slot_get(context, CONTEXT_CLOSURE) != NIL, value_integer(slot_get(context, CONTEXT_PC)));
}

/* ---- the search for marked methods: ensure: and ifCurtailed: (198), on:do: and signal (199) ---- */

static Value find_marked_context(Value context, Value until, unsigned mark)
{
    for (unsigned steps = 0; steps < CONTEXTS_LIMIT; steps++, context = slot_get(context, CONTEXT_SENDER)) {
        if (!is_context(context) || context == until || context_is_married(context))
            return NIL;
        if (is_marked_context(context, mark))
            return context;
    }
    return NIL;
}

/* From the context itself (or its sender) outwards. */
static Value find_marked(Thread *thread, Value context, Value until, unsigned mark, bool from_sender)
{
    Value *frame;
    if (!context_is_married(context))
        return find_marked_context(from_sender ? slot_get(context, CONTEXT_SENDER) : context, until, mark);
    frame = context_frame(context);
    if (from_sender)
        frame = frame_caller(frame);
    for (; frame != base_fp; frame = frame_caller(frame)) {
        if (frame[TAGGED_CONTEXT] != 0 && frame[TAGGED_CONTEXT] == until)
            return NIL;
        if (smalltalk_method(frame_code_of(frame)->method)->primitive == mark)
            return frame_context(thread, frame);
    }
    return find_marked_context(base_state[0], until, mark);
}

static int primitive_find_unwind(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !is_context(arguments[0]))
        return primitive_fail(WHY_ARGUMENT);
    *result = find_marked(thread, arguments[0], arguments[1], PRIMITIVE_UNWIND, true);
    return TAGGED_DONE;
}

static int primitive_find_handler(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 0 || !is_context(arguments[0]))
        return primitive_fail(WHY_ARGUMENT);
    *result = find_marked(thread, arguments[0], 0, PRIMITIVE_HANDLER, false);
    return TAGGED_DONE;
}

void context_primitives(void)
{
    primitive_set(195, primitive_find_unwind);
    primitive_set(197, primitive_find_handler);
}
