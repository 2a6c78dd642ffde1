/* SPDX-License-Identifier: MIT
 *
 * `carpel fit` of a chance: learned as of past dates, tested as of later ones.
 */
#include "app/chances.h"

#include <math.h>
#include <string.h>

#include "app/fits.h"
#include "app/say.h"
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

/* What is learned from is known when it is tested. */
static int check_order(const chances *c)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < c->fit->test_count; i++)
        first = c->test[i] < first ? c->test[i] : first;
    for (size_t i = 0; i < c->fit->train_count; i++)
        if (c->train[i] + c->ahead > first)
            return refuse_date(
                c, &c->fit->train[i], c->train[i] + c->ahead,
                "after the first date of \"test\"",
                "Learn from earlier dates, or test with later ones: what is "
                "learned has to be known when it is tested.");
    return EXIT_GOOD;
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
    return check_order(c);
}

/* ---- judging ------------------------------------------------------------------- */

static int select_rules(chances *c)
{
    const char *names[FIT_MOST_FEATURES + 2];
    size_t count = 0;
    for (; count < c->fit->feature_count; count++)
        names[count] = c->fit->features[count].name.text;
    names[count++] = "among";
    names[count++] = "label";
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
        code = chances_judge(c, c->train[i], c->learned);
        c->learned_ends[i] = c->learned->count;
    }
    for (size_t i = 0; code == EXIT_GOOD && i < c->fit->test_count; i++)
        code = chances_judge(c, c->test[i], c->tested);
    return code;
}

/* ---- is there something to learn? ------------------------------------------------- */

enum { FEWEST = 10 };

static int check_enough(const chances *c, const fit_examples *e, const char *key)
{
    size_t happened = fit_examples_positive(e), others = e->count - happened;
    if (happened >= FEWEST && others >= FEWEST)
        return EXIT_GOOD;
    say_error(
        "the fit \"%s\": of %zu people at the dates of \"%s\" the label holds for %zu, "
        "and %d of each kind are needed",
        c->fit->name.text, e->count, key, happened, FEWEST);
    say_hint(
        "Take more dates, a longer time in \"label\", or other people in \"among\".");
    return EXIT_FAULT;
}

static bool is_trusted(const chances *c, const char *feature)
{
    for (size_t i = 0; i < c->fit->trusted_count; i++)
        if (strcmp(c->fit->trusted[i].text, feature) == 0)
            return true;
    return false;
}

/* How well a feature alone tells the labels of some examples, whichever way, with what is missing first
 * or last. */
static double best_auc(const chances *c, size_t feature, size_t begin, size_t end)
{
    const fit_examples *e = c->learned;
    double best = 0.5;
    double *values = memory_alloc_array(end - begin + 1, sizeof *values);
    for (int is_last = 0; is_last < 2; is_last++) {
        for (size_t i = begin; i < end; i++) {
            double value = fit_examples_value(e, i, feature);
            values[i - begin] = isnan(value) ? (is_last ? -INFINITY : INFINITY) : value;
        }
        double auc = fit_auc(values, e->labels + begin, end - begin);
        best = fmax(best, fmax(auc, 1 - auc));
    }
    memory_free(values);
    return best;
}

/* Of few people a number may tell it by chance. */
static bool are_enough(const chances *c, size_t begin, size_t end)
{
    size_t happened = 0;
    for (size_t i = begin; i < end; i++)
        happened += c->learned->labels[i];
    return happened >= FEWEST && end - begin - happened >= FEWEST;
}

/* Nothing that was known before tells so well what people will do. */
#define TOO_GOOD 0.95

/* What came about later knows one date, and not the others, so each is looked at. */
static int check_date(const chances *c, size_t feature, size_t date)
{
    size_t begin = date > 0 ? c->learned_ends[date - 1] : 0, end = c->learned_ends[date];
    const char *name = c->fit->features[feature].name.text;
    double auc = are_enough(c, begin, end) ? best_auc(c, feature, begin, end) : 0.5;
    if (auc < TOO_GOOD)
        return EXIT_GOOD;
    say_error(
        "the feature \"%s\" of \"%s\" tells the label of %s nearly without fail (AUC "
        "%.3f): it seems to contain it",
        name, c->fit->name.text, c->fit->train[date].text, auc);
    say_hint("What a source without times says is known since ever, also what came about "
             "later. If it is right, write \"trusted: [%s]\".",
             name);
    return EXIT_FAULT;
}

static int check_leaks(const chances *c)
{
    int code = EXIT_GOOD;
    for (size_t i = 0; i < c->fit->feature_count; i++)
        for (size_t k = 0; code == EXIT_GOOD && k < c->fit->train_count; k++)
            if (!is_trusted(c, c->fit->features[i].name.text))
                code = check_date(c, i, k);
    return code;
}

/* ---- learning, and testing ---------------------------------------------------------- */

static fit_measures test_model(const fit_logistic *m, const fit_examples *e)
{
    double *all = memory_alloc_array(e->count, sizeof *all);
    for (size_t i = 0; i < e->count; i++)
        all[i] = fit_logistic_chance(m, e->values + i * e->feature_count);
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
    f->trained_count = c->learned->count;
    f->tested_count = c->tested->count;
    f->base_rate = rate_of(c->learned);
    f->test_rate = rate_of(c->tested);
    f->base_loss =
        -f->test_rate * log(f->base_rate) - (1 - f->test_rate) * log(1 - f->base_rate);
    f->tested = test_model(&f->model, c->tested);
    f->alone = test_model(&alone, c->tested);
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
    int code = check_enough(c, c->learned, "train");
    if (code == EXIT_GOOD)
        code = check_enough(c, c->tested, "test");
    return code == EXIT_GOOD ? check_leaks(c) : code;
}

static int work(chances *c)
{
    int (*const steps[])(chances *) = {check_place,    read_dates, select_rules,
                                       read_data,      check_end,  judge_all,
                                       check_examples, learn,      tell};
    int code = EXIT_GOOD;
    for (size_t i = 0; code == EXIT_GOOD && i < sizeof steps / sizeof *steps; i++)
        code = steps[i](c);
    return code;
}

static int refuse_label(const config_fit *fit, const char *reason)
{
    say_error("\"label\" of the fit \"%s\" cannot be used: %s", fit->name.text, reason);
    return EXIT_FAULT;
}

static int check_label(const chances *c)
{
    const engine *e = c->session->engine;
    const char *reason;
    int code = EXIT_GOOD;
    text name;
    text_init(&name);
    text_append_format(&name, "%s_label", c->prefix.data);
    for (size_t i = 0; code == EXIT_GOOD && i < engine_decl_count(e); i++) {
        const ast_decl *decl = engine_decl(e, i);
        if (strcmp(decl->name.text, name.data) == 0 &&
            !fit_label_check(decl->value, c->ahead, &reason))
            code = refuse_label(c->fit, reason);
    }
    text_done(&name);
    return code;
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
        code = check_label(c);
    if (code == EXIT_GOOD)
        code = work(c);
    session_close(&s);
    text_done(&rules);
    text_done(&place);
    return code;
}

int chances_fit(const command_line *line, const config_fit *fit)
{
    chances c = {.line = line, .fit = fit};
    const char *reason;
    text_init(&c.prefix);
    text_init(&c.label);
    text_init(&c.hash);
    text_append_format(&c.prefix, "fit_of_%s", fit->name.text);
    int code;
    if (fit_label_read(fit->label.text, &c.label, &c.ahead, &reason))
        code = open_and_work(&c);
    else
        code = refuse_label(fit, reason);
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
