/* taken.c - preloaded: takes 64 KB at each address that $TAKEN lists (hexadecimal, by commas), before the machine asks for it.
 * An address that cannot be taken ends the process: the test would say nothing. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

__attribute__((constructor)) static void take(void)
{
    const char *list = getenv("TAKEN");

    while (list != NULL && *list != 0) {
        char *end;
        void *address = (void *)strtoull(list, &end, 16);
        if (mmap(address, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != address)
            abort();
        list = *end == ',' ? end + 1 : end;
    }
}
