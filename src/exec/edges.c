/* SPDX-License-Identifier: MIT
 *
 * From windows to the distinct instants of each domain, once a run; and from these to
 * rows, once a block.
 */
#include "exec/edges.h"

#include <stdlib.h>

#include "base/memory.h"
#include "exec/loops.h"

/* ---- which instants ----------------------------------------------------- */

/* The rows of a window that lies at the same instants for everybody: those at or after
 * `from`, and before `until` where it has one. */
typedef struct fixed_window {
    bool is_fixed, is_empty, has_until;
    int64_t from, until;
} fixed_window;

static bool is_known_for_all(const node *window)
{
    for (size_t i = 0; i < window->operand_count; i++)
        if (window->operands[i]->domain != RUN)
            return false;
    return true;
}

/* Behind an instant is at or after the next microsecond. */
static void fix_lower(fixed_window *w, int64_t instant, bool is_in)
{
    w->from = is_in || instant == INT64_MAX ? instant : instant + 1;
    w->is_empty |= !is_in && instant == INT64_MAX;
}

static void fix_upper(fixed_window *w, int64_t instant, bool is_in)
{
    w->has_until = !(is_in && instant == INT64_MAX);
    w->until = is_in && w->has_until ? instant + 1 : instant;
}

/* An end that is missing leaves the window empty. */
static fixed_window fix_window(const node *window, const vector *run_values)
{
    fixed_window out = {.is_fixed = is_known_for_all(window), .from = INT64_MIN};
    for (size_t i = 0; out.is_fixed && i < window->operand_count; i++) {
        const vector *v = &run_values[window->operands[i]->id];
        int64_t instant = *(const int64_t *)v->values;
        out.is_empty |= !vector_has(v, 0);
        if (i == 0 && window->window.has_lower)
            fix_lower(&out, instant, window->window.lower_in);
        else
            fix_upper(&out, instant, window->window.upper_in);
    }
    return out;
}

static fixed_window fix(const node *window, const vector *run_values);

static fixed_window fix_both(const node *window, const vector *run_values)
{
    const node *first = window->operands[0], *second = window->operands[1];
    fixed_window x = fix(first, run_values), y = fix(second, run_values);
    x.is_fixed &=
        y.is_fixed && first->domain == window->domain && second->domain == window->domain;
    x.is_empty |= y.is_empty;
    x.from = y.from > x.from ? y.from : x.from;
    if (y.has_until && (!x.has_until || y.until < x.until))
        x.until = y.until;
    x.has_until |= y.has_until;
    return x;
}

static fixed_window fix(const node *window, const vector *run_values)
{
    if (window->kind == NODE_WINDOW)
        return fix_window(window, run_values);
    if (window->kind == NODE_BOTH_WINDOWS)
        return fix_both(window, run_values);
    return (fixed_window){.is_fixed = false};
}

static bool has_instants(const fixed_window *w)
{
    return w->is_fixed && !w->is_empty && !(w->has_until && w->until <= w->from);
}

static int latest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

static void sort_instants(edge_instants *instants)
{
    uint32_t count = 0;
    if (instants->count == 0)
        return;
    qsort(instants->latest_first, instants->count, sizeof *instants->latest_first,
          latest_first);
    for (uint32_t i = 0; i < instants->count; i++)
        if (i == 0 || instants->latest_first[i] != instants->latest_first[count - 1])
            instants->latest_first[count++] = instants->latest_first[i];
    instants->count = count;
}

/* Events of the data lie within what the store says; and with them what is made of them. */
static bool are_events(const graph *g, const store *s, const domain *d)
{
    if (d->kind == DOMAIN_EVENTS)
        return d->index < s->schema->kind_count;
    for (size_t m = 0; m < d->member_count; m++)
        if (!are_events(g, s, graph_domain(g, d->members[m])))
            return false;
    return d->member_count > 0;
}

/* All rows of a stored table happened at one instant, as the traits that were set since ever. */
static const packed *only_time(const store *s, const domain *d)
{
    const event_table *table = d->kind == DOMAIN_TRAIT    ? &s->traits[d->index]
                               : d->kind == DOMAIN_EVENTS ? &s->kinds[d->index]
                                                          : NULL;
    return table && table->time.bits == 0 ? &table->time : NULL;
}

static void find_span(const graph *g, const store *s, const domain *d, edge_instants *out)
{
    const packed *only = only_time(s, d);
    if (only) {
        out->first = out->last = only->base;
        return;
    }
    bool is_known = are_events(g, s, d);
    out->first = is_known ? s->first_time : INT64_MIN;
    out->last = is_known ? s->last_time : INT64_MAX;
}

