/* SPDX-License-Identifier: MIT
 *
 * The texts of these functions.
 */
#include "fit/parts.h"

static const char *const declared[] = {
    [FIT_NUMBER] = "number", [FIT_DURATION] = "duration(days)", [FIT_TRUTH] = "bool"};

const char *fit_feature_declared(fit_feature_kind kind)
{
    return declared[kind];
}

/* x as it is measured: "x", "math.log(1 + math.max(x, 0))", "(x and 1 or 0)" */
static const char *measured(const fit_scale *s)
{
    return s->is_truth       ? "(x and 1 or 0)"
           : s->is_logarithm ? "math.log(1 + math.max(x, 0))"
                             : "x";
}

static void append_part(const config_text *feature, fit_feature_kind kind,
                        const fit_logistic *m, size_t i, const char *prefix,
                        const char *help, text *out)
{
    const fit_scale *s = &m->scales[i];
    double slope = s->deviation > 0 ? m->weights[i] / s->deviation : 0;
    text_append_format(
        out,
        "\ncarpel.define {\n    name = \"%s%s\", help = \"%s\",\n    args = {\"x: "
        "%s?\"}, "
        "result = \"number\",\n    call = function(x)\n        if x == nil then\n"
        "            return %.10g\n        end\n        return %.10g * (%s - %.10g)\n"
        "    end\n}\n",
        prefix, feature->text, help, declared[kind], m->missing[i], slope, measured(s),
        s->average);
}

void fit_parts_append(const config_fit *f, const fit_feature_kind *kinds,
                      const fit_logistic *model, const char *prefix, const char *help,
                      text *out)
{
    for (size_t i = 0; i < f->feature_count; i++)
        append_part(&f->features[i].name, kinds[i], model, i, prefix, help, out);
}

static void append_names(const config_fit *f, const char *before, const char *between,
                         const char *behind, text *out)
{
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "%s%s%s%s", i > 0 ? between : "", before,
                           f->features[i].name.text, behind);
}

void fit_parameters_append(const config_fit *f, const char *between, text *out)
{
    append_names(f, "x_", between, "", out);
}

void fit_whole_append(const config_fit *f, const fit_logistic *model, const fit_whole *w,
                      text *out)
{
    text_append_format(
        out, "\ncarpel.define {\n    name = \"%s\", help = \"%s\",\n    args = {",
        w->name, w->help);
    append_names(f, "\"", ", ", ": number\"", out);
    text_append_format(out, "}, result = \"%s\",\n    call = function(", w->result);
    fit_parameters_append(f, ", ", out);
    text_append_format(out, ")\n        return %s / (1 + math.exp(-(%.10g + ", w->top,
                       model->base);
    fit_parameters_append(f, " + ", out);
    text_append_format(out, ")))%s\n    end\n}\n", w->behind);
}
