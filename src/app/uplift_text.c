/* SPDX-License-Identifier: MIT
 *
 * What a fit of an uplift tells: what the treatment did, how well the scores say to whom, and a Qini curve.
 */
#include <math.h>
#include <stdio.h>

#include "app/chances.h"
#include "app/chart_file.h"
#include "app/fits.h"

/* ---- effects ---------------------------------------------------------------- */

static void add_share(table *t, double share)
{
    if (isnan(share))
        table_cell(t, "");
    else
        table_cell_format(t, "%.1f%%", share * 100);
}

/* In points of a percent: "+5.2" */
static void add_points(table *t, double difference)
{
    if (isnan(difference))
        table_cell(t, "");
    else
        table_cell_format(t, "%+.1f", difference * 100);
}

static void add_effect(table *t, const char *name, const fit_arms *a)
{
    char buffer[28];
    fit_effect e = fit_effect_of(a);
    table_cell(t, name);
    table_cell(t, format_count(a->people[1], buffer));
    add_share(t, fit_arm_rate(a, true));
    table_cell(t, format_count(a->people[0], buffer));
    add_share(t, fit_arm_rate(a, false));
    add_points(t, e.difference);
    table_cell_format(t, "%+.1f to %+.1f", e.low * 100, e.high * 100);
}

static fit_arms sum_of(const fit_arms *a, const fit_arms *b)
{
    fit_arms sum = *a;
    for (size_t i = 0; i < 2; i++) {
        sum.people[i] += b->people[i];
        sum.happened[i] += b->happened[i];
    }
    return sum;
}

static void append_effects(const fitted_uplift *f, const char *tested, text *out)
{
    fit_arms all = sum_of(&f->learned, &f->tested.arms);
    table *t = table_new();
    table_column(t, "", TABLE_LEFT);
    table_column(t, "treated", TABLE_RIGHT);
    table_column(t, "did", TABLE_RIGHT);
    table_column(t, "others", TABLE_RIGHT);
    table_column(t, "did", TABLE_RIGHT);
    table_column(t, "effect", TABLE_RIGHT);
    table_column(t, "95% interval", TABLE_RIGHT);
    add_effect(t, "learned from", &f->learned);
    add_effect(t, tested, &f->tested.arms);
    add_effect(t, "together", &all);
    fit_append_table(t, out);
    text_append_char(out, '\n');
}

/* ---- tenths, and areas -------------------------------------------------------- */

static void append_tenths(const fit_uplift_measures *m, text *out)
{
    char buffer[28];
    table *t = table_new();
    table_column(t, "tenth", TABLE_RIGHT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "treated did", TABLE_RIGHT);
    table_column(t, "others did", TABLE_RIGHT);
    table_column(t, "effect", TABLE_RIGHT);
    table_column(t, "expected", TABLE_RIGHT);
    for (size_t i = 0; i < FIT_TENTHS; i++) {
        const fit_uplift_tenth *d = &m->tenths[i];
        size_t people = d->arms.people[0] + d->arms.people[1];
        table_cell_format(t, "%zu", i + 1);
        table_cell(t, format_count(people, buffer));
        add_share(t, fit_arm_rate(&d->arms, true));
        add_share(t, fit_arm_rate(&d->arms, false));
        add_points(t, fit_arm_rate(&d->arms, true) - fit_arm_rate(&d->arms, false));
        add_points(t, people > 0 ? d->expected / (double)people : NAN);
    }
    fit_append_table(t, out);
    text_append_char(out, '\n');
}

static void append_areas(const fit_uplift_measures *m, text *out)
{
    text_append_format(out,
                       "Qini coefficient %.5f (random targeting: 0), AUUC %.5f (random "
                       "targeting: %.5f)\n",
                       m->qini, m->auuc, m->random_auuc);
}

static void append_balance(const chances *c, text *out)
{
    const fit_balance *b = &c->found_uplift.balance;
    text_append_format(
        out, "largest standardised mean difference between the arms: %.3f (%s%s)\n\n",
        b->difference, c->fit->features[b->feature].name.text,
        b->is_of_missing ? ", missing" : "");
}

void uplift_append(const chances *c, text *out)
{
    const fitted_uplift *f = &c->found_uplift;
    const char *tested = c->fit->held_back > 0 ? "held back" : "later dates";
    text_append_format(out, "%s: %s, with treatment: %s; by %s\n\n", c->fit->name.text,
                       c->fit->label.text, c->fit->treatment.text,
                       fit_uplift_method_words(f->model.method));
    append_effects(f, tested, out);
    text_append_format(out, "of those %s, the highest scores first:\n\n",
                       c->fit->held_back > 0 ? "held back" : "at later dates");
    append_tenths(&f->tested, out);
    append_areas(&f->tested, out);
    append_balance(c, out);
    text_append_format(out, "written: %s\n", c->fit->file.text);
}

/* ---- a chart -------------------------------------------------------------------- */

int uplift_write_chart(const chances *c, const char *path)
{
    const fit_uplift_measures *m = &c->found_uplift.tested;
    char labels[FIT_CURVE_POINTS][8];
    chart_point points[FIT_CURVE_POINTS];
    double curve[FIT_CURVE_POINTS], random[FIT_CURVE_POINTS];
    for (size_t i = 0; i < FIT_CURVE_POINTS; i++) {
        double share = (double)i / (FIT_CURVE_POINTS - 1);
        snprintf(labels[i], sizeof labels[i], "%.0f%%", share * 100);
        points[i] = (chart_point){labels[i], ""};
        curve[i] = m->curve[i] * 100;
        random[i] = m->curve[FIT_CURVE_POINTS - 1] * share * 100;
    }
    chart *h = chart_new(c->fit->name.text,
                         "Qini curve: how many more of 100 do it when so many are "
                         "treated, the highest scores first",
                         points, FIT_CURVE_POINTS);
    chart_digits(h, 1);
    chart_series(h, "by score", curve);
    chart_series(h, "at random", random);
    int code = chart_file_write(h, path);
    chart_free(h);
    return code;
}
