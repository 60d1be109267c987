/* frame.c - walking a thread's frames, and the references that they hold. */
#include <string.h>

#include "run/run_internal.h"

bool run_frame_first(Thread *thread, Frame *frame)
{
    if (thread->fp == NULL)
        return false;
    frame->fp = thread->fp;
    frame->code = frame_code(thread->fp);
    frame->pc = thread->pc;
    frame->before = true;
    frame->thread = thread;
    return frame->code != run_exit_code;
}

bool run_frame_next(Frame *frame)
{
    bool again = (frame->code->flags & CODE_CONTINUATION) && (frame->fp[CONTINUATION_NUMBER] & CONTINUATION_AGAIN);

    frame->pc = (uint64_t *)(uintptr_t)frame->fp[FRAME_RETURN];
    frame->fp = (Value *)(uintptr_t)frame->fp[FRAME_CALLER];
    frame->code = frame_code(frame->fp);
    frame->before = again;
    return frame->code != run_exit_code;
}

Method *run_frame_method(const Frame *frame)
{
    if (frame->code->method != 0)
        return method_at(frame->code->method);
    return method_is_stub(frame->code) ? method_at((uint32_t)frame->fp[STUB_METHOD]) : NULL;
}

uint32_t run_frame_guest_pc(const Frame *frame)
{
    uint32_t word = (uint32_t)(frame->pc - frame->code->words);
    const CodeMap *map;

    if (frame->code->method == 0)
        return 0;
    map = code_find_map(frame->code, word, frame->before);
    return map != NULL ? map->guest_pc : 0;
}

static bool frame_is_visible(const Frame *frame)
{
    return !(frame->code->flags & CODE_HIDDEN) && run_frame_method(frame) != NULL;
}

static bool skip_hidden(Frame *frame, bool more)
{
    while (more && !frame_is_visible(frame))
        more = run_frame_next(frame);
    return more;
}

bool run_frame_first_visible(Thread *thread, Frame *frame)
{
    return skip_hidden(frame, run_frame_first(thread, frame));
}

bool run_frame_next_visible(Frame *frame)
{
    return skip_hidden(frame, run_frame_next(frame));
}

/* ---- references ---- */

static void visit_bits(Value *first, const uint8_t *bits, unsigned count, HeapVisit *visit, void *context)
{
    for (unsigned i = 0; i < count; i += 8)
        for (unsigned byte = bits[i / 8]; byte != 0; byte &= byte - 1)
            visit(context, first + i + (unsigned)__builtin_ctz(byte));
}

static void visit_frame(const Frame *frame, HeapVisit *visit, void *context)
{
    const Code *code = frame->code;

    if (code->flags & CODE_CONTINUATION) {
        uint32_t mask = run_continuation((uint32_t)frame->fp[CONTINUATION_NUMBER])->reference_mask;
        for (; mask != 0; mask &= mask - 1)
            visit(context, frame->fp + CONTINUATION_STATE + __builtin_ctz(mask));
    } else if (code->method == 0) {
        uint32_t method = (uint32_t)frame->fp[STUB_METHOD];
        uint8_t bits[32] = {0};
        run_language(method_at(method)->language)->argument_references(method, bits);
        visit_bits(frame->fp - code->argument_slots, bits, code->argument_slots, visit, context);
    } else {
        const CodeMap *map = code_find_map(code, (uint32_t)(frame->pc - code->words), frame->before);
        assert(map != NULL);
        visit_bits(frame->fp - code->argument_slots, (const uint8_t *)code + code->map_data + map->data,
                   (unsigned)code->argument_slots + code->register_count, visit, context);
    }
}

void run_visit_frames(Thread *thread, HeapVisit *visit, void *context)
{
    Frame frame;

    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame))
        visit_frame(&frame, visit, context);
}
