/* npe_message.c - what a NullPointerException says: which action failed, and what was null (JEP 358).
 *
 * The method's bytecode is run over with a stack that holds, instead of values, the bytecode index that each was pushed
 * at. From the instruction that failed the text then follows these back. It is to agree with the peer's to the letter,
 * so the walk makes the same simplifications: bytecode in its order until the failing instruction has been reached, and
 * no knowledge of values that meet from different places. */
#include "java/primitive_internal.h"
#include "java/translate_internal.h"

#define DETAIL_MOST 5
#define UNKNOWN UINT32_MAX    /* values of several places have met */
#define TRACKED_LOCALS 64     /* whether a parameter was overwritten is known of the first ones only */

typedef struct Source {
    uint32_t depth;
    uint64_t written;         /* locals that were stored to */
    uint32_t slots[];         /* where each was pushed, the deepest first; long and double take two */
} Source;

typedef struct Walk {
    const JavaMethod *method;
    const JavaClass *class;
    JavaCode code;
    Source **at;              /* by bytecode index; NULL: not reached */
    Source *now;
    uint32_t room;            /* slots in each Source */
    bool failed, added, complete;
} Walk;

/* ---- the walk ---- */

static void push(Walk *walk, uint32_t pc, unsigned slots)
{
    while (slots-- > 0) {
        if (walk->now->depth >= walk->room) {
            walk->failed = true;
            return;
        }
        walk->now->slots[walk->now->depth++] = pc;
    }
}

static void pop(Walk *walk, unsigned slots)
{
    if (slots > walk->now->depth)
        walk->failed = true;
    else
        walk->now->depth -= slots;
}

static unsigned type_slots(char letter)
{
    return letter == 'V' ? 0 : letter == 'J' || letter == 'D' ? 2 : 1;
}

static void merge(Walk *walk, uint32_t pc)
{
    Source *there;

    if (walk->failed || pc > walk->code.length) {
        walk->failed = true;
        return;
    }
    there = walk->at[pc];
    if (there == NULL) {
        walk->at[pc] = memory_copy(walk->now, sizeof(Source) + walk->room * sizeof(uint32_t));
        walk->failed = walk->at[pc] == NULL;
        walk->added = true;
        return;
    }
    if (there->depth != walk->now->depth) {
        walk->failed = true;
        return;
    }
    for (uint32_t i = 0; i < there->depth; i++)
        if (there->slots[i] != walk->now->slots[i])
            there->slots[i] = UNKNOWN;
    there->written |= walk->now->written;
}

/* Replaces the top `taken` slots by those that order tells, counted from the deepest one taken. */
static void rearrange(Walk *walk, unsigned taken, const char *order)
{
    uint32_t old[4] = {0};

    pop(walk, taken);
    if (walk->failed)
        return;
    memcpy(old, walk->now->slots + walk->now->depth, taken * sizeof old[0]);
    for (; *order != 0; order++)
        push(walk, old[*order - '0'], 1);
}

static void step_stack(Walk *walk, const Instruction *instruction)
{
    static const struct { uint8_t taken; const char *order; } shapes[] = {
        {1, ""}, {2, ""}, {1, "00"}, {2, "101"}, {3, "2012"}, {2, "0101"}, {3, "12012"}, {4, "230123"}, {2, "10"}};
    rearrange(walk, shapes[instruction->operation - BC_POP].taken, shapes[instruction->operation - BC_POP].order);
}

static void step_store(Walk *walk, const Instruction *instruction)
{
    unsigned slots = type_slots("IJFDA"[instruction->operation - BC_ISTORE]);

    pop(walk, slots);
    for (unsigned i = 0; i < slots; i++)
        if (instruction->index + i < TRACKED_LOCALS)
            walk->now->written |= 1ull << (instruction->index + i);
}

