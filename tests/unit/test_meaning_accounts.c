/* SPDX-License-Identifier: MIT
 *
 * Rules `for each account`: the history of an account is that of its people together.
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
#include "base/text.h"
#include "tests/support/world.h"

#define NOW "2026-02-01T00:00:00Z"

static world *team(void)
{
    world *w = world_new("UTC");
    world_kind(w, "login", "device string");
    world_kind(w, "invoice", "amount decimal(2)");
    world_trait(w, "company", "string");
    world_trait(w, "plan", "string");
    world_trait(w, "seats", "int");
    schema_add_accounts(w->schema, 0, w->memory);
    return w;
}

/* acme: ann and bob; byte: cy, who came from acme; dora has no account; eve's is empty. */
static world *people(void)
{
    world *w = team();
    world_has(w, "ann", "company", NULL, "\"acme\"");
    world_has(w, "ann", "plan", "2026-01-01T00:00:00Z", "\"free\"");
    world_has(w, "bob", "company", NULL, "\"acme\"");
    world_has(w, "bob", "plan", "2026-01-05T00:00:00Z", "\"pro\"");
    world_has(w, "bob", "seats", NULL, "2");
    world_has(w, "cy", "company", NULL, "\"acme\"");
    world_has(w, "cy", "company", "2026-01-20T00:00:00Z", "\"byte\"");
    world_has(w, "eve", "company", NULL, "\"\"");
    world_did(w, "ann", "login", "2026-01-10T00:00:00Z", "device=\"web\"");
    world_did(w, "bob", "login", "2026-01-10T00:00:00Z", "device=\"ios\"");
    world_did(w, "ann", "login", "2026-01-31T00:00:00Z", "device=\"web\"");
    world_did(w, "cy", "login", "2026-01-30T00:00:00Z", "device=\"web\"");
    world_did(w, "dora", "login", "2026-01-30T00:00:00Z", "device=\"web\"");
    world_did(w, "ann", "invoice", "2026-01-12T00:00:00Z", "amount=10.00");
    world_did(w, "bob", "invoice", "2026-01-13T00:00:00Z", "amount=5.50");
    return w;
}

static const struct {
    const char *rules, *members;
} cases[] = {
    /* everyone's account at now, and nobody else's */
    {"segment s for each account when count(login) >= 0", "acme byte"},
    {"segment s for each account when did not invoice", "byte"},
    /* the events of its people together */
    {"segment s for each account when count(login) >= 3", "acme"},
    {"segment s for each account when sum(invoice.amount) = 15.50", "acme"},
    {"segment s for each account when distinct(login.device) = 2", "acme"},
    {"segment s for each account when months_with(login) = 1", "acme byte"},
    {"let n = count(login)\nsegment s for each account when n = 3", "acme"},
    /* in the total order: ann's login came first, bob's second, at one time */
    {"segment s for each account when first login.device = \"web\" and last login.device "
     "= \"web\"",
     "acme byte"},
    {"segment s for each account when did (login where (device = \"web\") then directly "
     "login "
     "where (device = \"ios\"))",
     "acme"},
    /* account.x is the newest x of its people */
    {"segment s for each account when account.plan = \"pro\"", "acme"},
    {"segment s for each account when account.plan is missing", "byte"},
    {"let paid = account.plan = \"pro\"\nsegment s for each account when paid", "acme"},
    {"event of_paid = login where (account.plan = \"pro\")\n"
     "segment s for each account when did of_paid",
     "acme"},
    /* a let serves people and accounts */
    {"let n = count(login)\n"
     "segment s for each account when n = 3 and count(user where (n = 2)) = 1",
     "acme"},
    /* users */
    {"segment s for each account when count(user) = 2", "acme"},
    {"segment s for each account when did user at most once", "byte"},
    {"segment s for each account when count(user where (plan = \"free\")) = 1", "acme"},
    {"segment s for each account when count(user where (did login at least twice)) = 1",
     "acme"},
    {"segment s for each account when distinct(user.plan) = 2", "acme"},
    {"segment s for each account when sum(user.seats) = 2", "acme"},
    {"segment a when did login at least twice\n"
     "segment s for each account when count(user where (in a)) >= 50% * count(user)",
     "acme"},
    {"segment a when did login at least twice\n"
     "segment s for each account when did not user where (in a)",
     "byte"},
    {"segment s for each account when share(user where (user.plan = \"pro\")) = 50%",
     "acme"},
    /* among, groups, rankings, references: of accounts */
    {"segment c for each account when did invoice\n"
     "segment s for each account among c when count(login) > 1",
     "acme"},
    {"segment s for each account when count(login) in top 1", "acme"},
    {"segment s for each account when count(login) in bottom half", "byte"},
    {"groups g for each account payer when did invoice other otherwise\n"
     "segment s for each account when in g.other",
     "byte"},
    {"segment s for each account judged every month when count(login) = 0 stay while "
     "true",
     ""},
    /* and of what their people did by then */
    {"segment s for each account judged every week\n"
     "  when count(user where (did login in last 7 days)) = 2\n"
     "  stay while count(user where (plan = \"pro\")) = 1",
     "acme"},
    {"segment s for each account judged every week\n"
     "  when count(user where (did login in last 7 days)) = 2\n"
     "  stay while count(user where (did login in last 14 days)) = 2",
     ""},
    {"segment inner for each account judged every week\n"
     "  when count(user where (did login)) = 2 stay while false\n"
     "segment s for each account judged every week when in inner stay while false",
     "acme"},
    {"occasion snow on january 15\n"
     "let logged = count(user where (did login))\n"
     "segment s for each account when (logged as of (next snow - 1 year)) = 2",
     "acme"},
    {"let logged = count(user where (did login))\n"
     "let asked = if now = 2026-01-01 or now = 2026-01-02 or now = 2026-01-03\n"
     "  or now = 2026-01-04 or now = 2026-01-05 then 2026-01-01 else 2026-01-11\n"
     "segment s for each account when (logged as of asked) = 2",
     "acme"},
    {"segment many for each account when count(user where (did login)) = 2\n"
     "segment s for each account judged every week\n"
     "  when rank(count(login) among many) = 1 stay while in many",
     "acme"},
};

