/* inflate.h - deflated bytes, unpacked by the system's zlib. */
#ifndef JAR_INFLATE_H
#define JAR_INFLATE_H
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

/* A raw deflate stream that is `size` bytes when unpacked: neither more nor less. ERROR_NOT_FOUND: there is no zlib. */
Result inflate_bytes(const uint8_t *packed, size_t packed_size, uint8_t *bytes, size_t size);

#endif
