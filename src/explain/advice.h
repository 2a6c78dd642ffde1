/* SPDX-License-Identifier: MIT
 *
 * advice -- small changes after which a condition holds: an event more, a trait that is set, or
 * time that passes.
 *
 * What to try is found in the graph below the condition: the tables that it looks at, the
 * constants that their columns are compared with, the sums that they go into. Nothing of this has
 * to be right: each change is tried on the person's history, by the engine, and told only when
 * the condition then holds.
 */
#ifndef EXPLAIN_ADVICE_H
#define EXPLAIN_ADVICE_H

#include "base/arena.h"
#include "exec/plan.h"
#include "explain/person_store.h"

typedef struct advice {
    bool is_trait;
    size_t table;                 /* the schema's kind, or trait */
    size_t times;                 /* so many of these events */
    const imagined_value *values; /* that the event has to have, or the trait */
    const bool *is_another;       /* by value: a text that was not there before */
    size_t value_count;
    size_t like; /* the row of the data that it is like in all else; or NO_LIKENESS */
    bool has_deadline;
    int64_t deadline; /* it does when it happens before this instant */
} advice;

typedef struct advice_list {
    advice *items;
    size_t count, capacity;
} advice_list;

typedef struct advice_request {
    const plan *plan;
    const node *node; /* the condition, which does not hold */
    const store *data;
    size_t person;
    int64_t as_of;
    const cancel *cancel;
} advice_request;

/* All that was found, in `memory`. */
bool advice_find(const advice_request *request, advice_list *out, arena *memory,
                 carpel_error *err);

#endif
