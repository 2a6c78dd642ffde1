/* SPDX-License-Identifier: MIT
 *
 * matcher -- one walk over those rows of a person that matter to a sequence.
 *
 * For each step, the rows that complete the sequence up to it are *candidates*. Of those that
 * are far enough away and not too far, a row continues the one whose match may end latest, by
 * `all within`; nothing else of what was chosen matters to later rows.
 *
 *     a . a . . b . c        `a then b then c`: b continues the second a
 *
 * A candidate is *outdone* by a later row that may be continued as long and whose match may
 * end as late: less lies between it and the next step, so if any choice fits, one with the
 * later row does. Where bounds have a fixed length, the latest row outdoes all others. Months
 * do not: they end on the last day of a short one and keep the time of day, so that a month
 * behind 30 January, 10:00, lies later than a month behind 31 January, 9:00. So there may
 * be several candidates, though never many: all of them lie within some days.
 *
 * A match that is found is counted at once, and only later rows are looked at from then
 * on. With `with same p`, each value of p has candidates of its own: a *group*.
 *
 * Rows come in *streams*: those of one table in one role. Nobody's rows are merged or
 * copied; the streams are read side by side.
 *
 *     matcher m;
 *     matcher_begin(&m, b, d);
 *     if (matcher_enter(&m, person))
 *         while (matcher_find(&m, &seen))
 *             ...
 *     matcher_end(&m);
 *
 * A matcher belongs to a block and is used by one thread.
 */
#ifndef EXEC_MATCHER_H
#define EXEC_MATCHER_H

#include "exec/kernels.h"

/* Where a row stands among all rows of the person. */
typedef struct row_place {
    int64_t time;
    uint32_t arrival, rank;
} row_place;

static inline bool place_is_before(const row_place *a, const row_place *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    return a->arrival != b->arrival ? a->arrival < b->arrival : a->rank < b->rank;
}

/* The value of one `with same p` for each row. */
typedef struct key_column {
    const vector *values;
    const uint32_t *codes; /* or NULL: to those of the common dictionary */
    type type;
} key_column;

/* The rows of one table in one role. */
typedef struct stream {
    const sequence_rows *shape;
    const domain *domain;
    const block_rows *rows;
    const uint32_t *arrivals; /* of these */
    const window_rows *window;
    const uint64_t *mask; /* or NULL */
    uint64_t *spare_mask;
    key_column *keys;
    uint32_t rank; /* of all its rows, or RANK_DIFFERS */
    bool is_step;  /* may its rows be a step of a match, */
    bool is_end;   /* and its end? */
    size_t cursor; /* of those that are looked ahead in: the number of a group's mark */
    /* Of the person: */
    uint32_t begin, at, end;
    row_place here; /* of the row `at` */
    uint32_t *next; /* looked ahead in, by row - begin: the next row of the same group */
    size_t next_capacity;
    bool has_before;  /* events between the steps: there is one in front of `at`, */
    row_place before; /* here */
} stream;

enum { RANK_DIFFERS = UINT32_MAX, NO_ROW = UINT32_MAX, NO_GROUP = UINT32_MAX };

/* A row that the matcher looks at, and all that it can be: a bit for each step. */
typedef struct sighting {
    row_place place;
    uint32_t steps, endings, forbidden, repeats;
    uint32_t group;
    uint32_t member, row; /* of the first stream that ends matches and has it */
    uint32_t ordinal;     /* its number among those that were looked at, from 1 */
} sighting;

/* A row that completes the sequence up to a step. */
typedef struct candidate {
    row_place place;
    uint32_t ordinal;
    int64_t ready;          /* from when on the next step may continue it, */
    int64_t deadline;       /* until when, */
    int64_t end;            /* and until when the match may end */
    uint32_t next, another; /* of a list (another: of a heap), or NO_ROW */
} candidate;

/* The candidates of a step, by number. */
typedef struct step_state {
    uint32_t ready; /* a list: those that are far enough away, none outdone by another */
    uint32_t waiting; /* a heap of the others: the first to be ready on top */
} step_state;

/* A length of time; those without months are added at once. */
typedef struct reach {
    calendar_span span;
    int64_t microseconds;
    bool is_exact;
} reach;

/* What follows from the sequence alone about a step. */
typedef struct step_plan {
    const sequence_step *step;
    size_t before;       /* the positive step before it, or NO_STEP */
    size_t after;        /* the same behind it */
    bool looks_ahead;    /* a `no` that later rows can break */
    bool latest_will_do; /* the first step: of rows one after another, the last is best */
    reach within, later, earlier;
} step_plan;

enum { NO_STEP = SIZE_MAX };

