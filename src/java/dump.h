/* dump.h - what --dump=code,final,classes,heap writes to standard error. */
#ifndef JAVA_DUMP_H
#define JAVA_DUMP_H

#include "code/code.h"
#include "java/java_internal.h"

void java_dump_class(uint32_t class_index);                 /* just defined */
void java_dump_code(uint32_t method, const Code *code);     /* just made */
/* At the end of the program: how many objects of each class, and their bytes; its methods' code as it is then; then what
 * java_set_at_end asked for. */
void java_dump_end(Thread *thread);

#endif
