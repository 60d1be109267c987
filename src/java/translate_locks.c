/* translate_locks.c - which of the guest's slots hold the objects whose monitors a method has entered.
 *
 * The machine keeps no list of a frame's monitors. So a forward data flow tells which slots are equal: locals, stack
 * slots, and one more for each monitor, into which monitorenter copies what it enters. Each slot has a class, the
 * lowest slot that holds the same value. Where paths meet, slots stay equal that are equal on both. */
#include <string.h>

#include "base/memory.h"
#include "java/translate.h"
#include "java/translate_internal.h"

#define LOCK_LIMIT 64 /* monitors held at once; further ones are not told */
#define SCRATCH 4     /* slots that pop .. swap take at most */

typedef struct Equals {
    Analysis *analysis;
    unsigned stack, locks, scratch, count; /* where each kind of slot begins; how many there are */
    uint16_t *now;         /* classes, while a block is run */
    uint16_t lock_count;
    uint16_t *entries;     /* `count` for each block */
    uint16_t *lock_counts; /* 1 + that of each block's entry; 0: not reached */
    ARRAY_OF(uint32_t) work;
} Equals;

/* ---- classes ---- */

/* The slot is equal to no other. */
static void separate(Equals *equals, unsigned slot)
{
    uint16_t *now = equals->now;
    unsigned next = 0;

    for (unsigned i = slot + 1; now[slot] == slot && i < equals->count; i++) {
        if (now[i] != slot)
            continue;
        if (next == 0)
            next = i;
        now[i] = (uint16_t)next;
    }
    now[slot] = (uint16_t)slot;
}

/* The slot becomes a copy of another. */
static void copy_slot(Equals *equals, unsigned slot, unsigned from)
{
    uint16_t *now = equals->now;
    unsigned old = now[from], class;

    if (now[slot] == old)
        return;
    separate(equals, slot);
    class = old < slot ? old : slot;
    for (unsigned i = 0; i < equals->count; i++)
        if (now[i] == old || i == slot)
            now[i] = (uint16_t)class;
}

static void drop_stack(Equals *equals, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) separate(equals, equals->stack + i);
}

/* ---- instructions ---- */

static void enter_lock(Equals *equals, unsigned slot)
{
    if (equals->lock_count < LOCK_LIMIT)
        copy_slot(equals, equals->locks + equals->lock_count++, slot);
}

/* The innermost monitor of that object, else the innermost. */
static void leave_lock(Equals *equals, unsigned slot)
{
    unsigned first = equals->locks, last = first + equals->lock_count, at = last;

    if (equals->lock_count == 0)
        return;
    while (at > first && equals->now[at - 1] != equals->now[slot]) at--;
    for (at = at == first ? last : at; at < last; at++) copy_slot(equals, at - 1, at);
    separate(equals, last - 1);
    equals->lock_count--;
}

static void rearrange(Equals *equals, const Instruction *now, unsigned depth)
{
    const Rearrangement *row = &translate_rearrangements[now->operation - BC_POP];
    unsigned base = equals->stack + depth - row->taken;

    for (unsigned i = 0; i < row->taken; i++) copy_slot(equals, equals->scratch + i, base + i);
    for (unsigned i = 0; i < row->count; i++) copy_slot(equals, base + i, equals->scratch + row->order[i]);
    for (unsigned i = row->count; i < row->taken; i++) separate(equals, base + i);
    for (unsigned i = 0; i < row->taken; i++) separate(equals, equals->scratch + i);
}

/* How many slots an instruction without a plain effect has pushed. */
static unsigned pushed_slots(const Equals *equals, const Instruction *now)
{
    const TranslatePool *pool = &equals->analysis->input->pool;
    const State *state = &equals->analysis->state;
    const char *effect = bytecode_infos[now->operation].effect;
    unsigned count = 0;

    if (effect != NULL) {
        for (const char *letter = strchr(effect, '>') + 1; *letter != 0; letter++) count += *letter == 'J' ? 2 : 1;
        return count;
    }
    if (now->operation == BC_PUTFIELD || now->operation == BC_PUTSTATIC || now->operation == BC_IINC ||
        now->operation == BC_JSR || now->operation == BC_RET)
        return 0;
    if (now->operation >= BC_INVOKEVIRTUAL && now->operation <= BC_INVOKEDYNAMIC &&
        translate_return_type(pool->descriptor(pool->context, now->index)) == 'V')
        return 0;
    return state->kinds[equals->stack + state->depth - 1u] == KIND_SECOND ? 2 : 1;
}

