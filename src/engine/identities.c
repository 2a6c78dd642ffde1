/* SPDX-License-Identifier: MIT
 *
 * The links are read once; at which instants they say the same is known by their times.
 */
#include "engine/identity_parts.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "store/open_store.h"

bool engine_joins_people(const engine *e)
{
    return schema_find_links(e->schema) != SCHEMA_NONE;
}

identity_limits engine_identity_limits(const engine *e)
{
    identity_limits limits = {.ids = e->project->identities.most_of_person};
    memcpy(limits.linked, e->project->identities.most, sizeof limits.linked);
    return limits;
}

/* ---- links ---------------------------------------------------------------- */

static void undo_links(const engine *e, engine_identities *own)
{
    const config_identities *said = &e->project->identities;
    store_links *l = own->links;
    own->unlinked =
        arena_alloc_array(own->memory, said->unlinked_count, sizeof *own->unlinked);
    own->does_undo = arena_alloc_array(own->memory, said->unlinked_count, sizeof(bool));
    for (size_t u = 0; u < said->unlinked_count; u++) {
        uint32_t *pair = own->unlinked[u];
        for (int i = 0; i < 2; i++)
            pair[i] =
                store_links_find(l, own->loaded, slice_of(said->unlinked[u].ids[i].text));
        for (size_t i = 0; i < l->link_count; i++) {
            identity_link *link = &l->links[i];
            if ((link->a == pair[0] && link->b == pair[1]) ||
                (link->a == pair[1] && link->b == pair[0]))
                link->is_undone = own->does_undo[u] = true;
        }
    }
}

static engine_identities *identities_of(engine *e)
{
    if (e->identities || !e->store || !engine_joins_people(e))
        return e->identities;
    engine_identities *own = memory_alloc_zero(sizeof *own);
    own->opened = own->loaded = e->store;
    own->memory = arena_new();
    return e->identities = own;
}

/* Read the links, of a store whose people are kept joined with the parts. */
static bool read_links(const engine *e, engine_identities *own, carpel_error *err)
{
    if (own->links)
        return true;
    if (!own->loaded)
        own->loaded = store_open_parts(own->opened, err);
    if (!own->loaded)
        return false;
    own->links = store_links_of(own->loaded, own->memory);
    undo_links(e, own);
    return true;
}

/* ---- people at an instant ------------------------------------------------- */

/* Between which instants the same links are known. */
static void find_span(const store_links *l, int64_t as_of, people *p)
{
    p->from = INT64_MIN;
    p->until = INT64_MAX;
    for (size_t i = 0; i < l->link_count; i++) {
        int64_t time = l->links[i].time;
        if (time <= as_of)
            p->from = time > p->from ? time : p->from;
        else
            p->until = time < p->until ? time : p->until;
    }
}

static void resolve(const engine *e, const engine_identities *own, int64_t as_of,
                    people *p)
{
    const store_links *l = own->links;
    identity_question q = {.ids = l->ids,
                           .since = l->since,
                           .id_count = l->id_count,
                           .links = l->links,
                           .link_count = l->link_count,
                           .limits = engine_identity_limits(e),
                           .until = as_of};
    find_span(l, as_of, p);
    p->answer = identity_resolve(&q, p->memory);
    p->is_resolved = true;
}

static people *add_people(engine_identities *own, people found)
{
    people *p = memory_alloc(sizeof *p);
    *p = found;
    p->memory = arena_new();
    p->next = own->known;
    return own->known = p;
}

static void people_free(const engine_identities *own, people *p)
{
    if (p->joined != own->opened)
        store_free(p->joined);
    arena_free(p->memory);
    memory_free(p);
}

int64_t engine_instant_of_links(const engine *e, int64_t as_of)
{
    return e->project->identities.are_latest ? INT64_MAX : as_of;
}

bool people_last_at(int64_t from, int64_t until, int64_t instant)
{
    return from <= instant && (instant < until || until == INT64_MAX);
}

/* The people of an instant; NULL: err is filled. */
static people *people_of(engine *e, int64_t as_of, joined_numbers numbers,
                         carpel_error *err)
{
    engine_identities *own = identities_of(e);
    assert(own);
    as_of = engine_instant_of_links(e, as_of);
    for (people *p = own->known; p; p = p->next)
        if (people_last_at(p->from, p->until, as_of) &&
            (!p->joined || p->numbers == numbers))
            return p;
    if (!read_links(e, own, err))
        return NULL;
    people *p = add_people(own, (people){.numbers = numbers});
    resolve(e, own, as_of, p);
    if (store_links_join_any(own->links, &p->answer))
        p->joined = store_join(own->loaded, own->links, &p->answer, numbers);
    return p;
}

const people *engine_resolve_people(engine *e, int64_t as_of, carpel_error *err)
{
    people *p = people_of(e, as_of, JOINED_BY_PLACE, err);
    if (!p || p->is_resolved)
        return p;
    if (!read_links(e, e->identities, err))
        return NULL;
    resolve(e, e->identities, engine_instant_of_links(e, as_of), p);
    return p;
}

void engine_use_kept_people(engine *e, int64_t from, int64_t until, slice notes)
{
    engine_identities *own = identities_of(e);
    own->loaded = NULL;
    add_people(
        own, (people){.from = from, .until = until, .joined = e->store, .notes = notes});
}

const people *engine_people_now(const engine *e)
{
    const engine_identities *own = e->data ? e->data->identities : e->identities;
    return own ? own->at : NULL;
}

static void set_store(engine *e, store *s)
{
    if (e->store == s)
        return;
    e->store = s;
    memory_free(e->person_order);
    e->person_order = NULL;
}

