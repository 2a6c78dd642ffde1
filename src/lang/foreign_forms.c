/* SPDX-License-Identifier: MIT
 *
 * Functions of other tools that are said here in another form: parts of times as texts, sums of
 * products, quantiles with their share in the name, and the time of any event.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/weekday.h"
#include "lang/foreign_parts.h"
#include "lang/foreign.h"
#include "lang/foreign_calls.h"

static const char *name_at(const ast_expr *expr, size_t index)
{
    return ((const ast_name *)expr->names.items[index])->text;
}

static bool is_called(const ast_expr *expr, const char *const *names, size_t count)
{
    if (expr->kind != EXPR_CALL || expr->names.count != 1)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name_at(expr, 0)) == 0)
            return true;
    return false;
}

#define IS_CALLED(expr, names) is_called(expr, names, sizeof(names) / sizeof *(names))

/* ---- parts of times ----------------------------------------------------------------- */

/* How a part is asked for: by a function of its own, or by a format of texts. */
static const struct {
    const char *form, *part;
} forms[] = {{"dddd", "weekday"},
             {"ddd", "weekday"},
             {"day", "weekday"},
             {"dy", "weekday"},
             {"%A", "weekday"},
             {"%a", "weekday"},
             {"%W", "weekday"},
             {"%w", "weekday"},
             {"EEEE", "weekday"},
             {"E", "weekday"},
             {"weekday", "weekday"},
             {"dayofweek", "weekday"},
             {"dayname", "weekday"},
             {"day_of_week", "weekday"},
             {"dow", "weekday"},
             {"yyyy", "year"},
             {"%Y", "year"},
             {"year", "year"},
             {"%m", "month_of_year"},
             {"mm", "month_of_year"},
             {"m", "month_of_year"},
             {"mmmm", "month_of_year"},
             {"mmm", "month_of_year"},
             {"mon", "month_of_year"},
             {"%B", "month_of_year"},
             {"%b", "month_of_year"},
             {"%M", "month_of_year"},
             {"month", "month_of_year"},
             {"monthname", "month_of_year"},
             {"hh", "hour"},
             {"hh24", "hour"},
             {"%H", "hour"},
             {"hour", "hour"},
             {"dd", "day_of_month"},
             {"%d", "day_of_month"},
             {"d", "day_of_month"},
             {"dayofmonth", "day_of_month"},
             {"yyyy-mm", "month"},
             {"%Y-%m", "month"},
             {"yyyy-mm-dd", "date"},
             {"%Y-%m-%d", "date"},
             {"date", "date"}};

static const char *part_of_form(const char *form)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        bool is_same = form[0] == '%' ? strcmp(forms[i].form, form) == 0
                                      : strcasecmp(forms[i].form, form) == 0;
        if (is_same)
            return forms[i].part;
    }
    return NULL;
}

/* Its text, or its name when it stands without quotes; else "". */
static const char *text_of(const ast_expr *value)
{
    return value->kind == EXPR_STRING                            ? value->text.text
           : value->kind == EXPR_PATH && value->names.count == 1 ? name_at(value, 0)
                                                                 : "";
}

/* What a call asks of a time, and of which. */
typedef struct asked {
    const ast_expr *time;
    const char *part; /* "month" and "date" are windows, the others parts */
    bool counts_from_sunday, counts_from_nought;
} asked;

