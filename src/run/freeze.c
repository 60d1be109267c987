/* freeze.c - freeze points, and the engine's part of an image. */
#include "run/freeze.h"

#include <string.h>

#include "base/memory.h"
#include "image/image.h"
#include "run/canonical.h"
#include "run/run_internal.h"
#include "run/watch.h"

#define RETRY_NS 200000

static uint32_t generation;

uint32_t run_generation(void)
{
    return generation;
}

/* ---- stopping ---- */

/* An indivisible native is under way: it may have changed the host's state and not yet the guest's. */
bool run_is_in_native(Thread *thread)
{
    Frame frame;
    bool more = run_frame_first(thread, &frame) && run_frame_next(&frame);

    for (; more; more = run_frame_next(&frame))
        if (frame.code->flags & CODE_INDIVISIBLE)
            return true;
    return false;
}

static bool language_agrees(Thread *thread)
{
    const Language *language = run_language(thread->language);
    return language == NULL || language->is_freeze_point == NULL || language->is_freeze_point(thread);
}

bool freeze_is_point(Thread *thread)
{
    return (thread->call_again || !run_is_in_native(thread)) && language_agrees(thread);
}

static bool can_be_frozen(Thread *thread)
{
    if (atomic_load(&thread->state) == THREAD_NEW || thread->fp == NULL || frame_code(thread->fp) == run_exit_code)
        return true;
    if (thread->wait_kind == WAIT_CALL)
        return thread->call_mode == FFI_ABANDONABLE;
    return thread->wait_kind != WAIT_NONE || (thread->at_freeze_point && freeze_is_point(thread));
}

/* A call that does not wait does not feel it; one that must finish is not disturbed. */
static void take_out_of_call(Thread *thread)
{
    if (thread->wait_kind != WAIT_CALL || thread->call_mode != FFI_BLOCKING)
        return;
    thread->out_of_call = 1;
    os_thread_interrupt(thread->os);
}

Outcome run_foreign_call(Thread *thread, const FfiFunction *function, const uint64_t *words, uint64_t failure, uint64_t *result)
{
    thread->call_again = 0;
    if (thread->call_abandoned) {
        thread->call_abandoned = 0;
        *result = failure;
        return OUTCOME_DONE;
    }
    if (function->mode == FFI_ABANDONABLE)
        run_start_deferred(); /* it may wait long, and nothing takes this thread out of it */
    thread->call_mode = (uint8_t)function->mode;
    thread->wait_kind = WAIT_CALL;
    run_leave(thread);
    ffi_invoke(function, words, result);
    run_enter(thread);
    thread->wait_kind = WAIT_NONE;
    if (function->mode != FFI_BLOCKING || __atomic_load_n(&thread->poll, __ATOMIC_RELAXED) == 0 || !ffi_call_was_interrupted(*result))
        return OUTCOME_DONE;
    thread->call_again = 1;
    return OUTCOME_RETRY;
}

/* A thread that stands where it cannot be frozen; NULL: none. */
static Thread *find_unready(const Thread *requester)
{
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        if (thread != requester && !can_be_frozen(thread))
            return thread;
    return NULL;
}

Result run_stop_for_freeze(Thread *requester, int64_t limit_ns)
{
    int64_t deadline = os_clock_monotonic_ns() + limit_ns;
    bool is_first = true;

    run_gather_begin(requester);
    for (;; is_first = false) {
        Thread *unready;
        bool is_late = os_clock_monotonic_ns() >= deadline;
        run_stop_world(requester);
        for (Thread *thread = run_threads_nogc(); is_first && thread != NULL; thread = thread->next)
            thread->out_of_call = 0;
        unready = find_unready(requester);
        if (unready == NULL || is_late)
            run_gather_end();
        if (unready == NULL)
            return OK;
        take_out_of_call(unready);
        run_resume_world(requester);
        if (is_late)
            return error_set(ERROR_TIMEOUT, "thread %u does not come to a point where it can be frozen", unready->number);
        run_leave(requester);
        os_sleep_ns(RETRY_NS);
        run_enter(requester);
    }
}

