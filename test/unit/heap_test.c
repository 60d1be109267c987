/* heap_test.c - object memory: random graphs with a model kept beside, every kind of reference, owners, images, become,
 * pinning, moving, exhaustion. Most tests run once plainly and once in each debug mode. */
#include <sys/resource.h>

#include "test.h"

#include "base/memory.h"
#include "heap/heap.h"
#include "os/os.h"

static Allocator allocator;
static uint64_t seed;

static unsigned below(unsigned limit)
{
    return (unsigned)(test_random(&seed) >> 33) % limit;
}

/* ---- classes ---- */

enum {
    POINT,     /* Java: id, reference, raw, reference */
    WIDE,      /* Java: 200 slots, every third a reference */
    REFERENCES, /* Java array of references */
    BYTES,     /* Java array of bytes */
    FIXED,     /* Smalltalk: three slots */
    VARIABLE,  /* Smalltalk: slots */
    METHOD,    /* Smalltalk: literals and bytecodes */
    TEXT,      /* Smalltalk: bytes */
    EMPTY,     /* Java: no slots */
    KINDS
};
#define CLASS_FIXED 100
#define CLASS_VARIABLE 101
#define CLASS_METHOD 102
#define CLASS_TEXT 103
#define CLASS_WEAK 104
#define CLASS_EPHEMERON 105
#define WIDE_SLOTS 200

static uint32_t class_index[KINDS];

static Class *java_class(enum ObjectFormat format, uint32_t slots)
{
    Class *class;
    CHECK_OK(class_new(&class, 0));
    class->format = (uint8_t)format;
    class->slots = slots;
    return class;
}

static void smalltalk_class(uint32_t index, enum ObjectFormat format, uint32_t slots)
{
    Class *class;
    CHECK_OK(class_new_at(&class, index, 0));
    class->format = (uint8_t)format;
    class->slots = slots;
}

static void make_classes(void)
{
    Class *class = java_class(FORMAT_JAVA_INSTANCE, 4);
    class->reference_map = 1 << 1 | 1 << 3;
    class_index[POINT] = class->index;

    class = java_class(FORMAT_JAVA_INSTANCE, WIDE_SLOTS);
    class->reference_map_words = 3;
    class->reference_map_more = arena_allocate(3 * sizeof(uint64_t));
    for (unsigned slot = 1; slot < WIDE_SLOTS; slot += 3) {
        if (slot < 64)
            class->reference_map |= 1ull << slot;
        else
            ARENA(uint64_t, class->reference_map_more)[slot / 64 - 1] |= 1ull << slot % 64;
    }
    class_index[WIDE] = class->index;

    class = java_class(FORMAT_JAVA_ARRAY, 1);
    class->elements_are_references = 1;
    class->element_shift = 3;
    class_index[REFERENCES] = class->index;
    class_index[BYTES] = java_class(FORMAT_JAVA_ARRAY, 1)->index;
    class_index[EMPTY] = java_class(FORMAT_JAVA_INSTANCE, 0)->index;
    smalltalk_class(CLASS_FIXED, FORMAT_FIXED, 3);
    smalltalk_class(CLASS_VARIABLE, FORMAT_VARIABLE, 0);
    smalltalk_class(CLASS_METHOD, FORMAT_METHOD, 0);
    smalltalk_class(CLASS_TEXT, FORMAT_INDEXED_8, 0);
    smalltalk_class(CLASS_WEAK, FORMAT_WEAK, 1);
    smalltalk_class(CLASS_EPHEMERON, FORMAT_EPHEMERON, 2);
    class_index[FIXED] = CLASS_FIXED;
    class_index[VARIABLE] = CLASS_VARIABLE;
    class_index[METHOD] = CLASS_METHOD;
    class_index[TEXT] = CLASS_TEXT;
}

static void open_heap(HeapOptions options)
{
    CHECK_OK(heap_open(&options));
    heap_attach(&allocator, NULL);
    make_classes();
}

static void close_heap(void)
{
    CHECK_OK(heap_verify());
    heap_detach(&allocator);
    heap_close();
}

static Value new_point(void);

/* ---- a graph and its model ---- */

#define ROOTS 24
#define NODES 200000

typedef struct Node {
    uint8_t kind;
    uint32_t reference_count;
    uint32_t *references; /* node numbers; 0: null */
    uint32_t raw_bytes;   /* of its raw part */
    uint32_t hash;
} Node;

static Node *nodes;
static uint32_t node_count;
static uint32_t roots[ROOTS], root_nodes[ROOTS];

/* Where reference i of an object lies, and its raw part, filled with bytes that follow from the node's number. */
static uint64_t reference_offset(const Node *node, uint32_t i)
{
    switch (node->kind) {
    case POINT: return OBJECT_BODY + 8 * (1 + 2 * i);
    case WIDE: return OBJECT_BODY + 8 * (1 + 3 * i);
    case REFERENCES: return ARRAY_BASE_OFFSET + 8 * i;
    case METHOD: return OBJECT_BODY + 8 * (1 + i);
    default: return OBJECT_BODY + 8 * i;
    }
}

static uint64_t raw_offset(const Node *node)
{
    switch (node->kind) {
    case BYTES: return ARRAY_BASE_OFFSET;
    case METHOD: return OBJECT_BODY + 8 * (1 + node->reference_count);
    default: return OBJECT_BODY;
    }
}

static void shape_node(Node *node)
{
    unsigned long_one = below(400) == 0 ? 40000 : below(40) == 0 ? 300 : 8;
    switch (node->kind) {
    case POINT: node->reference_count = 2; node->raw_bytes = 8; break;
    case WIDE: node->reference_count = (WIDE_SLOTS + 1) / 3; node->raw_bytes = 8; break;
    case REFERENCES: node->reference_count = below(long_one); break;
    case BYTES: node->raw_bytes = below(long_one); break;
    case FIXED: node->reference_count = 3; break;
    case VARIABLE: node->reference_count = below(long_one); break;
    case METHOD: node->reference_count = below(20); node->raw_bytes = 8 * below(8); break;
    case TEXT: node->raw_bytes = 8 * below(long_one); break;
    }
}

static Value allocate_node(const Node *node)
{
    const Class *class = class_at(class_index[node->kind]);
    uint32_t slots = node->reference_count + node->raw_bytes / 8;
    bool old = below(50) == 0;
    switch (node->kind) {
    case REFERENCES: return heap_allocate_array(&allocator, class, node->reference_count);
    case BYTES: return heap_allocate_array(&allocator, class, node->raw_bytes);
    case METHOD: {
        Value method = heap_allocate(&allocator, class->index, FORMAT_METHOD, 1 + slots);
        heap_store(method, OBJECT_BODY, value_from_integer(node->reference_count | 1 << 20));
        return method;
    }
    case POINT: case WIDE: case EMPTY:
        return old ? heap_allocate_old(&allocator, class->index, FORMAT_JAVA_INSTANCE, class->slots)
                   : heap_allocate_instance(&allocator, class);
    default:
        return old ? heap_allocate_old(&allocator, class->index, (enum ObjectFormat)class->format, slots)
                   : heap_allocate(&allocator, class->index, (enum ObjectFormat)class->format, slots);
    }
}

