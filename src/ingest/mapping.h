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

/* A text of the event column and its kind; SCHEMA_NONE: the row brings traits only. */
typedef struct mapping_name {
    const char *from;
    size_t kind;
} mapping_name;

/* What is done to the texts of a column, and what they are read as then. */
typedef struct column_cleaning {
    cleaning steps;
    unsigned fields; /* CLEAN_OF_...: what the column is */
    const char *from;
    carpel_type type; /* of what becomes of a text, or of each item of a split one */
    unsigned scale;   /* DECIMAL */
    const char *const *formats; /* TIME, DATE: tried in their order; none: ISO 8601 */
    size_t format_count;
    const zone *zone;
    int64_t unit_microseconds; /* DURATION: of a plain number; 0: none */
    bool is_split;             /* each text is a list */
    const char *written;       /* all of this as a text: equal ones mean the same */
} column_cleaning;

/* A column of ids of the person. */
typedef struct mapping_identity {
    size_t column;
    id_kind kind;
} mapping_identity;

/* The type that loader.h declares. */
struct mapping {
    const schema *schema;
    const char *source, *plugin; /* names, for messages */
    bool brings_own_names;

    carpel_column *columns;
    const size_t **next; /* of each column: those of its `others` as they stand, ended by
                            SCHEMA_NONE, where cleaning may leave nothing; else NULL */
    bool *is_next;       /* by column: it is one of these */
    const zone **zones;  /* of each column */
    const zone ***item_zones;          /* of the items' columns of a list; else NULL */
    const column_cleaning **cleanings; /* of each column; NULL: it comes as it is */
    const column_cleaning **
        *item_cleanings; /* of the items' columns of a list; else NULL */
    bool *is_tested;     /* by column: a condition looks at it, or it names events */
    bool has_cleanings;
    bool lists_changes; /* somebody asks which values cleaning makes others of */
    size_t column_count;

    size_t person, time, event; /* columns */
    size_t
        *choices; /* columns of all fields that may name the person; none: there is one */
    size_t choice_count;
    mapping_identity *identities;
    size_t identity_count;
    size_t links;    /* the kind of the table of links; SCHEMA_NONE: ids are not joined */
    size_t *ids;     /* columns that together are the id of a row */
    size_t id_count; /* 0: rows have none */
    config_duplicates duplicates;
    mapping_name *names; /* of the event column; kinds not among them by their own name */
    size_t name_count;
    bool has_plain_names; /* or by the plain form of a text */
    slice *ignored; /* patterns of texts of the event column, whose rows are left out */
    size_t ignored_count;
    mapping_rule *rules, *skips;
    size_t rule_count, skip_count;
    size_t **properties; /* [kind][property]; NULL: the source never brings the kind */
    size_t *lists;       /* [kind of a list], counted as in the schema */
    size_t *traits;      /* [trait] */
    bool has_traits;     /* any column is a trait's, or an id of the person */
};

/* The kind that the plain form of a text names, also with "_event" behind it, or SCHEMA_NONE. */
size_t mapping_find_plain_kind(const mapping *m, slice name);

#endif
