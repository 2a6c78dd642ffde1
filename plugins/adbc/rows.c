/* SPDX-License-Identifier: MIT
 *
 * The rows of a source: batches of the driver are taken over column by column, or go through the host's builder.
 */
#include <string.h>

#include "adbc/cells.h"
#include "adbc/cursor.h"
#include "adbc/source.h"
#include "adbc/values.h"
#include "common/memory.h"

/* ---- batches of the driver ---------------------------------------------------------- */

struct ArrowArray *adbc_batch(const adbc_source *s)
{
    return &s->batches[s->here.batch];
}

/* Let go of the first batches. */
static void drop_batches(adbc_source *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (s->batches[i].release)
            s->batches[i].release(&s->batches[i]);
    s->batch_count -= count;
    if (count > 0 && s->batch_count > 0)
        memmove(s->batches, s->batches + count, s->batch_count * sizeof *s->batches);
    s->group.batch -= s->group.batch < count ? s->group.batch : count;
    s->odd_count -= s->odd_count < count ? s->odd_count : count;
}

/* Those with rows of the value that a growing column has last are kept. */
static void make_room(adbc_source *s)
{
    bool has_group = s->growing.column && s->whole && whole_count(s->whole) > 0;
    drop_batches(s, has_group ? s->group.batch : s->batch_count);
    if (s->batch_count == s->batch_room) {
        s->batch_room = s->batch_room * 2 + 4;
        s->batches = common_resize(s->batches, s->batch_room * sizeof *s->batches);
    }
}

/* The bytes of a column's values, but for those of items of lists and of texts that do not stand in a row. */
static uint64_t bytes_of(const form *f, const struct ArrowArray *array)
{
    size_t length = (size_t)array->length;
    bool has_offsets = f->kind == FORM_TEXT && f->layout == LAYOUT_OFFSETS &&
                       f->code_width == 0 && f->width == 4 && length > 0;
    if (!has_offsets)
        return (uint64_t)length * (f->code_width > 0 ? f->code_width : f->width);
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset;
    return length * sizeof *offsets + (uint64_t)(offsets[length] - offsets[0]);
}

static void tell_progress(adbc_source *s)
{
    const struct ArrowArray *batch = adbc_batch(s);
    for (size_t i = 0; i < (size_t)s->schema.n_children; i++)
        s->done_bytes += bytes_of(&s->forms[i], batch->children[i]);
    s->host->progress(s->host, s->done_bytes, 0);
}

bool adbc_next_batch(adbc_source *s, bool *is_over, carpel_error *err)
{
    *is_over = false;
    s->here.at = 0;
    if (s->here.batch + 1 < s->batch_count) { /* it comes again */
        s->here.batch++;
        return true;
    }
    make_room(s);
    struct ArrowArray *next = &s->batches[s->batch_count];
    *next = (struct ArrowArray){0};
    if (!session_next(&s->session, &s->stream, next, err))
        return false;
    *is_over = !next->release;
    if (*is_over)
        return true;
    s->here.batch = s->batch_count++;
    if (!values_hold(&s->schema, next, next->length))
        return carpel_fail(
            err, CARPEL_E_SYSTEM,
            "the driver hands over a batch that is not as its schema says");
    tell_progress(s);
    return true;
}

static bool has_row(const adbc_source *s)
{
    return s->batch_count > 0 && s->here.at < adbc_batch(s)->length;
}

/* ---- growing values ----------------------------------------------------------------- */

static void write_growing(const adbc_source *s, int64_t at, buffer *out)
{
    const form *f = &s->forms[s->growing_field];
    const struct ArrowArray *batch = adbc_batch(s);
    value v = value_at(f, batch->children[s->growing_field], batch->offset + at);
    buffer_clear(out);
    buffer_add(out, "");
    cursor_write(f, &v, out);
}

static bool is_new_at(const adbc_source *s, int64_t at)
{
    buffer value = {0};
    write_growing(s, at, &value);
    bool is_new = growing_is_new(&s->growing, value.data, value.size);
    buffer_done(&value);
    return is_new;
}

static void take_value(adbc_source *s, int64_t at)
{
    buffer value = {0};
    write_growing(s, at, &value);
    growing_take(&s->growing, value.data, value.size);
    buffer_done(&value);
}

/* How far rows from here on have the last value. */
static int64_t end_of_group(const adbc_source *s)
{
    int64_t at = s->here.at;
    while (at < adbc_batch(s)->length && !is_new_at(s, at))
        at++;
    return at;
}

/* The rows [from, to) of the batch stand in `whole`, as its last ones: find where those of the last value begin. */
static void note_group(adbc_source *s, int64_t from, int64_t to)
{
    bool is_first = whole_count(s->whole) == (size_t)(to - from);
    bool goes_on = !is_first && !is_new_at(s, to - 1);
    int64_t begin = to - 1;
    take_value(s, begin);
    while (begin > from && !is_new_at(s, begin - 1))
        begin--;
    if (goes_on && begin == from)
        return;
    if (begin > from) { /* the value before is that of the row before */
        take_value(s, begin - 1);
        take_value(s, begin);
    }
    s->group = (row_place){s->here.batch, begin, s->here.row + (uint64_t)(begin - from)};
    s->group_begin = whole_count(s->whole) - (size_t)(to - begin);
}

