/* SPDX-License-Identifier: MIT
 *
 * `carpel fit` of a chance: learned as of past dates, tested as of later ones.
 */
#include "app/chances.h"

#include <math.h>
#include <string.h>

#include "app/fits.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/memory.h"
#include "engine/selection.h"
#include "fit/chance_rules.h"
#include "fit/label.h"
#include "value/value.h"

/* ---- dates -------------------------------------------------------------------- */

static bool read_instants(const chances *c, const config_text *written, size_t count,
                          int64_t **out)
{
    carpel_error err;
    *out = memory_alloc_array(count + 1, sizeof **out);
    for (size_t i = 0; i < count; i++)
        if (!engine_read_time(c->session->engine, written[i].text, &(*out)[i], &err)) {
            say_error("the fit \"%s\": %s", c->fit->name.text, err.message);
            return false;
        }
    return true;
}

/* "the label of 2026-06-01 is known at 2026-07-01T00:00, ..." */
static int refuse_date(const chances *c, const config_text *date, int64_t known_at,
                       const char *why, const char *hint)
{
    text known;
    text_init(&known);
    value_append_time(known_at, engine_zone(c->session->engine), &known);
    say_error("the fit \"%s\": what \"label\" says of %s is known at %s, %s",
              c->fit->name.text, date->text, known.data, why);
    say_hint("%s", hint);
    text_done(&known);
    return EXIT_FAULT;
}

#define MICROSECONDS_A_DAY INT64_C(86400000000)

/* Where the data end, what comes after is not known. The last event may be early on the last day; to hours
 * that is of no use. */
static int check_end(chances *c)
{
    int64_t last = engine_store(c->session->engine)->last_time;
    int64_t end = c->ahead < MICROSECONDS_A_DAY ? last : last + MICROSECONDS_A_DAY;
    for (size_t i = 0; i < c->fit->train_count + c->fit->test_count; i++) {
        bool is_train = i < c->fit->train_count;
        size_t k = is_train ? i : i - c->fit->train_count;
        int64_t known = (is_train ? c->train[k] : c->test[k]) + c->ahead;
        if (known > end)
            return refuse_date(
                c, is_train ? &c->fit->train[k] : &c->fit->test[k], known,
                "and the data end before",
                "Take an earlier date: who has not done it yet would count as "
                "who does not.");
    }
    return EXIT_GOOD;
}

static int read_dates(chances *c)
{
    if (!read_instants(c, c->fit->train, c->fit->train_count, &c->train) ||
        !read_instants(c, c->fit->test, c->fit->test_count, &c->test))
        return EXIT_FAULT;
    return EXIT_GOOD;
}

/* ---- judging ------------------------------------------------------------------- */

static int select_rules(chances *c)
{
    const char *names[FIT_MOST_FEATURES + 3];
    size_t count = 0;
    for (; count < c->fit->feature_count; count++)
        names[count] = c->fit->features[count].name.text;
    names[count++] = "among";
    names[count++] = "label";
    if (c->fit->treatment.text)
        names[count++] = "treatment";
    return fit_select(c->session, c->prefix.data, names, count, &c->hash);
}

static int judge_all(chances *c)
{
    int code = EXIT_GOOD;
    c->learned = fit_examples_new(c->fit->feature_count);
    c->tested = fit_examples_new(c->fit->feature_count);
    c->learned_ends =
        memory_alloc_array(c->fit->train_count + 1, sizeof *c->learned_ends);
    for (size_t i = 0; code == EXIT_GOOD && i < c->fit->train_count; i++) {
        code = chances_judge(c, c->train[i], c->learned, c->tested);
        c->learned_ends[i] = c->learned->count;
    }
    for (size_t i = 0; code == EXIT_GOOD && i < c->fit->test_count; i++)
        code = chances_judge(c, c->test[i], c->tested, NULL);
    return code;
}

/* ---- learning, and testing ---------------------------------------------------------- */

/* By trees, or where there are none by a logistic model. */
static fit_measures test_model(const fit_trees *t, const fit_logistic *m,
                               const fit_examples *e)
{
    double *all = memory_alloc_array(e->count, sizeof *all);
    for (size_t i = 0; i < e->count; i++) {
        const double *values = e->values + i * e->feature_count;
        all[i] = t ? fit_trees_chance(t, values) : fit_logistic_chance(m, values);
    }
    fit_measures found = fit_measure(all, e->labels, e->count);
    memory_free(all);
    return found;
}

static double rate_of(const fit_examples *e)
{
    return (double)fit_examples_positive(e) / (double)e->count;
}

/* "against", or the first feature. */
static size_t alone_of(const config_fit *f)
{
    for (size_t i = 0; f->against.text && i < f->feature_count; i++)
        if (strcmp(f->features[i].name.text, f->against.text) == 0)
            return i;
    return 0;
}

static bool has_trees(const config_fit *f)
{
    return strcmp(f->model.text, FIT_TREES) == 0;
}

