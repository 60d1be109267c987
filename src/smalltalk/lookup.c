/* lookup.c - numbers for methods and blocks, method look-up and its caches, doesNotUnderstand:.
 *
 * A method object gets an arena Method when it is first called. The way from object to number is a hash table by
 * identity hash, chained through SmalltalkMethod.next; the way back is run_tagged.method_objects. Both are weak. */
#include "base/memory.h"
#include "os/os.h"
#include "smalltalk/smalltalk_internal.h"

#define METHODS_LIMIT (1u << 20)
#define BUCKETS (1u << 14)
#define CACHE_ENTRIES 4096

static uint32_t buckets[BUCKETS] LARGE_STATIC;
static uint32_t method_limit; /* numbers below may have objects */

typedef struct CacheEntry {
    Value selector;
    uint32_t class_index, number;
    uint8_t access;
} CacheEntry;
static CacheEntry cache[CACHE_ENTRIES] LARGE_STATIC;

Result lookup_open(void)
{
    void *memory = NULL;
    Result result;

    TRY(os_memory_allocate(&memory, NULL, METHODS_LIMIT * sizeof(Value), OS_ANYWHERE));
    run_tagged.method_objects = memory;
    run_tagged.block_method = block_number_of;
done:
    return result;
}

/* ---- numbers ---- */

static uint32_t *bucket_of(Value method)
{
    return &buckets[heap_identity_hash(method) % BUCKETS];
}

static SmalltalkMethod *method_make(Value object, unsigned arguments, enum MethodKind kind)
{
    SmalltalkMethod *method = (SmalltalkMethod *)method_new(sizeof *method);
    if (method == NULL || method->method.number >= METHODS_LIMIT)
        return NULL;
    method->method.language = LANGUAGE_SMALLTALK;
    method->method.argument_slots = (uint16_t)(1 + arguments);
    method->method.flags = METHOD_RETURNS_REFERENCE;
    method->arguments = (uint8_t)arguments;
    method->kind = (uint8_t)kind;
    method->least_slots = UINT16_MAX;
    run_tagged.method_objects[method->method.number] = object;
    if (method->method.number >= method_limit)
        method_limit = method->method.number + 1;
    method_discard_code(&method->method);
    return method;
}

/* What is known of a method from its object, which may have become another. */
static void method_read(SmalltalkMethod *method, Value object)
{
    method->method.argument_slots = (uint16_t)(1 + header_arguments(method_header(object)));
    method->arguments = (uint8_t)header_arguments(method_header(object));
    method->start = method_start(object);
    method->end = (uint32_t)object_byte_size(object);
    method->primitive = method->kind == KIND_METHOD ? (uint16_t)method_primitive(object) : 0;
}

static uint32_t method_enter(Value object, enum MethodKind kind, unsigned copied)
{
    SmalltalkMethod *method = method_make(object, header_arguments(method_header(object)), kind);
    uint32_t *bucket = bucket_of(object);

    if (method == NULL)
        return 0;
    method_read(method, object);
    method->copied = (uint8_t)copied;
    method->next = *bucket;
    *bucket = method->method.number;
    return *bucket;
}

static uint32_t method_find(Value object)
{
    uint32_t number = *bucket_of(object);
    while (number != 0 && run_tagged.method_objects[number] != object)
        number = smalltalk_method(number)->next;
    return number;
}

uint32_t method_number_of(Value object)
{
    uint32_t number = method_find(object);
    if (number == 0)
        return method_enter(object, KIND_METHOD, 0);
    return smalltalk_method(number)->kind == KIND_METHOD ? number : 0;
}

/* ---- receivers ---- */

static void method_lower(uint32_t number, uint32_t slots)
{
    SmalltalkMethod *method = smalltalk_method(number);
    if (slots >= method->least_slots)
        return;
    method->least_slots = (uint16_t)slots;
    if (method->needed_slots > slots)
        method_discard_code(&method->method);
    if (method->unfused != 0)
        method_lower(method->unfused, slots);
}

