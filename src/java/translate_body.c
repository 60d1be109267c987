/* translate_body.c - a whole method: prologue, blocks in order, handlers, the monitor of a synchronized method. */
#include <string.h>

#include "base/memory.h"
#include "java/translate_internal.h"

#define REGISTER_LIMIT 32000

/* ---- opening ---- */

static Result open_emitter(Emitter *emitter, const TranslateInput *input)
{
    bool is_synchronized = (input->flags & ACCESS_SYNCHRONIZED) != 0;

    emitter->input = input;
    emitter->argument_slots = translate_argument_slots(input);
    emitter->max_locals = input->max_locals;
    emitter->max_stack = is_synchronized && input->max_stack == 0 ? 1 : input->max_stack;
    emitter->local_count = emitter->max_locals + is_synchronized;
    emitter->lock_state = is_synchronized ? LOCK_ABSENT : LOCK_NONE;
    emitter->lock = local_register(emitter, emitter->max_locals);
    emitter->scratch = stack_register(emitter, emitter->max_stack);
    emitter->register_count = emitter->scratch + 2; /* an appendix may follow the arguments of a call */
    if (emitter->register_count > REGISTER_LIMIT)
        return error_set(ERROR_LIMIT, "a method of %d registers", emitter->register_count);
    emitter->bit_bytes = (emitter->argument_slots + (unsigned)emitter->register_count + 7) / 8;
    emitter->bits = memory_allocate(emitter->bit_bytes);
    emitter->locals = memory_allocate_array(emitter->max_locals + 1u, sizeof *emitter->locals);
    emitter->stack = memory_allocate_array(emitter->max_stack + 2u, sizeof *emitter->stack);
    if (emitter->bits == NULL || emitter->locals == NULL || emitter->stack == NULL)
        return ERROR_MEMORY;
    return code_builder_open(&emitter->builder);
}

static void close_emitter(Emitter *emitter)
{
    analysis_free(&emitter->analysis);
    code_builder_close(emitter->builder);
    array_free(&emitter->guards);
    memory_free(emitter->bits);
    memory_free(emitter->locals);
    memory_free(emitter->stack);
}

/* ---- the monitor ---- */

void guard_start(Emitter *emitter)
{
    Guard guard = {.start = code_label_new(emitter->builder), .word = code_word_count(emitter->builder)};

    code_label_here(emitter->builder, guard.start);
    if (array_push(&emitter->guards, guard) != OK)
        emitter->failure = ERROR_MEMORY;
    emitter->is_guarded = true;
}

/* A range without words is dropped. */
void guard_end(Emitter *emitter)
{
    if (!emitter->is_guarded || emitter->guards.count == 0)
        return;
    Guard *guard = &emitter->guards.items[emitter->guards.count - 1];
    emitter->is_guarded = false;
    if (guard->word == code_word_count(emitter->builder)) {
        emitter->guards.count--;
        return;
    }
    guard->end = code_label_new(emitter->builder);
    code_label_here(emitter->builder, guard->end);
}

/* While the thread waits to enter, its lock stands as on the guest's stack: so a canonical frame holds it, and the place is no
 * other one of the first instruction, where the monitor is held already. */
static void enter_monitor(Emitter *emitter)
{
    const TranslateInput *input = emitter->input;

    if (input->flags & ACCESS_STATIC)
        emit_operation(emitter, OP_RESOLVE_CONSTANT, emitter->lock, code_literal_reserve(emitter->builder, input->this_index),
                       (int)input->pool.slot(input->pool.context, input->this_index, 0), 0);
    else
        emit_move(emitter, emitter->lock, local_register(emitter, 0));
    stack_push_register(emitter, KIND_REF, emitter->lock);
    emit_operation(emitter, OP_MONITOR_ENTER, emitter->lock, 0, 0, 0);
    stack_pop(emitter, 1);
    emitter->lock_state = LOCK_HELD;
    guard_start(emitter);
}

/* Where every exception that leaves the method goes. Its canonical frame: bytecode index = length of the code, the
 * exception alone on the stack. */