/* ---- freeze requests for tests and for the command line ---- */

static uint64_t safepoints_left;
static void (*safepoint_hook)(Thread *thread);
static bool (*method_is_it)(uint32_t method);
static void (*method_hook)(Thread *thread);

void run_freeze_at_safepoint(uint64_t n, void (*hook)(Thread *thread))
{
    safepoints_left = n;
    safepoint_hook = hook;
    run_always_poll(n != 0);
}

void freeze_count_safepoint(Thread *thread)
{
    if (__atomic_load_n(&safepoints_left, __ATOMIC_RELAXED) == 0 || __atomic_sub_fetch(&safepoints_left, 1, __ATOMIC_RELAXED) != 0)
        return;
    if (freeze_is_point(thread)) {
        run_always_poll(false);
        safepoint_hook(thread);
    } else {
        __atomic_store_n(&safepoints_left, 1, __ATOMIC_RELAXED); /* the next one, then */
    }
}

void run_freeze_at_method(bool (*is_it)(uint32_t method), void (*hook)(Thread *thread))
{
    method_is_it = is_it;
    method_hook = hook;
    method_discard_codes(is_it); /* it is noted when it is translated */
}

void freeze_note_method(Thread *thread, uint32_t method)
{
    if (method_is_it == NULL || !method_is_it(method))
        return;
    method_is_it = NULL;
    if (!run_is_in_native(thread) && language_agrees(thread)) {
        method_hook(thread);
        return;
    }
    run_freeze_at_safepoint(1, method_hook);
    __atomic_store_n(&thread->stack_limit, thread->stack_base, __ATOMIC_RELAXED); /* the next call is one */
}

/* ---- the image part ---- */

/* How many bytes, and the frames. */
static Result save_frames(Thread *thread, Bytes *bytes)
{
    Result result;
    size_t at = bytes->size;

    TRY(bytes_append_le32(bytes, 0));
    TRY(run_canonical_save(thread, bytes));
    for (unsigned i = 0; i < 4; i++) bytes->data[at + i] = (uint8_t)((bytes->size - at - 4) >> 8 * i);
done:
    return result;
}

static Result save_thread(Thread *thread, Bytes *bytes)
{
    Result result;
    bool has_frames = thread->fp != NULL && frame_code(thread->fp) != run_exit_code;
    int64_t left = thread->wait_deadline_ns;

    if (left >= 0)
        left = left > os_clock_monotonic_ns() ? left - os_clock_monotonic_ns() : 0;
    TRY(bytes_append_le32(bytes, thread->number));
    TRY(bytes_append_u8(bytes, thread->language));
    TRY(bytes_append_u8(bytes, thread->daemon));
    TRY(bytes_append_u8(bytes, thread->wait_kind));
    TRY(bytes_append_u8(bytes, thread->interrupted));
    TRY(bytes_append_u8(bytes, thread->notified));
    TRY(bytes_append_u8(bytes, (uint8_t)atomic_load(&thread->park_permit)));
    TRY(bytes_append_u8(bytes, has_frames));
    TRY(bytes_append_u8(bytes, thread->freezing));
    TRY(bytes_append_u8(bytes, thread->result_is_reference));
    TRY(bytes_append_u8(bytes, thread->call_abandoned));
    TRY(bytes_append_u8(bytes, thread->suspended));
    TRY(bytes_append_le32(bytes, (uint32_t)thread->ffi.error));
    TRY(bytes_append_le32(bytes, thread->ffi.staging_size));
    TRY(bytes_append_le64(bytes, thread->ffi.staging));
    TRY(bytes_append_le32(bytes, thread->wait_monitor));
    TRY(bytes_append_le32(bytes, thread->wait_recursion));
    TRY(bytes_append_le32(bytes, thread->wait_next));
    TRY(bytes_append_le32(bytes, thread->data));
    TRY(bytes_append_le32(bytes, thread->lock_count));
    TRY(bytes_append_le64(bytes, (uint64_t)left));
    TRY(bytes_append_le64(bytes, thread->guest_thread));
    TRY(bytes_append_le64(bytes, thread->exception));
    TRY(bytes_append_le64(bytes, thread->posted));
    TRY(bytes_append_le64(bytes, thread->carrier[0]));
    TRY(bytes_append_le64(bytes, thread->carrier[1]));
    TRY(bytes_append_le64(bytes, thread->wait_object));
    for (uint32_t i = 0; i < thread->lock_count; i++)
        TRY(bytes_append_le64(bytes, thread->locks[i]));
    if (has_frames)
        TRY(save_frames(thread, bytes));
done:
    return result == OK ? OK : error_prefix(result, "thread %u", thread->number);
}

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    Result result;
    uint32_t count = 0;

    if (run_watching != 0)
        return error_set(ERROR_STATE, "a program that is counted or traced cannot be frozen");
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        count++;
    TRY(bytes_append_le32(bytes, generation + 1));
    TRY(method_save(bytes));
    TRY(bytes_append_le32(bytes, count));
    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        TRY(save_thread(thread, bytes));
