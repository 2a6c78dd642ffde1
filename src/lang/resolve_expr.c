/* SPDX-License-Identifier: MIT
 *
 * Expressions: the names in them, part by part.
 */
#include <string.h>

#include "lang/foreign.h"
#include "lang/foreign_calls.h"
#include "lang/resolver.h"

/* `"x" in tags` and `tags contains "x"` ask for an item of a list. */
static bool resolve_list_test(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_list names = tested_names(r, expr);
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
    if (!expr)
        return;
    expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
    expr->meaning->is_left = true;
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

/* What was reported as lost; a window behind it is not asked of anything. */
static void leave_lost(resolver *r, ast_expr *test, const event_scope *scope)
{
    leave_tested(r, test, scope);
    if (test->kind == EXPR_IN_WINDOW) {
        leave_tested(r, test->left, scope);
        resolve_windows(r, &test->modifiers.windows, scope, NULL);
    }
}

/* The events that the windows of an expression are about; of `sum(count(e) per day in last 3 e)`
 * those inside. Or NULL. */
static ast_pattern *windowed_events(const ast_expr *expr)
{
    const ast_expr *of = expr->kind == EXPR_PER_UNIT ? expr->left : expr;
    return of->selection ? of->selection->pattern : NULL;
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
        r->wants_literal =
            parts[i] == expr->right && (expr->kind == EXPR_COMPARE || asks_text(expr));
        if (parts[i])
            resolve_expr(r, parts[i], scope);
    }
    for (size_t i = 0; i < expr->list.count; i++) {
        r->wants_literal = expr->kind == EXPR_IN_VALUES;
        size_t lost = scope ? 0 : report_lost_where(r, expr, i);
        for (; lost > 0; lost--, i++)
            leave_lost(r, expr->list.items[i], scope);
        if (i < expr->list.count)
            resolve_expr(r, expr->list.items[i], scope);
    }
    r->wants_literal = false;
    r->wants_value = wanted;
    if (expr->selection)
        resolve_selection(r, expr->selection, scope);
    resolve_rows(r, &expr->modifiers.rows);
    resolve_windows(r, &expr->modifiers.windows, scope, windowed_events(expr));
    resolve_ref(r, &expr->ref);
    resolve_ref(r, &expr->among);
}

/* `bought in last 30 days`. */
static bool report_windowed_name(resolver *r, const ast_expr *expr,
                                 const event_scope *scope)
{
    return !scope && expr->kind == EXPR_IN_WINDOW && expr->left->kind == EXPR_PATH &&
           report_unknown_behaviour(r, expr->left, windows_place(expr));
}

/* Is it one value of the person, or made of such? */
static bool is_of_person(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_AGGREGATE:
    case EXPR_PICK: return true;
    case EXPR_PATH:
        return expr->names.count == 1 ||
               strcmp(name_at(&expr->names, 0)->text, "user") == 0;
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: return is_of_person(expr->left) && is_of_person(expr->right);
    default: return expr_is_literal(expr);
    }
}

/* `purchase.amount > 100`, `user.amount > 100`: a condition on a property, outside of any
 * `where`. */
static bool report_tested_property(resolver *r, const ast_expr *expr,
                                   const event_scope *scope)
{
    bool is_tested = is_tested_literally(expr) ||
                     (expr->kind == EXPR_COMPARE && is_of_person(expr->right));
    if (scope || !is_tested || !expr_is_pair(expr->left))
        return false;
    return report_property_outside(r, expr->left, expr->where);
}

/* `purchase.amount > purchase.discount`: two properties of one event. */
static bool report_two_properties(resolver *r, const ast_expr *expr,
                                  const event_scope *scope)
{
    const ast_expr *left = expr->left, *right = expr->right;
    if (scope || expr->kind != EXPR_COMPARE || left->kind != EXPR_PATH ||
        right->kind != EXPR_PATH || left->names.count != 2 || right->names.count != 2)
        return false;
    const char *event = name_at(&left->names, 0)->text;
    const char *one = name_at(&left->names, 1)->text,
               *other = name_at(&right->names, 1)->text;
    if (strcmp(event, name_at(&right->names, 0)->text) != 0 ||
        strcmp(event, "user") == 0 || rulebook_find(r->book, event) ||
        !kind_property(r, event, one) || !kind_property(r, event, other))
        return false;
    span sign = span_gap(left->where, right->where);
    report_many_values(r, left->where, event, one);
    propose(r, expr->where, "did %s where (%s%s%s)", in_rule(r, event), in_rule(r, one),
            words_in(r, sign), in_rule(r, other));
    return true;
}

