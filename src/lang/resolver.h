/* SPDX-License-Identifier: MIT
 *
 * resolver -- what the files that resolve names share. passes.h is its public face.
 *
 *   resolve.c           declarations, and references between them
 *   resolve_order.c     in which order each comes after those it uses
 *   resolve_expr.c      expressions
 *   resolve_lost.c      conditions outside of what they are about
 *   resolve_compared.c  what is compared with what it cannot be
 *   resolve_names.c     names in expressions
 *   resolve_calls.c     functions
 *   resolve_hints.c     what was meant by names that are not there
 *   resolve_events.c    events, lists inside them, windows
 *   resolve_lists.c     lists that people have
 *   resolve_people.c    people compared with all people
 *   resolve_scenario.c  the lines of scenarios
 */
#ifndef LANG_RESOLVER_H
#define LANG_RESOLVER_H

#include "lang/meaning.h"
#include "lang/rulebook.h"
#include "lang/telling.h"

/* A `where` whose names are looked up, inside others. */
typedef struct open_where {
    const event_scope *scope; /* the events that it judges */
    bool is_counted;          /* it asks for their `nth` or `gap` */
    struct open_where *outer;
} open_where;

typedef struct resolver {
    rulebook *book;
    diags *diags;
    ast_decl *current;        /* the declaration whose names are looked up */
    open_where *wheres;       /* the innermost first */
    const ast_window *recent; /* the newest `in last ...` of that declaration; or NULL */
    bool wants_value;         /* a comparison or arithmetic is around: no condition */
    const ast_expr *comparison; /* the newest, or `in (...)`; or NULL */
    bool wants_literal;         /* something is compared with it */
    size_t compared;            /* names that were compared with unknown ones */
    name_index scenarios;       /* by their places among the declarations */
} resolver;

/* May so many names be compared with one more unknown name? Beyond this, hints are not worth
 * the time: it is names times mistakes. */
static inline bool may_compare(resolver *r, size_t names)
{
    enum { MOST_COMPARED = 1000000 };
    r->compared += names;
    return r->compared <= MOST_COMPARED;
}

/* All the names of a path. */
static inline span names_span(const ast_list *names)
{
    return span_join(name_at(names, 0)->where, name_at(names, names->count - 1)->where);
}

/* ---- resolve.c ---------------------------------------------------------- */

/* Note that the current declaration uses `decl`. */
void use_decl(resolver *r, ast_decl *decl, span where);

/* The nearest name that is declared (of something with members only?), or NULL. */
const char *similar_decl(resolver *r, const char *name, bool only_members);

void resolve_ref(resolver *r, ast_ref *ref);

/* ---- resolve_order.c ---------------------------------------------------- */

/* What each declared event may be, before anybody asks for its properties. */
void resolve_event_kinds(resolver *r);

/* Fill the book's order from what its declarations use; circles are reported. */
void resolve_order(resolver *r);

/* ---- resolve_expr.c ----------------------------------------------------- */

/* `scope`: the events that the `where` around it judges; NULL outside of one. */
void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope);

/* Is it compared with what is written out, so that the whole condition can move? */
static inline bool is_tested_literally(const ast_expr *expr)
{
    if (expr->kind == EXPR_COMPARE || asks_text(expr))
        return expr_is_literal(expr->right);
    return expr->kind == EXPR_IN_VALUES || expr->kind == EXPR_IS_MISSING;
}

/* From the first of its windows to the last. */
static inline span windows_place(const ast_expr *expr)
{
    const ast_list *windows = &expr->modifiers.windows;
    const ast_window *first = windows->items[0],
                     *last = windows->items[windows->count - 1];
    return span_join(first->place, last->place);
}

/* ---- resolve_lost.c, resolve_compared.c ----------------------------------- */

/* What is asked of an event stands in its `where`: how many conditions of the chain, from the
 * `at`th on, were reported. */
size_t report_lost_where(resolver *r, const ast_expr *chain, size_t at);
void report_lost_events(resolver *r, const ast_expr *chain);

/* Each reports a comparison, or a test with `in`, if it is one of these. */
bool report_compared_day(resolver *r, const ast_expr *expr, const event_scope *scope);
bool report_compared_missing(resolver *r, const ast_expr *expr, const event_scope *scope);
bool report_compared_list(resolver *r, const ast_expr *expr);
bool report_compared_set(resolver *r, const ast_expr *expr);
bool report_judged_person(resolver *r, const ast_expr *expr);

/* ---- resolve_names.c ---------------------------------------------------- */

void resolve_path(resolver *r, ast_expr *expr, const event_scope *scope);
void resolve_now(resolver *r, ast_expr *expr); /* now, or a part of it: now.weekday */

/* Report that an event stands where a value or a condition is needed. */
void report_not_a_value(resolver *r, span where, const char *kind);

