/* sha256.h - the SHA-256 of bytes in memory (FIPS 180-4). */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H
#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

void sha256(const void *bytes, size_t size, uint8_t digest[SHA256_BYTES]);

#endif
