/* SPDX-License-Identifier: MIT
 *
 * `carpel plan [SELECTION ...]`: what `carpel run` would send to each output, and what is another thing than in
 * the run before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/changed_rules.h"
#include "app/commands.h"
#include "app/failures.h"
#include "app/remembered_runs.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "app/withholdings.h"
#include "base/memory.h"
#include "engine/preview.h"
#include "engine/selection.h"
#include "engine/uses.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* What is told, and of which rules: a selection narrows what is shown, and everybody is judged all
 * the same. */
typedef struct plan_view {
    const session *session;
    const preview *preview;
    const bool *chosen; /* by number of a declaration; NULL: all */
} plan_view;

/* ---- what is shown ----------------------------------------------------------------- */

/* Is the declaration of "lifecycle", or of its group "lifecycle.active", among the chosen? One that
 * is gone is not. */
static bool is_chosen(const plan_view *v, slice path)
{
    const engine *e = v->session->engine;
    size_t size = 0;
    while (size < path.size && path.data[size] != '.')
        size++;
    for (size_t i = 0; i < engine_decl_count(e) && v->chosen; i++)
        if (v->chosen[i] &&
            slice_is((slice){path.data, size}, engine_decl(e, i)->name.text))
            return true;
    return !v->chosen;
}

/* A set tells what its groups would. */
static bool shows_rule(const plan_view *v, const rule_changes *r)
{
    return !r->is_group && is_chosen(v, r->name);
}

/* Does the output write one of the chosen rules? */
static bool shows_output(const plan_view *v, const char *name)
{
    const engine *e = v->session->engine;
    bool is_shown = !v->chosen;
    arena *memory = arena_new();
    for (size_t i = 0; i < engine_decl_count(e) && !is_shown; i++) {
        if (!v->chosen[i])
            continue;
        name_list outputs =
            uses_by_outputs(e, engine_decl(e, i), engine_decl(e, i)->name.text, memory);
        for (size_t k = 0; k < outputs.count; k++)
            is_shown |= strcmp(outputs.items[k], name) == 0;
    }
    arena_free(memory);
    return is_shown;
}

/* ---- what is said of it ------------------------------------------------------------ */

static void append_time(const session *s, int64_t instant, text *out)
{
    value_append_time(instant, engine_zone(s->engine), out);
}

/* Entered, left and moved, of all segments and sets together. */
typedef struct totals {
    size_t entered, left, moved;
} totals;

static totals count_changes(const plan_view *v)
{
    totals t = {0};
    const run_changes *c = v->preview->changes;
    for (size_t i = 0; c && i < c->count; i++) {
        const rule_changes *r = &c->items[i];
        if (!shows_rule(v, r))
            continue;
        t.entered += r->entered;
        t.left += r->left;
        t.moved += r->moved;
    }
    return t;
}

static bool is_another(const plan_view *v)
{
    totals t = count_changes(v);
    return t.entered + t.left + t.moved > 0;
}

/* ---- tables -------------------------------------------------------------------------- */

static void add_count(table *t, uint64_t count)
{
    char buffer[28];
    table_cell(t, format_count(count, buffer));
}

