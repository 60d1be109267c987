/* image_part.c - the Java guest's part of an image: which class library its classes come from.
 *
 * Classes in an image belong to one lib/modules; classes that are loaded later come from the installed one, which must be
 * the same, and lie where it lay: the guest's own reader of it keeps addresses. So the image keeps place, size and time of
 * change, and the text of the JDK's `release` file, which decides when the time is another. */
#include "java/image_part.h"

#include <string.h>

#include "base/text.h"
#include "image/image.h"
#include "java/java_internal.h"
#include "java/properties.h"
#include "java/strings.h"
#include "os/os.h"

#define RELEASE_LIMIT 65536

static Result load_release(Bytes *text)
{
    char path[1100];

    text_join(path, sizeof path, java_home(), "/release", NULL);
    return os_file_load(path, RELEASE_LIMIT, text);
}

static Result need_library(const void **place, size_t *size)
{
    *place = jimage_place(size);
    return *place != NULL ? OK : error_set(ERROR_NOT_FOUND, "no JDK 17 found");
}

static Result append_library(Bytes *bytes)
{
    Result result;
    const void *place;
    size_t size;
    Bytes release = {0};

    TRY(need_library(&place, &size));
    TRY(load_release(&release));
    TRY(bytes_append_le64(bytes, (uint64_t)(uintptr_t)place));
    TRY(bytes_append_le64(bytes, size));
    TRY(bytes_append_le64(bytes, (uint64_t)jimage_modified_ms()));
    TRY(bytes_append(bytes, release.data, release.size));
done:
    bytes_free(&release);
    return result;
}

static Result take_text(Reader *bytes, char **text)
{
    *text = reader_string(bytes);
    if (bytes->failed)
        return error_set(ERROR_FORMAT, "the saved options end early");
    return *text != NULL ? OK : ERROR_MEMORY;
}

/* ---- -ea and its kin ---- */

static Result save_assertions(Bytes *bytes)
{
    Result result;
    const JavaOptions *options = java_options();

    TRY(bytes_append_le32(bytes, (uint32_t)options->assertion_count));
    for (size_t i = 0; i < options->assertion_count; i++) {
        const JavaAssertion *assertion = &options->assertions[i];
        const char *name = assertion->name != NULL ? assertion->name : "";
        TRY(bytes_append_u8(bytes, assertion->enable));
        TRY(bytes_append_u8(bytes, assertion->system));
        TRY(bytes_append_string(bytes, name));
    }
done:
    return result;
}

static Result load_assertion(Reader *bytes, JavaAssertion *assertion)
{
    char *name = NULL;
    Result result;

    assertion->enable = reader_u8(bytes) != 0;
    assertion->system = reader_u8(bytes) != 0;
    TRY(take_text(bytes, &name));
    if (*name != 0)
        assertion->name = name;
    else
        memory_free(name);
done:
    return result;
}

static Result load_assertions(Reader *bytes, JavaOptions *thawed)
{
    Result result = OK;
    uint32_t count = reader_le32(bytes);
    JavaAssertion *assertions;

    if (count > reader_left(bytes))
        return error_set(ERROR_FORMAT, "the saved options end early");
    assertions = memory_allocate_array(count, sizeof *assertions);
    if (assertions == NULL)
        return ERROR_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        TRY(load_assertion(bytes, &assertions[i]));
    thawed->assertions = assertions;
    thawed->assertion_count = count;
done:
    return result;
}

/* ---- where else the boot loader takes classes from ---- */

static bool is_boot_path(const char *property)
{
    return strncmp(property, "jdk.boot.class.path.append=", 27) == 0 || strncmp(property, "jdk.module.patch.", 17) == 0;
}

static Result save_boot_paths(Bytes *bytes)
{
    Result result;
    const JavaOptions *options = java_options();
    uint32_t count = 0;

    for (size_t i = 0; i < options->property_count; i++) count += is_boot_path(options->properties[i]);
    TRY(bytes_append_le32(bytes, count));
    for (size_t i = 0; i < options->property_count; i++)
        if (is_boot_path(options->properties[i]))
            TRY(bytes_append_string(bytes, options->properties[i]));
done:
    return result;
}

static Result load_boot_paths(Reader *bytes, JavaOptions *thawed)
{
    Result result = OK;
    uint32_t count = reader_le32(bytes);
    char **paths;

    if (count > reader_left(bytes))
        return error_set(ERROR_FORMAT, "the saved options end early");
    paths = memory_allocate_array(count, sizeof *paths);
    if (paths == NULL)
        return ERROR_MEMORY;
    for (uint32_t i = 0; i < count; i++) TRY(take_text(bytes, &paths[i]));
    thawed->properties = (const char *const *)paths;
    thawed->property_count = count;
done:
    return result;
}

/* ---- what is to happen when memory is collected, and when it is exhausted ---- */

