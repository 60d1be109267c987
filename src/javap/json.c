/* json.c - a class file as JSON. */
#include "javap/javap_internal.h"
Result javap_print_json(Output *out, const ClassFile *class, const JavapSource *source) { return OK; }
