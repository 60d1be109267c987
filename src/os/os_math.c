/* os_math.c - the C library's mathematical functions. Where they lie in a library of their own, it is loaded when one of
 * them is first called: a start does without it. */
#include "os/os.h"

#if defined(__GLIBC__)

#include <gnu/lib-names.h>
#include <stdio.h>

static void *find(void **cell, const char *name)
{
    void *found = __atomic_load_n(cell, __ATOMIC_ACQUIRE);

    if (found != NULL) return found;
    OsLibrary library; /* stays open */
    found = os_library_open(&library, LIBM_SO) == OK ? os_library_symbol(library, name) : NULL;
    if (found == NULL) {
        fprintf(stderr, "coracle: %s\n", error_message());
        os_exit_now(1);
    }
    __atomic_store_n(cell, found, __ATOMIC_RELEASE);
    return found;
}

#define FUNCTION(result, name, parameters, ...)                    \
    result os_##name parameters                                    \
    {                                                              \
        static void *cell;                                         \
        result(*function) parameters = find(&cell, #name);         \
        return function(__VA_ARGS__);                              \
    }

#else

#include <math.h>

#define FUNCTION(result, name, parameters, ...) \
    result os_##name parameters { return name(__VA_ARGS__); }

#endif

OS_MATH_FUNCTIONS(FUNCTION)
