/* arena_test.c - the metadata arena: blocks, groups of blocks, what is laid for starts, tables that grow up and down. */
#include "test.h"

#include "heap/arena.h"
#include "os/os.h"

static void test_arena(void)
{
    CHECK_OK(arena_open());
    ArenaRef a = arena_allocate(24), b = arena_allocate(5000);
    CHECK(a != 0 && b != 0 && a % 8 == 0);
    CHECK_EQUAL(arena_ref(arena_at(a)), a);
    memset(arena_at(a), 255, 24);
    memset(arena_at(b), 255, 5000);
    arena_free(a, 24);
    arena_free(b, 5000);
    CHECK_EQUAL(arena_allocate(20), a);
    CHECK_EQUAL(*ARENA(uint64_t, a), 0);
    CHECK_EQUAL(arena_allocate(3000), b);
    CHECK_EQUAL(*ARENA(uint64_t, b + 2992), 0);
    CHECK_EQUAL(arena_allocate(2000), b + 3000);

    typedef struct Element {
        uint32_t words[3];
    } Element;
    ArenaTable table, down, later;
    CHECK_OK(arena_table_open(&table, "test", sizeof(Element), 100000, ENTRIES_PREFERRED_BASE));
    CHECK_EQUAL((uintptr_t)table.base, ENTRIES_PREFERRED_BASE);
    CHECK_EQUAL(arena_table_add(&table, 1), 1);
    CHECK_EQUAL(arena_table_add(&table, 50000), 2);
    CHECK_EQUAL(arena_table_bytes(&table, 50002), 10 * 65536); /* 600,024 */
    CHECK(arena_table_memory(&table, 655360) == table.base);
    Element *last = (Element *)(void *)table.base + 50001;
    *last = (Element){{1, 2, 3}};
    CHECK_EQUAL(arena_table_add(&table, 50000), 0);
    CHECK_FAILS(arena_table_reach(&table, 100001), ERROR_LIMIT);

    CHECK_OK(arena_table_open_down(&down, "down", sizeof(Element), 0, 100000, ARENA_PREFERRED_BASE));
    CHECK_EQUAL((uintptr_t)down.base, ARENA_PREFERRED_BASE);
    CHECK_EQUAL(arena_table_add(&down, 50001), 1);
    CHECK(arena_table_memory(&down, 655360) == down.base - 655360);
    CHECK(ARENA_TABLE_DOWN(Element, down, 1) == (Element *)(void *)down.base - 2);
    CHECK(ARENA_TABLE_DOWN(Element, down, 50001) == (Element *)(void *)down.base - 50002);
    *ARENA_TABLE_DOWN(Element, down, 50001) = (Element){{4, 5, 6}};

    /* Elements below the first take no memory; that the place is taken does not matter. */
    CHECK_OK(arena_table_open_down(&later, "later", sizeof(uint32_t), 70000, 100000, ARENA_PREFERRED_BASE));
    CHECK_OK(arena_table_reach(&later, 70000));
    CHECK_EQUAL(later.committed, 0);
    CHECK_EQUAL(arena_table_add(&later, 2), 70000);
    CHECK_EQUAL(later.committed, 65536);
    CHECK((uint8_t *)ARENA_TABLE_DOWN(uint32_t, later, 70000) == arena_table_memory(&later, 65536) + 65536 - 4);
    *ARENA_TABLE_DOWN(uint32_t, later, 70001) = 7;

    uint8_t *base = arena_base;
    CHECK_OK(arena_move_everything());
    CHECK(arena_base != base);
    CHECK_EQUAL(((Element *)(void *)table.base)[50001].words[2], 3);
    CHECK_EQUAL(ARENA_TABLE_DOWN(Element, down, 50001)->words[2], 6);
    CHECK_EQUAL(ARENA_TABLE_DOWN(Element, down, 1)->words[0], 0);
    CHECK_EQUAL(*ARENA_TABLE_DOWN(uint32_t, later, 70001), 7);

    /* What is cleared is what lies behind. */
    *ARENA_TABLE_DOWN(Element, down, 1) = ((Element *)(void *)table.base)[1] = (Element){{8, 9, 10}};
    CHECK_OK(arena_table_clear(&down, 65536));
    CHECK_OK(arena_table_clear(&table, 65536));
    CHECK_EQUAL(ARENA_TABLE_DOWN(Element, down, 1)->words[0], 8);
    CHECK_EQUAL(ARENA_TABLE_DOWN(Element, down, 50001)->words[2], 0);
    CHECK_EQUAL(((Element *)(void *)table.base)[1].words[0], 8);
    CHECK_EQUAL(((Element *)(void *)table.base)[50001].words[2], 0);
    arena_close();
    CHECK(arena_base == NULL);
}

