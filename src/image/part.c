/* part.c - the parts that other folders have registered. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "image/image_internal.h"

#define PART_LIMIT 32
#define PART_NAME_LIMIT 25

static const ImagePart *parts[PART_LIMIT];
static size_t part_count;

Result image_register(const ImagePart *part)
{
    if (part_count == PART_LIMIT)
        return error_set(ERROR_LIMIT, "image: more than %d parts", PART_LIMIT);
    if (part->name[0] == 0 || strlen(part->name) > PART_NAME_LIMIT)
        return error_set(ERROR_ARGUMENT, "image: no name for a part: %s", part->name);
    for (size_t i = 0; i < part_count; i++)
        if (strcmp(parts[i]->name, part->name) == 0)
            return error_set(ERROR_ARGUMENT, "image: a second part %s", part->name);
    parts[part_count++] = part;
    return OK;
}

void image_forget_parts(void)
{
    part_count = 0;
}

size_t image_parts(const ImagePart *const **list)
{
    *list = parts;
    return part_count;
}

void image_part_section_name(char name[IMAGE_NAME_BYTES], const char *kind, const char *part)
{
    size_t length = text_join(name, IMAGE_NAME_BYTES, kind, ".", part, NULL);
    assert(length < IMAGE_NAME_BYTES);
    (void)length;
}
