/* SPDX-License-Identifier: MIT
 *
 * The builder has one row for each of the batch, so that it hands over as many as it took.
 */
#include "postgres/local_times.h"

#include "common/memory.h"
#include "common/moments.h"

enum {
    ROWS_AT_ONCE = 1024,
    TEXT_ROOM = 32,  /* "2026-03-01 10:00:00.123456" */
    SPARE_BYTES = 16 /* behind the last text, which make reading quicker */
};

struct local_times {
    const carpel_host *host;
    carpel_rows *rows;
    size_t count;
    size_t *fields;
    carpel_cell *cells;
    char *texts;
    bool has_begun;
};

local_times *local_times_new(const carpel_host *host, const carpel_column *columns,
                             size_t count)
{
    local_times *l = common_alloc(1, sizeof *l);
    l->host = host;
    l->count = count;
    l->rows = host->rows_new(host, columns, count);
    l->fields = common_alloc(count, sizeof *l->fields);
    for (size_t i = 0; i < count; i++)
        l->fields[i] = i;
    l->cells = common_alloc(ROWS_AT_ONCE * count, sizeof *l->cells);
    l->texts = common_alloc(ROWS_AT_ONCE * count * TEXT_ROOM + SPARE_BYTES, 1);
    return l;
}

void local_times_free(local_times *l)
{
    if (!l)
        return;
    l->host->rows_free(l->rows);
    free(l->fields);
    free(l->cells);
    free(l->texts);
    free(l);
}

/* Write the rows from `first` on. Returns the bytes that they take. */
static size_t write_texts(local_times *l, array_builder *const *values, size_t first,
                          size_t rows)
{
    size_t used = 0;
    carpel_cell *cell = l->cells;
    for (size_t row = first; row < first + rows; row++)
        for (size_t i = 0; i < l->count; i++) {
            const int64_t *times = (const int64_t *)(void *)values[i]->values;
            size_t size = 0;
            if (array_builder_has(values[i], row))
                size = moment_write_time(times[row], 1000000, ' ', "", l->texts + used,
                                         TEXT_ROOM);
            *cell++ = (carpel_cell){(uint32_t)used, (uint32_t)size};
            used += size;
        }
    return used;
}

static void add_rows(local_times *l, uint64_t first_line, size_t rows,
                     array_builder *const *values)
{
    for (size_t first = 0; first < rows; first += ROWS_AT_ONCE) {
        size_t count = rows - first < ROWS_AT_ONCE ? rows - first : ROWS_AT_ONCE;
        size_t used = write_texts(l, values, first, count);
        const carpel_text_rows texts = {.struct_size = sizeof texts,
                                        .data = l->texts,
                                        .size = used + SPARE_BYTES,
                                        .cells = l->cells,
                                        .row_count = count,
                                        .field_count = l->count,
                                        .fields = l->fields,
                                        .first_line = first_line + first};
        l->host->rows_add(l->rows, &texts);
    }
}

void local_times_take(local_times *l, const char *place, uint64_t first_line, size_t rows,
                      array_builder *const *values, struct ArrowArray *const *out)
{
    struct ArrowArray batch = {0};
    if (!l->has_begun)
        l->host->rows_begin_file(l->rows, place);
    l->has_begun = true;
    add_rows(l, first_line, rows, values);
    l->host->rows_take(l->rows, &batch);
    for (size_t i = 0; i < l->count; i++) {
        array_builder_forget(values[i], 0, rows);
        if (batch.release) {
            *out[i] = *batch.children[i];
            batch.children[i]->release = NULL; /* it has moved */
        }
    }
    if (batch.release)
        batch.release(&batch);
}
