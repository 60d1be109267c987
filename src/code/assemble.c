/* assemble.c - builds a Code: words with labels, literals, switches, maps and handlers.
 *
 * Words are kept as emitted, with one record for each branch and switch. Finishing lays them out: a conditional branch
 * whose target is more than 16 bits away, or back when it has no form that polls, gets two words more, which may push
 * others out of reach, so the layout is repeated until nothing changes; then every word number (labels, maps, handlers)
 * is looked up in it. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "base/table.h"
#include "code/code.h"
#include "code/code_internal.h"

#define UNBOUND UINT32_MAX
#define WIDE_WORDS 2 /* more: IF_x a b to the second; [data]; GOTO +2; GOTO target */
#define MAX_WORDS (1u << 28)

typedef struct Branch {
    uint32_t word;
    CodeLabel label;
    bool wide;
} Branch;

typedef struct Switch {
    uint32_t word;
    uint32_t literal; /* of its head */
    uint32_t first_label;
    uint32_t count;
} Switch;

typedef struct MapRecord {
    CodeMap map;
    uint32_t sequence;
    uint32_t item, bits_bytes; /* in CodeBuilder.map_items: reference bits, then exceptions */
} MapRecord;

typedef struct HandlerRecord {
    CodeLabel start, end, handler;
    int16_t target;
    uint16_t catch_type;
} HandlerRecord;

/* Words from `word` on are of the guest's instruction at guest_pc. */
typedef struct GuestRun {
    uint32_t word, guest_pc;
} GuestRun;

struct CodeBuilder {
    Result failure; /* the first; its message is kept apart, since others may fail meanwhile */
    char message[200];
    ARRAY_OF(uint64_t) words;
    ARRAY_OF(Branch) branches; /* in the order of their words */
    ARRAY_OF(Switch) switches;
    ARRAY_OF(CodeLabel) switch_labels;
    ARRAY_OF(uint32_t) labels; /* word, or UNBOUND */
    ARRAY_OF(uint64_t) literals;
    Table literal_numbers; /* value -> index of the shared ones */
    ARRAY_OF(MapRecord) maps;
    ARRAY_OF(HandlerRecord) handlers;
    Bytes map_items, map_data;   /* the maps' data as given, and as finished: each different one once */
    ARRAY_OF(uint32_t) map_firsts; /* hash table: 1 + the first of the maps that have the same data; 0: free */
    uint32_t site_count;
    ARRAY_OF(uint32_t) positions; /* final word of each word as emitted, and of the end; none before it is finished */
    uint32_t mark;       /* 1 + the word of a MARK that may still be extended; 0: none */
    ARRAY_OF(GuestRun) guest_runs;
};

/* The one that was closed last: its arrays keep their room for the next. */
static CodeBuilder *spare;
#define SPARE_WORDS 4096 /* one with room for more gives its memory back */

Result code_builder_open(CodeBuilder **builder)
{
    *builder = __atomic_exchange_n(&spare, NULL, __ATOMIC_ACQUIRE);
    if (*builder == NULL)
        *builder = memory_allocate(sizeof **builder);
    return *builder == NULL ? ERROR_MEMORY : OK;
}

static void release(CodeBuilder *builder)
{
    if (builder == NULL)
        return;
    array_free(&builder->words);
    array_free(&builder->branches);
    array_free(&builder->switches);
    array_free(&builder->switch_labels);
    array_free(&builder->labels);
    array_free(&builder->literals);
    table_free(&builder->literal_numbers);
    array_free(&builder->maps);
    array_free(&builder->handlers);
    array_free(&builder->guest_runs);
    array_free(&builder->positions);
    array_free(&builder->map_firsts);
    bytes_free(&builder->map_items);
    bytes_free(&builder->map_data);
    memory_free(builder);
}

/* As it was when it was opened, but for the room of its arrays. */
static void clear(CodeBuilder *builder)
{
    builder->failure = OK;
    builder->words.count = builder->branches.count = builder->switches.count = builder->switch_labels.count = 0;
    builder->labels.count = builder->literals.count = builder->maps.count = builder->handlers.count = 0;
    builder->guest_runs.count = builder->positions.count = builder->map_firsts.count = 0;
    builder->map_items.size = builder->map_data.size = 0;
    table_clear(&builder->literal_numbers);
    builder->site_count = builder->mark = 0;
}

