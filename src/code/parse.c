/* parse.c - reads a Code from text: what print.c writes, and what people write in tests.
 *
 * A person may leave word numbers out, name places (`again:` ... `@again`), give a literal where it is used (`=5`) and
 * put maps where they belong. doc/code.md draws the form. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/table.h"
#include "code/code.h"
#include "code/code_internal.h"

#define TOKEN_LIMIT 64

typedef struct Parser {
    const char *next;  /* in the text */
    char token[TOKEN_LIMIT]; /* "" at the end of the line */
    unsigned line;
    bool has_shape;
    uint32_t literal_count; /* of those that lines give */
    CodeBuilder *builder;
    StringTable labels; /* name -> label */
    Bytes bits;
    Code shape; /* last, since a Code has no fixed size */
} Parser;

#define PARSE_ERROR(parser, ...) parse_error(parser, __VA_ARGS__)

__attribute__((format(printf, 2, 3))) static Result parse_error(const Parser *parser, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(ERROR_FORMAT, "code text, line %u: %s", parser->line, text);
}

/* ---- tokens ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static Result take_token(Parser *parser)
{
    size_t length = 0;

    while (is_blank(*parser->next)) parser->next++;
    while (*parser->next != 0 && !is_blank(*parser->next) && *parser->next != '\n' && *parser->next != ';') {
        if (length + 1 >= TOKEN_LIMIT)
            return PARSE_ERROR(parser, "a word of more than %d characters", TOKEN_LIMIT - 1);
        parser->token[length++] = *parser->next++;
    }
    parser->token[length] = 0;
    return OK;
}

static bool at_line_end(const Parser *parser)
{
    return parser->token[0] == 0;
}

static void skip_line(Parser *parser)
{
    while (*parser->next != 0 && *parser->next != '\n') parser->next++;
    if (*parser->next == '\n')
        parser->next++;
}

static bool token_is(const Parser *parser, const char *text)
{
    return strcmp(parser->token, text) == 0;
}

static Result expect(Parser *parser, const char *text)
{
    if (!token_is(parser, text))
        return PARSE_ERROR(parser, "\"%s\" where %s is expected", parser->token, text);
    return take_token(parser);
}

/* Any 64-bit number, signed or not; decimal or 0x... */
static bool read_number(const char *text, uint64_t *number)
{
    bool negative = *text == '-';
    int base = 10;
    uint64_t value = 0;

    text += negative;
    if (text[0] == '0' && text[1] == 'x') {
        base = 16;
        text += 2;
    }
    if (*text == 0)
        return false;
    for (; *text != 0; text++) {
        int digit = isdigit((unsigned char)*text) ? *text - '0' : isxdigit((unsigned char)*text) ? (*text | 32) - 'a' + 10 : 99;
        if (digit >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value))
            return false;
    }
    if (negative && value > (uint64_t)INT64_MAX + 1)
        return false;
    *number = negative ? -value : value;
    return true;
}

/* The number in the token behind `prefix` (0: none), within bounds; goes on to the next token. */
static Result take_number(Parser *parser, char prefix, int64_t low, int64_t high, int64_t *number)
{
    uint64_t bits = 0;
    const char *text = parser->token;

    if (prefix != 0 && *text++ != prefix)
        return PARSE_ERROR(parser, "\"%s\" where %c and a number are expected", parser->token, prefix);
    if (!read_number(text, &bits))
        return PARSE_ERROR(parser, "\"%s\" is no number", parser->token);
    *number = (int64_t)bits;
    if (*number < low || *number > high)
        return PARSE_ERROR(parser, "\"%s\" is not between %lld and %lld", parser->token, (long long)low, (long long)high);
    return take_token(parser);
}

static Result take_value(Parser *parser, uint64_t *value)
{
    if (!read_number(parser->token, value))
        return PARSE_ERROR(parser, "\"%s\" is no number", parser->token);
    return take_token(parser);
}

/* ---- places ---- */

static Result named_label(Parser *parser, const char *name, CodeLabel *label)
{
    uint64_t number = 0;
    Result result = OK;

    if (!isalpha((unsigned char)name[0]))
        return PARSE_ERROR(parser, "\"%s\" is no place", name);
    if (!string_table_get_text(&parser->labels, name, &number)) {
        number = code_label_new(parser->builder);
        result = string_table_set_text(&parser->labels, name, number);
    }
    *label = (CodeLabel)number;
    return result;
}

static Result label_of(Parser *parser, const char *text, CodeLabel *label)
{
    uint64_t word = 0;

    if (!read_number(text, &word))
        return named_label(parser, text, label);
    if (word >= UINT32_MAX)
        return PARSE_ERROR(parser, "no word %s", text);
    *label = code_label_at(parser->builder, (uint32_t)word);
    return OK;
}

