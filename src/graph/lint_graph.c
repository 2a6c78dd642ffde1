/* SPDX-License-Identifier: MIT
 *
 * A condition whose node is a constant, or a contradiction, holds for everyone or
 * nobody. A group like that is one that earlier groups take; two segments of one node
 * are one rule.
 */
#include "graph/lint_graph.h"

#include <stdlib.h>

#include "base/memory.h"
#include "graph/contradict.h"
#include "lang/lints.h"

/* Was a part of this reported already: that it is always the same, or compared with what its
 * value never is, which is why? */
static bool is_reported(span where, const diags *diags)
{
    for (size_t i = diags_count(diags); i-- > 0;) {
        const diag *d = diags_get(diags, i);
        if ((d->code == W0202 || d->code == W0207) && d->where.file == where.file &&
            d->where.begin >= where.begin && d->where.end <= where.end)
            return true;
    }
    return false;
}

/* ---- conditions ---------------------------------------------------------------- */

/* What is a constant because somebody wrote one, or is reported where it is declared. */
static bool is_plainly_constant(const ast_expr *expr)
{
    return expr->kind == EXPR_BOOL || expr->kind == EXPR_PATH ||
           expr->kind == EXPR_MEMBER || expr->kind == EXPR_CALL || expr->kind == EXPR_IF;
}

static bool compares_one_text(const ast_expr *expr, ast_compare compare)
{
    if (expr->list.count < 2)
        return false;
    for (size_t i = 0; i < expr->list.count; i++) {
        const ast_expr *part = expr->list.items[i];
        if (part->kind != EXPR_COMPARE || part->compare != compare)
            return false;
    }
    return true;
}

static const ast_expr *find_did(const ast_expr *expr, bool is_negated)
{
    for (size_t i = 0; i < expr->list.count; i++) {
        const ast_expr *part = expr->list.items[i];
        if (part->kind == EXPR_DID && part->is_negated == is_negated &&
            part->modifiers.windows.count > 0)
            return part;
    }
    return NULL;
}

static slice written_windows(const ast_expr *did)
{
    const ast_window *first = did->modifiers.windows.items[0];
    return (slice){source_text(first->place.file).data + first->place.begin,
                   first->place.end - first->place.begin};
}

/* `did x in last 7 days and did not x in last 30 days`: the windows changed places. */
static bool has_swapped_windows(const ast_expr *expr)
{
    const ast_expr *did = find_did(expr, false), *did_not = find_did(expr, true);
    return did && did_not &&
           !slice_equals(written_windows(did), written_windows(did_not));
}

/* `count(x in last 30 days) > count(x in last 60 days)`: the time before was meant, which the
 * second one holds beside the first. */
static void hint_compared_windows(const ast_expr *expr, diags *diags)
{
    const ast_window *left = window_up_to_now(expr->left),
                     *right = window_up_to_now(expr->right);
    bool left_is_part = expr->compare == COMPARE_GT || expr->compare == COMPARE_LE;
    const ast_window *part = left_is_part ? left : right,
                     *whole = left_is_part ? right : left;
    if (part && whole)
        diag_offer(diags, whole->place,
                   "The longer window holds all of the shorter one. For the time before "
                   "that, write: %s.",
                   "in previous %s", diag_words(diags, part->duration.where));
    else
        diag_hint(diags, "What the one counts, the other counts, too.");
}

/* `where (category = "shoes" and category = "bags")`: of one event either, or of two both. */
static bool hint_two_events(const ast_expr *expr, diags *diags)
{
    const ast_expr *first = expr->list.items[0], *second = expr->list.items[1];
    const meaning *m = first->left->meaning;
    if (!m || m->kind != MEANING_PROPERTY || m->scope->kind_count != 1)
        return false;
    const char *event = m->scope->schema->kinds[m->scope->kinds[0]].name;
    diag_hint(
        diags,
        "One event has one value. For either of them, write \"or\"; for both, of two "
        "events: did %s where (%s) and did %s where (%s).",
        event, diag_words(diags, first->where), event, diag_words(diags, second->where));
    return true;
}

/* `count(purchase) >= 0`, where nothing is below 0. */
static bool hint_not_negative(const ast_expr *expr, diags *diags)
{
    if (expr->kind != EXPR_COMPARE || expr->compare != COMPARE_GE ||
        expr->right->kind != EXPR_NUMBER || expr->right->number.value != 0)
        return false;
    diag_propose(diags, expr->where, "%s > 0", diag_words(diags, expr->left->where));
    return true;
}

