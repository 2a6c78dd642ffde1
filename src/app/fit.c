/* SPDX-License-Identifier: MIT
 *
 * `carpel fit [NAME ...]`: find the parameters of the models that `fits:` of the project names, and
 * write a Lua file of each that rules can use.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/chances.h"
#include "app/commands.h"
#include "app/failures.h"
#include "app/fits.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/memory.h"
#include "engine/rule_hash.h"
#include "engine/selection.h"
#include "exec/score.h"
#include "fit/optimum.h"
#include "fit/rules.h"
#include "report/suggest.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* ---- what all fits do alike ----------------------------------------------------- */

void fit_append_table(table *t, text *out)
{
    table_append(t, out,
                 terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX,
                 terminal_has_utf8());
    table_free(t);
}

int fit_select(const session *s, const char *prefix, const char *const *names,
               size_t count, text *hash)
{
    char **rules = memory_alloc_array(count + 1, sizeof *rules);
    for (size_t i = 0; i < count; i++) {
        text name;
        text_init(&name);
        text_append_format(&name, "%s_%s", prefix, names[i]);
        rules[i] = text_take(&name);
    }
    const char *const *terms = (const char *const *)rules;
    engine_choice choice = {.selected = terms, .selected_count = count};
    selection_mistake mistake;
    bool is_good = engine_select(s->engine, &choice, &mistake);
    if (!is_good)
        say_error("%s", mistake.message);
    engine_append_rule_hash(s->engine, terms, count, hash);
    for (size_t i = 0; i < count; i++)
        memory_free(rules[i]);
    memory_free(rules);
    return is_good ? EXIT_GOOD : EXIT_FAULT;
}

/* ---- people ----------------------------------------------------------------- */

static void score_name(const fitting *f, size_t column, text *out)
{
    text_clear(out);
    text_append_format(out, "%s_%zu", f->prefix.data, column + 1);
}

void fitting_find_scores(const fitting *f, const run_result *r, const run_score **scores)
{
    text name;
    text_init(&name);
    for (size_t c = 0; c < fit_rows_columns(f->model->rows); c++) {
        score_name(f, c, &name);
        for (size_t i = 0; i < r->score_count; i++)
            if (strcmp(r->scores[i].name, name.data) == 0)
                scores[c] = &r->scores[i];
    }
    text_done(&name);
}

/* People of whom a model can say how likely they are. */
static bool is_of_use(fit_rows rows, const double *n)
{
    switch (rows) {
    case FIT_TIMES: return n[0] >= 0 && n[1] >= 0 && n[2] >= n[1];
    case FIT_PERIODS: return n[0] >= 0 && n[2] > 0;
    case FIT_VALUES: return n[0] > 0 && n[1] > 0;
    case FIT_CHANCES:
    case FIT_UPLIFTS: break; /* chances.h */
    }
    return false;
}

bool fitting_numbers(const fitting *f, const run_score *const *scores, size_t person,
                     double *out)
{
    for (size_t c = 0; c < fit_rows_columns(f->model->rows); c++) {
        if (!score_has(scores[c], person))
            return false;
        out[c] = score_number(scores[c], person);
    }
    if (f->model->rows == FIT_TIMES && out[0] == 0)
        out[1] = 0; /* several events on the only day */
    return is_of_use(f->model->rows, out);
}

static void take_people(fitting *f)
{
    const run_population *p = &f->session->result->people;
    fitting_find_scores(f, f->session->result, f->scores);
    f->histories = fit_histories_new(fit_rows_columns(f->model->rows));
    for (size_t i = 0; i < p->count; i++) {
        double numbers[FIT_MOST_COLUMNS];
        if (fitting_numbers(f, f->scores, p->order[i], numbers))
            fit_histories_add(f->histories, numbers);
    }
    fit_histories_finish(f->histories);
}

/* ---- finding ------------------------------------------------------------------ */

static double likelihood_at(void *context, const double *parameters)
{
    return fit_likelihood_at(context, parameters);
}

/* Too few people have nothing to tell of four numbers. */
enum { FEWEST_KINDS = 5 };

