/* strings.c - java.lang.String objects to and from C, and the table of interned strings.
 *
 * A String holds a byte array and a coder: 0 Latin-1, 1 UTF-16. A string that fits Latin-1 is always in it, so equal
 * strings have equal coders and bytes.
 *
 * Interned strings are held weakly: entries in a table (kept in images), chained from buckets in the arena. The
 * collector's hook drops the dead ones. */
#include <string.h>

#include "java/primitive_internal.h"
#include "java/strings.h"
#include "os/os.h"

#define CODER_LATIN1 0
#define CODER_UTF16 1
#define SMALL_TEXT 512

/* ---- making ---- */

/* The String around a byte array that a handle holds. */
static Value string_around(Thread *thread, const Value *bytes, int coder, bool old)
{
    const Class *class = class_at(java_class(STRING));
    Value string = old ? heap_allocate_old(&thread->allocator, class->index, FORMAT_JAVA_INSTANCE, class->slots)
                       : heap_allocate_instance(&thread->allocator, class);

    if (string == 0) {
        java_throw_memory(thread);
        return 0;
    }
    *(int8_t *)object_at(string, java_offset(STRING_CODER)) = (int8_t)coder;
    heap_store(string, java_offset(STRING_VALUE), *bytes);
    return string;
}

static uint32_t byte_array_class(Thread *thread)
{
    return java_array_class(thread, java_primitive_class('B'));
}

Value java_byte_array(Thread *thread, const void *bytes, size_t size)
{
    uint32_t class_index = byte_array_class(thread);
    Value array;

    if (class_index == 0)
        return 0;
    array = heap_allocate_array(&thread->allocator, class_at(class_index), (uint32_t)size);
    if (array == 0)
        java_throw_memory(thread);
    else if (size != 0)
        memcpy(object_at(array, ARRAY_BASE_OFFSET), bytes, size);
    return array;
}

static Value string_new(Thread *thread, const void *bytes, size_t size, int coder, bool old)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value array = java_byte_array(thread, bytes, size), string = 0;

    if (array != 0)
        string = string_around(thread, heap_hold_nogc(&thread->allocator, array), coder, old);
    heap_leave_nogc(&thread->allocator, mark);
    return string;
}

Value java_string_from_latin1(Thread *thread, const uint8_t *bytes, size_t count)
{
    return string_new(thread, bytes, count, CODER_LATIN1, false);
}

static bool fits_latin1(const uint16_t *units, size_t count)
{
    uint16_t all = 0;
    for (size_t i = 0; i < count; i++)
        all |= units[i];
    return all < 256;
}

Value java_string_from_utf16(Thread *thread, const uint16_t *units, size_t count)
{
    Value string;
    uint8_t *bytes;

    if (!fits_latin1(units, count))
        return string_new(thread, units, count * 2, CODER_UTF16, false);
    bytes = memory_allocate(count + 1);
    if (bytes == NULL) {
        java_throw_memory(thread);
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)units[i];
    string = string_new(thread, bytes, count, CODER_LATIN1, false);
    memory_free(bytes);
    return string;
}

/* Text decoded into units of the String's own coder; in `small` when it fits. */
typedef struct Decoded {
    uint8_t small[SMALL_TEXT];
    uint8_t *bytes;
    size_t size;
    int coder;
} Decoded;

static bool decode(Decoded *decoded, const uint8_t *text, size_t length)
{
    bool latin1 = true;
    size_t units = mutf8_utf16_length(text, length, &latin1);
    bool malformed = units == MUTF8_MALFORMED;

    if (malformed) {
        units = length;
        latin1 = true;
    }
    decoded->coder = latin1 ? CODER_LATIN1 : CODER_UTF16;
    decoded->size = latin1 ? units : units * 2;
    decoded->bytes = decoded->size <= SMALL_TEXT ? decoded->small : memory_allocate(decoded->size);
    if (decoded->bytes == NULL)
        return false;
    if (malformed)
        memcpy(decoded->bytes, text, length);
    else if (latin1)
        mutf8_to_latin1(text, length, decoded->bytes);
    else
        mutf8_to_utf16(text, length, (uint16_t *)(void *)decoded->bytes);
    return true;
}

static void decoded_free(Decoded *decoded)
{
    if (decoded->bytes != decoded->small)
        memory_free(decoded->bytes);
}

