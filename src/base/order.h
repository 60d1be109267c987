/* order.h - reading what other threads publish.
 *
 * A cell that leads to data (an entry, a reference, an index) is written with release, after the data. Whoever reads the
 * data through an address that depends on the cell's value finds them written: processors keep that order without a
 * fence. ThreadSanitizer does not know it, so its builds read the cell with acquire. */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#if defined(__SANITIZE_THREAD__)
#define ORDER_IS_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ORDER_IS_CHECKED 1
#endif
#endif

/* LOAD_SIGN: a cell that leads to no data, and that may as well be seen a little later: that somebody wants something. */
#if defined(ORDER_IS_CHECKED)
#define ORDER_DEPENDENT __ATOMIC_ACQUIRE
#define LOAD_DEPENDENT(place) __atomic_load_n((place), __ATOMIC_ACQUIRE)
#define LOAD_SIGN(place) __atomic_load_n((place), __ATOMIC_RELAXED)
#else
#define ORDER_DEPENDENT __ATOMIC_RELAXED
#define LOAD_DEPENDENT(place) (*(place)) /* plain, so that the compiler is free to fold it into what uses it */
#define LOAD_SIGN(place) (*(place))
#endif

#endif
