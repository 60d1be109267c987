/* interpret.c - the interpreter: one loop for all register code.
 *
 * Three forms of dispatch from the same bodies: the handler's offset in the word (optimised builds), the operation's
 * number through a table of labels (RUN_DISPATCH_INDEX: debug and sanitizer builds), and a plain switch
 * (RUN_DISPATCH_SWITCH: any C compiler). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/float_bits.h"
#include "base/order.h"
#include "os/os.h"
#include "run/run_internal.h"
#include "run/tagged.h"
#include "run/watch.h"

#if !defined(RUN_DISPATCH_SWITCH) && !defined(RUN_DISPATCH_INDEX) && !defined(__OPTIMIZE__)
#define RUN_DISPATCH_INDEX
#endif

uint16_t run_handler_offsets[OPERATION_COUNT];

uint64_t run_link_word(uint64_t word)
{
    uint32_t operation = (uint32_t)(word & 0xffff);

    assert(operation < OPERATION_COUNT);
    return (word & ~0xffffull) | run_handler_offsets[operation];
}

/* OPERATION_COUNT: none. Asked when an instruction is resolved for the first time, and seldom else: a table would have to be
 * made at each start. */
static uint32_t linked_operation(uint64_t word)
{
#if defined(RUN_DISPATCH_SWITCH) || defined(RUN_DISPATCH_INDEX)
    return (uint32_t)(word & 0xffff);
#else
    uint32_t operation = 0;
    while (operation < OPERATION_COUNT && run_handler_offsets[operation] != (uint16_t)word) operation++;
    return operation;
#endif
}

uint32_t run_word_operation(const Code *code, uint64_t word)
{
    return code->flags & CODE_LINKED ? linked_operation(watch_word(word)) : (uint32_t)(word & 0xffff);
}

bool run_is_subclass(uint32_t class_index, uint32_t target)
{
    const Class *class, *wanted;

    if (class_index == target)
        return true;
    class = class_at(class_index);
    wanted = class_at(target);
    if (!(wanted->flags & (CLASS_INTERFACE | CLASS_ARRAY)) && wanted->depth < CLASS_DISPLAY)
        return class->display[wanted->depth] == target;
    if ((wanted->flags & CLASS_INTERFACE) && !(class->flags & CLASS_ARRAY)) {
        const uint32_t *list = arena_at(class->interfaces);
        if (class->interfaces == 0)
            return false;
        for (uint32_t i = 1; i <= list[0]; i++)
            if (list[i] == target)
                return true;
        return false;
    }
    return run_language(class->language)->is_subclass(class_index, target);
}

static bool element_fits(uint32_t array_class_index, Value value)
{
    uint32_t element = class_at(array_class_index)->element_class;
    uint32_t class_index = object_class_index(value);

    return class_index == element || run_is_subclass(class_index, element);
}

static const Language *code_language(const Thread *thread, const Code *code)
{
    return run_language(code->method != 0 ? method_at(code->method)->language : thread->language);
}

/* Saturating conversions, JLS 5.1.3. */
static int64_t integer_of_double(double value, double low, double high, int64_t least, int64_t most)
{
    if (value != value)
        return 0;
    if (value <= low)
        return least;
    return value >= high ? most : (int64_t)value;
}
static int64_t i32_of_double(double value)
{
    return integer_of_double(value, -2147483648.0, 2147483647.0, INT32_MIN, INT32_MAX);
}
static int64_t i64_of_double(double value)
{
    return integer_of_double(value, -9223372036854775808.0, 9223372036854775808.0, INT64_MIN, INT64_MAX);
}
static int64_t i32_of_float(float value)
{
    return integer_of_double((double)value, -2147483648.0, 2147483647.0, INT32_MIN, INT32_MAX);
}

/* ---- look-up of interface methods, for call sites that see many classes ----
 *
 * A word: class index (22 bits), high part of the interface method's number (12), number of the method it means (24).
 * The low 12 bits of the interface method's number follow from the entry's place, which they are mixed into. */
#define INTERFACE_CACHE_BITS 12
static uint64_t interface_cache[1u << INTERFACE_CACHE_BITS] SPARSE_STATIC;

static inline uint64_t *interface_cache_entry(uint32_t class_index, uint32_t method)
{
    return &interface_cache[(method ^ (class_index * 0x9e3779b1u >> 20)) & ((1u << INTERFACE_CACHE_BITS) - 1)];
}

static bool class_is_of(uint32_t class_index, uint32_t owner)
{
    return !class_exists(class_index) || class_at(class_index)->owner == owner;
}

static bool cell_is_of(uint64_t cell, uint32_t owner)
{
    uint32_t method = (uint32_t)(cell >> 22) & 0xffffff;
    return class_is_of((uint32_t)(cell & HEADER_CLASS_MASK), owner) || *method_place(method) == 0 ||
           class_is_of(method_at(method)->holder, owner);
}

void run_forget_cached_calls(uint32_t owner)
{
    memset(interface_cache, 0, sizeof interface_cache);
    memset(run_tagged.sites, 0, sizeof run_tagged.sites);
    run_empty_sites(cell_is_of, owner);
}

/* ---- the loop ---- */

#define REGISTER(n) fp[n]
#define A REGISTER(WORD_A(word))
#define B REGISTER(WORD_B(word))
#define C REGISTER(WORD_C(word))
#define SIGNED(x) ((int64_t)(x))
#define I32(x) ((uint32_t)(x))
#define EXTEND(x) ((Value)(int64_t)(int32_t)(x))
#define CODE ((const Code *)(uintptr_t)fp[FRAME_CODE])
#define LITERAL(index) LOAD_DEPENDENT(&code_literals(CODE)[index])
#define SITE(index) (((uint64_t *)(void *)arena_base)[CODE->site_base + (index)])
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* What the outside may look at or change: before anything that collects, pushes, raises or walks frames. */
#define SAVE() (thread->pc = pc, thread->fp = fp)
#define RELOAD() (pc = thread->pc, fp = thread->fp)

