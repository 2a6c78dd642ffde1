/* SPDX-License-Identifier: MIT
 *
 * Who is judged at an instant: whom a row at or before it names, as if the data ended there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/parts.h"
#include "exec/score.h"
#include "support/cut_store.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define MARCH         "2026-03-31T12:00:00Z"

/* ---- small worlds ---------------------------------------------------------------------- */

/* Known since ever: dea by a trait, eve by her name alone; the others from a row on. */
static world *newcomers(void)
{
    world *w = world_new("UTC");
    w->is_known_by_rows = true;
    world_kind(w, "purchase", "amount decimal(2), adviser person");
    world_trait(w, "country", "string");
    world_did(w, "ann", "purchase", "2026-01-01T00:00:00Z", "amount=10, adviser=\"bob\"");
    world_did(w, "ann", "purchase", "2026-03-01T00:00:00Z", "amount=10, adviser=\"dea\"");
    world_did(w, "bob", "purchase", "2026-02-01T00:00:00Z", "amount=30");
    world_has(w, "cid", "country", "2026-03-01T00:00:00Z", "\"DE\"");
    world_has(w, "dea", "country", NULL, "\"DE\"");
    world_person(w, "eve");
    return w;
}

static void test_members(void **state)
{
    static const world_case cases[] = {
        /* in from the instant of the first row on, and not a microsecond earlier */
        {"count(purchase) >= 0", "2025-12-31T23:59:59.999999Z", "dea eve"},
        {"count(purchase) >= 0", "2026-01-01T00:00:00Z", "ann dea eve"},
        {"count(purchase) >= 0", "2026-02-01T00:00:00Z", "ann bob dea eve"},
        {"count(purchase) >= 0", "2026-02-28T23:59:59.999999Z", "ann bob dea eve"},
        {"count(purchase) >= 0", "2026-03-01T00:00:00Z", "ann bob cid dea eve"},
        {"did not purchase", "2026-01-15T00:00:00Z", "dea eve"},
        {"did not purchase", MARCH, "cid dea eve"},
        {"not (user.country = \"FR\")", "2026-01-15T00:00:00Z", "ann dea eve"},
        /* a rule that holds for all alike */
        {"true", "2026-01-15T00:00:00Z", "ann dea eve"},
        /* within a rule, the past is asked of those who are judged now */
        {"segment idle when did not purchase\nsegment s when in idle as of 2025-12-01",
         MARCH, "ann bob cid dea eve"},
        {"segment idle when did not purchase\nsegment s when in idle as of 2025-12-01",
         "2026-01-15T00:00:00Z", "ann dea eve"},
        {"segment all when true\nsegment s when did purchase where (adviser in all)",
         "2026-01-31T00:00:00Z", ""},
        {"segment all when true\nsegment s when did purchase where (adviser in all)",
         "2026-02-01T00:00:00Z", "ann"},
        {"segment all when true\nsegment s when did purchase where (adviser not in all)",
         "2026-01-31T00:00:00Z", "ann"},
        {"segment idle when count(purchase) = 0\n"
         "segment s when did purchase where (adviser in idle)",
         "2026-01-31T00:00:00Z", ""},
        {"segment s\n  judged every month\n  when count(purchase) >= 1\n  stay while "
         "true",
         "2026-02-15T00:00:00Z", "ann bob"},
        /* ranked among whom a row named by then: ann in January, ann and bob in February */
        {"segment s\n  judged every month\n  when rank(count(purchase)) = 1\n  stay "
         "while "
         "true",
         MARCH, "ann bob"},
    };
    world *w = newcomers();
    (void)state;
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

static void test_rankings(void **state)
{
    static const world_value_case cases[] = {
        /* of ann, dea and eve; then of five people */
        {"rank(count(purchase))", "dea", "2026-01-15T00:00:00Z", "2"},
        {"rank(count(purchase))", "bob", "2026-01-15T00:00:00Z", "missing"},
        {"rank(count(purchase))", "dea", MARCH, "3"},
        {"percentile(count(purchase))", "ann", "2026-01-15T00:00:00Z",
         "66.6666666666667"},
        {"percentile(count(purchase))", "ann", MARCH, "80"},
        /* of who was known then, not of who is judged now */
        {"let r = percentile(count(purchase))\nscore s = r as of 2026-01-15", "ann",
         MARCH, "66.6666666666667"},
        {"let r = rank(0)\nscore s = r as of 2026-01-15", "ann", MARCH, "1"},
        {"let r = rank(0)\nscore s = r as of 2026-01-15", "bob", MARCH, "missing"},
        {"let r = rank(0)\nscore s = r as of 2026-02-01", "bob", MARCH, "1"},
        {"let r = percentile(count(purchase) among all)\n"
         "segment all when true\nscore s = r as of 2026-01-15",
         "ann", MARCH, "66.6666666666667"},
        /* an instant that lies ahead ends at now */
        {"let r = percentile(count(purchase))\nscore s = r as of 2026-05-01", "ann",
         "2026-01-15T00:00:00Z", "66.6666666666667"},
        {"let r = percentile(count(purchase))\nlet q = r as of 2026-05-01\n"
         "score s = q as of 2026-01-15",
         "ann", MARCH, "66.6666666666667"},
    };
    world *w = newcomers();
    (void)state;
    world_check_values(w, cases, LENGTH(cases));
    world_free(w);
}

/* acme has had members since January, byte since March. */
static void test_accounts(void **state)
{
    static const world_case cases[] = {
        {"segment s for each account when count(login) >= 0", "2026-02-01T00:00:00Z",
         "acme"},
        {"segment s for each account when count(login) >= 0", MARCH, "acme byte"},
        {"segment ranked for each account when rank(count(login)) >= 1\n"
         "segment s for each account when in ranked as of 2026-02-01",
         MARCH, "acme"},
        {"segment ranked for each account when rank(count(login)) >= 1\n"
         "segment s for each account when in ranked as of 2026-03-01",
         MARCH, "acme byte"},
    };
    world *w = world_new("UTC");
    (void)state;
    w->is_known_by_rows = true;
    world_kind(w, "login", "");
    world_trait(w, "company", "string");
    schema_add_accounts(w->schema, 0, w->memory);
    world_has(w, "ann", "company", "2026-01-01T00:00:00Z", "\"acme\"");
    world_has(w, "ann", "company", "2026-02-15T00:00:00Z", "\"other\"");
    world_has(w, "bob", "company", "2026-03-05T00:00:00Z", "\"acme\"");
    world_has(w, "cid", "company", "2026-03-01T00:00:00Z", "\"byte\"");
    world_has(w, "ann", "company", "2026-03-20T00:00:00Z", "\"acme\"");
    world_did(w, "cid", "login", "2026-01-01T00:00:00Z", "");
    world_check(w, cases, LENGTH(cases));
    world_free(w);
}

/* ---- the whole data against data that end ------------------------------------------------ */

static engine *open_shop(void)
{
    carpel_error err;
    diags *problems = diags_new();
    engine *e = engine_open_sources(TEST_SOURCE_DIRECTORY "/rules/shop", problems);
    assert_non_null(e);
    if (!engine_compile(e, problems)) {
        diags_print(problems, stderr, false);
        fail_msg("the shop's rules do not compile");
    }
    diags_free(problems);
    if (!engine_load(e, &(engine_load_options){0}, &err))
        fail_msg("%s", err.message);
    return e;
}

/* The bits of the first, by id, are those of the second; and there are as many. */
static void assert_same_bits(const char *what, const run_population *whole,
                             const uint64_t *a, const run_population *cut,
                             const uint64_t *b)
{
    size_t count = 0;
    for (size_t i = 0; i < whole->number_count; i++) {
        slice id = dictionary_text(whole->ids, (uint32_t)i);
        uint32_t number = dictionary_find(cut->ids, id.data, id.size);
        bool is_in = number != DICTIONARY_NONE && bitmap_get(b, number);
        count += is_in;
        if (bitmap_get(a, i) != is_in)
            fail_msg("%s: \"%s\" is %s of the data, and %s of those that end", what,
                     id.data, is_in ? "out" : "in", is_in ? "in" : "out");
    }
    assert_int_equal(count, bitmap_count(b, 0, cut->number_count));
}

static void assert_same_values(const run_score *whole, const run_score *cut)
{
    text a, b;
    text_init(&a);
    text_init(&b);
    assert_same_bits(whole->name, whole->population, whole->present, cut->population,
                     cut->present);
    for (size_t i = 0; i < whole->population->number_count; i++) {
        if (!score_has(whole, i))
            continue;
        slice id = dictionary_text(whole->population->ids, (uint32_t)i);
        text_clear(&a);
        text_clear(&b);
        score_append(whole, i, &a);
        score_append(cut, dictionary_find(cut->population->ids, id.data, id.size), &b);
        assert_string_equal(a.data, b.data);
    }
    text_done(&a);
    text_done(&b);
}

static void assert_same_results(const run_result *whole, const run_result *cut)
{
    assert_int_equal(whole->people.count, cut->people.count);
    assert_int_equal(whole->segment_count, cut->segment_count);
    for (size_t i = 0; i < whole->segment_count; i++)
        assert_same_bits(whole->segments[i].path, &whole->people,
                         whole->segments[i].members, &cut->people,
                         cut->segments[i].members);
    for (size_t i = 0; i < whole->group_member_count; i++)
        assert_same_bits(whole->group_members[i].path, &whole->people,
                         whole->group_members[i].members, &cut->people,
                         cut->group_members[i].members);
    for (size_t i = 0; i < whole->score_count; i++)
        assert_same_values(&whole->scores[i], &cut->scores[i]);
    for (size_t i = 0; i < whole->function_count; i++) {
        assert_int_equal(whole->functions[i].calls, cut->functions[i].calls);
        assert_int_equal(whole->functions[i].failures, cut->functions[i].failures);
    }
}

/* Judge the shop at an instant, over everything and over what was known by then. */
static void judge_both(engine *e, int64_t instant)
{
    carpel_error err;
    store *cut = cut_store(e->store, instant);
    run_options options = {.as_of = instant};
    run_result *whole = run_plan(e->plan, e->store, &options, &err);
    run_result *of_cut = run_plan(e->plan, cut, &options, &err);
    assert_non_null(whole);
    assert_non_null(of_cut);
    assert_true(whole->people.count > 0);
    assert_true(whole->people.count < e->store->person_count);
    assert_same_results(whole, of_cut);
    run_result_free(whole);
    run_result_free(of_cut);
    store_free(cut);
}

static void test_shop(void **state)
{
    static const char *const instants[] = {"2024-03-01", "2024-11-29T12:34:56",
                                           "2025-07-01"};
    engine *e = open_shop();
    (void)state;
    for (size_t i = 0; i < LENGTH(instants); i++) {
        carpel_error err;
        int64_t instant;
        assert_true(engine_read_time(e, instants[i], &instant, &err));
        judge_both(e, instant);
    }
    engine_close(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_rankings),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
