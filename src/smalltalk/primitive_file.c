/* primitive_file.c - the named primitives of files that images know as FilePlugin, over os.h.
 *
 * A file is a ByteArray that holds its number in the table below and the session's own number, so that one kept from
 * another run is seen to be dead. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "smalltalk/smalltalk_internal.h"

#define FILES_LIMIT 256
#define STANDARD_FILES 3

typedef struct OpenFile {
    OsFile file;
    char *path; /* absolute; NULL: a standard file, or not known */
    uint64_t position;
    bool used, writable, standard, at_end;
} OpenFile;
static OpenFile files[FILES_LIMIT] LARGE_STATIC;
static uint64_t session;

typedef struct FileId {
    uint64_t session;
    uint32_t number, reserved;
} FileId;

static void open_standard(void)
{
    static const OsFile standard[STANDARD_FILES] = {OS_STDIN, OS_STDOUT, OS_STDERR};
    if (session != 0)
        return;
    session = clock_microseconds();
    for (int i = 0; i < STANDARD_FILES; i++)
        files[i] = (OpenFile){.file = standard[i], .used = true, .writable = i > 0, .standard = true};
}

static OpenFile *file_of(Value value)
{
    FileId id;
    open_standard();
    if (!is_bytes(value) || object_byte_size(value) != sizeof id)
        return NULL;
    memcpy(&id, object_slots(value), sizeof id);
    return id.session == session && id.number < FILES_LIMIT && files[id.number].used ? &files[id.number] : NULL;
}

static Value file_id_new(Thread *thread, uint32_t number)
{
    FileId id = {.session = session, .number = number};
    return bytes_new(thread, &id, sizeof id);
}

static int done(Value value, Value *result)
{
    *result = value;
    return value != 0 ? TAGGED_DONE : primitive_fail(WHY_MEMORY);
}

static int file_open(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *path = count == 2 ? string_copy(arguments[1]) : NULL;
    uint32_t number = STANDARD_FILES;
    bool writable = count == 2 && arguments[2] == TRUE_OBJECT;
    OsFile file;
    Result opened;

    open_standard();
    if (path == NULL)
        return primitive_fail(WHY_ARGUMENT);
    while (number < FILES_LIMIT && files[number].used)
        number++;
    opened = number == FILES_LIMIT ? ERROR_LIMIT : os_file_open(&file, path, writable ? OS_OPEN_READ_WRITE : OS_OPEN_READ);
    if (opened == ERROR_NOT_FOUND && writable)
        opened = os_file_open(&file, path, OS_OPEN_CREATE);
    if (opened == OK) {
        files[number] = (OpenFile){.file = file, .used = true, .writable = writable};
        (void)os_path_real(path, &files[number].path);
    }
    memory_free(path);
    if (opened != OK)
        return primitive_fail(WHY_UNKNOWN);
    return done(file_id_new(thread, number), result);
}

static int file_close(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 1 ? file_of(arguments[1]) : NULL;
    if (file == NULL)
        return primitive_fail(WHY_ARGUMENT);
    if (!file->standard) {
        os_file_close(file->file);
        memory_free(file->path);
        file->path = NULL;
    }
    file->used = file->standard;
    return done(arguments[0], result);
}

/* A part of an array of bytes or words: elements [start, start + count), 1-based. */
static uint8_t *buffer_part(Value buffer, Value start, Value count, uint64_t *bytes, uint64_t *unit)
{
    unsigned format;
    uint64_t first, size;
    if (!value_is_object(buffer) || !unsigned_value(start, &first) || !unsigned_value(count, &size) || first == 0)
        return NULL;
    format = header_format(object_header(buffer));
    *unit = format >= FORMAT_INDEXED_8 ? 1 : format >= FORMAT_INDEXED_32 && format < FORMAT_INDEXED_16 ? 4 : 0;
    if (*unit == 0 || format >= FORMAT_METHOD)
        return NULL;
    uint64_t limit = *unit == 1 ? object_byte_size(buffer) : object_slot_count(buffer) * 8 - 4 * (format & 1);
    if (first - 1 > limit / *unit || size > limit / *unit - (first - 1))
        return NULL;
    *bytes = size * *unit;
    return (uint8_t *)object_slots(buffer) + (first - 1) * *unit;
}

