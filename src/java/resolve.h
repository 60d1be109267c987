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
/* Throws that the receiver's class lacks the interface of an invokeinterface instruction. */
int lookup_refuse_receiver(Thread *thread, uint32_t class_index, uint32_t interface);
/* The vtable entry for a name; where packages hide several, that of the most derived class. 0: none. */
uint32_t lookup_in_vtable(const Class *class, SymbolRef name, SymbolRef descriptor);

/* Loading constraints (JVMS 5.3.4). The caller's loader and that of the member's class (through: the class named) agree on
 * the descriptor's types; so do, for a class, those of its methods and of what they override or implement. THROW. */
Outcome constraint_check(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef through, SymbolRef name, SymbolRef descriptor);
Outcome constraint_check_class(Thread *thread, uint32_t class_index);

void quicken_open(void);

#endif
