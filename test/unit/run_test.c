/* run_test.c - the engine on hand-made register code, with a language made for the test. */
#include "base/memory.h"
#include <string.h>

#include "run/canonical.h"
#include "run/freeze.h"
#include "run/run_internal.h"
#include "test.h"

/* ---- a language whose methods are given as code text ---- */

#define METHOD_COUNT 16
static struct {
    uint32_t number;
    void (*build)(CodeBuilder *, Code *);
} methods[METHOD_COUNT];
static int method_count;
static unsigned translations;

static int language_translate(Thread *thread, uint32_t number)
{
    for (int i = 0; i < method_count; i++) {
        if (methods[i].number == number) {
            CodeBuilder *builder;
            Code shape = {0}, *code;
            CHECK(code_builder_open(&builder) == OK);
            shape.method = number;
            methods[i].build(builder, &shape);
            CHECK(code_builder_finish(builder, &shape, &code) == OK);
            CHECK_TEXT(code_verify(code) == OK ? "" : error_message(), "");
            CHECK(method_install(method_at(number), code) == OK);
            memory_free(code);
            code_builder_close(builder);
            translations++;
            return OUTCOME_DONE;
        }
    }
    return OUTCOME_THROW;
}

static int language_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
    /* The exception: an array of raw words that holds the kind. */
    Value exception = heap_allocate_array(&thread->allocator, class_at(CLASS_INDEX_HIDDEN_RAW), 1);
    *(int64_t *)object_at(exception, ARRAY_BASE_OFFSET) = (int64_t)kind;
    return run_throw(thread, exception);
}

static int language_catches(Thread *thread, const Code *code, uint32_t catch_type)
{
    return *(int64_t *)object_at(thread->exception, ARRAY_BASE_OFFSET) == (int64_t)catch_type - 1;
}

static uint32_t add_method;

static void language_arguments(uint32_t method, uint8_t *bits)
{
    bits[0] = method >= add_method && add_method != 0; /* the methods that take the lock */
}

static _Atomic int ended;

static int language_thread_over(Thread *thread)
{
    atomic_fetch_add(&ended, 1);
    return OUTCOME_DONE;
}

static const Language language = {
    .name = "test",
    .translate = language_translate,
    .raise = language_raise,
    .catches = language_catches,
    .argument_references = language_arguments,
    .thread_over = language_thread_over,
};

static uint32_t method_add(void (*build)(CodeBuilder *, Code *), unsigned argument_slots)
{
    Method *method = method_new(sizeof *method);
    method->language = 1;
    method->argument_slots = (uint16_t)argument_slots;
    method_discard_code(method);
    methods[method_count].number = method->number;
    methods[method_count].build = build;
    method_count++;
    return method->number;
}

static const uint8_t no_references[64];

/* ---- fib ---- */

static uint32_t fib_method;

static void build_fib(CodeBuilder *b, Code *shape)
{
    CodeLabel recur = code_label_new(b);

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 6, .local_count = 1, .stack_count = 3};
    code_map(b, true, 0, 0, no_references, 1, NULL, 0);
    code_emit_branch(b, OP_IF_GE_IMM, -1, 2, recur);
    code_emit(b, OP_RETURN, -1, 0, 1);
    code_label_here(b, recur);
    code_emit(b, OP_ADD_I32_IMM, 3, -1, -1);
    code_map(b, true, 3, 1, no_references, 1, NULL, 0);
    code_emit_imm32(b, OP_CALL_NUMBER, 3, (int32_t)fib_method);
    code_map(b, false, 3, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_ADD_I32_IMM, 4, -1, -2);
    code_map(b, true, 5, 2, no_references, 1, NULL, 0);
    code_emit_imm32(b, OP_CALL_NUMBER, 4, (int32_t)fib_method);
    code_map(b, false, 5, 1, no_references, 1, NULL, 0);
    code_emit(b, OP_ADD_I32, 3, 3, 4);
    code_emit(b, OP_RETURN, 3, 0, 1);
}

static Value call(Thread *thread, uint32_t method, const Value *arguments, unsigned count)
{
    CHECK(run_thread_prepare(thread, method, arguments, count) == OK);
    CHECK(run_thread(thread));
    return thread->result;
}

