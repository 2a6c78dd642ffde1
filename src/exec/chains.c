/* SPDX-License-Identifier: MIT
 *
 * Which sequences are chains, and which of them are a family.
 */
#include "exec/chains.h"

#include "base/memory.h"
#include "exec/families.h"
#include "exec/loose_ends.h"

/* ---- which are chains ----------------------------------------------------- */

bool chain_has_plain_rows(const graph *g, uint32_t id)
{
    const domain *d = graph_domain(g, id);
    if (d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT)
        return true;
    if (d->kind != DOMAIN_FILTER && d->kind != DOMAIN_UNION)
        return false;
    for (size_t m = 0; m < d->member_count; m++)
        if (!chain_has_plain_rows(g, d->members[m]))
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
        if (!chain_has_plain_rows(g, d->members[i]))
            return false;
    return (!s->has_all_within ||
            calendar_span_microseconds(s->all_within, &out->longest)) &&
           find_window(s, d, edges, out);
}

/* ---- which are a family ---------------------------------------------------- */

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

static family_question question_of(const graph *g, const chain *c, size_t id)
{
    size_t *key = memory_alloc_array(1 + 3 * c->domain->member_count, sizeof *key);
    size_t count = put_key(g->sequences[c->domain->index], c->domain, key);
    return (family_question){key, count, c->from, c->until, id};
}

static size_t find_chains(const graph *g, const edge_plan *edges, const bool *all_matches,
                          chain *chains, family_question *questions)
{
    size_t count = 0;
    for (size_t i = 0; i < g->domain_count; i++) {
        const domain *d = g->domains[i];
        if (d->kind != DOMAIN_SEQUENCE || all_matches[d->id] ||
            !is_chain(g, d, edges, &chains[count]))
            continue;
        questions[count] = question_of(g, &chains[count], count);
        count++;
    }
    return count;
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
    size_t most = g->domain_count + 1, count;
    chain_plan *p = memory_alloc_zero(sizeof *p);
    chain *found = memory_alloc_array(most, sizeof *found);
    family_question *questions = memory_alloc_array(most, sizeof *questions);
    count = find_chains(g, edges, all_matches, found, questions);
    families_sort(questions, count);
    p->chains = memory_alloc_array(count + 1, sizeof *p->chains);
    p->families = memory_alloc_zero_array(count + 1, sizeof *p->families);
    p->by_domain = memory_alloc_zero_array(most, sizeof *p->by_domain);
    for (size_t i = 0; i < count; i++)
        p->chains[i] = found[questions[i].id];
    for (size_t first = 0, end; first < count; first = end) {
        end = family_end(questions, count, first);
        add_family(p, g, first, end - first);
    }
    families_free(questions, count);
    memory_free(found);
    p->has_loose_ends = memory_alloc_zero_array(most, sizeof *p->has_loose_ends);
    for (size_t i = 0; i < g->domain_count; i++)
        p->has_loose_ends[i] = loose_end_is(g, g->domains[i], all_matches);
    return p;
}

void chain_plan_free(chain_plan *p)
{
    if (!p)
        return;
    memory_free(p->has_loose_ends);
    memory_free(p->by_domain);
    memory_free(p->families);
    memory_free(p->chains);
    memory_free(p);
}
