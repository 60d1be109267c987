/* native_files.h - the open files, sockets and processes of guests, at a freeze and at a thaw.
 *
 * lib/java and lib/smalltalk open a native handle for each. A regular file that is only read is opened again at its path and
 * offset, under its number; for anything else that is open a freeze refuses and names it. */
#ifndef FFI_NATIVE_FILES_H
#define FFI_NATIVE_FILES_H
#include "base/result.h"

/* All threads stand still. ERROR_STATE says what is open. Notes paths and offsets in native memory. */
Result native_files_freeze(void);
/* After native memory came back: ERROR_NOT_FOUND or ERROR_IO when a file cannot be had again. */
Result native_files_thaw(void);

#endif
