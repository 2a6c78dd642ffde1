/* SPDX-License-Identifier: MIT
 *
 * The evaluation of a block: nodes in order, each by the kernel of its subject; vectors
 * go back to the scratch memory after their last use.
 */
#include "exec/block.h"

#include <assert.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/histogram_families.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/lists.h"
#include "exec/population.h"
#include "exec/profile.h"
#include "exec/reach.h"
#include "exec/stored.h"
#include "exec/distinct_families.h"
#include "exec/unit_families.h"

/* ---- vectors ------------------------------------------------------------ */

void *vector_take(block *b, vector *v, size_t bytes)
{
    v->values = scratch_take(b->scratch, bytes);
    v->owns_values = true;
    return v->values;
}

uint64_t *vector_take_bits(block *b, vector *v, size_t count)
{
    return vector_take(b, v, (bitmap_words(count) + 1) * sizeof(uint64_t));
}

uint64_t *vector_take_present(block *b, vector *v, size_t count)
{
    v->present = scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof(uint64_t));
    v->owns_present = true;
    bitmap_fill(v->present, count, true);
    return v->present;
}

void vector_release(block *b, vector *v)
{
    if (v->owns_values)
        scratch_give(b->scratch, v->values);
    if (v->owns_present)
        scratch_give(b->scratch, v->present);
    list_items_unref(b->scratch, v->items);
    memset(v, 0, sizeof *v);
}

static bool is_broadcast(const vector *v, size_t count)
{
    return v->is_uniform && count != 1;
}

static void keep_present(block *b, vector *out, const vector *x, size_t count)
{
    if (!x->present)
        return;
    if (!out->present)
        vector_take_present(b, out, count);
    if (is_broadcast(x, count)) {
        if (!bitmap_get(x->present, 0))
            bitmap_fill(out->present, count, false);
        return;
    }
    for (size_t w = 0; w < bitmap_words(count); w++)
        out->present[w] &= x->present[w];
}

void vector_join_present(block *b, vector *out, const vector *x, const vector *y,
                         size_t count)
{
    keep_present(b, out, x, count);
    if (y)
        keep_present(b, out, y, count);
}

const uint64_t *condition_bits(block *b, const vector *v, size_t count, uint64_t **spare)
{
    *spare = NULL;
    if (!v->is_uniform)
        return v->values;
    *spare = scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof(uint64_t));
    bitmap_fill(*spare, count, bitmap_get(v->values, 0));
    return *spare;
}

/* ---- rows --------------------------------------------------------------- */

static void set_ready(block *b, uint32_t id)
{
    b->rows[id].is_ready = true;
    b->ready[b->ready_count++] = id;
    if (b->profile)
        profile_count_rows(b, id);
}

const block_rows *block_make_rows(block *b, uint32_t id)
{
    const domain *d = graph_domain(b->bound->plan->graph, id);
    block_rows *rows = &b->rows[id];
    if (b->profile)
        profile_domain(b, id, rows);
    else
        domain_prepare(b, d, rows);
    set_ready(b, id);
    if (rows->stored_time && !rows->is_borrowed)
        stored_widen_times(b, d);
    return rows;
}

void block_adopt_rows(block *b, uint32_t id, const block_rows *rows)
{
    assert(!b->rows[id].is_ready);
    b->rows[id] = *rows;
    set_ready(b, id);
}

size_t block_group_count(block *b, uint32_t id)
{
    uint32_t group = graph_group_of(b->bound->plan->graph, id);
    return group == PEOPLE ? b->people_count : block_domain(b, group)->count;
}

uint32_t *block_ancestors(block *b, uint32_t inner, uint32_t outer)
{
    if (inner == outer)
        return NULL;
    uint32_t *above =
        block_ancestors(b, graph_group_of(b->bound->plan->graph, inner), outer);
    const block_rows *rows = block_domain(b, inner);
    size_t groups = block_group_count(b, inner);
    uint32_t *ancestors = scratch_take(b->scratch, (rows->count + 1) * sizeof *ancestors);
    for (size_t i = 0; i < groups; i++)
        for (uint32_t r = rows->offsets[i]; r < rows->offsets[i + 1]; r++)
            ancestors[r] = above ? above[i] : (uint32_t)i;
    scratch_give(b->scratch, above);
    return ancestors;
}

