/* SPDX-License-Identifier: MIT
 *
 * Expressions: the names in them, part by part.
 */
#include <string.h>
#include <strings.h>

#include "lang/foreign.h"
#include "lang/foreign_calls.h"
#include "lang/lints.h"
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

/* A name or a text that was reported with what stands around it. */
static void leave_unresolved(resolver *r, ast_expr *expr)
{
    if (expr)
        expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
}

/* What is tested was reported; what it is compared with is looked up. */
static void leave_tested(resolver *r, ast_expr *expr, const event_scope *scope)
{
    leave_unresolved(r, expr);
    leave_unresolved(r, expr->left);
    if (expr->right)
        resolve_expr(r, expr->right, scope);
    for (size_t i = 0; i < expr->list.count; i++)
        resolve_expr(r, expr->list.items[i], scope);
}

/* Is it compared with what is written out, so that the whole condition can move? */
static bool is_tested_literally(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_COMPARE:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_MATCHES: return expr->right->kind <= EXPR_DURATION;
    case EXPR_IN_VALUES:
    case EXPR_IS_MISSING: return true;
    default: return false;
    }
}

/* The property of the event before that a condition asks for: `did purchase and amount > 3`. */
static const char *lost_property(const resolver *r, const ast_expr *before,
                                 const ast_expr *test)
{
    bool is_single = test->left && test->left->kind == EXPR_PATH &&
                     test->left->names.count == 1 && is_tested_literally(test) &&
                     before->kind == EXPR_DID &&
                     !before->selection->pattern->is_sequence &&
                     before->selection->pattern->step->events.count == 1;
    if (!is_single)
        return NULL;
    const ast_event *event = before->selection->pattern->step->events.items[0];
    const char *name = name_at(&test->left->names, 0)->text;
    bool is_lost = !event->where && !rulebook_find(r->book, name) &&
                   !event->is_anything && kind_property(r, event->name.text, name);
    return is_lost ? name : NULL;
}

/* What is asked of an event stands in its `where`; true: it was reported. */
static bool report_lost_where(resolver *r, const ast_expr *chain, size_t at)
{
    const ast_expr *before = at > 0 ? chain->list.items[at - 1] : NULL,
                   *test = chain->list.items[at];
    const char *name =
        before && chain->kind == EXPR_AND ? lost_property(r, before, test) : NULL;
    if (!name)
        return false;
    const ast_event *event = before->selection->pattern->step->events.items[0];
    const char *words = diag_words(r->diags, test->where);
    uint32_t end = event->name.where.end;
    span place = {test->where.file, end, end},
         rest = {test->where.file, before->where.end, test->where.end};
    diag_error(r->diags, test->left->where, E0106, "nothing is named \"%s\"", name);
    diag_hint(r->diags, "It is a property of the event: %s where (%s).", event->name.text,
              words);
    diag_fix(r->diags, place, " where (%s)", words);
    diag_fix_also(r->diags, rest, "%s", "");
    return true;
}

static void resolve_parts(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_expr *parts[] = {expr->condition, expr->left, expr->right, expr->within_each};
    bool wanted = r->wants_value;
    r->wants_value = expr->kind == EXPR_COMPARE || expr->kind == EXPR_IN_VALUES ||
                     expr->kind == EXPR_IN_RANKS || expr->kind == EXPR_ADD ||
                     expr->kind == EXPR_SUBTRACT || expr->kind == EXPR_MULTIPLY ||
                     expr->kind == EXPR_DIVIDE;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        r->wants_literal = parts[i] == expr->right && expr->kind == EXPR_COMPARE;
        if (parts[i])
            resolve_expr(r, parts[i], scope);
    }
    for (size_t i = 0; i < expr->list.count; i++) {
        r->wants_literal = expr->kind == EXPR_IN_VALUES;
        if (!scope && report_lost_where(r, expr, i))
            leave_tested(r, expr->list.items[i], scope);
        else
            resolve_expr(r, expr->list.items[i], scope);
    }
    r->wants_literal = false;
    r->wants_value = wanted;
    if (expr->selection)
        resolve_selection(r, expr->selection, scope);
    resolve_rows(r, &expr->modifiers.rows);
    resolve_windows(r, &expr->modifiers.windows, scope,
                    expr->selection ? expr->selection->pattern : NULL);
    resolve_ref(r, &expr->ref);
    resolve_ref(r, &expr->among);
}

