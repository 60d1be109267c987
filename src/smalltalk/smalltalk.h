/* smalltalk.h - the Smalltalk guest: runs 64-bit Spur images, and frozen programs, on the engine. */
#ifndef SMALLTALK_SMALLTALK_H
#define SMALLTALK_SMALLTALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

#define LANGUAGE_SMALLTALK 2 /* Thread.language, Method.language */

/* What the command line may ask for before the image runs. */
typedef struct SmalltalkOptions {
    int trace_primitives; /* name each primitive that is missing, once, on standard error */
    int trace_sends;      /* name each method at its translation */
    int dump_code;        /* print register code when it is made */
    unsigned time_limit_seconds;  /* the image is stopped then, with status 1; 0: never */
} SmalltalkOptions;
extern SmalltalkOptions smalltalk_options;

#define SMALLTALK_EDEN_BYTES (5u << 18) /* with its survivors less than a large page; what lies there stays in the processor's cache */

struct Thread;
/* Registers language, primitives and the part of images. After run_open. */
Result smalltalk_open(void);
/* Opens the arena, before the rest of the machine: for a large image its memory is made ready at once. */
Result smalltalk_expect(const char *path);
/* Reads the Spur image at path. arguments are what the image sees as its command line's (without the machine's name and the
 * image's); they live as long as the program. The world is the caller's alone. */
Result smalltalk_load(const char *path, int argument_count, char **arguments, struct Thread **thread);
/* Runs the program that was loaded, or thawed, until it quits. *status: the exit status that it asked for. */
Result smalltalk_run(struct Thread *thread, int *status);
/* How a program is frozen that asks for it. */
void smalltalk_set_freeze(Result (*freeze)(struct Thread *thread, const char *path));
/* Is this the method "Class>>selector", or "selector" of any class? */
bool smalltalk_method_is_named(uint32_t method, const char *text);

/* Whether the file begins like a Spur image, of any kind. */
int smalltalk_is_image(const char *path);

#endif
