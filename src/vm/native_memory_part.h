/* native_memory_part.h - native memory (ffi) in images, which ffi itself knows nothing of. */
#ifndef VM_NATIVE_MEMORY_PART_H
#define VM_NATIVE_MEMORY_PART_H
#include "base/result.h"

/* At start-up. Native memory may be open at a load, but nothing may be allocated in it. */
Result vm_register_native_memory_part(void);

#endif
