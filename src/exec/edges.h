/* SPDX-License-Identifier: MIT
 *
 * edges -- the ends of all windows over a domain, found together.
 *
 * Most windows lie between instants that are the same for everybody. All such windows over
 * one domain ask few different questions: which is the first row at or after this instant?
 * These rows are the *edges*. One walk over the people of a block, from the newest row of
 * each backwards, finds them all, and the windows borrow them:
 *
 *     rows of a person     r0 r1 r2 r3 r4 r5 |
 *     instants, latest first:   now+1 -> |   30 days ago -> r4   90 days ago -> r2
 *     since 90 days ago         [r2, |)
 *     since 60 days ago before 30 days ago   [.., r4)
 */
#ifndef EXEC_EDGES_H
#define EXEC_EDGES_H

#include "exec/block.h"

/* Positions that are no instant's; EDGE_NONE: nobody asks. */
enum { EDGE_FIRST = UINT32_MAX, EDGE_LAST = UINT32_MAX - 1, EDGE_NONE = UINT32_MAX - 2 };

/* A window's ends: edges of its rows, by the number of their instant. */
typedef struct edge_pair {
    bool is_shared;         /* else the window finds its ends itself */
    bool is_told_by_newest; /* who has rows in it, by when the newest of each happened */
    uint32_t begin, end;
    uint32_t asked_begin, asked_end; /* the same among those that are asked for */
    int64_t from, until; /* rows at or after, and before; of a window that is empty for
                            everybody INT64_MAX and INT64_MIN */
} edge_pair;

/* The instants at which windows over a domain begin and end. Those outside of what its rows
 * span are not among them: their edges are EDGE_FIRST or EDGE_LAST, and no row is searched. So
 * it is with `now`, when it is behind the last event. */
typedef struct edge_instants {
    int64_t *latest_first; /* distinct */
    uint32_t count;
    int64_t first, last; /* no row is before, or behind */
} edge_instants;

typedef struct edge_plan {
    edge_pair *windows;      /* by node id */
    edge_instants *instants; /* by domain id */
    edge_instants *asked;    /* those whose edges somebody reads, when many are judged */
    size_t domain_count;
} edge_plan;

/* `run_values` are the vectors of the run's domain. `since` tells by domain id of derived
 * ones from which instant on they hold rows of their members (demand.h). The store tells what
 * all events span. */
edge_plan *edge_plan_new(const graph *g, const store *s, const vector *run_values,
                         const int64_t *since);
void edge_plan_free(edge_plan *p);

/* An instant at which rows of a domain are asked for besides windows. */
typedef struct asked_instant {
    uint32_t domain;
    int64_t instant;
} asked_instant;

/* Choose those that are asked for: by windows (`is_asked` by node id), by derived domains from `since`
 * on, and others. */
void edge_plan_ask(edge_plan *p, const graph *g, const bool *is_asked,
                   const int64_t *since, const asked_instant *others, size_t other_count);

/* The number of an instant that is among them, or EDGE_FIRST, EDGE_LAST. */
uint32_t edge_of(const edge_instants *instants, int64_t instant);

/* The first of the rows [begin, end) at or after an instant, or `end`. */
uint32_t edge_search(const int64_t *time, uint32_t begin, uint32_t end, int64_t instant);

/* Of rows in groups: edges[k * stride + i] is the first row of group i at or after instant k, or
 * the group's end. `reached` has room for a bit each. */
void edges_find(const block_rows *rows, size_t group_count, const edge_instants *instants,
                uint64_t *reached, uint32_t *edges, size_t stride);

/* Where the window begins and ends, for each group of its rows; of a shared pair only. NULL when nobody
 * asks. The block's, until it moves on. */
void edges_borrow(block *b, const node *window, const uint32_t **begin,
                  const uint32_t **end);

/* Who has a row in a window, a bit for each of `count` groups, told by when their newest rows
 * happened; false: that tells nothing of this window. */
bool edges_find_filled(const block *b, const node *window, size_t count, uint64_t *bits);

/* Between which instants (both included) the rows of a window lie; false: nobody knows. */
bool edges_span(const block *b, const node *window, int64_t *first, int64_t *last);

/* The first row of each group at or after an instant from which a domain that is made of
 * these rows holds them. */
const uint32_t *edges_at(block *b, uint32_t domain_id, int64_t instant);

#endif
