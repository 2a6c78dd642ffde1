/* SPDX-License-Identifier: MIT
 *
 * What stands in a `where` and says nothing of the event, or another thing than it seems to:
 * names of events in quotes, and what is asked as of now.
 */
#include "lang/lints.h"

#include <string.h>

#include "report/suggest.h"

/* ---- `event = "typo"`, and where a session began and ended ----------------------------- */

static bool is_session(const event_scope *scope)
{
    for (size_t i = 0; i < scope->kind_count; i++)
        if (scope->schema->kinds[scope->kinds[i]].derivation != KIND_SESSIONS)
            return false;
    return scope->kind_count > 0;
}

/* Is the value the name of an event that the scope has, or of one in a session? */
static bool is_event_name(const meaning *m, bool *in_session)
{
    if (!m || m->is_of_outer || m->part != PART_NONE || !m->scope || m->scope->outer)
        return false;
    *in_session = m->kind == MEANING_PROPERTY && is_session(m->scope) &&
                  (strcmp(m->name, "entry") == 0 || strcmp(m->name, "exit") == 0);
    return *in_session || (m->kind == MEANING_PSEUDO && m->pseudo == PSEUDO_EVENT);
}

static bool has_kind(const event_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->kind_count; i++)
        if (strcmp(scope->schema->kinds[scope->kinds[i]].name, name) == 0)
            return true;
    return false;
}

static bool is_kind_of_data(const schema *s, const char *name)
{
    size_t kind = schema_find_kind(s, name);
    return kind != SCHEMA_NONE && s->kinds[kind].derivation == KIND_FROM_DATA;
}

static void suggest_kind(const lint *l, const event_scope *scope, bool in_session,
                         const ast_expr *literal)
{
    suggestion best = suggest_begin(literal->text.text);
    const schema *s = scope->schema;
    for (size_t i = 0; in_session && i < s->kind_count; i++)
        suggest_consider(&best, s->kinds[i].name);
    for (size_t i = 0; !in_session && i < scope->kind_count; i++)
        suggest_consider(&best, s->kinds[scope->kinds[i]].name);
    if (!suggest_best(&best))
        return;
    offer(l, literal->where, "Did you mean %s?", "\"%s\"", suggest_best(&best));
}

void lint_event_name(const lint *l, const ast_expr *value, const ast_expr *literal)
{
    const meaning *m = value->meaning;
    const char *name = literal->text.text;
    bool in_session;
    if (!is_event_name(m, &in_session) ||
        (in_session ? is_kind_of_data(m->scope->schema, name) : has_kind(m->scope, name)))
        return;
    if (!in_session && schema_find_event(m->scope->schema, name) != SCHEMA_NONE) {
        warn(l, literal->where, W0207, "this event is never named \"%s\"", name);
        hint(l, "Ask for it in front of the \"where\": %s.", name);
        return;
    }
    warn(l, literal->where, W0207, "no event is named \"%s\"", name);
    suggest_kind(l, m->scope, in_session, literal);
}

/* ---- what is the same for all events ---------------------------------------------------- */

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

static void lint_part(const lint *l, const ast_expr *part)
{
    if (part->kind == EXPR_BOOL || expr_find(part, is_of_event))
        return;
    warn(l, part->where, W0232,
         "this is asked as of now, and is the same for all of these events");
    if (names_trait(part->left)) {
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
