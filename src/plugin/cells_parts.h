/* SPDX-License-Identifier: MIT
 *
 * cells_parts -- what the files of cells share: cells.c (one cell, and the column as a whole),
 * cells_texts.c (texts and dictionary), cells_rows.c (many cells at once).
 */
#ifndef PLUGIN_CELLS_PARTS_H
#define PLUGIN_CELLS_PARTS_H

#include <endian.h>
#include <string.h>

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

/* ---- cells of many rows --------------------------------------------------------------------- */

enum { CELLS_AT_ONCE = 1024 };

/* The texts of some rows of a field, those that are missing left out. */
typedef struct present_cells {
    const char *data; /* of which `size` bytes may be read */
    size_t size;
    size_t count;
    uint32_t rows[CELLS_AT_ONCE]; /* counted from the first of the rows */
    carpel_cell cells[CELLS_AT_ONCE];
} present_cells;

/* Set the cells of those rows behind `row` that have a text, in a column with a dictionary.
 * False: one of them does not fit. */
bool cells_set_texts(cells *c, size_t row, const present_cells *p);

static inline slice present_text(const present_cells *p, size_t i)
{
    return (slice){p->data + p->cells[i].begin, p->cells[i].size & ~CARPEL_CELL_QUOTED};
}

/* May so many bytes be read at the text, whatever its size is? */
static inline bool has_bytes(const present_cells *p, slice s, size_t count)
{
    return (size_t)(s.data - p->data) + count <= p->size;
}

/* The first eight bytes of a text, the first one lowest; zeros stand for what it lacks. */
static inline uint64_t text_first_bytes(const char *data, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, data, size < 8 ? size : 8);
    return le64toh(word);
}

/* A mask of those of eight bytes that a text of this size has. */
static inline uint64_t text_bytes_mask(size_t size)
{
    return size >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << size * 8) - 1;
}

/* Eight bytes that may be read. */
static inline uint64_t text_load(const char *data)
{
    uint64_t word;
    memcpy(&word, data, 8);
    return le64toh(word);
}

#endif
