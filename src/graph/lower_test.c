/* SPDX-License-Identifier: MIT
 *
 * Conditions to nodes: tests of values, memberships, and what joins them.
 */
#include "graph/lowering.h"

#include <assert.h>

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};

/* ---- tests --------------------------------------------------------------- */

static const node *lower_text_test(lowering *b, const ast_expr *expr, context c)
{
    static const node_kind kinds[] = {NODE_TEXT_MATCHES, NODE_TEXT_CONTAINS,
                                      NODE_TEXT_STARTS, NODE_TEXT_ENDS};
    if (expr->meaning->kind == MEANING_LIST)
        return lower_list_test(b, expr, c);
    const node *x = lower_single(b, expr->left, c), *y = lower_single(b, expr->right, c);
    return make_binary(b->graph, kinds[expr->kind - EXPR_MATCHES], BOOLEAN, x, y);
}

/* Is `x` equal to one of the values? Constant texts are one table, the rest an `or`. */
static const node *lower_among_values(lowering *b, value x, const ast_list *list,
                                      context c)
{
    const node *any = make_bool(b->graph, false);
    const node **texts = arena_alloc_array(b->memory, list->count + 1, sizeof *texts);
    size_t text_count = 1;
    for (size_t i = 0; i < list->count; i++) {
        const ast_expr *item = list->items[i];
        value y = lower_value(b, item, c);
        if (item->kind == EXPR_STRING && x.node->type.kind != TYPE_VERSION)
            texts[text_count++] = y.node;
        else
            any = make_or(b->graph, any, lower_compare(b, COMPARE_EQ, x, y, c));
    }
    texts[0] = x.node;
    if (text_count > 1)
        any = make_or(b->graph, any,
                      make_many(b->graph, NODE_TEXT_IN, BOOLEAN, texts, text_count));
    return any;
}

static const node *lower_in_list(lowering *b, value x, const ast_decl *list, context c)
{
    if (!list->from.text)
        return lower_among_values(b, x, &list->values, c);
    size_t number = graph_list(b->graph, list->file_list);
    return graph_node(b->graph, &(node){.kind = NODE_TEXT_IN_LIST,
                                        .type = BOOLEAN,
                                        .domain = x.node->domain,
                                        .list = number,
                                        .operands = &x.node,
                                        .operand_count = 1});
}

static const node *lower_in_values(lowering *b, const ast_expr *expr, context c)
{
    if (expr->meaning->kind == MEANING_LIST)
        return lower_list_test(b, expr, c);
    value x = lower_value(b, expr->left, c);
    if (expr->kind == EXPR_IN_VALUES)
        return lower_among_values(b, x, &expr->list, c);
    if (expr->ref.decl->kind == DECL_LIST)
        return lower_in_list(b, x, expr->ref.decl, c);
    assert(c.now->domain == RUN); /* another person's membership, by the same instant */
    const node *member = lower_member(b, &expr->ref, c.now);
    return graph_node(b->graph, &(node){.kind = NODE_MEMBER_OF,
                                        .type = BOOLEAN,
                                        .domain = x.node->domain,
                                        .operands = (const node *[]){x.node, member},
                                        .operand_count = 2});
}

static const node *lower_membership(lowering *b, const ast_expr *expr, context c)
{
    const node *now = expr->right ? lower_instant(b, expr->right, c) : c.now;
    const ast_decl *decl = expr->ref.decl;
    const node *horizon = expr->right ? lower_enter(b, now, c.now) : b->horizon;
    const node *holds =
        decl->kind == DECL_LIST
            ? lower_in_list(b, value_of(make_person_id(b->graph)), decl, c)
            : lower_member(b, &expr->ref, now);
    b->horizon = horizon;
    if (!expr->right || lower_is_certain(now))
        return holds;
    return make_and(b->graph, holds, make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN, now));
}

/* ---- logic -------------------------------------------------------------- */

