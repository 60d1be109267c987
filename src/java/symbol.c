/* symbol.c - interned names, and the world: the globals of the Java language that images keep. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "java/java_internal.h"

ArenaTable java_world_table;

static OsMutex symbol_lock;

static uint32_t symbol_hash(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint32_t hash = 0;
    for (size_t i = 0; i < length; i++)
        hash = 31 * hash + at[i];
    return hash ^ hash >> 15 ^ hash << 7;
}

/* The table: hash << 32 | SymbolRef, open addressing, linear probing; 0 is free. Symbols are never taken out. */
static uint64_t *table(JavaWorld *world)
{
    return ARENA(uint64_t, world->symbol_buckets);
}

static bool symbol_is(SymbolRef symbol, const void *bytes, size_t length)
{
    return symbol_at(symbol)->length == length && memcmp(symbol_at(symbol)->bytes, bytes, length) == 0;
}

static SymbolRef find_locked(uint32_t hash, const void *bytes, size_t length)
{
    JavaWorld *world = java_world();
    const uint64_t *entries = table(world);
    uint32_t mask = world->symbol_bucket_count - 1, front;

    if (java_front_find(hash, (uint32_t)length, FRONT_SYMBOL, &front) && symbol_is(front, bytes, length))
        return front;
    for (uint32_t i = hash & mask; entries[i] != 0; i = (i + 1) & mask) {
        SymbolRef found = (SymbolRef)entries[i];
        if ((uint32_t)(entries[i] >> 32) == hash && symbol_is(found, bytes, length)) {
            java_front_note(hash, (uint32_t)length, FRONT_SYMBOL, found);
            return found;
        }
    }
    return 0;
}

static void put(uint64_t *entries, uint32_t mask, uint64_t entry)
{
    uint32_t i = (uint32_t)(entry >> 32) & mask;

    while (entries[i] != 0)
        i = (i + 1) & mask;
    entries[i] = entry;
}

/* Twice the size when it is more than three quarters full. False: no memory, and no room left. */
static bool make_room(JavaWorld *world)
{
    uint32_t count = world->symbol_bucket_count;
    ArenaRef old = world->symbol_buckets, grown;

    if (world->symbol_count < count / 4 * 3)
        return true;
    grown = arena_allocate(2 * (size_t)count * sizeof(uint64_t));
    if (grown == 0)
        return world->symbol_count < count - 1;
    for (uint32_t i = 0; i < count; i++)
        if (ARENA(uint64_t, old)[i] != 0)
            put(ARENA(uint64_t, grown), 2 * count - 1, ARENA(uint64_t, old)[i]);
    world->symbol_buckets = grown;
    world->symbol_bucket_count = 2 * count;
    arena_free(old, count * sizeof(uint64_t));
    return true;
}

static size_t symbol_bytes(size_t length)
{
    return sizeof(Symbol) + length + 1;
}

static SymbolRef add_locked(enum ArenaGroup group, uint32_t hash, const void *bytes, size_t length)
{
    JavaWorld *world = java_world();
    SymbolRef made = arena_allocate_near(group, symbol_bytes(length));

    if (made == 0 || !make_room(world))
        return 0;
    Symbol *symbol = ARENA(Symbol, made);
    symbol->hash = hash;
    symbol->length = (uint16_t)length;
    memcpy(symbol->bytes, bytes, length);
    put(table(world), world->symbol_bucket_count - 1, (uint64_t)hash << 32 | made);
    world->symbol_count++;
    return made;
}

static SymbolRef intern(enum ArenaGroup group, const void *bytes, size_t length)
{
    uint32_t hash = symbol_hash(bytes, length);
    SymbolRef found;

    if (length > UINT16_MAX)
        return 0;
    os_mutex_lock(&symbol_lock);
    found = find_locked(hash, bytes, length);
    if (found == 0)
        found = add_locked(group, hash, bytes, length);
    os_mutex_unlock(&symbol_lock);
    return found;
}

