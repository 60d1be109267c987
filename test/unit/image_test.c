/* image_test.c - image files: format, damage of every kind, and heaps that come back in another process. */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/base.h"
#include "heap/heap.h"
#include "image/image.h"
#include "os/os.h"

static const ImageIdentity identity = {.build = "test 1", .code_version = 42};
static const char *program;
static char folder[64];
static ImageHead head;

static const char *in_folder(const char *name)
{
    static char paths[4][128];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static Bytes load_file(const char *path)
{
    Bytes bytes = {0};
    CHECK_OK(os_file_load(path, 1 << 28, &bytes));
    return bytes;
}

static void save_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size);
    fclose(file);
}

/* ---- files ---- */

static void write_file(const char *path, const char *text)
{
    ImageWriter *writer = NULL;
    CHECK_OK(image_writer_open(&writer, path, &identity));
    CHECK_OK(image_add_section(writer, "text", text, strlen(text), 0, 0, 7));
    CHECK_OK(image_begin_section(writer, "pages", IMAGE_MAPPED, 0x1234560000, 1));
    for (int i = 0; i < 1000; i++) CHECK_OK(image_write(writer, text, strlen(text)));
    CHECK_OK(image_end_section(writer));
    CHECK_OK(image_add_section(writer, "empty", NULL, 0, IMAGE_MAPPED, 0, 0));
    CHECK_OK(image_add_section(writer, "last", text, 1, 0, 0, 0));
    CHECK_OK(image_writer_finish(writer));
    image_writer_close(writer);
}

static void test_file_round_trip(void)
{
    const char *path = in_folder("file");
    ImageReader *reader = NULL;
    const ImageSection *sections = NULL, *section = NULL;
    Bytes bytes = {0};

    write_file(path, "some text of the image");
    CHECK_OK(image_reader_open(&reader, path, IMAGE_VERIFIED, &head));
    CHECK_TEXT(image_identity(reader)->build, "test 1");
    CHECK_EQUAL(image_identity(reader)->code_version, 42);
    CHECK_EQUAL(image_sections(reader, &sections), 4);
    CHECK_OK(image_need_section(reader, "text", &section));
    CHECK_EQUAL(section->info, 7);
    CHECK_OK(image_read_section(reader, section, &bytes));
    CHECK_EQUAL(bytes.size, 22);
    CHECK_BYTES(bytes.data, "some text of the image", 22);
    bytes_free(&bytes);

    section = image_section(reader, "pages");
    CHECK_EQUAL(section->address, 0x1234560000);
    CHECK_EQUAL(section->size, 22000);
    CHECK_EQUAL(section->offset % 65536, 0);
    char *memory = NULL;
    CHECK_OK(os_memory_reserve((void **)&memory, NULL, 65536, OS_ANYWHERE));
    CHECK_OK(image_map_section(reader, section, memory));
    CHECK_BYTES(memory + 22, "some text", 9);
    CHECK_EQUAL(memory[22000], 0);
    memory[0] = 'X'; /* is private */
    ImageView view;
    CHECK_OK(image_view_section(reader, section, &view));
    CHECK_EQUAL(view.data[0], 's');
    image_view_close(&view);
    os_memory_release(memory, 65536);

    CHECK_OK(image_view_section(reader, image_section(reader, "empty"), &view));
    image_view_close(&view);
    CHECK(image_section(reader, "none") == NULL);
    CHECK_FAILS(image_need_section(reader, "none", &section), ERROR_FORMAT);
    image_reader_close(reader);
}

/* More small sections than there is room for behind the table, and a table that is longer than a reader's head. */
static void test_file_small_sections(void)
{
    const char *path = in_folder("file");
    ImageWriter *writer = NULL;
    ImageReader *reader = NULL;
    const ImageSection *sections = NULL;
    uint8_t data[500];
    char name[32];
    size_t behind_table = 0;

    CHECK_OK(image_writer_open(&writer, path, &identity));
    for (unsigned i = 0; i < 100; i++) {
        memset(data, (int)i, sizeof data);
        snprintf(name, sizeof name, "small %u", i);
        CHECK_OK(image_add_section(writer, name, data, 401 + i, 0, 0, i));
    }
    CHECK_OK(image_writer_finish(writer));
    image_writer_close(writer);
    CHECK_OK(image_reader_open(&reader, path, IMAGE_VERIFIED, &head));
    CHECK_EQUAL(image_sections(reader, &sections), 100);
    for (unsigned i = 0; i < 100; i++) {
        Bytes room = {0};
        const uint8_t *got = NULL;
        behind_table += sections[i].offset < 65536;
        CHECK_OK(image_borrow_section(reader, &sections[i], &room, &got));
        CHECK_EQUAL(sections[i].size, 401 + i);
        CHECK_EQUAL(got[0], i);
        CHECK_EQUAL(got[400 + i], i);
        bytes_free(&room);
    }
    CHECK(behind_table > 60 && behind_table < 100);
    image_reader_close(reader);
}

