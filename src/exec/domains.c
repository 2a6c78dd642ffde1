/* SPDX-License-Identifier: MIT
 *
 * The rows of a block: which file makes those of each kind of domain; and filtered tables,
 * sessions, and rows beside others.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/derived.h"
#include "exec/edges.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/loops.h"
#include "exec/stored.h"

derived derived_take(block *b, const domain *d, size_t group_count, size_t row_count)
{
    size_t size = (row_count + 1) * sizeof(uint32_t),
           wide = (row_count + 1) * sizeof(int64_t);
    bool is_union = d->kind == DOMAIN_UNION, has_last = d->kind == DOMAIN_SESSIONS;
    size_t words = bitmap_words(d->member_count);
    return (derived){
        .offsets = scratch_take(b->scratch, (group_count + 1) * sizeof(uint32_t)),
        .source = scratch_take(b->scratch, size),
        .member = is_union ? scratch_take(b->scratch, size) : NULL,
        .members = is_union ? scratch_take(b->scratch, wide * words) : NULL,
        .member_words = words,
        .last = has_last ? scratch_take(b->scratch, size) : NULL,
        .time = scratch_take(b->scratch, wide),
    };
}

void derived_hand_over(const derived *from, size_t count, block_rows *out)
{
    out->offsets = from->offsets;
    out->source = from->source;
    out->member = from->member;
    out->members = from->members;
    out->member_words = from->member_words;
    out->last = from->last;
    out->time = from->time;
    out->count = count;
}

uint32_t rows_first_from(const block_rows *rows, uint32_t begin, uint32_t end,
                         int64_t instant)
{
    if (begin == end || rows->time[begin] >= instant)
        return begin;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (rows->time[middle] < instant)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

const uint32_t *derived_begin(block *b, const domain *d, size_t member)
{
    return edges_at(b, d->members[member], b->demand->since[d->id]);
}

/* The rows are those of the base, and lie where these do. */
static void borrow_rows(const block_rows *base, block_rows *out)
{
    *out = (block_rows){.count = base->count,
                        .offsets = base->offsets,
                        .time = base->time,
                        .stored_time = base->stored_time,
                        .first_row = base->first_row,
                        .is_borrowed = true};
}

static void keep_rows(block *b, const domain *d, const uint64_t *mask, block_rows *out)
{
    const uint32_t *begin = derived_begin(b, d, 0);
    const block_rows *base = block_domain(b, d->members[0]);
    size_t groups = block_group_count(b, d->id);
    derived rows = derived_take(b, d, groups, base->count);
    uint32_t count = 0;
    for (size_t i = 0; i < groups; i++) {
        rows.offsets[i] = count;
        size_t end = base->offsets[i + 1];
        for (size_t r = bitmap_first(mask, begin[i], end); r < end;
             r = bitmap_first(mask, r + 1, end)) {
            rows.source[count] = (uint32_t)r;
            rows.time[count++] = base->time[r];
        }
    }
    rows.offsets[groups] = count;
    derived_hand_over(&rows, count, out);
}

static void prepare_filter(block *b, const domain *d, block_rows *out)
{
    const block_rows *base = block_domain(b, d->members[0]);
    uint64_t *spare;
    const uint64_t *mask =
        condition_bits(b, &b->vectors[d->inputs[0]->id], base->count, &spare);
    if (loop_count_set(mask, base->count) == base->count)
        borrow_rows(base, out);
    else
        keep_rows(b, d, mask, out);
    scratch_give(b->scratch, spare);
}

const domain *domain_root(const block *b, const domain *d, uint32_t row)
{
    const graph *g = b->bound->plan->graph;
    while (d->kind == DOMAIN_FILTER || d->kind == DOMAIN_UNION ||
           d->kind == DOMAIN_BESIDE) {
        const block_rows *rows = &b->rows[d->id]; /* ready: the row was found in them */
        d = graph_domain(g, d->members[d->kind == DOMAIN_UNION ? rows->member[row] : 0]);
        row = rows_source(rows, row);
    }
    return d;
}

uint32_t domain_rank(const domain *root)
{
    return root->kind == DOMAIN_SESSIONS ? 0 : root->kind == DOMAIN_SEQUENCE ? 2 : 1;
}

/* A row begins a new session when it comes later than the gap after the one before. What
 * begins before anybody looks may have lost its first rows, and is left out. */
static void prepare_sessions(block *b, const domain *d, block_rows *out)
{
    const block_rows *base = block_domain(b, d->members[0]);
    size_t groups = block_group_count(b, d->id);
    int64_t since = b->demand->since[d->id];
    derived rows = derived_take(b, d, groups, base->count);
    uint32_t count = 0;
    for (size_t i = 0; i < groups; i++) {
        bool is_open = false;
        rows.offsets[i] = count;
        for (uint32_t r = base->offsets[i]; r < base->offsets[i + 1]; r++) {
            bool is_new = r == base->offsets[i] ||
                          base->time[r] - base->time[r - 1] > (int64_t)d->index;
            is_open = is_new ? base->time[r] >= since : is_open;
            if (!is_open)
                continue;
            if (is_new) {
                rows.source[count] = r;
                rows.time[count++] = base->time[r];
            }
            rows.last[count - 1] = r;
        }
    }
    rows.offsets[groups] = count;
    derived_hand_over(&rows, count, out);
}

