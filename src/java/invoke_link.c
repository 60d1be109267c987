/* invoke_link.c - linking by the class library: calls of method handles, invokedynamic call sites, and constants that are
 * method types, method handles or computed.
 *
 * First all that the linking needs is resolved, step by step: each step that needs guest code is executed again later, and
 * finds its result recorded (for a call site a continuation does this). Then a continuation is pushed, which makes the
 * method type, calls the library's link method, and records the first result; the instruction is executed again and finds
 * it. */
#include <string.h>

#include "java/define.h"
#include "java/invoke.h"
#include "java/primitive_internal.h"
#include "java/raise.h"
#include "java/resolve.h"
#include "java/strings.h"
#include "os/os.h"

#define SITE_FAILED UINT32_MAX /* JavaCallSite.target: the slot holds the error */
#define PARAMETER_LIMIT 256

static OsMutex link_lock; /* held while a result is recorded; nothing is allocated meanwhile */

/* ---- the continuation's state ---- */

enum LinkKind { LINK_CALL, LINK_SITE, LINK_TYPE, LINK_HANDLE, LINK_DYNAMIC };

enum LinkState {
    STATE_KIND,  /* enum LinkKind | has the type been made << 8 | reference kind << 16 */
    STATE_PLACE, /* class index | cp index << 32 */
    STATE_SLOT,  /* of the constants object | class index of the callee << 32 */
    STATE_TYPE,  /* references from here on */
    STATE_APPENDIX,
    STATE_BOOTSTRAP,
    STATE_ARGUMENTS,
    STATE_COUNT
};

static uint32_t link_continuation;

static uint32_t place_class(const Value *state)
{
    return (uint32_t)state[STATE_PLACE];
}

static unsigned place_entry(const Value *state)
{
    return (unsigned)(state[STATE_PLACE] >> 32);
}

static int place_slot(const Value *state)
{
    return (int)(uint32_t)state[STATE_SLOT];
}

static enum LinkKind state_kind(const Value *state)
{
    return (enum LinkKind)(state[STATE_KIND] & 0xff);
}

/* ---- upcalls ---- */

enum Upcall { UPCALL_FIND_TYPE, UPCALL_METHOD, UPCALL_SITE, UPCALL_HANDLE, UPCALL_DYNAMIC, UPCALL_COUNT };

static const struct {
    const char *name, *descriptor;
} upcalls[UPCALL_COUNT] = {
    {"findMethodHandleType", "(Ljava/lang/Class;[Ljava/lang/Class;)Ljava/lang/invoke/MethodType;"},
    {"linkMethod", "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;[Ljava/lang/Object;)"
                   "Ljava/lang/invoke/MemberName;"},
    {"linkCallSite", "(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;"
                     "[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;"},
    {"linkMethodHandleConstant", "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;)"
                                 "Ljava/lang/invoke/MethodHandle;"},
    {"linkDynamicConstant", "(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)"
                            "Ljava/lang/Object;"},
};

/* The library's class is initialized, and its link methods are known. */
static Outcome prepare_upcalls(Thread *thread)
{
    uint32_t natives = java_wellknown_class(thread, JAVA_CLASS_METHOD_HANDLE_NATIVES);
    Outcome outcome = natives == 0 ? OUTCOME_THROW : java_initialize_class(thread, natives);

    if (outcome != OUTCOME_DONE || __atomic_load_n(&java_world()->invoke[UPCALL_COUNT - 1], __ATOMIC_ACQUIRE) != 0)
        return outcome;
    for (unsigned i = 0; i < UPCALL_COUNT; i++) {
        uint32_t method = java_method_text(natives, upcalls[i].name, upcalls[i].descriptor);
        if (method == 0)
            return java_throw(thread, "java/lang/InternalError", "no MethodHandleNatives.%s", upcalls[i].name);
        __atomic_store_n(&java_world()->invoke[i], method, __ATOMIC_RELEASE); /* the last one tells that all are there */
    }
    return OUTCOME_DONE;
}

