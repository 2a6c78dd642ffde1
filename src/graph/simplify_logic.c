/* SPDX-License-Identifier: MIT
 *
 * and, or, not, if, and what is asked of values that are never missing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/make.h"
#include "graph/simplifier.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

/* ---- and, or ------------------------------------------------------------ */

/* Collect the operands, and those of nested nodes of the same kind while the list stays
 * short: in a row of rules, each with one condition more, all would have all of them. */
static void flatten(node_list *list, const node *wanted)
{
    enum { SHORT = 64 };
    size_t count = wanted->operand_count;
    for (size_t i = 0; i < wanted->operand_count; i++) {
        const node *n = wanted->operands[i];
        bool is_nested = n->kind == wanted->kind && count + n->operand_count <= SHORT;
        for (size_t k = 0; is_nested && k < n->operand_count; k++)
            node_list_add(list, n->operands[k]);
        if (is_nested)
            count += n->operand_count - 1;
        else
            node_list_add(list, n);
    }
}

static bool list_has(const node_list *list, const node *n)
{
    return bsearch(&n, list->items, list->count, sizeof *list->items, node_compare_ids);
}

static bool has_complement(const node_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == NODE_NOT &&
            list_has(list, list->items[i]->operands[0]))
            return true;
    return false;
}

/* Is one of the list denied somewhere inside a long nested `and`? A group is denied by
 * all that follow it. */
static bool is_denied_inside(const node_list *list, const node *inside)
{
    enum { MOST_STEPS = 16 }; /* of up to 64 each, see flatten */
    for (size_t step = 0; inside && step < MOST_STEPS; step++) {
        const node *deeper = NULL;
        for (size_t i = 0; i < inside->operand_count; i++) {
            const node *n = inside->operands[i];
            if (n->kind == NODE_AND)
                deeper = n;
            else if (n->kind == NODE_NOT && list_has(list, n->operands[0]))
                return true;
        }
        inside = deeper;
    }
    return false;
}

static bool has_denied_inside(const node_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == NODE_AND && is_denied_inside(list, list->items[i]))
            return true;
    return false;
}

/* One sorted, flat list; `absorbing` (false of `and`, true of `or`) decides at once. */
const node *simplify_many(graph *g, node *wanted)
{
    bool absorbing = wanted->kind == NODE_OR;
    node_list list = {0};
    const node *result = NULL;
    flatten(&list, wanted);
    node_list_sort(&list);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        const node *n = list.items[i];
        if (node_is_known(n) && (n->constant.integer != 0) == absorbing)
            result = n;
        else if (!node_is_known(n))
            list.items[kept++] = n;
    }
    list.count = kept;
    bool is_decided =
        has_complement(&list) || (wanted->kind == NODE_AND && has_denied_inside(&list));
    if (!result && is_decided)
        result = make_bool(g, absorbing);
    if (!result && list.count == 0)
        result = make_bool(g, !absorbing);
    if (!result && list.count == 1)
        result = list.items[0];
    bool is_new =
        list.count != wanted->operand_count ||
        memcmp(list.items, wanted->operands, list.count * sizeof *list.items) != 0;
    if (!result && is_new)
        result = make_many(g, wanted->kind, BOOLEAN, list.items, list.count);
    memory_free(list.items);
    return result;
}

/* ---- not ---------------------------------------------------------------- */

const node *simplify_not(graph *g, node *wanted)
{
    const node *a = wanted->operands[0];
    bool is_order = a->kind == NODE_LESS || a->kind == NODE_LESS_OR_EQUAL;
    if (is_order && !a->operands[0]->may_be_missing && !a->operands[1]->may_be_missing)
        return make_binary(g, a->kind == NODE_LESS ? NODE_LESS_OR_EQUAL : NODE_LESS,
                           BOOLEAN, a->operands[1], a->operands[0]);
    return a->kind == NODE_NOT ? a->operands[0] : NULL;
}

/* ---- the rest ----------------------------------------------------------- */

const node *simplify_if(graph *g, node *wanted)
{
    (void)g;
    const node *condition = wanted->operands[0];
    if (node_is_known(condition))
        return wanted->operands[condition->constant.integer ? 1 : 2];
    return wanted->operands[1] == wanted->operands[2] ? wanted->operands[1] : NULL;
}

const node *simplify_is_present(graph *g, node *wanted)
{
    return wanted->operands[0]->may_be_missing ? NULL : make_bool(g, true);
}

const node *simplify_holds(graph *g, node *wanted)
{
    (void)g;
    return wanted->operands[0]->may_be_missing ? NULL : wanted->operands[0];
}
