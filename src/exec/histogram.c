/* SPDX-License-Identifier: MIT
 *
 * Counts are gathered by window and text, and comparisons by the counts that they compare.
 */
#include "exec/histogram.h"

#include <string.h>

#include "base/memory.h"

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

/* In the order of the texts, so that two that ask for the same are alike. */
static void add_count(histograms *all, const node *n)
{
    histogram *h = find_or_begin(all, n);
    size_t room = h->capacity, at = h->count_count++;
    slice wanted = n->operands[1]->operands[1]->constant.text;
    memory_grow((void **)&h->counts, at, &room, sizeof *h->counts);
    memory_grow((void **)&h->texts, at, &h->capacity, sizeof *h->texts);
    for (; at > 0 && slice_compare(h->texts[at - 1], wanted) > 0; at--) {
        h->counts[at] = h->counts[at - 1];
        h->texts[at] = h->texts[at - 1];
    }
    h->counts[at] = n;
    h->texts[at] = wanted;
}

static void histogram_done(histogram *h)
{
    memory_free(h->counts);
    memory_free(h->texts);
    memory_free(h->orders);
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

static bool are_alike(const histogram *a, const histogram *b)
{
    bool are = a->subject == b->subject && a->count_count == b->count_count &&
               a->counts[0]->domain == b->counts[0]->domain;
    for (size_t k = 0; are && k < a->count_count; k++)
        are = slice_equals(a->texts[k], b->texts[k]);
    return are;
}

static void find_alike(histograms *all)
{
    for (size_t i = 0; i < all->count; i++) {
        size_t first = 0;
        while (!are_alike(&all->items[first], &all->items[i]))
            first++;
        all->items[i].alike = first;
    }
}

static uint32_t place_of(const histogram *h, const node *count)
{
    uint32_t k = 0;
    while (h->counts[k] != count)
        k++;
    return k;
}

static bool is_order(const node *n)
{
    return (n->kind == NODE_LESS || n->kind == NODE_LESS_OR_EQUAL) &&
           n->operands[0]->kind == NODE_COUNT && n->operands[1]->kind == NODE_COUNT;
}

/* Does the node compare two counts of one histogram? Then it belongs to that. */
static void add_order(histograms *all, const node *n)
{
    if (!is_order(n))
        return;
    uint32_t number = all->by_node[n->operands[0]->id];
    if (number == 0 || number != all->by_node[n->operands[1]->id])
        return;
    histogram *h = &all->items[number - 1];
    memory_grow((void **)&h->orders, h->order_count, &h->order_capacity,
                sizeof *h->orders);
    h->orders[h->order_count++] =
        (histogram_order){n, place_of(h, n->operands[0]), place_of(h, n->operands[1])};
    all->by_node[n->id] = number;
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
    find_alike(all);
    for (size_t i = 0; i < g->node_count; i++)
        add_order(all, g->nodes[i]);
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

const node *histogram_part(const histogram *h, const node *n, size_t operand)
{
    bool is_window =
        n->kind == NODE_COUNT ? n->operands[operand] == h->window : operand == 0;
    return is_window ? h->window : h->subject;
}
