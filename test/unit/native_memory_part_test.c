/* native_memory_part_test.c - native memory comes back from an image at its addresses. */
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "ffi/native_memory.h"
#include "heap/heap.h"
#include "image/image.h"
#include "os/os.h"
#include "vm/native_memory_part.h"

static const ImageIdentity identity = {.build = "test", .code_version = 1};
static char path[64] = "/tmp/native_memory_part_test.XXXXXX";
static Allocator allocator;
static char *shared[2]; /* blocks of the saving process */

static void open_machine(void)
{
    CHECK_OK(heap_open(&(HeapOptions){.limit_bytes = 64 << 20}));
    heap_attach(&allocator, NULL);
    image_forget_parts();
    CHECK_OK(vm_register_native_memory_part());
}

static void work_save(void)
{
    open_machine();
    CHECK_OK(native_memory_open());
    char *first = native_memory_allocate(100), *gap = native_memory_allocate(3 << 20), *last = native_memory_allocate(200000);
    strcpy(first, "first");
    memset(gap, 7, 3 << 20);
    memset(last, 9, 200000);
    native_memory_free(gap);
    shared[0] = first;
    shared[1] = last;
    CHECK_OK(image_save_heap(path, &allocator, &identity));
}

static void check_loaded(void)
{
    CHECK_OK(native_memory_check());
    CHECK_TEXT(shared[0], "first");
    CHECK_EQUAL(shared[1][0], 9);
    CHECK_EQUAL(shared[1][199999], 9);
    CHECK_EQUAL(native_memory_stats().blocks, 2);
    char *more = native_memory_allocate(4 << 20); /* beyond what was mapped */
    memset(more, 1, 4 << 20);
    native_memory_free(shared[1]);
    CHECK_OK(native_memory_check());
}

static void work_load(void)
{
    open_machine();
    CHECK_OK(image_load_heap(path, &identity, &(ImageLoadOptions){IMAGE_VERIFIED, false}, NULL));
    check_loaded();
}

static void work_load_open(void)
{
    bool committed = true;
    open_machine();
    CHECK_OK(native_memory_open());
    void *block = native_memory_allocate(10);
    CHECK_FAILS(image_load_heap(path, &identity, NULL, &committed), ERROR_STATE);
    CHECK(!committed);
    native_memory_free(block);
    CHECK_OK(image_load_heap(path, &identity, NULL, &committed));
    check_loaded();
}

static void work_load_taken(void)
{
    bool committed = true;
    void *memory = NULL;
    CHECK_OK(os_memory_reserve(&memory, native_memory_base(), 65536, OS_IF_FREE));
    open_machine();
    CHECK_FAILS(image_load_heap(path, &identity, NULL, &committed), ERROR_STATE);
    CHECK(!committed);
}

static void in_child(void (*work)(void))
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        work();
        _exit(0);
    }
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
}

int main(void)
{
    int file = mkstemp(path);
    CHECK(file >= 0);
    int numbers[2];
    CHECK(pipe(numbers) == 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        work_save();
        CHECK(write(numbers[1], shared, 16) == 16);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
    CHECK(read(numbers[0], shared, 16) == 16);
    in_child(work_load);
    in_child(work_load_open);
    in_child(work_load_taken);
    close(file);
    CHECK_EQUAL(unlink(path), 0);
    printf("native memory part: %lu checks passed\n", test_checks_passed);
    return 0;
}
