/* code_test.c - register code: building, checking, printing and reading back. */
#include "test.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "code/code.h"
#include "code_blocks.h"

/* ---- helpers ---- */

static Code *parse(const char *text)
{
    Code *code = NULL;
    CHECK_OK(code_parse(text, &code));
    return code;
}

static char *print(const Code *code)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    code_print(file, code);
    fclose(file);
    return text;
}

/* With its maps in another block behind it, a code says the same; and put together again it is the same, byte for byte. */
static void check_apart(const Code *code, const char *text)
{
    size_t hole = 64;
    uint8_t *memory = memory_allocate(code->size_bytes + hole);
    Code *parted = (Code *)(void *)memory, *whole = memory_allocate(code->size_bytes);

    code_copy_apart(parted, memory + code->maps + hole, code);
    CHECK_EQUAL(parted->size_bytes, code->maps);
    CHECK_EQUAL(code_all_bytes(parted), code->size_bytes);
    for (size_t i = 0; i < hole; i++) CHECK_EQUAL(memory[code->maps + i], 0);
    char *parted_text = print(parted);
    CHECK_TEXT(parted_text, text);
    code_copy(whole, parted);
    CHECK_BYTES(whole, code, code->size_bytes);
    free(parted_text);
    memory_free(whole);
    memory_free(memory);
}

/* Printed and read back, a code is the same, byte for byte. */
static void check_round_trip(const Code *code)
{
    char *text = print(code);
    if (CODE_APART_BYTES(code) != 0)
        check_apart(code, text);
    Code *again = parse(text);
    if (again->size_bytes != code->size_bytes || memcmp(again, code, code->size_bytes) != 0)
        fprintf(stderr, "%s\nreads back as\n%s", text, print(again));
    CHECK_EQUAL(again->size_bytes, code->size_bytes);
    CHECK_BYTES(again, code, code->size_bytes);
    memory_free(again);
    free(text);
}

/* A code that is refused, with `words` in the message. */
static void check_refused(const char *text, const char *words)
{
    Code *code = NULL;
    Result result = code_parse(text, &code);
    if (result == OK)
        result = code_verify(code);
    if (result != ERROR_FORMAT || strstr(error_message(), words) == NULL)
        fprintf(stderr, "%s\n%s: expected: %s\n", text, error_message(), words);
    CHECK_EQUAL(result, ERROR_FORMAT);
    CHECK(strstr(error_message(), words) != NULL);
    memory_free(code);
}

static const Code small = {.method = 1, .argument_slots = 2, .register_count = 8, .local_count = 4, .stack_count = 3};

static CodeBuilder *open_builder(void)
{
    CodeBuilder *builder = NULL;
    CHECK_OK(code_builder_open(&builder));
    return builder;
}

static Code *finish(CodeBuilder *builder, const Code *shape)
{
    Code *code = NULL;
    CHECK_OK(code_builder_finish(builder, shape, &code));
    code_builder_close(builder);
    return code;
}

/* ---- the table ---- */

static void test_operations(void)
{
    CHECK_TEXT(operation_infos[OP_ADD_I32].name, "ADD_I32");
    CHECK_EQUAL(operation_infos[OP_ADD_I32].operands[0], OPERAND_OUT);
    CHECK_EQUAL(operation_infos[OP_GET_I32].operands[2], OPERAND_COUNT_);
    CHECK_EQUAL(operation_infos[OP_LOOP].effects, EFFECT_BRANCH | EFFECT_END | EFFECT_COLLECTS);
    CHECK(code_version() != 0);
    for (uint32_t i = 0; i < OPERATION_COUNT; i++) {
        const OperationInfo *info = &operation_infos[i];
        CHECK(info->name[0] != 0 && info->text[0] != 0);
        if (strncmp(info->name, "LOOP_", 5) == 0) /* the builder relies on the pairs */
            CHECK(strncmp(info[-1].name, "IF_", 3) == 0);
        if (strncmp(info->name, "IF_", 3) == 0 && strncmp(info[1].name, "LOOP_", 5) == 0) {
            CHECK_TEXT(info[1].name + 5, info->name + 3);
            CHECK_BYTES(info[1].operands, info->operands, 3);
        }
        if (info->effects & EFFECT_CALLS) CHECK(info->effects & EFFECT_COLLECTS);
        if (info->operands[1] == OPERAND_IMM32 || info->operands[1] == OPERAND_OFF32)
            CHECK_EQUAL(info->operands[2], OPERAND_HIGH);
    }
}