static void replace_unit(Decoded *decoded, uint16_t from, uint16_t to)
{
    if (decoded->coder == CODER_LATIN1) {
        for (size_t i = 0; i < decoded->size; i++)
            if (decoded->bytes[i] == from)
                decoded->bytes[i] = (uint8_t)to;
    } else {
        uint16_t *units = (uint16_t *)(void *)decoded->bytes;
        for (size_t i = 0; i < decoded->size / 2; i++)
            if (units[i] == from)
                units[i] = to;
    }
}

Value java_string_from_bytes(Thread *thread, const char *text, size_t length)
{
    Decoded decoded;
    Value string;

    if (!decode(&decoded, (const uint8_t *)text, length)) {
        java_throw_memory(thread);
        return 0;
    }
    string = string_new(thread, decoded.bytes, decoded.size, decoded.coder, false);
    decoded_free(&decoded);
    return string;
}

Value java_string_from_text(Thread *thread, const char *text)
{
    return java_string_from_bytes(thread, text, strlen(text));
}

Value java_string_from_utf8(Thread *thread, const char *text)
{
    size_t size = strlen(text);
    size_t count = utf8_utf16_length((const uint8_t *)text, size);
    uint16_t *units = memory_allocate((count + 1) * sizeof *units);
    Value string;

    if (units == NULL) {
        java_throw_memory(thread);
        return 0;
    }
    utf8_to_utf16((const uint8_t *)text, size, units);
    string = java_string_from_utf16(thread, units, count);
    memory_free(units);
    return string;
}

/* ---- interned strings ---- */

typedef struct Interned {
    Value string;  /* weak; 0: free */
    uint32_t next; /* in its bucket, or in the free list */
    uint32_t hash; /* String.hashCode's */
} Interned;
_Static_assert(sizeof(Interned) == 16, "Interned is an image format");

#define INTERNED_LIMIT (1u << 24)
#define INTERNED_BITS 8
#define FIRST_BUCKETS 4096
#define BUCKETS interned_strings[0]      /* ArenaRef of u32[] */
#define BUCKET_COUNT interned_strings[1]
#define FREE_LIST interned_strings[2]
#define LIVE_COUNT interned_strings[3]

static ArenaTable interned_table; /* kept */
static OsMutex interned_lock;

static Interned *interned_at(uint32_t number)
{
    return (Interned *)arena_table_at(&interned_table, number, sizeof(Interned), INTERNED_BITS);
}

static uint32_t *bucket_of(uint32_t hash)
{
    JavaWorld *world = java_world();
    return ARENA(uint32_t, world->BUCKETS) + hash % world->BUCKET_COUNT;
}

Result java_strings_open(void)
{
    return arena_table_open_chunked(&interned_table, "interned strings", sizeof(Interned), INTERNED_LIMIT, INTERNED_BITS);
}

static uint32_t hash_of(const uint8_t *bytes, size_t size, int coder)
{
    uint32_t hash = 0;

    if (coder == CODER_LATIN1) {
        for (size_t i = 0; i < size; i++)
            hash = hash * 31 + bytes[i];
    } else {
        for (size_t i = 0; i + 1 < size; i += 2)
            hash = hash * 31 + read_le16(bytes + i);
    }
    return hash;
}

static int string_coder(Value string)
{
    return *(const int8_t *)object_at(string, java_offset(STRING_CODER));
}

static const uint8_t *string_bytes(Value string, size_t *size)
{
    Value array = heap_load(string, java_offset(STRING_VALUE));
    *size = (size_t)array_length(array);
    return object_at(array, ARRAY_BASE_OFFSET);
}

static bool string_is(Value string, const uint8_t *bytes, size_t size, int coder)
{
    size_t own_size;
    const uint8_t *own = string_bytes(string, &own_size);
    return own_size == size && string_coder(string) == coder && memcmp(own, bytes, size) == 0;
}

/* Puts it into its bucket. */
static void interned_put(uint32_t number, Interned entry)
{
    uint32_t *bucket = bucket_of(entry.hash);

    entry.next = *bucket;
    *interned_at(number) = entry;
    *bucket = number;
}

/* Gives the table its buckets, or four times as many. */
static bool grow_buckets(void)
{
    JavaWorld *world = java_world();
    uint32_t old_count = world->BUCKET_COUNT, count = old_count != 0 ? old_count * 4 : FIRST_BUCKETS;
    ArenaRef block = arena_allocate(sizeof(uint32_t) * (size_t)count), old = world->BUCKETS;

    if (block == 0)
        return old != 0;
    world->BUCKETS = block;
    world->BUCKET_COUNT = count;
    for (uint32_t i = 0; i < old_count; i++) {
        uint32_t next;
        for (uint32_t number = ARENA(uint32_t, old)[i]; number != 0; number = next) {
            next = interned_at(number)->next;
            interned_put(number, *interned_at(number));
        }
    }
    if (old != 0)
        arena_free(old, sizeof(uint32_t) * (size_t)old_count);
    return true;
}