static uint32_t new_node(Value *object)
{
    uint32_t number = node_count++;
    Node *node = &nodes[number];
    memset(node, 0, sizeof *node);
    node->kind = (uint8_t)below(KINDS);
    shape_node(node);
    node->references = calloc(node->reference_count + 1u, sizeof(uint32_t));
    *object = allocate_node(node);
    CHECK(*object != 0);
    for (uint32_t i = 0; i < node->raw_bytes; i++)
        *(uint8_t *)object_at(*object, raw_offset(node) + i) = (uint8_t)(number * 7 + i);
    if (below(4) == 0)
        node->hash = heap_identity_hash(*object);
    return number;
}

static Value walk(uint32_t *number)
{
    unsigned root = below(ROOTS);
    Value object = heap_root(roots[root]);
    *number = root_nodes[root];
    for (unsigned steps = below(30); steps > 0 && object != 0; steps--) {
        const Node *node = &nodes[*number];
        if (node->reference_count == 0)
            break;
        uint32_t i = below(node->reference_count);
        if (node->references[i] == 0)
            break;
        object = heap_load(object, reference_offset(node, i));
        *number = node->references[i];
    }
    return object;
}

static void store(Value object, uint32_t number, uint32_t i, Value target, uint32_t target_number)
{
    heap_store(object, reference_offset(&nodes[number], i), target);
    nodes[number].references[i] = target_number;
}

static void mutate(void)
{
    uint32_t number, target_number;
    Value target, object;
    if (below(3) != 0)
        target_number = new_node(&target);
    else
        target = walk(&target_number);
    if (target == 0)
        target_number = 0;
    object = walk(&number);
    if (below(1000) == 0 || object == 0) {
        unsigned root = below(ROOTS);
        heap_root_set(roots[root], target);
        root_nodes[root] = target_number;
    } else if (nodes[number].reference_count > 0) {
        uint32_t count = nodes[number].reference_count, i = below(count);
        for (unsigned tries = 0; tries < 6 && nodes[number].references[i] != 0; tries++) /* let it grow */
            i = below(count);
        store(object, number, i, target, target_number);
    }
}

static void check_node(Value object, uint32_t number)
{
    const Node *node = &nodes[number];
    CHECK_EQUAL(object_class_index(object), class_index[node->kind]);
    if (node->hash != 0)
        CHECK_EQUAL(heap_identity_hash(object), node->hash);
    if (node->kind == REFERENCES || node->kind == BYTES)
        CHECK_EQUAL(array_length(object), node->kind == BYTES ? node->raw_bytes : node->reference_count);
    const uint8_t *raw = object_at(object, raw_offset(node));
    for (uint32_t i = 0; i < node->raw_bytes; i++)
        if (raw[i] != (uint8_t)(number * 7 + i))
            CHECK_EQUAL(raw[i], (uint8_t)(number * 7 + i));
}

static unsigned check_graph(void)
{
    Value *found = calloc(node_count, sizeof(Value)); /* each node is one object */
    uint32_t *stack = malloc(node_count * sizeof(uint32_t));
    unsigned depth = 0, count = 0;
    for (unsigned i = 0; i < ROOTS; i++) {
        Value object = heap_root(roots[i]);
        CHECK_EQUAL(object == 0, root_nodes[i] == 0);
        if (object == 0)
            continue;
        if (found[root_nodes[i]] == 0)
            stack[depth++] = root_nodes[i];
        else
            CHECK_EQUAL(found[root_nodes[i]], object);
        found[root_nodes[i]] = object;
    }
    while (depth > 0) {
        uint32_t number = stack[--depth];
        const Node *node = &nodes[number];
        Value object = found[number];
        check_node(object, number);
        count++;
        for (uint32_t i = 0; i < node->reference_count; i++) {
            uint32_t target = node->references[i];
            Value value = heap_load(object, reference_offset(node, i));
            if ((target == 0) != (value == 0) || (found[target] != 0 && found[target] != value))
                CHECK_EQUAL(value, found[target]);
            if (target != 0 && found[target] == 0) {
                found[target] = value;
                stack[depth++] = target;
            }
        }
    }
    free(found);
    free(stack);
    return count;
}

static void open_graph(uint64_t with_seed)
{
    seed = with_seed;
    nodes = calloc(NODES, sizeof *nodes);
    node_count = 1;
    memset(root_nodes, 0, sizeof root_nodes);
    for (unsigned i = 0; i < ROOTS; i++)
        roots[i] = heap_root_add(0, 0);
}

static void close_graph(void)
{
    for (uint32_t i = 0; i < node_count; i++)
        free(nodes[i].references);
    free(nodes);
}


enum { FREEZE_TOO = 1, TAKE_ALL_PATHS = 2 };

static void disturb(unsigned how)
{
    uint64_t start, end;
    uint32_t number;
    if (how & FREEZE_TOO && below(3) == 0)
        CHECK_OK(heap_compact_for_image(&allocator, &start, &end));
    else if (how & FREEZE_TOO && below(3) == 0)
        CHECK_OK(heap_move_everything(&allocator));
    else
        heap_collect(&allocator, below(2), HEAP_CAUSE_REQUEST);
    if (how & TAKE_ALL_PATHS) {
        Value object = walk(&number);
        if (object != 0)
            CHECK(heap_pin(&allocator, object) != 0);
    }
}

static void run_graph(HeapOptions options, unsigned steps, unsigned how)
{
    open_heap(options);
    open_graph(options.seed);
    for (unsigned step = 0; step < steps; step++) {
        mutate();
        if (step % (steps / 8) == 0)
            check_graph();
        if (below(steps / (how ? 16 : 4)) == 0)
            disturb(how);
    }
    CHECK(check_graph() > 20);
    CHECK(heap_stats().young_collections > 0);
    close_graph();
    close_heap();
}

static void test_graph(void)
{
    for (uint64_t i = 1; i <= 6; i++)
        run_graph((HeapOptions){.eden_bytes = (i % 3 + 1) << 18, .limit_bytes = 400 << 20, .seed = i, .verify = true},
                  60000, 0);
}

static void test_graph_stress(void)
{
    for (uint64_t i = 1; i <= 3; i++)
        run_graph((HeapOptions){.eden_bytes = 1 << 18, .limit_bytes = 100 << 20, .seed = i, .verify = true,
                                .stress = true},
                  1500, i == 3 ? FREEZE_TOO | TAKE_ALL_PATHS : 0);
}

static void test_graph_moving(void)
{
    for (uint64_t i = 1; i <= 3; i++)
        run_graph((HeapOptions){.eden_bytes = 1 << 18, .limit_bytes = 100 << 20, .seed = i, .verify = true,
                                .move = true},
                  20000, 0);
}

static void test_graph_freezing(void)
{
    for (uint64_t i = 1; i <= 6; i++)
        run_graph((HeapOptions){.eden_bytes = 1 << 18, .limit_bytes = 200 << 20, .seed = i, .verify = true}, 30000,
                  i % 2 ? FREEZE_TOO : FREEZE_TOO | TAKE_ALL_PATHS);
}

/* ---- images: what was frozen comes back in a new heap ---- */

typedef struct Saved {
    void *bytes;
    size_t size;
    uint32_t count;
} Saved;

static Saved save(const void *bytes, size_t size, uint32_t count)
{
    return (Saved){memory_copy(bytes, size), size, count};
}

/* What an image holds of a table, and how much that is for its first count elements. */
static void *table_contents(ArenaTable *table, uint32_t count, size_t *size)
{
    *size = table->is_chunked ? sizeof table->chunks : arena_table_bytes(table, count);
    return table->is_chunked ? (void *)table->chunks : arena_table_memory(table, *size);
}

