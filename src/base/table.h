/* table.h - hash tables: 64-bit integer to 64-bit integer, and byte string to 64-bit integer.
 *
 * Open addressing, linear probing, deletion by moving back (no tombstones). Not synchronised. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

static inline uint64_t hash_u64(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

uint64_t hash_bytes(const void *bytes, size_t size);

/* Table{0} is empty; any key is allowed. */
typedef struct TableEntry {
    uint64_t key, value;
} TableEntry;

typedef struct Table {
    TableEntry *entries; /* a free entry has key 0 */
    size_t capacity;     /* 0 or a power of 2 */
    size_t used;         /* of entries */
    uint64_t zero_value; /* key 0 lives here */
    bool has_zero;
} Table;

void table_free(Table *table);
void table_clear(Table *table); /* empty, but may keep its room */
static inline size_t table_count(const Table *table) { return table->used + table->has_zero; }
bool table_get(const Table *table, uint64_t key, uint64_t *value);             /* value may be NULL */
uint64_t table_find(const Table *table, uint64_t key, uint64_t otherwise);
Result table_set(Table *table, uint64_t key, uint64_t value);
bool table_remove(Table *table, uint64_t key);
/* Visits every entry once: start with *cursor = 0; false at the end. No changes meanwhile. */
bool table_next(const Table *table, size_t *cursor, uint64_t *key, uint64_t *value);

/* The same for byte strings; the table keeps copies of its keys. */
typedef struct StringTableEntry {
    char *key; /* NULL = free; followed by a 0 byte */
    uint32_t size;
    uint32_t hash;
    uint64_t value;
} StringTableEntry;

typedef struct StringTable {
    StringTableEntry *entries;
    size_t capacity;
    size_t used;
} StringTable;

void string_table_free(StringTable *table);
static inline size_t string_table_count(const StringTable *table) { return table->used; }
bool string_table_get(const StringTable *table, const void *key, size_t size, uint64_t *value);
bool string_table_get_text(const StringTable *table, const char *key, uint64_t *value);
Result string_table_set(StringTable *table, const void *key, size_t size, uint64_t value);
Result string_table_set_text(StringTable *table, const char *key, uint64_t value);
bool string_table_remove(StringTable *table, const void *key, size_t size);
const StringTableEntry *string_table_next(const StringTable *table, size_t *cursor);

#endif
