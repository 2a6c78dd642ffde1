/* SPDX-License-Identifier: MIT
 *
 * The lines of scenarios: the events and traits that they tell, and the rules that they
 * ask. What is expected becomes a condition such as rules have, so that `=` and `in`
 * mean here what they mean there.
 */
#include <string.h>

#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* ---- values ------------------------------------------------------------- */

/* The word `missing` in the place of a value. */
static bool is_missing_word(const ast_expr *value)
{
    if (!expr_word(value))
        return false;
    const ast_name *name = name_at(&value->names, 0);
    return !name->is_quoted && strcmp(name->text, "missing") == 0;
}

static void resolve_told_value(resolver *r, ast_setting *setting)
{
    setting->property = SCHEMA_NONE;
    if (setting->value) {
        setting->is_missing = is_missing_word(setting->value);
        if (!setting->is_missing)
            resolve_expr(r, setting->value, NULL);
    }
    for (size_t i = 0; i < setting->items.count; i++) {
        const ast_list *settings = &((ast_item *)setting->items.items[i])->settings;
        for (size_t k = 0; k < settings->count; k++)
            resolve_told_value(r, settings->items[k]);
    }
}

/* One value each: which of two would be meant? */
static void report_same_setting(resolver *r, const ast_list *settings, size_t index)
{
    const ast_setting *setting = settings->items[index];
    for (size_t i = 0; i < index; i++) {
        const ast_setting *other = settings->items[i];
        if (strcmp(other->name.text, setting->name.text) != 0)
            continue;
        error(r, setting->name.where, E0107, "\"%s\" has two values here",
              setting->name.text);
        note(r, other->name.where, "the first one");
        hint(r, "Take one of them away.");
        return;
    }
}

/* ---- events ------------------------------------------------------------- */

static void report_no_told_event(resolver *r, const ast_name *name)
{
    const ast_decl *decl = rulebook_find(r->book, name->text);
    if (!decl || decl->kind != DECL_EVENT) {
        report_unknown_event(r, &(ast_event){.name = *name});
        return;
    }
    error(r, name->where, E0129,
          "\"%s\" is picked from other events, and only these happen", name->text);
    hint(r, "Tell the event itself, with the properties that it needs.");
}

/* The kind of a told event; SCHEMA_NONE when it was reported. */
static size_t told_kind(resolver *r, const ast_name *name)
{
    const schema *s = r->book->schema;
    size_t kind = schema_find_event(s, name->text);
    if (kind == SCHEMA_NONE) {
        report_no_told_event(r, name);
    } else if (s->kinds[kind].derivation != KIND_FROM_DATA) {
        error(r, name->where, E0129,
              "\"%s\" is derived from what happened, so a scenario cannot tell it",
              name->text);
        hint(r, "Tell the events that it is made of.");
        kind = SCHEMA_NONE;
    }
    return kind;
}

/* The nearest name of a property or a list. */
static const char *similar_part(const schema *s, size_t kind, const char *name)
{
    suggestion near = suggest_begin(name);
    const event_kind *k = &s->kinds[kind];
    for (size_t i = 0; i < k->property_count; i++)
        suggest_consider(&near, k->properties[i].name);
    for (size_t i = s->kind_count; i < schema_total(s); i++)
        if (s->kinds[i].derivation == KIND_LIST && s->kinds[i].parent == kind)
            suggest_consider(&near, s->kinds[i].name);
    return suggest_best(&near);
}

static void report_no_told_property(resolver *r, size_t kind, const ast_name *name)
{
    const event_kind *k = &r->book->schema->kinds[kind];
    pseudo_property which;
    error(r, name->where, E0105, "%s has no property named \"%s\"", k->name, name->text);
    const char *similar = similar_part(r->book->schema, kind, name->text);
    if (pseudo_property_find(name->text, &which))
        hint(r, "Every event has it by itself.");
    else if (similar)
        hint_similar(r->diags, name->where, name->text, similar);
}

/* A value that an event, or an item of a list, is told to have. */
static void resolve_property(resolver *r, size_t kind, ast_setting *setting)
{
    const event_kind *k = &r->book->schema->kinds[kind];
    setting->property = kind_find_property(k, setting->name.text);
    if (setting->property == SCHEMA_NONE)
        report_no_told_property(r, kind, &setting->name);
    else
        setting->told_as = &k->properties[setting->property];
}

