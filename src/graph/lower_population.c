/* SPDX-License-Identifier: MIT
 *
 * Questions that need other people: rankings, and judgements with a memory. All rankings
 * are made of three counts: who is smaller, who is greater, and how many take part.
 */
#include "graph/lowering.h"

#include <assert.h>

#include "base/memory.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};

/* Who is ranked, and by when: of those whom nothing names by then the run leaves out only
 * whom it does not judge. */
static const node *lower_entrants(lowering *b, const ast_expr *expr, context c)
{
    graph *g = b->graph;
    const node *then = lower_until(b, c.now);
    const node *among =
        expr->among.decl ? lower_member(b, &expr->among, c.now) : make_bool(g, true);
    if (then == make_now(g))
        return among;
    const node *known = graph_node(g, &(node){.kind = NODE_KNOWN,
                                              .type = BOOLEAN,
                                              .domain = PEOPLE,
                                              .operands = &then,
                                              .operand_count = 1});
    return make_and(g, known, among);
}

/* One of the counts of a ranking: its value, who takes part, and the class. */
static const node *ranking_count(lowering *b, node_kind kind, const ast_expr *expr,
                                 context c)
{
    graph *g = b->graph;
    const node *operands[3];
    size_t count = 2;
    assert(c.now->domain == RUN); /* the same for all: check refuses others */
    operands[0] = make_comparable(g, lower_single(b, expr->left, c));
    operands[1] = lower_entrants(b, expr, c);
    if (expr->within_each)
        operands[count++] = make_comparable(g, lower_single(b, expr->within_each, c));
    return graph_node(g, &(node){.kind = kind,
                                 .type = WHOLE,
                                 .domain = PEOPLE,
                                 .operands = operands,
                                 .operand_count = count});
}

value lower_ranking(lowering *b, const ast_expr *expr, context c)
{
    graph *g = b->graph;
    const node *one = make_integer(g, WHOLE, 1);
    if (expr->kind == EXPR_RANK)
        return value_of(make_binary(g, NODE_ADD, WHOLE, one,
                                    ranking_count(b, NODE_COUNT_GREATER, expr, c)));
    const node *smaller = ranking_count(b, NODE_COUNT_SMALLER, expr, c);
    const node *size = ranking_count(b, NODE_COUNT_RANKED, expr, c);
    if (expr->kind == EXPR_PERCENTILE) {
        const node *hundred = make_integer(g, WHOLE, 100);
        return (value){.node = make_binary(g, NODE_MULTIPLY, WHOLE, hundred, smaller),
                       .denominator = size};
    }
    const node *tiles = make_integer(g, WHOLE, expr->number.value);
    const node *scaled = make_binary(g, NODE_MULTIPLY, WHOLE, tiles, smaller);
    return value_of(make_binary(g, NODE_ADD, WHOLE, one,
                                make_binary(g, NODE_FLOOR_DIVIDE, WHOLE, scaled, size)));
}

/* `in top 20%`: fewer than 20% of those who take part are strictly greater. */
const node *lower_in_ranks(lowering *b, const ast_expr *expr, context c)
{
    graph *g = b->graph;
    const ast_amount *amount = &expr->amount;
    const node *better = ranking_count(
        b, amount->is_top ? NODE_COUNT_GREATER : NODE_COUNT_SMALLER, expr, c);
    const node *limit =
        make_integer(g, (type){TYPE_DECIMAL, amount->number.scale}, amount->number.value);
    if (amount->is_count)
        return lower_compare(b, COMPARE_LT, value_of(better), value_of(limit), c);
    value share = {.node = better,
                   .denominator = ranking_count(b, NODE_COUNT_RANKED, expr, c)};
    value wanted = value_of(limit);
    if (amount->divisor > 0)
        wanted = (value){.node = make_integer(g, WHOLE, 1),
                         .denominator = make_integer(g, WHOLE, amount->divisor)};
    return lower_compare(b, COMPARE_LT, share, wanted, c);
}

/* ---- judged every ... stay while ---------------------------------------- */

static const node *did_anything(lowering *b, context c)
{
    const row_set *rows = lower_anything(b, PEOPLE);
    return make_fold(b->graph, NODE_ANY, BOOLEAN, lower_history(b, rows->domain, c.now),
                     NULL, NULL);
}

static void add_part(lowering *b, const char *name, const node *holds)
{
    graph_add_rule(
        b->graph,
        (rule){.kind = RULE_SEGMENT, .name = name, .path = name, .node = holds});
}

/* How many memories may lean on each other in a row. */
enum { MAX_NESTING = 16 };

static lowering *new_lowering(const lowering *b)
{
    lowering *inner = arena_alloc(b->memory, sizeof *inner);
    *inner = (lowering){.book = b->book,
                        .graph = graph_new(b->book->schema, b->book->scripts),
                        .memory = b->memory,
                        .nesting = b->nesting + 1};
    lowering_begin(inner, b->whole);
    return inner;
}

/* The conditions as a graph of their own, to be judged at each unit's first instant:
 * enters, stays, and has done anything yet. */
static void lower_conditions(lowering *b, const ast_decl *decl)
{
    graph *g = b->graph;
    context c = {.now = make_now(g)};
    const node *universe =
        decl->among.decl ? lower_member(b, &decl->among, c.now) : make_bool(g, true);
    add_part(b, "when", make_and(g, universe, lower_condition(b, decl->value, c)));
    add_part(b, "stay", make_and(g, universe, lower_condition(b, decl->stay, c)));
    add_part(b, "did", did_anything(b, c));
    graph_finish(g);
}

/* Of accounts, with a graph of what the conditions import of their people. */
static judgement lower_judgement(const lowering *b, const ast_decl *decl)
{
    lowering *inner = new_lowering(b), *people = new_lowering(b);
    judgement j = {.rules = inner->graph, .unit = decl->judged_unit};
    inner->people = b->people ? people : NULL;
    lower_conditions(inner, decl);
    lower_imports(people, inner->graph);
    graph_finish(people->graph);
    b->whole->elsewhere += inner->graph->node_count + people->graph->node_count;
    if (inner->graph->import_count > 0)
        j.people = people->graph;
    else
        graph_free(people->graph);
    lowering_done(inner);
    lowering_done(people);
    return j;
}

static void check_nesting(lowering *b)
{
    if (b->nesting >= MAX_NESTING && b->whole->diags)
        lower_give_up(b, "too many rules with a memory lean on each other in a row",
                      "At most 16 rules with \"stay while\" may do so.");
}

const node *lower_judged(lowering *b, const ast_decl *decl, const node *now)
{
    size_t number = 0;
    assert(now->domain == RUN); /* the same for all: check refuses others */
    while (number < b->judged_count && b->judged[number] != decl)
        number++;
    if (number == b->judged_count) {
        check_nesting(b);
        judgement j = lower_judgement(b, decl);
        memory_grow((void **)&b->judged, b->judged_count, &b->judged_capacity,
                    sizeof *b->judged);
        b->judged[b->judged_count++] = decl;
        number = graph_judgement(b->graph, j);
    }
    return graph_node(b->graph, &(node){.kind = NODE_JUDGED,
                                        .type = BOOLEAN,
                                        .domain = PEOPLE,
                                        .judgement = number,
                                        .operands = &now,
                                        .operand_count = 1});
}
