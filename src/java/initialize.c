/* initialize.c - preparation (statics) and initialization of classes (JVMS 5.4.2, 5.5).
 *
 * Initialization is one continuation. Its frame stands while the superclass, then the superinterfaces with default
 * methods, are initialized, and while <clinit> runs; it is entered again after each, looks what remains, and does the
 * next. So the depth of class hierarchies is depth of guest frames, not of C ones. */
#include <stdlib.h>
#include <string.h>

#include "java/define.h"
#include "java/initialize.h"
#include "java/resolve.h"

Outcome (*java_verify_hook)(Thread *thread, uint32_t class_index);

static OsMutex state_lock;
static _Atomic uint32_t state_changes; /* futex word: some class's state changed */
static uint32_t initialize_continuation;

#define WAIT_NS 20000000 /* then look for safepoints again */

/* ================================================================ linking */

static Value new_hidden_array(Thread *thread, uint32_t class_index, uint32_t length)
{
    Value array = heap_allocate_old(&thread->allocator, class_index, FORMAT_JAVA_ARRAY, 1 + (uint64_t)length);

    if (array != 0)
        *(uint64_t *)object_at(array, ARRAY_LENGTH_OFFSET) = length;
    return array;
}

Value java_statics(const JavaField *field)
{
    const Class *class = class_at(field->holder);
    return heap_root(java_type_is_reference((char)field->type) ? class->statics_root : class->raw_statics_root);
}

static void *static_place(const JavaField *field)
{
    return object_at(java_statics(field), field->offset);
}

uint64_t java_static_get(const JavaField *field)
{
    const void *place = static_place(field);

    switch (field->type) {
    case 'Z': case 'B': return (uint64_t)(int64_t) * (const int8_t *)place;
    case 'S': return (uint64_t)(int64_t) * (const int16_t *)place;
    case 'C': return *(const uint16_t *)place;
    case 'I': case 'F': return (uint64_t)(int64_t) * (const int32_t *)place;
    default: return __atomic_load_n((const uint64_t *)place, __ATOMIC_SEQ_CST);
    }
}

void java_static_set(const JavaField *field, uint64_t value)
{
    void *place = static_place(field);

    switch (field->type) {
    case 'Z': __atomic_store_n((uint8_t *)place, value & 1, __ATOMIC_RELAXED); break;
    case 'B': __atomic_store_n((uint8_t *)place, (uint8_t)value, __ATOMIC_RELAXED); break;
    case 'S': case 'C': __atomic_store_n((uint16_t *)place, (uint16_t)value, __ATOMIC_RELAXED); break;
    case 'I': case 'F': __atomic_store_n((uint32_t *)place, (uint32_t)value, __ATOMIC_RELAXED); break;
    default:
        __atomic_store_n((uint64_t *)place, value, __ATOMIC_SEQ_CST);
        if (java_type_is_reference((char)field->type))
            heap_mark_card(place);
    }
}

/* A hidden array as a root of the class, unless another thread has made it. */
static bool make_root(Thread *thread, uint32_t class_index, uint32_t hidden, uint32_t length, uint32_t *root)
{
    Value array = new_hidden_array(thread, hidden, length);

    if (array != 0)
        *root = heap_root_add(array, java_class_at(class_index)->loader);
    if (array != 0 && *root != 0)
        return true;
    (void)java_throw_memory(thread);
    return false;
}

static uint32_t raw_words(const JavaClass *class)
{
    return (class->static_raw_bytes + 7) / 8;
}

/* Makes the statics and the constants object. */
static bool make_objects(Thread *thread, uint32_t class_index)
{
    uint32_t references = 0, raw = 0, constants = 0;

    if (!make_root(thread, class_index, CLASS_INDEX_HIDDEN_REFERENCES, java_class_at(class_index)->static_references, &references) ||
        !make_root(thread, class_index, CLASS_INDEX_HIDDEN_RAW, raw_words(java_class_at(class_index)), &raw) ||
        !make_root(thread, class_index, CLASS_INDEX_HIDDEN_REFERENCES, java_class_at(class_index)->constant_slot_count, &constants))
        return false;
    os_mutex_lock(&state_lock);
    Class *class = class_at(class_index);
    bool first = class->constants_root == 0;
    if (first) {
        class->statics_root = references;
        class->raw_statics_root = raw;
        __atomic_store_n(&class->constants_root, constants, __ATOMIC_RELEASE); /* last: it tells that all are there */
    }
    os_mutex_unlock(&state_lock);
    if (!first) {
        heap_root_remove(references);
        heap_root_remove(raw);
        heap_root_remove(constants);
    }
    return true;
}

