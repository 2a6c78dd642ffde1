/* SPDX-License-Identifier: MIT
 *
 * The library as another program sees it: carpel/carpel.h over a project in a folder.
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

#include <carpel/carpel.h>

#include "base/file.h"

#define DAY INT64_C(86400000000)

/* The output's plugin is not there, and what it needs is not set: nobody asks. */
static const char project_text[] = "store: none\n"
                                   "accounts: {of: company}\n"
                                   "events:\n"
                                   "  purchase: {amount: decimal(2)}\n"
                                   "traits: {company: string, country: string}\n"
                                   "sources:\n"
                                   "  - name: purchases\n"
                                   "    plugin: jsonl\n"
                                   "    files: purchases.jsonl\n"
                                   "    person: who\n"
                                   "    time: at\n"
                                   "    event: purchase\n"
                                   "    skip: {who: test}\n"
                                   "    traits: [company, country]\n"
                                   "outputs:\n"
                                   "  - plugin: not_installed\n"
                                   "    key: ${CARPEL_TEST_THAT_IS_NOT_SET}\n";

static const char rules_text[] =
    "groups size\n"
    "  large when sum(purchase.amount) >= 50\n"
    "  small when did purchase\n"
    "segment big_accounts for each account when count(purchase) >= 2\n"
    "score spent = sum(purchase.amount)\n"
    "segment buyers when did purchase\n"
    "score per_order = sum(purchase.amount) / count(purchase)\n"
    "score last_bought = last purchase\n"
    "score quiet_for = time since last purchase\n"
    "score home = user.country\n"
    "score is_large = in size.large\n"
    "score orders_of for each account = count(purchase)\n"
    "segment from_de when user.country = \"DE\"\n";

static const char data_text[] =
    "{\"who\": \"bob\", \"at\": \"2026-01-01T12:00\", \"amount\": 10, "
    "\"company\": \"acme\"}\n"
    "{\"who\": \"ann\", \"at\": \"2026-01-01\", \"amount\": 30.50, \"country\": \"DE\", "
    "\"company\": \"acme\"}\n"
    "{\"who\": \"ann\", \"at\": \"2026-01-02\", \"amount\": 20.25}\n"
    "{\"who\": \"cy\", \"at\": \"2026-01-03\", \"amount\": \"much\"}\n"
    "{\"who\": \"cy\", \"at\": \"2026-01-03\", \"amount\": \"more\"}\n"
    "{\"who\": \"cy\", \"amount\": 1}\n"
    "{\"who\": \"test\", \"at\": \"2026-01-03\", \"amount\": 1}\n";

static char directory[] = "/tmp/carpel-test-XXXXXX";

#define JANUARY_1 (20454 * DAY)
#define AS_OF     (JANUARY_1 + 9 * DAY)

static carpel *load(void)
{
    carpel_error err;
    carpel *c = carpel_open(directory);
    assert_string_equal(carpel_messages(c), "");
    assert_true(carpel_is_good(c));
    if (!carpel_load(c, &err))
        fail_msg("%s", err.message);
    return c;
}

static carpel_result *judge(carpel *c)
{
    carpel_error err;
    carpel_result *r = carpel_judge(c, AS_OF, 1, &err);
    if (!r)
        fail_msg("%s", err.message);
    return r;
}

static void test_order_is_that_of_the_rules(void **state)
{
    (void)state;
    static const char *const segments[] = {"size.large", "size.small", "buyers",
                                           "from_de", "big_accounts"};
    static const char *const scores[] = {"spent", "per_order", "last_bought", "quiet_for",
                                         "home",  "is_large",  "orders_of"};
    carpel *c = load();
    carpel_result *r = judge(c);
    assert_int_equal(carpel_segment_count(r), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(carpel_segment_name(r, i), segments[i]);
        assert_int_equal(carpel_segment_find(r, segments[i]), i);
        assert_int_equal(carpel_segment_is_of_accounts(r, i), i == 4);
    }
    assert_int_equal(carpel_score_count(r), 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(carpel_score_name(r, i), scores[i]);
        assert_int_equal(carpel_score_find(r, scores[i]), i);
        assert_int_equal(carpel_score_is_of_accounts(r, i), i == 6);
    }
    assert_int_equal(carpel_groups_count(r), 1);
    assert_string_equal(carpel_groups_name(r, 0), "size");
    assert_int_equal(carpel_groups_find(r, "size"), 0);
    assert_false(carpel_groups_is_of_accounts(r, 0));
    assert_true(carpel_segment_find(r, "spent") == CARPEL_NONE);
    assert_true(carpel_score_find(r, "buyers") == CARPEL_NONE);
    assert_true(carpel_groups_find(r, "size.large") == CARPEL_NONE);
    carpel_result_free(r);
    carpel_close(c);
}