void code_builder_close(CodeBuilder *builder)
{
    if (builder == NULL)
        return;
    if (builder->words.capacity <= SPARE_WORDS) {
        clear(builder);
        builder = __atomic_exchange_n(&spare, builder, __ATOMIC_ACQ_REL);
    }
    release(builder);
}

static void fail(CodeBuilder *builder, Result failure)
{
    if (builder->failure != OK)
        return;
    builder->failure = failure;
    snprintf(builder->message, sizeof builder->message, "%s", error_message());
}

/* The first failure sticks. */
static inline void keep(CodeBuilder *builder, Result result)
{
    if (result != OK)
        fail(builder, result);
}

/* ---- labels and words ---- */

CodeLabel code_label_new(CodeBuilder *builder)
{
    keep(builder, array_push(&builder->labels, UNBOUND));
    return (CodeLabel)builder->labels.count - 1;
}

CodeLabel code_label_at(CodeBuilder *builder, uint32_t word)
{
    keep(builder, array_push(&builder->labels, word));
    return (CodeLabel)builder->labels.count - 1;
}

void code_label_here(CodeBuilder *builder, CodeLabel label)
{
    if (label >= builder->labels.count)
        keep(builder, error_set(ERROR_ARGUMENT, "code: no label %u", label));
    else if (builder->labels.items[label] != UNBOUND)
        keep(builder, error_set(ERROR_ARGUMENT, "code: label %u stands twice", label));
    else
        builder->labels.items[label] = code_word_count(builder);
    builder->mark = 0;
}

uint32_t code_word_count(const CodeBuilder *builder)
{
    return (uint32_t)builder->words.count;
}

static inline uint32_t push_word(CodeBuilder *builder, uint64_t word)
{
    uint32_t index = code_word_count(builder);
    if (index >= MAX_WORDS)
        keep(builder, error_set(ERROR_LIMIT, "code: more than %u words", MAX_WORDS));
    else
        keep(builder, array_push(&builder->words, word));
    return index;
}

static inline void check_operand(CodeBuilder *builder, uint32_t operation, int which, int value)
{
    int least = operand_is_unsigned(operation_infos[operation].operands[which]) ? 0 : INT16_MIN;
    if (value < least || value > least + UINT16_MAX)
        keep(builder, error_set(ERROR_LIMIT, "code: %s: operand %c is %d, which does not fit",
                                operation_infos[operation].name, 'a' + which, value));
}

static void check_operands(CodeBuilder *builder, uint32_t operation, int a, int b, int c)
{
    check_operand(builder, operation, 0, a);
    check_operand(builder, operation, 1, b);
    check_operand(builder, operation, 2, c);
}

uint32_t code_emit(CodeBuilder *builder, uint32_t operation, int a, int b, int c)
{
    uint64_t word = word_make(operation, a, b, c);

    if ((uint32_t)(a | b | c) > INT16_MAX) /* else they fit, whatever they are */
        check_operands(builder, operation, a, b, c);
    if (operation_infos[operation].effects != EFFECT_PURE)
        builder->mark = 0;
    return push_word(builder, word);
}

uint32_t code_emit_imm32(CodeBuilder *builder, uint32_t operation, int a, int32_t immediate)
{
    check_operand(builder, operation, 0, a);
    return push_word(builder, word_make(operation, a, 0, 0) | (uint64_t)(uint32_t)immediate << 32);
}

uint32_t code_emit_data(CodeBuilder *builder, uint64_t data)
{
    return push_word(builder, data);
}

uint32_t code_emit_branch(CodeBuilder *builder, uint32_t operation, int a, int b, CodeLabel label)
{
    Branch branch = {.word = code_word_count(builder), .label = label};

    if (!operation_is_near_branch(operation) && !operation_is_wide_branch(operation))
        keep(builder, error_set(ERROR_ARGUMENT, "code: %s is no branch", operation_infos[operation].name));
    keep(builder, array_push(&builder->branches, branch));
    return code_emit(builder, operation, a, operation_is_wide_branch(operation) ? 0 : b, 0);
}

