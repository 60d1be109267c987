/* translate_analysis.c - blocks, and the kind of each local and stack slot at the start of each.
 *
 * A forward data flow over basic blocks. Kinds that differ where paths meet become dead. Stack maps of the class file
 * are not used, and code that no path reaches is left out. Subroutines (jsr, ret) are analysed once for each call:
 * a call opens a context, and blocks are told apart by it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "java/translate_internal.h"

#define CONTEXT_LIMIT 4096

static Result bad(uint32_t pc, const char *what)
{
    return error_set(ERROR_FORMAT, "bytecode at %u: %s", pc, what);
}

/* ---- states ---- */

static uint16_t *stack_kinds(const Analysis *analysis, const State *state)
{
    return state->kinds + analysis->input->max_locals;
}

void kinds_set_local(uint16_t *kinds, unsigned max_locals, unsigned local, uint16_t kind)
{
    unsigned last = kind == KIND_WIDE ? local + 1 : local;

    if (kinds[local] == KIND_SECOND && local > 0)
        kinds[local - 1] = KIND_DEAD;
    if (kinds[last] == KIND_WIDE && last + 1 < max_locals)
        kinds[last + 1] = KIND_DEAD;
    kinds[local] = kind;
    if (kind == KIND_WIDE)
        kinds[local + 1] = KIND_SECOND;
}

static Result push(Analysis *analysis, State *state, uint32_t pc, uint16_t kind)
{
    unsigned slots = kind == KIND_WIDE ? 2 : 1;

    if (state->depth + slots > analysis->input->max_stack)
        return bad(pc, "the stack overflows");
    stack_kinds(analysis, state)[state->depth++] = kind;
    if (slots == 2)
        stack_kinds(analysis, state)[state->depth++] = KIND_SECOND;
    return OK;
}

static Result pop(Analysis *analysis, State *state, uint32_t pc, char letter)
{
    const uint16_t *kinds = stack_kinds(analysis, state);
    unsigned slots = letter == 'J' ? 2 : 1;

    if (state->depth < slots)
        return bad(pc, "the stack underflows");
    state->depth = (uint16_t)(state->depth - slots);
    if (kinds[state->depth] != (letter == 'J' ? KIND_WIDE : letter == 'A' ? KIND_REF : KIND_RAW))
        return bad(pc, "a value of another kind is on the stack");
    return OK;
}

static Result pop_type(Analysis *analysis, State *state, uint32_t pc, char letter)
{
    uint16_t kind = kind_of_type(letter);
    return pop(analysis, state, pc, kind == KIND_WIDE ? 'J' : kind == KIND_REF ? 'A' : 'I');
}

static Result step_plain(Analysis *analysis, State *state, uint32_t pc, const char *effect)
{
    Result result = OK;
    const char *arrow = strchr(effect, '>');

    for (const char *letter = arrow; letter-- > effect;) TRY(pop(analysis, state, pc, *letter));
    for (const char *letter = arrow + 1; *letter != 0; letter++)
        TRY(push(analysis, state, pc, *letter == 'I' ? KIND_RAW : kind_of_type(*letter)));
done:
    return result;
}

static Result step_local(Analysis *analysis, State *state, const Instruction *now)
{
    static const char letters[] = "IJIJA";
    bool is_load = now->operation <= BC_ALOAD;
    char letter = letters[now->operation - (is_load ? BC_ILOAD : BC_ISTORE)];
    uint16_t kind = letter == 'I' ? KIND_RAW : kind_of_type(letter);
    Result result = OK;

    if (now->index + (kind == KIND_WIDE) >= analysis->input->max_locals)
        return bad(now->pc, "there is no such local");
    if (is_load) {
        if (state->kinds[now->index] != kind)
            return bad(now->pc, "the local holds another kind of value");
        return push(analysis, state, now->pc, kind);
    }
    if (now->operation == BC_ASTORE && state->depth > 0 && stack_kinds(analysis, state)[state->depth - 1] >= KIND_RETURN)
        kind = stack_kinds(analysis, state)[--state->depth];
    else
        TRY(pop(analysis, state, now->pc, letter));
    kinds_set_local(state->kinds, analysis->input->max_locals, now->index, kind);
done:
    return result;
}

