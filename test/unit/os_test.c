/* os_test.c - the operating system layer. */
#include "os/os.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

#include "base/base.h"
#include "test.h"

static void test_memory(void)
{
    size_t page = os_page_size(), size = 64 * page;
    void *memory = NULL, *again = NULL;
    char *bytes;

    CHECK(page >= 4096 && (page & (page - 1)) == 0);
    CHECK_OK(os_memory_reserve(&memory, (void *)OS_FIXED_ADDRESS(0x2100000000), size, OS_IF_FREE));
    CHECK_EQUAL((uintptr_t)memory, OS_FIXED_ADDRESS(0x2100000000));
    CHECK_FAILS(os_memory_reserve(&again, (char *)memory + page, page, OS_IF_FREE), ERROR_STATE);
    CHECK_OK(os_memory_commit(memory, 4 * page));
    bytes = memory;
    bytes[0] = bytes[4 * page - 1] = 'x';
    CHECK_OK(os_memory_clear(memory, page));
    CHECK_EQUAL(bytes[0], 0);
    CHECK_EQUAL(bytes[4 * page - 1], 'x');
    CHECK_OK(os_memory_decommit(memory, size));
    CHECK_OK(os_memory_commit(memory, size));
    CHECK_EQUAL(bytes[4 * page - 1], 0);
    bytes[page] = 'y';
    OsStretch stretches[] = {{bytes, page}, {bytes + page, 2 * page}, {bytes + 5 * page, page}};
    for (size_t count = 0; count <= COUNT_OF(stretches); count++) {
        os_memory_populate_each(stretches, count, false);
        os_memory_populate_each(stretches, count, true);
    }
    CHECK_EQUAL(bytes[0], 0);
    CHECK_EQUAL(bytes[page], 'y');
    CHECK_OK(os_memory_protect(memory, size, OS_READ));
    CHECK_EQUAL(bytes[5], 0);
    os_memory_release(memory, size);
    CHECK_OK(os_memory_reserve(&again, memory, size, OS_IF_FREE));
    os_memory_release(again, size);
    CHECK(os_memory_physical() > 1000000);
    CHECK(os_memory_resident() > 100000);
    CHECK_FAILS(os_memory_reserve(&memory, NULL, (size_t)1 << 60, OS_ANYWHERE), ERROR_MEMORY);
}

static bool count_name(void *context, const char *name)
{
    size_t *found = context;
    if (strncmp(name, "os_test_file", 12) == 0) ++*found;
    return true;
}

static void test_targets(void)
{
    char link[64], *target = NULL;
    const char *itself = link + strlen("/tmp/");

    snprintf(link, sizeof link, "/tmp/os_test_link_%d", (int)os_process_id());
    const struct { const char *said, *leads_to; } rows[] = {
        {"os_nowhere", "/tmp/os_nowhere"}, {"/os_nowhere", "/os_nowhere"}, {itself, NULL} /* a circle */
    };
    CHECK_OK(os_path_target(link, &target));
    CHECK_TEXT(target, link);
    memory_free(target);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_EQUAL(symlink(rows[i].said, link), 0);
        CHECK_EQUAL(os_path_target(link, &target), rows[i].leads_to != NULL ? OK : ERROR_IO);
        CHECK_EQUAL(target != NULL, rows[i].leads_to != NULL);
        if (target != NULL)
            CHECK_TEXT(target, rows[i].leads_to);
        memory_free(target);
        (void)unlink(link);
    }
}