static void hint_condition(const ast_expr *expr, diags *diags)
{
    if (hint_not_negative(expr, diags))
        return;
    bool is_one_of_two = expr->kind == EXPR_AND && compares_one_text(expr, COMPARE_EQ);
    if (is_one_of_two && expr->list.count == 2 && hint_two_events(expr, diags))
        return;
    if (is_one_of_two)
        diag_hint(diags, "One value cannot equal two: write \"or\", or in (..., ...).");
    else if (expr->kind == EXPR_OR && compares_one_text(expr, COMPARE_NE))
        diag_hint(diags,
                  "Every value differs from one of them: write \"and\", or not in (..., "
                  "...).");
    else if (has_swapped_windows(expr))
        diag_hint(diags, "The longer window holds all of the shorter one. Did you mean "
                         "them the other way round?");
    else if (expr->kind == EXPR_COMPARE && expr->left->kind == EXPR_AGGREGATE &&
             expr->right->kind == EXPR_AGGREGATE)
        hint_compared_windows(expr, diags);
    else if (expr->kind == EXPR_SOME_OF)
        diag_hint(diags, "%zu condition%s in the brackets.", expr->list.count,
                  expr->list.count == 1 ? " stands" : "s stand");
    else if (expr->kind == EXPR_AND)
        diag_hint(diags, "Its parts exclude each other. Did you mean \"or\"?");
}

static bool lint_condition(const ast_expr *expr, const node *holds, diags *diags)
{
    if (is_plainly_constant(expr))
        return false;
    bool is_never = graph_contradicts(holds);
    if (!is_never && !graph_is_tautology(holds))
        return false;
    if (is_reported(expr->where, diags))
        return true;
    diag_warning(diags, expr->where, W0202, "this %s",
                 is_never ? "can never be true" : "is always true");
    hint_condition(expr, diags);
    return true;
}

/* Where a part of a condition is reported, the condition itself is not. */
static void lint_conditions(const lowered_list *conditions, diags *diags)
{
    size_t count = conditions->count, found = 0;
    size_t *found_before = memory_alloc_array(count + 1, sizeof *found_before);
    for (size_t i = 0; i < count; i++) {
        const lowered *c = &conditions->items[i];
        found_before[i] = found;
        if (found == found_before[c->first_part])
            found += lint_condition(c->expr, c->holds, diags);
    }
    memory_free(found_before);
}

/* ---- rules ------------------------------------------------------------------------ */

static void lint_segment(const rule *r, const ast_decl *decl, diags *diags)
{
    bool is_empty = graph_contradicts(r->node);
    bool is_full = !is_empty && graph_is_tautology(r->node);
    if ((!is_empty && !is_full) || is_reported(decl->where, diags))
        return;
    if (is_empty)
        diag_warning(diags, r->where, W0202, "nobody can ever be in \"%s\"", r->path);
    else if (decl->value->kind != EXPR_BOOL)
        diag_warning(diags, r->where, W0202, "everyone is always in \"%s\"", r->path);
}

static void lint_group(const rule *r, const ast_decl *decl, diags *diags)
{
    if (!graph_contradicts(r->node) || is_reported(decl->where, diags))
        return;
    diag_warning(diags, r->where, W0203,
                 "nobody can ever be in \"%s\": earlier groups take everyone it asks for",
                 r->path);
    diag_hint(diags, "The first group that holds wins: put the narrower group first.");
}

/* ---- the same rule twice ------------------------------------------------------------- */

static int compare_rules(const void *a, const void *b)
{
    const rule *x = *(const rule *const *)a, *y = *(const rule *const *)b;
    if (x->node->id != y->node->id)
        return x->node->id < y->node->id ? -1 : 1;
    return (x > y) - (x < y);
}

/* A segment that only passes another one on says so by itself. */
static bool is_alias(const rulebook *book, const rule *r)
{
    const ast_decl *decl = rulebook_find(book, r->name);
    return decl->value->kind == EXPR_MEMBER && !decl->among.decl;
}

static void report_twins(const rule *first, const rule *second, diags *diags)
{
    diag_warning(diags, second->where, W0209, "\"%s\" means the same as \"%s\"",
                 second->path, first->path);
    diag_note_at(diags, first->where, "here it was said first");
    diag_hint(diags, "Keep one of them, or write \"when in %s\".", first->path);
}

static void lint_twins(const graph *g, const rulebook *book, diags *diags)
{
    const rule **rules = memory_alloc_array(g->rule_count + 1, sizeof *rules);
    size_t count = 0;
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        if (r->kind == RULE_SEGMENT && !node_is_constant(r->node) && !is_alias(book, r))
            rules[count++] = r;
    }
    qsort(rules, count, sizeof *rules, compare_rules);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (rules[i]->node == rules[first]->node)
            report_twins(rules[first], rules[i], diags);
        else
            first = i;
    }
    memory_free(rules);
}

void lint_graph(const graph *g, const lowered_list *conditions, const rulebook *book,
                diags *diags)
{
    lint_conditions(conditions, diags);
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        const char *declared =
            r->kind == RULE_GROUP ? g->groups[r->groups].name : r->name;
        const ast_decl *decl = rulebook_find(book, declared);
        if (r->kind == RULE_SEGMENT)
            lint_segment(r, decl, diags);
        else if (r->kind == RULE_GROUP)
            lint_group(r, decl, diags);
    }
    lint_twins(g, book, diags);
}
