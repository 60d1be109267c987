/* bytecode.c - the two bytecode sets, V3 with closures and SistaV1, decoded into one form. */
#include "smalltalk/smalltalk_internal.h"

#define EXTENSIONS_LIMIT 4 /* in a row */
#define EXTENSION_MASK 0xffff

typedef struct Decoder {
    const uint8_t *bytes;
    size_t size, at;
} Decoder;

static uint8_t next(Decoder *decoder)
{
    return decoder->at < decoder->size ? decoder->bytes[decoder->at++] : 0;
}

static Bytecode simple(enum BytecodeKind kind, int a, int b)
{
    return (Bytecode){.kind = (uint8_t)kind, .a = a, .b = b};
}

static Bytecode immediate(Value value)
{
    return (Bytecode){.kind = BYTE_PUSH_IMMEDIATE, .value = value};
}

static Bytecode special_send(int number, bool sista)
{
    if (number == 22)
        return simple(BYTE_IDENTICAL, 0, 0);
    if (number == 23)
        return simple(BYTE_CLASS, 0, 0);
    if (number == 24 && sista)
        return simple(BYTE_NOT_IDENTICAL, 0, 0);
    return simple(BYTE_SEND_SPECIAL, number, 0);
}

/* ---- V3 with closures ---- */

static Bytecode v3_extended(Decoder *decoder, const uint8_t kinds[4])
{
    uint8_t byte = next(decoder);
    return simple((enum BytecodeKind)kinds[byte >> 6], byte & 63, 0);
}

static Bytecode v3_double_extended(Decoder *decoder)
{
    uint8_t first = next(decoder), index = next(decoder);
    switch (first >> 5) {
    case 0: return simple(BYTE_SEND, index, first & 31);
    case 1: return simple(BYTE_SEND_SUPER, index, first & 31);
    case 2: return simple(BYTE_PUSH_RECEIVER_VARIABLE, index, 0);
    case 3: return simple(BYTE_PUSH_LITERAL, index, 0);
    case 4: return simple(BYTE_PUSH_VARIABLE, index, 0);
    case 5: return simple(BYTE_STORE_RECEIVER_VARIABLE, index, 0);
    case 6: return simple(BYTE_POP_RECEIVER_VARIABLE, index, 0);
    default: return simple(BYTE_STORE_VARIABLE, index, 0);
    }
}

static Bytecode v3_remote(Decoder *decoder, enum BytecodeKind kind)
{
    int index = next(decoder);
    return simple(kind, index, next(decoder));
}

static Bytecode v3_closure(Decoder *decoder)
{
    uint8_t counts = next(decoder), high = next(decoder), low = next(decoder);
    Bytecode code = simple(BYTE_CLOSURE, counts >> 4, counts & 15);
    code.c = high << 8 | low;
    return code;
}

static Bytecode v3_special_form(Decoder *decoder, uint8_t byte)
{
    static const uint8_t push[4] = {BYTE_PUSH_RECEIVER_VARIABLE, BYTE_PUSH_TEMP, BYTE_PUSH_LITERAL, BYTE_PUSH_VARIABLE};
    static const uint8_t store[4] = {BYTE_STORE_RECEIVER_VARIABLE, BYTE_STORE_TEMP, BYTE_BAD, BYTE_STORE_VARIABLE};
    static const uint8_t pop[4] = {BYTE_POP_RECEIVER_VARIABLE, BYTE_POP_TEMP, BYTE_BAD, BYTE_POP_VARIABLE};

    switch (byte) {
    case 128: return v3_extended(decoder, push);
    case 129: return v3_extended(decoder, store);
    case 130: return v3_extended(decoder, pop);
    case 131: byte = next(decoder); return simple(BYTE_SEND, byte & 31, byte >> 5);
    case 132: return v3_double_extended(decoder);
    case 133: byte = next(decoder); return simple(BYTE_SEND_SUPER, byte & 31, byte >> 5);
    case 134: byte = next(decoder); return simple(BYTE_SEND, byte & 63, byte >> 6);
    case 135: return simple(BYTE_POP, 0, 0);
    case 136: return simple(BYTE_DUP, 0, 0);
    case 137: return simple(BYTE_PUSH_CONTEXT, 0, 0);
    case 138: byte = next(decoder); return simple(byte & 128 ? BYTE_NEW_ARRAY_FILLED : BYTE_NEW_ARRAY, byte & 127, 0);
    case 139: byte = next(decoder); return simple(BYTE_PRIMITIVE, byte | next(decoder) << 8, 0);
    case 140: return v3_remote(decoder, BYTE_PUSH_REMOTE);
    case 141: return v3_remote(decoder, BYTE_STORE_REMOTE);
    case 142: return v3_remote(decoder, BYTE_POP_REMOTE);
    case 143: return v3_closure(decoder);
    default: return simple(BYTE_BAD, byte, 0);
    }
}

