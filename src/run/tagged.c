/* tagged.c - the state that tagged instructions share with their language. */
#include "run/tagged.h"

RunTagged run_tagged;