/* Sections that lie in the file as something lies in memory, seen from the beginning of a large page; zeros stand in no block. */
static void test_file_alignment(void)
{
    static const uint64_t places[] = {0x180000, 0x180000, 0x7000, 0x1fffff, 0x1830200000, 0x2001f0000};
    enum { SIZE = 5 << 20, COUNT = sizeof places / sizeof places[0] };
    const char *path = in_folder("file");
    ImageWriter *writer = NULL;
    ImageReader *reader = NULL;
    const ImageSection *sections = NULL;
    uint8_t *data = calloc(1, SIZE);
    uint64_t end = 65536;
    ImageView view;

    for (size_t i = 0; i < SIZE; i += 4099)
        if (i < (1 << 20) || i > SIZE - 100000)
            data[i] = (uint8_t)i;
    CHECK_OK(image_writer_open(&writer, path, &identity));
    for (size_t i = 0; i < COUNT; i++) {
        char name[32];
        snprintf(name, sizeof name, "section %zu", i);
        image_writer_align(writer, places[i]);
        CHECK_OK(image_add_section(writer, name, data, i == 0 ? 65536 : SIZE, IMAGE_MAPPED, 0, i));
    }
    CHECK_OK(image_writer_finish(writer));
    image_writer_close(writer);
    CHECK_OK(image_reader_open(&reader, path, IMAGE_VERIFIED, &head));
    CHECK_EQUAL(image_sections(reader, &sections), COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        CHECK_EQUAL(sections[i].offset % (2 << 20), places[i] % (2 << 20) / 65536 * 65536);
        CHECK(sections[i].offset >= end && sections[i].offset - end < 2 << 20);
        CHECK_OK(image_view_section(reader, &sections[i], &view));
        CHECK_BYTES(view.data, data, sections[i].size);
        image_view_close(&view);
        end = sections[i].offset + sections[i].size;
    }
    image_reader_close(reader);
    struct stat status;
    CHECK_EQUAL(stat(path, &status), 0);
    CHECK(status.st_blocks * 512 <= (2 + (COUNT - 1) * (16 + 2 + 6)) * 65536); /* 6: for what the file system takes */
    free(data);
}

static void test_file_names(void)
{
    ImageWriter *writer = NULL;
    CHECK_OK(image_writer_open(&writer, in_folder("names"), &identity));
    CHECK_OK(image_add_section(writer, "one", "x", 1, 0, 0, 0));
    CHECK_FAILS(image_add_section(writer, "one", "x", 1, 0, 0, 0), ERROR_ARGUMENT);
    CHECK_FAILS(image_add_section(writer, "", "x", 1, 0, 0, 0), ERROR_ARGUMENT);
    CHECK_FAILS(image_add_section(writer, "a name of more than 31 characters", "x", 1, 0, 0, 0), ERROR_ARGUMENT);
    image_writer_close(writer); /* not finished: no file */
    CHECK_EQUAL(os_path_kind(in_folder("names")), OS_KIND_NONE);
    CHECK_FAILS(image_writer_open(&writer, in_folder("no/such/folder"), &identity), ERROR_NOT_FOUND);
    ImageReader *reader = NULL;
    CHECK_FAILS(image_reader_open(&reader, in_folder("none"), IMAGE_TRUSTED, &head), ERROR_NOT_FOUND);
    CHECK(image_reader_open(&reader, folder, IMAGE_TRUSTED, &head) != OK);
}

/* Opening a file of these bytes says `words`. */
static void check_file_refused(const Bytes *bytes, size_t size, const char *words)
{
    ImageReader *reader = NULL;
    save_file(in_folder("bad"), bytes->data, size);
    CHECK_FAILS(image_reader_open(&reader, in_folder("bad"), IMAGE_TRUSTED, &head), ERROR_FORMAT);
    if (strstr(error_message(), words) == NULL)
        fprintf(stderr, "\"%s\" does not say \"%s\"\n", error_message(), words);
    CHECK(strstr(error_message(), words) != NULL && strstr(error_message(), "bad") != NULL);
}

static void seal(Bytes *bytes)
{
    ImageHeader *header = (ImageHeader *)(void *)bytes->data;
    size_t limit = header->section_count <= IMAGE_SECTION_LIMIT ? header->section_count : 0;
    header->table_checksum = image_checksum(bytes->data + sizeof *header, limit * sizeof(ImageSection));
    header->checksum = image_checksum(header, offsetof(ImageHeader, checksum));
}

static void test_file_damaged(void)
{
    write_file(in_folder("file"), "text");
    Bytes good = load_file(in_folder("file")), bytes = load_file(in_folder("file"));
    ImageHeader *header = (ImageHeader *)(void *)bytes.data;
    ImageSection *table = (ImageSection *)(void *)(bytes.data + sizeof *header);

    check_file_refused(&good, 0, "not a Coracle image");
    check_file_refused(&good, 7, "not a Coracle image");
    check_file_refused(&good, 100, "middle of the header");
    check_file_refused(&good, 1000, "has 1000 bytes where the header says");
    check_file_refused(&good, good.size - 1, "bytes where the header says");
#define BROKEN(change, words)                          \
    do {                                               \
        memcpy(bytes.data, good.data, good.size);      \
        change;                                        \
        check_file_refused(&bytes, bytes.size, words); \
    } while (0)
    BROKEN(header->magic[1] = 'X', "not a Coracle image");
    BROKEN(header->line_ends[0] = '\n', "transfer of text");
    BROKEN(header->format_version++, "newer Coracle (format 7; this one reads format 6)");
    BROKEN(header->format_version--, "older Coracle (format 5; this one reads format 6)");
    BROKEN(header->identity.build[0]++, "checksum of the header");
    BROKEN((header->section_count = 401, seal(&bytes)), "makes no sense");
    BROKEN((header->header_bytes = 64, seal(&bytes)), "makes no sense");
    BROKEN((memset(header->identity.build, 'x', 32), seal(&bytes)), "makes no sense");
    BROKEN((header->file_bytes++, seal(&bytes)), "where the header says");
    BROKEN(table[0].size++, "checksum of the section table");
    BROKEN((table[0].size = UINT64_MAX, seal(&bytes)), "does not lie within");
    BROKEN((table[0].offset = UINT64_MAX - 15, seal(&bytes)), "does not lie within");
    BROKEN((table[1].offset += 16, seal(&bytes)), "its place");
    BROKEN((table[2].offset = 65536, seal(&bytes)), "its place");
    BROKEN((table[3].offset = table[0].offset, seal(&bytes)), "its place");
    BROKEN((table[3].offset = sizeof *header, seal(&bytes)), "its place");
    BROKEN((table[3].size = 65536, seal(&bytes)), "does not lie within");
    BROKEN((table[0].offset = 0, seal(&bytes)), "its place");
    BROKEN((table[0].flags = 2, seal(&bytes)), "flags");
    BROKEN((table[0].reserved = 2, seal(&bytes)), "flags");
    BROKEN((table[0].name[0] = 0, seal(&bytes)), "name makes no sense");
    BROKEN((table[0].name[31] = 'x', seal(&bytes)), "name makes no sense");
    BROKEN((memcpy(table[1].name, table[0].name, 32), seal(&bytes)), "stands twice");
    bytes_free(&good);
    bytes_free(&bytes);
}

