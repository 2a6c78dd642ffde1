/* SPDX-License-Identifier: MIT
 *
 * Handing out the rows that were built.
 */
#include <string.h>

#include "base/memory.h"
#include "plugin/arrow.h"
#include "plugin/call.h"
#include "plugin/rows_parts.h"

/* The codes of `file_codes` (int64) as int32 with their dictionary. */
static void take_files(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->row_count, file_count = dictionary_count(rows->files);
    int32_t *codes = memory_alloc_array(count + 1, sizeof *codes);
    for (size_t i = 0; i < count; i++)
        codes[i] = (int32_t)rows->file_codes.values.wholes[i];
    struct ArrowArray wide;
    cells_take(&rows->file_codes, count, &wide);
    arrow_array_init(out, count, (size_t)wide.null_count, 2, 0);
    if (wide.null_count > 0) {
        uint8_t *present = memory_alloc((count + 7) / 8);
        memcpy(present, wide.buffers[0], (count + 7) / 8);
        arrow_array_give(out, 0, present);
    }
    arrow_array_give(out, 1, codes);
    wide.release(&wide);

    cells names;
    cells_init(&names, &(carpel_column){.name = "", .type = CARPEL_STRING},
               rows->context->utc);
    for (size_t i = 0; i < file_count; i++) {
        slice name = dictionary_text(rows->files, (uint32_t)i);
        cells_set_text(&names, i, name.data, name.size, true, &rows->reason);
        cells_end_row(&names, i);
    }
    cells_take(&names, file_count, arrow_array_add_dictionary(out));
    cells_done(&names);
}

static void forget_files(carpel_rows *rows)
{
    dictionary_free(rows->files);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
}

void rows_schema(const carpel_rows *rows, struct ArrowSchema *out)
{
    if (out == NULL) {
        plugin_call_lacks_object("rows_schema");
        return;
    }
    *out = (struct ArrowSchema){0};
    if (!rows_are_alive(rows, "rows_schema"))
        return;
    size_t count = rows->column_count;
    arrow_schema_init(out, "+s", "", count + 2);
    for (size_t i = 0; i < count; i++) {
        column_place c = rows->columns[i];
        if (c.is_list)
            list_schema(&rows->lists[c.place], out->children[i]);
        else
            cells_schema(&rows->cells[c.place], out->children[i]);
    }
    arrow_schema_init(out->children[count], "i", "file", 0);
    arrow_schema_add_dictionary(out->children[count]);
    arrow_schema_init(out->children[count + 1], "l", "line", 0);
}

static void take_columns(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->column_count, row_count = rows->row_count;
    arrow_array_init(out, row_count, 0, 1, count + 2);
    for (size_t i = 0; i < count; i++) {
        column_place c = rows->columns[i];
        if (c.is_list)
            list_take(&rows->lists[c.place], row_count, out->children[i]);
        else
            cells_take(&rows->cells[c.place], row_count, out->children[i]);
    }
    take_files(rows, out->children[count]);
    cells_take(&rows->line_column, row_count, out->children[count + 1]);
    forget_files(rows);
    rows->context->taken_count += row_count;
    rows->row_count = rows->bad_count = rows->byte_count = 0;
}

void rows_take(carpel_rows *rows, struct ArrowArray *out)
{
    if (out == NULL) {
        plugin_call_lacks_object("rows_take");
        return;
    }
    *out = (struct ArrowArray){0};
    if (!rows_are_working(rows, "rows_take"))
        return;
    if (rows->is_in_row)
        rows_break_line(rows, "it takes the rows while one is open");
    else
        take_columns(rows, out);
}
