/* builtin.c - the functions of library "coracle" that guest libraries build on: memory, errno, facts, handles, clocks. */
#include <string.h>

#include "base/base.h"
#include "base/strict_math.h"
#include "ffi/ffi_internal.h"
#include "ffi/native_memory.h"
#include "ffi/platform_facts.h"
#include "os/os.h"

static int64_t stage(int64_t size)
{
    return size < 0 ? 0 : (int64_t)(intptr_t)ffi_stage((size_t)size);
}

static int32_t get_errno(void) { return ffi_thread_current()->error; }
static void set_errno(int32_t error) { ffi_thread_current()->error = error; }

/* The least i64 says that there is no such fact. */
static int64_t fact(const char *name)
{
    int64_t value;
    return platform_fact_find(name, &value) ? value : INT64_MIN;
}

static int64_t memory_get(int64_t size) { return (int64_t)(intptr_t)native_memory_allocate((size_t)size); }
static void memory_release(void *memory) { native_memory_free(memory); }

static int64_t handle_open(const char *kind, int64_t address, const void *description, int64_t size)
{
    return native_handle_open(kind, (uint64_t)address, description, (size_t)size);
}

static int64_t handle_get(int64_t handle)
{
    uint64_t address;
    return native_handle_get(handle, &address) ? (int64_t)address : 0;
}

static int32_t handle_is_stale(int64_t handle) { return native_handle_is_stale(handle); }
static int32_t handle_rebuild(int64_t handle, int64_t address) { return native_handle_rebuild(handle, (uint64_t)address); }
static void handle_close(int64_t handle) { native_handle_close(handle); }

static void handle_forget(const char *kind, int64_t address)
{
    NativeHandle handle = native_handle_find(kind, (uint64_t)address);
    if (handle != 0) native_handle_close(handle);
}

static int64_t symbol_address(const char *name)
{
    OsLibrary program = NULL;
    if (os_library_open(&program, NULL) != OK) return 0;
    return (int64_t)(intptr_t)os_library_symbol(program, name);
}

static int64_t monotonic_ns(void) { return os_clock_monotonic_ns(); }
static int64_t wall_ns(void) { return os_clock_wall_ns(); }
static int32_t page_size(void) { return (int32_t)os_page_size(); }
static int32_t environment_has(const char *beginning) { return os_environment_has(beginning); }
static int32_t processors(void) { return os_processor_count(); }
static int32_t signal_number(const char *name) { return os_signal_number(name); }
static int32_t signal_watch(int32_t number) { return os_signal_watch(number) == OK ? 0 : -1; }
static int32_t signal_default(int32_t number) { return os_signal_default(number) == OK ? 0 : -1; }
static int32_t signal_ignore(int32_t number) { return os_signal_ignore(number) == OK ? 0 : -1; }
static int32_t signal_is_ignored(int32_t number) { return os_signal_is_ignored(number); }
static int32_t signal_next(int64_t timeout_ns) { return os_signal_next(timeout_ns); }

static int64_t thread_self(void) { return (int64_t)os_thread_self(); }
static void thread_interrupt(int64_t thread) { os_thread_interrupt((OsThread)thread); }

static int32_t crc32_bytes(int32_t crc, const void *bytes, int64_t offset, int64_t size)
{
    return (int32_t)crc32_update((uint32_t)crc, (const char *)bytes + offset, (size_t)size);
}

/* As RFC 1950 has it; so many bytes at a time as cannot overflow 32 bits. */
static int32_t adler32_bytes(int32_t adler, const uint8_t *bytes, int64_t offset, int64_t size)
{
    uint32_t low = (uint32_t)adler & 0xffff, high = (uint32_t)adler >> 16;

    for (bytes += offset; size > 0;) {
        int64_t part = size < 5552 ? size : 5552;
        size -= part;
        for (; part > 0; part--) {
            low += *bytes++;
            high += low;
        }
        low %= 65521;
        high %= 65521;
    }
    return (int32_t)(high << 16 | low);
}

static int64_t double_bits(double value)
{
    return (int64_t)bits_of_f64(value);
}

static double double_of_bits(int64_t bits)
{
    return f64_of((uint64_t)bits);
}

static int32_t float_bits(float value)
{
    return (int32_t)bits_of_f32(value);
}

static float float_of_bits(int32_t bits)
{
    return f32_of((uint32_t)bits);
}

#define STRICT(name) {"strict_" #name, (void (*)(void))strict_##name},
#define ROW(name) {#name, (void (*)(void))name},
static const struct {
    const char *name;
    void (*function)(void);
} functions[] = {
    ROW(stage) {"errno", (void (*)(void))get_errno}, ROW(set_errno) ROW(fact)
    {"memory_allocate", (void (*)(void))memory_get}, {"memory_free", (void (*)(void))memory_release},
    ROW(handle_open) ROW(handle_get) ROW(handle_is_stale) ROW(handle_rebuild) ROW(handle_close) ROW(handle_forget)
    ROW(symbol_address) ROW(monotonic_ns) ROW(wall_ns) ROW(page_size) ROW(processors) ROW(environment_has)
    ROW(signal_number) ROW(signal_watch) ROW(signal_default) ROW(signal_ignore) ROW(signal_next) ROW(signal_is_ignored)
    ROW(thread_self) ROW(thread_interrupt) ROW(crc32_bytes) ROW(adler32_bytes)
    STRICT(sin) STRICT(cos) STRICT(tan) STRICT(asin) STRICT(acos) STRICT(atan) STRICT(atan2) STRICT(log) STRICT(log10)
    STRICT(log1p) STRICT(expm1) STRICT(sinh) STRICT(cosh) STRICT(tanh) STRICT(sqrt)
    {"file_reserve", os_file_reserve}, {"strict_remainder", (void (*)(void))os_remainder},
    ROW(double_bits) ROW(double_of_bits) ROW(float_bits) ROW(float_of_bits)
};

void *ffi_builtin_own(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (strcmp(functions[i].name, name) == 0) return (void *)(uintptr_t)functions[i].function;
    return NULL;
}