static void emit_catch_all(Emitter *emitter)
{
    CodeLabel label = code_label_new(emitter->builder);

    guard_end(emitter);
    if (emitter->guards.count == 0)
        return;
    emitter->now.pc = emitter->input->code_length;
    if (emitter->notes_indexes)
        code_guest_here(emitter->builder, emitter->now.pc);
    memset(emitter->locals, 0, emitter->max_locals * sizeof *emitter->locals);
    emitter->depth = 0;
    stack_push_home(emitter, KIND_REF, RANGE_ANY);
    code_label_here(emitter->builder, label);
    emit_operation(emitter, OP_MONITOR_EXIT, emitter->lock, 0, 0, 1);
    emitter->lock_state = LOCK_ABSENT;
    emit_operation(emitter, OP_THROW, stack_register(emitter, 0), 0, 0, 1);
    for (size_t i = 0; i < emitter->guards.count; i++)
        code_handler(emitter->builder, emitter->guards.items[i].start, emitter->guards.items[i].end, label,
                     stack_register(emitter, 0), 0);
}

/* ---- blocks ---- */

static void load_state(Emitter *emitter, const State *state)
{
    memcpy(emitter->locals, state->kinds, emitter->max_locals * sizeof *emitter->locals);
    emitter->depth = state->depth;
    for (unsigned i = 0; i < state->depth; i++)
        emitter->stack[i] = (Entry){.place = PLACE_HOME, .kind = state->kinds[emitter->max_locals + i]};
}

void emit_mark_until(Emitter *emitter, uint32_t pc)
{
    if (emitter->input->marks == MARKS_ALL && emitter->marked_pc < pc)
        code_mark(emitter->builder, emitter->marked_pc, pc);
    emitter->marked_pc = pc;
}

/* An instruction is marked before its code; one that it has drawn in, behind, unless that was said before. */
Result emit_instructions(Emitter *emitter, const Block *block)
{
    const TranslateInput *input = emitter->input;
    Result result = OK;

    for (uint32_t pc = block->pc; pc < block->end; pc = emitter->next_pc) {
        TRY(translate_decode(input->code, input->code_length, pc, &emitter->now));
        emitter->next_pc = emitter->now.next;
        if (emitter->notes_indexes)
            code_guest_here(emitter->builder, pc);
        emitter->marked_pc = pc;
        emit_mark_until(emitter, emitter->next_pc);
        TRY(emit_instruction(emitter));
        emit_mark_until(emitter, emitter->next_pc);
    }
done:
    return result;
}

static Result emit_block(Emitter *emitter, Block *block)
{
    Result result = OK;

    emitter->block = block;
    emitter->has_jumped = false;
    load_state(emitter, &block->entry);
    code_label_here(emitter->builder, block->label);
    block->word = block->end_word = code_word_count(emitter->builder);
    if (!block->is_referenced && !block->is_loop_head && !block->is_handler) /* copies took its place */
        return OK;
    if (block->is_loop_head)
        emit_map(emitter, true, block->pc, emitter->depth);
    TRY(emit_instructions(emitter, block));
    if (!emitter->has_jumped && !(bytecode_infos[emitter->now.operation].flags & BYTECODE_END))
        TRY(emit_fall_through(emitter));
    block->end_word = code_word_count(emitter->builder);
    result = emitter->failure;
done:
    return result;
}

/* Whoever executes what stands before the first instruction of the bytecode has just entered the method: the arguments are
 * as they were. */
static bool is_begun_once(const Emitter *emitter)
{
    const Analysis *analysis = &emitter->analysis;
    return !analysis->blocks.items[analysis->order[0]].is_loop_head && emitter->lock_state == LOCK_NONE;
}

