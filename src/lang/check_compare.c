/* SPDX-License-Identifier: MIT
 *
 * Comparisons, tests of texts, lists and memberships.
 */
#include "lang/checker.h"

#include "base/pattern.h"
#include "lang/lints.h"
#include "value/version.h"

static bool comparable_durations(const ast_expr *a, const ast_expr *b)
{
    duration_form left = a->meaning->duration, right = b->meaning->duration;
    if (left == DURATION_CALENDAR)
        return right == DURATION_SINCE;
    if (right == DURATION_CALENDAR)
        return left == DURATION_SINCE;
    return true;
}

/* No version, which has an order of its own. */
static bool is_plain_text(type t)
{
    return t.kind == TYPE_STRING || t.kind == TYPE_PERSON;
}

static bool types_compare(type a, type b)
{
    return is_error(a, b) || (type_is_numeric(a) && type_is_numeric(b)) ||
           (type_is_moment(a) && type_is_moment(b)) ||
           (is_plain_text(a) && is_plain_text(b)) || a.kind == b.kind;
}

void check_written_version(checker *c, const ast_expr *literal)
{
    const char *reason;
    if (!version_read(slice_of(literal->text.text), &reason))
        error(c, literal->where, E0108, "cannot read \"%s\" as a version: %s",
              literal->text.text, reason);
}

/* A text that is written where a version is due is read as one; reported when it cannot be. */
static bool is_written_version(checker *c, const ast_expr *version, const ast_expr *text)
{
    const ast_expr *literal = behind_let(text);
    if (expr_type(version).kind != TYPE_VERSION || literal->kind != EXPR_STRING)
        return false;
    check_written_version(c, literal);
    return true;
}

/* The name of a value that is a call: it was taken for a number where it is declared. */
static bool names_untold(const ast_expr *expr)
{
    const ast_decl *decl = expr->kind == EXPR_PATH ? expr->meaning->decl : NULL;
    return decl && decl->kind == DECL_LET && decl->value && is_untold(decl->value);
}

static const char *type_words_of(const ast_expr *expr)
{
    bool is_truth = expr_type(expr).kind == TYPE_BOOL && expr->kind == EXPR_PATH;
    return is_truth ? "a value that is true or false" : type_words(expr_type(expr));
}

/* Can two values be told equal or different? Reports otherwise. */
static bool check_comparable(checker *c, const ast_expr *left, const ast_expr *right,
                             span where)
{
    type a = expr_type(left), b = expr_type(right);
    if (is_written_version(c, left, right) || is_written_version(c, right, left))
        return true;
    if (!types_compare(a, b)) {
        error(c, where, E0108, "%s cannot be compared with %s", type_words_of(left),
              type_words_of(right));
        if (names_untold(left) || names_untold(right))
            hint(c, "Write the call in place of the name: what a function of a "
                    "script gives is told by what it is compared with.");
        else
            hint_comparison(c, left, right);
        return false;
    }
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION &&
        !comparable_durations(left, right)) {
        error(c, where, E0108,
              "months, quarters and years have no fixed length to compare with this "
              "duration");
        hint(c, "Compare \"time since ...\" with them, or use days or weeks.");
        return false;
    }
    return true;
}

type check_compare(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    if (!ask_each_other(expr->left, expr->right))
        return report_untold(c, expr);
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (!check_comparable(c, expr->left, expr->right, expr->where) || is_error(a, b))
        return BOOLEAN;
    bool asks_order = expr->compare != COMPARE_EQ && expr->compare != COMPARE_NE;
    bool is_version = a.kind == TYPE_VERSION || b.kind == TYPE_VERSION;
    if (asks_order && !is_version && !(type_is_ordered(a) && type_is_ordered(b))) {
        error(c, expr->where, E0108, "%s is equal or different, not more or less",
              type_words(a));
        if (a.kind == TYPE_STRING)
            hint_ordered_text(c, expr->left, expr->right);
    }
    return BOOLEAN;
}

static void check_text_operand(checker *c, const ast_expr *expr, const char *word)
{
    type t = expr_type(expr);
    if (!type_is_text(t) && t.kind != TYPE_ERROR)
        error(c, expr->where, E0108, "\"%s\" looks into a text, and this is %s", word,
              type_words(t));
}

/* `"*@gmail.com"`: the star of a shell; else the pattern is meant as one. */
static void hint_text(checker *c, const ast_expr *literal)
{
    const char *text = literal->text.text + (literal->text.text[0] == '*');
    size_t size = strcspn(text, "*");
    bool is_open = text > literal->text.text, goes_on = text[size] != '\0';
    if (is_open && size > 0 && text[size + goes_on] == '\0' &&
        !strpbrk(text, "^$[](){}+?|\\"))
        hint(c,
             "The * of file names is not one of patterns: write %s \"%.*s\", instead of "
             "\"matches\".",
             goes_on ? "contains" : "ends with", (int)size, text);
    else
        hint(c, "To find a text just as it is, write \"contains\" instead of "
                "\"matches\".");
}

