/* SPDX-License-Identifier: MIT
 *
 * origins -- where the rows of a part came from: file and line.
 *
 * A row's arrival is its number among the rows that its source brought, so it is also its
 * place in here: the file whose range holds it, and in that the last line that was noted at
 * or before it.
 *
 *     rows       0  1  2  3 | 4  5  6            files  [a.csv from 0] [b.csv from 4]
 *     lines      2  3  4  7 | 2  3  4            lines  [0: 2] [3: 7] [4: 2]
 *
 * Only where lines do not follow one another there is a note, so that a file costs some
 * bytes and a row none.
 *
 *     origins *o = origins_new();
 *     for each row: origins_note(o, file, line);
 *     origins_find(o, row, &file, &line);
 *     origins_free(o);
 */
#ifndef STORE_ORIGINS_H
#define STORE_ORIGINS_H

#include "store/section_file.h"
#include "store/section_writer.h"

/* The rows from `first` on are of this file. */
typedef struct origin_file {
    slice name;
    uint64_t first, count;
} origin_file;

typedef struct origins origins;

origins *origins_new(void);
void origins_free(origins *o); /* accepts NULL */

/* The next row. A name is copied when it differs from that of the row before. */
void origins_note(origins *o, slice file, uint64_t line);

/* Rows whose lines follow one another, from `line` on. */
void origins_note_run(origins *o, slice file, uint64_t line, uint64_t count);

/* The rows of a file of another part. */
void origins_append_file(origins *o, const origins *from, size_t index);

uint64_t origins_row_count(const origins *o);
size_t origins_file_count(const origins *o);
origin_file origins_file(const origins *o, size_t index);

/* False: there is no such row. */
bool origins_find(const origins *o, uint64_t row, slice *file, uint64_t *line);

/* As sections of a part. `base` is added to the arrivals of the part's rows. */
void origins_write(const origins *o, uint64_t base, section_writer *w);

/* Of a part whose sections were checked; NULL: err is filled. */
origins *origins_read(const section_file *f, uint64_t *base, carpel_error *err);

#endif
