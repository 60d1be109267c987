/* inflate.c - calls zlib over the FFI, as natives of the class library do. Its one stream stays open until the process ends. */
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "ffi/ffi.h"
#include "jar/inflate.h"
#include "os/os.h"

#define RAW_DEFLATE (-15) /* window of 2^15, without zlib's own header */
#define FINISH 4
#define Z_OK 0
#define Z_STREAM_END 1
#define STREAM_ROOM 512

enum Function { STREAM_BYTES, NEXT_IN, AVAILABLE_IN, NEXT_OUT, AVAILABLE_OUT, INIT, INFLATE, RESET, FUNCTION_COUNT };

static const struct {
    const char *library, *symbol, *signature;
} declarations[FUNCTION_COUNT] = {
    {"fact", "z_stream", "->i32"},           {"fact", "z_stream.next_in", "->i32"},
    {"fact", "z_stream.avail_in", "->i32"},  {"fact", "z_stream.next_out", "->i32"},
    {"fact", "z_stream.avail_out", "->i32"}, {"z", "inflateInit2_", "ptr,i32,ptr,i32->i32"},
    {"z", "inflate", "ptr,i32->i32"},        {"z", "inflateReset", "ptr->i32"},
};

static FfiFunction *functions[FUNCTION_COUNT];
static size_t places[INIT]; /* of the fields of a z_stream */
static _Alignas(16) uint8_t stream[STREAM_ROOM] LARGE_STATIC;
static bool is_open;
static OsMutex lock;

static uint64_t word(const void *pointer) { return (uint64_t)(uintptr_t)pointer; }

static int call(enum Function function, uint64_t first, uint64_t second, uint64_t third, uint64_t fourth)
{
    uint64_t arguments[] = {first, second, third, fourth}, result = 0;
    ffi_invoke(functions[function], arguments, &result);
    return (int)result;
}

static Result bind_functions(void)
{
    Result result = OK;

    for (int i = 0; i < FUNCTION_COUNT; i++) {
        FfiSignature signature;
        TRY(ffi_signature_parse(&signature, declarations[i].signature));
        TRY(ffi_function_open(&functions[i], declarations[i].library, declarations[i].symbol, &signature, FFI_LEAF));
        TRY(ffi_function_bind(functions[i]));
        if (i < INIT) places[i] = (size_t)call(i, 0, 0, 0, 0);
    }
done:
    return result;
}

static Result open_zlib(void)
{
    Result result;

    TRY(bind_functions());
    if (places[STREAM_BYTES] > STREAM_ROOM ||
        call(INIT, word(stream), (uint64_t)(int64_t)RAW_DEFLATE, word("1"), places[STREAM_BYTES]) != Z_OK)
        TRY(error_set(ERROR_UNSUPPORTED, "zlib does not start"));
    is_open = true;
done:
    return result;
}

static void set_pointer(enum Function field, const void *pointer)
{
    memcpy(stream + places[field], &pointer, sizeof pointer);
}
static void set_count(enum Function field, size_t count)
{
    uint32_t value = (uint32_t)count;
    memcpy(stream + places[field], &value, sizeof value);
}

static Result inflate_locked(const uint8_t *packed, size_t packed_size, uint8_t *bytes, size_t size)
{
    uint32_t left;
    uint8_t beyond; /* where a stream that is too long shows */

    if (!is_open) {
        Result result = open_zlib();
        if (result != OK) return result;
    }
    (void)call(RESET, word(stream), 0, 0, 0);
    set_pointer(NEXT_IN, packed);
    set_count(AVAILABLE_IN, packed_size);
    set_pointer(NEXT_OUT, size > 0 ? bytes : &beyond);
    set_count(AVAILABLE_OUT, size > 0 ? size : 1);
    int outcome = call(INFLATE, word(stream), FINISH, 0, 0);
    memcpy(&left, stream + places[AVAILABLE_OUT], sizeof left);
    if (outcome != Z_STREAM_END || left != (size > 0 ? 0 : 1))
        return error_set(ERROR_FORMAT, "the packed bytes do not unpack to %zu bytes", size);
    return OK;
}

Result inflate_bytes(const uint8_t *packed, size_t packed_size, uint8_t *bytes, size_t size)
{
    Result result;

    if (packed_size > UINT32_MAX || size > UINT32_MAX) return error_set(ERROR_LIMIT, "more than 4 GB to unpack");
    os_mutex_lock(&lock);
    result = inflate_locked(packed, packed_size, bytes, size);
    os_mutex_unlock(&lock);
    return result;
}
