/* SPDX-License-Identifier: MIT
 *
 * horizon -- until when a value stays as it is, if nothing happens: a reading of the graph.
 *
 * Of each node it tells how its values move as time goes on (motion.h), and the earliest
 * instant behind now at which that may be otherwise without a new row. It is never too late.
 * Whether the value does change then, is asked of the engine, at that instant; and so on
 * from there, which gives the instant at which it changes:
 *
 *     moments *m = moments_new(plan, store, person, &options);
 *     horizon *h = horizon_new(plan);
 *     int64_t at;
 *     if (horizon_change(h, m, now, rule->node, &at, &err) == HORIZON_CHANGES) ...
 *     horizon_free(h); moments_free(m);
 *
 * Rows of the store that lie behind now are rows of the store: they come in when their time has
 * come. Whoever asks what happens when nothing happens gives a store that ends at now.
 */
#ifndef EXEC_HORIZON_H
#define EXEC_HORIZON_H

#include "exec/moments.h"

#define HORIZON_NEVER INT64_MAX

/* So far anybody looks. */
enum { HORIZON_YEARS = 50 };

typedef struct horizon horizon;

/* Of a plan that outlives it. */
horizon *horizon_new(const plan *p);
void horizon_free(horizon *h);

/* Look at so many instants for one answer, instead of 2,000: quicker, and open sooner. */
void horizon_limit_looks(horizon *h, size_t most);

/* The earliest instant behind `now` at which the node may have another value for the person
 * of the moments, or HORIZON_NEVER. */
bool horizon_of(horizon *h, moments *m, int64_t now, const node *n, int64_t *until,
                carpel_error *err);

typedef enum horizon_answer {
    HORIZON_CHANGES, /* at *at, and not before */
    HORIZON_STAYS,   /* as far as anybody looks; *at is HORIZON_NEVER */
    HORIZON_OPEN,    /* not before *at; nothing is known from there on */
    HORIZON_FAILED   /* err is filled */
} horizon_answer;

/* When does the value of a node of the people become another one? */
horizon_answer horizon_change(horizon *h, moments *m, int64_t now, const node *n,
                              int64_t *at, carpel_error *err);

#endif