done:
    return result;
}

static bool loads_lazily;
static int64_t loaded_distance;

void run_expect_system_threads(void)
{
    loads_lazily = true;
}

static Value forward_value(void *context, Value saved)
{
    return value_is_object(saved) ? saved + (uint64_t)loaded_distance : saved;
}

Result freeze_load_frames(Thread *thread)
{
    Result result;
    Reader bytes = reader_over(thread->unloaded, thread->unloaded_size);

    TRY(run_thread_give_stack(thread));
    TRY(run_canonical_load(thread, &bytes, forward_value, NULL));
    memory_free(thread->unloaded);
    thread->unloaded = NULL;
done:
    return result;
}

static Result load_frames(const ImageLoad *load, Thread *thread, Reader *bytes)
{
    uint32_t size = reader_le32(bytes);
    const uint8_t *frames = reader_take(bytes, size);

    if (frames == NULL || size == 0)
        return error_set(ERROR_FORMAT, "the saved frames end early");
    thread->unloaded = memory_copy(frames, size);
    thread->unloaded_size = size;
    if (thread->unloaded == NULL)
        return ERROR_MEMORY;
    return loads_lazily && load->same_build ? OK : freeze_load_frames(thread);
}

static Result load_thread(const ImageLoad *load, Reader *bytes)
{
    Result result;
    Thread *thread = NULL;
    uint32_t number = reader_le32(bytes);
    bool has_frames;

    TRY(run_thread_new_numbered(&thread, number));
    thread->language = reader_u8(bytes);
    thread->daemon = reader_u8(bytes);
    thread->wait_kind = reader_u8(bytes);
    thread->interrupted = reader_u8(bytes);
    thread->notified = reader_u8(bytes);
    atomic_store(&thread->park_permit, reader_u8(bytes));
    has_frames = reader_u8(bytes) != 0;
    thread->freezing = reader_u8(bytes);
    thread->result_is_reference = reader_u8(bytes);
    thread->call_abandoned = reader_u8(bytes);
    thread->suspended = reader_u8(bytes);
    thread->ffi.error = (int32_t)reader_le32(bytes);
    thread->ffi.staging_size = reader_le32(bytes);
    thread->ffi.staging = reader_le64(bytes);
    if (thread->wait_kind == WAIT_CALL) { /* an abandonable one: it is executed again, and fails */
        thread->wait_kind = WAIT_NONE;
        thread->call_abandoned = 1;
    }
    thread->wait_monitor = reader_le32(bytes);
    thread->wait_recursion = reader_le32(bytes);
    thread->wait_next = reader_le32(bytes);
    thread->data = reader_le32(bytes);
    thread->lock_count = reader_le32(bytes);
    thread->wait_deadline_ns = (int64_t)reader_le64(bytes);
    if (thread->wait_deadline_ns >= 0)
        thread->wait_deadline_ns += os_clock_monotonic_ns();
    thread->guest_thread = image_value(load, reader_le64(bytes));
    thread->exception = image_value(load, reader_le64(bytes));
    thread->posted = image_value(load, reader_le64(bytes));
    thread->carrier[0] = image_value(load, reader_le64(bytes));
    thread->carrier[1] = image_value(load, reader_le64(bytes));
    thread->wait_object = image_value(load, reader_le64(bytes));
    if (thread->lock_count > THREAD_LOCKS)
        TRY(error_set(ERROR_FORMAT, "thread %u holds too many locks", number));
    for (uint32_t i = 0; i < thread->lock_count; i++)
        thread->locks[i] = image_value(load, reader_le64(bytes));
    if (bytes->failed)
        TRY(error_set(ERROR_FORMAT, "the saved threads end early"));
    thread->fp = NULL;
    if (has_frames)
        TRY(load_frames(load, thread, bytes));
    else
        TRY(run_thread_give_stack(thread));
done:
    return result;
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    Result result;
    uint32_t count;

    loaded_distance = load->heap_distance;
    generation = reader_le32(bytes);
    TRY(method_load(load->same_build && load->same_code_version, bytes));
    count = reader_le32(bytes);
    for (uint32_t i = 0; i < count; i++)
        TRY(load_thread(load, bytes));
    monitor_reload(load->heap_distance);
done:
    return result;
}