static void test_words(void)
{
    uint64_t word = word_make(OP_ADD_I32, 3, -1, 4);
    CHECK_EQUAL(word & 0xffff, OP_ADD_I32);
    CHECK_EQUAL(WORD_A(word), 3);
    CHECK_EQUAL(WORD_B(word), -1);
    CHECK_EQUAL(WORD_C(word), 4);
    CHECK_EQUAL(WORD_UB(word), 65535);
}

/* ---- building ---- */

static void test_forward_and_backward(void)
{
    CodeBuilder *builder = open_builder();
    CodeLabel top = code_label_new(builder), out = code_label_new(builder);

    code_label_here(builder, top);
    code_map(builder, true, 0, 0, NULL, 0, NULL, 0);
    code_emit_branch(builder, OP_IF_EQ_IMM, -1, 0, out);
    code_emit_branch(builder, OP_IF_LT, -1, -2, top);
    code_emit_branch(builder, OP_GOTO, 0, 0, out);
    code_emit_branch(builder, OP_GOTO, 0, 0, top);
    code_label_here(builder, out);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);

    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->word_count, 5);
    CHECK_EQUAL(code->words[0], word_make(OP_IF_EQ_IMM, -1, 0, 4));
    CHECK_EQUAL(code->words[1], word_make(OP_LOOP_LT, -1, -2, -1));
    CHECK_EQUAL(code->words[2], word_make(OP_GOTO, 0, 2, 0));
    CHECK_EQUAL(code->words[3] & 0xffff, OP_LOOP);
    CHECK_EQUAL(WORD_IMM32(code->words[3]), -3);
    memory_free(code);
}

static void emit_nops(CodeBuilder *builder, int count)
{
    for (int i = 0; i < count; i++) code_emit(builder, OP_NOP, 0, 0, 0);
}

/* A conditional branch over exactly 32767 words fits; one more needs three words. */
static void test_long_forward(int nops, bool wide)
{
    CodeBuilder *builder = open_builder();
    CodeLabel out = code_label_new(builder);

    code_emit_branch(builder, OP_IF_LT, -1, -2, out);
    emit_nops(builder, nops);
    code_label_here(builder, out);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);

    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->word_count, (uint32_t)nops + (wide ? 4 : 2));
    if (wide) {
        CHECK_EQUAL(code->words[0], word_make(OP_IF_LT, -1, -2, 2));
        CHECK_EQUAL(code->words[1], word_make(OP_GOTO, 0, 2, 0));
        CHECK_EQUAL(code->words[2] & 0xffff, OP_GOTO);
        CHECK_EQUAL(WORD_IMM32(code->words[2]), nops + 1);
    } else {
        CHECK_EQUAL(code->words[0], word_make(OP_IF_LT, -1, -2, nops + 1));
    }
    memory_free(code);
}

