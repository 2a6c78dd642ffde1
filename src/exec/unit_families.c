/* SPDX-License-Identifier: MIT
 *
 * Which counts of units are a family, and the cells of each.
 */
#include "exec/unit_families.h"

#include <stdlib.h>

#include "base/memory.h"
#include "exec/fold_questions.h"

/* ---- which counts ----------------------------------------------------------- */

static bool counts_units(const node *n)
{
    if ((n->kind != NODE_UNITS && n->kind != NODE_UNITED) ||
        fold_kind_of(n) != NODE_UNITS)
        return false;
    const fold_details *details = fold_details_of(n);
    return details->units.least <= 1 && details->units.most == 0;
}

/* Rows that anybody can have: the store tells what all events span. */
static void clip(const edge_plan *edges, const node *n, family_question *q)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < n->operand_count; i++) {
        const edge_instants *rows = &edges->instants[n->operands[i]->rows];
        if (!node_is_window(n->operands[i]->kind))
            continue;
        first = rows->first < first ? rows->first : first;
        last = rows->last > last ? rows->last : last;
    }
    q->from = q->from > first ? q->from : first;
    if (last < INT64_MAX && q->until > last)
        q->until = last + 1;
}

/* Of windows that lie between instants and hold anything. */
static bool find_question(const node *n, const edge_plan *edges, family_question *out)
{
    if (!counts_units(n) || !fold_find_question(n, edges, out))
        return false;
    clip(edges, n, out);
    if (out->from != INT64_MIN && out->until != INT64_MAX && out->from < out->until)
        return true;
    memory_free(out->key);
    return false;
}

/* ---- cells -------------------------------------------------------------------- */

static int compare_instants(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* All instants at which a window begins or ends, in order. */
static int64_t *find_cuts(const family_question *questions, size_t count)
{
    int64_t *cuts = memory_alloc_array(2 * count, sizeof *cuts);
    for (size_t i = 0; i < count; i++) {
        cuts[2 * i] = questions[i].from;
        cuts[2 * i + 1] = questions[i].until;
    }
    qsort(cuts, 2 * count, sizeof *cuts, compare_instants);
    return cuts;
}

/* Between the first of the cuts and the last. False when there are too many, or a unit comes
 * again: where clocks go back over midnight. */
static bool cut_cells(unit_family *f, const plan *p, calendar_unit unit,
                      const int64_t *cuts, size_t cut_count)
{
    int64_t begin = cuts[0], end = cuts[cut_count - 1], lowest = 0, next;
    for (size_t cut = 0; begin < end; begin = next) {
        int64_t number = calendar_unit_number(p->zone, begin, unit, p->week_start, &next);
        while (cuts[cut] <= begin)
            cut++;
        next = next < cuts[cut] ? next : cuts[cut];
        if (f->cell_count == 0)
            lowest = number;
        if (f->cell_count == MOST_CELLS || number - lowest >= MOST_CELLS ||
            number - lowest + 1 < (int64_t)f->unit_count)
            return false;
        f->begins[f->cell_count] = begin;
        f->units[f->cell_count++] = (uint32_t)(number - lowest);
        f->unit_count = (size_t)(number - lowest) + 1;
    }
    f->begins[f->cell_count] = end;
    f->per_microsecond = (double)f->cell_count / (double)(end - f->begins[0]);
    return true;
}

static uint32_t cell_from(const unit_family *f, int64_t instant)
{
    uint32_t cell = 0;
    while (f->begins[cell] < instant)
        cell++;
    return cell;
}

/* The cells in [begin, end) of the unit that holds a cell. */
static unit_range part_of(const unit_family *f, uint32_t cell, uint32_t begin,
                          uint32_t end)
{
    unit_range part = {cell, cell + 1};
    while (part.begin > begin && f->units[part.begin - 1] == f->units[cell])
        part.begin--;
    while (part.end < end && f->units[part.end] == f->units[cell])
        part.end++;
    return part;
}

/* Is the unit of the cell in front of `at` that of the cell behind it? */
static bool cuts_unit(const unit_family *f, uint32_t at)
{
    return at > 0 && at < f->cell_count && f->units[at - 1] == f->units[at];
}

static unit_window window_of(const unit_family *f, const node *count, int64_t from,
                             int64_t until)
{
    uint32_t begin = cell_from(f, from), end = cell_from(f, until);
    unit_window w = {.count = count, .whole = {f->units[begin], f->units[end - 1] + 1}};
    if (cuts_unit(f, begin)) {
        w.parts[0] = part_of(f, begin, begin, end);
        w.whole.begin++;
    }
    if (cuts_unit(f, end) && w.whole.begin < w.whole.end) {
        w.parts[1] = part_of(f, end - 1, begin, end);
        w.whole.end--;
    }
    return w;
}

/* ---- families ------------------------------------------------------------------- */

static void unit_family_done(unit_family *f)
{
    memory_free(f->windows);
    memory_free(f->begins);
    memory_free(f->units);
}

static void find_windows(unit_family *f, const graph *g, const family_question *questions,
                         size_t count)
{
    int64_t until = INT64_MIN;
    f->windows = memory_alloc_array(count, sizeof *f->windows);
    f->count = count;
    f->earliest = g->nodes[questions[0].id]; /* in this order they are */
    for (size_t i = 0; i < count; i++) {
        const node *n = g->nodes[questions[i].id];
        f->windows[i] = window_of(f, n, questions[i].from, questions[i].until);
        if (questions[i].until > until)
            f->latest = n;
        until = questions[i].until > until ? questions[i].until : until;
    }
}

static void add_family(unit_plan *out, const plan *p, const family_question *questions,
                       size_t count)
{
    unit_family *f = &out->families[out->family_count];
    calendar_unit unit = fold_details_of(p->graph->nodes[questions[0].id])->units.unit;
    int64_t *cuts = find_cuts(questions, count);
    *f = (unit_family){0};
    f->begins = memory_alloc_array(MOST_CELLS + 1, sizeof *f->begins);
    f->units = memory_alloc_array(MOST_CELLS, sizeof *f->units);
    if (cut_cells(f, p, unit, cuts, 2 * count)) {
        out->family_count++;
        find_windows(f, p->graph, questions, count);
        for (size_t i = 0; i < count; i++)
            out->by_node[questions[i].id] = (uint32_t)out->family_count;
    } else {
        unit_family_done(f);
    }
    memory_free(cuts);
}

unit_plan *unit_plan_new(const plan *p, const edge_plan *edges)
{
    const graph *g = p->graph;
    size_t most = g->node_count + 1, count = 0;
    unit_plan *out = memory_alloc_zero(sizeof *out);
    family_question *questions = memory_alloc_array(most, sizeof *questions);
    for (size_t i = 0; i < g->node_count; i++)
        count += find_question(g->nodes[i], edges, &questions[count]);
    families_sort(questions, count);
    out->families = memory_alloc_array(count + 1, sizeof *out->families);
    out->by_node = memory_alloc_zero_array(most, sizeof *out->by_node);
    for (size_t first = 0, end; first < count; first = end) {
        end = family_end(questions, count, first);
        if (end - first > 1)
            add_family(out, p, &questions[first], end - first);
    }
    families_free(questions, count);
    return out;
}

void unit_plan_free(unit_plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->family_count; i++)
        unit_family_done(&p->families[i]);
    memory_free(p->families);
    memory_free(p->by_node);
    memory_free(p);
}
