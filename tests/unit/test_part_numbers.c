/* SPDX-License-Identifier: MIT
 *
 * Numbers of chosen rows: what is written is what the rows have, changed as was asked, whether they are so
 * few that they are taken once or not, and wherever runs of rows end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "store/part_numbers.h"
#include "support/own_file.h"

enum { FEW = 1 << 17, ROWS = 3 * FEW, CODES = 200 };

/* Every other run of so many rows, until there are `count`; the last one may be shorter. */
static run_list every_other(uint64_t count, uint64_t size)
{
    run_list rows = {0};
    for (uint64_t first = 0; rows.row_count < count; first += 2 * size) {
        uint64_t left = count - rows.row_count;
        run_list_add(&rows, first, left < size ? left : size);
    }
    return rows;
}

static int64_t expected_at(const numbers *n, uint64_t row)
{
    int64_t number = packed_get(n->from, (size_t)row);
    if (n->codes)
        number =
            n->present && !bitmap_get(n->present, (size_t)row) ? 0 : n->codes[number];
    return number + n->added;
}

/* Are the numbers of the file those of the rows, in their order? */
static void check_section(const section_file *f, const numbers *n)
{
    const section *s = section_file_find(f, ROLE_TIMES, "t");
    assert_non_null(s);
    packed found = section_numbers(s);
    assert_int_equal(s->bytes, packed_stored_bytes(found.bits, n->rows->row_count));
    size_t at = 0;
    for (size_t i = 0; i < n->rows->count; i++)
        for (uint64_t r = 0; r < n->rows->items[i].count; r++, at++) {
            int64_t expected = expected_at(n, n->rows->items[i].first + r);
            if (packed_get(&found, at) != expected)
                fail_msg("number %zu of %llu", at,
                         (unsigned long long)n->rows->row_count);
        }
}

static void check(numbers n)
{
    carpel_error err;
    section_file_identity identity;
    remove(own_file);
    section_writer *w = section_writer_new(own_file, &err);
    assert_non_null(w);
    const section s = {
        .role = ROLE_TIMES, .name = slice_of("t"), .count = n.rows->row_count};
    packed shape = numbers_write(w, s, n);
    assert_true(section_writer_finish(w, &identity, &err));
    section_file *f = section_file_open(own_file, &identity, &err);
    assert_non_null(f);
    assert_true(section_file_check(f, NULL, NULL, &err));
    assert_int_equal(section_numbers(section_file_find(f, ROLE_TIMES, "t")).bits,
                     shape.bits);
    check_section(f, &n);
    section_file_close(f);
}

/* The same rows as numbers, with something added, and as codes that are others in the store. */
static void check_rows(const packed *times, const packed *codes, const run_list *rows)
{
    uint32_t translated[CODES];
    uint64_t *present = memory_alloc_zero_array(ROWS / 64 + 1, sizeof *present);
    for (uint32_t i = 0; i < CODES; i++)
        translated[i] = CODES - i;
    for (size_t i = 0; i < ROWS; i++)
        bitmap_put(present, i, i % 3 != 0);
    check((numbers){.from = times, .rows = rows});
    check((numbers){.from = codes, .rows = rows, .are_codes = true, .added = 1000});
    check((numbers){.from = codes, .rows = rows, .are_codes = true, .codes = translated});
    check((numbers){.from = codes,
                    .rows = rows,
                    .are_codes = true,
                    .codes = translated,
                    .present = present});
    memory_free(present);
}

static void test_rows(void **state)
{
    static const uint64_t counts[] = {1, 63, 4096, 4097, FEW - 1, FEW, FEW + 1};
    static const uint64_t sizes[] = {1, 7, 4096, FEW};
    (void)state;
    int64_t *numbers = memory_alloc_array(ROWS, sizeof *numbers);
    uint32_t *codes = memory_alloc_array(ROWS, sizeof *codes);
    for (int64_t i = 0; i < ROWS; i++) {
        numbers[i] = (i * 7919 % 100003 - 50000) * 1000;
        codes[i] = (uint32_t)(i * 31 % CODES);
    }
    packed times = packed_new(numbers, ROWS), texts = packed_new_codes(codes, ROWS);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            run_list rows = every_other(counts[c], sizes[s]);
            check_rows(&times, &texts, &rows);
            memory_free(rows.items);
        }
    memory_free((void *)times.data);
    memory_free((void *)texts.data);
    memory_free(numbers);
    memory_free(codes);
}

/* Rows that stand one behind the other are one run. */
static void test_runs(void **state)
{
    (void)state;
    run_list rows = {0};
    run_list_add(&rows, 5, 2);
    run_list_add(&rows, 7, 0);
    run_list_add(&rows, 7, 3);
    run_list_add(&rows, 11, 1);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.items[0].count, 5);
    assert_int_equal(rows.row_count, 6);
    memory_free(rows.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, own_file_begin, own_file_end);
}
