/* vm.h - the whole machine, opened; what the parts of vm/ give each other and the command line. */
#ifndef VM_VM_H
#define VM_VM_H

#include "base/result.h"
#include "coracle.h"

extern const char vm_build[]; /* names the build: equal in two programs only if all object files are */

/* Opens heap, engine, native memory and languages. Once in a process. */
Result vm_open(const CoracleOptions *options, bool for_image); /* for_image: the guest's tables stay empty */

#endif
