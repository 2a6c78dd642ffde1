/* SPDX-License-Identifier: MIT
 *
 * fit -- whether values of the type that a column of a table has can be read as the type that is wanted, as far as the
 * types tell. For the checks of sources of databases, which say so before any row is read.
 *
 *     const stored_type stored = {STORED_TEXT, .name = "text"};
 *     if (!fit_check(host, &stored, wanted, "age", "people", "bigint", &err)) ...
 *
 * A list is held against the type of its items.
 */
#ifndef COMMON_FIT_H
#define COMMON_FIT_H

#include <carpel/plugin.h>

typedef enum stored_kind {
    STORED_ANY, /* nothing is known of its values */
    STORED_TEXT,
    STORED_BOOL,
    STORED_WHOLE,
    STORED_DECIMAL,
    STORED_FLOAT,
    STORED_TIME, /* of a day, with a zone or without */
    STORED_DATE,
    STORED_SPAN,
    STORED_CLOCK, /* a time of any day */
    STORED_OTHER, /* what only texts are made of: an address, a point */
    STORED_OPAQUE, /* of a type of the database's own, whose texts may be anything: an enum, JSON */
} stored_kind;

typedef struct stored_type {
    stored_kind kind;
    int scale;        /* STORED_DECIMAL: digits behind the point, at most; -1: any */
    const char *name; /* as the database calls it */
} stored_type;

typedef enum fit { FIT_ALL, FIT_SOME, FIT_NONE } fit; /* of the values */

fit fit_of(const stored_type *stored, const carpel_column *wanted);

/* Tell of a column of the table or query `where` that not all values fit, and what to write; fail when none does.
 * `cast_word` is what a query calls the wanted type; NULL: it has no name there. */
bool fit_check(const carpel_host *host, const stored_type *stored,
               const carpel_column *wanted, const char *column, const char *where,
               const char *cast_word, carpel_error *err);

/* Tell of a column that some values do not fit, whatever its type says. */
void fit_warn(const carpel_host *host, const stored_type *stored,
              const carpel_column *wanted, const char *column, const char *where,
              const char *cast_word);

/* The same for an output: values of `column` are written into a column of the table that is of the type `stored`, of
 * which so many keep them as they are. `usual` is the type that keeps all. */
bool fit_check_output(const carpel_host *host, fit f, const char *stored,
                      const carpel_column *column, const char *table, const char *usual,
                      carpel_error *err);

/* "decimal(2)", as a project writes the type of a single value. */
enum { FIT_WORD_SIZE = 24 };
const char *fit_word(const carpel_column *wanted, char room[FIT_WORD_SIZE]);

/* "decimal(18, 2)", as most databases have it. */
const char *fit_sql_word(const carpel_column *wanted, char room[FIT_WORD_SIZE]);

#endif
