/* SPDX-License-Identifier: MIT */
#include "exec/distinct_families.h"

#include <string.h>

#include "base/memory.h"
#include "exec/fold.h"
#include "exec/fold_questions.h"
#include "exec/key_counts.h"

/* ---- which are a family ------------------------------------------------------- */

static size_t find_questions(const graph *g, const edge_plan *edges,
                             family_question *questions)
{
    size_t count = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if ((n->kind == NODE_DISTINCT || n->kind == NODE_UNITED) &&
            fold_kind_of(n) == NODE_DISTINCT)
            count += fold_find_question(n, edges, &questions[count]);
    }
    return count;
}

/* The end of those that begin at `first` and end at the same instant; they overlap. */
static size_t same_end(const family_question *questions, size_t first, size_t end)
{
    size_t next = first;
    while (next < end && questions[next].until == questions[first].until)
        next++;
    return next;
}

static void add_family(distinct_plan *p, const graph *g, const family_question *questions,
                       size_t first, size_t count)
{
    p->families[p->family_count++] = (distinct_family){&p->counts[first], count};
    for (size_t i = first; i < first + count; i++) {
        p->counts[i] = g->nodes[questions[i].id];
        p->by_node[questions[i].id] = (uint32_t)p->family_count;
    }
}

distinct_plan *distinct_plan_new(const graph *g, const edge_plan *edges)
{
    distinct_plan *p = memory_alloc_zero(sizeof *p);
    family_question *questions = memory_alloc_array(g->node_count + 1, sizeof *questions);
    size_t count = find_questions(g, edges, questions);
    families_sort(questions, count);
    p->counts = memory_alloc_array(count + 1, sizeof *p->counts);
    p->families = memory_alloc_array(count + 1, sizeof *p->families);
    p->by_node = memory_alloc_zero_array(g->node_count + 1, sizeof *p->by_node);
    for (size_t first = 0, end; first < count; first = end) {
        end = same_end(questions, first, family_end(questions, count, first));
        if (end - first > 1)
            add_family(p, g, questions, first, end - first);
    }
    families_free(questions, count);
    return p;
}

void distinct_plan_free(distinct_plan *p)
{
    if (!p)
        return;
    memory_free(p->counts);
    memory_free(p->families);
    memory_free(p->by_node);
    memory_free(p);
}

/* ---- a block -------------------------------------------------------------------- */

/* A family's walk; arrays are by window, and of each by part. */
typedef struct distinct_walk {
    fold fold;
    const distinct_family *family;
    const uint32_t **begins;
    const uint32_t **ends; /* by part: of all windows */
    int64_t **counts;      /* by window: of each person; NULL: given from a pass before */
    key_counts met;
} distinct_walk;

/* Where the windows of the part begin and end. */
static void find_part(distinct_walk *w, size_t part)
{
    const fold *f = &w->fold;
    size_t operand = 0;
    while (f->node->operands[operand] != f->parts[part].window_node)
        operand++;
    for (size_t k = 0; k < w->family->count; k++)
        edges_borrow(f->block, w->family->counts[k]->operands[operand],
                     &w->begins[k * f->part_count + part], &w->ends[part]);
}

static void take_counts(distinct_walk *w)
{
    block *b = w->fold.block;
    size_t groups = w->fold.group_count;
    for (size_t k = 0; k < w->family->count; k++) {
        const node *n = w->family->counts[k];
        w->counts[k] = NULL;
        if (plan_is_given(b->bound->plan, n, b->pass_index))
            continue;
        w->counts[k] = vector_take(b, &b->vectors[n->id], (groups + 1) * sizeof(int64_t));
        memset(w->counts[k], 0, groups * sizeof(int64_t));
    }
}

/* The most rows that somebody has in the widest window. */
static size_t most_rows(const distinct_walk *w)
{
    size_t most = 0;
    for (size_t i = 0; i < w->fold.group_count; i++) {
        size_t rows = 0;
        for (size_t p = 0; p < w->fold.part_count; p++)
            rows += w->ends[p][i] - w->begins[p][i];
        most = rows > most ? rows : most;
    }
    return most;
}

/* How many values the rows in [begin, end) bring that were not met before. */
static int64_t meet_rows(distinct_walk *w, const fold_part *p, uint32_t begin,
                         uint32_t end)
{
    int64_t count = 0;
    for (size_t r = part_next_row(p, begin, end); r < end;
         r = part_next_row(p, r + 1, end))
        count += (*key_counts_of(&w->met, part_key(&w->fold, p, r)))++ == 0;
    return count;
}

/* From the narrowest window outwards: of each those rows that are not in the one before. */
static void count_person(distinct_walk *w, size_t i)
{
    size_t parts = w->fold.part_count;
    int64_t count = 0;
    key_counts_clear(&w->met);
    for (size_t k = w->family->count; k-- > 0;) {
        bool is_narrowest = k + 1 == w->family->count;
        for (size_t p = 0; p < parts; p++)
            count += meet_rows(w, &w->fold.parts[p], w->begins[k * parts + p][i],
                               is_narrowest ? w->ends[p][i]
                                            : w->begins[(k + 1) * parts + p][i]);
        if (w->counts[k])
            w->counts[k][i] = count;
    }
}

static bool has_rows(const distinct_walk *w, size_t i)
{
    for (size_t p = 0; p < w->fold.part_count; p++)
        if (w->begins[p][i] < w->ends[p][i])
            return true;
    return false;
}

static void count_people(distinct_walk *w)
{
    scratch *memory = w->fold.block->scratch;
    w->met = key_counts_take(memory, most_rows(w));
    for (size_t i = 0; i < w->fold.group_count; i++)
        if (has_rows(w, i))
            count_person(w, i);
    key_counts_give(memory, &w->met);
}

void distinct_family_evaluate(block *b, const distinct_family *family, const node *ready)
{
    distinct_walk w = {.family = family};
    fold_begin(&w.fold, b, ready);
    size_t parts = w.fold.part_count;
    w.begins = scratch_take(b->scratch, (parts * family->count + 1) * sizeof *w.begins);
    w.ends = scratch_take(b->scratch, (parts + 1) * sizeof *w.ends);
    w.counts = scratch_take(b->scratch, family->count * sizeof *w.counts);
    take_counts(&w);
    for (size_t p = 0; p < parts; p++)
        find_part(&w, p);
    if (parts > 0)
        count_people(&w);
    scratch_give(b->scratch, w.counts);
    scratch_give(b->scratch, w.ends);
    scratch_give(b->scratch, w.begins);
    fold_end(&w.fold);
}
