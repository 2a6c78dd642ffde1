/* SPDX-License-Identifier: MIT
 *
 * `carpel history [SELECTION ...]`: sizes, who entered and who left at a row of instants, as
 * tables, CSV, JSON, and as a chart.
 */
#include "engine/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/chart.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* What is printed, of what. */
typedef struct page {
    const session *session;
    const command_line *line;
    const history *h;
    history_steps steps;
    text *out;
} page;

/* ---- which instants --------------------------------------------------------------- */

enum { STANDARD_STEPS = 12 };

/* "1 week", "week", "2 weeks". */
static bool read_every(const char *written, calendar_span *out)
{
    char *end;
    out->count = strtoll(written, &end, 10);
    if (end == written)
        out->count = 1;
    while (*end == ' ')
        end++;
    return out->count > 0 && out->count <= 10000 &&
           calendar_unit_parse(end, strlen(end), &out->unit) && out->unit >= UNIT_HOUR;
}

static bool is_digits(const char *s)
{
    return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* `--every 1 week` without quotes leaves the unit among the arguments: it is taken from there. The
 * arguments are the line's own by then. */
static void take_unit(command_line *line, text *every)
{
    calendar_unit unit;
    for (size_t i = 0; i < line->argument_count; i++) {
        const char *word = line->arguments[i];
        if (!calendar_unit_parse(word, strlen(word), &unit))
            continue;
        text_append_format(every, " %s", word);
        line->argument_count--;
        memmove(&line->arguments[i], &line->arguments[i + 1],
                (line->argument_count - i) * sizeof *line->arguments);
        return;
    }
}

static bool take_every(command_line *line, calendar_span *out)
{
    *out = (calendar_span){1, UNIT_WEEK};
    if (!line->every)
        return true;
    text joined;
    text_init(&joined);
    text_append(&joined, line->every);
    if (is_digits(line->every))
        take_unit(line, &joined);
    bool is_read = read_every(joined.data, out);
    if (!is_read) {
        say_error("cannot read \"%s\" as the time between two instants", joined.data);
        say_hint("Write it with its unit: --every \"1 week\"; hour, day, week, month, "
                 "quarter and year are units.");
    }
    text_done(&joined);
    return is_read;
}

static bool read_instant(const session *s, const char *written, int64_t *out)
{
    carpel_error err;
    if (engine_read_time(s->engine, written, out, &err))
        return true;
    say_error("%s", err.message);
    return false;
}

/* False: the user was told. */
static bool choose_steps(const session *s, const command_line *line, history_steps *steps)
{
    calendar_unit ground = steps->every.unit < UNIT_DAY ? UNIT_HOUR : UNIT_DAY;
    steps->count = STANDARD_STEPS;
    steps->last =
        calendar_unit_start(engine_zone(s->engine), clock_now(), ground, 0, MONDAY);
    if (line->to && !read_instant(s, line->to, &steps->last))
        return false;
    steps->has_first = line->from != NULL;
    if (line->from && !read_instant(s, line->from, &steps->first))
        return false;
    if (!steps->has_first || steps->first <= steps->last)
        return true;
    say_error("--from is later than --to");
    return false;
}

/* ---- numbers ------------------------------------------------------------------------ */

static double share_of(const history_point *p)
{
    return p->known == 0 ? 0 : (double)p->size / (double)p->known;
}

static double *sizes_of(const history *h, const history_segment *s)
{
    double *sizes = memory_alloc_array(h->count, sizeof *sizes);
    for (size_t i = 0; i < h->count; i++)
        sizes[i] = (double)s->points[i].size;
    return sizes;
}

static void append_date(const page *p, size_t at, text *out)
{
    const zone *z = engine_zone(p->session->engine);
    int64_t date = zone_date(z, p->h->instants[at]);
    if (zone_day_start(z, date) == p->h->instants[at])
        value_append_date(date, out);
    else
        value_append_time(p->h->instants[at], z, out);
}

/* "1 week", "2 weeks". */
static void append_every(const page *p, text *out)
{
    calendar_span every = p->steps.every;
    if (every.count == 1)
        text_append(out, calendar_unit_name(every.unit));
    else
        text_append_format(out, "%lld %ss", (long long)every.count,
                           calendar_unit_name(every.unit));
}

/* ---- the table of several ------------------------------------------------------------ */

enum { WIDEST_LINE = 60 };

static void add_count(table *t, size_t count)
{
    char buffer[28];
    table_cell(t, format_count(count, buffer));
}

static void add_change(table *t, size_t first, size_t last)
{
    char buffer[28];
    if (first == last)
        table_cell(t, "0");
    else
        table_cell_format(
            t, "%s%s", last > first ? "+" : "-",
            format_count(last > first ? last - first : first - last, buffer));
}

/* Of a long history every so many points, the last among them. */
static void add_line(table *t, const page *p, const history_segment *s)
{
    const history *h = p->h;
    size_t each = (h->count + WIDEST_LINE - 1) / WIDEST_LINE, count = 0;
    double *sizes = memory_alloc_array(h->count, sizeof *sizes);
    text line;
    text_init(&line);
    for (size_t i = 0; i < h->count; i++)
        if ((h->count - 1 - i) % each == 0)
            sizes[count++] = (double)s->points[i].size;
    chart_append_sparkline(sizes, count, terminal_has_utf8(), &line);
    table_cell(t, line.data);
    text_done(&line);
    memory_free(sizes);
}

static void add_segment(table *t, const page *p, const history_segment *s,
                        const char *name)
{
    const history_point *first = &s->points[0], *last = &s->points[p->h->count - 1];
    size_t entered = 0, left = 0;
    for (size_t i = 0; i < p->h->count; i++) {
        entered += s->points[i].entered;
        left += s->points[i].left;
    }
    table_cell(t, name);
    add_count(t, first->size);
    add_line(t, p, s);
    add_count(t, last->size);
    add_change(t, first->size, last->size);
    add_count(t, entered);
    add_count(t, left);
    table_cell_format(t, "%.1f%%", share_of(last) * 100);
}

static void append_plain(const table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
}

static void add_set(table *t, const page *p, const history_set *set)
{
    table_cell(t, set->name);
    for (size_t i = 0; i < 7; i++)
        table_cell(t, "");
    for (size_t i = 0; i < set->count; i++) {
        const history_segment *group = &p->h->groups[set->first + i];
        char *name = arena_format(p->h->memory, "  %s", group->name);
        add_segment(t, p, group, name);
    }
}

static void append_overview(const page *p, text *out)
{
    const history *h = p->h;
    table *t = table_new();
    text first, last;
    text_init(&first);
    text_init(&last);
    append_date(p, 0, &first);
    append_date(p, h->count - 1, &last);
    table_column(t, "segment", TABLE_LEFT);
    table_column(t, first.data, TABLE_RIGHT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, last.data, TABLE_RIGHT);
    table_column(t, "change", TABLE_RIGHT);
    table_column(t, "entered", TABLE_RIGHT);
    table_column(t, "left", TABLE_RIGHT);
    table_column(t, "share", TABLE_RIGHT);
    for (size_t i = 0; i < h->segment_count; i++)
        add_segment(t, p, &h->segments[i], h->segments[i].name);
    for (size_t i = 0; i < h->set_count; i++) {
        if (i > 0 || h->segment_count > 0)
            table_rule(t);
        add_set(t, p, &h->sets[i]);
    }
    append_plain(t, out);
    table_free(t);
    text_done(&first);
    text_done(&last);
}

/* ---- moves between groups -------------------------------------------------------------- */

static const char *group_name(const history *h, const history_set *set, size_t i)
{
    return i < set->count ? h->groups[set->first + i].name : "(none)";
}

/* Does anybody come from, or go to, none of the groups? */
static bool shows_none(const history_set *set)
{
    size_t side = set->count + 1;
    for (size_t i = 0; i < set->count; i++)
        if (set->moves[i * side + set->count] + set->moves[set->count * side + i] > 0)
            return true;
    return false;
}

static void append_moves(const page *p, const history_set *set, text *out)
{
    size_t side = set->count + 1, shown = set->count + shows_none(set);
    table *t = table_new();
    table_column(t, set->name, TABLE_LEFT);
    for (size_t k = 0; k < shown; k++)
        table_column(t, group_name(p->h, set, k), TABLE_RIGHT);
    for (size_t i = 0; i < shown; i++) {
        table_cell(t, group_name(p->h, set, i));
        for (size_t k = 0; k < shown; k++) {
            if (i == set->count && k == set->count)
                table_cell(t, "");
            else
                add_count(t, set->moves[i * side + k]);
        }
    }
    text_append(out, "\nfrom (a row) at the first instant to (a column) at the last\n");
    append_plain(t, out);
    table_free(t);
}

/* ---- the table of one ------------------------------------------------------------------- */

static void append_one(const page *p, const history_segment *s, text *out)
{
    table *t = table_new();
    text at;
    text_init(&at);
    table_column(t, s->path, TABLE_LEFT);
    table_column(t, "size", TABLE_RIGHT);
    table_column(t, "entered", TABLE_RIGHT);
    table_column(t, "left", TABLE_RIGHT);
    table_column(t, s->many, TABLE_RIGHT);
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "", TABLE_BAR);
    size_t highest = 1;
    for (size_t i = 0; i < p->h->count; i++)
        highest = s->points[i].size > highest ? s->points[i].size : highest;
    for (size_t i = 0; i < p->h->count; i++) {
        const history_point *point = &s->points[i];
        text_clear(&at);
        append_date(p, i, &at);
        table_cell(t, at.data);
        add_count(t, point->size);
        for (size_t k = 0; k < 2; k++) {
            if (i == 0)
                table_cell(t, "");
            else
                add_count(t, k == 0 ? point->entered : point->left);
        }
        add_count(t, point->known);
        table_cell_format(t, "%.1f%%", share_of(point) * 100);
        table_bar(t, (double)point->size / (double)highest);
    }
    table_append(t, out, terminal_width(stdout), terminal_has_utf8());
    text_done(&at);
    table_free(t);
}