static void test_files(void)
{
    char path[256], *temporary = NULL, *real = NULL;
    OsFile file = OS_FILE_NONE;
    uint64_t size = 0;
    size_t got = 0, found = 0, page = os_page_size();
    char buffer[16];
    Bytes bytes = {0};
    void *map = NULL, *map_readonly = NULL;

    snprintf(path, sizeof path, "/tmp/os_test_file_%d", (int)os_process_id());
    CHECK_FAILS(os_file_open(&file, path, OS_OPEN_READ), ERROR_NOT_FOUND);
    CHECK(strstr(error_message(), path) != NULL);
    CHECK_EQUAL(os_path_kind(path), OS_KIND_NONE);

    CHECK_OK(os_file_open_temporary(&file, path, &temporary));
    CHECK(strncmp(temporary, path, strlen(path)) == 0);
    for (size_t i = 0; i < page; i++) CHECK_OK(os_file_write(file, "0123456789abcdef", 16));
    CHECK_OK(os_file_write_at(file, "XY", 2, 1));
    CHECK_OK(os_file_sync(file));
    CHECK_OK(os_file_size(file, &size));
    CHECK_EQUAL(size, 16 * page);
    os_file_close(file);
    CHECK_OK(os_file_rename(temporary, path));
    CHECK_OK(os_folder_sync(path));
    CHECK_EQUAL(os_path_kind(temporary), OS_KIND_NONE);
    CHECK_EQUAL(os_path_kind(path), OS_KIND_FILE);
    CHECK_EQUAL(os_path_kind("/tmp"), OS_KIND_FOLDER);
    CHECK_EQUAL(os_path_kind("/dev/null"), OS_KIND_OTHER);
    CHECK_OK(os_folder_list("/tmp", count_name, &found));
    CHECK(found >= 1);
    CHECK_OK(os_path_real("/tmp/../tmp/.", &real));
    CHECK_TEXT(real, "/tmp");
    memory_free(real);
    test_targets();

    CHECK_OK(os_file_open(&file, path, OS_OPEN_READ));
    CHECK_OK(os_file_read(file, buffer, 4, &got));
    CHECK_BYTES(buffer, "0XY3", 4);
    CHECK_OK(os_file_read_at(file, buffer, 16, 16 * page - 3, &got));
    CHECK_EQUAL(got, 3);
    CHECK_BYTES(buffer, "def", 3);
    CHECK(!os_file_is_terminal(file));
    CHECK_OK(os_memory_map_file(&map, file, page, 2 * page, (void *)OS_FIXED_ADDRESS(0x2200000000), OS_IF_FREE));
    CHECK_EQUAL((uintptr_t)map, OS_FIXED_ADDRESS(0x2200000000));
    CHECK_OK(os_memory_map_file_readonly(&map_readonly, file, 0, 16 * page));
    os_file_close(file);
    CHECK_BYTES(map, "0123", 4);
    ((char *)map)[0] = '!'; /* stays private */
    CHECK_EQUAL(((char *)map_readonly)[page], '0');
    os_memory_release(map, 2 * page);
    os_memory_release(map_readonly, 16 * page);

    CHECK_OK(os_file_load(path, 16 * page, &bytes));
    CHECK_EQUAL(bytes.size, 16 * page);
    bytes_free(&bytes);
    CHECK_FAILS(os_file_load(path, 16 * page - 1, &bytes), ERROR_LIMIT);
    CHECK_FAILS(os_file_load("/tmp", 100, &bytes), ERROR_IO);
    CHECK_OK(os_file_load("/proc/self/stat", 100000, &bytes)); /* says its size is 0 */
    CHECK(bytes.size > 10);
    bytes_free(&bytes);
    CHECK_OK(os_file_remove(path));
    CHECK_FAILS(os_file_remove(path), ERROR_NOT_FOUND);
    memory_free(temporary);

    CHECK_OK(os_executable_path(&real));
    CHECK(real[0] == '/' && strstr(real, "os_test") != NULL);
    memory_free(real);
}

static void test_clocks(void)
{
    int64_t start = os_clock_monotonic_ns();
    os_sleep_ns(2000000);
    CHECK(os_clock_monotonic_ns() - start >= 2000000);
    CHECK(os_clock_wall_ns() > INT64_C(1700000000) * 1000000000);
    CHECK(os_clock_cpu_ns() > 0);
}

typedef struct Shared {
    OsMutex mutex;
    OsCondition condition;
    int counter, turn;
    _Atomic uint32_t word;
    _Atomic int outcome;
} Shared;

static void count_up(void *pointer)
{
    Shared *shared = pointer;
    for (int i = 0; i < 20000; i++) {
        os_mutex_lock(&shared->mutex);
        shared->counter++;
        os_mutex_unlock(&shared->mutex);
    }
}

