/* SPDX-License-Identifier: MIT
 *
 * Expressions: the names in them, part by part.
 */
#include "lang/meaning.h"
#include "lang/resolver.h"

/* `"x" in tags` and `tags contains "x"` ask for an item of a list. */
static bool resolve_list_test(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_list names = {0};
    if (expr->kind == EXPR_CONTAINS && expr->left->kind == EXPR_PATH) {
        names = expr->left->names;
    } else if (expr->kind == EXPR_IN_NAMED && expr->ref.name.text) {
        ast_list_add(r->book->memory, &names, &expr->ref.name);
        if (expr->ref.member.text)
            ast_list_add(r->book->memory, &names, &expr->ref.member);
    }
    found_list found = names.count > 0 ? find_list(r, scope, &names) : (found_list){0};
    if (!found.name || found.taken < names.count)
        return false;
    expr->meaning->kind = MEANING_LIST;
    expr->meaning->name = found.name;
    expr->meaning->scope = found.scope;
    expr->meaning->is_of_outer = found.is_of_outer;
    if (expr->kind == EXPR_CONTAINS) {
        expr->left->meaning = expr->meaning;
        resolve_expr(r, expr->right, scope);
    } else {
        resolve_expr(r, expr->left, scope);
    }
    return true;
}

static void resolve_parts(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_expr *parts[] = {expr->condition, expr->left, expr->right, expr->within_each};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            resolve_expr(r, parts[i], scope);
    for (size_t i = 0; i < expr->list.count; i++)
        resolve_expr(r, expr->list.items[i], scope);
    if (expr->selection)
        resolve_selection(r, expr->selection, scope);
    resolve_windows(r, &expr->modifiers.windows, scope);
    if (expr->window)
        resolve_window(r, expr->window, scope);
    resolve_ref(r, &expr->ref);
    resolve_ref(r, &expr->among);
}

/* The event that a condition names without `did`, or NULL. */
static const char *lost_event(const resolver *r, const ast_expr *expr)
{
    if (expr->kind == EXPR_IN_WINDOW)
        expr = expr->left;
    if (expr->kind != EXPR_PATH || expr->names.count != 1)
        return NULL;
    const char *name = name_at(&expr->names, 0)->text;
    bool is_event = schema_find_event(r->book->schema, name) != SCHEMA_NONE;
    return is_event && !rulebook_find(r->book, name) ? name : NULL;
}

/* `did purchase or login`: the hint shows what was meant. */
static void report_lost_events(resolver *r, const ast_expr *expr)
{
    for (size_t i = 1; i < expr->list.count; i++) {
        const ast_expr *before = expr->list.items[i - 1], *here = expr->list.items[i];
        const char *name = lost_event(r, here);
        if (!name || before->kind != EXPR_DID || before->selection->pattern->is_sequence)
            continue;
        const ast_step *step = before->selection->pattern->step;
        const ast_event *event = step->events.items[0];
        report_not_a_value(
            r, here->kind == EXPR_IN_WINDOW ? here->left->where : here->where, name);
        if (step->events.count == 1 && !event->is_anything && expr->kind == EXPR_OR)
            diag_hint(r->diags, "Write: did (%s or %s).", event->name.text, name);
        else
            diag_hint(r->diags, "Write \"did\" again: %s did %s.",
                      expr->kind == EXPR_OR ? "or" : "and", name);
    }
}

void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope)
{
    expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
    if (scope && resolve_list_test(r, expr, scope))
        return;
    if (expr->kind == EXPR_PATH)
        resolve_path(r, expr, scope);
    else if (expr->kind == EXPR_LAST_CHANGE)
        resolve_path(r, expr, NULL);
    else if (expr->kind == EXPR_CALL)
        resolve_call(r, expr);
    else if (expr->kind == EXPR_NEXT_OCCASION)
        resolve_occasion(r, expr->names.items[0]);
    else if (expr->kind == EXPR_OR || expr->kind == EXPR_AND)
        report_lost_events(r, expr);
    if (expr->kind != EXPR_CALL || expr->meaning->kind != MEANING_NONE)
        resolve_parts(r, expr, scope); /* else it is unclear what the arguments are for */
}
