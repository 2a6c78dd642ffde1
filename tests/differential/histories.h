/* SPDX-License-Identifier: MIT
 *
 * histories -- awkward ones: equal timestamps, doubles, late arrivals, the edges of every
 * window and one microsecond beside them, missing values, clock changes, leap days, nobody
 * and nothing, negative, empty and huge.
 */
#ifndef TESTS_DIFFERENTIAL_HISTORIES_H
#define TESTS_DIFFERENTIAL_HISTORIES_H

#include "differential/rules.h"

typedef struct setting {
    world *world;
    int64_t now;
    pools pools;
} setting;

/* A world with people and what they did, and what rules about it may speak of. Free the
 * world with world_free; the rest lives in `memory`. */
setting setting_make(random_source *random, arena *memory);

/* One more history for the same people and the same now: all events anew. */
void setting_refill(setting *s, random_source *random);

/* The events as a list that a person reads. */
void world_append(const world *w, text *out);

#endif
