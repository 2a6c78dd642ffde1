/* SPDX-License-Identifier: MIT
 *
 * `carpel run`: judge everyone, write the outputs, and show the result as tables or as
 * one JSON document.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/failures.h"
#include "app/profiles.h"
#include "app/say.h"
#include "app/scores.h"
#include "app/session.h"
#include "app/stop.h"
#include "app/withholdings.h"
#include "base/bitmap.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t width_of(const char *value)
{
    return utf8_width(value, strlen(value));
}

static double share_of(size_t size, size_t people)
{
    return people == 0 ? 0 : (double)size / (double)people;
}

static double seconds_since(double begin)
{
    return round((clock_monotonic_seconds() - begin) * 1000) / 1000;
}

/* ---- the table of segments ------------------------------------------------------ */

enum { BAR_WIDTH = 16, NARROWEST_TITLE = 12 };

/* How wide a title may be so that there is room for the bars. */
static size_t title_limit(const run_result *r, size_t width)
{
    size_t name_width = 7;
    for (size_t i = 0; i < r->segment_count; i++)
        name_width = larger(name_width, width_of(r->segments[i].name));
    for (size_t i = 0; i < r->group_member_count; i++)
        name_width = larger(name_width, width_of(r->group_members[i].name) + 2);
    size_t others =
        name_width + strlen("  ") + strlen("  1,000,000  100.0%  ") + BAR_WIDTH;
    return larger(width > others ? width - others : 0, NARROWEST_TITLE);
}

/* The title, cut when it takes more than `limit` columns. */
static void add_title(table *t, const char *title, size_t limit)
{
    if (title == NULL || width_of(title) <= limit) {
        table_cell(t, title != NULL ? title : "");
        return;
    }
    const char *ellipsis = terminal_has_utf8() ? "\xE2\x80\xA6" : "...";
    size_t size = strlen(title), end = 0, length;
    while (end < size) {
        utf8_decode(title + end, size - end, &length);
        if (utf8_width(title, end + length) + utf8_width(ellipsis, strlen(ellipsis)) >
            limit)
            break;
        end += length;
    }
    while (end > 0 && title[end - 1] == ' ')
        end--;
    table_cell_format(t, "%.*s%s", (int)end, title, ellipsis);
}

static void add_share(table *t, size_t size, size_t people)
{
    double share = share_of(size, people);
    if (size > 0 && share < 0.0005)
        table_cell(t, "<0.1%");
    else if (size < people && share >= 0.9995)
        table_cell(t, ">99.9%");
    else
        table_cell_format(t, "%.1f%%", share * 100);
    table_bar(t, share);
}

/* The size, with a word when it does not count people. */
static void add_size(table *t, const run_result *r, const run_segment *segment)
{
    char buffer[28];
    const run_population *p = segment->population;
    const char *size = format_count(segment->size, buffer);
    if (p == &r->people)
        table_cell(t, size);
    else
        table_cell_format(t, "%s %s", size, segment->size == 1 ? p->one : p->many);
}

static void add_segment(table *t, const run_result *r, const run_segment *segment,
                        const char *indent, size_t limit)
{
    table_cell_format(t, "%s%s", indent, segment->name);
    add_title(t, segment->title, limit);
    add_size(t, r, segment);
    add_share(t, segment->size, segment->population->count);
}

static void add_groups(table *t, const run_result *r, const run_groups *groups,
                       size_t limit)
{
    table_cell(t, groups->name);
    add_title(t, groups->title, limit);
    table_cell(t, "");
    table_cell(t, "");
    table_bar(t, 0);
    for (size_t i = 0; i < groups->count; i++)
        add_segment(t, r, &r->group_members[groups->first + i], "  ", limit);
}

static void append_table(const table *t, text *out)
{
    table_append(t, out, terminal_width(stdout), terminal_has_utf8());
}

/* The same for a table without bars: in a pipe nothing is cut. */
static void append_plain_table(const table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
}

static void append_segments(const run_result *r, text *out)
{
    if (r->segment_count + r->group_count == 0)
        return;
    size_t limit = title_limit(r, terminal_width(stdout));
    table *t = table_new();
    table_column(t, "segment", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "", TABLE_BAR);
    for (size_t i = 0; i < r->segment_count; i++)
        add_segment(t, r, &r->segments[i], "", limit);
    for (size_t i = 0; i < r->group_count; i++) {
        if (i > 0 || r->segment_count > 0)
            table_rule(t);
        add_groups(t, r, &r->groups[i], limit);
    }
    append_table(t, out);
    table_free(t);
}

/* ---- the table of scores --------------------------------------------------------- */

static void append_scores(const run_result *r, text *out)
{
    table *t = scores_table(r);
    if (t == NULL)
        return;
    text_append_char(out, '\n');
    append_plain_table(t, out);
    table_free(t);
}

