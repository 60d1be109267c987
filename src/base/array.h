/* array.h - growable arrays of one type.
 *
 *     ARRAY_OF(Method *) methods = {0};
 *     TRY(array_push(&methods, method));
 *     for (size_t i = 0; i < methods.count; i++) use(methods.items[i]);
 *     array_free(&methods); */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H
#include <stddef.h>
#include "base/memory.h"
#include "base/result.h"

#define ARRAY_OF(Type)    \
    struct {              \
        Type *items;      \
        size_t count;     \
        size_t capacity;  \
    }

/* Room for `additional` items more. */
#define array_reserve(array, additional)                                                       \
    __extension__({                                                                            \
        Result array_result_ = OK;                                                             \
        size_t array_more_ = (additional);                                                     \
        if (array_more_ > (array)->capacity - (array)->count) {                                \
            void *array_grown_ = array_grow((array)->items, sizeof *(array)->items,            \
                                            (array)->count, array_more_, &(array)->capacity);  \
            if (array_grown_ == NULL)                                                          \
                array_result_ = ERROR_MEMORY;                                                  \
            else                                                                               \
                (array)->items = array_grown_;                                                 \
        }                                                                                      \
        array_result_;                                                                         \
    })

#define array_push(array, item)                                                    \
    __extension__({                                                                \
        Result array_pushed_ = array_reserve(array, 1);                            \
        if (array_pushed_ == OK) (array)->items[(array)->count++] = (item);        \
        array_pushed_;                                                             \
    })

#define array_pop(array) ((array)->items[--(array)->count])

#define array_free(array)                                          \
    do {                                                           \
        memory_free((array)->items);                               \
        (array)->items = NULL;                                     \
        (array)->count = (array)->capacity = 0;                    \
    } while (0)

#define COUNT_OF(fixed_array) (sizeof(fixed_array) / sizeof(fixed_array)[0])

/* Of the macros above: the resized block and its capacity in items, or NULL. */
void *array_grow(void *items, size_t item_size, size_t count, size_t additional, size_t *capacity);

#endif
