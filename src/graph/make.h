/* SPDX-License-Identifier: MIT
 *
 * make -- short ways to make nodes of each shape.
 *
 * Types and domains follow from the operands: operands of a run-wide domain go with any
 * other; a person's value is spread over rows where it meets them, and a row's value
 * over its items.
 */
#ifndef GRAPH_MAKE_H
#define GRAPH_MAKE_H

#include "graph/graph.h"

const node *make_bool(graph *g, bool value);
const node *make_integer(graph *g, type t,
                         int64_t value); /* DECIMAL, TIME, DATE, DURATION */
const node *make_number(graph *g, double value);
const node *make_text(graph *g, const char *data, size_t size);
const node *make_missing(graph *g, type t);
const node *make_zero(graph *g, type t); /* of a condition: false */
const node *make_now(graph *g);
const node *make_person_id(graph *g);

/* A leaf of a table that nothing more is said of: ROW_TIME, ROW_GAP, ... */
const node *make_leaf(graph *g, node_kind kind, uint32_t domain, type t);

/* The property of that number of an event kind; of a trait 0. */
const node *make_column(graph *g, uint32_t domain, type t, size_t property);

/* Is each row of a union one of this member? */
const node *make_in_member(graph *g, uint32_t domain, size_t member);

/* `n` beside each row of `domain`; itself when it is there already, or run-wide. */
const node *make_spread(graph *g, const node *n, uint32_t domain);

/* The inner one of two domains, of which one is inside the other. */
uint32_t make_meeting(const graph *g, uint32_t a, uint32_t b);

/* Elementwise nodes of one to four operands; the type is the operands' (first), or given. */
const node *make_unary(graph *g, node_kind kind, type t, const node *a);
const node *make_binary(graph *g, node_kind kind, type t, const node *a, const node *b);
const node *make_if(graph *g, const node *condition, const node *yes, const node *no);
const node *make_many(graph *g, node_kind kind, type t, const node *const *operands,
                      size_t count);

const node *make_not(graph *g, const node *a);
const node *make_and(graph *g, const node *a, const node *b);
const node *make_or(graph *g, const node *a, const node *b);

/* `a` is true and there: what a condition asks of a value that may be missing. */
const node *make_holds(graph *g, const node *a);

const node *make_rescale(graph *g, const node *a, unsigned scale);
const node *make_to_number(graph *g, const node *a);

/* What stands for a value where it is compared with others or told apart from them: its
 * place for a version, which several texts can mean; else itself. */
const node *make_comparable(graph *g, const node *a);
const node *make_version_place(graph *g, const node *a); /* of a text that is a version */

const node *make_move(graph *g, const node *moment,
                      calendar_span by); /* a TIME or a DATE */
const node *make_unit_start(graph *g, const node *time, calendar_unit unit,
                            int64_t units);
const node *make_day_start(graph *g, const node *date, int64_t days);

/* A window over the rows of `domain`, one for each of their groups, or for each row inside
 * of these in which the ends differ; an end may be NULL. */
const node *make_window(graph *g, uint32_t domain, const node *lower, bool lower_in,
                        const node *upper, bool upper_in);
/* The same window over other rows of people; NULL when its ends differ between rows, or it
 * is no interval. */
const node *make_window_like(graph *g, const node *window, uint32_t rows);
const node *make_both_windows(graph *g, const node *a, const node *b);

/* A fold; mask and value may be NULL. */
const node *make_units(graph *g, node_kind kind, const node *window, const node *mask,
                       calendar_unit unit, int64_t least, int64_t most);
const node *make_quantile(graph *g, const node *window, const node *mask,
                          const node *value, int64_t p, int64_t d);
const node *make_fold(graph *g, node_kind kind, type t, const node *window,
                      const node *mask, const node *value);

/* The same fold of other rows. */
const node *make_fold_like(graph *g, const node *fold, const node *window,
                           const node *mask, const node *value);

#endif
