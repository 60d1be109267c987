/* java_translate_test.c - bytecode to register code: snippets with the expected text, and all methods of a class library
 * when there is one. Expected instructions were derived by hand from JVMS 6.5 and instructions.def. */
#include "test.h"

#include "class_library.h"
#include "java_translate_classes.h"

#include "java/translate.h"

/* ---- snippets ---- */

/* A pool without a class file: entry i is what rows[i] says. */
typedef struct PoolRow {
    unsigned tag;
    const char *descriptor;
    uint64_t number;
    enum JavaPolymorphic polymorphic;
} PoolRow;

static const PoolRow rows[] = {
    {0, "", 0, 0},
    {CONSTANT_FIELD, "I", 0, 0},                            /* 1 */
    {CONSTANT_FIELD, "Z", 0, 0},                            /* 2 */
    {CONSTANT_FIELD, "Ljava/lang/Object;", 0, 0},           /* 3 */
    {CONSTANT_METHOD, "(IJ)I", 0, 0},                       /* 4 */
    {CONSTANT_METHOD, "()V", 0, 0},                         /* 5 */
    {CONSTANT_CLASS, "", 0, 0},                             /* 6 */
    {CONSTANT_LONG, "", 0x123456789abcull, 0},              /* 7 */
    {CONSTANT_STRING, "", 0, 0},                            /* 8 */
    {CONSTANT_METHOD, "(Ljava/lang/Object;I)J", 0, POLYMORPHIC_INVOKE_EXACT},    /* 9 */
    {CONSTANT_METHOD, "(Ljava/lang/Object;)I", 0, POLYMORPHIC_LINK_TO_STATIC},   /* 10 */
    {CONSTANT_INVOKE_DYNAMIC, "(I)Ljava/lang/Object;", 0, 0},                    /* 11 */
    {CONSTANT_METHOD, "()Ljava/lang/Object;", 0, 0},        /* 12 */
};

static unsigned row_tag(const void *context, unsigned i)
{
    return i < COUNT_OF(rows) ? rows[i].tag : 0;
}
static TranslateText row_descriptor(const void *context, unsigned i)
{
    const char *text = i < COUNT_OF(rows) ? rows[i].descriptor : "";
    return (TranslateText){text, strlen(text)};
}
static enum JavaPolymorphic row_polymorphic(const void *context, unsigned i)
{
    return rows[i].polymorphic;
}
static uint64_t row_number(const void *context, unsigned i)
{
    return rows[i].number;
}
static bool row_volatile(const void *context, unsigned i)
{
    return i == 3;
}

static const TranslatePool row_pool = {NULL, row_tag, row_descriptor, row_descriptor, row_descriptor, row_polymorphic, row_number, class_slot,
                                       class_primitive_array, row_volatile};

static TranslateInput snippet(unsigned flags, const char *descriptor, unsigned max_locals, unsigned max_stack, const void *code,
                              size_t length)
{
    return (TranslateInput){.method = 1, .flags = (uint16_t)flags, .max_locals = (uint16_t)max_locals,
                            .max_stack = (uint16_t)max_stack, .descriptor = {descriptor, strlen(descriptor)}, .code = code,
                            .code_length = (uint32_t)length, .this_index = 6, .pool = row_pool};
}

