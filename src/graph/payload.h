/* SPDX-License-Identifier: MIT
 *
 * payload -- what a node carries beside its operands.
 *
 * nodes.def tells of each kind which family of payloads.def it carries; the family is the
 * member of the union in struct node that may be read. Two nodes of one kind carry the
 * same when their keys are equal, so a family says once, in its key, what tells payloads
 * apart: hashing and comparing follow from it.
 */
#ifndef GRAPH_PAYLOAD_H
#define GRAPH_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "value/calendar.h"

typedef enum payload_family {
#define X(NAME, doc) PAYLOAD_##NAME,
#include "graph/payloads.def"
#undef X
} payload_family;

/* By the node's type: `number` of a NUMBER, `text` of texts, `integer` of all others. */
typedef struct constant_value {
    bool is_missing;
    int64_t integer;
    double number;
    slice text;
} constant_value;

/* The unit that holds a time, and how many units to move on from it. */
typedef struct unit_move {
    calendar_unit unit;
    int64_t count;
} unit_move;

typedef enum date_part {
    DATE_PART_DAY,
    DATE_PART_MONTH,
    DATE_PART_YEAR,
    DATE_PART_WEEKDAY
} date_part;

/* Which ends a window has: the lower one is the first operand, the upper one the last. */
typedef struct window_ends {
    bool has_lower, has_upper;
    bool lower_in, upper_in; /* the end itself belongs to it */
} window_ends;

typedef enum near_side { NEAR_AFTER = 1, NEAR_BEFORE = 2, NEAR_AROUND = 3 } near_side;

typedef struct near_test {
    calendar_span within;
    near_side side;
} near_test;

/* Which operands follow the window of a fold, and what else some folds ask for. */
typedef struct fold_details {
    bool has_mask, has_value;
    union {
        struct {
            calendar_unit unit;
            int64_t least, most; /* rows that it is to hold; most 0: any number */
        } units;
        struct {
            int64_t part, whole; /* a quantile at part / whole of the way */
        } share;
    };
} fold_details;

/* A fold over the rows of several tables, each with a window, mask and value of its own. */
typedef struct united_fold {
    uint32_t kind; /* a node_kind: which fold */
    fold_details details;
} united_fold;

typedef struct lua_call {
    size_t function;
    bool takes_any; /* a value of any type will do: only its presence is asked for */
} lua_call;

struct node;

/* What tells a payload from others of its family. */
typedef struct payload_key {
    uint64_t words[4];
    slice text;
} payload_key;

payload_key node_payload_key(const struct node *n);

/* Of nodes whose kinds carry the same family. */
bool node_payload_equals(const struct node *a, const struct node *b);

/* Copy the texts of a payload into the arena. */
void node_keep_texts(struct node *n, arena *memory);

#endif
