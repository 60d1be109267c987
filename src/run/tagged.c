/* tagged.c - the state that tagged instructions share with their language. */
#include "run/tagged.h"

#include "base/memory.h"

RunTagged run_tagged LARGE_STATIC;