static void test_people_and_accounts(void **state)
{
    (void)state;
    carpel *c = load();
    carpel_result *r = judge(c);
    assert_int_equal(carpel_person_count(r), 2);
    assert_string_equal(carpel_person_id(r, 0), "ann");
    assert_string_equal(carpel_person_id(r, 1), "bob");
    assert_int_equal(carpel_person_find(r, "bob"), 1);
    assert_true(carpel_person_find(r, "nobody") == CARPEL_NONE);
    assert_true(carpel_person_find(r, "") == CARPEL_NONE);
    assert_int_equal(carpel_account_count(r), 1);
    assert_string_equal(carpel_account_id(r, 0), "acme");
    assert_int_equal(carpel_account_find(r, "acme"), 0);
    assert_true(carpel_account_find(r, "ann") == CARPEL_NONE);
    carpel_result_free(r);
    carpel_close(c);
}

/* bob's first row is of noon: at midnight nothing is said of him. */
static void test_people_of_then(void **state)
{
    (void)state;
    carpel_error err;
    carpel *c = load();
    carpel_value value;
    carpel_result *r = carpel_judge(c, JANUARY_1, 1, &err);
    assert_non_null(r);
    assert_int_equal(carpel_person_count(r), 1);
    assert_string_equal(carpel_person_id(r, 0), "ann");
    assert_true(carpel_person_find(r, "bob") == CARPEL_NONE);
    assert_false(carpel_segment_has(r, carpel_segment_find(r, "size.small"), "bob"));
    assert_null(carpel_group_of(r, 0, "bob"));
    assert_false(carpel_score_value(r, carpel_score_find(r, "spent"), "bob", &value));
    carpel_result_free(r);
    carpel_close(c);
}

static void test_members(void **state)
{
    (void)state;
    carpel *c = load();
    carpel_result *r = judge(c);
    size_t large = carpel_segment_find(r, "size.large");
    size_t big = carpel_segment_find(r, "big_accounts");
    assert_true(carpel_segment_has(r, large, "ann"));
    assert_false(carpel_segment_has(r, large, "bob"));
    assert_false(carpel_segment_has(r, large, "nobody"));
    assert_int_equal(carpel_segment_size(r, large), 1);
    assert_true(carpel_segment_has(r, big, "acme"));
    assert_false(carpel_segment_has(r, big, "ann"));
    assert_string_equal(carpel_group_of(r, 0, "ann"), "large");
    assert_string_equal(carpel_group_of(r, 0, "bob"), "small");
    assert_null(carpel_group_of(r, 0, "nobody"));
    carpel_result_free(r);
    carpel_close(c);
}

static carpel_value value_of(const carpel_result *r, const char *score, const char *id)
{
    carpel_value value = {0};
    size_t index = carpel_score_find(r, score);
    assert_true(index != CARPEL_NONE);
    assert_true(carpel_score_value(r, index, id, &value));
    assert_int_equal(value.type, carpel_score_type(r, index));
    return value;
}

static void test_scores_keep_their_types(void **state)
{
    (void)state;
    carpel *c = load();
    carpel_result *r = judge(c);
    carpel_value v = value_of(r, "spent", "ann");
    assert_int_equal(v.type, CARPEL_VALUE_DECIMAL);
    assert_int_equal(v.whole, 5075);
    assert_int_equal(v.scale, 2);
    assert_true(v.number == 50.75);
    v = value_of(r, "per_order", "ann");
    assert_int_equal(v.type, CARPEL_VALUE_NUMBER);
    assert_true(v.number == 25.375);
    v = value_of(r, "last_bought", "ann");
    assert_int_equal(v.type, CARPEL_VALUE_TIME);
    assert_true(v.whole == JANUARY_1 + DAY);
    v = value_of(r, "quiet_for", "ann");
    assert_int_equal(v.type, CARPEL_VALUE_DURATION);
    assert_true(v.whole == 8 * DAY && v.number == 8 * 86400.0);
    v = value_of(r, "home", "ann");
    assert_int_equal(v.type, CARPEL_VALUE_STRING);
    assert_int_equal(v.size, 2);
    assert_memory_equal(v.text, "DE", 2);
    assert_int_equal(value_of(r, "is_large", "ann").whole, 1);
    assert_int_equal(value_of(r, "is_large", "bob").whole, 0);
    v = value_of(r, "orders_of", "acme");
    assert_int_equal(v.type, CARPEL_VALUE_DECIMAL);
    assert_int_equal(v.whole, 3);
    carpel_result_free(r);
    carpel_close(c);
}