static void check_regex(checker *c, const ast_expr *literal)
{
    char reason[256];
    size_t offset = 0;
    slice expression = slice_of(literal->text.text);
    pattern *p = pattern_new(expression, reason, sizeof reason, &offset);
    if (!p) {
        span where = literal->where;
        uint32_t point = where.begin + 1 + (uint32_t)offset;
        if (point < where.end)
            where.begin = point, where.end = point + 1;
        error(c, where, E0114, "this pattern cannot be read: %s", reason);
        hint_text(c, literal);
    }
    pattern_free(p);
}

/* `"x" in tags`, `tags contains "x"`. */
static type check_list_test(checker *c, ast_expr *expr)
{
    const meaning *m = expr->meaning;
    ast_expr *value = expr->kind == EXPR_CONTAINS ? expr->right : expr->left;
    type t = check_expr(c, value);
    const event_scope *items = scope_of_items(m->scope, m->name, c->book->memory);
    typed_property found = scope_property(items, SCHEMA_ITEM_VALUE);
    type item = found.type;
    if (!scope_list_is_plain(m->scope, m->name)) {
        error(c, expr->where, E0108,
              "\"%s\" is a list of records, and this asks for one of its values",
              m->name);
        hint(c, "Say which field: did %s%s where (... = ...).",
             scope_is_of_settings(m->scope) ? "user." : "", m->name);
    } else if (found.second) {
        error(c, expr->where, E0108, "the lists \"%s\" differ in type", m->name);
    } else if (expr_is_calendar(value)) {
        error(c, value->where, E0108,
              "months, quarters and years have no fixed length to look for in \"%s\"",
              m->name);
    } else if (item.kind == TYPE_VERSION && value->kind == EXPR_STRING) {
        check_written_version(c, value);
    } else if (ask_for(value, item), !types_compare(t = expr_type(value), item)) {
        error(c, expr->where, E0108, "%s cannot be one of \"%s\", whose items are %s",
              type_words(t), m->name, type_words(item));
    }
    return BOOLEAN;
}

type check_text_test(checker *c, ast_expr *expr, const char *word)
{
    if (expr->meaning->kind == MEANING_LIST)
        return check_list_test(c, expr);
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    ask_for(expr->left, TEXT);
    ask_for(expr->right, TEXT);
    check_text_operand(c, expr->left, word);
    if (expr->kind != EXPR_MATCHES)
        check_text_operand(c, expr->right, word);
    else if (expr->right->kind == EXPR_STRING)
        check_regex(c, expr->right);
    else
        error(c, expr->right->where, E0114,
              "\"matches\" needs its pattern as a text in quotes");
    return BOOLEAN;
}

type check_is_missing(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    take_any(expr->left);
    if (expr_is_calendar(expr->left))
        error(c, expr->where, E0108,
              "months, quarters and years are written, and never missing");
    return BOOLEAN;
}

type check_in_values(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    each (ast_expr, value, &expr->list) {
        check_expr(c, value);
        if (!is_untold(value))
            ask_for(expr->left, expr_type(value));
    }
    each (ast_expr, value, &expr->list) {
        ask_for(value, expr_type(expr->left));
        check_comparable(c, expr->left, value, value->where);
    }
    return BOOLEAN;
}

/* Of whom is it asked whether they are in it? */
static void check_member_of(checker *c, const ast_expr *expr, const ast_decl *decl,
                            type t)
{
    if (t.kind == TYPE_PERSON) {
        need_level(c, decl->meaning->level, expr->ref.where, decl->name.text);
        return;
    }
    error(c, expr->where, E0108, "\"%s\" has people in it, and this is %s",
          decl->name.text, type_words(t));
    hint(c, "Membership of the judged person is written \"in %s\" alone.",
         decl->name.text);
}

type check_in_named(checker *c, ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_LIST)
        return check_list_test(c, expr);
    type t = check_expr(c, expr->left);
    const ast_decl *decl = expr->ref.decl;
    if (!decl || t.kind == TYPE_ERROR)
        return BOOLEAN;
    if (decl->kind != DECL_LIST) {
        check_member_of(c, expr, decl, t);
        return BOOLEAN;
    }
    size_t count = decl->values.count; /* of one type; but each may be no version */
    ask_for(expr->left, count == 0 ? TEXT : expr_type(decl->values.items[0]));
    t = expr_type(expr->left);
    for (size_t i = 0; i < (t.kind == TYPE_VERSION || count == 0 ? count : 1); i++)
        check_comparable(c, expr->left, decl->values.items[i], expr->where);
    if (count == 0 && !is_plain_text(t))
        error(c, expr->where, E0108, "a list from a file holds texts, and this is %s",
              type_words(t));
    return BOOLEAN;
}

type check_member(checker *c, ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    if (decl)
        need_level(c, decl->meaning->level, expr->ref.where, decl->name.text);
    if (expr->right) {
        check_instant(c, expr->right, E0108, "\"as of\"");
        check_same_instant(c, expr->right, expr_is_of_population(expr));
    }
    if (decl && decl->kind == DECL_LIST && decl->values.count > 0) {
        const ast_expr *first = decl->values.items[0];
        if (expr_type(first).kind != TYPE_STRING && expr_type(first).kind != TYPE_ERROR)
            error(c, expr->where, E0108,
                  "\"in %s\" asks for a person's id, and the list holds something else",
                  decl->name.text);
    }
    return BOOLEAN;
}
