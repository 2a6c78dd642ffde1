/* SPDX-License-Identifier: MIT
 *
 * Conditions on rows that look beyond one value: occasions of the year, the row before,
 * and rows of another table that are near in time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "exec/kernels.h"

static void in_occasion(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    const int64_t *dates = v->values;
    const occasion *o = b->bound->plan->graph->occasions[n->occasion];
    int64_t known = INT64_MIN; /* rows of one day stand together: ask once */
    bool is_in = false;
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(v, i))
            continue;
        if (dates[i] != known) {
            known = dates[i];
            is_in = occasion_has(o, known);
        }
        if (is_in)
            bitmap_set(bits, i);
    }
}

/* A person's first row is no change: nothing was there that could become another. */
static void changed(block *b, const node *n, uint64_t *bits)
{
    const block_rows *rows = block_domain(b, n->domain);
    const vector *v = operand_vector(b, n, 0);
    type t = n->operands[0]->type;
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        for (size_t r = rows->offsets[i] + 1; r < rows->offsets[i + 1]; r++) {
            if (vector_has(v, r) != vector_has(v, r - 1) ||
                (vector_has(v, r) && vector_key(v, t, r) != vector_key(v, t, r - 1)))
                bitmap_set(bits, r);
        }
}

/* ---- near --------------------------------------------------------------- */

/* A row of the other table: sorted by key, then time. Of months, an earlier row may reach
 * further than a later one (matcher.h), so each tells how far the best so far reaches. */
typedef struct neighbour {
    uint64_t key;
    int64_t time;
    uint32_t row;
    int64_t latest; /* the latest instant that is near it or, behind it, one before it */
    int64_t earliest; /* the earliest that is near it or, before it, one behind it */
} neighbour;

typedef struct near_search {
    block *block;
    const node *node;
    const block_rows *own, *other;
    const uint64_t *mask;                    /* of the other table */
    const vector *own_key, *other_key;       /* or NULL */
    const uint32_t *own_codes, *other_codes; /* to the common dictionary, or NULL */
    type own_type, other_type;
    neighbour *found;
} near_search;

