/* quicken.c - the RESOLVE_x instructions: resolve what they name, and put the final instruction in their place.
 *
 * A literal of LITERAL_POOL_LIMIT or more under a RESOLVE_x says that another thread is just replacing the instruction;
 * under the RESOLVE_ of a call, that only the class's initialization is still under way.
 *
 * While its class is being initialized by this very thread an instruction is not replaced, since other threads must
 * wait there: what it does is done here (perform_x), each time anew. */
#include <assert.h>
#include <string.h>

#include "java/define.h"
#include "java/resolve.h"

typedef struct Site {
    Thread *thread;
    uint64_t *word;
    uint32_t class_index, method;
    int literal_index;
    uint64_t literal;
} Site;

static Code *site_code(const Site *site)
{
    return (Code *)(uintptr_t)site->thread->fp[FRAME_CODE];
}

static Value *reg(const Site *site, int index)
{
    return &site->thread->fp[index];
}

static int operand_a(const Site *site)
{
    return WORD_A(*site->word);
}
static int operand_b(const Site *site)
{
    return WORD_B(*site->word);
}

static void set_word(Site *site, uint32_t operation, int a, int b, int c)
{
    *site->word = word_make(operation, a, b, c);
}

/* The final instruction, for good. False: the code could not be changed (see run_patch): do the work here. */
static bool replace(Site *site, uint64_t literal)
{
    assert(literal >= LITERAL_POOL_LIMIT);
    return run_patch(site->thread, *site->word, site->literal_index, literal);
}

static void replace_word(Site *site)
{
    (void)run_patch(site->thread, *site->word, -1, 0);
}

static int done(Site *site) /* all was done here */
{
    *site->word = OP_NOP;
    return OUTCOME_DONE;
}

/* Initializes a class for an instruction that needs it so. *final: the instruction may be replaced. */
static Outcome prepare_class(Site *site, uint32_t class_index, bool *final)
{
    Outcome outcome = java_initialize_class(site->thread, class_index);
    *final = class_is_initialized(class_index);
    return outcome;
}

/* ================================================================ constants */

static int resolve_constant(Site *site)
{
    uint32_t class_index = site->class_index, resolved;
    unsigned cp_index = (unsigned)site->literal;
    uint8_t tag = java_pool_tag(java_class_at(class_index), cp_index);
    int slot = java_pool_slot(java_class_at(class_index), cp_index);
    Outcome outcome;
    Value value;

    switch (tag) {
    case CONSTANT_STRING:
        outcome = java_resolve_string(site->thread, class_index, cp_index, &value);
        break;
    case CONSTANT_CLASS:
        outcome = java_resolve_class(site->thread, class_index, cp_index, &resolved);
        if (outcome == OUTCOME_DONE)
            (void)java_constant_set(class_index, slot, java_mirror(resolved));
        break;
    default:
        outcome = java_resolve_constant_handle(site->thread, class_index, cp_index);
    }
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (tag == CONSTANT_DYNAMIC) {
        char type = symbol_text(java_pool_reference(java_class_at(class_index), cp_index).descriptor)[0];
        if (!java_type_is_reference(type)) { /* a box: its only field */
            const uint8_t *place = object_at(java_constant(class_index, slot), OBJECT_BODY);
            Value bits = 0;
            switch (type) {
            case 'Z': bits = *place & 1u; break;
            case 'B': bits = (Value)(int64_t) * (const int8_t *)place; break;
            case 'S': bits = (Value)(int64_t) * (const int16_t *)(const void *)place; break;
            case 'C': bits = *(const uint16_t *)(const void *)place; break;
            case 'I': bits = (Value)(int64_t) * (const int32_t *)(const void *)place; break;
            case 'F': bits = *(const uint32_t *)(const void *)place; break;
            default: bits = *(const uint64_t *)(const void *)place;
            }
            *reg(site, operand_a(site)) = bits;
            return done(site);
        }
    }
    set_word(site, OP_LOAD_OBJECT, operand_a(site), 0, WORD_UC(*site->word));
    replace_word(site);
    return OUTCOME_DONE;
}

/* ================================================================ instance fields */

