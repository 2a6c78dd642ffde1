/* SPDX-License-Identifier: MIT
 *
 * isolated_rows -- batches on their way from one process to another: the columns as they were
 * checked (ingest/batch.h), with nothing but the rows.
 *
 *     child                                      parent
 *     isolated_shape_of(&batch, ...)             isolated_schema(columns, count, &shape, &schema)
 *     isolated_rows_put(&batch, writer)          isolated_rows_get(columns, count, &shape, reader,
 *                                                                  &array)
 */
#ifndef PLUGIN_ISOLATED_ROWS_H
#define PLUGIN_ISOLATED_ROWS_H

#include "base/duct.h"
#include "ingest/batch.h"

/* So many columns and fields of lists may stand in a batch. */
enum { ISOLATED_MOST_COLUMNS = 4096 };

/* What a schema says beyond the columns that were asked for. Zeroed it says that there are plain columns, however
 * many, whose texts stand in no dictionary. */
typedef struct isolated_shape {
    uint32_t count;
    bool has_file, is_file_coded, has_line;
    bool is_coded
        [ISOLATED_MOST_COLUMNS]; /* texts stand in a dictionary; by column, of lists
                                             by field */
} isolated_shape;

/* Of a batch whose schema was checked. False: it has more columns than that. */
bool isolated_shape_of(const batch *b, isolated_shape *out);

/* The rows of a batch that is open. */
void isolated_rows_put(const batch *b, const isolated_shape *shape, duct_writer *out);

/* The rows of a batch of the host's own, for an output: plain columns whose texts stand in no dictionary.
 * They are got by isolated_rows_get with a zeroed shape. */
void isolated_table_put(const struct ArrowArray *batch, const carpel_column *columns,
                        size_t count, duct_writer *out);

void isolated_schema(const carpel_column *columns, size_t count,
                     const isolated_shape *shape, struct ArrowSchema *out);

/* How rows came. But for the first, *out has nothing to be released, and what is left of the rows stands in
 * the duct: nothing else can be got from it. */
typedef enum isolated_got {
    ISOLATED_WHOLE,
    ISOLATED_CUT,      /* they do not come whole, or cannot be rows */
    ISOLATED_NO_MEMORY /* there is none to take them */
} isolated_got;

isolated_got isolated_rows_get(const carpel_column *columns, size_t count,
                               const isolated_shape *shape, duct_reader *in,
                               struct ArrowArray *out);

#endif
