/* SPDX-License-Identifier: MIT
 *
 * A history as tables: one of several segments, one of a single one, and the moves between groups.
 */
#include <stdio.h>

#include "app/histories.h"
#include "base/memory.h"
#include "report/chart.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* ---- numbers and dates ------------------------------------------------------------------------ */

double histories_share(const history_point *p)
{
    return p->known == 0 ? 0 : (double)p->size / (double)p->known;
}

void histories_append_date(const histories *p, size_t at, text *out)
{
    const zone *z = engine_zone(p->session->engine);
    int64_t date = zone_date(z, p->h->instants[at]);
    if (zone_day_start(z, date) == p->h->instants[at])
        value_append_date(date, out);
    else
        value_append_time(p->h->instants[at], z, out);
}

static void append_every(const histories *p, text *out)
{
    calendar_span every = p->steps.every;
    if (every.count == 1)
        text_append(out, calendar_unit_name(every.unit));
    else
        text_append_format(out, "%lld %ss", (long long)every.count,
                           calendar_unit_name(every.unit));
}

void histories_append_span(const histories *p, const char *from, text *out)
{
    append_every(p, out);
    text_append(out, from);
    histories_append_date(p, 0, out);
    text_append(out, " to ");
    histories_append_date(p, p->h->count - 1, out);
}

const char *histories_group_name(const history *h, const history_set *set, size_t i)
{
    return i < set->count ? h->groups[set->first + i].name : "(none)";
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
static void add_line(table *t, const histories *p, const history_segment *s)
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

static void add_segment(table *t, const histories *p, const history_segment *s,
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
    table_cell_format(t, "%.1f%%", histories_share(last) * 100);
}

static void append_plain(const table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
}

static void add_set(table *t, const histories *p, const history_set *set)
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

static void append_overview(const histories *p, text *out)
{
    const history *h = p->h;
    table *t = table_new();
    text first, last;
    text_init(&first);
    text_init(&last);
    histories_append_date(p, 0, &first);
    histories_append_date(p, h->count - 1, &last);
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

/* Does anybody come from, or go to, none of the groups? */
static bool shows_none(const history_set *set)
{
    size_t side = set->count + 1;
    for (size_t i = 0; i < set->count; i++)
        if (set->moves[i * side + set->count] + set->moves[set->count * side + i] > 0)
            return true;
    return false;
}

static void append_moves(const histories *p, const history_set *set, text *out)
{
    size_t side = set->count + 1, shown = set->count + shows_none(set);
    table *t = table_new();
    table_column(t, set->name, TABLE_LEFT);
    for (size_t k = 0; k < shown; k++)
        table_column(t, histories_group_name(p->h, set, k), TABLE_RIGHT);
    for (size_t i = 0; i < shown; i++) {
        table_cell(t, histories_group_name(p->h, set, i));
        for (size_t k = 0; k < shown; k++) {
            if (i == set->count && k == set->count)
                table_cell(t, "");
            else
                add_count(t, set->moves[i * side + k]);
        }
    }
    text_append(out, "\nrows: the group on ");
    histories_append_date(p, 0, out);
    text_append(out, "; columns: on ");
    histories_append_date(p, p->h->count - 1, out);
    text_append_char(out, '\n');
    append_plain(t, out);
    table_free(t);
}

/* ---- the table of one ------------------------------------------------------------------- */

static void append_one(const histories *p, const history_segment *s, text *out)
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
        histories_append_date(p, i, &at);
        table_cell(t, at.data);
        add_count(t, point->size);
        for (size_t k = 0; k < 2; k++) {
            if (i == 0)
                table_cell(t, "");
            else
                add_count(t, k == 0 ? point->entered : point->left);
        }
        add_count(t, point->known);
        table_cell_format(t, "%.1f%%", histories_share(point) * 100);
        table_bar(t, (double)point->size / (double)highest);
    }
    table_append(t, out, terminal_width(stdout), terminal_has_utf8());
    text_done(&at);
    table_free(t);
}

static void append_foot(const histories *p, text *out)
{
    const history *h = p->h;
    text_append_format(out, "\n%zu instant%s, ", h->count, h->count == 1 ? "" : "s");
    if (h->count == 1) {
        histories_append_date(p, 0, out);
    } else {
        text_append(out, "every ");
        histories_append_span(p, ", from ", out);
    }
    text_append(out, "; ");
    format_append_counted(h->people[h->count - 1], "person", "people", out);
    text_append(out, " at the last\n");
}

void histories_append_text(const histories *p, text *out)
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
