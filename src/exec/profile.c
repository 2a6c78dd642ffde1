/* SPDX-License-Identifier: MIT
 *
 * See profile.h.
 */
#include "exec/profile.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/kernels.h"
#include "exec/runner.h"
#include "exec/stored.h"
#include "graph/print.h"

enum { MOST_VALUES = 100 };

/* ---- what a worker measures --------------------------------------------------------- */

profile_counter *profile_counter_new(const plan *p)
{
    size_t node_count = p->graph->node_count, domain_count = p->graph->domain_count;
    profile_counter *c = memory_alloc_zero(sizeof *c);
    c->node_nanoseconds = memory_alloc_zero_array(node_count + 1, sizeof(int64_t));
    c->node_values = memory_alloc_zero_array(node_count + 1, sizeof(uint64_t));
    c->domain_nanoseconds = memory_alloc_zero_array(domain_count + 1, sizeof(int64_t));
    c->domain_rows =
        memory_alloc_zero_array((domain_count + 1) * p->pass_count, sizeof(uint64_t));
    c->domain_count = domain_count;
    return c;
}

void profile_counter_free(profile_counter *c)
{
    if (!c)
        return;
    memory_free(c->node_nanoseconds);
    memory_free(c->node_values);
    memory_free(c->domain_nanoseconds);
    memory_free(c->domain_rows);
    memory_free(c);
}

/* How many rows a domain has in a pass; each pass that needs them makes them again. */
static uint64_t *rows_of(const profile_counter *c, size_t pass, uint32_t domain)
{
    return &c->domain_rows[pass * (c->domain_count + 1) + domain];
}

/* Something that is measured, perhaps inside of something else that is. */
typedef struct stretch {
    int64_t begin, outside;
} stretch;

static stretch stretch_begin(profile_counter *c)
{
    stretch s = {clock_monotonic_nanoseconds(), c->inside};
    c->inside = 0;
    return s;
}

/* Its own time, without that of what was measured inside of it. */
static int64_t stretch_end(profile_counter *c, stretch s)
{
    int64_t took = clock_monotonic_nanoseconds() - s.begin;
    int64_t own = took - c->inside;
    c->inside = s.outside + took;
    return own;
}

void profile_node(block *b, uint32_t id)
{
    const node *n = b->bound->plan->graph->nodes[id];
    stretch s = stretch_begin(b->profile);
    block_evaluate_in_pass(b, n);
    b->profile->node_nanoseconds[id] += stretch_end(b->profile, s);
    b->profile->node_values[id] += block_length(b, n);
}

void profile_domain(block *b, uint32_t id, block_rows *out)
{
    stretch s = stretch_begin(b->profile);
    domain_prepare(b, graph_domain(b->bound->plan->graph, id), out);
    b->profile->domain_nanoseconds[id] += stretch_end(b->profile, s);
}

void profile_count_rows(block *b, uint32_t id)
{
    *rows_of(b->profile, b->pass_index, id) += b->rows[id].count;
}

/* ---- phases ------------------------------------------------------------------------- */

void phase_clock_begin(phase_clock *c)
{
    c->last = clock_monotonic_nanoseconds();
}

void phase_clock_end_phase(phase_clock *c, phase_kind kind, size_t pass)
{
    if (c->last == 0)
        return;
    int64_t now = clock_monotonic_nanoseconds();
    memory_grow((void **)&c->phases, c->count, &c->capacity, sizeof *c->phases);
    c->phases[c->count++] = (profile_phase){kind, pass, (double)(now - c->last) * 1e-9};
    c->last = now;
}

void phase_clock_done(phase_clock *c)
{
    memory_free(c->phases);
}

/* ---- what all workers measured ------------------------------------------------------ */

static profile_counter *add_up(const runner *r)
{
    const plan *p = r->bound->plan;
    const graph *g = p->graph;
    profile_counter *all = profile_counter_new(p);
    size_t row_counts = (g->domain_count + 1) * p->pass_count;
    for (size_t w = 0; w < r->threads; w++) {
        const profile_counter *one = r->blocks[w] ? r->blocks[w]->profile : NULL;
        for (size_t i = 0; one && i < g->node_count; i++) {
            all->node_nanoseconds[i] += one->node_nanoseconds[i];
            all->node_values[i] += one->node_values[i];
        }
        for (size_t d = 0; one && d < g->domain_count; d++)
            all->domain_nanoseconds[d] += one->domain_nanoseconds[d];
        for (size_t i = 0; one && i < row_counts; i++)
            all->domain_rows[i] += one->domain_rows[i];
    }
    return all;
}