static void step_member(Walk *walk, const Instruction *instruction)
{
    const char *descriptor = symbol_text(java_pool_reference(walk->class, instruction->index).descriptor);
    bool call = instruction->operation >= BC_INVOKEVIRTUAL;
    char type = call ? java_descriptor_return(descriptor) : descriptor[0];

    if (call)
        pop(walk, java_descriptor_argument_slots(descriptor));
    if (instruction->operation == BC_PUTSTATIC || instruction->operation == BC_PUTFIELD)
        pop(walk, type_slots(type));
    if (instruction->operation == BC_GETFIELD || instruction->operation == BC_PUTFIELD ||
        (call && instruction->operation != BC_INVOKESTATIC && instruction->operation != BC_INVOKEDYNAMIC))
        pop(walk, 1);
    if (call || instruction->operation == BC_GETSTATIC || instruction->operation == BC_GETFIELD)
        push(walk, instruction->pc, type_slots(type));
}

static void step_effect(Walk *walk, const Instruction *instruction, const char *effect)
{
    for (; *effect != '>'; effect++)
        pop(walk, *effect == 'J' ? 2 : 1);
    for (effect++; *effect != 0; effect++)
        push(walk, instruction->pc, *effect == 'J' ? 2 : 1);
}

static void step(Walk *walk, const Instruction *instruction)
{
    const char *effect = bytecode_infos[instruction->operation].effect;

    switch (instruction->operation) {
    case BC_CHECKCAST: case BC_IINC: case BC_RET:
        break;
    case BC_LDC: case BC_JSR:
        push(walk, instruction->pc, 1);
        break;
    case BC_ILOAD ... BC_ALOAD:
        push(walk, instruction->pc, type_slots("IJFDA"[instruction->operation - BC_ILOAD]));
        break;
    case BC_ISTORE ... BC_ASTORE:
        step_store(walk, instruction);
        break;
    case BC_POP ... BC_SWAP:
        step_stack(walk, instruction);
        break;
    case BC_GETSTATIC ... BC_INVOKEDYNAMIC:
        step_member(walk, instruction);
        break;
    case BC_MULTIANEWARRAY:
        pop(walk, instruction->number);
        push(walk, instruction->pc, 1);
        break;
    default:
        if (effect != NULL)
            step_effect(walk, instruction, effect);
        else
            walk->failed = true;
    }
}

/* One instruction: what lies on the stack before it goes on to what may follow it. Gives where the next one stands. */
static uint32_t walk_instruction(Walk *walk, uint32_t pc)
{
    Instruction instruction;
    unsigned flags;

    if (translate_decode(walk->code.bytes, walk->code.length, pc, &instruction) != OK) {
        walk->failed = true;
        return walk->code.length;
    }
    if (walk->at[pc] == NULL) {
        walk->complete = false;
        return instruction.next;
    }
    memcpy(walk->now, walk->at[pc], sizeof(Source) + walk->room * sizeof(uint32_t));
    step(walk, &instruction);
    flags = bytecode_infos[instruction.operation].flags;
    if (!(flags & BYTECODE_END))
        merge(walk, instruction.next);
    if (flags & BYTECODE_BRANCH) {
        merge(walk, instruction.target);
        for (uint32_t i = 0; i < instruction.count && !walk->failed; i++)
            merge(walk, translate_switch_target(walk->code.bytes, &instruction, i));
    }
    return instruction.next;
}

static Source *new_source(const Walk *walk)
{
    return memory_allocate(sizeof(Source) + walk->room * sizeof(uint32_t));
}

static bool walk_begin(Walk *walk)
{
    walk->room = walk->code.max_stack + 1u;
    walk->at = memory_allocate_array((size_t)walk->code.length + 1, sizeof *walk->at);
    walk->now = new_source(walk);
    if (walk->at == NULL || walk->now == NULL || (walk->at[0] = new_source(walk)) == NULL)
        return false;
    for (uint32_t i = 0; i < walk->code.exception_count; i++) {
        uint32_t handler = read_be16(walk->code.exceptions + 8 * i + 4);
        if (handler >= walk->code.length || walk->at[handler] != NULL)
            continue;
        if ((walk->at[handler] = new_source(walk)) == NULL)
            return false;
        walk->at[handler]->depth = 1;
        walk->at[handler]->slots[0] = handler;
    }
    return true;
}

