/* primitive_text.c - loops of the class library that programs spend their time in: over strings, over arrays, over the
 * words of large integers, over what is summed.
 *
 * These methods have bytecode, and it says what they do. A call of one tries the primitive first (ATTEMPT), which declines
 * whatever is not the usual: null, bounds, another coding. Then the bytecode runs, and raises what there is to raise. So a
 * primitive neither allocates nor raises. */
#include <string.h>

#include "base/crc32.h"
#include "java/primitive_internal.h"
#include "java/strings.h"

#define BYTES(array) ((uint8_t *)object_at(array, ARRAY_BASE_OFFSET))
#define CHARS(array) ((uint16_t *)object_at(array, ARRAY_BASE_OFFSET))
#define INTS(array) ((uint32_t *)object_at(array, ARRAY_BASE_OFFSET))

/* Are [from, from + count) elements of an array of that length? */
static bool is_within(int64_t length, int64_t from, int64_t count)
{
    return from >= 0 && count >= 0 && from <= length - count;
}

/* The same of an array, not null, with `unit` elements of it to each that is meant. */
static bool has(Value array, int32_t from, int32_t count, int unit)
{
    return array != 0 && is_within(array_length(array) / unit, from, count);
}

/* ---- String ---- */

typedef struct Text {
    const uint8_t *bytes;
    int32_t size;
    int coder; /* 0 Latin-1, 1 UTF-16; also: how far a number of characters is shifted */
} Text;

/* False: null, or made without a constructor. */
static bool text_of_string(Value string, Text *text)
{
    Value array = string == 0 ? 0 : heap_load(string, java_offset(STRING_VALUE));
    if (array == 0)
        return false;
    *text = (Text){BYTES(array), (int32_t)array_length(array), *(const int8_t *)object_at(string, java_offset(STRING_CODER))};
    return true;
}

PRIMITIVE(string_length)
{
    Text text;
    if (!text_of_string(arguments[0], &text))
        return OUTCOME_DECLINED;
    *result = from_int(text.size >> text.coder);
    return OUTCOME_DONE;
}

PRIMITIVE(string_char_at)
{
    Text text;
    uint32_t index = (uint32_t)as_int(arguments[1]);
    if (!text_of_string(arguments[0], &text) || index >= (uint32_t)text.size >> text.coder)
        return OUTCOME_DECLINED;
    *result = from_int(text.coder == 0 ? text.bytes[index] : ((const uint16_t *)(const void *)text.bytes)[index]);
    return OUTCOME_DONE;
}

PRIMITIVE(string_equals)
{
    if (arguments[0] == arguments[1]) {
        *result = from_int(1);
        return OUTCOME_DONE;
    }
    if (arguments[1] == 0 || object_class_index(arguments[1]) != object_class_index(arguments[0])) {
        *result = from_int(0); /* String is final */
        return OUTCOME_DONE;
    }
    Text one, other;
    if (!text_of_string(arguments[0], &one) || !text_of_string(arguments[1], &other))
        return OUTCOME_DECLINED;
    *result = from_int(one.size == other.size && one.coder == other.coder && memcmp(one.bytes, other.bytes, (size_t)one.size) == 0);
    return OUTCOME_DONE;
}

PRIMITIVE(string_starts_with)
{
    Text text, prefix;
    if (!text_of_string(arguments[0], &text) || !text_of_string(arguments[1], &prefix) || text.coder != prefix.coder)
        return OUTCOME_DECLINED;
    int64_t from = (int64_t)as_int(arguments[2]) * (1 << text.coder);
    *result = from_int(is_within(text.size, from, prefix.size) && memcmp(text.bytes + from, prefix.bytes, (size_t)prefix.size) == 0);
    return OUTCOME_DONE;
}

/* ---- bytes of strings in Latin-1 and in UTF-16 ---- */

PRIMITIVE(bytes_equal)
{
    if (arguments[0] == 0 || arguments[1] == 0)
        return OUTCOME_DECLINED;
    size_t size = (size_t)array_length(arguments[0]);
    *result = from_int(size == (size_t)array_length(arguments[1]) && memcmp(BYTES(arguments[0]), BYTES(arguments[1]), size) == 0);
    return OUTCOME_DONE;
}

