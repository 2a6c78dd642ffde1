/* SPDX-License-Identifier: MIT
 *
 * The functions that come with carpel, against what was published of them.
 */
#include <math.h>
#include <stdio.h>

#include "script_support.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 60000000};

enum { MOST_ARGUMENTS = 8 };

/* The values of one call; a count says how many arguments there are. */
typedef struct example {
    const char *file, *function;
    double arguments[MOST_ARGUMENTS];
    size_t count;
    double expected, tolerance;
} example;

#define CDNOW_BG     0.2426, 4.414, 0.793, 2.426
#define CDNOW_PARETO 0.553, 10.578, 0.606, 11.669
#define CDNOW_VALUE  6.25, 3.74, 15.44
#define DONORS       1.204, 0.750, 0.657, 2.783

static const example examples[] = {
    /* Fader, Hardie and Lee (2005): 1.226 orders in 39 weeks */
    {"bg_nbd", "expected", {39, 2, 30.43, 38.86, CDNOW_BG}, 8, 1.2260, 5e-4},
    /* a + b below 1, by integrating over everybody's chance to stop */
    {"bg_nbd", "expected", {13, 0, 0, 20, 0.94, 4.98, 0.31, 0.51}, 8, 0.42011, 1e-5},
    {"bg_nbd", "alive", {0, 0, 38.86, CDNOW_BG}, 7, 1, 1e-12},
    {"bg_nbd", "alive", {1000, 30.43, 38.86, CDNOW_BG}, 7, 0, 1e-12},
    /* Fader and Hardie (2013): the first customer */
    {"gamma_gamma", "expected", {2, 22.35, CDNOW_VALUE}, 5, 24.66, 5e-3},
    {"gamma_gamma", "expected", {0, 0, CDNOW_VALUE}, 5, 6.25 * 15.44 / 2.74, 1e-9},
    /* Fader, Hardie and Shang (2010): gifts of six years, five years on */
    {"bg_bb", "expected", {5, 6, 6, 6, DONORS}, 8, 3.75, 5e-3},
    {"bg_bb", "expected", {5, 0, 0, 6, DONORS}, 8, 0.07, 5e-3},
    {"bg_bb", "expected", {5, 1, 1, 6, DONORS}, 8, 0.09, 5e-3},
    /* Wilson (1927): 95 % of 1 of 10, 0 of 10, 10 of 10 */
    {"rate", "low", {1, 10, 1.959963984540054}, 3, 0.0179, 1e-4},
    {"rate", "high", {1, 10, 1.959963984540054}, 3, 0.4042, 1e-4},
    {"rate", "low", {0, 10, 1.959963984540054}, 3, 0, 1e-12},
    {"rate", "high", {0, 10, 1.959963984540054}, 3, 0.2775, 1e-4},
    {"rate", "shrunk", {3, 4, 1, 1}, 4, 4.0 / 6, 1e-12},
    /* of a beta distribution (1, 1): its own quantile; of (2, 1) the root */
    {"rate", "shrunk_low", {0, 0, 1, 1}, 4, 0.05, 1e-9},
    {"rate", "shrunk_low", {1, 1, 1, 1}, 4, 0.22360679775, 1e-9},
    /* Newcombe (1998): 56 of 70 and 48 of 80, his method 10; equal priors tell nothing */
    {"rate", "difference_low", {48, 80, 56, 70}, 4, 0.0524, 5e-5},
    {"rate", "difference_high", {48, 80, 56, 70}, 4, 0.3339, 5e-5},
    {"rate", "better", {0, 0, 0, 0, 1, 1}, 6, 0.5, 1e-9},
    {"rfm", "fifth", {5, 2, 3, 5, 10}, 5, 4, 1e-12},
    {"rfm", "fifth", {1.9, 2, 3, 5, 10}, 5, 1, 1e-12},
    {"rfm", "recency", {30, 30, 90, 180, 365}, 5, 4, 1e-12},
    {"habit", "decay", {90, 30}, 2, 0.125, 1e-12},
    {"habit", "logistic", {0}, 1, 0.5, 1e-12},
    {"habit", "logistic", {-800}, 1, 0, 1e-12},
    {"habit", "cusum", {1, 5, 3, 0.5}, 4, 2.5, 1e-12},
};

