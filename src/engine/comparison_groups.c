/* SPDX-License-Identifier: MIT
 *
 * Whoever is in a group is in none before it, so a changed line makes another rule of each group
 * below it. Of these only those are told that somebody notices.
 */
#include <string.h>

#include "engine/comparison.h"

/* The group that the path of a difference ends with; NULL: it is none, or is not there. */
static const ast_group *group_of(const ast_decl *decl, const char *path)
{
    const char *dot = path ? strchr(path, '.') : NULL;
    for (size_t i = 0; decl && dot && i < decl->groups.count; i++) {
        const ast_group *g = decl->groups.items[i];
        if (strcmp(g->name.text, dot + 1) == 0)
            return g;
    }
    return NULL;
}

static bool has_moved(const comparison *c, const rule_difference *d)
{
    if (d->entered.count + d->left.count > 0)
        return true;
    for (size_t i = 0; d->sizes_before && d->sizes && i < c->instant_count; i++)
        if (d->sizes_before[i] != d->sizes[i])
            return true;
    return false;
}

/* Is it a group that is another one only because of the groups before it, and has the members that
 * it had? */
static bool is_as_it_was(const comparison *c, const rule_difference *d)
{
    const ast_group *now = group_of(d->decl, d->path);
    const ast_group *before = group_of(d->before, d->path_before);
    return d->kind == DIFFERENCE_CHANGED && now && before && !has_moved(c, d) &&
           comparison_says_the_same(before->place, now->place);
}

/* Something of a set is told in any case. */
static bool has_other_difference(const comparison *c, const rule_difference *d)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].decl == d->decl && !is_as_it_was(c, &c->items[i]))
            return true;
    return false;
}

void comparison_leave_out_groups(comparison *c)
{
    rule_difference *left = arena_alloc_array(c->memory, c->count + 1, sizeof *left);
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        if (!is_as_it_was(c, &c->items[i]) || !has_other_difference(c, &c->items[i]))
            left[count++] = c->items[i];
    c->unchanged += c->count - count;
    c->items = left;
    c->count = count;
}
