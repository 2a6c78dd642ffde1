/* SPDX-License-Identifier: MIT
 *
 * Kept values, and rankings: people who take part are sorted by class and value, so that
 * those who are smaller stand before and those who are greater behind.
 */
#include "exec/population.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/judged.h"

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

/* ---- rankings ----------------------------------------------------------- */

/* Who is not judged, or not known yet when a judgement of the past asks, takes no part. */
static bool may_take_part(const bound *b, size_t person)
{
    return judged_has(b->judged, person) && b->store->known_since[person] <= b->now;
}

/* A person who takes part: keys are ordered as the values are. */
typedef struct entrant {
    uint64_t class, value;
    uint32_t person;
} entrant;

static int compare_entrants(const void *a, const void *b)
{
    const entrant *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return 0;
}

/* A value as a number whose order is that of the values. */
static uint64_t ordered_key(type t, const void *values, size_t i)
{
    double number;
    uint64_t bits;
    switch (t.kind) {
    case TYPE_BOOL: return bitmap_get(values, i);
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: return ((const uint32_t *)values)[i];
    case TYPE_NUMBER:
        number = ((const double *)values)[i] + 0.0; /* -0 is 0 */
        memcpy(&bits, &number, sizeof bits);
        return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
    default: return (uint64_t)((const int64_t *)values)[i] ^ UINT64_C(1) << 63;
    }
}

typedef struct operand {
    const vector *vector;
    type type;
} operand;

static operand operand_of(const population *p, const node *n, size_t index,
                          const vector *run_values)
{
    const node *from = n->operands[index];
    return (operand){from->domain == RUN ? &run_values[from->id] : &p->kept[from->id],
                     from->type};
}

static bool is_present(const operand *o, size_t i)
{
    return !o->vector->present ||
           bitmap_get(o->vector->present, o->vector->is_uniform ? 0 : i);
}

static uint64_t key_of(const operand *o, size_t i)
{
    return ordered_key(o->type, o->vector->values, o->vector->is_uniform ? 0 : i);
}

static size_t collect_entrants(const population *p, const node *n,
                               const vector *run_values, entrant *out)
{
    operand value = operand_of(p, n, 0, run_values),
            universe = operand_of(p, n, 1, run_values);
    operand class = {0};
    size_t count = 0;
    if (n->operand_count > 2)
        class = operand_of(p, n, 2, run_values);
    for (size_t i = 0; i < p->bound->store->person_count; i++) {
        if (!may_take_part(p->bound, i) || !is_present(&value, i) ||
            !is_present(&universe, i) || !key_of(&universe, i) ||
            (class.vector && !is_present(&class, i)))
            continue;
        out[count++] = (entrant){class.vector ? key_of(&class, i) : 0, key_of(&value, i),
                                 (uint32_t)i};
    }
    return count;
}

/* Put the counts of one class, entrants [begin, end). */
static void rank_class(const node *n, const entrant *entrants, size_t begin, size_t end,
                       vector *out)
{
    int64_t *counts = out->values;
    for (size_t first = begin; first < end;) {
        size_t next = first;
        while (next < end && entrants[next].value == entrants[first].value)
            next++;
        size_t count = n->kind == NODE_COUNT_SMALLER   ? first - begin
                       : n->kind == NODE_COUNT_GREATER ? end - next
                                                       : end - begin;
        for (; first < next; first++) {
            counts[entrants[first].person] = (int64_t)count;
            bitmap_set(out->present, entrants[first].person);
        }
    }
}

void population_rank(population *p, const node *n, const vector *run_values)
{
    entrant *entrants =
        memory_alloc_array(p->bound->store->person_count + 1, sizeof *entrants);
    size_t count = collect_entrants(p, n, run_values, entrants);
    qsort(entrants, count, sizeof *entrants, compare_entrants);
    for (size_t begin = 0; begin < count;) {
        size_t end = begin;
        while (end < count && entrants[end].class == entrants[begin].class)
            end++;
        rank_class(n, entrants, begin, end, &p->kept[n->id]);
        begin = end;
    }
    memory_free(entrants);
}
