/* SPDX-License-Identifier: MIT
 *
 * lists -- a column of lists under construction: the cells of all items one behind the
 * other, and where the items of each row end.
 *
 *     cells_set_text(&l->fields[0], l->item_count, "A1", 2, true, &reason);
 *     list_end_item(l);
 *     list_end_row(l, row);                // or list_drop_row(l): the row's items go
 *     list_take(l, row + 1, &array);       // the column is empty again
 */
#ifndef PLUGIN_LISTS_H
#define PLUGIN_LISTS_H

#include "plugin/cells.h"

typedef struct list_cells {
    char *name;
    bool is_plain;
    cells *fields;
    size_t field_count;
    int32_t *ends;    /* of the items of each row */
    uint8_t *present; /* a bit a row: it has a list, be it empty */
    size_t missing_count;
    bool is_begun; /* the row under construction has one */
    size_t capacity;
    size_t item_count; /* whole items, those of the row under construction included */
    size_t kept_count; /* those of the rows that were ended */
} list_cells;

/* `zones` has one for each of the items' columns. */
void list_init(list_cells *l, const carpel_column *wanted, const zone *const *zones);
void list_done(list_cells *l);

/* Is there room for one more item? Arrow counts them in 32 bits. */
bool list_has_room(const list_cells *l);
void list_end_item(list_cells *l);
void list_drop_item(list_cells *l);

void list_end_row(list_cells *l, size_t row);
void list_drop_row(list_cells *l);

void list_schema(const list_cells *l, struct ArrowSchema *out);
void list_take(list_cells *l, size_t row_count, struct ArrowArray *out);

#endif
