/* platform_facts.h - struct layouts and constants of the system's headers, by name, as this build's compiler saw them.
 *
 * Names: a constant is its own name ("O_RDONLY"); "struct stat" is a size; "stat.st_mode" an offset;
 * "stat.st_mode:size" the width of a field. Guests look them up at run time and keep none in an image. */
#ifndef FFI_PLATFORM_FACTS_H
#define FFI_PLATFORM_FACTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool platform_fact_find(const char *name, int64_t *value);
/* For listing them all: the index-th, NULL after the last. */
const char *platform_fact_at(size_t index, int64_t *value);

#endif
