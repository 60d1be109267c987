/* resolve.h - what the resolution files share. */
#ifndef JAVA_RESOLVE_H
#define JAVA_RESOLVE_H

#include "java/java_internal.h"

/* The method of an invokespecial instruction in class_index. */
Outcome resolve_special(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *method);
int lookup_vtable_index(uint32_t class_index, const JavaMethod *method);

void quicken_open(void);

#endif
