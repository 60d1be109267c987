/* spur.c - reads and writes 64-bit Spur images (format 68021).
 *
 *   header   128 bytes: magic, header size, bytes of objects, base address, special objects, last hash, screen, flags,
 *            sizes; bytes of the first segment
 *   segment  objects as in memory; the last 16 bytes are a bridge: what lies between this segment and the next in slots
 *            (when its top byte is 255), and the bytes of the next segment, 0: none
 *
 * The first objects are nil, false, true, the free lists, and the hidden roots: the pages of the class table and what
 * else the other machine keeps. Objects of class index 0 are free memory, those of 1 to 31 hidden ones. */
#include "base/bytes.h"
#include "base/memory.h"
#include "base/table.h"
#include "smalltalk/smalltalk_internal.h"

#define SPUR_MAGIC 68021u
#define HEADER_BYTES 128
#define BRIDGE_BYTES 16
#define SEGMENTS_LIMIT 256
#define LARGE_IMAGE_BYTES (1u << 20) /* one that has a whole system in it */
#define HIDDEN_ROOT 4 /* position of the hidden roots among the first objects */
#define CLASS_PAGES 4096
#define PAGE_CLASSES 1024
#define INDEX_FORWARDED 8u
#define INDEX_HIDDEN_LIMIT 32u
#define INDEX_WORDS_PUN 19u

typedef struct Segment {
    uint64_t old_start, start, bytes; /* address in the saved machine, offset in the file, size */
} Segment;

/* What the objects of a class index have in common: slots of references, and a bit for each format that one has. */
typedef struct Shape {
    uint32_t least_slots, formats;
} Shape;

/* For references into the first segment, as nearly all are: address in the saved machine - offset in the file, new address -
 * the old, and the segment's end in 8-byte units of the file. */
typedef struct Near {
    uint64_t base, distance, end;
    const uint64_t *starts;
} Near;

/* The file is read to where its objects will lie, and each stays in its place there: what is no object for this machine
 * becomes unused memory, which the first full collection takes. First the places of all objects are noted, then their
 * references are led to the new addresses. */
typedef struct Loader {
    const char *path;
    uint8_t *file;
    uint64_t file_bytes, header_bytes, base, special;
    Segment segments[SEGMENTS_LIMIT];
    unsigned segment_count;
    uint64_t *starts; /* bit i: the header of an object lies at 8-byte unit i of the file */
    Near near;
    Table forwarded;  /* offset in the file: old address of the object that stands for it */
    uint64_t first[5];
    unsigned seen; /* of first */
    Shape *shapes; /* by class index */
    uint32_t class_limit; /* class indexes of objects are below */
} Loader;

static uint64_t word_at(const Loader *l, uint64_t offset)
{
    uint64_t word;
    memcpy(&word, l->file + offset, sizeof word);
    return word;
}

static Result damaged(const Loader *l, const char *what)
{
    return error_set(ERROR_FORMAT, "%s: not a sound Smalltalk image: %s", l->path, what);
}

static Result damaged_at(const Loader *l, uint64_t offset, const char *what)
{
    return error_set(ERROR_FORMAT, "%s: not a sound Smalltalk image: %s, at byte %llu", l->path, what, (unsigned long long)offset);
}

/* ---- the header and the segments ---- */

static Result read_header(Loader *l)
{
    uint32_t magic, header_bytes;
    memcpy(&magic, l->file, sizeof magic);
    memcpy(&header_bytes, l->file + 4, sizeof header_bytes);
    if (magic == 6521 || magic == 6502 || magic == 6504 || magic == 6505 || magic == 68000 || magic == 68002 || magic == 68003)
        return error_set(ERROR_UNSUPPORTED, "%s: a Smalltalk image of format %u; this machine runs 64-bit Spur images (68021)",
                         l->path, magic);
    if (magic != SPUR_MAGIC)
        return damaged(l, "its first word is no image format");
    l->header_bytes = header_bytes;
    l->base = word_at(l, 16);
    l->special = word_at(l, 24);
    smalltalk.screen_size = word_at(l, 40);
    smalltalk.flags = word_at(l, 48);
    if (l->header_bytes < HEADER_BYTES || l->header_bytes > l->file_bytes || l->header_bytes % 8 != 0)
        return damaged_at(l, 4, "the header's size");
    if (l->base % 8 != 0)
        return damaged_at(l, 16, "its address in memory");
    return OK;
}

