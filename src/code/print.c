/* print.c - a Code as text that parse.c reads back (the form is drawn in doc/code.md).
 *
 * It is made for dumps of codes that may be wrong, so nothing is taken for granted but the block's own offsets. */
#include "code/code.h"
#include "code/code_internal.h"

/* A text that finds no room ends early. */
#define put(text, ...) ((void)bytes_append_format(text, __VA_ARGS__))

static void print_operand(Bytes *text, const Code *code, uint32_t word, int which)
{
    uint64_t bits = code->words[word];
    int value = operand_value(bits, which);
    unsigned number = operand_unsigned(bits, which);

    switch (operation_infos[word_operation(bits)].operands[which]) {
    case OPERAND_NONE: case OPERAND_HIGH:
        break;
    case OPERAND_OUT: case OPERAND_IN: case OPERAND_INOUT: case OPERAND_WINDOW:
        put(text, " r%d", value);
        break;
    case OPERAND_IMM:
        put(text, " #%d", value);
        break;
    case OPERAND_COUNT_:
        put(text, " #%u", number);
        break;
    case OPERAND_IMM32:
        put(text, " #%d", WORD_IMM32(bits));
        break;
    case OPERAND_LIT:
        put(text, " l%u", number);
        break;
    case OPERAND_OBJ:
        put(text, " o%u", number);
        break;
    case OPERAND_SITE:
        put(text, " s%u", number);
        break;
    case OPERAND_OFF:
        put(text, " @%lld", (long long)word + value);
        break;
    case OPERAND_OFF32:
        put(text, " @%lld", (long long)word + WORD_IMM32(bits));
        break;
    }
}

static void print_switch(Bytes *text, const Code *code, uint32_t word)
{
    uint32_t operation = word_operation(code->words[word]), at = WORD_UB(code->words[word]);
    const uint64_t *literal = code_literals(code) + at;

    if (at + 2ull > code->literal_count || switch_literals(operation, switch_count(operation, literal)) > code->literal_count - at)
        return;
    put(text, " ; else @%lld", (long long)(word + (int64_t)literal[1]));
    for (uint32_t i = 0; i < switch_count(operation, literal); i++) {
        int64_t key = operation == OP_TABLE_SWITCH ? (int64_t)(int32_t)literal[0] + i : (int64_t)literal[2 + 2 * i];
        put(text, " %lld:@%lld", (long long)key, (long long)(word + switch_offset(operation, literal, i)));
    }
}

/* The values of the literals that it names. */
static void print_literal_notes(Bytes *text, const Code *code, uint32_t word)
{
    uint64_t bits = code->words[word];

    for (int which = 0; which < 3; which++) {
        unsigned number = operand_unsigned(bits, which);
        if (operation_infos[word_operation(bits)].operands[which] == OPERAND_LIT && number < code->literal_count)
            put(text, " ; 0x%llx", (unsigned long long)code_literals(code)[number]);
    }
}

void code_format_word(Bytes *text, const Code *code, uint32_t word)
{
    uint32_t operation = word_operation(code->words[word]);

    if (code->flags & CODE_LINKED || operation >= OPERATION_COUNT) {
        put(text, "%4u data 0x%016llx\n", word, (unsigned long long)code->words[word]);
        return;
    }
    put(text, "%4u %s", word, operation_infos[operation].name);
    for (int which = 0; which < 3; which++) print_operand(text, code, word, which);
    if (operation_is_switch(operation))
        print_switch(text, code, word);
    else
        print_literal_notes(text, code, word);
    put(text, "\n");
}

static void print_words(Bytes *text, const Code *code)
{
    for (uint32_t word = 0; word < code->word_count; word++) {
        uint32_t operation = word_operation(code->words[word]);
        code_format_word(text, code, word);
        if (!(code->flags & CODE_LINKED) && operation < OPERATION_COUNT && operation_length(operation) == 2 &&
            ++word < code->word_count)
            put(text, "%4u data 0x%016llx\n", word, (unsigned long long)code->words[word]);
    }
}

static void print_exception(Bytes *text, const CodeMapException *exception)
{
    put(text, " %c%u=", exception->slot & 0x8000 ? 's' : 'l', exception->slot & 0x7fffu);
    switch (exception->kind) {
    case MAP_DEAD:
        put(text, "dead");
        break;
    case MAP_REGISTER:
        put(text, "r%d", exception->value);
        break;
    case MAP_LITERAL:
        put(text, "l%u", (unsigned)(uint16_t)exception->value);
        break;
    case MAP_CONSTANT:
        put(text, "#%d", exception->value);
        break;
    case MAP_OBJECT:
        put(text, "o%u", (unsigned)(uint16_t)exception->value);
        break;
    default:
        put(text, "?%u", exception->kind);
        break;
    }
}

void code_format_map(Bytes *text, const Code *code, const CodeMap *map)
{
    put(text, "map %s %u pc %u depth %u refs", map->before ? "before" : "after", map->word, map->guest_pc, map->stack_depth);
    for (int r = -(int)code->argument_slots; r < (int)code->register_count; r++)
        if (code_map_is_reference(code, map, r))
            put(text, " r%d", r);
    if (map->exception_count != 0)
        put(text, " except");
    for (unsigned i = 0; i < map->exception_count; i++) print_exception(text, &code_map_exceptions(code, map)[i]);
    put(text, "\n");
}

void code_format_handler(Bytes *text, const CodeHandler *handler)
{
    put(text, "handler %u %u to %u r%d type %u\n", handler->start, handler->end, handler->handler, handler->target,
        handler->catch_type);
}

static void format_code(Bytes *text, const Code *code)
{
    put(text, "code method %u arguments %u registers %u locals %u stack %u constants %u sites %u flags %u\n", code->method,
        code->argument_slots, code->register_count, code->local_count, code->stack_count, code->constants_root, code->site_count,
        code->flags);
    for (uint32_t i = 0; i < code->literal_count; i++)
        put(text, "literal %u 0x%llx\n", i, (unsigned long long)code_literals(code)[i]);
    print_words(text, code);
    for (uint32_t i = 0; i < code->map_count; i++) code_format_map(text, code, &code_maps(code)[i]);
    for (uint32_t i = 0; i < code->handler_count; i++) code_format_handler(text, &code_handlers(code)[i]);
}

void code_print(FILE *file, const Code *code)
{
    Bytes text = {0};

    format_code(&text, code);
    fwrite(text.data, 1, text.size, file);
    bytes_free(&text);
}