/* Rows of one value of the keys. Arrays are by group, each of some width. */
typedef struct groups {
    size_t count, capacity;
    size_t key_count, mark_count, step_count, time_count; /* the widths */
    uint64_t *keys;
    uint32_t
        *epochs;     /* what was found before the match of another epoch does not count */
    uint32_t *marks; /* the last row seen of each kind, by ordinal; and cursors */
    step_state *steps; /* in order */
    int64_t *times;    /* in any order: by step, its latest row; or by set of steps, until
                          when a match with rows of these may end */
    struct group_slot *slots; /* a table of the keys */
    size_t slot_count;
    uint32_t stamp; /* slots of other stamps are empty */
} groups;

typedef struct matcher {
    block *block;
    const sequence *sequence;
    const zone *zone;
    const vector *now_of; /* by group of rows: until when rows are looked at */
    step_plan *steps;
    reach all_within;
    size_t last_positive;
    stream *streams;
    size_t stream_count;
    stream **walked, **ahead, **between; /* by what is done with them */
    size_t walked_count, ahead_count, between_count;
    bool latest_will_do; /* in any order: of each step the latest row */
    bool passes_idle;    /* rows that cannot matter are passed over */
    bool passes_distant; /* rows too far from the end of any match are, too */
    groups groups;
    candidate *candidates; /* of all steps and groups */
    size_t candidate_count, candidate_capacity;
    uint32_t unused; /* a list of those that were dropped */
    /* of the person: */
    int64_t now;
    size_t open_ends; /* how many streams may still end a match */
    uint32_t ordinal, epoch;
    bool has_matched;
    row_place matched;
} matcher;

void matcher_begin(matcher *m, block *b, const domain *d);
void matcher_end(matcher *m);

/* Whose rows can hold a match at all? A bit for each group of the rows; to be given back to
 * the scratch. */
uint64_t *matcher_hopeful(const matcher *m, size_t group_count);

/* Begin with the rows of a person, or of a row beside which they stand; false when they
 * hold no match. */
bool matcher_enter(matcher *m, size_t i);

/* The row that ends the next match; false: there is none. */
bool matcher_find(matcher *m, sighting *out);

/* ---- matcher_streams.c: rows of one table ------------------------------- */

void streams_begin(matcher *m, const domain *d);
void streams_end(matcher *m);

/* Go to the first row of the stream from `row` on. */
void stream_move(matcher *m, stream *s, uint32_t row);

/* The next row of all that are walked, with all that it can be. */
bool streams_next(matcher *m, sighting *out);

/* Does an event of the role lie between two places? Asked of places that never go back. */
bool streams_have_between(matcher *m, sequence_role role, const row_place *from,
                          const row_place *to);

/* ---- matcher_groups.c: rows of equal keys ------------------------------- */

void groups_begin(matcher *m);
void groups_end(matcher *m);
void groups_clear(groups *g);

/* The group of a row; NO_GROUP when one of its keys is missing, so that it equals nothing. */
uint32_t groups_find(groups *g, const stream *s, uint32_t row);

/* Forget the candidates of a group that belong to what was matched before. */
void groups_refresh(groups *g, uint32_t group, uint32_t epoch);

/* Without keys: is there a row that completes the sequence up to the step? */
bool groups_have_candidate(const matcher *m, size_t step);

/* The marks of a group: the last row that is a forbidden step, that repeats one, and where
 * the search in the streams that are looked ahead in has come. */
static inline uint32_t *group_marks(const groups *g, uint32_t group)
{
    return g->marks + group * g->mark_count;
}

/* ---- matcher_candidates.c: rows that may be continued -------------------- */

/* Forget all of them. */
void candidates_clear(matcher *m);

/* The row completes the sequence up to the step; its match may end until `end`. */
void candidates_add(matcher *m, size_t step, const sighting *row, int64_t end);

/* May the row follow as step `to`? Then *end is until when the match may end. */
bool candidates_continue(matcher *m, size_t to, const sighting *row, int64_t *end);

/* ---- matcher_order.c, matcher_any_order.c -------------------------------- */

/* Let a row be each step that it can be; does it end a match? */
bool matcher_advance(matcher *m, const sighting *row);
bool matcher_advance_any_order(matcher *m, const sighting *row);

/* ---- bounds --------------------------------------------------------------- */

static inline int64_t reach_from(const matcher *m, const reach *r, int64_t from)
{
    int64_t to;
    if (r->is_exact && !__builtin_add_overflow(from, r->microseconds, &to) &&
        to <= TIME_MAX)
        return to;
    return time_add(m->zone, from, r->span, 1);
}

/* Until when a match that begins at `start` may end. */
static inline int64_t matcher_end_from(const matcher *m, int64_t start)
{
    return m->sequence->has_all_within ? reach_from(m, &m->all_within, start) : INT64_MAX;
}

/* Of a session and its first event, which stand at one place, one completes a match. */
static inline bool matcher_may_end(const matcher *m, const sighting *row)
{
    return !m->has_matched || row->place.time != m->matched.time ||
           row->place.arrival != m->matched.arrival;
}

#endif
