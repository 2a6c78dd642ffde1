/* SPDX-License-Identifier: MIT
 *
 * reader -- splits delimited text into rows and fields, as RFC 4180 has it.
 *
 *     csv_reader_open(&r, path, &format, err);
 *     while ((result = csv_read(&r, err)) == CSV_ROW || result == CSV_BAD_ROW) ...
 *     csv_reader_close(&r);
 *
 * A first line such as "sep=;", by which Excel knows the delimiter, is passed over.
 * Lines end in LF, CRLF or CR, also mixed; the last one may end without. Lines with nothing on them are
 * passed over. A field that begins with the quote may hold delimiters, line ends and
 * doubled quotes; a quote further inside a field is an ordinary character.
 *
 * A quote that never closes, or text behind a closing quote, spoils one row: it is
 * given as CSV_BAD_ROW, and reading goes on behind the line on which that quote opened,
 * so one slip costs one row and not the rest of the file.
 */
#ifndef CSV_READER_H
#define CSV_READER_H

#include <carpel/plugin.h>

#include "common/input.h"

#define CSV_BLANKS   256 /* the delimiter is a run of blanks and tabs */
#define CSV_NO_QUOTE 256

/* More fields than these are counted but not kept. */
#define CSV_MAX_FIELDS 16384

typedef struct csv_format {
    int delimiter;        /* a byte, or CSV_BLANKS */
    int quote;            /* a byte, or CSV_NO_QUOTE */
    const char *encoding; /* that files without a mark are decoded from; NULL: none */
} csv_format;

typedef struct csv_field {
    char *data; /* in the reader's window, until the next csv_read */
    size_t size;
    bool is_quoted;
    bool has_doubled_quotes; /* only while the row is being read */
} csv_field;

typedef enum csv_result { CSV_ROW, CSV_BAD_ROW, CSV_END, CSV_FAILED } csv_result;

typedef struct csv_reader {
    input in;
    csv_format format;
    int separator; /* that a first line "sep=;" names, which is no row; 0: there is none */
    uint64_t line;      /* where the row begins, from 1 */
    uint64_t next_line; /* where the next one does */
    csv_field *fields;
    size_t field_count; /* may be above CSV_MAX_FIELDS */
    size_t capacity;
    char *marked;     /* the 64 bytes that `marks` tells of; NULL: none */
    uint64_t marks;   /* a bit for each that may end a field */
    char reason[160]; /* of a bad row */
    bool
        has_open_quote; /* a row was bad because the file ended before its quote closed */
} csv_reader;

bool csv_reader_open(csv_reader *r, const char *path, const csv_format *format,
                     carpel_error *err);
void csv_reader_close(csv_reader *r);

/* Open a plain file at `place`, where a row begins; or, when `is_guess`, behind the first line
 * end from the byte before `place` on. False in *is_found: there is none in the window. Lines
 * are counted from here. */
bool csv_reader_open_at(csv_reader *r, const char *path, const csv_format *format,
                        uint64_t place, bool is_guess, bool *is_found, carpel_error *err);

/* Rows that are read together: row i has the cells [i * width, (i + 1) * width), as the host
 * takes them (carpel_text_rows), in r->in.data. */
typedef struct csv_block {
    carpel_cell *cells;
    size_t width, capacity; /* fields of a row; rows at most */
    uint64_t limit; /* no row begins at or behind this place of the file; 0: all may */
    size_t row_count;
    uint64_t first_line;
} csv_block;

/* Read rows as long as they are plain: they have `width` fields, lie in the window whole, are not
 * longer than a row may be, have no empty line before them, and in quotes neither quotes nor
 * line ends. The next one is for csv_read. Without quotes around them, fields lie as in
 * csv_read; cells are good until the next call. */
void csv_read_block(csv_reader *r, csv_block *block);

/* Read the next row. CSV_FAILED: the file cannot be read on, *err is filled. */
csv_result csv_read(csv_reader *r, carpel_error *err);

#endif
