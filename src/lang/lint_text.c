/* SPDX-License-Identifier: MIT
 *
 * Texts that mean something else in the tools that people come from: with signs that stand for any
 * text, with several values in them, or with nothing.
 */
#include "lang/lints.h"

#include <ctype.h>
#include <string.h>

/* ---- signs that stand for any text ---------------------------------------- */

/* A text with such a sign at its ends: what is left between them. */
typedef struct wildcard {
    const char *text;
    size_t size;
    bool is_open_before, is_open_behind; /* any text may stand there */
} wildcard;

/* `%20` is a blank in an address, and `50%` a percentage. */
static bool begins_open(const char *text, size_t size)
{
    bool is_escape = text[0] == '%' && isxdigit((unsigned char)text[1]) &&
                     isxdigit((unsigned char)text[2]) && text[size - 1] != '%';
    return (text[0] == '*' || text[0] == '%') && text[1] != '\0' && !is_escape;
}

static bool ends_open(const char *text, size_t size)
{
    char last = size > 1 ? text[size - 1] : '\0';
    return last == '*' || (last == '%' && !isdigit((unsigned char)text[size - 2]));
}

static bool find_wildcard(const ast_expr *literal, wildcard *out)
{
    if (literal->kind != EXPR_STRING)
        return false;
    const char *begin = literal->text.text;
    size_t size = strlen(begin);
    *out = (wildcard){.is_open_before = begins_open(begin, size),
                      .is_open_behind = ends_open(begin, size)};
    out->text = begin + out->is_open_before;
    out->size = size - out->is_open_before;
    out->size -= out->is_open_behind && out->size > 0;
    return (out->is_open_before || out->is_open_behind) && out->size > 0 &&
           !memchr(out->text, '"', out->size) && !memchr(out->text, '\\', out->size);
}

static const char *word_for(const wildcard *w)
{
    return !w->is_open_behind  ? "ends with"
           : w->is_open_before ? "contains"
                               : "starts with";
}

/* Does the test end where the sign lets any text stand? Of `matches`, a `*` is a pattern's. */
static bool is_wildcard_meant(const ast_expr *expr, const wildcard *w)
{
    switch (expr->kind) {
    case EXPR_COMPARE: return asks_equality(expr);
    case EXPR_STARTS_WITH: return w->is_open_behind;
    case EXPR_ENDS_WITH: return w->is_open_before;
    case EXPR_MATCHES: return expr->right->text.text[0] == '%';
    default: return true;
    }
}

/* `user.email = "*@gmail.com"`, `user.email contains "%gmail%"`. */
void lint_wildcard(const lint *l, const ast_expr *expr)
{
    wildcard w;
    bool is_compared = expr->kind == EXPR_COMPARE;
    if (!find_wildcard(expr->right, &w) || !is_wildcard_meant(expr, &w))
        return;
    bool is_negated = is_compared ? expr->compare == COMPARE_NE : expr->is_negated;
    warn(l, expr->right->where, W0220, "\"*\" and \"%%\" stand for themselves in a text");
    propose(l, expr->where, "%s %s%s \"%.*s\"", words_of(l, expr->left),
            is_negated ? "not " : "",
            expr->kind == EXPR_CONTAINS ? "contains" : word_for(&w), (int)w.size, w.text);
}

/* `matches "sale*"`: the star of a shell, at the end of plain signs. */
void lint_glob(const lint *l, const ast_expr *expr)
{
    const char *pattern = expr->right->kind == EXPR_STRING ? expr->right->text.text : "";
    size_t size = strcspn(pattern, "*^$.[](){}+?|\\");
    if (size < 2 || strcmp(pattern + size, "*") != 0)
        return;
    const char *value = words_of(l, expr->left), *not = expr->is_negated ? "not " : "";
    warn(l, expr->right->where, W0220,
         "\"*\" repeats the sign before it, in a regular expression");
    offer_either(l, expr->where, "Without it: %s. At the begin: %s.",
                 wording(l, "%s %scontains \"%.*s\"", value, not, (int)size, pattern),
                 wording(l, "%s %sstarts with \"%.*s\"", value, not, (int)size, pattern));
}

/* `user.email in ("*@a.com", "*@b.com")`. */
void lint_listed_wildcards(const lint *l, const ast_expr *expr)
{
    each (const ast_expr, literal, &expr->list) {
        wildcard w;
        if (!find_wildcard(literal, &w))
            continue;
        warn(l, literal->where, W0220, "\"*\" and \"%%\" stand for themselves in a text");
        hint(l, "Write one condition for each: %s %s%s \"%.*s\" %s ...",
             words_of(l, expr->left), expr->is_negated ? "not " : "", word_for(&w),
             (int)w.size, w.text, expr->is_negated ? "and" : "or");
        return;
    }
}

/* ---- several values in one text ------------------------------------------- */

enum { MOST_PARTS = 8 };

/* A text as the values that stand between a joint, without the blanks around them. */
typedef struct parted {
    slice parts[MOST_PARTS];
    size_t count; /* 0: it has none, or too many, or an empty one */
} parted;