/* ---- rows one by one ---------------------------------------------------------------- */

static bool is_present(void *context, size_t field)
{
    const adbc_source *s = context;
    const struct ArrowArray *batch = adbc_batch(s);
    return !value_at(&s->forms[field], batch->children[field], batch->offset + s->here.at)
                .is_missing;
}

static void add_row(adbc_source *s, carpel_rows *rows)
{
    const struct ArrowArray *batch = adbc_batch(s);
    s->host->row_begin(rows, ++s->here.row);
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t field = found_columns_choose(&s->fields, i, is_present, s);
        if (field != NO_COLUMN)
            cell_set(s->host, rows, i, &s->request->columns[i], &s->forms[field],
                     s->schema.children[field], batch->children[field],
                     batch->offset + s->here.at);
    }
    s->host->row_end(rows);
    s->here.at++;
}

/* The rows of a batch go by columns, or one by one, behind those before. */
typedef enum progress { ADDED, IS_FULL } progress;

static progress add_one(adbc_source *s, carpel_rows *rows)
{
    if (s->host->rows_is_full(rows) && (!s->growing.column || is_new_at(s, s->here.at)))
        return IS_FULL;
    if (s->growing.column)
        take_value(s, s->here.at);
    add_row(s, rows);
    return ADDED;
}

/* ---- rows whole --------------------------------------------------------------------- */

/* Add the rows from here to there; false: one has a value that is none. */
static bool add_to(adbc_source *s, int64_t to)
{
    int64_t from = s->here.at;
    if (!whole_add(s->whole, adbc_batch(s), from, to, s->here.row + 1))
        return false;
    if (s->growing.column && to > from)
        note_group(s, from, to);
    s->here.at = to;
    s->here.row += (uint64_t)(to - from);
    return true;
}

/* This batch, or what is left of it, goes through the builder. */
static progress begin_odd(adbc_source *s)
{
    s->odd_count = s->here.batch + 1;
    return whole_count(s->whole) > 0 ? IS_FULL : ADDED;
}

/* A row of the last value is none for `whole`, and others stand there: all of them go through the builder. */
static progress take_group_back(adbc_source *s)
{
    whole_cut(s->whole, s->group_begin);
    s->odd_count = s->here.batch + 1;
    s->here = s->group;
    if (s->group_begin == 0)
        return ADDED;
    growing_go_back(&s->growing);
    return IS_FULL;
}

/* The batch has such a row. Where rows of a value stand in `whole` already, those that are left of it are added. */
static progress add_odd(adbc_source *s)
{
    if (!s->growing.column || whole_count(s->whole) == 0)
        return begin_odd(s);
    return add_to(s, end_of_group(s)) ? begin_odd(s) : take_group_back(s);
}

/* All rows there are of the last value, with which the batch ends. */
static progress end_batch(adbc_source *s)
{
    if (!s->growing.column)
        return IS_FULL;
    if (!add_to(s, end_of_group(s)))
        return take_group_back(s);
    return has_row(s) ? IS_FULL : ADDED;
}

static progress add_columns_whole(adbc_source *s, carpel_rows *rows)
{
    if (s->host->rows_count(rows) > 0)
        return s->growing.column && !is_new_at(s, s->here.at) ? add_one(s, rows)
                                                              : IS_FULL;
    if (whole_is_full(s->whole))
        return end_batch(s);
    if (!add_to(s, adbc_batch(s)->length))
        return add_odd(s);
    return whole_is_full(s->whole) && !s->growing.column ? IS_FULL : ADDED;
}

/* ---- batches ------------------------------------------------------------------------ */

static void begin(adbc_source *s, carpel_rows *rows)
{
    if (s->has_begun)
        return;
    s->has_begun = true;
    s->host->rows_begin_file(rows, s->place);
    s->whole = whole_new(s->host, rows, s->request, &s->fields, s->forms);
}

bool adbc_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    adbc_source *s = state;
    progress p = ADDED;
    begin(s, rows);
    while (p == ADDED) {
        if (!has_row(s)) {
            if (!adbc_next_batch(s, is_over, err) || *is_over)
                return *is_over;
        } else if (s->whole && s->here.batch >= s->odd_count) {
            p = add_columns_whole(s, rows);
        } else {
            p = add_one(s, rows);
        }
    }
    return true;
}

bool adbc_take(void *state, struct ArrowArray *out)
{
    adbc_source *s = state;
    bool has_rows = s->whole && whole_count(s->whole) > 0;
    if (has_rows)
        whole_take(s->whole, s->place, out);
    return has_rows;
}
