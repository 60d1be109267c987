/* image.h - image files: a running machine in a file, saved whole and mapped back.
 *
 * Two levels. A file is a row of named sections (ImageWriter, ImageReader), which knows nothing of what they hold.
 * On it, image_save_heap and image_load_heap keep objects, arena and tables, and whatever parts the folders above
 * have registered; image knows no other folder's structures.
 *
 *   0       ImageHeader (128 bytes), with its own checksum
 *   128     the section table: ImageSection (80 bytes) for each section
 *           small sections, so that they are read together with the table, each at a multiple of 16
 *   65536   sections; one that is mapped begins at a multiple of 64 KB (the largest page size of any host) and
 *           has its last 64 KB filled up with zeros, others begin at a multiple of 16
 *
 * Sections of either place are in the table in the order of their offsets.
 *
 * All numbers are little-endian. The file ends where the header says. A section's checksum covers its bytes (a mapped
 * one's: with the zeros that fill it up). Bytes between sections mean nothing.
 *
 * Nothing in a file is believed before it is checked: a reader is only handed out when header and table agree with each
 * other and with the length of the file. Errors are ERROR_FORMAT, with the file's name in the message, unless said. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"
#include "heap/heap.h"

#define IMAGE_FORMAT_VERSION 6u /* goes up when the file changes, or what a part of the machine keeps in it */
#define IMAGE_ALIGNMENT_BYTES 65536u
#define IMAGE_SECTION_LIMIT 400u
#define IMAGE_NAME_BYTES 32u /* closing 0 included */

/* Who made the file. Only compared, never looked into. */
typedef struct ImageIdentity {
    char build[32];        /* of the program; ends with 0 */
    uint64_t code_version; /* of register code and of everything else that parts keep */
} ImageIdentity;

typedef struct ImageHeader {
    uint8_t magic[8];      /* 89 'C' 'O' 'R' 'A' 'C' 'L' 'E' */
    uint8_t line_ends[4];  /* 0d 0a 1a 0a: broken by transfers that take the file for text */
    uint32_t format_version;
    uint32_t header_bytes; /* 128 */
    uint32_t section_count;
    uint64_t file_bytes;
    uint64_t table_checksum;
    ImageIdentity identity;
    uint64_t reserved[5];  /* zero */
    uint64_t checksum;     /* of the bytes before it */
} ImageHeader;
_Static_assert(sizeof(ImageHeader) == 128, "ImageHeader is an image format");

enum ImageSectionFlag { IMAGE_MAPPED = 1 };

typedef struct ImageSection {
    char name[IMAGE_NAME_BYTES]; /* unique; zeros after its end */
    uint32_t flags;              /* enum ImageSectionFlag */
    uint32_t reserved;           /* zero */
    uint64_t offset, size;
    uint64_t address;            /* where it lay when it was saved; 0: does not matter */
    uint64_t info;               /* for its owner */
    uint64_t checksum;
} ImageSection;
_Static_assert(sizeof(ImageSection) == 80, "ImageSection is an image format");

/* ---- writing: into a temporary file beside the old one, which finish replaces ---- */

typedef struct ImageWriter ImageWriter;

Result image_writer_open(ImageWriter **writer, const char *path, const ImageIdentity *identity);
Result image_add_section(ImageWriter *writer, const char *name, const void *data, size_t size, uint32_t flags, uint64_t address,
                         uint64_t info);
/* The next section begins where a large page has the byte of this number (the offset in it counts), to 64 KB. */
void image_writer_align(ImageWriter *writer, uint64_t place);
/* The same in pieces. */
Result image_begin_section(ImageWriter *writer, const char *name, uint32_t flags, uint64_t address, uint64_t info);
Result image_write(ImageWriter *writer, const void *data, size_t size);
Result image_end_section(ImageWriter *writer);
/* Flushes the file and gives it its name. On failure the old file stays. */
Result image_writer_finish(ImageWriter *writer);
void image_writer_close(ImageWriter *writer); /* always; drops what was not finished. NULL is fine */

/* ---- reading ---- */

typedef struct ImageReader ImageReader;

enum ImageTrust {
    IMAGE_TRUSTED,  /* header, table and small sections are checked; mapped sections are read when they are touched */
    IMAGE_VERIFIED, /* every checksum is checked, and every object and reference */
};

#define IMAGE_HEAD_BYTES 6144u /* of the file, read at once: header, table and small sections of java.image */
typedef struct ImageHead {
    _Alignas(16) uint8_t bytes[IMAGE_HEAD_BYTES];
} ImageHead;