static Bytecode v3_constant(uint8_t byte)
{
    switch (byte & 7) {
    case 0: return simple(BYTE_PUSH_RECEIVER, 0, 0);
    case 1: return simple(BYTE_PUSH_SPECIAL, TAGGED_TRUE, 0);
    case 2: return simple(BYTE_PUSH_SPECIAL, TAGGED_FALSE, 0);
    case 3: return simple(BYTE_PUSH_SPECIAL, TAGGED_NIL, 0);
    default: return immediate(value_from_integer((byte & 7) - 5));
    }
}

static Bytecode v3_return(uint8_t byte)
{
    switch (byte & 7) {
    case 0: return simple(BYTE_RETURN_RECEIVER, 0, 0);
    case 1: return simple(BYTE_RETURN_SPECIAL, TAGGED_TRUE, 0);
    case 2: return simple(BYTE_RETURN_SPECIAL, TAGGED_FALSE, 0);
    case 3: return simple(BYTE_RETURN_SPECIAL, TAGGED_NIL, 0);
    case 4: return simple(BYTE_RETURN_TOP, 0, 0);
    case 5: return simple(BYTE_RETURN_BLOCK, 0, 0);
    default: return simple(BYTE_BAD, byte, 0);
    }
}

static Bytecode v3_decode(Decoder *decoder)
{
    uint8_t byte = next(decoder);

    if (byte < 16) return simple(BYTE_PUSH_RECEIVER_VARIABLE, byte, 0);
    if (byte < 32) return simple(BYTE_PUSH_TEMP, byte & 15, 0);
    if (byte < 64) return simple(BYTE_PUSH_LITERAL, byte & 31, 0);
    if (byte < 96) return simple(BYTE_PUSH_VARIABLE, byte & 31, 0);
    if (byte < 104) return simple(BYTE_POP_RECEIVER_VARIABLE, byte & 7, 0);
    if (byte < 112) return simple(BYTE_POP_TEMP, byte & 7, 0);
    if (byte < 120) return v3_constant(byte);
    if (byte < 128) return v3_return(byte);
    if (byte < 144) return v3_special_form(decoder, byte);
    if (byte < 152) return simple(BYTE_JUMP, (byte & 7) + 1, 0);
    if (byte < 160) return simple(BYTE_JUMP_FALSE, (byte & 7) + 1, 0);
    if (byte < 168) return simple(BYTE_JUMP, ((byte & 7) - 4) * 256 + next(decoder), 0);
    if (byte < 172) return simple(BYTE_JUMP_TRUE, (byte & 3) * 256 + next(decoder), 0);
    if (byte < 176) return simple(BYTE_JUMP_FALSE, (byte & 3) * 256 + next(decoder), 0);
    if (byte < 208) return special_send(byte - 176, false);
    return simple(BYTE_SEND, byte & 15, (byte - 208) >> 4);
}

/* ---- SistaV1 ---- */

static Bytecode sista_push(uint8_t byte)
{
    switch (byte) {
    case 76: return simple(BYTE_PUSH_RECEIVER, 0, 0);
    case 77: return simple(BYTE_PUSH_SPECIAL, TAGGED_TRUE, 0);
    case 78: return simple(BYTE_PUSH_SPECIAL, TAGGED_FALSE, 0);
    case 79: return simple(BYTE_PUSH_SPECIAL, TAGGED_NIL, 0);
    case 80: return immediate(value_from_integer(0));
    default: return immediate(value_from_integer(1));
    }
}

