/* awaited.h - what threads wait for, for tools that show it. */
#ifndef RUN_AWAITED_H
#define RUN_AWAITED_H
#include "run/run.h"

/* The object whose monitor the thread waits to enter, or waits at (Object.wait); 0: none. holder: who has that monitor;
 * NULL: nobody. The world is stopped. */
Value run_awaited_monitor_nogc(const Thread *thread, Thread **holder);

#endif
