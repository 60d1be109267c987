/* javap_fuzz.c - for libFuzzer: any bytes as a class file, printed in every way. Nothing is written. */
#include <stdlib.h>
#include <string.h>

#include "javap/javap.h"

static const JavapOptions option_sets[] = {
    {.access = JAVAP_PRIVATE, .verbose = true, .descriptors = true},
    {.access = JAVAP_PACKAGE, .code = true, .lines = true, .constants = true, .system_info = true},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ClassFile class;
    static Output out;
    const JavapSource source = {.uri = "fuzz", .modified_ms = -1};
    uint8_t *bytes = malloc(size > 0 ? size : 1); /* of just that size, so that a read beyond it is seen */

    if (bytes == NULL || (out.start == NULL && output_open(&out, OS_FILE_NONE) != OK))
        abort();
    memcpy(bytes, data, size);
    output_discard(&out, true);
    if (classfile_open(&class, bytes, size) == OK) {
        for (size_t i = 0; i < sizeof option_sets / sizeof option_sets[0]; i++)
            (void)javap_print(&out, &option_sets[i], &class, &source);
        (void)javap_print_json(&out, &class, &source);
    }
    output_discard(&out, false); /* forgets a failure */
    out.at = out.line = out.start;
    free(bytes);
    return 0;
}
