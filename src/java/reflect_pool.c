/* reflect_pool.c - jdk.internal.reflect.ConstantPool: what annotation parsing reads. */
#include "java/primitive_internal.h"

void primitive_register_pool(void)
{
}
