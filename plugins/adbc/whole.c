/* SPDX-License-Identifier: MIT
 *
 * A batch of a driver is added column after column; when a value of one is none that is wanted, all are cut back
 * to where they were.
 */
#include "adbc/whole.h"

#include <string.h>

#include "adbc/arrays.h"
#include "adbc/whole_column.h"
#include "common/memory.h"

enum { FULL_ROWS = 65536 };

struct whole {
    whole_column *columns;
    size_t column_count, row_count, capacity;
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

static void grow(whole *w, size_t rows)
{
    if (rows <= w->capacity)
        return;
    w->capacity = rows + w->capacity / 2;
    for (size_t i = 0; i < w->column_count; i++)
        whole_column_reserve(&w->columns[i], w->capacity);
}

bool whole_add(whole *w, const struct ArrowArray *batch, int64_t from,
               uint64_t first_line)
{
    size_t count = (size_t)(batch->length - from), row = w->row_count, i = 0;
    bool ok = true;
    if (count == 0)
        return true;
    grow(w, row + count);
    for (; ok && i < w->column_count; i++) {
        w->columns[i].missing_before = w->columns[i].missing_count;
        ok = whole_column_add(&w->columns[i], batch, from, row, count);
    }
    for (; !ok && i > 0; i--)
        w->columns[i - 1].missing_count = w->columns[i - 1].missing_before;
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
        if (w->columns[i].texts.size > WHOLE_MOST_BYTES)
            return true;
    return w->row_count >= FULL_ROWS;
}

/* ---- handing out -------------------------------------------------------------------------- */

/* The blocks are the array's from here on. */
static void make_array(struct ArrowArray *out, size_t length, size_t missing_count,
                       void *present, void *values, void *bytes)
{
    array_begin(out, length, bytes ? 3 : 2, 0);
    out->null_count = (int64_t)missing_count;
    out->buffers[0] = present;
    out->buffers[1] = values;
    if (bytes)
        out->buffers[2] = bytes;
}

static void give_texts(text_list *t, struct ArrowArray *out)
{
    text_list_reserve(t, 1);
    out->dictionary = common_alloc(1, sizeof *out->dictionary);
    make_array(out->dictionary, t->count, 0, NULL, t->ends, t->bytes);
    *t = (text_list){0};
}

static void give_column(whole_column *c, size_t rows, struct ArrowArray *out)
{
    if (c->is_coded && c->missing_count == rows) /* a number of no text may stand there */
        memset(c->values, 0, rows * c->width);
    make_array(out, rows, c->missing_count, c->present, c->values, NULL);
    if (c->is_coded) {
        give_texts(&c->texts, out);
        memset(c->memo, 0, WHOLE_MEMO * sizeof *c->memo);
    }
    c->present = NULL;
    c->values = NULL;
    c->missing_count = 0;
}

static void give_place(const char *place, size_t rows, struct ArrowArray *out)
{
    text_list t = {0};
    size_t size = strlen(place);
    text_list_reserve(&t, size);
    memcpy(t.bytes, place, size);
    t.ends[1] = (int32_t)size;
    t.size = size;
    t.count = 1;
    make_array(out, rows, 0, NULL, common_alloc(rows, sizeof(int32_t)), NULL);
    give_texts(&t, out);
}

static void give_lines(uint64_t first, size_t rows, struct ArrowArray *out)
{
    int64_t *lines = common_alloc(rows, sizeof *lines);
    for (size_t i = 0; i < rows; i++)
        lines[i] = (int64_t)(first + i);
    make_array(out, rows, 0, NULL, lines, NULL);
}

void whole_take(whole *w, const char *place, struct ArrowArray *out)
{
    size_t count = w->column_count;
    array_begin(out, w->row_count, 1, count + 2);
    for (size_t i = 0; i < count; i++)
        give_column(&w->columns[i], w->row_count, out->children[i]);
    give_place(place, w->row_count, out->children[count]);
    give_lines(w->first_line, w->row_count, out->children[count + 1]);
    w->row_count = w->capacity = 0;
}
