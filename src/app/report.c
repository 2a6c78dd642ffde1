/* SPDX-License-Identifier: MIT
 *
 * `carpel report [SELECTION ...]`: one page that stands alone, for whoever asks what the segments
 * are and how they go.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/reports.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/file.h"
#include "base/memory.h"
#include "engine/selection.h"
#include "report/html.h"
#include "report/table.h"
#include "value/value.h"

enum { WEEKS = 26 };

/* ---- words and numbers ----------------------------------------------------------------- */

void report_put(const report_page *p, const char *markup)
{
    text_append(p->out, markup);
}

void report_put_text(const report_page *p, const char *words)
{
    html_append_string(p->out, words);
}

static void put_count(const report_page *p, size_t count)
{
    char buffer[28];
    text_append(p->out, format_count(count, buffer));
}

void report_put_counted(const report_page *p, uint64_t count, const char *one,
                        const char *many)
{
    format_append_counted(count, one, many, p->out);
}

/* Below a heading: what its figures mean. */
void report_put_explanation(const report_page *p, const char *words)
{
    report_put(p, "<p class=\"soft\">");
    report_put_text(p, words);
    report_put(p, "</p>\n");
}

void report_put_count_cell(const report_page *p, size_t count)
{
    report_put(p, "<td class=\"n\">");
    put_count(p, count);
    report_put(p, "</td>");
}

void report_put_share_cell(const report_page *p, double share)
{
    text_append_format(p->out, "<td class=\"n\">%.1f%%</td>", share * 100);
}

static void append_day(const report_page *p, int64_t instant, text *out)
{
    value_append_date(zone_date(engine_zone(p->session->engine), instant), out);
}

/* The day alone, where it begins. */
static void append_instant(const report_page *p, int64_t instant, text *out)
{
    const zone *z = engine_zone(p->session->engine);
    if (zone_day_start(z, zone_date(z, instant)) == instant)
        append_day(p, instant, out);
    else
        value_append_time(instant, z, out);
}

void report_put_head(const report_page *p, const char *const *headings,
                     const char *numeric)
{
    report_put(p, "<div class=\"wide\"><table>\n<thead><tr>");
    for (size_t i = 0; headings[i]; i++) {
        text_append_format(p->out, "<th%s>", numeric[i] == 'n' ? " class=\"n\"" : "");
        report_put_text(p, headings[i]);
        report_put(p, "</th>");
    }
    report_put(p, "</tr></thead>\n");
}

/* ---- segments ---------------------------------------------------------------------------- */

static void put_trend(const report_page *p, const history_segment *s)
{
    size_t count = p->history->count;
    double *sizes = memory_alloc_array(count, sizeof *sizes);
    for (size_t i = 0; i < count; i++)
        sizes[i] = (double)s->points[i].size;
    report_put(p, "<td>");
    html_append_trend(p->out, sizes, count);
    report_put(p, "</td>");
    memory_free(sizes);
}

static void put_name(const report_page *p, const audited *s)
{
    report_put(p, "<td><a href=\"#");
    report_put_text(p, s->decl->name.text);
    report_put(p, "\">");
    report_put_text(p, s->path);
    report_put(p, "</a>");
    if (s->title) {
        report_put(p, "<br/><span class=\"soft\">");
        report_put_text(p, s->title);
        report_put(p, "</span>");
    }
    report_put(p, "</td>");
}

static void put_segment(const report_page *p, const audited *s, bool has_value)
{
    const history_segment *h = history_find(p->history, s->path);
    report_put(p, "<tr>");
    put_name(p, s);
    report_put_count_cell(p, s->segment->size);
    report_put_share_cell(p, s->share);
    report_put(p, "<td>");
    html_append_bar(p->out, s->share);
    report_put(p, "</td>");
    if (has_value)
        report_put_share_cell(p, s->value_share);
    put_trend(p, h);
    report_put_count_cell(p, h->points[p->history->count - 1].entered);
    report_put_count_cell(p, h->points[p->history->count - 1].left);
    report_put(p, "</tr>\n");
}

static void put_segments(const report_page *p)
{
    static const char *const plain[] = {"segment",       "people",  "share", "",
                                        "last 26 weeks", "entered", "left",  NULL};
    static const char *const valued[] = {"segment", "people",         "share",
                                         "",        "share of value", "last 26 weeks",
                                         "entered", "left",           NULL};
    bool has_value = p->audit->has_value;
    if (p->audit->count == 0)
        return;
    report_put(p, "<section><h2>Segments</h2>\n");
    report_put_explanation(
        p, "The line goes from the smallest to the largest size of the last "
           "26 weeks; entered and left are those of the last week.");
    report_put_head(p, has_value ? valued : plain, has_value ? "-nn-n-nn" : "-nn--nn");
    for (size_t i = 0; i < p->audit->count; i++)
        put_segment(p, &p->audit->items[i], has_value);
    report_put(p, "</table></div></section>\n");
}

/* An audit looks at people alone, so these are put together here. */
static audited of_accounts(const report_page *p, const run_segment *s)
{
    const engine *e = p->session->engine;
    audited out = {.path = s->path, .title = s->title, .segment = s};
    out.decl = engine_find_decl(e, (slice){s->path, strcspn(s->path, ".")});
    if (s->population->count > 0)
        out.share = (double)s->size / (double)s->population->count;
    return out;
}