SymbolRef java_symbol(const void *bytes, size_t length)
{
    return intern(ARENA_SYMBOLS, bytes, length);
}

SymbolRef java_symbol_find(const void *bytes, size_t length)
{
    SymbolRef found;

    os_mutex_lock(&symbol_lock);
    found = find_locked(symbol_hash(bytes, length), bytes, length);
    os_mutex_unlock(&symbol_lock);
    return found;
}

SymbolRef java_symbol_text(const char *text)
{
    return java_symbol(text, strlen(text));
}

SymbolRef java_symbol_format(const char *format, ...)
{
    char short_text[512], *text = short_text;
    va_list arguments;
    SymbolRef symbol;

    va_start(arguments, format);
    int length = vsnprintf(short_text, sizeof short_text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof short_text) {
        text = memory_allocate((size_t)length + 1);
        if (text == NULL)
            return 0;
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    symbol = java_symbol(text, (size_t)length);
    if (text != short_text)
        memory_free(text);
    return symbol;
}

/* ---- the world ---- */

Result java_symbols_append_accessed(Bytes *texts)
{
    Result result = OK;
    JavaWorld *world = java_world();

    for (uint32_t i = 0; i < world->symbol_bucket_count; i++) {
        SymbolRef symbol = (SymbolRef)table(world)[i];
        if (symbol != 0 && arena_was_accessed(symbol, symbol_bytes(symbol_at(symbol)->length)))
            TRY(bytes_append_string(texts, symbol_text(symbol)));
    }
done:
    return result;
}

static void intern_expected(void)
{
    Reader texts = java_expected_symbols();

    while (reader_left(&texts) != 0) {
        char *text = reader_string(&texts);
        if (text == NULL)
            return;
        (void)intern(ARENA_START, text, strlen(text));
        memory_free(text);
    }
}

static const char *const symbol_texts[] = {
#define SYMBOL(name, text) text,
#include "java/symbols.def"
#undef SYMBOL
};
static const char *const wellknown_texts[] = {
#define WELLKNOWN(name, text) text,
#include "java/wellknown.def"
};

#define FIRST_SYMBOL_BUCKETS (1u << 16)
#define FIRST_CLASS_BUCKETS (1u << 11)
#define FIRST_PACKAGE_BUCKETS (1u << 9)

Result java_world_fill(void)
{
    JavaWorld *world;

    if (arena_table_add(&java_world_table, 1) == 0)
        return error_set(ERROR_MEMORY, "no room for the class dictionary");
    world = java_world();
    world->symbol_bucket_count = FIRST_SYMBOL_BUCKETS;
    world->symbol_buckets = arena_allocate(FIRST_SYMBOL_BUCKETS * sizeof(uint64_t));
    world->class_bucket_count = FIRST_CLASS_BUCKETS;
    world->class_buckets = arena_allocate(FIRST_CLASS_BUCKETS * sizeof(uint32_t));
    world->package_bucket_count = FIRST_PACKAGE_BUCKETS;
    world->package_buckets = arena_allocate(FIRST_PACKAGE_BUCKETS * sizeof(uint32_t));
    if (world->symbol_buckets == 0 || world->class_buckets == 0 || world->package_buckets == 0)
        return error_set(ERROR_MEMORY, "no room for the class dictionary");
    intern_expected();
    for (size_t i = 0; i < JAVA_SYMBOL_COUNT; i++)
        world->symbols[i] = java_symbol_text(symbol_texts[i]);
    for (size_t i = 0; i < JAVA_WELLKNOWN_COUNT; i++)
        world->wellknown_names[i] = java_symbol_text(wellknown_texts[i]);
    return OK;
}

Result java_world_open(bool thawed)
{
    Result result = OK;

    TRY(arena_table_open_chunked(&java_world_table, "java", sizeof(JavaWorld), 2, 0));
    if (thawed)
        goto done;
    TRY(java_world_fill());
done:
    return result;
}
