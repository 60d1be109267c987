/* method.c - method numbers, entries, stubs, and the installation of code. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "os/os.h"
#include "run/run_internal.h"
#include "run/watch.h"

#define METHOD_LIMIT (1u << 24)
#define ADDRESS_PART 64 /* of the address space, where it is limited */
#define SITE_STRETCH 2048u /* cells */
#define SITE_STRETCH_LIMIT (1u << 20)
#define SITE_STRETCH_BITS 2
#define STUB_COUNT 257

ArenaTable method_table, entry_table;
static ArenaTable site_stretch_table; /* from 1 */
Code *run_exit_code;

typedef struct Stub {
    Code code;
    uint64_t words[2];
} Stub;

static Stub exit_stub;
static ArenaRef stubs; /* Stub[STUB_COUNT]: in the arena, so that an image's entries lead to them */

static OsMutex install_lock;

static void stub_open(Stub *stub, unsigned argument_slots, uint32_t operation, unsigned registers)
{
    memset(stub, 0, sizeof *stub);
    stub->code.argument_slots = (uint16_t)argument_slots;
    stub->code.register_count = (uint16_t)registers;
    stub->code.local_count = (uint16_t)argument_slots;
    stub->code.word_count = 2;
    stub->code.size_bytes = sizeof *stub;
    stub->code.flags = CODE_LINKED;
    stub->words[0] = run_link_word(word_make(operation, operation == OP_TRANSLATE, 0, 0));
    stub->words[1] = run_link_word(word_make(operation, 0, 0, 0));
}

Code *method_stub(unsigned argument_slots)
{
    assert(argument_slots < STUB_COUNT && stubs != 0);
    return &(ARENA(Stub, stubs) + argument_slots)->code;
}

static bool stubs_make(void)
{
    if (stubs == 0)
        stubs = arena_allocate_near(ARENA_START, STUB_COUNT * sizeof(Stub));
    for (unsigned i = 0; stubs != 0 && i < STUB_COUNT; i++)
        stub_open(ARENA(Stub, stubs) + i, i, OP_TRANSLATE, FRAME_HEADER + 1);
    return stubs != 0;
}

Result method_open(void)
{
    Result result = OK;

    uint32_t limit = (uint32_t)(os_address_part(METHOD_LIMIT * sizeof(Code *), ADDRESS_PART) / sizeof(Code *));

    TRY(arena_table_open_chunked(&method_table, "methods", sizeof(ArenaRef), limit, METHOD_BITS));
    TRY(arena_table_open(&entry_table, "entries", sizeof(Code *), limit, ENTRIES_PREFERRED_BASE));
    TRY(arena_table_open_chunked(&site_stretch_table, "sites", sizeof(SiteStretch), SITE_STRETCH_LIMIT, SITE_STRETCH_BITS));
    stubs = 0;
    stub_open(&exit_stub, 0, OP_EXIT, FRAME_HEADER);
    run_exit_code = &exit_stub.code;
done:
    return result;
}

void method_close(void)
{
}

static void entry_set(uint32_t number, Code *code)
{
    __atomic_store_n(&((Code **)(void *)entry_table.base)[number], code, __ATOMIC_RELEASE);
}

uint32_t method_new_block(uint32_t count, size_t size_bytes)
{
    size_t stride = (size_bytes + 7) & ~(size_t)7;
    ArenaRef block = arena_allocate_near(ARENA_METHODS, stride * count);
    uint32_t first = 0;

    assert(size_bytes >= sizeof(Method));
    if (block == 0 || count == 0)
        return 0;
    os_mutex_lock(&install_lock);
    if (stubs != 0 || stubs_make())
        first = arena_table_add(&method_table, count);
    if (first != 0 && arena_table_reach(&entry_table, first + count) != OK)
        first = 0;
    for (uint32_t i = 0; first != 0 && i < count; i++) {
        *method_place(first + i) = block + (ArenaRef)(i * stride);
        method_at(first + i)->number = first + i;
        entry_set(first + i, method_stub(0));
    }
    os_mutex_unlock(&install_lock);
    return first;
}

Method *method_new(size_t size_bytes)
{
    uint32_t number = method_new_block(1, size_bytes);
    return number != 0 ? method_at(number) : NULL;
}

void method_discard_code(Method *method)
{
    entry_set(method->number, method_stub(method->argument_slots));
    method->code = 0;
}

