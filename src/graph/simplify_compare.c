/* SPDX-License-Identifier: MIT
 *
 * Comparisons: the same with fewer operands, or none.
 */
#include <string.h>

#include "base/memory.h"
#include "graph/counts.h"
#include "graph/make.h"
#include "graph/simplifier.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

static const node *any_of_count(graph *g, const node *count)
{
    if (count->kind == NODE_ADD)
        return make_or(g, any_of_count(g, count->operands[0]),
                       any_of_count(g, count->operands[1]));
    node wanted = *count;
    wanted.kind = NODE_ANY;
    wanted.type = BOOLEAN;
    return graph_node(g, &wanted);
}

/* "at least one" and "none" are asked without counting. */
static const node *compare_count(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (node_is_count(b) && node_is_known(a)) {
        bool or_equal = wanted->kind == NODE_LESS_OR_EQUAL;
        if (wanted->kind != NODE_EQUAL && a->constant.integer < (or_equal ? 1 : 0))
            return make_bool(g, true);
        if (wanted->kind != NODE_EQUAL && a->constant.integer == (or_equal ? 1 : 0))
            return any_of_count(g, b);
    } else if (node_is_count(a) && node_is_known(b)) {
        bool or_equal = wanted->kind == NODE_LESS_OR_EQUAL;
        if (wanted->kind != NODE_EQUAL && b->constant.integer < (or_equal ? 0 : 1))
            return make_bool(g, false);
        if (wanted->kind != NODE_EQUAL && b->constant.integer == (or_equal ? 0 : 1))
            return make_not(g, any_of_count(g, a));
    }
    const node *count = node_is_count(a) ? a : b, *other = node_is_count(a) ? b : a;
    if (wanted->kind == NODE_EQUAL && node_is_count(count) && node_is_known(other)) {
        if (other->constant.integer < 0)
            return make_bool(g, false);
        if (other->constant.integer == 0)
            return make_not(g, any_of_count(g, count));
    }
    return NULL;
}

const node *simplify_compare(graph *g, node *wanted)
{
    if (wanted->kind == NODE_EQUAL)
        node_order_operands(wanted);
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (a == b)
        return wanted->kind == NODE_LESS ? make_bool(g, false)
                                         : make_unary(g, NODE_IS_PRESENT, BOOLEAN, a);
    return compare_count(g, wanted);
}

const node *simplify_quotient(graph *g, node *wanted)
{
    const node *const *o = wanted->operands;
    if (node_is_integer(o[1], 0) || node_is_integer(o[3], 0))
        return make_bool(g, false);
    if (!node_is_integer(o[1], 1) || !node_is_integer(o[3], 1) || wanted->scale != 0)
        return NULL;
    static const node_kind plain[] = {NODE_EQUAL, NODE_LESS, NODE_LESS_OR_EQUAL};
    return make_binary(g, plain[wanted->kind - NODE_QUOTIENT_EQUAL], BOOLEAN, o[0], o[2]);
}

/* ---- texts -------------------------------------------------------------- */

/* Constants behind the text: in the order of their ids, each once. */
const node *simplify_text_in(graph *g, node *wanted)
{
    (void)g;
    node_list list = {0};
    for (size_t i = 1; i < wanted->operand_count; i++)
        node_list_add(&list, wanted->operands[i]);
    node_list_sort(&list);
    memcpy(wanted->operands + 1, list.items, list.count * sizeof *list.items);
    wanted->operand_count = list.count + 1;
    memory_free(list.items);
    return NULL;
}

const node *simplify_text_equal(graph *g, node *wanted)
{
    node_order_operands(wanted);
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (a == b)
        return make_unary(g, NODE_IS_PRESENT, BOOLEAN, a);
    if (node_is_known(a) || node_is_known(b))
        return make_binary(g, NODE_TEXT_IN, BOOLEAN, node_is_known(a) ? b : a,
                           node_is_known(a) ? a : b);
    return NULL;
}
