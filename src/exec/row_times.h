/* SPDX-License-Identifier: MIT
 *
 * row_times -- when rows happened, one at a time, wherever their times stand.
 *
 * For who looks at some rows in whatever order, and would read more than they are if all were
 * widened first (reach.h). Most stored times are 32 bits wide, and are read without asking how wide
 * they are.
 */
#ifndef EXEC_ROW_TIMES_H
#define EXEC_ROW_TIMES_H

#include "exec/block.h"

typedef struct row_times {
    const uint32_t *narrow; /* of row 0 on; NULL: they are read another way */
    int64_t base;
    uint64_t unit;
    const block_rows *rows;
} row_times;

static inline row_times row_times_of(const block_rows *rows)
{
    row_times times = {.rows = rows};
    const packed *stored = rows->stored_time;
    if (stored && stored->bits == 32) {
        times.narrow = (const uint32_t *)stored->data + rows->first_row;
        times.base = stored->base;
        times.unit = stored->unit;
    }
    return times;
}

static inline int64_t row_time_at(const row_times *times, size_t row)
{
    if (times->narrow)
        return (int64_t)((uint64_t)times->base + times->unit * times->narrow[row]);
    return rows_time(times->rows, row);
}

#endif