static Result step_rearrange(Analysis *analysis, State *state, const Instruction *now)
{
    const Rearrangement *row = &translate_rearrangements[now->operation - BC_POP];
    unsigned taken = row->taken;
    uint16_t *kinds = stack_kinds(analysis, state), old[4];

    if (state->depth < taken)
        return bad(now->pc, "the stack underflows");
    if (state->depth - taken + row->count > analysis->input->max_stack)
        return bad(now->pc, "the stack overflows");
    state->depth = (uint16_t)(state->depth - taken);
    memcpy(old, kinds + state->depth, taken * sizeof *old);
    for (unsigned i = 0; i < row->count; i++) kinds[state->depth++] = old[row->order[i]];
    for (unsigned i = 0; i < state->depth; i++)
        if (kinds[i] == KIND_WIDE ? i + 1 == state->depth || kinds[i + 1] != KIND_SECOND
                                  : kinds[i] == KIND_SECOND && (i == 0 || kinds[i - 1] != KIND_WIDE))
            return bad(now->pc, "half of a long or double is taken");
    return OK;
}

static Result step_constant(Analysis *analysis, State *state, const Instruction *now)
{
    const TranslatePool *pool = &analysis->input->pool;

    switch (pool->tag(pool->context, now->index)) {
    case CONSTANT_INTEGER: case CONSTANT_FLOAT:
        return push(analysis, state, now->pc, KIND_RAW);
    case CONSTANT_STRING: case CONSTANT_CLASS: case CONSTANT_METHOD_HANDLE: case CONSTANT_METHOD_TYPE:
        return push(analysis, state, now->pc, KIND_REF);
    case CONSTANT_DYNAMIC: {
        TranslateText type = pool->descriptor(pool->context, now->index);
        return push(analysis, state, now->pc, type.length == 0 ? KIND_RAW : kind_of_type(type.text[0]));
    }
    default:
        return bad(now->pc, "not a constant to load");
    }
}

static Result step_field(Analysis *analysis, State *state, const Instruction *now)
{
    const TranslatePool *pool = &analysis->input->pool;
    TranslateText type = pool->descriptor(pool->context, now->index);
    Result result = OK;

    if (pool->tag(pool->context, now->index) != CONSTANT_FIELD || type.length == 0)
        return bad(now->pc, "not a field");
    if (now->operation == BC_PUTFIELD || now->operation == BC_PUTSTATIC)
        TRY(pop_type(analysis, state, now->pc, type.text[0]));
    if (now->operation == BC_PUTFIELD || now->operation == BC_GETFIELD)
        TRY(pop(analysis, state, now->pc, 'A'));
    if (now->operation == BC_GETFIELD || now->operation == BC_GETSTATIC)
        TRY(push(analysis, state, now->pc, kind_of_type(type.text[0])));
done:
    return result;
}

static bool is_call_tag(uint8_t operation, unsigned tag)
{
    return operation == BC_INVOKEDYNAMIC ? tag == CONSTANT_INVOKE_DYNAMIC : tag == CONSTANT_METHOD || tag == CONSTANT_INTERFACE_METHOD;
}

/* Arguments are popped from the last to the first, so their kinds are collected first. */
static Result step_invoke(Analysis *analysis, State *state, const Instruction *now)
{
    const TranslatePool *pool = &analysis->input->pool;
    TranslateText descriptor = pool->descriptor(pool->context, now->index);
    char letters[256], letter;
    unsigned count = 0;
    size_t at = 0;
    Result result = OK;

    if (!is_call_tag(now->operation, pool->tag(pool->context, now->index)))
        return bad(now->pc, "not a method");
    if (now->operation != BC_INVOKESTATIC && now->operation != BC_INVOKEDYNAMIC)
        letters[count++] = 'L';
    while ((letter = translate_next_parameter(descriptor, &at)) != 0) {
        if (count == sizeof letters)
            return bad(now->pc, "more than 255 arguments");
        letters[count++] = letter;
    }
    while (count > 0) TRY(pop_type(analysis, state, now->pc, letters[--count]));
    letter = translate_return_type(descriptor);
    if (letter != 'V')
        TRY(push(analysis, state, now->pc, kind_of_type(letter)));
done:
    return result;
}