/* The window that a second value of an aggregate was meant to be: "last 30 days", today. */
static const char *meant_window(resolver *r, const ast_expr *second)
{
    const char *words = second->kind == EXPR_STRING ? second->text.text : "";
    if (expr_word(second))
        words = expr_word(second);
    if (strcmp(words, "today") == 0 || strcmp(words, "yesterday") == 0)
        return words;
    if (strncmp(words, "last ", 5) == 0 || strncmp(words, "past ", 5) == 0)
        return wording(r, "in last %s", words + 5);
    return strncmp(words, "this ", 5) == 0 ? wording(r, "in %s", words) : NULL;
}

/* `sum(purchase, amount)`: the property of the event, which stands behind a point. */
static bool report_split_property(resolver *r, ast_expr *expr)
{
    ast_selection *s = expr->selection;
    ast_event *event = s->pattern->is_sequence ? NULL : s->pattern->step->events.items[0];
    const ast_expr *second = expr->right;
    if (!event || event->is_anything || !expr_word(second) || s->names.count > 0)
        return false;
    ast_name first = event->name, other = *name_at(&second->names, 0);
    bool is_swapped = kind_property(r, other.text, first.text);
    if (!is_swapped && !kind_property(r, first.text, other.text))
        return false;
    event->name.text = is_swapped ? other.text : first.text;
    ast_name *property = arena_alloc(r->book->memory, sizeof *property);
    *property = is_swapped ? first : other;
    ast_list_add(r->book->memory, &s->names, property);
    span place = span_join(event->name.where, second->where);
    error(r, place, E0117, "a property stands behind its event, with a point");
    propose(r, place, "%s.%s", in_rule(r, event->name.text), in_rule(r, property->text));
    return true;
}

/* `count(purchase, category = "toys")`, `count(purchase, today)`: what is no second value. */
static void report_second_value(resolver *r, ast_expr *expr)
{
    const ast_expr *second = expr->right;
    if (expr->kind != EXPR_AGGREGATE || !second || !expr->selection)
        return;
    const char *window = meant_window(r, second), *words = words_of(r, second);
    span place = {expr->where.file, expr->selection->place.end, second->where.end};
    if (window) {
        error(r, second->where, E0117, "a window is no second value");
        offer(r, place, "It stands behind the events, without a comma:%s.", " %s",
              window);
    } else if (second->kind == EXPR_NUMBER && expr->aggregate == AGGREGATE_COUNT) {
        error(r, second->where, E0117, "\"count\" takes no second value");
        offer(r, place, "If days are meant, write:%s.", " in last %s days", words);
    } else if (is_tested_literally(second)) {
        error(r, second->where, E0117, "a condition is no second value");
        offer(r, place, "Which events count is said with \"where\":%s.", " where (%s)",
              words);
    } else if (!report_split_property(r, expr)) {
        return;
    }
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
    bool is_length = expr->kind == EXPR_TIME_SINCE || expr->kind == EXPR_TIME_UNTIL;
    const char *name = is_length && !scope ? named_event(r, expr->left) : NULL;
    if (!name)
        return false;
    error(r, expr->left->where, E0110, "\"%s\" is an event, and one instant is needed",
          name);
    offer_either(r, expr->left->where, "Write \"%s\" or \"%s\".",
                 wording(r, "last %s", name), wording(r, "first %s", name));
    return true;
}

static void leave_list(resolver *r, const ast_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        leave_unresolved(r, list->items[i]);
}

static void leave_sides(resolver *r, ast_expr *expr)
{
    leave_unresolved(r, expr->left);
    leave_unresolved(r, expr->right);
}