/* Whose store an engine judges. */
static engine *owner_of(engine *e)
{
    return e->data ? e->data : e;
}

void engine_use_people(engine *e, const people *p)
{
    engine *owner = owner_of(e);
    engine_identities *own = owner->identities;
    if (own && p != own->at) {
        own->at = p;
        set_store(owner, !p ? own->opened : p->joined ? p->joined : own->loaded);
    }
    set_store(e, owner->store);
}

static bool use_people_of(engine *e, int64_t as_of, joined_numbers numbers,
                          carpel_error *err)
{
    engine *owner = owner_of(e);
    const people *p = identities_of(owner) ? people_of(owner, as_of, numbers, err) : NULL;
    if (owner->identities && !p)
        return false;
    engine_use_people(e, p);
    return true;
}

bool engine_people_at(engine *e, int64_t as_of, carpel_error *err)
{
    return use_people_of(e, as_of, JOINED_BY_PLACE, err);
}

bool engine_numbered_people_at(engine *e, int64_t as_of, carpel_error *err)
{
    return use_people_of(e, as_of, JOINED_BY_LEAST, err);
}

const store *engine_store_of_all_links(engine *e, carpel_error *err)
{
    engine_identities *own = e->data ? NULL : identities_of(e);
    const people *p = own ? people_of(e, INT64_MAX, JOINED_BY_PLACE, err) : NULL;
    if (!p)
        return own ? NULL : e->store;
    return p->joined ? p->joined : own->loaded;
}

uint32_t engine_person_of_all_links(const engine *e, const store *all_links,
                                    uint32_t person)
{
    return all_links == e->store
               ? person
               : store_find_person(all_links, dictionary_text(e->store->persons, person));
}

void engine_end_people(engine *e)
{
    engine_identities *own = e->identities;
    if (!own)
        return;
    for (people *p = own->known, *next; p; p = next) {
        next = p->next;
        people_free(own, p);
    }
    e->store = own->opened;
    arena_free(own->memory);
    memory_free(own);
    e->identities = NULL;
}

/* ---- what is told --------------------------------------------------------- */

static void note(const engine_listener *listener, text *line)
{
    listener->log(listener->context, line->data);
    text_clear(line);
}

static void note_refusal(const engine *e, const identity_refusal *r,
                         const engine_listener *listener)
{
    slice id = e->identities->links->ids[r->id];
    identity_limits limits = engine_identity_limits(e);
    text line;
    text_init(&line);
    if (r->state == LINK_OF_SHARED_ID)
        text_append_format(
            &line,
            "the %s \"%.*s\" is linked with %u other ids and joins none of "
            "them: at most %u are one person's (identities: most: %s)",
            id_kind_names[r->kind], (int)id.size, id.data, r->count,
            limits.linked[r->kind], id_kind_names[r->kind]);
    else
        text_append_format(&line,
                           "\"%.*s\" would have %u ids, so those that only links of a %s "
                           "join are left apart: a person has at most %u (identities: "
                           "most: person)",
                           (int)id.size, id.data, r->count, id_kind_names[r->kind],
                           limits.ids);
    note(listener, &line);
    text_done(&line);
}

enum { MOST_REFUSALS_TOLD = 5 };

static void note_refusals(const engine *e, const people *p,
                          const engine_listener *listener)
{
    const identity_answer *a = &p->answer;
    text line;
    for (size_t i = 0; i < a->refused_count && i < MOST_REFUSALS_TOLD; i++)
        note_refusal(e, &a->refused[i], listener);
    if (a->refused_count <= MOST_REFUSALS_TOLD)
        return;
    text_init(&line);
    text_append_format(
        &line,
        "%zu more ids or people are over such a limit: \"carpel identity\" "
        "lists them",
        a->refused_count - MOST_REFUSALS_TOLD);
    note(listener, &line);
    text_done(&line);
}

/* What came of a line of `unlink`, when it is not what was meant. */
static void note_unlinked(const engine *e, const people *p, size_t line_number,
                          const engine_listener *listener)
{
    const engine_identities *own = e->identities;
    const config_unlinked *said = &e->project->identities.unlinked[line_number];
    const uint32_t *pair = own->unlinked[line_number];
    const char *a = said->ids[0].text, *b = said->ids[1].text;
    bool are_there = pair[0] != DICTIONARY_NONE && pair[1] != DICTIONARY_NONE;
    text line;
    text_init(&line);
    if (!own->does_undo[line_number])
        text_append_format(
            &line,
            "unlink: no row links \"%s\" with \"%s\": \"carpel identity %s\" "
            "shows the links that there are",
            a, b, a);
    if (are_there && p->answer.shown[pair[0]] == p->answer.shown[pair[1]])
        text_append_format(
            &line,
            "%s\"%s\" and \"%s\" are one person still, by other links: \"carpel "
            "identity %s\" shows them",
            line.size > 0 ? "; " : "unlink: ", a, b, a);
    if (line.size > 0)
        note(listener, &line);
    text_done(&line);
}

static void note_kept(const people *p, const engine_listener *listener)
{
    const char *at = p->notes.data, *end = at + p->notes.size;
    for (; at < end; at += strlen(at) + 1)
        listener->log(listener->context, at);
}

void engine_note_people(const engine *e, const engine_listener *listener)
{
    const people *p = e->identities ? e->identities->at : NULL;
    if (!p)
        return;
    if (!p->is_resolved) {
        note_kept(p, listener);
        return;
    }
    note_refusals(e, p, listener);
    for (size_t i = 0; i < e->project->identities.unlinked_count; i++)
        note_unlinked(e, p, i, listener);
}
