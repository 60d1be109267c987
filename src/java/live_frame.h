/* live_frame.h - what a frame holds, for java.lang.LiveStackFrame. */
#ifndef JAVA_LIVE_FRAME_H
#define JAVA_LIVE_FRAME_H

#include "java/java_internal.h"

/* Fills locals, operands and monitors of a LiveStackFrameInfo (handle) from the frame at fp of the calling thread. May
 * collect. */
Outcome live_frame_fill(Thread *thread, const Value *information, const Value *fp);

#endif
