/* SPDX-License-Identifier: MIT
 *
 * Unions: the rows of several tables in the order of (time, arrival) within each person, or
 * each other group.
 *
 * Mostly the members are different tables of events, so that no row stands in two of them.
 * Then the runs of rows that a group has in each are merged two by two, the shortest first,
 * unless these are so many that it would take too much memory.
 * Else (sessions and matches stand at the place of an event, and a kind beside a part of
 * itself has the same rows) all members are read side by side.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/derived.h"
#include "exec/filled.h"
#include "exec/kernels.h"

/* ---- members side by side ----------------------------------------------- */

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
    c->arrival = block_arrival(c->block, c->domain->id, c->at);
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
        const cursor *from = &cursors[rows->member[r]];
        if (rows->time[r] != next->time ||
            block_arrival(from->block, from->domain->id, rows->source[r]) !=
                next->arrival)
            return SIZE_MAX;
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

/* ---- members that have no row in common --------------------------------- */

/* Of one group. */
enum { MOST_IN_RUNS = 1 << 16 };

/* A row on its way into the order. */
typedef struct merged_row {
    int64_t time;
    uint32_t source, member;
} merged_row;

/* Rows in order, one behind the other. */
typedef struct run_of_rows {
    merged_row *rows;
    uint32_t count;
} run_of_rows;

typedef struct merger {
    const cursor *cursors; /* by member: its rows, and where each group's begin */
    size_t member_count;
    run_of_rows *runs;
    merged_row *from, *to; /* room for all rows of a group, twice */
} merger;

static uint32_t arrival_of(const merger *m, const merged_row *row)
{
    const cursor *from = &m->cursors[row->member];
    return block_arrival(from->block, from->domain->id, row->source);
}

/* b when `second`, else a, without a branch, since nobody could foretell it. */
static const merged_row *choose(const merged_row *a, const merged_row *b, uint32_t second)
{
    uintptr_t differ = (uintptr_t)a ^ (uintptr_t)b;
    return (const merged_row *)((uintptr_t)a ^ (differ & -(uintptr_t)second));
}

/* Of two rows the second comes first. */
static uint32_t is_second(const merger *m, const merged_row *x, const merged_row *y)
{
    if (x->time == y->time)
        return arrival_of(m, y) < arrival_of(m, x);
    return x->time > y->time;
}

/* So many rows from the front and as many from the back, which do not wait for each other: no run
 * has fewer than twice as many. Runs become what is left of them; returns the place behind the
 * rows from the front. */
static merged_row *merge_ends(const merger *m, run_of_rows *a, run_of_rows *b,
                              merged_row *out, uint32_t steps)
{
    const merged_row *x = a->rows, *y = b->rows;
    const merged_row *x_last = x + a->count - 1, *y_last = y + b->count - 1;
    merged_row *last = out + a->count + b->count;
    for (uint32_t i = 0; i < steps; i++) {
        uint32_t front = is_second(m, x, y), back = 1 - is_second(m, x_last, y_last);
        memcpy(out++, choose(x, y, front), sizeof *out);
        memcpy(--last, choose(x_last, y_last, back), sizeof *out);
        x += 1 - front;
        y += front;
        x_last -= 1 - back;
        y_last -= back;
    }
    *a = (run_of_rows){(merged_row *)x, (uint32_t)(x_last + 1 - x)};
    *b = (run_of_rows){(merged_row *)y, (uint32_t)(y_last + 1 - y)};
    return out;
}

static void merge_two(const merger *m, run_of_rows a, run_of_rows b, merged_row *out)
{
    for (uint32_t steps; (steps = (a.count < b.count ? a.count : b.count) / 2) > 0;)
        out = merge_ends(m, &a, &b, out, steps);
    const merged_row *x = a.rows, *x_end = x + a.count;
    const merged_row *y = b.rows, *y_end = y + b.count;
    while (x < x_end && y < y_end) {
        uint32_t second = is_second(m, x, y);
        *out++ = *choose(x, y, second);
        x += 1 - second;
        y += second;
    }
    memcpy(out, x, (size_t)(x_end - x) * sizeof *out);
    out += x_end - x;
    memcpy(out, y, (size_t)(y_end - y) * sizeof *out);
}

/* Put a run where its length belongs. */
static void put_run(merger *m, size_t count, run_of_rows run)
{
    for (; count > 0 && m->runs[count - 1].count < run.count; count--)
        m->runs[count] = m->runs[count - 1];
    m->runs[count] = run;
}

/* One run a member that has rows of the group, the shortest last. */
static size_t begin_runs(merger *m)
{
    size_t count = 0;
    merged_row *next = m->from;
    for (const cursor *c = m->cursors; c < m->cursors + m->member_count; c++) {
        if (c->at == c->end)
            continue;
        put_run(m, count++, (run_of_rows){next, c->end - c->at});
        for (uint32_t r = c->at; r < c->end; r++)
            *next++ = (merged_row){c->rows->time[r], r, c->member};
    }
    return count;
}

/* The rows of a group in order. Of each two runs the result lies behind all that was merged
 * before, since every row is moved at most once for each member. */