uint32_t method_bind(uint32_t number, uint32_t class_index)
{
    method_lower(number, class_index == INDEX_CONTEXT ? 0 : class_least_slots(class_index));
    return number;
}

void method_fit_receiver(uint32_t number, Value receiver)
{
    uint64_t slots = is_pointers(receiver) && !is_context(receiver) ? object_slot_count(receiver) : 0;
    method_lower(number, slots < UINT16_MAX ? (uint32_t)slots : UINT16_MAX);
}

/* The block's size follows from the bytecode that makes the closure, just before its start. */
static uint32_t block_end(Value method, uint32_t start)
{
    const uint8_t *bytes = method_bytes(method);
    uint32_t size = header_is_sista(method_header(method)) ? bytes[start - 1] : (uint32_t)bytes[start - 2] << 8 | bytes[start - 1];
    uint64_t limit = object_byte_size(method);

    if (header_is_sista(method_header(method)) && start >= 5 && bytes[start - 5] == 225)
        size += (uint32_t)bytes[start - 4] << 8; /* ExtB */
    return start + size <= limit ? start + size : (uint32_t)limit;
}

void block_fit_receiver(uint32_t number, Value closure)
{
    bool full = smalltalk_method(number)->kind == KIND_FULL_BLOCK;
    method_fit_receiver(number, full ? slot_or_nil(closure, FULL_CLOSURE_RECEIVER)
                                     : slot_or_nil(slot_or_nil(closure, CLOSURE_OUTER), CONTEXT_RECEIVER));
}

/* What the bytecode says that makes closures of a block which starts there; false: there is no such bytecode. */
static bool block_bytecode(Value method, uint32_t start, Bytecode *code)
{
    bool sista = header_is_sista(method_header(method));
    uint32_t at = start - (sista ? 3 : 4);
    if (start < method_start(method) + 4 || start >= object_byte_size(method))
        return false;
    if (sista && at >= method_start(method) + 2 && method_bytes(method)[at - 2] == 225)
        at -= 2; /* ExtB: its size */
    if (sista && at >= method_start(method) + 2 && method_bytes(method)[at - 2] == 224)
        at -= 2; /* ExtA: its counts */
    *code = bytecode_decode(method_bytes(method), object_byte_size(method), at, sista);
    return code->kind == BYTE_CLOSURE && at + code->length == start && code->b <= ARGUMENTS_LIMIT;
}

static uint32_t v3_block_number(Value closure, Value method)
{
    uint32_t home = method_number_of(method), number;
    int64_t start = value_integer(slot_get(closure, CLOSURE_START)) - 1;
    Bytecode code;

    if (home == 0 || start < 0 || start > UINT32_MAX)
        return 0;
    for (number = smalltalk_method(home)->next_block; number != 0; number = smalltalk_method(number)->next_block)
        if (smalltalk_method(number)->start == (uint32_t)start)
            return number;
    if (!block_bytecode(method, (uint32_t)start, &code))
        return 0;
    SmalltalkMethod *block = method_make(method, (unsigned)code.b, KIND_BLOCK);
    if (block == NULL)
        return 0;
    block->home = home;
    block->start = (uint32_t)start;
    block->end = block_end(method, (uint32_t)start);
    block->copied = (uint8_t)code.a;
    block->next_block = smalltalk_method(home)->next_block;
    smalltalk_method(home)->next_block = block->method.number;
    return block->method.number;
}

static uint32_t full_block_number(Value closure)
{
    Value method = slot_get(closure, CLOSURE_START);
    uint32_t number = method_find(method);
    if (number != 0)
        return smalltalk_method(number)->kind == KIND_FULL_BLOCK ? number : 0;
    return method_enter(method, KIND_FULL_BLOCK, (unsigned)(object_slot_count(closure) - FULL_CLOSURE_FIRST));
}

