/* SPDX-License-Identifier: MIT
 *
 * Names of events in quotes: `where (event = "typo")`, and where a session began and ended.
 */
#include "lang/lints.h"

#include <string.h>

#include "report/suggest.h"

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
