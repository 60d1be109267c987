/* verify.c - checks a Code from any source: nothing in it may lead the interpreter or the collector astray.
 *
 * What depends on other layers is not known here: elements of the constants object, method numbers and class indexes
 * in literals, and whether registers hold what the maps say. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "code/code.h"
#include "code/code_internal.h"

#define IN_WORD(check, word, ...) error_word(check, word, __VA_ARGS__)

typedef struct Check {
    const Code *code;
    uint8_t *starts; /* for each word: does an instruction start here? */
} Check;

__attribute__((format(printf, 3, 4)))
static Result error_word(const Check *check, uint32_t word, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    uint32_t operation = word_operation(check->code->words[word]);
    return error_set(ERROR_FORMAT, "code: word %u%s%s: %s", word, operation < OPERATION_COUNT ? " " : "",
                     operation < OPERATION_COUNT ? operation_infos[operation].name : "", text);
}

/* ---- the block ---- */

static bool part_fits(const Code *code, uint32_t offset, uint64_t count, uint64_t size, uint32_t alignment)
{
    return offset % alignment == 0 && offset >= sizeof *code && offset <= code->size_bytes &&
           count * size <= code->size_bytes - offset;
}

static Result check_block(const Code *code)
{
    unsigned own_locals = code->local_count > code->argument_slots ? code->local_count - code->argument_slots : 0;

    if (code->flags & CODE_LINKED)
        return error_set(ERROR_STATE, "code: linked code cannot be checked");
    if (code->size_bytes < sizeof *code || code->size_bytes % 8 != 0)
        return error_set(ERROR_FORMAT, "code: a block of %u bytes", code->size_bytes);
    if (!part_fits(code, sizeof *code, code->word_count, 8, 8) || !part_fits(code, code->literals, code->literal_count, 8, 8) ||
        !part_fits(code, code->maps, code->map_count, sizeof(CodeMap), 4) ||
        !part_fits(code, code->handlers, code->handler_count, sizeof(CodeHandler), 4) ||
        !part_fits(code, code->map_data, 0, 1, 2))
        return error_set(ERROR_FORMAT, "code: a part lies outside of the block");
    if (code->word_count == 0)
        return error_set(ERROR_FORMAT, "code: no words");
    if (code->register_count > INT16_MAX || code->argument_slots > INT16_MAX)
        return error_set(ERROR_FORMAT, "code: too many registers");
    if (code->register_count < FRAME_HEADER + own_locals + code->stack_count)
        return error_set(ERROR_FORMAT, "code: %u registers do not hold %u locals and a stack of %u", code->register_count,
                         own_locals, code->stack_count);
    return OK;
}

static Result find_starts(Check *check)
{
    const Code *code = check->code;

    for (uint32_t word = 0; word < code->word_count;) {
        uint32_t operation = word_operation(code->words[word]);
        if (operation >= OPERATION_COUNT)
            return IN_WORD(check, word, "no operation %u", operation);
        check->starts[word] = 1;
        word += operation_length(operation);
        if (word > code->word_count)
            return error_set(ERROR_FORMAT, "code: the data of the last instruction are missing");
    }
    return OK;
}

/* ---- operands ---- */

static bool register_exists(const Code *code, int r)
{
    return (r >= -(int)code->argument_slots && r < 0) || (r >= FRAME_HEADER && r < code->register_count);
}

static Result check_operand(const Check *check, uint32_t word, int which)
{
    const Code *code = check->code;
    uint64_t bits = code->words[word];
    int value = operand_value(bits, which);
    uint32_t number = operand_unsigned(bits, which);
    char letter = (char)('a' + which);

    switch (operation_infos[word_operation(bits)].operands[which]) {
    case OPERAND_NONE:
        return value == 0 ? OK : IN_WORD(check, word, "unused operand %c is %d", letter, value);
    case OPERAND_OUT: case OPERAND_IN: case OPERAND_INOUT:
        return register_exists(code, value) ? OK : IN_WORD(check, word, "operand %c: no register %d", letter, value);
    case OPERAND_WINDOW:
        return value >= FRAME_HEADER && value <= code->register_count
                   ? OK : IN_WORD(check, word, "operand %c: outgoing registers from %d", letter, value);
    case OPERAND_LIT:
        return number < code->literal_count ? OK : IN_WORD(check, word, "operand %c: no literal %u", letter, number);
    case OPERAND_SITE:
        return number < code->site_count ? OK : IN_WORD(check, word, "operand %c: no site %u", letter, number);
    default:
        return OK;
    }
}

