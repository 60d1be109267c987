/* stackwalk.c - java.lang.StackWalker: StackStreamFactory and StackFrameInfo.
 *
 * A walk lasts as long as the call of doStackWalk, which callStackWalk pushes with the first batch of frames. Where the
 * next batch begins is kept in the walker's field `anchor`: 1 + the number of frames, counted from the outermost, that
 * are still to be given. They lie below callStackWalk's own frame and so do not change. */
#include "java/invoke.h"
#include "java/live_frame.h"
#include "java/primitive_internal.h"
#include "java/stacktrace.h"

enum WalkMode { /* flags of StackStreamFactory */
    MODE_CLASSES_ONLY = 0x2,
    MODE_GET_CALLER_CLASS = 0x4,
    MODE_SHOW_HIDDEN = 0x20,
    MODE_LIVE_FRAMES = 0x100
};

typedef struct Place {
    uint32_t method, pc;
    const Value *fp;
} Place;

/* ---- frames ---- */

/* Goes on to a frame of a guest method that is not the machine's own; false: no more. */
static bool settle(Frame *frame, bool more)
{
    for (; more; more = run_frame_next(frame)) {
        bool hidden;
        if (java_frame_counts(frame, &hidden) && !(class_at(run_frame_method(frame)->holder)->flags & CLASS_HIDDEN_FRAMES))
            return true;
    }
    return false;
}

static bool first_frame(Thread *thread, Frame *frame)
{
    return settle(frame, run_frame_first(thread, frame));
}

static bool next_frame(Frame *frame)
{
    return settle(frame, run_frame_next(frame));
}

/* This one and those below it. */
static uint64_t count_frames(Frame frame, bool more)
{
    uint64_t count = 0;

    for (; more; more = next_frame(&frame))
        count++;
    return count;
}

/* StackWalker's own methods, which no walk shows. */
static bool is_walker_frame(const Frame *frame, SymbolRef walker)
{
    const Class *holder = class_at(run_frame_method(frame)->holder);
    uint32_t abstract = java_class(ABSTRACT_STACK_WALKER);

    return holder->index == abstract || holder->super == abstract || java_class_at(holder->index)->name == walker;
}

/* The next frames to show, at most `most`; gives how many. *frame, *more: where to go on. */
static uint32_t take_frames(Frame *frame, bool *more, uint64_t mode, Place *places, uint32_t most)
{
    uint32_t count = 0;

    for (; *more && count < most; *more = next_frame(frame)) {
        const Method *method = run_frame_method(frame);
        if ((method->flags & METHOD_HIDDEN) && !(mode & MODE_SHOW_HIDDEN))
            continue;
        places[count++] = (Place){method->number, run_frame_guest_pc(frame), frame->fp};
    }
    return count;
}

/* ---- what is given for a frame ---- */

/* Fills a MemberName (handle), whose name and type the library asks for when it wants them. */
static Outcome fill_member_name(Thread *thread, const Value *member, uint32_t number)
{
    uint32_t class_index = java_wellknown_class(thread, JAVA_CLASS_RESOLVED_METHOD_NAME), flags;
    const JavaMethod *method;
    Value resolved;

    if (class_index == 0)
        return OUTCOME_THROW;
    resolved = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (resolved == 0)
        return java_throw_memory(thread);
    method = java_method_at(number);
    flags = method->access_flags & 0xffffu & ~(uint32_t)ACCESS_MODULE;
    if (method->name == SYM(INIT))
        flags |= MN_IS_CONSTRUCTOR | REF_NEW_INVOKE_SPECIAL << MN_REFERENCE_SHIFT;
    else
        flags |= MN_IS_METHOD | (method->access_flags & ACCESS_STATIC ? REF_INVOKE_STATIC : REF_INVOKE_SPECIAL) << MN_REFERENCE_SHIFT;
    heap_store(resolved, java_offset(RESOLVED_METHOD_NAME_HOLDER), java_mirror(method->method.holder));
    *(uint64_t *)object_at(resolved, java_offset(RESOLVED_METHOD_NAME_TARGET)) = number;
    heap_store(*member, java_offset(MEMBER_NAME_CLASS), java_mirror(method->method.holder));
    heap_store(*member, java_offset(MEMBER_NAME_METHOD), resolved);
    invoke_set_int(*member, java_offset(MEMBER_NAME_FLAGS), (int32_t)flags);
    return OUTCOME_DONE;
}