static Result save_memory_words(Bytes *bytes)
{
    Result result;
    const JavaOptions *options = java_options();

    TRY(bytes_append_u8(bytes, (uint8_t)(options->memory_aborts | options->memory_exits << 1 | heap_is_verbose() << 2)));
    TRY(bytes_append_string(bytes, options->memory_command != NULL ? options->memory_command : ""));
done:
    return result;
}

static Result load_memory_words(Reader *bytes, JavaOptions *thawed, bool *is_verbose)
{
    Result result;
    uint8_t how = reader_u8(bytes);
    char *command = NULL;

    TRY(take_text(bytes, &command));
    thawed->memory_aborts = how & 1;
    thawed->memory_exits = how >> 1 & 1;
    *is_verbose = how >> 2 & 1;
    thawed->memory_command = command[0] != 0 ? command : NULL;
done:
    return result;
}

/* They hold for the thawed program, unless this process has options of its own (it starts from java.image). */
static Result load_options(Reader *bytes)
{
    static JavaOptions thawed;
    bool is_verbose = false;
    Result result;

    TRY(load_assertions(bytes, &thawed));
    TRY(load_boot_paths(bytes, &thawed));
    TRY(load_memory_words(bytes, &thawed, &is_verbose));
    if (!java_options_are_set()) {
        java_set_options(&thawed);
        if (is_verbose)
            heap_set_verbose(true);
    }
done:
    return result;
}

/* ---- the part ---- */

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    Result result;

    TRY(save_assertions(bytes));
    TRY(save_boot_paths(bytes));
    TRY(save_memory_words(bytes));
    TRY(append_library(bytes));
    TRY(java_save_start_symbols(writer));
done:
    return result;
}

static Result skip_options(Reader *bytes)
{
    uint32_t count = reader_le32(bytes);

    for (uint32_t i = 0; i < count && !bytes->failed; i++) {
        reader_skip(bytes, 2);
        reader_skip(bytes, reader_le32(bytes));
    }
    count = reader_le32(bytes);
    for (uint32_t i = 0; i < count && !bytes->failed; i++) reader_skip(bytes, reader_le32(bytes));
    reader_skip(bytes, 1);
    reader_skip(bytes, reader_le32(bytes));
    return bytes->failed ? error_set(ERROR_FORMAT, "the saved options end early") : OK;
}

static Result compare_release(Reader *saved, bool *same)
{
    Bytes release = {0};
    Result result = load_release(&release);

    *same = result == OK && reader_left(saved) == release.size &&
            memcmp(saved->data + saved->position, release.data, release.size) == 0;
    bytes_free(&release);
    return result;
}

/* What append_library has written, and what is so now. */
static Result compare_libraries(Reader *saved)
{
    Result result = OK;
    const void *place;
    size_t size;
    bool same;

    TRY(need_library(&place, &size));
    uint64_t saved_place = reader_le64(saved);
    same = reader_le64(saved) == size;
    if (reader_le64(saved) != (uint64_t)jimage_modified_ms() && same)
        TRY(compare_release(saved, &same));
    if (saved->failed || !same)
        return error_set(ERROR_STATE, "the image was made with another JDK than %s", java_home());
    if (saved_place != (uint64_t)(uintptr_t)place)
        return error_set(ERROR_STATE, "the place of lib/modules, 0x%llx, is taken", (unsigned long long)saved_place);
done:
    return result;
}

static Result part_check(const ImageLoad *load, Reader *bytes)
{
    Result result;

    TRY(skip_options(bytes));
    TRY(compare_libraries(bytes));
done:
    return result;
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    Result result = load_options(bytes);

    reader_skip(bytes, reader_left(bytes));
    java_strings_relocate(load->heap_distance);
    return result;
}

Result java_register_image_part(void)
{
    static const ImagePart part = {.name = "java", .save = part_save, .check = part_check, .load = part_load};
    return image_register(&part);
}

/* Dots between packages, and between a class and those within it. */
static bool is_class_text(const char *name, const char *text, size_t length)
{
    if (strlen(name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] != text[i] && (text[i] != '.' || (name[i] != '/' && name[i] != '$')))
            return false;
    return true;
}

/* text: "", or a descriptor, with or without what the method returns. */
static bool is_descriptor_text(const char *descriptor, const char *text)
{
    size_t length = strlen(text);
    return length == 0 || (strncmp(descriptor, text, length) == 0 && (text[length - 1] == ')' || descriptor[length] == 0));
}

bool java_method_is_named(uint32_t method, const char *text)
{
    size_t before_descriptor = strcspn(text, "("), dot = before_descriptor;
    const JavaMethod *java;
    const char *name;

    while (dot > 0 && text[dot] != '.')
        dot--;
    if (method_at(method)->language != LANGUAGE_JAVA || dot == 0)
        return false;
    java = java_method_at(method);
    name = symbol_text(java->name);
    return strlen(name) == before_descriptor - dot - 1 && strncmp(name, text + dot + 1, strlen(name)) == 0 &&
           is_descriptor_text(symbol_text(java->descriptor), text + before_descriptor) &&
           is_class_text(symbol_text(java_method_holder(java)->name), text, dot);
}