/* Instructions of plain effect that name a class or a long constant, or a kind of array. */
static bool names_the_right(const Analysis *analysis, const Instruction *now)
{
    const TranslatePool *pool = &analysis->input->pool;
    unsigned tag;

    switch (now->operation) {
    case BC_NEW: case BC_ANEWARRAY: case BC_CHECKCAST: case BC_INSTANCEOF: case BC_MULTIANEWARRAY:
        return pool->tag(pool->context, now->index) == CONSTANT_CLASS;
    case BC_LDC2_W:
        tag = pool->tag(pool->context, now->index);
        return tag == CONSTANT_LONG || tag == CONSTANT_DOUBLE || tag == CONSTANT_DYNAMIC;
    case BC_NEWARRAY:
        return now->number >= 4 && now->number <= 11;
    default:
        return true;
    }
}

Result analysis_step(Analysis *analysis, State *state, const Instruction *now, uint32_t context)
{
    const char *effect = bytecode_infos[now->operation].effect;
    Result result = OK;

    if (!names_the_right(analysis, now))
        return bad(now->pc, "the constant pool's entry is of another kind");
    if (effect != NULL)
        return step_plain(analysis, state, now->pc, effect);
    switch (now->operation) {
    case BC_ILOAD ... BC_ALOAD: case BC_ISTORE ... BC_ASTORE:
        return step_local(analysis, state, now);
    case BC_POP ... BC_SWAP:
        return step_rearrange(analysis, state, now);
    case BC_LDC:
        return step_constant(analysis, state, now);
    case BC_GETSTATIC ... BC_PUTFIELD:
        return step_field(analysis, state, now);
    case BC_INVOKEVIRTUAL ... BC_INVOKEDYNAMIC:
        return step_invoke(analysis, state, now);
    case BC_IINC: case BC_RET:
        if (now->index >= analysis->input->max_locals ||
            (now->operation == BC_IINC ? state->kinds[now->index] != KIND_RAW : state->kinds[now->index] < KIND_RETURN))
            return bad(now->pc, "the local holds another kind of value");
        return OK;
    case BC_MULTIANEWARRAY:
        if (now->number == 0)
            return bad(now->pc, "an array without dimensions");
        for (unsigned i = 0; i < now->number; i++) TRY(pop(analysis, state, now->pc, 'I'));
        return push(analysis, state, now->pc, KIND_REF);
    case BC_JSR:
        return OK; /* the jump pushes the return address */
    default:
        return bad(now->pc, "no such instruction");
    }
done:
    return result;
}

/* ---- blocks ---- */

/* Blocks' states are many and small, and all go at once. */
struct StateChunk {
    struct StateChunk *next;
    size_t used, size; /* in kinds */
    uint16_t kinds[];
};

#define FIRST_CHUNK_KINDS 256 /* most methods need no more */
#define CHUNK_KINDS 4096

static uint16_t *new_kinds(Analysis *analysis, size_t count)
{
    struct StateChunk *chunk = analysis->chunks;

    if (chunk == NULL || chunk->size - chunk->used < count) {
        size_t size = chunk == NULL ? FIRST_CHUNK_KINDS : CHUNK_KINDS;
        if (size < count)
            size = count;
        chunk = memory_allocate(sizeof *chunk + size * sizeof(uint16_t));
        if (chunk == NULL)
            return NULL;
        chunk->next = analysis->chunks;
        chunk->size = size;
        analysis->chunks = chunk;
    }
    chunk->used += count;
    return chunk->kinds + chunk->used - count;
}

Block *analysis_block(Analysis *analysis, uint32_t context, uint32_t pc)
{
    uint64_t number = table_find(&analysis->numbers, (uint64_t)context << 32 | pc, 0);
    return number == 0 ? NULL : &analysis->blocks.items[number - 1];
}

static Result add_block(Analysis *analysis, uint32_t context, uint32_t pc)
{
    const TranslateInput *input = analysis->input;
    Block block = {.pc = pc, .end = pc + 1, .last = pc, .context = context};
    Result result = OK;

    for (; block.end < input->code_length && !(analysis->marks[block.end] & MARK_LEADER); block.end++)
        if (analysis->marks[block.end] & MARK_START)
            block.last = block.end;
    block.entry.kinds = new_kinds(analysis, (size_t)input->max_locals + input->max_stack + 1);
    if (block.entry.kinds == NULL)
        return ERROR_MEMORY;
    TRY(table_set(&analysis->numbers, (uint64_t)context << 32 | pc, analysis->blocks.count + 1));
    TRY(array_push(&analysis->blocks, block));
done:
    return result;
}