/* information: a handle. */
static Outcome fill_information(Thread *thread, const Value *information, Place place)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    const Value *member = heap_hold_nogc(&thread->allocator, heap_load(*information, java_offset(STACK_FRAME_INFO_MEMBER_NAME)));
    Outcome outcome;

    if (java_method_at(place.method)->access_flags & ACCESS_NATIVE)
        place.pc = 0;
    outcome = *member != 0 ? fill_member_name(thread, member, place.method) : run_raise(thread, RAISE_NULL, 0, 0);
    invoke_set_int(*information, java_offset(STACK_FRAME_INFO_BCI), (int32_t)place.pc);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

static Outcome fill_frame(Thread *thread, const Value *frames, uint32_t index, uint64_t mode, Place place)
{
    size_t mark;
    const Value *information;
    Outcome outcome;

    if (index >= (uint32_t)array_length(*frames))
        return java_throw(thread, "java/lang/IndexOutOfBoundsException", "%u", index);
    if (mode & MODE_CLASSES_ONLY) {
        array_store(*frames, index, java_mirror(method_at(place.method)->holder));
        return OUTCOME_DONE;
    }
    mark = heap_enter_nogc(&thread->allocator);
    information = heap_hold_nogc(&thread->allocator, array_element(*frames, index));
    outcome = *information != 0 ? fill_information(thread, information, place) : run_raise(thread, RAISE_NULL, 0, 0);
    if (outcome == OUTCOME_DONE && mode & MODE_LIVE_FRAMES)
        outcome = live_frame_fill(thread, information, place.fp);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

static Outcome fill_frames(Thread *thread, const Value *frames, uint32_t start, uint64_t mode, const Place *places, uint32_t count)
{
    Outcome outcome = OUTCOME_DONE;

    for (uint32_t i = 0; i < count && outcome == OUTCOME_DONE; i++)
        outcome = fill_frame(thread, frames, start + i, mode, places[i]);
    return outcome;
}

/* ---- the natives ---- */

PRIMITIVE(check_modes)
{
    *result = 1; /* the flags are those above */
    return OUTCOME_DONE;
}

static Outcome check_caller(Thread *thread, uint64_t mode, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);
    SymbolRef name;

    if (!(mode & MODE_CLASSES_ONLY) || !(mode & MODE_GET_CALLER_CLASS) || !(method->method.flags & METHOD_CALLER_SENSITIVE))
        return OUTCOME_DONE;
    name = java_method_external_name(java_method_holder(method)->name, method->name, method->descriptor);
    return java_throw(thread, "java/lang/UnsupportedOperationException",
                      "StackWalker::getCallerClass called from @CallerSensitive '%s' method", symbol_text(name));
}