static void test_thaw(void)
{
    HeapOptions options = {.eden_bytes = 1 << 18, .limit_bytes = 100 << 20, .verify = true};
    Saved tables[16], arena, objects, crossings = {0};
    ArenaTable *const *open_tables;
    uint64_t start, end;

    open_heap(options);
    open_graph(77);
    for (unsigned step = 0; step < 20000; step++)
        mutate();
    CHECK_OK(heap_compact_for_image(&allocator, &start, &end));
    CHECK_EQUAL(start, heap_preferred_base());
    CHECK_OK(heap_image_crossings(start, end, &crossings.bytes, &crossings.size));
    objects = save((void *)(uintptr_t)start, end - start, 0);
    arena = save(arena_base, arena_used_bytes(), 0);
    size_t count = arena_tables(&open_tables);
    for (size_t i = 0, size; i < count; i++) {
        const void *contents = table_contents(open_tables[i], open_tables[i]->count, &size);
        tables[i] = save(contents, size, open_tables[i]->count);
    }
    close_heap();

    CHECK_OK(heap_open(&options));
    CHECK_EQUAL(heap_preferred_base(), start);
    CHECK_EQUAL(arena_tables(&open_tables), count);
    CHECK(arena_allocate(arena.size) != 0);
    memcpy(arena_base, arena.bytes, arena.size);
    CHECK_OK(arena_adopt(arena.size));
    for (size_t i = 0, size; i < count; i++) {
        if (!open_tables[i]->is_chunked)
            CHECK_OK(arena_table_reach(open_tables[i], tables[i].count));
        void *contents = table_contents(open_tables[i], tables[i].count, &size);
        CHECK_EQUAL(size, tables[i].size);
        memcpy(contents, tables[i].bytes, size);
        open_tables[i]->count = tables[i].count;
        memory_free(tables[i].bytes);
    }
    CHECK_OK(os_memory_commit((void *)(uintptr_t)start, (objects.size + 4095) / 4096 * 4096));
    memcpy((void *)(uintptr_t)start, objects.bytes, objects.size);
    CHECK_EQUAL(crossings.size, heap_crossing_bytes(end - start));
    memcpy(heap_image_crossings_place(), crossings.bytes, crossings.size);
    CHECK_FAILS(heap_adopt_image(start + 8, end), ERROR_FORMAT);
    CHECK_OK(heap_adopt_image(start, end));
    CHECK_FAILS(heap_adopt_image(start, end), ERROR_STATE);
    memory_free(objects.bytes);
    memory_free(arena.bytes);
    memory_free(crossings.bytes);
    heap_attach(&allocator, NULL);
    CHECK(heap_is_image_nogc(start));
    check_graph();
    for (unsigned step = 0; step < 30000; step++) {
        mutate();
        if (below(3000) == 0)
            heap_collect(&allocator, below(2), HEAP_CAUSE_REQUEST);
    }
    check_graph();
    close_graph();
    close_heap();
}

/* Objects written by hand, as a reader of foreign images does. */
static void test_load(void)
{
    uint64_t start, at;
    open_heap((HeapOptions){.eden_bytes = 1 << 18, .limit_bytes = 8 << 20, .verify = true});
    CHECK_FAILS(heap_begin_load(9 << 20, &start), ERROR_LIMIT);
    CHECK_OK(heap_begin_load(3 << 20, &start));
    Value before = 0;
    for (at = start; at < start + (2 << 20);) {
        uint64_t slots = at % 3000 + 1;
        uint64_t *word = (uint64_t *)(uintptr_t)at;
        if (slots >= HEADER_SLOTS_MANY)
            *word++ = (uint64_t)HEADER_SLOTS_MANY << HEADER_SLOTS_SHIFT | slots;
        *word = header_make(CLASS_VARIABLE, FORMAT_VARIABLE, slots);
        memset(word + 1, 0, 8 * slots);
        word[1] = before;
        before = (Value)(uintptr_t)word;
        uint64_t end = (uint64_t)(uintptr_t)(word + 1 + slots);
        heap_load_extent(at, end);
        at = end + at % 7 * 8 + (at % 11 == 0 ? 3000 * 8 : 0); /* what the image had beside its objects */
        memset((void *)(uintptr_t)end, 0xa5, at - end);
        heap_load_unused(end, at);
    }
    heap_end_load(at);
    Value *last = heap_hold_nogc(&allocator, before);
    CHECK_OK(heap_verify());
    unsigned counts[2] = {0, 0};
    for (unsigned i = 0; i < 2; i++) {
        for (Value object = *last; object != 0; object = heap_slot(object, 0))
            counts[i]++;
        heap_collect(&allocator, true, HEAP_CAUSE_REQUEST);
    }
    CHECK(counts[0] > 100);
    CHECK_EQUAL(counts[0], counts[1]);
    close_heap();
}

/* ---- java.lang.ref ---- */

enum { REFERENT = 8, QUEUE = 16, NEXT = 24, DISCOVERED = 32 };
static uint32_t reference_class[REFERENCE_PHANTOM + 1];
static const HeapOptions small_heap = {.eden_bytes = 1 << 18, .limit_bytes = 64 << 20, .verify = true};

static void open_references(HeapOptions options)
{
    open_heap(options);
    for (unsigned kind = REFERENCE_SOFT; kind <= REFERENCE_PHANTOM; kind++) {
        Class *class = java_class(FORMAT_JAVA_INSTANCE, 4);
        class->reference_map = 15;
        class->reference_kind = (uint8_t)kind;
        reference_class[kind] = class->index;
    }
    heap_set_reference_layout((HeapReferenceLayout){REFERENT, QUEUE, NEXT, DISCOVERED});
}

static Value new_point(void)
{
    Value point = heap_allocate_instance(&allocator, class_at(class_index[POINT]));
    CHECK(point != 0);
    return point;
}

static Value *hold(Value value)
{
    return heap_hold_nogc(&allocator, value);
}

static Value *new_reference(unsigned kind, const Value *referent)
{
    Value *reference = hold(heap_allocate_instance(&allocator, class_at(reference_class[kind])));
    heap_store(*reference, REFERENT, *referent);
    return reference;
}

static void collect(bool full)
{
    heap_collect(&allocator, full, HEAP_CAUSE_REQUEST);
}

/* Takes the pending list; gives its length, and whether *wanted is on it. */
static unsigned take_pending(const Value *wanted, bool *found)
{
    unsigned count = 0;
    *found = false;
    for (Value reference = heap_take_pending_nogc(); reference != 0; reference = heap_load(reference, DISCOVERED)) {
        if (wanted != NULL && reference == *wanted)
            *found = true;
        count++;
    }
    return count;
}