static Result step(Equals *equals, const Instruction *now, uint32_t context)
{
    Analysis *analysis = equals->analysis;
    unsigned before = analysis->state.depth, after;
    Result result = OK;

    TRY(analysis_step(analysis, &analysis->state, now, context));
    after = analysis->state.depth;
    switch (now->operation) {
    case BC_CHECKCAST:
        break;
    case BC_ALOAD:
        copy_slot(equals, equals->stack + before, now->index);
        break;
    case BC_ASTORE:
        copy_slot(equals, now->index, equals->stack + after);
        drop_stack(equals, after, before);
        break;
    case BC_ISTORE ... BC_ASTORE - 1:
        separate(equals, now->index);
        drop_stack(equals, after, before);
        break;
    case BC_POP ... BC_SWAP:
        rearrange(equals, now, before);
        break;
    case BC_MONITORENTER: case BC_MONITOREXIT:
        (now->operation == BC_MONITORENTER ? enter_lock : leave_lock)(equals, equals->stack + after);
        drop_stack(equals, after, before);
        break;
    default:
        drop_stack(equals, after - pushed_slots(equals, now), after > before ? after : before);
    }
done:
    return result;
}

/* ---- flow ---- */

/* Equal is what was equal before and is equal now. */
static bool merge(Equals *equals, uint16_t *entry, const uint16_t *from)
{
    bool changed = false;

    for (unsigned i = equals->count; i-- > 0;) { /* downwards: what is below is still as it was */
        unsigned class = entry[i];
        while (class < i && (entry[class] != entry[i] || from[class] != from[i])) class++;
        changed |= class != entry[i];
        entry[i] = (uint16_t)class;
    }
    return changed;
}

static Result flow_to(Equals *equals, uint32_t context, uint32_t pc)
{
    const Block *block = analysis_block(equals->analysis, context, pc);
    uint32_t number;
    uint16_t *entry;
    bool changed;

    if (block == NULL)
        return OK;
    number = (uint32_t)(block - equals->analysis->blocks.items);
    entry = equals->entries + (size_t)number * equals->count;
    if (equals->lock_counts[number] == 0) {
        memcpy(entry, equals->now, equals->count * sizeof *entry);
        changed = true;
    } else {
        changed = merge(equals, entry, equals->now);
        changed |= equals->lock_count + 1 < equals->lock_counts[number];
    }
    if (!changed)
        return OK;
    if (equals->lock_counts[number] == 0 || equals->lock_count + 1 < equals->lock_counts[number])
        equals->lock_counts[number] = (uint16_t)(equals->lock_count + 1);
    return array_push(&equals->work, number);
}

/* The stack becomes the exception alone. The first handler for everything takes it. */
static Result flow_to_handlers(Equals *equals, uint32_t context, uint32_t pc)
{
    const TranslateInput *input = equals->analysis->input;
    size_t bytes = equals->count * sizeof *equals->now;
    uint16_t *saved = NULL;
    Result result = OK;

    for (unsigned i = 0; i < input->handler_count; i++) {
        const TranslateHandler *handler = &input->handlers[i];
        if (pc < handler->start || pc >= handler->end)
            continue;
        if (saved == NULL) {
            saved = memory_allocate(bytes);
            if (saved == NULL)
                return ERROR_MEMORY;
            memcpy(saved, equals->now, bytes);
            drop_stack(equals, 0, input->max_stack);
        }
        TRY(flow_to(equals, context, handler->handler));
        if (handler->catch_type == 0)
            break;
    }
done:
    if (saved != NULL)
        memcpy(equals->now, saved, bytes);
    memory_free(saved);
    return result;
}

static Result flow_on(Equals *equals, const Block *block, const Instruction *now)
{
    Analysis *analysis = equals->analysis;
    uint8_t flags = bytecode_infos[now->operation].flags;
    Result result = OK;

    if (now->operation == BC_JSR)
        return flow_to(equals, analysis_find_context(analysis, block->context, now->target, now->next), now->target);
    if (now->operation == BC_RET) {
        const Context *context = &analysis->contexts.items[analysis->state.kinds[now->index] - KIND_RETURN];
        return flow_to(equals, context->parent, context->return_pc);
    }
    if (flags & BYTECODE_BRANCH) {
        TRY(flow_to(equals, block->context, now->target));
        for (uint32_t i = 0; i < now->count; i++)
            TRY(flow_to(equals, block->context, translate_switch_target(analysis->input->code, now, i)));
    }
    if (!(flags & BYTECODE_END) && now->next == block->end)
        TRY(flow_to(equals, block->context, now->next));
done:
    return result;
}

