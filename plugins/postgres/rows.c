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

static const sent_column *growing_value(const postgres_source *s)
{
    return &s->copy.sent[s->growing_place];
}

static bool has_new_value(const postgres_source *s)
{
    const sent_column *c = growing_value(s);
    return growing_is_new(&s->growing, c->data ? c->data : "", c->size);
}

static void take_value(postgres_source *s)
{
    const sent_column *c = growing_value(s);
    growing_take(&s->growing, c->data ? c->data : "", c->size);
}

/* Does the row at hand stay for the next batch? One with growing values ends where a value does. */
static bool begins_batch(const postgres_source *s, const carpel_rows *rows)
{
    bool is_full = s->whole && !s->goes_by_rows ? whole_is_full(s->whole)
                                                : s->host->rows_is_full(rows);
    return is_full && (!s->growing.column || has_new_value(s));
}

/* ---- rows whole ------------------------------------------------------------------- */

/* The row at hand stands in `whole`, where those of one value stand together. */
static void note_group(postgres_source *s)
{
    if (has_new_value(s)) {
        buffer_clear(&s->group);
        s->group_begin = whole_count(s->whole) - 1;
        s->group_count = 0;
    }
    copy_keep(&s->copy, &s->group);
    s->group_count++;
    take_value(s);
}

/* The row at hand is none for `whole`, and others of its value stand there: all of them go through the builder, in this
 * batch when they are its first, else in the next one. */
static void take_group_back(postgres_source *s, bool *stays)
{
    whole_cut(s->whole, s->group_begin);
    s->row -= s->group_count;
    s->comes_again = true;
    *stays = s->group_begin > 0;
    if (*stays)
        growing_go_back(&s->growing);
}

static bool add_group(postgres_source *s, carpel_rows *rows, carpel_error *err)
{
    const char *row = s->group.data;
    bool ok = true;
    s->comes_again = false;
    s->goes_by_rows = true;
    for (size_t i = 0; i < s->group_count && ok; i++) {
        row = copy_look(&s->copy, row);
        take_value(s);
        ok = add_row(s, rows, err);
    }
    return ok;
}

/* Add the row at hand to the columns. One that does not fit goes through the builder, and those behind it
 * as well, so that batches do not get small: in this batch when it is the first, else in the next one. */
static bool add_whole(postgres_source *s, bool *stays)
{
    bool fits = whole_add(s->whole, s->row + 1);
    s->row += fits;
    if (fits && s->growing.column)
        note_group(s);
    if (fits)
        return true;
    if (s->growing.column && whole_count(s->whole) > 0 && !has_new_value(s)) {
        take_group_back(s, stays);
        return true;
    }
    s->goes_by_rows = whole_count(s->whole) == 0;
    s->is_odd = *stays = !s->goes_by_rows;
    return *stays;
}

/* ---- batches ---------------------------------------------------------------------- */

/* Add the row at hand, unless it stays there for the next batch. */
static bool take_row(postgres_source *s, carpel_rows *rows, bool *stays,
                     carpel_error *err)
{
    *stays = begins_batch(s, rows);
    bool is_added = *stays || (s->whole && !s->goes_by_rows && add_whole(s, stays));
    if (s->comes_again)
        return *stays || add_group(s, rows, err);
    if (!is_added && s->growing.column)
        take_value(s);
    if (!is_added && !add_row(s, rows, err))
        return false;
    if (!*stays)
        copy_pass(&s->copy);
    return true;
}

static bool begin(postgres_source *s, carpel_rows *rows, carpel_error *err)
{
    if (!s->has_begun) {
        s->host->rows_begin_file(rows, s->place);
        s->whole = whole_new(s->host, rows, s->request, &s->fields, s->copy.sent);
        s->has_begun = true;
    }
    s->goes_by_rows = s->is_odd;
    s->is_odd = false;
    return !s->comes_again || add_group(s, rows, err);
}

bool postgres_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    postgres_source *s = state;
    bool stays = false;
    if (!begin(s, rows, err))
        return false;
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