/* Does the closure have what the block's code takes from it? */
static bool block_fits(Value closure, uint32_t number)
{
    const SmalltalkMethod *block = smalltalk_method(number);
    unsigned first = block->kind == KIND_BLOCK ? CLOSURE_FIRST : FULL_CLOSURE_FIRST;
    return slot_get(closure, CLOSURE_ARGUMENTS) == value_from_integer(block->arguments) &&
           object_slot_count(closure) >= first + block->copied;
}

uint32_t block_number_of(Value closure)
{
    Value start = slot_or_nil(closure, CLOSURE_START), method = start;
    uint32_t number = 0;

    if (!has_slots(closure, CLOSURE_FIRST))
        return 0;
    if (value_is_integer(start)) {
        Value outer = slot_get(closure, CLOSURE_OUTER);
        if (!is_context(outer) || !is_method(slot_get(outer, CONTEXT_METHOD)))
            return 0;
        method = slot_get(outer, CONTEXT_METHOD);
        number = v3_block_number(closure, method);
    } else if (is_method(start) && object_slot_count(closure) >= FULL_CLOSURE_FIRST) {
        number = full_block_number(closure);
    }
    if (number == 0 || !block_fits(closure, number))
        return 0;
    run_tagged.blocks[tagged_block_hash(method, start)] = (TaggedBlock){method, start, number};
    return number;
}

uint32_t method_number_unfused(uint32_t number)
{
    SmalltalkMethod *method = smalltalk_method(number), *copy;

    if (method->is_unfused)
        return number;
    if (method->unfused != 0)
        return method->unfused;
    copy = method_make(run_tagged.method_objects[number], method->arguments, (enum MethodKind)method->kind);
    if (copy == NULL)
        return 0;
    method = smalltalk_method(number);
    copy->start = method->start;
    copy->end = method->end;
    copy->primitive = method->primitive;
    copy->copied = method->copied;
    copy->home = method->home;
    copy->is_unfused = 1;
    copy->least_slots = method->least_slots;
    method->unfused = copy->method.number;
    return method->unfused;
}

/* ---- look-up ---- */

static bool dictionary_find(Value dictionary, Value selector, Value *method)
{
    uint64_t mask = object_slot_count(dictionary) - DICTIONARY_FIRST_KEY - 1, index;
    Value methods = slot_get(dictionary, DICTIONARY_ARRAY), nil = NIL;

    if (!has_slots(methods, mask + 1))
        return false;
    index = (value_is_object(selector) ? heap_identity_hash(selector) : selector >> 3) & mask;
    for (uint64_t tried = 0; tried <= mask; tried++, index = (index + 1) & mask) {
        Value key = slot_get(dictionary, DICTIONARY_FIRST_KEY + index);
        if (key == nil) /* no selector, even if nil is what is looked for */
            return false;
        if (key == selector) {
            *method = slot_get(methods, index);
            return true;
        }
    }
    return false;
}

Value lookup_method_nogc(Value class, Value selector)
{
    Value method, nil = NIL;
    for (unsigned above = 0; class != nil && has_slots(class, BEHAVIOR_FORMAT) && above < CLASSES_ABOVE_LIMIT; above++) {
        Value dictionary = slot_get(class, BEHAVIOR_METHODS);
        if (!has_slots(dictionary, DICTIONARY_FIRST_KEY + 1))
            return 0; /* nil: its instances are sent cannotInterpret: instead */
        if (dictionary_find(dictionary, selector, &method))
            return method;
        class = slot_get(class, BEHAVIOR_SUPER);
    }
    return 0;
}