/* From the first of its windows to the last. */
static span windows_place(const ast_expr *expr)
{
    const ast_list *windows = &expr->modifiers.windows;
    const ast_window *first = windows->items[0],
                     *last = windows->items[windows->count - 1];
    return span_join(first->place, last->place);
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
        const char *did = before->is_negated ? "did not" : "did";
        bool is_bare =
            before->modifiers.windows.count + before->modifiers.times.count == 0;
        bool is_either = expr->kind == EXPR_OR && !before->is_negated;
        const char *window =
            here->kind == EXPR_IN_WINDOW ? diag_words(r->diags, windows_place(here)) : "";
        if (step->events.count == 1 && !event->is_anything && expr->kind == EXPR_OR &&
            is_bare)
            diag_hint(r->diags, "Write: %s (%s or %s)%s%s.", did, event->name.text, name,
                      *window ? " " : "", window);
        else if (before->is_negated && expr->kind == EXPR_AND) {
            span name_place = {here->where.file, here->where.begin, here->where.begin};
            diag_hint(r->diags,
                      "Write \"did\" again: and did %s, or, if they did not do that "
                      "either: and did not %s.",
                      name, name);
            diag_fix(r->diags, name_place, "did ");
            diag_fix(r->diags, name_place, "did not ");
        } else
            diag_hint(r->diags, "Write \"%s\" again: %s %s %s.", did,
                      is_either ? "or" : "and", did, name);
    }
}

/* "user.trial_ends today"; of a birthday it is that of this year. */
static void propose_day(resolver *r, const ast_expr *compare, const char *window)
{
    const ast_list *names = &compare->left->names;
    bool is_birthday = compare->left->kind == EXPR_PATH && names->count == 2 &&
                       strcmp(name_at(names, 0)->text, "user") == 0 &&
                       names_birthday(name_at(names, 1)->text);
    diag_offer(r->diags, compare->where, "Write, without a sign: %s.", "%s%s %s",
               is_birthday ? "next anniversary of " : "",
               diag_words(r->diags, compare->left->where), window);
}

/* `user.trial_ends = today`: a day is a window, and stands without a sign. */
static bool report_compared_day(resolver *r, const ast_expr *expr,
                                const event_scope *scope)
{
    static const struct {
        const char *word, *window, *instant;
    } days[] = {{"today", "today", "now"},
                {"yesterday", "yesterday", "1 day ago"},
                {"tomorrow", "tomorrow", "now + 1 day"}};
    if (expr->right->kind != EXPR_PATH || expr->right->names.count != 1)
        return false;
    const ast_name *name = name_at(&expr->right->names, 0);
    if (rulebook_find(r->book, name->text) ||
        (scope && scope_has_property(scope, name->text)))
        return false;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (name->is_quoted || strcmp(days[i].word, name->text) != 0)
            continue;
        diag_error(r->diags, name->where, E0110, "\"%s\" is a day, not an instant",
                   name->text);
        if (expr->compare == COMPARE_EQ)
            propose_day(r, expr, days[i].window);
        else
            diag_hint(r->diags, "Compare with an instant, such as \"%s\".",
                      days[i].instant);
        return true;
    }
    return false;
}

/* `user.plan = null`: what is missing is asked in words. */
static bool report_compared_missing(resolver *r, const ast_expr *expr,
                                    const event_scope *scope)
{
    const ast_expr *right = expr->right;
    bool is_word = right->kind == EXPR_PATH && right->names.count == 1 &&
                   (expr->compare == COMPARE_EQ || expr->compare == COMPARE_NE);
    const char *word = is_word ? name_at(&right->names, 0)->text : "";
    const char *ours = strcasecmp(word, "missing") == 0 ? word : foreign_value(word);
    bool is_missing = ours && strcasecmp(ours, "missing") == 0;
    if (!is_missing || rulebook_find(r->book, word) ||
        (scope && scope_has_property(scope, word)))
        return false;
    const char *is = expr->compare == COMPARE_EQ ? "is missing" : "is not missing";
    diag_error(r->diags, right->where, E0106, "nothing is named \"%s\"", word);
    diag_hint(r->diags, "Write \"%s\" instead of comparing.", is);
    diag_fix(r->diags, expr->where, "%s %s", diag_words(r->diags, expr->left->where), is);
    return true;
}

/* The declaration that an expression only names, or NULL. */
static const ast_decl *named_decl(const resolver *r, const ast_expr *expr)
{
    if (expr->kind != EXPR_PATH || expr->names.count != 1)
        return NULL;
    return rulebook_find(r->book, name_at(&expr->names, 0)->text);
}

