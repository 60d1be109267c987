/* primitive.c - the tables of primitives: by number, and by name for those of modules. */
#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

static TaggedPrimitive **named_found; /* by method number; NULL: not looked for yet */
static uint32_t named_limit;

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

/* What other machines load as modules. */
static const struct Module {
    const char *name;
    TaggedPrimitive *(*find)(const char *name);
} modules[] = {
    {"FilePlugin", file_primitive},
    {"LargeIntegers", large_primitive},
    {"MiscPrimitivePlugin", string_primitive},
    {"FloatArrayPlugin", floats_primitive},
    {"BitBltPlugin", form_primitive},
};

static TaggedPrimitive *find_named(const char *module, const char *name)
{
    TaggedPrimitive *found = NULL;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        if (strcmp(modules[i].name, module) == 0)
            found = modules[i].find(name);
    if (found == NULL)
        trace_missing(module, name);
    return found;
}

/* The method's first literal is an array: module, function, and what another machine keeps there. */
static TaggedPrimitive *resolve_named(Value method)
{
    char module[128] = "", name[128] = "";
    Value description = header_literals(method_header(method)) != 0 ? slot_get(method, 1) : NIL;

    if (!is_pointers(description) || object_slot_count(description) < 2)
        return NULL;
    if (!is_bytes(slot_get(description, 1)))
        return NULL;
    if (is_bytes(slot_get(description, 0)))
        snprintf(module, sizeof module, "%.*s", (int)object_byte_size(slot_get(description, 0)),
                 (const char *)object_slots(slot_get(description, 0)));
    snprintf(name, sizeof name, "%.*s", (int)object_byte_size(slot_get(description, 1)),
             (const char *)object_slots(slot_get(description, 1)));
    return find_named(module, name);
}

static int primitive_missing(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return primitive_fail(WHY_NOT_FOUND);
}

static bool named_reach(uint32_t number)
{
    uint32_t limit = number + number / 2 + 1024;
    TaggedPrimitive **grown = memory_resize(named_found, limit * sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + named_limit, 0, (limit - named_limit) * sizeof *grown);
    named_found = grown;
    named_limit = limit;
    return true;
}

int primitive_named(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    uint32_t number = ((const Code *)(uintptr_t)thread->fp[FRAME_CODE])->method;

    if (number >= named_limit && !named_reach(number))
        return primitive_fail(WHY_MEMORY);
    if (named_found[number] == NULL) {
        TaggedPrimitive *primitive = resolve_named(run_tagged.method_objects[number]);
        named_found[number] = primitive != NULL ? primitive : primitive_missing;
    }
    return named_found[number](thread, arguments, count, result);
}

/* A number that the machine does not have: named on request, at the first translation of such a method. */
void primitive_note_missing(unsigned number)
{
    static uint8_t noted[TAGGED_PRIMITIVES];
    if (number >= TAGGED_PRIMITIVES || noted[number] || !smalltalk_options.trace_primitives || number == 198 || number == 199)
        return; /* 198 and 199 are marks, not primitives */
    noted[number] = 1;
    fprintf(stderr, "coracle: missing primitive: %u\n", number);
}

void primitives_open(void)
{
    arithmetic_primitives();
    object_primitives();
    control_primitives();
    context_primitives();
    system_primitives();
    primitive_set(96, primitive_copy_bits);
    primitive_set(117, primitive_named);
}