static void test_fib(Thread *thread)
{
    Value n = 20;

    fib_method = method_add(build_fib, 1);
    CHECK_EQUAL(call(thread, fib_method, &n, 1), 6765);
    CHECK_EQUAL(translations, 1);
    if (getenv("RUN_TEST_TIME") != NULL) {
        int64_t start = os_clock_monotonic_ns();
        n = 32;
        CHECK_EQUAL(call(thread, fib_method, &n, 1), 2178309);
        printf("fib(32): %.1f ms\n", (double)(os_clock_monotonic_ns() - start) / 1e6);
    }
}

/* ---- endless recursion ends in an exception, which a handler takes ---- */

static uint32_t deep_method;

static void build_deep(CodeBuilder *b, Code *shape)
{
    int self = code_literal(b, deep_method);

    *shape = (Code){.method = shape->method, .register_count = 4, .stack_count = 1};
    code_map(b, true, 0, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_CALL, 3, self, 0);
    code_map(b, false, 0, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_RETURN, 3, 0, 0);
}

static void build_catch_deep(CodeBuilder *b, Code *shape)
{
    CodeLabel start = code_label_new(b), end = code_label_new(b), handler = code_label_new(b);
    int deep = code_literal(b, deep_method);

    *shape = (Code){.method = shape->method, .register_count = 4, .stack_count = 1};
    code_label_here(b, start);
    code_map(b, true, 0, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_CALL, 3, deep, 0);
    code_map(b, false, 0, 0, no_references, 1, NULL, 0);
    code_label_here(b, end);
    code_emit(b, OP_RETURN, 3, 0, 0);
    code_label_here(b, handler);
    code_emit_imm32(b, OP_LOAD_I32, 3, 77);
    code_emit(b, OP_RETURN, 3, 0, 0);
    code_handler(b, start, end, handler, 3, RAISE_ARITHMETIC + 1);
    code_handler(b, start, end, handler, 3, RAISE_STACK + 1);
}

static void test_stack_overflow(Thread *thread)
{
    uint32_t method;

    deep_method = method_add(build_deep, 0);
    method = method_add(build_catch_deep, 0);
    CHECK_EQUAL(call(thread, method, NULL, 0), 77);
    CHECK(run_thread_prepare(thread, deep_method, NULL, 0) == OK);
    CHECK(!run_thread(thread));
    CHECK_EQUAL(*(int64_t *)object_at(thread->exception, ARRAY_BASE_OFFSET), RAISE_STACK);
    thread->exception = 0;
}

/* ---- a primitive that calls guest code and goes on in a continuation ---- */

static uint32_t sum_continuation;

static Outcome sum_normal(Thread *thread, Value *state, Value *result)
{
    state[1] += *result;
    if (state[0] == 0) {
        *result = state[1];
        return OUTCOME_DONE;
    }
    Value next = state[0]--;
    Value *arguments = run_push_call(thread, fib_method, RUN_THEN_RETURN);
    arguments[0] = next;
    return OUTCOME_PUSHED;
}

static const Continuation sum_of_fibs = {"test.sum", 2, 0, sum_normal, NULL};

static Outcome sum_primitive(Thread *thread, Value *arguments, Value *result)
{
    Value *state = run_push_continuation(thread, sum_continuation, RUN_THEN_RETURN);
    state[0] = arguments[0] - 1;
    Value *call_arguments = run_push_call(thread, fib_method, RUN_THEN_RETURN);
    call_arguments[0] = state[0] + 1;
    return OUTCOME_PUSHED;
}

static void build_sum(CodeBuilder *b, Code *shape)
{
    int primitive = code_literal(b, run_find_primitive("test.sum"));

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 4, .local_count = 1, .flags = CODE_NATIVE};
    code_map(b, true, 0, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_NATIVE, 0, primitive, 1);
    code_map(b, false, 0, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_NATIVE_RETURN, 0, 0, 1);
}

static void test_continuation(Thread *thread)
{
    Value n = 10;
    uint32_t method;

    sum_continuation = run_register_continuation(&sum_of_fibs);
    static const PrimitiveRow rows[] = {{"test.sum", sum_primitive}};
    run_register_primitives(rows, 1);
    method = method_add(build_sum, 1);
    CHECK_EQUAL(call(thread, method, &n, 1), 143); /* fib(1) + ... + fib(10) = fib(12) - 1 */
}

/* ---- a primitive that is tried first ---- */

/* Twice a number, if that is not negative. */
static Outcome double_primitive(Thread *thread, Value *arguments, Value *result)
{
    if ((int64_t)arguments[0] < 0)
        return OUTCOME_DECLINED;
    *result = 2 * arguments[0];
    return OUTCOME_DONE;
}

