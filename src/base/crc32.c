/* crc32.c - CRC-32, eight bytes a step. */
#include "base/crc32.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"

#define POLYNOMIAL 0xedb88320u
#define POLYNOMIAL_C 0x82f63b78u

static uint32_t tables[8][256] LARGE_STATIC, tables_c[8][256] LARGE_STATIC;
static atomic_int tables_state, tables_c_state; /* 0 none, 1 being made, 2 ready */

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

static void need_tables(atomic_int *state, uint32_t polynomial, uint32_t made[8][256])
{
    int none = 0;

    if (atomic_load_explicit(state, memory_order_acquire) == 2) return;
    if (atomic_compare_exchange_strong(state, &none, 1)) {
        make_tables(polynomial, made);
        atomic_store_explicit(state, 2, memory_order_release);
    }
    while (atomic_load_explicit(state, memory_order_acquire) != 2) {
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
    need_tables(&tables_state, POLYNOMIAL, tables);
    return update(tables, crc, bytes, size);
}

uint32_t crc32c_update(uint32_t crc, const void *bytes, size_t size)
{
    need_tables(&tables_c_state, POLYNOMIAL_C, tables_c);
    return update(tables_c, crc, bytes, size);
}
