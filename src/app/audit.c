/* SPDX-License-Identifier: MIT
 *
 * `carpel audit [SELECTION ...]`: sizes and values, overlaps, how few segments hold most, and what
 * is odd.
 */
#include "engine/audit.h"

#include <stdio.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "app/sized_rules.h"
#include "app/stop.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* ---- tables ------------------------------------------------------------------------ */

static void append_plain(table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void add_count(table *t, size_t count)
{
    char buffer[28];
    table_cell(t, format_count(count, buffer));
}

static void add_share(table *t, double share)
{
    table_cell_format(t, "%.1f%%", share * 100);
}

static void add_amount(table *t, double amount)
{
    char buffer[28];
    if (amount < 0)
        table_cell_format(t, "-%s", format_count((uint64_t)(-amount + 0.5), buffer));
    else
        table_cell(t, format_count((uint64_t)(amount + 0.5), buffer));
}

static void append_sizes(const audit *a, text *out)
{
    table *t = table_new();
    table_column(t, "segment", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "share", TABLE_RIGHT);
    if (a->has_value) {
        table_column(t, "value", TABLE_RIGHT);
        table_column(t, "share", TABLE_RIGHT);
    }
    table_column(t, "in and out a week", TABLE_RIGHT);
    for (size_t i = 0; i < a->count; i++) {
        const audited *s = &a->items[i];
        table_cell(t, s->path);
        add_count(t, s->segment->size);
        add_share(t, s->share);
        if (a->has_value) {
            add_amount(t, s->value);
            add_share(t, s->value_share);
        }
        add_share(t, s->turnover);
    }
    append_plain(t, out);
}

static void append_overlaps(const audit *a, text *out)
{
    if (a->overlap_count == 0)
        return;
    table *t = table_new();
    table_column(t, "overlap of", TABLE_LEFT);
    table_column(t, "and", TABLE_LEFT);
    table_column(t, "in both", TABLE_RIGHT);
    table_column(t, "of either", TABLE_RIGHT);
    table_column(t, "of the first", TABLE_RIGHT);
    for (size_t i = 0; i < a->overlap_count; i++) {
        const overlap *o = &a->overlaps[i];
        table_cell(t, o->one->path);
        table_cell(t, o->other->path);
        add_count(t, o->both);
        add_share(t, o->jaccard);
        add_share(t, o->contained);
    }
    text_append_char(out, '\n');
    append_plain(t, out);
}

/* "3 segments hold 82.1% of the people: a, b, c". */
static void append_cover(const cover *c, const char *of, text *out)
{
    if (c->count == 0)
        return;
    text_append_format(out, "%zu segment%s hold%s %.1f%% of %s: ", c->count,
                       c->count == 1 ? "" : "s", c->count == 1 ? "s" : "",
                       c->reached[c->count - 1] * 100, of);
    for (size_t i = 0; i < c->count; i++)
        text_append_format(out, "%s%s", i > 0 ? ", " : "", c->items[i]->path);
    text_append_char(out, '\n');
}

/* ---- findings ------------------------------------------------------------------------ */

/* Of these the whole set of groups is meant, and there are no numbers. */
static bool is_of_whole(finding_kind kind)
{
    return kind == FINDING_UNUSED || kind == FINDING_NO_OWNER;
}

static void append_finding(const finding *f, text *out)
{
    text_append_format(out, "  %s", f->about->path);
    if (f->other)
        text_append_format(out, " and %s", f->other->path);
    text_append_format(out, ": %s\n", f->numbers);
}

/* What stands below the heading of a kind: a line each, or all names. */
static void append_findings(const audit *a, finding_kind kind, text *out)
{
    text names;
    text_init(&names);
    for (size_t i = 0; i < a->finding_count; i++) {
        const finding *f = &a->findings[i];
        if (f->kind == kind && is_of_whole(kind))
            text_append_format(&names, "%s%s", names.size > 0 ? ", " : "",
                               f->about->decl->name.text);
        else if (f->kind == kind)
            append_finding(f, out);
    }
    if (names.size > 0)
        say_wrap(names.data, 2, out);
    text_done(&names);
}

/* Those of a kind stand together, below what it means and what to do. */
static void append_kind(const audit *a, finding_kind kind, text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < a->finding_count; i++)
        count += a->findings[i].kind == kind;
    if (count == 0)
        return;
    text_append_format(out, "\n%s: %zu (not %s)\n", finding_words[kind], count,
                       finding_tests[kind]);
    append_findings(a, kind, out);
    say_wrap(finding_advice[kind], 2, out);
}

