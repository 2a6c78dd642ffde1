/* SPDX-License-Identifier: MIT
 *
 * sql -- how an output of rows becomes statements, for any database that knows
 * `insert ... on conflict` and `is distinct from`.
 *
 * The rows of a run are put into a table aside first. From there few statements make the
 * wanted table what the mode says, all in one transaction; rows that are as they were are
 * not written again, and the same rows once more change nothing:
 *
 *     replace   afterwards the table has the rows of the run and no others
 *     upsert    rows with a known key are changed, others added, none removed
 *     apply     of changes: who left is removed, the others are changed or added
 *     append    rows that are not there yet, as a whole, are added
 */
#ifndef COMMON_SQL_H
#define COMMON_SQL_H

#include <carpel/plugin.h>

#include "common/buffer.h"

/* A name in quotes, whatever stands in it. */
void sql_add_name(buffer *s, const char *name);

typedef enum sql_mode { SQL_REPLACE, SQL_UPSERT, SQL_APPLY, SQL_APPEND } sql_mode;

/* The options that all outputs into tables have. */
typedef struct sql_options {
    const char *table, *mode;
    carpel_texts key;
} sql_options;

extern const char *const sql_mode_names[];

#define SQL_OPTIONS(at)                                                                  \
    {.name = "table",                                                                    \
     .type = CARPEL_OPTION_TEXT,                                                         \
     .offset = (at) + offsetof(sql_options, table),                                      \
     .required = true,                                                                   \
     .help = "The table to write; it is made when it is missing."},                      \
        {.name = "mode",                                                                 \
         .type = CARPEL_OPTION_CHOICE,                                                   \
         .offset = (at) + offsetof(sql_options, mode),                                   \
         .choices = sql_mode_names,                                                      \
         .help =                                                                         \
             "What becomes of the table's rows: \"replace\", \"upsert\", "               \
             "\"apply\" or \"append\"; default: \"replace\", of changes \"apply\"."},    \
    {                                                                                    \
        .name = "key", .type = CARPEL_OPTION_TEXTS,                                      \
        .offset = (at) + offsetof(sql_options, key),                                     \
        .help = "The columns that tell rows apart; default: those of \"segment\", "      \
                "\"score\" and \"person\" that there are."                               \
    }

/* What is to become of a table. */
typedef struct sql_table {
    const char *schema; /* NULL: not said */
    const char *name;
    const carpel_column *columns;
    size_t column_count;
    bool *is_key;       /* for each column; of SQL_APPEND none is */
    const char **bytes; /* for each column, what makes a comparison one of bytes, such as
                           " collate binary"; NULL: its own is one */
    sql_mode mode;
    size_t change; /* of SQL_APPLY: the column that says what became of somebody;
                      column_count: there is none, and all rows are of those who left */
} sql_table;

/* Fails when the options do not fit the rows. Released with sql_table_done in any case. */
bool sql_table_init(sql_table *t, const char *schema, const sql_options *options,
                    const carpel_delivery *delivery, carpel_error *err);
void sql_table_done(sql_table *t);

void sql_add_table(buffer *s, const sql_table *t);

/* The columns of the key, or all: "a", "b". */
void sql_add_columns(buffer *s, const sql_table *t, bool are_keys);

/* The statements. `rows` is the name of the table aside as it is written, with columns of
 * the same names. sql_add_delete adds nothing when the mode removes nothing. */
void sql_add_create(buffer *s, const sql_table *t,
                    const char *(*type_of)(const carpel_column *column));
void sql_add_delete(buffer *s, const sql_table *t, const char *rows);
void sql_add_insert(buffer *s, const sql_table *t, const char *rows);

/* Once these were run: yields a row when the table is not what they made it, as a trigger or a rule of it left out rows,
 * kept them or changed them. Tell of that in a warning. */
void sql_add_find_unlike(buffer *s, const sql_table *t, const char *rows);
void sql_warn_unlike(const sql_table *t, const carpel_host *host);

/* The table is missing: may it be made? Not when the rows are changes of what it had. */
bool sql_check_missing(const sql_table *t, const carpel_delivery *delivery,
                       carpel_error *err);

/* A table that is there has these columns: are all that are to be written among them,
 * and, when rows may be removed, no others? */
bool sql_check_columns(const sql_table *t, const char *const *names, size_t count,
                       carpel_error *err);

/* The key's column that takes two texts for one, by a collation or type that is named. */
bool sql_fail_inexact(const sql_table *t, const char *column, const char *what,
                      const char *advice, carpel_error *err);

/* What the table's key cannot tell apart: two rows have the same, or one has nothing in it. */
bool sql_fail_same_key(const sql_table *t, carpel_error *err);
bool sql_fail_keyless(const sql_table *t, carpel_error *err);

/* No answer to a commit came, for the reason in `err`, to which is added what that means. */
bool sql_fail_unanswered(carpel_error *err);

#endif
