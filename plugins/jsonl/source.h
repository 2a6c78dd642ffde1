/* SPDX-License-Identifier: MIT
 *
 * source -- what the files of the source `jsonl` share: source.c (one stream of lines), line.c (the
 * rows of a line), values.c (what stands in a row), notes.c (what is noticed of the keys) and
 * pieces.c (files cut into pieces, a stream each).
 */
#ifndef JSONL_SOURCE_H
#define JSONL_SOURCE_H

#include <carpel/plugin.h>

#include "common/input.h"
#include "common/json.h"
#include "common/paths.h"

typedef struct jsonl_options {
    carpel_texts files;
    const char *each; /* NULL: a line is a row */
} jsonl_options;

/* ---- notes.c ----------------------------------------------------------------------------- */

enum { JSONL_KEPT_KEYS = 64, JSONL_ROWS_WITH_KEPT_KEYS = 100 };

/* What was noticed of some lines, for a hint when a column is in none. */
typedef struct jsonl_notes {
    bool is_over;       /* the lines are read to the end */
    uint64_t row_count; /* lines that are not empty */
    bool *was_found;    /* by column, once it is over */
    char *other_keys
        [JSONL_KEPT_KEYS]; /* outermost keys that nobody wants, of the first rows */
    size_t other_key_count;
} jsonl_notes;

void jsonl_notes_keep_key(jsonl_notes *n, const char *key, size_t size);

/* All lines are read, and the paths know which of them were found. */
void jsonl_notes_end(jsonl_notes *n, const path_node *paths, size_t column_count);
void jsonl_notes_done(jsonl_notes *n);

/* Warn of the columns that are in none of the lines of these notes, in their order. Lines that
 * were not read to the end tell nothing. */
void jsonl_warn_of_missing(const carpel_host *host, const carpel_request *request,
                           const path_node *paths, const jsonl_notes *const *notes,
                           size_t count);

/* ---- pieces.c ---------------------------------------------------------------------------- */

/* A piece of a file, or a whole one that is not cut. */
typedef struct jsonl_piece {
    size_t file;
    uint64_t begin, end; /* its part of the file; end 0: the file's */
    bool is_cut;         /* then the file is this one: */
    uint64_t device, inode;
    bool goes_on;         /* it begins behind what was read of the file before */
    uint64_t asked_begin; /* or CARPEL_PIECE_GUESS */
    carpel_piece_place place;
    jsonl_notes notes;
} jsonl_piece;

extern const carpel_reading jsonl_reading;

/* ---- look.c ------------------------------------------------------------------------------ */

/* carpel_source.look */
bool jsonl_look(const carpel_host *host, const char *path, const carpel_view *view,
                bool *is_mine, carpel_error *err);

/* ---- source.c ---------------------------------------------------------------------------- */

/* Of a column with several fields: which of them was there in which row. */
typedef struct jsonl_rank {
    uint64_t row;
    unsigned rank;
} jsonl_rank;

/* With `each`: where the items stand in the line that is read. */
typedef struct jsonl_items {
    const char **begins;
    size_t count, capacity;
    const char *end; /* behind the list; NULL: it has no end */
} jsonl_items;

/* One opened source. */
typedef struct jsonl_source {
    const carpel_host *host;
    const carpel_request *request;
    const jsonl_options *options;
    path_node *paths;
    path_node *each;      /* the list whose items are rows; NULL: lines are */
    path_node *each_path; /* the way to it alone */
    jsonl_items items;
    uint64_t item;     /* which of them the row is */
    jsonl_rank *ranks; /* by column; NULL: no column has other fields */
    json json;
    carpel_rows *rows; /* while fill works */

    size_t next_file;   /* the file after the open one */
    size_t end_file;    /* and behind the last */
    jsonl_piece *piece; /* what is read is only this; NULL: all of the files */
    bool is_part;       /* the open file is not read from its begin */
    bool is_lost;       /* no line begins where the piece was guessed to */
    bool is_cut_short;  /* the last line has no end */
    bool is_open;
    input in;
    uint64_t next_line;
    uint64_t object, last_object; /* the row or item that is read; all of them so far */
    uint64_t row;                 /* the row's number among them */
    uint64_t total_bytes, done_bytes;
    jsonl_notes notes;
} jsonl_source;

/* Open a stream of the lines of a piece, or of all files. */
void jsonl_source_open(const carpel_host *host, const carpel_request *request,
                       jsonl_piece *piece, struct ArrowArrayStream *out);

/* ---- line.c ------------------------------------------------------------------------------ */

/* Add the rows of a line. One that is not as it should be is a refused row. */
void jsonl_add_line(jsonl_source *s, const char *line, size_t size);

/* ---- values.c ---------------------------------------------------------------------------- */

/* Set the columns that the object at hand holds; `depth` objects and lists are open around it. False: the
 * row is refused, or s->json has a fault. */
bool jsonl_read_object(jsonl_source *s, path_node *node, unsigned depth);

#endif
