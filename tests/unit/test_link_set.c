/* SPDX-License-Identifier: MIT
 *
 * Of each link one row is kept, the earliest: random rows against a list of all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "ingest/link_set.h"
#include "schema/schema.h"
#include "store/raw_table.h"
#include "unit_random.h"

enum { PEOPLE = 40, CODES = 30, TIMES = 50, ROWS = 20000 };

/* By kind, person and code (the last of them: their own id): the earliest time, and its first row. */
typedef struct reference {
    struct {
        bool is_there;
        int64_t time;
        uint32_t arrival;
    } rows[ID_KIND_COUNT][PEOPLE][CODES + 1];
    size_t count;
} reference;

static void note_slowly(reference *r, id_kind kind, uint32_t person, uint32_t code,
                        int64_t time, uint32_t arrival)
{
    bool is_there = r->rows[kind][person][code].is_there;
    if (is_there && r->rows[kind][person][code].time <= time)
        return;
    r->count += !is_there;
    r->rows[kind][person][code].is_there = true;
    r->rows[kind][person][code].time = time;
    r->rows[kind][person][code].arrival = arrival;
}

/* A row of the table has the code, unless it is their own id, and the kind in its two columns. */
static void put(raw_table *t, id_kind kind, uint32_t person, uint32_t code, int64_t time,
                uint32_t arrival)
{
    size_t row = raw_table_extend(t, 1);
    t->groups[row] = person;
    t->times[row] = time;
    t->arrivals[row] = arrival;
    if (code == CODES)
        raw_column_set_missing(t, &t->columns[0], row);
    else
        ((uint32_t *)t->columns[0].values)[row] = code;
    ((uint32_t *)t->columns[1].values)[row] = kind;
}

/* A text for each code, of different sizes. */
static dictionary *dictionary_of_codes(void)
{
    dictionary *ids = dictionary_new();
    for (unsigned code = 0; code < CODES; code++) {
        char name[80];
        int size = snprintf(name, sizeof name, "%u%.*s", code, (int)(code % 7) * 9,
                            "@mail.of.somebody.whose.name.is.longer.than.most.example");
        assert_int_equal(dictionary_add(ids, name, (size_t)size), code);
    }
    return ids;
}

static void put_random(random_numbers *random, const dictionary *ids, raw_table *t,
                       link_set *s, reference *r, uint32_t arrival)
{
    id_kind kind = (id_kind)random_below(random, ID_KIND_COUNT);
    uint32_t person = (uint32_t)random_below(random, PEOPLE), kept;
    uint32_t code = (uint32_t)random_below(random, CODES + 1);
    int64_t time = (int64_t)random_below(random, TIMES) - TIMES / 2;
    uint32_t row = (uint32_t)t->row_count;
    link_news news;
    if (code == CODES)
        news = link_set_note_own(s, kind, person, time, row, &kept);
    else if (!link_set_note_first(s, kind, person, dictionary_text(ids, code), time,
                                  &news, &kept))
        news = link_set_note(s, kind, person, code, dictionary_text(ids, code), time, row,
                             &kept);
    if (news == LINK_IS_EARLIER)
        raw_table_amend(t, kept, time, arrival);
    if (news == LINK_IS_NEW)
        put(t, kind, person, code, time, arrival);
    note_slowly(r, kind, person, code, time, arrival);
}

/* Does the row before belong there? */
static bool is_in_order(const event_table *t, uint64_t row)
{
    int64_t before = event_table_time(t, row - 1), time = event_table_time(t, row);
    return before < time || (before == time && packed_get(&t->arrival, row - 1) <
                                                   packed_get(&t->arrival, row));
}

static void check_rows(const event_table *t, const reference *r)
{
    assert_int_equal(t->row_count, r->count);
    for (uint32_t p = 0; p < PEOPLE; p++)
        for (uint64_t row = t->offsets[p]; row < t->offsets[p + 1]; row++) {
            const column *id = &t->columns[0];
            uint32_t code = column_has(id, row) ? column_code(id, row) : CODES,
                     kind = column_code(&t->columns[1], row);
            assert_true(r->rows[kind][p][code].is_there);
            assert_int_equal(event_table_time(t, row), r->rows[kind][p][code].time);
            assert_int_equal(packed_get(&t->arrival, row),
                             r->rows[kind][p][code].arrival);
            if (row > t->offsets[p])
                assert_true(is_in_order(t, row));
        }
}

static void test_the_earliest_rows_are_kept(void **state)
{
    static reference expected;
    property columns[] = {{.name = "id", .type = {.kind = TYPE_STRING}},
                          {.name = "kind", .type = {.kind = TYPE_STRING}}};
    random_numbers random;
    raw_table t;
    link_set s = {0};
    event_table table;
    uint32_t *order;
    dictionary *ids = dictionary_of_codes();
    (void)state;
    random_begin(&random, "test_link_set");
    raw_table_init(&t, columns, 2);
    for (uint32_t i = 0; i < ROWS; i++)
        put_random(&random, ids, &t, &s, &expected, i);
    assert_int_equal(t.row_count, expected.count);
    raw_table_finish(&t, PEOPLE, &table, &order);
    check_rows(&table, &expected);
    memory_free(order);
    event_table_done(&table);
    link_set_done(&s);
    dictionary_free(ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_earliest_rows_are_kept),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