static void append_text(const session *s, const audit *a, text *out)
{
    append_sizes(a, out);
    append_overlaps(a, out);
    text_append_char(out, '\n');
    append_cover(&a->of_people, "the people", out);
    append_cover(&a->of_value, "the value", out);
    for (size_t k = 0; k < FINDING_KINDS; k++)
        append_kind(a, (finding_kind)k, out);
    text_append_char(out, '\n');
    format_append_counted(a->finding_count, "finding", "findings", out);
    text_append(out, " about ");
    format_append_counted(a->count, "segment", "segments", out);
    text_append(out, " of ");
    format_append_counted(a->people, "person", "people", out);
    text_append(out, ", as of ");
    value_append_time(s->as_of, engine_zone(s->engine), out);
    text_append_char(out, '\n');
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

static void write_number(json_writer *w, const char *key, double value)
{
    json_key(w, key);
    json_number(w, value);
}

static void write_count(json_writer *w, const char *key, size_t value)
{
    json_key(w, key);
    json_int(w, (int64_t)value);
}

static void write_segments(json_writer *w, const audit *a)
{
    json_key(w, "segments");
    json_array_begin(w);
    for (size_t i = 0; i < a->count; i++) {
        const audited *s = &a->items[i];
        json_object_begin(w);
        write_text(w, "name", s->path);
        write_count(w, "size", s->segment->size);
        write_number(w, "share", s->share);
        if (a->has_value) {
            write_number(w, "value", s->value);
            write_number(w, "value_share", s->value_share);
        }
        write_number(w, "turnover", s->turnover);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_overlaps(json_writer *w, const audit *a)
{
    json_key(w, "overlaps");
    json_array_begin(w);
    for (size_t i = 0; i < a->overlap_count; i++) {
        const overlap *o = &a->overlaps[i];
        json_object_begin(w);
        write_text(w, "one", o->one->path);
        write_text(w, "other", o->other->path);
        write_count(w, "both", o->both);
        write_number(w, "jaccard", o->jaccard);
        write_number(w, "contained", o->contained);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_cover(json_writer *w, const char *key, const cover *c)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < c->count; i++) {
        json_object_begin(w);
        write_text(w, "name", c->items[i]->path);
        write_number(w, "reached", c->reached[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_findings(json_writer *w, const audit *a)
{
    json_key(w, "findings");
    json_array_begin(w);
    for (size_t i = 0; i < a->finding_count; i++) {
        const finding *f = &a->findings[i];
        json_object_begin(w);
        write_text(w, "finding", finding_words[f->kind]);
        write_text(w, "test", finding_tests[f->kind]);
        write_text(w, "name",
                   is_of_whole(f->kind) ? f->about->decl->name.text : f->about->path);
        write_text(w, "other", f->other ? f->other->path : NULL);
        write_text(w, "numbers", f->numbers);
        write_text(w, "advice", finding_advice[f->kind]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void append_json(const session *s, const audit *a, text *out)
{
    json_writer w;
    text as_of;
    text_init(&as_of);
    value_append_time(s->as_of, engine_zone(s->engine), &as_of);
    json_begin(&w, out);
    json_object_begin(&w);
    write_text(&w, "as_of", as_of.data);
    write_count(&w, "people", a->people);
    if (a->has_value)
        write_number(&w, "value", a->value);
    write_segments(&w, a);
    write_overlaps(&w, a);
    write_cover(&w, "cover_of_people", &a->of_people);
    if (a->has_value)
        write_cover(&w, "cover_of_value", &a->of_value);
    write_findings(&w, a);
    json_object_end(&w);
    json_end(&w);
    text_done(&as_of);
}

/* ---- the command ------------------------------------------------------------------------- */

static int print(const session *s, const command_line *line, const audit *a)
{
    text out;
    text_init(&out);
    if (line->json)
        append_json(s, a, &out);
    else
        append_text(s, a, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_audit(const command_line *line)
{
    session s;
    carpel_error err;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_select_arguments(&s, line);
    if (code == EXIT_GOOD)
        code = sized_rules_check(s.engine, "an audit looks at", true);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD) {
        audit *a = session_audit(&s, line, &err);
        code = a ? print(&s, line, a) : say_failure(&err);
        audit_free(a);
    }
    session_close(&s);
    return code;
}
