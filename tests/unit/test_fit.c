/* SPDX-License-Identifier: MIT
 *
 * Parameters by maximum likelihood: against what was published, and against what can be worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "fit/label.h"
#include "fit/likelihood.h"
#include "fit/logistic.h"
#include "fit/matrix.h"
#include "fit/measures.h"
#include "fit/optimum.h"
#include "fit/uplift.h"

static void assert_near(double found, double wanted, double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%.10g is not %.10g", found, wanted);
}

/* ---- matrices --------------------------------------------------------------- */

static void inverts_a_matrix(void **state)
{
    double a[] = {4, 2, 0.6, 2, 5, 1, 0.6, 1, 3}, whole[9];
    for (size_t i = 0; i < 9; i++)
        whole[i] = a[i];
    assert_true(matrix_invert(a, 3));
    for (size_t row = 0; row < 3; row++)
        for (size_t column = 0; column < 3; column++) {
            double sum = 0;
            for (size_t k = 0; k < 3; k++)
                sum += a[row * 3 + k] * whole[k * 3 + column];
            assert_near(sum, row == column ? 1 : 0, 1e-12);
        }
    (void)state;
}

static void refuses_what_is_not_positive(void **state)
{
    double saddle[] = {1, 2, 2, 1}, flat[] = {1, 1, 1, 1}, unknown[] = {NAN};
    assert_false(matrix_invert(saddle, 2));
    assert_false(matrix_invert(flat, 2));
    assert_false(matrix_invert(unknown, 1));
    (void)state;
}

/* ---- optima ----------------------------------------------------------------- */

/* Largest at 20 and 0.05, where it falls off with standard errors of 20 * 0.1 and 0.05 * 0.3 in
 * logarithms that depend on each other. */
static double hill(void *context, const double *at)
{
    double a = (log(at[0]) - log(20)) / 0.1, b = (log(at[1]) - log(0.05)) / 0.3;
    (void)context;
    return 7 - (a * a - 2 * 0.6 * a * b + b * b) / (2 * (1 - 0.36));
}

static void finds_where_a_hill_is_highest(void **state)
{
    fit_goal goal = {NULL, hill};
    double at[2] = {1, 1}, best, errors[2];
    carpel_error err;
    assert_true(fit_optimum_find(&goal, 2, at, &best, &err));
    assert_near(best, 7, 1e-7);
    assert_near(at[0], 20, 1e-3);
    assert_near(at[1], 0.05, 1e-5);
    assert_true(fit_standard_errors(&goal, 2, at, errors));
    assert_near(errors[0], 2, 1e-3);
    assert_near(errors[1], 0.015, 1e-5);
    (void)state;
}

static double slope(void *context, const double *at)
{
    (void)context;
    return log(at[0]);
}

static void tells_of_bounds_and_of_no_value(void **state)
{
    fit_goal up = {NULL, slope};
    double at[1] = {1}, best, errors[1];
    carpel_error err;
    assert_true(fit_optimum_find(&up, 1, at, &best, &err));
    assert_true(fit_is_at_bound(at[0]));
    assert_false(fit_standard_errors(&up, 1, at, errors));
    assert_false(fit_is_at_bound(1));
    (void)state;
}

/* ---- models ------------------------------------------------------------------ */

/* Gifts of 11,104 people in 6 years, who gave first the year before (Fader, Hardie and Shang 2010, table 1): in
 * how many years, the last of them, and how many people. */
static const int gifts[][3] = {
    {6, 6, 1203}, {5, 6, 728}, {4, 6, 512},  {3, 6, 357}, {2, 6, 234}, {1, 6, 129},
    {5, 5, 335},  {4, 5, 284}, {3, 5, 225},  {2, 5, 173}, {1, 5, 119}, {4, 4, 240},
    {3, 4, 181},  {2, 4, 155}, {1, 4, 78},   {3, 3, 322}, {2, 3, 255}, {1, 3, 129},
    {2, 2, 613},  {1, 2, 277}, {1, 1, 1091}, {0, 0, 3464}};

static fit_histories *donors(void)
{
    fit_histories *h = fit_histories_new(3);
    for (size_t i = 0; i < sizeof gifts / sizeof *gifts; i++)
        for (int n = 0; n < gifts[i][2]; n++)
            fit_histories_add(h, (double[]){gifts[i][0], gifts[i][1], 6});
    fit_histories_finish(h);
    return h;
}

