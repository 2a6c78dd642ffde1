/* SPDX-License-Identifier: MIT
 *
 * Which rule and which person an explanation is asked for.
 */
#include <string.h>

#include "engine/identities.h"
#include "engine/parts.h"
#include "exec/accounts.h"
#include "explain/explain.h"
#include "explain/person.h"

/* A member of a set by its name; SIZE_MAX: there is none. */
static size_t find_part(const ast_decl *decl, const char *name)
{
    size_t count = decl->kind == DECL_SPLIT ? decl->arms.count : decl->groups.count;
    for (size_t i = 0; i < count; i++) {
        const char *own = decl->kind == DECL_SPLIT
                              ? ((const ast_arm *)decl->arms.items[i])->name.text
                              : ((const ast_group *)decl->groups.items[i])->name.text;
        if (strcmp(own, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool is_rule(const ast_decl *decl)
{
    return decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
           decl->kind == DECL_SPLIT || decl->kind == DECL_SCORE;
}

/* "vip", "lifecycle.active", "lifecycle". */
static bool find_rule(const engine *e, const char *path, ast_decl **decl, size_t *part)
{
    const char *dot = strchr(path, '.');
    size_t size = dot ? (size_t)(dot - path) : strlen(path);
    for (size_t i = 0; i < e->book->decls.count; i++) {
        ast_decl *own = e->book->decls.items[i];
        bool is_whole = is_rule(own) && strcmp(own->name.text, path) == 0;
        bool is_set = dot && is_rule(own) && strlen(own->name.text) == size &&
                      memcmp(own->name.text, path, size) == 0;
        *decl = own;
        *part = is_whole ? (own->kind == DECL_SEGMENT ? 0 : SIZE_MAX)
                : is_set ? find_part(own, dot + 1)
                         : SIZE_MAX;
        if (is_whole || (is_set && *part != SIZE_MAX))
            return true;
    }
    return false;
}

static void add_tables(wanted_tables *to, const schema *s, const graph *g, arena *memory)
{
    bool *kinds = (bool *)to->kinds, *traits = (bool *)to->traits;
    accounts_tables own = accounts_tables_of(g, memory);
    for (size_t k = 0; k < schema_total(s); k++)
        kinds[k] |= own.kinds[k];
    for (size_t t = 0; t < s->trait_count; t++)
        traits[t] |= own.traits[t];
}

static wanted_tables *tables_of(const engine *e, ast_decl *decl, size_t part)
{
    const schema *s = e->schema;
    wanted_tables *w = arena_alloc(e->memory, sizeof *w);
    reason_moment moment = {0, e->zone, e->week_start};
    reasons asked =
        reasons_ask(&moment, decl, part, decl->subject.text != NULL, e->memory);
    graph *g = graph_lower_questions(e->book, &asked.questions);
    bool *traits = arena_alloc_array(e->memory, s->trait_count + 1, sizeof *traits);
    w->kinds = arena_alloc_array(e->memory, schema_total(s) + 1, sizeof *w->kinds);
    w->traits = traits;
    add_tables(w, s, g, e->memory);
    if (g->accounts) {
        add_tables(w, s, g->accounts, e->memory);
        traits[s->account_trait] = true;
    }
    graph_free(g);
    return w;
}

void engine_read_for(engine *e, const char *path)
{
    ast_decl *decl;
    size_t part;
    if (!engine_joins_people(e) && find_rule(e, path, &decl, &part) &&
        (decl->kind != DECL_SPLIT || part != SIZE_MAX))
        e->wanted = tables_of(e, decl, part);
}

static bool check_rule(const ast_decl *decl, size_t part, const char *path,
                       carpel_error *err)
{
    if (decl->kind == DECL_SPLIT && part == SIZE_MAX)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is a split; name one of its arms with it, such as "
                           "\"%s.%s\"",
                           path, path, ((const ast_arm *)decl->arms.items[0])->name.text);
    return true;
}

static bool find_person(const engine *e, const char *id, int64_t as_of, size_t *out,
                        carpel_error *err)
{
    uint32_t number = store_find_person(e->store, slice_of(id));
    if (number == DICTIONARY_NONE)
        return carpel_fail(err, CARPEL_E_INPUT, "nobody in the data has the id \"%s\"",
                           id);
    if (e->store->known_since[number] > as_of)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is in no data of then: the first row is later", id);
    *out = number;
    return true;
}

person_view *engine_person(engine *e, const char *person, int64_t as_of, size_t most_rows,
                           carpel_error *err)
{
    if (!engine_people_at(e, as_of, err))
        return NULL;
    person_request request = {.book = e->book,
                              .zone = e->zone,
                              .week_start = e->week_start,
                              .scripts = e->scripts,
                              .store = e->store,
                              .cancel = e->cancel,
                              .as_of = as_of,
                              .most_rows = most_rows};
    if (!find_person(e, person, as_of, &request.person, err))
        return NULL;
    return person_view_new(&request, err);
}

explanation *engine_explain(engine *e, const char *path, const char *person,
                            int64_t as_of, carpel_error *err)
{
    if (!engine_people_at(e, as_of, err))
        return NULL;
    explain_request request = {.book = e->book,
                               .zone = e->zone,
                               .week_start = e->week_start,
                               .scripts = e->scripts,
                               .store = e->store,
                               .cancel = e->cancel,
                               .as_of = as_of};
    if (!find_rule(e, path, &request.decl, &request.part)) {
        carpel_fail(err, CARPEL_E_INPUT, "no segment, group or score is named \"%s\"",
                    path);
        return NULL;
    }
    bool is_of_account = request.decl->subject.text != NULL;
    request.account = is_of_account ? person : NULL;
    if (!check_rule(request.decl, request.part, path, err) ||
        (!is_of_account && !find_person(e, person, as_of, &request.person, err)))
        return NULL;
    return explain(&request, err);
}