static int learn(chances *c)
{
    carpel_error err;
    fitted_chances *f = &c->found;
    fit_logistic alone;
    f->fit = c->fit;
    f->rules = c->hash.data;
    f->against = alone_of(c->fit);
    if (!fit_logistic_train(&f->model, c->learned, c->is_truth, c->fit->penalty, SIZE_MAX,
                            &err) ||
        !fit_logistic_train(&alone, c->learned, c->is_truth, c->fit->penalty, f->against,
                            &err))
        return say_failure(&err);
    if (has_trees(c->fit) &&
        !fit_trees_train(&f->trees, c->learned, c->fit->penalty, stop_cancel(), &err))
        return cancel_is_asked(stop_cancel()) ? EXIT_CANCELLED : say_failure(&err);
    f->has_trees = has_trees(c->fit);
    f->trained_count = c->learned->count;
    f->tested_count = c->tested->count;
    f->base_rate = rate_of(c->learned);
    f->test_rate = rate_of(c->tested);
    f->base_loss =
        -f->test_rate * log(f->base_rate) - (1 - f->test_rate) * log(1 - f->base_rate);
    f->logistic = test_model(NULL, &f->model, c->tested);
    f->alone = test_model(NULL, &alone, c->tested);
    f->tested = f->has_trees ? test_model(&f->trees, NULL, c->tested) : f->logistic;
    return EXIT_GOOD;
}

static int tell(chances *c)
{
    text file, out, day;
    text_init(&file);
    text_init(&out);
    text_init(&day);
    fit_append_today(c->session, &day);
    c->found.made_on = day.data;
    fitted_chances_append_file(&c->found, &file);
    chances_append(c, &out);
    int code = fit_write_file(c->session, c->line, c->fit, &file);
    if (code == EXIT_GOOD)
        code = say_result(&out);
    if (code == EXIT_GOOD && c->line->svg)
        code = chances_write_chart(c, c->line->svg);
    if (code == EXIT_GOOD)
        chances_note_constants(c);
    text_done(&file);
    text_done(&out);
    text_done(&day);
    return code;
}

/* ---- all of it ------------------------------------------------------------------------ */

static int check_place(chances *c)
{
    return fit_check_place(c->session, c->line, c->fit);
}

static int read_data(chances *c)
{
    return session_read(c->session, c->line);
}

static int check_examples(chances *c)
{
    int code = chances_check_enough(c, c->learned, "train");
    if (code == EXIT_GOOD)
        code = chances_check_enough(c, c->tested, "test");
    return code == EXIT_GOOD ? chances_check_leaks(c) : code;
}

typedef int (*step)(chances *);

static int take_steps(chances *c, const step *steps, size_t count)
{
    int code = EXIT_GOOD;
    for (size_t i = 0; code == EXIT_GOOD && i < count; i++)
        code = steps[i](c);
    return code;
}

static int work(chances *c)
{
    static const step judging[] = {check_place, read_dates, select_rules,
                                   read_data,   check_end,  judge_all};
    static const step of_chances[] = {check_examples, learn, tell};
    static const step of_uplifts[] = {uplift_check, uplift_learn, uplift_tell};
    int code = take_steps(c, judging, sizeof judging / sizeof *judging);
    if (code != EXIT_GOOD)
        return code;
    return take_steps(c, c->fit->rows == FIT_UPLIFTS ? of_uplifts : of_chances, 3);
}

static int open_and_work(chances *c)
{
    text rules, place;
    session s;
    text_init(&rules);
    text_init(&place);
    c->session = &s;
    text_append_format(&place, "fits.%s of carpel.yaml", c->fit->name.text);
    fit_chance_rules_append(c->fit, c->prefix.data, c->label.data, NULL, &rules);
    int code = session_open_with(&s, c->line, place.data, rules.data);
    if (code == EXIT_GOOD)
        code = work(c);
    session_close(&s);
    text_done(&rules);
    text_done(&place);
    return code;
}

static int refuse_trees(const config_fit *fit)
{
    say_error("the fit \"%s\": this carpel was built without XGBoost, which learns trees",
              fit->name.text);
    say_hint(
        "Install libxgboost-dev (Debian), then configure and build carpel anew, or take "
        "\"model: propensity\", which has the same keys.");
    return EXIT_UNAVAILABLE;
}

int chances_fit(const command_line *line, const config_fit *fit)
{
    chances c = {.line = line, .fit = fit};
    const char *reason;
    text_init(&c.prefix);
    text_init(&c.label);
    text_init(&c.hash);
    text_append_format(&c.prefix, FIT_PREFIX "%s", fit->name.text);
    int code;
    if (has_trees(fit) && !fit_trees_are_built())
        code = refuse_trees(fit);
    else if (fit_label_read(fit->label.text, &c.label, &c.ahead, &reason))
        code = open_and_work(&c);
    else
        code = EXIT_FAULT; /* engine_check_fit told it */
    if (c.found.has_trees)
        fit_trees_done(&c.found.trees);
    fit_examples_free(c.learned);
    fit_examples_free(c.tested);
    memory_free(c.learned_ends);
    memory_free(c.train);
    memory_free(c.test);
    text_done(&c.prefix);
    text_done(&c.label);
    text_done(&c.hash);
    return code;
}
