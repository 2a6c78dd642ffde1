/* SPDX-License-Identifier: MIT
 *
 * loops_fetch -- what loops over groups of rows ask the memory for before they need it.
 */
#ifndef EXEC_LOOPS_FETCH_H
#define EXEC_LOOPS_FETCH_H

#include <stdint.h>

#include "base/bitmap.h"

/* Ask for the newest rows of 64 groups: two lines of the cache each. */
static inline void fetch_newest(const uint32_t *time, const uint32_t *end,
                                const uint64_t *wanted)
{
    EACH_SET_BIT(wanted, 64, i)
    {
        __builtin_prefetch(time + end[i] - 1);
        __builtin_prefetch(time + end[i] - 17);
    }
}

/* The same of the rows with which groups begin. */
static inline void fetch_oldest(const uint32_t *numbers, const uint32_t *begin,
                                const uint64_t *wanted)
{
    EACH_SET_BIT(wanted, 64, i)
    {
        __builtin_prefetch(numbers + begin[i]);
        __builtin_prefetch(numbers + begin[i] + 16);
    }
}

#endif
