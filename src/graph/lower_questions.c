/* SPDX-License-Identifier: MIT
 *
 * Questions to rules of a graph of their own: what they lean on is built as it is for
 * the rules of the project.
 */
#include "graph/lower.h"
#include "graph/lowering.h"

static void add_questions(lowering *b, const ast_list *questions)
{
    context c = {.now = make_now(b->graph)};
    for (size_t i = 0; i < questions->count; i++) {
        const ast_expr *expr = questions->items[i];
        const char *name = arena_format(b->graph->memory, "question %zu", i);
        graph_add_rule(b->graph, (rule){.kind = RULE_SCORE,
                                        .name = name,
                                        .path = name,
                                        .where = expr->where,
                                        .node = lower_single(b, expr, c)});
    }
}

/* The engine stops at the first match of a sequence of which nobody asks for more. So for each
 * that is only asked for any, the matches are counted. */
static void count_matches(graph *g)
{
    size_t count = g->node_count;
    for (size_t i = 0; i < count; i++) {
        const node *n = g->nodes[i];
        if (n->kind != NODE_ANY || n->domain != PEOPLE ||
            graph_domain(g, n->rows)->kind != DOMAIN_SEQUENCE)
            continue;
        const char *name = arena_format(g->memory, "matches %zu", i);
        graph_add_rule(g, (rule){.kind = RULE_SCORE,
                                 .name = name,
                                 .path = name,
                                 .node = make_fold(g, NODE_COUNT, (type){TYPE_DECIMAL, 0},
                                                   n->operands[0], NULL, NULL)});
    }
}

graph *graph_lower_questions(const rulebook *book, const lower_questions *questions)
{
    lowering people = {.book = book,
                       .graph = graph_new(book->schema, book->scripts),
                       .memory = arena_new()};
    lowering accounts = {.book = book, .people = &people, .memory = people.memory};
    undertaking whole = {0}; /* the rules were built, so these can be */
    lowering_begin(&people, &whole);
    lowering_begin(&accounts, &whole);
    if (questions->accounts.count > 0)
        accounts.graph = graph_new(book->schema, book->scripts);
    add_questions(&people, &questions->people);
    if (questions->tells_matches)
        count_matches(people.graph);
    if (accounts.graph)
        add_questions(&accounts, &questions->accounts);
    if (accounts.graph && questions->tells_matches)
        count_matches(accounts.graph);
    lowering_finish(&people, &accounts);
    arena_free(people.memory);
    return people.graph;
}

/* ---- about a declaration ------------------------------------------------- */

static ast_ref ref_to(ast_decl *decl, size_t part)
{
    ast_ref ref = {.name = decl->name, .where = decl->where, .decl = decl, .group = part};
    if (decl->kind == DECL_GROUPS)
        ref.member = ((const ast_group *)decl->groups.items[part])->name;
    if (decl->kind == DECL_SPLIT)
        ref.member = ((const ast_arm *)decl->arms.items[part])->name;
    return ref;
}

ast_expr *lower_question_about(ast_decl *decl, size_t part, arena *memory)
{
    ast_expr *asked = arena_alloc(memory, sizeof *asked);
    meaning *known = arena_alloc(memory, sizeof *known);
    bool is_value = decl->kind == DECL_SCORE || decl->kind == DECL_LET;
    *known = (meaning){.kind = MEANING_DECL, .decl = decl, .type = decl->meaning->type};
    *asked = (ast_expr){.kind = is_value ? EXPR_PATH : EXPR_MEMBER,
                        .where = decl->where,
                        .meaning = known};
    if (!is_value)
        asked->ref = ref_to(decl, part);
    return asked;
}