/* Reports a list that is told in the form of the other kind of lists. */
static bool check_item_form(resolver *r, const event_kind *list, const ast_setting *value)
{
    bool is_value = value->names.count == 0;
    if (is_value == list->is_plain)
        return true;
    error(r, value->name.where, E0129,
          list->is_plain ? "\"%s\" is a list of values, and this is a record"
                         : "\"%s\" is a list of records, and this is a value",
          list->name);
    if (list->is_plain)
        hint(r, "Write its values alone: %s (\"a\", \"b\").", list->name);
    else
        hint(r, "Name the fields of each: %s (%s = ...) (%s = ...).", list->name,
             list->properties[0].name, list->properties[0].name);
    return false;
}

static void resolve_field(resolver *r, size_t list, const ast_list *settings,
                          size_t index)
{
    const event_kind *kind = &r->book->schema->kinds[list];
    ast_setting *setting = settings->items[index];
    if (!kind->is_plain) {
        report_same_setting(r, settings, index);
        resolve_property(r, list, setting);
        return;
    }
    setting->name.text = kind->name; /* for messages */
    setting->property = 0;
    setting->told_as = &kind->properties[0];
}

static void resolve_item(resolver *r, size_t list, const ast_list *settings)
{
    if (!check_item_form(r, &r->book->schema->kinds[list], settings->items[0]))
        return;
    for (size_t i = 0; i < settings->count; i++)
        resolve_field(r, list, settings, i);
}

/* `list` is the kind of the items, or SCHEMA_NONE when the name is none of a list. Returns
 * whether the setting is in the form of what its name is, or was reported. */
static bool resolve_told_list(resolver *r, size_t list, ast_setting *setting)
{
    setting->property = list;
    if (setting->is_list && list != SCHEMA_NONE) {
        each (ast_item, item, &setting->items)
            resolve_item(r, list, &item->settings);
        return true;
    }
    if (list == SCHEMA_NONE)
        return false;
    setting->property = SCHEMA_NONE;
    error(r, setting->name.where, E0129, "\"%s\" is a list", setting->name.text);
    if (r->book->schema->kinds[list].is_plain)
        hint(r, "Write its values in brackets: %s (\"a\", \"b\").", setting->name.text);
    else
        hint(r, "Write each item in brackets: %s (%s = ...).", setting->name.text,
             r->book->schema->kinds[list].properties[0].name);
    return true;
}

/* `sku ("A1")`, where sku is one value. */
static void report_no_list(resolver *r, const ast_setting *setting)
{
    error(r, setting->name.where, E0129, "\"%s\" is one value and no list",
          setting->name.text);
    hint(r, "Write: %s = ...", setting->name.text);
}

/* ---- traits ------------------------------------------------------------- */

/* "country" of `user.country`, or NULL. */
static const char *behind_user(const char *name)
{
    return strncmp(name, "user.", 5) == 0 ? name + 5 : NULL;
}

static void report_no_told_trait(resolver *r, const ast_name *name)
{
    const schema *s = r->book->schema;
    const char *bare = behind_user(name->text);
    if (!bare || (schema_find_trait(s, bare) == SCHEMA_NONE &&
                  schema_find_list_trait(s, bare) == SCHEMA_NONE)) {
        report_no_trait(r, name->where, name->text);
        return;
    }
    error(r, name->where, E0115, "people have no trait named \"%s\"", name->text);
    offer(r, name->where, "Here it is clear whose it is: write \"%s\".", "%s", bare);
}

static void resolve_trait(resolver *r, ast_setting *setting)
{
    const schema *s = r->book->schema;
    setting->property = schema_find_trait(s, setting->name.text);
    if (setting->property == SCHEMA_NONE)
        report_no_told_trait(r, &setting->name);
    else
        setting->told_as = &s->traits[setting->property];
}

/* The kind of the items of a list that a line tells; SCHEMA_NONE: the name is none of a list. */
static size_t told_list(const schema *s, const ast_line *line, const char *name)
{
    size_t holder =
        line->kind == LINE_DID ? line->event_kind : schema_find_list_trait(s, name);
    return holder != SCHEMA_NONE ? schema_find_list(s, holder, name) : SCHEMA_NONE;
}