static bool is_within(const edge_instants *instants, int64_t instant)
{
    return instant > instants->first && instant <= instants->last;
}

static uint32_t edge_of(const edge_instants *instants, int64_t instant)
{
    if (!is_within(instants, instant))
        return instant <= instants->first ? EDGE_FIRST : EDGE_LAST;
    const int64_t *found = bsearch(&instant, instants->latest_first, instants->count,
                                   sizeof instant, latest_first);
    return (uint32_t)(found - instants->latest_first);
}

static edge_pair pair_of(const edge_instants *instants, const fixed_window *w)
{
    edge_pair pair = {.is_shared = w->is_fixed,
                      .begin = EDGE_FIRST,
                      .end = EDGE_FIRST,
                      .from = INT64_MAX,
                      .until = INT64_MIN};
    if (!has_instants(w))
        return pair;
    pair.begin = edge_of(instants, w->from);
    pair.end = w->has_until ? edge_of(instants, w->until) : EDGE_LAST;
    pair.from = w->from;
    pair.until = w->has_until ? w->until : INT64_MAX;
    return pair;
}

static void note_instant(edge_instants *instants, size_t *capacity, int64_t instant)
{
    if (!is_within(instants, instant))
        return;
    memory_grow((void **)&instants->latest_first, instants->count, capacity,
                sizeof *instants->latest_first);
    instants->latest_first[instants->count++] = instant;
}

static void note_instants(edge_instants *instants, size_t *capacity,
                          const fixed_window *w)
{
    if (!has_instants(w))
        return;
    note_instant(instants, capacity, w->from);
    if (w->has_until)
        note_instant(instants, capacity, w->until);
}

/* The windows whose ends can be shared, by node id: those of the groups of their rows. */
static fixed_window *fix_all(const graph *g, const vector *run_values)
{
    fixed_window *fixed = memory_alloc_zero_array(g->node_count + 1, sizeof *fixed);
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (node_is_window(n->kind) && n->domain == graph_group_of(g, n->rows))
            fixed[i] = fix(n, run_values);
    }
    return fixed;
}

/* Filtered tables and unions begin at an instant, too. */
static void note_members(edge_instants *instants, size_t *capacities, const domain *d,
                         int64_t since)
{
    fixed_window w = {.is_fixed = true, .from = since};
    if (d->kind != DOMAIN_FILTER && d->kind != DOMAIN_UNION)
        return;
    for (size_t m = 0; m < d->member_count; m++)
        note_instants(&instants[d->members[m]], &capacities[d->members[m]], &w);
}

edge_plan *edge_plan_new(const graph *g, const store *s, const vector *run_values,
                         const int64_t *since)
{
    edge_plan *p = memory_alloc_zero(sizeof *p);
    p->domain_count = g->domain_count;
    p->windows = memory_alloc_zero_array(g->node_count + 1, sizeof *p->windows);
    p->instants = memory_alloc_zero_array(g->domain_count + 1, sizeof *p->instants);
    size_t *capacities = memory_alloc_zero_array(g->domain_count + 1, sizeof *capacities);
    fixed_window *fixed = fix_all(g, run_values);
    for (size_t i = 0; i < g->domain_count; i++)
        find_span(g, s, g->domains[i], &p->instants[i]);
    for (size_t i = 0; i < g->node_count; i++) {
        uint32_t rows = g->nodes[i]->rows;
        note_instants(&p->instants[rows], &capacities[rows], &fixed[i]);
    }
    for (size_t i = 0; i < g->domain_count; i++)
        note_members(p->instants, capacities, g->domains[i], since[i]);
    for (size_t i = 0; i < g->domain_count; i++)
        sort_instants(&p->instants[i]);
    for (size_t i = 0; i < g->node_count; i++)
        p->windows[i] = pair_of(&p->instants[g->nodes[i]->rows], &fixed[i]);
    memory_free(fixed);
    memory_free(capacities);
    return p;
}

void edge_plan_free(edge_plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->domain_count; i++)
        memory_free(p->instants[i].latest_first);
    memory_free(p->instants);
    memory_free(p->windows);
    memory_free(p);
}

/* ---- which rows --------------------------------------------------------- */

uint32_t edge_search(const int64_t *time, uint32_t begin, uint32_t end, int64_t instant)
{
    return loop_first_from(time, begin, end, instant);
}

/* Whose newest row lies at or after the oldest of the instants, a bit each. All of these
 * rows are looked at before anything depends on one, so that the memory answers many at a
 * time. */
