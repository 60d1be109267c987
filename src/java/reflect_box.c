/* reflect_box.c - boxes of primitive values: java.lang.Integer and its kin made, opened, and widened (JLS 5.1.2). */
#include "java/reflect.h"