/* As the function declares it. */
static script_value argument(const script_parameter *p, double number)
{
    return p->type.kind == TYPE_DECIMAL || p->type.kind == TYPE_DATE
               ? (script_value){.kind = SCRIPT_INTEGER, .integer = (int64_t)number}
               : (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static script_set *load_library(const char *file, const char *name, size_t *function)
{
    char path[64];
    snprintf(path, sizeof path, "lib/%s.lua", file);
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(script_library_has(path));
    if (!script_set_load_library(set, path, (span){0}, E0119, d))
        fail_msg("%s", diags_get(d, 0)->message);
    diags_free(d);
    *function = script_set_find(set, file, name);
    assert_true(*function != SIZE_MAX);
    return set;
}

/* A result that is missing is NaN. */
static double call(const script_set *set, size_t function, const script_value *arguments,
                   size_t count)
{
    script_value result;
    script_state *s = script_state_new(set, NULL);
    const char *message = "";
    if (!script_call(s, function, arguments, count, &result, &message))
        fail_msg("%s", message);
    script_state_free(s);
    return result.kind == SCRIPT_MISSING   ? NAN
           : result.kind == SCRIPT_INTEGER ? (double)result.integer
                                           : result.number;
}

static double value_of(const example *e)
{
    size_t function;
    script_set *set = load_library(e->file, e->function, &function);
    script_value arguments[MOST_ARGUMENTS];
    for (size_t i = 0; i < e->count; i++)
        arguments[i] = argument(&script_set_signature(set, function)->parameters[i],
                                e->arguments[i]);
    double value = call(set, function, arguments, e->count);
    script_set_free(set);
    return value;
}

/* ---- functions of lists --------------------------------------------------- */

enum { MOST_ITEMS = 32 };

/* A list comes first, then the others. */
typedef struct list_example {
    const char *file, *function;
    double items[MOST_ITEMS];
    size_t item_count;
    double others[MOST_ARGUMENTS];
    size_t other_count;
    double expected, tolerance; /* NAN: it is missing */
} list_example;

#define DAYS(n) ((n)*86400.0)

#define MONTGOMERY                                                                       \
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, \
        9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60,  \
        11.08, 10.38, 11.62, 11.31

static const list_example list_examples[] = {
    {"habit", "usual_gap", {DAYS(1), DAYS(4), DAYS(6), DAYS(96)}, 4, {0}, 0, 3, 1e-12},
    {"habit", "usual_gap", {DAYS(1), DAYS(4), DAYS(6)}, 3, {0}, 0, 2.5, 1e-12},
    {"habit", "usual_gap", {DAYS(1)}, 1, {0}, 0, NAN, 0},
    {"habit", "due", {DAYS(1), DAYS(4), DAYS(6)}, 3, {0}, 0, DAYS(8.5), 1e-6},
    {"habit", "due", {DAYS(1)}, 1, {0}, 0, NAN, 0},
    {"habit",
     "points",
     {DAYS(10), DAYS(40), DAYS(99)},
     3,
     {DAYS(70), 30},
     2,
     1.75,
     1e-12},
    {"habit", "points", {0}, 0, {DAYS(70), 30}, 2, 0, 1e-12},
    /* Montgomery, Introduction to Statistical Quality Control: the example of the tabular
     * CUSUM with its target 10 and slack 0.5, which passes 5 with the 29th value, and what it
     * says below the target after three values */
    {"habit", "cusum_up", {MONTGOMERY}, 28, {10, 0.5}, 2, 4.47, 5e-3},
    {"habit", "cusum_up", {MONTGOMERY}, 29, {10, 0.5}, 2, 5.28, 5e-3},
    {"habit", "cusum_down", {MONTGOMERY}, 3, {10, 0.5}, 2, 1.77, 5e-3},
    {"habit", "cusum_down", {MONTGOMERY}, 29, {10, 0.5}, 2, 0, 5e-3},
    /* shares of hours without others: (n + w / 24) / (N + w) */
    {"timing", "best_hour", {9, 20, 20, 9, 20}, 5, {0}, 0, 20, 0},
    {"timing", "best_hour", {20, 9}, 2, {0}, 0, 9, 0},
    {"timing", "best_hour", {0}, 0, {0}, 0, NAN, 0},
    {"timing", "hour_share", {9, 20, 20}, 3, {20}, 1, 2.0 / 3, 1e-12},
};

static double value_of_list(const list_example *e)
{
    size_t function;
    script_set *set = load_library(e->file, e->function, &function);
    const script_parameter *p = script_set_signature(set, function)->parameters;
    script_value items[MOST_ITEMS], arguments[MOST_ARGUMENTS + 1];
    for (size_t i = 0; i < e->item_count; i++)
        items[i] = argument(&p[0], e->items[i]);
    arguments[0] =
        (script_value){.kind = SCRIPT_LIST, .items = items, .item_count = e->item_count};
    for (size_t i = 0; i < e->other_count; i++)
        arguments[i + 1] = argument(&p[i + 1], e->others[i]);
    double value = call(set, function, arguments, e->other_count + 1);
    script_set_free(set);
    return value;
}

static void test_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof list_examples / sizeof *list_examples; i++) {
        const list_example *e = &list_examples[i];
        double value = value_of_list(e);
        bool is_good =
            isnan(e->expected) ? isnan(value) : fabs(value - e->expected) <= e->tolerance;
        if (!is_good)
            fail_msg("%s.%s (row %zu): %.10g, not %.10g", e->file, e->function, i, value,
                     e->expected);
    }
}

