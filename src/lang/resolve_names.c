/* SPDX-License-Identifier: MIT
 *
 * Names in expressions: properties of events, traits, declarations.
 */
#include <string.h>

#include "lang/foreign.h"
#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* The rest of a path behind the name that was found: nothing, or the part of a time. */
static void resolve_part(resolver *r, ast_expr *expr, size_t taken)
{
    if (expr->names.count == taken)
        return;
    const ast_name *name = name_at(&expr->names, taken);
    expr->meaning->part = time_part_find(name->text);
    if (expr->meaning->part != PART_NONE && expr->names.count == taken + 1)
        return;
    report_part(r->diags, name_at(&expr->names, taken - 1)->text, name);
    expr->meaning->kind = MEANING_NONE;
}

void resolve_now(resolver *r, ast_expr *expr)
{
    if (!expr->text.text)
        return;
    expr->meaning->part = time_part_find(expr->text.text);
    if (expr->meaning->part == PART_NONE)
        report_part(r->diags, "now", &expr->text);
}

/* Note in the `where` that judges these events that it asks which of them it is. */
static void note_counted(resolver *r, const event_scope *scope, pseudo_property which)
{
    if (which != PSEUDO_NTH && which != PSEUDO_GAP)
        return;
    for (open_where *w = r->wheres; w; w = w->outer)
        if (w->scope == scope)
            w->is_counted = true;
}

/* A property of the event, or of the item and then of the event that holds it. */
static bool resolve_event_property(resolver *r, ast_expr *expr, const event_scope *scope)
{
    meaning *m = expr->meaning;
    for (const event_scope *s = scope; s; s = s->outer) {
        size_t taken;
        m->name = scope_find_property(s, &expr->names, r->book->memory, &taken);
        if (m->name) {
            m->kind = MEANING_PROPERTY;
        } else if (pseudo_property_find(name_at(&expr->names, 0)->text, &m->pseudo) &&
                   scope_has_pseudo(s, m->pseudo)) {
            m->kind = MEANING_PSEUDO;
            taken = 1;
            note_counted(r, s, m->pseudo);
        } else {
            continue;
        }
        m->scope = s;
        m->is_of_outer = s != scope;
        resolve_part(r, expr, taken);
        return true;
    }
    return false;
}

/* A list where one value is needed. */
static bool report_list_as_value(resolver *r, const ast_expr *expr,
                                 const event_scope *scope)
{
    found_list found = find_list(r, scope, &expr->names);
    if (!found.name)
        return false;
    bool is_plain = scope_list_is_plain(found.scope, found.name);
    error(r, expr->where, E0110,
          "\"%s\" is a list of several %s, and one value is needed", found.name,
          is_plain ? "values" : "items");
    if (is_plain)
        hint(r, "Write \"... in %s\", or an aggregate such as \"count(%s)\".", found.name,
             found.name);
    else if (found.taken < expr->names.count)
        hint(r, "Write an aggregate, such as \"max(%s)\", or \"did %s where (...)\".",
             joined_names(r->book->memory, &expr->names, expr->names.count), found.name);
    else
        hint(r, "Write \"count(%s)\", or \"did %s where (...)\".", found.name,
             found.name);
    return true;
}

/* The trait that most of the names behind `user` are: *taken of all names. */
static size_t find_trait(resolver *r, const ast_list *names, size_t *taken)
{
    ast_list behind = {names->items + 1, names->count - 1, 0};
    for (*taken = names->count; *taken > 1; --*taken) {
        size_t trait = schema_find_trait(
            r->book->schema, joined_names(r->book->memory, &behind, *taken - 1));
        if (trait != SCHEMA_NONE)
            return trait;
    }
    return SCHEMA_NONE;
}

static void resolve_trait(resolver *r, ast_expr *expr)
{
    size_t taken;
    size_t trait = find_trait(r, &expr->names, &taken);
    if (trait == SCHEMA_NONE) {
        if (!report_list_trait(r, expr))
            report_unknown_trait(r, expr);
        return;
    }
    expr->meaning->kind = MEANING_TRAIT;
    expr->meaning->trait = trait;
    resolve_part(r, expr, taken);
}

