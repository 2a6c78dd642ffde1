/* SPDX-License-Identifier: MIT
 *
 * person_store -- the histories of few people up to an instant as a store of its own, with what
 * else might happen to them.
 *
 *     store *s = people_store(data, &person, 1, now, NULL, 0);    // nothing happens
 *     imagined one_more = {.table = purchase, .time = now, .like = NO_LIKENESS};
 *     store *s = people_store(data, &person, 1, now, &one_more, 1);
 *
 * The first of them has number 0. The rows of each table are the first ones that a person has in
 * the data, in their order; what is imagined comes behind them.
 *
 * Where much is imagined of the same people, their histories are told once: a store with
 * something more shares the tables to which nothing came.
 *
 *     histories *h = histories_new(data, &person, 1, now);
 *     store *s = histories_with(h, &one_more, 1);     // free it before the histories
 *     histories_free(h);
 */
#ifndef EXPLAIN_PERSON_STORE_H
#define EXPLAIN_PERSON_STORE_H

#include "store/store.h"

#define NO_LIKENESS SIZE_MAX

/* A value in the type of its column. */
typedef struct imagined_value {
    size_t property;
    int64_t integer;
    double number;
    slice text;
} imagined_value;

/* An event, or a trait that is set. */
typedef struct imagined {
    size_t
        person; /* to whom: one of the people, or as many more as there are none of yet */
    bool is_trait;
    size_t table; /* the schema's kind, or trait */
    int64_t time;
    size_t like; /* a row of that table in the data whose values it has; or NO_LIKENESS */
    const imagined_value *values; /* but for these */
    size_t value_count;
    bool has_item;              /* an item of a list of its: */
    size_t list;                /* the schema's kind of the items */
    const imagined_value *item; /* what it has */
    size_t item_value_count;
} imagined;

/* Data and what is imagined need not outlive it; the schema does. */
store *people_store(const store *data, const uint32_t *people, size_t count,
                    int64_t until, const imagined *more, size_t more_count);

typedef struct histories histories;

/* Data, people and schema outlive them. */
histories *histories_new(const store *data, const uint32_t *people, size_t count,
                         int64_t until);
void histories_free(histories *h); /* accepts NULL */

/* What is known, without anything more; it belongs to the histories. */
const store *histories_store(const histories *h);

/* The same as people_store tells. */
store *histories_with(const histories *h, const imagined *more, size_t more_count);

#endif
