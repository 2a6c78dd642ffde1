/* SPDX-License-Identifier: MIT
 *
 * A batch of a driver is added column after column; when a value of one is none that is wanted, all are cut back
 * to where they were.
 */
#include "adbc/whole.h"

#include <string.h>

#include "common/arrays.h"
#include "adbc/whole_column.h"
#include "common/memory.h"

enum { FULL_ROWS = 65536 };

struct whole {
    whole_column *columns;
    size_t column_count, row_count;
    uint64_t first_line; /* of the first row */
};

whole *whole_new(const carpel_host *host, const carpel_rows *rows,
                 const carpel_request *request, const found_columns *fields,
                 const form *forms)
{
    struct ArrowSchema schema;
    whole *w = common_alloc(1, sizeof *w);
    host->rows_schema(rows, &schema);
    if (!schema.release) {
        whole_free(w);
        return NULL;
    }
    w->column_count = request->column_count;
    w->columns = common_alloc(w->column_count, sizeof *w->columns);
    bool ok = true;
    for (size_t i = 0; i < w->column_count && ok; i++)
        ok = whole_column_begin(&w->columns[i], &request->columns[i], fields->places[i],
                                forms, schema.children[i]);
    schema.release(&schema);
    if (ok)
        return w;
    whole_free(w);
    return NULL;
}

void whole_free(whole *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->column_count; i++)
        whole_column_done(&w->columns[i]);
    free(w->columns);
    free(w);
}

/* ---- adding ------------------------------------------------------------------------------- */

bool whole_add(whole *w, const struct ArrowArray *batch, int64_t from,
               uint64_t first_line)
{
    size_t count = (size_t)(batch->length - from), row = w->row_count, i = 0;
    bool ok = true;
    if (count == 0)
        return true;
    for (; ok && i < w->column_count; i++) {
        array_builder_reserve(&w->columns[i].to, row + count);
        ok = whole_column_add(&w->columns[i], batch, from, row, count);
    }
    for (; !ok && i > 0; i--)
        array_builder_forget(&w->columns[i - 1].to, row, count);
    if (!ok)
        return false;
    if (row == 0)
        w->first_line = first_line;
    w->row_count += count;
    return true;
}

size_t whole_count(const whole *w)
{
    return w->row_count;
}

bool whole_is_full(const whole *w)
{
    for (size_t i = 0; i < w->column_count; i++)
        if (w->columns[i].to.texts.size > ARRAY_MOST_BYTES)
            return true;
    return w->row_count >= FULL_ROWS;
}

/* ---- handing out -------------------------------------------------------------------------- */

void whole_take(whole *w, const char *place, struct ArrowArray *out)
{
    size_t count = w->column_count;
    array_begin(out, w->row_count, 1, count + 2);
    for (size_t i = 0; i < count; i++)
        array_builder_take(&w->columns[i].to, w->row_count, out->children[i]);
    array_builder_place(place, w->row_count, out->children[count]);
    array_builder_lines(w->first_line, w->row_count, out->children[count + 1]);
    w->row_count = 0;
}