/* The instructions, one in a line; with maps and handlers when asked for. */
static char *translated(const TranslateInput *input, bool with_maps)
{
    static char text[8192];
    char *printed = NULL;
    size_t size = 0;
    Code *code = NULL;
    FILE *file = open_memstream(&printed, &size);

    text[0] = 0;
    if (translate_body(input, &code) != OK) {
        fclose(file);
        free(printed);
        return strcpy(text, "error");
    }
    CHECK_OK(code_verify(code));
    code_print(file, code);
    fclose(file);
    for (char *line = strtok(printed, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool is_word = line[0] == ' ';
        if (!is_word && (!with_maps || strncmp(line, "code", 4) == 0 || strncmp(line, "literal", 7) == 0))
            continue;
        char *note = is_word ? strstr(line, " ; 0x") : NULL;
        if (note != NULL)
            *note = 0;
        strcat(text, is_word ? line + strspn(line, " 0123456789") : line);
        strcat(text, "\n");
    }
    free(printed);
    memory_free(code);
    return text;
}

#define SNIPPET(flags, descriptor, locals, stack, ...) \
    ({ static const uint8_t code_[] = {__VA_ARGS__}; snippet(flags, descriptor, locals, stack, code_, sizeof code_); })
#define CHECK_CODE(input, text) \
    do { TranslateInput input_ = (input); CHECK_TEXT(translated(&input_, false), text); } while (0)
#define CHECK_MAPS(input, text) \
    do { TranslateInput input_ = (input); CHECK_TEXT(translated(&input_, true), text); } while (0)

static void test_arithmetic(void)
{
    /* iload_0 iload_1 iadd istore_2 iload_2 ireturn: static (II)I, a third local in register 3. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(II)I", 3, 2, 0x1a, 0x1b, 0x60, 0x3d, 0x1c, 0xac),
               "ADD_I32 r3 r-2 r-1\nRETURN r3 #2\n");
    /* iload_0 iconst_5 isub ireturn */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x1a, 0x08, 0x64, 0xac), "ADD_I32_IMM r3 r-1 #-5\nRETURN r3 #1\n");
    /* bipush 8 iload_0 imul ireturn: the constant is on the left, a product commutes. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x10, 8, 0x1a, 0x68, 0xac), "MUL_I32_IMM r3 r-1 #8\nRETURN r3 #1\n");
    /* iload_0 bipush 8 imul ireturn: a shift. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x1a, 0x10, 8, 0x68, 0xac), "SHL_I32_IMM r3 r-1 #3\nRETURN r3 #1\n");
    /* iload_0 iconst_m1 idiv ireturn: no immediate for -1; iload_0 iconst_0 irem raises. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x1a, 0x02, 0x6c, 0xac), "LOAD_I32 r4 #-1\nDIV_I32 r3 r-1 r4\nRETURN r3 #1\n");
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x1a, 0x03, 0x70, 0xac), "LOAD_I32 r4 #0\nREM_I32 r3 r-1 r4\nRETURN r3 #1\n");
    /* lload_0 bipush 70 lshl lreturn: the count's low six bits. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(J)J", 2, 3, 0x1e, 0x10, 70, 0x79, 0xad), "SHL_I64_IMM r3 r-2 #6\nRETURN r3 #2\n");
    /* iload_0 i2l lload_1 ladd l2i ireturn: widening costs nothing. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(IJ)I", 3, 4, 0x1a, 0x85, 0x1f, 0x61, 0x88, 0xac),
               "ADD_I64 r3 r-3 r-2\nTO_I32 r3 r3\nRETURN r3 #3\n");
    /* ldc2_w 7 lreturn */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()J", 0, 2, 0x14, 0, 7, 0xad), "LOAD_LITERAL r3 l0\nRETURN r3 #0\n");
    /* iload_0 i2b i2b ireturn of (I)I: the second changes nothing. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 1, 0x1a, 0x91, 0x91, 0xac), "TO_I8 r3 r-1\nRETURN r3 #1\n");
}

static void test_locals(void)
{
    /* iload_0 iinc 0 1 ireturn: the copy on the stack is saved before the local changes. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 1, 0x1a, 0x84, 0, 1, 0xac), "MOVE r3 r-1\nADD_I32_IMM r-1 r-1 #1\nRETURN r3 #1\n");
    /* iload_0 iload_1 istore_0 istore_1 return: exchange. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(II)V", 2, 2, 0x1a, 0x1b, 0x3b, 0x3c, 0xb1),
               "MOVE r3 r-2\nMOVE r-2 r-1\nMOVE r-1 r3\nRETURN_VOID #2\n");
    /* iload_0 dup istore_1 ireturn: two names of one register. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 2, 2, 0x1a, 0x59, 0x3c, 0xac), "MOVE r3 r-1\nRETURN r-1 #1\n");
    /* wide iinc 0 1000: */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)V", 1, 1, 0xc4, 0x84, 0, 0, 0x03, 0xe8, 0xb1), "ADD_I32_IMM r-1 r-1 #1000\nRETURN_VOID #1\n");
    /* Instance method: this is register -2; aload_0 areturn */
    CHECK_CODE(SNIPPET(0, "(I)Ljava/lang/Object;", 2, 1, 0x2a, 0xb0), "RETURN r-2 #2\n");
}

