/* SPDX-License-Identifier: MIT
 *
 * The text of the file.
 */
#include "fit/chances.h"

#include "fit/chance_rules.h"
#include "fit/comment.h"

static const char *const declared[] = {
    [FIT_NUMBER] = "number", [FIT_DURATION] = "duration(days)", [FIT_TRUTH] = "bool"};

/* ---- the head --------------------------------------------------------------- */

static void append_dates(const char *key, const config_text *dates, size_t count,
                         text *out)
{
    text all;
    text_init(&all);
    for (size_t i = 0; i < count; i++)
        text_append_format(&all, "%s%s", i > 0 ? ", " : "", dates[i].text);
    comment_append(key, all.data, out);
    text_done(&all);
}

static void append_quality(const fitted_chances *f, text *out)
{
    text_append_format(
        out,
        "-- examples: %zu learned from, %zu tested\n-- rules: %s\n-- auc: %.4f  # of %s "
        "alone "
        "%.4f\n-- log_loss: %.4f  # of %s alone %.4f, of the base rate %.4f\n",
        f->trained_count, f->tested_count, f->rules, f->tested.auc,
        f->fit->features[f->against].name.text, f->alone.auc, f->tested.log_loss,
        f->fit->features[f->against].name.text, f->alone.log_loss, f->base_loss);
}

static void append_head(const fitted_chances *f, text *out)
{
    text rules;
    text_init(&rules);
    text_append_format(out,
                       FIT_MARK
                       "%s\": fit anew rather than change it.\n"
                       "--\n-- model: %s  # logistic regression with a ridge of %g\n",
                       f->fit->name.text, f->fit->model.text, f->fit->penalty);
    comment_append("fitted", f->made_on, out);
    comment_append("label", f->fit->label.text, out);
    if (f->fit->among.text)
        comment_append("among", f->fit->among.text, out);
    append_dates("trained as of", f->fit->train, f->fit->train_count, out);
    append_dates("tested as of", f->fit->test, f->fit->test_count, out);
    append_quality(f, out);
    fit_chance_score_append(f->fit, &rules);
    comment_append_rules(&rules, out);
    text_done(&rules);
}

/* ---- functions -------------------------------------------------------------- */

/* x as it is measured: "x", "math.log(1 + math.max(x, 0))", "(x and 1 or 0)" */
static const char *measured(const fit_scale *s)
{
    return s->is_truth       ? "(x and 1 or 0)"
           : s->is_logarithm ? "math.log(1 + math.max(x, 0))"
                             : "x";
}

static void append_part(const fitted_chances *f, size_t i, text *out)
{
    const fit_scale *s = &f->model.scales[i];
    double slope = s->deviation > 0 ? f->model.weights[i] / s->deviation : 0;
    text_append_format(
        out,
        "\ncarpel.define {\n    name = \"%s\", help = \"Its part of the chance, in "
        "log-odds.\",\n    args = {\"x: %s?\"}, result = \"number\",\n    call = "
        "function(x)\n        if x == nil then\n            return %.10g\n        end\n"
        "        return %.10g * (%s - %.10g)\n    end\n}\n",
        f->fit->features[i].name.text, declared[f->kinds[i]], f->model.missing[i], slope,
        measured(s), s->average);
}

/* A feature may be called like a word of Lua, so there its name begins with x_. */
static void append_names(const fitted_chances *f, const char *before, const char *between,
                         const char *behind, text *out)
{
    for (size_t i = 0; i < f->fit->feature_count; i++)
        text_append_format(out, "%s%s%s%s", i > 0 ? between : "", before,
                           f->fit->features[i].name.text, behind);
}

static void append_chance(const fitted_chances *f, text *out)
{
    text_append(out,
                "\ncarpel.define {\n    name = \"chance\", help = \"How likely it is, by "
                "the parts of all features.\",\n    args = {");
    append_names(f, "\"", ", ", ": number\"", out);
    text_append(out, "}, result = \"number(0..1)\",\n    call = function(");
    append_names(f, "x_", ", ", "", out);
    text_append_format(out, ")\n        return 1 / (1 + math.exp(-(%.10g + ",
                       f->model.base);
    append_names(f, "x_", " + ", "", out);
    text_append(out, ")))\n    end\n}\n");
}

void fitted_chances_append_file(const fitted_chances *f, text *out)
{
    append_head(f, out);
    for (size_t i = 0; i < f->fit->feature_count; i++)
        append_part(f, i, out);
    append_chance(f, out);
}
