/* SPDX-License-Identifier: MIT
 *
 * What is compared with what it cannot be: days, lists, sets of groups, a missing value, the
 * judged person.
 */
#include <string.h>

#include "lang/foreign.h"
#include "lang/lints.h"
#include "lang/resolver.h"

/* "user.trial_ends today"; of a birthday it is that of this year. */
static void propose_day(resolver *r, const ast_expr *compare, const char *window)
{
    const ast_list *names = &compare->left->names;
    bool is_birthday = compare->left->kind == EXPR_PATH && names->count == 2 &&
                       strcmp(name_at(names, 0)->text, "user") == 0 &&
                       names_birthday(name_at(names, 1)->text);
    offer(r, compare->where, "Write, without a sign: %s.", "%s%s %s",
          is_birthday ? "next anniversary of " : "", words_of(r, compare->left), window);
}

/* `user.trial_ends = today`: a day is a window, and stands without a sign. */
bool report_compared_day(resolver *r, const ast_expr *expr, const event_scope *scope)
{
    static const struct {
        const char *word, *window, *instant;
    } days[] = {{"today", "today", "now"},
                {"yesterday", "yesterday", "1 day ago"},
                {"tomorrow", "tomorrow", "now + 1 day"}};
    if (!expr_word(expr->right))
        return false;
    const ast_name *name = name_at(&expr->right->names, 0);
    if (rulebook_find(r->book, name->text) ||
        (scope && scope_has_property(scope, name->text)))
        return false;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (name->is_quoted || strcmp(days[i].word, name->text) != 0)
            continue;
        error(r, name->where, E0110, "\"%s\" is a day, not an instant", name->text);
        if (expr->compare == COMPARE_EQ)
            propose_day(r, expr, days[i].window);
        else
            hint(r, "Compare with an instant, such as \"%s\".", days[i].instant);
        return true;
    }
    return false;
}

/* `user.plan = null`: what is missing is asked in words. */
bool report_compared_missing(resolver *r, const ast_expr *expr, const event_scope *scope)
{
    const ast_expr *right = expr->right;
    const char *word = asks_equality(expr) ? expr_word(right) : NULL;
    const char *ours = word ? foreign_value(word) : NULL;
    if (!ours || strcmp(ours, "missing") != 0 || rulebook_find(r->book, word) ||
        (scope && scope_has_property(scope, word)))
        return false;
    const char *is = expr->compare == COMPARE_EQ ? "is missing" : "is not missing";
    error(r, right->where, E0106, "nothing is named \"%s\"", word);
    hint(r, "Write \"%s\" instead of comparing.", is);
    fix(r, expr->where, "%s %s", words_of(r, expr->left), is);
    return true;
}

/* The declaration that an expression only names, or NULL. */
static const ast_decl *named_decl(const resolver *r, const ast_expr *expr)
{
    if (!expr_word(expr))
        return NULL;
    return rulebook_find(r->book, expr_word(expr));
}

/* `user.country = big_countries`. */
bool report_compared_list(resolver *r, const ast_expr *expr)
{
    const ast_decl *list = named_decl(r, expr->right);
    if (!list || list->kind != DECL_LIST)
        return false;
    error(r, expr->right->where, E0110, "\"%s\" is a list, not a value", list->name.text);
    const char *in = expr->compare == COMPARE_NE ? "not in" : "in";
    hint(r, "Write \"%s %s\".", in, list->name.text);
    if (expr->compare == COMPARE_EQ || expr->compare == COMPARE_NE)
        fix(r, expr->where, "%s %s %s", words_of(r, expr->left), in, list->name.text);
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

/* The set of groups that an expression names as if it were a value, also `user.lifecycle` when
 * people have no such trait; or NULL. */
static const ast_decl *named_set(const resolver *r, const ast_expr *expr)
{
    const ast_decl *set = named_decl(r, expr);
    bool is_of_user =
        expr_is_pair(expr) && strcmp(name_at(&expr->names, 0)->text, "user") == 0;
    const char *trait = is_of_user ? name_at(&expr->names, 1)->text : NULL;
    if (trait && schema_find_trait(r->book->schema, trait) == SCHEMA_NONE)
        set = rulebook_find(r->book, trait);
    return set && (set->kind == DECL_GROUPS || set->kind == DECL_SPLIT) ? set : NULL;
}

static void report_set(resolver *r, const ast_expr *expr, const ast_decl *set)
{
    error(r, expr->where, E0110, "\"%s\" is a %s, not a value", set->name.text,
          decl_kind_word(set));
}

/* `lifecycle in ("active", "new")`. */
static bool report_listed_set(resolver *r, const ast_expr *expr)
{
    const ast_decl *set = named_set(r, expr->left);
    const char *members = "";
    for (size_t i = 0; set && i < expr->list.count; i++) {
        const ast_expr *member = expr->list.items[i];
        if (member->kind != EXPR_STRING)
            return false;
        members = wording(r, "%s%s%s %s.%s", members,
                          i == 0             ? ""
                          : expr->is_negated ? " and "
                                             : " or ",
                          expr->is_negated ? "not in" : "in", set->name.text,
                          member->text.text);
    }
    if (!set)
        return false;
    report_set(r, expr, set);
    offer(r, expr->where, "Write: %s.", expr->list.count > 1 ? "(%s)" : "%s", members);
    return true;
}

/* `lifecycle = "active"`, `lifecycle in active`. */
bool report_compared_set(resolver *r, const ast_expr *expr)
{
    if (expr->kind == EXPR_IN_VALUES)
        return report_listed_set(r, expr);
    const ast_decl *set = named_set(r, expr->left);
    const char *member = set ? compared_word(expr) : NULL;
    if (!member)
        return false;
    bool is_negated =
        expr->kind == EXPR_COMPARE ? expr->compare == COMPARE_NE : expr->is_negated;
    report_set(r, expr, set);
    offer(r, expr->where, "Write \"%s\".", "%s %s.%s", is_negated ? "not in" : "in",
          set->name.text, member);
    return true;
}

/* `user in vip`: that the judged person is meant goes without saying. */
bool report_judged_person(resolver *r, const ast_expr *expr)
{
    const char *name = expr_word(expr->left);
    if (!name || !is_word_of(name, "user person customer profile people") ||
        named_decl(r, expr->left))
        return false;
    error(r, expr->left->where, E0106, "nothing is named \"%s\"", name);
    propose(r, expr->where, "%sin %s%s%s", expr->is_negated ? "not " : "",
            expr->ref.name.text, expr->ref.member.text ? "." : "",
            expr->ref.member.text ? expr->ref.member.text : "");
    return true;
}
