/* SPDX-License-Identifier: MIT
 *
 * batch -- one batch of a source on its way into the loader's tables.
 *
 *     batch_init(&b, mapping);
 *     batch_check_schema(&b, &err);            // b.schema is filled by the stream
 *     for each batch of the stream:
 *         batch_open(&b, array, &err);
 *         batch_judge(&b);                     // fills kinds, times, reasons
 *         batch_append(&b, &tables);           // the good rows
 *     batch_done(&b);
 *
 * The arrays serve all batches of a stream, so that a good row costs no allocation.
 */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include "base/arena.h"
#include "base/dictionary.h"
#include "store/known.h"
#include "ingest/link_set.h"
#include "ingest/mapping.h"
#include "store/raw_table.h"
#include "ingest/vector.h"

enum {
    KIND_NONE = -1,     /* the row brings only traits */
    KIND_SKIPPED = -2,  /* a `skip` rule leaves it out */
    KIND_REPEATED = -3, /* a row with its id was taken before */
    KIND_UNKNOWN = -4   /* of a text that names no kind */
};

/* The rows of a batch that are of one kind: grouped[begin .. end). */
typedef struct row_range {
    size_t begin, end;
} row_range;

/* How often a step of cleaning made another value of those of a column, and the row of the first. */
typedef struct clean_tally {
    uint64_t count;
    size_t row;
} clean_tally;

/* A value that cleaning made another of. */
typedef struct value_change {
    size_t row;
    size_t number;     /* of the batch's, as they were noted */
    const char *field; /* where it stands */
    slice before;
    const char *after; /* as a text, in the batch's memory; NULL: it is missing */
    bool is_refused;   /* it cannot be read */
    uint32_t steps;    /* bits */
} value_change;

typedef struct batch batch;
struct batch {
    const mapping *mapping;
    struct ArrowSchema schema;     /* released by batch_done */
    size_t file_child, line_child; /* or SCHEMA_NONE */

    vector *columns;     /* of the mapping */
    list_vector *lists;  /* those of them that are lists */
    vector files, lines; /* row_count 0: the plugin does not say */
    size_t row_count, capacity;
    int32_t *kinds;       /* per row: a kind, KIND_NONE, or why it is left out */
    const char **reasons; /* per row: why it is bad, or NULL */
    int64_t *times;       /* per row */
    uint32_t *persons;    /* per row, for the good ones */
    uint8_t *own_kinds;   /* per row, likewise: the kind of the person's own id */
    uint32_t *selected;   /* the good rows, one after the other */
    size_t selected_count;
    uint32_t *grouped;        /* those with an event, by kind */
    row_range *ranges;        /* per kind */
    uint32_t *codes;          /* per selected row */
    uint32_t *items, *owners; /* per item of one list: its number, and its row */
    size_t item_capacity;
    uint32_t *memo; /* per text of a dictionary: its code in ours */
    size_t memo_capacity;
    arena *texts; /* of reasons, and of columns that were cleaned */
    clean_work work;
    clean_tally
        *tallies; /* of each column those of all steps; NULL: nothing is cleaned */
    value_change *changes; /* where the mapping lists them; column by column */
    size_t change_count, change_capacity;
    dictionary
        *event_texts; /* of the event column; event_kinds says what they stand for */
    int32_t *event_kinds;
};

/* Where the good rows go. */
typedef struct batch_target {
    dictionary *persons;
    known_times *known; /* of the persons */
    raw_table *kinds, *traits;
    link_set *links;  /* that were taken */
    uint64_t arrival; /* of the first row of the batch */
} batch_target;

/* Defined in loader.c: the loader's tables, good until the next call, and places in the
 * total order for so many rows more. */
batch_target loader_target(loader *l, uint64_t row_count);

void batch_init(batch *b, const mapping *m);
void batch_done(batch *b);

/* Does b->schema keep the contract? CARPEL_E_PLUGIN if not. */
bool batch_check_schema(batch *b, carpel_error *err);

/* Begin with the rows of `array`, which outlives the work on them. */
bool batch_open(batch *b, const struct ArrowArray *array, carpel_error *err);

/* Decide what becomes of each row. */
void batch_judge(batch *b);

/* Make of the columns that came as texts what the schema has: of those that rows are left out by, or of the
 * others. */
void batch_clean(batch *b, bool are_tested);

/* One such column: `owners` are the rows of its values (NULL: value i is of row i). */
void batch_clean_values(batch *b, const column_cleaning *cleaning, size_t column,
                        const vector *in, const uint32_t *owners, vector *out);

/* Count which steps changed a value of a column, and remember the first row of each; the whole of it where
 * changes are listed. */
void batch_note_changes(batch *b, size_t column, const value_change *change);

/* Where several fields may hold the value of the column: put the first of their texts there that is none that
 * cleaning takes for a missing one. */
void batch_choose_texts(batch *b, size_t column);

/* Clean a column whose texts hold lists. */
void batch_split(batch *b, size_t column);

/* The first reason against a row stands; it lives as long as the batch. */
void batch_refuse_row(batch *b, size_t row, const char *reason);

/* Where a field may hold something that is no id, or several may say whose a row is: take the first that
 * names somebody. */
void batch_choose_people(batch *b);

/* As much of a text as fits into a reason, cut between two characters. */
int batch_quoted_size(slice s);

/* Append the good rows to their tables. */
void batch_append(batch *b, const batch_target *target);

/* Append what they tell of ids, and note since when their people are known. */
void batch_append_links(batch *b, const batch_target *target);

/* All batches are through: append the kinds of ids that are known as long as their people are. */
void batch_finish_links(link_set *links, const known_times *known, raw_table *t);

/* Add rows to a table, whose values are zero yet, and return the first. `arrival` is that of the first row of
 * the batch. */
size_t batch_append_rows(const batch *b, raw_table *t, uint64_t arrival,
                         const uint32_t *rows, size_t count);

/* out[i] = the code of the text of rows[i] in `d`; 0 for a missing one. */
void batch_add_texts(batch *b, const vector *v, const uint32_t *rows, size_t count,
                     dictionary *d, uint32_t *out);

/* The file of a row, or the source, in the batch's memory; and its line, or its number when the
 * batch's first row has the number `first_row`. */
const char *batch_file_of(batch *b, size_t row);
uint64_t batch_line_of(const batch *b, size_t row, uint64_t first_row);

/* Whose a row is; empty when it does not say. */
slice batch_person_of(const batch *b, size_t row);

/* Fail with what a stream says of its failure. Returns false. */
bool batch_fail_stream(const mapping *m, struct ArrowArrayStream *stream, int number,
                       carpel_error *err);

/* List the good rows in `selected`, and those with an event in `grouped`. */
void batch_select_rows(batch *b);

/* List the items of these rows, of a list's column, in `items` and `owners`. Returns how
 * many there are. */
size_t batch_select_items(batch *b, size_t column, const uint32_t *rows, size_t count);

/* List the good rows that bring a list in this column, be it empty, in `grouped`. Returns
 * how many there are. */
size_t batch_select_settings(batch *b, size_t column);

/* The items of all lists, good and bad. */
uint64_t batch_item_count(const batch *b);

static inline clean_tally *batch_tallies(const batch *b, size_t column)
{
    return b->tallies + column * CLEAN_STEP_COUNT;
}

static inline bool batch_is_list(const batch *b, size_t column)
{
    return b->mapping->columns[column].type == CARPEL_LIST;
}

static inline bool batch_row_is_good(const batch *b, size_t row)
{
    return b->reasons[row] == NULL && b->kinds[row] >= KIND_NONE;
}

#endif
