/* stackwalk.c - java.lang.StackWalker: StackStreamFactory and StackFrameInfo. */
#include "java/primitive_internal.h"

void primitive_register_stackwalk(void)
{
}
