/* SPDX-License-Identifier: MIT
 *
 * `carpel test [NAME ...]`: the scenarios, one a line, and what does not come out as
 * expected below its line.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/explanations.h"
#include "app/session.h"
#include "app/script_coverage.h"
#include "app/test_coverage.h"
#include "app/test_reports.h"
#include "base/file.h"
#include "base/memory.h"
#include "engine/scenario.h"
#include "engine/selection.h"
#include "report/json.h"
#include "report/suggest.h"
#include "report/terminal.h"
#include "value/value.h"

/* What was tried so far. */
typedef struct tally {
    const session *session;
    const command_line *line;
    text out;
    json_writer json;
    size_t tried, failed;              /* scenarios */
    size_t expectations, disappointed; /* lines of them */
    coverage *coverage;                /* or NULL: it is not asked for */
    bool *functions; /* by number: which were called; NULL: all scripts are told of */
    junit junit;
} tally;

/* ---- which scenarios ------------------------------------------------------------ */

static bool has_part(const char *name, const char *part)
{
    return slice_contains(slice_of(name), slice_of(part));
}

static bool is_wanted(const command_line *line, const char *name)
{
    for (size_t i = 0; i < line->argument_count; i++)
        if (has_part(name, line->arguments[i]))
            return true;
    return line->argument_count == 0;
}

static void refuse(const engine *e, const char *part)
{
    suggestion s = suggest_begin(part);
    for (size_t i = 0; i < engine_scenario_count(e); i++)
        suggest_consider(&s, engine_scenario_name(e, i));
    say_error("no scenario has \"%s\" in its name", part);
    if (suggest_best(&s) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel test\" without a name tries all %zu.",
                 engine_scenario_count(e));
}

/* Does each name of the command line stand for a scenario? If not, the user was told. */
static bool check_names(const engine *e, const command_line *line)
{
    for (size_t i = 0; i < line->argument_count; i++) {
        bool is_found = false;
        for (size_t k = 0; k < engine_scenario_count(e); k++)
            is_found =
                is_found || has_part(engine_scenario_name(e, k), line->arguments[i]);
        if (is_found)
            continue;
        refuse(e, line->arguments[i]);
        return false;
    }
    return true;
}

/* ---- for people ----------------------------------------------------------------- */

static void append_count(text *out, size_t count, const char *one, const char *many)
{
    text_append_format(out, "%zu %s", count, count == 1 ? one : many);
}

static bool was_explained(const trial *t, size_t index)
{
    const expectation *x = &t->expectations[index];
    for (size_t i = 0; i < index; i++) {
        const expectation *own = &t->expectations[i];
        if (!own->holds && own->decl == x->decl && own->part == x->part &&
            own->at == x->at && strcmp(own->person, x->person) == 0)
            return true;
    }
    return false;
}

/* "why ann is in buyers, at 2026-01-01T10:00:00+01:00", and the rule with its values. */
static void append_reasons(tally *t, const expectation *x, const explanation *reasons)
{
    const engine *e = t->session->engine;
    page p = page_begin(e, &t->out);
    text head;
    text_init(&head);
    text_append_format(&head, "  why %s %s%s, at ", x->person,
                       strchr(x->found, '=') ? "has " : "is ", x->found);
    page_append_instant(&p, x->at, &head);
    page_line(&p, head.data, PAGE_PLAIN);
    explained told = {.x = reasons, .person = x->person, .as_of = x->at};
    explained_put_short(&p, &told, 1);
    text_done(&head);
}

/* Below what failed stands why it is as it is. */
static void append_why(tally *t, size_t index, const trial *trial)
{
    carpel_error err;
    const engine *e = t->session->engine;
    if (trial->failed_count == 0)
        return;
    store *people = engine_scenario_people(e, index);
    for (size_t i = 0; i < trial->expectation_count; i++) {
        const expectation *x = &trial->expectations[i];
        if (x->holds || was_explained(trial, i))
            continue;
        explanation *reasons = engine_explain_expectation(e, people, x, &err);
        if (reasons)
            append_reasons(t, x, reasons);
        explanation_free(reasons);
    }
    store_free(people);
}

static void append_lines(tally *t, const trial *trial, const diags *failures)
{
    bool is_good = trial->failed_count == 0;
    if (is_good && t->line->quiet)
        return;
    text_append(&t->out, is_good ? "holds  " : "FAILS  ");
    terminal_append_safe(&t->out, slice_of(trial->name));
    text_append_char(&t->out, '\n');
    diags_append(failures, &t->out, terminal_has_colour(stdout));
}

/* "5 scenarios with 12 expectations: 1 scenario fails, in 2 expectations". */
static void append_summary(tally *t)
{
    if (t->line->quiet)
        return;
    if (t->tried == 0) {
        text_append(&t->out, "no scenarios\n");
        return;
    }
    append_count(&t->out, t->tried, "scenario", "scenarios");
    text_append(&t->out, " with ");
    append_count(&t->out, t->expectations, "expectation", "expectations");
    if (t->failed == 0) {
        text_append(&t->out, ": all hold\n");
        return;
    }
    text_append(&t->out, ": ");
    append_count(&t->out, t->failed, "scenario fails, in ", "scenarios fail, in ");
    append_count(&t->out, t->disappointed, "expectation\n", "expectations\n");
}

/* ---- for programs --------------------------------------------------------------- */

static void write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

static void write_place(json_writer *w, span where)
{
    place at = source_place(where.file, where.begin);
    write_text(w, "file", source_name(where.file));
    json_key(w, "line");
    json_int(w, at.line);
    json_key(w, "column");
    json_int(w, at.column);
}