static void test_long_backward(int nops, bool wide)
{
    CodeBuilder *builder = open_builder();
    CodeLabel top = code_label_new(builder), start = code_label_new(builder), end = code_label_new(builder);

    code_label_here(builder, top);
    code_map(builder, true, 5, 0, NULL, 0, NULL, 0);
    emit_nops(builder, nops);
    code_label_here(builder, start);
    code_emit_branch(builder, OP_IF_LT, -1, -2, top);
    code_label_here(builder, end);
    code_map(builder, true, 9, 0, NULL, 0, NULL, 0);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);
    code_handler(builder, start, end, top, 3, 0);

    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    uint32_t last = (uint32_t)nops + (wide ? 3 : 1);
    CHECK_EQUAL(code->word_count, last + 1);
    CHECK_EQUAL(code_guest_pc(code, last), 9);
    CHECK_EQUAL(code_handlers(code)[0].start, nops);
    CHECK_EQUAL(code_handlers(code)[0].end, last);
    if (wide) {
        CHECK_EQUAL(code->words[nops], word_make(OP_IF_LT, -1, -2, 2));
        CHECK_EQUAL(code->words[nops + 2] & 0xffff, OP_LOOP);
        CHECK_EQUAL(WORD_IMM32(code->words[nops + 2]), -nops - 2);
    } else {
        CHECK_EQUAL(code->words[nops], word_make(OP_LOOP_LT, -1, -2, -nops));
    }
    memory_free(code);
}

/* Two branches of which one fits only as long as the other is short. */
static void test_widening_spreads(void)
{
    CodeBuilder *builder = open_builder();
    CodeLabel near = code_label_new(builder), far = code_label_new(builder);

    code_emit_branch(builder, OP_IF_EQ, -1, -2, near);
    code_emit_branch(builder, OP_IF_EQ, -1, -2, far);
    emit_nops(builder, 32765);
    code_label_here(builder, near);
    emit_nops(builder, 5);
    code_label_here(builder, far);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);

    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->word_count, 32773 + 4);
    CHECK_EQUAL(WORD_IMM32(code->words[2]), 32770 - 2 + 1);
    memory_free(code);
}

/* A branch with a data word that has no form which polls: it goes back by way of a LOOP, and calls return behind the
 * data. */
static void test_branch_with_data(void)
{
    CodeBuilder *builder = open_builder();
    CodeLabel top = code_label_new(builder), out = code_label_new(builder);

    code_label_here(builder, top);
    code_map(builder, true, 1, 0, NULL, 0, NULL, 0);
    code_emit_branch(builder, OP_IF_LT_TAGGED, -1, -2, out);
    code_emit_data(builder, 11);
    code_map(builder, false, 1, 0, NULL, 0, NULL, 0);
    code_map(builder, true, 2, 0, NULL, 0, NULL, 0);
    code_emit_branch(builder, OP_IF_LT_TAGGED, -1, -2, top);
    code_emit_data(builder, 22);
    code_map(builder, false, 2, 0, NULL, 0, NULL, 0);
    code_label_here(builder, out);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);

    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->word_count, 7);
    CHECK_EQUAL(code->words[0], word_make(OP_IF_LT_TAGGED, -1, -2, 6));
    CHECK_EQUAL(code->words[1], 11);
    CHECK_EQUAL(code->words[2], word_make(OP_IF_LT_TAGGED, -1, -2, 3));
    CHECK_EQUAL(code->words[3], 22);
    CHECK_EQUAL(code->words[4], word_make(OP_GOTO, 0, 2, 0));
    CHECK_EQUAL(code->words[5] & 0xffff, OP_LOOP);
    CHECK_EQUAL(WORD_IMM32(code->words[5]), -5);
    CHECK(code_find_map(code, 2, false) != NULL && code_find_map(code, 4, false) != NULL);
    check_round_trip(code);
    memory_free(code);
}

static void test_distances(void)
{
    test_branch_with_data();
    test_long_forward(32766, false);
    test_long_forward(32767, true);
    test_long_backward(32768, false);
    test_long_backward(32769, true);
    test_widening_spreads();
}

static void test_literals(void)
{
    CodeBuilder *builder = open_builder();
    CHECK_EQUAL(code_literal(builder, 5), 0);
    CHECK_EQUAL(code_literal_reserve(builder, 5), 1);
    CHECK_EQUAL(code_literal(builder, 0), 2);
    CHECK_EQUAL(code_literal(builder, 5), 0);
    CHECK_EQUAL(code_literal(builder, 0), 2);
    CHECK_EQUAL(code_site(builder), 0);
    CHECK_EQUAL(code_site(builder), 1);
    code_emit(builder, OP_LOAD_LITERAL, 3, 2, 0);
    code_emit(builder, OP_RETURN, 3, 0, 2);
    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->literal_count, 3);
    CHECK_EQUAL(code->site_count, 2);
    CHECK_EQUAL(code_literals(code)[1], 5);
    memory_free(code);
}

