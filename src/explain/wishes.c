/* SPDX-License-Identifier: MIT
 *
 * Comparisons of a column with a constant, from the condition down.
 */
#include "explain/wishes.h"

#include <string.h>

#include "base/memory.h"
#include "explain/example_text.h"
#include "value/calendar.h"

typedef struct wishing {
    const graph *graph;
    bool *holds, *fails; /* by node id: which of both would help; it may be both */
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
            n->kind == NODE_LAST || n->kind == NODE_FIRST || n->kind == NODE_GREATEST ||
            n->kind == NODE_LEAST || n->kind == NODE_MOST_COMMON ||
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
    if (t.kind != TYPE_VERSION || by == 0)
        return;
    const char *text =
        by > 0 ? arena_format(w->memory, "%.*s.1", (int)v->text.size, v->text.data) : "0";
    v->text = slice_of(text);
}

/* By how much the value of the left or the right side has to be more than the constant beside it, so
 * that the comparison is as it should be. */
static int step_of(const node *n, bool is_left, bool holds)
{
    int up = is_left ? -1 : 1; /* where the other side is the larger one */
    switch (n->kind) {
    case NODE_LESS: return holds ? up : 0;
    case NODE_LESS_OR_EQUAL: return holds ? 0 : -up;
    case NODE_EQUAL: return holds ? 0 : 1;
    default: return 0;
    }
}

/* A text in which the pattern occurs; one of no length: nobody knows. */
static slice example_of(const wishing *w, slice pattern)
{
    text out;
    text_init(&out);
    bool is_known = example_text_of(pattern, &out);
    const char *kept = is_known ? arena_copy_text(w->memory, out.data, out.size) : "";
    text_done(&out);
    return slice_of(kept);
}

/* What makes a comparison of one column with the constant hold, or fail. */
static wish wish_beside(const wishing *w, const node *n, const node *column,
                        const node *constant, bool is_left, bool holds)
{
    wish made = {.value = value_of(column, constant),
                 .is_denial = !holds,
                 .is_of_person = n->domain <= PEOPLE};
    if (column->type.kind == TYPE_STRING && !holds)
        made = (wish){.value = {.property = column->column},
                      .is_another = true,
                      .is_denial = true,
                      .is_of_person = made.is_of_person};
    else if (n->kind == NODE_TEXT_MATCHES)
        made.value.text = example_of(w, constant->constant.text);
    step_over(w, column->type, step_of(n, is_left, holds), &made.value);
    return made;
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

/* A column on one side, and a constant on the other, or several: `in ("web", "shop")`, of which the
 * first one comes last, and stays. */
static void wish_of_sides(wishing *w, const node *n, bool holds)
{
    for (size_t i = 0; i < 2 && n->operand_count >= 2; i++) {
        const node *column = column_of(n->operands[i]);
        for (size_t k = n->operand_count; column && k-- > 0;) {
            const node *constant = k != i ? constant_of(n->operands[k]) : NULL;
            if (constant)
                add(w, column, wish_beside(w, n, column, constant, i == 0, holds));
        }
    }
}

static void wish_of_bool(wishing *w, const node *n, bool holds)
{
    const node *column = column_of(n);
    if (column && column->type.kind == TYPE_BOOL)
        add(w, column,
            (wish){.value = {.property = column->column, .integer = holds},
                   .is_denial = !holds,
                   .is_of_person = n->domain <= PEOPLE});
}

/* Texts that are counted have to be new; what a column is compared with, it has. */
static void wish_of(wishing *w, const node *n, bool holds)
{
    const node *column;
    if (n->kind == NODE_DISTINCT &&
        (column = column_of(n->operands[n->operand_count - 1])) &&
        column->type.kind == TYPE_STRING)
        add(w, column, (wish){.value = {.property = column->column}, .is_another = true});
    else if (n->kind == NODE_HOLDS && n->operand_count == 1)
        wish_of_bool(w, n, holds);
    else
        wish_of_sides(w, n, holds);
}

/* `not` turns it round. What only the rows depend on should hold. */
static void find_ways(wishing *w, const node *n, const bool *is_below)
{
    w->holds[n->id] = true;
    for (size_t i = n->id + (size_t)1; i-- > 0;) {
        const node *own = w->graph->nodes[i];
        if (!is_below[i])
            continue;
        w->holds[i] |= !w->fails[i];
        for (size_t k = 0; k < own->operand_count; k++) {
            size_t below = own->operands[k]->id;
            w->holds[below] |= own->kind == NODE_NOT ? w->fails[i] : w->holds[i];
            w->fails[below] |= own->kind == NODE_NOT ? w->holds[i] : w->fails[i];
        }
    }
}

/* What counts days, weeks, months ... that hold events. */
static int64_t unit_days_of(const node *n)
{
    node_kind kind = n->kind == NODE_UNITED ? (node_kind)n->united.kind : n->kind;
    const fold_details *fold = n->kind == NODE_UNITED ? &n->united.details : &n->fold;
    if ((kind != NODE_UNITS && kind != NODE_UNITS_IN_A_ROW) ||
        fold->units.unit < UNIT_DAY)
        return 0;
    return calendar_unit_days(fold->units.unit, true);
}

static void find_unit(const graph *g, const bool *is_below, wishes *out)
{
    for (size_t i = 0; i < g->node_count; i++) {
        int64_t days = is_below[i] ? unit_days_of(g->nodes[i]) : 0;
        out->unit_days = days > out->unit_days ? days : out->unit_days;
    }
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
    w.holds = memory_alloc_zero_array(g->node_count + 1, sizeof *w.holds);
    w.fails = memory_alloc_zero_array(g->node_count + 1, sizeof *w.fails);
    find_ways(&w, n, is_below);
    find_unit(g, is_below, &w.out);
    for (size_t i = 0; i < g->node_count; i++) {
        if (is_below[i] && w.holds[i])
            wish_of(&w, g->nodes[i], true);
        if (is_below[i] && w.fails[i])
            wish_of(&w, g->nodes[i], false);
    }
    memory_free(w.holds);
    memory_free(w.fails);
    memory_free(is_below);
    return w.out;
}
