/* crc32.h - the CRC-32 of zlib, PNG and Ethernet: checksums of image files; and Castagnoli's, of iSCSI and others. */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H
#include <stddef.h>
#include <stdint.h>

/* Starts with 0; the result of one part continues in the next. */
uint32_t crc32_update(uint32_t crc, const void *bytes, size_t size);
uint32_t crc32c_update(uint32_t crc, const void *bytes, size_t size);

#endif