static void puts_equal_histories_together(void **state)
{
    fit_histories *h = donors();
    assert_int_equal(h->row_count, 11104);
    assert_int_equal(h->count, 22);
    assert_near(h->columns[0][0], 0, 0);
    assert_near(h->weights[0], 3464, 0);
    assert_near(h->columns[1][21], 6, 0);
    assert_near(h->weights[21], 1203, 0);
    assert_near(fit_histories_average(h, 2), 6, 1e-12);
    fit_histories_free(h);
    (void)state;
}

static double likelihood_at(void *context, const double *parameters)
{
    return fit_likelihood_at(context, parameters);
}

static void fits_the_donors(void **state)
{
    static const double published[] = {1.204, 0.750, 0.657, 2.783};
    fit_histories *h = donors();
    fit_likelihood *l = fit_likelihood_new(fit_model_find("bg_bb"), h, NULL);
    fit_goal goal = {l, likelihood_at};
    double at[4] = {1, 1, 1, 1}, best, expected;
    carpel_error err;
    assert_true(fit_optimum_find(&goal, 4, at, &best, &err));
    for (size_t i = 0; i < 4; i++)
        assert_near(at[i], published[i], 5e-4);
    assert_near(best, -33225.6, 0.05);
    assert_true(fit_likelihood_expect(l, at, 5, (double[]){6, 6, 6}, &expected));
    assert_near(expected, 3.75, 5e-3);
    fit_likelihood_free(l);
    fit_histories_free(h);
    (void)state;
}

static void says_why_there_is_no_value(void **state)
{
    fit_histories *h = donors();
    fit_likelihood *l = fit_likelihood_new(fit_model_find("bg_bb"), h, NULL);
    double at[4] = {NAN, 1, 1, 1};
    assert_true(fit_likelihood_at(l, at) == -INFINITY);
    assert_string_not_equal(fit_likelihood_message(l), "");
    assert_true(fit_likelihood_at(l, (double[]){1, 1, 1, 1}) > -INFINITY);
    assert_string_equal(fit_likelihood_message(l), "");
    fit_likelihood_free(l);
    fit_histories_free(h);
    (void)state;
}

static void knows_its_models(void **state)
{
    assert_null(fit_model_find("bg"));
    assert_int_equal(fit_model_parameter_count(fit_model_find("gamma_gamma")), 3);
    assert_int_equal(fit_rows_columns(FIT_VALUES), 2);
    (void)state;
}

/* ---- labels ------------------------------------------------------------------- */

#define DAY INT64_C(86400000000)

