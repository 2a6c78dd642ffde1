/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets that take conditions: COUNTIF and its like, IFS, and
 * IF whose values are true and false.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lang/foreign.h"
#include "lang/foreign_parts.h"

/* ---- COUNTIF(purchase.amount, ">100") --------------------------------------- */

/* ">100" is "> 100", and "toys" is `= "toys"`. */
static void append_criterion(text *out, const char *criterion)
{
    size_t sign = strspn(criterion, "<>=!");
    const char *value = criterion + sign;
    bool is_different = sign == 2 && strncmp(criterion, "<>", 2) == 0;
    if (sign > 0 && !is_different)
        text_append_format(out, "%.*s ", (int)sign, criterion);
    else
        text_append(out, is_different ? "!= " : "= ");
    bool is_number = *value != '\0' && value[strspn(value, "0123456789.")] == '\0';
    text_append_format(out, is_number ? "%s" : "\"%s\"", value);
}

static const ast_name *part_of(const ast_expr *argument, size_t index)
{
    bool is_property = argument->kind == EXPR_PATH && argument->names.count == 2;
    return is_property ? argument->names.items[index] : NULL;
}

/* "category = "toys" and amount > 50" of ranges and criteria by turns; false when one of them
 * is something else, or they belong to different events. */
static bool append_criteria(text *out, const ast_expr *call, size_t first)
{
    const char *event = NULL;
    for (size_t i = first; i + 1 < call->list.count; i += 2) {
        const ast_expr *range = call->list.items[i], *criterion = call->list.items[i + 1];
        if (!part_of(range, 0) || criterion->kind != EXPR_STRING ||
            (event && strcmp(event, part_of(range, 0)->text) != 0))
            return false;
        event = part_of(range, 0)->text;
        text_append_format(out, "%s%s ", i > first ? " and " : "",
                           part_of(range, 1)->text);
        append_criterion(out, criterion->text.text);
    }
    return event;
}

/* COUNTIFS(purchase.category, "toys", purchase.amount, ">50"); SUMIFS begins with the values. */
bool hint_criteria(diags *diags, const ast_expr *call)
{
    static const struct {
        const char *name, *aggregate;
    } functions[] = {{"countifs", "count"},
                     {"sumifs", "sum"},
                     {"averageifs", "avg"},
                     {"maxifs", "max"},
                     {"minifs", "min"}};
    size_t which = 0, count = sizeof functions / sizeof *functions;
    while (which < count && !is_same_function(name_of_call(call), functions[which].name))
        which++;
    bool counts = which == 0;
    const ast_name *event = call->list.count > 1 ? part_of(call->list.items[0], 0) : NULL;
    if (which == count || !event || call->list.count % 2 != (counts ? 0 : 1))
        return false;
    text where;
    text_init(&where);
    bool is_read = append_criteria(&where, call, counts ? 0 : 1);
    if (is_read)
        diag_propose(diags, call->where, "%s(%s%s%s where (%s))",
                     functions[which].aggregate, event->text, counts ? "" : ".",
                     counts ? "" : part_of(call->list.items[0], 1)->text, where.data);
    text_done(&where);
    return is_read;
}

/* `countif(purchase, amount > 100)`, `countif(purchase.amount > 100)`. */
static bool hint_counted_condition(diags *diags, const ast_expr *call)
{
    size_t count = call->list.count;
    const ast_expr *first = count > 0 ? call->list.items[0] : NULL,
                   *test = count > 0 ? call->list.items[count - 1] : NULL;
    bool is_of_event = count == 2 && first->kind == EXPR_PATH && first->names.count == 1;
    bool is_alone = count == 1 && first->left && part_of(first->left, 1);
    if (!is_same_function(name_of_call(call), "countif") || (!is_of_event && !is_alone) ||
        test->kind != EXPR_COMPARE)
        return false;
    const ast_name *event = is_alone ? part_of(first->left, 0) : first->names.items[0];
    span where = test->where;
    if (is_alone)
        where.begin = part_of(first->left, 1)->where.begin;
    diag_propose(diags, call->where, "count(%s where (%s))", event->text,
                 diag_words(diags, where));
    return true;
}