#if defined(RUN_DISPATCH_SWITCH)
#define CASE(name) case OP_##name:
#define DISPATCH()                 \
    do {                           \
        word = LOAD_DEPENDENT(pc); \
        goto dispatch;             \
    } while (0)
#define EXECUTE_WORD(w)     \
    do {                    \
        word = (w);         \
        goto dispatch;      \
    } while (0)
#define EXECUTE_LINKED(w) EXECUTE_WORD(w)
#elif defined(RUN_DISPATCH_INDEX)
#define CASE(name) L_##name:
#define DISPATCH()                        \
    do {                                  \
        word = LOAD_DEPENDENT(pc);        \
        goto *labels[word & 0xffff];      \
    } while (0)
#define EXECUTE_WORD(w)                   \
    do {                                  \
        word = (w);                       \
        goto *labels[word & 0xffff];      \
    } while (0)
#define EXECUTE_LINKED(w) EXECUTE_WORD(w)
#else
#define CASE(name) L_##name:
#define DISPATCH()                                    \
    do {                                              \
        word = LOAD_DEPENDENT(pc);                    \
        goto *(&&L_NOP + (int16_t)word);              \
    } while (0)
#define EXECUTE_WORD(w)                               \
    do {                                              \
        word = (w);                                   \
        goto *labels[word & 0xffff];                  \
    } while (0)
#define EXECUTE_LINKED(w)                             \
    do {                                              \
        word = (w);                                   \
        goto *(&&L_NOP + (int16_t)word);              \
    } while (0)
#endif
#define NEXT    \
    do {        \
        pc++;   \
        DISPATCH(); \
    } while (0)
#define NEXT_SKIP(words) \
    do {                 \
        pc += (words);   \
        DISPATCH();      \
    } while (0)

/* Ends this frame, whose argument slots are the word's c, and leaves a value to its caller. */
#define LEAVE(value_)                                            \
    do {                                                         \
        Value left_ = (value_);                                  \
        Value *frame_ = fp;                                      \
        pc = (uint64_t *)(uintptr_t)frame_[FRAME_RETURN];        \
        fp = (Value *)(uintptr_t)frame_[FRAME_CALLER];           \
        frame_[-(int)WORD_UC(word)] = left_;                     \
        DISPATCH();                                              \
    } while (0)

#define RAISE(kind, x, y)                               \
    do {                                                \
        SAVE();                                         \
        outcome = run_raise(thread, (kind), (x), (y));  \
        goto handle_outcome;                            \
    } while (0)
#define CHECK_NULL(reference)      \
    do {                           \
        if (UNLIKELY((reference) == 0)) \
            goto raise_null;       \
    } while (0)

/* An instruction that was begun is about to be begun once more: it counts once. */
#define BEGIN_AGAIN(at)                   \
    do {                                  \
        if (UNLIKELY(run_watching != 0))  \
            watch_again(at);              \
    } while (0)

/* A taken branch. Backward ones pass a safepoint when one is asked for, at their target. */
#define JUMP(distance)     \
    do {                   \
        pc += (distance);  \
        DISPATCH();        \
    } while (0)
#define POLL()                                       \
    do {                                             \
        if (UNLIKELY(LOAD_SIGN(&thread->poll) != 0)) \
            goto poll;                               \
        DISPATCH();                                  \
    } while (0)
#define JUMP_BACK(distance) \
    do {                    \
        pc += (distance);   \
        POLL();             \
    } while (0)