static Result read_segments(Loader *l)
{
    uint64_t offset = l->header_bytes, old = l->base, bytes = word_at(l, 72);

    if (bytes == 0)
        bytes = word_at(l, 8);
    while (bytes != 0) {
        if (l->segment_count == SEGMENTS_LIMIT || bytes < BRIDGE_BYTES || bytes % 8 != 0 || bytes > l->file_bytes - offset)
            return damaged_at(l, offset, "a segment that goes beyond the file's end");
        l->segments[l->segment_count++] = (Segment){old, offset, bytes - BRIDGE_BYTES};
        uint64_t bridge = word_at(l, offset + bytes - BRIDGE_BYTES), next = word_at(l, offset + bytes - 8);
        offset += bytes;
        old += bytes + (bridge >> 56 == 255 ? (bridge & HEADER_SLOTS_MAX) * 8 : 0);
        bytes = next;
    }
    if (l->segment_count == 0)
        return damaged(l, "it holds no objects");
    return OK;
}

/* ---- objects ---- */

typedef struct OldObject {
    uint64_t header, slots;
    uint64_t start, at, end; /* offsets in the file: what it takes of it, and its header */
} OldObject;

/* The word behind a segment can be read: there is a bridge. */
static inline OldObject object_from(const Loader *l, uint64_t start)
{
    OldObject object = {.header = word_at(l, start), .start = start, .at = start};
    object.slots = object.header >> HEADER_SLOTS_SHIFT;
    if (object.slots == HEADER_SLOTS_MANY) {
        object.slots = object.header & HEADER_SLOTS_MAX;
        object.at += 8;
        object.header = word_at(l, object.at);
    }
    object.end = object.at + 8 + 8 * (object.slots + (object.slots == 0));
    return object;
}

/* 0: the address is in no segment. */
static inline uint64_t file_offset(const Loader *l, uint64_t old)
{
    for (unsigned i = 0; i < l->segment_count; i++)
        if (old - l->segments[i].old_start < l->segments[i].bytes)
            return old - l->segments[i].old_start + l->segments[i].start;
    return 0;
}

static inline bool is_start(const uint64_t *starts, uint64_t unit)
{
    return (starts[unit / 64] >> unit % 64 & 1) != 0;
}

/* 0: no object begins there. */
static inline Value place_at(const Loader *l, uint64_t offset)
{
    return is_start(l->starts, offset / 8) ? (Value)(uintptr_t)(l->file + offset) : 0;
}

static uint32_t old_class(const OldObject *object)
{
    return (uint32_t)(object->header & HEADER_CLASS_MASK);
}

static uint64_t slot_at(const Loader *l, const OldObject *object, uint64_t index)
{
    return word_at(l, object->at + 8 + 8 * index);
}

static bool method_is_sound(const Loader *l, const OldObject *object)
{
    Value header = object->slots != 0 ? slot_at(l, object, 0) : 0;
    return value_is_integer(header) && header_literals(header) < object->slots &&
           8 * (1 + (uint64_t)header_literals(header)) <= object->slots * 8 - (header_format(object->header) & 7);
}

/* Formats of objects with slots, and of those without: of these no part is unused. */
#define FORMATS_FILLED (~(1u << FORMAT_EMPTY | 1u << FORMAT_JAVA_INSTANCE | 1u << FORMAT_JAVA_ARRAY))
#define FORMATS_HOLLOW                                                                                     \
    (1u << FORMAT_EMPTY | 1u << FORMAT_FIXED | 1u << FORMAT_VARIABLE | 1u << FORMAT_FIXED_VARIABLE |       \
     1u << FORMAT_WEAK | 1u << FORMAT_INDEXED_64 | 1u << FORMAT_INDEXED_32 | 1u << FORMAT_INDEXED_16 |     \
     1u << FORMAT_INDEXED_8)

/* Do format, size and class go together? */
static inline bool object_is_sound(const Loader *l, const OldObject *object)
{
    uint32_t format = header_format(object->header);
    if (old_class(object) == INDEX_CONTEXT)
        return format >= FORMAT_FIXED && format <= FORMAT_WEAK && object->slots >= CONTEXT_FIRST &&
               !value_is_integer(slot_at(l, object, CONTEXT_SENDER));
    if (format >= FORMAT_METHOD)
        return method_is_sound(l, object);
    return ((object->slots != 0 ? FORMATS_FILLED : FORMATS_HOLLOW) >> format & 1) != 0;
}