Result run_register_image_part(void)
{
    static const ImagePart part = {.name = "run", .save = part_save, .load = part_load};
    return image_register(&part);
}

const char *run_freeze_state(Thread *thread)
{
    static const char *const waits[] = {[WAIT_MONITOR] = "monitor", [WAIT_OBJECT] = "wait", [WAIT_SLEEP] = "sleep",
                                        [WAIT_PARK] = "park", [WAIT_JOIN] = "join", [WAIT_CALL] = "call",
                                        [WAIT_REFERENCES] = "references"};
    Frame frame;

    if (thread->wait_kind != WAIT_NONE)
        return waits[thread->wait_kind];
    if (thread->out_of_call)
        return waits[WAIT_CALL];
    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame))
        if ((frame.code->flags & CODE_CONTINUATION) && frame.fp[CONTINUATION_NUMBER] != (run_continuation_again | CONTINUATION_AGAIN))
            return run_continuation((uint32_t)frame.fp[CONTINUATION_NUMBER])->name;
    return thread->fp != NULL && frame_code(thread->fp) != run_exit_code ? "computing" : "idle";
}

Thread *run_first_thread(void)
{
    Thread *lowest = run_threads_nogc();

    for (Thread *thread = lowest; thread != NULL; thread = thread->next)
        if (thread->number < lowest->number)
            lowest = thread;
    return lowest;
}

/* Of a machine that has run nothing but its own system threads. What they wait for is brought by a collection, by another
 * thread or by a signal: they start with the first of these. */
Result run_start_thawed_system(Thread **first)
{
    Result result = OK;
    Thread *lowest = run_first_thread();

    for (Thread *thread = run_threads_nogc(), *next; thread != NULL; thread = next) {
        next = thread->next; /* once started, it may come to its end, and its record goes */
        if (thread != lowest && !run_thread_defer(thread))
            TRY(run_thread_start(thread));
    }
    if (lowest->unloaded != NULL)
        TRY(freeze_load_frames(lowest));
    run_defer_until_signal(lowest);
    *first = lowest;
done:
    return result;
}

Result run_start_thawed(Thread **first)
{
    Result result = OK;
    Thread *lowest = run_first_thread();

    for (Thread *thread = run_threads_nogc(), *next; thread != NULL; thread = next) {
        next = thread->next;
        if (thread != lowest)
            TRY(run_thread_start(thread));
    }
    *first = lowest;
done:
    return result;
}