/* Until the instruction at pc has been reached, or nothing more can be. */
static bool walk_to(Walk *walk, uint32_t pc)
{
    walk->complete = false;
    walk->added = true;
    while (!walk->complete && walk->added) {
        walk->complete = true;
        walk->added = false;
        for (uint32_t i = 0; i < walk->code.length;) {
            i = walk_instruction(walk, i);
            if (walk->failed)
                return false;
            if (i == pc && walk->at[i] != NULL) {
                walk->complete = true;
                break;
            }
        }
    }
    return true;
}

static void walk_end(Walk *walk)
{
    for (uint32_t i = 0; walk->at != NULL && i <= walk->code.length; i++)
        memory_free(walk->at[i]);
    memory_free(walk->at);
    memory_free(walk->now);
}

/* ---- names ---- */

/* "java.lang.Object" and "java.lang.String" lose their package, and so does what begins like them. */
static const char *skip_known_package(const char *name)
{
    bool known = strncmp(name, "java.lang.Object", 16) == 0 || strncmp(name, "java.lang.String", 16) == 0;
    return known ? name + strlen("java.lang.") : name;
}

static void append_class(Bytes *text, SymbolRef name)
{
    const char *dotted = java_external_name(name);

    if (strcmp(dotted, "java.lang.Object") == 0 || strcmp(dotted, "java.lang.String") == 0)
        dotted = skip_known_package(dotted);
    (void)bytes_append_text(text, dotted);
}

static void append_parameter_types(Bytes *text, SymbolRef descriptor)
{
    Bytes types = {0};
    const char *from, *end;

    java_append_parameters(&types, symbol_text(descriptor));
    from = bytes_as_text(&types);
    while (from != NULL && *from != 0) {
        from = skip_known_package(from);
        end = strstr(from, ", ");
        end = end != NULL ? end + 2 : from + strlen(from);
        (void)bytes_append(text, from, (size_t)(end - from));
        from = end;
    }
    bytes_free(&types);
}

static void append_method(Bytes *text, const Walk *walk, unsigned cp_index)
{
    JavaReference reference = java_pool_reference(walk->class, cp_index);

    append_class(text, reference.class_name);
    (void)bytes_append_format(text, ".%s(", symbol_text(reference.name));
    append_parameter_types(text, reference.descriptor);
    (void)bytes_append_text(text, ")");
}

/* The name that the LocalVariableTable gives a local at pc; NULL: none. */
static const char *local_name(const Walk *walk, uint32_t pc, unsigned local)
{
    const uint8_t *table = java_class_bytes(walk->class) + walk->method->local_variables;
    unsigned count = walk->method->local_variables != 0 ? read_be16(table) : 0;

    for (unsigned i = 0; i < count; i++) {
        const uint8_t *entry = table + 2 + 10 * i;
        unsigned start = read_be16(entry), length = read_be16(entry + 2);
        if (pc >= start && pc < start + length && read_be16(entry + 8) == local)
            return symbol_text(java_pool_utf8(walk->class, read_be16(entry + 4)));
    }
    return NULL;
}

/* The number of the parameter that a local is; 0: it is none. */
static unsigned parameter_number(const Walk *walk, unsigned local)
{
    unsigned at = walk->method->access_flags & ACCESS_STATIC ? 0 : 1, number = 1, length;
    JavaParameters parameters = java_parameters(symbol_text(walk->method->descriptor));
    const char *start;
    char type;

    while ((type = java_parameters_next(&parameters, &start, &length)) != 0 && !parameters.at_return) {
        if (local >= at && local < at + type_slots(type))
            return number;
        at += type_slots(type);
        number++;
    }
    return 0;
}

