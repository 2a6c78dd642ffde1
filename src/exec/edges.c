/* SPDX-License-Identifier: MIT
 *
 * From instants to rows, once a block.
 */
#include "exec/edges.h"

#include <assert.h>

#include "exec/loops.h"

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

/* The same of the newest times, which lie side by side. Who has no rows may be among them. */
static void find_newest_reached(const packed *newest, size_t group_count, int64_t oldest,
                                uint64_t *reached)
{
    if (newest->bits == 64) {
        loop_less_or_equal_integers(&oldest, true, newest->data, false, group_count,
                                    reached);
        return;
    }
    int64_t in_terms = packed_steps_to(newest, oldest);
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
        in_terms[k] = packed_steps_to(stored, instants[k]);
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
    for (size_t k = 0; k < instants->count; k += LOOP_INSTANTS) {
        size_t many =
            instants->count - k < LOOP_INSTANTS ? instants->count - k : LOOP_INSTANTS;
        find_who_reaches(rows, group_count, instants->latest_first[k + many - 1],
                         reached);
        find_some(rows, ends, group_count, instants->latest_first + k, many, reached,
                  edges + k * stride, stride);
        ends = edges + (k + many - 1) * stride;
    }
}

/* The edges of a domain lie one instant after the other, each beginning at a line of the
 * cache. */
static size_t stride_of(size_t group_count)
{
    return (group_count + 16) / 16 * 16;
}

/* Of a person alone anything may be asked. */
static const edge_instants *instants_of(const block *b, uint32_t domain_id)
{
    const edge_plan *p = b->demand->edges;
    return b->is_alone ? &p->instants[domain_id] : &p->asked[domain_id];
}

static const uint32_t *edges_of(block *b, uint32_t domain_id)
{
    const edge_instants *instants = instants_of(b, domain_id);
    block_rows *rows = &b->rows[domain_id];
    if (!rows->edges) {
        size_t groups = block_group_count(b, domain_id), stride = stride_of(groups);
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
    const uint32_t *offsets = block_domain(b, domain_id)->offsets;
    if (edge == EDGE_FIRST)
        return offsets;
    if (edge == EDGE_LAST)
        return offsets + 1;
    if (edge == EDGE_NONE)
        return NULL;
    return edges_of(b, domain_id) + edge * stride_of(block_group_count(b, domain_id));
}

const uint32_t *edges_at(block *b, uint32_t domain_id, int64_t instant)
{
    return edge_at(b, domain_id, edge_of(instants_of(b, domain_id), instant));
}

void edges_borrow(block *b, const node *window, const uint32_t **begin,
                  const uint32_t **end)
{
    edge_pair pair = b->demand->edges->windows[window->id];
    *begin = edge_at(b, window->rows, b->is_alone ? pair.begin : pair.asked_begin);
    *end = edge_at(b, window->rows, b->is_alone ? pair.end : pair.asked_end);
}

bool edges_find_filled(const block *b, const node *window, size_t count, uint64_t *bits)
{
    const edge_pair *pair = &b->demand->edges->windows[window->id];
    const packed *newest = &b->rows[window->rows].newest;
    if (b->is_alone || !pair->is_told_by_newest)
        return false;
    assert(newest->data && newest->bits == 32);
    find_newest_reached(newest, count, pair->from, bits);
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
