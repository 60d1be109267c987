/* java_thread.h - java.lang.Thread and the machine's threads. */
#ifndef JAVA_JAVA_THREAD_H
#define JAVA_JAVA_THREAD_H

#include "ffi/ffi.h"
#include "java/java_internal.h"

/* The record of the language: Thread.data. */
typedef struct JavaThread {
    uint32_t phase;       /* enum JavaThreadPhase */
    int32_t status;       /* main thread: exit status of the process */
    uint32_t is_main;
    uint32_t reserved;
    FfiThread ffi;
} JavaThread;
_Static_assert(sizeof(JavaThread) == 32, "JavaThread is an image format");

/* What a thread's call from its base frame was, and so what comes next. */
enum JavaThreadPhase {
    PHASE_BOOT,      /* one of the boot's calls: nothing follows */
    PHASE_LOAD_MAIN, /* LauncherHelper.checkAndLoadMain */
    PHASE_INIT_MAIN, /* coracle.Launcher.initialize(main class) */
    PHASE_MAIN,      /* main */
    PHASE_RUN,       /* Thread.run */
    PHASE_UNCAUGHT,  /* Thread.dispatchUncaughtException */
    PHASE_EXIT,      /* Thread.exit */
    PHASE_WAIT,      /* main thread: until no other thread keeps the machine going */
    PHASE_DESTROY,   /* the thread that ends the machine is being made */
    PHASE_SHUTDOWN,  /* Shutdown.shutdown */
    PHASE_OVER
};

/* Thread.threadStatus: JVMTI's states. */
enum JavaThreadStatus {
    JAVA_THREAD_NEW = 0, JAVA_THREAD_TERMINATED = 2, JAVA_THREAD_RUNNABLE = 5, JAVA_THREAD_SLEEPING = 225,
    JAVA_THREAD_WAITING = 401, JAVA_THREAD_WAITING_TIMED = 417, JAVA_THREAD_PARKED = 657,
    JAVA_THREAD_PARKED_TIMED = 673, JAVA_THREAD_BLOCKED = 1025
};

static inline JavaThread *java_thread_record(Thread *thread)
{
    return ARENA(JavaThread, thread->data);
}
bool java_thread_attach(Thread *thread); /* gives it its record; false: no memory */
void java_thread_set_status(Thread *thread, enum JavaThreadStatus status);
/* The machine's thread of a java.lang.Thread; NULL: not running. run_threads_lock is held. */
Thread *java_thread_of_nogc(Value guest_thread);
int java_thread_over(Thread *thread); /* Language.thread_over */
/* A Thread object for the calling thread, as its current thread, its constructor (group, name) about to be pushed as the
 * first call. 0: exception. group: handle. */
Value java_thread_object(Thread *thread);

#endif
