/* watch.c - counting and tracing what is executed: the words that WATCHED instructions stand for. */
#include "run/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "run/run_internal.h"

#define NAME_BYTES 1024
#define CHUNK_BITS 14
#define CHUNK_LIMIT (1u << 14)
#define INDENT_MOST 60 /* frames deep; deeper calls stand there as well */

/* A number of a WATCHED instruction is that of its record; records never move. */
typedef struct WatchedWord {
    uint64_t word; /* linked */
    uint64_t count, repeats;
    RunWork work;  /* of one execution; a MARK's: of the guest's instructions */
    bool is_mark, is_double;
} WatchedWord;

typedef struct WatchedCode {
    uint32_t method;
    uint32_t first, count; /* its records */
    uint32_t guest_bytes;
    char *name;
} WatchedCode;

uint32_t run_watching;

static uint32_t traces; /* the part of it that is at work */
static WatchedWord *chunks[CHUNK_LIMIT] LARGE_STATIC;
static uint32_t word_count;
static ARRAY_OF(WatchedCode) codes;

static WatchedWord *watched_at(uint64_t number)
{
    return &chunks[number >> CHUNK_BITS][number & ((1u << CHUNK_BITS) - 1)];
}

static WatchedWord *find(uint64_t word)
{
    if (run_watching == 0 || (uint16_t)word != run_handler_offsets[OP_WATCHED])
        return NULL;
    return watched_at(word >> 16);
}

/* ---- while the program runs ---- */

static void print_call(Thread *thread)
{
    int depth = -1;
    Frame frame;
    char name[NAME_BYTES];
    uint32_t method = frame_code(thread->fp)->method;

    for (bool more = run_frame_first(thread, &frame); more && depth < INDENT_MOST; more = run_frame_next(&frame))
        depth += run_frame_method(&frame) != NULL;
    run_language(method_at(method)->language)->method_name(method, name, sizeof name);
    fprintf(stderr, "call %u %*s%s\n", thread->number, depth, "", name);
}

/* The mark of a call. */
static bool is_entry(const WatchedWord *watched)
{
    return watched->is_mark && WORD_UB(watched->word) == WORD_UC(watched->word);
}

uint64_t watch_count(Thread *thread, uint64_t word)
{
    WatchedWord *watched = watched_at(word >> 16);
    uint64_t before = __atomic_fetch_add(&watched->count, 1, __ATOMIC_RELAXED);

    if (traces != 0 && (traces & WATCH_CALLS || before == 0) && is_entry(watched))
        print_call(thread);
    return __atomic_load_n(&watched->word, __ATOMIC_ACQUIRE);
}

void watch_again(const uint64_t *pc)
{
    WatchedWord *watched = find(*pc);

    if (watched == NULL)
        return;
    if (__atomic_fetch_sub(&watched->count, 1, __ATOMIC_RELAXED) == 0) /* it was begun before the counts began anew */
        __atomic_fetch_add(&watched->count, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&watched->repeats, 1, __ATOMIC_RELAXED);
}

/* Does it stand for two guest instructions, of which a null lets only the first happen? */
static bool is_double(uint32_t operation)
{
    return operation >= OP_IF_LT_LENGTH && operation <= OP_LOOP_GE_LENGTH;
}

/* The record behind that of such a word takes the second guest instruction back. */
void watch_raised(const uint64_t *pc)
{
    const WatchedWord *watched = find(*pc);

    if (watched != NULL && watched->is_double)
        __atomic_fetch_sub(&watched_at((*pc >> 16) + 1)->count, 1, __ATOMIC_RELAXED);
}

uint64_t watch_word(uint64_t word)
{
    const WatchedWord *watched = find(word);
    return watched == NULL ? word : watched->word;
}

bool watch_patch(const uint64_t *pc, uint64_t word)
{
    WatchedWord *watched = find(*pc);

    if (watched != NULL)
        __atomic_store_n(&watched->word, word, __ATOMIC_RELEASE);
    return watched != NULL;
}

/* ---- new code ---- */

static bool is_call(uint32_t operation)
{
    return operation >= OP_RESOLVE_STATIC && operation <= OP_CALL_POLYMORPHIC;
}

static bool allocates(uint32_t operation)
{
    return operation >= OP_RESOLVE_NEW && operation <= OP_RESOLVE_MULTI_ARRAY;
}

/* Arguments and result of an instruction with a window: what its guest instruction takes from the stack and leaves there. */
static void add_window(const Method *method, const Code *code, uint32_t word, RunWork *work)
{
    uint32_t pc = code_guest_pc(code, word);
    RunWork guest = {{0}};

    run_language(method->language)->guest_work(method->number, pc, pc + 1, &guest);
    if (guest.of[WORK_INSTRUCTIONS] == 0) { /* a native method hands its own on */
        guest.of[WORK_POPS] = code->argument_slots;
        guest.of[WORK_PUSHES] = !(method->flags & METHOD_RETURNS_VOID);
    }
    work->of[WORK_READS] += guest.of[WORK_POPS];
    work->of[WORK_WRITES] += guest.of[WORK_PUSHES];
}