static bool interned_is(uint32_t number, uint32_t hash, const uint8_t *bytes, size_t size, int coder)
{
    const Interned *interned = interned_at(number);
    return interned->string != 0 && interned->hash == hash && string_is(interned->string, bytes, size, coder);
}

static Value interned_find(uint32_t hash, const uint8_t *bytes, size_t size, int coder)
{
    uint32_t front;

    if (java_world()->BUCKETS == 0)
        return 0;
    if (java_front_find(hash, (uint32_t)size, FRONT_INTERNED, &front) && interned_is(front, hash, bytes, size, coder))
        return interned_at(front)->string;
    for (uint32_t number = *bucket_of(hash); number != 0; number = interned_at(number)->next)
        if (interned_is(number, hash, bytes, size, coder)) {
            java_front_note(hash, (uint32_t)size, FRONT_INTERNED, number);
            return interned_at(number)->string;
        }
    return 0;
}

static bool interned_add(Value string, uint32_t hash)
{
    JavaWorld *world = java_world();
    uint32_t number;

    if (world->LIVE_COUNT >= world->BUCKET_COUNT * 2 && !grow_buckets())
        return false;
    number = world->FREE_LIST;
    if (number != 0)
        world->FREE_LIST = interned_at(number)->next;
    else
        number = arena_table_add(&interned_table, 1);
    if (number == 0)
        return false;
    interned_put(number, (Interned){string, 0, hash});
    world->LIVE_COUNT++;
    return true;
}

/* Takes it out of its bucket. */
static Interned interned_take(uint32_t number)
{
    Interned taken = *interned_at(number);
    uint32_t *link = bucket_of(taken.hash);

    while (*link != number) link = &interned_at(*link)->next;
    *link = taken.next;
    return taken;
}

static bool was_accessed(uint32_t number)
{
    return arena_was_accessed(arena_ref(interned_at(number)), sizeof(Interned));
}

/* The accessed ones change places with others of the first chunk. World stopped. */
void java_lay_interned(void)
{
    uint32_t first = 1u << INTERNED_BITS, low = 1;

    for (uint32_t i = first; i < interned_table.count; i++) {
        if (interned_at(i)->string == 0 || !was_accessed(i))
            continue;
        while (low < first && (interned_at(low)->string == 0 || was_accessed(low))) low++;
        if (low == first)
            return;
        Interned one = interned_take(i), other = interned_take(low);
        interned_put(i, other);
        interned_put(low++, one);
    }
}

/* The interned string that equals `string`, which becomes it if there is none. Never collects. */
Value java_string_intern(Thread *thread, Value string)
{
    size_t size;
    const uint8_t *bytes = string_bytes(string, &size);
    int coder = string_coder(string);
    uint32_t hash = hash_of(bytes, size, coder);
    Value found;
    bool added = true;

    os_mutex_lock(&interned_lock);
    found = interned_find(hash, bytes, size, coder);
    if (found == 0) {
        added = interned_add(string, hash);
        found = string;
    }
    os_mutex_unlock(&interned_lock);
    if (!added) {
        java_throw_memory(thread);
        return 0;
    }
    return found;
}

static Value intern_decoded(Thread *thread, const Decoded *decoded)
{
    uint32_t hash = hash_of(decoded->bytes, decoded->size, decoded->coder);
    Value string;

    os_mutex_lock(&interned_lock);
    string = interned_find(hash, decoded->bytes, decoded->size, decoded->coder);
    os_mutex_unlock(&interned_lock);
    if (string != 0)
        return string;
    string = string_new(thread, decoded->bytes, decoded->size, decoded->coder, true);
    return string != 0 ? java_string_intern(thread, string) : 0;
}

static Value intern_text(Thread *thread, const uint8_t *text, size_t length, bool dots)
{
    Decoded decoded;
    Value string;

    if (!decode(&decoded, text, length)) {
        java_throw_memory(thread);
        return 0;
    }
    if (dots)
        replace_unit(&decoded, '/', '.');
    string = intern_decoded(thread, &decoded);
    decoded_free(&decoded);
    return string;
}

/* A symbol's bytes, copied: the arena may move while strings are made. */
static uint8_t *symbol_copy(SymbolRef symbol, size_t *length)
{
    *length = symbol_length(symbol);
    return memory_copy(symbol_at(symbol)->bytes, *length + 1);
}