/* One Reference of each kind to a dead object, and to a live one; collected young or in full, when young or old. */
static void check_references(bool full, bool old)
{
    bool found;
    open_references(small_heap);
    Value *dead = hold(new_point());
    Value *live = hold(new_point());
    Value *to_dead[5], *to_live[5];
    for (unsigned kind = REFERENCE_SOFT; kind <= REFERENCE_PHANTOM; kind++) {
        if (kind != REFERENCE_SOFT && kind != REFERENCE_FINAL)
            to_dead[kind] = new_reference(kind, dead);
        to_live[kind] = new_reference(kind, live);
    }
    if (old)
        for (unsigned i = 0; i < 5; i++)
            collect(full);
    *dead = 0;
    collect(full);
    if (old && !full) {
        CHECK_EQUAL(take_pending(NULL, &found), 0); /* the dead one is old itself */
    } else {
        CHECK_EQUAL(heap_load(*to_dead[REFERENCE_WEAK], REFERENT), 0);
        CHECK_EQUAL(heap_load(*to_dead[REFERENCE_PHANTOM], REFERENT), 0);
        CHECK_EQUAL(heap_has_pending_nogc(), true);
        CHECK_EQUAL(take_pending(to_dead[REFERENCE_WEAK], &found), 2);
        CHECK(found);
    }
    CHECK_EQUAL(heap_has_pending_nogc(), false);
    for (unsigned kind = REFERENCE_SOFT; kind <= REFERENCE_PHANTOM; kind++)
        CHECK_EQUAL(heap_load(*to_live[kind], REFERENT), *live);
    close_heap();
}

static void test_references(void)
{
    for (unsigned i = 0; i < 4; i++)
        check_references(i & 1, i & 2);
}

/* Objects of an image count as live; those that nobody refers to must still not keep others when memory is short. One
 * that a weak reference leads to can come back, and keeps what it has. */
static void test_dead_image_objects(void)
{
    uint64_t start, end;
    open_references(small_heap);
    Value *list = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 40));
    Value *other = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 2));
    Value *weak = new_reference(REFERENCE_WEAK, other);
    Value *weak_array = hold(heap_allocate(&allocator, CLASS_WEAK, FORMAT_WEAK, 3));
    Value *third = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 2));
    heap_store(*weak_array, OBJECT_BODY + 8 * 2, *third);
    CHECK_OK(heap_compact_for_image(&allocator, &start, &end));
    CHECK(heap_is_image_nogc(*list) && heap_is_image_nogc(*other) && heap_is_image_nogc(*third));
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 40; i++) {
            Value megabyte = heap_allocate(&allocator, CLASS_TEXT, FORMAT_INDEXED_8, 1 << 17);
            CHECK(megabyte != 0);
            heap_store(*list, OBJECT_BODY + 8 * i, megabyte);
        }
        if (round == 0) {
            heap_store(*other, OBJECT_BODY + 8 * 1, new_point());
            heap_store(*third, OBJECT_BODY + 8 * 1, new_point());
            *other = *third = 0;
            *list = heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 40);
        }
    }
    CHECK(heap_load(*weak, REFERENT) != 0 && heap_slot(*weak_array, 2) != 0);
    CHECK_EQUAL(object_class_index(heap_slot(heap_load(*weak, REFERENT), 1)), class_index[POINT]);
    CHECK_EQUAL(object_class_index(heap_slot(heap_slot(*weak_array, 2), 1)), class_index[POINT]);
    close_heap();
}

/* An old Reference to a young object, found through its card. */
static void test_old_reference_to_young(void)
{
    bool found;
    open_references(small_heap);
    Value none = 0;
    Value *weak = new_reference(REFERENCE_WEAK, &none), *other = new_reference(REFERENCE_WEAK, &none);
    collect(true);
    CHECK(!heap_is_young_nogc(*weak));
    heap_store(*weak, REFERENT, new_point());
    Value *live = hold(new_point());
    heap_store(*other, REFERENT, *live);
    collect(false);
    CHECK_EQUAL(heap_load(*weak, REFERENT), 0);
    CHECK_EQUAL(heap_load(*other, REFERENT), *live);
    CHECK_EQUAL(take_pending(weak, &found), 1);
    CHECK(found);
    close_heap();
}

/* The referent of a FinalReference is kept, queued once, and dies the next time; what it refers to lives with it, and
 * phantom references to it wait, while weak ones are cleared first. */
static void check_final(bool full)
{
    bool found;
    open_references(small_heap);
    Value *object = hold(new_point());
    heap_store(*object, OBJECT_BODY + 8, new_point());
    Value *inner = hold(heap_slot(*object, 1));
    Value *point = hold(new_point());
    Value *weak_within = new_reference(REFERENCE_WEAK, point); /* reached by finalization only: strong this time */
    heap_store(*object, OBJECT_BODY + 24, *weak_within);
    *point = *weak_within = 0;
    Value *final = new_reference(REFERENCE_FINAL, object);
    Value *weak = new_reference(REFERENCE_WEAK, object);
    Value *phantom = new_reference(REFERENCE_PHANTOM, object);
    Value *weak_inner = new_reference(REFERENCE_WEAK, inner);
    *object = *inner = 0;
    collect(full);
    CHECK_EQUAL(heap_load(*weak, REFERENT), 0);
    CHECK_EQUAL(heap_load(*weak_inner, REFERENT), 0);
    CHECK(heap_load(*final, REFERENT) != 0);
    CHECK(heap_slot(heap_load(*final, REFERENT), 1) != 0);
    CHECK(heap_load(heap_slot(heap_load(*final, REFERENT), 3), REFERENT) != 0);
    CHECK_EQUAL(heap_load(*phantom, REFERENT), heap_load(*final, REFERENT));
    CHECK_EQUAL(heap_load(*final, NEXT), *final);
    CHECK_EQUAL(take_pending(final, &found), 3);
    CHECK(found);
    collect(full);
    CHECK_EQUAL(take_pending(final, &found), 1); /* the weak one within */
    CHECK(!found);                               /* not active any more: its referent is strong */
    CHECK(heap_load(*final, REFERENT) != 0);
    heap_store(*final, REFERENT, 0);
    collect(full);
    CHECK_EQUAL(heap_load(*phantom, REFERENT), 0);
    CHECK_EQUAL(take_pending(phantom, &found), 1);
    CHECK(found);
    close_heap();
}

static void test_final_references(void)
{
    check_final(false);
    check_final(true);
}

/* Random graphs of points with References of every kind to them, against what a model says is reachable. */
#define POINTS 300
static uint32_t edges[POINTS][2];

static void reach_points(bool *reached, uint32_t from)
{
    if (reached[from])
        return;
    reached[from] = true;
    for (unsigned i = 0; i < 2; i++)
        if (edges[from][i] < POINTS)
            reach_points(reached, edges[from][i]);
}

static void check_random_references(bool full, bool age)
{
    bool strong[POINTS] = {false}, finalized[POINTS], found;
    Value *references[POINTS];
    unsigned kinds[POINTS], targets[POINTS], expected = 0;
    open_references(small_heap);
    Value *table = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, POINTS));
    for (unsigned i = 0; i < POINTS; i++)
        heap_store(*table, OBJECT_BODY + 8 * i, new_point());
    for (unsigned i = 0; i < POINTS; i++)
        for (unsigned side = 0; side < 2; side++) {
            edges[i][side] = below(3 * POINTS);
            if (edges[i][side] < POINTS)
                heap_store(heap_slot(*table, i), 16 + 16 * side, heap_slot(*table, edges[i][side]));
        }
    for (unsigned i = 0; i < POINTS; i++) {
        Value *target = hold(heap_slot(*table, targets[i] = below(POINTS)));
        references[i] = new_reference(kinds[i] = REFERENCE_SOFT + below(4), target);
        *target = 0;
    }
    for (unsigned i = 0; i < 40; i++) {
        unsigned point = below(POINTS);
        hold(heap_slot(*table, point));
        reach_points(strong, point);
    }
    for (unsigned i = 0; i < 5 && age; i++)
        collect(false);
    *table = 0;
    for (unsigned i = 0; i < POINTS; i++)
        if (kinds[i] == REFERENCE_SOFT)
            reach_points(strong, targets[i]);
    memcpy(finalized, strong, sizeof strong);
    for (unsigned i = 0; i < POINTS; i++)
        if (kinds[i] == REFERENCE_FINAL)
            reach_points(finalized, targets[i]);
    collect(full);
    for (unsigned i = 0; i < POINTS; i++) {
        bool live = kinds[i] == REFERENCE_PHANTOM ? finalized[targets[i]] : strong[targets[i]];
        CHECK_EQUAL(heap_load(*references[i], REFERENT) != 0, live || kinds[i] == REFERENCE_FINAL);
        CHECK_EQUAL(heap_load(*references[i], NEXT) != 0, !live && kinds[i] == REFERENCE_FINAL);
        expected += !live;
    }
    CHECK(expected > 10);
    CHECK_EQUAL(take_pending(NULL, &found), expected);
    close_heap();
}