static void labels_look_back_from_their_end(void **state)
{
    static const struct {
        const char *label, *wanted; /* NULL: it is none */
        int64_t ahead;
    } cases[] = {
        {"did purchase in next 30 days", "did purchase in last 30 days", 30 * DAY},
        {"did purchase where (x = \"in next 5 days\") in next  week",
         "did purchase where (x = \"in next 5 days\") in last  week", 7 * DAY},
        {"count(a in next 2 weeks) >= 2 and did not b in next 14 days",
         "count(a in last 2 weeks) >= 2 and did not b in last 14 days", 14 * DAY},
        {"did `in next` in next 12 hours", "did `in next` in last 12 hours", DAY / 2},
        {"did purchase", NULL, 0},
        {"did purchase in next 1 month", NULL, 0},
        {"did purchase in next full week", NULL, 0},
        {"did purchase in next 0 days", NULL, 0},
        {"did a in next 3 days and did b in next 4 days", NULL, 0},
        {"did a in next 3 days and did b in last 4 days", NULL, 0},
        {"did a in next 3 days and last b.x = 2", NULL, 0},
        {"did a in next", NULL, 0},
        {"", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text out;
        int64_t ahead;
        const char *reason;
        text_init(&out);
        bool is_label = fit_label_read(cases[i].label, &out, &ahead, &reason);
        if (is_label != (cases[i].wanted != NULL))
            fail_msg("%s", cases[i].label);
        if (is_label) {
            assert_string_equal(out.data, cases[i].wanted);
            assert_true(ahead == cases[i].ahead);
        }
        text_done(&out);
    }
}

/* ---- chances ------------------------------------------------------------------- */

/* How often somebody with a truth value, without it, and of whom it is missing: of 100 each. */
static fit_examples *hundreds(int with, int without, int missing)
{
    fit_examples *e = fit_examples_new(1);
    for (int i = 0; i < 100; i++) {
        fit_examples_add(e, (double[]){1}, i < with);
        fit_examples_add(e, (double[]){0}, i < without);
        fit_examples_add(e, (double[]){NAN}, i < missing);
    }
    return e;
}

static void chances_of_groups_are_their_shares(void **state)
{
    fit_examples *e = hundreds(60, 20, 35);
    fit_logistic m;
    carpel_error err;
    bool is_truth = true;
    assert_true(fit_logistic_train(&m, e, &is_truth, 1e-9, SIZE_MAX, &err));
    assert_near(fit_logistic_chance(&m, (double[]){1}), 0.6, 1e-5);
    assert_near(fit_logistic_chance(&m, (double[]){0}), 0.2, 1e-5);
    assert_near(fit_logistic_chance(&m, (double[]){NAN}), 0.35, 1e-5);
    assert_near(m.weights[0] / m.scales[0].deviation, log(0.6 / 0.4) - log(0.2 / 0.8),
                1e-4);
    assert_int_equal(m.scales[0].missing, 100);
    /* With a ridge that is very steep nothing is learned but how often it happens. */
    assert_true(fit_logistic_train(&m, e, &is_truth, 1e9, SIZE_MAX, &err));
    assert_near(fit_logistic_chance(&m, (double[]){1}), 115.0 / 300, 1e-5);
    fit_examples_free(e);
    (void)state;
}

/* Where the gradient of the whole loss is zero: of one number, by halving. */
static void a_ridge_pulls_by_its_square(void **state)
{
    static const double values[] = {-2, -1, -1, 0, 1, 2, 3, 4};
    static const bool labels[] = {false, false, true, false, true, false, true, true};
    fit_examples *e = fit_examples_new(1);
    fit_logistic m;
    carpel_error err;
    bool is_truth = false;
    double pull = 0, all = 0;
    for (size_t i = 0; i < 8; i++)
        fit_examples_add(e, &values[i], labels[i]);
    assert_true(fit_logistic_train(&m, e, &is_truth, 0.7, SIZE_MAX, &err));
    for (size_t i = 0; i < 8; i++) {
        double away = fit_logistic_chance(&m, &values[i]) - labels[i];
        pull += away * fit_scale_of(&m.scales[0], values[i]);
        all += away;
    }
    assert_near(all, 0, 1e-5);
    assert_near(pull + 0.7 * m.weights[0], 0, 1e-5);
    fit_examples_free(e);
    (void)state;
}

static void numbers_have_scales(void **state)
{
    fit_examples *e = fit_examples_new(3);
    fit_scale scales[3];
    const bool is_truth[3] = {false, false, false};
    fit_examples_add(e, (double[]){0, -1, 5}, true);
    fit_examples_add(e, (double[]){M_E * M_E - 1, 3, 5}, false);
    fit_scales_find(e, is_truth, scales);
    assert_true(scales[0].is_logarithm && !scales[1].is_logarithm);
    assert_near(scales[0].average, 1, 1e-12);
    assert_near(scales[0].deviation, 1, 1e-12);
    assert_near(fit_scale_value(&scales[0], 0), M_E - 1, 1e-12);
    assert_near(fit_scale_of(&scales[1], 3), 1, 1e-12);
    assert_near(fit_scale_of(&scales[2], 9), 0, 0); /* always the same: it says nothing */
    assert_near(fit_scale_of(&scales[1], NAN), 0, 0);
    fit_examples_free(e);
    (void)state;
}

/* Such as have no sum: told, and nothing goes on for ever. */
static void numbers_without_a_sum_are_refused(void **state)
{
    static const double scores[] = {NAN, 1, NAN};
    static const bool labels[] = {true, false, false};
    fit_examples *e = fit_examples_new(1);
    fit_logistic m;
    carpel_error err;
    bool is_truth = false;
    for (int i = 0; i < 20; i++)
        fit_examples_add(e, (double[]){i % 3 == 0 ? 1e308 : -1e308}, i % 2);
    assert_false(fit_logistic_train(&m, e, &is_truth, 1, SIZE_MAX, &err));
    fit_auc(scores, labels, 3);
    fit_examples_free(e);
    (void)state;
}

static void measures_of_known_chances(void **state)
{
    static const double chances[] = {0.9, 0.8, 0.8, 0.4, 0.1};
    static const bool labels[] = {true, true, false, false, true};
    static const bool none[] = {false, false, false, false, false};
    fit_measures m = fit_measure(chances, labels, 5);
    /* of the six pairs: 0.9 above both, 0.8 above one and even with one, 0.1 below both */
    assert_near(m.auc, 3.5 / 6, 1e-12);
    assert_near(m.log_loss, -(log(0.9) + log(0.8) + log(0.2) + log(0.6) + log(0.1)) / 5,
                1e-12);
    assert_int_equal(m.deciles[0].people, 1);
    assert_int_equal(m.deciles[0].happened, 1);
    assert_near(m.deciles[0].expected, 0.9, 1e-12);
    assert_int_equal(m.deciles[1].people, 0);
    assert_true(isnan(fit_auc(chances, none, 5)) != 0);
    (void)state;
}

/* ---- uplift ------------------------------------------------------------------- */

/* Newcombe 1998, his example (a): 56 of 70 and 48 of 80. */
static void effects_have_newcombes_interval(void **state)
{
    fit_effect e = fit_effect_of(&(fit_arms){{80, 70}, {48, 56}});
    assert_near(e.difference, 0.2, 1e-12);
    assert_near(e.low, 0.0524, 5e-5);
    assert_near(e.high, 0.3339, 5e-5);
    assert_true(isnan(fit_effect_of(&(fit_arms){{80, 0}, {48, 0}}).low) != 0);
    (void)state;
}

/* Of the 4th and the 5th the scores are the same, so the curves have points at 1, 2, 3, 5 and 6 people. */
static void areas_of_known_scores(void **state)
{
    static const double scores[] = {0.5, 0.4, 0.3, 0.2, 0.2, -0.1};
    static const bool labels[] = {true, false, true, false, true, false};
    static const bool treated[] = {true, false, true, true, false, true};
    /* yt nt yc nc: 1 1 0 0, 1 1 0 1, 2 2 0 1, 2 3 1 2, 2 4 1 2 */
    const double qini[] = {0, 1.0 / 4, 1.0 / 4, 2.0 / 4, (2 - 3.0 / 2) / 4, 0};
    const double up[] = {0, 1.0 / 6, 2.0 / 6, 3.0 / 6, (2.0 / 3 - 0.5) * 5 / 6, 0};
    static const double at[] = {0, 1.0 / 6, 2.0 / 6, 3.0 / 6, 5.0 / 6, 1};
    double below_qini = 0, below_up = 0;
    for (size_t i = 1; i < 6; i++) {
        below_qini += (at[i] - at[i - 1]) * (qini[i] + qini[i - 1]) / 2;
        below_up += (at[i] - at[i - 1]) * (up[i] + up[i - 1]) / 2;
    }
    fit_uplift_measures m = fit_uplift_measure(scores, labels, treated, 6);
    assert_near(m.qini, below_qini, 1e-12); /* both end at 0: the treatment did nothing */
    assert_near(m.auuc, below_up, 1e-12);
    assert_near(m.random_auuc, 0, 1e-12);
    assert_near(m.curve[10], 2.0 / 4, 1e-12);
    assert_near(m.curve[20], 0, 1e-12);
    assert_int_equal(m.tenths[0].arms.people[1], 1);
    assert_near(m.tenths[0].expected, 0.5, 1e-12);
    (void)state;
}

/* One score for all says nothing: the curve is the line of random targeting. */
static void equal_scores_are_random(void **state)
{
    static const double scores[] = {0.1, 0.1, 0.1, 0.1, 0.1};
    static const bool labels[] = {true, false, true, false, true};
    static const bool treated[] = {true, true, true, false, false};
    fit_uplift_measures m = fit_uplift_measure(scores, labels, treated, 5);
    assert_near(m.qini, 0, 1e-12);
    assert_near(m.auuc, m.random_auuc, 1e-12);
    assert_near(m.random_auuc, (2.0 / 3 - 1.0 / 2) / 2, 1e-12);
    (void)state;
}

/* Two groups, of whom so many of 100 did it with and without the treatment, which a quarter had. */
static fit_examples *tested_groups(void)
{
    static const int with[] = {60, 30}, without[] = {20, 40};
    fit_examples *e = fit_examples_new(1);
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < 400; i++) {
            bool is_treated = i < 100;
            int share = is_treated ? with[group] : without[group];
            fit_examples_add(e, (double[]){group}, i % 100 < share);
            fit_examples_mark(e, is_treated);
        }
    return e;
}

