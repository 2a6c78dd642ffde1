/* SPDX-License-Identifier: MIT
 *
 * Refused rows and missing values, told three ways.
 */
#include "app/failures.h"

#include <stdio.h>

#include "app/say.h"
#include "report/table.h"
#include "report/terminal.h"

enum {
    REASONS_IN_FOOT = 5, /* of all sources together */
    REASONS_SAID = 3,    /* of each source */
    REASONS_IN_JSON = 100
};

/* ---- as text ------------------------------------------------------------------------ */

static void append_place(table *t, const quarantine_reason *reason)
{
    table_cell_format(t, "first: %s:%llu", reason->first_file,
                      (unsigned long long)reason->first_line);
}

/* The most frequent reasons, a row each. */
static void append_reasons(const quarantine *q, size_t source, size_t limit, text *out)
{
    quarantine_reason reasons[REASONS_IN_FOOT];
    size_t count = quarantine_reasons(q, source, reasons, limit);
    table *t = table_new();
    table_column(t, "", TABLE_RIGHT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < count; i++) {
        char buffer[28];
        table_cell_format(t, "  %s", format_count(reasons[i].count, buffer));
        table_cell(t, reasons[i].reason);
        append_place(t, &reasons[i]);
    }
    bool is_terminal = terminal_is_interactive(stdout); /* in a pipe nothing is cut */
    table_append(t, out, is_terminal ? terminal_width(stdout) : SIZE_MAX,
                 terminal_has_utf8());
    table_free(t);
}

/* "refused rows are listed in PATH (the first 10 of 25)" */
static void append_list(const quarantine *q, text *out)
{
    char listed[28], all[28];
    uint64_t count = quarantine_count(q), unlisted = quarantine_unlisted(q);
    if (quarantine_path(q) == NULL) {
        text_append(out, "refused rows are not listed");
        return;
    }
    text_append(out, "refused rows are listed in ");
    terminal_append_safe(out, slice_of(quarantine_path(q)));
    if (unlisted > 0)
        text_append_format(out, " (the first %s of %s)",
                           format_count(count - unlisted, listed),
                           format_count(count, all));
}

void failures_append_refused(const engine *e, text *out)
{
    const quarantine *q = engine_quarantine(e);
    if (q == NULL || quarantine_count(q) == 0)
        return;
    text_append_char(out, '\n');
    append_list(q, out);
    text_append(out, "; most often:\n");
    append_reasons(q, QUARANTINE_ALL, REASONS_IN_FOOT, out);
}

static void append_source(const quarantine *q, size_t source, const engine_intake *i,
                          text *out)
{
    char refused[28], all[28];
    text_append_format(out, "warning: %s of %s row%s of the source \"",
                       format_count(i->refused, refused),
                       format_count(i->refused + i->taken + i->skipped, all),
                       i->refused + i->taken + i->skipped == 1 ? "" : "s");
    terminal_append_safe(out, slice_of(i->source));
    text_append_format(out, "\" %s refused, most often:\n",
                       i->refused == 1 ? "is" : "are");
    append_reasons(q, source, REASONS_SAID, out);
}

void failures_say_refused(const engine *e)
{
    const quarantine *q = engine_quarantine(e);
    text out;
    text_init(&out);
    for (size_t i = 0; i < engine_intake_count(e); i++)
        if (engine_intake_of(e, i)->refused > 0)
            append_source(q, i, engine_intake_of(e, i), &out);
    if (out.size > 0) {
        append_list(q, &out);
        text_append_char(&out, '\n');
    }
    fputs(out.data, stderr);
    text_done(&out);
}

void failures_say_missing(const run_result *r)
{
    for (size_t i = 0; i < r->trouble_count; i++) {
        char buffer[28];
        uint64_t count = r->troubles[i].count;
        say_warning("%s %s missing: %s", format_count(count, buffer),
                    count == 1 ? "value is" : "values are", r->troubles[i].what);
    }
}

/* ---- as JSON ------------------------------------------------------------------------ */

static void write_count(json_writer *w, const char *key, uint64_t count)
{
    json_key(w, key);
    json_int(w, (int64_t)count);
}

static void write_reason(json_writer *w, const quarantine_reason *reason)
{
    json_object_begin(w);
    json_key(w, "reason");
    json_string(w, reason->reason);
    write_count(w, "count", reason->count);
    write_count(w, "unlisted", reason->unlisted);
    json_key(w, "file");
    json_string(w, reason->first_file);
    write_count(w, "line", reason->first_line);
    json_object_end(w);
}

static void write_source(json_writer *w, const engine *e, size_t source)
{
    const engine_intake *i = engine_intake_of(e, source);
    quarantine_reason reasons[REASONS_IN_JSON];
    size_t count =
        quarantine_reasons(engine_quarantine(e), source, reasons, REASONS_IN_JSON);
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, i->source);
    write_count(w, "taken", i->taken);
    write_count(w, "skipped", i->skipped);
    write_count(w, "refused", i->refused);
    json_key(w, "reasons");
    json_array_begin(w);
    for (size_t k = 0; k < count; k++)
        write_reason(w, &reasons[k]);
    json_array_end(w);
    json_object_end(w);
}

static void write_list(json_writer *w, const quarantine *q)
{
    json_key(w, "refused_list");
    if (quarantine_count(q) == 0 || quarantine_path(q) == NULL) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    json_key(w, "path");
    json_string(w, quarantine_path(q));
    write_count(w, "rows", quarantine_count(q) - quarantine_unlisted(q));
    write_count(w, "unlisted", quarantine_unlisted(q));
    json_object_end(w);
}

static const char *kind_of_trouble(run_trouble_kind kind)
{
    switch (kind) {
    case TROUBLE_NUMBER: return "number";
    case TROUBLE_PATTERN: return "pattern";
    case TROUBLE_SCRIPT: return "script";
    case TROUBLE_NOT_CALLED: return "script_not_called";
    case TROUBLE_SERIES: return "series";
    case TROUBLE_ROWS: return "rows";
    }
    return "other";
}

static void write_failure(json_writer *w, const run_trouble *trouble)
{
    const struct {
        const char *key, *value;
    } texts[] = {{"kind", kind_of_trouble(trouble->kind)},
                 {"what", trouble->what},
                 {"rule", trouble->rule},
                 {"subject", trouble->subject},
                 {"message", trouble->message},
                 {"person", trouble->person},
                 {"value", trouble->value}};
    json_object_begin(w);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_key(w, texts[i].key);
        json_string(w, texts[i].value);
    }
    write_count(w, "count", trouble->count);
    write_count(w, "people", trouble->people);
    json_object_end(w);
}

void failures_write_json(const session *s, json_writer *w)
{
    json_key(w, "sources");
    json_array_begin(w);
    for (size_t i = 0; i < engine_intake_count(s->engine); i++)
        write_source(w, s->engine, i);
    json_array_end(w);
    write_list(w, engine_quarantine(s->engine));
    json_key(w, "failures");
    json_array_begin(w);
    for (size_t i = 0; i < s->result->trouble_count; i++)
        write_failure(w, &s->result->troubles[i]);
    json_array_end(w);
    json_key(w, "notes");
    json_array_begin(w);
    for (size_t i = 0; i < s->note_count; i++)
        json_string(w, s->notes[i]);
    json_array_end(w);
}
