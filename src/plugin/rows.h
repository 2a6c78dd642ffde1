/* SPDX-License-Identifier: MIT
 *
 * rows -- the row builder that the host lends its sources: rows in, Arrow batches out.
 *
 * A batch has the wanted columns and behind them `file` and `line`, the place of each
 * row. Rows whose cells do not fit go to the quarantine instead. plugin.h describes
 * the functions, which host.c puts into the table that plugins see.
 */
#ifndef PLUGIN_ROWS_H
#define PLUGIN_ROWS_H

#include <carpel/plugin.h>

#include "base/cancel.h"
#include "plugin/failure.h"
#include "ingest/loader.h"
#include "ingest/quarantine.h"
#include "ingest/refused_rows.h"

/* What the builders of one host share. */
typedef struct rows_context {
    const mapping *mapping; /* knows the zones of times; NULL: `utc` for all */
    const zone *utc;
    quarantine *quarantine;        /* NULL: bad rows are not kept */
    refused_rows *refused;         /* of a piece: they wait here instead; or NULL */
    const cancel *cancel;          /* or NULL */
    const char *file, *file_title; /* a file that people know by another name; or NULL */
    instance_failure
        failure; /* the quarantine refused a row, or a call broke the contract */
    carpel_rows *builders; /* all that were made */
    size_t full_rows;      /* of a batch; 0: as many as serve best */
    uint64_t taken_count;  /* good rows that were taken, in all batches */
    uint64_t bad_count;    /* rows set aside */
} rows_context;

/* A builder stays known to its context, so that a call after rows_free is found out. What
 * breaks the contract becomes the failure of the context, and nothing is done then. */
carpel_rows *rows_new(rows_context *context, const carpel_column *columns, size_t count);
void rows_free(carpel_rows *rows);

/* At the end of a source: is a row still open, or was one never taken? */
void rows_check_end(rows_context *context);

/* Free all builders for good. */
void rows_end(rows_context *context);

void rows_begin_file(carpel_rows *rows, const char *file);
void rows_begin_row(carpel_rows *rows, uint64_t line);
void rows_set_text(carpel_rows *rows, size_t index, const char *data, size_t size,
                   bool is_quoted);
void rows_set_int(carpel_rows *rows, size_t index, int64_t value);
void rows_set_number(carpel_rows *rows, size_t index, double value);
void rows_set_bool(carpel_rows *rows, size_t index, bool value);
/* The row has a list in this column, be it empty. */
void rows_begin_list(carpel_rows *rows, size_t index);
void rows_begin_item(carpel_rows *rows, size_t index);
void rows_end_item(carpel_rows *rows);
void rows_refuse_row(carpel_rows *rows, const char *reason);
void rows_end_row(carpel_rows *rows);
void rows_add(carpel_rows *rows, const carpel_text_rows *texts);

size_t rows_count(const carpel_rows *rows);
bool rows_is_full(const carpel_rows *rows);
void rows_schema(const carpel_rows *rows, struct ArrowSchema *out);
void rows_take(carpel_rows *rows, struct ArrowArray *out);

#endif