void report_not_a_value(resolver *r, span where, const char *kind)
{
    error(r, where, E0110, "\"%s\" is an event, not a value or a condition", kind);
}

/* `account.x`: the newest x that one of its people has. */
static void resolve_account_trait(resolver *r, ast_expr *expr)
{
    if (r->book->schema->account_trait != SCHEMA_NONE) {
        resolve_trait(r, expr);
        expr->meaning->is_of_account = true;
        return;
    }
    error(r, expr->where, E0106, "the project has no accounts");
    hint(r, "Say in carpel.yaml which trait names a person's account: "
            "accounts: {of: company}");
}

/* The event has many values: which one, or what of all of them? */
static void hint_one_of_values(resolver *r, span where, const char *kind,
                               const char *name)
{
    if (strcmp(name, "time") == 0) {
        offer_either(r, where, "Write \"%s\" or \"%s\".", wording(r, "last %s", kind),
                     wording(r, "first %s", kind));
        return;
    }
    const property *p = kind_property(r, kind, name);
    const char *of_all = p && !type_is_numeric(p->type) ? "most_common" : "sum";
    hint(r, "Write \"last %s.%s\", or an aggregate such as \"%s(%s.%s)\".", kind, name,
         of_all, kind, name);
}

static void report_property_as_value(resolver *r, const ast_expr *expr)
{
    const char *kind = name_at(&expr->names, 0)->text;
    const char *name = name_at(&expr->names, 1)->text;
    if (report_lacking_property(r, expr))
        return;
    report_many_values(r, expr->where, kind, name);
    hint_one_of_values(r, expr->where, kind, name);
}

/* `purchase where (purchase.amount > 10)`, `purchase where (sku = refund.sku)`. */
static void report_property_in_where(resolver *r, const ast_expr *expr,
                                     const event_scope *scope)
{
    const char *kind = name_at(&expr->names, 0)->text;
    const char *name = name_at(&expr->names, 1)->text;
    const char *own = NULL;
    for (size_t i = 0; i < scope->kind_count; i++) {
        const event_kind *k = &scope->schema->kinds[scope->kinds[i]];
        if (strcmp(k->name, kind) == 0) {
            error(r, expr->where, E0110, "inside \"where\" the event is not named again");
            propose(r, expr->where, "%s", name);
            return;
        }
        if (kind_find_property(k, name) != SCHEMA_NONE)
            own = k->name;
    }
    bool is_known = schema_find_event(r->book->schema, kind) == SCHEMA_NONE ||
                    kind_property(r, kind, name);
    if (!is_known) {
        error(r, name_at(&expr->names, 1)->where, E0105,
              "%s has no property named \"%s\"", kind, name);
        if (kinds_with_property(r, name))
            hint(r, "\"%s\" belongs to %s.", name, kinds_with_property(r, name));
        return;
    }
    report_many_values(r, expr->where, kind, name);
    if (own && kind_property(r, kind, name))
        hint(r,
             "Two events are compared as a sequence: (%s then %s) with same %s. One "
             "value is, for example, \"last %s.%s\".",
             own, kind, name, kind, name);
    else
        hint_one_of_values(r, expr->where, kind, name);
}

/* `purchase.amount` where a value is needed: which of its values? */
static void report_event_as_value(resolver *r, const ast_expr *expr,
                                  const event_scope *scope)
{
    const char *kind = name_at(&expr->names, 0)->text;
    if (expr->names.count == 1) {
        report_not_a_value(r, expr->where, kind);
        hint(r, "Write \"did %s\" for a condition, or \"count(%s)\" for a number.", kind,
             kind);
        fix(r, expr->where, r->wants_value ? "count(%s)" : "did %s", kind);
        return;
    }
    if (scope && scope->kind_count > 0)
        report_property_in_where(r, expr, scope);
    else
        report_property_as_value(r, expr);
}

/* `customer.country`, `country`: a trait, when there is one of this name. */
static const char *meant_trait(resolver *r, const ast_expr *expr)
{
    const char *last = name_at(&expr->names, expr->names.count - 1)->text;
    if (expr->names.count > 2 || schema_find_trait(r->book->schema, last) == SCHEMA_NONE)
        return NULL;
    return wording(r, "user.%s", last);
}

