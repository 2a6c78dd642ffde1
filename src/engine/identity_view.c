/* SPDX-License-Identifier: MIT
 *
 * What is told about ids: those of one person with the links between them, and all in numbers.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "engine/identity_parts.h"

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

/* The kind of an id that a link names. One that nothing names by then is of the kind that the link will tell. */
static id_kind kind_of_other(const store_links *l, const identity_answer *a, size_t link,
                             uint32_t id)
{
    const identity_link *k = &l->links[link];
    bool is_later = a->links[link] == LINK_LATER && l->since[id] >= k->time;
    return is_later && k->b == id ? k->kind : a->kinds[id];
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
        v->ids[v->id_count++] = (identity_id){
            l->ids[other], kind_of_other(l, a, i, other), l->since[other], false};
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
    const people *p = engine_resolve_people(e, as_of, err);
    const engine_identities *own = e->identities;
    if (!p)
        return NULL;
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
    v->limits = engine_identity_limits(e);
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
        if (l->since[i] == INT64_MAX) /* no row names it, as of who is forgotten */
            continue;
        counts[a->shown[i]]++;
        t->ids[a->kinds[i]]++;
        if (i < l->person_count)
            are_known[a->shown[i]] = true;
    }
    for (uint32_t i = 0; i < l->id_count; i++) {
        t->people += are_known[i];
        t->people_with_several += are_known[i] && counts[i] > 1;
    }
    memory_free(are_known);
    memory_free(counts);
}

bool engine_identity_totals(engine *e, int64_t as_of, identity_totals *out,
                            carpel_error *err)
{
    const people *p = engine_resolve_people(e, as_of, err);
    if (!p)
        return false;
    *out = (identity_totals){.limits = engine_identity_limits(e)};
    count_people(e->identities->links, &p->answer, out);
    out->refused = p->answer.refused;
    out->refused_count = p->answer.refused_count;
    out->texts = e->identities->links->ids;
    return true;
}

const char *const *engine_all_ids(engine *e, const char *const *ids, size_t count,
                                  size_t *out_count, size_t *unlinked, carpel_error *err)
{
    const people *p = engine_resolve_people(e, INT64_MAX, err);
    if (!p)
        return NULL;
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