/* What one execution of a word amounts to. */
static void weigh(const Method *method, const Code *code, uint32_t word, WatchedWord *watched)
{
    uint32_t operation = run_word_operation(code, watched->word), *work = watched->work.of;
    const OperationInfo *info = &operation_infos[operation];

    watched->is_mark = operation == OP_MARK;
    if (watched->is_mark) {
        if (!is_entry(watched))
            run_language(method->language)->guest_work(method->number, WORD_UB(watched->word), WORD_UC(watched->word), &watched->work);
        return;
    }
    work[WORK_INSTRUCTIONS] = work[WORK_DISPATCHES] = 1;
    work[WORK_BYTES] = info->effects & EFFECT_DATA ? 16 : 8;
    work[WORK_CALLS] = is_call(operation);
    work[WORK_ALLOCATIONS] = allocates(operation);
    for (int i = 0; i < 3; i++) {
        uint8_t kind = info->operands[i];
        work[WORK_READS] += kind == OPERAND_IN || kind == OPERAND_INOUT;
        work[WORK_WRITES] += kind == OPERAND_OUT || kind == OPERAND_INOUT;
        if (kind == OPERAND_WINDOW)
            add_window(method, code, word, &watched->work);
    }
}

static bool reach(uint32_t count)
{
    for (uint32_t chunk = word_count >> CHUNK_BITS; chunk <= (word_count + count) >> CHUNK_BITS; chunk++) {
        if (chunk >= CHUNK_LIMIT)
            return false;
        if (chunks[chunk] == NULL)
            chunks[chunk] = memory_allocate_array((size_t)1 << CHUNK_BITS, sizeof(WatchedWord));
        if (chunks[chunk] == NULL)
            return false;
    }
    return true;
}

static void watch_one(const Method *method, Code *code, uint32_t word)
{
    uint64_t number = word_count++;
    WatchedWord *watched = watched_at(number);

    *watched = (WatchedWord){.word = code->words[word]};
    watched->is_double = is_double(run_word_operation(code, watched->word));
    weigh(method, code, word, watched);
    if (watched->is_double) {
        uint32_t second = code_guest_pc(code, word) + 1;
        WatchedWord *taken_back = watched_at(word_count++);
        *taken_back = (WatchedWord){.word = word_make(OP_MARK, 0, 0, 1), .is_mark = true};
        run_language(method->language)->guest_work(method->number, second, second + 1, &taken_back->work);
    }
    code->words[word] = number << 16 | run_handler_offsets[OP_WATCHED];
}

/* Only the mark of a call matters to a trace. */
Result watch_code(const Method *method, Code *code)
{
    const Language *language = run_language(method->language);
    uint32_t watched_words = run_watching & WATCH_COUNT ? code->word_count : 1;
    WatchedCode watched = {.method = method->number, .first = word_count};
    RunWork whole = {{0}};
    char name[NAME_BYTES];

    if (!reach(2 * code->word_count))
        return error_set(ERROR_MEMORY, "no room for counts");
    for (uint32_t i = 0; i < watched_words; i++) {
        uint32_t operation = run_word_operation(code, code->words[i]);
        watch_one(method, code, i);
        i += (operation_infos[operation].effects & EFFECT_DATA) != 0;
    }
    if (!(run_watching & WATCH_COUNT))
        return OK;
    language->guest_work(method->number, 0, UINT32_MAX, &whole);
    language->method_name(method->number, name, sizeof name);
    watched.count = word_count - watched.first;
    watched.guest_bytes = whole.of[WORK_BYTES];
    watched.name = memory_copy_string(name);
    return watched.name == NULL ? ERROR_MEMORY : array_push(&codes, watched);
}

/* ---- from outside ---- */

void run_watch(uint32_t what)
{
    run_watching = what;
    if (what != 0)
        method_discard_all();
}

void run_watch_begin(void)
{
    for (uint32_t i = 0; i < word_count; i++) watched_at(i)->count = watched_at(i)->repeats = 0;
    traces = run_watching & (WATCH_CALLS | WATCH_FIRST_CALLS);
}

static void add_work(uint64_t *sums, const WatchedWord *watched)
{
    for (int kind = 0; kind < WORK_KINDS; kind++) sums[kind] += watched->count * watched->work.of[kind];
}

static void add_code(WatchedMethod *method, const WatchedCode *code)
{
    method->name = code->name;
    method->guest_bytes = code->guest_bytes;
    method->machine_bytes = 0;
    for (uint32_t i = code->first; i < code->first + code->count; i++) {
        const WatchedWord *watched = watched_at(i);
        if (watched->is_mark) {
            add_work(method->guest, watched);
            method->calls += is_entry(watched) ? watched->count : 0;
        } else {
            add_work(method->machine, watched);
            method->machine[WORK_DISPATCHES] += watched->repeats;
            method->machine_bytes += watched->work.of[WORK_BYTES];
        }
    }
}

static int by_method(const void *a, const void *b)
{
    const WatchedCode *x = a, *y = b;
    return x->method < y->method ? -1 : x->method > y->method;
}

Result run_watch_methods(WatchedMethod **methods, size_t *count)
{
    *count = 0;
    *methods = memory_allocate_array(codes.count + 1, sizeof **methods);
    if (*methods == NULL)
        return ERROR_MEMORY;
    qsort(codes.items, codes.count, sizeof *codes.items, by_method);
    for (size_t i = 0; i < codes.count; i++) {
        WatchedMethod *method = &(*methods)[*count];
        add_code(method, &codes.items[i]);
        bool goes_on = i + 1 < codes.count && codes.items[i + 1].method == codes.items[i].method; /* translated anew */
        *count += !goes_on && method->calls != 0;
        if (!goes_on && method->calls == 0)
            *method = (WatchedMethod){0};
    }
    return OK;
}
