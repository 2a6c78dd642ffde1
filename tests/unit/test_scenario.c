/* SPDX-License-Identifier: MIT
 *
 * Scenarios on trial: what holds, and what is said of the rest. The times are those of
 * Berlin, where the night of 2026-03-29 has 23 hours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "engine/scenario.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char project_text[] =
    "name: test\n"
    "time_zone: Europe/Berlin\n"
    "events:\n"
    "  buy: {amount: decimal(2), weight: number, store: string, gift: bool, due: date,\n"
    "        paid: time, stay: duration, friend: person, address: {city: string}}\n"
    "  look: {}\n"
    "  login: {}\n"
    "traits:\n"
    "  country: string\n"
    "  company: string\n"
    "  churn: number(0..100)\n"
    "accounts: {of: company}\n"
    "sources:\n"
    "  - plugin: there_is_no_such_plugin\n";

/* Rules that all cases may ask. */
static const char common_rules[] =
    "let spent     = sum(buy.amount)\n"
    "let recency   = time since last buy\n"
    "let shop      = last buy.store\n"
    "let a_hundred = 100\n"
    "list staff = \"ann\", \"bob\"\n"
    "segment buyers when did buy\n"
    "segment recent when did buy in last 1 day\n"
    "segment today_buyers when did buy today\n"
    "segment left when did (look then no buy within 24 hours)\n"
    "segment germans when user.country = \"DE\"\n"
    "segment bought_as_german when did buy where (user.country as of time = \"DE\")\n"
    "segment upper_half when spent in top 50%\n"
    "segment friends when did buy where (friend in buyers)\n"
    "segment monthly judged every month when did buy in last 1 month\n"
    "segment faithful judged every month when spent >= 100\n"
    "  stay while did buy in last 2 months\n"
    "groups lifecycle\n"
    "  prospect when did not buy\n"
    "  active when last buy in last 60 days\n"
    "  lapsed otherwise\n"
    "groups sizes among buyers\n"
    "  large when spent >= 100\n"
    "  small when spent >= 10\n"
    "split offer by \"x\"\n"
    "  control 20%\n"
    "  treated 40%\n"
    "score mean = spent / count(buy)\n"
    "score heavy = max(buy.weight)\n"
    "segment quiet for each account when count(login in last 30 days) < 2\n"
    "segment big_accounts for each account when count(user where (in buyers)) >= 2\n"
    "score logins for each account = count(login)\n"
    "let all_logins = count(login)\n";

typedef struct scenario_case {
    const char *lines;
    const char *failures; /* "" when all holds; else the messages, with "; " between */
} scenario_case;

static char directory[] = "/tmp/carpel-test-XXXXXX";
static char project_path[64], rules_folder[64], rules_path[96];

static int set_up(void **state)
{
    carpel_error err;
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(project_path, sizeof project_path, "%s/carpel.yaml", directory);
    snprintf(rules_folder, sizeof rules_folder, "%s/rules", directory);
    snprintf(rules_path, sizeof rules_path, "%s/all.seg", rules_folder);
    return mkdir(rules_folder, 0700) == 0 && file_write_whole(project_path, project_text,
                                                              strlen(project_text), &err)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(rules_path);
    unlink(project_path);
    rmdir(rules_folder);
    return rmdir(directory);
}

static void append_errors(const diags *d, text *out)
{
    for (size_t i = 0; i < diags_count(d); i++)
        if (diags_get(d, i)->severity == DIAG_ERROR)
            text_append_format(out, "%s%s", out->size > 0 ? "; " : "",
                               diags_get(d, i)->message);
}

/* The messages of the rules, or else of the trial of the first scenario. */
static void try_lines(const char *lines, text *out)
{
    carpel_error err;
    text rules;
    text_init(&rules);
    text_append_format(&rules, "%sscenario \"case\"\n%s\n", common_rules, lines);
    if (!file_write_whole(rules_path, rules.data, rules.size, &err))
        fail_msg("%s", err.message);
    diags *problems = diags_new(), *failures = diags_new();
    engine *e = engine_open_rules(directory, problems);
    if (!engine_compile(e, problems)) {
        append_errors(problems, out);
    } else {
        trial t;
        engine_try_scenario(e, 0, failures, &t);
        append_errors(failures, out);
        trial_done(&t);
    }
    engine_close(e);
    diags_free(problems);
    diags_free(failures);
    text_done(&rules);
}

static void check_cases(const scenario_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        text out;
        text_init(&out);
        try_lines(cases[i].lines, &out);
        if (strcmp(out.data, cases[i].failures) != 0) {
            wrong++;
            print_error("%s\n    is       %s\n    expected %s\n", cases[i].lines,
                        out.data, cases[i].failures);
        }
        text_done(&out);
    }
    if (wrong > 0)
        fail_msg("%zu of %zu cases are wrong", wrong, count);
}