static int file_read(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 4 ? file_of(arguments[1]) : NULL;
    uint64_t bytes, unit;
    size_t got = 0;
    uint8_t *part = file != NULL ? buffer_part(arguments[2], arguments[3], arguments[4], &bytes, &unit) : NULL;
    Result read;

    if (part == NULL)
        return primitive_fail(WHY_ARGUMENT);
    if (is_read_only(arguments[2]))
        return primitive_fail(WHY_NO_MODIFICATION);
    read = file->standard ? os_file_read(file->file, part, bytes, &got)
                          : os_file_read_at(file->file, part, bytes, file->position, &got);
    if (read != OK)
        return primitive_fail(WHY_UNKNOWN);
    file->position += got;
    file->at_end = got < bytes;
    return done(value_from_integer((int64_t)(got / unit)), result);
}

static int file_write(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 4 ? file_of(arguments[1]) : NULL;
    uint64_t bytes, unit;
    uint8_t *part = file != NULL && file->writable ? buffer_part(arguments[2], arguments[3], arguments[4], &bytes, &unit) : NULL;
    Result written;

    if (part == NULL)
        return primitive_fail(WHY_ARGUMENT);
    written = file->standard ? os_file_write(file->file, part, bytes)
                             : os_file_write_at(file->file, part, bytes, file->position);
    if (written != OK)
        return primitive_fail(WHY_UNKNOWN);
    file->position += bytes;
    return done(value_from_integer((int64_t)(bytes / unit)), result);
}

static int file_size(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 1 ? file_of(arguments[1]) : NULL;
    uint64_t size = 0;
    if (file == NULL || file->standard || os_file_size(file->file, &size) != OK)
        return primitive_fail(WHY_ARGUMENT);
    return done(integer_new_unsigned(thread, size), result);
}

static int file_position(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 1 ? file_of(arguments[1]) : NULL;
    if (file == NULL)
        return primitive_fail(WHY_ARGUMENT);
    return done(integer_new_unsigned(thread, file->position), result);
}

static int file_set_position(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 2 ? file_of(arguments[1]) : NULL;
    uint64_t position;
    if (file == NULL || file->standard || !unsigned_value(arguments[2], &position))
        return primitive_fail(WHY_ARGUMENT);
    file->position = position;
    return done(arguments[0], result);
}

static int file_at_end(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 1 ? file_of(arguments[1]) : NULL;
    uint64_t size = 0;
    if (file == NULL)
        return primitive_fail(WHY_ARGUMENT);
    if (file->standard)
        return done(value_from_boolean(file->at_end), result);
    if (os_file_size(file->file, &size) != OK)
        return primitive_fail(WHY_UNKNOWN);
    return done(value_from_boolean(file->position >= size), result);
}

static int file_flush(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    OpenFile *file = count == 1 ? file_of(arguments[1]) : NULL;
    return file != NULL ? done(arguments[0], result) : primitive_fail(WHY_ARGUMENT);
}

static int file_standard_handles(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array = heap_hold_nogc(&thread->allocator, 0), made = 0;

    open_standard();
    *array = array_new(thread, STANDARD_FILES);
    for (uint32_t i = 0; *array != 0 && i < STANDARD_FILES; i++) {
        Value id = file_id_new(thread, i);
        if (id == 0)
            break;
        slot_set(*array, i, id);
        made = *array;
    }
    heap_leave_nogc(&thread->allocator, mark);
    return done(made, result);
}