/* ---- resolve_calls.c ---------------------------------------------------- */

void resolve_call(resolver *r, ast_expr *expr);

/* ---- resolve_hints.c ---------------------------------------------------- */

/* A property that the kind has, or NULL; properties of declared events are not looked up. */
const property *kind_property(const resolver *r, const char *kind, const char *name);

/* Report that `purchase.amount` is not one value; that people have no such trait. */
void report_many_values(resolver *r, span where, const char *event, const char *name);
void report_no_trait(resolver *r, span where, const char *name);

/* The name has its type behind it, as a name of its own. */
void hint_typed(resolver *r, const char *name);

/* Report `purchase.country`, when purchases have nothing of that name. */
bool report_lacking_property(resolver *r, const ast_expr *path);
void report_selected_column(resolver *r, ast_expr *expr);

/* Report `bought in last 30 days`, where nothing has that name; false when something has. */
bool report_unknown_behaviour(resolver *r, const ast_expr *path, span window);

/* Report `user.x`, which people do not have. */
void report_unknown_trait(resolver *r, const ast_expr *path);

/* Report `purchase.amount`, or `user.amount` where people have no such trait, that is tested
 * at the begin of the condition `whole`. False when it is something else. */
bool report_property_outside(resolver *r, const ast_expr *path, span whole);

/* Report `purchase.time in last 30 days`, `purchase.date > 2026-03-01` outside of a `where`. */
bool report_event_time(resolver *r, const ast_expr *expr);

/* Report `event = "purchase"` outside of a `where`; false when it is something else. */
bool report_event_column(resolver *r, const ast_expr *compare);

/* Report `event = "purchase" and amount > 100 and ...`, how many of the parts of the `and` it
 * is about; 0: it is something else. */
size_t report_event_filter(resolver *r, const ast_expr *chain);

/* ---- resolve_columns.c -------------------------------------------------- */

/* What is meant by a name that other tools would give a column, such as last_purchase,
 * or a day, such as today; NULL: not known. */
const char *meant_column(resolver *r, const char *name);

/* Say what is meant by a value that other languages have, such as yes, null or others. */
bool hint_foreign_value(resolver *r, span where, const char *name);

/* ---- resolve_events.c --------------------------------------------------- */

/* The event, of the data or declared, that an expression only names; or NULL. */
const char *named_event(const resolver *r, const ast_expr *expr);

/* A list that the first `taken` names are, in the events that a `where` judges or that
 * hold the items that it judges. */
typedef struct found_list {
    const char *name; /* NULL: none */
    const event_scope *scope;
    bool is_of_outer;
    size_t taken;
} found_list;

found_list find_list(resolver *r, const event_scope *scope, const ast_list *names);

/* The first kinds that have a property of this name, as in "purchase or refund"; or NULL. */
const char *kinds_with_property(resolver *r, const char *name);

/* The first kind that has a property of this name, or NULL. */
const char *kind_with_property(const schema *s, const char *name);

/* ---- resolve_lists.c ---------------------------------------------------- */

/* Spell out what is asked of a list that people have, such as `"vip" in user.tags`: the
 * expression then asks its settings. What asks something else stays as it is. */
void expand_list_trait(resolver *r, ast_expr *expr, const event_scope *scope);

/* The names that a selection begins with, its event's included; none when it is something else
 * than names. */
ast_list selected_names(resolver *r, const ast_selection *selection);

/* The names that may be those of a list in `"x" in tags` and `tags contains "x"`; or none. */
ast_list tested_names(resolver *r, const ast_expr *expr);

/* Report `user.tags` where one value is needed; false when it is no list. */
bool report_list_trait(resolver *r, const ast_expr *path);

/* Report `user.tags = "vip"`, `user.tags in ("vip", "new")`: what is asked of a list. */
bool report_compared_items(resolver *r, const ast_expr *expr);

void report_unknown_event(resolver *r, const ast_event *event);
void resolve_pattern(resolver *r, ast_pattern *pattern, const event_scope *scope);
void resolve_selection(resolver *r, ast_selection *selection, const event_scope *scope);

/* `events`: those that lie in the windows; NULL for windows of a value. */
void resolve_rows(resolver *r, const ast_list *rows);
void resolve_windows(resolver *r, const ast_list *windows, const event_scope *scope,
                     ast_pattern *events);

/* The occasion of a name, which has to be one. */
void resolve_occasion(resolver *r, const ast_name *name);

/* ---- resolve_scenario.c ------------------------------------------------- */

void resolve_scenario(resolver *r, ast_decl *decl);

/* ---- resolve_people.c ------------------------------------------------------ */

/* What is no event: `revenue > 2 * avg(revenue)`. Report it, if that is what it is. */
bool report_compared_people(resolver *r, const ast_event *event);

#endif