static void begin_parameters(fitting *f)
{
    size_t last = fit_rows_columns(f->model->rows) - 1;
    double scale = fit_histories_average(f->histories, last);
    for (size_t i = 0; i < fit_model_parameter_count(f->model); i++)
        f->found.parameters[i] = f->model->parameters[i].is_scale ? scale : 1;
}

static int find(fitting *f)
{
    carpel_error err;
    size_t count = fit_model_parameter_count(f->model);
    fit_goal goal;
    if (f->histories->count < FEWEST_KINDS) {
        say_error("the fit \"%s\" has %zu %s of different histories, which is too few",
                  f->fit->name.text, f->histories->count,
                  f->histories->count == 1 ? "person" : "people");
        say_hint("They are those with the events of \"events\" until %s.", f->to.data);
        return EXIT_FAULT;
    }
    f->likelihood = fit_likelihood_new(f->model, f->histories, stop_cancel());
    goal = (fit_goal){f->likelihood, likelihood_at};
    begin_parameters(f);
    bool is_found = fit_optimum_find(&goal, count, f->found.parameters,
                                     &f->found.log_likelihood, &err);
    if (cancel_is_asked(stop_cancel()))
        return EXIT_CANCELLED;
    if (!is_found) {
        const char *reason = fit_likelihood_message(f->likelihood);
        say_error("the fit \"%s\": %s%s%s", f->fit->name.text, err.message,
                  reason[0] ? ": " : "", reason);
        return EXIT_FAULT;
    }
    f->found.has_errors =
        fit_standard_errors(&goal, count, f->found.parameters, f->found.errors);
    return EXIT_GOOD;
}

/* ---- what is told, and written -------------------------------------------------- */

static bool is_any_at_bound(const fitting *f)
{
    for (size_t i = 0; i < fit_model_parameter_count(f->model); i++)
        if (fit_is_at_bound(f->found.parameters[i]))
            return true;
    return false;
}

static void append_parameters(const fitting *f, text *out)
{
    table *t = table_new();
    table_column(t, f->fit->name.text, TABLE_LEFT);
    table_column(t, "value", TABLE_RIGHT);
    table_column(t, "standard error", TABLE_RIGHT);
    for (size_t i = 0; i < fit_model_parameter_count(f->model); i++) {
        table_cell(t, f->model->parameters[i].name);
        table_cell_format(t, "%.4g", f->found.parameters[i]);
        if (f->found.has_errors)
            table_cell_format(t, "%.2g", f->found.errors[i]);
        else
            table_cell(t, "unknown");
    }
    fit_append_table(t, out);
}

static void append_summary(const fitting *f, text *out)
{
    char buffer[28];
    append_parameters(f, out);
    text_append_format(out, "\n%s of %s people, log-likelihood %.3f; data",
                       f->model->name, format_count(f->histories->row_count, buffer),
                       f->found.log_likelihood);
    if (f->from.size > 0)
        text_append_format(out, " from %s", f->from.data);
    text_append_format(out, " to %s\nwritten: %s\n", f->to.data, f->fit->file.text);
}

/* Data that end early are less than was expected. */
static void warn_of_data_end(const fitting *f)
{
    int64_t last = engine_store(f->session->engine)->last_time;
    int64_t some = (f->test_at - f->to_at) / 20;
    text date;
    if (!f->fit->test_to.text || last >= f->test_at - some)
        return;
    text_init(&date);
    value_append_date(zone_date(engine_zone(f->session->engine), last), &date);
    say_warning("the data end on %s, before \"test_to\" of \"%s\"", date.data,
                f->fit->name.text);
    text_done(&date);
}

static void warn(const fitting *f)
{
    warn_of_data_end(f);
    if (is_any_at_bound(f))
        say_warning("a parameter of \"%s\" is as small or large as it can be: the data "
                    "do not tell how far it goes",
                    f->fit->name.text);
    else if (!f->found.has_errors)
        say_warning("the likelihood of \"%s\" is flat where it is largest, so that there "
                    "are no standard errors",
                    f->fit->name.text);
}

static int write_file(fitting *f)
{
    text file, day;
    text_init(&file);
    text_init(&day);
    fit_append_today(f->session, &day);
    f->found.fit = f->fit;
    f->found.model = f->model;
    f->found.people = f->histories->row_count;
    f->found.from = f->from.data;
    f->found.to = f->to.data;
    f->found.made_on = day.data;
    f->found.rules = f->rules.data;
    fitted_append_file(&f->found, &file);
    int code = fit_write_file(f->session, f->line, f->fit, &file);
    text_done(&day);
    text_done(&file);
    return code;
}