/* A changed byte anywhere that is checked is found when the file is verified. */
static void test_file_checksums(void)
{
    write_file(in_folder("file"), "text");
    Bytes bytes = load_file(in_folder("file"));
    const ImageSection *table = (const ImageSection *)(const void *)(bytes.data + sizeof(ImageHeader));
    ImageReader *reader = NULL;
    Bytes copy = {0};
    const size_t places[] = {table[0].offset, table[0].offset + 3, table[1].offset, table[1].offset + 3999,
                             table[1].offset + 65535, table[3].offset};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bytes.data[places[i]] ^= 0x40;
        save_file(in_folder("bad"), bytes.data, bytes.size);
        CHECK_FAILS(image_reader_open(&reader, in_folder("bad"), IMAGE_VERIFIED, &head), ERROR_FORMAT);
        CHECK(strstr(error_message(), "the checksum of section") != NULL);
        CHECK_OK(image_reader_open(&reader, in_folder("bad"), IMAGE_TRUSTED, &head));
        const ImageSection *section = image_section(reader, i < 2 ? "text" : i < 5 ? "pages" : "last");
        CHECK_EQUAL(image_read_section(reader, section, &copy), i == 4 ? OK : ERROR_FORMAT); /* 4: behind its bytes */
        bytes_free(&copy);
        image_reader_close(reader);
        bytes.data[places[i]] ^= 0x40;
    }
    bytes_free(&bytes);
}