static uint32_t get_operation(const JavaField *field)
{
    bool is_volatile = (field->access_flags & ACCESS_VOLATILE) != 0;

    switch (field->type) {
    case 'Z': case 'B': return is_volatile ? OP_GET_VOLATILE_I8 : OP_GET_I8;
    case 'S': return is_volatile ? OP_GET_VOLATILE_I16 : OP_GET_I16;
    case 'C': return is_volatile ? OP_GET_VOLATILE_U16 : OP_GET_U16;
    case 'I': case 'F': return is_volatile ? OP_GET_VOLATILE_I32 : OP_GET_I32;
    default: return is_volatile ? OP_GET_VOLATILE_I64 : OP_GET_I64;
    }
}

static uint32_t put_operation(const JavaField *field)
{
    bool is_volatile = (field->access_flags & ACCESS_VOLATILE) != 0;

    switch (field->type) {
    case 'Z': case 'B': return is_volatile ? OP_PUT_VOLATILE_I8 : OP_PUT_I8;
    case 'S': case 'C': return is_volatile ? OP_PUT_VOLATILE_I16 : OP_PUT_I16;
    case 'I': case 'F': return is_volatile ? OP_PUT_VOLATILE_I32 : OP_PUT_I32;
    case 'J': case 'D': return is_volatile ? OP_PUT_VOLATILE_I64 : OP_PUT_I64;
    default: return is_volatile ? OP_PUT_VOLATILE_REF : OP_PUT_REF;
    }
}

static Value load_field(const JavaField *field, Value object)
{
    const void *place = object_at(object, field->offset);

    switch (field->type) {
    case 'Z': case 'B': return (Value)(int64_t)__atomic_load_n((const int8_t *)place, __ATOMIC_SEQ_CST);
    case 'S': return (Value)(int64_t)__atomic_load_n((const int16_t *)place, __ATOMIC_SEQ_CST);
    case 'C': return __atomic_load_n((const uint16_t *)place, __ATOMIC_SEQ_CST);
    case 'I': case 'F': return (Value)(int64_t)__atomic_load_n((const int32_t *)place, __ATOMIC_SEQ_CST);
    default: return __atomic_load_n((const Value *)place, __ATOMIC_SEQ_CST);
    }
}

static void store_field(const JavaField *field, Value object, Value value)
{
    void *place = object_at(object, field->offset);

    switch (field->type) {
    case 'Z': __atomic_store_n((uint8_t *)place, (uint8_t)(value & 1), __ATOMIC_SEQ_CST); break;
    case 'B': __atomic_store_n((uint8_t *)place, (uint8_t)value, __ATOMIC_SEQ_CST); break;
    case 'S': case 'C': __atomic_store_n((uint16_t *)place, (uint16_t)value, __ATOMIC_SEQ_CST); break;
    case 'I': case 'F': __atomic_store_n((uint32_t *)place, (uint32_t)value, __ATOMIC_SEQ_CST); break;
    default:
        __atomic_store_n((Value *)place, value, __ATOMIC_SEQ_CST);
        if (java_type_is_reference((char)field->type))
            heap_mark_card(place);
    }
}

static int resolve_instance_field(Site *site, bool put)
{
    const JavaField *field;
    Outcome outcome = java_resolve_field(site->thread, site->class_index, (unsigned)site->literal, put ? FIELD_PUT : FIELD_GET,
                                         site->method, &field);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (field->offset <= UINT16_MAX) {
        set_word(site, put ? put_operation(field) : get_operation(field), operand_a(site), operand_b(site), (int)field->offset);
        replace_word(site);
        return OUTCOME_DONE;
    }
    Value object = *reg(site, operand_b(site));
    if (object == 0)
        return run_raise(site->thread, RAISE_NULL, 0, 0);
    if (put)
        store_field(field, object, *reg(site, operand_a(site)));
    else
        *reg(site, operand_a(site)) = load_field(field, object);
    return done(site);
}

/* ================================================================ static fields */

static uint32_t getstatic_operation(const JavaField *field)
{
    switch (field->type) {
    case 'Z': case 'B': return OP_GETSTATIC_I8;
    case 'S': return OP_GETSTATIC_I16;
    case 'C': return OP_GETSTATIC_U16;
    case 'I': case 'F': return OP_GETSTATIC_I32;
    default: return OP_GETSTATIC_I64;
    }
}