#define BRANCH(name, condition)   \
    CASE(IF_##name)               \
    if (condition)                \
        JUMP(WORD_C(word));       \
    NEXT;                         \
    CASE(LOOP_##name)             \
    if (condition)                \
        JUMP_BACK(WORD_C(word));  \
    NEXT;

/* Enters `method_number` with its arguments from `window_` on. */
#define ENTER(method_number, window_)                                                      \
    do {                                                                                   \
        uint32_t number_ = (method_number);                                                \
        Value *window__ = (window_);                                                       \
        Code *callee = LOAD_DEPENDENT(&((Code **)(void *)entry_table.base)[number_]);      \
        Value *frame = window__ + callee->argument_slots;                                  \
        if (UNLIKELY(frame + callee->register_count > LOAD_SIGN(&thread->stack_limit))) {  \
            top = frame + callee->register_count;                                          \
            goto stack_limit;                                                              \
        }                                                                                  \
        frame[FRAME_RETURN] = (Value)(uintptr_t)(pc + 1);                                  \
        frame[FRAME_CALLER] = (Value)(uintptr_t)fp;                                        \
        frame[FRAME_CODE] = (Value)(uintptr_t)callee;                                      \
        fp = frame;                                                                        \
        pc = callee->words;                                                                \
        target = number_;                                                                  \
        DISPATCH();                                                                        \
    } while (0)

#define CHECK_INDEX(array, index)                                             \
    do {                                                                      \
        CHECK_NULL(array);                                                    \
        if (UNLIKELY((uint64_t)(index) >= *(uint64_t *)object_at(array, ARRAY_LENGTH_OFFSET))) \
            goto raise_bounds;                                                \
    } while (0)
#define ELEMENT(type, array, index) (((type *)object_at(array, ARRAY_BASE_OFFSET))[index])
#define FIELD(type) (*(type *)object_at(B, WORD_UC(word)))
#define STATIC_FIELD(type) (*(type *)object_at(heap_root((uint32_t)LITERAL(WORD_UB(word))), LITERAL(WORD_UB(word)) >> 32))

/* clang and gcc disagree about unused labels; all handlers are reached through the table. */
void interpret(Thread *thread)
{
#if !defined(RUN_DISPATCH_SWITCH)
#define INSTRUCTION(name, a, b, c, effects, text) &&L_##name,
    static const void *const labels[OPERATION_COUNT] = {
#include "code/instructions.def"
    };
#undef INSTRUCTION
#endif
    uint64_t *pc;
    Value *fp;
    uint64_t word;
    uint32_t target = 0;
    Value *top;
    uint64_t *return_pc;
    Outcome outcome;
    Value result = 0;

    if (thread == NULL) { /* at start-up: tell where the handlers are */
        for (uint32_t i = 0; i < OPERATION_COUNT; i++) {
#if defined(RUN_DISPATCH_SWITCH) || defined(RUN_DISPATCH_INDEX)
            run_handler_offsets[i] = (uint16_t)i;
#else
            intptr_t offset = (intptr_t)labels[i] - (intptr_t) && L_NOP;
            if (offset < INT16_MIN || offset > INT16_MAX)
                abort(); /* the handlers do not reach: build with RUN_DISPATCH_INDEX */
            run_handler_offsets[i] = (uint16_t)offset;
#endif
        }
        return;
    }

    RELOAD();
    if (thread->exception != 0)
        goto unwind;
    DISPATCH();

#if defined(RUN_DISPATCH_SWITCH)
dispatch:
    switch (word & 0xffff) {
#endif

    /* Moves and constants */
    CASE(NOP) NEXT;
    CASE(MOVE) A = B; NEXT;
    CASE(LOAD_I32) A = (Value)(int64_t)WORD_IMM32(word); NEXT;
    CASE(LOAD_LITERAL) A = LITERAL(WORD_UB(word)); NEXT;
    CASE(LOAD_OBJECT) A = array_element(heap_root(CODE->constants_root), WORD_UC(word)); NEXT;
    CASE(RESOLVE_CONSTANT) goto resolve;

    /* 32-bit integers */
    CASE(ADD_I32) A = EXTEND(I32(B) + I32(C)); NEXT;
    CASE(SUB_I32) A = EXTEND(I32(B) - I32(C)); NEXT;
    CASE(MUL_I32) A = EXTEND(I32(B) * I32(C)); NEXT;
    CASE(DIV_I32)
    {
        int32_t divisor = (int32_t)C;
        if (UNLIKELY(divisor == 0))
            goto raise_arithmetic;
        A = divisor == -1 ? EXTEND(0u - I32(B)) : EXTEND((int32_t)B / divisor);
        NEXT;
    }
    CASE(REM_I32)
    {
        int32_t divisor = (int32_t)C;
        if (UNLIKELY(divisor == 0))
            goto raise_arithmetic;
        A = divisor == -1 ? 0 : EXTEND((int32_t)B % divisor);
        NEXT;
    }
    CASE(NEG_I32) A = EXTEND(0u - I32(B)); NEXT;
    CASE(SHL_I32) A = EXTEND(I32(B) << (C & 31)); NEXT;
    CASE(SHR_I32) A = EXTEND((int32_t)B >> (C & 31)); NEXT;
    CASE(USHR_I32) A = EXTEND(I32(B) >> (C & 31)); NEXT;
    CASE(ADD_I32_IMM) A = EXTEND(I32(B) + (uint32_t)WORD_C(word)); NEXT;
    CASE(MUL_I32_IMM) A = EXTEND(I32(B) * (uint32_t)WORD_C(word)); NEXT;
    CASE(DIV_I32_IMM) A = EXTEND((int32_t)B / WORD_C(word)); NEXT;
    CASE(REM_I32_IMM) A = EXTEND((int32_t)B % WORD_C(word)); NEXT;
    CASE(SHL_I32_IMM) A = EXTEND(I32(B) << WORD_C(word)); NEXT;
    CASE(SHR_I32_IMM) A = EXTEND((int32_t)B >> WORD_C(word)); NEXT;
    CASE(USHR_I32_IMM) A = EXTEND(I32(B) >> WORD_C(word)); NEXT;

    /* Bitwise */
    CASE(AND) A = B & C; NEXT;
    CASE(OR) A = B | C; NEXT;
    CASE(XOR) A = B ^ C; NEXT;
    CASE(AND_IMM) A = B & (Value)(int64_t)WORD_C(word); NEXT;
    CASE(OR_IMM) A = B | (Value)(int64_t)WORD_C(word); NEXT;
    CASE(XOR_IMM) A = B ^ (Value)(int64_t)WORD_C(word); NEXT;

    /* 64-bit integers */
    CASE(ADD_I64) A = B + C; NEXT;
    CASE(SUB_I64) A = B - C; NEXT;
    CASE(MUL_I64) A = B * C; NEXT;
    CASE(DIV_I64)
    {
        int64_t divisor = SIGNED(C);
        if (UNLIKELY(divisor == 0))
            goto raise_arithmetic;
        A = divisor == -1 ? 0 - B : (Value)(SIGNED(B) / divisor);
        NEXT;
    }
    CASE(REM_I64)
    {
        int64_t divisor = SIGNED(C);
        if (UNLIKELY(divisor == 0))
            goto raise_arithmetic;
        A = divisor == -1 ? 0 : (Value)(SIGNED(B) % divisor);
        NEXT;
    }
    CASE(NEG_I64) A = 0 - B; NEXT;
    CASE(SHL_I64) A = B << (C & 63); NEXT;
    CASE(SHR_I64) A = (Value)(SIGNED(B) >> (C & 63)); NEXT;
    CASE(USHR_I64) A = B >> (C & 63); NEXT;
    CASE(ADD_I64_IMM) A = B + (Value)(int64_t)WORD_C(word); NEXT;
    CASE(MUL_I64_IMM) A = B * (Value)(int64_t)WORD_C(word); NEXT;
    CASE(SHL_I64_IMM) A = B << WORD_C(word); NEXT;
    CASE(SHR_I64_IMM) A = (Value)(SIGNED(B) >> WORD_C(word)); NEXT;
    CASE(USHR_I64_IMM) A = B >> WORD_C(word); NEXT;
    CASE(CMP_I64)
    {
        int64_t left = SIGNED(B), right = SIGNED(C);
        A = (Value)(int64_t)((left > right) - (left < right));
        NEXT;
    }

    /* Floating point */
    CASE(ADD_F32) A = bits_of_f32(f32_of(B) + f32_of(C)); NEXT;
    CASE(SUB_F32) A = bits_of_f32(f32_of(B) - f32_of(C)); NEXT;
    CASE(MUL_F32) A = bits_of_f32(f32_of(B) * f32_of(C)); NEXT;
    CASE(DIV_F32) A = bits_of_f32(f32_of(B) / f32_of(C)); NEXT;
    CASE(REM_F32) A = bits_of_f32(os_fmodf(f32_of(B), f32_of(C))); NEXT;
    CASE(NEG_F32) A = (B ^ 0x80000000u) & 0xffffffffu; NEXT;
    CASE(ADD_F64) A = bits_of_f64(f64_of(B) + f64_of(C)); NEXT;
    CASE(SUB_F64) A = bits_of_f64(f64_of(B) - f64_of(C)); NEXT;
    CASE(MUL_F64) A = bits_of_f64(f64_of(B) * f64_of(C)); NEXT;
    CASE(DIV_F64) A = bits_of_f64(f64_of(B) / f64_of(C)); NEXT;
    CASE(REM_F64) A = bits_of_f64(os_fmod(f64_of(B), f64_of(C))); NEXT;
    CASE(NEG_F64) A = B ^ (1ull << 63); NEXT;
    CASE(SQRT_F64) A = bits_of_f64(sqrt(f64_of(B))); NEXT;
#define COMPARE(read, unordered)                                            \
    {                                                                       \
        __typeof__(read(B)) left = read(B), right = read(C);                \
        A = (Value)(int64_t)(left < right ? -1 : left > right ? 1 : left == right ? 0 : (unordered)); \
        NEXT;                                                               \
    }
    CASE(CMPL_F32) COMPARE(f32_of, -1)
    CASE(CMPG_F32) COMPARE(f32_of, 1)
    CASE(CMPL_F64) COMPARE(f64_of, -1)
    CASE(CMPG_F64) COMPARE(f64_of, 1)

    /* Conversions */
    CASE(TO_I8) A = (Value)(int64_t)(int8_t)B; NEXT;
    CASE(TO_I16) A = (Value)(int64_t)(int16_t)B; NEXT;
    CASE(TO_U16) A = (Value)(uint16_t)B; NEXT;
    CASE(TO_I32) A = EXTEND(B); NEXT;
    CASE(I64_TO_F32) A = bits_of_f32((float)SIGNED(B)); NEXT;
    CASE(I64_TO_F64) A = bits_of_f64((double)SIGNED(B)); NEXT;
    CASE(F32_TO_I32) A = (Value)i32_of_float(f32_of(B)); NEXT;
    CASE(F32_TO_I64) A = (Value)i64_of_double((double)f32_of(B)); NEXT;
    CASE(F32_TO_F64) A = bits_of_f64((double)f32_of(B)); NEXT;
    CASE(F64_TO_I32) A = (Value)i32_of_double(f64_of(B)); NEXT;
    CASE(F64_TO_I64) A = (Value)i64_of_double(f64_of(B)); NEXT;
    CASE(F64_TO_F32) A = bits_of_f32((float)f64_of(B)); NEXT;

    /* Branches */
    CASE(GOTO) JUMP(WORD_IMM32(word));
    CASE(LOOP) JUMP_BACK(WORD_IMM32(word));
    BRANCH(EQ, A == B)
    BRANCH(NE, A != B)
    BRANCH(LT, SIGNED(A) < SIGNED(B))
    BRANCH(GE, SIGNED(A) >= SIGNED(B))
    BRANCH(EQ_IMM, SIGNED(A) == WORD_B(word))
    BRANCH(NE_IMM, SIGNED(A) != WORD_B(word))
    BRANCH(LT_IMM, SIGNED(A) < WORD_B(word))
    BRANCH(GE_IMM, SIGNED(A) >= WORD_B(word))
    BRANCH(GT_IMM, SIGNED(A) > WORD_B(word))
    BRANCH(LE_IMM, SIGNED(A) <= WORD_B(word))
    BRANCH(EQ_F32, f32_of(A) == f32_of(B))
    BRANCH(NE_F32, !(f32_of(A) == f32_of(B)))
    BRANCH(LT_F32, f32_of(A) < f32_of(B))
    BRANCH(NLT_F32, !(f32_of(A) < f32_of(B)))
    BRANCH(LE_F32, f32_of(A) <= f32_of(B))
    BRANCH(NLE_F32, !(f32_of(A) <= f32_of(B)))
    BRANCH(EQ_F64, f64_of(A) == f64_of(B))
    BRANCH(NE_F64, !(f64_of(A) == f64_of(B)))
    BRANCH(LT_F64, f64_of(A) < f64_of(B))
    BRANCH(NLT_F64, !(f64_of(A) < f64_of(B)))
    BRANCH(LE_F64, f64_of(A) <= f64_of(B))
    BRANCH(NLE_F64, !(f64_of(A) <= f64_of(B)))
#define CHECKED_LENGTH(array) ({ CHECK_NULL(array); *(int64_t *)object_at(array, ARRAY_LENGTH_OFFSET); })
    BRANCH(LT_LENGTH, SIGNED(A) < CHECKED_LENGTH(B))
    BRANCH(GE_LENGTH, SIGNED(A) >= CHECKED_LENGTH(B))
    CASE(TABLE_SWITCH)
    {
        const uint64_t *table = code_literals(CODE) + WORD_UB(word);
        uint64_t index = (uint64_t)(SIGNED(A) - (int32_t)table[0]);
        int64_t distance = (int64_t)(index < table[0] >> 32 ? table[2 + index] : table[1]);
        if (distance < 0)
            JUMP_BACK(distance);
        JUMP(distance);
    }
    CASE(LOOKUP_SWITCH)
    {
        const uint64_t *table = code_literals(CODE) + WORD_UB(word);
        const uint64_t *pairs = table + 2;
        uint64_t low = 0, high = table[0];
        int64_t key = SIGNED(A);
        while (low < high) {
            uint64_t middle = (low + high) / 2;
            if (SIGNED(pairs[2 * middle]) < key)
                low = middle + 1;
            else
                high = middle;
        }
        int64_t distance = (int64_t)(low < table[0] && SIGNED(pairs[2 * low]) == key ? pairs[2 * low + 1] : table[1]);
        if (distance < 0)
            JUMP_BACK(distance);
        JUMP(distance);
    }

    /* Arrays */
    CASE(ARRAY_LENGTH)
    {
        CHECK_NULL(B);
        A = *(Value *)object_at(B, ARRAY_LENGTH_OFFSET);
        NEXT;
    }
#define LOAD_ELEMENT(type)                                                \
    {                                                                     \
        Value array = B, index = C;                                       \
        CHECK_INDEX(array, index);                                        \
        A = (Value)(int64_t)LOAD_DEPENDENT(&ELEMENT(type, array, index)); \
        NEXT;                                                             \
    }
#define STORE_ELEMENT(type)                                  \
    {                                                        \
        Value array = B, index = C;                          \
        CHECK_INDEX(array, index);                           \
        ELEMENT(type, array, index) = (type)A;               \
        NEXT;                                                \
    }
    CASE(LOAD_ELEMENT_I8) LOAD_ELEMENT(int8_t)
    CASE(LOAD_ELEMENT_I16) LOAD_ELEMENT(int16_t)
    CASE(LOAD_ELEMENT_U16) LOAD_ELEMENT(uint16_t)
    CASE(LOAD_ELEMENT_I32) LOAD_ELEMENT(int32_t)
    CASE(LOAD_ELEMENT_I64) LOAD_ELEMENT(int64_t)
    CASE(STORE_ELEMENT_I8)
    {
        Value array = B, index = C, value = A;
        CHECK_INDEX(array, index);
        if (UNLIKELY(value & ~1ull) && (class_of(array)->flags & CLASS_BOOLEAN_ELEMENTS))
            value &= 1;
        ELEMENT(int8_t, array, index) = (int8_t)value;
        NEXT;
    }
    CASE(STORE_ELEMENT_I16) STORE_ELEMENT(int16_t)
    CASE(STORE_ELEMENT_I32) STORE_ELEMENT(int32_t)
    CASE(STORE_ELEMENT_I64) STORE_ELEMENT(int64_t)
    CASE(STORE_ELEMENT_REF)
    {
        Value array = B, index = C, value = A;
        CHECK_INDEX(array, index);
        if (value != 0 && UNLIKELY(!element_fits(object_class_index(array), value)))
            RAISE(RAISE_STORE, value, array);
        array_store(array, index, value);
        NEXT;
    }

    /* Instance fields */
    CASE(RESOLVE_GET) goto resolve;
#define GET(type)                                         \
    {                                                     \
        CHECK_NULL(B);                                    \
        A = (Value)(int64_t)LOAD_DEPENDENT(&FIELD(type)); \
        NEXT;                                             \
    }
#define GET_VOLATILE(type)                                                    \
    {                                                                         \
        CHECK_NULL(B);                                                        \
        A = (Value)(int64_t)__atomic_load_n(&FIELD(type), __ATOMIC_SEQ_CST);  \
        NEXT;                                                                 \
    }
#define PUT(type)                   \
    {                               \
        CHECK_NULL(B);              \
        FIELD(type) = (type)A;      \
        NEXT;                       \
    }
#define PUT_VOLATILE(type)                                                \
    {                                                                     \
        CHECK_NULL(B);                                                    \
        __atomic_store_n(&FIELD(type), (type)A, __ATOMIC_SEQ_CST);        \
        NEXT;                                                             \
    }
    CASE(GET_I8) GET(int8_t)
    CASE(GET_I16) GET(int16_t)
    CASE(GET_U16) GET(uint16_t)
    CASE(GET_I32) GET(int32_t)
    CASE(GET_I64) GET(int64_t)
    CASE(GET_VOLATILE_I8) GET_VOLATILE(int8_t)
    CASE(GET_VOLATILE_I16) GET_VOLATILE(int16_t)
    CASE(GET_VOLATILE_U16) GET_VOLATILE(uint16_t)
    CASE(GET_VOLATILE_I32) GET_VOLATILE(int32_t)
    CASE(GET_VOLATILE_I64) GET_VOLATILE(int64_t)
    CASE(RESOLVE_PUT) goto resolve;
    CASE(PUT_I8) PUT(int8_t)
    CASE(PUT_I16) PUT(int16_t)
    CASE(PUT_I32) PUT(int32_t)
    CASE(PUT_I64) PUT(int64_t)
    CASE(PUT_REF)
    {
        CHECK_NULL(B);
        heap_store(B, WORD_UC(word), A);
        NEXT;
    }
    CASE(PUT_VOLATILE_I8) PUT_VOLATILE(int8_t)
    CASE(PUT_VOLATILE_I16) PUT_VOLATILE(int16_t)
    CASE(PUT_VOLATILE_I32) PUT_VOLATILE(int32_t)
    CASE(PUT_VOLATILE_I64) PUT_VOLATILE(int64_t)
    CASE(PUT_VOLATILE_REF)
    {
        CHECK_NULL(B);
        __atomic_store_n(&FIELD(Value), A, __ATOMIC_SEQ_CST);
        heap_mark_card(&FIELD(Value));
        NEXT;
    }

    /* Static fields */
    CASE(RESOLVE_GETSTATIC) goto resolve;
    CASE(GETSTATIC_I8) A = (Value)(int64_t)STATIC_FIELD(int8_t); NEXT;
    CASE(GETSTATIC_I16) A = (Value)(int64_t)STATIC_FIELD(int16_t); NEXT;
    CASE(GETSTATIC_U16) A = (Value)STATIC_FIELD(uint16_t); NEXT;
    CASE(GETSTATIC_I32) A = (Value)(int64_t)STATIC_FIELD(int32_t); NEXT;
    CASE(GETSTATIC_I64) A = __atomic_load_n(&STATIC_FIELD(Value), __ATOMIC_ACQUIRE); NEXT;
    CASE(RESOLVE_PUTSTATIC) goto resolve;
    CASE(PUTSTATIC_I8) STATIC_FIELD(int8_t) = (int8_t)A; NEXT;
    CASE(PUTSTATIC_I16) STATIC_FIELD(int16_t) = (int16_t)A; NEXT;
    CASE(PUTSTATIC_I32) STATIC_FIELD(int32_t) = (int32_t)A; NEXT;
    CASE(PUTSTATIC_I64) STATIC_FIELD(Value) = A; NEXT;
    CASE(PUTSTATIC_REF)
    {
        Value *slot = &STATIC_FIELD(Value);
        __atomic_store_n(slot, A, __ATOMIC_RELEASE);
        heap_mark_card(slot);
        NEXT;
    }
    CASE(FENCE) __atomic_thread_fence(__ATOMIC_SEQ_CST); NEXT;

    /* Objects */
    CASE(RESOLVE_NEW) goto resolve;
    CASE(NEW)
    {
        uint64_t literal = LITERAL(WORD_UB(word));
        uint64_t slots = literal >> 32;
        uint64_t header = header_make((uint32_t)literal, FORMAT_JAVA_INSTANCE, slots);
        Value object = heap_bump_nogc(&thread->allocator, header, slots);
        if (UNLIKELY(object == 0)) {
            SAVE();
            object = heap_allocate(&thread->allocator, (uint32_t)literal, FORMAT_JAVA_INSTANCE, slots);
            RELOAD();
            if (object == 0)
                RAISE(RAISE_MEMORY, 0, 0);
        }
        A = object;
        NEXT;
    }
    CASE(RESOLVE_NEW_ARRAY) goto resolve;
    CASE(NEW_ARRAY)
    {
        uint64_t literal = LITERAL(WORD_UC(word));
        int64_t length = SIGNED(B);
        if (UNLIKELY(length < 0))
            RAISE(RAISE_NEGATIVE_SIZE, (uint64_t)length, 0);
        uint64_t slots = 1 + ((((uint64_t)length << (literal >> 32)) + 7) >> 3);
        Value array = 0;
        if (LIKELY(slots < HEADER_SLOTS_MANY))
            array = heap_bump_nogc(&thread->allocator, header_make((uint32_t)literal, FORMAT_JAVA_ARRAY, slots), slots);
        if (UNLIKELY(array == 0)) {
            SAVE();
            array = heap_allocate_array(&thread->allocator, class_at((uint32_t)literal), (uint32_t)length);
            RELOAD();
            if (array == 0)
                RAISE(RAISE_MEMORY, (uint64_t)length, 0);
        }
        *(int64_t *)object_at(array, ARRAY_LENGTH_OFFSET) = length;
        A = array;
        NEXT;
    }
    CASE(RESOLVE_MULTI_ARRAY) goto resolve;
    CASE(RESOLVE_INSTANCEOF) goto resolve;
    CASE(INSTANCEOF)
    {
        Value object = B;
        A = object != 0 && run_is_subclass(object_class_index(object), (uint32_t)LITERAL(WORD_UC(word)));
        NEXT;
    }
    CASE(RESOLVE_CHECKCAST)
    {
        if (A == 0)
            NEXT;
        goto resolve;
    }
    CASE(CHECKCAST)
    {
        Value object = A;
        if (object != 0) {
            uint32_t wanted = (uint32_t)LITERAL(WORD_UC(word));
            if (UNLIKELY(!run_is_subclass(object_class_index(object), wanted)))
                RAISE(RAISE_CAST, object, wanted);
        }
        NEXT;
    }
    CASE(NULL_CHECK) CHECK_NULL(A); NEXT;
    CASE(MONITOR_ENTER)
    {
        CHECK_NULL(A);
        SAVE();
        outcome = run_monitor_enter(thread, A);
        if (LIKELY(outcome == OUTCOME_DONE)) {
            RELOAD(); /* it may have waited: the code is elsewhere then */
            NEXT;
        }
        goto handle_outcome;
    }
    CASE(MONITOR_EXIT)
    {
        CHECK_NULL(A);
        SAVE();
        outcome = run_monitor_exit(thread, A);
        if (LIKELY(outcome == OUTCOME_DONE))
            NEXT;
        goto handle_outcome;
    }
    CASE(THROW)
    {
        CHECK_NULL(A);
        thread->exception = A;
        SAVE();
        goto unwind;
    }

    /* Calls */
    CASE(RESOLVE_STATIC) goto resolve;
    CASE(RESOLVE_SPECIAL) goto resolve;
    CASE(RESOLVE_VIRTUAL) goto resolve;
    CASE(RESOLVE_INTERFACE) goto resolve;
    CASE(RESOLVE_HANDLE) goto resolve;
    CASE(RESOLVE_DYNAMIC) goto resolve;
    CASE(CALL) ENTER((uint32_t)LITERAL(WORD_UB(word)), &A);
    CASE(CALL_NONNULL)
    {
        CHECK_NULL(A);
        ENTER((uint32_t)LITERAL(WORD_UB(word)), &A);
    }
    CASE(CALL_NUMBER) ENTER((uint32_t)WORD_IMM32(word), &A);
    CASE(CALL_NUMBER_NONNULL)
    {
        CHECK_NULL(A);
        ENTER((uint32_t)WORD_IMM32(word), &A);
    }
    CASE(CALL_VIRTUAL)
    {
        CHECK_NULL(A);
        ENTER(class_of(A)->vtable[WORD_UC(word)], &A);
    }
    CASE(CALL_INTERFACE)
    {
        CHECK_NULL(A);
        uint32_t class_index = object_class_index(A);
        uint64_t cell = __atomic_load_n(&SITE(WORD_UC(word)), ORDER_DEPENDENT);
        if (UNLIKELY((cell & HEADER_CLASS_MASK) != class_index)) {
            int hook_outcome = OUTCOME_DONE;
            uint32_t method = (uint32_t)LITERAL(WORD_UB(word));
            uint64_t key = class_index | (uint64_t)(method >> INTERFACE_CACHE_BITS) << 22;
            uint64_t *entry = cell != 0 ? interface_cache_entry(class_index, method) : NULL; /* not for its first class */
            if (entry != NULL) {
                uint64_t cached = __atomic_load_n(entry, ORDER_DEPENDENT);
                if ((cached & ((1ull << 34) - 1)) == key)
                    ENTER((uint32_t)(cached >> 34), &A);
            }
            SAVE();
            cell = code_language(thread, CODE)->find_interface_method(thread, class_index,
                                                                     (uint32_t)LITERAL(WORD_UB(word)), &hook_outcome);
            if (cell == 0) {
                outcome = (Outcome)hook_outcome;
                goto handle_outcome;
            }
            if (entry != NULL)
                __atomic_store_n(entry, cell << 34 | key, __ATOMIC_RELEASE);
            cell = cell << 22 | class_index;
            __atomic_store_n(&SITE(WORD_UC(word)), cell, __ATOMIC_RELEASE);
        }
        ENTER((uint32_t)(cell >> 22), &A);
    }
    CASE(CALL_APPENDIX)
    {
        uint64_t literal = LITERAL(WORD_UB(word));
        Value appendix = array_element(heap_root(CODE->constants_root), WORD_UC(word));
        if (literal & CALL_APPENDIX_NONNULL && UNLIKELY(A == 0))
            goto raise_null;
        if (appendix != 0)
            (&A)[(uint8_t)(literal >> 32)] = appendix;
        ENTER((uint32_t)literal, &A);
    }
    CASE(CALL_POLYMORPHIC)
    {
        uint64_t literal = LITERAL(WORD_UB(word));
        int hook_outcome = OUTCOME_DONE;
        SAVE();
        uint32_t number = code_language(thread, CODE)->find_polymorphic(thread, (uint32_t)literal, &A,
                                                                        (uint32_t)(literal >> 32), &hook_outcome);
        if (UNLIKELY(number == 0)) {
            outcome = (Outcome)hook_outcome;
            goto handle_outcome;
        }
        ENTER(number, &A);
    }
    CASE(RETURN) LEAVE(A);
    CASE(RETURN_VOID)
    {
        Value *frame = fp;
        pc = (uint64_t *)(uintptr_t)frame[FRAME_RETURN];
        fp = (Value *)(uintptr_t)frame[FRAME_CALLER];
        DISPATCH();
    }

    /* The machine's own codes */
    CASE(TRANSLATE)
    {
        if (WORD_A(word) != 0) {
            fp[STUB_METHOD] = target;
            pc++;
        }
        goto translate;
    }
    CASE(NATIVE)
    {
        Primitive *primitive = run_primitive((uint32_t)LITERAL(WORD_UB(word)));
        SAVE();
        result = 0;
        outcome = primitive(thread, fp - WORD_UC(word), &result);
        if (LIKELY(outcome == OUTCOME_DONE))
            LEAVE(result);
        goto handle_outcome;
    }
    CASE(ATTEMPT)
    {
        Primitive *primitive = run_primitive((uint32_t)LITERAL(WORD_UB(word)));
        result = 0;
        if (primitive(thread, fp - WORD_UC(word), &result) == OUTCOME_DONE)
            LEAVE(result);
        NEXT;
    }
    CASE(NATIVE_RETURN) LEAVE(fp[CODE->register_count]);
    CASE(CONTINUE)
    {
        const Continuation *continuation = run_continuation((uint32_t)fp[CONTINUATION_NUMBER]);
        SAVE();
        result = fp[CODE->register_count];
        outcome = continuation->normal(thread, fp + CONTINUATION_STATE, &result);
        if (outcome == OUTCOME_DONE) {
            assert(thread->fp == fp);
            goto continuation_done;
        }
        goto handle_outcome;
    }
    CASE(RAISE) RAISE((enum RaiseKind)WORD_A(word), CODE->method, 0);
    CASE(EXIT)
    {
        thread->result = fp[FRAME_HEADER];
        SAVE();
        return;
    }
    CASE(SAFEPOINT)
    {
        if (UNLIKELY(LOAD_SIGN(&thread->poll) != 0)) {
            SAVE();
            run_safepoint(thread);
            RELOAD();
        }
        NEXT;
    }
    CASE(MARK) NEXT;
    CASE(WATCHED)
    {
        SAVE();
        EXECUTE_LINKED(watch_count(thread, word));
    }

#include "run/interpret_tagged.inc"

#if defined(RUN_DISPATCH_SWITCH)
    default:
        abort();
    }
#endif

    /* ---- slow ways, shared ---- */

poll:
    SAVE();
    run_safepoint(thread);
    if (LOAD_SIGN(&thread->poll) != 0)
        __atomic_store_n(&thread->stack_limit, thread->stack_base, __ATOMIC_RELAXED); /* somebody wants to see every one */
polled:
    if (UNLIKELY(run_is_posted(thread)) && run_raise_posted(thread) == OUTCOME_THROW)
        goto unwind;
    if (run_language(thread->language)->polled != NULL) {
        outcome = (Outcome)run_language(thread->language)->polled(thread);
        if (outcome != OUTCOME_DONE)
            goto handle_outcome;
    }
    RELOAD();
    DISPATCH();

resolve: {
    uint32_t operation = run_word_operation(CODE, word);
    uint64_t final = (word & ~0xffffull) | operation;
    SAVE();
    outcome = (Outcome)code_language(thread, CODE)->resolve(thread, operation, &final);
    if (outcome != OUTCOME_DONE)
        goto handle_outcome;
    assert(thread->fp == fp); /* who has pushed a frame is not done */
    RELOAD(); /* the hook may have moved the frame to a private copy of its code */
    if ((final & 0xffff) == OP_NOP)
        NEXT;
    EXECUTE_WORD(final);
}

translate: {
    uint32_t number = (uint32_t)fp[STUB_METHOD];
    SAVE();
    freeze_note_method(thread, number);
    outcome = (Outcome)run_language(method_at(number)->language)->translate(thread, number);
    if (outcome != OUTCOME_DONE)
        goto handle_outcome;
    Code *made = method_entry(number);
    assert(made->argument_slots == CODE->argument_slots);
    if (UNLIKELY(fp + made->register_count > run_real_stack_limit(thread)))
        RAISE(RAISE_STACK, 0, 0);
    fp[FRAME_CODE] = (Value)(uintptr_t)made;
    pc = made->words;
    DISPATCH();
}

stack_limit: /* the stack is full, or somebody wants all to look */
    SAVE();
    if (top > run_real_stack_limit(thread)) {
        outcome = run_raise(thread, RAISE_STACK, 0, 0);
        goto handle_outcome;
    }
    run_safepoint(thread);
    run_stack_limit_reset(thread);
    BEGIN_AGAIN(thread->pc);
    goto polled;

enter_other: { /* a send has become another, with other arguments: it cannot begin again any more */
    Code *callee = method_entry(target);
    bool fits;
    top += callee->argument_slots;
    fits = top + callee->register_count <= run_real_stack_limit(thread);
    if (UNLIKELY(!fits))
        callee = method_stub(callee->argument_slots); /* which holds arguments only */
    top[FRAME_RETURN] = (Value)(uintptr_t)return_pc;
    top[FRAME_CALLER] = (Value)(uintptr_t)fp;
    top[FRAME_CODE] = (Value)(uintptr_t)callee;
    fp = top;
    pc = callee->words;
    if (LIKELY(fits))
        DISPATCH();
    fp[STUB_METHOD] = target;
    pc++;
    RAISE(RAISE_STACK, 0, 0);
}

raise_null:
    RAISE(RAISE_NULL, 0, 0);
raise_arithmetic:
    RAISE(RAISE_ARITHMETIC, 0, 0);
raise_bounds: /* all element instructions have the array in b and the index in c */
    RAISE(RAISE_BOUNDS, C, *(uint64_t *)object_at(B, ARRAY_LENGTH_OFFSET));

continuation_done: {
    Value *frame = fp;
    bool again = (frame[CONTINUATION_NUMBER] & CONTINUATION_AGAIN) != 0;
    pc = (uint64_t *)(uintptr_t)frame[FRAME_RETURN];
    fp = (Value *)(uintptr_t)frame[FRAME_CALLER];
    if (again)
        BEGIN_AGAIN(pc);
    else
        frame[0] = result;
    if (UNLIKELY(LOAD_SIGN(&thread->poll) != 0) && again)
        goto poll;
    DISPATCH();
}

handle_outcome:
    switch (outcome) {
    case OUTCOME_PUSHED:
        RELOAD();
        DISPATCH();
    case OUTCOME_RETRY:
        if (LOAD_SIGN(&thread->poll) != 0)
            run_safepoint(thread);
        BEGIN_AGAIN(thread->pc);
        RELOAD();
        DISPATCH();
    case OUTCOME_THROW:
        goto unwind;
    case OUTCOME_DONE:
    case OUTCOME_DECLINED:
        break;
    }
    abort(); /* these are handled where they are understood */

unwind:
    outcome = run_unwind(thread);
    RELOAD();
    switch (outcome) {
    case OUTCOME_DONE: /* thread->fp and pc are at the handler */
    case OUTCOME_PUSHED:
        DISPATCH();
    case OUTCOME_RETRY: /* an exceptional continuation is done: its result is in thread->result */
        result = thread->result;
        thread->result = 0;
        goto continuation_done;
    case OUTCOME_DECLINED:
    case OUTCOME_THROW: /* uncaught: thread->exception stays */
        return;
    }
}

void interpret_open(void)
{
    interpret(NULL);
}