static const node *lower_logic(lowering *b, const ast_expr *expr, context c)
{
    const node **operands =
        arena_alloc_array(b->memory, expr->list.count, sizeof *operands);
    for (size_t i = 0; i < expr->list.count; i++)
        operands[i] = lower_condition(b, expr->list.items[i], c);
    return make_many(b->graph, expr->kind == EXPR_AND ? NODE_AND : NODE_OR, BOOLEAN,
                     operands, expr->list.count);
}

/* How many of the conditions hold. */
static const node *count_holding(lowering *b, const node *const *conditions, size_t count)
{
    const node *zero = make_integer(b->graph, WHOLE, 0),
               *one = make_integer(b->graph, WHOLE, 1), *total = zero;
    for (size_t i = 0; i < count; i++)
        total = make_binary(b->graph, NODE_ADD, WHOLE, total,
                            make_if(b->graph, conditions[i], one, zero));
    return total;
}

/* Do at least `least` of them hold? */
static const node *lower_at_least(lowering *b, const node *const *conditions,
                                  size_t count, int64_t least, context c)
{
    if (least <= 0 || least > (int64_t)count)
        return make_bool(b->graph, least <= 0);
    if (count == 1)
        return conditions[0];
    if (least == 1 || least == (int64_t)count)
        return make_many(b->graph, least == 1 ? NODE_OR : NODE_AND, BOOLEAN, conditions,
                         count);
    return lower_compare(b, COMPARE_GE, value_of(count_holding(b, conditions, count)),
                         value_of(make_integer(b->graph, WHOLE, least)), c);
}

const node *lower_so_many(lowering *b, const ast_times *times, const node *const *holds,
                          size_t count, context c)
{
    int64_t least, most;
    quantity_bounds(times, &least, &most);
    if (least == most && least > 0 && least < (int64_t)count)
        return lower_compare(b, COMPARE_EQ, value_of(count_holding(b, holds, count)),
                             value_of(make_integer(b->graph, WHOLE, least)), c);
    const node *enough = lower_at_least(b, holds, count, least, c);
    if (most >= (int64_t)count)
        return enough;
    const node *too_many = lower_at_least(b, holds, count, most + 1, c);
    return make_and(b->graph, enough, make_not(b->graph, too_many));
}

static const node *lower_some_of(lowering *b, const ast_expr *expr, context c)
{
    size_t count = expr->list.count;
    const node **holds = arena_alloc_array(b->memory, count, sizeof *holds);
    for (size_t i = 0; i < count; i++)
        holds[i] = lower_condition(b, expr->list.items[i], c);
    return lower_so_many(b, expr->times, holds, count, c);
}

/* ---- all of them -------------------------------------------------------- */

const node *lower_test(lowering *b, const ast_expr *expr, context c)
{
    switch (expr->kind) {
    case EXPR_COMPARE:
        return lower_compare(b, expr->compare, lower_value(b, expr->left, c),
                             lower_value(b, expr->right, c), c);
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH: return lower_text_test(b, expr, c);
    case EXPR_IS_MISSING:
        return make_not(b->graph, make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN,
                                             lower_single(b, expr->left, c)));
    case EXPR_IN_VALUES:
    case EXPR_IN_NAMED: return lower_in_values(b, expr, c);
    case EXPR_IN_RANKS: return lower_in_ranks(b, expr, c);
    case EXPR_IN_WINDOW:
        return lower_in_windows(b, expr->left, &expr->modifiers.windows, c);
    case EXPR_MEMBER: return lower_membership(b, expr, c);
    case EXPR_NOT: return make_not(b->graph, lower_condition(b, expr->left, c));
    case EXPR_AND:
    case EXPR_OR: return lower_logic(b, expr, c);
    case EXPR_SOME_OF: return lower_some_of(b, expr, c);
    case EXPR_LASTING: return lower_lasting(b, expr, c);
    default: assert(!"an expression without a meaning"); return NULL;
    }
}
