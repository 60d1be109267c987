/* resolve.h - what the resolution files share. */
#ifndef JAVA_RESOLVE_H
#define JAVA_RESOLVE_H

#include "java/java_internal.h"

/* A RESOLVE_x's literal holds a constant pool index, so less than 65536. The final literals never do: a root with an
 * offset, a class index, or a method number, which is marked by bit 63 (the engine takes what it needs of the other
 * bits). So a thread that still holds the RESOLVE_x when another has put the final literal sees which of both it is. */
#define LITERAL_POOL_LIMIT 65536
#define LITERAL_METHOD_MARK (1ull << 63)

/* The method of an invokespecial instruction in class_index. */
Outcome resolve_special(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *method);
int lookup_vtable_index(uint32_t class_index, const JavaMethod *method);

void quicken_open(void);

#endif