/* `text(time, "dddd")`, `strftime("%w", time)`, `hour(time)`. */
static bool read_asked(const ast_expr *call, asked *out)
{
    static const char *const formats[] = {"text",        "format",         "to_char",
                                          "date_format", "strftime",       "dateformat",
                                          "format_date", "formatdatetime", "date_part",
                                          "datepart",    "extract",        "datename"};
    *out = (asked){.counts_from_sunday = true};
    if (IS_CALLED(call, formats) && call->list.count == 2) {
        for (size_t i = 0; i < 2; i++) {
            const ast_expr *argument = call->list.items[i];
            const char *form = text_of(argument), *part = part_of_form(form);
            if (argument->kind == EXPR_STRING || (part && i == 0)) {
                out->part = part;
                out->counts_from_nought = strcasecmp(form, "dow") == 0;
            } else {
                out->time = argument;
            }
        }
        return out->time && out->part;
    }
    if (call->kind != EXPR_CALL || call->names.count != 1 || call->list.count == 0 ||
        call->list.count > 2)
        return false;
    const ast_expr *type = call->list.count == 2 ? call->list.items[1] : NULL;
    bool is_day = strcasecmp(name_at(call, 0), "weekday") == 0;
    out->time = call->list.items[0];
    out->part = strcasecmp(name_at(call, 0), "day") == 0 ? "day_of_month"
                                                         : part_of_form(name_at(call, 0));
    out->counts_from_sunday = !type;
    return out->part &&
           (!type || (is_day && type->kind == EXPR_NUMBER && type->number.value == 2));
}

/* The day of the week of a text or a number; NULL: of none. */
static const char *day_of(const ast_expr *value, const asked *a, bool is_text_form)
{
    const char *text = text_of(value);
    long long number = value->kind == EXPR_NUMBER && value->number.scale == 0
                           ? (long long)value->number.value
                       : isdigit((unsigned char)text[0]) ? atoll(text)
                                                         : -1;
    bool from_nought = is_text_form || a->counts_from_nought; /* %w: 0 is sunday */
    if (number < 0)
        return foreign_weekday(text);
    if (number < !from_nought || number > 7 - from_nought)
        return NULL;
    return weekday_names[(number + (from_nought             ? 6
                                    : a->counts_from_sunday ? 5
                                                            : 6)) %
                         WEEKDAY_COUNT];
}

/* "december", "Dec", "12": 12; 0: it is no month. */
static int month_of(const ast_expr *value)
{
    int month = foreign_month(text_of(value));
    return value->kind == EXPR_NUMBER ? (int)value->number.value
           : month > 0                ? month
                                      : atoi(text_of(value));
}

static const char *const signs[] = {
    [COMPARE_EQ] = "=", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
    [COMPARE_GT] = ">", [COMPARE_LE] = "<=", [COMPARE_GE] = ">="};

/* `weekday(time, 2) > 5`: the days for which it holds, from monday. */
static bool append_days(text *out, const ast_expr *compare, const asked *a)
{
    long long limit = (long long)compare->right->number.value;
    if (a->counts_from_sunday || compare->right->kind != EXPR_NUMBER)
        return false;
    const char *joint = "weekday in (";
    for (long long day = 1; day <= 7; day++) {
        bool holds = compare->compare == COMPARE_GT   ? day > limit
                     : compare->compare == COMPARE_GE ? day >= limit
                     : compare->compare == COMPARE_LT ? day < limit
                     : compare->compare == COMPARE_LE ? day <= limit
                                                      : false;
        if (!holds)
            continue;
        text_append_format(out, "%s\"%s\"", joint, weekday_names[day - 1]);
        joint = ", ";
    }
    text_append_char(out, ')');
    return joint[0] == ',';
}

/* What stands behind the time: `.weekday = "saturday"`, ` in month of 2025-12-01`. */
static bool append_test(text *out, const ast_expr *compare, const asked *a)
{
    const ast_expr *value = compare->right;
    const char *sign = signs[compare->compare], *words = value->text.text;
    bool is_text_form =
        value->kind == EXPR_STRING && words && isdigit((unsigned char)words[0]);
    bool is_equal = compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE;
    if (strcmp(a->part, "weekday") == 0) {
        const char *day = day_of(value, a, is_text_form);
        text_append_char(out, '.');
        if (!is_equal)
            return append_days(out, compare, a);
        text_append_format(out, "weekday %s \"%s\"", sign, day ? day : "");
        return day;
    }
    if (strcmp(a->part, "month") == 0) {
        const char *in = compare->compare == COMPARE_NE ? " not in" : " in";
        text_append_format(out, "%s month of %s-01", in, words ? words : "");
        return is_equal && value->kind == EXPR_STRING && strlen(words) == 7;
    }
    if (strcmp(a->part, "date") == 0) {
        slice written = span_text(value->where);
        text_append_format(out, ".date %s %.*s", sign,
                           (int)written.size - 2 * (value->kind == EXPR_STRING),
                           written.data + (value->kind == EXPR_STRING));
        return value->kind == EXPR_STRING || value->kind == EXPR_DATE;
    }
    bool is_month = strcmp(a->part, "month_of_year") == 0;
    int number = is_month                     ? month_of(value)
                 : value->kind == EXPR_NUMBER ? (int)value->number.value
                                              : atoi(text_of(value));
    text_append_format(out, ".%s %s %d", a->part, sign, number);
    return is_month ? number > 0 : text_of(value)[0] || value->kind == EXPR_NUMBER;
}

