/* SPDX-License-Identifier: MIT
 *
 * Bounds that do not meet: of groups, one of which ends where the next begins, and of points.
 */
#include "lang/lints.h"

#include <string.h>

/* ---- groups ------------------------------------------------------------------------ */

/* The parts of a condition that all have to hold; it is the only one itself. */
static size_t part_count(const ast_expr *when)
{
    return when->kind == EXPR_AND ? when->list.count : 1;
}

static const ast_expr *part_at(const ast_expr *when, size_t i)
{
    return when->kind == EXPR_AND ? when->list.items[i] : when;
}

/* Does a comparison of these two stand in any group, with one of two signs? */
static bool is_compared(const ast_decl *groups, const ast_expr *like, ast_compare one,
                        ast_compare other)
{
    for (size_t i = 0; i < groups->groups.count; i++) {
        const ast_expr *when = ((const ast_group *)groups->groups.items[i])->when;
        for (size_t k = 0; when && k < part_count(when); k++) {
            const ast_expr *part = part_at(when, k);
            if (part->kind == EXPR_COMPARE &&
                (part->compare == one || part->compare == other) &&
                are_same_words(part->left, like->left) &&
                are_same_words(part->right, like->right))
                return true;
        }
    }
    return false;
}

/* `low when x < 100`, `high when x > 100`: who has 100? */
static void lint_bound(const lint *l, const ast_decl *groups, const ast_expr *above)
{
    if (above->kind != EXPR_COMPARE || above->compare != COMPARE_GT ||
        !expr_is_literal(above->right) ||
        !is_compared(groups, above, COMPARE_LT, COMPARE_LT) ||
        is_compared(groups, above, COMPARE_LE, COMPARE_GE) ||
        is_compared(groups, above, COMPARE_EQ, COMPARE_EQ))
        return;
    const char *bound = words_of(l, above->right);
    warn(l, above->where, W0233, "no group takes exactly %s", bound);
    propose(l, above->where, "%s >= %s", words_of(l, above->left), bound);
}

void lint_groups(const lint *l, const ast_decl *groups)
{
    each (const ast_group, group, &groups->groups)
        if (!group->when)
            return; /* the others take them */
    for (size_t i = 0; i < groups->groups.count; i++) {
        const ast_expr *when = ((const ast_group *)groups->groups.items[i])->when;
        for (size_t k = 0; k < part_count(when); k++)
            lint_bound(l, groups, part_at(when, k));
    }
}

/* ---- points ------------------------------------------------------------------------ */

/* `plus 10 each purchase at most 5`: five purchases, or five points? */
void lint_cap(const lint *l, const ast_point *point)
{
    static const char words[] = "at most";
    double step = number_of(&point->amount), cap = number_of(&point->cap);
    if (!point->has_cap || !point->pattern || cap >= step || cap <= 0)
        return;
    slice line = span_text(point->place);
    span place = point->place;
    for (size_t at = line.size; at-- > 0;)
        if (line.size - at >= strlen(words) &&
            memcmp(line.data + at, words, strlen(words)) == 0) {
            place.begin += (uint32_t)at;
            break;
        }
    warn(l, place, W0234, "\"at most\" counts points, and one event gives %g already",
         step);
    offer(l, place, "For so many events, write: %s.", "at most %g", cap * step);
}
