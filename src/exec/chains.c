/* SPDX-License-Identifier: MIT
 *
 * Which sequences are chains, and which of them are a family.
 */
#include "exec/chains.h"

#include <stdlib.h>

#include "base/memory.h"

/* ---- which are chains ----------------------------------------------------- */

/* Rows of events or traits: none stands at the place of another. */
static bool has_plain_rows(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT)
        return true;
    if (d->kind != DOMAIN_FILTER && d->kind != DOMAIN_UNION)
        return false;
    for (size_t m = 0; m < d->member_count; m++)
        if (!has_plain_rows(g, d->members[m]))
            return false;
    return true;
}

static bool is_plain_step(const sequence_step *s)
{
    return !s->is_negated && !s->is_direct && !s->has_within && !s->has_later &&
           !s->has_earlier;
}

static bool has_plain_steps(const sequence *s)
{
    bool is_plain = !s->is_any_order && s->key_count == 0 && s->step_count > 1;
    for (size_t i = 0; i < s->step_count; i++)
        is_plain &= is_plain_step(&s->steps[i]);
    for (size_t i = 0; i < s->rows_count; i++)
        is_plain &= s->rows[i].role == SEQUENCE_STEP;
    return is_plain;
}

/* Do all rows lie between the same two instants, for everybody? */
static bool find_window(const sequence *s, const domain *d, const edge_plan *edges,
                        chain *out)
{
    const node *const *next = d->inputs + 1;
    for (size_t i = 0; i < s->rows_count; i++) {
        const node *window = sequence_take_inputs(s, i, &next).window;
        const edge_pair *pair = &edges->windows[window->id];
        if (!pair->is_shared || window->rows != d->members[i])
            return false;
        if (i > 0 && (pair->from != out->from || pair->until != out->until))
            return false;
        out->from = pair->from;
        out->until = pair->until;
    }
    return true;
}

static bool is_chain(const graph *g, const domain *d, const edge_plan *edges, chain *out)
{
    const sequence *s = g->sequences[d->index];
    *out = (chain){.domain = d, .longest = INT64_MAX};
    if (!has_plain_steps(s) || d->inputs[0]->domain != RUN)
        return false;
    for (size_t i = 0; i < d->member_count; i++)
        if (!has_plain_rows(g, d->members[i]))
            return false;
    return (!s->has_all_within ||
            calendar_span_microseconds(s->all_within, &out->longest)) &&
           find_window(s, d, edges, out);
}

/* ---- which are a family ---------------------------------------------------- */

static int compare_ids(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* What a chain's rows are, as numbers: `now`, and of each member its step, itself and its
 * mask. */
static size_t put_key(const sequence *s, const domain *d, size_t *key)
{
    const node *const *next = d->inputs + 1;
    size_t count = 0;
    key[count++] = d->inputs[0]->id;
    for (size_t i = 0; i < s->rows_count; i++) {
        const node *mask = sequence_take_inputs(s, i, &next).mask;
        key[count++] = s->rows[i].step;
        key[count++] = d->members[i];
        key[count++] = mask ? mask->id + 1 : 0;
    }
    return count;
}

/* A chain on its way to its family. */
typedef struct keyed_chain {
    chain chain;
    size_t *key;
    size_t key_count;
} keyed_chain;

static int compare_keys(const void *a, const void *b)
{
    const keyed_chain *x = a, *y = b;
    int order = compare_ids(x->key_count, y->key_count);
    for (size_t i = 0; order == 0 && i < x->key_count; i++)
        order = compare_ids(x->key[i], y->key[i]);
    return order;
}

/* In the order of their keys. */
static keyed_chain *find_chains(const graph *g, const edge_plan *edges,
                                const bool *all_matches, size_t *count)
{
    keyed_chain *found = memory_alloc_zero_array(g->domain_count + 1, sizeof *found);
    *count = 0;
    for (size_t i = 0; i < g->domain_count; i++) {
        const domain *d = g->domains[i];
        keyed_chain *next = &found[*count];
        if (d->kind != DOMAIN_SEQUENCE || all_matches[d->id] ||
            !is_chain(g, d, edges, &next->chain))
            continue;
        next->key = memory_alloc_array(1 + 3 * d->member_count, sizeof *next->key);
        next->key_count = put_key(g->sequences[d->index], d, next->key);
        ++*count;
    }
    qsort(found, *count, sizeof *found, compare_keys);
    return found;
}

static void find_hull(chain_family *f)
{
    const chain *earliest = f->chains, *latest = f->chains;
    for (const chain *c = f->chains; c < f->chains + f->count; c++) {
        if (c->from < earliest->from)
            earliest = c;
        if (c->until > latest->until)
            latest = c;
    }
    f->earliest = earliest->domain;
    f->latest = latest->domain;
}

static void add_family(chain_plan *p, const graph *g, size_t first, size_t count)
{
    chain_family *f = &p->families[p->family_count++];
    f->chains = &p->chains[first];
    f->count = count;
    f->sequence = g->sequences[f->chains[0].domain->index];
    for (size_t i = 0; i < count; i++)
        p->by_domain[f->chains[i].domain->id] = (uint32_t)p->family_count;
    find_hull(f);
}

chain_plan *chain_plan_new(const graph *g, const edge_plan *edges,
                           const bool *all_matches)
{
    size_t count, first = 0;
    keyed_chain *found = find_chains(g, edges, all_matches, &count);
    chain_plan *p = memory_alloc_zero(sizeof *p);
    p->chains = memory_alloc_array(count + 1, sizeof *p->chains);
    p->families = memory_alloc_zero_array(count + 1, sizeof *p->families);
    p->by_domain = memory_alloc_zero_array(g->domain_count + 1, sizeof *p->by_domain);
    for (size_t i = 0; i < count; i++) {
        p->chains[i] = found[i].chain;
        if (i + 1 < count && compare_keys(&found[i], &found[i + 1]) == 0)
            continue;
        add_family(p, g, first, i + 1 - first);
        first = i + 1;
    }
    for (size_t i = 0; i < count; i++)
        memory_free(found[i].key);
    memory_free(found);
    return p;
}

void chain_plan_free(chain_plan *p)
{
    if (!p)
        return;
    memory_free(p->by_domain);
    memory_free(p->families);
    memory_free(p->chains);
    memory_free(p);
}
