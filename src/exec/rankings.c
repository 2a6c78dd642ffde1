/* SPDX-License-Identifier: MIT
 *
 * People who take part are sorted by class and value, so that those who are smaller stand
 * before and those who are greater behind.
 */
#include "exec/rankings.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/parallel.h"

/* ---- the operands ------------------------------------------------------- */

/* What a ranking is made of: `class` is NULL when all are of one. */
typedef struct ranking {
    const bound *bound;
    const node *node; /* the first of its questions */
    const vector *value, *universe, *class;
    type value_type, class_type;
} ranking;

static const vector *operand_values(const population *p, const node *n, size_t index,
                                    const vector *run_values)
{
    const node *from = n->operands[index];
    return from->domain == RUN ? &run_values[from->id] : &p->kept[from->id];
}

/* Counts of people are kept as the numbers of people are. */
static type kept_type(const node *n)
{
    return node_is_ranking(n->kind) ? (type){.kind = TYPE_PERSON} : n->type;
}

static ranking ranking_of(const population *p, const node *n, const vector *run_values)
{
    ranking r = {.bound = p->bound, .node = n};
    r.value = operand_values(p, n, 0, run_values);
    r.universe = operand_values(p, n, 1, run_values);
    r.value_type = kept_type(n->operands[0]);
    if (n->operand_count > 2) {
        r.class = operand_values(p, n, 2, run_values);
        r.class_type = kept_type(n->operands[2]);
    }
    return r;
}

/* Do two questions ask about the same value of the same people? */
static bool are_of_one_ranking(const node *x, const node *y)
{
    return x->operand_count == y->operand_count &&
           memcmp(x->operands, y->operands, x->operand_count * sizeof *x->operands) == 0;
}

/* ---- who takes part ----------------------------------------------------- */

/* Who is not known yet when a judgement of the past asks takes no part. */
static void keep_known(const bound *b, uint64_t *bits)
{
    const store *s = b->store;
    for (size_t i = 0; s->last_known > b->now && i < s->person_count; i++)
        if (s->known_since[i] > b->now)
            bitmap_unset(bits, i);
}

/* bits &= with, which is one for all when `is_uniform`; NULL: all are set. */
static void keep_those(uint64_t *bits, const uint64_t *with, bool is_uniform,
                       size_t words)
{
    for (size_t w = 0; with && w < words; w++)
        bits[w] &= is_uniform ? -(with[0] & 1) : with[w];
}

static uint64_t *find_entrants(const ranking *r)
{
    const vector *operands[] = {r->value, r->universe, r->class};
    size_t people = r->bound->store->person_count, words = bitmap_words(people);
    uint64_t *bits = memory_alloc_array(words + 1, sizeof *bits);
    bitmap_fill(bits, people, true);
    keep_those(bits, r->bound->judged, false, words);
    keep_known(r->bound, bits);
    for (size_t i = 0; i < r->node->operand_count; i++)
        keep_those(bits, operands[i]->present, operands[i]->is_uniform, words);
    keep_those(bits, r->universe->values, r->universe->is_uniform, words);
    return bits;
}

/* ---- sorting ------------------------------------------------------------ */

/* A person who takes part. The key is ordered as what they are sorted by: the value, and then
 * the class where there is one. */
typedef struct entrant {
    uint64_t key;
    uint32_t person;
} entrant;

/* A value as a number whose order is that of the values; equal values are one number. */
static uint64_t ordered_key(type t, const vector *v, size_t i)
{
    uint64_t key = vector_key(v, t, i), sign = UINT64_C(1) << 63;
    if (t.kind == TYPE_NUMBER)
        return key & sign ? ~key : key | sign;
    return t.kind == TYPE_BOOL || type_is_text(t) || t.kind == TYPE_PERSON ? key
                                                                           : key ^ sign;
}

static size_t collect_entrants(const ranking *r, entrant *out)
{
    size_t count = 0;
    uint64_t *bits = find_entrants(r);
    EACH_SET_BIT(bits, r->bound->store->person_count, i)
    {
        out[count++] = (entrant){ordered_key(r->value_type, r->value, i), (uint32_t)i};
    }
    memory_free(bits);
    return count;
}

enum { DIGIT_BITS = 11, MOST_DIGITS = 6, DIGIT_VALUES = 1 << DIGIT_BITS };

static unsigned digit_of(uint64_t key, unsigned shift)
{
    return key >> shift & (DIGIT_VALUES - 1);
}

/* Digits by which keys differ, from the lowest: most keys are small numbers. */
static size_t find_digits(const entrant *entrants, size_t count,
                          unsigned shifts[MOST_DIGITS])
{
    uint64_t differ = 0;
    size_t digits = 0;
    for (size_t i = 0; i < count; i++)
        differ |= entrants[i].key ^ entrants[0].key;
    while (differ != 0) {
        unsigned shift = (unsigned)__builtin_ctzll(differ);
        shifts[digits++] = shift;
        differ &= ~((uint64_t)(DIGIT_VALUES - 1) << shift);
    }
    return digits;
}

static void move_by_digit(const entrant *from, entrant *to, size_t count, unsigned shift)
{
    uint32_t places[DIGIT_VALUES] = {0}, place = 0;
    for (size_t i = 0; i < count; i++)
        places[digit_of(from[i].key, shift)]++;
    for (size_t v = 0; v < DIGIT_VALUES; v++) {
        uint32_t many = places[v];
        places[v] = place;
        place += many;
    }
    for (size_t i = 0; i < count; i++)
        to[places[digit_of(from[i].key, shift)]++] = from[i];
}