/* @place */
static Result take_target(Parser *parser, CodeLabel *label)
{
    Result result = OK;

    if (parser->token[0] != '@')
        return PARSE_ERROR(parser, "\"%s\" where @place is expected", parser->token);
    TRY(label_of(parser, parser->token + 1, label));
    TRY(take_token(parser));
done:
    return result;
}

/* ---- lines ---- */

static Result parse_shape(Parser *parser)
{
    Result result = OK;
    int64_t method = 0, arguments = 0, registers = 0, locals = 0, stack = 0, constants = 0, sites = 0, flags = 0;
    const struct { const char *name; int64_t *value, limit; } fields[] = {
        {"method", &method, UINT32_MAX},  {"arguments", &arguments, UINT16_MAX}, {"registers", &registers, UINT16_MAX},
        {"locals", &locals, UINT16_MAX},  {"stack", &stack, UINT16_MAX},         {"constants", &constants, UINT32_MAX},
        {"sites", &sites, UINT16_MAX},    {"flags", &flags, UINT16_MAX},
    };

    if (parser->has_shape)
        return PARSE_ERROR(parser, "a second line \"code\"");
    while (!at_line_end(parser)) {
        size_t i = 0;
        while (i < sizeof fields / sizeof fields[0] && !token_is(parser, fields[i].name)) i++;
        if (i == sizeof fields / sizeof fields[0])
            return PARSE_ERROR(parser, "a code has no \"%s\"", parser->token);
        TRY(take_token(parser));
        TRY(take_number(parser, 0, 0, fields[i].limit, fields[i].value));
    }
    parser->shape = (Code){.method = (uint32_t)method, .argument_slots = (uint16_t)arguments, .flags = (uint16_t)flags,
                           .register_count = (uint16_t)registers, .local_count = (uint16_t)locals,
                           .stack_count = (uint16_t)stack, .constants_root = (uint32_t)constants};
    for (int64_t i = 0; i < sites; i++) code_site(parser->builder);
    TRY(bytes_resize(&parser->bits, map_bits_bytes(&parser->shape) + 1));
    parser->has_shape = true;
done:
    return result;
}

static Result parse_literal(Parser *parser)
{
    Result result = OK;
    uint64_t first = 0, value = 0;

    TRY(take_value(parser, &first));
    if (at_line_end(parser))
        value = first;
    else if (first != parser->literal_count)
        return PARSE_ERROR(parser, "literal %llu stands where %u is expected", (unsigned long long)first, parser->literal_count);
    else
        TRY(take_value(parser, &value));
    code_literal_reserve(parser->builder, value);
    parser->literal_count++;
done:
    return result;
}