static Value *push_upcall(Thread *thread, enum Upcall upcall)
{
    return run_push_call(thread, java_world()->invoke[upcall], RUN_THEN_RETURN);
}

static Outcome overflow(Thread *thread)
{
    return run_raise(thread, RAISE_STACK, 0, 0);
}

/* ---- types ---- */

/* The class that a type in a descriptor stands for; class_index may use it. */
static Outcome load_type(Thread *thread, uint32_t class_index, const char *start, unsigned length, uint32_t *type)
{
    Outcome outcome = java_load_descriptor(thread, java_class_at(class_index)->loader, start, length, true, type);

    if (outcome != OUTCOME_DONE)
        return outcome;
    uint32_t innermost = java_class_is_array(*type) ? java_class_at(*type)->bottom_class : *type;
    if (java_class_at(innermost)->primitive_type != 0 || java_can_access_class(class_index, innermost))
        return OUTCOME_DONE;
    return java_throw(thread, "java/lang/IllegalAccessError", "failed to access class %s from class %s (%s)",
                      java_class_external_name(innermost), java_class_external_name(class_index),
                      access_joint_place(innermost, class_index));
}

/* All types of a method descriptor are loaded: types[0] is the return type. The descriptor is copied, for classes may
 * be loaded by guest code. */
static Outcome load_types(Thread *thread, uint32_t class_index, SymbolRef descriptor, uint32_t *types, unsigned *count)
{
    JavaParameters parameters = java_parameters(symbol_text(descriptor));
    const char *start;
    unsigned length, parameter = 0;
    Outcome outcome = OUTCOME_DONE;

    *count = 0;
    while (outcome == OUTCOME_DONE && java_parameters_next(&parameters, &start, &length) != 0) {
        size_t offset = (size_t)(start - symbol_text(descriptor));
        size_t next = (size_t)(parameters.at - symbol_text(descriptor));
        if (!parameters.at_return && ++parameter >= PARAMETER_LIMIT)
            return java_throw(thread, "java/lang/LinkageError", "too many parameters");
        outcome = load_type(thread, class_index, symbol_text(descriptor) + offset, length, &types[parameters.at_return ? 0 : parameter]);
        parameters.at = symbol_text(descriptor) + next; /* symbols may have moved */
    }
    *count = parameter;
    return outcome;
}

/* Pushes the call that makes the method type; its result goes to the continuation just below. */
static Outcome push_find_type(Thread *thread, const uint32_t *types, Value array)
{
    Value *arguments = push_upcall(thread, UPCALL_FIND_TYPE);
    if (arguments == NULL)
        return overflow(thread);
    arguments[0] = java_mirror(types[0]);
    arguments[1] = array;
    return OUTCOME_PUSHED;
}

/* ---- starting ---- */

typedef struct Link {
    enum LinkKind kind;
    unsigned reference_kind;
    uint32_t class_index, callee;
    unsigned cp_index;
    int slot;
    SymbolRef method_type;   /* descriptor; 0: type_class */
    uint32_t type_class;
    Value *bootstrap, *arguments; /* handles; NULL: none */
} Link;

static Outcome go_on(Thread *thread, Value *state);

static Value *push_state(Thread *thread, const Link *link)
{
    Value *state = run_push_continuation(thread, link_continuation, RUN_THEN_AGAIN);

    if (state == NULL)
        return NULL;
    state[STATE_KIND] = (Value)link->kind | (Value)link->reference_kind << 16;
    state[STATE_PLACE] = link->class_index | (Value)link->cp_index << 32;
    state[STATE_SLOT] = (uint32_t)link->slot | (Value)link->callee << 32;
    state[STATE_BOOTSTRAP] = link->bootstrap == NULL ? 0 : *link->bootstrap;
    state[STATE_ARGUMENTS] = link->arguments == NULL ? 0 : *link->arguments;
    return state;
}

/* Everything that the linking needs is there: makes the type, or has it made, and goes on. */
static Outcome start_with_type_class(Thread *thread, const Link *link)
{
    Value *state = push_state(thread, link);
    if (state == NULL)
        return overflow(thread);
    state[STATE_TYPE] = java_mirror(link->type_class);
    return go_on(thread, state);
}

