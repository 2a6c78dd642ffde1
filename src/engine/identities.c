/* SPDX-License-Identifier: MIT
 *
 * The links are read once; at which instants they say the same is known by their times.
 */
#include "engine/identities.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"

/* People as they are from an instant on, until another. */
typedef struct people {
    int64_t from, until;
    identity_answer answer;
    store *joined; /* or NULL: as it was loaded */
    arena *memory;
    struct people *next;
} people;

typedef struct engine_identities {
    store *loaded;
    arena *memory;
    store_links *links;
    uint32_t (*unlinked)[2]; /* by line of `unlink`; DICTIONARY_NONE: nobody's id */
    bool *does_undo;         /* by line: a link that rows tell */
    people *known;           /* the latest first */
    const people *at;        /* whose store the engine has */
} engine_identities;

bool engine_joins_people(const engine *e)
{
    return schema_find_links(e->schema) != SCHEMA_NONE;
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
    own->loaded = e->store;
    own->memory = arena_new();
    own->links = store_links_of(e->store, own->memory);
    e->identities = own;
    undo_links(e, own);
    return own;
}

static identity_limits limits_of(const engine *e)
{
    identity_limits limits = {.ids = e->project->identities.most_of_person};
    memcpy(limits.linked, e->project->identities.most, sizeof limits.linked);
    return limits;
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

static people *people_new(const engine *e, const engine_identities *own, int64_t as_of)
{
    const store_links *l = own->links;
    people *p = memory_alloc_zero(sizeof *p);
    identity_question q = {.ids = l->ids,
                           .since = l->since,
                           .id_count = l->id_count,
                           .links = l->links,
                           .link_count = l->link_count,
                           .limits = limits_of(e),
                           .until = as_of};
    p->memory = arena_new();
    find_span(l, as_of, p);
    p->answer = identity_resolve(&q, p->memory);
    if (store_links_join_any(l, &p->answer))
        p->joined = store_join(own->loaded, l, &p->answer);
    return p;
}

static void people_free(people *p)
{
    store_free(p->joined);
    arena_free(p->memory);
    memory_free(p);
}

static people *people_of(engine *e, int64_t as_of)
{
    engine_identities *own = identities_of(e);
    if (!own)
        return NULL;
    if (e->project->identities.are_latest)
        as_of = INT64_MAX;
    for (people *p = own->known; p; p = p->next)
        if (p->from <= as_of && (as_of < p->until || p->until == INT64_MAX))
            return p;
    people *p = people_new(e, own, as_of);
    p->next = own->known;
    return own->known = p;
}

void engine_people_at(engine *e, int64_t as_of)
{
    if (e->data) {
        engine_people_at(e->data, as_of);
        e->store = e->data->store;
        return;
    }
    const people *p = people_of(e, as_of);
    if (!p || p == e->identities->at)
        return;
    e->identities->at = p;
    e->store = p->joined ? p->joined : e->identities->loaded;
    memory_free(e->person_order);
    e->person_order = NULL;
}

const store *engine_store_of_all_links(engine *e)
{
    const people *p = e->data ? NULL : people_of(e, INT64_MAX);
    if (!p || p == e->identities->at)
        return e->store;
    return p->joined ? p->joined : e->identities->loaded;
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
        people_free(p);
    }
    e->store = own->loaded;
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
    identity_limits limits = limits_of(e);
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

void engine_note_people(engine *e, int64_t as_of, const engine_listener *listener)
{
    const people *p = e->data ? NULL : people_of(e, as_of);
    if (!p)
        return;
    note_refusals(e, p, listener);
    for (size_t i = 0; i < e->project->identities.unlinked_count; i++)
        note_unlinked(e, p, i, listener);
}

/* ---- one person ----------------------------------------------------------- */

static bool concerns(const identity_answer *a, const identity_link *l, uint32_t shown)
{
    return l->a != l->b && (a->shown[l->a] == shown || a->shown[l->b] == shown);
}

/* By the two ids, then by time, then by row. */
typedef struct told_link {
    uint64_t pair;
    int64_t time;
    size_t link;
} told_link;

static int compare_told(const void *left, const void *right)
{
    const told_link *a = left, *b = right;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->link > b->link) - (a->link < b->link);
}