/* What is compared with what it cannot be; true: it was reported, and the rest looked up. */
static bool report_compared(resolver *r, ast_expr *expr, const event_scope *scope)
{
    if (report_compared_call(r->diags, expr)) {
        const char *word = expr_word(expr->right); /* FALSE, which is told with it */
        leave_unresolved(r, expr->left);
        if (word && foreign_value(word))
            leave_unresolved(r, expr->right);
        else
            resolve_expr(r, expr->right, scope);
    } else if (report_compared_day(r, expr, scope) || report_compared_list(r, expr) ||
               report_compared_missing(r, expr, scope)) {
        resolve_expr(r, expr->left, scope);
        leave_unresolved(r, expr->right);
    } else {
        return false;
    }
    return true;
}

/* `3+ purchases`, which reads like a sum: the plus stands at the number, a blank behind it. */
static bool report_count_with_plus(resolver *r, const ast_expr *expr)
{
    if (expr->kind != EXPR_ADD || expr->left->kind != EXPR_NUMBER ||
        expr->left->number.scale > 0 || !expr_word(expr->right))
        return false;
    slice sign = span_text(span_gap(expr->left->where, expr->right->where));
    const char *name = expr_word(expr->right);
    const char *event = schema_same_kind(r->book->schema, name);
    if (sign.size < 2 || sign.data[0] != '+' || !event || rulebook_find(r->book, name))
        return false;
    span whole = span_join(expr->left->where, expr->right->where);
    slice number = span_text(expr->left->where);
    error(r, whole, E0106, "how often it was done stands behind the event");
    propose(r, whole, "did %s at least %.*s times", in_rule(r, event), (int)number.size,
            number.data);
    return true;
}

/* The same of any expression. */
static bool report_mistaken(resolver *r, ast_expr *expr, const event_scope *scope)
{
    bool is_compared = expr->kind == EXPR_COMPARE, is_in = expr->kind == EXPR_IN_NAMED;
    bool has_values = expr->kind == EXPR_IN_VALUES;
    if (((is_compared || is_in || has_values) && report_compared_set(r, expr)) ||
        report_count_with_plus(r, expr)) {
        leave_sides(r, expr);
        leave_list(r, &expr->list);
    } else if ((is_in && report_judged_person(r, expr)) ||
               report_windowed_name(r, expr, scope) ||
               report_tested_property(r, expr, scope) ||
               report_two_properties(r, expr, scope) ||
               (!scope && report_event_time(r, expr)) || report_compared_items(r, expr)) {
        leave_sides(r, expr);
        leave_list(r, &expr->list);
        resolve_ref(r, &expr->ref);
        resolve_windows(r, &expr->modifiers.windows, scope, NULL);
    } else if (report_folded_test(r->diags, expr)) {
        leave_tested(r, expr, scope);
    } else if (!is_compared || !report_compared(r, expr, scope)) {
        r->comparison = is_compared || has_values ? expr : r->comparison;
        bool is_reported = report_since_event(r, expr, scope);
        if (is_reported)
            leave_unresolved(r, expr->left);
        return is_reported;
    }
    return true;
}

static void resolve_own_names(resolver *r, ast_expr *expr, const event_scope *scope)
{
    switch (expr->kind) {
    case EXPR_PATH: resolve_path(r, expr, scope); break;
    case EXPR_LAST_CHANGE: resolve_path(r, expr, NULL); break;
    case EXPR_NOW: resolve_now(r, expr); break;
    case EXPR_CALL: resolve_call(r, expr); break;
    case EXPR_NEXT_OCCASION: resolve_occasion(r, expr->names.items[0]); break;
    case EXPR_AND:
    case EXPR_OR: report_lost_events(r, expr); break;
    default: break;
    }
}

void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope)
{
    expand_list_trait(r, expr, scope);
    expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
    if (resolve_event_filter(r, expr, scope) || report_mistaken(r, expr, scope) ||
        (scope && resolve_list_test(r, expr, scope)))
        return;
    report_second_value(r, expr);
    report_selected_column(r, expr);
    resolve_own_names(r, expr, scope);
    if (expr->kind != EXPR_CALL || expr->meaning->kind != MEANING_NONE)
        resolve_parts(r, expr, scope); /* else it is unclear what the arguments are for */
}
