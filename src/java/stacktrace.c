/* stacktrace.c - capture of backtraces, and StackTraceElements. */
#include "java/stacktrace.h"

#include <stdio.h>

#include "java/primitive_internal.h"
#include "java/strings.h"

/* Set in the first word when the innermost frame was a hidden one: then nothing is known of where it was thrown. */
#define HIDDEN_TOP (1ull << 63)

bool java_frame_counts(const Frame *frame, bool *hidden)
{
    const Method *method = run_frame_method(frame);

    if (method == NULL || method->language != LANGUAGE_JAVA)
        return false;
    if (frame->code->method == 0 && !(method->flags & METHOD_NATIVE)) /* not begun yet */
        return false;
    if (method->flags & METHOD_ABSTRACT)
        return false;
    *hidden = (method->flags & METHOD_HIDDEN) != 0 || (class_at(method->holder)->flags & CLASS_HIDDEN_FRAMES) != 0;
    return true;
}

/* Walks the frames that a throwable's trace shows. */
typedef struct TraceWalk {
    Frame frame;
    bool more, in_fill, in_constructor, hidden_top;
    uint32_t throwable_class;
    SymbolRef fill_name;
} TraceWalk;

/* Frames of fillInStackTrace itself, then those of the throwable's constructors. */
static bool is_own_frame(TraceWalk *walk, const JavaMethod *method)
{
    if (walk->in_fill) {
        if (method->name == walk->fill_name)
            return true;
        walk->in_fill = false;
    }
    if (walk->in_constructor) {
        if (method->name == SYM(INIT) && java_is_subclass(walk->throwable_class, method->method.holder))
            return true;
        walk->in_constructor = false;
    }
    return false;
}

/* Goes on until the frame is one to show. */
static void walk_settle(TraceWalk *walk, bool first)
{
    for (; walk->more; walk->more = run_frame_next(&walk->frame)) {
        bool hidden = false;
        if (!java_frame_counts(&walk->frame, &hidden))
            continue;
        if (is_own_frame(walk, (const JavaMethod *)(void *)run_frame_method(&walk->frame)))
            continue;
        if (!hidden)
            return;
        if (first)
            walk->hidden_top = true;
    }
}

static void walk_begin(TraceWalk *walk, Thread *thread, uint32_t throwable_class, bool skip_own)
{
    memset(walk, 0, sizeof *walk);
    walk->in_fill = walk->in_constructor = skip_own;
    walk->throwable_class = throwable_class;
    walk->fill_name = java_symbol_find("fillInStackTrace", 16);
    walk->more = run_frame_first(thread, &walk->frame);
    walk_settle(walk, true);
}

static void walk_next(TraceWalk *walk)
{
    walk->more = run_frame_next(&walk->frame);
    walk_settle(walk, false);
}

static uint32_t count_frames(Thread *thread, uint32_t throwable_class, bool skip_own)
{
    TraceWalk walk;
    uint32_t count = 0;

    for (walk_begin(&walk, thread, throwable_class, skip_own); walk.more && count < BACKTRACE_DEPTH_LIMIT; walk_next(&walk))
        count++;
    return count;
}

/* raw and mirrors have room for count frames. */
static void store_frames(Thread *thread, uint32_t throwable_class, bool skip_own, Value trace, uint32_t count)
{
    uint64_t *words = object_at(array_element(trace, 0), ARRAY_BASE_OFFSET);
    TraceWalk walk;
    uint32_t i = 0;

    walk_begin(&walk, thread, throwable_class, skip_own);
    for (; walk.more && i < count; walk_next(&walk), i++) {
        const Method *method = run_frame_method(&walk.frame);
        words[i] = BACKTRACE_WORD(method->number, run_frame_guest_pc(&walk.frame));
        array_store(trace, i + 1, java_mirror(method->holder));
    }
    if (count != 0 && walk.hidden_top)
        words[0] |= HIDDEN_TOP;
}

static Value backtrace_new(Thread *thread, uint32_t count)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value raw = heap_allocate_array(&thread->allocator, class_at(CLASS_INDEX_HIDDEN_RAW), count), trace = 0;
    Value *held = heap_hold_nogc(&thread->allocator, raw);

    if (raw != 0)
        trace = heap_allocate_array(&thread->allocator, class_at(CLASS_INDEX_HIDDEN_REFERENCES), count + 1);
    if (trace != 0)
        array_store(trace, 0, *held);
    heap_leave_nogc(&thread->allocator, mark);
    return trace;
}

