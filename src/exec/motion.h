/* SPDX-License-Identifier: MIT
 *
 * motion -- how the values of a node move as time goes on and nothing happens.
 *
 * A *course* is what is known of all values of a node for a person: from now on, and until
 * an instant, they stand still, go with the clock, rise, fall, or nothing is known. Each row
 * of nodes.def names the function that tells it from the courses of the operands:
 *
 *     now                                 clock, for ever
 *     now - last purchase                 clock, for ever
 *     (now - last purchase) > 90 days     still, until 90 days after the last purchase
 *     purchases in last 90 days           a window: until its first row leaves it
 *
 * Whether there is a value at all does not change on a course.
 */
#ifndef EXEC_MOTION_H
#define EXEC_MOTION_H

#include "exec/alone.h"
#include "exec/horizon.h"

typedef enum motion {
    MOTION_STILL,
    MOTION_CLOCK, /* a microsecond more each microsecond */
    MOTION_BACK,  /* a microsecond less */
    MOTION_RISES, /* never less than before */
    MOTION_FALLS, /* never more */
    MOTION_ANY    /* nothing is known, and `until` is the next microsecond */
} motion;

typedef struct course {
    motion motion;
    int64_t until;
} course;

/* How loosely a value goes with the clock, or stands still. Until an instant, and
 * behind any one before that, it is never less than it was then by more than `back`, and never
 * more by more than `ahead` and (but where it is still) the time that has gone by. `now - 1 month`
 * waits at the end of February, and is at its begin again a day later; over the years it goes as
 * the clock does. */
typedef struct looseness {
    bool is_known;
    bool is_still;
    int64_t unit; /* microseconds to each 1 of the value: those of a day for dates */
    int64_t back, ahead;
    int64_t until;
} looseness;

struct horizon {
    const plan *plan;
    const graph *graph;
    bool *moves;        /* by node id: does anything below it look at the clock? */
    bool *domain_moves; /* by domain id: the same of its rows */
    int64_t now, far;   /* behind `far` nobody looks */
    moments *moments;
    bool is_there;   /* it reads what stands at another instant, for one that is here */
    judge *judge;    /* at now */
    block *block;    /* its own */
    course *courses; /* by node id, where */
    bool *is_known;  /* this says so */
    looseness *loosenesses; /* by node id, where */
    bool *has_looseness;    /* this says so */
    struct horizon
        *of_people; /* of an account: that of what it asks of its people; else NULL */
    int64_t
        *domain_until; /* by domain id: from when on it may have other rows; 0: not yet
                               asked */
    bool dates_rise;   /* until then */
    size_t most_looks;
    size_t looks; /* at other instants, since this was asked */
    carpel_error *err;
    bool has_failed;
};

typedef course motion_function(horizon *h, const node *n);

/* motion_<motion>, for each row of nodes.def. */
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    motion_function motion_##motion;
#include "graph/nodes.def"
#undef X

/* The course of a node; of one that does not move without a look at it. */
course course_of(horizon *h, const node *n);

/* From when on a domain may have other rows. */
int64_t rows_until(horizon *h, uint32_t domain_id);

/* Values of a node for the person, and how many there are. */
const vector *values_of(horizon *h, const node *n);
size_t count_of(horizon *h, const node *n);

static inline course still(int64_t until)
{
    return (course){MOTION_STILL, until};
}

static inline course anything(const horizon *h)
{
    return (course){MOTION_ANY, h->now + 1};
}

static inline int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* So long after now; HORIZON_NEVER when that is behind the end of time. */
static inline int64_t later_by(const horizon *h, int64_t length)
{
    int64_t at;
    return __builtin_add_overflow(h->now, length, &at) || at > TIME_MAX ? HORIZON_NEVER
                                                                        : at;
}

/* What moves as both do. */
motion motion_joined(motion a, motion b);
motion motion_reversed(motion m);

/* The same way, however fast. */
motion motion_loosened(motion m);

/* The first instant at which the node has another value than now, where it changes at most
 * once before `limit`. */
int64_t change_of(horizon *h, const node *n, int64_t limit);

/* horizon.c: room for what is found out about nodes; at another instant it holds no longer. */
void horizon_room_take(horizon *h);
void horizon_room_free(horizon *h);
void horizon_forget(horizon *h);

/* motion_loose.c */
looseness looseness_of(horizon *h, const node *n);

/* motion_follow.c: a value of the run, followed from course to course. At each of them `is_met`
 * is asked with the value at its begin and its course; it tells the first instant from that
 * begin on at which what is looked for is so, or HORIZON_NEVER. `not_before`, by how loosely the
 * value goes with the clock, tells up to when it is certainly not so, also behind the course. */
typedef struct stretch {
    int64_t begin, value;
    bool has_value;
    course course;
    looseness loose;
} stretch;

typedef int64_t stretch_test(void *context, const stretch *s);
int64_t follow(horizon *h, const node *n, int64_t limit, stretch_test *is_met,
               stretch_test *not_before, void *context);

/* Of a node's only value, from now on. */
stretch stretch_of(horizon *h, const node *n, looseness loose);

/* The least value that it has from its begin on; and up to when it is less than another. */
int64_t stretch_least(const stretch *s);
int64_t stretch_less_until(const stretch *s, int64_t value);
int64_t stretch_under_until(const stretch *less, const stretch *more);

/* motion_rows.c: the earliest instant at which another row that counts (NULL: any) is in a
 * window. */
int64_t window_until(horizon *h, const node *window, const node *counts);

#endif