static Bytecode sista_return(uint8_t byte, int extension_a)
{
    switch (byte) {
    case 88: return simple(BYTE_RETURN_RECEIVER, 0, 0);
    case 89: return simple(BYTE_RETURN_SPECIAL, TAGGED_TRUE, 0);
    case 90: return simple(BYTE_RETURN_SPECIAL, TAGGED_FALSE, 0);
    case 91: return simple(BYTE_RETURN_SPECIAL, TAGGED_NIL, 0);
    case 92: return simple(BYTE_RETURN_TOP, 0, 0);
    case 93: return extension_a == 0 ? simple(BYTE_RETURN_BLOCK_NIL, 0, 0) : simple(BYTE_BAD, byte, 0);
    default: return extension_a == 0 ? simple(BYTE_RETURN_BLOCK, 0, 0) : simple(BYTE_BAD, byte, 0);
    }
}

static Bytecode sista_one(uint8_t byte)
{
    if (byte < 16) return simple(BYTE_PUSH_RECEIVER_VARIABLE, byte, 0);
    if (byte < 32) return simple(BYTE_PUSH_VARIABLE, byte & 15, 0);
    if (byte < 64) return simple(BYTE_PUSH_LITERAL, byte & 31, 0);
    if (byte < 76) return simple(BYTE_PUSH_TEMP, byte - 64, 0);
    if (byte < 82) return sista_push(byte);
    if (byte == 83) return simple(BYTE_DUP, 0, 0);
    if (byte == 95) return simple(BYTE_NOTHING, 0, 0);
    if (byte >= 96 && byte < 128) return special_send(byte - 96, true);
    if (byte >= 128 && byte < 176) return simple(BYTE_SEND, byte & 15, (byte - 128) >> 4);
    if (byte >= 176 && byte < 184) return simple(BYTE_JUMP, (byte & 7) + 1, 0);
    if (byte >= 184 && byte < 192) return simple(BYTE_JUMP_TRUE, (byte & 7) + 1, 0);
    if (byte >= 192 && byte < 200) return simple(BYTE_JUMP_FALSE, (byte & 7) + 1, 0);
    if (byte >= 200 && byte < 208) return simple(BYTE_POP_RECEIVER_VARIABLE, byte & 7, 0);
    if (byte >= 208 && byte < 216) return simple(BYTE_POP_TEMP, byte & 7, 0);
    if (byte == 216) return simple(BYTE_POP, 0, 0);
    return simple(BYTE_BAD, byte, 0);
}

static Bytecode sista_closure(Decoder *decoder, int a, int b)
{
    uint8_t counts = next(decoder), size = next(decoder);
    Bytecode code = simple(BYTE_CLOSURE, (counts >> 3 & 7) + (a / 16) * 8, (counts & 7) + (a % 16) * 8);
    code.c = size + b * 256;
    return code.c >= 0 ? code : simple(BYTE_BAD, 250, 0);
}

static Bytecode sista_full_closure(Decoder *decoder, int a)
{
    int literal = next(decoder) + a * 256, flags = next(decoder);
    Bytecode code = simple(BYTE_FULL_CLOSURE, literal, flags & 63);
    code.c = flags >> 6 & 3;
    return code;
}

static Bytecode sista_three(Decoder *decoder, uint8_t byte, int a, int b)
{
    int first;
    switch (byte) {
    case 248: first = next(decoder); return simple(BYTE_PRIMITIVE, first | (next(decoder) & 31) << 8, 0);
    case 249: return sista_full_closure(decoder, a);
    case 250: return sista_closure(decoder, a, b);
    case 251: return v3_remote(decoder, BYTE_PUSH_REMOTE);
    case 252: return v3_remote(decoder, BYTE_STORE_REMOTE);
    case 253: return v3_remote(decoder, BYTE_POP_REMOTE);
    default: return simple(BYTE_BAD, byte, 0);
    }
}