static void test_stack(void)
{
    /* iload_0 iconst_1 iadd, iload_0 iconst_2 iadd, swap isub ireturn: both at home, exchanged through the scratch register
     * behind the stack. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 3, 0x1a, 0x04, 0x60, 0x1a, 0x05, 0x60, 0x5f, 0x64, 0xac),
               "ADD_I32_IMM r3 r-1 #1\nADD_I32_IMM r4 r-1 #2\nMOVE r6 r4\nMOVE r4 r3\nMOVE r3 r6\nSUB_I32 r3 r3 r4\nRETURN r3 #1\n");
    /* iload_0 iload_1 swap isub ireturn: copies change places for nothing. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(II)I", 2, 2, 0x1a, 0x1b, 0x5f, 0x64, 0xac), "SUB_I32 r3 r-1 r-2\nRETURN r3 #2\n");
    /* aload_0 dup getfield 1 iconst_1 iadd dup_x1 putfield 1 ireturn: ++field */
    CHECK_CODE(SNIPPET(0, "()I", 1, 3, 0x2a, 0x59, 0xb4, 0, 1, 0x04, 0x60, 0x5a, 0xb5, 0, 1, 0xac),
               "RESOLVE_GET r4 r-1 l0\nADD_I32_IMM r4 r4 #1\nMOVE r3 r4\nRESOLVE_PUT r3 r-1 l1\nRETURN r3 #1\n");
    /* aload_0 iload_1 dup2 iaload iconst_1 iadd iastore return: a[i]++ */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "([II)V", 2, 4, 0x2a, 0x1b, 0x5c, 0x2e, 0x04, 0x60, 0x4f, 0xb1),
               "LOAD_ELEMENT_I32 r5 r-2 r-1\nADD_I32_IMM r5 r5 #1\nSTORE_ELEMENT_I32 r5 r-2 r-1\nRETURN_VOID #2\n");
}

