/* checksum.c - the checksum of image files: 64 bits, several bytes per cycle.
 *
 * Four lanes take a word each in turn: lane := rotate((lane xor word) * odd number). Each step is one-to-one in the word
 * and in the lane, so a change within one word is always found; others are missed once in 2^64. */
#include <string.h>

#include "image/image_internal.h"

#define ODD_A 0x9e3779b97f4a7c15ull
#define ODD_B 0xd6e8feb86659fd93ull

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline uint64_t word_at(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

void image_hash_start(ImageHash *hash)
{
    *hash = (ImageHash){.lanes = {ODD_A, ODD_B, ~ODD_A, ~ODD_B}};
}

static void add_blocks(ImageHash *hash, const uint8_t *p, size_t blocks)
{
    uint64_t a = hash->lanes[0], b = hash->lanes[1], c = hash->lanes[2], d = hash->lanes[3];
    for (; blocks != 0; blocks--, p += 32) {
        a = rotate((a ^ word_at(p)) * ODD_A, 29);
        b = rotate((b ^ word_at(p + 8)) * ODD_A, 29);
        c = rotate((c ^ word_at(p + 16)) * ODD_A, 29);
        d = rotate((d ^ word_at(p + 24)) * ODD_A, 29);
    }
    hash->lanes[0] = a, hash->lanes[1] = b, hash->lanes[2] = c, hash->lanes[3] = d;
}

void image_hash_add(ImageHash *hash, const void *data, size_t size)
{
    const uint8_t *p = data;
    size_t waiting = hash->size % 32;

    hash->size += size;
    if (waiting != 0) {
        size_t part = size < 32 - waiting ? size : 32 - waiting;
        memcpy(hash->rest + waiting, p, part);
        p += part, size -= part;
        if (waiting + part < 32)
            return;
        add_blocks(hash, hash->rest, 1);
    }
    add_blocks(hash, p, size / 32);
    if (size % 32 != 0)
        memcpy(hash->rest, p + size / 32 * 32, size % 32);
}

void image_hash_add_zeros(ImageHash *hash, uint64_t size)
{
    static const uint8_t zeros[4096];
    for (; size != 0; size -= size < sizeof zeros ? size : sizeof zeros)
        image_hash_add(hash, zeros, size < sizeof zeros ? size : sizeof zeros);
}

uint64_t image_hash_end(ImageHash *hash)
{
    size_t waiting = hash->size % 32;
    uint64_t sum = hash->size * ODD_B;

    if (waiting != 0) {
        memset(hash->rest + waiting, 0, 32 - waiting);
        add_blocks(hash, hash->rest, 1);
    }
    for (int i = 0; i < 4; i++) {
        sum = rotate((sum ^ hash->lanes[i]) * ODD_B, 31);
        sum ^= sum >> 29;
    }
    return sum * ODD_A;
}

uint64_t image_checksum(const void *data, size_t size)
{
    ImageHash hash;
    image_hash_start(&hash);
    image_hash_add(&hash, data, size);
    return image_hash_end(&hash);
}