void method_discard_codes(bool (*is_it)(uint32_t method))
{
    os_mutex_lock(&install_lock);
    for (uint32_t i = 1; i < method_table.count; i++)
        if (*method_place(i) != 0 && method_at(i)->code != 0 && is_it(i))
            method_discard_code(method_at(i));
    os_mutex_unlock(&install_lock);
}

void method_discard_all(void)
{
    for (uint32_t i = 1; i < method_table.count; i++)
        if (*method_place(i) != 0 && method_at(i)->code != 0)
            method_discard_code(method_at(i));
}

static void code_link(Code *code)
{
    if (code->flags & CODE_LINKED)
        return;
    for (uint32_t i = 0; i < code->word_count; i++) {
        uint32_t operation = (uint32_t)(code->words[i] & 0xffff);
        code->words[i] = run_link_word(code->words[i]);
        if (operation_infos[operation].effects & EFFECT_DATA)
            i++;
    }
    code->flags |= CODE_LINKED;
}

static ArenaRef *set_aside; /* during a rehearsal: the code of before, by method number */
static uint32_t set_aside_count;

static SiteStretch *stretch_at(uint32_t number)
{
    return (SiteStretch *)arena_table_at(&site_stretch_table, number, sizeof(SiteStretch), SITE_STRETCH_BITS);
}

static SiteStretch *last_stretch(void)
{
    return site_stretch_table.count == 1 ? NULL : stretch_at(site_stretch_table.count - 1);
}

static SiteStretch *add_stretch(enum ArenaGroup group, uint32_t least)
{
    uint32_t limit = least > SITE_STRETCH ? least : SITE_STRETCH;
    ArenaRef cells = arena_allocate_near(group, limit * sizeof(uint64_t));

    if (cells == 0 || arena_table_add(&site_stretch_table, 1) == 0)
        return NULL;
    *last_stretch() = (SiteStretch){.cells = cells, .limit = limit};
    return last_stretch();
}

Result run_sites_lay_for_start(void)
{
    bool good;

    os_mutex_lock(&install_lock);
    good = add_stretch(ARENA_STATE, 0) != NULL;
    os_mutex_unlock(&install_lock);
    return good ? OK : error_set(ERROR_MEMORY, "no room for inline caches");
}

/* Cells in a row, all empty; the first one's place behind arena_base, in cells. 0: no memory. install_lock held. */
static uint32_t take_sites(uint32_t count)
{
    SiteStretch *stretch = last_stretch();

    if (stretch == NULL || count > stretch->limit - stretch->used)
        stretch = add_stretch(set_aside != NULL ? ARENA_STATE : ARENA_NAMES, count);
    if (stretch == NULL)
        return 0;
    uint32_t first = stretch->cells / (uint32_t)sizeof(uint64_t) + stretch->used;
    __atomic_store_n(&stretch->used, stretch->used + count, __ATOMIC_RELEASE);
    return first;
}