static void test_branches(void)
{
    /* lload_0 lload_2 lcmp ifle +5, iconst_1 ireturn, iconst_0 ireturn: a <= b is b >= a. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(JJ)I", 4, 4, 0x1e, 0x20, 0x94, 0x9e, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_GE r-2 r-4 @3\nLOAD_I32 r3 #1\nRETURN r3 #4\nLOAD_I32 r3 #0\nRETURN r3 #4\n");
    /* fload_0 fload_1 fcmpl ifge: true if a >= b and neither is NaN, that is b <= a. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(FF)I", 2, 2, 0x22, 0x23, 0x95, 0x9c, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_LE_F32 r-1 r-2 @3\nLOAD_I32 r3 #1\nRETURN r3 #2\nLOAD_I32 r3 #0\nRETURN r3 #2\n");
    /* ... fcmpg ifge: true if unordered too: not a < b. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(FF)I", 2, 2, 0x22, 0x23, 0x96, 0x9c, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_NLT_F32 r-2 r-1 @3\nLOAD_I32 r3 #1\nRETURN r3 #2\nLOAD_I32 r3 #0\nRETURN r3 #2\n");
    /* dload_0 dload_2 dcmpl iflt: true if unordered: not b <= a. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(DD)I", 4, 4, 0x26, 0x28, 0x97, 0x9b, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_NLE_F64 r-2 r-4 @3\nLOAD_I32 r3 #1\nRETURN r3 #4\nLOAD_I32 r3 #0\nRETURN r3 #4\n");
    /* iconst_5 iload_0 if_icmpgt: 5 > a is a < 5. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x08, 0x1a, 0xa3, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_LT_IMM r-1 #5 @3\nLOAD_I32 r3 #1\nRETURN r3 #1\nLOAD_I32 r3 #0\nRETURN r3 #1\n");
    /* 0: iinc 0 -1, iload_0 ifne 0, return: a loop polls, and its head has a map. */
    CHECK_MAPS(SNIPPET(ACCESS_STATIC, "(ILjava/lang/Object;)V", 2, 1, 0x84, 0, 0xff, 0x1a, 0x9a, 0xff, 0xfc, 0xb1),
               "ADD_I32_IMM r-2 r-2 #-1\nLOOP_NE_IMM r-2 #0 @0\nRETURN_VOID #2\nmap before 0 pc 0 depth 0 refs r-1\n");
    /* 0: iload_0 ifle 10, 4: iinc 0 -1, 7: goto 0, 10: return: the condition is repeated, inverted, at the loop's end. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)V", 1, 1, 0x1a, 0x9e, 0, 9, 0x84, 0, 0xff, 0xa7, 0xff, 0xf9, 0xb1),
               "IF_LE_IMM r-1 #0 @3\nADD_I32_IMM r-1 r-1 #-1\nLOOP_GT_IMM r-1 #0 @1\nRETURN_VOID #1\n");
    /* iload_0 aload_1 arraylength if_icmpge +5, iconst_1 ireturn, iconst_0 ireturn: both in one, with arraylength's map. */
    CHECK_MAPS(SNIPPET(ACCESS_STATIC, "(I[I)I", 2, 2, 0x1a, 0x2b, 0xbe, 0xa2, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_GE_LENGTH r-2 r-1 @3\nLOAD_I32 r3 #1\nRETURN r3 #2\nLOAD_I32 r3 #0\nRETURN r3 #2\n"
               "map before 0 pc 2 depth 2 refs r-1 except s0=r-2 s1=r-1\n");
    /* ... if_icmplt */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I[I)I", 2, 2, 0x1a, 0x2b, 0xbe, 0xa1, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "IF_LT_LENGTH r-2 r-1 @3\nLOAD_I32 r3 #1\nRETURN r3 #2\nLOAD_I32 r3 #0\nRETURN r3 #2\n");
    /* ... if_icmple has the length on the wrong side, and keeps its own instruction. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I[I)I", 2, 2, 0x1a, 0x2b, 0xbe, 0xa4, 0, 5, 0x04, 0xac, 0x03, 0xac),
               "ARRAY_LENGTH r4 r-1\nIF_GE r4 r-2 @4\nLOAD_I32 r3 #1\nRETURN r3 #2\nLOAD_I32 r3 #0\nRETURN r3 #2\n");
    /* 0: iload_0 aload_1 arraylength if_icmpge 12, 6: iinc 0 1, 9: goto 0, 12: return: repeated, inverted. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I[I)V", 2, 2, 0x1a, 0x2b, 0xbe, 0xa2, 0, 9, 0x84, 0, 1, 0xa7, 0xff, 0xf7, 0xb1),
               "IF_GE_LENGTH r-2 r-1 @3\nADD_I32_IMM r-2 r-2 #1\nLOOP_LT_LENGTH r-2 r-1 @1\nRETURN_VOID #2\n");
    /* iload_0 tableswitch 1..2, each a constant returned. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 1, 0x1a, 0xaa, 0, 0, 0, 0, 0, 27, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 23, 0, 0, 0, 25,
                       0x04, 0xac, 0x05, 0xac, 0x03, 0xac),
               "TABLE_SWITCH r-1 l0 ; else @5 1:@1 2:@3\nLOAD_I32 r3 #1\nRETURN r3 #1\nLOAD_I32 r3 #2\nRETURN r3 #1\n"
               "LOAD_I32 r3 #0\nRETURN r3 #1\n");
    /* iload_0 lookupswitch -1, 1000 */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 1, 0x1a, 0xab, 0, 0, 0, 0, 0, 31, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 27,
                       0, 0, 3, 0xe8, 0, 0, 0, 29, 0x04, 0xac, 0x05, 0xac, 0x03, 0xac),
               "LOOKUP_SWITCH r-1 l0 ; else @5 -1:@1 1000:@3\nLOAD_I32 r3 #1\nRETURN r3 #1\nLOAD_I32 r3 #2\nRETURN r3 #1\n"
               "LOAD_I32 r3 #0\nRETURN r3 #1\n");
    /* 0: iload_0, ifeq 8, 4: iconst_1, goto 9, 8: iconst_2, 9: ireturn: where a jump leads to a mere return,
     * it returns itself. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 1, 0x1a, 0x99, 0, 7, 0x04, 0xa7, 0, 4, 0x05, 0xac),
               "IF_EQ_IMM r-1 #0 @3\nLOAD_I32 r3 #1\nRETURN r3 #1\nLOAD_I32 r3 #2\nRETURN r3 #1\n");
    /* ... 9: iconst_1 iadd ireturn: the value meets in the stack slot's home. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 1, 2, 0x1a, 0x99, 0, 7, 0x04, 0xa7, 0, 4, 0x05, 0x04, 0x60, 0xac),
               "IF_EQ_IMM r-1 #0 @3\nLOAD_I32 r3 #1\nGOTO @4\nLOAD_I32 r3 #2\nADD_I32_IMM r3 r3 #1\nRETURN r3 #1\n");
}

static void test_members(void)
{
    /* aload_0 iload_1 putfield boolean, return: the lowest bit is stored; iconst_1 needs no mask. */
    CHECK_CODE(SNIPPET(0, "(I)V", 2, 2, 0x2a, 0x1b, 0xb5, 0, 2, 0x2a, 0x04, 0xb5, 0, 2, 0xb1),
               "AND_IMM r4 r-1 #1\nRESOLVE_PUT r4 r-2 l0\nLOAD_I32 r4 #1\nRESOLVE_PUT r4 r-2 l1\nRETURN_VOID #2\n");
    /* aload_0 putstatic of a volatile field; getstatic straight into a local, return. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(Ljava/lang/Object;)V", 2, 1, 0x2a, 0xb3, 0, 3, 0xb2, 0, 1, 0x3c, 0xb1),
               "RESOLVE_PUTSTATIC r-1 l0\nFENCE\nRESOLVE_GETSTATIC r3 l1\nRETURN_VOID #1\n");
    /* ireturn of (I)Z and (I)C narrows; a boolean field does not need it. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)Z", 1, 1, 0x1a, 0xac), "AND_IMM r3 r-1 #1\nRETURN r3 #1\n");
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)C", 1, 1, 0x1a, 0xac), "TO_U16 r3 r-1\nRETURN r3 #1\n");
    CHECK_CODE(SNIPPET(0, "()Z", 1, 1, 0x2a, 0xb4, 0, 2, 0xac), "RESOLVE_GET r3 r-1 l0\nRETURN r3 #1\n");
    /* iload_0, iload_0, lload_1, invokestatic (IJ)I, iadd, ireturn: the first is a copy of the local while the call is
     * under way; arguments from the home of stack slot 1 on. */
    CHECK_MAPS(SNIPPET(ACCESS_STATIC, "(IJ)I", 3, 4, 0x1a, 0x1a, 0x1f, 0xb8, 0, 4, 0x60, 0xac),
               "MOVE r4 r-3\nMOVE r5 r-2\nRESOLVE_STATIC r4 l0\nADD_I32 r3 r-3 r4\nRETURN r3 #3\n"
               "map before 0 pc 0 depth 0 refs\nmap before 2 pc 3 depth 4 refs except s0=r-3\nmap after 3 pc 3 depth 1 refs except s0=r-3\n");
    /* new 6, dup, invokespecial ()V, areturn. */
    CHECK_MAPS(SNIPPET(ACCESS_STATIC, "()Ljava/lang/Object;", 0, 2, 0xbb, 0, 6, 0x59, 0xb7, 0, 5, 0xb0),
               "RESOLVE_NEW r3 l0\nMOVE r4 r3\nRESOLVE_SPECIAL r4 l1\nRETURN r3 #0\n"
               "map before 0 pc 0 depth 0 refs\nmap after 1 pc 0 depth 0 refs\nmap before 2 pc 4 depth 2 refs r3 r4\n"
               "map after 3 pc 4 depth 1 refs r3\n");
    /* aload_0 aload_1 iconst_3 invokevirtual invokeExact; linkToStatic; invokedynamic. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(Ljava/lang/Object;Ljava/lang/Object;)J", 2, 3, 0x2a, 0x2b, 0x06, 0xb6, 0, 9, 0xad),
               "MOVE r3 r-2\nMOVE r4 r-1\nLOAD_I32 r5 #3\nRESOLVE_HANDLE r3 l0 o9\nRETURN r3 #2\n");
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(Ljava/lang/Object;)I", 1, 1, 0x2a, 0xb8, 0, 10, 0xac),
               "MOVE r3 r-1\nCALL_POLYMORPHIC r3 l0\nRETURN r3 #1\n");
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()Ljava/lang/Object;", 0, 1, 0x07, 0xba, 0, 11, 0, 0, 0xb0),
               "LOAD_I32 r3 #4\nRESOLVE_DYNAMIC r3 l0 o11\nRETURN r3 #0\n");
    /* ldc 8, astore_0, aload_0 checkcast 6 areturn; iconst_2 newarray int arraylength */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()Ljava/lang/Object;", 1, 1, 0x12, 8, 0x4b, 0x2a, 0xc0, 0, 6, 0xb0),
               "RESOLVE_CONSTANT r3 l0 o8\nRESOLVE_CHECKCAST r3 l1\nRETURN r3 #0\n");
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()I", 0, 1, 0x05, 0xbc, 10, 0xbe, 0xac),
               "LOAD_I32 r3 #2\nNEW_ARRAY r3 r3 l0\nARRAY_LENGTH r3 r3\nRETURN r3 #0\n");
}

