/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets for which what they are compared with says what to write
 * instead.
 */
#include <string.h>

#include "base/text.h"
#include "lang/foreign_parts.h"
#include "lang/foreign_calls.h"

/* Does it take the letter case out of a text? */
static bool is_folding(const ast_expr *call)
{
    return call->kind == EXPR_CALL && call->names.count == 1 &&
           is_function_of(name_of_call(call), "lower upper lcase ucase tolower toupper");
}

/* Is it a text without signs that a pattern reads otherwise? */
static bool is_plain_text(const ast_expr *literal)
{
    return literal->kind == EXPR_STRING &&
           literal->text.text[strcspn(literal->text.text, "\\^$.|?*+()[]{}\"")] == '\0';
}

/* `lower(user.city) = "berlin"`. */
static bool hint_folded(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *literal = compare->right;
    if (!is_folding(call) || call->list.count != 1 || !asks_equality(compare) ||
        !is_plain_text(literal))
        return false;
    const char *value = diag_words(diags, expr_at(&call->list, 0)->where);
    diag_propose(diags, compare->where, "%s %smatches \"(?i)^%s$\"", value,
                 compare->compare == COMPARE_NE ? "not " : "", literal->text.text);
    return true;
}

/* "de|at" of the values of a list; false when one is no plain text. */
static bool append_alternatives(text *out, const ast_list *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const ast_expr *value = values->items[i];
        if (!is_plain_text(value))
            return false;
        text_append_format(out, "%s%s", i > 0 ? "|" : "", value->text.text);
    }
    return true;
}

bool report_folded_test(diags *diags, const ast_expr *test)
{
    bool is_list = test->kind == EXPR_IN_VALUES,
         is_start = test->kind == EXPR_STARTS_WITH, is_end = test->kind == EXPR_ENDS_WITH;
    const ast_expr *call = test->left;
    if ((!is_list && !is_start && !is_end && test->kind != EXPR_CONTAINS) ||
        !is_folding(call) || call->list.count != 1)
        return false;
    const ast_list *values = &test->list;
    ast_list single = {0};
    void *items[] = {test->right};
    if (!is_list) {
        single = (ast_list){items, 1, 1};
        values = &single;
    }
    text form;
    text_init(&form);
    bool is_plain = append_alternatives(&form, values);
    const char *value = diag_words(diags, expr_at(&call->list, 0)->where);
    if (is_plain) {
        diag_error(diags, test->where, E0116, "no function is named \"%s\"",
                   name_of_call(call));
        diag_propose(diags, test->where, "%s %smatches \"(?i)%s%s%s\"", value,
                     test->is_negated ? "not " : "",
                     is_list    ? "^("
                     : is_start ? "^"
                                : "",
                     form.data,
                     is_list  ? ")$"
                     : is_end ? "$"
                              : "");
    }
    text_done(&form);
    return is_plain;
}

static bool is_length(const ast_expr *call)
{
    return is_function_of(name_of_call(call), "length len charlength strlen") &&
           call->list.count == 1;
}

/* `length(user.name) > 3`: how many letters a pattern has to find. */
static bool hint_length(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *number = compare->right;
    if (!is_length(call) || !is_whole_number(number))
        return false;
    long long n = (long long)number->number.value;
    const char *value = diag_words(diags, expr_at(&call->list, 0)->where);
    const char *word = compare->compare == COMPARE_NE ? "not matches" : "matches";
    bool is_least = compare->compare == COMPARE_GT || compare->compare == COMPARE_GE;
    bool is_most = compare->compare == COMPARE_LT || compare->compare == COMPARE_LE;
    bool is_strict = compare->compare == COMPARE_GT || compare->compare == COMPARE_LT;
    if (is_least)
        diag_propose(diags, compare->where, "%s matches \"^.{%lld,}$\"", value,
                     n + is_strict);
    else if (is_most)
        diag_propose(diags, compare->where, "%s matches \"^.{0,%lld}$\"", value,
                     n - is_strict);
    else
        diag_propose(diags, compare->where, "%s %s \"^.{%lld}$\"", value, word, n);
    return true;
}

bool report_compared_call(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left;
    if (call->kind != EXPR_CALL || call->names.count != 1 ||
        (!is_folding(call) && !is_length(call)))
        return false;
    diag_error(diags, call->where, E0116, "no function is named \"%s\"",
               name_of_call(call));
    if (!hint_folded(diags, compare) && !hint_length(diags, compare))
        hint_foreign_call(diags, call);
    return true;
}