void run_empty_sites(bool (*names)(uint64_t cell, uint32_t what), uint32_t what)
{
    for (uint32_t i = 1; i < arena_table_count(&site_stretch_table); i++) {
        uint32_t used = __atomic_load_n(&stretch_at(i)->used, __ATOMIC_ACQUIRE);
        uint64_t *cells = ARENA(uint64_t, stretch_at(i)->cells);
        for (uint32_t j = 0; j < used; j++) {
            uint64_t cell = __atomic_load_n(&cells[j], ORDER_DEPENDENT);
            if (cell != 0 && (names == NULL || names(cell, what)))
                (void)__atomic_compare_exchange_n(&cells[j], &cell, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        }
    }
}

/* Gives a code in the arena its cells and makes it the method's entry. */
static Result code_enter(Method *method, Code *code)
{
    code->method = method->number;
    code->site_base = 0;
    if (code->site_count != 0) {
        code->site_base = take_sites(code->site_count);
        if (code->site_base == 0)
            return error_set(ERROR_MEMORY, "no room for inline caches");
    }
    bool is_new = !(code->flags & CODE_LINKED);
    code_link(code);
    if (run_watching != 0 && is_new && watch_code(method, code) != OK)
        return ERROR_MEMORY;
    __atomic_store_n(&method->code, arena_ref(code), __ATOMIC_RELAXED);
    entry_set(method->number, code);
    return OK;
}

/* During a rehearsal: what a start reads beside what it reads, the maps behind it with the other code. */
static ArenaRef place_code_for_start(const Code *code)
{
    ArenaRef block = arena_allocate_near(ARENA_START, code->maps);
    ArenaRef apart = arena_allocate_near(ARENA_CODE, CODE_APART_BYTES(code));

    if (block != 0 && apart > block) {
        code_copy_apart(ARENA(Code, block), arena_at(apart), code);
        return block;
    }
    arena_free(block, code->maps);
    arena_free(apart, CODE_APART_BYTES(code));
    return 0;
}

static ArenaRef place_code(const Code *code)
{
    ArenaRef block = set_aside != NULL && CODE_APART_BYTES(code) != 0 ? place_code_for_start(code) : 0;

    if (block == 0 && (block = arena_allocate_near(set_aside != NULL ? ARENA_START : ARENA_CODE, code->size_bytes)) != 0)
        code_copy(ARENA(Code, block), code);
    return block;
}

Result method_install(Method *method, const Code *code)
{
    uint32_t number = method->number;
    ArenaRef block = place_code(code);
    Result result;

    if (block == 0)
        return error_set(ERROR_MEMORY, "no room for register code");
    os_mutex_lock(&install_lock);
    result = code_enter(method_at(number), ARENA(Code, block));
    os_mutex_unlock(&install_lock);
    return result;
}

/* ---- code that a start needs, side by side ---- */

Result run_rehearsal_begin(void)
{
    set_aside_count = method_table.count;
    set_aside = memory_allocate_array(set_aside_count, sizeof *set_aside);
    if (set_aside == NULL)
        return ERROR_MEMORY;
    for (uint32_t i = 1; i < set_aside_count; i++) {
        if (*method_place(i) == 0 || method_at(i)->code == 0)
            continue;
        set_aside[i] = method_at(i)->code;
        method_discard_code(method_at(i));
    }
    return run_sites_lay_for_start();
}

/* What a frame is in stays where it is, and is the method's again if that was not called meanwhile. */
static void keep_code(const Frame *frame)
{
    uint32_t method = frame->code->method;

    if (method == 0 || method >= set_aside_count || set_aside[method] == 0)
        return;
    if (method_at(method)->code == 0) {
        method_at(method)->code = set_aside[method];
        entry_set(method, ARENA(Code, set_aside[method]));
    }
    set_aside[method] = 0;
}

static void keep_code_in_use(void)
{
    Frame frame;

    for (Thread *thread = run_threads_nogc(); thread != NULL; thread = thread->next)
        for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame)) keep_code(&frame);
}

static int by_place(const void *a, const void *b)
{
    ArenaRef one = *(const ArenaRef *)a, other = *(const ArenaRef *)b;
    return (one > other) - (one < other);
}


/* The bytes of the block itself. */
static uint32_t free_apart(ArenaRef code)
{
    const Code *block = ARENA(const Code, code);

    if (block->apart_bytes != 0)
        arena_free(arena_ref(code_maps(block)), block->apart_bytes);
    return block->size_bytes;
}

void method_free_code(ArenaRef code)
{
    arena_free(code, free_apart(code));
}

/* Blocks that lie side by side are given back as one, which has room for anything. */
static void free_set_aside(void)
{
    qsort(set_aside, set_aside_count, sizeof *set_aside, by_place);
    for (uint32_t i = 0, next; i < set_aside_count; i = next) {
        uint32_t size = set_aside[i] != 0 ? free_apart(set_aside[i]) : 0;
        for (next = i + 1; size != 0 && next < set_aside_count && set_aside[next] == set_aside[i] + size; next++)
            size += free_apart(set_aside[next]);
        arena_free(set_aside[i], size);
    }
}

void run_rehearsal_end(Thread *thread)
{
    run_stop_world(thread);
    keep_code_in_use();
    free_set_aside();
    run_resume_world(thread);
    memory_free(set_aside);
    set_aside = NULL;
}

bool method_is_stub(const Code *code)
{
    const Stub *first = ARENA(Stub, stubs);
    return stubs != 0 && code >= &first->code && code <= &first[STUB_COUNT - 1].code;
}

void method_moved(int64_t distance)
{
    Code **entries = (Code **)(void *)entry_table.base;

    for (uint32_t i = 1; i < entry_table.count; i++)
        if (entries[i] != NULL)
            entries[i] = (Code *)(void *)((uint8_t *)entries[i] + distance);
}

