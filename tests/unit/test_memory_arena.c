/* SPDX-License-Identifier: MIT
 *
 * memory and arena: sizes of nothing, growth, alignment, and reuse after a clear.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/memory.h"

static void nothing_is_something(void **state)
{
    (void)state;
    void *blocks[] = {memory_alloc(0),          memory_alloc_zero(0),
                      memory_alloc_array(0, 8), memory_alloc_zero_array(8, 0),
                      memory_alloc_large(0, 8), memory_resize(NULL, 0)};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        assert_non_null(blocks[i]);
        memory_free(blocks[i]);
    }
    memory_free(NULL);
}

static void grow_doubles(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        memory_grow((void **)&items, i, &capacity, sizeof *items);
        assert_true(capacity > i);
        items[i] = (int)i;
    }
    assert_int_equal(capacity, 1024);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    memory_free(items);
}

static void copies_end_in_nul(void **state)
{
    (void)state;
    char *part = memory_copy_text("abcdef", 3);
    char *none = memory_copy_text(NULL, 0);
    char *whole = memory_copy_string("abc");
    assert_string_equal(part, "abc");
    assert_string_equal(none, "");
    assert_string_equal(whole, "abc");
    memory_free(part);
    memory_free(none);
    memory_free(whole);
}

/* A product that overflows ends the process as no memory does. */
static void overflow_ends_the_process(void **state)
{
    (void)state;
    fflush(NULL); /* or the child writes what waits once more */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(1);
        void *never = memory_alloc_array(SIZE_MAX / 4, 8);
        _exit(never == NULL ? 2 : 3);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EX_OSERR);
}

static void objects_are_zeroed_and_aligned(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,    1,    7,     16,     17,     4095,
                                   4096, 5000, 16384, 100000, 3000000};
    arena *a = arena_new();
    for (size_t round = 0; round < 3; round++) {
        size_t used = 0;
        for (size_t i = 0; i < 200; i++) {
            size_t size = sizes[(i * 7 + round) % (i < 20 ? 11 : 8)];
            unsigned char *object = arena_alloc(a, size);
            assert_int_equal((uintptr_t)object % (size >= 4096 ? 64 : 16), 0);
            for (size_t k = 0; k < size; k++)
                if (object[k] != 0)
                    fail_msg("byte %zu of %zu is %d", k, size, object[k]);
            memset(object, 0xAB, size);
            used += size;
        }
        assert_int_equal(arena_used_bytes(a), used);
        arena_clear(a);
        assert_int_equal(arena_used_bytes(a), 0);
    }
    arena_free(a);
    arena_free(NULL);
}

/* Below, at and above the sizes from which there are large pages. */
static void large_arrays_are_aligned(void **state)
{
    (void)state;
    enum { PAGE = 2 * 1024 * 1024 };
    static const size_t sizes[] = {1,        100,          PAGE,        2 * PAGE - 1,
                                   2 * PAGE, 2 * PAGE + 1, 5 * PAGE + 7};
    arena *a = arena_new();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *small = arena_alloc(a, 40),
                      *alone = memory_alloc_large(sizes[i], 1);
        unsigned char *large = arena_alloc_large(a, sizes[i], 1);
        memset(small, 1, 40);
        memset(alone, 2, sizes[i]);
        memset(large, 3, sizes[i]);
        assert_int_equal((uintptr_t)alone % 64, 0);
        assert_int_equal((uintptr_t)large % (sizes[i] >= 4096 ? 64 : 16), 0);
        for (size_t k = 0; k < 40; k++)
            assert_int_equal(small[k], 1);
        memory_free(alone);
    }
    arena_clear(a); /* what was large is used again */
    for (size_t i = 0; i < 30000; i++)
        memset(arena_alloc(a, 1000), 4, 1000);
    arena_free(a);
}

static void objects_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    arena *a = arena_new();
    unsigned char **objects = arena_alloc_array(a, COUNT, sizeof *objects);
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = arena_alloc(a, i % 97 + 1);
        memset(objects[i], (int)(i % 251), i % 97 + 1);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k <= i % 97; k++)
            assert_int_equal(objects[i][k], i % 251);
    arena_free(a);
}

static void texts_in_an_arena(void **state)
{
    (void)state;
    arena *a = arena_new();
    assert_string_equal(arena_copy_text(a, "abcdef", 2), "ab");
    assert_string_equal(arena_copy_text(a, NULL, 0), "");
    assert_string_equal(arena_copy_string(a, "x"), "x");
    assert_string_equal(arena_format(a, "%s-%d", "n", 42), "n-42");
    assert_string_equal(arena_format(a, "%*d", 5000, 7) + 4999, "7");
    arena_free(a);
}

/* What was made in one arena lives on in another, which goes on as before. */
static void joined_arenas(void **state)
{
    (void)state;
    arena *a = arena_new(), *b = arena_new(), *empty = arena_new();
    const char *own = arena_copy_string(a, "own");
    const char *small = arena_copy_string(b, "small");
    char *large = arena_alloc(b, 3000000);
    memset(large, 'x', 3000000);
    size_t used = arena_used_bytes(a) + arena_used_bytes(b);
    arena_join(a, b);
    arena_join(a, empty);
    for (int i = 0; i < 5000; i++)
        memset(arena_alloc(a, 1000), 'y', 1000);
    assert_string_equal(own, "own");
    assert_string_equal(small, "small");
    assert_int_equal(large[0], 'x');
    assert_int_equal(large[2999999], 'x');
    assert_int_equal(arena_used_bytes(a), used + 5000 * 1000);
    arena *first = arena_new(), *second = arena_new();
    small = arena_copy_string(second, "small");
    arena_join(first, second); /* into one that has nothing */
    arena_alloc(first, 100);
    assert_string_equal(small, "small");
    arena_free(first);
    arena_clear(a);
    assert_string_equal(arena_copy_string(a, "again"), "again");
    arena_free(a);
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
/* A block of 20 MB is taken of what is ready: nothing more is asked of the system, nor given back. The last
 * test, as what is freed is kept from then on. */
static void what_is_ready_is_taken(void **state)
{
    enum { READY = 31 << 20, BLOCK = 20 << 20 };
    (void)state;
    memory_have_ready();
    struct mallinfo2 before = mallinfo2();
    assert_true(before.fordblks >= READY);
    char *block = memory_alloc(BLOCK);
    memset(block, 7, BLOCK);
    struct mallinfo2 taken = mallinfo2();
    assert_int_equal(taken.arena, before.arena);
    assert_int_equal(taken.hblkhd, before.hblkhd);
    memory_free(block);
    assert_int_equal(mallinfo2().arena, before.arena);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_something),
        cmocka_unit_test(grow_doubles),
        cmocka_unit_test(copies_end_in_nul),
        cmocka_unit_test(overflow_ends_the_process),
        cmocka_unit_test(objects_are_zeroed_and_aligned),
        cmocka_unit_test(large_arrays_are_aligned),
        cmocka_unit_test(objects_do_not_overlap),
        cmocka_unit_test(texts_in_an_arena),
        cmocka_unit_test(joined_arenas),
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(what_is_ready_is_taken),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