static Outcome start_link(Thread *thread, const Link *link)
{
    uint32_t types[PARAMETER_LIMIT], array_class;
    unsigned count;

    if (link->method_type == 0)
        return start_with_type_class(thread, link);
    Outcome outcome = load_types(thread, link->class_index, link->method_type, types, &count);
    if (outcome != OUTCOME_DONE)
        return outcome;
    array_class = java_array_class(thread, java_class(CLASS));
    if (array_class == 0)
        return OUTCOME_THROW;
    Value array = heap_allocate_array(&thread->allocator, class_at(array_class), count);
    if (array == 0)
        return java_throw_memory(thread);
    for (unsigned i = 0; i < count; i++) array_store(array, i, java_mirror(types[i + 1]));
    return push_state(thread, link) == NULL ? overflow(thread) : push_find_type(thread, types, array);
}

/* ---- going on ---- */

/* The name as an interned string, and the box for the appendix: in handles. */
static Outcome make_name(Thread *thread, SymbolRef name, Value **string)
{
    Value made = java_string_intern_symbol(thread, name);
    *string = heap_hold_nogc(&thread->allocator, made);
    return made == 0 ? OUTCOME_THROW : OUTCOME_DONE;
}

static Outcome make_box(Thread *thread, Value *state)
{
    uint32_t array_class = java_array_class(thread, java_class(OBJECT));
    if (array_class == 0)
        return OUTCOME_THROW;
    state[STATE_APPENDIX] = heap_allocate_array(&thread->allocator, class_at(array_class), 1);
    return state[STATE_APPENDIX] == 0 ? java_throw_memory(thread) : OUTCOME_DONE;
}

static Outcome push_link_method(Thread *thread, Value *state, const Value *name)
{
    Value *arguments = push_upcall(thread, UPCALL_METHOD);
    if (arguments == NULL)
        return overflow(thread);
    arguments[0] = java_mirror(place_class(state));
    arguments[1] = REF_INVOKE_VIRTUAL;
    arguments[2] = java_mirror((uint32_t)(state[STATE_SLOT] >> 32));
    arguments[3] = *name;
    arguments[4] = state[STATE_TYPE];
    arguments[5] = state[STATE_APPENDIX];
    return OUTCOME_PUSHED;
}

static Outcome push_link_site(Thread *thread, Value *state, const Value *name, enum Upcall upcall)
{
    Value *arguments = push_upcall(thread, upcall);
    if (arguments == NULL)
        return overflow(thread);
    arguments[0] = java_mirror(place_class(state));
    arguments[1] = place_entry(state);
    arguments[2] = state[STATE_BOOTSTRAP];
    arguments[3] = *name;
    arguments[4] = state[STATE_TYPE];
    arguments[5] = state[STATE_ARGUMENTS];
    if (upcall == UPCALL_SITE)
        arguments[6] = state[STATE_APPENDIX];
    return OUTCOME_PUSHED;
}

static Outcome push_link_handle(Thread *thread, Value *state, const Value *name)
{
    Value *arguments = push_upcall(thread, UPCALL_HANDLE);
    if (arguments == NULL)
        return overflow(thread);
    arguments[0] = java_mirror(place_class(state));
    arguments[1] = state[STATE_KIND] >> 16;
    arguments[2] = java_mirror((uint32_t)(state[STATE_SLOT] >> 32));
    arguments[3] = *name;
    arguments[4] = state[STATE_TYPE];
    return OUTCOME_PUSHED;
}

/* A method handle's name is that of its member. */
static SymbolRef linked_name(const Value *state)
{
    unsigned entry = place_entry(state);
    const JavaClass *class = java_class_at(place_class(state));

    if (state_kind(state) == LINK_HANDLE)
        java_pool_handle(class, entry, &entry);
    return java_pool_reference(class, entry).name;
}