Result method_save(Bytes *bytes)
{
    Result result;

    if (stubs == 0 && !stubs_make())
        return error_set(ERROR_MEMORY, "no room for stubs");
    TRY(bytes_append_le64(bytes, (uint64_t)(uintptr_t)arena_base));
    TRY(bytes_append_le32(bytes, stubs));
done:
    return result;
}

/* Code of another build is made again; entries of an arena that lay elsewhere are set again. Else nothing is touched:
 * entry_table has come with the image. */
Result method_load(bool same_code, Reader *bytes)
{
    Result result;
    bool same_place = reader_le64(bytes) == (uint64_t)(uintptr_t)arena_base;

    stubs = reader_le32(bytes);
    TRY(arena_table_reach(&entry_table, method_table.count));
    if (bytes->failed || stubs == 0 || stubs + STUB_COUNT * sizeof(Stub) > arena_used_bytes())
        return error_set(ERROR_FORMAT, "the saved stubs make no sense");
    if (same_code && same_place)
        return OK;
    if (!same_code)
        (void)stubs_make();
    for (uint32_t i = 1; i < method_table.count; i++) {
        Method *method = method_at(i);
        if (*method_place(i) == 0)
            continue;
        if (method->code != 0 && !same_code)
            method->code = 0;
        entry_set(i, method->code != 0 ? ARENA(Code, method->code) : method_stub(method->argument_slots));
    }
done:
    return result;
}

/* ---- quickening ---- */

static bool code_in_image(const Code *code)
{
    return arena_is_image((uint64_t)((const uint8_t *)code - arena_base));
}

/* A copy of the code outside the image's pages, made once for each method; the frame goes on in it. */
static Code *code_copy_private(Thread *thread, Code *code)
{
    Code *current;

    os_mutex_lock(&install_lock);
    current = method_entry(code->method);
    if (run_watching != 0 && method_is_stub(current)) { /* discarded, to be watched from its next call on */
        os_mutex_unlock(&install_lock);
        return NULL;
    }
    if (current == code || code_in_image(current)) {
        ArenaRef block = arena_allocate(code_all_bytes(code));
        if (block == 0) {
            os_mutex_unlock(&install_lock);
            return NULL;
        }
        current = ARENA(Code, block);
        code_copy(current, code);
        method_at(code->method)->code = block;
        entry_set(code->method, current);
    }
    os_mutex_unlock(&install_lock);
    if (code_all_bytes(current) != code_all_bytes(code)) /* translated anew meanwhile: this frame stays in the old one */
        return NULL;
    thread->pc = current->words + (thread->pc - code->words);
    thread->fp[FRAME_CODE] = (Value)(uintptr_t)current;
    return current;
}

/* A call with its method number in a literal becomes one that has it in the word. */
static uint64_t with_number(const Code *code, uint64_t word)
{
    uint32_t operation = (uint32_t)(word & 0xffff);

    if (operation != OP_CALL && operation != OP_CALL_NONNULL)
        return word;
    operation = operation == OP_CALL ? OP_CALL_NUMBER : OP_CALL_NUMBER_NONNULL;
    return word_make(operation, WORD_A(word), 0, 0) | __atomic_load_n(&code_literals(code)[WORD_UB(word)], ORDER_DEPENDENT) << 32;
}

bool run_patch(Thread *thread, uint64_t word, int literal, uint64_t literal_value)
{
    Code *code = frame_code(thread->fp);

    if (code_in_image(code)) {
        code = code_copy_private(thread, code);
        if (code == NULL)
            return false;
    }
    if (literal >= 0)
        __atomic_store_n(&code_literals(code)[literal], literal_value, __ATOMIC_RELEASE);
    word = run_link_word(with_number(code, word));
    if (run_watching == 0 || !watch_patch(thread->pc, word))
        __atomic_store_n(thread->pc, word, __ATOMIC_RELEASE);
    return true;
}

void run_print_code(FILE *file, const Code *code)
{
    Code *copy = memory_allocate(code_all_bytes(code));

    if (copy != NULL)
        code_copy(copy, code);
    for (uint32_t i = 0; copy != NULL && i < copy->word_count; i++) {
        uint32_t operation = run_word_operation(code, code->words[i]);
        copy->words[i] = (watch_word(code->words[i]) & ~0xffffull) | operation;
        i += operation < OPERATION_COUNT && (operation_infos[operation].effects & EFFECT_DATA);
    }
    if (copy != NULL) {
        copy->flags &= (uint16_t)~CODE_LINKED;
        code_print(file, copy);
    }
    memory_free(copy);
}
