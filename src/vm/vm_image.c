/* vm_image.c - the running machine into an image file and back. */
#include "vm/vm.h"
#include "vm/vm_image.h"

#include "base/text.h"
#include "ffi/native_files.h"
#include "image/image.h"
#include "run/freeze.h"
#include "vm/freeze_call.h"
#include "vm/native_memory_part.h"

static ImageIdentity identity(void)
{
    ImageIdentity made = {0};

    text_join(made.build, sizeof made.build, vm_build, NULL);
    return made;
}

/* ---- sizes that the command line gave ---- */

static CoracleOptions noted;

void vm_note_options(const CoracleOptions *options)
{
    noted = *options;
}

static Result sizes_save(Bytes *bytes, ImageWriter *writer)
{
    Result result;

    TRY(bytes_append_le64(bytes, noted.heap_limit_bytes));
    TRY(bytes_append_le64(bytes, noted.eden_bytes));
    TRY(bytes_append_le64(bytes, noted.stack_bytes));
    TRY(bytes_append_le64(bytes, noted.c_stack_bytes));
done:
    return result;
}

static void take_size(size_t *size, Reader *reader)
{
    size_t saved = reader_le64(reader);

    if (*size == 0)
        *size = saved;
}

static void take_sizes(CoracleOptions *options, Reader *reader)
{
    take_size(&options->heap_limit_bytes, reader);
    take_size(&options->eden_bytes, reader);
    take_size(&options->stack_bytes, reader);
    take_size(&options->c_stack_bytes, reader);
}

/* The machine has been opened with them by now. */
static Result sizes_load(const ImageLoad *load, Reader *bytes)
{
    reader_skip(bytes, reader_left(bytes));
    return OK;
}

Result vm_read_options(const char *path, CoracleOptions *options, bool *is_smalltalk)
{
    Result result;
    ImageReader *reader = NULL;
    ImageHead head;
    const ImageSection *section;
    Bytes bytes = {0};
    Reader sizes;

    TRY(image_reader_open(&reader, path, IMAGE_TRUSTED, &head));
    *is_smalltalk = image_section(reader, "part.smalltalk") != NULL;
    TRY(image_need_section(reader, "part.sizes", &section));
    TRY(image_read_section(reader, section, &bytes));
    sizes = reader_over(bytes.data, bytes.size);
    take_sizes(options, &sizes);
    if (sizes.failed)
        result = error_set(ERROR_FORMAT, "%s: its sizes end early", path);
done:
    bytes_free(&bytes);
    image_reader_close(reader);
    return result;
}

/* ---- the whole ---- */

Result vm_image_open(void)
{
    static const ImagePart sizes = {.name = "sizes", .save = sizes_save, .load = sizes_load};
    Result result;

    TRY(image_register(&sizes));
    TRY(vm_register_native_memory_part());
    TRY(vm_register_freeze_call());
    TRY(run_register_image_part());
done:
    return result;
}

Result vm_save_stopped(Thread *thread, const char *path)
{
    ImageIdentity made = identity();
    Result result = native_files_freeze();

    made.code_version = code_version();
    return result != OK ? result : image_save_heap(path, &thread->allocator, &made);
}

Result vm_freeze(Thread *thread, const char *path)
{
    Result result = run_stop_for_freeze(thread, VM_FREEZE_LIMIT_NS);

    if (result != OK)
        return result;
    result = vm_save_stopped(thread, path);
    run_resume_world(thread);
    return result;
}

Result vm_thaw(const char *path, enum VmThaw how, bool *committed)
{
    ImageIdentity made = identity();
    ImageLoadOptions options = {
        .trust = how & VM_VERIFIED ? IMAGE_VERIFIED : IMAGE_TRUSTED,
        .other_code_version = true,
        .same_build = how & VM_SAME_BUILD,
        .code_version = code_version,
        .note_touches = how & VM_NOTE_TOUCHES,
    };
    Result result;

    TRY(image_load_heap(path, &made, &options, committed));
    TRY(native_files_thaw());
done:
    return result;
}
