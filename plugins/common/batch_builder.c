/* SPDX-License-Identifier: MIT
 *
 * Columns of one length.
 */
#include "common/batch_builder.h"

#include "common/arrays.h"
#include "common/memory.h"

enum { FIRST_ROOM = 16384 };

bool batch_builder_begin(batch_builder *b, const carpel_host *host,
                         const carpel_rows *rows, const carpel_request *request,
                         array_builder *first, size_t distance)
{
    struct ArrowSchema schema;
    *b = (batch_builder){.columns =
                             common_alloc(request->column_count, sizeof *b->columns),
                         .column_count = request->column_count};
    for (size_t i = 0; i < b->column_count; i++)
        b->columns[i] = (void *)((char *)first + i * distance);
    host->rows_schema(rows, &schema);
    bool ok = schema.release != NULL;
    for (size_t i = 0; i < b->column_count && ok; i++)
        ok = array_builder_begin(b->columns[i], &request->columns[i], schema.children[i]);
    if (schema.release)
        schema.release(&schema);
    return ok;
}

void batch_builder_done(batch_builder *b)
{
    for (size_t i = 0; i < b->column_count; i++)
        array_builder_done(b->columns[i]);
    free(b->columns);
    *b = (batch_builder){0};
}

void batch_builder_grow(batch_builder *b, size_t count)
{
    size_t room = b->room == 0 ? FIRST_ROOM : b->room * 2;
    b->room = b->row_count + count > room ? b->row_count + count : room;
    for (size_t i = 0; i < b->column_count; i++)
        array_builder_reserve(b->columns[i], b->room);
}

void batch_builder_drop(batch_builder *b, size_t column_count, size_t count)
{
    for (size_t i = 0; i < column_count; i++)
        array_builder_forget(b->columns[i], b->row_count, count);
}

void batch_builder_cut(batch_builder *b, size_t row_count)
{
    size_t count = b->row_count - row_count;
    b->row_count = row_count;
    batch_builder_drop(b, b->column_count, count);
}

bool batch_builder_is_wide(const batch_builder *b)
{
    for (size_t i = 0; i < b->column_count; i++)
        if (b->columns[i]->texts.size > ARRAY_MOST_BYTES)
            return true;
    return false;
}

void batch_builder_open(const batch_builder *b, struct ArrowArray *out)
{
    array_begin(out, b->row_count, 1, b->column_count + 2);
}

void batch_builder_take(batch_builder *b, const char *place, struct ArrowArray *out)
{
    size_t count = b->column_count;
    for (size_t i = 0; i < count; i++)
        if (!out->children[i]->release)
            array_builder_take(b->columns[i], b->row_count, out->children[i]);
    array_builder_place(place, b->row_count, out->children[count]);
    array_builder_lines(b->first_line, b->row_count, out->children[count + 1]);
    b->row_count = b->room = 0;
}
