/* SPDX-License-Identifier: MIT
 *
 * The text of the file: what it comes from, rules that use it, the model, and its functions with the
 * parameters that were found.
 */
#include "fit/fitted.h"

#include "fit/comment.h"
#include "fit/rules.h"
#include "script/library.h"

/* What the functions take of a person, and how they call the model with it. */
static const struct {
    const char *declared, *taken, *passed;
} arguments[] = {
    [FIT_TIMES] = {"\"repeats: int\", \"first_to_last: duration(weeks)\", \"age: "
                   "duration(weeks)\"",
                   "repeats, first_to_last, age",
                   "repeats, repeats > 0 and first_to_last or 0, age"},
    [FIT_PERIODS] = {"\"x: number\", \"t_x: number\", \"n: number\"", "x, t_x, n",
                     "x, t_x, n"},
    [FIT_VALUES] = {"\"orders: int\", \"average: number?\"", "orders, average",
                    "orders, average"},
};

/* A function of the model: `ahead` is what stands before what is taken of a person. */
typedef struct function {
    const char *name, *help, *result, *ahead, *ahead_declared;
} function;

static const function alive = {"alive", "How likely somebody still comes at all.",
                               "number(0..1)", "", ""};
static const function expected[] = {
    [FIT_TIMES] = {"expected", "How many orders to expect of somebody in the next t.",
                   "number", "t, ", "\"t: duration(weeks)\", "},
    [FIT_PERIODS] = {"expected", "In how many of the next m periods to expect somebody.",
                     "number", "m, ", "\"m: number\", "},
    [FIT_VALUES] = {"expected", "What somebody's orders will be worth on average.",
                    "number", "", ""},
};

/* ---- the head --------------------------------------------------------------- */

static void append_parameters(const fitted *f, text *out)
{
    for (size_t i = 0; i < fit_model_parameter_count(f->model); i++) {
        text_append_format(out, "--   %s: %.6g", f->model->parameters[i].name,
                           f->parameters[i]);
        if (f->has_errors)
            text_append_format(out, "  # standard error %.3g", f->errors[i]);
        text_append_char(out, '\n');
    }
}

static void append_facts(const fitted *f, text *out)
{
    text_append_format(out,
                       FIT_MARK "%s\": fit anew rather than change it.\n"
                                "--\n-- model: %s  # %s\n",
                       f->fit->name.text, f->model->name, f->model->source);
    comment_append("fitted", f->made_on, out);
    comment_append("events", f->fit->events.text, out);
    if (f->from[0])
        comment_append("from", f->from, out);
    comment_append("to", f->to, out);
    text_append_format(out,
                       "-- people: %zu\n-- rules: %s\n-- log_likelihood: "
                       "%.3f\n-- parameters:\n",
                       f->people, f->rules, f->log_likelihood);
    append_parameters(f, out);
}

static void append_call(const fitted *f, const char *score, const char *call, text *out)
{
    text_append_format(out, "score %s_%s = %s.%s", f->fit->name.text, score,
                       f->fit->name.text, call);
    for (size_t i = 0; i < fit_rows_columns(f->model->rows); i++) {
        text_append(out, i > 0 ? ", " : "");
        fit_rules_append_argument(f->fit, f->fit->name.text, i, out);
    }
    text_append(out, ")\n");
}

static void append_example(const fitted *f, text *out)
{
    text rules;
    text_init(&rules);
    text_append_format(&rules, "use \"%s\"\n", f->fit->file.text);
    fit_rules_append_events(f->fit, f->fit->name.text, &rules);
    if (f->model->rows == FIT_TIMES)
        append_call(f, "in_90_days", "expected(90 days, ", &rules);
    else if (f->model->rows == FIT_PERIODS)
        append_call(f, "in_5_periods", "expected(5, ", &rules);
    else
        append_call(f, "value", "expected(", &rules);
    if (f->model->rows != FIT_VALUES)
        append_call(f, "alive", "alive(", &rules);
    comment_append_rules(&rules, out);
    text_done(&rules);
}

/* ---- functions -------------------------------------------------------------- */

static void append_function(const fitted *f, const function *fn, text *out)
{
    fit_rows rows = f->model->rows;
    text_append_format(out,
                       "\ncarpel.define {\n    name = \"%s\", help = \"%s\",\n    args = "
                       "{%s%s}, result = "
                       "\"%s\",\n    call = function(%s%s)\n        return model.%s(%s%s",
                       fn->name, fn->help, fn->ahead_declared, arguments[rows].declared,
                       fn->result, fn->ahead, arguments[rows].taken, fn->name, fn->ahead,
                       arguments[rows].passed);
    for (size_t i = 0; i < fit_model_parameter_count(f->model); i++)
        text_append_format(out, ", %.10g", f->parameters[i]);
    text_append(out, ")\n    end\n}\n");
}

/* The file of the library as it is, whose functions go into a table. */
static void append_model(const fitted *f, text *out)
{
    slice file = library_file(f->model->file);
    text_append_format(
        out,
        "\nlocal model = {}\ndo\n    local define = {define = function(f) model[f.name] "
        "= "
        "f.call end}\n    for name, value in pairs(carpel) do\n        define[name] = "
        "define[name] or value\n    end\n    local carpel = define\n\n-- %s, as it was "
        "then:\n",
        f->model->file);
    text_append_bytes(out, file.data, file.size);
    text_append(out, "end\n");
}

void fitted_append_file(const fitted *f, text *out)
{
    append_facts(f, out);
    append_example(f, out);
    append_model(f, out);
    if (f->model->rows != FIT_VALUES)
        append_function(f, &alive, out);
    append_function(f, &expected[f->model->rows], out);
}