static void test_handlers(void)
{
    static const TranslateHandler handlers[] = {{0, 3, 4, 6}};
    /* 0: invokestatic ()V, 3: return, 4: astore_0 aload_0 athrow: the exception arrives in stack slot 0's home. */
    TranslateInput input = SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0xb8, 0, 5, 0xb1, 0x4b, 0x2a, 0xbf);
    input.handlers = handlers;
    input.handler_count = 1;
    CHECK_MAPS(input, "RESOLVE_STATIC r4 l0\nRETURN_VOID #0\nMOVE r3 r4\nTHROW r3\n"
                      "map before 0 pc 0 depth 0 refs\nmap after 1 pc 0 depth 0 refs\nmap before 3 pc 6 depth 1 refs r3 except s0=r3\n"
                      "handler 0 1 to 2 r4 type 6\n");
    /* synchronized ()Object: invokestatic 12 areturn. The lock is local 1, register 3. */
    CHECK_MAPS(SNIPPET(ACCESS_SYNCHRONIZED, "()Ljava/lang/Object;", 1, 1, 0xb8, 0, 12, 0xb0),
               "MOVE r3 r-1\nMONITOR_ENTER r3\nRESOLVE_STATIC r4 l0\nMONITOR_EXIT r3\nRETURN r4 #1\nMONITOR_EXIT r3\nTHROW r4\n"
               "map before 0 pc 0 depth 0 refs r-1 except l1=dead\nmap before 1 pc 0 depth 1 refs r-1 r3 except s0=r3 l1=dead\n"
               "map before 2 pc 0 depth 0 refs r-1 r3\nmap after 3 pc 0 depth 0 refs r-1 r3\n"
               "map before 3 pc 3 depth 1 refs r-1 r3 r4\nmap before 5 pc 4 depth 1 refs r3 r4\n"
               "map before 6 pc 4 depth 1 refs r4 except l1=dead\nhandler 2 3 to 5 r4 type 0\n");
}