static void test_checksum(void)
{
    uint8_t data[200];
    for (int i = 0; i < 200; i++) data[i] = (uint8_t)(i * 7);
    for (size_t size = 0; size < 200; size += 13) {
        uint64_t sum = image_checksum(data, size);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(image_checksum(data, size) != sum);
            data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    uint8_t zeros[64] = {0};
    for (size_t size = 0; size < 64; size++) CHECK(image_checksum(zeros, size) != image_checksum(zeros, size + 1));
}

/* Each memory request fails once: nothing is left behind, and the old file stays. */
static void test_file_memory_failures(void)
{
    const char *path = in_folder("file");
    write_file(path, "old");
    for (unsigned long n = 1; n < 10; n++) {
        ImageWriter *writer = NULL;
        ImageReader *reader = NULL;
        memory_fail_at(n);
        Result result = image_writer_open(&writer, path, &identity);
        memory_fail_at(0);
        CHECK(result == OK || (result == ERROR_MEMORY && writer == NULL));
        image_writer_close(writer);
        memory_fail_at(n);
        result = image_reader_open(&reader, path, IMAGE_TRUSTED, &head);
        memory_fail_at(0);
        CHECK(result == OK || (result == ERROR_MEMORY && reader == NULL));
        image_reader_close(reader);
    }
}

/* No room on the disk: the old file stays, the temporary one goes. */
static void test_file_no_room(void)
{
    const char *path = in_folder("file");
    struct rlimit limit = {40000, RLIM_INFINITY};

    write_file(path, "old");
    pid_t child = fork();
    if (child == 0) {
        ImageWriter *writer = NULL;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        CHECK_OK(image_writer_open(&writer, path, &identity));
        CHECK_FAILS(image_add_section(writer, "a", "new", 3, IMAGE_MAPPED, 0, 0), ERROR_IO);
        CHECK(strstr(error_message(), "file") != NULL);
        image_writer_close(writer);
        limit.rlim_cur = 300;
        setrlimit(RLIMIT_FSIZE, &limit);
        CHECK_OK(image_writer_open(&writer, path, &identity));
        CHECK_OK(image_add_section(writer, "a", path, sizeof folder, 0, 0, 0)); /* small: written at the end */
        CHECK_OK(image_add_section(writer, "b", path, sizeof folder, 0, 0, 0));
        CHECK_FAILS(image_writer_finish(writer), ERROR_IO);
        CHECK(strstr(error_message(), "file") != NULL);
        image_writer_close(writer);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
    ImageReader *reader = NULL;
    CHECK_OK(image_reader_open(&reader, path, IMAGE_VERIFIED, &head));
    image_reader_close(reader);
}

/* ---- a heap with graphs ---- */

static Allocator allocator;
static uint32_t pair_class, references_class, bytes_class, longs_class;
static uint32_t top_root; /* array of references: the graphs */

enum { PAIR_FIRST = 8, PAIR_NUMBER = 16, PAIR_SECOND = 24 };

static uint32_t make_class(enum ObjectFormat format, uint32_t slots, uint64_t map, unsigned shift, bool references)
{
    Class *class = NULL;
    CHECK_OK(class_new(&class, 3));
    class->format = (uint8_t)format;
    class->slots = slots;
    class->reference_map = map;
    class->element_shift = (uint8_t)shift;
    class->elements_are_references = references;
    class->flags = format == FORMAT_JAVA_ARRAY ? CLASS_ARRAY : 0;
    class->initialized = 1;
    class->vtable[1] = 1000 + class->index;
    return class->index;
}

static Value new_pair(Value *first, int64_t number)
{
    Value pair = heap_allocate_instance(&allocator, class_at(pair_class));
    heap_store(pair, PAIR_FIRST, *first);
    *(int64_t *)object_at(pair, PAIR_NUMBER) = number;
    return pair;
}

/* A list that shares, branches and comes back to itself. */
static Value make_list(uint64_t seed, int length)
{
    size_t mark = heap_enter_nogc(&allocator);
    Value *head = heap_hold_nogc(&allocator, 0), *other = heap_hold_nogc(&allocator, 0), *first = heap_hold_nogc(&allocator, 0);

    for (int i = 0; i < length; i++) {
        uint64_t r = test_random(&seed);
        *head = new_pair(head, (int64_t)r);
        if (i == 0)
            *first = *head;
        *other = 0;
        if (r % 4 == 0)
            *other = heap_allocate_array(&allocator, class_at(bytes_class), (uint32_t)(r >> 8) % 100);
        else if (r % 4 == 1)
            *other = heap_allocate_array(&allocator, class_at(references_class), (uint32_t)(r >> 8) % 10);
        else if (r % 16 == 2)
            *other = heap_allocate(&allocator, 100, FORMAT_VARIABLE, r >> 8 & 255);
        if (r % 4 == 0)
            for (int32_t k = 0; k < array_length(*other); k++) ((uint8_t *)object_at(*other, ARRAY_BASE_OFFSET))[k] = (uint8_t)(r + (uint64_t)k);
        else if (r % 4 == 1)
            for (int32_t k = 0; k < array_length(*other); k++) array_store(*other, (uint64_t)k, k % 2 ? *first : *head);
        else if (*other != 0)
            for (uint64_t k = 0; k < object_slot_count(*other); k++)
                heap_store(*other, OBJECT_BODY + 8 * k, k % 3 == 0 ? value_from_integer((int64_t)r) : k % 3 == 1 ? *head : value_from_character(k));
        heap_store(*head, PAIR_SECOND, *other);
        if (r % 5 == 0)
            heap_identity_hash(*head);
    }
    heap_store(*first, PAIR_FIRST, *head);
    Value list = *head;
    heap_leave_nogc(&allocator, mark);
    return list;
}

static void make_graphs(int length)
{
    Class *spur = NULL;

    pair_class = make_class(FORMAT_JAVA_INSTANCE, 3, 5, 0, false);
    references_class = make_class(FORMAT_JAVA_ARRAY, 1, 0, 3, true);
    bytes_class = make_class(FORMAT_JAVA_ARRAY, 1, 0, 0, false);
    longs_class = make_class(FORMAT_JAVA_ARRAY, 1, 0, 3, false);
    CHECK_OK(class_new_at(&spur, 100, 0));
    spur->format = FORMAT_VARIABLE;
    top_root = heap_root_add(heap_allocate_array(&allocator, class_at(references_class), 8), 0);
    for (unsigned i = 0; i < 6; i++) {
        Value list = make_list(i + 1, length * (int)(i + 1));
        array_store(heap_root(top_root), i, list);
    }
    Value large = heap_allocate_array(&allocator, class_at(longs_class), 70000);
    for (int i = 0; i < 70000; i++) ((int64_t *)object_at(large, ARRAY_BASE_OFFSET))[i] = i * 3;
    array_store(heap_root(top_root), 6, large);
    Value pinned = heap_allocate_pinned(&allocator, bytes_class, FORMAT_JAVA_ARRAY, 3);
    *(int64_t *)object_at(pinned, ARRAY_LENGTH_OFFSET) = 16;
    memcpy(object_at(pinned, ARRAY_BASE_OFFSET), "0123456789abcdef", 16);
    array_store(heap_root(top_root), 7, pinned);
    Value loader = new_pair(&(Value){0}, 77);
    uint32_t owner = heap_owner_add(loader);
    uint32_t root = heap_root_add(0, 0); /* keeps it */
    heap_root_set(root, heap_owner_loader_nogc(owner));
}

/* A number for all that can be reached from the top: kinds, shapes, contents, hashes and who refers to whom. */
typedef struct Walk {
    ARRAY_OF(Value) found;
    Table numbers;
    uint64_t sum;
} Walk;

static void add(Walk *walk, uint64_t word)
{
    walk->sum = hash_u64(walk->sum ^ word) + word;
}

static void visit_value(Walk *walk, Value value)
{
    uint64_t number = 0;
    if (!value_is_object(value)) {
        add(walk, value);
        return;
    }
    if (!table_get(&walk->numbers, value, &number)) {
        number = walk->found.count + 1;
        CHECK_OK(table_set(&walk->numbers, value, number));
        CHECK_OK(array_push(&walk->found, value));
    }
    add(walk, number << 8);
}

static void visit_object(Walk *walk, Value object)
{
    uint64_t header = object_header(object) & (HEADER_CLASS_MASK | HEADER_FORMAT_MASK | HEADER_HASH_MASK);
    uint64_t slots = object_slot_count(object);
    uint32_t class = object_class_index(object);
    bool references = header_format(header) == FORMAT_VARIABLE || class == references_class;

    add(walk, header);
    add(walk, slots);
    for (uint64_t i = 0; i < slots; i++)
        if (references ? class != references_class || i > 0 : class == pair_class && i != 1)
            visit_value(walk, heap_slot(object, i));
        else
            add(walk, heap_slot(object, i));
}

static uint64_t fingerprint(void)
{
    Walk walk = {0};
    visit_value(&walk, heap_root(top_root));
    for (size_t i = 0; i < walk.found.count; i++) visit_object(&walk, walk.found.items[i]);
    add(&walk, class_at(pair_class)->vtable[1]);
    uint64_t sum = walk.sum;
    array_free(&walk.found);
    table_free(&walk.numbers);
    return sum;
}

/* ---- the test's own part ---- */

static uint64_t saved_print, loaded_print;
static Value kept_value;
static bool refuse_freeze, refuse_check, frozen_called, frozen_saved, thaw_called;
static int64_t loaded_distance;

static Result part_freeze(Allocator *a)
{
    return refuse_freeze ? error_set(ERROR_STATE, "not now") : OK;
}

static Result part_save(Bytes *bytes, ImageWriter *writer)
{
    const uint32_t numbers[] = {pair_class, references_class, bytes_class, longs_class, top_root};
    Result result = OK;
    TRY(bytes_append_le64(bytes, saved_print));
    TRY(bytes_append_le64(bytes, heap_root(top_root)));
    TRY(bytes_append(bytes, numbers, sizeof numbers));
    TRY(image_add_section(writer, "test.extra", "extra", 5, 0, 0, 0));
done:
    return result;
}

static void part_frozen(bool saved)
{
    frozen_called = true;
    frozen_saved = saved;
}

static Result part_check(const ImageLoad *load, Reader *bytes)
{
    if (refuse_check || bytes->size != 36)
        return error_set(ERROR_FORMAT, "no test part");
    const ImageSection *extra = NULL;
    return image_need_section(load->reader, "test.extra", &extra);
}

static Result part_load(const ImageLoad *load, Reader *bytes)
{
    loaded_print = reader_le64(bytes);
    kept_value = image_value(load, reader_le64(bytes));
    pair_class = reader_le32(bytes);
    references_class = reader_le32(bytes);
    bytes_class = reader_le32(bytes);
    longs_class = reader_le32(bytes);
    top_root = reader_le32(bytes);
    loaded_distance = load->heap_distance;
    return OK;
}

static Result part_thaw(const ImageLoad *load)
{
    thaw_called = true;
    return OK;
}

static const ImagePart test_part = {"test", part_freeze, part_save, part_frozen, part_check, part_load, part_thaw};
static const ImagePart plain_part = {.name = "plain"};

static void open_machine(void)
{
    const HeapOptions options = {.limit_bytes = 256 << 20};
    CHECK_OK(heap_open(&options));
    heap_attach(&allocator, NULL);
    image_forget_parts();
    CHECK_OK(image_register(&test_part));
    CHECK_OK(image_register(&plain_part));
}

static void close_machine(void)
{
    heap_detach(&allocator);
    heap_close();
}

static void save_machine(const char *path, int length)
{
    open_machine();
    make_graphs(length);
    saved_print = fingerprint();
    CHECK_OK(image_save_heap(path, &allocator, &identity));
    CHECK(frozen_called && frozen_saved);
    CHECK_EQUAL(fingerprint(), saved_print);
    CHECK_OK(heap_verify());
}

static void check_loaded(void)
{
    CHECK(thaw_called);
    CHECK_EQUAL(kept_value, heap_root(top_root));
    CHECK_EQUAL(fingerprint(), loaded_print);
    CHECK_OK(heap_verify());
    CHECK(heap_is_image_nogc(kept_value));
    /* It goes on: more of everything, collected, while the image stays as it is. */
    for (int i = 0; i < 20; i++) (void)make_list(99, 500);
    Value list = make_list(7, 300);
    array_store(heap_root(top_root), 0, list);
    uint64_t changed = fingerprint();
    CHECK(changed != loaded_print);
    heap_collect(&allocator, false, HEAP_CAUSE_REQUEST);
    CHECK_EQUAL(fingerprint(), changed);
    heap_collect(&allocator, true, HEAP_CAUSE_REQUEST);
    CHECK_EQUAL(fingerprint(), changed);
    CHECK_OK(heap_verify());
    CHECK_EQUAL(kept_value, heap_root(top_root));
}

/* ---- in processes of their own: the heap is one in a process ---- */

static int run_child(void (*work)(const char *path), const char *path)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        work(path);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return status;
}

static void work_save(const char *path)
{
    save_machine(path, 100);
    close_machine();
}

static void work_load(const char *path)
{
    bool committed = false;
    open_machine();
    CHECK_OK(image_load_heap(path, &identity, &(ImageLoadOptions){IMAGE_VERIFIED, false}, &committed));
    CHECK(committed);
    check_loaded();
    close_machine();
}

/* Where the heap wants to lie, something lies already. */
static void work_load_elsewhere(const char *path)
{
    void *memory = NULL;
    CHECK_OK(os_memory_reserve(&memory, (void *)OS_FIXED_ADDRESS(0x2000000000), 65536, OS_IF_FREE));
    CHECK_OK(os_memory_reserve(&memory, (void *)ARENA_PREFERRED_BASE, 65536, OS_IF_FREE));
    open_machine();
    CHECK_OK(image_load_heap(path, &identity, NULL, NULL));
    CHECK(loaded_distance != 0);
    check_loaded();
    close_machine();
}

/* An image made of an image, and that once more. */
static void work_load_and_save(const char *path)
{
    open_machine();
    CHECK_OK(image_load_heap(path, &identity, NULL, NULL));
    check_loaded();
    saved_print = fingerprint();
    CHECK_OK(image_save_heap(path, &allocator, &identity));
    CHECK_EQUAL(fingerprint(), saved_print);
    CHECK_OK(heap_verify());
    for (int i = 0; i < 5; i++) (void)make_list(99, 500);
    array_store(heap_root(top_root), 1, make_list(8, 10));
    saved_print = fingerprint();
    CHECK_OK(image_save_heap(path, &allocator, &identity));
    close_machine();
}

/* Touches pages 2 (reads) and 5 (writes what is there), and no other page of the first eight. */
static void work_note_touches(const char *path)
{
    static const ImageLoadOptions noting = {.note_touches = true};
    volatile uint8_t *objects;
    size_t page = os_page_size();

    open_machine();
    CHECK_OK(image_load_heap(path, &identity, &noting, NULL));
    objects = (volatile uint8_t *)(uintptr_t)heap_preferred_base();
    uint8_t byte = objects[2 * page];
    objects[5 * page] = objects[5 * page];
    CHECK_EQUAL(objects[2 * page], byte);
    CHECK_OK(image_save_touches(path));
    close_machine();
}

static void run_program(const char *mode, const char *path)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, mode, path, folder, (char *)NULL);
        _exit(99);
    }
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
}