/* ---- tables ------------------------------------------------------------------------- */

static bool is_stored(const domain *d)
{
    return d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT;
}

/* Rows of a table that are not older than anybody looks at. */
static uint64_t count_reached(const runner *r, const domain *d, const event_table *table)
{
    int64_t since = r->demand->since[d->id];
    uint64_t count = 0;
    if (since == DEMAND_ALL)
        return table->row_count;
    for (size_t p = 0; p < r->bound->store->person_count; p++) {
        uint64_t end = table->offsets[p + 1];
        count += end - stored_first_from(table, table->offsets[p], end, since);
    }
    return count;
}

/* The bits that the times of a domain, and a column that a node names, take in each row: as
 * narrow as a table has them, or as kernels want them. */
static uint64_t time_bits(const event_table *table)
{
    return table ? table->time.bits : 64;
}

static uint64_t column_bits(const event_table *table, const node *n)
{
    if (table)
        return table->columns[n->column].values.bits;
    return n->type.kind == TYPE_BOOL ? 1 : type_value_size(n->type) * 8;
}

/* The bytes of so many rows; `table` NULL: they are derived. */
static uint64_t bytes_of(const graph *g, const domain *d, const event_table *table,
                         uint64_t rows)
{
    uint64_t bits = time_bits(table);
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (n->kind == NODE_COLUMN && n->domain == d->id)
            bits += column_bits(table, n);
    }
    return (rows * bits + 7) / 8;
}

static const char *describe(arena *memory, const graph *g, const node *n, uint32_t domain)
{
    text out;
    text_init(&out);
    if (n)
        graph_describe_node(g, n, &out);
    else
        graph_describe_domain(g, domain, &out);
    const char *kept = arena_copy_text(memory, out.data, out.size);
    text_done(&out);
    return kept;
}

/* How many rows were made in the pass that made most. */
static uint64_t most_rows(const runner *r, const profile_counter *all, uint32_t domain)
{
    uint64_t most = 0;
    for (size_t pass = 0; pass < r->bound->plan->pass_count; pass++) {
        uint64_t rows = *rows_of(all, pass, domain);
        most = rows > most ? rows : most;
    }
    return most;
}

/* Rows of all stored tables that a domain is made of, but of those that were seen. */
static uint64_t rows_below(const runner *r, const domain *d, bool *is_seen)
{
    uint64_t rows = 0;
    if (is_seen[d->id])
        return 0;
    is_seen[d->id] = true;
    if (is_stored(d))
        return bound_table(r->bound, d)->row_count;
    for (size_t i = 0; i < d->member_count; i++)
        rows +=
            rows_below(r, graph_domain(r->bound->plan->graph, d->members[i]), is_seen);
    return rows;
}

static profile_table tell_stored(const runner *r, const domain *d)
{
    const event_table *table = bound_table(r->bound, d);
    uint64_t reached = count_reached(r, d, table);
    return (profile_table){.rows = table->row_count,
                           .reached = reached,
                           .bytes = bytes_of(r->bound->plan->graph, d, table, reached)};
}

static profile_table tell_made(const runner *r, const domain *d, uint64_t made)
{
    const graph *g = r->bound->plan->graph;
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    uint64_t rows = rows_below(r, d, is_seen);
    memory_free(is_seen);
    return (profile_table){
        .rows = rows, .reached = made, .bytes = bytes_of(g, d, NULL, made)};
}

/* Those of the data, then (`are_made`) those that are made. */
static void tell_tables(const runner *r, const profile_counter *all, bool are_made,
                        run_profile *out)
{
    const graph *g = r->bound->plan->graph;
    for (size_t i = 0; i < g->domain_count; i++) {
        const domain *d = g->domains[i];
        uint64_t rows = most_rows(r, all, d->id);
        if (d->id <= PEOPLE || is_stored(d) == are_made || rows == 0)
            continue;
        profile_table *t = &out->tables[out->table_count++];
        *t = are_made ? tell_made(r, d, rows) : tell_stored(r, d);
        t->name = describe(r->result->memory, g, NULL, d->id);
    }
}

/* ---- values ------------------------------------------------------------------------- */

/* A node, or (NULL) the rows of a domain. */
typedef struct cost {
    const node *node;
    uint32_t domain;
    int64_t nanoseconds;
    uint64_t values;
} cost;

static int compare_costs(const void *a, const void *b)
{
    int64_t x = ((const cost *)a)->nanoseconds, y = ((const cost *)b)->nanoseconds;
    return (x < y) - (x > y);
}