static void find_reached(const uint32_t *offsets, const int64_t *time, size_t group_count,
                         int64_t oldest, uint64_t *reached)
{
    for (size_t first = 0; first < group_count; first += 64) {
        size_t many = group_count - first < 64 ? group_count - first : 64;
        uint8_t flags[64] = {0};
        for (size_t j = 0; j < many; j++) {
            uint32_t begin = offsets[first + j], end = offsets[first + j + 1];
            flags[j] = (begin < end) & (time[end > 0 ? end - 1 : 0] >= oldest);
        }
        reached[first / 64] = bitmap_pack(flags);
    }
}

/* The same of times that are not widened. */
static void find_stored_reached(const block_rows *rows, size_t group_count,
                                int64_t oldest, uint64_t *reached)
{
    const uint32_t *offsets = rows->offsets;
    bitmap_fill(reached, group_count, false);
    for (size_t i = 0; i < group_count; i++)
        if (offsets[i] < offsets[i + 1] &&
            packed_get(rows->stored_time, rows->first_row + offsets[i + 1] - 1) >= oldest)
            bitmap_set(reached, i);
}

/* From which stored number on times are at or after an instant? */
static int64_t in_stored_terms(const packed *time, int64_t instant)
{
    if (instant <= time->base)
        return 0;
    uint64_t steps = ((uint64_t)instant - (uint64_t)time->base - 1) / time->unit + 1;
    return steps > INT64_MAX ? INT64_MAX : (int64_t)steps;
}

/* The same of the newest times, which lie side by side. Who has no rows may be among them. */
static void find_newest_reached(const packed *newest, size_t group_count, int64_t oldest,
                                uint64_t *reached)
{
    if (newest->bits == 64) {
        loop_less_or_equal_integers(&oldest, true, newest->data, false, group_count,
                                    reached);
        return;
    }
    int64_t in_terms = in_stored_terms(newest, oldest);
    if (in_terms > UINT32_MAX)
        bitmap_fill(reached, group_count, false);
    else
        loop_at_least(newest->data, (uint32_t)in_terms, group_count, reached);
}

/* Who has a row at or after the oldest of the instants? Where the newest times are known, no
 * row is looked at. */
static void find_who_reaches(const block_rows *rows, size_t group_count, int64_t oldest,
                             uint64_t *reached)
{
    if (rows->newest.data)
        find_newest_reached(&rows->newest, group_count, oldest, reached);
    else if (rows->stored_time)
        find_stored_reached(rows, group_count, oldest, reached);
    else
        find_reached(rows->offsets, rows->time, group_count, oldest, reached);
}

typedef void edge_loop(const uint32_t *begin, const uint32_t *end, const void *time,
                       size_t from, const uint64_t *wanted, size_t group_count,
                       const int64_t *instants, size_t instant_count, uint32_t *edges,
                       size_t stride);

/* `latest` of the instants, which may lie behind what a width holds. */
static edge_loop *edge_loop_of(uint32_t bits, int64_t latest)
{
#ifdef HAS_CLONES
    if (bits == 32 && latest <= UINT32_MAX && __builtin_cpu_supports("x86-64-v4"))
        return loop_find_edges_in_sixteens;
    if (bits == 32 && latest <= UINT32_MAX && __builtin_cpu_supports("avx2"))
        return loop_find_edges_in_eights;
#endif
    (void)latest;
    switch (bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        return loop_find_edges_##BITS;
#include "base/packed_widths.def"
#undef X
    default: return NULL;
    }
}

/* The edges of rows that all happened at one instant, which is stored nowhere. */
static void find_of_one_time(const block_rows *rows, size_t group_count,
                             const int64_t *instants, size_t count, uint32_t *edges,
                             size_t stride)
{
    for (size_t k = 0; k < count; k++)
        memcpy(edges + k * stride,
               rows->offsets + (rows->stored_time->base < instants[k]),
               group_count * sizeof *edges);
}

static void find_some(const block_rows *rows, const uint32_t *ends, size_t group_count,
                      const int64_t *instants, size_t count, const uint64_t *reached,
                      uint32_t *edges, size_t stride)
{
    const packed *stored = rows->stored_time;
    int64_t in_terms[LOOP_INSTANTS];
    if (!stored) {
        loop_find_edges_64(rows->offsets, ends, rows->time, 0, reached, group_count,
                           instants, count, edges, stride);
        return;
    }
    if (stored->bits == 0) {
        find_of_one_time(rows, group_count, instants, count, edges, stride);
        return;
    }
    for (size_t k = 0; k < count; k++)
        in_terms[k] = in_stored_terms(stored, instants[k]);
    edge_loop_of(stored->bits, in_terms[0])(rows->offsets, ends, stored->data,
                                            rows->first_row, reached, group_count,
                                            in_terms, count, edges, stride);
}

