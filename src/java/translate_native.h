/* translate_native.h - code of methods without bytecode. */
#ifndef JAVA_TRANSLATE_NATIVE_H
#define JAVA_TRANSLATE_NATIVE_H

#include "java/translate.h"

struct TranslateInput;

/* A native method: a primitive in C, a call of its companion in the machine's own guest library, a C function, or a
 * raise. Installs the code. DONE, THROW, or PUSHED (RUN_THEN_AGAIN: the companion's class is being initialized). */
Outcome translate_native(Thread *thread, uint32_t method);
/* A method with bytecode for which there is a primitive nonetheless. *found: it was, and the outcome is its. */
Outcome translate_intrinsic(Thread *thread, uint32_t method, bool *found);
/* Code that raises. */
Outcome translate_raise(Thread *thread, uint32_t method, enum RaiseKind kind);
/* Checks (in debug builds) and installs. */
Result translate_install(uint32_t method, const Code *code);

#endif