/* All that took time, most of it first. */
static cost *list_costs(const graph *g, const profile_counter *all, size_t *count)
{
    cost *costs = memory_alloc_array(g->node_count + g->domain_count + 1, sizeof *costs);
    *count = 0;
    for (size_t i = 0; i < g->node_count; i++)
        if (all->node_nanoseconds[i] > 0)
            costs[(*count)++] =
                (cost){g->nodes[i], 0, all->node_nanoseconds[i], all->node_values[i]};
    for (uint32_t d = 0; d < g->domain_count; d++)
        if (all->domain_nanoseconds[d] > 0)
            costs[(*count)++] = (cost){NULL, d, all->domain_nanoseconds[d], 0};
    qsort(costs, *count, sizeof *costs, compare_costs);
    return costs;
}

/* The paths of the user's rules that are made of it. */
static void tell_rules(const runner *r, const cost *c, bool *marks, profile_value *out)
{
    const graph *g = r->bound->plan->graph;
    mark_users(g, c->node, c->node ? RUN : c->domain, marks);
    out->rules =
        arena_alloc_array(r->result->memory, g->rule_count + 1, sizeof *out->rules);
    for (size_t i = 0; i < g->rule_count; i++)
        if (g->rules[i].kind < RULE_IMPORT && marks[g->rules[i].node->id])
            out->rules[out->rule_count++] = g->rules[i].path;
}

static void tell_values(const runner *r, const profile_counter *all, run_profile *out)
{
    const graph *g = r->bound->plan->graph;
    size_t count;
    cost *costs = list_costs(g, all, &count);
    bool *marks = memory_alloc_zero_array(g->node_count + 1, sizeof *marks);
    out->value_count = count < MOST_VALUES ? count : MOST_VALUES;
    out->values =
        arena_alloc_array(r->result->memory, out->value_count + 1, sizeof *out->values);
    for (size_t i = 0; i < count; i++)
        out->value_seconds += (double)costs[i].nanoseconds * 1e-9;
    for (size_t i = 0; i < out->value_count; i++) {
        const cost *c = &costs[i];
        profile_value *v = &out->values[i];
        *v =
            (profile_value){.what = describe(r->result->memory, g, c->node, c->domain),
                            .seconds = (double)c->nanoseconds * 1e-9,
                            .values = c->node ? c->values : most_rows(r, all, c->domain)};
        tell_rules(r, c, marks, v);
    }
    memory_free(marks);
    memory_free(costs);
}

/* ---- functions of scripts ----------------------------------------------------------- */

static int compare_functions(const void *a, const void *b)
{
    double x = ((const profile_function *)a)->seconds;
    double y = ((const profile_function *)b)->seconds;
    return (x < y) - (x > y);
}

/* A function may be called with several arguments, each of which is a node. */
static void tell_functions(const runner *r, const profile_counter *all, run_profile *out)
{
    const plan *p = r->bound->plan;
    size_t known = p->scripts ? script_set_function_count(p->scripts) : 0, kept = 0;
    out->functions =
        arena_alloc_array(r->result->memory, known + 1, sizeof *out->functions);
    for (size_t f = 0; f < known; f++)
        out->functions[f] =
            (profile_function){.name = script_set_function_name(p->scripts, f)};
    for (size_t i = 0; i < p->graph->node_count; i++) {
        const node *n = p->graph->nodes[i];
        if (n->kind != NODE_SCRIPT)
            continue;
        profile_function *f = &out->functions[n->script.function];
        f->seconds += (double)all->node_nanoseconds[i] * 1e-9;
        f->values += all->node_values[i];
    }
    for (size_t f = 0; f < known; f++)
        if (out->functions[f].values > 0)
            out->functions[kept++] = out->functions[f];
    out->function_count = kept;
    if (kept > 1)
        qsort(out->functions, kept, sizeof *out->functions, compare_functions);
}

run_profile *profile_tell(const runner *r)
{
    arena *memory = r->result->memory;
    run_profile *out = arena_alloc(memory, sizeof *out);
    *out = (run_profile){.phase_count = r->clock.count};
    out->phases = arena_alloc_array(memory, r->clock.count + 1, sizeof *out->phases);
    for (size_t i = 0; i < r->clock.count; i++)
        out->phases[i] = r->clock.phases[i];
    profile_counter *all = add_up(r);
    out->tables = arena_alloc_array(memory, r->bound->plan->graph->domain_count + 1,
                                    sizeof *out->tables);
    tell_tables(r, all, false, out);
    tell_tables(r, all, true, out);
    tell_values(r, all, out);
    tell_functions(r, all, out);
    profile_counter_free(all);
    return out;
}