static void both_methods_find_the_uplift_of_groups(void **state)
{
    fit_examples *e = tested_groups();
    fit_uplift u;
    carpel_error err;
    bool is_truth = true;
    (void)state;
    for (int i = 0; i < 2; i++) {
        fit_uplift_method m = i == 0 ? FIT_TWO_MODELS : FIT_TRANSFORMED_OUTCOME;
        assert_true(fit_uplift_train(&u, m, e, &is_truth, 1e-9, &err));
        assert_near(fit_uplift_of(&u, (double[]){0}), 0.4, 1e-4);
        assert_near(fit_uplift_of(&u, (double[]){1}), -0.1, 1e-4);
    }
    fit_examples_free(e);
}

/* A number that both have alike, and what is true of 90 % of the treated and of half of the others. */
static void treated_people_who_differ_are_noticed(void **state)
{
    fit_examples *e = fit_examples_new(2), *none = fit_examples_new(2);
    const bool is_truth[2] = {false, true};
    for (int i = 0; i < 400; i++) {
        bool is_treated = i % 2 == 0;
        double truth = is_treated ? i % 20 != 0 : i % 4 == 1;
        fit_examples_add(e, (double[]){i % 4 < 2 ? -1 : 1, truth}, true);
        fit_examples_mark(e, is_treated);
    }
    fit_balance b = fit_balance_of(e, none, is_truth);
    assert_int_equal(b.feature, 1);
    assert_near(b.average_treated, 0.9, 1e-9);
    assert_near(b.average_others, 0.5, 1e-9);
    assert_near(b.difference, 0.4 / sqrt((0.09 + 0.25) / 2), 1e-9);
    assert_near(b.z, 0.4 / sqrt((0.09 + 0.25) / 200), 1e-9);
    assert_true(fit_balance_is_odd(&b));
    fit_examples_free(e);
    fit_examples_free(none);
    (void)state;
}