static void test_limits(void)
{
    Code *code = NULL;
    CodeBuilder *builder = open_builder();
    for (uint64_t i = 0; i < 65536; i++) CHECK_EQUAL(code_literal(builder, i), i);
    code_literal(builder, 65536);
    code_emit(builder, OP_RETURN_VOID, 0, 0, 2);
    CHECK_FAILS(code_builder_finish(builder, &small, &code), ERROR_LIMIT);
    CHECK(code == NULL);
    code_builder_close(builder);

    builder = open_builder();
    code_emit(builder, OP_MOVE, 40000, 0, 0);
    CHECK_FAILS(code_builder_finish(builder, &small, &code), ERROR_LIMIT);
    CHECK(strstr(error_message(), "MOVE") != NULL);
    code_builder_close(builder);

    builder = open_builder();
    code_emit_branch(builder, OP_GOTO, 0, 0, code_label_new(builder));
    CHECK_FAILS(code_builder_finish(builder, &small, &code), ERROR_ARGUMENT);
    code_builder_close(builder);

    builder = open_builder();
    code_emit_branch(builder, OP_ADD_I32, 0, 0, 0);
    CHECK_FAILS(code_builder_finish(builder, &small, &code), ERROR_ARGUMENT);
    code_builder_close(builder);
}

static void test_switches(void)
{
    CodeBuilder *builder = open_builder();
    CodeLabel labels[3] = {code_label_new(builder), code_label_new(builder), code_label_new(builder)};
    int32_t keys[2] = {-7, 1000000};

    code_emit(builder, OP_NOP, 0, 0, 0);
    code_emit_table_switch(builder, -1, -3, 2, labels);
    code_emit_lookup_switch(builder, -1, 2, keys, labels);
    for (int i = 0; i < 3; i++) {
        code_label_here(builder, labels[i]);
        code_emit(builder, OP_RETURN_VOID, 0, 0, 2);
    }
    Code *code = finish(builder, &small);
    CHECK_OK(code_verify(code));
    const uint64_t *table = code_literals(code) + WORD_UB(code->words[1]);
    CHECK_EQUAL(table[0], 2ull << 32 | (uint32_t)-3);
    CHECK_EQUAL(table[1], 2);
    CHECK_EQUAL(table[2], 3);
    CHECK_EQUAL(table[3], 4);
    const uint64_t *lookup = code_literals(code) + WORD_UB(code->words[2]);
    const uint64_t expected[6] = {2, 1, (uint64_t)-7, 2, 1000000, 3};
    CHECK_BYTES(lookup, expected, sizeof expected);
    check_round_trip(code);
    code_literals(code)[WORD_UB(code->words[2]) + 4] = (uint64_t)-7;
    CHECK_FAILS(code_verify(code), ERROR_FORMAT);
    memory_free(code);
}

/* ---- maps ---- */

