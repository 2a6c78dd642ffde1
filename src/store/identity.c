/* SPDX-License-Identifier: MIT
 *
 * Union-find over the links that hold. Each step looks at all links, and what it decides depends
 * on sets only: of links, of ids, of the texts of ids.
 */
#include "store/identity.h"

#include <stdlib.h>

#include "base/memory.h"

typedef struct resolving {
    const identity_question *q;
    identity_answer *out;
    arena *memory;
    uint32_t *parents; /* by id: of the union-find */
    uint32_t *sizes;   /* by id: of the person, where it is the root */
    size_t refused_capacity;
} resolving;

/* ---- kinds and times ------------------------------------------------------ */

static void find_kinds(resolving *r)
{
    const identity_question *q = r->q;
    for (size_t i = 0; i < q->id_count; i++)
        r->out->kinds[i] = ID_KIND_COUNT;
    for (size_t i = 0; i < q->link_count; i++) {
        const identity_link *l = &q->links[i];
        if (l->time <= q->until && l->kind < r->out->kinds[l->b])
            r->out->kinds[l->b] = l->kind;
    }
    for (size_t i = 0; i < q->id_count; i++)
        if (r->out->kinds[i] == ID_KIND_COUNT)
            r->out->kinds[i] = ID_USER;
}

static void begin_links(resolving *r)
{
    const identity_question *q = r->q;
    for (size_t i = 0; i < q->link_count; i++)
        r->out->links[i] = q->links[i].is_undone         ? LINK_UNDONE
                           : q->links[i].time > q->until ? LINK_LATER
                                                         : LINK_HOLDS;
}

/* Does it join two ids, as far as is known by now? */
static bool joins(const resolving *r, size_t link)
{
    const identity_link *l = &r->q->links[link];
    return r->out->links[link] == LINK_HOLDS && l->a != l->b;
}

static void refuse(resolving *r, identity_refusal refusal)
{
    identity_answer *out = r->out;
    if (out->refused_count == r->refused_capacity) {
        size_t capacity = r->refused_capacity * 2 + 16;
        identity_refusal *grown = arena_alloc_array(r->memory, capacity, sizeof *grown);
        for (size_t i = 0; i < out->refused_count; i++)
            grown[i] = out->refused[i];
        out->refused = grown;
        r->refused_capacity = capacity;
    }
    out->refused[out->refused_count++] = refusal;
}

/* ---- shared ids ----------------------------------------------------------- */

static int compare_pairs(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* By id: in how many links it is that join, told by however many rows. */
static uint32_t *count_links(const resolving *r)
{
    const identity_question *q = r->q;
    uint32_t *counts = memory_alloc_zero_array(q->id_count + 1, sizeof *counts);
    for (size_t i = 0; i < q->link_count; i++) {
        if (!joins(r, i))
            continue;
        counts[q->links[i].a]++;
        counts[q->links[i].b]++;
    }
    return counts;
}

static bool is_over(const resolving *r, uint32_t id, uint32_t count)
{
    return count > r->q->limits.linked[r->out->kinds[id]];
}

/* The links of ids that may be over their limit, as pairs of which the lesser id is the first. */
static size_t list_doubtful(const resolving *r, const uint32_t *counts, uint64_t *pairs)
{
    const identity_question *q = r->q;
    size_t count = 0;
    for (size_t i = 0; i < q->link_count; i++) {
        uint32_t a = q->links[i].a, b = q->links[i].b;
        if (joins(r, i) && (is_over(r, a, counts[a]) || is_over(r, b, counts[b])))
            pairs[count++] = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    }
    return count;
}

/* By id: with how many others it is linked; of ids that are not over their limit it may be more. Only where
 * rows are too many it has to be known which of them link the same two. */
static uint32_t *count_linked(const resolving *r)
{
    uint32_t *counts = count_links(r);
    uint64_t *pairs = memory_alloc_array(r->q->link_count + 1, sizeof *pairs);
    size_t count = list_doubtful(r, counts, pairs);
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 1; i < count; i++) {
        if (pairs[i] != pairs[i - 1])
            continue;
        counts[pairs[i] >> 32]--;
        counts[(uint32_t)pairs[i]]--;
    }
    memory_free(pairs);
    return counts;
}

static void leave_shared_ids(resolving *r)
{
    const identity_question *q = r->q;
    uint32_t *counts = count_linked(r);
    for (uint32_t i = 0; i < q->id_count; i++) {
        id_kind kind = r->out->kinds[i];
        if (!is_over(r, i, counts[i]))
            counts[i] = 0;
        else
            refuse(r, (identity_refusal){LINK_OF_SHARED_ID, i, kind, counts[i]});
    }
    for (size_t i = 0; i < q->link_count; i++)
        if (joins(r, i) && (counts[q->links[i].a] > 0 || counts[q->links[i].b] > 0))
            r->out->links[i] = LINK_OF_SHARED_ID;
    memory_free(counts);
}

