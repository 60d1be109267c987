/* reflect_accessors.c - Method.invoke and Constructor.newInstance: NativeMethodAccessorImpl.invoke0 and
 * NativeConstructorAccessorImpl.newInstance0. The call is pushed; a continuation below it boxes the result, or wraps what
 * was thrown in an InvocationTargetException. */
#include "java/primitive_internal.h"


void primitive_register_accessors(void)
{
}