static void test_maps(void)
{
    Code *code = parse("code method 1 arguments 2 registers 12 locals 3 stack 4\n"
                       "literal 5\n"
                       "map before pc 10 depth 1 refs r-2 r3 r11\n"
                       "CALL r5 l0\n"
                       "map after pc 10 depth 2 refs r-1 except l0=dead s1=r11 l2=l0 s0=#-3\n"
                       "map before pc 13 depth 0 refs\n"
                       "THROW r5\n");
    CHECK_OK(code_verify(code));
    CHECK(code_find_map(code, 0, false) == NULL);
    CHECK(code_find_map(code, 2, false) == NULL);
    const CodeMap *before = code_find_map(code, 0, true), *after = code_find_map(code, 1, false);
    CHECK(before != NULL && after != NULL && code_find_map(code, 1, true) != NULL);
    CHECK_EQUAL(after->guest_pc, 10);
    CHECK_EQUAL(code_guest_pc(code, 1), 13);
    CHECK_EQUAL(code_guest_pc(code, 7), 0);
    for (int r = -2; r < 12; r++) {
        CHECK_EQUAL(code_map_is_reference(code, before, r), r == -2 || r == 3 || r == 11);
        CHECK_EQUAL(code_map_is_reference(code, after, r), r == -1);
    }
    CHECK_EQUAL(after->exception_count, 4);
    const CodeMapException *exceptions = code_map_exceptions(code, after);
    CHECK_EQUAL(exceptions[0].kind, MAP_DEAD);
    CHECK_EQUAL(exceptions[1].slot, 0x8001);
    CHECK_EQUAL(exceptions[1].value, 11);
    CHECK_EQUAL(exceptions[2].kind, MAP_LITERAL);
    CHECK_EQUAL(exceptions[3].value, -3);
    CHECK_EQUAL(code_local_home(code, 0), -2);
    CHECK_EQUAL(code_local_home(code, 2), 3);
    CHECK_EQUAL(code_stack_home(code, 0), 4);
    check_round_trip(code);
    memory_free(code);
}

/* Given twice for one place, the last counts; given out of order, they are sorted. */
static void test_maps_sorted(void)
{
    Code *code = parse("code method 1 arguments 0 registers 4 locals 0 stack 1\n"
                       "  map before 1 pc 8 depth 0 refs\n"
                       "  map before 0 pc 4 depth 0 refs\n"
                       "  map before pc 5 depth 1 refs r3\n"
                       "  SAFEPOINT\n"
                       "  SAFEPOINT\n"
                       "  RETURN_VOID #0\n");
    CHECK_OK(code_verify(code));
    CHECK_EQUAL(code->map_count, 2);
    CHECK_EQUAL(code_guest_pc(code, 0), 5);
    CHECK_EQUAL(code_guest_pc(code, 1), 8);
    memory_free(code);
}

/* ---- what verification refuses ---- */

#define SHAPE "code method 1 arguments 1 registers 6 locals 2 stack 2\n"

static void test_refused_words(void)
{
    check_refused(SHAPE "MOVE r3 r6\nRETURN_VOID #1\n", "operand b: no register 6");
    check_refused(SHAPE "MOVE r2 r3\nRETURN_VOID #1\n", "operand a: no register 2");
    check_refused(SHAPE "MOVE r-2 r3\nRETURN_VOID #1\n", "operand a: no register -2");
    check_refused(SHAPE "LOAD_LITERAL r3 l0\nRETURN_VOID #1\n", "no literal 0");
    check_refused(SHAPE "SHL_I32_IMM r3 r3 #32\nRETURN_VOID #1\n", "shifts by 32");
    check_refused(SHAPE "DIV_I32_IMM r3 r3 #-1\nRETURN_VOID #1\n", "divides by -1");
    check_refused(SHAPE "RETURN_VOID #0\n", "drops 0 arguments of 1");
    check_refused(SHAPE "NOP\n", "runs off the end");
    check_refused(SHAPE "MOVE_SEND r3 r3\nRETURN_VOID #1\n", "no SEND follows");
    check_refused(SHAPE, "no words");
    check_refused(SHAPE "data 0xffff\n", "no operation 65535");
    check_refused(SHAPE "data 0x10000\nRETURN_VOID #1\n", "unused operand a is 1");
    check_refused(SHAPE "top: \nMOVE r3 r3\nLOOP @top\n", "jumps back to 0, which has no map");
    check_refused(SHAPE "IF_EQ r3 r3 @2\nRETURN_VOID #1\n", "no instruction starts");
    check_refused("code method 1 arguments 1 registers 4 locals 2 stack 2\nRETURN_VOID #1\n", "do not hold");
}

