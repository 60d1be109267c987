/* translate_decode.c - bytecode instructions: lengths, effects on kinds, operands; and descriptors. */
#include <string.h>

#include "base/bytes.h"
#include "java/translate_internal.h"

#define T BYTECODE_THROWS
#define B (BYTECODE_BRANCH | BYTECODE_THROWS) /* a jump back polls */
#define E BYTECODE_END

const BytecodeInfo bytecode_infos[BC_COUNT] = {
    [BC_NOP] = {1, 0, ">"},
    [BC_ACONST_NULL] = {1, 0, ">A"},
    [BC_ICONST_M1 ... BC_ICONST_5] = {1, 0, ">I"},
    [BC_LCONST_0 ... BC_LCONST_1] = {1, 0, ">J"},
    [BC_FCONST_0 ... BC_FCONST_2] = {1, 0, ">I"},
    [BC_DCONST_0 ... BC_DCONST_1] = {1, 0, ">J"},
    [BC_BIPUSH] = {2, 0, ">I"},
    [BC_SIPUSH] = {3, 0, ">I"},
    [BC_LDC] = {2, T, NULL},
    [BC_LDC_W] = {3, T, NULL},
    [BC_LDC2_W] = {3, T, ">J"},
    [BC_ILOAD ... BC_ALOAD] = {2, 0, NULL},
    [BC_ILOAD_0 ... BC_ALOAD_3] = {1, 0, NULL},
    [46] = {1, T, "AI>I"}, {1, T, "AI>J"}, {1, T, "AI>I"}, {1, T, "AI>J"}, {1, T, "AI>A"}, {1, T, "AI>I"},
    {1, T, "AI>I"}, {1, T, "AI>I"},
    [BC_ISTORE ... BC_ASTORE] = {2, 0, NULL},
    [BC_ISTORE_0 ... BC_ASTORE_3] = {1, 0, NULL},
    [79] = {1, T, "AII>"}, {1, T, "AIJ>"}, {1, T, "AII>"}, {1, T, "AIJ>"}, {1, T, "AIA>"}, {1, T, "AII>"},
    {1, T, "AII>"}, {1, T, "AII>"},
    [BC_POP ... BC_SWAP] = {1, 0, NULL},
    [96] = {1, 0, "II>I"}, {1, 0, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"}, /* add */
    {1, 0, "II>I"}, {1, 0, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"},        /* sub */
    {1, 0, "II>I"}, {1, 0, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"},        /* mul */
    {1, T, "II>I"}, {1, T, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"},        /* div */
    {1, T, "II>I"}, {1, T, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"},        /* rem */
    {1, 0, "I>I"}, {1, 0, "J>J"}, {1, 0, "I>I"}, {1, 0, "J>J"},            /* neg */
    [120] = {1, 0, "II>I"}, {1, 0, "JI>J"}, {1, 0, "II>I"}, {1, 0, "JI>J"}, {1, 0, "II>I"}, {1, 0, "JI>J"}, /* shifts */
    [126] = {1, 0, "II>I"}, {1, 0, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"}, {1, 0, "II>I"}, {1, 0, "JJ>J"}, /* and or xor */
    [BC_IINC] = {3, 0, NULL},
    [BC_I2L] = {1, 0, "I>J"}, {1, 0, "I>I"}, {1, 0, "I>J"}, {1, 0, "J>I"}, {1, 0, "J>I"}, {1, 0, "J>J"},
    [BC_F2I] = {1, 0, "I>I"}, {1, 0, "I>J"}, {1, 0, "I>J"}, {1, 0, "J>I"}, {1, 0, "J>J"}, {1, 0, "J>I"},
    [BC_I2B ... BC_I2S] = {1, 0, "I>I"},
    [BC_LCMP] = {1, 0, "JJ>I"},
    [BC_FCMPL ... BC_FCMPG] = {1, 0, "II>I"},
    [BC_DCMPL ... BC_DCMPG] = {1, 0, "JJ>I"},
    [BC_IFEQ ... BC_IFLE] = {3, B, "I>"},
    [BC_IF_ICMPEQ ... BC_IF_ICMPLE] = {3, B, "II>"},
    [BC_IF_ACMPEQ ... BC_IF_ACMPNE] = {3, B, "AA>"},
    [BC_GOTO] = {3, B | E, ">"},
    [BC_JSR] = {3, B | E, NULL},
    [BC_RET] = {2, T | E, NULL},
    [BC_TABLESWITCH ... BC_LOOKUPSWITCH] = {0, B | E, "I>"},
    [BC_IRETURN] = {1, T | E, "I>"}, {1, T | E, "J>"}, {1, T | E, "I>"}, {1, T | E, "J>"}, {1, T | E, "A>"}, {1, T | E, ">"},
    [BC_GETSTATIC ... BC_INVOKESTATIC] = {3, T, NULL},
    [BC_INVOKEINTERFACE ... BC_INVOKEDYNAMIC] = {5, T, NULL},
    [BC_NEW] = {3, T, ">A"},
    [BC_NEWARRAY] = {2, T, "I>A"},
    [BC_ANEWARRAY] = {3, T, "I>A"},
    [BC_ARRAYLENGTH] = {1, T, "A>I"},
    [BC_ATHROW] = {1, T | E, "A>"},
    [BC_CHECKCAST] = {3, T, "A>A"},
    [BC_INSTANCEOF] = {3, T, "A>I"},
    [BC_MONITORENTER ... BC_MONITOREXIT] = {1, T, "A>"},
    [BC_WIDE] = {0, 0, NULL},
    [BC_MULTIANEWARRAY] = {4, T, NULL},
    [BC_IFNULL ... BC_IFNONNULL] = {3, B, "A>"},
    [BC_GOTO_W] = {5, B | E, ">"},
    [BC_JSR_W] = {5, B | E, NULL},
};

const Rearrangement translate_rearrangements[] = {
    {1, 0, {0}},          {2, 0, {0}},             {1, 2, {0, 0}},       {2, 3, {1, 0, 1}}, {3, 4, {2, 0, 1, 2}},
    {2, 4, {0, 1, 0, 1}}, {3, 5, {1, 2, 0, 1, 2}}, {4, 6, {2, 3, 0, 1, 2, 3}}, {2, 2, {1, 0}},
};

static Result bad(uint32_t pc)
{
    return error_set(ERROR_FORMAT, "bytecode at %u: no whole instruction", pc);
}

/* Both switches: padding, default, then low and high, or a count. */
static Result decode_switch(const uint8_t *code, uint32_t length, Instruction *instruction)
{
    uint32_t at = (instruction->pc + 4) & ~3u;
    uint64_t size;

    if (length < at || length - at < (instruction->operation == BC_TABLESWITCH ? 12 : 8))
        return bad(instruction->pc);
    instruction->target = instruction->pc + read_be32(code + at);
    if (instruction->operation == BC_TABLESWITCH) {
        int32_t low = (int32_t)read_be32(code + at + 4), high = (int32_t)read_be32(code + at + 8);
        if (low > high || (int64_t)high - low >= length)
            return bad(instruction->pc);
        instruction->low = low;
        instruction->count = (uint32_t)(high - low) + 1;
        instruction->operands = at + 12;
        size = 4ull * instruction->count;
    } else {
        instruction->count = read_be32(code + at + 4);
        instruction->operands = at + 8;
        size = 8ull * instruction->count;
    }
    if (size > length - instruction->operands)
        return bad(instruction->pc);
    for (uint32_t i = 1; instruction->operation == BC_LOOKUPSWITCH && i < instruction->count; i++)
        if (translate_switch_key(code, instruction, i) <= translate_switch_key(code, instruction, i - 1))
            return bad(instruction->pc);
    instruction->next = instruction->operands + (uint32_t)size;
    return OK;
}

int32_t translate_switch_key(const uint8_t *code, const Instruction *instruction, uint32_t which)
{
    if (instruction->operation == BC_TABLESWITCH)
        return instruction->low + (int32_t)which;
    return (int32_t)read_be32(code + instruction->operands + 8 * which);
}

uint32_t translate_switch_target(const uint8_t *code, const Instruction *instruction, uint32_t which)
{
    uint32_t at = instruction->operands + (instruction->operation == BC_TABLESWITCH ? 4 * which : 8 * which + 4);
    return instruction->pc + read_be32(code + at);
}

static Result decode_wide(const uint8_t *code, uint32_t length, Instruction *instruction)
{
    uint32_t left = length - instruction->pc;
    const uint8_t *at = code + instruction->pc;

    if (left < 4)
        return bad(instruction->pc);
    instruction->operation = at[1];
    instruction->index = read_be16(at + 2);
    instruction->next = instruction->pc + 4;
    if (at[1] == BC_IINC) {
        if (left < 6)
            return bad(instruction->pc);
        instruction->value = (int16_t)read_be16(at + 4);
        instruction->next += 2;
        return OK;
    }
    if ((at[1] >= BC_ILOAD && at[1] <= BC_ALOAD) || (at[1] >= BC_ISTORE && at[1] <= BC_ASTORE) || at[1] == BC_RET)
        return OK;
    return bad(instruction->pc);
}

static void decode_operands(const uint8_t *at, Instruction *instruction)
{
    uint8_t operation = at[0];

    switch (operation) {
    case BC_BIPUSH:
        instruction->value = (int8_t)at[1];
        break;
    case BC_SIPUSH:
        instruction->value = (int16_t)read_be16(at + 1);
        break;
    case BC_LDC: case BC_ILOAD ... BC_ALOAD: case BC_ISTORE ... BC_ASTORE: case BC_RET:
        instruction->index = at[1];
        break;
    case BC_NEWARRAY:
        instruction->number = at[1];
        break;
    case BC_IINC:
        instruction->index = at[1];
        instruction->value = (int8_t)at[2];
        break;
    case BC_ILOAD_0 ... BC_ALOAD_3:
        instruction->operation = (uint8_t)(BC_ILOAD + (operation - BC_ILOAD_0) / 4);
        instruction->index = (uint16_t)((operation - BC_ILOAD_0) % 4);
        break;
    case BC_ISTORE_0 ... BC_ASTORE_3:
        instruction->operation = (uint8_t)(BC_ISTORE + (operation - BC_ISTORE_0) / 4);
        instruction->index = (uint16_t)((operation - BC_ISTORE_0) % 4);
        break;
    case BC_LDC_W: case BC_LDC2_W: case BC_GETSTATIC ... BC_NEW: case BC_ANEWARRAY: case BC_CHECKCAST: case BC_INSTANCEOF:
    case BC_MULTIANEWARRAY:
        instruction->operation = operation == BC_LDC_W ? BC_LDC : operation;
        instruction->index = read_be16(at + 1);
        instruction->number = operation == BC_MULTIANEWARRAY ? at[3] : 0;
        break;
    case BC_IFEQ ... BC_JSR: case BC_IFNULL ... BC_IFNONNULL:
        instruction->target = instruction->pc + (uint32_t)(int16_t)read_be16(at + 1);
        break;
    case BC_GOTO_W: case BC_JSR_W:
        instruction->operation = operation == BC_GOTO_W ? BC_GOTO : BC_JSR;
        instruction->target = instruction->pc + read_be32(at + 1);
        break;
    }
}

Result translate_decode(const uint8_t *code, uint32_t length, uint32_t pc, Instruction *instruction)
{
    *instruction = (Instruction){.pc = pc};
    if (pc >= length || code[pc] >= BC_COUNT)
        return bad(pc);
    instruction->operation = code[pc];
    switch (code[pc]) {
    case BC_TABLESWITCH: case BC_LOOKUPSWITCH:
        return decode_switch(code, length, instruction);
    case BC_WIDE:
        return decode_wide(code, length, instruction);
    }
    instruction->next = pc + bytecode_infos[code[pc]].length;
    if (instruction->next > length)
        return bad(pc);
    decode_operands(code + pc, instruction);
    return OK;
}

/* ---- descriptors ---- */

/* The index behind the type at `at`; 0 if there is no type. */
static size_t skip_type(TranslateText descriptor, size_t at)
{
    while (at < descriptor.length && descriptor.text[at] == '[')
        at++;
    if (at >= descriptor.length || strchr("BCDFIJLSZV", descriptor.text[at]) == NULL)
        return 0;
    if (descriptor.text[at] != 'L')
        return at + 1;
    const char *end = memchr(descriptor.text + at, ';', descriptor.length - at);
    return end == NULL ? 0 : (size_t)(end - descriptor.text) + 1;
}

char translate_next_parameter(TranslateText descriptor, size_t *at)
{
    size_t start = *at == 0 ? 1 : *at;

    if (start >= descriptor.length)
        return 0;
    if (descriptor.text[start] == ')') {
        *at = start + 1;
        return 0;
    }
    *at = skip_type(descriptor, start);
    if (*at == 0) {
        *at = descriptor.length;
        return 0;
    }
    return descriptor.text[start];
}

char translate_return_type(TranslateText descriptor)
{
    const char *end = descriptor.length == 0 ? NULL : memchr(descriptor.text, ')', descriptor.length);
    size_t at = end == NULL ? descriptor.length : (size_t)(end - descriptor.text) + 1;
    return at < descriptor.length ? descriptor.text[at] : 'V';
}

unsigned translate_parameter_slots(TranslateText descriptor)
{
    unsigned slots = 0;
    size_t at = 0;
    char letter;

    while ((letter = translate_next_parameter(descriptor, &at)) != 0)
        slots += letter == 'J' || letter == 'D' ? 2 : 1;
    return slots;
}

unsigned translate_argument_slots(const TranslateInput *input)
{
    return translate_parameter_slots(input->descriptor) + (input->flags & ACCESS_STATIC ? 0 : 1);
}

bool translate_text_is(TranslateText text, const char *other)
{
    return text.length == strlen(other) && memcmp(text.text, other, text.length) == 0;
}
