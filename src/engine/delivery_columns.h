/* SPDX-License-Identifier: MIT
 *
 * delivery_columns -- what the items of `columns` stand for.
 *
 * In a table that has just the columns that are named, a name is one of the table's own
 * columns (person, segment, ...), else a trait, a score, a set of groups, or a segment or
 * group, in this order; `user.NAME` is a trait whatever else has the name.
 */
#ifndef ENGINE_DELIVERY_COLUMNS_H
#define ENGINE_DELIVERY_COLUMNS_H

#include "engine/engine.h"
#include "plugin/results.h"

typedef enum column_kind {
    COLUMN_UNKNOWN,
    COLUMN_OWN,
    COLUMN_TRAIT,
    COLUMN_SCORE,
    COLUMN_SET,    /* the group that somebody is in */
    COLUMN_MEMBER, /* whether somebody is in a segment or group */
} column_kind;

typedef struct column_meaning {
    column_kind kind;
    const char *name; /* without "user." */
    result_kind own;  /* OWN */
    type type;        /* of OWN_VALUE it is what the scores have in common */
    bool is_of_accounts;
} column_meaning;

/* What a column of an output stands for; needs the compiled graph. */
column_meaning delivery_column_meaning(const engine *e, const config_output *o,
                                       const config_column *c);

/* The name of a trait without "user.". */
const char *delivery_trait_name(const config_column *c);

/* Report what is wrong with columns that a table has alone: names, forms, formats. */
void delivery_columns_check(const engine *e, const config_output *o, diags *diags);

#endif