static Result enqueue(Analysis *analysis, Block *block)
{
    if (block->queued)
        return OK;
    block->queued = true;
    return array_push(&analysis->work, (uint32_t)(block - analysis->blocks.items));
}

/* What control that comes with `state` adds to a block: false if nothing. */
static bool merge_kinds(uint16_t *kinds, const uint16_t *from, size_t count)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++)
        if (kinds[i] != from[i] && kinds[i] != KIND_DEAD) {
            kinds[i] = KIND_DEAD;
            changed = true;
        }
    return changed;
}

/* A long or double that lost one half has lost both. */
static void drop_halves(uint16_t *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (kinds[i] == KIND_WIDE && (i + 1 == count || kinds[i + 1] != KIND_SECOND))
            kinds[i] = KIND_DEAD;
        if (kinds[i] == KIND_SECOND && (i == 0 || kinds[i - 1] != KIND_WIDE))
            kinds[i] = KIND_DEAD;
    }
}

/* Control reaches pc in a context with a state. */
static Result flow_to(Analysis *analysis, uint32_t context, uint32_t pc, const State *state, const Block *from)
{
    const TranslateInput *input = analysis->input;
    bool is_backward = from != NULL && ((uint64_t)from->context << 32 | from->pc) >= ((uint64_t)context << 32 | pc);
    Result result = OK;

    if (pc >= input->code_length || !(analysis->marks[pc] & MARK_START))
        return bad(pc, "control leaves the code");
    Block *block = analysis_block(analysis, context, pc);
    if (block == NULL) {
        TRY(add_block(analysis, context, pc));
        block = &analysis->blocks.items[analysis->blocks.count - 1];
        block->entry.depth = state->depth;
        memcpy(block->entry.kinds, state->kinds, ((size_t)input->max_locals + state->depth) * sizeof(uint16_t));
        block->is_loop_head = is_backward;
        return enqueue(analysis, block);
    }
    block->is_loop_head |= is_backward;
    if (block->entry.depth != state->depth)
        return bad(pc, "the depth of the stack differs between paths");
    if (merge_kinds(block->entry.kinds, state->kinds, (size_t)input->max_locals + state->depth)) {
        drop_halves(block->entry.kinds, input->max_locals);
        return enqueue(analysis, block);
    }
done:
    return result;
}

/* ---- subroutines ---- */

/* A subroutine does not call itself: if it was entered already, it has been left (by an exception or a jump), and the
 * context that it had been called from counts. */
static uint32_t calling_context(const Analysis *analysis, uint32_t parent, uint32_t entry)
{
    uint32_t found = parent;
    for (uint32_t outer = parent; outer != 0; outer = analysis->contexts.items[outer].parent)
        if (analysis->contexts.items[outer].entry == entry)
            found = analysis->contexts.items[outer].parent;
    return found;
}

uint32_t analysis_find_context(const Analysis *analysis, uint32_t parent, uint32_t entry, uint32_t return_pc)
{
    parent = calling_context(analysis, parent, entry);
    for (uint32_t i = 1; i < analysis->contexts.count; i++) {
        const Context *known = &analysis->contexts.items[i];
        if (known->parent == parent && known->entry == entry && known->return_pc == return_pc)
            return i;
    }
    return 0;
}

static Result add_context(Analysis *analysis, uint32_t parent, uint32_t entry, uint32_t return_pc, uint32_t *context)
{
    Context made = {calling_context(analysis, parent, entry), entry, return_pc};

    *context = analysis_find_context(analysis, parent, entry, return_pc);
    if (*context != 0)
        return OK;
    if (analysis->contexts.count >= CONTEXT_LIMIT)
        return error_set(ERROR_LIMIT, "too many calls of subroutines");
    *context = (uint32_t)analysis->contexts.count;
    return array_push(&analysis->contexts, made);
}

static Result flow_subroutine(Analysis *analysis, const Block *block, State *state, const Instruction *now)
{
    uint32_t context = 0;
    Result result = OK;

    TRY(add_context(analysis, block->context, now->target, now->next, &context));
    TRY(push(analysis, state, now->pc, (uint16_t)(KIND_RETURN + context)));
    TRY(flow_to(analysis, context, now->target, state, block));
done:
    return result;
}