static void put_accounts_among(const report_page *p, const run_segment *all, size_t count,
                               bool *is_begun)
{
    static const char *const headings[] = {"segment",       "accounts", "share", "",
                                           "last 26 weeks", "entered",  "left",  NULL};
    for (size_t i = 0; i < count; i++) {
        if (all[i].population == &p->session->result->people)
            continue;
        if (!*is_begun) {
            report_put(p, "<section><h2>Segments of accounts</h2>\n");
            report_put_head(p, headings, "-nn--nn");
        }
        *is_begun = true;
        audited shown = of_accounts(p, &all[i]);
        put_segment(p, &shown, false);
    }
}

static void put_segments_of_accounts(const report_page *p)
{
    const run_result *r = p->session->result;
    bool is_begun = false;
    put_accounts_among(p, r->segments, r->segment_count, &is_begun);
    put_accounts_among(p, r->group_members, r->group_member_count, &is_begun);
    report_put(p, is_begun ? "</table></div></section>\n" : "");
}

/* ---- groups -------------------------------------------------------------------------------- */

static void put_flow(const report_page *p, const history_set *set)
{
    const history *h = p->history;
    const char **names = memory_alloc_array(set->count + 1, sizeof *names);
    text from, to;
    text_init(&from);
    text_init(&to);
    append_day(p, h->instants[0], &from);
    append_day(p, h->instants[h->count - 1], &to);
    for (size_t i = 0; i < set->count; i++)
        names[i] = h->groups[set->first + i].name;
    names[set->count] = "(none)";
    report_put(p, "<h3>");
    report_put_text(p, set->title ? set->title : set->name);
    report_put(p, "</h3>\n");
    html_append_flow(p->out, names, set->moves, set->count + 1, from.data, to.data);
    text_done(&from);
    text_done(&to);
    memory_free(names);
}

static void put_groups(const report_page *p)
{
    if (p->history->set_count == 0)
        return;
    report_put(p, "<section><h2>Groups</h2>\n");
    report_put_explanation(
        p, "Each band leads from the group that people were in 26 weeks ago, on "
           "the left, to the one that they are in now. (none): in no group, or "
           "not known yet.");
    for (size_t i = 0; i < p->history->set_count; i++)
        put_flow(p, &p->history->sets[i]);
    report_put(p, "</section>\n");
}

/* ---- the page ------------------------------------------------------------------------------------ */

static void put_data_notes(const report_page *p)
{
    const session *s = p->session;
    report_put(p, "<section><h2>Data</h2>\n<ul>\n");
    for (size_t i = 0; i < engine_intake_count(s->engine); i++) {
        const engine_intake *intake = engine_intake_of(s->engine, i);
        report_put(p, "<li>");
        report_put_text(p, intake->source);
        report_put(p, ": ");
        report_put_counted(p, intake->taken, "row", "rows");
        if (intake->refused > 0) {
            report_put(p, ", <span class=\"warn\">");
            put_count(p, intake->refused);
            report_put(p, " refused</span>");
        }
        report_put(p, "</li>\n");
    }
    for (size_t i = 0; i < s->note_count; i++) {
        report_put(p, "<li>");
        report_put_text(p, s->notes[i]);
        report_put(p, "</li>\n");
    }
    report_put(p, "</ul></section>\n");
}

static void put_title(const report_page *p, const char *name)
{
    const session *s = p->session;
    text as_of;
    text_init(&as_of);
    append_instant(p, s->as_of, &as_of);
    report_put(p, "<h1>");
    report_put_text(p, name);
    report_put(p, "</h1>\n<p class=\"soft\">As of ");
    report_put_text(p, as_of.data);
    report_put(p, ": ");
    report_put_counted(p, p->audit->people, "person", "people");
    report_put(p, " and ");
    report_put_counted(p, store_events_until(engine_store(s->engine), s->as_of), "event",
                       "events");
    report_put(p, "</p>\n");
    text_done(&as_of);
}

static void put_page(const report_page *p)
{
    const char *name = engine_name(p->session->engine);
    html_begin(p->out, name ? name : "Segments");
    put_title(p, name ? name : "Segments");
    put_segments(p);
    put_segments_of_accounts(p);
    put_groups(p);
    report_put_overlaps(p);
    report_put_scores(p);
    report_put_findings(p);
    put_data_notes(p);
    report_put_rules(p);
    html_end(p->out);
}

/* ---- the command ----------------------------------------------------------------------------------- */

static int write_page(const command_line *line, const text *out)
{
    carpel_error err;
    if (!line->html)
        return say_result(out);
    return file_write_whole(line->html, out->data, out->size, &err) ? EXIT_GOOD
                                                                    : say_failure(&err);
}

static int report(session *s, const command_line *line)
{
    carpel_error err;
    arena *memory = arena_new();
    int64_t *instants;
    history_steps steps = {.every = {1, UNIT_WEEK}, .last = s->as_of, .count = WEEKS};
    size_t count = engine_history_instants(s->engine, &steps, memory, &instants);
    report_page p = {.session = s};
    audit *a = session_audit(s, line, &err);
    history *h = a ? session_history(s, line, instants, count, &err) : NULL;
    text out;
    text_init(&out);
    p.audit = a;
    p.history = h;
    p.out = &out;
    if (h)
        put_page(&p);
    int code = h ? write_page(line, &out) : say_failure(&err);
    text_done(&out);
    history_free(h);
    audit_free(a);
    arena_free(memory);
    return code;
}

int command_report(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_select_arguments(&s, line);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD)
        code = report(&s, line);
    session_close(&s);
    return code;
}
