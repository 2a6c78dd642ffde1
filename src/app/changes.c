/* SPDX-License-Identifier: MIT
 *
 * `carpel changes [NAME]`: who entered, left and moved between two remembered runs.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/changed_rules.h"
#include "app/commands.h"
#include "app/remembered_runs.h"
#include "app/say.h"
#include "report/json.h"
#include "report/suggest.h"
#include "runs/run_changes.h"

/* The two runs, and what is different. */
typedef struct comparison {
    const runs_session *session;
    remembered_run *before, *now; /* before NULL: there is none */
    run_changes *changes;
} comparison;

/* ---- which runs ------------------------------------------------------------------------ */

static bool is_number(const char *typed)
{
    return typed[0] != '\0' && typed[strspn(typed, "0123456789")] == '\0';
}

/* The number of the run up to a time; 0: the user was told that there is none. */
static uint64_t find_up_to(const runs_session *s, const char *typed, int *code)
{
    carpel_error err;
    int64_t instant;
    if (!engine_read_time(s->engine, typed, &instant, &err)) {
        say_failure(&err);
        say_hint("--since is the number of a run, too: \"carpel runs\" lists them.");
        *code = EXIT_BAD_USAGE;
        return 0;
    }
    const remembered_run *found = run_folder_up_to(s->folder, instant);
    if (found)
        return found->number;
    say_error("no run up to %s is remembered", typed);
    say_hint("\"carpel runs\" lists those that are.");
    *code = EXIT_FAULT;
    return 0;
}

/* The number of the run to compare with; 0: none, or *code says that it failed. */
static uint64_t find_before(const runs_session *s, const remembered_run *now,
                            const char *since, int *code)
{
    const remembered_run *before = run_folder_before(s->folder, now);
    if (!since)
        return before ? before->number : 0;
    if (!is_number(since))
        return find_up_to(s, since, code);
    uint64_t number = strtoull(since, NULL, 10);
    for (size_t i = 0; i < s->folder->count; i++)
        if (s->folder->items[i].number == number)
            return number;
    say_error("no run with the number %s is remembered", since);
    say_hint("\"carpel runs\" lists those that are.");
    *code = EXIT_FAULT;
    return 0;
}

static remembered_run *read_run(const runs_session *s, uint64_t number, int *code)
{
    carpel_error err;
    remembered_run *r = run_folder_read(s->folder, number, &err);
    if (!r)
        *code = say_failure(&err);
    return r;
}

/* What looks like an answer and is none: the latest run beside itself. */
static void warn_of_itself(const remembered_run *now, const char *since)
{
    say_warning("--since %s is run %" PRIu64
                ", the latest one itself: nothing can have changed since",
                since, now->number);
    say_hint("\"carpel runs\" lists earlier ones.");
}

static int compare(const runs_session *s, const char *since, comparison *out)
{
    int code = EXIT_GOOD;
    const remembered_run *now = run_folder_up_to(s->folder, INT64_MAX);
    if (!now) {
        say_error("no run is remembered yet");
        if (engine_keeps_runs(s->engine))
            say_hint("\"carpel run\" makes one.");
        else
            say_hint(
                "The project says \"keep_runs: none\": leave it out, and \"carpel run\" "
                "makes one.");
        return EXIT_FAULT;
    }
    uint64_t before = find_before(s, now, since, &code);
    if (since && before == now->number)
        warn_of_itself(now, since);
    if (code == EXIT_GOOD)
        out->now = read_run(s, now->number, &code);
    if (code == EXIT_GOOD && before > 0)
        out->before = read_run(s, before, &code);
    if (code == EXIT_GOOD)
        out->changes = run_changes_between(out->before, out->now);
    return code;
}

/* ---- what is said of both -------------------------------------------------------------- */

static void append_run(const comparison *c, const remembered_run *r, text *out)
{
    text_append_format(out, "run %" PRIu64 ", as of ", r->number);
    runs_append_time(c->session, r->as_of, out);
}

/* "run 3, as of ..., since run 2, as of ..." */
static void append_runs(const comparison *c, text *out)
{
    append_run(c, c->now, out);
    text_append(out, c->before ? ", since " : ", which is the first that is remembered");
    if (c->before)
        append_run(c, c->before, out);
}

static void write_run(const comparison *c, json_writer *w, const char *key,
                      const remembered_run *r)
{
    json_key(w, key);
    if (!r) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    json_key(w, "run");
    json_int(w, (int64_t)r->number);
    runs_write_time(c->session, "as_of", r->as_of, w);
    json_object_end(w);
}

/* ---- all segments ---------------------------------------------------------------------- */

static void add_count(table *t, size_t count)
{
    char buffer[28];
    table_cell(t, count > 0 ? format_count(count, buffer) : "");
}

static void add_rule(table *t, const rule_changes *r)
{
    char buffer[28];
    const char *remark = changed_rule_remark(r);
    table_cell_format(t, "%.*s", (int)r->name.size, r->name.data);
    add_count(t, r->entered);
    add_count(t, r->left);
    add_count(t, r->moved);
    table_cell(t, format_count(r->size, buffer));
    table_cell(t, remark ? remark : "");
}

