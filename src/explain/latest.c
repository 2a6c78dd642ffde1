/* SPDX-License-Identifier: MIT
 *
 * Days, then weeks, then halves.
 */
#include "explain/latest.h"

#include "explain/value_text.h"
#include "value/calendar.h"

enum { DAYS = 60, WEEKS = 100 };

typedef struct probe {
    moments *moments;
    const node *node;
    carpel_error *err;
    bool holds_now, has_failed;
} probe;

static bool is_as_now(probe *p, int64_t instant)
{
    judge *j = moments_here(p->moments, instant, p->err);
    p->has_failed |= !j;
    return !j || value_holds(j, p->node) == p->holds_now;
}

/* The first of the instants looked at that is another, and the one before it. */
static bool bracket(probe *p, int64_t now, int64_t *before, int64_t *behind)
{
    *behind = now;
    for (size_t i = 0; i < DAYS + WEEKS && !p->has_failed; i++) {
        int64_t step = i < DAYS ? MICROSECONDS_PER_DAY : 7 * MICROSECONDS_PER_DAY;
        *before = *behind;
        if (*behind > TIME_MAX - step)
            return false;
        *behind += step;
        if (!is_as_now(p, *behind))
            return true;
    }
    return false;
}

latest_answer latest_find(moments *m, const node *n, int64_t now, int64_t *at,
                          carpel_error *err)
{
    probe p = {.moments = m, .node = n, .err = err};
    int64_t before;
    judge *j = moments_here(m, now, err);
    if (!j)
        return LATEST_FAILED;
    p.holds_now = value_holds(j, n);
    bool is_found = bracket(&p, now, &before, at);
    while (is_found && *at - before > 1 && !p.has_failed) {
        int64_t middle = before + (*at - before) / 2;
        if (is_as_now(&p, middle))
            before = middle;
        else
            *at = middle;
    }
    return p.has_failed ? LATEST_FAILED : is_found ? LATEST_FOUND : LATEST_NONE;
}