static int file_delete(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *path = count == 1 ? string_copy(arguments[1]) : NULL;
    Result removed = path != NULL ? os_file_remove(path) : ERROR_ARGUMENT;
    memory_free(path);
    return removed == OK ? done(arguments[0], result) : primitive_fail(WHY_UNKNOWN);
}

static int file_rename(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *from = count == 2 ? string_copy(arguments[1]) : NULL, *to = count == 2 ? string_copy(arguments[2]) : NULL;
    Result renamed = from != NULL && to != NULL ? os_file_rename(from, to) : ERROR_ARGUMENT;
    memory_free(from);
    memory_free(to);
    return renamed == OK ? done(arguments[0], result) : primitive_fail(WHY_UNKNOWN);
}

static int file_descriptor_kind(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    if (count != 1 || !value_is_integer(arguments[1]))
        return primitive_fail(WHY_ARGUMENT);
    return done(value_from_integer(os_file_is_terminal((OsFile)value_integer(arguments[1])) ? 1 : 2), result);
}

/* ---- folders ---- */

static int folder_delimiter(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    return done(value_from_character('/'), result);
}

/* An entry of a folder: name, creation and modification time, is it a folder, size. */
static int entry_result(Thread *thread, const char *folder, const char *name, Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *array = heap_hold_nogc(&thread->allocator, 0), text;
    char path[4096];
    uint64_t size = 0;
    OsFile file;

    text_join(path, sizeof path, folder, "/", name, NULL);
    bool is_folder = os_path_kind(path) == OS_KIND_FOLDER;
    if (!is_folder && os_file_open(&file, path, OS_OPEN_READ) == OK) {
        if (os_file_size(file, &size) != OK)
            size = 0;
        os_file_close(file);
    }
    *array = array_new(thread, 5);
    text = *array != 0 ? string_new(thread, name, strlen(name)) : 0;
    if (text != 0) {
        slot_set(*array, 0, text);
        slot_set(*array, 1, value_from_integer(0));
        slot_set(*array, 2, value_from_integer(0));
        slot_set(*array, 3, value_from_boolean(is_folder));
        slot_set(*array, 4, value_from_integer((int64_t)size));
    }
    Value made = text != 0 ? *array : 0;
    heap_leave_nogc(&thread->allocator, mark);
    return done(made, result);
}

typedef struct FolderSearch {
    uint64_t wanted;
    char name[1024];
    bool found;
} FolderSearch;

static bool look_at_entry(void *context, const char *name)
{
    FolderSearch *search = context;
    if (--search->wanted != 0)
        return true;
    text_join(search->name, sizeof search->name, name, NULL);
    search->found = true;
    return false;
}

static int folder_lookup(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    FolderSearch search = {0};
    char *path = count == 2 ? string_copy(arguments[1]) : NULL;
    int outcome;

    if (path == NULL || !unsigned_value(arguments[2], &search.wanted) || search.wanted == 0) {
        memory_free(path);
        return primitive_fail(WHY_ARGUMENT);
    }
    if (os_folder_list(path[0] != 0 ? path : "/", look_at_entry, &search) != OK)
        outcome = primitive_fail(WHY_UNKNOWN);
    else
        outcome = search.found ? entry_result(thread, path, search.name, result) : done(NIL, result);
    memory_free(path);
    return outcome;
}

static int folder_entry(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    char *folder = count == 2 ? string_copy(arguments[1]) : NULL, *name = count == 2 ? string_copy(arguments[2]) : NULL;
    char path[4096];
    int outcome;
    if (folder == NULL || name == NULL) {
        outcome = primitive_fail(WHY_ARGUMENT);
    } else {
        text_join(path, sizeof path, folder, "/", name, NULL);
        outcome = os_path_kind(path) == OS_KIND_NONE ? done(NIL, result) : entry_result(thread, folder, name, result);
    }
    memory_free(folder);
    memory_free(name);
    return outcome;
}

