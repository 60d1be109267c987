/* crc32.c - CRC-32, eight bytes a step. */
#include "base/crc32.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"

typedef struct Kind {
    uint32_t polynomial;
    atomic_int state; /* of the tables: 0 none, 1 being made, 2 ready */
    uint32_t (*tables)[256];
} Kind;

static uint32_t tables[8][256] LARGE_STATIC, tables_c[8][256] LARGE_STATIC;
static Kind kind = {0xedb88320u, 0, tables}, kind_c = {0x82f63b78u, 0, tables_c};

static void make_tables(uint32_t polynomial, uint32_t made[8][256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
        made[0][i] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++) made[k][i] = made[k - 1][i] >> 8 ^ made[0][made[k - 1][i] & 255];
}

static void need_tables(Kind *of)
{
    int none = 0;

    if (atomic_load_explicit(&of->state, memory_order_acquire) == 2) return;
    if (atomic_compare_exchange_strong(&of->state, &none, 1)) {
        make_tables(of->polynomial, of->tables);
        atomic_store_explicit(&of->state, 2, memory_order_release);
    }
    while (atomic_load_explicit(&of->state, memory_order_acquire) != 2) {
    }
}

/* Inlined, so that each kind's tables have fixed addresses. */
static inline uint32_t update(const uint32_t by[8][256], uint32_t crc, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    crc = ~crc;
    for (; size >= 8; p += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = by[7][word & 255] ^ by[6][word >> 8 & 255] ^ by[5][word >> 16 & 255] ^ by[4][word >> 24 & 255] ^
              by[3][word >> 32 & 255] ^ by[2][word >> 40 & 255] ^ by[1][word >> 48 & 255] ^ by[0][word >> 56];
    }
    for (; size != 0; p++, size--) crc = crc >> 8 ^ by[0][(crc ^ *p) & 255];
    return ~crc;
}

uint32_t crc32_update(uint32_t crc, const void *bytes, size_t size)
{
    need_tables(&kind);
    return update(tables, crc, bytes, size);
}

uint32_t crc32c_update(uint32_t crc, const void *bytes, size_t size)
{
    need_tables(&kind_c);
    return update(tables_c, crc, bytes, size);
}