static void test_subroutines(void)
{
    /* 0: iload_0, ifeq 10, 4: jsr 15, 7: goto 13, 10: jsr 15, 13: iload_0 ireturn,
     * 15: astore_1, iinc 0 1, ret 1: the body exists once for each call. */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)I", 2, 1, 0x1a, 0x99, 0, 9, 0xa8, 0, 11, 0xa7, 0, 6, 0xa8, 0, 5, 0x1a, 0xac,
                       0x4c, 0x84, 0, 1, 0xa9, 1),
               "IF_EQ_IMM r-1 #0 @4\nLOAD_I32 r4 #7\nGOTO @7\nRETURN r-1 #1\nLOAD_I32 r4 #13\nGOTO @10\nRETURN r-1 #1\n"
               "MOVE r3 r4\nADD_I32_IMM r-1 r-1 #1\nLOOP @3\nMOVE r3 r4\nADD_I32_IMM r-1 r-1 #1\nLOOP @6\n");
}

static void test_kinds(void)
{
    JavaGuestState state;
    /* 0: iload_0 ifeq 8, 4: aload_1 astore_2 goto 10, 8: iconst_0 istore_2, 10: lload_3 return: local 2 differs. */
    TranslateInput input = SNIPPET(ACCESS_STATIC, "(ILjava/lang/Object;IJ)V", 5, 2, 0x1a, 0x99, 0, 8, 0x2b, 0x4d, 0xa7, 0, 5, 0x03,
                                   0x3d, 0x21, 0xb1);
    CHECK_OK(translate_guest_state(&input, 12, &state));
    static const uint8_t expected[] = {JAVA_SLOT_RAW, JAVA_SLOT_REFERENCE, JAVA_SLOT_DEAD, JAVA_SLOT_WIDE, JAVA_SLOT_SECOND,
                                       JAVA_SLOT_WIDE, JAVA_SLOT_SECOND};
    CHECK_EQUAL(state.local_count, 5);
    CHECK_EQUAL(state.stack_count, 2);
    CHECK_BYTES(state.kinds, expected, sizeof expected);
    java_guest_state_close(&state);
    /* Behind the code: an exception leaves a synchronized method. */
    CHECK_OK(translate_guest_state(&input, input.code_length, &state));
    CHECK_EQUAL(state.stack_count, 1);
    CHECK_EQUAL(state.kinds[5], JAVA_SLOT_REFERENCE);
    java_guest_state_close(&state);
    /* Inside an instruction. */
    CHECK_EQUAL(translate_guest_state(&input, 2, &state), ERROR_NOT_FOUND);
}

