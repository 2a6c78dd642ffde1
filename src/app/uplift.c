/* SPDX-License-Identifier: MIT
 *
 * `carpel fit` of an uplift: learned of a randomised test, and tested with people or dates that it has not seen.
 */
#include <string.h>

#include "app/chances.h"
#include "app/fits.h"
#include "app/say.h"
#include "base/memory.h"

/* ---- is it a test? ------------------------------------------------------------- */

/* "that are held back" */
static const char *place_of(const chances *c, bool is_tested)
{
    return !is_tested              ? "that are learned from"
           : c->fit->held_back > 0 ? "that are held back"
                                   : "at the dates of \"test\"";
}

static int refuse_arm(const chances *c, const fit_arms *a, bool is_tested)
{
    say_error("the fit \"%s\": of %zu people %s, %zu are treated and %zu are not, and a "
              "test has both",
              c->fit->name.text, a->people[0] + a->people[1], place_of(c, is_tested),
              a->people[1], a->people[0]);
    say_hint(
        "\"treatment\" says who was treated as of each date, \"among\" who took part "
        "in the test.");
    return EXIT_FAULT;
}

static int check_arm(const chances *c, const fit_arms *a, bool is_tested, bool is_treated)
{
    size_t happened = a->happened[is_treated], others = a->people[is_treated] - happened;
    if (happened >= CHANCES_FEWEST && others >= CHANCES_FEWEST)
        return EXIT_GOOD;
    say_error(
        "the fit \"%s\": of %zu %s people %s the label holds for %zu, and %d of each "
        "kind are needed",
        c->fit->name.text, a->people[is_treated], is_treated ? "treated" : "other",
        place_of(c, is_tested), happened, CHANCES_FEWEST);
    say_hint(
        "Take more dates, a longer time in \"label\", or other people in \"among\".");
    return EXIT_FAULT;
}

static int check_arms(const chances *c, const fit_examples *e, bool is_tested)
{
    const fit_arms a = e->count > 0 ? fit_arms_of(e) : (fit_arms){{0}, {0}};
    if (a.people[0] == 0 || a.people[1] == 0)
        return refuse_arm(c, &a, is_tested);
    int code = check_arm(c, &a, is_tested, true);
    return code == EXIT_GOOD ? check_arm(c, &a, is_tested, false) : code;
}

/* Nobody who was not treated is like one who was: of such a feature no effect can be told. */
static int check_feature(const chances *c, size_t feature)
{
    fit_telling telling = fit_telling_of(c->learned, feature);
    if (telling == FIT_TELLS_NOTHING)
        return EXIT_GOOD;
    say_error("the feature \"%s\" of \"%s\" says who was treated: it is %s",
              c->fit->features[feature].name.text, c->fit->name.text,
              telling == FIT_TELLS_BY_MISSING
                  ? "missing in one arm and never in the other"
                  : "one value for all with treatment, and another for all others");
    say_hint("Leave it out: features are what was known of people before the treatment.");
    return EXIT_FAULT;
}

static int check_features(const chances *c)
{
    int code = EXIT_GOOD;
    for (size_t i = 0; code == EXIT_GOOD && i < c->fit->feature_count; i++)
        code = check_feature(c, i);
    return code;
}

int uplift_check(chances *c)
{
    int code = check_arms(c, c->learned, false);
    if (code == EXIT_GOOD)
        code = check_arms(c, c->tested, true);
    if (code == EXIT_GOOD)
        code = check_features(c);
    return code == EXIT_GOOD ? chances_check_leaks(c) : code;
}

/* ---- learning, and testing ---------------------------------------------------------- */

static fit_uplift_measures test_model(const fit_uplift *u, const fit_examples *e)
{
    double *all = memory_alloc_array(e->count + 1, sizeof *all);
    for (size_t i = 0; i < e->count; i++)
        all[i] = fit_uplift_of(u, e->values + i * e->feature_count);
    fit_uplift_measures found = fit_uplift_measure(all, e->labels, e->treated, e->count);
    memory_free(all);
    return found;
}

int uplift_learn(chances *c)
{
    carpel_error err;
    fitted_uplift *f = &c->found_uplift;
    fit_uplift_method method = strcmp(c->fit->method, FIT_METHOD_TWO_MODELS) == 0
                                   ? FIT_TWO_MODELS
                                   : FIT_TRANSFORMED_OUTCOME;
    f->fit = c->fit;
    f->kinds = c->found.kinds;
    f->rules = c->hash.data;
    if (!fit_uplift_train(&f->model, method, c->learned, c->is_truth, c->fit->penalty,
                          &err))
        return say_failure(&err);
    f->learned = fit_arms_of(c->learned);
    f->tested = test_model(&f->model, c->tested);
    f->balance = fit_balance_of(c->learned, c->tested, c->is_truth);
    return EXIT_GOOD;
}

/* ---- telling ------------------------------------------------------------------------ */

static void warn(const chances *c)
{
    const fit_balance *b = &c->found_uplift.balance;
    const char *feature = c->fit->features[b->feature].name.text;
    if (!fit_balance_is_odd(b))
        return;
    say_warning(
        "\"%s\" learns from people who do not seem to be treated at random: \"%s\" is "
        "%s%.4g with treatment and %.4g without, a standardised mean difference of "
        "%.2f, %.0f standard errors",
        c->fit->name.text, feature,
        b->is_of_missing ? "missing for a share of " : "typically ", b->average_treated,
        b->average_others, b->difference, b->z);
    say_hint(
        "Where people who would do it anyway are treated more, their doing it counts "
        "as an effect. Take only people who were drawn for the test, in \"among\"; a "
        "feature must not tell of the treatment itself.");
}

int uplift_tell(chances *c)
{
    text file, out, day;
    text_init(&file);
    text_init(&out);
    text_init(&day);
    fit_append_today(c->session, &day);
    c->found_uplift.made_on = day.data;
    fitted_uplift_append_file(&c->found_uplift, &file);
    uplift_append(c, &out);
    int code = fit_write_file(c->session, c->line, c->fit, &file);
    if (code == EXIT_GOOD)
        code = say_result(&out);
    if (code == EXIT_GOOD && c->line->svg)
        code = uplift_write_chart(c, c->line->svg);
    if (code == EXIT_GOOD)
        chances_note_constants(c);
    if (code == EXIT_GOOD)
        warn(c);
    text_done(&file);
    text_done(&out);
    text_done(&day);
    return code;
}
