/* SPDX-License-Identifier: MIT
 *
 * Counts are gathered by window and text; a block adds one for each row to the count that
 * the code of its text belongs to.
 */
#include "exec/histogram.h"

#include <string.h>

#include "base/memory.h"
#include "exec/block.h"
#include "exec/filled.h"

/* Fewer counts are quicker by their masks, sixteen rows an instruction; more have no number
 * in a byte. */
enum { LEAST_COUNTS = 4, MOST_COUNTS = 255 };

/* ---- finding them ------------------------------------------------------- */

/* A count of rows whose text equals one constant? */
static bool counts_one_text(const node *n)
{
    if (n->kind != NODE_COUNT || !n->fold.has_mask || n->domain == RUN)
        return false;
    const node *mask = n->operands[1];
    if (mask->kind != NODE_TEXT_IN || mask->operand_count != 2)
        return false;
    bool is_column = mask->domain == n->rows && mask->operands[0]->domain == n->rows;
    bool can_grow = mask->operands[0]->origin.kind == ORIGIN_COMMON; /* by scripts */
    return is_column && !can_grow && !mask->operands[1]->constant.is_missing;
}

static bool belongs_to(const histogram *h, const node *n)
{
    return h->window == n->operands[0] && h->subject == n->operands[1]->operands[0] &&
           h->counts[0]->domain == n->domain && h->count_count < MOST_COUNTS;
}

static histogram *find_or_begin(histograms *all, const node *n)
{
    for (size_t i = 0; i < all->count; i++)
        if (belongs_to(&all->items[i], n))
            return &all->items[i];
    histogram *h = &all->items[all->count++];
    *h = (histogram){.window = n->operands[0], .subject = n->operands[1]->operands[0]};
    return h;
}

static void add_count(histograms *all, const node *n)
{
    histogram *h = find_or_begin(all, n);
    size_t room = h->capacity;
    memory_grow((void **)&h->counts, h->count_count, &room, sizeof *h->counts);
    memory_grow((void **)&h->texts, h->count_count, &h->capacity, sizeof *h->texts);
    h->counts[h->count_count] = n;
    h->texts[h->count_count++] = n->operands[1]->operands[1]->constant.text;
}

static void histogram_done(histogram *h)
{
    memory_free(h->counts);
    memory_free(h->texts);
}

/* Drop those that are not worth it, and number the others. */
static void keep_large(histograms *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].count_count >= LEAST_COUNTS)
            all->items[count++] = all->items[i];
        else
            histogram_done(&all->items[i]);
    all->count = count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all->items[i].count_count; k++)
            all->by_node[all->items[i].counts[k]->id] = (uint32_t)i + 1;
}

histograms *histograms_find(const graph *g)
{
    histograms *all = memory_alloc_zero(sizeof *all);
    all->items = memory_alloc_zero_array(g->node_count + 1, sizeof *all->items);
    all->by_node = memory_alloc_zero_array(g->node_count + 1, sizeof *all->by_node);
    for (size_t i = 0; i < g->node_count; i++)
        if (counts_one_text(g->nodes[i]))
            add_count(all, g->nodes[i]);
    keep_large(all);
    return all;
}

void histograms_free(histograms *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < h->count; i++)
        histogram_done(&h->items[i]);
    memory_free(h->items);
    memory_free(h->by_node);
    memory_free(h);
}

/* ---- counting ----------------------------------------------------------- */

/* Where each number is counted: 0 is that of all other texts. */
typedef struct counters {
    const uint8_t *numbers; /* by code */
    int64_t *by_number[MOST_COUNTS + 1];
} counters;

/* What is given from a pass before is left alone. */
static void take_counters(block *b, const histogram *h, counters *c, int64_t *others)
{
    size_t groups = block_length(b, h->counts[0]);
    c->numbers = bound_numbers(b->bound, h->counts[0]);
    c->by_number[0] = others;
    for (size_t k = 0; k < h->count_count; k++) {
        vector *out = &b->vectors[h->counts[k]->id];
        bool is_given = plan_is_given(b->bound->plan, h->counts[k], b->pass_index);
        c->by_number[k + 1] =
            is_given ? others : vector_take(b, out, (groups + 1) * sizeof(int64_t));
        memset(c->by_number[k + 1], 0, groups * sizeof(int64_t));
    }
}

static void count_group(const counters *c, const vector *subject, size_t i, size_t begin,
                        size_t end)
{
    const uint32_t *codes = subject->values;
    for (size_t r = begin; r < end; r++)
        if (!subject->present || bitmap_get(subject->present, r))
            c->by_number[c->numbers[codes[r]]][i]++;
}

void histogram_evaluate(block *b, const histogram *h)
{
    counters c;
    size_t groups = block_length(b, h->counts[0]);
    const window_rows *window = &b->windows[h->window->id];
    const vector *subject = &b->vectors[h->subject->id];
    const uint64_t *filled = window_filled(b, h->window);
    int64_t *others = scratch_take(b->scratch, (groups + 1) * sizeof *others);
    memset(others, 0, groups * sizeof *others);
    take_counters(b, h, &c, others);
    EACH_SET_BIT(filled, groups, i)
    {
        count_group(&c, subject, i, window->begin[i], window->end[i]);
    }
    scratch_give(b->scratch, others);
}
