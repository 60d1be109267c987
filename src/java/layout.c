/* layout.c - where the fields of instances and the statics of a class lie.
 *
 * The fields of the superclass come first. Then small fields fill the rest of its last word; then references, longs and
 * doubles; then smaller and smaller ones. So references of a class lie together, and nothing is padded but the end. */
#include <string.h>

#include "java/define.h"

/* Fields that the machine adds to instances of well-known classes. */
static const struct {
    int class;
    char type;
    const char *name;
    enum JavaOffset offset;
} injected[] = {
#define INJECTED(class, name, type) {JAVA_CLASS_##class, type, "(machine) " #name, JAVA_FIELD_##class##_##name},
#include "java/wellknown.def"
};

static void add_injected(Definition *definition)
{
    ClassFile *file = definition->file;
    JavaClass *class = &file->class;

    for (size_t i = 0; i < COUNT_OF(injected); i++) {
        if (injected[i].class != definition->wellknown)
            continue;
        JavaField *field = &file->fields[class->field_count + class->injected_count];
        field->name = java_symbol_text(injected[i].name);
        field->descriptor = injected[i].type == 'L' ? SYM(OBJECT_DESCRIPTOR)
                            : injected[i].type == 'J' ? SYM(TYPE_LONG) : SYM(TYPE_INT);
        field->type = (uint8_t)injected[i].type;
        field->access_flags = ACCESS_PRIVATE | ACCESS_SYNTHETIC;
        field->flags = JAVA_FIELD_INJECTED;
        field->index = (uint16_t)(class->field_count + class->injected_count);
        class->injected_count++;
    }
}

/* Gives offsets to the fields of one size class from *end on. */
static void place(Definition *definition, unsigned size, bool references, uint32_t *end, uint32_t limit)
{
    ClassFile *file = definition->file;
    uint32_t count = file->class.field_count + file->class.injected_count;

    for (uint32_t i = 0; i < count; i++) {
        JavaField *field = &file->fields[i];
        if ((field->access_flags & ACCESS_STATIC) || field->offset != 0 || java_type_size((char)field->type) != size)
            continue;
        if (size == 8 && java_type_is_reference((char)field->type) != references)
            continue;
        if (*end + size > limit)
            return;
        field->offset = *end;
        *end += size;
    }
}

static Result make_reference_map(Definition *definition)
{
    ClassFile *file = definition->file;
    uint32_t slots = (definition->instance_bytes - OBJECT_BODY + 7) / 8;
    uint32_t words = (slots + 63) / 64 + (slots == 0);
    uint32_t count = file->class.field_count + file->class.injected_count;

    definition->reference_map = memory_allocate_array(words, sizeof(uint64_t));
    if (definition->reference_map == NULL)
        return ERROR_MEMORY;
    definition->reference_map_words = words;
    if (definition->super != 0) {
        const Class *super = class_at(definition->super);
        definition->reference_map[0] = super->reference_map;
        memcpy(definition->reference_map + 1, ARENA(uint64_t, super->reference_map_more), 8 * super->reference_map_words);
    }
    for (uint32_t i = 0; i < count; i++) {
        const JavaField *field = &file->fields[i];
        if (!(field->access_flags & ACCESS_STATIC) && java_type_is_reference((char)field->type)) {
            uint32_t slot = (field->offset - OBJECT_BODY) / 8;
            definition->reference_map[slot / 64] |= 1ull << slot % 64;
        }
    }
    return OK;
}

/* References of a class are elements of one hidden array, the rest words of another; offsets count from the array. */
static void place_statics(ClassFile *file)
{
    static const unsigned sizes[] = {8, 4, 2, 1};
    uint32_t references = 0, raw = 0;

    for (size_t s = 0; s < COUNT_OF(sizes); s++)
        for (uint32_t i = 0; i < file->class.field_count; i++) {
            JavaField *field = &file->fields[i];
            if (!(field->access_flags & ACCESS_STATIC) || java_type_size((char)field->type) != sizes[s])
                continue;
            if (java_type_is_reference((char)field->type)) {
                field->offset = ARRAY_BASE_OFFSET + 8 * references++;
            } else {
                field->offset = ARRAY_BASE_OFFSET + raw;
                raw += sizes[s];
            }
        }
    file->class.static_references = references;
    file->class.static_raw_bytes = raw;
}

Result layout_fields(Definition *definition)
{
    uint32_t end = definition->super != 0 ? java_class_at(definition->super)->instance_bytes : OBJECT_BODY;
    uint32_t gap_end = (end + 7) & ~7u;

    add_injected(definition);
    if (!(definition->file->class.access_flags & ACCESS_INTERFACE)) {
        /* The rest of the superclass's last word: the alignments below it, from the small to the large. */
        for (unsigned size = 1; size <= 4; size *= 2)
            if (end < gap_end && (end & size) && end % size == 0)
                place(definition, size, false, &end, (end + size));
        for (unsigned size = 4; size >= 1; size /= 2)
            if (end < gap_end && end % size == 0)
                place(definition, size, false, &end, gap_end);
        uint32_t before = end;
        end = gap_end;
        place(definition, 8, true, &end, UINT32_MAX);
        place(definition, 8, false, &end, UINT32_MAX);
        for (unsigned size = 4; size >= 1; size /= 2)
            place(definition, size, false, &end, UINT32_MAX);
        if (end == gap_end) /* nothing came behind the gap */
            end = before;
    }
    definition->instance_bytes = end;
    place_statics(definition->file);
    return make_reference_map(definition);
}
