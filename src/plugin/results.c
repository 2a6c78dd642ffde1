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

enum { BATCH_ROWS = 8192 };

typedef struct result_stream {
    const result_table *table;
    size_t item, position; /* the next to look at */
    cells *columns;
    text
        reason; /* the cells' refusals go here: values come from texts that were checked */
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

static void set_group(result_stream *s, cells *c, size_t row, const result_column *from,
                      size_t person)
{
    for (size_t i = 0; i < from->group_count; i++)
        if (bitmap_get(from->groups[i].members, person)) {
            set_slice(s, c, row, slice_of(from->groups[i].segment));
            return;
        }
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

/* A value of everyone's, of whoever is known. */
static void set_everyones(result_stream *s, cells *c, size_t row, const result_values *v,
                          const result_item *m, uint32_t person)
{
    uint32_t subject = m->subjects ? m->subjects[person] : person;
    if (subject != RESULT_NOBODY)
        set_value(s, c, row, v, subject);
}

static void set_cell(result_stream *s, size_t index, size_t row, const result_item *m,
                     uint32_t person)
{
    const result_column *from = &s->table->columns[index];
    cells *c = &s->columns[index];
    switch (from->kind) {
    case RESULT_SEGMENT: set_slice(s, c, row, slice_of(m->segment)); break;
    case RESULT_ID: set_slice(s, c, row, id_of(m, person)); break;
    case RESULT_INSTANT: cells_set_stored(c, row, s->table->as_of); break;
    case RESULT_OWN_VALUE: set_value(s, c, row, &m->value, person); break;
    case RESULT_VALUE: set_everyones(s, c, row, &from->value, m, person); break;
    case RESULT_MEMBER:
        cells_set_bool(c, row, bitmap_get(from->members, person), &s->reason);
        break;
    case RESULT_GROUP: set_group(s, c, row, from, person); break;
    case RESULT_CHANGE:
        set_slice(s, c, row, slice_of(change_words[m->changes->rows[person].kind]));
        break;
    case RESULT_FROM: set_optional(s, c, row, m->changes->rows[person].from); break;
    case RESULT_TO: set_optional(s, c, row, m->changes->rows[person].to); break;
    case RESULT_REASON:
        set_slice(s, c, row,
                  slice_of(change_row_reason(m->changes, &m->changes->rows[person])));
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

static void add_member(result_stream *s, size_t row, const result_item *m,
                       uint32_t person)
{
    for (size_t i = 0; i < s->table->column_count; i++)
        set_cell(s, i, row, m, person);
    cells_end_rows(s->columns, s->table->column_count, row);
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
                add_member(s, row++, m, person);
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
    memory_free(s);
    stream->release = NULL;
}

void results_stream(const result_table *table, struct ArrowArrayStream *out)
{
    result_stream *s = memory_alloc_zero(sizeof *s);
    s->table = table;
    s->columns = memory_alloc_zero_array(table->column_count + 1, sizeof *s->columns);
    text_init(&s->reason);
    for (size_t i = 0; i < table->column_count; i++)
        cells_init(&s->columns[i], &table->told[i], NULL);
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = s};
}