/* pc: of the instruction that loads it; use: of the one that takes it from the stack. */
static void append_local(Bytes *text, const Walk *walk, uint32_t pc, uint32_t use, unsigned local)
{
    const char *name = local_name(walk, pc, local);
    bool is_parameter = local < TRACKED_LOCALS && !(walk->at[use]->written >> local & 1);

    if (name != NULL)
        (void)bytes_append_text(text, name);
    else if (local == 0 && is_parameter && !(walk->method->access_flags & ACCESS_STATIC))
        (void)bytes_append_text(text, "this");
    else if (is_parameter && parameter_number(walk, local) != 0)
        (void)bytes_append_format(text, "<parameter%u>", parameter_number(walk, local));
    else
        (void)bytes_append_format(text, "<local%u>", local);
}

/* ---- the text ---- */

static bool append_failed_action(Bytes *text, const Walk *walk, const Instruction *instruction)
{
    static const char *const elements[] = {"int", "long", "float", "double", "object", "byte/boolean", "char", "short"};
    uint8_t operation = instruction->operation;

    if (operation >= BC_IALOAD && operation <= BC_SALOAD) {
        (void)bytes_append_format(text, "Cannot load from %s array", elements[operation - BC_IALOAD]);
        return true;
    }
    if (operation >= BC_IASTORE && operation <= BC_SASTORE) {
        (void)bytes_append_format(text, "Cannot store to %s array", elements[operation - BC_IASTORE]);
        return true;
    }
    switch (operation) {
    case BC_ARRAYLENGTH: (void)bytes_append_text(text, "Cannot read the array length"); return true;
    case BC_ATHROW: (void)bytes_append_text(text, "Cannot throw exception"); return true;
    case BC_MONITORENTER: (void)bytes_append_text(text, "Cannot enter synchronized block"); return true;
    case BC_MONITOREXIT: (void)bytes_append_text(text, "Cannot exit synchronized block"); return true;
    case BC_GETFIELD: case BC_PUTFIELD:
        (void)bytes_append_format(text, "Cannot %s field \"%s\"", operation == BC_GETFIELD ? "read" : "assign",
                                  symbol_text(java_pool_reference(walk->class, instruction->index).name));
        return true;
    case BC_INVOKEVIRTUAL: case BC_INVOKESPECIAL: case BC_INVOKEINTERFACE:
        (void)bytes_append_text(text, "Cannot invoke \"");
        append_method(text, walk, instruction->index);
        (void)bytes_append_text(text, "\"");
        return true;
    default:
        return false;
    }
}

/* The slot, from the top of the stack, of the reference that was null; -1: no message is to be made. */
static int null_slot(const Walk *walk, const Instruction *instruction)
{
    JavaReference reference;

    switch (instruction->operation) {
    case BC_IALOAD ... BC_SALOAD: return 1;
    case BC_IASTORE: case 81: case BC_AASTORE: case BC_BASTORE: case BC_CASTORE: case BC_SASTORE: return 2;
    case 80: case 82: return 3; /* longs and doubles */
    case BC_ARRAYLENGTH: case BC_ATHROW: case BC_MONITORENTER: case BC_MONITOREXIT: case BC_GETFIELD: return 0;
    case BC_PUTFIELD:
        return (int)type_slots(symbol_text(java_pool_reference(walk->class, instruction->index).descriptor)[0]);
    case BC_INVOKEVIRTUAL: case BC_INVOKESPECIAL: case BC_INVOKEINTERFACE:
        reference = java_pool_reference(walk->class, instruction->index);
        return reference.name == SYM(INIT) ? -1 : (int)java_descriptor_argument_slots(symbol_text(reference.descriptor));
    default: return -1;
    }
}