/* What single instructions ask of their numbers. */
static Result check_numbers(const Check *check, uint32_t word)
{
    uint64_t bits = check->code->words[word];
    int c = WORD_C(bits);

    switch (word_operation(bits)) {
    case OP_SHL_I32_IMM: case OP_SHR_I32_IMM: case OP_USHR_I32_IMM:
        return c >= 0 && c < 32 ? OK : IN_WORD(check, word, "shifts by %d", c);
    case OP_SHL_I64_IMM: case OP_SHR_I64_IMM: case OP_USHR_I64_IMM:
        return c >= 0 && c < 64 ? OK : IN_WORD(check, word, "shifts by %d", c);
    case OP_DIV_I32_IMM: case OP_REM_I32_IMM:
        return c != 0 && c != -1 ? OK : IN_WORD(check, word, "divides by %d", c);
    case OP_RETURN: case OP_RETURN_VOID:
        return WORD_UC(bits) == check->code->argument_slots
                   ? OK : IN_WORD(check, word, "drops %u arguments of %u", WORD_UC(bits), check->code->argument_slots);
    default:
        return OK;
    }
}

/* ---- branches ---- */

/* A jump back polls, so its target needs a map before. */
static Result check_target(const Check *check, uint32_t word, int64_t distance, bool needs_map)
{
    int64_t target = (int64_t)word + distance;

    if (distance > INT32_MAX || distance < INT32_MIN || target < 0 || target >= check->code->word_count ||
        !check->starts[target])
        return IN_WORD(check, word, "jumps to %lld, where no instruction starts", (long long)target);
    if (needs_map && code_find_map(check->code, (uint32_t)target, true) == NULL)
        return IN_WORD(check, word, "jumps back to %lld, which has no map", (long long)target);
    return OK;
}

static bool is_backward_form(uint32_t operation)
{
    return strncmp(operation_infos[operation].name, "LOOP", 4) == 0;
}

static bool is_forward_form(uint32_t operation)
{
    return operation == OP_GOTO || strncmp(operation_infos[operation].name, "IF_", 3) == 0;
}

static Result check_branch(const Check *check, uint32_t word)
{
    uint64_t bits = check->code->words[word];
    uint32_t operation = word_operation(bits);
    int64_t distance = operation_is_wide_branch(operation) ? WORD_IMM32(bits) : WORD_C(bits);

    if (is_backward_form(operation) && distance > 0)
        return IN_WORD(check, word, "jumps forward");
    if (is_forward_form(operation) && distance <= 0)
        return IN_WORD(check, word, "jumps backward");
    return check_target(check, word, distance, distance <= 0);
}

static Result check_switch(const Check *check, uint32_t word)
{
    const Code *code = check->code;
    uint64_t bits = code->words[word];
    uint32_t operation = word_operation(bits), left = code->literal_count - WORD_UB(bits);
    const uint64_t *literal = code_literals(code) + WORD_UB(bits);
    uint64_t count = switch_count(operation, literal);
    Result result = OK;

    if (left < 2 || switch_literals(operation, count) > left)
        return IN_WORD(check, word, "its %llu cases are not all there", (unsigned long long)count);
    TRY(check_target(check, word, (int64_t)literal[1], (int64_t)literal[1] <= 0));
    for (uint32_t i = 0; i < count; i++) {
        int64_t offset = switch_offset(operation, literal, i);
        if (operation == OP_LOOKUP_SWITCH && i > 0 && (int64_t)literal[2 + 2 * i] <= (int64_t)literal[2 * i])
            return IN_WORD(check, word, "its keys are not ascending");
        TRY(check_target(check, word, offset, offset <= 0));
    }
done:
    return result;
}

/* ---- instructions ---- */

/* Codes of the machine's own have no guest state to map, and some never return to their code. */
static bool is_machine_code(const Code *code)
{
    return code->method == 0;
}

/* A pure jump polls at its target, not here. */
static bool needs_map_before(uint8_t effects)
{
    return effects & EFFECT_COLLECTS && (!(effects & EFFECT_BRANCH) || effects & (EFFECT_THROWS | EFFECT_CALLS));
}

static bool may_end_code(uint32_t operation)
{
    return operation_infos[operation].effects & EFFECT_END || operation == OP_TRANSLATE || operation == OP_NATIVE ||
           operation == OP_CONTINUE;
}

static Result check_instruction(const Check *check, uint32_t word)
{
    const Code *code = check->code;
    uint32_t operation = word_operation(code->words[word]), next = word + operation_length(operation);
    uint8_t effects = operation_infos[operation].effects;
    Result result = OK;

    for (int which = 0; which < 3; which++) TRY(check_operand(check, word, which));
    TRY(check_numbers(check, word));
    if (operation_is_near_branch(operation) || operation_is_wide_branch(operation))
        TRY(check_branch(check, word));
    if (operation_is_switch(operation))
        TRY(check_switch(check, word));
    if (next >= code->word_count && !may_end_code(operation))
        return IN_WORD(check, word, "runs off the end");
    if (operation == OP_MOVE_SEND && word_operation(code->words[next]) != OP_SEND)
        return IN_WORD(check, word, "no SEND follows");
    if (is_machine_code(code))
        return OK;
    if (needs_map_before(effects) && code_find_map(code, word, true) == NULL)
        return IN_WORD(check, word, "has no map before");
    if (effects & EFFECT_CALLS && code_find_map(code, next, false) == NULL)
        return IN_WORD(check, word, "has no map after");
done:
    return result;
}

