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
static bool is_folded(const ast_expr *compare)
{
    return is_folding(compare->left) && compare->left->list.count == 1 &&
           asks_equality(compare) && is_plain_text(compare->right);
}

static void hint_folded(diags *diags, const ast_expr *compare)
{
    const char *value = diag_words(diags, expr_at(&compare->left->list, 0)->where);
    diag_propose(diags, compare->where, "%s %smatches \"(?i)^%s$\"", value,
                 compare->compare == COMPARE_NE ? "not " : "", compare->right->text.text);
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
static void hint_length(diags *diags, const ast_expr *compare)
{
    ast_compare sign = compare->compare;
    long long n = (long long)compare->right->number.value;
    const char *value = diag_words(diags, expr_at(&compare->left->list, 0)->where);
    bool is_most = sign == COMPARE_LT || sign == COMPARE_LE;
    bool is_least = sign == COMPARE_GT || sign == COMPARE_GE;
    diag_propose(diags, compare->where, "%s %s \"^.{%s%lld%s}$\"", value,
                 sign == COMPARE_NE ? "not matches" : "matches", is_most ? "0," : "",
                 n + (sign == COMPARE_GT) - (sign == COMPARE_LT), is_least ? "," : "");
}

/* Does `= true`, `> 0`, `!= 1` ask that a condition holds (1), or that it does not (0)? -1: neither. */
static int asked_truth(const ast_expr *compare)
{
    const ast_expr *value = compare->right;
    bool is_one = is_whole_number(value) && value->number.value == 1;
    bool is_zero = is_whole_number(value) && value->number.value == 0;
    bool is_true = is_one || is_truth(value, true);
    if (!is_true && !is_zero && !is_truth(value, false))
        return -1;
    switch (compare->compare) {
    case COMPARE_EQ: return is_true;
    case COMPARE_NE: return !is_true;
    case COMPARE_GT: return is_zero ? 1 : -1;
    case COMPARE_GE: return is_one ? 1 : -1;
    case COMPARE_LE: return is_zero ? 0 : -1;
    default: return is_one ? 0 : -1;
    }
}

/* `isnull(user.city) = 1`, `instr(user.city, "a") > 0`; not `exists(purchase)`, which is no value. */
static bool is_tested_call(const ast_expr *compare)
{
    const ast_expr *call = compare->left;
    bool is_of_name = call->list.count == 1 && expr_word(expr_at(&call->list, 0)) &&
                      is_function_of(name_of_call(call), "exists");
    return is_foreign_test(call) && !is_of_name && asked_truth(compare) >= 0;
}

/* A place is where a text begins: `instr(user.city, "a") = 1`. */
static bool asks_start(const ast_expr *compare)
{
    return asks_equality(compare) && is_whole_number(compare->right) &&
           compare->right->number.value == 1 &&
           is_function_of(name_of_call(compare->left),
                          "instr strpos search find charindex locate");
}

static void hint_tested(diags *diags, const ast_expr *compare)
{
    text said;
    text_init(&said);
    append_argument(&said, compare->left);
    const char *contains = asks_start(compare) ? strstr(said.data, " contains ") : NULL;
    bool is_no = asked_truth(compare) == 0;
    bool is_gap = slice_ends_with(slice_of(said.data), slice_of(" is missing"));
    const char *value = diag_words(diags, expr_at(&compare->left->list, 0)->where);
    if (is_no && is_gap)
        diag_propose(diags, compare->where, "%s is not missing", value);
    else if (contains)
        diag_propose(diags, compare->where, "%s%.*s starts with %s%s",
                     is_no ? "not (" : "", (int)(contains - said.data), said.data,
                     contains + strlen(" contains "), is_no ? ")" : "");
    else
        diag_propose(diags, compare->where, is_no ? "not (%s)" : "%s", said.data);
    text_done(&said);
}

bool report_compared_call(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left;
    if (call->kind != EXPR_CALL || call->names.count != 1)
        return false;
    bool is_text = is_folded(compare), is_tested = is_tested_call(compare),
         is_size = is_length(call) && is_whole_number(compare->right),
         is_whole = is_text || is_size || is_tested;
    if (!is_whole && !is_folding(call) && !is_length(call))
        return false;
    diag_error(diags, is_whole ? compare->where : call->where, E0116,
               "no function is named \"%s\"", name_of_call(call));
    if (is_text)
        hint_folded(diags, compare);
    else if (is_size)
        hint_length(diags, compare);
    else if (is_tested)
        hint_tested(diags, compare);
    else
        hint_foreign_call(diags, call);
    return true;
}
