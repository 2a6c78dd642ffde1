/* SPDX-License-Identifier: MIT
 *
 * Histories told row by row: values of every type, what is not told, and the order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "ingest/facts.h"
#include "support/world.h"

enum { BUY, LOOK };
enum { AMOUNT, WEIGHT, STORE, GIFT };

static int set_up(void **state)
{
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount decimal(2), weight number, store string, gift bool");
    world_kind(w, "look", "tags [string]");
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static slice text_at(const column *c, size_t row)
{
    return dictionary_text(c->dictionary, column_code(c, row));
}

static void test_values(void **state)
{
    const world *w = *state;
    facts *f = facts_new(w->schema);
    fact_row row = facts_event(f, facts_person(f, "ann"), BUY, 7);
    facts_set_integer(f, row, AMOUNT, 1250);
    facts_set_number(f, row, WEIGHT, 0.5);
    facts_set_text(f, row, STORE, slice_of("web"));
    facts_set_bool(f, row, GIFT, true);
    store *s = facts_finish(f);
    const column *columns = s->kinds[BUY].columns;
    assert_int_equal(s->kinds[BUY].row_count, 1);
    assert_int_equal(event_table_time(&s->kinds[BUY], 0), 7);
    assert_int_equal(column_get(&columns[AMOUNT], 0), 1250);
    assert_true(column_number(&columns[WEIGHT], 0) == 0.5);
    assert_true(slice_equals(text_at(&columns[STORE], 0), slice_of("web")));
    assert_true(column_get(&columns[GIFT], 0) == 1);
    for (size_t i = 0; i <= GIFT; i++)
        assert_true(!columns[i].present || bitmap_get(columns[i].present, 0));
    store_free(s);
    facts_free(f);
}

static void test_what_is_not_told_is_missing(void **state)
{
    const world *w = *state;
    facts *f = facts_new(w->schema);
    facts_event(f, facts_person(f, "ann"), BUY, 0);
    facts_event(f, facts_person(f, "ann"), LOOK, 0);
    store *s = facts_finish(f);
    for (size_t i = 0; i <= GIFT; i++)
        assert_false(bitmap_get(s->kinds[BUY].columns[i].present, 0));
    assert_int_equal(s->kinds[schema_find_list(w->schema, LOOK, "tags")].row_count, 0);
    store_free(s);
    facts_free(f);
}

/* Out of order, and three at one time: these stay as they were told. */
static void test_order(void **state)
{
    static const struct {
        const char *person;
        int64_t time, amount;
    } told[] = {{"ann", 30, 1}, {"bob", 10, 2}, {"ann", 20, 3},
                {"ann", 20, 4}, {"ann", 20, 5}, {"ann", 10, 6}};
    static const int64_t expected[] = {6, 3, 4, 5, 1, 2};
    const world *w = *state;
    facts *f = facts_new(w->schema);
    for (size_t i = 0; i < 6; i++) {
        uint32_t person = facts_person(f, told[i].person);
        facts_set_integer(f, facts_event(f, person, BUY, told[i].time), AMOUNT,
                          told[i].amount);
    }
    store *s = facts_finish(f);
    assert_int_equal(s->event_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(column_get(&s->kinds[BUY].columns[AMOUNT], i), expected[i]);
    store_free(s);
    facts_free(f);
}

/* People need no rows, and no trait that could hold one. */
static void test_people_without_rows(void **state)
{
    const world *w = *state;
    facts *f = facts_new(w->schema);
    assert_int_equal(facts_person(f, "ann"), 0);
    assert_int_equal(facts_person(f, "bob"), 1);
    assert_int_equal(facts_person(f, "ann"), 0);
    store *s = facts_finish(f);
    assert_int_equal(s->person_count, 2);
    assert_int_equal(s->kinds[BUY].offsets[2], 0);
    store_free(s);
    facts_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_is_not_told_is_missing),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_people_without_rows),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
