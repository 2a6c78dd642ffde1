/* SPDX-License-Identifier: MIT
 *
 * Ever longer stretches of the past, each walked forward once.
 */
#include "explain/since.h"

#include "explain/value_text.h"

/* A stretch grows so many times, from a day on; so far back it goes. */
enum { FIRST_DAYS = 1, GROWTH = 4 };

typedef struct walk {
    horizon *horizon;
    moments *moments;
    const node *node;
    carpel_error *err;
} walk;

typedef enum stretch_end { ENTERED, HELD, UNKNOWN, BROKEN } stretch_end;

/* From `begin` to `end`, where it holds: *at is the last instant at which it began to. */
static stretch_end walk_stretch(const walk *w, int64_t begin, int64_t end, int64_t *at)
{
    judge *j = moments_here(w->moments, begin, w->err);
    if (!j)
        return BROKEN;
    bool holds = value_holds(j, w->node), has_entered = false;
    for (int64_t next, here = begin; here < end; here = next) {
        switch (horizon_change(w->horizon, w->moments, here, w->node, &next, w->err)) {
        case HORIZON_FAILED: return BROKEN;
        case HORIZON_STAYS: next = end; break;
        case HORIZON_OPEN:
            if (next < end)
                return UNKNOWN;
            break;
        case HORIZON_CHANGES:
            if (next > end)
                break;
            holds = !holds;
            has_entered = holds;
            *at = next;
            break;
        }
    }
    return has_entered ? ENTERED : HELD;
}

static int64_t farthest(int64_t first, int64_t now)
{
    const int64_t length = HORIZON_YEARS * 366 * MICROSECONDS_PER_DAY;
    return first != TIME_MIN ? first : now > TIME_MIN + length ? now - length : TIME_MIN;
}

since_answer since_find(horizon *h, moments *m, const node *n, int64_t first, int64_t now,
                        int64_t *at, carpel_error *err)
{
    walk w = {h, m, n, err};
    int64_t bottom = farthest(first, now), end = now,
            length = FIRST_DAYS * MICROSECONDS_PER_DAY;
    while (end > bottom) {
        int64_t begin = now - bottom > length ? now - length : bottom;
        switch (walk_stretch(&w, begin, end, at)) {
        case ENTERED: return SINCE_THEN;
        case UNKNOWN: return SINCE_OPEN;
        case BROKEN: return SINCE_FAILED;
        case HELD: break;
        }
        end = begin;
        length = length < (now - bottom) / GROWTH ? length * GROWTH : now - bottom;
    }
    *at = first;
    return SINCE_FIRST;
}
