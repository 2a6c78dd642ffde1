/* SPDX-License-Identifier: MIT
 *
 * The rows of a block: slices of stored tables, filtered tables, and unions, which merge
 * their members by (time, arrival) within each person, or each other group.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/edges.h"
#include "exec/filled.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/stored.h"

/* Memory for the derived rows' own columns. */
typedef struct derived {
    uint32_t *offsets, *source, *member, *arrival, *last;
    uint64_t *members;
    size_t member_words;
    int64_t *time;
} derived;

static derived derived_take(block *b, const domain *d, size_t group_count,
                            size_t row_count)
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
        .arrival = scratch_take(b->scratch, size),
        .time = scratch_take(b->scratch, wide),
    };
}

static void derived_hand_over(const derived *from, block_rows *out)
{
    out->offsets = from->offsets;
    out->source = from->source;
    out->member = from->member;
    out->members = from->members;
    out->member_words = from->member_words;
    out->last = from->last;
    out->arrival = from->arrival;
    out->time = from->time;
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

/* By group: the first row of a member that a derived table holds. */
static const uint32_t *first_wanted(block *b, const domain *d, size_t member)
{
    return edges_at(b, d->members[member], b->demand->since[d->id]);
}

static void prepare_filter(block *b, const domain *d, block_rows *out)
{
    const block_rows *base = block_domain(b, d->members[0]);
    uint64_t *spare;
    const uint64_t *mask =
        condition_bits(b, &b->vectors[d->inputs[0]->id], base->count, &spare);
    const uint32_t *begin = first_wanted(b, d, 0);
    size_t groups = block_group_count(b, d->id);
    derived rows = derived_take(b, d, groups, base->count);
    uint32_t count = 0;
    for (size_t i = 0; i < groups; i++) {
        rows.offsets[i] = count;
        size_t end = base->offsets[i + 1];
        for (size_t r = bitmap_first(mask, begin[i], end); r < end;
             r = bitmap_first(mask, r + 1, end)) {
            rows.source[count] = (uint32_t)r;
            rows.time[count] = base->time[r];
            rows.arrival[count++] = base->arrival[r];
        }
    }
    rows.offsets[groups] = count;
    scratch_give(b->scratch, spare);
    derived_hand_over(&rows, out);
    out->count = count;
}

/* Where each member of a union is read next. */
typedef struct cursor {
    const block *block;
    const domain *domain;
    const block_rows *rows;
    const uint32_t *begin; /* by group: the first that is wanted */
    uint32_t at, end, member;
    uint32_t arrival; /* of the row `at` */
    int64_t time;
} cursor;

const domain *domain_root(const block *b, const domain *d, uint32_t row)
{
    const graph *g = b->bound->plan->graph;
    while (d->kind == DOMAIN_FILTER || d->kind == DOMAIN_UNION ||
           d->kind == DOMAIN_BESIDE) {
        const block_rows *rows = &b->rows[d->id]; /* ready: the row was found in them */
        d = graph_domain(g, d->members[d->kind == DOMAIN_UNION ? rows->member[row] : 0]);
        row = rows->source[row];
    }
    return d;
}

uint32_t domain_rank(const domain *root)
{
    return root->kind == DOMAIN_SESSIONS ? 0 : root->kind == DOMAIN_SEQUENCE ? 2 : 1;
}

static uint32_t rank_at(const cursor *c)
{
    return domain_rank(domain_root(c->block, c->domain, c->at));
}

static bool comes_before(const cursor *a, const cursor *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->arrival != b->arrival)
        return a->arrival < b->arrival;
    uint32_t first = rank_at(a), second = rank_at(b);
    return first != second ? first < second : a->member < b->member;
}

static void look_at_row(cursor *c)
{
    c->time = c->rows->time[c->at];
    c->arrival = c->rows->arrival[c->at];
}

/* The first of the cursors, which are in order otherwise, goes where it belongs: mostly
 * it stays near the front, since people do the same thing several times in a row. */
static void put_in_order(cursor **waiting, size_t count)
{
    cursor *moved = waiting[0];
    size_t i = 0;
    for (; i + 1 < count && comes_before(waiting[i + 1], moved); i++)
        waiting[i] = waiting[i + 1];
    waiting[i] = moved;
}

/* A row that several members share (a kind, and a part of it) stands once: the rows of
 * one arrival stand together, and there are few. SIZE_MAX: it is new. */
static size_t same_row(const derived *rows, uint32_t count, uint32_t group_begin,
                       const cursor *cursors, const cursor *next)
{
    for (size_t r = count; r-- > group_begin;) {
        if (rows->time[r] != next->time || rows->arrival[r] != next->arrival)
            return SIZE_MAX;
        const cursor *from = &cursors[rows->member[r]];
        if (domain_rank(domain_root(from->block, from->domain, rows->source[r])) ==
            rank_at(next))
            return r;
    }
    return SIZE_MAX;
}

/* Of a union's row: the bits of the members that have it. */
static uint64_t *members_of(const derived *rows, size_t row)
{
    return rows->members + row * rows->member_words;
}