static Bytecode sista_send(uint8_t operand, enum BytecodeKind kind, int a, int b)
{
    if (kind == BYTE_SEND_SUPER && b >= 64) {
        kind = BYTE_SEND_DIRECTED;
        b -= 64;
    }
    return simple(kind, (operand >> 3) + a * 32, (operand & 7) + b * 8);
}

static Bytecode sista_two(Decoder *decoder, uint8_t byte, int a, int b)
{
    uint8_t operand = next(decoder);
    switch (byte) {
    case 226: return simple(BYTE_PUSH_RECEIVER_VARIABLE, operand + a * 256, 0);
    case 227: return simple(BYTE_PUSH_VARIABLE, operand + a * 256, 0);
    case 228: return simple(BYTE_PUSH_LITERAL, operand + a * 256, 0);
    case 229: return simple(BYTE_PUSH_TEMP, operand, 0);
    case 231: return simple(operand & 128 ? BYTE_NEW_ARRAY_FILLED : BYTE_NEW_ARRAY, operand & 127, 0);
    case 232: return immediate(value_from_integer(operand + b * 256));
    case 233: return immediate(value_from_character((uint32_t)(operand + b * 256)));
    case 234: return sista_send(operand, BYTE_SEND, a, b);
    case 235: return sista_send(operand, BYTE_SEND_SUPER, a, b);
    case 237: return simple(BYTE_JUMP, operand + b * 256, 0);
    case 238: return simple(BYTE_JUMP_TRUE, operand + b * 256, 0);
    case 239: return simple(BYTE_JUMP_FALSE, operand + b * 256, 0);
    case 240: return simple(BYTE_POP_RECEIVER_VARIABLE, operand + a * 256, 0);
    case 241: return simple(BYTE_POP_VARIABLE, operand + a * 256, 0);
    case 242: return simple(BYTE_POP_TEMP, operand, 0);
    case 243: return simple(BYTE_STORE_RECEIVER_VARIABLE, operand + a * 256, 0);
    case 244: return simple(BYTE_STORE_VARIABLE, operand + a * 256, 0);
    case 245: return simple(BYTE_STORE_TEMP, operand, 0);
    default: return simple(BYTE_BAD, byte, 0);
    }
}

static Bytecode sista_decode(Decoder *decoder)
{
    int a = 0, b = 0;
    uint8_t byte = next(decoder);

    for (int seen = 0, signs = 0; byte == 224 || byte == 225; byte = next(decoder)) {
        uint8_t operand = next(decoder);
        if (seen++ == EXTENSIONS_LIMIT)
            return simple(BYTE_BAD, byte, 0);
        if (byte == 224)
            a = (a * 256 + operand) & EXTENSION_MASK;
        else
            b = signs++ == 0 && operand > 127 ? operand - 256 : b * 256 + operand;
        b = b < -EXTENSION_MASK ? -EXTENSION_MASK : b > EXTENSION_MASK ? EXTENSION_MASK : b;
    }
    if (byte == 82)
        return simple(b == 0 ? BYTE_PUSH_CONTEXT : b == 1 ? BYTE_PUSH_PROCESS : BYTE_BAD, byte, 0);
    if (byte >= 88 && byte <= 94)
        return sista_return(byte, a);
    if (byte < 224)
        return sista_one(byte);
    return byte < 248 ? sista_two(decoder, byte, a, b) : sista_three(decoder, byte, a, b);
}

Bytecode bytecode_decode(const uint8_t *bytes, size_t size, size_t offset, bool sista)
{
    Decoder decoder = {bytes, size, offset};
    Bytecode code = sista ? sista_decode(&decoder) : v3_decode(&decoder);

    code.length = (uint8_t)(decoder.at - offset);
    return code;
}

unsigned method_primitive(Value method)
{
    Value header = method_header(method);
    unsigned start = method_start(method);
    const uint8_t *bytes = method_bytes(method) + start;

    if (!header_has_primitive(header) || start + 3 > object_byte_size(method))
        return 0;
    return header_is_sista(header) ? bytes[1] | (unsigned)(bytes[2] & 31) << 8 : bytes[1] | (unsigned)bytes[2] << 8;
}