/* Is it one for this machine? */
static inline bool is_kept(const OldObject *object)
{
    return old_class(object) >= INDEX_HIDDEN_LIMIT && header_format(object->header) != FORMAT_FORWARDER;
}

static Result note_forwarder(Loader *l, const OldObject *object)
{
    bool forwards = header_format(object->header) == FORMAT_FORWARDER || old_class(object) == INDEX_FORWARDED;
    return forwards && old_class(object) != 0 ? table_set(&l->forwarded, object->at, slot_at(l, object, 0)) : OK;
}

static inline Result note_object(Loader *l, const OldObject *object)
{
    if (!is_kept(object))
        return note_forwarder(l, object);
    if (old_class(object) >= CLASS_TABLE_LIMIT)
        return damaged_at(l, object->at, "an object whose class is missing");
    if (!object_is_sound(l, object))
        return damaged_at(l, object->at, "an object whose format and size do not go together");
    l->starts[object->at / 512] |= 1ull << object->at / 8 % 64;
    return OK;
}

static Result note_objects(Loader *l)
{
    Result result = OK;
    OldObject object;

    for (unsigned i = 0; i < l->segment_count; i++) {
        const Segment *segment = &l->segments[i];
        uint64_t start = segment->start, end = start + segment->bytes;
        for (; start < end; start = object.end) {
            object = object_from(l, start);
            if (object.end > end)
                TRY(damaged_at(l, end - start < 24 ? start : object.at, "an object that goes beyond its segment"));
            if (l->seen < 5)
                l->first[l->seen++] = segment->old_start + (object.at - segment->start);
            TRY(note_object(l, &object));
        }
    }
    if (l->seen < 5)
        TRY(damaged(l, "it holds no objects"));
done:
    return result;
}

/* ---- references ---- */

/* 0: it leads to no object, or is no value. */
static Value new_value(const Loader *l, uint64_t value)
{
    for (unsigned followed = 0; followed < 100; followed++) {
        uint64_t tag = value & VALUE_TAG_MASK, offset;
        if (tag != 0)
            return tag == VALUE_TAG_INTEGER || tag == VALUE_TAG_CHARACTER || tag == VALUE_TAG_FLOAT ? value : 0;
        offset = file_offset(l, value);
        if (offset == 0)
            return 0;
        Value place = place_at(l, offset);
        if (place != 0 || !table_get(&l->forwarded, offset, &value))
            return place;
    }
    return 0;
}

/* The first in [slot, end) that is neither a SmallInteger nor led by this into the first segment; or the end. */
static Value *lead_near(const Near *near, Value *slot, Value *end)
{
    const Near n = *near;
    for (; slot < end; slot++) {
        uint64_t offset = *slot - n.base;
        uint64_t unit = offset >> 3 | offset << 61; /* beyond all, if that is no address */
        if (unit < n.end && is_start(n.starts, unit))
            *slot += n.distance;
        else if (!value_is_integer(*slot))
            break;
    }
    return slot;
}

static Result lead_slots(const Loader *l, const OldObject *object, uint64_t first, uint64_t limit)
{
    Value *slots = object_slots((Value)(uintptr_t)(l->file + object->at)), *end = slots + limit;
    for (Value *slot = slots + first; (slot = lead_near(&l->near, slot, end)) < end; slot++) {
        *slot = new_value(l, *slot);
        if (*slot == 0)
            return damaged_at(l, (uint64_t)(uintptr_t)slot - (uint64_t)(uintptr_t)l->file, "a reference that leads to no object");
    }
    return OK;
}

/* Beyond its stack a context holds anything. */
static Result lead_context(const Loader *l, const OldObject *object, Value context)
{
    uint64_t stackp = slot_at(l, object, CONTEXT_STACKP), live = CONTEXT_FIRST;
    if (value_is_integer(stackp) && value_integer(stackp) > 0)
        live += (uint64_t)value_integer(stackp);
    if (live > object->slots)
        live = object->slots;
    for (uint64_t i = live; i < object->slots; i++)
        object_slots(context)[i] = NIL;
    return lead_slots(l, object, 0, live);
}

