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

static void lint_part(const ast_expr *part, diags *diags)
{
    if (part->kind == EXPR_BOOL || expr_find(part, is_of_event))
        return;
    diag_warning(diags, part->where, W0232,
                 "this is asked as of now, and is the same for all of these events");
    if (is_trait(part->left)) {
        span behind = part->left->where, rest = part->where;
        rest.begin = behind.begin = behind.end;
        diag_hint(
            diags,
            "Of the time of each event, write: %s as of time%s. Of now, write it outside "
            "of \"where\".",
            diag_words(diags, part->left->where), diag_words(diags, rest));
        diag_fix(diags, behind, " as of time");
    } else {
        diag_hint(
            diags,
            "Write it outside of \"where\"; or say how it lies to the event, as in: "
            "did email_open within 7 days before time.");
    }
}

void lint_same_for_all(const schema *s, const ast_event *event, diags *diags)
{
    bool is_plain = !event->list && !event->is_setting && !event->decl &&
                    event->kind < schema_total(s) &&
                    s->kinds[event->kind].derivation != KIND_USERS;
    const ast_expr *where = is_plain ? event->where : NULL;
    if (!where)
        return;
    if (where->kind != EXPR_AND) {
        lint_part(where, diags);
        return;
    }
    for (size_t i = 0; i < where->list.count; i++)
        lint_part(where->list.items[i], diags);
}