/* Not of a class that another thread has linked meanwhile: code may have written its statics. */
static void set_constant(uint32_t class_index, const JavaField *field, uint64_t value)
{
    os_mutex_lock(&state_lock);
    if (java_class_state(java_class_at(class_index)) == JAVA_LOADED)
        java_static_set(field, value);
    os_mutex_unlock(&state_lock);
}

/* static fields with ConstantValue. */
static bool set_constants(Thread *thread, uint32_t class_index)
{
    for (uint32_t i = 0; i < java_class_at(class_index)->field_count; i++) {
        const JavaClass *class = java_class_at(class_index);
        const JavaField *field = java_field_at(class, i);
        if (!(field->access_flags & ACCESS_STATIC) || field->constant_value == 0)
            continue;
        if (field->type == 'L') {
            Value string = java_string_intern_symbol(thread, java_pool_string(class, field->constant_value));
            if (string == 0)
                return false;
            set_constant(class_index, java_field_at(java_class_at(class_index), i), string);
        } else {
            set_constant(class_index, field, *java_pool_cell(class, field->constant_value));
        }
    }
    return true;
}

static Outcome link_one(Thread *thread, uint32_t class_index)
{
    if (java_verify_hook != NULL && !(java_class_flags(java_class_at(class_index)) & (JAVA_CLASS_TRUSTED | JAVA_CLASS_VERIFIED))) {
        Outcome outcome = java_verify_hook(thread, class_index);
        if (outcome != OUTCOME_DONE)
            return outcome;
        __atomic_or_fetch(&java_class_at(class_index)->flags, JAVA_CLASS_VERIFIED, __ATOMIC_RELAXED);
    }
    if (!(java_class_flags(java_class_at(class_index)) & JAVA_CLASS_TRUSTED) && constraint_check_class(thread, class_index) != OUTCOME_DONE)
        return OUTCOME_THROW;
    if (__atomic_load_n(&class_at(class_index)->constants_root, __ATOMIC_ACQUIRE) == 0 && !make_objects(thread, class_index))
        return OUTCOME_THROW;
    if (!set_constants(thread, class_index))
        return OUTCOME_THROW;
    os_mutex_lock(&state_lock);
    if (java_class_state(java_class_at(class_index)) == JAVA_LOADED)
        __atomic_store_n(&java_class_at(class_index)->state, JAVA_LINKED, __ATOMIC_RELEASE);
    os_mutex_unlock(&state_lock);
    return OUTCOME_DONE;
}

Outcome java_link_class(Thread *thread, uint32_t class_index)
{
    while (java_class_state(java_class_at(class_index)) == JAVA_LOADED) {
        uint32_t next = class_index; /* the uppermost one that is not linked */
        for (uint32_t at = class_at(class_index)->super; at != 0; at = class_at(at)->super) {
            if (java_class_state(java_class_at(at)) != JAVA_LOADED)
                break;
            next = at;
        }
        Outcome outcome = link_one(thread, next);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return OUTCOME_DONE;
}

/* ================================================================ initialization */

bool java_class_is_ready(Thread *thread, uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);

    if (class_is_initialized(class_index))
        return true;
    /* Read without the lock: nobody but this thread writes or clears its own number. */
    return java_class_state(class) == JAVA_INITIALIZING &&
           __atomic_load_n(&class->initializer_thread, __ATOMIC_RELAXED) == thread->number;
}

enum Claim { CLAIM_READY, CLAIM_TAKEN, CLAIM_BUSY, CLAIM_FAILED };

static enum Claim claim(Thread *thread, uint32_t class_index)
{
    JavaClass *class = java_class_at(class_index);
    enum Claim claimed;

    os_mutex_lock(&state_lock);
    switch (java_class_state(class)) {
    case JAVA_LINKED:
        __atomic_store_n(&class->initializer_thread, thread->number, __ATOMIC_RELAXED);
        __atomic_store_n(&class->state, JAVA_INITIALIZING, __ATOMIC_RELEASE);
        claimed = CLAIM_TAKEN;
        break;
    case JAVA_INITIALIZING:
        claimed = class->initializer_thread == thread->number ? CLAIM_READY : CLAIM_BUSY;
        break;
    case JAVA_ERRONEOUS:
        claimed = CLAIM_FAILED;
        break;
    default:
        claimed = CLAIM_READY;
    }
    os_mutex_unlock(&state_lock);
    return claimed;
}