/* ---- where the guest's instructions are ---- */

void code_mark(CodeBuilder *builder, uint32_t first, uint32_t end)
{
    uint64_t *last = builder->mark != 0 ? &builder->words.items[builder->mark - 1] : NULL;

    if (last != NULL && first != end && WORD_UC(*last) == first) {
        *last = word_make(OP_MARK, 0, WORD_UB(*last), (int)end);
        return;
    }
    uint32_t word = code_emit(builder, OP_MARK, 0, (int)first, (int)end);
    builder->mark = first == end ? 0 : word + 1;
}

void code_guest_here(CodeBuilder *builder, uint32_t guest_pc)
{
    GuestRun run = {code_word_count(builder), guest_pc};
    keep(builder, array_push(&builder->guest_runs, run));
}

Result code_builder_guest_indexes(const CodeBuilder *builder, uint32_t **indexes)
{
    uint32_t end = builder->positions.items[builder->words.count];

    *indexes = memory_allocate_array(end + 1u, sizeof **indexes);
    if (*indexes == NULL)
        return ERROR_MEMORY;
    for (size_t i = 0; i < builder->guest_runs.count; i++) {
        const GuestRun *run = &builder->guest_runs.items[i];
        uint32_t stop = i + 1 < builder->guest_runs.count ? builder->positions.items[run[1].word] : end;
        for (uint32_t at = builder->positions.items[run->word]; at < stop; at++) (*indexes)[at] = run->guest_pc;
    }
    return OK;
}

/* ---- literals and sites ---- */

int code_literal_reserve(CodeBuilder *builder, uint64_t value)
{
    if (builder->literals.count > UINT16_MAX)
        keep(builder, error_set(ERROR_LIMIT, "code: more than 65536 literals"));
    else
        keep(builder, array_push(&builder->literals, value));
    return (int)builder->literals.count - 1;
}

int code_literal(CodeBuilder *builder, uint64_t value)
{
    uint64_t number = 0;
    if (table_get(&builder->literal_numbers, value, &number))
        return (int)number;
    number = (uint64_t)code_literal_reserve(builder, value);
    keep(builder, table_set(&builder->literal_numbers, value, number));
    return (int)number;
}

int code_site(CodeBuilder *builder)
{
    if (builder->site_count >= UINT16_MAX)
        keep(builder, error_set(ERROR_LIMIT, "code: more than 65535 inline caches"));
    return (int)builder->site_count++;
}

/* ---- switches ---- */

static uint32_t emit_switch(CodeBuilder *builder, uint32_t operation, int a, uint64_t head, uint32_t count,
                            const CodeLabel *labels)
{
    Switch record = {.word = code_word_count(builder), .literal = (uint32_t)code_literal_reserve(builder, head),
                     .first_label = (uint32_t)builder->switch_labels.count, .count = count};

    keep(builder, array_push(&builder->switches, record));
    for (uint32_t i = 0; i <= count; i++) keep(builder, array_push(&builder->switch_labels, labels[i]));
    /* Only the head is named by a word, so the others may go beyond the limit for literals. */
    for (uint64_t i = 1; i < switch_literals(operation, count); i++) keep(builder, array_push(&builder->literals, (uint64_t)0));
    return code_emit(builder, operation, a, (int)record.literal, 0);
}

uint32_t code_emit_table_switch(CodeBuilder *builder, int a, int32_t low, uint32_t count, const CodeLabel *labels)
{
    return emit_switch(builder, OP_TABLE_SWITCH, a, (uint64_t)count << 32 | (uint32_t)low, count, labels);
}