/* ---- images ----
 *
 * A file that is open is opened again by its path, at its number, and goes on at its position. One that was open for
 * writing must be as long as it was: what has been written to it is in it, and nobody else has written behind that. */

Result files_freeze(void)
{
    for (uint32_t i = 0; i < FILES_LIMIT; i++) {
        if (!files[i].used || files[i].standard)
            continue;
        if (files[i].path == NULL || os_path_kind(files[i].path) != OS_KIND_FILE)
            return error_set(ERROR_STATE, "the file %s is open", files[i].path != NULL ? files[i].path : "without a path");
    }
    return OK;
}

static Result file_save(uint32_t number, Bytes *bytes)
{
    const OpenFile *file = &files[number];
    uint64_t size = 0;
    Result result;

    TRY(os_file_size(file->file, &size));
    TRY(bytes_append_le32(bytes, number));
    TRY(bytes_append_u8(bytes, file->writable));
    TRY(bytes_append_le64(bytes, file->position));
    TRY(bytes_append_le64(bytes, size));
    TRY(bytes_append_string(bytes, file->path));
done:
    return result;
}

Result files_save(Bytes *bytes)
{
    Result result;

    TRY(bytes_append_le64(bytes, session));
    for (uint32_t i = 0; i < FILES_LIMIT; i++)
        if (files[i].used && !files[i].standard)
            TRY(file_save(i, bytes));
    TRY(bytes_append_le32(bytes, FILES_LIMIT)); /* the end */
done:
    return result;
}

static Result open_again(OpenFile *file, uint64_t size_then)
{
    uint64_t size = 0;
    Result result;

    if (file->path == NULL)
        return ERROR_MEMORY;
    result = os_file_open(&file->file, file->path, file->writable ? OS_OPEN_READ_WRITE : OS_OPEN_READ);
    if (result != OK)
        return error_prefix(result, "a file that the program has open");
    if (file->writable && (os_file_size(file->file, &size) != OK || size != size_then))
        return error_set(ERROR_STATE, "%s, which the program has open for writing, has changed", file->path);
    return OK;
}

Result files_load(Reader *bytes)
{
    uint64_t saved_session = reader_le64(bytes);
    Result result = OK;

    if (saved_session != 0) {
        open_standard();
        session = saved_session;
    }
    for (uint32_t number; (number = reader_le32(bytes)) != FILES_LIMIT;) {
        if (bytes->failed || number < STANDARD_FILES || number > FILES_LIMIT)
            return error_set(ERROR_FORMAT, "the saved files end early");
        OpenFile *file = &files[number];
        *file = (OpenFile){.used = true, .writable = reader_u8(bytes) != 0};
        file->position = reader_le64(bytes);
        uint64_t size = reader_le64(bytes);
        file->path = reader_string(bytes);
        TRY(open_again(file, size));
    }
done:
    return result;
}

TaggedPrimitive *file_primitive(const char *name)
{
    static const NamedPrimitive all[] = {
        {"primitiveFileOpen", file_open}, {"primitiveFileClose", file_close}, {"primitiveFileRead", file_read},
        {"primitiveFileWrite", file_write}, {"primitiveFileSize", file_size}, {"primitiveFileGetPosition", file_position},
        {"primitiveFileSetPosition", file_set_position}, {"primitiveFileAtEnd", file_at_end},
        {"primitiveFileFlush", file_flush}, {"primitiveFileSync", file_flush},
        {"primitiveFileStdioHandles", file_standard_handles}, {"primitiveFileDelete", file_delete},
        {"primitiveFileRename", file_rename}, {"primitiveFileDescriptorType", file_descriptor_kind},
        {"primitiveDirectoryDelimitor", folder_delimiter}, {"primitiveDirectoryLookup", folder_lookup},
        {"primitiveDirectoryEntry", folder_entry},
    };
    return named_primitive(all, sizeof all / sizeof all[0], name);
}