static void play_turns(void *pointer)
{
    Shared *shared = pointer;
    os_mutex_lock(&shared->mutex);
    for (int i = 0; i < 500; i++) {
        while (shared->turn != 1) os_condition_wait(&shared->condition, &shared->mutex, OS_FOREVER);
        shared->turn = 0;
        os_condition_signal(&shared->condition);
    }
    os_mutex_unlock(&shared->mutex);
}

static void test_locks(void)
{
    Shared shared = {0};
    OsThread threads[4];

    for (int i = 0; i < 4; i++) CHECK_OK(os_thread_create(&threads[i], 256 * 1024, count_up, &shared));
    for (int i = 0; i < 4; i++) os_thread_join(threads[i]);
    CHECK_EQUAL(shared.counter, 80000);
    CHECK(os_mutex_try_lock(&shared.mutex));
    CHECK(!os_mutex_try_lock(&shared.mutex));
    int64_t start = os_clock_monotonic_ns();
    CHECK_EQUAL(os_condition_wait(&shared.condition, &shared.mutex, 3000000), OS_WAIT_TIMEOUT);
    CHECK(os_clock_monotonic_ns() - start >= 3000000);

    CHECK_OK(os_thread_create(&threads[0], 0, play_turns, &shared));
    for (int i = 0; i < 500; i++) {
        shared.turn = 1;
        os_condition_broadcast(&shared.condition);
        while (shared.turn != 0) os_condition_wait(&shared.condition, &shared.mutex, OS_FOREVER);
    }
    os_mutex_unlock(&shared.mutex);
    os_thread_join(threads[0]);
}

static void wait_on_word(void *pointer)
{
    Shared *shared = pointer;
    shared->outcome = 100;
    shared->outcome = (int)os_futex_wait(&shared->word, 0, OS_FOREVER);
}

static void measure_stack(void *pointer)
{
    void *low;
    size_t size;
    os_thread_set_name("a long name that is cut");
    os_thread_stack(&low, &size);
    CHECK((char *)&low > (char *)low && (char *)&low < (char *)low + size);
    *(size_t *)pointer = size;
}

static void test_threads(void)
{
    Shared shared = {0};
    OsThread thread;
    size_t size = 0;

    CHECK_EQUAL(os_futex_wait(&shared.word, 1, OS_FOREVER), OS_WAIT_CHANGED);
    CHECK_EQUAL(os_futex_wait(&shared.word, 0, 1000000), OS_WAIT_TIMEOUT);
    CHECK_EQUAL(os_futex_wait_until(&shared.word, 0, os_clock_monotonic_ns() - 5), OS_WAIT_TIMEOUT);
    CHECK_OK(os_thread_create(&thread, 256 * 1024, wait_on_word, &shared));
    while (shared.outcome == 0 || shared.outcome == 100) {
        os_thread_interrupt(thread);
        os_sleep_ns(100000);
    }
    CHECK_EQUAL(shared.outcome, OS_WAIT_INTERRUPTED);
    os_thread_join(thread);

    shared.outcome = 0;
    CHECK_OK(os_thread_create(&thread, 256 * 1024, wait_on_word, &shared));
    while (shared.outcome != 100) os_thread_yield();
    os_sleep_ns(1000000);
    shared.word = 1;
    os_futex_wake(&shared.word, INT_MAX);
    os_thread_join(thread);
    CHECK(shared.outcome == OS_WAIT_WOKEN || shared.outcome == OS_WAIT_CHANGED);

    CHECK_OK(os_thread_create(&thread, 300 * 1024, measure_stack, &size));
    os_thread_join(thread);
    CHECK(size >= 256 * 1024 && size <= 400 * 1024);
    CHECK(os_thread_number() != 0);
    CHECK_EQUAL(os_thread_self(), os_thread_self());
}