/* `user.country = big_countries`. */
static bool report_compared_list(resolver *r, const ast_expr *expr)
{
    const ast_decl *list = named_decl(r, expr->right);
    if (!list || list->kind != DECL_LIST)
        return false;
    diag_error(r->diags, expr->right->where, E0110, "\"%s\" is a list, not a value",
               list->name.text);
    const char *in = expr->compare == COMPARE_NE ? "not in" : "in";
    diag_hint(r->diags, "Write \"%s %s\".", in, list->name.text);
    if (expr->compare == COMPARE_EQ || expr->compare == COMPARE_NE)
        diag_fix(r->diags, expr->where, "%s %s %s",
                 diag_words(r->diags, expr->left->where), in, list->name.text);
    return true;
}

/* What a set of groups is compared with, when that is a word or a text; or NULL. */
static const char *compared_word(const ast_expr *expr)
{
    if (expr->kind == EXPR_IN_NAMED)
        return expr->ref.name.text;
    if (expr->right->kind == EXPR_STRING)
        return expr->right->text.text;
    return expr->right->kind == EXPR_PATH ? name_at(&expr->right->names, 0)->text : NULL;
}

/* `lifecycle = "active"`, `lifecycle in active`. */
static bool report_compared_set(resolver *r, const ast_expr *expr)
{
    const ast_decl *set = named_decl(r, expr->left);
    bool has_groups = set && (set->kind == DECL_GROUPS || set->kind == DECL_SPLIT);
    const char *member = has_groups ? compared_word(expr) : NULL;
    if (!member)
        return false;
    bool is_negated =
        expr->kind == EXPR_COMPARE ? expr->compare == COMPARE_NE : expr->is_negated;
    diag_error(r->diags, expr->left->where, E0110, "\"%s\" is a %s, not a value",
               set->name.text, decl_kind_word(set));
    diag_offer(r->diags, expr->where, "Write \"%s\".", "%s %s.%s",
               is_negated ? "not in" : "in", set->name.text, member);
    return true;
}

/* `user in vip`: that the judged person is meant goes without saying. */
static bool report_judged_person(resolver *r, const ast_expr *expr)
{
    static const char *const words[] = {"user", "person", "customer", "profile",
                                        "people"};
    const ast_expr *left = expr->left;
    if (left->kind != EXPR_PATH || left->names.count != 1 || named_decl(r, left))
        return false;
    const ast_name *name = name_at(&left->names, 0);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], name->text) != 0)
            continue;
        diag_error(r->diags, left->where, E0106, "nothing is named \"%s\"", name->text);
        diag_propose(r->diags, expr->where, "%sin %s%s%s", expr->is_negated ? "not " : "",
                     expr->ref.name.text, expr->ref.member.text ? "." : "",
                     expr->ref.member.text ? expr->ref.member.text : "");
        return true;
    }
    return false;
}

/* `bought in last 30 days`. */
static bool report_windowed_name(resolver *r, const ast_expr *expr,
                                 const event_scope *scope)
{
    return !scope && expr->kind == EXPR_IN_WINDOW && expr->left->kind == EXPR_PATH &&
           report_unknown_behaviour(r, expr->left, windows_place(expr));
}

/* `purchase.amount > 100`, `user.amount > 100`: a condition on a property, outside of any
 * `where`. */
static bool report_tested_property(resolver *r, const ast_expr *expr,
                                   const event_scope *scope)
{
    if (scope || !is_tested_literally(expr) || expr->left->kind != EXPR_PATH ||
        expr->left->names.count != 2)
        return false;
    return report_property_outside(r, expr->left, expr->where);
}

/* `count(purchase, category = "toys")`: a condition is no second value. */
static void report_condition_as_value(resolver *r, ast_expr *expr)
{
    const ast_expr *second = expr->right;
    if (expr->kind != EXPR_AGGREGATE || !second || !is_tested_literally(second))
        return;
    const char *words = diag_words(r->diags, second->where);
    span place = {expr->where.file, expr->selection->place.end, second->where.end};
    diag_error(r->diags, second->where, E0117, "a condition is no second value");
    diag_offer(r->diags, place, "Which events count is said with \"where\":%s.",
               " where (%s)", words);
    expr->right = NULL;
}

