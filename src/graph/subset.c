/* SPDX-License-Identifier: MIT
 *
 * Windows within windows, and conditions that are parts of others.
 */
#include "graph/subset.h"

#include "graph/counts.h"
#include "graph/moment.h"

/* ---- windows ------------------------------------------------------------ */

static bool begins_within(const node *part, const node *whole)
{
    bool is_strict = part->window.lower_in && !whole->window.lower_in;
    return part->window.has_lower &&
           moment_is_before(whole->operands[0], part->operands[0], is_strict);
}

static bool ends_within(const node *part, const node *whole)
{
    bool is_strict = part->window.upper_in && !whole->window.upper_in;
    return part->window.has_upper &&
           moment_is_before(part->operands[part->operand_count - 1],
                            whole->operands[whole->operand_count - 1], is_strict);
}

typedef bool keeps_end(const node *part, const node *whole);

/* Does some window that the rows of `part` lie in keep to one end of `whole`? */
static bool keeps_to(const node *part, const node *whole, keeps_end *keeps)
{
    if (part->kind == NODE_BOTH_WINDOWS)
        return keeps_to(part->operands[0], whole, keeps) ||
               keeps_to(part->operands[1], whole, keeps);
    if (part->kind == NODE_NEWEST)
        return keeps_to(part->operands[0], whole, keeps);
    return part->kind == NODE_WINDOW && keeps(part, whole);
}

static bool is_window_within(const node *part, const node *whole)
{
    if (part == whole)
        return true;
    if (whole->kind == NODE_BOTH_WINDOWS)
        return is_window_within(part, whole->operands[0]) &&
               is_window_within(part, whole->operands[1]);
    return whole->kind == NODE_WINDOW &&
           (!whole->window.has_lower || keeps_to(part, whole, begins_within)) &&
           (!whole->window.has_upper || keeps_to(part, whole, ends_within));
}

/* ---- folds -------------------------------------------------------------- */

static const node *mask_of(const node *fold)
{
    return fold->fold.has_mask ? fold->operands[1] : NULL;
}

bool graph_is_and_of(const node *all, const node *condition)
{
    for (size_t i = 0; all->kind == NODE_AND && i < all->operand_count; i++)
        if (all->operands[i] == condition)
            return true;
    return all == condition;
}

/* Does every row of the mask `part` fulfil `whole`, too? NULL: all rows. */
static bool is_mask_within(const node *part, const node *whole)
{
    if (!whole)
        return true;
    if (!part)
        return false;
    for (size_t i = 0; whole->kind == NODE_AND && i < whole->operand_count; i++)
        if (!graph_is_and_of(part, whole->operands[i]))
            return false;
    return whole->kind == NODE_AND || graph_is_and_of(part, whole);
}

static bool is_fold_within(const node *part, const node *whole)
{
    return part->rows == whole->rows && part->domain == whole->domain &&
           is_mask_within(mask_of(part), mask_of(whole)) &&
           is_window_within(part->operands[0], whole->operands[0]);
}

bool graph_looks_at_part(const node *part, const node *whole)
{
    return is_fold_within(part, whole);
}

/* Find for each count of the part one of the whole that is its own. */
bool graph_counts_part(const node *part, const node *whole)
{
    count_list parts, wholes;
    if (!counts_gather(part, &parts) || !counts_gather(whole, &wholes))
        return false;
    for (size_t i = 0; i < parts.count; i++) {
        size_t k = 0;
        while (k < wholes.count && !is_fold_within(parts.items[i], wholes.items[k]))
            k++;
        if (k == wholes.count)
            return false;
        wholes.items[k] = wholes.items[--wholes.count];
    }
    return true;
}