static void test_random_references(void)
{
    seed = 5;
    for (unsigned i = 0; i < 20; i++) {
        check_random_references(true, false);
        check_random_references(true, true);
        check_random_references(false, false);
    }
}

/* Soft references outlive collections, but not the lack of memory. */
static void test_soft_references(void)
{
    bool found;
    open_references(small_heap);
    Value *object = hold(heap_allocate_array(&allocator, class_at(class_index[BYTES]), 20 << 20));
    Value *soft = new_reference(REFERENCE_SOFT, object);
    *object = 0;
    collect(false);
    collect(true);
    CHECK(heap_load(*soft, REFERENT) != 0);
    CHECK(heap_allocate_array(&allocator, class_at(class_index[BYTES]), 50 << 20) != 0);
    CHECK_EQUAL(heap_load(*soft, REFERENT), 0);
    CHECK_EQUAL(take_pending(soft, &found), 1);
    CHECK(found);
    close_heap();
}

/* ---- Smalltalk's weak objects and ephemerons ---- */

static void check_weak_object(bool full)
{
    open_heap(small_heap);
    Value *nil = hold(new_point());
    heap_set_nil(*nil);
    Value *weak = hold(heap_allocate(&allocator, CLASS_WEAK, FORMAT_WEAK, 5));
    Value *live = hold(new_point());
    heap_store(*weak, 8, new_point());  /* the fixed slot is strong */
    heap_store(*weak, 16, new_point()); /* dies */
    heap_store(*weak, 24, *live);
    heap_store(*weak, 32, value_from_integer(7));
    heap_store(*weak, 40, new_point()); /* dies */
    collect(full);
    CHECK(heap_slot(*weak, 0) != *nil && heap_slot(*weak, 0) != 0);
    CHECK_EQUAL(heap_slot(*weak, 1), *nil);
    CHECK_EQUAL(heap_slot(*weak, 2), *live);
    CHECK_EQUAL(heap_slot(*weak, 3), value_from_integer(7));
    CHECK_EQUAL(heap_slot(*weak, 4), *nil);
    CHECK(heap_take_weak_cleared_nogc());
    CHECK(!heap_take_weak_cleared_nogc());
    close_heap();
}

/* Where a collection finds no room to note weak objects, what they refer to stays, this time. */
static void check_weak_object_without_room(bool full)
{
    HeapOptions options = small_heap;
    options.list_bytes = 8; /* no room for one */
    open_heap(options);
    Value *nil = hold(new_point());
    heap_set_nil(*nil);
    Value *weak = hold(heap_allocate(&allocator, CLASS_WEAK, FORMAT_WEAK, 3));
    Value *ephemeron = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2));
    for (unsigned i = 1; i <= 3; i++) heap_store(*weak, 8 * i, new_point());
    for (unsigned i = 1; i <= 2; i++) heap_store(*ephemeron, 8 * i, new_point());
    for (unsigned times = 0; times < 3; times++) {
        collect(full);
        CHECK_OK(heap_verify());
    }
    for (unsigned i = 0; i < 3; i++) CHECK_EQUAL(object_class_index(heap_slot(*weak, i)), class_index[POINT]);
    for (unsigned i = 0; i < 2; i++) CHECK_EQUAL(object_class_index(heap_slot(*ephemeron, i)), class_index[POINT]);
    CHECK(!heap_has_mourners_nogc() && !heap_take_weak_cleared_nogc());
    close_heap();
}

static void test_weak_objects(void)
{
    check_weak_object(false);
    check_weak_object(true);
    check_weak_object_without_room(false);
    check_weak_object_without_room(true);
}

static void check_ephemeron(bool full)
{
    open_heap(small_heap);
    /* dead key reached by its own value: fires; live key: does not; a key alive through another ephemeron's value */
    Value *dead = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2));
    Value *earlier = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2)); /* chained, and found before the other */
    Value *live = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2));
    Value *chained = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2));
    Value *holder = hold(new_point()); /* of the live key: the ephemerons are found before it */
    Value *own = hold(new_point());
    heap_store(*own, 16, new_point());
    heap_store(*holder, 16, new_point());
    heap_store(*dead, 16, *own);
    heap_store(*dead, 8, heap_load(*own, 16));
    heap_store(*live, 8, heap_load(*holder, 16));
    heap_store(*live, 16, new_point());
    heap_store(*chained, 8, heap_load(*live, 16));
    heap_store(*chained, 16, new_point());
    heap_store(*earlier, 8, heap_load(*chained, 16));
    heap_store(*earlier, 16, new_point());
    *own = 0;
    collect(full);
    CHECK(heap_has_mourners_nogc());
    CHECK_EQUAL(heap_take_mourner_nogc(), *dead);
    CHECK(!heap_has_mourners_nogc());
    CHECK_EQUAL(heap_load(*dead, 8), heap_load(heap_load(*dead, 16), 16));
    CHECK_EQUAL(heap_load(*live, 8), heap_load(*holder, 16));
    CHECK_EQUAL(heap_load(*chained, 8), heap_load(*live, 16));
    CHECK(heap_load(*chained, 16) != 0);
    CHECK_EQUAL(heap_load(*earlier, 8), heap_load(*chained, 16));
    CHECK_EQUAL(object_class_index(heap_slot(*earlier, 1)), class_index[POINT]);
    close_heap();
}

/* Of an image: each fires once, also where it lies in two written cards. */
static void check_image_ephemerons(bool full)
{
    enum { COUNT = 100 };
    uint64_t start, end;
    Value *ephemerons[COUNT];
    unsigned fired = 0;

    open_heap(small_heap);
    for (unsigned i = 0; i < COUNT; i++) ephemerons[i] = hold(heap_allocate(&allocator, CLASS_EPHEMERON, FORMAT_EPHEMERON, 2));
    CHECK_OK(heap_compact_for_image(&allocator, &start, &end));
    for (unsigned i = 0; i < COUNT; i++) heap_store(*ephemerons[i], 8, new_point());
    collect(full);
    for (; heap_has_mourners_nogc(); fired++) {
        Value mourner = heap_take_mourner_nogc();
        CHECK_EQUAL(object_class_index(heap_slot(mourner, 0)), class_index[POINT]);
    }
    CHECK_EQUAL(fired, COUNT);
    collect(full);
    CHECK(!heap_has_mourners_nogc());
    close_heap();
}

