/* SPDX-License-Identifier: MIT
 *
 * Names of rules and of people, and what is like them.
 */
#include "app/names.h"

#include <string.h>

#include "app/say.h"
#include "engine/selection.h"
#include "engine/uses.h"
#include "lang/rulebook.h"
#include "report/similar_id.h"
#include "report/suggest.h"
#include "report/terminal.h"

/* ---- rules --------------------------------------------------------------- */

/* The search for a name among the rules, which needs no data. */
typedef struct search {
    const char *wanted;
    bool is_found;
    suggestion similar;
} search;

static void consider(search *s, const char *path)
{
    if (strcmp(path, s->wanted) == 0)
        s->is_found = true;
    suggest_consider(&s->similar, path);
}

/* Segments, groups, scores, and sets of groups; of people or of accounts. */
static void consider_rules(search *s, const graph *g)
{
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        if (r->kind == RULE_SEGMENT || r->kind == RULE_GROUP || r->kind == RULE_SCORE)
            consider(s, r->path);
    }
    for (size_t i = 0; i < g->group_count; i++)
        consider(s, g->groups[i].name);
}

static void refuse(const search *s)
{
    say_error("no segment, group or score is named \"%s\"", s->wanted);
    if (suggest_best(&s->similar) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s->similar));
    else
        say_hint("\"carpel run\" lists the segments, groups and scores.");
}

/* It is there, but has no members and no value for each person: a `let`, an event, a list. */
static void refuse_decl(const engine *e, const ast_decl *decl)
{
    arena *memory = arena_new();
    name_list users = uses_by_rules(e, decl, memory);
    say_error("\"%s\" is %s, and no segment, group or score", decl->name.text,
              decl_kind_phrase(decl));
    if (users.count > 0)
        say_hint("Name a segment, group or score, such as \"%s\", which uses it.",
                 users.items[0]);
    else
        say_hint("\"carpel run\" lists the segments, groups and scores.");
    arena_free(memory);
}

static bool is_among(const graph *g, const char *name)
{
    search s = {.wanted = name, .similar = suggest_begin(name)};
    consider_rules(&s, g);
    return s.is_found;
}

bool names_rule_is_of_accounts(const engine *e, const char *rule)
{
    const graph *g = engine_graph(e);
    return !is_among(g, rule) && g->accounts && is_among(g->accounts, rule);
}

static bool is_rule(const engine *e, const char *name)
{
    bool is_found = false;
    for (const graph *g = engine_graph(e); g && !is_found; g = g->accounts)
        is_found = is_among(g, name);
    return is_found;
}

bool names_are_swapped(const engine *e, const char *rule, const char *subject)
{
    return !is_rule(e, rule) && !engine_find_decl(e, slice_of(rule)) &&
           is_rule(e, subject);
}

bool names_check_rule(const engine *e, const char *name)
{
    search s = {.wanted = name, .similar = suggest_begin(name)};
    for (const graph *g = engine_graph(e); g != NULL; g = g->accounts)
        consider_rules(&s, g);
    const ast_decl *decl = s.is_found ? NULL : engine_find_decl(e, slice_of(name));
    if (decl && !decl_has_results(decl))
        refuse_decl(e, decl);
    else if (!s.is_found)
        refuse(&s);
    return s.is_found;
}

/* ---- people -------------------------------------------------------------- */

static void refuse_id(const dictionary *known, const char *id, bool is_account,
                      arena *memory)
{
    similar_ids similar = similar_ids_begin(id);
    text safe;
    similar_ids_consider_all(&similar, known, memory);
    text_init(&safe);
    terminal_append_safe(&safe, slice_of(id));
    say_error(is_account ? "nobody in the data is of an account \"%s\""
                         : "nobody in the data has the id \"%s\"",
              safe.data);
    text_clear(&safe);
    if (similar_ids_append(&similar, &safe))
        say_hint("%s", safe.data);
    text_done(&safe);
}

static bool check_id(const dictionary *known, const char *id, bool is_account)
{
    if (dictionary_find_once(known, id, strlen(id)) != DICTIONARY_NONE)
        return true;
    arena *memory = arena_new();
    refuse_id(known, id, is_account, memory);
    arena_free(memory);
    return false;
}

bool names_check_person(const engine *e, const char *id)
{
    return check_id(engine_store(e)->persons, id, false);
}

bool names_check_subject(const engine *e, const char *rule, const char *name)
{
    const store *s = engine_store(e);
    if (!names_rule_is_of_accounts(e, rule))
        return names_check_person(e, name);
    return check_id(s->traits[s->schema->account_trait].columns[0].dictionary, name,
                    true);
}

const char *names_shown(const engine *e, const char *id)
{
    const store *data = engine_store(e);
    return dictionary_text(data->persons, store_find_person(data, slice_of(id))).data;
}
