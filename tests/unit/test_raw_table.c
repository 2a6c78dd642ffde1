/* SPDX-License-Identifier: MIT
 *
 * Rows are put in order by person, time and arrival, whether a person has one row or many, and also those that are
 * told to come before the others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"
#include "store/raw_table.h"
#include "unit_random.h"

enum { PEOPLE = 60, TIMES = 12 };

/* Person p gets about p rows; each has its number as its value. */
static void put_rows(raw_table *t, random_numbers *random, size_t count, size_t early)
{
    for (size_t i = 0; i < count; i++) {
        size_t row = raw_table_extend(t, 1);
        size_t most = (size_t)random_below(random, PEOPLE) + 1;
        t->groups[row] = (uint32_t)random_below(random, most);
        t->times[row] = (int64_t)random_below(random, TIMES) - TIMES / 2;
        t->arrivals[row] = (uint32_t)(early == 0 ? i : random_below(random, count / 2));
        ((int64_t *)t->columns[0].values)[row] = (int64_t)i;
    }
    t->early = early;
    t->is_amended = early > 0;
}

static bool is_behind(const event_table *t, uint64_t row, uint64_t other)
{
    int64_t a = event_table_time(t, row), b = event_table_time(t, other);
    int64_t first = packed_get(&t->arrival, row), second = packed_get(&t->arrival, other);
    if (a != b || first != second)
        return a != b ? a > b : first > second;
    return packed_get(&t->columns[0].values, row) >
           packed_get(&t->columns[0].values, other);
}

static void check_order(random_numbers *random, size_t count, size_t early)
{
    static const property columns[] = {{.name = "number", .type = {.kind = TYPE_TIME}}};
    raw_table t;
    event_table table;
    uint32_t *order;
    raw_table_init(&t, columns, 1);
    put_rows(&t, random, count, early);
    raw_table_finish(&t, PEOPLE, &table, &order);
    assert_int_equal(table.row_count, count);
    assert_int_equal(table.offsets[PEOPLE], count);
    for (size_t p = 0; p < PEOPLE; p++)
        for (uint64_t row = table.offsets[p] + 1; row < table.offsets[p + 1]; row++)
            assert_true(is_behind(&table, row, row - 1));
    memory_free(order);
    event_table_done(&table);
}

static void test_rows_are_in_order(void **state)
{
    random_numbers random;
    (void)state;
    random_begin(&random, "test_raw_table");
    for (size_t count = 0; count < 3000; count = count * 2 + 1) {
        check_order(&random, count, 0);
        check_order(&random, count, count / 2);
        check_order(&random, count, count * 9 / 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_in_order),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
