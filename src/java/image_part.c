/* image_part.c - the Java guest's part of an image: which class library its classes come from.
 *
 * Classes in an image belong to one lib/modules; classes that are loaded later come from the installed one, which must be
 * the same. So the image keeps its size and the text of the JDK's `release` file. */
#include "java/image_part.h"

#include <stdio.h>
#include <string.h>

#include "image/image.h"
#include "java/java_internal.h"
#include "java/strings.h"
#include "os/os.h"

#define RELEASE_LIMIT 65536

static Result append_library(Bytes *bytes)
{
    Result result;
    char path[1100];
    OsFile file = OS_FILE_NONE;
    uint64_t size = 0;

    if (java_home() == NULL)
        return error_set(ERROR_NOT_FOUND, "no JDK 17 found");
    snprintf(path, sizeof path, "%s/lib/modules", java_home());
    TRY(os_file_open(&file, path, OS_OPEN_READ));
    TRY(os_file_size(file, &size));
    TRY(bytes_append_le64(bytes, size));
    snprintf(path, sizeof path, "%s/release", java_home());
    {
        Bytes release = {0};
        result = os_file_load(path, RELEASE_LIMIT, &release);
        if (result == OK)
            result = bytes_append(bytes, release.data, release.size);
        bytes_free(&release);
    }
done:
    os_file_close(file);
    return result;
}

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    return append_library(bytes);
}

static Result part_check(const ImageLoad *load, Reader *bytes)
{
    Bytes library = {0};
    Result result = append_library(&library);

    if (result == OK && (reader_left(bytes) != library.size ||
                         memcmp(bytes->data + bytes->position, library.data, library.size) != 0))
        result = error_set(ERROR_STATE, "the image was made with another JDK than %s", java_home());
    bytes_free(&library);
    return result;
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    reader_skip(bytes, reader_left(bytes));
    java_strings_relocate(load->heap_distance);
    return OK;
}

Result java_register_image_part(void)
{
    static const ImagePart part = {.name = "java", .save = part_save, .check = part_check, .load = part_load};
    return image_register(&part);
}

bool java_method_is_named(uint32_t method, const char *text)
{
    const Method *engine = method_at(method);
    const JavaMethod *java;
    const char *name, *dot = strrchr(text, '.');
    size_t length;

    if (engine->language != LANGUAGE_JAVA || dot == NULL)
        return false;
    java = java_method_at(method);
    name = symbol_text(java_method_holder(java)->name);
    length = (size_t)(dot - text);
    if (strcmp(symbol_text(java->name), dot + 1) != 0 || strlen(name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] != (text[i] == '.' ? '/' : text[i]))
            return false;
    return true;
}
