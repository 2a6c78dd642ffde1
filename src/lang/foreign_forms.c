/* SPDX-License-Identifier: MIT
 *
 * Functions of other tools that are said here in another form: sums of products, quantiles with
 * their share in the name, and choices of several conditions.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lang/foreign_parts.h"

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
        expr_is_pair(path) &&
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
bool hint_product(diags *diags, const ast_expr *call)
{
    if (!is_function_of(name_of_call(call), "sumproduct sumx averagex avgx"))
        return false;
    product p = {.is_good = true};
    text_init(&p.factors);
    text_init(&p.where);
    for (size_t i = 0; i < call->list.count; i++) {
        const ast_expr *argument = call->list.items[i];
        bool is_table = i == 0 && call->list.count > 1 && expr_word(argument);
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

int share_in_name(const char *name)
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

/* `p90(purchase.amount)` */
bool hint_named_quantile(diags *diags, const ast_expr *call)
{
    int share = call->list.count == 1 ? share_in_name(name_of_call(call)) : -1;
    if (share > 0)
        diag_propose(diags, call->where, "quantile(%s, %d%%)",
                     diag_words(diags, expr_at(&call->list, 0)->where), share);
    return share > 0;
}

/* ---- ifs(a, 3, b, 2, true, 1) ------------------------------------------------------- */

/* `ifs(a, 3, b, 2, true, 1)`; without a last value for the others there is only a hint. */
bool hint_choices(diags *diags, const ast_expr *call)
{
    const ast_list *list = &call->list;
    if (!is_function_of(name_of_call(call), "ifs multiif casewhen") || list->count < 3)
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