static void append_foot(const page *p, text *out)
{
    const history *h = p->h;
    char buffer[28];
    text_append_format(out, "\n%zu instant%s", h->count, h->count == 1 ? "" : "s");
    text_append(out, ", each ");
    append_every(p, out);
    text_append(out, ", from ");
    append_date(p, 0, out);
    text_append(out, " to ");
    append_date(p, h->count - 1, out);
    text_append_format(out, "; %s people then\n",
                       format_count(h->people[h->count - 1], buffer));
}

static void append_text(const page *p, text *out)
{
    const history *h = p->h;
    if (h->segment_count == 1 && h->set_count == 0)
        append_one(p, &h->segments[0], out);
    else if (h->segment_count + h->set_count > 0)
        append_overview(p, out);
    for (size_t i = 0; i < h->set_count; i++)
        append_moves(p, &h->sets[i], out);
    append_foot(p, out);
}

/* ---- CSV ---------------------------------------------------------------------------------- */

static void append_csv_segment(const page *p, const history_segment *s, size_t at,
                               text *out)
{
    const history_point *point = &s->points[at];
    append_date(p, at, out);
    text_append_format(out, ",%s,%zu,%zu,", s->path, point->size, point->known);
    text_append_number(out, share_of(point));
    if (at == 0)
        text_append(out, ",,\n");
    else
        text_append_format(out, ",%zu,%zu\n", point->entered, point->left);
}

