/* smalltalk.h - the Smalltalk guest: runs 64-bit Spur images on the engine. */
#ifndef SMALLTALK_SMALLTALK_H
#define SMALLTALK_SMALLTALK_H

#include "base/result.h"

/* What the command line may ask for before the image runs. */
typedef struct SmalltalkOptions {
    int trace_primitives; /* name each primitive that is missing, once, on standard error */
    int trace_sends;      /* name each method at its translation */
    int dump_code;        /* print register code when it is made */
    int heap_stress, heap_verify, heap_move; /* debug: as in HeapOptions */
    unsigned long limit_bytes;    /* of the heap; 0: its own choice */
    unsigned time_limit_seconds;  /* the image is stopped then, with status 1; 0: never */
} SmalltalkOptions;
extern SmalltalkOptions smalltalk_options;

/* Runs the image at path until it quits. arguments are what the image sees as its command line's arguments (without
 * the machine's name and the image's). *status: the exit status that the guest asked for. Opens arena, heap and engine
 * itself; a process runs one image. */
Result smalltalk_run_image(const char *path, int argument_count, char **arguments, int *status);

/* Whether the file begins like a Spur image, of any kind. */
int smalltalk_is_image(const char *path);

#endif