static void write_expectation(tally *t, const expectation *x)
{
    json_writer *w = &t->json;
    text at;
    text_init(&at);
    value_append_time(x->at, engine_zone(t->session->engine), &at);
    bool is_of_somebody = x->person[0] != '\0'; /* not of a function */
    json_object_begin(w);
    write_place(w, x->where);
    write_text(w, "at", is_of_somebody ? at.data : NULL);
    write_text(w, "of", is_of_somebody ? x->person : NULL);
    write_text(w, "expected", x->expected);
    write_text(w, "found", x->found);
    json_key(w, "holds");
    json_bool(w, x->holds);
    json_object_end(w);
    text_done(&at);
}

static void write_trial(tally *t, const trial *trial)
{
    json_writer *w = &t->json;
    json_object_begin(w);
    write_text(w, "name", trial->name);
    write_place(w, trial->where);
    json_key(w, "holds");
    json_bool(w, trial->failed_count == 0);
    json_key(w, "expectations");
    json_array_begin(w);
    for (size_t i = 0; i < trial->expectation_count; i++)
        write_expectation(t, &trial->expectations[i]);
    json_array_end(w);
    json_object_end(w);
}

static void begin_document(tally *t)
{
    json_begin(&t->json, &t->out);
    json_object_begin(&t->json);
    json_key(&t->json, "scenarios");
    json_array_begin(&t->json);
}

static void end_document(tally *t)
{
    json_array_end(&t->json);
    if (t->coverage) {
        coverage_write(t->coverage, &t->json);
        script_coverage_write(engine_scripts(t->session->engine), t->functions, &t->json);
    }
    json_key(&t->json, "tried");
    json_int(&t->json, (int64_t)t->tried);
    json_key(&t->json, "failed");
    json_int(&t->json, (int64_t)t->failed);
    json_object_end(&t->json);
    json_end(&t->json);
}

/* ---- trials --------------------------------------------------------------------- */

static size_t script_count(const tally *t)
{
    return script_set_function_count(engine_scripts(t->session->engine));
}

static void try_one(tally *t, size_t index)
{
    trial trial;
    diags *failures = diags_new();
    engine_watch_scripts(t->session->engine, t->coverage != NULL);
    engine_try_scenario(t->session->engine, index, failures, &trial);
    engine_watch_scripts(t->session->engine, false); /* reasons call functions, too */
    t->tried++;
    t->failed += trial.failed_count > 0;
    t->expectations += trial.expectation_count;
    t->disappointed += trial.failed_count;
    if (t->coverage)
        coverage_add(t->coverage, index, &trial);
    for (size_t f = 0; t->functions && f < script_count(t); f++)
        t->functions[f] |= trial.functions[f];
    if (t->line->junit)
        junit_add(&t->junit, &trial, failures);
    if (t->line->json) {
        write_trial(t, &trial);
    } else if (t->line->tap) {
        tap_append(t->tried, &trial, failures, &t->out);
    } else {
        append_lines(t, &trial, failures);
        append_why(t, index, &trial);
    }
    trial_done(&trial);
    diags_free(failures);
}

static void tally_begin(tally *t)
{
    text_init(&t->out);
    junit_begin(&t->junit);
    if (t->line->coverage)
        t->coverage = coverage_new(t->session->engine);
    if (t->coverage && (t->line->argument_count > 0 || line_selects(t->line)))
        t->functions = memory_alloc_zero_array(script_count(t) + 1, sizeof *t->functions);
    engine_watch_scripts(t->session->engine, t->coverage != NULL);
    if (t->line->json)
        begin_document(t);
}

/* Where scenarios were chosen by name, the others may well expect what these do not. */
static size_t leave_out_untried(tally *t)
{
    return t->coverage && t->line->argument_count > 0 ? coverage_keep_tried(t->coverage)
                                                      : 0;
}

static void tally_end(tally *t)
{
    size_t left_out = leave_out_untried(t);
    if (t->line->json) {
        end_document(t);
        return;
    }
    if (t->line->tap)
        tap_append_plan(t->tried, &t->out);
    else
        append_summary(t);
    if (t->coverage && !t->line->tap) {
        coverage_append(t->coverage, left_out, &t->out);
        script_coverage_append(engine_scripts(t->session->engine), t->functions, &t->out);
    }
}

/* The file of --junit. */
static int write_junit(tally *t)
{
    carpel_error err;
    text document;
    text_init(&document);
    junit_end(&t->junit, &document);
    bool ok = !t->line->junit ||
              file_write_whole(t->line->junit, document.data, document.size, &err);
    text_done(&document);
    if (ok)
        return EXIT_GOOD;
    say_error("%s", err.message);
    return EXIT_CANNOT_CREATE;
}

static int print_trials(const session *s, const command_line *line)
{
    tally t = {.session = s, .line = line};
    tally_begin(&t);
    for (size_t i = 0; i < engine_scenario_count(s->engine); i++)
        if (is_wanted(line, engine_scenario_name(s->engine, i)) &&
            engine_scenario_is_selected(s->engine, i))
            try_one(&t, i);
    tally_end(&t);
    int code = write_junit(&t);
    if (code == EXIT_GOOD)
        code = say_result(&t.out);
    if (code == EXIT_GOOD && t.failed > 0)
        code = EXIT_FAULT;
    coverage_free(t.coverage);
    memory_free(t.functions);
    text_done(&t.out);
    return code;
}

int command_test(const command_line *line)
{
    session s;
    int code = session_open_rules(&s, line);
    if (code == EXIT_FAULT)
        code = EXIT_UNTRIED;
    if (code == EXIT_GOOD && !check_names(s.engine, line))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = session_select(&s, line);
    if (code == EXIT_GOOD)
        code = print_trials(&s, line);
    session_close(&s);
    return code;
}