typedef struct Touched {
    uint32_t section, first, count, written; /* pages of 4096 bytes */
} Touched;

static uint8_t how_touched(const Bytes *bytes, size_t index, uint32_t page)
{
    uint8_t how = 0;
    for (const Touched *t = (const void *)bytes->data; (const uint8_t *)t < bytes->data + bytes->size; t++)
        if (t->section == index && page >= t->first && page - t->first < t->count)
            how |= t->written ? 2 : 1;
    return how;
}

static void test_touches(void)
{
    const char *path = in_folder("touched");
    const ImageSection *sections = NULL;
    ImageReader *reader = NULL;
    ImageWriter *writer = NULL;
    ImageView view;
    Bytes bytes = {0};
    size_t objects = 0, pages = os_page_size() / 4096;
    static const Touched nonsense[] = {
        {0, UINT32_MAX, UINT32_MAX, 1}, {UINT32_MAX, 0, 1, 0}, {0, 0, UINT32_MAX, 1}, {1, 1u << 20, 1, 7}, {2, 0, 0, 0},
    };

    run_program("save", path);
    run_program("note", path);
    CHECK_OK(image_reader_open(&reader, path, IMAGE_VERIFIED, &head));
    size_t count = image_sections(reader, &sections);
    while (strcmp(sections[objects].name, "objects") != 0) objects++;
    CHECK(sections[objects].size > 6 * os_page_size());
    CHECK_OK(image_read_section(reader, image_section(reader, "touched"), &bytes));
    CHECK_EQUAL(bytes.size % sizeof(Touched), 0);
    CHECK_EQUAL(how_touched(&bytes, objects, (uint32_t)(2 * pages)), 1);
    CHECK_EQUAL(how_touched(&bytes, objects, (uint32_t)(5 * pages)), 2);
    bytes_free(&bytes);
    run_program("load", path);
    run_program("elsewhere", path);
    run_program("note", path); /* once more: there is one such section again */
    run_program("load", path);
    /* What the section says is a hint, whatever it says. */
    CHECK_OK(image_writer_open(&writer, path, image_identity(reader)));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(sections[i].name, "touched") == 0)
            continue;
        CHECK_OK(image_view_section(reader, &sections[i], &view));
        CHECK_OK(image_add_section(writer, sections[i].name, view.data, sections[i].size, sections[i].flags,
                                   sections[i].address, sections[i].info));
        image_view_close(&view);
    }
    CHECK_OK(image_add_section(writer, "touched", nonsense, sizeof nonsense - 3, 0, 0, 0));
    CHECK_OK(image_writer_finish(writer));
    image_writer_close(writer);
    image_reader_close(reader);
    run_program("load", path);
}

