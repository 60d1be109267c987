/* image_internal.h - what the files of image share. */
#ifndef IMAGE_IMAGE_INTERNAL_H
#define IMAGE_IMAGE_INTERNAL_H

#include "image/image.h"
#include "os/os.h"

#define IMAGE_TABLE_OFFSET sizeof(ImageHeader)
#define IMAGE_FIRST_OFFSET 65536u
_Static_assert(IMAGE_TABLE_OFFSET + IMAGE_SECTION_LIMIT * sizeof(ImageSection) <= IMAGE_FIRST_OFFSET,
               "the table fits before the first section");

extern const uint8_t image_magic[8], image_line_ends[4];

static inline uint64_t image_round_up(uint64_t bytes)
{
    return (bytes + IMAGE_ALIGNMENT_BYTES - 1) & ~(uint64_t)(IMAGE_ALIGNMENT_BYTES - 1);
}
/* Bytes of the file that a section takes. */
static inline uint64_t section_extent(const ImageSection *section)
{
    return section->flags & IMAGE_MAPPED ? image_round_up(section->size) : section->size;
}

/* A flat table is saved without its longest stretch of 64 KB blocks that are zero (class indexes of one guest begin far
 * behind the other's). Where that lies stands in the section's address, in blocks: first | count << 32. */
typedef struct TableHole {
    uint64_t start, size; /* bytes */
} TableHole;
static inline TableHole table_hole(const ImageSection *section)
{
    return (TableHole){(section->address & UINT32_MAX) * IMAGE_ALIGNMENT_BYTES, (section->address >> 32) * IMAGE_ALIGNMENT_BYTES};
}

/* ---- checksum.c ---- */

typedef struct ImageHash {
    uint64_t lanes[4];
    uint64_t size;
    uint8_t rest[32]; /* size % 32 bytes wait here */
} ImageHash;
void image_hash_start(ImageHash *hash);
void image_hash_add(ImageHash *hash, const void *data, size_t size);
void image_hash_add_zeros(ImageHash *hash, uint64_t size);
uint64_t image_hash_end(ImageHash *hash);

/* ---- part.c ---- */

size_t image_parts(const ImagePart *const **parts);
void image_part_section_name(char name[IMAGE_NAME_BYTES], const char *kind, const char *part);

/* ---- machine.c: what the sections of the machine are ---- */

/* Section "machine": what must agree before anything else is looked at. */
typedef struct ImageMachine {
    uint32_t size_bytes; /* of this struct */
    uint32_t class_bytes;
    uint64_t objects_start, objects_end;
    uint64_t arena_bytes;
    uint32_t table_count, part_count;
    uint32_t class_index_java, reserved;
} ImageMachine;

/* The sections of an image to be loaded, viewed where they lie in the file. */
typedef struct ImageContents {
    ImageReader *reader;
    ImageMachine machine;
    const ImageSection *objects, *crossings, *arena;
    int64_t distance;
} ImageContents;

/* ---- touched.c ---- */

/* Where bytes [start, start + size) of a section have been mapped; size is a multiple of 64 KB. */
typedef struct ImagePlace {
    uint32_t section; /* number in the section table */
    uint64_t start, size;
    uint8_t *address;
    bool is_native; /* addresses in it are given to the system, so that its access must not be taken away */
} ImagePlace;

typedef struct ImageTouched { /* count 0: the image does not say */
    const struct Touched *stretches;
    size_t count;
    Bytes room;
} ImageTouched;

/* From now on what is mapped is noted, or awaits that image_ready makes it ready as the image says: all in few calls. */
Result image_reader_expect_touches(ImageReader *reader, bool note);
Result image_read_touched(const ImageReader *reader, ImageTouched *touched); /* free its room; while the reader is open */
/* also: other memory that will soon be written, or NULL. */
void image_ready(ImageReader *reader, const OsStretch *also);
void image_ready_touched(const ImageTouched *touched, const ImagePlace *places, size_t count, const OsStretch *also);
Result image_note_touches(const ImagePlace *place);

/* ---- check.c ---- */

/* Everything in objects, roots and owners leads where it should. */
Result image_check_objects(const ImageContents *contents);

#endif