static void append_plain(table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void append_outputs(const plan_view *v, text *out)
{
    const preview *p = v->preview;
    size_t shown = 0;
    table *t = table_new();
    table_column(t, "output", TABLE_LEFT);
    table_column(t, "plugin", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < p->output_count; i++) {
        const output_preview *o = &p->outputs[i];
        if (!shows_output(v, o->name))
            continue;
        shown++;
        table_cell(t, o->name);
        table_cell(t, o->plugin);
        add_count(t, o->rows);
        if (o->since)
            table_cell_format(t, "changes since run %" PRIu64, o->since->number);
        else
            table_cell(t, !o->is_changes ? ""
                          : p->has_later ? "changes: it has taken no run up to then"
                                         : "changes: it has taken no run yet");
    }
    if (shown > 0)
        append_plain(t, out);
    else
        table_free(t);
    if (p->output_count == 0)
        text_append(out, "the project has no outputs\n");
}

/* Rules with changes; a rule that is another one is there even when nobody moved. */
static void append_changes(const plan_view *v, text *out)
{
    const preview *p = v->preview;
    table *t = table_new();
    size_t shown = 0;
    changed_rules_columns(t);
    for (size_t i = 0; p->changes && i < p->changes->count; i++) {
        const rule_changes *r = &p->changes->items[i];
        bool is_quiet = r->entered + r->left + r->moved == 0 && !changed_rule_remark(r);
        if (!shows_rule(v, r) || is_quiet)
            continue;
        shown++;
        changed_rule_row(t, r);
    }
    if (shown > 0) {
        text_append(out, out->size > 0 ? "\n" : "");
        append_plain(t, out);
    } else {
        table_free(t);
    }
}

static void append_foot(const plan_view *v, text *out)
{
    const session *s = v->session;
    const preview *p = v->preview;
    text_append(out, out->size > 0 ? "\n" : "");
    text_append(out, "as of ");
    append_time(s, s->as_of, out);
    if (p->before) {
        text_append_format(out, ", compared with run %" PRIu64 " as of ",
                           p->before->number);
        append_time(s, p->before->as_of, out);
        text_append(out, is_another(v) ? "" : ": nobody enters, leaves or moves");
    } else {
        text_append(out, p->has_later ? "; up to this instant no run is remembered, "
                                        "so all enter"
                         : p->changes
                             ? "; it would be the first run that is remembered, "
                               "so all enter"
                             : "; runs are not remembered, so who enters and leaves "
                               "is not known");
    }
    text_append(out, "\nnothing was written\n");
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void write_rules(const plan_view *v, json_writer *w)
{
    const run_changes *c = v->preview->changes;
    json_key(w, "segments");
    json_array_begin(w);
    for (size_t i = 0; c && i < c->count; i++) {
        if (!shows_rule(v, &c->items[i]))
            continue;
        json_object_begin(w);
        changed_rule_write(w, &c->items[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_output(const plan_view *v, json_writer *w, const output_preview *o)
{
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, o->name);
    json_key(w, "plugin");
    json_string(w, o->plugin);
    json_key(w, "rows");
    json_int(w, (int64_t)o->rows);
    json_key(w, "changes");
    json_bool(w, o->is_changes);
    runs_write_run(w, "since", o->since, engine_zone(v->session->engine));
    json_key(w, "refused");
    json_string(w, o->refusal);
    json_object_end(w);
}

static void write_withheld(const plan_view *v, json_writer *w)
{
    size_t count, shown = 0;
    const withheld *all = engine_withheld(v->session->engine, &count);
    withheld *of_shown = memory_alloc_array(count + 1, sizeof *of_shown);
    for (size_t i = 0; i < count; i++)
        if (shows_output(v, all[i].output))
            of_shown[shown++] = all[i];
    withholdings_write(w, of_shown, shown);
    memory_free(of_shown);
}

static void append_json(const plan_view *v, text *out)
{
    const preview *p = v->preview;
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    runs_write_run(&w, "since", p->before, engine_zone(v->session->engine));
    json_key(&w, "outputs");
    json_array_begin(&w);
    for (size_t i = 0; i < p->output_count; i++)
        if (shows_output(v, p->outputs[i].name))
            write_output(v, &w, &p->outputs[i]);
    json_array_end(&w);
    write_withheld(v, &w);
    write_rules(v, &w);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ------------------------------------------------------------------------- */

/* What a run would note of the output. */
static void say_lines(const char *lines)
{
    for (const char *at = lines; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        say_note("%.*s", (int)size, at);
        at += size + (at[size] == '\n');
    }
}

static void say_losses(const plan_view *v, const command_line *line)
{
    for (size_t i = 0; i < v->preview->output_count; i++) {
        const output_preview *o = &v->preview->outputs[i];
        if (!shows_output(v, o->name))
            continue;
        if (!line->quiet)
            say_lines(o->losses);
        if (o->refusal)
            say_warning("a run would stop: %s", o->refusal);
    }
}

static int print(const plan_view *v, const command_line *line)
{
    text out;
    text_init(&out);
    say_losses(v, line);
    if (line->json) {
        append_json(v, &out);
    } else {
        append_outputs(v, &out);
        append_changes(v, &out);
        append_foot(v, &out);
    }
    int code = say_result(&out);
    text_done(&out);
    return code == EXIT_GOOD && is_another(v) ? EXIT_DIFFERS : code;
}

static int tell(const session *s, const command_line *line, const bool *chosen)
{
    carpel_error err;
    engine_listener nobody = {0};
    preview *p = engine_preview(s->engine, s->result, &nobody, &err);
    int code = p ? print(&(plan_view){s, p, chosen}, line) : say_failure(&err);
    preview_free(p);
    return code;
}

int command_plan(const command_line *line)
{
    session s;
    const bool *chosen = NULL;
    stop_begin();
    int code = session_open(&s, line);
    if (code == EXIT_GOOD)
        code = session_choose(&s, line, &chosen);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD) {
        code = tell(&s, line, chosen);
        failures_say_missing(s.result);
    }
    session_close(&s);
    return code;
}