static void test_refused_maps(void)
{
    check_refused(SHAPE "DIV_I32 r3 r3 r4\nRETURN_VOID #1\n", "has no map before");
    check_refused(SHAPE "literal 1\nmap before pc 0 depth 0 refs\nCALL r5 l0\nRETURN_VOID #1\n", "has no map after");
    check_refused(SHAPE "literal 1\nmap before pc 0 depth 0 refs\nCALL r2 l0\nRETURN_VOID #1\n", "outgoing registers from 2");
    check_refused(SHAPE "map before pc 0 depth 3 refs\nSAFEPOINT\nRETURN_VOID #1\n", "a stack of 3");
    check_refused(SHAPE "map before pc 0 depth 1 refs except s1=dead\nSAFEPOINT\nRETURN_VOID #1\n", "no slot s1");
    check_refused(SHAPE "map before pc 0 depth 1 refs except l0=r7\nSAFEPOINT\nRETURN_VOID #1\n", "no register 7");
    check_refused(SHAPE "map before pc 0 depth 1 refs r1\nSAFEPOINT\nRETURN_VOID #1\n", "header holds no references");
    check_refused(SHAPE "NOP\nRETURN_VOID #1\nhandler 1 1 to 0 r3 type 0\n", "handler 0 covers");
    check_refused(SHAPE "NOP\nRETURN_VOID #1\nhandler 0 1 to 2 r3 type 0\n", "handler 0 leads to");
    check_refused(SHAPE "NOP\nRETURN_VOID #1\nhandler 0 1 to 0 r9 type 0\n", "handler 0: no register");
}

static void test_refused_text(void)
{
    check_refused("", "no line \"code\"");
    check_refused("NOP\n", "first line is not");
    check_refused(SHAPE "FROBNICATE r3\n", "line 2: no operation \"FROBNICATE\"");
    check_refused(SHAPE "MOVE r3\n", "\"\" where r and a number");
    check_refused(SHAPE "MOVE r3 r4 r5\n", "\"r5\" is too much");
    check_refused(SHAPE "MOVE r3 r99999\n", "is not between");
    check_refused(SHAPE "5 NOP\n", "word 5 stands where 0");
    check_refused(SHAPE "LOAD_LITERAL r3 =99999999999999999999\n", "is no literal");
    check_refused(SHAPE "LOAD_I32 r3 #4294967296\n", "is not between");
    check_refused(SHAPE "map middle\n", "before or after");
    check_refused(SHAPE "code method 1\n", "second line");
    check_refused("code colour 1\n", "no \"colour\"");
    check_refused(SHAPE "LOOKUP_SWITCH r3 else @a 5@b\n", "KEY:@place");
    check_refused(SHAPE "TABLE_SWITCH r3 else @a 5:@b 7:@b\n", "in a row");
}

static void test_machine_code(void)
{
    Code *code = parse("code arguments 0 registers 3\nTRANSLATE #0\n"); /* no maps, no way back */
    CHECK_OK(code_verify(code));
    code->flags |= CODE_LINKED;
    CHECK_FAILS(code_verify(code), ERROR_STATE);
    char *text = print(code);
    CHECK(strstr(text, "0 data 0x") != NULL);
    free(text);
    memory_free(code);
}

/* ---- random codes ---- */

static int random_in(uint64_t *state, int low, int high)
{
    return low + (int)(test_random(state) % (uint64_t)(high - low + 1));
}

static int random_register(uint64_t *state, const Code *shape)
{
    return test_random(state) % 3 == 0 ? random_in(state, -shape->argument_slots, -1)
                                       : random_in(state, FRAME_HEADER, shape->register_count - 1);
}

static int random_operand(uint64_t *state, CodeBuilder *builder, const Code *shape, uint8_t kind)
{
    switch (kind) {
    case OPERAND_OUT: case OPERAND_IN: case OPERAND_INOUT: return random_register(state, shape);
    case OPERAND_WINDOW: return random_in(state, FRAME_HEADER, shape->register_count);
    case OPERAND_IMM: return random_in(state, 1, 31);
    case OPERAND_COUNT_: return random_in(state, 0, 65535);
    case OPERAND_LIT: return code_literal(builder, test_random(state) % 8 * 0x123456789abull);
    case OPERAND_OBJ: return random_in(state, 0, 65535);
    case OPERAND_SITE: return code_site(builder);
    default: return 0;
    }
}