/* Put the row at the cursor behind the others; returns how many there are then. */
static uint32_t merge_row(const derived *rows, uint32_t count, uint32_t group_begin,
                          const cursor *cursors, const cursor *next)
{
    size_t row = same_row(rows, count, group_begin, cursors, next);
    if (row == SIZE_MAX) {
        row = count++;
        rows->source[row] = next->at;
        rows->member[row] = next->member;
        bitmap_fill(members_of(rows, row), rows->member_words * 64, false);
        rows->time[row] = next->time;
        rows->arrival[row] = next->arrival;
    }
    bitmap_set(members_of(rows, row), next->member);
    return count;
}

/* `waiting` has room for all members. */
static uint32_t merge_group(const derived *rows, uint32_t count, cursor *cursors,
                            size_t member_count, cursor **waiting)
{
    uint32_t begin = count;
    size_t left = 0;
    waiting += member_count;
    for (size_t m = 0; m < member_count; m++) {
        if (cursors[m].at == cursors[m].end)
            continue;
        look_at_row(&cursors[m]);
        *--waiting = &cursors[m];
        put_in_order(waiting, ++left);
    }
    while (left > 0) {
        cursor *next = waiting[0];
        count = merge_row(rows, count, begin, cursors, next);
        if (++next->at == next->end) {
            waiting++;
            left--;
        } else {
            look_at_row(next);
            put_in_order(waiting, left);
        }
    }
    return count;
}

/* Which groups have rows in any member? */
static uint64_t *find_filled(block *b, const domain *d, const cursor *cursors)
{
    size_t groups = block_group_count(b, d->id), words = bitmap_words(groups);
    uint64_t *out = scratch_take(b->scratch, (words + 1) * sizeof *out);
    uint64_t *bits = scratch_take(b->scratch, (words + 1) * sizeof *bits);
    bitmap_fill(out, groups, false);
    for (size_t m = 0; m < d->member_count; m++) {
        filled_find(cursors[m].begin, cursors[m].rows->offsets + 1, groups, bits);
        for (size_t w = 0; w < words; w++)
            out[w] |= bits[w];
    }
    scratch_give(b->scratch, bits);
    return out;
}

/* The rows of the groups that have some, one after the other. */
static uint32_t merge_groups(const derived *rows, const uint64_t *filled,
                             size_t group_count, cursor *cursors, size_t member_count,
                             cursor **waiting)
{
    uint32_t count = 0;
    size_t next = 0;
    EACH_SET_BIT(filled, group_count, i)
    {
        for (; next <= i; next++)
            rows->offsets[next] = count;
        for (size_t m = 0; m < member_count; m++) {
            cursors[m].at = cursors[m].begin[i];
            cursors[m].end = cursors[m].rows->offsets[i + 1];
        }
        count = merge_group(rows, count, cursors, member_count, waiting);
    }
    for (; next <= group_count; next++)
        rows->offsets[next] = count;
    return count;
}

static void prepare_union(block *b, const domain *d, block_rows *out)
{
    const graph *g = b->bound->plan->graph;
    cursor *cursors = scratch_take(b->scratch, (d->member_count + 1) * sizeof *cursors);
    cursor **waiting = scratch_take(b->scratch, (d->member_count + 1) * sizeof *waiting);
    size_t total = 0;
    for (size_t m = 0; m < d->member_count; m++) {
        cursors[m].block = b;
        cursors[m].member = (uint32_t)m;
        cursors[m].domain = graph_domain(g, d->members[m]);
        cursors[m].rows = block_domain(b, d->members[m]);
        cursors[m].begin = first_wanted(b, d, m);
        total += cursors[m].rows->count;
    }
    size_t groups = block_group_count(b, d->id);
    uint64_t *filled = find_filled(b, d, cursors);
    derived rows = derived_take(b, d, groups, total);
    uint32_t count =
        merge_groups(&rows, filled, groups, cursors, d->member_count, waiting);
    scratch_give(b->scratch, filled);
    scratch_give(b->scratch, waiting);
    scratch_give(b->scratch, cursors);
    derived_hand_over(&rows, out);
    out->count = count;
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
                rows.time[count] = base->time[r];
                rows.arrival[count++] = base->arrival[r];
            }
            rows.last[count - 1] = r;
        }
    }
    rows.offsets[groups] = count;
    derived_hand_over(&rows, out);
    out->count = count;
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
            rows.time[count] = base->time ? base->time[r] : 0; /* items have none */
            rows.arrival[count++] = base->arrival ? base->arrival[r] : 0;
        }
    }
    rows.offsets[groups] = count;
    scratch_give(b->scratch, counts);
    scratch_give(b->scratch, people);
    scratch_give(b->scratch, of_base);
    derived_hand_over(&rows, out);
    out->count = count;
}

void domain_prepare(block *b, const domain *d, block_rows *out)
{
    switch (d->kind) {
    case DOMAIN_EVENTS:
    case DOMAIN_TRAIT: stored_prepare(b, d, out); break;
    case DOMAIN_FILTER: prepare_filter(b, d, out); break;
    case DOMAIN_UNION: prepare_union(b, d, out); break;
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
    scratch_give(b->scratch, (void *)rows->offsets);
    scratch_give(b->scratch, rows->edges);
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT) {
        stored_release(b, rows);
        return;
    }
    scratch_give(b->scratch, (void *)rows->source);
    scratch_give(b->scratch, (void *)rows->member);
    scratch_give(b->scratch, (void *)rows->members);
    scratch_give(b->scratch, (void *)rows->last);
    scratch_give(b->scratch, (void *)rows->arrival);
    scratch_give(b->scratch, (void *)rows->time);
}