/* ---- time ------------------------------------------------------------------------ */

static void test_instants(void **state)
{
    static const scenario_case cases[] = {
        {"  ann did buy at 1990-01-01T10:00\n"
         "  expect ann in slow at 2026-01-01T10:00\n"
         "  expect ann in slow at 1990-01-01T11:00\n"
         "segment slow judged every hour when did buy stay while true",
         "\"ann\" is not in slow"},
        /* an event exists from its instant on, to the microsecond */
        {"ann did buy at 2026-03-01T10:00\n"
         "expect ann not in buyers at 2026-03-01T09:59:59.999999\n"
         "expect ann in buyers at 2026-03-01T10:00\n"
         "expect ann in buyers at 2026-03-01T10:00:00.000001",
         ""},
        {"ann did buy at 2026-03-01T10:00\nexpect ann in buyers at "
         "2026-03-01T09:59:59.999999",
         "\"ann\" is not in buyers"},
        /* a window of a day is open at its far end */
        {"ann did buy at 2026-03-01T10:00\n"
         "expect ann in recent at 2026-03-02T09:59:59.999999\n"
         "expect ann not in recent at 2026-03-02T10:00",
         ""},
        /* a sequence is over when its time is */
        {"ann did look at 2026-03-01T10:00\n"
         "expect ann not in left at 2026-03-02T09:59:59.999999\n"
         "expect ann in left at 2026-03-02T10:00",
         ""},
        {"ann did look at 2026-03-01T10:00\nann did buy at 2026-03-02T10:00\n"
         "expect ann not in left at 2026-03-03T10:00",
         ""},
        /* 24 hours are a day later on the clock, but not in the night of the 29th */
        {"ann did look at 2026-03-28T12:00\n"
         "expect ann not in left at 2026-03-29T12:59:59\n"
         "expect ann in left at 2026-03-29T13:00",
         ""},
        /* a local day begins by the zone, and times may have one of their own */
        {"ann did buy at 2026-03-01T00:00\n"
         "expect ann in today_buyers at 2026-03-01T23:59:59\n"
         "expect ann not in today_buyers at 2026-03-02T00:00\n"
         "expect ann in buyers at 2026-02-28T23:00Z\n"
         "expect ann not in buyers at 2026-02-28T22:59:59Z\n"
         "expect ann in buyers at 2026-03-01T01:00+02:00",
         ""},
        /* lines may stand in any order */
        {"expect ann has shop = \"b\" at 2026-03-03T10:00\n"
         "ann did buy at 2026-03-02T10:00 (store = \"b\")\n"
         "ann did buy at 2026-03-01T10:00 (store = \"a\")",
         ""},
        /* of equal times the later line comes later */
        {"ann did buy at 2026-03-01T10:00 (store = \"a\")\n"
         "ann did buy at 2026-03-01T10:00 (store = \"b\")\n"
         "expect ann has shop = \"b\" at 2026-03-01T10:00",
         ""},
    };
    (void)state;
    check_cases(cases, LENGTH(cases));
}

/* ---- what is told ---------------------------------------------------------------- */

