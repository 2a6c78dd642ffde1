/* SPDX-License-Identifier: MIT
 *
 * Functions of other tools that are said here in another form: sums of products, and quantiles
 * with their share in the name.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lang/foreign_parts.h"
#include "lang/foreign.h"
#include "lang/foreign_calls.h"

static bool is_called(const ast_expr *expr, const char *const *names, size_t count)
{
    if (expr->kind != EXPR_CALL || expr->names.count != 1)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name_at(&expr->names, 0)->text) == 0)
            return true;
    return false;
}

#define IS_CALLED(expr, names) is_called(expr, names, sizeof(names) / sizeof *(names))

static const char *const signs[] = {
    [COMPARE_EQ] = "=", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
    [COMPARE_GT] = ">", [COMPARE_LE] = "<=", [COMPARE_GE] = ">="};

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
    bool is_property =
        path->kind == EXPR_PATH && path->names.count == 2 &&
        (!p->event || strcmp(p->event, name_at(&path->names, 0)->text) == 0);
    if (!is_property) {
        p->is_good = false;
        return;
    }
    p->event = name_at(&path->names, 0)->text;
    if (factor->kind == EXPR_COMPARE) {
        slice value = span_text(factor->right->where);
        text_append_format(&p->where, "%s%s %s %.*s", p->where.size > 0 ? " and " : "",
                           name_at(&path->names, 1)->text, signs[factor->compare],
                           (int)value.size, value.data);
    } else {
        text_append_format(&p->factors, "%s%s", p->factors.size > 0 ? " * " : "",
                           name_at(&path->names, 1)->text);
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
    const char *ours =
        tolower((unsigned char)name_at(&call->names, 0)->text[0]) == 's' ? "sum" : "avg";
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
    int share =
        call->list.count == 1 ? share_in_name(name_at(&call->names, 0)->text) : -1;
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

bool hint_shaped_call(diags *diags, const ast_expr *call)
{
    return hint_product(diags, call) || hint_quantile(diags, call);
}

bool is_shaped_call(const char *name)
{
    static const char *const names[] = {"percentile",
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