/* Where among the leaves: a primitive that needs no frame, with so many arguments. ACCESS_SEND: not among them. */
static unsigned access_of_leaf(unsigned number, unsigned arguments)
{
    TaggedPrimitive *primitive = run_tagged.primitives[number];
    if (!primitive_is_leaf(number))
        return ACCESS_SEND;
    for (unsigned i = 0; i < TAGGED_LEAVES; i++) {
        TaggedLeaf *leaf = &run_tagged.leaves[i];
        if (leaf->primitive == NULL)
            *leaf = (TaggedLeaf){primitive, arguments};
        if (leaf->primitive == primitive && leaf->arguments == arguments)
            return ACCESS_LEAF + i;
    }
    return ACCESS_SEND;
}

/* Methods that need no frame: they answer the receiver, a constant or a variable, or are a primitive that is a leaf. */
static unsigned quick_access_of(uint32_t class_index, uint32_t number)
{
    const SmalltalkMethod *method = smalltalk_method(number);
    unsigned primitive = method->primitive, slot = primitive - 264;
    if (primitive == 256)
        return ACCESS_SELF;
    if (primitive >= 257 && primitive <= 259)
        return ACCESS_SPECIAL + (primitive == 257 ? TAGGED_TRUE : primitive == 258 ? TAGGED_FALSE : TAGGED_NIL);
    if (primitive >= 264 && primitive <= 519 && slot < ACCESS_LEAF - ACCESS_SLOT && class_index >= 16 && class_index != INDEX_CONTEXT &&
        !class_is_mixed(class_index) && slot < class_least_slots(class_index))
        return ACCESS_SLOT + slot;
    if (primitive == 0 || (primitive >= 256 && primitive <= 519))
        return ACCESS_SEND;
    return access_of_leaf(primitive_number_known(run_tagged.method_objects[number], primitive), method->arguments);
}

/* Methods that only access an indexed element need no frame when their class tells which kind of element it is. */
static enum TaggedAccess access_of(uint32_t class_index, uint32_t number)
{
    const Class *class = class_at(class_index);
    unsigned primitive = smalltalk_method(number)->primitive;
    if (class_index < 16 || class_is_mixed(class_index))
        return ACCESS_SEND;
    if ((primitive == 60 || primitive == 61) && class->format == FORMAT_VARIABLE && class->slots == 0)
        return ACCESS_POINTERS;
    if ((primitive == 60 || primitive == 61) && class->format >= FORMAT_INDEXED_8 && class->format < FORMAT_METHOD)
        return ACCESS_BYTES;
    if ((primitive == 60 || primitive == 61) && class->format == FORMAT_INDEXED_32)
        return ACCESS_WORDS;
    if (primitive == PRIMITIVE_NAMED && class->format == FORMAT_INDEXED_32 &&
        floats_are_accessed(run_tagged.primitives[primitive_number_known(run_tagged.method_objects[number], primitive)]))
        return ACCESS_FLOATS;
    if ((primitive == 63 || primitive == 64) && class->format >= FORMAT_INDEXED_8 && class->format < FORMAT_METHOD)
        return ACCESS_CHARACTERS;
    return ACCESS_SEND;
}

static CacheEntry *cache_entry(uint32_t class_index, Value selector)
{
    return &cache[((selector >> 3) ^ (selector >> 15) ^ class_index * 31u) % CACHE_ENTRIES];
}

uint32_t lookup_send(uint32_t class_index, Value selector)
{
    CacheEntry *entry = cache_entry(class_index, selector);
    Value method;

    if (entry->selector == selector && entry->class_index == class_index && entry->number != 0) {
        run_tagged.access = entry->access;
        return entry->number;
    }
    method = lookup_method_nogc(run_tagged.classes[class_index], selector);
    if (method == 0)
        return 0;
    if (!is_method(method) || method_number_of(method) == 0)
        return 0; /* objects as methods: the caller sends run:with:in: */
    *entry = (CacheEntry){.selector = selector, .class_index = class_index,
                          .number = method_bind(method_number_of(method), class_index)};
    entry->access = (uint8_t)access_of(class_index, entry->number);
    if (entry->access == ACCESS_SEND)
        entry->access = (uint8_t)quick_access_of(class_index, entry->number);
    run_tagged.access = entry->access;
    return entry->number;
}