static void enter_block(Equals *equals, const Block *block)
{
    Analysis *analysis = equals->analysis;
    uint32_t number = (uint32_t)(block - analysis->blocks.items);

    analysis->state.depth = block->entry.depth;
    memcpy(analysis->state.kinds, block->entry.kinds, ((size_t)equals->stack + block->entry.depth) * sizeof *analysis->state.kinds);
    memcpy(equals->now, equals->entries + (size_t)number * equals->count, equals->count * sizeof *equals->now);
    equals->lock_count = equals->lock_counts[number] == 0 ? 0 : (uint16_t)(equals->lock_counts[number] - 1);
}

static Result run_block(Equals *equals, const Block *block)
{
    const TranslateInput *input = equals->analysis->input;
    Instruction now;
    Result result = OK;

    enter_block(equals, block);
    for (uint32_t pc = block->pc; pc < block->end; pc = now.next) {
        TRY(translate_decode(input->code, input->code_length, pc, &now));
        if (bytecode_infos[now.operation].flags & BYTECODE_THROWS)
            TRY(flow_to_handlers(equals, block->context, pc));
        TRY(step(equals, &now, block->context));
        TRY(flow_on(equals, block, &now));
    }
done:
    return result;
}

/* ---- the answer ---- */

static bool has_monitors(const TranslateInput *input)
{
    Instruction now;

    for (uint32_t pc = 0; pc < input->code_length; pc = now.next) {
        if (translate_decode(input->code, input->code_length, pc, &now) != OK)
            return false;
        if (now.operation == BC_MONITORENTER)
            return true;
    }
    return false;
}

static Result open_equals(Equals *equals, Analysis *analysis)
{
    const TranslateInput *input = analysis->input;
    size_t blocks = analysis->blocks.count;

    *equals = (Equals){.analysis = analysis, .stack = input->max_locals, .locks = (unsigned)input->max_locals + input->max_stack};
    equals->scratch = equals->locks + LOCK_LIMIT;
    equals->count = equals->scratch + SCRATCH;
    if (equals->count > UINT16_MAX)
        return error_set(ERROR_LIMIT, "too many locals to look for monitors");
    equals->now = memory_allocate_array(equals->count, sizeof *equals->now);
    equals->entries = memory_allocate_array(blocks * equals->count, sizeof *equals->entries);
    equals->lock_counts = memory_allocate_array(blocks, sizeof *equals->lock_counts);
    if (equals->now == NULL || equals->entries == NULL || equals->lock_counts == NULL)
        return ERROR_MEMORY;
    for (unsigned i = 0; i < equals->count; i++) equals->now[i] = (uint16_t)i;
    return OK;
}

/* A slot that holds what the monitor was entered of. */
static bool find_slot(const Equals *equals, unsigned lock, uint16_t *slot)
{
    const State *state = &equals->analysis->state;

    for (unsigned i = 0; i < equals->stack + state->depth; i++)
        if (equals->now[i] == equals->now[equals->locks + lock] && state->kinds[i] == KIND_REF) {
            *slot = (uint16_t)i;
            return true;
        }
    return false;
}

static Result run_to(Equals *equals, const Block *block, uint32_t pc)
{
    const TranslateInput *input = equals->analysis->input;
    Instruction now;
    Result result = OK;

    enter_block(equals, block);
    for (uint32_t at = block->pc; at < pc; at = now.next) {
        TRY(translate_decode(input->code, input->code_length, at, &now));
        TRY(step(equals, &now, block->context));
    }
done:
    return result;
}

Result translate_find_locks(Analysis *analysis, const Block *block, uint32_t pc, JavaGuestState *state)
{
    Equals equals = {0};
    Result result = OK;

    if (!has_monitors(analysis->input))
        return OK;
    TRY(open_equals(&equals, analysis));
    TRY(flow_to(&equals, 0, 0));
    while (equals.work.count > 0) TRY(run_block(&equals, &analysis->blocks.items[array_pop(&equals.work)]));
    TRY(run_to(&equals, block, pc));
    state->locks = memory_allocate_array(equals.lock_count + 1u, sizeof *state->locks);
    if (state->locks == NULL)
        TRY(ERROR_MEMORY);
    for (unsigned i = 0; i < equals.lock_count; i++)
        state->lock_count += find_slot(&equals, i, &state->locks[state->lock_count]);
done:
    array_free(&equals.work);
    memory_free(equals.now);
    memory_free(equals.entries);
    memory_free(equals.lock_counts);
    return result;
}
