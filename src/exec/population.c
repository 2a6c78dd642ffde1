/* SPDX-License-Identifier: MIT
 *
 * Memory for kept values, and the ways in and out of it.
 */
#include "exec/population.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

population *population_new(const bound *b)
{
    const plan *plan = b->plan;
    size_t people = b->store->person_count, words = bitmap_words(people) + 2;
    population *p = memory_alloc_zero(sizeof *p);
    p->bound = b;
    p->memory = arena_new();
    p->kept = arena_alloc_array(p->memory, plan->graph->node_count + 1, sizeof *p->kept);
    for (size_t i = 0; i < plan->graph->node_count; i++) {
        const node *n = plan->graph->nodes[i];
        if (!plan->is_kept[i])
            continue;
        size_t bytes = n->type.kind == TYPE_BOOL
                           ? words * sizeof(uint64_t)
                           : (people + 1) * type_value_size(n->type);
        p->kept[i].values = arena_alloc(p->memory, bytes);
        p->kept[i].present = arena_alloc_array(p->memory, words, sizeof(uint64_t));
    }
    return p;
}

void population_free(population *p)
{
    if (!p)
        return;
    findings_done(&p->series);
    arena_free(p->memory);
    memory_free(p);
}

void bits_put(uint64_t *dst, size_t first, const uint64_t *bits, size_t count)
{
    for (size_t w = 0; w < bitmap_words(count); w++) {
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
    else
        out->values = (char *)from->values + b->first_person * type_value_size(n->type);
}

const vector *population_values(const population *p, const node *n)
{
    return &p->kept[n->id];
}
