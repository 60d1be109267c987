/* identifier.c - which characters identifiers of the Java language have, by tables of the class library's answers. */
#include "base/memory.h"
#include "javap/javap_internal.h"

#include "javap/identifier_table.inc"

#define FIRST_IN_TABLES 0x80u

/* Where the answer changes, in rising order; at the first one it becomes yes. */
typedef struct Boundaries {
    uint32_t at[sizeof start_table];
    size_t count;
} Boundaries;

static Boundaries starts LARGE_STATIC, parts LARGE_STATIC;

static void expand(Boundaries *boundaries, const uint8_t *table, size_t size)
{
    uint32_t at = FIRST_IN_TABLES, distance = 0;

    for (size_t i = 0; i < size; i++) {
        distance = distance << 7 | (table[i] & 127);
        if (table[i] & 128) continue;
        at += distance;
        boundaries->at[boundaries->count++] = at;
        distance = 0;
    }
}

/* Is the number of boundaries up to the character odd? */
static bool is_inside(const Boundaries *boundaries, uint32_t character)
{
    size_t low = 0, high = boundaries->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (boundaries->at[middle] <= character)
            low = middle + 1;
        else
            high = middle;
    }
    return low & 1;
}

static bool is_beyond_ascii(const Boundaries *boundaries, uint32_t character)
{
    if (starts.count == 0) {
        expand(&starts, start_table, sizeof start_table);
        expand(&parts, part_table, sizeof part_table);
    }
    return is_inside(boundaries, character);
}

bool is_identifier_start(uint32_t c)
{
    if (c >= FIRST_IN_TABLES) return is_beyond_ascii(&starts, c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/* Control characters that say nothing are ignored in identifiers. */
bool is_identifier_part(uint32_t c)
{
    if (c >= FIRST_IN_TABLES) return is_identifier_start(c) || is_beyond_ascii(&parts, c);
    return is_identifier_start(c) || (c >= '0' && c <= '9') || c < 9 || (c >= 14 && c < 28) || c == 127;
}