static inline Result lead_references(const Loader *l, const OldObject *object, Value place)
{
    uint32_t format = header_format(object->header);
    if (object->slots == 0) {
        *object_slots(place) = 0;
        return OK;
    }
    if (old_class(object) == INDEX_CONTEXT)
        return lead_context(l, object, place);
    if (format <= FORMAT_EPHEMERON)
        return lead_slots(l, object, 0, object->slots);
    if (format >= FORMAT_METHOD)
        return lead_slots(l, object, 1, header_literals(slot_at(l, object, 0)) + 1);
    return OK;
}

static void note_shape(Loader *l, Shape *shape, uint32_t format, uint64_t slots)
{
    uint32_t index = (uint32_t)(shape - l->shapes);
    if (format > FORMAT_EPHEMERON)
        slots = 0;
    if (shape->formats == 0 || slots < shape->least_slots)
        shape->least_slots = (uint32_t)slots;
    shape->formats |= 1u << format;
    if (index >= l->class_limit)
        l->class_limit = index + 1;
}

static inline Result make_object(Loader *l, const OldObject *object)
{
    const uint64_t kept = HEADER_CLASS_MASK | HEADER_FORMAT_MASK | HEADER_HASH_MASK | HEADER_IMMUTABLE;
    uint64_t first = (uint64_t)(uintptr_t)l->file, size = object->slots;
    uint32_t format = header_format(object->header);
    Value place = first + object->at;
    Shape *shape;

    if (!is_kept(object)) {
        heap_load_unused(first + object->start, first + object->end);
        return OK;
    }
    if (size >= HEADER_SLOTS_MANY) {
        size = HEADER_SLOTS_MANY;
        *object_header_slot(place - 8) = size << HEADER_SLOTS_SHIFT | object->slots;
    }
    *object_header_slot(place) = (object->header & kept) | size << HEADER_SLOTS_SHIFT;
    shape = &l->shapes[old_class(object)];
    if (object->slots < shape->least_slots || (shape->formats >> format & 1) == 0)
        note_shape(l, shape, format, object->slots);
    if (__builtin_expect((object->header & HEADER_IMMUTABLE) != 0, 0) && format <= FORMAT_EPHEMERON)
        smalltalk.stores_guarded = true;
    heap_load_extent(first + object->start, first + object->end);
    return lead_references(l, object, place);
}

static Result make_objects(Loader *l)
{
    Result result = OK;
    uint64_t first = (uint64_t)(uintptr_t)l->file, start = 0;
    OldObject object;

    for (unsigned i = 0; i < l->segment_count; i++) {
        uint64_t end = l->segments[i].start + l->segments[i].bytes;
        heap_load_unused(first + start, first + l->segments[i].start);
        for (start = l->segments[i].start; start < end; start = object.end) {
            object = object_from(l, start);
            TRY(make_object(l, &object));
        }
    }
    heap_end_load(first + start);
done:
    return result;
}

/* ---- classes ---- */

static Result enter_page(const Loader *l, uint64_t page, uint32_t first)
{
    uint64_t offset = file_offset(l, page);
    if (offset == 0 || offset + 8 + PAGE_CLASSES * 8 > l->file_bytes)
        return damaged(l, "a page of its class table is missing");
    for (uint32_t i = 0; i < PAGE_CLASSES; i++) {
        Value class = new_value(l, word_at(l, offset + 8 + 8 * i));
        if (class == NIL || class == 0 || first + i == 0)
            continue;
        if (!is_pointers(class) || is_context(class))
            return damaged_at(l, offset + 8 + 8 * i, "no class where the class table should have one");
        if (!class_enter(class, first + i))
            return error_set(ERROR_LIMIT, "%s: too many classes", l->path);
    }
    return OK;
}

/* The pages lie as they were saved, though they are unused memory by now. */
static Result enter_classes(const Loader *l)
{
    Result result = OK;
    uint64_t offset = file_offset(l, l->first[HIDDEN_ROOT]);

    if (offset == 0 || offset + 8 + 8 * CLASS_PAGES > l->file_bytes)
        return damaged(l, "its class table is missing");
    for (uint32_t i = 0; i < CLASS_PAGES; i++) {
        uint64_t page = word_at(l, offset + 8 + 8 * i);
        if (page == l->first[0] || page == 0)
            continue;
        TRY(enter_page(l, page, i * PAGE_CLASSES));
    }
done:
    return result;
}

