/* taken.c - preloaded: takes addresses, named in $TAKEN in hexadecimal, before the machine can. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

__attribute__((constructor)) static void take(void)
{
    const char *at = getenv("TAKEN");
    char *end;

    for (unsigned long address; at != NULL && (address = strtoul(at, &end, 16), end != at); at = end)
        if (mmap((void *)address, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
            perror("taken");
}