uint32_t code_emit_lookup_switch(CodeBuilder *builder, int a, uint32_t count, const int32_t *keys, const CodeLabel *labels)
{
    uint32_t word = emit_switch(builder, OP_LOOKUP_SWITCH, a, count, count, labels);
    if (builder->failure == OK) {
        uint64_t *literals = builder->literals.items + builder->switches.items[builder->switches.count - 1].literal;
        for (uint32_t i = 0; i < count; i++) literals[2 + 2 * i] = (uint64_t)(int64_t)keys[i];
    }
    return word;
}

/* ---- maps and handlers ---- */

void code_map(CodeBuilder *builder, bool before, uint32_t guest_pc, unsigned stack_depth, const uint8_t *reference_bits,
              size_t reference_bytes, const CodeMapException *exceptions, unsigned exception_count)
{
    MapRecord record = {
        .map = {.word = code_word_count(builder), .guest_pc = guest_pc, .before = before,
                .exception_count = (uint8_t)exception_count, .stack_depth = (uint16_t)stack_depth},
        .sequence = (uint32_t)builder->maps.count,
        .item = (uint32_t)builder->map_items.size,
        .bits_bytes = (uint32_t)reference_bytes,
    };

    if (exception_count > UINT8_MAX)
        keep(builder, error_set(ERROR_LIMIT, "code: more than 255 exceptions in a map"));
    if (stack_depth > UINT16_MAX)
        keep(builder, error_set(ERROR_LIMIT, "code: a stack of %u", stack_depth));
    keep(builder, array_push(&builder->maps, record));
    keep(builder, bytes_append(&builder->map_items, reference_bits, reference_bytes));
    if (exception_count != 0)
        keep(builder, bytes_append(&builder->map_items, exceptions, exception_count * sizeof *exceptions));
}

void code_map_at(CodeBuilder *builder, uint32_t word, bool before, uint32_t guest_pc, unsigned stack_depth,
                 const uint8_t *reference_bits, size_t reference_bytes, const CodeMapException *exceptions,
                 unsigned exception_count)
{
    code_map(builder, before, guest_pc, stack_depth, reference_bits, reference_bytes, exceptions, exception_count);
    if (builder->failure == OK)
        builder->maps.items[builder->maps.count - 1].map.word = word;
}

void code_handler(CodeBuilder *builder, CodeLabel start, CodeLabel end, CodeLabel handler, int target, unsigned catch_type)
{
    HandlerRecord record = {start, end, handler, (int16_t)target, (uint16_t)catch_type};

    if (catch_type > UINT16_MAX || target != record.target)
        keep(builder, error_set(ERROR_LIMIT, "code: a handler for type %u in register %d", catch_type, target));
    keep(builder, array_push(&builder->handlers, record));
}

/* ---- layout ---- */

static uint32_t label_word(CodeBuilder *builder, CodeLabel label)
{
    if (label < builder->labels.count && builder->labels.items[label] <= builder->words.count)
        return builder->labels.items[label];
    keep(builder, error_set(ERROR_ARGUMENT, "code: label %u stands nowhere", label));
    return 0;
}

static uint32_t label_position(CodeBuilder *builder, CodeLabel label)
{
    return builder->positions.items[label_word(builder, label)];
}

/* Of the branch as emitted: itself, or its data. */
static uint32_t last_word(const CodeBuilder *builder, const Branch *branch)
{
    return branch->word + operation_length(word_operation(builder->words.items[branch->word])) - 1;
}

static void place_words(CodeBuilder *builder)
{
    uint32_t *positions = builder->positions.items, word = 0, added = 0;

    for (size_t i = 0; i < builder->branches.count; i++) {
        const Branch *branch = &builder->branches.items[i];
        if (!branch->wide)
            continue;
        for (uint32_t last = last_word(builder, branch); word <= last; word++) positions[word] = word + added;
        added += WIDE_WORDS;
    }
    for (; word <= builder->words.count; word++) positions[word] = word + added;
}

/* The backward form of a conditional branch; itself if it has none. */
static uint32_t backward_form(uint32_t operation)
{
    const char *name = operation_infos[operation].name;
    if (strncmp(name, "IF_", 3) != 0 || operation + 1 >= OPERATION_COUNT)
        return operation;
    const char *next = operation_infos[operation + 1].name;
    return strncmp(next, "LOOP_", 5) == 0 && strcmp(next + 5, name + 3) == 0 ? operation + 1 : operation;
}