static Outcome push_walk(Thread *thread, Value *arguments, uint64_t anchor, uint32_t end)
{
    uint32_t method = java_method_text(java_class(ABSTRACT_STACK_WALKER), "doStackWalk", "(JIIII)Ljava/lang/Object;");
    Value walker = arguments[0], skip = arguments[3], batch = arguments[4], start = arguments[5];
    Value *place = run_push_call(thread, method, RUN_THEN_RETURN);

    if (place == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    place[0] = walker;
    place[1] = anchor;
    place[2] = 0;
    place[3] = skip;
    place[4] = batch;
    place[5] = start;
    place[6] = from_int((int32_t)end);
    return OUTCOME_PUSHED;
}

static Outcome begin_walk(Thread *thread, Value *arguments, Place *places)
{
    uint64_t mode = arguments[1], anchor;
    uint32_t start = (uint32_t)arguments[5], count;
    SymbolRef walker = java_symbol_text("java/lang/StackWalker");
    Outcome outcome;
    Frame frame;
    bool more = first_frame(thread, &frame);

    while (more && is_walker_frame(&frame, walker))
        more = next_frame(&frame);
    for (int32_t i = 0; more && i < as_int(arguments[3]); i++)
        more = next_frame(&frame);
    count = take_frames(&frame, &more, mode, places, (uint32_t)arguments[4]);
    anchor = 1 + count_frames(frame, more);
    if (count == 0)
        return java_throw(thread, "java/lang/InternalError", "stack walk: decode failed");
    outcome = check_caller(thread, mode, places[0].method);
    if (outcome == OUTCOME_DONE)
        outcome = fill_frames(thread, &arguments[6], start, mode, places, count);
    return outcome == OUTCOME_DONE ? push_walk(thread, arguments, anchor, start + count) : outcome;
}

static bool has_room(Thread *thread, Value frames, int32_t start, int32_t count)
{
    if (frames == 0)
        (void)java_throw(thread, "java/lang/NullPointerException", "frames_array is NULL");
    else if (start < 0 || count < 0 || (int64_t)start + count > array_length(frames))
        (void)java_throw(thread, "java/lang/IllegalArgumentException", "not enough space in buffers");
    return thread->exception == 0;
}

/* callStackWalk(long mode, int skip, int batch, int start, Object[] frames) */
PRIMITIVE(call_stack_walk)
{
    Place *places;
    Outcome outcome;

    if (!has_room(thread, arguments[6], as_int(arguments[5]), as_int(arguments[4])))
        return OUTCOME_THROW;
    places = memory_allocate_array((uint32_t)arguments[4] + 1u, sizeof *places);
    outcome = places != NULL ? begin_walk(thread, arguments, places) : java_throw_memory(thread);
    memory_free(places);
    return outcome;
}

static Outcome go_on(Thread *thread, Value *arguments, Place *places, Value *result)
{
    uint64_t mode = arguments[1], left = arguments[3] - 1, total;
    uint32_t start = (uint32_t)arguments[6], count;
    Outcome outcome;
    Frame frame;
    bool more = first_frame(thread, &frame);

    for (total = count_frames(frame, more); total > left && more; total--)
        more = next_frame(&frame);
    if (total != left)
        return java_throw(thread, "java/lang/InternalError", "doStackWalk: corrupted buffers");
    count = take_frames(&frame, &more, mode, places, (uint32_t)arguments[5]);
    *(uint64_t *)object_at(arguments[0], java_offset(ABSTRACT_STACK_WALKER_ANCHOR)) = 1 + count_frames(frame, more);
    outcome = fill_frames(thread, &arguments[7], start, mode, places, count);
    *result = from_int((int32_t)(start + count));
    return outcome;
}

/* fetchStackFrames(long mode, long anchor, int batch, int start, Object[] frames) */
PRIMITIVE(fetch_stack_frames)
{
    Place *places;
    Outcome outcome;

    if (!has_room(thread, arguments[7], as_int(arguments[6]), as_int(arguments[5])))
        return OUTCOME_THROW;
    places = memory_allocate_array((uint32_t)arguments[5] + 1u, sizeof *places);
    outcome = places != NULL ? go_on(thread, arguments, places, result) : java_throw_memory(thread);
    memory_free(places);
    return outcome;
}

/* StackTraceElement.initStackTraceElement(StackTraceElement, StackFrameInfo) */
PRIMITIVE(init_stack_trace_element)
{
    uint32_t method = 0;
    Value member;

    if (arguments[0] == 0 || arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    member = heap_load(arguments[1], java_offset(STACK_FRAME_INFO_MEMBER_NAME));
    if (member != 0)
        method = invoke_member_target(member);
    if (method == 0)
        return java_throw(thread, "java/lang/InternalError", "a frame that no walk has filled in");
    return java_stack_element_fill(thread, &arguments[0], method,
                                   (uint32_t)invoke_int(arguments[1], java_offset(STACK_FRAME_INFO_BCI)));
}

#define WALKER "java/lang/StackStreamFactory$AbstractStackWalker."

void primitive_register_stackwalk(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/StackStreamFactory.checkStackWalkModes()Z", check_modes},
        {WALKER "callStackWalk(JIII[Ljava/lang/Object;)Ljava/lang/Object;", call_stack_walk},
        {WALKER "fetchStackFrames(JJII[Ljava/lang/Object;)I", fetch_stack_frames},
        {"java/lang/StackTraceElement.initStackTraceElement(Ljava/lang/StackTraceElement;Ljava/lang/StackFrameInfo;)V",
         init_stack_trace_element},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