static int tell(fitting *f)
{
    text out;
    held_back later;
    text_init(&out);
    append_summary(f, &out);
    int code = EXIT_GOOD;
    if (f->fit->test_to.text)
        code = fitting_hold_back(f, &later);
    if (code == EXIT_GOOD && f->fit->test_to.text)
        held_back_append(&later, f, &out);
    if (code == EXIT_GOOD)
        code = say_result(&out);
    if (code == EXIT_GOOD && f->fit->test_to.text && f->line->svg)
        code = held_back_write_chart(&later, f, f->line->svg);
    text_done(&out);
    return code;
}

/* ---- a fit ----------------------------------------------------------------------- */

/* An instant of the project file; what was not given is `standard`. */
static bool read_instant(const fitting *f, const config_text *written, int64_t standard,
                         int64_t *out)
{
    carpel_error err;
    *out = standard;
    if (!written->text || engine_read_time(f->session->engine, written->text, out, &err))
        return true;
    say_error("the fit \"%s\": %s", f->fit->name.text, err.message);
    return false;
}

static int read_window(fitting *f)
{
    int64_t from_at;
    const zone *z = engine_zone(f->session->engine);
    const config_text option = {f->line->as_of, {0}};
    if (!read_instant(f, f->line->as_of ? &option : &f->fit->to, clock_now(),
                      &f->to_at) ||
        !read_instant(f, &f->fit->from, INT64_MIN, &from_at) ||
        !read_instant(f, &f->fit->test_to, INT64_MAX, &f->test_at))
        return EXIT_FAULT;
    if (from_at >= f->to_at || f->test_at <= f->to_at) {
        say_error("the fit \"%s\": \"%s\" has to be %s \"to\"", f->fit->name.text,
                  from_at >= f->to_at ? "from" : "test_to",
                  from_at >= f->to_at ? "before" : "after");
        return EXIT_FAULT;
    }
    value_append_time(f->to_at, z, &f->to);
    if (f->fit->from.text)
        value_append_time(from_at, z, &f->from);
    return EXIT_GOOD;
}

static int select_scores(fitting *f)
{
    char numbers[FIT_MOST_COLUMNS][24];
    const char *names[FIT_MOST_COLUMNS];
    size_t count = fit_rows_columns(f->model->rows);
    for (size_t i = 0; i < count; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%zu", i + 1);
        names[i] = numbers[i];
    }
    return fit_select(f->session, f->prefix.data, names, count, &f->rules);
}

static int judge(fitting *f)
{
    command_line line = *f->line;
    line.as_of = f->to.data; /* nothing after it is read */
    int code = session_judge(f->session, &line);
    if (code != EXIT_GOOD)
        return code;
    take_people(f);
    code = find(f);
    if (code == EXIT_GOOD)
        code = write_file(f);
    if (code == EXIT_GOOD)
        code = tell(f);
    if (code == EXIT_GOOD)
        warn(f);
    return code;
}

static int fit_one(const command_line *line, const config_fit *fit)
{
    session s;
    text rules, place;
    fitting f = {.line = line,
                 .session = &s,
                 .fit = fit,
                 .model = fit_model_find(fit->model.text)};
    text *const texts[] = {&rules, &place, &f.prefix, &f.to, &f.from, &f.rules};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_init(texts[i]);
    text_append_format(&f.prefix, FIT_PREFIX "%s", fit->name.text);
    text_append_format(&place, "fits.%s of carpel.yaml", fit->name.text);
    fit_rules_append(fit, f.prefix.data, NULL, &rules);
    int code = session_open_with(&s, line, place.data, rules.data);
    if (code == EXIT_GOOD)
        code = fit_check_place(&s, line, fit);
    if (code == EXIT_GOOD)
        code = read_window(&f);
    if (code == EXIT_GOOD)
        code = select_scores(&f);
    if (code == EXIT_GOOD)
        code = judge(&f);
    fit_likelihood_free(f.likelihood);
    fit_histories_free(f.histories);
    session_close(&s);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_done(texts[i]);
    return code;
}

