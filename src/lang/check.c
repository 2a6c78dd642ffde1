/* SPDX-License-Identifier: MIT
 *
 * Types of declarations, in the order in which they use each other.
 */
#include "lang/passes.h"

#include <string.h>

#include "base/number.h"
#include "lang/checker.h"
#include "lang/walk.h"

static bool is_constant(const ast_expr *expr)
{
    return expr_is_literal(expr) ||
           (expr->kind == EXPR_NEGATE && expr->left->kind == EXPR_NUMBER);
}

static void check_list(checker *c, ast_decl *decl)
{
    each (ast_expr, value, &decl->values) {
        type t = check_expr(c, value);
        const ast_expr *first = decl->values.items[0];
        if (t.kind == TYPE_ERROR && value->kind == EXPR_PATH)
            return; /* reported: no such name */
        if (!is_constant(value)) {
            error(c, value->where, E0122, "a list holds constants only");
            value->meaning->type.kind = TYPE_ERROR;
        } else if (t.kind != TYPE_ERROR && first->meaning->type.kind != TYPE_ERROR &&
                   type_join(first->meaning->type, t).kind == TYPE_ERROR) {
            error(c, value->where, E0122, "the list begins with %s, and this is %s",
                  type_words(first->meaning->type), type_words(t));
        }
    }
}

static void check_groups(checker *c, ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++) {
        ast_group *group = decl->groups.items[i];
        if (group->when) {
            check_condition(c, group->when, "\"when\"");
        } else if (i + 1 < decl->groups.count) {
            error(c, group->place, E0118,
                  "\"otherwise\" takes everyone who is left, so no group can follow it");
            hint(c, "Move it to the end.");
        }
    }
}

static void check_points(checker *c, ast_decl *decl)
{
    each (ast_point, point, &decl->points) {
        if (point->when)
            check_condition(c, point->when, "\"when\"");
        if (point->pattern)
            check_pattern(c, point->pattern);
        if (point->pattern)
            check_windows(c, &point->windows, point->pattern);
    }
}

/* The type of a plan of points: whole points, or as many digits as were written. */
static type points_type(const ast_decl *decl)
{
    type t = {TYPE_DECIMAL, 0};
    each (const ast_point, point, &decl->points) {
        if (point->amount.scale > t.scale)
            t.scale = point->amount.scale;
        if (point->has_cap && point->cap.scale > t.scale)
            t.scale = point->cap.scale;
    }
    return t;
}

static void check_value(checker *c, ast_decl *decl)
{
    if (!decl->value) {
        decl->meaning->type = points_type(decl);
        return;
    }
    decl->meaning->type = check_expr(c, decl->value);
    decl->meaning->duration = decl->value->meaning->duration;
    if (decl->kind == DECL_SCORE && decl->meaning->duration == DURATION_CALENDAR) {
        error(c, decl->value->where, E0108,
              "a score of months, quarters or years has no fixed length");
        decl->meaning->type.kind = TYPE_ERROR;
    }
}

static void check_subject(checker *c, const ast_decl *decl)
{
    if (decl->subject.text && strcmp(decl->subject.text, "account") != 0) {
        error(c, decl->subject.where, E0106,
              "rules are judged for each account, or for "
              "each person when nothing is said");
        hint(c, "Write \"for each account\".");
    } else if (decl->subject.text && c->book->schema->account_trait == SCHEMA_NONE) {
        error(c, decl->subject.where, E0106, "the project has no accounts");
        hint(c, "Say in carpel.yaml which trait names a person's account: "
                "accounts: {of: company}");
    }
    if (decl->stay && !decl->is_judged) {
        error(c, decl->stay->where, E0117,
              "\"stay while\" needs to know how often is judged");
        hint(c, "Write \"judged every month\", for example, before \"when\".");
    }
    if (decl->stay)
        check_condition(c, decl->stay, "\"stay while\"");
}

/* ---- splits -------------------------------------------------------------- */

static void report_too_much(checker *c, const ast_decl *decl, int128 total)
{
    double percent = 100 * (double)total / (double)number_power_of_ten(DECIMAL_MAX_SCALE);
    error(c, decl->name.where, E0126, "the arms take more than 100%% together");
    hint(c, "They take %.6g%%: make them smaller, by %.6g%% in all.", percent,
         percent - 100);
}

static void check_split(checker *c, const ast_decl *decl)
{
    int128 total = 0;
    each (const ast_arm, arm, &decl->arms) {
        if (arm->share.value <= 0)
            error(c, arm->place, E0126, "an arm without people has no use");
        total += (int128)arm->share.value *
                 number_power_of_ten(DECIMAL_MAX_SCALE - arm->share.scale);
    }
    if (total > number_power_of_ten(DECIMAL_MAX_SCALE))
        report_too_much(c, decl, total);
}

void need_level(checker *c, level wanted, span where, const char *name)
{
    if (wanted == LEVEL_ANY || c->level == wanted)
        return;
    if (c->level == LEVEL_ANY) {
        c->level = wanted;
    } else if (wanted == LEVEL_PERSON) {
        error(c, where, E0121, "\"%s\" is about people, and this rule about accounts",
              name);
        hint(c, "Count them: count(user where (in %s))", name);
    } else {
        error(c, where, E0121, "\"%s\" is about accounts, and this rule about people",
              name);
        hint(c, "A rule about accounts says \"for each account\".");
    }
}

void check_among(checker *c, const ast_ref *among)
{
    if (!among->decl)
        return;
    need_level(c, among->decl->meaning->level, among->where, among->name.text);
    if (among->decl->kind == DECL_LIST)
        error(c, among->where, E0121, "\"among\" needs a segment or a group");
}

static level own_level(const ast_decl *decl)
{
    switch (decl->kind) {
    case DECL_SEGMENT:
    case DECL_GROUPS:
    case DECL_SPLIT:
    case DECL_SCORE: return decl->subject.text ? LEVEL_ACCOUNT : LEVEL_PERSON;
    default: return LEVEL_ANY;
    }
}

static void check_body(checker *c, ast_decl *decl)
{
    decl->meaning->of_population = decl_is_of_population(decl);
    decl->meaning->varies = !decl->value || decl_any(decl, expr_varies);
    decl->meaning->is_of_person = decl_is_of_person(decl);
    decl->meaning->differs =
        decl->pattern && pattern_differs(decl->pattern, c->book->schema);
    decl->meaning->is_steady = decl_is_steady(decl);
    check_subject(c, decl);
    switch (decl->kind) {
    case DECL_USE: break;
    case DECL_LET:
    case DECL_SCORE:
        check_points(c, decl);
        check_value(c, decl);
        break;
    case DECL_LIST: check_list(c, decl); break;
    case DECL_EVENT: check_event(c, decl->pattern); break;
    case DECL_SEGMENT:
        if (decl->value)
            check_condition(c, decl->value, "\"when\"");
        break;
    case DECL_GROUPS: check_groups(c, decl); break;
    case DECL_OCCASION: break;
    case DECL_SPLIT: check_split(c, decl); break;
    case DECL_SCENARIO: check_scenario(c, decl); break;
    }
}

static void check_decl(checker *c, ast_decl *decl)
{
    c->level = own_level(decl);
    check_among(c, &decl->among);
    check_body(c, decl);
    decl->meaning->level = c->level;
}

void check_types(rulebook *book, diags *diags)
{
    checker c = {.book = book, .diags = diags};
    for (size_t i = 0; i < book->order.count; i++)
        check_decl(&c, book->order.items[i]);
}