static int compare_proofs(const void *left, const void *right)
{
    const identity_proof *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    int by_id = slice_compare(a->a, b->a);
    return by_id != 0 ? by_id : slice_compare(a->b, b->b);
}

static identity_proof proof_of(const engine_identities *own, const people *p,
                               const told_link *told)
{
    const store_links *l = own->links;
    const identity_link *link = &l->links[told->link];
    identity_proof proof = {.a = l->ids[link->a],
                            .b = l->ids[link->b],
                            .time = link->time,
                            .state = p->answer.links[told->link],
                            .rows = 1};
    proof.has_origin =
        row_origins_find(own->loaded->origins, l->arrivals[told->link], &proof.origin);
    return proof;
}

static void list_links(const engine_identities *own, const people *p, uint32_t shown,
                       identity_view *v)
{
    const store_links *l = own->links;
    told_link *told = memory_alloc_array(l->link_count + 1, sizeof *told);
    size_t count = 0;
    for (size_t i = 0; i < l->link_count; i++) {
        const identity_link *k = &l->links[i];
        if (concerns(&p->answer, k, shown))
            told[count++] = (told_link){k->a < k->b ? (uint64_t)k->a << 32 | k->b
                                                    : (uint64_t)k->b << 32 | k->a,
                                        k->time, i};
    }
    qsort(told, count, sizeof *told, compare_told);
    v->links = arena_alloc_array(v->memory, count + 1, sizeof *v->links);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && told[i].pair == told[i - 1].pair)
            v->links[v->link_count - 1].rows++;
        else
            v->links[v->link_count++] = proof_of(own, p, &told[i]);
    }
    memory_free(told);
    if (v->link_count > 0)
        qsort(v->links, v->link_count, sizeof *v->links, compare_proofs);
}

static int compare_ids(const void *left, const void *right)
{
    const identity_id *a = left, *b = right;
    if (a->since != b->since)
        return a->since < b->since ? -1 : 1;
    return slice_compare(a->id, b->id);
}

static void list_ids(const engine_identities *own, const people *p, uint32_t shown,
                     identity_view *v)
{
    const store_links *l = own->links;
    const identity_answer *a = &p->answer;
    bool *is_met = memory_alloc_zero_array(l->id_count + 1, sizeof *is_met);
    v->ids = arena_alloc_array(v->memory, l->id_count + 1, sizeof *v->ids);
    for (uint32_t i = 0; i < l->id_count; i++)
        if (a->shown[i] == shown)
            v->ids[v->own_count++] =
                (identity_id){l->ids[i], a->kinds[i], l->since[i], true};
    v->id_count = v->own_count;
    for (size_t i = 0; i < l->link_count; i++) {
        const identity_link *k = &l->links[i];
        uint32_t other = a->shown[k->a] == shown ? k->b : k->a;
        if (!concerns(a, k, shown) || a->shown[other] == shown || is_met[other])
            continue;
        is_met[other] = true;
        v->ids[v->id_count++] =
            (identity_id){l->ids[other], a->kinds[other], l->since[other], false};
    }
    memory_free(is_met);
    qsort(v->ids, v->own_count, sizeof *v->ids, compare_ids);
    qsort(v->ids + v->own_count, v->id_count - v->own_count, sizeof *v->ids, compare_ids);
}