void java_backtrace_fill(Thread *thread, const Value *throwable, bool skip_own)
{
    uint32_t class_index = object_class_index(*throwable);
    uint32_t count = count_frames(thread, class_index, skip_own);
    Value trace = backtrace_new(thread, count);
    JavaClass *base = java_class_at(java_class(THROWABLE));

    if (trace != 0)
        store_frames(thread, class_index, skip_own, trace, count);
    heap_store(*throwable, java_offset(THROWABLE_BACKTRACE), trace);
    *(int32_t *)object_at(*throwable, java_offset(THROWABLE_DEPTH)) = trace != 0 ? (int32_t)count : 0;
    if (java_class_state(base) >= JAVA_LINKED) {
        const JavaField *unassigned = java_field_text(base->index, "UNASSIGNED_STACK", "[Ljava/lang/StackTraceElement;");
        heap_store(*throwable, java_offset(THROWABLE_STACK_TRACE), java_static_get(unassigned));
    }
}

bool java_backtrace_top(Value throwable, uint32_t *method, uint32_t *pc)
{
    Value trace = heap_load(throwable, java_offset(THROWABLE_BACKTRACE));
    uint64_t word;

    if (trace == 0 || array_length(trace) < 2)
        return false;
    word = *(const uint64_t *)object_at(array_element(trace, 0), ARRAY_BASE_OFFSET);
    *method = (uint32_t)((word & ~HIDDEN_TOP) >> 32);
    *pc = (uint32_t)word;
    return !(word & HIDDEN_TOP);
}

/* ---- elements ---- */

/* The name of a class as Class.getName gives it, kept in its class object. 0: thread->exception. */
Value java_class_name_string(Thread *thread, uint32_t class_index)
{
    Value name = heap_load(java_mirror(class_index), java_offset(CLASS_NAME));

    if (name != 0)
        return name;
    name = java_string_intern_text(thread, java_class_guest_name(class_index), false);
    if (name != 0)
        heap_store(java_mirror(class_index), java_offset(CLASS_NAME), name);
    return name;
}

static void store_interned(Thread *thread, const Value *element, uint64_t offset, SymbolRef symbol)
{
    Value string = symbol != 0 && thread->exception == 0 ? java_string_intern_symbol(thread, symbol) : 0;
    heap_store(*element, offset, string);
}

static SymbolRef source_file(const JavaClass *class)
{
    return class->source_file != 0 ? java_pool_utf8(class, class->source_file) : 0;
}

static void store_loader_name(const Value *element, const JavaClass *class)
{
    Value loader = java_loader_object(class->loader);
    if (loader != 0)
        heap_store(*element, java_offset(STACK_TRACE_ELEMENT_LOADER_NAME), heap_load(loader, java_offset(CLASS_LOADER_NAME)));
}

static void store_module(Thread *thread, const Value *element, uint32_t class_index)
{
    ArenaRef module = java_class_at(class_index)->module;

    if (module == 0)
        module = java_world()->java_base;
    if (module == 0 || ARENA(JavaModule, module)->name == 0)
        return;
    store_interned(thread, element, java_offset(STACK_TRACE_ELEMENT_MODULE_NAME), ARENA(JavaModule, module)->name);
    store_interned(thread, element, java_offset(STACK_TRACE_ELEMENT_MODULE_VERSION), ARENA(JavaModule, module)->version);
}