static void test_ephemerons(void)
{
    check_ephemeron(false);
    check_ephemeron(true);
    check_image_ephemerons(false);
    check_image_ephemerons(true);
}

/* ---- owners ---- */

static uint32_t owners_dead[4];
static unsigned owners_dead_count;

static void owner_died(uint32_t owner)
{
    owners_dead[owners_dead_count++] = owner;
}

static Class *owned_class(uint32_t owner)
{
    Class *class = java_class(FORMAT_JAVA_INSTANCE, 1);
    class->reference_map = 1;
    class->owner = owner;
    return class;
}

static void test_owners(void)
{
    const HeapHooks hooks = {.owner_died = owner_died};
    open_heap(small_heap);
    heap_set_hooks(&hooks);
    Class *mirror_class = java_class(FORMAT_JAVA_INSTANCE, 1);
    mirror_class->flags = CLASS_MIRROR;
    uint32_t mirror_index = mirror_class->index;

    Value *loader = hold(new_point());
    uint32_t owner = heap_owner_add(*loader);
    uint32_t index = owned_class(owner)->index;
    Value *mirror = hold(heap_allocate_instance(&allocator, class_at(mirror_index)));
    class_at(index)->mirror_root = heap_root_add(*mirror, owner);
    uint32_t root = heap_root_add(new_point(), owner);
    Value *instance = hold(heap_allocate_instance(&allocator, class_at(index)));

    collect(true); /* by its loader */
    CHECK_EQUAL(owners_dead_count, 0);
    *loader = *mirror = 0;
    collect(true); /* by an instance */
    CHECK_EQUAL(owners_dead_count, 0);
    CHECK(value_is_object(heap_root(root)));
    *instance = 0;
    *mirror = heap_root(class_at(index)->mirror_root);
    collect(true); /* by a class object */
    CHECK_EQUAL(owners_dead_count, 0);
    *mirror = 0;
    collect(false);
    CHECK_EQUAL(owners_dead_count, 0);
    collect(true);
    CHECK_EQUAL(owners_dead_count, 1);
    CHECK_EQUAL(owners_dead[0], owner);
    CHECK_EQUAL(*class_place(index), 0);
    CHECK_EQUAL(heap_root(root), 0);
    CHECK_EQUAL(heap_owner_add(new_point()), owner); /* numbers are used again */
    close_heap();
}

/* ---- become, pinning, large objects ---- */

static void check_become(bool old)
{
    open_heap(small_heap);
    Value *a = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 300));
    Value *b = hold(heap_allocate(&allocator, CLASS_FIXED, FORMAT_FIXED, 3));
    Value *holder = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 2));
    heap_store(*holder, 8, *a);
    heap_store(*holder, 16, *b);
    for (unsigned i = 0; old && i < 5; i++)
        collect(false);
    Value from = *a, to = *b;
    CHECK_OK(heap_become(&allocator, &from, &to, 1, true, false));
    CHECK_EQUAL(*a, to);
    CHECK_EQUAL(*b, from);
    CHECK_EQUAL(heap_slot(*holder, 0), to);
    CHECK_EQUAL(heap_slot(*holder, 1), from);
    CHECK_OK(heap_become(&allocator, &from, &to, 1, false, false));
    CHECK_EQUAL(*a, to);
    CHECK_EQUAL(*b, to);
    CHECK_EQUAL(heap_slot(*holder, 1), to);
    Value java = new_point();
    CHECK_FAILS(heap_become(&allocator, a, &java, 1, false, false), ERROR_UNSUPPORTED);
    collect(true);
    CHECK_EQUAL(heap_slot(*holder, 0), *a);
    CHECK_EQUAL(heap_slot(*holder, 1), *a);
    close_heap();
}

/* Each pair is exchanged after the ones before it: {x y z} with {y z x} is x with y, the new y with z, the new z with x. */
static void check_become_in_turn(bool two_way, bool keep_hashes, const unsigned *wanted)
{
    Value *holder, objects[3], from[3], to[3];
    uint32_t hashes[3];

    open_heap(small_heap);
    holder = hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 3));
    for (unsigned i = 0; i < 3; i++)
        heap_store(*holder, 8 + 8 * i, heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, i + 1));
    for (unsigned i = 0; i < 3; i++) {
        objects[i] = heap_slot(*holder, i);
        hashes[i] = heap_identity_hash(objects[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        from[i] = objects[i];
        to[i] = objects[(i + 1) % 3];
    }
    CHECK_OK(heap_become(&allocator, from, to, 3, two_way, keep_hashes));
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQUAL(heap_slot(*holder, i), objects[wanted[i]]);
        if (two_way)
            CHECK_EQUAL(heap_identity_hash(heap_slot(*holder, i)), hashes[keep_hashes ? i : wanted[i]]);
    }
    close_heap();
}

static void test_become(void)
{
    check_become(false);
    check_become(true);
    check_become_in_turn(true, true, (const unsigned[]){0, 2, 1});
    check_become_in_turn(true, false, (const unsigned[]){0, 2, 1});
    check_become_in_turn(false, false, (const unsigned[]){2, 2, 2});
}

typedef struct Walked {
    Value objects[4000];
    unsigned count;
} Walked;

static void note_object(void *context, Value object)
{
    Walked *walked = context;
    if (walked->count < 4000)
        walked->objects[walked->count++] = object;
}

/* One after the other, the same objects as all at once: in eden, survivors, old and large space. */
static void test_next_object(void)
{
    static Walked walked;
    open_heap(small_heap);
    for (unsigned round = 0; round < 6; round++) {
        for (unsigned i = 0; i < 20; i++)
            hold(new_point());
        hold(heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 20000));
        if (round < 5)
            collect(round == 4);
        walked.count = 0;
        heap_each_object(note_object, &walked);
        CHECK(walked.count > 20 * (round + 1));
        Value object = 0;
        for (unsigned i = 0; i < walked.count; i++) {
            object = heap_next_object_nogc(object);
            CHECK_EQUAL(object, walked.objects[i]);
        }
        CHECK_EQUAL(heap_next_object_nogc(object), 0);
    }
    close_heap();
}

static void test_pin(void)
{
    open_heap(small_heap);
    Value *object = hold(new_point()), *holder = hold(new_point());
    heap_store(*object, 16, new_point());
    heap_store(*holder, 16, *object);
    uint32_t hash = heap_identity_hash(*object);
    Value pinned = heap_pin(&allocator, *object);
    CHECK_EQUAL(*object, pinned);
    CHECK_EQUAL(heap_load(*holder, 16), pinned);
    CHECK_EQUAL(heap_identity_hash(pinned), hash);
    for (unsigned i = 0; i < 6; i++) {
        collect(i & 1);
        CHECK_EQUAL(*object, pinned);
        CHECK_EQUAL(heap_load(*holder, 16), pinned);
        CHECK(heap_load(pinned, 16) != 0);
    }
    CHECK_EQUAL(heap_pin(&allocator, pinned), pinned);
    Value *other = hold(heap_allocate_pinned(&allocator, class_index[BYTES], FORMAT_JAVA_ARRAY, 100));
    Value place = *other;
    collect(true);
    CHECK_EQUAL(*other, place);
    close_heap();
}

/* Of many points some are read and some written: they come to lie behind all others, the written ones first, and everything
 * refers to them and holds what it held. */