static bool is_filled(ArenaRef block, size_t size, int with)
{
    for (size_t i = 0; i < size; i++)
        if (ARENA(uint8_t, block)[i] != with)
            return false;
    return true;
}

/* Blocks of a kind side by side, whatever comes between; moved ones keep what they hold, and their places serve others. */
static void test_arena_groups(void)
{
    ArenaRef blocks[200];
    size_t far = 0;

    CHECK_OK(arena_open());
    for (int i = 0; i < 200; i++) {
        blocks[i] = arena_allocate_near(ARENA_CODE, 100);
        CHECK(is_filled(blocks[i], 104, 0));
        memset(arena_at(blocks[i]), i, 104);
        (void)arena_allocate_near(ARENA_NAMES, 4000);
        (void)arena_allocate(3000);
    }
    for (int i = 1; i < 200; i++) far += blocks[i] != blocks[i - 1] + 104;
    CHECK(far <= 3); /* stretches of 1, 4, 16 and 64 KB */
    ArenaRef old = blocks[0], last = blocks[199];
    for (int i = 0; i < 200; i++) {
        blocks[i] = arena_lay(ARENA_START, blocks[i], 104);
        CHECK(is_filled(blocks[i], 104, i));
        CHECK(i == 0 || blocks[i] == blocks[i - 1] + 104);
    }
    CHECK(blocks[0] != old);
    CHECK_EQUAL(arena_allocate(104), last);
    for (int i = 0; i < 16; i++) (void)arena_allocate_near(ARENA_LISTS, 8000); /* until stretches are large */
    ArenaRef large = arena_allocate(100000);
    CHECK_EQUAL(arena_lay(ARENA_START, large, 100000), large);
    arena_free(large, 100000); /* has room for a group's next blocks, which are zero */
    memset(arena_at(large) + 8, 255, 99000);
    uint64_t used = arena_used_bytes();
    for (int i = 0; i < 8; i++) CHECK(is_filled(arena_allocate_near(ARENA_LISTS, 8000), 8000, 0));
    CHECK_EQUAL(arena_used_bytes(), used);
    arena_close();
}

/* What was accessed gets a copy at the arena's beginning; a table's chunks move before it, to what starts write, and it holds what it
 * held. What is then left serves others. */
static void test_arena_start(void)
{
    ArenaRef blocks[100];
    ArenaTable table;

    CHECK_OK(arena_open_for_start());
    ArenaRef behind = arena_allocate(8);
    CHECK_OK(arena_table_open_chunked(&table, "test", 8, 10000, 4));
    CHECK_EQUAL(arena_table_add(&table, 5000), 1);
    for (uint32_t i = 1; i <= 5000; i++) *(uint64_t *)arena_table_at(&table, i, 8, 4) = i;
    for (int i = 0; i < 100; i++) {
        blocks[i] = arena_allocate(1000);
        memset(arena_at(blocks[i]), i, 1000);
    }
    ArenaRef first = arena_allocate_near(ARENA_START, 8);
    CHECK(first < behind);
    CHECK(arena_allocate_near(ARENA_STATE, 8) < first);
    CHECK_EQUAL(((uintptr_t)arena_base + first) % OS_LARGE_PAGE_BYTES, 0);
    Result noting = arena_note_accesses();
    if (noting == OK) {
        for (int i = 7; i < 100; i += 10) CHECK_EQUAL(ARENA(volatile uint8_t, blocks[i])[999], i);
        os_memory_note_end();
        ArenaRef next = first + 8;
        for (int i = 0; i < 100; i++) {
            CHECK_EQUAL(arena_was_accessed(blocks[i], 1000), i % 10 == 7);
            ArenaRef laid = arena_copy_if_accessed(blocks[i], 1000);
            CHECK_EQUAL(laid, i % 10 == 7 ? next : blocks[i]);
            CHECK(is_filled(laid, 1000, i));
            next += i % 10 == 7 ? 1000 : 0;
        }
        arena_forget_accesses();
        CHECK(!arena_was_accessed(blocks[7], 1000));
    } else {
        CHECK_EQUAL(noting, ERROR_UNSUPPORTED);
    }
    arena_lay_chunks_for_start();
    for (uint32_t i = 1; i <= 5000; i++) CHECK_EQUAL(*(uint64_t *)arena_table_at(&table, i, 8, 4), i);
    for (uint32_t i = 0; i < arena_table_chunks(&table, table.count); i++) CHECK(table.chunks[i] < first);
    ArenaRef other = arena_allocate(3000);
    CHECK(other > behind);
    arena_start_is_laid();
    other = arena_allocate(3000);
    CHECK(other > first && other < behind);
    CHECK(is_filled(other, 3000, 0));
    other = arena_allocate_near(ARENA_START, 8);
    CHECK(other > behind);
    arena_close();
}

TEST_MAIN("arena", test_arena, test_arena_groups, test_arena_start)
