/* SPDX-License-Identifier: MIT
 *
 * The same changes as text, as CSV and as JSON.
 */
#include "app/changed_people.h"

#include <inttypes.h>
#include <stdio.h>

#include "app/changed_rules.h"
#include "app/commands.h"
#include "app/remembered_runs.h"
#include "app/say.h"
#include "report/csv_text.h"
#include "report/json.h"
#include "report/suggest.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* ---- which two ------------------------------------------------------------------------ */

static bool are_judged(const changed_people *p)
{
    return p->now->number == 0;
}

/* "run 3, as of ..."; of an instant without a run the instant alone. */
static void append_run(const changed_people *p, const remembered_run *r, text *out)
{
    if (r->number > 0)
        text_append_format(out, "run %" PRIu64 ", as of ", r->number);
    value_append_time(r->as_of, p->zone, out);
}

/* "run 3, as of ..., since run 2, as of ...", or "judged as of ..., since ...". */
static void append_runs(const changed_people *p, text *out)
{
    text_append(out, are_judged(p) ? "judged as of " : "");
    append_run(p, p->now, out);
    text_append(out, p->before ? ", since " : ", which is the first that is remembered");
    if (p->before)
        append_run(p, p->before, out);
}

/* ---- all segments ---------------------------------------------------------------------- */

static void append_summary(const changed_people *p, text *out)
{
    table *t = table_new();
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    changed_rules_columns(t);
    for (size_t i = 0; i < p->changes->count; i++)
        if (!p->changes->items[i].is_group)
            changed_rule_row(t, &p->changes->items[i]);
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
    text_append_char(out, '\n');
    append_runs(p, out);
    text_append_char(out, '\n');
}

static void append_csv_summary(const changed_people *p, text *out)
{
    text_append(out, "segment,entered,left,moved,size,reason\n");
    for (size_t i = 0; i < p->changes->count; i++) {
        const rule_changes *r = &p->changes->items[i];
        if (r->is_group)
            continue;
        csv_append_text(out, r->name);
        text_append_format(out, ",%zu,%zu,%zu,%zu,%s\n", r->entered, r->left, r->moved,
                           r->size, change_cause_words[r->cause]);
    }
}

static void write_summary(const changed_people *p, json_writer *w)
{
    json_key(w, "segments");
    json_array_begin(w);
    for (size_t i = 0; i < p->changes->count; i++) {
        if (p->changes->items[i].is_group)
            continue;
        json_object_begin(w);
        changed_rule_write(w, &p->changes->items[i]);
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

/* The columns are called as those of an output of changes. */
static void append_csv_rows(const rule_changes *r, text *out)
{
    text_append_format(out, "segment,%s,change,from,to,reason\n",
                       r->is_of_accounts ? "account" : "person");
    for (size_t i = 0; i < r->row_count; i++) {
        const change_row *row = &r->rows[i];
        csv_append_text(out, r->name);
        text_append_char(out, ',');
        csv_append_text(out, row->id);
        text_append_format(out, ",%s,", change_words[row->kind]);
        csv_append_text(out, row->from);
        text_append_char(out, ',');
        csv_append_text(out, row->to);
        text_append_format(out, ",%s\n", change_cause_words[row->cause]);
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

/* ---- what is asked for ------------------------------------------------------------------ */

static void append_json(const changed_people *p, const rule_changes *one, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    runs_write_run(&w, "now", p->now, p->zone);
    runs_write_run(&w, "since", p->before, p->zone);
    if (one)
        write_rows(&w, one);
    else
        write_summary(p, &w);
    json_object_end(&w);
    json_end(&w);
}

static void append_all(const changed_people *p, const command_line *line,
                       const rule_changes *one, text *out)
{
    if (line->json)
        append_json(p, one, out);
    else if (line->csv && one)
        append_csv_rows(one, out);
    else if (line->csv)
        append_csv_summary(p, out);
    else if (one)
        append_rows(one, out);
    else
        append_summary(p, out);
}

static bool is_score(const remembered_run *r, const char *name)
{
    for (size_t i = 0; r && i < r->rule_count; i++)
        if (r->rules[i].kind == REMEMBERED_SCORE && slice_is(r->rules[i].path, name))
            return true;
    return false;
}

static void refuse(const changed_people *p, const char *name)
{
    if (is_score(p->now, name) || is_score(p->before, name)) {
        say_error("\"%s\" is a score, and the values of scores are not compared", name);
        say_hint("A segment \"when %s >= ...\" tells who enters and leaves.", name);
        return;
    }
    suggestion s = suggest_begin(name);
    arena *names = arena_new();
    for (size_t i = 0; i < p->changes->count; i++) {
        slice known = p->changes->items[i].name;
        suggest_consider(&s, arena_copy_text(names, known.data, known.size));
    }
    say_error("neither run has a segment, group or set of groups \"%s\"", name);
    if (suggest_best(&s))
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel changes\" lists the segments of both.");
    arena_free(names);
}

static void append_part(size_t count, const char *what, bool *is_first, text *out)
{
    char buffer[28];
    text_append_format(out, "%s%s %s", *is_first ? "" : ", ", format_count(count, buffer),
                       what);
    *is_first = false;
}

/* "3 entered, 2 left, 5 moved; 40 in it then" */
static void append_counts(const rule_changes *r, text *out)
{
    char buffer[28];
    bool is_first = true;
    append_part(r->entered, change_words[CHANGE_ENTERED], &is_first, out);
    append_part(r->left, change_words[CHANGE_LEFT], &is_first, out);
    if (r->is_set)
        append_part(r->moved, change_words[CHANGE_MOVED], &is_first, out);
    text_append_format(out, "; %s in it then", format_count(r->size, buffer));
}

/* What the lines themselves do not say. */
static void say_runs(const changed_people *p, const rule_changes *one)
{
    text line;
    text_init(&line);
    append_runs(p, &line);
    text_append(&line, ": ");
    append_counts(one, &line);
    say_note("%s", line.data);
    if (changed_rule_remark(one))
        say_note("%s since, so what people did is not all that moved them",
                 changed_rule_remark(one));
    text_done(&line);
}

int changed_people_print(const changed_people *p, const command_line *line)
{
    const char *name = line->argument_count > 0 ? line->arguments[0] : NULL;
    const rule_changes *one = name ? run_changes_find(p->changes, name) : NULL;
    if (name && !one) {
        refuse(p, name);
        return EXIT_BAD_USAGE;
    }
    text out;
    text_init(&out);
    append_all(p, line, one, &out);
    int code = say_result(&out);
    if (one && !line->json && !line->quiet)
        say_runs(p, one);
    text_done(&out);
    return code;
}