static Result emit_blocks(Emitter *emitter)
{
    Analysis *analysis = &emitter->analysis;
    size_t count = analysis->blocks.count;
    Result result = OK;

    for (size_t i = 0; i < count; i++) analysis->blocks.items[i].label = code_label_new(emitter->builder);
    rotate_loops(emitter);
    load_state(emitter, &analysis->blocks.items[analysis->order[0]].entry);
    analysis->blocks.items[analysis->order[0]].is_referenced = true;
    emit_map(emitter, true, 0, 0);
    if (emitter->input->marks != MARKS_NONE)
        code_mark(emitter->builder, 0, 0);
    if (emitter->input->attempt != 0 && is_begun_once(emitter))
        emit_operation(emitter, OP_ATTEMPT, 0, code_literal(emitter->builder, emitter->input->attempt), (int)emitter->argument_slots, 0);
    if (emitter->lock_state != LOCK_NONE)
        enter_monitor(emitter);
    for (emitter->order = 0; emitter->order < count; emitter->order++)
        TRY(emit_block(emitter, &analysis->blocks.items[analysis->order[emitter->order]]));
done:
    return result;
}

/* ---- handlers ---- */

/* The blocks that a try range covers in one context lie together in the code's order: from block first on. */
static void add_range(Emitter *emitter, const TranslateHandler *handler, size_t first, size_t last, CodeLabel end)
{
    Analysis *analysis = &emitter->analysis;
    const Block *start = &analysis->blocks.items[analysis->order[first]], *stop = &analysis->blocks.items[analysis->order[last]];
    const Block *target = analysis_block(analysis, start->context, handler->handler);

    if (last + 1 < analysis->blocks.count)
        end = analysis->blocks.items[analysis->order[last + 1]].label;
    if (target != NULL && target->is_handler && start->word < stop->end_word)
        code_handler(emitter->builder, start->label, end, target->label, stack_register(emitter, 0), handler->catch_type);
}

static void add_ranges(Emitter *emitter, const TranslateHandler *handler, CodeLabel end)
{
    const Analysis *analysis = &emitter->analysis;
    size_t count = analysis->blocks.count, first = count;

    for (size_t i = 0; i < count; i++) {
        const Block *block = &analysis->blocks.items[analysis->order[i]];
        bool is_inside = block->pc >= handler->start && block->pc < handler->end;
        bool is_new = first < count && block->context != analysis->blocks.items[analysis->order[first]].context;
        if (first < count && (!is_inside || is_new)) {
            add_range(emitter, handler, first, i - 1, end);
            first = count;
        }
        if (is_inside && first == count)
            first = i;
    }
    if (first < count)
        add_range(emitter, handler, first, count - 1, end);
}

/* ---- the whole ---- */

static Result finish(Emitter *emitter, Code **code)
{
    Code shape = {
        .method = emitter->input->method,
        .argument_slots = (uint16_t)emitter->argument_slots,
        .register_count = (uint16_t)emitter->register_count,
        .local_count = (uint16_t)emitter->local_count,
        .stack_count = (uint16_t)emitter->max_stack,
        .constants_root = emitter->input->constants_root,
        .flags = emitter->input->hidden ? CODE_HIDDEN : 0,
    };
    return code_builder_finish(emitter->builder, &shape, code);
}

/* indexes: NULL if they are not wanted. */
static Result translate(const TranslateInput *input, Code **code, uint32_t **indexes)
{
    Emitter emitter = {.notes_indexes = indexes != NULL};
    CodeLabel end;
    Result result = OK;

    *code = NULL;
    TRY(open_emitter(&emitter, input));
    TRY(analysis_run(&emitter.analysis, input));
    TRY(emit_blocks(&emitter));
    end = code_label_new(emitter.builder);
    code_label_here(emitter.builder, end);
    for (unsigned i = 0; i < input->handler_count; i++) add_ranges(&emitter, &input->handlers[i], end);
    if (emitter.lock_state != LOCK_NONE)
        emit_catch_all(&emitter);
    TRY(emitter.failure);
    TRY(finish(&emitter, code));
    if (indexes != NULL)
        TRY(code_builder_guest_indexes(emitter.builder, indexes));
done:
    close_emitter(&emitter);
    return result;
}

Result translate_body(const TranslateInput *input, Code **code)
{
    return translate(input, code, NULL);
}

Result translate_body_indexed(const TranslateInput *input, Code **code, uint32_t **indexes)
{
    return translate(input, code, indexes);
}