static void append_csv(const page *p, text *out)
{
    text_append(out, "at,segment,size,known,share,entered,left\n");
    for (size_t i = 0; i < p->h->count; i++) {
        for (size_t k = 0; k < p->h->segment_count; k++)
            append_csv_segment(p, &p->h->segments[k], i, out);
        for (size_t k = 0; k < p->h->group_count; k++)
            append_csv_segment(p, &p->h->groups[k], i, out);
    }
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

static void write_point(const page *p, json_writer *w, const history_point *point,
                        size_t at)
{
    text time;
    text_init(&time);
    value_append_time(p->h->instants[at], engine_zone(p->session->engine), &time);
    json_object_begin(w);
    write_text(w, "at", time.data);
    json_key(w, "size");
    json_int(w, (int64_t)point->size);
    json_key(w, "known");
    json_int(w, (int64_t)point->known);
    json_key(w, "share");
    json_number(w, share_of(point));
    json_key(w, "entered");
    if (at == 0)
        json_null(w);
    else
        json_int(w, (int64_t)point->entered);
    json_key(w, "left");
    if (at == 0)
        json_null(w);
    else
        json_int(w, (int64_t)point->left);
    json_object_end(w);
    text_done(&time);
}

static void write_segments(const page *p, json_writer *w, const char *key,
                           const history_segment *all, size_t count)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(w);
        write_text(w, "name", all[i].name);
        write_text(w, "title", all[i].title);
        write_text(w, "of", all[i].many);
        json_key(w, "points");
        json_array_begin(w);
        for (size_t k = 0; k < p->h->count; k++)
            write_point(p, w, &all[i].points[k], k);
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

/* Those who moved, and whoever stayed. `from` and `to` are null for none of the groups. */
static void write_moves(const history *h, json_writer *w, const history_set *set,
                        const size_t *moves)
{
    size_t side = set->count + 1;
    json_array_begin(w);
    for (size_t i = 0; i < side * side; i++) {
        if (moves[i] == 0 || i == side * side - 1)
            continue;
        json_object_begin(w);
        write_text(w, "from",
                   i / side < set->count ? group_name(h, set, i / side) : NULL);
        write_text(w, "to", i % side < set->count ? group_name(h, set, i % side) : NULL);
        json_key(w, "count");
        json_int(w, (int64_t)moves[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_set(const page *p, json_writer *w, const history_set *set)
{
    json_object_begin(w);
    write_text(w, "name", set->name);
    write_text(w, "title", set->title);
    write_segments(p, w, "members", p->h->groups + set->first, set->count);
    json_key(w, "moves");
    write_moves(p->h, w, set, set->moves);
    json_key(w, "steps");
    json_array_begin(w);
    for (size_t i = 1; i < p->h->count; i++)
        write_moves(p->h, w, set, set->steps[i]);
    json_array_end(w);
    json_object_end(w);
}

static void append_json(const page *p, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_object_begin(&w);
    write_segments(p, &w, "segments", p->h->segments, p->h->segment_count);
    json_key(&w, "groups");
    json_array_begin(&w);
    for (size_t i = 0; i < p->h->set_count; i++)
        write_set(p, &w, &p->h->sets[i]);
    json_array_end(&w);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the chart ---------------------------------------------------------------------------- */

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static chart_point *points_of(const page *p, arena *memory)
{
    chart_point *points = arena_alloc_array(memory, p->h->count, sizeof *points);
    for (size_t i = 0; i < p->h->count; i++) {
        int64_t year,
            date = zone_date(engine_zone(p->session->engine), p->h->instants[i]);
        unsigned month, day;
        date_to_civil(date, &year, &month, &day);
        points[i] =
            (chart_point){arena_format(memory, "%u %s", day, months[(month - 1) % 12]),
                          arena_format(memory, "%lld", (long long)year)};
    }
    return points;
}

static size_t last_size(const history *h, const history_segment *s)
{
    return s->points[h->count - 1].size;
}

/* The largest first, for the chart names those. */
static const history_segment **largest_first(const history *h, arena *memory)
{
    size_t count = h->segment_count + h->group_count;
    const history_segment **all = arena_alloc_array(memory, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++) {
        const history_segment *s =
            i < h->segment_count ? &h->segments[i] : &h->groups[i - h->segment_count];
        size_t at = i;
        for (; at > 0 && last_size(h, all[at - 1]) < last_size(h, s); at--)
            all[at] = all[at - 1];
        all[at] = s;
    }
    return all;
}

static void append_heading(const page *p, text *title, text *below)
{
    const history *h = p->h;
    const char *own = NULL;
    if (h->segment_count == 1 && h->set_count == 0)
        own = h->segments[0].title ? h->segments[0].title : h->segments[0].name;
    else if (h->segment_count == 0 && h->set_count == 1)
        own = h->sets[0].title ? h->sets[0].title : h->sets[0].name;
    text_append(title, own ? own : "Sizes of segments");
    text_append(below, "members, each ");
    append_every(p, below);
    text_append(below, " from ");
    append_date(p, 0, below);
    text_append(below, " to ");
    append_date(p, h->count - 1, below);
}

static int write_chart(const page *p)
{
    const history *h = p->h;
    arena *memory = arena_new();
    text title, below, svg;
    text_init(&title);
    text_init(&below);
    text_init(&svg);
    append_heading(p, &title, &below);
    chart *c = chart_new(title.data, below.data, points_of(p, memory), h->count);
    const history_segment **order = largest_first(h, memory);
    for (size_t i = 0; i < h->segment_count + h->group_count; i++) {
        double *sizes = sizes_of(h, order[i]);
        chart_series(c,
                     h->segment_count == 0 && h->set_count == 1 ? order[i]->name
                                                                : order[i]->path,
                     sizes);
        memory_free(sizes);
    }
    chart_append_svg(c, &svg);
    carpel_error err;
    int code = file_write_whole(p->line->svg, svg.data, svg.size, &err)
                   ? EXIT_GOOD
                   : say_failure(&err);
    chart_free(c);
    text_done(&title);
    text_done(&below);
    text_done(&svg);
    arena_free(memory);
    return code;
}

/* ---- the command -------------------------------------------------------------------------- */

static int print(page *p)
{
    text out;
    text_init(&out);
    if (p->line->json)
        append_json(p, &out);
    else if (p->line->csv)
        append_csv(p, &out);
    else
        append_text(p, &out);
    int code = say_result(&out);
    if (code == EXIT_GOOD && p->line->svg)
        code = write_chart(p);
    text_done(&out);
    return code;
}

static int judge(session *s, page *p)
{
    carpel_error err;
    arena *memory = arena_new();
    int64_t *instants;
    int code = EXIT_GOOD;
    size_t count = engine_history_instants(s->engine, &p->steps, memory, &instants);
    history *h = NULL;
    if (count == 0) {
        say_error("these are more than %d instants", MOST_INSTANTS);
        code = EXIT_BAD_USAGE;
    } else {
        h = session_history(s, p->line, instants, count, &err);
        code = h ? EXIT_GOOD : say_failure(&err);
    }
    p->h = h;
    if (h)
        code = print(p);
    history_free(h);
    arena_free(memory);
    return code;
}

static int check_forms(const command_line *line)
{
    if (!line->json || !line->csv)
        return EXIT_GOOD;
    say_error("the options \"--json\" and \"--csv\" exclude each other");
    return EXIT_BAD_USAGE;
}

int command_history(const command_line *given)
{
    command_line line = *given;
    session s;
    page p = {.session = &s, .line = &line};
    stop_begin();
    int code = check_forms(&line);
    if (code == EXIT_GOOD && !take_every(&line, &p.steps.every))
        code = EXIT_BAD_USAGE;
    if (code != EXIT_GOOD)
        return code;
    code = session_open_sources(&s, &line);
    if (code == EXIT_GOOD)
        code = session_select_arguments(&s, &line);
    if (code == EXIT_GOOD && !choose_steps(&s, &line, &p.steps))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = session_read(&s, &line);
    if (code == EXIT_GOOD)
        code = judge(&s, &p);
    session_close(&s);
    return code;
}
