/* accesses.c - which words of a range of memory are read or written, for laying them side by side. */
#include "base/memory.h"
#include "heap/heap_internal.h"

Result accesses_note(Accesses *accesses, uint64_t start, uint64_t bytes)
{
    Result result;

    *accesses = (Accesses){memory_allocate_array(bytes / OS_NOTED_WORD_BYTES, 1), start, start + bytes};
    if (accesses->marks == NULL)
        return ERROR_MEMORY;
    result = os_memory_note_words((void *)(uintptr_t)start, bytes, accesses->marks);
    if (result != OK)
        accesses_forget(accesses);
    return result;
}

uint8_t accesses_most(const Accesses *accesses, uint64_t from, uint64_t to)
{
    uint8_t most = 0;

    if (accesses->marks == NULL || from < accesses->start || to > accesses->end)
        return 0;
    for (uint64_t at = from & ~7ull; at < to; at += OS_NOTED_WORD_BYTES) {
        uint8_t mark = accesses->marks[(at - accesses->start) / OS_NOTED_WORD_BYTES];
        most = mark > most ? mark : most;
    }
    return most;
}

void accesses_forget(Accesses *accesses)
{
    memory_free(accesses->marks);
    *accesses = (Accesses){0};
}
