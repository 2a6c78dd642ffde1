/* SPDX-License-Identifier: MIT
 *
 * Names in expressions: properties of events, traits, declarations, functions.
 */
#include <string.h>
#include <strings.h>

#include "lang/foreign.h"
#include "lang/foreign_calls.h"
#include "lang/meaning.h"
#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"

static const char *const aggregate_words[] = {
#define X(name, spelling, ...) spelling,
#define PICK(spelling, ...)    spelling,
#include "lang/aggregates.def"
#undef X
};

static const char *const builtin_words[] = {
#define X(name, spelling, count, doc, example) spelling,
#include "lang/builtins.def"
#undef X
};

static const char *const part_words[] = {
    NULL,
#define X(name, spelling, type, doc) spelling,
#include "lang/time_parts.def"
#undef X
};

static span names_span(const ast_list *names)
{
    return span_join(name_at(names, 0)->where, name_at(names, names->count - 1)->where);
}

/* The property of the scope that most of the names are: *taken of them; or NULL. */
static const char *find_property(resolver *r, const event_scope *scope,
                                 const ast_list *names, size_t *taken)
{
    for (*taken = names->count; *taken > 0; --*taken) {
        const char *name = joined_names(r, names, *taken);
        if (scope_has_property(scope, name))
            return name;
    }
    return NULL;
}

static time_part part_find(const char *name)
{
    for (int part = PART_NONE + 1; part < PART_COUNT; part++)
        if (strcmp(part_words[part], name) == 0)
            return (time_part)part;
    return PART_NONE;
}

static void report_part(resolver *r, const char *whole, const ast_name *name)
{
    diag_error(r->diags, name->where, E0105, "\"%s\" has no part named \"%s\"", whole,
               name->text);
    suggestion s = suggest_begin(name->text);
    for (int part = PART_NONE + 1; part < PART_COUNT; part++)
        suggest_consider(&s, part_words[part]);
    const char *ours = foreign_time(name->text);
    if (ours && strchr(ours, '.'))
        diag_propose(r->diags, name->where, "%s", strchr(ours, '.') + 1);
    else if (suggest_best(&s))
        hint_similar(r->diags, name->where, name->text, suggest_best(&s));
}

/* The rest of a path behind the name that was found: nothing, or the part of a time. */
static void resolve_part(resolver *r, ast_expr *expr, size_t taken)
{
    if (expr->names.count == taken)
        return;
    const ast_name *name = name_at(&expr->names, taken);
    expr->meaning->part = part_find(name->text);
    if (expr->meaning->part != PART_NONE && expr->names.count == taken + 1)
        return;
    report_part(r, name_at(&expr->names, taken - 1)->text, name);
    expr->meaning->kind = MEANING_NONE;
}

void resolve_now(resolver *r, ast_expr *expr)
{
    if (!expr->text.text)
        return;
    expr->meaning->part = part_find(expr->text.text);
    if (expr->meaning->part == PART_NONE)
        report_part(r, "now", &expr->text);
}

/* Items have of themselves only their number; the rest is their event's, which those of a
 * list that people have lack. */