static void random_map(uint64_t *state, CodeBuilder *builder, const Code *shape, bool before)
{
    uint8_t bits[8];
    CodeMapException exceptions[3] = {0};
    unsigned count = (unsigned)random_in(state, 0, 3);

    for (int i = 0; i < 8; i++) bits[i] = (uint8_t)test_random(state);
    for (int r = 0; r < FRAME_HEADER; r++) {
        unsigned bit = (unsigned)(r + shape->argument_slots);
        bits[bit / 8] &= (uint8_t) ~(1u << bit % 8);
    }
    for (unsigned bit = (unsigned)shape->argument_slots + shape->register_count; bit < 64; bit++)
        bits[bit / 8] &= (uint8_t) ~(1u << bit % 8);
    for (unsigned i = 0; i < count; i++) {
        exceptions[i].slot = (uint16_t)random_in(state, 0, shape->local_count - 1);
        exceptions[i].kind = (uint8_t)(test_random(state) % 2 ? MAP_REGISTER : MAP_CONSTANT);
        exceptions[i].value = (int16_t)random_register(state, shape);
    }
    code_map(builder, before, (uint32_t)random_in(state, 0, 70000), (unsigned)random_in(state, 0, shape->stack_count), bits,
             sizeof bits, exceptions, count);
}

static void random_instruction(uint64_t *state, CodeBuilder *builder, const Code *shape, const CodeLabel *labels, int label_count)
{
    uint32_t operation = (uint32_t)(test_random(state) % OPERATION_COUNT);
    const OperationInfo *info = &operation_infos[operation];
    CodeLabel cases[5];
    int32_t keys[4];

    for (int i = 0; i < 5; i++) cases[i] = labels[random_in(state, 0, label_count - 1)];
    for (int i = 0; i < 4; i++) keys[i] = (i - 2) * 1000 + random_in(state, 0, 999);
    random_map(state, builder, shape, true);
    if (operation == OP_MOVE_SEND) {
        int to = random_register(state, shape);
        code_emit(builder, operation, to, random_register(state, shape), 0);
        operation = OP_SEND;
        random_map(state, builder, shape, true);
    }
    if (strncmp(info->name, "LOOP", 4) == 0)
        operation--;
    info = &operation_infos[operation];
    if (operation == OP_TABLE_SWITCH)
        code_emit_table_switch(builder, random_register(state, shape), random_in(state, -5, 5), 4, cases);
    else if (operation == OP_LOOKUP_SWITCH)
        code_emit_lookup_switch(builder, random_register(state, shape), 4, keys, cases);
    else if (operation == OP_RETURN || operation == OP_RETURN_VOID)
        code_emit(builder, operation, operation == OP_RETURN ? random_register(state, shape) : 0, 0, shape->argument_slots);
    else if (info->operands[1] == OPERAND_IMM32)
        code_emit_imm32(builder, operation, random_operand(state, builder, shape, info->operands[0]), (int32_t)test_random(state));
    else if (info->operands[1] == OPERAND_OFF32 || info->operands[2] == OPERAND_OFF) {
        int a = random_operand(state, builder, shape, info->operands[0]);
        code_emit_branch(builder, operation, a, random_operand(state, builder, shape, info->operands[1]), cases[0]);
        if (info->effects & EFFECT_DATA)
            code_emit_data(builder, test_random(state));
    }
    else {
        int a = random_operand(state, builder, shape, info->operands[0]);
        int b = random_operand(state, builder, shape, info->operands[1]);
        code_emit(builder, operation, a, b, random_operand(state, builder, shape, info->operands[2]));
        if (info->effects & EFFECT_DATA)
            code_emit_data(builder, test_random(state));
    }
    if (info->effects & EFFECT_CALLS)
        random_map(state, builder, shape, false);
}