static void test_laying(void)
{
    enum { COUNT = 2000 };
    Value *all, before[COUNT];
    uint32_t hashes[COUNT];

    open_heap(small_heap);
    all = hold(heap_allocate_old(&allocator, class_index[REFERENCES], FORMAT_JAVA_ARRAY, COUNT + 1));
    for (unsigned i = 0; i < COUNT; i++) {
        heap_store(*all, 16 + 8 * i, new_point());
        heap_store(heap_load(*all, 16 + 8 * i), 16, heap_load(*all, 16 + 8 * (i / 2)));
        *(uint64_t *)object_at(heap_load(*all, 16 + 8 * i), 24) = i;
        hashes[i] = i % 3 == 0 ? heap_identity_hash(heap_load(*all, 16 + 8 * i)) : 0;
    }
    Value *young = hold(heap_load(*all, 16));
    collect(true);
    Result noting = heap_note_accesses(&allocator);
    if (noting == ERROR_UNSUPPORTED) {
        close_heap();
        return;
    }
    CHECK_OK(noting);
    for (unsigned i = 0; i < COUNT; i++) before[i] = heap_load(*all, 16 + 8 * i); /* of the array alone */
    for (unsigned i = 5; i < COUNT; i += 100) CHECK_EQUAL(*(uint64_t *)object_at(before[i], 24), i);
    for (unsigned i = 50; i < COUNT; i += 100) *(uint64_t *)object_at(before[i], 24) = i + COUNT;
    CHECK_OK(heap_lay_accessed(&allocator));
    CHECK_OK(heap_verify());
    Value written = 0, read = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        Value point = heap_load(*all, 16 + 8 * i);
        bool is_written = i % 100 == 50, is_read = i % 100 == 5;
        CHECK_EQUAL(point == before[i], !is_written && !is_read);
        CHECK_EQUAL(heap_load(point, 16), heap_load(*all, 16 + 8 * (i / 2)));
        CHECK_EQUAL(*(uint64_t *)object_at(point, 24), is_written ? i + COUNT : i);
        if (hashes[i] != 0)
            CHECK_EQUAL(heap_identity_hash(point), hashes[i]);
        CHECK(!is_written || i == 50 || point == written + object_size_bytes(written));
        CHECK(!is_read || i == 5 || point == read + object_size_bytes(read));
        written = is_written ? point : written;
        read = is_read ? point : read;
    }
    CHECK(written != 0 && heap_load(*all, 16 + 8 * 5) == written + object_size_bytes(written));
    CHECK_EQUAL(*young, heap_load(*all, 16));
    collect(false);
    collect(true);
    for (unsigned i = 0; i < COUNT; i++) CHECK_EQUAL(heap_load(heap_load(*all, 16 + 8 * i), 16), heap_load(*all, 16 + 8 * (i / 2)));
    close_heap();
}

/* Large objects are given back, and their memory is used again, cleared. */
static void test_large(void)
{
    open_heap(small_heap);
    for (unsigned i = 0; i < 200; i++) {
        Value array = heap_allocate_array(&allocator, class_at(class_index[BYTES]), 5 << 20);
        CHECK(array != 0);
        uint8_t *bytes = object_at(array, ARRAY_BASE_OFFSET);
        CHECK_EQUAL(bytes[0] + bytes[(5 << 20) - 1], 0);
        memset(bytes, 255, 5 << 20);
    }
    CHECK(heap_stats().used_bytes <= 64 << 20);
    CHECK_EQUAL(heap_allocate_array(&allocator, class_at(class_index[BYTES]), 65 << 20), 0);
    CHECK_EQUAL(heap_allocate_array(&allocator, class_at(class_index[REFERENCES]), 0x7fffffff), 0);
    close_heap();
}