/* Its own code: the number minus the second argument. */
static void build_attempt(CodeBuilder *b, Code *shape)
{
    int primitive = code_literal(b, run_find_primitive("test.double"));

    *shape = (Code){.method = shape->method, .argument_slots = 2, .register_count = 4, .local_count = 2};
    code_map(b, true, 0, 0, no_references, 2, NULL, 0);
    code_emit(b, OP_ATTEMPT, 0, primitive, 2);
    code_emit(b, OP_SUB_I64, 3, -2, -1);
    code_emit(b, OP_RETURN, 3, 0, 2);
}

static void test_attempt(Thread *thread)
{
    Value arguments[2] = {21, 7};
    uint32_t method;

    static const PrimitiveRow rows[] = {{"test.double", double_primitive}};
    run_register_primitives(rows, 1);
    method = method_add(build_attempt, 2);
    CHECK_EQUAL(call(thread, method, arguments, 2), 42);
    arguments[0] = (Value)-3;
    CHECK_EQUAL((int64_t)call(thread, method, arguments, 2), -10);
}

/* ---- frames to canonical frames and back, in the middle of a computation ---- */

/* sum of fib(i) for i = n .. 1, as a loop that calls */
static void build_loop(CodeBuilder *b, Code *shape)
{
    CodeLabel again = code_label_new(b);
    int fib = code_literal(b, fib_method);
    const CodeMapException constant = {0x8000, MAP_CONSTANT, 0, 5}; /* a stack slot that is the number 5 */

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 8, .local_count = 2, .stack_count = 3};
    code_emit_imm32(b, OP_LOAD_I32, 3, 0);
    code_label_here(b, again);
    code_map(b, true, 2, 0, no_references, 2, NULL, 0);
    code_emit(b, OP_SAFEPOINT, 0, 0, 0);
    code_emit(b, OP_MOVE, 5, -1, 0);
    code_map(b, true, 3, 2, no_references, 2, &constant, 1);
    code_emit(b, OP_CALL, 5, fib, 0);
    code_map(b, false, 3, 1, no_references, 2, &constant, 1);
    code_emit(b, OP_ADD_I32, 3, 3, 5);
    code_emit(b, OP_ADD_I32_IMM, -1, -1, -1);
    code_map(b, true, 9, 0, no_references, 2, NULL, 0);
    code_emit_branch(b, OP_IF_NE_IMM, -1, 0, again);
    code_emit(b, OP_RETURN, 3, 0, 1);
}

static int rebuilt;

static Value same_value(void *context, Value saved)
{
    return saved;
}

/* Saves the frames, spoils the stack, and builds them again. */
static void rebuild(Thread *thread)
{
    Bytes bytes = {0};
    Reader reader;
    Value *top = thread->fp + 64;

    CHECK_OK(run_canonical_save(thread, &bytes));
    memset(thread->stack_base, 0x5a, (size_t)((uint8_t *)top - (uint8_t *)thread->stack_base));
    reader = reader_over(bytes.data, bytes.size);
    CHECK_OK(run_canonical_load(thread, &reader, same_value, NULL));
    CHECK_EQUAL(reader_left(&reader), 0);
    bytes_free(&bytes);
    rebuilt++;
}

static void test_canonical(Thread *thread)
{
    uint32_t method = method_add(build_loop, 1);
    Value n = 10;

    CHECK_EQUAL(call(thread, method, &n, 1), 143);
    for (uint64_t at = 1; at < 40; at++) {
        run_freeze_at_safepoint(at, rebuild);
        CHECK_EQUAL(call(thread, method, &n, 1), 143);
    }
    run_freeze_at_safepoint(0, NULL);
    CHECK(rebuilt > 20);
}

/* ---- a canonical frame of another translation finds its place by its slots ---- */

static void build_places(CodeBuilder *b, Code *shape)
{
    static const uint8_t references[] = {1 << (3 + 1) | 1 << (4 + 1)}; /* local 1 and the lowest stack slot */
    const CodeMapException used_up = {0x8000, MAP_DEAD, 0, 0}, five = {0x8000, MAP_CONSTANT, 0, 5}, copy = {0x8000, MAP_REGISTER, 0, -1};

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 8, .local_count = 2, .stack_count = 2};
    code_map(b, true, 7, 1, no_references, 2, &used_up, 1);
    code_emit(b, OP_NOP, 0, 0, 0);
    code_map(b, true, 7, 1, references, 1, NULL, 0);
    code_emit(b, OP_NOP, 0, 0, 0);
    code_map(b, true, 8, 1, no_references, 2, &five, 1);
    code_emit(b, OP_NOP, 0, 0, 0);
    code_map(b, true, 8, 1, no_references, 2, &copy, 1);
    code_emit(b, OP_NOP, 0, 0, 0);
    code_map(b, true, 8, 1, no_references, 2, NULL, 0);
    code_emit(b, OP_RETURN, 3, 0, 1);
}

