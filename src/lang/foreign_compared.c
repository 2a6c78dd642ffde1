/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets for which what they are compared with says what to write
 * instead.
 */
#include <string.h>

#include "base/text.h"
#include "lang/foreign_parts.h"
#include "lang/foreign_calls.h"

static const char *const signs[] = {
    [COMPARE_EQ] = "=", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
    [COMPARE_GT] = ">", [COMPARE_LE] = "<=", [COMPARE_GE] = ">="};

/* They take the letter case out of a text. */
static const char *const folding[] = {"lower", "upper",   "lcase",
                                      "ucase", "tolower", "toupper"};

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
    bool is_equal = compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE;
    if (!IS_ONE_OF(name_of_call(call), folding) || call->list.count != 1 || !is_equal ||
        !is_plain_text(literal))
        return false;
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
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
        call->kind != EXPR_CALL || call->names.count != 1 || call->list.count != 1 ||
        !IS_ONE_OF(name_of_call(call), folding))
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
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
    if (is_plain) {
        diag_error(diags, call->where, E0116, "no function is named \"%s\"",
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
    static const char *const names[] = {"length", "len", "charlength", "strlen"};
    return IS_ONE_OF(name_of_call(call), names) && call->list.count == 1;
}

/* `length(user.name) > 3`: how many letters a pattern has to find. */
static bool hint_length(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *number = compare->right;
    if (!is_length(call) || !is_whole_number(number))
        return false;
    long long n = (long long)number->number.value;
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
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

/* `left(user.email, 5) = "info@"`: the word for where the part stands, or NULL. */
static const char *word_of_part(const ast_expr *call)
{
    static const char *const middle[] = {"substr", "substring", "mid"};
    const ast_expr *from = call->list.count == 3 ? call->list.items[1] : NULL;
    if (call->list.count == 2 && is_same_function(name_of_call(call), "left"))
        return "starts with";
    if (call->list.count == 2 && is_same_function(name_of_call(call), "right"))
        return "ends with";
    bool is_begin = from && from->kind == EXPR_NUMBER && from->number.value <= 1;
    return is_begin && IS_ONE_OF(name_of_call(call), middle) ? "starts with" : NULL;
}

static bool hint_part_of_text(diags *diags, const ast_expr *compare)
{
    const char *word = word_of_part(compare->left);
    if (!word || compare->right->kind != EXPR_STRING ||
        (compare->compare != COMPARE_EQ && compare->compare != COMPARE_NE))
        return false;
    const char *value =
        diag_words(diags, ((const ast_expr *)compare->left->list.items[0])->where);
    diag_propose(diags, compare->where, "%s %s%s \"%s\"", value,
                 compare->compare == COMPARE_NE ? "not " : "", word,
                 compare->right->text.text);
    return true;
}

/* `datediff("day", user.signed_up, first purchase) <= 7`, between two times: with a unit
 * before them or behind them, the earlier one comes first. */
static bool hint_two_times(diags *diags, const ast_expr *compare)
{
    static const char *const names[] = {"datediff", "datedif", "timestampdiff"};
    const ast_expr *times[2] = {0}, *call = compare->left;
    size_t count = 0;
    calendar_unit unit = UNIT_DAY;
    if (!IS_ONE_OF(name_of_call(call), names) || call->list.count != 3 ||
        compare->right->kind != EXPR_NUMBER)
        return false;
    for (size_t i = 0; i < 3; i++) {
        const ast_expr *argument = call->list.items[i];
        if (is_written_now(argument))
            return false;
        if (!find_written_unit(argument, &unit) && count < 2)
            times[count++] = argument;
    }
    if (count != 2 || unit > UNIT_WEEK)
        return false;
    diag_propose(diags, compare->where, "%s - %s %s %s %ss",
                 diag_words(diags, times[1]->where), diag_words(diags, times[0]->where),
                 signs[compare->compare], diag_words(diags, compare->right->where),
                 calendar_unit_name(unit));
    return true;
}

/* `datediff(now, last purchase) > 30`. */
static bool hint_compared_distance(diags *diags, const ast_expr *compare)
{
    calendar_unit unit;
    const ast_expr *from = measured_time(compare->left, &unit);
    if (!from || compare->right->kind != EXPR_NUMBER)
        return false;
    const char *words = diag_words(diags, from->where),
               *number = diag_words(diags, compare->right->where);
    diag_propose(diags, compare->where, "time since %s %s %s %ss", words,
                 signs[compare->compare], number, calendar_unit_name(unit));
    return true;
}

static bool is_place(const ast_expr *call)
{
    static const char *const names[] = {"search",    "find",   "instr",   "strpos",
                                        "charindex", "locate", "position"};
    return IS_ONE_OF(name_of_call(call), names);
}

/* `search("pro", user.plan) > 0`: where the part stands does not count. */
static bool hint_place_of_part(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left;
    if (!is_place(call) || !is_whole_number(compare->right))
        return false;
    bool is_none = compare->compare == COMPARE_EQ && compare->right->number.value == 0;
    text test;
    text_init(&test);
    bool is_known = append_instead(&test, call);
    if (is_known)
        diag_propose(diags, compare->where, is_none ? "not (%s)" : "%s", test.data);
    text_done(&test);
    return is_known;
}

/* `today() - last purchase > 30`, in days. */
static bool report_subtracted_time(diags *diags, const ast_expr *compare)
{
    const ast_expr *difference = compare->left;
    if (difference->kind != EXPR_SUBTRACT || difference->left->kind != EXPR_CALL ||
        difference->left->names.count != 1 || !is_written_now(difference->left) ||
        (compare->right->kind != EXPR_NUMBER && compare->right->kind != EXPR_DURATION))
        return false;
    const char *words = diag_words(diags, difference->right->where),
               *length = diag_words(diags, compare->right->where);
    diag_error(diags, compare->where, E0116, "no function is named \"%s\"",
               name_of_call(difference->left));
    diag_propose(diags, compare->where, "time since %s %s %s%s", words,
                 signs[compare->compare], length,
                 compare->right->kind == EXPR_NUMBER ? " days" : "");
    return true;
}

bool report_compared_call(diags *diags, const ast_expr *compare)
{
    if (report_subtracted_time(diags, compare))
        return true;
    const ast_expr *call = compare->left;
    calendar_unit unit;
    if (call->kind != EXPR_CALL || call->names.count != 1 ||
        (!IS_ONE_OF(name_of_call(call), folding) && !measured_time(call, &unit) &&
         !is_same_function(name_of_call(call), "datediff") && !word_of_part(call) &&
         !is_length(call) && !is_place(call)))
        return false;
    diag_error(diags, call->where, E0116, "no function is named \"%s\"",
               name_of_call(call));
    if (!hint_folded(diags, compare) && !hint_compared_distance(diags, compare) &&
        !hint_two_times(diags, compare) && !hint_part_of_text(diags, compare) &&
        !hint_length(diags, compare) && !hint_place_of_part(diags, compare))
        hint_foreign_call(diags, call);
    return true;
}
