/* mark.h - the bitmap of a full collection: a bit for each 8 bytes of the heap, set for all words of live objects. */
#ifndef HEAP_MARK_H
#define HEAP_MARK_H

#include "heap/heap_internal.h"

/* Set bits of a word. Inline, as the instruction for it is not in every x86-64 and its library function is slow. */
static inline unsigned count_bits(uint64_t word)
{
#if defined(__POPCNT__) || !defined(__x86_64__)
    return (unsigned)__builtin_popcountll(word);
#else
    word -= word >> 1 & 0x5555555555555555ull;
    word = (word & 0x3333333333333333ull) + (word >> 2 & 0x3333333333333333ull);
    word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0full;
    return (unsigned)(word * 0x0101010101010101ull >> 56);
#endif
}

/* The bitmap has one word for each card. */
static inline uint64_t *bitmap_word(uint64_t address)
{
    return &heap_state.bitmap[(address - heap_state.base) >> HEAP_CARD_SHIFT];
}
static inline uint64_t bitmap_bit(uint64_t address)
{
    return 1ull << (address >> 3 & 63);
}
/* The bit at an object's header is set when it is reached, those of its other words when it is scanned. */
static inline bool is_marked(Value object)
{
    return (*bitmap_word(object) & bitmap_bit(object)) != 0;
}
static inline bool is_reached(Value object)
{
    return is_image(object) || is_marked(object);
}
/* The next set bit's address in [address, end), or end. */
static inline uint64_t bitmap_next(uint64_t address, uint64_t end)
{
    if (address >= end)
        return end;
    uint64_t *word = bitmap_word(address);
    uint64_t bits = *word & ~(bitmap_bit(address) - 1);
    uint64_t card = address & ~(CARD_BYTES - 1);
    while (bits == 0) {
        card += CARD_BYTES;
        if (card >= end)
            return end;
        bits = *++word;
    }
    return card + 8 * (unsigned)__builtin_ctzll(bits);
}
static inline uint64_t bitmap_count(uint64_t start, uint64_t end) /* of set bits; card boundaries */
{
    uint64_t count = 0;
    for (uint64_t card = start; card < end; card += CARD_BYTES)
        count += count_bits(*bitmap_word(card));
    return count;
}
void bitmap_clear(uint64_t start, uint64_t end);
void bitmap_set_range(uint64_t start, uint64_t end);

/* Marks all that is live; treats References; decides which owners are dead. freezing: image objects are marked like
 * others, and large ones get the bits of all their words. */
void mark_everything(bool freezing);
/* Image objects that are not reached, not even by weak references, lose their references to other objects, which they would
 * keep: image objects count as live. Reads all of the image that is reached, writes pages only that were written before. */
void mark_image_to_let_go(void);

#endif
