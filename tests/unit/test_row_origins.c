/* SPDX-License-Identifier: MIT
 *
 * Places of a whole store, which lie in stretches of several files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/row_origins.h"

static void expect(const row_origins *o, uint64_t place, size_t source, const char *file,
                   uint64_t line)
{
    row_origin found;
    assert_true(row_origins_find(o, place, &found));
    assert_int_equal(found.source, source);
    assert_true(slice_equals(found.file, slice_of(file)));
    assert_int_equal(found.line, line);
}

static void test_stretches(void **state)
{
    (void)state;
    arena *memory = arena_new();
    origins *a = origins_new(), *b = origins_new();
    row_origins *o = row_origins_new(memory);
    origins_note_run(a, slice_of("a.csv"), 2, 4);
    origins_note_run(a, slice_of("c.csv"), 2, 3);
    origins_note_run(b, slice_of("b.csv"), 10, 2);
    row_origins_add(o, (row_stretch){.place = 0, .count = 4, .source = 0, .noted = a});
    row_origins_add(o, (row_stretch){.place = 4, .count = 0, .source = 0, .noted = b});
    row_origins_add(o, (row_stretch){.place = 4, .count = 2, .source = 1, .noted = b});
    row_origins_add(
        o, (row_stretch){.place = 6, .count = 3, .source = 2, .noted = a, .first = 4});
    expect(o, 0, 0, "a.csv", 2);
    expect(o, 3, 0, "a.csv", 5);
    expect(o, 4, 1, "b.csv", 10);
    expect(o, 5, 1, "b.csv", 11);
    expect(o, 8, 2, "c.csv", 4);
    origins_free(a);
    origins_free(b);
    arena_free(memory);
}

static void test_what_nobody_noted(void **state)
{
    (void)state;
    arena *memory = arena_new();
    origins *a = origins_new();
    row_origins *o = row_origins_new(memory);
    row_origin found;
    assert_false(row_origins_find(NULL, 0, &found));
    assert_false(row_origins_find(o, 0, &found));
    origins_note_run(a, slice_of("a.csv"), 2, 4);
    row_origins_add(o, (row_stretch){.place = 2, .count = 4, .source = 0, .noted = a});
    assert_false(row_origins_find(o, 1, &found));
    assert_false(row_origins_find(o, 6, &found));
    expect(o, 2, 0, "a.csv", 2);
    origins_free(a);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stretches),
                                       cmocka_unit_test(test_what_nobody_noted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
