/* reflect_class.c - java.lang.Class: nesting, nest mates, records, sealed classes. */
#include "java/primitive_internal.h"


void primitive_register_nesting(void)
{
}
