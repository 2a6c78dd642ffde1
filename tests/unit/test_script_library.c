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

enum { MOST_ITEMS = 16 };

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

static const list_example list_examples[] = {
    {"habit", "usual_gap", {DAYS(1), DAYS(4), DAYS(6), DAYS(96)}, 4, {0}, 0, 3, 1e-12},
    {"habit", "usual_gap", {DAYS(1), DAYS(4), DAYS(6)}, 3, {0}, 0, 2.5, 1e-12},
    {"habit", "usual_gap", {DAYS(1)}, 1, {0}, 0, NAN, 0},
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
        cmocka_unit_test(test_models_agree),
        cmocka_unit_test(test_no_underflow),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
