/* SPDX-License-Identifier: MIT
 *
 * judged -- whom a run judges: those whom a row at or before its instant names, as if the
 * data ended there. The others keep their numbers, and nothing is said of them: they are
 * in no segment, have no values, take no part in rankings, and no script is called.
 *
 *     run_population p = judged_people(store, as_of, memory);
 *     if (!judged_has(p.judged, person)) ...
 */
#ifndef EXEC_JUDGED_H
#define EXEC_JUDGED_H

#include "base/arena.h"
#include "base/bitmap.h"
#include "exec/run.h"

/* The people of a store who are known at an instant; `order` is NULL. When they are all,
 * that costs nothing. */
run_population judged_people(const store *s, int64_t instant, arena *memory);

/* Put those who are judged in order; `all` has the numbers of everybody. Both live in
 * `memory`, or longer. */
void judged_put_in_order(run_population *p, const uint32_t *all, arena *memory);

/* `judged` is NULL when everybody is. */
static inline bool judged_has(const uint64_t *judged, size_t person)
{
    return judged == NULL || bitmap_get(judged, person);
}

/* Is there one among `count` numbers from `first` on? */
bool judged_has_any(const uint64_t *judged, size_t first, size_t count);

/* Clear the bits of those who are not judged. */
void judged_mask(const run_population *p, uint64_t *bits);

#endif
