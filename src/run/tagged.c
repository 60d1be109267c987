/* tagged.c - the state that tagged instructions share with their language. */
#include "base/memory.h"
#include "run/tagged.h"

RunTagged run_tagged LARGE_STATIC;
