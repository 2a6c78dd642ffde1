/* SPDX-License-Identifier: MIT
 *
 * `carpel test [NAME ...]`: the scenarios, one a line, and what does not come out as
 * expected below its line.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
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
    json_object_begin(w);
    write_place(w, x->where);
    write_text(w, "at", at.data);
    write_text(w, "of", x->person);
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
    json_key(&t->json, "tried");
    json_int(&t->json, (int64_t)t->tried);
    json_key(&t->json, "failed");
    json_int(&t->json, (int64_t)t->failed);
    json_object_end(&t->json);
    json_end(&t->json);
}

/* ---- trials --------------------------------------------------------------------- */

static void try_one(tally *t, size_t index)
{
    trial trial;
    diags *failures = diags_new();
    engine_try_scenario(t->session->engine, index, failures, &trial);
    t->tried++;
    t->failed += trial.failed_count > 0;
    t->expectations += trial.expectation_count;
    t->disappointed += trial.failed_count;
    if (t->line->json)
        write_trial(t, &trial);
    else
        append_lines(t, &trial, failures);
    trial_done(&trial);
    diags_free(failures);
}

static int print_trials(const session *s, const command_line *line)
{
    tally t = {.session = s, .line = line};
    text_init(&t.out);
    if (line->json)
        begin_document(&t);
    for (size_t i = 0; i < engine_scenario_count(s->engine); i++)
        if (is_wanted(line, engine_scenario_name(s->engine, i)) &&
            engine_scenario_is_selected(s->engine, i))
            try_one(&t, i);
    if (line->json)
        end_document(&t);
    else
        append_summary(&t);
    int code = say_result(&t.out);
    if (code == EXIT_GOOD && t.failed > 0)
        code = EXIT_FAULT;
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
