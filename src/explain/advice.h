/* SPDX-License-Identifier: MIT
 *
 * advice -- small changes after which a condition holds: an event more, a trait that is set, or
 * one of these and then another.
 *
 * What to try is found in the graph below the condition (wishes.h): the tables that it looks at,
 * the constants that their columns are compared with, the sums that they go into. Nothing of this
 * has to be right: each change is tried on the person's history, by the engine, and told only when
 * the condition then holds.
 */
#ifndef EXPLAIN_ADVICE_H
#define EXPLAIN_ADVICE_H

#include "base/arena.h"
#include "exec/plan.h"
#include "explain/subject.h"

enum { ADVICE_VALUES = 8, ADVICE_TIMES = 1000, ADVICE_STEPS = 2 };

/* What would happen. */
typedef struct advised {
    size_t person; /* to whom: of an account, one of its people (subject.h); else 0 */
    bool is_user;  /* somebody more is of the account */
    bool is_trait;
    size_t table;                         /* the schema's kind, or trait */
    size_t times;                         /* so many of these, all at once */
    imagined_value values[ADVICE_VALUES]; /* that the event has to have, or the trait */
    bool is_another[ADVICE_VALUES];       /* by value: a text that was not there before */
    size_t value_count;
    bool has_item; /* one item more of a list: */
    size_t list;   /* the schema's kind of its items */
    imagined_value item[ADVICE_VALUES];
    bool item_is_another[ADVICE_VALUES];
    size_t item_value_count;
    size_t like; /* the row of the data that it is like in all else; or NO_LIKENESS */
} advised;

typedef struct advice {
    advised steps[ADVICE_STEPS]; /* one after the other */
    size_t step_count;
    bool is_ordered; /* the condition asks for an order of events */
    int64_t
        gap; /* microseconds between them, at least; behind one alone nothing happens */
    int64_t days_apart; /* between the times of one alone, by the local clock; 0: all at
                           once */
    bool has_deadline;
    int64_t deadline; /* it does when it begins before this instant */
} advice;

typedef struct advice_list {
    advice *items;
    size_t count, capacity;
} advice_list;

typedef struct advice_request {
    const plan *plan; /* of an account, that of the people, too */
    const node *node; /* the condition, which does not hold */
    const subject *subject;
    int64_t as_of;
    const cancel *cancel;
} advice_request;

/* All that was found; the caller frees the items. */
bool advice_find(const advice_request *request, advice_list *out, arena *memory,
                 carpel_error *err);

/* When all of it is there, if it begins at `at`. */
int64_t advice_end(const advice *a, const zone *z, int64_t at);

/* The subject's history up to an instant, and what is advised, which begins at `at`. */
store *advice_store(const advice *a, const zone *z, const subject *s, int64_t until,
                    int64_t at);

#endif
