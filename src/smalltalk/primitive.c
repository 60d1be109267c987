/* primitive.c - the tables of primitives: by number, and by name for those of modules. */
#include <stdio.h>

#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

int primitive_fail(enum PrimitiveError why)
{
    Value table = special_object(SPECIAL_PRIMITIVE_ERRORS);
    run_tagged.failure = NIL;
    if (why != WHY_UNKNOWN) {
        run_tagged.failure = value_from_integer(why);
        if (is_pointers(table) && object_slot_count(table) >= (uint64_t)why && object_header(table) >> HEADER_SLOTS_SHIFT != 0)
            run_tagged.failure = slot_get(table, (uint64_t)why - 1);
    }
    return TAGGED_FAILED;
}

static void trace_missing(const char *module, const char *name)
{
    if (smalltalk_options.trace_primitives)
        fprintf(stderr, "coracle: missing primitive: %s %s\n", module, name);
}

static bool leaves[TAGGED_PRIMITIVES] LARGE_STATIC;

void primitive_set_leaf(unsigned number, TaggedPrimitive *primitive)
{
    primitive_set(number, primitive);
    leaves[number] = true;
}

bool primitive_is_leaf(unsigned number)
{
    return leaves[number];
}

/* What other machines load as modules. */
static const struct Module {
    const char *name;
    TaggedPrimitive *(*find)(const char *name);
    bool leaves; /* all of them */
} modules[] = {
    {"FilePlugin", file_primitive, false},
    {"LargeIntegers", large_primitive, false},
    {"MiscPrimitivePlugin", string_primitive, false},
    {"FloatArrayPlugin", floats_primitive, true},
    {"BitBltPlugin", form_primitive, false},
    {"Coracle", image_primitive, false},
};

TaggedPrimitive *named_primitive(const NamedPrimitive *all, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].primitive;
    return NULL;
}

static TaggedPrimitive *find_named(const char *module, const char *name, bool trace, bool *leaf)
{
    TaggedPrimitive *found = NULL;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        if (strcmp(modules[i].name, module) == 0) {
            found = modules[i].find(name);
            *leaf = modules[i].leaves;
        }
    if (found == NULL && trace)
        trace_missing(module, name);
    return found;
}

static bool name_copy(Value string, char *text, size_t size)
{
    if (!is_bytes(string) || object_byte_size(string) >= size)
        return false;
    memcpy(text, object_slots(string), object_byte_size(string));
    text[object_byte_size(string)] = 0;
    return true;
}

/* The method's first literal is an array: module (or nil), function, and what another machine keeps there. */
static TaggedPrimitive *resolve_named(Value method, bool trace, bool *leaf)
{
    char module[128] = "", name[128];
    Value description = header_literals(method_header(method)) != 0 ? slot_get(method, 1) : NIL;

    if (!name_copy(slot_or_nil(description, 1), name, sizeof name))
        return NULL;
    (void)name_copy(slot_or_nil(description, 0), module, sizeof module);
    return find_named(module, name, trace, leaf);
}

/* Those found by name stand in the table behind all numbers that images use. */
#define FIRST_NAMED 700

bool primitive_is_numbered(uint64_t number)
{
    return number < FIRST_NAMED && run_tagged.primitives[number] != NULL;
}

static unsigned number_of_named(TaggedPrimitive *primitive, bool leaf)
{
    for (unsigned i = FIRST_NAMED; i < TAGGED_PRIMITIVES; i++) {
        if (run_tagged.primitives[i] == NULL) {
            run_tagged.primitives[i] = primitive;
            leaves[i] = leaf;
        }
        if (run_tagged.primitives[i] == primitive)
            return i;
    }
    return 0;
}

static int primitive_missing(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_fail(WHY_NOT_FOUND);
}

/* A number that the machine does not have: named on request, at the first translation of such a method. */
static void note_missing(unsigned number)
{
    static uint8_t noted[TAGGED_PRIMITIVES] LARGE_STATIC;
    if (number >= TAGGED_PRIMITIVES || noted[number] || !smalltalk_options.trace_primitives)
        return;
    noted[number] = 1;
    fprintf(stderr, "coracle: missing primitive: %u\n", number);
}

static unsigned known_number(Value method, unsigned primitive, bool trace)
{
    TaggedPrimitive *found;
    bool leaf = false;
    if (primitive == PRIMITIVE_NAMED) {
        found = resolve_named(method, trace, &leaf);
        return found != NULL ? number_of_named(found, leaf) : 0;
    }
    return primitive_is_numbered(primitive) ? primitive : 0;
}

unsigned primitive_number(Value method, unsigned primitive)
{
    unsigned number = known_number(method, primitive, true);
    if (number != 0)
        return number;
    if (primitive == PRIMITIVE_UNWIND || primitive == PRIMITIVE_HANDLER)
        return 0; /* marks of methods, no more */
    if (primitive != PRIMITIVE_NAMED)
        note_missing(primitive);
    return number_of_named(primitive_missing, false);
}

unsigned primitive_number_known(Value method, unsigned primitive)
{
    return known_number(method, primitive, false);
}

void primitives_open(void)
{
    arithmetic_primitives();
    object_primitives();
    control_primitives();
    context_primitives();
    system_primitives();
    process_primitives();
    primitive_set(96, primitive_copy_bits);
}