/* ---- sends that are not understood ---- */

static Value message_new(Thread *thread, Value *arguments, unsigned count, const Value *selector, const Value *class)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *message = heap_hold_nogc(&thread->allocator, 0), array;

    *message = instance_new(thread, special_object(SPECIAL_CLASS_MESSAGE), 0);
    if (*message != 0 && !has_slots(*message, MESSAGE_ARGUMENTS + 1))
        image_unsound("the image's class of messages has instances of another kind");
    array = *message != 0 ? array_new(thread, count) : 0;
    if (array != 0) {
        for (unsigned i = 0; i < count; i++)
            slot_set(array, i, arguments[i]);
        slot_set(*message, MESSAGE_SELECTOR, *selector);
        slot_set(*message, MESSAGE_ARGUMENTS, array);
        if (object_slot_count(*message) > MESSAGE_LOOKUP_CLASS)
            slot_set(*message, MESSAGE_LOOKUP_CLASS, *class);
    }
    Value made = array != 0 ? *message : 0;
    heap_leave_nogc(&thread->allocator, mark);
    return made;
}

__attribute__((noreturn)) static void give_up(Value receiver, Value selector)
{
    char object[256], name[256];
    describe(receiver, object, sizeof object);
    describe(selector, name, sizeof name);
    fflush(stdout);
    fprintf(stderr, "coracle: %s does not understand %s, and the image has no way to say so\n", object, name);
    print_stack(run_current());
    os_exit(1);
}

/* The first class from here up whose dictionary of methods is nil (its methods are elsewhere); nil: there is none. */
static Value class_without_methods(Value class)
{
    for (unsigned above = 0; has_slots(class, BEHAVIOR_FORMAT) && above < CLASSES_ABOVE_LIMIT; above++) {
        if (slot_get(class, BEHAVIOR_METHODS) == NIL)
            return class;
        class = slot_get(class, BEHAVIOR_SUPER);
    }
    return NIL;
}

/* The window becomes receiver and message: of doesNotUnderstand:, or of cannotInterpret:, looked for above the class that has no
 * dictionary of methods. */
static uint32_t send_message(Thread *thread, Value selector, Value class, unsigned count, Value *window)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *saved = heap_hold_nogc(&thread->allocator, window[0]), message, method, without;
    Value *name, *where;
    uint32_t number;

    for (unsigned i = 0; i < count; i++)
        heap_hold_nogc(&thread->allocator, window[1 + i]);
    name = heap_hold_nogc(&thread->allocator, selector);
    where = heap_hold_nogc(&thread->allocator, class);
    message = message_new(thread, saved + 1, count, name, where);
    if (message == 0)
        give_up(*saved, *name);
    window[0] = *saved;
    window[1] = message;
    without = class_without_methods(*where);
    method = without == NIL ? lookup_method_nogc(*where, special_object(SPECIAL_DOES_NOT_UNDERSTAND))
                            : lookup_method_nogc(slot_get(without, BEHAVIOR_SUPER), special_object(SPECIAL_CANNOT_INTERPRET));
    number = method != 0 && is_method(method) ? method_number_of(method) : 0;
    if (number == 0 || smalltalk_method(number)->arguments != 1)
        give_up(*saved, *name);
    method_bind(number, value_class_index(*saved));
    heap_leave_nogc(&thread->allocator, mark);
    return number;
}

