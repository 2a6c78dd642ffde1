/* SPDX-License-Identifier: MIT
 *
 * advising -- what the files share that look for advice. advice.h is the public face.
 *
 *     advice.c        which changes are tried, in which order
 *     advice_step.c   one event or trait, with what the wishes ask of it
 *     advice_trial.c  whether a change does, and until when
 */
#ifndef EXPLAIN_ADVISING_H
#define EXPLAIN_ADVISING_H

#include "explain/advice.h"
#include "explain/wishes.h"

/* Nobody plans farther ahead. */
enum { ADVICE_DAYS = 400 };

typedef struct advisor {
    const advice_request *request;
    const store *data;
    const graph *graph; /* of what is looked at */
    size_t person;      /* to whom things happen */
    looks_at looks_at;
    wishes wishes;
    arena *memory;
    advice_list *out;
    carpel_error *err;
    bool has_failed;
} advisor;

/* advice_trial.c */

/* Does the condition hold when this happens now? */
bool advice_does(advisor *a, const advice *t);

/* Put it among those that are told, with the instant until which it does. */
void advice_keep(advisor *a, const advice *found);

/* advice_step.c */

/* The value that a step's event has, or its trait; is it one that was not there before? */
void advised_put(advised *s, imagined_value value, bool is_another);

/* An event with what its rows have to be, and (`of_person`) what the last of them has to be. */
advised advised_event(const advisor *a, const domain *table, bool of_person);

/* A trait that becomes what is wished, or another than it was. */
advised advised_trait(const advisor *a, const wish *w);
advised advised_other_trait(const advisor *a, const domain *table);

/* The person's last row of the table up to the instant, or NO_LIKENESS. */
size_t advised_last_row(const advisor *a, const domain *table);

#endif
