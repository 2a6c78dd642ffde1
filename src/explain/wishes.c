/* SPDX-License-Identifier: MIT
 *
 * Comparisons of a column with a constant, from the condition down.
 */
#include "explain/wishes.h"

#include <string.h>

#include "base/memory.h"

typedef struct wishing {
    const graph *graph;
    const looks_at *looks_at;
    arena *memory;
    wishes out;
    size_t capacity;
} wishing;

/* ---- columns ------------------------------------------------------------- */

/* The column that a value comes from, through what brings it to other rows. */
static const node *column_of(const node *n)
{
    while (n->operand_count > 0 &&
           (n->kind == NODE_TAKE || n->kind == NODE_RESCALE || n->kind == NODE_HOLDS ||
            n->kind == NODE_LAST || n->kind == NODE_FIRST ||
            n->kind == NODE_VERSION_PLACE))
        n = n->operands[n->operand_count - 1];
    return n->kind == NODE_COLUMN ? n : NULL;
}

static const node *constant_of(const node *n)
{
    if (n->kind == NODE_VERSION_PLACE)
        n = n->operands[0];
    return n->kind == NODE_CONSTANT && !n->constant.is_missing ? n : NULL;
}

/* Do rows of a domain stand for rows of the table? Those of a list for the rows that hold it. */
static bool find_list(const graph *g, uint32_t id, const domain *table, wish *out)
{
    const domain *d = graph_domain(g, id);
    if (d == table)
        return true;
    for (size_t i = 0; i < d->member_count; i++)
        if (find_list(g, d->members[i], table, out)) {
            if (d->kind == DOMAIN_ITEMS && i == 0) {
                out->has_list = true;
                out->list = d->index;
            }
            return true;
        }
    return false;
}

/* ---- values -------------------------------------------------------------- */

static imagined_value value_of(const node *column, const node *constant)
{
    int64_t integer = constant->constant.integer;
    unsigned own = column->type.scale, other = constant->type.scale;
    for (; column->type.kind == TYPE_DECIMAL && other < own; other++)
        integer *= 10;
    for (; column->type.kind == TYPE_DECIMAL && other > own; other--)
        integer /= 10;
    return (imagined_value){.property = column->column,
                            .integer = integer,
                            .number = constant->constant.number,
                            .text = constant->constant.text};
}

/* The next value up or down: 5 of `> 4`, a version with a part more. */
static void step_over(const wishing *w, type t, int by, imagined_value *v)
{
    v->integer += by;
    v->number += by;
    if (t.kind != TYPE_VERSION)
        return;
    const char *text =
        by > 0 ? arena_format(w->memory, "%.*s.1", (int)v->text.size, v->text.data) : "0";
    v->text = slice_of(text);
}

/* What makes a comparison of one column with a constant hold; false: it is none. */
static bool wanted_value(const wishing *w, const node *n, const node **column,
                         imagined_value *out)
{
    for (size_t i = 0; i < 2 && n->operand_count >= 2; i++) {
        const node *constant = constant_of(n->operands[1 - i]);
        *column = column_of(n->operands[i]);
        if (!*column || !constant)
            continue;
        *out = value_of(*column, constant);
        if (n->kind == NODE_LESS) /* a value < 5: 4; 5 < a value: 6 */
            step_over(w, (*column)->type, i == 0 ? -1 : 1, out);
        return true;
    }
    *column = n->operand_count == 1 && n->kind == NODE_HOLDS ? column_of(n) : NULL;
    if (!*column || (*column)->type.kind != TYPE_BOOL)
        return false;
    *out = (imagined_value){.property = (*column)->column, .integer = 1};
    return true;
}

/* ---- wishes -------------------------------------------------------------- */

static void add(wishing *w, const node *column, wish made)
{
    for (size_t i = 0; i < w->looks_at->table_count; i++) {
        wish own = made;
        own.table = w->looks_at->tables[i];
        if (!find_list(w->graph, column->domain, own.table, &own))
            continue;
        memory_grow((void **)&w->out.items, w->out.count, &w->capacity,
                    sizeof *w->out.items);
        w->out.items[w->out.count++] = own;
    }
}

/* Texts that are counted have to be new; what a column is compared with, it has. */
static void wish_of(wishing *w, const node *n)
{
    const node *column;
    imagined_value value;
    if (n->kind == NODE_DISTINCT &&
        (column = column_of(n->operands[n->operand_count - 1])) &&
        column->type.kind == TYPE_STRING)
        add(w, column, (wish){.value = {.property = column->column}, .is_another = true});
    else if (wanted_value(w, n, &column, &value))
        add(w, column, (wish){.value = value, .is_of_person = n->domain <= PEOPLE});
}

/* Domains are made of nodes, too: those of filters and sequences. */
static bool *find_below(const graph *g, const node *n, wishes *out)
{
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    bool *is_below = nodes_below(g, n, is_seen);
    for (size_t d = 0; d < g->domain_count; d++)
        out->has_sequence |= is_seen[d] && g->domains[d]->kind == DOMAIN_SEQUENCE;
    memory_free(is_seen);
    return is_below;
}

wishes wishes_find(const graph *g, const node *n, const looks_at *l, arena *memory)
{
    wishing w = {.graph = g, .looks_at = l, .memory = memory};
    bool *is_below = find_below(g, n, &w.out);
    for (size_t i = 0; i < g->node_count; i++)
        if (is_below[i])
            wish_of(&w, g->nodes[i]);
    memory_free(is_below);
    return w.out;
}
