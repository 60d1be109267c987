/* run_test.c - the engine on hand-made register code, with a language made for the test. */
#include <stdlib.h>
#include <string.h>

#include "run/run.h"
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
            free(code);
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

static void language_arguments(uint32_t method, uint8_t *bits)
{
}

static const Language language = {
    .name = "test",
    .translate = language_translate,
    .raise = language_raise,
    .catches = language_catches,
    .argument_references = language_arguments,
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
    int self = code_literal(b, fib_method);

    *shape = (Code){.method = shape->method, .argument_slots = 1, .register_count = 6, .local_count = 1, .stack_count = 3};
    code_map(b, true, 0, 0, no_references, 1, NULL, 0);
    code_emit_branch(b, OP_IF_GE_IMM, -1, 2, recur);
    code_emit(b, OP_RETURN, -1, 0, 1);
    code_label_here(b, recur);
    code_emit(b, OP_ADD_I32_IMM, 3, -1, -1);
    code_map(b, true, 3, 1, no_references, 1, NULL, 0);
    code_emit(b, OP_CALL, 3, self, 0);
    code_map(b, false, 3, 0, no_references, 1, NULL, 0);
    code_emit(b, OP_ADD_I32_IMM, 4, -1, -2);
    code_map(b, true, 5, 2, no_references, 1, NULL, 0);
    code_emit(b, OP_CALL, 4, self, 0);
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
    run_register_primitive("test.sum", sum_primitive);
    method = method_add(build_sum, 1);
    CHECK_EQUAL(call(thread, method, &n, 1), 143); /* fib(1) + ... + fib(10) = fib(12) - 1 */
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
    printf("run: %lu checks passed\n", test_checks_passed);
    return 0;
}