static parted part_text(const char *joined, const char *joint)
{
    parted out = {.count = 0};
    bool is_tight = *joint == '|'; /* titles have one between blanks */
    if (is_tight && (strstr(joined, " |") || strstr(joined, "| ")))
        return out;
    for (const char *at = joined; at;) {
        const char *end = strstr(at, joint);
        slice part = {at, end ? (size_t)(end - at) : strlen(at)};
        at = end ? end + strlen(joint) : NULL;
        part = slice_trim(part, " ");
        if (part.size == 0 || out.count == MOST_PARTS)
            return (parted){.count = 0};
        out.parts[out.count++] = part;
    }
    out.count = out.count > 1 ? out.count : 0;
    return out;
}

/* `DE`, `CHE` */
static bool is_code(slice part)
{
    return (part.size == 2 || part.size == 3) &&
           strspn(part.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= part.size;
}

/* `Germany` */
static bool is_one_word(slice part)
{
    return !memchr(part.data, ' ', part.size);
}

/* `@gmail.com`, `.de`: the end of an address. */
static bool is_ending(slice part)
{
    return is_one_word(part) && (part.data[0] == '@' || part.data[0] == '.');
}

static bool are_all(const parted *p, bool (*test)(slice part))
{
    for (size_t i = 0; i < p->count; i++)
        if (!test(p->parts[i]))
            return false;
    return p->count > 0;
}

/* The values that the text behind a comparison of `value` was meant as; `is_whole`: with all of it, not
 * with a part. *joint is what stands between them. */
static parted meant_values(const ast_expr *value, const char *joined, bool is_whole,
                           const char **joint)
{
    static const struct {
        const char *joint;
        bool (*of_whole)(slice), (*of_part)(slice);
        bool is_of_traits;
    } joints[] = {{",", is_code, is_ending, false},
                  {" or ", is_one_word, is_ending, false},
                  {" oder ", is_one_word, is_ending, false},
                  {"|", is_one_word, is_one_word, false},
                  {";", is_code, is_ending, false},
                  {"/", is_code, NULL, true}};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        bool (*test)(slice) = is_whole ? joints[i].of_whole : joints[i].of_part;
        parted found = part_text(joined, joints[i].joint);
        *joint = joints[i].joint;
        if (test && are_all(&found, test) && !strpbrk(joined, "\"\\") &&
            (!joints[i].is_of_traits || names_trait(value)))
            return found;
    }
    return (parted){.count = 0};
}

static const char *joined_values(const lint *l, const parted *p)
{
    const char *values = "";
    for (size_t i = 0; i < p->count; i++)
        values = wording(l, "%s%s\"%.*s\"", values, i > 0 ? ", " : "",
                         (int)p->parts[i].size, p->parts[i].data);
    return values;
}

static void report_joined(const lint *l, const ast_expr *literal, const char *joint)
{
    if (*joint == ',')
        warn(l, literal->where, W0229, "this is one text, with commas in it");
    else
        warn(l, literal->where, W0229, "this is one text, with \"%.*s\" in it",
             (int)slice_trim(slice_of(joint), " ").size,
             slice_trim(slice_of(joint), " ").data);
}

/* `user.country = "DE, AT"`, `"DE or AT"`. */
void lint_joined_whole(const lint *l, const ast_expr *expr)
{
    const char *joint;
    if (!asks_equality(expr) || expr->right->kind != EXPR_STRING)
        return;
    parted found = meant_values(expr->left, expr->right->text.text, true, &joint);
    if (found.count == 0)
        return;
    report_joined(l, expr->right, joint);
    propose(l, expr->where, "%s %sin (%s)", words_of(l, expr->left),
            expr->compare == COMPARE_NE ? "not " : "", joined_values(l, &found));
}

/* `user.email ends with "@gmail.com|@gmx.de"`. */
void lint_joined_parts(const lint *l, const ast_expr *expr)
{
    const char *joint;
    if (expr->right->kind != EXPR_STRING)
        return;
    parted found = meant_values(expr->left, expr->right->text.text, false, &joint);
    if (found.count == 0)
        return;
    span sign = span_gap(expr->left->where, expr->right->where);
    const char *all = "", * or = expr->is_negated ? " and " : " or ";
    for (size_t i = 0; i < found.count; i++)
        all =
            wording(l, "%s%s%s%s\"%.*s\"", all, i > 0 ? or : "", words_of(l, expr->left),
                    words_in(l, sign), (int)found.parts[i].size, found.parts[i].data);
    report_joined(l, expr->right, joint);
    propose(l, expr->where, "(%s)", all);
}

/* `user.country in ("DE, AT")`: the only value, of several words of a few letters. */
void lint_joined_texts(const lint *l, const ast_expr *expr)
{
    const ast_expr *only = expr->list.count == 1 ? expr->list.items[0] : NULL;
    if (!only || only->kind != EXPR_STRING || strpbrk(only->text.text, "\"\\"))
        return;
    parted found = part_text(only->text.text, ",");
    if (found.count == 0)
        return;
    report_joined(l, only, ",");
    propose(l, only->where, "%s", joined_values(l, &found));
}

/* ---- empty texts --------------------------------------------------------------- */

/* `user.email != ""`: an empty field is no text, but missing. */
void lint_empty_text(const lint *l, const ast_expr *expr)
{
    if (!asks_equality(expr) || expr->right->kind != EXPR_STRING ||
        expr->right->text.text[0] != '\0')
        return;
    warn(l, expr->where, W0227, "an empty field is missing, and not an empty text");
    propose(l, expr->where, "%s is %smissing", words_of(l, expr->left),
            expr->compare == COMPARE_NE ? "not " : "");
}