static bool class_is_there(uint32_t index)
{
    return index < smalltalk.class_limit && run_tagged.classes[index] != NIL;
}

/* Says where the first object of such a class lies in the file. */
static Result class_is_missing(const Loader *l, uint32_t index)
{
    uint64_t offset = 0;
    while (offset < l->file_bytes && (place_at(l, offset) == 0 || object_class_index(place_at(l, offset)) != index))
        offset += 8;
    return damaged_at(l, offset, "an object whose class is missing");
}

static Result check_classes(const Loader *l)
{
    static const uint32_t needed[] = {CLASS_INDEX_SMALL_INTEGER, TAGGED_FLOAT_INDEX, INDEX_CONTEXT};
    for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!class_is_there(needed[i]))
            return damaged(l, "one of the classes that the machine needs is missing");
    for (uint32_t i = 0; i < l->class_limit; i++) {
        if (l->shapes[i].formats == 0)
            continue;
        if (!class_is_there(i))
            return class_is_missing(l, i);
        class_note_loaded(i, l->shapes[i].formats, l->shapes[i].least_slots);
    }
    return OK;
}

static Result check_special(Loader *l)
{
    Value special = new_value(l, l->special);
    if (special == 0 || !has_slots(special, SPECIAL_ABOUT_TO_RETURN + 1) || is_context(special))
        return damaged_at(l, 24, "the address of the special objects");
    smalltalk.special_objects = special;
    if (special_object(0) != NIL || special_object(1) != FALSE_OBJECT || special_object(2) != TRUE_OBJECT)
        return damaged(l, "its special objects are not what they should be");
    Value active = slot_or_nil(slot_or_nil(special_object(SPECIAL_SCHEDULER), 1), SCHEDULER_ACTIVE);
    if (!is_context(slot_or_nil(active, PROCESS_CONTEXT)))
        return damaged(l, "it has no process to go on with");
    classes_changed();
    return OK;
}

static Result open_tables(Loader *l)
{
    const Segment *first = &l->segments[0];
    uint64_t base = first->old_start - first->start;
    l->starts = memory_allocate((l->file_bytes / 512 + 1) * sizeof *l->starts);
    l->shapes = memory_allocate_array(CLASS_TABLE_LIMIT, sizeof *l->shapes);
    if (l->starts == NULL || l->shapes == NULL)
        return error_set(ERROR_MEMORY, "%s: no memory for its objects", l->path);
    l->near = (Near){base, (uint64_t)(uintptr_t)l->file - base, (first->start + first->bytes) / 8, l->starts};
    return OK;
}

static Result load_objects(Loader *l)
{
    Result result;
    TRY(read_segments(l));
    TRY(open_tables(l));
    TRY(note_objects(l));
    for (unsigned i = 0; i < TAGGED_SPECIALS; i++) {
        run_tagged.special[i] = new_value(l, l->first[i]);
        if (run_tagged.special[i] == 0)
            TRY(damaged(l, "nil, false or true is missing"));
    }
    TRY(make_objects(l));
    TRY(enter_classes(l));
    TRY(check_classes(l));
    TRY(check_special(l));
    heap_set_nil(NIL);
    run_tagged.failure = NIL;
done:
    return result;
}

/* The header, and the whole file into old space. */
static Result read_file(Loader *l, OsFile file)
{
    Result result;
    uint8_t header[HEADER_BYTES];
    uint64_t start;
    size_t got;

    TRY(os_file_size(file, &l->file_bytes));
    TRY(os_file_read_at(file, header, sizeof header, 0, &got));
    if (l->file_bytes < HEADER_BYTES || got < HEADER_BYTES)
        TRY(damaged(l, "it is too short"));
    l->file = header;
    TRY(read_header(l));
    TRY(heap_begin_load(l->file_bytes, &start));
    l->file = (uint8_t *)(uintptr_t)start;
    TRY(os_file_read_at(file, l->file, l->file_bytes, 0, &got));
    if (got < l->file_bytes)
        TRY(damaged(l, "it is too short"));
done:
    return result;
}

bool spur_is_large(const char *path)
{
    OsFile file;
    uint64_t bytes = 0;
    if (os_file_open(&file, path, OS_OPEN_READ) != OK)
        return false;
    (void)os_file_size(file, &bytes);
    os_file_close(file);
    return bytes >= LARGE_IMAGE_BYTES;
}

