/* SPDX-License-Identifier: MIT
 *
 * `carpel plan`: what `carpel run` would send to each output, and what is another thing than in
 * the run before.
 */
#include <inttypes.h>
#include <stdio.h>

#include "app/changed_rules.h"
#include "app/commands.h"
#include "app/failures.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "engine/preview.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* ---- what is said of it ------------------------------------------------------------ */

static void append_time(const session *s, int64_t instant, text *out)
{
    value_append_time(instant, engine_zone(s->engine), out);
}

/* Entered, left and moved, of all segments and sets together. */
typedef struct totals {
    size_t entered, left, moved;
} totals;

static totals count_changes(const run_changes *c)
{
    totals t = {0};
    for (size_t i = 0; c && i < c->count; i++) {
        const rule_changes *r = &c->items[i];
        if (r->is_group) /* the set tells it */
            continue;
        t.entered += r->entered;
        t.left += r->left;
        t.moved += r->moved;
    }
    return t;
}

static bool is_another(const preview *p)
{
    totals t = count_changes(p->changes);
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

static void append_outputs(const preview *p, text *out)
{
    table *t = table_new();
    table_column(t, "output", TABLE_LEFT);
    table_column(t, "plugin", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < p->output_count; i++) {
        const output_preview *o = &p->outputs[i];
        table_cell(t, o->name);
        table_cell(t, o->plugin);
        add_count(t, o->rows);
        if (o->since)
            table_cell_format(t, "changes since run %" PRIu64, o->since->number);
        else
            table_cell(t, o->is_changes ? "changes: it has taken no run yet" : "");
    }
    if (p->output_count > 0)
        append_plain(t, out);
    else
        table_free(t);
}

/* Rules with changes; a rule that is another one is there even when nobody moved. */
static void append_changes(const preview *p, text *out)
{
    table *t = table_new();
    size_t shown = 0;
    changed_rules_columns(t);
    for (size_t i = 0; p->changes && i < p->changes->count; i++) {
        const rule_changes *r = &p->changes->items[i];
        const char *remark = changed_rule_remark(r);
        bool is_quiet = r->entered + r->left + r->moved == 0 && !remark;
        if (r->is_group || is_quiet)
            continue;
        shown++;
        table_cell_format(t, "%.*s", (int)r->name.size, r->name.data);
        add_count(t, r->entered);
        add_count(t, r->left);
        add_count(t, r->moved);
        add_count(t, r->size);
        table_cell(t, remark ? remark : "");
    }
    if (shown > 0) {
        text_append(out, p->output_count > 0 ? "\n" : "");
        append_plain(t, out);
    } else {
        table_free(t);
    }
}

static void append_foot(const session *s, const preview *p, text *out)
{
    text_append(out, p->output_count > 0 || is_another(p) ? "\n" : "");
    text_append(out, "as of ");
    append_time(s, s->as_of, out);
    if (p->before) {
        text_append_format(out, ", beside run %" PRIu64 " as of ", p->before->number);
        append_time(s, p->before->as_of, out);
        text_append(out, is_another(p) ? "" : ": everybody is where they were");
    } else {
        text_append(out, p->changes ? "; it would be the first run that is remembered"
                                    : "; runs are not remembered");
    }
    text_append(out, "\nnothing was written\n");
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void write_run(const session *s, json_writer *w, const char *key,
                      const remembered_run *run)
{
    text at;
    json_key(w, key);
    if (!run) {
        json_null(w);
        return;
    }
    text_init(&at);
    append_time(s, run->as_of, &at);
    json_object_begin(w);
    json_key(w, "run");
    json_int(w, (int64_t)run->number);
    json_key(w, "as_of");
    json_string(w, at.data);
    json_object_end(w);
    text_done(&at);
}

static void write_rules(json_writer *w, const run_changes *c)
{
    json_key(w, "segments");
    json_array_begin(w);
    for (size_t i = 0; c && i < c->count; i++) {
        if (c->items[i].is_group) /* the set tells it */
            continue;
        json_object_begin(w);
        changed_rule_write(w, &c->items[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void append_json(const session *s, const preview *p, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    write_run(s, &w, "since", p->before);
    json_key(&w, "outputs");
    json_array_begin(&w);
    for (size_t i = 0; i < p->output_count; i++) {
        const output_preview *o = &p->outputs[i];
        json_object_begin(&w);
        json_key(&w, "name");
        json_string(&w, o->name);
        json_key(&w, "plugin");
        json_string(&w, o->plugin);
        json_key(&w, "rows");
        json_int(&w, (int64_t)o->rows);
        json_key(&w, "changes");
        json_bool(&w, o->is_changes);
        write_run(s, &w, "since", o->since);
        json_object_end(&w);
    }
    json_array_end(&w);
    write_rules(&w, p->changes);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ------------------------------------------------------------------------- */

static int print(const session *s, const command_line *line, const preview *p)
{
    text out;
    text_init(&out);
    if (line->json) {
        append_json(s, p, &out);
    } else {
        append_outputs(p, &out);
        append_changes(p, &out);
        append_foot(s, p, &out);
    }
    int code = say_result(&out);
    text_done(&out);
    return code == EXIT_GOOD && is_another(p) ? EXIT_DIFFERS : code;
}

int command_plan(const command_line *line)
{
    session s;
    carpel_error err;
    engine_listener nobody = {0};
    stop_begin();
    int code = session_open(&s, line);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD) {
        preview *p = engine_preview(s.engine, s.result, &nobody, &err);
        code = p ? print(&s, line, p) : say_failure(&err);
        preview_free(p);
        failures_say_missing(s.result);
    }
    session_close(&s);
    return code;
}