bool hint_conditional(diags *diags, const ast_expr *call)
{
    if (hint_counted_condition(diags, call))
        return true;
    static const struct {
        const char *name, *aggregate;
    } functions[] = {
        {"countif", "count"}, {"sumif", "sum"}, {"averageif", "avg"}, {"avgif", "avg"}};
    size_t count = call->list.count, which = 0;
    enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };
    while (which < FUNCTION_COUNT &&
           !is_same_function(name_of_call(call), functions[which].name))
        which++;
    if (which == FUNCTION_COUNT || count < 2 || count > 3)
        return false;
    const ast_expr *range = call->list.items[0], *criterion = call->list.items[1];
    const ast_expr *values = call->list.items[count - 1];
    if (count == 2)
        values = range;
    if (!part_of(range, 0) || !part_of(values, 0) || criterion->kind != EXPR_STRING)
        return false;
    text where;
    text_init(&where);
    append_criterion(&where, criterion->text.text);
    bool counts = strcmp(functions[which].aggregate, "count") == 0;
    diag_propose(diags, call->where, "%s(%s%s%s where (%s %s))",
                 functions[which].aggregate, part_of(range, 0)->text, counts ? "" : ".",
                 counts ? "" : part_of(values, 1)->text, part_of(range, 1)->text,
                 where.data);
    text_done(&where);
    return true;
}

/* ---- ifs(a, 3, b, 2, true, 1) ------------------------------------------------------- */

/* `true`, TRUE. */
static bool is_truth(const ast_expr *expr, bool wanted)
{
    const char *value = expr_word(expr) ? foreign_value(expr_word(expr)) : NULL;
    return expr->kind == EXPR_BOOL
               ? expr->boolean == wanted
               : value && strcmp(value, wanted ? "true" : "false") == 0;
}

/* `ifs(a, 3, b, 2, true, 1)`; without a last value for the others there is only a hint. */
bool hint_choices(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"ifs", "multiif", "casewhen"};
    const ast_list *list = &call->list;
    if (!IS_ONE_OF(name_of_call(call), names) || list->count < 3)
        return false;
    const ast_expr *last = list->items[list->count - 2];
    bool is_open = list->count % 2 == 0 && !is_truth(last, true);
    size_t pairs = list->count / 2 - (list->count % 2 == 0 && !is_open);
    text out;
    text_init(&out);
    for (size_t i = 0; i < pairs; i++) {
        const char *condition =
            diag_words(diags, ((const ast_expr *)list->items[2 * i])->where);
        const char *value =
            diag_words(diags, ((const ast_expr *)list->items[2 * i + 1])->where);
        text_append_format(&out, "if %s then %s else ", condition, value);
    }
    if (is_open)
        diag_hint(diags, "Write, with a value for all others at the end: %s...",
                  out.data);
    else {
        const ast_expr *otherwise = list->items[list->count - 1];
        text_append(&out, diag_words(diags, otherwise->where));
        diag_propose(diags, call->where, "%s", out.data);
    }
    text_done(&out);
    return true;
}

/* `if(a, true, false)` is a. */
bool hint_truth(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"if", "iif", "iff"};
    ast_expr *const *parts = (ast_expr *const *)call->list.items;
    if (!IS_ONE_OF(name_of_call(call), names) || call->list.count < 2 ||
        call->list.count > 3)
        return false;
    bool is_same =
        is_truth(parts[1], true) && (call->list.count == 2 || is_truth(parts[2], false));
    bool is_opposite =
        call->list.count == 3 && is_truth(parts[1], false) && is_truth(parts[2], true);
    if (!is_same && !is_opposite)
        return false;
    text condition;
    text_init(&condition);
    append_argument(&condition, parts[0]);
    diag_propose(diags, call->where, is_same ? "%s" : "not (%s)", condition.data);
    text_done(&condition);
    return true;
}
