/* SPDX-License-Identifier: MIT
 *
 * The first row and the last, of one table or of several.
 */
#include "exec/fold_places.h"

#include <string.h>

#include "base/bitmap.h"
#include "exec/filled.h"

static size_t end_row(const fold_part *p, size_t i, bool wants_last)
{
    size_t begin = p->window->begin[i], end = p->window->end[i];
    if (begin == end)
        return SIZE_MAX;
    if (wants_last)
        return p->selected ? bitmap_last(p->selected, begin, end) : end - 1;
    size_t row = part_next_row(p, begin, end);
    return row < end ? row : SIZE_MAX;
}

/* ---- of several tables --------------------------------------------------- */

/* The nearest rows of one part, of the groups that have any. */
typedef struct end_rows {
    uint32_t *groups, *rows;
    int64_t *times;
    size_t count;
} end_rows;

static void list_end_rows(const fold *f, const fold_part *p, end_rows *out)
{
    const uint64_t *filled = window_filled(f->block, p->window_node);
    const block_rows *rows = p->rows;
    bool wants_last = f->kind == NODE_LAST;
    out->count = 0;
    EACH_SET_BIT(filled, f->group_count, i)
    {
        size_t row = end_row(p, i, wants_last);
        if (rows->stored_time && row != SIZE_MAX)
            packed_fetch(rows->stored_time, rows->first_row + row);
        out->groups[out->count] = (uint32_t)i;
        out->rows[out->count] = (uint32_t)row;
        out->count += row != SIZE_MAX;
    }
}

static void find_times(const fold_part *p, const end_rows *found)
{
    const block_rows *rows = p->rows;
    if (rows->stored_time)
        packed_gather_64(rows->stored_time, rows->first_row, found->rows, found->count,
                         found->times);
    else
        for (size_t k = 0; k < found->count; k++)
            found->times[k] = rows->time[found->rows[k]];
}

/* Of rows at one time the order of all rows decides; anything is nearer than nothing. */
static bool is_nearer(const fold *f, row_place found, row_place best)
{
    return !is_somewhere(best) ||
           (fold_compare_places(f, found, best) > 0) == (f->kind == NODE_LAST);
}

/* Each group keeps the nearest so far. Times alone tell mostly, and which is nearer nobody could
 * foretell: so that is no branch. */
static void keep_nearest(const fold *f, uint32_t part, const end_rows *found,
                         row_place *best, int64_t *times)
{
    int64_t flip = f->kind == NODE_LAST ? -1 : 0; /* turns the order around */
    for (size_t k = 0; k < found->count; k++) {
        uint32_t i = found->groups[k];
        row_place place = {part, found->rows[k]};
        int64_t time = found->times[k], before = times[i];
        bool takes = (time ^ flip) < (before ^ flip);
        if (time == before)
            takes = is_nearer(f, place, best[i]);
        best[i].part = takes ? place.part : best[i].part;
        best[i].row = takes ? place.row : best[i].row;
        times[i] = takes ? time : before;
    }
}

/* By group. One table after the other, so that rows are met in the order in which they lie. A
 * row of the only table is held against no other; items have no time at all. */
static void find_end_places(const fold *f, row_place *best, int64_t *times)
{
    scratch *s = f->block->scratch;
    size_t bytes = (f->group_count + 1) * sizeof(uint32_t);
    end_rows found = {scratch_take(s, bytes), scratch_take(s, bytes),
                      scratch_take(s, 2 * bytes), 0};
    for (size_t i = 0; i < f->group_count; i++) {
        best[i] = NOWHERE;
        times[i] = f->kind == NODE_LAST ? INT64_MIN : INT64_MAX;
    }
    for (uint32_t p = 0; p < f->part_count; p++) {
        list_end_rows(f, &f->parts[p], &found);
        if (f->part_count > 1 || place_is_stored_time(&f->parts[p]))
            find_times(&f->parts[p], &found);
        else
            memset(found.times, 0, found.count * sizeof *found.times);
        keep_nearest(f, p, &found, best, times);
    }
    scratch_give(s, found.times);
    scratch_give(s, found.rows);
    scratch_give(s, found.groups);
}

/* Are all values when their rows happened? */
static bool are_times(const fold *f)
{
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        if (!place_is_stored_time(p))
            return false;
    return true;
}

static void put_times(const fold *f, vector *out, const row_place *best,
                      const int64_t *times)
{
    EACH_GROUP(f, i)
    {
        if (!is_somewhere(best[i]))
            continue;
        ((int64_t *)out->values)[i] = times[i];
        bitmap_set(out->present, i);
    }
}

static void fetch_value(const fold *f, row_place at)
{
    const fold_part *p = &f->parts[at.part];
    if (p->stored)
        packed_fetch(p->stored, p->stored_first + at.row);
}

