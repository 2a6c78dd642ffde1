/* SPDX-License-Identifier: MIT
 *
 * The text of the file.
 */
#include "fit/chance_rules.h"
#include "fit/comment.h"
#include "fit/uplift.h"

const char *fit_uplift_method_words(fit_uplift_method method)
{
    return method == FIT_TWO_MODELS ? "two models" : "a transformed outcome";
}

/* ---- the head --------------------------------------------------------------- */

static void append_quality(const fitted_uplift *f, text *out)
{
    const fit_uplift_measures *m = &f->tested;
    fit_effect effect = fit_effect_of(&m->arms);
    text_append_format(
        out,
        "-- learned from: %zu treated, %zu others\n-- tested with: %zu treated, %zu "
        "others\n"
        "-- rules: %s\n-- average_effect: %.4f  # from %.4f to %.4f\n-- qini: %.5f\n"
        "-- auuc: %.5f  # of random targeting %.5f\n",
        f->learned.people[1], f->learned.people[0], m->arms.people[1], m->arms.people[0],
        f->rules, effect.difference, effect.low, effect.high, m->qini, m->auuc,
        m->random_auuc);
}

static void append_head(const fitted_uplift *f, text *out)
{
    text rules;
    text_init(&rules);
    text_append_format(out,
                       FIT_MARK "%s\": fit anew rather than change it.\n"
                                "--\n-- model: %s  # %s of logistic regression with a "
                                "ridge of %g\n",
                       f->fit->name.text, f->fit->model.text,
                       fit_uplift_method_words(f->model.method), f->fit->penalty);
    comment_append("fitted", f->made_on, out);
    comment_append("label", f->fit->label.text, out);
    comment_append("treatment", f->fit->treatment.text, out);
    if (f->fit->among.text)
        comment_append("among", f->fit->among.text, out);
    comment_append_dates("trained as of", f->fit->train, f->fit->train_count, out);
    if (f->fit->test_count > 0)
        comment_append_dates("tested as of", f->fit->test, f->fit->test_count, out);
    append_quality(f, out);
    fit_uplift_score_append(f->fit, f->model.method == FIT_TWO_MODELS, &rules);
    comment_append_rules(&rules, out);
    text_done(&rules);
}

/* ---- functions -------------------------------------------------------------- */

static const fit_whole treated = {"treated", "How likely it is with the treatment.",
                                  "number(0..1)", "1", ""};
static const fit_whole others = {"untreated", "How likely it is without the treatment.",
                                 "number(0..1)", "1", ""};
static const fit_whole transformed = {
    "uplift",
    "How much more likely it is with the treatment, by the parts of all features.",
    "number(-1..1)", "2", " - 1"};

static void append_two_models(const fitted_uplift *f, text *out)
{
    fit_parts_append(f->fit, f->kinds, &f->model.models[1], "treated_",
                     "Its part of the chance with the treatment, in log-odds.", out);
    fit_whole_append(f->fit, &f->model.models[1], &treated, out);
    fit_parts_append(f->fit, f->kinds, &f->model.models[0], "untreated_",
                     "Its part of the chance without the treatment, in log-odds.", out);
    fit_whole_append(f->fit, &f->model.models[0], &others, out);
    text_append(out,
                "\ncarpel.define {\n    name = \"uplift\", help = \"How much more likely "
                "it is with the treatment.\",\n    args = {\"treated: number\", "
                "\"untreated: number\"}, result = \"number(-1..1)\",\n    call = "
                "function(treated, untreated)\n        return treated - untreated\n"
                "    end\n}\n");
}

void fitted_uplift_append_file(const fitted_uplift *f, text *out)
{
    append_head(f, out);
    if (f->model.method == FIT_TWO_MODELS) {
        append_two_models(f, out);
        return;
    }
    fit_parts_append(f->fit, f->kinds, &f->model.models[0], "",
                     "Its part of the uplift, in log-odds.", out);
    fit_whole_append(f->fit, &f->model.models[0], &transformed, out);
}
