/* SPDX-License-Identifier: MIT
 *
 * A batch of a driver is added column after column; when a value of one is none that is wanted, all are cut back
 * to where they were.
 */
#include "adbc/whole.h"

#include "adbc/whole_column.h"
#include "common/batch_builder.h"
#include "common/memory.h"

enum { FULL_ROWS = 65536 };

struct whole {
    whole_column *columns;
    batch_builder batch;
};

whole *whole_new(const carpel_host *host, const carpel_rows *rows,
                 const carpel_request *request, const found_columns *fields,
                 const form *forms)
{
    size_t count = request->column_count;
    whole *w = common_alloc(1, sizeof *w);
    w->columns = common_alloc(count, sizeof *w->columns);
    bool ok = batch_builder_begin(&w->batch, host, rows, request, &w->columns->to,
                                  sizeof *w->columns);
    for (size_t i = 0; i < count && ok; i++)
        ok = whole_column_begin(&w->columns[i], &request->columns[i], fields->places[i],
                                forms);
    if (ok)
        return w;
    whole_free(w);
    return NULL;
}

void whole_free(whole *w)
{
    if (!w)
        return;
    batch_builder_done(&w->batch);
    free(w->columns);
    free(w);
}

bool whole_add(whole *w, const struct ArrowArray *batch, int64_t from, int64_t to,
               uint64_t line)
{
    size_t count = (size_t)(to - from), i = 0;
    bool ok = true;
    batch_builder_reserve(&w->batch, count);
    for (; ok && i < w->batch.column_count; i++)
        ok = whole_column_add(&w->columns[i], batch, from, w->batch.row_count, count);
    if (ok)
        batch_builder_keep(&w->batch, count, line);
    else
        batch_builder_drop(&w->batch, i, count);
    return ok;
}

void whole_cut(whole *w, size_t count)
{
    batch_builder_cut(&w->batch, count);
}

size_t whole_count(const whole *w)
{
    return w->batch.row_count;
}

bool whole_is_full(const whole *w)
{
    return w->batch.row_count >= FULL_ROWS || batch_builder_is_wide(&w->batch);
}

void whole_take(whole *w, const char *place, struct ArrowArray *out)
{
    batch_builder_open(&w->batch, out);
    batch_builder_take(&w->batch, place, out);
}
