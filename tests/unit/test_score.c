/* SPDX-License-Identifier: MIT
 *
 * Scores: how values are read, written and spread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exec/score.h"

#define PEOPLE_COUNT 5

static run_population people = {.count = PEOPLE_COUNT, .number_count = PEOPLE_COUNT};
static const uint64_t everyone = 0x1F, nobody = 0, without_last = 0x0F;

static run_score score_of(type t, const void *values, const uint64_t *present)
{
    return (run_score){"s", NULL, t, values, present, &people, NULL};
}

static const char *written(const run_score *s, size_t person)
{
    static text out;
    text_done(&out);
    text_init(&out);
    score_append(s, person, &out);
    return out.data;
}

static void test_values_are_written_exactly(void **state)
{
    (void)state;
    const int64_t cents[] = {-1250, 0, 5, 9223372036854775807, 0};
    const double numbers[] = {0.1, -0.0, 1e300, 5e-324, 2};
    const int64_t times[] = {0, 1000000, -1, 1767225600000000, 0};
    const int64_t days[] = {0, -1, 20454, 1, 0};
    const uint64_t bits[] = {5};
    run_score decimal = score_of((type){TYPE_DECIMAL, 2}, cents, &without_last);
    assert_string_equal(written(&decimal, 0), "-12.50");
    assert_string_equal(written(&decimal, 2), "0.05");
    assert_string_equal(written(&decimal, 3), "92233720368547758.07");
    assert_string_equal(written(&decimal, 4), ""); /* missing */
    run_score number = score_of((type){TYPE_NUMBER, 0}, numbers, &everyone);
    assert_string_equal(written(&number, 0), "0.1");
    assert_string_equal(written(&number, 2), "1e+300");
    assert_string_equal(written(&number, 3), "4.94065645841247e-324");
    run_score moment = score_of((type){TYPE_TIME, 0}, times, &everyone);
    assert_string_equal(written(&moment, 1), "1970-01-01T00:00:01Z");
    assert_string_equal(written(&moment, 2), "1969-12-31T23:59:59.999999Z");
    run_score date = score_of((type){TYPE_DATE, 0}, days, &everyone);
    assert_string_equal(written(&date, 2), "2026-01-01");
    run_score truth = score_of((type){TYPE_BOOL, 0}, bits, &everyone);
    assert_string_equal(written(&truth, 0), "true");
    assert_string_equal(written(&truth, 1), "false");
}

static void test_numbers_are_spread(void **state)
{
    (void)state;
    const int64_t tenths[] = {30, 10, 50, 20, 40}; /* 3, 1, 5, 2, 4 */
    run_score s = score_of((type){TYPE_DECIMAL, 1}, tenths, &everyone);
    distribution d = score_distribution(&s);
    assert_int_equal(d.count, 5);
    assert_int_equal(d.missing_count, 0);
    assert_true(d.lowest == 1 && d.highest == 5 && d.average == 3);
    assert_true(d.quantiles[QUANTILE_25] == 2 && d.quantiles[QUANTILE_50] == 3 &&
                d.quantiles[QUANTILE_75] == 4);
    assert_true(d.quantiles[QUANTILE_05] > 1.19 && d.quantiles[QUANTILE_05] < 1.21);
    s.present = &without_last; /* 1, 2, 3, 5 */
    d = score_distribution(&s);
    assert_int_equal(d.missing_count, 1);
    assert_true(d.quantiles[QUANTILE_50] == 2.5 && d.average == 2.75);
}

static void test_durations_are_seconds(void **state)
{
    (void)state;
    const int64_t spans[] = {1500000, 0, 0, 0, 0};
    run_score s = score_of((type){TYPE_DURATION, 0}, spans, &everyone);
    assert_true(score_distribution(&s).highest == 1.5);
}

static void test_nobody_has_a_value(void **state)
{
    (void)state;
    const double numbers[PEOPLE_COUNT] = {0};
    run_score s = score_of((type){TYPE_NUMBER, 0}, numbers, &nobody);
    distribution d = score_distribution(&s);
    assert_int_equal(d.count, 0);
    assert_int_equal(d.missing_count, PEOPLE_COUNT);
}

static void test_texts_by_frequency(void **state)
{
    (void)state;
    dictionary *texts = dictionary_new();
    const uint32_t b = dictionary_add(texts, "b", 1), a = dictionary_add(texts, "a", 1),
                   c = dictionary_add(texts, "c", 1);
    dictionary_add(texts, "unused", 6);
    const uint32_t codes[] = {c, b, a, c, b};
    run_score s = score_of((type){TYPE_STRING, 0}, codes, &everyone);
    s.texts = texts;
    distribution d = score_distribution(&s);
    assert_int_equal(d.distinct_count, 3);
    assert_int_equal(d.frequent_count, 3);
    assert_int_equal(d.frequent[0].value, b); /* of equals, the smaller text */
    assert_int_equal(d.frequent[0].count, 2);
    assert_int_equal(d.frequent[1].value, c);
    assert_int_equal(d.frequent[2].value, a);
    dictionary_free(texts);
}

static void test_only_the_most_frequent_are_kept(void **state)
{
    (void)state;
    enum { TEXTS = 40 };
    enum { PEOPLE = TEXTS * (TEXTS + 1) / 2 };
    run_population many = {.count = PEOPLE, .number_count = PEOPLE};
    static uint32_t codes[TEXTS * (TEXTS + 1) / 2];
    static uint64_t present[TEXTS * (TEXTS + 1) / 2 / 64 + 1];
    dictionary *texts = dictionary_new();
    size_t person = 0;
    for (uint32_t t = 0; t < TEXTS; t++) { /* the text number t is that of t + 1 people */
        char name[] = {(char)('A' + t), 0};
        dictionary_add(texts, name, 1);
        for (uint32_t i = 0; i <= t; i++, person++) {
            codes[person] = t;
            present[person / 64] |= UINT64_C(1) << person % 64;
        }
    }
    run_score s = {"s", NULL, {TYPE_STRING, 0}, codes, present, &many, texts};
    distribution d = score_distribution(&s);
    assert_int_equal(d.distinct_count, TEXTS);
    assert_int_equal(d.frequent_count, MOST_FREQUENT_VALUES);
    for (uint32_t i = 0; i < MOST_FREQUENT_VALUES; i++) {
        assert_int_equal(d.frequent[i].value, TEXTS - 1 - i);
        assert_int_equal(d.frequent[i].count, TEXTS - i);
    }
    dictionary_free(texts);
}

static void test_moments_and_truth_values(void **state)
{
    (void)state;
    const int64_t days[] = {3, 9, -4, 9, 0};
    const uint64_t bits[] = {0x16};
    run_score date = score_of((type){TYPE_DATE, 0}, days, &everyone);
    distribution d = score_distribution(&date);
    assert_int_equal(d.earliest_person, 2);
    assert_int_equal(d.latest_person, 1);
    run_score truth = score_of((type){TYPE_BOOL, 0}, bits, &everyone);
    d = score_distribution(&truth);
    assert_int_equal(d.distinct_count, 2);
    assert_int_equal(d.frequent[0].value, 1);
    assert_int_equal(d.frequent[0].count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_written_exactly),
        cmocka_unit_test(test_numbers_are_spread),
        cmocka_unit_test(test_durations_are_seconds),
        cmocka_unit_test(test_nobody_has_a_value),
        cmocka_unit_test(test_texts_by_frequency),
        cmocka_unit_test(test_only_the_most_frequent_are_kept),
        cmocka_unit_test(test_moments_and_truth_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
