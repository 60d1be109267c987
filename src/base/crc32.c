/* crc32.c - CRC-32, eight bytes a step. */
#include "base/crc32.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"

#define POLYNOMIAL 0xedb88320u

static uint32_t tables[8][256] LARGE_STATIC;
static atomic_int tables_state; /* 0 none, 1 being made, 2 ready */

static void make_tables(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        tables[0][i] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++) tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 255];
}

static void need_tables(void)
{
    int none = 0;

    if (atomic_load_explicit(&tables_state, memory_order_acquire) == 2) return;
    if (atomic_compare_exchange_strong(&tables_state, &none, 1)) {
        make_tables();
        atomic_store_explicit(&tables_state, 2, memory_order_release);
    }
    while (atomic_load_explicit(&tables_state, memory_order_acquire) != 2) {
    }
}

uint32_t crc32_update(uint32_t crc, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    need_tables();
    crc = ~crc;
    for (; size >= 8; p += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = tables[7][word & 255] ^ tables[6][word >> 8 & 255] ^ tables[5][word >> 16 & 255] ^
              tables[4][word >> 24 & 255] ^ tables[3][word >> 32 & 255] ^ tables[2][word >> 40 & 255] ^
              tables[1][word >> 48 & 255] ^ tables[0][word >> 56];
    }
    for (; size != 0; p++, size--) crc = crc >> 8 ^ tables[0][(crc ^ *p) & 255];
    return ~crc;
}