static void each_rule_has_its_accounts(void **state)
{
    (void)state;
    world *w = people();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *members = world_members(w, cases[i].rules, "s", NOW);
        if (strcmp(members, cases[i].members) != 0)
            fail_msg("%s\n  is    \"%s\"\n  not   \"%s\"", cases[i].rules, members,
                     cases[i].members);
        memory_free(members);
    }
    world_free(w);
}

static const struct {
    const char *rules, *message;
} mistakes[] = {
    {"event e = user where (did login)\nsegment s for each account when did e",
     "users have no time"},
    {"segment s for each account when did login within 3 days after any user",
     "users have no time"},
    {"segment a for each account when did login\nsegment s when in a",
     "is about accounts"},
    {"segment a when did login\nsegment s for each account when in a", "is about people"},
    {"segment a when did login\nlet x = if in a then 1 else 0\n"
     "segment s for each account when x = 1",
     "is about people"},
    {"segment s when count(user) >= 2", "is about accounts"},
    {"segment s for each account when did (login then user)", "users have no time"},
    {"segment s for each account when count(user in last 3 days) > 1",
     "users have no time"},
    {"segment s for each team when did login", "for each account"},
    /* account.x is of no person, wherever it stands */
    {"segment s when account.plan = \"pro\"", "Write user.plan, or say"},
    {"segment s when last change of account.plan in last 3 days", "is about accounts"},
    {"segment s when did login where (account.plan = \"pro\")", "is about accounts"},
    {"segment s for each account when count(user where (account.plan = \"pro\")) > 1",
     "\"account.plan\" is about accounts"},
    {"let paid = account.plan = \"pro\"\nsegment s when paid",
     "\"paid\" is about accounts"},
    {"event of_paid = login where (account.plan = \"pro\")\nsegment s when did of_paid",
     "\"of_paid\" is about accounts"},
};

static void mixed_levels_are_refused(void **state)
{
    (void)state;
    world *w = people();
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        world_rules *r = world_compile(w, mistakes[i].rules);
        if (r->book != NULL || strstr(r->messages, mistakes[i].message) == NULL)
            fail_msg("%s\n  does not say \"%s\":\n%s", mistakes[i].rules,
                     mistakes[i].message, r->messages);
        world_rules_free(r);
    }
    world_free(w);
}

/* ---- histories that are kept with the store ---------------------------------------------- */

/* Rules and instants, asked of one store one after the other: cy leaves acme on January 20,
 * and each rule looks at tables that the ones before may not have asked for. */
