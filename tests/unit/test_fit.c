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

#include "fit/likelihood.h"
#include "fit/matrix.h"
#include "fit/optimum.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