static void append_summary(const comparison *c, text *out)
{
    table *t = table_new();
    changed_rules_columns(t);
    for (size_t i = 0; i < c->changes->count; i++)
        if (!c->changes->items[i].is_group)
            add_rule(t, &c->changes->items[i]);
    runs_append_table(t, out);
    table_free(t);
    text_append_char(out, '\n');
    append_runs(c, out);
    text_append_char(out, '\n');
}

static void write_summary(const comparison *c, json_writer *w)
{
    json_key(w, "segments");
    json_array_begin(w);
    for (size_t i = 0; i < c->changes->count; i++) {
        if (c->changes->items[i].is_group)
            continue;
        json_object_begin(w);
        changed_rule_write(w, &c->changes->items[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

/* ---- one segment ----------------------------------------------------------------------- */

static void append_rows(const rule_changes *r, text *out)
{
    for (size_t i = 0; i < r->row_count; i++) {
        const change_row *row = &r->rows[i];
        text_append_format(out, "%s\t", change_words[row->kind]);
        say_id(row->id, out);
        if (r->is_set)
            text_append_format(out, "\t%.*s\t%.*s", (int)row->from.size, row->from.data,
                               (int)row->to.size, row->to.data);
        text_append(out, row->cause == CAUSE_MERGED ? "\tmerged\n" : "\n");
    }
}

static void write_group(json_writer *w, const char *key, slice group)
{
    json_key(w, key);
    if (group.size > 0)
        json_text(w, group);
    else
        json_null(w);
}

static void write_row(json_writer *w, const rule_changes *r, const change_row *row)
{
    json_object_begin(w);
    json_key(w, r->is_of_accounts ? "account" : "person");
    json_text(w, row->id);
    json_key(w, "change");
    json_string(w, change_words[row->kind]);
    if (r->is_set) {
        write_group(w, "from", row->from);
        write_group(w, "to", row->to);
    }
    if (row->cause == CAUSE_MERGED) {
        json_key(w, "merged");
        json_bool(w, true);
    }
    json_object_end(w);
}

static void write_rows(json_writer *w, const rule_changes *r)
{
    changed_rule_write(w, r);
    json_key(w, "changes");
    json_array_begin(w);
    for (size_t i = 0; i < r->row_count; i++)
        write_row(w, r, &r->rows[i]);
    json_array_end(w);
}

/* ---- the command ----------------------------------------------------------------------- */

static void append_json(const comparison *c, const rule_changes *one, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    write_run(c, &w, "now", c->now);
    write_run(c, &w, "since", c->before);
    if (one)
        write_rows(&w, one);
    else
        write_summary(c, &w);
    json_object_end(&w);
    json_end(&w);
}

static bool is_score(const remembered_run *r, const char *name)
{
    for (size_t i = 0; r && i < r->rule_count; i++)
        if (r->rules[i].kind == REMEMBERED_SCORE && slice_is(r->rules[i].path, name))
            return true;
    return false;
}

static void refuse(const comparison *c, const char *name)
{
    if (is_score(c->now, name) || is_score(c->before, name)) {
        say_error("\"%s\" is a score: scores are remembered, and not compared", name);
        say_hint("A segment \"when %s >= ...\" tells who enters and leaves.", name);
        return;
    }
    suggestion s = suggest_begin(name);
    arena *names = arena_new();
    for (size_t i = 0; i < c->changes->count; i++) {
        slice known = c->changes->items[i].name;
        suggest_consider(&s, arena_copy_text(names, known.data, known.size));
    }
    say_error("neither run has a segment, group or set of groups \"%s\"", name);
    if (suggest_best(&s))
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel changes\" lists the segments of both.");
    arena_free(names);
}

/* What the lines themselves do not say. */
static void say_runs(const comparison *c, const rule_changes *one)
{
    text line;
    text_init(&line);
    append_runs(c, &line);
    say_note("%s", line.data);
    if (changed_rule_remark(one))
        say_note("%s since, so what people did is not all that moved them",
                 changed_rule_remark(one));
    text_done(&line);
}

static int print(const comparison *c, const command_line *line)
{
    const char *name = line->argument_count > 0 ? line->arguments[0] : NULL;
    const rule_changes *one = name ? run_changes_find(c->changes, name) : NULL;
    if (name && !one) {
        refuse(c, name);
        return EXIT_BAD_USAGE;
    }
    text out;
    text_init(&out);
    if (line->json)
        append_json(c, one, &out);
    else if (one)
        append_rows(one, &out);
    else
        append_summary(c, &out);
    int code = say_result(&out);
    if (one && !line->json && !line->quiet)
        say_runs(c, one);
    text_done(&out);
    return code;
}

int command_changes(const command_line *line)
{
    runs_session s;
    int code = runs_open(&s, line);
    comparison c = {.session = &s};
    if (code == EXIT_GOOD)
        code = compare(&s, line->since, &c);
    if (code == EXIT_GOOD)
        code = print(&c, line);
    run_changes_free(c.changes);
    remembered_run_free(c.before);
    remembered_run_free(c.now);
    runs_close(&s);
    return code;
}