static void test_locks(void)
{
    JavaGuestState state;
    /* 0: iload_2 ifeq 8, 4: aload_0 goto 9, 8: aload_1, 9: dup astore_3 monitorenter, 12: aload_0 monitorenter, 14: nop,
     * 15: aload_0 monitorexit, 17: aload_3 monitorexit return: what is entered first is in no argument for sure. */
    TranslateInput input = SNIPPET(ACCESS_STATIC, "(Ljava/lang/Object;Ljava/lang/Object;I)V", 4, 2, 0x1c, 0x99, 0, 7, 0x2a, 0xa7, 0, 4,
                                   0x2b, 0x59, 0x4e, 0xc2, 0x2a, 0xc2, 0x00, 0x2a, 0xc3, 0x2d, 0xc3, 0xb1);
    static const struct {
        uint32_t pc;
        unsigned count;
        uint16_t slots[2];
    } expected[] = {{11, 0, {0}}, {13, 1, {3}}, {14, 2, {3, 0}}, {16, 2, {3, 0}}, {17, 1, {3}}, {19, 0, {0}}};

    for (unsigned i = 0; i < COUNT_OF(expected); i++) {
        CHECK_OK(translate_guest_state(&input, expected[i].pc, &state));
        CHECK_EQUAL(state.lock_count, expected[i].count);
        for (unsigned lock = 0; lock < state.lock_count; lock++) CHECK_EQUAL(state.locks[lock], expected[i].slots[lock]);
        java_guest_state_close(&state);
    }
}

/* What was not verified must not be translated to something harmful. */
static void test_damaged(void)
{
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0x57, 0xb1), "error");             /* pop of nothing */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0x03), "error");                   /* falls off the end */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0xa7, 0x10, 0, 0xb1), "error");    /* jumps out */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(I)V", 1, 1, 0x2a, 0xbf), "error");            /* an int thrown */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0x1d, 0xb1), "error");             /* no local 3 */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0x03, 0x03, 0xb1), "error");       /* two slots in a stack of one */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "()V", 1, 1, 0xfe, 0xb1), "error");             /* no such instruction */
    CHECK_CODE(SNIPPET(ACCESS_STATIC, "(J)V", 2, 2, 0x1e, 0x57, 0xb1), "error");      /* half of a long */
}

/* ---- the class library ---- */

typedef struct Totals {
    unsigned long methods, failures, instructions, words;
    const char *class_name;
} Totals;

/* Whether some local or stack slot of the guest's is in the register. */
static bool has_slot(const Code *code, const CodeMap *map, int r)
{
    const CodeMapException *exceptions = code_map_exceptions(code, map);

    for (unsigned i = 0; i < map->exception_count; i++)
        if (exceptions[i].kind == MAP_REGISTER && exceptions[i].value == r)
            return true;
    for (unsigned slot = 0; slot < (unsigned)code->local_count + map->stack_depth; slot++) {
        bool is_local = slot < code->local_count, is_home = true;
        uint16_t name = (uint16_t)(is_local ? slot : 0x8000u | (slot - code->local_count));
        for (unsigned i = 0; i < map->exception_count; i++)
            is_home &= exceptions[i].slot != name;
        if (is_home && r == (is_local ? code_local_home(code, slot) : code_stack_home(code, slot - code->local_count)))
            return true;
    }
    return false;
}