static bool has_pseudo(const event_scope *scope, pseudo_property which)
{
    if (scope_is_of_settings(scope))
        return false;
    return !scope->outer || which == PSEUDO_NTH;
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
        m->name = find_property(r, s, &expr->names, &taken);
        if (m->name) {
            m->kind = MEANING_PROPERTY;
        } else if (pseudo_property_find(name_at(&expr->names, 0)->text, &m->pseudo) &&
                   has_pseudo(s, m->pseudo)) {
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
    diag_error(r->diags, expr->where, E0110,
               "\"%s\" is a list of several %s, and one value is needed", found.name,
               is_plain ? "values" : "items");
    if (is_plain)
        diag_hint(r->diags, "Write \"... in %s\", or an aggregate such as \"count(%s)\".",
                  found.name, found.name);
    else if (found.taken < expr->names.count)
        diag_hint(r->diags,
                  "Write an aggregate, such as \"max(%s)\", or \"did %s where (...)\".",
                  joined_names(r, &expr->names, expr->names.count), found.name);
    else
        diag_hint(r->diags, "Write \"count(%s)\", or \"did %s where (...)\".", found.name,
                  found.name);
    return true;
}

/* The trait that most of the names behind `user` are: *taken of all names. */
static size_t find_trait(resolver *r, const ast_list *names, size_t *taken)
{
    ast_list behind = {names->items + 1, names->count - 1, 0};
    for (*taken = names->count; *taken > 1; --*taken) {
        size_t trait =
            schema_find_trait(r->book->schema, joined_names(r, &behind, *taken - 1));
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
    diag_error(r->diags, where, E0110, "\"%s\" is an event, not a value or a condition",
               kind);
}

/* `account.x`: the newest x that one of its people has. */
static void resolve_account_trait(resolver *r, ast_expr *expr)
{
    if (r->book->schema->account_trait != SCHEMA_NONE) {
        resolve_trait(r, expr);
        expr->meaning->is_of_account = true;
        return;
    }
    diag_error(r->diags, expr->where, E0106, "the project has no accounts");
    diag_hint(r->diags, "Say in carpel.yaml which trait names a person's account: "
                        "accounts: {of: company}");
}

/* The event has many values: which one, or what of all of them? */
static void hint_one_of_values(resolver *r, span where, const char *kind,
                               const char *name)
{
    if (strcmp(name, "time") == 0) {
        diag_hint(r->diags, "Write \"last %s\" or \"first %s\".", kind, kind);
        diag_fix(r->diags, where, "last %s", kind);
        diag_fix(r->diags, where, "first %s", kind);
        return;
    }
    const property *p = kind_property(r, kind, name);
    const char *of_all = p && !type_is_numeric(p->type) ? "most_common" : "sum";
    diag_hint(r->diags, "Write \"last %s.%s\", or an aggregate such as \"%s(%s.%s)\".",
              kind, name, of_all, kind, name);
}

static void report_property_as_value(resolver *r, const ast_expr *expr)
{
    const char *kind = name_at(&expr->names, 0)->text;
    const char *name = name_at(&expr->names, 1)->text;
    if (report_lacking_property(r, expr))
        return;
    diag_error(r->diags, expr->where, E0110,
               "\"%s.%s\" has a value for each event, and one value is needed", kind,
               name);
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
            diag_error(r->diags, expr->where, E0110,
                       "inside \"where\" the event is not named again");
            diag_propose(r->diags, expr->where, "%s", name);
            return;
        }
        if (kind_find_property(k, name) != SCHEMA_NONE)
            own = k->name;
    }
    bool is_known = schema_find_event(r->book->schema, kind) == SCHEMA_NONE ||
                    kind_property(r, kind, name);
    if (!is_known) {
        diag_error(r->diags, name_at(&expr->names, 1)->where, E0105,
                   "%s has no property named \"%s\"", kind, name);
        if (kinds_with_property(r, name))
            diag_hint(r->diags, "\"%s\" belongs to %s.", name,
                      kinds_with_property(r, name));
        return;
    }
    diag_error(r->diags, expr->where, E0110,
               "\"%s.%s\" has a value for each event, and one value is needed", kind,
               name);
    if (own && kind_property(r, kind, name))
        diag_hint(r->diags,
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
        diag_hint(r->diags,
                  "Write \"did %s\" for a condition, or \"count(%s)\" for a number.",
                  kind, kind);
        diag_fix(r->diags, expr->where, r->wants_value ? "count(%s)" : "did %s", kind);
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
    return arena_format(r->book->memory, "user.%s", last);
}

static void hint_unknown_name(resolver *r, const ast_expr *expr, const char *similar,
                              bool is_in_where)
{
    const char *name = name_at(&expr->names, 0)->text;
    const char *owners = kinds_with_property(r, name);
    const char *typed = arena_format(r->book->memory, "%s.type", name);
    const char *deeper = arena_format(r->book->memory, "properties.%s", name);
    if (is_in_where && kinds_with_property(r, typed)) {
        diag_hint(r->diags,
                  "In carpel.yaml the type stands directly behind the name: %s: string.",
                  name);
        return;
    }
    if (is_in_where && kinds_with_property(r, deeper)) {
        diag_hint(r->diags, "In carpel.yaml the properties stand directly below the "
                            "event: leave \"properties:\" out.");
        return;
    }
    span where = similar ? name_at(&expr->names, 0)->where : names_span(&expr->names);
    if (!similar)
        similar = meant_trait(r, expr);
    if (!similar)
        similar = similar_decl(r, name, false);
    if (similar)
        hint_similar(r->diags, where, name, similar);
    else if (is_in_where && strcmp(name, "day") == 0)
        diag_hint(r->diags, "Write time.date, time.weekday or time.day_of_month.");
    else if (expr->names.count == 1 && is_word_for_joining(name) &&
             schema_joining_trait(r->book->schema))
        diag_propose(r->diags, expr->where, "user.%s",
                     schema_joining_trait(r->book->schema));
    else if (expr->names.count == 1 && meant_column(r, name))
        diag_propose(r->diags, expr->where, "%s", meant_column(r, name));
    else if (is_in_where && foreign_time(name))
        diag_propose(r->diags, name_at(&expr->names, 0)->where, "%s", foreign_time(name));
    else if (owners && is_in_where)
        diag_hint(r->diags, "\"%s\" belongs to %s.", name, owners);
    else if (owners)
        diag_hint(r->diags, "It is a property of %s: write, for example, last %s.%s.",
                  owners, kind_with_property(r->book->schema, name), name);
    else if (may_compare(r, r->book->schema->kind_count) &&
             schema_similar_kind(r->book->schema, name))
        hint_similar(r->diags, expr->where, name,
                     schema_similar_kind(r->book->schema, name));
    else if (hint_foreign_value(r, expr->where, name) || expr->names.count != 1)
        return;
    else if (r->wants_literal)
        diag_offer(r->diags, expr->where, "Texts stand in double quotes: %s.", "\"%s\"",
                   name);
    else if (r->current->kind == DECL_SCENARIO)
        diag_hint(r->diags, "Texts stand in double quotes: \"%s\".", name);
    else
        diag_hint(r->diags,
                  "It is no value, event or segment. What people did begins with "
                  "\"did\", what is known of them with \"user.\"; texts stand in "
                  "double quotes.");
}

static void report_unknown_name(resolver *r, const ast_expr *expr,
                                const event_scope *scope)
{
    const ast_name *name = name_at(&expr->names, 0);
    bool is_in_where = scope && scope->kind_count > 0;
    if (scope && scope->kind_count == 0 && scope->schema->kind_count > 0)
        return; /* no event is meant, which was reported */
    if (rulebook_is_broken(r->book, name->text))
        return;
    if (is_in_where)
        diag_error(r->diags, name->where, E0105, "%s has no property named \"%s\"",
                   scope_title(scope, r->book->memory), name->text);
    else
        diag_error(r->diags, name->where, E0106, "nothing is named \"%s\"", name->text);
    pseudo_property which;
    if (is_in_where && scope->outer && scope_is_of_settings(scope->outer) &&
        pseudo_property_find(name->text, &which)) {
        diag_hint(r->diags, "Only events have it, and this is a list that a person has.");
        return;
    }
    const char *second = expr->names.count == 2 ? name_at(&expr->names, 1)->text : NULL;
    if (is_in_where && second && scope_has_property(scope, second)) {
        diag_propose(r->diags, expr->where, "%s", second);
        return;
    }
    bool is_worth = is_in_where && may_compare(r, scope_property_count(scope) * 2);
    const char *similar = is_worth ? scope_similar_property(scope, name->text) : NULL;
    if (is_worth && !similar)
        similar = scope_similar_property(
            scope, joined_names(r, &expr->names, expr->names.count));
    hint_unknown_name(r, expr, similar, is_in_where);
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
        diag_error(r->diags, expr->where, E0110, "\"%s\" is %s, not a value",
                   decl->name.text, decl_kind_phrase(decl));
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS)
            diag_hint(r->diags, "Membership is written \"in %s%s%s\".", decl->name.text,
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

static const char *similar_function(const char *name)
{
    if (foreign_function(name))
        return foreign_function(name);
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < sizeof aggregate_words / sizeof *aggregate_words; i++)
        suggest_consider(&s, aggregate_words[i]);
    for (size_t i = 0; i < sizeof builtin_words / sizeof *builtin_words; i++)
        suggest_consider(&s, builtin_words[i]);
    return suggest_best(&s);
}

/* A file that could not be loaded was reported; that its functions are missing follows. */
static bool lacks_a_script(const diags *d)
{
    for (size_t i = 0; i < diags_count(d); i++) {
        diag_code code = diags_get(d, i)->code;
        if (code == E0307 || code == E0311 || code == E0119)
            return true;
    }
    return false;
}

static void resolve_script_call(resolver *r, ast_expr *expr)
{
    const char *module = name_at(&expr->names, 0)->text;
    const char *function = name_at(&expr->names, 1)->text;
    script_set *scripts = r->book->scripts;
    expr->meaning->function = script_set_find(scripts, module, function);
    if (expr->meaning->function != SIZE_MAX) {
        expr->meaning->kind = MEANING_SCRIPT;
        expr->meaning->is_declared =
            script_set_signature(scripts, expr->meaning->function) != NULL;
        return;
    }
    if (!script_set_has_module(scripts, module)) {
        if (lacks_a_script(r->diags))
            return;
        diag_error(r->diags, expr->where, E0116, "no script is named \"%s\"", module);
        diag_hint(r->diags, "Load it first: use \"scores/%s.lua\"", module);
        return;
    }
    diag_error(r->diags, expr->where, E0116,
               "the script \"%s\" has no function named \"%s\"", module, function);
    const char *similar = script_set_similar(scripts, module, function);
    if (similar)
        hint_similar(r->diags, name_at(&expr->names, 1)->where, function, similar);
}

/* The event that a call has as its one argument, or NULL. */
static const char *called_event(const resolver *r, const ast_expr *call)
{
    const ast_expr *argument = call->list.count == 1 ? call->list.items[0] : NULL;
    if (!argument || argument->kind != EXPR_PATH || argument->names.count != 1)
        return NULL;
    const char *name = name_at(&argument->names, 0)->text;
    return schema_find_event(r->book->schema, name) != SCHEMA_NONE ? name : NULL;
}

/* `purchase.count()`, `purchase.sum(amount)`: the aggregate stands around its events. */
static bool report_method(resolver *r, const ast_expr *call)
{
    const char *event = name_at(&call->names, 0)->text;
    const char *word = name_at(&call->names, 1)->text;
    size_t i = 0, count = sizeof aggregate_words / sizeof *aggregate_words;
    while (i < count && strcmp(aggregate_words[i], word) != 0)
        i++;
    if (i == count || schema_find_event(r->book->schema, event) == SCHEMA_NONE ||
        call->list.count > 1)
        return false;
    diag_error(r->diags, call->where, E0116, "\"%s\" stands before its events", word);
    if (call->list.count == 0)
        diag_propose(r->diags, call->where, "%s(%s)", word, event);
    else
        diag_propose(
            r->diags, call->where, "%s(%s.%s)", word, event,
            diag_words(r->diags, ((const ast_expr *)call->list.items[0])->where));
    return true;
}

void resolve_call(resolver *r, ast_expr *expr)
{
    span where = names_span(&expr->names);
    const char *name = name_at(&expr->names, 0)->text;
    bool is_excel = expr->names.count == 2 && strcasecmp(name, "percentile") == 0 &&
                    !script_set_has_module(r->book->scripts, name);
    if (expr->names.count == 2 && report_method(r, expr))
        return;
    if (expr->names.count == 2 && !is_excel) { /* percentile.inc(...) */
        resolve_script_call(r, expr);
        return;
    }
    for (size_t i = 0;
         expr->names.count == 1 && i < sizeof builtin_words / sizeof *builtin_words; i++)
        if (strcmp(builtin_words[i], name) == 0) {
            expr->meaning->kind = MEANING_BUILTIN;
            expr->meaning->function = i;
            return;
        }
    const char *similar = similar_function(name);
    const char *event = strcmp(name, "exists") == 0 ? called_event(r, expr) : NULL;
    bool is_foreign =
        is_foreign_call(name) && (!foreign_function(name) || expr->list.count > 2);
    diag_error(r->diags, is_foreign || event ? expr->where : where, E0116,
               "no function is named \"%s\"", name);
    if (event)
        diag_propose(r->diags, expr->where, "did %s", event);
    else if (is_foreign)
        hint_foreign_call(r->diags, expr);
    else if (similar)
        hint_similar(r->diags, where, name, similar);
    else
        diag_hint(
            r->diags,
            "The functions there are: carpel help functions. Those of a Lua file are "
            "written with its name: script.%s(...).",
            name);
}