/* The values of 64 groups are asked for before the first is needed. */
static void put_values(const fold *f, vector *out, const row_place *best)
{
    for (size_t w = 0; w < bitmap_words(f->group_count); w++) {
        EACH_SET_BIT(f->filled + w, 64, i)
        {
            if (is_somewhere(best[w * 64 + i]))
                fetch_value(f, best[w * 64 + i]);
        }
        EACH_SET_BIT(f->filled + w, 64, i)
        {
            fold_put_row(f, out, w * 64 + i, best[w * 64 + i]);
        }
    }
}

static void put_end_places(const fold *f, vector *out)
{
    scratch *s = f->block->scratch;
    row_place *best = scratch_take(s, (f->group_count + 1) * sizeof *best);
    int64_t *times = scratch_take(s, (f->group_count + 1) * sizeof *times);
    find_end_places(f, best, times);
    if (are_times(f))
        put_times(f, out, best, times);
    else
        put_values(f, out, best);
    scratch_give(s, times);
    scratch_give(s, best);
}

/* ---- of one table -------------------------------------------------------- */

/* Of one table, without looking at the type for each group. */
#define VALUE_OF(type, row)                                                              \
    p->stored ? (type)packed_get(p->stored, p->stored_first + (row))                     \
              : ((const type *)p->value->values)[part_value_index(p, row)]
#define COPY_END_ROWS(type)                                                              \
    EACH_GROUP(f, i)                                                                     \
    {                                                                                    \
        size_t row = end_row(p, i, wants_last);                                          \
        if (row == SIZE_MAX || !vector_has(p->value, row))                               \
            continue;                                                                    \
        ((type *)out->values)[i] = VALUE_OF(type, row);                                  \
        bitmap_set(out->present, i);                                                     \
    }

static void copy_end_rows(const fold *f, vector *out)
{
    const fold_part *p = &f->parts[0];
    bool wants_last = f->kind == NODE_LAST;
    if (type_is_text(f->value_type))
        COPY_END_ROWS(uint32_t)
    else
        COPY_END_ROWS(int64_t)
}

/* When did the newest row of all happen? That is known without a look at any. */
static bool asks_newest_time(const fold *f)
{
    const fold_part *p = &f->parts[0];
    return f->kind == NODE_LAST && f->part_count == 1 && !p->selected &&
           p->rows->newest.data && p->value->values == p->rows->time &&
           p->window->begin == p->rows->offsets &&
           p->window->end == p->rows->offsets + 1 && !p->rows->source &&
           f->block->demand->since[p->window_node->rows] == DEMAND_ALL;
}

static void copy_newest(const fold *f, vector *out)
{
    packed_widen_64(&f->parts[0].rows->newest, 0, f->group_count,
                    vector_take(f->block, out, fold_bytes(f)));
    memcpy(vector_take_present(f->block, out, f->group_count), f->filled,
           bitmap_words(f->group_count) * sizeof *f->filled);
}

/* Has each group one row, which counts? Then rows and groups have the same numbers. */
static bool is_row_each(const fold *f)
{
    const fold_part *p = &f->parts[0];
    if (f->part_count != 1 || p->selected || p->rows->count != f->group_count ||
        p->window->begin != p->rows->offsets || p->window->end != p->rows->offsets + 1)
        return false;
    for (size_t w = 0; w < f->group_count / 64; w++)
        if (f->filled[w] != ~UINT64_C(0))
            return false;
    return bitmap_count(f->filled, f->group_count / 64 * 64, f->group_count) ==
           f->group_count % 64;
}

/* Is the value copied as it is, from an array with a value a row? */
static bool is_copied(const fold *f)
{
    const fold_part *p = &f->parts[0];
    return f->part_count == 1 && !p->codes && f->value_type.kind != TYPE_BOOL &&
           !place_is_stored_time(p);
}

static void copy_all_rows(const fold *f, vector *out)
{
    const fold_part *p = &f->parts[0];
    const vector *from = p->value;
    size_t size = type_value_size(f->value_type);
    void *values = vector_take(f->block, out, fold_bytes(f));
    if (!p->stored)
        memcpy(values, from->values, f->group_count * size);
    else if (size == sizeof(uint32_t))
        packed_widen_32(p->stored, p->stored_first, f->group_count, values);
    else
        packed_widen_64(p->stored, p->stored_first, f->group_count, values);
    if (from->present)
        memcpy(vector_take_present(f->block, out, f->group_count), from->present,
               bitmap_words(f->group_count) * sizeof *from->present);
}

void fold_end_row(const fold *f, vector *out)
{
    if (asks_newest_time(f)) {
        copy_newest(f, out);
        return;
    }
    if (is_copied(f) && !f->parts[0].value->is_uniform && is_row_each(f)) {
        copy_all_rows(f, out);
        return;
    }
    fold_take_nothing(f, out);
    if (is_copied(f)) {
        copy_end_rows(f, out);
        return;
    }
    put_end_places(f, out);
}