Result spur_load(const char *path)
{
    Loader *l = memory_allocate(sizeof *l);
    OsFile file = OS_FILE_NONE;
    Result result;

    if (l == NULL)
        return ERROR_MEMORY;
    l->path = path;
    TRY(os_file_open(&file, path, OS_OPEN_READ));
    TRY(read_file(l, file));
    TRY(load_objects(l));
done:
    os_file_close(file);
    memory_free(l->starts);
    memory_free(l->shapes);
    table_free(&l->forwarded);
    memory_free(l);
    return result;
}

/* ---- writing ---- */

#define SAVED_BASE 0x10000000ull
#define HIDDEN_SLOTS (CLASS_PAGES + 8)

typedef struct Saver {
    Table places; /* new address of each object */
    Value *objects;
    size_t count, capacity;
    uint64_t end; /* address behind the last object */
    uint64_t hidden_root, free_lists, pages[64];
    Bytes bytes;
    bool failed;
} Saver;

static uint64_t place_object(Saver *s, uint64_t slots)
{
    uint64_t at = s->end + (slots >= HEADER_SLOTS_MANY ? 8 : 0);
    s->end = at + 8 + 8 * (slots == 0 ? 1 : slots);
    return at;
}

static void add_object(void *context, Value object)
{
    Saver *s = context;
    if (object_class_index(object) >= CLASS_INDEX_JAVA || object == NIL || object == FALSE_OBJECT || object == TRUE_OBJECT)
        return;
    if (s->count == s->capacity) {
        Value *grown = memory_resize(s->objects, 2 * s->capacity * sizeof *grown);
        if (grown == NULL) {
            s->failed = true;
            return;
        }
        s->objects = grown;
        s->capacity *= 2;
    }
    s->objects[s->count++] = object;
    s->failed |= table_set(&s->places, object, place_object(s, object_slot_count(object))) != OK;
}

static void place_all(Saver *s)
{
    for (unsigned i = 0; i < TAGGED_SPECIALS; i++) {
        Value object = run_tagged.special[i];
        s->objects[s->count++] = object;
        s->failed |= table_set(&s->places, object, place_object(s, object_slot_count(object))) != OK;
    }
    s->free_lists = place_object(s, 64);
    s->hidden_root = place_object(s, HIDDEN_SLOTS);
    heap_each_object(add_object, s);
    for (uint32_t i = 0; i < (smalltalk.class_limit + PAGE_CLASSES - 1) / PAGE_CLASSES; i++)
        s->pages[i] = place_object(s, PAGE_CLASSES);
}

static uint64_t saved_value(Saver *s, Value value)
{
    uint64_t place = 0;
    if (!value_is_object(value))
        return value;
    if (!table_get(&s->places, value, &place))
        place = table_find(&s->places, NIL, 0);
    return place;
}

static void put(Saver *s, uint64_t word)
{
    s->failed |= bytes_append_le64(&s->bytes, word) != OK;
}

static void put_header(Saver *s, uint64_t header, uint64_t slots)
{
    if (slots >= HEADER_SLOTS_MANY)
        put(s, (uint64_t)HEADER_SLOTS_MANY << HEADER_SLOTS_SHIFT | slots);
    put(s, header);
}

static void put_object(Saver *s, Value object)
{
    uint64_t slots = object_slot_count(object), header = object_header(object), references = 0, first = 0;
    uint32_t format = header_format(header);
    uint64_t clear = HEADER_LOCK_LOW | HEADER_AGE_LOW | HEADER_AGE_HIGH | HEADER_PINNED | HEADER_LOCK_HIGH | HEADER_FORWARDED;

    put_header(s, header & ~clear, slots);
    if (format <= FORMAT_EPHEMERON) {
        references = slots;
    } else if (format >= FORMAT_METHOD) {
        first = 1;
        references = header_literals(method_header(object)) + 1;
    }
    for (uint64_t i = 0; i < slots; i++) {
        Value value = object_slots(object)[i];
        put(s, i >= first && i < references ? saved_value(s, value) : value);
    }
    if (slots == 0)
        put(s, 0);
}

static uint64_t hidden_header(uint32_t class_index, uint32_t format, uint64_t slots)
{
    return header_make(class_index, (enum ObjectFormat)format, slots);
}

