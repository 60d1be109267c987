/* memory.h - the C heap, with a switch that makes the n-th request fail (for tests). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H
#include <stddef.h>

/* For zeroed statics that few starts touch, or that are large: the linker sets them apart (src/place.ld), so
 * that what every start touches lies in few pages. BEGUN_STATIC: large, and every start touches its beginning.
 * SPARSE_STATIC: large, and every start touches a page or two of it. INNER_STATIC: very large, and every start touches its
 * first page and one inside it: what lies before them is kept small, so that one page table covers all that a start touches. */
#if defined(__ELF__)
#define LARGE_STATIC __attribute__((section(".bss.large_static")))
#define BEGUN_STATIC __attribute__((section(".bss.begun_static")))
#define SPARSE_STATIC __attribute__((section(".bss.sparse_static")))
#define INNER_STATIC __attribute__((section(".bss.inner_static")))
#else
#define LARGE_STATIC
#define BEGUN_STATIC
#define SPARSE_STATIC
#define INNER_STATIC
#endif

/* Zeroed memory; NULL (with an error message set) if there is none. Size 0 gives a unique pointer. */
void *memory_allocate(size_t size);
void *memory_allocate_array(size_t count, size_t item_size);
/* As realloc: on failure the old block stays. The added part is not zeroed. */
void *memory_resize(void *block, size_t size);
void memory_free(void *block); /* NULL is fine */
void *memory_copy(const void *bytes, size_t size);
char *memory_copy_string(const char *text);

/* This thread's n-th request from now on fails, once (1 = the next one; 0 = none). */
void memory_fail_at(unsigned long n);

#endif