/* head: room, until the reader is closed. */
Result image_reader_open(ImageReader **reader, const char *path, enum ImageTrust trust, ImageHead *head);
void image_reader_close(ImageReader *reader); /* mappings stay. NULL is fine */
const char *image_reader_path(const ImageReader *reader);
const ImageIdentity *image_identity(const ImageReader *reader);
size_t image_sections(const ImageReader *reader, const ImageSection **sections);
const ImageSection *image_section(const ImageReader *reader, const char *name); /* NULL: there is none */
/* Like it, but says so when there is none. */
Result image_need_section(const ImageReader *reader, const char *name, const ImageSection **section);
/* A copy of the section in an empty buffer; its checksum is checked. */
Result image_read_section(const ImageReader *reader, const ImageSection *section, Bytes *bytes);
/* Its bytes, checked: in the reader's head or else in room, an empty buffer. */
Result image_borrow_section(const ImageReader *reader, const ImageSection *section, Bytes *room, const uint8_t **data);
/* A copy at an address with room for section->size bytes. */
Result image_copy_section(const ImageReader *reader, const ImageSection *section, void *address);
/* Maps a mapped section copy-on-write at an address that the caller has reserved, rounded up to 64 KB. */
Result image_map_section(ImageReader *reader, const ImageSection *section, void *address);
/* The same for memory whose addresses the system is given. */
Result image_map_native_section(ImageReader *reader, const ImageSection *section, void *address);
/* The same for bytes [start, start + size) of it; start: a multiple of 64 KB. */
Result image_map_section_part(ImageReader *reader, const ImageSection *section, uint64_t start, uint64_t size, void *address);
/* Maps any section read-only; give the view back. */
typedef struct ImageView {
    const uint8_t *data;
    void *mapping;
    size_t mapping_size;
} ImageView;
Result image_view_section(const ImageReader *reader, const ImageSection *section, ImageView *view);
void image_view_close(ImageView *view);

/* The checksum of sections. */
uint64_t image_checksum(const void *data, size_t size);

/* ---- the machine ---- */

/* What parts learn when they are loaded. */
typedef struct ImageLoad {
    ImageReader *reader;
    int64_t heap_distance; /* a reference v in the image is v + heap_distance now */
    bool same_build;       /* the program that loads is the one that saved */
    bool same_code_version;
    bool trusted;          /* IMAGE_TRUSTED */
} ImageLoad;

/* A reference that a part has kept, as it is in this process. */
static inline Value image_value(const ImageLoad *load, Value saved)
{
    return value_is_object(saved) ? saved + (uint64_t)load->heap_distance : saved;
}

/* Something that is saved besides objects, arena and tables. Registered once, at start, by each folder above;
 * every registered part is in every image. Each function may be NULL.
 *
 * Saving:  freeze of all parts - objects are compacted - save of all parts - frozen of all parts, in reverse order.
 * Loading: check of all parts - objects, arena and tables are there - load of all parts - thaw of all parts.
 * Parts are called in the order of registration. The world is stopped. */
typedef struct ImagePart {
    const char *name; /* up to 25 characters; static */
    /* May collect; may refuse. What it changes for the file's sake, frozen undoes. */
    Result (*freeze)(Allocator *allocator);
    /* Adds to the part's bytes, and its own sections if it has such ("NAME.anything"). Does not collect. */
    Result (*save)(Bytes *bytes, ImageWriter *writer);
    void (*frozen)(bool saved); /* called for each part whose freeze was called */
    /* Looks at the bytes and changes nothing: what can be refused is refused here. */
    Result (*check)(const ImageLoad *load, Reader *bytes);
    Result (*load)(const ImageLoad *load, Reader *bytes); /* does not collect */
    Result (*thaw)(const ImageLoad *load);                /* may allocate objects; allocators are attached */
} ImagePart;

Result image_register(const ImagePart *part);
void image_forget_parts(void); /* for tests, and when the machine is closed */

/* Saves the machine. The caller has stopped the world; may collect. */
Result image_save_heap(const char *path, Allocator *allocator, const ImageIdentity *identity);

typedef struct ImageLoadOptions {
    enum ImageTrust trust;
    bool other_code_version; /* load an image of another code version too: the parts can cope */
    bool same_build;         /* only one that this build has made */
    uint32_t (*code_version)(void); /* asked when the build is another; NULL: the identity's holds */
    bool note_touches;       /* for image_save_touches */
} ImageLoadOptions;

/* Fills an open heap, in which nothing has been made but what opening makes. Up to the point where everything has been
 * checked nothing changes, and after a failure the process may go on without the image. A failure after that (a part's
 * load or thaw, or the host's mapping) leaves the machine unusable: *committed tells. Both pointers may be NULL. */
Result image_load_heap(const char *path, const ImageIdentity *identity, const ImageLoadOptions *options, bool *committed);

/* Writes the image, which this process has loaded with note_touches, once more, with a section that tells which pages of
 * it were touched since. Later loads have those ready at once. */
Result image_save_touches(const char *path);

#endif