/* The type is there: calls the library. */
static Outcome go_on(Thread *thread, Value *state)
{
    enum LinkKind kind = state_kind(state);
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *name = NULL;

    state[STATE_KIND] |= 1 << 8;
    Outcome outcome = make_name(thread, linked_name(state), &name);
    if (outcome == OUTCOME_DONE && (kind == LINK_CALL || kind == LINK_SITE))
        outcome = make_box(thread, state);
    if (outcome == OUTCOME_DONE)
        outcome = kind == LINK_CALL     ? push_link_method(thread, state, name)
                  : kind == LINK_HANDLE ? push_link_handle(thread, state, name)
                                        : push_link_site(thread, state, name, kind == LINK_SITE ? UPCALL_SITE : UPCALL_DYNAMIC);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

/* ---- results ---- */

/* The method's class lives as long as the class that calls it. */
static void keep_alive(uint32_t class_index, uint32_t method)
{
    uint32_t holder = java_method_at(method)->method.holder;
    if (class_at(holder)->owner != 0 && class_at(holder)->owner != class_at(class_index)->owner)
        heap_root_add(java_mirror(holder), class_at(class_index)->owner);
}

static JavaCallSite *site_of_slot(uint32_t class_index, int slot)
{
    const JavaClass *class = java_class_at(class_index);
    JavaCallSite *sites = ARENA(JavaCallSite, class->call_sites);

    for (uint32_t i = 0; i < class->call_site_count; i++)
        if (sites[i].slot == slot)
            return &sites[i];
    return NULL;
}

static uint32_t site_target(uint32_t class_index, int slot)
{
    const JavaCallSite *site = site_of_slot(class_index, slot);
    return site == NULL ? 0 : __atomic_load_n(&site->target, __ATOMIC_ACQUIRE);
}

/* The first result counts. */
static void record_site(uint32_t class_index, int slot, uint32_t target, Value value)
{
    JavaCallSite *site = site_of_slot(class_index, slot);

    os_mutex_lock(&link_lock);
    if (site != NULL && site->target == 0) {
        if (value != 0)
            java_constant_set(class_index, slot, value);
        __atomic_store_n(&site->target, target, __ATOMIC_RELEASE);
    }
    os_mutex_unlock(&link_lock);
}

static void record_call(uint32_t class_index, unsigned cp_index, int slot, uint32_t target, Value appendix)
{
    JavaClass *class = java_class_at(class_index);

    os_mutex_lock(&link_lock);
    if (java_pool_resolved(class, cp_index) == 0) {
        if (appendix != 0)
            java_constant_set(class_index, slot, appendix);
        java_pool_set_resolved(class, cp_index, target);
    }
    os_mutex_unlock(&link_lock);
}

static Outcome record_linked(Thread *thread, Value *state, Value member)
{
    uint32_t target = invoke_member_target(member);
    Value appendix = state[STATE_APPENDIX] == 0 ? 0 : array_element(state[STATE_APPENDIX], 0);

    if (target == 0)
        return java_throw(thread, "java/lang/LinkageError", "no method handle invoker was linked");
    keep_alive(place_class(state), target);
    if (state_kind(state) == LINK_SITE)
        record_site(place_class(state), place_slot(state), target, appendix);
    else
        record_call(place_class(state), place_entry(state), place_slot(state), target, appendix);
    return OUTCOME_DONE;
}

/* That null is the value of a computed constant is noted in its pool entry. The first result counts. */
static Outcome record_constant(const Value *state, Value value)
{
    JavaClass *class = java_class_at(place_class(state));

    os_mutex_lock(&link_lock);
    if (value != 0 && java_pool_resolved(class, place_entry(state)) == 0)
        java_constant_set(place_class(state), place_slot(state), value);
    else if (value == 0 && java_constant(place_class(state), place_slot(state)) == 0)
        java_pool_set_resolved(class, place_entry(state), 1);
    os_mutex_unlock(&link_lock);
    return OUTCOME_DONE;
}

static Outcome link_normal(Thread *thread, Value *state, Value *result)
{
    enum LinkKind kind = state_kind(state);
    bool has_type = (state[STATE_KIND] & 1 << 8) != 0;

    if (kind == LINK_TYPE)
        return record_constant(state, *result);
    if (!has_type) {
        state[STATE_TYPE] = *result;
        return go_on(thread, state);
    }
    return kind == LINK_CALL || kind == LINK_SITE ? record_linked(thread, state, *result) : record_constant(state, *result);
}

/* What a bootstrap method raises other than an Error is wrapped; linkage errors are what the entry stands for from now on. */
static Outcome link_exceptional(Thread *thread, Value *state, Value *result)
{
    enum LinkKind kind = state_kind(state);
    bool has_type = (state[STATE_KIND] & 1 << 8) != 0;

    if (has_type && (kind == LINK_SITE || kind == LINK_DYNAMIC) && !java_is_instance(thread->exception, java_class(ERROR)))
        java_throw_caused(thread, "java/lang/BootstrapMethodError", NULL);
    if (kind != LINK_SITE) /* of a site: below */
        java_record_error(thread, place_class(state), place_entry(state));
    return OUTCOME_THROW;
}

/* ---- bootstrap arguments ---- */

static Outcome resolve_argument(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    uint32_t resolved;
    Value string;

    switch (java_pool_tag(java_class_at(class_index), cp_index)) {
    case CONSTANT_CLASS: return java_resolve_class(thread, class_index, cp_index, &resolved);
    case CONSTANT_STRING: return java_resolve_string(thread, class_index, cp_index, &string);
    case CONSTANT_METHOD_HANDLE: case CONSTANT_METHOD_TYPE: case CONSTANT_DYNAMIC:
        return java_resolve_constant_handle(thread, class_index, cp_index);
    default: return OUTCOME_DONE;
    }
}

static Value box(Thread *thread, enum JavaWellknown which, uint64_t offset, uint64_t value, unsigned size)
{
    uint32_t class_index = java_wellknown_class(thread, which);
    Value made = class_index == 0 ? 0 : heap_allocate_instance(&thread->allocator, class_at(class_index));

    if (made != 0)
        memcpy(object_at(made, offset), &value, size);
    else if (class_index != 0)
        java_throw_memory(thread);
    return made;
}

/* A resolved argument as an object; 0 with thread->exception set: failure (or null, without). */
static Value argument_object(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    const JavaClass *class = java_class_at(class_index);
    uint32_t resolved = 0;
    Value string = 0;

    switch (java_pool_tag(class, cp_index)) {
    case CONSTANT_INTEGER:
        return box(thread, JAVA_CLASS_INTEGER, java_offset(INTEGER_VALUE), (uint32_t)java_pool_int(class, cp_index), 4);
    case CONSTANT_FLOAT:
        return box(thread, JAVA_CLASS_FLOAT, java_offset(FLOAT_VALUE), java_pool_float_bits(class, cp_index), 4);
    case CONSTANT_LONG:
        return box(thread, JAVA_CLASS_LONG, java_offset(LONG_VALUE), java_pool_long(class, cp_index), 8);
    case CONSTANT_DOUBLE:
        return box(thread, JAVA_CLASS_DOUBLE, java_offset(DOUBLE_VALUE), java_pool_long(class, cp_index), 8);
    case CONSTANT_CLASS:
        return java_resolve_class(thread, class_index, cp_index, &resolved) == OUTCOME_DONE ? java_mirror(resolved) : 0;
    case CONSTANT_STRING:
        return java_resolve_string(thread, class_index, cp_index, &string) == OUTCOME_DONE ? string : 0;
    default:
        return java_constant(class_index, java_pool_slot(class, cp_index));
    }
}

static unsigned bootstrap_argument(uint32_t class_index, unsigned bootstrap, unsigned i)
{
    const JavaClass *class = java_class_at(class_index);
    const JavaBootstrap *row = ARENA(const JavaBootstrap, class->bootstraps) + bootstrap;
    return read_be16(java_class_bytes(class) + row->arguments + 2 * i);
}

/* None: null; one: itself (but an array is ambiguous); more: an array. */
static Outcome make_arguments(Thread *thread, uint32_t class_index, unsigned bootstrap, unsigned count, Value *arguments)
{
    uint32_t array_class;

    *arguments = 0;
    if (count == 0)
        return OUTCOME_DONE;
    array_class = java_array_class(thread, java_class(OBJECT));
    if (array_class == 0)
        return OUTCOME_THROW;
    *arguments = heap_allocate_array(&thread->allocator, class_at(array_class), count);
    if (*arguments == 0)
        return java_throw_memory(thread);
    for (unsigned i = 0; i < count; i++) {
        thread->exception = 0;
        Value argument = argument_object(thread, class_index, bootstrap_argument(class_index, bootstrap, i));
        if (argument == 0 && thread->exception != 0)
            return OUTCOME_THROW;
        array_store(*arguments, i, argument);
    }
    Value first = array_element(*arguments, 0);
    if (count == 1 && first != 0 && !(class_of(first)->flags & CLASS_ARRAY))
        *arguments = first;
    return OUTCOME_DONE;
}

/* Bootstrap method and arguments are resolved. */
static Outcome resolve_bootstrap(Thread *thread, uint32_t class_index, unsigned bootstrap, unsigned *handle, unsigned *count)
{
    const JavaClass *class = java_class_at(class_index);

    if (bootstrap >= class->bootstrap_count)
        return java_throw(thread, "java/lang/ClassFormatError", "no bootstrap method %u", bootstrap);
    *handle = (ARENA(const JavaBootstrap, class->bootstraps) + bootstrap)->method_handle;
    *count = (ARENA(const JavaBootstrap, class->bootstraps) + bootstrap)->argument_count;
    Outcome outcome = java_resolve_constant_handle(thread, class_index, *handle);
    for (unsigned i = 0; i < *count && outcome == OUTCOME_DONE; i++)
        outcome = resolve_argument(thread, class_index, bootstrap_argument(class_index, bootstrap, i));
    return outcome;
}

/* Both kinds that have bootstrap methods. */
static Outcome start_bootstrap(Thread *thread, Link *link, unsigned bootstrap)
{
    unsigned handle = 0, count = 0;
    Outcome outcome = resolve_bootstrap(thread, link->class_index, bootstrap, &handle, &count);

    if (outcome != OUTCOME_DONE)
        return outcome;
    size_t mark = heap_enter_nogc(&thread->allocator);
    link->arguments = heap_hold_nogc(&thread->allocator, 0);
    link->bootstrap = heap_hold_nogc(&thread->allocator, 0);
    outcome = make_arguments(thread, link->class_index, bootstrap, count, link->arguments);
    *link->bootstrap = java_constant(link->class_index, java_pool_slot(java_class_at(link->class_index), handle));
    if (outcome == OUTCOME_DONE)
        outcome = start_link(thread, link);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

/* ---- instructions ---- */

/* A new error of the same class and message as the first. */
static Outcome raise_again(Thread *thread, Value error)
{
    const JavaClass *class = java_class_at(object_class_index(error));
    Value message = heap_load(error, java_offset(THROWABLE_MESSAGE));
    char *text = message == 0 ? NULL : java_string_text(message);

    if (class->loader != 0) /* its name would mean another class to the machine */
        run_throw(thread, error);
    else if (text == NULL)
        java_throw_plain(thread, symbol_text(class->name));
    else
        java_throw(thread, symbol_text(class->name), "%s", text);
    memory_free(text);
    return OUTCOME_THROW;
}

static Outcome finish_call(Thread *thread, uint64_t *word, uint32_t target, unsigned slots, uint64_t marks)
{
    uint64_t literal = LITERAL_METHOD_MARK | marks | target | (uint64_t)slots << 32;
    uint64_t made = word_make(OP_CALL_APPENDIX, WORD_A(*word), WORD_B(*word), WORD_C(*word));

    if (!run_patch(thread, made, WORD_UB(*word), literal))
        return java_throw_memory(thread); /* the instruction cannot be executed without its literal */
    *word = made;
    return OUTCOME_DONE;
}

Outcome java_resolve_handle_call(Thread *thread, uint32_t class_index, unsigned cp_index, uint64_t *word)
{
    JavaReference reference = java_pool_reference(java_class_at(class_index), cp_index);
    uint32_t target = java_pool_resolved(java_class_at(class_index), cp_index), callee = 0;

    if (target != 0)
        return finish_call(thread, word, target, java_descriptor_argument_slots(symbol_text(reference.descriptor)) + 1,
                           CALL_APPENDIX_NONNULL);
    Outcome outcome = java_raise_recorded(thread, class_index, cp_index);
    if (outcome == OUTCOME_DONE)
        outcome = prepare_upcalls(thread);
    if (outcome == OUTCOME_DONE)
        outcome = java_resolve_class(thread, class_index, reference.class_cp, &callee);
    if (outcome != OUTCOME_DONE)
        return outcome;
    Link link = {.kind = LINK_CALL, .class_index = class_index, .callee = callee, .cp_index = cp_index, .slot = WORD_UC(*word),
                 .method_type = reference.descriptor};
    return start_link(thread, &link);
}

/* ---- call sites ---- */

/* What the site's linking needs is loaded while its continuation waits, so that it learns of all that goes wrong: a linkage
 * error is what the site stands for from now on. */
static uint32_t site_continuation;

static Outcome site_exceptional(Thread *thread, Value *state, Value *result)
{
    if (java_is_linkage_error(thread->exception))
        record_site(place_class(state), place_slot(state), SITE_FAILED, thread->exception);
    return OUTCOME_THROW;
}

/* With the site's continuation on top: never OUTCOME_DONE. */
static Outcome link_site(Thread *thread, const Value *state)
{
    uint32_t class_index = place_class(state);
    JavaReference reference = java_pool_reference(java_class_at(class_index), place_entry(state));
    Link link = {.kind = LINK_SITE, .class_index = class_index, .cp_index = place_entry(state), .slot = place_slot(state),
                 .method_type = reference.descriptor};

    return start_bootstrap(thread, &link, reference.bootstrap);
}

static Outcome site_normal(Thread *thread, Value *state, Value *result)
{
    return site_target(place_class(state), place_slot(state)) != 0 ? OUTCOME_DONE : link_site(thread, state);
}

Outcome java_resolve_dynamic(Thread *thread, uint32_t class_index, unsigned cp_index, uint64_t *word)
{
    JavaReference reference = java_pool_reference(java_class_at(class_index), cp_index);
    uint32_t target = site_target(class_index, WORD_UC(*word));

    if (target == SITE_FAILED)
        return raise_again(thread, java_constant(class_index, WORD_UC(*word)));
    if (target != 0)
        return finish_call(thread, word, target, java_descriptor_argument_slots(symbol_text(reference.descriptor)), 0);
    Outcome outcome = prepare_upcalls(thread);
    if (outcome != OUTCOME_DONE)
        return outcome;
    Value *state = run_push_continuation(thread, site_continuation, RUN_THEN_AGAIN);
    if (state == NULL)
        return overflow(thread);
    state[STATE_PLACE] = class_index | (Value)cp_index << 32;
    state[STATE_SLOT] = WORD_UC(*word);
    return link_site(thread, state); /* again, if another thread has linked it just now: the first result counts */
}

/* ---- constants ---- */

static Outcome check_member_tag(Thread *thread, uint32_t class_index, unsigned member, uint32_t callee)
{
    unsigned tag = java_pool_tag(java_class_at(class_index), member);
    bool is_interface = java_class_is_interface(callee);

    if (tag == CONSTANT_FIELD || is_interface == (tag == CONSTANT_INTERFACE_METHOD))
        return OUTCOME_DONE;
    JavaReference reference = java_pool_reference(java_class_at(class_index), member);
    return java_throw(thread, "java/lang/IncompatibleClassChangeError",
                      "Inconsistent constant pool data in classfile for class %s. Method '%s' at index %u is %s and should be %s",
                      symbol_text(java_class_at(callee)->name),
                      symbol_text(java_method_external_name(0, reference.name, reference.descriptor)), member,
                      is_interface ? "CONSTANT_MethodRef" : "CONSTANT_InterfaceMethodRef",
                      is_interface ? "CONSTANT_InterfaceMethodRef" : "CONSTANT_MethodRef");
}

/* The member is resolved before its types are (JVMS 5.4.3.5). */
static Outcome link_handle(Thread *thread, uint32_t class_index, unsigned cp_index, int slot)
{
    unsigned member = 0, kind = java_pool_handle(java_class_at(class_index), cp_index, &member);
    JavaReference reference = java_pool_reference(java_class_at(class_index), member);
    uint32_t callee = 0, method = 0;
    const JavaField *field = NULL;
    Outcome outcome = java_resolve_class(thread, class_index, reference.class_cp, &callee);

    if (outcome == OUTCOME_DONE)
        outcome = check_member_tag(thread, class_index, member, callee);
    if (outcome == OUTCOME_DONE)
        outcome = java_link_class(thread, callee);
    if (outcome == OUTCOME_DONE)
        outcome = invoke_resolve(thread, class_index, kind, callee, reference.name, reference.descriptor, &method, &field);
    if (outcome != OUTCOME_DONE)
        return outcome;
    Link link = {.kind = LINK_HANDLE, .reference_kind = kind, .class_index = class_index, .callee = callee, .cp_index = cp_index,
                 .slot = slot, .method_type = kind <= REF_PUT_STATIC ? 0 : reference.descriptor};
    if (kind <= REF_PUT_STATIC)
        outcome = load_type(thread, class_index, symbol_text(reference.descriptor), symbol_length(reference.descriptor),
                            &link.type_class);
    return outcome != OUTCOME_DONE ? outcome : start_link(thread, &link);
}

static Outcome link_dynamic(Thread *thread, uint32_t class_index, unsigned cp_index, int slot)
{
    JavaReference reference = java_pool_reference(java_class_at(class_index), cp_index);
    Link link = {.kind = LINK_DYNAMIC, .class_index = class_index, .cp_index = cp_index, .slot = slot};
    Outcome outcome = load_type(thread, class_index, symbol_text(reference.descriptor), symbol_length(reference.descriptor),
                                &link.type_class);

    return outcome != OUTCOME_DONE ? outcome : start_bootstrap(thread, &link, reference.bootstrap);
}

Outcome java_resolve_constant_handle(Thread *thread, uint32_t class_index, unsigned cp_index)
{
    const JavaClass *class = java_class_at(class_index);
    unsigned tag = java_pool_tag(class, cp_index);
    int slot = java_pool_slot(class, cp_index);

    if (java_constant(class_index, slot) != 0 || (tag == CONSTANT_DYNAMIC && java_pool_resolved(class, cp_index) != 0))
        return OUTCOME_DONE;
    Outcome outcome = java_raise_recorded(thread, class_index, cp_index);
    if (outcome == OUTCOME_DONE)
        outcome = prepare_upcalls(thread);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (tag == CONSTANT_METHOD_HANDLE)
        outcome = link_handle(thread, class_index, cp_index, slot);
    else if (tag == CONSTANT_DYNAMIC)
        outcome = link_dynamic(thread, class_index, cp_index, slot);
    else
        outcome = start_link(thread, &(Link){.kind = LINK_TYPE, .class_index = class_index, .cp_index = cp_index, .slot = slot,
                                             .method_type = java_pool_method_type(java_class_at(class_index), cp_index)});
    if (outcome == OUTCOME_THROW)
        java_record_error(thread, class_index, cp_index);
    return outcome;
}

void invoke_register_links(void)
{
    static const Continuation link = {
        "java link", STATE_COUNT, 1u << STATE_TYPE | 1u << STATE_APPENDIX | 1u << STATE_BOOTSTRAP | 1u << STATE_ARGUMENTS,
        link_normal, link_exceptional};
    static const Continuation site = {"java site", STATE_SLOT + 1, 0, site_normal, site_exceptional};

    link_continuation = run_register_continuation(&link);
    site_continuation = run_register_continuation(&site);
}
