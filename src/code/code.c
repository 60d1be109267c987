/* code.c - the table of operations, and looking up maps. */
#include "code/code.h"

#include <string.h>

#include "base/crc32.h"
#include "code/code_internal.h"

/* The words that instructions.def uses in its columns. */
#define OPERAND_COUNT OPERAND_COUNT_
enum {
    PURE = EFFECT_PURE,
    THROWS = EFFECT_THROWS,
    COLLECTS = EFFECT_COLLECTS,
    CALLS = EFFECT_CALLS,
    BRANCH = EFFECT_BRANCH,
    END = EFFECT_END,
    DATA = EFFECT_DATA
};

#define INSTRUCTION(name, a, b, c, effects, text) {#name, {OPERAND_##a, OPERAND_##b, OPERAND_##c}, effects, text},
const OperationInfo operation_infos[OPERATION_COUNT] = {
#include "code/instructions.def"
};
#undef INSTRUCTION

_Static_assert(OP_LOOP == OP_GOTO + 1 && OP_LOOP_EQ == OP_IF_EQ + 1, "the backward form follows the forward form");
_Static_assert(OPERATION_COUNT < 65536, "an operation is 16 bits");
_Static_assert(sizeof(CodeMap) == 16 && sizeof(CodeMapException) == 6 && sizeof(CodeHandler) == 16,
               "maps and handlers are an image format");

uint32_t operation_by_name(const char *name, size_t length)
{
    for (uint32_t i = 0; i < OPERATION_COUNT; i++)
        if (strlen(operation_infos[i].name) == length && memcmp(operation_infos[i].name, name, length) == 0)
            return i;
    return OPERATION_COUNT;
}

/* Over what code words mean to a reader: numbers, names, operand kinds and effects; not the texts. */
uint32_t code_version(void)
{
    uint32_t crc = 0;
    for (uint32_t i = 0; i < OPERATION_COUNT; i++) {
        const OperationInfo *info = &operation_infos[i];
        crc = crc32_update(crc, info->name, strlen(info->name) + 1);
        crc = crc32_update(crc, info->operands, sizeof info->operands);
        crc = crc32_update(crc, &info->effects, 1);
    }
    return crc;
}

static void move_maps(Code *code, uint32_t distance)
{
    code->maps += distance;
    code->handlers += distance;
    code->map_data += distance;
}

void code_copy(Code *to, const Code *from)
{
    memcpy(to, from, from->size_bytes);
    if (from->apart_bytes == 0)
        return;
    memcpy((uint8_t *)to + from->size_bytes, code_maps(from), from->apart_bytes);
    move_maps(to, from->size_bytes - from->maps);
    to->size_bytes = code_all_bytes(from);
    to->apart_bytes = 0;
}

void code_copy_apart(Code *to, void *apart, const Code *from)
{
    memcpy(to, from, from->maps);
    memcpy(apart, code_maps(from), CODE_APART_BYTES(from));
    to->size_bytes = from->maps;
    to->apart_bytes = CODE_APART_BYTES(from);
    move_maps(to, (uint32_t)((uint8_t *)apart - (uint8_t *)to) - from->maps);
}

/* Maps are in the order of (word, before). */
const CodeMap *code_find_map(const Code *code, uint32_t word, bool before)
{
    const CodeMap *maps = code_maps(code);
    uint64_t key = (uint64_t)word << 1 | before;
    uint32_t low = 0, high = code->map_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t found = (uint64_t)maps[middle].word << 1 | maps[middle].before;
        if (found == key)
            return &maps[middle];
        if (found < key)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const uint8_t *map_bits(const Code *code, const CodeMap *map)
{
    return (const uint8_t *)code + code->map_data + map->data;
}

bool code_map_is_reference(const Code *code, const CodeMap *map, int r)
{
    unsigned bit = (unsigned)(r + code->argument_slots);
    return map_bits(code, map)[bit / 8] >> bit % 8 & 1;
}

const CodeMapException *code_map_exceptions(const Code *code, const CodeMap *map)
{
    return (const CodeMapException *)(const void *)(map_bits(code, map) + map_exceptions_offset(code));
}

uint32_t code_guest_pc(const Code *code, uint32_t word)
{
    const CodeMap *map = code_find_map(code, word, true);
    return map == NULL ? 0 : map->guest_pc;
}
