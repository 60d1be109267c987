/* front.c - what a start looks up, in one table of two pages, before the tables that have it among all else.
 *
 * The large tables are hashed, so each look-up touches another page of the image, and in a start hardly anything costs more
 * than a page that is touched. The table is filled while java.image is prepared, from a rehearsed start, and only read
 * after that. What it holds lasts as long as the machine: symbols, classes of the boot loader and their methods; interned
 * strings are looked at before they count as found. */
#include "java/java_internal.h"

#define FRONT_SLOTS 512u

typedef struct FrontEntry {
    uint32_t key[3];
    uint32_t value;
} FrontEntry;
_Static_assert(sizeof(FrontEntry) == 16, "FrontEntry is an image format");

static OsMutex front_lock;
static bool filling;
static uint32_t filled;

static uint32_t front_hash(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t hash = (a * 0x9e3779b1u ^ b) * 0x85ebca6bu ^ c;
    return (hash ^ hash >> 15) * 0xc2b2ae35u >> 16;
}

/* Where the key is, or a free place; there always is one. A key has no 0 as its last word. */
static FrontEntry *place(FrontEntry *entries, uint32_t a, uint32_t b, uint32_t c)
{
    for (uint32_t i = front_hash(a, b, c);; i++) {
        FrontEntry *entry = &entries[i % FRONT_SLOTS];
        if (entry->key[2] == 0 || (entry->key[2] == c && entry->key[1] == b && entry->key[0] == a))
            return entry;
    }
}

bool java_front_begin(void)
{
    JavaWorld *world = java_world();
    ArenaRef front = arena_allocate_near(ARENA_START, FRONT_SLOTS * sizeof(FrontEntry));

    filled = 0;
    world->front = front;
    __atomic_store_n(&filling, front != 0, __ATOMIC_RELEASE);
    return front != 0;
}

void java_front_end(void)
{
    os_mutex_lock(&front_lock);
    __atomic_store_n(&filling, false, __ATOMIC_RELEASE);
    os_mutex_unlock(&front_lock);
}

bool java_front_find(uint32_t a, uint32_t b, uint32_t c, uint32_t *value)
{
    ArenaRef front = java_world()->front;
    const FrontEntry *entry;

    if (front == 0 || __atomic_load_n(&filling, __ATOMIC_ACQUIRE))
        return false;
    entry = place(ARENA(FrontEntry, front), a, b, c);
    *value = entry->value;
    return entry->key[2] != 0;
}

void java_front_note(uint32_t a, uint32_t b, uint32_t c, uint32_t value)
{
    if (!__atomic_load_n(&filling, __ATOMIC_ACQUIRE))
        return;
    os_mutex_lock(&front_lock);
    FrontEntry *entry = place(ARENA(FrontEntry, java_world()->front), a, b, c);
    if (filling && entry->key[2] == 0 && filled < FRONT_SLOTS / 4 * 3) {
        *entry = (FrontEntry){{a, b, c}, value};
        filled++;
    }
    os_mutex_unlock(&front_lock);
}