/* hashCode and compareTo, over characters of a width. */
#define CHARACTERS(name, Type)                                                                          \
    PRIMITIVE(name##_hash)                                                                              \
    {                                                                                                   \
        uint32_t hash = 0;                                                                              \
        if (arguments[0] == 0)                                                                          \
            return OUTCOME_DECLINED;                                                                    \
        const Type *at = (const Type *)object_at(arguments[0], ARRAY_BASE_OFFSET);                      \
        const Type *end = at + (size_t)array_length(arguments[0]) / sizeof(Type);                       \
        while (at < end) hash = hash * 31 + *at++;                                                      \
        *result = from_int((int32_t)hash);                                                              \
        return OUTCOME_DONE;                                                                            \
    }                                                                                                   \
    PRIMITIVE(name##_compare)                                                                           \
    {                                                                                                   \
        if (arguments[0] == 0 || arguments[1] == 0)                                                     \
            return OUTCOME_DECLINED;                                                                    \
        const Type *one = (const Type *)object_at(arguments[0], ARRAY_BASE_OFFSET);                     \
        const Type *other = (const Type *)object_at(arguments[1], ARRAY_BASE_OFFSET);                   \
        int32_t count = (int32_t)((size_t)array_length(arguments[0]) / sizeof(Type)), i = 0;            \
        int32_t other_count = (int32_t)((size_t)array_length(arguments[1]) / sizeof(Type));             \
        while (i < count && i < other_count && one[i] == other[i]) i++;                                 \
        *result = from_int(i < count && i < other_count ? one[i] - other[i] : count - other_count);     \
        return OUTCOME_DONE;                                                                            \
    }
CHARACTERS(latin1, uint8_t)
CHARACTERS(utf16, uint16_t)

/* (bytes, character, from, end) */
PRIMITIVE(latin1_index_of_char)
{
    int32_t from = as_int(arguments[2]), end = as_int(arguments[3]);
    if (!has(arguments[0], from, end - from, 1))
        return OUTCOME_DECLINED;
    const uint8_t *bytes = BYTES(arguments[0]), *found = memchr(bytes + from, (uint8_t)arguments[1], (size_t)(end - from));
    *result = from_int(found != NULL ? (int32_t)(found - bytes) : -1);
    return OUTCOME_DONE;
}

/* (bytes, their count, searched bytes, their count, from) */
PRIMITIVE(latin1_index_of)
{
    int32_t count = as_int(arguments[1]), wanted_count = as_int(arguments[3]), from = as_int(arguments[4]);
    if (wanted_count <= 0 || from < 0 || !has(arguments[0], 0, count, 1) || !has(arguments[2], 0, wanted_count, 1))
        return OUTCOME_DECLINED;
    const uint8_t *bytes = BYTES(arguments[0]), *wanted = BYTES(arguments[2]);
    *result = from_int(-1);
    while (from <= count - wanted_count) {
        const uint8_t *found = memchr(bytes + from, wanted[0], (size_t)(count - wanted_count - from) + 1);
        if (found == NULL)
            break;
        if (memcmp(found, wanted, (size_t)wanted_count) == 0) {
            *result = from_int((int32_t)(found - bytes));
            break;
        }
        from = (int32_t)(found - bytes) + 1;
    }
    return OUTCOME_DONE;
}

/* (bytes, from, characters, from, count); the second: UTF-16 in bytes instead of characters */
static Outcome inflate(const Value *arguments, int unit)
{
    int32_t count = as_int(arguments[4]);
    if (!has(arguments[0], as_int(arguments[1]), count, 1) || !has(arguments[2], as_int(arguments[3]), count, unit))
        return OUTCOME_DECLINED;
    const uint8_t *from = BYTES(arguments[0]) + as_int(arguments[1]);
    uint16_t *to = CHARS(arguments[2]) + as_int(arguments[3]);
    for (int32_t i = 0; i < count; i++) to[i] = from[i];
    return OUTCOME_DONE;
}

PRIMITIVE(inflate_to_chars)
{
    return inflate(arguments, 1);
}

PRIMITIVE(inflate_to_bytes)
{
    return inflate(arguments, 2);
}

/* (characters, from, bytes, from, count): copies up to the first character above the limit; how many that were. */
static Outcome narrow(const Value *arguments, int unit, unsigned limit, Value *result)
{
    int32_t count = as_int(arguments[4]), done = 0;
    if (!has(arguments[0], as_int(arguments[1]), count, unit) || !has(arguments[2], as_int(arguments[3]), count, 1))
        return OUTCOME_DECLINED;
    const uint16_t *from = CHARS(arguments[0]) + as_int(arguments[1]);
    uint8_t *to = BYTES(arguments[2]) + as_int(arguments[3]);
    for (; done < count && from[done] <= limit; done++) to[done] = (uint8_t)from[done];
    *result = from_int(done);
    return OUTCOME_DONE;
}

/* All of them or 0. */
static Outcome compress(const Value *arguments, int unit, Value *result)
{
    Outcome outcome = narrow(arguments, unit, 0xff, result);
    if (outcome == OUTCOME_DONE && as_int(*result) != as_int(arguments[4]))
        *result = from_int(0);
    return outcome;
}

PRIMITIVE(compress_chars)
{
    return compress(arguments, 1, result);
}

PRIMITIVE(compress_bytes)
{
    return compress(arguments, 2, result);
}

PRIMITIVE(encode_iso_bytes)
{
    return narrow(arguments, 2, 0xff, result);
}

PRIMITIVE(encode_iso_chars)
{
    return narrow(arguments, 1, 0xff, result);
}

PRIMITIVE(encode_ascii_chars)
{
    return narrow(arguments, 1, 0x7f, result);
}

/* (UTF-16 in bytes, from, end, characters, from) */
PRIMITIVE(utf16_get_chars)
{
    int32_t from = as_int(arguments[1]), count = as_int(arguments[2]) - from;
    if (!has(arguments[0], from, count, 2) || !has(arguments[3], as_int(arguments[4]), count, 1))
        return OUTCOME_DECLINED;
    memmove(CHARS(arguments[3]) + as_int(arguments[4]), CHARS(arguments[0]) + from, 2 * (size_t)count);
    return OUTCOME_DONE;
}

PRIMITIVE(has_negatives)
{
    int32_t from = as_int(arguments[1]), count = as_int(arguments[2]), i = 0;
    uint64_t word;
    if (!has(arguments[0], from, count, 1))
        return OUTCOME_DECLINED;
    const uint8_t *bytes = BYTES(arguments[0]) + from;
    *result = from_int(0);
    for (; i + 8 <= count; i += 8) {
        memcpy(&word, bytes + i, sizeof word);
        if ((word & 0x8080808080808080u) != 0)
            *result = from_int(1);
    }
    for (; i < count; i++)
        if (bytes[i] >= 0x80)
            *result = from_int(1);
    return OUTCOME_DONE;
}

/* ---- arrays ---- */

/* (one, offset, other, offset, length in elements, log2 of an element's bytes); the result counts elements. ~0: there is no
 * difference, and nothing is left to look at. */
PRIMITIVE(vectorized_mismatch)
{
    int32_t length = as_int(arguments[6]);
    unsigned shift = (unsigned)as_int(arguments[7]);
    if (arguments[0] == 0 || arguments[3] == 0 || length < 0 || shift > 3)
        return OUTCOME_DECLINED;
    const uint8_t *one = (const uint8_t *)object_at(arguments[0], arguments[1]);
    const uint8_t *other = (const uint8_t *)object_at(arguments[3], arguments[4]);
    size_t size = (size_t)length << shift, at = 0;
    for (uint64_t a, b; at + 8 <= size; at += 8) {
        memcpy(&a, one + at, sizeof a);
        memcpy(&b, other + at, sizeof b);
        if (a != b)
            break;
    }
    while (at < size && one[at] == other[at]) at++;
    *result = from_int(at < size ? (int32_t)(at >> shift) : ~0);
    return OUTCOME_DONE;
}

/* (array, value) and (array, from, end, value) */
#define FILL(name, Type)                                                                        \
    static Outcome fill_##name(Value array, int64_t from, int64_t end, Value value)             \
    {                                                                                           \
        if (array == 0 || !is_within(array_length(array), from, end - from))                    \
            return OUTCOME_DECLINED;                                                            \
        for (Type *element = (Type *)object_at(array, ARRAY_BASE_OFFSET) + from; from < end; from++) \
            *element++ = (Type)value;                                                           \
        return OUTCOME_DONE;                                                                    \
    }
FILL(bytes, uint8_t)
FILL(chars, uint16_t)
FILL(ints, uint32_t)
FILL(longs, uint64_t)

#define FILLS(name)                                                                             \
    PRIMITIVE(fill_all_##name)                                                                  \
    {                                                                                           \
        return fill_##name(arguments[0], 0, arguments[0] == 0 ? 0 : array_length(arguments[0]), arguments[1]); \
    }                                                                                           \
    PRIMITIVE(fill_some_##name)                                                                 \
    {                                                                                           \
        return fill_##name(arguments[0], as_int(arguments[1]), as_int(arguments[2]), arguments[3]); \
    }
FILLS(bytes)
FILLS(chars)
FILLS(ints)
FILLS(longs)

/* ---- BigInteger: words of 32 bits, the most significant one first ---- */

/* (to, from, offset from to's end, count, factor): to += from * factor; the carry. */
PRIMITIVE(multiply_add)
{
    int32_t offset = as_int(arguments[2]), count = as_int(arguments[3]);
    if (!has(arguments[0], 0, 0, 1) || !has(arguments[1], 0, count, 1) ||
        !is_within(array_length(arguments[0]), array_length(arguments[0]) - offset - (int64_t)count, count) || offset < 0)
        return OUTCOME_DECLINED;
    const uint32_t *from = INTS(arguments[1]);
    uint32_t *to = INTS(arguments[0]) + array_length(arguments[0]) - offset - count;
    uint64_t factor = (uint32_t)arguments[4], carry = 0;
    for (int32_t i = count - 1; i >= 0; i--) {
        carry += from[i] * factor + to[i];
        to[i] = (uint32_t)carry;
        carry >>= 32;
    }
    *result = from_int((int32_t)carry);
    return OUTCOME_DONE;
}

static Outcome multiply(Value one, int32_t one_count, Value other, int32_t other_count, Value product, Value *result)
{
    if (one_count <= 0 || other_count <= 0 || !has(one, 0, one_count, 1) || !has(other, 0, other_count, 1) || product == 0 ||
        product == one || product == other || array_length(product) < (int64_t)one_count + other_count)
        return OUTCOME_DECLINED;
    const uint32_t *x = INTS(one), *y = INTS(other);
    uint32_t *to = INTS(product);
    memset(to, 0, 4 * ((size_t)one_count + (size_t)other_count));
    for (int32_t i = one_count - 1; i >= 0; i--) {
        uint64_t carry = 0;
        for (int32_t j = other_count - 1; j >= 0; j--) {
            carry += (uint64_t)x[i] * y[j] + to[i + j + 1];
            to[i + j + 1] = (uint32_t)carry;
            carry >>= 32;
        }
        to[i] = (uint32_t)carry;
    }
    *result = product;
    return OUTCOME_DONE;
}

/* (one, count, other, count, room for the product or null) */
PRIMITIVE(multiply_to_length)
{
    return multiply(arguments[0], as_int(arguments[1]), arguments[2], as_int(arguments[3]), arguments[4], result);
}

/* (one, count, room for the square or null, its count) */
PRIMITIVE(square_to_length)
{
    if (as_int(arguments[3]) != 2 * (int64_t)as_int(arguments[1]))
        return OUTCOME_DECLINED;
    return multiply(arguments[0], as_int(arguments[1]), arguments[0], as_int(arguments[1]), arguments[2], result);
}

/* ---- checksums ---- */

/* (sum, array, from, end); the class library keeps the sum's complement. */
PRIMITIVE(crc32c_of_array)
{
    int64_t from = as_int(arguments[2]), end = as_int(arguments[3]);
    if (arguments[1] == 0 || !is_within(array_length(arguments[1]), from, end - from))
        return OUTCOME_DECLINED;
    *result = from_int((int32_t)~crc32c_update(~(uint32_t)as_int(arguments[0]), BYTES(arguments[1]) + from, (size_t)(end - from)));
    return OUTCOME_DONE;
}

/* (sum, address, from, end) */
PRIMITIVE(crc32c_of_memory)
{
    int64_t from = as_int(arguments[3]), end = as_int(arguments[4]);
    if (end < from)
        return OUTCOME_DECLINED;
    const uint8_t *bytes = (const uint8_t *)(uintptr_t)arguments[1];
    *result = from_int((int32_t)~crc32c_update(~(uint32_t)as_int(arguments[0]), bytes + from, (size_t)(end - from)));
    return OUTCOME_DONE;
}

/* ---- the table ---- */

#define PREFIX "attempt "
#define ATTEMPT(name) PREFIX name
static const PrimitiveRow rows[] = {
    {ATTEMPT("java/lang/String.length()I"), string_length},
    {ATTEMPT("java/lang/String.charAt(I)C"), string_char_at},
    {ATTEMPT("java/lang/String.equals(Ljava/lang/Object;)Z"), string_equals},
    {ATTEMPT("java/lang/String.startsWith(Ljava/lang/String;I)Z"), string_starts_with},
    {ATTEMPT("java/lang/StringLatin1.equals([B[B)Z"), bytes_equal},
    {ATTEMPT("java/lang/StringLatin1.hashCode([B)I"), latin1_hash},
    {ATTEMPT("java/lang/StringLatin1.compareTo([B[B)I"), latin1_compare},
    {ATTEMPT("java/lang/StringLatin1.indexOfChar([BIII)I"), latin1_index_of_char},
    {ATTEMPT("java/lang/StringLatin1.indexOf([BI[BII)I"), latin1_index_of},
    {ATTEMPT("java/lang/StringLatin1.inflate([BI[CII)V"), inflate_to_chars},
    {ATTEMPT("java/lang/StringLatin1.inflate([BI[BII)V"), inflate_to_bytes},
    {ATTEMPT("java/lang/StringUTF16.equals([B[B)Z"), bytes_equal},
    {ATTEMPT("java/lang/StringUTF16.hashCode([B)I"), utf16_hash},
    {ATTEMPT("java/lang/StringUTF16.compareTo([B[B)I"), utf16_compare},
    {ATTEMPT("java/lang/StringUTF16.compress([CI[BII)I"), compress_chars},
    {ATTEMPT("java/lang/StringUTF16.compress([BI[BII)I"), compress_bytes},
    {ATTEMPT("java/lang/StringUTF16.getChars([BII[CI)V"), utf16_get_chars},
    {ATTEMPT("java/lang/StringCoding.hasNegatives([BII)Z"), has_negatives},
    {ATTEMPT("java/lang/StringCoding.implEncodeISOArray([BI[BII)I"), encode_iso_bytes},
    {ATTEMPT("java/lang/StringCoding.implEncodeAsciiArray([CI[BII)I"), encode_ascii_chars},
    {ATTEMPT("sun/nio/cs/ISO_8859_1$Encoder.implEncodeISOArray([CI[BII)I"), encode_iso_chars},
    {ATTEMPT("jdk/internal/util/ArraysSupport.vectorizedMismatch(Ljava/lang/Object;JLjava/lang/Object;JII)I"), vectorized_mismatch},
    {ATTEMPT("java/util/Arrays.equals([B[B)Z"), bytes_equal},
    {ATTEMPT("java/util/Arrays.fill([BB)V"), fill_all_bytes},
    {ATTEMPT("java/util/Arrays.fill([BIIB)V"), fill_some_bytes},
    {ATTEMPT("java/util/Arrays.fill([ZZ)V"), fill_all_bytes},
    {ATTEMPT("java/util/Arrays.fill([CC)V"), fill_all_chars},
    {ATTEMPT("java/util/Arrays.fill([CIIC)V"), fill_some_chars},
    {ATTEMPT("java/util/Arrays.fill([II)V"), fill_all_ints},
    {ATTEMPT("java/util/Arrays.fill([IIII)V"), fill_some_ints},
    {ATTEMPT("java/util/Arrays.fill([JJ)V"), fill_all_longs},
    {ATTEMPT("java/util/Arrays.fill([JIIJ)V"), fill_some_longs},
    {ATTEMPT("java/math/BigInteger.implMulAdd([I[IIII)I"), multiply_add},
    {ATTEMPT("java/math/BigInteger.implMultiplyToLen([II[II[I)[I"), multiply_to_length},
    {ATTEMPT("java/math/BigInteger.implSquareToLen([II[II)[I"), square_to_length},
    {ATTEMPT("java/util/zip/CRC32C.updateBytes(I[BII)I"), crc32c_of_array},
    {ATTEMPT("java/util/zip/CRC32C.updateDirectByteBuffer(IJII)I"), crc32c_of_memory},
};

void primitive_register_text(void)
{
    run_register_primitives(rows, COUNT_OF(rows));
}

static bool skip(const char **text, const char *start)
{
    size_t length = strlen(start);
    bool same = strncmp(*text, start, length) == 0;
    *text += same ? length : 0;
    return same;
}

uint32_t java_find_attempt(const JavaMethod *method)
{
    const char *class_name = symbol_text(java_method_holder(method)->name);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *text = rows[i].name + strlen(PREFIX);
        if (skip(&text, class_name) && skip(&text, ".") && skip(&text, symbol_text(method->name)) &&
            strcmp(text, symbol_text(method->descriptor)) == 0)
            return run_find_primitive(rows[i].name);
    }
    return 0;
}