static void set_state(uint32_t class_index, enum JavaState state)
{
    JavaClass *class = java_class_at(class_index);

    os_mutex_lock(&state_lock);
    __atomic_store_n(&class->initializer_thread, 0, __ATOMIC_RELAXED);
    if (state == JAVA_INITIALIZED) {
        os_order_everywhere(); /* other threads meet replaced instructions without looking at this flag */
        __atomic_store_n(&class_at(class_index)->initialized, 1, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&class->state, state, __ATOMIC_RELEASE);
    os_mutex_unlock(&state_lock);
    atomic_fetch_add(&state_changes, 1);
    os_futex_wake(&state_changes, INT32_MAX);
}

static void wait_for_change(Thread *thread, uint32_t class_index)
{
    uint32_t changes = atomic_load(&state_changes);

    if (java_class_state(java_class_at(class_index)) != JAVA_INITIALIZING)
        return;
    run_leave(thread);
    (void)os_futex_wait(&state_changes, changes, WAIT_NS);
    run_enter(thread);
}

/* "Could not initialize class X", caused by an account of what went wrong the first time. */
static Outcome raise_failed(Thread *thread, uint32_t class_index)
{
    uint32_t root = java_class_at(class_index)->error_root;
    char message[1024];

    snprintf(message, sizeof message, "Could not initialize class %s", java_class_external_name(class_index));
    if (root == 0)
        return java_throw(thread, "java/lang/NoClassDefFoundError", "%s", message);
    thread->exception = heap_root(root);
    return java_throw_caused(thread, "java/lang/NoClassDefFoundError", message);
}

/* ---- what comes before <clinit> ---- */

typedef ARRAY_OF(uint32_t) Pending;

/* Puts the superinterfaces of a class on the stack, the first uppermost, where default methods are about. */
static Result push_interfaces(Pending *pending, uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    const uint32_t *interfaces = ARENA(const uint32_t, class->interfaces);
    Result result = OK;

    for (uint32_t i = class->interface_count; i-- > 0;)
        if (java_class_flags(java_class_at(interfaces[i])) & JAVA_CLASS_HAS_DEFAULTS)
            TRY(array_push(pending, interfaces[i]));
done:
    return result;
}

#define SEEN_ABOVE (1u << 31)

/* The next superinterface to initialize: those that declare defaults, superinterfaces first, left to right. 0: none. */
static uint32_t next_interface(Thread *thread, uint32_t class_index)
{
    Pending pending = {0};
    uint32_t found = 0;
    Result result = push_interfaces(&pending, class_index);

    while (result == OK && pending.count != 0 && found == 0) {
        uint32_t *top = &pending.items[pending.count - 1], at = *top & ~SEEN_ABOVE;
        if (!(*top & SEEN_ABOVE)) {
            *top |= SEEN_ABOVE;
            result = push_interfaces(&pending, at);
            continue;
        }
        (void)array_pop(&pending);
        if ((java_class_flags(java_class_at(at)) & JAVA_CLASS_DECLARES_DEFAULTS) && !java_class_is_ready(thread, at))
            found = at;
    }
    array_free(&pending);
    return found;
}

static uint32_t next_before(Thread *thread, uint32_t class_index)
{
    uint32_t super = class_at(class_index)->super;

    if (java_class_is_interface(class_index))
        return 0;
    if (super != 0 && !java_class_is_ready(thread, super))
        return super;
    return java_class_flags(java_class_at(class_index)) & JAVA_CLASS_HAS_DEFAULTS ? next_interface(thread, class_index) : 0;
}

/* ---- the continuation ---- */

enum InitializeState { INITIALIZE_CLASS, INITIALIZE_RUNNING, INITIALIZE_STATE_COUNT };

static Outcome push_initialization(Thread *thread, uint32_t class_index)
{
    Value *state = run_push_continuation(thread, initialize_continuation, RUN_THEN_AGAIN);

    if (state == NULL) {
        set_state(class_index, JAVA_LINKED);
        return run_raise(thread, RAISE_STACK, 0, 0);
    }
    state[INITIALIZE_CLASS] = class_index;
    return OUTCOME_PUSHED; /* the interpreter enters it at once */
}

static Outcome start(Thread *thread, uint32_t class_index)
{
    Outcome outcome = java_link_class(thread, class_index);

    if (outcome != OUTCOME_DONE)
        return outcome;
    switch (claim(thread, class_index)) {
    case CLAIM_READY:
        return OUTCOME_DONE;
    case CLAIM_BUSY:
        wait_for_change(thread, class_index);
        return OUTCOME_RETRY;
    case CLAIM_FAILED:
        return raise_failed(thread, class_index);
    default:
        return push_initialization(thread, class_index);
    }
}

Outcome java_initialize_class(Thread *thread, uint32_t class_index)
{
    return class_is_initialized(class_index) ? OUTCOME_DONE : start(thread, class_index);
}

static Outcome initialize_normal(Thread *thread, Value *state, Value *result)
{
    uint32_t class_index = (uint32_t)state[INITIALIZE_CLASS], before;
    Outcome outcome = OUTCOME_DONE;

    while (!state[INITIALIZE_RUNNING] && (before = next_before(thread, class_index)) != 0) {
        outcome = start(thread, before);
        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    if (!state[INITIALIZE_RUNNING] && (java_class_flags(java_class_at(class_index)) & JAVA_CLASS_HAS_CLINIT)) {
        uint32_t method = java_find_declared_method(class_index, SYM(CLINIT), SYM(VOID_VOID));
        state[INITIALIZE_RUNNING] = 1;
        if (run_push_call(thread, method, RUN_THEN_AGAIN) == NULL)
            return run_raise(thread, RAISE_STACK, 0, 0);
        return OUTCOME_PUSHED;
    }
    set_state(class_index, JAVA_INITIALIZED);
    return OUTCOME_DONE;
}

/* The account that later attempts get as the cause: an ExceptionInInitializerError with the first stack trace. */
static void record_failure(Thread *thread, uint32_t class_index)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *failure = heap_hold_nogc(&thread->allocator, thread->exception);
    Value message = heap_load(*failure, java_offset(THROWABLE_MESSAGE));
    Value name = thread->guest_thread != 0 ? heap_load(thread->guest_thread, java_offset(THREAD_NAME)) : 0;
    SymbolRef message_text = message != 0 ? java_symbol_from_string(message, false) : 0;
    SymbolRef name_text = name != 0 ? java_symbol_from_string(name, false) : 0;
    SymbolRef text = java_symbol_format("Exception %s%s%s [in thread \"%s\"]", java_class_external_name(object_class_index(*failure)),
                                        message_text != 0 ? ": " : "", message_text != 0 ? symbol_text(message_text) : "",
                                        name_text != 0 ? symbol_text(name_text) : "main");

    thread->exception = 0;
    if (java_throw(thread, "java/lang/ExceptionInInitializerError", "%s", symbol_text(text)) == OUTCOME_THROW && thread->exception != 0) {
        Value account = thread->exception;
        heap_store(account, java_offset(THROWABLE_BACKTRACE), heap_load(*failure, java_offset(THROWABLE_BACKTRACE)));
        *(int32_t *)object_at(account, java_offset(THROWABLE_DEPTH)) = *(int32_t *)object_at(*failure, java_offset(THROWABLE_DEPTH));
        heap_store(account, java_offset(THROWABLE_STACK_TRACE), heap_load(*failure, java_offset(THROWABLE_STACK_TRACE)));
        java_class_at(class_index)->error_root = heap_root_add(account, java_class_at(class_index)->loader);
    }
    thread->exception = *failure;
    heap_leave_nogc(&thread->allocator, mark);
}

static Outcome initialize_exceptional(Thread *thread, Value *state, Value *result)
{
    uint32_t class_index = (uint32_t)state[INITIALIZE_CLASS], error = java_class(ERROR);
    Outcome outcome = OUTCOME_THROW;

    record_failure(thread, class_index);
    if (error != 0 && !java_is_instance(thread->exception, error))
        outcome = java_throw_caused(thread, "java/lang/ExceptionInInitializerError", NULL);
    set_state(class_index, JAVA_ERRONEOUS);
    return outcome;
}

static const Continuation initialize_class = {"java.initialize", INITIALIZE_STATE_COUNT, 0, initialize_normal, initialize_exceptional};

void initialize_open(void)
{
    static bool registered;

    if (!registered) {
        registered = true;
        initialize_continuation = run_register_continuation(&initialize_class);
    }
}
