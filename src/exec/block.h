/* SPDX-License-Identifier: MIT
 *
 * block -- some people in a row, and the value of every node for them.
 *
 * A worker keeps one block and moves it over its pieces of work:
 *
 *     people   p0 ....................... p0 + people_count
 *     rows of a domain: those of these people, numbered from 0; offsets[i] is the first row of
 *     person p0 + i
 *
 * A vector holds the values of one node: one for the run, one a person, or one a row. It
 * points into the store, or at scratch memory that goes back after the node's last use.
 */
#ifndef EXEC_BLOCK_H
#define EXEC_BLOCK_H

#include <string.h>

#include "base/bitmap.h"
#include "exec/bind.h"
#include "exec/demand.h"
#include "exec/scratch.h"
#include "exec/troubles.h"

/* Values by the node's type: int64 (DECIMAL, TIME, DATE, DURATION), double (NUMBER),
 * uint32 codes (STRING, PERSON), bits (BOOL), parts of items (LIST). Where `present` has a 0 bit, the value is
 * missing and stands as zero. */
typedef struct vector {
    void *values;
    uint64_t *present; /* NULL: nothing is missing */
    bool is_uniform;   /* one value for all */
    bool owns_values, owns_present;
    struct list_items *items; /* LIST: what the lists are parts of (lists.h); or NULL */
} vector;

/* A window: rows [begin[i], end[i]) for person i, or row i. */
typedef struct window_rows {
    const uint32_t *begin, *end;
    bool is_borrowed; /* they are edges (edges.h), or NULL when nobody asks */
    uint64_t *filled; /* see filled.h */
} window_rows;

/* The rows of a domain in this block. */
typedef struct block_rows {
    bool is_ready;
    bool
        is_borrowed; /* FILTER: all rows of the base, which lie there, without `source` */
    size_t count;
    const uint32_t *offsets; /* one for each group, + 1: people; ITEMS, BESIDE: rows */
    const int64_t *time;     /* not of ITEMS */
    const uint32_t *arrival; /* NULL until somebody asks: block_arrivals */
    packed newest;           /* of a stored table, by person: when the last row of the
                                 store happened (store_newest.h); or without data */
    int64_t *own_time;       /* of a stored table: what goes back to the scratch memory */
    const packed
        *stored_time; /* of a stored table, and rows that were borrowed from it: then
                                  `time` is filled where somebody looks (reach.h), that of
                                  any row is rows_time(); or NULL */
    size_t first_row; /* of a stored table: the store's row of row 0 */
    const uint32_t
        *source; /* FILTER, UNION, SEQUENCE, BESIDE, and their ITEMS: the row in the
                                  base or in the member;
                                  SESSIONS: the first row of the session in the base;
                                  a stored table: NULL, or the row behind first_row */
    const uint32_t *last;    /* SESSIONS: the last row of the session in the base */
    const uint32_t *member;  /* UNION, and its ITEMS: which member `source` is of */
    const uint64_t *members; /* UNION: bits of the members that have the row, so many */
    size_t member_words;     /* words a row */
    uint64_t *matched;  /* SEQUENCE of which is only asked whether there is a match: a
                                bit for each group, and offsets say nothing; or NULL */
    uint32_t *edges;    /* see edges.h */
    size_t edge_stride; /* from those of one instant to those of the next */
    struct reached_rows *reached; /* see reach.h */
} block_rows;

typedef struct block {
    const bound *bound;
    scratch *scratch;
    script_state *script;                /* NULL when no rule calls one */
    const struct population *population; /* what earlier passes left */
    const demand *demand;                /* which rows anybody looks at */
    struct profile_counter *profile;     /* NULL: nobody asks where the time goes */
    size_t first_person, people_count;
    bool is_alone;        /* one person, who is judged without the others */
    bool is_crowded;      /* its rows beside each other are too many: to be divided */
    vector *vectors;      /* by node id */
    window_rows *windows; /* by node id, of window nodes */
    block_rows *rows;     /* by domain id, */
    uint32_t *ready;      /* and the ids of those that are ready */
    size_t ready_count;
    pattern_scratch *matching; /* made when it is needed */
    size_t pass_index;
    bool has_fresh;      /* some of the next is to be settled */
    trouble *fresh;      /* by node id: of these people */
    trouble *troubles;   /* by node id: of all people so far */
    trouble *impure;     /* by node id, of scripts: ends the run */
    trouble *not_called; /* by node id, of scripts */
    trouble *overgrown;  /* by domain id: who has too many rows beside each other */
} block;

/* `run_values`: the vectors of nodes of the run's domain, made by block_evaluate_run, and
 * `demand` that of demand.h; both NULL only for the block that makes them. */
block *block_new(const bound *b, const vector *run_values, const demand *demand);

/* The same for one person at a time. */
block *block_new_alone(const bound *b, const vector *run_values, const demand *demand);
void block_free(block *b);

/* Work out every node that does not differ between people, once. They live in `b`. */
void block_evaluate_run(block *b);

/* Move to these people and work out the nodes of a pass; those that are given are read
 * from `population`. When the work is stopped (bound->cancel), the rest is left out. */