/* Sort by the keys; who is equal stays in order. `*entrants` is the sorted one of the two arrays
 * then. */
static void sort_by_key(entrant **entrants, entrant **spare, size_t count)
{
    unsigned shifts[MOST_DIGITS];
    size_t digits = find_digits(*entrants, count, shifts);
    for (size_t d = 0; d < digits; d++) {
        move_by_digit(*entrants, *spare, count, shifts[d]);
        entrant *sorted = *spare;
        *spare = *entrants;
        *entrants = sorted;
    }
}

static void sort_by_class(const ranking *r, entrant **entrants, entrant **spare,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        (*entrants)[i].key = ordered_key(r->class_type, r->class, (*entrants)[i].person);
    sort_by_key(entrants, spare, count);
}

/* ---- answers ------------------------------------------------------------ */

static uint64_t value_of(const ranking *r, const entrant *e)
{
    return r->class ? ordered_key(r->value_type, r->value, e->person) : e->key;
}

/* Put the counts of one class, entrants [begin, end). */
static void rank_class(const ranking *r, node_kind kind, const entrant *entrants,
                       size_t begin, size_t end, vector *out)
{
    uint32_t *counts = out->values;
    for (size_t first = begin; first < end;) {
        size_t next = first + 1;
        uint64_t value = value_of(r, &entrants[first]);
        while (next < end && value_of(r, &entrants[next]) == value)
            next++;
        size_t count = kind == NODE_COUNT_SMALLER   ? first - begin
                       : kind == NODE_COUNT_GREATER ? end - next
                                                    : end - begin;
        for (; first < next; first++) {
            counts[entrants[first].person] = (uint32_t)count;
            bitmap_set(out->present, entrants[first].person);
        }
    }
}

static void answer(const ranking *r, node_kind kind, const entrant *entrants,
                   size_t count, vector *out)
{
    for (size_t begin = 0; begin < count;) {
        size_t end = r->class ? begin : count;
        while (end < count && entrants[end].key == entrants[begin].key)
            end++;
        rank_class(r, kind, entrants, begin, end, out);
        begin = end;
    }
}

/* Who takes part, sorted, answers all questions of the ranking. */
static void work_out(population *p, const ranking *r)
{
    const graph *g = p->bound->plan->graph;
    size_t people = p->bound->store->person_count;
    entrant *entrants = memory_alloc_array(people + 1, sizeof *entrants);
    entrant *spare = memory_alloc_array(people + 1, sizeof *spare);
    size_t count = collect_entrants(r, entrants);
    sort_by_key(&entrants, &spare, count);
    if (r->class)
        sort_by_class(r, &entrants, &spare, count);
    for (size_t i = r->node->id; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (node_is_ranking(n->kind) && are_of_one_ranking(r->node, n))
            answer(r, n->kind, entrants, count, population_take(p, n));
    }
    memory_free(entrants);
    memory_free(spare);
}

/* The operands may be let go, as far as nobody else reads them. */
static void end_reading(population *p, const ranking *r)
{
    const graph *g = p->bound->plan->graph;
    for (size_t i = r->node->id; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (!node_is_ranking(n->kind) || !are_of_one_ranking(r->node, n))
            continue;
        for (size_t o = 0; o < n->operand_count; o++)
            population_was_read(p, n->operands[o]);
    }
}

/* ---- all of a pass ------------------------------------------------------ */

/* Has the ranking been met with a question before? */
static bool is_met(const graph *g, const node *n)
{
    for (size_t i = 0; i < n->id; i++)
        if (node_is_ranking(g->nodes[i]->kind) && are_of_one_ranking(g->nodes[i], n))
            return true;
    return false;
}

/* To be freed. */
static ranking *list_rankings(const population *p, size_t pass_index,
                              const vector *run_values, size_t *count)
{
    const graph *g = p->bound->plan->graph;
    ranking *all = memory_alloc_array(g->node_count + 1, sizeof *all);
    *count = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (node_is_ranking(n->kind) && p->bound->plan->phases[i] == pass_index &&
            !is_met(g, n))
            all[(*count)++] = ranking_of(p, n, run_values);
    }
    return all;
}

/* Rankings that are worked out side by side. */
typedef struct ranking_work {
    population *population;
    const ranking *rankings;
} ranking_work;

static void work_on_ranking(void *context, size_t piece, size_t worker)
{
    const ranking_work *w = context;
    (void)worker;
    if (!cancel_is_asked(w->population->bound->cancel))
        work_out(w->population, &w->rankings[piece]);
}

bool rankings_work_out(population *p, size_t pass_index, const vector *run_values,
                       size_t threads, carpel_error *err)
{
    enum { FEW = 10000 }; /* people: sooner done than threads begun */
    size_t count;
    ranking *all = list_rankings(p, pass_index, run_values, &count);
    ranking_work w = {p, all};
    parallel_run(p->bound->store->person_count < FEW ? 1 : threads, count,
                 work_on_ranking, &w);
    for (size_t i = 0; i < count; i++)
        end_reading(p, &all[i]);
    memory_free(all);
    return !cancel_is_asked(p->bound->cancel) || cancel_fail(err);
}
