/* SPDX-License-Identifier: MIT
 *
 * `count` of a property that holds texts counts the events that have one; the number that it is
 * compared with shows that values were meant.
 */
#include "lang/lints.h"

#include <string.h>

/* "at least one" asks whether there is any, and a large number is one of events. */
static bool asks_for_several(const ast_expr *compare)
{
    enum { FEW = 10 };
    const ast_expr *number = compare->right;
    if (number->kind != EXPR_NUMBER || number->number.scale > 0 ||
        number->number.value > FEW)
        return false;
    int64_t least = number->number.value + (compare->compare == COMPARE_GT);
    bool has_least = compare->compare == COMPARE_GE || compare->compare == COMPARE_GT ||
                     compare->compare == COMPARE_EQ;
    return has_least && least >= 2;
}

/* The property that is counted, when it holds texts; or NULL. */
static const char *counted_texts(const ast_expr *expr)
{
    if (expr->kind != EXPR_AGGREGATE || expr->aggregate != AGGREGATE_COUNT)
        return NULL;
    const meaning *m = expr->selection->meaning;
    const ast_name *name = selected_name(expr->selection);
    bool is_text = m && m->kind == MEANING_PROPERTY && m->type.kind == TYPE_STRING;
    return name && is_text ? name->text : NULL;
}

void lint_counted_texts(const lint *l, const ast_expr *compare)
{
    const char *name = counted_texts(compare->left);
    if (!name || !asks_for_several(compare))
        return;
    span function = compare->left->where;
    function.end = function.begin + (uint32_t)strlen("count");
    warn(l, compare->left->where, W0228,
         "this counts every event that has a \"%s\", also the same one again", name);
    hint(l, "For different ones write \"distinct\" instead of \"count\"; for events, "
            "count them where it is not missing.");
    fix(l, function, "distinct");
}