/* ---- what stands below ------------------------------------------------------------ */

static void append_totals(const session *s, double seconds, text *out)
{
    const store *data = engine_store(s->engine);
    format_append_counted(s->result->people.count, "person", "people", out);
    text_append(out, ", ");
    format_append_counted(data->event_count, "event read", "events read", out);
    text_append(out, ", ");
    format_append_counted(engine_refused_count(s->engine), "row refused", "rows refused",
                          out);
    if (engine_skipped_count(s->engine) > 0) {
        text_append(out, ", ");
        format_append_counted(engine_skipped_count(s->engine),
                              "row skipped as the project says",
                              "rows skipped as the project says", out);
    }
    text_append_format(out, ", %.2f seconds\njudged as of ", seconds);
    value_append_time(s->as_of, engine_zone(s->engine), out);
    text_append_char(out, '\n');
}

static void append_text(const session *s, double seconds, text *out)
{
    append_segments(s->result, out);
    append_scores(s->result, out);
    text_append_char(out, '\n');
    append_totals(s, seconds, out);
    failures_append_refused(s->engine, out);
    if (s->result->profile != NULL)
        profiles_append(s, out);
}

/* ---- JSON --------------------------------------------------------------------------- */

static void write_segment(json_writer *w, const run_segment *segment)
{
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, segment->name);
    json_key(w, "title");
    json_string(w, segment->title);
    json_key(w, "size");
    json_int(w, (int64_t)segment->size);
    json_key(w, "share");
    json_number(w, share_of(segment->size, segment->population->count));
    json_object_end(w);
}

static void write_segments(json_writer *w, const char *key, const run_segment *segments,
                           size_t count)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        write_segment(w, &segments[i]);
    json_array_end(w);
}

static void write_groups(json_writer *w, const run_result *r, const run_groups *groups)
{
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, groups->name);
    json_key(w, "title");
    json_string(w, groups->title);
    write_segments(w, "members", r->group_members + groups->first, groups->count);
    json_object_end(w);
}

static void write_totals(json_writer *w, const session *s, double seconds)
{
    text as_of;
    text_init(&as_of);
    value_append_time(s->as_of, engine_zone(s->engine), &as_of);
    json_key(w, "as_of");
    json_string(w, as_of.data);
    text_done(&as_of);
    json_key(w, "people");
    json_int(w, (int64_t)s->result->people.count);
    json_key(w, "events");
    json_int(w, (int64_t)engine_store(s->engine)->event_count);
    json_key(w, "refused");
    json_int(w, (int64_t)engine_refused_count(s->engine));
    json_key(w, "skipped");
    json_int(w, (int64_t)engine_skipped_count(s->engine));
    json_key(w, "seconds");
    json_number(w, seconds);
}

static void append_json(const session *s, double seconds, text *out)
{
    const run_result *r = s->result;
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    write_totals(&w, s, seconds);
    write_segments(&w, "segments", r->segments, r->segment_count);
    json_key(&w, "groups");
    json_array_begin(&w);
    for (size_t i = 0; i < r->group_count; i++)
        write_groups(&w, r, &r->groups[i]);
    json_array_end(&w);
    scores_write(&w, r);
    size_t withheld_count;
    const withheld *all_withheld = engine_withheld(s->engine, &withheld_count);
    withholdings_write(&w, all_withheld, withheld_count);
    failures_write_json(s, &w);
    if (s->result->profile != NULL)
        profiles_write(s, &w);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ---------------------------------------------------------------------- */

static int print_result(const session *s, const command_line *line)
{
    double seconds = seconds_since(s->begin_seconds);
    text out;
    text_init(&out);
    if (line->json)
        append_json(s, seconds, &out);
    else if (!line->quiet)
        append_text(s, seconds, &out);
    int code = EXIT_GOOD;
    if (engine_writes_standard_output(s->engine))
        fputs(out.data, stderr);
    else
        code = say_result(&out);
    if (line->json || line->quiet) /* else the table told it */
        failures_say_refused(s->engine);
    failures_say_missing(s->result);
    text_done(&out);
    return code;
}

/* Some rules only: what is written and remembered is always of all of them. */
static int run_selected(const command_line *line)
{
    session s;
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_select(&s, line);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD)
        code = print_result(&s, line);
    if (code == EXIT_GOOD && !line->quiet)
        say_note("of a selection no outputs are written, and the run is not remembered");
    session_close(&s);
    return code;
}

int command_run(const command_line *line)
{
    session s;
    stop_begin();
    if (line_selects(line))
        return run_selected(line);
    stop_promise("outputs are as they were");
    int code = session_open(&s, line);
    if (code == EXIT_GOOD)
        code = session_recover(&s, line);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD)
        code = session_write(&s, line);
    if (code == EXIT_GOOD)
        code = print_result(&s, line);
    session_close(&s);
    return code;
}
