/* SPDX-License-Identifier: MIT
 *
 * known -- since when each person is known: the time of the first row that names them,
 * whether the row tells anything else or not.
 *
 *     known_times k = {0};
 *     known_note(&k, person, time);            // for each row; TIME_MIN: since ever
 *     int64_t since = k.since[person];
 *     known_done(&k);
 */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct known_times {
    int64_t *since; /* by person */
    size_t count, capacity;
} known_times;

/* Make room for the person. */
void known_add(known_times *k, uint32_t person);

/* The person will be noted soon: fetch what there is of them. */
static inline void known_expect(const known_times *k, uint32_t person)
{
    if (person < k->count)
        __builtin_prefetch(&k->since[person]);
}

/* Is the row the earliest one of the person by now? */
static inline bool known_note(known_times *k, uint32_t person, int64_t time)
{
    if (k->count <= person)
        known_add(k, person);
    if (time >= k->since[person])
        return false;
    k->since[person] = time;
    return true;
}

/* The instant from which on all of them are known; TIME_MIN when there are none. */
int64_t known_last(const known_times *k);
void known_done(known_times *k);

#endif
