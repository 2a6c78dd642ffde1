/* SPDX-License-Identifier: MIT
 *
 * results -- a finished run as the Arrow stream that outputs take.
 *
 * Rows are the members of some segments, one segment after the other; what stands in a row
 * is said column by column:
 *
 *     segment | person | as_of | churn_risk | country        a row a membership
 *     score   | person | as_of | value                        a row a value
 *     person  | as_of | vip | lifecycle | churn_risk         a row a person
 *     segment | person | as_of | change | from | to | ...    a row a change
 */
#ifndef PLUGIN_RESULTS_H
#define PLUGIN_RESULTS_H

#include <carpel/plugin.h>

#include <stddef.h>
#include <stdint.h>

#include "base/dictionary.h"
#include "runs/run_changes.h"
#include "store/store.h"
#include "value/calendar.h"
#include "value/normal.h"

/* The values of one property, score or group of everyone, by number. */
typedef struct result_values {
    type type;
    const void *values;           /* by type, see type.h; BOOL: a bitmap */
    const uint64_t *present;      /* bit 0: missing; NULL: nothing is missing */
    const dictionary *dictionary; /* of texts: what the codes stand for */
} result_values;

/* One segment's members: a bitmap over the numbers of people, or of accounts. */
typedef struct result_item {
    const char *segment; /* "vip" or "lifecycle.active" */
    const uint64_t *members;
    const dictionary *ids;
    const uint32_t *order; /* the numbers of all who were judged, sorted by id, */
    size_t count;          /* and how many these are */
    result_values value;   /* of RESULT_OWN_VALUE */

    /* Of changes: these are the rows, `count` of them; members, ids and order are NULL. */
    const rule_changes *changes;
    const uint32_t *subjects; /* by row: the number of the person, or RESULT_NOBODY */
} result_item;

/* Somebody whom the run does not know any more. */
#define RESULT_NOBODY DICTIONARY_NONE

/* What a column holds in the row of a member. */
typedef enum result_kind {
    RESULT_SEGMENT,   /* the segment's name */
    RESULT_ID,        /* the member's id */
    RESULT_INSTANT,   /* that of the judgement */
    RESULT_OWN_VALUE, /* of the value that belongs to the segment; a number of any type fits
                         a column of type NUMBER */
    RESULT_VALUE,     /* of a value of everyone's */
    RESULT_MEMBER,    /* is the member in another segment, too? */
    RESULT_GROUP,     /* the group of a set that the member is in; missing: none */
    /* Of changes only: */
    RESULT_CHANGE, /* "entered", "left", "moved" */
    RESULT_FROM,   /* the group of before; missing: none */
    RESULT_TO,     /* the group of now; missing: none */
    RESULT_REASON, /* "behaviour", "rule", ... */
    RESULT_SINCE, /* the instant of the run that is compared with; missing: there is none */
    RESULT_SINCE_RUN /* its number */
} result_kind;

/* What is done to the text of a value before it is handed over: such a column holds texts. */
typedef struct result_finish {
    const char *format;        /* of times and dates; NULL: ISO 8601 */
    const zone *zone;          /* in which the format shows times; NULL: UTC */
    normal_form form;          /* what has no such form is missing */
    const char *phone_country; /* of those without the code of one; NULL: nobody says */
    bool is_hashed;
    bool identifies; /* a table of people who are found by it alone */
    uint64_t *lost;  /* counts values that had no such form */
} result_finish;

typedef struct result_column {
    result_kind kind;
    const result_finish *finish; /* NULL: nothing is done */
    result_values value;         /* VALUE: by number of the member */
    const uint64_t *members;     /* MEMBER; NULL: nobody is told */
    const result_item *groups;   /* GROUP: `segment` is the group's own name */
    size_t group_count;
} result_column;

typedef struct result_table {
    const result_item *items;
    size_t item_count;
    const result_column *columns;
    const carpel_column *told; /* name, type and scale of each, as outputs are told */
    size_t column_count;
    int64_t as_of;
    const remembered_run *baseline; /* of changes; NULL: there is none */
    uint64_t *unfound; /* rows without anything that identifies are left out, and counted
                          here; NULL: they stay */
} result_table;

/* The type of a column of values, and its scale. */
carpel_type result_type(type t);

/* Stream the rows of the table, batch by batch. Everything outlives the stream. */
void results_stream(const result_table *table, struct ArrowArrayStream *out);

#endif