/* The group that a row is in: the last whose rows begin at it or before. */
static size_t group_of_row(const block_rows *rows, size_t groups, size_t row)
{
    size_t low = 0, high = groups;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (rows->offsets[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t block_person(block *b, uint32_t id, size_t i)
{
    if (id == RUN)
        return NOBODY;
    if (id == PEOPLE)
        return b->first_person + i;
    size_t group = group_of_row(block_domain(b, id), block_group_count(b, id), i);
    return block_person(b, graph_group_of(b->bound->plan->graph, id), group);
}

void block_note(const block *b, trouble *t, size_t person, const char *message,
                const char *value)
{
    trouble_add(t, b->bound->store->person_count, b->is_alone ? NOBODY : person, message,
                value);
}

/* Does anybody look at the row, at or after an instant? Which others a block holds depends on
 * the people in it. */
static bool is_looked_at(block *b, uint32_t id, size_t row, int64_t since)
{
    if (id == RUN || id == PEOPLE)
        return true;
    const block_rows *rows = block_domain(b, id);
    if (rows->time) /* items are those of their event */
        return rows_time(rows, row) >= b->demand->since[id] &&
               rows_time(rows, row) >= since && rows_time(rows, row) <= b->bound->now;
    return is_looked_at(b, graph_group_of(b->bound->plan->graph, id),
                        group_of_row(rows, block_group_count(b, id), row), since);
}

void block_trouble(block *b, const node *n, size_t i, const char *message,
                   const char *value)
{
    size_t person = block_person(b, n->domain, i);
    bool is_of_row = n->domain > PEOPLE;
    int64_t since = is_of_row ? b->demand->reach->values[n->id] : DEMAND_ALL;
    if (!block_tells(b, n) || !is_looked_at(b, n->domain, i, since))
        return;
    if (person != NOBODY && !judged_has(b->bound->judged, person))
        return;
    b->has_fresh = true;
    block_note(b, &b->fresh[n->id], person, message, value);
}

/* ---- nodes -------------------------------------------------------------- */

/* By the shape of a kind. */
#define KERNEL_LEAF(name)      kernel_##name
#define KERNEL_ELEMENT(name)   kernel_##name
#define KERNEL_LOCAL(name)     kernel_##name
#define KERNEL_NEIGHBOUR(name) kernel_##name
#define KERNEL_BETWEEN(name)   kernel_##name
#define KERNEL_SEARCH(name)    kernel_##name
#define KERNEL_WINDOW(name)    kernel_##name
#define KERNEL_FOLD(name)      kernel_##name
#define KERNEL_UNITED(name)    kernel_##name
#define KERNEL_CALL(name)      kernel_##name
#define KERNEL_RANKING(name)   NULL
#define KERNEL_JUDGEMENT(name) NULL

static kernel *const kernels[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    KERNEL_##SHAPE(name),
#include "graph/nodes.def"
#undef X
};

void block_evaluate_node(block *b, const node *n)
{
    if (n->domain > PEOPLE)
        block_domain(b, n->domain);
    if (n->rows > PEOPLE)
        block_domain(b, n->rows);
    kernels[n->kind](b, n);
    b->vectors[n->id].is_uniform = n->domain == RUN;
}

static void window_release(block *b, window_rows *w)
{
    if (!w->is_borrowed) {
        scratch_give(b->scratch, (void *)w->begin);
        scratch_give(b->scratch, (void *)w->end);
    }
    scratch_give(b->scratch, w->filled);
    *w = (window_rows){0};
}

void block_forget_node(block *b, const node *n)
{
    if (n->domain == RUN)
        return;
    if (node_is_window(n->kind))
        window_release(b, &b->windows[n->id]);
    else
        vector_release(b, &b->vectors[n->id]);
}

void block_forget_rows(block *b)
{
    const graph *g = b->bound->plan->graph;
    bool all_pass = b->is_alone && !scratch_has_large(b->scratch);
    for (size_t i = 0; i < b->ready_count; i++) {
        uint32_t id = b->ready[i];
        if (!all_pass)
            domain_release(b, g->domains[id], &b->rows[id]);
        b->rows[id] = (block_rows){0};
    }
    b->ready_count = 0;
}

static void release_block(block *b)
{
    const graph *g = b->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++)
        if (b->vectors[i].values || b->vectors[i].present || b->windows[i].begin ||
            b->windows[i].filled)
            block_forget_node(b, g->nodes[i]);
    block_forget_rows(b);
}

void block_evaluate_in_pass(block *b, const node *n)
{
    const histogram_family *counts = histogram_family_of(b->demand->histograms, n);
    const unit_family *units = unit_family_of(b->demand->units, n);
    const distinct_family *distincts = distinct_family_of(b->demand->distincts, n);
    if ((counts || units || distincts) && b->vectors[n->id].values)
        return; /* with another */
    if (counts)
        histogram_family_evaluate(b, counts);
    else if (units)
        unit_family_evaluate(b, units, n);
    else if (distincts)
        distinct_family_evaluate(b, distincts, n);
    else
        block_evaluate_node(b, n);
}

void block_evaluate_run(block *b)
{
    const graph *g = b->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++)
        if (g->nodes[i]->domain == RUN)
            block_evaluate_node(b, g->nodes[i]);
    block_settle(b);
}

void block_evaluate(block *b, const pass *pass, size_t pass_index,
                    const population *population, size_t first_person,
                    size_t people_count)
{
    const plan *p = b->bound->plan;
    release_block(b);
    b->first_person = first_person;
    b->people_count = people_count;
    b->population = population;
    b->is_crowded = false;
    b->pass_index = pass_index;
    const node *const *nodes = (const node *const *)p->graph->nodes;
    for (size_t i = 0, gone = 0; i < pass->node_count && !b->is_crowded; i++) {
        const node *n = nodes[pass->nodes[i]];
        if (cancel_is_asked(b->bound->cancel))
            return;
        if (pass->is_given[i]) {
            population_load(population, b, n);
            continue;
        }
        if (b->profile)
            profile_node(b, n->id);
        else
            block_evaluate_in_pass(b, n);
        for (; gone < pass->forgotten_end[i]; gone++)
            block_forget_node(b, nodes[pass->forgotten[gone]]);
    }
}

bool block_settle(block *b)
{
    const graph *g = b->bound->plan->graph;
    for (size_t i = 0; b->has_fresh && i < g->node_count; i++) {
        if (!b->is_crowded)
            trouble_merge(&b->troubles[i], &b->fresh[i], b->bound->store->person_count);
        trouble_done(&b->fresh[i]);
    }
    b->has_fresh = false;
    return !b->is_crowded;
}

block *block_new(const bound *bound, const vector *run_values, const demand *demand)
{
    const graph *g = bound->plan->graph;
    block *b = memory_alloc_zero(sizeof *b);
    b->bound = bound;
    b->demand = demand;
    b->scratch = scratch_new();
    b->vectors = memory_alloc_zero_array(g->node_count + 1, sizeof *b->vectors);
    b->windows = memory_alloc_zero_array(g->node_count + 1, sizeof *b->windows);
    b->rows = memory_alloc_zero_array(g->domain_count + 1, sizeof *b->rows);
    b->ready = memory_alloc_array(g->domain_count + 1, sizeof *b->ready);
    b->troubles = memory_alloc_zero_array(g->node_count + 1, sizeof *b->troubles);
    b->fresh = memory_alloc_zero_array(g->node_count + 1, sizeof *b->fresh);
    b->impure = memory_alloc_zero_array(g->node_count + 1, sizeof *b->impure);
    b->not_called = memory_alloc_zero_array(g->node_count + 1, sizeof *b->not_called);
    b->overgrown = memory_alloc_zero_array(g->domain_count + 1, sizeof *b->overgrown);
    for (size_t i = 0; run_values && i < g->node_count; i++) {
        if (g->nodes[i]->domain != RUN)
            continue;
        b->vectors[i] = run_values[i];
        b->vectors[i].owns_values = b->vectors[i].owns_present = false;
    }
    if (run_values && bound->plan->uses_scripts)
        b->script = script_state_new(bound->plan->scripts, bound->cancel);
    return b;
}

block *block_new_alone(const bound *bound, const vector *run_values, const demand *demand)
{
    block *b = block_new(bound, run_values, demand);
    scratch_free(b->scratch);
    b->scratch = scratch_new_passing();
    b->is_alone = true;
    b->people_count = 1;
    return b;
}

void block_free(block *b)
{
    if (!b)
        return;
    const graph *g = b->bound->plan->graph;
    for (size_t i = 0; i < g->node_count; i++) {
        trouble_done(&b->fresh[i]);
        trouble_done(&b->troubles[i]);
        trouble_done(&b->not_called[i]);
        trouble_done(&b->impure[i]);
    }
    for (size_t d = 0; d < g->domain_count; d++)
        trouble_done(&b->overgrown[d]);
    script_state_free(b->script);
    pattern_scratch_free(b->matching);
    profile_counter_free(b->profile);
    scratch_free(b->scratch);
    memory_free(b->vectors);
    memory_free(b->windows);
    memory_free(b->rows);
    memory_free(b->ready);
    memory_free(b->troubles);
    memory_free(b->fresh);
    memory_free(b->not_called);
    memory_free(b->impure);
    memory_free(b->overgrown);
    memory_free(b);
}