static void put_free_lists(Saver *s)
{
    put_header(s, hidden_header(INDEX_WORDS_PUN, FORMAT_INDEXED_64, 64), 64);
    for (unsigned i = 0; i < 64; i++)
        put(s, 0);
}

static void put_hidden_root(Saver *s)
{
    uint64_t nil = table_find(&s->places, NIL, 0);
    put_header(s, hidden_header(INDEX_ARRAY_PUN, FORMAT_VARIABLE, HIDDEN_SLOTS), HIDDEN_SLOTS);
    for (unsigned i = 0; i < HIDDEN_SLOTS; i++)
        put(s, i < 64 && s->pages[i] != 0 ? s->pages[i] : nil);
}

static void put_page(Saver *s, uint32_t first)
{
    uint64_t nil = table_find(&s->places, NIL, 0);
    put_header(s, hidden_header(INDEX_ARRAY_PUN, FORMAT_VARIABLE, PAGE_CLASSES), PAGE_CLASSES);
    for (uint32_t i = first; i < first + PAGE_CLASSES; i++)
        put(s, i < smalltalk.class_limit ? saved_value(s, run_tagged.classes[i]) : nil);
}

static void put_file_header(Saver *s)
{
    uint64_t total = s->end - SAVED_BASE + BRIDGE_BYTES;
    uint8_t header[HEADER_BYTES] = {0};
    uint32_t magic = SPUR_MAGIC, size = HEADER_BYTES;
    uint64_t special = saved_value(s, smalltalk.special_objects), base = SAVED_BASE, hash = 1;
    memcpy(header, &magic, 4);
    memcpy(header + 4, &size, 4);
    memcpy(header + 8, &total, 8);
    memcpy(header + 16, &base, 8);
    memcpy(header + 24, &special, 8);
    memcpy(header + 32, &hash, 8);
    memcpy(header + 40, &smalltalk.screen_size, 8);
    memcpy(header + 48, &smalltalk.flags, 8);
    memcpy(header + 72, &total, 8);
    s->failed |= bytes_append(&s->bytes, header, sizeof header) != OK;
}

static void put_all(Saver *s)
{
    s->failed |= bytes_reserve(&s->bytes, s->end - SAVED_BASE + HEADER_BYTES + BRIDGE_BYTES) != OK;
    put_file_header(s);
    for (unsigned i = 0; i < TAGGED_SPECIALS; i++)
        put_object(s, s->objects[i]);
    put_free_lists(s);
    put_hidden_root(s);
    for (size_t i = TAGGED_SPECIALS; i < s->count; i++)
        put_object(s, s->objects[i]);
    for (unsigned i = 0; i < 64 && s->pages[i] != 0; i++)
        put_page(s, i * PAGE_CLASSES);
    put(s, 1ull << 55 | HEADER_PINNED | hidden_header(3, FORMAT_INDEXED_64, 0));
    put(s, 0);
}

static Result write_file(const Saver *s, const char *path)
{
    Result result;
    OsFile file = OS_FILE_NONE;
    char *temporary = NULL;

    TRY(os_file_open_temporary(&file, path, &temporary));
    TRY(os_file_write(file, s->bytes.data, s->bytes.size));
    TRY(os_file_sync(file));
    os_file_close(file);
    file = OS_FILE_NONE;
    TRY(os_file_rename(temporary, path));
    TRY(os_folder_sync(path));
done:
    os_file_close(file);
    if (result != OK && temporary != NULL)
        (void)os_file_remove(temporary);
    memory_free(temporary);
    return result;
}

Result spur_save(Thread *thread, const char *path)
{
    Saver s = {.end = SAVED_BASE, .capacity = 1 << 16};
    Result result = OK;

    heap_collect(&thread->allocator, true, HEAP_CAUSE_REQUEST);
    s.objects = memory_allocate_array(s.capacity, sizeof *s.objects);
    if (s.objects == NULL)
        return ERROR_MEMORY;
    place_all(&s);
    if (!s.failed)
        put_all(&s);
    if (s.failed)
        result = error_set(ERROR_MEMORY, "%s: no memory to save the image", path);
    else
        result = write_file(&s, path);
    bytes_free(&s.bytes);
    table_free(&s.places);
    memory_free(s.objects);
    return result;
}
