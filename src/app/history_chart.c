/* SPDX-License-Identifier: MIT
 *
 * A history as a chart: a line a segment.
 */
#include "app/chart_file.h"
#include "app/histories.h"
#include "base/memory.h"
#include "value/value.h"

static double *sizes_of(const history *h, const history_segment *s)
{
    double *sizes = memory_alloc_array(h->count, sizeof *sizes);
    for (size_t i = 0; i < h->count; i++)
        sizes[i] = (double)s->points[i].size;
    return sizes;
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static chart_point *points_of(const histories *p, arena *memory)
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

static void append_heading(const histories *p, text *title, text *below)
{
    const history *h = p->h;
    const char *own = NULL;
    if (h->segment_count == 1 && h->set_count == 0)
        own = h->segments[0].title ? h->segments[0].title : h->segments[0].name;
    else if (h->segment_count == 0 && h->set_count == 1)
        own = h->sets[0].title ? h->sets[0].title : h->sets[0].name;
    text_append(title, own ? own : "Sizes of segments");
    text_append(below, "members, each ");
    histories_append_span(p, " from ", below);
}

int histories_write_chart(const histories *p)
{
    const history *h = p->h;
    arena *memory = arena_new();
    text title, below;
    text_init(&title);
    text_init(&below);
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
    int code = chart_file_write(c, p->line->svg);
    chart_free(c);
    text_done(&title);
    text_done(&below);
    arena_free(memory);
    return code;
}