/* `ann did purchase (amount = 3)`, `ann has plan = "pro"`. */
static void resolve_fact(resolver *r, ast_line *line)
{
    bool is_did = line->kind == LINE_DID;
    if (is_did)
        line->event_kind = told_kind(r, &line->event);
    for (size_t i = 0; i < line->settings.count; i++) {
        ast_setting *setting = line->settings.items[i];
        resolve_told_value(r, setting);
        if (is_did && line->event_kind == SCHEMA_NONE)
            continue;
        report_same_setting(r, &line->settings, i);
        size_t list = told_list(r->book->schema, line, setting->name.text);
        if (resolve_told_list(r, list, setting))
            continue;
        if (is_did)
            resolve_property(r, line->event_kind, setting);
        else
            resolve_trait(r, setting);
        if (setting->is_list && setting->told_as)
            report_no_list(r, setting);
    }
}

/* ---- expectations ------------------------------------------------------- */

static ast_expr *new_expr(resolver *r, ast_expr_kind kind, span where)
{
    ast_expr *expr = arena_alloc(r->book->memory, sizeof *expr);
    expr->kind = kind;
    expr->where = where;
    return expr;
}

static void resolve_expect_in(resolver *r, ast_line *line)
{
    ast_expr *holds =
        new_expr(r, EXPR_MEMBER, span_join(line->person.where, line->ref.where));
    holds->ref = line->ref;
    holds->is_negated = line->is_negated;
    resolve_expr(r, holds, NULL);
    line->ref = holds->ref;
    line->holds = holds;
}

/* A trait is told and not made by rules. */
static void report_expected_trait(resolver *r, const ast_name *name)
{
    error(r, name->where, E0129,
          "\"%s\" is a trait, which a scenario tells and rules read", name->text);
    hint(r, "Expect what a rule makes of it: a segment, a score, a value.");
}

static void report_no_expected_value(resolver *r, const ast_name *name)
{
    if (rulebook_is_broken(r->book, name->text))
        return;
    error(r, name->where, E0106, "no score and no value is named \"%s\"", name->text);
    const char *similar = similar_decl(r, name->text, false);
    if (similar)
        hint_similar(r->diags, name->where, name->text, similar);
    else
        hint(r, "Declare it with \"let\" or \"score\".");
}

/* Is it something that rules declare? If not, that is reported. */
static bool check_expected_name(resolver *r, const ast_setting *setting)
{
    const char *bare = behind_user(setting->name.text);
    bool is_trait = schema_find_trait(r->book->schema,
                                      bare ? bare : setting->name.text) != SCHEMA_NONE;
    if (!bare && rulebook_find(r->book, name_at(&setting->names, 0)->text))
        return true;
    if (is_trait)
        report_expected_trait(r, &setting->name);
    else
        report_no_expected_value(r, &setting->name);
    return false;
}

static ast_expr *new_pair(resolver *r, ast_expr_kind kind, span where, ast_expr *left,
                          ast_expr *right)
{
    ast_expr *expr = new_expr(r, kind, where);
    expr->left = left;
    expr->right = right;
    return expr;
}

/* `= 0.5 within 0.01`: at least the one less the other, and at most the two together. */
static ast_expr *new_tolerant(resolver *r, const ast_setting *setting, ast_expr *result,
                              span where)
{
    ast_expr *both = new_expr(r, EXPR_AND, where);
    ast_expr *least =
        new_pair(r, EXPR_SUBTRACT, where, setting->value, setting->tolerance);
    ast_expr *most = new_pair(r, EXPR_ADD, where, setting->value, setting->tolerance);
    ast_expr *from = new_pair(r, EXPR_COMPARE, where, result, least);
    ast_expr *to = new_pair(r, EXPR_COMPARE, where, result, most);
    from->compare = COMPARE_GE;
    to->compare = COMPARE_LE;
    ast_list_add(r->book->memory, &both->list, from);
    ast_list_add(r->book->memory, &both->list, to);
    return both;
}

