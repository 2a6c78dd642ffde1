/* SPDX-License-Identifier: MIT
 *
 * The smallest time of each person's rows.
 */
#include "store/known.h"

#include "base/memory.h"
#include "value/calendar.h"

void known_note(known_times *k, uint32_t person, int64_t time)
{
    while (k->count <= person) {
        memory_grow((void **)&k->since, k->count, &k->capacity, sizeof *k->since);
        k->since[k->count++] = INT64_MAX;
    }
    if (time < k->since[person])
        k->since[person] = time;
}

int64_t known_last(const known_times *k)
{
    int64_t last = TIME_MIN;
    for (size_t p = 0; p < k->count; p++)
        last = k->since[p] > last ? k->since[p] : last;
    return last;
}

void known_done(known_times *k)
{
    memory_free(k->since);
    *k = (known_times){0};
}
