/* SPDX-License-Identifier: MIT
 *
 * A finished run as batches: one segment after the other, and within it the people in
 * the order of their ids. Nothing is kept but the place where the last batch ended.
 */
#include "plugin/results.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/number.h"
#include "plugin/arrow.h"
#include "plugin/cells.h"
#include "value/value.h"

enum { BATCH_ROWS = 8192 };

typedef struct result_stream {
    const result_table *table;
    size_t item, position; /* the next to look at */
    cells *columns;
    text
        reason; /* the cells' refusals go here: values come from texts that were checked */
    text value, finished; /* of a column whose texts are finished */
} result_stream;

carpel_type result_type(type t)
{
    switch (t.kind) {
    case TYPE_BOOL: return CARPEL_BOOL;
    case TYPE_DECIMAL: return t.scale == 0 ? CARPEL_INT : CARPEL_DECIMAL;
    case TYPE_TIME: return CARPEL_TIME;
    case TYPE_DATE: return CARPEL_DATE;
    case TYPE_DURATION: return CARPEL_DURATION;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: return CARPEL_STRING;
    case TYPE_NUMBER:
    case TYPE_LIST:
    case TYPE_ERROR: break;
    }
    return CARPEL_NUMBER;
}

/* ---- cells -------------------------------------------------------------- */

static void set_slice(result_stream *s, cells *c, size_t row, slice value)
{
    cells_set_text(c, row, value.data, value.size, true, &s->reason);
}

/* The value as a double, for a column that holds numbers of several types. */
static double as_number(const result_values *v, size_t person)
{
    if (v->type.kind == TYPE_NUMBER)
        return ((const double *)v->values)[person];
    int64_t power = v->type.kind == TYPE_DECIMAL ? number_power_of_ten(v->type.scale) : 1;
    return number_quotient(((const int64_t *)v->values)[person], power);
}

static void set_value(result_stream *s, cells *c, size_t row, const result_values *v,
                      size_t person)
{
    if (v->present && !bitmap_get(v->present, person))
        return;
    if (c->type == CARPEL_NUMBER) {
        cells_set_number(c, row, as_number(v, person), &s->reason);
        return;
    }
    switch (v->type.kind) {
    case TYPE_BOOL:
        cells_set_bool(c, row, bitmap_get(v->values, person), &s->reason);
        break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        set_slice(s, c, row,
                  dictionary_text(v->dictionary, ((const uint32_t *)v->values)[person]));
        break;
    default: cells_set_stored(c, row, ((const int64_t *)v->values)[person]); break;
    }
}

/* The group that somebody is in; empty: none. */
static slice group_of(const result_column *from, uint32_t person)
{
    for (size_t i = 0; person != RESULT_NOBODY && i < from->group_count; i++)
        if (bitmap_get(from->groups[i].members, person))
            return slice_of(from->groups[i].segment);
    return (slice){"", 0};
}

/* A text that is missing where it is empty. */
static void set_optional(result_stream *s, cells *c, size_t row, slice value)
{
    if (value.size > 0)
        set_slice(s, c, row, value);
}

static slice id_of(const result_item *m, uint32_t person)
{
    return m->changes ? m->changes->rows[person].id : dictionary_text(m->ids, person);
}

/* ---- texts that are finished --------------------------------------------- */

static void append_moment(const result_finish *f, int64_t instant, bool is_date,
                          text *out)
{
    if (f->format)
        value_append_time_as(instant, is_date ? NULL : f->zone, f->format, out);
    else if (is_date)
        value_append_date(instant / MICROSECONDS_PER_DAY, out);
    else
        value_append_time(instant, NULL, out);
}

/* The value as a text; nothing: it is missing. */
static void append_value(const result_finish *f, const result_values *v, uint32_t person,
                         text *out)
{
    if (person == RESULT_NOBODY || (v->present && !bitmap_get(v->present, person)))
        return;
    if (type_is_text(v->type)) {
        slice value =
            dictionary_text(v->dictionary, ((const uint32_t *)v->values)[person]);
        text_append_bytes(out, value.data, value.size);
    } else if (type_is_moment(v->type)) {
        int64_t value = ((const int64_t *)v->values)[person];
        bool is_date = v->type.kind == TYPE_DATE;
        append_moment(f, is_date ? value * MICROSECONDS_PER_DAY : value, is_date, out);
    } else if (v->type.kind == TYPE_DECIMAL) {
        value_append_decimal(((const int64_t *)v->values)[person], v->type.scale, out);
    }
}

static void append_cell(const result_stream *s, const result_column *from,
                        const result_item *m, uint32_t person, text *out)
{
    uint32_t subject = m->subjects ? m->subjects[person] : person;
    slice fixed = {"", 0};
    switch (from->kind) {
    case RESULT_SEGMENT: fixed = slice_of(m->segment); break;
    case RESULT_ID: fixed = id_of(m, person); break;
    case RESULT_INSTANT: append_moment(from->finish, s->table->as_of, false, out); break;
    case RESULT_OWN_VALUE: append_value(from->finish, &m->value, person, out); break;
    case RESULT_VALUE: append_value(from->finish, &from->value, subject, out); break;
    case RESULT_GROUP: fixed = group_of(from, subject); break;
    case RESULT_SINCE:
        if (s->table->baseline)
            append_moment(from->finish, s->table->baseline->as_of, false, out);
        break;
    default: break; /* others are not finished: delivery_columns.c */
    }
    text_append_bytes(out, fixed.data, fixed.size);
}