static size_t rows_beside(const block_rows *base, const uint32_t *of_base, size_t group)
{
    size_t from = of_base ? of_base[group] : group;
    return base->offsets[from + 1] - base->offsets[from];
}

/* How many rows of the base stand beside those of the group. A person with too many gets
 * none and is remembered; a block with too many is to be divided. */
static size_t count_beside(block *b, const domain *d, const uint32_t *of_base,
                           const uint32_t *people, size_t *counts)
{
    const block_rows *base = block_domain(b, d->members[0]);
    size_t groups = block_group_count(b, d->id), total = 0;
    size_t most = b->bound->most_rows_beside;
    memset(counts, 0, b->people_count * sizeof *counts);
    for (size_t i = 0; i < groups; i++)
        counts[people[i]] += rows_beside(base, of_base, i);
    for (size_t p = 0; p < b->people_count; p++) {
        if (!judged_has(b->bound->judged, b->first_person + p))
            counts[p] = 0; /* of whom nothing is asked */
        if (counts[p] > most) {
            counts[p] = 0;
            block_note(b, &b->overgrown[d->id], b->first_person + p,
                       "too many events for a rule that looks at all of them anew from "
                       "each of them (\"as of\" the time of an event); let it look at "
                       "less, with a window such as \"in last 3 days\" in place of a "
                       "condition on the time",
                       "");
        }
        total += counts[p];
    }
    b->is_crowded |= total > most;
    return b->is_crowded ? 0 : total;
}

/* Beside each row of the group, the rows of the base that belong to the same person, or
 * row. */
static void prepare_beside(block *b, const domain *d, block_rows *out)
{
    const block_rows *base = block_domain(b, d->members[0]);
    uint32_t *of_base = block_ancestors(
        b, d->members[1], graph_group_of(b->bound->plan->graph, d->members[0]));
    uint32_t *people = block_ancestors(b, d->members[1], PEOPLE);
    size_t *counts = scratch_take(b->scratch, (b->people_count + 1) * sizeof *counts);
    size_t groups = block_group_count(b, d->id);
    size_t total = count_beside(b, d, of_base, people, counts);
    derived rows = derived_take(b, d, groups, total);
    uint32_t count = 0;
    for (size_t i = 0; i < groups; i++) {
        size_t from = of_base ? of_base[i] : i;
        bool has_rows = total > 0 && counts[people[i]] > 0;
        rows.offsets[i] = count;
        for (uint32_t r = base->offsets[from]; has_rows && r < base->offsets[from + 1];
             r++) {
            rows.source[count] = r;
            rows.time[count++] = base->time ? base->time[r] : 0; /* items have none */
        }
    }
    rows.offsets[groups] = count;
    scratch_give(b->scratch, counts);
    scratch_give(b->scratch, people);
    scratch_give(b->scratch, of_base);
    derived_hand_over(&rows, count, out);
}

void domain_prepare(block *b, const domain *d, block_rows *out)
{
    switch (d->kind) {
    case DOMAIN_EVENTS:
    case DOMAIN_TRAIT: stored_prepare(b, d, out); break;
    case DOMAIN_FILTER: prepare_filter(b, d, out); break;
    case DOMAIN_UNION: union_prepare(b, d, out); break;
    case DOMAIN_SESSIONS: prepare_sessions(b, d, out); break;
    case DOMAIN_SEQUENCE: sequence_prepare(b, d, out); break;
    case DOMAIN_ITEMS: items_prepare(b, d, out); break;
    case DOMAIN_BESIDE: prepare_beside(b, d, out); break;
    case DOMAIN_RUN:
    case DOMAIN_PEOPLE: break;
    }
}

void domain_release(block *b, const domain *d, block_rows *rows)
{
    scratch_give(b->scratch, rows->edges);
    reach_release(b, rows);
    scratch_give(b->scratch, (void *)rows->arrival);
    if (rows->is_borrowed)
        return;
    scratch_give(b->scratch, (void *)rows->offsets);
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT) {
        stored_release(b, rows);
        return;
    }
    scratch_give(b->scratch, rows->matched);
    scratch_give(b->scratch, (void *)rows->source);
    scratch_give(b->scratch, (void *)rows->member);
    scratch_give(b->scratch, (void *)rows->members);
    scratch_give(b->scratch, (void *)rows->last);
    scratch_give(b->scratch, (void *)rows->time);
}