/* A list of hours or weekdays, perhaps one of them, what all do, and what that counts. */
static const struct {
    const char *function;
    script_value arguments[4];
    size_t count;
    double number;    /* what is expected, */
    const char *text; /* or this */
} timing_examples[] = {
#define NUMBER_OF(x)                                                                     \
    {                                                                                    \
        .kind = SCRIPT_NUMBER, .number = (x)                                             \
    }
#define HOUR(x)                                                                          \
    {                                                                                    \
        .kind = SCRIPT_INTEGER, .integer = (x)                                           \
    }
#define TEXT_OF(x)                                                                       \
    {                                                                                    \
        .kind = SCRIPT_TEXT, .text = {(x), sizeof(x) - 1 }                               \
    }
#define HOURS                                                                            \
    {                                                                                    \
        .kind = SCRIPT_LIST,                                                             \
        .items = (const script_value[]){HOUR(9), HOUR(20), HOUR(20)}, .item_count = 3    \
    }
#define DAYS_OF_WEEK                                                                     \
    {                                                                                    \
        .kind = SCRIPT_LIST,                                                             \
        .items = (const script_value[]){TEXT_OF("sunday"), TEXT_OF("friday")},           \
        .item_count = 2                                                                  \
    }
#define NOTHING                                                                          \
    {                                                                                    \
        .kind = SCRIPT_LIST                                                              \
    }
/* half of what all do is at noon, half at 20 */
#define ALL_HOURS TEXT_OF("0 0 0 0 0 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0 4 0 0 0")
#define ALL_DAYS  TEXT_OF("1 1 1 1 1 2 1")
    /* the mean of a Dirichlet distribution behind counts: (n + w p) / (N + w) */
    {"hour_share", {HOURS, HOUR(12), ALL_HOURS, NUMBER_OF(9)}, 4, 4.5 / 12, NULL},
    {"hour_share", {HOURS, HOUR(20), ALL_HOURS, NUMBER_OF(9)}, 4, 6.5 / 12, NULL},
    {"hour_share", {HOURS, HOUR(9), ALL_HOURS}, 3, 1.0 / 13, NULL},
    {"best_hour", {HOURS, ALL_HOURS, NUMBER_OF(1)}, 3, 20, NULL},
    {"best_hour", {NOTHING, ALL_HOURS}, 2, 12, NULL},
    {"best_weekday", {DAYS_OF_WEEK}, 1, 0, "friday"},
    {"best_weekday", {DAYS_OF_WEEK, ALL_DAYS}, 2, 0, "saturday"},
    {"best_weekday", {DAYS_OF_WEEK, ALL_DAYS, NUMBER_OF(1)}, 3, 0, "friday"},
    {"weekday_share",
     {DAYS_OF_WEEK, TEXT_OF("saturday"), ALL_DAYS, NUMBER_OF(8)},
     4,
     0.2,
     NULL},
};

