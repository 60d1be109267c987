/* raise.h - exceptions made by the machine, beyond what java_internal.h declares. */
#ifndef JAVA_RAISE_H
#define JAVA_RAISE_H

#include "java/java_internal.h"

int java_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b); /* Language.raise */
bool java_raise_prepare(Thread *thread); /* makes the errors that must be there when memory is not; false: exception */
Outcome java_throw_plain(Thread *thread, const char *class_name); /* without a message */
Outcome java_throw_cast(Thread *thread, uint32_t class_index, uint32_t target);
Outcome java_throw_abstract(Thread *thread, uint32_t method, uint32_t receiver_class);

/* Class.getName's form: java.lang.String, [I, [Lp.A;, p.A/0x1f (hidden). Buffer good until the fourth next call. */
const char *java_class_guest_name(uint32_t class_index);
/* Parts of messages: "int[]" of "[I"; "int, java.lang.String" of a method descriptor. */
void java_append_type(Bytes *text, const char *descriptor, size_t length);
void java_append_parameters(Bytes *text, const char *descriptor);
/* "p.A is in module m of loader 'app'" */
/* ", parent loader 'app'"; nothing for the library's own loaders. */
void java_append_parent_loader(Bytes *text, uint32_t loader);
void java_append_class_in_module(Bytes *text, uint32_t class_index, bool use_are);
void java_append_classes_in_modules(Bytes *text, uint32_t a, uint32_t b);

#endif