static const struct {
    const char *rules, *now, *members;
} asked_in_turn[] = {
    {"segment s for each account when count(login) >= 3", "2026-01-31T12:00:00Z", "acme"},
    {"segment s for each account when sum(invoice.amount) = 15.50",
     "2026-01-31T12:00:00Z", "acme"},
    {"segment s for each account when count(login) >= 1", "2026-01-31T12:00:00Z",
     "acme byte"},
    /* before somebody went to another account, on the instant itself, and after it again */
    {"segment s for each account when count(user) = 3", "2026-01-19T23:59:59Z", "acme"},
    {"segment s for each account when count(user) = 1", "2026-01-20T00:00:00Z", "byte"},
    {"segment s for each account when count(user) = 3", "2026-01-19T00:00:00Z", "acme"},
    {"segment s for each account when did login", "2026-02-01T00:00:00Z", "acme byte"},
    {"segment s for each account when account.plan = \"pro\"", "2026-02-01T00:00:00Z",
     "acme"},
    {"segment s for each account judged every day when count(login) >= 2\n"
     "  stay while did login",
     "2026-02-01T00:00:00Z", "acme"},
};

/* Their names, in the order of the accounts' numbers, with blanks between. */
static char *members_of(const run_result *r)
{
    text out = {0};
    for (uint32_t a = 0; a < r->accounts.number_count; a++) {
        if (!bitmap_get(r->segments[0].members, a))
            continue;
        slice name = dictionary_text(r->accounts.ids, a);
        text_append(&out, out.size > 0 ? " " : "");
        text_append_bytes(&out, name.data, name.size);
    }
    return text_take(&out);
}

/* Results may be released after other histories took the place of theirs. */
static void kept_histories_are_those_of_their_instant(void **state)
{
    (void)state;
    enum { COUNT = sizeof asked_in_turn / sizeof *asked_in_turn };
    world *w = people();
    store *s = world_store(w);
    run_result *results[COUNT];
    world_rules *rules[COUNT];
    assert_non_null(s->accounts);
    for (size_t i = 0; i < COUNT; i++) {
        rules[i] = world_compile(w, asked_in_turn[i].rules);
        results[i] = world_run(w, rules[i], s, world_time(w, asked_in_turn[i].now), 1, 0);
    }
    for (size_t i = 0; i < COUNT; i++) {
        char *members = members_of(results[i]);
        assert_string_equal(members, asked_in_turn[i].members);
        memory_free(members);
        run_result_free(results[i]);
        world_rules_free(rules[i]);
    }
    store_free(s);
    world_free(w);
}

/* Of accounts that did not change, the histories are made once. */
static void histories_are_made_once(void **state)
{
    (void)state;
    world *w = people();
    store *s = world_store(w);
    world_rules *r = world_compile(w, "segment s for each account when did login");
    run_result *first = world_run(w, r, s, world_time(w, "2026-01-25T00:00:00Z"), 1, 0);
    run_result *second = world_run(w, r, s, world_time(w, "2026-02-01T00:00:00Z"), 3, 0);
    run_result *before = world_run(w, r, s, world_time(w, "2026-01-15T00:00:00Z"), 1, 0);
    assert_ptr_equal(first->account_store, second->account_store);
    assert_ptr_not_equal(first->account_store, before->account_store);
    assert_int_equal(first->account_store->kinds[0].row_count, 4);
    assert_int_equal(first->account_store->kinds[1].row_count, 0); /* nobody asked */
    run_result_free(first);
    run_result_free(second);
    run_result_free(before);
    world_rules_free(r);
    store_free(s);
    world_free(w);
}

/* An account has a user, so nothing of nothing is compared; of some of them it may be. */
static void users_are_not_nothing(void **state)
{
    static const struct {
        const char *rules;
        bool is_warned;
    } warned[] = {
        {"count(user where (plan = \"pro\")) >= 5% * count(user)", false},
        {"count(login) >= 2 * count(user)", false},
        {"count(login) >= 2 * count(user where (plan = \"pro\"))", true},
        {"count(login) >= 2 * count(invoice)", true},
    };
    (void)state;
    world *w = team();
    for (size_t i = 0; i < sizeof warned / sizeof *warned; i++) {
        char rules[200];
        bool found = false;
        snprintf(rules, sizeof rules, "segment s for each account when %s",
                 warned[i].rules);
        world_rules *r = world_compile(w, rules);
        for (size_t d = 0; d < diags_count(r->diags); d++)
            found |= diags_get(r->diags, d)->code == W0204;
        if (found != warned[i].is_warned || !r->book)
            fail_msg("%s: warned: %d", warned[i].rules, found);
        world_rules_free(r);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_accounts),
        cmocka_unit_test(mixed_levels_are_refused),
        cmocka_unit_test(kept_histories_are_those_of_their_instant),
        cmocka_unit_test(histories_are_made_once),
        cmocka_unit_test(users_are_not_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
