/* dump.h - what --dump=code,classes writes to standard error while a program runs. */
#ifndef JAVA_DUMP_H
#define JAVA_DUMP_H

#include "code/code.h"
#include "java/java_internal.h"

void java_dump_class(uint32_t class_index);                 /* just defined */
void java_dump_code(uint32_t method, const Code *code);     /* just made */

#endif