/* `purchase.time`, outside of a `where`: the event; or NULL. */
static const char *event_of_time(const ast_expr *time, bool is_in_where)
{
    bool is_path = time->kind == EXPR_PATH && time->names.count == 2 && !is_in_where;
    if (!is_path || strcmp(name_at(time, 0), "user") == 0)
        return NULL;
    const char *name = name_at(time, 1), *ours = foreign_time(name);
    bool is_time = strcmp(name, "time") == 0 || (ours && strcmp(ours, "time") == 0) ||
                   strcmp(name, "date") == 0;
    return is_time ? name_at(time, 0) : NULL;
}

bool report_time_test(diags *diags, const ast_expr *compare, bool is_in_where)
{
    asked a;
    text out;
    if (!read_asked(compare->left, &a))
        return false;
    const char *event = event_of_time(a.time, is_in_where);
    text_init(&out);
    bool is_said = true;
    if (event)
        text_append_format(&out, "did %s where (time", event);
    else if (strcmp(a.part, "date") == 0)
        is_said = !is_called_time(a.time) && append_time(&out, a.time);
    else
        is_said = append_time(&out, a.time);
    is_said = is_said && append_test(&out, compare, &a);
    text_append(&out, event ? ")" : "");
    if (is_said) {
        diag_error(diags, compare->left->where, E0116, "no function is named \"%s\"",
                   name_at(compare->left, 0));
        diag_propose(diags, compare->where, "%s", out.data);
    }
    text_done(&out);
    return is_said;
}

/* ---- sums of products ------------------------------------------------------------------ */

/* The factors of `a * b`, and of the arguments of a call. */
typedef struct product {
    const char *event;
    text factors, where;
    bool is_good;
} product;

static void add_factor(product *p, const ast_expr *factor)
{
    const ast_expr *path = factor->kind == EXPR_COMPARE ? factor->left : factor;
    if (factor->kind == EXPR_MULTIPLY) {
        add_factor(p, factor->left);
        add_factor(p, factor->right);
        return;
    }
    if (factor->kind == EXPR_NUMBER) {
        slice number = span_text(factor->where);
        text_append_format(&p->factors, "%s%.*s", p->factors.size > 0 ? " * " : "",
                           (int)number.size, number.data);
        return;
    }
    bool is_property = path->kind == EXPR_PATH && path->names.count == 2 &&
                       (!p->event || strcmp(p->event, name_at(path, 0)) == 0);
    if (!is_property) {
        p->is_good = false;
        return;
    }
    p->event = name_at(path, 0);
    if (factor->kind == EXPR_COMPARE) {
        slice value = span_text(factor->right->where);
        text_append_format(&p->where, "%s%s %s %.*s", p->where.size > 0 ? " and " : "",
                           name_at(path, 1), signs[factor->compare], (int)value.size,
                           value.data);
    } else {
        text_append_format(&p->factors, "%s%s", p->factors.size > 0 ? " * " : "",
                           name_at(path, 1));
    }
}

