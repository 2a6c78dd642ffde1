/* SPDX-License-Identifier: MIT
 *
 * Memory for kept values, as long as anybody reads them, and the ways in and out of it.
 */
#include "exec/population.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

/* ---- how long ------------------------------------------------------------ */

/* Is the node read when its own pass is over, by others than rankings? */
static void keep_what_passes_read(population *p)
{
    const plan *plan = p->bound->plan;
    for (size_t q = 0; q < plan->pass_count; q++)
        for (size_t i = 0; i < plan->passes[q].node_count; i++) {
            const node *n = plan->graph->nodes[plan->passes[q].nodes[i]];
            if (n->kind == NODE_MEMBER_OF)
                p->reads_left[n->operands[1]->id] = READ_TO_THE_END;
            if (plan_is_given(plan, n, q))
                p->reads_left[n->id] = READ_TO_THE_END;
        }
}

static void count_reads(population *p)
{
    const graph *g = p->bound->plan->graph;
    keep_what_passes_read(p);
    for (size_t i = 0; i < g->node_count; i++)
        for (size_t o = 0;
             node_is_ranking(g->nodes[i]->kind) && o < g->nodes[i]->operand_count; o++) {
            uint32_t *left = &p->reads_left[g->nodes[i]->operands[o]->id];
            *left += *left != READ_TO_THE_END;
        }
}

static void let_go(vector *v)
{
    memory_free(v->values);
    memory_free(v->present);
    *v = (vector){0};
}

void population_was_read(population *p, const node *n)
{
    uint32_t *left = &p->reads_left[n->id];
    if (*left == READ_TO_THE_END || *left == 0)
        return;
    if (--*left == 0)
        let_go(&p->kept[n->id]);
}

/* ---- memory -------------------------------------------------------------- */

vector *population_take(population *p, const node *n)
{
    vector *v = &p->kept[n->id];
    size_t people = p->bound->store->person_count, words = bitmap_words(people) + 2;
    size_t size = node_is_ranking(n->kind) ? sizeof(uint32_t) : type_value_size(n->type);
    v->values = size > 0 ? memory_alloc_zero_array(people + 1, size)
                         : memory_alloc_zero_array(words, sizeof(uint64_t));
    v->present = memory_alloc_zero_array(words, sizeof(uint64_t));
    return v;
}

void population_begin_pass(population *p, size_t pass_index)
{
    const plan *plan = p->bound->plan;
    for (size_t i = 0; i < plan->graph->node_count; i++)
        if (plan->is_kept[i] && plan->phases[i] == pass_index &&
            !plan_is_given(plan, plan->graph->nodes[i], pass_index))
            population_take(p, plan->graph->nodes[i]);
}

population *population_new(const bound *b)
{
    const graph *g = b->plan->graph;
    population *p = memory_alloc_zero(sizeof *p);
    p->bound = b;
    p->kept = memory_alloc_zero_array(g->node_count + 1, sizeof *p->kept);
    p->reads_left = memory_alloc_zero_array(g->node_count + 1, sizeof *p->reads_left);
    count_reads(p);
    return p;
}

void population_free(population *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->bound->plan->graph->node_count; i++)
        let_go(&p->kept[i]);
    findings_done(&p->series);
    memory_free(p->kept);
    memory_free(p->reads_left);
    memory_free(p);
}

/* ---- in and out ---------------------------------------------------------- */

/* Words that no other block has a part of are written as they are: an atomic one costs more than
 * all that is asked of 64 people. */
void bits_put(uint64_t *dst, size_t first, const uint64_t *bits, size_t count)
{
    size_t own = first % 64 == 0 ? count / 64 : 0;
    for (size_t w = 0; w < own; w++)
        dst[first / 64 + w] |= bits[w];
    for (size_t w = own; w < bitmap_words(count); w++) {
        uint64_t word = bits[w];
        size_t at = first + w * 64, shift = at % 64;
        if (word == 0)
            continue;
        __atomic_fetch_or(&dst[at / 64], word << shift, __ATOMIC_RELAXED);
        if (shift && word >> (64 - shift))
            __atomic_fetch_or(&dst[at / 64 + 1], word >> (64 - shift), __ATOMIC_RELAXED);
    }
}

void population_keep(population *p, block *b, const node *n)
{
    const vector *v = &b->vectors[n->id], *to = &p->kept[n->id];
    size_t count = b->people_count;
    uint64_t *all = scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof *all);
    bitmap_fill(all, count, true);
    bits_put(to->present, b->first_person, v->present ? v->present : all, count);
    scratch_give(b->scratch, all);
    if (n->type.kind == TYPE_BOOL) {
        bits_put(to->values, b->first_person, v->values, count);
        return;
    }
    size_t size = type_value_size(n->type);
    memcpy((char *)to->values + b->first_person * size, v->values, count * size);
}

static void widen_counts(const uint32_t *from, size_t count, int64_t *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i];
}

void population_load(const population *p, block *b, const node *n)
{
    const vector *from = &p->kept[n->id];
    vector *out = &b->vectors[n->id];
    size_t count = b->people_count;
    bitmap_copy(vector_take_present(b, out, count), from->present, b->first_person,
                count);
    if (n->type.kind == TYPE_BOOL)
        bitmap_copy(vector_take_bits(b, out, count), from->values, b->first_person,
                    count);
    else if (node_is_ranking(n->kind))
        widen_counts((const uint32_t *)from->values + b->first_person, count,
                     vector_take(b, out, (count + 1) * sizeof(int64_t)));
    else
        out->values = (char *)from->values + b->first_person * type_value_size(n->type);
}

const vector *population_values(const population *p, const node *n)
{
    return &p->kept[n->id];
}