static void set_finished(result_stream *s, cells *c, size_t row,
                         const result_column *from, const result_item *m, uint32_t person)
{
    const result_finish *f = from->finish;
    text_clear(&s->value);
    text_clear(&s->finished);
    append_cell(s, from, m, person, &s->value);
    if (s->value.size == 0)
        return;
    slice value = {s->value.data, s->value.size};
    if (!normal_append_of_country(f->form, value, f->phone_country, &s->finished)) {
        ++*f->lost;
        return;
    }
    if (f->is_hashed) {
        text_clear(&s->value);
        normal_append_sha256((slice){s->finished.data, s->finished.size}, &s->value);
        set_slice(s, c, row, (slice){s->value.data, s->value.size});
    } else {
        set_slice(s, c, row, (slice){s->finished.data, s->finished.size});
    }
}

/* ---- rows ------------------------------------------------------------------ */

static void set_cell(result_stream *s, size_t index, size_t row, const result_item *m,
                     uint32_t person)
{
    const result_column *from = &s->table->columns[index];
    cells *c = &s->columns[index];
    uint32_t subject = m->subjects ? m->subjects[person] : person;
    if (from->finish) {
        set_finished(s, c, row, from, m, person);
        return;
    }
    switch (from->kind) {
    case RESULT_SEGMENT: set_slice(s, c, row, slice_of(m->segment)); break;
    case RESULT_ID: set_slice(s, c, row, id_of(m, person)); break;
    case RESULT_INSTANT: cells_set_stored(c, row, s->table->as_of); break;
    case RESULT_OWN_VALUE: set_value(s, c, row, &m->value, person); break;
    case RESULT_VALUE:
        if (subject != RESULT_NOBODY)
            set_value(s, c, row, &from->value, subject);
        break;
    case RESULT_MEMBER:
        if (subject != RESULT_NOBODY && from->members)
            cells_set_bool(c, row, bitmap_get(from->members, subject), &s->reason);
        break;
    case RESULT_GROUP: set_optional(s, c, row, group_of(from, subject)); break;
    case RESULT_CHANGE:
        set_slice(s, c, row, slice_of(change_words[m->changes->rows[person].kind]));
        break;
    case RESULT_FROM: set_optional(s, c, row, m->changes->rows[person].from); break;
    case RESULT_TO: set_optional(s, c, row, m->changes->rows[person].to); break;
    case RESULT_REASON:
        set_slice(s, c, row,
                  slice_of(change_cause_words[m->changes->rows[person].cause]));
        break;
    case RESULT_SINCE:
        if (s->table->baseline)
            cells_set_stored(c, row, s->table->baseline->as_of);
        break;
    case RESULT_SINCE_RUN:
        if (s->table->baseline)
            cells_set_stored(c, row, (int64_t)s->table->baseline->number);
        break;
    }
}

/* ---- the stream --------------------------------------------------------- */

/* Does anything of the row under construction say who it is? */
static bool identifies(const result_stream *s)
{
    bool is_found = false;
    for (size_t i = 0; i < s->table->column_count; i++) {
        const result_finish *f = s->table->columns[i].finish;
        is_found |= f && f->identifies && s->columns[i].is_set;
    }
    return is_found;
}

/* How many rows were added: one, or none. */
static size_t add_member(result_stream *s, size_t row, const result_item *m,
                         uint32_t person)
{
    for (size_t i = 0; i < s->table->column_count; i++)
        set_cell(s, i, row, m, person);
    if (!s->table->unfound || identifies(s)) {
        cells_end_rows(s->columns, s->table->column_count, row);
        return 1;
    }
    ++*s->table->unfound;
    for (size_t i = 0; i < s->table->column_count; i++)
        cells_drop_row(&s->columns[i], row);
    return 0;
}

/* Collect up to a batch of members, over as many segments as that takes. */
static size_t collect(result_stream *s)
{
    size_t row = 0;
    for (; s->item < s->table->item_count; s->item++, s->position = 0) {
        const result_item *m = &s->table->items[s->item];
        while (s->position < m->count) {
            if (row == BATCH_ROWS)
                return row;
            uint32_t person = m->changes ? (uint32_t)s->position : m->order[s->position];
            s->position++;
            if (m->changes || bitmap_get(m->members, person))
                row += add_member(s, row, m, person);
        }
    }
    return row;
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const result_stream *s = stream->private_data;
    arrow_schema_init(out, "+s", "", s->table->column_count);
    for (size_t i = 0; i < s->table->column_count; i++)
        cells_schema(&s->columns[i], out->children[i]);
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    result_stream *s = stream->private_data;
    *out = (struct ArrowArray){0};
    size_t count = collect(s);
    if (count == 0)
        return 0;
    arrow_array_init(out, count, 0, 1, s->table->column_count);
    for (size_t i = 0; i < s->table->column_count; i++)
        cells_take(&s->columns[i], count, out->children[i]);
    return 0;
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL; /* nothing can fail */
}

static void stream_release(struct ArrowArrayStream *stream)
{
    result_stream *s = stream->private_data;
    for (size_t i = 0; i < s->table->column_count; i++)
        cells_done(&s->columns[i]);
    memory_free(s->columns);
    text_done(&s->reason);
    text_done(&s->value);
    text_done(&s->finished);
    memory_free(s);
    stream->release = NULL;
}

void results_stream(const result_table *table, struct ArrowArrayStream *out)
{
    result_stream *s = memory_alloc_zero(sizeof *s);
    s->table = table;
    s->columns = memory_alloc_zero_array(table->column_count + 1, sizeof *s->columns);
    text_init(&s->reason);
    text_init(&s->value);
    text_init(&s->finished);
    for (size_t i = 0; i < table->column_count; i++)
        cells_init(&s->columns[i], &table->told[i], NULL);
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = s};
}