struct population;
void block_evaluate(block *b, const pass *pass, size_t pass_index,
                    const struct population *population, size_t first_person,
                    size_t people_count);

/* Work out one node whose operands, and those of its rows, are worked out. */
void block_evaluate_node(block *b, const node *n);

/* The same in a pass, where the first that is met of a family
 * (families.h), works out all. */
void block_evaluate_in_pass(block *b, const node *n);

/* Forget what a node is, and its rows. */
void block_forget_node(block *b, const node *n);
void block_forget_rows(block *b);

/* False when these people are too many at once (is_crowded). Otherwise what went
 * wrong for them counts from now on. */
bool block_settle(block *b);

/* How many values a node has in the block: 1, the people, or the rows of its domain. */
static inline size_t block_length(const block *b, const node *n)
{
    if (n->domain == RUN)
        return 1;
    return n->domain == PEOPLE ? b->people_count : b->rows[n->domain].count;
}

/* The row in the base or in the member that a row stands for. */
static inline uint32_t rows_source(const block_rows *rows, size_t row)
{
    return rows->is_borrowed ? (uint32_t)row : rows->source[row];
}

/* When a row happened, wherever its time stands. */
static inline int64_t rows_time(const block_rows *rows, size_t row)
{
    return rows->stored_time ? packed_get(rows->stored_time, rows->first_row + row)
                             : rows->time[row];
}

/* The first of the rows [begin, end) at or after an instant. */
uint32_t rows_first_from(const block_rows *rows, uint32_t begin, uint32_t end,
                         int64_t instant);

/* How many groups the rows of a domain are in, and offsets but one: the people, or the
 * rows that hold items, or that rows stand beside. */
size_t block_group_count(block *b, uint32_t domain_id);

/* For each row of `inner` the number of the row, or person, of `outer` that it is inside
 * of; NULL when the two are one. To be given back to the scratch. */
uint32_t *block_ancestors(block *b, uint32_t inner, uint32_t outer);

/* The rows of a domain; made at the first call for the block. */
const block_rows *block_make_rows(block *b, uint32_t domain_id);
static inline const block_rows *block_domain(block *b, uint32_t domain_id)
{
    const block_rows *rows = &b->rows[domain_id];
    return rows->is_ready ? rows : block_make_rows(b, domain_id);
}

/* Give a domain rows that were made together with those of another. */
void block_adopt_rows(block *b, uint32_t domain_id, const block_rows *rows);

/* The place of a row in the total order among rows of equal time; and those of all rows of a
 * domain, which are ready. */
uint32_t block_arrival(const block *b, uint32_t domain_id, uint32_t row);
const uint32_t *block_arrivals(block *b, uint32_t domain_id);

/* ---- for kernels -------------------------------------------------------- */

/* The vector of an operand. */
static inline const vector *operand_vector(const block *b, const node *n, size_t index)
{
    return &b->vectors[n->operands[index]->id];
}

/* Fresh memory for the result of a node. */
void *vector_take(block *b, vector *v, size_t bytes);
uint64_t *vector_take_bits(block *b, vector *v, size_t count);    /* not cleared */
uint64_t *vector_take_present(block *b, vector *v, size_t count); /* all present */

/* Give back what the vector owns, and empty it. */
void vector_release(block *b, vector *v);

/* Give `out` the present bits of both operands (either may be NULL); missing stays
 * missing. */
void vector_join_present(block *b, vector *out, const vector *x, const vector *y,
                         size_t count);

/* Is there a value? */
static inline bool vector_has(const vector *v, size_t i)
{
    return !v->present || bitmap_get(v->present, v->is_uniform ? 0 : i);
}

/* A value as 64 bits that are equal when values are; texts only among those of one
 * origin. */
static inline uint64_t vector_key(const vector *v, type t, size_t i)
{
    double number;
    uint64_t key;
    if (v->is_uniform)
        i = 0;
    switch (t.kind) {
    case TYPE_BOOL: return bitmap_get(v->values, i);
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: return ((const uint32_t *)v->values)[i];
    case TYPE_NUMBER:
        number = ((const double *)v->values)[i] + 0.0; /* -0 is 0 */
        memcpy(&key, &number, sizeof key);
        return key;
    default: return (uint64_t)((const int64_t *)v->values)[i];
    }
}

/* Bits of a condition as one bit a row, although it may be uniform: `spare` is taken when
 * needed and given back by the caller. */
const uint64_t *condition_bits(block *b, const vector *v, size_t count, uint64_t **spare);

/* The person whose value `i` of a domain is; NOBODY for the run's. */
size_t block_person(block *b, uint32_t domain_id, size_t i);

/* Are troubles of the node told in this pass, and not in one before? */
static inline bool block_tells(const block *b, const node *n)
{
    return b->is_alone || b->bound->plan->first_passes[n->id] == b->pass_index;
}

/* Note in a trouble of the block what happened to a person. */
void block_note(const block *b, trouble *t, size_t person, const char *message,
                const char *value);

/* Value `i` of the node could not be worked out; `value` says what from. */
void block_trouble(block *b, const node *n, size_t i, const char *message,
                   const char *value);

#endif
