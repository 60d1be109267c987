/* freeze.h - stopping a program so that it can be saved, and its threads in an image. */
#ifndef RUN_FREEZE_H
#define RUN_FREEZE_H

#include "run/run.h"

/* Stops all other threads at freeze points: between instructions, or waiting as data. Threads in blocking calls are
 * signalled until they come back. ERROR_TIMEOUT: one does not within limit_ns (the world goes on, the message names it).
 * The caller's own frames are at a freeze point by contract. Undone by run_resume_world. */
Result run_stop_for_freeze(Thread *requester, int64_t limit_ns);

/* Registers the engine's part of images: methods' entries, monitors, threads. At start-up, after run_open. */
Result run_register_image_part(void);

/* After a load: starts every thawed thread that has frames on a system thread of its own, but for the first (lowest
 * number), which is given to the caller, to be run with run_thread if it has frames. NULL: the image holds no thread. */
Result run_start_thawed(Thread **first);
Result run_start_thawed_system(Thread **first); /* of java.image */
Thread *run_first_thread(void); /* the one with the lowest number */
/* Was the running program thawed from an image, and how often since its beginning? */
uint32_t run_generation(void);

/* What a stopped thread is doing: "computing", "monitor", "wait", "sleep", "park", "call", "references", the name of the
 * innermost continuation that it is to go on in, or "idle". */
const char *run_freeze_state(Thread *thread);

/* Of the next image that is loaded: its waiting threads get their frames when they are started, or the world is stopped. */
void run_expect_system_threads(void);

/* Debug: a freeze is asked for at the n-th passing of a safepoint by the given thread; the hook is called there, at a
 * freeze point. n = 0: off. */
void run_freeze_at_safepoint(uint64_t n, void (*hook)(Thread *thread));
/* The same when the method is called for the first time from now on: its frame has its arguments and has run nothing. Where
 * that is no freeze point, at the next one. */
void run_freeze_at_method(bool (*is_it)(uint32_t method), void (*hook)(Thread *thread));

#endif