/* A name that nothing has. */
typedef struct unknown {
    const ast_expr *expr;
    const char *name;
    const char *similar; /* a property of the events of the `where`; or NULL */
    bool is_in_where, is_alone;
} unknown;

static bool hint_deeper_name(resolver *r, const unknown *u)
{
    if (!u->is_in_where)
        return false;
    if (kinds_with_property(r, wording(r, "%s.type", u->name)))
        hint_typed(r, u->name);
    else if (kinds_with_property(r, wording(r, "properties.%s", u->name)))
        hint(r, "In carpel.yaml the properties stand directly below the event: leave "
                "\"properties:\" out.");
    else
        return false;
    return true;
}

static bool hint_similar_name(resolver *r, const unknown *u)
{
    span where =
        u->similar ? name_at(&u->expr->names, 0)->where : names_span(&u->expr->names);
    const char *similar = u->similar ? u->similar : meant_trait(r, u->expr);
    if (!similar)
        similar = similar_decl(r, u->name, false);
    if (similar)
        hint_similar(r->diags, where, u->name, similar);
    return similar;
}

/* A day, a time of joining, a column of the data, under another name. */
static bool hint_other_name(resolver *r, const unknown *u)
{
    const char *trait = u->is_alone && is_word_for_joining(u->name)
                            ? schema_joining_trait(r->book->schema)
                            : NULL;
    if (u->is_in_where && strcmp(u->name, "day") == 0)
        hint(r, "Write time.date, time.weekday or time.day_of_month.");
    else if (trait)
        propose(r, u->expr->where, "user.%s", in_rule(r, trait));
    else if (u->is_alone && meant_column(r, u->name))
        propose(r, u->expr->where, "%s", meant_column(r, u->name));
    else if (u->is_in_where && foreign_time(u->name))
        propose(r, name_at(&u->expr->names, 0)->where, "%s", foreign_time(u->name));
    else
        return false;
    return true;
}

static bool hint_owners(resolver *r, const unknown *u)
{
    const char *owners = kinds_with_property(r, u->name);
    if (owners && u->is_in_where)
        hint(r, "\"%s\" belongs to %s.", u->name, owners);
    else if (owners)
        hint(r, "It is a property of %s: write, for example, last %s.%s.", owners,
             in_rule(r, kind_with_property(r->book->schema, u->name)),
             in_rule(r, u->name));
    return owners;
}

static bool hint_similar_event(resolver *r, const unknown *u)
{
    const char *kind = may_compare(r, r->book->schema->kind_count)
                           ? schema_similar_kind(r->book->schema, u->name)
                           : NULL;
    if (kind)
        hint_similar(r->diags, u->expr->where, u->name, kind);
    return kind;
}

static bool hint_foreign_name(resolver *r, const unknown *u)
{
    return hint_foreign_value(r, u->expr->where, u->name) || !u->is_alone;
}

/* `user.birthday.month_of_year = december`, `time.weekday = Samstag`: as they are written here. */
static bool hint_calendar_name(resolver *r, const unknown *u)
{
    const ast_expr *compare = r->comparison;
    span where = u->expr->where;
    if (!compare || where.begin < compare->left->where.end ||
        where.end > compare->where.end)
        return false;
    slice left = span_text(compare->left->where);
    int month = slice_contains(left, slice_of("month")) ? foreign_month(u->name) : 0;
    const char *day =
        slice_ends_with(left, slice_of("weekday")) ? foreign_weekday(u->name) : NULL;
    if (month > 0)
        propose(r, where, "%d", month);
    else if (day)
        propose(r, where, "\"%s\"", day);
    return month > 0 || day;
}

static bool hint_quotes(resolver *r, const unknown *u)
{
    if (r->wants_literal)
        offer(r, u->expr->where, "Texts stand in double quotes: %s.", "\"%s\"", u->name);
    else if (r->current->kind == DECL_SCENARIO)
        hint(r, "Texts stand in double quotes: \"%s\".", u->name);
    else
        hint(r, "It is no value, event or segment. What people did begins with "
                "\"did\", what is known of them with \"user.\"; texts stand in "
                "double quotes.");
    return true;
}

