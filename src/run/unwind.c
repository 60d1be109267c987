/* unwind.c - from an exception to its handler. */
#include "run/run_internal.h"

/* Leaves the innermost frame; thread->pc becomes the instruction that its caller is executing. */
static void pop_frame(Thread *thread)
{
    Value *fp = thread->fp;
    const Code *code = frame_code(fp);
    bool again = (code->flags & CODE_CONTINUATION) && (fp[CONTINUATION_NUMBER] & CONTINUATION_AGAIN);
    uint64_t *pc = (uint64_t *)(uintptr_t)fp[FRAME_RETURN];

    thread->fp = (Value *)(uintptr_t)fp[FRAME_CALLER];
    code = frame_code(thread->fp);
    if (!again && !(code->flags & CODE_CONTINUATION) && code != run_exit_code)
        pc--;
    thread->pc = pc;
}

/* A continuation frame: its exceptional entry, if it has one, decides. */
static Outcome unwind_continuation(Thread *thread)
{
    const Continuation *continuation = run_continuation((uint32_t)thread->fp[CONTINUATION_NUMBER]);
    Value result = 0;
    Outcome outcome;

    if (continuation->exceptional == NULL)
        return OUTCOME_THROW;
    outcome = continuation->exceptional(thread, thread->fp + CONTINUATION_STATE, &result);
    if (outcome == OUTCOME_DONE) {
        thread->exception = 0;
        thread->result = result;
        return OUTCOME_RETRY;
    }
    return outcome;
}

/* Asks the language about one handler. A look-up of the type may push frames: then the exception waits in a frame of
 * the continuation `rethrow` below them, and the search begins anew when they are done. */
static int ask_catches(Thread *thread, const Code *code, uint16_t catch_type)
{
    const Language *language = run_language(method_at(code->method)->language);
    Value *fp = thread->fp;
    uint64_t *pc = thread->pc;
    Value *state;
    int answer;

    if (catch_type == 0)
        return 1;
    state = run_push_continuation(thread, run_continuation_rethrow, RUN_THEN_AGAIN);
    if (state == NULL)
        return 0;
    state[0] = thread->exception;
    answer = language->catches(thread, code, catch_type);
    if (answer == -1) {
        thread->exception = 0;
        return -1;
    }
    thread->fp = fp;
    thread->pc = pc;
    return answer;
}

static Outcome unwind_guest(Thread *thread)
{
    const Code *code = frame_code(thread->fp);
    uint32_t word = (uint32_t)(thread->pc - code->words);
    const CodeHandler *handlers = code_handlers(code);

    for (uint32_t i = 0; i < code->handler_count; i++) {
        if (word < handlers[i].start || word >= handlers[i].end)
            continue;
        int answer = ask_catches(thread, code, handlers[i].catch_type);
        if (answer == -1)
            return OUTCOME_PUSHED;
        if (answer == -2) {
            i = (uint32_t)-1; /* another exception: from the first handler again */
            continue;
        }
        if (answer == 1) {
            thread->fp[handlers[i].target] = thread->exception;
            thread->exception = 0;
            thread->pc = (uint64_t *)code->words + handlers[i].handler;
            return OUTCOME_DONE;
        }
    }
    return OUTCOME_THROW;
}

Outcome run_unwind(Thread *thread)
{
    assert(thread->exception != 0);
    for (;;) {
        const Code *code = frame_code(thread->fp);
        Outcome outcome = OUTCOME_THROW;
        if (code == run_exit_code)
            return OUTCOME_THROW;
        if (code->flags & CODE_CONTINUATION)
            outcome = unwind_continuation(thread);
        else if (code->method != 0)
            outcome = unwind_guest(thread);
        if (outcome != OUTCOME_THROW)
            return outcome;
        if (code->method != 0) {
            const Language *language = run_language(method_at(code->method)->language);
            if (language->frame_unwound != NULL)
                language->frame_unwound(thread, thread->fp, code);
        }
        pop_frame(thread);
    }
}

Outcome run_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
    Frame frame;
    uint8_t language = thread->language;

    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame)) {
        const Method *method = run_frame_method(&frame);
        if (method != NULL) {
            language = method->language;
            break;
        }
    }
    return (Outcome)run_language(language)->raise(thread, kind, a, b);
}
