/* print.c - a Code as text that parse.c reads back (the form is drawn in doc/code.md).
 *
 * It is made for dumps of codes that may be wrong, so nothing is taken for granted but the block's own offsets. */
#include "code/code.h"
#include "code/code_internal.h"

static void print_operand(FILE *file, const Code *code, uint32_t word, int which)
{
    uint64_t bits = code->words[word];
    int value = operand_value(bits, which);
    unsigned number = operand_unsigned(bits, which);

    switch (operation_infos[word_operation(bits)].operands[which]) {
    case OPERAND_NONE: case OPERAND_HIGH:
        break;
    case OPERAND_OUT: case OPERAND_IN: case OPERAND_INOUT: case OPERAND_WINDOW:
        fprintf(file, " r%d", value);
        break;
    case OPERAND_IMM:
        fprintf(file, " #%d", value);
        break;
    case OPERAND_COUNT_:
        fprintf(file, " #%u", number);
        break;
    case OPERAND_IMM32:
        fprintf(file, " #%d", WORD_IMM32(bits));
        break;
    case OPERAND_LIT:
        fprintf(file, " l%u", number);
        break;
    case OPERAND_OBJ:
        fprintf(file, " o%u", number);
        break;
    case OPERAND_SITE:
        fprintf(file, " s%u", number);
        break;
    case OPERAND_OFF:
        fprintf(file, " @%lld", (long long)word + value);
        break;
    case OPERAND_OFF32:
        fprintf(file, " @%lld", (long long)word + WORD_IMM32(bits));
        break;
    }
}

static void print_switch(FILE *file, const Code *code, uint32_t word)
{
    uint32_t operation = word_operation(code->words[word]), at = WORD_UB(code->words[word]);
    const uint64_t *literal = code_literals(code) + at;

    if (at + 2ull > code->literal_count || switch_literals(operation, switch_count(operation, literal)) > code->literal_count - at)
        return;
    fprintf(file, " ; else @%lld", (long long)(word + (int64_t)literal[1]));
    for (uint32_t i = 0; i < switch_count(operation, literal); i++) {
        int64_t key = operation == OP_TABLE_SWITCH ? (int64_t)(int32_t)literal[0] + i : (int64_t)literal[2 + 2 * i];
        fprintf(file, " %lld:@%lld", (long long)key, (long long)(word + switch_offset(operation, literal, i)));
    }
}

/* The values of the literals that it names. */
static void print_literal_notes(FILE *file, const Code *code, uint32_t word)
{
    uint64_t bits = code->words[word];

    for (int which = 0; which < 3; which++) {
        unsigned number = operand_unsigned(bits, which);
        if (operation_infos[word_operation(bits)].operands[which] == OPERAND_LIT && number < code->literal_count)
            fprintf(file, " ; 0x%llx", (unsigned long long)code_literals(code)[number]);
    }
}

void code_print_word(FILE *file, const Code *code, uint32_t word)
{
    uint32_t operation = word_operation(code->words[word]);

    if (code->flags & CODE_LINKED || operation >= OPERATION_COUNT) {
        fprintf(file, "%4u data 0x%016llx\n", word, (unsigned long long)code->words[word]);
        return;
    }
    fprintf(file, "%4u %s", word, operation_infos[operation].name);
    for (int which = 0; which < 3; which++) print_operand(file, code, word, which);
    if (operation_is_switch(operation))
        print_switch(file, code, word);
    else
        print_literal_notes(file, code, word);
    fputc('\n', file);
}

static void print_words(FILE *file, const Code *code)
{
    for (uint32_t word = 0; word < code->word_count; word++) {
        uint32_t operation = word_operation(code->words[word]);
        code_print_word(file, code, word);
        if (!(code->flags & CODE_LINKED) && operation < OPERATION_COUNT && operation_length(operation) == 2 &&
            ++word < code->word_count)
            fprintf(file, "%4u data 0x%016llx\n", word, (unsigned long long)code->words[word]);
    }
}

static void print_exception(FILE *file, const CodeMapException *exception)
{
    fprintf(file, " %c%u=", exception->slot & 0x8000 ? 's' : 'l', exception->slot & 0x7fffu);
    switch (exception->kind) {
    case MAP_DEAD:
        fprintf(file, "dead");
        break;
    case MAP_REGISTER:
        fprintf(file, "r%d", exception->value);
        break;
    case MAP_LITERAL:
        fprintf(file, "l%u", (unsigned)(uint16_t)exception->value);
        break;
    case MAP_CONSTANT:
        fprintf(file, "#%d", exception->value);
        break;
    case MAP_OBJECT:
        fprintf(file, "o%u", (unsigned)(uint16_t)exception->value);
        break;
    default:
        fprintf(file, "?%u", exception->kind);
        break;
    }
}

static void print_map(FILE *file, const Code *code, const CodeMap *map)
{
    fprintf(file, "map %s %u pc %u depth %u refs", map->before ? "before" : "after", map->word, map->guest_pc, map->stack_depth);
    for (int r = -(int)code->argument_slots; r < (int)code->register_count; r++)
        if (code_map_is_reference(code, map, r))
            fprintf(file, " r%d", r);
    if (map->exception_count != 0)
        fprintf(file, " except");
    for (unsigned i = 0; i < map->exception_count; i++) print_exception(file, &code_map_exceptions(code, map)[i]);
    fputc('\n', file);
}

void code_print(FILE *file, const Code *code)
{
    fprintf(file, "code method %u arguments %u registers %u locals %u stack %u constants %u sites %u flags %u\n", code->method,
            code->argument_slots, code->register_count, code->local_count, code->stack_count, code->constants_root,
            code->site_count, code->flags);
    for (uint32_t i = 0; i < code->literal_count; i++)
        fprintf(file, "literal %u 0x%llx\n", i, (unsigned long long)code_literals(code)[i]);
    print_words(file, code);
    for (uint32_t i = 0; i < code->map_count; i++) print_map(file, code, &code_maps(code)[i]);
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const CodeHandler *handler = &code_handlers(code)[i];
        fprintf(file, "handler %u %u to %u r%d type %u\n", handler->start, handler->end, handler->handler, handler->target,
                handler->catch_type);
    }
}