static void test_signals(void)
{
    OsLibrary program = NULL;
    int (*raise_signal)(int);

    CHECK_EQUAL(os_signal_number("INT"), 2);
    CHECK_EQUAL(os_signal_number("NONE"), -1);
    CHECK_OK(os_signal_watch(os_signal_number("USR1")));
    CHECK_FAILS(os_signal_watch(os_signal_number("KILL")), ERROR_ARGUMENT);
    CHECK_EQUAL(os_signal_next(1000000), 0);
    CHECK_OK(os_library_open(&program, NULL));
    *(void **)&raise_signal = os_library_symbol(program, "raise");
    CHECK(raise_signal != NULL);
    raise_signal(os_signal_number("USR1"));
    CHECK_EQUAL(os_signal_next(OS_FOREVER), os_signal_number("USR1"));
    CHECK_OK(os_signal_ignore(os_signal_number("USR1")));
    raise_signal(os_signal_number("USR1"));
    CHECK(os_signal_is_ignored(os_signal_number("USR1")));
    CHECK_OK(os_signal_default(os_signal_number("USR1")));
    CHECK(!os_signal_is_ignored(os_signal_number("USR1"))); /* (others may have been ignored before this process) */
}

static void test_process(void)
{
    OsLibrary library = NULL;
    uint64_t one = 0, two = 0;

    CHECK_FAILS(os_library_open(&library, "libno_such_thing.so.9"), ERROR_NOT_FOUND);
    CHECK(strstr(error_message(), "no_such_thing") != NULL);
    CHECK_OK(os_library_open(&library, "libm.so.6"));
    CHECK(os_library_symbol(library, "sin") != NULL);
    CHECK(os_library_symbol(library, "no_such_function") == NULL);
    os_library_close(library);
    CHECK(os_environment_get("PATH") != NULL);
    CHECK(os_environment_get("NO_SUCH_VARIABLE_X") == NULL);
    CHECK(os_processor_count() >= 1);
    CHECK_OK(os_random_bytes(&one, 8));
    CHECK_OK(os_random_bytes(&two, 8));
    CHECK(one != two);
}

/* Each is the C library's function of that name. */
static void test_mathematics(void)
{
    volatile double x = 0.7;

    CHECK(os_sin(x) == sin(x) && os_cos(x) == cos(x) && os_tan(x) == tan(x) && os_atan(x) == atan(x));
    CHECK(os_exp(x) == exp(x) && os_log(x) == log(x) && os_log10l(x) == log10l(x) && os_pow(2.5, x) == pow(2.5, x));
    CHECK( os_fmod(-7.5, 2) == -1.5 && os_fmodf(-7.5f, 2) == -1.5f);
    CHECK(os_remainder(10, 4) == 2 && os_remainder(14, 4) == -2);
    CHECK(os_fma(0x1p53, 2, 1) == 0x1p54 && os_fma(0x1p52, 1, 0.5) == 0x1p52 && os_fmaf(3, 4, 5) == 17);
}

/* Exactly the words that are touched are marked, whichever pages they are in; a word that is written stays marked as that. */
static void test_noting_words(void)
{
    static uint8_t marks[3 * 4096 / OS_NOTED_WORD_BYTES * 16], expected[sizeof marks]; /* pages of up to 64 KB */
    size_t page = os_page_size(), words = page / OS_NOTED_WORD_BYTES, total = 0;
    void *memory;

    CHECK(3 * words <= sizeof marks);
    CHECK_OK(os_memory_allocate(&memory, NULL, 3 * page, OS_ANYWHERE));
    volatile uint64_t *at = memory;
    Result noting = os_memory_note_words(memory, 3 * page, marks);
    if (noting == ERROR_UNSUPPORTED) {
        printf("os: single words cannot be noted on this processor\n");
        return;
    }
    CHECK_OK(noting);
    at[5] = 7;
    for (int i = 0; i < 100; i++) total += at[5] + at[words + 3];
    at[words + 4] = 1;
    total += at[words + 4];
    at[2 * words] = at[words - 1]; /* two pages in one statement */
    __asm__ volatile("" ::: "memory");
    total += *(volatile uint32_t *)((volatile char *)memory + 3 * page - 4); /* half of the last word */
    os_memory_note_end();
    at[9] = 1; /* no more */
    CHECK_EQUAL(total, 701);
    expected[5] = expected[words + 4] = expected[2 * words] = OS_WRITTEN;
    expected[words + 3] = expected[words - 1] = expected[3 * words - 1] = OS_READ_ONLY;
    CHECK_BYTES(marks, expected, sizeof marks);
    os_memory_release(memory, 3 * page);
}

TEST_MAIN("os", test_memory, test_noting_words, test_files, test_clocks, test_locks, test_threads, test_signals, test_mathematics, test_process)