/* A method dictionary may hold any object: it is sent run:with:in: with selector, arguments and receiver. */
static uint32_t object_as_method(Thread *thread, Value object, Value selector, unsigned count, Value *window)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, object), *name = heap_hold_nogc(&thread->allocator, selector);
    Value *saved = heap_hold_nogc(&thread->allocator, window[0]), array;

    for (unsigned i = 0; i < count; i++)
        heap_hold_nogc(&thread->allocator, window[1 + i]);
    array = array_new(thread, count);
    if (array == 0)
        give_up(*saved, *name);
    for (unsigned i = 0; i < count; i++)
        slot_set(array, i, saved[1 + i]);
    window[0] = *held;
    window[1] = *name;
    window[2] = array;
    window[3] = *saved;
    heap_leave_nogc(&thread->allocator, mark);
    uint32_t number = lookup_send(value_class_index(window[0]), special_object(SPECIAL_RUN_WITH_IN));
    if (number == 0 || smalltalk_method(number)->arguments != 3)
        number = send_message(thread, special_object(SPECIAL_RUN_WITH_IN), smalltalk_class_of_nogc(window[0]), 3, window);
    return number;
}

uint32_t not_understood(Thread *thread, Value selector, Value class, unsigned count, Value *window)
{
    Value method = lookup_method_nogc(class, selector);
    if (method != 0 && !is_method(method))
        return object_as_method(thread, method, selector, count, window);
    return send_message(thread, selector, class, count, window);
}

/* ---- the engine's question ---- */

static Value class_of_method(Value method)
{
    for (unsigned steps = 0; steps < 64; steps++) {
        unsigned literals = header_literals(method_header(method));
        Value last = literals != 0 ? slot_get(method, literals) : NIL;
        if (!is_method(last))
            return slot_or_nil(last, 1);
        method = last; /* a block's method ends with the one around it */
    }
    return NIL;
}

Value method_selector(Value method)
{
    unsigned literals = header_literals(method_header(method));
    Value name = literals >= 2 ? slot_get(method, literals - 1) : NIL;

    return is_pointers(name) ? slot_or_nil(name, 1) : name; /* a method's properties: its selector is the second */
}

bool smalltalk_method_is_named(uint32_t number, const char *text)
{
    const char *selector = strstr(text, ">>");
    char class[200];
    Value method, name;

    if (method_at(number)->language != LANGUAGE_SMALLTALK || run_tagged.method_objects[number] == 0 ||
        smalltalk_method(number)->kind != KIND_METHOD)
        return false;
    method = run_tagged.method_objects[number];
    name = method_selector(method);
    describe(class_of_method(method), class, sizeof class);
    if (selector != NULL && (strlen(class) != (size_t)(selector - text) || strncmp(class, text, strlen(class)) != 0))
        return false;
    selector = selector != NULL ? selector + 2 : text;
    return is_bytes(name) && object_byte_size(name) == strlen(selector) &&
           memcmp(object_slots(name), selector, strlen(selector)) == 0;
}

uint32_t language_lookup(Thread *thread, uint32_t class_index, const Code *code, uint64_t literal, Value *window, int *outcome)
{
    Value method_object = thread->fp[TAGGED_METHOD], selector, class = run_tagged.classes[class_index], method;
    unsigned which = (unsigned)literal & 0xffff, count = (unsigned)(literal >> 16) & 255, super = (unsigned)(literal >> 24) & 3;
    uint32_t number = 0;

    *outcome = OUTCOME_DONE;
    if (which & SEND_SPECIAL)
        selector = slot_or_nil(special_object(SPECIAL_SELECTORS), 2 * (which & ~SEND_SPECIAL));
    else
        selector = slot_get(method_object, which);
    run_tagged.access = ACCESS_SEND;
    if (super == 0) {
        number = lookup_send(class_index, selector);
    } else {
        class = slot_or_nil(super == SEND_SUPER ? class_of_method(method_object) : window[count + 1], BEHAVIOR_SUPER);
        method = lookup_method_nogc(class, selector);
        number = method != 0 && is_method(method) ? method_number_of(method) : 0;
        if (number != 0)
            method_bind(number, class_index);
    }
    if (number != 0 && smalltalk_method(number)->arguments == count)
        return number;
    *outcome = OUTCOME_RETRY; /* not to be cached */
    return not_understood(thread, selector, class, count, window);
}

/* ---- forgetting ---- */