static void test_heap_round_trip(void)
{
    const char *path = in_folder("heap");
    run_program("save", path);
    run_program("load", path);
    run_program("elsewhere", path);
    run_program("again", path);
    run_program("load", path);
    run_program("elsewhere", path);
}

static void work_refusals(const char *path)
{
    static const ImageIdentity other_version = {.build = "test 2", .code_version = 43};
    static const ImagePart foreign = {.name = "foreign"};
    const ImageLoadOptions any_version = {.trust = IMAGE_TRUSTED, .other_code_version = true};
    const ImageLoadOptions same_build = {.trust = IMAGE_TRUSTED, .other_code_version = true, .same_build = true};
    ImageIdentity other_build = identity;
    bool committed = true;

    open_machine();
    CHECK_FAILS(image_load_heap(in_folder("none"), &identity, NULL, &committed), ERROR_NOT_FOUND);
    CHECK_FAILS(image_load_heap(path, &other_version, NULL, &committed), ERROR_FORMAT);
    CHECK(!committed && strstr(error_message(), "another version of Coracle (test 1)") != NULL);
    other_build.build[5]++;
    CHECK_FAILS(image_load_heap(path, &other_build, &same_build, &committed), ERROR_FORMAT);
    CHECK(!committed && strstr(error_message(), "another version of Coracle (test 1)") != NULL);
    refuse_check = true;
    CHECK_FAILS(image_load_heap(path, &identity, NULL, &committed), ERROR_FORMAT);
    CHECK(!committed && strstr(error_message(), "no test part") != NULL);
    refuse_check = false;
    CHECK_OK(image_register(&foreign));
    CHECK_FAILS(image_register(&foreign), ERROR_ARGUMENT);
    CHECK_FAILS(image_load_heap(path, &identity, NULL, &committed), ERROR_FORMAT);
    CHECK(!committed);
    image_forget_parts();
    CHECK_OK(image_register(&test_part));
    CHECK_FAILS(image_load_heap(path, &identity, NULL, &committed), ERROR_FORMAT);
    CHECK_OK(image_register(&plain_part));
    CHECK_OK(heap_verify());
    CHECK_OK(image_load_heap(path, &other_version, &any_version, &committed)); /* after all that */
    CHECK_FAILS(image_load_heap(path, &other_version, &any_version, &committed), ERROR_STATE);
    CHECK(!committed);
    check_loaded();
    refuse_freeze = true;
    CHECK_FAILS(image_save_heap(path, &allocator, &identity), ERROR_STATE);
    CHECK(frozen_called && !frozen_saved);
    refuse_freeze = false;
    CHECK_FAILS(image_save_heap(in_folder("no/such"), &allocator, &identity), ERROR_NOT_FOUND);
    CHECK_OK(heap_verify());
    close_machine();
}