#define NO_PLACE 99u

/* The word at which a frame of three slots goes on. */
static uint32_t find_word(Thread *thread, uint32_t method, uint32_t guest_pc, const Value *slots, const uint8_t *kinds)
{
    Value argument = 0;
    const CanonicalFrame frame = {.kind = CANONICAL_GUEST, .before = true, .local_count = 2, .stack_count = 1, .method = method,
                                  .guest_pc = guest_pc, .word = NO_PLACE, .slots = slots, .kinds = kinds};

    CHECK(run_thread_prepare(thread, method, &argument, 1) == OK);
    memset(thread->fp + FRAME_HEADER + 1, 0x5a, 64 * sizeof(Value)); /* a stack that has been used */
    if (run_canonical_build(thread, &frame) != OK)
        return NO_PLACE;
    return (uint32_t)(thread->pc - method_entry(method)->words);
}

static void test_places(Thread *thread)
{
    uint32_t method = method_add(build_places, 1);
    Value object = heap_allocate(&thread->allocator, CLASS_INDEX_JAVA, FORMAT_INDEXED_64, 1);
    const Value with_object[] = {1, object, object}, numbers[] = {1, 2, 3}, fives[] = {1, 2, 5}, copies[] = {6, 2, 6}, raw[] = {1, 16, object};
    const uint8_t live[] = {SLOT_RAW, SLOT_REFERENCE, SLOT_REFERENCE}, all_raw[] = {SLOT_RAW, SLOT_RAW, SLOT_RAW};
    const uint8_t used_up[] = {SLOT_RAW, SLOT_RAW, SLOT_DEAD}, dead_local[] = {SLOT_RAW, SLOT_DEAD, SLOT_REFERENCE};
    const uint8_t raw_local[] = {SLOT_RAW, SLOT_RAW, SLOT_REFERENCE};

    CHECK_EQUAL(find_word(thread, method, 7, with_object, live), 1);
    CHECK_EQUAL(thread->fp[4], object);
    CHECK_EQUAL(find_word(thread, method, 7, numbers, used_up), 0);
    CHECK_EQUAL(thread->fp[3], 2);
    /* what the other translation called dead, or no reference, is null where this one has a reference */
    CHECK_EQUAL(find_word(thread, method, 7, with_object, dead_local), 1);
    CHECK_EQUAL(thread->fp[3], 0);
    CHECK_EQUAL(thread->fp[4], object);
    CHECK_EQUAL(find_word(thread, method, 7, raw, raw_local), 1);
    CHECK_EQUAL(thread->fp[3], 0);
    /* constants and copies must be what the place says they are */
    CHECK_EQUAL(find_word(thread, method, 8, fives, all_raw), 2);
    CHECK_EQUAL(find_word(thread, method, 8, copies, all_raw), 3);
    CHECK_EQUAL(thread->fp[-1], 6);
    CHECK_EQUAL(find_word(thread, method, 8, numbers, all_raw), 4);
    CHECK_EQUAL(thread->fp[4], 3);
    CHECK_EQUAL(find_word(thread, method, 8, numbers, used_up), NO_PLACE);
    CHECK_EQUAL(find_word(thread, method, 9, numbers, all_raw), NO_PLACE);
}

/* ---- monitors: threads that add to one counter under one lock ---- */

#define ADDERS 4
#define ROUNDS 20000
static Value *lock_object;
static int64_t counter;

static Outcome add_primitive(Thread *thread, Value *arguments, Value *result)
{
    Outcome outcome = run_monitor_enter(thread, arguments[0]);

    if (outcome != OUTCOME_DONE)
        return outcome;
    counter++;
    return run_monitor_exit(thread, arguments[0]);
}

static void build_add(CodeBuilder *b, Code *shape)
{
    static const uint8_t argument[1] = {1};
    int primitive = code_literal(b, run_find_primitive("test.add"));

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 4, .local_count = 1, .flags = CODE_NATIVE};
    code_map(b, true, 0, 0, argument, 1, NULL, 0);
    code_emit(b, OP_NATIVE, 0, primitive, 1);
    code_map(b, false, 0, 0, argument, 1, NULL, 0);
    code_emit(b, OP_NATIVE_RETURN, 0, 0, 1);
}