/* ---- maps and handlers ---- */

static Result check_exception(const Code *code, const CodeMap *map, const CodeMapException *exception)
{
    unsigned slot = exception->slot & 0x7fff;
    unsigned limit = exception->slot & 0x8000 ? map->stack_depth : code->local_count;

    if (slot >= limit)
        return error_set(ERROR_FORMAT, "code: map at %u: no slot %s%u", map->word, exception->slot & 0x8000 ? "s" : "l", slot);
    if (exception->kind > MAP_OBJECT)
        return error_set(ERROR_FORMAT, "code: map at %u: kind %u", map->word, exception->kind);
    if (exception->kind == MAP_REGISTER && !register_exists(code, exception->value))
        return error_set(ERROR_FORMAT, "code: map at %u: no register %d", map->word, exception->value);
    if (exception->kind == MAP_LITERAL && (uint16_t)exception->value >= code->literal_count)
        return error_set(ERROR_FORMAT, "code: map at %u: no literal %u", map->word, (uint16_t)exception->value);
    return OK;
}

/* The places of one map's data must be known to exist before anything looks at them. */
static Result check_map_place(const Check *check, uint32_t index)
{
    const Code *code = check->code;
    const CodeMap *map = &code_maps(code)[index];
    uint64_t end = (uint64_t)code->map_data + map->data + map_exceptions_offset(code) +
                   (uint64_t)map->exception_count * sizeof(CodeMapException);

    if (map->before > 1 || map->word > code->word_count || (map->before && map->word == code->word_count) ||
        (map->word < code->word_count && !check->starts[map->word]))
        return error_set(ERROR_FORMAT, "code: map %u stands at word %u, where no instruction starts", index, map->word);
    if (index > 0 && ((uint64_t)map[-1].word << 1 | map[-1].before) >= ((uint64_t)map->word << 1 | map->before))
        return error_set(ERROR_FORMAT, "code: map %u is out of order", index);
    if (map->data % 2 != 0 || end > code->size_bytes)
        return error_set(ERROR_FORMAT, "code: the data of map %u lie outside of the block", index);
    return OK;
}

static Result check_map(const Code *code, const CodeMap *map)
{
    Result result = OK;

    if (map->stack_depth > code->stack_count)
        return error_set(ERROR_FORMAT, "code: map at %u: a stack of %u", map->word, map->stack_depth);
    for (int r = 0; r < FRAME_HEADER && r < code->register_count; r++)
        if (code_map_is_reference(code, map, r))
            return error_set(ERROR_FORMAT, "code: map at %u: the frame's header holds no references", map->word);
    for (unsigned i = 0; i < map->exception_count; i++)
        TRY(check_exception(code, map, &code_map_exceptions(code, map)[i]));
done:
    return result;
}

static Result check_maps(const Check *check)
{
    Result result = OK;

    for (uint32_t i = 0; i < check->code->map_count; i++) {
        TRY(check_map_place(check, i));
        TRY(check_map(check->code, &code_maps(check->code)[i]));
    }
done:
    return result;
}

static Result check_handlers(const Check *check)
{
    const Code *code = check->code;

    for (uint32_t i = 0; i < code->handler_count; i++) {
        const CodeHandler *handler = &code_handlers(code)[i];
        if (handler->start >= handler->end || handler->end > code->word_count || !check->starts[handler->start] ||
            (handler->end < code->word_count && !check->starts[handler->end]))
            return error_set(ERROR_FORMAT, "code: handler %u covers words %u to %u", i, handler->start, handler->end);
        if (handler->handler >= code->word_count || !check->starts[handler->handler])
            return error_set(ERROR_FORMAT, "code: handler %u leads to word %u", i, handler->handler);
        if (!register_exists(code, handler->target))
            return error_set(ERROR_FORMAT, "code: handler %u: no register %d", i, handler->target);
    }
    return OK;
}

Result code_verify(const Code *code)
{
    Result result = OK;
    Check check = {.code = code};

    TRY(check_block(code));
    check.starts = memory_allocate(code->word_count);
    if (check.starts == NULL)
        return ERROR_MEMORY;
    TRY(find_starts(&check));
    TRY(check_maps(&check));
    for (uint32_t word = 0; word < code->word_count; word++)
        if (check.starts[word])
            TRY(check_instruction(&check, word));
    TRY(check_handlers(&check));
done:
    memory_free(check.starts);
    return result;
}
