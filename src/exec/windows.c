/* SPDX-License-Identifier: MIT
 *
 * Windows: two positions in a person's rows. Those that are the same instants for everybody
 * are found together (edges.h); here are the others.
 */
#include "base/bitmap.h"
#include "exec/edges.h"
#include "exec/kernels.h"

/* A window's own ends, which it fills. */
typedef struct own_ends {
    uint32_t *begin, *end;
} own_ends;

/* An end of a window for person or row i; false when it is missing. */
static bool end_at(const vector *v, size_t i, int64_t *out)
{
    size_t at = v->is_uniform ? 0 : i;
    *out = ((const int64_t *)v->values)[at];
    return !v->present || bitmap_get(v->present, at);
}

/* The first row in [begin, end) whose time is at or after `instant`; with `after`, after it.
 * The search begins where the row before had its end: those of rows one after the other mostly
 * lie near each other. */
static uint32_t first_near(const int64_t *time, uint32_t begin, uint32_t end,
                           uint32_t near, int64_t instant, bool after)
{
    uint32_t step = 1;
    if (after && instant == INT64_MAX)
        return end;
    instant += after;
    if (near < begin || near > end || (near > begin && time[near - 1] >= instant))
        return edge_search(time, begin, end, instant);
    for (begin = near; end - begin > step && time[begin + step - 1] < instant; step *= 2)
        begin += step;
    return edge_search(time, begin, end - begin > step ? begin + step : end, instant);
}

static void between_instants(block *b, const node *n, own_ends out)
{
    const block_rows *rows = block_domain(b, n->rows);
    bool has_lower = n->window.has_lower, has_upper = n->window.has_upper;
    bool lower_in = n->window.lower_in, upper_in = n->window.upper_in;
    const vector *lower = has_lower ? operand_vector(b, n, 0) : NULL;
    const vector *upper = has_upper ? operand_vector(b, n, has_lower ? 1 : 0) : NULL;
    size_t count = block_length(b, n);
    uint32_t *groups =
        block_ancestors(b, n->domain, graph_group_of(b->bound->plan->graph, n->rows));
    uint32_t near_begin = UINT32_MAX, near_end = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t group = groups ? groups[i] : i;
        uint32_t begin = rows->offsets[group], end = rows->offsets[group + 1];
        int64_t instant;
        if (begin < end && upper) {
            bool is_known = end_at(upper, i, &instant);
            end = is_known
                      ? first_near(rows->time, begin, end, near_end, instant, upper_in)
                      : begin;
        }
        if (begin < end && lower) {
            bool is_known = end_at(lower, i, &instant);
            begin = is_known ? first_near(rows->time, begin, end, near_begin, instant,
                                          !lower_in)
                             : end;
        }
        near_begin = out.begin[i] = begin;
        near_end = out.end[i] = end;
    }
    scratch_give(b->scratch, groups);
}

static void both(block *b, const node *n, own_ends out)
{
    const window_rows *x = &b->windows[n->operands[0]->id],
                      *y = &b->windows[n->operands[1]->id];
    uint32_t *of_x = block_ancestors(b, n->domain, n->operands[0]->domain),
             *of_y = block_ancestors(b, n->domain, n->operands[1]->domain);
    size_t count = block_length(b, n);
    for (size_t i = 0; i < count; i++) {
        size_t at_x = of_x ? of_x[i] : i, at_y = of_y ? of_y[i] : i;
        uint32_t begin =
            x->begin[at_x] > y->begin[at_y] ? x->begin[at_x] : y->begin[at_y];
        uint32_t end = x->end[at_x] < y->end[at_y] ? x->end[at_x] : y->end[at_y];
        out.begin[i] = begin;
        out.end[i] = end > begin ? end : begin;
    }
    scratch_give(b->scratch, of_x);
    scratch_give(b->scratch, of_y);
}

/* The last rows of the window, as many as are asked for. */
static void newest(const block *b, const node *n, own_ends out)
{
    const window_rows *all = &b->windows[n->operands[0]->id];
    size_t count = block_length(b, n);
    for (size_t i = 0; i < count; i++) {
        uint32_t begin = all->begin[i], end = all->end[i];
        out.begin[i] =
            (int64_t)(end - begin) > n->newest ? end - (uint32_t)n->newest : begin;
        out.end[i] = end;
    }
}

/* Ends that the window keeps for itself. */
static own_ends take_ends(block *b, const node *n)
{
    size_t bytes = (block_length(b, n) + 1) * sizeof(uint32_t);
    own_ends out = {scratch_take(b->scratch, bytes), scratch_take(b->scratch, bytes)};
    b->windows[n->id] = (window_rows){.begin = out.begin, .end = out.end};
    return out;
}

/* Between instants that are the same for everybody, the ends are found already. */
static bool borrow_ends(block *b, const node *n)
{
    window_rows *window = &b->windows[n->id];
    window->is_borrowed = b->demand->edges->windows[n->id].is_shared;
    if (window->is_borrowed)
        edges_borrow(b, n, &window->begin, &window->end);
    return window->is_borrowed;
}

void kernel_window(block *b, const node *n)
{
    if (!borrow_ends(b, n))
        between_instants(b, n, take_ends(b, n));
}

void kernel_both_windows(block *b, const node *n)
{
    if (!borrow_ends(b, n))
        both(b, n, take_ends(b, n));
}

void kernel_newest(block *b, const node *n)
{
    newest(b, n, take_ends(b, n));
}

void kernel_items(block *b, const node *n)
{
    own_ends out = take_ends(b, n);
    items_of_rows(b, n, out.begin, out.end);
}
