/* run_code_test.c - runs the codes of test/code and compares what they give with what is written there. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "code_blocks.h"
#include "run/run.h"
#include "test.h"

/* ---- a language whose methods are texts ---- */

static const char *method_text; /* of the method that runs next */

static int language_translate(Thread *thread, uint32_t number)
{
    Code *code = NULL;
    CHECK_OK(code_parse(method_text, &code));
    code->method = number;
    CHECK_OK(code_verify(code));
    CHECK_OK(method_install(method_at(number), code));
    memory_free(code);
    return OUTCOME_DONE;
}

/* The exception: a hidden array that holds the kind. */
static int language_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b)
{
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

static int language_thread_over(Thread *thread)
{
    return OUTCOME_DONE;
}

static const Language language = {
    .name = "text",
    .translate = language_translate,
    .raise = language_raise,
    .catches = language_catches,
    .argument_references = language_arguments,
    .thread_over = language_thread_over,
};

/* ---- expectations ---- */

static Thread *thread;
static unsigned long runs;

static uint64_t number(const char *text)
{
    return *text == '-' ? (uint64_t)strtoll(text, NULL, 0) : strtoull(text, NULL, 0);
}

static int64_t raise_kind(const char *name)
{
    static const char *const names[] = {"null", "bounds", "arithmetic", "store", "cast", "size"};
    for (int i = 0; i < (int)COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static bool is_expected(Value result, const char *expected)
{
    uint64_t magnitude = result & INT64_MAX;
    if (strcmp(expected, "nan64") == 0)
        return magnitude > 0x7ff0000000000000u;
    if (strcmp(expected, "nan32") == 0)
        return (result & 0x7fffffff) > 0x7f800000;
    if (expected[0] == 'f')
        return (uint32_t)result == (uint32_t)number(expected + 1);
    return result == number(expected);
}

static void complain(const char *path, const char *run, Value result)
{
    fprintf(stderr, "%s: %s gives 0x%" PRIx64 " in\n%s\n", path, run, result, method_text);
}

/* "1 2 -> 3" */
static void check_run(const char *path, uint32_t method, char *run)
{
    char copy[200], *rest = NULL, *arrow = strstr(run, " -> ");
    Value arguments[8];
    unsigned count = 0;

    snprintf(copy, sizeof copy, "%s", run);
    *arrow = 0;
    for (char *word = strtok_r(run, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) arguments[count++] = number(word);
    char *expected = arrow + 4;
    CHECK_OK(run_thread_prepare(thread, method, arguments, count));
    bool returned = run_thread(thread), throws = strncmp(expected, "throws ", 7) == 0;
    Value result = returned ? thread->result : *(Value *)object_at(thread->exception, ARRAY_BASE_OFFSET);
    bool good = returned != throws && (throws ? (int64_t)result == raise_kind(expected + 7) : is_expected(result, expected));
    if (!good)
        complain(path, copy, result);
    CHECK(good);
    thread->exception = 0;
    runs++;
}

static uint32_t make_method(const char *text)
{
    const char *arguments = strstr(text, " arguments ");
    Method *method = method_new(sizeof *method);
    method->language = 1;
    method->argument_slots = (uint16_t)(arguments == NULL || arguments > strchr(text + 1, '\n') ? 0 : atoi(arguments + 11));
    method_discard_code(method);
    method_text = text;
    return method->number;
}

static void check_block(const char *path, const char *text)
{
    char line[1000];
    uint32_t method = 0;

    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at++;
        size_t length = strcspn(at, "\n");
        if (at[0] != ';' || length >= sizeof line)
            continue;
        memcpy(line, at + 1, length - 1);
        line[length - 1] = 0;
        if (strstr(line, " -> ") == NULL)
            continue;
        if (method == 0)
            method = make_method(text);
        char *rest = NULL;
        for (char *run = strtok_r(line, ";", &rest); run != NULL; run = strtok_r(NULL, ";", &rest))
            check_run(path, method, run + (*run == ' '));
    }
}

int main(void)
{
    HeapOptions heap_options = {.limit_bytes = 64u << 20};
    RunOptions run_options = {0};

    CHECK_OK(arena_open());
    CHECK_OK(heap_open(&heap_options));
    CHECK_OK(run_open(&run_options));
    run_register_language(1, &language);
    CHECK_OK(run_thread_new(&thread, 0));
    run_enter(thread);
    int count = each_code_block(check_block);
    CHECK(count == 0 || runs > 1000);
    printf("run_code: %lu runs of %d codes as expected\n", runs, count);
    return 0;
}
