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

static double value_of(const example *e)
{
    char path[64];
    snprintf(path, sizeof path, "lib/%s.lua", e->file);
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    assert_true(script_library_has(path));
    if (!script_set_load_library(set, path, (span){0}, E0119, d))
        fail_msg("%s", diags_get(d, 0)->message);
    size_t function = script_set_find(set, e->file, e->function);
    assert_true(function != SIZE_MAX);
    script_value arguments[MOST_ARGUMENTS], result;
    for (size_t i = 0; i < e->count; i++) {
        const script_parameter *p = &script_set_signature(set, function)->parameters[i];
        arguments[i] =
            p->type.kind == TYPE_DECIMAL
                ? (script_value){.kind = SCRIPT_INTEGER,
                                 .integer = (int64_t)e->arguments[i]}
                : (script_value){.kind = SCRIPT_NUMBER, .number = e->arguments[i]};
    }
    script_state *s = script_state_new(set, NULL);
    const char *message = "";
    if (!script_call(s, function, arguments, e->count, &result, &message))
        fail_msg("%s", message);
    double value = result.kind == SCRIPT_INTEGER ? (double)result.integer : result.number;
    script_state_free(s);
    script_set_free(set);
    diags_free(d);
    return value;
}

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
        cmocka_unit_test(test_models_agree),
        cmocka_unit_test(test_no_underflow),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