/* `sumproduct(purchase.quantity, purchase.price)`, `sumx(purchase, purchase.a * purchase.b)`. */
static bool hint_product(diags *diags, const ast_expr *call)
{
    static const char *const sums[] = {"sumproduct", "sumx", "averagex", "avgx"};
    if (!IS_CALLED(call, sums))
        return false;
    product p = {.is_good = true};
    text_init(&p.factors);
    text_init(&p.where);
    for (size_t i = 0; i < call->list.count; i++) {
        const ast_expr *argument = call->list.items[i];
        bool is_table = i == 0 && call->list.count > 1 && argument->kind == EXPR_PATH &&
                        argument->names.count == 1;
        if (!is_table)
            add_factor(&p, argument);
    }
    bool is_single = p.is_good && p.factors.size > 0 && !strchr(p.factors.data, '*');
    const char *ours = tolower((unsigned char)name_at(call, 0)[0]) == 's' ? "sum" : "avg";
    bool is_said = p.is_good && p.event && p.factors.size > 0;
    if (is_said)
        diag_propose(diags, call->where, "%s(%s.%s%s%s%s%s%s)", ours, p.event,
                     is_single ? "" : "(", p.factors.data, is_single ? "" : ")",
                     p.where.size > 0 ? " where (" : "", p.where.data,
                     p.where.size > 0 ? ")" : "");
    text_done(&p.factors);
    text_done(&p.where);
    return is_said;
}

/* ---- quantiles ------------------------------------------------------------------------- */

/* `p90`, `percentile_90`, `quantile95`: 90, 90, 95; or -1. */
static int share_in_name(const char *name)
{
    static const char *const begins[] = {"p", "pct", "perc", "percentile", "quantile"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        size_t size = strlen(begins[i]);
        if (strncasecmp(begins[i], name, size) != 0)
            continue;
        const char *digits = name + size + (name[size] == '_');
        char *end;
        long share = isdigit((unsigned char)*digits) ? strtol(digits, &end, 10) : -1;
        if (share > 0 && share < 100 && *end == '\0')
            return (int)share;
    }
    return -1;
}

/* `p90(purchase.amount)`, `quartile(purchase.amount, 3)`, `approx_percentile(x, 0.9)`. */
static bool hint_quantile(diags *diags, const ast_expr *call)
{
    static const char *const quartiles[] = {"quartile", "quartile_inc"};
    static const char *const shares[] = {
        "approx_percentile", "approx_quantile", "percentile_approx", "approx_quantiles",
        "percentile_inc",    "percentile_exc",  "percentile",        "quantileexact"};
    int share = call->list.count == 1 ? share_in_name(name_at(call, 0)) : -1;
    if (call->list.count == 0 || call->list.count > 2)
        return false;
    slice value = span_text(((const ast_expr *)call->list.items[0])->where);
    const ast_expr *second = call->list.count == 2 ? call->list.items[1] : NULL;
    bool is_number = second && second->kind == EXPR_NUMBER;
    if (IS_CALLED(call, quartiles) && is_number)
        share = 25 * (int)second->number.value;
    if (share > 0) {
        diag_propose(diags, call->where, "quantile(%.*s, %d%%)", (int)value.size,
                     value.data, share);
        return true;
    }
    bool is_share = is_number && (IS_CALLED(call, shares) || call->names.count == 2);
    if (is_share) {
        slice words = span_text(second->where);
        diag_propose(diags, call->where, "quantile(%.*s, %.*s)", (int)value.size,
                     value.data, (int)words.size, words.data);
    }
    return is_share;
}

/* `sum(purchase.amount) >= percentile.inc(sum(purchase.amount), 0.9)`: the best tenth. */
bool report_compared_quantile(diags *diags, const ast_expr *compare)
{
    static const char *const names[] = {"percentile_inc", "percentile_exc",
                                        "approx_percentile", "percentile_approx"};
    const ast_expr *call = compare->right;
    bool is_call = call->kind == EXPR_CALL && call->list.count == 2;
    bool is_excel = is_call && call->names.count == 2 &&
                    strcasecmp(name_at(call, 0), "percentile") == 0;
    if (!is_call || (!is_excel && !IS_CALLED(call, names)))
        return false;
    const ast_expr *value = call->list.items[0], *share = call->list.items[1];
    slice left = span_text(compare->left->where), right = span_text(value->where);
    bool is_top = compare->compare == COMPARE_GT || compare->compare == COMPARE_GE;
    bool is_bottom = compare->compare == COMPARE_LT || compare->compare == COMPARE_LE;
    int64_t hundredth = share->number.value * (share->number.scale == 1   ? 10
                                               : share->number.scale == 2 ? 1
                                                                          : 0);
    if ((!is_top && !is_bottom) || left.size != right.size ||
        memcmp(left.data, right.data, left.size) != 0 || share->kind != EXPR_NUMBER ||
        hundredth <= 0 || hundredth >= 100)
        return false;
    diag_error(diags, compare->where, E0116, "the best are those \"in top\"");
    diag_propose(diags, compare->where, "%.*s in %s %lld%%", (int)left.size, left.data,
                 is_top ? "top" : "bottom",
                 (long long)(is_top ? 100 - hundredth : hundredth));
    return true;
}

