/* native_handle.c - handles: a table of records in native memory. */
#include <string.h>

#include "base/base.h"
#include "base/text.h"
#include "ffi/native_memory.h"
#include "ffi/native_memory_internal.h"
#include "os/os.h"

#define GENERATION_MASK 0x7fffffffu

typedef struct Record {
    char kind[24];        /* "" = free */
    uint32_t generation;  /* of the present or last user */
    uint32_t next_free;   /* index + 1 */
    uint64_t address;
    uint64_t epoch;       /* in which the address is valid */
    uint64_t description; /* address in native memory */
    uint64_t description_size;
} Record;
_Static_assert(sizeof(Record) == 64, "part of images");

static OsMutex lock; /* of the handles; the allocator has its own */

static Record *records(void)
{
    return (Record *)(uintptr_t)native_memory_header()->handles;
}

static bool grow(void)
{
    NativeHeader *header = native_memory_header();
    uint32_t old = header->handle_capacity, capacity = old == 0 ? 16 : old * 2;
    Record *table = native_memory_reallocate((void *)(uintptr_t)header->handles, capacity * sizeof(Record));

    if (table == NULL) return false;
    memset(table + old, 0, (capacity - old) * sizeof(Record));
    for (uint32_t i = capacity; i-- > old;) {
        table[i].next_free = header->handle_free;
        header->handle_free = i + 1;
    }
    header->handles = (uintptr_t)table;
    header->handle_capacity = capacity;
    return true;
}

static Record *find(NativeHandle handle)
{
    uint32_t index = (uint32_t)handle - 1;
    NativeHeader *header = native_memory_header();
    Record *record;

    if (header == NULL || index >= header->handle_capacity) return NULL;
    record = &records()[index];
    return record->kind[0] != 0 && record->generation == (uint64_t)handle >> 32 ? record : NULL;
}

static NativeHandle number_of(const Record *record)
{
    return (NativeHandle)((uint64_t)record->generation << 32 | (uint64_t)(record - records() + 1));
}

NativeHandle native_handle_open(const char *kind, uint64_t address, const void *description, size_t size)
{
    NativeHeader *header = native_memory_header();
    void *copy = size == 0 ? NULL : native_memory_allocate(size);
    NativeHandle handle = 0;
    Record *record;

    if (header == NULL || (size != 0 && copy == NULL)) return 0;
    if (size != 0) memcpy(copy, description, size);
    os_mutex_lock(&lock);
    if (header->handle_free != 0 || grow()) {
        record = &records()[header->handle_free - 1];
        header->handle_free = record->next_free;
        text_join(record->kind, sizeof record->kind, *kind == 0 ? "?" : kind, NULL);
        record->generation = (record->generation + 1) & GENERATION_MASK;
        record->address = address;
        record->epoch = header->epoch;
        record->description = (uintptr_t)copy;
        record->description_size = size;
        handle = number_of(record);
    }
    os_mutex_unlock(&lock);
    if (handle == 0) native_memory_free(copy);
    return handle;
}

bool native_handle_get(NativeHandle handle, uint64_t *address)
{
    Record *record;
    bool is_valid;

    os_mutex_lock(&lock);
    record = find(handle);
    is_valid = record != NULL && record->epoch == native_memory_header()->epoch;
    if (is_valid) *address = record->address;
    os_mutex_unlock(&lock);
    return is_valid;
}

bool native_handle_is_stale(NativeHandle handle)
{
    Record *record;
    bool is_stale;

    os_mutex_lock(&lock);
    record = find(handle);
    is_stale = record != NULL && record->epoch != native_memory_header()->epoch;
    os_mutex_unlock(&lock);
    return is_stale;
}

bool native_handle_rebuild(NativeHandle handle, uint64_t address)
{
    Record *record;

    os_mutex_lock(&lock);
    record = find(handle);
    if (record != NULL) {
        record->address = address;
        record->epoch = native_memory_header()->epoch;
    }
    os_mutex_unlock(&lock);
    return record != NULL;
}

void native_handle_close(NativeHandle handle)
{
    void *description = NULL;
    Record *record;

    os_mutex_lock(&lock);
    record = find(handle);
    if (record != NULL) {
        description = (void *)(uintptr_t)record->description;
        record->kind[0] = 0;
        record->description = 0;
        record->next_free = native_memory_header()->handle_free;
        native_memory_header()->handle_free = (uint32_t)(record - records()) + 1;
    }
    os_mutex_unlock(&lock);
    native_memory_free(description);
}

NativeHandle native_handle_find(const char *kind, uint64_t address)
{
    NativeHeader *header = native_memory_header();
    NativeHandle handle = 0;

    os_mutex_lock(&lock);
    for (uint32_t i = 0; header != NULL && i < header->handle_capacity && handle == 0; i++) {
        Record *record = &records()[i];
        if (record->address == address && strcmp(record->kind, kind) == 0) handle = number_of(record);
    }
    os_mutex_unlock(&lock);
    return handle;
}

bool native_handle_describe(NativeHandle handle, const void *description, size_t size)
{
    void *copy = native_memory_allocate(size), *old = copy;
    Record *record;

    if (copy == NULL) return false;
    memcpy(copy, description, size);
    os_mutex_lock(&lock);
    record = find(handle);
    if (record != NULL) {
        old = (void *)(uintptr_t)record->description;
        record->description = (uintptr_t)copy;
        record->description_size = size;
    }
    os_mutex_unlock(&lock);
    native_memory_free(old);
    return record != NULL;
}

bool native_handle_next(uint32_t *cursor, NativeHandleView *view)
{
    NativeHeader *header = native_memory_header();

    while (header != NULL && *cursor < header->handle_capacity) {
        Record *record = &records()[(*cursor)++];
        if (record->kind[0] == 0) continue;
        *view = (NativeHandleView){
            .handle = number_of(record),
            .kind = record->kind,
            .address = record->epoch == header->epoch ? record->address : 0,
            .description = (void *)(uintptr_t)record->description,
            .description_size = record->description_size,
        };
        return true;
    }
    return false;
}
