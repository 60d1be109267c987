/* reflect.h - objects of java.lang.reflect, made from the machine's own structures. */
#ifndef JAVA_REFLECT_H
#define JAVA_REFLECT_H

#include "java/java_internal.h"

/* DONE: *made; THROW; PUSHED (RUN_THEN_AGAIN: classes of the signature are being loaded). */
Outcome java_reflect_field(Thread *thread, uint32_t class_index, uint32_t slot, Value *made);
Outcome java_reflect_method(Thread *thread, uint32_t method, Value *made);
Outcome java_reflect_constructor(Thread *thread, uint32_t method, Value *made);
/* The classes of a method descriptor's parameters as Class[] (a handle), and of its return type (may be NULL). */
Outcome java_reflect_types(Thread *thread, uint32_t loader, const char *descriptor, Value *parameters, Value *return_type);
/* The method of a reflect.Method, Constructor or Executable. */
uint32_t java_reflected_method(Value executable);
/* Boxing; the first may collect (0: thread->exception). unbox: the type of the box, 0: not one. */
Value java_box(Thread *thread, char type, Value value);
char java_unbox_nogc(Value box, Value *value);
/* Widens a value of primitive type `from` to `to` (JLS 5.1.2); false: not allowed. */
bool java_widen(char from, char to, Value *value);

#endif