static void set_bit(Parser *parser, int r)
{
    unsigned bit = (unsigned)(r + parser->shape.argument_slots);
    parser->bits.data[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* l0=r3, s1=dead, l2=l5 (literal), s0=#7, l1=o4 */
static Result take_exception(Parser *parser, CodeMapException *exception)
{
    Result result = OK;
    char *equals = strchr(parser->token, '='), *value = equals + 1;
    uint64_t slot = 0, number = 0;

    if (equals == NULL || (parser->token[0] != 'l' && parser->token[0] != 's'))
        return PARSE_ERROR(parser, "\"%s\" where SLOT=PLACE is expected", parser->token);
    *equals = 0;
    if (!read_number(parser->token + 1, &slot) || slot > 0x7fff)
        return PARSE_ERROR(parser, "\"%s\" is no slot", parser->token);
    exception->slot = (uint16_t)(slot | (parser->token[0] == 's' ? 0x8000u : 0));
    if (strcmp(value, "dead") == 0)
        exception->kind = MAP_DEAD;
    else if (!read_number(value + (*value != 0), &number) || (int64_t)number < INT16_MIN || (int64_t)number > UINT16_MAX)
        return PARSE_ERROR(parser, "\"%s\" is no place of a slot", value);
    else if (*value == 'r')
        exception->kind = MAP_REGISTER;
    else if (*value == 'l')
        exception->kind = MAP_LITERAL;
    else if (*value == '#')
        exception->kind = MAP_CONSTANT;
    else if (*value == 'o')
        exception->kind = MAP_OBJECT;
    else
        return PARSE_ERROR(parser, "\"%s\" is no place of a slot", value);
    exception->value = (int16_t)number;
    TRY(take_token(parser));
done:
    return result;
}

/* map before|after [WORD] pc N depth N refs r-1 r4 ... [except l0=r5 s1=dead ...] */
static Result parse_map(Parser *parser)
{
    Result result = OK;
    CodeMapException exceptions[256];
    unsigned count = 0;
    int64_t word = code_word_count(parser->builder), pc = 0, depth = 0, r = 0;
    bool before = token_is(parser, "before");

    if (!before && !token_is(parser, "after"))
        return PARSE_ERROR(parser, "a map is before or after, not \"%s\"", parser->token);
    TRY(take_token(parser));
    if (!token_is(parser, "pc"))
        TRY(take_number(parser, 0, 0, UINT32_MAX - 1, &word));
    TRY(expect(parser, "pc"));
    TRY(take_number(parser, 0, 0, UINT32_MAX, &pc));
    TRY(expect(parser, "depth"));
    TRY(take_number(parser, 0, 0, UINT16_MAX, &depth));
    TRY(expect(parser, "refs"));
    memset(parser->bits.data, 0, parser->bits.size);
    while (parser->token[0] == 'r') {
        TRY(take_number(parser, 'r', -(int64_t)parser->shape.argument_slots, (int64_t)parser->shape.register_count - 1, &r));
        set_bit(parser, (int)r);
    }
    if (!at_line_end(parser))
        TRY(expect(parser, "except"));
    memset(exceptions, 0, sizeof exceptions);
    while (!at_line_end(parser)) {
        if (count == 255)
            return PARSE_ERROR(parser, "more than 255 exceptions");
        TRY(take_exception(parser, &exceptions[count++]));
    }
    code_map_at(parser->builder, (uint32_t)word, before, (uint32_t)pc, (unsigned)depth, parser->bits.data, parser->bits.size,
                exceptions, count);
done:
    return result;
}

/* handler FROM END to PLACE rN type N */
static Result parse_handler(Parser *parser)
{
    Result result = OK;
    CodeLabel start = 0, end = 0, handler = 0;
    int64_t target = 0, type = 0;

    TRY(label_of(parser, parser->token, &start));
    TRY(take_token(parser));
    TRY(label_of(parser, parser->token, &end));
    TRY(take_token(parser));
    TRY(expect(parser, "to"));
    TRY(label_of(parser, parser->token, &handler));
    TRY(take_token(parser));
    TRY(take_number(parser, 'r', INT16_MIN, INT16_MAX, &target));
    TRY(expect(parser, "type"));
    TRY(take_number(parser, 0, 0, UINT16_MAX, &type));
    code_handler(parser->builder, start, end, handler, (int)target, (unsigned)type);
done:
    return result;
}

/* ---- instructions ---- */

/* KEY:@place */
static Result take_case(Parser *parser, int32_t *key, CodeLabel *label)
{
    char *colon = strchr(parser->token, ':');
    uint64_t number = 0;

    if (colon == NULL || colon[1] != '@')
        return PARSE_ERROR(parser, "\"%s\" where KEY:@place is expected", parser->token);
    *colon = 0;
    if (!read_number(parser->token, &number) || (int64_t)number != (int32_t)number)
        return PARSE_ERROR(parser, "\"%s\" is no key", parser->token);
    *key = (int32_t)number;
    Result result = label_of(parser, colon + 2, label);
    return result == OK ? take_token(parser) : result;
}

/* rN else @place KEY:@place ... */
static Result parse_switch_cases(Parser *parser, uint32_t operation, int a)
{
    Result result = OK;
    enum { LIMIT = 1024 };
    int32_t keys[LIMIT];
    CodeLabel labels[LIMIT + 1];
    uint32_t count = 0;

    TRY(expect(parser, "else"));
    TRY(take_target(parser, &labels[0]));
    while (!at_line_end(parser)) {
        if (count == LIMIT)
            return PARSE_ERROR(parser, "more than %d cases", LIMIT);
        TRY(take_case(parser, &keys[count], &labels[count + 1]));
        if (operation == OP_TABLE_SWITCH && keys[count] != keys[0] + (int32_t)count)
            return PARSE_ERROR(parser, "the keys are not in a row");
        count++;
    }
    if (operation == OP_TABLE_SWITCH)
        code_emit_table_switch(parser->builder, a, count == 0 ? 0 : keys[0], count, labels);
    else
        code_emit_lookup_switch(parser->builder, a, count, keys, labels);
done:
    return result;
}

static Result take_literal(Parser *parser, int64_t *number)
{
    uint64_t value = 0;

    if (parser->token[0] != '=')
        return take_number(parser, 'l', 0, UINT16_MAX, number);
    if (!read_number(parser->token + 1, &value))
        return PARSE_ERROR(parser, "\"%s\" is no literal", parser->token);
    *number = code_literal(parser->builder, value);
    return take_token(parser);
}

static Result take_operand(Parser *parser, uint8_t kind, int64_t *value, CodeLabel *label)
{
    switch (kind) {
    case OPERAND_OUT: case OPERAND_IN: case OPERAND_INOUT: case OPERAND_WINDOW:
        return take_number(parser, 'r', INT16_MIN, INT16_MAX, value);
    case OPERAND_IMM:
        return take_number(parser, '#', INT16_MIN, INT16_MAX, value);
    case OPERAND_COUNT_:
        return take_number(parser, '#', 0, UINT16_MAX, value);
    case OPERAND_IMM32:
        return take_number(parser, '#', INT32_MIN, INT32_MAX, value);
    case OPERAND_LIT:
        return take_literal(parser, value);
    case OPERAND_OBJ:
        return take_number(parser, 'o', 0, UINT16_MAX, value);
    case OPERAND_SITE:
        return take_number(parser, 's', 0, UINT16_MAX, value);
    case OPERAND_OFF: case OPERAND_OFF32:
        return take_target(parser, label);
    default:
        return OK;
    }
}

/* The builder takes branches in their forward form. */
static uint32_t forward_form(uint32_t operation)
{
    return strncmp(operation_infos[operation].name, "LOOP", 4) == 0 ? operation - 1 : operation;
}

static Result parse_instruction(Parser *parser, uint32_t operation)
{
    Result result = OK;
    const OperationInfo *info = &operation_infos[operation];
    int64_t values[3] = {0};
    CodeLabel label = 0;

    for (int which = 0; which < 3; which++) {
        if (which == 1 && operation_is_switch(operation) && token_is(parser, "else"))
            return parse_switch_cases(parser, operation, (int)values[0]);
        TRY(take_operand(parser, info->operands[which], &values[which], &label));
    }
    if (operation_is_near_branch(operation) || operation_is_wide_branch(operation))
        code_emit_branch(parser->builder, forward_form(operation), (int)values[0], (int)values[1], label);
    else if (info->operands[1] == OPERAND_IMM32)
        code_emit_imm32(parser->builder, operation, (int)values[0], (int32_t)values[1]);
    else
        code_emit(parser->builder, operation, (int)values[0], (int)values[1], (int)values[2]);
done:
    return result;
}

static Result parse_data(Parser *parser)
{
    uint64_t value = 0;
    Result result = take_value(parser, &value);
    if (result == OK)
        code_emit_data(parser->builder, value);
    return result;
}

static Result parse_label(Parser *parser)
{
    Result result = OK;
    CodeLabel label = 0;

    parser->token[strlen(parser->token) - 1] = 0;
    TRY(named_label(parser, parser->token, &label));
    code_label_here(parser->builder, label);
    TRY(take_token(parser));
done:
    return result;
}

/* [WORD] NAME operands, [WORD] data VALUE, or NAME: */
static Result parse_word(Parser *parser)
{
    Result result = OK;
    int64_t word = 0;
    size_t length = strlen(parser->token);

    if (isdigit((unsigned char)parser->token[0])) {
        TRY(take_number(parser, 0, 0, UINT32_MAX, &word));
        if (word != code_word_count(parser->builder))
            return PARSE_ERROR(parser, "word %lld stands where %u is expected", (long long)word, code_word_count(parser->builder));
        length = strlen(parser->token);
    }
    if (token_is(parser, "data")) {
        TRY(take_token(parser));
        return parse_data(parser);
    }
    if (length > 1 && parser->token[length - 1] == ':')
        return parse_label(parser);
    uint32_t operation = operation_by_name(parser->token, length);
    if (operation == OPERATION_COUNT)
        return PARSE_ERROR(parser, "no operation \"%s\"", parser->token);
    TRY(take_token(parser));
    TRY(parse_instruction(parser, operation));
done:
    return result;
}

static Result parse_line(Parser *parser)
{
    static const struct { const char *name; Result (*parse)(Parser *); } kinds[] = {
        {"code", parse_shape}, {"literal", parse_literal}, {"map", parse_map}, {"handler", parse_handler},
    };
    Result result = OK;
    Result (*parse)(Parser *) = parse_word;

    TRY(take_token(parser));
    if (at_line_end(parser))
        return OK;
    if (!parser->has_shape && !token_is(parser, "code"))
        return PARSE_ERROR(parser, "the first line is not \"code\"");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (token_is(parser, kinds[i].name))
            parse = kinds[i].parse;
    if (parse != parse_word)
        TRY(take_token(parser));
    TRY(parse(parser));
    if (!at_line_end(parser))
        return PARSE_ERROR(parser, "\"%s\" is too much", parser->token);
done:
    return result;
}

Result code_parse(const char *text, Code **code)
{
    Result result = OK;
    Parser parser = {.next = text};

    *code = NULL;
    TRY(code_builder_open(&parser.builder));
    while (*parser.next != 0) {
        parser.line++;
        TRY(parse_line(&parser));
        skip_line(&parser);
    }
    if (!parser.has_shape) {
        result = error_set(ERROR_FORMAT, "code text: no line \"code\"");
        goto done;
    }
    TRY(code_builder_finish(parser.builder, &parser.shape, code));
done:
    code_builder_close(parser.builder);
    string_table_free(&parser.labels);
    bytes_free(&parser.bits);
    return result;
}
