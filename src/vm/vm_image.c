/* vm_image.c - the running machine into an image file and back. */
#include "vm/vm_image.h"

#include <stdio.h>

#include "ffi/native_files.h"
#include "image/image.h"
#include "run/freeze.h"
#include "vm/native_memory_part.h"

static ImageIdentity identity(void)
{
    ImageIdentity made = {.code_version = code_version()};

    snprintf(made.build, sizeof made.build, "%016llx", (unsigned long long)run_build_number());
    return made;
}

Result vm_image_open(void)
{
    Result result;

    TRY(vm_register_native_memory_part());
    TRY(run_register_image_part());
done:
    return result;
}

Result vm_freeze(Thread *thread, const char *path)
{
    ImageIdentity made = identity();
    Result result = run_stop_for_freeze(thread, VM_FREEZE_LIMIT_NS);

    if (result != OK)
        return result;
    result = native_files_freeze();
    if (result == OK)
        result = image_save_heap(path, &thread->allocator, &made);
    run_resume_world(thread);
    return result;
}

Result vm_thaw(const char *path, bool verified, bool *committed)
{
    ImageIdentity made = identity();
    ImageLoadOptions options = {.trust = verified ? IMAGE_VERIFIED : IMAGE_TRUSTED, .other_code_version = true};

    Result result;

    TRY(image_load_heap(path, &made, &options, committed));
    TRY(native_files_thaw());
done:
    return result;
}