static bool is_call(uint8_t operation)
{
    return operation >= BC_INVOKEVIRTUAL && operation <= BC_INVOKEINTERFACE;
}

static bool append_source(Bytes *text, const Walk *walk, uint32_t pc, int slot, int detail, bool inner, const char *prefix);

static void append_element(Bytes *text, const Walk *walk, uint32_t pc, int detail, bool inner)
{
    if (!append_source(text, walk, pc, 1, detail - 1, inner, ""))
        (void)bytes_append_text(text, "<array>");
    (void)bytes_append_text(text, "[");
    if (!append_source(text, walk, pc, 0, detail, true, ""))
        (void)bytes_append_text(text, "...");
    (void)bytes_append_text(text, "]");
}

static void append_field(Bytes *text, const Walk *walk, const Instruction *source, int detail, bool inner)
{
    JavaReference reference = java_pool_reference(walk->class, source->index);

    if (source->operation == BC_GETSTATIC)
        append_class(text, reference.class_name);
    if (source->operation == BC_GETSTATIC || append_source(text, walk, source->pc, 0, detail - 1, inner, ""))
        (void)bytes_append_text(text, ".");
    (void)bytes_append_text(text, symbol_text(reference.name));
}

/* What pushed the given slot of the stack at pc. inner: within the index of an array. False: nothing can be said. */
static bool append_source(Bytes *text, const Walk *walk, uint32_t pc, int slot, int detail, bool inner, const char *prefix)
{
    const Source *stack = walk->at[pc];
    Instruction source;
    uint32_t from;

    if (detail <= 0 || stack == NULL || (uint32_t)slot >= stack->depth)
        return false;
    from = stack->slots[stack->depth - 1 - (uint32_t)slot];
    if (from == UNKNOWN || translate_decode(walk->code.bytes, walk->code.length, from, &source) != OK)
        return false;
    if (detail == DETAIL_MOST && !is_call(source.operation))
        (void)bytes_append_text(text, prefix);
    switch (source.operation) {
    case BC_ILOAD: case BC_ALOAD:
        append_local(text, walk, from, pc, source.index);
        return true;
    case BC_ACONST_NULL:
        (void)bytes_append_text(text, "null");
        return true;
    case BC_ICONST_M1 ... BC_ICONST_5:
        (void)bytes_append_format(text, "%d", source.operation - BC_ICONST_0);
        return true;
    case BC_BIPUSH: case BC_SIPUSH:
        (void)bytes_append_format(text, "%d", source.value);
        return true;
    case BC_IALOAD: case 50: /* aaload */
        append_element(text, walk, from, detail, inner);
        return true;
    case BC_GETSTATIC: case BC_GETFIELD:
        append_field(text, walk, &source, detail, inner);
        return true;
    default:
        if (!is_call(source.operation))
            return false;
        if (detail == DETAIL_MOST && !inner)
            (void)bytes_append_text(text, " because the return value of \"");
        append_method(text, walk, source.index);
        return true;
    }
}

static bool append_message(Bytes *text, Walk *walk, uint32_t pc)
{
    Instruction instruction;
    int slot;

    if (translate_decode(walk->code.bytes, walk->code.length, pc, &instruction) != OK)
        return false;
    slot = null_slot(walk, &instruction);
    if (slot < 0 || !walk_begin(walk) || !walk_to(walk, pc) || !append_failed_action(text, walk, &instruction))
        return false;
    if (append_source(text, walk, pc, slot, DETAIL_MOST, false, " because \""))
        (void)bytes_append_text(text, "\" is null");
    return true;
}

bool java_null_message(uint32_t method, uint32_t pc, Bytes *text)
{
    Walk walk = {.method = java_method_at(method)};
    bool made;

    walk.class = java_method_holder(walk.method);
    walk.code = java_method_code(walk.method);
    if (walk.code.length == 0)
        return false;
    made = append_message(text, &walk, pc);
    walk_end(&walk);
    return made;
}
