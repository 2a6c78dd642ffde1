/* SPDX-License-Identifier: MIT
 *
 * The lines of scenarios: the events and traits that they tell, and the rules that they
 * ask. What is expected becomes a condition such as rules have, so that `=` and `in`
 * mean here what they mean there.
 */
#include <string.h>

#include "lang/meaning.h"
#include "lang/resolver.h"
#include "report/lookalike.h"

/* ---- values ------------------------------------------------------------- */

/* The word `missing` in the place of a value. */
static bool is_missing_word(const ast_expr *value)
{
    if (value->kind != EXPR_PATH || value->names.count != 1)
        return false;
    const ast_name *name = name_at(&value->names, 0);
    return !name->is_quoted && strcmp(name->text, "missing") == 0;
}

static void resolve_told_value(resolver *r, ast_setting *setting)
{
    setting->is_missing = is_missing_word(setting->value);
    if (!setting->is_missing)
        resolve_expr(r, setting->value, NULL);
}

/* One value each: which of two would be meant? */
static void report_same_setting(resolver *r, const ast_list *settings, size_t index)
{
    const ast_setting *setting = settings->items[index];
    for (size_t i = 0; i < index; i++) {
        const ast_setting *other = settings->items[i];
        if (strcmp(other->name.text, setting->name.text) != 0)
            continue;
        diag_error(r->diags, setting->name.where, E0107, "\"%s\" has two values here",
                   setting->name.text);
        diag_note_at(r->diags, other->name.where, "the first one");
        diag_hint(r->diags, "Take one of them away.");
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
    diag_error(r->diags, name->where, E0129,
               "\"%s\" is picked from other events, and only these happen", name->text);
    diag_hint(r->diags, "Tell the event itself, with the properties that it needs.");
}

/* The kind of a told event; SCHEMA_NONE when it was reported. */
static size_t told_kind(resolver *r, const ast_name *name)
{
    const schema *s = r->book->schema;
    size_t kind = schema_find_event(s, name->text);
    if (kind == SCHEMA_NONE) {
        report_no_told_event(r, name);
    } else if (s->kinds[kind].derivation != KIND_FROM_DATA) {
        diag_error(r->diags, name->where, E0129,
                   "\"%s\" is derived from what happened, so a scenario cannot tell it",
                   name->text);
        diag_hint(r->diags, "Tell the events that it is made of.");
        kind = SCHEMA_NONE;
    }
    return kind;
}

static void report_no_told_property(resolver *r, size_t kind, const ast_name *name)
{
    const event_kind *k = &r->book->schema->kinds[kind];
    pseudo_property which;
    if (schema_find_list(r->book->schema, kind, name->text) != SCHEMA_NONE) {
        diag_error(r->diags, name->where, E0129,
                   "\"%s\" is a list, which a scenario cannot tell", name->text);
        return;
    }
    diag_error(r->diags, name->where, E0105, "%s has no property named \"%s\"", k->name,
               name->text);
    const char *similar = kind_similar_property(k, name->text);
    if (pseudo_property_find(name->text, &which))
        diag_hint(r->diags, "Every event has it by itself.");
    else if (similar)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
}

static void resolve_did(resolver *r, ast_line *line)
{
    line->event_kind = told_kind(r, &line->event);
    for (size_t i = 0; i < line->settings.count; i++) {
        ast_setting *setting = line->settings.items[i];
        setting->property = SCHEMA_NONE;
        resolve_told_value(r, setting);
        if (line->event_kind == SCHEMA_NONE)
            continue;
        report_same_setting(r, &line->settings, i);
        setting->property = kind_find_property(&r->book->schema->kinds[line->event_kind],
                                               setting->name.text);
        if (setting->property == SCHEMA_NONE)
            report_no_told_property(r, line->event_kind, &setting->name);
    }
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
    const char *similar = schema_similar_trait(s, name->text);
    if (schema_find_list_trait(s, bare ? bare : name->text) != SCHEMA_NONE) {
        diag_error(r->diags, name->where, E0129,
                   "\"%s\" is a list, which a scenario cannot tell", name->text);
        return;
    }
    diag_error(r->diags, name->where, E0115, "people have no trait named \"%s\"",
               name->text);
    if (bare && schema_find_trait(s, bare) != SCHEMA_NONE)
        diag_hint(r->diags, "Here it is clear whose it is: write \"%s\".", bare);
    else if (similar)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(r->diags, "Traits are listed under \"traits\" in carpel.yaml.");
}

static void resolve_has(resolver *r, ast_line *line)
{
    for (size_t i = 0; i < line->settings.count; i++) {
        ast_setting *setting = line->settings.items[i];
        resolve_told_value(r, setting);
        report_same_setting(r, &line->settings, i);
        setting->property = schema_find_trait(r->book->schema, setting->name.text);
        if (setting->property == SCHEMA_NONE)
            report_no_told_trait(r, &setting->name);
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
    diag_error(r->diags, name->where, E0129,
               "\"%s\" is a trait, which a scenario tells and rules read", name->text);
    diag_hint(r->diags, "Expect what a rule makes of it: a segment, a score, a value.");
}

static void report_no_expected_value(resolver *r, const ast_name *name)
{
    if (rulebook_is_broken(r->book, name->text))
        return;
    diag_error(r->diags, name->where, E0106, "no score and no value is named \"%s\"",
               name->text);
    const char *similar = similar_decl(r, name->text, false);
    if (similar)
        hint_similar(r->diags, name->text, similar);
    else
        diag_hint(r->diags, "Declare it with \"let\" or \"score\".");
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
    diag_error(r->diags, setting->tolerance->where, E0129,
               "nothing lies near a missing value");
    diag_hint(r->diags, "Write: %s = missing.", setting->name.text);
    return false;
}

static void resolve_expected_value(resolver *r, ast_setting *setting)
{
    if (!check_expected_name(r, setting) || !check_tolerance(r, setting))
        return;
    ast_expr *result = new_expr(r, EXPR_PATH, setting->name.where);
    result->names = setting->names;
    ast_expr *holds = new_expected(r, setting, result);
    size_t before = diags_count(r->diags);
    if (setting->tolerance) { /* stands in `holds` twice, and is reported once */
        resolve_expr(r, setting->value, NULL);
        resolve_expr(r, setting->tolerance, NULL);
    }
    if (diags_count(r->diags) > before)
        return;
    resolve_expr(r, holds, NULL);
    setting->result = result;
    setting->holds = holds;
}

static void resolve_expect_has(resolver *r, ast_line *line)
{
    for (size_t i = 0; i < line->settings.count; i++) {
        report_same_setting(r, &line->settings, i);
        resolve_expected_value(r, line->settings.items[i]);
    }
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
    diag_error(r->diags, decl->name.where, E0107, "two scenarios are called \"%s\"",
               decl->name.text);
    diag_note_at(r->diags, other->name.where, "the first one");
    diag_hint(r->diags, "Give one of them another name.");
}

void resolve_scenario(resolver *r, ast_decl *decl)
{
    report_same_scenario(r, decl);
    for (size_t i = 0; i < decl->lines.count; i++) {
        ast_line *line = decl->lines.items[i];
        switch (line->kind) {
        case LINE_DID: resolve_did(r, line); break;
        case LINE_HAS: resolve_has(r, line); break;
        case LINE_EXPECT_IN: resolve_expect_in(r, line); break;
        case LINE_EXPECT_HAS: resolve_expect_has(r, line); break;
        }
    }
}