static void test_timing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof timing_examples / sizeof *timing_examples; i++) {
        size_t function;
        script_value result;
        const char *message = "";
        script_set *set = load_library("timing", timing_examples[i].function, &function);
        script_state *s = script_state_new(set, NULL);
        if (!script_call(s, function, timing_examples[i].arguments,
                         timing_examples[i].count, &result, &message))
            fail_msg("row %zu: %s", i, message);
        const char *text = timing_examples[i].text;
        double number =
            result.kind == SCRIPT_INTEGER ? (double)result.integer : result.number;
        bool is_good = text ? result.kind == SCRIPT_TEXT && slice_is(result.text, text)
                            : fabs(number - timing_examples[i].number) < 1e-12;
        if (!is_good)
            fail_msg("row %zu: %s gives %g", i, timing_examples[i].function, number);
        script_state_free(s);
        script_set_free(set);
    }
}

/* What is no hour or weekday is told, and no share that is missing. */
static void test_no_such_times(void **state)
{
    const struct {
        const char *function;
        script_value list, asked;
        const char *message;
    } cases[] = {
        {"hour_share", HOURS, HOUR(24), "an hour is a number from 0 to 23"},
        {"hour_share", HOURS, HOUR(-1), "an hour is a number from 0 to 23"},
        {"weekday_share", DAYS_OF_WEEK, TEXT_OF("mondy"), "a weekday is a text"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t function;
        script_value result;
        const char *message = "";
        const script_value arguments[] = {cases[i].list, cases[i].asked};
        script_set *set = load_library("timing", cases[i].function, &function);
        script_state *s = script_state_new(set, NULL);
        assert_false(script_call(s, function, arguments, 2, &result, &message));
        assert_non_null(strstr(message, cases[i].message));
        script_state_free(s);
        script_set_free(set);
    }
}

/* ---- functions of numbers -------------------------------------------------- */

static void test_published_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        double value = value_of(&examples[i]);
        if (!(fabs(value - examples[i].expected) <= examples[i].tolerance))
            fail_msg("%s.%s (row %zu): %.10g, not %.10g", examples[i].file,
                     examples[i].function, i, value, examples[i].expected);
    }
}

/* The expected orders are the sum, over all that may happen, of what a likelihood says of it:
 * with nobody ever leaving (a tiny), BG/NBD, MBG/NBD and Pareto/NBD are one model. */
static void test_models_agree(void **state)
{
    (void)state;
    static const example same[] = {
        {"bg_nbd", "log_likelihood", {3, 20, 30, 0.5, 4, 1e-9, 1}, 7, 0, 0},
        {"mbg_nbd", "log_likelihood", {3, 20, 30, 0.5, 4, 1e-9, 1}, 7, 0, 0},
        {"pareto_nbd", "log_likelihood", {3, 20, 30, 0.5, 4, 1e-9, 1}, 7, 0, 0},
    };
    double first = value_of(&same[0]);
    for (size_t i = 1; i < sizeof same / sizeof *same; i++)
        if (!(fabs(value_of(&same[i]) - first) < 1e-6))
            fail_msg("%s: %.12g, not %.12g", same[i].file, value_of(&same[i]), first);
}

/* A thousand orders are a number like others. */
static void test_no_underflow(void **state)
{
    (void)state;
    static const example large[] = {
        {"bg_nbd", "log_likelihood", {1000, 30, 38, CDNOW_BG}, 7, 0, 0},
        {"bg_nbd", "expected", {39, 1000, 38.8, 38.86, CDNOW_BG}, 8, 0, 0},
        {"mbg_nbd", "log_likelihood", {1000, 30, 38, CDNOW_BG}, 7, 0, 0},
        {"mbg_nbd", "expected", {39, 1000, 38.8, 38.86, CDNOW_BG}, 8, 0, 0},
        {"pareto_nbd", "log_likelihood", {1000, 30, 38, CDNOW_PARETO}, 7, 0, 0},
        {"pareto_nbd", "expected", {39, 1000, 38.8, 38.86, CDNOW_PARETO}, 8, 0, 0},
        {"bg_bb", "log_likelihood", {1000, 1000, 1000, DONORS}, 7, 0, 0},
        {"gamma_gamma", "log_likelihood", {1000, 50, CDNOW_VALUE}, 5, 0, 0},
    };
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        double value = value_of(&large[i]);
        bool is_good = strcmp(large[i].function, "expected") == 0
                           ? value > 100 && value < 1100
                           : value > -1e5 && value < 1e5 && fabs(value) > 1;
        if (!is_good)
            fail_msg("%s.%s: %g", large[i].file, large[i].function, value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_numbers),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_timing),
        cmocka_unit_test(test_no_such_times),
        cmocka_unit_test(test_models_agree),
        cmocka_unit_test(test_no_underflow),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
