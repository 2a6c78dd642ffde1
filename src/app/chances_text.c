/* SPDX-License-Identifier: MIT
 *
 * What a fit of chances tells: how good it is on later dates, by tenths, and what each feature does, in words.
 */
#include <math.h>

#include "app/chances.h"
#include "app/chart_file.h"
#include "app/fits.h"

static void append_counts(const chances *c, text *out)
{
    char buffer[28];
    const fitted_chances *f = &c->found;
    text_append_format(out, "%s: %s\n", c->fit->name.text, c->fit->label.text);
    text_append_format(out, "learned from %s people at %zu date%s, of whom %.1f%% did; ",
                       format_count(f->trained_count, buffer), c->fit->train_count,
                       c->fit->train_count == 1 ? "" : "s", f->base_rate * 100);
    text_append_format(out, "tested with %s at %zu later, of whom %.1f%% did\n\n",
                       format_count(f->tested_count, buffer), c->fit->test_count,
                       f->test_rate * 100);
}

static void add_quality(table *t, const char *name, double auc, double log_loss)
{
    table_cell(t, name);
    table_cell_format(t, "%.4f", auc);
    table_cell_format(t, "%.4f", log_loss);
}

static void append_quality(const chances *c, text *out)
{
    const fitted_chances *f = &c->found;
    table *t = table_new();
    text alone;
    text_init(&alone);
    text_append_format(&alone, "%s alone", c->fit->features[f->against].name.text);
    table_column(t, "on later dates", TABLE_LEFT);
    table_column(t, "AUC", TABLE_RIGHT);
    table_column(t, "log loss", TABLE_RIGHT);
    add_quality(t, "all features", f->tested.auc, f->tested.log_loss);
    if (f->has_trees)
        add_quality(t, "logistic regression", f->logistic.auc, f->logistic.log_loss);
    add_quality(t, alone.data, f->alone.auc, f->alone.log_loss);
    add_quality(t, "base rate", 0.5, f->base_loss);
    fit_append_table(t, out);
    text_append_char(out, '\n');
    text_done(&alone);
}

static double share(double part, size_t people)
{
    return people > 0 ? part / (double)people : 0;
}

static void append_deciles(const chances *c, text *out)
{
    char buffer[28];
    table *t = table_new();
    table_column(t, "tenth", TABLE_RIGHT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "expected", TABLE_RIGHT);
    table_column(t, "in fact", TABLE_RIGHT);
    table_column(t, "lift", TABLE_RIGHT);
    for (size_t i = 0; i < FIT_DECILES; i++) {
        const fit_decile *d = &c->found.tested.deciles[i];
        double in_fact = share((double)d->happened, d->people);
        table_cell_format(t, "%zu", i + 1);
        table_cell(t, format_count(d->people, buffer));
        table_cell_format(t, "%.1f%%", share(d->expected, d->people) * 100);
        table_cell_format(t, "%.1f%%", in_fact * 100);
        table_cell_format(t, "%.2f", in_fact / c->found.test_rate);
    }
    fit_append_table(t, out);
    text_append_char(out, '\n');
}

/* ---- weights ---------------------------------------------------------------- */

/* "3.2 days" */
static void append_value(const chances *c, size_t feature, double value, text *out)
{
    text_append_format(out, fabs(value) < 100 ? "%.3g%s" : "%.0f%s", value,
                       c->found.kinds[feature] == FIT_DURATION ? " days" : "");
}

/* By how much the odds change when a feature is a standard deviation above its average, or true. */
static double odds_of(const chances *c, size_t feature)
{
    const fit_scale *s = &c->found.model.scales[feature];
    double weight = c->found.model.weights[feature];
    return exp(s->is_truth && s->deviation > 0 ? weight / s->deviation : weight);
}

static void append_change(const chances *c, size_t feature, text *out)
{
    const fit_scale *s = &c->found.model.scales[feature];
    if (s->is_truth) {
        text_append(out, "true instead of false");
        return;
    }
    append_value(c, feature, fit_scale_value(s, 1), out);
    text_append(out, " instead of ");
    append_value(c, feature, fit_scale_value(s, 0), out);
}

static void add_weight(const chances *c, size_t feature, table *t)
{
    text change;
    text_init(&change);
    append_change(c, feature, &change);
    table_cell(t, c->fit->features[feature].name.text);
    table_cell(t, change.data);
    table_cell_format(t, "times %.2f", odds_of(c, feature));
    if (c->found.model.scales[feature].missing > 0)
        table_cell_format(t, "times %.2f", exp(c->found.model.missing[feature]));
    else
        table_cell(t, "");
    text_done(&change);
}

/* The heaviest first. */
static void sort_by(const double *weights, size_t count, size_t *order)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && fabs(weights[order[at - 1]]) < fabs(weights[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void append_weights(const chances *c, text *out)
{
    size_t order[FIT_MOST_FEATURES];
    table *t = table_new();
    table_column(t, "feature", TABLE_LEFT);
    table_column(t, "when it is", TABLE_LEFT);
    table_column(t, "the odds are", TABLE_RIGHT);
    table_column(t, "missing", TABLE_RIGHT);
    sort_by(c->found.model.weights, c->fit->feature_count, order);
    for (size_t i = 0; i < c->fit->feature_count; i++)
        add_weight(c, order[i], t);
    fit_append_table(t, out);
    text_append_char(out, '\n');
}

/* How much of what the questions of all trees were worth is that of each feature's. */
static void append_gains(const chances *c, text *out)
{
    size_t order[FIT_MOST_FEATURES];
    table *t = table_new();
    table_column(t, "feature", TABLE_LEFT);
    table_column(t, "share of the gain", TABLE_RIGHT);
    sort_by(c->found.trees.gains, c->fit->feature_count, order);
    for (size_t i = 0; i < c->fit->feature_count; i++) {
        table_cell(t, c->fit->features[order[i]].name.text);
        table_cell_format(t, "%.1f%%", c->found.trees.gains[order[i]] * 100);
    }
    fit_append_table(t, out);
    text_append_char(out, '\n');
}

void chances_append(const chances *c, text *out)
{
    append_counts(c, out);
    append_quality(c, out);
    append_deciles(c, out);
    if (c->found.has_trees)
        append_gains(c, out);
    else
        append_weights(c, out);
    text_append_format(out, "written: %s\n", c->fit->file.text);
}

int chances_write_chart(const chances *c, const char *path)
{
    static const char *const labels[FIT_DECILES] = {"1", "2", "3", "4", "5",
                                                    "6", "7", "8", "9", "10"};
    chart_point points[FIT_DECILES];
    double in_fact[FIT_DECILES], expected[FIT_DECILES];
    for (size_t i = 0; i < FIT_DECILES; i++) {
        const fit_decile *d = &c->found.tested.deciles[i];
        points[i] = (chart_point){labels[i], ""};
        in_fact[i] = share((double)d->happened, d->people) * 100;
        expected[i] = share(d->expected, d->people) * 100;
    }
    chart *h =
        chart_new(c->fit->name.text,
                  "percent of each tenth of the people, the highest chances first, on "
                  "dates that were not learned from",
                  points, FIT_DECILES);
    chart_digits(h, 1);
    chart_series(h, "in fact", in_fact);
    chart_series(h, "expected", expected);
    int code = chart_file_write(h, path);
    chart_free(h);
    return code;
}