void edges_find(const block_rows *rows, size_t group_count, const edge_instants *instants,
                uint64_t *reached, uint32_t *edges, size_t stride)
{
    const uint32_t *ends = rows->offsets + 1;
    for (size_t k = 0; k < instants->count; k++)
        memcpy(edges + k * stride, ends, group_count * sizeof *edges);
    if (instants->count == 0 || rows->offsets[group_count] == 0)
        return;
    find_who_reaches(rows, group_count, instants->latest_first[instants->count - 1],
                     reached);
    for (size_t k = 0; k < instants->count; k += LOOP_INSTANTS) {
        size_t many =
            instants->count - k < LOOP_INSTANTS ? instants->count - k : LOOP_INSTANTS;
        find_some(rows, ends, group_count, instants->latest_first + k, many, reached,
                  edges + k * stride, stride);
        ends = edges + (k + many - 1) * stride;
    }
}

/* The edges of a domain lie one instant after the other, each beginning at a line of the
 * cache, but for those of one person, which lie side by side. */
static size_t stride_of(size_t group_count)
{
    return group_count == 1 ? 1 : (group_count + 16) / 16 * 16;
}

static const uint32_t *edges_of(block *b, uint32_t domain_id)
{
    const edge_instants *instants = &b->demand->edges->instants[domain_id];
    block_rows *rows = &b->rows[domain_id];
    if (!rows->edges) {
        size_t groups = block_group_count(b, domain_id), stride = stride_of(groups);
        rows->edge_stride = stride;
        rows->edges = scratch_take(b->scratch,
                                   (instants->count + 1) * stride * sizeof *rows->edges);
        uint64_t *reached =
            scratch_take(b->scratch, (bitmap_words(groups) + 1) * sizeof *reached);
        edges_find(rows, groups, instants, reached, rows->edges, stride);
        scratch_give(b->scratch, reached);
    }
    return rows->edges;
}

static const uint32_t *edge_at(block *b, uint32_t domain_id, uint32_t edge)
{
    const block_rows *rows = block_domain(b, domain_id);
    if (edge == EDGE_FIRST)
        return rows->offsets;
    if (edge == EDGE_LAST)
        return rows->offsets + 1;
    const uint32_t *edges = edges_of(b, domain_id);
    return edges + edge * rows->edge_stride;
}

const uint32_t *edges_at(block *b, uint32_t domain_id, int64_t instant)
{
    const edge_instants *instants = &b->demand->edges->instants[domain_id];
    return edge_at(b, domain_id, edge_of(instants, instant));
}

void edges_borrow(block *b, const node *window, const uint32_t **begin,
                  const uint32_t **end)
{
    edge_pair pair = b->demand->edges->windows[window->id];
    *begin = edge_at(b, window->rows, pair.begin);
    *end = edge_at(b, window->rows, pair.end);
}

/* Of a window without an end. Those without rows have the least of newest times, so it has to be a
 * later instant. */
bool edges_find_filled(const block *b, const node *window, size_t count, uint64_t *bits)
{
    edge_pair pair = b->demand->edges->windows[window->id];
    const packed *newest = &b->rows[window->rows].newest;
    if (count == 1 || !pair.is_shared || pair.end != EDGE_LAST ||
        pair.begin >= EDGE_LAST || !newest->data || newest->bits != 32 ||
        in_stored_terms(newest, pair.from) == 0)
        return false;
    find_newest_reached(newest, count, pair.from, bits);
    return true;
}

/* The instant of an edge, or what lies in front of, or behind, all rows. */
static int64_t instant_at(const edge_instants *instants, uint32_t edge)
{
    if (edge == EDGE_FIRST)
        return instants->first;
    return edge == EDGE_LAST ? instants->last : instants->latest_first[edge];
}

bool edges_span(const block *b, const node *window, int64_t *first, int64_t *last)
{
    edge_pair pair = b->demand->edges->windows[window->id];
    const edge_instants *instants = &b->demand->edges->instants[window->rows];
    if (!pair.is_shared || pair.begin == EDGE_LAST || pair.end == EDGE_FIRST)
        return false;
    *first = instant_at(instants, pair.begin);
    *last = instant_at(instants, pair.end) - (pair.end != EDGE_LAST);
    return *first != INT64_MIN && *last != INT64_MAX;
}