static run_of_rows merge_runs(merger *m)
{
    size_t count = begin_runs(m);
    merged_row *out = m->to;
    for (; count > 1; count--) {
        run_of_rows a = m->runs[count - 1], b = m->runs[count - 2];
        run_of_rows both = {out, a.count + b.count};
        merge_two(m, a, b, out);
        out += both.count;
        put_run(m, count - 2, both);
    }
    return m->runs[0];
}

static uint32_t put_rows(const derived *out, uint32_t count, run_of_rows run)
{
    size_t words = out->member_words;
    memset(out->members + count * words, 0, run.count * words * sizeof *out->members);
    for (uint32_t i = 0; i < run.count; i++, count++) {
        const merged_row *row = &run.rows[i];
        out->source[count] = row->source;
        out->member[count] = row->member;
        bitmap_set(members_of(out, count), row->member);
        out->time[count] = row->time;
    }
    return count;
}

/* Runs are merged in room for `most` rows. As the shortest are taken first, no row is moved more
 * often than log2(members) + 1 times on average. */
static merger merger_take(block *b, const cursor *cursors, size_t member_count,
                          size_t most)
{
    size_t moves = 2;
    for (size_t k = member_count; k > 1; k = (k + 1) / 2)
        moves++;
    return (merger){
        .cursors = cursors,
        .member_count = member_count,
        .runs = scratch_take(b->scratch, (member_count + 1) * sizeof(run_of_rows)),
        .from = scratch_take(b->scratch, (most + 1) * sizeof(merged_row)),
        .to = scratch_take(b->scratch, (most + 1) * moves * sizeof(merged_row))};
}

static void merger_give(block *b, const merger *m)
{
    scratch_give(b->scratch, m->to);
    scratch_give(b->scratch, m->from);
    scratch_give(b->scratch, m->runs);
}

/* The kind of event that rows are of, or SIZE_MAX. */
static size_t kind_below(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    while (d->kind == DOMAIN_FILTER)
        d = graph_domain(g, d->members[0]);
    return d->kind == DOMAIN_EVENTS ? d->index : SIZE_MAX;
}

static bool members_are_apart(const graph *g, const domain *d)
{
    for (size_t i = 0; i < d->member_count; i++) {
        size_t kind = kind_below(g, d->members[i]);
        if (kind == SIZE_MAX)
            return false;
        for (size_t k = 0; k < i; k++)
            if (kind_below(g, d->members[k]) == kind)
                return false;
    }
    return true;
}

/* ---- either ------------------------------------------------------------- */

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

/* The cursors of the members, and how many rows these have. */
static size_t begin_cursors(block *b, const domain *d, cursor *cursors)
{
    const graph *g = b->bound->plan->graph;
    size_t total = 0;
    for (size_t m = 0; m < d->member_count; m++) {
        cursors[m].block = b;
        cursors[m].member = (uint32_t)m;
        cursors[m].domain = graph_domain(g, d->members[m]);
        cursors[m].rows = block_domain(b, d->members[m]);
        cursors[m].begin = derived_begin(b, d, m);
        total += cursors[m].rows->count;
    }
    return total;
}

/* Put the cursors at the rows of a group; returns how many these are. */
static size_t enter_group(cursor *cursors, size_t member_count, size_t group)
{
    size_t rows = 0;
    for (size_t m = 0; m < member_count; m++) {
        cursors[m].at = cursors[m].begin[group];
        cursors[m].end = cursors[m].rows->offsets[group + 1];
        rows += cursors[m].end - cursors[m].at;
    }
    return rows;
}

/* The rows of the groups that have some, one after the other. */
static uint32_t merge_groups(block *b, const domain *d, cursor *cursors, size_t total,
                             const derived *rows)
{
    size_t groups = block_group_count(b, d->id), members = d->member_count, next = 0;
    size_t most = members_are_apart(b->bound->plan->graph, d) ? MOST_IN_RUNS : 0;
    merger m = merger_take(b, cursors, members, total < most ? total : most);
    cursor **waiting = scratch_take(b->scratch, (members + 1) * sizeof *waiting);
    uint64_t *filled = find_filled(b, d, cursors);
    uint32_t count = 0;
    EACH_SET_BIT(filled, groups, i)
    {
        for (; next <= i; next++)
            rows->offsets[next] = count;
        if (enter_group(cursors, members, i) <= most)
            count = put_rows(rows, count, merge_runs(&m));
        else
            count = merge_group(rows, count, cursors, members, waiting);
    }
    for (; next <= groups; next++)
        rows->offsets[next] = count;
    scratch_give(b->scratch, filled);
    scratch_give(b->scratch, waiting);
    merger_give(b, &m);
    return count;
}

void union_prepare(block *b, const domain *d, block_rows *out)
{
    cursor *cursors = scratch_take(b->scratch, (d->member_count + 1) * sizeof *cursors);
    size_t total = begin_cursors(b, d, cursors);
    derived rows = derived_take(b, d, block_group_count(b, d->id), total);
    uint32_t count = merge_groups(b, d, cursors, total, &rows);
    scratch_give(b->scratch, cursors);
    derived_hand_over(&rows, count, out);
}
