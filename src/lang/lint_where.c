/* SPDX-License-Identifier: MIT
 *
 * What stands in a `where` and says nothing of the event: it is asked as of now, and the same for
 * all of them. Of the time of each event it would be something else.
 */
#include "lang/lints.h"
#include "lang/walk.h"

/* Does it ask for something of the event, or of its time? */
static bool is_of_event(const ast_expr *expr)
{
    const meaning *m = expr->meaning;
    if (expr->kind == EXPR_DID || expr->kind == EXPR_AGGREGATE || expr->kind == EXPR_PICK)
        return pattern_list(expr->selection->pattern);
    return m &&
           (m->kind == MEANING_PROPERTY || m->kind == MEANING_PSEUDO ||
            m->kind == MEANING_LIST || m->kind == MEANING_NONE) &&
           (expr->kind == EXPR_PATH || m->kind == MEANING_LIST);
}

static bool is_trait(const ast_expr *expr)
{
    return expr && expr->kind == EXPR_PATH && expr->meaning &&
           expr->meaning->kind == MEANING_TRAIT;
}

static void lint_part(const lint *l, const ast_expr *part)
{
    if (part->kind == EXPR_BOOL || expr_find(part, is_of_event))
        return;
    warn(l, part->where, W0232,
         "this is asked as of now, and is the same for all of these events");
    if (is_trait(part->left)) {
        span behind = part->left->where, rest = part->where;
        rest.begin = behind.begin = behind.end;
        hint(
            l,
            "Of the time of each event, write: %s as of time%s. Of now, write it outside "
            "of \"where\".",
            words_of(l, part->left), words_in(l, rest));
        fix(l, behind, " as of time");
    } else {
        hint(l, "Write it outside of \"where\"; or say how it lies to the event, as in: "
                "did email_open within 7 days before time.");
    }
}

void lint_same_for_all(const lint *l, const ast_event *event)
{
    const schema *s = l->book->schema;
    bool is_plain = !event->list && !event->is_setting && !event->decl &&
                    event->kind < schema_total(s) &&
                    s->kinds[event->kind].derivation != KIND_USERS;
    const ast_expr *where = is_plain ? event->where : NULL;
    if (!where)
        return;
    if (where->kind != EXPR_AND) {
        lint_part(l, where);
        return;
    }
    for (size_t i = 0; i < where->list.count; i++)
        lint_part(l, where->list.items[i]);
}

/* `(a or b where (c))`: whose condition is it? */
void lint_reach_of_where(const lint *l, const ast_step *step)
{
    size_t last = step->events.count - 1;
    if (step->events.count < 2 || step->where)
        return;
    for (size_t i = 0; i < last; i++)
        if (((const ast_event *)step->events.items[i])->where)
            return;
    const ast_event *event = step->events.items[last];
    if (!event->where)
        return;
    warn(l, event->place, W0208, "this \"where\" belongs to \"%s\" alone",
         event->is_anything ? "anything" : event->name.text);
    hint(l, "For all of them, write it behind the bracket: ( ... ) where ( ... ).");
}
