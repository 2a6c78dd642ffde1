/* SPDX-License-Identifier: MIT
 *
 * output -- what the output `postgres` is made of; for the files of this folder only.
 */
#ifndef POSTGRES_OUTPUT_H
#define POSTGRES_OUTPUT_H

#include <carpel/plugin.h>

#include "common/buffer.h"
#include "common/sql.h"
#include "postgres/server.h"
#include "postgres/targets.h"

typedef struct postgres_output_options {
    server_options server;
    const char *schema;
    sql_options table;
} postgres_output_options;

typedef struct postgres_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    server server;
    sql_table table;
    const char *rows; /* the temporary table */
    target *targets;  /* for each column, what of the table takes it */
    bool is_there;    /* the table, before the run */
    buffer chunk;     /* rows on their way */
    bool has_failed;
    carpel_error error; /* of the first row that could not be sent */
} postgres_output;

/* ---- output_table.c: the table that is written ------------------------------------- */

/* Find out which table it is; then, of one that is there, whether it has the columns, and what keeps values. */
bool output_table_begin(postgres_output *o, carpel_error *err);
bool output_table_look(postgres_output *o, carpel_error *err);

/* Run a query about the table, whose name is its parameter. */
bool output_table_ask(postgres_output *o, const char *query, PGresult **out,
                      carpel_error *err);

/* Fail when another output of the run is in the way. */
bool output_table_claim(postgres_output *o, carpel_error *err);

/* Run a statement about it and release the text; an empty one is none. */
bool output_table_run(postgres_output *o, buffer *statement, carpel_error *err);

/* ---- output_rows.c ------------------------------------------------------------------ */

/* Put the rows into a temporary table, and see that their key is one. */
bool output_rows_take(postgres_output *o, struct ArrowArrayStream *rows,
                      carpel_error *err);

/* ---- obstacles.c -------------------------------------------------------------------- */

/* For a check: fail when no row would get into the table that is there. */
bool output_obstacles_check(postgres_output *o, carpel_error *err);

/* In a run: warn when triggers and rules made another table of it than its statements did. */
bool output_look_back(postgres_output *o, carpel_error *err);

/* ---- output_check.c ----------------------------------------------------------------- */

carpel_check output_check;

#endif