static Result flow_return(Analysis *analysis, const Block *block, State *state, const Instruction *now)
{
    const Context *context = &analysis->contexts.items[state->kinds[now->index] - KIND_RETURN];
    return flow_to(analysis, context->parent, context->return_pc, state, block);
}

/* ---- flow ---- */

/* Each handler that covers pc may be entered with the locals as they are. */
static Result flow_to_handlers(Analysis *analysis, const Block *block, uint32_t pc, const State *state)
{
    const TranslateInput *input = analysis->input;
    Result result = OK;
    State caught = {.depth = 1};

    for (unsigned i = 0; i < input->handler_count; i++) {
        const TranslateHandler *handler = &input->handlers[i];
        if (pc < handler->start || pc >= handler->end)
            continue;
        if (input->max_stack == 0)
            return bad(pc, "the stack overflows");
        if (caught.kinds == NULL) {
            caught.kinds = memory_allocate_array((size_t)input->max_locals + 1, sizeof(uint16_t));
            if (caught.kinds == NULL)
                return ERROR_MEMORY;
            memcpy(caught.kinds, state->kinds, input->max_locals * sizeof(uint16_t));
            caught.kinds[input->max_locals] = KIND_REF;
        }
        TRY(flow_to(analysis, block->context, handler->handler, &caught, NULL));
        analysis_block(analysis, block->context, handler->handler)->is_handler = true;
    }
done:
    memory_free(caught.kinds);
    return result;
}

static Result flow_on(Analysis *analysis, const Block *block, State *state, const Instruction *now)
{
    uint8_t flags = bytecode_infos[now->operation].flags;
    uint8_t const *code = analysis->input->code;
    Result result = OK;

    if (now->operation == BC_JSR)
        return flow_subroutine(analysis, block, state, now);
    if (now->operation == BC_RET)
        return flow_return(analysis, block, state, now);
    if (flags & BYTECODE_BRANCH) {
        TRY(flow_to(analysis, block->context, now->target, state, block));
        for (uint32_t i = 0; i < now->count; i++)
            TRY(flow_to(analysis, block->context, translate_switch_target(code, now, i), state, block));
    }
    if (!(flags & BYTECODE_END) && now->next == block->end)
        TRY(flow_to(analysis, block->context, now->next, state, NULL));
done:
    return result;
}

static void copy_state(const Analysis *analysis, State *to, const State *from)
{
    to->depth = from->depth;
    memcpy(to->kinds, from->kinds, ((size_t)analysis->input->max_locals + from->depth) * sizeof(uint16_t));
}

static Result run_block(Analysis *analysis, uint32_t number)
{
    const TranslateInput *input = analysis->input;
    Block block = analysis->blocks.items[number]; /* the array may move */
    State *state = &analysis->state;
    Instruction now;
    bool is_told = false; /* do the handlers know these locals? */
    Result result = OK;

    analysis->blocks.items[number].queued = false;
    copy_state(analysis, state, &block.entry);
    for (uint32_t pc = block.pc; pc < block.end; pc = now.next) {
        TRY(translate_decode(input->code, input->code_length, pc, &now));
        analysis->marks[pc] |= MARK_REACHED;
        if (bytecode_infos[now.operation].flags & BYTECODE_THROWS && !is_told) {
            TRY(flow_to_handlers(analysis, &block, pc, state));
            is_told = true;
        }
        TRY(analysis_step(analysis, state, &now, block.context));
        if (now.operation >= BC_ISTORE && now.operation <= BC_ASTORE)
            is_told = false;
        TRY(flow_on(analysis, &block, state, &now));
    }
done:
    return result;
}

/* ---- leaders ---- */

/* Whether an instruction starts there is checked when all starts are known. */
static Result mark_leader(Analysis *analysis, uint32_t pc)
{
    if (pc >= analysis->input->code_length)
        return bad(pc, "control leaves the code");
    analysis->marks[pc] |= MARK_LEADER;
    return OK;
}

static Result mark_targets(Analysis *analysis, const Instruction *now)
{
    Result result = OK;

    TRY(mark_leader(analysis, now->target));
    for (uint32_t i = 0; i < now->count; i++)
        TRY(mark_leader(analysis, translate_switch_target(analysis->input->code, now, i)));
done:
    return result;
}