/* An image keeps a frame's slots, and nothing else of it. */
static unsigned count_lost(const Code *code)
{
    unsigned lost = 0;

    for (uint32_t i = 0; i < code->map_count; i++)
        for (int r = -code->argument_slots; r < (int)code->register_count; r++)
            lost += code_map_is_reference(code, &code_maps(code)[i], r) && !has_slot(code, &code_maps(code)[i], r);
    return lost;
}

static void translate_one(void *context, const TranslateInput *input, TranslateText name)
{
    Totals *totals = context;
    Code *code = NULL;
    Result result = translate_body(input, &code);
    Instruction now;

    if (result == OK)
        result = code_verify(code);
    if (result == OK && count_lost(code) != 0)
        result = error_set(ERROR_STATE, "a map has a reference that is in no slot");
    totals->methods++;
    if (result != OK && totals->failures++ < 10)
        fprintf(stderr, "%s.%.*s: %s\n", totals->class_name, (int)name.length, name.text, error_message());
    for (uint32_t pc = 0; pc < input->code_length; pc = now.next, totals->instructions++)
        CHECK_OK(translate_decode(input->code, input->code_length, pc, &now));
    totals->words += result == OK ? code->word_count : 0;
    memory_free(code);
}

static void translate_class(void *context, const char *module, const char *parent, const char *base, const char *extension)
{
    char path[1024];
    JimageEntry entry;
    Totals *totals = context;

    if (strcmp(module, "java.base") != 0 || strcmp(extension, "class") != 0)
        return;
    snprintf(path, sizeof path, "/%s/%s/%s.%s", module, parent, base, extension);
    totals->class_name = path;
    if (!jimage_find(path, &entry))
        return;
    CHECK(class_each_method(entry.bytes, entry.size, translate_one, totals));
}

/* Damages a copy of the method's bytecode: it is refused, or becomes code that passes the checks. */
static void translate_damaged(void *context, const TranslateInput *input, TranslateText name)
{
    static unsigned seed = 1;
    TranslateInput damaged = *input;
    uint8_t *bytes = memory_copy(input->code, input->code_length);

    for (int i = 0; i < 4 && input->code_length < 2000; i++) {
        Code *code = NULL;
        bytes[(unsigned)rand_r(&seed) % input->code_length] = (uint8_t)(rand_r(&seed) % BC_COUNT);
        damaged.code = bytes;
        damaged.max_locals = (uint16_t)(rand_r(&seed) % 8 == 0 ? rand_r(&seed) % 8 : input->max_locals);
        damaged.max_stack = (uint16_t)(rand_r(&seed) % 8 == 0 ? rand_r(&seed) % 4 : input->max_stack);
        damaged.flags = input->flags ^ (rand_r(&seed) % 8 == 0 ? ACCESS_SYNCHRONIZED : 0);
        if (translate_body(&damaged, &code) == OK)
            CHECK_OK(code_verify(code));
        memory_free(code);
    }
    memory_free(bytes);
}

static void damage_class(void *context, const char *module, const char *parent, const char *base, const char *extension)
{
    char path[1024];
    JimageEntry entry;

    snprintf(path, sizeof path, "/%s/%s/%s.%s", module, parent, base, extension);
    if (strcmp(module, "java.base") == 0 && strcmp(parent, "java/util") == 0 && strcmp(extension, "class") == 0 && jimage_find(path, &entry))
        CHECK(class_each_method(entry.bytes, entry.size, translate_damaged, NULL));
}

/* Every method of java.base translates to code that passes the checks. */
static void test_library(void)
{
    Totals totals = {0};

    if (!open_class_library())
        return;
    jimage_each(translate_class, &totals);
    jimage_each(damage_class, NULL);
    jimage_close();
    printf("%lu methods: %lu bytecode instructions, %lu register instructions\n", totals.methods, totals.instructions, totals.words);
    CHECK_EQUAL(totals.failures, 0);
}

TEST_MAIN("java translate", test_library, test_arithmetic, test_locals, test_stack, test_branches, test_members, test_handlers,
          test_subroutines, test_kinds, test_locks, test_damaged)