/* By a value, by being missing (whatever it is else), and not: 0 of the others, and several values of the treated. */
static void features_that_say_the_treatment_are_found(void **state)
{
    fit_examples *e = fit_examples_new(4);
    for (int i = 0; i < 400; i++) {
        bool is_treated = i % 2 == 0;
        double several = i % 6 + 0.1;
        fit_examples_add(e,
                         (double[]){is_treated ? 3 : 0.1, is_treated ? several : NAN,
                                    is_treated ? several : 0, 0.1},
                         true);
        fit_examples_mark(e, is_treated);
    }
    assert_int_equal(fit_telling_of(e, 0), FIT_TELLS_BY_VALUE);
    assert_int_equal(fit_telling_of(e, 1), FIT_TELLS_BY_MISSING);
    assert_int_equal(fit_telling_of(e, 2), FIT_TELLS_NOTHING);
    assert_int_equal(fit_telling_of(e, 3), FIT_TELLS_NOTHING);
    assert_false(fit_examples_are_alike(e, 0));
    assert_false(fit_examples_are_alike(e, 1));
    assert_true(fit_examples_are_alike(e, 3));
    fit_examples_free(e);
    (void)state;
}

/* 0 for all of one arm is told as 0, without what is lost by roots and logarithms. */
static void what_an_arm_has_alike_is_not_rounded(void **state)
{
    fit_examples *e = fit_examples_new(1), *none = fit_examples_new(1);
    const bool is_truth = false;
    for (int i = 0; i < 400; i++) {
        fit_examples_add(e, (double[]){i % 2 == 0 ? i % 6 + 0.1 : 0}, true);
        fit_examples_mark(e, i % 2 == 0);
    }
    fit_balance b = fit_balance_of(e, none, &is_truth);
    assert_true(b.average_others == 0);
    assert_true(b.average_treated > 1);
    fit_examples_free(e);
    fit_examples_free(none);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inverts_a_matrix),
        cmocka_unit_test(refuses_what_is_not_positive),
        cmocka_unit_test(finds_where_a_hill_is_highest),
        cmocka_unit_test(tells_of_bounds_and_of_no_value),
        cmocka_unit_test(puts_equal_histories_together),
        cmocka_unit_test(fits_the_donors),
        cmocka_unit_test(says_why_there_is_no_value),
        cmocka_unit_test(knows_its_models),
        cmocka_unit_test(labels_look_back_from_their_end),
        cmocka_unit_test(chances_of_groups_are_their_shares),
        cmocka_unit_test(a_ridge_pulls_by_its_square),
        cmocka_unit_test(numbers_have_scales),
        cmocka_unit_test(numbers_without_a_sum_are_refused),
        cmocka_unit_test(measures_of_known_chances),
        cmocka_unit_test(effects_have_newcombes_interval),
        cmocka_unit_test(areas_of_known_scores),
        cmocka_unit_test(equal_scores_are_random),
        cmocka_unit_test(both_methods_find_the_uplift_of_groups),
        cmocka_unit_test(treated_people_who_differ_are_noticed),
        cmocka_unit_test(features_that_say_the_treatment_are_found),
        cmocka_unit_test(what_an_arm_has_alike_is_not_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