static Code *random_code(uint64_t *state, int length, int filler)
{
    enum { LABELS = 6 };
    Code shape = {.method = 7, .argument_slots = (uint16_t)random_in(state, 1, 5), .register_count = 40, .stack_count = 6};
    shape.local_count = (uint16_t)(shape.argument_slots + random_in(state, 0, 20));
    CodeBuilder *builder = open_builder();
    CodeLabel labels[LABELS];

    for (int i = 0; i < LABELS; i++) labels[i] = code_label_new(builder);
    for (int i = 0; i < LABELS; i++) {
        code_label_here(builder, labels[i]);
        for (int j = 0; j < length; j++) random_instruction(state, builder, &shape, labels, LABELS);
        emit_nops(builder, filler);
    }
    code_emit(builder, OP_RETURN_VOID, 0, 0, shape.argument_slots);
    code_handler(builder, labels[0], labels[1], labels[3], 3, 0);
    code_handler(builder, labels[0], labels[4], labels[2], 4, 9);
    return finish(builder, &shape);
}

static void test_random_codes(void)
{
    uint64_t state = 20240601;
    for (int i = 0; i < 300; i++) {
        Code *code = random_code(&state, random_in(&state, 1, 15), 0);
        CHECK_OK(code_verify(code));
        check_round_trip(code);
        memory_free(code);
    }
    for (int i = 0; i < 5; i++) { /* with branches that do not fit */
        Code *code = random_code(&state, 5, random_in(&state, 10000, 20000));
        CHECK_OK(code_verify(code));
        check_round_trip(code);
        memory_free(code);
    }
}

/* A damaged code is refused or still a code: what is accepted prints and reads back. */
static void test_damaged_codes(void)
{
    uint64_t state = 777;
    int accepted = 0;
    for (int i = 0; i < 3000; i++) {
        Code *code = random_code(&state, 2, 0);
        uint32_t size = code->size_bytes;
        for (int n = random_in(&state, 1, 3); n > 0; n--)
            ((uint8_t *)code)[random_in(&state, 8, (int)size - 1)] ^= (uint8_t)(1u << random_in(&state, 0, 7));
        if (code_verify(code) == OK) {
            char *text = print(code);
            Code *again = NULL;
            CHECK_OK(code_parse(text, &again));
            memory_free(again);
            free(text);
            accepted++;
        }
        memory_free(code);
    }
    CHECK(accepted > 100 && accepted < 2900);
}

/* Each memory request fails once: no crash, no leak, and the failure is told. */
static void test_memory_failures(void)
{
    const char *text = SHAPE "literal 1\nmap before pc 0 depth 0 refs r3\nCALL r5 l0\nmap after pc 0 depth 0 refs\n"
                       "LOOKUP_SWITCH r3 else @a 1:@a\na:\nLOAD_LITERAL r3 =5\nRETURN_VOID #1\nhandler 0 1 to a r3 type 0\n";
    Code *code = NULL;
    unsigned long n = 1;
    for (;; n++) {
        CodeBuilder *spare = open_builder(); /* so that the next one begins without room */
        memory_fail_at(n);
        Result result = code_parse(text, &code);
        memory_fail_at(0);
        code_builder_close(spare);
        if (result == OK)
            break;
        CHECK_EQUAL(result, ERROR_MEMORY);
        CHECK(code == NULL);
    }
    CHECK(n > 10);
    memory_free(code);
}

/* ---- files ---- */

static void check_block(const char *path, const char *text)
{
    Code *code = parse(text);
    Result result = code_verify(code);
    if (result != OK)
        fprintf(stderr, "%s: %s\n%s\n", path, error_message(), text);
    CHECK_OK(result);
    check_round_trip(code);
    memory_free(code);
}

static void test_files(void)
{
    int count = each_code_block(check_block);
    CHECK(count == 0 || count > 100); /* 0: run from elsewhere */
}

TEST_MAIN("code", test_operations, test_words, test_forward_and_backward, test_distances, test_literals, test_limits,
          test_switches, test_maps, test_maps_sorted, test_refused_words, test_refused_maps, test_refused_text,
          test_machine_code, test_random_codes, test_damaged_codes, test_memory_failures, test_files)