static void test_facts(void **state)
{
    static const scenario_case cases[] = {
        /* since ever, and from an instant on */
        {"ann has country = \"DE\"\nexpect ann in germans at 1970-01-01T00:00", ""},
        {"ann has country = \"FR\"\nann has country = \"DE\" at 2026-03-01T10:00\n"
         "ann did buy at 2026-02-01T10:00\n"
         "expect ann not in germans at 2026-03-01T09:59:59\n"
         "expect ann in germans at 2026-03-01T10:00\n"
         "expect ann not in bought_as_german at 2026-03-02T10:00",
         ""},
        {"ann has country = \"DE\"\nann has country = missing at 2026-03-01T10:00\n"
         "expect ann in germans at 2026-03-01T09:59:59\n"
         "expect ann not in germans at 2026-03-01T10:00",
         ""},
        /* the same instant: the later line */
        {"ann has country = \"DE\"\nann has country = \"FR\"\n"
         "expect ann not in germans at 2026-03-01T10:00",
         ""},
        /* constants, worked out as in rules */
        {"ann did buy at 2026-03-01T10:00 (amount = a_hundred / 1 * 0 + 1)\n"
         "expect ann in buyers at 2026-03-01T10:00",
         "\"amount\" is exact (decimal(2)), and this number is not"},
        {"ann did buy at 2026-03-01T10:00 (amount = a_hundred * 2 - 0.50)\n"
         "expect ann has spent = 199.5 at 2026-03-01T10:00",
         ""},
        {"ann did buy at 2026-03-01T10:00 (amount = (if 2 > 1 then 3 else 4))\n"
         "expect ann has spent = 3 at 2026-03-01T10:00",
         ""},
        {"ann did buy at 2026-03-01T10:00 (amount = 12.500)\n"
         "expect ann has spent = 12.50 at 2026-03-01T10:00",
         ""},
        {"ann did buy at 2026-03-01T10:00 (amount = 12.505)\n"
         "expect ann has spent = 12.50 at 2026-03-01T10:00",
         "this number does not fit \"amount\", which is decimal(2)"},
        {"ann did buy at 2026-03-01T10:00 (amount = 900000000000000000)\n"
         "expect ann has spent = 1 at 2026-03-01T10:00",
         "this number does not fit \"amount\", which is decimal(2)"},
        {"ann has churn = 101\nexpect ann in buyers at 2026-03-01T10:00",
         "\"churn\" runs from 0 to 100"},
        {"ann has churn = 1 / 0\nexpect ann in buyers at 2026-03-01T10:00",
         "this value comes out as missing"},
        {"ann did buy at 2026-03-01T10:00 (weight = 1 / 3)\n"
         "expect ann has heavy = 1 / 3 at 2026-03-01T10:00\n"
         "expect ann has heavy = 0.3 at 2026-03-01T10:00",
         "\"heavy\" of \"ann\" is 0.3333333333333333, not 0.3"},
        /* every type, fields of records, and nobody's values */
        {"ann did buy at 2026-03-01T10:00 (amount = -1, weight = 0.5, store = \"\",\n"
         "  gift = true, due = 2026-03-31, paid = 2026-03-01T10:00Z, stay = 90 minutes,\n"
         "  friend = \"ann\", address.city = \"Bonn\")\n"
         "ann did buy at 2026-03-01T10:00 (amount = missing, weight = missing)\n"
         "expect ann has spent = -1, heavy = 0.5 at 2026-03-01T10:00\n"
         "expect ann in friends at 2026-03-01T10:00",
         ""},
    };
    (void)state;
    check_cases(cases, LENGTH(cases));
}

/* ---- what is expected ------------------------------------------------------------ */

static void test_memberships(void **state)
{
    static const scenario_case cases[] = {
        /* groups: which one it is instead */
        {"ann did buy at 2026-01-01T10:00\n"
         "expect ann in lifecycle.active at 2026-01-02T10:00\n"
         "expect ann in lifecycle at 2026-01-02T10:00\n"
         "expect ann not in lifecycle.lapsed at 2026-01-02T10:00\n"
         "expect ann in lifecycle.prospect at 2026-06-01T10:00",
         "\"ann\" is in lifecycle.lapsed, not in lifecycle.prospect"},
        {"ann did buy at 2026-01-01T10:00 (amount = 5)\n"
         "expect ann not in sizes at 2026-01-02T10:00\n"
         "expect ann in sizes.large at 2026-01-02T10:00",
         "\"ann\" is not in sizes.large"},
        {"ann did buy at 2026-01-01T10:00\n"
         "expect ann not in lifecycle.active at 2026-01-02T10:00",
         "\"ann\" is in lifecycle.active"},
        /* somebody without a history */
        {"expect zoe in lifecycle.prospect at 2026-01-02T10:00\n"
         "expect zoe not in buyers at 2026-01-02T10:00\n"
         "expect zoe has spent = 0, mean = missing at 2026-01-02T10:00",
         ""},
        {"expect zoe in buyers at 2026-01-02T10:00", "\"zoe\" is not in buyers"},
        /* lists, splits, people by other people */
        {"expect ann in staff at 2026-01-02T10:00\n"
         "expect zoe not in staff at 2026-01-02T10:00",
         ""},
        {"expect ann in offer.control at 2026-01-02T10:00\n"
         "expect ann in offer.treated at 2026-01-02T10:00",
         "\"ann\" is in offer.treated, not in offer.control"},
        {"expect cid in offer.control at 2026-01-02T10:00\n"
         "expect eva not in offer at 2026-01-02T10:00\n"
         "expect eva in offer.treated at 2026-01-02T10:00",
         "\"eva\" is not in offer.treated"},
        {"expect `u-1` in offer.control at 2026-01-02T10:00",
         "\"u-1\" is in offer.treated, not in offer.control"},
        {"ann did buy at 2026-01-01T10:00 (amount = 2)\n"
         "bob did buy at 2026-01-01T10:00 (amount = 1)\n"
         "expect ann in upper_half at 2026-01-01T10:00\n"
         "expect bob not in upper_half at 2026-01-01T10:00",
         ""},
        {"ann did buy at 2026-01-01T10:00 (friend = \"bob\")\n"
         "bob did buy at 2026-01-02T10:00\n"
         "expect ann not in friends at 2026-01-02T09:59:59\n"
         "expect ann in friends at 2026-01-02T10:00",
         ""},
        /* judged once a month */
        {"ann did buy at 2026-01-10T10:00 (amount = 100)\n"
         "ann did buy at 2026-02-10T10:00\n"
         "expect ann not in monthly at 2026-01-31T23:59:59\n"
         "expect ann in monthly at 2026-02-01T00:00\n"
         "expect ann not in faithful at 2026-01-31T23:59:59\n"
         "expect ann in faithful at 2026-04-30T23:59:59",
         ""},
    };
    (void)state;
    check_cases(cases, LENGTH(cases));
}

