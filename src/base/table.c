/* table.c - hash tables with linear probing. */
#include "base/table.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

#define LEAST_CAPACITY 16
#define CLEARED_CAPACITY 32 /* at most: to clear more takes longer than to make it anew */

uint64_t hash_bytes(const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    uint64_t hash = 0x9e3779b97f4a7c15u ^ size;
    uint64_t word;

    for (; size >= 8; p += 8, size -= 8) {
        memcpy(&word, p, 8);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
        hash ^= hash >> 29;
    }
    if (size != 0) {
        word = 0;
        memcpy(&word, p, size);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
    }
    return hash_u64(hash);
}

/* Full at three quarters. */
static bool is_crowded(size_t used, size_t capacity)
{
    return used + 1 > capacity - capacity / 4;
}

/* The entry of the key, or the free one where it belongs. Key is not 0, capacity is not 0. */
static TableEntry *table_slot(const Table *table, uint64_t key)
{
    size_t mask = table->capacity - 1;
    size_t i = hash_u64(key) & mask;

    while (table->entries[i].key != key && table->entries[i].key != 0) i = (i + 1) & mask;
    return &table->entries[i];
}

static Result table_grow(Table *table)
{
    size_t capacity = table->capacity ? table->capacity * 2 : LEAST_CAPACITY;
    Table grown = *table;

    grown.entries = memory_allocate_array(capacity, sizeof(TableEntry));
    if (grown.entries == NULL) return ERROR_MEMORY;
    grown.capacity = capacity;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->entries[i].key != 0) *table_slot(&grown, table->entries[i].key) = table->entries[i];
    memory_free(table->entries);
    *table = grown;
    return OK;
}

void table_free(Table *table)
{
    memory_free(table->entries);
    *table = (Table){0};
}

void table_clear(Table *table)
{
    if (table->capacity > CLEARED_CAPACITY)
        table_free(table);
    if (table->used != 0)
        memset(table->entries, 0, table->capacity * sizeof(TableEntry));
    table->used = 0;
    table->has_zero = false;
}

bool table_get(const Table *table, uint64_t key, uint64_t *value)
{
    const TableEntry *entry;

    if (key == 0) {
        if (table->has_zero && value != NULL) *value = table->zero_value;
        return table->has_zero;
    }
    if (table->capacity == 0) return false;
    entry = table_slot(table, key);
    if (entry->key == 0) return false;
    if (value != NULL) *value = entry->value;
    return true;
}

uint64_t table_find(const Table *table, uint64_t key, uint64_t otherwise)
{
    table_get(table, key, &otherwise);
    return otherwise;
}

Result table_set(Table *table, uint64_t key, uint64_t value)
{
    TableEntry *entry;

    if (key == 0) {
        table->has_zero = true;
        table->zero_value = value;
        return OK;
    }
    entry = table->capacity != 0 ? table_slot(table, key) : NULL;
    if (entry == NULL || (entry->key == 0 && is_crowded(table->used, table->capacity))) {
        Result result = table_grow(table);
        if (result != OK) return result;
        entry = table_slot(table, key);
    }
    table->used += entry->key == 0;
    *entry = (TableEntry){key, value};
    return OK;
}

/* Whether an entry whose home is `home` may not move from `from` to the free place `hole`:
 * its home lies cyclically in (hole, from]. */
static bool must_stay(size_t home, size_t hole, size_t from, size_t mask)
{
    return ((home - hole - 1) & mask) < ((from - hole) & mask);
}

bool table_remove(Table *table, uint64_t key)
{
    size_t mask = table->capacity - 1, hole, i;
    TableEntry *entry;

    if (key == 0) {
        bool had = table->has_zero;
        table->has_zero = false;
        return had;
    }
    if (table->capacity == 0) return false;
    entry = table_slot(table, key);
    if (entry->key == 0) return false;
    hole = (size_t)(entry - table->entries);
    for (i = (hole + 1) & mask; table->entries[i].key != 0; i = (i + 1) & mask) {
        if (must_stay(hash_u64(table->entries[i].key) & mask, hole, i, mask)) continue;
        table->entries[hole] = table->entries[i];
        hole = i;
    }
    table->entries[hole] = (TableEntry){0};
    table->used--;
    return true;
}