static uint32_t putstatic_operation(const JavaField *field)
{
    switch (field->type) {
    case 'Z': case 'B': return OP_PUTSTATIC_I8;
    case 'S': case 'C': return OP_PUTSTATIC_I16;
    case 'I': case 'F': return OP_PUTSTATIC_I32;
    case 'J': case 'D': return OP_PUTSTATIC_I64;
    default: return OP_PUTSTATIC_REF;
    }
}

static int resolve_static_field(Site *site, bool put)
{
    const JavaField *field;
    uint64_t original = *site->word;
    bool final;
    Outcome outcome = java_resolve_field(site->thread, site->class_index, (unsigned)site->literal,
                                         put ? FIELD_PUT_STATIC : FIELD_GET_STATIC, site->method, &field);

    if (outcome != OUTCOME_DONE)
        return outcome;
    ArenaRef at = arena_ref(field);
    outcome = prepare_class(site, field->holder, &final);
    if (outcome != OUTCOME_DONE)
        return outcome;
    field = ARENA(const JavaField, at);
    if (final) {
        const Class *holder = class_at(field->holder);
        uint32_t root = java_type_is_reference((char)field->type) ? holder->statics_root : holder->raw_statics_root;
        set_word(site, put ? putstatic_operation(field) : getstatic_operation(field), operand_a(site), site->literal_index, 0);
        if (replace(site, root | (uint64_t)field->offset << 32))
            return OUTCOME_DONE;
        *site->word = original;
    }
    if (put)
        java_static_set(field, *reg(site, operand_a(site)));
    else
        *reg(site, operand_a(site)) = java_static_get(field);
    return done(site);
}

/* ================================================================ objects */

static uint32_t register_continuation;

/* A finalizable object is registered before its constructor runs. The frame holds it while Finalizer.register runs, then
 * gives it to the instruction, which is executed again. */
static Outcome registered(Thread *thread, Value *state, Value *result)
{
    thread->carrier[1] = state[0];
    return OUTCOME_DONE;
}
static const Continuation register_finalizer = {"java.finalizer", 1, 1, registered, NULL};

