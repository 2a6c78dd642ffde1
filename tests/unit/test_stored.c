/* SPDX-License-Identifier: MIT
 *
 * stored: when rules look at the newest rows of long histories only, a block holds no
 * others, and every type of column has the values that belong to these.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/bitmap.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOW           "2026-01-31T00:00:00Z"

enum { CROWD = 130, VISITS = 30 };

/* Person p visited on the last `visits_of(p)` days of January at noon. */
static int visits_of(size_t p)
{
    return p % 5 == 0 ? 0 : p % 7 == 0 ? 1 : VISITS;
}

/* What the visit so many days ago has, counted from 1; every third lacks an amount. */
static int64_t amount_of(size_t p, int ago)
{
    return (int64_t)p * 100 + ago * 7;
}

static bool has_amount(int ago)
{
    return ago % 3 != 0;
}

static bool is_paid(size_t p, int ago)
{
    return (p + (size_t)ago) % 4 == 0;
}

static void add_visit(world *w, size_t p, int ago)
{
    static const char *const stores[] = {"a", "b", "c"};
    const int64_t day = 86400 * MICROSECONDS_PER_SECOND;
    world_value values[] = {
        {.is_missing = !has_amount(ago), .integer = amount_of(p, ago)},
        {.number = (double)ago / 2},
        {.text = stores[ago % 3]},
        {.integer = is_paid(p, ago)},
    };
    world_add(w, (world_event){.person = p,
                               .time = world_time(w, NOW) - ago * day + day / 2,
                               .values = values});
}

static world *long_histories(void)
{
    world *w = world_new("UTC");
    world_kind(w, "visit", "amount int, weight number, store string, paid bool");
    world_trait(w, "known", "bool");
    for (size_t p = 0; p < CROWD; p++) {
        char id[16];
        snprintf(id, sizeof id, "p%zu", p);
        world_person(w, id);
        for (int ago = visits_of(p); ago > 0; ago--)
            add_visit(w, p, ago);
    }
    return w;
}

/* ---- expected ------------------------------------------------------------------------ */

/* Of the visits of the last days. */
typedef struct expected {
    int64_t count, sum, paid, in_b;
    double weight;
} expected;

static expected expect(size_t p, int days)
{
    expected out = {0};
    for (int ago = 1; ago <= days && ago <= visits_of(p); ago++) {
        out.count++;
        out.sum += has_amount(ago) ? amount_of(p, ago) : 0;
        out.paid += is_paid(p, ago);
        out.in_b += ago % 3 == 1;
        out.weight += (double)ago / 2;
    }
    return out;
}

static int64_t score_of(const run_result *r, size_t score, size_t p)
{
    return ((const int64_t *)r->scores[score].values)[p];
}

static void check_person(const run_result *r, size_t p, int days)
{
    expected wanted = expect(p, days);
    assert_int_equal(score_of(r, 0, p), wanted.count);
    assert_int_equal(score_of(r, 1, p), wanted.sum);
    assert_int_equal(score_of(r, 2, p), wanted.paid);
    assert_int_equal(score_of(r, 3, p), wanted.in_b);
    assert_true(((const double *)r->scores[4].values)[p] == wanted.weight);
}

static void check_days(const world *w, const store *s, int days, const char *more)
{
    static const size_t blocks[] = {1, 3, 7, 64, 65, 4096};
    char rules[1024];
    snprintf(rules, sizeof rules,
             "score n = count(visit since %d days ago)\n"
             "score total = sum(visit.amount since %d days ago)\n"
             "score paid = count(visit where (paid) since %d days ago)\n"
             "score in_b = count(visit where (store = \"b\") since %d days ago)\n"
             "score weight = sum(visit.weight since %d days ago)\n"
             "%s",
             days, days, days, days, days, more);
    world_rules *r = world_compile(w, rules);
    if (!r->book)
        fail_msg("%s", r->messages);
    for (size_t b = 0; b < LENGTH(blocks); b++) {
        run_result *result = world_run(w, r, s, world_time(w, NOW), 1, blocks[b]);
        assert_int_equal(result->score_count > 4, 1);
        for (size_t p = 0; p < CROWD; p++)
            check_person(result, p, days);
        run_result_free(result);
    }
    world_rules_free(r);
}

static void newest_rows_alone(void **state)
{
    (void)state;
    world *w = long_histories();
    store *s = world_store(w);
    for (int days = 1; days < VISITS; days += days < 4 ? 1 : 5)
        check_days(w, s, days, "");
    store_free(s);
    world_free(w);
}

/* Other rules that look at all rows, or at the order of all, leave the answers alone. */
static void newest_rows_beside_all(void **state)
{
    (void)state;
    static const char *const others[] = {
        "score ever = count(visit)\n",
        "score earliest = first visit.amount\n",
        "segment s when did visit where (nth = 2)\n",
        "segment s when did visit where (gap > 1 day) since 3 days ago\n",
        "segment s when did (visit then visit) since 2 days ago\n",
    };
    world *w = long_histories();
    store *s = world_store(w);
    for (size_t i = 0; i < LENGTH(others); i++)
        check_days(w, s, 3, others[i]);
    store_free(s);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_rows_alone),
        cmocka_unit_test(newest_rows_beside_all),
    };
    return cmocka_run_group_tests_name("stored", tests, NULL, NULL);
}