bool table_next(const Table *table, size_t *cursor, uint64_t *key, uint64_t *value)
{
    if (*cursor == 0) {
        *cursor = 1;
        if (table->has_zero) {
            *key = 0;
            *value = table->zero_value;
            return true;
        }
    }
    while (*cursor <= table->capacity) {
        const TableEntry *entry = &table->entries[(*cursor)++ - 1];
        if (entry->key == 0) continue;
        *key = entry->key;
        *value = entry->value;
        return true;
    }
    return false;
}

static StringTableEntry *string_slot(const StringTable *table, const void *key, size_t size, uint32_t hash)
{
    size_t mask = table->capacity - 1;
    size_t i = hash & mask;

    for (;; i = (i + 1) & mask) {
        StringTableEntry *entry = &table->entries[i];
        if (entry->key == NULL) return entry;
        if (entry->hash == hash && entry->size == size && (size == 0 || memcmp(entry->key, key, size) == 0)) return entry;
    }
}

static Result string_table_grow(StringTable *table)
{
    size_t capacity = table->capacity ? table->capacity * 2 : LEAST_CAPACITY;
    StringTable grown = *table;

    grown.entries = memory_allocate_array(capacity, sizeof(StringTableEntry));
    if (grown.entries == NULL) return ERROR_MEMORY;
    grown.capacity = capacity;
    for (size_t i = 0; i < table->capacity; i++) {
        const StringTableEntry *entry = &table->entries[i];
        if (entry->key != NULL) *string_slot(&grown, entry->key, entry->size, entry->hash) = *entry;
    }
    memory_free(table->entries);
    *table = grown;
    return OK;
}

void string_table_free(StringTable *table)
{
    for (size_t i = 0; i < table->capacity; i++) memory_free(table->entries[i].key);
    memory_free(table->entries);
    *table = (StringTable){0};
}

bool string_table_get(const StringTable *table, const void *key, size_t size, uint64_t *value)
{
    const StringTableEntry *entry;

    if (table->capacity == 0) return false;
    entry = string_slot(table, key, size, (uint32_t)hash_bytes(key, size));
    if (entry->key == NULL) return false;
    if (value != NULL) *value = entry->value;
    return true;
}

bool string_table_get_text(const StringTable *table, const char *key, uint64_t *value)
{
    return string_table_get(table, key, strlen(key), value);
}

Result string_table_set(StringTable *table, const void *key, size_t size, uint64_t value)
{
    uint32_t hash = (uint32_t)hash_bytes(key, size);
    StringTableEntry *entry;
    char *copy;

    if (size >= UINT32_MAX) return error_set(ERROR_LIMIT, "a table key of %zu bytes", size);
    if (is_crowded(table->used, table->capacity)) {
        Result result = string_table_grow(table);
        if (result != OK) return result;
    }
    entry = string_slot(table, key, size, hash);
    if (entry->key != NULL) {
        entry->value = value;
        return OK;
    }
    copy = memory_allocate(size + 1);
    if (copy == NULL) return ERROR_MEMORY;
    if (size != 0) memcpy(copy, key, size);
    *entry = (StringTableEntry){.key = copy, .size = (uint32_t)size, .hash = hash, .value = value};
    table->used++;
    return OK;
}

Result string_table_set_text(StringTable *table, const char *key, uint64_t value)
{
    return string_table_set(table, key, strlen(key), value);
}

bool string_table_remove(StringTable *table, const void *key, size_t size)
{
    size_t mask = table->capacity - 1, hole, i;
    StringTableEntry *entry;

    if (table->capacity == 0) return false;
    entry = string_slot(table, key, size, (uint32_t)hash_bytes(key, size));
    if (entry->key == NULL) return false;
    memory_free(entry->key);
    hole = (size_t)(entry - table->entries);
    for (i = (hole + 1) & mask; table->entries[i].key != NULL; i = (i + 1) & mask) {
        if (must_stay(table->entries[i].hash & mask, hole, i, mask)) continue;
        table->entries[hole] = table->entries[i];
        hole = i;
    }
    table->entries[hole] = (StringTableEntry){0};
    table->used--;
    return true;
}

const StringTableEntry *string_table_next(const StringTable *table, size_t *cursor)
{
    while (*cursor < table->capacity) {
        const StringTableEntry *entry = &table->entries[(*cursor)++];
        if (entry->key != NULL) return entry;
    }
    return NULL;
}