static int new_finalizable(Site *site, uint32_t class_index)
{
    Thread *thread = site->thread;
    uint32_t finalizer = java_wellknown_class(thread, JAVA_CLASS_FINALIZER), method;
    Value object, *state, *arguments;

    if (finalizer == 0)
        return OUTCOME_THROW;
    if (!java_class_is_ready(thread, finalizer)) {
        Outcome outcome = java_initialize_class(thread, finalizer);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    method = java_method_text(finalizer, "register", "(Ljava/lang/Object;)V");
    object = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (object == 0)
        return run_raise(thread, RAISE_MEMORY, 0, 0);
    state = run_push_continuation(thread, register_continuation, RUN_THEN_AGAIN);
    if (state == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    state[0] = object;
    arguments = run_push_call(thread, method, RUN_THEN_AGAIN);
    if (arguments == NULL)
        return run_raise(thread, RAISE_STACK, 0, 0);
    arguments[0] = object;
    return OUTCOME_PUSHED;
}

static int resolve_new(Site *site)
{
    Thread *thread = site->thread;
    uint64_t original = *site->word;
    uint32_t class_index;
    bool final;
    Outcome outcome = java_resolve_class(thread, site->class_index, (unsigned)site->literal, &class_index);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (class_at(class_index)->flags & (CLASS_ABSTRACT | CLASS_INTERFACE | CLASS_PRIMITIVE) || class_index == java_class(CLASS))
        return class_index == java_class(CLASS) ? java_throw(thread, "java/lang/IllegalAccessError", "%s", java_class_external_name(class_index))
                                                : java_throw(thread, "java/lang/InstantiationError", "%s", java_class_external_name(class_index));
    outcome = prepare_class(site, class_index, &final);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (class_at(class_index)->flags & CLASS_FINALIZABLE) {
        Value object = thread->carrier[1];
        if (object == 0 || object_class_index(object) != class_index)
            return new_finalizable(site, class_index);
        thread->carrier[1] = 0;
        *reg(site, operand_a(site)) = object;
        return done(site);
    }
    uint32_t slots = class_at(class_index)->slots;
    if (final && slots < HEADER_SLOTS_MANY) {
        set_word(site, OP_NEW, operand_a(site), site->literal_index, 0);
        if (replace(site, class_index | (uint64_t)slots << 32))
            return OUTCOME_DONE;
        *site->word = original;
    }
    Value object = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (object == 0)
        return run_raise(thread, RAISE_MEMORY, 0, 0);
    *reg(site, operand_a(site)) = object;
    return done(site);
}

static int resolve_new_array(Site *site)
{
    Thread *thread = site->thread;
    uint64_t original = *site->word;
    uint32_t element, array;
    Outcome outcome = java_resolve_class(thread, site->class_index, (unsigned)site->literal, &element);

    if (outcome != OUTCOME_DONE)
        return outcome;
    array = java_array_class(thread, element);
    if (array == 0)
        return OUTCOME_THROW;
    set_word(site, OP_NEW_ARRAY, operand_a(site), operand_b(site), site->literal_index);
    if (replace(site, array | (uint64_t)class_at(array)->element_shift << 32))
        return OUTCOME_DONE;
    *site->word = original;
    int32_t length = (int32_t)*reg(site, operand_b(site));
    if (length < 0)
        return run_raise(thread, RAISE_NEGATIVE_SIZE, (uint64_t)(int64_t)length, 0);
    Value made = heap_allocate_array(&thread->allocator, class_at(array), (uint32_t)length);
    if (made == 0)
        return run_raise(thread, RAISE_MEMORY, (uint64_t)length, 0);
    *reg(site, operand_a(site)) = made;
    return done(site);
}

static int resolve_instanceof(Site *site)
{
    uint64_t original = *site->word;
    Value object = *reg(site, operand_b(site));
    uint32_t class_index;

    if (object == 0) {
        *reg(site, operand_a(site)) = 0;
        return done(site);
    }
    Outcome outcome = java_resolve_class(site->thread, site->class_index, (unsigned)site->literal, &class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    set_word(site, OP_INSTANCEOF, operand_a(site), operand_b(site), site->literal_index);
    if (replace(site, class_index))
        return OUTCOME_DONE;
    *site->word = original;
    *reg(site, operand_a(site)) = java_is_instance(*reg(site, operand_b(site)), class_index);
    return done(site);
}

static int resolve_checkcast(Site *site)
{
    uint64_t original = *site->word;
    uint32_t class_index;

    if (*reg(site, operand_a(site)) == 0)
        return done(site);
    Outcome outcome = java_resolve_class(site->thread, site->class_index, (unsigned)site->literal, &class_index);
    if (outcome != OUTCOME_DONE)
        return outcome;
    set_word(site, OP_CHECKCAST, operand_a(site), 0, site->literal_index);
    if (replace(site, class_index))
        return OUTCOME_DONE;
    *site->word = original;
    Value object = *reg(site, operand_a(site));
    if (!java_is_instance(object, class_index))
        return run_raise(site->thread, RAISE_CAST, object, class_index);
    return done(site);
}

/* ---- arrays of arrays ---- */

Value java_new_multi_array(Thread *thread, uint32_t class_index, const int32_t *lengths, unsigned count, int32_t *refused)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value made = heap_allocate_array(&thread->allocator, class_at(class_index), (uint32_t)lengths[0]);

    if (made == 0)
        *refused = lengths[0];
    if (made == 0 || count == 1)
        return made;
    Value *held = heap_hold_nogc(&thread->allocator, made);
    for (int32_t i = 0; i < lengths[0]; i++) {
        Value part = java_new_multi_array(thread, class_at(class_index)->element_class, lengths + 1, count - 1, refused);
        if (part == 0) {
            heap_leave_nogc(&thread->allocator, mark);
            return 0;
        }
        array_store(*held, (uint64_t)i, part);
    }
    made = *held;
    heap_leave_nogc(&thread->allocator, mark);
    return made;
}

static int resolve_multi_array(Site *site)
{
    unsigned count = WORD_UC(*site->word);
    int32_t lengths[256], refused = 0;
    uint32_t class_index;
    Outcome outcome = java_resolve_class(site->thread, site->class_index, (unsigned)site->literal, &class_index);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (count == 0 || count > java_class_at(class_index)->dimensions)
        return java_throw(site->thread, "java/lang/VerifyError", "Bad dimensions of multianewarray in class %s",
                          java_class_external_name(site->class_index));
    for (unsigned i = 0; i < count; i++)
        lengths[i] = (int32_t)*reg(site, operand_a(site) + (int)i);
    for (unsigned i = 0; i < count; i++)
        if (lengths[i] < 0)
            return run_raise(site->thread, RAISE_NEGATIVE_SIZE, (uint64_t)(int64_t)lengths[i], 0);
    Value made = java_new_multi_array(site->thread, class_index, lengths, count, &refused);
    if (made == 0)
        return run_raise(site->thread, RAISE_MEMORY, (uint64_t)refused, 0);
    *reg(site, operand_a(site)) = made;
    return done(site);
}

/* ================================================================ calls */

/* The literal of a call becomes the method's number even where the instruction stays. */
static int call(Site *site, uint32_t operation, uint32_t method, int c, bool final)
{
    uint64_t literal = LITERAL_METHOD_MARK | method;

    set_word(site, operation, operand_a(site), site->literal_index, c);
    if (!final || !replace(site, literal))
        __atomic_store_n(&code_literals(site_code(site))[site->literal_index], literal, __ATOMIC_RELEASE);
    return OUTCOME_DONE;
}

static int resolve_static_call(Site *site)
{
    uint32_t method = (uint32_t)site->literal;
    bool final;

    if (site->literal < LITERAL_POOL_LIMIT) {
        Outcome outcome = java_resolve_method(site->thread, site->class_index, (unsigned)site->literal, CALL_STATIC_, &method);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    Outcome outcome = prepare_class(site, method_at(method)->holder, &final);
    return outcome == OUTCOME_DONE ? call(site, OP_CALL, method, 0, final) : (int)outcome;
}

static int resolve_special_call(Site *site)
{
    uint32_t method = (uint32_t)site->literal;

    if (site->literal < LITERAL_POOL_LIMIT) {
        Outcome outcome = resolve_special(site->thread, site->class_index, (unsigned)site->literal, &method);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return call(site, OP_CALL_NONNULL, method, 0, true);
}

static bool is_direct(const JavaMethod *method)
{
    return (method->access_flags & (ACCESS_PRIVATE | ACCESS_FINAL)) != 0 ||
           (java_class_at(method->method.holder)->access_flags & (ACCESS_FINAL | ACCESS_INTERFACE)) == ACCESS_FINAL;
}

static int call_virtual(Site *site, uint32_t through, uint32_t number)
{
    const JavaMethod *method = java_method_at(number);
    int index;

    if (is_direct(method))
        return call(site, OP_CALL_NONNULL, number, 0, true);
    index = lookup_vtable_index(through, method);
    if (index < 0 || index > UINT16_MAX)
        return java_throw(site->thread, "java/lang/AbstractMethodError", "%s", symbol_text(method->name));
    set_word(site, OP_CALL_VIRTUAL, operand_a(site), 0, index);
    replace_word(site);
    return OUTCOME_DONE;
}

static uint32_t referred_class(const Site *site)
{
    const JavaClass *class = java_class_at(site->class_index);
    return java_pool_resolved(class, java_pool_reference(class, (unsigned)site->literal).class_cp);
}

static int resolve_virtual_call(Site *site)
{
    uint32_t method;

    if (site->literal >= LITERAL_POOL_LIMIT)
        return call(site, OP_CALL_NONNULL, (uint32_t)site->literal, 0, true);
    Outcome outcome = java_resolve_method(site->thread, site->class_index, (unsigned)site->literal, CALL_VIRTUAL_, &method);
    if (outcome != OUTCOME_DONE)
        return outcome;
    uint32_t through = referred_class(site);
    if (java_class_is_array(through))
        through = java_class(OBJECT);
    return call_virtual(site, through, method);
}

static int resolve_interface_call(Site *site)
{
    uint32_t number = (uint32_t)site->literal;
    int c = WORD_UC(*site->word);

    if (site->literal < LITERAL_POOL_LIMIT) {
        Outcome outcome = java_resolve_method(site->thread, site->class_index, (unsigned)site->literal, CALL_INTERFACE_, &number);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    if (java_class_is_interface(java_method_at(number)->method.holder))
        return call(site, OP_CALL_INTERFACE, number, c, true);
    /* A method of Object, which every receiver has: whether this one has the interface is asked here, and, as in HotSpot,
     * not of those that come after it. */
    Value receiver = *reg(site, operand_a(site));
    if (receiver != 0 && site->literal < LITERAL_POOL_LIMIT && !java_is_instance(receiver, referred_class(site)))
        return lookup_refuse_receiver(site->thread, object_class_index(receiver), referred_class(site));
    return call_virtual(site, java_class(OBJECT), number);
}

/* ================================================================ the hooks */

static int literal_operand(uint32_t operation, uint64_t word)
{
    switch (operation) {
    case OP_RESOLVE_GET: case OP_RESOLVE_PUT: case OP_RESOLVE_NEW_ARRAY: case OP_RESOLVE_INSTANCEOF: case OP_RESOLVE_CHECKCAST:
        return WORD_UC(word);
    default:
        return WORD_UB(word);
    }
}

static bool is_call(uint32_t operation)
{
    return operation == OP_RESOLVE_STATIC || operation == OP_RESOLVE_SPECIAL || operation == OP_RESOLVE_VIRTUAL ||
           operation == OP_RESOLVE_INTERFACE;
}

int java_resolve(Thread *thread, uint32_t operation, uint64_t *word)
{
    Site site = {.thread = thread, .word = word, .literal_index = literal_operand(operation, *word)};
    const Code *code = site_code(&site);

    site.method = code->method;
    site.class_index = method_at(code->method)->holder;
    site.literal = __atomic_load_n(&code_literals(code)[site.literal_index], ORDER_DEPENDENT);
    if (site.literal >= LITERAL_POOL_LIMIT && !is_call(operation))
        return OUTCOME_RETRY;
    switch (operation) {
    case OP_RESOLVE_CONSTANT: return resolve_constant(&site);
    case OP_RESOLVE_GET: return resolve_instance_field(&site, false);
    case OP_RESOLVE_PUT: return resolve_instance_field(&site, true);
    case OP_RESOLVE_GETSTATIC: return resolve_static_field(&site, false);
    case OP_RESOLVE_PUTSTATIC: return resolve_static_field(&site, true);
    case OP_RESOLVE_NEW: return resolve_new(&site);
    case OP_RESOLVE_NEW_ARRAY: return resolve_new_array(&site);
    case OP_RESOLVE_MULTI_ARRAY: return resolve_multi_array(&site);
    case OP_RESOLVE_INSTANCEOF: return resolve_instanceof(&site);
    case OP_RESOLVE_CHECKCAST: return resolve_checkcast(&site);
    case OP_RESOLVE_STATIC: return resolve_static_call(&site);
    case OP_RESOLVE_SPECIAL: return resolve_special_call(&site);
    case OP_RESOLVE_VIRTUAL: return resolve_virtual_call(&site);
    case OP_RESOLVE_INTERFACE: return resolve_interface_call(&site);
    case OP_RESOLVE_HANDLE: return java_resolve_handle_call(thread, site.class_index, (unsigned)site.literal, word);
    case OP_RESOLVE_DYNAMIC: return java_resolve_dynamic(thread, site.class_index, (unsigned)site.literal, word);
    default:
        return java_throw(thread, "java/lang/InternalError", "operation %s is not Java's", operation_infos[operation].name);
    }
}

int java_catches(Thread *thread, const Code *code, uint32_t catch_type)
{
    uint32_t class_index = method_at(code->method)->holder, wanted;

    switch (java_resolve_class(thread, class_index, catch_type, &wanted)) {
    case OUTCOME_DONE:
        return java_is_instance(thread->exception, wanted);
    case OUTCOME_PUSHED:
        return -1;
    default:
        return -2;
    }
}

void quicken_open(void)
{
    static bool is_registered;

    if (!is_registered) {
        is_registered = true;
        register_continuation = run_register_continuation(&register_finalizer);
    }
}
