/* freeze_call.h - a freeze that the running program asks for (coracle.Image). */
#ifndef VM_FREEZE_CALL_H
#define VM_FREEZE_CALL_H
#include "base/result.h"

/* Gives guests the functions of library "coracle" that coracle.Image calls. At start-up. */
Result vm_register_freeze_call(void);

#endif
