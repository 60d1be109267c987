/* unwind.c - from an exception to its handler. */
#include "run/run_internal.h"
#include "run/watch.h"

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
 * the continuation `rethrow` below them, and the search begins anew when they are done. Should they raise another
 * exception, then that is raised at the handler. */
static int ask_catches(Thread *thread, const Code *code, const CodeHandler *handler, Value began_at)
{
    const Language *language = run_language(method_at(code->method)->language);
    Value *fp = thread->fp, *state;
    int answer;

    if (handler->catch_type == 0)
        return 1;
    state = run_push_continuation(thread, run_continuation_rethrow, RUN_THEN_AGAIN);
    if (state == NULL)
        return 0;
    state[RETHROW_EXCEPTION] = thread->exception;
    state[RETHROW_AT] = 1 + (Value)handler->handler;
    state[RETHROW_BEGAN_AT] = began_at;
    answer = language->catches(thread, code, handler->catch_type);
    if (answer == -1) {
        thread->exception = 0;
        return -1;
    }
    thread->fp = fp;
    thread->pc = (uint64_t *)(uintptr_t)state[FRAME_RETURN - CONTINUATION_STATE]; /* the code may have moved */
    return answer;
}

/* at: 1 + the word where the exception counts as raised; 0: at thread->pc (which has a map, as handlers may not). */
static Outcome unwind_guest(Thread *thread, Value at)
{
    const Code *code = frame_code(thread->fp);
    uint32_t word = at != 0 ? (uint32_t)at - 1 : (uint32_t)(thread->pc - code->words);
    const CodeHandler *handlers = code_handlers(code);

    for (uint32_t i = 0; i < code->handler_count; i++) {
        if (word < handlers[i].start || word >= handlers[i].end)
            continue;
        int answer = ask_catches(thread, code, &handlers[i], at);
        if (answer == -1)
            return OUTCOME_PUSHED;
        code = frame_code(thread->fp); /* it may have moved */
        handlers = code_handlers(code);
        if (answer == -2 && word != handlers[i].handler) { /* another exception, raised at the handler */
            word = handlers[i].handler;
            at = 1 + (Value)word;
            i = (uint32_t)-1;
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
    Value at = 0;

    assert(thread->exception != 0);
    for (;;) {
        const Code *code = frame_code(thread->fp);
        Outcome outcome = OUTCOME_THROW;
        if (code == run_exit_code)
            return OUTCOME_THROW;
        if (code->flags & CODE_CONTINUATION)
            outcome = unwind_continuation(thread);
        else if (code->method != 0)
            outcome = unwind_guest(thread, at);
        if (outcome != OUTCOME_THROW)
            return outcome;
        code = frame_code(thread->fp);
        if (code->method != 0) {
            const Language *language = run_language(method_at(code->method)->language);
            if (language->frame_unwound != NULL)
                language->frame_unwound(thread, thread->fp, code);
        }
        at = code == run_continuation_code(run_continuation_rethrow) ? thread->fp[CONTINUATION_STATE + RETHROW_AT] : 0;
        pop_frame(thread);
    }
}

Outcome run_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
    Frame frame;
    uint8_t language = thread->language;

    if (run_watching != 0 && kind == RAISE_NULL)
        watch_raised(thread->pc);
    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame)) {
        const Method *method = run_frame_method(&frame);
        if (method != NULL) {
            language = method->language;
            break;
        }
    }
    return (Outcome)run_language(language)->raise(thread, kind, a, b);
}
