/* SPDX-License-Identifier: MIT
 *
 * source -- what the files of the source `csv` share: source.c (its options, and opening it), columns.c (where
 * a file has the wanted columns), rows.c (its rows for the host) and pieces.c (files cut into pieces).
 */
#ifndef CSV_SOURCE_H
#define CSV_SOURCE_H

#include <carpel/plugin.h>

#include "common/decode.h"
#include "csv/reader.h"

#define CSV_NO_FIELD SIZE_MAX

enum { CSV_MOST_BLOCK_CELLS = 8192 }; /* that are handed to the host together */

typedef struct csv_options {
    carpel_texts files, columns;
    const char *delimiter, *quote, *encoding;
    bool header;
} csv_options;

typedef struct csv_piece csv_piece;

/* One opened source. */
typedef struct csv_source {
    const carpel_host *host;
    const carpel_request *request;
    const csv_options *options;
    csv_format format;
    byte_table *bytes; /* of letters that are bytes; NULL: no */

    size_t next_file; /* the file after the open one */
    size_t end_file;  /* and behind the last */
    csv_piece *piece; /* what is read is only this; NULL: all of the files */
    bool is_open;
    csv_reader reader;
    const char *name; /* of the open file, for people */
    size_t *fields;   /* for each wanted column its field, or CSV_NO_FIELD; behind these
                             their other fields, column by column */
    bool is_lost;     /* no row begins where the piece was guessed to */
    size_t width;     /* fields of a row; 0: the first row will tell */
    uint64_t total_bytes; /* of all files */
    uint64_t done_bytes;  /* of the files before the open one */

    csv_block block;
    size_t merged_count;   /* columns with several fields */
    carpel_cell *merged;   /* the block's rows, with a cell more for each of these */
    size_t *merged_fields; /* of such a row: for each column its cell */

    char *converted; /* a text of bytes as UTF-8 */
    size_t converted_capacity;
} csv_source;

/* The columns of a file that is cut, and which file it is. */
typedef struct csv_columns {
    size_t *fields;
    size_t width;
    uint64_t device, inode;
} csv_columns;

/* A piece of a file, or a whole one that is not cut. */
struct csv_piece {
    size_t file;
    uint64_t begin, end;        /* its part of the file; end 0: the file's */
    const csv_columns *columns; /* NULL: it is not cut */
    bool goes_on;               /* it begins behind what was read of the file before */
    uint64_t asked_begin;       /* or CARPEL_PIECE_GUESS */
    carpel_piece_place place;
};

/* ---- source.c ---------------------------------------------------------------------------- */

bool csv_read_format(const csv_options *options, csv_format *out, carpel_error *err);

/* A row of texts holds no lists. One that the user did not map stays empty. */
bool csv_refuse_lists(const carpel_request *request, carpel_error *err);

/* A source that reads nothing yet, and its end. */
csv_source *csv_source_new(const carpel_host *host, const carpel_request *request,
                           const csv_format *format);
void csv_source_close(void *state);

/* Are the fields of the open file still to be decoded? */
bool csv_has_bytes(const csv_source *s);

/* Write a text of letters that are bytes as UTF-8, at s->converted. One that stands for nothing stays, so that
 * the host refuses the row. */
void csv_convert(csv_source *s, const csv_field *field, size_t *size);

/* ---- columns.c --------------------------------------------------------------------------- */

/* How many fields are looked for. */
size_t csv_count_fields(const carpel_request *request);

/* Find out the columns of the file that was opened, as far as they are known before its first row. */
bool csv_begin_columns(csv_source *s, carpel_error *err);

/* Without a header and names, `from` is the number of the field, from 1; how many there are shows in the
 * first row. */
bool csv_number_columns(csv_source *s, size_t count, carpel_error *err);

/* ---- rows.c ------------------------------------------------------------------------------ */

/* row_source.fill (common/stream.h) */
bool csv_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err);

/* ---- pieces.c ---------------------------------------------------------------------------- */

extern const carpel_reading csv_reading_in_pieces;

#endif