/* ---- people --------------------------------------------------------------- */

static uint32_t find_root(resolving *r, uint32_t id)
{
    while (r->parents[id] != id) {
        r->parents[id] = r->parents[r->parents[id]];
        id = r->parents[id];
    }
    return id;
}

static void join_ids(resolving *r)
{
    const identity_question *q = r->q;
    for (uint32_t i = 0; i < q->id_count; i++) {
        r->parents[i] = i;
        r->sizes[i] = 1;
    }
    for (size_t i = 0; i < q->link_count; i++) {
        uint32_t a, b;
        if (!joins(r, i) ||
            (a = find_root(r, q->links[i].a)) == (b = find_root(r, q->links[i].b)))
            continue;
        uint32_t large = r->sizes[a] < r->sizes[b] ? b : a, small = large == a ? b : a;
        r->parents[small] = large;
        r->sizes[large] += r->sizes[small];
    }
}

/* Is the id to be shown rather than the other one? */
static bool is_rather(const resolving *r, uint32_t a, uint32_t b)
{
    const identity_question *q = r->q;
    const id_kind *kinds = r->out->kinds;
    if (kinds[a] != kinds[b])
        return kinds[a] < kinds[b];
    if (q->since[a] != q->since[b])
        return q->since[a] < q->since[b];
    return slice_compare(q->ids[a], q->ids[b]) < 0;
}

/* Fill `shown`. */
static void find_shown(resolving *r)
{
    uint32_t *shown = r->out->shown, count = (uint32_t)r->q->id_count;
    uint32_t *best = memory_alloc_array(count + 1, sizeof *best);
    for (uint32_t i = 0; i < count; i++)
        best[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t root = find_root(r, i);
        if (is_rather(r, i, best[root]))
            best[root] = i;
    }
    for (uint32_t i = 0; i < count; i++)
        shown[i] = best[find_root(r, i)];
    memory_free(best);
}

/* A link is as weak as the weaker of its ids. */
static id_kind kind_of_link(const resolving *r, size_t link)
{
    id_kind a = r->out->kinds[r->q->links[link].a],
            b = r->out->kinds[r->q->links[link].b];
    return a > b ? a : b;
}

/* The links of the weakest kind of those who have too many ids; false: nobody has. */
static bool leave_weakest(resolving *r)
{
    const identity_question *q = r->q;
    id_kind *weakest = memory_alloc_zero_array(q->id_count + 1, sizeof *weakest);
    bool *is_full = memory_alloc_zero_array(q->id_count + 1, sizeof *is_full);
    bool is_any = false;
    for (size_t i = 0; i < q->link_count; i++) {
        uint32_t root = joins(r, i) ? find_root(r, q->links[i].a) : 0;
        if (!joins(r, i) || r->sizes[root] <= q->limits.ids)
            continue;
        id_kind kind = kind_of_link(r, i);
        weakest[root] = kind > weakest[root] ? kind : weakest[root];
        is_full[root] = is_any = true;
    }
    for (uint32_t i = 0; i < q->id_count; i++)
        if (is_full[i])
            refuse(r, (identity_refusal){LINK_OF_FULL_PERSON, r->out->shown[i],
                                         weakest[i], r->sizes[i]});
    for (size_t i = 0; i < q->link_count; i++) {
        uint32_t root = joins(r, i) ? find_root(r, q->links[i].a) : 0;
        if (joins(r, i) && is_full[root] && kind_of_link(r, i) == weakest[root])
            r->out->links[i] = LINK_OF_FULL_PERSON;
    }
    memory_free(is_full);
    memory_free(weakest);
    return is_any;
}

identity_answer identity_resolve(const identity_question *q, arena *memory)
{
    identity_answer out = {
        .shown = arena_alloc_array(memory, q->id_count + 1, sizeof *out.shown),
        .kinds = arena_alloc_array(memory, q->id_count + 1, sizeof *out.kinds),
        .links = arena_alloc_array(memory, q->link_count + 1, sizeof *out.links)};
    resolving r = {.q = q, .out = &out, .memory = memory};
    r.parents = memory_alloc_array(q->id_count + 1, sizeof *r.parents);
    r.sizes = memory_alloc_array(q->id_count + 1, sizeof *r.sizes);
    find_kinds(&r);
    begin_links(&r);
    leave_shared_ids(&r);
    do {
        join_ids(&r);
        find_shown(&r);
    } while (leave_weakest(&r));
    memory_free(r.sizes);
    memory_free(r.parents);
    return out;
}