static void test_values(void **state)
{
    static const scenario_case cases[] = {
        {"ann did buy at 2026-01-01T10:00 (amount = 10, store = \"web\")\n"
         "ann did buy at 2026-01-01T11:00 (amount = 2.50)\n"
         "expect ann has spent = 12.5, mean = 6.25, shop = missing at 2026-01-01T11:00\n"
         "expect ann has recency = 1 hour, shop = missing at 2026-01-01T12:00\n"
         "expect ann has shop = \"web\" at 2026-01-01T10:59",
         ""},
        {"ann did buy at 2026-01-01T10:00 (amount = 10, store = \"web\")\n"
         "expect ann has spent = 12, shop = missing, recency = 2 days at "
         "2026-01-02T10:00\n"
         "expect ann has mean = missing, heavy = 1 at 2026-01-02T10:00",
         "\"spent\" of \"ann\" is 10.00, not 12; \"shop\" of \"ann\" is \"web\", not "
         "missing; \"recency\" of \"ann\" is 1 day, not 2 days; \"mean\" of \"ann\" is "
         "10, not missing; \"heavy\" of \"ann\" is missing, not 1"},
        /* a third is a third */
        {"ann did buy at 2026-01-01T10:00 (amount = 1)\n"
         "ann did buy at 2026-01-01T10:00 (amount = 0)\n"
         "ann did buy at 2026-01-01T10:00 (amount = 0)\n"
         "expect ann has mean = 1 / 3 at 2026-01-02T10:00",
         ""},
        /* parts of times are the words of the language */
        {"ann did buy at 2026-01-01T10:00\n"
         "expect ann has recency = a_hundred * 36 seconds at 2026-01-01T11:00",
         ""},
    };
    (void)state;
    check_cases(cases, LENGTH(cases));
}

static void test_accounts(void **state)
{
    static const scenario_case cases[] = {
        {"ann has company = \"acme\"\nbob has company = \"acme\"\n"
         "ann did login at 2026-01-01T10:00\nbob did login at 2026-01-02T10:00\n"
         "expect acme in quiet at 2026-01-01T10:00\n"
         "expect acme not in quiet at 2026-01-02T10:00\n"
         "expect acme has logins = 2, all_logins = 2 at 2026-01-02T10:00\n"
         "expect ann has all_logins = 1 at 2026-01-02T10:00\n"
         "expect acme not in big_accounts at 2026-01-02T10:00",
         ""},
        {"ann has company = \"acme\"\nbob has company = \"acme\"\n"
         "ann did buy at 2026-01-01T10:00\nbob did buy at 2026-01-01T10:00\n"
         "expect acme not in big_accounts at 2026-01-02T10:00",
         "\"acme\" is in big_accounts"},
        /* nobody belongs to it yet */
        {"ann has company = \"acme\" at 2026-02-01T10:00\n"
         "expect acme not in quiet at 2026-02-01T09:59:59\n"
         "expect acme has logins = missing at 2026-02-01T09:59:59\n"
         "expect acme in quiet at 2026-02-01T10:00\n"
         "expect acme has logins = 0 at 2026-02-01T10:00",
         ""},
        {"ann has company = \"acme\" at 2026-02-01T10:00\n"
         "expect acme in quiet at 2026-01-01T10:00\n"
         "expect acme has logins = 0 at 2026-01-01T10:00",
         "\"acme\" is not in quiet; \"logins\" of \"acme\" is missing, not 0"},
        {"ann has company = \"acme\"\nexpect ann in quiet at 2026-01-01T10:00",
         "nobody in this scenario belongs to an account \"ann\""},
        {"ann has company = \"acme\"\nexpect acme in buyers at 2026-01-01T10:00",
         "\"acme\" is an account, and this is expected of people"},
    };
    (void)state;
    check_cases(cases, LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants),    cmocka_unit_test(test_facts),
        cmocka_unit_test(test_memberships), cmocka_unit_test(test_values),
        cmocka_unit_test(test_accounts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
