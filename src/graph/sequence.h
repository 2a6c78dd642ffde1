/* SPDX-License-Identifier: MIT
 *
 * sequence -- what a sequence of events asks for, and which rows it looks at.
 *
 *     (view_item then no search then purchase where (price > 5) within 1 day) in last 90 days
 *
 *     rows     0: purchase in the window, behind a mask: step 2, which ends a match
 *              1: view_item in the window: step 0
 *              2: search up to now: step 1, forbidden
 *
 * The graph owns sequences; equal ones are one.
 */
#ifndef GRAPH_SEQUENCE_H
#define GRAPH_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "value/calendar.h"

struct node;

/* How a step of a sequence follows the positive one before it. */
typedef struct sequence_step {
    bool
        is_negated; /* no such event: in (t, t + within], or up to the next step or now */
    bool is_direct; /* with no other event of the person between */
    bool has_within;
    calendar_span within; /* at most this long after the step before */
    bool has_later, later_is_open, has_earlier, earlier_is_open;
    calendar_span later;   /* at least (open: more than) this long after it */
    calendar_span earlier; /* at most (open: less than) this long after it */
} sequence_step;

/* What rows are to a sequence. */
typedef enum sequence_role {
    SEQUENCE_STEP,       /* they may be a step; or forbid a match, when it is a `no` */
    SEQUENCE_ENDING,     /* in any order: they may be a step that comes last */
    SEQUENCE_REPEAT,     /* `without repeats`: they fit a step, and may not come again */
    SEQUENCE_ANY_EVENT,  /* they may not lie in front of a step that follows directly */
    SEQUENCE_OTHER_EVENT /* `with only`: they may lie between no two steps */
} sequence_role;

/* Rows that a sequence looks at. Those of one step may be in several tables. */
typedef struct sequence_rows {
    sequence_role role;
    size_t step; /* STEP, ENDING, REPEAT */
    bool has_mask;
} sequence_rows;

/* `(a then b within 1 day) all within 2 days`, or `(a and b)` in any order.
 *
 * The rows of rows[i] are those of members[i] of the sequence's domain. The domain's inputs are
 * `now`, and then for each of the rows their window; a mask, if they have one; and, but for
 * events between the steps, the value of each `with same p`. */
typedef struct sequence {
    const sequence_step *steps;
    size_t step_count;
    const sequence_rows *rows; /* those that may end a match come first: */
    size_t rows_count, end_count;
    size_t least; /* in any order: so many of the steps make a match; else all of them */
    bool is_any_order;
    bool has_all_within;
    calendar_span all_within;
    size_t key_count; /* `with same`: so many */
} sequence;

/* The values of how many `with same p` are among the inputs of these rows? */
size_t sequence_keys_of(const sequence *s, const sequence_rows *rows);

/* Inputs of a sequence's domain: those that belong to rows[i]. */
typedef struct sequence_inputs {
    const struct node *window, *mask; /* mask: or NULL */
    const struct node *const *keys;
    size_t key_count;
} sequence_inputs;

/* Take them from the inputs at *next, which moves on to those of rows[i + 1]. It begins behind
 * `now`. */
sequence_inputs sequence_take_inputs(const sequence *s, size_t i,
                                     const struct node *const **next);

/* Are the texts of key k told in codes of different dictionaries? `inputs` of the domain. */
bool sequence_key_differs(const sequence *s, const struct node *const *inputs, size_t k);

/* May these rows be a step of a match? */
bool sequence_has_step(const sequence *s, const sequence_rows *rows);

/* Of how many steps have rows to be there for a match? */
size_t sequence_steps_needed(const sequence *s);

/* The last step that is not a `no`. */
size_t sequence_last_positive(const sequence *s);

bool sequence_equals(const sequence *a, const sequence *b);

#endif