static void test_missing_values(void **state)
{
    (void)state;
    carpel *c = load();
    carpel_result *r = judge(c);
    carpel_value v = {.whole = 7};
    assert_false(carpel_score_value(r, carpel_score_find(r, "home"), "bob", &v));
    assert_false(carpel_score_value(r, carpel_score_find(r, "home"), "nobody", &v));
    assert_int_equal(v.whole, 7);
    carpel_result_free(r);
    carpel_close(c);
}

static void test_why_rows_were_refused(void **state)
{
    (void)state;
    carpel *c = load();
    carpel_refusal reason;
    uint64_t rows = 0;
    size_t count = 0;
    for (; carpel_refused_reason(c, count, &reason); count++) {
        rows += reason.count;
        assert_non_null(strstr(reason.file, "purchases.jsonl"));
        assert_in_range(reason.line, 4, 6);
    }
    assert_int_equal(carpel_refused_count(c), 3);
    assert_int_equal(rows, 3);
    assert_in_range(count, 2, 3);
    assert_false(carpel_refused_reason(c, SIZE_MAX, &reason));
    assert_int_equal(carpel_skipped_count(c), 1);
    carpel_close(c);
}

static void test_cancel(void **state)
{
    (void)state;
    carpel_error err;
    carpel *c = carpel_open(directory);
    carpel_cancel(c);
    assert_false(carpel_load(c, &err));
    assert_int_equal(err.code, CARPEL_E_CANCELLED);
    carpel_resume(c);
    assert_true(carpel_load(c, &err));
    carpel_cancel(c);
    assert_null(carpel_judge(c, AS_OF, 2, &err));
    assert_int_equal(err.code, CARPEL_E_CANCELLED);
    carpel_resume(c);
    carpel_result *r = carpel_judge(c, AS_OF, 2, &err);
    assert_non_null(r);
    carpel_result_free(r);
    carpel_close(c);
}

static void test_what_is_asked_too_early(void **state)
{
    (void)state;
    carpel_error err;
    carpel *c = carpel_open(directory);
    assert_null(carpel_judge(c, AS_OF, 1, &err));
    assert_non_null(strstr(err.message, "not loaded"));
    assert_true(carpel_load(c, &err));
    assert_false(carpel_load(c, &err));
    assert_non_null(strstr(err.message, "loaded already"));
    carpel_close(c);
    c = carpel_open("/tmp/carpel-test-that-is-not-there");
    assert_false(carpel_is_good(c));
    assert_non_null(strstr(carpel_messages(c), "carpel.yaml"));
    assert_false(carpel_load(c, &err));
    assert_int_equal(carpel_refused_count(c), 0);
    assert_int_equal(carpel_skipped_count(c), 0);
    carpel_cancel(c);
    carpel_resume(c);
    carpel_close(c);
}

/* ---- the project -------------------------------------------------------- */

static const struct {
    const char *name, *text;
} files[] = {{"carpel.yaml", project_text},
             {"rules.seg", rules_text},
             {"purchases.jsonl", data_text}};

static int set_up(void **state)
{
    (void)state;
    carpel_error err;
    char path[96];
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/rules", directory);
    if (mkdir(path, 0700) != 0)
        return -1;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bool is_rules = strcmp(files[i].name, "rules.seg") == 0;
        snprintf(path, sizeof path, "%s/%s%s", directory, is_rules ? "rules/" : "",
                 files[i].name);
        if (!file_write_whole(path, files[i].text, strlen(files[i].text), &err))
            return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const made[] = {"rules/rules.seg",
                                       "rules",
                                       "carpel.yaml",
                                       "purchases.jsonl",
                                       ".carpel/refused.csv",
                                       ".carpel/.gitignore",
                                       ".carpel"};
    char path[96];
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, made[i]);
        remove(path);
    }
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_that_of_the_rules),
        cmocka_unit_test(test_people_and_accounts),
        cmocka_unit_test(test_people_of_then),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_scores_keep_their_types),
        cmocka_unit_test(test_missing_values),
        cmocka_unit_test(test_why_rows_were_refused),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_what_is_asked_too_early),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