static void test_refusals(void)
{
    const char *path = in_folder("heap");
    CHECK_EQUAL(run_child(work_save, path), 0);
    CHECK_EQUAL(run_child(work_refusals, path), 0);
    CHECK_EQUAL(run_child(work_load, path), 0);
}

/* ---- damage ---- */

static void put_at(int file, const void *data, size_t size, uint64_t offset)
{
    CHECK(pwrite(file, data, size, (off_t)offset) == (ssize_t)size);
}

typedef struct Damage {
    Bytes good;
    int file; /* the damaged copy */
    unsigned tries, loads;
} Damage;

/* Loads until an image is accepted, which uses the process up. The image is then what was saved. */
static void try_load(Damage *damage, const ImageLoadOptions *options)
{
    bool committed = false;
    Result result = image_load_heap(in_folder("bad"), &identity, options, &committed);
    damage->tries++;
    if (result != OK) {
        CHECK(result == ERROR_FORMAT || result == ERROR_LIMIT);
        CHECK(!committed && strstr(error_message(), "bad: ") != NULL);
        return;
    }
    CHECK_EQUAL(fingerprint(), loaded_print);
    CHECK_OK(heap_verify());
    damage->loads++;
    close_machine();
    open_machine();
}

static void flip_bytes(Damage *damage, uint64_t *state, unsigned count)
{
    const ImageLoadOptions verified = {IMAGE_VERIFIED, false};

    for (unsigned i = 0; i < count; i++) {
        uint64_t place = test_random(state) % damage->good.size;
        if (i % 2 == 0) /* half of them where it matters most */
            place = test_random(state) % (128 + 80 * 10);
        uint8_t byte = damage->good.data[place] ^ (uint8_t)(1u << test_random(state) % 8);
        put_at(damage->file, &byte, 1, place);
        try_load(damage, &verified);
        put_at(damage->file, damage->good.data + place, 1, place);
    }
}

/* Everything from here on as it was; zeros need no writing. */
static void restore_from(Damage *damage, uint64_t place)
{
    const uint8_t *data = damage->good.data;
    for (uint64_t at = place, size; at < damage->good.size; at += size) {
        size = damage->good.size - at < 4096 ? damage->good.size - at : 4096;
        if (data[at] != 0 || memcmp(data + at, data + at + 1, size - 1) != 0)
            put_at(damage->file, data + at, size, at);
    }
    CHECK(ftruncate(damage->file, (off_t)damage->good.size) == 0);
}

static void truncate_file(Damage *damage, uint64_t *state, unsigned count)
{
    const ImageLoadOptions trusted = {IMAGE_TRUSTED, false};
    unsigned loads = damage->loads;

    for (unsigned i = 0; i < count; i++) {
        uint64_t size = i < 200 ? i * 5 : test_random(state) % damage->good.size;
        CHECK(ftruncate(damage->file, (off_t)size) == 0);
        try_load(damage, &trusted);
        restore_from(damage, size);
    }
    CHECK_EQUAL(damage->loads, loads);
}

/* Every word of header and table takes other values, and the checksums are right. */
static void change_fields(Damage *damage)
{
    static const uint64_t changes[] = {0, 1, 8, 0x7fffffff, 0xffffffff, 65536, UINT64_MAX, 1ull << 63};
    const ImageLoadOptions verified = {IMAGE_VERIFIED, false};
    Bytes bytes = {0};
    CHECK_OK(bytes_append(&bytes, damage->good.data, 65536));
    size_t words = (sizeof(ImageHeader) + ((ImageHeader *)(void *)bytes.data)->section_count * sizeof(ImageSection)) / 4;

    for (size_t word = 0; word < words; word++)
        for (size_t i = word % 3; i < 2 * sizeof changes / sizeof changes[0]; i += 3) {
            uint64_t change = changes[i / 2];
            memcpy(bytes.data, damage->good.data, 65536);
            uint32_t *field = (uint32_t *)(void *)bytes.data + word;
            *field = i % 2 ? *field + (uint32_t)change : (uint32_t)change;
            seal(&bytes);
            put_at(damage->file, bytes.data, 65536, 0);
            try_load(damage, &verified);
        }
    put_at(damage->file, damage->good.data, 65536, 0);
    bytes_free(&bytes);
}

