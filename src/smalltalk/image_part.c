/* image_part.c - a running Smalltalk program in a Coracle image.
 *
 * For the freeze the active process becomes one that waits in a context, as all the others do: what runs is data of the
 * guest's own then. Methods, their register code and the descriptors of classes lie in the arena; here is what this folder
 * keeps beside it. A thawed program begins like one from a Spur image, with its active process. */
#include <stdio.h>

#include "base/memory.h"
#include "smalltalk/smalltalk_internal.h"

bool image_thawed_primitive;
static bool by_primitive; /* the freeze that is under way */

void image_values(const ImageLoad *load, Reader *bytes, Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = image_value(load, reader_le64(bytes));
}

/* ---- the part ---- */

static bool suspended; /* for this freeze */

static Result part_freeze(Allocator *allocator)
{
    Thread *thread = (Thread *)allocator;

    suspended = !frames_are_contexts(thread);
    if (suspended)
        process_suspend(thread);
    return files_freeze();
}

static void part_frozen(bool saved)
{
    if (suspended)
        process_resume(run_current());
}

static Result arguments_save(Bytes *bytes)
{
    Result result;

    TRY(bytes_append_string(bytes, smalltalk.image_path));
    TRY(bytes_append_le32(bytes, (uint32_t)smalltalk.argument_count));
    for (int i = 0; i < smalltalk.argument_count; i++)
        TRY(bytes_append_string(bytes, smalltalk.arguments[i]));
done:
    return result;
}

static Result arguments_load(Reader *bytes)
{
    uint32_t count;

    smalltalk.image_path = reader_string(bytes);
    count = reader_le32(bytes);
    if (smalltalk.image_path == NULL || count > reader_left(bytes))
        return error_set(ERROR_FORMAT, "the saved arguments end early");
    smalltalk.arguments = memory_allocate_array(count, sizeof *smalltalk.arguments);
    for (uint32_t i = 0; smalltalk.arguments != NULL && i < count; i++)
        smalltalk.arguments[i] = reader_string(bytes);
    smalltalk.argument_count = smalltalk.arguments != NULL ? (int)count : 0;
    return OK;
}

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    Result result;

    TRY(bytes_append_le64(bytes, smalltalk.special_objects));
    TRY(bytes_append(bytes, run_tagged.special, sizeof run_tagged.special));
    TRY(bytes_append_le64(bytes, run_tagged.failure));
    TRY(bytes_append_le64(bytes, smalltalk.screen_size));
    TRY(bytes_append_le64(bytes, smalltalk.flags));
    TRY(bytes_append_le32(bytes, smalltalk_boot_method));
    TRY(bytes_append_u8(bytes, by_primitive));
    TRY(bytes_append_u8(bytes, smalltalk.stores_guarded));
    TRY(classes_save(bytes));
    TRY(lookup_save(bytes));
    TRY(process_save(bytes));
    TRY(arguments_save(bytes));
    TRY(files_save(bytes));
done:
    return result;
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    Result result;

    image_values(load, bytes, &smalltalk.special_objects, 1);
    image_values(load, bytes, run_tagged.special, TAGGED_SPECIALS);
    image_values(load, bytes, &run_tagged.failure, 1);
    smalltalk.screen_size = reader_le64(bytes);
    smalltalk.flags = reader_le64(bytes);
    smalltalk_boot_method = reader_le32(bytes);
    image_thawed_primitive = reader_u8(bytes) != 0;
    smalltalk.stores_guarded = reader_u8(bytes) != 0;
    TRY(classes_load(load, bytes));
    TRY(lookup_load(load, bytes));
    process_load(load, bytes);
    TRY(arguments_load(bytes));
    TRY(files_load(bytes));
    if (bytes->failed)
        return error_set(ERROR_FORMAT, "the saved program ends early");
done:
    return result;
}

static Result part_thaw(const ImageLoad *load)
{
    classes_changed();
    lookup_thaw();
    return OK;
}

Result image_part_register(void)
{
    static const ImagePart part = {.name = "smalltalk", .freeze = part_freeze, .save = part_save, .frozen = part_frozen,
                                   .load = part_load, .thaw = part_thaw};
    return image_register(&part);
}

/* ---- the program asks ---- */

static Result (*freeze)(Thread *thread, const char *path);
static char problem[1024] LARGE_STATIC; /* the freeze has failed, and the primitive that asked for it is called again */

void smalltalk_set_freeze(Result (*hook)(Thread *thread, const char *path))
{
    freeze = hook;
}

static Result freeze_by_primitive(Thread *thread, const char *path)
{
    Result result;

    by_primitive = true;
    result = freeze(thread, path);
    by_primitive = false;
    if (result != OK)
        snprintf(problem, sizeof problem, "%s", error_message());
    return result;
}

/* freezeTo: path. true in the thawed program, false in the one that goes on. When it fails, the error is a String that says
 * why. */
static int primitive_freeze(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *path;
    int outcome;

    if (problem[0] != 0) {
        run_tagged.failure = string_new(thread, problem, strlen(problem));
        problem[0] = 0;
        return run_tagged.failure != 0 ? TAGGED_FAILED : primitive_fail(WHY_MEMORY);
    }
    path = count == 1 ? string_copy(arguments[1]) : NULL;
    if (path == NULL || freeze == NULL)
        return primitive_fail(path == NULL ? WHY_ARGUMENT : WHY_UNSUPPORTED);
    outcome = primitive_save(thread, freeze_by_primitive, path);
    memory_free(path);
    return outcome;
}

TaggedPrimitive *image_primitive(const char *name)
{
    return strcmp(name, "primitiveFreeze") == 0 ? primitive_freeze : NULL;
}