static void flush_sites(void)
{
    run_empty_sites(NULL, 0);
    memset(run_tagged.sites, 0, sizeof run_tagged.sites);
}

void lookup_flush(void)
{
    memset(cache, 0, sizeof cache);
    flush_sites();
}

/* Of a method, or of a block within one. */
static void discard_code_of(uint32_t number)
{
    const SmalltalkMethod *method = smalltalk_method(number);
    method_discard_code(method_at(number));
    if (method->unfused != 0)
        method_discard_code(method_at(method->unfused));
}

bool lookup_flush_method(Value method)
{
    uint32_t number = method_find(method);
    if (number == 0) /* it has never been looked up: no cache knows it */
        return false;
    lookup_flush();
    memset(run_tagged.blocks, 0, sizeof run_tagged.blocks);
    for (; number != 0; number = smalltalk_method(number)->next_block) /* with its blocks, which have its literals */
        discard_code_of(number);
    return true;
}

void lookup_discard_all(void)
{
    lookup_flush();
    memset(run_tagged.blocks, 0, sizeof run_tagged.blocks);
    for (uint32_t number = 1; number < method_limit; number++) {
        Value object = run_tagged.method_objects[number];
        if (object == 0)
            continue;
        method_discard_code(method_at(number));
        if (smalltalk_method(number)->kind == KIND_METHOD && is_method(object))
            method_read(smalltalk_method(number), object);
    }
}

/* The object of a method is gone: so are its number, and the way to it. */
static void method_forget(uint32_t number)
{
    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
        uint32_t *link = &buckets[bucket];
        while (*link != 0 && *link != number)
            link = &smalltalk_method(*link)->next;
        if (*link == number) {
            *link = smalltalk_method(number)->next;
            break;
        }
    }
}

void lookup_visit_roots(HeapVisit *visit, void *context)
{
}

void lookup_update_weak(Value (*forward)(void *context, Value object), void *context)
{
    bool flush = false;

    for (uint32_t number = 1; number < method_limit; number++) {
        Value *object = &run_tagged.method_objects[number];
        if (*object == 0)
            continue;
        Value now = forward(context, *object);
        if (now == *object)
            continue;
        if (now == 0) {
            if (smalltalk_method(number)->home == 0)
                method_forget(number);
            flush = true;
        }
        *object = now;
    }
    memset(run_tagged.blocks, 0, sizeof run_tagged.blocks);
    for (unsigned i = 0; i < CACHE_ENTRIES; i++)
        if (cache[i].number != 0 && value_is_object(cache[i].selector) && forward(context, cache[i].selector) != cache[i].selector)
            cache[i].number = 0;
    if (flush)
        lookup_flush();
}

/* ---- images: methods and their code lie in the arena ---- */

Result lookup_save(Bytes *bytes)
{
    Result result;

    run_empty_sites(NULL, 0); /* the numbers of leaves in them are this process's own */
    TRY(bytes_append_le32(bytes, method_limit));
    TRY(bytes_append(bytes, run_tagged.method_objects, method_limit * sizeof(Value)));
    TRY(bytes_append(bytes, buckets, sizeof buckets));
done:
    return result;
}

Result lookup_load(const ImageLoad *load, Reader *bytes)
{
    const uint8_t *saved;

    method_limit = reader_le32(bytes);
    if (method_limit > METHODS_LIMIT || method_limit > method_table.count)
        return error_set(ERROR_FORMAT, "more methods than there are");
    image_values(load, bytes, run_tagged.method_objects, method_limit);
    saved = reader_take(bytes, sizeof buckets);
    if (saved != NULL)
        memcpy(buckets, saved, sizeof buckets);
    return OK;
}

void lookup_thaw(void)
{
    for (uint32_t number = 1; number < method_limit; number++) {
        Method *method = method_at(number);
        if (run_tagged.method_objects[number] != 0 && smalltalk_method(number)->primitive != 0 && method->code != 0)
            method_discard_code(method);
    }
}
