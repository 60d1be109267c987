/* reflect_array.c - java.lang.reflect.Array. */
#include "java/primitive_internal.h"

void primitive_register_array(void)
{
}