static Result mark_handlers(Analysis *analysis)
{
    const TranslateInput *input = analysis->input;
    Result result = OK;

    for (unsigned i = 0; i < input->handler_count; i++) {
        TRY(mark_leader(analysis, input->handlers[i].start));
        TRY(mark_leader(analysis, input->handlers[i].handler));
        if (input->handlers[i].end < input->code_length)
            TRY(mark_leader(analysis, input->handlers[i].end));
        if (input->handlers[i].start >= input->handlers[i].end)
            return bad(input->handlers[i].start, "an empty try range");
    }
done:
    return result;
}

static Result mark_code(Analysis *analysis)
{
    const TranslateInput *input = analysis->input;
    Instruction now;
    Result result = OK;

    TRY(mark_leader(analysis, 0));
    for (uint32_t pc = 0; pc < input->code_length; pc = now.next) {
        TRY(translate_decode(input->code, input->code_length, pc, &now));
        analysis->marks[pc] |= MARK_START;
        if (bytecode_infos[now.operation].flags & BYTECODE_BRANCH)
            TRY(mark_targets(analysis, &now));
        if (bytecode_infos[now.operation].flags & (BYTECODE_BRANCH | BYTECODE_END) && now.next < input->code_length)
            TRY(mark_leader(analysis, now.next));
    }
    TRY(mark_handlers(analysis));
    for (uint32_t pc = 0; pc < input->code_length; pc++)
        if ((analysis->marks[pc] & (MARK_LEADER | MARK_START)) == MARK_LEADER)
            return bad(pc, "control goes into the middle of an instruction");
done:
    return result;
}

/* ---- the whole ---- */

static void set_arguments(const Analysis *analysis, State *state)
{
    const TranslateInput *input = analysis->input;
    unsigned local = 0;
    size_t at = 0;
    char letter;

    if (!(input->flags & ACCESS_STATIC))
        state->kinds[local++] = KIND_REF;
    while ((letter = translate_next_parameter(input->descriptor, &at)) != 0) {
        kinds_set_local(state->kinds, input->max_locals, local, kind_of_type(letter));
        local += kind_of_type(letter) == KIND_WIDE ? 2 : 1;
    }
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static Result sort_blocks(Analysis *analysis)
{
    size_t count = analysis->blocks.count;
    uint64_t *keys = memory_allocate_array(count, sizeof(uint64_t));

    analysis->order = memory_allocate_array(count, sizeof(uint32_t));
    if (analysis->order == NULL || keys == NULL) {
        memory_free(keys);
        return ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = (uint64_t)analysis->blocks.items[i].context << 48 | (uint64_t)analysis->blocks.items[i].pc << 32 | i;
    qsort(keys, count, sizeof(uint64_t), compare_keys);
    for (size_t i = 0; i < count; i++) analysis->order[i] = (uint32_t)keys[i];
    memory_free(keys);
    return OK;
}

Result analysis_run(Analysis *analysis, const TranslateInput *input)
{
    Result result = OK;
    size_t slots = (size_t)input->max_locals + input->max_stack + 2;
    Context no_context = {0};

    *analysis = (Analysis){.input = input};
    if (translate_argument_slots(input) > input->max_locals || input->code_length == 0)
        return bad(0, "no room for the arguments, or no code");
    analysis->marks = memory_allocate(input->code_length);
    analysis->state.kinds = memory_allocate_array(slots, sizeof(uint16_t));
    if (analysis->marks == NULL || analysis->state.kinds == NULL)
        return ERROR_MEMORY;
    TRY(array_push(&analysis->contexts, no_context));
    TRY(mark_code(analysis));
    set_arguments(analysis, &analysis->state);
    TRY(flow_to(analysis, 0, 0, &analysis->state, NULL));
    while (analysis->work.count > 0) TRY(run_block(analysis, array_pop(&analysis->work)));
    TRY(sort_blocks(analysis));
done:
    return result;
}

void analysis_free(Analysis *analysis)
{
    while (analysis->chunks != NULL) {
        struct StateChunk *next = analysis->chunks->next;
        memory_free(analysis->chunks);
        analysis->chunks = next;
    }
    array_free(&analysis->blocks);
    array_free(&analysis->contexts);
    array_free(&analysis->work);
    table_free(&analysis->numbers);
    memory_free(analysis->order);
    memory_free(analysis->marks);
    memory_free(analysis->state.kinds);
}