static void build_adder(CodeBuilder *b, Code *shape)
{
    static const uint8_t bits[2] = {1, 0}, with_argument[2] = {1 | 1 << 5, 0}; /* register 4 is bit 5 */
    CodeLabel again = code_label_new(b);
    int add = code_literal(b, add_method);

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 8, .local_count = 2, .stack_count = 1};
    code_map(b, true, 0, 0, bits, 2, NULL, 0);
    code_emit_imm32(b, OP_LOAD_I32, 3, ROUNDS);
    code_label_here(b, again);
    code_map(b, true, 0, 0, bits, 2, NULL, 0);
    code_emit(b, OP_MOVE, 4, -1, 0);
    code_map(b, true, 1, 1, with_argument, 2, NULL, 0);
    code_emit(b, OP_CALL, 4, add, 0);
    code_map(b, false, 1, 0, bits, 2, NULL, 0);
    code_emit(b, OP_ADD_I32_IMM, 3, 3, -1);
    code_map(b, true, 2, 0, bits, 2, NULL, 0);
    code_emit_branch(b, OP_IF_NE_IMM, 3, 0, again);
    code_emit(b, OP_RETURN_VOID, 0, 0, 1);
}

static void test_monitors(Thread *thread)
{
    uint32_t adder;

    static const PrimitiveRow rows[] = {{"test.add", add_primitive}};
    run_register_primitives(rows, 1);
    add_method = method_add(build_add, 1);
    adder = method_add(build_adder, 1);
    lock_object = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(CLASS_INDEX_HIDDEN_RAW), 1));
    for (int i = 0; i < ADDERS; i++) {
        Thread *other;
        CHECK_OK(run_thread_new(&other, 0));
        CHECK_OK(run_thread_prepare(other, adder, lock_object, 1));
        CHECK_OK(run_thread_start(other));
    }
    while (atomic_load(&ended) < ADDERS) { /* collections move the lock meanwhile */
        heap_collect(&thread->allocator, false, HEAP_CAUSE_REQUEST);
        run_leave(thread);
        os_sleep_ns(100000);
        run_enter(thread);
    }
    CHECK_EQUAL(counter, ADDERS * ROUNDS);
    CHECK_EQUAL(object_header(*lock_object) & HEADER_LOCK_MASK, HEADER_UNLOCKED);
}

/* ---- polling ---- */

static void stop_and_go(void *argument)
{
    run_enter(argument);
    run_stop_world(argument);
    run_resume_world(argument);
    run_leave(argument);
    atomic_fetch_add(&ended, 1);
}

/* Whoever asks for a freeze while another is just stopping the world does not take back what that has asked for. */
static void test_always_poll(Thread *thread)
{
    for (int on = 1; on >= 0; on--) {
        Thread *stopper;
        OsThread os;
        atomic_store(&ended, 0);
        CHECK_OK(run_thread_new(&stopper, 0));
        CHECK_OK(os_thread_create(&os, 0, stop_and_go, stopper));
        while (__atomic_load_n(&thread->stack_limit, __ATOMIC_RELAXED) != thread->stack_base) os_thread_yield();
        run_always_poll(on != 0);
        CHECK(thread->stack_limit == thread->stack_base);
        CHECK_EQUAL(thread->poll, 1);
        run_safepoint(thread);
        CHECK(thread->stack_limit != thread->stack_base);
        CHECK_EQUAL(thread->poll, (uint32_t)on);
        run_leave(thread);
        os_thread_join(os);
        run_enter(thread);
        CHECK_EQUAL(atomic_load(&ended), 1);
        run_thread_abandon(stopper);
    }
}

int main(void)
{
    Thread *thread;
    HeapOptions heap_options = {.limit_bytes = 64u << 20};
    RunOptions run_options = {0};

    CHECK(arena_open() == OK);
    CHECK(heap_open(&heap_options) == OK);
    CHECK(run_open(&run_options) == OK);
    run_register_language(1, &language);
    CHECK(run_thread_new(&thread, 0) == OK);
    run_enter(thread);
    test_fib(thread);
    test_stack_overflow(thread);
    test_continuation(thread);
    test_attempt(thread);
    test_canonical(thread);
    test_places(thread);
    test_monitors(thread);
    test_always_poll(thread);
    printf("run: %lu checks passed\n", test_checks_passed);
    return 0;
}