Outcome java_stack_element_fill(Thread *thread, const Value *element, uint32_t method_number, uint32_t pc)
{
    uint32_t class_index = method_at(method_number)->holder;
    Value name = java_class_name_string(thread, class_index);

    if (name == 0)
        return OUTCOME_THROW;
    heap_store(*element, java_offset(STACK_TRACE_ELEMENT_CLASS_NAME), name);
    heap_store(*element, java_offset(STACK_TRACE_ELEMENT_CLASS_OBJECT), java_mirror(class_index));
    store_loader_name(element, java_class_at(class_index));
    store_module(thread, element, class_index);
    store_interned(thread, element, java_offset(STACK_TRACE_ELEMENT_METHOD_NAME), java_method_at(method_number)->name);
    store_interned(thread, element, java_offset(STACK_TRACE_ELEMENT_FILE_NAME), source_file(java_class_at(class_index)));
    *(int32_t *)object_at(*element, java_offset(STACK_TRACE_ELEMENT_LINE_NUMBER)) =
        java_method_line(java_method_at(method_number), pc);
    return thread->exception != 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

/* ---- without the class library ---- */

static void print_message(Value exception)
{
    Value message = heap_load(exception, java_offset(THROWABLE_MESSAGE));
    char *text = message != 0 ? java_string_utf8(message) : NULL;

    printf("%s%s%s\n", java_class_guest_name(object_class_index(exception)), text != NULL ? ": " : "", text != NULL ? text : "");
    memory_free(text);
}

static void print_module(const JavaClass *class)
{
    ArenaRef module = class->module != 0 ? class->module : java_world()->java_base;
    SymbolRef name = module != 0 ? ARENA(JavaModule, module)->name : 0, version = module != 0 ? ARENA(JavaModule, module)->version : 0;

    if (name != 0)
        printf("%s%s%s/", symbol_text(name), version != 0 ? "@" : "", version != 0 ? symbol_text(version) : "");
}

static void print_place(uint64_t word)
{
    const JavaMethod *method = java_method_at((uint32_t)((word & ~HIDDEN_TOP) >> 32));
    const JavaClass *class = java_method_holder(method);
    SymbolRef file = source_file(class);
    int line = java_method_line(method, (uint32_t)word);

    printf("\tat %s.%s(", java_class_guest_name(class->index), symbol_text(method->name));
    print_module(class);
    if (line == -2)
        printf("Native Method)\n");
    else if (file == 0)
        printf("Unknown Source)\n");
    else if (line == -1)
        printf("%s)\n", symbol_text(file));
    else
        printf("%s:%d)\n", symbol_text(file), line);
}

void java_exception_print(Value exception)
{
    for (unsigned i = 0; i < 16; i++) {
        Value cause = heap_load(exception, java_offset(THROWABLE_CAUSE)), trace = heap_load(exception, java_offset(THROWABLE_BACKTRACE));
        print_message(exception);
        for (int32_t frame = 0; trace != 0 && frame < array_length(trace) - 1; frame++)
            print_place(((const uint64_t *)object_at(array_element(trace, 0), ARRAY_BASE_OFFSET))[frame]);
        if (cause == 0 || cause == exception)
            break;
        fputs("Caused by: ", stdout);
        exception = cause;
    }
}

/* ---- for debuggers ---- */

void java_stack_print(Thread *thread)
{
    Frame frame;

    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame)) {
        const JavaMethod *method = (const JavaMethod *)(void *)run_frame_method(&frame);
        uint32_t pc = method != NULL ? run_frame_guest_pc(&frame) : 0;
        if (method == NULL)
            fprintf(stderr, "  (continuation or base)\n");
        else
            fprintf(stderr, "  %s.%s%s pc %u line %d%s\n", java_class_guest_name(method->method.holder),
                    symbol_text(method->name), symbol_text(method->descriptor), pc, java_method_line(method, pc),
                    frame.code->method == 0 ? " (stub)" : "");
    }
}

/* ---- natives ---- */

/* Throwable.fillInStackTrace(int) */
PRIMITIVE(fill_in_stack_trace)
{
    java_backtrace_fill(thread, &arguments[0], true);
    *result = arguments[0];
    return OUTCOME_DONE;
}

/* StackTraceElement.initStackTraceElements(StackTraceElement[], Throwable) */
PRIMITIVE(init_stack_trace_elements)
{
    Value trace;
    uint32_t count;

    if (arguments[0] == 0 || arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    trace = heap_load(arguments[1], java_offset(THROWABLE_BACKTRACE));
    count = trace == 0 ? 0 : (uint32_t)array_length(trace) - 1;
    if ((uint32_t)array_length(arguments[0]) != count)
        return java_throw(thread, "java/lang/IndexOutOfBoundsException", "the array and the trace differ in length");
    for (uint32_t i = 0; i < count; i++) {
        size_t mark = heap_enter_nogc(&thread->allocator);
        Value words = array_element(heap_load(arguments[1], java_offset(THROWABLE_BACKTRACE)), 0);
        uint64_t word = ((const uint64_t *)object_at(words, ARRAY_BASE_OFFSET))[i] & ~HIDDEN_TOP;
        const Value *element = heap_hold_nogc(&thread->allocator, array_element(arguments[0], i));
        Outcome outcome = java_stack_element_fill(thread, element, (uint32_t)(word >> 32), (uint32_t)word);
        heap_leave_nogc(&thread->allocator, mark);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}

/* NullPointerException.getExtendedNPEMessage() */
PRIMITIVE(extended_message)
{
    Bytes text = {0};
    uint32_t method, pc;

    *result = 0;
    if (java_backtrace_top(arguments[0], &method, &pc) && java_null_message(method, pc, &text)) {
        *result = java_string_from_text(thread, bytes_as_text(&text));
        bytes_free(&text);
        return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
    }
    bytes_free(&text);
    return OUTCOME_DONE;
}

void primitive_register_stack(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Throwable.fillInStackTrace(I)Ljava/lang/Throwable;", fill_in_stack_trace},
        {"java/lang/StackTraceElement.initStackTraceElements([Ljava/lang/StackTraceElement;Ljava/lang/Throwable;)V",
         init_stack_trace_elements},
        {"java/lang/NullPointerException.getExtendedNPEMessage()Ljava/lang/String;", extended_message},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