/* `event = "purchase" and amount > 100`: what stands behind it is looked up as ever. */
static bool resolve_event_filter(resolver *r, ast_expr *expr, const event_scope *scope)
{
    size_t taken = 0;
    if (scope)
        return false;
    if (expr->kind == EXPR_AND)
        taken = report_event_filter(r, expr);
    else if (expr->kind == EXPR_COMPARE && report_event_column(r, expr))
        leave_tested(r, expr, scope);
    else
        return false;
    for (size_t i = 0; taken > 0 && i < expr->list.count; i++) {
        if (i < taken)
            leave_tested(r, expr->list.items[i], scope);
        else
            resolve_expr(r, expr->list.items[i], scope);
    }
    return taken > 0 || expr->kind == EXPR_COMPARE;
}

/* `time since purchase`: since which one? */
static bool report_since_event(resolver *r, const ast_expr *expr,
                               const event_scope *scope)
{
    const ast_expr *event = expr->left;
    bool is_length = expr->kind == EXPR_TIME_SINCE || expr->kind == EXPR_TIME_UNTIL;
    if (!is_length || scope || event->kind != EXPR_PATH || event->names.count != 1)
        return false;
    const char *name = name_at(&event->names, 0)->text;
    const ast_decl *decl = rulebook_find(r->book, name);
    bool is_event = decl ? decl->kind == DECL_EVENT
                         : schema_find_event(r->book->schema, name) != SCHEMA_NONE;
    if (!is_event)
        return false;
    diag_error(r->diags, event->where, E0110,
               "\"%s\" is an event, and one instant is needed", name);
    diag_hint(r->diags, "Write \"last %s\" or \"first %s\".", name, name);
    diag_fix(r->diags, event->where, "last %s", name);
    diag_fix(r->diags, event->where, "first %s", name);
    return true;
}

void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope)
{
    expand_list_trait(r, expr, scope);
    expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
    bool is_compared = expr->kind == EXPR_COMPARE;
    if (resolve_event_filter(r, expr, scope))
        return;
    if ((is_compared || expr->kind == EXPR_IN_NAMED) && report_compared_set(r, expr)) {
        leave_unresolved(r, expr->left);
        leave_unresolved(r, expr->right);
        return;
    }
    if ((expr->kind == EXPR_IN_NAMED && report_judged_person(r, expr)) ||
        report_windowed_name(r, expr, scope) || report_tested_property(r, expr, scope)) {
        leave_unresolved(r, expr->left);
        leave_unresolved(r, expr->right);
        for (size_t i = 0; i < expr->list.count; i++)
            leave_unresolved(r, expr->list.items[i]);
        resolve_ref(r, &expr->ref);
        resolve_windows(r, &expr->modifiers.windows, scope, NULL);
        return;
    }
    if (is_compared && report_truncated(r->diags, expr)) {
        leave_unresolved(r, expr->left);
        leave_unresolved(r, expr->right);
        return;
    }
    if (report_folded_test(r->diags, expr)) {
        leave_tested(r, expr, scope);
        return;
    }
    if (is_compared && report_compared_call(r->diags, expr)) {
        leave_unresolved(r, expr->left);
        if (expr->left->kind == EXPR_SUBTRACT) { /* today() - last purchase */
            leave_unresolved(r, expr->left->left);
            resolve_expr(r, expr->left->right, scope);
        }
        resolve_expr(r, expr->right, scope);
        return;
    }
    if (is_compared &&
        (report_compared_day(r, expr, scope) || report_compared_list(r, expr) ||
         report_compared_missing(r, expr, scope))) {
        resolve_expr(r, expr->left, scope);
        leave_unresolved(r, expr->right);
        return;
    }
    if (report_since_event(r, expr, scope)) {
        leave_unresolved(r, expr->left);
        return;
    }
    if (scope && resolve_list_test(r, expr, scope))
        return;
    report_condition_as_value(r, expr);
    report_selected_column(r, expr);
    if (expr->kind == EXPR_PATH)
        resolve_path(r, expr, scope);
    else if (expr->kind == EXPR_LAST_CHANGE)
        resolve_path(r, expr, NULL);
    else if (expr->kind == EXPR_NOW)
        resolve_now(r, expr);
    else if (expr->kind == EXPR_CALL)
        resolve_call(r, expr);
    else if (expr->kind == EXPR_NEXT_OCCASION)
        resolve_occasion(r, expr->names.items[0]);
    else if (expr->kind == EXPR_OR || expr->kind == EXPR_AND)
        report_lost_events(r, expr);
    if (expr->kind != EXPR_CALL || expr->meaning->kind != MEANING_NONE)
        resolve_parts(r, expr, scope); /* else it is unclear what the arguments are for */
}
