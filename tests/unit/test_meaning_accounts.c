/* SPDX-License-Identifier: MIT
 *
 * Rules `for each account`: the history of an account is that of its people together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_accounts),
        cmocka_unit_test(mixed_levels_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