Value java_string_intern_symbol(Thread *thread, SymbolRef symbol)
{
    size_t length;
    uint8_t *text = symbol_copy(symbol, &length);
    Value string = text != NULL ? intern_text(thread, text, length, false) : 0;

    if (text == NULL)
        java_throw_memory(thread);
    memory_free(text);
    return string;
}

Value java_string_intern_text(Thread *thread, const char *text, bool dots)
{
    return intern_text(thread, (const uint8_t *)text, strlen(text), dots);
}

Value java_string_from_symbol(Thread *thread, SymbolRef symbol, bool dots)
{
    size_t length;
    uint8_t *text = symbol_copy(symbol, &length);
    Decoded decoded;
    Value string = 0;

    if (text == NULL || !decode(&decoded, text, length)) {
        java_throw_memory(thread);
    } else {
        if (dots)
            replace_unit(&decoded, '/', '.');
        string = string_new(thread, decoded.bytes, decoded.size, decoded.coder, false);
        decoded_free(&decoded);
    }
    memory_free(text);
    return string;
}

void java_strings_update_weak(Value (*forward)(void *context, Value object), void *context)
{
    JavaWorld *world = java_world();

    for (uint32_t i = 0; i < world->BUCKET_COUNT; i++) {
        uint32_t *link = ARENA(uint32_t, world->BUCKETS) + i;
        while (*link != 0) {
            Interned *interned = interned_at(*link);
            interned->string = forward(context, interned->string);
            if (interned->string != 0) {
                link = &interned->next;
                continue;
            }
            uint32_t dead = *link;
            *link = interned->next;
            interned->next = world->FREE_LIST;
            world->FREE_LIST = dead;
            world->LIVE_COUNT--;
        }
    }
}

/* ---- reading ---- */

size_t java_string_length(Value string)
{
    size_t size;
    string_bytes(string, &size);
    return string_coder(string) == CODER_LATIN1 ? size : size / 2;
}

uint16_t java_string_unit(Value string, size_t i)
{
    size_t size;
    const uint8_t *bytes = string_bytes(string, &size);
    return string_coder(string) == CODER_LATIN1 ? bytes[i] : read_le16(bytes + 2 * i);
}

/* Modified UTF-8 of a string, closed by a 0; to be freed with memory_free. NULL: no memory. Never collects. */
char *java_string_text(Value string)
{
    size_t size, length;
    const uint8_t *bytes = string_bytes(string, &size);
    bool latin1 = string_coder(string) == CODER_LATIN1;
    const uint16_t *units = (const uint16_t *)(const void *)bytes;
    uint8_t *text;

    length = latin1 ? latin1_mutf8_size(bytes, size) : utf16_mutf8_size(units, size / 2);
    text = memory_allocate(length + 1);
    if (text == NULL)
        return NULL;
    if (latin1)
        latin1_to_mutf8(bytes, size, text);
    else
        utf16_to_mutf8(units, size / 2, text);
    return (char *)text;
}

/* The same in standard UTF-8. */
char *java_string_utf8(Value string)
{
    size_t size, length;
    const uint8_t *bytes = string_bytes(string, &size);
    const uint16_t *units = (const uint16_t *)(const void *)bytes;
    uint8_t *text;

    if (string_coder(string) == CODER_LATIN1)
        return java_string_text(string);
    length = utf16_utf8_size(units, size / 2);
    text = memory_allocate(length + 1);
    if (text != NULL)
        utf16_to_utf8(units, size / 2, text);
    return (char *)text;
}

SymbolRef java_symbol_from_string(Value string, bool slashes)
{
    char *text = java_string_text(string);
    SymbolRef symbol;

    if (text == NULL)
        return 0;
    if (slashes)
        for (char *at = text; *at != 0; at++)
            if (*at == '.')
                *at = '/';
    symbol = java_symbol(text, strlen(text));
    memory_free(text);
    return symbol;
}

bool java_string_equals_text(Value string, const char *ascii)
{
    size_t size;
    const uint8_t *bytes = string_bytes(string, &size);
    return string_coder(string) == CODER_LATIN1 && size == strlen(ascii) && memcmp(bytes, ascii, size) == 0;
}

void java_strings_relocate(int64_t heap_distance)
{
    for (uint32_t i = 1; heap_distance != 0 && i < interned_table.count; i++)
        if (interned_at(i)->string != 0)
            interned_at(i)->string += (uint64_t)heap_distance;
}
