/* SPDX-License-Identifier: MIT
 *
 * reader -- a source that is opened and read for a check: as carpel does it, and with what the check
 * makes different.
 *
 *     kit_reader r;
 *     if (kit_reader_open(&r, t, &how, &err))
 *         while ((got = kit_reader_next(&r, &rows, &err)) == KIT_BATCH) ...
 *     kit_reader_close(&r, &err);             // always
 *
 * Rows are told as texts: the cells of a row with tabs between them, "-" where one is missing.
 */
#ifndef KIT_READER_H
#define KIT_READER_H

#include "ingest/batch.h"
#include "kit/patience.h"
#include "kit/trial.h"
#include "plugin/guarded.h"

/* What is asked for; zeros stand for what the options file says. */
typedef struct kit_how {
    const void *options;
    const carpel_column *columns;
    size_t column_count;
    size_t batch_rows;  /* in a batch of the host's builder */
    text *log;          /* gets what it logs; NULL: nobody does */
    const char *cursor; /* where it goes on; NULL: from the beginning */
    bool is_strict;     /* the first row that is set aside ends it */
} kit_how;

typedef enum kit_got { KIT_FAILED, KIT_END, KIT_BATCH } kit_got;

typedef struct kit_reader {
    kit_trial *trial;
    plugin_host *host;
    cancel stop;
    kit_patience patience;
    quarantine *quarantine;
    carpel_request request;
    mapping mapping;
    schema schema;
    batch batch;
    struct ArrowArrayStream stream;
    bool has_schema;
    uint64_t row_count, batch_count;
} kit_reader;

/* Make all ready but the source itself. */
void kit_reader_begin(kit_reader *r, kit_trial *t, const kit_how *how);

/* Open the source. */
bool kit_reader_open(kit_reader *r, kit_trial *t, const kit_how *how, carpel_error *err);

/* The next batch, checked, released, and its rows appended. */
kit_got kit_reader_next(kit_reader *r, text *rows, carpel_error *err);

/* Read to the end, or until so many rows are read that more of them tell nothing new. */
kit_got kit_reader_read(kit_reader *r, text *rows, carpel_error *err);

/* False, with *err, when the plugin broke the contract. */
bool kit_reader_close(kit_reader *r, carpel_error *err);

/* Open, read and close. */
bool kit_read_all(kit_trial *t, const kit_how *how, text *rows, carpel_error *err);

#endif
