/* SPDX-License-Identifier: MIT
 *
 * A history for programs: a line an instant and segment, or one document.
 */
#include "app/histories.h"
#include "report/csv_text.h"
#include "report/json.h"
#include "value/value.h"

/* ---- CSV ---------------------------------------------------------------------------------- */

static void append_csv_segment(const histories *p, const history_segment *s, size_t at,
                               text *out)
{
    const history_point *point = &s->points[at];
    histories_append_date(p, at, out);
    text_append_char(out, ',');
    csv_append_text(out, slice_of(s->path));
    text_append_format(out, ",%zu,%zu,", point->size, point->known);
    text_append_number(out, histories_share(point));
    if (at == 0)
        text_append(out, ",,\n");
    else
        text_append_format(out, ",%zu,%zu\n", point->entered, point->left);
}

void histories_append_csv(const histories *p, text *out)
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

static void write_point(const histories *p, json_writer *w, const history_point *point,
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
    json_number(w, histories_share(point));
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

static void write_segments(const histories *p, json_writer *w, const char *key,
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
                   i / side < set->count ? histories_group_name(h, set, i / side) : NULL);
        write_text(w, "to",
                   i % side < set->count ? histories_group_name(h, set, i % side) : NULL);
        json_key(w, "count");
        json_int(w, (int64_t)moves[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_set(const histories *p, json_writer *w, const history_set *set)
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

void histories_append_json(const histories *p, text *out)
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
