/* SPDX-License-Identifier: MIT
 *
 * The text of the file.
 */
#include "fit/chances.h"

#include "fit/chance_rules.h"
#include "fit/comment.h"

/* ---- the head --------------------------------------------------------------- */

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
                       FIT_MARK "%s\": fit anew rather than change it.\n"
                                "--\n-- model: %s  # %s %g\n",
                       f->fit->name.text, f->fit->model.text,
                       f->has_trees ? "a hundred, by XGBoost with a penalty of"
                                    : "logistic regression with a ridge of",
                       f->fit->penalty);
    comment_append("fitted", f->made_on, out);
    comment_append("label", f->fit->label.text, out);
    if (f->fit->among.text)
        comment_append("among", f->fit->among.text, out);
    comment_append_dates("trained as of", f->fit->train, f->fit->train_count, out);
    comment_append_dates("tested as of", f->fit->test, f->fit->test_count, out);
    append_quality(f, out);
    fit_chance_score_append(f->fit, !f->has_trees, &rules);
    comment_append_rules(&rules, out);
    text_done(&rules);
}

/* ---- functions -------------------------------------------------------------- */

static const fit_whole chance = {
    "chance", "How likely it is, by the parts of all features.", "number(0..1)", "1", ""};

void fitted_chances_append_file(const fitted_chances *f, text *out)
{
    append_head(f, out);
    if (f->has_trees) {
        fit_trees_append(f->fit, f->kinds, &f->trees, out);
        return;
    }
    fit_parts_append(f->fit, f->kinds, &f->model, "",
                     "Its part of the chance, in log-odds.", out);
    fit_whole_append(f->fit, &f->model, &chance, out);
}