static ast_expr *new_expected(resolver *r, const ast_setting *setting, ast_expr *result)
{
    span where = span_join(setting->name.where, setting->value->where);
    if (setting->tolerance)
        return new_tolerant(r, setting, result,
                            span_join(where, setting->tolerance->where));
    if (setting->is_missing)
        return new_pair(r, EXPR_IS_MISSING, where, result, NULL);
    ast_expr *equal = new_pair(r, EXPR_COMPARE, where, result, setting->value);
    equal->compare = COMPARE_EQ;
    return equal;
}

static bool check_tolerance(resolver *r, ast_setting *setting)
{
    setting->is_missing = is_missing_word(setting->value);
    if (!setting->is_missing || !setting->tolerance)
        return true;
    error(r, setting->tolerance->where, E0129, "nothing lies near a missing value");
    hint(r, "Write: %s = missing.", setting->name.text);
    return false;
}

/* Let the setting be that `result` has its value. What is wrong with the value and its
 * tolerance, which stand in there twice, is reported once. */
static void expect_result(resolver *r, ast_setting *setting, ast_expr *result,
                          size_t reported_before)
{
    if (setting->tolerance) {
        resolve_expr(r, setting->value, NULL);
        resolve_expr(r, setting->tolerance, NULL);
    }
    if (diags_count(r->diags) > reported_before)
        return;
    setting->holds = new_expected(r, setting, result);
    setting->result = result;
    resolve_expr(r, setting->holds, NULL);
}

static void resolve_expected_value(resolver *r, ast_setting *setting)
{
    if (!check_expected_name(r, setting) || !check_tolerance(r, setting))
        return;
    ast_expr *result = new_expr(r, EXPR_PATH, setting->name.where);
    result->names = setting->names;
    expect_result(r, setting, result, diags_count(r->diags));
}

static void resolve_expect_has(resolver *r, ast_line *line)
{
    for (size_t i = 0; i < line->settings.count; i++) {
        report_same_setting(r, &line->settings, i);
        resolve_expected_value(r, line->settings.items[i]);
    }
}

/* `expect churn.risk(missing, 14 days) = 0.5`: it has the type that the function takes. */
static void find_missing_arguments(resolver *r, const ast_expr *call)
{
    each (ast_expr, argument, &call->list)
        if (is_missing_word(argument) && !rulebook_find(r->book, "missing"))
            argument->kind = EXPR_MISSING;
}

/* `expect churn.risk(3, 14 days) = 0.5`: of nobody, and at no instant. */
static void resolve_expect_call(resolver *r, ast_line *line)
{
    ast_setting *setting = line->settings.items[0];
    size_t before = diags_count(r->diags);
    if (line->at) {
        error(r, line->at->where, E0129,
              "what a function gives does not depend on the instant");
        hint(r,
             "Leave out \"at %s\". What a score of somebody is then, is said "
             "with: expect ann has SCORE = VALUE at TIME",
             line->at->text.text);
    }
    if (!check_tolerance(r, setting))
        return;
    find_missing_arguments(r, setting->call);
    resolve_expr(r, setting->call, NULL);
    expect_result(r, setting, setting->call, before);
}

/* ---- all ---------------------------------------------------------------- */

/* Scenarios are called by their names. */
static void report_same_scenario(resolver *r, const ast_decl *decl)
{
    const ast_list *decls = &r->book->decls;
    size_t first = name_index_find(&r->scenarios, decl->name.text);
    const ast_decl *other = first != SIZE_MAX ? decls->items[first] : decl;
    if (other == decl)
        return;
    error(r, decl->name.where, E0107, "two scenarios are called \"%s\"", decl->name.text);
    note(r, other->name.where, "the first one");
    hint(r, "Give one of them another name.");
}

void resolve_scenario(resolver *r, ast_decl *decl)
{
    report_same_scenario(r, decl);
    each (ast_line, line, &decl->lines) {
        switch (line->kind) {
        case LINE_DID:
        case LINE_HAS: resolve_fact(r, line); break;
        case LINE_EXPECT_IN: resolve_expect_in(r, line); break;
        case LINE_EXPECT_HAS: resolve_expect_has(r, line); break;
        case LINE_EXPECT_CALL: resolve_expect_call(r, line); break;
        }
    }
}