static long page_faults(void)
{
    struct rusage usage;
    CHECK_EQUAL(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
}

/* The memory of those that die is not given back to the system to be asked for again, but for what a freeze leaves. */
static void test_large_memory(void)
{
    enum { COUNT = 400, MEGABYTE = 1 << 20, PAGE = 4096 };

    open_heap((HeapOptions){.limit_bytes = 256 << 20});
    long before = page_faults();
    for (unsigned i = 0; i < COUNT; i++) {
        Value array = heap_allocate_array(&allocator, class_at(class_index[BYTES]), MEGABYTE);
        CHECK(array != 0);
        memset(object_at(array, ARRAY_BASE_OFFSET), 255, MEGABYTE);
    }
    CHECK(page_faults() - before < 100L * (MEGABYTE / PAGE));
    uint64_t start, end;
    CHECK_OK(heap_compact_for_image(&allocator, &start, &end));
    Value array = heap_allocate_array(&allocator, class_at(class_index[BYTES]), MEGABYTE);
    CHECK(array != 0 && ((uint8_t *)object_at(array, ARRAY_BASE_OFFSET))[MEGABYTE - 1] == 0);
    close_heap();
}

/* What fills large pages begins with one; what lies before it is there for others, cleared, and all of it is found. */
static void test_large_places(void)
{
    open_heap(small_heap);
    Value *first = hold(heap_allocate_pinned(&allocator, class_index[BYTES], FORMAT_JAVA_ARRAY, 100));
    Value *large = hold(heap_allocate_array(&allocator, class_at(class_index[BYTES]), 5 << 20));
    CHECK((*large + 512) % (2 << 20) <= 2 * sizeof(Value)); /* the header is in a card of its own before the large page */
    CHECK(*first < *large);
    Value *second = hold(heap_allocate_pinned(&allocator, class_index[BYTES], FORMAT_JAVA_ARRAY, 100));
    CHECK(*first < *second && *second < *large);
    memset(object_at(*large, ARRAY_BASE_OFFSET), 255, 5 << 20);
    collect(true);
    Value *third = hold(heap_allocate_pinned(&allocator, class_index[BYTES], FORMAT_JAVA_ARRAY, 100));
    CHECK(*second < *third && *third < *large);
    CHECK_EQUAL(heap_slot(*third, 5), 0);
    Value *next = hold(heap_allocate_array(&allocator, class_at(class_index[BYTES]), 5 << 20));
    CHECK((*next + 512) % (2 << 20) <= 2 * sizeof(Value) && *next > *large);
    close_heap();
}

/* ---- exhaustion ---- */

static void exhaust(enum ObjectFormat format, uint64_t slots, bool old)
{
    open_heap((HeapOptions){.limit_bytes = 8 << 20, .verify = true});
    Value *list = hold(0), *recent = hold(heap_allocate_old(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 64));
    unsigned count = 0;
    for (;; count++) {
        Value next = old ? heap_allocate_old(&allocator, CLASS_VARIABLE, format, slots)
                         : heap_allocate(&allocator, CLASS_VARIABLE, format, slots);
        if (next == 0)
            break;
        heap_store(next, 8, *list);
        *list = next;
        heap_store(*recent, OBJECT_BODY + 8 * (count % 64), next); /* old ones refer to young ones */
    }
    CHECK(count * (slots + 1) * 8 > 5 << 20);
    CHECK(heap_stats().used_bytes <= 8 << 20);
    unsigned found = 0;
    for (Value at = *list; at != 0; at = heap_slot(at, 0))
        found++;
    CHECK_EQUAL(found, count);
    *list = *recent = 0; /* and it goes on when there is room again */
    for (unsigned i = 0; i < 100000; i++)
        CHECK(heap_allocate(&allocator, CLASS_VARIABLE, format, slots < 20 ? slots : 20) != 0);
    close_heap();
}

static void test_exhaustion(void)
{
    exhaust(FORMAT_VARIABLE, 10, false);
    exhaust(FORMAT_VARIABLE, 1000, false);
    exhaust(FORMAT_VARIABLE, 100000, false);
    exhaust(FORMAT_VARIABLE, 50, true);
}

/* Each request of C memory fails once: the heap says so, or does without. */
static void test_failing_requests(void)
{
    for (unsigned long n = 1; n < 12; n++) {
        open_references(small_heap);
        memory_fail_at(n);
        Value *keep = hold(0);
        for (unsigned i = 0; i < 300; i++) {
            Value array = heap_allocate(&allocator, CLASS_VARIABLE, FORMAT_VARIABLE, 5000);
            if (array != 0 && i % 2 == 0) {
                heap_store(array, 8, *keep);
                *keep = array;
            }
            if (i % 16 == 0)
                collect(i % 32 == 0);
        }
        Value from = *keep, to = heap_slot(from, 0);
        Result result = heap_become(&allocator, &from, &to, 1, false, false);
        CHECK(result == OK || result == ERROR_MEMORY);
        memory_fail_at(0);
        close_heap();
    }
}

/* ---- roots, hashes, classes ---- */

static void test_roots(void)
{
    open_heap(small_heap);
    uint32_t owner = heap_owner_add(new_point());
    uint32_t numbers[100];
    for (unsigned i = 0; i < 100; i++)
        numbers[i] = heap_root_add(value_from_integer(i), i % 2 ? owner : 0);
    for (unsigned i = 0; i < 100; i += 3)
        heap_root_remove(numbers[i]);
    for (unsigned i = 0; i < 100; i++)
        if (i % 3 != 0)
            CHECK_EQUAL(heap_root(numbers[i]), value_from_integer(i));
    CHECK_EQUAL(heap_root_add(0, 0), numbers[99]); /* the last one freed comes first */
    close_heap();
}

static void test_hashes(void)
{
    open_heap(small_heap);
    Value *objects[1000];
    uint32_t hashes[1000];
    for (unsigned i = 0; i < 1000; i++) {
        objects[i] = hold(new_point());
        hashes[i] = heap_identity_hash(*objects[i]);
        CHECK(hashes[i] > 0 && hashes[i] < 1 << 22);
    }
    for (unsigned i = 0; i < 6; i++)
        collect(i > 3);
    unsigned same = 0;
    for (unsigned i = 0; i < 1000; i++) {
        CHECK_EQUAL(heap_identity_hash(*objects[i]), hashes[i]);
        same += i > 0 && hashes[i] == hashes[i - 1];
    }
    CHECK(same < 3);
    close_heap();
}

static void test_empty_object(void)
{
    open_heap(small_heap);
    Value a = heap_allocate(&allocator, class_index[EMPTY], FORMAT_JAVA_INSTANCE, 0);
    Value b = heap_allocate(&allocator, class_index[EMPTY], FORMAT_JAVA_INSTANCE, 0);
    CHECK_EQUAL(b - a, 16);
    CHECK_EQUAL(object_size_bytes(a), 16);
    close_heap();
}

/* A class at another place is the same class, for its objects too. */
static void test_class_laid(void)
{
    Class *class;

    open_heap(small_heap);
    CHECK_OK(class_new(&class, 3));
    uint32_t index = class->index;
    class->slots = 5;
    class->vtable[2] = 77;
    class_lay_for_start(index);
    CHECK(class_at(index) != class);
    CHECK_EQUAL(class_at(index)->index, index);
    CHECK_EQUAL(class_at(index)->slots, 5);
    CHECK_EQUAL(class_at(index)->vtable_length, 3);
    CHECK_EQUAL(class_at(index)->vtable[2], 77);
    Value point = new_point();
    Class before = *class_of(point);
    class_lay_for_start(before.index);
    CHECK(memcmp(class_of(point), &before, sizeof before) == 0);
    collect(true);
    close_heap();
}

/* ---- threads, each with its part of eden ---- */

#define THREADS 4
static OsMutex world;
static _Atomic uint32_t running, stop;

/* A little safepoint protocol: a collecting thread holds `world` and waits until it is the only one that runs. */
static bool stop_world(Allocator *requester)
{
    atomic_fetch_sub(&running, 1);
    os_mutex_lock(&world);
    atomic_store(&stop, 1);
    while (atomic_load(&running) != 0)
        os_thread_yield();
    return true;
}

static void resume_world(Allocator *requester)
{
    atomic_store(&stop, 0);
    atomic_fetch_add(&running, 1);
    os_mutex_unlock(&world);
}

static void poll(void)
{
    if (atomic_load(&stop) == 0)
        return;
    atomic_fetch_sub(&running, 1);
    os_mutex_lock(&world);
    atomic_fetch_add(&running, 1);
    os_mutex_unlock(&world);
}

static void churn(void *argument)
{
    Allocator mine = {0};
    os_mutex_lock(&world);
    heap_attach(&mine, NULL);
    atomic_fetch_add(&running, 1);
    os_mutex_unlock(&world);
    Value *list = heap_hold_nogc(&mine, 0);
    for (unsigned i = 0; i < 60000; i++) {
        Value object = heap_allocate(&mine, CLASS_FIXED, FORMAT_FIXED, 3);
        CHECK(object != 0);
        heap_store(object, 8, i % 1000 == 0 ? 0 : *list);
        heap_store(object, 16, value_from_integer((intptr_t)argument));
        *list = object;
        if (i % 500 == 0) {
            unsigned length = 0;
            for (Value at = *list; at != 0; at = heap_slot(at, 0), length++)
                if (heap_slot(at, 1) != value_from_integer((intptr_t)argument))
                    CHECK_EQUAL(heap_slot(at, 1), value_from_integer((intptr_t)argument));
            CHECK_EQUAL(length, i % 1000 + 1);
        }
        poll();
    }
    heap_leave_nogc(&mine, 0);
    atomic_fetch_sub(&running, 1);
    os_mutex_lock(&world);
    heap_detach(&mine);
    os_mutex_unlock(&world);
}

static void test_threads(void)
{
    const HeapHooks hooks = {.stop_world = stop_world, .resume_world = resume_world};
    OsThread threads[THREADS];
    open_heap((HeapOptions){.eden_bytes = 1 << 18, .limit_bytes = 64 << 20, .verify = true});
    heap_set_hooks(&hooks);
    for (intptr_t i = 0; i < THREADS; i++)
        CHECK_OK(os_thread_create(&threads[i], 0, churn, (void *)i));
    for (unsigned i = 0; i < THREADS; i++)
        os_thread_join(threads[i]);
    CHECK(heap_stats().young_collections > 20);
    close_heap();
}

TEST_MAIN("heap", test_class_laid, test_roots, test_hashes, test_empty_object, test_graph, test_graph_stress, test_graph_moving, test_graph_freezing,
          test_thaw, test_load, test_references, test_dead_image_objects, test_old_reference_to_young, test_final_references, test_random_references,
          test_soft_references, test_weak_objects, test_ephemerons, test_owners, test_become, test_next_object, test_pin, test_laying, test_large,
          test_large_memory, test_large_places, test_exhaustion, test_failing_requests, test_threads)
