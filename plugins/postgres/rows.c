/* SPDX-License-Identifier: MIT
 *
 * The rows of a source: their values are put into columns whole, or through the host's builder.
 */
#include "postgres/cells.h"
#include "postgres/source.h"

static bool is_present(void *context, size_t place)
{
    const postgres_source *s = context;
    return s->copy.sent[place].data != NULL;
}

static bool add_row(postgres_source *s, carpel_rows *rows, carpel_error *err)
{
    bool ok = true;
    s->host->row_begin(rows, ++s->row);
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t place = found_columns_choose(&s->fields, i, is_present, s);
        if (place == NO_COLUMN)
            continue;
        ok &= cell_set(s->host, rows, i, &s->request->columns[i], &s->copy.sent[place]);
    }
    s->host->row_end(rows);
    return ok || copy_fail(err);
}

/* Does the row at hand stay for the next batch? */
static bool begins_batch(postgres_source *s, const carpel_rows *rows)
{
    if (s->whole && !s->goes_by_rows)
        return whole_is_full(s->whole);
    bool is_full = s->host->rows_is_full(rows);
    if (!s->growing.column)
        return is_full;
    const sent_column *c = &s->copy.sent[s->growing_place];
    const char *value = c->data ? c->data : "";
    if (is_full && growing_is_new(&s->growing, value, c->size))
        return true;
    growing_take(&s->growing, value, c->size);
    return false;
}

/* Add the row at hand to the columns. One that does not fit goes through the builder, and those behind it
 * as well, so that batches do not get small: in this batch when it is the first, else in the next one. */
static bool add_whole(postgres_source *s, bool *stays)
{
    bool fits = whole_add(s->whole, s->row + 1);
    s->row += fits;
    s->goes_by_rows = !fits && whole_count(s->whole) == 0;
    s->is_odd = *stays = !fits && !s->goes_by_rows;
    return fits || *stays;
}

/* Add the row at hand, unless it stays there for the next batch. */
static bool take_row(postgres_source *s, carpel_rows *rows, bool *stays,
                     carpel_error *err)
{
    *stays = begins_batch(s, rows);
    bool is_added = *stays || (s->whole && !s->goes_by_rows && add_whole(s, stays));
    if (!is_added && !add_row(s, rows, err))
        return false;
    if (!*stays)
        copy_pass(&s->copy);
    return true;
}

/* Rows of a column that is growing end a batch where a value does, which only the builder's do. */
static void begin(postgres_source *s, carpel_rows *rows)
{
    if (s->row == 0) {
        s->host->rows_begin_file(rows, s->place);
        if (!s->growing.column && !s->whole)
            s->whole = whole_new(s->host, rows, s->request, &s->fields, s->copy.sent);
    }
    s->goes_by_rows = s->is_odd;
    s->is_odd = false;
}

bool postgres_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    postgres_source *s = state;
    bool stays = false;
    begin(s, rows);
    while (!stays && !*is_over)
        if (!copy_have(&s->copy, is_over, err) ||
            !(*is_over || take_row(s, rows, &stays, err)))
            return false;
    s->host->progress(s->host, s->copy.done_bytes, 0);
    return true;
}

bool postgres_take(void *state, struct ArrowArray *out)
{
    postgres_source *s = state;
    bool has_rows = s->whole && whole_count(s->whole) > 0;
    if (has_rows)
        whole_take(s->whole, s->place, out);
    return has_rows;
}
