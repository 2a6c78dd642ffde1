/* SPDX-License-Identifier: MIT
 *
 * Windows all of which have to hold for one event: two that never meet are a mistake.
 */
#include "lang/checker.h"
#include "lang/reach.h"

/* Does everything in `a` come before everything in `b`? */
static bool is_before(const reach *a, const reach *b)
{
    if (a->last_day < b->first_day)
        return true;
    return b->oldest != REACH_OPEN &&
           (a->newest > b->oldest ||
            (a->newest == b->oldest && (b->is_oldest_out || a->is_newest_out)));
}

void check_windows_meet(checker *c, const ast_list *windows)
{
    for (size_t i = 1; i < windows->count; i++) {
        const ast_window *later = windows->items[i];
        reach b = window_reach(later);
        for (size_t k = 0; k < i; k++) {
            const ast_window *earlier = windows->items[k];
            reach a = window_reach(earlier);
            if (!is_before(&a, &b) && !is_before(&b, &a))
                continue;
            error(c, later->place, E0113,
                  "these windows never meet, and all of them have to hold");
            note(c, earlier->place, "the other one");
            hint(c, "Keep one of them, or write \"between ... and ...\".");
            return;
        }
    }
}