/* The first that knows something tells. */
static void hint_unknown_name(resolver *r, const unknown *u)
{
    static bool (*const hints[])(resolver * r, const unknown *u) = {
        hint_deeper_name, hint_calendar_name, hint_similar_name, hint_other_name,
        hint_owners,      hint_similar_event, hint_foreign_name, hint_quotes};
    for (size_t i = 0; !hints[i](r, u); i++)
        ;
}

/* In a `where`: what is no property of events, or of something inside them. */
static bool hint_inner_name(resolver *r, const ast_expr *expr, const event_scope *scope)
{
    pseudo_property which;
    const char *name = name_at(&expr->names, 0)->text;
    const char *second = expr->names.count == 2 ? name_at(&expr->names, 1)->text : NULL;
    bool is_of_person = scope->outer && scope_is_of_settings(scope->outer) &&
                        pseudo_property_find(name, &which);
    if (is_of_person)
        hint(r, "Only events have it, and this is a list that a person has.");
    else if (second && scope_has_property(scope, second))
        propose(r, expr->where, "%s", second);
    else
        return false;
    return true;
}

/* The property of the events that the name is like, or NULL. */
static const char *similar_property(resolver *r, const ast_expr *expr,
                                    const event_scope *scope)
{
    if (!may_compare(r, scope_property_count(scope) * 2))
        return NULL;
    const char *similar = scope_similar_property(scope, name_at(&expr->names, 0)->text);
    return similar
               ? similar
               : scope_similar_property(scope, joined_names(r->book->memory, &expr->names,
                                                            expr->names.count));
}

static void report_unknown_name(resolver *r, const ast_expr *expr,
                                const event_scope *scope)
{
    const ast_name *name = name_at(&expr->names, 0);
    unknown u = {.expr = expr,
                 .name = name->text,
                 .is_in_where = scope && scope->kind_count > 0,
                 .is_alone = expr->names.count == 1};
    bool is_reported = scope && scope->kind_count == 0 && scope->schema->kind_count > 0;
    if (is_reported || rulebook_is_broken(r->book, name->text))
        return;
    if (u.is_in_where)
        error(r, name->where, E0105, "%s has no property named \"%s\"",
              scope_title(scope, r->book->memory), name->text);
    else
        error(r, name->where, E0106, "nothing is named \"%s\"", name->text);
    if (u.is_in_where && hint_inner_name(r, expr, scope))
        return;
    u.similar = u.is_in_where ? similar_property(r, expr, scope) : NULL;
    hint_unknown_name(r, &u);
}

static void resolve_decl_path(resolver *r, ast_expr *expr, ast_decl *decl,
                              const event_scope *scope)
{
    use_decl(r, decl, expr->where);
    if (decl->kind == DECL_LET || decl->kind == DECL_SCORE) {
        expr->meaning->kind = MEANING_DECL;
        expr->meaning->decl = decl;
        resolve_part(r, expr, 1);
    } else if (decl->kind == DECL_EVENT) {
        report_event_as_value(r, expr, scope);
    } else {
        error(r, expr->where, E0110, "\"%s\" is %s, not a value", decl->name.text,
              decl_kind_phrase(decl));
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
            decl->kind == DECL_SPLIT)
            hint(r, "Membership is written \"in %s%s%s\".", decl->name.text,
                 expr->names.count > 1 ? "." : "",
                 expr->names.count > 1 ? name_at(&expr->names, 1)->text : "");
    }
}

void resolve_path(resolver *r, ast_expr *expr, const event_scope *scope)
{
    const char *first = name_at(&expr->names, 0)->text;
    ast_decl *decl;
    if (scope &&
        (resolve_event_property(r, expr, scope) || report_list_as_value(r, expr, scope)))
        return;
    bool may_be_trait = expr->names.count >= 2 && !name_at(&expr->names, 0)->is_quoted;
    if (strcmp(first, "user") == 0 && may_be_trait)
        resolve_trait(r, expr);
    else if (strcmp(first, "account") == 0 && may_be_trait)
        resolve_account_trait(r, expr);
    else if ((decl = rulebook_find(r->book, first)))
        resolve_decl_path(r, expr, decl, scope);
    else if (schema_find_event(r->book->schema, first) != SCHEMA_NONE)
        report_event_as_value(r, expr, scope);
    else
        report_unknown_name(r, expr, scope);
}
