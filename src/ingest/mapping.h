/* SPDX-License-Identifier: MIT
 *
 * mapping -- the inside of a source's mapping, for the loader: which column of the
 * batches is what. Columns are numbers in `columns`; SCHEMA_NONE: there is none.
 */
#ifndef INGEST_MAPPING_H
#define INGEST_MAPPING_H

#include "base/text.h"
#include "ingest/loader.h"

/* "this column fits this pattern"; a missing cell counts as the empty text. */
typedef struct mapping_condition {
    size_t column;
    slice pattern;
} mapping_condition;

/* All conditions hold: the row is of `kind`, or is left out. */
typedef struct mapping_rule {
    size_t kind;
    mapping_condition *conditions;
    size_t condition_count;
} mapping_rule;

/* A text of the event column and its kind. */
typedef struct mapping_name {
    const char *from;
    size_t kind;
} mapping_name;

/* The type that loader.h declares. */
struct mapping {
    const schema *schema;
    const char *source, *plugin; /* names, for messages */
    bool brings_own_names;

    carpel_column *columns;
    const zone **zones;       /* of each column */
    const zone ***item_zones; /* of the items' columns of a list; else NULL */
    size_t column_count;

    size_t person, id, time, event; /* columns */
    mapping_name *names; /* of the event column; kinds not among them by their own name */
    size_t name_count;
    mapping_rule *rules, *skips;
    size_t rule_count, skip_count;
    size_t **properties; /* [kind][property]; NULL: the source never brings the kind */
    size_t *lists;       /* [kind of a list], counted as in the schema */
    size_t *traits;      /* [trait] */
    bool has_traits;     /* any column is a trait's */
};

#endif