/* ---- one of several values --------------------------------------------------------------- */

/* `= some ("DE", "AT")`, `!= all ("DE", "AT")`, `= ("DE" or "AT")`. */
bool report_compared_choice(diags *diags, const ast_expr *compare)
{
    static const char *const words[] = {"any", "some", "all", "one"};
    const ast_expr *right = compare->right;
    bool is_equal = compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE;
    bool is_choice = right->kind == EXPR_OR || IS_CALLED(right, words);
    for (size_t i = 0; is_choice && i < right->list.count; i++) {
        int kind = ((const ast_expr *)right->list.items[i])->kind;
        is_choice = kind == EXPR_STRING || kind == EXPR_NUMBER;
    }
    if (!is_equal || !is_choice)
        return false;
    text values;
    text_init(&values);
    for (size_t i = 0; i < right->list.count; i++) {
        slice value = span_text(((const ast_expr *)right->list.items[i])->where);
        text_append_format(&values, "%s%.*s", i > 0 ? ", " : "", (int)value.size,
                           value.data);
    }
    slice left = span_text(compare->left->where);
    diag_error(diags, compare->where, E0109, "one of several values is \"in\"");
    diag_propose(diags, compare->where, "%.*s %s (%s)", (int)left.size, left.data,
                 compare->compare == COMPARE_EQ ? "in" : "not in", values.data);
    text_done(&values);
    return true;
}

/* `bool_or(purchase.category = "toys")`, `every(purchase.amount > 10)`. */
static bool hint_any_or_all(diags *diags, const ast_expr *call)
{
    static const char *const some[] = {"bool_or", "any", "logical_or", "some"};
    static const char *const every[] = {"bool_and", "all", "logical_and", "every"};
    const ast_expr *test = call->list.count == 1 ? call->list.items[0] : NULL;
    bool is_some = IS_CALLED(call, some);
    if ((!is_some && !IS_CALLED(call, every)) || !test || test->kind != EXPR_COMPARE ||
        test->left->kind != EXPR_PATH || test->left->names.count != 2)
        return false;
    const char *event = name_at(test->left, 0), *name = name_at(test->left, 1);
    const char *rest = diag_words(
        diags, (span){test->where.file, test->left->where.end, test->where.end});
    if (is_some)
        diag_propose(diags, call->where, "did %s where (%s%s)", event, name, rest);
    else
        diag_propose(diags, call->where, "(did %s and did not %s where (not (%s%s)))",
                     event, event, name, rest);
    return true;
}

bool hint_shaped_call(diags *diags, const ast_expr *call)
{
    return hint_any_or_all(diags, call) || hint_product(diags, call) ||
           hint_quantile(diags, call);
}

bool is_shaped_call(const char *name)
{
    static const char *const names[] = {"bool_or",
                                        "bool_and",
                                        "logical_or",
                                        "logical_and",
                                        "every",
                                        "all",
                                        "any",
                                        "some",
                                        "percentile",
                                        "sumproduct",
                                        "sumx",
                                        "averagex",
                                        "avgx",
                                        "quartile",
                                        "quartile_inc",
                                        "approx_percentile",
                                        "approx_quantile",
                                        "percentile_approx",
                                        "approx_quantiles",
                                        "percentile_inc",
                                        "percentile_exc",
                                        "quantileexact"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return share_in_name(name) > 0;
}
