/* vm_image.h - the running machine into an image file and back. */
#ifndef VM_VM_IMAGE_H
#define VM_VM_IMAGE_H

#include "coracle.h"
#include "run/run.h"

#define VM_FREEZE_LIMIT_NS (10 * 1000000000ll) /* how long a freeze waits for threads to stop */

/* What the machine was opened with goes into its images; a thaw takes from there what the command line leaves open. */
void vm_note_options(const CoracleOptions *options);
Result vm_read_options(const char *path, CoracleOptions *options, bool *is_smalltalk);

/* Registers what images hold besides objects, arena and tables. Once, when every language has been opened. */
Result vm_image_open(void);
/* Saves the whole program. thread is the current one; its frames stand at a freeze point. The message says what cannot
 * be saved, or which thread does not stop. */
Result vm_freeze(Thread *thread, const char *path);
Result vm_save_stopped(Thread *thread, const char *path); /* the same, when run_stop_for_freeze has been called */
enum VmThaw {
    VM_VERIFIED = 1,     /* all of the file is read and checked first */
    VM_NOTE_TOUCHES = 2, /* for image_save_touches */
    VM_SAME_BUILD = 4,   /* an image that another build has made is refused */
};
/* Fills a machine that has been opened, and has run nothing, from an image. *committed: after a failure the machine is
 * unusable. The threads are there, none is started (run_start_thawed). */
Result vm_thaw(const char *path, enum VmThaw how, bool *committed);

/* A freeze that the command line asks for: noted, and armed when the program is about to begin. */
void vm_request_freeze(const CoracleFreeze *freeze);
void vm_arm_freeze(void);
/* The program has ended without it, with this exit status: says so if it was to happen at a method, and gives 1 in place of
 * the status. */
int vm_end_freeze(int status);

#endif