/* Words of the section "machine" and of objects, with right checksums: a forged file. */
static void forge_words(Damage *damage, uint64_t *state, unsigned count)
{
    const ImageLoadOptions verified = {IMAGE_VERIFIED, false};
    Bytes bytes = {0};
    CHECK_OK(bytes_append(&bytes, damage->good.data, 65536));
    ImageHeader *header = (ImageHeader *)(void *)bytes.data;
    ImageSection *table = (ImageSection *)(void *)(bytes.data + sizeof *header);
    static const char *const names[] = {"objects", "machine", "crossings", "table.classes", "table.roots", "part.test"};

    for (unsigned i = 0; i < count; i++) {
        ImageSection *section = table;
        while (strcmp(section->name, names[i % 6]) != 0) section++;
        uint8_t *data = damage->good.data + section->offset;
        uint64_t size = section->size, place = test_random(state) % size;
        if (i % 6 == 3 || i % 6 == 4) /* these are empty for the most part */
            place = i % 2 ? size - 1 - place % 128 : place;
        uint8_t before = data[place];
        data[place] ^= (uint8_t)(1u << test_random(state) % 8);
        uint64_t extent = section->flags & IMAGE_MAPPED ? (size + 65535) / 65536 * 65536 : size;
        section->checksum = image_checksum(data, extent);
        seal(&bytes);
        put_at(damage->file, bytes.data, 65536, 0);
        put_at(damage->file, data + place, 1, section->offset + place);
        bool committed = false;
        if (image_load_heap(in_folder("bad"), &identity, &verified, &committed) == OK || committed) {
            /* contents may differ, but all of it can be walked (unless what only the test knows was forged) */
            if (i % 6 != 5) CHECK_OK(heap_verify());
            close_machine();
            open_machine();
        }
        data[place] = before;
        put_at(damage->file, data + place, 1, section->offset + place);
        memcpy(bytes.data, damage->good.data, 65536);
    }
    put_at(damage->file, damage->good.data, 65536, 0);
    bytes_free(&bytes);
}

static void work_damage(const char *path)
{
    Damage damage = {.good = load_file(path)};
    uint64_t state = 31337;

    save_file(in_folder("bad"), damage.good.data, damage.good.size);
    damage.file = open(in_folder("bad"), O_RDWR);
    open_machine();
    try_load(&damage, &(ImageLoadOptions){IMAGE_VERIFIED, false});
    CHECK_EQUAL(damage.loads, 1);
    flip_bytes(&damage, &state, 1000);
    CHECK(damage.tries - damage.loads > 500);
    truncate_file(&damage, &state, 1000);
    change_fields(&damage);
    forge_words(&damage, &state, 300);
    close(damage.file);
    bytes_free(&damage.good);
    close_machine();
}

static void work_save_small(const char *path)
{
    save_machine(path, 3);
    close_machine();
}

static void test_damage(void)
{
    const char *path = in_folder("small");
    CHECK_EQUAL(run_child(work_save_small, path), 0);
    CHECK_EQUAL(run_child(work_damage, path), 0);
}

/* Killed at any moment, saving leaves the old image or the new one. */
static void work_save_often(const char *path)
{
    save_machine(path, 30);
    for (;;) CHECK_OK(image_save_heap(path, &allocator, &identity));
}

static void test_killed_while_saving(void)
{
    const char *path = in_folder("killed");
    uint64_t state = 5;

    CHECK_EQUAL(run_child(work_save, path), 0);
    for (int i = 0; i < 8; i++) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0)
            work_save_often(path);
        os_sleep_ns(10000000 + (int64_t)(test_random(&state) % 40000000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        CHECK_EQUAL(run_child(work_load, path), 0);
    }
}

/* ---- main ---- */

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK_EQUAL(system(command), 0);
}

static int run_mode(const char *mode, const char *path)
{
    if (strcmp(mode, "save") == 0)
        work_save(path);
    else if (strcmp(mode, "load") == 0)
        work_load(path);
    else if (strcmp(mode, "elsewhere") == 0)
        work_load_elsewhere(path);
    else if (strcmp(mode, "again") == 0)
        work_load_and_save(path);
    else if (strcmp(mode, "note") == 0)
        work_note_touches(path);
    return 0;
}

int main(int count, char **arguments)
{
    void (*const tests[])(void) = {
        test_checksum, test_file_round_trip, test_file_small_sections, test_file_alignment, test_file_names, test_file_damaged,
        test_file_checksums, test_file_memory_failures, test_file_no_room, test_heap_round_trip, test_refusals, test_damage,
        test_killed_while_saving, test_touches,
    };

    program = arguments[0];
    if (count > 3) {
        snprintf(folder, sizeof folder, "%s", arguments[3]);
        return run_mode(arguments[1], arguments[2]);
    }
    snprintf(folder, sizeof folder, "/tmp/image_test.XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) tests[i]();
    remove_folder();
    printf("image: %lu checks passed\n", test_checks_passed);
    return 0;
}
