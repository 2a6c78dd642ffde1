/* SPDX-License-Identifier: MIT
 *
 * cells_parts -- what the files of cells share: cells.c (one cell, and the column as a whole),
 * cells_texts.c (texts and dictionary), cells_rows.c (many cells at once).
 */
#ifndef PLUGIN_CELLS_PARTS_H
#define PLUGIN_CELLS_PARTS_H

#include "plugin/cells.h"

/* ---- cells.c ----------------------------------------------------------------------------- */

/* Make room for so many rows. */
void cells_reserve(cells *c, size_t row_count);

/* Set the cell from a text that is none of a text column. */
bool cells_read_value(cells *c, size_t row, slice s, const char **why);

/* ---- cells_texts.c ------------------------------------------------------------------------ */

bool cells_is_ascii(const char *data, size_t size);

/* Put bytes behind those of the column. */
void cells_append_bytes(cells *c, const char *data, size_t size);

/* Add a text to the dictionary. Returns its code. */
int32_t cells_add_text(cells *c, const char *data, size_t size);

/* The code of a text, which is added when it is not remembered. False: it is not UTF-8, or too
 * long. */
bool cells_find_code(cells *c, const char *data, size_t size, int32_t *code);

/* What was remembered is of another batch. */
void cells_forget_texts(cells *c);

/* As cells_add_texts, into a column with a dictionary that has room. */
bool cells_add_strings(cells *c, size_t row, const char *data, const carpel_cell *texts,
                       size_t stride, size_t count);

/* ---- cells of many rows --------------------------------------------------------------------- */

static inline const char *cell_text(const char *data, carpel_cell cell)
{
    return data + cell.begin;
}

static inline size_t cell_size(carpel_cell cell)
{
    return cell.size & ~CARPEL_CELL_QUOTED;
}

/* A row of the column is there. */
static inline void mark_present(cells *c, size_t row)
{
    c->present[row / 8] = (uint8_t)(c->present[row / 8] | 1u << (row % 8));
}

#endif