/* Makes wide what does not fit, or goes back and has no form that polls; false if everything does. */
static bool widen_branches(CodeBuilder *builder)
{
    bool changed = false;

    for (size_t i = 0; i < builder->branches.count; i++) {
        Branch *branch = &builder->branches.items[i];
        int64_t distance = (int64_t)label_position(builder, branch->label) - builder->positions.items[branch->word];
        uint32_t operation = word_operation(builder->words.items[branch->word]);
        if (branch->wide || operation_is_wide_branch(operation))
            continue;
        if (distance != (int16_t)distance || (distance <= 0 && backward_form(operation) == operation))
            branch->wide = changed = true;
    }
    return changed;
}

static Result lay_out(CodeBuilder *builder)
{
    Result result;

    TRY(array_reserve(&builder->positions, builder->words.count + 1));
    builder->positions.count = builder->words.count + 1;
    do
        place_words(builder);
    while (widen_branches(builder));
done:
    return result;
}

static uint64_t long_jump(int64_t distance)
{
    return word_make(distance > 0 ? OP_GOTO : OP_LOOP, 0, 0, 0) | (uint64_t)(uint32_t)distance << 32;
}

static void write_branch(CodeBuilder *builder, const Branch *branch, uint64_t *words)
{
    uint64_t word = builder->words.items[branch->word];
    uint32_t operation = word_operation(word), position = builder->positions.items[branch->word];
    int64_t distance = (int64_t)label_position(builder, branch->label) - position;

    if (operation_is_wide_branch(operation)) {
        words[position] = long_jump(distance);
    } else if (branch->wide) {
        uint32_t length = operation_length(operation);
        words[position] = word_make(operation, WORD_A(word), WORD_B(word), (int)length + 1);
        words[position + length] = long_jump(2);
        words[position + length + 1] = long_jump(distance - length - 1);
    } else {
        if (distance <= 0)
            operation = backward_form(operation);
        words[position] = word_make(operation, WORD_A(word), WORD_B(word), (int)distance);
    }
}

static void write_words(CodeBuilder *builder, uint64_t *words)
{
    const uint64_t *emitted = builder->words.items;
    const uint32_t *positions = builder->positions.items;
    for (size_t i = 0, count = builder->words.count; i < count; i++) words[positions[i]] = emitted[i];
    for (size_t i = 0; i < builder->branches.count; i++) write_branch(builder, &builder->branches.items[i], words);
}

static void write_switch(CodeBuilder *builder, const Switch *record, uint64_t *literals)
{
    const CodeLabel *labels = builder->switch_labels.items + record->first_label;
    uint32_t operation = word_operation(builder->words.items[record->word]);
    uint64_t *out = literals + record->literal;
    int64_t from = builder->positions.items[record->word];

    for (uint32_t i = 0; i <= record->count; i++) {
        uint64_t offset = (uint64_t)((int64_t)label_position(builder, labels[i]) - from);
        if (i == 0)
            out[1] = offset;
        else
            out[operation == OP_TABLE_SWITCH ? 1 + i : 1 + 2 * i] = offset;
    }
}

/* ---- the block ---- */

static uint64_t map_key(const CodeMap *map)
{
    return (uint64_t)map->word << 1 | map->before;
}

static int compare_maps(const void *a, const void *b)
{
    const MapRecord *left = a, *right = b;
    uint64_t l = map_key(&left->map), r = map_key(&right->map);
    if (l != r)
        return l < r ? -1 : 1;
    return left->sequence < right->sequence ? -1 : left->sequence > right->sequence;
}

/* A call returns to the word behind it, even if that is one that made its branch wide. */
static uint32_t map_position(const CodeBuilder *builder, const CodeMap *map)
{
    return map->before || map->word == 0 ? builder->positions.items[map->word] : builder->positions.items[map->word - 1] + 1;
}