static int compare_neighbours(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

static uint64_t coded_key(type t, const vector *v, const uint32_t *codes, size_t row)
{
    uint64_t key = vector_key(v, t, row);
    return codes ? codes[key] : key;
}

static void find_reaches(const near_search *s, size_t count)
{
    const zone *z = s->block->bound->plan->zone;
    neighbour *found = s->found;
    for (size_t i = 0; s->node->near.side & NEAR_AFTER && i < count; i++) {
        found[i].latest = time_add(z, found[i].time, s->node->near.within, 1);
        if (i > 0 && found[i - 1].key == found[i].key &&
            found[i - 1].latest > found[i].latest)
            found[i].latest = found[i - 1].latest;
    }
    for (size_t i = count; s->node->near.side & NEAR_BEFORE && i-- > 0;) {
        found[i].earliest = time_add(z, found[i].time, s->node->near.within, -1);
        if (i + 1 < count && found[i + 1].key == found[i].key &&
            found[i + 1].earliest < found[i].earliest)
            found[i].earliest = found[i + 1].earliest;
    }
}

static size_t collect_neighbours(const near_search *s, size_t group)
{
    size_t count = 0, end = s->other->offsets[group + 1];
    for (size_t r = bitmap_first(s->mask, s->other->offsets[group], end); r < end;
         r = bitmap_first(s->mask, r + 1, end)) {
        if (s->other_key && !vector_has(s->other_key, r))
            continue;
        uint64_t key =
            s->other_key ? coded_key(s->other_type, s->other_key, s->other_codes, r) : 0;
        s->found[count++] =
            (neighbour){.key = key, .time = s->other->time[r], .row = (uint32_t)r};
    }
    if (s->other_key)
        qsort(s->found, count, sizeof *s->found, compare_neighbours);
    find_reaches(s, count);
    return count;
}

/* The first neighbour at or behind (key, time). */
static size_t first_from(const neighbour *found, size_t count, uint64_t key, int64_t time)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (found[middle].key < key ||
            (found[middle].key == key && found[middle].time < time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t rank_at(const near_search *s, uint32_t domain_id, size_t row)
{
    const domain *d = graph_domain(s->block->bound->plan->graph, domain_id);
    return domain_rank(domain_root(s->block, d, (uint32_t)row));
}

/* An event is not near itself; a session that begins with it is another thing. */
static bool is_self(const near_search *s, const neighbour *n, size_t row)
{
    uint32_t own = s->node->domain, other = s->node->rows;
    return n->time == s->own->time[row] &&
           block_arrival(s->block, own, (uint32_t)row) ==
               block_arrival(s->block, other, n->row) &&
           rank_at(s, own, row) == rank_at(s, other, n->row);
}

/* Does a neighbour that is not the row itself stand at its instant? *from: the first neighbour
 * at or behind the instant; *to: the first behind it, when none stands there but the row. */
static bool stands_beside_one(const near_search *s, size_t count, uint64_t key,
                              size_t row, size_t *from, size_t *to)
{
    int64_t time = s->own->time[row];
    *from = *to = first_from(s->found, count, key, time);
    for (; *to < count && s->found[*to].key == key && s->found[*to].time == time; ++*to)
        if (!is_self(s, &s->found[*to], row))
            return true;
    return false;
}

/* Is the row near a neighbour, on a side that counts? */
static bool is_near_one(const near_search *s, size_t count, uint64_t key, size_t row)
{
    size_t from, to;
    int64_t time = s->own->time[row];
    const neighbour *found = s->found;
    if (stands_beside_one(s, count, key, row, &from, &to))
        return true;
    if (s->node->near.side & NEAR_AFTER && from > 0 && found[from - 1].key == key &&
        time <= found[from - 1].latest)
        return true;
    return s->node->near.side & NEAR_BEFORE && to < count && found[to].key == key &&
           time >= found[to].earliest;
}

static void near_group(const near_search *s, size_t group, uint64_t *bits)
{
    size_t count = collect_neighbours(s, group);
    for (size_t r = s->own->offsets[group]; r < s->own->offsets[group + 1]; r++) {
        if (s->own_key && !vector_has(s->own_key, r))
            continue;
        uint64_t key =
            s->own_key ? coded_key(s->own_type, s->own_key, s->own_codes, r) : 0;
        if (is_near_one(s, count, key, r))
            bitmap_set(bits, r);
    }
}

static void near(block *b, const node *n, uint64_t *bits)
{
    near_search s = {.block = b,
                     .node = n,
                     .own = block_domain(b, n->domain),
                     .other = block_domain(b, n->rows)};
    uint64_t *spare;
    s.mask = condition_bits(b, operand_vector(b, n, 0), s.other->count, &spare);
    if (n->operand_count == 3) {
        s.own_key = operand_vector(b, n, 1);
        s.other_key = operand_vector(b, n, 2);
        s.own_type = n->operands[1]->type;
        s.other_type = n->operands[2]->type;
        if (!origin_equals(n->operands[1]->origin, n->operands[2]->origin)) {
            s.own_codes = bound_translation(b->bound, n->operands[1]->origin);
            s.other_codes = bound_translation(b->bound, n->operands[2]->origin);
        }
    }
    s.found = scratch_take(b->scratch, (s.other->count + 1) * sizeof *s.found);
    size_t groups = block_group_count(b, n->domain); /* the other table has the same */
    for (size_t i = 0; i < groups; i++)
        near_group(&s, i, bits);
    scratch_give(b->scratch, s.found);
    scratch_give(b->scratch, spare);
}

static uint64_t *no_row(block *b, const node *n, size_t count)
{
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], count);
    bitmap_fill(bits, count, false);
    return bits;
}

void kernel_in_occasion(block *b, const node *n)
{
    size_t count = block_length(b, n);
    in_occasion(b, n, count, no_row(b, n, count));
}

void kernel_changed(block *b, const node *n)
{
    changed(b, n, no_row(b, n, block_length(b, n)));
}

void kernel_near(block *b, const node *n)
{
    near(b, n, no_row(b, n, block_length(b, n)));
}