/* ---- the command ------------------------------------------------------------------- */

static void hint_fits(const project *p)
{
    text names;
    text_init(&names);
    for (size_t i = 0; i < p->fit_count; i++)
        text_append_format(&names, "%s%s", i > 0 ? ", " : "", p->fits[i].name.text);
    say_hint("carpel.yaml has %s.", names.data);
    text_done(&names);
}

static const config_fit *find_fit(const project *p, const char *name)
{
    suggestion similar = suggest_begin(name);
    for (size_t i = 0; i < p->fit_count; i++) {
        if (strcmp(p->fits[i].name.text, name) == 0)
            return &p->fits[i];
        suggest_consider(&similar, p->fits[i].name.text);
    }
    say_error("no fit is named \"%s\"", name);
    if (suggest_best(&similar))
        say_hint("Did you mean \"%s\"?", suggest_best(&similar));
    else if (p->fit_count > 0)
        hint_fits(p);
    else
        say_hint(
            "Fits stand below \"fits:\" of carpel.yaml: \"fits: {%s: {model: bg_nbd, "
            "events: purchase}}\".",
            name);
    return NULL;
}

static const config_fit *nth_fit(const command_line *line, const project *p, size_t i)
{
    return line->argument_count > 0 ? find_fit(p, line->arguments[i]) : &p->fits[i];
}

/* Options that would do nothing. NULL: there is no such fit, which was told. */
static int check_options(const command_line *line, const config_fit *fit)
{
    if (!fit)
        return EXIT_BAD_USAGE;
    if (fit_rows_have_dates(fit->rows) && line->as_of) {
        say_error(
            "\"--as-of\" is of no use to \"%s\": its dates are those of \"train\" and "
            "\"test\"",
            fit->name.text);
        say_hint("Leave it out, or name the fits of other models.");
        return EXIT_BAD_USAGE;
    }
    if (!fit_rows_have_dates(fit->rows) && line->svg && !fit->test_to.text) {
        say_error("\"--svg\" draws what came after \"to\", and \"%s\" has no \"test_to\"",
                  fit->name.text);
        if (fit->rows != FIT_VALUES)
            say_hint("For example: test_to: 2026-10-01");
        return EXIT_BAD_USAGE;
    }
    return EXIT_GOOD;
}

/* What `carpel check` tells of it, before any data are read. */
static int check_fit(const command_line *line, const project *p, const config_fit *fit)
{
    diags *found = diags_new();
    bool is_good = engine_check_fit(p, fit, found);
    if (!is_good)
        session_print_diags(found, line);
    diags_free(found);
    return is_good ? EXIT_GOOD : EXIT_FAULT;
}

/* Those that are named, or all. */
static int fit_named(const command_line *line, const project *p)
{
    size_t count = line->argument_count > 0 ? line->argument_count : p->fit_count;
    if (count == 0) {
        say_error("carpel.yaml names nothing to fit");
        say_hint("For example: fits: {buying: {model: bg_nbd, events: purchase}}");
        return EXIT_FAULT;
    }
    if (line->svg && count > 1) {
        say_error("\"--svg\" draws one fit: name it");
        return EXIT_BAD_USAGE;
    }
    int code = EXIT_GOOD;
    for (size_t i = 0; i < count && code == EXIT_GOOD; i++)
        code = check_options(line, nth_fit(line, p, i));
    for (size_t i = 0; i < count && code == EXIT_GOOD; i++) {
        const config_fit *fit = nth_fit(line, p, i);
        code = check_fit(line, p, fit);
        if (code == EXIT_GOOD)
            code = fit_rows_have_dates(fit->rows) ? chances_fit(line, fit)
                                                  : fit_one(line, fit);
    }
    return code;
}

int command_fit(const command_line *line)
{
    stop_begin();
    if (!fit_optimum_is_built()) {
        say_error("this carpel was built without NLopt, which finds the parameters");
        say_hint("Install libnlopt-dev (Debian), then configure and build carpel anew.");
        return EXIT_UNAVAILABLE;
    }
    project *p;
    int code = session_open_project(line, &p);
    if (code == EXIT_GOOD)
        code = fit_named(line, p);
    project_free(p);
    return code;
}