/* Refusals of their ids, of ids that are linked with theirs, and of themselves. */
static void list_refused(const engine_identities *own, const people *p, uint32_t shown,
                         identity_view *v)
{
    const store_links *l = own->links;
    const identity_answer *a = &p->answer;
    bool *is_near = memory_alloc_zero_array(l->id_count + 1, sizeof *is_near);
    for (uint32_t i = 0; i < l->id_count; i++)
        is_near[i] = a->shown[i] == shown;
    for (size_t i = 0; i < l->link_count; i++)
        if (concerns(a, &l->links[i], shown))
            is_near[l->links[i].a] = is_near[l->links[i].b] = true;
    v->texts = l->ids;
    v->refused = arena_alloc_array(v->memory, a->refused_count + 1, sizeof *v->refused);
    for (size_t i = 0; i < a->refused_count; i++)
        if (is_near[a->refused[i].id])
            v->refused[v->refused_count++] = a->refused[i];
    memory_free(is_near);
}

static bool check_joins(const engine *e, carpel_error *err)
{
    return engine_joins_people(e) ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "the project joins no ids: no source has a line such as "
                       "\"identities: {anonymousId: cookie}\"");
}

identity_view *engine_identity(engine *e, const char *id, int64_t as_of,
                               carpel_error *err)
{
    if (!check_joins(e, err))
        return NULL;
    const people *p = people_of(e, as_of);
    const engine_identities *own = e->identities;
    uint32_t number = store_links_find(own->links, own->loaded, slice_of(id));
    if (number == DICTIONARY_NONE) {
        carpel_fail(err, CARPEL_E_INPUT, "nobody in the data has the id \"%s\"", id);
        return NULL;
    }
    arena *memory = arena_new();
    identity_view *v = arena_alloc(memory, sizeof *v);
    uint32_t shown = p->answer.shown[number];
    v->memory = memory;
    v->shown = own->links->ids[shown];
    v->limits = limits_of(e);
    list_ids(own, p, shown, v);
    list_links(own, p, shown, v);
    list_refused(own, p, shown, v);
    return v;
}

void identity_view_free(identity_view *v)
{
    if (v)
        arena_free(v->memory);
}

/* ---- all people ----------------------------------------------------------- */

/* By id: how many ids of people the person has for which it stands. */
static void count_people(const store_links *l, const identity_answer *a,
                         identity_totals *t)
{
    uint32_t *counts = memory_alloc_zero_array(l->id_count + 1, sizeof *counts);
    bool *are_known = memory_alloc_zero_array(l->id_count + 1, sizeof *are_known);
    for (uint32_t i = 0; i < l->id_count; i++) {
        counts[a->shown[i]]++;
        t->ids[a->kinds[i]]++;
        if (i < l->person_count && l->since[i] != INT64_MAX)
            are_known[a->shown[i]] = true;
    }
    for (uint32_t i = 0; i < l->id_count; i++) {
        t->people += are_known[i];
        t->people_with_several += are_known[i] && counts[i] > 1;
    }
    memory_free(are_known);
    memory_free(counts);
}

identity_totals engine_identity_totals(engine *e, int64_t as_of)
{
    const people *p = people_of(e, as_of);
    identity_totals t = {.limits = limits_of(e)};
    if (!p)
        return t;
    count_people(e->identities->links, &p->answer, &t);
    t.refused = p->answer.refused;
    t.refused_count = p->answer.refused_count;
    t.texts = e->identities->links->ids;
    return t;
}

const char *const *engine_all_ids(engine *e, const char *const *ids, size_t count,
                                  size_t *out_count, size_t *unlinked)
{
    const people *p = people_of(e, INT64_MAX);
    const store_links *l = e->identities->links;
    const char **all = arena_alloc_array(e->memory, count + l->id_count, sizeof *all);
    bool *is_meant = memory_alloc_zero_array(l->id_count + 1, sizeof *is_meant);
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t id = store_links_find(l, e->identities->loaded, slice_of(ids[i]));
        if (id == DICTIONARY_NONE)
            all[(*out_count)++] = ids[i];
        else
            is_meant[p->answer.shown[id]] = true;
    }
    *unlinked = *out_count;
    for (uint32_t i = 0; i < l->id_count; i++)
        if (is_meant[p->answer.shown[i]])
            all[(*out_count)++] =
                arena_copy_text(e->memory, l->ids[i].data, l->ids[i].size);
    memory_free(is_meant);
    return all;
}