/* Gives maps their final words, in order; of several for one place the last given stays. */
static void sort_maps(CodeBuilder *builder)
{
    MapRecord *maps = builder->maps.items;
    size_t count = builder->maps.count, kept = 0;
    bool sorted = true, single = true;

    for (size_t i = 0; i < count; i++) {
        maps[i].map.word = map_position(builder, &maps[i].map);
        sorted &= i == 0 || map_key(&maps[i - 1].map) <= map_key(&maps[i].map);
        single &= i == 0 || map_key(&maps[i - 1].map) != map_key(&maps[i].map);
    }
    if (sorted && single)
        return;
    if (!sorted)
        qsort(maps, count, sizeof *maps, compare_maps);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || map_key(&maps[i].map) != map_key(&maps[i + 1].map))
            maps[kept++] = maps[i];
    builder->maps.count = kept;
}

static size_t item_size(const MapRecord *record)
{
    return record->bits_bytes + record->map.exception_count * sizeof(CodeMapException);
}

static uint32_t item_hash(const CodeBuilder *builder, const MapRecord *record)
{
    const uint8_t *item = builder->map_items.data + record->item;
    size_t left = item_size(record);
    uint64_t hash = 0;

    for (; left >= 4; item += 4, left -= 4) hash = (hash ^ read_le32(item)) * 0xd6e8feb86659fd93u;
    for (; left != 0; item++, left--) hash = (hash ^ *item) * 0xd6e8feb86659fd93u;
    return (uint32_t)(hash >> 32);
}

static bool same_item(const CodeBuilder *builder, const MapRecord *a, const MapRecord *b)
{
    const uint8_t *items = builder->map_items.data;
    return a->bits_bytes == b->bits_bytes && a->map.exception_count == b->map.exception_count &&
           memcmp(items + a->item, items + b->item, item_size(a)) == 0;
}

/* The first of the maps that have the same data as this one. */
static const MapRecord *first_alike(CodeBuilder *builder, const MapRecord *record)
{
    uint32_t *firsts = builder->map_firsts.items, mask = (uint32_t)builder->map_firsts.count - 1;
    uint32_t slot = item_hash(builder, record) & mask;

    for (; firsts[slot] != 0; slot = (slot + 1) & mask)
        if (same_item(builder, &builder->maps.items[firsts[slot] - 1], record))
            return &builder->maps.items[firsts[slot] - 1];
    firsts[slot] = (uint32_t)(record - builder->maps.items) + 1;
    return record;
}

static Result add_item(CodeBuilder *builder, const Code *shape, MapRecord *record)
{
    Result result = OK;
    const uint8_t *item = builder->map_items.data + record->item;
    size_t start = builder->map_data.size, bits_bytes = map_bits_bytes(shape);
    size_t exceptions_bytes = record->map.exception_count * sizeof(CodeMapException);

    record->map.data = (uint32_t)start;
    if (record->bits_bytes < bits_bytes)
        bits_bytes = record->bits_bytes;
    TRY(bytes_resize(&builder->map_data, start + map_exceptions_offset(shape) + exceptions_bytes));
    memcpy(builder->map_data.data + start, item, bits_bytes);
    memcpy(builder->map_data.data + start + map_exceptions_offset(shape), item + record->bits_bytes, exceptions_bytes);
done:
    return result;
}

static Result make_map_data(CodeBuilder *builder, const Code *shape)
{
    Result result = OK;
    size_t room = 8;

    sort_maps(builder);
    TRY(bytes_reserve(&builder->map_items, 1)); /* so that an empty item has an address */
    TRY(bytes_reserve(&builder->map_data, 1));
    while (room <= 2 * builder->maps.count) room *= 2;
    TRY(array_reserve(&builder->map_firsts, room));
    memset(builder->map_firsts.items, 0, room * sizeof *builder->map_firsts.items);
    builder->map_firsts.count = room;
    for (size_t i = 0; i < builder->maps.count; i++) {
        MapRecord *record = &builder->maps.items[i];
        const MapRecord *first = first_alike(builder, record);
        if (first == record)
            TRY(add_item(builder, shape, record));
        record->map.data = first->map.data;
    }
done:
    return result;
}

