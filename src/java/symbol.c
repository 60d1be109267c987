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
    return hash ^ hash >> 15;
}

static uint32_t *bucket_of(JavaWorld *world, uint32_t hash)
{
    return ARENA(uint32_t, world->symbol_buckets) + (hash & (world->symbol_bucket_count - 1));
}

static SymbolRef find_locked(uint32_t hash, const void *bytes, size_t length)
{
    for (SymbolRef at = *bucket_of(java_world(), hash); at != 0; at = symbol_at(at)->next) {
        const Symbol *symbol = symbol_at(at);
        if (symbol->hash == hash && symbol->length == length && memcmp(symbol->bytes, bytes, length) == 0)
            return at;
    }
    return 0;
}

/* Twice the buckets when chains get long; without memory for it, they stay long. */
static void grow_buckets(JavaWorld *world)
{
    uint32_t old_count = world->symbol_bucket_count, count = 2 * old_count;
    ArenaRef old = world->symbol_buckets, buckets = arena_allocate(count * sizeof(uint32_t));

    if (buckets == 0)
        return;
    world->symbol_buckets = buckets;
    world->symbol_bucket_count = count;
    for (uint32_t i = 0; i < old_count; i++) {
        for (SymbolRef at = ARENA(uint32_t, old)[i], next; at != 0; at = next) {
            Symbol *symbol = ARENA(Symbol, at);
            uint32_t *bucket = bucket_of(world, symbol->hash);
            next = symbol->next;
            symbol->next = *bucket;
            *bucket = at;
        }
    }
    arena_free(old, old_count * sizeof(uint32_t));
}

static SymbolRef add_locked(uint32_t hash, const void *bytes, size_t length)
{
    JavaWorld *world = java_world();
    SymbolRef made = arena_allocate(sizeof(Symbol) + length + 1);

    if (made == 0)
        return 0;
    if (world->symbol_count++ > 2 * world->symbol_bucket_count)
        grow_buckets(world);
    Symbol *symbol = ARENA(Symbol, made);
    uint32_t *bucket = bucket_of(world, hash);
    symbol->hash = hash;
    symbol->length = (uint16_t)length;
    memcpy(symbol->bytes, bytes, length);
    symbol->next = *bucket;
    *bucket = made;
    return made;
}

SymbolRef java_symbol(const void *bytes, size_t length)
{
    uint32_t hash = symbol_hash(bytes, length);
    SymbolRef found;

    if (length > UINT16_MAX)
        return 0;
    os_mutex_lock(&symbol_lock);
    found = find_locked(hash, bytes, length);
    if (found == 0)
        found = add_locked(hash, bytes, length);
    os_mutex_unlock(&symbol_lock);
    return found;
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

static const char *const symbol_texts[] = {
#define SYMBOL(name, text) text,
#include "java/symbols.def"
#undef SYMBOL
};
static const char *const wellknown_texts[] = {
#define WELLKNOWN(name, text) text,
#include "java/wellknown.def"
};

#define FIRST_SYMBOL_BUCKETS (1u << 15)
#define FIRST_CLASS_BUCKETS (1u << 11)
#define FIRST_PACKAGE_BUCKETS (1u << 9)

Result java_world_fill(void)
{
    JavaWorld *world;

    if (arena_table_add(&java_world_table, 1) == 0)
        return error_set(ERROR_MEMORY, "no room for the class dictionary");
    world = java_world();
    world->symbol_bucket_count = FIRST_SYMBOL_BUCKETS;
    world->symbol_buckets = arena_allocate(FIRST_SYMBOL_BUCKETS * sizeof(uint32_t));
    world->class_bucket_count = FIRST_CLASS_BUCKETS;
    world->class_buckets = arena_allocate(FIRST_CLASS_BUCKETS * sizeof(uint32_t));
    world->package_bucket_count = FIRST_PACKAGE_BUCKETS;
    world->package_buckets = arena_allocate(FIRST_PACKAGE_BUCKETS * sizeof(uint32_t));
    if (world->symbol_buckets == 0 || world->class_buckets == 0 || world->package_buckets == 0)
        return error_set(ERROR_MEMORY, "no room for the class dictionary");
    for (size_t i = 0; i < JAVA_SYMBOL_COUNT; i++)
        world->symbols[i] = java_symbol_text(symbol_texts[i]);
    for (size_t i = 0; i < JAVA_WELLKNOWN_COUNT; i++)
        world->wellknown_names[i] = java_symbol_text(wellknown_texts[i]);
    return OK;
}

Result java_world_open(bool thawed)
{
    Result result = OK;

    TRY(arena_table_open(&java_world_table, "java", sizeof(JavaWorld), 2, true));
    if (thawed)
        goto done;
    TRY(java_world_fill());
done:
    return result;
}
