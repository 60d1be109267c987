/* base.h - all of base: results, memory, byte buffers, arrays, tables, checksums, text encodings. */
#ifndef BASE_BASE_H
#define BASE_BASE_H
#include "base/array.h"
#include "base/bytes.h"
#include "base/crc32.h"
#include "base/float_bits.h"
#include "base/memory.h"
#include "base/result.h"
#include "base/table.h"
#include "base/utf8.h"
#endif
