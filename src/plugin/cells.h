/* SPDX-License-Identifier: MIT
 *
 * cells -- one column of a batch under construction.
 *
 * A cell is set at most once a row for good: cells_end_row keeps what was set (or
 * nothing: a missing value), cells_drop_row forgets it. Setters return false with a
 * reason for the user when the value does not fit the column's type.
 *
 *     cells_set_text(c, row, "12.50", 5, false, &reason);
 *     cells_end_row(c, row);
 *     cells_take(c, row + 1, &array);      // the column is empty again
 */
#ifndef PLUGIN_CELLS_H
#define PLUGIN_CELLS_H

#include <carpel/plugin.h>

#include "base/text.h"
#include "value/calendar.h"

enum { CELLS_MEMO_SIZE = 256 }; /* texts that are remembered; a power of two */

/* A text that came before in this batch, for a column that has a dictionary. */
typedef struct cells_memo {
    uint64_t first, last; /* its first bytes, and its last eight if it has so many */
    uint32_t size;        /* UINT32_MAX: nothing is remembered here */
    int32_t code;
} cells_memo;

/* A field of some rows: its texts are cells[0], cells[stride], ... in `data`, of which `size`
 * bytes may be read. */
typedef struct cells_field {
    const char *data;
    size_t size;
    const carpel_cell *cells; /* NULL: they are all missing */
    size_t stride, count;
} cells_field;

/* The local date that was read last, when all of its times are a distance from `begin`. */
typedef struct cells_day {
    uint64_t first; /* the bytes "2026-03-" */
    uint16_t last;  /* and "01" */
    bool is_known;
    int64_t begin; /* TIME: an instant; DATE: the day */
} cells_day;

typedef struct cells {
    char *name, *from, *format;
    const char *const *others; /* fields beside `from`, for messages; or NULL */
    carpel_type type;
    bool is_text;              /* STRING, PERSON */
    bool is_coded;             /* a text column with a dictionary */
    unsigned scale;            /* DECIMAL */
    int64_t unit_microseconds; /* DURATION: of a plain number; 0: none */
    const zone *local;         /* for times without a zone of their own */

    bool is_set; /* in the row under construction */
    size_t capacity;
    size_t null_count;
    uint8_t *present; /* a bit a row, as Arrow has it */
    union {
        void *block;
        uint8_t *bits;    /* BOOL */
        int64_t *wholes;  /* INT, DECIMAL, TIME, DURATION */
        double *numbers;  /* NUMBER */
        int32_t *days;    /* DATE */
        int32_t *offsets; /* STRING, PERSON: capacity + 1 */
        int32_t *codes;   /* is_coded */
    } values;
    char *bytes; /* STRING, PERSON */
    size_t byte_count, byte_capacity;
    size_t usual_rows, usual_bytes; /* the capacities of the batch before */

    /* is_coded: the dictionary, in which a text may stand more than once */
    int32_t *text_offsets; /* text_count + 1 */
    size_t text_count, text_capacity;
    cells_memo *memo;             /* CELLS_MEMO_SIZE */
    size_t memo_tries, memo_hits; /* in this batch: is remembering worth it? */
    cells_day day;
} cells;

/* The texts of `wanted` are copied; `local` outlives the column. */
void cells_init(cells *c, const carpel_column *wanted, const zone *local);
void cells_done(cells *c);

/* Let a text column have a dictionary; before any cell is set. */
void cells_use_dictionary(cells *c);

/* Set the cell of row `row`, the one behind the last that was ended. */
bool cells_set_text(cells *c, size_t row, const char *data, size_t size, bool is_quoted,
                    text *reason);
bool cells_set_int(cells *c, size_t row, int64_t value, text *reason);
bool cells_set_number(cells *c, size_t row, double value, text *reason);
bool cells_set_bool(cells *c, size_t row, bool value, text *reason);

/* Set a cell from a whole number as the column stores it: of DECIMAL the digits without the
 * point, of TIME and DURATION microseconds, of DATE days. */
void cells_set_stored(cells *c, size_t row, int64_t value);

/* Set and end the cells of the field's rows, from `row` on. False: one of them does not fit, and
 * nothing was added. A text column has to have a dictionary. */
bool cells_add_field(cells *c, size_t row, const cells_field *f);

void cells_end_row(cells *c, size_t row);
void cells_end_rows(cells *columns, size_t count,
                    size_t row); /* the same for all columns */

/* Set and end `count` rows of an INT column: value, value + step, ... */
void cells_add_series(cells *c, size_t row, int64_t value, int64_t step, size_t count);

void cells_drop_row(cells *c, size_t row);

/* The text that was set in the row under construction, in a column of texts; else an empty one. It
 * lives until the next cell is set. */
slice cells_pending_text(const cells *c, size_t row);

/* Forget the rows [count, row_count) that were ended, and what was set behind them. */
void cells_cut(cells *c, size_t count, size_t row_count);

void cells_schema(const cells *c, struct ArrowSchema *out);
void cells_take(cells *c, size_t row_count, struct ArrowArray *out);

#endif
