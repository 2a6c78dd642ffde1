/* SPDX-License-Identifier: MIT
 *
 * The smallest time of each person's rows.
 */
#include "store/known.h"

#include "base/memory.h"
#include "value/calendar.h"

void known_add(known_times *k, uint32_t person)
{
    while (k->count <= person) {
        memory_grow((void **)&k->since, k->count, &k->capacity, sizeof *k->since);
        k->since[k->count++] = INT64_MAX;
    }
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