static void write_handler(CodeBuilder *builder, const HandlerRecord *record, CodeHandler *handler)
{
    handler->start = label_position(builder, record->start);
    handler->end = label_position(builder, record->end);
    handler->handler = label_position(builder, record->handler);
    handler->target = record->target;
    handler->catch_type = record->catch_type;
}

static Result make_header(CodeBuilder *builder, const Code *shape, Code *header)
{
    uint64_t at = sizeof *header;

    *header = *shape;
    header->word_count = builder->positions.items[builder->words.count];
    header->literal_count = (uint32_t)builder->literals.count;
    header->map_count = (uint32_t)builder->maps.count;
    header->handler_count = (uint32_t)builder->handlers.count;
    header->site_count = (uint16_t)builder->site_count;
    header->site_base = 0;
    header->apart_bytes = header->reserved = 0;
    at += 8ull * header->word_count;
    header->literals = (uint32_t)at;
    at += 8ull * header->literal_count;
    header->maps = (uint32_t)at;
    at += sizeof(CodeMap) * (uint64_t)header->map_count;
    header->handlers = (uint32_t)at;
    at += sizeof(CodeHandler) * (uint64_t)header->handler_count;
    header->map_data = (uint32_t)at;
    at = (at + builder->map_data.size + 7) & ~7ull;
    if (at > INT32_MAX)
        return error_set(ERROR_LIMIT, "code: a block of %llu bytes", (unsigned long long)at);
    header->size_bytes = (uint32_t)at;
    return OK;
}

static void fill_block(CodeBuilder *builder, Code *block)
{
    write_words(builder, block->words);
    if (block->literal_count != 0)
        memcpy(code_literals(block), builder->literals.items, 8 * (size_t)block->literal_count);
    for (size_t i = 0; i < builder->switches.count; i++)
        write_switch(builder, &builder->switches.items[i], code_literals(block));
    CodeMap *maps = (CodeMap *)(uintptr_t)code_maps(block);
    for (uint32_t i = 0, count = block->map_count; i < count; i++) maps[i] = builder->maps.items[i].map;
    for (uint32_t i = 0; i < block->handler_count; i++)
        write_handler(builder, &builder->handlers.items[i], (CodeHandler *)(uintptr_t)code_handlers(block) + i);
    if (builder->map_data.size != 0)
        memcpy((char *)block + block->map_data, builder->map_data.data, builder->map_data.size);
}

/* Everything that can go wrong with labels shows when each is looked up once. */
static void check_places(CodeBuilder *builder)
{
    for (size_t i = 0; i < builder->maps.count; i++)
        if (builder->maps.items[i].map.word > builder->words.count)
            keep(builder, error_set(ERROR_ARGUMENT, "code: a map for word %u", builder->maps.items[i].map.word));
    for (size_t i = 0; i < builder->branches.count; i++) label_word(builder, builder->branches.items[i].label);
    for (size_t i = 0; i < builder->switch_labels.count; i++) label_word(builder, builder->switch_labels.items[i]);
    for (size_t i = 0; i < builder->handlers.count; i++) {
        label_word(builder, builder->handlers.items[i].start);
        label_word(builder, builder->handlers.items[i].end);
        label_word(builder, builder->handlers.items[i].handler);
    }
}

Result code_builder_finish(CodeBuilder *builder, const Code *shape, Code **code)
{
    Result result = OK;
    Code header;

    *code = NULL;
    check_places(builder);
    if (builder->failure != OK)
        return error_set(builder->failure, "%s", builder->message);
    if (builder->positions.count != 0)
        return error_set(ERROR_STATE, "code: a builder finishes once");
    TRY(lay_out(builder));
    TRY(make_map_data(builder, shape));
    TRY(make_header(builder, shape, &header));
    *code = memory_resize(NULL, header.size_bytes);
    if (*code == NULL)
        TRY(ERROR_MEMORY);
    memset((uint8_t *)*code + header.size_bytes - 8, 0, 8); /* its last bytes may only be there for alignment */
    memcpy(*code, &header, sizeof header);
    fill_block(builder, *code);
done:
    return result;
}
